//! Tasks: a start, a finish, and a choice of modes.
//!
//! The start of a task is the variable of its number. In a single mode its finish is its start and its duration; a task
//! with a choice of modes has a variable for its finish, and one for each mode that is 1 in the mode taken and 0 in others.
//! So has a task whose work pauses, in however many modes.

use std::sync::Arc;

use super::literal::Literal;
use super::spans::{Span, Works};
use super::trail::Trail;
use crate::network::{CalendarIndex, EVERY_SLOT};

/// A need of a resource by a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The resource.
    pub resource: u32,
    /// Units.
    pub amount: i32,
}

/// A way to do a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// Slots of work: those from start to finish, unless the work pauses.
    pub duration: i32,
    /// Starts and finishes, if the work pauses.
    pub span: Option<Arc<Span>>,
    /// What is needed meanwhile; each resource once.
    pub needs: Vec<Need>,
    /// What is consumed of each total, each once.
    pub consumptions: Vec<(u32, i64)>,
}

impl Mode {
    /// The first start at or after a slot.
    #[inline]
    pub fn first(&self, slot: i32) -> i32 {
        self.span.as_ref().map_or(slot, |span| span.first(slot))
    }

    /// The last start at or before a slot.
    #[inline]
    pub fn last(&self, slot: i32) -> i32 {
        self.span.as_ref().map_or(slot, |span| span.last(slot))
    }

    /// The slot before the first start after a slot.
    #[inline]
    pub fn before_next(&self, slot: i32) -> i32 {
        self.first(slot + 1) - 1
    }

    /// The finish of what starts at the first start at or after a slot.
    #[inline]
    pub fn end(&self, slot: i32) -> i32 {
        self.span.as_ref().map_or(slot + self.duration, |span| span.end(slot))
    }

    /// The first slot from which on all that starts finishes at `end` or later.
    #[inline]
    pub fn first_for(&self, end: i32) -> i32 {
        self.span.as_ref().map_or(end - self.duration, |span| span.first_for(end))
    }

    /// True if it works in a slot that lies between its start and its finish.
    #[inline]
    pub fn works(&self, slot: i32) -> bool {
        self.span.as_ref().is_none_or(|span| span.works().contains(slot))
    }

    /// How many slots there are before a slot in which it can work.
    #[inline]
    pub fn working_before(&self, slot: i32) -> i32 {
        self.span.as_ref().map_or(slot, |span| span.works().before(slot))
    }

    /// The first slot before which there are so many.
    #[inline]
    pub fn first_with(&self, count: i32) -> i32 {
        self.span.as_ref().map_or(count, |span| span.works().first_with(count))
    }

    /// The last slot before which there are no more than so many.
    #[inline]
    pub fn last_with(&self, count: i32) -> i32 {
        self.span.as_ref().map_or(count, |span| span.works().last_with(count))
    }

    /// The last start with a finish by `end`.
    #[inline]
    pub fn last_for(&self, end: i32) -> i32 {
        self.span.as_ref().map_or(end - self.duration, |span| span.last_for(end))
    }

    /// Units needed of a resource.
    pub fn amount(&self, resource: u32) -> i32 {
        self.needs.iter().find(|need| need.resource == resource).map_or(0, |need| need.amount)
    }

    /// What is consumed of a total.
    pub fn consumption(&self, total: u32) -> i64 {
        self.consumptions.iter().find(|consumption| consumption.0 == total).map_or(0, |consumption| consumption.1)
    }
}

/// A task with a choice of modes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The variable of its finish; those of its modes follow.
    pub finish: u32,
    /// Its modes.
    pub modes: Vec<Mode>,
    /// The slots in which it works whatever its mode; none if that is in all.
    pub works: Option<Arc<Works>>,
    /// The number of the calendar of all its modes; [`MIXED`] if they differ.
    pub calendar: CalendarIndex,
}

/// The calendar of a task whose modes do not share one.
pub const MIXED: CalendarIndex = CalendarIndex::MAX;

