//! Activities: tasks.csv, progress.csv and dates.csv.

mod activities;
mod cells;
mod rows;

use std::fmt::Write;

use rustc_hash::FxHashMap;

pub(super) use activities::{Activities, expenses};
use cells::Cells;
use rows::{constraints, write_dates, write_progress};

use super::calendars::Calendars;
use super::project::Projects;
use super::read::Count;
use super::resources::Resources;
use super::values;
use super::wbs::Wbs;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::plan::draft::{Table, TableKind};

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
/// Makes the tables.
pub(super) fn tables<'a>(
    activities: &Activities<'a>,
    (wbs, projects): (&Wbs<'a>, &Projects<'a>),
    expenses: &FxHashMap<&'a str, f64>,
    calendars: &mut Calendars<'a>,
    resources: &mut Resources<'a>,
    file: &str,
    found: &mut Tally,
) -> Made {
    let headers = TASK_HEADERS.into_iter().chain(["expected_finish"]);
    let mut tasks = Table::new(TableKind::Tasks, file, headers);
    let mut progress = Table::with_all_columns(TableKind::Progress, file);
    let mut dates = Table::with_all_columns(TableKind::Dates, file);
    wbs.write(&mut tasks, projects, file, found);
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
