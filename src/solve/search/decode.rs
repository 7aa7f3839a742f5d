//! From an order and modes to a member: generate, improve forward and backward, score.

use super::super::modes::ModeChoice;
use super::super::sgs::{Machine, by_worst_case_slack, justify_right, parallel, serial};
use crate::effort::Control;
use crate::network::{MaximalLag, NEVER, NO_EARLIEST, Network, Slot};
use crate::plan::LinkKind;

/// How good a schedule is; less is better, the first difference decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// By how much hard limits are broken: exact dates, maximal lags, totals. Zero in a valid schedule.
    pub violation: i64,
    /// Slots by which nodes are later than their deadlines and "no later" constraints, in all.
    pub tardiness: i64,
    /// Finish of the project.
    pub makespan: Slot,
    /// Starts weighted by how far priorities differ from the usual one.
    pub preference: i64,
    /// Cost of the modes in minor units of money.
    pub cost: i64,
}

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
    /// How good it is.
    pub score: Score,
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
    /// A finish before which no schedule ends.
    bound: Slot,
    /// True if overhead counts towards a cap on the costs of a period.
    caps_overhead: bool,
    /// True if sorting by start (finish) always puts predecessors first (last).
    sorted_is_feasible: bool,
    /// Nodes with an exact date.
    exact: Vec<u32>,
    /// Nodes with a soft latest date.
    limited: Vec<u32>,
    /// Nodes with another priority than the usual one, and by how much it differs.
    preferred: Vec<(u32, i64)>,
}

/// Passes of justification at most; each costs two schedules and almost all gain is in the first two.
const JUSTIFICATIONS: usize = 4;
/// Finishes that are assumed for the overhead before it is taken to go on for ever.
const OVERHEAD_ATTEMPTS: usize = 4;
/// Priority of a task that does not say.
const USUAL_PRIORITY: i64 = 500;

impl<'n> Context<'n> {
    /// # Arguments
    /// `bound` is a finish before which no schedule ends.
    pub fn new(network: &'n Network, control: &'n Control, bound: Slot) -> Self {
        let nodes = 0..network.len() as u32;
        let is_exact = |&node: &u32| {
            network.must_start[node as usize] != NO_EARLIEST || network.must_finish[node as usize] != NO_EARLIEST
        };
        let is_limited =
            |&node: &u32| network.latest_start[node as usize] != NEVER || network.latest_finish[node as usize] != NEVER;
        let preference = |node: u32| (node, i64::from(network.priority[node as usize]) - USUAL_PRIORITY);
        let plain_arc = |arc: &crate::network::Arc| arc.kind == LinkKind::FinishToStart && !arc.by_mode && arc.lag >= 0;
        Context {
            network,
            control,
            choice: ModeChoice::new(network, bound),
            bound,
            caps_overhead: network.overhead.is_some() && network.caps.iter().any(|cap| cap.with_overhead),
            sorted_is_feasible: network.predecessors.items().iter().all(plain_arc),
            exact: nodes.clone().filter(is_exact).collect(),
            limited: nodes.clone().filter(is_limited).collect(),
            preferred: nodes.map(preference).filter(|&(_, weight)| weight != 0).collect(),
        }
    }

    /// True if some nodes have a greatest distance.
    pub fn has_maximal_lags(&self) -> bool {
        !self.network.maximal_lags.is_empty()
    }

