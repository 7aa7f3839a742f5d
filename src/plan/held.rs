//! Plans of what remains that hold on to a former schedule: starts that are not brought forward, people and ways that stay,
//! wishes to finish when it was promised.

use super::{
    Demand, DemandSource, Duration, Lag, Link, LinkKind, Mode, ModeId, Plan, Range32, ResourceId, Task, TaskId,
    TaskKind,
};
use crate::index::Id;
use crate::units::{Amount, Minutes, Moment, Money};

/// The priority of a task that says nothing, by which its lateness counts.
pub const USUAL_PRIORITY: u16 = 500;

/// How a task is done, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The task.
    pub task: TaskId,
    /// Its mode.
    pub mode: ModeId,
    /// The resources on it, and how many units of each.
    pub people: Vec<(ResourceId, Amount)>,
}

impl Plan {
    /// The plan in which tasks start no earlier than at some moments, as far as their own constraints leave room for that.
    pub fn with_earliest(&self, starts: &[(TaskId, Moment)]) -> Plan {
        let mut plan = self.clone();
        for &(task, moment) in starts {
            plan.hold_start(task, moment);
        }
        plan
    }

    /// The plan in which tasks are done in ways and by people that are given.
    pub fn with_staffing(&self, staffing: &[Staff]) -> Plan {
        let mut plan = self.clone();
        for Staff { task, mode, people } in staffing {
            plan.tasks[*task].modes = *mode..ModeId::new(mode.index() + 1);
            let first = plan.demands.len() as u32;
            let demand = |&(resource, amount): &(ResourceId, Amount)| Demand {
                source: DemandSource::Resource(resource),
                amount,
            };
            plan.demands.extend(people.iter().map(demand));
            plan.modes[*mode].demands = Range32 { start: first, end: plan.demands.len() as u32 };
        }
        plan
    }

    /// The plan in which nothing but some tasks has a deadline: lateness is that against what was promised of them.
    pub fn with_deadlines(&self, due: &[(TaskId, Moment)]) -> Plan {
        let mut plan = self.clone();
        plan.tasks.iter_mut().for_each(|task| task.deadline = None);
        for &(task, moment) in due {
            plan.tasks[task].deadline = Some(moment);
        }
        plan
    }

    /// The plan in which the lateness of some tasks counts as much as it can.
    pub fn with_most_urgent(&self, tasks: &[TaskId]) -> Plan {
        let mut plan = self.clone();
        tasks.iter().for_each(|&task| plan.tasks[task].priority = u16::MAX);
        plan
    }

    /// The plan with a milestone behind all its tasks, which is late from a moment on; `weight` is its priority. It comes
    /// after all tasks of this plan, whose ids stay as they are.
    pub fn with_finish_due(&self, due: Moment, weight: u16) -> Plan {
        let mut plan = self.clone();
        let first = plan.modes.next_id();
        let name = plan.labels.ids().next().unwrap_or_else(|| plan.labels.push("1".into()));
        let duration = Duration::Working(Minutes::ZERO);
        plan.modes.push(Mode { name, duration, demands: Range32::default(), cost: Money::ZERO });
        let milestone = plan.tasks.push(Task {
            priority: weight,
            deadline: Some(due),
            ..Task::milestone("finish of the project", first..plan.modes.next_id())
        });
        let is_work = |task: &TaskId| plan.tasks[*task].kind != TaskKind::Summary && *task != milestone;
        let mut is_last = vec![true; plan.tasks.len()];
        for link in plan.links.iter().filter(|link| link.kind.from_finish()) {
            is_last[link.predecessor.index()] &= plan.tasks[link.successor].kind == TaskKind::Summary;
        }
        let last: Vec<TaskId> = plan.tasks.ids().filter(is_work).filter(|task| is_last[task.index()]).collect();
        for predecessor in last {
            let kind = LinkKind::FinishToStart;
            plan.links.push(Link { predecessor, successor: milestone, kind, lag: Lag::NONE, max_lag: None });
        }
        plan
    }
}

impl Task {
    /// A milestone with nothing but a name.
    pub(super) fn milestone(name: &str, modes: std::ops::Range<ModeId>) -> Task {
        Task {
            id: name.into(),
            name: "".into(),
            parent: None,
            kind: TaskKind::Milestone,
            modes,
            calendar: None,
            constraint: None,
            second_constraint: None,
            expected_finish: None,
            deadline: None,
            priority: USUAL_PRIORITY,
            fixed_cost: Money::ZERO,
            cost_distribution: None,
            payment: Money::ZERO,
            account: None,
            category: None,
            deliverable: None,
            pause: Default::default(),
            activity: Default::default(),
            is_manual: false,
            ignores_resource_calendars: false,
            progress: None,
            earning: Default::default(),
            distribution: None,
            row: 0,
        }
    }
}
