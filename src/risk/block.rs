//! Some samples at a time: durations drawn, dates forward, what is critical backward.

use super::correlated::Draw;
use super::events::{Bought, later};
use super::model::{Model, Node, Wait};
use super::streams::{LANES, Lanes, Streams};
use crate::network::{HORIZON_LIMIT, NO_EARLIEST, NodeMode, Slot};
use crate::vectors::{self, compiled_twice};

/// Dates are no later than this, so that sums of two of them cannot overflow; it is the date of what finds no time.
pub const LAST: Slot = HORIZON_LIMIT - 1;

/// What does not vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// The duration of the node at a position: that of a random number.
    Node(usize, u32),
    /// An event: it always happens, or never.
    Event(usize, bool),
    /// A gate, by its number: the loops of a random number.
    Gate(usize, u32),
}

/// What is different in samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// What does not vary in them.
    pub pinned: Option<Pinned>,
    /// What is bought in each of them.
    pub bought: Lanes<Bought>,
}

/// The dates of some samples; entries by position in the model.
#[derive(Clone, Debug)]
pub struct Block {
    /// Slots of work.
    pub durations: Vec<Lanes<Slot>>,
    /// Starts.
    pub starts: Vec<Lanes<Slot>>,
    /// Finishes.
    pub finishes: Vec<Lanes<Slot>>,
    /// All ones where a node drives the finish of the project.
    pub critical: Vec<Lanes<i32>>,
    /// The finish of the project.
    pub finish: Lanes<Slot>,
    /// What tasks and events cost, in minor units of money.
    pub cost: Lanes<f64>,
    /// All ones where an event happens, and what it costs there; by event.
    pub events: Vec<(Lanes<i32>, Lanes<f64>)>,
    /// The mitigations that would change something, whatever else is bought.
    pub remedies: Lanes<Bought>,
    /// The draws that go together.
    correlated: Vec<Lanes<u32>>,
    /// Minutes by the clock by which nodes finish later; empty if none does.
    elapsed: Vec<Lanes<Slot>>,
    /// The factors of fixed costs; empty if all are certain.
    pub factors: Vec<Lanes<f64>>,
    has_vectors: bool,
}

impl Block {
    /// Room for samples of a model.
    pub fn new(model: &Model<'_>) -> Block {
        let nodes = model.nodes.len();
        let is_by_the_clock =
            model.events.iter().any(|event| event.is_by_the_clock()) || model.gates.iter().any(|gate| gate.is_elapsed);
        Block {
            durations: vec![[0; LANES]; nodes],
            starts: vec![[0; LANES]; nodes],
            finishes: vec![[0; LANES]; nodes],
            critical: vec![[0; LANES]; nodes],
            finish: [0; LANES],
            cost: [0.0; LANES],
            events: vec![([0; LANES], [0.0; LANES]); model.events.len()],
            remedies: [0; LANES],
            correlated: vec![[0; LANES]; model.correlated.draws.len()],
            elapsed: vec![[0; LANES]; if is_by_the_clock { nodes } else { 0 }],
            factors: vec![[1.0; LANES]; if model.dear.is_empty() { 0 } else { nodes }],
            has_vectors: vectors::are_there(),
        }
    }

    /// Takes the planned durations for all samples.
    pub fn plan(&mut self, model: &Model<'_>) {
        let mut cost = 0.0;
        for (durations, node) in self.durations.iter_mut().zip(&model.nodes) {
            *durations = [node.mode.duration; LANES];
            cost += node.cost.0 * f64::from(node.mode.duration) + node.cost.1;
        }
        self.cost = [cost; LANES];
    }

