//! What no schedule can beat: heads, energy, and proofs that there is no schedule at all.
//!
//! Heads are earliest positions when each node is done in whichever mode suits each question best. The energy bound asks
//! of a finish `t`: is there a resource and a window such that the nodes that must lie within it (their head not before
//! its beginning, their latest finish for `t` not after its end) need more than the resource offers there? If so the
//! project finishes after `t`; the answer changes only once as `t` grows, so that bisection finds the bound.
//! Source: the interval consistency test of Baptiste, Le Pape, Nuijten, "Constraint-Based Scheduling" (2001), section 3.3,
//! as a destructive bound (Klein, Scholl, "Computing lower bounds by destructive improvement", EJOR 112, 1999).

use crate::cpm;
use crate::network::{Arc, EVERY_SLOT, HORIZON_LIMIT, MaximalLag, NEVER, NO_EARLIEST, Network, Slot, TotalOrigin};
use crate::plan::Plan;

/// Lower bounds of each node's start and finish over all modes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    /// Of the starts.
    pub start: Vec<Slot>,
    /// Of the finishes.
    pub finish: Vec<Slot>,
}

impl Heads {
    /// The length of the longest path.
    pub fn path(&self) -> Slot {
        self.finish.iter().copied().max().unwrap_or(0)
    }
}

/// A proven bound of the project's finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// No schedule finishes earlier.
    pub finish: Slot,
    /// What proves it.
    pub reason: Reason,
}

/// What proves a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The longest path of links, calendars and dates.
    Path,
    /// A renewable resource (its position in the network) has too much work for an earlier finish.
    Energy(u32),
    /// The exact side has shown that nothing finishes earlier.
    Search,
}

/// Why there is no schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// A node cannot start, or cannot finish, on its exact date.
    ExactDate(u32),
    /// A node's work never fits into its calendar.
    Calendar(u32),
    /// A greatest distance (its position in the network) contradicts the links.
    MaximalLag(usize),
    /// Two nodes cannot be at work at the same time, and greatest distances leave them no other.
    Overlap([u32; 2]),
    /// Even the least consumption of every node together exceeds a total; `least` is that sum.
    Total {
        /// The total (its position in the network).
        total: usize,
        /// The least sum of consumptions.
        least: i64,
    },
    /// The overhead in the period of a cap (its position in the network) alone exceeds it.
    Overhead {
        /// The cap.
        cap: usize,
        /// The overhead until the least finish of the project.
        least: i64,
    },
}

impl Conflict {
    /// The conflict in words, with the names of the plan.
    pub fn describe(&self, plan: &Plan, network: &Network) -> String {
        let name = |node: u32| network.node_name(plan, node);
        match *self {
            Conflict::ExactDate(node) => {
                format!("{} cannot be done on its must-date: what comes before it takes longer", name(node))
            }
            Conflict::Calendar(node) => format!("the work of {} never fits into its calendar", name(node)),
            Conflict::MaximalLag(index) => {
                let lag = &network.maximal_lags[index];
                let (from, to) = (name(lag.predecessor), name(lag.successor));
                format!("the max_lag from {from} to {to} contradicts the links and dates between them")
            }
            Conflict::Overlap([one, other]) => format!(
                "{} and {} need more of a resource than there is if they run at the same time, and the links and max_lags \
                 around them leave them no other",
                name(one),
                name(other)
            ),
            Conflict::Overhead { cap, least } => {
                let budget = &plan.budgets()[network.caps[cap].budget];
                let least = crate::units::Money(least);
                format!(
                    "budget `{}`: the overhead of its period alone is {least}, its cap is {}",
                    budget.id, budget.cap
                )
            }
            Conflict::Total { total, least } => match network.totals[total].origin {
                TotalOrigin::Material(resource) => {
                    let resource = &plan.resources()[resource];
                    let needed = crate::units::Amount(least);
                    let total = resource.capacity.map(|amount| amount.to_string()).unwrap_or_default();
                    format!("material `{}`: at least {needed} is needed, {total} is there", resource.id)
                }
                TotalOrigin::Budget(budget) => {
                    let budget = &plan.budgets()[budget];
                    let needed = crate::units::Money(least);
                    format!("budget `{}`: at least {needed} is needed, its cap is {}", budget.id, budget.cap)
                }
                TotalOrigin::Rule(rule) => format!("{}: there are not enough people to keep it", plan.rule_name(rule)),
                TotalOrigin::Cost => "the tasks cost more than their cap, however they are done".to_owned(),
            },
        }
    }
}

