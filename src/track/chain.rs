//! The chain of tasks that drives another one in a schedule.

use crate::index::IdVec;
use crate::plan::{Plan, TaskId, TaskKind};
use crate::schedule::{Driver, TaskDates};

/// A task and what drives it, back to what nothing drives any more, the last first: predecessors, and those who had the
/// people before.
///
/// # Arguments
/// `plan` is what remains of one, of which `dates` are.
pub fn chain_to(plan: &Plan, dates: &IdVec<TaskId, TaskDates>, task: TaskId) -> Vec<TaskId> {
    let mut chain = Vec::new();
    let mut at = Some(task);
    while let Some(task) = at.filter(|_| chain.len() < plan.tasks().len()) {
        chain.push(task);
        at = match dates.get(task).map(|dates| dates.driver) {
            Some(Driver::Link(link)) => last_of(plan, dates, plan.links()[link].predecessor),
            Some(Driver::Resource(_, before)) => Some(before),
            _ => None,
        };
        at = at.filter(|&before| !plan.tasks()[before].is_finished());
    }
    chain
}

/// The task that ends last below a summary; any other task itself.
fn last_of(plan: &Plan, dates: &IdVec<TaskId, TaskDates>, task: TaskId) -> Option<TaskId> {
    if plan.tasks()[task].kind != TaskKind::Summary {
        return Some(task);
    }
    let is_below = |&other: &TaskId| {
        let mut above = std::iter::successors(plan.tasks()[other].parent, |&at| plan.tasks()[at].parent);
        plan.tasks()[other].kind != TaskKind::Summary && above.any(|at| at == task)
    };
    plan.tasks().ids().filter(is_below).max_by_key(|&other| (dates[other].early_finish, other))
}
