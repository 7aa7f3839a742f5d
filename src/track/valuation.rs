//! The value of every task at a date: planned by the baseline, earned by progress, paid by expenses.

use std::collections::BTreeMap;

use super::baseline::{Baseline, Dues, Promise, activities_below};
use super::figures::EarnedValue;
use crate::index::{Id, IdVec, Rows};
use crate::plan::{ActivityType, EarningRule, LabelId, Plan, PlannedCost, Progress, TaskId, TaskKind};
use crate::schedule::children_before_parents;
use crate::units::{Minutes, Moment, Money, Share};

/// What is known of values at a date.
#[derive(Clone, Debug)]
pub struct Valuation {
    /// The date.
    pub at: Moment,
    /// By task; summaries are worth what is below them.
    pub tasks: IdVec<TaskId, EarnedValue>,
    /// Tasks of the baseline that the plan no longer has.
    pub removed: EarnedValue,
    /// The project's overhead, which is earned as time goes by, and the expenses that belong to no task.
    pub overhead: EarnedValue,
    /// By account, in the order of their words; `None` comes last. Overhead is not among them.
    pub accounts: Vec<(Option<LabelId>, EarnedValue)>,
    /// All of it.
    pub total: EarnedValue,
}

/// Everything that values at any date are told from.
pub(super) struct Valuer<'p> {
    plan: &'p Plan,
    baseline: &'p Baseline,
    pub(super) dues: Dues<'p>,
    /// By task.
    planned_costs: IdVec<TaskId, PlannedCost>,
    below: Rows<TaskId>,
    parents_last: Vec<TaskId>,
    /// True if nobody kept book of expenses, so that actual costs are estimated.
    pub(super) estimates: bool,
}

