//! Proofs: bounds on what any schedule is worth, and a search through all schedules of small plans.
//!
//! Depth first: the node with the fewest starts left is placed at each of them, the cheapest first. A partial schedule is
//! left as soon as what is placed, what the others do for certain wherever they start (their compulsory parts), and the rest
//! of their work, as if it could be done in any piece at any time, come to no less than the best schedule known.
//! (The branching of Neumann and Zimmermann, "Procedures for resource leveling and net present value problems in project
//! scheduling", European Journal of Operational Research 127 (2000), with the bound of levelling without structure.)
//!
//! Starts are whole slots. No schedule in between is better: of activities whose ends lie at other parts of a slot than the
//! rest, all that do so together can be moved to one side or the other, and on one of them nothing becomes worse, as the
//! criteria are linear in between.

use super::board::{Board, Worth};
use super::criterion::Criterion;
use super::profile::Profile;
use crate::effort::Control;
use crate::network::{Network, Slot};

/// Nodes of plans that are searched through, at most.
const MOST_NODES: usize = 60;
/// Starts that a node may have.
const MOST_STARTS: Slot = 4_000;

/// A search through all schedules.
pub struct Enumeration<'a, 'n> {
    pub board: &'a mut Board<'n>,
    pub network: &'n Network,
    pub control: &'a Control,
    /// The best schedule known.
    pub best: (Worth, Vec<(u32, Slot)>),
    /// The search ends when nodes have been placed so often.
    pub until: u64,
}

impl Enumeration<'_, '_> {
    /// Searches; afterwards every node is where it was.
    ///
    /// # Returns
    /// True if no schedule is better than the best one.
    pub fn run(&mut self) -> bool {
        if self.board.movable.len() > MOST_NODES {
            return false;
        }
        let places: Vec<(u32, Slot)> = self.board.movable.iter().map(|&node| (node, self.board.start(node))).collect();
        places.iter().for_each(|&(node, _)| self.board.take_out(node));
        let mut left: Vec<u32> = self.board.movable.clone();
        let is_complete = self.branch(&mut left);
        places.iter().for_each(|&(node, start)| {
            self.board.place(node, start);
        });
        is_complete
    }

    /// Tries all starts of the nodes that are left; false if that was too much.
    fn branch(&mut self, left: &mut Vec<u32>) -> bool {
        if self.board.asked >= self.until || self.control.must_stop() {
            return false;
        }
        if least(self.board, self.network, left) >= self.best.0.0 {
            return true;
        }
        let room = |node: u32| self.board.windows.late(node).0.saturating_sub(self.board.windows.early(node).0);
        let Some(at) = (0..left.len()).min_by_key(|&at| (room(left[at]), left[at])) else {
            let worth = self.board.worth();
            if worth < self.best.0 {
                self.best = (worth, self.board.movable.iter().map(|&node| (node, self.board.start(node))).collect());
            }
            return true;
        };
        let node = left[at];
        if room(node) > MOST_STARTS {
            return false;
        }
        left.swap_remove(at);
        let is_complete = self.starts(node).into_iter().all(|(_, start)| {
            self.board.asked += 1;
            let is_kept = self.board.has_room(node, start) && self.board.place(node, start);
            let is_complete = !is_kept || self.branch(left);
            if self.board.windows.is_placed(node) {
                self.board.take_out(node);
            }
            is_complete
        });
        left.push(node);
        is_complete
    }

    /// Every start in the window of a node, the cheapest first.
    fn starts(&mut self, node: u32) -> Vec<(Worth, Slot)> {
        let (mut at, latest) = (self.board.windows.early(node).0, self.board.windows.late(node).0);
        let mut starts = Vec::new();
        while at <= latest {
            match self.network.first_start(self.board.windows.mode(node), at) {
                Some(start) if start <= latest => {
                    starts.push((self.board.price(node, start), start));
                    at = start + 1;
                }
                _ => break,
            }
        }
        starts.sort_unstable();
        starts
    }
}

/// What no schedule is worth less than in which everything but `left`, nodes that are not placed, stands where it is.
pub fn least(board: &Board<'_>, network: &Network, left: &[u32]) -> i128 {
    let resources = board.levelled.iter().zip(compulsory(board, network, left));
    resources.map(|(of, (profile, work))| of.weights.0 * i128::from(board.criterion.least(&profile, work))).sum()
}

/// The profile of each levelled resource with what nodes that are not placed do for certain, and the rest of their work.
fn compulsory(board: &Board<'_>, network: &Network, left: &[u32]) -> Vec<(Profile, i64)> {
    let mut profiles = board.profiles.clone();
    let mut work = vec![0i64; profiles.len()];
    for &node in left {
        let mode = network.mode(board.windows.mode(node));
        let (late, early) = (board.windows.late(node).0, board.windows.early(node).1);
        for (resource, amount) in board.amounts(node) {
            work[resource] += i64::from(mode.duration) * amount;
            // Between its latest start and its earliest finish it is at work.
            for stretch in board.stretches_until(node, late, early, resource) {
                profiles[resource].add(stretch, amount);
                work[resource] -= i64::from(stretch.1 - stretch.0) * amount;
            }
        }
    }
    profiles.into_iter().zip(work).collect()
}

/// The fewest units of each levelled resource with which any schedule can do.
///
/// # Arguments
/// `has_windows` is true if the windows of the nodes hold for every schedule, and so do the modes on the board.
pub fn least_peaks(board: &Board<'_>, network: &Network, has_windows: bool) -> Vec<i64> {
    let mut empty = board.clone();
    let nodes: Vec<u32> = if has_windows { board.movable.clone() } else { Vec::new() };
    nodes.iter().for_each(|&node| empty.take_out(node));
    let of = |resource: usize| {
        let renewable = empty.levelled[resource].renewable;
        // What a node needs at least, at a time and in all, whichever of its modes is taken.
        let least = |node: usize| {
            let demand = |mode: usize| {
                let demands = network.demands.row(mode).iter().filter(|demand| demand.resource == renewable);
                let amount: i64 = demands.map(|demand| i64::from(demand.amount)).sum();
                let duration = i64::from(network.modes.items()[mode].duration);
                (if duration > 0 { amount } else { 0 }, amount * duration)
            };
            let modes = network.modes.range(node).map(demand);
            modes.reduce(|one, other| (one.0.min(other.0), one.1.min(other.1))).unwrap_or((0, 0))
        };
        let needs = (0..network.len()).map(least);
        let (largest, work) = needs.fold((0, 0), |sum, need| (need.0.max(sum.0), need.1 + sum.1));
        let nothing = Profile::new(empty.profiles[resource].end());
        let at_once = if has_windows { compulsory(&empty, network, &nodes)[resource].0.peak() } else { 0 };
        largest.max(at_once).max(Criterion::Peak.least(&nothing, work))
    };
    (0..empty.levelled.len()).map(of).collect()
}
