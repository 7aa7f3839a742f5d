//! A new schedule from the status date on that weighs what it brings against what it changes.
//!
//! [`replan()`] looks for several schedules of what is left, from "change nothing that need not change" to "the best
//! regardless", and chooses by a price of change ([`ReplanOptions::stability`]):
//!
//! - the order of the former schedule, in which only what has to move later does;
//! - the least delay in all against the former schedule, with the same people, nothing earlier than it was;
//! - the project's finish weighed against the delay of single tasks;
//! - the best finish, and of the schedules that reach it that which delays others least;
//! - the best schedule as if there had been none before.
//!
//! Delays against a former schedule are tardiness against its finishes, so that the engine that keeps deadlines keeps
//! promises, and proves it where it can. Where a schedule brings work forward without need, it is put back as far as the
//! floats within that schedule let it.
//!
//! # Source
//! Weighted deviation of starts as the measure of change: Van de Vonder, Demeulemeester and Herroelen, Proactive heuristic
//! procedures for robust project scheduling, European Journal of Operational Research 189, 2008; Sakkout and Wallace, Probe
//! backtrack search for minimal perturbation in dynamic scheduling, Constraints 5, 2000.

mod change;
mod hold;
#[cfg(test)]
mod tests;

pub use change::{Change, Move};

use self::hold::Former;
use crate::effort::{Control, Limits};
use crate::error::{Error, Result};
use crate::index::IdVec;
use crate::network::{Network, compile};
use crate::plan::{Plan, TaskId};
use crate::schedule::{Objective, Outcome, Schedule, TaskDates, verify};
use crate::solve::{FormerSchedule, SolveOptions, solve};
use crate::units::{Minutes, Moment};

/// What a new schedule should be like.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplanOptions {
    /// The price of change, from 0 (nothing) to 1 (everything): a day of the project's finish is worth moving every task that
    /// is left by `(1 - stability) / stability` days.
    pub stability: f64,
    /// What starts before this moment in the former schedule stays where it is, if it can.
    pub frozen_until: Option<Moment>,
    /// Tasks that stay where they are, if they can; of a summary all that is below it.
    pub kept: Vec<TaskId>,
    /// Seed of every random choice.
    pub seed: u64,
}

impl Default for ReplanOptions {
    fn default() -> ReplanOptions {
        ReplanOptions { stability: 0.5, frozen_until: None, kept: Vec::new(), seed: 0 }
    }
}

/// How a schedule was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manner {
    /// The order of the former schedule.
    OrderKept,
    /// The least delay of all tasks together.
    LeastChange,
    /// The finish weighed against the delay of tasks.
    Weighed,
    /// The best finish, then the least delay.
    BestFinish,
    /// As if there had been no schedule before.
    Regardless,
}

/// A schedule that could be the new one.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// How it was found; of equal schedules the first manner.
    pub manner: Manner,
    /// True of the best schedule as if there had been none before.
    pub is_regardless: bool,
    /// The schedule of what is left, with its dates.
    pub schedule: Schedule,
    /// Early and late dates in it, and what drives them.
    pub dates: IdVec<TaskId, TaskDates>,
    /// When each task starts and finishes, what is done by its actual dates.
    pub spans: IdVec<TaskId, (Moment, Moment)>,
    /// What it changes.
    pub change: Change,
}

/// The schedules that were found, and the one to go by.
#[derive(Clone, Debug)]
pub struct Replan {
    /// By how much they change, the least first.
    pub alternatives: Vec<Alternative>,
    /// The number of the one that is best at the price of change asked for.
    pub chosen: usize,
    /// Frozen tasks that cannot stay where they were.
    pub cannot_stay: Vec<TaskId>,
}

