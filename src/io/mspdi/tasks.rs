//! tasks.csv, progress.csv and dates.csv of a file.

use jiff::civil::DateTime;

use super::assignments::{Uses, push_cell};
use super::calendars::{Calendars, Known};
use super::elements::Elements;
use super::model::{Model, ResourceType, TaskRow};
use super::outline::{Outline, title};
use super::resources::Resources;
use super::values::{plain_number, push_date};
use crate::error::{Finding, Place, Severity};
use crate::plan::draft::{Table, TableKind};
use crate::units::{Minutes, Moment};

/// What tasks are turned into rows with.
pub(super) struct Context<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) outline: &'m Outline,
    pub(super) resources: &'m Resources,
    pub(super) uses: &'m Uses,
    pub(super) project_calendar: Known,
}

/// Cells of a row that are written again and again.
#[derive(Default)]
pub(super) struct Cells {
    list: Vec<String>,
}

impl Cells {
    /// Empty cells.
    pub(super) fn with(count: usize) -> Cells {
        Cells { list: vec![String::new(); count] }
    }

    /// The cell at a position, emptied.
    fn at(&mut self, at: usize) -> &mut String {
        if at >= self.list.len() {
            self.list.resize_with(at + 1, String::new);
        }
        let cell = &mut self.list[at];
        cell.clear();
        cell
    }

    /// Sets a date.
    pub(super) fn date(&mut self, at: usize, date: Option<DateTime>) {
        let cell = self.at(at);
        if let Some(date) = date {
            push_date(cell, date);
        }
    }

    /// Sets a duration with its unit.
    pub(super) fn minutes(&mut self, at: usize, minutes: Option<Minutes>, unit: &str) {
        let cell = self.at(at);
        if let Some(minutes) = minutes {
            push_number(cell, minutes.0);
            cell.push_str(unit);
        }
    }

    /// Sets a text.
    pub(super) fn text(&mut self, at: usize, text: &str) {
        self.at(at).push_str(text);
    }

    /// Adds the cells to a table.
    pub(super) fn push(&self, table: &mut Table, line: u32) {
        table.push_row(line, self.list.iter().map(String::as_str));
    }
}

fn push_number(cell: &mut String, number: i64) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let _ = write!(cell, "{number}");
}

const TASK_COLUMNS: [&str; 16] = [
    "id",
    "name",
    "parent",
    "duration",
    "resources",
    "calendar",
    "constraint",
    "constraint_date",
    "deadline",
    "priority",
    "fixed_cost",
    "resource_calendars",
    "type",
    "second_constraint",
    "second_constraint_date",
    "manual",
];

/// The tables of tasks, of their progress and of their dates.
pub(super) fn tables(
    context: &Context<'_, '_>,
    calendars: &mut Calendars<'_, '_>,
    elements: &mut Elements<'_>,
) -> [Table; 3] {
    let mut tasks = Table::new(TableKind::Tasks, elements.file, TASK_COLUMNS);
    let mut progress = Table::with_all_columns(TableKind::Progress, elements.file);
    let mut dates = Table::with_all_columns(TableKind::Dates, elements.file);
    let (mut task_cells, mut progress_cells) = (Cells::with(TASK_COLUMNS.len()), Cells::with(progress.columns().len()));
    let mut date_cells = Cells::with(dates.columns().len());
    for (at, row) in context.model.tasks.iter().enumerate().filter(|(at, _)| context.outline.is_kept(*at)) {
        let id = context.outline.id(at);
        task_cells.text(0, id);
        task_cells.text(1, &row.name);
        task_cells.text(2, context.outline.parents.get(at).copied().flatten().map_or("", |it| context.outline.id(it)));
        (3..TASK_COLUMNS.len()).for_each(|at| task_cells.at(at).clear());
        if context.outline.is_summary(at) {
            summary(row, &mut task_cells, elements);
        } else {
            let left = activity(context, at, row, &mut task_cells, calendars, elements);
            if self::progress(row, left, id, &mut progress_cells, elements) {
                progress_cells.push(&mut progress, row.line);
            }
        }
        task_cells.date(8, row.deadline);
        if row.priority.is_some_and(|priority| priority != 500) {
            push_number(task_cells.at(9), row.priority.unwrap_or(500));
        }
        task_cells.push(&mut tasks, row.line);
        if self::dates(row, id, &mut date_cells) {
            date_cells.push(&mut dates, row.line);
        }
    }
    [tasks, progress, dates]
}

