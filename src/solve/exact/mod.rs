//! Exact: proves what no schedule can beat, and finds what is left to be found.
//!
//! What the kernel does not know of a network it leaves out, so that what it proves holds all the same, and what it finds
//! is only an idea of a schedule ([`is_exact`]): caps on the costs of a period, limits on the work of a week, exact dates
//! that lie in the pauses of a task, and what modes that differ in their calendars change of work and lags, are asked for as
//! far as is certain.

mod asking;
mod blends;
mod branching;
mod choices;
mod cliques;
mod conflict;
mod crews;
mod energy;
#[cfg(test)]
mod explanation_tests;
mod kernel;
mod lags;
mod learning;
mod links;
mod literal;
mod nogoods;
mod pools;
mod precedence;
mod problem;
mod program;
mod propagation;
mod prover;
mod repair;
mod rivals;
mod sets;
mod simplex;
mod spans;
mod tasks;
#[cfg(test)]
mod tests;
mod timetable;
mod totals;
mod trace;
mod tradeoff;
mod trail;
mod weights;
mod work;

use super::bounds::{self, Heads};
use crate::cpm;
use crate::network::{CalendarIndex, NEVER, NO_EARLIEST, Network, Slot, Total, TotalOrigin};
use crate::units::Amount;
pub use conflict::{Requirement, conflict};
pub use crews::Staffed;
use crews::people_at;
use lags::{Lag, Point};
use links::{Links, has_date_in_work, never_pauses};
use literal::Literal;
use precedence::Distance;
use problem::Problem;
pub use prover::{Prover, prove};
use spans::Spans;
use tasks::{Choice, MIXED, Mode, Need, Task};

/// The problem of finding a schedule that ends between two slots; `None` if the kernel cannot express it. The windows are
/// as narrow as paths make them.
fn problem(network: &Network, heads: &Heads, least: Slot, most: Slot) -> Option<Problem> {
    let mut problem = problem_with(network, heads, (least, most), &|_| true)?;
    let tails = bounds::tails(network, most);
    for (number, (task, &node)) in problem.tasks.iter().zip(&problem.nodes).enumerate() {
        let (latest, finish) = (tails.start[node as usize], tails.finish[node as usize]);
        problem.windows[number].1 = problem.windows[number].1.min(latest);
        narrow(&mut problem.windows, task.ends_by(number as u32, finish));
    }
    Some(problem)
}

