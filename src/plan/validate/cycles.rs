//! Cycles of links, through summaries too.
//!
//! The graph has a node for each activity and two for each summary, a gate before and a gate behind everything below
//! it; links enter a summary at the first and leave it at the second. Most plans have no cycle, which Kahn's algorithm
//! (CACM 5, 1962) shows in linear time on flat arrays. Only what it leaves over, the tasks on or behind a cycle, goes
//! into a graph whose strong components are then searched for a short cycle each.

use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::hierarchy::chain;
use super::links::Links;
use super::report::Report;
use crate::error::Finding;
use crate::index::{Id, Rows};
use crate::plan::{Link, Task, TaskKind};

/// Nodes of a component from which a shortest cycle is searched; the first found is already short as a rule.
const SEARCHED_NODES: usize = 64;
/// Links walked over in these searches, for all components together.
const SEARCHED_LINKS: usize = 20_000_000;

/// Reports a short cycle of each group of tasks that depend on each other.
///
/// # Arguments
/// `left_out` is true for each link to be left out of the search; empty if that is none.
///
/// # Returns
/// True if there is none.
pub(super) fn check(links: &Links<'_>, left_out: &[bool], tasks: &[Task], report: &mut Report) -> bool {
    let is_in = |at: usize| !left_out.get(at).copied().unwrap_or(false);
    let touches_summary = |link: &Link| {
        [link.predecessor, link.successor].iter().any(|task| tasks[task.index()].kind == TaskKind::Summary)
    };
    // Plans are usually listed in an order that respects their links, and then there is nothing to search.
    let in_order = |link: &Link| link.predecessor < link.successor && !touches_summary(link);
    if links.list.iter().enumerate().all(|(at, link)| !is_in(at) || in_order(link)) {
        return true;
    }
    let graph = Gates::of(tasks);
    let link_arcs = links.list.iter().enumerate().filter(|&(at, _)| is_in(at)).map(|(at, link)| {
        (graph.behind(link.predecessor.index()) as usize, (link.successor.index() as u32, at as u32))
    });
    let gate_arcs =
        tasks.iter().enumerate().filter_map(|(at, task)| Some((task.parent?.index(), at))).flat_map(|(parent, at)| {
            let into = (parent, (at as u32, NO_LINK));
            let out = (graph.behind(at) as usize, (graph.behind(parent), NO_LINK));
            [into, out]
        });
    let arcs = Rows::from_pairs(graph.nodes, link_arcs.chain(gate_arcs));
    let rest = unordered(&arcs);
    if rest.is_empty() {
        return true;
    }
    let mut numbers = vec![u32::MAX; graph.nodes];
    let mut component_graph: DiGraph<u32, u32> = DiGraph::with_capacity(rest.len(), rest.len());
    for &node in &rest {
        numbers[node as usize] = component_graph.add_node(node).index() as u32;
    }
    for &node in &rest {
        for &(to, link) in arcs.row(node as usize) {
            if numbers[to as usize] != u32::MAX {
                let (from, to) = (numbers[node as usize], numbers[to as usize]);
                component_graph.add_edge(NodeIndex::new(from as usize), NodeIndex::new(to as usize), link);
            }
        }
    }
    let mut components = kosaraju_scc(&component_graph);
    components.retain(|nodes| nodes.len() > 1);
    for nodes in &mut components {
        nodes.sort_unstable();
    }
    components.sort_unstable_by_key(|nodes| component_graph[nodes[0]]);
    let mut budget = SEARCHED_LINKS;
    let mut search = Search::of(component_graph.node_count());
    for (number, nodes) in components.iter().enumerate() {
        for &node in nodes {
            search.component[node.index()] = number as u32 + 1;
        }
        let Some(cycle) = search.short_cycle(&component_graph, nodes, number as u32 + 1, &mut budget) else { continue };
        push_finding(&cycle, &component_graph, &graph, links, tasks, report);
    }
    false
}

/// Marks arcs between a summary's gates and what is below it.
const NO_LINK: u32 = u32::MAX;

/// The numbers of nodes: those of tasks, and behind them one for the finish gate of each summary.
struct Gates {
    finish_gates: Vec<u32>,
    nodes: usize,
    summaries: Vec<u32>,
}

impl Gates {
    fn of(tasks: &[Task]) -> Gates {
        let mut nodes = tasks.len();
        let mut summaries = Vec::new();
        let mut finish_gates = Vec::new();
        for (at, task) in tasks.iter().enumerate() {
            if task.kind == TaskKind::Summary {
                finish_gates.resize(tasks.len(), 0);
                finish_gates[at] = nodes as u32;
                summaries.push(at as u32);
                nodes += 1;
            }
        }
        Gates { finish_gates, nodes, summaries }
    }

    /// The node from which links leave a task.
    fn behind(&self, task: usize) -> u32 {
        match self.finish_gates.get(task) {
            Some(&gate) if gate != 0 => gate,
            _ => task as u32,
        }
    }

    /// The task that a node belongs to.
    fn task(&self, node: u32, tasks: usize) -> usize {
        match (node as usize).checked_sub(tasks) {
            Some(gate) => self.summaries[gate] as usize,
            None => node as usize,
        }
    }
}

