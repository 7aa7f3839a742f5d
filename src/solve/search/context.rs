//! What every decode of a network needs to know.

use super::super::aims::{Aims, Score};
use super::super::distances::Distances;
use super::super::found_by::FoundBy;
use super::super::modes::ModeChoice;
use super::super::sgs::{Machine, Paths};
use super::super::start::Start;
use super::leads;
use super::order::Sorter;
use crate::cpm;
use crate::effort::Control;
use crate::index::Rows;
use crate::network::{MaximalLag, Network, Slot};
use crate::plan::LinkKind;
use crate::schedule::Objective;

/// A schedule of the population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its nodes by start, predecessors first.
    pub order: Vec<u32>,
    /// Mode position of each node.
    pub modes: Vec<u32>,
    /// Start of each node.
    pub starts: Vec<Slot>,
    /// Finish of each node.
    pub finishes: Vec<Slot>,
    /// Start of each node when all are moved as far right as the makespan lets them, as far as known.
    pub late: Vec<Slot>,
    /// How good it is.
    pub score: Score,
    /// What made it as good as that.
    pub found_by: FoundBy,
}

impl Member {
    /// How far its nodes could move to the right, in all.
    pub fn room(&self) -> i64 {
        let room = |(late, start): (&Slot, &Slot)| i64::from(late.saturating_sub(*start).max(0));
        self.late.iter().zip(&self.starts).map(room).sum()
    }
}

/// What all decodes of a network share.
#[derive(Clone, Debug)]
pub struct Context<'n> {
    /// The network.
    pub network: &'n Network,
    /// Its choice of modes.
    pub choice: ModeChoice,
    /// When to stop: a schedule that is there is then no longer improved.
    pub control: &'n Control,
    /// What schedules are judged by.
    pub aims: Aims<'n>,
    /// What maximal lags and scarce resources say about pairs of nodes, if that is known.
    pub distances: Option<Distances>,
    /// A finish before which no schedule ends.
    pub bound: Slot,
    /// How much comes before and behind each node.
    pub paths: Paths,
    /// What the first member is made of, if not of a rule.
    pub start: Option<Start>,
    /// True if overhead counts towards a cap on the costs of a period.
    pub caps_overhead: bool,
    /// True if deadlines lead: then improvement does not move what keeps one beyond it.
    pub keeps_wishes: bool,
    /// True if deadlines are more important than the net present value.
    pub keeps_wishes_before_money: bool,
    /// True if sorting by start (finish) always puts predecessors first (last).
    sorted_is_feasible: bool,
    /// Predecessors of each node.
    before: Rows<u32>,
    /// Nodes with an exact date.
    pub exact: Vec<u32>,
}

impl<'n> Context<'n> {
    /// # Arguments
    /// `bound` is a finish before which no schedule ends.
    pub fn new(network: &'n Network, control: &'n Control, objectives: &[Objective], bound: Slot) -> Self {
        let plain_arc = |arc: &crate::network::Arc| arc.kind == LinkKind::FinishToStart && !arc.by_mode && arc.lag >= 0;
        let aims = Aims::new(network, objectives, bound);
        let asks_for_money = aims.asks_for(Objective::Cost) || aims.asks_for(Objective::NetPresentValue);
        Context {
            network,
            control,
            choice: ModeChoice::new(network, bound, leads::thrift(aims.leader(), asks_for_money)),
            keeps_wishes: aims.leader() == Some(Objective::Tardiness),
            keeps_wishes_before_money: aims.is_after(Objective::NetPresentValue, Objective::Tardiness),
            aims,
            distances: None,
            paths: Paths::new(network),
            bound,
            start: None,
            caps_overhead: network.overhead.is_some() && network.caps.iter().any(|cap| cap.with_overhead),
            sorted_is_feasible: network.predecessors.items().iter().all(plain_arc),
            before: others(&network.predecessors),
            exact: (0..network.len() as u32).filter(|&node| network.has_exact_date(node)).collect(),
        }
    }

    /// The same with the distances of the network.
    pub fn with_distances(mut self, distances: Option<Distances>) -> Self {
        self.distances = distances;
        self
    }

    /// True if some nodes have a greatest distance.
    pub fn has_maximal_lags(&self) -> bool {
        !self.network.maximal_lags.is_empty()
    }

    /// The start from which the predecessor of a maximal lag would let its successor stay; `None` if the lag is kept.
    pub fn pushed_start<M: Machine>(&self, machine: &M, modes: &[u32], maximal: &MaximalLag) -> Option<Slot> {
        let [predecessor, successor] = [maximal.predecessor, maximal.successor];
        let times = |node: u32| (machine.start(node), machine.finish(node));
        let mode = |node: u32| modes[node as usize];
        let (from, to) = (times(predecessor), times(successor));
        self.network.start_by_maximal_lag(maximal, from, to, mode(predecessor), mode(successor))
    }

