//! Task tables that other planners export as CSV.
//!
//! Most of their columns have the meaning of ours under another name, and any table is read so. Where a header shows that
//! the table is an export of MS Project or of Jira, it is taken apart into the tables of a plan: outline levels become
//! parents, columns of links become dependencies, what has been done becomes progress, dates go to the dates. Rows keep
//! their lines, and columns their headers, so that later findings point into the user's file.

mod jira;
mod languages;
mod links;
mod outline;
mod progress;
mod project;
mod source;
mod staff;
mod translate;

#[cfg(test)]
mod tests;

use crate::plan::draft::{PlanDraft, Table};
use source::Source;
pub(super) use translate::is_translatable;

/// Adds a task table to a draft; an export of another planner as the tables that it makes. Tables that the draft has
/// already stay.
pub(super) fn add(table: Table, draft: &mut PlanDraft) {
    let language = translate::language(&table);
    let table = match language {
        Some(language) => translate::translated(&table, language, draft),
        None => table,
    };
    let source = Source::new(&table, language);
    let converted = if jira::is_export(&source) {
        jira::tables(&source, draft)
    } else if project::is_export(&source) {
        project::tables(&source, draft)
    } else {
        draft.tables.push(table);
        draft.tables.sort_by_key(Table::kind);
        return;
    };
    // The conversion has its own say on columns.
    let file = table.file();
    let is_said = |rule: &str| matches!(rule, "unknown-column" | "duplicate-column");
    let kept = std::mem::take(&mut draft.findings).into_iter();
    draft.findings = kept.filter(|finding| finding.place.file != *file || !is_said(finding.rule)).collect();
    let (converted, findings) = converted;
    for table in converted {
        if draft.table(table.kind()).is_none() {
            draft.tables.push(table);
        }
    }
    draft.findings.append(findings);
    draft.tables.sort_by_key(Table::kind);
}
