//! What calendars make of durations, lags and dates: the rules that every engine shares.
//!
//! Positions are slots; [`NEVER`] stands for "the calendar has no such position".

use super::{Arc, EVERY_SLOT, HORIZON_LIMIT, NEVER, NO_EARLIEST, Network, NodeMode, Overhead, Slot};

fn slot(position: Option<i64>) -> Slot {
    match position {
        Some(position) if position < i64::from(HORIZON_LIMIT) => position.max(i64::from(-HORIZON_LIMIT)) as Slot,
        _ => NEVER,
    }
}

impl Network {
    /// The first position at or after `position` at which a mode can work.
    #[inline]
    pub fn next_start(&self, mode: &NodeMode, position: Slot) -> Slot {
        if mode.calendar == EVERY_SLOT || position == NEVER {
            return position;
        }
        slot(self.calendar(mode.calendar).next_start(i64::from(position)))
    }

    /// The finish of a mode that starts at `start`.
    #[inline]
    pub fn finish(&self, mode: &NodeMode, start: Slot) -> Slot {
        if mode.duration == 0 || start == NEVER {
            return start;
        }
        if mode.calendar == EVERY_SLOT {
            return start.saturating_add(mode.duration);
        }
        let calendar = self.calendar(mode.calendar);
        slot(calendar.finish_of(calendar.work(i64::from(start)) + i64::from(mode.duration)))
    }

    /// The start of a mode that has done all its work by `finish` and cannot start later: the latest start that finishes
    /// by then, and the earliest start that has no work of its calendar between its finish and `finish`.
    #[inline]
    pub fn start_for_finish(&self, mode: &NodeMode, finish: Slot) -> Slot {
        if mode.duration == 0 || finish == NEVER {
            return finish;
        }
        if mode.calendar == EVERY_SLOT {
            return finish.saturating_sub(mode.duration);
        }
        let calendar = self.calendar(mode.calendar);
        slot(calendar.start_of(calendar.work(i64::from(finish)) - i64::from(mode.duration)))
    }

    /// The position `lag` slots after `position` on a lag calendar: before any pause for a positive lag, after it for a
    /// negative one.
    #[inline]
    pub fn shifted(&self, calendar: super::CalendarIndex, position: Slot, lag: i32) -> Slot {
        if lag == 0 || position == NEVER {
            return position;
        }
        if calendar == EVERY_SLOT {
            return position.saturating_add(lag);
        }
        let calendar = self.calendar(calendar);
        let work = calendar.work(i64::from(position)) + i64::from(lag);
        slot(if lag > 0 { calendar.finish_of(work) } else { calendar.start_of(work) })
    }

    /// The earliest start of a mode that an arc into its node allows.
    ///
    /// # Arguments
    /// `lag` is the arc's lag in slots, `ends` start and finish of the predecessor.
    #[inline]
    pub fn start_after(&self, arc: &Arc, lag: i32, ends: (Slot, Slot), mode: &NodeMode) -> Slot {
        let end = if arc.kind.from_finish() { ends.1 } else { ends.0 };
        let reached = self.shifted(arc.calendar, end, lag);
        if arc.kind.to_finish() {
            self.start_for_finish(mode, reached)
        } else if mode.duration == 0 {
            reached
        } else {
            self.next_start(mode, reached)
        }
    }

    /// The latest finish of a mode that an arc out of its node allows.
    ///
    /// # Arguments
    /// `lag` is the arc's lag in slots, `ends` start and finish of the successor.
    #[inline]
    pub fn finish_before(&self, arc: &Arc, lag: i32, ends: (Slot, Slot), mode: &NodeMode) -> Slot {
        let end = if arc.kind.to_finish() { ends.1 } else { ends.0 };
        let reached = if lag == 0 || arc.calendar == EVERY_SLOT {
            end.saturating_sub(lag)
        } else {
            let calendar = self.calendar(arc.calendar);
            slot(calendar.start_of(calendar.work(i64::from(end)) - i64::from(lag)))
        };
        if arc.kind.from_finish() || mode.duration == 0 { reached } else { self.finish(mode, reached) }
    }

    /// Overhead accrued from the project start to `position`.
    pub fn overhead_until(&self, overhead: &Overhead, position: Slot) -> i64 {
        if position <= 0 || position == NO_EARLIEST {
            return 0;
        }
        let calendar = self.calendar(overhead.calendar);
        let slots = calendar.work(i64::from(position.min(HORIZON_LIMIT))) - calendar.work(0);
        let minutes = i128::from(slots) * i128::from(self.axis.slot_minutes.0);
        (i128::from(overhead.per_day) * minutes / i128::from(overhead.minutes_per_day)) as i64
    }
}
