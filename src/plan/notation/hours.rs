//! The hours of a calendar's day.

use super::date::parse_clock;
use super::{Fault, quoted};
use crate::plan::calendar::Shift;
use crate::units::MINUTES_PER_DAY;

/// Parses the hours of a day: `08:00-12:00;13:00-17:00`, `8-12`, `22:00-06:00` (past midnight), `24h`, `off`.
///
/// # Returns
/// The shifts in order, none of them overlapping; empty for `off`.
///
/// # Errors
/// Rule `bad-hours`; rule `overlapping-shifts`.
pub fn parse_hours(cell: &str) -> Result<Vec<Shift>, Fault> {
    let text = cell.trim();
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["off", "closed", "-"]) {
        return Ok(Vec::new());
    }
    if is(&["24h", "24 h", "all day"]) {
        return Ok(vec![Shift { start_minute: 0, finish_minute: MINUTES_PER_DAY as u16 }]);
    }
    let mut shifts = Vec::new();
    for item in text.split([';', ',', '\n']).map(str::trim).filter(|item| !item.is_empty()) {
        shifts.push(parse_shift(item).map_err(|fault| fault.in_part(item))?);
    }
    if shifts.is_empty() {
        return Err(bad_hours().with_hint("write `off` for a day without work"));
    }
    shifts.sort_unstable();
    match shifts.windows(2).find(|pair| pair[1].start_minute < pair[0].finish_minute) {
        Some(pair) => Err(Fault::new(
            "overlapping-shifts",
            format!("the shifts {} and {} overlap", shown(pair[0]), shown(pair[1])),
        )),
        None => Ok(shifts),
    }
}

fn parse_shift(item: &str) -> Result<Shift, Fault> {
    let (start, finish) = item.split_once(['-', '–', '—']).ok_or_else(bad_hours)?;
    let clock = |text: &str| {
        parse_clock(text).map_err(|_| Fault::new("bad-hours", format!("{} is no time of day", quoted(text.trim()))))
    };
    let (start, finish) = (clock(start)?, clock(finish)?);
    let day = MINUTES_PER_DAY as u16;
    if start == finish {
        return Err(Fault::new("bad-hours", "a shift without length").with_hint("write `24h` for the whole day"));
    }
    if start >= day {
        return Err(Fault::new("bad-hours", "a shift starts before midnight").with_hint("write it for the next day"));
    }
    let finish = if finish < start { finish + day } else { finish };
    Ok(Shift { start_minute: start, finish_minute: finish })
}

fn shown(shift: Shift) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    format!("{}-{}", clock(shift.start_minute), clock(shift.finish_minute))
}

fn bad_hours() -> Fault {
    Fault::new("bad-hours", "expected hours such as `08:00-12:00;13:00-17:00`, `24h` or `off`")
}
