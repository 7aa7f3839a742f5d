//! Starts, finishes and link bounds on the network: the semantics of time that every engine shares.

use super::{Arc, MaximalLag, NO_EARLIEST, Network, NodeMode, OF_PREDECESSOR, OF_SUCCESSOR, Slot, WorkTable};
use crate::plan::LinkKind;

impl Network {
    /// The finish of a node in mode position `mode` that starts at `start`, a position at which it can start.
    ///
    /// # Returns
    /// `None` if it never finishes, or beyond the horizon.
    #[inline]
    pub fn finish(&self, mode: u32, start: Slot) -> Option<Slot> {
        self.finish_as(self.mode(mode), start)
    }

    /// As [`Network::finish`], done in a way that need not be one of the node modes.
    #[inline]
    pub fn finish_as(&self, mode: &NodeMode, start: Slot) -> Option<Slot> {
        if mode.duration == 0 {
            return (start <= self.horizon).then_some(start);
        }
        let table = self.calendar(mode.calendar);
        if table.is_always() {
            let finish = start.saturating_add(mode.duration);
            return (finish <= self.horizon).then_some(finish);
        }
        self.within(table.finish_of(table.work(i64::from(start)) + i64::from(mode.duration)))
    }

    /// The first position at or after `from` at which a node in mode position `mode` can start: when its calendar works,
    /// and goes on working if it must not pause. A milestone can stand anywhere.
    ///
    /// # Returns
    /// `None` if there is none within the horizon.
    #[inline]
    pub fn first_start(&self, mode: u32, from: Slot) -> Option<Slot> {
        self.first_start_as(self.mode(mode), from)
    }

    /// As [`Network::first_start`], done in a way that need not be one of the node modes.
    #[inline]
    pub fn first_start_as(&self, mode: &NodeMode, from: Slot) -> Option<Slot> {
        let table = self.calendar(mode.calendar);
        if mode.duration == 0 || table.is_always() {
            return (from <= self.horizon).then_some(from);
        }
        self.within(if mode.unbroken {
            table.fitting_start(i64::from(from), i64::from(mode.duration))
        } else {
            table.next_start(i64::from(from))
        })
    }

    /// The start and the finish of a node that starts as soon as it can at or after `from`, done in a way that need not be one
    /// of the node modes: [`Network::first_start_as`] and [`Network::finish_as`] in one.
    ///
    /// # Returns
    /// `None` if there is no such start within the horizon, or no finish.
    #[inline]
    pub fn first_dates_as(&self, mode: &NodeMode, from: Slot) -> Option<(Slot, Slot)> {
        let table = self.calendar(mode.calendar);
        if mode.duration == 0 || table.is_always() || mode.unbroken {
            let start = self.first_start_as(mode, from)?;
            return Some((start, self.finish_as(mode, start)?));
        }
        let span = table.span(i64::from(from), i64::from(mode.duration))?;
        Some((self.within(Some(span.start))?, self.within(Some(span.finish))?))
    }

    /// The first position from which on a node's finish meets a bound in working terms: no work of its calendar lies
    /// between its finish and `bound`. The node starts at [`Network::first_start`] of it.
    ///
    /// # Returns
    /// A position that may be negative (no restriction).
    #[inline]
    pub fn start_for_finish(&self, mode: u32, bound: Slot) -> Slot {
        self.start_for_finish_as(self.mode(mode), bound)
    }

    /// As [`Network::start_for_finish`], done in a way that need not be one of the node modes.
    #[inline]
    pub fn start_for_finish_as(&self, mode: &NodeMode, bound: Slot) -> Slot {
        let table = self.calendar(mode.calendar);
        if table.is_always() {
            return bound.saturating_sub(mode.duration);
        }
        let bound = i64::from(bound);
        clamped(if mode.unbroken {
            table.last_finish(bound) - i64::from(mode.duration)
        } else {
            table.finish_of(table.work(bound) - i64::from(mode.duration)).unwrap_or(bound)
        })
    }

    /// The latest start of a node that starts at or before `latest_start` and has finished at or before `latest_finish`.
    ///
    /// # Returns
    /// A position that may be negative; the lowest one there is if the calendar offers nothing early enough.
    #[inline]
    pub fn last_start(&self, mode: u32, latest_start: Slot, latest_finish: Slot) -> Slot {
        self.last_start_as(self.mode(mode), latest_start, latest_finish)
    }

    /// As [`Network::last_start`], done in a way that need not be one of the node modes.
    #[inline]
    pub fn last_start_as(&self, mode: &NodeMode, latest_start: Slot, latest_finish: Slot) -> Slot {
        if mode.duration == 0 {
            return latest_start.min(latest_finish);
        }
        let table = self.calendar(mode.calendar);
        if table.is_always() {
            return latest_start.min(latest_finish.saturating_sub(mode.duration));
        }
        let (latest_start, latest_finish) = (i64::from(latest_start), i64::from(latest_finish));
        let duration = i64::from(mode.duration);
        if mode.unbroken {
            let finish = latest_finish.min(latest_start + duration);
            return clamped(table.last_fitting_start(finish, duration).unwrap_or(WorkTable::BEFORE_ALL));
        }
        // The last working position at or before the limit; there `work` is one less than behind it.
        let by_start = table.last_finish(latest_start + 1) - 1;
        let by_finish = table.start_of(table.work(latest_finish) - duration).unwrap_or(latest_finish);
        clamped(by_start.min(by_finish))
    }