    /// The score of the schedule on the machine, whose dates are also in `starts` and `finishes`.
    pub fn score<M: Machine>(&self, machine: &M, modes: &[u32], starts: &[Slot], finishes: &[Slot]) -> Score {
        let network = self.network;
        let makespan = finishes.iter().copied().max().unwrap_or(0);
        let mut violation = machine.clashes() + self.choice.excess_at(network, modes, makespan);
        if self.caps_overhead {
            violation += machine.cap_excess(makespan);
        }
        for &node in &self.exact {
            violation += exact_date_violation(network, modes, starts, finishes, node);
            violation += i64::from(!cpm::meets_must_date(network, modes[node as usize], node as usize));
            // A must-finish in too long a mode would begin before the project does.
            violation += i64::from((network.release[node as usize] - starts[node as usize]).max(0));
        }
        for maximal in &network.maximal_lags {
            let pushed = self.pushed_start(machine, modes, maximal);
            violation += pushed.map_or(0, |start| i64::from(start - machine.start(maximal.predecessor)).max(1));
        }
        if self.distances.is_some() {
            // A node that yielded to a maximal lag may have been put behind one that has to wait for it.
            for (node, row) in network.predecessors.iter().enumerate() {
                for arc in row {
                    let end = if arc.kind.from_finish() { finishes } else { starts }[arc.other as usize];
                    let own = if arc.kind.to_finish() { finishes } else { starts }[node];
                    violation += i64::from((end + arc.lag - own).max(0));
                }
            }
        }
        self.aims.score(violation, modes, starts, finishes, makespan)
    }

    /// Nodes by start, predecessors first.
    pub fn order_by_start(&self, starts: &[Slot]) -> Vec<u32> {
        let mut order = Vec::with_capacity(starts.len());
        self.sort_by_start(starts, &mut Vec::new(), &mut Sorter::default(), &mut order);
        order
    }

    /// Puts the nodes into `order` by start, predecessors first; `keys` is room to work in.
    pub fn sort_by_start(&self, starts: &[Slot], keys: &mut Vec<i64>, sorter: &mut Sorter, order: &mut Vec<u32>) {
        keys.clear();
        keys.extend(starts.iter().map(|&start| i64::from(start)));
        if !self.sorted_is_feasible {
            self.lift(keys);
        }
        sorter.sort(keys, order);
    }

    /// Puts the nodes into `order` by finish, latest first, successors first; `keys` is room to work in.
    pub fn sort_by_finish(&self, finishes: &[Slot], keys: &mut Vec<i64>, sorter: &mut Sorter, order: &mut Vec<u32>) {
        keys.clear();
        keys.extend(finishes.iter().map(|&finish| i64::from(finish)));
        if !self.sorted_is_feasible {
            for node in (0..keys.len()).rev() {
                let after = self.network.successors.row(node).iter().map(|arc| keys[arc.other as usize]).min();
                keys[node] = keys[node].min(after.unwrap_or(i64::MAX));
            }
            // A key was lowered to its successors' lowest; among equals the later number goes first.
        }
        sorter.sort(keys, order);
        order.reverse();
    }

    /// Raises each key to its predecessors' highest, so that sorting puts predecessors first.
    pub fn lift(&self, keys: &mut [i64]) {
        for node in 0..keys.len() {
            let mut key = keys[node];
            self.before.row(node).iter().for_each(|&other| key = key.max(keys[other as usize]));
            keys[node] = key;
        }
    }
}

/// The nodes at the other ends of arcs.
fn others(arcs: &Rows<crate::network::Arc>) -> Rows<u32> {
    let mut rows = Rows::with_capacity(arcs.len(), arcs.items().len());
    arcs.iter().for_each(|row| rows.push_row(row.iter().map(|arc| arc.other)));
    rows
}

/// By how many slots a node starts before what its predecessors allow.
pub fn exact_date_violation(network: &Network, modes: &[u32], starts: &[Slot], finishes: &[Slot], node: u32) -> i64 {
    let mode = modes[node as usize];
    let bounds = network.predecessors.row(node as usize).iter().map(|arc| {
        let other = arc.other as usize;
        let lag = network.lag(arc, arc.other, modes[other]);
        let bound = network.earliest_by_arc(arc, lag, (starts[other], finishes[other]), modes[other], mode);
        // What counts is where the node could start then: a bound within a pause that ends at its start is met.
        bound.and_then(|bound| network.first_start(mode, bound)).unwrap_or(network.horizon)
    });
    bounds.map(|bound| i64::from((bound - starts[node as usize]).max(0))).sum()
}
