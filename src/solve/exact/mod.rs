//! Exact: proves what no schedule can beat, and finds what is left to be found.
//!
//! The kernel knows networks without pauses, exact dates and caps on the costs of a period, whose modes are all the ways
//! there are; of others it says nothing.

mod branching;
mod choices;
mod energy;
mod kernel;
mod learning;
mod literal;
mod nogoods;
mod pools;
mod precedence;
mod problem;
mod prover;
mod rivals;
mod tasks;
#[cfg(test)]
mod tests;
mod timetable;
mod totals;
mod trace;
mod trail;

use super::bounds::Heads;
use crate::network::{Arc, NO_EARLIEST, Network, Slot};
use literal::Literal;
use precedence::Distance;
use problem::Problem;
pub use prover::{Prover, prove};
use tasks::{Choice, Mode, Need, Task};

/// The problem of finding a schedule that ends between two slots; `None` if the kernel cannot express it.
fn problem(network: &Network, heads: &Heads, least: Slot, most: Slot) -> Option<Problem> {
    let pauses = network.calendars.iter().any(|table| !table.is_always());
    let dates = network.must_start.iter().chain(&network.must_finish).any(|&date| date != NO_EARLIEST);
    let mut arcs = network.predecessors.items().iter().chain(network.maximal_lags.iter().map(|maximal| &maximal.arc));
    let lags_by_mode = arcs.any(|arc| arc.by_mode);
    if pauses || dates || lags_by_mode || !network.caps.is_empty() || !network.left_out.is_empty() {
        return None;
    }
    let nodes = network.len() as u32;
    let mut windows: Vec<(Slot, Slot)> = Vec::with_capacity(network.len() + 1);
    let mut tasks = Vec::with_capacity(network.len());
    let mut more = Vec::new();
    for node in 0..nodes {
        let mut modes: Vec<Mode> = network.modes.range(node as usize).map(|position| mode(network, position)).collect();
        let earliest = heads.start[node as usize].max(network.release[node as usize]);
        windows.push((earliest, most));
        tasks.push(if modes.len() == 1 {
            Task::Single(modes.remove(0))
        } else {
            let finish = nodes + 1 + more.len() as u32;
            more.push((heads.finish[node as usize], most));
            more.extend(modes.iter().map(|_| (0, 1)));
            Task::Multi(Choice { finish, modes })
        });
    }
    windows.push((least, most));
    windows.extend(more);
    let makespan = nodes;
    let mut distances = Vec::new();
    let link = |arc: &Arc, from: u32, to: u32| {
        // A literal about an end, as a variable and what to add to it.
        let end = |node: u32, is_finish: bool| {
            let literal = if is_finish { tasks[node as usize].ends_from(node, 0) } else { Literal::at_least(node, 0) };
            (literal.side.variable(), -literal.value)
        };
        let (from, before) = end(from, arc.kind.from_finish());
        let (to, after) = end(to, arc.kind.to_finish());
        (from, to, arc.lag.saturating_add(before).saturating_sub(after))
    };
    for node in 0..nodes {
        for arc in network.successors.row(node as usize) {
            let (from, to, least) = link(arc, node, arc.other);
            distances.push(Distance { from, to, least });
        }
    }
    for maximal in &network.maximal_lags {
        let (from, to, most) = link(&maximal.arc, maximal.predecessor, maximal.successor);
        distances.push(Distance { from: to, to: from, least: -most });
    }
    for node in 0..nodes {
        let literal = tasks[node as usize].ends_from(node, 0);
        distances.push(Distance { from: literal.side.variable(), to: makespan, least: -literal.value });
        let finish = network.finish_release[node as usize];
        if finish != NO_EARLIEST {
            let literal = tasks[node as usize].ends_from(node, finish);
            let window = &mut windows[literal.side.variable() as usize];
            window.0 = window.0.max(literal.value);
        }
    }
    let capacities = network.renewables.iter().map(|renewable| renewable.steps.clone()).collect();
    let totals = network.totals.iter().map(|total| total.capacity).collect();
    Some(Problem { tasks, capacities, totals, windows, distances })
}

/// The value of each variable of a problem in a schedule, given its starts and mode positions.
///
/// # Arguments
/// Nodes beyond the end of `modes` are in their first.
fn guide(network: &Network, problem: &Problem, starts: &[Slot], modes: &[u32]) -> Vec<Slot> {
    let mut values = vec![0; problem.windows.len()];
    let mut makespan = 0;
    for (node, task) in problem.tasks.iter().enumerate() {
        let taken = modes.get(node).map_or(0, |&position| position as usize - network.modes.range(node).start);
        let finish = starts[node] + task.modes()[taken].duration;
        values[node] = starts[node];
        makespan = makespan.max(finish);
        if let Task::Multi(choice) = task {
            values[choice.finish as usize] = finish;
            values[choice.variable(taken) as usize] = 1;
        }
    }
    values[problem.tasks.len()] = makespan;
    values
}

/// The mode position of each node in a schedule that the kernel found.
fn modes(network: &Network, problem: &Problem, values: &[Slot]) -> Vec<u32> {
    let position = |(node, task): (usize, &Task)| {
        let first = network.modes.range(node).start as u32;
        match task {
            Task::Single(_) => first,
            Task::Multi(choice) => {
                let taken = (0..choice.modes.len()).find(|&mode| values[choice.variable(mode) as usize] == 1);
                first + taken.unwrap_or(0) as u32
            }
        }
    };
    problem.tasks.iter().enumerate().map(position).collect()
}

fn mode(network: &Network, position: usize) -> Mode {
    let mut mode = Mode { duration: network.modes.items()[position].duration, ..Mode::default() };
    for demand in network.demands.row(position) {
        match mode.needs.iter_mut().find(|need| need.resource == demand.resource) {
            Some(need) => need.amount += demand.amount,
            None => mode.needs.push(Need { resource: demand.resource, amount: demand.amount }),
        }
    }
    mode.needs.retain(|need| need.amount > 0);
    for consumption in network.consumptions.row(position) {
        match mode.consumptions.iter_mut().find(|other| other.0 == consumption.total) {
            Some(other) => other.1 += consumption.amount,
            None => mode.consumptions.push((consumption.total, consumption.amount)),
        }
    }
    mode
}
