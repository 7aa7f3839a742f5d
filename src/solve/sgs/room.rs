//! What is left of a renewable while a schedule is made.

use super::jobs::{Clock, Job, Need, Window};
use super::overlay::Overlay;
use super::presence::Presence;
use super::steps::Steps;
use crate::network::{Renewable, Slot};

/// A renewable: its free units over its own working time, in which positions at which none of its users can work are left
/// out.
#[derive(Clone, Debug)]
pub struct Room<'n> {
    presence: Presence<'n>,
    /// Free units when nothing is placed.
    capacity: Steps,
    /// Free units now.
    free: Steps,
}

/// A window of a job in the time of a resource.
#[derive(Clone, Copy, Debug)]
pub enum Inside {
    /// One stretch.
    Whole(Slot, Slot),
    /// Pieces of an overlay: the first and the last one.
    Pieces(u32, u32),
    /// Within a stretch, in pieces that are not spelled out.
    Unknown(Slot, Slot),
}

/// A job in a window with one of its needs, and the overlay of its calendar on that of the resource, if it has one.
#[derive(Clone, Copy, Debug)]
pub struct Stay<'a, 'n> {
    pub job: &'a Job<'n>,
    pub need: &'a Need,
    pub window: &'a Window,
    pub overlays: &'a [Overlay],
}

impl<'a> Stay<'a, '_> {
    #[inline]
    fn overlay(&self) -> &'a Overlay {
        match self.need.clock {
            Clock::Over(number) => &self.overlays[number as usize],
            _ => unreachable!("only overlays have pieces"),
        }
    }

    /// The resource's time during a piece of the overlay.
    #[inline]
    fn piece(&self, number: u32) -> (Slot, Slot) {
        let work = self.window.work as Slot;
        self.overlay().piece(number, work, work + self.job.duration)
    }
}

