//! Critical-chain buffers: time set aside behind chains of tasks, and how much of it has been used up.
//!
//! Tasks keep their durations, which are taken to be as likely to be too short as too long; what could go wrong is pooled behind
//! the chain. The project's buffer stands behind the critical chain, feeding buffers where other chains join it.
//!
//! # Source
//! Goldratt, Critical Chain, 1997 (half of the chain); Newbold, Project Management in the Fast Lane, 1998, chapter 10 (root of
//! the squared errors). Action is called for from a third of a buffer on, and urgent from two thirds on.

use super::Forecast;
use super::chain::chain_to;
use super::valuation::planned_work;
use crate::index::IdVec;
use crate::plan::{Plan, TaskId};
use crate::risk::quantile;
use crate::schedule::{Schedule, TaskDates, later};
use crate::units::{Minutes, Moment};

/// How large buffers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BufferRule {
    /// The root of the sum of squares of what each task may take longer (its 90th percentile less its duration); at least a
    /// quarter of the chain.
    RootOfSquares,
    /// Half of the chain.
    Half,
}

/// Time that is set aside behind a chain of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// The tasks of the chain, the first first.
    pub chain: Vec<TaskId>,
    /// The task of the critical chain that it protects; `None` for the buffer of the project.
    pub before: Option<TaskId>,
    /// Its size, in working time of the project calendar.
    pub size: Minutes,
    /// Where it begins: at the finish of its chain.
    pub from: Moment,
    /// Where it ends: the promise of the project, or the start of what it protects.
    pub to: Moment,
    /// True if there is less room before what it protects than it should have; it is cut to that.
    pub is_cut: bool,
}

/// The 90th percentile counts as safe.
const SAFE: f64 = 0.9;
/// No buffer is less than this part of its chain.
const LEAST_PART: i64 = 4;

/// The buffers of a schedule: that of the project first, then the feeding ones in the order of what they protect.
pub fn buffers(plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>, rule: BufferRule) -> Vec<Buffer> {
    let is_work = |task: &TaskId| schedule.placements[*task].mode.is_some() && !plan.tasks()[*task].is_finished();
    let Some(last) = plan.tasks().ids().filter(is_work).max_by_key(|&task| (schedule.placements[task].finish, task))
    else {
        return Vec::new();
    };
    let mut chain = chain_to(plan, dates, last);
    chain.reverse();
    let mut is_taken: IdVec<TaskId, bool> = IdVec::filled(false, plan.tasks().len());
    chain.iter().for_each(|&task| is_taken[task] = true);
    let from = schedule.placements[last].finish;
    let size = size(plan, &chain, rule);
    let to = plan.calendars()[plan.project().calendar].shifted(from, size).unwrap_or(from);
    let mut found = vec![Buffer { chain: chain.clone(), before: None, size, from, to, is_cut: false }];
    for &protected in &chain {
        let into = plan.links().iter().filter(|link| link.successor == protected && link.kind.from_finish());
        let joins: Vec<TaskId> =
            into.map(|link| link.predecessor).filter(is_work).filter(|&task| !is_taken[task]).collect();
        for end in joins {
            let mut feeding: Vec<TaskId> =
                chain_to(plan, dates, end).into_iter().take_while(|&task| !is_taken[task]).collect();
            feeding.reverse();
            feeding.iter().for_each(|&task| is_taken[task] = true);
            let wanted = self::size(plan, &feeding, rule);
            let (from, start) = (schedule.placements[end].finish, schedule.placements[protected].start);
            let size = wanted.min(later(plan, from, start).max(Minutes::ZERO));
            let to = plan.calendars()[plan.project().calendar].shifted(from, size).unwrap_or(from).min(start).max(from);
            found.push(Buffer { chain: feeding, before: Some(protected), size, from, to, is_cut: size < wanted });
        }
    }
    found
}

fn size(plan: &Plan, chain: &[TaskId], rule: BufferRule) -> Minutes {
    let durations = || chain.iter().map(|&task| planned_work(plan, task).0);
    let length: i64 = durations().sum();
    match rule {
        BufferRule::Half => Minutes(length / 2),
        BufferRule::RootOfSquares => {
            let squares = chain.iter().zip(durations()).map(|(&task, planned)| {
                let safe = plan.tasks()[task].distribution.as_deref().map_or(planned as f64, |it| quantile(it, SAFE));
                (safe - planned as f64).max(0.0).powi(2)
            });
            Minutes((squares.sum::<f64>().sqrt().round() as i64).max(length / LEAST_PART))
        }
    }
}

/// How much of a buffer has been used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Penetration {
    /// The part of the chain that is done, from 0 to 1.
    pub complete: f64,
    /// The part of the buffer by which the chain is late, more than 1 if all of it and more; negative if it is early.
    pub used: f64,
    /// When the chain ends now.
    pub finish: Moment,
}

/// What the use of a buffer calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Up to a third: nothing.
    Watch,
    /// Up to two thirds: a plan of what to do.
    Plan,
    /// Beyond: do it.
    Act,
}

impl Penetration {
    /// What it calls for.
    pub fn call(&self) -> Call {
        match self.used {
            used if used > 2.0 / 3.0 => Call::Act,
            used if used > 1.0 / 3.0 => Call::Plan,
            _ => Call::Watch,
        }
    }
}

/// How far a forecast reaches into a buffer.
pub fn penetration(forecast: &Forecast<'_>, buffer: &Buffer) -> Penetration {
    let plan = forecast.whole;
    let finish = buffer.chain.iter().map(|&task| forecast.spans[task].1).max().unwrap_or(buffer.from);
    let late = later(plan, buffer.from, finish).0 as f64;
    let used = match buffer.size {
        Minutes(0) if late > 0.0 => f64::INFINITY,
        Minutes(0) => 0.0,
        Minutes(size) => late / size as f64,
    };
    let work = |task: &TaskId| planned_work(plan, *task).0 as f64;
    let done = |task: &TaskId| plan.tasks()[*task].progress.map_or(0.0, |it| f64::from(it.complete.0) / 10_000.0);
    let all: f64 = buffer.chain.iter().map(work).sum();
    let complete = buffer.chain.iter().map(|task| work(task) * done(task)).sum::<f64>() / all.max(1.0);
    Penetration { complete, used, finish }
}
