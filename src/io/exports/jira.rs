//! Issues of Jira, as its issue navigator exports them.
//!
//! Estimates and time spent are seconds, links stand in a column for each kind and number of links, headers repeat. An
//! issue that others name as parent or epic becomes a summary; `Blocks` links become dependencies; what is done or under
//! way becomes progress where the table says when it began, and otherwise the work that is left is all there is.

use std::collections::{HashMap, HashSet};

use super::source::{Losses, Origin, Source};
use crate::error::{Finding, Findings};
use crate::plan::draft::{PlanDraft, Table, TableKind};
use crate::plan::notation::parse_priority;

/// Other headers that every export of issues has some of.
const TELLTALE: [&str; 7] = [
    "issue id",
    "issue type",
    "project key",
    "σ original estimate",
    "status category",
    "custom field (rank)",
    "parent key",
];
/// Columns that say nothing about a plan, or follow from others.
const DERIVED: [&str; 38] = [
    "issue id",
    "issue key",
    "parent summary",
    "project key",
    "project name",
    "project type",
    "project lead",
    "project lead id",
    "project description",
    "project url",
    "assignee id",
    "reporter",
    "reporter id",
    "creator",
    "creator id",
    "created",
    "updated",
    "last viewed",
    "votes",
    "watchers",
    "watchers id",
    "description",
    "environment",
    "labels",
    "comment",
    "attachment",
    "security level",
    "work ratio",
    "status category changed",
    "σ original estimate",
    "σ remaining estimate",
    "σ time spent",
    "custom field (rank)",
    "custom field (issue color)",
    "log work",
    "custom field (development)",
    "resolution",
    "status",
];
/// Words for the status of what is done, and of what is under way.
const DONE: [&str; 9] =
    ["done", "closed", "resolved", "completed", "complete", "released", "won't do", "cancelled", "canceled"];
const UNDER_WAY: [&str; 6] = ["in progress", "in review", "in development", "in testing", "testing", "review"];

/// True if the table is such an export.
pub(super) fn is_export(source: &Source<'_>) -> bool {
    source.find(&["issue key"]).is_some()
        && (source.find(&TELLTALE).is_some() || !source.all(|header| header.contains("issue link (")).is_empty())
}

/// How far an issue is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    UnderWay,
    Done,
}

/// The columns of the export.
struct Columns {
    key: Option<usize>,
    summary: Option<usize>,
    kind: Option<usize>,
    status: Option<usize>,
    category: Option<usize>,
    resolution: Option<usize>,
    resolved: Option<usize>,
    assignee: Option<usize>,
    priority: Option<usize>,
    due: Option<usize>,
    duration: Option<usize>,
    estimate: Option<usize>,
    remaining: Option<usize>,
    spent: Option<usize>,
    began: Option<usize>,
}

impl Columns {
    fn of(source: &Source<'_>) -> Columns {
        let find = |names: &[&str]| source.find(names);
        Columns {
            key: find(&["issue key"]),
            summary: find(&["summary"]),
            kind: find(&["issue type"]),
            status: find(&["status"]),
            category: find(&["status category"]),
            resolution: find(&["resolution"]),
            resolved: find(&["resolved"]),
            assignee: find(&["assignee"]),
            priority: find(&["priority"]),
            due: find(&["due date", "due"]),
            duration: find(&["duration"]),
            estimate: find(&["original estimate"]),
            remaining: find(&["remaining estimate"]),
            spent: find(&["time spent"]),
            began: find(&[
                "custom field (actual start)",
                "custom field (start date)",
                "start date",
                "custom field (target start)",
            ]),
        }
    }

    fn all(&self) -> [Option<usize>; 15] {
        let Columns { key, summary, kind, status, category, resolution, resolved, assignee, priority, due, .. } = self;
        let Columns { duration, estimate, remaining, spent, began, .. } = self;
        [
            *key,
            *summary,
            *kind,
            *status,
            *category,
            *resolution,
            *resolved,
            *assignee,
            *priority,
            *due,
            *duration,
            *estimate,
            *remaining,
            *spent,
            *began,
        ]
    }

