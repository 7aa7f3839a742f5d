//! Priority rules: orders of the nodes that are worth trying first.
//!
//! Source: Kolisch, "Efficient priority rules for the resource-constrained project scheduling problem", Journal of
//! Operations Management 14 (1996), table 1. The latest dates count from the critical path and from every date limit, so
//! that nodes before a fixed date or a deadline are urgent.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::Rng;

use crate::cpm::{self, EarlyDates};
use crate::effort::Random;
use crate::network::{Network, Slot};

/// A priority rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Latest finish time first (LFT).
    LatestFinish,
    /// Latest start time first (LST).
    LatestStart,
    /// Least difference between latest and earliest start first (MSLK).
    LeastSlack,
    /// Most successors in all first (MTS).
    MostTotalSuccessors,
    /// Greatest duration of the node and its direct successors together first (GRPW).
    GreatestRankPositionalWeight,
    /// Shortest duration first (SPT).
    ShortestDuration,
}

impl Rule {
    /// The rules, best on average first.
    pub const ALL: [Rule; 6] = [
        Rule::LatestFinish,
        Rule::LatestStart,
        Rule::MostTotalSuccessors,
        Rule::GreatestRankPositionalWeight,
        Rule::LeastSlack,
        Rule::ShortestDuration,
    ];

    /// Its usual abbreviation.
    pub fn name(self) -> &'static str {
        match self {
            Rule::LatestFinish => "LFT",
            Rule::LatestStart => "LST",
            Rule::LeastSlack => "MSLK",
            Rule::MostTotalSuccessors => "MTS",
            Rule::GreatestRankPositionalWeight => "GRPW",
            Rule::ShortestDuration => "SPT",
        }
    }
}

/// Dates that the rules need, for one choice of modes.
#[derive(Clone, Debug)]
pub struct Urgency {
    early_start: Vec<Slot>,
    late_start: Vec<Slot>,
    late_finish: Vec<Slot>,
    durations: Vec<Slot>,
    /// Number of direct and indirect successors; direct ones only in large networks.
    successors: Vec<u32>,
}

/// Above this number of nodes the successors of a node are no longer counted through (quadratic memory).
const COUNT_ALL_SUCCESSORS: usize = 4_000;

impl Urgency {
    /// The dates of a network, its nodes done in these mode positions.
    ///
    /// # Complexity
    /// Linear in nodes and arcs, plus O(n^2 / 64) for the successors of networks of at most 4,000 nodes.
    pub fn new(network: &Network, modes: &[u32]) -> Urgency {
        let nodes = network.len();
        let early = cpm::early_dates(network, modes).unwrap_or_else(|| EarlyDates {
            start: network.release.clone(),
            finish: network.release.clone(),
            project_finish: 0,
        });
        let late = cpm::late_dates(network, modes, early.project_finish);
        let durations = (0..nodes).map(|node| network.mode(modes[node]).duration).collect();
        Urgency {
            early_start: early.start,
            late_start: late.start,
            late_finish: late.finish,
            durations,
            successors: successor_counts(network),
        }
    }

    /// The latest start of each node.
    pub fn late_starts(&self) -> &[Slot] {
        &self.late_start
    }

    /// The key of each node under a rule; lower goes first.
    pub fn keys(&self, network: &Network, rule: Rule) -> Vec<f64> {
        let key = |node: usize| -> f64 {
            match rule {
                Rule::LatestFinish => f64::from(self.late_finish[node]),
                Rule::LatestStart => f64::from(self.late_start[node]),
                Rule::LeastSlack => f64::from(self.late_start[node]) - f64::from(self.early_start[node]),
                Rule::MostTotalSuccessors => -f64::from(self.successors[node]),
                Rule::GreatestRankPositionalWeight => {
                    let arcs = network.successors.row(node).iter();
                    let following: i64 = arcs.map(|arc| i64::from(self.durations[arc.other as usize])).sum();
                    -((following + i64::from(self.durations[node])) as f64)
                }
                Rule::ShortestDuration => f64::from(self.durations[node]),
            }
        };
        // Among equals the higher priority goes first; a whole step of the rule outweighs any priority.
        (0..network.len()).map(|node| key(node) - f64::from(network.priority[node]) / 1024.0).collect()
    }
}

fn successor_counts(network: &Network) -> Vec<u32> {
    let nodes = network.len();
    if nodes > COUNT_ALL_SUCCESSORS {
        return network.successors.iter().map(|arcs| arcs.len() as u32).collect();
    }
    let words = nodes.div_ceil(64);
    let mut reached = vec![0u64; nodes * words];
    for node in (0..nodes).rev() {
        for arc in network.successors.row(node) {
            let other = arc.other as usize;
            let (head, tail) = reached.split_at_mut((node + 1) * words);
            let row = &mut head[node * words..];
            let of_other = &tail[(other - node - 1) * words..][..words];
            row.iter_mut().zip(of_other).for_each(|(word, &more)| *word |= more);
            row[other / 64] |= 1 << (other % 64);
        }
    }
    reached.chunks(words.max(1)).map(|row| row.iter().map(|word| word.count_ones()).sum()).collect()
}

/// The order in which the node of least key among those whose predecessors are out goes next.
pub fn order_by(network: &Network, keys: &[f64]) -> Vec<u32> {
    let sortable: Vec<u64> = keys.iter().map(|&key| ascending_bits(key)).collect();
    let mut waiting: Vec<u32> = network.predecessors.iter().map(|arcs| arcs.len() as u32).collect();
    let mut queue: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
    queue.extend(
        (0..network.len()).filter(|&node| waiting[node] == 0).map(|node| Reverse((sortable[node], node as u32))),
    );
    let mut order = Vec::with_capacity(network.len());
    while let Some(Reverse((_, node))) = queue.pop() {
        order.push(node);
        for arc in network.successors.row(node as usize) {
            waiting[arc.other as usize] -= 1;
            if waiting[arc.other as usize] == 0 {
                queue.push(Reverse((sortable[arc.other as usize], arc.other)));
            }
        }
    }
    order
}

/// Bits that order like the number does.
fn ascending_bits(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Keys with noise: each moves by up to `strength` times the spread of all keys, so that better nodes stay likely to go
/// first (the idea of regret-based biased random sampling, Drexl 1991, at the price of one sort).
pub fn disturbed(keys: &[f64], strength: f64, random: &mut Random) -> Vec<f64> {
    let (low, high) = keys.iter().fold((f64::MAX, f64::MIN), |(low, high), &key| (low.min(key), high.max(key)));
    let spread = (high - low).max(1.0) * strength;
    keys.iter().map(|&key| key + random.random::<f64>() * spread).collect()
}