/// The nodes that no topological order can hold, in order: those on a cycle or behind one.
fn unordered(arcs: &Rows<(u32, u32)>) -> Vec<u32> {
    let mut waiting = vec![0u32; arcs.len()];
    for &(to, _) in arcs.items() {
        waiting[to as usize] += 1;
    }
    let mut ready: Vec<u32> = (0..arcs.len() as u32).filter(|&node| waiting[node as usize] == 0).collect();
    let mut done = ready.len();
    while let Some(node) = ready.pop() {
        for &(to, _) in arcs.row(node as usize) {
            waiting[to as usize] -= 1;
            if waiting[to as usize] == 0 {
                done += 1;
                ready.push(to);
            }
        }
    }
    if done == arcs.len() {
        return Vec::new();
    }
    (0..arcs.len() as u32).filter(|&node| waiting[node as usize] > 0).collect()
}

/// Breadth-first searches within strong components.
struct Search {
    /// Number of the component of each node, from 1.
    component: Vec<u32>,
    /// The search that reached a node last, and the arc `(from, link)` by which.
    reached: Vec<(u32, u32, u32)>,
    searches: u32,
}

impl Search {
    fn of(nodes: usize) -> Search {
        Search { component: vec![0; nodes], reached: vec![(0, 0, NO_LINK); nodes], searches: 0 }
    }

    /// A cycle within a component as `(node, link to the next node)`, starting with its first node in file order: the
    /// shortest one through any of the first nodes.
    fn short_cycle(
        &mut self,
        graph: &DiGraph<u32, u32>,
        nodes: &[NodeIndex],
        component: u32,
        budget: &mut usize,
    ) -> Option<Vec<(NodeIndex, u32)>> {
        let mut best: Option<Vec<(NodeIndex, u32)>> = None;
        for &start in nodes.iter().take(SEARCHED_NODES) {
            if best.is_some() && *budget == 0 {
                break;
            }
            let longest = best.as_ref().map_or(usize::MAX, |cycle| cycle.len() - 1);
            if let Some(cycle) = self.cycle_through(start, graph, component, longest, budget) {
                best = Some(cycle);
            }
        }
        let mut cycle = best?;
        let first = cycle.iter().enumerate().min_by_key(|(_, (node, _))| *node).map_or(0, |(first, _)| first);
        cycle.rotate_left(first);
        Some(cycle)
    }

    /// The shortest cycle through a node, if it is not longer than `longest`.
    fn cycle_through(
        &mut self,
        start: NodeIndex,
        graph: &DiGraph<u32, u32>,
        component: u32,
        longest: usize,
        budget: &mut usize,
    ) -> Option<Vec<(NodeIndex, u32)>> {
        self.searches += 1;
        let mut queue = VecDeque::from([(start, 1usize)]);
        while let Some((node, depth)) = queue.pop_front() {
            if depth > longest {
                return None;
            }
            // Edges are walked in the order of the file: petgraph lists the newest first.
            let mut edges: Vec<_> = graph.edges(node).map(|edge| (edge_target(&edge), *edge.weight())).collect();
            edges.reverse();
            *budget = budget.saturating_sub(edges.len());
            for (to, link) in edges {
                if self.component[to.index()] != component {
                    continue;
                }
                if to == start {
                    let mut cycle = vec![(node, link)];
                    let mut at = node;
                    while at != start {
                        let (_, from, link) = self.reached[at.index()];
                        at = NodeIndex::new(from as usize);
                        cycle.push((at, link));
                    }
                    cycle.reverse();
                    return Some(cycle);
                }
                if self.reached[to.index()].0 != self.searches {
                    self.reached[to.index()] = (self.searches, node.index() as u32, link);
                    queue.push_back((to, depth + 1));
                }
            }
        }
        None
    }
}

fn edge_target(edge: &petgraph::graph::EdgeReference<'_, u32>) -> NodeIndex {
    use petgraph::visit::EdgeRef;
    edge.target()
}

fn push_finding(
    cycle: &[(NodeIndex, u32)],
    component_graph: &DiGraph<u32, u32>,
    graph: &Gates,
    links: &Links<'_>,
    tasks: &[Task],
    report: &mut Report,
) {
    let mut on_cycle: Vec<usize> =
        cycle.iter().map(|&(node, _)| graph.task(component_graph[node], tasks.len())).collect();
    // Both gates of a summary in a row are the summary once.
    on_cycle.dedup();
    if on_cycle.len() > 1 && on_cycle.first() == on_cycle.last() {
        on_cycle.pop();
    }
    let names = on_cycle.iter().chain(&on_cycle[..1]).map(|&task| &*tasks[task].id);
    let text = format!("tasks depend on each other: {}", chain(names, on_cycle.len() + 1));
    let through_summary = on_cycle.iter().any(|&task| tasks[task].kind == TaskKind::Summary);
    let on_way = || cycle.iter().map(|&(_, link)| link).filter(|&link| link != NO_LINK);
    let of_gate = on_way().filter(|&link| links.is_of_gate(link as usize)).min();
    let place = of_gate.or(on_way().min()).map(|link| links.place(link as usize)).unwrap_or_default();
    let hint = if of_gate.is_some() {
        "what waits for a gate comes after it; take out one of these links, or the task from the gate"
    } else if through_summary {
        "take out one of these links; a link of a summary counts for everything below it"
    } else {
        "take out one of these links"
    };
    report.push(Finding::error("dependency-cycle", place, text).with_hint(hint));
}
