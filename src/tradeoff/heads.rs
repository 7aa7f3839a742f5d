//! How early anything can be with the modes of a set: a bound that knows calendars.

use fixedbitset::FixedBitSet;

use super::program::is_pinned;
use crate::cpm::fixed_start;
use crate::network::{Arc, NO_EARLIEST, Network, Slot};
use crate::plan::Plan;

/// What no choice of a set undercuts.
pub struct Heads {
    /// The mode of each node in which it finishes first.
    pub quickest: Vec<u32>,
    /// The finish of the project.
    pub finish: Slot,
}

impl Heads {
    /// The earliest start of every node in any of its modes, and the earliest finish in any, given those of its predecessors.
    ///
    /// # Returns
    /// `None` if a node has no dates in any mode.
    pub fn of(plan: &Plan, network: &Network, possible: &FixedBitSet) -> Option<Heads> {
        let mut times: Vec<(Slot, Slot)> = Vec::with_capacity(network.len());
        let mut heads = Heads { quickest: Vec::with_capacity(network.len()), finish: 0 };
        let modes =
            |node: usize| network.modes.range(node).filter(|&mode| possible.contains(mode)).map(|mode| mode as u32);
        for node in 0..network.len() {
            let by_arc = |arc: &Arc, mode: u32| -> Slot {
                let bound = |from: u32| {
                    let lag = network.lag(arc, arc.other, from);
                    network.earliest_by_arc(arc, lag, times[arc.other as usize], from, mode)
                };
                modes(arc.other as usize).filter_map(bound).min().unwrap_or(network.horizon)
            };
            let start_in = |mode: u32| -> Option<Slot> {
                if let Some(start) = fixed_start(network, mode, node) {
                    return Some(start);
                }
                let mut earliest = network.release[node];
                if network.finish_release[node] != NO_EARLIEST {
                    earliest = earliest.max(network.start_for_finish(mode, network.finish_release[node]));
                }
                if !is_pinned(plan, network, node) {
                    let arcs = network.predecessors.row(node).iter();
                    earliest = arcs.map(|arc| by_arc(arc, mode)).fold(earliest, Slot::max);
                }
                network.first_start(mode, earliest)
            };
            let dated = |mode: u32| {
                let start = start_in(mode)?;
                Some((network.finish(mode, start)?, network.costs[mode as usize], mode, start))
            };
            let found: Vec<(Slot, i64, u32, Slot)> = modes(node).filter_map(dated).collect();
            let &(finish, _, quickest, _) = found.iter().min()?;
            times.push((found.iter().map(|dated| dated.3).min()?, finish));
            heads.quickest.push(quickest);
            heads.finish = heads.finish.max(finish);
        }
        Some(heads)
    }
}
