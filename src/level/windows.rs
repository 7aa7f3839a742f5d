//! Between which dates each node can stand, next to the nodes that have been placed.
//!
//! A node that is not placed has an earliest and a latest position: from where its predecessors let it go to where its
//! successors, which may be unplaced themselves, still have room. So a chain of milestones or of tasks that need nothing gives
//! way as a whole when something else moves, and several tasks that are taken out at once find new places together.

use std::collections::BTreeSet;

use crate::index::Rows;
use crate::network::{MaximalLag, NEVER, NO_EARLIEST, Network, Origin, Slot};

/// Start and finish.
pub type Dates = (Slot, Slot);

/// The windows of all nodes.
#[derive(Clone, Debug)]
pub struct Windows<'n> {
    network: &'n Network,
    /// Mode position of each node.
    modes: Vec<u32>,
    /// No start is earlier, by the node's own dates.
    release: Vec<Slot>,
    /// No start and no finish is later, by wishes that are kept and the end of the project.
    limits: Vec<Dates>,
    /// Numbers of the maximal lags at each node.
    tied: Rows<u32>,
    is_placed: Vec<bool>,
    /// The earliest dates of each node; its own if it is placed.
    early: Vec<Dates>,
    /// The latest ones.
    late: Vec<Dates>,
}

