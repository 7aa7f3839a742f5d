//! What a project has cost by a date, and what of its costs is still to be paid.
//!
//! The cost at completion is what was spent and what is to come, overhead included. [`Plan::spent_under`] tells the first, and
//! the costs of a plan of what remains ([`Plan::remaining`]) are the second; no cent is in both.

use super::record::{cents_left, part_left};
use super::{
    ActivityType, Budget, BudgetId, BudgetScope, Demand, DemandSource, Expense, Plan, Progress, ResourceId,
    ResourceKind, TaskId, TaskKind,
};
use crate::index::{Id, IdVec};
use crate::units::{Amount, Minutes, Moment, Money};

/// What was spent before the status date of a plan of what remains.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::plan) struct Past {
    /// In all.
    spent: Money,
    /// By budget. Empty without a status date.
    budgets: Vec<PastBudget>,
}

/// How a budget stood at the status date of a plan of what remains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastBudget {
    /// Its cap on all that the project spends. In a plan of what remains [`Budget::cap`] is what is left of it.
    pub cap: Money,
    /// What was spent under it.
    pub spent: Money,
    /// What was owed under it.
    pub committed: Money,
}

impl PastBudget {
    /// What is spent in the end if what is left costs so much: commitments are part of that, unless they are more.
    pub fn at_completion(&self, to_come: Money) -> Money {
        self.spent + to_come.max(self.committed)
    }
}

/// What a task should cost as a whole, by how it is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlannedCost {
    /// People and machines, by the time they work.
    by_time: Money,
    /// Materials and what is fixed, as the work is done.
    by_progress: Money,
    /// The use of people, machines and materials, at the start.
    at_start: Money,
}

impl PlannedCost {
    /// A cost that is spent as time goes by.
    pub(crate) fn by_time(cost: Money) -> PlannedCost {
        PlannedCost { by_time: cost, ..PlannedCost::default() }
    }

    pub(crate) fn total(&self) -> Money {
        self.by_time + self.by_progress + self.at_start
    }

    /// What of it has been spent, by the rates: on people and machines by what has been `worked` of the `planned` time.
    pub(crate) fn spent(&self, progress: &Progress, planned: Minutes, worked: Minutes) -> Money {
        let pace = if planned > Minutes::ZERO { worked.0 as f64 / planned.0 as f64 } else { 1.0 };
        let by_time = Money((self.by_time.0 as f64 * pace).round() as i64);
        by_time + self.by_progress - part_left(self.by_progress, progress) + self.at_start
    }
}

impl Plan {
    /// What the project had cost by the status date of a plan of what remains; nothing in any other plan.
    pub fn spent(&self) -> Money {
        self.past.spent
    }

    /// How a budget stood at the status date of a plan of what remains; in any other plan nothing is spent.
    pub fn past_of(&self, budget: BudgetId) -> PastBudget {
        let unspent = || PastBudget { cap: self.budgets[budget].cap, spent: Money::ZERO, committed: Money::ZERO };
        self.past.budgets.get(budget.index()).copied().unwrap_or_else(unspent)
    }

    /// The cap of a budget on all that the project spends.
    pub fn whole_cap(&self, budget: BudgetId) -> Money {
        self.past_of(budget).cap
    }

    /// Makes budgets what is left of them at the status date of the plan `whole`.
    pub(in crate::plan) fn spend(&mut self, whole: &Plan, status: Moment) {
        let all = Budget { id: "".into(), scope: BudgetScope::All, from: None, to: None, cap: Money::MAX };
        let spent = |budget: &Budget| whole.spent_under(budget, status);
        let past = |budget: &Budget| PastBudget {
            cap: budget.cap,
            spent: spent(budget),
            committed: whole.paid_under(budget, true, Moment::MIN, status),
        };
        self.past = Past { spent: spent(&all), budgets: whole.budgets.iter().map(past).collect() };
        for (budget, past) in self.budgets.iter_mut().zip(&self.past.budgets) {
            budget.cap = (past.cap - past.spent).max(Money::ZERO);
        }
    }

    /// What has been spent under a budget by a date: what was paid or, if nobody keeps book, what work has cost by its rates;
    /// under what caps everything also the overhead so far, unless it is booked.
    pub fn spent_under(&self, budget: &Budget, date: Moment) -> Money {
        let of_tasks = match self.expenses().is_empty() {
            true => self.tasks.ids().map(|task| self.estimated_under(budget, task, date)).sum(),
            false => self.paid_under(budget, false, Moment::MIN, date),
        };
        match budget.scope {
            BudgetScope::All => of_tasks + self.unbooked_overhead(budget, date),
            _ => of_tasks,
        }
    }

    /// What a task has cost by its rates under a budget; it is spent evenly over its working time.
    fn estimated_under(&self, budget: &Budget, task: TaskId, date: Moment) -> Money {
        let data = &self.tasks[task];
        let progress = data.progress.filter(|_| data.kind != TaskKind::Summary && self.counts_under(budget, task));
        let Some(progress) = progress else { return Money::ZERO };
        let end = progress.finish.unwrap_or(date).min(date).max(progress.start);
        let calendar = Some(self.own_calendar(data));
        let worked = self.work(calendar, progress.start, end);
        let planned = self.modes_of(task).first().map_or(Minutes::ZERO, |mode| mode.duration.minutes());
        let spent = self.planned_cost(task).spent(&progress, planned, worked);
        let (from, to) = (budget.from.unwrap_or(Moment::MIN), budget.to.unwrap_or(Moment::MAX));
        let within = self.work(calendar, progress.start.max(from), end.min(to));
        match worked {
            Minutes::ZERO if from <= progress.start && progress.start < to => spent,
            Minutes::ZERO => Money::ZERO,
            _ if within == worked => spent,
            _ => Money((i128::from(spent.0) * i128::from(within.0) / i128::from(worked.0)) as i64),
        }
    }

