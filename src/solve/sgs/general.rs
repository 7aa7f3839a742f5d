//! The general machine: calendars, varying capacities, lags on calendars, period caps, fixed dates.
//!
//! Each resource has its free units as [`Steps`] over its own working time: positions at which none of its users can
//! work are left out. A task that works whenever the resource does is then one stretch, however often it pauses; only
//! tasks with pauses of their own are entered in pieces. (With steps over the axis most of the time went into cutting
//! them at every night.)
//!
//! A candidate start that runs into a shortage moves behind the last shortage in its window at once: any start in between
//! would still run into it, because the finish is a monotone function of the start.

use super::Machine;
use super::steps::Steps;
use crate::cpm;
use crate::network::{Demand, NEVER, NO_EARLIEST, Network, NodeMode, Renewable, Slot, Spending, WorkTable};

/// The machine that takes every network.
#[derive(Clone, Debug)]
pub struct General<'n> {
    network: &'n Network,
    /// Free units of each renewable when nothing is placed.
    capacity: Vec<Steps>,
    /// Free units of each renewable now.
    free: Vec<Steps>,
    /// The working time of each renewable.
    presence: Vec<Presence<'n>>,
    /// Limit of each period cap, less the overhead that falls into it until the finish that is assumed.
    limits: Vec<i64>,
    /// Spent under each period cap.
    spent: Vec<i64>,
    modes: Vec<u32>,
    starts: Vec<Slot>,
    finishes: Vec<Slot>,
    /// Earliest starts asked for from outside, on top of the network's own.
    pushed: Vec<Slot>,
    /// Nodes with an exact date.
    fixed: Vec<u32>,
    /// How often a node with an exact date found too little of a resource or budget.
    clashes: i64,
}

impl<'n> General<'n> {
    /// A machine for any network.
    pub fn new(network: &'n Network) -> Self {
        let presence: Vec<Presence<'_>> = network.renewables.iter().map(|of| Presence::new(network, of)).collect();
        let capacity: Vec<Steps> =
            network.renewables.iter().zip(&presence).map(|(of, presence)| presence.steps(of)).collect();
        let is_fixed = |node: &u32| {
            network.must_start[*node as usize] != NO_EARLIEST || network.must_finish[*node as usize] != NO_EARLIEST
        };
        let nodes = network.len();
        General {
            network,
            free: capacity.clone(),
            capacity,
            presence,
            limits: network.caps.iter().map(|cap| cap.cap - network.overhead_in(cap, NEVER)).collect(),
            spent: vec![0; network.caps.len()],
            modes: vec![0; nodes],
            starts: vec![0; nodes],
            finishes: vec![0; nodes],
            pushed: vec![0; nodes],
            fixed: (0..nodes as u32).filter(is_fixed).collect(),
            clashes: 0,
        }
    }

    /// True if a node may start at `start` as far as the period caps are concerned.
    pub fn keeps_caps(&self, node: u32, start: Slot) -> bool {
        self.start_after_caps(node, &self.mode(node), start).is_none()
    }

    /// True if a node whose predecessors are placed may start at `start`, next to what has been placed.
    pub fn accepts(&self, node: u32, start: Slot) -> bool {
        match self.fixed_start(node) {
            Some(fixed) => start == fixed,
            None => {
                start != NEVER
                    && self.bound(node) <= start
                    && self.first_start(node, start) == start
                    && !self.is_short(node, start)
            }
        }
    }

    /// The first period cap that what is placed and the overhead until `finish` exceed.
    pub fn broken_cap(&self, finish: Slot) -> Option<usize> {
        self.excesses(finish).position(|excess| excess > 0)
    }

    /// By how much each period cap is exceeded, with the overhead until `finish`.
    fn excesses(&self, finish: Slot) -> impl Iterator<Item = i64> {
        let caps = self.network.caps.iter().zip(&self.spent);
        caps.map(move |(cap, spent)| (spent + self.network.overhead_in(cap, finish) - cap.cap).max(0))
    }

    fn mode(&self, node: u32) -> NodeMode {
        *self.network.mode(self.modes[node as usize])
    }

    /// The exact start of a node that has one.
    fn fixed_start(&self, node: u32) -> Option<Slot> {
        cpm::fixed_start(self.network, self.modes[node as usize], node as usize)
    }

    /// The first start at or after `from`; [`NEVER`] if there is none.
    fn first_start(&self, node: u32, from: Slot) -> Slot {
        self.network.first_start(self.modes[node as usize], from).unwrap_or(NEVER)
    }

