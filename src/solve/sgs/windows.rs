//! The serial scheme for maximal lags: windows, and unscheduling of what stands in the way.
//!
//! Nodes are placed in an order, each at the first place within the window that the placed ones leave it. A node whose
//! first place lies behind its window takes those that close the window out again: they may come back only as much later
//! as it needs, and whatever no longer agrees with that is taken out too. Everything else stays.
//! Source: Neumann, Schwindt, Zimmermann, "Project Scheduling with Time Windows and Scarce Resources" (2003), section
//! 2.6, the serial scheme with an unscheduling step (Franck, Neumann, Schwindt, OR Spektrum 23, 2001). There everything
//! that starts after the first node taken out is taken out as well; here improvement closes the gaps that stay.
//!
//! Backwards everything is the same with starts counted downwards: the distance from one node to another is then the
//! distance from the other to the one.

use super::super::distances::Distances;
use super::Machine;
use crate::network::{NEVER, Slot};

/// Where the scheme begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// At the project start: everything as early as possible.
    Forward,
    /// At a finish: everything as late as possible.
    Backward {
        /// No node finishes later.
        finish: Slot,
    },
}

/// What the scheme does where nodes stand in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner<'a> {
    /// It tries for long, then leaves maximal lags broken.
    Yielding,
    /// It gives up soon, and where some node would finish after a limit.
    Strict(Slot),
    /// It improves the schedule of these starts, by which the order is sorted (backwards by finishes, the last first): no
    /// node ends up behind its place there, and none fails.
    ///
    /// Whatever precedes a node in the order began no later and only moved away from it, so that the node's old place is
    /// free until nodes behind it in the order take it; these are taken out when they do.
    Improving(&'a [Slot]),
}

/// Room for the scheme. Positions are starts, negative ones backwards, so that a later one is always farther from where the
/// scheme begins.
#[derive(Clone, Debug, Default)]
pub struct Windows {
    /// The first position of each node: of a placed one its own, of others what its own window and unscheduling ask.
    lower: Vec<Slot>,
    /// The last position of each node: of a placed one its own.
    upper: Vec<Slot>,
    /// [`Windows::lower`] of each node when it is not placed.
    floor: Vec<Slot>,
    /// [`Windows::floor`] before any unscheduling.
    initial: Vec<Slot>,
    /// [`Windows::upper`] of each node when it is not placed.
    ceiling: Vec<Slot>,
    placed: Vec<bool>,
    /// Place of each node in the order.
    rank: Vec<u32>,
    /// Nodes taken out, and from where on they may come back.
    taken_out: Vec<(u32, Slot)>,
}

/// Unscheduling steps for each node at most.
const STEPS: usize = 3;
/// The same for a strict scheme.
const STRICT_STEPS: usize = 1;

impl Windows {
    /// Places all nodes on a machine that was reset, in the order given, which should put predecessors first (backwards:
    /// successors). Where too many nodes stand in each other's way, some maximal lags stay broken.
    ///
    /// # Returns
    /// The latest finish forward, the earliest start backward.
    ///
    /// # Errors
    /// A node that found no place.
    ///
    /// # Complexity
    /// O(n) for each placement, besides the machine's search for it.
    #[inline(always)]
    pub fn generate<M: Machine>(
        &mut self,
        machine: &mut M,
        distances: &Distances,
        direction: Direction,
        manner: Manner<'_>,
        order: &[u32],
    ) -> Result<Slot, u32> {
        self.prepare(distances, direction, manner, order);
        for &node in distances.fixed() {
            let start = distances.earliest()[node as usize];
            machine.place_exactly(node, start);
            self.place(node, outward(direction, start));
        }
        let mut steps = order.len() * if matches!(manner, Manner::Strict(_)) { STRICT_STEPS } else { STEPS };
        let mut at = 0;
        while let Some(&node) = order.get(at) {
            at += 1;
            if self.placed[node as usize] {
                continue;
            }
            let (behind, ahead) = match direction {
                Direction::Forward => (distances.to(node), distances.from(node)),
                Direction::Backward { .. } => (distances.from(node), distances.to(node)),
            };
            let first = greatest_sum(&self.lower, behind);
            let last = least_difference(&self.upper, ahead);
            let mut position = self.room(machine, direction, node, first);
            if let Manner::Improving(starts) = manner
                && position > outward(direction, starts[node as usize])
            {
                for &behind in &order[at..] {
                    if self.placed[behind as usize] && !distances.is_fixed(behind) {
                        self.take_out(machine, behind);
                    }
                }
                position = self.room(machine, direction, node, first);
            }
            if position > last {
                let known = match manner {
                    // In the end everything may go to its old place at once.
                    Manner::Improving(starts) if steps < order.len() => Some(starts),
                    _ => None,
                };
                if steps > 0 && self.unschedule(machine, distances, direction, position, ahead, known) {
                    steps -= 1;
                    at = self.first_taken_out().min(at - 1);
                    continue;
                }
                match manner {
                    Manner::Yielding if position == NEVER && steps > 0 => {
                        // Everything was pushed beyond the end of time: the second attempt pushes nothing.
                        steps = 0;
                        at = 0;
                        self.begin_anew(machine, distances);
                        continue;
                    }
                    Manner::Yielding if position != NEVER => {}
                    _ => return Err(node),
                }
            }
            machine.place(node, outward(direction, position));
            self.place(node, position);
        }
        let nodes = 0..order.len() as u32;
        Ok(match direction {
            Direction::Forward => nodes.map(|node| machine.finish(node)).max().unwrap_or(0),
            Direction::Backward { finish } => nodes.map(|node| machine.start(node)).min().unwrap_or(finish),
        })
    }

