//! What makes an impossible plan possible: the least more room under one limit, or under two where no single one suffices.
//!
//! How much is enough is found by doubling and then by bisection, with a schedule for every amount that is said to be enough.

use super::conflict::Conflict;
use super::oracle::{Oracle, Part, Verdict};
use super::room::{has_exact_date, own_finish, share, shortfall, unit};
use crate::error::Result;
use crate::plan::Limit;
use crate::schedule::Schedule;
use crate::units::Moment;

/// More room under a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// The limit.
    pub limit: Limit,
    /// How much more, as [`Plan::relaxed`](crate::plan::Plan::relaxed) counts it; none if it is given up.
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
/// Steps beyond which a limit is given up instead, and amounts that may stay undecided before what is known has to do.
const MOST_STEPS: i64 = 1 << 40;
const MOST_OPEN: usize = 6;

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
    let Verdict::Possible(mut schedule) = oracle.judge(&oracle.with(limits, &[]))? else { return Ok(None) };
    let mut relaxations: Vec<Relaxation> = limits.iter().map(|&limit| Relaxation { limit, by: None }).collect();
    let mut is_least = true;
    for at in 0..limits.len() {
        let with = |by: i64| -> Part {
            let others = || relaxations.iter().enumerate().filter(|&(other, _)| other != at).map(|(_, it)| it);
            let dropped: Vec<Limit> = others().filter(|it| it.by.is_none()).map(|it| it.limit).collect();
            let sized = others().filter_map(|it| Some((it.limit, it.by?))).chain([(limits[at], by)]);
            oracle.with(&dropped, &sized.collect::<Vec<_>>())
        };
        let Some(unit) = unit(oracle.plan(), limits[at]) else { continue };
        // An exact date moves towards where the task stands without it; a deadline to where the schedule keeps it.
        let short = shortfall(oracle.plan(), limits[at], &schedule);
        let unit = if short.is_some_and(|short| short < 0) { -unit } else { unit };
        let is_kept = short.is_some() && !has_exact_date(limits[at]);
        let known = short.filter(|_| is_kept).map(|short| (short.max(1) as u64).div_ceil(unit as u64) as i64);
        let known = known.map(|times| (times, schedule.clone()));
        match enough(oracle, &with, unit, known)? {
            Some(Enough { by, schedule: better, is_least: this }) => {
                (relaxations[at].by, schedule) = (Some(by), better);
                is_least &= this;
            }
            None => is_least = false,
        }
    }
    let finish = own_finish(oracle.plan(), &schedule);
    Ok(Some(Repair { relaxations, finish, is_least }))
}

struct Enough {
    by: i64,
    schedule: Schedule,
    is_least: bool,
}

/// The least multiple of `unit` that is enough: twice as much until it is, then halves.
///
/// # Arguments
/// `known` is a multiple that is enough, and the schedule that shows it, if one is known.
fn enough(
    oracle: &Oracle<'_>,
    with: &dyn Fn(i64) -> Part,
    unit: i64,
    known: Option<(i64, Schedule)>,
) -> Result<Option<Enough>> {
    let mut too_little = (0, true);
    let mut open = 0;
    let mut found = known;
    // What is known has been found by a search for the least.
    let mut next = found.as_ref().map_or(1, |found| found.0 - 1);
    while next > too_little.0 && found.as_ref().is_none_or(|found| next < found.0) {
        if open > MOST_OPEN || next > MOST_STEPS || oracle.must_stop() {
            break;
        }
        match oracle.judge(&with(next * unit))? {
            Verdict::Possible(schedule) => found = Some((next, schedule)),
            verdict => {
                too_little = (next, verdict.is_impossible());
                open += usize::from(!verdict.is_impossible());
            }
        }
        next = found.as_ref().map_or(2 * next, |found| too_little.0 + (found.0 - too_little.0) / 2);
    }
    Ok(found.map(|(times, schedule)| Enough { by: times * unit, schedule, is_least: too_little == (times - 1, true) }))
}
