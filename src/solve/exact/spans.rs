//! From the start of a task to its finish, where its work pauses.
//!
//! The finish is a function of the start that never falls; so are the start that a finish asks for, and the next start at
//! which the calendar lets work begin. They are kept as tables. In the working slots of its calendar, counted from the
//! first, such a task is like one that never pauses.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::network::{CalendarIndex, Network, Slot};

/// The spans of a network, each made when first asked for.
#[derive(Debug)]
pub struct Spans<'n> {
    network: &'n Network,
    horizon: Slot,
    known: FxHashMap<(CalendarIndex, Slot, bool), Arc<Span>>,
    works: FxHashMap<CalendarIndex, Arc<Works>>,
}

/// Slots of all spans together.
const MOST_SLOTS: usize = 8_000_000;

impl<'n> Spans<'n> {
    /// # Arguments
    /// `horizon` is the slot at which tables may end: nothing starts or finishes after it.
    pub fn new(network: &'n Network, horizon: Slot) -> Spans<'n> {
        Spans { network, horizon, known: FxHashMap::default(), works: FxHashMap::default() }
    }

    /// The span of a mode position; none if its work never pauses.
    pub fn of(&mut self, position: u32) -> Option<Arc<Span>> {
        let mode = self.network.mode(position);
        if mode.duration == 0 || self.network.calendar(mode.calendar).is_always() || self.are_too_large() {
            return None;
        }
        let works = self.works_of(mode.calendar);
        let key = (mode.calendar, mode.duration, mode.unbroken);
        let times = |slot: Slot| {
            let start = self.network.first_start(position, slot)?;
            Some((start, self.network.finish(position, start)?))
        };
        let span = self.known.entry(key).or_insert_with(|| Arc::new(Span::new(self.horizon, works, times)));
        Some(span.clone())
    }

    /// The slots in which a calendar works.
    fn works_of(&mut self, calendar: CalendarIndex) -> Arc<Works> {
        let table = self.network.calendar(calendar);
        let works = |slot: Slot| table.work(i64::from(slot) + 1) > table.work(i64::from(slot));
        self.works.entry(calendar).or_insert_with(|| Arc::new(Works::new(self.horizon + 1, works))).clone()
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
    works: Arc<Works>,
}

/// The slots in which a calendar works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Works {
    /// How many there are before each slot; from the last one on there are no more.
    before: Vec<Slot>,
}

impl Span {
    /// # Arguments
    /// The slots in which the calendar works, and the first start at or after a slot with the finish that follows.
    fn new(horizon: Slot, works: Arc<Works>, times: impl Fn(Slot) -> Option<(Slot, Slot)>) -> Span {
        let beyond = horizon + 1;
        let slots = horizon as usize + 2;
        let mut span = Span { first: vec![beyond; slots], last: vec![-1; slots], end: vec![beyond; slots], works };
        let mut known = (-1, -1);
        for slot in 0..=horizon {
            let at = slot as usize;
            if known.0 < slot {
                known = times(slot).filter(|times| times.1 <= horizon).unwrap_or((beyond, beyond));
            }
            (span.first[at], span.end[at]) = known;
            span.last[at] = if known.0 == slot { slot } else { span.last[at.saturating_sub(1)] };
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
        let slots = works.len() as Slot;
        Span::new(slots - 1, Arc::new(Works::new(slots, |slot| works[slot as usize])), times)
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
    pub fn works(&self) -> &Arc<Works> {
        &self.works
    }
}

impl Works {
    /// # Arguments
    /// The number of slots, and whether the calendar works in one of them.
    fn new(slots: Slot, works: impl Fn(Slot) -> bool) -> Works {
        let mut count = 0;
        let counts = (0..slots).map(|slot| {
            count += Slot::from(works(slot));
            count
        });
        Works { before: std::iter::once(0).chain(counts).collect() }
    }

    /// Those in which another calendar works too.
    pub fn shared(&self, other: &Works) -> Works {
        let slots = self.before.len().min(other.before.len()) - 1;
        Works::new(slots as Slot, |slot| self.contains(slot) && other.contains(slot))
    }

    /// The slot from which on there are no more.
    pub fn end(&self) -> Slot {
        self.before.len() as Slot - 1
    }

    /// True if the calendar works in a slot.
    #[inline]
    pub fn contains(&self, slot: Slot) -> bool {
        self.before(slot) < self.before(slot + 1)
    }

    /// How many there are before a slot.
    #[inline]
    pub fn before(&self, slot: Slot) -> Slot {
        self.before[slot.clamp(0, self.end()) as usize]
    }

    /// The first slot before which there are so many.
    pub fn first_with(&self, count: Slot) -> Slot {
        self.before.partition_point(|&before| before < count) as Slot
    }

    /// The last slot before which there are no more than so many; the one where they end if there never are.
    pub fn last_with(&self, count: Slot) -> Slot {
        self.before.partition_point(|&before| before <= count) as Slot - 1
    }
}
