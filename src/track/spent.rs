//! What was spent and owed in each period: in all, by account, by task and by what is above tasks.

use std::collections::BTreeMap;

use super::Ruler;
use super::valuation::Valuation;
use crate::plan::{LabelId, Plan, TaskId};
use crate::units::{Moment, Money};

/// What money was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// The project.
    Project,
    /// An account.
    Account(LabelId),
    /// A task, or whatever is below a summary.
    Task(TaskId),
}

/// What was booked on something in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// On what.
    pub object: Object,
    /// The beginning of the period.
    pub from: Moment,
    /// What was paid in it.
    pub spent: Money,
    /// What was agreed in it, and is owed.
    pub committed: Money,
    /// What is left of the budget of the baseline at the end of the period, after all that was paid and is owed until then.
    pub remaining: Money,
}

/// What was booked until a date, by object, then by period. What names no task counts in the project and its account alone.
pub(super) fn spent(plan: &Plan, value: &Valuation, ruler: Ruler) -> Vec<Spent> {
    let mut sums: BTreeMap<(Object, i64), (Money, Money)> = BTreeMap::new();
    for expense in plan.expenses().iter().filter(|expense| expense.date <= value.at) {
        let above = |task: &TaskId| plan.tasks()[*task].parent;
        let tasks = std::iter::successors(expense.task, above).map(Object::Task);
        let account = expense.account.map(Object::Account);
        for object in [Object::Project].into_iter().chain(account).chain(tasks) {
            let sum = sums.entry((object, ruler.period_of(expense.date))).or_default();
            let part = if expense.is_committed { &mut sum.1 } else { &mut sum.0 };
            *part += expense.amount;
        }
    }
    let budget = |object: Object| match object {
        Object::Project => value.total.budget,
        Object::Account(account) => {
            let of_account = value.accounts.iter().find(|(label, _)| *label == Some(account));
            of_account.map_or(Money::ZERO, |(_, value)| value.budget)
        }
        Object::Task(task) => value.tasks[task].budget,
    };
    let mut rows: Vec<Spent> = Vec::new();
    for ((object, period), (spent, committed)) in sums {
        let before = rows.last().filter(|row| row.object == object).map(|row| row.remaining);
        let remaining = before.unwrap_or_else(|| budget(object)) - spent - committed;
        rows.push(Spent { object, from: ruler.mark(period), spent, committed, remaining });
    }
    rows
}
