//! The plan as samples see it: nodes in an order in which each follows what it waits for, with the laws of their durations.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::assess::{Defaults, RiskOptions};
use super::block::LAST;
use super::caps::{Cap, caps};
use super::correlated::{Correlated, Draw, correlated};
use super::events::{Event, events};
use super::gates::{self, Loops};
use super::list::List;
use super::quantiles::{Law, Quantiles, with_deciles};
use crate::error::Result;
use crate::index::Rows;
use crate::network::{
    Arc, Assigned, EVERY_SLOT, NO_EARLIEST, NO_NODE, Network, NodeMode, OF_PREDECESSOR, OF_SUCCESSOR, Origin, Slot,
};
use crate::plan::{Distribution, GateId, LagAmount, MitigationId, Plan, ResourceKind, TaskId, TaskKind, ThreePoint};
use crate::schedule::{Assignment, assignment_cost};
use crate::units::{Minutes, Share};

/// What takes time in samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// An activity or milestone.
    Task(TaskId),
    /// The rework that a gate asks for.
    Gate(GateId),
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it stands for; none for the start or the finish of a summary.
    pub work: Option<Work>,
    /// How long it takes, in slots.
    pub law: Law,
    /// Its place among the draws that go together; none if its duration goes together with nothing.
    pub correlated: Option<u32>,
    /// How it is done; its duration is the planned one.
    pub mode: NodeMode,
    /// No earlier start.
    pub release: Slot,
    /// No earlier finish; [`NO_EARLIEST`] if free.
    pub finish_release: Slot,
    /// The start that a date demands, whatever the duration; [`NO_EARLIEST`] if none does.
    pub must_start: Slot,
    /// The finish that a date demands; [`NO_EARLIEST`] if none does.
    pub must_finish: Slot,
    /// True if its dates are sums: it works in every slot, no date is demanded, and so it is for its links.
    pub is_plain: bool,
    /// True if whatever bounds its start is a sum, wherever it works.
    pub has_sums: bool,
    /// Cost that grows with its duration, in minor units of money for each slot, and the cost that does not.
    pub cost: (f64, f64),
}

/// A link into a node.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    /// Position of what is waited for among the nodes of the model.
    pub on: u32,
    /// As in the network; `by_mode` and calendars by mode are resolved.
    pub arc: Arc,
    /// The lag as a share of the duration of what is waited for; zero if the lag of `arc` counts.
    pub share: Share,
}

impl Wait {
    /// The lag behind something that takes so long, in slots of a minute.
    pub fn lag(&self, duration: Slot) -> i32 {
        match self.share {
            Share(0) => self.arc.lag,
            share => share.of(Minutes(i64::from(duration))).0.clamp(-i64::from(LAST), i64::from(LAST)) as i32,
        }
    }

    /// True if the lag takes the same slots whenever it runs.
    fn is_sum(&self) -> bool {
        self.share == Share(0) && (self.arc.lag == 0 || self.arc.calendar == EVERY_SLOT)
    }
}

/// A fixed cost that is uncertain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dear {
    /// Position in the model.
    pub at: u32,
    /// What is uncertain of the node's fixed cost, as planned, in minor units of money.
    pub planned: f64,
    /// By which factor that differs.
    pub factor: Law,
}

/// The plan as samples see it.
#[derive(Clone, Debug)]
pub struct Model<'n> {
    /// The network it is made of.
    pub network: &'n Network,
    /// Nodes; each comes after those that it waits for.
    pub nodes: Vec<Node>,
    /// What each node waits for.
    pub waits: Rows<Wait>,
    /// Position of each node of the network.
    pub position: Vec<u32>,
    /// The tables of all laws.
    pub quantiles: Quantiles,
    /// Risks and issues.
    pub events: Vec<Event>,
    /// Mitigations of the risks among them.
    pub mitigations: Vec<MitigationId>,
    /// Gates that may fail, in the order of the plan.
    pub gates: Vec<Loops>,
    /// Budgets.
    pub caps: Vec<Cap>,
    /// What was spent before the samples begin, in minor units of money.
    pub spent: i64,
    /// Fixed costs that are uncertain.
    pub dear: Vec<Dear>,
    /// What goes together.
    pub correlated: Correlated,
    /// Who comes first where samples have schedules of their own; none if the waits keep them within the resources.
    pub list: Option<List>,
    /// Links that keep no order with the rest, and are left out.
    pub left_out: usize,
}

