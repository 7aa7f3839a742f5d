//! From a plan to an instance, or to the list of everything that stands in the way.

use super::instance::{HeaderValue, Instance, Job, JobMode, Layout, MAX_NUMBER, key};
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::index::IdVec;
use crate::io::format::PlanFormat;
use crate::io::losses::Losses;
use crate::plan::content::{self, Cell};
use crate::plan::draft::TableKind;
use crate::plan::{
    Calendar, CalendarId, ConstraintKind, DemandSource, Duration, LinkKind, Mode, Pause, Plan, ResourceId,
    ResourceKind, Task, TaskId, TaskKind, TimeUnit,
};
use crate::units::Amount;

/// Names of things that share a reason are listed up to here.
const NAMED: usize = 3;

/// What the instance cannot express: each kind of reason once, with the things it is about.
#[derive(Default)]
struct Reasons(Vec<Reason>);

struct Reason {
    table: TableKind,
    row: Option<u32>,
    what: &'static str,
    hint: &'static str,
    names: Vec<String>,
    count: usize,
}

impl Reasons {
    fn push(&mut self, table: TableKind, row: Option<u32>, what: &'static str, hint: &'static str, name: &str) {
        let known = self.0.iter().position(|reason| reason.what == what && reason.table == table);
        let at = known.unwrap_or_else(|| {
            self.0.push(Reason { table, row, what, hint, names: Vec::new(), count: 0 });
            self.0.len() - 1
        });
        let reason = &mut self.0[at];
        reason.count += 1;
        if reason.names.len() < NAMED {
            reason.names.push(format!("`{name}`"));
        }
    }

    fn task(&mut self, task: &Task, what: &'static str, hint: &'static str) {
        self.push(TableKind::Tasks, Some(task.row), what, hint, &task.id);
    }

    fn findings(self) -> Findings {
        let finding = |reason: Reason| {
            let mut text = format!("{}: {}", reason.what, reason.names.join(", "));
            if reason.count > reason.names.len() {
                text.push_str(&format!(" and {} more", reason.count - reason.names.len()));
            }
            let place = Place { file: reason.table.file_name().into(), row: reason.row, column: None };
            let finding = Finding::error("not-expressible", place, text);
            if reason.hint.is_empty() { finding } else { finding.with_hint(reason.hint) }
        };
        self.0.into_iter().map(finding).collect()
    }
}

/// The instance that a plan amounts to, with notes on what it leaves out.
///
/// # Errors
/// [`Error::is_invalid_plan`] with every reason why the format cannot express the plan.
pub(super) fn instance(plan: &Plan, format: PlanFormat) -> Result<(Instance, Findings)> {
    let mut export = Export { plan, format, reasons: Reasons::default(), losses: Losses::of(plan, carries) };
    let scales = export.resources();
    export.calendars();
    export.budgets();
    let mut instance = export.jobs(&scales);
    export.links(&mut instance.jobs);
    if !export.reasons.0.is_empty() {
        return Err(Error::invalid_plan(export.reasons.findings()));
    }
    let mut findings = export.losses.into_findings();
    add_dummies(&mut instance.jobs, &mut findings);
    fill_header(plan, &mut instance, &mut findings);
    Ok((instance, findings))
}

/// True for what has a place in an instance, or is judged on its own.
fn carries(cell: &Cell<'_>) -> bool {
    match (cell.table, cell.field) {
        (TableKind::Project, field) => {
            let dates = ["start", "hours_per_day", "days_per_week", "days_per_month", "time_unit"];
            ["name", content::EXTRAS].contains(&field) || dates.contains(&field)
        }
        (TableKind::Tasks, field) => {
            let judged = ["id", "parent", "calendar", "constraint", "second_constraint", "pause"];
            ["name", "duration", "resources"].contains(&field) || judged.contains(&field)
        }
        (TableKind::Resources, field) => ["id", "capacity", "calendar", "max_hours_per_week"].contains(&field),
        (TableKind::Modes, field) => field != "cost",
        (TableKind::Dependencies | TableKind::Availability | TableKind::Budgets, _) => true,
        _ => false,
    }
}

/// A resource of the plan as the instance has it: its column, and the plan's amount that one unit stands for.
#[derive(Clone, Copy)]
struct Scale {
    column: usize,
    unit: i64,
}

struct Export<'a> {
    plan: &'a Plan,
    format: PlanFormat,
    reasons: Reasons,
    losses: Losses,
}

