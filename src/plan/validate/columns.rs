//! Which tables and columns there are.

use rustc_hash::FxHashSet;

use super::report::{Report, did_you_mean, listed, nearest_word};
use crate::error::{Finding, Findings, Place};
use crate::plan::draft::{PlanDraft, Table, TableKind};

/// Rows that a table may have, so that row numbers leave a bit for telling tables apart.
const MOST_ROWS: usize = 1 << 31;
/// Columns that a message lists.
const COLUMNS_LISTED: usize = 20;

/// Checks that the tables and columns are there that must be, and remarks on those that nothing reads.
pub(super) fn check(draft: &PlanDraft, report: &mut Report) {
    for (at, table) in draft.tables.iter().enumerate() {
        let place = Place::file(table.file().clone());
        if let Some(first) = draft.tables[..at].iter().find(|first| first.kind() == table.kind()) {
            let text = format!("a second table of {}; the first is `{}`", table.kind().file_name(), first.file());
            report.push(Finding::error("duplicate-table", place.clone(), text));
        }
        if table.len() >= MOST_ROWS {
            report.push(Finding::error("table-too-large", place, format!("{} rows are too many", table.len())));
        }
        check_columns(table, &draft.findings, report);
    }
    match draft.table(TableKind::Tasks) {
        None => {
            let finding = Finding::error("missing-table", Place::file("tasks.csv"), "the plan has no table of tasks");
            report.push(finding.with_hint("at least a tasks.csv with the columns `id` and `duration` is needed"));
        }
        Some(table) if table.is_empty() => {
            let place = Place::file(table.file().clone());
            report.push(Finding::error("missing-table", place, "the table of tasks has no rows"));
        }
        Some(_) => {}
    }
}

fn check_columns(table: &Table, said: &Findings, report: &mut Report) {
    let file = table.file();
    let fields = table.kind().fields();
    // A reader that knows on which line the header stands has remarked on it already.
    let said: FxHashSet<(&str, &str)> = said
        .iter()
        .filter(|finding| finding.place.file == *file)
        .map(|finding| (finding.rule, finding.place.column.as_deref().unwrap_or_default()))
        .collect();
    for field in fields.iter().filter(|field| field.required && table.column(field.name).is_none()) {
        let text = format!("the column `{}` is missing", field.name);
        let mut finding = Finding::error("missing-column", Place::file(file.clone()), text);
        let unknown = table.columns().iter().filter(|column| column.field.is_none());
        let headers = || table.columns().iter().map(|column| &*column.header).filter(|header| !header.is_empty());
        if let Some(near) = nearest_word(field.name, unknown.map(|column| &*column.header)) {
            finding = finding.with_hint(format!("is it the column `{near}`?"));
        } else if (1..=COLUMNS_LISTED).contains(&headers().count()) {
            finding = finding.with_hint(format!("the columns are {}", listed(headers())));
        }
        report.push(finding);
    }
    for (at, column) in table.columns().iter().enumerate().filter(|(_, column)| column.field.is_none()) {
        let header = &*column.header;
        let place = Place { file: file.clone(), row: None, column: Some(column.header.clone()) };
        if header.trim().is_empty() {
            let is_used = || (0..table.len()).any(|row| !table.cell(row, at).is_empty());
            if !said.contains(&("unnamed-column", "")) && is_used() {
                let text = format!("column {} has no header and is not used", at + 1);
                report.push(Finding::warning("unnamed-column", Place::file(file.clone()), text));
            }
        } else if let Some(field) = table.kind().find_field(header) {
            if !said.contains(&("duplicate-column", header)) {
                let text = format!("a second column for `{}`; only the first is used", fields[field].name);
                report.push(Finding::warning("duplicate-column", place, text));
            }
        } else if !said.contains(&("unknown-column", header)) {
            let finding = Finding::warning("unknown-column", place, format!("column `{header}` is not used"));
            let near = nearest_word(header, fields.iter().map(|field| field.name));
            report.push(match near {
                Some(near) => finding.with_hint(did_you_mean(near)),
                None => finding,
            });
        }
    }
}