    /// The earliest start that links, release and calendar allow; [`NEVER`] if there is none.
    fn bound(&self, node: u32) -> Slot {
        let network = self.network;
        let index = node as usize;
        let mode = self.modes[index];
        let mut from = network.release[index].max(self.pushed[index]);
        if network.finish_release[index] != NO_EARLIEST {
            from = from.max(network.start_for_finish(mode, network.finish_release[index]));
        }
        for arc in network.predecessors.row(index) {
            let other = arc.other as usize;
            let lag = network.lag(arc, arc.other, self.modes[other]);
            let times = (self.starts[other], self.finishes[other]);
            match network.earliest_by_arc(arc, lag, times, self.modes[other], mode) {
                Some(bound) => from = from.max(bound),
                None => return NEVER,
            }
        }
        self.first_start(node, from)
    }

    /// The last shortage of a demand while a mode that lasts from `start` to `finish` works, in the axis's positions.
    fn last_shortage(&self, mode: &NodeMode, (start, finish): (Slot, Slot), demand: &Demand) -> Option<(Slot, Slot)> {
        let presence = &self.presence[demand.resource as usize];
        let (from, to) = (presence.inward(start), presence.inward(finish));
        let shortages = self.free[demand.resource as usize].shortages_backward(from, to, demand.amount);
        let whole = to - from == mode.duration;
        let mut shortages = shortages.map(|shortage| presence.outward(shortage));
        shortages.find(|&shortage| whole || self.works_within(mode, (start, finish), shortage))
    }

    /// As [`General::last_shortage`], the first one.
    fn first_shortage(&self, mode: &NodeMode, (start, finish): (Slot, Slot), demand: &Demand) -> Option<(Slot, Slot)> {
        let presence = &self.presence[demand.resource as usize];
        let (from, to) = (presence.inward(start), presence.inward(finish));
        let shortages = self.free[demand.resource as usize].shortages_forward(from, to, demand.amount);
        let whole = to - from == mode.duration;
        let mut shortages = shortages.map(|shortage| presence.outward(shortage));
        shortages.find(|&shortage| whole || self.works_within(mode, (start, finish), shortage))
    }

    /// True if a mode that lasts from `start` to `finish` works at some time between `from` and `to`.
    fn works_within(&self, mode: &NodeMode, (start, finish): (Slot, Slot), (from, to): (Slot, Slot)) -> bool {
        let calendar = self.network.calendar(mode.calendar);
        calendar.work(i64::from(to.min(finish))) > calendar.work(i64::from(from.max(start)))
    }

    /// A start later than `start` before which some period cap would be exceeded; `None` if all caps hold at `start`.
    fn start_after_caps(&self, node: u32, mode: &NodeMode, start: Slot) -> Option<Slot> {
        let position = self.modes[node as usize];
        let finish = self.network.finish(position, start).unwrap_or(NEVER);
        for spending in self.network.spendings.row(position as usize) {
            let cap = &self.network.caps[spending.cap as usize];
            let left = self.limits[spending.cap as usize] - self.spent[spending.cap as usize];
            let starts_inside = cap.from <= start && start < cap.to;
            let spent = spent_in(self.network, spending, mode, (start, finish));
            // Where nothing is left without this node, it may still go where it spends nothing.
            if spent <= left.max(0) {
                continue;
            }
            let left = left - if starts_inside { spending.at_start } else { 0 };
            if mode.duration == 0 || left < 0 || cap.to == NEVER {
                return Some(if cap.to == NEVER { NEVER } else { (cap.to + 1).max(start + 1) });
            }
            // As much work as what is left pays for may lie within the cap's period; as the task moves on, the work
            // within never gets less before it is at the period's end.
            let paid = (i128::from(left) + 1) * i128::from(mode.duration) / i128::from(spending.spread.max(1));
            let work_inside = (paid as i64 - 1).clamp(0, i64::from(mode.duration));
            let calendar = self.network.calendar(mode.calendar);
            let later = calendar.start_of(calendar.work(i64::from(cap.to)) - work_inside);
            let later = later.and_then(|later| Slot::try_from(later).ok()).unwrap_or(NEVER);
            return Some(later.max(start + 1));
        }
        None
    }
}

/// The working time of a renewable: the axis's positions ("outside") and its own ("inside").
#[derive(Clone, Copy, Debug)]
struct Presence<'n> {
    /// `None` if it works in every slot, so that inside and outside are the same.
    table: Option<&'n WorkTable>,
    /// Work of the table at position 0.
    base: i64,
}

impl<'n> Presence<'n> {
    fn new(network: &'n Network, of: &Renewable) -> Self {
        let table = network.calendar(of.calendar);
        Presence { table: Some(table).filter(|table| !table.is_always()), base: table.work(0) }
    }

    /// The inside position of an outside one.
    #[inline]
    fn inward(&self, position: Slot) -> Slot {
        match self.table {
            Some(table) => (table.work(i64::from(position)) - self.base) as Slot,
            None => position,
        }
    }