impl<'p> Valuer<'p> {
    /// # Arguments
    /// `is_in_hours` tells that the costs of the baseline are hours, as tasks are worth nothing else.
    pub(super) fn new(plan: &'p Plan, baseline: &'p Baseline, until: Moment, is_in_hours: bool) -> Valuer<'p> {
        let begun = plan.reports().iter().filter_map(|report| report.progress).map(|progress| progress.start).min();
        let start = plan.project().start;
        let from = [baseline.start(), begun].into_iter().flatten().fold(start, Moment::min);
        let to = baseline.finish().map_or(until, |finish| finish.max(until));
        Valuer {
            plan,
            baseline,
            dues: Dues::new(plan, from, to),
            planned_costs: if is_in_hours { baseline.costs_by_time(plan) } else { plan.planned_costs() },
            below: activities_below(plan),
            parents_last: children_before_parents(plan),
            estimates: plan.expenses().is_empty(),
        }
    }

    /// The value at a date.
    pub(super) fn at(&self, date: Moment) -> Valuation {
        let progress = self.plan.progress_at(Some(date));
        let mut tasks: IdVec<TaskId, EarnedValue> = IdVec::filled(EarnedValue::default(), self.plan.tasks().len());
        let mut removed = EarnedValue::default();
        let mut shares: BTreeMap<Option<LabelId>, Vec<(TaskId, Money)>> = BTreeMap::new();
        for promise in self.baseline.activities() {
            let share = self.dues.share(promise, date);
            let mut value =
                EarnedValue { budget: promise.cost, planned: part(promise.cost, share), ..Default::default() };
            match promise.task {
                Some(task) => {
                    value.earned = self.earned(promise, task, &progress, date);
                    tasks[task] += value;
                }
                None => removed += value,
            }
        }
        for (task, row) in self.plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary) {
            let worked = self.estimated_cost(task, progress[task], date);
            if self.estimates {
                tasks[task].actual = worked;
            }
            shares.entry(row.account).or_default().push((task, worked));
        }
        let mut overhead = self.overhead(date);
        let mut accounts: BTreeMap<Option<LabelId>, EarnedValue> = BTreeMap::new();
        let mut to_share: BTreeMap<LabelId, EarnedValue> = BTreeMap::new();
        for (task, value) in tasks.iter_enumerated().filter(|(_, value)| **value != EarnedValue::default()) {
            *accounts.entry(self.plan.tasks()[task].account).or_default() += *value;
        }
        for expense in self.plan.expenses().iter().filter(|expense| expense.date <= date) {
            let paid = match expense.is_committed {
                true => EarnedValue { committed: expense.amount, ..Default::default() },
                false => EarnedValue { actual: expense.amount, ..Default::default() },
            };
            match (expense.task, expense.account) {
                (Some(task), _) => tasks[task] += paid,
                (None, Some(account)) => *to_share.entry(account).or_default() += paid,
                (None, None) => overhead += paid,
            }
            if expense.task.is_some() || expense.account.is_some() {
                *accounts.entry(expense.account).or_default() += paid;
            }
        }
        for (account, paid) in to_share {
            match shares.get(&Some(account)) {
                Some(of_account) => share_out(paid, of_account, &mut tasks),
                None => overhead += paid,
            }
        }
        // Overhead that nobody booked counts as paid, as it does where there are no books at all.
        if overhead.actual == Money::ZERO {
            let end = date.min(self.plan.all_finished().unwrap_or(date));
            overhead.actual = self.overhead_between(self.plan.project().start, end);
        }
        for &task in &self.parents_last {
            if let Some(parent) = self.plan.tasks()[task].parent {
                let value = tasks[task];
                tasks[parent] += value;
            }
        }
        let mut total = overhead;
        total += removed;
        for (_, value) in tasks.iter_enumerated().filter(|(task, _)| self.plan.tasks()[*task].parent.is_none()) {
            total += *value;
        }
        let mut accounts: Vec<_> = accounts.into_iter().collect();
        let word = |account: &Option<LabelId>| account.map(|account| self.plan.label(account));
        accounts.sort_by_key(|(account, _)| (account.is_none(), word(account)));
        Valuation { at: date, tasks, removed, overhead, accounts, total }
    }

    /// Planned value of the whole at a date.
    pub(super) fn planned(&self, date: Moment) -> Money {
        let promised = self.baseline.activities().map(|promise| part(promise.cost, self.dues.share(promise, date)));
        promised.sum::<Money>() + self.overhead(date).planned
    }

    /// Overhead is earned as time goes by, until the baseline's finish.
    fn overhead(&self, date: Moment) -> EarnedValue {
        let project = self.plan.project();
        let Some(finish) = self.baseline.finish().filter(|_| project.overhead_per_day != Money::ZERO) else {
            return EarnedValue::default();
        };
        let until = |moment: Moment| self.overhead_between(project.start, moment);
        let planned = until(date.min(finish));
        EarnedValue { budget: until(finish), planned, earned: planned, ..EarnedValue::default() }
    }

    /// The overhead of a time.
    pub(super) fn overhead_between(&self, from: Moment, to: Moment) -> Money {
        let worked = self.dues.work(None, from, to.max(from));
        self.plan.overhead_of(worked)
    }

    /// What a task has earned of its promise.
    fn earned(
        &self,
        promise: &Promise,
        task: TaskId,
        progress: &IdVec<TaskId, Option<Progress>>,
        date: Moment,
    ) -> Money {
        let data = &self.plan.tasks()[task];
        if data.activity == ActivityType::LevelOfEffort {
            return part(promise.cost, self.dues.share(promise, date));
        }
        let below = self.below.row(task.index());
        match below {
            [one] if *one == task => share_of(promise.cost, earned_share(&data.earning, progress[task])),
            // A task that has been broken up since: by the work below it.
            _ => {
                let work = |task: TaskId| planned_work(self.plan, task).0.max(1) as f64;
                let all: f64 = below.iter().map(|&task| work(task)).sum();
                let done = below.iter().map(|&task| {
                    let Share(share) = earned_share(&self.plan.tasks()[task].earning, progress[task]);
                    work(task) * f64::from(share) / 10_000.0
                });
                part(promise.cost, done.sum::<f64>() / all.max(1.0))
            }
        }
    }

    /// What a task has cost, where nobody kept book: its people by the time they worked, what is fixed by what is done.
    fn estimated_cost(&self, task: TaskId, progress: Option<Progress>, date: Moment) -> Money {
        let Some(progress) = progress else { return Money::ZERO };
        let end = progress.finish.unwrap_or(date).min(date);
        let worked = self.dues.work(Some(task), progress.start, end);
        self.planned_costs[task].spent(&progress, planned_work(self.plan, task), worked)
    }
}

