//! Activities: tasks.csv, progress.csv and dates.csv.

use std::fmt::Write;

use rustc_hash::{FxHashMap, FxHashSet};

use super::calendars::Calendars;
use super::ids::Taken;
use super::progress;
use super::project::Projects;
use super::read::Count;
use super::records::{ActivityRow, ExpenseRow};
use super::resources::Resources;
use super::values;
use super::wbs::Wbs;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::plan::draft::{Table, TableKind};

/// The activities of all projects and their ids in the plan.
pub(super) struct Activities<'a> {
    rows: Vec<ActivityRow<'a>>,
    by_id: FxHashMap<&'a str, u32>,
    /// Ids that are not the activity's code.
    renamed: FxHashMap<u32, String>,
    /// WBS summary activities: the WBS rows stand for them.
    left_out: FxHashSet<&'a str>,
    /// The WBS node of each, if there is one.
    nodes: Vec<Option<usize>>,
}

impl<'a> Activities<'a> {
    pub(super) fn new(
        rows: Vec<ActivityRow<'a>>,
        projects: &Projects<'a>,
        wbs: &mut Wbs<'a>,
        file: &str,
        found: &mut Tally,
    ) -> Self {
        let (summaries, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.task_type == "TT_WBS");
        let mut summary_names = Count::default();
        summaries.iter().for_each(|row| summary_names.add(row.task_code));
        let text = "WBS summary activities are left out; the rows of the WBS stand for them";
        summary_names.note("not-carried", text, file, found);
        let left_out = summaries.iter().map(|row| row.task_id).collect();
        let mut by_id: FxHashMap<&str, u32> = FxHashMap::default();
        let mut by_code: FxHashMap<&str, u32> = FxHashMap::default();
        by_id.reserve(rows.len());
        by_code.reserve(rows.len());
        let (mut repeats_across, mut needs_names) = (false, false);
        let mut without_node = Count::default();
        let mut nodes = Vec::with_capacity(rows.len());
        for (at, row) in (0_u32..).zip(&rows) {
            if *by_id.entry(row.task_id).or_insert(at) != at {
                let text =
                    format!("activity `{}` has the task_id of another; its links go to the first", row.task_code);
                found.push(Finding::warning("duplicate-id", Place::cell(file, row.line, "task_id"), text));
            }
            let first = *by_code.entry(row.task_code).or_insert(at);
            if first != at {
                needs_names = true;
                repeats_across |= rows[first as usize].proj_id != row.proj_id;
            }
            needs_names |= row.task_code.is_empty();
            let node = wbs.find(row.wbs_id);
            match node {
                Some(node) => wbs.mark(node),
                None => without_node.add(row.task_code),
            }
            nodes.push(node);
        }
        without_node.warn("unknown-wbs", "activities have no WBS node in the file and stand on top", file, found);
        let mut renamed = FxHashMap::default();
        if needs_names {
            let mut taken = Taken::default();
            let mut changed = Count::default();
            for (at, row) in (0_u32..).zip(&rows) {
                let code = if row.task_code.is_empty() { row.task_id } else { row.task_code };
                let id = match repeats_across {
                    true => format!("{}:{code}", projects.short_name(row.proj_id)),
                    false => code.to_owned(),
                };
                let id = taken.unique(id);
                if id != row.task_code {
                    changed.add(&id);
                    renamed.insert(at, id);
                }
            }
            changed.note("renamed", "activity ids changed, because they are missing or repeat", file, found);
        }
        let activities = Activities { rows, by_id, renamed, left_out, nodes };
        wbs.make_unique(|id| match activities.renamed.is_empty() {
            true => by_code.contains_key(id),
            false => by_code.contains_key(id) || activities.renamed.values().any(|renamed| renamed == id),
        });
        activities
    }

    /// The plan's id of an activity.
    pub(super) fn id(&self, task_id: &str) -> Option<&str> {
        self.by_id.get(task_id).map(|&at| self.id_at(at))
    }

    fn id_at(&self, at: u32) -> &str {
        self.renamed.get(&at).map_or(self.rows[at as usize].task_code, String::as_str)
    }

    /// True for an activity of the file that the plan does not have.
    pub(super) fn is_left_out(&self, task_id: &str) -> bool {
        self.left_out.contains(task_id)
    }
}

