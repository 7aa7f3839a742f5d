//! The element `Calendars`: a base calendar for each calendar in use, and a derived one for each person.

use super::write::Writer;
use crate::index::Id;
use crate::io::midnight::{CivilDays, civil_days};
use crate::plan::calendar::{Exception, Shift};
use crate::plan::draft::TableKind;
use crate::plan::{Calendar, CalendarId, Plan, ResourceId, ResourceKind};
use crate::units::MINUTES_PER_DAY;

/// Working times that a day can have.
const MOST_SHIFTS: usize = 5;

/// The number of a calendar.
pub(super) fn uid(calendar: CalendarId) -> i64 {
    calendar.index() as i64 + 1
}

/// The number of the calendar of a person.
pub(super) fn uid_of(plan: &Plan, resource: ResourceId) -> i64 {
    (plan.calendars().len() + resource.index()) as i64 + 1
}

/// Writes the element.
pub(super) fn write(writer: &mut Writer<'_>, used: &[CalendarId]) {
    let plan = writer.plan;
    writer.markup.open("Calendars");
    for &id in used {
        let Some(calendar) = plan.calendars().get(id) else { continue };
        base(writer, id, calendar);
    }
    for (id, resource) in plan.resources().iter_enumerated().filter(|(_, it)| it.kind == ResourceKind::Work) {
        let out = &mut writer.markup;
        out.open("Calendar");
        out.number("UID", uid_of(plan, id));
        out.leaf("Name", &resource.id);
        out.leaf("IsBaseCalendar", "0");
        out.number("BaseCalendarUID", uid(plan.calendar_of(id)));
        out.close("Calendar");
    }
    writer.markup.close("Calendars");
}

fn base(writer: &mut Writer<'_>, id: CalendarId, calendar: &Calendar) {
    let CivilDays { week, exceptions, is_cut } = civil_days(calendar);
    if is_cut {
        let words = ("calendars have more dates with hours of their own than are written;", "the rest is left out");
        writer.losses.warn((TableKind::Calendars, "hours"), words, &calendar.id);
    }
    let days = week.iter().chain(exceptions.iter().map(|it| &it.shifts));
    if days.into_iter().any(|shifts| shifts.len() > MOST_SHIFTS) {
        let what = "calendars have days of more than five working times,";
        writer.losses.warn((TableKind::Calendars, "hours"), (what, "which Microsoft Project refuses"), &calendar.id);
    }
    let out = &mut writer.markup;
    out.open("Calendar");
    out.number("UID", uid(id));
    out.leaf("Name", &calendar.id);
    out.leaf("IsBaseCalendar", "1");
    out.leaf("BaseCalendarUID", "-1");
    out.open("WeekDays");
    for kind in 1..=7usize {
        out.open("WeekDay");
        out.number("DayType", kind as i64);
        hours(out, week.get((kind + 5) % 7).map_or(&[], Vec::as_slice));
        out.close("WeekDay");
    }
    out.close("WeekDays");
    if !exceptions.is_empty() {
        out.open("Exceptions");
        for Exception { from, to, shifts } in &exceptions {
            out.open("Exception");
            out.leaf("EnteredByOccurrences", "0");
            out.open("TimePeriod");
            out.leaf("FromDate", &format!("{from}T00:00:00"));
            out.leaf("ToDate", &format!("{to}T23:59:00"));
            out.close("TimePeriod");
            out.number("Occurrences", to.since(*from).map_or(0, |span| i64::from(span.get_days())) + 1);
            out.leaf("Name", "");
            out.leaf("Type", "1");
            hours(out, shifts);
            out.close("Exception");
        }
        out.close("Exceptions");
    }
    out.close("Calendar");
}

fn hours(out: &mut super::markup::Markup, shifts: &[Shift]) {
    out.flag("DayWorking", !shifts.is_empty());
    if shifts.is_empty() {
        return;
    }
    out.open("WorkingTimes");
    for shift in shifts {
        let clock = |minute: u16| {
            let minute = minute % MINUTES_PER_DAY as u16;
            format!("{:02}:{:02}:00", minute / 60, minute % 60)
        };
        out.open("WorkingTime");
        out.leaf("FromTime", &clock(shift.start_minute));
        out.leaf("ToTime", &clock(shift.finish_minute));
        out.close("WorkingTime");
    }
    out.close("WorkingTimes");
}
