//! Moving nodes to the right for what it is worth: money that flows later, and deadlines that leave room.

use super::super::sgs::Machine;
use super::context::Context;
use crate::network::{NEVER, Slot};

/// Which nodes move back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those that cost more than they bring, and those that do neither where they hold back such a one: never a loss.
    Costs,
    /// Also those that bring money, where that is less than what is saved by what they hold back.
    Chains,
}

/// Moves nodes that cost more than they bring as late as their successors, the resources and the finish of the project let
/// them, and whatever holds them back along with them; everything else stays. Those with a later finish move first, so
/// that whole chains give way. Where keeping deadlines is the more important aim, none that is kept is broken.
///
/// This is the shift of activities with negative cash flow of Selle, Zimmermann, "A bidirectional heuristic for maximizing
/// the net present value of large-scale projects subject to limited resources", Naval Research Logistics 50 (2003).
///
/// # Arguments
/// The machine is fresh, in these `modes`; `order` puts later finishes first, successors first; `dates` are starts and
/// finishes; `worth` is room to work in.
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
    (reach, worth): (Reach, &mut Vec<f64>),
) -> bool {
    let Some(purse) = context.aims.purse().filter(|purse| purse.waiting_pays()) else { return false };
    let network = context.network;
    let value = |node: usize, start: Slot, finish: Slot| purse.value_of(node, modes[node], start, finish);
    worth.clear();
    worth.extend((0..modes.len()).map(|node| value(node, starts[node], finishes[node])));
    for node in 0..modes.len() {
        if worth[node] < 0.0 || worth[node] > 0.0 && reach == Reach::Costs {
            continue;
        }
        for arc in network.predecessors.row(node) {
            let other = arc.other as usize;
            let lag = network.lag(arc, arc.other, modes[other]);
            let dates = (starts[other], finishes[other]);
            let bound = network.earliest_by_arc(arc, lag, dates, modes[other], modes[node]);
            if worth[other] < 0.0 && bound.is_some_and(|bound| bound >= starts[node]) {
                worth[node] += worth[other];
            }
        }
    }
    let mut has_moved = false;
    for &node in order {
        let index = node as usize;
        let (start, finish) = (starts[index], finishes[index]);
        let is_free = worth[index] < 0.0 && !context.is_held(node);
        let until = match is_free {
            true if context.keeps_wishes_before_money => context.latest_by_wishes(node, start, finish, makespan),
            true => makespan,
            false => finish,
        };
        let Some(latest) = machine.latest(node, until).filter(|&latest| latest >= start) else { return false };
        let moves = is_free
            && latest > start
            && machine.keeps_caps(node, latest)
            && lets_successors_stay(context, machine, modes, node, latest);
        machine.place(node, if moves { latest } else { start });
        has_moved |= moves;
    }
    has_moved
}

/// True if everything behind a node may stay where it is once the node starts at `start`. Machines answer where a node
/// should go; across pauses, lags to finishes ask for more than they look at.
fn lets_successors_stay<M: Machine>(context: &Context<'_>, machine: &M, modes: &[u32], node: u32, start: Slot) -> bool {
    let network = context.network;
    let mode = modes[node as usize];
    let Some(finish) = network.finish(mode, start) else { return false };
    network.successors.row(node as usize).iter().all(|arc| {
        let other = modes[arc.other as usize];
        let lag = network.lag(arc, node, mode);
        let bound = network.earliest_by_arc(arc, lag, (start, finish), mode, other);
        let first = bound.and_then(|bound| network.first_start(other, bound));
        first.is_some_and(|first| first <= machine.start(arc.other))
    })
}

/// Places every node as late as possible, as [`Machine::justify_right_unless`] does, but none beyond a deadline that it
/// keeps.
///
/// # Returns
/// The earliest start; `None` if some node finds no place or starts in vain.
pub fn justify_within_wishes<M: Machine>(
    context: &Context<'_>,
    machine: &mut M,
    order: &[u32],
    (starts, finishes): (&[Slot], &[Slot]),
    makespan: Slot,
    is_vain: impl Fn(u32, Slot) -> bool,
) -> Option<Slot> {
    let mut first = makespan;
    for &node in order {
        let (start, finish) = (starts[node as usize], finishes[node as usize]);
        let latest = machine.latest(node, context.latest_by_wishes(node, start, finish, makespan));
        let start = latest.filter(|&start| !is_vain(node, start))?;
        machine.place(node, start);
        first = first.min(start);
    }
    Some(first)
}

impl Context<'_> {
    /// By when a node that stands at these dates has to finish so that no wish that it keeps is broken.
    pub fn latest_by_wishes(&self, node: u32, start: Slot, finish: Slot, makespan: Slot) -> Slot {
        let (latest_start, latest_finish) =
            (self.network.latest_start[node as usize], self.network.latest_finish[node as usize]);
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

    /// True if a node must not be moved on its own: exact dates and greatest distances hold it.
    fn is_held(&self, node: u32) -> bool {
        let lags = &self.network.maximal_lags;
        self.network.has_exact_date(node)
            || lags.iter().any(|maximal| maximal.predecessor == node || maximal.successor == node)
    }
}