    /// The start that an exact date of the start, or of the finish, demands; [`NO_EARLIEST`] is no date.
    ///
    /// # Returns
    /// `None` if there is no date, the inner one if there is no such start within the horizon.
    #[inline]
    pub fn demanded_start_as(&self, mode: &NodeMode, (start, finish): (Slot, Slot)) -> Option<Option<Slot>> {
        if start != NO_EARLIEST {
            return Some(self.first_start_as(mode, start));
        }
        (finish != NO_EARLIEST).then(|| Some(self.last_start_as(mode, Slot::MAX, finish)))
    }

    /// As [`Network::last_start`], as planning tools count it: a limit of the start within a pause is the end of the pause,
    /// because no work lies between. (Primavera P6 moves late starts to the next working time; so may tasks that are joined
    /// by their starts stand in another order than their late starts do.)
    #[inline]
    pub fn last_start_in_work(&self, mode: u32, latest_start: Slot, latest_finish: Slot) -> Slot {
        let NodeMode { duration, calendar, unbroken, .. } = *self.mode(mode);
        let table = self.calendar(calendar);
        if duration == 0 || unbroken || table.is_always() || latest_start == Slot::MAX {
            return self.last_start(mode, latest_start, latest_finish);
        }
        let by_start = table.next_start(i64::from(latest_start)).map_or(Slot::MAX, clamped);
        by_start.min(self.last_start(mode, Slot::MAX, latest_finish))
    }

    /// The calendar that the lag of an arc runs on, given the mode positions of its two nodes.
    #[inline]
    pub fn lag_table(&self, arc: &Arc, predecessor_mode: u32, successor_mode: u32) -> &WorkTable {
        self.calendar(match arc.calendar {
            OF_SUCCESSOR => self.mode(successor_mode).lag_calendar,
            OF_PREDECESSOR => self.mode(predecessor_mode).lag_calendar,
            fixed => fixed,
        })
    }

    /// Where a lag on `table` leads from the predecessor's end: a positive one stops before a pause, a negative one after it.
    ///
    /// # Returns
    /// `None` if the calendar never offers that much within the horizon.
    #[inline]
    pub fn shifted(&self, table: &WorkTable, end: Slot, lag: i32) -> Option<Slot> {
        if lag == 0 {
            return Some(end);
        }
        let (end, lag) = (i64::from(end), i64::from(lag));
        if table.is_always() {
            return self.within(Some(end + lag));
        }
        let work = table.work(end) + lag;
        self.within(if lag > 0 { table.finish_of(work) } else { table.start_of(work) })
    }

    /// So much work after a position, where it ends, or before it, where it begins; what the calendar does not offer is passed
    /// over.
    #[inline]
    pub fn shifted_by_work(&self, table: &WorkTable, position: Slot, work: i32) -> Slot {
        let at = i64::from(position);
        match work {
            0 => position,
            work if table.is_always() => clamped(at + i64::from(work)),
            work if work > 0 => {
                clamped(table.finish_of(table.work(at) + i64::from(work)).unwrap_or(i64::from(Slot::MAX)))
            }
            work => clamped(table.start_of(table.work(at) + i64::from(work)).unwrap_or(at)),
        }
    }

    /// The latest end of the predecessor whose lag leads to `limit` or before it: the way back of [`Network::shifted`].
    #[inline]
    pub fn shifted_back(&self, table: &WorkTable, limit: Slot, lag: i32) -> Slot {
        if lag == 0 {
            return limit;
        }
        let (limit, lag) = (i64::from(limit), i64::from(lag));
        if table.is_always() {
            return clamped(limit - lag);
        }
        let work = if lag > 0 { table.work(limit) - lag } else { table.work(limit + 1) - 1 - lag };
        clamped(table.start_of(work).unwrap_or(i64::from(Slot::MAX)))
    }

    /// The last position that is no later than `finish` in working terms: no work of the mode's calendar lies between.
    #[inline]
    pub fn end_of_pause(&self, mode: u32, finish: Slot) -> Slot {
        let table = self.calendar(self.mode(mode).calendar);
        if table.is_always() {
            return finish;
        }
        clamped(table.next_start(i64::from(finish)).unwrap_or(i64::from(Slot::MAX)))
    }

    /// The first position that is as late as `position` in working terms: no work of the mode's calendar lies between.
    #[inline]
    pub fn begin_of_pause(&self, mode: u32, position: Slot) -> Slot {
        let table = self.calendar(self.mode(mode).calendar);
        if table.is_always() { position } else { clamped(table.last_finish(i64::from(position))) }
    }