/// The cells of a summary.
fn summary(row: &TaskRow<'_>, cells: &mut Cells, elements: &mut Elements<'_>) {
    match row.constraint {
        4 | 7 => constraint(row, true, cells, elements),
        0 => {}
        _ => {
            let what = ("constraints of summary tasks", "are left out: only SNET and FNLT are possible there");
            elements.remarks.count((Severity::Warning, "summary-constraint"), what, row.line, || title(row));
        }
    }
    if row.fixed_cost != 0.0 {
        let what = ("fixed costs of summary tasks", "are left out: costs belong to the tasks below");
        elements.remarks.count((Severity::Warning, "summary-with-cost"), what, row.line, || title(row));
    }
    if row.calendar.is_some() {
        let what = ("calendars of summary tasks", "are left out: they are not used");
        elements.remarks.count((Severity::Note, "summary-with-calendar"), what, row.line, || title(row));
    }
    if row.is_manual {
        let what = ("manually scheduled summary tasks", "span the tasks below them here");
        elements.remarks.count((Severity::Note, "manual-summary"), what, row.line, || title(row));
    }
}

/// The cells of a task that is done itself.
///
/// # Returns
/// What remains of it, if that is not what the file says.
fn activity(
    context: &Context<'_, '_>,
    at: usize,
    row: &TaskRow<'_>,
    cells: &mut Cells,
    calendars: &mut Calendars<'_, '_>,
    elements: &mut Elements<'_>,
) -> Option<Minutes> {
    let mut left = None;
    let duration = if row.is_manual { row.manual_duration.or(row.duration) } else { row.duration };
    if duration.is_none() {
        let place = Place::cell(elements.file, row.line, "Duration");
        let text = format!("the task {} has no duration", title(row));
        elements.tally.push(Finding::error("missing-duration", place, text));
    }
    let duration = duration.unwrap_or(Minutes::ZERO);
    cells.minutes(3, Some(duration), if row.is_elapsed() { "em" } else { "m" });
    if row.is_milestone && duration != Minutes::ZERO {
        let what = ("tasks are marked as milestones but last some time;", "they are tasks here");
        elements.remarks.count((Severity::Note, "lasting-milestone"), what, row.line, || title(row));
    }
    let uses = context.uses.of_task(at);
    push_cell(uses, context.resources, cells.at(4));
    let own = row.calendar.and_then(|uid| {
        let known = calendars.find(uid);
        if known.is_none() {
            let text = format!("no calendar has the number `{uid}`");
            let place = Place::cell(elements.file, row.line, "CalendarUID");
            elements.tally.push(Finding::error("unknown-calendar", place, text));
        }
        known
    });
    let ignores = row.ignores_resource_calendars && own.is_some();
    let needs_no_hours = duration == Minutes::ZERO || row.is_elapsed();
    let of_people = if ignores { Vec::new() } else { calendars_of(context, uses) };
    let mut calendar = own;
    let effective = match (of_people.as_slice(), own) {
        ([], own) => own.unwrap_or(context.project_calendar),
        ([only], None) => *only,
        // Each works when its own calendar does; the task lasts as long as any of them works.
        ([_, _, ..], within) if !needs_no_hours => {
            let what = (
                "tasks have people with different calendars; as in Microsoft Project each works by their own,",
                "so that the task is given a calendar that works when any of them does",
            );
            elements.remarks.count((Severity::Warning, "combined-calendar"), what, row.line, || title(row));
            let any = calendars.combine(of_people, within);
            calendar = Some(any);
            any
        }
        ([only, ..], _) => *only,
    };
    if let Some(calendar) = calendar {
        cells.text(5, calendars.name(calendar));
        if ignores || calendar != own.unwrap_or(calendar) || own.is_none() {
            cells.text(11, "no");
        }
    }
    if context.uses.is_timephased(at)
        && let Some((whole, remaining)) = split(row, duration, calendars, effective)
    {
        let what = (
            "tasks are split: they pause although their calendar works;",
            "here the pauses are part of their durations, so that their dates stay as they are",
        );
        elements.remarks.count((Severity::Warning, "split-task"), what, row.line, || title(row));
        cells.minutes(3, Some(whole), "m");
        left = Some(remaining);
    }
    if row.is_manual || row.is_external || row.is_subproject {
        fixed(row, context.model.project.start, cells, elements);
    } else {
        constraint(row, context.model.project.honor_constraints.unwrap_or(true), cells, elements);
    }
    let cost = row.fixed_cost + context.uses.cost_of(at);
    if cost < 0.0 {
        let what = ("negative fixed costs", "are left out");
        elements.remarks.count((Severity::Warning, "negative-amount"), what, row.line, || title(row));
    } else if cost != 0.0 {
        cells.text(10, &plain_number(cost / 100.0, 2));
    }
    left
}

