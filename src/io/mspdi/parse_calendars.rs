//! The element `Calendars`.

use jiff::civil::Date;

use super::elements::Elements;
use super::model::{CalendarRow, DayOfMonth, ExceptionRow, Recurrence, WorkWeek};
use crate::error::{Finding, Place, Severity};
use crate::io::xml::Stop;
use crate::plan::Calendar;
use crate::plan::calendar::Shift;
use crate::units::MINUTES_PER_DAY;

/// Reads all calendars.
pub(super) fn read<'a>(elements: &mut Elements<'a>, calendars: &mut Vec<CalendarRow<'a>>) -> Result<(), Stop> {
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "Calendar" => {
                let calendar = calendar(elements)?;
                calendars.push(calendar);
            }
            name => elements.pass_unknown("Calendars", name)?,
        }
    }
    Ok(())
}

fn calendar<'a>(elements: &mut Elements<'a>) -> Result<CalendarRow<'a>, Stop> {
    let mut row = CalendarRow { line: elements.xml.line(), ..CalendarRow::default() };
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "UID" => row.uid = elements.whole("UID")?,
            "Name" => row.name = elements.text()?,
            "BaseCalendarUID" => row.base = elements.whole("BaseCalendarUID")?.filter(|&uid| uid > 0),
            "WeekDays" => week_days(elements, &mut row)?,
            "Exceptions" => {
                while let Some(element) = elements.xml.child()? {
                    match element.name() {
                        "Exception" => exception(elements, &mut row)?,
                        name => elements.pass_unknown("Exceptions", name)?,
                    }
                }
            }
            "WorkWeeks" => {
                while let Some(element) = elements.xml.child()? {
                    match element.name() {
                        "WorkWeek" => work_week(elements, &mut row)?,
                        name => elements.pass_unknown("WorkWeeks", name)?,
                    }
                }
            }
            "GUID" | "IsBaseCalendar" | "IsBaselineCalendar" => elements.xml.skip()?,
            name => elements.pass_unknown("Calendar", name)?,
        }
    }
    Ok(row)
}

/// A day of the week, or a period in files of older versions.
#[derive(Default)]
struct Day {
    line: u32,
    /// 1 for Sunday up to 7 for Saturday, 0 for a period.
    kind: Option<i64>,
    is_working: Option<bool>,
    shifts: Option<Vec<Shift>>,
    from: Option<Date>,
    to: Option<Date>,
}

impl Day {
    /// Its hours; `None` if it is said to be worked without saying when.
    fn hours(&mut self) -> Option<Vec<Shift>> {
        match (self.is_working, self.shifts.take()) {
            (Some(false), _) => Some(Vec::new()),
            (_, Some(shifts)) if !shifts.is_empty() => Some(shifts),
            (Some(true), _) => None,
            (None, shifts) => Some(shifts.unwrap_or_default()),
        }
    }

    /// The weekday, Monday being 0.
    fn weekday(&self) -> Option<usize> {
        let kind = self.kind.filter(|kind| (1..=7).contains(kind))?;
        usize::try_from((kind + 5) % 7).ok()
    }
}

fn week_days<'a>(elements: &mut Elements<'a>, row: &mut CalendarRow<'a>) -> Result<(), Stop> {
    while let Some(mut day) = next_week_day(elements)? {
        let hours = day.hours();
        if let Some(weekday) = day.weekday() {
            let hours = hours.unwrap_or_else(|| usual_hours(elements, day.line));
            if let Some(own) = row.week.get_mut(weekday) {
                *own = Some(hours);
            }
        } else if day.kind == Some(0) {
            let hours = hours.unwrap_or_else(|| usual_hours(elements, day.line));
            // Files that have `Exceptions` besides say the same there.
            push_exception(elements, row, day.line, (day.from, day.to), Recurrence::Daily, None, hours);
        } else {
            let place = Place::cell(elements.file, day.line, "DayType");
            let text = "expected the number of a weekday from 1 (Sunday) to 7, or 0 for a period";
            elements.tally.push(Finding::error("bad-value", place, text));
        }
    }
    Ok(())
}

/// The hours of a day that is worked without saying when.
fn usual_hours(elements: &mut Elements<'_>, line: u32) -> Vec<Shift> {
    let text = "a day is said to be worked without saying when; 08:00-12:00 and 13:00-17:00 are taken";
    elements.tally.push(Finding::warning("missing-hours", Place::row(elements.file, line), text));
    let [monday, ..] = Calendar::standard().week;
    monday
}

