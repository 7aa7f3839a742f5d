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
use super::jobs::{Charge, Clock, Job, Jobs, Need, Window};
use super::presence::Presence;
use super::steps::Steps;
use crate::network::{NEVER, Network, PeriodCap, Slot};

/// The machine that takes every network.
#[derive(Clone, Debug)]
pub struct General<'n> {
    network: &'n Network,
    jobs: Jobs<'n>,
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
    /// Start and finish of each node.
    starts: Vec<Slot>,
    finishes: Vec<Slot>,
    /// Earliest starts asked for from outside, on top of the network's own; empty if there are none.
    pushed: Vec<Slot>,
    /// Nodes with an exact date.
    fixed: Vec<u32>,
    /// How often a node with an exact date found too little of a resource or budget.
    clashes: i64,
    /// The node asked about last, and when it works then.
    answered: (u32, Window),
    /// What that costs, caps and amounts, if the answer was asked for with that in mind.
    payments: Vec<(u32, i64)>,
    has_payments: bool,
    /// The stretch of that window in the time of each resource that the node needs.
    inside: Vec<Inside>,
}

/// A window of a job in the time of a resource.
#[derive(Clone, Copy, Debug)]
enum Inside {
    /// One stretch.
    Whole(Slot, Slot),
    /// Pieces of an overlay: its number, the first and the last one.
    Pieces(u32, u32, u32),
    /// Within a stretch, in pieces that are not spelled out.
    Unknown(Slot, Slot),
}

/// In [`General::answered`]: nobody.
const NOBODY: u32 = u32::MAX;

impl<'n> General<'n> {
    /// A machine for any network.
    pub fn new(network: &'n Network) -> Self {
        let presence: Vec<Presence<'_>> = network.renewables.iter().map(|of| Presence::new(network, of)).collect();
        let capacity: Vec<Steps> =
            network.renewables.iter().zip(&presence).map(|(of, presence)| presence.steps(of)).collect();
        let nodes = network.len();
        let jobs = Jobs::new(network, &presence);
        let most_needs = jobs.needs.iter().map(<[_]>::len).max().unwrap_or(0);
        General {
            network,
            jobs,
            free: capacity.clone(),
            capacity,
            presence,
            limits: network.caps.iter().map(|cap| cap.cap - network.overhead_in(cap, NEVER)).collect(),
            spent: vec![0; network.caps.len()],
            modes: vec![0; nodes],
            starts: vec![0; nodes],
            finishes: vec![0; nodes],
            pushed: Vec::new(),
            fixed: (0..nodes as u32).filter(|&node| network.has_exact_date(node)).collect(),
            clashes: 0,
            answered: (NOBODY, Window { start: 0, finish: 0, work: 0 }),
            payments: Vec::new(),
            has_payments: false,
            inside: vec![Inside::Whole(0, 0); most_needs],
        }
    }

    /// Looks up calendars instead of using what is spelled out of them; how many demands that concerns.
    #[cfg(test)]
    pub fn forget_overlays(&mut self) -> usize {
        self.jobs.forget_overlays()
    }

    /// True if a node may start at `start` as far as the period caps are concerned.
    pub fn keeps_caps(&self, node: u32, start: Slot) -> bool {
        let job = self.job(node);
        self.start_after_caps(node, job, &job.window_at(start), |_, _| ()).is_none()
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
        self.excesses(finish).position(|excess| excess > 0)
    }

