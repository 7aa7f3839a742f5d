//! The best schedule: engines, bounds, status.
//!
//! [`solve`] asks `bounds` whether a schedule can exist and what none can beat, lets `search` find schedules on the
//! machine of [`sgs`] that suits the network while `exact` raises the bound and finds what is hard to find, and hands the
//! best one to the validator before anybody sees it.

mod aims;
mod bounds;
mod cash;
mod distances;
mod exact;
mod found_by;
mod handover;
mod idea;
mod late;
mod modes;
#[cfg(test)]
mod objective_tests;
mod outcome;
mod posting;
mod proving;
mod reasons;
mod refusal;
mod rules;
mod search;
pub mod sgs;
#[cfg(test)]
mod staffing_tests;
mod standing;
mod start;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod weekly_tests;

use std::io::Write;

use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::{Network, TotalOrigin};
use crate::plan::Plan;
use crate::proof::Claim;
pub use crate::schedule::Objective;
use crate::schedule::{
    Goal, Measure, Outcome, Status, gap, has_value, leading_goal, net_present_value, place, project_cost, tardiness,
};
use crate::units::{Moment, Money};
use bounds::{Conflict, Heads};
use distances::Distances;
pub use found_by::{FoundBy, Scheme};
pub use handover::{PartialOrder, partial_order};
use outcome::Answer;
pub use reasons::{BoundReason, PathStep, ProvenBound, ResourceWindow, names, prove_bound};
use search::{Context, Found, Member, Watch};
use sgs::{Broad, Deep, General, Narrow, Packed, Suit, Wide, Widest};
use standing::Standing;
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
    /// A schedule to start from. The answer is never worse than it in the objectives, if it is valid.
    pub start: Option<FormerSchedule>,
}

/// What a running search tells the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Passes done.
    pub effort_spent: u64,
    /// Passes allowed, if that is what limits the run.
    pub effort_limit: Option<u64>,
    /// The best schedule so far, if one keeps all hard limits.
    pub best: Option<Best>,
    /// A moment before which the project provably cannot finish.
    pub lower_bound: Moment,
    /// The most important objective for which a gap says something, as in
    /// [`Outcome::leading_goal`](crate::schedule::Outcome::leading_goal).
    pub leading_goal: Option<Goal>,
}

/// The best schedule that a search has found so far, before tasks that are to be as late as possible are moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Best {
    /// Its finish.
    pub finish: Moment,
    /// By how much deadlines and "no later than" constraints are missed, as in [`tardiness`].
    pub tardiness: f64,
    /// What the project costs.
    pub cost: Money,
    /// Its net present value; none if nobody asked for it and the plan has neither payments nor a discount rate.
    pub npv: Option<Money>,
    /// By how many percent of its bound the leading objective is away from it, as in [`gap`].
    pub gap: Option<f64>,
    /// What found it.
    pub found_by: FoundBy,
}

impl Best {
    /// The value of an objective; none of the net present value where it says nothing.
    pub fn measure(&self, objective: Objective) -> Option<Measure> {
        match objective {
            Objective::Finish => Some(Measure::Finish(self.finish)),
            Objective::Tardiness => Some(Measure::Tardiness(self.tardiness)),
            Objective::Cost => Some(Measure::Money(self.cost)),
            Objective::NetPresentValue => self.npv.map(Measure::Money),
        }
    }