impl Choice {
    /// A choice of modes, all of which work by a calendar of this number.
    pub fn new(finish: u32, modes: Vec<Mode>, calendar: CalendarIndex) -> Choice {
        let works = modes.iter().filter_map(|mode| mode.span.as_ref()).map(|span| span.works().clone());
        let works = works.reduce(|both, other| match both == other {
            true => both,
            false => Arc::new(both.shared(&other)),
        });
        Choice { finish, modes, works, calendar }
    }

    /// The variable of a mode.
    #[inline]
    pub fn variable(&self, mode: usize) -> u32 {
        self.finish + 1 + mode as u32
    }

    /// The literal that a mode is out of the question.
    #[inline]
    pub fn off(&self, mode: usize) -> Literal {
        Literal::at_most(self.variable(mode), 0)
    }

    /// The modes that are possible.
    #[inline]
    pub fn possible<'a>(&'a self, trail: &'a Trail) -> impl Iterator<Item = (usize, &'a Mode)> {
        self.modes.iter().enumerate().filter(|&(mode, _)| !trail.is_true(self.off(mode)))
    }

    /// True if a mode was out of the question before entry `place`.
    #[inline]
    pub fn was_off(&self, mode: usize, place: u32, trail: &Trail) -> bool {
        let off = self.off(mode);
        trail.bound_before(off.side, place) >= off.value
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Done in this mode.
    Single(Mode),
    /// Done in one of several.
    Multi(Choice),
}

impl Task {
    /// True if it certainly works in a slot that lies between its start and its finish.
    #[inline]
    pub fn works(&self, slot: i32) -> bool {
        match self {
            Task::Single(_) => true,
            Task::Multi(choice) => choice.works.as_ref().is_none_or(|works| works.contains(slot)),
        }
    }

    /// True if its work never pauses.
    pub fn is_steady(&self) -> bool {
        matches!(self, Task::Single(_) | Task::Multi(Choice { works: None, .. }))
    }

    /// How many slots from `from` to `to` it certainly works in if it is under way in all of them.
    pub fn working_slots(&self, from: i32, to: i32) -> i32 {
        match self {
            Task::Multi(Choice { works: Some(works), .. }) if from < to => works.before(to) - works.before(from),
            _ => (to - from).max(0),
        }
    }

    /// The calendar of all its modes, if they share one.
    pub fn calendar(&self) -> Option<CalendarIndex> {
        match self {
            Task::Single(_) => Some(EVERY_SLOT),
            Task::Multi(choice) => (choice.calendar != MIXED).then_some(choice.calendar),
        }
    }

    /// Its modes.
    pub fn modes(&self) -> &[Mode] {
        match self {
            Task::Single(mode) => std::slice::from_ref(mode),
            Task::Multi(choice) => &choice.modes,
        }
    }

    /// The least duration of all modes.
    pub fn least_duration(&self) -> i32 {
        self.modes().iter().map(|mode| mode.duration).min().unwrap_or(0)
    }

    /// The literal that the task, number `task`, finishes at `slot` or later.
    #[inline]
    pub fn ends_from(&self, task: u32, slot: i32) -> Literal {
        match self {
            Task::Single(mode) => Literal::at_least(task, slot - mode.duration),
            Task::Multi(choice) => Literal::at_least(choice.finish, slot),
        }
    }

    /// The literal that it finishes by `slot`.
    #[inline]
    pub fn ends_by(&self, task: u32, slot: i32) -> Literal {
        match self {
            Task::Single(mode) => Literal::at_most(task, slot - mode.duration),
            Task::Multi(choice) => Literal::at_most(choice.finish, slot),
        }
    }

    /// Its earliest finish.
    #[inline]
    pub fn least_end(&self, task: u32, trail: &Trail) -> i32 {
        match self {
            Task::Single(mode) => trail.least(task) + mode.duration,
            Task::Multi(choice) => trail.least(choice.finish),
        }
    }

    /// Its latest finish.
    #[inline]
    pub fn most_end(&self, task: u32, trail: &Trail) -> i32 {
        match self {
            Task::Single(mode) => trail.most(task) + mode.duration,
            Task::Multi(choice) => trail.most(choice.finish),
        }
    }
}
