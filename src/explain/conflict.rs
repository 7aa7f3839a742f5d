//! Why a plan has no schedule: smallest sets of limits that cannot be kept together, and what makes the plan possible.
//!
//! A set is shrunk by QuickXplain (Junker, "QUICKXPLAIN: preferred explanations and relaxations for over-constrained
//! problems", AAAI 2004): first with the proofs that need no search, which are quick, or where they do not suffice with the
//! solver. Then each limit that is left is given up once more: only where a schedule is found without it is it needed. Further
//! conflicts show when one limit of each conflict found is given up. (The hitting sets of all conflicts, as in Reiter,
//! "A theory of diagnosis from first principles", Artificial Intelligence 32 (1987), would take far longer, and most of
//! them would tell the same story again.)

use super::oracle::{Oracle, Verdict};
use super::repair::{Repair, repairs};
use crate::effort::Control;
use crate::error::Result;
use crate::plan::{Limit, Plan};

/// What is asked of [`why_infeasible`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConflictOptions {
    /// Wishes that count as limits: some of [`Plan::wishes`].
    pub hard: Vec<Limit>,
    /// Conflicts that are looked for at most; 0 means 5.
    pub most: usize,
    /// Seed of every random choice.
    pub seed: u64,
}

/// Limits that cannot be kept together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The limits, in order; without any, work is too long for the calendars whatever else is given up.
    pub limits: Vec<Limit>,
    /// True if a schedule has been found without each of them. (Proven it is in any case that they cannot be kept together.)
    pub is_minimal: bool,
    /// What stands in the way in the plan with these limits alone, if that shows without a search.
    pub reason: Option<String>,
}

/// What is known of a plan that should have no schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feasibility {
    /// It has one.
    Feasible,
    /// Neither a schedule nor a proof that there is none was found within the effort.
    NotDecided,
    /// It has none.
    Infeasible(Infeasible),
}

/// Why a plan has no schedule, and what would give it one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Infeasible {
    /// The conflicts, in the order in which they were found.
    pub conflicts: Vec<Conflict>,
    /// True if a schedule exists once one limit of each of them is given up, so that there is no conflict beside them.
    pub is_complete: bool,
    /// What makes the plan possible, the least of it first.
    pub repairs: Vec<Repair>,
}

const MOST_CONFLICTS: usize = 5;

/// Finds out why a plan has no schedule.
///
/// # Arguments
/// `control` limits each question to the solver by its effort, and stops all of it by its clock.
///
/// # Errors
/// If the plan cannot be compiled for another reason than that it is impossible.
pub fn why_infeasible(plan: &Plan, options: &ConflictOptions, control: &Control) -> Result<Feasibility> {
    let mut oracle = Oracle::new(plan, options.hard.clone(), options.seed, control);
    match oracle.judge(&oracle.keeping(oracle.all()))? {
        Verdict::Possible(_) => return Ok(Feasibility::Feasible),
        Verdict::Open => return Ok(Feasibility::NotDecided),
        Verdict::Impossible => {}
    }
    // Where nothing but hours and durations is left, the project's own hours are to blame.
    if oracle.refutes_at_once(&oracle.keeping(&[]))? {
        oracle.add_project_hours();
    }
    let oracle = oracle;
    let most = if options.most == 0 { MOST_CONFLICTS } else { options.most };
    let mut found = Infeasible::default();
    let (mut open, mut given_up) = (oracle.all().to_vec(), Vec::new());
    while found.conflicts.len() < most && !oracle.must_stop() {
        if !found.conflicts.is_empty() && !oracle.judge(&oracle.keeping(&open))?.is_impossible() {
            found.is_complete = true;
            break;
        }
        let conflict = shrink(&oracle, &open)?;
        let weakest = weakest(&conflict.limits);
        found.conflicts.push(conflict);
        let Some(weakest) = weakest else { break };
        open.retain(|&limit| limit != weakest);
        given_up.push(weakest);
    }
    found.repairs = repairs(&oracle, &found.conflicts, &given_up)?;
    Ok(Feasibility::Infeasible(found))
}

/// The limit of a conflict that is given up to look for others: what somebody decided rather than how work is done. (Without a
/// link another path would be the next conflict about the same date.)
fn weakest(limits: &[Limit]) -> Option<Limit> {
    // The order of limits begins with dates and ends with links and calendars.
    limits.first().copied()
}

/// A smallest part of limits that are refuted together.
fn shrink(oracle: &Oracle<'_>, limits: &[Limit]) -> Result<Conflict> {
    let kept = match oracle.refutes_at_once(&oracle.keeping(limits))? {
        true => quick_xplain(limits, &mut |part| oracle.refutes_at_once(&oracle.keeping(part)))?,
        false => quick_xplain(limits, &mut |part| Ok(oracle.judge(&oracle.keeping(part))?.is_impossible()))?,
    };
    confirm(oracle, kept)
}

/// Gives up each limit once: where that leaves nothing possible the limit is left out, and where a schedule is found it is
/// needed.
fn confirm(oracle: &Oracle<'_>, mut limits: Vec<Limit>) -> Result<Conflict> {
    let (mut at, mut is_minimal) = (0, true);
    while at < limits.len() {
        let rest: Vec<Limit> = [&limits[..at], &limits[at + 1..]].concat();
        match oracle.judge(&oracle.keeping(&rest))? {
            Verdict::Impossible => limits = rest,
            Verdict::Possible(_) => at += 1,
            Verdict::Open => (at, is_minimal) = (at + 1, false),
        }
    }
    let reason = oracle.reason(&oracle.keeping(&limits))?;
    Ok(Conflict { limits, is_minimal, reason })
}

/// A smallest part of `candidates` that `refutes` refutes, as it does all of them; sorted as they are. Those that come first
/// are kept where there is a choice.
pub(super) fn quick_xplain(
    candidates: &[Limit],
    refutes: &mut dyn FnMut(&[Limit]) -> Result<bool>,
) -> Result<Vec<Limit>> {
    if candidates.is_empty() || refutes(&[])? {
        return Ok(Vec::new());
    }
    divide(&[], false, candidates, refutes)
}

/// What of `candidates` is needed beside `background`, which has grown since it was last asked about if `has_grown`.
fn divide(
    background: &[Limit],
    has_grown: bool,
    candidates: &[Limit],
    refutes: &mut dyn FnMut(&[Limit]) -> Result<bool>,
) -> Result<Vec<Limit>> {
    if has_grown && refutes(background)? {
        return Ok(Vec::new());
    }
    if candidates.len() == 1 {
        return Ok(candidates.to_vec());
    }
    let (first, second) = candidates.split_at(candidates.len() / 2);
    let of_second = divide(&joined(background, first), true, second, refutes)?;
    let of_first = divide(&joined(background, &of_second), !of_second.is_empty(), first, refutes)?;
    Ok(joined(&of_first, &of_second))
}

fn joined(one: &[Limit], other: &[Limit]) -> Vec<Limit> {
    let mut all = [one, other].concat();
    all.sort_unstable();
    all
}
