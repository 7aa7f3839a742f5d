//! Activities, their dates and their fixed costs.

use super::rows::{cell, date, hours};
use super::{PROJECT, Writer};
use crate::index::Id;
use crate::plan::draft::TableKind;
use crate::plan::{
    ActivityType, Constraint, ConstraintKind, DemandSource, Duration, Mode, ResourceKind, StoredDates, Task, TaskId,
    TaskKind,
};
use crate::units::{Minutes, Money};

const TASK_FIELDS: [&str; 31] = [
    "task_id",
    "proj_id",
    "wbs_id",
    "clndr_id",
    "complete_pct_type",
    "task_type",
    "duration_type",
    "status_code",
    "task_code",
    "task_name",
    "rsrc_id",
    "total_float_hr_cnt",
    "free_float_hr_cnt",
    "remain_drtn_hr_cnt",
    "target_drtn_hr_cnt",
    "act_start_date",
    "act_end_date",
    "late_start_date",
    "late_end_date",
    "expect_end_date",
    "early_start_date",
    "early_end_date",
    "target_start_date",
    "target_end_date",
    "cstr_type",
    "cstr_date",
    "cstr_type2",
    "cstr_date2",
    "priority_type",
    "suspend_date",
    "resume_date",
];

impl Writer<'_> {
    /// The dates of a task, computed or stored.
    fn dates_of(&self, id: TaskId) -> StoredDates {
        match self.dates.filter(|dates| id.index() < dates.len()) {
            Some(dates) => {
                let dates = &dates[id];
                StoredDates {
                    early_start: Some(dates.early_start),
                    early_finish: Some(dates.early_finish),
                    late_start: Some(dates.late_start),
                    late_finish: Some(dates.late_finish),
                    total_float: Some(dates.total_float),
                    free_float: Some(dates.free_float),
                    ..StoredDates::default()
                }
            }
            None if id.index() < self.plan.stored().len() => self.plan.stored()[id],
            None => StoredDates::default(),
        }
    }

    /// The work resource that drives a task by its calendar, if those of its people count.
    fn driver(&self, task: &Task, id: TaskId) -> Option<usize> {
        let mode = self.plan.modes_of(id).first().filter(|_| !task.ignores_resource_calendars)?;
        self.plan.demands_of(mode).iter().find_map(|demand| match demand.source {
            DemandSource::Resource(resource) if self.plan.resources()[resource].kind == ResourceKind::Work => {
                Some(resource.index() + 1)
            }
            _ => None,
        })
    }

    /// What is asked of a task that does not fit into its place in the file.
    fn task_losses(&mut self, task: &Task, mode: &Mode, has_driver: bool) {
        let is_elapsed = matches!(mode.duration, Duration::Elapsed(_));
        let both = "tasks work on a calendar of their own and on those of people;";
        for (has, field, what, outcome) in [
            (has_driver && task.calendar.is_some(), "calendar", both, "those of people count"),
            (is_elapsed, "duration", "tasks last clock time;", "they get a calendar of 24 hours"),
        ] {
            if has {
                self.losses.warn((TableKind::Tasks, field), (what, outcome), &task.id);
            }
        }
    }

    pub(super) fn tasks(&mut self) {
        let plan = self.plan;
        self.table("TASK", &TASK_FIELDS);
        let mut expenses: Vec<(TaskId, String, bool)> = Vec::new();
        for id in plan.tasks().ids().filter(|&id| plan.tasks()[id].kind != TaskKind::Summary) {
            let task = &plan.tasks()[id];
            let Some(mode) = plan.modes_of(id).first() else { continue };
            let driver = self.driver(task, id);
            self.task_losses(task, mode, driver.is_some());
            let cost = task.fixed_cost + mode.cost;
            if cost != Money::ZERO {
                expenses.push((id, cost.to_string(), task.is_finished()));
            }
            let calendar = match mode.duration {
                Duration::Elapsed(_) => self.round_the_clock(),
                Duration::Working(_) => task.calendar.unwrap_or(plan.project().calendar),
            };
            let kind = match (task.activity, task.kind, driver) {
                (ActivityType::LevelOfEffort, ..) => "TT_LOE",
                (ActivityType::FinishMilestone, ..) => "TT_FinMile",
                (ActivityType::StartMilestone, ..) => "TT_Mile",
                (_, _, Some(_)) => "TT_Rsrc",
                (_, _, None) => "TT_Task",
            };
            let dates = self.dates_of(id);
            let (status, remaining) = match task.progress {
                None => ("TK_NotStart", mode.duration.minutes()),
                Some(progress) if progress.finish.is_some() => ("TK_Complete", Minutes::ZERO),
                Some(progress) => ("TK_Active", progress.remaining),
            };
            let resume = task.progress.and_then(|progress| progress.resume);
            let suspend = resume.and(task.progress.map(|progress| progress.start));
            let [first, second] = [task.constraint, task.second_constraint].map(constraint);
            let priority = match task.priority {
                801.. => "PT_Top",
                601..=800 => "PT_High",
                400..=600 => "PT_Normal",
                200..=399 => "PT_Low",
                0..=199 => "PT_Lowest",
            };
            if task.priority % 200 != 100 {
                let words = ("priorities of tasks", "become the nearest of five");
                self.losses.note((TableKind::Tasks, "priority"), words, &task.id);
            }
            let number = |value: Option<Minutes>| value.map(hours).unwrap_or_default();
            let start = task.progress.map(|progress| progress.start);
            let finish = task.progress.and_then(|progress| progress.finish);
            let planned = (date(dates.start.or(dates.early_start)), date(dates.finish.or(dates.early_finish)));
            self.row(&[
                &(id.index() + 1).to_string(),
                &PROJECT.to_string(),
                &self.node(task),
                &(calendar.index() + 1).to_string(),
                "CP_Drtn",
                kind,
                "DT_FixedDUR2",
                status,
                &cell(&task.id),
                &cell(task.title()),
                &driver.map(|driver| driver.to_string()).unwrap_or_default(),
                &number(dates.total_float),
                &number(dates.free_float),
                &hours(remaining),
                &hours(mode.duration.minutes()),
                &date(start),
                &date(finish),
                &date(dates.late_start),
                &date(dates.late_finish),
                &date(task.expected_finish),
                &date(dates.early_start),
                &date(dates.early_finish),
                &planned.0,
                &planned.1,
                first.0,
                &first.1,
                second.0,
                &second.1,
                priority,
                &date(suspend),
                &date(resume),
            ]);
        }
        if expenses.is_empty() {
            return;
        }
        self.table(
            "PROJCOST",
            &[
                "cost_item_id",
                "proj_id",
                "task_id",
                "cost_name",
                "act_cost",
                "remain_cost",
                "target_cost",
                "cost_load_type",
            ],
        );
        for (at, (task, cost, is_finished)) in expenses.into_iter().enumerate() {
            let (done, left) = if is_finished { (cost.as_str(), "0.00") } else { ("0.00", cost.as_str()) };
            let (number, task) = ((at + 1).to_string(), (task.index() + 1).to_string());
            self.row(&[&number, &PROJECT.to_string(), &task, "Fixed cost", done, left, &cost, "CL_Uniform"]);
        }
    }
}

/// P6's code of a constraint, and its date.
fn constraint(constraint: Option<Constraint>) -> (&'static str, String) {
    let Some(constraint) = constraint else { return ("", String::new()) };
    let code = match constraint.kind {
        ConstraintKind::AsSoonAsPossible => return ("", String::new()),
        ConstraintKind::AsLateAsPossible => return ("CS_ALAP", String::new()),
        ConstraintKind::MustStartOn => "CS_MANDSTART",
        ConstraintKind::MustFinishOn => "CS_MANDFIN",
        ConstraintKind::StartNoEarlierThan => "CS_MSOA",
        ConstraintKind::StartNoLaterThan => "CS_MSOB",
        ConstraintKind::FinishNoEarlierThan => "CS_MEOA",
        ConstraintKind::FinishNoLaterThan => "CS_MEOB",
    };
    (code, date(Some(constraint.moment)))
}