    fn prepare(&mut self, distances: &Distances, direction: Direction, manner: Manner<'_>, order: &[u32]) {
        let nodes = order.len();
        self.rank.resize(nodes, 0);
        order.iter().zip(0..).for_each(|(&node, rank)| self.rank[node as usize] = rank);
        self.placed.clear();
        self.placed.resize(nodes, false);
        self.floor.clear();
        self.ceiling.clear();
        match direction {
            Direction::Forward => {
                self.floor.extend_from_slice(distances.earliest());
                match manner {
                    Manner::Strict(finish) => {
                        self.ceiling.extend((0..nodes).map(|node| distances.latest_before(node, finish)));
                    }
                    _ => self.ceiling.extend_from_slice(distances.latest()),
                }
            }
            Direction::Backward { finish } => {
                self.floor.extend((0..nodes).map(|node| -distances.latest_before(node, finish)));
                self.ceiling.extend(distances.earliest().iter().map(|start| -start));
            }
        }
        self.initial.clone_from(&self.floor);
        self.lower.clone_from(&self.floor);
        self.upper.clone_from(&self.ceiling);
    }

    /// The first position from `first` on at which the resources have room for a node.
    #[inline(always)]
    fn room<M: Machine>(&self, machine: &mut M, direction: Direction, node: u32, first: Slot) -> Slot {
        match direction {
            Direction::Forward => machine.room_after(node, first),
            Direction::Backward { .. } => {
                let lowest = -self.ceiling[node as usize];
                machine.room_before(node, -first, lowest).map_or(NEVER, |start| -start)
            }
        }
    }

    fn place(&mut self, node: u32, position: Slot) {
        let node = node as usize;
        self.placed[node] = true;
        self.lower[node] = position;
        self.upper[node] = position;
    }

    /// Takes out the nodes that keep a node from `position`, given its distances to the others; false if one of them may
    /// not go where it would have to.
    #[inline(always)]
    fn unschedule<M: Machine>(
        &mut self,
        machine: &mut M,
        distances: &Distances,
        direction: Direction,
        position: Slot,
        ahead: &[Slot],
        known: Option<&[Slot]>,
    ) -> bool {
        self.taken_out.clear();
        if position == NEVER {
            return false;
        }
        for (node, &distance) in ahead.iter().enumerate() {
            let needed = position + distance;
            if self.upper[node] < needed {
                if !self.placed[node] || needed > self.ceiling[node] {
                    return false;
                }
                let known = known.map_or(needed, |starts| outward(direction, starts[node]));
                self.taken_out.push((node as u32, needed.max(known)));
            }
        }
        let closing = self.taken_out.len();
        for index in 0..closing {
            let (node, needed) = self.taken_out[index];
            self.floor[node as usize] = needed;
            self.take_out(machine, node);
        }
        // Whatever those nodes, when they come back, would push along.
        for index in 0..closing {
            let (node, needed) = self.taken_out[index];
            let ahead = match direction {
                Direction::Forward => distances.from(node),
                Direction::Backward { .. } => distances.to(node),
            };
            for (other, &distance) in ahead.iter().enumerate() {
                if self.upper[other] < needed + distance && self.placed[other] {
                    if needed + distance > self.ceiling[other] {
                        continue;
                    }
                    self.take_out(machine, other as u32);
                    self.taken_out.push((other as u32, self.floor[other]));
                }
            }
        }
        true
    }

    /// Takes everything out but nodes with exact dates, and forgets what unscheduling asked.
    fn begin_anew<M: Machine>(&mut self, machine: &mut M, distances: &Distances) {
        self.floor.copy_from_slice(&self.initial);
        for node in 0..self.placed.len() as u32 {
            if self.placed[node as usize] && !distances.is_fixed(node) {
                self.take_out(machine, node);
            } else if !self.placed[node as usize] {
                self.lower[node as usize] = self.floor[node as usize];
            }
        }
    }

    #[inline(always)]
    fn take_out<M: Machine>(&mut self, machine: &mut M, node: u32) {
        machine.take_out(node);
        let node = node as usize;
        self.placed[node] = false;
        self.lower[node] = self.floor[node];
        self.upper[node] = self.ceiling[node];
    }

    /// The place in the order of the first node that was taken out last.
    fn first_taken_out(&self) -> usize {
        self.taken_out.iter().map(|&(node, _)| self.rank[node as usize] as usize).min().unwrap_or(0)
    }
}

/// From a position to a start and back.
fn outward(direction: Direction, position: Slot) -> Slot {
    match direction {
        Direction::Forward => position,
        Direction::Backward { .. } => -position,
    }
}

#[inline(always)]
fn greatest_sum(positions: &[Slot], distances: &[Slot]) -> Slot {
    positions.iter().zip(distances).fold(Slot::MIN, |most, (position, distance)| most.max(position + distance))
}

#[inline(always)]
fn least_difference(positions: &[Slot], distances: &[Slot]) -> Slot {
    positions.iter().zip(distances).fold(Slot::MAX, |least, (position, distance)| least.min(position - distance))
}
