//! Schedule generation schemes: from an order of the nodes to a schedule.
//!
//! A [`Machine`] knows the resources and answers two questions, when a node can start at the earliest or at the latest
//! next to what has been placed. The schemes here ask them in an order and place what they are told:
//! [`Machine::serial`] in the order given, [`parallel`] always the node that can start first, [`Machine::justify_right`] from the end
//! backwards. Source: Kolisch, Hartmann, "Heuristic algorithms for the resource-constrained project scheduling problem",
//! in Weglarz (ed.), Project Scheduling (1999), section 2.

mod general;
mod jobs;
mod overlay;
mod packed;
mod paths;
mod presence;
mod purses;
mod room;
mod slack;
mod steps;
mod weeks;
mod windows;
mod word;

pub use general::General;
pub use packed::{Packed, Suit, longest, narrowest, suits};
pub use paths::Paths;
pub(crate) use presence::Presence;

pub use slack::by_worst_case_slack;
pub use windows::{Direction, Manner, Windows};
pub use word::{Broad, Deep, Narrow, Wide, Widest, Word};

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::distances::Distances;
use crate::network::{NEVER, Network, Slot};

/// The state of a partial schedule.
///
/// Nodes are placed one at a time between two calls of [`Machine::reset`], either all with [`Machine::earliest`],
/// predecessors first, or all with [`Machine::latest`], successors first.
pub trait Machine {
    /// Forgets every placement; from now on nodes are done in these mode positions.
    fn reset(&mut self, modes: &[u32]);

    /// The earliest start of a node whose predecessors are placed; [`NEVER`] if there is none.
    fn earliest(&mut self, node: u32) -> Slot;

    /// The latest start of a node whose successors are placed, such that it finishes by `horizon`; `None` if there is
    /// none at or after position 0.
    fn latest(&mut self, node: u32, horizon: Slot) -> Option<Slot>;

    /// Places a node at a start that the machine gave as its answer after the latest placement.
    fn place(&mut self, node: u32, start: Slot);

    /// Start of each placed node.
    fn start(&self, node: u32) -> Slot;

    /// Finish of each placed node.
    fn finish(&self, node: u32) -> Slot;

    /// Places every node at its earliest start, in the order given, which must put predecessors first.
    ///
    /// # Returns
    /// The latest finish.
    ///
    /// # Errors
    /// A node that can never start.
    fn serial(&mut self, order: &[u32]) -> Result<Slot, u32>
    where
        Self: Sized,
    {
        self.serial_unless(order, |_, _| false)
    }

    /// The same, but gives up as soon as a node would start where `is_vain` says that the schedule is of no use.
    ///
    /// # Errors
    /// A node that can never start, or that starts in vain.
    fn serial_unless(&mut self, order: &[u32], is_vain: impl Fn(u32, Slot) -> bool) -> Result<Slot, u32>
    where
        Self: Sized,
    {
        serial(self, order, is_vain)
    }

    /// Places every node at its latest start before `horizon`, in the order given, which must put successors first.
    ///
    /// # Returns
    /// The earliest start; `None` if some node finds no place.
    fn justify_right(&mut self, order: &[u32], horizon: Slot) -> Option<Slot>
    where
        Self: Sized,
    {
        self.justify_right_unless(order, horizon, |_, _| false)
    }

    /// The same, but gives up as soon as a node would start where `is_vain` says that the schedule is of no use.
    ///
    /// # Returns
    /// The earliest start; `None` if some node finds no place or starts in vain.
    fn justify_right_unless(
        &mut self,
        order: &[u32],
        horizon: Slot,
        is_vain: impl Fn(u32, Slot) -> bool,
    ) -> Option<Slot>
    where
        Self: Sized,
    {
        justify_right(self, order, horizon, is_vain)
    }

    /// The first start at or after `from` at which the resources have room for a node, whatever its links say; [`NEVER`] if
    /// there is none.
    fn room_after(&mut self, node: u32, from: Slot) -> Slot;

    /// The last start at or before `until`, and not before `lowest`, at which the resources have room for a node, whatever
    /// its links say.
    fn room_before(&mut self, node: u32, until: Slot, lowest: Slot) -> Option<Slot>;

    /// Places a node with an exact date before all others, whether there is room or not.
    fn place_exactly(&mut self, node: u32, start: Slot);

    /// Takes back the placement of a node without an exact date.
    fn take_out(&mut self, node: u32);

