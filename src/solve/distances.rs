//! Least distances between the starts of all pairs of nodes, with maximal lags and scarce resources taken in.
//!
//! Where no pause lies on the axis and every node has one mode, each link, maximal lag and date is a least distance between
//! two starts (a maximal lag one that runs backwards and is negative), and the longest paths between all pairs say at once
//! into which window the placed nodes force the others. Two nodes that ask for more of a resource than there ever is have
//! to follow each other: where the distances rule out one of the two sequences, the other one becomes a distance too, and
//! where they rule out both, there is no schedule.
//! Source: Neumann, Schwindt, Zimmermann, "Project Scheduling with Time Windows and Scarce Resources" (2003), sections 1.3
//! and 2.5 (the disjunctive activities test); Brucker, Jurisch, Sievers, "A branch and bound algorithm for the job-shop
//! scheduling problem", Discrete Applied Mathematics 49 (1994), for the immediate selection.

use super::bounds::{Conflict, Heads};
use crate::cpm;
use crate::network::{Arc, NO_EARLIEST, Network, Slot};

#[cfg(test)]
mod tests;

/// The distance of nodes that no path joins; twice as much is still a number.
const APART: Slot = -(1 << 29);
/// A limit that lies later than every position.
const NO_LIMIT: Slot = 1 << 29;
/// Networks of more nodes do without distances, which take eight bytes for each pair of nodes.
const MOST_NODES: usize = 1_500;
/// Sums of distances that may be made on behalf of resources; about a fifth of a second.
const RESOURCE_WORK: usize = 400_000_000;
/// The same where the question is asked over and over.
const RULING_OUT_WORK: usize = RESOURCE_WORK / 20;

/// Least distances between the starts of all pairs of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distances {
    nodes: usize,
    /// Row of the node that comes first.
    from: Vec<Slot>,
    /// The same numbers, row of the node that comes second.
    to: Vec<Slot>,
    /// The window of each start by itself, in a project without end.
    earliest: Vec<Slot>,
    latest: Vec<Slot>,
    /// From each start to the last finish at least.
    tails: Vec<Slot>,
    durations: Vec<Slot>,
    /// Nodes with an exact date.
    fixed: Vec<u32>,
}

/// True if all that a network asks of two starts are least distances.
pub fn are_constant(network: &Network) -> bool {
    let single = network.modes.items().len() == network.len();
    single
        && network.len() <= MOST_NODES
        && network.calendars.iter().all(|table| table.is_always())
        && network.caps.is_empty()
        && network.weekly_limits.is_empty()
}

impl Distances {
    /// The distances of a network with maximal lags.
    ///
    /// # Returns
    /// `None` if there are none: no maximal lags, pauses, a choice of modes, or more nodes than the distances are worth.
    ///
    /// # Errors
    /// A conflict that no schedule can resolve.
    ///
    /// # Complexity
    /// O(n k m) for n nodes, m arcs and the k sweeps that the longest path of a node takes (few in practice, at most n);
    /// what the resources add is limited by a constant.
    pub fn new(network: &Network) -> Result<Option<Distances>, Conflict> {
        if network.maximal_lags.is_empty() || !are_constant(network) {
            return Ok(None);
        }
        let nodes = network.len();
        let arcs = arcs(network);
        // The row and column behind the nodes' own are those of the project start.
        let mut table = Table::along(&arcs, nodes + 1).map_err(|table| contradiction(network, &table))?;
        table.keep_apart(&rivals(network), RESOURCE_WORK)?;
        Ok(Some(Distances::of(network, &table)))
    }

    fn of(network: &Network, table: &Table) -> Distances {
        let nodes = network.len();
        let rows = || (0..nodes).flat_map(|node| table.row(node)[..nodes].iter().copied());
        let columns = || (0..nodes).flat_map(|to| (0..nodes).map(move |from| table.row(from)[to]));
        let durations: Vec<Slot> = network.modes.items().iter().map(|mode| mode.duration).collect();
        let tail = |node: usize| {
            let ends = table.row(node)[..nodes].iter().zip(&durations).map(|(distance, duration)| distance + duration);
            ends.max().unwrap_or(0)
        };
        Distances {
            nodes,
            from: rows().collect(),
            to: columns().collect(),
            earliest: table.row(nodes)[..nodes].to_vec(),
            latest: (0..nodes).map(|node| table.row(node)[nodes].saturating_neg().min(NO_LIMIT)).collect(),
            tails: (0..nodes).map(tail).collect(),
            fixed: (0..nodes as u32).filter(|&node| network.has_exact_date(node)).collect(),
            durations,
        }
    }