    /// By how much each period cap is exceeded, with the overhead until `finish`.
    fn excesses(&self, finish: Slot) -> impl Iterator<Item = i64> {
        let caps = self.network.caps.iter().zip(&self.spent);
        caps.map(move |(cap, spent)| (spent + self.network.overhead_in(cap, finish) - cap.cap).max(0))
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

    /// A window of a job in the time of a resource that it needs.
    #[inline]
    fn inside(&self, need: &Need, job: &Job<'_>, window: &Window) -> Inside {
        let presence = &self.presence[need.resource as usize];
        match need.clock {
            Clock::Own => {
                let from = window.work as Slot;
                return Inside::Whole(from, from + job.duration);
            }
            Clock::Axis => return Inside::Whole(window.start, window.finish),
            Clock::Over(number) => {
                let overlay = &self.jobs.overlays[number as usize];
                if let Some((first, last)) = overlay.pieces(window.work, job.duration) {
                    let until = window.work as Slot + job.duration;
                    if first == last {
                        let (from, to) = overlay.piece(first, window.work as Slot, until);
                        return Inside::Whole(from, to);
                    }
                    return Inside::Pieces(number, first, last);
                }
            }
            Clock::Other => {}
        }
        let (from, to) = (presence.inward(window.start), presence.inward(window.finish));
        if to - from == job.duration { Inside::Whole(from, to) } else { Inside::Unknown(from, to) }
    }

    /// Where the first shortage of what a job needs begins in a window that is `inside` in the resource's time.
    #[inline]
    fn shortage_begin(&mut self, job: &Job<'_>, need: &Need, window: &Window, inside: Inside) -> Option<Slot> {
        let presence = &self.presence[need.resource as usize];
        let free = &mut self.free[need.resource as usize];
        let begin = match inside {
            Inside::Whole(from, to) => free.first_shortage_begin(from, to, need.amount),
            Inside::Pieces(number, first, last) => {
                let (overlay, work) = (&self.jobs.overlays[number as usize], window.work as Slot);
                (first..=last).find_map(|piece| {
                    let (from, to) = overlay.piece(piece, work, work + job.duration);
                    free.first_shortage_begin(from, to, need.amount)
                })
            }
            Inside::Unknown(from, to) => {
                let mut shortages = free.shortages_forward(from, to, need.amount);
                let works = |&shortage: &(Slot, Slot)| job.works_within(window, presence.outward(shortage));
                shortages.find(works).map(|shortage| shortage.0)
            }
        };
        begin.map(|begin| presence.outward_begin(begin))
    }

    /// Where the last shortage of what the job needs ends in a window that is `inside` in the resource's time.
    #[inline]
    fn shortage_end(&mut self, job: &Job<'_>, need: &Need, window: &Window, inside: Inside) -> Option<Slot> {
        let presence = &self.presence[need.resource as usize];
        let free = &mut self.free[need.resource as usize];
        let end = match inside {
            Inside::Whole(from, to) => free.last_shortage_end(from, to, need.amount),
            Inside::Pieces(number, first, last) => {
                let (overlay, work) = (&self.jobs.overlays[number as usize], window.work as Slot);
                (first..=last).rev().find_map(|piece| {
                    let (from, to) = overlay.piece(piece, work, work + job.duration);
                    free.last_shortage_end(from, to, need.amount)
                })
            }
            Inside::Unknown(from, to) => {
                let mut shortages = free.shortages_backward(from, to, need.amount);
                let works = |&shortage: &(Slot, Slot)| job.works_within(window, presence.outward(shortage));
                shortages.find(works).map(|shortage| shortage.1)
            }
        };
        end.map(|end| presence.outward_end(end))
    }

    /// A start later than that of `window` before which some period cap would be exceeded; `None` if all caps hold there,
    /// and then `pay` has heard of every cap and what is paid under it.
    #[inline]
    fn start_after_caps(
        &self,
        node: u32,
        job: &Job<'_>,
        window: &Window,
        mut pay: impl FnMut(u32, i64),
    ) -> Option<Slot> {
        for charge in self.jobs.charges.row(self.modes[node as usize] as usize) {
            let cap = &self.network.caps[charge.cap as usize];
            if !touches(cap, window) {
                continue;
            }
            let left = self.limits[charge.cap as usize] - self.spent[charge.cap as usize];
            let payment = spent_in(cap, charge, job, window);
            // Where nothing is left without this node, it may still go where it spends nothing.
            if payment > left.max(0) {
                return Some(start_behind(cap, charge, job, window.start, left));
            }
            pay(charge.cap, payment);
        }
        None
    }
}

/// The first start at which a job could keep a cap of which `left` is left.
#[cold]
fn start_behind(cap: &PeriodCap, charge: &Charge, job: &Job<'_>, start: Slot, left: i64) -> Slot {
    let starts_inside = cap.from <= start && start < cap.to;
    let left = left - if starts_inside { charge.at_start } else { 0 };
    if job.duration == 0 || left < 0 || cap.to == NEVER {
        return if cap.to == NEVER { NEVER } else { (cap.to + 1).max(start + 1) };
    }
    // As much work as what is left pays for may lie within the cap's period; as the task moves on, the work within never
    // gets less before it is at the period's end.
    let paid = (i128::from(left) + 1) * i128::from(job.duration) / i128::from(charge.spread.max(1));
    let work_inside = (paid as i64 - 1).clamp(0, i64::from(job.duration));
    let later = match job.table {
        Some(table) => table.start_of(charge.work[1] - work_inside + job.base),
        None => Some(charge.work[1] - work_inside),
    };
    later.and_then(|later| Slot::try_from(later).ok()).unwrap_or(NEVER).max(start + 1)
}

/// False if a job in a window spends nothing under a cap. A milestone at either end of the period counts as inside, since its
/// moment may be shown on either side of a pause there.
#[inline]
fn touches(cap: &PeriodCap, window: &Window) -> bool {
    let is_moment = window.start == window.finish;
    (window.start < cap.to && cap.from < window.finish)
        || (is_moment && cap.from <= window.start && window.start <= cap.to)
}

/// What a job spends under a cap that its window touches.
#[inline]
fn spent_in(cap: &PeriodCap, charge: &Charge, job: &Job<'_>, window: &Window) -> i64 {
    if job.duration == 0 {
        return charge.spread + charge.at_start;
    }
    let at_start = if cap.from <= window.start && window.start < cap.to { charge.at_start } else { 0 };
    let accrued = |work: i64| {
        let done = (work - window.work).clamp(0, i64::from(job.duration));
        match charge.spread.checked_mul(done) {
            Some(product) => product / i64::from(job.duration),
            None => (i128::from(charge.spread) * i128::from(done) / i128::from(job.duration)) as i64,
        }
    };
    let until = if window.finish <= cap.to { charge.spread } else { accrued(charge.work[1]) };
    let before = if cap.from <= window.start { 0 } else { accrued(charge.work[0]) };
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
        self.answered.0 = NOBODY;
        let job = *self.job(node);
        let horizon = self.network.horizon;
        let position = self.modes[node as usize] as usize;
        let mut from = from;
        'search: while from != NEVER {
            let Some(window) = job.first_window(from, horizon) else { return NEVER };
            if job.duration > 0 {
                for (number, at) in self.jobs.needs.range(position).enumerate() {
                    let need = self.jobs.needs.items()[at];
                    let inside = self.inside(&need, &job, &window);
                    if let Some(later) = self.shortage_end(&job, &need, &window, inside) {
                        from = later;
                        continue 'search;
                    }
                    self.inside[number] = inside;
                }
            }
            let mut payments = std::mem::take(&mut self.payments);
            payments.clear();
            let later = self.start_after_caps(node, &job, &window, |cap, payment| payments.push((cap, payment)));
            self.payments = payments;
            match later {
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
        let job = *self.job(node);
        self.answered.0 = NOBODY;
        self.enter(node, &job, &job.window_at(self.starts[node as usize]), -1);
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
    #[inline]
    fn last_room(&mut self, node: u32, latest: (Slot, Slot), lowest: Slot) -> Option<Slot> {
        self.answered.0 = NOBODY;
        let job = *self.job(node);
        let position = self.modes[node as usize] as usize;
        let (latest_start, mut until) = latest;
        'search: loop {
            let window = job.last_window(latest_start, until)?;
            if window.start < lowest {
                return None;
            }
            if job.duration == 0 {
                return Some(window.start);
            }
            for (number, at) in self.jobs.needs.range(position).enumerate() {
                let need = self.jobs.needs.items()[at];
                let inside = self.inside(&need, &job, &window);
                if let Some(begin) = self.shortage_begin(&job, &need, &window, inside) {
                    until = begin;
                    continue 'search;
                }
                self.inside[number] = inside;
            }
            self.has_payments = false;
            self.answered = (node, window);
            return Some(window.start);
        }
    }

    fn occupy(&mut self, node: u32, start: Slot) {
        let job = *self.job(node);
        let is_known = self.answered.0 == node && self.answered.1.start == start;
        let window = if is_known { self.answered.1 } else { job.window_at(start) };
        self.starts[node as usize] = start;
        self.finishes[node as usize] = window.finish;
        if !is_known {
            self.answered.0 = NOBODY;
        }
        self.enter(node, &job, &window, 1);
        self.answered.0 = NOBODY;
    }

    /// Takes what a node needs that works in a window, with `sign` -1 gives it back.
    #[inline]
    fn enter(&mut self, node: u32, job: &Job<'_>, window: &Window, sign: i32) {
        let is_known = self.answered.0 == node;
        let position = self.modes[node as usize] as usize;
        if job.duration > 0 {
            for (number, at) in self.jobs.needs.range(position).enumerate() {
                let need = self.jobs.needs.items()[at];
                let amount = sign * need.amount;
                match if is_known { self.inside[number] } else { self.inside(&need, job, window) } {
                    Inside::Whole(from, to) => self.free[need.resource as usize].take(from, to, amount),
                    Inside::Pieces(number, first, last) => {
                        let (overlay, work) = (&self.jobs.overlays[number as usize], window.work as Slot);
                        for piece in first..=last {
                            let (from, to) = overlay.piece(piece, work, work + job.duration);
                            self.free[need.resource as usize].take(from, to, amount);
                        }
                    }
                    Inside::Unknown(from, to) => {
                        self.take_pieces(&Need { amount, ..need }, job, window, (from, to));
                    }
                }
            }
        }
        if is_known && self.has_payments {
            self.payments.iter().for_each(|&(cap, payment)| self.spent[cap as usize] += payment);
            return;
        }
        for charge in self.jobs.charges.row(position) {
            let cap = &self.network.caps[charge.cap as usize];
            if touches(cap, window) {
                self.spent[charge.cap as usize] += i64::from(sign) * spent_in(cap, charge, job, window);
            }
        }
    }

    /// Takes units while the job works. Stretches that adjoin in the resource's time are entered as one.
    fn take_pieces(&mut self, need: &Need, job: &Job<'_>, window: &Window, (from, to): (Slot, Slot)) {
        let presence = &self.presence[need.resource as usize];
        let free = &mut self.free[need.resource as usize];
        let Some(calendar) = job.table else { return free.take(from, to, need.amount) };
        let (mut piece, mut at) = ((from, from), i64::from(window.start));
        let finish = i64::from(window.finish);
        while at < finish {
            let end = calendar.stretch_end(at).min(finish);
            let stretch = (presence.inward(at as Slot), presence.inward(end as Slot));
            if stretch.0 > piece.1 {
                free.take(piece.0, piece.1, need.amount);
                piece.0 = stretch.0;
            }
            piece.1 = stretch.1;
            match calendar.next_start(end) {
                Some(next) => at = next,
                None => break,
            }
        }
        free.take(piece.0, piece.1, need.amount);
    }

    /// True if a node that starts at `start` finds too little of a resource or budget.
    fn is_short(&mut self, node: u32, start: Slot) -> bool {
        let job = *self.job(node);
        let position = self.modes[node as usize];
        let Some(finish) = self.network.finish(position, start) else { return true };
        let window = job.window_at(start);
        let broken = job.unbroken && job.duration > 0 && finish - start > job.duration;
        let mut needs = self.jobs.needs.range(position as usize);
        let short = job.duration > 0
            && needs.any(|at| {
                let need = self.jobs.needs.items()[at];
                let inside = self.inside(&need, &job, &window);
                self.shortage_begin(&job, &need, &window, inside).is_some()
            });
        broken || short || !self.keeps_caps(node, start)
    }
}
