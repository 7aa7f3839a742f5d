//! From a plan to the text of an MSPDI file. Elements stand in the order of the schema, on which Microsoft Project insists.

use super::super::tally::Tally;
use super::elements::Remarks;
use super::markup::Markup;
use super::{write_calendars, write_resources, write_tasks};
use crate::error::{Error, Finding, Findings, Place, Result, Severity};
use crate::index::IdVec;
use crate::plan::draft::TableKind;
use crate::plan::{CalendarId, Constraint, ConstraintKind, FloatRule, Plan, ProgressLogic, TaskId, TimeUnit};
use crate::schedule::{Schedule, TaskDates};
use crate::units::Money;

/// What the format cannot hold, by the table it stands in.
#[derive(Default)]
pub(super) struct Losses {
    tables: Vec<(TableKind, Remarks)>,
}

impl Losses {
    /// Counts a loss that changes what the plan means.
    pub(super) fn warn(&mut self, table: TableKind, row: u32, what: &'static str, outcome: &'static str, id: &str) {
        self.count(Severity::Warning, table, row, (what, outcome), id);
    }

    /// Counts a loss that does not.
    pub(super) fn note(&mut self, table: TableKind, row: u32, what: &'static str, outcome: &'static str, id: &str) {
        self.count(Severity::Note, table, row, (what, outcome), id);
    }

    fn count(&mut self, severity: Severity, table: TableKind, row: u32, words: (&'static str, &'static str), id: &str) {
        let at = self.tables.iter().position(|(kind, _)| *kind == table).unwrap_or_else(|| {
            self.tables.push((table, Remarks::default()));
            self.tables.len() - 1
        });
        if let Some((_, remarks)) = self.tables.get_mut(at) {
            remarks.count((severity, "not-expressible"), words, row, || format!("`{id}`"));
        }
    }

    fn findings(self) -> Findings {
        let mut findings = Findings::new();
        for (table, remarks) in self.tables {
            let mut tally = Tally::new(table.file_name());
            remarks.flush(table.file_name(), &mut tally);
            tally.flush(&mut findings);
        }
        findings
    }
}

/// A file in the making.
pub(super) struct Writer<'p> {
    pub(super) plan: &'p Plan,
    pub(super) schedule: Option<&'p Schedule>,
    pub(super) dates: &'p IdVec<TaskId, TaskDates>,
    pub(super) markup: Markup,
    pub(super) losses: Losses,
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
    let mut writer = Writer { plan, schedule, dates, markup: Markup::default(), losses: Losses::default() };
    writer.project();
    Ok((writer.markup.text, writer.losses.findings()))
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
        out.flag("HonorConstraints", write_tasks::honors_constraints(self.plan));
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

    /// The calendars in use, the project's first.
    fn used_calendars(&self) -> Vec<CalendarId> {
        let plan = self.plan;
        let of_tasks = plan.tasks().iter().filter_map(|task| task.calendar);
        let of_people = plan.resources().iter().filter_map(|resource| resource.calendar);
        let mut used = vec![plan.project().calendar];
        let mut others: Vec<CalendarId> =
            of_tasks.chain(of_people).filter(|&it| it != plan.project().calendar).collect();
        others.sort_unstable();
        others.dedup();
        used.extend(others);
        used
    }

    fn project_losses(&mut self) {
        let (project, losses) = (self.plan.project(), &mut self.losses);
        let mut warn = |is_lost: bool, what, outcome, key: &str| {
            if is_lost {
                losses.warn(TableKind::Project, 1, what, outcome, key);
            }
        };
        let out = "is left out";
        warn(project.deadline.is_some(), "deadline of the project", out, "deadline");
        let no_later =
            |it: Constraint| matches!(it.kind, ConstraintKind::StartNoLaterThan | ConstraintKind::FinishNoLaterThan);
        warn(
            write_tasks::honors_constraints(self.plan)
                && !project.dating.honor_constraints
                && self.plan.tasks().iter().any(|task| task.constraints().any(no_later)),
            "rule that links win over dates",
            "is left out, because the plan has exact dates",
            "honor_constraints",
        );
        let costs = [project.overhead_per_day, project.delay_penalty_per_day, project.early_bonus_per_day];
        warn(costs.iter().any(|cost| *cost != Money::ZERO), "price of time", out, "overhead_per_day");
        warn(project.discount_rate.0 != 0, "discount rate", out, "discount_rate");
        let dating = &project.dating;
        let per_day = project.minutes_per_day.0.max(1);
        warn(
            dating.critical_float.0 % per_day != 0,
            "float up to which tasks are critical",
            "is cut to whole days",
            "critical_float",
        );
        warn(dating.progress_logic != ProgressLogic::Retained, "progress logic", out, "progress_logic");
        warn(dating.lag_from_actual_start, "start of lags", out, "lag_from_actual_start");
        warn(dating.float_rule != FloatRule::Smallest, "rule for the total float", out, "float_rule");
        warn(dating.use_expected_finish, "use of expected finishes", out, "use_expected_finish");
        if project.status_date.is_some() {
            let what = "status date";
            losses.note(
                TableKind::Project,
                1,
                what,
                "is written, but moves no work in Microsoft Project",
                "status_date",
            );
        }
        for budget in self.plan.budgets().iter() {
            let id = &budget.id;
            self.losses.warn(TableKind::Budgets, 1, "budgets", "are left out", id);
        }
    }
}