/// Shares what is booked on an account alone out to its tasks: what was paid by what their work has cost by its rates, what is
/// owed with the last of them.
fn share_out(paid: EarnedValue, tasks_of_account: &[(TaskId, Money)], tasks: &mut IdVec<TaskId, EarnedValue>) {
    let all: i128 = tasks_of_account.iter().map(|&(_, worked)| i128::from(worked.0.max(0))).sum();
    let last =
        tasks_of_account.iter().rposition(|&(_, worked)| worked > Money::ZERO).unwrap_or(tasks_of_account.len() - 1);
    let mut left = paid.actual;
    for &(task, worked) in &tasks_of_account[..last] {
        let part = i128::from(paid.actual.0) * i128::from(worked.0.max(0)) / all.max(1);
        let part = Money(part as i64);
        tasks[task].actual += part;
        left = left - part;
    }
    let (task, _) = tasks_of_account[last];
    tasks[task].actual += left;
    tasks[task].committed += paid.committed;
}

/// The duration of a task in its first mode.
pub(super) fn planned_work(plan: &Plan, task: TaskId) -> Minutes {
    plan.modes_of(task).first().map_or(Minutes::ZERO, |mode| mode.duration.minutes())
}

/// The share of its value that a task has earned by its rule.
pub(super) fn earned_share(rule: &EarningRule, progress: Option<Progress>) -> Share {
    let Some(progress) = progress else { return Share(0) };
    if progress.finish.is_some() {
        return Share(10_000);
    }
    match rule {
        EarningRule::PercentComplete => progress.complete,
        EarningRule::AtStart(share) => *share,
        EarningRule::Milestones(steps) => steps
            .iter()
            .rev()
            .find(|&&step| step <= progress.complete && step < Share(10_000))
            .copied()
            .unwrap_or(Share(0)),
    }
}

fn part(amount: Money, share: f64) -> Money {
    Money((amount.0 as f64 * share).round() as i64)
}

fn share_of(amount: Money, share: Share) -> Money {
    Money(((i128::from(amount.0) * i128::from(share.0) + 5_000).div_euclid(10_000)) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_earn_by_steps() {
        let progress = |complete: i32| {
            let start = Moment(0);
            Some(Progress { start, finish: None, remaining: Minutes(1), resume: None, complete: Share(complete) })
        };
        let done = progress(10_000).map(|progress| Progress { finish: Some(Moment(9)), ..progress });
        let milestones = EarningRule::Milestones([2_000, 5_000, 10_000].map(Share).into());
        let earned = |rule: &EarningRule, progress| earned_share(rule, progress).0;
        for (rule, shares) in [
            (&EarningRule::PercentComplete, [0, 0, 1_999, 6_000, 10_000]),
            (&EarningRule::AtStart(Share(5_000)), [0, 5_000, 5_000, 5_000, 10_000]),
            (&EarningRule::AtStart(Share(0)), [0, 0, 0, 0, 10_000]),
            (&milestones, [0, 0, 0, 5_000, 10_000]),
        ] {
            let cases = [None, progress(0), progress(1_999), progress(6_000), done];
            assert_eq!(cases.map(|progress| earned(rule, progress)), shares, "{rule:?}");
        }
    }
}
