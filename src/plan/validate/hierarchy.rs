//! Summaries: who is below whom.

use super::cells::Cells;
use super::report::Report;
use super::tasks::TaskRows;
use crate::index::{Id, Rows};
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, means_nothing};
use crate::plan::{ConstraintKind, Task, TaskId, TaskKind};

/// The forest of summaries, numbered so that "is below" is a comparison of numbers.
///
/// Each task gets the number at which a walk through the forest enters it; the tasks below a summary have the numbers
/// from its own up to where the walk leaves it.
#[derive(Default)]
pub(super) struct Hierarchy {
    /// `(enter, leave)` of each task; empty if there are no summaries.
    spans: Vec<(u32, u32)>,
}

impl Hierarchy {
    /// True if `summary` is a summary that has `task` somewhere below it.
    pub fn contains(&self, summary: TaskId, task: TaskId) -> bool {
        if self.spans.is_empty() || summary == task {
            return false;
        }
        let (enter, leave) = self.spans[summary.index()];
        let (inner, _) = self.spans[task.index()];
        enter < inner && inner < leave
    }
}

/// Marks the summaries, cuts and reports cycles of parents, and checks what a summary's row may say.
pub(super) fn build(table: &Table, rows: &mut TaskRows, report: &mut Report) -> Hierarchy {
    if rows.tasks.iter().all(|task| task.parent.is_none()) {
        return Hierarchy::default();
    }
    cut_cycles(table, &mut rows.tasks, report);
    for at in 0..rows.tasks.len() {
        if let Some(parent) = rows.tasks[at].parent {
            rows.tasks[parent.index()].kind = TaskKind::Summary;
        }
    }
    for (row, task) in rows.tasks.iter_mut().enumerate().filter(|(_, task)| task.kind == TaskKind::Summary) {
        check_summary(table, row, task, report);
    }
    number(&rows.tasks)
}

/// Reports each cycle of parents once and takes one parent out of it.
///
/// # Complexity
/// Linear: each task is walked over once.
fn cut_cycles(table: &Table, tasks: &mut [Task], report: &mut Report) {
    // The walk in which a task was met first; 0 is none yet.
    let mut met = vec![0u32; tasks.len()];
    for first in 0..tasks.len() {
        let walk = first as u32 + 1;
        let mut at = first;
        while met[at] == 0 {
            met[at] = walk;
            match tasks[at].parent {
                Some(parent) => at = parent.index(),
                None => break,
            }
        }
        let Some(parent) = tasks[at].parent else { continue };
        if met[at] != walk || met[parent.index()] != walk {
            continue;
        }
        // The walk came back to a task of its own: a cycle that nobody has met before.
        let mut cycle = vec![at];
        let mut next = parent.index();
        while next != at {
            cycle.push(next);
            next = tasks[next].parent.map_or(at, Id::index);
        }
        let start = cycle.iter().enumerate().min_by_key(|(_, task)| **task).map_or(0, |(start, _)| start);
        cycle.rotate_left(start);
        let names = cycle.iter().chain(&cycle[..1]).map(|&task| &*tasks[task].id);
        let fault = if let [_] = *cycle {
            Fault::new("parent-cycle", "a task cannot be its own parent").with_hint("leave the cell empty")
        } else {
            let text = format!("summaries contain each other: {}", chain(names, cycle.len() + 1));
            Fault::new("parent-cycle", text).with_hint("leave the parent of one of them empty")
        };
        Cells::of(table, "parent").fault(cycle[0], report, fault);
        if cycle.len() > 1 {
            // The task whose only child is cut off is meant as a summary all the same.
            cycle.iter().for_each(|&task| tasks[task].kind = TaskKind::Summary);
        }
        tasks[cycle[0]].parent = None;
    }
}

/// `a -> b -> c`; the middle of a very long chain is left out.
pub(super) fn chain<'n>(names: impl Iterator<Item = &'n str>, count: usize) -> String {
    const SHOWN_AT_EACH_END: usize = 12;
    let mut text = String::new();
    for (at, name) in names.enumerate() {
        let hidden = count.saturating_sub(2 * SHOWN_AT_EACH_END);
        if hidden > 1 && (SHOWN_AT_EACH_END..SHOWN_AT_EACH_END + hidden).contains(&at) {
            if at == SHOWN_AT_EACH_END {
                text.push_str(&format!(" -> ... {hidden} more ..."));
            }
            continue;
        }
        if at > 0 {
            text.push_str(" -> ");
        }
        text.push_str(name);
    }
    text
}

/// What belongs to a task that is done cannot stand on the row of a summary, which is not.
fn check_summary(table: &Table, row: usize, task: &mut Task, report: &mut Report) {
    let below = "put it on a task below the summary";
    let cost = ("fixed_cost", "cost of its own", "summary-with-cost", task.fixed_cost.0 == 0);
    let payment = ("payment", "payment of its own", "summary-with-payment", task.payment.0 == 0);
    let resources = ("resources", "resources", "summary-with-resources", false);
    for (field, what, rule, is_zero) in [resources, cost, payment] {
        let cells = Cells::of(table, field);
        if !cells.text(row).is_empty() && !is_zero && !means_nothing(cells.text(row)) {
            cells.fault(row, report, Fault::new(rule, format!("a summary has no {what}")).with_hint(below));
        }
    }
    if task.calendar.take().is_some() {
        let text = format!("the calendar of summary `{}` is not used; tasks have calendars", task.id);
        Cells::of(table, "calendar").warn(row, report, "summary-with-calendar", text);
    }
    task.distribution = None;
    task.cost_distribution = None;
    if let Some(constraint) = task.constraint
        && !matches!(constraint.kind, ConstraintKind::StartNoEarlierThan | ConstraintKind::FinishNoLaterThan)
    {
        let cells = Cells::of(table, "constraint");
        let fault = Fault::new("summary-constraint", "a summary may only have the constraints SNET and FNLT");
        cells.fault(row, report, fault.with_hint(below));
    }
}

/// Numbers the forest by a walk with its own stack: hierarchies may be as deep as the table is long.
fn number(tasks: &[Task]) -> Hierarchy {
    let pairs = tasks.iter().enumerate().filter_map(|(at, task)| Some((task.parent?.index(), at as u32)));
    let children = Rows::from_pairs(tasks.len(), pairs);
    let mut spans = vec![(0, 0); tasks.len()];
    let mut next = 0u32;
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for root in (0..tasks.len()).filter(|&at| tasks[at].parent.is_none()) {
        stack.push((root, 0));
        while let Some((at, child)) = stack.pop() {
            if child == 0 {
                spans[at].0 = next;
                next += 1;
            }
            match children.row(at).get(child) {
                Some(&below) => {
                    stack.push((at, child + 1));
                    stack.push((below as usize, 0));
                }
                None => spans[at].1 = next,
            }
        }
    }
    Hierarchy { spans }
}
