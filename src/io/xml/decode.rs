//! From the bytes of an XML file to its text: byte order marks, then the encoding that the XML declaration names.

use encoding_rs::{Encoding, UTF_8};

use crate::error::{Finding, Findings, Place};
use crate::io::text;

/// Bytes in which the XML declaration has to end.
const DECLARATION: usize = 256;

/// Decodes a file.
///
/// # Returns
/// The text; `None`, with an error among the findings, if it cannot be had.
pub(in crate::io) fn decode(file: &str, bytes: Vec<u8>, findings: &mut Findings) -> Option<String> {
    // A mark, or every second byte of the beginning being zero, says UTF-16 whatever the declaration says.
    let is_marked = matches!(bytes.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0xEF, 0xBB, 0xBF, ..]);
    if is_marked || bytes.iter().take(4).any(|&byte| byte == 0) {
        return text::decode(file, bytes, findings);
    }
    let Some(label) = declared(&bytes) else {
        return text::decode(file, bytes, findings);
    };
    let Some(encoding) = Encoding::for_label(label.as_bytes()) else {
        let text = format!("the file says that it is in `{label}`, which is no known encoding");
        let finding = Finding::error("encoding", Place::row(file, 1), text);
        findings.push(finding.with_hint("save the file as UTF-8"));
        return None;
    };
    // Without zero bytes it is not UTF-16, whatever it says.
    if encoding == UTF_8 || !encoding.is_ascii_compatible() {
        return text::decode(file, bytes, findings);
    }
    let (text, is_damaged) = encoding.decode_without_bom_handling(&bytes);
    findings.push(Finding::note(
        "encoding",
        Place::file(file),
        format!("the file is in {} and was converted", encoding.name()),
    ));
    if is_damaged {
        let text = format!("some bytes are not valid {}; the characters there are lost", encoding.name());
        findings.push(Finding::warning("encoding", Place::file(file), text).with_hint("save the file as UTF-8"));
    }
    Some(text.into_owned())
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..DECLARATION).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let (_, behind) = declaration.split_once("encoding")?;
    let value = behind.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let (label, _) = value.get(1..)?.split_once(quote)?;
    Some(label.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_tells_the_encoding() {
        let bytes = |label: &str, rest: &[u8]| {
            let mut bytes = format!("<?xml version=\"1.0\" encoding='{label}'?><a>").into_bytes();
            bytes.extend_from_slice(rest);
            bytes
        };
        let decoded = |bytes| {
            decode("p.xml", bytes, &mut Findings::new())
                .and_then(|text| text.rsplit_once('>').map(|it| it.1.to_owned()))
        };
        assert_eq!(decoded(bytes("windows-1251", b"\xCF\xEB\xE0\xED")).as_deref(), Some("План"));
        assert_eq!(decoded(bytes("Windows-1252", b"M\xFCller \x80")).as_deref(), Some("Müller €"));
        assert_eq!(decoded(bytes("utf-8", "Größe".as_bytes())).as_deref(), Some("Größe"));
        assert_eq!(decoded(bytes("utf-16", b"plain")).as_deref(), Some("plain"));
        assert_eq!(decoded(bytes("klingon", b"plain")), None);
        let wide: Vec<u8> =
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>ö".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(wide).as_deref(), Some("ö"));
    }
}
