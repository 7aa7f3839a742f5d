//! The backward pass: every node as late as the project's finish, deadlines and successors allow.

use super::Handover;
use super::forward::fixed_start;
use crate::index::Rows;
use crate::network::{Network, Slot};

/// Latest positions of every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateDates {
    /// Start of each node; may be negative.
    pub start: Vec<Slot>,
    /// Finish of each node; may be negative.
    pub finish: Vec<Slot>,
}

/// The backward pass: the latest dates that delay neither `project_finish` nor a deadline.
///
/// "No later" constraints and deadlines count here and nowhere else; must dates stand as they are. Maximal lags are left
/// aside, so the dates are upper bounds where there are any.
///
/// # Arguments
/// `modes` holds the mode position of each node.
///
/// # Complexity
/// Linear in nodes and links.
pub fn late_dates(network: &Network, modes: &[u32], project_finish: Slot) -> LateDates {
    backward(network, modes, project_finish, None)
}

/// The backward pass; hand-overs, in rows by predecessor, act as finish-to-start links.
pub(super) fn backward(
    network: &Network,
    modes: &[u32],
    project_finish: Slot,
    handovers: Option<&Rows<Handover>>,
) -> LateDates {
    let count = network.len();
    let mut late = LateDates { start: vec![0; count], finish: vec![0; count] };
    let project_finish = project_finish.min(network.deadline);
    // Hand-overs need not follow the order of the nodes, but they follow time.
    let by_time = handovers.map(|handovers| order_with(network, handovers));
    for position in (0..count).rev() {
        let node = by_time.as_ref().map_or(position, |order| order[position] as usize);
        let mode = modes[node];
        let start = fixed_start(network, mode, node).unwrap_or_else(|| {
            let (mut latest_start, mut latest_finish) = limits(network, modes, node, &late.start, &late.finish);
            for handover in handovers.into_iter().flat_map(|handovers| handovers.row(node)) {
                latest_finish = latest_finish.min(late.start[handover.successor as usize]);
            }
            latest_start = latest_start.min(network.latest_start[node]);
            latest_finish = latest_finish.min(network.latest_finish[node]).min(project_finish);
            network.last_start(mode, latest_start, latest_finish)
        });
        late.start[node] = start;
        late.finish[node] = network.finish(mode, start).unwrap_or(network.horizon);
    }
    late
}

/// The latest start and finish at which a node does not move its successors, given their dates.
pub fn limits(network: &Network, modes: &[u32], node: usize, starts: &[Slot], finishes: &[Slot]) -> (Slot, Slot) {
    let (mut latest_start, mut latest_finish) = (Slot::MAX, Slot::MAX);
    let mode = modes[node];
    for arc in network.successors.row(node) {
        let successor = arc.other as usize;
        let times = (starts[successor], finishes[successor]);
        let end = network.latest_by_arc(arc, node as u32, mode, modes[successor], times);
        if arc.kind.from_finish() {
            latest_finish = latest_finish.min(end);
        } else {
            latest_start = latest_start.min(end);
        }
    }
    (latest_start, latest_finish)
}

/// The nodes in an order that follows both links and hand-overs.
fn order_with(network: &Network, handovers: &Rows<Handover>) -> Vec<u32> {
    let count = network.len();
    let mut waiting = vec![0u32; count];
    for node in 0..count {
        waiting[node] += network.predecessors.row(node).len() as u32;
        for handover in handovers.row(node) {
            waiting[handover.successor as usize] += 1;
        }
    }
    let mut order: Vec<u32> = Vec::with_capacity(count);
    let mut is_placed = vec![false; count];
    for root in 0..count {
        // What hand-overs that contradict the links would leave out comes in the order of the nodes.
        if waiting[root] > 0 || is_placed[root] {
            continue;
        }
        let mut next = order.len();
        order.push(root as u32);
        is_placed[root] = true;
        while next < order.len() {
            let node = order[next] as usize;
            let arcs = network.successors.row(node).iter().map(|arc| arc.other);
            for successor in arcs.chain(handovers.row(node).iter().map(|handover| handover.successor)) {
                waiting[successor as usize] -= 1;
                if waiting[successor as usize] == 0 && !is_placed[successor as usize] {
                    is_placed[successor as usize] = true;
                    order.push(successor);
                }
            }
            next += 1;
        }
    }
    order.extend((0..count as u32).filter(|&node| !is_placed[node as usize]));
    order
}
