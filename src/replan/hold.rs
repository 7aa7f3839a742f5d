//! What is held of a former schedule: starts, people, and tasks that must not move.

use super::ReplanOptions;
use crate::effort::Control;
use crate::error::Result;
use crate::index::{Id, IdVec, Rows};
use crate::network::compile;
use crate::plan::{Limit, Plan, ResourceId, Staff, TaskId, TaskKind};
use crate::schedule::{Objective, Schedule};
use crate::solve::{FormerSchedule, SolveOptions, solve};
use crate::units::{Amount, Moment};

/// The schedule by which people work now.
pub(super) struct Former {
    pub(super) schedule: FormerSchedule,
}

impl Former {
    pub(super) fn of_schedule(schedule: &Schedule) -> Former {
        Former { schedule: FormerSchedule::from(schedule) }
    }

    pub(super) fn start(&self, task: TaskId) -> Option<Moment> {
        self.schedule.starts.get(task).copied().flatten()
    }

    pub(super) fn finish(&self, task: TaskId) -> Option<Moment> {
        self.schedule.finishes.get(task).copied().flatten()
    }

    /// The resources on a task, and how many units of each, in the order of the plan.
    pub(super) fn people(&self, task: TaskId) -> Vec<(ResourceId, Amount)> {
        if task.index() >= self.schedule.assignments.len() {
            return Vec::new();
        }
        let row = self.schedule.assignments.row(task.index());
        let mut people: Vec<_> = row.iter().map(|it| (it.resource, it.amount)).collect();
        people.sort_unstable();
        people
    }

    /// The starts of tasks that have not begun.
    pub(super) fn starts(&self, left: &Plan) -> Vec<(TaskId, Moment)> {
        // Milestones stand where what they wait for lets them.
        let waits =
            |task: &TaskId| left.tasks()[*task].progress.is_none() && left.tasks()[*task].kind == TaskKind::Activity;
        left.tasks().ids().filter(waits).filter_map(|task| Some((task, self.start(task)?))).collect()
    }

    /// When tasks that are not finished should be.
    pub(super) fn due(&self, left: &Plan) -> Vec<(TaskId, Moment)> {
        let is_open = |task: &TaskId| !left.tasks()[*task].is_finished() && is_work(left, *task);
        left.tasks().ids().filter(is_open).filter_map(|task| Some((task, self.finish(task)?))).collect()
    }

    /// Ways and people of tasks that are not finished, as far as they are known.
    pub(super) fn staffing(&self, left: &Plan) -> Vec<Staff> {
        let is_open = |task: &TaskId| !left.tasks()[*task].is_finished() && is_work(left, *task);
        let known = left.tasks().ids().filter(is_open).filter_map(|task| {
            let mode = self.schedule.modes.get(task).copied().flatten()?;
            let mode = Some(mode).filter(|mode| left.tasks()[task].modes.contains(mode))?;
            let people = self.people(task);
            // A way that needs people, of whom nothing is known, is left open.
            let needs = !left.demands_of(&left.modes()[mode]).is_empty();
            (!needs || !people.is_empty()).then_some(Staff { task, mode, people })
        });
        known.collect()
    }
}

fn is_work(plan: &Plan, task: TaskId) -> bool {
    plan.tasks()[task].kind != TaskKind::Summary
}

/// A schedule without what stands behind the tasks of the plan.
pub(super) fn without_extras(left: &Plan, schedule: &Schedule) -> Schedule {
    let count = left.tasks().len();
    let placements: Vec<_> = schedule.placements.iter().take(count).copied().collect();
    let mut assignments = Rows::new();
    for task in 0..count {
        assignments.push_row(schedule.assignments.row(task).iter().copied());
    }
    Schedule { placements: IdVec::from(placements), assignments }
}

/// Tasks that stay where they are.
pub(super) struct Held {
    /// Start and finish of those that can.
    pub(super) stays: Vec<(TaskId, Moment, Moment)>,
    staffing: Vec<Staff>,
    pub(super) cannot_stay: Vec<TaskId>,
}

impl Held {
    /// The plan in which they stay.
    pub(super) fn plan(&self, left: &Plan) -> Plan {
        if self.stays.is_empty() {
            return left.clone();
        }
        let starts: Vec<(TaskId, Moment)> = self.stays.iter().map(|&(task, start, _)| (task, start)).collect();
        let due: Vec<(TaskId, Moment)> = self.stays.iter().map(|&(task, _, finish)| (task, finish)).collect();
        let limits: Vec<Limit> = self.stays.iter().map(|&(task, ..)| Limit::Deadline(task)).collect();
        let own: Vec<(TaskId, Moment)> =
            left.tasks().iter_enumerated().filter_map(|(task, data)| Some((task, data.deadline?))).collect();
        let held = left.with_staffing(&self.staffing).with_earliest(&starts).with_deadlines(&due);
        held.with_hard(&limits).with_deadlines(&own)
    }
}

/// Finds out which tasks can stay that should: those that are as little late as possible against where they were.
pub(super) fn freeze(
    left: &Plan,
    former: &Former,
    options: &ReplanOptions,
    control: &dyn Fn() -> Control,
) -> Result<Held> {
    let is_kept = |task: TaskId| {
        let mut at_or_above = std::iter::successors(Some(task), |&below| left.tasks()[below].parent);
        at_or_above.any(|task| options.kept.contains(&task))
    };
    let is_asked =
        |task: TaskId, start: Moment| is_kept(task) || options.frozen_until.is_some_and(|until| start < until);
    let asked: Vec<(TaskId, Moment)> =
        former.starts(left).into_iter().filter(|&(task, start)| is_asked(task, start)).collect();
    let mut held = Held { stays: Vec::new(), staffing: Vec::new(), cannot_stay: Vec::new() };
    if asked.is_empty() {
        return Ok(held);
    }
    let tasks: Vec<TaskId> = asked.iter().map(|&(task, _)| task).collect();
    let of_asked = |all: Vec<Staff>| all.into_iter().filter(|staff| tasks.contains(&staff.task)).collect::<Vec<_>>();
    let due: Vec<(TaskId, Moment)> = former.due(left).into_iter().filter(|(task, _)| tasks.contains(task)).collect();
    held.staffing = of_asked(former.staffing(left));
    let mut found = None;
    for is_staffed in [true, false] {
        if !is_staffed {
            held.staffing.clear();
        }
        let plan = left.with_staffing(&held.staffing).with_earliest(&asked).with_deadlines(&due);
        let Ok(network) = compile(&plan) else { continue };
        let objectives = vec![Objective::Tardiness, Objective::Finish];
        let start = Some(former.schedule.clone());
        let options = SolveOptions { seed: options.seed, objectives, ignore_resources: false, start };
        found = solve(&plan, &network, &options, &control(), &|_| {})?.schedule;
        if found.is_some() {
            break;
        }
    }
    let Some(schedule) = found else {
        held.cannot_stay = tasks;
        return Ok(held);
    };
    for (task, start) in asked {
        let placement = &schedule.placements[task];
        match former.finish(task) {
            Some(finish) if (placement.start, placement.finish) == (start, finish) => {
                held.stays.push((task, start, finish));
            }
            _ => held.cannot_stay.push(task),
        }
    }
    held.staffing.retain(|staff| held.stays.iter().any(|(stays, ..)| *stays == staff.task));
    Ok(held)
}
