//! The tables of an XER file that are read, with the fields that are read of them.

use super::rows::record;

record! {
    /// A row of PROJECT.
    ProjectRow of "PROJECT" {
        proj_id, proj_short_name, clndr_id, last_recalc_date, plan_start_date, plan_end_date, critical_drtn_hr_cnt,
        critical_path_type,
    }
}
record! {
    /// A row of SCHEDOPTIONS.
    OptionsRow of "SCHEDOPTIONS" {
        proj_id, sched_open_critical_flag, sched_retained_logic, sched_progress_override, sched_float_type,
        sched_calendar_on_relationship_lag, sched_use_expect_end_flag, sched_lag_early_start_flag,
        sched_use_project_end_date_for_float, sched_outer_depend_type, sched_setplantoforecast,
    }
}
record! {
    /// A row of PROJWBS.
    WbsRow of "PROJWBS" { wbs_id, proj_id, parent_wbs_id, wbs_short_name, wbs_name, proj_node_flag }
}
record! {
    /// A row of RSRC.
    ResourceRow of "RSRC" { rsrc_id, clndr_id, rsrc_name, rsrc_short_name, rsrc_type }
}
record! {
    /// A row of RSRCRATE.
    RateRow of "RSRCRATE" { rsrc_id, max_qty_per_hr, cost_per_qty, start_date }
}
record! {
    /// A row of TASKRSRC.
    AssignmentRow of "TASKRSRC" {
        task_id, rsrc_id, cost_per_qty, target_qty, remain_qty, act_reg_qty, act_ot_qty, target_qty_per_hr,
        remain_qty_per_hr, target_lag_drtn_hr_cnt,
    }
}
record! {
    /// A row of PROJCOST.
    ExpenseRow of "PROJCOST" { task_id, act_cost, remain_cost, target_cost }
}
record! {
    /// A row of TASKPRED.
    LinkRow of "TASKPRED" { task_id, pred_task_id, pred_type, lag_hr_cnt }
}
record! {
    /// A row of TASK.
    ActivityRow of "TASK" {
        task_id, proj_id, wbs_id, clndr_id, task_code, task_name, task_type, status_code, complete_pct_type,
        phys_complete_pct, rsrc_id, total_float_hr_cnt, free_float_hr_cnt, remain_drtn_hr_cnt, target_drtn_hr_cnt,
        act_work_qty, remain_work_qty, act_equip_qty, remain_equip_qty, act_start_date, act_end_date, early_start_date,
        early_end_date, late_start_date, late_end_date, restart_date, reend_date, rem_late_start_date,
        rem_late_end_date, target_start_date, target_end_date, cstr_type, cstr_date, cstr_type2, cstr_date2,
        expect_end_date, priority_type, suspend_date, resume_date, external_early_start_date, external_late_end_date,
    }
}

/// What other tables hold, as findings count it; the ones without a name say nothing about the plan.
pub(super) const OTHER_TABLES: &[(&str, Option<&str>)] = &[
    ("CURRTYPE", None),
    ("OBS", None),
    ("FINTMPL", None),
    ("FINDATES", None),
    ("COSTTYPE", None),
    ("UMEASURE", None),
    ("MEMOTYPE", None),
    ("ACTVTYPE", None),
    ("UDFTYPE", None),
    ("RSRCCURV", None),
    ("RSRCCURVDATA", None),
    ("PROJPROP", None),
    ("PCATTYPE", None),
    ("RCATTYPE", None),
    ("ACTVCODE", None),
    ("PCATVAL", None),
    ("RCATVAL", None),
    ("TASKACTV", Some("codes of activities")),
    ("PROJPCAT", Some("codes of projects")),
    ("RSRCRCAT", Some("codes of resources")),
    ("UDFVALUE", Some("user-defined fields")),
    ("TASKMEMO", Some("notes of activities")),
    ("WBSMEMO", Some("notes of the WBS")),
    ("TASKPROC", Some("steps of activities")),
    ("ROLES", Some("roles")),
    ("ROLERATE", Some("prices of roles")),
    ("RSRCROLE", Some("roles of resources")),
    ("ACCOUNT", Some("cost accounts")),
    ("TASKFIN", Some("past periods of activities")),
    ("TRSRCFIN", Some("past periods of assignments")),
    ("TASKDOC", Some("documents of activities")),
    ("DOCUMENT", Some("documents")),
    ("RISK", Some("risks")),
    ("PROJRISK", Some("risks of projects")),
    ("TASKRISK", Some("risks of activities")),
    ("PROJISSU", Some("issues")),
    ("PROJTHRS", Some("thresholds")),
    ("WBSBUDG", Some("budgets of the WBS")),
    ("WBSSTEP", Some("milestones of the WBS")),
    ("SHIFT", Some("shifts")),
    ("SHIFTPER", Some("shifts' hours")),
    ("TASKFDBK", Some("feedback on activities")),
    ("RSRCHOUR", Some("hours of time sheets")),
];
