//! What crashing is about, in numbers: events, least distances between them, and what a task costs by how long it takes.
//!
//! Every node of the network is two events, its start and its finish. Links, releases and the end of the project are fixed
//! arcs between events; a task is one arc for each corner of its cost curve, the lower convex hull of its modes. Where time
//! is no plain number line, because calendars differ, an arc asks for less than the plan does: working time never takes less
//! than itself. What the arcs leave out is told, since the answer is a bound then.

use super::flow::{Arc, UNLIMITED};
use crate::cpm::fixed_start;
use crate::network::{NEVER, NO_EARLIEST, Network, Origin, Slot};
use crate::plan::Plan;

/// What a task costs at least if it takes so long: corners of a convex curve, the shortest duration first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    corners: Vec<(Slot, i64)>,
}

impl Curve {
    /// The lower convex hull of durations and costs, of which there is at least one.
    ///
    /// # Source
    /// Andrew, "Another efficient algorithm for convex hulls in two dimensions", Information Processing Letters 9 (1979).
    pub fn hull(mut ways: Vec<(Slot, i64)>) -> Curve {
        ways.sort_unstable();
        ways.dedup_by_key(|way| way.0);
        let mut corners: Vec<(Slot, i64)> = Vec::with_capacity(ways.len());
        for way in ways {
            while let [.., one, other] = corners[..]
                && turn(one, other, way) <= 0
            {
                corners.pop();
            }
            corners.push(way);
        }
        Curve { corners }
    }

    /// The corners.
    pub fn corners(&self) -> &[(Slot, i64)] {
        &self.corners
    }

    /// The cost at a duration between the shortest and the longest.
    pub fn cost(&self, duration: Slot) -> f64 {
        let at = self.corners.partition_point(|corner| corner.0 < duration);
        match (at.checked_sub(1).map(|before| self.corners[before]), self.corners.get(at)) {
            (_, Some(&(slots, cost))) if slots == duration => cost as f64,
            (Some(before), Some(&after)) => before.1 as f64 - price(before, after) * f64::from(duration - before.0),
            (_, Some(&(_, cost))) | (Some((_, cost)), None) => cost as f64,
            (None, None) => 0.0,
        }
    }

    /// The least cost.
    pub fn least(&self) -> f64 {
        self.corners[self.cheapest().0].1 as f64
    }

    /// The longest duration that costs least.
    pub fn cheapest_duration(&self) -> Slot {
        self.corners[self.cheapest().1].0
    }

    /// The greatest price of a slot.
    fn steepest(&self) -> f64 {
        self.corners.windows(2).map(|pair| price(pair[0], pair[1]).abs()).fold(0.0, f64::max)
    }

    /// The range of corners that cost least.
    fn cheapest(&self) -> (usize, usize) {
        let least = self.corners.iter().map(|corner| corner.1).min().unwrap_or(0);
        let is_least = |corner: &(Slot, i64)| corner.1 == least;
        let first = self.corners.iter().position(is_least).unwrap_or(0);
        (first, self.corners.iter().rposition(is_least).unwrap_or(0))
    }
}

/// Positive if the way from `one` over `other` to `way` turns left.
fn turn(one: (Slot, i64), other: (Slot, i64), way: (Slot, i64)) -> i128 {
    let step = |from: (Slot, i64), to: (Slot, i64)| {
        (i128::from(to.0) - i128::from(from.0), i128::from(to.1) - i128::from(from.1))
    };
    let ((across, up), (on, high)) = (step(one, other), step(one, way));
    across * high - up * on
}

/// What each slot less costs between two corners; negative where longer is dearer.
fn price(shorter: (Slot, i64), longer: (Slot, i64)) -> f64 {
    (shorter.1 - longer.1) as f64 / f64::from(longer.0 - shorter.0)
}

/// The fixed part of the program of a network.
#[derive(Clone, Debug)]
pub struct Program<'n> {
    /// The network.
    pub network: &'n Network,
    /// Arcs that no choice changes.
    pub fixed: Vec<Arc>,
    /// True for nodes whose duration is exactly the distance of their events.
    is_rigid: Vec<bool>,
    /// What the arcs do not ask for, though the plan does.
    pub left_out: Vec<&'static str>,
    /// Capacities are prices times this.
    pub scale: i64,
}

/// The arcs of all tasks, and where those of each node stand.
#[derive(Clone, Debug)]
pub struct Arcs {
    /// The fixed arcs, then those of each node.
    pub all: Vec<Arc>,
    /// The first arc of each node, and the number of all.
    pub first: Vec<usize>,
}

