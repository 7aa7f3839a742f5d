//! project.csv of a file.

use super::calendars::Calendars;
use super::elements::Elements;
use super::model::Model;
use super::values::{plain_number, push_date};
use crate::error::{Finding, Place};
use crate::plan::draft::{Table, TableKind};

/// The table.
pub(super) fn table(
    model: &Model<'_>,
    calendar: super::calendars::Known,
    calendars: &Calendars<'_, '_>,
    name: &str,
    elements: &mut Elements<'_>,
) -> Table {
    let project = &model.project;
    let file = elements.file;
    let place = |element: &'static str| Place::cell(file, project.line, element);
    let mut table = Table::new(TableKind::Project, file, ["key", "value"]);
    let mut push = |key: &str, value: &str| {
        if !value.is_empty() {
            table.push_row(project.line, [key, value]);
        }
    };
    let given = if project.title.is_empty() { &project.name } else { &project.title };
    let given = [".xml", ".mpp"].iter().find_map(|end| given.strip_suffix(end)).unwrap_or(given);
    push("name", if given.is_empty() { name } else { given });
    if let Some(start) = project.start {
        let mut cell = String::new();
        push_date(&mut cell, start);
        push("start", &cell);
    }
    push("calendar", calendars.name(calendar));
    let per_day = project.minutes_per_day.unwrap_or(480);
    if (1..=24 * 60).contains(&per_day) {
        push("hours_per_day", &plain_number(per_day as f64 / 60.0, 6));
        let days = project.minutes_per_week.unwrap_or(per_day.saturating_mul(5)) as f64 / per_day as f64;
        if 0.0 < days && days <= 7.0 {
            push("days_per_week", &plain_number(days, 6));
        } else {
            let text = "a week is longer than seven days or has no length; five days are taken";
            elements.tally.push(Finding::warning("bad-value", place("MinutesPerWeek"), text));
        }
    } else {
        let text = format!("a day has `{per_day}` minutes; expected 1 to 1440, the calendar's day is taken");
        elements.tally.push(Finding::warning("bad-value", place("MinutesPerDay"), text));
    }
    match project.days_per_month {
        Some(days) if (1..=31).contains(&days) => push("days_per_month", &days.to_string()),
        Some(days) => {
            let text = format!("a month has `{days}` days; expected 1 to 31, twenty are taken");
            elements.tally.push(Finding::warning("bad-value", place("DaysPerMonth"), text));
        }
        None => {}
    }
    let currency = if project.currency_code.is_empty() { &project.currency_symbol } else { &project.currency_code };
    push("currency", currency);
    if let Some(days) = project.critical_days.filter(|days| *days != 0.0) {
        push("critical_float", &format!("{}m", plain_number((days * per_day as f64).round(), 0)));
    }
    if project.open_ends_critical {
        push("open_ends_critical", "yes");
    }
    if project.honor_constraints.unwrap_or(true) {
        push("honor_constraints", "yes");
    }
    if project.backwards {
        let text = "the project is planned backwards from its finish; here it is planned forwards from its start";
        elements.tally.push(Finding::warning("backward-schedule", place("ScheduleFromStart"), text));
    }
    if project.start.is_none() {
        let text = "the file has no start of the project";
        elements.tally.push(Finding::warning("missing-value", place("StartDate"), text));
    }
    if let Some(status) = project.status_date {
        let text = format!("the status date {status} is left out: it does not move work in Microsoft Project");
        elements.tally.push(Finding::note("not-carried", place("StatusDate"), text));
    }
    table
}
