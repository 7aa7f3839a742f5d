//! Who hands over to whom, who works on what in which week, and what only one person can do.

use std::collections::BTreeMap;

use super::Schedule;
use super::cost::chosen_mode;
use super::period::{Buckets, Period};
use super::working_time::WorkingTimes;
use crate::index::Id;
use crate::plan::{DemandSource, LinkId, Plan, ResourceId, ResourceKind, TaskId};
use crate::units::{Amount, Minutes, Moment};

/// Work that goes from one person, or pool, to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOff {
    /// Who did what comes first.
    pub from: ResourceId,
    /// Who goes on, and had no part in it.
    pub to: ResourceId,
    /// The links along which work goes, in file order.
    pub links: Vec<LinkId>,
    /// When the first of the tasks that go on starts.
    pub first: Moment,
}

/// What somebody works on a task in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekOfWork {
    /// Who.
    pub resource: ResourceId,
    /// When the period begins.
    pub from: Moment,
    /// On what.
    pub task: TaskId,
    /// Unit-minutes of work.
    pub work: Minutes,
}

/// Everybody who works on a task.
fn people(plan: &Plan, schedule: &Schedule, task: TaskId) -> Vec<ResourceId> {
    let row = schedule.assignments.row(task.index()).iter();
    let works = |id: &ResourceId| plan.resources()[*id].kind == ResourceKind::Work;
    row.filter(|item| item.amount > Amount::ZERO).map(|item| item.resource).filter(works).collect()
}

/// The hand-offs of a schedule, the most frequent first.
///
/// # Complexity
/// Linear in links, times the people on both of their ends.
pub fn hand_offs(plan: &Plan, schedule: &Schedule) -> Vec<HandOff> {
    let mut found: BTreeMap<(ResourceId, ResourceId), HandOff> = BTreeMap::new();
    for (id, link) in plan.links().iter_enumerated() {
        let (before, after) = (people(plan, schedule, link.predecessor), people(plan, schedule, link.successor));
        let start = schedule.placements[link.successor].start;
        for &to in after.iter().filter(|to| !before.contains(to)) {
            for &from in &before {
                let hand_off =
                    found.entry((from, to)).or_insert_with(|| HandOff { from, to, links: Vec::new(), first: start });
                hand_off.links.push(id);
                hand_off.first = hand_off.first.min(start);
            }
        }
    }
    let mut all: Vec<HandOff> = found.into_values().collect();
    all.sort_by_key(|it| (std::cmp::Reverse(it.links.len()), it.from, it.to));
    all
}

/// What everybody works on in each week (ten periods in a plan of abstract periods), by person, week and task.
///
/// # Complexity
/// Linear in assignments times the weeks that they take.
pub fn work_by_week(plan: &Plan, schedule: &Schedule) -> Vec<WeekOfWork> {
    let Some(finish) = schedule.finish() else { return Vec::new() };
    let start = schedule.placements.iter().map(|placement| placement.start).fold(plan.project().start, Moment::min);
    let times = WorkingTimes::new(plan, schedule, start, finish.max(start + Minutes(1)));
    let buckets = Buckets::new(plan, Period::Week);
    let mut rows = Vec::new();
    for (task, placement) in schedule.placements.iter_enumerated() {
        if chosen_mode(plan, schedule, task).is_none() || placement.start >= placement.finish {
            continue;
        }
        let time = times.of_task(task);
        for item in schedule.assignments.row(task.index()) {
            if plan.resources()[item.resource].kind != ResourceKind::Work {
                continue;
            }
            for bucket in buckets.of(placement.start)..=buckets.last_of(placement.start, placement.finish) {
                let (from, to) = (buckets.start(bucket), buckets.start(bucket + 1));
                let minutes = time.work_between(from.max(placement.start), to.min(placement.finish));
                let work = i128::from(minutes.0) * i128::from(item.amount.0) / i128::from(Amount::ONE.0);
                if work > 0 {
                    rows.push(WeekOfWork { resource: item.resource, from, task, work: Minutes(work as i64) });
                }
            }
        }
    }
    rows.sort_by_key(|row| (row.resource, row.from, row.task));
    rows
}

/// The tasks that only one person can do, and who that is: named ones of whom there is one, and skills that nobody else has.
pub fn only_one_can(plan: &Plan) -> Vec<(TaskId, ResourceId)> {
    let is_one = |id: ResourceId| {
        let data = &plan.resources()[id];
        data.kind == ResourceKind::Work && data.capacity.is_some_and(|units| units <= Amount::ONE)
    };
    let mut found = Vec::new();
    for task in plan.tasks().ids() {
        let modes = plan.modes_of(task);
        let needs = |person: ResourceId, mode: &crate::plan::Mode| {
            plan.demands_of(mode).iter().any(|demand| match demand.source {
                DemandSource::Resource(resource) => resource == person,
                DemandSource::Skill(skill) => {
                    let mut able = plan.resources().iter_enumerated().filter(|(_, it)| it.skills.contains(&skill));
                    able.next().map(|(id, _)| id) == Some(person) && able.next().is_none()
                }
            })
        };
        // In whatever way the task is done they are needed.
        let needed = plan.resources().ids().filter(|&id| is_one(id));
        let needed = needed.filter(|&id| !modes.is_empty() && modes.iter().all(|mode| needs(id, mode)));
        found.extend(needed.map(|id| (task, id)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::LinkKind;
    use crate::schedule::testing::{Sketch, days, lag, march, schedule};

    #[test]
    fn work_is_handed_over_counted_by_week_and_bound_to_people() {
        let mut sketch = Sketch::new();
        let [a, b, c] = ["a", "b", "c"].map(|id| sketch.task(id, days(4)));
        let (ana, ben) = (sketch.person("ana"), sketch.person("ben"));
        sketch.needs(a, ana, 1);
        sketch.needs(b, ben, 1);
        sketch.needs(c, ana, 1);
        sketch.needs(c, ben, 1);
        for (from, to) in [(a, b), (b, c), (a, c)] {
            sketch.link(from, LinkKind::FinishToStart, to, lag(0));
        }
        let plan = sketch.build();
        // Monday 2 to Thursday 5, Friday 6 to Wednesday 11, Thursday 12 to Tuesday 17 March.
        let spans = [(march(2, 8), march(5, 17)), (march(6, 8), march(11, 17)), (march(12, 8), march(17, 17))];
        let schedule = schedule(&plan, &spans);
        let found: Vec<_> = hand_offs(&plan, &schedule).iter().map(|it| (it.from, it.to, it.links.len())).collect();
        // From a to b and to c, where Ben had no part in a; from b to c Ana had none in b.
        assert_eq!(found, [(ana, ben, 2), (ben, ana, 1)]);
        let weeks: Vec<_> =
            work_by_week(&plan, &schedule).iter().map(|it| (it.resource, it.task, it.work.0 / 480)).collect();
        assert_eq!(weeks, [(ana, a, 4), (ana, c, 2), (ana, c, 2), (ben, b, 1), (ben, b, 3), (ben, c, 2), (ben, c, 2)]);
        assert_eq!(only_one_can(&plan), [(a, ana), (b, ben), (c, ana), (c, ben)]);
    }
}
