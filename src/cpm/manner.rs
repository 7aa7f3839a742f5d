//! How planning tools count where links, calendars and dates leave a choice.

use crate::network::{NEVER, Network, Origin, Slot};
use crate::plan::{ActivityType, ConstraintKind, LinkId, Plan, Task, TaskId, TaskKind};

/// What dates as planning tools have them depend on besides the network.
#[derive(Clone, Debug, Default)]
pub(super) struct Manner {
    /// The type of each node's task; empty if none has one of its own.
    pub(super) sides: Vec<ActivityType>,
    /// The start at which "no later than" constraints hold each node, against links; [`NEVER`] if none does, and empty if
    /// none holds any.
    held: Vec<Slot>,
    /// True for nodes that are scheduled by hand; empty if there are none.
    manual: Vec<bool>,
    /// True for items of the network's predecessors that hold late dates only; empty if there are none.
    idle: Vec<bool>,
}

impl Manner {
    /// That of a plan.
    pub(super) fn of(plan: &Plan, network: &Network, modes: &[u32]) -> Manner {
        let held = if plan.project().dating.honor_constraints { held(plan, network, modes) } else { Vec::new() };
        Manner { sides: sides(plan, network), held, manual: manual(plan, network), idle: idle(plan, network) }
    }

    /// True for a node that stands where somebody put it. Its late dates are those of any other, but for links from its
    /// start, which do not hold them (as Microsoft Project has it).
    pub(super) fn is_manual(&self, node: usize) -> bool {
        self.manual.get(node).copied().unwrap_or(false)
    }

    /// True for an item of the network's predecessors that moves nothing.
    pub(super) fn is_idle(&self, position: usize) -> bool {
        self.idle.get(position).copied().unwrap_or(false)
    }

    /// The start at which a constraint holds a node against links.
    pub(super) fn held_at(&self, node: usize) -> Option<Slot> {
        self.held.get(node).copied().filter(|&held| held < NEVER)
    }
}

fn idle(plan: &Plan, network: &Network) -> Vec<bool> {
    if !plan.links().iter().any(|link| plan.is_dated(link)) {
        return Vec::new();
    }
    let is_dated = |link: &Option<LinkId>| link.is_some_and(|link| plan.is_dated(&plan.links()[link]));
    network.predecessor_links.iter().map(is_dated).collect()
}

fn manual(plan: &Plan, network: &Network) -> Vec<bool> {
    let is_manual = |task: &Task| task.is_manual && task.progress.is_none();
    if !plan.tasks().iter().any(is_manual) {
        return Vec::new();
    }
    let of_node = |origin: &Origin| matches!(origin, Origin::Task(task) if is_manual(&plan.tasks()[*task]));
    network.origin.iter().map(of_node).collect()
}

/// The type of each node's task; empty if none has one of its own.
fn sides(plan: &Plan, network: &Network) -> Vec<ActivityType> {
    let of_task = |task: TaskId| match &plan.tasks()[task] {
        task if task.is_finished() => ActivityType::Task,
        task if task.kind == TaskKind::Milestone => task.activity,
        _ => ActivityType::Task,
    };
    let of_origin = |origin: &Origin| match origin {
        Origin::Task(task) => of_task(*task),
        Origin::SummaryStart(_) | Origin::SummaryFinish(_) => ActivityType::Task,
    };
    match plan.tasks().ids().any(|task| of_task(task) != ActivityType::Task) {
        true => network.origin.iter().map(of_origin).collect(),
        false => Vec::new(),
    }
}

/// The latest start that the "no later than" constraints of each node's own task allow, but none before the project's start.
///
/// # Source
/// Microsoft Project, "Tasks will always honor their constraint dates".
fn held(plan: &Plan, network: &Network, modes: &[u32]) -> Vec<Slot> {
    let of_node = |(node, origin): (usize, &Origin)| {
        let Origin::Task(task) = origin else { return NEVER };
        let task = &plan.tasks()[*task];
        let by_start = network.latest_start[node];
        let by_finish = task.constraint_of(ConstraintKind::FinishNoLaterThan).map_or(NEVER, |constraint| {
            network.last_start(modes[node], NEVER, network.axis.slot_at_or_before(constraint.moment))
        });
        match by_start.min(by_finish) {
            NEVER => NEVER,
            held => network.first_start(modes[node], held.max(0)).unwrap_or(NEVER),
        }
    };
    network.origin.iter().enumerate().map(of_node).collect()
}
