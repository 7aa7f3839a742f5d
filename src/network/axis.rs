//! The time axis: slots and the moments they stand for.

use super::pattern::{week_of, week_start};
use super::{HORIZON_LIMIT, Slot, WorkTable};
use crate::units::{Minutes, Moment};

/// Maps slots to moments and back: slot `k` is the `k`-th stretch of `slot_minutes` of the axis's working time since the
/// project start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Length of a slot.
    pub slot_minutes: Minutes,
    /// Working minutes of the axis.
    pub table: WorkTable,
    /// `table.work` at the project start.
    pub origin_work: i64,
}

impl Axis {
    /// The moment at which something that starts at `slot` starts: after any pause of the axis there.
    ///
    /// Positions beyond the years 1 to 9999 are moved to their ends.
    #[inline]
    pub fn start_moment(&self, slot: Slot) -> Moment {
        let moment = self.table.start_of(self.origin_work + i64::from(slot) * self.slot_minutes.0);
        within_years(moment.map_or(Moment::MAX, Moment))
    }

    /// The moment at which something that finishes at `slot` finishes: before any pause of the axis there.
    ///
    /// Positions beyond the years 1 to 9999 are moved to their ends.
    #[inline]
    pub fn finish_moment(&self, slot: Slot) -> Moment {
        let moment = self.table.finish_of(self.origin_work + i64::from(slot) * self.slot_minutes.0);
        within_years(moment.map_or(Moment::MAX, Moment))
    }

    /// The first slot that starts at or after a moment; at most [`HORIZON_LIMIT`] away from the project start.
    #[inline]
    pub fn slot_at_or_after(&self, moment: Moment) -> Slot {
        let work = self.table.work(moment.0) - self.origin_work;
        within_horizon(-(-work).div_euclid(self.slot_minutes.0))
    }

    /// The last slot that starts at or before a moment; at most [`HORIZON_LIMIT`] away from the project start.
    #[inline]
    pub fn slot_at_or_before(&self, moment: Moment) -> Slot {
        let work = self.table.work(moment.0) - self.origin_work;
        within_horizon(work.div_euclid(self.slot_minutes.0))
    }

    /// The week from Monday in which something that starts at `slot` starts, by a number that counts on from week to week.
    pub fn week_at(&self, slot: Slot) -> i64 {
        week_of(self.start_moment(slot).0)
    }

    /// The first slot of a week; the next week's if the axis leaves it out.
    pub fn week_start(&self, week: i64) -> Slot {
        self.slot_at_or_after(Moment(week_start(week)))
    }
}

fn within_years(moment: Moment) -> Moment {
    moment.clamp(Moment::MIN, Moment::MAX)
}

fn within_horizon(slot: i64) -> Slot {
    slot.clamp(-i64::from(HORIZON_LIMIT), i64::from(HORIZON_LIMIT)) as Slot
}