impl Export<'_> {
    /// Judges the resources and gives each its column: work first, then materials.
    fn resources(&mut self) -> IdVec<ResourceId, Option<Scale>> {
        let plan = self.plan;
        // The greatest common divisor of all amounts, in ten-thousandths, and of one whole unit.
        let mut units = IdVec::filled(Amount::ONE.0, plan.resources().len());
        for (resource, entry) in plan.resources().iter_enumerated() {
            units[resource] = greatest_common_divisor(units[resource], entry.capacity.map_or(0, |amount| amount.0));
        }
        for mode in plan.modes().iter() {
            for demand in plan.demands_of(mode) {
                if let DemandSource::Resource(resource) = demand.source {
                    units[resource] = greatest_common_divisor(units[resource], demand.amount.0);
                }
            }
        }
        let mut scales = IdVec::filled(None, plan.resources().len());
        let mut column = 0;
        for kind in [ResourceKind::Work, ResourceKind::Material] {
            for (id, resource) in plan.resources().iter_enumerated().filter(|(_, resource)| resource.kind == kind) {
                let table = TableKind::Resources;
                let Some(capacity) = resource.capacity else {
                    let what = "materials without a limit, which constrain nothing,";
                    self.losses.note((table, "id"), (what, "are left out"), &resource.id);
                    continue;
                };
                if kind == ResourceKind::Material && self.format == PlanFormat::Patterson {
                    let hint = "write the plan as .mm, which has non-renewable resources";
                    self.reasons.push(table, None, "materials are not part of this format", hint, &resource.id);
                }
                if !resource.windows.is_empty() {
                    let what = "resources have other units at certain times";
                    self.reasons.push(TableKind::Availability, None, what, "capacities are constant", &resource.id);
                }
                if resource.max_per_week.is_some() {
                    let what = "resources have a weekly limit on working hours";
                    self.reasons.push(table, None, what, "", &resource.id);
                }
                if capacity.0 / units[id] > MAX_NUMBER {
                    let what = "resources whose capacity is too large a number in whole units";
                    self.reasons.push(table, None, what, "", &resource.id);
                }
                if units[id] != Amount::ONE.0 {
                    let outcome = "are written in fractions of a unit, so that all amounts are whole numbers";
                    self.losses.note((table, "capacity"), ("resources", outcome), &resource.id);
                }
                scales[id] = Some(Scale { column, unit: units[id] });
                column += 1;
            }
        }
        scales
    }

    /// Judges the calendars: there may be one only, so that its working time is the time of the instance.
    fn calendars(&mut self) {
        let plan = self.plan;
        let hint =
            "the format knows one calendar only; remove the calendars of tasks and resources, or give all the same";
        for task in plan.tasks().iter().filter(|task| task.kind != TaskKind::Summary) {
            if task.calendar.is_some_and(|calendar| !self.is_project_calendar(calendar)) {
                self.reasons.task(task, "tasks have a calendar of their own", hint);
            }
        }
        for (id, resource) in plan.resources().iter_enumerated() {
            if resource.kind == ResourceKind::Work && !self.is_project_calendar(plan.calendar_of(id)) {
                let what = "resources have a calendar of their own";
                self.reasons.push(TableKind::Resources, None, what, hint, &resource.id);
            }
        }
        if plan.project().time_unit != TimeUnit::Period {
            let outcome = "loses its dates: time counts in working periods from the project's start";
            self.losses.note((TableKind::Project, "start"), ("plan", outcome), &plan.project().name);
        }
    }

    fn is_project_calendar(&self, calendar: CalendarId) -> bool {
        let calendars = self.plan.calendars();
        let (one, other) = (&calendars[calendar], &calendars[self.plan.project().calendar]);
        (&one.week, &one.exceptions) == (&other.week, &other.exceptions)
    }

    /// True if the project's calendar never pauses.
    fn always_works(&self) -> bool {
        let calendar = &self.plan.calendars()[self.plan.project().calendar];
        calendar.exceptions.is_empty() && calendar.week == Calendar::twenty_four_hours().week
    }

    /// Judges the budgets.
    fn budgets(&mut self) {
        for budget in self.plan.budgets().iter() {
            self.reasons.push(TableKind::Budgets, None, "budgets limit the plan", "remove budgets.csv", &budget.id);
        }
    }

    /// The jobs, one for each activity in file order, and the capacities.
    fn jobs(&mut self, scales: &IdVec<ResourceId, Option<Scale>>) -> Instance {
        let plan = self.plan;
        let mut instance = Instance::default();
        for (id, scale) in scales.iter_enumerated() {
            if let (Some(scale), Some(capacity)) = (scale, plan.resources()[id].capacity) {
                // Columns are given to work first, so each of the two lists is met in column order.
                match plan.resources()[id].kind {
                    ResourceKind::Work => instance.renewable.push(capacity.0 / scale.unit),
                    ResourceKind::Material => instance.nonrenewable.push(capacity.0 / scale.unit),
                }
            }
        }
        let columns = instance.renewable.len() + instance.nonrenewable.len();
        for (number, (id, task)) in (1..).zip(plan.tasks().iter_enumerated()) {
            self.task(task, number);
            if task.kind == TaskKind::Summary {
                continue;
            }
            let modes = plan.modes_of(id);
            if modes.len() > 1 && self.format != PlanFormat::PsplibMm {
                let hint = "write the plan as .mm, or leave one mode per task";
                self.reasons.task(task, "tasks have several modes, which this format does not know", hint);
            }
            let modes = modes.iter().map(|mode| self.mode(task, mode, scales, columns)).collect();
            instance.jobs.push(Job { successors: Vec::new(), modes, line: task.row });
        }
        instance
    }

    /// Judges what a task has besides its modes.
    fn task(&mut self, task: &Task, number: usize) {
        if task.kind == TaskKind::Summary {
            self.losses.note((TableKind::Tasks, "id"), ("summaries", "are left out"), &task.id);
        }
        for constraint in task.constraints() {
            let by_start = constraint.moment <= self.plan.project().start;
            match constraint.kind {
                ConstraintKind::StartNoEarlierThan | ConstraintKind::FinishNoEarlierThan if by_start => {}
                ConstraintKind::AsSoonAsPossible => {}
                ConstraintKind::AsLateAsPossible
                | ConstraintKind::StartNoLaterThan
                | ConstraintKind::FinishNoLaterThan => {
                    let what = "wishes of tasks for a late or latest date";
                    self.losses.note((TableKind::Tasks, "constraint"), (what, "are left out"), &task.id);
                }
                ConstraintKind::StartNoEarlierThan
                | ConstraintKind::FinishNoEarlierThan
                | ConstraintKind::MustStartOn
                | ConstraintKind::MustFinishOn => {
                    self.reasons.task(task, "tasks have a date constraint", "the format knows no dates");
                }
            }
        }
        if task.pause == Pause::Never && !self.always_works() {
            let what = "tasks must not pause over the breaks of the calendar";
            self.reasons.task(task, what, "remove `pause` or use the calendar `24h`");
        }
        if !task.name.is_empty() || *task.id != *number.to_string() {
            let outcome = "lose their ids and names: jobs are numbered in file order";
            self.losses.note((TableKind::Tasks, "id"), ("tasks", outcome), &task.id);
        }
    }

    /// A mode in whole periods and units.
    fn mode(&mut self, task: &Task, mode: &Mode, scales: &IdVec<ResourceId, Option<Scale>>, columns: usize) -> JobMode {
        let unit = self.plan.minutes_per_unit().0;
        let minutes = mode.duration.minutes().0;
        if matches!(mode.duration, Duration::Elapsed(_)) && minutes > 0 && !self.always_works() {
            self.reasons.task(
                task,
                "durations of tasks run on the clock, not on the calendar",
                "give working durations",
            );
        }
        if minutes % unit != 0 {
            let hint = "give a smaller `time_unit` in project.csv, such as `hour` or `minute`";
            self.reasons.task(task, "durations of tasks are no whole number of the plan's time unit", hint);
        }
        let mut uses = vec![0; columns];
        for demand in self.plan.demands_of(mode) {
            match demand.source {
                DemandSource::Skill(_) => {
                    self.reasons.task(task, "tasks ask for a skill", "name the resource that shall do the work");
                }
                DemandSource::Resource(resource) => {
                    if let Some(scale) = scales[resource] {
                        uses[scale.column] = demand.amount.0 / scale.unit;
                    }
                }
            }
        }
        JobMode { duration: minutes / unit, uses, line: task.row }
    }

    /// Judges the links and adds them to the jobs, in the plan's order.
    fn links(&mut self, jobs: &mut [Job]) {
        let plan = self.plan;
        let mut positions: IdVec<TaskId, Option<usize>> = IdVec::filled(None, plan.tasks().len());
        let activities = plan.tasks().iter_enumerated().filter(|(_, task)| task.kind != TaskKind::Summary);
        for (position, (id, _)) in activities.enumerate() {
            positions[id] = Some(position);
        }
        let mut seen = rustc_hash::FxHashSet::default();
        for link in plan.links().iter() {
            let name = format!("{} - {}", plan.tasks()[link.predecessor].id, plan.tasks()[link.successor].id);
            let mut reason = |what, hint| self.reasons.push(TableKind::Dependencies, None, what, hint, &name);
            if link.kind != LinkKind::FinishToStart {
                reason("links are not finish-to-start", "");
            }
            if !link.lag.is_zero() {
                reason("links have a lag", "put a task of that length between the two");
            }
            if link.max_lag.is_some() {
                reason("links have a greatest lag", "");
            }
            match (positions[link.predecessor], positions[link.successor]) {
                (Some(predecessor), Some(successor)) => {
                    if seen.insert((predecessor, successor)) {
                        jobs[predecessor].successors.push(successor);
                    }
                }
                _ => reason("links lead to or from a summary task", "link the tasks below it"),
            }
        }
    }
}

