//! The best schedule: portfolio of engines, bounds, status.

pub mod sgs;

use crate::effort::Control;
use crate::error::Result;
use crate::network::Network;
use crate::plan::Plan;
use crate::schedule::Outcome;
use crate::units::{Minutes, Moment};

/// What the user asks of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SolveOptions {
    /// Seed of every random choice.
    pub seed: u64,
    /// Dates by links, calendars and constraints alone, as if every resource were there in plenty.
    pub ignore_resources: bool,
}

/// What a running search tells the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Passes done.
    pub effort_spent: u64,
    /// Passes allowed, if that is what limits the run.
    pub effort_limit: Option<u64>,
    /// Finish of the best schedule so far.
    pub best: Option<Moment>,
    /// Makespan of the best schedule so far, in working time of the project calendar.
    pub makespan: Option<Minutes>,
    /// A moment before which the project provably cannot finish.
    pub lower_bound: Moment,
}

/// Schedules a plan.
///
/// The answer does not depend on the number of threads of the current rayon pool. Every schedule in it has passed
/// [`verify`](crate::schedule::verify).
///
/// # Arguments
/// `report` is called now and then, from any thread.
///
/// # Errors
/// [`Error::rejected_schedule`](crate::error::Error::rejected_schedule) if the validator refuses what the engine built
/// (a fault of this crate). An infeasible plan is an [`Outcome`], not an error.
pub fn solve(
    _plan: &Plan,
    _network: &Network,
    _options: &SolveOptions,
    _control: &Control,
    _report: &(dyn Fn(&Progress) + Sync),
) -> Result<Outcome> {
    todo!()
}