/// Rounds that maximal lags may take beyond one for each node, where pauses make them slow to settle.
const SPARE_ROUNDS: usize = 1_000;

/// The earliest positions by links, calendars and dates, each node in whichever of its modes is best.
///
/// # Errors
/// A conflict that no schedule can resolve.
///
/// # Complexity
/// Linear in nodes and arcs; with maximal lags at most that times the number of nodes, and a thousand more.
pub fn heads(network: &Network) -> Result<Heads, Conflict> {
    let nodes = network.len();
    let mut heads = Heads { start: vec![0; nodes], finish: vec![0; nodes] };
    let mut least_start = network.release.clone();
    // Without maximal lags one round settles everything. Without pauses either one more for each of them does, or there is
    // a positive cycle; across pauses what rises may yet come to rest, and what is known so far is a bound.
    let never_pauses = network.calendars.iter().all(|table| table.is_always());
    for round in 0.. {
        for (node, &least_start) in least_start.iter().enumerate() {
            head(network, node, least_start, &mut heads)?;
        }
        let mut raised = None;
        for (index, maximal) in network.maximal_lags.iter().enumerate() {
            if raise(network, maximal, &heads, &mut least_start) {
                raised = Some(index);
            }
        }
        match raised {
            None => break,
            Some(index) if round > network.maximal_lags.len() && never_pauses => {
                return Err(Conflict::MaximalLag(index));
            }
            Some(_) if round > nodes + SPARE_ROUNDS => break,
            Some(_) => {}
        }
    }
    Ok(heads)
}

/// Raises the least start of the predecessor of a maximal lag to what its successor's head asks for. Where modes leave a
/// choice no bound is drawn.
fn raise(network: &Network, maximal: &MaximalLag, heads: &Heads, least_start: &mut [Slot]) -> bool {
    let [first, second] = [maximal.predecessor, maximal.successor].map(|node| network.modes.range(node as usize));
    if first.len() > 1 || second.len() > 1 {
        return false;
    }
    let times = |node: u32| (heads.start[node as usize], heads.finish[node as usize]);
    let (from, to) = (times(maximal.predecessor), times(maximal.successor));
    let start = network.start_by_maximal_lag(maximal, from, to, first.start as u32, second.start as u32);
    let least = &mut least_start[maximal.predecessor as usize];
    start.filter(|&start| start > from.0 && start > *least).map(|start| *least = start).is_some()
}

fn head(network: &Network, node: usize, least_start: Slot, heads: &mut Heads) -> Result<(), Conflict> {
    let (mut start, mut finish) = (NEVER, NEVER);
    let modes = network.modes.range(node).map(|position| position as u32);
    for mode in modes.clone() {
        let Some(from) = earliest(network, node, mode, least_start, heads) else { continue };
        start = start.min(from);
        finish = finish.min(network.finish(mode, from).unwrap_or(NEVER));
    }
    if start == NEVER || finish == NEVER {
        return Err(Conflict::Calendar(node as u32));
    }
    if network.has_exact_date(node as u32) {
        let modes = modes.filter(|&mode| cpm::meets_must_date(network, mode, node));
        let fixed = |mode: u32| cpm::fixed_start(network, mode, node).unwrap_or(NEVER);
        // A milestone may stand anywhere in the pause in which its date lies.
        let latest = |mode: u32| match network.mode(mode).duration {
            0 => network.end_of_pause(mode, fixed(mode)),
            _ => fixed(mode),
        };
        if modes.clone().all(|mode| latest(mode) < start) {
            return Err(Conflict::ExactDate(node as u32));
        }
        start = modes.clone().map(fixed).min().unwrap_or(0);
        finish = modes.filter_map(|mode| network.finish(mode, fixed(mode))).min().unwrap_or(0);
    }
    heads.start[node] = start;
    heads.finish[node] = finish;
    Ok(())
}

