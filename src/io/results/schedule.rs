//! schedule.csv: a row for each task of the plan.

use std::io::{self, Write};

use super::cells::{Cells, Decimal, Format, decimal, write_table};
use super::moments::MomentTexts;
use crate::index::{Id, IdVec};
use crate::plan::{Constraint, ConstraintKind, Plan, TaskId, TimeUnit};
use crate::schedule::{Assignment, Driver, Schedule, TaskDates, task_budgets, task_costs, words};
use crate::units::{Amount, Minutes, Moment};

/// The columns of schedule.csv. Floats are in the plan's time unit. `cost` is that of what is scheduled, `budget` that of the
/// whole task, what is done of it included.
pub const SCHEDULE_COLUMNS: &[&str] = &[
    "task",
    "name",
    "start",
    "finish",
    "mode",
    "resources",
    "cost",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "total_float",
    "free_float",
    "critical",
    "longest_path",
    "driver",
    "budget",
];

/// Writes schedule.csv, or the same rows as JSON.
///
/// # Arguments
/// `dates` has an entry for each task, or none at all if nothing is known about early and late dates; those cells are
/// empty then.
///
/// # Errors
/// If `out` cannot be written to.
///
/// # Complexity
/// Linear; runs on the current rayon pool.
pub fn write_schedule(
    plan: &Plan,
    schedule: &Schedule,
    dates: &IdVec<TaskId, TaskDates>,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (costs, budgets) = (task_costs(plan, schedule), task_budgets(plan, schedule));
    let spans = schedule.spans(plan, dates);
    let placed = spans.iter().flat_map(|&(start, finish)| [start, finish]);
    let late = dates.iter().flat_map(|dates| [dates.early_start, dates.late_finish]);
    let texts = MomentTexts::new(plan, placed.chain(late));
    let rows = plan.tasks().len().min(schedule.placements.len());
    write_table(out, format, SCHEDULE_COLUMNS, rows, |at, cells| {
        let task = TaskId::new(at);
        let (row, placement) = (&plan.tasks()[task], &schedule.placements[task]);
        cells.text(&row.id);
        cells.text(&row.name);
        let (start, finish) = spans[task];
        moment(plan, &texts, start, cells);
        moment(plan, &texts, finish, cells);
        match placement.mode.and_then(|mode| plan.modes().get(mode)) {
            Some(mode) => cells.text(plan.label(mode.name)),
            None => cells.empty(),
        }
        match schedule.assignments.row(at) {
            [] => cells.empty(),
            assigned => cells.text(&resources_cell(plan, assigned)),
        }
        cells.number(costs[task].total());
        match dates.get(task) {
            None => (0..9).for_each(|_| cells.empty()),
            Some(dates) => {
                for date in [dates.early_start, dates.early_finish, dates.late_start, dates.late_finish] {
                    moment(plan, &texts, date, cells);
                }
                for float in [dates.total_float, dates.free_float] {
                    cells.number(in_time_units(plan, float));
                }
                cells.flag(dates.critical);
                cells.flag(dates.longest_path);
                cells.text(&driver_words(plan, task, dates.driver));
            }
        }
        cells.number(budgets[task]);
    })
}

/// A moment: text of a date, or the number of a period.
pub(super) fn moment(plan: &Plan, texts: &MomentTexts, moment: Moment, cells: &mut Cells<'_>) {
    match plan.project().time_unit {
        TimeUnit::Period => cells.number(moment.0),
        _ => cells.plain(|bytes| texts.push(moment, bytes)),
    }
}

/// Working time in the plan's time unit, in plain decimals.
pub(super) fn in_time_units(plan: &Plan, minutes: Minutes) -> Decimal {
    decimal(i128::from(minutes.0), i128::from(plan.minutes_per_unit().0))
}

/// Resources as tasks.csv writes them: `ana;dev*2;ben*0.5`.
pub(super) fn resources_cell(plan: &Plan, assigned: &[Assignment]) -> String {
    let mut text = String::new();
    for assignment in assigned {
        if !text.is_empty() {
            text.push(';');
        }
        text.push_str(&plan.resources()[assignment.resource].id);
        if assignment.amount != Amount::ONE {
            text.push('*');
            text.push_str(&assignment.amount.to_string());
        }
    }
    text
}

/// What keeps a task from starting earlier, in the words of the column `driver`: `design FS+2d`, `ana after build`,
/// `start no earlier than 2026-03-02`.
pub fn driver_words(plan: &Plan, task: TaskId, driver: Driver) -> String {
    let id = |task: TaskId| &plan.tasks()[task].id;
    match driver {
        Driver::ProjectStart => "project start".into(),
        Driver::Link(link) => words::link(plan, &plan.links()[link]),
        Driver::Summary(summary) => format!("summary {}", id(summary)),
        Driver::Resource(resource, before) => format!("{} after {}", plan.resources()[resource].id, id(before)),
        Driver::Capacity => "no capacity earlier".into(),
        Driver::AsLateAsPossible => "as late as possible".into(),
        Driver::Constraint => {
            let constraint = plan.tasks()[task].constraint;
            constraint.map_or("constraint".into(), |constraint| constraint_words(plan, task, constraint))
        }
    }
}

/// A constraint of a task: `must start on 2026-03-02`.
pub fn constraint_words(plan: &Plan, task: TaskId, constraint: Constraint) -> String {
    let (words, is_finish) = match constraint.kind {
        ConstraintKind::AsSoonAsPossible => return "as soon as possible".into(),
        ConstraintKind::AsLateAsPossible => return "as late as possible".into(),
        ConstraintKind::MustStartOn if plan.tasks()[task].is_manual => ("scheduled by hand, starts on", false),
        ConstraintKind::MustStartOn => ("must start on", false),
        ConstraintKind::MustFinishOn if plan.tasks()[task].is_manual => ("scheduled by hand, finishes on", true),
        ConstraintKind::MustFinishOn => ("must finish on", true),
        ConstraintKind::StartNoEarlierThan => ("start no earlier than", false),
        ConstraintKind::StartNoLaterThan => ("start no later than", false),
        ConstraintKind::FinishNoEarlierThan => ("finish no earlier than", true),
        ConstraintKind::FinishNoLaterThan => ("finish no later than", true),
    };
    let moment = constraint.moment;
    let date = match (moment.minute_of_day(), is_finish) {
        (_, true) => plan.format_end(moment),
        (0, false) if plan.project().time_unit != TimeUnit::Period => moment.date().to_string(),
        _ => plan.format_moment(moment),
    };
    format!("{words} {date}")
}
