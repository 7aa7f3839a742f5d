//! From the bytes of an XER file to the tables of a plan.

use super::calendars::Calendars;
use super::encoding;
use super::links;
use super::project::Projects;
use super::records::ActivityRow;
use super::resources::Resources;
use super::rows::{Record, XerFile};
use super::tasks::{self, Activities};
use super::wbs::Wbs;
use crate::error::{Finding, Findings, Place};
use crate::io::tally::Tally;
use crate::plan::draft::{PlanDraft, Table};

/// Names that a message lists.
const NAMED: usize = 3;

/// Things of one kind that a single finding is about.
#[derive(Default)]
pub(super) struct Count {
    count: usize,
    names: Vec<String>,
}

impl Count {
    pub(super) fn add(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < NAMED && !self.names.iter().any(|seen| seen == name) {
            self.names.push(name.to_owned());
        }
    }

    fn text(&self, what: &str) -> String {
        let names: Vec<String> = self.names.iter().map(|name| format!("`{name}`")).collect();
        let more = if self.count > names.len() { ", ..." } else { "" };
        format!("{} {what}: {}{more}", self.count, names.join(", "))
    }

    /// Reports them, if there are any.
    pub(super) fn note(&self, rule: &'static str, what: &str, file: &str, found: &mut Tally) {
        if self.count > 0 {
            found.push(Finding::note(rule, Place::file(file), self.text(what)));
        }
    }

    /// Reports them, if there are any, as something that changes dates or costs.
    pub(super) fn warn(&self, rule: &'static str, what: &str, file: &str, found: &mut Tally) {
        if self.count > 0 {
            found.push(Finding::warning(rule, Place::file(file), self.text(what)));
        }
    }
}

/// Reads a file into a draft.
pub(in crate::io) fn read(file: &str, bytes: Vec<u8>, draft: &mut PlanDraft) {
    let mut findings = Findings::new();
    let text = encoding::decode(file, bytes, &mut findings);
    draft.findings.append(findings);
    let Some(text) = text else { return };
    let mut found = Tally::new(file);
    let tables = tables(file, &text, &draft.name, &mut found);
    draft.tables.extend(tables);
    found.flush(&mut draft.findings);
}

fn tables(file: &str, text: &str, name: &str, found: &mut Tally) -> Vec<Table> {
    let xer = XerFile::parse(file, text, found);
    let mut calendars = Calendars::new(xer.select(file, found));
    let activities: Vec<ActivityRow<'_>> = xer.select(file, found);
    let projects = Projects::new(xer.select(file, found), xer.select(file, found), &activities, file, found);
    let mut wbs = Wbs::new(xer.select(file, found), projects.count() > 1, file, found);
    let rates = xer.select(file, found);
    let mut resources = Resources::new(xer.select(file, found), xer.select(file, found), file, found);
    let activities = Activities::new(activities, &projects, &mut wbs, file, found);
    let expenses =
        tasks::expenses(&xer.select::<super::records::ExpenseRow<'_>>(file, found), &activities, file, found);
    let made = tasks::tables(&activities, (&wbs, &projects), &expenses, &mut calendars, &mut resources, file, found);
    let links =
        links::table(&xer.select::<super::records::LinkRow<'_>>(file, found), &activities, &projects, file, found);
    let project = projects.table(xer.currency, name, &wbs, &mut calendars, file, found);
    let status = projects.status_date();
    let resource_table = resources.table(&rates, status, &mut calendars, file, found);
    resources.report(&rates, file, found);
    let calendar_table = calendars.table(file, found);
    super::options::report(&xer, projects.options(), projects.count(), file, found);
    report_tables(&xer, file, found);
    let all = [project].into_iter().chain(made.tasks).chain([
        links,
        resource_table,
        calendar_table,
        made.progress,
        made.dates,
    ]);
    all.filter(|table| !table.is_empty()).collect()
}

/// Says which tables are not read.
fn report_tables(xer: &XerFile<'_>, file: &str, found: &mut Tally) {
    use super::records::*;
    let read = [
        super::calendars::CalendarRow::TABLE,
        ProjectRow::TABLE,
        OptionsRow::TABLE,
        WbsRow::TABLE,
        ResourceRow::TABLE,
        RateRow::TABLE,
        AssignmentRow::TABLE,
        ExpenseRow::TABLE,
        LinkRow::TABLE,
        ActivityRow::TABLE,
    ];
    for table in xer.tables.iter().filter(|table| table.len() > 0 && !read.contains(&table.name)) {
        let rows = table.len();
        let known = OTHER_TABLES.iter().find(|(name, _)| *name == table.name);
        let text = match known {
            Some((_, None)) => continue,
            Some((name, Some(what))) => format!("{rows} {what} are left out (table {name})"),
            None => format!("{rows} rows of the table {} are left out; it is not known", table.name),
        };
        let rule = if known.is_some() { "not-carried" } else { "unknown-table" };
        found.push(Finding::note(rule, Place::file(file), text));
    }
}
