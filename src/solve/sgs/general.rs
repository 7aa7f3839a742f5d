//! The general machine: calendars, varying capacities, lags on calendars, period caps, limits of weeks, fixed dates.
//!
//! Each resource is a [`Room`]: its free units over its own working time, where positions at which none of its users can
//! work are left out. A task that works whenever the resource does is then one stretch, however often it pauses; only
//! tasks with pauses of their own are entered in pieces. (With steps over the axis most of the time went into cutting
//! them at every night.)
//!
//! A candidate start that runs into a shortage moves behind the last shortage in its window at once: any start in between
//! would still run into it, because the finish is a monotone function of the start.

use super::Machine;
use super::jobs::{Job, Jobs, Window};
use super::presence::Presence;
use super::purses::Purses;
use super::room::{Inside, Room, Stay};
use super::weeks::Weeks;
use crate::network::{NEVER, Network, NodeMode, Slot};

/// The machine that takes every network.
#[derive(Clone, Debug)]
pub struct General<'n> {
    network: &'n Network,
    jobs: Jobs<'n>,
    /// By renewable.
    rooms: Vec<Room<'n>>,
    purses: Purses<'n>,
    weeks: Weeks<'n>,
    modes: Vec<u32>,
    /// Start and finish of each node.
    starts: Vec<Slot>,
    finishes: Vec<Slot>,
    /// Earliest starts asked for from outside, on top of the network's own; empty if there are none.
    pushed: Vec<Slot>,
    /// Nodes with an exact date.
    fixed: Vec<u32>,
    /// How often a node with an exact date found too little of a resource, of its week or of a budget.
    clashes: i64,
    /// The node asked about last, and when it works then.
    answered: (u32, Window),
    /// True if the answer was asked for with the period caps and weeks in mind, so that these know what it takes.
    has_payments: bool,
    /// The stretch of that window in the time of each resource that the node needs.
    inside: Vec<Inside>,
}

/// In [`General::answered`]: nobody.
const NOBODY: u32 = u32::MAX;

impl<'n> General<'n> {
    /// A machine for any network.
    pub fn new(network: &'n Network) -> Self {
        General::with_limits(network, Purses::new(network), Weeks::new(network))
    }

    /// A machine for units of resources alone, whatever it costs and however long weeks become, that can be told other durations than those of the network
    /// ([`General::set_duration`]).
    pub fn of_resources(network: &'n Network) -> Self {
        General::with_limits(network, Purses::none(network), Weeks::none(network))
    }

    fn with_limits(network: &'n Network, purses: Purses<'n>, weeks: Weeks<'n>) -> Self {
        let nodes = network.len();
        let presence: Vec<Presence<'_>> = network.renewables.iter().map(|of| Presence::new(network, of)).collect();
        let jobs = Jobs::new(network, &presence);
        let rooms = network.renewables.iter().zip(presence).map(|(of, presence)| Room::new(of, presence));
        let most_needs = jobs.needs.iter().map(<[_]>::len).max().unwrap_or(0);
        General {
            network,
            jobs,
            rooms: rooms.collect(),
            purses,
            weeks,
            modes: vec![0; nodes],
            starts: vec![0; nodes],
            finishes: vec![0; nodes],
            pushed: Vec::new(),
            fixed: (0..nodes as u32).filter(|&node| network.has_exact_date(node)).collect(),
            clashes: 0,
            answered: (NOBODY, Window { start: 0, finish: 0, work: 0 }),
            has_payments: false,
            inside: vec![Inside::Whole(0, 0); most_needs],
        }
    }

    /// Looks up calendars instead of using what is spelled out of them; how many demands that concerns.
    #[cfg(test)]
    pub fn forget_overlays(&mut self) -> usize {
        self.jobs.forget_overlays()
    }