    /// Draws the durations of the samples that the streams are of: node by node of the network, whatever their order here,
    /// then event by event, then gate by gate.
    pub fn draw(&mut self, model: &Model<'_>, case: &Case, streams: &mut Streams) {
        draw(self.has_vectors, self, model, streams);
        let three = |_| std::array::from_fn(|_| streams.next());
        let mut drawn: Vec<[Lanes<u32>; 3]> = model.events.iter().map(three).collect();
        self.correlate(model, &mut drawn);
        self.elapsed.fill([0; LANES]);
        if let Some(Pinned::Node(at, drawn)) = case.pinned {
            // What the duration drawn has cost is given back.
            let node = &model.nodes[at];
            for (cost, duration) in self.cost.iter_mut().zip(&self.durations[at]) {
                *cost -= node.cost.0 * f64::from(*duration) + node.cost.1;
            }
            let mut cost = self.cost;
            take(self, model, at, &[drawn; LANES], &mut cost);
            self.cost = cost;
        }
        self.let_happen(model, case, &drawn);
        for (number, gate) in model.gates.iter().enumerate() {
            let pinned = match case.pinned {
                Some(Pinned::Gate(pinned, drawn)) if pinned == number => Some(drawn),
                _ => None,
            };
            let rework = gate.draw(&model.quantiles, pinned, streams);
            let times = if gate.is_elapsed { &mut self.elapsed } else { &mut self.durations };
            times[gate.position as usize] = rework.map(|rework| rework.min(LAST));
            (0..LANES).for_each(|lane| self.cost[lane] += gate.cost * f64::from(rework[lane].min(LAST)));
        }
        for dear in &model.dear {
            let factors = model.quantiles.values(&dear.factor, &streams.next());
            let more = factors.map(|factor| dear.planned * (factor - 1.0));
            let fixed = model.nodes[dear.at as usize].cost.1;
            (0..LANES).for_each(|lane| self.cost[lane] += more[lane]);
            self.factors[dear.at as usize] = more.map(|more| 1.0 + more / fixed);
        }
    }

    /// Makes draws go together, of those of events the first; durations follow from them.
    fn correlate(&mut self, model: &Model<'_>, events: &mut [[Lanes<u32>; 3]]) {
        let draws = &model.correlated.draws;
        for (place, draw) in draws.iter().enumerate() {
            if let Draw::Event(number) = *draw {
                self.correlated[place] = events[number][0];
            }
        }
        model.correlated.mix(&mut self.correlated);
        for (place, draw) in draws.iter().enumerate() {
            let drawn = self.correlated[place];
            match *draw {
                Draw::Event(number) => events[number][0] = drawn,
                Draw::Node(at) => {
                    let mut cost = self.cost;
                    take(self, model, at, &drawn, &mut cost);
                    self.cost = cost;
                }
            }
        }
    }

    /// Lets events happen: by their draws, of which the second is for the delay and the third for the cost.
    fn let_happen(&mut self, model: &Model<'_>, case: &Case, draws: &[[Lanes<u32>; 3]]) {
        self.remedies = [0; LANES];
        for (number, event) in model.events.iter().enumerate() {
            let [_, delay, cost] = &draws[number];
            let drawn = &draws[event.drawn_by][0];
            let happens: Lanes<i32> = match case.pinned {
                Some(Pinned::Event(pinned, happens)) if pinned == number => [-i32::from(happens); LANES],
                _ => std::array::from_fn(|lane| -i32::from(event.happens(drawn[lane], case.bought[lane]))),
            };
            let costs = event.costs(&model.quantiles, cost, &case.bought);
            let costs = std::array::from_fn(|lane| if happens[lane] != 0 { costs[lane] } else { 0.0 });
            self.events[number] = (happens, costs);
            for lane in 0..LANES {
                self.cost[lane] += costs[lane];
                self.remedies[lane] |= event.remedies_for(drawn[lane]);
            }
            let delays = event.delays(&model.quantiles, delay, &case.bought);
            for &hit in &event.hits {
                for lane in (0..LANES).filter(|&lane| happens[lane] != 0) {
                    let (longer, later) = delays[lane];
                    let duration = &mut self.durations[hit as usize][lane];
                    *duration = duration.saturating_add(longer).min(LAST);
                    if let Some(elapsed) = self.elapsed.get_mut(hit as usize) {
                        elapsed[lane] = elapsed[lane].saturating_add(later);
                    }
                }
            }
        }
    }

    /// The latest finish of some nodes.
    pub fn latest_finish(&self, nodes: &[u32]) -> Lanes<Slot> {
        let mut latest = [0; LANES];
        for &node in nodes {
            let finish = &self.finishes[node as usize];
            (0..LANES).for_each(|lane| latest[lane] = latest[lane].max(finish[lane]));
        }
        latest
    }

    /// How long a node takes: its work, and the minutes by the clock by which it finishes later.
    #[inline(always)]
    pub fn time_taken(&self, at: usize) -> Lanes<Slot> {
        let durations = self.durations[at];
        match self.elapsed.get(at) {
            Some(elapsed) => std::array::from_fn(|lane| durations[lane].saturating_add(elapsed[lane])),
            None => durations,
        }
    }

    /// Makes a node take so much work in one sample, and finish no later by the clock.
    pub fn set_time_taken(&mut self, (at, lane): (usize, usize), duration: Slot) {
        self.durations[at][lane] = duration;
        if let Some(elapsed) = self.elapsed.get_mut(at) {
            elapsed[lane] = 0;
        }
    }