impl<'n> Room<'n> {
    /// Nothing is taken.
    pub fn new(of: &Renewable, presence: Presence<'n>) -> Room<'n> {
        let capacity = presence.steps(of);
        Room { presence, free: capacity.clone(), capacity }
    }

    /// Gives everything back.
    pub fn reset(&mut self) {
        self.free.copy_from(&self.capacity);
    }

    /// The window of a job in the time of the resource.
    #[inline(always)]
    pub fn inside(&self, stay: &Stay<'_, '_>) -> Inside {
        let (job, window) = (stay.job, stay.window);
        match stay.need.clock {
            Clock::Own => Inside::Whole(window.work as Slot, window.work as Slot + job.duration),
            Clock::Axis => Inside::Whole(window.start, window.finish),
            _ => self.inside_of_other(stay),
        }
    }

    /// The same where the two have different calendars.
    fn inside_of_other(&self, stay: &Stay<'_, '_>) -> Inside {
        let (job, window) = (stay.job, stay.window);
        if let Clock::Over(_) = stay.need.clock
            && let Some((first, last)) = stay.overlay().pieces(window.work, job.duration)
        {
            if first == last {
                let (from, to) = stay.piece(first);
                return Inside::Whole(from, to);
            }
            return Inside::Pieces(first, last);
        }
        let (from, to) = (self.presence.inward(window.start), self.presence.inward(window.finish));
        if to - from == job.duration { Inside::Whole(from, to) } else { Inside::Unknown(from, to) }
    }

    /// Where the first shortage of what a job needs begins in a window that is `inside` in the resource's time.
    #[inline]
    pub fn shortage_begin(&mut self, stay: &Stay<'_, '_>, inside: Inside) -> Option<Slot> {
        let begin = self.first_shortage(stay, inside, Steps::first_shortage_begin, |shortage| shortage.0);
        begin.map(|begin| self.presence.outward_begin(begin))
    }

    /// Where the first shortage of what a job needs ends in a window that is `inside` in the resource's time: where schemes
    /// that go forward in time go on.
    #[inline]
    pub fn first_shortage_end(&mut self, stay: &Stay<'_, '_>, inside: Inside) -> Option<Slot> {
        let end = self.first_shortage(stay, inside, Steps::first_shortage_end, |shortage| shortage.1);
        end.map(|end| self.presence.outward_end(end))
    }

    /// An end of the first shortage in the resource's time: `of_stretch` finds it within one stretch, `end` takes it from a
    /// whole shortage.
    #[inline(always)]
    fn first_shortage(
        &mut self,
        stay: &Stay<'_, '_>,
        inside: Inside,
        of_stretch: impl Fn(&mut Steps, Slot, Slot, i32) -> Option<Slot>,
        end: impl Fn((Slot, Slot)) -> Slot,
    ) -> Option<Slot> {
        let (presence, free, amount) = (&self.presence, &mut self.free, stay.need.amount);
        match inside {
            Inside::Whole(from, to) => of_stretch(free, from, to, amount),
            Inside::Pieces(first, last) => (first..=last).find_map(|number| {
                let (from, to) = stay.piece(number);
                of_stretch(free, from, to, amount)
            }),
            Inside::Unknown(mut from, to) => loop {
                let Some(shortage) = free.first_shortage_in(from, to, amount) else { break None };
                if stay.job.works_within(stay.window, presence.outward(shortage)) {
                    break Some(end(shortage));
                }
                from = shortage.1;
            },
        }
    }

    /// Where the last shortage of what the job needs ends in a window that is `inside` in the resource's time.
    #[inline]
    pub fn shortage_end(&mut self, stay: &Stay<'_, '_>, inside: Inside) -> Option<Slot> {
        let (presence, free, amount) = (&self.presence, &mut self.free, stay.need.amount);
        let end = match inside {
            Inside::Whole(from, to) => free.last_shortage_end(from, to, amount),
            Inside::Pieces(first, last) => (first..=last).rev().find_map(|number| {
                let (from, to) = stay.piece(number);
                free.last_shortage_end(from, to, amount)
            }),
            Inside::Unknown(from, mut to) => loop {
                let Some(shortage) = free.last_shortage_in(from, to, amount) else { break None };
                if stay.job.works_within(stay.window, presence.outward(shortage)) {
                    break Some(shortage.1);
                }
                to = shortage.0;
            },
        };
        end.map(|end| presence.outward_end(end))
    }

    /// Takes what a job needs in a window that is `inside` in the resource's time; with `sign` -1 gives it back.
    #[inline]
    pub fn take(&mut self, stay: &Stay<'_, '_>, inside: Inside, sign: i32) {
        let amount = sign * stay.need.amount;
        match inside {
            Inside::Whole(from, to) => self.free.take(from, to, amount),
            Inside::Pieces(first, last) => (first..=last).for_each(|number| {
                let (from, to) = stay.piece(number);
                self.free.take(from, to, amount);
            }),
            Inside::Unknown(from, to) => self.take_pieces(stay, (from, to), amount),
        }
    }

    /// Takes units while the job works. Stretches that adjoin in the resource's time are entered as one.
    fn take_pieces(&mut self, stay: &Stay<'_, '_>, (from, to): (Slot, Slot), amount: i32) {
        let Room { presence, free, .. } = self;
        let Some(calendar) = stay.job.table else { return free.take(from, to, amount) };
        let (mut piece, mut at) = ((from, from), i64::from(stay.window.start));
        let finish = i64::from(stay.window.finish);
        while at < finish {
            let end = calendar.stretch_end(at).min(finish);
            let stretch = (presence.inward(at as Slot), presence.inward(end as Slot));
            if stretch.0 > piece.1 {
                free.take(piece.0, piece.1, amount);
                piece.0 = stretch.0;
            }
            piece.1 = stretch.1;
            match calendar.next_start(end) {
                Some(next) => at = next,
                None => break,
            }
        }
        free.take(piece.0, piece.1, amount);
    }
}
