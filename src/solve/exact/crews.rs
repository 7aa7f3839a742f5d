//! People who fill roles: those of a choice that is listed, and choices that are not.

use rustc_hash::FxHashMap;

use super::problem::Problem;
use super::tasks::Task;
use crate::index::Id;
use crate::network::matching::augment;
use crate::network::{Assigned, Network, Origin, Slot, Staffing};
use crate::plan::Plan;
use crate::schedule::{Assignment, Schedule, place};
use crate::units::Amount;

/// A schedule that the exact side has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffed {
    /// The start of each node.
    pub starts: Vec<Slot>,
    /// The mode position of each node; where its people are none of those listed, that with the most of them.
    pub modes: Vec<u32>,
    /// Its length.
    pub makespan: Slot,
    /// Who works on the nodes whose people are not listed.
    pub crews: Vec<(u32, Vec<Assigned>)>,
}

impl Staffed {
    /// The schedule in terms of the plan.
    pub fn schedule(&self, plan: &Plan, network: &Network) -> Schedule {
        let mut schedule = place(plan, network, &self.starts, &self.modes);
        let mut rows: Vec<Vec<Assignment>> = schedule.assignments.iter().map(<[_]>::to_vec).collect();
        for (node, crew) in &self.crews {
            let Origin::Task(task) = network.origin[*node as usize] else { continue };
            rows[task.index()] =
                crew.iter().map(|item| Assignment { resource: item.resource, amount: item.amount }).collect();
        }
        schedule.assignments = rows.into_iter().collect();
        schedule
    }
}

/// Who fills each role in a schedule, as a place in the list of all who can: those who are assigned in the mode positions
/// given, as far as a matching says who does what; nodes beyond the end of `modes` are in their first.
pub fn people_of_roles(network: &Network, modes: &[u32]) -> Vec<usize> {
    let mut chosen = Vec::new();
    for staffing in &network.staffing {
        let node = staffing.node as usize;
        let position = modes.get(node).map_or(network.modes.range(node).start, |&position| position as usize);
        chosen.extend(matched(network, staffing, network.assigned.row(position)));
    }
    chosen
}

/// A place in the list of all who can for each role, so that roles have different people of a crew as far as they can.
fn matched(network: &Network, staffing: &Staffing, crew: &[Assigned]) -> Vec<usize> {
    let is_in_crew = |person: u32| {
        let resource = network.renewables[person as usize].resource;
        crew.iter().any(|item| item.resource == resource)
    };
    filled(staffing, |able| able.iter().copied().filter(|&person| is_in_crew(person)).collect())
}

/// A place in the list of all who can for each role, so that roles have different people among those `wanted` as far as they
/// can, of all who can fill a role.
fn filled(staffing: &Staffing, wanted: impl Fn(&[u32]) -> Vec<u32>) -> Vec<usize> {
    let roles = &staffing.roles;
    let able: Vec<Vec<u32>> = roles.iter().map(|able| wanted(able)).collect();
    let mut taken = FxHashMap::default();
    for role in 0..roles.len() {
        augment(&able, role, &mut taken, &mut Vec::new());
    }
    let mut people: Vec<Option<u32>> = able.iter().map(|able| able.first().copied()).collect();
    taken.into_iter().for_each(|(person, role)| people[role] = Some(person));
    let place = |(able, person): (&Vec<u32>, Option<u32>)| able.iter().position(|&it| Some(it) == person).unwrap_or(0);
    roles.iter().zip(people).map(place).collect()
}

/// Who could fill each role at given times, task by task in the order of their starts: whoever is free and can fill the
/// fewest other roles, as a place in the list of all who can. Where too few are free, somebody does two things at once.
pub fn people_at(network: &Network, starts: &[Slot]) -> Vec<usize> {
    let mut first = 0;
    let mut order: Vec<(Slot, usize, usize)> = Vec::with_capacity(network.staffing.len());
    let mut uses = vec![0u32; network.renewables.len()];
    for (number, staffing) in network.staffing.iter().enumerate() {
        order.push((starts[staffing.node as usize], number, first));
        first += staffing.roles.len();
        staffing.roles.iter().flatten().for_each(|&person| uses[person as usize] += 1);
    }
    order.sort_unstable();
    let mut chosen = vec![0; first];
    let mut free_from = vec![Slot::MIN; network.renewables.len()];
    for (start, number, first) in order {
        let staffing = &network.staffing[number];
        let finish = network.finish(network.modes.range(staffing.node as usize).start as u32, start).unwrap_or(start);
        let free = |able: &[u32]| {
            let mut free: Vec<u32> = able.iter().copied().filter(|&it| free_from[it as usize] <= start).collect();
            free.sort_by_key(|&person| (uses[person as usize], std::cmp::Reverse(free_from[person as usize])));
            free
        };
        let places = filled(staffing, free);
        for (able, &place) in staffing.roles.iter().zip(&places) {
            let person = able[place] as usize;
            free_from[person] = free_from[person].max(finish);
        }
        chosen[first..first + places.len()].copy_from_slice(&places);
    }
    chosen
}

/// The schedule that values of a problem's variables are, given the mode position of each node.
pub fn staffed(network: &Network, problem: &Problem, values: &[Slot], mut modes: Vec<u32>) -> Staffed {
    let mut crews = Vec::new();
    let mut roles = problem.tasks[network.len()..].iter();
    for staffing in &network.staffing {
        let node = staffing.node as usize;
        let range = network.modes.range(node);
        let is_material = |item: &&Assigned| network.renewables.iter().all(|it| it.resource != item.resource);
        let mut crew: Vec<Assigned> = network.assigned.row(range.start).iter().filter(is_material).copied().collect();
        let named = staffing.named.iter().map(|demand| (demand.resource, demand.amount));
        let people = staffing.roles.iter().zip(roles.by_ref()).filter_map(|(able, role)| {
            let Task::Multi(choice) = role else { return None };
            let taken = (0..able.len()).find(|&mode| values[choice.variable(mode) as usize] == 1)?;
            Some((able[taken], (Amount::ONE.0 / network.renewables[able[taken] as usize].unit) as i32))
        });
        for (resource, amount) in named.chain(people) {
            let renewable = &network.renewables[resource as usize];
            let amount = Amount(i64::from(amount) * renewable.unit);
            match crew.iter_mut().find(|item| item.resource == renewable.resource) {
                Some(item) => item.amount += amount,
                None => crew.push(Assigned { resource: renewable.resource, amount }),
            }
        }
        crew.sort_unstable_by_key(|item| item.resource);
        let shared = |position: &usize| {
            let row = network.assigned.row(*position);
            (row.iter().filter(|item| crew.contains(item)).count(), std::cmp::Reverse(*position))
        };
        let nearest = range.max_by_key(shared).unwrap_or(modes[node] as usize);
        modes[node] = nearest as u32;
        if network.assigned.row(nearest) != crew {
            crews.push((staffing.node, crew));
        }
    }
    Staffed { starts: values[..network.len()].to_vec(), modes, makespan: values[problem.tasks.len()], crews }
}