/// The expenses of each activity, added up.
pub(super) fn expenses<'a>(
    rows: &[ExpenseRow<'a>],
    activities: &Activities<'a>,
    file: &str,
    found: &mut Tally,
) -> FxHashMap<&'a str, f64> {
    let mut sums: FxHashMap<&str, f64> = FxHashMap::default();
    for row in rows {
        let Some(&at) = activities.by_id.get(row.task_id) else { continue };
        let is_started = !activities.rows[at as usize].act_start_date.is_empty();
        let cells: &[(&str, &'static str)] = match is_started {
            true => &[(row.act_cost, "act_cost"), (row.remain_cost, "remain_cost")],
            false => &[(row.target_cost, "target_cost")],
        };
        for (cell, column) in cells.iter().filter(|(cell, _)| !cell.is_empty()) {
            match values::number(cell).filter(|cost| cost.abs() < 1e12) {
                Some(cost) => *sums.entry(row.task_id).or_default() += cost,
                None => {
                    let text = format!("`{cell}` is no amount of money; it is left out");
                    found.push(Finding::warning("bad-number", Place::cell(file, row.line, *column), text));
                }
            }
        }
    }
    let mut negative = Count::default();
    for (task, _) in sums.iter().filter(|(_, sum)| **sum < 0.0) {
        negative.add(activities.id(task).unwrap_or(task));
    }
    negative.note("not-carried", "negative expenses, by activity", file, found);
    sums.retain(|_, sum| *sum > 0.0);
    sums
}

/// The tables made of the activities.
pub(super) struct Made {
    pub(super) tasks: Option<Table>,
    pub(super) progress: Table,
    pub(super) dates: Table,
}

/// Findings about many activities.
#[derive(Default)]
struct Counts {
    other_duration: Count,
    three_constraints: Count,
    external: Count,
    way_of_counting: Count,
    without_start: Count,
}

/// Where cells that cannot be used are reported.
struct Cells<'f> {
    file: &'f str,
    found: &'f mut Tally,
}

impl Cells<'_> {
    fn fault(&mut self, line: u32, column: &'static str, text: String) {
        self.found.push(Finding::error("bad-value", Place::cell(self.file, line, column), text));
    }

    fn unknown(&mut self, line: u32, column: &'static str, code: &str, expected: &str) {
        let text = format!("`{code}` is not known; expected {expected}");
        self.found.push(Finding::warning("unknown-code", Place::cell(self.file, line, column), text));
    }

    fn date<'a>(&mut self, line: u32, column: &'static str, cell: &'a str) -> &'a str {
        if cell.is_empty() {
            return "";
        }
        values::date(cell).unwrap_or_else(|| {
            self.fault(line, column, format!("`{cell}` is no date; expected one such as `2026-03-02 08:00`"));
            ""
        })
    }

    fn minutes(&mut self, line: u32, column: &'static str, cell: &str) -> Option<i64> {
        if cell.is_empty() {
            return None;
        }
        let minutes = values::minutes(cell);
        if minutes.is_none() {
            self.fault(line, column, format!("`{cell}` are no hours; expected a number such as `40`"));
        }
        minutes
    }
}

const TASK_HEADERS: [&str; 14] = [
    "id",
    "name",
    "parent",
    "duration",
    "resources",
    "calendar",
    "type",
    "resource_calendars",
    "constraint",
    "constraint_date",
    "second_constraint",
    "second_constraint_date",
    "priority",
    "fixed_cost",
];
const DATE_HEADERS: [&str; 9] = [
    "task",
    "start",
    "finish",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "total_float",
    "free_float",
];

