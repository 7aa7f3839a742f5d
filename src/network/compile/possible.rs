//! Leaves out ways to work that can never be taken, and names the tasks for which none remains.

use super::super::{Assigned, HORIZON_LIMIT, NodeMode, Origin, WorkTable};
use super::resources::peak_units;
use super::ways::{Way, Ways};
use crate::error::{Error, Result};
use crate::index::{IdVec, Rows};
use crate::plan::{Plan, ResourceId, ResourceKind, Task};
use crate::units::{Amount, Minutes};

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
    ways: Ways,
    tables: &[WorkTable],
    node_mode: impl Fn(&Way) -> NodeMode,
) -> Result<(Ways, Rows<NodeMode>)> {
    let offers: Vec<Offer> = tables.iter().map(Offer::of).collect();
    let most: IdVec<ResourceId, Amount> = IdVec::from(
        plan.resources()
            .iter()
            .map(|resource| match resource.kind {
                ResourceKind::Work => peak_units(resource),
                ResourceKind::Material => resource.capacity.unwrap_or(Amount::MAX),
            })
            .collect::<Vec<_>>(),
    );
    let can_be_taken = |way: &NodeMode, assigned: &[Assigned]| {
        let offer = &offers[way.calendar as usize];
        let long_enough = if way.unbroken { offer.stretch } else { offer.work };
        i64::from(way.duration) <= long_enough && assigned.iter().all(|item| item.amount <= most[item.resource])
    };

    let mut modes = Rows::with_capacity(origin.len(), ways.ways.items().len());
    for row in ways.ways.iter() {
        modes.push_row(row.iter().map(&node_mode));
    }
    if modes.items().iter().zip(ways.assigned.iter()).all(|(way, items)| can_be_taken(way, items)) {
        return Ok((ways, modes));
    }

    let count = ways.ways.items().len();
    let mut kept = Ways { ways: Rows::with_capacity(origin.len(), count), assigned: Rows::with_capacity(count, count) };
    let mut kept_modes = Rows::with_capacity(origin.len(), count);
    let mut impossible = Vec::new();
    for (node, origin) in origin.iter().enumerate() {
        let open: Vec<usize> = modes
            .range(node)
            .filter(|&position| can_be_taken(&modes.items()[position], ways.assigned.row(position)))
            .collect();
        if let (true, Origin::Task(task)) = (open.is_empty(), *origin) {
            let first = modes.range(node).start;
            let data = &plan.tasks()[task];
            impossible.push(reason(plan, data, &ways.ways.items()[first], ways.assigned.row(first), &most));
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

fn reason(plan: &Plan, task: &Task, way: &Way, assigned: &[Assigned], most: &IdVec<ResourceId, Amount>) -> String {
    let id = &task.id;
    if let Some(short) = assigned.iter().find(|item| item.amount > most[item.resource]) {
        let (resource, most) = (&plan.resources()[short.resource].id, most[short.resource]);
        return format!(
            "task `{id}` needs {} of `{resource}`, of which there are never more than {most}",
            short.amount
        );
    }
    let hours = hours(Minutes(way.minutes));
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