    /// How far the issue of a row is.
    fn state(&self, source: &Source<'_>, row: usize) -> State {
        let lower = |column| source.cell(row, column).to_lowercase();
        let (status, category) = (lower(self.status), lower(self.category));
        let is = |words: &[&str], text: &str| words.contains(&text);
        if category.is_empty() {
            let resolution = lower(self.resolution);
            let is_resolved = !resolution.is_empty() && resolution != "unresolved";
            if is(&DONE, &status) || is_resolved || !source.cell(row, self.resolved).is_empty() {
                return State::Done;
            }
        } else if category == "done" || category == "complete" {
            return State::Done;
        }
        let has_time = source.cell(row, self.spent).bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        if category == "in progress" || is(&UNDER_WAY, &status) || has_time { State::UnderWay } else { State::Open }
    }
}

/// Takes the export apart.
///
/// # Returns
/// The tables that it makes, and what it has to say.
pub(super) fn tables(source: &Source<'_>, _draft: &mut PlanDraft) -> (Vec<Table>, Findings) {
    let mut findings = Findings::new();
    let columns = Columns::of(source);
    let mut positions: HashMap<&str, usize> = HashMap::new();
    let issue_id = source.find(&["issue id"]);
    for row in 0..source.table.len() {
        for name in [source.cell(row, columns.key), source.cell(row, issue_id)] {
            if !name.is_empty() {
                positions.entry(name).or_insert(row);
            }
        }
    }
    let above = [
        "parent key",
        "parent id",
        "parent",
        "custom field (epic link)",
        "epic link",
        "custom field (parent link)",
        "parent link",
    ]
    .map(|name| source.find(&[name]));
    let parents = parents(source, &positions, &above, &mut findings);
    let mut is_summary = vec![false; source.table.len()];
    parents.iter().flatten().for_each(|&parent| is_summary[parent] = true);
    let work = work(source, &columns, &is_summary, &mut findings);
    let mut tables = vec![tasks(source, &columns, (&parents, &is_summary), &work, &mut findings)];
    let (dependencies, link_columns) = dependencies(source, columns.key, &positions, &mut findings);
    tables.extend(dependencies);
    tables.extend(staff(source, columns.assignee, &is_summary));
    tables.extend(progress(source, &columns, &work));
    let used = columns.all().into_iter().chain(above).chain(link_columns.into_iter().map(Some));
    let is_silent = |header: &str| DERIVED.contains(&header) || header.contains("issue link (");
    source.report_unused("Jira", used, is_silent, &mut findings);
    (tables, findings)
}

/// The row of the issue above each.
fn parents(
    source: &Source<'_>,
    positions: &HashMap<&str, usize>,
    above: &[Option<usize>],
    findings: &mut Findings,
) -> Vec<Option<usize>> {
    let mut lost = Losses::default();
    let rows = (0..source.table.len()).map(|row| {
        let mut named = above.iter().filter(|column| !source.cell(row, **column).is_empty()).peekable();
        let first = named.peek().copied().copied().flatten();
        let parent = named.find_map(|&column| positions.get(source.cell(row, column)).copied());
        if let (None, Some(column)) = (parent, first) {
            lost.push(source.cell(row, Some(column)), source.place(row, Some(column)));
        }
        parent.filter(|&parent| parent != row)
    });
    let rows = rows.collect();
    let text = "issues that others name as their parents are not in this table";
    lost.report(Finding::note, "not-carried", text, findings);
    rows
}

/// What is known of the work on an issue.
struct Work<'a> {
    duration: String,
    began: &'a str,
    state: State,
}

