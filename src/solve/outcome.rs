//! From what the engines found to the answer: civil time, dates and floats, the validator's word, and a message.

use std::borrow::Cow;

use super::bounds::{Bound, Reason};
use super::handover::PartialOrder;
use super::reasons::{names, resources_of};
use super::search::{Context, Found, Member, exact_date_violation};
use super::sgs::{General, Machine};
use super::{bounds, handover, late, refusal};
use crate::cpm::{self, Basis};
use crate::error::{Error, Findings, Result, Severity};
use crate::index::IdVec;
use crate::network::{Network, TotalOrigin};
use crate::plan::Plan;
use crate::schedule::{
    Goal, Measure, Objective, Outcome, Schedule, Status, measure, place, values, verify, verify_dates,
};

/// An answer in the making.
pub struct Answer<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its network.
    pub network: &'a Network,
    /// What the search worked on.
    pub context: &'a Context<'a>,
    /// What it found.
    pub found: Found,
    /// The proven bound.
    pub bound: Bound,
    /// Values of the objectives asked for that no schedule beats.
    pub least: Vec<i64>,
}

impl Outcome {
    /// The outcome with another schedule of the plan, which the validator approves.
    ///
    /// # Errors
    /// If the validator refuses it.
    pub fn with_schedule(self, plan: &Plan, network: &Network, schedule: Schedule) -> Result<Outcome> {
        let message = approve(verify(plan, &schedule))?;
        let PartialOrder { modes, starts, handovers } = handover::partial_order(network, &schedule);
        let basis = Basis::Scheduled { starts: &starts, handovers: &handovers };
        let dates = cpm::analyse(plan, network, &modes, basis);
        let value = |schedule: &Schedule, goal: &Goal| measure(plan, schedule, goal.objective);
        let is_as_good =
            |goal: &Goal| self.schedule.as_ref().is_some_and(|before| value(before, goal) == value(&schedule, goal));
        let reaches_bound = |goal: &Goal| goal.bound.is_some_and(|bound| value(&schedule, goal) == Some(bound));
        let is_proven = |goal: &Goal| goal.is_proven && is_as_good(goal) || reaches_bound(goal);
        let goals: Vec<Goal> = self.goals.iter().map(|goal| Goal { is_proven: is_proven(goal), ..*goal }).collect();
        let status = if goals.iter().all(|goal| goal.is_proven) { Status::Optimal } else { Status::Feasible };
        Ok(Outcome { status, schedule: Some(schedule), dates, goals, message, ..self })
    }
}

/// True if a schedule serves what was asked for better than that of an outcome.
pub(super) fn is_better(plan: &Plan, schedule: &Schedule, than: &Outcome) -> bool {
    let Some(before) = &than.schedule else { return than.status != Status::Infeasible };
    let objectives: Vec<Objective> = than.goals.iter().map(|goal| goal.objective).collect();
    let values = |schedule: &Schedule| values(plan, schedule, &objectives);
    values(schedule).zip(values(before)).is_some_and(|(one, other)| one < other)
}

