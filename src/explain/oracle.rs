//! The question behind conflicts and repairs: does a plan that keeps only some limits have a schedule?
//!
//! The project's deadline is asked about by its bound: whether a schedule can finish by then. Other wishes that are hard are
//! part of the plan ([`Plan::with_hard`]).

use crate::effort::{Control, Limits};
use crate::error::Result;
use crate::network::{Network, compile};
use crate::plan::{Limit, Plan};
use crate::schedule::{Objective, Schedule, Status};
use crate::solve::{SolveOptions, impossible_because, is_impossible, prove_bound, solve};
use crate::units::Moment;

/// What is known of a part of a plan.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// Proven: it has no schedule.
    Impossible,
    /// It has this one, which the validator has approved.
    Possible(Schedule),
    /// Neither has been found out within the effort.
    Open,
}

impl Verdict {
    pub(super) fn is_impossible(&self) -> bool {
        matches!(self, Verdict::Impossible)
    }
}

/// A plan with some limits alone.
#[derive(Clone, Debug)]
pub(super) struct Part {
    plan: Plan,
    /// When its schedules have to be finished, if they have to.
    deadline: Option<Moment>,
}

/// Passes for a first look, which finds a schedule where limits leave room.
const FIRST_PASSES: u64 = 2;
/// Tasks times passes for the whole question, and the passes that this comes to at least and at most.
const TASK_PASSES: u64 = 100_000;
const LEAST_PASSES: u64 = 10;
const MOST_PASSES: u64 = 2_000;

/// Answers for parts of one plan.
pub(super) struct Oracle<'a> {
    plan: &'a Plan,
    /// Wishes that are hard.
    hard: Vec<Limit>,
    /// Every limit of the plan, hard wishes included.
    all: Vec<Limit>,
    seed: u64,
    passes: u64,
    control: &'a Control,
}

impl<'a> Oracle<'a> {
    /// Prepares to ask about a plan.
    ///
    /// # Arguments
    /// `hard` are wishes that count as limits.
    pub(super) fn new(plan: &'a Plan, hard: Vec<Limit>, seed: u64, control: &'a Control) -> Oracle<'a> {
        let mut all = plan.limits();
        all.extend(&hard);
        all.sort_unstable();
        let passes = (TASK_PASSES / plan.tasks().len().max(1) as u64).clamp(LEAST_PASSES, MOST_PASSES);
        Oracle { plan, hard, all, seed, passes: control.effort().unwrap_or(passes), control }
    }

    pub(super) fn plan(&self) -> &'a Plan {
        self.plan
    }

    pub(super) fn all(&self) -> &[Limit] {
        &self.all
    }

    /// Counts the project's own hours as a limit too.
    pub(super) fn add_project_hours(&mut self) {
        self.all.push(Limit::Calendar(self.plan.project().calendar));
    }

    pub(super) fn must_stop(&self) -> bool {
        self.control.must_stop()
    }

    /// The plan with none but these limits, which are sorted.
    pub(super) fn keeping(&self, kept: &[Limit]) -> Part {
        let is_dropped = |limit: &&Limit| kept.binary_search(limit).is_err();
        let dropped: Vec<Limit> = self.all.iter().filter(is_dropped).copied().collect();
        self.with(&dropped, &[])
    }

    /// The plan with every limit, some of them given up and some with more room.
    pub(super) fn with(&self, dropped: &[Limit], relaxed: &[(Limit, i64)]) -> Part {
        let roomy = relaxed.iter().fold(self.plan.clone(), |plan, &(limit, by)| plan.relaxed(limit, by));
        let mut hard: Vec<Limit> = self.hard.iter().copied().filter(|limit| !dropped.contains(limit)).collect();
        let deadline = roomy.project().deadline.filter(|_| hard.contains(&Limit::ProjectDeadline));
        // What is asked for after the project's deadline follows from that, and its milestone would come after it.
        hard.retain(|&wish| deadline.is_none_or(|deadline| roomy.wish_date(wish).is_none_or(|date| date < deadline)));
        Part { plan: roomy.without(dropped).with_hard(&hard), deadline }
    }

    /// True if it shows without a search that a part has no schedule.
    ///
    /// # Errors
    /// If it cannot be compiled for another reason than that.
    pub(super) fn refutes_at_once(&self, part: &Part) -> Result<bool> {
        match compile(&part.plan) {
            Ok(network) => Ok(part.is_impossible(&network)),
            Err(error) if error.is_infeasible() => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Why a part has no schedule, if that shows without a search.
    ///
    /// # Errors
    /// If it cannot be compiled for another reason than that.
    pub(super) fn reason(&self, part: &Part) -> Result<Option<String>> {
        match compile(&part.plan) {
            Ok(network) => Ok(impossible_because(&part.plan, &network)),
            Err(error) if error.is_infeasible() => Ok(Some(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Whether a part has a schedule.
    ///
    /// # Errors
    /// If it cannot be compiled for another reason than that.
    pub(super) fn judge(&self, part: &Part) -> Result<Verdict> {
        let network = match compile(&part.plan) {
            Ok(network) => network,
            Err(error) if error.is_infeasible() => return Ok(Verdict::Impossible),
            Err(error) => return Err(error),
        };
        if part.is_impossible(&network) {
            return Ok(Verdict::Impossible);
        }
        for passes in [FIRST_PASSES, self.passes] {
            let control = self.control.anew(Limits { effort: Some(passes), time: None });
            let objectives = part.deadline.map(|_| Objective::Finish).into_iter().collect();
            let options = SolveOptions { seed: self.seed, objectives, ..SolveOptions::default() };
            // A schedule that the validator refuses is none.
            let Ok(outcome) = solve(&part.plan, &network, &options, &control, &|_| {}) else { continue };
            let is_late = |finish: Moment| part.deadline.is_some_and(|deadline| finish > deadline);
            if outcome.status == Status::Infeasible || is_late(outcome.lower_bound) {
                return Ok(Verdict::Impossible);
            }
            if let Some(schedule) = outcome.schedule.filter(|schedule| !schedule.finish().is_some_and(is_late)) {
                return Ok(Verdict::Possible(schedule));
            }
            if self.must_stop() {
                break;
            }
        }
        Ok(Verdict::Open)
    }
}

impl Part {
    fn is_impossible(&self, network: &Network) -> bool {
        let is_late = |deadline: Moment| prove_bound(network, deadline).is_none_or(|bound| bound.finish > deadline);
        is_impossible(network) || self.deadline.is_some_and(is_late)
    }
}
