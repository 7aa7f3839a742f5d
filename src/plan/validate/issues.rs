//! issues.csv.

use super::cells::{Cells, Edge, read_ids};
use super::impacts::{read_cost, read_delay};
use super::report::{Report, did_you_mean, nearest_word};
use super::uncertainty::PlanSoFar;
use crate::index::IdVec;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, parse_issue_status};
use crate::plan::{Issue, IssueId};

/// The words that a wrong status is held against.
const STATUS: [&str; 4] = ["open", "resolved", "closed", "done"];

/// Reads the table.
pub(super) fn read(table: &Table, plan: &PlanSoFar<'_>, report: &mut Report) -> IdVec<IssueId, Issue> {
    let cells = |field| Cells::of(table, field);
    let (ids, opened, tasks, statuses) = (cells("id"), cells("opened"), cells("task"), cells("status"));
    let (delays, costs, owners, resolutions) = (cells("delay"), cells("cost"), cells("owner"), cells("resolution"));
    let resolves = cells("resolved");
    read_ids::<IssueId>(table, "id", report);
    let mut issues = IdVec::new();
    for row in 0..table.len() {
        tasks.require(row, report);
        let task = tasks.task(row, plan.names, report);
        let mut date = |cells: Cells<'_>| {
            cells.parse(row, report, |text, mark| plan.reading.moment_if_any(text, mark, Edge::Start)).flatten()
        };
        let (opened, resolved) = (date(opened), date(resolves));
        if let Some(opened) = opened.filter(|&opened| resolved.is_some_and(|resolved| resolved < opened)) {
            let text = format!("before it was opened, {}", plan.reading.shown(opened));
            resolves.fault(row, report, Fault::new("resolved-before-opened", text));
        }
        let delay = read_delay(delays, row, (task.as_slice(), plan.tasks), plan.reading, report);
        let cost = read_cost(costs, row, report);
        let is_resolved = statuses.parse(row, report, |text, _| {
            parse_issue_status(text).map_err(|fault| match nearest_word(text, STATUS.into_iter()) {
                Some(near) => fault.with_hint(did_you_mean(near)),
                None => fault,
            })
        });
        let Some(task) = task else { continue };
        issues.push(Issue {
            id: ids.text(row).into(),
            opened,
            task,
            delay,
            cost,
            is_resolved: is_resolved.unwrap_or(resolved.is_some()),
            resolved,
            owner: owners.text(row).into(),
            resolution: resolutions.text(row).into(),
            row: table.line(row),
        });
    }
    issues
}
