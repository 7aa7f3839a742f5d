//! Warm start: a schedule in civil time, perhaps of an earlier version of the plan, becomes the first member of the search.
//!
//! What counts is the order of its starts and its modes. Decoding that order moves everything as early as it can, which
//! does not make a schedule worse where earlier is better and nothing sets a limit from above. Elsewhere it may; then the
//! given dates themselves are the member, if nothing is wrong with them.

use super::found_by::FoundBy;
use super::search::{Context, Member, Workshop};
use super::sgs::{General, Machine};
use crate::effort;
use crate::index::{Id, IdVec, Rows};
use crate::network::{NEVER, Network, Origin, Slot, roll_up};
use crate::plan::{ModeId, Plan, TaskId, TaskKind};
use crate::schedule::{Assignment, Placement, Schedule, place, verify};
use crate::units::{Amount, Moment};

/// A schedule to start from: what is known of each task of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerSchedule {
    /// The start of each task; `None` for summaries and for tasks that it does not know.
    pub starts: IdVec<TaskId, Option<Moment>>,
    /// The finish of each task, as its start.
    pub finishes: IdVec<TaskId, Option<Moment>>,
    /// The mode of each task, if it tells.
    pub modes: IdVec<TaskId, Option<ModeId>>,
    /// Who works on each task (row `task.index()`), as far as it tells.
    pub assignments: Rows<Assignment>,
}

impl From<&Schedule> for FormerSchedule {
    fn from(schedule: &Schedule) -> FormerSchedule {
        let of_task = schedule.placements.iter().map(|placement| placement.mode.map(|_| placement.start));
        let finishes = schedule.placements.iter().map(|placement| placement.mode.map(|_| placement.finish));
        FormerSchedule {
            starts: IdVec::from(of_task.collect::<Vec<_>>()),
            finishes: IdVec::from(finishes.collect::<Vec<_>>()),
            modes: IdVec::from(schedule.placements.iter().map(|placement| placement.mode).collect::<Vec<_>>()),
            assignments: schedule.assignments.clone(),
        }
    }
}

impl FormerSchedule {
    /// The schedule as it is, if it is a valid one of the plan.
    pub(super) fn kept(&self, plan: &Plan) -> Option<Schedule> {
        if self.assignments.len() != plan.tasks().len() {
            return None;
        }
        let mut placements = IdVec::new();
        for (task, data) in plan.tasks().iter_enumerated() {
            placements.push(match data.kind {
                TaskKind::Summary => Placement { start: Moment::MAX, finish: Moment::MIN, mode: None },
                _ => Placement {
                    start: self.starts.get(task).copied().flatten()?,
                    finish: self.finishes.get(task).copied().flatten()?,
                    mode: Some(self.modes.get(task).copied().flatten()?),
                },
            });
        }
        roll_up(plan, &mut placements, |summary: &mut Placement, below| {
            summary.start = summary.start.min(below.start);
            summary.finish = summary.finish.max(below.finish);
        });
        let schedule = Schedule { placements, assignments: self.assignments.clone() };
        (!verify(plan, &schedule).has_errors()).then_some(schedule)
    }
}

/// A former schedule in the terms of a network.
#[derive(Clone, Debug)]
pub struct Start {
    order: Vec<u32>,
    modes: Vec<u32>,
    /// The dates as given, if they make a valid schedule.
    given: Option<Member>,
}

impl Start {
    /// Translates a former schedule. Nodes that it does not place come in the order as soon as their predecessors let them;
    /// modes and people that no longer are to be had are replaced by what comes nearest.
    ///
    /// # Complexity
    /// O(n log n), and the validator's work if the former schedule places every node.
    pub fn new(plan: &Plan, context: &Context<'_>, former: &FormerSchedule) -> Start {
        let network = context.network;
        let mut modes: Vec<u32> = (0..network.len()).map(|node| nearest_mode(network, node, former)).collect();
        // Without an excess this changes nothing and draws no number.
        context.choice.repair(network, &mut modes, |_| NEVER, &mut effort::random(0, 0));
        let starts: Vec<Option<Slot>> =
            network.origin.iter().map(|&origin| given_start(network, origin, former)).collect();
        let mut keys = keys(network, &modes, &starts);
        context.lift(&mut keys);
        let mut order: Vec<u32> = (0..network.len() as u32).collect();
        order.sort_by_key(|&node| (keys[node as usize], node));
        let given = given_member(plan, context, &order, &modes, &starts);
        Start { order, modes, given }
    }

