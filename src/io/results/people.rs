//! worklist.csv and handoffs.csv.

use std::io::{self, Write};

use super::cells::{Cells, Format, decimal, write_table};
use super::moments::period_name;
use crate::plan::{Plan, TimeUnit};
use crate::schedule::{Schedule, hand_offs, work_by_week};

/// The columns of worklist.csv. `work` is in hours (in periods in a plan of abstract periods).
pub const WORKLIST_COLUMNS: &[&str] = &["resource", "resource_name", "team", "week", "task", "name", "work"];

/// The columns of handoffs.csv: `links` of the plan lead from tasks of one to tasks of the other, who had no part in what came
/// before; `first` is when the first of these starts.
pub const HAND_OFF_COLUMNS: &[&str] = &["from", "from_team", "to", "to_team", "links", "first", "tasks"];

/// Writes worklist.csv, or the same rows as JSON: what everybody works on in each week.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_work_by_week(plan: &Plan, schedule: &Schedule, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let rows = work_by_week(plan, schedule);
    let unit = if plan.project().time_unit == TimeUnit::Period { 1 } else { 60 };
    write_table(out, format, WORKLIST_COLUMNS, rows.len(), |at, cells: &mut Cells<'_>| {
        let row = &rows[at];
        let (who, task) = (&plan.resources()[row.resource], &plan.tasks()[row.task]);
        cells.text(&who.id);
        cells.text(&who.name);
        cells.text(who.team.map_or("", |team| plan.label(team)));
        cells.text(&period_name(plan, row.from));
        cells.text(&task.id);
        cells.text(&task.name);
        cells.number(decimal(i128::from(row.work.0), unit));
    })
}

/// Writes handoffs.csv, or the same rows as JSON: who hands work over to whom.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_hand_offs(plan: &Plan, schedule: &Schedule, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let rows = hand_offs(plan, schedule);
    write_table(out, format, HAND_OFF_COLUMNS, rows.len(), |at, cells: &mut Cells<'_>| {
        let row = &rows[at];
        for id in [row.from, row.to] {
            let who = &plan.resources()[id];
            cells.text(&who.id);
            cells.text(who.team.map_or("", |team| plan.label(team)));
        }
        cells.number(row.links.len());
        cells.text(&plan.format_moment(row.first));
        let tasks: Vec<String> = row
            .links
            .iter()
            .map(|&link| {
                let link = &plan.links()[link];
                format!("{}>{}", plan.tasks()[link.predecessor].id, plan.tasks()[link.successor].id)
            })
            .collect();
        cells.text(&tasks.join(";"));
    })
}
