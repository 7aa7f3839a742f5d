//! Values as MSPDI writes them: dates, ISO durations, numbers, flags; and cells that hold them.

use jiff::civil::{Date, DateTime};

use crate::units::Minutes;

/// What a date has to look like.
pub(super) const DATE: &str = "a date such as `2026-03-02T08:00:00`";
/// What a duration has to look like.
pub(super) const DURATION: &str = "a duration such as `PT8H0M0S`";
/// What a whole number has to look like.
pub(super) const WHOLE: &str = "a whole number";
/// What a number has to look like.
pub(super) const NUMBER: &str = "a number";
/// What a flag has to look like.
pub(super) const FLAG: &str = "`0` or `1`";
/// What a time of day has to look like.
pub(super) const TIME: &str = "a time of day such as `08:00:00`";

/// A length of time of which a plan holds whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rounded {
    /// The nearest minutes; one for anything shorter that is not nothing.
    pub(super) minutes: Minutes,
    /// True if seconds were lost.
    pub(super) is_rounded: bool,
}

/// A date: `2026-03-02T08:00:00`, with or without its time or a fraction of a second; `24:00:00` is the next midnight.
///
/// # Returns
/// The date to the minute, and whether seconds were cut off.
pub(super) fn date(text: &str) -> Option<(DateTime, bool)> {
    let (day, clock) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let mut parts = day.split('-');
    let (year, month, day_number) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let number = |text: &str| digits(text, 4);
    let date =
        Date::new(number(year)?, i8::try_from(number(month)?).ok()?, i8::try_from(number(day_number)?).ok()?).ok()?;
    let (minute, is_cut) = clock_minute(clock)?;
    // Years 1 to 9998 leave room for whatever is added to a date.
    if !(1..=9998).contains(&date.year()) {
        return None;
    }
    let date = if minute == 24 * 60 { date.tomorrow().ok()? } else { date };
    let minute = minute % (24 * 60);
    Some((date.at(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0), is_cut))
}

/// A time of day, in minutes from midnight up to 1440, and whether seconds were cut off.
pub(super) fn clock_minute(text: &str) -> Option<(u16, bool)> {
    let mut parts = text.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = parts.next().unwrap_or("00");
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let has_fraction = fraction.bytes().any(|byte| byte != b'0');
    if parts.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let second = digits(second, 2)?;
    let minutes = u16::try_from(hour * 60 + minute).ok()?;
    let is_cut = second > 0 || has_fraction;
    (minute < 60 && second < 60 && (minutes < 24 * 60 || minutes == 24 * 60 && !is_cut)).then_some((minutes, is_cut))
}

/// A short number of digits alone.
fn digits(text: &str, most: usize) -> Option<i16> {
    let is_short = (1..=most).contains(&text.len());
    if is_short && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// A duration in hours, minutes and seconds: `PT8H0M0S`, `-PT30M`, `PT0.5H`.
pub(super) fn duration(text: &str) -> Option<Rounded> {
    let (is_negative, body) = match text.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let mut rest = body.strip_prefix("PT")?;
    let (mut seconds, mut last) = (0f64, u8::MAX);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let at = rest.find(|char: char| !(char.is_ascii_digit() || char == '.'))?;
        let (number, unit) = rest.split_at_checked(at)?;
        let (rank, factor) = match unit.as_bytes().first()? {
            b'H' => (2, 3600.0),
            b'M' => (1, 60.0),
            b'S' => (0, 1.0),
            _ => return None,
        };
        if rank >= last || number.is_empty() {
            return None;
        }
        (seconds, last) = (seconds + number.parse::<f64>().ok()? * factor, rank);
        rest = unit.get(1..)?;
    }
    rounded(seconds / 60.0, is_negative)
}

/// Minutes rounded to whole ones.
fn rounded(minutes: f64, is_negative: bool) -> Option<Rounded> {
    if !minutes.is_finite() || minutes > Minutes::MAX.0 as f64 {
        return None;
    }
    let near = minutes.round();
    // What is not nothing stays so, or it would turn into a milestone.
    let whole = if near == 0.0 && minutes > 0.0 { 1 } else { near as i64 };
    // A fraction that is noise of decimals is none.
    let is_rounded = (minutes - whole as f64).abs() > 1e-6;
    Some(Rounded { minutes: Minutes(if is_negative { -whole } else { whole }), is_rounded })
}

