//! From what a file says to the tables of a draft.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::assignments::Uses;
use super::calendars::Calendars;
use super::elements::Elements;
use super::model::Model;
use super::outline::Outline;
use super::resources::{self, Resources};
use super::{links, project, tasks};
use crate::error::{Finding, Place};
use crate::plan::draft::Table;

/// The tables of a file.
pub(super) fn tables(model: &Model<'_>, elements: &mut Elements<'_>, name: &str) -> Vec<Table> {
    let outline = Outline::of(model, elements);
    let mut calendars = Calendars::new(&model.calendars, span(model), model.project.week_start, elements);
    let project_calendar = match model.project.calendar.map(|uid| (uid, calendars.find(uid))) {
        Some((_, Some(calendar))) => calendar,
        Some((uid, None)) if uid > 0 && !model.calendars.is_empty() => {
            let text = format!("no calendar has the number `{uid}`");
            let place = Place::cell(elements.file, model.project.line, "CalendarUID");
            elements.tally.push(Finding::error("unknown-calendar", place, text));
            calendars.standard(model.project.line)
        }
        _ => calendars.standard(model.project.line),
    };
    let resources = Resources::of(model, &mut calendars, elements);
    let uses = Uses::of(model, &outline, &resources, elements);
    let context = tasks::Context { model, outline: &outline, resources: &resources, uses: &uses, project_calendar };
    let [task_table, progress, dates] = tasks::tables(&context, &mut calendars, elements);
    let links = links::table(&context, elements);
    let [resource_table, availability] =
        resources::tables(model, &resources, &uses.most_units, project_calendar, &calendars, elements);
    let mut tables = vec![project::table(model, project_calendar, &calendars, name, elements), task_table];
    let others = [links, resource_table, availability, calendars.table(elements), progress, dates];
    tables.extend(others.into_iter().filter(|table| !table.is_empty()));
    tables
}

/// The dates on which calendars matter: from a month before the first date to as long again after the last.
fn span(model: &Model<'_>) -> (Date, Date) {
    let of_project = [model.project.start, model.project.finish];
    let of_tasks = model.tasks.iter().flat_map(|task| {
        [task.start, task.finish, task.late_finish, task.actual_start, task.constraint_date, task.deadline]
    });
    let (mut first, mut last): (Option<DateTime>, Option<DateTime>) = (None, None);
    for date in of_project.into_iter().chain(of_tasks).flatten() {
        first = Some(first.map_or(date, |first| first.min(date)));
        last = Some(last.map_or(date, |last| last.max(date)));
    }
    let first = first.map_or(Date::constant(2000, 1, 1), |first| first.date());
    let last = last.map_or(Date::constant(2050, 1, 1), |last| last.date());
    // Nobody plans for longer, but a mistyped year may ask for millennia.
    let last = last.min(first.saturating_add(60.years()));
    let length = last.since(first).map_or(0, |span| span.get_days());
    let after = i64::from(length).clamp(2 * 366, 20 * 366);
    (first.saturating_sub(31.days()), last.saturating_add(after.days()))
}