    /// The outside positions of a stretch: where a task that finishes at its beginning finishes, and where one that starts
    /// at its end starts.
    #[inline]
    fn outward(&self, (from, to): (Slot, Slot)) -> (Slot, Slot) {
        let Some(table) = self.table else { return (from, to) };
        let outside = |position: Option<i64>, absent: Slot| match position {
            Some(position) => Slot::try_from(position).unwrap_or(absent),
            None => absent,
        };
        let from = match from {
            Slot::MIN => Slot::MIN,
            from => outside(table.finish_of(i64::from(from) + self.base), Slot::MIN),
        };
        let to = match to {
            NEVER => NEVER,
            to => outside(table.start_of(i64::from(to) + self.base), NEVER),
        };
        (from, to)
    }

    /// The capacity of a renewable over its inside positions.
    fn steps(&self, of: &Renewable) -> Steps {
        let mut steps: Vec<(Slot, i32)> = Vec::with_capacity(of.steps.len());
        for &(at, units) in &of.steps {
            let at = self.inward(at);
            // A step that lasts only while nobody can work has no length here.
            if steps.last().is_some_and(|last| last.0 == at) {
                steps.pop();
            }
            steps.push((at, units));
        }
        Steps::new(&steps)
    }
}

/// What a node that lasts from `start` to `finish` spends under a cap. A milestone at either end of the period counts as inside,
/// since its moment may be shown on either side of a pause there.
fn spent_in(network: &Network, spending: &Spending, mode: &NodeMode, (start, finish): (Slot, Slot)) -> i64 {
    let cap = &network.caps[spending.cap as usize];
    if mode.duration == 0 {
        return if cap.from <= start && start <= cap.to { spending.spread + spending.at_start } else { 0 };
    }
    let at_start = if cap.from <= start && start < cap.to { spending.at_start } else { 0 };
    if cap.to <= start || finish <= cap.from {
        return at_start;
    }
    if cap.from <= start && finish <= cap.to {
        return spending.spread + at_start;
    }
    let calendar = network.calendar(mode.calendar);
    let begun = calendar.work(i64::from(start));
    let accrued = |position: Slot| {
        let done = (calendar.work(i64::from(position)) - begun).clamp(0, i64::from(mode.duration));
        match spending.spread.checked_mul(done) {
            Some(product) => product / i64::from(mode.duration),
            None => (i128::from(spending.spread) * i128::from(done) / i128::from(mode.duration)) as i64,
        }
    };
    let until = if finish <= cap.to { spending.spread } else { accrued(cap.to) };
    let before = if cap.from <= start { 0 } else { accrued(cap.from) };
    until - before + at_start
}

impl Machine for General<'_> {
    fn reset(&mut self, modes: &[u32]) {
        self.modes.copy_from_slice(modes);
        for (free, capacity) in self.free.iter_mut().zip(&self.capacity) {
            free.copy_from(capacity);
        }
        self.spent.fill(0);
        self.clashes = 0;
        // Nodes with exact dates take what they need before anybody else.
        for index in 0..self.fixed.len() {
            let node = self.fixed[index];
            if let Some(start) = self.fixed_start(node) {
                self.clashes += i64::from(self.is_short(node, start));
                self.occupy(node, start);
            }
        }
    }

    fn earliest(&mut self, node: u32) -> Slot {
        if let Some(start) = self.fixed_start(node) {
            return start;
        }
        let from = self.bound(node);
        self.room_after(node, from)
    }

    fn room_after(&mut self, node: u32, from: Slot) -> Slot {
        let position = self.modes[node as usize];
        let mode = self.mode(node);
        let mut start = from;
        'search: while start != NEVER {
            let Some(finish) = self.network.finish(position, start) else { return NEVER };
            if mode.duration > 0 {
                for demand in self.network.demands.row(position as usize) {
                    if let Some(shortage) = self.last_shortage(&mode, (start, finish), demand) {
                        start = self.first_start(node, shortage.1);
                        continue 'search;
                    }
                }
            }
            match self.start_after_caps(node, &mode, start) {
                Some(later) => start = self.first_start(node, later),
                None => return start,
            }
        }
        NEVER
    }

    fn latest(&mut self, node: u32, horizon: Slot) -> Option<Slot> {
        if let Some(start) = self.fixed_start(node) {
            return Some(start);
        }
        let (latest_start, latest_finish) =
            cpm::limits(self.network, &self.modes, node as usize, &self.starts, &self.finishes);
        self.last_room(node, (latest_start, latest_finish.min(horizon)), self.network.release[node as usize])
    }

    fn room_before(&mut self, node: u32, until: Slot, lowest: Slot) -> Option<Slot> {
        self.last_room(node, (until, NEVER), lowest)
    }
    fn place(&mut self, node: u32, start: Slot) {
        if self.fixed_start(node).is_none() {
            self.occupy(node, start);
        }
    }

    /// Nodes with exact dates are placed from the beginning.
    fn place_exactly(&mut self, _node: u32, _start: Slot) {}

    fn take_out(&mut self, node: u32) {
        self.enter(node, self.starts[node as usize], -1);
    }

    fn start(&self, node: u32) -> Slot {
        self.starts[node as usize]
    }

    fn finish(&self, node: u32) -> Slot {
        self.finishes[node as usize]
    }

    fn push(&mut self, node: u32, start: Slot) {
        let pushed = &mut self.pushed[node as usize];
        *pushed = start.max(*pushed);
    }

    fn forget_pushes(&mut self) {
        self.pushed.fill(0);
    }

    fn assume_finish(&mut self, finish: Slot) {
        for (left, cap) in self.limits.iter_mut().zip(&self.network.caps) {
            *left = cap.cap - self.network.overhead_in(cap, finish);
        }
    }

    fn keeps_caps(&self, node: u32, start: Slot) -> bool {
        General::keeps_caps(self, node, start)
    }

    fn cap_excess(&self, finish: Slot) -> i64 {
        self.excesses(finish).sum()
    }

    fn clashes(&self) -> i64 {
        self.clashes
    }
}

