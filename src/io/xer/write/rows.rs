//! Tables, rows and their cells.

use std::fmt::Write;

use super::super::values::shown;
use super::Writer;
use crate::units::{Minutes, Moment};

/// Hours as P6 writes them.
pub(super) fn hours(minutes: Minutes) -> String {
    shown(minutes.0 as f64 / 60.0, 6)
}

/// Text in a cell: without tabs and line ends, quotes doubled.
pub(super) fn cell(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().replace('"', "\"\"")
}

pub(super) fn date(moment: Option<Moment>) -> String {
    moment.map(|moment| moment.civil().strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

pub(super) fn flag(is_so: bool) -> &'static str {
    if is_so { "Y" } else { "N" }
}

impl Writer<'_> {
    pub(super) fn table(&mut self, name: &str, fields: &[&str]) {
        let _ = write!(self.out, "%T\t{name}\r\n%F\t{}\r\n", fields.join("\t"));
    }

    pub(super) fn row(&mut self, cells: &[&str]) {
        let _ = write!(self.out, "%R\t{}\r\n", cells.join("\t"));
    }
}
