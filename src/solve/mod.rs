//! The best schedule: engines, bounds, status.
//!
//! [`solve`] asks `bounds` whether a schedule can exist and what none can beat, lets `search` find schedules on the
//! machine of [`sgs`] that suits the network, and hands the best one to the validator before anybody sees it.

mod aims;
mod bounds;
mod found_by;
mod handover;
mod late;
mod modes;
mod outcome;
mod rules;
mod search;
pub mod sgs;
mod start;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use crate::effort::Control;
use crate::error::Result;
use crate::network::{NEVER, Network, Origin};
use crate::plan::Plan;
use crate::schedule::{Outcome, Status};
use crate::units::{Minutes, Moment, Money};
pub use aims::Objective;
use aims::Score;
use bounds::{Bound, Conflict, Heads};
pub use found_by::{FoundBy, Scheme};
use outcome::Answer;
use search::{Context, Found, Member};
use sgs::{Broad, Deep, General, Narrow, Packed, Suit};
pub use start::FormerSchedule;

/// What the user asks of the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SolveOptions {
    /// Seed of every random choice.
    pub seed: u64,
    /// What to optimise, the most important first; deadlines, then the finish, if empty.
    pub objectives: Vec<Objective>,
    /// Dates by links, calendars and constraints alone, as if every resource and all money were there in plenty.
    pub ignore_resources: bool,
    /// A schedule to start from. The answer is never worse than it, if it is valid.
    pub start: Option<FormerSchedule>,
}

/// What a running search tells the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Passes done.
    pub effort_spent: u64,
    /// Passes allowed, if that is what limits the run.
    pub effort_limit: Option<u64>,
    /// The best schedule so far, if one keeps all hard limits.
    pub best: Option<Best>,
    /// A moment before which the project provably cannot finish.
    pub lower_bound: Moment,
}

/// The best schedule that a search has found so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Best {
    /// Its finish.
    pub finish: Moment,
    /// Time by which deadlines and "no later than" constraints are missed, without the pauses that all share; a task of twice
    /// the usual priority counts twice.
    pub tardiness: Minutes,
    /// What the project costs.
    pub cost: Money,
    /// What found it.
    pub found_by: FoundBy,
}

/// Schedules a plan.
///
/// The answer does not depend on the number of threads of the current rayon pool, unless a clock ends the search. Every
/// schedule in it has passed [`verify`](crate::schedule::verify).
///
/// # Arguments
/// `control` limits the work: with neither an effort nor a time limit the engine chooses an effort by the plan's size.
/// `report` is called when the search begins, as soon as there is a first schedule, and then after each round; with an
/// effort, always with the same values in the same order.
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
    let mut context = Context::new(network, control, &options.objectives, path);
    context.start = options.start.as_ref().map(|former| start::Start::new(plan, &context, former));
    let context = context;
    let bound = std::cell::Cell::new(Bound { finish: path, reason: bounds::Reason::Path });
    let bounded_for = std::cell::Cell::new(NEVER);
    // The energy bound is worth computing once a first schedule says how far it could reach.
    let tighten = |score: &Score| {
        if bounded_for.get() == NEVER {
            bounded_for.set(score.makespan);
            bound.set(bounds::finish_bound(network, &heads, score.makespan));
        }
    };
    let is_best = |score: &Score| {
        tighten(score);
        let least = context.aims.least_values(&heads, bound.get().finish);
        score.violation == 0 && least.iter().zip(&score.values).all(|(least, value)| value <= least)
    };
    let tell = |best: Option<&Member>, effort_spent: u64| {
        report(&Progress {
            effort_spent,
            effort_limit: (effort != u64::MAX).then_some(effort),
            best: best.filter(|best| best.score.violation == 0).map(|best| context.told(best)),
            lower_bound: network.axis.finish_moment(bound.get().finish),
        });
    };
    tell(None, 0);
    let on_round = |best: &Member, effort_spent: u64| {
        tighten(&best.score);
        tell(Some(best), effort_spent);
    };
    let found = run(&context, options.seed, effort, is_best, on_round);
    let status = match &found.best {
        Some(best) if is_best(&best.score) => Status::Optimal,
        Some(best) if best.score.violation == 0 => Status::Feasible,
        _ => Status::Unknown,
    };
    Answer { plan, network, context: &context, found, bound: bound.get(), status }.outcome()
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
