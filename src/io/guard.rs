//! Texts that a spreadsheet would take for a formula, guarded in CSV files by an apostrophe.
//!
//! A spreadsheet runs what a cell of a CSV file begins with `=`, even if the cell is the name of a task that somebody sent in.
//! [`guarded`] puts an apostrophe before such a text, which makes it a text; [`bare`] takes it off again when the file is read.
//! Source: OWASP, "CSV Injection". Other than there, texts that begin with `+` or `-` are guarded only if they hold what a call
//! or a reference needs: `-2d`, `+10%` and `-5` are values, and stay as they are.

use std::borrow::Cow;

const APOSTROPHE: char = '\'';

/// A text as it is written into a cell of a CSV file: with an apostrophe before it if it would be taken for a formula.
///
/// # Example
/// ```
/// use floatline::io::guarded;
///
/// assert_eq!(guarded("=1+2"), "'=1+2");
/// assert_eq!(guarded("-2d"), "-2d");
/// ```
pub fn guarded(text: &str) -> Cow<'_, str> {
    if needs_guard(text) { format!("{APOSTROPHE}{text}").into() } else { text.into() }
}

/// The text of a cell that was written by [`guarded`].
pub(super) fn bare(cell: &str) -> &str {
    cell.strip_prefix(APOSTROPHE).filter(|text| needs_guard(text)).unwrap_or(cell)
}

/// True for formulas, and for what would be read back as one: a formula behind apostrophes.
fn needs_guard(text: &str) -> bool {
    let text = text.trim_start_matches(APOSTROPHE);
    match text.chars().next() {
        // The wide forms are those of Japanese and Chinese keyboards.
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＠') => true,
        Some('+' | '-' | '＋' | '－') => text.contains(['(', '|', '!', '=']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_and_values_stay() {
        for text in ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+(2)", "-1+cmd|x", "-A!1", "\t=1", "\r1", "＝1", "'=1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "-2d", "+10%", "-5", "+49 30 1234", "-", "a=b", "(1)", "'quoted'", "B FS-1d"] {
            assert_eq!(guarded(text), text);
            assert_eq!(bare(text), text);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_guarded_is_read_back(text in "['=@+\\-(|!a1\t ]{0,6}|\\PC{0,8}") {
            let cell = guarded(&text);
            prop_assert_eq!(bare(&cell), &text);
            prop_assert!(!cell.starts_with(['=', '@', '\t', '\r']));
        }
    }
}
