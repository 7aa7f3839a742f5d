//! Leaves out ways to work that can never be taken, and names the tasks for which none remains.

use super::super::pattern::unit_steps;
use super::super::{Assigned, Axis, HORIZON_LIMIT, NodeMode, Origin, WorkTable};
use super::resources::peak_units;
use super::ways::{Way, Ways};
use crate::error::{Error, Result};
use crate::index::{IdVec, Rows};
use crate::plan::{Plan, Resource, ResourceId, ResourceKind, Task};
use crate::units::{Amount, MINUTES_PER_WEEK, Minutes, Moment};

/// How many impossible tasks a message names.
const MOST_NAMED: usize = 5;

/// What a calendar offers from the project start on.
struct Offer {
    /// Work in all, in slots; `i64::MAX` without end.
    work: i64,
    /// The longest working stretch.
    stretch: i64,
}

impl Offer {
    fn of(table: &WorkTable) -> Offer {
        let before = table.work(0);
        let (mut least, mut most) = (0, i64::from(HORIZON_LIMIT));
        let offers = |work: i64| table.finish_of(before + work).is_some();
        if offers(most) {
            return Offer { work: i64::MAX, stretch: table.longest_stretch() };
        }
        // The greatest amount that is offered.
        while least < most {
            let middle = (least + most + 1) / 2;
            if offers(middle) { least = middle } else { most = middle - 1 }
        }
        Offer { work: least, stretch: table.longest_stretch().min(least) }
    }
}

/// How much of each resource there ever is.
struct Supply<'a> {
    plan: &'a Plan,
    axis: &'a Axis,
    tables: &'a [WorkTable],
    /// The most units, or the total of a material.
    most: IdVec<ResourceId, Amount>,
    /// The units of a work resource that are there for good, after its last window.
    lasting: IdVec<ResourceId, Amount>,
}

