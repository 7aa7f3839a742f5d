//! Cells of result tables and their two encodings: CSV and an array of JSON objects.

use std::fmt;
use std::io::{self, Write};

use crate::io::guard::guarded;
use crate::waves::in_waves;

/// How a result table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header, UTF-8, lines ended by `\n`.
    #[default]
    Csv,
    /// An array with an object for each row; empty cells are `null`.
    Json,
}

/// Rows that one thread lays out at a time.
const CHUNK: usize = 1_024;

/// The rows of a table, laid out one cell after another in the order of the columns.
pub(super) struct Cells<'c> {
    format: Format,
    columns: &'c [&'static str],
    bytes: Vec<u8>,
    column: usize,
    is_first_row: bool,
}

impl<'c> Cells<'c> {
    fn new(format: Format, columns: &'c [&'static str], bytes: Vec<u8>, is_first_row: bool) -> Cells<'c> {
        Cells { format, columns, bytes, column: 0, is_first_row }
    }

    fn begin_cell(&mut self) {
        match self.format {
            Format::Csv if self.column > 0 => self.bytes.push(b','),
            Format::Csv => {}
            Format::Json => {
                let opening: &[u8] = match (self.column, self.is_first_row) {
                    (0, true) => b"  {\"",
                    (0, false) => b",\n  {\"",
                    _ => b", \"",
                };
                self.bytes.extend_from_slice(opening);
                self.bytes.extend_from_slice(self.columns[self.column].as_bytes());
                self.bytes.extend_from_slice(b"\": ");
            }
        }
        self.column += 1;
    }

    /// A cell of any text.
    pub(super) fn text(&mut self, text: &str) {
        self.begin_cell();
        match self.format {
            Format::Csv => push_csv(&mut self.bytes, &guarded(text)),
            Format::Json => push_json(&mut self.bytes, text),
        }
    }

    /// A number in plain decimal notation.
    pub(super) fn number(&mut self, number: impl std::fmt::Display) {
        self.begin_cell();
        write!(self.bytes, "{number}").expect("writing into memory does not fail");
    }

    /// A number, rounded; empty if it is not finite.
    pub(super) fn finite(&mut self, number: f64) {
        if number.is_finite() { self.number(super::summary::shortened(number)) } else { self.empty() }
    }

    /// Text that `write` appends and that needs no quotes in CSV, such as a date.
    pub(super) fn plain(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.begin_cell();
        match self.format {
            Format::Csv => write(&mut self.bytes),
            Format::Json => {
                self.bytes.push(b'"');
                write(&mut self.bytes);
                self.bytes.push(b'"');
            }
        }
    }

    /// `yes` or `no`; a JSON boolean.
    pub(super) fn flag(&mut self, flag: bool) {
        self.begin_cell();
        let word: &[u8] = match (self.format, flag) {
            (Format::Csv, true) => b"yes",
            (Format::Csv, false) => b"no",
            (Format::Json, true) => b"true",
            (Format::Json, false) => b"false",
        };
        self.bytes.extend_from_slice(word);
    }

    /// A cell without a value.
    pub(super) fn empty(&mut self) {
        self.begin_cell();
        if self.format == Format::Json {
            self.bytes.extend_from_slice(b"null");
        }
    }

    fn end_row(&mut self) {
        assert_eq!(self.column, self.columns.len(), "a row has a cell for each column");
        self.bytes.push(if self.format == Format::Csv { b'\n' } else { b'}' });
        self.column = 0;
        self.is_first_row = false;
    }
}

