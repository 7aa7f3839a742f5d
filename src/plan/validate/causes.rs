//! Findings that only repeat what reading a file has reported already: one fault, one finding.
//!
//! A row with a cell too many has its cells in the wrong columns; a file that ends early, has no column of ids, or cannot
//! be read at all lacks the names that other files refer to. What `validate` finds because of that would send the user to the wrong places.

use rustc_hash::FxHashSet;

use crate::error::{Findings, Severity};
use crate::plan::draft::{PlanDraft, TableKind};

/// Faults of a single row, which leave the other rows as they are.
const ROW_RULES: [&str; 2] = ["surplus-cell", "stray-quote"];

/// Leaves out of `found` what follows from the faults that the draft came with.
pub(super) fn without_consequences(draft: &PlanDraft, found: Findings) -> Findings {
    let faults = || draft.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let torn_rows: FxHashSet<(&str, Option<u32>)> = faults()
        .filter(|fault| ROW_RULES.contains(&fault.rule))
        .map(|fault| (&*fault.place.file, fault.place.row))
        .collect();
    let is_incomplete = |(kind, key): (TableKind, &str)| {
        if draft.table(kind).is_some_and(|table| table.column(key).is_none()) {
            return true;
        }
        let file = draft.table(kind).map_or(kind.file_name(), |table| table.file());
        let mut faults = faults().filter(|fault| !ROW_RULES.contains(&fault.rule));
        faults.any(|fault| fault.place.file.eq_ignore_ascii_case(file))
    };
    let tables = [
        (TableKind::Tasks, "id"),
        (TableKind::Resources, "id"),
        (TableKind::Calendars, "calendar"),
        (TableKind::Risks, "id"),
        (TableKind::Deliverables, "id"),
        (TableKind::Budgets, "id"),
    ];
    let [tasks, resources, calendars, risks, deliverables, budgets] = tables.map(is_incomplete);
    let follows = |rule: &str| match rule {
        "missing-table" | "unknown-task" | "unknown-account" | "unknown-category" => tasks,
        "unknown-budget" => budgets,
        "unknown-deliverable" => deliverables,
        "deliverable-without-task" => tasks,
        "unknown-risk" | "unknown-risk-group" => risks,
        "unknown-correlation-key" => tasks || risks,
        "unknown-resource" | "unknown-skill" | "implied-resources" => resources,
        "unknown-calendar" => calendars,
        _ => false,
    };
    let in_torn_row = |file: &str, row: Option<u32>| row.is_some() && torn_rows.contains(&(file, row));
    found
        .into_iter()
        .filter(|finding| !follows(finding.rule) && !in_torn_row(&finding.place.file, finding.place.row))
        .collect()
}
