//! Cells of XER files: numbers, hours, dates and texts.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::units::Minutes;

/// A number with a point or a comma before its decimals; `None` if it is none.
pub(super) fn number(cell: &str) -> Option<f64> {
    let is_plain = cell.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let value: f64 = if is_plain {
        cell.parse().ok()?
    } else {
        // With both marks the last one is before the decimals.
        let mark = cell.rfind(['.', ','])?;
        let is_digits = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',' | b'-'));
        if !is_digits(cell) {
            return None;
        }
        let whole: String = cell[..mark].chars().filter(|c| !matches!(c, '.' | ',')).collect();
        format!("{whole}.{}", &cell[mark + 1..]).parse().ok()?
    };
    value.is_finite().then_some(value)
}

/// Hours as whole minutes.
pub(super) fn minutes(cell: &str) -> Option<i64> {
    // Whole hours, as nearly all are.
    if cell.len() <= 6 && !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return cell.parse::<i64>().ok().map(|hours| hours * 60);
    }
    let value = number(cell)? * 60.0;
    (value.abs() <= Minutes::MAX.0 as f64).then(|| value.round() as i64)
}

/// A date with or without a time of day, cut to minutes; `None` if it is none.
pub(super) fn date(cell: &str) -> Option<&str> {
    let bytes = cell.as_bytes();
    let digits = |from: usize, to: usize| -> Option<u16> {
        let part = bytes.get(from..to)?;
        part.iter().try_fold(0_u16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u16::from(byte - b'0')))
    };
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    if bytes[4] != b'-' || bytes[7] != b'-' || year == 0 {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    match bytes.get(10) {
        None => Some(cell),
        Some(b' ' | b'T') => {
            let (hour, minute) = (digits(11, 13)?, digits(14, 16)?);
            let seconds = bytes.get(16).is_none_or(|byte| *byte == b':');
            (bytes[13] == b':' && hour < 24 && minute < 60 && seconds).then(|| &cell[..16])
        }
        Some(_) => None,
    }
}

/// A name: doubled quotes made single, layout bytes made blanks.
pub(super) fn name(cell: &str) -> Cow<'_, str> {
    if !cell.bytes().any(|byte| byte == b'"' || byte < b' ' || byte == 0x7F) {
        return Cow::Borrowed(cell);
    }
    let plain: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Cow::Owned(plain.replace("\"\"", "\"").trim().to_owned())
}

/// A number of at most so many decimals without needless zeros.
pub(super) fn shown(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_become_whole_minutes() {
        assert_eq!(minutes("8"), Some(480));
        assert_eq!(minutes("-0.5"), Some(-30));
        assert_eq!(minutes("0,3333333"), Some(20));
        assert_eq!(minutes("1.234,5"), Some(74_070));
        assert_eq!([minutes(""), minutes("x"), minutes("1e300"), minutes("NaN")], [None; 4]);
    }

    #[test]
    fn dates_that_do_not_exist_are_none() {
        assert_eq!(date("2026-03-02 08:30"), Some("2026-03-02 08:30"));
        assert_eq!(date("2026-03-02 08:30:59"), Some("2026-03-02 08:30"));
        assert_eq!(date("2026-03-02"), Some("2026-03-02"));
        for wrong in ["2026-02-30", "2026-03-02 24:00", "02.03.2026", "2026-03-02 8:00", "2026-03-0é", ""] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_lose_doubled_quotes_and_layout() {
        assert_eq!(name("a \"\"b\"\"\u{7f}c"), "a \"b\" c");
        assert_eq!(shown(1.80, 4), "1.8");
        assert_eq!(shown(100.0, 0), "100");
    }
}
