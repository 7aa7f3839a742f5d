//! Tasks: a start, a finish, and a choice of modes.
//!
//! The start of a task is the variable of its number. In a single mode its finish is its start and its duration; a task
//! with a choice of modes has a variable for its finish, and one for each mode that is 1 in the mode taken and 0 in others.

use super::literal::Literal;
use super::trail::Trail;

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
    /// Slots from start to finish.
    pub duration: i32,
    /// What is needed meanwhile; each resource once.
    pub needs: Vec<Need>,
    /// What is consumed of each total, each once.
    pub consumptions: Vec<(u32, i64)>,
}

impl Mode {
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
}

impl Choice {
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