    /// From the next [`Machine::reset`] on a node takes so long in a mode. Links do not hear of it: whoever sets durations
    /// asks for room alone ([`Machine::room_after`]).
    pub fn set_duration(&mut self, node: u32, mode: u32, duration: Slot) {
        let job = &mut self.jobs.jobs[mode as usize];
        if job.duration == duration {
            return;
        }
        job.duration = duration;
        let dates = (self.network.must_start[node as usize], self.network.must_finish[node as usize]);
        job.fixed = self.network.demanded_start_as(&NodeMode { duration, ..*self.network.mode(mode) }, dates).flatten();
    }

    /// True if a node may start at `start` as far as the period caps and the limits of weeks are concerned.
    pub fn keeps_caps(&self, node: u32, start: Slot) -> bool {
        let (job, mode) = (self.job(node), self.modes[node as usize]);
        let window = job.window_at(start);
        self.purses.keeps(mode, job, &window) && self.weeks.keeps(mode, job, &window)
    }

    /// True if a node whose predecessors are placed may start at `start`, next to what has been placed.
    pub fn accepts(&mut self, node: u32, start: Slot) -> bool {
        let job = *self.job(node);
        if let Some(fixed) = job.fixed {
            return start == fixed;
        }
        let horizon = self.network.horizon;
        start != NEVER
            && self.bound(node, &job) <= start
            && job.first_window(start, horizon).is_some_and(|window| window.start == start)
            && !self.is_short(node, start)
    }

    /// The first period cap that what is placed and the overhead until `finish` exceed.
    pub fn broken_cap(&self, finish: Slot) -> Option<usize> {
        self.purses.excesses(finish).position(|excess| excess > 0)
    }

    #[inline]
    fn job(&self, node: u32) -> &Job<'n> {
        &self.jobs.jobs[self.modes[node as usize] as usize]
    }

    /// The earliest start that links and dates allow, on whatever calendar; [`NEVER`] if there is none.
    #[inline]
    fn bound(&self, node: u32, job: &Job<'_>) -> Slot {
        let index = node as usize;
        let mut from = job.release;
        if let Some(&pushed) = self.pushed.get(index) {
            from = from.max(pushed);
        }
        for &other in self.jobs.plain_into.row(index) {
            from = from.max(self.finishes[other as usize]);
        }
        let network = self.network;
        for arc in self.jobs.into.row(index) {
            let other = arc.other as usize;
            let lag = network.lag(arc, arc.other, self.modes[other]);
            let times = (self.starts[other], self.finishes[other]);
            match network.earliest_by_arc(arc, lag, times, self.modes[other], self.modes[index]) {
                Some(bound) => from = from.max(bound),
                None => return NEVER,
            }
        }
        from
    }

    /// The latest start and finish that do not move the successors.
    #[inline]
    fn latest_limits(&self, node: u32) -> (Slot, Slot) {
        let index = node as usize;
        let (mut latest_start, mut latest_finish) = (Slot::MAX, Slot::MAX);
        for &other in self.jobs.plain_out_of.row(index) {
            latest_finish = latest_finish.min(self.starts[other as usize]);
        }
        for arc in self.jobs.out_of.row(index) {
            let other = arc.other as usize;
            let times = (self.starts[other], self.finishes[other]);
            let end = self.network.latest_by_arc(arc, node, self.modes[index], self.modes[other], times);
            if arc.kind.from_finish() {
                latest_finish = latest_finish.min(end);
            } else {
                latest_start = latest_start.min(end);
            }
        }
        (latest_start, latest_finish)
    }
}

