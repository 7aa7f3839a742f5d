//! A calendar as a table of accumulated work, so that working time is added and subtracted in O(log n).

/// A calendar compiled onto a time axis (minutes or slots).
///
/// `work(p)` is the working time before position `p`, up to a constant; it never decreases. Adding work to a position
/// means going up in `work` and back to a position, and that way back has two answers when work pauses there:
/// [`WorkTable::finish_of`] (the pause has not begun: where something finishes) and [`WorkTable::start_of`] (the pause is
/// over: where something can start).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkTable {
    // Left to its author: weekly pattern, explicit irregular weeks with accumulated work.
}

impl WorkTable {
    /// The calendar that works always.
    pub fn always() -> WorkTable {
        todo!()
    }

    /// True if every position works, so that position and work are the same thing.
    #[inline]
    pub fn is_always(&self) -> bool {
        todo!()
    }

    /// Working time before `position`, up to a constant of the table. Any position is allowed, negative ones too.
    pub fn work(&self, _position: i64) -> i64 {
        todo!()
    }

    /// The smallest position with `work(position) >= work`; `None` if the calendar never offers that much.
    pub fn finish_of(&self, _work: i64) -> Option<i64> {
        todo!()
    }

    /// The greatest position with `work(position) <= work`; `None` if no work is done after it for ever.
    pub fn start_of(&self, _work: i64) -> Option<i64> {
        todo!()
    }

    /// The first position at or after `position` at which work is done; `None` if there is none.
    pub fn next_start(&self, _position: i64) -> Option<i64> {
        todo!()
    }

    /// The end of the working stretch that contains `position`, which must be working.
    pub fn stretch_end(&self, _position: i64) -> i64 {
        todo!()
    }
}