    /// The member that the serial scheme makes of an order.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn decode_order<M: Machine>(&self, machine: &mut M, order: &[u32], modes: &[u32]) -> Result<Member, u32> {
        self.generate(machine, order, modes)?;
        self.improved(machine, order.to_vec(), modes)
    }

    /// The member that the parallel scheme makes of an order of preference.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn decode_parallel<M: Machine>(&self, machine: &mut M, order: &[u32], modes: &[u32]) -> Result<Member, u32> {
        let mut rank = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &node)| rank[node as usize] = place as u32);
        self.with_overhead(machine, |machine| {
            machine.reset(modes);
            parallel(machine, self.network, &rank)
        })?;
        self.improved(machine, order.to_vec(), modes)
    }

    /// The member that the parallel scheme makes with the rule of the worst case slack.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn decode_by_slack<M: Machine>(
        &self,
        machine: &mut M,
        late_start: &[Slot],
        modes: &[u32],
    ) -> Result<Member, u32> {
        self.with_overhead(machine, |machine| {
            machine.reset(modes);
            by_worst_case_slack(machine, self.network, modes, late_start)
        })?;
        self.improved(machine, (0..self.network.len() as u32).collect(), modes)
    }

    /// Generates a schedule; where a maximal lag is exceeded, its predecessor is pushed back and all begins anew
    /// (the unscheduling step of Neumann, Schwindt, Zimmermann, "Project Scheduling with Time Windows and Scarce
    /// Resources" (2003), section 2.6, in its simplest form).
    fn generate<M: Machine>(&self, machine: &mut M, order: &[u32], modes: &[u32]) -> Result<Slot, u32> {
        self.with_overhead(machine, |machine| self.generate_once(machine, order, modes))
    }

    /// Generates a schedule as if no overhead came after the least finish, and again with the overhead that its finish
    /// then brings, as long as that breaks a cap on the costs of a period.
    fn with_overhead<M: Machine>(
        &self,
        machine: &mut M,
        mut generate: impl FnMut(&mut M) -> Result<Slot, u32>,
    ) -> Result<Slot, u32> {
        if !self.caps_overhead {
            return generate(machine);
        }
        let mut assumed = self.bound;
        for _ in 0..OVERHEAD_ATTEMPTS {
            machine.assume_finish(assumed);
            let makespan = generate(machine)?;
            if makespan <= assumed || machine.cap_excess(makespan) == 0 {
                return Ok(makespan);
            }
            assumed = makespan;
        }
        machine.assume_finish(NEVER);
        generate(machine)
    }

    fn generate_once<M: Machine>(&self, machine: &mut M, order: &[u32], modes: &[u32]) -> Result<Slot, u32> {
        machine.forget_pushes();
        let attempts = if self.has_maximal_lags() { 30 + 2 * self.network.maximal_lags.len().min(100) } else { 1 };
        let mut makespan = 0;
        for _ in 0..attempts {
            machine.reset(modes);
            makespan = serial(machine, order)?;
            let mut pushed = false;
            for maximal in &self.network.maximal_lags {
                if let Some(start) = self.pushed_start(machine, modes, maximal) {
                    machine.push(maximal.predecessor, start);
                    pushed = true;
                }
            }
            if !pushed {
                break;
            }
        }
        Ok(makespan)
    }

    /// The start from which the predecessor of a maximal lag would let its successor stay; `None` if the lag is kept.
    fn pushed_start<M: Machine>(&self, machine: &M, modes: &[u32], maximal: &MaximalLag) -> Option<Slot> {
        let [predecessor, successor] = [maximal.predecessor, maximal.successor];
        let times = |node: u32| (machine.start(node), machine.finish(node));
        let mode = |node: u32| modes[node as usize];
        let (from, to) = (times(predecessor), times(successor));
        self.network.start_by_maximal_lag(maximal, from, to, mode(predecessor), mode(successor))
    }

    /// Forward-backward improvement: everything as late as possible by finish, then as early as possible by start.
    fn improved<M: Machine>(&self, machine: &mut M, order: Vec<u32>, modes: &[u32]) -> Result<Member, u32> {
        let mut best = self.member(machine, order, modes);
        for _ in 0..JUSTIFICATIONS {
            if self.control.must_stop() {
                break;
            }
            let backward = self.order_by_finish(&best.finishes);
            machine.reset(modes);
            if justify_right(machine, &backward, best.score.makespan).is_none() {
                break;
            }
            let starts: Vec<Slot> = (0..self.network.len() as u32).map(|node| machine.start(node)).collect();
            let forward = self.order_by_start(&starts);
            if self.generate(machine, &forward, modes).is_err() {
                break;
            }
            let next = self.member(machine, forward, modes);
            let gained = (next.score.violation, next.score.tardiness, next.score.makespan)
                < (best.score.violation, best.score.tardiness, best.score.makespan);
            if next.score <= best.score {
                best = next;
            }
            if !gained {
                break;
            }
        }
        best.order = self.order_by_start(&best.starts);
        Ok(best)
    }

    fn member<M: Machine>(&self, machine: &M, order: Vec<u32>, modes: &[u32]) -> Member {
        let nodes = self.network.len() as u32;
        let starts: Vec<Slot> = (0..nodes).map(|node| machine.start(node)).collect();
        let finishes: Vec<Slot> = (0..nodes).map(|node| machine.finish(node)).collect();
        let makespan = finishes.iter().copied().max().unwrap_or(0);
        let score = self.score(machine, modes, &starts, &finishes, makespan);
        Member { order, modes: modes.to_vec(), starts, finishes, score }
    }

    fn score<M: Machine>(
        &self,
        machine: &M,
        modes: &[u32],
        starts: &[Slot],
        finishes: &[Slot],
        makespan: Slot,
    ) -> Score {
        let network = self.network;
        let mut violation = machine.clashes() + self.choice.excess_at(network, modes, makespan);
        if self.caps_overhead {
            violation += machine.cap_excess(makespan);
        }
        for &node in &self.exact {
            violation += exact_date_violation(network, modes, starts, finishes, node);
            // A must-finish in too long a mode would begin before the project does.
            violation += i64::from((network.release[node as usize] - starts[node as usize]).max(0));
        }
        for maximal in &network.maximal_lags {
            let pushed = self.pushed_start(machine, modes, maximal);
            violation += pushed.map_or(0, |start| i64::from(start - machine.start(maximal.predecessor)).max(1));
        }
        let late = |&node: &u32| {
            let node = node as usize;
            i64::from((finishes[node].saturating_sub(network.latest_finish[node])).max(0))
                + i64::from((starts[node].saturating_sub(network.latest_start[node])).max(0))
        };
        let preference = self.preferred.iter().map(|&(node, weight)| weight * i64::from(starts[node as usize])).sum();
        let cost = modes.iter().map(|&position| network.costs[position as usize]).sum();
        Score { violation, tardiness: self.limited.iter().map(late).sum(), makespan, preference, cost }
    }

    /// Nodes by start, predecessors first.
    pub fn order_by_start(&self, starts: &[Slot]) -> Vec<u32> {
        let mut keys: Vec<i64> = starts.iter().map(|&start| i64::from(start)).collect();
        if !self.sorted_is_feasible {
            self.lift(&mut keys);
        }
        sorted(&keys)
    }

    /// Nodes by finish, latest first, successors first.
    fn order_by_finish(&self, finishes: &[Slot]) -> Vec<u32> {
        let mut keys: Vec<i64> = finishes.iter().map(|&finish| i64::from(finish)).collect();
        if !self.sorted_is_feasible {
            for node in (0..keys.len()).rev() {
                let after = self.network.successors.row(node).iter().map(|arc| keys[arc.other as usize]).max();
                keys[node] = keys[node].max(after.unwrap_or(i64::MIN));
            }
            // A key was raised to its successors' highest; among equals the later number goes first.
        }
        let mut order = sorted(&keys);
        order.reverse();
        order
    }

    /// Raises each key to its predecessors' highest, so that sorting puts predecessors first.
    pub fn lift(&self, keys: &mut [i64]) {
        for node in 0..keys.len() {
            let before = self.network.predecessors.row(node).iter().map(|arc| keys[arc.other as usize]).max();
            keys[node] = keys[node].max(before.unwrap_or(i64::MIN));
        }
    }
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

