//! A plan as an XER file that P6 imports.

mod calendars;
mod links;
mod project;
mod resources;
mod rows;
mod tasks;

use std::fmt::Write;

use encoding_rs::WINDOWS_1252;

use crate::error::{Error, Finding, Findings, Place, Result};
use crate::index::IdVec;
use crate::io::losses::Losses;
use crate::plan::content::Cell;
use crate::plan::draft::TableKind;
use crate::plan::{Plan, TaskId, TimeUnit};
use crate::schedule::TaskDates;
use rows::{cell, date};

/// The number of the only project.
const PROJECT: u32 = 1;

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
    let losses = Losses::of(plan, |cell| carries(plan, dates.is_some(), cell));
    let mut writer = Writer { plan, dates, out: String::new(), losses };
    writer.write();
    let Writer { out, losses, .. } = writer;
    let mut findings = losses.into_findings();
    let (bytes, _, has_strangers) = WINDOWS_1252.encode(&out);
    if has_strangers {
        let text = "the plan has characters beyond Windows-1252, so the file is written in UTF-8";
        findings.push(Finding::note("encoding", Place::file("plan.xer"), text));
        return Ok((out.into_bytes(), findings));
    }
    Ok((bytes.into_owned(), findings))
}

/// True if the currency is given by a code, as P6 has it.
fn has_code(plan: &Plan) -> bool {
    plan.project().currency.chars().count() == 3
}

/// True for what has a place in the file.
fn carries(plan: &Plan, has_new_dates: bool, cell: &Cell<'_>) -> bool {
    match (cell.table, cell.field) {
        (TableKind::Project, "currency") => has_code(plan),
        (TableKind::Project, field) => [
            "name",
            "start",
            "deadline",
            "status_date",
            "calendar",
            "hours_per_day",
            "days_per_week",
            "days_per_month",
            "progress_logic",
            "float_rule",
            "critical_float",
            "late_from_deadline",
            "open_ends_critical",
            "use_expected_finish",
            "lag_from_actual_start",
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
            "expected_finish",
            "priority",
            "fixed_cost",
            "type",
        ]
        .contains(&field),
        (TableKind::Dependencies, field) => ["predecessor", "type", "lag", "lag_calendar"].contains(&field),
        (TableKind::Resources, field) => ["id", "name", "capacity", "calendar", "rate"].contains(&field),
        (TableKind::Progress, field) => field != "date",
        (TableKind::Calendars, _) => true,
        (TableKind::Dates, _) => !has_new_dates,
        _ => false,
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    dates: Option<&'a IdVec<TaskId, TaskDates>>,
    out: String,
    losses: Losses,
}

impl Writer<'_> {
    /// The tables in the order in which P6 writes them.
    fn write(&mut self) {
        let plan = self.plan;
        let project = plan.project();
        let currency = if has_code(plan) { project.currency.as_str() } else { "USD" };
        if project.currency.is_empty() {
            let words = ("setting", "is missing: the file is in US dollars");
            self.losses.note((TableKind::Project, "currency"), words, "currency");
        }
        if project.status_date.is_none() {
            let words = ("setting", "is missing: the start is written as data date");
            self.losses.note((TableKind::Project, "status_date"), words, "status_date");
        }
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
    }
}
