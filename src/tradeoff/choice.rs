//! Discrete crashing without resources: the cheapest choice of modes that finishes by a date, proven.
//!
//! A search through choices of modes, with the linear program of continuous crashing as its bound. Whatever the flow of that
//! program, it prices every slot of every task, and with these prices a choice costs at least what its tasks cost one by one
//! (a Lagrangian bound). So modes that cannot be part of a cheaper choice than the best one are struck out at once, and what
//! is left is taken apart at the task whose mode is least clear.
//!
//! # Source
//! Demeulemeester, De Reyck, Foubert, Herroelen, Vanhoucke, "New computational results on the discrete time/cost trade-off
//! problem in project networks", Journal of the Operational Research Society 49 (1998): branch and bound with convex
//! piecewise linear underestimates. There the bound of a node is that program's value alone; here its prices strike out modes too.

use fixedbitset::FixedBitSet;

use super::flow::{Flow, Step, incident};
use super::heads::Heads;
use super::program::{Arcs, Curve, Program};
use crate::cpm;
use crate::effort::Control;
use crate::network::{Network, Slot};
use crate::plan::Plan;

/// A choice of modes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The mode position of each node.
    pub modes: Vec<u32>,
    /// What it costs.
    pub cost: i64,
    /// When it finishes.
    pub finish: Slot,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The cheapest choice found; none is there if none was found.
    pub best: Option<Choice>,
    /// No choice that finishes by the date costs less; the greatest number if there is none.
    pub bound: i64,
}

/// A search for cheapest choices in one plan.
pub struct Search<'a> {
    plan: &'a Plan,
    network: &'a Network,
    program: Program<'a>,
    /// Modes that are of any use.
    useful: FixedBitSet,
    /// All costs differ by multiples of this.
    step: i64,
    /// The cost of the first of all choices, from which multiples count.
    base: i64,
}

/// A set of choices.
struct Node {
    possible: FixedBitSet,
    bound: i64,
}

/// What the linear program says of a set of choices.
struct Relaxed {
    /// What the choices cost at least, times the scale.
    least: i128,
    /// The price of a slot of each node, times the scale.
    prices: Vec<i64>,
    /// How long each node takes in the program.
    durations: Vec<Slot>,
}

