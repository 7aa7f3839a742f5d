//! What stakeholders can be promised: dates at the confidence that they ask for. What is reached is promised no more.

use super::answers::{Percentile, Probability, percentile};
use super::assess::Assessment;
use crate::network::Slot;
use crate::plan::{Plan, StakeholderId, TaskId, TaskKind};

/// A date for a stakeholder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promise {
    /// Whom it is for.
    pub stakeholder: StakeholderId,
    /// The task whose finish it is; none for that of the project.
    pub task: Option<TaskId>,
    /// The planned finish, in minutes of [`Moment`](crate::units::Moment).
    pub planned: f64,
    /// How likely it is to be kept.
    pub kept: Probability,
    /// The finish at the confidence asked for, in minutes of [`Moment`](crate::units::Moment).
    pub date: Percentile<f64>,
}

impl Assessment {
    /// The promises to all stakeholders, in the order of the plan, of what is not finished yet; none without samples.
    pub fn promises(&self, plan: &Plan) -> Vec<Promise> {
        if self.samples.finish.is_empty() {
            return Vec::new();
        }
        let promise = |stakeholder, task, planned: Slot, slots: &[Slot]| {
            let finishes = self.finishes(slots);
            let planned = self.finish_moment(planned).0 as f64;
            Promise {
                stakeholder,
                task,
                planned,
                kept: Probability::up_to(&finishes, planned),
                date: percentile(&finishes, plan.stakeholders()[stakeholder].confidence),
            }
        };
        let mut promises = Vec::new();
        for (id, stakeholder) in plan.stakeholders().iter_enumerated() {
            if stakeholder.milestones.is_empty() && !is_reached(plan, None) {
                promises.push(promise(id, None, self.planned.0, &self.samples.finish));
            }
            for task in &stakeholder.milestones {
                // Whatever a stakeholder asks for is a mark, until it is reached.
                let Ok(mark) = self.marks.binary_search(task) else { continue };
                promises.push(promise(id, Some(*task), self.planned_marks[mark], &self.samples.marks[mark]));
            }
        }
        promises
    }
}

/// True if nothing is left to do of a task, of what is below a summary, or of the project.
pub(super) fn is_reached(plan: &Plan, task: Option<TaskId>) -> bool {
    let tasks = plan.tasks();
    let is_done = |task: &TaskId| tasks[*task].kind == TaskKind::Summary || tasks[*task].is_finished();
    match task {
        Some(task) => plan.activities_below(task).iter().all(is_done),
        None => tasks.ids().all(|task| is_done(&task)),
    }
}
