//! How much certainly comes before and after each node, so that a schedule that is going to end too late is given up
//! before it is complete.

use crate::network::{EVERY_SLOT, Network, Slot};
use crate::plan::LinkKind;

/// Lengths of the longest paths, in slots, with the shortest modes.
#[derive(Clone, Debug)]
pub struct Reach {
    /// From the start of some node to the start of each.
    pub before: Vec<Slot>,
    /// From the start of each node to the finish of some node.
    pub behind: Vec<Slot>,
}

impl Reach {
    /// The paths of a network. Links to finishes are left out: they say nothing about starts as long as the mode is open.
    pub fn new(network: &Network) -> Reach {
        let shortest = |node: usize| network.modes.row(node).iter().map(|mode| mode.duration).min().unwrap_or(0);
        let behind: Vec<Slot> = (0..network.len()).map(shortest).collect();
        let mut reach = Reach { before: vec![0; network.len()], behind };
        for node in 0..network.len() {
            for (other, distance) in distances_from(network, node, reach.behind[node]) {
                reach.before[other] = reach.before[other].max(reach.before[node].saturating_add(distance));
            }
        }
        for node in (0..network.len()).rev() {
            let own = reach.behind[node];
            let longest = distances_from(network, node, own)
                .map(|(other, distance)| distance.saturating_add(reach.behind[other]))
                .fold(own, Slot::max);
            reach.behind[node] = longest;
        }
        reach
    }
}

/// The nodes that start after a node of at least this duration, with the least distance from start to start.
fn distances_from(network: &Network, node: usize, duration: Slot) -> impl Iterator<Item = (usize, Slot)> {
    network.successors.row(node).iter().filter_map(move |arc| {
        let lags = network.modes.range(node).map(|mode| network.lag(arc, node as u32, mode as u32));
        let lag = lags.min()?;
        // On a calendar of its own a lag lasts longer, and reaches back further.
        let is_certain = lag >= 0 || arc.calendar == EVERY_SLOT;
        let from_start = match arc.kind {
            LinkKind::FinishToStart => duration.saturating_add(lag),
            LinkKind::StartToStart => lag,
            LinkKind::FinishToFinish | LinkKind::StartToFinish => return None,
        };
        is_certain.then_some((arc.other as usize, from_start))
    })
}
