//! Budgets against what is spent and owed, and when a cap breaks at the present rate.

use super::Forecast;
use super::valuation::Valuation;
use crate::index::IdVec;
use crate::plan::{BudgetId, BudgetScope, PastBudget, Plan, TaskId};
use crate::schedule::{Accrual, Schedule, TaskCost, WorkingTimes, to_money};
use crate::units::{MINUTES_PER_WEEK, Minutes, Moment, Money};

/// The present rate of spending is that of so many weeks before the status date, or of the time since the project's start.
const WEEKS_OF_RATE: i64 = 8;

/// How a budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spending {
    /// The budget.
    pub budget: BudgetId,
    /// Its cap.
    pub cap: Money,
    /// What has been paid under it.
    pub spent: Money,
    /// What is owed.
    pub committed: Money,
    /// What the rest of the work is going to cost under it, by the forecast.
    pub to_come: Money,
    /// When the cap breaks at the present rate of spending, if it does before all work is done.
    pub breaks: Option<Moment>,
}

impl Spending {
    /// What is left of the cap; negative if it is broken.
    pub fn remaining(&self) -> Money {
        self.cap - self.spent - self.committed
    }

    /// What is spent in the end by the forecast. Commitments are part of what is to come, not added to it, unless they are
    /// more.
    pub fn at_completion(&self) -> Money {
        let past = PastBudget { cap: self.cap, spent: self.spent, committed: self.committed };
        past.at_completion(self.to_come)
    }
}

/// What the forecast still costs of each task, and when.
pub(super) struct Rest<'p> {
    pub(super) plan: &'p Plan,
    pub(super) schedule: &'p Schedule,
    /// By task.
    pub(super) costs: IdVec<TaskId, Money>,
    /// How each is spent.
    accruals: IdVec<TaskId, Accrual>,
    times: WorkingTimes<'p>,
}

impl<'p> Rest<'p> {
    /// That of a forecast.
    pub(super) fn of(forecast: &Forecast<'p>, costs: &IdVec<TaskId, TaskCost>) -> Rest<'p> {
        let (plan, schedule) = (forecast.left, forecast.schedule);
        let accrual = |(task, cost): (TaskId, &TaskCost)| {
            let placement = &schedule.placements[task];
            let (start, finish) = (placement.start, placement.finish);
            Accrual { task, start, finish, spread: cost.spread(), at_start: cost.per_use }
        };
        Rest {
            plan,
            schedule,
            costs: IdVec::from(costs.iter().map(TaskCost::total).collect::<Vec<_>>()),
            accruals: IdVec::from(costs.iter_enumerated().map(accrual).collect::<Vec<_>>()),
            times: WorkingTimes::new(plan, schedule, plan.project().start, forecast.finish),
        }
    }

    /// What all tasks still cost until a moment.
    pub(super) fn until(&self, moment: Moment) -> Money {
        let is_work = |task: &TaskId| self.schedule.placements[*task].mode.is_some();
        self.plan.tasks().ids().filter(is_work).map(|task| self.within(task, None, Some(moment))).sum()
    }

    /// What falls into a stretch of time of a task's rest: it is spent as its working time goes by.
    fn within(&self, task: TaskId, from: Option<Moment>, to: Option<Moment>) -> Money {
        let accrual = &self.accruals[task];
        let until = |moment: Moment| to_money(accrual.before(&self.times, moment));
        to.map_or(self.costs[task], until) - from.map_or(Money::ZERO, until)
    }
}

/// How every budget stands, but those of resources, of which books do not tell.
///
/// # Arguments
/// `finish` is when all work is done by the forecast.
pub(super) fn spending(plan: &Plan, value: &Valuation, rest: &Rest<'_>, finish: Moment) -> Vec<Spending> {
    let is_told = |scope: BudgetScope| !matches!(scope, BudgetScope::Resource(_));
    let budgets = plan.budgets().iter_enumerated().filter(|(_, budget)| is_told(budget.scope));
    budgets
        .map(|(id, budget)| {
            let paid = |is_committed: bool, since: Moment| plan.paid_under(budget, is_committed, since, value.at);
            let (spent, committed) = (plan.spent_under(budget, value.at), paid(true, Moment::MIN));
            let is_work = |task: &TaskId| rest.schedule.placements[*task].mode.is_some();
            let tasks = rest.plan.tasks().ids().filter(is_work).filter(|&task| plan.counts_under(budget, task));
            // Overhead counts under what caps everything, as it does in schedules.
            let overhead = match budget.scope {
                BudgetScope::All => rest.plan.overhead_in(budget, rest.plan.project().start, finish),
                _ => Money::ZERO,
            };
            let to_come: Money = overhead + tasks.map(|task| rest.within(task, budget.from, budget.to)).sum();
            let since = (value.at - Minutes(WEEKS_OF_RATE * MINUTES_PER_WEEK)).max(plan.project().start);
            let end = budget.to.map_or(finish, |to| to.min(finish));
            let window = (value.at - since.max(budget.from.unwrap_or(since))).0;
            let breaks = breaking(budget.cap - spent, paid(false, since), window, value.at).filter(|&at| at < end);
            // Where nothing is left to be paid, the rate so far says nothing.
            let breaks = breaks.filter(|_| to_come.max(committed) > Money::ZERO || spent > budget.cap);
            Spending { budget: id, cap: budget.cap, spent, committed, to_come, breaks }
        })
        .collect()
}

/// When `left` is used up if it goes on as in the last `window` minutes; now if nothing is left.
fn breaking(left: Money, lately: Money, window: i64, now: Moment) -> Option<Moment> {
    if left < Money::ZERO {
        return Some(now);
    }
    if lately <= Money::ZERO || window <= 0 {
        return None;
    }
    let minutes = left.0 as f64 * window as f64 / lately.0 as f64;
    (minutes < 1e9).then(|| now + Minutes(minutes.round() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_lasts_as_long_as_the_present_rate_lets_it() {
        let now = Moment(1_000);
        // 30 in 60 minutes: 15 last for 30.
        assert_eq!(breaking(Money(15), Money(30), 60, now), Some(Moment(1_030)));
        assert_eq!(breaking(Money(-1), Money(30), 60, now), Some(now));
        assert_eq!(breaking(Money(15), Money::ZERO, 60, now), None);
        assert_eq!(breaking(Money(15), Money(-5), 60, now), None);
    }
}
