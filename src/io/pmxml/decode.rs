//! From bytes to text: the encoding that the XML declaration names, if it names another than UTF-8.

use encoding_rs::Encoding;

use crate::error::{Finding, Findings, Place};
use crate::io::text;

/// Bytes in which the declaration must end.
const HEAD: usize = 256;

/// Decodes a file; what goes wrong is among the findings.
pub(super) fn decode(file: &str, bytes: Vec<u8>, findings: &mut Findings) -> Option<String> {
    let unicode = matches!(bytes.as_slice(), [0xEF, 0xBB, 0xBF, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
        || bytes.iter().take(4).any(|&byte| byte == 0);
    let Some(label) = declared(&bytes).filter(|_| !unicode) else {
        return text::decode(file, bytes, findings);
    };
    let place = Place::row(file, 1);
    let Some(encoding) = Encoding::for_label(label.as_bytes()) else {
        let text = format!("the XML declaration names the encoding `{label}`, which is not known");
        findings.push(Finding::error("encoding", place, text).with_hint("save the file as UTF-8"));
        return None;
    };
    // Text in UTF-16 would have shown its zero bytes.
    if encoding == encoding_rs::UTF_8 || encoding.name().starts_with("UTF-16") {
        return text::decode(file, bytes, findings);
    }
    let (decoded, damaged) = encoding.decode_without_bom_handling(&bytes);
    let note = format!("the file is in {} and was converted", encoding.name());
    findings.push(Finding::note("encoding", place.clone(), note));
    if damaged {
        let text = format!("some bytes are not valid in the declared encoding {}", encoding.name());
        findings.push(Finding::error("encoding", place, text).with_hint("save the file as UTF-8"));
    }
    Some(decoded.into_owned())
}

/// The value of `encoding` in the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..HEAD.min(bytes.len())).unwrap_or_default());
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let mark = value.chars().next().filter(|&mark| mark == '"' || mark == '\'')?;
    value.get(1..)?.split_once(mark).map(|(label, _)| label.trim().to_owned())
}
