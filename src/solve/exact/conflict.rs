//! Which requirements of a plan cannot be kept together: a set from which none can be left out.
//!
//! Requirements are left out in halves, quarters and so on down to single ones, as long as paths or the kernel still refute
//! what is left (delta debugging: Zeller, Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 28 (2002)).

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::kernel::End;
use super::problem::Problem;
use super::prover::engine;
use super::tasks::Task;
use super::timetable::Steps;
use super::{can_refute, problem_with};
use crate::network::{HORIZON_LIMIT, NO_EARLIEST, Network};
use crate::proof::horizon;
use crate::solve::bounds::Heads;
use crate::solve::distances;

/// Something that schedules have to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    /// A link, by its position among the predecessors.
    Link(usize),
    /// A greatest distance, by its position in the network.
    MaximalLag(usize),
    /// The earliest start of a node.
    Release(u32),
    /// The earliest finish of a node.
    FinishRelease(u32),
    /// The date that a node must start or finish at.
    ExactDate(u32),
    /// What there is of a renewable resource.
    Resource(u32),
    /// What there is of a total.
    Total(u32),
}

/// Conflicts after which a set of requirements is taken to be possible, and all that may be met.
const CONFLICTS_OF_SET: u64 = 2_000;
const CONFLICTS: u64 = 20_000;
/// Work that goes into making problems: tasks times sets of requirements.
const TASKS: usize = 400_000;

/// Requirements that cannot be kept together, in order; none of them can be left out unless the work was cut short.
///
/// # Returns
/// `None` if the kernel cannot express the network, or does not find out that nothing is possible.
pub fn conflict(network: &Network, must_stop: &dyn Fn() -> bool) -> Option<Vec<Requirement>> {
    if !can_refute(network) {
        return None;
    }
    let all = requirements(network);
    let mut work = Work { conflicts: CONFLICTS, sets: TASKS / network.len().max(1) };
    let parts = cycles(network, &all).into_iter().map(|part| (part, CONFLICTS_OF_SET));
    let mut refuted = None;
    for (part, conflicts) in parts.chain([(all, CONFLICTS)]) {
        if work.refutes(network, &part, conflicts, must_stop)? {
            refuted = Some(part);
            break;
        }
    }
    let mut kept = refuted?;
    let mut size = kept.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        let mut has_shrunk = false;
        while from < kept.len() {
            let to = (from + size).min(kept.len());
            let rest: Vec<Requirement> = [&kept[..from], &kept[to..]].concat();
            if work.refutes(network, &rest, CONFLICTS_OF_SET, must_stop)? {
                kept = rest;
                has_shrunk = true;
            } else {
                from = to;
            }
        }
        size = match size {
            // Whatever is left is needed by each of the others.
            1 if !has_shrunk => 0,
            1 => 1,
            _ => size.div_ceil(2),
        };
    }
    Some(kept)
}

/// What holds within sets of nodes that links and maximal lags join in cycles, smaller sets first: where maximal lags are too
/// short, it shows within one of them.
fn cycles(network: &Network, all: &[Requirement]) -> Vec<Vec<Requirement>> {
    let links = (0..network.len()).flat_map(|node| {
        let range = network.predecessors.range(node);
        range.map(move |position| (network.predecessors.items()[position].other, node as u32))
    });
    let links: Vec<(u32, u32)> = links.collect();
    let backward = network.maximal_lags.iter().map(|maximal| (maximal.successor, maximal.predecessor));
    let graph = DiGraph::<(), ()>::from_edges(links.iter().copied().chain(backward));
    let mut cycles: Vec<Vec<_>> = kosaraju_scc(&graph).into_iter().filter(|nodes| nodes.len() > 1).collect();
    cycles.sort_by_key(Vec::len);
    let within = |nodes: &Vec<_>| {
        let holds = |node: u32| nodes.contains(&node.into());
        let is_within = |requirement: &&Requirement| match **requirement {
            Requirement::Link(position) => holds(links[position].0) && holds(links[position].1),
            Requirement::MaximalLag(number) => {
                let maximal = &network.maximal_lags[number];
                holds(maximal.predecessor) && holds(maximal.successor)
            }
            Requirement::Resource(_) => true,
            _ => false,
        };
        all.iter().filter(is_within).copied().collect()
    };
    cycles.iter().map(within).collect()
}

/// All that could be left out.
fn requirements(network: &Network) -> Vec<Requirement> {
    let links = 0..network.predecessors.items().len();
    let nodes = 0..network.len() as u32;
    let releases = nodes.clone().filter(|&node| network.release[node as usize] > 0).map(Requirement::Release);
    let of_finish = nodes.clone().filter(|&node| network.finish_release[node as usize] != NO_EARLIEST);
    let exact = nodes.filter(|&node| network.has_exact_date(node));
    links
        .map(Requirement::Link)
        .chain((0..network.maximal_lags.len()).map(Requirement::MaximalLag))
        .chain(releases)
        .chain(of_finish.map(Requirement::FinishRelease))
        .chain(exact.map(Requirement::ExactDate))
        .chain((0..network.renewables.len() as u32).map(Requirement::Resource))
        .chain((0..network.totals.len() as u32).map(Requirement::Total))
        .collect()
}

/// What may still be spent.
struct Work {
    conflicts: u64,
    sets: usize,
}

