//! How much room a text takes, and texts that fit into the room there is.
//!
//! The fonts of a reader are not known. Widths are those of DejaVu Sans, the widest of the usual sans-serif fonts, by classes
//! of letters; others take less.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Fonts asked for, the first that the reader has.
pub(super) const FONTS: &str = "Arial, Helvetica, Liberation Sans, DejaVu Sans, sans-serif";

/// Bold letters are wider.
pub(super) const BOLD: f64 = 1.12;

/// A text without characters that XML cannot hold, or that would break the line.
pub(super) fn cleaned(text: &str) -> String {
    let is_plain =
        |char: char| !char.is_control() && !matches!(char, '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}');
    text.chars().map(|char| if is_plain(char) { char } else { ' ' }).collect()
}

/// The width of a text in letters of a size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// A cleaned text, with an ellipsis for its end if it is wider than `room`.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    let text = cleaned(text.trim());
    if width(&text, size) <= room {
        return text;
    }
    let mut left = room - width("…", size);
    // What looks like one letter may be several characters: it is kept or left out as a whole.
    let kept = text.graphemes(true).take_while(|letter| {
        left -= width(letter, size);
        left >= 0.0
    });
    let kept: String = kept.collect();
    format!("{}…", kept.trim_end())
}

/// The width of a letter as a share of its size.
fn advance(char: char) -> f64 {
    match char {
        'i' | 'j' | 'l' | 'I' | 'J' => 0.3,
        ' ' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | '/' | '(' | ')' | '[' | ']' | '-' | 'f' | 'r' | 't' => 0.41,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '#' | '&' | '+' | '<' | '=' | '>' | '…' => 1.0,
        'a'..='z' | '0'..='9' => 0.64,
        char if char.is_ascii() => 0.79,
        char => match char.width() {
            None | Some(0) => 0.0,
            Some(1) => 0.85,
            Some(_) => 1.3,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_texts_end_with_an_ellipsis_and_short_ones_stay() {
        assert_eq!(fitted("short", 12.0, 100.0), "short");
        // Letters of 0.64 and an ellipsis of 1.0: of 5.0 there is room for six.
        assert_eq!(fitted("aaaaaaaaaaaa", 1.0, 5.0), "aaaaaa…");
        assert_eq!(fitted("aaa aaaaaaa", 1.0, 3.5), "aaa…");
        assert_eq!(fitted("anything", 12.0, 0.0), "…");
    }

    #[test]
    fn letters_of_several_characters_are_not_torn() {
        let family = "👨‍👩‍👧";
        assert_eq!(fitted(&family.repeat(9), 1.0, 1.0 + width(family, 1.0) * 1.5), format!("{family}…"));
    }

    #[test]
    fn what_xml_cannot_hold_becomes_blank() {
        assert_eq!(cleaned("a\u{0}b\nc\u{ffff}d"), "a b c d");
    }

    proptest! {
        #[test]
        fn what_is_fitted_fits(text in any::<String>(), room in 12.0..200.0_f64) {
            prop_assert!(width(&fitted(&text, 12.0, room), 12.0) <= room + 1e-9);
        }
    }
}
