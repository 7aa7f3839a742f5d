//! Round places on an axis of dates.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::units::{MINUTES_PER_DAY, Moment};

/// Distances between ticks within a day, in minutes, and in days: weeks begin on Mondays.
const MINUTES: [i64; 6] = [60, 120, 180, 360, 720, MINUTES_PER_DAY];
const DAYS: [i64; 3] = [2, 7, 14];
/// Distances in months.
const MONTHS: [i32; 9] = [1, 2, 3, 6, 12, 24, 60, 120, 600];
/// 1970-01-05, a Monday.
const MONDAY: i64 = 4;

/// Round places for ticks on an axis of dates: hours, midnights, Mondays, or firsts of months, as many as there may be.
///
/// # Returns
/// Moments from `least` to `most` in ascending order; none if there is no round one.
pub fn date_ticks(least: Moment, most: Moment, at_most: usize) -> Vec<Moment> {
    let steps = MINUTES.into_iter().chain(DAYS.map(|days| days * MINUTES_PER_DAY));
    for step in steps {
        let first = (least.0 - MONDAY * MINUTES_PER_DAY).div_euclid(step) * step + MONDAY * MINUTES_PER_DAY;
        let count = (most.0 - first) / step + 1;
        if count <= at_most as i64 + 1 {
            let ticks = (0..count).map(|number| Moment(first + number * step));
            return ticks.filter(|tick| (least..=most).contains(tick)).take(at_most).collect();
        }
    }
    MONTHS.into_iter().find_map(|step| months(least, most, at_most, step)).unwrap_or_default()
}

/// The firsts of each so many months; `None` if there are too many.
fn months(least: Moment, most: Moment, at_most: usize, step: i32) -> Option<Vec<Moment>> {
    let first = least.date();
    let months = i32::from(first.year()) * 12 + i32::from(first.month()) - 1;
    let begin = months.div_euclid(step) * step;
    let begin = Date::new((begin.div_euclid(12)) as i16, (begin.rem_euclid(12) + 1) as i8, 1).ok()?;
    let dates = (0..).map_while(|number: i32| begin.checked_add((number * step).months()).ok());
    let ticks = dates.map(Moment::midnight).skip_while(|tick| *tick < least).take_while(|tick| *tick <= most);
    let ticks: Vec<Moment> = ticks.take(at_most + 1).collect();
    (ticks.len() <= at_most).then_some(ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::from_civil(text.parse().unwrap())
    }

    fn told(least: &str, most: &str) -> Vec<String> {
        date_ticks(moment(least), moment(most), 8).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ticks_are_as_round_as_there_is_room() {
        assert_eq!(
            told("2026-03-02T08:20", "2026-03-02T11:00"),
            ["2026-03-02 09:00", "2026-03-02 10:00", "2026-03-02 11:00"]
        );
        assert_eq!(
            told("2026-03-03T08:00", "2026-03-05T01:00"),
            [
                "2026-03-03 12:00",
                "2026-03-03 18:00",
                "2026-03-04 00:00",
                "2026-03-04 06:00",
                "2026-03-04 12:00",
                "2026-03-04 18:00",
                "2026-03-05 00:00"
            ]
        );
        // 2026-03-09 is a Monday.
        let weeks = told("2026-03-03T08:00", "2026-04-14T01:00");
        assert_eq!((&*weeks[0], weeks.len()), ("2026-03-09 00:00", 6));
        let months = told("2026-03-03T08:00", "2026-09-14T01:00");
        assert_eq!((&*months[0], months.len()), ("2026-04-01 00:00", 6));
        assert_eq!(told("1999-03-03T08:00", "2030-01-01T00:00").first().unwrap(), "2000-01-01 00:00");
        assert!(date_ticks(Moment::MIN, Moment::MAX, 5).len() <= 5);
        assert!(date_ticks(moment("2026-03-03T08:01"), moment("2026-03-03T08:02"), 5).is_empty());
    }
}
