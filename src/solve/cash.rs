//! The net present value of schedules in slots: fast for the search, and a value that no schedule exceeds.
//!
//! The rules are those of [`net_present_value`](crate::schedule::net_present_value), which knows plans and civil time.
//! Milestones count as standing before the pause at their position.

use super::bounds::Heads;
use crate::network::{Arc, CashFlows, NEVER, Network, Slot};
use crate::plan::LinkKind;
use crate::units::Moment;

/// Slots whose moments are kept ready at most.
const MOST_KEPT: Slot = 1 << 18;

/// A moment as money sees it.
#[derive(Clone, Copy, Debug)]
struct Instant {
    /// Minutes from the project start times the force of interest.
    age: f64,
    /// What an amount counts that flows then.
    factor: f64,
}

impl Instant {
    fn of(cash: &CashFlows, moment: Moment) -> Instant {
        let age = cash.force * (moment.max(cash.origin) - cash.origin).0 as f64;
        Instant { age, factor: (-age).exp() }
    }

    /// What an amount counts that flows evenly from this instant to another.
    #[inline]
    fn until(self, other: Instant) -> f64 {
        let fading = other.age - self.age;
        if fading > 0.0 { (self.factor - other.factor) / fading } else { self.factor }
    }
}

/// Values money at positions of a network.
#[derive(Clone, Debug)]
pub struct Purse<'n> {
    network: &'n Network,
    /// Where something starts or finishes at each of the first positions.
    starts: Vec<Instant>,
    finishes: Vec<Instant>,
    /// Nodes that cost or bring money in some mode.
    paid: Vec<u32>,
}

