//! Task tables of MS Project, and of tools that call their columns alike.
//!
//! Hierarchy comes from outline levels (or outline numbers, or WBS codes), which hold for the rows as they stand. A task
//! that is inactive takes no part in the plan. What MS Project works out, it exports beside what the user has typed;
//! that goes to the dates, and to progress as far as it is done.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::links;
use super::outline;
use super::progress;
use super::source::{Losses, Origin, Source};
use super::staff;
use crate::error::{Finding, Findings};
use crate::plan::ConstraintKind;
use crate::plan::draft::{PlanDraft, Table, TableKind};
use crate::plan::notation::parse_constraint_kind;

/// Columns that only such a tool exports; one is enough.
const TELLTALE: [&str; 4] = ["outline level", "outline number", "task mode", "unique id predecessors"];
/// Columns of which two are enough.
const USUAL: [&[&str]; 9] = [
    &["start", "start date"],
    &["finish", "finish date"],
    &["% complete", "percent complete"],
    &["actual start"],
    &["actual finish"],
    &["remaining duration"],
    &["milestone"],
    &["total slack"],
    &["active"],
];
/// Columns that follow from others, whose loss is not worth a word.
const DERIVED: [&str; 9] = [
    "summary",
    "critical",
    "milestone",
    "successors",
    "unique id successors",
    "indicators",
    "estimated",
    "id",
    "unique id",
];

/// True if the table is such an export.
pub(super) fn is_export(source: &Source<'_>) -> bool {
    let is_named = source.find(&["task name", "name"]).is_some();
    let usual = USUAL.iter().filter(|names| source.find(names).is_some()).count();
    is_named && (source.find(&TELLTALE).is_some() || usual >= 2)
}

/// The rows that are tasks, by what they are to each other.
pub(super) struct Tasks<'a> {
    /// The rows of the exported table, blank and inactive ones left out.
    pub(super) rows: Vec<usize>,
    /// Their ids, and those of the tasks they are below, as positions in `rows`.
    pub(super) ids: Vec<Cow<'a, str>>,
    pub(super) parents: Vec<Option<usize>>,
    pub(super) is_summary: Vec<bool>,
    pub(super) inactive: HashSet<Cow<'a, str>>,
    pub(super) id: Option<usize>,
}

/// Takes the export apart.
///
/// # Returns
/// The tables that it makes, and what it has to say.
pub(super) fn tables(source: &Source<'_>, draft: &mut PlanDraft) -> (Vec<Table>, Findings) {
    let mut findings = Findings::new();
    let tasks = find_tasks(source, &mut findings);
    progress::settle_date_order(source, draft, &mut findings);
    let has_rates = draft.table(TableKind::Resources).is_some_and(|table| table.column("rate").is_some());
    let (table, mut used) = task_table(source, &tasks, has_rates, &mut findings);
    let mut tables = vec![table];
    tables.extend(staff::resources(source, &tasks, &mut findings));
    tables.extend(progress::progress(source, &tasks, &mut used, &mut findings));
    tables.extend(progress::dates(source, &tasks, &mut used));
    tables.extend(progress::project(source, &tasks, draft.date_order, &mut findings));
    source.report_unused("another planner", used, |header| DERIVED.contains(&header), &mut findings);
    (tables, findings)
}

