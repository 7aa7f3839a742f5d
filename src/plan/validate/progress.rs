//! progress.csv: what had been done of tasks, and when that was so.

use rustc_hash::FxHashSet;

use super::cells::{Cells, Edge, Reading, not_negative};
use super::report::Report;
use crate::index::Id;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, Names, parse_decimal, parse_duration};
use crate::plan::{Duration, Progress, ProgressReport, Task, TaskId, TaskKind};
use crate::units::{Minutes, Moment, Share};

/// Reads the table.
///
/// # Arguments
/// The tasks with their durations in tasks.csv; of a task in several modes the first is under way.
///
/// # Returns
/// The reports, by task and date.
pub(super) fn read(
    table: &Table,
    (tasks, durations): (&[Task], &[Option<Duration>]),
    names: &Names<'_, TaskId>,
    (reading, status_date): (&Reading, Option<Moment>),
    report: &mut Report,
) -> Vec<ProgressReport> {
    let cells = |field| Cells::of(table, field);
    let (ids, percents, remains) = (cells("task"), cells("percent_complete"), cells("remaining_duration"));
    let (starts, finishes, resumes) = (cells("actual_start"), cells("actual_finish"), cells("resume"));
    let reported = cells("date");
    let mut seen: FxHashSet<(TaskId, Option<Moment>)> = FxHashSet::default();
    let mut reports = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        ids.require(row, report);
        let task = ids.task(row, names, report);
        let date = |cells: Cells<'_>, edge: Edge, report: &mut Report| {
            cells.parse(row, report, |text, mark| reading.moment_if_any(text, mark, edge)).flatten()
        };
        let own_date = date(reported, Edge::Start, report);
        let start = date(starts, Edge::Start, report);
        let finish = date(finishes, Edge::End, report);
        let resume = date(resumes, Edge::Start, report);
        let percent = percents.parse(row, report, |text, mark| {
            let number = text.trim().strip_suffix('%').unwrap_or(text).trim();
            let share = parse_decimal(number, mark)?.to_f64();
            let is_share = (0.0..=100.0).contains(&share);
            is_share.then_some(share).ok_or_else(|| Fault::new("bad-percent", "expected percent from 0 to 100"))
        });
        let remaining = remains.parse(row, report, |text, mark| {
            let duration = parse_duration(text, &reading.scale, mark)?;
            not_negative("negative-duration", Ok(duration.minutes()))
        });
        let Some(task) = task else { continue };
        if tasks[task.index()].kind == TaskKind::Summary {
            let fault = Fault::new("summary-with-progress", "a summary has no progress of its own");
            ids.fault(row, report, fault.with_hint("give the progress to the tasks below it"));
            continue;
        }
        let at = own_date.or(status_date);
        if !seen.insert((task, at)) {
            let fault = Fault::new("duplicate-id", "the task has a row for this date already");
            let hint = "the column `date` says when a row was so; rows of earlier dates may stay";
            ids.fault(row, report, fault.with_hint(hint));
            continue;
        }
        let Some(start) = start else {
            let has_more = finish.is_some() || percent.is_some_and(|percent| percent > 0.0);
            if has_more && starts.text(row).is_empty() {
                let text = "work has been done on the task, so it needs an actual start";
                ids.fault(row, report, Fault::new("progress-without-start", text));
            }
            reports.push(ProgressReport { task, at, progress: None });
            continue;
        };
        if let Some(finish) = finish.filter(|&finish| finish < start) {
            let text = format!("before the actual start; {} comes first", reading.shown(finish));
            finishes.fault(row, report, Fault::new("finish-before-start", text));
            continue;
        }
        let (limit, what) = match own_date {
            Some(own) => (Some(own), "the date of the row"),
            None => (status_date, "the status date"),
        };
        for (cells, moment) in [(starts, Some(start)), (finishes, finish)] {
            if let (Some(moment), Some(limit)) = (moment, limit)
                && moment > limit
            {
                let text = format!("actual dates lie before {what}, {}", reading.shown(limit));
                cells.warn(row, report, "progress-after-status-date", text);
            }
        }
        let whole = durations[task.index()].map_or(Minutes::ZERO, Duration::minutes);
        let left = match (finish, remaining, percent) {
            (Some(_), ..) => Minutes::ZERO,
            (None, Some(remaining), _) => remaining,
            (None, None, Some(percent)) => Minutes((whole.0 as f64 * (100.0 - percent) / 100.0).round() as i64),
            (None, None, None) => whole,
        };
        let complete = match (finish, percent) {
            (Some(_), _) => 100.0,
            (None, Some(percent)) => percent,
            (None, None) if whole > Minutes::ZERO => 100.0 * (whole - left).0.max(0) as f64 / whole.0 as f64,
            (None, None) => 0.0,
        };
        let complete = Share((complete * 100.0).round() as i32);
        let progress = Some(Progress { start, finish, remaining: left, resume, complete });
        reports.push(ProgressReport { task, at, progress });
    }
    reports.sort_by_key(|report| (report.task, report.at));
    reports
}
