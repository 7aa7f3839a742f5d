//! What makes an impossible plan possible: the least more room under one limit, or under two where no single one suffices.
//!
//! How much is enough is found by doubling and then by bisection, with a schedule for every amount that is said to be enough.

use super::conflict::Conflict;
use super::oracle::{Oracle, Verdict};
use super::room::{from_schedule, share, unit};
use crate::error::Result;
use crate::plan::{Limit, Plan};
use crate::schedule::Schedule;
use crate::units::Moment;

/// More room under a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// The limit.
    pub limit: Limit,
    /// How much more, as [`Plan::relaxed`] counts it; none if it is given up.
    pub by: Option<i64>,
}

/// Relaxations after which a plan has a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What is relaxed.
    pub relaxations: Vec<Relaxation>,
    /// When the project finishes in the schedule found with them, which the validator has approved.
    pub finish: Moment,
    /// True if it is proven that the last step less is not enough, of each of them, with the others as they are.
    pub is_least: bool,
}

/// Pairs of limits that are tried, and repairs that are told.
const MOST_PAIRS: usize = 24;
const MOST_REPAIRS: usize = 12;
/// How often an amount is doubled: more is giving up.
const MOST_DOUBLINGS: u32 = 24;

/// The repairs of a plan with these conflicts: those that give nothing up first, and of these the smallest.
///
/// # Arguments
/// `given_up` are limits without which the conflicts are resolved.
pub(super) fn repairs(oracle: &Oracle<'_>, conflicts: &[Conflict], given_up: &[Limit]) -> Result<Vec<Repair>> {
    let mut named: Vec<Limit> = conflicts.iter().flat_map(|conflict| conflict.limits.iter().copied()).collect();
    named.sort_unstable();
    named.dedup();
    // A conflict is resolved by its own limits alone.
    let resolves = |set: &[Limit]| conflicts.iter().all(|conflict| set.iter().any(|it| conflict.limits.contains(it)));
    let mut found = Vec::new();
    for &limit in named.iter().filter(|&&limit| resolves(&[limit])) {
        found.extend(least(oracle, &[limit])?);
    }
    if found.is_empty() {
        let pairs = named.iter().enumerate().flat_map(|(at, &one)| named[at + 1..].iter().map(move |&two| [one, two]));
        for pair in pairs.filter(|pair| resolves(pair)).take(MOST_PAIRS) {
            found.extend(least(oracle, &pair)?);
        }
    }
    if found.is_empty() && given_up.len() > 2 {
        found.extend(least(oracle, given_up)?);
    }
    let given_up = |repair: &Repair| repair.relaxations.iter().filter(|it| it.by.is_none()).count();
    let size = |repair: &Repair| -> f64 { repair.relaxations.iter().map(|it| share(oracle.plan(), it)).sum() };
    // To have more of something comes before to go without it.
    found.sort_by(|a, b| given_up(a).cmp(&given_up(b)).then(size(a).total_cmp(&size(b))).then(a.finish.cmp(&b.finish)));
    found.truncate(MOST_REPAIRS);
    Ok(found)
}

/// The least more room under some limits that is enough; none if giving them up is not, as far as is known.
fn least(oracle: &Oracle<'_>, limits: &[Limit]) -> Result<Option<Repair>> {
    if oracle.must_stop() {
        return Ok(None);
    }
    let Verdict::Possible(mut schedule) = oracle.judge(&oracle.plan_with(limits, &[]))? else { return Ok(None) };
    let mut relaxations: Vec<Relaxation> = limits.iter().map(|&limit| Relaxation { limit, by: None }).collect();
    let mut is_least = true;
    for at in 0..limits.len() {
        let with = |by: i64| -> Plan {
            let others = || relaxations.iter().enumerate().filter(|&(other, _)| other != at).map(|(_, it)| it);
            let dropped: Vec<Limit> = others().filter(|it| it.by.is_none()).map(|it| it.limit).collect();
            let sized = others().filter_map(|it| Some((it.limit, it.by?))).chain([(limits[at], by)]);
            oracle.plan_with(&dropped, &sized.collect::<Vec<_>>())
        };
        let Some(unit) = unit(oracle.plan(), limits[at]) else { continue };
        let unit = unit * direction(oracle.plan(), limits[at], &schedule);
        match enough(oracle, &with, unit)? {
            Some(Enough { by, schedule: better, is_least: this }) => {
                (relaxations[at].by, schedule) = (Some(by), better);
                is_least &= this;
            }
            None => is_least = false,
        }
    }
    let finish = schedule.finish().unwrap_or(oracle.plan().project().start);
    Ok(Some(Repair { relaxations, finish, is_least }))
}

/// Which way a limit is moved: an exact date towards where the task stands without it.
fn direction(plan: &Plan, limit: Limit, schedule: &Schedule) -> i64 {
    if from_schedule(plan, limit, schedule).is_some_and(|difference| difference < 0) { -1 } else { 1 }
}

struct Enough {
    by: i64,
    schedule: Schedule,
    is_least: bool,
}

/// The least multiple of `unit` that is enough: twice as much until it is, then halves.
fn enough(oracle: &Oracle<'_>, with: &dyn Fn(i64) -> Plan, unit: i64) -> Result<Option<Enough>> {
    let mut too_little = (0, true);
    let mut found = None;
    for doubling in 0..MOST_DOUBLINGS {
        let times = 1i64 << doubling;
        match oracle.judge(&with(times * unit))? {
            Verdict::Possible(schedule) => {
                found = Some((times, schedule));
                break;
            }
            verdict => too_little = (times, verdict.is_impossible()),
        }
        if oracle.must_stop() {
            return Ok(None);
        }
    }
    let Some((mut enough, mut schedule)) = found else { return Ok(None) };
    while enough - too_little.0 > 1 {
        let middle = too_little.0 + (enough - too_little.0) / 2;
        match oracle.judge(&with(middle * unit))? {
            Verdict::Possible(better) => (enough, schedule) = (middle, better),
            verdict => too_little = (middle, verdict.is_impossible()),
        }
    }
    Ok(Some(Enough { by: enough * unit, schedule, is_least: too_little.1 }))
}
