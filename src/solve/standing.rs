//! Where a search stands: the best schedule, what none can beat, and what the user hears of both.

use std::cell::{Cell, RefCell};

use super::aims::Score;
use super::bounds::{self, Bound, Heads, Reason};
use super::exact::Prover;
use super::idea::idea;
use super::search::{Context, Member, Watch};
use super::{Best, Progress, sgs};
use crate::network::{HORIZON_LIMIT, Slot};
use crate::plan::Plan;
use crate::schedule::{Objective, leading_goal};

/// Where a search stands.
pub struct Standing<'a> {
    plan: &'a Plan,
    context: &'a Context<'a>,
    heads: &'a Heads,
    effort_limit: Option<u64>,
    report: &'a (dyn Fn(&Progress) + Sync),
    bound: Cell<Bound>,
    /// Values of the objectives asked for that no schedule beats.
    least: RefCell<Vec<i64>>,
    is_tight: Cell<bool>,
    /// Only what is new is put into civil time.
    told: RefCell<Option<(Score, Bound, Best)>>,
}

impl<'a> Standing<'a> {
    /// Where the search stands before it begins.
    pub fn new(
        plan: &'a Plan,
        context: &'a Context<'a>,
        heads: &'a Heads,
        effort_limit: Option<u64>,
        report: &'a (dyn Fn(&Progress) + Sync),
    ) -> Standing<'a> {
        let path = heads.path();
        Standing {
            plan,
            context,
            heads,
            effort_limit,
            report,
            bound: Cell::new(Bound { finish: path, reason: Reason::Path }),
            least: RefCell::new(context.aims.least_values(heads, path)),
            is_tight: Cell::new(false),
            told: RefCell::default(),
        }
    }

    /// Tells the user of the best schedule.
    pub fn tell(&self, best: Option<&Member>, effort_spent: u64) {
        let (plan, network) = (self.plan, self.context.network);
        let best = best.filter(|best| best.score.violation == 0);
        let goals = self.context.aims.goals(&self.least.borrow(), best.map(|best| &best.score));
        let bound = self.bound.get();
        let is_new = |best: &&Member| self.told.borrow().is_none_or(|told| (told.0, told.1) != (best.score, bound));
        if let Some(best) = best.filter(is_new) {
            self.told.replace(Some((best.score, bound, Best::new(plan, network, best, &goals))));
        }
        (self.report)(&Progress {
            effort_spent,
            effort_limit: self.effort_limit,
            best: best.and(self.told.borrow().map(|(.., best)| best)),
            lower_bound: network.axis.finish_moment(bound.finish),
            leading_goal: leading_goal(&goals).copied(),
        });
    }

    /// What is proven: the bound, and values of the objectives that no schedule beats.
    pub fn proven(self) -> (Bound, Vec<i64>) {
        (self.bound.get(), self.least.into_inner())
    }

    fn set(&self, bound: Bound) {
        self.bound.set(bound);
        self.least.replace(self.context.aims.least_values(self.heads, bound.finish));
    }

    /// The energy bound is worth computing once a first schedule says how far it could reach.
    fn tighten(&self, score: &Score) {
        if !self.is_tight.replace(true) {
            self.set(bounds::finish_bound(&self.context.network.pooled(), self.heads, score.makespan));
        }
    }
}

impl Watch for Standing<'_> {
    fn is_best(&self, score: &Score) -> bool {
        self.tighten(score);
        score.violation == 0 && self.least.borrow().iter().zip(&score.values).all(|(least, value)| value <= least)
    }

    fn is_shortest(&self, makespan: Slot) -> bool {
        self.context.aims.is_finish_alone() && makespan <= self.bound.get().finish
    }

    fn on_round(&self, best: &Member, effort_spent: u64) {
        self.tighten(&best.score);
        self.tell(Some(best), effort_spent);
    }

    fn prover(&self, best: Option<&Member>) -> Option<Prover<'_>> {
        let (network, aims) = (self.context.network, &self.context.aims);
        let best = best.filter(|best| best.score.violation == 0);
        let improves = aims.leader() == Some(Objective::Finish);
        let most =
            best.map_or_else(|| sgs::longest(network).min(HORIZON_LIMIT.into()) as Slot, |best| best.score.makespan);
        let dates = best.map(|best| (&*best.starts, &*best.modes));
        let bound = self.bound.get().finish;
        let mut prover = Prover::new(network, self.heads, (bound, most), dates, improves)?;
        if let (true, Some(starts)) = (prover.is_exact(), idea(prover.certain(), self.context.control, bound)) {
            prover.imagine(&starts);
        }
        Some(prover)
    }

    fn on_bound(&self, bound: Slot) {
        if bound > self.bound.get().finish {
            self.set(Bound { finish: bound, reason: Reason::Search });
        }
    }
}
