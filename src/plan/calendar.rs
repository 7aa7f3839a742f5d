//! Calendars, slow and obviously right: weekly hours with exceptions by date.
//!
//! The compile step makes fast tables of them; the validator uses these definitions directly, so that a mistake in the
//! fast tables is caught.

use jiff::civil::Date;

use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// A stretch of working time within a day, in minutes since that day's midnight, finish excluded.
///
/// It may end after midnight (up to 2,880) and belongs to the day on which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    /// First minute, 0 to 1439.
    pub start_minute: u16,
    /// Minute after the last; greater than `start_minute`, at most 24 hours later.
    pub finish_minute: u16,
}

/// Other hours than the weekly ones on a range of dates; a range without shifts is time off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// First date.
    pub from: Date,
    /// Last date, included.
    pub to: Date,
    /// The hours of each of these days.
    pub shifts: Vec<Shift>,
}

/// When work is done: weekly hours, replaced by exceptions on the dates they name. Of two exceptions for one date the
/// later one in the list counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The user's name for it, unique.
    pub id: Box<str>,
    /// The hours of each weekday, Monday first.
    pub week: [Vec<Shift>; 7],
    /// Dates with other hours.
    pub exceptions: Vec<Exception>,
}

impl Calendar {
    /// Name of the built-in calendar of office hours.
    pub const STANDARD: &'static str = "standard";
    /// Name of the built-in calendar that always works.
    pub const TWENTY_FOUR_HOURS: &'static str = "24h";

    /// Monday to Friday, 08:00-12:00 and 13:00-17:00.
    pub fn standard() -> Calendar {
        let shift = |from: u16, to: u16| Shift { start_minute: from * 60, finish_minute: to * 60 };
        let day = vec![shift(8, 12), shift(13, 17)];
        let week = std::array::from_fn(|weekday| if weekday < 5 { day.clone() } else { Vec::new() });
        Calendar { id: Calendar::STANDARD.into(), week, exceptions: Vec::new() }
    }

    /// Every minute of every day.
    pub fn twenty_four_hours() -> Calendar {
        let all_day = vec![Shift { start_minute: 0, finish_minute: MINUTES_PER_DAY as u16 }];
        let week = std::array::from_fn(|_| all_day.clone());
        Calendar { id: Calendar::TWENTY_FOUR_HOURS.into(), week, exceptions: Vec::new() }
    }

    /// The shifts that start on a date.
    pub fn shifts_on(&self, date: Date) -> &[Shift] {
        let exception = self.exceptions.iter().rev().find(|exception| exception.from <= date && date <= exception.to);
        match exception {
            Some(exception) => &exception.shifts,
            None => &self.week[date.weekday().to_monday_zero_offset() as usize],
        }
    }

    /// The calendar without the time from one moment to another.
    pub fn without_span(&self, from: Moment, to: Moment) -> Calendar {
        let mut calendar = self.clone();
        // A shift of the day before may reach into the span.
        let first = Moment(from.0 - MINUTES_PER_DAY).max(Moment::MIN).day_number();
        for day in first..=Moment(to.0 - 1).day_number() {
            let midnight = Moment(day * MINUTES_PER_DAY);
            let date = midnight.date();
            let mut left = Vec::new();
            for shift in self.shifts_on(date) {
                let at = |minute: u16| midnight + Minutes(i64::from(minute));
                let (start, finish) = (at(shift.start_minute), at(shift.finish_minute));
                for (start, finish) in [(start, finish.min(from)), (start.max(to), finish)] {
                    // What begins on the next day only is that day's.
                    if start < finish && (start - midnight).0 < MINUTES_PER_DAY {
                        let minute = |moment: Moment| (moment - midnight).0 as u16;
                        left.push(Shift { start_minute: minute(start), finish_minute: minute(finish) });
                    }
                }
            }
            left.dedup();
            if left != self.shifts_on(date) {
                calendar.exceptions.push(Exception { from: date, to: date, shifts: left });
            }
        }
        calendar
    }

    /// True if the minute that begins at `moment` is worked.
    pub fn is_working(&self, moment: Moment) -> bool {
        let minute = moment.minute_of_day() as u16;
        let today = moment.date();
        let on = |date: Date, minute: u16| {
            self.shifts_on(date).iter().any(|shift| shift.start_minute <= minute && minute < shift.finish_minute)
        };
        on(today, minute) || today.yesterday().is_ok_and(|date| on(date, minute + MINUTES_PER_DAY as u16))
    }

