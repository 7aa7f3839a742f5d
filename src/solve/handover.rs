//! Who hands which resource to whom in a schedule: the arcs that make it a partial-order schedule.
//!
//! Source: Policella, Cesta, Oddo, Smith, "From precedence constraint posting to partial order schedules", AI
//! Communications 20 (2007), section 5 (chaining).

use super::start::{FormerSchedule, given_start, nearest_mode};
use crate::cpm::Handover;
use crate::network::{Network, Slot};
use crate::schedule::Schedule;

/// What a schedule fixes beyond its dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialOrder {
    /// The mode position of each node.
    pub modes: Vec<u32>,
    /// The start of each node, in slots.
    pub starts: Vec<Slot>,
    /// Who hands which resource to whom.
    pub handovers: Vec<Handover>,
}

/// What is left of a schedule if its dates are taken away, and its starts.
///
/// # Arguments
/// `network` is compiled of the schedule's plan, in slots of any length.
pub fn partial_order(network: &Network, schedule: &Schedule) -> PartialOrder {
    let former = FormerSchedule::from(schedule);
    let modes: Vec<u32> = (0..network.len()).map(|node| nearest_mode(network, node, &former)).collect();
    let starts: Vec<Slot> =
        network.origin.iter().map(|&origin| given_start(network, origin, &former).unwrap_or(0)).collect();
    let finish = |(&start, &mode): (&Slot, &u32)| network.finish(mode, start).unwrap_or(network.horizon);
    let finishes: Vec<Slot> = starts.iter().zip(&modes).map(finish).collect();
    let handovers = handovers(network, &modes, &starts, &finishes);
    PartialOrder { modes, starts, handovers }
}

/// The hand-overs of a schedule: each node gets its units from the nodes that gave them back most recently.
///
/// Units that nobody had before (or that a varying capacity adds) come from no node. Nodes that work in each other's
/// pauses hand nothing over.
///
/// # Returns
/// Hand-overs sorted by successor, predecessor and resource, none twice.
///
/// # Complexity
/// O(n log n) per resource, plus one step for each hand-over.
pub fn handovers(network: &Network, modes: &[u32], starts: &[Slot], finishes: &[Slot]) -> Vec<Handover> {
    let mut users: Vec<Vec<(Slot, u32, i32)>> = vec![Vec::new(); network.renewables.len()];
    for node in 0..network.len() {
        if finishes[node] > starts[node] {
            for demand in network.demands.row(modes[node] as usize) {
                users[demand.resource as usize].push((starts[node], node as u32, demand.amount));
            }
        }
    }
    let mut found = Vec::new();
    for (resource, mut users) in users.into_iter().enumerate() {
        users.sort_unstable();
        // Units in use, by finish; and units given back, most recent last.
        let mut busy: std::collections::BTreeSet<(Slot, u32, i32)> = Default::default();
        let mut idle: Vec<(u32, i32)> = Vec::new();
        for (start, node, amount) in users {
            while let Some(&first) = busy.first().filter(|first| first.0 <= start) {
                busy.remove(&first);
                idle.push((first.1, first.2));
            }
            let mut missing = amount;
            while let Some((giver, units)) = idle.pop().filter(|_| missing > 0) {
                found.push(Handover { predecessor: giver, successor: node, resource: resource as u32 });
                if units > missing {
                    idle.push((giver, units - missing));
                }
                missing -= units.min(missing);
                if missing == 0 {
                    break;
                }
            }
            busy.insert((finishes[node as usize], node, amount));
        }
    }
    found.sort_unstable_by_key(|handover| (handover.successor, handover.predecessor, handover.resource));
    found.dedup();
    found
}