/// Tenths of minutes, as lags and slack are written.
pub(super) fn tenths(text: &str) -> Option<Rounded> {
    let tenths = number(text)?;
    rounded(tenths.abs() / 10.0, tenths < 0.0)
}

/// A number: `12`, `0.5`, `-3.00`, `1E-05`.
pub(super) fn number(text: &str) -> Option<f64> {
    let looks_like_one =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    if !looks_like_one {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.abs() <= 1e15)
}

/// A whole number; `3.0` is one.
pub(super) fn whole(text: &str) -> Option<i64> {
    match text.parse::<i64>() {
        Ok(number) => Some(number),
        Err(_) => number(text).filter(|number| number.fract() == 0.0).map(|number| number as i64),
    }
}

/// A flag.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "True" => Some(true),
        "0" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// Appends `2026-03-02 13:00`.
pub(super) fn push_date(cell: &mut String, date: DateTime) {
    let pair = |cell: &mut String, number: i8| {
        let number = number.unsigned_abs() % 100;
        cell.push(char::from(b'0' + number / 10));
        cell.push(char::from(b'0' + number % 10));
    };
    let year = date.year().unsigned_abs();
    pair(cell, (year / 100 % 100) as i8);
    pair(cell, (year % 100) as i8);
    cell.push('-');
    pair(cell, date.month());
    cell.push('-');
    pair(cell, date.day());
    cell.push(' ');
    pair(cell, date.hour());
    cell.push(':');
    pair(cell, date.minute());
}

/// A number without trailing zeros.
pub(super) fn plain_number(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_exact_or_none() {
        let cell = |text: &str| {
            date(text).map(|(date, is_cut)| {
                let mut cell = String::new();
                push_date(&mut cell, date);
                (cell, is_cut)
            })
        };
        assert_eq!(cell("2026-03-02T08:05:00"), Some(("2026-03-02 08:05".into(), false)));
        assert_eq!(cell("2026-03-02T08:05:24"), Some(("2026-03-02 08:05".into(), true)));
        assert_eq!(cell("2026-12-31T24:00:00"), Some(("2027-01-01 00:00".into(), false)));
        assert_eq!(cell("2026-03-02"), Some(("2026-03-02 00:00".into(), false)));
        for wrong in
            ["2026-02-30T08:00:00", "2026-03-02T25:00:00", "2026-03-02T08:00:00Z", "NA", "", "2026-3", "02/03/2026"]
        {
            assert_eq!(cell(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_are_rounded_to_minutes_but_never_to_nothing() {
        let minutes = |text: &str| duration(text).map(|it| (it.minutes.0, it.is_rounded));
        assert_eq!(minutes("PT8H0M0S"), Some((480, false)));
        assert_eq!(minutes("PT57H8M24S"), Some((3428, true)));
        assert_eq!(minutes("PT0H0M6S"), Some((1, true)));
        assert_eq!(minutes("PT0H0M0S"), Some((0, false)));
        assert_eq!(minutes("-PT0.5H"), Some((-30, false)));
        for wrong in ["P1D", "8h", "PT", "PT8", "PT5M3H", "PTH", "PT99999999999H", "PT1e5H"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
        assert_eq!(tenths("-4800").map(|it| it.minutes.0), Some(-480));
        assert_eq!(tenths("66667").map(|it| (it.minutes.0, it.is_rounded)), Some((6667, true)));
    }

    #[test]
    fn numbers_are_plain() {
        assert_eq!(number("1E-05"), Some(1e-5));
        assert_eq!((number("inf"), number("nan"), number("1,5"), number("0x10")), (None, None, None, None));
        assert_eq!((whole("3.0"), whole("-65535"), whole("3.5")), (Some(3), Some(-65535), None));
        assert_eq!(plain_number(12.50, 4), "12.5");
        assert_eq!(plain_number(100.0, 2), "100");
    }
}