/// The earliest start of a node in one of its modes, given the heads of what comes before.
fn earliest(network: &Network, node: usize, mode: u32, least_start: Slot, heads: &Heads) -> Option<Slot> {
    let mut from = least_start;
    if network.finish_release[node] != NO_EARLIEST {
        from = from.max(network.start_for_finish(mode, network.finish_release[node]));
    }
    for arc in network.predecessors.row(node) {
        from = from.max(head_by_arc(network, arc, mode, heads));
    }
    network.first_start(mode, from)
}

/// The earliest start that an arc allows its successor in one of its modes, given the heads of its predecessor.
pub fn head_by_arc(network: &Network, arc: &Arc, mode: u32, heads: &Heads) -> Slot {
    let ends = (heads.start[arc.other as usize], heads.finish[arc.other as usize]);
    let of_mode = |before: usize| {
        let lag = network.lag(arc, arc.other, before as u32);
        network.earliest_by_arc(arc, lag, ends, before as u32, mode).unwrap_or(NEVER)
    };
    network.modes.range(arc.other as usize).map(of_mode).min().unwrap_or(0)
}

/// A total that even the thriftiest choice of modes exceeds.
pub fn total_conflict(network: &Network, bound: Slot) -> Option<Conflict> {
    let mut least = vec![0i64; network.totals.len()];
    let mut of_node = vec![(u32::MAX, 0i64); network.totals.len()];
    for node in 0..network.len() {
        let modes = network.modes.range(node);
        let count = modes.len() as i64;
        // Least over the modes: a mode without the total consumes nothing of it.
        for position in modes.clone() {
            for consumption in network.consumptions.row(position) {
                let seen = &mut of_node[consumption.total as usize];
                let uses = |position: usize| {
                    network.consumptions.row(position).iter().any(|other| other.total == consumption.total)
                };
                if seen.0 == node as u32 {
                    seen.1 = seen.1.min(consumption.amount);
                } else if modes.clone().filter(|&position| uses(position)).count() as i64 == count {
                    *seen = (node as u32, consumption.amount);
                }
            }
        }
        for position in modes {
            for consumption in network.consumptions.row(position) {
                let seen = &mut of_node[consumption.total as usize];
                if seen.0 == node as u32 {
                    least[consumption.total as usize] += seen.1;
                    *seen = (u32::MAX, 0);
                }
            }
        }
    }
    least.iter().enumerate().find_map(|(total, &least)| {
        let overhead = network.overhead.filter(|_| network.totals[total].with_overhead);
        let least = least + overhead.map_or(0, |overhead| network.overhead_until(&overhead, bound));
        (least > network.totals[total].capacity).then_some(Conflict::Total { total, least })
    })
}

/// A cap on the costs of a period that the overhead alone exceeds if the project finishes no earlier than at `bound`.
pub fn overhead_conflict(network: &Network, bound: Slot) -> Option<Conflict> {
    let overheads = network.caps.iter().map(|cap| network.overhead_in(cap, bound));
    let exceeded = overheads.zip(&network.caps).position(|(overhead, cap)| overhead > cap.cap)?;
    Some(Conflict::Overhead { cap: exceeded, least: network.overhead_in(&network.caps[exceeded], bound) })
}

/// The best bound of the project's finish that paths and energy prove.
///
/// # Arguments
/// `best` is the finish of a known schedule, or any position that is surely enough; the bound never exceeds it.
///
/// # Complexity
/// O((m + r n w) log t) for m links, r resources, n nodes, w window beginnings (at most 400) and t the range of the
/// bisection.
pub fn finish_bound(network: &Network, heads: &Heads, best: Slot) -> Bound {
    let path = heads.path();
    let mut bound = Bound { finish: path, reason: Reason::Path };
    if path >= best {
        return bound;
    }
    let work = energies(network);
    let offers: Vec<Offer<'_>> = (0..work.len()).map(|resource| Offer::new(network, resource)).collect();
    let culprit = |finish: Slot| {
        let tails = tails(network, finish);
        (0..work.len()).find(|&resource| overload(heads, &tails.finish, &work[resource], &offers[resource]).is_some())
    };
    // Invariant: a finish at `refuted` is impossible; `open` is not refuted.
    let (mut refuted, mut open) = (path - 1, best);
    let mut middle = path;
    while open - refuted > 1 {
        match culprit(middle) {
            Some(resource) => {
                refuted = middle;
                bound = Bound { finish: middle + 1, reason: Reason::Energy(resource as u32) };
            }
            // Where the path itself stands there is nothing to search for.
            None if middle == path => break,
            None => open = middle,
        }
        middle = refuted + (open - refuted) / 2;
    }
    bound
}