/// Finds out which rows are tasks, what they are called and which of them are summaries.
fn find_tasks<'a>(source: &Source<'a>, findings: &mut Findings) -> Tasks<'a> {
    let table = source.table;
    let is_filled = |column: &usize| (0..table.len()).any(|row| !table.cell(row, *column).is_empty());
    let (number, unique) = (source.find(&["id", "task id"]), source.find(&["unique id"]));
    let by_unique = source.find(&["unique id predecessors"]).filter(is_filled).is_some()
        && source.find(&["predecessors"]).filter(is_filled).is_none();
    let id = if by_unique { unique.or(number) } else { number.or(unique) }.or(table.column("id")).filter(is_filled);
    if id.is_none() {
        let text = "the table has no column of ids; its tasks are numbered by their rows";
        let hint = "export the column `ID` too, if rows are left out: predecessors are meant by it";
        findings.push(Finding::warning("numbered-tasks", source.file(), text).with_hint(hint));
    }
    let active = source.find(&["active"]);
    let (mut rows, mut ids, mut inactive, mut left_out) = (Vec::new(), Vec::new(), HashSet::new(), Losses::default());
    let ids_alone: Vec<Option<usize>> = vec![number, unique, id, source.find(&["outline level"]), active];
    for row in 0..table.len() {
        let is_blank =
            (0..table.columns().len()).all(|at| ids_alone.contains(&Some(at)) || table.cell(row, at).is_empty());
        if is_blank && id.is_some() {
            continue;
        }
        let name: Cow<'a, str> = match id {
            Some(id) => Cow::Borrowed(table.cell(row, id)),
            None => Cow::Owned((row + 1).to_string()),
        };
        if ["no", "false", "0"].iter().any(|word| source.cell(row, active).eq_ignore_ascii_case(word)) {
            left_out.push(source.cell(row, source.find(&["task name", "name"])), source.place(row, active));
            inactive.insert(name);
        } else {
            rows.push(row);
            ids.push(name);
        }
    }
    left_out.report(Finding::warning, "not-carried", "inactive tasks are left out", findings);
    let parents = outline::parents(source, &rows, &ids, findings);
    let mut is_summary = vec![false; rows.len()];
    parents.iter().flatten().for_each(|&parent| is_summary[parent] = true);
    Tasks { rows, ids, parents, is_summary, inactive, id }
}

/// The table of tasks.
///
/// # Returns
/// It, and the columns that have been used for it.
fn task_table(
    source: &Source<'_>,
    tasks: &Tasks<'_>,
    has_rates: bool,
    findings: &mut Findings,
) -> (Table, Vec<Option<usize>>) {
    let table = source.table;
    let by_unique = source.find(&["unique id predecessors"]);
    let predecessors = match tasks.id == source.find(&["unique id"]) && tasks.id.is_some() {
        true => by_unique.or(source.find(&["predecessors"])),
        false => {
            table.column("predecessors").filter(|&column| Some(column) != by_unique).or(source.find(&["predecessors"]))
        }
    };
    let cost = source.find(&["fixed cost"]).or(table.column("fixed_cost").filter(|_| !has_rates));
    let is_total = source.find(&["fixed cost"]).is_none();
    let kinds = TableKind::Tasks.fields();
    let is_there = |field: &str| match field {
        "id" | "parent" | "duration" => true,
        "predecessors" => predecessors.is_some(),
        "fixed_cost" => cost.is_some(),
        field => table.column(field).is_some(),
    };
    let origin_of = |field: &'static str| -> Origin {
        let column = match field {
            "id" => tasks.id,
            "name" => source.find(&["task name", "name"]),
            "duration" => source.find(&["duration", "scheduled duration"]).or(table.column("duration")),
            "parent" => table.column("parent").or(source.find(&["outline level", "outline number", "wbs"])),
            "predecessors" => predecessors,
            "fixed_cost" => cost,
            field => table.column(field),
        };
        (field, column)
    };
    let columns: Vec<Origin> =
        kinds.iter().map(|field| field.name).filter(|field| is_there(field)).map(origin_of).collect();
    let mut made = source.new_table(TableKind::Tasks, &columns);
    let mut lost = Lost::default();
    let known: HashMap<&str, usize> = tasks.ids.iter().enumerate().map(|(at, id)| (&**id, at)).collect();
    let milestone = source.find(&["milestone"]);
    let mode = source.find(&["task mode"]);
    for (at, &row) in tasks.rows.iter().enumerate() {
        let name = source.cell(row, source.find(&["task name", "name"]));
        let is_summary = tasks.is_summary[at];
        let has_constraint = keeps_constraint(source, row, is_summary, name, &mut lost);
        if source.cell(row, mode).to_lowercase().starts_with("manual") {
            lost.manual.push(name, source.place(row, mode));
        }
        let cells: Vec<Cow<'_, str>> = columns
            .iter()
            .map(|&(field, column)| {
                let text = source.cell(row, column);
                let place = || source.place(row, column);
                match field {
                    "id" => tasks.ids[at].clone(),
                    "parent" => tasks.parents[at].map_or(Cow::Borrowed(""), |parent| tasks.ids[parent].clone()),
                    "duration" if is_summary => "".into(),
                    "duration" if text.is_empty() && is_yes(source.cell(row, milestone)) => "0".into(),
                    "predecessors" => links::kept(text, &known, &tasks.inactive, |item| lost.links.push(item, place())),
                    "resources" if is_summary => {
                        if !text.is_empty() {
                            lost.resources.push(name, place());
                        }
                        "".into()
                    }
                    "fixed_cost" if is_summary => {
                        if !is_total && text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
                            lost.costs.push(name, place());
                        }
                        "".into()
                    }
                    "calendar" => calendar(text, || lost.calendars.push(text, place())).into(),
                    "constraint" | "constraint_date" if !has_constraint => "".into(),
                    "type" if text.to_lowercase().starts_with("fixed ") => "".into(),
                    _ => text.into(),
                }
            })
            .collect();
        made.push_row(table.line(row), cells.iter().map(|cell| &**cell));
    }
    lost.report(findings);
    let outline = ["outline level", "outline number", "wbs"].map(|name| source.find(&[name]));
    let mut used: Vec<Option<usize>> = columns.iter().map(|(_, column)| *column).collect();
    used.extend(outline);
    used.extend([mode, source.find(&["active"]), by_unique.filter(|_| predecessors.is_some())]);
    (made, used)
}

