//! Looking for better schedules: single shifts, pair moves, and taking out several nodes to place them anew.
//!
//! An iterated greedy search (Ruiz and Stuetzle 2007, for flow shops) with the neighbourhoods of levelling heuristics: shifts of
//! one activity (Burgess and Killebrew 1962; Harris 1978), and shifts of several that give way to each other. What was destroyed
//! is rebuilt one node after the other, each at the best start in its window; a result that is a little worse than the best
//! so far may be gone on from (record-to-record travel, Dueck 1993).

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

use super::board::{Board, Worth};
use crate::effort::{Control, Random, random};
use crate::network::{Network, Slot};

/// Nodes that are taken out at once, at most.
const MOST_OUT: usize = 8;
/// Starts that are tried for the first node of a pair.
const MOST_FIRST: usize = 16;
/// Rebuilt schedules without a better one until the search goes on from the best one.
const PATIENCE: u32 = 100;
/// How much worse than the best a schedule may be to be gone on from: one part of so many, at the beginning.
const TOLERANCE: i128 = 20;

/// A search on a board.
pub struct Search<'a, 'n> {
    pub board: &'a mut Board<'n>,
    network: &'n Network,
    control: &'a Control,
    random: Random,
    /// The best starts so far, and what they are worth.
    pub best: (Worth, Vec<(u32, Slot)>),
    /// No schedule is worth less.
    bound: i128,
}

impl<'a, 'n> Search<'a, 'n> {
    pub fn new(
        board: &'a mut Board<'n>,
        network: &'n Network,
        bound: i128,
        seed: u64,
        control: &'a Control,
    ) -> Search<'a, 'n> {
        let best = (board.worth(), placed(board));
        Search { board, network, control, random: random(seed, 0), best, bound }
    }

    /// Searches until nodes have been placed so often, or no schedule can be better.
    pub fn run(&mut self, until: u64) {
        let begun = self.board.asked;
        self.descend(until);
        self.note();
        let mut stale = 0;
        while self.board.asked < until && !self.is_done() && !self.board.movable.is_empty() {
            let before = self.board.worth();
            let undo = self.shake();
            let after = self.board.worth();
            let left = i128::from(until.saturating_sub(self.board.asked)) * 64 / i128::from((until - begun).max(1));
            let most = self.best.0.0 + self.best.0.0 / TOLERANCE * left / 64;
            stale = if self.note() { 0 } else { stale + 1 };
            if stale > PATIENCE {
                let best = self.best.1.clone();
                self.put_back(&best);
                stale = 0;
            } else if after > before && (after.0 > most || after.0 == before.0 && self.random.random_range(0..4) > 0) {
                self.put_back(&undo);
            }
        }
        let best = self.best.1.clone();
        self.put_back(&best);
    }

    /// Goes on from the best schedule known until nodes have been placed so often, and leaves the best one on the board.
    pub fn settle(&mut self, until: u64) {
        let best = self.best.1.clone();
        self.put_back(&best);
        self.run(until);
    }

    /// True if there is nothing more to be done.
    pub fn is_done(&self) -> bool {
        self.best.0.0 <= self.bound || self.control.must_stop()
    }

    /// Keeps the schedule on the board if it is the best so far.
    fn note(&mut self) -> bool {
        let worth = self.board.worth();
        let is_better = worth < self.best.0;
        if is_better {
            self.best = (worth, placed(self.board));
        }
        is_better
    }

    /// Shifts single nodes as long as that makes anything better.
    fn descend(&mut self, until: u64) {
        let mut nodes = self.board.movable.clone();
        let mut is_better = true;
        while is_better && self.board.asked < until && !self.control.must_stop() {
            nodes.shuffle(&mut self.random);
            is_better = false;
            for &node in &nodes {
                is_better |= self.shift(node);
            }
        }
    }

    /// Puts a node where it is best; true if that is better than where it was.
    fn shift(&mut self, node: u32) -> bool {
        let old = self.board.start(node);
        self.board.take_out(node);
        let before = self.board.price(node, old);
        if let Some((after, start)) = self.board.best_start(node, old) {
            if self.board.place(node, start) {
                return after < before;
            }
            self.board.take_out(node);
        }
        self.board.place(node, old);
        false
    }

    /// Rebuilds a part of the schedule.
    ///
    /// # Returns
    /// Where the nodes that may have moved were before.
    fn shake(&mut self) -> Vec<(u32, Slot)> {
        let out = self.some_nodes();
        let mut undo: Vec<(u32, Slot)> = out.iter().map(|&node| (node, self.board.start(node))).collect();
        let is_rebuilt = match out[..] {
            [one, other] => self.place_pair(one, other),
            _ => self.rebuild(&out),
        };
        if !is_rebuilt {
            self.put_back(&undo);
            return undo;
        }
        let mut others: Vec<u32> =
            self.board.movable.choose_multiple(&mut self.random, 2 * MOST_OUT).copied().collect();
        others.retain(|node| !out.contains(node));
        undo.extend(others.iter().map(|&node| (node, self.board.start(node))));
        others.into_iter().chain(out).for_each(|node| {
            self.shift(node);
        });
        undo
    }

