//! The activities of a file, their ids and their expenses.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::ids::Taken;
use super::super::project::Projects;
use super::super::read::Count;
use super::super::records::{ActivityRow, ExpenseRow};
use super::super::values;
use super::super::wbs::Wbs;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;

/// The activities of all projects and their ids in the plan.
pub(in crate::io::xer) struct Activities<'a> {
    pub(super) rows: Vec<ActivityRow<'a>>,
    by_id: FxHashMap<&'a str, u32>,
    /// Ids that are not the activity's code.
    renamed: FxHashMap<u32, String>,
    /// WBS summary activities: the WBS rows stand for them.
    left_out: FxHashSet<&'a str>,
    /// The WBS node of each, if there is one.
    pub(super) nodes: Vec<Option<usize>>,
}

impl<'a> Activities<'a> {
    pub(in crate::io::xer) fn new(
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
    pub(in crate::io::xer) fn id(&self, task_id: &str) -> Option<&str> {
        self.by_id.get(task_id).map(|&at| self.id_at(at))
    }

    pub(super) fn id_at(&self, at: u32) -> &str {
        self.renamed.get(&at).map_or(self.rows[at as usize].task_code, String::as_str)
    }

    /// True for an activity of the file that the plan does not have.
    pub(in crate::io::xer) fn is_left_out(&self, task_id: &str) -> bool {
        self.left_out.contains(task_id)
    }
}

/// The expenses of each activity, added up.
pub(in crate::io::xer) fn expenses<'a>(
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