/// The same of the requirements that are to be kept, with windows as wide as releases and the end let them be.
fn problem_with(
    network: &Network,
    heads: &Heads,
    (least, most): (Slot, Slot),
    keep: &dyn Fn(Requirement) -> bool,
) -> Option<Problem> {
    if !network.left_out.is_empty() {
        return None;
    }
    let mut spans = Spans::new(network, most);
    let nodes = network.len() as u32;
    let roles: Vec<(u32, &[u32])> = roles(network).collect();
    let makespan = nodes + roles.len() as u32;
    let mut windows: Vec<(Slot, Slot)> = Vec::with_capacity(makespan as usize + 1);
    let mut tasks = Vec::with_capacity(makespan as usize);
    let mut more = Vec::new();
    for node in 0..nodes {
        let mut modes: Vec<Mode> =
            network.modes.range(node as usize).map(|position| mode(network, position, &mut spans, keep)).collect();
        if spans.are_too_large() {
            return None;
        }
        let release = network.release[node as usize];
        let release = if release > 0 && keep(Requirement::Release(node)) { release } else { 0 };
        let earliest = heads.start[node as usize].max(release);
        let window = fixed_starts(network, node).filter(|_| keep(Requirement::ExactDate(node))).unwrap_or((0, most));
        windows.push((earliest.max(window.0), window.1.min(most)));
        // Those who do the work may be all that ways differ in, and have roles of their own.
        if modes.iter().all(|mode| *mode == modes[0]) {
            modes.truncate(1);
        }
        tasks.push(if modes.len() == 1 && modes[0].span.is_none() {
            Task::Single(modes.remove(0))
        } else {
            let finish = makespan + 1 + more.len() as u32;
            more.push((heads.finish[node as usize], most));
            more.extend(modes.iter().map(|_| (0, 1)));
            Task::Multi(Choice::new(finish, modes, calendar(network, node)))
        });
    }
    let mut distances = Vec::new();
    for &(node, able) in &roles {
        let position = network.modes.range(node as usize).start;
        let work = Mode {
            duration: network.modes.items()[position].duration,
            span: spans.of(position as u32),
            ..Mode::default()
        };
        let by = |&person: &u32| {
            let amount = (Amount::ONE.0 / network.renewables[person as usize].unit) as i32;
            let need = Need { resource: person, amount };
            Mode { needs: if keep(Requirement::Resource(person)) { vec![need] } else { Vec::new() }, ..work.clone() }
        };
        let modes: Vec<Mode> = able.iter().map(by).collect();
        let (role, finish) = (tasks.len() as u32, makespan + 1 + more.len() as u32);
        more.push((heads.finish[node as usize], most));
        more.extend(modes.iter().map(|_| (0, 1)));
        windows.push(windows[node as usize]);
        distances.extend([(node, role), (role, node)].map(|(from, to)| Distance { from, to, least: 0 }));
        tasks.push(Task::Multi(Choice::new(finish, modes, calendar(network, node))));
    }
    windows.push((least, most));
    windows.extend(more);
    let point = |node: u32, is_finish: bool| {
        let literal = if is_finish { tasks[node as usize].ends_from(node, 0) } else { Literal::at_least(node, 0) };
        Point { variable: literal.side.variable(), more: -literal.value }
    };
    let mut links = Links::new(network, most);
    let mut lags = Vec::new();
    for node in 0..nodes {
        let kept = network.predecessors.range(node as usize).filter(|&position| keep(Requirement::Link(position)));
        for arc in kept.map(|position| &network.predecessors.items()[position]) {
            let from = point(arc.other, arc.kind.from_finish());
            let to = point(node, arc.kind.to_finish());
            if let Some(lag) = links::certain_lag(network, arc, node) {
                let least = lag.saturating_add(from.more.saturating_sub(to.more));
                distances.push(Distance { from: from.variable, to: to.variable, least });
            }
            lags.extend(links.leads(arc, node).map(|leads| Lag { from, to, leads }));
        }
    }
    let numbers = 0..network.maximal_lags.len();
    for number in numbers.filter(|&number| keep(Requirement::MaximalLag(number))) {
        let maximal = &network.maximal_lags[number];
        let from = point(maximal.predecessor, maximal.arc.kind.from_finish());
        let to = point(maximal.successor, maximal.arc.kind.to_finish());
        if let Some(lag) = links::certain_maximal_lag(network, maximal) {
            let most = lag.saturating_add(from.more.saturating_sub(to.more));
            distances.push(Distance { from: to.variable, to: from.variable, least: -most });
        }
        lags.extend(links.leads_back(maximal).map(|leads| Lag { from: to, to: from, leads }));
    }
    if links.are_too_large() {
        return None;
    }
    for node in 0..nodes {
        let literal = tasks[node as usize].ends_from(node, 0);
        distances.push(Distance { from: literal.side.variable(), to: makespan, least: -literal.value });
        let (release, date) = (network.finish_release[node as usize], network.must_finish[node as usize]);
        if release != NO_EARLIEST && keep(Requirement::FinishRelease(node)) {
            let modes = network.modes.range(node as usize);
            let met = modes.map(|mode| network.begin_of_pause(mode as u32, release)).min().unwrap_or(0);
            narrow(&mut windows, tasks[node as usize].ends_from(node, met));
        }
        if date != NO_EARLIEST && keep(Requirement::ExactDate(node)) && never_pauses(network, node) {
            narrow(&mut windows, tasks[node as usize].ends_from(node, date));
            narrow(&mut windows, tasks[node as usize].ends_by(node, date));
        }
    }
    let capacities = network.renewables.iter().map(|renewable| renewable.steps.clone()).collect();
    let totals = network.totals.iter().map(|total| total.capacity).collect();
    let nodes = (0..nodes).chain(roles.iter().map(|role| role.0)).collect();
    Some(Problem { tasks, capacities, totals, windows, distances, lags, nodes })
}

/// The roles of all nodes: each with its node, and who can fill it.
fn roles(network: &Network) -> impl Iterator<Item = (u32, &[u32])> {
    network.staffing.iter().flat_map(|of| of.roles.iter().map(|able| (of.node, &able[..])))
}

/// Leaves out of the windows what a literal does not allow.
fn narrow(windows: &mut [(Slot, Slot)], literal: Literal) {
    let (least, most) = &mut windows[literal.side.variable() as usize];
    match literal.side.is_lower() {
        true => *least = (*least).max(literal.value),
        false => *most = (*most).min(-literal.value),
    }
}

