//! A team from a pool: which people, in which weeks, keep the deadline at least cost.
//!
//! People are paid by whole weeks, from the first to the last one in which the schedule gives them work. That makes
//! this another question than that for capacities ([`invest`](crate::level::invest)), which pays for peaks: here work
//! is to be crowded into few weeks of few people. It is a kind of the resource renting problem, where a unit costs for
//! as long as it is held: Nübel, "The resource renting problem subject to temporal constraints", OR Spektrum 23 (2001);
//! here each unit is somebody with skills, and is held but once.
//!
//! `descent` drops, swaps and shortens, `search` decides by branch and bound whether anything is cheaper, and both ask
//! the solver by `inquiry`. `bound` says what a team costs at least.

mod bound;
mod decisions;
mod descent;
mod inquiry;
mod pool;
mod search;
#[cfg(test)]
mod tests;
mod windows;

use crate::effort::{Control, Limits};
use crate::error::{Error, Result};
use crate::index::Id;
use crate::network::{Network, compile};
use crate::plan::{Plan, ResourceId, ResourceKind};
use crate::schedule::{Objective, Outcome, Schedule, Status, assignment_cost, work_by_week};
use crate::solve::{SolveOptions, solve};
use crate::units::{Amount, Minutes, Moment, Money};
use descent::{Best, descend};
use inquiry::{Inquiry, Question};
use pool::{Pool, Spans, replaceable};
use search::search;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamOptions {
    /// The people to choose from; everybody with a skill or a team that a task asks for, if absent. All others stay.
    pub pool: Option<Vec<ResourceId>>,
    /// When the project has to be finished: without it the project's deadline; without one, too, the finish of the best
    /// schedule with everybody.
    pub until: Option<Moment>,
    /// Seed of every random choice.
    pub seed: u64,
}

/// Somebody's part in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Engagement {
    /// Who.
    pub resource: ResourceId,
    /// When the first week begins in which they work.
    pub from: Moment,
    /// When the last one begins.
    pub last_week: Moment,
    /// How many weeks these are.
    pub weeks: usize,
    /// Unit-minutes that their calendar offers in these weeks.
    pub offered: Minutes,
    /// Unit-minutes of work.
    pub work: Minutes,
    /// What they cost: what is offered at their rate, and the cost of their uses. In a plan without rates the number of
    /// weeks times units, in whole units of [`Money`]'s integer.
    pub cost: Money,
    /// What their work alone costs, as the plan counts it.
    pub work_cost: Money,
}

impl Engagement {
    /// Work in percent of what is offered; none if nothing is.
    pub fn load(&self) -> Option<f64> {
        (self.offered > Minutes::ZERO).then(|| self.work.0 as f64 * 100.0 / self.offered.0 as f64)
    }
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// What is left to do of the plan, with the people of the team in their weeks alone.
    pub plan: Plan,
    /// The schedule in it. `Optimal` if no team is cheaper.
    pub outcome: Outcome,
    /// The date that is kept.
    pub until: Moment,
    /// Those of the pool who work, in the order of the plan.
    pub members: Vec<Engagement>,
    /// Those of the pool who are not needed.
    pub not_needed: Vec<ResourceId>,
    /// Work resources that are not in the pool and work: they stay as they are, and cost the team nothing.
    pub staying: Vec<ResourceId>,
    /// No team costs less than this, in the units of [`Engagement::cost`].
    pub bound: Money,
    /// What everybody costs in the best schedule without a choice of people, in the same units.
    pub cost_of_everybody: Money,
    /// True if nobody of the pool has a rate, so that weeks are counted.
    pub is_by_weeks: bool,
}

impl Team {
    /// What the team costs.
    pub fn cost(&self) -> Money {
        Money(self.members.iter().map(|member| member.cost.0).sum())
    }

    /// What the work of the team costs, as the plan counts it.
    pub fn work_cost(&self) -> Money {
        Money(self.members.iter().map(|member| member.work_cost.0).sum())
    }

    /// True if it is proven that no team is cheaper.
    pub fn is_cheapest(&self) -> bool {
        self.cost() <= self.bound
    }
}

