//! The table of another planner: its columns by what they are called, and the tables that are made of it.

use std::collections::BTreeSet;

use super::languages::Language;
use crate::error::{Finding, Findings, Place};
use crate::plan::draft::{Table, TableKind, plain_header};

/// An exported table.
pub(super) struct Source<'a> {
    pub(super) table: &'a Table,
    /// The headers in lower case, with single blanks between words.
    headers: Vec<String>,
}

/// Where the cells of a column of a new table come from: the name of its field, and the column whose header it takes.
pub(super) type Origin = (&'static str, Option<usize>);

impl<'a> Source<'a> {
    /// # Arguments
    /// `language` is that of the headers, if it is not English.
    pub(super) fn new(table: &'a Table, language: Option<&Language>) -> Source<'a> {
        let english = |plain: String| language.map(|it| it.english_header(&plain).to_owned()).unwrap_or(plain);
        let headers = table.columns().iter().map(|column| english(plain_header(&column.header))).collect();
        Source { table, headers }
    }

    /// The first column that has one of these headers, the first of them first.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.headers.iter().position(|header| header == name))
    }

    /// All columns of which something is true.
    pub(super) fn all(&self, is: impl Fn(&str) -> bool) -> Vec<usize> {
        (0..self.headers.len()).filter(|&at| is(&self.headers[at])).collect()
    }

    /// A cell; empty without a column, and for the words that stand for nothing.
    pub(super) fn cell(&self, row: usize, column: Option<usize>) -> &'a str {
        let text = column.map_or("", |column| self.table.cell(row, column));
        if text.eq_ignore_ascii_case("na") || text.eq_ignore_ascii_case("n/a") { "" } else { text }
    }

    /// The place of a cell.
    pub(super) fn place(&self, row: usize, column: Option<usize>) -> Place {
        column.map_or_else(|| self.table.row_place(row), |column| self.table.place(row, column))
    }

    /// The place of the whole file.
    pub(super) fn file(&self) -> Place {
        Place::file(self.table.file().clone())
    }

    /// An empty table of the plan. Its columns keep the headers of the columns they come from, so that findings name them.
    pub(super) fn new_table(&self, kind: TableKind, columns: &[Origin]) -> Table {
        let mut table = Table::new(kind, self.table.file().clone(), columns.iter().map(|(field, _)| *field));
        for (at, (_, column)) in columns.iter().enumerate() {
            if let Some(column) = *column {
                table.rename_column(at, self.table.columns()[column].header.clone());
            }
        }
        table.decimal_mark = self.table.decimal_mark;
        table
    }

    /// Remarks on the columns that hold something and are not used.
    ///
    /// # Arguments
    /// `used` are those that are used; `silent` tells headers that are derived from others, and not worth a word.
    pub(super) fn report_unused(
        &self,
        tool: &str,
        used: impl IntoIterator<Item = Option<usize>>,
        silent: impl Fn(&str) -> bool,
        findings: &mut Findings,
    ) {
        let used: BTreeSet<usize> = used.into_iter().flatten().collect();
        let is_filled = |at: usize| (0..self.table.len()).any(|row| !self.table.cell(row, at).is_empty());
        let mut names: Vec<&str> = Vec::new();
        for at in (0..self.headers.len()).filter(|at| !used.contains(at)) {
            let name = &*self.table.columns()[at].header;
            if !name.is_empty() && !names.contains(&name) && !silent(&self.headers[at]) && is_filled(at) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return;
        }
        let columns = if names.len() == 1 { "column is" } else { "columns are" };
        let text = format!("of this table of {tool}, {} {columns} not used: {}", names.len(), listed(&names));
        findings.push(Finding::note("not-carried", self.file(), text));
    }
}

/// Names in backticks, the first dozen of them, and how many there are if there are more.
pub(super) fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut text: String =
        names.iter().take(SHOWN).map(|name| crate::plan::notation::quoted(name)).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(", ... ({} in all)", names.len()));
    }
    text
}

/// Things of one kind that the plan cannot hold, told in one finding.
#[derive(Default)]
pub(super) struct Losses<'a> {
    names: Vec<&'a str>,
    first: Option<Place>,
}

impl<'a> Losses<'a> {
    /// One more; `name` is said, unless it has been.
    pub(super) fn push(&mut self, name: &'a str, place: Place) {
        if !self.names.contains(&name) || self.names.len() > 1000 {
            self.names.push(name);
        }
        self.first.get_or_insert(place);
    }

    /// Reports them at the place of the first, if there are any: what is said of them, and their names.
    pub(super) fn report(
        self,
        make: fn(&'static str, Place, String) -> Finding,
        rule: &'static str,
        what: &str,
        findings: &mut Findings,
    ) {
        if let Some(place) = self.first {
            findings.push(make(rule, place, format!("{what}: {}", listed(&self.names))));
        }
    }
}
