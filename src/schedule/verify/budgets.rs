//! Budgets: no more is spent on a scope, in a time, than its cap allows.

use rayon::prelude::*;

use super::Judge;
use super::report::Report;
use crate::index::Id;
use crate::plan::{Budget, BudgetScope, TaskId};
use crate::schedule::cost::{Accrual, accrued, assignment_cost, task_cost, to_money};
use crate::units::{Moment, Money};

impl Judge<'_> {
    /// Checks every budget.
    pub(super) fn check_budgets(&self) -> Report {
        let mut report = Report::default();
        for budget in self.plan.budgets() {
            let spent = self.spent_under(budget);
            if spent > i128::from(budget.cap.0) {
                report.error("budget-exceeded", || {
                    let from = budget.from.map_or(String::new(), |from| format!(" from {}", self.at(from)));
                    let to = budget.to.map_or(String::new(), |to| format!(" to {}", self.at(to)));
                    format!(
                        "budget `{}` allows {} for {}{from}{to}, but {} is spent",
                        budget.id,
                        budget.cap,
                        self.scope_words(budget.scope),
                        to_money(spent)
                    )
                });
            }
        }
        report
    }

    /// All that is spent under a budget.
    pub(super) fn spent_under(&self, budget: &Budget) -> i128 {
        let tasks: i128 = (0..self.plan.tasks().len())
            .into_par_iter()
            .filter_map(|task| self.accrual(TaskId::new(task), budget.scope))
            .map(|accrual| self.spent(&accrual, budget))
            .sum();
        tasks + if budget.scope == BudgetScope::All { self.overhead(budget) } else { 0 }
    }

    /// What a task costs a scope, and how it accrues; `None` if the task is not in the scope.
    pub(super) fn accrual(&self, task: TaskId, scope: BudgetScope) -> Option<Accrual> {
        let mode = self.mode(task)?;
        let (start, finish) = self.span(task)?;
        let row = &self.plan.tasks()[task];
        let (spread, at_start) = match scope {
            BudgetScope::Task(only) if only != task => return None,
            BudgetScope::Account(account) if row.account != Some(account) => return None,
            BudgetScope::Wbs(summary) if !self.is_below(task, summary) => return None,
            BudgetScope::Resource(resource) => {
                let row = self.schedule.assignments.row(task.index());
                let costs = row.iter().filter(|assignment| assignment.resource == resource);
                let costs = costs.map(|assignment| assignment_cost(self.plan, task, assignment, mode));
                costs.fold((Money::ZERO, Money::ZERO), |sum, cost| (sum.0 + cost.0, sum.1 + cost.1))
            }
            BudgetScope::All | BudgetScope::Task(_) | BudgetScope::Account(_) | BudgetScope::Wbs(_) => {
                let cost = task_cost(self.plan, self.schedule, task);
                (cost.spread(), cost.per_use)
            }
        };
        Some(Accrual { task, start, finish, spread, at_start })
    }

    pub(super) fn spent(&self, accrual: &Accrual, budget: &Budget) -> i128 {
        let to = budget.to.unwrap_or(Moment(i64::MAX));
        match budget.from {
            Some(from) => accrual.within(&self.times, from, to),
            None => accrual.before(&self.times, to),
        }
    }

    /// Overhead from project start to the last finish, as far as it falls into the budget's time.
    fn overhead(&self, budget: &Budget) -> i128 {
        let project = self.plan.project();
        let finish = self.plan.tasks().ids().filter_map(|task| self.span(task)).map(|(_, finish)| finish).max();
        let Some(finish) = finish.filter(|_| project.overhead_per_day != Money::ZERO) else { return 0 };
        let calendar = self.times.of_project();
        let until = |moment: Moment| {
            let worked = calendar.work_between(project.start, moment.min(finish));
            accrued(project.overhead_per_day, worked, project.minutes_per_day)
        };
        let from = budget.from.unwrap_or(project.start);
        // A window before the project has no overhead: both ends count nothing.
        until(budget.to.unwrap_or(finish)) - until(from)
    }

    fn is_below(&self, task: TaskId, summary: TaskId) -> bool {
        let parent = |task: &TaskId| self.plan.tasks()[*task].parent;
        std::iter::successors(parent(&task), parent).any(|above| above == summary)
    }

    fn scope_words(&self, scope: BudgetScope) -> String {
        match scope {
            BudgetScope::All => "everything".into(),
            BudgetScope::Task(task) => format!("task `{}`", self.id(task)),
            BudgetScope::Wbs(task) => format!("everything below `{}`", self.id(task)),
            BudgetScope::Account(account) => format!("account `{}`", self.plan.label(account)),
            BudgetScope::Resource(resource) => format!("resource `{}`", self.plan.resources()[resource].id),
        }
    }
}
