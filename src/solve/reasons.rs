//! What proves that no schedule finishes earlier, in the terms of the plan: the path, or the time in which a resource has
//! too much to do.

use super::bounds::{self, Bound, Heads, Reason};
use super::possible_heads;
use crate::network::{Network, Origin, Slot};
use crate::plan::{LinkId, Plan, ResourceId, TaskId};
use crate::units::{Minutes, Moment};

/// A moment before which no schedule finishes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenBound {
    /// The moment.
    pub finish: Moment,
    /// Why.
    pub reason: BoundReason,
}

/// Why no schedule finishes earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoundReason {
    /// What has to be done one after another, first to last.
    Path(Vec<PathStep>),
    /// A resource has too much to do for an earlier finish.
    Window(ResourceWindow),
}

/// A task on the path that proves a bound; of a summary, its start or finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The task.
    pub task: TaskId,
    /// The link by which it waits for the step before; none on the first step, and where a summary is what joins them.
    pub link: Option<LinkId>,
    /// Its earliest start.
    pub start: Moment,
    /// Its earliest finish.
    pub finish: Moment,
}

/// A time that does not suffice for the work that has to be done in it if the project is to finish earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceWindow {
    /// Who or what has to do the work: one resource, or all who can fill some roles.
    pub resources: Vec<ResourceId>,
    /// The finish that is impossible.
    pub refuted: Moment,
    /// None of the tasks can start before.
    pub from: Moment,
    /// All of the tasks have to be finished then.
    pub to: Moment,
    /// The tasks, by earliest start.
    pub tasks: Vec<TaskId>,
    /// The work of the tasks, in minutes of a ten-thousandth of a unit.
    pub needed: i64,
    /// What the resource offers from `from` to `to`, counted in the same way.
    pub offered: i64,
}

impl ResourceWindow {
    /// The work of the tasks in minutes of one whole unit, rounded up, and what is offered, rounded down.
    pub fn in_whole_units(&self) -> (Minutes, Minutes) {
        let one = crate::units::Amount::ONE.0;
        (Minutes((self.needed + one - 1) / one), Minutes(self.offered / one))
    }
}

/// The best bound that paths and the work of single resources prove, and how.
///
/// # Arguments
/// `best` is the finish of a schedule.
///
/// # Returns
/// `None` if no schedule can exist.
///
/// # Complexity
/// As a few calls of the critical path method for each bisection of the time between path and `best`.
pub fn prove_bound(network: &Network, best: Moment) -> Option<ProvenBound> {
    let (heads, _) = possible_heads(network).ok()?;
    let certain = network.pooled();
    let Bound { finish, reason } = bounds::finish_bound(&certain, &heads, network.axis.slot_at_or_after(best));
    let window = match reason {
        Reason::Energy(resource) => bounds::window(&certain, &heads, resource, finish - 1),
        Reason::Path | Reason::Search => None,
    };
    let reason = match window {
        Some(window) => BoundReason::Window(in_words_of_plan(&certain, &heads, &window, finish - 1)),
        None => BoundReason::Path(path(&certain, &heads)),
    };
    Some(ProvenBound { finish: network.axis.finish_moment(finish), reason })
}

fn task_of(network: &Network, node: u32) -> TaskId {
    match network.origin[node as usize] {
        Origin::Task(task) | Origin::SummaryStart(task) | Origin::SummaryFinish(task) => task,
    }
}

/// The resources of the plan behind a renewable.
pub(super) fn resources_of(network: &Network, renewable: u32) -> Vec<ResourceId> {
    let members = network.members(renewable).into_iter();
    members.map(|member| network.renewables[member as usize].resource).collect()
}

/// The ids of resources, up to a dozen of them: `ana`, `ben` and 3 others.
pub fn names(plan: &Plan, resources: &[ResourceId]) -> String {
    const SHOWN: usize = 12;
    let mut ids: Vec<String> = resources.iter().map(|&id| format!("`{}`", plan.resources()[id].id)).collect();
    let more = ids.len().saturating_sub(SHOWN);
    if more > 1 {
        ids.truncate(SHOWN);
        ids.push(format!("{more} others"));
    }
    match ids.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

fn in_words_of_plan(network: &Network, heads: &Heads, window: &bounds::Window, refuted: Slot) -> ResourceWindow {
    let renewable = &network.renewables[window.resource as usize];
    let mut nodes = window.nodes.clone();
    nodes.sort_unstable_by_key(|&node| (heads.start[node as usize], node));
    let minutes = renewable.unit * network.axis.slot_minutes.0;
    ResourceWindow {
        resources: resources_of(network, window.resource),
        refuted: network.axis.finish_moment(refuted),
        from: network.axis.start_moment(window.from),
        to: network.axis.finish_moment(window.to),
        tasks: nodes.into_iter().map(|node| task_of(network, node)).collect(),
        needed: window.needed * minutes,
        offered: window.offered * minutes,
    }
}

/// The longest path, traced back from what finishes last. Where it depends on the ways to do a task what it waits for, the
/// path may begin after the project's start.
fn path(network: &Network, heads: &Heads) -> Vec<PathStep> {
    let last = (0..network.len()).find(|&node| heads.finish[node] == heads.path());
    let mut next = last.map(|node| (node, true));
    let mut steps: Vec<PathStep> = Vec::new();
    while let Some((node, by_finish)) = next {
        let driver = driver(network, heads, node, by_finish);
        steps.push(PathStep {
            task: task_of(network, node as u32),
            link: driver.and_then(|position| network.predecessor_links[position]),
            start: network.axis.start_moment(heads.start[node]),
            finish: network.axis.finish_moment(heads.finish[node]),
        });
        // Arcs lead from lower to higher numbers.
        let arc = driver.map(|position| &network.predecessors.items()[position]);
        next = arc.map(|arc| (arc.other as usize, arc.kind.from_finish()));
    }
    steps.reverse();
    steps
}

/// The arc (its position among the predecessors) that holds the earliest finish, or start, of a node; none if a date or a
/// greatest lag does.
fn driver(network: &Network, heads: &Heads, node: usize, by_finish: bool) -> Option<usize> {
    let modes = || network.modes.range(node).map(|mode| mode as u32);
    // The end in question of a node that is not held before `from` in each mode.
    let end = |from: &dyn Fn(u32) -> Slot| {
        let ends = modes().filter_map(|mode| {
            let start = network.first_start(mode, from(mode))?;
            if by_finish { network.finish(mode, start) } else { Some(start) }
        });
        ends.min()
    };
    let known = if by_finish { heads.finish[node] } else { heads.start[node] };
    if end(&|_| network.release[node]) == Some(known) {
        return None;
    }
    let drives = |&position: &usize| {
        let arc = &network.predecessors.items()[position];
        end(&|mode| bounds::head_by_arc(network, arc, mode, heads).max(0)) == Some(known)
    };
    network.predecessors.range(node).find(drives)
}