impl<'n> Windows<'n> {
    /// Every node is placed where a schedule has it.
    ///
    /// # Arguments
    /// `end` is a position at or before which everything shall finish. A wish for a date that the schedule keeps is kept, and
    /// whatever is later than it wishes does not become later.
    pub fn new(network: &'n Network, modes: &[u32], starts: &[Slot], end: Slot) -> Windows<'n> {
        let nodes = network.len();
        let dates = |node: usize| (starts[node], network.finish(modes[node], starts[node]).unwrap_or(network.horizon));
        let dates: Vec<Dates> = (0..nodes).map(dates).collect();
        let release = |node: usize| match network.finish_release[node] {
            NO_EARLIEST => network.release[node],
            finish => network.release[node].max(network.start_for_finish(modes[node], finish)),
        };
        let limit = |node: usize| {
            let (start, finish) = dates[node];
            let latest_start = match network.latest_start[node] {
                NEVER => NEVER,
                // Where work pauses at that date, the end of the pause is early enough.
                latest => {
                    let opening = network.calendar(network.mode(modes[node]).calendar).next_start(i64::from(latest));
                    opening.and_then(|opening| Slot::try_from(opening).ok()).unwrap_or(latest).max(start)
                }
            };
            (latest_start, network.latest_finish[node].max(finish).min(end.max(finish)))
        };
        let ends = network.maximal_lags.iter().enumerate().flat_map(|(number, lag)| {
            [(lag.predecessor as usize, number as u32), (lag.successor as usize, number as u32)]
        });
        let mut windows = Windows {
            network,
            modes: modes.to_vec(),
            release: (0..nodes).map(release).collect(),
            limits: (0..nodes).map(limit).collect(),
            tied: Rows::from_pairs(nodes, ends.collect::<Vec<_>>().into_iter()),
            is_placed: vec![true; nodes],
            early: dates.clone(),
            late: dates,
        };
        // Schedules do not tell of gates.
        for node in (0..nodes as u32).filter(|&node| !matches!(network.origin[node as usize], Origin::Task(_))) {
            let dates = windows.earliest(node);
            (windows.early[node as usize], windows.late[node as usize]) = (dates, dates);
        }
        windows
    }

    /// The mode position of a node.
    #[inline]
    pub fn mode(&self, node: u32) -> u32 {
        self.modes[node as usize]
    }

    /// True if a node is placed.
    pub fn is_placed(&self, node: u32) -> bool {
        self.is_placed[node as usize]
    }

    /// True if a greatest distance ties a node to another.
    pub fn is_tied(&self, node: u32) -> bool {
        !self.tied.row(node as usize).is_empty()
    }

    /// The earliest dates of a node.
    #[inline]
    pub fn early(&self, node: u32) -> Dates {
        self.early[node as usize]
    }

    /// The latest dates of a node. They may be before the earliest ones: then there is no place for it.
    #[inline]
    pub fn late(&self, node: u32) -> Dates {
        self.late[node as usize]
    }

    /// Nodes at either end of a link that a schedule does not keep.
    pub fn at_odds(&self) -> Vec<u32> {
        let mut odd = Vec::new();
        for node in 0..self.network.len() as u32 {
            let mode = self.mode(node);
            for arc in self.network.predecessors.row(node as usize) {
                let lag = self.network.lag(arc, arc.other, self.mode(arc.other));
                let bound = self.network.earliest_by_arc(arc, lag, self.early(arc.other), self.mode(arc.other), mode);
                let first = bound.and_then(|bound| self.network.first_start(mode, bound));
                if first.is_none_or(|first| first > self.early(node).0) {
                    odd.extend([node, arc.other]);
                }
            }
        }
        odd
    }

    /// True if the maximal lags of a node that starts at `start` are kept, as far as the other ends are placed.
    pub fn keeps_maximal_lags(&self, node: u32, start: Slot) -> bool {
        let row = self.tied.row(node as usize);
        if row.is_empty() {
            return true;
        }
        let Some(finish) = self.network.finish(self.mode(node), start) else { return false };
        let dates = |other: u32| if other == node { (start, finish) } else { self.early(other) };
        row.iter().all(|&number| {
            let lag: &MaximalLag = &self.network.maximal_lags[number as usize];
            let (from, to) = (lag.predecessor, lag.successor);
            let is_known = [from, to].iter().all(|&end| end == node || self.is_placed(end));
            let (from_mode, to_mode) = (self.mode(from), self.mode(to));
            !is_known || self.network.start_by_maximal_lag(lag, dates(from), dates(to), from_mode, to_mode).is_none()
        })
    }

    /// Takes a node out of its place.
    pub fn take_out(&mut self, node: u32) {
        self.is_placed[node as usize] = false;
        self.early[node as usize] = self.earliest(node);
        self.late[node as usize] = self.latest(node);
        self.pass_on(node);
    }

    /// Places a node that can start at `start`, which lies in its window.
    ///
    /// # Returns
    /// False if some node that is placed no longer keeps a link, or another has no place left: across pauses, lags to
    /// finishes ask for more than windows tell.
    pub fn place(&mut self, node: u32, start: Slot) -> bool {
        let dates = (start, self.network.finish(self.mode(node), start).unwrap_or(self.network.horizon));
        self.is_placed[node as usize] = true;
        (self.early[node as usize], self.late[node as usize]) = (dates, dates);
        self.pass_on(node)
    }

    /// Lets the unplaced nodes around a node know that it has changed.
    fn pass_on(&mut self, node: u32) -> bool {
        let (network, mut is_kept) = (self.network, true);
        let mut changed = BTreeSet::from([node]);
        // Links lead from lower to higher numbers.
        while let Some(from) = changed.pop_first() {
            for arc in network.successors.row(from as usize) {
                let (to, index) = (arc.other, arc.other as usize);
                let earliest = self.earliest(to);
                if self.is_placed[index] {
                    is_kept &= earliest.0 <= self.early[index].0;
                } else if earliest != self.early[index] {
                    self.early[index] = earliest;
                    is_kept &= earliest.0 <= self.late[index].0;
                    changed.insert(to);
                }
            }
        }
        changed.insert(node);
        while let Some(to) = changed.pop_last() {
            for arc in network.predecessors.row(to as usize) {
                let (from, index) = (arc.other, arc.other as usize);
                if self.is_placed[index] {
                    continue;
                }
                let latest = self.latest(from);
                if latest != self.late[index] {
                    self.late[index] = latest;
                    is_kept &= self.early[index].0 <= latest.0;
                    changed.insert(from);
                }
            }
        }
        is_kept
    }

    /// The earliest dates by a node's predecessors and its own dates.
    fn earliest(&self, node: u32) -> Dates {
        let (network, mode) = (self.network, self.mode(node));
        let mut from = self.release[node as usize];
        for arc in network.predecessors.row(node as usize) {
            let lag = network.lag(arc, arc.other, self.mode(arc.other));
            match network.earliest_by_arc(arc, lag, self.early(arc.other), self.mode(arc.other), mode) {
                Some(bound) => from = from.max(bound),
                None => return (NEVER, NEVER),
            }
        }
        network.first_dates_as(network.mode(mode), from).unwrap_or((NEVER, NEVER))
    }

    /// The latest dates by a node's successors and its own dates.
    fn latest(&self, node: u32) -> Dates {
        let (network, mode) = (self.network, self.mode(node));
        let (mut latest_start, mut latest_finish) = self.limits[node as usize];
        for arc in network.successors.row(node as usize) {
            let end = network.latest_by_arc(arc, node, mode, self.mode(arc.other), self.late(arc.other));
            match arc.kind.from_finish() {
                true => latest_finish = latest_finish.min(end),
                false => latest_start = latest_start.min(end),
            }
        }
        let start = network.last_start(mode, latest_start, latest_finish);
        (start, network.finish(mode, start).unwrap_or(NEVER))
    }
}
