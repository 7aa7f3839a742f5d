//! Cells of activities, and findings on those that cannot be used.

use super::super::values;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;

/// Where cells that cannot be used are reported.
pub(super) struct Cells<'f> {
    pub(super) file: &'f str,
    pub(super) found: &'f mut Tally,
}

impl Cells<'_> {
    pub(super) fn fault(&mut self, line: u32, column: &'static str, text: String) {
        self.found.push(Finding::error("bad-value", Place::cell(self.file, line, column), text));
    }

    pub(super) fn unknown(&mut self, line: u32, column: &'static str, code: &str, expected: &str) {
        let text = format!("`{code}` is not known; expected {expected}");
        self.found.push(Finding::warning("unknown-code", Place::cell(self.file, line, column), text));
    }

    pub(super) fn date<'a>(&mut self, line: u32, column: &'static str, cell: &'a str) -> &'a str {
        if cell.is_empty() {
            return "";
        }
        values::date(cell).unwrap_or_else(|| {
            self.fault(line, column, format!("`{cell}` is no date; expected one such as `2026-03-02 08:00`"));
            ""
        })
    }

    pub(super) fn minutes(&mut self, line: u32, column: &'static str, cell: &str) -> Option<i64> {
        if cell.is_empty() {
            return None;
        }
        let minutes = values::minutes(cell);
        if minutes.is_none() {
            self.fault(line, column, format!("`{cell}` are no hours; expected a number such as `40`"));
        }
        minutes
    }
}