    /// The member to begin with: the schedule of the order, or the dates as given if they are better.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn member<M: Machine>(&self, shop: &mut Workshop<'_, '_, M>) -> Result<Member, u32> {
        shop.order.clone_from(&self.order);
        shop.modes.clone_from(&self.modes);
        let decoded = shop.decode().map(|()| shop.member(FoundBy::Start));
        match (decoded, &self.given) {
            (Ok(decoded), Some(given)) if decoded.score > given.score => Ok(given.clone()),
            (Err(_), Some(given)) => Ok(given.clone()),
            (decoded, _) => decoded,
        }
    }
}

pub(super) fn given_start(network: &Network, origin: Origin, former: &FormerSchedule) -> Option<Slot> {
    let Origin::Task(task) = origin else { return None };
    let start = former.starts.get(task).copied().flatten()?;
    Some(network.axis.slot_at_or_after(start))
}

/// The mode position of a node that has most in common with the former schedule: first its mode, then its people.
pub(super) fn nearest_mode(network: &Network, node: usize, former: &FormerSchedule) -> u32 {
    let positions = network.modes.range(node);
    let first = positions.start as u32;
    let Origin::Task(task) = network.origin[node] else { return first };
    let wanted = former.modes.get(task).copied().flatten();
    let people = if task.index() < former.assignments.len() { former.assignments.row(task.index()) } else { &[] };
    let shared = |position: usize| -> i64 {
        let amount = |item: &crate::network::Assigned| {
            let same = people.iter().find(|person| person.resource == item.resource);
            same.map_or(Amount::ZERO, |same| same.amount.min(item.amount)).0
        };
        network.assigned.row(position).iter().map(amount).sum()
    };
    let rank = |position: usize| {
        let mode = &network.modes.items()[position];
        let is_wanted = wanted.is_some() && mode.mode == wanted;
        (std::cmp::Reverse((is_wanted, shared(position))), mode.duration, position)
    };
    positions.min_by_key(|&position| rank(position)).map_or(first, |position| position as u32)
}

/// A key for the place of each node in the order: its start, or where the starts around it suggest it.
fn keys(network: &Network, modes: &[u32], starts: &[Option<Slot>]) -> Vec<i64> {
    let mut keys: Vec<i64> = Vec::with_capacity(starts.len());
    for (node, start) in starts.iter().enumerate() {
        let key = start.map(i64::from).unwrap_or_else(|| {
            let after = network.predecessors.row(node).iter().map(|arc| {
                let other = arc.other as usize;
                let work = if arc.kind.from_finish() { network.mode(modes[other]).duration } else { 0 };
                keys[other] + i64::from(work)
            });
            let after = after.max().unwrap_or(0).max(i64::from(network.release[node]));
            let before = network.successors.row(node).iter().filter_map(|arc| starts[arc.other as usize]);
            before.map(i64::from).min().map_or(after, |before| after.min(before))
        });
        keys.push(key);
    }
    keys
}

/// The member with the dates as given; `None` if a date is missing or the validator would refuse it.
fn given_member(
    plan: &Plan,
    context: &Context<'_>,
    order: &[u32],
    modes: &[u32],
    starts: &[Option<Slot>],
) -> Option<Member> {
    let network = context.network;
    let is_gate = |node: u32| !matches!(network.origin[node as usize], Origin::Task(_));
    let finish = |node: u32| network.finish(modes[node as usize], starts[node as usize]?);
    let mut makespan = 0;
    for &node in order.iter().filter(|&&node| !is_gate(node)) {
        makespan = makespan.max(finish(node)?);
    }
    let mut machine = General::new(network);
    machine.assume_finish(makespan);
    machine.reset(modes);
    for &node in order {
        let start = if is_gate(node) { machine.earliest(node) } else { starts[node as usize]? };
        if !machine.accepts(node, start) {
            return None;
        }
        machine.place(node, start);
    }
    let nodes = 0..network.len() as u32;
    let starts: Vec<Slot> = nodes.clone().map(|node| machine.start(node)).collect();
    let finishes: Vec<Slot> = nodes.map(|node| machine.finish(node)).collect();
    let score = context.score(&machine, modes, &starts, &finishes);
    if score.violation > 0 || verify(plan, &place(plan, network, &starts, modes)).has_errors() {
        return None;
    }
    Some(Member {
        order: context.order_by_start(&starts),
        modes: modes.to_vec(),
        late: starts.clone(),
        starts,
        finishes,
        score,
        found_by: FoundBy::Start,
    })
}
