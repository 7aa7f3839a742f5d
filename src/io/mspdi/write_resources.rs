//! The elements `Resources` and `Assignments`.

use super::values::plain_number;
use super::write::Writer;
use super::write_calendars;
use super::write_tasks::{self, OutlineRow, mode_of, placement};
use crate::index::Id;
use crate::plan::draft::TableKind;
use crate::plan::{DemandSource, Plan, Resource, ResourceId, ResourceKind, TaskKind};
use crate::schedule::Assignment;
use crate::units::{Amount, Minutes, Moment};

/// The number of a resource.
fn uid(resource: ResourceId) -> i64 {
    resource.index() as i64 + 1
}

/// Writes the resources.
pub(super) fn write(writer: &mut Writer<'_>) {
    let plan = writer.plan;
    writer.markup.open("Resources");
    for (id, resource) in plan.resources().iter_enumerated() {
        if resource.kind == ResourceKind::Material && resource.capacity.is_some() {
            writer.losses.warn(
                (TableKind::Resources, "capacity"),
                ("totals of materials", "are left out"),
                &resource.id,
            );
        }
        let is_work = resource.kind == ResourceKind::Work;
        if is_work && !resource.rate.is_whole_an_hour(10_000) {
            let words = ("prices of resources", "are rounded to a millionth");
            writer.losses.note((TableKind::Resources, "rate"), words, &resource.id);
        }
        let out = &mut writer.markup;
        out.open("Resource");
        out.number("UID", uid(id));
        out.number("ID", uid(id));
        out.leaf("Name", &resource.id);
        out.leaf("Type", if is_work { "1" } else { "0" });
        out.leaf("IsNull", "0");
        if is_work {
            out.leaf("MaxUnits", &resource.capacity.unwrap_or(Amount::ONE).to_string());
        }
        let money = resource.rate.money.0 as f64 / 100.0;
        let rate = if is_work { money * 60.0 / resource.rate.per.0.max(1) as f64 } else { money };
        out.leaf("StandardRate", &plain_number(rate, 6));
        out.leaf("StandardRateFormat", if is_work { "2" } else { "8" });
        out.number("CostPerUse", resource.cost_per_use.0);
        if is_work {
            out.number("CalendarUID", write_calendars::uid_of(plan, id));
            availability(out, resource);
        }
        out.close("Resource");
    }
    writer.markup.close("Resources");
}

/// Writes the periods of availability, which in the file are about all time.
fn availability(out: &mut super::markup::Markup, resource: &Resource) {
    if resource.windows.is_empty() {
        return;
    }
    // The first and the last date that Microsoft Project knows.
    let always = (Moment::midnight(jiff::civil::date(1984, 1, 1)), Moment::midnight(jiff::civil::date(2049, 12, 31)));
    let ends = resource.windows.iter().flat_map(|window| [window.from, window.to]);
    let mut edges: Vec<Moment> = ends.chain([always.0, always.1]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut periods: Vec<(Moment, Moment, Amount)> = Vec::new();
    for pair in edges.windows(2) {
        let &[from, to] = pair else { continue };
        let units = resource.units_at(from);
        match periods.last_mut() {
            Some((_, last, same)) if *same == units => *last = to,
            _ => periods.push((from, to, units)),
        }
    }
    out.open("AvailabilityPeriods");
    for (from, to, units) in periods {
        out.open("AvailabilityPeriod");
        out.date("AvailableFrom", from);
        out.date("AvailableTo", to);
        out.leaf("AvailableUnits", &units.to_string());
        out.close("AvailabilityPeriod");
    }
    out.close("AvailabilityPeriods");
}

/// Writes who works on what.
pub(super) fn write_assignments(writer: &mut Writer<'_>, rows: &[OutlineRow]) {
    let plan = writer.plan;
    let mut number = 0;
    writer.markup.open("Assignments");
    for row in rows {
        let Some(task) = plan.tasks().get(row.task).filter(|task| task.kind != TaskKind::Summary) else { continue };
        let Some(mode) = mode_of(writer, row.task) else { continue };
        let mut list: Vec<Assignment> = Vec::new();
        let mut needs_skill = false;
        for demand in plan.demands_of(mode) {
            match demand.source {
                DemandSource::Resource(resource) => list.push(Assignment { resource, amount: demand.amount }),
                DemandSource::Skill(_) => needs_skill = true,
            }
        }
        let outcome = if writer.schedule.is_some() { "become people who have them" } else { "are left out" };
        if let Some(schedule) = writer.schedule {
            list.clear();
            list.extend(schedule.assignments.row(row.task.index()));
        }
        if needs_skill {
            writer.losses.warn((TableKind::Tasks, "resources"), ("demands for skills", outcome), &task.id);
        }
        if !task.ignores_resource_calendars && has_several_calendars(plan, &list) {
            let words = ("tasks of people on different calendars", "are worked on when any of them works, not all");
            writer.losses.warn((TableKind::Tasks, "calendar"), words, &task.id);
        }
        let placement = placement(writer, row.task);
        for Assignment { resource, amount } in list {
            let Some(entry) = plan.resources().get(resource) else { continue };
            number += 1;
            let out = &mut writer.markup;
            out.open("Assignment");
            out.number("UID", number);
            out.number("TaskUID", write_tasks::uid(row.task));
            out.number("ResourceUID", uid(resource));
            if let Some(placement) = placement {
                out.date("Finish", placement.finish);
            }
            let is_material = entry.kind == ResourceKind::Material;
            if is_material {
                out.leaf("HasFixedRateUnits", "1");
                out.leaf("FixedMaterial", "1");
            }
            if let Some(placement) = placement {
                out.date("Start", placement.start);
            }
            out.leaf("Units", &amount.to_string());
            out.seconds("Work", work(amount, mode.duration.minutes(), is_material));
            out.close("Assignment");
        }
    }
    writer.markup.close("Assignments");
}

/// True if not all people of a task have the same calendar.
fn has_several_calendars(plan: &Plan, people: &[Assignment]) -> bool {
    let is_work = |id: &ResourceId| plan.resources()[*id].kind == ResourceKind::Work;
    let mut calendars = people.iter().map(|it| it.resource).filter(is_work).map(|id| plan.calendar_of(id));
    let first = calendars.next();
    calendars.any(|calendar| Some(calendar) != first)
}

/// The work of an assignment in seconds; a unit of a material counts as an hour.
fn work(amount: Amount, duration: Minutes, is_material: bool) -> i64 {
    let hours = if is_material { 60 } else { duration.0 };
    let seconds = i128::from(amount.0) * i128::from(hours) * 60 / i128::from(Amount::ONE.0);
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