/// Writes a table whose row `at` is laid out by `row`, on all threads of the current rayon pool.
pub(super) fn write_table(
    out: &mut dyn Write,
    format: Format,
    columns: &[&'static str],
    rows: usize,
    row: impl Fn(usize, &mut Cells<'_>) + Sync,
) -> io::Result<()> {
    match format {
        Format::Csv => writeln!(out, "{}", columns.join(","))?,
        Format::Json => out.write_all(b"[\n")?,
    }
    let lay_out = |chunk: usize, bytes: &mut Vec<u8>| {
        let mut cells = Cells::new(format, columns, std::mem::take(bytes), chunk == 0);
        for at in chunk * CHUNK..rows.min((chunk + 1) * CHUNK) {
            row(at, &mut cells);
            cells.end_row();
        }
        *bytes = cells.bytes;
    };
    in_waves(rows.div_ceil(CHUNK), lay_out, |bytes| {
        let written = out.write_all(bytes);
        bytes.clear();
        written
    })?;
    match format {
        Format::Csv => Ok(()),
        Format::Json => out.write_all(b"\n]\n"),
    }
}

/// A quotient in plain decimals, rounded half away from zero to four digits, without trailing zeros.
pub(super) fn decimal(numerator: i128, denominator: i128) -> Decimal {
    let scaled = numerator * 10_000;
    let half = if scaled < 0 { -denominator / 2 } else { denominator / 2 };
    Decimal { ten_thousandths: (scaled + half) / denominator.max(1) }
}

/// A number with at most four decimals.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    ten_thousandths: i128,
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.ten_thousandths.unsigned_abs();
        if self.ten_thousandths < 0 {
            out.write_str("-")?;
        }
        // Numbers of 64 bits, and nearly all are, print several times faster.
        match u64::try_from(size / 10_000) {
            Ok(whole) => whole.fmt(out)?,
            Err(_) => (size / 10_000).fmt(out)?,
        }
        let (mut part, mut width) = ((size % 10_000) as u32, 4);
        if part == 0 {
            return Ok(());
        }
        while part % 10 == 0 {
            part /= 10;
            width -= 1;
        }
        write!(out, ".{part:0width$}")
    }
}

fn push_csv(bytes: &mut Vec<u8>, text: &str) {
    let is_special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    let has_blank_end = text.starts_with(' ') || text.ends_with(' ');
    if !has_blank_end && !text.bytes().any(is_special) {
        bytes.extend_from_slice(text.as_bytes());
        return;
    }
    bytes.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            bytes.push(b'"');
        }
        bytes.push(byte);
    }
    bytes.push(b'"');
}

fn push_json(bytes: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(bytes, text).expect("text can be written into memory as JSON");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::guard::bare;
    use proptest::prelude::*;

    const COLUMNS: &[&str] = &["a", "b", "c"];

    fn written(format: Format, rows: &[(String, i64)]) -> String {
        let mut out = Vec::new();
        write_table(&mut out, format, COLUMNS, rows.len(), |at, cells| {
            cells.text(&rows[at].0);
            cells.number(rows[at].1);
            cells.empty();
        })
        .expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn tables_without_rows_are_still_tables() {
        assert_eq!(written(Format::Csv, &[]), "a,b,c\n");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&written(Format::Json, &[])).expect("JSON"),
            serde_json::json!([])
        );
    }

    #[test]
    fn decimals_are_plain_and_short() {
        let cases = [(0, 480, "0"), (720, 480, "1.5"), (-720, 480, "-1.5"), (1, 480, "0.0021"), (960, 480, "2")];
        for (numerator, denominator, text) in cases {
            assert_eq!(decimal(numerator, denominator).to_string(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_survives_both_formats(rows in prop::collection::vec((any::<String>(), any::<i64>()), 0..9)) {
            // A lone empty line is not a record; the number keeps rows apart from that.
            let csv = written(Format::Csv, &rows);
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let back: Vec<(String, i64)> = reader
                .records()
                .map(|record| {
                    let record = record.expect("a record");
                    (bare(&record[0]).to_string(), record[1].parse().expect("a number"))
                })
                .collect();
            prop_assert_eq!(&back, &rows);
            let json: Vec<serde_json::Value> = serde_json::from_str(&written(Format::Json, &rows)).expect("JSON");
            let back: Vec<(String, i64)> = json
                .iter()
                .map(|row| (row["a"].as_str().expect("text").into(), row["b"].as_i64().expect("number")))
                .collect();
            prop_assert_eq!(&back, &rows);
        }
    }
}
