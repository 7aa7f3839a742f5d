//! Schedules by posting precedence: where too many nodes overlap, two of them are put into sequence, until none do.
//!
//! All nodes stand at their earliest starts by the distances. Where a resource is short there, some of the least sets of
//! nodes that exceed it are drawn; of the one that leaves least freedom the sequence that keeps most of it becomes a
//! distance. Maximal lags thus hold at any time, and what can fail are the resources: the other way round than in the
//! serial scheme, so that where many lags are tight one finds schedules where the other finds none.
//! Source: Cesta, Oddi, Smith, "A constraint-based method for project scheduling with time windows", Journal of Heuristics
//! 8 (2002), section 4 (ESTA with sampled minimal critical sets). Their measure of freedom is that of a whole set; here it
//! is that of its best pair, and a sequence that delays a node by less is preferred.

use rand::Rng;

use super::bounds::Conflict;
use super::distances::{Distances, Rivals, Table, rivals};
use crate::effort::Random;
use crate::network::{Network, Slot};

/// Critical sets drawn from a shortage.
const SETS: usize = 6;
/// Freedom beyond so many longest durations counts no more, drawn for each schedule. Little leaves more weight to delays;
/// where all nodes hang together by maximal lags, it leads to no schedules. (ubo200, psp3, psp5 and psp37: none in 39 tries
/// with 4; 21 in 39 with 4, 16, 64 or 256 at random, and all but one that failed had 4 or 16.)
const AMPLE: [Slot; 3] = [4, 64, 256];
/// By how much of itself the value of a sequence is changed at random.
const NOISE: f64 = 0.3;
/// Networks of more nodes do without: each sequence takes time quadratic in them, and there are several for each node.
const MOST_NODES: usize = 500;

/// Posts sequences until no resource is short.
///
/// # Arguments
/// `distances` are those of the network.
///
/// # Returns
/// Starts that keep all links, maximal lags and capacities; `None` where that failed, or was not tried: in networks that are
/// too large, or whose capacities change.
///
/// # Complexity
/// O(n^2) for each sequence posted; how many are is a matter of the resources, and at most one for each pair.
pub fn schedule(network: &Network, distances: &Distances, random: &mut Random) -> Option<Vec<Slot>> {
    let nodes = network.len();
    let constant = network.renewables.iter().all(|renewable| renewable.steps.len() == 1);
    if nodes > MOST_NODES || !constant {
        return None;
    }
    let mut posting = Posting::new(network, distances.table());
    posting.ample = posting.ample.saturating_mul(AMPLE[random.random_range(0..AMPLE.len())]);
    while let Some(shortage) = posting.first_shortage() {
        let (first, second) = posting.sequence(shortage, random)?;
        posting.post(first as usize, second as usize).ok()?;
    }
    Some(posting.table.row(nodes)[..nodes].to_vec())
}

/// Nodes in `active` that ask for more of a resource than there is.
#[derive(Clone, Copy, Debug)]
struct Shortage {
    resource: u32,
    capacity: i64,
}

struct Posting<'n> {
    network: &'n Network,
    /// Least distances; the last row and column are those of the project start.
    table: Table,
    /// The distances before the sequence posted last.
    before: Table,
    rivals: Vec<Rivals>,
    durations: Vec<Slot>,
    /// More freedom than that is not worth more.
    ample: Slot,
    /// Nodes that demand something, by start.
    by_start: Vec<u32>,
    /// Nodes that run at the shortage found last.
    active: Vec<u32>,
    used: Vec<i64>,
    set: Vec<u32>,
}

impl<'n> Posting<'n> {
    fn new(network: &'n Network, table: Table) -> Self {
        let durations: Vec<Slot> = network.modes.items().iter().map(|mode| mode.duration).collect();
        let demands = |&node: &u32| durations[node as usize] > 0 && !network.demands.row(node as usize).is_empty();
        Posting {
            network,
            before: table.clone(),
            table,
            rivals: rivals(network),
            ample: durations.iter().copied().max().unwrap_or(0),
            by_start: (0..network.len() as u32).filter(demands).collect(),
            durations,
            active: Vec::new(),
            used: vec![0; network.renewables.len()],
            set: Vec::new(),
        }
    }