impl<'a> Search<'a> {
    /// Prepares the search.
    pub fn new(plan: &'a Plan, network: &'a Network) -> Search<'a> {
        let mut search = Search {
            plan,
            network,
            program: Program::new(plan, network),
            useful: (0..network.modes.items().len()).collect(),
            step: 0,
            base: 0,
        };
        for node in 0..network.len() {
            search.strike_out_useless(node);
        }
        for node in 0..network.len() {
            let costs: Vec<i64> = search.options(&search.useful, node).map(|mode| search.cost(mode)).collect();
            search.base += costs[0];
            search.step = costs.iter().fold(search.step, |step, cost| divisor(step, (cost - costs[0]).abs()));
        }
        search
    }

    /// The choice of the cheapest mode of every task; of equally cheap ones the shortest.
    pub fn cheapest(&self) -> Option<Choice> {
        let key = |&mode: &u32| (self.cost(mode), self.network.mode(mode).duration, mode);
        let modes = (0..self.network.len()).filter_map(|node| self.options(&self.useful, node).min_by_key(key));
        self.choice(modes.collect())
    }

    /// Looks for the cheapest choice that finishes by a date.
    ///
    /// # Arguments
    /// `nodes` is how many sets of choices are looked at, at most.
    pub fn by(&self, date: Slot, nodes: u64, control: &Control) -> Answer {
        let mut best: Option<Choice> = None;
        let mut open = vec![Node { possible: self.useful.clone(), bound: i64::MIN }];
        let mut left = nodes;
        // The least bound of what was closed without being searched.
        let mut unsearched = i64::MAX;
        while let Some(mut node) = open.pop() {
            let dearest = best.as_ref().map_or(i64::MAX, |best| best.cost);
            if node.bound >= dearest {
                continue;
            }
            if left == 0 || control.must_stop() {
                unsearched = unsearched.min(node.bound);
                continue;
            }
            left -= 1;
            let heads = Heads::of(self.plan, self.network, &node.possible).filter(|heads| heads.finish <= date);
            let Some(heads) = heads else { continue };
            let Some(relaxed) = self.relaxed(&node.possible, date) else { continue };
            node.bound = node.bound.max(self.rounded_up(relaxed.least));
            let near = self.near(&node.possible, &relaxed);
            let is_late = near.as_ref().is_none_or(|near| near.finish > date);
            let early =
                if is_late { self.choice(heads.quickest).filter(|choice| choice.finish <= date) } else { near.clone() };
            let found = early.map(|early| self.cheapened(&node.possible, early, date));
            let is_better = |choice: &Choice| {
                best.as_ref().is_none_or(|best| (choice.cost, choice.finish) < (best.cost, best.finish))
            };
            if let Some(choice) = found.filter(is_better) {
                best = Some(choice);
            }
            let dearest = best.as_ref().map_or(i64::MAX, |best| best.cost);
            if node.bound >= dearest || !self.strike_out_dear(&mut node.possible, &relaxed, dearest) {
                continue;
            }
            // Where calendars make the program's durations late, the task counts that makes them so.
            let late = near.filter(|_| is_late).and_then(|near| self.latest(&node.possible, &near));
            open.extend(match late {
                Some((task, mode)) => self.parted(node, task, |other| other == mode),
                None => self.parts(node, &relaxed),
            });
        }
        let bound = best.as_ref().map_or(i64::MAX, |best| best.cost).min(unsearched);
        Answer { best, bound }
    }

    /// What no choice that finishes by a date costs less than; none if none finishes by then.
    pub fn least(&self, date: Slot) -> Option<i64> {
        self.relaxed(&self.useful, date).map(|relaxed| self.rounded_up(relaxed.least))
    }

    fn cost(&self, mode: u32) -> i64 {
        self.network.costs[mode as usize]
    }

    /// The modes of a node that are in a set.
    fn options<'s>(&self, set: &'s FixedBitSet, node: usize) -> impl Iterator<Item = u32> + use<'s> {
        self.network.modes.range(node).filter(|&mode| set.contains(mode)).map(|mode| mode as u32)
    }

    /// The choice of a mode for each node, if it has dates.
    fn choice(&self, modes: Vec<u32>) -> Option<Choice> {
        let finish = cpm::planned_dates(self.plan, self.network, &modes)?.project_finish;
        let cost = modes.iter().map(|&mode| self.cost(mode)).sum();
        Some(Choice { modes, cost, finish })
    }

    /// Strikes out modes that take at least as long as another and cost as much, where longer never means earlier.
    fn strike_out_useless(&mut self, node: usize) {
        let network = self.network;
        let is_plain = |arcs: &[crate::network::Arc]| arcs.iter().all(|arc| !arc.by_mode);
        let is_monotone = network.maximal_lags.is_empty()
            && !network.has_exact_date(node as u32)
            && network.predecessors.row(node).iter().all(|arc| !arc.kind.to_finish())
            && is_plain(network.successors.row(node));
        let mut kept: Vec<u32> = Vec::new();
        let mut modes: Vec<u32> = network.modes.range(node).map(|mode| mode as u32).collect();
        modes.sort_by_key(|&mode| (network.mode(mode).duration, self.cost(mode), mode));
        for mode in modes {
            let (own, cost) = (network.mode(mode), self.cost(mode));
            let is_like = |other: &u32| {
                let other = network.mode(*other);
                (other.calendar, other.lag_calendar, other.unbroken) == (own.calendar, own.lag_calendar, own.unbroken)
            };
            let is_as_good = |other: &u32| {
                self.cost(*other) <= cost && (is_monotone || network.mode(*other).duration == own.duration)
            };
            if kept.iter().any(|other| is_like(other) && is_as_good(other)) {
                self.useful.set(mode as usize, false);
            } else {
                kept.push(mode);
            }
        }
    }

    /// Solves the linear program of a set of choices; none if none of them finishes by the date.
    fn relaxed(&self, possible: &FixedBitSet, date: Slot) -> Option<Relaxed> {
        let curves: Vec<Curve> =
            (0..self.network.len()).map(|node| self.program.curve(self.options(possible, node))).collect();
        let Arcs { all, first } = self.program.arcs(&curves);
        let rows = incident(self.program.events(), &all);
        let mut flow = Flow::new(&all, &rows)?;
        let date = i64::from(date);
        let mut before = 0;
        while flow.finish() > date {
            let Step::Slots(slots) = flow.next() else { return None };
            before = flow.finish() - date;
            if before <= slots {
                break;
            }
            before = 0;
            flow.advance();
        }
        let times = flow.times_before(before);
        let along = flow.along();
        let mut least = -i128::from(flow.value()) * i128::from(date);
        for (arc, &flow) in all.iter().zip(along).take(first[0]) {
            least += i128::from(arc.length) * i128::from(flow);
        }
        let mut prices = Vec::with_capacity(curves.len());
        for node in 0..curves.len() {
            let arcs = first[node]..first[node + 1];
            let forward = |at: usize| if all[at].from < all[at].to { along[at] } else { -along[at] };
            let price: i64 = arcs.map(forward).sum();
            prices.push(price);
            least += self.options(possible, node).map(|mode| self.priced(mode, price)).min().unwrap_or(0);
        }
        let durations = (0..curves.len() as u32).map(|node| (times(2 * node + 1) - times(2 * node)) as Slot).collect();
        Some(Relaxed { least, prices, durations })
    }

    /// What a mode costs with its slots, times the scale.
    fn priced(&self, mode: u32, price: i64) -> i128 {
        i128::from(self.cost(mode)) * i128::from(self.program.scale)
            + i128::from(price) * i128::from(self.network.mode(mode).duration)
    }

    /// The least cost that a choice can have, given a bound times the scale.
    fn rounded_up(&self, least: i128) -> i64 {
        let up = |number: i128, unit: i128| -(-number).div_euclid(unit);
        let (scale, base) = (i128::from(self.program.scale), i128::from(self.base));
        match i128::from(self.step) {
            0 => self.base,
            step => (base + up(least - base * scale, step * scale) * step) as i64,
        }
    }

    /// The choice nearest to the program's: each task in the cheapest mode that is no longer.
    fn near(&self, possible: &FixedBitSet, relaxed: &Relaxed) -> Option<Choice> {
        let duration = |mode: u32| self.network.mode(mode).duration;
        let shorter = |(node, &longest): (usize, &Slot)| {
            let fits = self.options(possible, node).filter(|&mode| duration(mode) <= longest);
            let shortest = self.options(possible, node).min_by_key(|&mode| (duration(mode), self.cost(mode), mode));
            fits.min_by_key(|&mode| (self.cost(mode), duration(mode), mode)).or(shortest)
        };
        self.choice(relaxed.durations.iter().enumerate().filter_map(shorter).collect())
    }

    /// A choice with one task after the other in a cheaper mode, as long as the date is kept, what saves most first.
    fn cheapened(&self, possible: &FixedBitSet, mut best: Choice, date: Slot) -> Choice {
        let mut cheaper: Vec<(i64, usize, u32)> = Vec::new();
        for (node, &mode) in best.modes.iter().enumerate() {
            let saving = |other: u32| self.cost(mode) - self.cost(other);
            let others = self.options(possible, node).filter(|&other| saving(other) > 0);
            cheaper.extend(others.map(|other| (saving(other), node, other)));
        }
        cheaper.sort_unstable_by_key(|&(saving, node, mode)| (std::cmp::Reverse(saving), node, mode));
        for (_, node, mode) in cheaper {
            if self.cost(mode) < self.cost(best.modes[node])
                && let Some(choice) = self.with(&best, node, mode).filter(|choice| choice.finish <= date)
            {
                best = choice;
            }
        }
        best
    }

    /// A choice with another mode of a node.
    fn with(&self, choice: &Choice, node: usize, mode: u32) -> Option<Choice> {
        let mut modes = choice.modes.clone();
        modes[node] = mode;
        self.choice(modes)
    }

    /// The node whose other modes bring the finish of a choice forward most, and its mode; none if none does.
    fn latest(&self, possible: &FixedBitSet, near: &Choice) -> Option<(usize, u32)> {
        let gain = |node: usize| {
            let mode = near.modes[node];
            let others = self.options(possible, node).filter(|&other| other != mode);
            let finish = others.filter_map(|other| self.with(near, node, other)).map(|choice| choice.finish).min()?;
            (finish < near.finish).then_some((near.finish - finish, std::cmp::Reverse(node), mode))
        };
        (0..self.network.len()).filter_map(gain).max().map(|(_, std::cmp::Reverse(node), mode)| (node, mode))
    }

    /// Strikes out modes with which a choice costs too much by the prices of the program; false if some node has none left.
    fn strike_out_dear(&self, possible: &mut FixedBitSet, relaxed: &Relaxed, dearest: i64) -> bool {
        for (node, &price) in relaxed.prices.iter().enumerate() {
            let least = self.options(possible, node).map(|mode| self.priced(mode, price)).min().unwrap_or(0);
            let is_dear = |&mode: &u32| self.rounded_up(relaxed.least - least + self.priced(mode, price)) >= dearest;
            let dear: Vec<u32> = self.options(possible, node).filter(is_dear).collect();
            dear.into_iter().for_each(|mode| possible.set(mode as usize, false));
            if self.options(possible, node).next().is_none() {
                return false;
            }
        }
        true
    }

    /// Takes a set apart at the node whose cheapest mode is furthest from what the program takes it to be: into modes up to the
    /// program's duration and longer ones. Nothing is left of a single choice.
    fn parts(&self, node: Node, relaxed: &Relaxed) -> Vec<Node> {
        let Node { possible, bound } = node;
        let duration = |mode: u32| self.network.mode(mode).duration;
        let gap = |node: usize| -> Option<(i128, usize)> {
            let longest = relaxed.durations[node];
            if self.options(&possible, node).count() < 2 {
                return None;
            }
            let curve = self.program.curve(self.options(&possible, node));
            let fits = self.options(&possible, node).filter(|&mode| duration(mode) <= longest);
            let cost = fits.map(|mode| self.cost(mode)).min();
            let gap = cost.map_or(0.0, |cost| cost as f64 - curve.cost(longest.min(curve.cheapest_duration())));
            Some(((gap * 1024.0) as i128, node))
        };
        let nodes = (0..self.network.len()).filter_map(gap);
        let Some((_, task)) = nodes.max_by_key(|&(gap, node)| (gap, std::cmp::Reverse(node))) else {
            return Vec::new();
        };
        let mut modes: Vec<u32> = self.options(&possible, task).collect();
        modes.sort_by_key(|&mode| (duration(mode), self.cost(mode), mode));
        let at = modes.partition_point(|&mode| duration(mode) <= relaxed.durations[task]);
        let at = if at == 0 || at == modes.len() { modes.len() / 2 } else { at };
        self.parted(Node { possible, bound }, task, |mode| !modes[..at].contains(&mode))
    }

    /// Takes a set apart into choices with the modes of a task that are asked for and those with its other modes, which are
    /// looked at first.
    fn parted(&self, node: Node, task: usize, is_asked_for: impl Fn(u32) -> bool) -> Vec<Node> {
        let without = |asked_for: bool| {
            let mut possible = node.possible.clone();
            let modes = self.options(&node.possible, task).filter(|&mode| is_asked_for(mode) == asked_for);
            modes.for_each(|mode| possible.set(mode as usize, false));
            Node { possible, bound: node.bound }
        };
        vec![without(false), without(true)]
    }
}

/// The greatest common divisor; of nothing and a number the number.
fn divisor(mut one: i64, mut other: i64) -> i64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