    /// Nodes that have to do with each other: linked, or near each other in time.
    fn some_nodes(&mut self) -> Vec<u32> {
        let movable = &self.board.movable;
        let most = MOST_OUT.min(movable.len());
        let count = self.random.random_range(most.min(2)..=most);
        let Some(&first) = movable.choose(&mut self.random) else { return Vec::new() };
        let mut out = vec![first];
        let reach = self.network.mode(self.board.windows.mode(first)).duration.max(1);
        let is_near = |node: u32| {
            let ((from, to), (start, finish)) = (self.board.windows.early(first), self.board.windows.early(node));
            start < to.saturating_add(reach) && from < finish.saturating_add(reach)
        };
        let mut pool = match self.random.random_range(0..3) {
            0 => self.linked(first),
            1 => movable.iter().copied().filter(|&node| node != first && is_near(node)).collect(),
            _ => Vec::new(),
        };
        if pool.len() + 1 < count {
            pool = movable.iter().copied().filter(|&node| node != first).collect();
        }
        pool.shuffle(&mut self.random);
        out.extend(pool.into_iter().take(count - 1));
        out
    }

    /// The movable nodes that are linked to a node, if need be through others; the nearest ones first.
    fn linked(&self, node: u32) -> Vec<u32> {
        let (mut found, mut seen) = (Vec::new(), vec![node]);
        let mut next = 0;
        while next < seen.len() && seen.len() < 8 * MOST_OUT {
            let index = seen[next] as usize;
            let arcs = self.network.predecessors.row(index).iter().chain(self.network.successors.row(index));
            for other in arcs.map(|arc| arc.other) {
                if !seen.contains(&other) {
                    seen.push(other);
                    found.extend(self.board.movable.binary_search(&other).ok().map(|_| other));
                }
            }
            next += 1;
        }
        found.truncate(2 * MOST_OUT);
        found
    }

    /// Takes nodes out, and places one after the other where it is best; false if one finds no place.
    fn rebuild(&mut self, out: &[u32]) -> bool {
        let old: Vec<Slot> = out.iter().map(|&node| self.board.start(node)).collect();
        out.iter().for_each(|&node| self.board.take_out(node));
        let mut order: Vec<usize> = (0..out.len()).collect();
        order.shuffle(&mut self.random);
        order.into_iter().all(|number| {
            let start = self.board.best_start(out[number], old[number]).map(|(_, start)| start);
            start.is_some_and(|start| self.board.place(out[number], start))
        })
    }

    /// Takes two nodes out, and places them where both together are best.
    fn place_pair(&mut self, one: u32, other: u32) -> bool {
        let old = [one, other].map(|node| self.board.start(node));
        self.board.take_out(one);
        self.board.take_out(other);
        let mut firsts = self.board.candidates(one);
        while firsts.len() > MOST_FIRST {
            firsts.swap_remove(self.random.random_range(0..firsts.len()));
        }
        let mut best: Option<(Worth, Slot, Slot)> = None;
        for first in firsts {
            if !self.board.has_room(one, first) {
                continue;
            }
            if self.board.place(one, first)
                && let Some((_, second)) = self.board.best_start(other, old[1])
            {
                if self.board.place(other, second) {
                    let found = (self.board.worth(), first, second);
                    best = Some(best.map_or(found, |best| best.min(found)));
                }
                self.board.take_out(other);
            }
            self.board.take_out(one);
        }
        best.is_some_and(|(_, first, second)| self.board.place(one, first) && self.board.place(other, second))
    }

    /// Puts nodes where they were.
    fn put_back(&mut self, places: &[(u32, Slot)]) {
        let is_placed = |board: &Board<'_>, node: u32| board.windows.is_placed(node);
        let moved: Vec<(u32, Slot)> = (places.iter().copied())
            .filter(|&(node, start)| !is_placed(self.board, node) || self.board.start(node) != start)
            .collect();
        for &(node, _) in &moved {
            if is_placed(self.board, node) {
                self.board.take_out(node);
            }
        }
        for (node, start) in moved {
            self.board.place(node, start);
        }
    }

    /// Puts nodes back where they stood in the given schedule, where that makes nothing worse.
    pub fn return_to(&mut self, given: &[Slot]) {
        for node in self.board.movable.clone() {
            let (old, wish) = (self.board.start(node), given[node as usize]);
            let window = (self.board.windows.early(node).0, self.board.windows.late(node).0);
            if old == wish || window.0 > window.1 {
                continue;
            }
            self.board.take_out(node);
            let window = self.board.windows.early(node).0..=self.board.windows.late(node).0;
            let is_as_good = self.board.price(node, wish).0 <= self.board.price(node, old).0;
            let may_return = window.contains(&wish) && is_as_good && self.board.has_room(node, wish);
            if may_return && self.board.place(node, wish) {
                continue;
            }
            if self.board.windows.is_placed(node) {
                self.board.take_out(node);
            }
            self.board.place(node, old);
        }
    }
}

/// Where the movable nodes stand.
fn placed(board: &Board<'_>) -> Vec<(u32, Slot)> {
    board.movable.iter().map(|&node| (node, board.start(node))).collect()
}
