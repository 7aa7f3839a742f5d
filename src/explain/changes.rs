//! What would let a task start earlier, tried out: each change makes another plan, which is scheduled again from the schedule
//! that there is.
//!
//! Two schedules answer for each change: one in which the task comes first, for its start, and one that is as short as can
//! be found, for the project. What another order of work brings without any change is tried too, so that it is not taken
//! for the merit of a change.

use rayon::prelude::*;

use super::repair::Relaxation;
use super::task::{Step, length};
use super::words::{edits, gain, moment, name, relaxation_words, working};
use crate::effort::{Control, Limits};
use crate::error::Result;
use crate::network::compile;
use crate::plan::{ConstraintKind, Duration, LagAmount, Limit, Plan, TaskId};
use crate::schedule::{Hold, Objective, Resting, Schedule, task_costs, working_time};
use crate::solve::{FormerSchedule, SolveOptions, solve};
use crate::units::{Amount, Minutes, Moment};

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// More room under a limit.
    Relaxed(Relaxation),
    /// A task that takes less time, by so much.
    Shorter(TaskId, Minutes),
    /// No change but another order of work.
    OtherOrder,
}

/// A change, and what it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was changed.
    pub tried: Tried,
    /// The earliest start of the task that was found with it.
    pub start: Moment,
    /// The earliest finish of the project that was found with it; not always in the same schedule.
    pub finish: Moment,
    /// By how much earlier the task starts, in working time of the project calendar.
    pub task_gain: Minutes,
    /// By how much earlier the project finishes, in working time of the project calendar.
    pub project_gain: Minutes,
}

/// Passes for each schedule.
const PASSES: u64 = 40;

/// Changes along a chain and what they bring, the greatest gain first; those that bring nothing are left out.
///
/// # Arguments
/// `steps` begins with the task that is to start earlier.
pub(super) fn changes(
    plan: &Plan,
    schedule: &Schedule,
    steps: &[Step],
    most: usize,
    seed: u64,
    control: &Control,
) -> Result<Vec<Change>> {
    let Some(task) = steps.first().map(|step| step.task) else { return Ok(Vec::new()) };
    let mut tried = vec![Tried::OtherOrder];
    for (at, step) in steps.iter().enumerate() {
        for one in candidates(plan, schedule, step, at == 0) {
            if !tried.contains(&one) && tried.len() <= most {
                tried.push(one);
            }
        }
    }
    let trial = Trial { plan, schedule, task, seed, control };
    let mut found =
        tried.into_par_iter().filter_map(|tried| trial.of(tried).transpose()).collect::<Result<Vec<_>>>()?;
    // What another order brings alone is no merit of a change.
    let other = found.iter().find(|change| change.tried == Tried::OtherOrder);
    let (task, project) = other.map_or((Minutes::ZERO, Minutes::ZERO), |other| (other.task_gain, other.project_gain));
    found.retain(|change| {
        let least = if change.tried == Tried::OtherOrder { (Minutes::ZERO, Minutes::ZERO) } else { (task, project) };
        change.task_gain > least.0.max(Minutes::ZERO) || change.project_gain > least.1.max(Minutes::ZERO)
    });
    // A stable sort: among equals what is nearer to the task comes first.
    found.sort_by_key(|change| std::cmp::Reverse((change.task_gain, change.project_gain)));
    Ok(found)
}

/// What could be changed about a step: of the task itself all that holds it, further back what the chain goes along.
fn candidates(plan: &Plan, schedule: &Schedule, step: &Step, is_first: bool) -> Vec<Tried> {
    let mut found = Vec::new();
    let give_up = |limit: Limit| Tried::Relaxed(Relaxation { limit, by: None });
    let more = |limit: Limit, by: i64| Tried::Relaxed(Relaxation { limit, by: Some(by) });
    let holds = step.held.holds.iter().enumerate();
    for (_, hold) in holds.filter(|&(at, _)| is_first || step.along.is_none_or(|along| along == at)) {
        match hold {
            Hold::ProjectStart => {}
            Hold::Constraint(task, kind) => found.push(give_up(Limit::Constraint(*task, *kind))),
            Hold::Link(link) => {
                if let LagAmount::Minutes(lag) = plan.links()[*link].lag.amount
                    && lag > Minutes::ZERO
                {
                    found.push(more(Limit::Link(*link), lag.0));
                }
                found.push(give_up(Limit::Link(*link)));
            }
            Hold::MaximalLag(link) => found.push(give_up(Limit::MaximalLag(*link))),
            Hold::Busy { resource, .. } => found.push(more(Limit::Capacity(*resource), Amount::ONE.0)),
            Hold::Away(resource) => found.push(give_up(Limit::Availability(*resource))),
            Hold::WeeklyHours { resource, .. } => found.push(give_up(Limit::WeeklyHours(*resource))),
            Hold::Budget(budget) => {
                let cost = task_costs(plan, schedule)[step.task].total();
                found.push(more(Limit::Budget(*budget), cost.0.max(1)));
            }
        }
    }
    for resting in step.held.rest.iter().flat_map(|(_, resting)| resting) {
        let calendar = match *resting {
            Resting::Absent(resource) => {
                found.push(give_up(Limit::Availability(resource)));
                continue;
            }
            Resting::WeeklyHours(resource) => {
                found.push(give_up(Limit::WeeklyHours(resource)));
                continue;
            }
            Resting::Task(calendar) => calendar,
            Resting::Resource(resource) => plan.calendar_of(resource),
        };
        let has_days_off = plan.calendars()[calendar].exceptions.iter().any(|exception| exception.shifts.is_empty());
        let limit = if has_days_off { Limit::DaysOff(calendar) } else { Limit::Calendar(calendar) };
        found.push(give_up(limit));
    }
    if step.held.is_too_short {
        found.push(give_up(Limit::Unbroken(step.task)));
    }
    if plan.tasks()[step.task].constraint_of(ConstraintKind::AsLateAsPossible).is_some() && is_first {
        found.push(give_up(Limit::Constraint(step.task, ConstraintKind::AsLateAsPossible)));
    }
    let day = plan.project().minutes_per_day;
    if !is_first && length(plan, schedule, step.task) > day {
        found.push(Tried::Shorter(step.task, day));
    }
    found
}