/// Keys that spread over so many values for each node are counted; beyond that comparing is faster.
const COUNTED_SPREAD: usize = 8;

/// Node numbers by key, equal keys by number. Keys lie within 32 bits.
pub fn sorted(keys: &[i64]) -> Vec<u32> {
    let (Some(&least), Some(&most)) = (keys.iter().min(), keys.iter().max()) else { return Vec::new() };
    let spread = (most - least) as usize;
    if spread > COUNTED_SPREAD * keys.len() {
        let mut packed: Vec<u64> =
            keys.iter().zip(0u64..).map(|(&key, node)| ((key - least) as u64) << 32 | node).collect();
        packed.sort_unstable();
        return packed.into_iter().map(|key| key as u32).collect();
    }
    // A counting sort: `next` says where the next node of each key goes.
    let mut next = vec![0u32; spread + 2];
    keys.iter().for_each(|&key| next[(key - least) as usize + 1] += 1);
    let mut total = 0;
    for count in &mut next {
        total += *count;
        *count = total;
    }
    let mut order = vec![0u32; keys.len()];
    for (&key, node) in keys.iter().zip(0u32..) {
        let place = &mut next[(key - least) as usize];
        order[*place as usize] = node;
        *place += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorting_by_counting_is_sorting(keys in proptest::collection::vec(-40i64..40, 0..30), far in 0i64..2_000) {
            let mut keys = keys;
            keys.extend((far > 1_000).then_some(far));
            let mut expected: Vec<u32> = (0..keys.len() as u32).collect();
            expected.sort_by_key(|&node| (keys[node as usize], node));
            prop_assert_eq!(sorted(&keys), expected);
        }
    }
}
