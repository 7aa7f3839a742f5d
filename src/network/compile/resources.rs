//! Renewable resources and what the ways to work demand of them.

use super::super::pattern::unit_steps;
use super::super::{Assigned, Axis, CalendarIndex, Demand, HORIZON_LIMIT, Renewable, Staffing};
use super::calendars::{Divisor, PatternId};
use super::problem;
use super::ways::{Open, Ways};
use crate::error::Result;
use crate::index::{Id, IdVec, Rows};
use crate::plan::{Plan, Resource, ResourceId, ResourceKind};
use crate::units::{Amount, Moment};

/// The most units of a work resource that are ever there.
pub(super) fn peak_units(resource: &Resource) -> Amount {
    if resource.windows.is_empty() {
        return resource.capacity.unwrap_or(Amount::MAX);
    }
    unit_steps(resource).iter().map(|&(_, units)| units).max().unwrap_or(Amount::ZERO)
}

/// Makes `divisor` divide the position of every change of units of a resource that is asked for.
pub(super) fn fold_windows(plan: &Plan, ways: &Ways, minutes_to: impl Fn(Moment) -> i64, divisor: &mut Divisor) {
    let mut asked = IdVec::filled(false, plan.resources().len());
    for resource in ways.assigned.items().iter().map(|item| item.resource).chain(able(&ways.open)) {
        asked[resource] = true;
    }
    for (id, resource) in plan.resources().iter_enumerated() {
        if asked[id] && resource.kind == ResourceKind::Work {
            for window in &resource.windows {
                divisor.fold(minutes_to(window.from).max(0));
                divisor.fold(minutes_to(window.to).max(0));
            }
        }
    }
}

/// All who can fill a role.
fn able(open: &[Open]) -> impl Iterator<Item = ResourceId> + '_ {
    open.iter().flat_map(|open| open.roles.iter().flatten().copied())
}

/// The patterns on which each resource of the plan is used.
pub(super) fn users(plan: &Plan, ways: &Ways) -> Vec<Vec<PatternId>> {
    let mut users: Vec<Vec<PatternId>> = vec![Vec::new(); plan.resources().len()];
    let mut note = |resource: ResourceId, pattern: PatternId| {
        let patterns = &mut users[resource.index()];
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    };
    for (way, items) in ways.ways.items().iter().zip(ways.assigned.iter()) {
        items.iter().for_each(|item| note(item.resource, way.pattern));
    }
    for open in &ways.open {
        let way = ways.ways.row(open.node as usize)[0];
        open.roles.iter().flatten().for_each(|&resource| note(resource, way.pattern));
    }
    users
}

/// Compiles the renewable resources that some way demands, or that can fill a role; the demands of each way; and who can
/// fill which role.
///
/// # Arguments
/// `calendars` has the calendar of the users of each resource of the plan.
///
/// # Errors
/// [`Error::is_invalid_plan`](crate::error::Error::is_invalid_plan) if the amounts demanded of one resource are so
/// different in size that they cannot be counted in one unit.
pub(super) fn resources(
    plan: &Plan,
    Ways { assigned, open, .. }: &Ways,
    axis: &Axis,
    calendars: &[CalendarIndex],
) -> Result<(Vec<Renewable>, Rows<Demand>, Vec<Staffing>)> {
    let all = plan.resources();
    let mut unit = IdVec::filled(Divisor::default(), all.len());
    let mut greatest = IdVec::filled(0i64, all.len());
    let of_roles = able(open).map(|resource| Assigned { resource, amount: Amount::ONE });
    for item in assigned.items().iter().copied().chain(of_roles) {
        unit[item.resource].fold(item.amount.0);
        greatest[item.resource] = greatest[item.resource].max(item.amount.0);
    }
    let mut number: IdVec<ResourceId, Option<u32>> = IdVec::filled(None, all.len());
    let mut renewables = Vec::new();
    for (id, resource) in all.iter_enumerated() {
        if resource.kind != ResourceKind::Work || greatest[id] == 0 {
            continue;
        }
        let unit = unit[id].value();
        if greatest[id] / unit > i64::from(HORIZON_LIMIT) {
            let text = format!(
                "the tasks need up to {} of `{}`, but other tasks need amounts as fine as {}: these cannot be counted together",
                Amount(greatest[id]),
                resource.id,
                Amount(unit)
            );
            return Err(problem("amount-range", "resources.csv", None, text));
        }
        number[id] = Some(renewables.len() as u32);
        let steps = steps(resource, axis, unit);
        renewables.push(Renewable { resource: id, calendar: calendars[id.index()], steps, unit });
    }
    let mut demands = Rows::with_capacity(assigned.len(), assigned.items().len());
    let mut row: Vec<Demand> = Vec::new();
    let demand = |item: &Assigned| {
        let resource = number[item.resource]?;
        let unit = renewables[resource as usize].unit;
        Some(Demand { resource, amount: (item.amount.0 / unit) as i32 })
    };
    for items in assigned.iter() {
        row.extend(items.iter().filter_map(demand));
        if row.len() > 1 {
            row.sort_unstable_by_key(|demand| demand.resource);
        }
        demands.push_row(row.drain(..));
    }
    let staffing = |open: &Open| {
        let named = open.named.iter().filter_map(demand).collect();
        let able = |able: &Vec<ResourceId>| able.iter().filter_map(|&resource| number[resource]).collect();
        Staffing { node: open.node, named, roles: open.roles.iter().map(able).collect() }
    };
    let staffing = open.iter().map(staffing).collect();
    Ok((renewables, demands, staffing))
}

/// Units of a resource by position, from 0 on.
fn steps(resource: &Resource, axis: &Axis, unit: i64) -> Vec<(i32, i32)> {
    let mut steps: Vec<(i32, i32)> = Vec::new();
    for (minute, units) in unit_steps(resource) {
        let slot = if minute == i64::MIN { 0 } else { axis.slot_at_or_after(Moment(minute)).max(0) };
        let units = (units.0 / unit).min(i64::from(HORIZON_LIMIT)) as i32;
        while steps.last().is_some_and(|last| last.0 == slot) {
            steps.pop();
        }
        if steps.last().is_none_or(|last| last.1 != units) {
            steps.push((slot, units));
        }
    }
    steps
}
