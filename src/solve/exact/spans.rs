//! From the start of a task to its finish, where its work pauses.
//!
//! The finish is a function of the start that never falls; so are the start that a finish asks for, and the next start at
//! which the calendar lets work begin. They are kept as tables.

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use crate::network::{CalendarIndex, Network, Slot};

/// The spans of a network, each made when first asked for.
#[derive(Debug)]
pub struct Spans<'n> {
    network: &'n Network,
    horizon: Slot,
    known: FxHashMap<(CalendarIndex, Slot, bool), Arc<Span>>,
}

/// Slots of all spans together.
const MOST_SLOTS: usize = 8_000_000;

impl<'n> Spans<'n> {
    /// # Arguments
    /// `horizon` is the slot at which tables may end: nothing starts or finishes after it.
    pub fn new(network: &'n Network, horizon: Slot) -> Spans<'n> {
        Spans { network, horizon, known: FxHashMap::default() }
    }

    /// The span of a mode position; none if its work never pauses.
    pub fn of(&mut self, position: u32) -> Option<Arc<Span>> {
        let mode = self.network.mode(position);
        if mode.duration == 0 || self.network.calendar(mode.calendar).is_always() || self.are_too_large() {
            return None;
        }
        let key = (mode.calendar, mode.duration, mode.unbroken);
        let span = self.known.entry(key).or_insert_with(|| Arc::new(Span::new(self.network, position, self.horizon)));
        Some(span.clone())
    }

    /// True if they take more room than they are worth.
    pub fn are_too_large(&self) -> bool {
        self.known.len() * self.horizon as usize > MOST_SLOTS
    }
}

/// Starts and finishes of a mode that works by a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first start at or after each slot.
    first: Vec<Slot>,
    /// The last start at or before each slot; -1 if there is none.
    last: Vec<Slot>,
    /// The finish after the first start at or after each slot.
    end: Vec<Slot>,
    /// The slots in which the calendar works.
    works: FixedBitSet,
}

impl Span {
    fn new(network: &Network, position: u32, horizon: Slot) -> Span {
        let table = network.calendar(network.mode(position).calendar);
        let works = |slot: Slot| table.work(i64::from(slot) + 1) > table.work(i64::from(slot));
        let times = |slot: Slot| {
            let start = network.first_start(position, slot)?;
            Some((start, network.finish(position, start)?))
        };
        Span::of(horizon, works, times)
    }

    /// # Arguments
    /// Whether the calendar works in a slot, and the first start at or after a slot with the finish that follows.
    fn of(horizon: Slot, works: impl Fn(Slot) -> bool, times: impl Fn(Slot) -> Option<(Slot, Slot)>) -> Span {
        let beyond = horizon + 1;
        let slots = horizon as usize + 2;
        let mut span = Span {
            first: vec![beyond; slots],
            last: vec![-1; slots],
            end: vec![beyond; slots],
            works: FixedBitSet::with_capacity(slots),
        };
        let mut known = (-1, -1);
        for slot in 0..=horizon {
            let at = slot as usize;
            if known.0 < slot {
                known = times(slot).filter(|times| times.1 <= horizon).unwrap_or((beyond, beyond));
            }
            (span.first[at], span.end[at]) = known;
            span.last[at] = if known.0 == slot { slot } else { span.last[at.saturating_sub(1)] };
            span.works.set(at, works(slot));
        }
        span.last[slots - 1] = span.last[slots - 2];
        span
    }

    /// The span of a calendar that works in the slots where `works` holds true.
    #[cfg(test)]
    pub fn of_pattern(works: &[bool], duration: Slot, unbroken: bool) -> Span {
        let times = |slot: Slot| {
            let starts = (slot as usize..works.len()).filter(|&start| {
                let stretch = works.get(start..start + duration as usize);
                works[start] && (!unbroken || stretch.is_some_and(|stretch| stretch.iter().all(|&on| on)))
            });
            let start = starts.into_iter().next()?;
            let mut working = (start..works.len()).filter(|&at| works[at]);
            let last = working.nth(duration as usize - 1)?;
            Some((start as Slot, last as Slot + 1))
        };
        Span::of(works.len() as Slot - 1, |slot| works[slot as usize], times)
    }

    fn at(&self, slot: Slot) -> usize {
        (slot.max(0) as usize).min(self.first.len() - 1)
    }

    /// The first start at or after a slot.
    pub fn first(&self, slot: Slot) -> Slot {
        self.first[self.at(slot)]
    }

    /// The last start at or before a slot; -1 if there is none.
    pub fn last(&self, slot: Slot) -> Slot {
        if slot < 0 { -1 } else { self.last[self.at(slot)] }
    }

    /// The finish of what starts at the first start at or after a slot.
    pub fn end(&self, slot: Slot) -> Slot {
        self.end[self.at(slot)]
    }

    /// The first slot from which on everything finishes at `end` or later.
    pub fn first_for(&self, end: Slot) -> Slot {
        self.end.partition_point(|&other| other < end) as Slot
    }

    /// The last start that has finished by `end`; -1 if there is none.
    pub fn last_for(&self, end: Slot) -> Slot {
        self.last(self.end.partition_point(|&other| other <= end) as Slot - 1)
    }

    /// The slots in which the calendar works.
    pub fn works(&self) -> &FixedBitSet {
        &self.works
    }
}