/// The work on each issue.
fn work<'a>(source: &Source<'a>, columns: &Columns, is_summary: &[bool], findings: &mut Findings) -> Vec<Work<'a>> {
    let (mut unknown, mut own) = (Losses::default(), Losses::default());
    let list = (0..source.table.len()).map(|row| {
        let key = source.cell(row, columns.key);
        let cell = |column| duration(source.cell(row, column));
        let state = columns.state(source, row);
        let began = source.cell(row, columns.began);
        let estimate = match cell(columns.duration) {
            given if !given.is_empty() => given,
            _ => cell(columns.estimate),
        };
        let left = cell(columns.remaining);
        if is_summary[row] {
            if !estimate.is_empty() && estimate != "0m" || !source.cell(row, columns.assignee).is_empty() {
                own.push(key, source.place(row, columns.key));
            }
            return Work { duration: String::new(), began: "", state };
        }
        let or = |first: String, second: String| if first.is_empty() { second } else { first };
        let duration = match (state, began.is_empty()) {
            (State::Open, _) => or(estimate, left),
            (State::UnderWay, true) => {
                unknown.push(key, source.place(row, columns.status));
                or(left, estimate)
            }
            (State::UnderWay, false) => or(estimate, left),
            (State::Done, true) => {
                unknown.push(key, source.place(row, columns.status));
                "0m".to_owned()
            }
            (State::Done, false) => or(or(estimate, cell(columns.spent)), "0m".to_owned()),
        };
        Work { duration, began, state }
    });
    let list = list.collect();
    let text =
        "the table does not say since when these issues are done or under way; only what is left of them is planned";
    unknown.report(Finding::warning, "not-carried", text, findings);
    let text = "the estimates and assignees of issues with others below them are left out";
    own.report(Finding::warning, "not-carried", text, findings);
    list
}

/// A duration: a bare number is seconds, anything else is as it stands.
fn duration(cell: &str) -> String {
    let whole = cell.split('.').next().unwrap_or(cell);
    let rest = cell.get(whole.len()..).unwrap_or("");
    match whole.parse::<u64>() {
        Ok(seconds) if rest.bytes().all(|byte| matches!(byte, b'.' | b'0')) => {
            format!("{}m", seconds / 60 + u64::from(seconds % 60 >= 30))
        }
        _ => cell.to_owned(),
    }
}