    fn new(plan: &Plan, network: &Network, member: &Member, goals: &[Goal]) -> Best {
        let schedule = place(plan, network, &member.starts, &member.modes);
        Best {
            finish: network.axis.finish_moment(member.score.makespan),
            tardiness: tardiness(plan, &schedule),
            cost: project_cost(plan, &schedule).total(),
            npv: has_value(plan, goals).then(|| net_present_value(plan, &schedule)),
            gap: leading_goal(goals).and_then(|goal| gap(plan, &schedule, goal)),
            found_by: member.found_by,
        }
    }
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
    let (outcome, _) = solve_with_best(plan, network, options, control, report)?;
    // A choice of people that was not listed is none that the search could come back to.
    // A cap on costs is the network's alone: the plan that would approve of the schedule does not know it.
    let is_whole_plan = network.totals.iter().all(|total| total.origin != TotalOrigin::Cost);
    let former = options.start.as_ref().filter(|_| is_whole_plan && !options.ignore_resources);
    let kept = former.and_then(|former| former.kept(plan));
    match kept.filter(|kept| outcome::is_better(plan, kept, &outcome)) {
        Some(kept) => outcome.with_schedule(plan, network, kept),
        None => Ok(outcome),
    }
}

/// Schedules a plan as [`solve`] does, and writes a proof of what it says is best, or of there being no schedule, for
/// [`proof::check`](crate::proof::check).
///
/// # Arguments
/// `proof` takes the lines; what it has been given is of no use if none is finished.
///
/// # Returns
/// The outcome, and the number of nogoods of the proof or why there is none.
///
/// # Errors
/// As [`solve`]; [`Error::is_io`](crate::error::Error::is_io) if the proof cannot be written.
pub fn solve_with_proof(
    plan: &Plan,
    network: &Network,
    options: &SolveOptions,
    control: &Control,
    report: &(dyn Fn(&Progress) + Sync),
    proof: &mut dyn Write,
) -> Result<(Outcome, std::result::Result<u32, &'static str>)> {
    let (outcome, best) = solve_with_best(plan, network, options, control, report)?;
    let bound = network.axis.slot_at_or_before(outcome.lower_bound);
    let claim = match outcome.status {
        Status::Infeasible => Claim::None,
        _ => Claim::Finish(if options.ignore_resources { 0 } else { bound }),
    };
    let written = proving::write(plan, network, (claim, best.as_ref()), control, proof);
    written.map(|written| (outcome, written)).map_err(|source| Error::io("write", "the proof", source))
}

/// Schedules a plan and hands out the best member that was found too.
fn solve_with_best(
    plan: &Plan,
    network: &Network,
    options: &SolveOptions,
    control: &Control,
    report: &(dyn Fn(&Progress) + Sync),
) -> Result<(Outcome, Option<Member>)> {
    if options.ignore_resources || network.is_empty() {
        return Ok((outcome::of_logic(plan, network)?, None));
    }
    let (heads, distances) = match possible_heads(network) {
        Ok(possible) => possible,
        Err(conflict) => {
            let message = because(plan, network, &conflict, &|| control.must_stop());
            return Ok((outcome::infeasible(network, message), None));
        }
    };
    let path = heads.path();
    let effort = control.effort().unwrap_or_else(|| match control.has_time_limit() {
        true => u64::MAX,
        false => default_effort(network),
    });
    let mut context = Context::new(network, control, &options.objectives, path).with_distances(distances);
    context.start = options.start.as_ref().map(|former| start::Start::new(plan, &context, former));
    let context = context;
    let standing = Standing::new(plan, &context, &heads, (effort != u64::MAX).then_some(effort), report);
    standing.tell(None, 0);
    let found = run(&context, options.seed, effort, &standing);
    let (bound, least) = standing.proven();
    let best = found.best.clone();
    let beyond = found.beyond.as_ref().map(|beyond| beyond.schedule(plan, network));
    let outcome = Answer { plan, network, context: &context, found, bound, least }.outcome()?;
    match beyond.filter(|beyond| outcome::is_better(plan, beyond, &outcome)) {
        Some(beyond) => Ok((outcome.with_schedule(plan, network, beyond)?, None)),
        None => Ok((outcome, best)),
    }
}

/// Why no schedule of a plan can exist, as far as that shows without a search: links against dates, work that never fits
/// into a calendar, materials and budgets that cannot suffice.
pub fn impossible_because(plan: &Plan, network: &Network) -> Option<String> {
    possible_heads(network).err().map(|conflict| because(plan, network, &conflict, &|| false))
}