impl Answer<'_> {
    /// The outcome, its schedule approved by the validator.
    pub fn outcome(self) -> Result<Outcome> {
        let mut outcome = Outcome {
            status: Status::Unknown,
            schedule: None,
            dates: IdVec::new(),
            lower_bound: self.network.axis.finish_moment(self.bound.finish),
            bound_reason: self.bound_reason(),
            goals: self.context.aims.goals(&self.least, None),
            effort_spent: self.found.effort_spent,
            stopped: self.found.stopped,
            message: String::new(),
        };
        if self.found.is_infeasible {
            outcome.status = Status::Infeasible;
            let parts = refusal::refusal(self.plan, self.network, &|| self.context.control.must_stop());
            outcome.message = parts.unwrap_or_else(|| {
                "no schedule keeps to all links, lags, dates, resources and totals: a search through all of them has \
                 found none"
                    .to_owned()
            });
            return Ok(outcome);
        }
        let Some(best) = &self.found.best else {
            outcome.message = self.stuck();
            return Ok(outcome);
        };
        if best.score.violation > 0 {
            outcome.message = self.broken(best);
            return Ok(outcome);
        }
        let best = late::delayed(self.context, best);
        outcome.goals = self.context.aims.goals(&self.least, Some(&best.score));
        let is_proven = outcome.goals.iter().all(|goal| goal.is_proven);
        outcome.status = if is_proven { Status::Optimal } else { Status::Feasible };
        let schedule = place(self.plan, self.network, &best.starts, &best.modes);
        let mut remarks: Vec<String> = self.remarks().into_iter().map(str::to_owned).collect();
        remarks.push(approve(verify(self.plan, &schedule))?);
        outcome.message = remarks.into_iter().filter(|remark| !remark.is_empty()).collect::<Vec<_>>().join("; ");
        let handovers = handover::handovers(self.network, &best.modes, &best.starts, &best.finishes);
        let basis = Basis::Scheduled { starts: &best.starts, handovers: &handovers };
        outcome.dates = cpm::analyse(self.plan, self.network, &best.modes, basis);
        outcome.schedule = Some(schedule);
        Ok(outcome)
    }

    /// What makes an objective mean something else than the user may think.
    fn remarks(&self) -> Vec<&'static str> {
        let cash = &self.network.cash;
        if !self.context.aims.asks_for(Objective::NetPresentValue) {
            return Vec::new();
        }
        let mut remarks = Vec::new();
        if cash.force == 0.0 {
            remarks.push("npv: project.csv has no discount_rate, so money counts the same whenever it flows");
        }
        if cash.payments.iter().all(|&payment| payment <= 0) {
            remarks.push("npv: no task brings a payment, so the value only rises as work waits");
        }
        remarks
    }

    fn bound_reason(&self) -> String {
        match self.bound.reason {
            Reason::Path => "the longest path of links, calendars and dates".to_owned(),
            Reason::Energy(resource) => {
                let is_pool = resource as usize >= self.network.renewables.len();
                let network = if is_pool { self.network.pooled() } else { Cow::Borrowed(self.network) };
                let resources = resources_of(&network, resource);
                match &resources[..] {
                    [only] => format!("the work of resource `{}`", self.plan.resources()[*only].id),
                    several => format!("the work that only {} can do", names(self.plan, several)),
                }
            }
            Reason::Search => "a search through all schedules that finish earlier".to_owned(),
        }
    }

    fn stuck(&self) -> String {
        let Some(node) = self.found.stuck else { return "stopped before a first schedule was found".to_owned() };
        let name = self.network.node_name(self.plan, node);
        let position = self.network.modes.range(node as usize).start;
        let what = match (self.network.spendings.row(position).first(), self.weekly_limit(position)) {
            (Some(spending), _) => {
                let budget = &self.plan.budgets()[self.network.caps[spending.cap as usize].budget];
                format!("the resources and the caps on its cost (such as budget `{}`)", budget.id)
            }
            (None, Some(limited)) => format!("its resources and the hours that `{limited}` may work in a week"),
            (None, None) => "its resources".to_owned(),
        };
        format!("no schedule found: {name} finds no time at which {what} leave room for it")
    }

    /// A resource of a mode position whose work in a week is limited.
    fn weekly_limit(&self, position: usize) -> Option<&str> {
        let limits = &self.network.weekly_limits;
        let is_limited = |resource: u32| limits.iter().any(|limit| limit.resource == resource);
        let limited = self.network.demands.row(position).iter().find(|demand| is_limited(demand.resource))?;
        let resource = self.network.renewables[limited.resource as usize].resource;
        Some(&self.plan.resources()[resource].id)
    }

    /// The period cap that a member breaks, if any.
    fn broken_cap(&self, member: &Member) -> Option<usize> {
        let mut machine = General::new(self.network);
        machine.reset(&member.modes);
        member.order.iter().for_each(|&node| machine.place(node, member.starts[node as usize]));
        machine.broken_cap(member.score.makespan)
    }

    /// Which hard limit the best attempt still breaks.
    fn broken(&self, best: &Member) -> String {
        let (plan, network) = (self.plan, self.network);
        let modes = &best.modes;
        for (index, total) in network.totals.iter().enumerate() {
            let rows = modes.iter().flat_map(|&position| network.consumptions.row(position as usize));
            let used: i64 = rows.filter(|row| row.total as usize == index).map(|row| row.amount).sum();
            let overhead = network.overhead.filter(|_| total.with_overhead);
            let overhead = overhead.map_or(0, |overhead| network.overhead_until(&overhead, best.score.makespan));
            if used + overhead > total.capacity {
                let name = match total.origin {
                    TotalOrigin::Material(resource) => format!("material `{}`", plan.resources()[resource].id),
                    TotalOrigin::Budget(budget) => format!("budget `{}`", plan.budgets()[budget].id),
                    TotalOrigin::Rule(rule) => plan.rule_name(rule),
                    TotalOrigin::Cost => "the cap on what all tasks cost".to_owned(),
                };
                return format!("no schedule found that keeps within {name}");
            }
        }
        if let Some(cap) = self.broken_cap(best) {
            let budget = &plan.budgets()[network.caps[cap].budget];
            return format!("no schedule found that keeps within budget `{}`, overhead included", budget.id);
        }
        for node in 0..network.len() as u32 {
            if network.has_exact_date(node)
                && exact_date_violation(network, modes, &best.starts, &best.finishes, node) > 0
            {
                let name = network.node_name(plan, node);
                return format!(
                    "no schedule found in which what comes before {name} is done in time for its must-date"
                );
            }
        }
        match network.maximal_lags.first() {
            Some(lag) => {
                let (from, to) = (network.node_name(plan, lag.predecessor), network.node_name(plan, lag.successor));
                format!("no schedule found that keeps every max_lag (such as the one from {from} to {to})")
            }
            None => {
                let what = match self.network.weekly_limits.is_empty() {
                    true => "resource or budget at the same time",
                    false => "resource, hours of a week or budget at the same time",
                };
                format!("no schedule found: tasks with must-dates need the same {what}")
            }
        }
    }
}

