//! Moving the tasks that want to be late: as late as possible without moving anything else, and without a loss in what was
//! asked for.

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
        let index = node as usize;
        let (own, own_finish) = (delayed.starts[index], delayed.finishes[index]);
        let makespan = member.score.makespan;
        // Up to the finish of the project, or else to its own deadline.
        for until in [makespan, context.latest_by_wishes(node, own, own_finish, makespan)] {
            let latest = machine.latest(node, until).filter(|&start| start != NEVER && start >= own);
            let Some(start) = latest.filter(|&start| machine.keeps_caps(node, start)) else { continue };
            let Some(finish) = network.finish(delayed.modes[index], start) else { continue };
            (delayed.starts[index], delayed.finishes[index]) = (start, finish);
            let Member { modes, starts, finishes, .. } = &delayed;
            let score = context.aims.score(member.score.violation, modes, starts, finishes, makespan);
            if context.aims.asked_values(&score) <= context.aims.asked_values(&delayed.score) {
                delayed.score = score;
                break;
            }
            (delayed.starts[index], delayed.finishes[index]) = (own, own_finish);
        }
    }
    delayed.order = context.order_by_start(&delayed.starts);
    delayed
}
