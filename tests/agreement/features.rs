//! What a plan has, so that a test can count that every feature was drawn.

use floatline::plan::{
    ConstraintKind, DemandSource, Duration, LagAmount, LagCalendar, Link, LinkKind, Pause, Plan, ResourceKind, Task,
    TaskKind, TimeUnit, Window,
};
use floatline::units::{Amount, Minutes, Money};

/// A feature: its name and whether a plan has it.
type Feature = (&'static str, fn(&Plan) -> bool);

/// All features.
pub const FEATURES: [Feature; 37] = [
    ("periods", is_in_periods),
    ("dates", |plan| !is_in_periods(plan)),
    ("finish to start", |plan| has_link(plan, |link| link.kind == LinkKind::FinishToStart)),
    ("start to start", |plan| has_link(plan, |link| link.kind == LinkKind::StartToStart)),
    ("finish to finish", |plan| has_link(plan, |link| link.kind == LinkKind::FinishToFinish)),
    ("start to finish", |plan| has_link(plan, |link| link.kind == LinkKind::StartToFinish)),
    ("lag", |plan| has_link(plan, |link| matches!(link.lag.amount, LagAmount::Minutes(lag) if lag > Minutes::ZERO))),
    ("lead", |plan| has_link(plan, |link| matches!(link.lag.amount, LagAmount::Minutes(lag) if lag < Minutes::ZERO))),
    ("percent lag", |plan| has_link(plan, |link| matches!(link.lag.amount, LagAmount::Percent(_)))),
    ("lag calendar", |plan| has_link(plan, |link| link.lag.calendar != LagCalendar::Successor)),
    ("maximal lag", |plan| has_link(plan, |link| link.max_lag.is_some())),
    ("start no earlier than", |plan| has_date(plan, &[ConstraintKind::StartNoEarlierThan])),
    ("finish no earlier than", |plan| has_date(plan, &[ConstraintKind::FinishNoEarlierThan])),
    ("must start on", |plan| has_date(plan, &[ConstraintKind::MustStartOn])),
    ("must finish on", |plan| has_date(plan, &[ConstraintKind::MustFinishOn])),
    ("as late as possible", |plan| has_date(plan, &[ConstraintKind::AsLateAsPossible])),
    ("latest date", has_latest_date),
    ("milestone", |plan| has_task(plan, |task| task.kind == TaskKind::Milestone)),
    ("summary", |plan| has_task(plan, |task| task.kind == TaskKind::Summary)),
    ("task calendar", |plan| has_task(plan, |task| task.calendar.is_some())),
    ("resource calendar", |plan| plan.resources().iter().any(|resource| resource.calendar.is_some())),
    ("holiday", |plan| plan.calendars().iter().any(|calendar| !calendar.exceptions.is_empty())),
    ("unbroken", |plan| has_task(plan, |task| task.pause == Pause::Never)),
    ("elapsed duration", |plan| plan.modes().iter().any(|mode| matches!(mode.duration, Duration::Elapsed(_)))),
    ("modes", |plan| plan.tasks().ids().any(|task| plan.modes_of(task).len() > 1)),
    ("people", |plan| has_demand(plan, ResourceKind::Work)),
    ("parts of people", |plan| {
        plan.modes().iter().flat_map(|mode| plan.demands_of(mode)).any(|demand| demand.amount.0 % Amount::ONE.0 != 0)
    }),
    ("skills", |plan| {
        let mut demands = plan.modes().iter().flat_map(|mode| plan.demands_of(mode));
        demands.any(|demand| matches!(demand.source, DemandSource::Skill(_)))
    }),
    ("absence", |plan| has_window(plan, |window| window.units == Amount::ZERO)),
    ("other capacity", |plan| has_window(plan, |window| window.units > Amount::ZERO)),
    ("material", |plan| has_demand(plan, ResourceKind::Material)),
    ("cost of people", |plan| plan.resources().iter().any(|resource| resource.rate.money > Money::ZERO)),
    ("cost per use", |plan| plan.resources().iter().any(|resource| resource.cost_per_use > Money::ZERO)),
    ("overhead", |plan| plan.project().overhead_per_day > Money::ZERO),
    ("budget", |plan| plan.budgets().iter().any(|budget| budget.from.is_none() && budget.to.is_none())),
    ("budget of a time", |plan| plan.budgets().iter().any(|budget| budget.from.is_some() || budget.to.is_some())),
    ("priority", |plan| has_task(plan, |task| task.priority != 500)),
];

pub fn is_in_periods(plan: &Plan) -> bool {
    plan.project().time_unit == TimeUnit::Period
}

/// True if deadlines or constraints set a latest date.
pub fn has_latest_date(plan: &Plan) -> bool {
    has_date(plan, &[ConstraintKind::StartNoLaterThan, ConstraintKind::FinishNoLaterThan])
        || has_task(plan, |task| task.deadline.is_some())
}

fn has_link(plan: &Plan, is: impl Fn(&Link) -> bool) -> bool {
    plan.links().iter().any(is)
}

fn has_task(plan: &Plan, is: impl Fn(&Task) -> bool) -> bool {
    plan.tasks().iter().any(is)
}

fn has_date(plan: &Plan, kinds: &[ConstraintKind]) -> bool {
    has_task(plan, |task| task.constraint.is_some_and(|constraint| kinds.contains(&constraint.kind)))
}

fn has_window(plan: &Plan, is: impl Fn(&Window) -> bool) -> bool {
    plan.resources().iter().any(|resource| resource.windows.iter().any(&is))
}

fn has_demand(plan: &Plan, kind: ResourceKind) -> bool {
    plan.modes().iter().flat_map(|mode| plan.demands_of(mode)).any(|demand| match demand.source {
        DemandSource::Resource(resource) => plan.resources()[resource].kind == kind,
        DemandSource::Skill(_) => false,
    })
}
