//! The dates on which a calendar exception recurs.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::model::{DayOfMonth, ExceptionRow, Recurrence};

/// The dates of an exception within a span, as ranges in order.
///
/// # Arguments
/// `week_start` is the day with which a week begins, 0 for Sunday. `steps` is what may still be spent on looking at days,
/// for all exceptions together.
///
/// # Returns
/// The ranges; `None` if the steps do not suffice.
pub(super) fn dates(
    exception: &ExceptionRow,
    (first, last): (Date, Date),
    week_start: i64,
    steps: &mut usize,
) -> Option<Vec<(Date, Date)>> {
    let ExceptionRow { from, to, recurrence, .. } = *exception;
    if recurrence == Recurrence::Daily {
        return Some(vec![(from, to)]);
    }
    let to = to.min(last);
    let mut left = exception.occurrences.unwrap_or(i64::MAX);
    let mut found = Vec::new();
    let mut take = |date: Date| {
        let counts = from <= date && date <= to && left > 0;
        if counts {
            left -= 1;
            if date >= first {
                found.push((date, date));
            }
        }
    };
    match recurrence {
        Recurrence::Daily => {}
        Recurrence::EveryDays(_) | Recurrence::Weekly { .. } => {
            for (number, date) in (0i64..).zip(from.series(1.day())).take_while(|(_, date)| *date <= to) {
                *steps = steps.checked_sub(1)?;
                let counts = match recurrence {
                    Recurrence::EveryDays(every) => number % every.max(1) == 0,
                    Recurrence::Weekly { every, days } => {
                        let weekday = i64::from(date.weekday().to_sunday_zero_offset());
                        let first_day = i64::from(from.weekday().to_sunday_zero_offset());
                        // Days from the beginning of the week in which the range begins.
                        let since = number + (first_day - week_start).rem_euclid(7);
                        days >> weekday & 1 == 1 && since / 7 % every.max(1) == 0
                    }
                    _ => false,
                };
                if counts {
                    take(date);
                }
            }
        }
        Recurrence::Monthly { every, on } => {
            for (number, month) in (0i64..).zip(from.first_of_month().series(1.month())).take_while(|(_, it)| *it <= to)
            {
                *steps = steps.checked_sub(1)?;
                if number % every.max(1) == 0
                    && let Some(date) = day_of_month(month, on)
                {
                    take(date);
                }
            }
        }
        Recurrence::Yearly { month, on } => {
            for year in from.year()..=to.year() {
                *steps = steps.checked_sub(1)?;
                if let Some(date) = Date::new(year, month, 1).ok().and_then(|first| day_of_month(first, on)) {
                    take(date);
                }
            }
        }
    }
    Some(found)
}

/// A day of the month that begins at `first`, if the month has it.
fn day_of_month(first: Date, on: DayOfMonth) -> Option<Date> {
    match on {
        DayOfMonth::Number(number) => Date::new(first.year(), first.month(), i8::try_from(number).ok()?).ok(),
        DayOfMonth::Position { item, position } => {
            let is_item = |date: &Date| {
                let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
                match item {
                    0 => true,
                    1 => !is_weekend,
                    2 => is_weekend,
                    item => i64::from(date.weekday().to_sunday_zero_offset()) == item - 3,
                }
            };
            let last = first.last_of_month();
            let mut days = first.series(1.day()).take_while(|date| *date <= last).filter(is_item);
            match usize::try_from(position).ok()? {
                4 => days.last(),
                position => days.nth(position),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(recurrence: Recurrence, occurrences: Option<i64>, to: Date) -> Vec<String> {
        let from = date(2026, 1, 7);
        let exception = ExceptionRow { from, to, recurrence, occurrences, shifts: Vec::new() };
        let span = (date(2026, 1, 1), date(2028, 12, 31));
        let dates = dates(&exception, span, 1, &mut 10_000).unwrap();
        dates.into_iter().map(|(from, _)| from.to_string()).collect()
    }

    #[test]
    fn each_kind_of_recurrence_finds_its_days() {
        let january = date(2026, 1, 31);
        let every_ten = found(Recurrence::EveryDays(10), None, january);
        assert_eq!(every_ten, ["2026-01-07", "2026-01-17", "2026-01-27"]);
        // Bits 1 and 5 are Monday and Friday; the week of Wednesday the 7th began on Monday the 5th.
        let weekly = found(Recurrence::Weekly { every: 2, days: 0b10_0010 }, None, january);
        assert_eq!(weekly, ["2026-01-09", "2026-01-19", "2026-01-23"]);
        let end = date(2026, 6, 30);
        let by_number = found(Recurrence::Monthly { every: 2, on: DayOfMonth::Number(31) }, None, end);
        assert_eq!(by_number, ["2026-01-31", "2026-03-31", "2026-05-31"]);
        // The last Friday.
        let on = DayOfMonth::Position { item: 8, position: 4 };
        assert_eq!(found(Recurrence::Monthly { every: 1, on }, Some(2), end), ["2026-01-30", "2026-02-27"]);
        let christmas = Recurrence::Yearly { month: 12, on: DayOfMonth::Number(25) };
        assert_eq!(found(christmas, None, date(2027, 12, 31)), ["2026-12-25", "2027-12-25"]);
        // The second weekday of May 2026 is Monday the 4th, as the 1st is a Friday.
        let on = DayOfMonth::Position { item: 1, position: 1 };
        assert_eq!(found(Recurrence::Yearly { month: 5, on }, None, date(2026, 12, 31)), ["2026-05-04"]);
    }

    #[test]
    fn endless_recurrences_stop() {
        let from = date(1, 1, 1);
        let recurrence = Recurrence::EveryDays(1);
        let exception = ExceptionRow { from, to: date(9998, 1, 1), recurrence, occurrences: None, shifts: Vec::new() };
        assert_eq!(dates(&exception, (date(2026, 1, 1), date(9998, 1, 1)), 0, &mut 1000), None);
    }
}
