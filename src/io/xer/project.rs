//! The projects of a file and their options: project.csv.

use rustc_hash::FxHashMap;

use super::calendars::Calendars;
use super::records::{ActivityRow, OptionsRow, ProjectRow};
use super::values;
use super::wbs::Wbs;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::plan::draft::{Table, TableKind};

/// The projects; the one with the most activities, of equal ones the first, gives the status date and the options.
pub(super) struct Projects<'a> {
    rows: Vec<ProjectRow<'a>>,
    options: Option<OptionsRow<'a>>,
    main: Option<usize>,
}

impl<'a> Projects<'a> {
    pub(super) fn new(
        rows: Vec<ProjectRow<'a>>,
        options: Vec<OptionsRow<'a>>,
        activities: &[ActivityRow<'a>],
        file: &str,
        found: &mut Tally,
    ) -> Self {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for activity in activities {
            *counts.entry(activity.proj_id).or_default() += 1;
        }
        let size = |at: &usize| counts.get(rows[*at].proj_id).copied().unwrap_or(0);
        let main = (0..rows.len()).max_by_key(|at| (size(at), std::cmp::Reverse(*at)));
        let of = |project: &ProjectRow<'_>| options.iter().find(|row| row.proj_id == project.proj_id).copied();
        let chosen = main.and_then(|main| of(&rows[main]));
        if rows.is_empty() {
            found.push(Finding::warning("no-project", Place::file(file), "the file has no project"));
        }
        if let Some(main) = main {
            let first = &rows[main];
            let differs = |row: &&ProjectRow<'_>| {
                let same_options = match (of(row), chosen) {
                    (Some(a), Some(b)) => {
                        a.sched_calendar_on_relationship_lag == b.sched_calendar_on_relationship_lag
                            && a.sched_float_type == b.sched_float_type
                            && a.sched_retained_logic == b.sched_retained_logic
                            && a.sched_progress_override == b.sched_progress_override
                            && a.sched_open_critical_flag == b.sched_open_critical_flag
                            && a.sched_use_expect_end_flag == b.sched_use_expect_end_flag
                            && a.sched_lag_early_start_flag == b.sched_lag_early_start_flag
                            && a.sched_use_project_end_date_for_float == b.sched_use_project_end_date_for_float
                    }
                    (None, None) => true,
                    _ => false,
                };
                !same_options
                    || row.last_recalc_date != first.last_recalc_date
                    || row.plan_end_date != first.plan_end_date
                    || row.critical_drtn_hr_cnt != first.critical_drtn_hr_cnt
            };
            if let Some(other) = rows.iter().find(differs) {
                let text = format!(
                    "the data date, the finish demanded or the options of project `{}` are not those of `{}`, which are \
                     taken for all",
                    other.proj_short_name, first.proj_short_name
                );
                found.push(Finding::warning("projects-differ", Place::row(file, other.line), text));
            }
        }
        Projects { rows, options: chosen, main }
    }

    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// The options that are taken for all projects.
    pub(super) fn options(&self) -> Option<&OptionsRow<'a>> {
        self.options.as_ref()
    }

    fn main(&self) -> Option<&ProjectRow<'a>> {
        self.main.map(|at| &self.rows[at])
    }

    /// The short name of a project.
    pub(super) fn short_name(&self, proj_id: &str) -> &'a str {
        self.rows.iter().find(|row| row.proj_id == proj_id).map_or("", |row| row.proj_short_name)
    }

    /// The data date.
    pub(super) fn status_date(&self) -> &'a str {
        self.main().and_then(|row| values::date(row.last_recalc_date)).unwrap_or("")
    }

    /// The date before which nothing of a project is scheduled, where there are several: its start or its data date.
    pub(super) fn start_of(&self, proj_id: &str) -> &'a str {
        let row = self.rows.iter().find(|row| row.proj_id == proj_id).filter(|_| self.rows.len() > 1);
        let dates = row.map(|row| [row.plan_start_date, row.last_recalc_date]).unwrap_or_default();
        dates.into_iter().filter_map(values::date).max().unwrap_or("")
    }

    /// The calendar on which lags run, as dependencies.csv names it.
    pub(super) fn lag_calendar(&self, file: &str, found: &mut Tally) -> &'static str {
        let Some(options) = &self.options else { return "predecessor" };
        match options.sched_calendar_on_relationship_lag {
            "rcal_Predecessor" | "" => "predecessor",
            "rcal_Successor" => "successor",
            "rcal_ProjDefault" => "project",
            "rcal_24Hour" => "24h",
            other => {
                let place = Place::cell(file, options.line, "sched_calendar_on_relationship_lag");
                let text = format!(
                    "`{other}` is no calendar of lags; expected rcal_Predecessor, rcal_Successor, rcal_ProjDefault or \
                     rcal_24Hour; the predecessor's is taken"
                );
                found.push(Finding::warning("unknown-code", place, text));
                "predecessor"
            }
        }
    }

    /// The rows of project.csv.
    pub(super) fn table(
        &self,
        currency: &str,
        name: &str,
        wbs: &Wbs<'a>,
        calendars: &mut Calendars<'a>,
        file: &str,
        found: &mut Tally,
    ) -> Table {
        let mut table = Table::new(TableKind::Project, file, ["key", "value"]);
        let Some(main) = self.main() else { return table };
        let line = main.line;
        let own = wbs.project_name(main.proj_id).unwrap_or(main.proj_short_name);
        let mut put = |key: &str, value: &str| {
            if !value.is_empty() {
                table.push_row(line, [key, value]);
            }
        };
        let own = values::name(own);
        put("name", if self.rows.len() > 1 { name } else { &own });
        let mut date = |row: &ProjectRow<'a>, cell: &'a str, column: &'static str| -> &'a str {
            values::date(cell).unwrap_or_else(|| {
                if !cell.is_empty() {
                    let text = format!("`{cell}` is no date; expected one such as `2026-03-02 08:00`");
                    found.push(Finding::error("bad-date", Place::cell(file, row.line, column), text));
                }
                ""
            })
        };
        let starts = self.rows.iter().map(|row| date(row, row.plan_start_date, "plan_start_date"));
        let start = starts.filter(|start| !start.is_empty()).min().unwrap_or("");
        let deadline = date(main, main.plan_end_date, "plan_end_date");
        let status = date(main, main.last_recalc_date, "last_recalc_date");
        put("start", start);
        put("deadline", deadline);
        put("late_from_deadline", if deadline.is_empty() { "" } else { "yes" });
        let is_common = self.options.is_some_and(|options| options.sched_use_project_end_date_for_float == "N");
        put("late_by_project", if self.rows.len() > 1 && !is_common { "yes" } else { "" });
        put("status_date", status);
        if let Some(at) = calendars.find(main.clndr_id).or_else(|| calendars.default()) {
            put("calendar", calendars.use_name(at));
            let row = calendars.row(at);
            let hours =
                [row.day_hr_cnt, row.week_hr_cnt, row.month_hr_cnt].map(|cell| values::number(cell).unwrap_or(0.0));
            if hours[0] > 0.0 && hours[0] <= 24.0 {
                put("hours_per_day", &values::shown(hours[0], 2));
                for (key, hours_long, most) in [("days_per_week", hours[1], 7.0), ("days_per_month", hours[2], 31.0)] {
                    let days = hours_long / hours[0];
                    if days >= 0.1 && days <= most {
                        put(key, &values::shown(days, 4));
                    }
                }
            }
        }
        put("currency", currency);
        match values::minutes(main.critical_drtn_hr_cnt) {
            Some(minutes) => put("critical_float", &format!("{minutes}m")),
            None if main.critical_drtn_hr_cnt.is_empty() => {}
            None => {
                let place = Place::cell(file, line, "critical_drtn_hr_cnt");
                let text = format!("`{}` are no hours", main.critical_drtn_hr_cnt);
                found.push(Finding::warning("bad-number", place, text));
            }
        }
        if main.critical_path_type == "CT_DrivPath" {
            let text = "P6 calls the longest path critical; here total float decides";
            found.push(Finding::note("not-carried", Place::cell(file, line, "critical_path_type"), text));
        }
        let Some(options) = &self.options else {
            put("float_rule", "finish");
            put("use_expected_finish", "yes");
            let text = "the file has no scheduling options (SCHEDOPTIONS); those that P6 has by default are taken";
            found.push(Finding::note("default-options", Place::file(file), text));
            return table;
        };
        for (key, value) in super::options::settings(options, file, found) {
            put(key, value);
        }
        table
    }
}
