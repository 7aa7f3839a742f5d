//! The parallel scheme with the rule of the worst case slack (WCS).
//!
//! Of the nodes that can start now, the one goes first that would come closest to its latest start if another one of them
//! were started now instead. Source: Kolisch, "Efficient priority rules for the resource-constrained project scheduling
//! problem", Journal of Operations Management 14 (1996), section 3. The earliest start beside a rival is taken from the
//! pair alone: now, if both fit into the greatest capacity, otherwise the rival's finish; what runs already is left out.

use super::Machine;
use crate::network::{NEVER, Network, Slot};

/// Always places, of the nodes that can start first, the one with the least worst case slack.
///
/// # Arguments
/// `modes` are the mode positions that the machine was reset to, `late_start` the latest start of each node.
///
/// # Returns
/// The latest finish.
///
/// # Errors
/// A node that can never start.
///
/// # Complexity
/// O(n w (q + w d)) for n nodes, w of them waiting at a time, q for a question to the machine and d demands of a node.
pub fn by_worst_case_slack<M: Machine>(
    machine: &mut M,
    network: &Network,
    modes: &[u32],
    late_start: &[Slot],
) -> Result<Slot, u32> {
    let most: Vec<i64> = network.renewables.iter().map(|renewable| most_units(&renewable.steps)).collect();
    let mut missing: Vec<u32> = network.predecessors.iter().map(|arcs| arcs.len() as u32).collect();
    let mut waiting: Vec<u32> = (0..network.len() as u32).filter(|&node| missing[node as usize] == 0).collect();
    let mut makespan = 0;
    while !waiting.is_empty() {
        let starts: Vec<Slot> = waiting.iter().map(|&node| machine.earliest(node)).collect();
        if let Some(at) = starts.iter().position(|&start| start == NEVER) {
            return Err(waiting[at]);
        }
        let now = starts.iter().copied().min().unwrap_or(0);
        let ready: Vec<u32> =
            waiting.iter().zip(&starts).filter(|&(_, &at)| at == now).map(|(&node, _)| node).collect();
        let slack = |node: u32| {
            let rivals = ready.iter().filter(|&&rival| rival != node);
            let beside = |&rival: &u32| {
                let (mode, own) = (modes[rival as usize], modes[node as usize]);
                if fit_together(network, mode, own, &most) { now } else { network.finish(mode, now).unwrap_or(NEVER) }
            };
            late_start[node as usize].saturating_sub(rivals.map(beside).max().unwrap_or(now))
        };
        let chosen = ready.iter().copied().min_by_key(|&node| (slack(node), late_start[node as usize], node));
        let Some(node) = chosen else { break };
        // The machine answers for the node that it was asked about last.
        let start = machine.earliest(node);
        machine.place(node, start);
        makespan = makespan.max(machine.finish(node));
        waiting.retain(|&other| other != node);
        for arc in network.successors.row(node as usize) {
            missing[arc.other as usize] -= 1;
            if missing[arc.other as usize] == 0 {
                waiting.push(arc.other);
            }
        }
    }
    Ok(makespan)
}

fn most_units(steps: &[(Slot, i32)]) -> i64 {
    steps.iter().map(|&(_, units)| i64::from(units)).max().unwrap_or(0)
}

/// True if two modes may run at the same time as far as the greatest capacities go.
fn fit_together(network: &Network, one: u32, other: u32, most: &[i64]) -> bool {
    network.demands.row(one as usize).iter().all(|demand| {
        let same = network.demands.row(other as usize).iter().filter(|beside| beside.resource == demand.resource);
        let both = i64::from(demand.amount) + same.map(|beside| i64::from(beside.amount)).sum::<i64>();
        both <= most[demand.resource as usize]
    })
}
