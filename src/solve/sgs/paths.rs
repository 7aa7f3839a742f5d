//! How much certainly comes before and after each node, so that a schedule that is going to end too late is given up
//! before it is complete.

use crate::network::{EVERY_SLOT, Network, Slot};
use crate::plan::LinkKind;

/// Lengths of the longest paths, in slots, with the shortest modes.
#[derive(Clone, Debug)]
pub struct Paths {
    /// From the start of some node to the start of each.
    pub before: Vec<Slot>,
    /// From the start of each node to the finish of some node.
    pub behind: Vec<Slot>,
}

impl Paths {
    /// The paths of a network. Links to finishes are left out: they say nothing about starts as long as the mode is open.
    pub fn new(network: &Network) -> Paths {
        let shortest = |node: usize| network.modes.row(node).iter().map(|mode| mode.duration).min().unwrap_or(0);
        let behind: Vec<Slot> = (0..network.len()).map(shortest).collect();
        let mut paths = Paths { before: vec![0; network.len()], behind };
        for node in 0..network.len() {
            for (other, distance) in distances_from(network, node, paths.behind[node]) {
                paths.before[other] = paths.before[other].max(paths.before[node].saturating_add(distance));
            }
        }
        for node in (0..network.len()).rev() {
            let own = paths.behind[node];
            let longest = distances_from(network, node, own)
                .map(|(other, distance)| distance.saturating_add(paths.behind[other]))
                .fold(own, Slot::max);
            paths.behind[node] = longest;
        }
        paths
    }

    /// True if every schedule in which a node starts at `start` finishes after `limit`. (Exact dates may put a start before
    /// the project's.)
    #[inline]
    pub fn end_after(&self, limit: Slot, node: u32, start: Slot) -> bool {
        self.behind[node as usize] > limit.saturating_sub(start)
    }

    /// True if every schedule in which a node starts at `start` begins before `least`.
    #[inline]
    pub fn begin_before(&self, least: Slot, node: u32, start: Slot) -> bool {
        start.saturating_sub(self.before[node as usize]) < least
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NEVER;

    #[test]
    fn limits_hold_for_starts_before_the_project_and_where_there_is_none() {
        let paths = Paths { before: vec![2], behind: vec![5] };
        assert_eq!([5, 6].map(|start| paths.end_after(10, 0, start)), [false, true]);
        assert_eq!([3, 2].map(|start| paths.begin_before(1, 0, start)), [false, true]);
        assert!(!paths.end_after(NEVER, 0, -3));
        assert!(!paths.begin_before(Slot::MIN, 0, -3));
    }
}
