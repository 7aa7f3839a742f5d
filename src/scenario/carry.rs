//! A schedule of one plan in the terms of another one that has much in common with it.

use std::collections::BTreeMap;

use crate::index::{Id, IdVec, Rows};
use crate::plan::{ModeId, Plan, ResourceId, TaskId};
use crate::schedule::{Assignment, Schedule};
use crate::solve::FormerSchedule;

/// What a schedule says of the tasks, modes and resources that the other plan has under the same names.
pub fn over(plan: &Plan, schedule: &Schedule, other: &Plan) -> FormerSchedule {
    let tasks: BTreeMap<&str, TaskId> = plan.tasks().iter_enumerated().map(|(task, row)| (&*row.id, task)).collect();
    let resources: BTreeMap<&str, ResourceId> =
        other.resources().iter_enumerated().map(|(resource, row)| (&*row.id, resource)).collect();
    let known = |task: TaskId| {
        let from = *tasks.get(&*other.tasks()[task].id)?;
        let placement = schedule.placements[from];
        Some((from, placement, placement.mode?))
    };
    let mut former = FormerSchedule {
        starts: IdVec::new(),
        finishes: IdVec::new(),
        modes: IdVec::new(),
        assignments: Rows::with_capacity(other.tasks().len(), schedule.assignments.items().len()),
    };
    let (mut starts, mut finishes, mut modes) = (Vec::new(), Vec::new(), Vec::new());
    for task in other.tasks().ids() {
        let found = known(task);
        starts.push(found.map(|(_, placement, _)| placement.start));
        finishes.push(found.map(|(_, placement, _)| placement.finish));
        modes.push(found.and_then(|(_, _, mode)| {
            let name = plan.label(plan.modes()[mode].name);
            let at = other.modes_of(task).iter().position(|mode| other.label(mode.name) == name)?;
            Some(ModeId::new(other.tasks()[task].modes.start.index() + at))
        }));
        let assigned = found.map_or(&[][..], |(from, ..)| schedule.assignments.row(from.index()));
        former.assignments.push_row(assigned.iter().filter_map(|assignment| {
            let resource = *resources.get(&*plan.resources()[assignment.resource].id)?;
            Some(Assignment { resource, ..*assignment })
        }));
    }
    former.starts = IdVec::from(starts);
    former.finishes = IdVec::from(finishes);
    former.modes = IdVec::from(modes);
    former
}