    /// The overhead that counts under a budget on everything by a date and that nobody has booked.
    fn unbooked_overhead(&self, budget: &Budget, date: Moment) -> Money {
        match self.booked_overhead(date) {
            Money::ZERO => self.overhead_in(budget, self.project.start, date.min(self.all_finished().unwrap_or(date))),
            _ => Money::ZERO,
        }
    }

    /// What was paid as overhead by a date: for no task, and on no account of tasks.
    fn booked_overhead(&self, date: Moment) -> Money {
        let is_paid = |expense: &&Expense| !expense.is_committed && expense.date <= date;
        let paid = self.expenses().iter().filter(is_paid).filter(|expense| self.is_overhead(expense));
        paid.map(|expense| expense.amount).sum()
    }

    /// True for an expense of no task, and on no account of tasks.
    fn is_overhead(&self, expense: &Expense) -> bool {
        let is_of_tasks =
            |account| self.tasks.iter().any(|task| task.kind != TaskKind::Summary && task.account == Some(account));
        expense.task.is_none() && !expense.account.is_some_and(is_of_tasks)
    }

    /// The overhead of a time from `start` to `finish` that falls into that of a budget: `floor(overhead_per_day * w /
    /// minutes_per_day)` after `w` working minutes.
    pub fn overhead_in(&self, budget: &Budget, start: Moment, finish: Moment) -> Money {
        let until = |moment: Moment| self.overhead(start, moment.min(finish));
        until(budget.to.unwrap_or(finish)) - budget.from.map_or(Money::ZERO, until)
    }

    /// The overhead of a time.
    pub fn overhead(&self, from: Moment, to: Moment) -> Money {
        self.overhead_of(self.work(Some(self.project.calendar), from, to))
    }

    /// The overhead of so much working time.
    pub(crate) fn overhead_of(&self, worked: Minutes) -> Money {
        let cost = i128::from(self.project.overhead_per_day.0) * i128::from(worked.0);
        Money((cost / i128::from(self.project.minutes_per_day.0.max(1))) as i64)
    }

    /// When everything was finished, if it is.
    pub fn all_finished(&self) -> Option<Moment> {
        let is_work =
            |task: &&super::Task| task.kind != TaskKind::Summary && task.activity != ActivityType::LevelOfEffort;
        let finishes = self.tasks.iter().filter(is_work).map(|task| task.progress.and_then(|progress| progress.finish));
        finishes.collect::<Option<Vec<Moment>>>()?.into_iter().max()
    }

    /// What every task should cost as a whole: in its first mode with the people and machines that it names; where it names a
    /// skill, with the cheapest who have it.
    pub(crate) fn planned_costs(&self) -> IdVec<TaskId, PlannedCost> {
        IdVec::from(self.tasks.ids().map(|task| self.planned_cost(task)).collect::<Vec<_>>())
    }

    pub(in crate::plan) fn planned_cost(&self, task: TaskId) -> PlannedCost {
        let mut cost = PlannedCost { by_progress: self.tasks[task].fixed_cost, ..PlannedCost::default() };
        let Some(mode) = self.modes_of(task).first() else { return cost };
        cost.by_progress += mode.cost;
        let of_use =
            |resource: ResourceId, amount: Amount| self.resources[resource].cost_of(amount, mode.duration.minutes());
        let mut take = |resource: ResourceId, amount: Amount| {
            let (spread, per_use) = of_use(resource, amount);
            match self.resources[resource].kind {
                ResourceKind::Work => cost.by_time += spread,
                ResourceKind::Material => cost.by_progress += spread,
            }
            cost.at_start += per_use;
        };
        for &Demand { source, amount } in self.demands_of(mode) {
            match source {
                DemandSource::Resource(resource) => take(resource, amount),
                DemandSource::Skill(skill) => {
                    let has_skill = |resource: &ResourceId| self.resources[*resource].skills.contains(&skill);
                    let mut able: Vec<ResourceId> = self.resources.ids().filter(has_skill).collect();
                    let price = |resource| {
                        let (spread, per_use) = of_use(resource, Amount::ONE);
                        spread + per_use
                    };
                    able.sort_by_key(|&resource| (price(resource), resource));
                    let mut left = amount;
                    for resource in able {
                        let units = left.min(self.resources[resource].capacity.unwrap_or(left));
                        take(resource, units);
                        left = left - units;
                    }
                }
            }
        }
        cost
    }

    /// What is left to be paid for a resource in a task, of what it costs there as a whole, spread over the work and at its
    /// start: what is under way in a plan of what remains has paid for its uses, and for materials as far as it is done.
    pub(crate) fn use_left(&self, task: TaskId, kind: ResourceKind, (spread, at_start): (i128, i128)) -> (i128, i128) {
        match self.tasks[task].progress.filter(|_| !self.begun.is_empty() && self.project.status_date.is_some()) {
            None => (spread, at_start),
            Some(progress) if kind == ResourceKind::Material => (cents_left(spread, &progress), 0),
            Some(_) => (spread, 0),
        }
    }
}