/// Looks for a new schedule.
///
/// # Arguments
/// `left` is what remains of `whole` ([`crate::cpm::left_to_do`]); `former` the schedule by which people work now.
/// `control` limits each of the searches.
///
/// # Errors
/// As [`compile`] and [`solve`]; [`Error::is_infeasible`] if what is left has no schedule, [`Error::is_usage`] if none is found.
pub fn replan(
    whole: &Plan,
    left: &Plan,
    former: &FormerSchedule,
    options: &ReplanOptions,
    control: &dyn Fn() -> Control,
) -> Result<Replan> {
    let network = compile(left)?;
    let former = Former { schedule: former.clone() };
    let held = hold::freeze(left, &former, options, control)?;
    let base = held.plan(left);
    let asked = |objectives: &[Objective], start: Option<FormerSchedule>| SolveOptions {
        seed: options.seed,
        objectives: objectives.to_vec(),
        ignore_resources: false,
        start,
    };
    let usual = [Objective::Tardiness, Objective::Finish];
    // The best regardless comes first: everything else is measured by it.
    let free = if held.stays.is_empty() { left } else { &base };
    let outcome = solve(free, &compile(free)?, &asked(&[], None), &control(), &|_| {})?;
    let Some(regardless) = outcome.schedule.as_ref().map(|schedule| hold::without_extras(left, schedule)) else {
        return Err(match outcome.status {
            crate::schedule::Status::Infeasible => Error::infeasible(outcome.message),
            _ => Error::usage(format!("no schedule was found: {}; give it more effort", outcome.message)),
        });
    };
    let mut found: Vec<(Manner, Schedule)> = Vec::new();
    let searched = |plan: &Plan, options: &SolveOptions, control: &Control| -> Result<Option<Schedule>> {
        let network = match compile(plan) {
            Err(error) if error.is_infeasible() => return Ok(None),
            network => network?,
        };
        let found = solve(plan, &network, options, control, &|_| {})?.schedule;
        Ok(found.map(|schedule| hold::without_extras(left, &schedule)))
    };

    let due = former.due(left);
    // What has been begun is not laid aside for the sake of dates.
    let is_begun = |task: &TaskId| left.tasks()[*task].progress.is_some_and(|progress| progress.finish.is_none());
    let under_way: Vec<TaskId> = left.tasks().ids().filter(is_begun).collect();
    // With the people of before, if they can still do it.
    for is_staffed in [true, false] {
        let same_people = if is_staffed { base.with_staffing(&former.staffing(left)) } else { base.clone() };
        let waiting = same_people.with_earliest(&former.starts(left));
        let one_pass = control().anew(Limits { effort: Some(1), time: None });
        let order = searched(&waiting.with_deadlines(&[]), &asked(&usual, Some(former.schedule.clone())), &one_pass)?;
        // The order is a schedule to start from: what comes of it delays no more.
        let start = order.as_ref().map_or_else(|| former.schedule.clone(), FormerSchedule::from);
        let urgent = waiting.with_deadlines(&due).with_most_urgent(&under_way);
        let least = searched(&urgent, &asked(&usual, Some(start)), &control())?;
        found.extend(order.map(|schedule| (Manner::OrderKept, schedule)));
        found.extend(least.map(|schedule| (Manner::LeastChange, schedule)));
        if !found.is_empty() {
            break;
        }
    }
    if options.stability < 1.0 {
        let best = last_finish(left, &regardless);
        let weight = finish_weight(options.stability, due.len());
        let promised = base.with_deadlines(&due).with_most_urgent(&under_way);
        let weighed = promised.with_finish_due(best, weight);
        let objectives = [Objective::Finish, Objective::Tardiness];
        let start = found.last().map_or_else(|| former.schedule.clone(), |(_, least)| FormerSchedule::from(least));
        for (manner, plan, order) in [(Manner::Weighed, &weighed, &usual), (Manner::BestFinish, &promised, &objectives)]
        {
            if let Some(schedule) = searched(plan, &asked(order, Some(start.clone())), &control())? {
                let back = put_back(left, &base, &network, &former, &schedule, &outcome, options.seed)?;
                found.push((manner, back));
            }
        }
    }
    found.push((Manner::Regardless, regardless));

    let mut alternatives: Vec<Alternative> = Vec::new();
    for (manner, schedule) in found {
        // A schedule that is valid only with what was added to the plan is none.
        if verify(left, &schedule).has_errors() {
            continue;
        }
        let dates = outcome.clone().with_schedule(left, &network, schedule.clone())?.dates;
        let spans = schedule.spans(left, &dates);
        let change = change::change(whole, left, &former, &schedule, &spans);
        let is_regardless = manner == Manner::Regardless;
        let found = Alternative { manner, is_regardless, schedule, dates, spans, change };
        match alternatives.iter_mut().find(|known| known.is_same_as(&found)) {
            Some(known) => known.is_regardless |= found.is_regardless,
            None => alternatives.push(found),
        }
    }
    let is_beaten = |one: &Alternative| !one.is_regardless && alternatives.iter().any(|other| other.beats(one));
    let mut alternatives: Vec<Alternative> = alternatives.iter().filter(|one| !is_beaten(one)).cloned().collect();
    alternatives
        .sort_by(|one, other| one.change.size().total_cmp(&other.change.size()).then(one.manner.cmp(&other.manner)));
    let chosen = choose(whole, &alternatives, options.stability, due.len());
    Ok(Replan { alternatives, chosen, cannot_stay: held.cannot_stay })
}

