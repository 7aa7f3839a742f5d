//! The best schedule: engines, bounds, status.
//!
//! [`solve`] asks `bounds` whether a schedule can exist and what none can beat, lets `search` find schedules on the
//! machine of [`sgs`] that suits the network, and hands the best one to the validator before anybody sees it.

mod aims;
mod bounds;
mod cash;
mod handover;
mod late;
mod modes;
#[cfg(test)]
mod objective_tests;
mod outcome;
mod rules;
mod search;
pub mod sgs;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use crate::effort::Control;
use crate::error::Result;
use crate::network::{Network, Origin};
use crate::plan::Plan;
pub use crate::schedule::Objective;
use crate::schedule::Outcome;
use crate::units::Moment;
use aims::Score;
use bounds::{Bound, Conflict, Heads};
use outcome::Answer;
use search::{Context, Found, Member};
use sgs::{Broad, Deep, General, Narrow, Packed, Suit};

/// What the user asks of the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SolveOptions {
    /// Seed of every random choice.
    pub seed: u64,
    /// What to optimise, the most important first; deadlines, then the finish, if empty.
    pub objectives: Vec<Objective>,
    /// Dates by links, calendars and constraints alone, as if every resource and all money were there in plenty.
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
    /// A moment before which the project provably cannot finish.
    pub lower_bound: Moment,
}

/// Schedules a plan.
///
/// The answer does not depend on the number of threads of the current rayon pool, unless a clock ends the search. Every
/// schedule in it has passed [`verify`](crate::schedule::verify).
///
/// # Arguments
/// `control` limits the work: with neither an effort nor a time limit the engine chooses an effort by the plan's size.
/// `report` is called now and then.
///
/// # Errors
/// [`Error::rejected_schedule`](crate::error::Error::rejected_schedule) if the validator refuses what the engine built
/// (a fault of this crate). An infeasible plan is an [`Outcome`], not an error.
pub fn solve(
    plan: &Plan,
    network: &Network,
    options: &SolveOptions,
    control: &Control,
    report: &(dyn Fn(&Progress) + Sync),
) -> Result<Outcome> {
    if options.ignore_resources || network.is_empty() {
        return outcome::of_logic(plan, network);
    }
    let heads = match possible_heads(network) {
        Ok(heads) => heads,
        Err(conflict) => return Ok(outcome::infeasible(network, conflict.describe(plan, network))),
    };
    let path = heads.path();
    let effort = control.effort().unwrap_or_else(|| match control.has_time_limit() {
        true => u64::MAX,
        false => default_effort(network),
    });
    let context = Context::new(network, control, &options.objectives, path);
    let bound = std::cell::Cell::new(Bound { finish: path, reason: bounds::Reason::Path });
    let least = std::cell::RefCell::new(Vec::new());
    // The energy bound is worth computing once a first schedule says how far it could reach.
    let tighten = |score: &Score| {
        if least.borrow().is_empty() {
            bound.set(bounds::finish_bound(network, &heads, score.makespan));
            least.replace(context.aims.least_values(&heads, bound.get().finish));
        }
        let least = least.borrow();
        score.violation == 0 && least.iter().zip(&score.values).all(|(least, value)| value <= least)
    };
    let on_round = |best: &Member, effort_spent: u64| {
        let (lowest, makespan) = (bound.get().finish, best.score.makespan);
        report(&Progress {
            effort_spent,
            effort_limit: (effort != u64::MAX).then_some(effort),
            best: Some(network.axis.finish_moment(makespan)),
            lower_bound: network.axis.finish_moment(lowest),
        });
    };
    let found = run(&context, options.seed, effort, tighten, on_round);
    if let Some(best) = &found.best {
        tighten(&best.score);
    }
    // Nothing was found to begin with.
    if least.borrow().is_empty() {
        least.replace(context.aims.least_values(&heads, bound.get().finish));
    }
    let least = least.into_inner();
    Answer { plan, network, context: &context, found, bound: bound.get(), least }.outcome()
}

/// Why no schedule of a plan can exist, as far as that shows without a search: links against dates, work that never fits
/// into a calendar, materials and budgets that cannot suffice.
pub fn impossible_because(plan: &Plan, network: &Network) -> Option<String> {
    possible_heads(network).err().map(|conflict| conflict.describe(plan, network))
}

/// The earliest positions, unless no schedule can exist.
fn possible_heads(network: &Network) -> std::result::Result<Heads, Conflict> {
    let heads = bounds::heads(network)?;
    let path = heads.path();
    let conflict = bounds::total_conflict(network, path).or_else(|| bounds::overhead_conflict(network, path));
    conflict.map_or(Ok(heads), Err)
}

/// Runs the search on the machine that suits the network.
fn run(
    context: &Context<'_>,
    seed: u64,
    effort: u64,
    good_enough: impl Fn(&Score) -> bool,
    on_round: impl Fn(&Member, u64),
) -> Found {
    let network = context.network;
    macro_rules! on {
        ($machine:expr) => {
            search::search(context, || $machine, seed, effort, good_enough, on_round)
        };
    }
    match sgs::suits(network) {
        Some(Suit::Narrow) => on!(Packed::<Narrow>::new(network)),
        Some(Suit::Broad) => on!(Packed::<Broad>::new(network)),
        Some(Suit::Deep) => on!(Packed::<Deep>::new(network)),
        None => on!(General::new(network)),
    }
}

/// Passes over a plan when nobody says how many: about a second on two cores. Those of the general machine cost more.
fn default_effort(network: &Network) -> u64 {
    let nodes = if sgs::suits(network).is_some() { 1_500_000 } else { 400_000 };
    (nodes / network.len() as u64).clamp(2, 20_000)
}

/// A node in words.
fn node_name(plan: &Plan, network: &Network, node: u32) -> String {
    match network.origin[node as usize] {
        Origin::Task(task) => format!("task `{}`", plan.tasks()[task].id),
        Origin::SummaryStart(task) => format!("the start of summary `{}`", plan.tasks()[task].id),
        Origin::SummaryFinish(task) => format!("the finish of summary `{}`", plan.tasks()[task].id),
    }
}
