//! whatif.csv, moves.csv and values.csv: scenarios beside the plan as it is.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::summary::shortened;
use crate::plan::Plan;
use crate::scenario::{Comparison, Scenario, Study, Values};
use crate::schedule::working_time;
use crate::units::{Moment, Money};

/// The columns of whatif.csv: a row for the plan as it is (`base`), and one for each scenario. `finish_change` is in the plan's
/// time unit of working time, `tardiness` in days by the clock weighted by priority, `p80_finish` is empty unless scenarios were
/// simulated, `peak_units` the most units of all work resources in use at once. `dominated` says that another row is at least
/// as good in finish, cost, tardiness and P80, and better in one.
pub const WHATIF_COLUMNS: &[&str] = &[
    "scenario",
    "status",
    "finish",
    "finish_change",
    "cost",
    "cost_change",
    "tardiness",
    "p80_finish",
    "peak_units",
    "tasks_moved",
    "became_critical",
    "no_longer_critical",
    "deadlines_kept",
    "deadlines",
    "budgets_kept",
    "budgets",
    "dominated",
    "changes",
    "message",
];

/// The columns of moves.csv: a row for each task of a scenario that starts or finishes at another time than in the plan as it
/// is, or that is critical in one of the two alone.
pub const MOVE_COLUMNS: &[&str] =
    &["scenario", "task", "name", "start_before", "start", "finish_before", "finish", "critical_before", "critical"];

/// Writes whatif.csv, or the same rows as JSON.
///
/// # Arguments
/// `scenarios` are those that were compared, in their order.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_whatif(
    comparison: &Comparison,
    scenarios: &[Scenario],
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let dominated = comparison.dominated();
    write_table(out, format, WHATIF_COLUMNS, comparison.scenarios.len() + 1, |at, cells: &mut Cells<'_>| {
        let study = match at {
            0 => &comparison.base,
            at => &comparison.scenarios[at - 1],
        };
        cells.text(&study.name);
        cells.text(study.outcome.status.word());
        write_figures(comparison, study, cells);
        cells.flag(at > 0 && dominated[at - 1]);
        let edits = at.checked_sub(1).map_or(&[][..], |at| &scenarios[at].layers[..]).iter().flatten();
        cells.text(&edits.map(ToString::to_string).collect::<Vec<_>>().join("; "));
        cells.text(&study.outcome.message);
    })
}

fn write_figures(comparison: &Comparison, study: &Study, cells: &mut Cells<'_>) {
    let Some(figures) = &study.figures else { return (2..16).for_each(|_| cells.empty()) };
    let plan = &study.plan;
    let before = comparison.base.figures.as_ref();
    cells.text(&plan.format_moment(figures.finish));
    match before {
        Some(before) => cells.number(shortened(in_units(plan, before.finish, figures.finish))),
        None => cells.empty(),
    }
    cells.number(figures.cost);
    match before {
        Some(before) => cells.number(Money(figures.cost.0 - before.cost.0)),
        None => cells.empty(),
    }
    cells.number(shortened(figures.tardiness));
    match figures.late_finish {
        Some(late) => cells.text(&plan.format_moment(Moment(late as i64))),
        None => cells.empty(),
    }
    cells.number(figures.peak);
    let moves = comparison.moves(study);
    cells.number(moves.iter().filter(|it| it.starts.0 != it.starts.1).count());
    cells.number(moves.iter().filter(|it| !it.critical.0 && it.critical.1).count());
    cells.number(moves.iter().filter(|it| it.critical.0 && !it.critical.1).count());
    for (kept, of) in [figures.deadlines, figures.budgets] {
        cells.number(kept);
        cells.number(of);
    }
}

/// The columns of values.csv: a row for each resource, deadline and budget that limits the plan, those of which more brings
/// most first; with `--people` for each new person and each training, `id` being the person who is taught or like whom the new
/// one is, and `name` the skills. `edit` gives more of it, several edits with a blank between them; gains are against the plan as it is: working time by which the project
/// finishes earlier in the plan's time unit, money that is saved, and days by the clock, weighted by priority, by which
/// deadlines are missed less. Of a plan without schedule there is one row, whose limit is `plan` and whose status tells why.
pub const VALUE_COLUMNS: &[&str] =
    &["limit", "id", "name", "edit", "finish_gain", "cost_gain", "tardiness_gain", "finish", "cost", "status"];

/// Writes values.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_values(values: &Values, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let plan = &values.base.plan;
    if values.base.figures.is_none() {
        return write_table(out, format, VALUE_COLUMNS, 1, |_, cells: &mut Cells<'_>| {
            cells.text("plan");
            cells.empty();
            cells.text(&plan.project().name);
            (3..VALUE_COLUMNS.len() - 1).for_each(|_| cells.empty());
            cells.text(values.base.outcome.status.word());
        });
    }
    write_table(out, format, VALUE_COLUMNS, values.values.len(), |at, cells: &mut Cells<'_>| {
        let value = &values.values[at];
        let (limit, id, name) = value.limit.in_words(plan);
        cells.text(limit);
        cells.text(id);
        cells.text(name);
        cells.text(&value.edits_in_words());
        cells.number(shortened(value.finish.0 as f64 / plan.minutes_per_unit().0.max(1) as f64));
        cells.number(value.cost);
        cells.number(shortened(value.tardiness));
        match &value.study.figures {
            Some(figures) => {
                cells.text(&plan.format_moment(figures.finish));
                cells.number(figures.cost);
            }
            None => (0..2).for_each(|_| cells.empty()),
        }
        cells.text(value.study.outcome.status.word());
    })
}

/// Working time from one moment to another in the plan's unit, below zero if the second is earlier.
fn in_units(plan: &Plan, from: Moment, to: Moment) -> f64 {
    let unit = plan.minutes_per_unit().0.max(1) as f64;
    match to >= from {
        true => working_time(plan, from, to).0 as f64 / unit,
        false => -(working_time(plan, to, from).0 as f64) / unit,
    }
}

/// Writes moves.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_moves(comparison: &Comparison, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let plan = &comparison.base.plan;
    let rows: Vec<_> = comparison
        .scenarios
        .iter()
        .flat_map(|study| comparison.moves(study).into_iter().map(|moved| (&study.name, moved)))
        .collect();
    write_table(out, format, MOVE_COLUMNS, rows.len(), |at, cells: &mut Cells<'_>| {
        let (name, moved) = &rows[at];
        let task = &plan.tasks()[moved.task];
        cells.text(name);
        cells.text(&task.id);
        cells.text(&task.name);
        for (before, after) in [moved.starts, moved.finishes] {
            cells.text(&plan.format_moment(before));
            cells.text(&plan.format_moment(after));
        }
        cells.flag(moved.critical.0);
        cells.flag(moved.critical.1);
    })
}