    /// Sets the dates of a node in one sample by its start.
    pub fn date(&mut self, (at, lane): (usize, usize), model: &Model<'_>, start: Slot) {
        let mode = NodeMode { duration: self.durations[at][lane], ..model.nodes[at].mode };
        let finish = model.network.finish_as(&mode, start);
        self.set_dates((at, lane), model, (start, finish.unwrap_or(LAST)));
    }

    /// Sets the dates of a node in one sample that starts as soon as links and dates let it.
    fn date_first(&mut self, (at, lane): (usize, usize), model: &Model<'_>) {
        let node = &model.nodes[at];
        let mode = NodeMode { duration: self.durations[at][lane], ..node.mode };
        if let Some(demanded) = node.demanded_start(model.network, &mode) {
            return self.date((at, lane), model, demanded.unwrap_or(LAST));
        }
        let bound = bound_by_links(self, model, &mode, (at, lane));
        let dates = model.network.first_dates_as(&mode, bound).unwrap_or((LAST, LAST));
        self.set_dates((at, lane), model, dates);
    }

    fn set_dates(&mut self, (at, lane): (usize, usize), model: &Model<'_>, (start, finish): (Slot, Slot)) {
        let elapsed = self.elapsed.get(at).map_or(0, |elapsed| elapsed[lane]);
        self.starts[at][lane] = start.min(LAST);
        self.finishes[at][lane] = later(model.network, finish, elapsed).min(LAST);
    }

    /// Finds starts and finishes.
    pub fn schedule(&mut self, model: &Model<'_>) {
        schedule(self.has_vectors, self, model);
    }

    /// Finds out what drives the finish of the project: what ends with it, and whatever a driver could not start before.
    pub fn trace(&mut self, model: &Model<'_>) {
        trace(self.has_vectors, self, model);
    }
}

compiled_twice! {
    fn draw(block: &mut Block, model: &Model<'_>, streams: &mut Streams) -> () {
        let mut cost = [0.0; LANES];
        for &position in &model.position {
            let drawn = streams.next();
            match model.nodes[position as usize].correlated {
                Some(place) => block.correlated[place as usize] = drawn,
                None => take(block, model, position as usize, &drawn, &mut cost),
            }
        }
        block.cost = cost;
    }
}

/// Takes the durations of a node from what is drawn for it, and adds what they cost.
#[inline(always)]
fn take(block: &mut Block, model: &Model<'_>, at: usize, drawn: &Lanes<u32>, cost: &mut Lanes<f64>) {
    let node = &model.nodes[at];
    let durations = model.quantiles.whole_values(&node.law, drawn);
    block.durations[at] = durations;
    if node.cost != (0.0, 0.0) {
        for lane in 0..LANES {
            cost[lane] += node.cost.0 * f64::from(durations[lane]) + node.cost.1;
        }
    }
}

compiled_twice! {
    fn schedule(block: &mut Block, model: &Model<'_>) -> () {
        let mut last = [0; LANES];
        for (at, node) in model.nodes.iter().enumerate() {
            let waits = model.waits.row(at);
            if node.is_plain {
                let (start, finish) = sums(block, node, waits, at);
                block.starts[at] = start;
                block.finishes[at] = finish;
            } else {
                dated(block, model, at);
            }
            for (last, finish) in last.iter_mut().zip(&block.finishes[at]) {
                *last = (*last).max(*finish);
            }
        }
        block.finish = last;
    }
}

/// Dates a node with a calendar, or a date that it demands.
#[inline(always)]
fn dated(block: &mut Block, model: &Model<'_>, at: usize) {
    let node = &model.nodes[at];
    if !node.has_sums {
        return (0..LANES).for_each(|lane| block.date_first((at, lane), model));
    }
    let bounds = bounds(block, node, model.waits.row(at), &block.durations[at]);
    for (lane, &bound) in bounds.iter().enumerate() {
        let mode = NodeMode { duration: block.durations[at][lane], ..node.mode };
        let dates = model.network.first_dates_as(&mode, bound).unwrap_or((LAST, LAST));
        block.set_dates((at, lane), model, dates);
    }
}

/// The dates of a node that are sums.
#[inline(always)]
fn sums(block: &Block, node: &Node, waits: &[Wait], at: usize) -> (Lanes<Slot>, Lanes<Slot>) {
    let duration = &block.durations[at];
    let mut start = bounds(block, node, waits, duration);
    let mut finish = [0; LANES];
    for lane in 0..LANES {
        start[lane] = start[lane].min(LAST);
        finish[lane] = (start[lane] + duration[lane]).min(LAST);
    }
    (start, finish)
}

