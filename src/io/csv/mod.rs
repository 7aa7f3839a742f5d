//! CSV tables as spreadsheets and other tools write them.
//!
//! [`read_table`] takes the bytes of one file to a [`Table`]: decode, find out the dialect ([`sniff`]), let csv-core cut
//! the records, and straight into the table, one pass, no allocation per row. What does not fit is reported with the
//! line an editor shows; nothing is repaired by guessing.

mod decimal;
mod excerpt;
mod header;
mod records;
mod sniff;
mod write;

#[cfg(test)]
mod tests;

pub(super) use decimal::{NUMERIC_FIELDS, evidence};
pub use excerpt::{Excerpt, excerpt};
pub(super) use write::{DATE_FIELDS, project_field};
pub use write::{draft_to_csv, write_draft};

use std::fmt::Write as _;

use super::guard::bare;
use super::tally::Tally;
use super::{exports, text};
use crate::error::{Finding, Findings, Place};
use crate::plan::draft::{Table, TableKind};
use crate::waves::in_waves;
use header::Header;
use records::{Piece, QuoteFault};

/// Bytes of a long file that one thread reads at a time.
const PIECE_BYTES: usize = 1 << 17;

/// Reads a file that is known to be a certain table.
///
/// # Returns
/// The table; `None`, with an error or a warning among the findings, if there is not even a header.
pub fn read_table(kind: TableKind, file: &str, bytes: Vec<u8>, findings: &mut Findings) -> Option<Table> {
    let text = text::decode(file, bytes, findings)?;
    parse(kind, file, &text, PIECE_BYTES, findings)
}

/// Reads a file that is given as a plan of its own: it has to be a task table.
pub fn read_lone_table(file: &str, bytes: Vec<u8>, findings: &mut Findings) -> Option<Table> {
    let text = text::decode(file, bytes, findings)?;
    let table = parse(TableKind::Tasks, file, &text, PIECE_BYTES, findings)?;
    let known = |kind: TableKind| kind.known(table.columns().iter().map(|column| &*column.header));
    let by_name = TableKind::ALL
        .into_iter()
        .find(|&kind| kind.file_name().eq_ignore_ascii_case(file) && (kind != TableKind::Issues || known(kind) > 0));
    let most = TableKind::ALL.into_iter().map(known).max().unwrap_or(0);
    let looks_like = by_name.or_else(|| TableKind::ALL.into_iter().find(|&kind| known(kind) == most && most > 0));
    let place = Place::row(file, 1);
    match looks_like {
        _ if by_name.is_none() && (table.column("duration").is_some() || exports::is_translatable(&table)) => {
            return Some(table);
        }
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
///
/// # Arguments
/// `piece_bytes` is how much of the text is read at a time; the result does not depend on it.
fn parse(kind: TableKind, file: &str, text: &str, piece_bytes: usize, findings: &mut Findings) -> Option<Table> {
    let dialect = match sniff::dialect(kind, text) {
        Ok(dialect) => dialect,
        Err(separator) => {
            let text = format!("the file's first line names `{separator}` as its separator, which is not supported");
            let finding = Finding::error("separator", Place::row(file, 1), text);
            findings.push(finding.with_hint("use a comma, a semicolon or a tab"));
            return None;
        }
    };
    let mut records = Piece::whole(text, &dialect).records();
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
    let table = Table::new(kind, file, header.names().iter().map(String::as_str));
    header.report_fields(&table, &mut found);
    let pieces = records.pieces(piece_bytes);
    let mut body = Body::new(&table, found, &header);
    if !body.read_in_pieces(&pieces, &header) {
        // A quoted cell goes over several lines where the text was cut, or a quote is astray.
        records.pieces(usize::MAX).into_iter().for_each(|all| body.read(all, &header));
    }
    let Body { mut table, mut found, unnamed_filled, .. } = body;
    for at in (0..unnamed_filled.len()).filter(|&at| unnamed_filled[at]) {
        let text = format!("column {} has cells but no header and is not used", at + 1);
        found.push(Finding::warning("unnamed-column", Place::row(file, header.line()), text));
    }
    found.flush(findings);
    table.decimal_mark = decimal::mark(&table, dialect.separator, records.has_quotes());
    Some(table)
}

/// The rows below a header, and what was found on them.
struct Body {
    table: Table,
    found: Tally,
    /// True for columns without a name that have cells.
    unnamed_filled: Vec<bool>,
    /// True if a quote is astray: the piece may end within a cell that goes on behind it.
    is_open: bool,
}

impl Body {
    fn new(table: &Table, found: Tally, header: &Header) -> Body {
        let unnamed_filled = vec![false; header.names().len()];
        Body { table: table.without_rows(), found, unnamed_filled, is_open: false }
    }

    /// Reads a long text on all threads.
    ///
    /// # Returns
    /// False, and nothing was read, if the pieces do not begin where records do.
    fn read_in_pieces(&mut self, pieces: &[Piece<'_>], header: &Header) -> bool {
        let [first, rest @ ..] = pieces else { return true };
        if rest.is_empty() {
            self.read(*first, header);
            return true;
        }
        let blank = || Body::new(&self.table, Tally::new(header.file()), header);
        let mut all = blank();
        let make = |number: usize, part: &mut Option<Body>| {
            part.get_or_insert_with(blank).read(pieces[number], header);
        };
        let read = in_waves(pieces.len(), make, |part| {
            let part = part.as_mut().filter(|part| !part.is_open).ok_or(())?;
            all.append(part, header);
            Ok::<(), ()>(())
        });
        if read.is_err() {
            return false;
        }
        self.append(&mut all, header);
        true
    }

    /// Moves what was read of the piece behind this one here.
    fn append(&mut self, later: &mut Body, header: &Header) {
        if !self.table.append(&mut later.table) {
            self.found.push(super::too_large(header.file()));
        }
        self.found.append(std::mem::replace(&mut later.found, Tally::new(header.file())));
        self.unnamed_filled.iter_mut().zip(&later.unnamed_filled).for_each(|(here, there)| *here |= there);
    }

    /// Reads records one after the other.
    fn read(&mut self, piece: Piece<'_>, header: &Header) {
        let Body { table, found, unnamed_filled, is_open } = self;
        let columns = header.names().len();
        let mut records = piece.records();
        while let Some(record) = records.next_record() {
            *is_open |= record.fault.is_some();
            if let Some(fault) = record.fault {
                found.push(quote_finding(header.file(), fault));
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
                    Place::row(header.file(), record.line),
                    "this row repeats the header and was skipped",
                ));
                continue;
            }
            if record.len() > columns
                && let Some(surplus) =
                    (columns..record.len()).map(|at| record.cell(at).trim()).find(|cell| !cell.is_empty())
            {
                found.push(surplus_cell(header.file(), record.line, surplus, columns, piece.separator()));
            }
            for &unnamed in header.unnamed() {
                unnamed_filled[unnamed] |= unnamed < record.len() && !record.cell(unnamed).trim().is_empty();
            }
            if !table.push_row(record.line, (0..columns.min(record.len())).map(|at| bare(record.cell(at).trim()))) {
                found.push(super::too_large(header.file()));
                break;
            }
        }
    }
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
