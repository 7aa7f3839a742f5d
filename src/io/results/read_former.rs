//! A former schedule to start a search from: what of it still fits the plan.

use super::read::{Reader, Row, read_schedule};
use super::read_cells::{When, decode};
use crate::error::{Error, Finding, Findings, Place, Result, Severity};
use crate::index::{Id, IdVec, Rows};
use crate::plan::{Plan, TaskId, TaskKind};
use crate::schedule::verify;
use crate::solve::FormerSchedule;
use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// Reads a schedule to start from: of the plan, or of an earlier version of it.
///
/// The file is that of [`read_schedule`], but it may leave out tasks, modes and people, and may name ones that the plan no
/// longer has; finishes that cannot be read do not count.
///
/// # Returns
/// What of it fits the plan, and warnings about everything that does not, or is no longer valid.
///
/// # Errors
/// [`Error::is_invalid_plan`] if the file is no schedule of any version of the plan: cells that cannot be read, or not one
/// task that the plan has.
pub fn read_former_schedule(plan: &Plan, file: &str, bytes: &[u8]) -> Result<(FormerSchedule, Findings)> {
    let mut reader = Reader::new(plan, file);
    reader.is_lenient = true;
    reader.read_rows(&decode(bytes));
    let placed = |task: TaskId, rows: &[Option<Row>]| rows[task.index()].as_ref().and_then(|row| row.start);
    let activities = plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary);
    let unplaced: Vec<TaskId> =
        activities.map(|(task, _)| task).filter(|&task| placed(task, &reader.rows).is_none()).collect();
    if !reader.has_errors && !plan.tasks().is_empty() && reader.rows.iter().all(Option::is_none) {
        reader.error("unknown-task", Place::file(file), "not one of its tasks is in the plan".into(), None);
    }
    if reader.has_errors {
        return Err(Error::invalid_schedule(reader.finish_findings()));
    }
    if let Some(&first) = unplaced.first() {
        let id = &plan.tasks()[first].id;
        let text = match unplaced.len() - 1 {
            0 => format!("task `{id}` of the plan has no start in the schedule"),
            more => format!("task `{id}` and {more} more of the plan have no start in the schedule"),
        };
        let hint = Some("they are placed as soon as links and resources allow".to_owned());
        reader.warn("unplaced-task", Place::file(file), text, hint);
    }
    let mut former =
        FormerSchedule { starts: IdVec::new(), finishes: IdVec::new(), modes: IdVec::new(), assignments: Rows::new() };
    for (row, task) in reader.rows.iter().zip(plan.tasks().iter()) {
        let is_summary = task.kind == TaskKind::Summary;
        let start = row.as_ref().and_then(|row| row.start).map(|when| match when {
            When::At(moment) => moment,
            When::On(date) => Moment::midnight(date),
        });
        let finish = row.as_ref().and_then(|row| row.finish).map(|when| match when {
            When::At(moment) => moment,
            When::On(date) => Moment::midnight(date) + Minutes(MINUTES_PER_DAY),
        });
        former.starts.push(start.filter(|_| !is_summary));
        former.finishes.push(finish.filter(|_| !is_summary));
        former.modes.push(row.as_ref().and_then(|row| row.mode));
        former.assignments.push_row(row.iter().flat_map(|row| row.assigned.iter().copied()));
    }
    let is_complete = unplaced.is_empty() && reader.warned == 0;
    let mut findings = reader.finish_findings();
    if is_complete {
        // It claims to be a schedule of this plan: judged as one.
        let judged = match read_schedule(plan, file, bytes) {
            Ok((schedule, _)) => verify(plan, &schedule),
            // It leaves modes or people open.
            Err(_) => Findings::new(),
        };
        let mut faults = judged.iter().filter(|finding| finding.severity == Severity::Error);
        if let Some(first) = faults.next() {
            let more = match faults.count() {
                0 => String::new(),
                more => format!("; and {more} more"),
            };
            let text = format!("the schedule to start from is not valid for this plan: {}{more}", first.text);
            let hint = "its order and modes are used; `floatline check --schedule` shows all faults";
            findings.push(Finding::warning("former-schedule", Place::file(file), text).with_hint(hint));
        }
    }
    Ok((former, findings))
}