impl Alternative {
    /// True if nobody who works by them could tell them apart.
    fn is_same_as(&self, other: &Alternative) -> bool {
        self.spans == other.spans && self.change.moves == other.change.moves
    }

    /// True if it is nowhere worse, and better somewhere.
    fn beats(&self, other: &Alternative) -> bool {
        let (one, other) = (&self.change, &other.change);
        let is_nowhere_worse = one.finish <= other.finish && one.cost <= other.cost && one.size() <= other.size();
        let is_better = one.finish < other.finish || one.cost < other.cost || one.size() < other.size();
        is_nowhere_worse && is_better
    }
}

/// The priority of the project's finish beside tasks of the usual one.
fn finish_weight(stability: f64, tasks: usize) -> u16 {
    let usual = f64::from(crate::plan::USUAL_PRIORITY);
    let weight = usual * tasks.max(1) as f64 * (1.0 - stability) / stability.max(1e-6);
    weight.clamp(1.0, f64::from(u16::MAX)) as u16
}

/// When the last task finishes in the best schedule regardless of change.
fn last_finish(left: &Plan, schedule: &Schedule) -> Moment {
    let works = left.tasks().ids().filter(|&task| schedule.placements[task].mode.is_some());
    works.map(|task| schedule.placements[task].finish).max().unwrap_or(left.project().start)
}

/// A schedule with what was brought forward put back as far as it was, and the floats within the schedule let it.
fn put_back(
    left: &Plan,
    base: &Plan,
    network: &Network,
    former: &Former,
    schedule: &Schedule,
    outcome: &Outcome,
    seed: u64,
) -> Result<Schedule> {
    let dates = match outcome.clone().with_schedule(left, network, schedule.clone()) {
        Ok(outcome) => outcome.dates,
        // The caller passes over what is no schedule of the plan.
        Err(_) => return Ok(schedule.clone()),
    };
    let earliest: Vec<(TaskId, Moment)> = former
        .starts(left)
        .into_iter()
        .map(|(task, start)| (task, start.min(dates[task].late_start).max(schedule.placements[task].start)))
        .collect();
    let people = Former::of_schedule(schedule).staffing(left);
    let plan = base.with_staffing(&people).with_earliest(&earliest).with_deadlines(&[]);
    let Ok(compiled) = compile(&plan) else { return Ok(schedule.clone()) };
    let options = SolveOptions { seed, start: Some(FormerSchedule::from(schedule)), ..SolveOptions::default() };
    let one_pass = Control::start(Limits { effort: Some(1), time: None });
    let found = solve(&plan, &compiled, &options, &one_pass, &|_| {})?.schedule;
    let back = found.map(|found| hold::without_extras(left, &found));
    Ok(back.filter(|back| last_finish(left, back) <= last_finish(left, schedule)).unwrap_or_else(|| schedule.clone()))
}

/// The best at a price of change: of the whole of it the one that changes least, of none the one that was found regardless.
fn choose(plan: &Plan, alternatives: &[Alternative], stability: f64, tasks: usize) -> usize {
    let days = |minutes: Minutes| minutes.0 as f64 / plan.project().minutes_per_day.0.max(1) as f64;
    let first = alternatives.iter().map(|it| it.change.finish).min().unwrap_or(Moment::MIN);
    let price = |alternative: &Alternative| {
        let change = &alternative.change;
        let later = days(crate::schedule::working_time(plan, first, change.finish));
        (1.0 - stability) * tasks.max(1) as f64 * (later + change.dearer_in_days(plan)) + stability * change.size()
    };
    let regardless = alternatives.iter().position(|it| it.is_regardless);
    match (stability <= 0.0, regardless) {
        (true, Some(regardless)) => regardless,
        _ => {
            let at = (0..alternatives.len()).min_by(|&one, &other| {
                let (one, other) = (&alternatives[one], &alternatives[other]);
                price(one).total_cmp(&price(other)).then(one.change.finish.cmp(&other.change.finish))
            });
            at.unwrap_or(0)
        }
    }
}