    /// Least distances from a node to each.
    #[inline]
    pub fn from(&self, node: u32) -> &[Slot] {
        &self.from[node as usize * self.nodes..][..self.nodes]
    }

    /// Least distances to a node from each.
    #[inline]
    pub fn to(&self, node: u32) -> &[Slot] {
        &self.to[node as usize * self.nodes..][..self.nodes]
    }

    /// Earliest start of each node.
    pub fn earliest(&self) -> &[Slot] {
        &self.earliest
    }

    /// Latest start of each node in a project that may go on for ever.
    pub fn latest(&self) -> &[Slot] {
        &self.latest
    }

    /// Latest start of a node in a project that ends at `finish`.
    pub fn latest_before(&self, node: usize, finish: Slot) -> Slot {
        self.latest[node].min(finish - self.tails[node])
    }

    /// True if a node has an exact date.
    pub fn is_fixed(&self, node: u32) -> bool {
        self.fixed.contains(&node)
    }

    /// Nodes with an exact date.
    pub fn fixed(&self) -> &[u32] {
        &self.fixed
    }

    /// The distances as a table that more can be added to; the row and column behind the nodes' own are those of the
    /// project start.
    pub fn table(&self) -> Table {
        let mut table = Table::new(self.nodes + 1);
        for node in 0..self.nodes {
            let row = &mut table.rows[node * table.size..][..table.size];
            row[..self.nodes].copy_from_slice(self.from(node as u32));
            row[self.nodes] = (-self.latest[node]).max(APART);
        }
        table.rows[self.nodes * table.size..][..self.nodes].copy_from_slice(&self.earliest);
        table
    }

    /// Raises heads to what the distances prove.
    pub fn raise(&self, heads: &mut Heads) {
        for node in 0..self.nodes {
            heads.start[node] = heads.start[node].max(self.earliest[node]);
            heads.finish[node] = heads.finish[node].max(self.earliest[node] + self.durations[node]);
        }
    }
}

/// A least distance between two starts.
#[derive(Clone, Copy, Debug)]
struct Distance {
    from: usize,
    to: usize,
    least: Slot,
}

/// Links forward by node, then all that runs backward, last node first; the project start is the node behind all others.
fn arcs(network: &Network) -> Vec<Distance> {
    let nodes = network.len();
    let duration = |node: usize| network.mode(node as u32).duration;
    // From the predecessor's start to the successor's.
    let between = |arc: &Arc, from: usize, to: usize| {
        let lag = network.lag(arc, from as u32, from as u32);
        let before = if arc.kind.from_finish() { duration(from) } else { 0 };
        let after = if arc.kind.to_finish() { duration(to) } else { 0 };
        lag.saturating_add(before).saturating_sub(after).clamp(APART, -APART)
    };
    let mut arcs = Vec::with_capacity(network.successors.items().len() + network.maximal_lags.len() + nodes);
    for node in 0..nodes {
        let release = network.release[node].max(match network.finish_release[node] {
            NO_EARLIEST => 0,
            finish => finish.saturating_sub(duration(node)),
        });
        let fixed = cpm::fixed_start(network, node as u32, node);
        arcs.push(Distance { from: nodes, to: node, least: fixed.unwrap_or(0).max(release).max(0) });
    }
    for from in 0..nodes {
        for arc in network.successors.row(from) {
            let to = arc.other as usize;
            arcs.push(Distance { from, to, least: between(arc, from, to) });
        }
    }
    let first_backward = arcs.len();
    for maximal in &network.maximal_lags {
        let [from, to] = [maximal.predecessor, maximal.successor].map(|node| node as usize);
        arcs.push(Distance { from: to, to: from, least: -between(&maximal.arc, from, to) });
    }
    for node in 0..nodes {
        if let Some(fixed) = cpm::fixed_start(network, node as u32, node) {
            arcs.push(Distance { from: node, to: nodes, least: -fixed });
        }
    }
    arcs[first_backward..].sort_by_key(|arc| std::cmp::Reverse((arc.from, arc.to)));
    arcs
}

