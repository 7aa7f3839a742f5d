//! The question behind conflicts and repairs: does a plan that keeps only some limits have a schedule?

use crate::effort::{Control, Limits};
use crate::error::Result;
use crate::network::compile;
use crate::plan::{Limit, Plan};
use crate::schedule::{Schedule, Status};
use crate::solve::{SolveOptions, is_impossible, solve};

/// What is known of a plan.
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

/// Passes for a first look, which finds a schedule where limits leave room, and for the whole question.
const FIRST_PASSES: u64 = 2;
const PASSES: u64 = 120;

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
        Oracle { plan, hard, all, seed, passes: control.effort().unwrap_or(PASSES), control }
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
    pub(super) fn plan_of(&self, kept: &[Limit]) -> Plan {
        let is_kept = |limit: &Limit| kept.binary_search(limit).is_ok();
        let dropped: Vec<Limit> = self.all.iter().copied().filter(|limit| !is_kept(limit)).collect();
        let hard: Vec<Limit> = self.hard.iter().copied().filter(is_kept).collect();
        self.plan.without(&dropped).with_hard(&hard)
    }

    /// The plan with every limit, some of them given up and some with more room.
    pub(super) fn plan_with(&self, dropped: &[Limit], relaxed: &[(Limit, i64)]) -> Plan {
        let mut plan = self.plan.clone();
        for &(limit, by) in relaxed {
            plan = plan.relaxed(limit, by);
        }
        let hard: Vec<Limit> = self.hard.iter().copied().filter(|limit| !dropped.contains(limit)).collect();
        plan.without(dropped).with_hard(&hard)
    }

    /// True if it shows without a search that these limits cannot be kept together.
    ///
    /// # Errors
    /// If the plan cannot be compiled for another reason.
    pub(super) fn refutes_at_once(&self, kept: &[Limit]) -> Result<bool> {
        match compile(&self.plan_of(kept)) {
            Ok(network) => Ok(is_impossible(&network)),
            Err(error) if error.is_infeasible() => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Whether a plan has a schedule.
    ///
    /// # Errors
    /// If it cannot be compiled for another reason than that.
    pub(super) fn judge(&self, plan: &Plan) -> Result<Verdict> {
        let network = match compile(plan) {
            Ok(network) => network,
            Err(error) if error.is_infeasible() => return Ok(Verdict::Impossible),
            Err(error) => return Err(error),
        };
        if is_impossible(&network) {
            return Ok(Verdict::Impossible);
        }
        for passes in [FIRST_PASSES, self.passes] {
            let control = self.control.anew(Limits { effort: Some(passes), time: None });
            let options = SolveOptions { seed: self.seed, ..SolveOptions::default() };
            // A schedule that the validator refuses is none.
            let Ok(outcome) = solve(plan, &network, &options, &control, &|_| {}) else { continue };
            match (outcome.status, outcome.schedule) {
                (Status::Infeasible, _) => return Ok(Verdict::Impossible),
                (_, Some(schedule)) => return Ok(Verdict::Possible(schedule)),
                _ => {}
            }
            if self.must_stop() {
                break;
            }
        }
        Ok(Verdict::Open)
    }
}
