//! dates.csv: what another planner made of the plan.

use super::cells::{Cells, Edge, Reading};
use super::report::Report;
use crate::error::Finding;
use crate::index::IdVec;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, Names, parse_duration};
use crate::plan::{StoredDates, TaskId};

/// Names of unknown tasks that are listed.
const MOST_NAMES: usize = 5;

/// Reads the table. Rows of tasks that the plan does not have are passed over with a warning.
pub(super) fn read(
    table: &Table,
    tasks: usize,
    names: &Names<'_, TaskId>,
    reading: &Reading,
    report: &mut Report,
) -> IdVec<TaskId, StoredDates> {
    let mut stored = IdVec::filled(StoredDates::default(), tasks);
    let cells = |field| Cells::of(table, field);
    let ids = cells("task");
    let starts = ["start", "early_start", "late_start"].map(cells);
    let finishes = ["finish", "early_finish", "late_finish"].map(cells);
    let floats = ["total_float", "free_float"].map(cells);
    let mut unknown: Vec<&str> = Vec::new();
    for row in 0..table.len() {
        let Some(task) = names.find(ids.text(row)) else {
            unknown.push(ids.text(row));
            continue;
        };
        let mut date = |cells: Cells<'_>, edge: Edge| {
            cells.parse(row, report, |text, mark| reading.moment_if_any(text, mark, edge)).flatten()
        };
        let [start, early_start, late_start] = starts.map(|cells| date(cells, Edge::Start));
        let [finish, early_finish, late_finish] = finishes.map(|cells| date(cells, Edge::End));
        let [total_float, free_float] = floats.map(|cells| {
            cells.parse(row, report, |text, mark| parse_duration(text, &reading.scale, mark)).map(|it| it.minutes())
        });
        let row_dates =
            StoredDates { start, finish, early_start, early_finish, late_start, late_finish, total_float, free_float };
        if stored[task] != StoredDates::default() {
            ids.fault(row, report, Fault::new("duplicate-id", "the task has a row already"));
            continue;
        }
        stored[task] = row_dates;
    }
    if !unknown.is_empty() {
        let few = unknown[..unknown.len().min(MOST_NAMES)].join(", ");
        let more = if unknown.len() > MOST_NAMES { ", ..." } else { "" };
        let text = format!("{} rows name tasks that the plan does not have: {few}{more}", unknown.len());
        report.push(Finding::warning("unknown-task", crate::error::Place::file(table.file().clone()), text));
    }
    stored
}
