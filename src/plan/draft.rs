//! The plan as it was read: the cells of its tables, each with its place.
//!
//! Every reader (CSV, PSPLIB, and later the files of other planners) produces a [`PlanDraft`], `validate` turns it into
//! a [`Plan`](super::Plan), every converter and the generator write one, and a what-if scenario edits one. A draft may
//! be nonsense; nothing about it has been checked except that its bytes are text in rows and columns.

use std::sync::Arc;

use crate::error::{Findings, Place};

pub(crate) use super::fields::plain as plain_header;
pub use super::fields::{Field, Holds, RULE_WORDS, RuleWord, SETTINGS, TableKind, setting_names};

/// How numbers are written in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1,234.5`
    #[default]
    Point,
    /// `1.234,5`, as in files that separate their cells by semicolons.
    Comma,
    /// Either; `1,234` is ambiguous then.
    Unknown,
}

/// The order of day, month and year in dates like `03/04/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2026`
    DayMonthYear,
    /// `12/31/2026`
    MonthDayYear,
    /// `2026/12/31`
    YearMonthDay,
}

/// A column as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The header as the file spells it.
    pub header: Arc<str>,
    /// The position in [`TableKind::fields`] of the field it holds; `None` if the header is unknown.
    pub field: Option<usize>,
}

/// A table of text cells. Cells are trimmed; rows whose cells are all empty are left out by readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    kind: TableKind,
    file: Arc<str>,
    columns: Vec<Column>,
    /// How its numbers are written.
    pub decimal_mark: DecimalMark,
    /// The text of all cells, row after row.
    text: String,
    /// Where each cell ends in `text`; `columns.len()` entries a row.
    ends: Vec<u32>,
    /// The line of the file on which each row begins.
    lines: Vec<u32>,
}

impl Table {
    /// An empty table; headers are matched with the fields of `kind` by name and synonym, ignoring case, and the first
    /// column of a field wins.
    pub fn new<H: Into<Arc<str>>>(
        kind: TableKind,
        file: impl Into<Arc<str>>,
        headers: impl IntoIterator<Item = H>,
    ) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        for header in headers {
            let header: Arc<str> = header.into();
            let field = kind.find_field(&header).filter(|&field| columns.iter().all(|seen| seen.field != Some(field)));
            columns.push(Column { header, field });
        }
        Table {
            kind,
            file: file.into(),
            columns,
            decimal_mark: DecimalMark::Point,
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// An empty table with every column of its kind.
    pub fn with_all_columns(kind: TableKind, file: impl Into<Arc<str>>) -> Self {
        Table::new(kind, file, kind.fields().iter().map(|field| field.name))
    }

    /// Adds a row that begins on line `line` of the file. Missing cells are empty, surplus ones are dropped (readers
    /// report them first).
    ///
    /// # Returns
    /// False, and nothing is added, if the text of the table would exceed 4 GiB.
    pub fn push_row<'a>(&mut self, line: u32, cells: impl IntoIterator<Item = &'a str>) -> bool {
        let (text_before, ends_before) = (self.text.len(), self.ends.len());
        let mut cells = cells.into_iter();
        for _ in 0..self.columns.len() {
            self.text.push_str(cells.next().unwrap_or("").trim());
            let Ok(end) = u32::try_from(self.text.len()) else {
                self.text.truncate(text_before);
                self.ends.truncate(ends_before);
                return false;
            };
            self.ends.push(end);
        }
        self.lines.push(line);
        true
    }

    /// A table of the same columns without rows.
    pub fn without_rows(&self) -> Table {
        Table {
            kind: self.kind,
            file: self.file.clone(),
            columns: self.columns.clone(),
            decimal_mark: self.decimal_mark,
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Moves the rows of a table with the same columns behind these, and leaves it empty.
    ///
    /// # Returns
    /// False, and nothing is moved, if the text of the table would exceed 4 GiB.
    pub fn append(&mut self, later: &mut Table) -> bool {
        let shift = self.text.len();
        if u32::try_from(shift + later.text.len()).is_err() {
            return false;
        }
        self.text.push_str(&later.text);
        later.text.clear();
        self.ends.extend(later.ends.drain(..).map(|end| end + shift as u32));
        self.lines.append(&mut later.lines);
        true
    }

    /// Changes what a column is called, not what it holds.
    pub fn rename_column(&mut self, at: usize, header: impl Into<Arc<str>>) {
        if let Some(column) = self.columns.get_mut(at) {
            column.header = header.into();
        }
    }

    /// Which table it is.
    pub fn kind(&self) -> TableKind {
        self.kind
    }

    /// The file it came from, as findings name it.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Its columns in file order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The column that holds the field named `field` in the design (`duration`, `constraint_date`).
    pub fn column(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field.is_some_and(|at| self.kind.fields()[at].name == field))
    }

    /// The text of a cell.
    #[inline]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        let at = row * self.columns.len() + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = &str> {
        (0..self.columns.len()).map(move |column| self.cell(row, column))
    }

    /// The line of the file on which a row begins.
    #[inline]
    pub fn line(&self, row: usize) -> u32 {
        self.lines[row]
    }

    /// The place of a cell.
    pub fn place(&self, row: usize, column: usize) -> Place {
        Place::cell(self.file.clone(), self.lines[row], self.columns[column].header.clone())
    }

    /// The place of a row.
    pub fn row_place(&self, row: usize) -> Place {
        Place::row(self.file.clone(), self.lines[row])
    }
}

/// Everything that was read of one plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanDraft {
    /// What to call the plan: its folder's name or its file's stem.
    pub name: String,
    /// Its tables, at most one of each kind.
    pub tables: Vec<Table>,
    /// What reading had to say: encodings, unknown columns, unreadable bytes.
    pub findings: Findings,
    /// The order of day and month in dates that do not tell, if the user gave it.
    pub date_order: Option<DateOrder>,
}

impl PlanDraft {
    /// The table of a kind, if the plan has it.
    pub fn table(&self, kind: TableKind) -> Option<&Table> {
        self.tables.iter().find(|table| table.kind == kind)
    }
}