/// Where links and dates let a node start if all that they ask for are sums.
#[inline(always)]
fn bounds(block: &Block, node: &Node, waits: &[Wait], duration: &Lanes<Slot>) -> Lanes<Slot> {
    let mut start = [node.release; LANES];
    if node.finish_release != NO_EARLIEST {
        for lane in 0..LANES {
            start[lane] = start[lane].max(node.finish_release - duration[lane]);
        }
    }
    for wait in waits {
        let bound = bound(block, wait, duration);
        for lane in 0..LANES {
            start[lane] = start[lane].max(bound[lane]);
        }
    }
    start
}

/// The earliest starts that a wait allows a node whose dates are sums.
#[inline(always)]
fn bound(block: &Block, wait: &Wait, duration: &Lanes<Slot>) -> Lanes<Slot> {
    let ends = if wait.arc.kind.from_finish() { &block.finishes } else { &block.starts };
    let mut bound = ends[wait.on as usize];
    let lag = wait.arc.lag;
    for bound in &mut bound {
        *bound += lag;
    }
    if wait.arc.kind.to_finish() {
        for lane in 0..LANES {
            bound[lane] -= duration[lane];
        }
    }
    bound
}

/// The earliest start that links and dates allow a node in one sample, whatever resources are free; `None` if there is none.
pub fn earliest(block: &Block, model: &Model<'_>, (at, lane): (usize, usize)) -> Option<Slot> {
    let (network, node) = (model.network, &model.nodes[at]);
    let mode = NodeMode { duration: block.durations[at][lane], ..node.mode };
    match node.demanded_start(network, &mode) {
        Some(demanded) => demanded,
        None => network.first_start_as(&mode, bound_by_links(block, model, &mode, (at, lane))),
    }
}

/// Where links and dates let a node start in one sample; it may lie in a pause.
fn bound_by_links(block: &Block, model: &Model<'_>, mode: &NodeMode, (at, lane): (usize, usize)) -> Slot {
    let node = &model.nodes[at];
    let mut earliest = node.release;
    if node.finish_release != NO_EARLIEST {
        earliest = earliest.max(model.network.start_for_finish_as(mode, node.finish_release));
    }
    if node.has_sums {
        for wait in model.waits.row(at) {
            let ends = if wait.arc.kind.from_finish() { &block.finishes } else { &block.starts };
            earliest = earliest.max(ends[wait.on as usize][lane] + wait.arc.lag);
        }
        return earliest;
    }
    let bounds = model.waits.row(at).iter().map(|wait| bound_of(block, model, mode, wait, lane));
    bounds.fold(earliest, Slot::max)
}

/// The earliest start that a wait allows, in one sample; it may lie in a pause.
pub fn bound_of(block: &Block, model: &Model<'_>, mode: &NodeMode, wait: &Wait, lane: usize) -> Slot {
    let ends = if wait.arc.kind.from_finish() { &block.finishes } else { &block.starts };
    let end = ends[wait.on as usize][lane];
    let table = model.network.calendar(wait.arc.calendar);
    let lag = wait.lag(block.durations[wait.on as usize][lane]);
    let bound = model.network.shifted(table, end, lag).unwrap_or(LAST);
    if wait.arc.kind.to_finish() { model.network.start_for_finish_as(mode, bound) } else { bound }
}

compiled_twice! {
    fn trace(block: &mut Block, model: &Model<'_>) -> () {
        for at in 0..model.nodes.len() {
            for lane in 0..LANES {
                block.critical[at][lane] = -i32::from(block.finishes[at][lane] == block.finish[lane]);
            }
        }
        for (at, node) in model.nodes.iter().enumerate().rev() {
            let critical = block.critical[at];
            let waits = model.waits.row(at);
            if critical == [0; LANES] {
                continue;
            }
            let (start, duration) = (block.starts[at], block.durations[at]);
            if node.is_plain {
                for wait in waits {
                    let bound = bound(block, wait, &duration);
                    let drivers = &mut block.critical[wait.on as usize];
                    for lane in 0..LANES {
                        drivers[lane] |= critical[lane] & -i32::from(bound[lane] == start[lane]);
                    }
                }
            } else {
                for lane in (0..LANES).filter(|&lane| critical[lane] != 0) {
                    let mode = NodeMode { duration: duration[lane], ..node.mode };
                    if node.demanded_start(model.network, &mode).is_some() {
                        continue;
                    }
                    for wait in waits {
                        let bound = bound_of(block, model, &mode, wait, lane);
                        if model.network.first_start_as(&mode, bound) == Some(start[lane]) {
                            block.critical[wait.on as usize][lane] = -1;
                        }
                    }
                }
            }
        }
    }
}