impl General<'_> {
    /// The latest start at or before `latest.0`, not before `lowest`, with which a node has finished at `latest.1`.
    fn last_room(&self, node: u32, latest: (Slot, Slot), lowest: Slot) -> Option<Slot> {
        let position = self.modes[node as usize];
        let mode = self.mode(node);
        let (latest_start, mut until) = latest;
        'search: loop {
            let start = self.network.last_start(position, latest_start, until);
            if start < lowest {
                return None;
            }
            if mode.duration == 0 {
                return Some(start);
            }
            let finish = self.network.finish(position, start)?;
            for demand in self.network.demands.row(position as usize) {
                if let Some(shortage) = self.first_shortage(&mode, (start, finish), demand) {
                    until = shortage.0;
                    continue 'search;
                }
            }
            return Some(start);
        }
    }

    fn occupy(&mut self, node: u32, start: Slot) {
        let finish = self.network.finish(self.modes[node as usize], start).unwrap_or(start);
        self.starts[node as usize] = start;
        self.finishes[node as usize] = finish;
        self.enter(node, start, 1);
    }

    /// Takes what a node that starts at `start` needs, with `sign` -1 gives it back.
    fn enter(&mut self, node: u32, start: Slot, sign: i32) {
        let mode = self.mode(node);
        let finish = self.network.finish(self.modes[node as usize], start).unwrap_or(start);
        let position = self.modes[node as usize] as usize;
        for demand in self.network.demands.row(position) {
            let presence = &self.presence[demand.resource as usize];
            let free = &mut self.free[demand.resource as usize];
            let (from, to) = (presence.inward(start), presence.inward(finish));
            if to - from == mode.duration {
                free.take(from, to, sign * demand.amount);
                continue;
            }
            // Stretches of the task that adjoin in the resource's time are entered as one.
            let calendar = self.network.calendar(mode.calendar);
            let (mut piece, mut at) = ((from, from), i64::from(start));
            while at < i64::from(finish) {
                let end = calendar.stretch_end(at).min(i64::from(finish));
                let stretch = (presence.inward(at as Slot), presence.inward(end as Slot));
                if stretch.0 > piece.1 {
                    free.take(piece.0, piece.1, sign * demand.amount);
                    piece.0 = stretch.0;
                }
                piece.1 = stretch.1;
                match calendar.next_start(end) {
                    Some(next) => at = next,
                    None => break,
                }
            }
            free.take(piece.0, piece.1, sign * demand.amount);
        }
        for spending in self.network.spendings.row(position) {
            self.spent[spending.cap as usize] +=
                i64::from(sign) * spent_in(self.network, spending, &mode, (start, finish));
        }
    }

    /// True if a node that starts at `start` finds too little of a resource or budget.
    fn is_short(&self, node: u32, start: Slot) -> bool {
        let mode = self.mode(node);
        let Some(finish) = self.network.finish(self.modes[node as usize], start) else { return true };
        let broken = mode.unbroken && mode.duration > 0 && finish - start > mode.duration;
        let short = self
            .network
            .demands
            .row(self.modes[node as usize] as usize)
            .iter()
            .any(|demand| self.first_shortage(&mode, (start, finish), demand).is_some());
        broken || short || !self.keeps_caps(node, start)
    }
}