impl Work {
    /// True if nothing keeps these requirements, as far as so many conflicts tell; `None` if the kernel cannot say.
    fn refutes(
        &mut self,
        network: &Network,
        kept: &[Requirement],
        conflicts: u64,
        must_stop: &dyn Fn() -> bool,
    ) -> Option<bool> {
        let conflicts = conflicts.min(self.conflicts);
        if self.sets == 0 || conflicts == 0 || must_stop() {
            return Some(false);
        }
        self.sets -= 1;
        let end = horizon(network).min(i64::from(HORIZON_LIMIT)) as i32;
        let heads = Heads { start: vec![0; network.len()], finish: vec![0; network.len()] };
        let keep = |requirement: Requirement| kept.binary_search(&requirement).is_ok();
        let problem = problem_with(network, &heads, (0, end), &keep)?;
        if problem.impossible().is_some() || rule_out_starts(&problem) {
            return Some(true);
        }
        let mut engine = engine(network, &problem, None)?;
        let end = engine.search(false, conflicts, must_stop);
        self.conflicts -= engine.conflicts().min(self.conflicts);
        Some(end == End::Exhausted)
    }
}

/// Paths through at most so many nodes are looked at.
const MOST_OF_PATHS: usize = 300;

/// True if paths between starts and pairs of tasks that cannot overlap show that there is no schedule: far quicker than the
/// kernel where windows are wide.
fn rule_out_starts(problem: &Problem) -> bool {
    let work = |task: &Task| match task {
        Task::Single(mode) => {
            Some((mode.duration, mode.needs.iter().map(|need| (need.resource, need.amount)).collect()))
        }
        Task::Multi(_) => None,
    };
    if problem.tasks.len() > MOST_OF_PATHS {
        return false;
    }
    let Some(works) = problem.tasks.iter().map(work).collect::<Option<Vec<_>>>() else { return false };
    let peak = |steps: &Steps| steps.iter().map(|step| i64::from(step.1)).max().unwrap_or(0);
    let peaks: Vec<i64> = problem.capacities.iter().map(peak).collect();
    let least = problem.distances.iter().map(|distance| (distance.from, distance.to, distance.least));
    distances::rule_out(&problem.windows, least, &works, &peaks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Slot;
    use crate::plan::LinkKind::{FinishToStart, StartToStart};
    use crate::solve::testing::{Project, tight_project};
    use proptest::prelude::*;

    const HORIZON: Slot = 30;

    /// The project with nothing but these requirements.
    fn part(project: &Project, kept: &[Requirement]) -> Project {
        let mut part = project.clone();
        // The network has the links in the order of their successors.
        part.links.sort_by_key(|link| link.1);
        let mut number = 0;
        part.links.retain(|_| {
            number += 1;
            kept.contains(&Requirement::Link(number - 1))
        });
        let lags = project.maximal_lags.iter().enumerate();
        let lags = lags.filter(|&(number, _)| kept.contains(&Requirement::MaximalLag(number)));
        part.maximal_lags = lags.map(|(_, &lag)| lag).collect();
        part.dates.retain(|date| kept.contains(&Requirement::ExactDate(date.0 as u32)));
        for (resource, capacity) in part.capacities.iter_mut().enumerate() {
            if !kept.contains(&Requirement::Resource(resource as u32)) {
                *capacity = 1_000;
            }
        }
        part
    }

    #[test]
    fn nothing_that_has_no_part_in_a_conflict_is_named() {
        let activity = |duration, units| (duration, vec![units]);
        let mut project = Project {
            capacities: vec![2],
            activities: vec![activity(3, 1), activity(3, 1), activity(2, 2), activity(2, 1)],
            links: vec![(0, 1, FinishToStart, 5), (1, 2, FinishToStart, 0), (0, 3, StartToStart, 0)],
            maximal_lags: vec![(0, 3, FinishToStart, 9), (0, 1, FinishToStart, 3)],
            dates: Vec::new(),
        };
        let found = conflict(&project.network(), &|| false);
        assert_eq!(found, Some(vec![Requirement::Link(0), Requirement::MaximalLag(1)]));
        project.maximal_lags.pop();
        assert_eq!(conflict(&project.network(), &|| false), None);
        // The last two need more than there is, and the last must start within the slots of the one before.
        project.links.push((2, 3, StartToStart, 0));
        project.maximal_lags = vec![(2, 3, StartToStart, 1)];
        let expected = [Requirement::Link(3), Requirement::MaximalLag(0), Requirement::Resource(0)];
        assert_eq!(conflict(&project.network(), &|| false).as_deref(), Some(&expected[..]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn of_a_conflict_nothing_can_be_left_out(project in tight_project(2..5)) {
            let found = conflict(&project.network(), &|| false);
            let Some(found) = found else { return Ok(()) };
            prop_assert_eq!(project.least_makespan_of_all_starts(HORIZON), None);
            prop_assert_eq!(part(&project, &found).least_makespan_of_all_starts(HORIZON), None);
            for &left_out in &found {
                let rest: Vec<Requirement> = found.iter().copied().filter(|&other| other != left_out).collect();
                let makespan = part(&project, &rest).least_makespan_of_all_starts(HORIZON);
                prop_assert!(makespan.is_some(), "{left_out:?} is not needed in {found:?}");
            }
        }
    }
}