/// The maximal lag that a positive cycle breaks.
fn contradiction(network: &Network, table: &Table) -> Conflict {
    let broken = network.maximal_lags.iter().position(|maximal| {
        let [from, to] = [maximal.predecessor, maximal.successor].map(|node| node as usize);
        table.row(from)[from] > 0 || table.row(to)[to] > 0
    });
    Conflict::MaximalLag(broken.unwrap_or(0))
}

/// True if paths and pairs show that there are no starts within these windows.
///
/// # Arguments
/// `least` are least distances from one start to another, `peaks` the most units of each resource.
pub fn rule_out(
    windows: &[(Slot, Slot)],
    least: impl Iterator<Item = (u32, u32, Slot)>,
    works: &[Work],
    peaks: &[i64],
) -> bool {
    let zero = windows.len();
    let between = least.map(|(from, to, least)| Distance { from: from as usize, to: to as usize, least });
    let ends = windows.iter().enumerate().flat_map(|(node, &(least, most))| {
        [Distance { from: zero, to: node, least }, Distance { from: node, to: zero, least: -most }]
    });
    let arcs: Vec<Distance> = between.chain(ends).collect();
    let Ok(mut table) = Table::along(&arcs, zero + 1) else { return true };
    table.keep_apart(&pairs(works, peaks), RULING_OUT_WORK).is_err()
}

/// What a node does: its duration, and the units that it needs of resources.
pub type Work = (Slot, Vec<(u32, i32)>);

/// Two nodes that cannot be at work at the same time, and how long each is.
#[derive(Clone, Copy, Debug)]
pub struct Rivals {
    nodes: [usize; 2],
    durations: [Slot; 2],
}

/// All pairs of nodes that cannot be at work at the same time.
pub fn rivals(network: &Network) -> Vec<Rivals> {
    let peaks: Vec<i64> = network.renewables.iter().map(|renewable| i64::from(renewable.peak())).collect();
    let needs = |node: usize| network.demands.row(node).iter().map(|demand| (demand.resource, demand.amount)).collect();
    let work = |node: usize| (network.mode(node as u32).duration, needs(node));
    pairs(&(0..network.len()).map(work).collect::<Vec<Work>>(), &peaks)
}

/// All pairs that need more of some resource together than there ever is.
fn pairs(works: &[Work], peaks: &[i64]) -> Vec<Rivals> {
    let working: Vec<usize> = (0..works.len()).filter(|&node| works[node].0 > 0).collect();
    let mut amounts = vec![0i64; peaks.len()];
    let mut pairs = Vec::new();
    for (place, &one) in working.iter().enumerate() {
        works[one].1.iter().for_each(|&(resource, amount)| amounts[resource as usize] += i64::from(amount));
        for &other in &working[place + 1..] {
            let exceeds = |&(resource, amount): &(u32, i32)| {
                let resource = resource as usize;
                amounts[resource] > 0 && amounts[resource] + i64::from(amount) > peaks[resource]
            };
            if works[other].1.iter().any(exceeds) {
                pairs.push(Rivals { nodes: [one, other], durations: [works[one].0, works[other].0] });
            }
        }
        works[one].1.iter().for_each(|&(resource, _)| amounts[resource as usize] = 0);
    }
    pairs
}

/// Longest paths while they are computed.
#[derive(Clone, Debug)]
pub struct Table {
    size: usize,
    rows: Vec<Slot>,
}

impl Table {
    fn new(size: usize) -> Table {
        let mut table = Table { size, rows: vec![APART; size * size] };
        (0..size).for_each(|node| table.rows[node * size + node] = 0);
        table
    }

    /// The longest paths along arcs; as far as it came, if there is a cycle of positive length.
    fn along(arcs: &[Distance], size: usize) -> Result<Table, Table> {
        let mut table = Table::new(size);
        match (0..size).all(|node| table.sweep(node, arcs)) {
            true => Ok(table),
            false => Err(table),
        }
    }

