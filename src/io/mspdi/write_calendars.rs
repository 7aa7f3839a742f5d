//! The element `Calendars`: a base calendar for each calendar in use, and a derived one for each person.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendars::within_day;
use super::write::Writer;
use crate::index::Id;
use crate::plan::calendar::{Exception, Shift};
use crate::plan::draft::TableKind;
use crate::plan::{Calendar, CalendarId, Plan, ResourceId, ResourceKind};
use crate::units::MINUTES_PER_DAY;

/// Working times that a day can have.
const MOST_SHIFTS: usize = 5;
/// Dates with hours of their own that are written for a calendar.
const MOST_DATES: usize = 20_000;

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
    let day = |at: usize| calendar.week.get(at).map_or(&[][..], Vec::as_slice);
    let week: [Vec<Shift>; 7] = std::array::from_fn(|weekday| within_day(day(weekday), day((weekday + 6) % 7)));
    let exceptions = exceptions(writer, calendar, &week);
    let days = week.iter().chain(exceptions.iter().map(|it| &it.shifts));
    if days.into_iter().any(|shifts| shifts.len() > MOST_SHIFTS) {
        let what = "calendars have days of more than five working times,";
        writer.losses.warn(TableKind::Calendars, 1, what, "which Microsoft Project refuses", &calendar.id);
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

/// The dates with other hours than their weekday, in order and apart from each other, each day from midnight to midnight.
fn exceptions(writer: &mut Writer<'_>, calendar: &Calendar, week: &[Vec<Shift>; 7]) -> Vec<Exception> {
    let late = |shifts: &[Shift]| shifts.iter().any(|shift| shift.finish_minute > MINUTES_PER_DAY as u16);
    let any_late =
        calendar.week.iter().chain(calendar.exceptions.iter().map(|it| &it.shifts)).any(|shifts| late(shifts));
    let mut sorted: Vec<&Exception> = calendar.exceptions.iter().collect();
    sorted.sort_by_key(|it| it.from);
    let are_apart = sorted.windows(2).all(|pair| matches!(pair, [a, b] if a.to < b.from));
    if !any_late && are_apart {
        return sorted.into_iter().cloned().collect();
    }
    let mut dates: Vec<Date> = Vec::new();
    for exception in sorted {
        let room = MOST_DATES.saturating_sub(dates.len());
        // A shift of the last day may reach into the next.
        let last = exception.to.tomorrow().unwrap_or(exception.to);
        dates.extend(exception.from.series(1.day()).take_while(|date| *date <= last).take(room));
    }
    if dates.len() == MOST_DATES {
        let what = "calendars have more dates with hours of their own than are written;";
        writer.losses.warn(TableKind::Calendars, 1, what, "the rest is left out", &calendar.id);
    }
    dates.sort_unstable();
    dates.dedup();
    let mut found: Vec<Exception> = Vec::new();
    for date in dates {
        let before = date.yesterday().map_or(&[][..], |before| calendar.shifts_on(before));
        let shifts = within_day(calendar.shifts_on(date), before);
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        if week.get(weekday) == Some(&shifts) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.shifts == shifts && last.to.tomorrow().is_ok_and(|next| next == date) => last.to = date,
            _ => found.push(Exception { from: date, to: date, shifts }),
        }
    }
    found
}
