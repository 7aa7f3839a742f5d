//! Budgets.

use super::{LabelId, ResourceId, TaskId};
use crate::units::{Moment, Money};

/// Whose cost a budget caps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BudgetScope {
    /// Every task's, and the project's overhead.
    All,
    /// One task's.
    Task(TaskId),
    /// That of every task below a summary.
    Wbs(TaskId),
    /// That of every task booked on an account.
    Account(LabelId),
    /// That of a resource's use (rate and cost per use), whatever the task.
    Resource(ResourceId),
}

/// A row of budgets.csv: no more than `cap` may be spent on `scope` from `from` to `to`.
///
/// A task's cost accrues evenly over its working time, except the cost per use of its resources, which is due at its
/// start. Of the spread costs `c` of a task that are in the budget's scope, added up first, `floor(c * w / d)` is spent
/// after `w` of its `d` working minutes. The spread cost of one resource on one task is its rate for the mode's duration,
/// rounded half up to the minor unit. A milestone's cost is due at its moment.
/// Overhead (scope `all` only) accrues on the project calendar from project start to finish: `floor(overhead_per_day *
/// w / minutes_per_day)` after `w` working minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The user's id, unique.
    pub id: Box<str>,
    /// Whose cost.
    pub scope: BudgetScope,
    /// First moment; from the beginning if absent.
    pub from: Option<Moment>,
    /// Moment after the last; to the end if absent.
    pub to: Option<Moment>,
    /// The most that may be spent.
    pub cap: Money,
}