/// Makes the tables.
pub(super) fn tables<'a>(
    activities: &Activities<'a>,
    wbs: &Wbs<'a>,
    expenses: &FxHashMap<&'a str, f64>,
    calendars: &mut Calendars<'a>,
    resources: &mut Resources<'a>,
    file: &str,
    found: &mut Tally,
) -> Made {
    let headers = TASK_HEADERS.into_iter().chain(["expected_finish"]);
    let mut tasks = Table::new(TableKind::Tasks, file, headers);
    let progress_headers =
        ["task", "actual_start", "actual_finish", "percent_complete", "remaining_duration", "resume"];
    let mut progress = Table::new(TableKind::Progress, file, progress_headers);
    let mut dates = Table::new(TableKind::Dates, file, DATE_HEADERS);
    wbs.write(&mut tasks, file, found);
    let mut counts = Counts::default();
    let mut cells = Cells { file, found };
    let (mut demands, mut duration, mut cost) = (String::new(), String::new(), String::new());
    for (at, row) in (0_u32..).zip(&activities.rows) {
        let (line, id) = (row.line, activities.id_at(at));
        let is_started = write_progress(row, id, &mut progress, &mut cells, &mut counts);
        let left = cells.minutes(line, "remain_drtn_hr_cnt", row.remain_drtn_hr_cnt);
        let planned = cells.minutes(line, "target_drtn_hr_cnt", row.target_drtn_hr_cnt);
        let (kind, is_milestone) = match row.task_type {
            "TT_Task" | "TT_Rsrc" | "" => ("", false),
            "TT_Mile" => ("start milestone", true),
            "TT_FinMile" => ("finish milestone", true),
            "TT_LOE" => ("level of effort", false),
            other => {
                cells.unknown(line, "task_type", other, "TT_Task, TT_Rsrc, TT_LOE, TT_Mile, TT_FinMile or TT_WBS");
                ("", false)
            }
        };
        let minutes = match (is_milestone, is_started) {
            (true, _) => Some(0),
            // P6 schedules what remains, also of what has not begun.
            (_, false) => left.or(planned),
            (_, true) => planned.max(left),
        };
        if !is_started && !is_milestone && left.is_some() && planned.is_some() && left != planned {
            counts.other_duration.add(id);
        }
        duration.clear();
        if let Some(minutes) = minutes {
            let _ = write!(duration, "{minutes}m");
        }
        resources.write_demands(row.task_id, id, is_started, &mut demands);
        let by_resources = row.task_type == "TT_Rsrc" && !demands.is_empty();
        let own_calendar = calendars.find(row.clndr_id);
        if own_calendar.is_none() && !row.clndr_id.is_empty() {
            let text = format!("no calendar of the file has the number `{}`", row.clndr_id);
            cells.found.push(Finding::warning("unknown-calendar", Place::cell(file, line, "clndr_id"), text));
        }
        let calendar = match own_calendar {
            Some(_) if by_resources && resources.has_calendar(row.rsrc_id, calendars) => "",
            Some(calendar) => calendars.use_name(calendar),
            None => "",
        };
        let [first, second] = constraints(row, id, &mut cells, &mut counts);
        let priority = match row.priority_type {
            "PT_Normal" | "" => "",
            "PT_Top" => "900",
            "PT_High" => "700",
            "PT_Low" => "300",
            "PT_Lowest" => "100",
            other => {
                cells.unknown(line, "priority_type", other, "PT_Top, PT_High, PT_Normal, PT_Low or PT_Lowest");
                ""
            }
        };
        cost.clear();
        if let Some(sum) = expenses.get(row.task_id) {
            let _ = write!(cost, "{sum:.2}");
        }
        if !row.external_early_start_date.is_empty() || !row.external_late_end_date.is_empty() {
            counts.external.add(id);
        }
        let parent = activities.nodes[at as usize].and_then(|node| wbs.summary(node)).unwrap_or("");
        tasks.push_row(
            line,
            [
                id,
                &values::name(row.task_name),
                parent,
                &duration,
                &demands,
                calendar,
                kind,
                if by_resources { "yes" } else { "no" },
                first.0,
                first.1,
                second.0,
                second.1,
                priority,
                &cost,
                cells.date(line, "expect_end_date", row.expect_end_date),
            ],
        );
        write_dates(row, id, &mut dates, &mut cells);
    }
    let Cells { found, .. } = cells;
    let text = "activities not begun whose remaining duration is not the planned one; the remaining one is taken";
    counts.other_duration.note("remaining-duration", text, file, found);
    let text = "activities have more than two date constraints; the first two are kept";
    counts.three_constraints.warn("too-many-constraints", text, file, found);
    counts.external.note("not-carried", "dates that come from projects outside the file, by activity", file, found);
    let text = "activities count percent complete in a way that is not known";
    counts.way_of_counting.note("unknown-code", text, file, found);
    let text = "activities are under way or finished but have no actual start; they count as not begun";
    counts.without_start.warn("progress-without-start", text, file, found);
    Made { tasks: Some(tasks), progress, dates }
}

/// Writes the row of progress.csv of a started activity.
///
/// # Returns
/// True if the activity has been started.
fn write_progress(
    row: &ActivityRow<'_>,
    id: &str,
    table: &mut Table,
    cells: &mut Cells<'_>,
    counts: &mut Counts,
) -> bool {
    let start = cells.date(row.line, "act_start_date", row.act_start_date);
    let finish = cells.date(row.line, "act_end_date", row.act_end_date);
    if !matches!(row.status_code, "TK_NotStart" | "TK_Active" | "TK_Complete" | "") {
        cells.unknown(row.line, "status_code", row.status_code, "TK_NotStart, TK_Active or TK_Complete");
    }
    if start.is_empty() {
        let has_begun = !finish.is_empty() || matches!(row.status_code, "TK_Active" | "TK_Complete");
        if has_begun {
            counts.without_start.add(id);
        }
        return false;
    }
    let percent = if finish.is_empty() { progress::percent(row) } else { Some(100.0) };
    if percent.is_none() && !matches!(row.complete_pct_type, "CP_Phys" | "CP_Drtn" | "CP_Units" | "") {
        counts.way_of_counting.add(id);
    }
    let percent = percent.map(|percent| values::shown(percent, 2)).unwrap_or_default();
    let left = match finish {
        "" => values::minutes(row.remain_drtn_hr_cnt).map(|minutes| format!("{minutes}m")).unwrap_or_default(),
        _ => String::new(),
    };
    let resume = if finish.is_empty() { cells.date(row.line, "resume_date", progress::resume(row)) } else { "" };
    table.push_row(row.line, [id, start, finish, &percent, &left, resume]);
    true
}