/// Looks for the cheapest team that finishes a project in time.
///
/// Deadlines of tasks, too, are kept if everybody together keeps them. Every schedule that is found has passed
/// [`verify`](crate::schedule::verify). Whoever is only named by tasks is needed as they are, and stays.
///
/// # Arguments
/// `plan` is what is left to do ([`left_to_do`](crate::cpm::left_to_do)). `control` limits the passes over the plan of
/// all questions to the solver together; without a limit the number follows from the plan's size. `report` hears what
/// is done.
///
/// # Errors
/// [`Error::is_infeasible`] if the date cannot be kept even by everybody; wrong usage if that was not done in time, or
/// there is nobody to choose.
///
/// # Complexity
/// Branch and bound: exponential in people and weeks if it is not ended by the effort.
///
/// # Example
///
/// Two tasks of three days in two weeks need one person, the cheaper one:
///
/// ```
/// use floatline::effort::{Control, Limits};
/// use floatline::plan::draft::{PlanDraft, Table, TableKind};
/// use floatline::plan::validate;
/// use floatline::team::{TeamOptions, team};
/// use floatline::units::{Minutes, Moment};
///
/// # fn main() -> floatline::error::Result<()> {
/// let mut tasks = Table::new(TableKind::Tasks, "tasks.csv", ["id", "duration", "resources"]);
/// tasks.push_row(2, ["A", "3d", "skill:sql"]);
/// tasks.push_row(3, ["B", "3d", "skill:sql"]);
/// let mut people = Table::new(TableKind::Resources, "resources.csv", ["id", "rate", "skills"]);
/// people.push_row(2, ["ana", "90/h", "sql"]);
/// people.push_row(3, ["ben", "70/h", "sql"]);
/// let (plan, _) = validate(&PlanDraft { tables: vec![tasks, people], ..PlanDraft::default() })?;
/// let friday = plan.project().start + Minutes(12 * 24 * 60);
/// let options = TeamOptions { until: Some(friday), ..TeamOptions::default() };
/// let control = Control::start(Limits { effort: Some(2_000), time: None });
/// let found = team(&plan, &options, &control, &|_| {})?;
/// assert_eq!(found.members.len(), 1);
/// assert_eq!(&*plan.resources()[found.members[0].resource].id, "ben");
/// // Two weeks of forty hours.
/// assert_eq!(found.cost().to_string(), "5600.00");
/// assert!(found.is_cheapest());
/// # Ok(())
/// # }
/// ```
pub fn team(plan: &Plan, options: &TeamOptions, control: &Control, report: &(dyn Fn(&str) + Sync)) -> Result<Team> {
    let pool = options.pool.clone().unwrap_or_else(|| replaceable(plan));
    if pool.is_empty() {
        return Err(Error::usage(
            "there is nobody to choose: no task asks for a skill or a team, and who is named by tasks is needed; \
             --pool names people to choose from",
        ));
    }
    let nodes = plan.activity_count().max(1) as u64;
    let total = control.effort().unwrap_or((PASSES / nodes).clamp(256, 1_000_000));
    let network = compile(plan)?;
    let (until, everybody, keeps_deadlines) = with_everybody((plan, &network), options, control, total / 4)?;
    let Some(schedule) = everybody.schedule.clone() else { return Err(Error::usage(everybody.message)) };
    let pool = Pool::new(plan, &network, &pool, until);
    let limits = (total, (total / QUESTION).max(4));
    let mut inquiry = Inquiry::new((plan, &pool), (until, keeps_deadlines), options.seed, control, limits);
    let spans = pool.spans(plan, &schedule);
    let cost = inquiry.cost(&schedule, &spans);
    let mut best = Best { schedule, spans, cost };
    report("drops, swaps and shortens");
    let question = Question { spans: pool.everybody(), start: best.schedule.clone(), is_thrifty: true };
    for reply in inquiry.ask_all(&[question])? {
        best.take(&reply);
    }
    let first = best.clone();
    for start in 0..DESCENTS {
        let mut other = first.clone();
        inquiry.seed = options.seed.wrapping_add(start);
        let most = inquiry.spent.saturating_add(total / 2 / DESCENTS);
        descend(&mut inquiry, &mut other, most)?;
        if other.cost < best.cost {
            best = other;
        }
    }
    report("decides by branch and bound");
    let bound = search(&mut inquiry, &mut best)?;
    finished(plan, everybody, (&pool, until), best, (bound, cost), control)
}

/// Nodes times passes of all questions if nobody says how many.
const PASSES: u64 = 10_000_000;
/// How often it is begun anew to drop, swap and shorten, with other random choices.
const DESCENTS: u64 = 4;
/// The part of the effort that a question to the solver may take.
const QUESTION: u64 = 64;