impl<'n> Model<'n> {
    /// # Arguments
    /// `modes` is the mode position of each node; `flows` are pairs of nodes of which the second takes over what the first
    /// hands on. Of the options those count that are about durations.
    ///
    /// # Errors
    /// Wrong usage if correlations join too many durations.
    pub fn new(
        plan: &Plan,
        network: &'n Network,
        modes: &[u32],
        flows: &[(u32, u32)],
        options: &RiskOptions,
    ) -> Result<Model<'n>> {
        let mut quantiles = Quantiles::default();
        let mut pairs: Vec<(u32, Wait)> = Vec::new();
        for node in 0..network.len() as u32 {
            let row = network.predecessors.range(node as usize);
            pairs.extend(row.map(|at| (node, resolved(plan, network, modes, node, at))));
        }
        let tried = gates::tried(plan);
        gates::add_waits(plan, network, &tried, &mut pairs);
        let links = pairs.len();
        let hand_over = |&(from, to): &(u32, u32)| (to, gates::after(from));
        pairs.extend(flows.iter().map(hand_over));
        let count = network.len() + tried.len();
        let (order, left_out) = ordered(count, &mut pairs, links);
        let mut position = vec![0; count];
        order.iter().enumerate().for_each(|(at, &number)| position[number as usize] = at as u32);
        let moved = |(node, wait): &(u32, Wait)| {
            (position[*node as usize] as usize, Wait { on: position[wait.on as usize], ..*wait })
        };
        let waits = Rows::from_pairs(count, pairs.iter().map(moved));
        let mut nodes: Vec<Node> = order
            .iter()
            .map(|&number| match modes.get(number as usize) {
                Some(&mode) => node(plan, network, mode, number, options, &mut quantiles),
                None => gates::node(plan, network, modes, tried[number as usize - network.len()]),
            })
            .collect();
        for (at, node) in nodes.iter_mut().enumerate() {
            let waits = waits.row(at);
            node.is_plain &= waits.iter().all(Wait::is_sum);
            node.has_sums &= waits.iter().all(|wait| wait.is_sum() && !wait.arc.kind.to_finish());
        }
        let (events, mitigations) = events(plan, network, &position, &mut quantiles);
        for &hit in events.iter().filter(|event| event.is_by_the_clock()).flat_map(|event| &event.hits) {
            nodes[hit as usize].is_plain = false;
        }
        let slot_minutes = network.axis.slot_minutes.0 as f64;
        let loops = |(&id, &at): (&GateId, &u32)| {
            let gate = &plan.gates()[id];
            let number = gate.rework_task.map(|task| network.start_node[task]).filter(|&number| number != NO_NODE);
            let task = number.map(|number| &nodes[position[number as usize] as usize]);
            gates::loops(plan, gate, at, task, slot_minutes, &mut quantiles)
        };
        let gates = tried.iter().zip(&position[network.len()..]).map(loops).collect();
        position.truncate(network.len());
        let correlated = correlated(plan, &nodes, &events)?;
        for (place, draw) in correlated.draws.iter().enumerate() {
            if let Draw::Node(at) = *draw {
                nodes[at].correlated = Some(place as u32);
            }
        }
        let mut model = Model {
            network,
            nodes,
            waits,
            position,
            quantiles,
            events,
            mitigations,
            gates,
            caps: Vec::new(),
            spent: plan.spent().0,
            dear: Vec::new(),
            correlated,
            list: None,
            left_out,
        };
        model.caps = caps(plan, &model, modes);
        Ok(model)
    }
}

impl Model<'_> {
    /// Makes fixed costs uncertain: as their tasks say themselves, and else by factors.
    pub fn set_costs(&mut self, plan: &Plan, costs: &Defaults) {
        for (at, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.cost.1 != 0.0) {
            let Some(Work::Task(task)) = node.work else { continue };
            let row = &plan.tasks()[task];
            if row.is_finished() {
                continue;
            }
            let (planned, factor) = match (&row.cost_distribution, costs.factors(plan, task)) {
                (Some(own), _) => (row.fixed_cost.0 as f64, own.scaled(1.0 / row.fixed_cost.0 as f64)),
                (None, Some([optimistic, most_likely, pessimistic])) => {
                    (node.cost.1, Distribution::Pert(ThreePoint { optimistic, most_likely, pessimistic }))
                }
                (None, None) => continue,
            };
            self.dear.push(Dear { at: at as u32, planned, factor: self.quantiles.law(&factor) });
        }
    }
}

/// The nodes with which a task ends; a summary that no link names ends with the tasks below it.
pub fn ends(plan: &Plan, network: &Network, task: TaskId) -> Vec<u32> {
    if network.finish_node[task] != NO_NODE {
        return vec![network.finish_node[task]];
    }
    let tasks = plan.tasks();
    let is_below = |&other: &TaskId| {
        std::iter::successors(tasks[other].parent, |&parent| tasks[parent].parent).any(|parent| parent == task)
    };
    let work = tasks.ids().filter(|&other| tasks[other].kind != TaskKind::Summary).filter(is_below);
    work.map(|other| network.finish_node[other]).collect()
}

/// The link at a place among all of the network, with what the modes chosen make of it.
fn resolved(plan: &Plan, network: &Network, modes: &[u32], node: u32, at: usize) -> Wait {
    let arc = &network.predecessors.items()[at];
    let link = network.predecessor_links[at].map(|link| &plan.links()[link]);
    let share = match link.map(|link| (link.lag.amount, plan.tasks()[link.predecessor].kind)) {
        Some((LagAmount::Percent(share), TaskKind::Activity)) => share,
        _ => Share(0),
    };
    let (from, to) = (modes[arc.other as usize], modes[node as usize]);
    let calendar = match arc.calendar {
        OF_SUCCESSOR => network.mode(to).lag_calendar,
        OF_PREDECESSOR => network.mode(from).lag_calendar,
        fixed => fixed,
    };
    let lag = network.lag(arc, arc.other, from);
    Wait { on: arc.other, arc: Arc { lag, calendar, by_mode: false, ..*arc }, share }
}

