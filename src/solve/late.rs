//! Moving the tasks that want to be late: as late as possible without moving anything else.

use super::search::{Context, Member};
use super::sgs::{General, Machine};
use crate::network::NEVER;

/// Starts and finishes of a member once its as-late-as-possible nodes have moved right into what room the rest leaves.
pub fn delayed(context: &Context<'_>, member: &Member) -> Member {
    let network = context.network;
    let wants = |node: u32| network.as_late_as_possible[node as usize];
    let held =
        |node: u32| network.maximal_lags.iter().any(|maximal| maximal.predecessor == node || maximal.successor == node);
    let moving: Vec<u32> = (0..network.len() as u32).rev().filter(|&node| wants(node) && !held(node)).collect();
    if moving.is_empty() {
        return member.clone();
    }
    let mut delayed = member.clone();
    for node in moving {
        // Everything else keeps its place, the nodes that are still to move included: each may only take free room.
        let mut machine = General::new(network);
        machine.assume_finish(member.score.makespan);
        machine.reset(&delayed.modes);
        for &other in delayed.order.iter().filter(|&&other| other != node) {
            machine.place(other, delayed.starts[other as usize]);
        }
        let own = delayed.starts[node as usize];
        let start = machine.latest(node, member.score.makespan).filter(|&start| start != NEVER && start >= own);
        let start = start.filter(|&start| machine.keeps_caps(node, start)).unwrap_or(own);
        machine.place(node, start);
        delayed.starts[node as usize] = start;
        delayed.finishes[node as usize] = machine.finish(node);
    }
    delayed.order = context.order_by_start(&delayed.starts);
    let (modes, makespan) = (&delayed.modes, member.score.makespan);
    let Member { starts, finishes, .. } = &delayed;
    delayed.score = context.aims.score(member.score.violation, modes, starts, finishes, makespan);
    delayed
}
