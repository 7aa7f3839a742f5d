//! Questions to the solver: is the project in time with these people in these weeks?

use std::collections::BTreeSet;

use super::pool::{Pool, Spans};
use crate::effort::{Control, Limits};
use crate::error::Result;
use crate::network::{Network, compile};
use crate::plan::Plan;
use crate::schedule::{Measure, Objective, Outcome, Schedule, Status, tardiness};
use crate::solve::{FormerSchedule, SolveOptions, solve};
use crate::units::Moment;
use crate::waves::in_parallel;

/// What the solver says.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// A schedule in time, the weeks in which people work in it, and what these cost.
    Found(Box<(Schedule, Spans, i64)>),
    /// Proven: there is none.
    Impossible,
    Unknown,
}

/// A question.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// The weeks in which people may work.
    pub(super) spans: Spans,
    /// A schedule to start from.
    pub(super) start: Schedule,
    /// True if the schedule should be cheap, and not only in time.
    pub(super) is_thrifty: bool,
}

/// Asks, and remembers what is impossible.
pub(super) struct Inquiry<'a> {
    pub(super) plan: &'a Plan,
    pub(super) pool: &'a Pool,
    pub(super) until: Moment,
    /// True if deadlines of tasks are to be kept, too.
    pub(super) keeps_deadlines: bool,
    pub(super) seed: u64,
    pub(super) control: &'a Control,
    /// Passes for all questions, and for one.
    pub(super) effort: (u64, u64),
    pub(super) spent: u64,
    /// Weeks of people that are proven not to suffice.
    impossible: BTreeSet<Spans>,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(
        (plan, pool): (&'a Plan, &'a Pool),
        (until, keeps_deadlines): (Moment, bool),
        seed: u64,
        control: &'a Control,
        effort: (u64, u64),
    ) -> Inquiry<'a> {
        let impossible = BTreeSet::new();
        Inquiry { plan, pool, until, keeps_deadlines, seed, control, effort, spent: 0, impossible }
    }

    /// True if nothing more may be asked.
    pub(super) fn is_over(&self) -> bool {
        self.spent >= self.effort.0 || self.control.must_stop()
    }

    /// True if it is known that the project is not in time with people in these weeks: more were proven not to suffice.
    pub(super) fn is_impossible(&self, spans: &Spans) -> bool {
        let allows = |more: &Spans| {
            more.iter().zip(spans).all(|(more, less)| match (more, less) {
                (_, None) => true,
                (Some(more), Some(less)) => more.0 <= less.0 && less.1 <= more.1,
                (None, Some(_)) => false,
            })
        };
        self.impossible.iter().any(allows)
    }

    /// Asks several questions at once.
    pub(super) fn ask_all(&mut self, questions: &[Question]) -> Result<Vec<Reply>> {
        let replies = in_parallel(questions.len(), |at| self.ask(&questions[at]));
        let mut all = Vec::with_capacity(questions.len());
        for (question, reply) in questions.iter().zip(replies) {
            let (reply, passes) = reply?;
            // What is known without a search is not for nothing either.
            self.spent = self.spent.saturating_add(passes + 1 + self.effort.0.min(1 << 40) / MOST_QUESTIONS);
            if matches!(reply, Reply::Impossible) && !self.is_impossible(&question.spans) {
                self.impossible.insert(question.spans.clone());
            }
            all.push(reply);
        }
        Ok(all)
    }

    fn ask(&self, question: &Question) -> Result<(Reply, u64)> {
        if self.is_impossible(&question.spans) {
            return Ok((Reply::Impossible, 0));
        }
        let plan = self.pool.plan_with(self.plan, &question.spans);
        let mut network = match compile(&plan) {
            Ok(network) => network,
            Err(error) if error.is_infeasible() => return Ok((Reply::Impossible, 0)),
            Err(error) => return Err(error),
        };
        self.must_end(&mut network);
        let mut objectives = vec![Objective::Tardiness];
        if question.is_thrifty {
            objectives.push(Objective::Cost);
        }
        // What is cheap is never proven, and takes all that is allowed.
        let part = if question.is_thrifty { THRIFTY } else { 1 };
        let outcome = self.solved(&plan, &network, (objectives, self.effort.1 / part), &question.start)?;
        let passes = outcome.effort_spent;
        match self.judged(&outcome) {
            Reply::Unknown => {}
            reply => return Ok((reply, passes)),
        }
        // The bound of the finish may say what that of the tardiness does not.
        let outcome = self.solved(&plan, &network, (vec![Objective::Finish], self.effort.1 / part), &question.start)?;
        Ok((self.judged(&outcome), passes + outcome.effort_spent))
    }

    /// Nothing of the project may be later than the deadline.
    fn must_end(&self, network: &mut Network) {
        let end = network.axis.slot_at_or_before(self.until);
        let Network { latest_finish, finish_wishes, .. } = network;
        finish_wishes.retain(|&(node, _)| latest_finish[node as usize] <= end);
        latest_finish.iter_mut().for_each(|latest| *latest = end.min(*latest));
    }

    fn solved(
        &self,
        plan: &Plan,
        network: &Network,
        (objectives, effort): (Vec<Objective>, u64),
        start: &Schedule,
    ) -> Result<Outcome> {
        let start = Some(FormerSchedule::from(start));
        let options = SolveOptions { seed: self.seed, objectives, start, ..SolveOptions::default() };
        let control = self.control.anew(Limits { effort: Some(effort.max(4)), time: None });
        solve(plan, network, &options, &control, &|_| {})
    }

    fn judged(&self, outcome: &Outcome) -> Reply {
        let is_late = |bound: Option<Measure>| matches!(bound, Some(Measure::Tardiness(late)) if late > 1e-9);
        let late = outcome.goals.iter().find(|goal| goal.objective == Objective::Tardiness);
        let cannot = late.is_some_and(|goal| is_late(goal.bound));
        if outcome.status == Status::Infeasible || outcome.lower_bound > self.until || cannot {
            return Reply::Impossible;
        }
        let Some(schedule) = outcome.schedule.as_ref().filter(|schedule| self.is_in_time(schedule)) else {
            return Reply::Unknown;
        };
        let spans = self.pool.spans(self.plan, schedule);
        let cost = self.cost(schedule, &spans);
        Reply::Found(Box::new((schedule.clone(), spans, cost)))
    }

    /// True if a schedule keeps the deadline.
    pub(super) fn is_in_time(&self, schedule: &Schedule) -> bool {
        let is_kept = !self.keeps_deadlines || tardiness(self.plan, schedule) <= 0.0;
        is_kept && schedule.finish() <= Some(self.until)
    }

    /// What people cost in a schedule: their weeks, and what their uses cost.
    pub(super) fn cost(&self, schedule: &Schedule, spans: &Spans) -> i64 {
        let uses = match self.pool.is_by_weeks {
            true => 0,
            false => self.pool.people.iter().map(|one| super::cost_of_uses(self.plan, schedule, one.resource).0).sum(),
        };
        self.pool.cost(spans) + uses
    }
}

/// The part of a question's effort for one that is to be cheap.
const THRIFTY: u64 = 16;
/// Questions that are asked at most, however little each takes.
const MOST_QUESTIONS: u64 = 2_000;