impl<'n> Purse<'n> {
    /// # Arguments
    /// `usual` is a position up to which moments will be asked for often.
    pub fn new(network: &'n Network, usual: Slot) -> Purse<'n> {
        let (axis, cash) = (&network.axis, &network.cash);
        let kept = usual.clamp(0, MOST_KEPT - 1).min(network.horizon);
        let costs = |node: usize| network.modes.range(node).any(|position| network.costs[position] != 0);
        let is_paid = |&node: &u32| {
            let node = node as usize;
            let due = network.modes.range(node).any(|position| cash.due_at_start(position) != 0);
            cash.payment(node) != 0 || due || costs(node)
        };
        Purse {
            network,
            starts: (0..=kept).map(|slot| Instant::of(cash, axis.start_moment(slot))).collect(),
            finishes: (0..=kept).map(|slot| Instant::of(cash, axis.finish_moment(slot))).collect(),
            paid: (0..network.len() as u32).filter(is_paid).collect(),
        }
    }

    #[inline]
    fn start(&self, slot: Slot) -> Instant {
        let kept = usize::try_from(slot).ok().and_then(|slot| self.starts.get(slot)).copied();
        kept.unwrap_or_else(|| Instant::of(&self.network.cash, self.network.axis.start_moment(slot)))
    }

    #[inline]
    fn finish(&self, slot: Slot) -> Instant {
        let kept = usize::try_from(slot).ok().and_then(|slot| self.finishes.get(slot)).copied();
        kept.unwrap_or_else(|| Instant::of(&self.network.cash, self.network.axis.finish_moment(slot)))
    }

    /// What a node is worth in a mode position between two positions, in minor units.
    #[inline]
    pub fn value_of(&self, node: usize, mode: u32, start: Slot, finish: Slot) -> f64 {
        let (network, position) = (self.network, mode as usize);
        let due = network.cash.due_at_start(position);
        let spread = network.costs[position] - due;
        let to = self.finish(finish);
        let from = if finish > start { self.start(start) } else { to };
        network.cash.payment(node) as f64 * to.factor - due as f64 * from.factor - spread as f64 * from.until(to)
    }

    /// True if money counts less the later it flows.
    pub fn waiting_pays(&self) -> bool {
        self.network.cash.force > 0.0
    }

    /// What a schedule is worth, in minor units.
    pub fn value(&self, modes: &[u32], starts: &[Slot], finishes: &[Slot], makespan: Slot) -> f64 {
        let of_node = |&node: &u32| {
            let node = node as usize;
            self.value_of(node, modes[node], starts[node], finishes[node])
        };
        self.paid.iter().map(of_node).sum::<f64>() + self.value_of_finish(makespan)
    }

    fn value_of_finish(&self, finish: Slot) -> f64 {
        let network = self.network;
        let origin = Instant { age: 0.0, factor: 1.0 };
        let overhead = network.overhead.as_ref().map_or(0, |overhead| network.overhead_until(overhead, finish));
        let others = network.cost_of_finish(finish) - overhead;
        let at = self.finish(finish);
        -(overhead as f64 * origin.until(at)) - others as f64 * at.factor
    }

    /// A value that no schedule exceeds: links, dates and the choice of modes are kept, resources are not asked.
    ///
    /// Where a node is worth less than nothing, its loss is charged to what it must precede: with `y` for what money counts
    /// at a finish, a link says that `y_i >= g y_j` with some `g >= 1`, hence `c_i y_i <= g c_i y_j` for a loss `c_i`. Losses that
    /// nothing has to follow may lie in the far future and count nothing; what is left of each gain counts as at the node's
    /// earliest finish. (A feasible solution of the dual of the linear program that Grinold, "The payment scheduling
    /// problem", Naval Research Logistics Quarterly 19 (1972), gives for the problem without resources.)
    ///
    /// # Arguments
    /// `heads` are the earliest positions, `finish` one before which no schedule ends.
    pub fn most(&self, heads: &Heads, finish: Slot) -> f64 {
        let network = self.network;
        let mut gains: Vec<f64> = (0..network.len()).map(|node| self.most_at_finish(node)).collect();
        let counts = |node: usize| self.finish(heads.finish[node]).factor;
        let mut targets: Vec<(f64, usize, f64)> = Vec::new();
        for node in 0..network.len() {
            if gains[node] >= 0.0 {
                continue;
            }
            targets.clear();
            for arc in network.successors.row(node) {
                if let Some(growth) = self.growth(arc) {
                    let other = arc.other as usize;
                    targets.push((gains[other] * counts(other), other, growth));
                }
            }
            targets.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let mut loss = gains[node];
            for at in 0..targets.len() {
                let (_, other, growth) = targets[at];
                // The last one takes all that is left, and passes it on in its turn.
                let is_last = targets.get(at + 1).is_none_or(|next| next.0 <= 0.0);
                let charged = if is_last { loss } else { loss.max(-gains[other] / growth).min(0.0) };
                gains[other] += growth * charged;
                loss -= charged;
                if is_last {
                    break;
                }
            }
            gains[node] = 0.0;
        }
        let gained: f64 = (0..network.len()).map(|node| gains[node].max(0.0) * counts(node)).sum();
        let negative: f64 = (0..network.len()).map(|node| self.negative_costs(heads, node)).sum();
        let sum = gained + negative + self.most_of_finish(finish);
        // Room for what rounding took.
        sum + sum.abs() * 1e-9 + 1e-6
    }

    /// The most that a node is worth, told at its finish: what it costs falls due before by the clock as long as it works at
    /// least.
    fn most_at_finish(&self, node: usize) -> f64 {
        let network = self.network;
        let of_mode = |position: usize| {
            let due = network.cash.due_at_start(position);
            let spread = network.costs[position] - due;
            let fading = self.fading(network.modes.items()[position].duration);
            let growth = if fading > 0.0 { fading.exp_m1() / fading } else { 1.0 };
            network.cash.payment(node) as f64 - spread.max(0) as f64 * growth - due.max(0) as f64 * fading.exp()
        };
        network.modes.range(node).map(of_mode).fold(f64::NEG_INFINITY, f64::max)
    }

    /// What costs below zero bring at most.
    fn negative_costs(&self, heads: &Heads, node: usize) -> f64 {
        let of_mode = |position: usize| {
            let due = self.network.cash.due_at_start(position);
            -(due.min(0) + (self.network.costs[position] - due).min(0))
        };
        let most = self.network.modes.range(node).map(of_mode).max().unwrap_or(0);
        if most > 0 { most as f64 * self.finish(heads.start[node]).factor } else { 0.0 }
    }

    /// The interest on so many slots, without pauses.
    fn fading(&self, slots: Slot) -> f64 {
        self.network.cash.force * f64::from(slots) * self.network.axis.slot_minutes.0 as f64
    }

    /// By what factor money at least counts more at the finish of a node than at that of a successor behind this arc.
    fn growth(&self, arc: &Arc) -> Option<f64> {
        if arc.by_mode || arc.lag < 0 || arc.kind != LinkKind::FinishToStart {
            return None;
        }
        let shortest = self.network.modes.row(arc.other as usize).iter().map(|mode| mode.duration).min().unwrap_or(0);
        Some(self.fading(shortest.saturating_add(arc.lag)).exp())
    }

    /// The most that finishing is worth, at `finish` or later.
    fn most_of_finish(&self, finish: Slot) -> f64 {
        let network = self.network;
        let bonus = network.early_bonus.as_ref().filter(|_| network.deadline != NEVER);
        let gained = bonus.map_or(0, |bonus| network.accrued(bonus, finish, network.deadline));
        gained as f64 * self.finish(finish).factor - self.least_overhead(finish)
    }

    /// What the overhead counts at least if the project finishes at `finish` or later: as much as was due at the beginning of
    /// each span of finishes, spread until its end.
    fn least_overhead(&self, finish: Slot) -> f64 {
        let Some(overhead) = &self.network.overhead else { return 0.0 };
        let origin = Instant { age: 0.0, factor: 1.0 };
        let (mut at, mut least) = (finish, f64::INFINITY);
        loop {
            let next = at.saturating_add((at / 64).max(1)).min(self.network.horizon.max(at));
            least = least.min(self.network.overhead_until(overhead, at) as f64 * origin.until(self.finish(next)));
            if next == at {
                return least;
            }
            at = next;
        }
    }
}
