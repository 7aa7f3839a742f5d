//! What a schedule is worth by the objectives a user can name, told from the plan and the schedule in civil time.
//!
//! Net present value: each amount of money counts less the later it flows, by the plan's discount rate, from the project's
//! start on and by the clock: after `t` years it counts `1 / (1 + rate)^t`, as in the spreadsheet function XNPV. A task's
//! payment comes at its finish, its cost per use is due at its start, and the rest of its cost flows evenly from start to
//! finish; so does the overhead, from the project's start to its finish, where penalty and bonus are due.
//! Sources: Russell, "Cash flows in networks", Management Science 16 (1970); Vanhoucke, Demeulemeester, Herroelen,
//! "Maximizing the net present value of a project with linear time-dependent cash flows", International Journal of
//! Production Research 39 (2001).

use super::cost::{chosen_mode, project_cost, task_cost, working_time};
use super::working_time::WorkingTimes;
use super::{Goal, Schedule};
use crate::plan::{ConstraintKind, Plan, TaskId, TimeUnit};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Money};

/// What a schedule can be optimised for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Objective {
    /// The last finish, as early as possible.
    Finish,
    /// The time by which tasks miss their deadlines and "no later than" constraints, each weighted by the task's
    /// priority; as little as possible.
    Tardiness,
    /// What is paid in the end, overhead, penalty and bonus included; as little as possible.
    Cost,
    /// The net present value of payments and costs; as high as possible.
    NetPresentValue,
}

impl Objective {
    /// What a plan is scheduled for when nobody says: deadlines first, then the finish.
    pub const USUAL: [Objective; 2] = [Objective::Tardiness, Objective::Finish];

    /// Its name on the command line and in tables.
    pub fn word(self) -> &'static str {
        match self {
            Objective::Finish => "finish",
            Objective::Tardiness => "tardiness",
            Objective::Cost => "cost",
            Objective::NetPresentValue => "npv",
        }
    }
}

/// The value of an objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// A finish.
    Finish(Moment),
    /// Days by the clock (periods in a plan of periods), weighted by priorities.
    Tardiness(f64),
    /// A cost, or a value.
    Money(Money),
}

/// The values of what a schedule is optimised for, and then of what users want all the same, less being better; `None` if the
/// plan has no tasks.
pub fn values(plan: &Plan, schedule: &Schedule, objectives: &[Objective]) -> Option<Vec<f64>> {
    let rest = [Objective::Tardiness, Objective::Finish, Objective::Cost];
    let rest = rest.iter().filter(|rest| !objectives.contains(rest));
    let value = |&objective: &Objective| match (measure(plan, schedule, objective)?, objective) {
        (Measure::Finish(finish), _) => Some(finish.0 as f64),
        (Measure::Tardiness(late), _) => Some(late),
        (Measure::Money(money), Objective::NetPresentValue) => Some(-money.0 as f64),
        (Measure::Money(money), _) => Some(money.0 as f64),
    };
    objectives.iter().chain(rest).map(value).collect()
}

/// The value of an objective in a schedule; `None` if the plan has no tasks.
pub fn measure(plan: &Plan, schedule: &Schedule, objective: Objective) -> Option<Measure> {
    let finish = schedule.finish()?;
    Some(match objective {
        Objective::Finish => Measure::Finish(finish),
        Objective::Tardiness => Measure::Tardiness(tardiness(plan, schedule)),
        Objective::Cost => Measure::Money(project_cost(plan, schedule).total()),
        Objective::NetPresentValue => Measure::Money(net_present_value(plan, schedule)),
    })
}

/// True if the value of money over time says something about a plan, or is among what was asked for.
pub fn has_value(plan: &Plan, goals: &[Goal]) -> bool {
    plan.project().discount_rate.0 > 0
        || plan.tasks().iter().any(|task| task.payment != Money::ZERO)
        || goals.iter().any(|goal| goal.objective == Objective::NetPresentValue)
}

/// The most important objective for which a gap says something: deadlines, in which percent have no meaning, are left
/// aside.
pub fn leading_goal(goals: &[Goal]) -> Option<&Goal> {
    goals.iter().find(|goal| goal.objective != Objective::Tardiness)
}

/// By how many percent of its bound the objective of a goal is away from it. `None` if there is no bound or it is zero, and
/// of deadlines, about which percent say nothing.
pub fn gap(plan: &Plan, schedule: &Schedule, goal: &Goal) -> Option<f64> {
    let start = plan.project().start;
    let (value, bound) = match (measure(plan, schedule, goal.objective)?, goal.bound?) {
        (Measure::Finish(finish), Measure::Finish(bound)) => {
            (working_time(plan, start, finish).0, working_time(plan, start, bound).0)
        }
        (Measure::Money(value), Measure::Money(bound)) => (value.0, bound.0),
        _ => return None,
    };
    // What is rounded to whole minor units may pass its bound by one.
    let distance = if goal.is_proven { 0 } else { (value - bound).abs() };
    match (distance, bound) {
        (0, _) => Some(0.0),
        (_, 0) => None,
        (distance, bound) => Some(100.0 * distance as f64 / bound.abs() as f64),
    }
}

