//! Workbooks of spreadsheet programs (xlsx, ods): a sheet for each table of the plan.
//!
//! Reading goes from the archive ([`archive`], which refuses what would not fit) over the values of its sheets ([`sheet`],
//! [`ods`], [`cell`]) to tables ([`table`]); sheets are matched with tables by their names. [`write_workbook`] goes the other way.

mod archive;
mod cell;
mod ods;
mod sheet;
mod table;
mod write;

#[cfg(test)]
pub(super) mod tests;

pub use write::write_workbook;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::exports;
use super::tally::Tally;
use crate::error::{Finding, Findings, Place};
use crate::plan::draft::{PlanDraft, TableKind};
use sheet::{Sheet, Sheets};

/// Sheets that are written as results and may stand beside the plan.
const RESULTS: [&str; 6] = ["schedule", "assignments", "usage", "costs", "projects", "summary"];

/// Reads a workbook into a draft.
pub(super) fn read(file: &str, bytes: Vec<u8>, draft: &mut PlanDraft) {
    let fail = |findings: &mut Findings, text: String| {
        let finding = Finding::error("workbook", Place::file(file), text);
        findings.push(finding.with_hint("open it in a spreadsheet program and save it again, without a password"));
    };
    if let Err(text) = archive::check(&bytes) {
        return fail(&mut draft.findings, text);
    }
    // Nothing is shared with the reader of workbooks, so that a fault of its own is no more than a damaged file.
    let read = catch_unwind(AssertUnwindSafe(|| match ods::is_open_document(&bytes) {
        true => ods::read(&bytes),
        false => sheet::read(bytes),
    }));
    match read.unwrap_or_else(|_| Err("the workbook is damaged".to_owned())) {
        Ok(sheets) => tables(file, &sheets, draft),
        Err(text) => fail(&mut draft.findings, text),
    }
}

/// Turns sheets into tables.
fn tables(file: &str, sheets: &Sheets, draft: &mut PlanDraft) {
    let mut chosen: Vec<(TableKind, &Sheet)> = Vec::new();
    let mut others: Vec<&Sheet> = Vec::new();
    for sheet in sheets.list.iter().filter(|sheet| !sheet.rows.is_empty()) {
        match kind_named(&sheet.name) {
            Some(kind) => match chosen.iter().find(|(known, _)| *known == kind) {
                Some((_, first)) => {
                    let text =
                        format!("the sheets `{}` and `{}` are both the {}", first.name, sheet.name, kind.file_name());
                    let finding = Finding::error("duplicate-table", Place::file(place(file, sheet)), text);
                    draft.findings.push(finding.with_hint("rename or remove one of the two"));
                }
                None => chosen.push((kind, sheet)),
            },
            None => others.push(sheet),
        }
    }
    if chosen.iter().all(|(kind, _)| *kind != TableKind::Tasks) {
        let of_tracker = |(kind, sheet): &(TableKind, &Sheet)| {
            *kind == TableKind::Issues && table::find_header(sheet, TableKind::Issues).is_none()
        };
        others.extend(chosen.extract_if(.., |entry| of_tracker(entry)).map(|(_, sheet)| sheet));
        match lone_task_table(&others) {
            Ok(Some(lone)) => {
                others.retain(|sheet| !std::ptr::eq(*sheet, lone));
                chosen.push((TableKind::Tasks, lone));
            }
            Ok(None) if chosen.is_empty() => {
                let text = "no sheet looks like a task table";
                let finding = Finding::error("not-a-task-table", Place::file(file), text);
                draft
                    .findings
                    .push(finding.with_hint("call the sheet of tasks `tasks`, with the columns `id` and `duration`"));
            }
            // Validation says that the tasks are missing, together with what it finds in the other tables.
            Ok(None) => {}
            Err(names) => {
                let text = format!("the sheets {names} all look like task tables");
                let finding = Finding::error("duplicate-table", Place::file(file), text);
                draft.findings.push(finding.with_hint("call the sheet of tasks `tasks`"));
            }
        }
    }
    chosen.sort_by_key(|(kind, _)| *kind);
    for sheet in others {
        if !RESULTS.iter().any(|name| sheet.name.trim().eq_ignore_ascii_case(name)) {
            let text = "no table of a plan has the name of this sheet; it is not used";
            draft.findings.push(Finding::note("unused-table", Place::file(place(file, sheet)), text));
        }
    }
    // The other tables come first: those of a task table from another planner give way to them.
    for (kind, sheet) in chosen.into_iter().rev() {
        let place = place(file, sheet);
        let mark = sheets.marks.iter().find(|(known, _)| *known == kind).map(|(_, mark)| *mark);
        let mut found = Tally::new(&place);
        let table = table::read(kind, &place, sheet, mark, &mut found);
        found.flush(&mut draft.findings);
        match (kind, table) {
            (TableKind::Tasks, Some(table)) => exports::add(table, draft),
            (_, table) => draft.tables.extend(table),
        }
    }
    draft.tables.sort_by_key(|table| table.kind());
}

/// What findings call a sheet.
fn place(file: &str, sheet: &Sheet) -> String {
    format!("{file}!{}", sheet.name)
}

/// The table that the name of a sheet stands for: `tasks`, `Tasks.csv`, `Task`, or `Task_Table1` as MS Project writes it.
fn kind_named(name: &str) -> Option<TableKind> {
    let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
    let plain = plain.strip_suffix(".csv").unwrap_or(&plain);
    let numbered = plain.trim_end_matches(|last: char| last.is_ascii_digit());
    let plain = numbered.strip_suffix("_table").unwrap_or(plain);
    TableKind::ALL.into_iter().find(|kind| {
        let stem = kind.file_name().trim_end_matches(".csv");
        let single = match *kind {
            TableKind::Dependencies => "dependency",
            TableKind::Availability | TableKind::Progress => stem,
            _ => stem.strip_suffix('s').unwrap_or(stem),
        };
        plain == stem || plain == single
    })
}

/// The only sheet that looks like a task table, whatever it is called.
///
/// # Errors
/// The names of the sheets, if there are several.
fn lone_task_table<'a>(sheets: &[&'a Sheet]) -> Result<Option<&'a Sheet>, String> {
    let known = |sheet: &Sheet, kind| table::find_header(sheet, kind).map_or(0, |(_, known)| known);
    let has_durations = |sheet: &Sheet| {
        let header = table::find_header(sheet, TableKind::Tasks).and_then(|(row, _)| sheet.rows.get(&row));
        header.is_some_and(|cells| {
            let is = |name: &str| {
                cells.values().any(|cell| TableKind::Tasks.find_field(cell.text()) == TableKind::Tasks.find_field(name))
            };
            is("duration") && (is("id") || is("name"))
        })
    };
    let is_like_tasks = |sheet: &Sheet| {
        let tasks = known(sheet, TableKind::Tasks);
        has_durations(sheet) || tasks >= 2 && TableKind::ALL.into_iter().all(|kind| known(sheet, kind) <= tasks)
    };
    let found: Vec<&Sheet> = match sheets.iter().copied().filter(|sheet| has_durations(sheet)).collect::<Vec<_>>() {
        none if none.is_empty() => sheets.iter().copied().filter(|sheet| is_like_tasks(sheet)).collect(),
        found => found,
    };
    match found[..] {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(found.iter().map(|sheet| format!("`{}`", sheet.name)).collect::<Vec<_>>().join(", ")),
    }
}
