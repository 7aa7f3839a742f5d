//! summary.csv: a row for each plan of a run.

use std::io::{self, Write};

use super::cells::{Format, write_table};
use super::schedule::in_time_units;
use crate::plan::Plan;
use crate::schedule::{Outcome, makespan, project_cost, working_time};
use crate::units::Money;

/// The columns of summary.csv.
pub const SUMMARY_COLUMNS: &[&str] =
    &["plan", "status", "start", "finish", "makespan", "cost", "lower_bound", "gap", "seconds", "seed", "message"];

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
    /// No schedule has a smaller makespan than this, in the plan's time unit.
    pub lower_bound: Option<String>,
    /// By how many percent of the lower bound the makespan is above it: `100 * (makespan - lower_bound) / lower_bound`.
    /// None if the lower bound is zero and the makespan is not.
    pub gap: Option<f64>,
    /// Wall-clock time in seconds.
    pub seconds: f64,
    /// The seed of the run.
    pub seed: u64,
    /// What the user should know.
    pub message: String,
}

impl SummaryRow {
    /// The row of a plan that was scheduled, or proved impossible.
    pub fn of_outcome(plan: &Plan, outcome: &Outcome, seconds: f64, seed: u64) -> SummaryRow {
        let bound = working_time(plan, plan.project().start, outcome.lower_bound);
        let mut row = SummaryRow {
            plan: plan.project().name.clone(),
            status: outcome.status.word().into(),
            lower_bound: Some(in_time_units(plan, bound).to_string()),
            seconds,
            seed,
            message: outcome.message.clone(),
            ..SummaryRow::default()
        };
        if let Some(schedule) = &outcome.schedule {
            let start = schedule.placements.iter().map(|placement| placement.start).min();
            let makespan = makespan(plan, schedule);
            row.start = start.map(|start| plan.format_moment(start));
            row.finish = schedule.finish().map(|finish| plan.format_moment(finish));
            row.makespan = Some(in_time_units(plan, makespan).to_string());
            row.cost = Some(project_cost(plan, schedule).total());
            row.gap = match (makespan.0, bound.0) {
                (0, 0) => Some(0.0),
                (_, 0) => None,
                (makespan, bound) => Some((makespan - bound) as f64 * 100.0 / bound as f64),
            };
        }
        row
    }

    /// The row of a plan that could not be scheduled at all; `status` is a word such as `invalid`.
    pub fn of_failure(plan: &str, status: &str, message: &str, seconds: f64, seed: u64) -> SummaryRow {
        SummaryRow {
            plan: plan.into(),
            status: status.into(),
            message: message.into(),
            seconds,
            seed,
            ..SummaryRow::default()
        }
    }
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
        maybe_number(cells, &row.lower_bound);
        maybe_number(cells, &row.gap.map(|gap| format!("{gap:.2}")));
        cells.number(format_args!("{:.3}", row.seconds));
        cells.number(row.seed);
        cells.text(&row.message);
    })
}
