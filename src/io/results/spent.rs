//! spent.csv: expenses by period.

use std::io::{self, Write};

use super::cells::{Format, write_table};
use super::moments::period_name;
use crate::plan::{Plan, TaskKind};
use crate::track::{Object, Tracking};

/// The columns of spent.csv: a row for the project, each account, task and summary (`kind` says which) and each period in which
/// something was booked on it; `period` is the first day of that, `remaining` what is left of the budget of the baseline after all
/// that was paid and is owed until its end.
pub const SPENT_COLUMNS: &[&str] = &["kind", "id", "name", "period", "spent", "committed", "remaining"];

/// Writes spent.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_spent(plan: &Plan, tracking: &Tracking, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, SPENT_COLUMNS, tracking.spent.len(), |at, cells| {
        let row = &tracking.spent[at];
        let (kind, id, name) = match row.object {
            Object::Project => ("project", "", &*plan.project().name),
            Object::Account(account) => ("account", plan.label(account), ""),
            Object::Task(task) => {
                let data = &plan.tasks()[task];
                let kind = if data.kind == TaskKind::Summary { "summary" } else { "task" };
                (kind, &*data.id, &*data.name)
            }
        };
        [kind, id, name].into_iter().for_each(|text| cells.text(text));
        cells.text(&period_name(plan, row.from));
        [row.spent, row.committed, row.remaining].into_iter().for_each(|amount| cells.number(amount));
    })
}