/// Puts a dummy before everything, and one after everything, unless the first and the last job already are such.
fn add_dummies(jobs: &mut Vec<Job>, notes: &mut Findings) {
    let columns = jobs.first().map_or(0, |job| job.modes[0].uses.len());
    let dummy = || Job { modes: vec![JobMode { duration: 0, uses: vec![0; columns], line: 1 }], ..Job::default() };
    let is_dummy = |job: &Job| matches!(job.modes.as_slice(), [mode] if mode.duration == 0 && mode.uses.iter().all(|&units| units == 0));
    let starts = |jobs: &[Job]| {
        let mut is_start = vec![true; jobs.len()];
        for &successor in jobs.iter().flat_map(|job| &job.successors) {
            is_start[successor] = false;
        }
        (0..jobs.len()).filter(|&job| is_start[job]).collect::<Vec<usize>>()
    };
    let mut added = Vec::new();
    let first = starts(jobs);
    if first != [0] || !is_dummy(&jobs[0]) {
        for successor in jobs.iter_mut().flat_map(|job| &mut job.successors) {
            *successor += 1;
        }
        jobs.insert(0, Job { successors: first.iter().map(|job| job + 1).collect(), ..dummy() });
        added.push("start");
    }
    let last: Vec<usize> = (0..jobs.len()).filter(|&job| jobs[job].successors.is_empty()).collect();
    // A lone dummy is the start; the format wants an end besides.
    if jobs.len() < 2 || last != [jobs.len() - 1] || !is_dummy(&jobs[jobs.len() - 1]) {
        let end = jobs.len();
        for &job in &last {
            jobs[job].successors.push(end);
        }
        jobs.push(dummy());
        added.push("end");
    }
    if !added.is_empty() {
        let text = format!("a dummy job was added as the {} of the project", added.join(" and the "));
        notes.push(Finding::note("dummy-job", Place::file(TableKind::Tasks.file_name()), text));
    }
}

