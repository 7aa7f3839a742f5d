//! The time axis: slots and the moments they stand for.

use super::{Slot, WorkTable};
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
    pub fn start_moment(&self, _slot: Slot) -> Moment {
        todo!()
    }

    /// The moment at which something that finishes at `slot` finishes: before any pause of the axis there.
    pub fn finish_moment(&self, _slot: Slot) -> Moment {
        todo!()
    }
}