    /// Where so much work after a moment ends, or, if it is negative, where so much work before it began; `None` if the
    /// calendar does not offer it within some years.
    ///
    /// # Complexity
    /// Linear in the days passed over, times the number of exceptions.
    pub fn shifted(&self, moment: Moment, work: Minutes) -> Option<Moment> {
        let mut left = work.0.abs();
        let (mut from, mut to) = (moment, moment);
        for days in [0_i64, 7, 30, 180, 720, 2_880] {
            if left == 0 {
                break;
            }
            let reach = (days + 1) * MINUTES_PER_DAY;
            let (next_from, next_to) = match work.0 > 0 {
                true => (to, Moment(to.0 + reach).min(Moment::MAX)),
                false => (Moment(from.0 - reach).max(Moment::MIN), from),
            };
            (from, to) = (next_from, next_to);
            let mut stretches = self.stretches(from, to);
            if work.0 < 0 {
                stretches.reverse();
            }
            for (begin, end) in stretches {
                let length = (end - begin).0;
                if length >= left {
                    return Some(if work.0 > 0 { begin + Minutes(left) } else { end - Minutes(left) });
                }
                left -= length;
            }
        }
        (left == 0).then_some(moment)
    }

    /// Work from one moment to another; negative if they are the other way around.
    ///
    /// # Complexity
    /// As [`Calendar::stretches`].
    pub fn work_between(&self, from: Moment, to: Moment) -> Minutes {
        let stretches = self.stretches(from.min(to), from.max(to));
        let work = stretches.into_iter().fold(Minutes::ZERO, |sum, (from, to)| sum + (to - from));
        if from <= to { work } else { -work }
    }

    /// The working stretches within `from..to`, in order, disjoint and not adjoining.
    ///
    /// # Complexity
    /// Linear in the days from `from` to `to`, times the number of exceptions.
    pub fn stretches(&self, from: Moment, to: Moment) -> Vec<(Moment, Moment)> {
        let mut found: Vec<(Moment, Moment)> = Vec::new();
        // A shift of the day before may reach into `from`.
        let first = Moment(from.0 - MINUTES_PER_DAY).max(Moment::MIN).day_number();
        let last = to.min(Moment::MAX).day_number();
        let days = first..=last.min(Moment::midnight(Date::MAX).day_number());
        // What holds on each day in place of its weekday; later exceptions count before earlier ones.
        let mut special: Vec<Option<&[Shift]>> = Vec::new();
        for exception in &self.exceptions {
            let number = |date: Date| Moment::midnight(date).day_number();
            let (begin, end) = (number(exception.from).max(first), number(exception.to).min(*days.end()));
            if begin <= end {
                special.resize((days.end() - first + 1) as usize, None);
                special[(begin - first) as usize..=(end - first) as usize].fill(Some(&exception.shifts));
            }
        }
        for (at, day) in days.enumerate() {
            let midnight = Moment(day * MINUTES_PER_DAY);
            if midnight >= to {
                break;
            }
            let of_weekday = || &*self.week[(day + MONDAY_OFFSET).rem_euclid(7) as usize];
            let shifts = special.get(at).copied().flatten().unwrap_or_else(of_weekday);
            for shift in shifts {
                let start = (midnight + Minutes(i64::from(shift.start_minute))).max(from);
                let finish = (midnight + Minutes(i64::from(shift.finish_minute))).min(to);
                if start < finish {
                    found.push((start, finish));
                }
            }
        }
        found.sort_unstable();
        found.dedup_by(|next, last| {
            let joined = next.0 <= last.1;
            if joined {
                last.1 = last.1.max(next.1);
            }
            joined
        });
        found
    }
}

/// Day 0 of [`Moment::day_number`], 1970-01-01, was a Thursday.
const MONDAY_OFFSET: i64 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(day: i8, hour: i8) -> Moment {
        // March 2026 begins on a Sunday.
        Moment::from_civil(date(2026, 3, day).at(hour, 0, 0, 0))
    }

    #[test]
    fn a_shift_past_midnight_belongs_to_the_day_on_which_it_starts() {
        let mut nights = Calendar { id: "nights".into(), week: Default::default(), exceptions: Vec::new() };
        nights.week[4] = vec![Shift { start_minute: 22 * 60, finish_minute: 30 * 60 }]; // Friday 22:00-06:00
        assert_eq!(nights.stretches(at(1, 0), at(15, 0)), [(at(6, 22), at(7, 6)), (at(13, 22), at(14, 6))]);
        assert!(nights.is_working(at(7, 5)) && !nights.is_working(at(7, 6)));
        nights.exceptions.push(Exception { from: date(2026, 3, 7), to: date(2026, 3, 7), shifts: Vec::new() });
        assert!(nights.is_working(at(7, 5)), "Saturday off does not cut Friday's shift");
    }

    #[test]
    fn the_later_of_two_exceptions_counts() {
        let mut calendar = Calendar::standard();
        let off = Exception { from: date(2026, 3, 2), to: date(2026, 3, 6), shifts: Vec::new() };
        let half = vec![Shift { start_minute: 480, finish_minute: 720 }];
        let back = Exception { from: date(2026, 3, 4), to: date(2026, 3, 4), shifts: half };
        calendar.exceptions = vec![off, back];
        assert_eq!(calendar.stretches(at(1, 0), at(8, 0)), [(at(4, 8), at(4, 12))]);
    }

    #[test]
    fn adjoining_shifts_make_one_stretch() {
        assert_eq!(Calendar::twenty_four_hours().stretches(at(2, 3), at(5, 4)), [(at(2, 3), at(5, 4))]);
    }
}
