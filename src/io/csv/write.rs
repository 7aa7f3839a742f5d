//! Tables back to CSV: UTF-8, one header per column under the field's own name, LF line ends, quotes where needed.

use std::borrow::Cow;
use std::path::Path;

use super::super::files::{FileWriter, write_files};
use super::super::guard::guarded;
use crate::error::{Error, Result};
use crate::plan::draft::{DateOrder, DecimalMark, PlanDraft, Table, TableKind};
use crate::plan::notation::{CivilCell, parse_civil};

/// Columns that hold dates.
pub(in crate::io) const DATE_FIELDS: [&str; 18] = [
    "constraint_date",
    "second_constraint_date",
    "deadline",
    "expected_finish",
    "from",
    "to",
    "day",
    "actual_start",
    "opened",
    "actual_finish",
    "resume",
    "start",
    "finish",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "status_date",
];

/// Writes the tables of a draft into a folder, each into the file that is read again as that table.
///
/// # Errors
/// [`Error::is_io`] if a file cannot be written, [`Error::is_usage`] if the folder already holds a table that the draft
/// does not have: together they would be another plan.
pub fn write_draft(draft: &PlanDraft, dir: &Path) -> Result<()> {
    let strays = stray_tables(draft, dir);
    if !strays.is_empty() {
        return Err(Error::usage(format!(
            "the folder `{}` already holds {}, which would become part of the plan; remove it or choose another folder",
            dir.display(),
            strays.join(", ")
        )));
    }
    let texts: Vec<(&str, String)> =
        draft.tables.iter().map(|table| (table.kind().file_name(), settled_csv(table, draft.date_order))).collect();
    let writers: Vec<_> =
        texts.iter().map(|(_, text)| move |out: &mut dyn std::io::Write| out.write_all(text.as_bytes())).collect();
    let files: Vec<(&str, FileWriter<'_>)> =
        texts.iter().zip(&writers).map(|((name, _), writer)| (*name, writer as FileWriter<'_>)).collect();
    write_files(dir, &files)
}

/// Names of plan tables in a folder that the draft does not have.
fn stray_tables(draft: &PlanDraft, dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut strays: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            let kind = TableKind::ALL.into_iter().find(|kind| kind.file_name().eq_ignore_ascii_case(name));
            // A file that differs in case only would stand beside the new one.
            kind.is_some_and(|kind| draft.table(kind).is_none() || kind.file_name() != name)
        })
        .collect();
    strays.sort();
    strays
}

/// The field that a row of project.csv holds: its key, if that is one of dates, or a number.
pub(in crate::io) fn project_field(table: &Table, row: usize) -> Option<&'static str> {
    let key = table.cell(row, table.column("key")?).to_lowercase().replace([' ', '-'], "_");
    let known = DATE_FIELDS.into_iter().find(|field| *field == key);
    known.or_else(|| (key != "name" && key != "calendar").then_some("value"))
}

/// The text of a table as CSV, with dates that need the order of day and month spelled so that they do not.
fn settled_csv(table: &Table, order: Option<DateOrder>) -> String {
    if order.is_none() {
        return draft_to_csv(table);
    }
    let mut settled = table.without_rows();
    for row in 0..table.len() {
        let cells = table.row(row).enumerate().map(|(column, cell)| match is_date(table, row, column) {
            true => plain_date(cell, order),
            false => Cow::Borrowed(cell),
        });
        let cells: Vec<Cow<'_, str>> = cells.collect();
        settled.push_row(table.line(row), cells.iter().map(|cell| &**cell));
    }
    draft_to_csv(&settled)
}

fn is_date(table: &Table, row: usize, column: usize) -> bool {
    let field = table.columns()[column].field.map(|field| table.kind().fields()[field].name);
    let field = if field == Some("value") { project_field(table, row) } else { field };
    field.is_some_and(|field| DATE_FIELDS.contains(&field))
}

/// A date as it stands, or, if it has several readings, year first.
fn plain_date(cell: &str, order: Option<DateOrder>) -> Cow<'_, str> {
    let is_open = parse_civil(cell, None).is_err_and(|fault| fault.rule == "ambiguous-date");
    match parse_civil(cell, order).ok().filter(|_| is_open) {
        Some(CivilCell { date, minute: Some(minute) }) => {
            format!("{date} {:02}:{:02}", minute / 60, minute % 60).into()
        }
        Some(CivilCell { date, minute: None }) => date.to_string().into(),
        None => cell.into(),
    }
}

/// The text of a table as CSV.
///
/// Known columns get the name of their field, others keep theirs. Cells are kept to the letter, so the separator follows
/// the table's decimals as readers expect it: a comma with decimal points, a semicolon with decimal commas, a tab where
/// both occur.
pub fn draft_to_csv(table: &Table) -> String {
    let separator = match table.decimal_mark {
        DecimalMark::Point => ',',
        DecimalMark::Comma => ';',
        DecimalMark::Unknown => '\t',
    };
    let mut out = String::new();
    let fields = table.kind().fields();
    let headers = table.columns().iter().map(|column| column.field.map_or(&*column.header, |field| fields[field].name));
    push_record(&mut out, headers, separator);
    for row in 0..table.len() {
        push_record(&mut out, table.row(row), separator);
    }
    out
}

fn push_record<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>, separator: char) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(separator);
        }
        push_cell(out, &guarded(cell));
    }
    out.push('\n');
}

/// A cell, quoted if it holds anything that some reader takes for a separator.
fn push_cell(out: &mut String, cell: &str) {
    let special = |byte: u8| matches!(byte, b'"' | b',' | b';' | b'\t' | b'|' | b'\r' | b'\n');
    // An unquoted `sep=` at the very beginning would name the separator.
    let directive = cell.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    if directive || cell.bytes().any(special) {
        out.push('"');
        for (at, part) in cell.split('"').enumerate() {
            if at > 0 {
                out.push_str("\"\"");
            }
            out.push_str(part);
        }
        out.push('"');
    } else {
        out.push_str(cell);
    }
}
