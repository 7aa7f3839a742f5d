//! A plan as an XER file that P6 imports.

use std::fmt::Write;

use encoding_rs::WINDOWS_1252;

use super::values::shown;
use super::write_calendar;
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::index::{Id, IdVec};
use crate::plan::{
    ActivityType, Calendar, CalendarId, Constraint, ConstraintKind, DemandSource, Duration, FloatRule, LagAmount,
    LagCalendar, LinkKind, Plan, ProgressLogic, ResourceKind, StoredDates, Task, TaskId, TaskKind, TimeUnit,
};
use crate::schedule::TaskDates;
use crate::units::{Minutes, Moment};

/// The number of the only project.
const PROJECT: u32 = 1;
/// The number of its top WBS node; summaries follow.
const TOP: usize = 1;

/// Things that the file cannot hold, by kind.
#[derive(Default)]
struct Losses(Vec<(&'static str, usize, String)>);

impl Losses {
    fn add(&mut self, what: &'static str, name: &str) {
        match self.0.iter_mut().find(|(seen, ..)| *seen == what) {
            Some((_, count, names)) => {
                *count += 1;
                if *count <= 3 {
                    names.push_str(&format!(", `{name}`"));
                }
            }
            None => self.0.push((what, 1, format!("`{name}`"))),
        }
    }
}

/// Writes a plan as a Primavera P6 file.
///
/// # Arguments
/// `dates` are the dates to put in; without them those that another planner stored.
///
/// # Returns
/// The bytes of the file, in Windows-1252 or, if that lacks characters of the plan, in UTF-8, and notes on what it leaves out.
///
/// # Errors
/// [`Error::is_usage`] for a plan of abstract periods, which has no dates.
pub fn write_xer(plan: &Plan, dates: Option<&IdVec<TaskId, TaskDates>>) -> Result<(Vec<u8>, Findings)> {
    if plan.project().time_unit == TimeUnit::Period {
        return Err(Error::usage("a plan of periods has no dates, which an XER file needs"));
    }
    let mut writer = Writer { plan, dates, out: String::new(), losses: Losses::default() };
    writer.write();
    let Writer { out, losses, .. } = writer;
    let mut findings = Findings::new();
    for (what, count, names) in losses.0 {
        let more = if count > 3 { ", ..." } else { "" };
        let text = format!("{count} {what}: {names}{more}");
        findings.push(Finding::warning("not-carried", Place::file("plan.xer"), text));
    }
    let (bytes, _, has_strangers) = WINDOWS_1252.encode(&out);
    if has_strangers {
        let text = "the plan has characters beyond Windows-1252, so the file is written in UTF-8";
        findings.push(Finding::note("encoding", Place::file("plan.xer"), text));
        return Ok((out.into_bytes(), findings));
    }
    Ok((bytes.into_owned(), findings))
}

struct Writer<'a> {
    plan: &'a Plan,
    dates: Option<&'a IdVec<TaskId, TaskDates>>,
    out: String,
    losses: Losses,
}

/// Hours as P6 writes them.
fn hours(minutes: Minutes) -> String {
    shown(minutes.0 as f64 / 60.0, 6)
}

/// Text in a cell: without tabs and line ends, quotes doubled.
fn cell(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().replace('"', "\"\"")
}

fn date(moment: Option<Moment>) -> String {
    moment.map(|moment| moment.civil().strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

fn flag(is_so: bool) -> &'static str {
    if is_so { "Y" } else { "N" }
}

impl Writer<'_> {
    fn table(&mut self, name: &str, fields: &[&str]) {
        let _ = write!(self.out, "%T\t{name}\r\n%F\t{}\r\n", fields.join("\t"));
    }

    fn row(&mut self, cells: &[&str]) {
        let _ = write!(self.out, "%R\t{}\r\n", cells.join("\t"));
    }

    fn write(&mut self) {
        let plan = self.plan;
        let project = plan.project();
        let currency = if project.currency.chars().count() == 3 { project.currency.as_str() } else { "USD" };
        let today = date(project.status_date.or(Some(project.start)));
        let day = today.get(..10).unwrap_or("");
        let _ = write!(
            self.out,
            "ERMHDR\t20.12\t{day}\tProject\tadmin\tadmin\tdbxDatabaseNoName\tProject Management\t{}\r\n",
            cell(currency)
        );
        self.table(
            "CURRTYPE",
            &[
                "curr_id",
                "decimal_digit_cnt",
                "curr_symbol",
                "decimal_symbol",
                "digit_group_symbol",
                "curr_type",
                "curr_short_name",
                "base_exch_rate",
            ],
        );
        self.row(&["1", "2", &cell(currency), ".", ",", &cell(currency), &cell(currency), "1"]);
        self.project();
        self.calendars();
        self.options();
        self.wbs();
        self.resources();
        self.tasks();
        self.links();
        self.assignments();
        self.out.push_str("%E\r\n");
        for budget in plan.budgets() {
            self.losses.add("budgets", &budget.id);
        }
    }

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

    fn project(&mut self) {
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

    fn calendars(&mut self) {
        let project = self.plan.project();
        self.table(
            "CALENDAR",
            &[
                "clndr_id",
                "default_flag",
                "clndr_name",
                "clndr_type",
                "day_hr_cnt",
                "week_hr_cnt",
                "month_hr_cnt",
                "rsrc_private",
                "clndr_data",
            ],
        );
        for id in self.plan.calendars().ids() {
            let calendar: &Calendar = &self.plan.calendars()[id];
            let (data, is_changed) = write_calendar::data(calendar);
            if is_changed {
                self.losses.add("calendars have dates with hours past midnight, or too many dates", &calendar.id);
            }
            let number = (id.index() + 1).to_string();
            let counts = [project.minutes_per_day, project.minutes_per_week, project.minutes_per_month].map(hours);
            let is_default = flag(id == project.calendar);
            self.row(&[
                &number,
                is_default,
                &cell(&calendar.id),
                "CA_Base",
                &counts[0],
                &counts[1],
                &counts[2],
                "N",
                &data,
            ]);
        }
    }

    /// The calendar on which most lags run.
    fn lag_calendar(&self) -> LagCalendar {
        let choices =
            [LagCalendar::Successor, LagCalendar::Predecessor, LagCalendar::Project, LagCalendar::TwentyFourHours];
        let lags = || self.plan.links().iter().filter(|link| !link.lag.is_zero()).map(|link| link.lag.calendar);
        let count = |choice: &LagCalendar| lags().filter(|calendar| calendar == choice).count();
        choices.into_iter().rev().max_by_key(count).unwrap_or_default()
    }

    fn options(&mut self) {
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
        let retained = dating.progress_logic == ProgressLogic::Retained;
        self.row(&[
            "1",
            &PROJECT.to_string(),
            flag(dating.open_ends_critical),
            "Y",
            flag(retained),
            float,
            lag,
            flag(dating.use_expected_finish),
            flag(!retained),
        ]);
    }

    fn wbs(&mut self) {
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
                self.losses.add("summaries get their path as their id", &task.id);
            }
            if task.constraint.is_some() || task.deadline.is_some() {
                self.losses.add("dates of summaries", &task.id);
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
    fn node(&self, task: &Task) -> String {
        task.parent.map_or(TOP, |parent| TOP + 1 + parent.index()).to_string()
    }

    fn resources(&mut self) {
        let plan = self.plan;
        self.table(
            "RSRC",
            &[
                "rsrc_id",
                "clndr_id",
                "rsrc_seq_num",
                "rsrc_name",
                "rsrc_short_name",
                "def_qty_per_hr",
                "cost_qty_type",
                "active_flag",
                "auto_compute_act_flag",
                "def_cost_qty_link_flag",
                "ot_flag",
                "curr_id",
                "rsrc_type",
            ],
        );
        for id in plan.resources().ids() {
            let resource = &plan.resources()[id];
            let number = (id.index() + 1).to_string();
            let calendar = (plan.calendar_of(id).index() + 1).to_string();
            let kind = if resource.kind == ResourceKind::Material { "RT_Mat" } else { "RT_Labor" };
            self.row(&[
                &number,
                &calendar,
                &number,
                &cell(resource.title()),
                &cell(&resource.id),
                "1",
                "QT_Hour",
                "Y",
                "Y",
                "Y",
                "N",
                "1",
                kind,
            ]);
            let is_limited = resource.kind == ResourceKind::Material && resource.capacity.is_some();
            for (has, what) in [
                (!resource.windows.is_empty(), "resources have other capacities at times"),
                (resource.cost_per_use.0 != 0, "resources cost something a use"),
                (resource.max_per_week.is_some(), "resources have a limit of hours a week"),
                (is_limited, "materials are limited"),
            ] {
                if has {
                    self.losses.add(what, &resource.id);
                }
            }
        }
        self.table("RSRCRATE", &["rsrc_rate_id", "rsrc_id", "max_qty_per_hr", "cost_per_qty", "start_date"]);
        for id in plan.resources().ids() {
            let resource = &plan.resources()[id];
            let number = (id.index() + 1).to_string();
            let price = resource.rate.money.0 as f64 / 100.0;
            let price = match resource.kind {
                ResourceKind::Material => price,
                ResourceKind::Work => price * 60.0 / resource.rate.per.0.max(1) as f64,
            };
            let units = match (resource.kind, resource.capacity) {
                (ResourceKind::Work, Some(units)) => shown(units.0 as f64 / 10_000.0, 4),
                _ => String::new(),
            };
            self.row(&[&number, &number, &units, &shown(price, 4), &date(Some(plan.project().start))]);
        }
    }

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

    fn tasks(&mut self) {
        let plan = self.plan;
        self.table("TASK", &TASK_FIELDS);
        let mut expenses: Vec<(TaskId, String, bool)> = Vec::new();
        for id in plan.tasks().ids().filter(|&id| plan.tasks()[id].kind != TaskKind::Summary) {
            let task = &plan.tasks()[id];
            let Some(mode) = plan.modes_of(id).first() else { continue };
            let driver = self.driver(task, id);
            for (has, what) in [
                (plan.modes_of(id).len() > 1, "tasks can be done in several ways; the first is written"),
                (task.deadline.is_some(), "tasks have a deadline"),
                (task.payment.0 != 0, "tasks are paid for"),
                (task.distribution.is_some(), "tasks have uncertain durations"),
                (
                    driver.is_some() && task.calendar.is_some(),
                    "tasks work on a calendar of their own and those of people",
                ),
                (
                    matches!(mode.duration, Duration::Elapsed(_)),
                    "tasks last clock time; they get a calendar of 24 hours",
                ),
            ] {
                if has {
                    self.losses.add(what, &task.id);
                }
            }
            if task.fixed_cost.0 > 0 {
                let is_finished = task.progress.is_some_and(|progress| progress.finish.is_some());
                expenses.push((id, task.fixed_cost.to_string(), is_finished));
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

    fn round_the_clock(&self) -> CalendarId {
        let calendars = self.plan.calendars();
        let always = |id: &CalendarId| &*calendars[*id].id == Calendar::TWENTY_FOUR_HOURS;
        calendars.ids().find(always).unwrap_or(self.plan.project().calendar)
    }

    fn links(&mut self) {
        let plan = self.plan;
        let usual = self.lag_calendar();
        self.table(
            "TASKPRED",
            &["task_pred_id", "task_id", "pred_task_id", "proj_id", "pred_proj_id", "pred_type", "lag_hr_cnt"],
        );
        for (at, link) in plan.links().iter().enumerate() {
            let (from, to) = (&plan.tasks()[link.predecessor], &plan.tasks()[link.successor]);
            let name = format!("{} -> {}", from.id, to.id);
            if from.kind == TaskKind::Summary || to.kind == TaskKind::Summary {
                self.losses.add("links of summaries", &name);
                continue;
            }
            if link.max_lag.is_some() {
                self.losses.add("greatest lags", &name);
            }
            if !link.lag.is_zero() && link.lag.calendar != usual {
                self.losses.add("lags run on another calendar than most; P6 has one for all", &name);
            }
            let lag = match link.lag.amount {
                LagAmount::Minutes(minutes) => minutes,
                LagAmount::Percent(share) => {
                    self.losses.add("lags in percent are written in hours", &name);
                    let mode = plan.modes_of(link.predecessor).first();
                    mode.map_or(Minutes::ZERO, |mode| share.of(mode.duration.minutes()))
                }
            };
            let kind = match link.kind {
                LinkKind::FinishToStart => "PR_FS",
                LinkKind::StartToStart => "PR_SS",
                LinkKind::FinishToFinish => "PR_FF",
                LinkKind::StartToFinish => "PR_SF",
            };
            let (project, number) = (PROJECT.to_string(), (at + 1).to_string());
            let (from, to) = ((link.predecessor.index() + 1).to_string(), (link.successor.index() + 1).to_string());
            self.row(&[&number, &to, &from, &project, &project, kind, &hours(lag)]);
        }
    }

    fn assignments(&mut self) {
        let plan = self.plan;
        self.table(
            "TASKRSRC",
            &[
                "taskrsrc_id",
                "task_id",
                "proj_id",
                "cost_qty_link_flag",
                "rsrc_id",
                "remain_qty",
                "target_qty",
                "remain_qty_per_hr",
                "target_qty_per_hr",
                "act_reg_qty",
                "rate_type",
                "rsrc_type",
                "cost_per_qty_source_type",
            ],
        );
        let mut number = 0_usize;
        for id in plan.tasks().ids() {
            let Some(mode) = plan.modes_of(id).first() else { continue };
            for demand in plan.demands_of(mode) {
                let DemandSource::Resource(resource) = demand.source else {
                    self.losses.add("tasks need a skill", &plan.tasks()[id].id);
                    continue;
                };
                number += 1;
                let amount = demand.amount.0 as f64 / 10_000.0;
                let is_material = plan.resources()[resource].kind == ResourceKind::Material;
                let quantity = if is_material { amount } else { amount * mode.duration.minutes().0 as f64 / 60.0 };
                let (quantity, a_time) =
                    (shown(quantity, 4), if is_material { String::new() } else { shown(amount, 4) });
                let (task, resource) = ((id.index() + 1).to_string(), (resource.index() + 1).to_string());
                let kind = if is_material { "RT_Mat" } else { "RT_Labor" };
                self.row(&[
                    &number.to_string(),
                    &task,
                    &PROJECT.to_string(),
                    "Y",
                    &resource,
                    &quantity,
                    &quantity,
                    &a_time,
                    &a_time,
                    "0",
                    "COST_PER_QTY",
                    kind,
                    "ST_Rsrc",
                ]);
            }
        }
    }
}

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