/// Earliest and latest start that an exact date allows in any mode, if a node has one.
fn fixed_starts(network: &Network, node: u32) -> Option<(Slot, Slot)> {
    let fixed = |position: usize| cpm::fixed_start(network, position as u32, node as usize);
    let starts = network.modes.range(node as usize).filter_map(fixed);
    let (least, most) = starts.fold((NEVER, NO_EARLIEST), |(least, most), start| (least.min(start), most.max(start)));
    // Within pauses the date itself need not be met.
    let least = if never_pauses(network, node) { least } else { 0 };
    (most != NO_EARLIEST).then_some((least, most))
}

/// The value of each variable of a problem in a schedule, given its starts and mode positions.
///
/// # Arguments
/// Nodes beyond the end of `modes` are in their first.
fn guide(network: &Network, problem: &Problem, starts: &[Slot], modes: &[u32]) -> Vec<Slot> {
    guide_with(network, problem, starts, modes, crews::people_of_roles(network, modes))
}

/// The same, with the people who fill the roles.
fn guide_with(network: &Network, problem: &Problem, starts: &[Slot], modes: &[u32], people: Vec<usize>) -> Vec<Slot> {
    let mut values = vec![0; problem.windows.len()];
    let mut makespan = 0;
    let mut people = people.into_iter();
    for (number, (task, &node)) in problem.tasks.iter().zip(&problem.nodes).enumerate() {
        let node = node as usize;
        let taken = match number < network.len() {
            true => modes.get(node).map_or(0, |&position| position as usize - network.modes.range(node).start),
            false => people.next().unwrap_or(0),
        };
        // Ways that differ in nothing are one.
        let taken = taken.min(task.modes().len() - 1);
        let finish = task.modes()[taken].end(starts[node]);
        values[number] = starts[node];
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
    problem.tasks[..network.len()].iter().enumerate().map(position).collect()
}

/// True if what the kernel knows of a network is all that there is.
pub fn is_exact(network: &Network) -> bool {
    // Whoever fills a role may take another part of a budget, break another rule, or work at other times.
    let is_material = |total: &Total| matches!(total.origin, TotalOrigin::Material(_));
    let have_roles = network.left_out.len() == network.staffing.len() && network.totals.iter().all(is_material);
    let roles_are_known = network.left_out.is_empty() || (have_roles && !has_pauses(network));
    let have_limits = !network.caps.is_empty() || !network.weekly_limits.is_empty();
    let is_known = |node: u32| calendar(network, node) != MIXED && !has_date_in_work(network, node);
    !have_limits && roles_are_known && links::are_certain(network) && (0..network.len() as u32).all(is_known)
}

/// True if it may say that there is no schedule at all. Where work pauses it is not known how late the last one that is worth
/// looking for would end.
fn can_refute(network: &Network) -> bool {
    is_exact(network) && !has_pauses(network)
}

/// True if there is a calendar that does not work in every slot.
fn has_pauses(network: &Network) -> bool {
    network.calendars.iter().any(|table| !table.is_always())
}

/// The number of the calendar of all modes of a node; [`MIXED`] if they do not share one.
fn calendar(network: &Network, node: u32) -> CalendarIndex {
    match links::calendars(network, node)[..] {
        [calendar] => calendar,
        _ => MIXED,
    }
}

fn mode(network: &Network, position: usize, spans: &mut Spans<'_>, keep: &dyn Fn(Requirement) -> bool) -> Mode {
    let mut mode =
        Mode { duration: network.modes.items()[position].duration, span: spans.of(position as u32), ..Mode::default() };
    for demand in network.demands.row(position) {
        match mode.needs.iter_mut().find(|need| need.resource == demand.resource) {
            Some(need) => need.amount += demand.amount,
            None => mode.needs.push(Need { resource: demand.resource, amount: demand.amount }),
        }
    }
    mode.needs.retain(|need| need.amount > 0 && keep(Requirement::Resource(need.resource)));
    for consumption in network.consumptions.row(position) {
        match mode.consumptions.iter_mut().find(|other| other.0 == consumption.total) {
            Some(other) => other.1 += consumption.amount,
            None => mode.consumptions.push((consumption.total, consumption.amount)),
        }
    }
    mode.consumptions.retain(|consumption| keep(Requirement::Total(consumption.0)));
    mode
}
