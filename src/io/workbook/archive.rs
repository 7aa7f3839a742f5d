//! The zip archive around a workbook: how much there is in it, found out before anything else looks at it.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Bytes that all parts of a workbook may have together when they are unpacked.
const MOST_BYTES: u64 = 1 << 28;
/// Parts that a workbook may have.
const MOST_PARTS: usize = 10_000;
/// Bytes that are unpacked at a time.
const BLOCK_BYTES: usize = 1 << 16;

/// Unpacks everything once and throws it away, so that a small file that unpacks to a huge one, or that claims a huge
/// number of texts, is refused before memory is set aside for it.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let damaged = |error: &dyn std::fmt::Display| format!("the workbook is damaged: {error}");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(format!("the workbook has more than {MOST_PARTS} parts"));
    }
    let mut left = MOST_BYTES;
    let mut block = vec![0; BLOCK_BYTES];
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(|error| damaged(&error))?;
        let is_text_table = part.name().is_ok_and(|name| name.to_ascii_lowercase().contains("sharedstrings"));
        let mut texts = Vec::new();
        loop {
            let count = part.read(&mut block).map_err(|error| damaged(&error))?;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or_else(|| {
                format!("the workbook unpacks to more than {} MiB; the most that is read", MOST_BYTES >> 20)
            })?;
            if is_text_table {
                texts.extend_from_slice(&block[..count]);
            }
        }
        if let Some(claimed) = claimed_texts(&texts).filter(|&claimed| claimed > texts.len() as u64) {
            return Err(damaged(&format!("it claims to have {claimed} texts, but has room for fewer")));
        }
    }
    Ok(())
}

/// The largest number of texts that the table of texts says it has.
fn claimed_texts(texts: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"uniqueCount";
    let starts = texts.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    let numbers = starts.map(|(at, _)| {
        let value = texts[at + NAME.len()..]
            .iter()
            .skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'' | b'+'));
        let digits = value.take_while(|byte| byte.is_ascii_digit());
        digits.fold(0u64, |sum, byte| sum.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
    });
    numbers.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_texts_is_found_however_it_is_quoted() {
        assert_eq!(claimed_texts(b"<sst count=\"1\" uniqueCount=\"12\">"), Some(12));
        assert_eq!(claimed_texts(b"<sst uniqueCount = '99999999999999999999999'>"), Some(u64::MAX));
        assert_eq!(claimed_texts(b"<sst>"), None);
        assert_eq!(claimed_texts(b"uniqueCount"), Some(0));
    }
}
