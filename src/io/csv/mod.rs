//! CSV tables as spreadsheets and other tools write them.
//!
//! [`read_table`] takes the bytes of one file to a [`Table`]: decode, find out the dialect ([`sniff`]), let csv-core cut
//! the records, and straight into the table, one pass, no allocation per row. What does not fit is reported with the
//! line an editor shows; nothing is repaired by guessing.

mod decimal;
mod header;
mod records;
mod sniff;
mod write;

#[cfg(test)]
mod tests;

pub use write::{draft_to_csv, write_draft};

use std::fmt::Write as _;

use super::tally::Tally;
use super::text;
use crate::error::{Finding, Findings, Place};
use crate::plan::draft::{Table, TableKind};
use header::Header;
use records::{QuoteFault, Records};

/// Reads a file that is known to be a certain table.
///
/// # Returns
/// The table; `None`, with an error or a warning among the findings, if there is not even a header.
pub fn read_table(kind: TableKind, file: &str, bytes: Vec<u8>, findings: &mut Findings) -> Option<Table> {
    let text = text::decode(file, bytes, findings)?;
    parse(kind, file, &text, findings)
}

/// Reads a file that is given as a plan of its own: it has to be a task table.
pub fn read_lone_table(file: &str, bytes: Vec<u8>, findings: &mut Findings) -> Option<Table> {
    let text = text::decode(file, bytes, findings)?;
    let table = parse(TableKind::Tasks, file, &text, findings)?;
    let known =
        |kind: TableKind| table.columns().iter().filter(|column| kind.find_field(&column.header).is_some()).count();
    let by_name = TableKind::ALL.into_iter().find(|kind| kind.file_name().eq_ignore_ascii_case(file));
    let most = TableKind::ALL.into_iter().map(known).max().unwrap_or(0);
    let looks_like = by_name.or_else(|| TableKind::ALL.into_iter().find(|&kind| known(kind) == most && most > 0));
    let place = Place::row(file, 1);
    match looks_like {
        _ if by_name.is_none() && table.column("duration").is_some() => return Some(table),
        Some(TableKind::Tasks) => return Some(table),
        Some(kind) => findings.push(
            Finding::error(
                "not-a-task-table",
                place,
                format!("this looks like {}, not like a task table", kind.file_name()),
            )
            .with_hint("give the folder with all tables of the plan, or its tasks.csv"),
        ),
        None => findings.push(
            Finding::error("not-a-task-table", place, "no column has a header that a task table has")
                .with_hint("a task table needs at least the columns `id` and `duration`"),
        ),
    }
    None
}

/// From text to table.
fn parse(kind: TableKind, file: &str, text: &str, findings: &mut Findings) -> Option<Table> {
    let dialect = match sniff::dialect(kind, text) {
        Ok(dialect) => dialect,
        Err(separator) => {
            let text = format!("the file's first line names `{separator}` as its separator, which is not supported");
            let finding = Finding::error("separator", Place::row(file, 1), text);
            findings.push(finding.with_hint("use a comma, a semicolon or a tab"));
            return None;
        }
    };
    let mut records = Records::new(text, &dialect);
    let mut found = Tally::new(file);
    let header = loop {
        match records.next_record() {
            None => {
                found.flush(findings);
                findings.push(empty_file(kind, file));
                return None;
            }
            Some(record) => {
                let fault = record.fault;
                if let Some(fault) = fault {
                    found.push(quote_finding(file, fault));
                    if matches!(fault, QuoteFault::Unterminated { .. }) {
                        found.flush(findings);
                        return None;
                    }
                }
                if !record.is_blank() {
                    break Header::new(kind, file, &record, &mut found);
                }
            }
        }
    };
    let mut table = Table::new(kind, file, header.names().iter().map(String::as_str));
    header.report_fields(&table, &mut found);
    let mut unnamed_filled = vec![false; header.names().len()];
    while let Some(record) = records.next_record() {
        if let Some(fault) = record.fault {
            found.push(quote_finding(file, fault));
            if matches!(fault, QuoteFault::Unterminated { .. }) {
                break;
            }
        }
        if record.is_blank() {
            continue;
        }
        if header.is_repeated_by(&record) {
            found.push(Finding::note(
                "repeated-header",
                Place::row(file, record.line),
                "this row repeats the header and was skipped",
            ));
            continue;
        }
        let columns = header.names().len();
        if record.len() > columns {
            if let Some(surplus) =
                (columns..record.len()).map(|at| record.cell(at).trim()).find(|cell| !cell.is_empty())
            {
                found.push(surplus_cell(file, record.line, surplus, columns, dialect.separator));
            }
        }
        for &unnamed in header.unnamed() {
            unnamed_filled[unnamed] |= unnamed < record.len() && !record.cell(unnamed).trim().is_empty();
        }
        if !table.push_row(record.line, (0..columns.min(record.len())).map(|at| record.cell(at))) {
            found.push(super::too_large(file));
            break;
        }
    }
    for at in (0..unnamed_filled.len()).filter(|&at| unnamed_filled[at]) {
        let text = format!("column {} has cells but no header and is not used", at + 1);
        found.push(Finding::warning("unnamed-column", Place::row(file, header.line()), text));
    }
    found.flush(findings);
    table.decimal_mark = decimal::mark(&table, dialect.separator, records.has_quotes());
    Some(table)
}

fn empty_file(kind: TableKind, file: &str) -> Finding {
    let text = "the file is empty; a table begins with a row of headers";
    let hint = match kind {
        TableKind::Tasks => "put at least `id,duration` on its first line",
        _ => "delete the file if the plan does not need it",
    };
    let place = Place::file(file);
    let finding = match kind {
        TableKind::Tasks => Finding::error("empty-file", place, text),
        _ => Finding::warning("empty-file", place, text),
    };
    finding.with_hint(hint)
}

fn surplus_cell(file: &str, line: u32, cell: &str, columns: usize, separator: u8) -> Finding {
    let text = format!("cell `{}` lies beyond the {columns} columns of the header", shorten(cell));
    let name = match separator {
        b'\t' => "a tab",
        b';' => "a semicolon",
        b'|' => "a bar",
        _ => "a comma",
    };
    let hint = format!("put a cell that contains {name} between double quotes, or give the column a header");
    Finding::error("surplus-cell", Place::row(file, line), text).with_hint(hint)
}

fn quote_finding(file: &str, fault: QuoteFault) -> Finding {
    match fault {
        QuoteFault::Unterminated { opened } => {
            let text = "a double quote is opened here and never closed; everything after it would be one cell";
            Finding::error("unterminated-quote", Place::row(file, opened), text)
                .with_hint("close it, or write it twice if it is part of the text")
        }
        QuoteFault::TextAfterQuote { opened, line } => {
            let mut text = "a quoted cell goes on after its closing double quote".to_owned();
            if line != opened {
                // Writing to a string cannot fail.
                let _ = write!(text, " on line {line}");
            }
            Finding::error("stray-quote", Place::row(file, opened), text)
                .with_hint("write a double quote that is part of the text twice, and put the whole cell between quotes")
        }
        QuoteFault::BlankBeforeQuote { line } => {
            let text = "a blank stands between the separator and an opening double quote, so the quote does not count";
            Finding::error("stray-quote", Place::row(file, line), text).with_hint("remove the blank")
        }
    }
}

/// A text short enough for a message.
fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}
