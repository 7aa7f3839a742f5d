//! The record of a project: what was reported of its tasks and when, and what was paid.
//!
//! Reports are kept, not overwritten, so that a plan can be asked how it stood at any earlier date ([`Plan::as_of`]): trends,
//! and forecasts that can be held against what came.

use super::{Budget, BudgetScope, Issue, LabelId, Plan, Progress, TaskId};
use crate::index::IdVec;
use crate::units::{Minutes, Moment, Money, Share};

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// By task, then by date.
    pub(in crate::plan) reports: Vec<ProgressReport>,
    /// In file order.
    pub(in crate::plan) expenses: Vec<Expense>,
}

/// A row of progress.csv: how a task stood at a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressReport {
    /// The task.
    pub task: TaskId,
    /// When this was so: its date, or the plan's own status date if it has none; `None` if the plan has neither.
    pub at: Option<Moment>,
    /// What was so; `None` if nothing had been done.
    pub progress: Option<Progress>,
}

/// A row of expenses.csv.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expense {
    /// When it was paid or, of a commitment, agreed.
    pub date: Moment,
    /// How much; negative if money came back.
    pub amount: Money,
    /// The task it was paid for, if any.
    pub task: Option<TaskId>,
    /// The account it is booked on: its own, or that of its task.
    pub account: Option<LabelId>,
    /// True if it is owed and not yet paid.
    pub is_committed: bool,
    /// What it was for; empty if it is not said.
    pub note: Box<str>,
    /// Line of its file, for messages.
    pub row: u32,
}

impl Plan {
    /// What was reported of tasks, by task, then by date.
    pub fn reports(&self) -> &[ProgressReport] {
        &self.record.reports
    }

    /// All expenses, in file order.
    pub fn expenses(&self) -> &[Expense] {
        &self.record.expenses
    }

    /// What has been paid under a budget between two moments, the first excluded, or is owed.
    pub fn paid_under(&self, budget: &Budget, is_committed: bool, since: Moment, until: Moment) -> Money {
        let is_in_scope = |expense: &Expense| match (budget.scope, expense.task) {
            (BudgetScope::All, _) => true,
            (BudgetScope::Account(account), _) => expense.account == Some(account),
            (_, Some(task)) => self.counts_under(budget, task),
            (_, None) => false,
        };
        let is_in_time = |date: Moment| {
            budget.from.is_none_or(|from| from <= date)
                && budget.to.is_none_or(|to| date < to)
                && since < date
                && date <= until
        };
        let ours = self.expenses().iter().filter(|it| it.is_committed == is_committed && is_in_time(it.date));
        ours.filter(|expense| is_in_scope(expense)).map(|expense| expense.amount).sum()
    }

    /// True if a budget counts the whole cost of a task. One of a resource does not: books do not tell who was paid.
    pub fn counts_under(&self, budget: &Budget, task: TaskId) -> bool {
        match budget.scope {
            BudgetScope::All => true,
            BudgetScope::Task(other) => other == task,
            BudgetScope::Wbs(summary) => {
                std::iter::successors(Some(task), |&below| self.tasks[below].parent).any(|above| above == summary)
            }
            BudgetScope::Account(account) => self.tasks[task].account == Some(account),
            BudgetScope::Resource(_) => false,
        }
    }