/// The table of tasks.
fn tasks(
    source: &Source<'_>,
    columns: &Columns,
    (parents, is_summary): (&[Option<usize>], &[bool]),
    work: &[Work<'_>],
    findings: &mut Findings,
) -> Table {
    let origins: [Origin; 8] = [
        ("id", columns.key),
        ("name", columns.summary),
        ("parent", None),
        ("duration", columns.duration.or(columns.estimate)),
        ("resources", columns.assignee),
        ("deadline", columns.due),
        ("priority", columns.priority),
        ("category", columns.kind),
    ];
    let mut table = source.new_table(TableKind::Tasks, &origins);
    let mut words = Losses::default();
    for (row, work) in work.iter().enumerate() {
        let mut priority = source.cell(row, columns.priority);
        if !priority.is_empty() && parse_priority(priority, source.table.decimal_mark).is_err() {
            words.push(priority, source.place(row, columns.priority));
            priority = "";
        }
        let assignee = if is_summary[row] { "" } else { source.cell(row, columns.assignee) };
        let assignee = if assignee.eq_ignore_ascii_case("unassigned") { "" } else { assignee };
        let cells = [
            source.cell(row, columns.key),
            source.cell(row, columns.summary),
            parents[row].map_or("", |parent| source.cell(parent, columns.key)),
            &*work.duration,
            assignee,
            day(source.cell(row, columns.due)),
            priority,
            source.cell(row, columns.kind),
        ];
        table.push_row(source.table.line(row), cells);
    }
    let text = "these priorities are not known and count as 500";
    words.report(Finding::warning, "not-carried", text, findings);
    table
}

/// A due date, which is a day: Jira writes its midnight behind it.
fn day(cell: &str) -> &str {
    ["12:00 AM", "00:00", "0:00"].iter().find_map(|midnight| cell.strip_suffix(midnight)).map_or(cell, str::trim_end)
}

/// The table of dependencies, and the columns it was made of.
fn dependencies(
    source: &Source<'_>,
    key: Option<usize>,
    positions: &HashMap<&str, usize>,
    findings: &mut Findings,
) -> (Option<Table>, Vec<usize>) {
    let named = |start: &str| source.all(|header| header.starts_with(start) && header.ends_with("(blocks)"));
    let (inward, outward) = (named("inward issue link"), named("outward issue link"));
    let others = source.all(|header| header.contains("issue link (") && !header.ends_with("(blocks)"));
    let mut table = source.new_table(TableKind::Dependencies, &[("predecessor", None), ("successor", None)]);
    let (mut seen, mut lost, mut kinds) = (HashSet::new(), Losses::default(), Losses::default());
    for row in 0..source.table.len() {
        let own = source.cell(row, key);
        let blockers = inward.iter().map(|&column| (column, true));
        for (column, is_blocked) in blockers.chain(outward.iter().map(|&column| (column, false))) {
            let other = source.cell(row, Some(column));
            if other.is_empty() {
                continue;
            }
            let Some(&other_row) = positions.get(other) else {
                lost.push(other, source.place(row, Some(column)));
                continue;
            };
            let other = source.cell(other_row, key);
            let pair = if is_blocked { [other, own] } else { [own, other] };
            // Both issues of a link name it.
            if seen.insert(pair) {
                table.push_row(source.table.line(row), pair);
            }
        }
        for &column in others.iter().filter(|&&column| !source.cell(row, Some(column)).is_empty()) {
            kinds.push(&source.table.columns()[column].header, source.place(row, Some(column)));
        }
    }
    let text = "links with issues that are not in this table are left out";
    lost.report(Finding::warning, "not-carried", text, findings);
    let text = "links of other kinds than `Blocks` are no dependencies and are left out";
    kinds.report(Finding::note, "not-carried", text, findings);
    let used = [inward, outward, others].concat();
    ((!table.is_empty()).then_some(table), used)
}

/// The people: names may hold commas, so that they have to be listed.
fn staff(source: &Source<'_>, assignee: Option<usize>, is_summary: &[bool]) -> Option<Table> {
    let mut table = source.new_table(TableKind::Resources, &[("id", None)]);
    let mut seen = HashSet::new();
    for row in (0..source.table.len()).filter(|&row| !is_summary[row]) {
        let name = source.cell(row, assignee);
        if !name.is_empty() && !name.eq_ignore_ascii_case("unassigned") && seen.insert(name) {
            table.push_row(source.table.line(row), [name]);
        }
    }
    (!table.is_empty()).then_some(table)
}

/// The table of progress: issues that have begun, where it is known when.
fn progress(source: &Source<'_>, columns: &Columns, work: &[Work<'_>]) -> Option<Table> {
    let origins: [Origin; 5] = [
        ("task", columns.key),
        ("actual_start", columns.began),
        ("actual_finish", columns.resolved),
        ("percent_complete", None),
        ("remaining_duration", columns.remaining),
    ];
    let mut table = source.new_table(TableKind::Progress, &origins);
    for (row, work) in work.iter().enumerate() {
        if work.began.is_empty() || work.state == State::Open {
            continue;
        }
        let key = source.cell(row, columns.key);
        let done = source.cell(row, columns.resolved);
        match work.state {
            State::Done => table.push_row(source.table.line(row), [key, day(work.began), done, "100"]),
            _ => {
                let left = duration(source.cell(row, columns.remaining));
                table.push_row(source.table.line(row), [key, day(work.began), "", "", &left])
            }
        };
    }
    (!table.is_empty()).then_some(table)
}