/// The different calendars of the people on a task.
fn calendars_of(context: &Context<'_, '_>, uses: &[super::assignments::Use]) -> Vec<Known> {
    let is_work = |at: usize| context.model.resources.get(at).is_some_and(|row| row.kind == ResourceType::Work);
    let own = |at: usize| context.resources.calendars.get(at).copied().flatten();
    let people = uses.iter().map(|it| it.resource).filter(|&at| is_work(at));
    let mut found: Vec<Known> = people.map(|at| own(at).unwrap_or(context.project_calendar)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The working time from start to finish, and what remains of it, of a task that is split: one with more working time
/// between the two than it lasts.
fn split(
    row: &TaskRow<'_>,
    duration: Minutes,
    calendars: &Calendars<'_, '_>,
    calendar: Known,
) -> Option<(Minutes, Minutes)> {
    let (start, finish, calendar) = (row.start?, row.finish?, calendars.get(calendar)?);
    // Ten years of days are enough to look at.
    let (start, finish) = (Moment::from_civil(start), Moment::from_civil(finish));
    if row.is_elapsed() || duration == Minutes::ZERO || finish <= start || (finish - start).0 > 3660 * 24 * 60 {
        return None;
    }
    let work = |from: Moment| {
        let stretches = calendar.stretches(from.clamp(start, finish), finish);
        Minutes(stretches.into_iter().map(|(from, to)| (to - from).0).sum::<i64>())
    };
    let goes_on = row.stop.max(row.resume).map_or(start, Moment::from_civil);
    let whole = work(start);
    (whole.0 > duration.0 + 1).then(|| (whole, work(goes_on)))
}

/// The constraint that keeps a task that is not scheduled by links at its date.
///
/// # Arguments
/// `begin` is the start of the project, before which no task can be held.
fn fixed(row: &TaskRow<'_>, begin: Option<DateTime>, cells: &mut Cells, elements: &mut Elements<'_>) {
    let start = row.manual_start.filter(|_| row.is_manual).or(row.start);
    let is_before = start.is_some() && start < begin;
    let what = if row.is_external {
        ("tasks of other projects", "stand at their dates here: they start no earlier than those")
    } else if row.is_subproject {
        ("inserted projects", "are single tasks here, which start no earlier than their dates")
    } else if start.is_none() {
        ("manually scheduled tasks without a start", "follow their links here")
    } else if is_before {
        ("manually scheduled tasks that stand before the project's start", "start with it here, and links move them")
    } else {
        ("manually scheduled tasks", "stand at their dates, and links do not move them")
    };
    let is_manual = !row.is_external && !row.is_subproject;
    let rule = if is_manual { "manual-task" } else { "external-task" };
    let is_fixed = is_manual && start.is_some() && !is_before;
    let kind = (if is_fixed { Severity::Note } else { Severity::Warning }, rule);
    elements.remarks.count(kind, what, row.line, || title(row));
    if let Some(start) = start {
        cells.text(6, if is_fixed { "MSO" } else { "SNET" });
        cells.date(7, Some(start));
        cells.text(15, if is_fixed { "yes" } else { "" });
    }
}

/// The cells of a constraint.
///
/// # Arguments
/// `is_honored` tells that links do not win over it; else a date on which a task must start or finish is one before which it
/// does not, and one after which it should not.
fn constraint(row: &TaskRow<'_>, is_honored: bool, cells: &mut Cells, elements: &mut Elements<'_>) {
    let (code, has_date) = match row.constraint {
        0 => ("", false),
        1 => ("ALAP", false),
        2 if !is_honored => ("SNET", true),
        2 => ("MSO", true),
        3 if !is_honored => ("FNET", true),
        3 => ("MFO", true),
        4 => ("SNET", true),
        5 => ("SNLT", true),
        6 => ("FNET", true),
        7 => ("FNLT", true),
        other => {
            let place = Place::cell(elements.file, row.line, "ConstraintType");
            let text = format!("`{other}` is no constraint; expected 0 to 7");
            elements.tally.push(Finding::error("bad-constraint", place, text));
            return;
        }
    };
    cells.text(6, code);
    if has_date {
        cells.date(7, row.constraint_date);
    }
    if let (2 | 3, false) = (row.constraint, is_honored) {
        cells.text(13, if row.constraint == 2 { "SNLT" } else { "FNLT" });
        cells.date(14, row.constraint_date);
    }
}

/// The cells of what has been done.
///
/// # Arguments
/// `left` is what remains, if that is not what the file says.
///
/// # Returns
/// True if the task has been started.
fn progress(
    row: &TaskRow<'_>,
    left: Option<Minutes>,
    id: &str,
    cells: &mut Cells,
    elements: &mut Elements<'_>,
) -> bool {
    let percent = row.percent.unwrap_or(0.0);
    let (mut start, mut finish) = (row.actual_start, row.actual_finish);
    if finish.is_some() && (row.percent.is_some_and(|percent| percent < 100.0) || finish < start) {
        let what =
            ("tasks have an actual finish but are not complete, or finished before they started;", "it is left out");
        elements.remarks.count((Severity::Warning, "contradictory-progress"), what, row.line, || title(row));
        finish = None;
        if percent == 0.0 {
            start = None;
        }
    }
    if percent >= 100.0 && finish.is_none() {
        let what = ("complete tasks have no actual finish;", "their finish is taken");
        elements.remarks.count((Severity::Note, "missing-actual-date"), what, row.line, || title(row));
        finish = row.finish;
    }
    if start.is_none() && (percent > 0.0 || finish.is_some()) {
        let what = ("started tasks have no actual start;", "their start is taken");
        elements.remarks.count((Severity::Note, "missing-actual-date"), what, row.line, || title(row));
        start = row.start;
    }
    if start.is_none() {
        return false;
    }
    cells.text(0, id);
    cells.date(1, start);
    cells.date(2, finish);
    cells.text(3, &plain_number(percent, 2));
    let unit = if row.is_elapsed() { "em" } else { "m" };
    cells.minutes(4, left.or(row.remaining).filter(|_| finish.is_none()), unit);
    let resume = row.resume.filter(|_| finish.is_none()).filter(|&resume| row.stop.is_none_or(|stop| stop < resume));
    cells.date(5, resume);
    true
}

/// The cells of the dates that the file holds.
///
/// # Returns
/// True if there are any.
fn dates(row: &TaskRow<'_>, id: &str, cells: &mut Cells) -> bool {
    let dates = [row.start, row.finish, row.early_start, row.early_finish, row.late_start, row.late_finish];
    cells.text(0, id);
    for (at, date) in (1..).zip(dates) {
        cells.date(at, date);
    }
    let smaller = row.start_slack.zip(row.finish_slack).map(|(start, finish)| start.min(finish));
    let total = row.total_slack.or(smaller);
    cells.minutes(7, total, "m");
    cells.minutes(8, row.free_slack, "m");
    dates.iter().any(Option::is_some) || total.is_some() || row.free_slack.is_some()
}
