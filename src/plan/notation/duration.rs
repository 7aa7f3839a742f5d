//! Durations: a number and a unit of working or clock time.

use super::number::{parse_decimal, parse_whole};
use super::{Fault, quoted};
use crate::plan::draft::DecimalMark;
use crate::plan::{Duration, TimeUnit};
use crate::units::{MINUTES_PER_DAY, MINUTES_PER_WEEK, Minutes};

/// What the units of working time mean in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeScale {
    /// The unit of bare numbers.
    pub unit: TimeUnit,
    /// Working minutes in a day.
    pub minutes_per_day: Minutes,
    /// Working minutes in a week.
    pub minutes_per_week: Minutes,
    /// Working minutes in a month.
    pub minutes_per_month: Minutes,
}

/// A unit of time in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// A month of the clock, as MS Project counts `emo`.
const ELAPSED_MONTH: i64 = 30 * MINUTES_PER_DAY;

impl TimeScale {
    /// Working minutes in a unit.
    pub(super) fn working(&self, unit: Unit) -> i64 {
        match unit {
            Unit::Minute => 1,
            Unit::Hour => 60,
            Unit::Day => self.minutes_per_day.0,
            Unit::Week => self.minutes_per_week.0,
            Unit::Month => self.minutes_per_month.0,
        }
    }

    fn bare(&self) -> i64 {
        match self.unit {
            TimeUnit::Period | TimeUnit::Minute => 1,
            TimeUnit::Hour => 60,
            TimeUnit::Day => self.minutes_per_day.0,
            TimeUnit::Week => self.minutes_per_week.0,
        }
    }
}

fn elapsed(unit: Unit) -> i64 {
    match unit {
        Unit::Minute => 1,
        Unit::Hour => 60,
        Unit::Day => MINUTES_PER_DAY,
        Unit::Week => MINUTES_PER_WEEK,
        Unit::Month => ELAPSED_MONTH,
    }
}

/// Parses a duration: `5d`, `1.5 wks`, `3ed`, `2 days?`, `1d 4h`, `PT8H`, or a bare number in the plan's unit.
///
/// Working units are m, h, d, w, mo and their longer forms; a leading `e` makes them elapsed. A trailing `?` (estimated)
/// is accepted and dropped. Fractions of minutes are rounded. A negative duration parses; whether one makes sense is
/// for the caller to say.
///
/// # Errors
/// Rule `bad-duration`, `bad-number` or `ambiguous-number`; rule `out-of-range` beyond [`Minutes::MAX`], or if the
/// duration is not zero but shorter than half a minute.
pub fn parse_duration(text: &str, scale: &TimeScale, mark: DecimalMark) -> Result<Duration, Fault> {
    let text = text.trim();
    let text = text.strip_suffix('?').map_or(text, str::trim_end);
    if scale.unit == TimeUnit::Period {
        let periods = parse_whole(text, mark)
            .map_err(|_| Fault::new("bad-duration", "expected a whole number of periods, without a unit"))?;
        return in_range(Some(periods), false).map(Duration::Working);
    }
    let (negative, body) = match text.chars().next() {
        Some(sign @ ('-' | '\u{2212}')) => (true, text[sign.len_utf8()..].trim_start()),
        Some('+') => (false, text[1..].trim_start()),
        _ => (false, text),
    };
    let duration = if body.starts_with(['P', 'p']) {
        Duration::Working(parse_iso(&body[1..], scale)?)
    } else {
        parse_terms(body, scale, mark)?
    };
    Ok(match duration {
        Duration::Working(minutes) if negative => Duration::Working(-minutes),
        Duration::Elapsed(minutes) if negative => Duration::Elapsed(-minutes),
        positive => positive,
    })
}

/// `5`, `5d`, `1d 4h`.
fn parse_terms(body: &str, scale: &TimeScale, mark: DecimalMark) -> Result<Duration, Fault> {
    let mut rest = body;
    let mut sum = Some(0i64);
    let mut any = false;
    let mut kind = None;
    loop {
        let (number, after) = split_number(rest);
        if number.is_empty() {
            return Err(expected_duration());
        }
        let number = parse_decimal(number, mark)?;
        let word_end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (word, after) = after.split_at(word_end);
        let (is_elapsed, minutes) = if word.is_empty() {
            if kind.is_some() || !after.is_empty() {
                return Err(expected_duration());
            }
            (false, scale.bare())
        } else {
            let (is_elapsed, unit) = parse_unit(word)?;
            (is_elapsed, if is_elapsed { elapsed(unit) } else { scale.working(unit) })
        };
        if kind.is_some_and(|kind| kind != is_elapsed) {
            return Err(Fault::new("bad-duration", "working and elapsed time cannot be added up in one cell"));
        }
        kind = Some(is_elapsed);
        any |= !number.is_zero();
        sum = sum.zip(number.scaled(minutes)).and_then(|(sum, minutes)| sum.checked_add(minutes));
        rest = after.trim_start();
        if rest.is_empty() {
            break;
        }
    }
    let minutes = in_range(sum, any)?;
    Ok(if kind == Some(true) { Duration::Elapsed(minutes) } else { Duration::Working(minutes) })
}

