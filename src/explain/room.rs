//! How much room a limit gives: in which steps it is widened, and how large a step is beside the limit itself.

use super::repair::Relaxation;
use crate::plan::{ConstraintKind, Lag, LagAmount, LagCalendar, Limit, Plan, TaskId, TimeUnit};
use crate::schedule::Schedule;
use crate::units::{Amount, MINUTES_PER_DAY, Moment};

/// Minor units of a unit of money.
const WHOLE_MONEY: i64 = 100;

/// The steps in which a limit is widened, as [`Plan::relaxed`] counts: a day by the clock for dates, a working day for lags, a
/// whole unit of money, one unit of a resource. None if it can only be given up.
pub(super) fn unit(plan: &Plan, limit: Limit) -> Option<i64> {
    match limit {
        Limit::ProjectDeadline | Limit::Deadline(_) | Limit::Constraint(..) => Some(day(plan)),
        Limit::Budget(_) => Some(WHOLE_MONEY),
        Limit::Capacity(_) => Some(Amount::ONE.0),
        Limit::MaximalLag(link) => plan.links()[link].max_lag.map(|lag| day_of_lag(plan, &lag)),
        Limit::Link(_)
        | Limit::Availability(_)
        | Limit::WeeklyHours(_)
        | Limit::Rule(_)
        | Limit::Unbroken(_)
        | Limit::DaysOff(_)
        | Limit::Calendar(_) => None,
    }
}

/// A day by the clock; a period in a plan of periods.
pub(super) fn day(plan: &Plan) -> i64 {
    if plan.project().time_unit == TimeUnit::Period { 1 } else { MINUTES_PER_DAY }
}

fn day_of_lag(plan: &Plan, lag: &Lag) -> i64 {
    match lag.calendar {
        LagCalendar::TwentyFourHours => day(plan),
        _ => plan.project().minutes_per_day.0,
    }
}

/// The last finish of the plan's own tasks: milestones that stand for hard wishes come after them.
pub(super) fn own_finish(plan: &Plan, schedule: &Schedule) -> Moment {
    let own = schedule.placements.iter().take(plan.tasks().len());
    own.map(|placement| placement.finish).max().unwrap_or(plan.project().start)
}

/// True for limits that a task has to meet rather than to keep.
pub(super) fn has_exact_date(limit: Limit) -> bool {
    matches!(limit, Limit::Constraint(_, ConstraintKind::MustStartOn | ConstraintKind::MustFinishOn))
}

/// By how many minutes a schedule made without a date misses it; negative if a task stands before its exact date. None for
/// limits that are no dates.
pub(super) fn shortfall(plan: &Plan, limit: Limit, schedule: &Schedule) -> Option<i64> {
    let of_task = |task: TaskId| plan.activities_below(task).into_iter().map(|task| &schedule.placements[task]);
    let finish = |task: TaskId| of_task(task).map(|placement| placement.finish).max();
    match limit {
        Limit::ProjectDeadline => Some((own_finish(plan, schedule) - plan.project().deadline?).0),
        Limit::Deadline(task) => Some((finish(task)? - plan.tasks()[task].deadline?).0),
        Limit::Constraint(task, kind) => {
            let date = plan.tasks()[task].constraint_of(kind)?.moment;
            let start = of_task(task).map(|placement| placement.start).min()?;
            match kind {
                ConstraintKind::MustStartOn | ConstraintKind::StartNoLaterThan => Some((start - date).0),
                ConstraintKind::MustFinishOn | ConstraintKind::FinishNoLaterThan => Some((finish(task)? - date).0),
                ConstraintKind::StartNoEarlierThan => Some((date - start).0.max(1)),
                ConstraintKind::FinishNoEarlierThan => Some((date - finish(task)?).0.max(1)),
                ConstraintKind::AsSoonAsPossible | ConstraintKind::AsLateAsPossible => None,
            }
        }
        _ => None,
    }
}

/// How large a relaxation is beside the limit: days to the days from the project's start, money to the cap, units to the
/// capacity; 1 where that cannot be said.
pub(super) fn share(plan: &Plan, relaxation: &Relaxation) -> f64 {
    let Some(by) = relaxation.by else { return 1.0 };
    let start = plan.project().start;
    let date_of = |task: TaskId, kind| plan.tasks()[task].constraint_of(kind).map(|constraint| constraint.moment);
    let whole = match relaxation.limit {
        Limit::ProjectDeadline => plan.project().deadline.map(|date| (date - start).0),
        Limit::Deadline(task) => plan.tasks()[task].deadline.map(|date| (date - start).0),
        Limit::Constraint(task, kind) => date_of(task, kind).map(|date| (date - start).0),
        Limit::Budget(budget) => Some(plan.budgets()[budget].cap.0),
        Limit::Capacity(resource) => plan.resources()[resource].capacity.map(|units| units.0),
        Limit::MaximalLag(link) => plan.links()[link].max_lag.and_then(|lag| match lag.amount {
            LagAmount::Minutes(minutes) => Some(minutes.0),
            LagAmount::Percent(_) => None,
        }),
        _ => None,
    };
    match whole.filter(|&whole| whole > 0) {
        Some(whole) => by.abs() as f64 / whole as f64,
        None => 1.0,
    }
}
