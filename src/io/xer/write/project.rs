//! The project, its options and its WBS.

use super::rows::{cell, date, flag, hours};
use super::{PROJECT, Writer};
use crate::index::Id;
use crate::plan::draft::TableKind;
use crate::plan::{FloatRule, LagCalendar, ProgressLogic, Task, TaskKind};

/// The number of its top WBS node; summaries follow.
const TOP: usize = 1;

impl Writer<'_> {
    /// The first part that all paths of top summaries share, as P6 writes them.
    fn short_name(&self) -> String {
        let tops = self.plan.tasks().iter().filter(|task| task.kind == TaskKind::Summary && task.parent.is_none());
        let mut first: Option<&str> = None;
        for top in tops {
            match (top.id.split_once('.'), first) {
                (Some((start, _)), None) => first = Some(start),
                (Some((start, _)), Some(seen)) if start == seen => {}
                _ => return "PLAN".to_owned(),
            }
        }
        first.unwrap_or("PLAN").to_owned()
    }

    pub(super) fn project(&mut self) {
        let project = self.plan.project();
        self.table(
            "PROJECT",
            &[
                "proj_id",
                "project_flag",
                "export_flag",
                "name_sep_char",
                "proj_short_name",
                "clndr_id",
                "critical_drtn_hr_cnt",
                "critical_path_type",
                "last_recalc_date",
                "plan_start_date",
                "plan_end_date",
                "def_complete_pct_type",
                "def_duration_type",
                "def_task_type",
            ],
        );
        let calendar = (project.calendar.index() + 1).to_string();
        let status = date(project.status_date.or(Some(project.start)));
        let (start, deadline) = (date(Some(project.start)), date(project.deadline));
        let name = cell(&self.short_name());
        let float = hours(project.dating.critical_float);
        let id = PROJECT.to_string();
        self.row(&[
            &id,
            "Y",
            "Y",
            ".",
            &name,
            &calendar,
            &float,
            "CT_TotFloat",
            &status,
            &start,
            &deadline,
            "CP_Drtn",
            "DT_FixedDUR2",
            "TT_Task",
        ]);
    }

    pub(super) fn options(&mut self) {
        let dating = self.plan.project().dating;
        self.table(
            "SCHEDOPTIONS",
            &[
                "schedoptions_id",
                "proj_id",
                "sched_open_critical_flag",
                "sched_lag_early_start_flag",
                "sched_retained_logic",
                "sched_float_type",
                "sched_calendar_on_relationship_lag",
                "sched_use_expect_end_flag",
                "sched_progress_override",
            ],
        );
        if self.plan.project().deadline.is_some() && !dating.late_from_deadline {
            let outcome = "changes: P6 counts late dates from the deadline even if the finish is earlier";
            self.losses.warn((TableKind::Project, "late_from_deadline"), ("setting", outcome), "late_from_deadline");
        }
        let float = match dating.float_rule {
            FloatRule::Smallest => "FT_Min",
            FloatRule::Start => "FT_SS",
            FloatRule::Finish => "FT_FF",
        };
        let lag = match self.lag_calendar() {
            LagCalendar::Predecessor => "rcal_Predecessor",
            LagCalendar::Project => "rcal_ProjDefault",
            LagCalendar::TwentyFourHours => "rcal_24Hour",
            LagCalendar::Successor | LagCalendar::Named(_) => "rcal_Successor",
        };
        let is_logic = |logic: ProgressLogic| flag(dating.progress_logic == logic);
        self.row(&[
            "1",
            &PROJECT.to_string(),
            flag(dating.open_ends_critical),
            flag(!dating.lag_from_actual_start),
            is_logic(ProgressLogic::Retained),
            float,
            lag,
            flag(dating.use_expected_finish),
            is_logic(ProgressLogic::Override),
        ]);
    }

    pub(super) fn wbs(&mut self) {
        self.table(
            "PROJWBS",
            &[
                "wbs_id",
                "proj_id",
                "seq_num",
                "proj_node_flag",
                "sum_data_flag",
                "status_code",
                "wbs_short_name",
                "wbs_name",
                "parent_wbs_id",
            ],
        );
        let project = PROJECT.to_string();
        let top = self.short_name();
        self.row(&[
            &TOP.to_string(),
            &project,
            "0",
            "Y",
            "Y",
            "WS_Open",
            &cell(&top),
            &cell(&self.plan.project().name),
            "",
        ]);
        for id in self.plan.tasks().ids() {
            let task = &self.plan.tasks()[id];
            if task.kind != TaskKind::Summary {
                continue;
            }
            let above = task.parent.map_or(top.as_str(), |parent| &self.plan.tasks()[parent].id);
            let short = task.id.strip_prefix(above).and_then(|rest| rest.strip_prefix('.'));
            if short.is_none() {
                self.losses.note((TableKind::Tasks, "id"), ("summaries", "get their path as their id"), &task.id);
            }
            if task.constraint.is_some() {
                self.losses.warn(
                    (TableKind::Tasks, "constraint"),
                    ("date constraints of summaries", "are left out"),
                    &task.id,
                );
            }
            let number = (TOP + 1 + id.index()).to_string();
            let parent = self.node(task);
            self.row(&[
                &number,
                &project,
                &number,
                "N",
                "Y",
                "WS_Open",
                &cell(short.unwrap_or(&task.id)),
                &cell(&task.name),
                &parent,
            ]);
        }
    }

    /// The WBS node above a task.
    pub(super) fn node(&self, task: &Task) -> String {
        task.parent.map_or(TOP, |parent| TOP + 1 + parent.index()).to_string()
    }
}
