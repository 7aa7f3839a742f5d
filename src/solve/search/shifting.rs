//! Moving nodes to the right for what it is worth: money that flows later, and deadlines that leave room.

use super::super::sgs::Machine;
use super::context::Context;
use crate::network::{NEVER, NO_EARLIEST, Slot};

/// Moves each node whose costs outweigh what it brings as late as its successors, the resources, its deadline and the
/// finish of the project let it; everything else stays. Those with a later finish move first, so that whole chains give way.
///
/// This is the shift of activities with negative cash flow of Selle, Zimmermann, "A bidirectional heuristic for maximizing
/// the net present value of large-scale projects subject to limited resources", Naval Research Logistics 50 (2003), for
/// single nodes.
///
/// # Arguments
/// The machine is fresh, in these `modes`; `order` puts later finishes first, successors first; `dates` are starts and
/// finishes.
///
/// # Returns
/// True if the machine holds a schedule in which something has moved.
pub fn shift_costs<M: Machine>(
    context: &Context<'_>,
    machine: &mut M,
    modes: &[u32],
    order: &[u32],
    (starts, finishes): (&[Slot], &[Slot]),
    makespan: Slot,
) -> bool {
    let Some(purse) = context.aims.purse() else { return false };
    let network = context.network;
    let mut has_moved = false;
    for &node in order {
        let index = node as usize;
        let (start, finish) = (starts[index], finishes[index]);
        let is_free = purse.gains_by_waiting(index, modes[index], start, finish) && !context.is_held(node);
        let horizon = if is_free { horizon(context, node, start, finish, makespan) } else { finish };
        let Some(latest) = machine.latest(node, horizon).filter(|&latest| latest >= start) else { return false };
        let mut target = start;
        if is_free && latest > start && machine.keeps_caps(node, latest) {
            let until = network.finish(modes[index], latest).unwrap_or(NEVER);
            let gains = until <= makespan
                && purse.value_of(index, modes[index], latest, until)
                    > purse.value_of(index, modes[index], start, finish);
            target = if gains { latest } else { start };
        }
        machine.place(node, target);
        has_moved |= target > start;
    }
    has_moved
}

/// Places every node as late as possible, as [`Machine::justify_right`] does, but none beyond a deadline that it keeps.
///
/// # Returns
/// The earliest start; `None` if some node finds no place.
pub fn justify_within_wishes<M: Machine>(
    context: &Context<'_>,
    machine: &mut M,
    order: &[u32],
    (starts, finishes): (&[Slot], &[Slot]),
    makespan: Slot,
) -> Option<Slot> {
    let mut first = makespan;
    for &node in order {
        let (start, finish) = (starts[node as usize], finishes[node as usize]);
        let start = machine.latest(node, horizon(context, node, start, finish, makespan))?;
        machine.place(node, start);
        first = first.min(start);
    }
    Some(first)
}

/// By when a node that stands at these dates has to finish so that no wish that it keeps is broken.
fn horizon(context: &Context<'_>, node: u32, start: Slot, finish: Slot, makespan: Slot) -> Slot {
    let (latest_start, latest_finish) =
        (context.network.latest_start[node as usize], context.network.latest_finish[node as usize]);
    if latest_start == NEVER && latest_finish == NEVER {
        return makespan;
    }
    // What starts in time by a date of starts stays where it is: a later finish says little about its start.
    if latest_start != NEVER {
        return if start <= latest_start { finish } else { makespan.min(finish) };
    }
    // What is late already shall not become later.
    makespan.min(latest_finish.max(finish))
}

impl Context<'_> {
    /// True if a node must not be moved on its own: exact dates and greatest distances hold it.
    fn is_held(&self, node: u32) -> bool {
        let index = node as usize;
        let lags = &self.network.maximal_lags;
        self.network.must_start[index] != NO_EARLIEST
            || self.network.must_finish[index] != NO_EARLIEST
            || lags.iter().any(|maximal| maximal.predecessor == node || maximal.successor == node)
    }
}