/// True if it shows without a search that a network has no schedule: as [`impossible_because`] would say, or because exact
/// dates leave a resource too little time for its work.
pub fn is_impossible(network: &Network) -> bool {
    match possible_heads(network) {
        Ok((heads, _)) => bounds::overloaded_by_dates(&network.relaxed(), &heads),
        Err(_) => true,
    }
}

/// When a node can be worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// It starts no earlier.
    pub early_start: Moment,
    /// It finishes no earlier.
    pub early_finish: Moment,
    /// It starts no later.
    pub late_start: Moment,
    /// It finishes no later.
    pub late_finish: Moment,
}

/// The window of each node in every schedule that finishes by a moment, as far as links, calendars and dates say; none if no
/// schedule can exist. Resources and money are left aside.
pub fn windows(network: &Network, until: Moment) -> Option<Vec<Window>> {
    let (heads, _) = possible_heads(network).ok()?;
    let tails = bounds::tails(&network.relaxed(), network.axis.slot_at_or_before(until));
    let axis = &network.axis;
    let window = |node: usize| Window {
        early_start: axis.start_moment(heads.start[node]),
        early_finish: axis.finish_moment(heads.finish[node]),
        late_start: axis.start_moment(tails.start[node]),
        late_finish: axis.finish_moment(tails.finish[node]),
    };
    Some((0..network.len()).map(window).collect())
}

/// A conflict in words: all that takes part in it, where more than one thing does and that can be found out.
fn because(plan: &Plan, network: &Network, conflict: &Conflict, must_stop: &dyn Fn() -> bool) -> String {
    let has_parts = matches!(conflict, Conflict::MaximalLag(_) | Conflict::Overlap(_));
    let parts = has_parts.then(|| refusal::refusal(plan, network, must_stop)).flatten();
    parts.unwrap_or_else(|| conflict.describe(plan, network))
}

/// The earliest positions, and the distances that maximal lags add to them, unless no schedule can exist.
fn possible_heads(network: &Network) -> std::result::Result<(Heads, Option<Distances>), Conflict> {
    let certain = network.relaxed();
    let mut heads = bounds::heads(&certain)?;
    // What the distances say holds for the ways listed.
    let distances = match network.left_out.is_empty() {
        true => Distances::new(network)?,
        false => Distances::new(network).unwrap_or_default(),
    };
    if let Some(distances) = distances.as_ref().filter(|_| network.left_out.is_empty()) {
        distances.raise(&mut heads);
    }
    let path = heads.path();
    let conflict = bounds::total_conflict(&certain, path).or_else(|| bounds::overhead_conflict(&certain, path));
    conflict.map_or(Ok((heads, distances)), Err)
}

/// Runs the search on the machine that suits the network.
fn run(context: &Context<'_>, seed: u64, effort: u64, watch: &impl Watch) -> Found {
    let network = context.network;
    macro_rules! on {
        ($machine:expr) => {
            search::search(context, || $machine, seed, effort, watch)
        };
    }
    match sgs::suits(network) {
        Some(Suit::Narrow) => on!(Packed::<Narrow>::new(network)),
        Some(Suit::Broad) => on!(Packed::<Broad>::new(network)),
        Some(Suit::Deep) => on!(Packed::<Deep>::new(network)),
        Some(Suit::Wide) => on!(Packed::<Wide>::new(network)),
        Some(Suit::Widest) => on!(Packed::<Widest>::new(network)),
        None => on!(General::new(network)),
    }
}

/// Passes over a plan when nobody says how many: about a second on two cores. Those of the general machine cost more.
fn default_effort(network: &Network) -> u64 {
    let nodes = if sgs::suits(network).is_some() { 1_500_000 } else { 400_000 };
    (nodes / network.len() as u64).clamp(2, 20_000)
}