/// Days by the clock (periods in a plan of periods) by which tasks finish after their deadlines and "finish no later than"
/// dates, or start after "start no later than" dates. Each counts by its priority over the usual one of 500, at least a
/// five-hundredth. A deadline of a summary is one of every task below it; of several the earliest counts.
///
/// # Complexity
/// Linear in tasks and the depth of summaries.
pub fn tardiness(plan: &Plan, schedule: &Schedule) -> f64 {
    let starts_by =
        |task: TaskId| plan.tasks()[task].constraint_of(ConstraintKind::StartNoLaterThan).map(|it| it.moment);
    // Where work pauses at the date of a start, the end of the pause is early enough.
    let first = plan.tasks().ids().filter_map(starts_by).min();
    let times = first.zip(schedule.finish());
    let times = times.map(|(first, finish)| WorkingTimes::new(plan, schedule, first, finish.max(first)));
    let late = |task: TaskId| -> i128 {
        let Some(placement) = schedule.placements.get(task).filter(|_| chosen_mode(plan, schedule, task).is_some())
        else {
            return 0;
        };
        let rows = std::iter::successors(Some(task), |&below| plan.tasks()[below].parent).map(|id| &plan.tasks()[id]);
        let no_later_than = |row: &crate::plan::Task| {
            [row.deadline, row.constraint_of(ConstraintKind::FinishNoLaterThan).map(|it| it.moment)]
        };
        let finish_by = rows.flat_map(no_later_than).flatten().min();
        let opening = |moment| times.as_ref().and_then(|times| times.of_task(task).next_work(moment));
        let start_by = starts_by(task).map(|moment| opening(moment).unwrap_or(moment.max(placement.start)));
        let after = |moment: Moment, limit: Option<Moment>| limit.map_or(0, |limit| (moment - limit).0.max(0));
        let minutes = after(placement.finish, finish_by) + after(placement.start, start_by);
        i128::from(minutes) * i128::from(plan.tasks()[task].priority.max(1))
    };
    let unit = if plan.project().time_unit == TimeUnit::Period { 1 } else { MINUTES_PER_DAY };
    plan.tasks().ids().map(late).sum::<i128>() as f64 / (500 * unit) as f64
}

/// The net present value of a schedule, rounded to the minor unit; see the top of this file.
///
/// # Complexity
/// Linear in tasks and assignments.
pub fn net_present_value(plan: &Plan, schedule: &Schedule) -> Money {
    let Some(finish) = schedule.finish() else { return Money::ZERO };
    let discount = Discount::of(plan);
    let mut value = 0.0;
    let count = plan.tasks().len().min(schedule.placements.len()).min(schedule.assignments.len());
    for (task, placement) in schedule.placements.iter_enumerated().take(count) {
        if chosen_mode(plan, schedule, task).is_some() {
            let cost = task_cost(plan, schedule, task);
            value += plan.tasks()[task].payment.0 as f64 * discount.at(placement.finish);
            value -= cost.per_use.0 as f64 * discount.at(placement.start);
            value -= cost.spread().0 as f64 * discount.between(placement.start, placement.finish);
        }
    }
    let cost = project_cost(plan, schedule);
    value -= cost.overhead.0 as f64 * discount.between(plan.project().start, finish);
    value -= (cost.delay_penalty.0 as f64 - cost.early_bonus.0 as f64) * discount.at(finish);
    Money(value.round() as i64)
}

/// What money counts at a moment.
struct Discount {
    start: Moment,
    /// The logarithm of what remains of an amount after a minute, its sign turned.
    force: f64,
}

impl Discount {
    fn of(plan: &Plan) -> Discount {
        let project = plan.project();
        let rate = f64::from(project.discount_rate.0) / 10_000.0;
        let year = if project.time_unit == TimeUnit::Period { 1 } else { 365 * MINUTES_PER_DAY };
        Discount { start: project.start, force: rate.ln_1p() / year as f64 }
    }

    fn at(&self, moment: Moment) -> f64 {
        (-self.force * (moment - self.start).0 as f64).exp()
    }

    /// What an amount counts that flows evenly from one moment to another.
    fn between(&self, from: Moment, to: Moment) -> f64 {
        let Minutes(minutes) = to - from;
        let fading = self.force * minutes as f64;
        if minutes <= 0 || fading == 0.0 {
            return self.at(from);
        }
        self.at(from) * -(-fading).exp_m1() / fading
    }
}