/// Least energy that each node needs of each renewable: rows of (node, units times slots).
fn energies(network: &Network) -> Vec<Vec<(u32, i64)>> {
    let mut energies = vec![Vec::new(); network.renewables.len()];
    for node in 0..network.len() {
        let first = network.modes.range(node).start;
        for demand in network.demands.row(first) {
            let of = |position: usize| {
                let demands = network.demands.row(position).iter();
                let of_resource = demands.filter(|other| other.resource == demand.resource);
                let amount: i64 = of_resource.map(|other| i64::from(other.amount)).sum();
                amount * i64::from(network.modes.items()[position].duration)
            };
            let least = network.modes.range(node).map(of).min().unwrap_or(0);
            if least > 0 {
                energies[demand.resource as usize].push((node as u32, least));
            }
        }
    }
    energies
}

/// What a renewable offers up to a position.
struct Offer<'n> {
    network: &'n Network,
    steps: &'n [(Slot, i32)],
    /// Offered before each step.
    before: Vec<i64>,
    /// The calendar of its users; units are of use in no other time.
    calendar: u16,
}

impl<'n> Offer<'n> {
    fn new(network: &'n Network, resource: usize) -> Self {
        let steps = &network.renewables[resource].steps;
        let calendar = network.renewables[resource].calendar;
        let mut offer = Offer { network, steps, before: vec![0], calendar };
        for pair in steps.windows(2) {
            let (units, last) = (i64::from(pair[0].1), offer.before[offer.before.len() - 1]);
            let slots = offer.slots(pair[0].0, pair[1].0);
            offer.before.push(last + units * slots);
        }
        offer
    }

    fn slots(&self, from: Slot, to: Slot) -> i64 {
        if self.calendar == EVERY_SLOT {
            return i64::from(to) - i64::from(from);
        }
        let calendar = self.network.calendar(self.calendar);
        calendar.work(i64::from(to)) - calendar.work(i64::from(from))
    }

    fn until(&self, position: Slot) -> i64 {
        let step = self.steps.partition_point(|&(at, _)| at <= position).saturating_sub(1);
        self.before[step] + i64::from(self.steps[step].1) * self.slots(self.steps[step].0, position)
    }
}

/// Windows tried by [`overload`] at most, and pairs of a window and a node; beginnings are thinned out evenly.
const WINDOWS: usize = 400;
const WINDOW_NODES: usize = 2_000_000;

/// A time in which a resource cannot do the work that lies within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The resource (its position in the network).
    pub resource: u32,
    /// No node in it starts before.
    pub from: Slot,
    /// Every node in it has finished then.
    pub to: Slot,
    /// The nodes.
    pub nodes: Vec<u32>,
    /// Their work in units times slots.
    pub needed: i64,
    /// What is offered from `from` to `to`.
    pub offered: i64,
}

/// The window that refutes a finish for the work of a resource, as [`finish_bound`] found it.
pub fn window(network: &Network, heads: &Heads, resource: u32, finish: Slot) -> Option<Window> {
    let work = energies(network);
    let offer = Offer::new(network, resource as usize);
    let tails = tails(network, finish).finish;
    let (from, last) = overload(heads, &tails, &work[resource as usize], &offer)?;
    let most = offer.until(tails[last as usize]);
    let is_within =
        |&&(node, _): &&(u32, i64)| heads.start[node as usize] >= from && offer.until(tails[node as usize]) <= most;
    let within: Vec<(u32, i64)> = work[resource as usize].iter().filter(is_within).copied().collect();
    Some(Window {
        resource,
        from,
        to: within.iter().map(|&(node, _)| tails[node as usize]).max().unwrap_or(from),
        needed: within.iter().map(|&(_, energy)| energy).sum(),
        nodes: within.into_iter().map(|(node, _)| node).collect(),
        offered: (most - offer.until(from)).max(0),
    })
}

