//! summary.csv: a row for each plan of a run.

use std::io::{self, Write};

use super::cells::{Format, write_table};
use super::schedule::in_time_units;
use crate::plan::Plan;
use crate::schedule::{
    Measure, Outcome, gap, has_value, makespan, net_present_value, project_cost, tardiness, working_time,
};
use crate::units::Money;

/// The columns of summary.csv.
pub const SUMMARY_COLUMNS: &[&str] = &[
    "plan",
    "status",
    "start",
    "finish",
    "makespan",
    "cost",
    "tardiness",
    "npv",
    "lower_bound",
    "objective",
    "bound",
    "gap",
    "effort",
    "seconds",
    "seed",
    "message",
];

/// How one plan of a run came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SummaryRow {
    /// The plan's name.
    pub plan: String,
    /// `optimal`, `feasible`, `infeasible`, `unknown`, or `invalid` for a plan with errors.
    pub status: String,
    /// The earliest start of the schedule.
    pub start: Option<String>,
    /// Its latest finish.
    pub finish: Option<String>,
    /// Working time of the project calendar from project start to finish, in the plan's time unit.
    pub makespan: Option<String>,
    /// What the project costs: tasks, overhead, penalty less bonus.
    pub cost: Option<Money>,
    /// Days by the clock (periods in a plan of periods) by which deadlines are missed, weighted by priority.
    pub tardiness: Option<f64>,
    /// The net present value; none if the plan has neither payments nor a discount rate and nobody asked for it.
    pub npv: Option<Money>,
    /// No schedule has a smaller makespan than this, in the plan's time unit.
    pub lower_bound: Option<String>,
    /// The objectives, the most important first, separated by commas.
    pub objective: String,
    /// A value of the most important objective (tardiness left aside) that no schedule beats: a makespan, a cost or a net
    /// present value. None if none is known.
    pub bound: Option<String>,
    /// By how many percent of its bound that objective is away from it. None if the bound is unknown or zero, and not reached.
    pub gap: Option<f64>,
    /// Passes over the whole plan that were made; none if there was nothing to work on.
    pub effort: Option<u64>,
    /// Wall-clock time in seconds, of a run that the clock limits; no other tells it, so that it can be repeated byte by
    /// byte.
    pub seconds: Option<f64>,
    /// The seed of the run.
    pub seed: u64,
    /// What the user should know.
    pub message: String,
}

impl SummaryRow {
    /// The row of a plan that was scheduled, or proved impossible.
    pub fn of_outcome(plan: &Plan, outcome: &Outcome, seed: u64) -> SummaryRow {
        let bound = working_time(plan, plan.project().start, outcome.lower_bound);
        let mut row = SummaryRow {
            plan: plan.project().name.clone(),
            status: outcome.status.word().into(),
            lower_bound: Some(in_time_units(plan, bound).to_string()),
            effort: Some(outcome.effort_spent),
            seed,
            message: outcome.message.clone(),
            objective: outcome.goals.iter().map(|goal| goal.objective.word()).collect::<Vec<_>>().join(","),
            bound: outcome.leading_goal().and_then(|goal| goal.bound).map(|bound| measure_text(plan, bound)),
            ..SummaryRow::default()
        };
        if let Some(schedule) = &outcome.schedule {
            let start = schedule.placements.iter().map(|placement| placement.start).min();
            let makespan = makespan(plan, schedule);
            row.start = start.map(|start| plan.format_moment(start));
            row.finish = schedule.finish().map(|finish| plan.format_moment(finish));
            row.makespan = Some(in_time_units(plan, makespan).to_string());
            row.cost = Some(project_cost(plan, schedule).total());
            row.tardiness = Some(tardiness(plan, schedule));
            row.npv = has_value(plan, &outcome.goals).then(|| net_present_value(plan, schedule));
            row.gap = outcome.leading_goal().and_then(|goal| gap(plan, schedule, goal));
        }
        row
    }

    /// The row of a plan that could not be scheduled at all; `status` is a word such as `invalid`.
    pub fn of_failure(plan: &str, status: &str, message: &str, seed: u64) -> SummaryRow {
        SummaryRow { plan: plan.into(), status: status.into(), message: message.into(), seed, ..SummaryRow::default() }
    }
}

/// A value as summary.csv has it, of a finish the makespan.
pub(super) fn measure_text(plan: &Plan, measure: Measure) -> String {
    match measure {
        Measure::Finish(moment) => in_time_units(plan, working_time(plan, plan.project().start, moment)).to_string(),
        Measure::Money(money) => money.to_string(),
        Measure::Tardiness(days) => shortened(days),
    }
}

/// A number with at most four decimals.
pub(super) fn shortened(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Writes summary.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_summary(rows: &[SummaryRow], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, SUMMARY_COLUMNS, rows.len(), |at, cells| {
        let row = &rows[at];
        let maybe_text = |cells: &mut super::cells::Cells<'_>, text: &Option<String>| match text {
            Some(text) => cells.text(text),
            None => cells.empty(),
        };
        let maybe_number = |cells: &mut super::cells::Cells<'_>, number: &Option<String>| match number {
            Some(number) => cells.number(number),
            None => cells.empty(),
        };
        cells.text(&row.plan);
        cells.text(&row.status);
        maybe_text(cells, &row.start);
        maybe_text(cells, &row.finish);
        maybe_number(cells, &row.makespan);
        maybe_number(cells, &row.cost.map(|cost| cost.to_string()));
        maybe_number(cells, &row.tardiness.map(shortened));
        maybe_number(cells, &row.npv.map(|npv| npv.to_string()));
        maybe_number(cells, &row.lower_bound);
        cells.text(&row.objective);
        maybe_number(cells, &row.bound);
        maybe_number(cells, &row.gap.map(|gap| format!("{gap:.2}")));
        maybe_number(cells, &row.effort.map(|effort| effort.to_string()));
        maybe_number(cells, &row.seconds.map(|seconds| format!("{seconds:.3}")));
        cells.number(row.seed);
        cells.text(&row.message);
    })
}