/// What a change is tried with.
struct Trial<'a> {
    plan: &'a Plan,
    schedule: &'a Schedule,
    task: TaskId,
    seed: u64,
    control: &'a Control,
}

impl Trial<'_> {
    /// What a change brings; none if no schedule was found with it.
    fn of(&self, tried: Tried) -> Result<Option<Change>> {
        let plan = self.changed(tried);
        let hasty = self.solved(&plan.with_haste(self.task), &[Objective::Tardiness, Objective::Finish])?;
        let short = self.solved(&plan, &[Objective::Finish])?;
        let (Some(hasty), Some(short)) = (hasty, short) else { return Ok(None) };
        let start = hasty.placements[self.task].start;
        let finish = short.finish().unwrap_or(start);
        let earlier =
            |before: Moment, now: Moment| working_time(self.plan, now, before) - working_time(self.plan, before, now);
        let (start_before, finish_before) = (self.schedule.placements[self.task].start, self.schedule.finish());
        Ok(Some(Change {
            tried,
            start,
            finish,
            task_gain: earlier(start_before, start),
            project_gain: earlier(finish_before.unwrap_or(finish), finish),
        }))
    }

    fn changed(&self, tried: Tried) -> Plan {
        match tried {
            Tried::OtherOrder => self.plan.clone(),
            Tried::Relaxed(Relaxation { limit, by: Some(by) }) => self.plan.relaxed(limit, by),
            Tried::Relaxed(Relaxation { limit, by: None }) => self.plan.without(&[limit]),
            Tried::Shorter(task, by) => {
                let modes = self.plan.tasks()[task].modes.clone();
                let modes = self.plan.modes().iter_enumerated().filter(|(id, _)| modes.contains(id));
                let shorter = modes.map(|(id, mode)| (id, Minutes((mode.duration.minutes() - by).0.max(0))));
                self.plan.with_durations(&shorter.collect::<Vec<_>>())
            }
        }
    }

    /// A schedule that is as good as can be found from the one there is.
    fn solved(&self, plan: &Plan, objectives: &[Objective]) -> Result<Option<Schedule>> {
        let network = match compile(plan) {
            Ok(network) => network,
            Err(error) if error.is_infeasible() => return Ok(None),
            Err(error) => return Err(error),
        };
        let effort = Some(self.control.effort().unwrap_or(PASSES));
        let control = self.control.anew(Limits { effort, time: None });
        let options = SolveOptions {
            seed: self.seed,
            objectives: objectives.to_vec(),
            start: Some(FormerSchedule::from(self.schedule)),
            ..SolveOptions::default()
        };
        Ok(solve(plan, &network, &options, &control, &|_| {})?.schedule)
    }
}

impl Change {
    /// The change as an instruction, with what it brings.
    pub(super) fn words(&self, plan: &Plan) -> String {
        let what = match &self.tried {
            Tried::Relaxed(relaxation) => relaxation_words(plan, relaxation),
            Tried::Shorter(task, by) => format!("shorten {} by {}", name(plan, *task), working(plan, *by)),
            Tried::OtherOrder => "change nothing but the order of work".to_owned(),
        };
        let gains = match (self.task_gain > Minutes::ZERO, self.project_gain > Minutes::ZERO) {
            (true, true) => format!(
                "it can start {}, {} earlier, and the project finish {}, {} earlier",
                moment(plan, self.start),
                gain(plan, self.task_gain),
                moment(plan, self.finish),
                gain(plan, self.project_gain)
            ),
            (true, false) => {
                format!("it can start {}, {} earlier", moment(plan, self.start), gain(plan, self.task_gain))
            }
            _ => format!(
                "it starts no earlier, but the project can finish {}, {} earlier",
                moment(plan, self.finish),
                gain(plan, self.project_gain)
            ),
        };
        format!("{what}: {gains}")
    }

    /// The change as edits of the plan; none if no cells stand for it.
    pub(super) fn edits(&self, plan: &Plan) -> Vec<String> {
        match &self.tried {
            Tried::Relaxed(relaxation) => edits(plan, relaxation),
            Tried::Shorter(task, by) => {
                let duration = plan.modes_of(*task).first().map(|mode| mode.duration);
                let is_elapsed = matches!(duration, Some(Duration::Elapsed(_)));
                let by = if is_elapsed { format!("{}em", by.0) } else { working(plan, *by) };
                vec![format!("task:{}.duration=-{by}", plan.tasks()[*task].id)]
            }
            Tried::OtherOrder => Vec::new(),
        }
    }
}