/// A window that asks more of a resource than it offers when every node has finished by its latest finish in `tails`, if
/// there is one: its beginning, and the node with whose latest finish it ends.
fn overload(heads: &Heads, tails: &[Slot], work: &[(u32, i64)], offer: &Offer<'_>) -> Option<(Slot, u32)> {
    // Offered before the node's latest finish, its head, its energy, the node.
    let mut by_tail: Vec<(i64, Slot, i64, u32)> = work
        .iter()
        .map(|&(node, energy)| (offer.until(tails[node as usize]), heads.start[node as usize], energy, node))
        .collect();
    by_tail.sort_unstable();
    let mut begins: Vec<Slot> = by_tail.iter().map(|&(_, head, ..)| head).collect();
    begins.sort_unstable();
    begins.dedup();
    let windows = WINDOWS.min(WINDOW_NODES / by_tail.len().max(1)).max(1);
    let stride = begins.len().div_ceil(windows).max(1);
    begins.iter().step_by(stride).find_map(|&begin| {
        let before = offer.until(begin);
        let mut needed = 0;
        let end = by_tail.iter().find(|&&(offered, head, energy, _)| {
            needed += if head >= begin { energy } else { 0 };
            needed > 0 && needed > (offered - before).max(0)
        });
        end.map(|&(.., node)| (begin, node))
    })
}

/// Upper bounds of each node's start and finish, if the project finishes at a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tails {
    /// Of the starts.
    pub start: Vec<Slot>,
    /// Of the finishes.
    pub finish: Vec<Slot>,
}

/// The latest positions of each node, in whichever mode is best for each question, if the project finishes at `finish`.
pub fn tails(network: &Network, finish: Slot) -> Tails {
    let nodes = network.len();
    let (mut last_start, mut last_finish) = (vec![finish; nodes], vec![finish; nodes]);
    for node in (0..nodes).rev() {
        let (mut start, mut until) = (Slot::MIN, Slot::MIN);
        for mode in network.modes.range(node) {
            let (by_start, by_finish) = limits_of_modes(network, node, mode as u32, &last_start, &last_finish);
            let latest = network.last_start(mode as u32, by_start, by_finish.min(finish));
            let latest = latest.min(latest_by_date(network, node, mode as u32));
            start = start.max(latest);
            until = until.max(network.finish(mode as u32, latest).unwrap_or(finish));
        }
        last_start[node] = start;
        last_finish[node] = until;
    }
    Tails { start: last_start, finish: last_finish }
}

/// The latest start that an exact date allows a node in one of its modes; a milestone may stand anywhere in the pause in
/// which its date lies.
fn latest_by_date(network: &Network, node: usize, mode: u32) -> Slot {
    match cpm::fixed_start(network, mode, node) {
        Some(fixed) if network.mode(mode).duration == 0 => network.end_of_pause(mode, fixed),
        Some(fixed) => fixed,
        None => NEVER,
    }
}

/// True if, with every exact date kept, some resource has too much work in some window, wherever the project ends.
pub fn overloaded_by_dates(network: &Network, heads: &Heads) -> bool {
    if !(0..network.len() as u32).any(|node| network.has_exact_date(node)) {
        return false;
    }
    let work = energies(network);
    let tails = tails(network, network.horizon.min(HORIZON_LIMIT));
    (0..work.len())
        .any(|resource| overload(heads, &tails.finish, &work[resource], &Offer::new(network, resource)).is_some())
}

/// The loosest limits that the successors set, over all their modes.
fn limits_of_modes(network: &Network, node: usize, mode: u32, starts: &[Slot], finishes: &[Slot]) -> (Slot, Slot) {
    let (mut by_start, mut by_finish) = (NEVER, NEVER);
    for arc in network.successors.row(node) {
        let successor = arc.other as usize;
        let ends = (starts[successor], finishes[successor]);
        let of_mode = |after: usize| network.latest_by_arc(arc, node as u32, mode, after as u32, ends);
        let limit = network.modes.range(successor).map(of_mode).max().unwrap_or(NEVER);
        if arc.kind.from_finish() {
            by_finish = by_finish.min(limit);
        } else {
            by_start = by_start.min(limit);
        }
    }
    (by_start, by_finish)
}