/// The outcome of a plan that has no schedule.
pub fn infeasible(network: &Network, message: String) -> Outcome {
    Outcome::infeasible(network.axis.start_moment(0), message)
}

/// Plain CPM dates: optimal by definition, and not a promise that resources or money suffice. Must-dates stand even
/// against links, which shows as negative float and in the message.
pub fn of_logic(plan: &Plan, network: &Network) -> Result<Outcome> {
    let modes = cpm::quickest_modes(network);
    let Some(early) = cpm::planned_dates(plan, network, &modes) else {
        let reason = conflict(plan, network);
        return Ok(infeasible(
            network,
            reason.unwrap_or_else(|| "a task's work never fits into its calendar".to_owned()),
        ));
    };
    let schedule = place(plan, network, &early.start, &modes);
    let (findings, dates) =
        rayon::join(|| verify_dates(plan, &schedule), || cpm::analyse(plan, network, &modes, Basis::Logic));
    if findings.has_errors()
        && let Some(reason) = conflict(plan, network)
    {
        return Ok(infeasible(network, reason));
    }
    let message = approve(findings)?;
    // Somebody who is quicker may have been left out.
    let has_all = network.left_out.is_empty();
    let least =
        if has_all { early.project_finish } else { bounds::heads(&network.relaxed()).map_or(0, |heads| heads.path()) };
    Ok(Outcome {
        status: if has_all { Status::Optimal } else { Status::Feasible },
        lower_bound: network.axis.finish_moment(least),
        bound_reason: "the longest path of links, calendars and dates".to_owned(),
        goals: vec![Goal {
            objective: Objective::Finish,
            bound: Some(Measure::Finish(network.axis.finish_moment(least))),
            is_proven: has_all,
        }],
        dates,
        schedule: Some(schedule),
        effort_spent: 1,
        stopped: None,
        message,
    })
}

/// Which links and dates contradict each other, if any do.
fn conflict(plan: &Plan, network: &Network) -> Option<String> {
    bounds::heads(&network.relaxed()).err().map(|conflict| conflict.describe(plan, network))
}

/// Lets no schedule pass that the validator found fault with.
///
/// # Returns
/// What the user should know: the wishes that are not met.
fn approve(findings: Findings) -> Result<String> {
    if findings.has_errors() {
        return Err(Error::rejected_schedule(findings));
    }
    let wishes: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| finding.text.as_str())
        .collect();
    Ok(wishes.join("; "))
}
