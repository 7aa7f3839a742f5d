//! What is known at a point of a proof, and whether the plan contradicts it.

use std::collections::BTreeMap;

use super::paths::Paths;
use super::pools::{Pool, consumed, need};
use super::steps::{Definition, Literal, Rule, Variable};
use crate::network::{Arc, NO_EARLIEST, Network, Slot};

/// Least and greatest values of all variables.
#[derive(Debug)]
pub struct State<'n> {
    /// What is planned.
    pub network: &'n Network,
    least: Vec<Slot>,
    most: Vec<Slot>,
    /// Where the orders spoken of so far are, behind all others.
    orders: BTreeMap<(usize, usize), usize>,
    paths: Paths,
    resources: Vec<Pool>,
    /// The pools defined, in order.
    pools: Vec<Pool>,
    /// What was changed, and from what.
    undo: Vec<(usize, bool, Slot)>,
}

impl<'n> State<'n> {
    /// What is given: each node starts at its release or later and keeps its exact date, and all have finished by `end`.
    pub fn new(network: &'n Network, end: Slot) -> State<'n> {
        let nodes = network.len();
        let modes = network.modes.items().len();
        let mut state = State {
            network,
            least: vec![0; 2 * nodes + 1 + modes],
            most: vec![end; 2 * nodes + 1 + modes],
            orders: BTreeMap::new(),
            paths: Paths::new(network),
            resources: (0..network.renewables.len()).map(|resource| Pool::resource(network, resource)).collect(),
            pools: Vec::new(),
            undo: Vec::new(),
        };
        for node in 0..nodes {
            state.least[node] = network.release[node].max(0);
            state.least[nodes + node] = network.finish_release[node].max(0);
            for (place, date) in [(node, network.must_start[node]), (nodes + node, network.must_finish[node])] {
                if date != NO_EARLIEST {
                    state.least[place] = state.least[place].max(date);
                    state.most[place] = state.most[place].min(date);
                }
            }
            let durations = || network.modes.row(node).iter().map(|mode| mode.duration);
            let from = state.least[nodes + node].saturating_sub(durations().max().unwrap_or(0));
            let until = state.most[nodes + node] - durations().min().unwrap_or(0);
            state.least[node] = state.least[node].max(from);
            state.most[node] = state.most[node].min(until);
        }
        state.most[2 * nodes + 1..].fill(1);
        state
    }

    /// Takes in the next pool.
    ///
    /// # Errors
    /// If it need not hold.
    pub fn define(&mut self, definition: &Definition) -> Result<(), String> {
        let pool = self.pool(definition)?;
        self.pools.push(pool);
        Ok(())
    }

    /// Number of pools defined.
    pub fn pools(&self) -> usize {
        self.pools.len()
    }

    /// The place of a variable; none for an order that has not been spoken of.
    fn place(&self, variable: Variable) -> Option<usize> {
        let nodes = self.network.len();
        Some(match variable {
            Variable::Start(node) => node,
            Variable::Finish(node) => nodes + node,
            Variable::Project => 2 * nodes,
            Variable::Mode(position) => 2 * nodes + 1 + position,
            Variable::Order(one, other) => return self.orders.get(&(one, other)).copied(),
        })
    }

    /// Least and greatest value of a variable, as they were told.
    fn told(&self, variable: Variable) -> (Slot, Slot) {
        self.place(variable).map_or((0, 1), |place| (self.least[place], self.most[place]))
    }

    /// True if a literal holds.
    pub fn holds(&self, literal: Literal) -> bool {
        let (least, most) = self.told(literal.variable);
        if literal.is_lower { least >= literal.value } else { most <= literal.value }
    }

    /// Lets a literal hold.
    pub fn assert(&mut self, literal: Literal) {
        if self.holds(literal) {
            return;
        }
        let place = self.place(literal.variable).unwrap_or_else(|| self.add_order(literal.variable));
        let bound = if literal.is_lower { &mut self.least[place] } else { &mut self.most[place] };
        self.undo.push((place, literal.is_lower, *bound));
        *bound = literal.value;
    }

    /// Makes room for an order that is spoken of for the first time.
    fn add_order(&mut self, variable: Variable) -> usize {
        let place = self.least.len();
        if let Variable::Order(one, other) = variable {
            self.orders.insert((one, other), place);
            self.least.push(0);
            self.most.push(1);
        }
        place
    }

    /// True if some variable has no value left.
    pub fn is_empty_at(&self, literal: Literal) -> bool {
        let (least, most) = self.told(literal.variable);
        least > most
    }

    /// A point to come back to.
    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Goes back to a point.
    pub fn go_back(&mut self, mark: usize) {
        for (place, is_lower, value) in self.undo.drain(mark..).rev() {
            if is_lower { self.least[place] = value } else { self.most[place] = value }
        }
    }

    /// True if the plan contradicts what holds, by one rule.
    pub fn contradicts(&self, rule: &Rule) -> bool {
        let is_stuck = |node: usize| self.ways(node).next().is_none();
        match *rule {
            Rule::Link(node, _) | Rule::Pair(node, _) | Rule::Modes(node) if is_stuck(node) => true,
            Rule::Link(_, Some(node)) | Rule::Pair(_, node) if is_stuck(node) => true,
            Rule::Slot(_) | Rule::Total(_) | Rule::Energy(..) | Rule::Pool(_)
                if (0..self.network.len()).any(is_stuck) =>
            {
                true
            }
            Rule::Chain(one, two, three) if [one, two, three].into_iter().any(is_stuck) => true,
            Rule::Order(ref nodes) if nodes.iter().any(|&node| is_stuck(node)) => true,
            Rule::Modes(_) => false,
            Rule::Link(from, Some(to)) => {
                self.link(from, to) || self.maximal_lag(from, to) || self.maximal_lag(to, from)
            }
            Rule::Link(from, None) => self.finish(from).0 > self.told(Variable::Project).1,
            Rule::Slot(slot) => (0..self.network.renewables.len()).any(|resource| self.slot(resource, slot)),
            Rule::Pair(one, other) => self.pair(one, other),
            Rule::Chain(one, two, three) => {
                self.is_before(one, two) && self.is_before(two, three) && !self.may_be_before(one, three)
            }
            Rule::Order(ref nodes) => self.order(nodes),
            Rule::Total(total) => self.total(total),
            Rule::Energy(from, to, None) => {
                self.resources.iter().any(|resource| self.is_overfull(resource, Some((from, to))))
            }
            Rule::Energy(from, to, Some(pool)) => self.is_overfull(&self.pools[pool - 1], Some((from, to))),
            Rule::Pool(pool) => self.is_overfull(&self.pools[pool - 1], None),
        }
    }

    /// The mode positions in which a node can be done between its bounds.
    pub fn ways(&self, node: usize) -> impl Iterator<Item = usize> {
        let nodes = self.network.len();
        let bounds = |place: usize| (self.least[place], self.most[place]);
        let ((start, latest), (finish, until)) = (bounds(node), bounds(nodes + node));
        let first = 2 * nodes + 1;
        let range = self.network.modes.range(node);
        let is_taken = move |position: usize| self.least[first + position] >= 1;
        range.clone().filter(move |position| {
            let duration = self.duration(*position);
            self.most[first + position] >= 1
                && range.clone().all(|other| other == *position || !is_taken(other))
                && start.max(finish - duration) <= latest.min(until - duration)
        })
    }

    /// Slots that a mode position takes.
    pub fn duration(&self, position: usize) -> Slot {
        self.network.modes.items()[position].duration
    }

    fn shortest(&self, node: usize) -> Slot {
        self.ways(node).map(|position| self.duration(position)).min().unwrap_or(0)
    }

    fn longest(&self, node: usize) -> Slot {
        self.ways(node).map(|position| self.duration(position)).max().unwrap_or(0)
    }

    /// Earliest and latest start.
    pub fn start(&self, node: usize) -> (Slot, Slot) {
        let finish = self.network.len() + node;
        let earliest = self.least[node].max(self.least[finish] - self.longest(node));
        (earliest, self.most[node].min(self.most[finish] - self.shortest(node)))
    }

    /// Earliest and latest finish.
    pub fn finish(&self, node: usize) -> (Slot, Slot) {
        let finish = self.network.len() + node;
        let earliest = self.least[finish].max(self.least[node] + self.shortest(node));
        (earliest, self.most[finish].min(self.most[node] + self.longest(node)))
    }

    /// Least and greatest value of a variable.
    pub fn bounds(&self, variable: Variable) -> (Slot, Slot) {
        match variable {
            Variable::Start(node) => self.start(node),
            Variable::Finish(node) => self.finish(node),
            _ => self.told(variable),
        }
    }

    /// The same of all starts and finishes, by their places, as paths tell.
    pub fn windows(&self) -> Vec<(Slot, Slot)> {
        let points = 2 * self.network.len() + 1;
        let (mut least, mut most) = (self.least[..points].to_vec(), self.most[..points].to_vec());
        self.paths.narrow(&mut least, &mut most);
        least.into_iter().zip(most).collect()
    }

    /// True if a path makes `after` so many slots later than `before`, or more.
    pub fn are_apart(&self, before: Variable, after: Variable, least: Slot) -> bool {
        let places = self.place(before).zip(self.place(after));
        places.is_some_and(|(before, after)| self.paths.are_apart(before, after, i64::from(least)))
    }

    /// True if one of two nodes follows the other in every schedule.
    pub fn follow(&self, one: usize, other: usize) -> bool {
        self.is_followed(one, other) || self.is_followed(other, one)
    }

    /// True if a node starts behind the finish of another in every schedule.
    fn is_followed(&self, one: usize, other: usize) -> bool {
        self.are_apart(Variable::Finish(one), Variable::Start(other), 0)
    }

    /// Bounds of the ends that an arc joins.
    fn ends(&self, arc: &Arc, from: usize, to: usize) -> ((Slot, Slot), (Slot, Slot)) {
        let of = |node: usize, is_finish: bool| if is_finish { self.finish(node) } else { self.start(node) };
        (of(from, arc.kind.from_finish()), of(to, arc.kind.to_finish()))
    }

    fn link(&self, from: usize, to: usize) -> bool {
        let arcs = self.network.predecessors.row(to).iter().filter(|arc| arc.other as usize == from && !arc.by_mode);
        arcs.into_iter().any(|arc| {
            let (before, after) = self.ends(arc, from, to);
            after.1 < before.0 + arc.lag
        })
    }

    fn maximal_lag(&self, from: usize, to: usize) -> bool {
        let lags = self.network.maximal_lags.iter();
        let mut lags =
            lags.filter(|lag| (lag.predecessor as usize, lag.successor as usize) == (from, to) && !lag.arc.by_mode);
        lags.any(|lag| {
            let (before, after) = self.ends(&lag.arc, from, to);
            after.0 > before.1 + lag.arc.lag
        })
    }

    fn least_need(&self, node: usize, resource: usize) -> i64 {
        self.ways(node).map(|position| need(self.network, position, resource)).min().unwrap_or(0)
    }

    /// Units of a resource in a slot.
    pub fn units(&self, resource: usize, slot: Slot) -> i64 {
        let steps = self.network.renewables[resource].steps.iter();
        steps.take_while(|step| step.0 <= slot).last().map_or(0, |step| i64::from(step.1))
    }

    /// The most units of it from one slot on, before another.
    pub fn peak(&self, resource: usize, from: Slot, to: Slot) -> i64 {
        let steps = self.network.renewables[resource].steps.iter();
        let within = steps.filter(|step| from < step.0 && step.0 < to).map(|step| i64::from(step.1));
        within.fold(self.units(resource, from), i64::max)
    }

    fn slot(&self, resource: usize, slot: Slot) -> bool {
        let at_work = |&node: &usize| self.start(node).1 <= slot && slot < self.finish(node).0;
        let used = (0..self.network.len()).filter(at_work).map(|node| self.least_need(node, resource));
        used.sum::<i64>() > self.units(resource, slot)
    }

    /// True if one of two nodes comes after the other: both take time and need too much of a resource together, or a path
    /// says so.
    fn take_turns(&self, one: usize, other: usize) -> bool {
        let needs = |resource: usize| self.least_need(one, resource) + self.least_need(other, resource);
        let is_too_much = |resource: usize| needs(resource) > self.peak(resource, Slot::MIN, Slot::MAX);
        let take_time = self.shortest(one) > 0 && self.shortest(other) > 0;
        let need_too_much = take_time && (0..self.network.renewables.len()).any(is_too_much);
        one != other && (need_too_much || self.follow(one, other))
    }

    fn pair(&self, one: usize, other: usize) -> bool {
        self.take_turns(one, other) && !self.may_be_before(one, other) && !self.may_be_before(other, one)
    }

    /// True if bounds and what is told of their order let a node come before another.
    fn may_be_before(&self, one: usize, other: usize) -> bool {
        // Two that take no time may each be before the other.
        let takes_time = self.shortest(one) > 0 || self.shortest(other) > 0;
        let is_behind = takes_time && self.told(Variable::Order(other, one)).0 >= 1;
        let is_excluded = self.told(Variable::Order(one, other)).1 <= 0;
        self.finish(one).0 <= self.start(other).1 && !is_excluded && !is_behind
    }

    /// True if a node comes before another: it is told, or a path says so.
    fn is_before(&self, one: usize, other: usize) -> bool {
        let is_not_behind = || self.told(Variable::Order(other, one)).1 <= 0 && self.take_turns(one, other);
        self.told(Variable::Order(one, other)).0 >= 1 || self.is_followed(one, other) || is_not_behind()
    }

    /// True if no two of the nodes can run at the same time, and none of them can be the last, or none the first.
    fn order(&self, nodes: &[usize]) -> bool {
        let others = |place: usize| nodes[..place].iter().map(move |&other| (nodes[place], other));
        if nodes.is_empty() || !(0..nodes.len()).flat_map(others).all(|(one, other)| self.take_turns(one, other)) {
            return false;
        }
        let forward = nodes.iter().map(|&node| (self.start(node), self.finish(node), self.shortest(node)));
        // With time turned round the last is the first.
        let negated = |bounds: (Slot, Slot)| (-bounds.1, -bounds.0);
        let backward = forward.clone().map(|(start, finish, length)| (negated(finish), negated(start), length));
        none_is_last(forward.collect()) || none_is_last(backward.collect())
    }

    fn total(&self, total: usize) -> bool {
        let least =
            |node: usize| self.ways(node).map(|position| consumed(self.network, position, total)).min().unwrap_or(0);
        (0..self.network.len()).map(least).sum::<i64>() > self.network.totals[total].capacity
    }
}

/// Bounds of the start and of the finish of a node, and its length.
type Bounds = ((Slot, Slot), (Slot, Slot), Slot);

/// True if none of the nodes, which take turns, has room behind all the others.
fn none_is_last(mut nodes: Vec<Bounds>) -> bool {
    nodes.sort_unstable();
    let is_last = |last: usize| {
        let others = || (0..nodes.len()).filter(|&place| place != last).map(|place| nodes[place]);
        // One after the other, the earliest first, the others cannot be done sooner.
        let done = others().fold(Slot::MIN, |done, (start, _, length)| done.max(start.0).saturating_add(length));
        let done = others().fold(done, |done, (_, finish, _)| done.max(finish.0));
        let (start, finish, length) = nodes[last];
        let begin = done.max(start.0);
        begin <= start.1 && begin.saturating_add(length).max(finish.0) <= finish.1
    };
    !(0..nodes.len()).any(is_last)
}

/// If there is a schedule at all there is one that has finished by this slot: in one that cannot be shortened each node
/// waits for a date, a change of a resource, a lag or the end of another node. Wider than slots if it is beyond them.
pub fn horizon(network: &Network) -> i64 {
    let mut horizon: i64 = 0;
    for node in 0..network.len() {
        let modes = network.modes.row(node).iter();
        horizon += modes.map(|mode| i64::from(mode.duration)).max().unwrap_or(0);
        horizon += network.predecessors.row(node).iter().map(|arc| i64::from(arc.lag.max(0))).sum::<i64>();
    }
    // Counted twice and forward: a lag that runs backwards may be what another waits for.
    horizon += network.maximal_lags.iter().map(|lag| 2 * i64::from(lag.arc.lag).abs()).sum::<i64>();
    let steps = network.renewables.iter().flat_map(|renewable| renewable.steps.iter().map(|step| step.0));
    let dates = [&network.release, &network.finish_release, &network.must_start, &network.must_finish];
    horizon + i64::from(dates.into_iter().flatten().copied().chain(steps).max().unwrap_or(0).max(0))
}
