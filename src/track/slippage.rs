//! What has become of a baseline: slips of tasks, scope added and removed.

use super::baseline::Baseline;
use crate::index::IdVec;
use crate::plan::{Plan, TaskId, TaskKind};
use crate::schedule::{TaskCost, later};
use crate::units::{Minutes, Moment, Money};

/// How far a task is from its baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The task; a summary as a whole.
    pub task: TaskId,
    /// Start and finish in the baseline.
    pub promised: (Moment, Moment),
    /// Start and finish now, actual ones where there are.
    pub now: (Moment, Moment),
    /// By how much it starts later, in working time of the project calendar; negative if it is earlier.
    pub start: Minutes,
    /// By how much it finishes later.
    pub finish: Minutes,
}

/// What has become of the scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Tasks that the baseline does not have, and what they cost.
    pub added: Vec<(TaskId, Money)>,
    /// Rows of the baseline that the plan no longer has.
    pub removed: Vec<usize>,
}

/// Slips of all tasks that the baseline has, in the order of the plan.
pub(super) fn slips(plan: &Plan, baseline: &Baseline, spans: &IdVec<TaskId, (Moment, Moment)>) -> Vec<Slip> {
    let by_task = baseline.by_task(plan);
    let promised = by_task.iter_enumerated().filter_map(|(task, row)| Some((task, &baseline.rows[(*row)?])));
    promised
        .map(|(task, promise)| {
            let (start, finish) = spans[task];
            Slip {
                task,
                promised: (promise.start, promise.finish),
                now: (start, finish),
                start: later(plan, promise.start, start),
                finish: later(plan, promise.finish, finish),
            }
        })
        .collect()
}

/// Tasks that have come and gone.
pub(super) fn scope(plan: &Plan, baseline: &Baseline, costs: &IdVec<TaskId, TaskCost>) -> Scope {
    let by_task = baseline.by_task(plan);
    let is_new = |task: &TaskId| by_task[*task].is_none() && plan.tasks()[*task].kind != TaskKind::Summary;
    let added = plan.tasks().ids().filter(is_new).map(|task| (task, costs[task].total())).collect();
    let is_gone = |at: &usize| baseline.rows[*at].task.is_none() && !baseline.rows[*at].is_summary;
    Scope { added, removed: (0..baseline.rows.len()).filter(is_gone).collect() }
}
