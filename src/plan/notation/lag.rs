//! Lags: a signed duration or a share of the predecessor's duration.

use super::Fault;
use super::duration::{TimeScale, parse_duration};
use super::number::parse_decimal;
use crate::plan::draft::DecimalMark;
use crate::plan::{Duration, Lag, LagAmount, LagCalendar};
use crate::units::Share;

/// Parses a lag: `+2d`, `-10d`, `3ed`, `50%`, `-25%`, `50e%` (elapsed), or a bare number in the plan's unit.
///
/// # Returns
/// The lag; elapsed ones run on the clock, others on the successor's calendar until the caller knows better.
///
/// # Errors
/// Rule `bad-lag`, `bad-number`, `ambiguous-number` or `out-of-range`.
pub fn parse_lag(text: &str, scale: &TimeScale, mark: DecimalMark) -> Result<Lag, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(expected_lag());
    }
    let (amount, elapsed) = match text.strip_suffix('%') {
        Some(number) => {
            let number = number.trim_end();
            let (number, elapsed) = match number.strip_suffix(['e', 'E']) {
                Some(number) => (number, true),
                None => (number, false),
            };
            let share = parse_decimal(number, mark)?.scaled(100);
            let share = share.and_then(|share| i32::try_from(share).ok()).map(Share);
            let share = share.filter(|share| share.0.abs() <= Share::MAX.0);
            let share = share.ok_or_else(|| Fault::new("out-of-range", format!("beyond {}", Share::MAX)))?;
            (LagAmount::Percent(share), elapsed)
        }
        None => {
            let duration = parse_duration(text, scale, mark).map_err(|fault| match fault.rule {
                "bad-duration" if fault.hint.is_none() && !fault.text.contains("unit") => expected_lag(),
                _ => fault,
            })?;
            (LagAmount::Minutes(duration.minutes()), matches!(duration, Duration::Elapsed(_)))
        }
    };
    let calendar = if elapsed { LagCalendar::TwentyFourHours } else { LagCalendar::Successor };
    Ok(Lag { amount, calendar })
}

fn expected_lag() -> Fault {
    Fault::new("bad-lag", "expected a lag such as `+2d`, `-4h`, `50%` or `3ed`")
}
