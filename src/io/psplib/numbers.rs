//! Words and numbers of files whose line breaks have no meaning.

use std::fmt;

use super::instance::MAX_NUMBER;
use crate::io::text::count_lines;

/// The numbers of a text with their lines.
pub(super) struct Numbers<'a> {
    text: &'a str,
    at: usize,
    /// The line of the word that was read last, from 1.
    pub(super) line: u32,
}

impl<'a> Numbers<'a> {
    /// The numbers of a text, from its beginning.
    pub(super) fn of(text: &'a str) -> Numbers<'a> {
        Numbers { text, at: 0, line: 1 }
    }

    /// The next word; `None` at the end.
    pub(super) fn next_word(&mut self) -> Option<&'a str> {
        let is_space = |character: char| character.is_whitespace() || character == '\u{1a}';
        let rest = &self.text[self.at..];
        let start = rest.find(|character| !is_space(character))?;
        self.line = self.line.saturating_add(count_lines(&rest.as_bytes()[..start]));
        let word = &rest[start..];
        let word = &word[..word.find(is_space).unwrap_or(word.len())];
        self.at += start + word.len();
        Some(word)
    }

    /// The next word, or what is missing.
    pub(super) fn word(&mut self, what: fmt::Arguments<'_>) -> Result<&'a str, String> {
        self.next_word().ok_or_else(|| format!("the file ends where {what} should follow"))
    }

    /// The next number, or what is wrong.
    pub(super) fn next(&mut self, what: fmt::Arguments<'_>) -> Result<i64, String> {
        let word = self.word(what)?;
        number(word).ok_or_else(|| format!("`{word}` should be {what}, a whole number from 0 to {MAX_NUMBER}"))
    }

    /// Ends the reading: nothing may follow.
    ///
    /// # Errors
    /// What follows, and after what.
    pub(super) fn end(&mut self, last: fmt::Arguments<'_>) -> Result<(), String> {
        match self.next_word() {
            Some(word) => Err(format!("`{word}` follows after {last}")),
            None => Ok(()),
        }
    }
}

/// A number as these files have them.
pub(super) fn number(word: &str) -> Option<i64> {
    word.parse::<i64>().ok().filter(|number| (0..=MAX_NUMBER).contains(number))
}
