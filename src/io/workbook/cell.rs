//! From the values of a workbook to the text of cells.

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

use crate::units::MINUTES_PER_DAY;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Text, a date, a truth: whatever has one spelling.
    Text(Box<str>),
    /// A number, with a decimal point.
    Number(Box<str>),
    /// An error of the spreadsheet, such as `#REF!`.
    Error(Box<str>),
}

impl Value {
    /// The text as it stands.
    pub(super) fn text(&self) -> &str {
        match self {
            Value::Text(text) | Value::Number(text) | Value::Error(text) => text,
        }
    }
}

/// The value of a cell; `None` if there is nothing in it.
///
/// # Arguments
/// `is_percent` tells that the cell is shown as a percentage, `is_1904` that days are counted from 1904.
pub(super) fn value(data: &DataRef<'_>, is_percent: bool, is_1904: bool) -> Option<Value> {
    let text = match data {
        DataRef::Empty => return None,
        DataRef::Int(number) if is_percent => return Some(number_value(100.0 * *number as f64, "%")),
        DataRef::Int(number) => return Some(Value::Number(number.to_string().into())),
        DataRef::Float(number) if is_percent => return Some(number_value(100.0 * number, "%")),
        DataRef::Float(number) => return Some(number_value(*number, "")),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(moment) => return Some(moment_value(moment, is_1904)),
        DataRef::DateTimeIso(text) => text.trim().trim_end_matches("T00:00:00").to_owned(),
        DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::Error(error) => return Some(Value::Error(error.to_string().into())),
    };
    (!text.is_empty()).then(|| Value::Text(text.into()))
}

/// A number with a unit behind it.
pub(super) fn number_value(number: f64, unit: &str) -> Value {
    Value::Number((number_text(number) + unit).into())
}

/// A number as the spreadsheet shows it: with up to 15 digits, so that the sum of 0.1 and 0.2 is 0.3.
pub(super) fn number_text(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A date, a time of day, or both; of a cell that counts hours beyond a day, the time in minutes.
fn moment_value(moment: &ExcelDateTime, is_1904: bool) -> Value {
    /// The day after 9999-12-31.
    const END: f64 = 2_958_466.0;
    let serial = moment.as_f64();
    if !(0.0..END).contains(&serial) {
        return number_value(serial, "");
    }
    let minutes = (serial * MINUTES_PER_DAY as f64).round() as i64;
    if moment.is_duration() {
        return Value::Text(format!("{minutes}m").into());
    }
    let (day, minute) = (minutes / MINUTES_PER_DAY, minutes % MINUTES_PER_DAY);
    let clock = format!("{:02}:{:02}", minute / 60, minute % 60);
    if day == 0 {
        return Value::Text(clock.into());
    }
    let midnight = ExcelDateTime::new(day as f64, ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, ..) = midnight.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Value::Text(if minute == 0 { date } else { format!("{date} {clock}") }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(data: DataRef<'_>, is_percent: bool, is_1904: bool) -> String {
        value(&data, is_percent, is_1904).map(|value| value.text().to_owned()).unwrap_or_default()
    }

    #[test]
    fn numbers_have_no_noise() {
        let number = |number| text(DataRef::Float(number), false, false);
        assert_eq!(number(3.0), "3");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(1.0 / 3.0), "0.333333333333333");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(-1234.5), "-1234.5");
        assert_eq!(text(DataRef::Float(0.075), true, false), "7.5%");
        assert_eq!(text(DataRef::Int(1), true, false), "100%");
    }

    #[test]
    fn dates_are_those_of_either_system() {
        let date = |serial, is_1904| {
            let moment = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904);
            text(DataRef::DateTime(moment), false, is_1904)
        };
        // 2026-03-02 is day 46083 since 1899-12-30, and 1462 days fewer since 1904-01-01.
        assert_eq!(date(46083.0, false), "2026-03-02");
        assert_eq!(date(44621.0, true), "2026-03-02");
        assert_eq!(date(46083.0 + 13.0 / 24.0, false), "2026-03-02 13:00");
        // A millisecond before midnight is midnight.
        assert_eq!(date(46_082.999_999_99, false), "2026-03-02");
        assert_eq!(date(0.5, false), "12:00");
        assert_eq!(date(-1.0, false), "-1");
        let hours = ExcelDateTime::new(40.0 / 24.0, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(text(DataRef::DateTime(hours), false, false), "2400m");
    }

    #[test]
    fn other_cells_are_text() {
        assert_eq!(text(DataRef::Bool(true), false, false), "yes");
        assert_eq!(text(DataRef::String(" a ".into()), true, false), "a");
        assert_eq!(value(&DataRef::SharedString("  "), false, false), None);
        assert_eq!(text(DataRef::DateTimeIso("2026-03-02T00:00:00".into()), false, false), "2026-03-02");
        let error = value(&DataRef::Error(calamine::CellErrorType::Ref), false, false);
        assert_eq!(error, Some(Value::Error("#REF!".into())));
    }
}