    /// Takes in all that follows from rivals, as far as the work allows.
    fn keep_apart(&mut self, rivals: &[Rivals], mut work: usize) -> Result<(), Conflict> {
        self.order_rivals(rivals, &mut work)?;
        self.probe(rivals, &mut work)
    }

    /// Least distances from a node to each.
    pub fn row(&self, node: usize) -> &[Slot] {
        &self.rows[node * self.size..][..self.size]
    }

    /// Fills the row of a node; false if a cycle of positive length lies on its way.
    fn sweep(&mut self, node: usize, arcs: &[Distance]) -> bool {
        let row = &mut self.rows[node * self.size..][..self.size];
        for _ in 0..=row.len() + 1 {
            let mut changed = false;
            for arc in arcs {
                let reached = row[arc.from] + arc.least;
                if row[arc.from] > APART && reached > row[arc.to] {
                    row[arc.to] = reached;
                    changed = true;
                }
            }
            if !changed {
                return row[node] == 0;
            }
            if row[node] > 0 {
                return false;
            }
        }
        false
    }

    /// Becomes a copy of a table of the same size.
    pub fn copy_from(&mut self, other: &Table) {
        self.rows.copy_from_slice(&other.rows);
    }

    /// Takes in a least distance that is greater than what is known, and all paths through it.
    pub fn add(&mut self, from: usize, to: usize, least: Slot) {
        let onward = self.row(to).to_vec();
        for row in self.rows.chunks_exact_mut(self.size) {
            if row[from] > APART {
                let reached = row[from] + least;
                if reached > row[to] {
                    row.iter_mut().zip(&onward).for_each(|(own, &further)| {
                        let through = reached + further;
                        *own = if further > APART && through > *own { through } else { *own };
                    });
                }
            }
        }
    }

    /// True if the first of two nodes may be over when the second begins.
    fn allows(&self, first: usize, second: usize, duration: Slot) -> bool {
        self.row(second)[first] <= -duration
    }

    /// Puts rivals into the one sequence that the distances leave them, until nothing follows any more.
    pub fn order_rivals(&mut self, rivals: &[Rivals], work: &mut usize) -> Result<(), Conflict> {
        loop {
            let mut changed = false;
            for rival in rivals {
                let ([one, other], durations) = (rival.nodes, rival.durations);
                let forced = match (self.allows(one, other, durations[0]), self.allows(other, one, durations[1])) {
                    (true, true) => continue,
                    (false, false) => return Err(Conflict::Overlap([one as u32, other as u32])),
                    (true, false) => (one, other, durations[0]),
                    (false, true) => (other, one, durations[1]),
                };
                if self.row(forced.0)[forced.1] < forced.2 {
                    let Some(left) = work.checked_sub(self.rows.len()) else { return Ok(()) };
                    *work = left;
                    self.add(forced.0, forced.1, forced.2);
                    changed = true;
                }
            }
            *work = work.saturating_sub(rivals.len());
            if !changed {
                return Ok(());
            }
        }
    }

    /// Tries each sequence that is left open: what leads to a contradiction is ruled out.
    fn probe(&mut self, rivals: &[Rivals], work: &mut usize) -> Result<(), Conflict> {
        let mut trial = self.clone();
        loop {
            let mut changed = false;
            for rival in rivals {
                for [first, second] in [[0, 1], [1, 0]] {
                    let (from, to, duration) = (rival.nodes[first], rival.nodes[second], rival.durations[first]);
                    let back = rival.durations[second];
                    if !(self.allows(from, to, duration) && self.allows(to, from, back)) {
                        continue;
                    }
                    let Some(left) = work.checked_sub(2 * self.rows.len()) else { return Ok(()) };
                    *work = left;
                    trial.copy_from(self);
                    trial.add(from, to, duration);
                    if trial.order_rivals(rivals, work).is_err() {
                        self.add(to, from, back);
                        self.order_rivals(rivals, work)?;
                        changed = true;
                    }
                }
            }
            if !changed {
                return Ok(());
            }
        }
    }
}