/// The part after the `P` of an ISO 8601 duration; days, weeks and months are working ones, as in MS Project's files.
fn parse_iso(body: &str, scale: &TimeScale) -> Result<Minutes, Fault> {
    let bad = || Fault::new("bad-duration", "expected an ISO duration such as `PT8H30M` or `P2D`");
    let mut rest = body;
    let mut in_time = false;
    let mut terms = 0;
    let mut seconds = Some(0i64);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(['T', 't']) {
            if in_time {
                return Err(bad());
            }
            in_time = true;
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').ok_or_else(bad)?;
        let (number, after) = rest.split_at(end);
        let mark = if number.contains(',') { DecimalMark::Comma } else { DecimalMark::Point };
        let number = parse_decimal(number, mark).map_err(|_| bad())?;
        let designator = after.chars().next().ok_or_else(bad)?;
        let unit = match (in_time, designator.to_ascii_uppercase()) {
            (false, 'M') => 60 * scale.working(Unit::Month),
            (false, 'W') => 60 * scale.working(Unit::Week),
            (false, 'D') => 60 * scale.working(Unit::Day),
            (true, 'H') => 3600,
            (true, 'M') => 60,
            (true, 'S') => 1,
            _ => return Err(bad()),
        };
        seconds = seconds.zip(number.scaled(unit)).and_then(|(sum, seconds)| sum.checked_add(seconds));
        terms += 1;
        rest = &after[designator.len_utf8()..];
    }
    if terms == 0 {
        return Err(bad());
    }
    let minutes = seconds.and_then(|seconds| seconds.checked_add(30)).map(|seconds| seconds / 60);
    in_range(minutes, seconds != Some(0))
}

fn in_range(minutes: Option<i64>, not_zero: bool) -> Result<Minutes, Fault> {
    match minutes {
        Some(0) if not_zero => Err(Fault::new("out-of-range", "shorter than half a minute, the finest time there is")),
        Some(minutes) if minutes.abs() <= Minutes::MAX.0 => Ok(Minutes(minutes)),
        _ => Err(Fault::new("out-of-range", "longer than a thousand years")),
    }
}

/// The digits and marks at the beginning of a text, and the rest; blanks around the seam are dropped.
pub(super) fn split_number(text: &str) -> (&str, &str) {
    let belongs = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}');
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    (number.trim_end(), rest.trim_start())
}

/// A unit by its name: whether it is elapsed, and which it is.
pub(super) fn parse_unit(word: &str) -> Result<(bool, Unit), Fault> {
    if word == "M" {
        return Err(Fault::new("bad-duration", "`M` may be minutes or months").with_hint("write `m` or `mo`"));
    }
    if let Some(unit) = working_unit(word) {
        return Ok((false, unit));
    }
    let clock = word.strip_prefix(['e', 'E']).and_then(working_unit);
    clock.map(|unit| (true, unit)).ok_or_else(|| {
        Fault::new(
            "bad-duration",
            format!("{} is no unit of time; expected m, h, d, w, mo or em, eh, ed, ew, emo", quoted(word)),
        )
    })
}

fn working_unit(word: &str) -> Option<Unit> {
    const UNITS: [(Unit, &[&str]); 5] = [
        (Unit::Day, &["d", "dy", "dys", "day", "days"]),
        (Unit::Hour, &["h", "hr", "hrs", "hour", "hours"]),
        (Unit::Week, &["w", "wk", "wks", "week", "weeks"]),
        (Unit::Minute, &["m", "min", "mins", "minute", "minutes"]),
        (Unit::Month, &["mo", "mon", "mons", "month", "months"]),
    ];
    let known = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    UNITS.iter().find(|(_, names)| known(names)).map(|&(unit, _)| unit)
}

fn expected_duration() -> Fault {
    Fault::new("bad-duration", "expected a duration such as `5d`, `12h`, `2w`, `3ed` or `5`")
}