/// What the tables of a plan cannot hold.
#[derive(Default)]
struct Lost<'a> {
    resources: Losses<'a>,
    costs: Losses<'a>,
    constraints: Losses<'a>,
    calendars: Losses<'a>,
    links: Losses<'a>,
    manual: Losses<'a>,
}

impl Lost<'_> {
    fn report(self, findings: &mut Findings) {
        let Lost { resources, costs, constraints, calendars, links, manual } = self;
        let rule = "not-carried";
        let mut warn = |lost: Losses<'_>, what| lost.report(Finding::warning, rule, what, findings);
        warn(resources, "the resources of summary tasks are left out");
        warn(costs, "the fixed costs of summary tasks are left out");
        warn(constraints, "the constraints of summary tasks are left out, but for SNET and FNLT");
        warn(calendars, "the hours of these task calendars are not in the table; they do not count");
        warn(links, "links from tasks that are inactive or in another file are left out");
        warn(manual, "tasks scheduled by hand follow links and constraints here");
    }
}

/// True for a yes.
fn is_yes(text: &str) -> bool {
    ["yes", "true", "1"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// True unless the row has a constraint that a summary cannot have.
fn keeps_constraint<'a>(source: &Source<'a>, row: usize, is_summary: bool, name: &'a str, lost: &mut Lost<'a>) -> bool {
    let column = source.table.column("constraint");
    let kind = parse_constraint_kind(source.cell(row, column));
    let is_possible = !is_summary
        || !matches!(kind, Ok(kind) if !matches!(kind, ConstraintKind::AsSoonAsPossible | ConstraintKind::StartNoEarlierThan | ConstraintKind::FinishNoLaterThan));
    if !is_possible {
        lost.constraints.push(name, source.place(row, column));
    }
    // A date beside "as soon as possible" is what MS Project has left standing.
    is_possible && !matches!(kind, Ok(ConstraintKind::AsSoonAsPossible))
}

/// The calendar of a task: those that every tool has are built in, others are not in the table.
fn calendar(text: &str, lose: impl FnOnce()) -> &'static str {
    match text.to_lowercase().as_str() {
        "" | "none" => "",
        "standard" => "standard",
        "24 hours" | "24h" => "24h",
        _ => {
            lose();
            ""
        }
    }
}
