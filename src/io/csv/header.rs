//! The header row: names of columns, and what is odd about them.

use super::records::Record;
use crate::error::{Finding, Place};
use crate::io::guard::bare;
use crate::io::tally::Tally;
use crate::plan::draft::{Table, TableKind};

/// The header row of a file.
pub(super) struct Header {
    kind: TableKind,
    file: String,
    line: u32,
    names: Vec<String>,
    unnamed: Vec<usize>,
    /// As the record had it, to tell when it comes again.
    text: String,
    ends: Vec<usize>,
}

impl Header {
    /// Takes the names from a record; nameless columns at the end are left out.
    pub(super) fn new(kind: TableKind, file: &str, record: &Record<'_>, found: &mut Tally) -> Header {
        let mut names: Vec<String> = (0..record.len()).map(|at| bare(record.cell(at).trim()).to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let unnamed = (0..names.len()).filter(|&at| names[at].is_empty()).collect();
        for (at, name) in names.iter().enumerate() {
            let Some(field) = kind.find_field(name) else { continue };
            if let Some(first) = names[..at].iter().find(|first| kind.find_field(first) == Some(field)) {
                let text = format!(
                    "columns `{first}` and `{name}` both mean `{}`; only the first is used",
                    kind.fields()[field].name
                );
                let place = Place::cell(file, record.line, name.as_str());
                found.push(Finding::warning("duplicate-column", place, text).with_hint("remove or rename one of them"));
            }
        }
        Header {
            kind,
            file: file.to_owned(),
            line: record.line,
            names,
            unnamed,
            text: record.text.to_owned(),
            ends: record.ends.to_vec(),
        }
    }

    /// Reports the columns that have no meaning in this table, each name once.
    pub(super) fn report_fields(&self, table: &Table, found: &mut Tally) {
        for (at, name) in self.names.iter().enumerate() {
            let unknown = !name.is_empty() && self.kind.find_field(name).is_none();
            if !unknown || self.names[..at].contains(name) {
                continue;
            }
            let place = Place::cell(self.file.as_str(), self.line, name.as_str());
            let text = format!("column `{name}` is not known in {} and is not used", self.kind.file_name());
            let finding = Finding::warning("unknown-column", place, text);
            found.push(match self.nearest_missing_field(table, name) {
                Some(field) => finding.with_hint(format!("did you mean `{field}`?")),
                None => finding,
            });
        }
    }

    /// The field that a misspelt header probably means: one that has no column yet.
    fn nearest_missing_field(&self, table: &Table, name: &str) -> Option<&'static str> {
        let plain = name.to_lowercase().replace([' ', '-'], "_");
        let fields = self.kind.fields().iter().map(|field| field.name).filter(|field| table.column(field).is_none());
        if let Some(whole) = fields.clone().find(|field| plain.len() >= 3 && field.starts_with(&plain)) {
            return Some(whole);
        }
        let distances = fields.map(|field| (strsim::damerau_levenshtein(&plain, field), field));
        distances.min().filter(|&(distance, field)| distance * 3 <= field.len()).map(|(_, field)| field)
    }

    /// The file it is from.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The line of the header.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Its names.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The columns without a name.
    pub(super) fn unnamed(&self) -> &[usize] {
        &self.unnamed
    }

    /// True if a record is the header once more, as in files that were pasted together.
    #[inline]
    pub(super) fn is_repeated_by(&self, record: &Record<'_>) -> bool {
        record.text.len() == self.text.len() && record.text == self.text && record.ends == self.ends
    }
}
