//! What is known at a point of a proof, and whether the plan contradicts it.

use super::steps::{Literal, Rule, Variable};
use crate::network::{Arc, NO_EARLIEST, Network, Slot};

/// Least and greatest values of all variables.
#[derive(Debug)]
pub struct State<'n> {
    network: &'n Network,
    least: Vec<Slot>,
    most: Vec<Slot>,
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

    fn place(&self, variable: Variable) -> usize {
        let nodes = self.network.len();
        match variable {
            Variable::Start(node) => node,
            Variable::Finish(node) => nodes + node,
            Variable::Project => 2 * nodes,
            Variable::Mode(position) => 2 * nodes + 1 + position,
        }
    }

    /// True if a literal holds.
    pub fn holds(&self, literal: Literal) -> bool {
        let place = self.place(literal.variable);
        if literal.is_lower { self.least[place] >= literal.value } else { self.most[place] <= literal.value }
    }

    /// Lets a literal hold.
    pub fn assert(&mut self, literal: Literal) {
        if self.holds(literal) {
            return;
        }
        let place = self.place(literal.variable);
        let bound = if literal.is_lower { &mut self.least[place] } else { &mut self.most[place] };
        self.undo.push((place, literal.is_lower, *bound));
        *bound = literal.value;
    }

    /// True if some variable has no value left.
    pub fn is_empty_at(&self, literal: Literal) -> bool {
        let place = self.place(literal.variable);
        self.least[place] > self.most[place]
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
            Rule::Slot(_) | Rule::Total(_) | Rule::Energy(..) if (0..self.network.len()).any(is_stuck) => true,
            Rule::Order(ref nodes) if nodes.iter().any(|&node| is_stuck(node)) => true,
            Rule::Modes(_) => false,
            Rule::Link(from, Some(to)) => {
                self.link(from, to) || self.maximal_lag(from, to) || self.maximal_lag(to, from)
            }
            Rule::Link(from, None) => self.finish(from).0 > self.most[self.place(Variable::Project)],
            Rule::Slot(slot) => (0..self.network.renewables.len()).any(|resource| self.slot(resource, slot)),
            Rule::Pair(one, other) => self.pair(one, other),
            Rule::Order(ref nodes) => self.order(nodes),
            Rule::Total(total) => self.total(total),
            Rule::Energy(from, to) => {
                from < to && (0..self.network.renewables.len()).any(|resource| self.energy(resource, from, to))
            }
        }
    }

    /// The mode positions in which a node can be done between its bounds.
    fn ways(&self, node: usize) -> impl Iterator<Item = usize> {
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

    fn duration(&self, position: usize) -> Slot {
        self.network.modes.items()[position].duration
    }

    fn shortest(&self, node: usize) -> Slot {
        self.ways(node).map(|position| self.duration(position)).min().unwrap_or(0)
    }

    fn longest(&self, node: usize) -> Slot {
        self.ways(node).map(|position| self.duration(position)).max().unwrap_or(0)
    }

    /// Earliest and latest start.
    fn start(&self, node: usize) -> (Slot, Slot) {
        let finish = self.network.len() + node;
        let earliest = self.least[node].max(self.least[finish] - self.longest(node));
        (earliest, self.most[node].min(self.most[finish] - self.shortest(node)))
    }

    /// Earliest and latest finish.
    fn finish(&self, node: usize) -> (Slot, Slot) {
        let finish = self.network.len() + node;
        let earliest = self.least[finish].max(self.least[node] + self.shortest(node));
        (earliest, self.most[finish].min(self.most[node] + self.longest(node)))
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

    /// Units that a mode position needs of a resource.
    fn need(&self, position: usize, resource: usize) -> i64 {
        let demands = self.network.demands.row(position).iter().filter(|demand| demand.resource as usize == resource);
        demands.map(|demand| i64::from(demand.amount)).sum()
    }

    fn least_need(&self, node: usize, resource: usize) -> i64 {
        self.ways(node).map(|position| self.need(position, resource)).min().unwrap_or(0)
    }

    fn units(&self, resource: usize, slot: Slot) -> i64 {
        let steps = self.network.renewables[resource].steps.iter();
        steps.take_while(|step| step.0 <= slot).last().map_or(0, |step| i64::from(step.1))
    }

    fn slot(&self, resource: usize, slot: Slot) -> bool {
        let at_work = |&node: &usize| self.start(node).1 <= slot && slot < self.finish(node).0;
        let used = (0..self.network.len()).filter(at_work).map(|node| self.least_need(node, resource));
        used.sum::<i64>() > self.units(resource, slot)
    }

    /// True if two nodes take time, and need too much of a resource together.
    fn meet(&self, one: usize, other: usize) -> bool {
        let peak = |resource: usize| {
            self.network.renewables[resource].steps.iter().map(|step| i64::from(step.1)).max().unwrap_or(0)
        };
        let needs = |resource: usize| self.least_need(one, resource) + self.least_need(other, resource);
        let take_time = self.shortest(one) > 0 && self.shortest(other) > 0;
        one != other && take_time && (0..self.network.renewables.len()).any(|resource| needs(resource) > peak(resource))
    }

    fn pair(&self, one: usize, other: usize) -> bool {
        self.meet(one, other) && self.finish(one).0 > self.start(other).1 && self.finish(other).0 > self.start(one).1
    }

    /// True if no two of the nodes can run at the same time, and none of their orders will do.
    fn order(&self, nodes: &[usize]) -> bool {
        let others = |place: usize| nodes[..place].iter().map(move |&other| (nodes[place], other));
        if !(0..nodes.len()).flat_map(others).all(|(one, other)| self.meet(one, other)) {
            return false;
        }
        // When each set of them can have finished, whichever comes last: sets are numbers, a node a digit.
        let mut finishes: Vec<Option<Slot>> = vec![Some(Slot::MIN)];
        for set in 1..1_usize << nodes.len() {
            let with_last = |place: usize| {
                let node = nodes[place];
                let start = finishes[set & !(1 << place)]?.max(self.start(node).0);
                let finish = (start + self.shortest(node)).max(self.finish(node).0);
                (start <= self.start(node).1 && finish <= self.finish(node).1).then_some(finish)
            };
            let lasts = (0..nodes.len()).filter(|&place| set & 1 << place != 0);
            finishes.push(lasts.filter_map(with_last).min());
        }
        finishes[finishes.len() - 1].is_none()
    }

    fn total(&self, total: usize) -> bool {
        let consumed = |position: usize| -> i64 {
            let consumptions = self.network.consumptions.row(position).iter();
            consumptions.filter(|other| other.total as usize == total).map(|other| other.amount).sum()
        };
        let least = |node: usize| self.ways(node).map(consumed).min().unwrap_or(0);
        (0..self.network.len()).map(least).sum::<i64>() > self.network.totals[total].capacity
    }

    fn energy(&self, resource: usize, from: Slot, to: Slot) -> bool {
        let within = |node: usize| {
            let (start, finish) = (self.start(node), self.finish(node));
            let of = |position: usize| {
                let duration = self.duration(position);
                let (latest, earliest) = (start.1.min(finish.1 - duration), finish.0.max(start.0 + duration));
                let slots = duration.min(to - from).min(earliest - from).min(to - latest).max(0);
                self.need(position, resource) * i64::from(slots)
            };
            self.ways(node).map(of).min().unwrap_or(0)
        };
        let needed: i64 = (0..self.network.len()).map(within).sum();
        // The steps say from when on, so that the last one before `from` counts from there.
        let steps = &self.network.renewables[resource].steps;
        let offered = |number: usize| {
            let begin = steps[number].0.max(from);
            let end = steps.get(number + 1).map_or(to, |next| next.0.min(to));
            i64::from(steps[number].1) * i64::from((end - begin).max(0))
        };
        needed > (0..steps.len()).map(offered).sum()
    }
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
