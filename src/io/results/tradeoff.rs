//! front.csv and steps.csv: time against cost.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::summary::shortened;
use crate::plan::Plan;
use crate::schedule::working_time;
use crate::tradeoff::{Change, Front, Step, Way};
use crate::units::{Minutes, Money};

/// The columns of front.csv: a row for each point, the latest and cheapest first. `makespan` and `gained` are working time of
/// the project calendar in the plan's time unit, `gained` against the row before; `direct_cost` is that of the tasks,
/// `total_cost` that of the project. No plan that finishes as early has tasks that cost less than `least_cost`.
/// `price_of_day` is what the tasks cost more than in the row before, for each day gained (period, in a plan of periods).
pub const FRONT_COLUMNS: &[&str] = &[
    "point",
    "finish",
    "makespan",
    "direct_cost",
    "total_cost",
    "status",
    "least_cost",
    "p80_finish",
    "gained",
    "price_of_day",
    "changed_tasks",
    "cheapest",
];

/// The columns of steps.csv: a row for each point of the front but the first, and each task that is done in another way than at
/// the point before. Durations are in the plan's time unit; modes are empty between modes.
pub const STEP_COLUMNS: &[&str] = &[
    "point",
    "finish_before",
    "finish",
    "extra_cost",
    "price_of_day",
    "task",
    "name",
    "mode_before",
    "mode",
    "duration_before",
    "duration",
];

/// Writes front.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_front(plan: &Plan, front: &Front, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let cheapest = front.cheapest();
    write_table(out, format, FRONT_COLUMNS, front.points.len(), |at, cells| {
        let point = &front.points[at];
        cells.number(at + 1);
        cells.text(&plan.format_moment(point.finish));
        cells.number(in_units(plan, working_time(plan, plan.project().start, point.finish)));
        cells.number(point.direct);
        cells.number(point.total);
        cells.text(point.proof.word());
        match point.least {
            Some(least) => cells.number(least),
            None => cells.empty(),
        }
        match point.late {
            Some(late) => cells.text(&plan.format_moment(late)),
            None => cells.empty(),
        }
        match front.step(plan, at) {
            Some(step) => {
                cells.number(in_units(plan, step.gained));
                cells.number(Money(step.price_of_day.round() as i64));
                let ids: Vec<&str> = step.changes.iter().map(|change| &*plan.tasks()[change.task].id).collect();
                cells.text(&ids.join(";"));
            }
            None => (0..3).for_each(|_| cells.empty()),
        }
        cells.flag(cheapest == Some(at));
    })
}

/// Writes steps.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_steps(plan: &Plan, front: &Front, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let steps: Vec<(usize, Step)> =
        (1..front.points.len()).filter_map(|at| Some((at, front.step(plan, at)?))).collect();
    let of_step = |(at, step): &'_ (usize, Step)| -> Vec<(usize, Money, f64, Option<Change>)> {
        let changes: Vec<Option<Change>> = match step.changes.is_empty() {
            // The same tasks by other people.
            true => vec![None],
            false => step.changes.iter().copied().map(Some).collect(),
        };
        changes.into_iter().map(|change| (*at, step.extra, step.price_of_day, change)).collect()
    };
    let rows: Vec<(usize, Money, f64, Option<Change>)> = steps.iter().flat_map(of_step).collect();
    write_table(out, format, STEP_COLUMNS, rows.len(), |row, cells| {
        let (at, extra, price_of_day, change) = rows[row];
        cells.number(at + 1);
        cells.text(&plan.format_moment(front.points[at - 1].finish));
        cells.text(&plan.format_moment(front.points[at].finish));
        cells.number(extra);
        cells.number(Money(price_of_day.round() as i64));
        let Some(Change { task, from, to }) = change else {
            (0..6).for_each(|_| cells.empty());
            return;
        };
        cells.text(&plan.tasks()[task].id);
        cells.text(&plan.tasks()[task].name);
        [from, to].iter().for_each(|way| mode(plan, way, cells));
        [from, to].iter().for_each(|way| cells.number(in_units(plan, way.duration)));
    })
}

fn mode(plan: &Plan, way: &Way, cells: &mut Cells<'_>) {
    match way.mode {
        Some(mode) => cells.text(plan.label(plan.modes()[mode].name)),
        None => cells.empty(),
    }
}

fn in_units(plan: &Plan, time: Minutes) -> String {
    shortened(time.0 as f64 / plan.minutes_per_unit().0.max(1) as f64)
}
