//! What a task does of the work of a pool: at its earliest, at its latest, and in any case.
//!
//! A task whose work pauses does none in the pauses of its calendar. In the working slots of its calendar, counted from the
//! first, it is like one that never pauses: what it does in a window is least if it begins at its earliest or ends at its
//! latest.

use super::tasks::{Mode, Task};

/// A task as one pool sees it.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The task.
    pub task: u32,
    /// True if it has a single mode.
    pub is_single: bool,
    /// True if its work pauses.
    pub pauses: bool,
    /// When it can start at the earliest.
    pub earliest_start: i32,
    /// When it can start at the latest.
    pub latest_start: i32,
    /// When it can have ended at the earliest.
    pub earliest_end: i32,
    /// When it must have ended.
    pub latest_end: i32,
    /// Units taken for certain wherever it is certain to be at work.
    pub amount: i32,
    /// Work, in units times slots, that is not certain to lie at fixed times.
    pub movable: i64,
    /// Where its possible modes begin and end in the list of ways.
    pub ways: (u32, u32),
}

/// A mode as one pool sees it: units, slots, and what it takes wherever it is done.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Its number.
    pub mode: u32,
    /// Units.
    pub amount: i32,
    /// Slots.
    pub duration: i32,
    /// What it takes beside that.
    pub extra: i64,
}

impl Way {
    /// The mode itself.
    #[inline]
    pub fn of(self, task: &Task) -> &Mode {
        &task.modes()[self.mode as usize]
    }

    /// What it takes if it works in so many slots.
    #[inline]
    pub fn taken(self, slots: i32) -> i64 {
        i64::from(self.amount) * i64::from(slots) + self.extra
    }
}

impl Work {
    /// The work that is fixed and lies before `to`.
    #[inline]
    pub fn fixed_before(&self, to: i32) -> i64 {
        i64::from(self.amount) * i64::from((to.min(self.earliest_end) - self.latest_start).max(0))
    }

    /// The slots that so much work takes.
    #[inline]
    pub fn slots(&self, work: i64) -> i32 {
        (work / i64::from(self.amount)) as i32
    }

    /// The work that is not fixed and lies before `to`, if it is done as early as can be.
    #[inline]
    pub fn at_earliest(&self, to: i32) -> i64 {
        i64::from(self.amount) * i64::from(to.min(self.earliest_end) - self.earliest_start) - self.fixed_before(to)
    }

    /// The work that is not fixed and lies before `to`, which comes before the latest end, in whichever way is best.
    #[inline]
    pub fn before(&self, to: i32, ways: &[Way]) -> i64 {
        // Started as late as can be, it is before `to` from there on.
        let within = |way: &Way| {
            let latest = self.latest_start.min(self.latest_end - way.duration);
            way.taken((to - latest).clamp(0, way.duration))
        };
        ways.iter().map(within).min().unwrap_or(0) - self.fixed_before(to)
    }
}

/// A task whose work pauses, by time that runs forward or has been turned round.
pub struct Pausing<'a> {
    /// The task.
    pub task: &'a Task,
    /// The last slot, if time has been turned round.
    pub turned: Option<i32>,
}

impl Pausing<'_> {
    /// As time runs forward.
    fn forward(&self, from: i32, to: i32) -> (i32, i32) {
        self.turned.map_or((from, to), |last| (last - to, last - from))
    }

    /// The slots in which a mode works from `from` to `to`, negative if that is earlier.
    fn worked(&self, mode: &Mode, from: i32, to: i32) -> i32 {
        let (from, to) = self.forward(from, to);
        mode.working_before(to) - mode.working_before(from)
    }

    /// As [`Work::fixed_before`].
    fn fixed_before(&self, work: &Work, to: i32) -> i64 {
        let (from, to) = self.forward(work.latest_start, to.min(work.earliest_end));
        i64::from(work.amount) * i64::from(self.task.working_slots(from, to))
    }

    /// As [`Work::at_earliest`], of a task with a single mode.
    pub fn at_earliest(&self, work: &Work, to: i32) -> i64 {
        let mode = &self.task.modes()[0];
        let slots = self.worked(mode, work.earliest_start, to.min(work.earliest_end)).min(mode.duration);
        i64::from(work.amount) * i64::from(slots) - self.fixed_before(work, to)
    }

    /// As [`Work::before`].
    pub fn before(&self, work: &Work, to: i32, ways: &[Way]) -> i64 {
        let within = |way: &Way| {
            let mode = way.of(self.task);
            let by_end = self.worked(mode, work.latest_end, to) + way.duration;
            way.taken(self.worked(mode, work.latest_start, to).max(by_end).clamp(0, way.duration))
        };
        ways.iter().map(within).min().unwrap_or(0) - self.fixed_before(work, to)
    }

    /// The least start with which a task with a single mode does so much more, or less, before `to` than at its earliest.
    pub fn least_start(&self, work: &Work, to: i32, more: i64) -> i32 {
        let mode = &self.task.modes()[0];
        let slots = work.slots(self.at_earliest(work, to) + self.fixed_before(work, to) + more);
        match self.turned {
            Some(last) => last - mode.last_with(mode.working_before(last - to) + slots),
            None => mode.first_with(mode.working_before(to) - slots),
        }
    }
}