/// The date to be kept, the best schedule with everybody, and whether that keeps all deadlines of tasks.
fn with_everybody(
    (plan, network): (&Plan, &Network),
    options: &TeamOptions,
    control: &Control,
    effort: u64,
) -> Result<(Moment, Outcome, bool)> {
    let goal = options.until.or(plan.project().deadline);
    let solved = |objectives: &[Objective]| {
        let search = SolveOptions { seed: options.seed, objectives: objectives.into(), ..SolveOptions::default() };
        let control = control.anew(Limits { effort: Some(effort.max(4)), time: None });
        solve(plan, network, &search, &control, &|_| {})
    };
    let is_in_time = |outcome: &Outcome| {
        let finish = outcome.schedule.as_ref().and_then(Schedule::finish);
        finish.is_some_and(|finish| goal.is_none_or(|goal| finish <= goal))
    };
    let mut outcome = solved(&[Objective::Tardiness, Objective::Finish])?;
    if !is_in_time(&outcome) && outcome.status != Status::Infeasible {
        // Perhaps deadlines of tasks are in the way of the project's.
        let earlier = solved(&[Objective::Finish])?;
        if earlier.schedule.is_some() {
            outcome = earlier;
        }
    }
    let Some(schedule) = &outcome.schedule else {
        return Err(match outcome.status {
            Status::Infeasible => Error::infeasible(outcome.message),
            _ => Error::usage(format!("no schedule was found: {}; give it more effort", outcome.message)),
        });
    };
    let finish = schedule.finish().unwrap_or(plan.project().start);
    let until = goal.unwrap_or(finish);
    if finish > until {
        let (finish, date) = (plan.format_moment(finish), plan.format_end(until));
        return Err(match outcome.lower_bound > until {
            true => {
                let least = plan.format_moment(outcome.lower_bound);
                let exactly = if least == finish { "at" } else { "between" };
                let least = if least == finish { finish } else { format!("{least} and {finish}") };
                Error::infeasible(format!(
                    "even with everybody the project cannot be finished by {date}: the earliest finish is {exactly} {least}"
                ))
            }
            false => Error::usage(format!(
                "no schedule was found that finishes by {date} with everybody: the earliest finishes at {finish}; give it more \
                 effort, or a later date with --by"
            )),
        });
    }
    let keeps_deadlines = crate::schedule::tardiness(plan, schedule) <= 0.0;
    Ok((until, outcome, keeps_deadlines))
}

/// What the uses of a resource cost in a schedule.
fn cost_of_uses(plan: &Plan, schedule: &Schedule, resource: ResourceId) -> Money {
    costs(plan, schedule, resource).1
}

/// What the work of a resource costs in a schedule, its uses apart.
fn costs(plan: &Plan, schedule: &Schedule, resource: ResourceId) -> (Money, Money) {
    let mut sum = (Money::ZERO, Money::ZERO);
    for (task, placement) in schedule.placements.iter_enumerated() {
        let Some(mode) = placement.mode.and_then(|mode| plan.modes().get(mode)) else { continue };
        for item in schedule.assignments.row(task.index()).iter().filter(|item| item.resource == resource) {
            let (spread, uses) = assignment_cost(plan, task, item, mode);
            sum = (sum.0 + spread, sum.1 + uses);
        }
    }
    sum
}

/// The answer: the plan with the team alone, and its schedule in it.
fn finished(
    plan: &Plan,
    everybody: Outcome,
    (pool, until): (&Pool, Moment),
    best: Best,
    (bound, before): (i64, i64),
    control: &Control,
) -> Result<Team> {
    let Best { schedule, spans, .. } = best;
    let reduced = pool.plan_with(plan, &spans);
    let network = compile(&reduced)?;
    let stopped = control.stop();
    let mut outcome =
        Outcome { goals: Vec::new(), stopped, ..everybody }.with_schedule(&reduced, &network, schedule.clone())?;
    outcome.message = String::new();
    let members = engagements(plan, &schedule, pool, &spans);
    let out = spans.iter().zip(&pool.people).filter(|(span, _)| span.is_none());
    let not_needed = out.map(|(_, one)| one.resource).collect();
    let in_pool = |id: &ResourceId| pool.people.iter().any(|one| one.resource == *id);
    let works = |id: &ResourceId| {
        let assigned = schedule.assignments.items().iter();
        plan.resources()[*id].kind == ResourceKind::Work
            && assigned.clone().any(|item| item.resource == *id && item.amount > Amount::ZERO)
    };
    let staying = plan.resources().ids().filter(|id| !in_pool(id)).filter(works).collect();
    let team = Team {
        plan: reduced,
        outcome: outcome.clone(),
        until,
        members,
        not_needed,
        staying,
        bound: Money(bound),
        cost_of_everybody: Money(before),
        is_by_weeks: pool.is_by_weeks,
    };
    outcome.status = if team.is_cheapest() { Status::Optimal } else { Status::Feasible };
    Ok(Team { outcome, ..team })
}

fn engagements(plan: &Plan, schedule: &Schedule, pool: &Pool, spans: &Spans) -> Vec<Engagement> {
    let mut work = vec![0; plan.resources().len()];
    work_by_week(plan, schedule).iter().for_each(|row| work[row.resource.index()] += row.work.0);
    let of = |(at, span): (usize, &Option<pool::Span>)| {
        let ((from, to), one) = ((*span)?, &pool.people[at]);
        let (spread, uses) = costs(plan, schedule, one.resource);
        let price = Money(pool.price(at, (from, to)));
        Some(Engagement {
            resource: one.resource,
            from: pool.weeks[from],
            last_week: pool.weeks[to],
            weeks: to + 1 - from,
            offered: Minutes(one.offered[from..=to].iter().sum()),
            work: Minutes(work[one.resource.index()]),
            cost: if pool.is_by_weeks { price } else { price + uses },
            work_cost: spread + uses,
        })
    };
    let mut all: Vec<Engagement> = spans.iter().enumerate().filter_map(of).collect();
    all.sort_by_key(|engagement| engagement.resource);
    all
}