impl Machine for General<'_> {
    fn reset(&mut self, modes: &[u32]) {
        self.modes.copy_from_slice(modes);
        self.rooms.iter_mut().for_each(Room::reset);
        self.purses.reset();
        self.weeks.reset();
        self.clashes = 0;
        self.answered.0 = NOBODY;
        // Nodes with exact dates take what they need before anybody else.
        for index in 0..self.fixed.len() {
            let node = self.fixed[index];
            if let Some(start) = self.job(node).fixed {
                self.clashes += i64::from(self.is_short(node, start));
                self.occupy(node, start);
            }
        }
    }

    fn earliest(&mut self, node: u32) -> Slot {
        let job = *self.job(node);
        if let Some(start) = job.fixed {
            return start;
        }
        self.room_after(node, self.bound(node, &job))
    }

    fn room_after(&mut self, node: u32, from: Slot) -> Slot {
        self.room::<false>(node, from)
    }

    fn latest(&mut self, node: u32, horizon: Slot) -> Option<Slot> {
        let job = *self.job(node);
        if let Some(start) = job.fixed {
            return Some(start);
        }
        let (latest_start, latest_finish) = self.latest_limits(node);
        self.last_room(node, (latest_start, latest_finish.min(horizon)), self.network.release[node as usize])
    }

    fn room_before(&mut self, node: u32, until: Slot, lowest: Slot) -> Option<Slot> {
        self.last_room(node, (until, NEVER), lowest)
    }

    fn place(&mut self, node: u32, start: Slot) {
        if self.job(node).fixed.is_none() {
            self.occupy(node, start);
        }
    }

    /// Nodes with exact dates are placed from the beginning.
    fn place_exactly(&mut self, _node: u32, _start: Slot) {}

    fn take_out(&mut self, node: u32) {
        self.answered.0 = NOBODY;
        let window = self.job(node).window_at(self.starts[node as usize]);
        self.enter(node, &window, -1);
    }

    #[inline]
    fn start(&self, node: u32) -> Slot {
        self.starts[node as usize]
    }

    #[inline]
    fn finish(&self, node: u32) -> Slot {
        self.finishes[node as usize]
    }

    fn push(&mut self, node: u32, start: Slot) {
        self.pushed.resize(self.network.len(), 0);
        let pushed = &mut self.pushed[node as usize];
        *pushed = start.max(*pushed);
    }

    fn forget_pushes(&mut self) {
        self.pushed.clear();
    }

    fn assume_finish(&mut self, finish: Slot) {
        self.purses.assume_finish(finish);
    }

    fn keeps_caps(&self, node: u32, start: Slot) -> bool {
        General::keeps_caps(self, node, start)
    }

    fn cap_excess(&self, finish: Slot) -> i64 {
        self.purses.excesses(finish).sum()
    }

    fn clashes(&self) -> i64 {
        self.clashes
    }
}