    /// The serial scheme within windows; see [`Windows::generate`].
    ///
    /// # Errors
    /// A node that found no place.
    fn generate_in_windows(
        &mut self,
        windows: &mut Windows,
        distances: &Distances,
        direction: Direction,
        manner: Manner<'_>,
        order: &[u32],
    ) -> Result<Slot, u32>
    where
        Self: Sized,
    {
        windows.generate(self, distances, direction, manner, order)
    }

    /// Asks for no start of `node` before `start`, until [`Machine::forget_pushes`]. Machines for networks without maximal
    /// lags need not listen.
    fn push(&mut self, _node: u32, _start: Slot) {}

    /// Takes back every push.
    fn forget_pushes(&mut self) {}

    /// Counts the overhead in period caps as if the project finished at `finish`; at first, as if it never did.
    fn assume_finish(&mut self, _finish: Slot) {}

    /// True if the costs of a node that starts at `start` fit under the period caps, and its work under the limits of weeks,
    /// next to what is placed.
    fn keeps_caps(&self, _node: u32, _start: Slot) -> bool {
        true
    }

    /// By how much what is placed and the overhead until `finish` exceed the period caps.
    fn cap_excess(&self, _finish: Slot) -> i64 {
        0
    }

    /// How many nodes with exact dates found too little of what they need.
    fn clashes(&self) -> i64 {
        0
    }
}

/// The serial scheme; see [`Machine::serial_unless`].
#[inline(always)]
fn serial<M: Machine>(machine: &mut M, order: &[u32], is_vain: impl Fn(u32, Slot) -> bool) -> Result<Slot, u32> {
    let mut makespan = 0;
    for &node in order {
        let start = machine.earliest(node);
        if start == NEVER || is_vain(node, start) {
            return Err(node);
        }
        machine.place(node, start);
        makespan = makespan.max(machine.finish(node));
    }
    Ok(makespan)
}

/// Justification to the right; see [`Machine::justify_right_unless`].
#[inline(always)]
fn justify_right<M: Machine>(
    machine: &mut M,
    order: &[u32],
    horizon: Slot,
    is_vain: impl Fn(u32, Slot) -> bool,
) -> Option<Slot> {
    let mut first = horizon;
    for &node in order {
        let start = machine.latest(node, horizon).filter(|&start| !is_vain(node, start))?;
        machine.place(node, start);
        first = first.min(start);
    }
    Some(first)
}

/// Questions to a machine between two looks at the clock.
const ASKED: usize = 256;

/// Always places, of the nodes whose predecessors are placed, one that can start first; `rank` (lower first) breaks ties.
/// The schedules are those of the parallel scheme, the non-delay ones. A node's earliest start never decreases while
/// others are placed, so that stale answers in the queue are lower bounds and only the front one is asked again.
///
/// # Returns
/// The latest finish.
///
/// # Arguments
/// `must_stop` is asked now and then: huge plans take long.
///
/// # Errors
/// A node that can never start, or the one that was next when it had to stop.
pub fn parallel<M: Machine>(
    machine: &mut M,
    network: &Network,
    rank: &[u32],
    must_stop: impl Fn() -> bool,
) -> Result<Slot, u32> {
    let nodes = network.len();
    let mut waiting: Vec<u32> = network.predecessors.iter().map(|arcs| arcs.len() as u32).collect();
    let mut queue = BinaryHeap::new();
    for node in 0..nodes as u32 {
        if waiting[node as usize] == 0 {
            queue.push(Reverse((machine.earliest(node), rank[node as usize], node)));
        }
    }
    let (mut makespan, mut asked) = (0, 0usize);
    while let Some(Reverse((promised, _, node))) = queue.pop() {
        asked += 1;
        // What was not possible before the promised start still is not.
        let start =
            if network.has_exact_date(node) { machine.earliest(node) } else { machine.room_after(node, promised) };
        if start == NEVER || (asked.is_multiple_of(ASKED) && must_stop()) {
            return Err(node);
        }
        if start > promised {
            queue.push(Reverse((start, rank[node as usize], node)));
            continue;
        }
        machine.place(node, start);
        makespan = makespan.max(machine.finish(node));
        for arc in network.successors.row(node as usize) {
            waiting[arc.other as usize] -= 1;
            if waiting[arc.other as usize] == 0 {
                queue.push(Reverse((machine.earliest(arc.other), rank[arc.other as usize], arc.other)));
            }
        }
    }
    Ok(makespan)
}
