//! The lines of an XER file as tables of rows; cells are found by the names of their fields.

use crate::error::{Finding, Place};
use crate::io::tally::Tally;

/// A table of the file: `%T` with its `%F` and `%R` lines.
pub(super) struct RawTable<'a> {
    pub(super) name: &'a str,
    fields: Vec<&'a str>,
    /// Line number and text behind `%R`.
    rows: Vec<(u32, &'a str)>,
}

impl<'a> RawTable<'a> {
    /// The names of its columns.
    pub(super) fn fields(&self) -> &[&'a str] {
        &self.fields
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// The whole file.
pub(super) struct XerFile<'a> {
    /// The code of the currency in the header line.
    pub(super) currency: &'a str,
    pub(super) tables: Vec<RawTable<'a>>,
}

/// A row with the cells that the reader uses.
pub(super) trait Record<'a>: Sized {
    /// The fields it takes from a row.
    const FIELDS: &'static [&'static str];
    /// The table it is a row of.
    const TABLE: &'static str;
    /// Makes one of the cells of [`Record::FIELDS`], in that order.
    fn of(line: u32, cells: &[&'a str]) -> Self;
}

/// Declares a [`Record`].
macro_rules! record {
    ($(#[$doc:meta])* $name:ident of $table:literal { $($field:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default)]
        pub(super) struct $name<'a> {
            pub(super) line: u32,
            $(pub(super) $field: &'a str,)*
        }
        impl<'a> $crate::io::xer::rows::Record<'a> for $name<'a> {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
            const TABLE: &'static str = $table;
            fn of(line: u32, cells: &[&'a str]) -> Self {
                let mut cells = cells.iter().copied();
                $name { line, $($field: cells.next().unwrap_or(""),)* }
            }
        }
    };
}
pub(super) use record;

impl<'a> XerFile<'a> {
    /// Sorts the lines of a file into tables. A line without a mark goes on with the row before it.
    pub(super) fn parse(file: &str, text: &'a str, found: &mut Tally) -> XerFile<'a> {
        let mut currency = "";
        let mut tables: Vec<RawTable<'a>> = Vec::new();
        let (mut strays, mut first_stray) = (0_usize, 0);
        let mut is_complete = false;
        let (mut row_start, mut at) = (None, 0);
        let mut line_number = 0_u32;
        for line in text.split_inclusive('\n') {
            line_number = line_number.saturating_add(1);
            let (start, end) = (at, at + line.len());
            at = end;
            let line = line.trim_end_matches(['\n', '\r']);
            let marked = line.strip_prefix('%').and_then(|rest| {
                let (mark, rest) = rest.split_at_checked(1)?;
                (rest.is_empty() || rest.starts_with('\t')).then_some((mark, rest.strip_prefix('\t').unwrap_or("")))
            });
            match marked {
                Some(("T", rest)) => {
                    row_start = None;
                    tables.push(RawTable { name: rest.trim(), fields: Vec::new(), rows: Vec::new() });
                }
                Some(("F", rest)) if tables.last().is_some_and(|table| table.rows.is_empty()) => {
                    row_start = None;
                    if let Some(table) = tables.last_mut() {
                        table.fields = rest.split('\t').map(str::trim).collect();
                    }
                }
                Some(("R", rest)) if tables.last().is_some_and(|table| !table.fields.is_empty()) => {
                    if let Some(table) = tables.last_mut() {
                        row_start = Some(start + 3);
                        table.rows.push((line_number, rest));
                    }
                }
                Some(("E", _)) => {
                    is_complete = true;
                    break;
                }
                _ if line.starts_with("ERMHDR") => {
                    row_start = None;
                    currency = line.split('\t').nth(8).unwrap_or("").trim();
                }
                _ if line.trim().is_empty() => {}
                None if row_start.is_some() => {
                    let last = tables.last_mut().and_then(|table| table.rows.last_mut());
                    if let (Some(row), Some(begin)) = (last, row_start) {
                        row.1 = text.get(begin..end).unwrap_or(row.1).trim_end_matches(['\n', '\r']);
                    }
                }
                _ => {
                    strays += 1;
                    first_stray = if strays == 1 { line_number } else { first_stray };
                }
            }
        }
        if strays > 0 {
            let text = format!("{strays} lines belong to no table (the first is this one) and are left out");
            found.push(Finding::warning("stray-line", Place::row(file, first_stray), text));
        }
        if !is_complete {
            let mut text = "the file has no end mark (%E): it may be cut off".to_owned();
            if let Some(table) = tables.last_mut()
                && let Some(&(line, row)) = table.rows.last()
                && row.split('\t').count() < table.fields.len()
            {
                table.rows.pop();
                text.push_str(&format!("; the incomplete last row of {} (line {line}) is left out", table.name));
            }
            let finding = Finding::warning("cut-off-file", Place::file(file), text);
            found.push(finding.with_hint("export the project again"));
        }
        XerFile { currency, tables }
    }

    /// The rows of all tables of a kind.
    pub(super) fn select<R: Record<'a>>(&self, file: &str, found: &mut Tally) -> Vec<R> {
        let tables = || self.tables.iter().filter(|table| table.name == R::TABLE);
        let mut records: Vec<R> = Vec::with_capacity(tables().map(RawTable::len).sum());
        if tables().count() > 1 {
            let text = format!("the table {} comes {} times; all of them are read", R::TABLE, tables().count());
            found.push(Finding::note("repeated-table", Place::file(file), text));
        }
        let mut cells = vec![""; R::FIELDS.len()];
        for table in tables() {
            // Where the cell of each column of the file goes.
            let slot = |field: &&str| R::FIELDS.iter().position(|wanted| wanted.eq_ignore_ascii_case(field));
            let slots: Vec<Option<usize>> = table.fields.iter().map(slot).collect();
            let (mut long, mut short) = ((0_usize, 0), (0_usize, 0));
            for &(line, row) in &table.rows {
                cells.fill("");
                let mut width = 0;
                let mut surplus = false;
                for cell in row.split('\t') {
                    match slots.get(width) {
                        Some(&Some(slot)) if cells[slot].is_empty() => cells[slot] = cell.trim(),
                        Some(_) => {}
                        None => surplus |= !cell.trim().is_empty(),
                    }
                    width += 1;
                }
                for (count, is_so) in [(&mut long, surplus), (&mut short, width < slots.len())] {
                    if is_so {
                        *count = (count.0 + 1, if count.0 == 0 { line } else { count.1 });
                    }
                }
                records.push(R::of(line, &cells));
            }
            for ((count, line), what) in [(long, "more filled cells"), (short, "fewer cells")] {
                if count > 0 {
                    let text = format!("{count} rows of {} have {what} than fields, this one first", table.name);
                    let make = if what.starts_with("more") { Finding::warning } else { Finding::note };
                    found.push(make("uneven-row", Place::row(file, line), text));
                }
            }
        }
        records
    }
}
