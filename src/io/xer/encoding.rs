//! From bytes to text: XER files do not say in which code page they were written.

use encoding_rs::{Encoding, GBK, WINDOWS_1251, WINDOWS_1252};

use crate::error::{Finding, Findings, Place};
use crate::io::text;

/// Decodes a file. Characters that mean nothing in text are replaced by blanks.
pub(super) fn decode(file: &str, bytes: Vec<u8>, findings: &mut Findings) -> Option<String> {
    let is_marked =
        matches!(bytes.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [_, 0, _, 0, ..] | [0, _, 0, _, ..]);
    if is_marked {
        return text::decode(file, bytes, findings);
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text),
        Err(error) => {
            let bytes = error.into_bytes();
            let encoding = guess(&bytes);
            let what = format!("the file is not UTF-8 and was read as {}, judged by its letters", encoding.name());
            let note = Finding::note("encoding", Place::file(file), what);
            findings.push(note.with_hint("if names look wrong, save the file as UTF-8"));
            encoding.decode_without_bom_handling(&bytes).0.into_owned()
        }
    };
    if text.contains('\0') {
        let what = "the file holds NUL bytes: it may be damaged; they are read as blanks";
        findings.push(Finding::warning("not-text", Place::file(file), what));
        return Some(text.replace('\0', " "));
    }
    Some(text)
}

/// The code page that bytes are in. Western words have single letters beyond ASCII, Cyrillic and Chinese ones consist of
/// nothing else; two bytes of a Chinese character spread over more than the upper quarter of the code page.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let runs = || bytes.split(|byte| byte.is_ascii()).filter(|run| !run.is_empty());
    let all: usize = runs().map(<[u8]>::len).sum();
    let in_words: usize = runs().map(<[u8]>::len).filter(|&length| length >= 3).sum();
    if in_words * 2 < all {
        return WINDOWS_1252;
    }
    let letters = runs().flatten().filter(|&&byte| byte >= 0xC0 || matches!(byte, 0xA8 | 0xB8 | 0xB9)).count();
    if letters * 10 >= all * 8 {
        return WINDOWS_1251;
    }
    let is_chinese = GBK.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    if is_chinese { GBK } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_tell_the_code_page() {
        let encoded = |encoding: &'static Encoding, text: &str| encoding.encode(text).0.into_owned();
        for (encoding, text) in [
            (WINDOWS_1251, "Новая работа 1\tПост 2"),
            (WINDOWS_1252, "Größe der Fläche\tplâtre à façade"),
            (GBK, "基础工程\t混凝土浇筑"),
        ] {
            let mut findings = Findings::new();
            assert_eq!(decode("t.xer", encoded(encoding, text), &mut findings).as_deref(), Some(text));
            assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["encoding"]);
        }
    }

    #[test]
    fn nul_bytes_are_blanks_and_a_warning() {
        let mut findings = Findings::new();
        assert_eq!(decode("t.xer", b"ERMHDR\t\0x".to_vec(), &mut findings).as_deref(), Some("ERMHDR\t x"));
        assert_eq!(findings.iter().next().map(|finding| finding.rule), Some("not-text"));
    }
}
