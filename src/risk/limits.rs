//! How likely limits are to be kept: deadlines, budgets, and a date and a cost at once.

use super::answers::Probability;
use super::assess::Assessment;
use super::unfinished::NO_END;
use crate::network::Slot;
use crate::plan::{Budget, BudgetId, BudgetScope, Plan, TaskId};
use crate::units::{Moment, Money};

/// What is not to be exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The project's deadline.
    Deadline(Moment),
    /// A task's deadline.
    TaskDeadline(TaskId, Moment),
    /// A budget's cap.
    Budget(BudgetId, Money),
    /// A finish and a cost of the project at once: the deadline, or the planned finish without one, and the least budget for
    /// everything at all times, or the planned cost without one.
    Both(Moment, Money),
}

/// How likely a limit is to be kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// The limit.
    pub limit: Limit,
    /// The share of samples that keep it.
    pub kept: Probability,
}

impl Assessment {
    /// All limits: deadlines first, then budgets, then finish and cost at once.
    pub fn limits(&self, plan: &Plan) -> Vec<Kept> {
        let samples = &self.samples;
        let count = samples.finish.len();
        let share = |hits: usize| Probability::of(hits, count);
        let until = |slots: &[Slot], limit: Moment| slots.iter().filter(|&&slot| self.is_until(slot, limit)).count();
        let mut kept = Vec::new();
        if let Some(deadline) = plan.project().deadline {
            kept.push(Kept { limit: Limit::Deadline(deadline), kept: share(until(&samples.finish, deadline)) });
        }
        for (&task, slots) in self.marks.iter().zip(&samples.marks) {
            if let Some(deadline) = plan.tasks()[task].deadline {
                let kept_by = share(until(slots, deadline));
                kept.push(Kept { limit: Limit::TaskDeadline(task, deadline), kept: kept_by });
            }
        }
        for (id, spent) in plan.budgets().ids().zip(&samples.budgets) {
            let cap = plan.whole_cap(id);
            let hits = spent.iter().filter(|&&spent| spent <= cap.0).count();
            kept.push(Kept { limit: Limit::Budget(id, cap), kept: share(hits) });
        }
        if samples.cost.iter().any(|&cost| cost != 0 && cost != NO_END) {
            let finish = plan.project().deadline.unwrap_or(self.finish_moment(self.planned.0));
            let is_whole =
                |budget: &Budget| budget.scope == BudgetScope::All && (budget.from, budget.to) == (None, None);
            let whole = plan.budgets().iter_enumerated().filter(|(_, budget)| is_whole(budget));
            let cost = whole.map(|(id, _)| plan.whole_cap(id)).min().unwrap_or(Money(self.planned.1));
            let both = samples.finish.iter().zip(&samples.cost);
            let hits = both.filter(|&(&slot, &spent)| self.is_until(slot, finish) && spent <= cost.0).count();
            kept.push(Kept { limit: Limit::Both(finish, cost), kept: share(hits) });
        }
        kept
    }

    fn is_until(&self, slot: Slot, limit: Moment) -> bool {
        self.finish_moment(slot) <= limit
    }

    /// The finish and the cost that a share of the samples keep both of: the same percentile of each, as low as that lets it be
    /// (joint confidence level: NASA, "Cost Estimating Handbook" 4.0, 2015, appendix J).
    ///
    /// # Returns
    /// The finish and the cost in minor units of money, [`Moment::NEVER`] and infinite if so many samples do not finish; `None`
    /// without samples.
    pub fn joint_confidence(&self, share: f64) -> Option<(Moment, f64)> {
        let (mut finish, costs) = (self.samples.finish.clone(), self.costs(&self.samples.cost));
        let mut cost = self.samples.cost.clone();
        finish.sort_unstable();
        cost.sort_unstable();
        let count = finish.len();
        let keep_both = |place: usize| {
            let both = self.samples.finish.iter().zip(&self.samples.cost);
            both.filter(|&(&slot, &spent)| slot <= finish[place] && spent <= cost[place]).count()
        };
        let (mut low, mut high) = (0, count.checked_sub(1)?);
        while low < high {
            let middle = (low + high) / 2;
            // Less than a millionth of a sample is an error of rounding.
            if keep_both(middle) as f64 >= share * count as f64 - 1e-6 { high = middle } else { low = middle + 1 }
        }
        Some((self.finish_moment(finish[low]), costs[low]))
    }
}
