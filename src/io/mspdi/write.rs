//! From a plan to the text of an MSPDI file. Elements stand in the order of the schema, on which Microsoft Project insists.

use super::markup::Markup;
use super::{write_calendars, write_resources, write_tasks};
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::index::IdVec;
use crate::io::losses::Losses;
use crate::plan::content::Cell;
use crate::plan::draft::TableKind;
use crate::plan::{Calendar, CalendarId, Constraint, ConstraintKind, Plan, TaskId, TimeUnit};
use crate::schedule::{Schedule, TaskDates};

/// True for what has a place in the file.
fn carries(cell: &Cell<'_>) -> bool {
    match (cell.table, cell.field) {
        (TableKind::Project, field) => [
            "name",
            "start",
            "status_date",
            "calendar",
            "hours_per_day",
            "days_per_week",
            "days_per_month",
            "currency",
            "critical_float",
            "open_ends_critical",
            "honor_constraints",
        ]
        .contains(&field),
        (TableKind::Tasks, field) => [
            "id",
            "name",
            "parent",
            "duration",
            "resources",
            "resource_calendars",
            "calendar",
            "constraint",
            "second_constraint",
            "manual",
            "deadline",
            "priority",
            "fixed_cost",
            "type",
        ]
        .contains(&field),
        (TableKind::Dependencies, field) => ["predecessor", "type", "lag", "lag_calendar"].contains(&field),
        (TableKind::Resources, field) => ["id", "capacity", "calendar", "rate", "cost_per_use"].contains(&field),
        (TableKind::Progress, field) => field != "date",
        (TableKind::Availability | TableKind::Calendars, _) => true,
        _ => false,
    }
}

/// A file in the making.
pub(super) struct Writer<'p> {
    pub(super) plan: &'p Plan,
    pub(super) schedule: Option<&'p Schedule>,
    pub(super) dates: &'p IdVec<TaskId, TaskDates>,
    pub(super) markup: Markup,
    pub(super) losses: Losses,
    /// True if links do not win over constraints ([`write_tasks::honors_constraints`]).
    pub(super) honors: bool,
}

/// Writes a plan as XML of Microsoft Project.
///
/// # Arguments
/// `schedule` gives start, finish, mode and people of each task, if there is one; `dates` has an entry for each task, or
/// none at all if early and late dates are not known.
///
/// # Returns
/// The text of the file in UTF-8, and what it cannot hold.
///
/// # Errors
/// [`Error::is_invalid_plan`] for a plan of abstract periods, which has no dates.
pub fn write_mspdi(
    plan: &Plan,
    schedule: Option<&Schedule>,
    dates: &IdVec<TaskId, TaskDates>,
) -> Result<(String, Findings)> {
    if plan.project().time_unit == TimeUnit::Period {
        let place = Place::cell(TableKind::Project.file_name(), 1, "time_unit");
        let finding = Finding::error("not-expressible", place, "the format knows dates, not abstract periods");
        let hint = "give the project a `time_unit` such as `day` and a `start`";
        return Err(Error::invalid_plan(Findings::from_iter([finding.with_hint(hint)])));
    }
    let (losses, honors) = (Losses::of(plan, carries), write_tasks::honors_constraints(plan));
    let mut writer = Writer { plan, schedule, dates, markup: Markup::default(), losses, honors };
    writer.project();
    Ok((writer.markup.text, writer.losses.into_findings()))
}

impl Writer<'_> {
    fn project(&mut self) {
        let project = self.plan.project();
        self.project_losses();
        self.markup.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        self.markup.text.push_str("<Project xmlns=\"http://schemas.microsoft.com/project\">\n");
        let out = &mut self.markup;
        out.leaf("SaveVersion", "14");
        out.leaf("Name", &project.name);
        out.leaf("Title", &project.name);
        out.leaf("ScheduleFromStart", "1");
        out.date("StartDate", project.start);
        let early = self.dates.iter().map(|dates| dates.early_finish).max();
        if let Some(finish) = self.schedule.and_then(Schedule::finish).or(early) {
            out.date("FinishDate", finish);
        }
        let per_day = project.minutes_per_day.0.max(1);
        out.number("CriticalSlackLimit", project.dating.critical_float.0 / per_day);
        out.leaf("CurrencyDigits", "2");
        if !project.currency.is_empty() {
            out.leaf("CurrencySymbol", &project.currency);
            if project.currency.len() == 3 && project.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
                out.leaf("CurrencyCode", &project.currency);
            }
        }
        out.number("CalendarUID", write_calendars::uid(project.calendar));
        out.number("MinutesPerDay", project.minutes_per_day.0);
        out.number("MinutesPerWeek", project.minutes_per_week.0);
        out.number("DaysPerMonth", (project.minutes_per_month.0 + per_day / 2) / per_day);
        out.leaf("DurationFormat", "7");
        out.flag("HonorConstraints", self.honors);
        out.flag("MultipleCriticalPaths", project.dating.open_ends_critical);
        out.leaf("WeekStartDay", "1");
        if let Some(status) = project.status_date {
            out.date("StatusDate", status);
        }
        out.leaf("NewTasksAreManual", "0");
        let calendars = self.used_calendars();
        write_calendars::write(self, &calendars);
        let outline = write_tasks::write(self);
        write_resources::write(self);
        write_resources::write_assignments(self, &outline);
        self.markup.text.push_str("</Project>\n");
    }

    /// The calendars of the plan and those built in that are in use, the project's first.
    fn used_calendars(&self) -> Vec<CalendarId> {
        let plan = self.plan;
        let of_tasks = plan.tasks().iter().filter_map(|task| task.calendar);
        let of_people = plan.resources().iter().filter_map(|resource| resource.calendar);
        let is_built_in =
            |id: &CalendarId| matches!(&*plan.calendars()[*id].id, Calendar::STANDARD | Calendar::TWENTY_FOUR_HOURS);
        let of_plan = plan.calendars().ids().filter(|id| !is_built_in(id));
        let mut used = vec![plan.project().calendar];
        let mut others: Vec<CalendarId> =
            of_tasks.chain(of_people).chain(of_plan).filter(|&it| it != plan.project().calendar).collect();
        others.sort_unstable();
        others.dedup();
        used.extend(others);
        used
    }

    fn project_losses(&mut self) {
        let project = self.plan.project();
        if project.dating.critical_float.0 % project.minutes_per_day.0.max(1) != 0 {
            let what = "float up to which tasks are critical";
            self.losses.warn((TableKind::Project, "critical_float"), (what, "is cut to whole days"), "critical_float");
        }
        let no_later =
            |it: Constraint| matches!(it.kind, ConstraintKind::StartNoLaterThan | ConstraintKind::FinishNoLaterThan);
        if self.honors
            && !project.dating.honor_constraints
            && self.plan.tasks().iter().any(|task| task.constraints().any(no_later))
        {
            let words = ("rule that links win over dates", "is left out, because the plan has exact dates");
            self.losses.warn((TableKind::Project, "honor_constraints"), words, "honor_constraints");
        }
        if project.status_date.is_some() {
            let outcome = "is written, but moves no work in Microsoft Project";
            self.losses.note((TableKind::Project, "status_date"), ("status date", outcome), "status_date");
        }
    }
}
