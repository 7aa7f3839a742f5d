//! XML in the writing.

use std::fmt::Write as _;

use crate::units::{Minutes, Moment};

/// The text of a file in the writing.
#[derive(Default)]
pub(super) struct Markup {
    pub(super) text: String,
}

impl Markup {
    /// Begins an element that has others in it.
    pub(super) fn open(&mut self, name: &str) {
        self.push(&["<", name, ">\n"]);
    }

    /// Ends it.
    pub(super) fn close(&mut self, name: &str) {
        self.push(&["</", name, ">\n"]);
    }

    /// An element with a text.
    pub(super) fn leaf(&mut self, name: &str, value: &str) {
        self.push(&["<", name, ">"]);
        self.escaped(value);
        self.push(&["</", name, ">\n"]);
    }

    /// An element with a number.
    pub(super) fn number(&mut self, name: &str, value: i64) {
        self.push(&["<", name, ">"]);
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{value}");
        self.push(&["</", name, ">\n"]);
    }

    /// An element with a flag.
    pub(super) fn flag(&mut self, name: &str, value: bool) {
        self.leaf(name, if value { "1" } else { "0" });
    }

    /// An element with a date.
    pub(super) fn date(&mut self, name: &str, moment: Moment) {
        let civil = moment.civil();
        self.push(&["<", name, ">"]);
        let (year, month, day) = (civil.year(), civil.month(), civil.day());
        let (hour, minute) = (civil.hour(), civil.minute());
        let _ = write!(self.text, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00");
        self.push(&["</", name, ">\n"]);
    }

    /// An element with a duration.
    pub(super) fn duration(&mut self, name: &str, minutes: Minutes) {
        self.leaf(name, &duration(minutes.0.saturating_mul(60)));
    }

    /// An element with a duration in seconds.
    pub(super) fn seconds(&mut self, name: &str, seconds: i64) {
        self.leaf(name, &duration(seconds));
    }

    fn push(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.text.push_str(part));
    }

    /// Appends a text; characters that XML cannot hold become blanks.
    fn escaped(&mut self, value: &str) {
        for char in value.chars() {
            match char {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '\r' => self.text.push_str("&#13;"),
                '\n' | '\t' => self.text.push(char),
                char if char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}') => self.text.push(' '),
                char => self.text.push(char),
            }
        }
    }
}

/// `PT8H0M0S`
fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    format!("{sign}PT{}H{}M{}S", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
