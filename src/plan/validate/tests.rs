//! A case for each rule, several mistakes at once, and the plan's invariants on arbitrary drafts.

mod deliverables;
mod links;
mod progress;
mod properties;
mod resources;
mod tables;
mod uncertainty;
mod whole_plans;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::error::Severity;
use crate::index::Id;
use crate::plan::draft::{DateOrder, Table};
use crate::plan::{
    BudgetId, BudgetScope, Calendar, CalendarId, ConstraintKind, DemandSource, Distribution, Duration, Lag, LagAmount,
    LagCalendar, LinkId, LinkKind, Pause, ResourceId, ResourceKind, TaskId, TaskKind, TimeUnit,
};
use crate::units::{Amount, Minutes, Moment, Money, Share};

/// A table whose headers and cells are separated by `|`; the header is line 1.
fn table(kind: TableKind, lines: &[&str]) -> Table {
    let mut table = Table::new(kind, kind.file_name(), lines[0].split('|').map(str::trim));
    for (at, line) in lines[1..].iter().enumerate() {
        assert!(table.push_row(at as u32 + 2, line.split('|')));
    }
    table
}

fn draft(tables: Vec<Table>) -> PlanDraft {
    let mut draft = PlanDraft { name: "sample".into(), tables, ..PlanDraft::default() };
    if draft.table(TableKind::Project).is_none() {
        draft.tables.push(table(TableKind::Project, &["key|value", "start|2026-03-02"]));
    }
    draft
}

fn tasks(lines: &[&str]) -> Table {
    table(TableKind::Tasks, lines)
}

/// The findings of a draft as `severity rule place`.
fn findings(draft: &PlanDraft) -> Vec<String> {
    let all = match validate(draft) {
        Ok((_, findings)) => findings,
        Err(error) => error.findings().expect("invalid plans carry findings").clone(),
    };
    all.iter().map(|finding| format!("{} {} {}", finding.severity, finding.rule, finding.place)).collect()
}

/// The text and hint of the first finding of a rule.
fn message(draft: &PlanDraft, rule: &str) -> String {
    let all = match validate(draft) {
        Ok((_, findings)) => findings,
        Err(error) => error.findings().expect("invalid plans carry findings").clone(),
    };
    let finding = all.iter().find(|finding| finding.rule == rule).unwrap_or_else(|| panic!("no {rule}: {all:?}"));
    match &finding.hint {
        Some(hint) => format!("{}; {hint}", finding.text),
        None => finding.text.clone(),
    }
}

fn plan(tables: Vec<Table>) -> Plan {
    match validate(&draft(tables)) {
        Ok((plan, _)) => {
            assert_invariants(&plan);
            plan
        }
        Err(error) => panic!("{:#?}", error.findings()),
    }
}

/// Checks the findings of a draft but for the note about resources that no table lists.
fn assert_findings(tables: Vec<Table>, expected: &[&str]) {
    let mut found = findings(&draft(tables));
    found.retain(|finding| !finding.starts_with("note implied-resources"));
    assert_eq!(found, expected);
}

/// What `Plan` promises in its documentation.
fn assert_invariants(plan: &Plan) {
    let mut ids: Vec<&str> = plan.tasks().iter().map(|task| &*task.id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]) && !ids.contains(&""));
    for (id, task) in plan.tasks().iter_enumerated() {
        let mut above = task.parent;
        let mut steps = 0;
        while let Some(summary) = above {
            assert_eq!(plan.tasks()[summary].kind, TaskKind::Summary);
            steps += 1;
            assert!(steps <= plan.tasks().len() && summary != id, "parents form a forest");
            above = plan.tasks()[summary].parent;
        }
        assert_eq!(task.kind == TaskKind::Summary, plan.modes_of(id).is_empty());
        assert_eq!(task.kind == TaskKind::Summary, plan.tasks().iter().any(|other| other.parent == Some(id)));
        if task.kind != TaskKind::Summary {
            let is_milestone = plan.modes_of(id).iter().all(|mode| mode.duration.minutes() == Minutes::ZERO);
            assert_eq!(task.kind == TaskKind::Milestone, is_milestone);
        }
        for mode in plan.modes_of(id) {
            assert!((0..=Minutes::MAX.0).contains(&mode.duration.minutes().0) && mode.cost >= Money::ZERO);
            let demands = plan.demands_of(mode);
            for (at, demand) in demands.iter().enumerate() {
                assert!(demand.amount > Amount::ZERO);
                assert!(demands[..at].iter().all(|earlier| earlier.source != demand.source));
            }
        }
        let moments = task.constraint.map(|constraint| constraint.moment).into_iter().chain(task.deadline);
        assert!(moments.into_iter().all(|moment| (Moment::MIN..=Moment::MAX).contains(&moment)));
    }
    for link in plan.links() {
        assert_ne!(link.predecessor, link.successor);
        if plan.tasks()[link.predecessor].kind == TaskKind::Summary {
            assert!(link.kind.from_finish() && link.max_lag.is_none());
        }
        if plan.tasks()[link.successor].kind == TaskKind::Summary {
            assert!(!link.kind.to_finish() && link.max_lag.is_none());
        }
    }
    assert!(!has_cycle(plan), "links have no cycle");
    let project = plan.project();
    assert!(project.minutes_per_day.0 > 0 && project.minutes_per_week.0 > 0 && project.minutes_per_month.0 > 0);
}

/// Slow and obvious: links between summaries become links between the activities below them, and no activity may reach
/// itself.
fn has_cycle(plan: &Plan) -> bool {
    let tasks = plan.tasks();
    let is_below = |mut task: TaskId, summary: TaskId| loop {
        if task == summary {
            return true;
        }
        match tasks[task].parent {
            Some(parent) => task = parent,
            None => return false,
        }
    };
    let count = tasks.len();
    let mut reaches = vec![vec![false; count]; count];
    for link in plan.links() {
        for from in
            tasks.ids().filter(|&task| tasks[task].kind != TaskKind::Summary && is_below(task, link.predecessor))
        {
            for to in
                tasks.ids().filter(|&task| tasks[task].kind != TaskKind::Summary && is_below(task, link.successor))
            {
                reaches[from.index()][to.index()] = true;
            }
        }
    }
    for middle in 0..count {
        for from in 0..count {
            for to in 0..count {
                reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
            }
        }
    }
    (0..count).any(|task| reaches[task][task])
}
