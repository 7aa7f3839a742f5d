//! Choosing modes, and repairing a choice that exceeds a total.

use rand::Rng;
use rand::seq::IndexedRandom;

use crate::cpm;
use crate::effort::Random;
use crate::network::{Network, Slot};

/// The choice of modes in a network: which nodes have one, and what the totals allow.
#[derive(Clone, Debug)]
pub struct ModeChoice {
    /// Nodes with more than one mode.
    pub nodes: Vec<u32>,
    /// What each total allows once the overhead up to the bound of the finish is taken off.
    capacity: Vec<i64>,
    /// How likely a draw prefers the cheaper of two modes to the shorter one.
    thrift: f64,
}

impl ModeChoice {
    /// # Arguments
    /// `bound` is a finish before which no schedule ends; `thrift` says how likely a draw prefers the cheaper of two modes to
    /// the shorter one.
    pub fn new(network: &Network, bound: Slot, thrift: f64) -> ModeChoice {
        let nodes = (0..network.len() as u32).filter(|&node| network.modes.row(node as usize).len() > 1).collect();
        let overhead = |with: bool| {
            let overhead = network.overhead.filter(|_| with);
            overhead.map_or(0, |overhead| network.overhead_until(&overhead, bound))
        };
        let capacity = network.totals.iter().map(|total| total.capacity - overhead(total.with_overhead)).collect();
        ModeChoice { nodes, capacity, thrift }
    }

    /// Modes drawn with a preference for short ones.
    pub fn drawn(&self, network: &Network, random: &mut Random) -> Vec<u32> {
        let mut modes = cpm::shortest_modes(network);
        for &node in &self.nodes {
            modes[node as usize] = self.draw(network, node, random);
        }
        modes
    }

    /// Gives up to `changes` nodes another mode.
    pub fn mutate(&self, network: &Network, modes: &mut [u32], changes: usize, random: &mut Random) {
        for _ in 0..changes {
            if let Some(&node) = self.nodes.choose(random) {
                modes[node as usize] = self.draw(network, node, random);
            }
        }
    }

    /// Changes modes until no total is exceeded: always the change that lowers the excess most (relative to each total's
    /// size), preferring, among equals, the shorter mode; a node that was changed for it may change again.
    ///
    /// # Returns
    /// What excess is left: zero if the totals are met.
    pub fn repair(&self, network: &Network, modes: &mut [u32], random: &mut Random) -> i64 {
        if self.capacity.is_empty() {
            return 0;
        }
        let mut used = self.used(network, modes);
        let mut change = vec![0i64; self.capacity.len()];
        // Each change lowers the excess; a kick at random leaves a dead end. Both are few in practice.
        for _ in 0..4 * self.nodes.len() + 8 {
            let excess = self.excess(&used);
            if excess == 0.0 {
                return 0;
            }
            let mut best: Option<(f64, Slot, u32, u32)> = None;
            // A few nodes at random are as good as all of them when there are many.
            let tries = self.nodes.len().min(64);
            let offset = if self.nodes.is_empty() { 0 } else { random.random_range(0..self.nodes.len()) };
            for step in 0..tries {
                let node = self.nodes[(offset + step * 7919) % self.nodes.len()];
                let now = modes[node as usize];
                for position in network.modes.range(node as usize).filter(|&position| position as u32 != now) {
                    change.fill(0);
                    network.consumptions.row(now as usize).iter().for_each(|c| change[c.total as usize] -= c.amount);
                    network.consumptions.row(position).iter().for_each(|c| change[c.total as usize] += c.amount);
                    let after: f64 = (0..used.len()).map(|total| self.part(total, used[total] + change[total])).sum();
                    let candidate = (after, network.modes.items()[position].duration, node, position as u32);
                    if best.is_none_or(|best| candidate < best) {
                        best = Some(candidate);
                    }
                }
            }
            match best {
                Some((after, _, node, position)) if after < excess => modes[node as usize] = position,
                _ => self.mutate(network, modes, 2, random),
            }
            used = self.used(network, modes);
        }
        (self.excess(&used) * 1000.0).ceil() as i64
    }

    /// What excess a choice has with its overhead up to `finish`: zero if every total is met.
    pub fn excess_at(&self, network: &Network, modes: &[u32], finish: Slot) -> i64 {
        let used = self.used(network, modes);
        let overhead = network.overhead.map_or(0, |overhead| network.overhead_until(&overhead, finish));
        let over = |(total, used): (&crate::network::Total, i64)| {
            (used + if total.with_overhead { overhead } else { 0 } - total.capacity).max(0)
        };
        network.totals.iter().zip(used).map(over).sum()
    }

    fn used(&self, network: &Network, modes: &[u32]) -> Vec<i64> {
        let mut used = vec![0; self.capacity.len()];
        for &position in modes {
            for consumption in network.consumptions.row(position as usize) {
                used[consumption.total as usize] += consumption.amount;
            }
        }
        used
    }

    fn part(&self, total: usize, used: i64) -> f64 {
        (used - self.capacity[total]).max(0) as f64 / self.capacity[total].max(1) as f64
    }

    fn excess(&self, used: &[i64]) -> f64 {
        used.iter().enumerate().map(|(total, &used)| self.part(total, used)).sum()
    }

    /// A mode of a node: of two drawn at random the shorter one, or now and then the cheaper one if money counts.
    fn draw(&self, network: &Network, node: u32, random: &mut Random) -> u32 {
        let range = network.modes.range(node as usize);
        let (a, b) = (random.random_range(range.clone()), random.random_range(range));
        let key = |position: usize| (i64::from(network.modes.items()[position].duration), network.costs[position]);
        let (of_a, of_b) = (key(a), key(b));
        let is_b_better = match self.thrift > 0.0 {
            true if random.random_bool(self.thrift) => (of_b.1, of_b.0) < (of_a.1, of_a.0),
            true => of_b < of_a,
            false => of_b.0 < of_a.0,
        };
        (if is_b_better { b } else { a }) as u32
    }
}