impl General<'_> {
    /// As [`Machine::room_after`], for schemes that go forward in time: shortages are looked for from the start on.
    pub fn first_room(&mut self, node: u32, from: Slot) -> Slot {
        self.room::<true>(node, from)
    }

    #[inline(always)]
    fn room<const FORWARD: bool>(&mut self, node: u32, from: Slot) -> Slot {
        self.answered.0 = NOBODY;
        let horizon = self.network.horizon;
        let General { jobs, rooms, purses, weeks, modes, inside: known, .. } = self;
        let mode = modes[node as usize];
        let (job, overlays) = (&jobs.jobs[mode as usize], &jobs.overlays[..]);
        let needs = if job.duration > 0 { jobs.needs.row(mode as usize) } else { &[] };
        let (mut from, mut idle) = (from, 0);
        'search: while from != NEVER {
            let Some(window) = job.first_window(from, horizon) else { return NEVER };
            for (need, known) in needs.iter().zip(&mut *known) {
                let stay = Stay { job, need, window: &window, overlays };
                let room = &mut rooms[need.resource as usize];
                let inside = room.inside(&stay);
                let shortage_end = match FORWARD {
                    true => room.first_shortage_end(&stay, inside),
                    false => room.shortage_end(&stay, inside),
                };
                if let Some(later) = shortage_end {
                    from = later;
                    continue 'search;
                }
                *known = inside;
            }
            let later = weeks.start_after(mode, job, &window, &mut idle);
            match later.or_else(|| purses.start_after(mode, job, &window)) {
                Some(later) => from = later,
                None => {
                    self.has_payments = true;
                    self.answered = (node, window);
                    return window.start;
                }
            }
        }
        NEVER
    }

    /// The latest start at or before `latest.0`, not before `lowest`, with which a node has finished at `latest.1`.
    #[inline]
    fn last_room(&mut self, node: u32, latest: (Slot, Slot), lowest: Slot) -> Option<Slot> {
        self.answered.0 = NOBODY;
        let General { jobs, rooms, modes, inside: known, .. } = self;
        let mode = modes[node as usize] as usize;
        let (job, overlays) = (&jobs.jobs[mode], &jobs.overlays[..]);
        let (latest_start, mut until) = latest;
        'search: loop {
            let window = job.last_window(latest_start, until)?;
            if window.start < lowest {
                return None;
            }
            if job.duration == 0 {
                return Some(window.start);
            }
            for (need, known) in jobs.needs.row(mode).iter().zip(&mut *known) {
                let stay = Stay { job, need, window: &window, overlays };
                let room = &mut rooms[need.resource as usize];
                let inside = room.inside(&stay);
                if let Some(begin) = room.shortage_begin(&stay, inside) {
                    until = begin;
                    continue 'search;
                }
                *known = inside;
            }
            self.has_payments = false;
            self.answered = (node, window);
            return Some(window.start);
        }
    }

    #[inline]
    fn occupy(&mut self, node: u32, start: Slot) {
        if self.answered.0 != node || self.answered.1.start != start {
            self.answered.0 = NOBODY;
            self.starts[node as usize] = start;
            let window = self.job(node).window_at(start);
            self.finishes[node as usize] = window.finish;
            return self.enter(node, &window, 1);
        }
        self.answered.0 = NOBODY;
        self.starts[node as usize] = start;
        self.finishes[node as usize] = self.answered.1.finish;
        let General { jobs, rooms, modes, inside, answered: (_, window), .. } = self;
        let mode = modes[node as usize];
        let (job, overlays) = (&jobs.jobs[mode as usize], &jobs.overlays[..]);
        if job.duration > 0 {
            for (need, &inside) in jobs.needs.row(mode as usize).iter().zip(&*inside) {
                rooms[need.resource as usize].take(&Stay { job, need, window, overlays }, inside, 1);
            }
        }
        if self.has_payments {
            self.purses.pay_as_asked();
            self.weeks.pay_as_asked();
        } else {
            self.purses.pay(mode, job, window, 1);
            self.weeks.pay(mode, job, window, 1);
        }
    }

    /// Takes what a node needs that works in a window, with `sign` -1 gives it back.
    fn enter(&mut self, node: u32, window: &Window, sign: i32) {
        let General { jobs, rooms, modes, .. } = self;
        let mode = modes[node as usize];
        let (job, overlays) = (&jobs.jobs[mode as usize], &jobs.overlays[..]);
        if job.duration > 0 {
            for need in jobs.needs.row(mode as usize) {
                let stay = Stay { job, need, window, overlays };
                let room = &mut rooms[need.resource as usize];
                let inside = room.inside(&stay);
                room.take(&stay, inside, sign);
            }
        }
        self.purses.pay(mode, job, window, i64::from(sign));
        self.weeks.pay(mode, job, window, i64::from(sign));
    }

    /// True if a node that starts at `start` finds too little of a resource, of its week or of a budget.
    fn is_short(&mut self, node: u32, start: Slot) -> bool {
        let General { jobs, rooms, purses, modes, .. } = self;
        let mode = modes[node as usize];
        let (job, overlays) = (&jobs.jobs[mode as usize], &jobs.overlays[..]);
        let Some(finish) = self.network.finish(mode, start) else { return true };
        let window = job.window_at(start);
        let broken = job.unbroken && job.duration > 0 && finish - start > job.duration;
        let mut needs = jobs.needs.row(mode as usize).iter();
        let short = job.duration > 0
            && needs.any(|need| {
                let stay = Stay { job, need, window: &window, overlays };
                let room = &mut rooms[need.resource as usize];
                let inside = room.inside(&stay);
                room.shortage_begin(&stay, inside).is_some()
            });
        broken || short || !purses.keeps(mode, job, &window) || !self.weeks.keeps(mode, job, &window)
    }
}