/// The constraints of an activity with their dates.
fn constraints<'a>(
    row: &ActivityRow<'a>,
    id: &str,
    cells: &mut Cells<'_>,
    counts: &mut Counts,
) -> [(&'static str, &'a str); 2] {
    let mut all = [("", ""); 2];
    if row.cstr_type.is_empty() && row.cstr_type2.is_empty() {
        return all;
    }
    let mut kept = 0;
    let columns = [
        (row.cstr_type, row.cstr_date, "cstr_type", "cstr_date"),
        (row.cstr_type2, row.cstr_date2, "cstr_type2", "cstr_date2"),
    ];
    for (code, date, code_column, date_column) in columns {
        let kinds: &[&'static str] = match code {
            "" => &[],
            "CS_ALAP" => &["ALAP"],
            "CS_MSO" => &["SNET", "SNLT"],
            "CS_MSOA" => &["SNET"],
            "CS_MSOB" => &["SNLT"],
            "CS_MEO" => &["FNET", "FNLT"],
            "CS_MEOA" => &["FNET"],
            "CS_MEOB" => &["FNLT"],
            "CS_MANDSTART" => &["MSO"],
            "CS_MANDFIN" => &["MFO"],
            other => {
                cells.unknown(row.line, code_column, other, "a constraint such as CS_MSOA or CS_MANDFIN");
                &[]
            }
        };
        let date = cells.date(row.line, date_column, date);
        for &kind in kinds {
            let date = if kind == "ALAP" { "" } else { date };
            if date.is_empty() && kind != "ALAP" {
                cells.fault(row.line, date_column, format!("the constraint {code} has no date and is left out"));
                break;
            }
            match all.get_mut(kept) {
                Some(free) => *free = (kind, date),
                None => counts.three_constraints.add(id),
            }
            kept += 1;
        }
    }
    all
}

/// Writes what P6 computed for an activity.
fn write_dates(row: &ActivityRow<'_>, id: &str, table: &mut Table, cells: &mut Cells<'_>) {
    let is_finished = !row.act_end_date.is_empty();
    let mut first = |choices: &[(&'static str, &str)]| -> String {
        let chosen = choices.iter().find(|(_, cell)| !cell.is_empty());
        chosen.map(|(column, cell)| cells.date(row.line, column, cell).to_owned()).unwrap_or_default()
    };
    let early_start = [("early_start_date", row.early_start_date), ("restart_date", row.restart_date)];
    let early_finish = [("early_end_date", row.early_end_date), ("reend_date", row.reend_date)];
    let late_start = [("late_start_date", row.late_start_date), ("rem_late_start_date", row.rem_late_start_date)];
    let late_finish = [("late_end_date", row.late_end_date), ("rem_late_end_date", row.rem_late_end_date)];
    let start = first(&[
        ("act_start_date", row.act_start_date),
        early_start[0],
        early_start[1],
        ("target_start_date", row.target_start_date),
    ]);
    let finish = first(&[
        ("act_end_date", row.act_end_date),
        early_finish[0],
        early_finish[1],
        ("target_end_date", row.target_end_date),
    ]);
    if is_finished {
        table.push_row(row.line, [id, &start, &finish]);
        return;
    }
    let [early_start, early_finish, late_start, late_finish] =
        [early_start, early_finish, late_start, late_finish].map(|choices| first(&choices));
    let mut float = |column: &'static str, cell: &str| match cells.minutes(row.line, column, cell) {
        Some(minutes) => format!("{minutes}m"),
        None => String::new(),
    };
    let total = float("total_float_hr_cnt", row.total_float_hr_cnt);
    let free = float("free_float_hr_cnt", row.free_float_hr_cnt);
    let row_cells: [&str; 9] =
        [id, &start, &finish, &early_start, &early_finish, &late_start, &late_finish, &total, &free];
    table.push_row(row.line, row_cells);
}