/// The next day in a list of them; the list is left with the last.
fn next_week_day(elements: &mut Elements<'_>) -> Result<Option<Day>, Stop> {
    while let Some(element) = elements.xml.child()? {
        if element.name() == "WeekDay" {
            return week_day(elements).map(Some);
        }
        elements.pass_unknown("WeekDays", element.name())?;
    }
    Ok(None)
}

fn week_day(elements: &mut Elements<'_>) -> Result<Day, Stop> {
    let mut day = Day { line: elements.xml.line(), ..Day::default() };
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "DayType" => day.kind = elements.whole("DayType")?,
            "DayWorking" => day.is_working = Some(elements.flag("DayWorking")?),
            "TimePeriod" => (day.from, day.to) = time_period(elements)?,
            "WorkingTimes" => day.shifts = Some(working_times(elements)?),
            name => elements.pass_unknown("WeekDay", name)?,
        }
    }
    Ok(day)
}

/// First and last date of a period.
fn time_period(elements: &mut Elements<'_>) -> Result<(Option<Date>, Option<Date>), Stop> {
    let (mut from, mut to) = (None, None);
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "FromDate" => from = elements.date("FromDate", Severity::Error)?.map(|date| date.date()),
            "ToDate" => to = elements.date("ToDate", Severity::Error)?.map(|date| date.date()),
            name => elements.pass_unknown("TimePeriod", name)?,
        }
    }
    Ok((from, to))
}

fn working_times(elements: &mut Elements<'_>) -> Result<Vec<Shift>, Stop> {
    let mut shifts: Vec<Shift> = Vec::new();
    let line = elements.xml.line();
    while let Some(element) = elements.xml.child()? {
        if element.name() != "WorkingTime" {
            elements.pass_unknown("WorkingTimes", element.name())?;
            continue;
        }
        let (mut from, mut to) = (None, None);
        while let Some(element) = elements.xml.child()? {
            match element.name() {
                "FromTime" => from = elements.clock("FromTime")?,
                "ToTime" => to = elements.clock("ToTime")?,
                name => elements.pass_unknown("WorkingTime", name)?,
            }
        }
        let day = MINUTES_PER_DAY as u16;
        match (from, to) {
            // Midnight ends the day as well.
            (Some(from), Some(0)) if from < day => shifts.push(Shift { start_minute: from, finish_minute: day }),
            (Some(from), Some(to)) if from < to => shifts.push(Shift { start_minute: from, finish_minute: to }),
            (Some(from), Some(to)) if to < from && from < day => {
                shifts.push(Shift { start_minute: from, finish_minute: to + day });
            }
            // Unused lines of the five that each day has.
            (None, None) => {}
            _ => {
                let text = "a working time without a beginning, an end or a length is left out";
                elements.tally.push(Finding::warning("bad-hours", Place::row(elements.file, line), text));
            }
        }
    }
    shifts.sort_unstable();
    if shifts.windows(2).any(|pair| matches!(pair, [a, b] if b.start_minute < a.finish_minute)) {
        let text = "working times of a day overlap; they are joined";
        elements.tally.push(Finding::warning("overlapping-shifts", Place::row(elements.file, line), text));
        shifts = crate::io::midnight::joined(shifts);
    }
    Ok(shifts)
}

