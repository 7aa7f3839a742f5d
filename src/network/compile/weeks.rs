//! Limits on the work of resources in a week.
//!
//! A task that would exceed one on its own works in a calendar that is cut (`ways`). What is left are the sums over tasks,
//! and of these only such as could be too large: most people have calendars no longer than what they may work.

use super::super::{Assigned, Origin, Renewable, WeeklyLimit};
use super::calendars::{Calendars, PatternId};
use super::resources::peak_units;
use super::ways::week_of;
use crate::index::Id;
use crate::plan::{Plan, ResourceId};
use crate::units::Amount;

/// Minutes of a slot at most where weeks are limited: what is left of a week is filled in whole slots, and of long ones much would
/// remain.
pub(super) const LONGEST_SLOT: i64 = 60;

/// The resources that could work more in a week than they may.
///
/// # Arguments
/// `users` are the patterns on which each resource of the plan is used.
pub(super) fn limited(plan: &Plan, users: &[Vec<PatternId>], calendars: &Calendars) -> Vec<ResourceId> {
    let is_limited = |&resource: &ResourceId| {
        let all = Assigned { resource, amount: peak_units(&plan.resources()[resource]) };
        let used_on = &users[resource.index()];
        week_of(plan, &[all]).is_some_and(|most| !used_on.is_empty() && calendars.longest_week(used_on) > most)
    };
    plan.resources().ids().filter(is_limited).collect()
}

/// The limits of these resources, in units times slots.
pub(super) fn weekly_limits(
    plan: &Plan,
    limited: &[ResourceId],
    renewables: &[Renewable],
    slot_minutes: i64,
) -> Vec<WeeklyLimit> {
    let limit = |(renewable, resource): (&Renewable, u32)| {
        let minutes = plan.resources()[renewable.resource].max_per_week?.0;
        let of_units = i128::from(minutes) * i128::from(Amount::ONE.0) / i128::from(renewable.unit * slot_minutes);
        let is_limited = limited.binary_search(&renewable.resource).is_ok();
        is_limited.then(|| WeeklyLimit { resource, work: i64::try_from(of_units).unwrap_or(i64::MAX) })
    };
    renewables.iter().zip(0..).filter_map(limit).collect()
}

/// The nodes for which no limit of a week counts.
pub(super) fn without_weeks(plan: &Plan, origin: &[Origin]) -> Vec<u32> {
    let is_without = |origin: &Origin| matches!(*origin, Origin::Task(task) if !plan.has_weeks(&plan.tasks()[task]));
    origin.iter().zip(0..).filter(|(origin, _)| is_without(origin)).map(|(_, node)| node).collect()
}