/// The nodes in an order in which each comes after those that it waits for; and how many of what came behind the first
/// `certain` pairs had to be dropped because no order would keep them.
fn ordered(count: usize, pairs: &mut Vec<(u32, Wait)>, certain: usize) -> (Vec<u32>, usize) {
    let all = pairs.len();
    loop {
        let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(count, pairs.len());
        (0..count).for_each(|_| _ = graph.add_node(()));
        graph.extend_with_edges(pairs.iter().map(|(node, wait)| (wait.on, *node)));
        // What follows comes first.
        let components = kosaraju_scc(&graph);
        if components.len() == count {
            return (
                components.into_iter().rev().flatten().map(|node| node.index() as u32).collect(),
                all - pairs.len(),
            );
        }
        // Hand-overs run against links with leads.
        let mut component = vec![0; count];
        for (number, nodes) in components.iter().enumerate() {
            nodes.iter().for_each(|node| component[node.index()] = number);
        }
        let mut at = 0;
        pairs.retain(|(node, wait)| {
            at += 1;
            at <= certain || component[*node as usize] != component[wait.on as usize]
        });
    }
}

fn node(
    plan: &Plan,
    network: &Network,
    mode: u32,
    number: u32,
    options: &RiskOptions,
    quantiles: &mut Quantiles,
) -> Node {
    let at = number as usize;
    let NodeMode { duration, calendar, .. } = *network.mode(mode);
    let task = match network.origin[at] {
        Origin::Task(task) => Some(task),
        Origin::SummaryStart(_) | Origin::SummaryFinish(_) => None,
    };
    let distribution = task.and_then(|task| uncertain(plan, task, duration, network.axis.slot_minutes.0, options));
    let law = distribution.map_or(Law::Certain(f64::from(duration)), |distribution| quantiles.law(&distribution));
    let total = network.costs[mode as usize] as f64;
    let fixed = task.map_or(0.0, |task| fixed_cost(plan, network, task, mode));
    let per_slot = if duration > 0 { (total - fixed) / f64::from(duration) } else { 0.0 };
    Node {
        work: task.map(Work::Task),
        law,
        correlated: None,
        mode: *network.mode(mode),
        release: network.release[at],
        finish_release: network.finish_release[at],
        must_start: network.must_start[at],
        must_finish: network.must_finish[at],
        is_plain: !network.has_exact_date(number) && network.calendar(calendar).is_always(),
        has_sums: !network.has_exact_date(number) && network.finish_release[at] == NO_EARLIEST,
        cost: (per_slot, if duration > 0 { fixed } else { total }),
    }
}

/// What a task costs however long it takes: all but its people and machines, who are paid by time.
fn fixed_cost(plan: &Plan, network: &Network, task: TaskId, mode: u32) -> f64 {
    let total = network.costs[mode as usize] as f64;
    let Some(way) = network.mode(mode).mode.filter(|_| plan.tasks()[task].kind != TaskKind::Milestone) else {
        return total;
    };
    let is_paid_by_time = |assigned: &&Assigned| plan.resources()[assigned.resource].kind == ResourceKind::Work;
    let by_time = |&Assigned { resource, amount }: &Assigned| {
        assignment_cost(plan, task, &Assignment { resource, amount }, &plan.modes()[way]).0.0 as f64
    };
    total - network.assigned.row(mode as usize).iter().filter(is_paid_by_time).map(by_time).sum::<f64>()
}

/// The distribution of a task's duration in slots; none if it is certain. In modes other than the first the estimate is that
/// of the first, longer or shorter as the mode is.
fn uncertain(
    plan: &Plan,
    task: TaskId,
    duration: Slot,
    slot_minutes: i64,
    options: &RiskOptions,
) -> Option<Distribution> {
    let row = &plan.tasks()[task];
    if duration == 0 || row.progress.is_some_and(|progress| progress.finish.is_some()) {
        return None;
    }
    let planned = f64::from(duration);
    let first = plan.modes_of(task).first().map_or(0, |mode| mode.duration.minutes().0);
    if let Some(estimate) = &row.distribution {
        let share = if first > 0 { planned / first as f64 } else { 1.0 / slot_minutes as f64 };
        let estimate = estimate.scaled(share);
        return Some(if options.ends_are_deciles { with_deciles(&estimate) } else { estimate });
    }
    let [least, likely, most] = options.defaults.factors(plan, task)?;
    let [optimistic, most_likely, pessimistic] = [least, likely, most].map(|factor| factor * planned);
    Some(Distribution::Pert(ThreePoint { optimistic, most_likely, pessimistic }))
}

impl Node {
    /// The start that a date demands for a duration, if one does.
    pub fn demanded_start(&self, network: &Network, mode: &NodeMode) -> Option<Option<Slot>> {
        network.demanded_start_as(mode, (self.must_start, self.must_finish))
    }
}
