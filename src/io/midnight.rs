//! Calendars by days from midnight to midnight, as the files of other planners have them: no shift reaches into the next
//! day.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::plan::Calendar;
use crate::plan::calendar::{Exception, Shift};
use crate::units::MINUTES_PER_DAY;

/// Minutes of a day.
const DAY: u16 = MINUTES_PER_DAY as u16;
/// Dates with hours of their own that a calendar is looked through for.
const MOST_DATES: usize = 20_000;

/// A calendar whose shifts end at midnight.
pub(super) struct CivilDays {
    /// The hours of each weekday, Monday first.
    pub(super) week: [Vec<Shift>; 7],
    /// The dates with other hours than their weekday, in order and apart from each other.
    pub(super) exceptions: Vec<Exception>,
    /// True if there are more such dates than are looked at.
    pub(super) is_cut: bool,
}

/// The same working time, by days from midnight to midnight.
pub(super) fn civil_days(calendar: &Calendar) -> CivilDays {
    let day = |at: usize| calendar.week.get(at).map_or(&[][..], Vec::as_slice);
    let week: [Vec<Shift>; 7] = std::array::from_fn(|weekday| within_day(day(weekday), day((weekday + 6) % 7)));
    let late = |shifts: &[Shift]| shifts.iter().any(|shift| shift.finish_minute > DAY);
    let mut all = calendar.week.iter().chain(calendar.exceptions.iter().map(|it| &it.shifts));
    let any_late = all.any(|shifts| late(shifts));
    let mut sorted: Vec<&Exception> = calendar.exceptions.iter().collect();
    sorted.sort_by_key(|it| it.from);
    let are_apart = sorted.windows(2).all(|pair| matches!(pair, [a, b] if a.to < b.from));
    if !any_late && are_apart {
        return CivilDays { week, exceptions: sorted.into_iter().cloned().collect(), is_cut: false };
    }
    let mut dates: Vec<Date> = Vec::new();
    for exception in sorted {
        let room = MOST_DATES.saturating_sub(dates.len());
        // A shift of the last day may reach into the next.
        let last = exception.to.tomorrow().unwrap_or(exception.to);
        dates.extend(exception.from.series(1.day()).take_while(|date| *date <= last).take(room));
    }
    let is_cut = dates.len() == MOST_DATES;
    dates.sort_unstable();
    dates.dedup();
    let mut exceptions: Vec<Exception> = Vec::new();
    for date in dates {
        let before = date.yesterday().map_or(&[][..], |before| calendar.shifts_on(before));
        let shifts = within_day(calendar.shifts_on(date), before);
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        if week.get(weekday) == Some(&shifts) {
            continue;
        }
        match exceptions.last_mut() {
            Some(last) if last.shifts == shifts && last.to.tomorrow().is_ok_and(|next| next == date) => last.to = date,
            _ => exceptions.push(Exception { from: date, to: date, shifts }),
        }
    }
    CivilDays { week, exceptions, is_cut }
}

/// The working time of a day from midnight to midnight, with what reaches into it from the day before.
pub(super) fn within_day(own: &[Shift], before: &[Shift]) -> Vec<Shift> {
    let late = before.iter().filter(|shift| shift.finish_minute > DAY);
    let mut hours: Vec<Shift> =
        late.map(|shift| Shift { start_minute: 0, finish_minute: shift.finish_minute - DAY }).collect();
    hours.extend(own.iter().map(|shift| Shift { finish_minute: shift.finish_minute.min(DAY), ..*shift }));
    joined(hours)
}

/// Shifts in order, those that overlap or touch joined.
pub(super) fn joined(mut shifts: Vec<Shift>) -> Vec<Shift> {
    shifts.sort_unstable();
    let mut apart: Vec<Shift> = Vec::new();
    for shift in shifts {
        match apart.last_mut() {
            Some(last) if shift.start_minute <= last.finish_minute => {
                last.finish_minute = last.finish_minute.max(shift.finish_minute);
            }
            _ => apart.push(shift),
        }
    }
    apart
}