impl<'a> Supply<'a> {
    fn new(plan: &'a Plan, axis: &'a Axis, tables: &'a [WorkTable]) -> Supply<'a> {
        let most = plan.resources().iter().map(|resource| match resource.kind {
            ResourceKind::Work => peak_units(resource),
            ResourceKind::Material => resource.capacity.unwrap_or(Amount::MAX),
        });
        let lasting = plan.resources().iter().map(|resource| resource.capacity.unwrap_or(Amount::MAX));
        let (most, lasting) = (most.collect::<Vec<_>>(), lasting.collect::<Vec<_>>());
        Supply { plan, axis, tables, most: most.into(), lasting: lasting.into() }
    }

    fn is_enough(&self, item: &Assigned) -> bool {
        item.amount <= self.most[item.resource]
    }

    /// False if so many units are there only for a time, and that is too short for the work.
    fn lasts(&self, way: &NodeMode, item: &Assigned) -> bool {
        let (resource, table) = (&self.plan.resources()[item.resource], &self.tables[way.calendar as usize]);
        let last = resource.windows.iter().map(|window| window.to).max();
        // What is there after a window that ends where time does is of no use.
        let remains = |from: Moment| {
            let until = self.axis.slot_at_or_before(Moment::MAX);
            table.work(until.into()) - table.work(self.axis.slot_at_or_after(from).into())
        };
        let is_long_enough = |from: Moment| remains(from) >= i64::from(way.duration);
        if way.duration == 0 || item.amount <= self.lasting[item.resource] && last.is_none_or(is_long_enough) {
            return true;
        }
        i64::from(way.duration) <= self.longest_lease(resource, item.amount, table)
    }

    /// The most work that a task on `table` can do while `amount` of a resource is there. Where the task does not work anyway
    /// it needs nothing.
    fn longest_lease(&self, resource: &Resource, amount: Amount, table: &WorkTable) -> i64 {
        // The first step has no beginning.
        let slot = |minute: i64| match minute {
            i64::MIN => 0,
            minute => self.axis.slot_at_or_after(Moment(minute)).max(0),
        };
        let steps = unit_steps(resource);
        // The last step has no end but that of time.
        let ends = steps.iter().skip(1).map(|&(to, _)| slot(to)).chain([self.axis.slot_at_or_before(Moment::MAX)]);
        let (mut longest, mut current) = (0, 0);
        for (&(from, units), to) in steps.iter().zip(ends) {
            let work = table.work(to.into()) - table.work(slot(from).into());
            if units >= amount {
                current += work;
                longest = longest.max(current);
            } else if work > 0 {
                current = 0;
            }
        }
        longest
    }
}

/// False if work that cannot pause exceeds what may be done in a week wherever it starts: it is longer than two weeks allow, and
/// in more than two it fills one of them.
fn fits_weeks(way: &Way) -> bool {
    way.week.is_none_or(|most| most >= MINUTES_PER_WEEK || way.minutes <= 2 * most)
}

/// Keeps the ways that can be taken.
///
/// # Returns
/// The ways as node modes, and what stands behind them.
///
/// # Errors
/// [`Error::is_infeasible`] if a task has no way left.
pub(super) fn possible(
    plan: &Plan,
    origin: &[Origin],
    mut ways: Ways,
    (axis, tables): (&Axis, &[WorkTable]),
    node_mode: impl Fn(&Way) -> NodeMode,
) -> Result<(Ways, Rows<NodeMode>)> {
    let offers: Vec<Offer> = tables.iter().map(Offer::of).collect();
    let supply = Supply::new(plan, axis, tables);
    let can_be_taken = |(in_minutes, way): (&Way, &NodeMode), assigned: &[Assigned]| {
        let offer = &offers[way.calendar as usize];
        let long_enough = if way.unbroken { offer.stretch } else { offer.work };
        i64::from(way.duration) <= long_enough
            && assigned.iter().all(|item| supply.is_enough(item) && supply.lasts(way, item))
            && fits_weeks(in_minutes)
    };

    let mut modes = Rows::with_capacity(origin.len(), ways.ways.items().len());
    for row in ways.ways.iter() {
        modes.push_row(row.iter().map(&node_mode));
    }
    let in_both = ways.ways.items().iter().zip(modes.items());
    if in_both.zip(ways.assigned.iter()).all(|(way, items)| can_be_taken(way, items)) {
        return Ok((ways, modes));
    }

    let count = ways.ways.items().len();
    let assigned = Rows::with_capacity(count, count);
    let (left_out, open) = (std::mem::take(&mut ways.left_out), std::mem::take(&mut ways.open));
    let mut kept = Ways { ways: Rows::with_capacity(origin.len(), count), assigned, left_out, open };
    let mut kept_modes = Rows::with_capacity(origin.len(), count);
    let mut impossible = Vec::new();
    for (node, origin) in origin.iter().enumerate() {
        let open: Vec<usize> = modes
            .range(node)
            .filter(|&position| {
                let way = (&ways.ways.items()[position], &modes.items()[position]);
                can_be_taken(way, ways.assigned.row(position))
            })
            .collect();
        if let (true, Origin::Task(task)) = (open.is_empty(), *origin) {
            let first = modes.range(node).start;
            let data = &plan.tasks()[task];
            let shown = (&ways.ways.items()[first], &modes.items()[first]);
            impossible.push(reason(data, shown, ways.assigned.row(first), &supply));
        }
        for &position in &open {
            kept.assigned.push_row(ways.assigned.row(position).iter().copied());
        }
        kept.ways.push_row(open.iter().map(|&position| ways.ways.items()[position]));
        kept_modes.push_row(open.iter().map(|&position| modes.items()[position]));
    }
    if impossible.is_empty() {
        return Ok((kept, kept_modes));
    }
    let more = impossible.len().saturating_sub(MOST_NAMED);
    impossible.truncate(MOST_NAMED);
    let mut text = impossible.join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more tasks like these"));
    }
    Err(Error::infeasible(text))
}

fn reason(task: &Task, (way, mode): (&Way, &NodeMode), assigned: &[Assigned], supply: &Supply<'_>) -> String {
    let id = &task.id;
    let name = |item: &Assigned| &supply.plan.resources()[item.resource].id;
    if let Some(short) = assigned.iter().find(|item| !supply.is_enough(item)) {
        let most = supply.most[short.resource];
        return format!(
            "task `{id}` needs {} of `{}`, of which there are never more than {most}",
            short.amount,
            name(short)
        );
    }
    let hours = hours(Minutes(way.minutes));
    if let Some(short) = assigned.iter().find(|item| !supply.lasts(mode, item)) {
        let (amount, name) = (short.amount, name(short));
        return format!("task `{id}` needs {amount} of `{name}` for {hours}, and so many are never there for so long");
    }
    if !fits_weeks(way) {
        let limited = |item: &&Assigned| supply.plan.resources()[item.resource].max_per_week.is_some();
        let names: Vec<String> = assigned.iter().filter(limited).map(|item| format!("`{}`", name(item))).collect();
        return format!(
            "task `{id}` needs {hours} without a pause, more than {} may work in two weeks (max_hours_per_week)",
            names.join(" and ")
        );
    }
    let who = if assigned.is_empty() { "its calendar never offers" } else { "its calendar and its people never offer" };
    if way.unbroken {
        format!("task `{id}` needs {hours} without a pause, which {who} in one stretch")
    } else {
        format!("task `{id}` needs {hours} of work, which {who} in all after the project start")
    }
}

fn hours(minutes: Minutes) -> String {
    format!("{}:{:02} hours", minutes.0 / 60, minutes.0 % 60)
}