    /// The dates of reports, each once, ascending.
    pub fn report_dates(&self) -> Vec<Moment> {
        let mut dates: Vec<Moment> = self.record.reports.iter().filter_map(|report| report.at).collect();
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    /// The plan as it stood at a date, which becomes its status date: with the progress that had been reported by then and
    /// the issues that had been opened. Expenses are all kept: their dates tell which count.
    ///
    /// Where a task has only later reports, its actual dates tell whether it had begun, and what was done of it is taken to
    /// have grown evenly, in working time, until the first of them.
    ///
    /// # Complexity
    /// Linear in the plan and its reports, and in the days of tasks that were under way.
    pub fn as_of(&self, status: Moment) -> Plan {
        let mut plan = self.clone();
        plan.project.status_date = Some(status);
        plan.take_progress();
        let is_known = |issue: &&Issue| issue.opened.is_none_or(|opened| opened <= status);
        let known: Vec<Issue> = plan.uncertainty.issues.iter().filter(is_known).cloned().collect();
        plan.uncertainty.issues = IdVec::from(known);
        for issue in plan.uncertainty.issues.iter_mut() {
            issue.is_resolved &= issue.resolved.is_none_or(|resolved| resolved <= status);
        }
        plan
    }

    /// How far each task had come at a date, by the rule of [`Plan::as_of`]; `None` is how it stands now.
    ///
    /// # Complexity
    /// Linear in tasks and reports, and in the days of tasks that were under way.
    pub fn progress_at(&self, status: Option<Moment>) -> IdVec<TaskId, Option<Progress>> {
        let mut progress = IdVec::filled(None, self.tasks.len());
        for reports in self.record.reports.chunk_by(|one, other| one.task == other.task) {
            progress[reports[0].task] = self.standing(reports, status);
        }
        progress
    }

    /// Gives the tasks the progress that they had at the status date.
    pub(in crate::plan) fn take_progress(&mut self) {
        let progress = self.progress_at(self.project.status_date);
        for (task, progress) in self.tasks.iter_mut().zip(progress.iter()) {
            task.progress = *progress;
        }
    }

    /// How a task with these reports stood at a date.
    fn standing(&self, reports: &[ProgressReport], status: Option<Moment>) -> Option<Progress> {
        let Some(status) = status else {
            return reports.iter().rev().find_map(|report| report.progress);
        };
        let is_done = |progress: &Progress| progress.finish.is_some_and(|finish| finish <= status);
        // What has no date is known as far as its own dates tell.
        let is_past = |progress: Progress| progress.start <= status && progress.finish.is_none_or(|it| it <= status);
        let is_known = |report: &&ProgressReport| match report.at {
            Some(at) => at <= status,
            None => report.progress.is_none_or(is_past),
        };
        // The last word counts, also where a finish was corrected.
        let done = reports.iter().rev().filter_map(|report| report.progress).find(is_done);
        let known = || reports.iter().rev().filter(is_known).find_map(|report| report.progress);
        done.or_else(known).or_else(|| {
            let has_begun = |report: &&ProgressReport| report.progress.is_some_and(|progress| progress.start <= status);
            let next = reports.iter().filter(|report| !is_known(report)).find(has_begun)?;
            self.partly(next, status)
        })
    }

    /// How far a task had come at a date between its start and a later report.
    fn partly(&self, report: &ProgressReport, status: Moment) -> Option<Progress> {
        let (task, later) = (report.task, report.progress?);
        let calendar = Some(self.own_calendar(&self.tasks[task]));
        let end = later.finish.or(report.at)?;
        let (done, all) = (self.work(calendar, later.start, status), self.work(calendar, later.start, end));
        let share = if all > Minutes::ZERO { done.0 as f64 / all.0 as f64 } else { 0.0 };
        let complete = Share((f64::from(later.complete.0) * share).round() as i32);
        let planned = self.modes_of(task).first().map_or(Minutes::ZERO, |mode| mode.duration.minutes());
        let done = ((planned - later.remaining).0 as f64 * share).round() as i64;
        let remaining = (planned - Minutes(done)).max(Minutes::ZERO);
        Some(Progress { finish: None, remaining, resume: None, complete, ..later })
    }
}

/// The part of a fixed cost that belongs to what is not done yet.
pub(super) fn part_left(cost: Money, progress: &Progress) -> Money {
    Money(cents_left(cost.0.into(), progress) as i64)
}

/// [`part_left`] of minor units of money.
pub(super) fn cents_left(cost: i128, progress: &Progress) -> i128 {
    let left = match progress.finish {
        Some(_) => 0,
        None => i128::from(10_000 - progress.complete.0.clamp(0, 10_000)),
    };
    cost * left / 10_000
}
