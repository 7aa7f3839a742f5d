//! The cells of anybody's schedule.csv: bytes to text, moments, resources with amounts.

use jiff::civil::Date;

use crate::units::{Amount, Moment};

/// A moment as a cell gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// With its time, or the number of a period.
    At(Moment),
    /// A date alone: a start is the first working moment from then on, a finish the last one of that day.
    On(Date),
}

/// The text of a file: UTF-8 or, with a byte order mark, UTF-16; anything else is taken for Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> String {
    let (text, _, has_errors) = encoding_rs::UTF_8.decode(bytes);
    if has_errors { encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned() } else { text.into_owned() }
}

/// The separator of a table: whichever of comma, semicolon and tab is most frequent in its first line.
pub(super) fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| header.bytes().filter(|&byte| byte == separator).count();
    // Of equals the last counts: a comma unless another is more frequent.
    [b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

/// `2026-03-02`, `2026-03-02 13:00`, `2026-03-02T13:00:00`.
pub(super) fn parse_civil(text: &str) -> Option<When> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let is_plain = date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date: Date = date.parse().ok().filter(|_| is_plain)?;
    let midnight = Moment::midnight(date);
    if !(Moment::MIN..=Moment::MAX).contains(&midnight) {
        return None;
    }
    let Some(time) = time else { return Some(When::On(date)) };
    let mut parts = time.split(':');
    let (hour, minute) = (two_digits(parts.next()?, 23)?, two_digits(parts.next()?, 59)?);
    let has_seconds = parts.next().is_some_and(|seconds| two_digits(seconds, 59) != Some(0));
    if has_seconds || parts.next().is_some() {
        return None;
    }
    Some(When::At(Moment(midnight.0 + hour * 60 + minute)))
}

fn two_digits(text: &str, most: i64) -> Option<i64> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&number| is_number && number <= most)
}

/// The number of a period.
pub(super) fn parse_period(text: &str) -> Option<When> {
    let number: i64 = text.parse().ok()?;
    (Moment::MIN.0..=Moment::MAX.0).contains(&number).then_some(When::At(Moment(number)))
}

/// The items of a resources cell, each a name and the amount behind it, if there is one: `ana`, `dev*2`, `ben 50%`,
/// `Ana[50%]`. The name of an item that is `known` as it stands is never taken apart.
pub(super) fn resource_items<'t>(
    text: &'t str,
    known: &impl Fn(&str) -> bool,
) -> Vec<Result<(&'t str, Amount), &'t str>> {
    let separator = if text.contains(';') { ';' } else { ',' };
    let items = text.split(separator).map(str::trim).filter(|item| !item.is_empty());
    items
        .map(|item| {
            if known(item) {
                return Ok((item, Amount::ONE));
            }
            let split = if let Some((name, amount)) = item.rsplit_once('*') {
                Some((name, amount))
            } else if let Some((name, amount)) = item.strip_suffix(']').and_then(|item| item.rsplit_once('[')) {
                Some((name, amount))
            } else if item.ends_with('%') {
                item.rsplit_once(' ')
            } else {
                None
            };
            let Some((name, amount)) = split else { return Ok((item, Amount::ONE)) };
            parse_amount(amount.trim()).map(|amount| (name.trim(), amount)).ok_or(item)
        })
        .collect()
}

/// `2`, `0.5`, `50%`: positive, with at most four decimals of a unit.
pub(super) fn parse_amount(text: &str) -> Option<Amount> {
    let (number, decimals) = match text.strip_suffix('%') {
        Some(number) => (number.trim(), 2),
        None => (text, 4),
    };
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if whole.is_empty() || !is_digits(whole) || !is_digits(part) || part.len() > decimals {
        return None;
    }
    let scaled: i64 = format!("{whole}{part:0<decimals$}").parse().ok()?;
    Some(Amount(scaled)).filter(|amount| (Amount(1)..=Amount::MAX).contains(amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn moments_are_read_in_their_common_forms_and_nothing_else() {
        let noon = Moment::from_civil(date(2026, 3, 2).at(12, 0, 0, 0));
        for text in ["2026-03-02 12:00", "2026-03-02T12:00", "2026-03-02T12:00:00", "2026-03-02  12:00"] {
            assert_eq!(parse_civil(text), Some(When::At(noon)), "{text}");
        }
        assert_eq!(parse_civil("2026-03-02"), Some(When::On(date(2026, 3, 2))));
        for text in
            ["", "2026-02-30", "02/03/2026", "2026-03-02 24:00", "2026-03-02 12", "2026-03-02 12:00:30", "7", "-1"]
        {
            assert_eq!(parse_civil(text), None, "{text}");
        }
        assert_eq!(parse_period("12"), Some(When::At(Moment(12))));
        assert_eq!(parse_period("99999999999999999"), None);
        assert_eq!(parse_period("1.5"), None);
    }

    #[test]
    fn amounts_are_read_in_units_and_percent() {
        let cases =
            [("2", 20_000), ("0.5", 5_000), ("50%", 5_000), ("12,5%", 1_250), ("0.0001", 1), ("1.50000", 15_000)];
        for (text, amount) in cases {
            assert_eq!(parse_amount(text), Some(Amount(amount)), "{text}");
        }
        for text in ["0", "-1", "", "x", "0.00001", "99999999999999999999", "1e3"] {
            assert_eq!(parse_amount(text), None, "{text}");
        }
    }

    #[test]
    fn resources_are_read_as_planners_write_them() {
        let known = |name: &str| ["ana", "a*b", "ben"].contains(&name);
        let items = resource_items("ana; dev*2;ben 50%;Ana[50%];a*b;ben*x", &known);
        let (one, half) = (Amount::ONE, Amount(5_000));
        let two = Amount(20_000);
        assert_eq!(
            items,
            [Ok(("ana", one)), Ok(("dev", two)), Ok(("ben", half)), Ok(("Ana", half)), Ok(("a*b", one)), Err("ben*x")]
        );
        assert_eq!(resource_items("ana,ben", &known).len(), 2);
    }

    #[test]
    fn the_most_frequent_separator_of_the_header_counts() {
        assert_eq!(separator("task;start;finish\n1,5;2"), b';');
        assert_eq!(separator("task\tstart"), b'\t');
        assert_eq!(separator("\n\ntask,start"), b',');
        assert_eq!(separator(""), b',');
    }
}