impl Program<'_> {
    /// The program of a plan's network.
    pub fn new<'n>(plan: &Plan, network: &'n Network) -> Program<'n> {
        let mut program = Program { network, fixed: Vec::new(), is_rigid: Vec::new(), left_out: Vec::new(), scale: 1 };
        let is_even = |position: u32| network.calendar(network.mode(position).calendar).is_always();
        let modes = |node: usize| network.modes.range(node).map(|position| position as u32);
        program.is_rigid = (0..network.len()).map(|node| modes(node).all(is_even)).collect();
        for node in 0..network.len() {
            program.hold(plan, node);
        }
        let uneven = program.is_rigid.contains(&false) || !network.calendars.iter().all(|table| table.is_always());
        program.tell(uneven, "pauses of single tasks, where calendars differ");
        program.tell(!network.maximal_lags.is_empty(), "max_lag");
        program.tell(!network.left_out.is_empty(), "some choices of people");
        program.scale = program.scale_of(&program.curves());
        program
    }

    /// True for a node whose duration is exactly the distance of its events.
    pub fn is_rigid(&self, node: u32) -> bool {
        self.is_rigid[node as usize]
    }

    fn tell(&mut self, is_so: bool, what: &'static str) {
        if is_so && !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }

    /// The number of events; the last two are the beginning and the end.
    pub fn events(&self) -> usize {
        2 * self.network.len() + 2
    }

    /// The curve of every node with all its modes.
    pub fn curves(&self) -> Vec<Curve> {
        (0..self.network.len()).map(|node| self.curve(self.network.modes.range(node).map(|at| at as u32))).collect()
    }

    /// The curve of some modes of a node.
    pub fn curve(&self, positions: impl Iterator<Item = u32>) -> Curve {
        let way = |position: u32| (self.network.mode(position).duration, self.network.costs[position as usize]);
        Curve::hull(positions.map(way).collect())
    }

    /// All arcs, given the curve of each node.
    pub fn arcs(&self, curves: &[Curve]) -> Arcs {
        let mut all = self.fixed.clone();
        let mut first = Vec::with_capacity(curves.len() + 1);
        for (node, curve) in curves.iter().enumerate() {
            first.push(all.len());
            self.task(node as u32, curve, &mut all);
        }
        first.push(all.len());
        Arcs { all, first }
    }

    /// What holds a node, and what it holds of the end.
    fn hold(&mut self, plan: &Plan, node: usize) {
        let network = self.network;
        let (beginning, end) = (self.events() as u32 - 2, self.events() as u32 - 1);
        let (start, finish) = (2 * node as u32, 2 * node as u32 + 1);
        let mut add = |from: u32, to: u32, length: i64| self.fixed.push(Arc { from, to, length, capacity: UNLIMITED });
        add(finish, end, 0);
        if network.has_exact_date(node as u32) {
            let starts = network.modes.range(node).map(|mode| fixed_start(network, mode as u32, node).unwrap_or(0));
            add(beginning, start, i64::from(starts.min().unwrap_or(0)));
            return;
        }
        add(beginning, start, i64::from(network.release[node]));
        if network.finish_release[node] != NO_EARLIEST && self.is_rigid[node] {
            add(beginning, finish, i64::from(network.finish_release[node]));
        }
        if is_pinned(plan, network, node) {
            return;
        }
        let mut has_loose = false;
        for arc in network.predecessors.row(node) {
            let lag = match arc.by_mode {
                true => network.mode_lags.row(arc.lag as usize).iter().copied().min().unwrap_or(0),
                false => arc.lag,
            };
            has_loose |= arc.by_mode;
            // A lead goes back further in less working time, and a finish in a pause may stand before what holds it.
            let is_even = network.calendars.get(arc.calendar as usize).is_some_and(|table| table.is_always());
            if lag < 0 && !is_even || arc.kind.to_finish() && !self.is_rigid[node] {
                continue;
            }
            let from = 2 * arc.other + u32::from(arc.kind.from_finish());
            let to = if arc.kind.to_finish() { finish } else { start };
            self.fixed.push(Arc { from, to, length: i64::from(lag), capacity: UNLIMITED });
        }
        self.tell(has_loose, "how far lags in percent grow with their task");
    }

    /// The arcs of a task: the finish is a corner's duration after the start, or that is paid for.
    fn task(&self, node: u32, curve: &Curve, arcs: &mut Vec<Arc>) {
        let (start, finish) = (2 * node, 2 * node + 1);
        let corners = curve.corners();
        let (first, last) = curve.cheapest();
        let scaled = |price: f64| (price * self.scale as f64).round() as i64;
        let mut taken = 0;
        for corner in (0..=first).rev() {
            let capacity = match corner.checked_sub(1) {
                Some(next) => scaled(price(corners[next], corners[corner])) - taken,
                None => UNLIMITED,
            };
            taken += capacity;
            arcs.push(Arc { from: start, to: finish, length: i64::from(corners[corner].0), capacity });
        }
        if !self.is_rigid[node as usize] {
            return;
        }
        let mut taken = 0;
        for corner in last..corners.len() {
            let capacity = match corners.get(corner + 1) {
                Some(&next) => scaled(-price(corners[corner], next)) - taken,
                None => UNLIMITED,
            };
            taken += capacity;
            arcs.push(Arc { from: finish, to: start, length: -i64::from(corners[corner].0), capacity });
        }
    }

    /// So much that flows stay well below what is unlimited.
    fn scale_of(&self, curves: &[Curve]) -> i64 {
        let most: f64 = curves.iter().map(Curve::steepest).sum();
        let mut scale = 1_i64 << 24;
        while scale > 1 && most * scale as f64 > (1_i64 << 57) as f64 {
            scale /= 2;
        }
        scale
    }
}

/// True for a node that dates by logic keep where it is, whatever links say.
pub fn is_pinned(plan: &Plan, network: &Network, node: usize) -> bool {
    let Origin::Task(task) = network.origin[node] else { return false };
    let is_limited = network.latest_start[node] != NEVER || network.latest_finish[node] != NEVER;
    let mut links = network.predecessors.range(node).filter_map(|at| network.predecessor_links[at]);
    plan.tasks()[task].is_manual
        || plan.project().dating.honor_constraints && is_limited
        || links.any(|link| plan.is_dated(&plan.links()[link]))
}
