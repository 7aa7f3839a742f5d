//! From the plan to the network.
//!
//! The steps, each in a file of its own: `order` numbers the nodes; `ways` lists how each can be done; `calendars` finds
//! the axis on which all of it can be shown, and the length of its slots; `possible` drops what can never be done;
//! `links`, `dates`, `resources`, `weeks` and `money` translate the rest into slots.

mod calendars;
mod crews;
mod dates;
mod duties;
mod links;
mod money;
mod order;
mod possible;
mod resources;
#[cfg(test)]
mod tests;
mod ways;
mod weeks;

use super::{CashFlows, DailyRate, HORIZON_LIMIT, NEVER, Network, NodeMode, Origin, Slot, Wishes};
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::plan::{Plan, TimeUnit};
use crate::units::{MINUTES_PER_DAY, Moment, Money};
use calendars::{Calendars, CompiledCalendars, Divisor};
use ways::Way;

/// Compiles a plan.
///
/// # Errors
/// [`Error::is_invalid_plan`] if the plan reaches beyond the horizon that slots can number, or if amounts or costs are
/// too large to be counted; [`Error::is_infeasible`] if a task can never be worked on.
///
/// # Complexity
/// Linear in tasks, modes and links; the calendars come on top, each in proportion to its exceptions.
pub fn compile(plan: &Plan) -> Result<Network> {
    compile_with(plan, Divisor::default(), Use::Search)
}

/// Compiles a plan as [`compile`] does, without the tables that only a search asks often enough for them to pay.
///
/// # Errors
/// As [`compile`].
pub fn compile_for_dates(plan: &Plan) -> Result<Network> {
    compile_with(plan, Divisor::default(), Use::Dates)
}

/// Compiles a plan as [`compile`] does, in slots of a minute: for durations that are not those of the plan.
///
/// # Errors
/// As [`compile`].
pub fn compile_in_minutes(plan: &Plan) -> Result<Network> {
    compile_with(plan, Divisor::ONE, Use::Search)
}

/// What a network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Working times are asked about over and over.
    Search,
    /// Each task is dated a few times.
    Dates,
}

