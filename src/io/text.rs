//! From bytes to text: byte order marks, UTF-8, UTF-16, and Windows-1252 for whatever is neither.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{Finding, Findings, Place};

/// Decodes a file.
///
/// # Returns
/// The text without byte order mark; `None`, with an error among the findings, if the bytes are not text.
pub fn decode(file: &str, mut bytes: Vec<u8>, findings: &mut Findings) -> Option<String> {
    if let Some(encoding) = utf_16(&bytes) {
        let (text, damaged) = encoding.decode_with_bom_removal(&bytes);
        let note = format!("the file is in {} and was converted", encoding.name());
        findings.push(Finding::note("encoding", Place::file(file), note));
        if damaged {
            let text = "some bytes are not valid UTF-16; the characters there are lost";
            findings.push(Finding::error("encoding", Place::file(file), text).with_hint("save the file as UTF-8"));
        }
        return without_nul(file, text.into_owned(), findings);
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => without_nul(file, text, findings),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let row = line_at(error.as_bytes(), valid);
            let bytes = error.into_bytes();
            // The five bytes to which Windows-1252 gives no character.
            let undefined = bytes[valid..].iter().any(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D));
            let place = Place::row(file, row);
            let what = "the file is not UTF-8 from here on and was read as Windows-1252";
            let finding = if undefined {
                Finding::warning("encoding", place, format!("{what}, which it does not seem to be either"))
            } else {
                Finding::note("encoding", place, what)
            };
            findings.push(finding.with_hint("if names look wrong, save the file as UTF-8"));
            without_nul(file, WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(), findings)
        }
    }
}

/// UTF-16, if the bytes have its mark, or begin with two ASCII characters in it.
fn utf_16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        [1..=127, 0, 1..=127, 0, ..] => Some(UTF_16LE),
        [0, 1..=127, 0, 1..=127, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// Refuses text with NUL characters, which no text file has.
fn without_nul(file: &str, text: String, findings: &mut Findings) -> Option<String> {
    let Some(at) = text.find('\0') else {
        return Some(text);
    };
    let place = Place::row(file, line_at(text.as_bytes(), at));
    findings.push(
        Finding::error("not-text", place, "the file holds NUL bytes: it is not a text file, or it is damaged")
            .with_hint("export the table as CSV again"),
    );
    None
}

/// The line, from 1, on which a byte stands.
fn line_at(bytes: &[u8], at: usize) -> u32 {
    count_lines(&bytes[..at]).saturating_add(1)
}

/// The line ends in a piece of text: LF, CR LF, or a CR alone. A CR that ends the piece counts.
pub fn count_lines(bytes: &[u8]) -> u32 {
    let feeds = bytes.iter().filter(|&&byte| byte == b'\n').count();
    let returns = bytes.iter().enumerate().filter(|&(at, &byte)| byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    u32::try_from(feeds + returns.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (Option<String>, Findings) {
        let mut findings = Findings::new();
        (decode("t.csv", bytes.to_vec(), &mut findings), findings)
    }

    #[test]
    fn utf_8_with_or_without_mark_needs_no_remark() {
        assert_eq!(decoded("\u{feff}Größe".as_bytes()), (Some("Größe".into()), Findings::new()));
        assert_eq!(decoded("Größe".as_bytes()), (Some("Größe".into()), Findings::new()));
    }

    #[test]
    fn utf_16_is_converted_with_or_without_mark() {
        let little: Vec<u8> = "id,ö".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "id,ö".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked: Vec<u8> = "\u{feff}id,ö".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [little, big, marked] {
            let (text, findings) = decoded(&bytes);
            assert_eq!(text.as_deref(), Some("id,ö"));
            assert_eq!(findings.iter().next().map(|finding| finding.rule), Some("encoding"));
        }
    }

    #[test]
    fn other_bytes_are_windows_1252_and_the_note_names_the_first_line() {
        let (text, findings) = decoded(b"id\nM\xFCller \x80");
        assert_eq!(text.as_deref(), Some("id\nMüller €"));
        assert_eq!(findings.iter().next().map(|finding| finding.place.clone()), Some(Place::row("t.csv", 2)));
        assert!(!findings.has_errors());
    }

    #[test]
    fn nul_bytes_are_a_finding_with_their_line() {
        let (text, findings) = decoded(b"id,name\r\nA\r\nB\0");
        assert_eq!(text, None);
        assert_eq!(
            findings.iter().next().map(ToString::to_string).unwrap_or_default().split(": ").nth(1),
            Some("t.csv:3")
        );
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        assert_eq!(count_lines(b"a\nb\r\nc\rd"), 3);
        assert_eq!(count_lines(b"\r\r\n\n"), 3);
    }
}