fn exception<'a>(elements: &mut Elements<'a>, row: &mut CalendarRow<'a>) -> Result<(), Stop> {
    let mut day = Day { line: elements.xml.line(), ..Day::default() };
    let (mut by_occurrences, mut occurrences, mut kind, mut every) = (false, None, 1, 1);
    let (mut days, mut item, mut position, mut month, mut month_day) = (0, 0, 0, 0, 0);
    while let Some(element) = elements.xml.child()? {
        let name = element.name();
        match name {
            "EnteredByOccurrences" => by_occurrences = elements.flag(name)?,
            "TimePeriod" => (day.from, day.to) = time_period(elements)?,
            "Occurrences" => occurrences = elements.whole(name)?,
            "Type" => kind = elements.whole(name)?.unwrap_or(1),
            "Period" => every = elements.whole(name)?.unwrap_or(1).max(1),
            "DaysOfWeek" => days = elements.whole(name)?.unwrap_or(0),
            "MonthItem" => item = elements.whole(name)?.unwrap_or(0),
            "MonthPosition" => position = elements.whole(name)?.unwrap_or(0),
            "Month" => month = elements.whole(name)?.unwrap_or(0),
            "MonthDay" => month_day = elements.whole(name)?.unwrap_or(0),
            "DayWorking" => day.is_working = Some(elements.flag(name)?),
            "WorkingTimes" => day.shifts = Some(working_times(elements)?),
            "Name" => elements.xml.skip()?,
            name => elements.pass_unknown("Exception", name)?,
        }
    }
    let by_position = DayOfMonth::Position { item, position };
    let month = i8::try_from(month.saturating_add(1)).ok().filter(|month| (1..=12).contains(month));
    let recurrence = match (kind, month) {
        (0 | 1 | 7 | 9, _) if every <= 1 => Some(Recurrence::Daily),
        (1 | 7, _) => Some(Recurrence::EveryDays(every)),
        (2, Some(month)) => Some(Recurrence::Yearly { month, on: DayOfMonth::Number(month_day) }),
        (3, Some(month)) => Some(Recurrence::Yearly { month, on: by_position }),
        (4, _) => Some(Recurrence::Monthly { every, on: DayOfMonth::Number(month_day) }),
        (5, _) => Some(Recurrence::Monthly { every, on: by_position }),
        (6, _) => Some(Recurrence::Weekly { every, days }),
        _ => None,
    };
    let Some(recurrence) = recurrence else {
        let text =
            format!("a calendar exception of kind {kind} is left out: expected 1 to 7 with a month from 0 to 11");
        elements.tally.push(Finding::warning("unknown-recurrence", Place::row(elements.file, day.line), text));
        return Ok(());
    };
    let hours = day.hours().unwrap_or_else(|| usual_hours(elements, day.line));
    let occurrences = occurrences.filter(|&count| by_occurrences && count > 0 && recurrence != Recurrence::Daily);
    push_exception(elements, row, day.line, (day.from, day.to), recurrence, occurrences, hours);
    Ok(())
}

fn push_exception(
    elements: &mut Elements<'_>,
    row: &mut CalendarRow<'_>,
    line: u32,
    (from, to): (Option<Date>, Option<Date>),
    recurrence: Recurrence,
    occurrences: Option<i64>,
    shifts: Vec<Shift>,
) {
    match (from, to.or(from)) {
        (Some(from), Some(to)) if from <= to => {
            // Older versions and newer ones each have a way of their own to say it; files that are for both say it twice.
            let is_known = row
                .exceptions
                .iter()
                .rev()
                .take(64)
                .any(|it| (it.from, it.to, it.recurrence, &it.shifts) == (from, to, recurrence, &shifts));
            if !is_known {
                row.exceptions.push(ExceptionRow { from, to, recurrence, occurrences, shifts });
            }
        }
        _ => {
            let text = "a calendar exception without dates, or with dates in the wrong order, is left out";
            elements.tally.push(Finding::warning("bad-exception", Place::row(elements.file, line), text));
        }
    }
}

fn work_week<'a>(elements: &mut Elements<'a>, row: &mut CalendarRow<'a>) -> Result<(), Stop> {
    let line = elements.xml.line();
    let (mut from, mut to, mut week) = (None, None, <[Vec<Shift>; 7]>::default());
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "TimePeriod" => (from, to) = time_period(elements)?,
            "WeekDays" => {
                while let Some(mut day) = next_week_day(elements)? {
                    let hours = day.hours();
                    if let Some(own) = day.weekday().and_then(|weekday| week.get_mut(weekday)) {
                        *own = hours.unwrap_or_else(|| usual_hours(elements, day.line));
                    }
                }
            }
            "Name" => elements.xml.skip()?,
            name => elements.pass_unknown("WorkWeek", name)?,
        }
    }
    match (from, to) {
        (Some(from), Some(to)) if from <= to => row.work_weeks.push(WorkWeek { from, to, week }),
        _ => {
            let text = "a work week without dates, or with dates in the wrong order, is left out";
            elements.tally.push(Finding::warning("bad-exception", Place::row(elements.file, line), text));
        }
    }
    Ok(())
}