    /// The earliest start that an arc allows its successor.
    ///
    /// # Arguments
    /// `lag` is that of [`Network::lag`]; `start` and `finish` are the predecessor's.
    ///
    /// # Returns
    /// A bound on the start (for arcs to the finish: the start from which the finish meets it); `None` if the lag never ends
    /// within the horizon.
    #[inline]
    pub fn earliest_by_arc(
        &self,
        arc: &Arc,
        lag: i32,
        (start, finish): (Slot, Slot),
        predecessor_mode: u32,
        successor_mode: u32,
    ) -> Option<Slot> {
        if lag == 0 && arc.kind == LinkKind::FinishToStart {
            return Some(finish);
        }
        let end = if arc.kind.from_finish() { finish } else { start };
        let bound = match lag {
            0 => end,
            _ => self.shifted(self.lag_table(arc, predecessor_mode, successor_mode), end, lag)?,
        };
        Some(if arc.kind.to_finish() { self.start_for_finish(successor_mode, bound) } else { bound })
    }

    /// The latest end (start or finish, as its kind says) that a maximal lag allows the successor; `None` if it sets no limit
    /// within the horizon.
    ///
    /// # Arguments
    /// `times` are start and finish of the predecessor.
    pub fn latest_by_maximal_lag(
        &self,
        maximal: &MaximalLag,
        times: (Slot, Slot),
        predecessor_mode: u32,
        successor_mode: u32,
    ) -> Option<Slot> {
        let arc = &maximal.arc;
        let lag = self.lag(arc, maximal.predecessor, predecessor_mode);
        let end = if arc.kind.from_finish() { times.1 } else { times.0 };
        let bound = self.shifted(self.lag_table(arc, predecessor_mode, successor_mode), end, lag)?;
        Some(self.end_of_pause(successor_mode, bound))
    }

    /// The earliest start of the predecessor with which a maximal lag lets the successor stay where it is.
    ///
    /// # Arguments
    /// `predecessor` and `successor` are their starts and finishes.
    ///
    /// # Returns
    /// `None` if the maximal lag is kept already.
    pub fn start_by_maximal_lag(
        &self,
        maximal: &MaximalLag,
        predecessor: (Slot, Slot),
        successor: (Slot, Slot),
        predecessor_mode: u32,
        successor_mode: u32,
    ) -> Option<Slot> {
        let arc = &maximal.arc;
        let end = if arc.kind.to_finish() { successor.1 } else { successor.0 };
        let latest = self.latest_by_maximal_lag(maximal, predecessor, predecessor_mode, successor_mode);
        if latest.is_none_or(|latest| end <= latest) {
            return None;
        }
        // The smallest bound whose pause the successor's end lies in or before, then the smallest end that leads there.
        let bound = self.calendar(self.mode(successor_mode).calendar).last_finish(i64::from(end));
        let lag = i64::from(self.lag(arc, maximal.predecessor, predecessor_mode));
        let table = self.lag_table(arc, predecessor_mode, successor_mode);
        let end = match lag {
            0 => bound,
            lag if lag > 0 => table.finish_of(table.work(bound - 1) + 1 - lag).unwrap_or(bound),
            lag => table.finish_of(table.work(bound) - lag).unwrap_or(i64::from(self.horizon)),
        };
        if !arc.kind.from_finish() {
            return Some(clamped(end));
        }
        let mode = self.mode(predecessor_mode);
        let table = self.calendar(mode.calendar);
        if mode.duration == 0 {
            return Some(clamped(end));
        }
        let start = table.finish_of(table.work(end - 1) + 1 - i64::from(mode.duration));
        Some(clamped(start.unwrap_or(i64::from(self.horizon))))
    }

    /// The latest end of the predecessor (finish or start, as the arc's kind says) that an arc allows.
    ///
    /// # Arguments
    /// `mode` is the mode position of the predecessor `node`; `times` are start and finish of the successor.
    #[inline]
    pub fn latest_by_arc(&self, arc: &Arc, node: u32, mode: u32, successor_mode: u32, times: (Slot, Slot)) -> Slot {
        let limit = if arc.kind.to_finish() { self.end_of_pause(successor_mode, times.1) } else { times.0 };
        match self.lag(arc, node, mode) {
            0 => limit,
            lag => self.shifted_back(self.lag_table(arc, mode, successor_mode), limit, lag),
        }
    }

    fn within(&self, position: Option<i64>) -> Option<Slot> {
        position.filter(|&position| position <= i64::from(self.horizon)).map(clamped)
    }
}

/// A position as a slot; what lies beyond the range of slots is moved to its ends.
#[inline]
fn clamped(position: i64) -> Slot {
    position.clamp(WorkTable::BEFORE_ALL, i64::from(Slot::MAX)) as Slot
}
