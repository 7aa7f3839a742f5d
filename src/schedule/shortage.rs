//! What a task waits for when nobody hands it over: the resource that is short just before the task starts.

use super::Schedule;
use super::cost::chosen_mode;
use super::profile::{Use, uses_by_resource};
use super::working_time::WorkingTimes;
use crate::index::Id;
use crate::plan::{Demand, DemandSource, Plan, ResourceId, ResourceKind, TaskId};
use crate::units::{Minutes, Moment};

/// For each of `tasks` the first resource of its mode that has too little left for it in the last working minute before
/// its start: others use it, or it is away. `None` if there is no such resource; money may be short then, or the task
/// waits for no good reason. Skills are left aside, because others may have them. The schedule must be a valid one.
///
/// # Complexity
/// Linear in the tasks of the plan, and for each of `tasks` in the users of its resources.
pub fn short_before(plan: &Plan, schedule: &Schedule, tasks: &[TaskId]) -> Vec<Option<ResourceId>> {
    let from = schedule.placements.iter().map(|placement| placement.start).fold(plan.project().start, Moment::min);
    let to = schedule.finish().unwrap_or(from);
    let times = WorkingTimes::new(plan, schedule, from, to);
    let uses = uses_by_resource(plan, schedule, |task| chosen_mode(plan, schedule, task).is_some());
    let works_at = |task: TaskId, minute: Moment| {
        let placement = &schedule.placements[task];
        let within = placement.start <= minute && minute < placement.finish;
        within && times.of_task(task).work_between(minute, minute + Minutes(1)) > Minutes::ZERO
    };
    let is_short = |task: TaskId, minute: Moment, demand: &Demand| {
        let DemandSource::Resource(id) = demand.source else { return None };
        let resource = &plan.resources()[id];
        let others = uses.row(id.index()).iter().filter(|used: &&Use| used.task != task && works_at(used.task, minute));
        let used: i128 = others.map(|used| i128::from(used.amount.0)).sum();
        let there = i128::from(resource.units_at(minute).0);
        (resource.kind == ResourceKind::Work && used + i128::from(demand.amount.0) > there).then_some(id)
    };
    let of_task = |&task: &TaskId| {
        let mode = &plan.modes()[schedule.placements[task].mode?];
        let minute = times.of_task(task).last_work(schedule.placements[task].start)? - Minutes(1);
        plan.demands_of(mode).iter().find_map(|demand| is_short(task, minute, demand))
    };
    tasks.iter().map(of_task).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::{Sketch, days, march, schedule};

    #[test]
    fn the_resource_that_others_use_or_that_is_away_just_before_is_short() {
        let mut sketch = Sketch::new();
        let dev = sketch.resource("dev", ResourceKind::Work, Some(3));
        let lab = sketch.resource("lab", ResourceKind::Work, Some(2));
        // One laboratory of two is closed until Wednesday 4 March.
        sketch.window(lab, march(2, 0), march(4, 0), 1);
        let tasks = ["a", "b", "c", "d"].map(|id| sketch.task(id, days(1)));
        for (task, resource, units) in [(0, dev, 2), (1, dev, 2), (2, lab, 2), (3, lab, 1)] {
            sketch.needs(tasks[task], resource, units);
        }
        let plan = sketch.build();
        let monday = (march(2, 8), march(2, 17));
        let tuesday = (march(3, 8), march(3, 17));
        let wednesday = (march(4, 8), march(4, 17));
        // `a` and `b` need four of three; `c` needs both laboratories; `d` waits for nothing.
        let schedule = schedule(&plan, &[monday, tuesday, wednesday, tuesday]);
        assert_eq!(short_before(&plan, &schedule, &tasks[1..]), [Some(dev), Some(lab), None]);
        // Nothing is before the start of the project.
        assert_eq!(short_before(&plan, &schedule, &tasks[..1]), [None]);
    }
}