fn compile_with(plan: &Plan, coarsest: Divisor, purpose: Use) -> Result<Network> {
    let project = plan.project();
    let order = order::order(plan)?;
    let mut calendars = Calendars::new(plan);
    let ways = ways::ways(plan, &order.origin, &mut calendars)?;

    let mut divisor = if project.time_unit == TimeUnit::Period { Divisor::ONE } else { coarsest };
    let longest_lag = links::survey(plan, &order, &ways.ways, &mut calendars, &mut divisor);
    let project_pattern = calendars.of_project();
    if [project.overhead_per_day, project.delay_penalty_per_day, project.early_bonus_per_day]
        .iter()
        .any(|rate| rate.0 > 0)
    {
        calendars.mark_used(project_pattern);
    }
    for way in ways.ways.items() {
        divisor.fold(way.minutes);
    }
    let users = resources::users(plan, &ways);
    let limited = weeks::limited(plan, &users, &calendars);
    let minute_axis = calendars.axis();
    let minutes_to = |moment: Moment| minute_axis.minutes_to(moment);
    dates::fold_dates(plan, minutes_to, &mut divisor);
    resources::fold_windows(plan, &ways, minutes_to, &mut divisor);
    money::fold_budgets(plan, minutes_to, &mut divisor);
    if !limited.is_empty() {
        minute_axis.fold_weeks(&mut divisor);
        divisor.fold(weeks::LONGEST_SLOT);
    }
    minute_axis.fold_edges(&mut divisor);
    let slot_minutes = divisor.value();
    let CompiledCalendars { axis, tables, index, groups } = minute_axis.with_slots(slot_minutes, &users, purpose)?;

    check_reach(plan, &order.origin, &ways, longest_lag, slot_minutes)?;
    let node_mode = |way: &Way| NodeMode {
        duration: (way.minutes / slot_minutes) as Slot,
        calendar: index[way.pattern as usize],
        lag_calendar: index[way.lag_pattern as usize],
        unbroken: way.unbroken,
        mode: way.mode,
    };
    let (ways, modes) = possible::possible(plan, &order.origin, ways, (&axis, &tables), node_mode)?;
    let (links, (dates, resources, money)) = rayon::join(
        || links::links(plan, &order, &ways.ways, &mut calendars, &index, slot_minutes),
        || {
            let dates = dates::dates(plan, &order.origin, &axis, &modes, &tables);
            let resources = resources::resources(plan, &ways, &axis, &groups);
            (dates, resources, money::money(plan, &order.origin, &ways.ways, &ways.assigned, &axis))
        },
    );
    let ((renewables, demands, staffing), money) = (resources?, money?);
    let daily = |per_day: Money| {
        (per_day.0 > 0).then(|| DailyRate {
            per_day: per_day.0,
            minutes_per_day: project.minutes_per_day.0,
            calendar: index[project_pattern as usize],
        })
    };
    let wishes = Wishes::of(plan, &order.origin, &modes, &ways.assigned);
    let without_weeks = if limited.is_empty() { Vec::new() } else { weeks::without_weeks(plan, &order.origin) };
    Ok(Network {
        wishes,
        horizon: axis.slot_at_or_before(Moment::MAX),
        deadline: project.deadline.map_or(NEVER, |deadline| axis.slot_at_or_before(deadline)),
        axis,
        calendars: tables,
        origin: order.origin,
        start_node: order.start_node,
        finish_node: order.finish_node,
        modes,
        demands,
        assigned: ways.assigned,
        consumptions: money.consumptions,
        spendings: money.spendings,
        costs: money.costs,
        cash: CashFlows {
            force: CashFlows::force_of(plan),
            origin: project.start,
            minutes_per_unit: if project.time_unit == TimeUnit::Period { 1 } else { MINUTES_PER_DAY },
            payments: money.payments,
            at_start: money.at_start,
        },
        left_out: ways.left_out,
        staffing,
        pools: Vec::new(),
        predecessors: links.predecessors,
        predecessor_links: links.predecessor_links,
        successors: links.successors,
        maximal_lags: links.maximal_lags,
        mode_lags: links.mode_lags,
        release: dates.release,
        finish_release: dates.finish_release,
        must_start: dates.must_start,
        must_finish: dates.must_finish,
        latest_start: dates.latest_start,
        latest_finish: dates.latest_finish,
        finish_wishes: dates.finish_wishes,
        as_late_as_possible: dates.as_late_as_possible,
        priority: dates.priority,
        weekly_limits: weeks::weekly_limits(plan, &limited, &renewables, slot_minutes),
        without_weeks,
        renewables,
        totals: money.totals,
        caps: money.caps,
        overhead: daily(project.overhead_per_day),
        delay_penalty: daily(project.delay_penalty_per_day),
        early_bonus: daily(project.early_bonus_per_day),
    })
}

/// Refuses durations and lags that slots cannot number.
fn check_reach(plan: &Plan, origin: &[Origin], ways: &ways::Ways, longest_lag: i64, slot_minutes: i64) -> Result<()> {
    let limit = i64::from(HORIZON_LIMIT) * slot_minutes;
    for (node, origin) in origin.iter().enumerate() {
        let longest = ways.ways.row(node).iter().map(|way| way.minutes).max().unwrap_or(0);
        if let (true, Origin::Task(task)) = (longest >= limit, origin) {
            let task = &plan.tasks()[*task];
            let text = format!(
                "task `{}` takes {longest} minutes; with time counted in steps of {slot_minutes} minutes no more than \
                 {limit} can be planned",
                task.id
            );
            return Err(problem("beyond-horizon", "tasks.csv", Some(task.row), text));
        }
    }
    if longest_lag >= limit {
        let text = format!(
            "a lag of {longest_lag} minutes is too long; with time counted in steps of {slot_minutes} minutes no more than \
             {limit} can be planned"
        );
        return Err(problem("beyond-horizon", "dependencies.csv", None, text));
    }
    Ok(())
}

/// An error about the plan as a whole that shows only when it is compiled.
fn problem(rule: &'static str, file: &str, row: Option<u32>, text: String) -> Error {
    let place = row.map_or_else(|| Place::file(file), |row| Place::row(file, row));
    Error::invalid_plan(Findings::from_iter([Finding::error(rule, place, text)]))
}
