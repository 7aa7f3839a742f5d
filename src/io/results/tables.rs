//! assignments.csv, usage.csv and costs.csv.

use std::io::{self, Write};

use super::cells::{Decimal, Format, decimal, write_table};
use super::moments::{MomentTexts, period_name};
use super::schedule::moment;
use crate::index::Id;
use crate::plan::{Plan, ResourceKind, TaskId, TimeUnit};
use crate::schedule::{Assignment, CostAccount, Period, Schedule, assignment_cost, costs_by_period, usage_by_period};
use crate::units::{Amount, Money};

/// The columns of assignments.csv. `work` is in hours (in periods in a plan of abstract periods), empty for materials.
pub const ASSIGNMENT_COLUMNS: &[&str] =
    &["task", "name", "resource", "resource_name", "team", "amount", "start", "finish", "work", "cost"];

/// The columns of usage.csv. `used` and `available` are hours of work (periods in a plan of abstract periods) or a
/// material's quantity, as `unit` says; `utilisation` is in percent.
pub const USAGE_COLUMNS: &[&str] =
    &["resource", "name", "team", "period", "used", "available", "peak", "utilisation", "unit"];

/// The columns of costs.csv. `account` is empty for tasks without one and in parentheses for what is no task's cost;
/// `cumulative` adds up all rows so far.
pub const COST_COLUMNS: &[&str] = &["period", "account", "cost", "cumulative"];

/// Writes assignments.csv, or the same rows as JSON: who works on what, when, and what it costs.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_assignments(plan: &Plan, schedule: &Schedule, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let texts =
        MomentTexts::new(plan, schedule.placements.iter().flat_map(|placement| [placement.start, placement.finish]));
    let rows: Vec<(TaskId, &Assignment)> = plan
        .tasks()
        .ids()
        .flat_map(|task| schedule.assignments.row(task.index()).iter().map(move |assignment| (task, assignment)))
        .collect();
    write_table(out, format, ASSIGNMENT_COLUMNS, rows.len(), |at, cells| {
        let (task, assignment) = rows[at];
        let (row, resource) = (&plan.tasks()[task], &plan.resources()[assignment.resource]);
        let placement = &schedule.placements[task];
        cells.text(&row.id);
        cells.text(&row.name);
        cells.text(&resource.id);
        cells.text(&resource.name);
        match resource.team {
            Some(team) => cells.text(plan.label(team)),
            None => cells.empty(),
        }
        cells.number(assignment.amount);
        moment(plan, &texts, placement.start, cells);
        moment(plan, &texts, placement.finish, cells);
        match placement.mode.and_then(|mode| plan.modes().get(mode)) {
            Some(mode) => {
                let minutes = i128::from(mode.duration.minutes().0);
                match resource.kind {
                    ResourceKind::Work => cells.number(work(plan, minutes * i128::from(assignment.amount.0))),
                    ResourceKind::Material => cells.empty(),
                }
                let (spread, per_use) = assignment_cost(plan, task, assignment, mode);
                cells.number(spread + per_use);
            }
            None => {
                cells.empty();
                cells.empty();
            }
        }
    })
}

/// Writes usage.csv, or the same rows as JSON: the use of every resource by period.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_usage(
    plan: &Plan,
    schedule: &Schedule,
    period: Period,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = usage_by_period(plan, schedule, period);
    write_table(out, format, USAGE_COLUMNS, rows.len(), |at, cells| {
        let usage = &rows[at];
        let resource = &plan.resources()[usage.resource];
        cells.text(&resource.id);
        cells.text(&resource.name);
        match resource.team {
            Some(team) => cells.text(plan.label(team)),
            None => cells.empty(),
        }
        cells.text(&period_name(plan, usage.from));
        match resource.kind {
            ResourceKind::Work => {
                let one = i128::from(Amount::ONE.0);
                cells.number(work(plan, i128::from(usage.used.0) * one));
                cells.number(work(plan, i128::from(usage.available.0) * one));
                cells.number(usage.peak);
                match usage.utilisation() {
                    Some(percent) => cells.number(format_args!("{percent:.1}")),
                    None => cells.empty(),
                }
                cells.text(if plan.project().time_unit == TimeUnit::Period { "period" } else { "h" });
            }
            ResourceKind::Material => {
                cells.number(usage.peak);
                (0..3).for_each(|_| cells.empty());
                cells.text("unit");
            }
        }
    })
}

/// Writes costs.csv, or the same rows as JSON: what falls due by period and account.
///
/// The rows add up to the cost of the project: tasks by account, `(overhead)`, `(delay penalty)`, `(early bonus)`.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_costs(
    plan: &Plan,
    schedule: &Schedule,
    period: Period,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = costs_by_period(plan, schedule, period);
    let mut sum = Money::ZERO;
    let cumulative: Vec<Money> = rows
        .iter()
        .map(|row| {
            sum += row.cost;
            sum
        })
        .collect();
    write_table(out, format, COST_COLUMNS, rows.len(), |at, cells| {
        cells.text(&period_name(plan, rows[at].from));
        match rows[at].account {
            CostAccount::Tasks(Some(account)) => cells.text(plan.label(account)),
            CostAccount::Tasks(None) => cells.empty(),
            CostAccount::Overhead => cells.text("(overhead)"),
            CostAccount::DelayPenalty => cells.text("(delay penalty)"),
            CostAccount::EarlyBonus => cells.text("(early bonus)"),
        }
        cells.number(rows[at].cost);
        cells.number(cumulative[at]);
    })
}

/// Minutes times ten-thousandths of a unit as hours, or as periods in a plan of abstract periods.
fn work(plan: &Plan, unit_minutes: i128) -> Decimal {
    let minutes = if plan.project().time_unit == TimeUnit::Period { 1 } else { 60 };
    decimal(unit_minutes, i128::from(Amount::ONE.0) * minutes)
}