/// Fills the header from the plan's own keys, or with values that follow from the jobs.
fn fill_header(plan: &Plan, instance: &mut Instance, notes: &mut Findings) {
    let extra = |key: &str| {
        plan.project().extras.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    };
    let layout = extra(key::FORMAT).and_then(|name| Layout::ALL.into_iter().find(|layout| layout.name() == name));
    instance.layout = layout.unwrap_or_default();
    let (horizon, mpm_time) = (instance.horizon(), instance.longest_path());
    let number = |key: &str| extra(key).and_then(|value| value.parse::<i64>().ok()).filter(|value| *value >= 0);
    if number(key::MPM_TIME).is_some_and(|kept| kept != mpm_time)
        || number(key::HORIZON).is_some_and(|kept| kept < horizon)
    {
        let text = "the plan is no longer as it was read: horizon and MPM-Time were computed anew";
        notes.push(Finding::note("psplib-header", Place::file(TableKind::Project.file_name()), text));
    }
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let values = [
        (key::BASE_DATA, one_line(extra(key::BASE_DATA).unwrap_or(&plan.project().name))),
        (key::SEED, one_line(extra(key::SEED).unwrap_or("0"))),
        (key::HORIZON, number(key::HORIZON).map_or(horizon, |kept| kept.max(horizon)).to_string()),
        (key::RELEASE_DATE, number(key::RELEASE_DATE).unwrap_or(0).to_string()),
        (key::DUE_DATE, number(key::DUE_DATE).unwrap_or(mpm_time).to_string()),
        (key::TARDINESS_COST, number(key::TARDINESS_COST).unwrap_or(0).to_string()),
        (key::MPM_TIME, mpm_time.to_string()),
    ];
    instance.header = values.map(|(key, value)| HeaderValue { key, value, line: 1 }).into();
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