    /// Posts a sequence, or, where that leads to a contradiction, that the second node starts before the first is over.
    fn post(&mut self, first: usize, second: usize) -> Result<(), Conflict> {
        let mut work = usize::MAX;
        let duration = self.durations[first];
        self.before.copy_from(&self.table);
        self.table.add(first, second, duration);
        if self.table.order_rivals(&self.rivals, &mut work).is_ok() {
            return Ok(());
        }
        self.table.copy_from(&self.before);
        self.table.add(second, first, 1 - duration);
        self.table.order_rivals(&self.rivals, &mut work)
    }

    fn start(&self, node: u32) -> Slot {
        self.table.row(self.durations.len())[node as usize]
    }

    /// The shortage that comes first when all nodes start as early as the distances let them.
    fn first_shortage(&mut self) -> Option<Shortage> {
        let Posting { network, table, durations, by_start, active, used, .. } = self;
        let starts = table.row(durations.len());
        by_start.sort_unstable_by_key(|&node| (starts[node as usize], node));
        active.clear();
        used.fill(0);
        let mut at = 0;
        while at < by_start.len() {
            let now = starts[by_start[at] as usize];
            active.retain(|&node| {
                let runs = starts[node as usize] + durations[node as usize] > now;
                if !runs {
                    for demand in network.demands.row(node as usize) {
                        used[demand.resource as usize] -= i64::from(demand.amount);
                    }
                }
                runs
            });
            while at < by_start.len() && starts[by_start[at] as usize] == now {
                active.push(by_start[at]);
                for demand in network.demands.row(by_start[at] as usize) {
                    used[demand.resource as usize] += i64::from(demand.amount);
                }
                at += 1;
            }
            for (resource, renewable) in network.renewables.iter().enumerate() {
                let capacity = i64::from(renewable.peak());
                if used[resource] > capacity {
                    return Some(Shortage { resource: resource as u32, capacity });
                }
            }
        }
        None
    }

    /// The sequence to be posted against a shortage; `None` if every sequence within some critical set is ruled out.
    fn sequence(&mut self, shortage: Shortage, random: &mut Random) -> Option<(u32, u32)> {
        let amount = |network: &Network, node: u32| {
            let demands = network.demands.row(node as usize).iter();
            demands
                .filter(|demand| demand.resource == shortage.resource)
                .map(|demand| i64::from(demand.amount))
                .sum::<i64>()
        };
        let network = self.network;
        self.active.retain(|&node| amount(network, node) > 0);
        let mut chosen: Option<(f64, (u32, u32))> = None;
        for _ in 0..SETS {
            self.draw_set(shortage, &|node| amount(network, node), random);
            let mut best: Option<(f64, (u32, u32))> = None;
            for &first in &self.set {
                for &second in self.set.iter().filter(|&&second| second != first) {
                    let freedom = -self.table.row(second as usize)[first as usize] - self.durations[first as usize];
                    if freedom < 0 {
                        continue;
                    }
                    let delay = self.start(first) + self.durations[first as usize] - self.start(second);
                    let value = f64::from(freedom.min(self.ample) - delay) * (1.0 + NOISE * random.random::<f64>());
                    if best.is_none_or(|best| value > best.0) {
                        best = Some((value, (first, second)));
                    }
                }
            }
            let best = best?;
            if chosen.is_none_or(|chosen| best.0 < chosen.0) {
                chosen = Some(best);
            }
        }
        chosen.map(|chosen| chosen.1)
    }

    /// Draws active nodes until they exceed the capacity, and leaves out those without which they still do.
    fn draw_set(&mut self, shortage: Shortage, amount: &dyn Fn(u32) -> i64, random: &mut Random) {
        self.set.clear();
        let mut needed = 0;
        let mut drawn = 0;
        while needed <= shortage.capacity && drawn < self.active.len() {
            let other = random.random_range(drawn..self.active.len());
            self.active.swap(drawn, other);
            needed += amount(self.active[drawn]);
            self.set.push(self.active[drawn]);
            drawn += 1;
        }
        self.set.retain(|&node| {
            let is_needed = needed - amount(node) <= shortage.capacity;
            needed -= if is_needed { 0 } else { amount(node) };
            is_needed
        });
    }
}
