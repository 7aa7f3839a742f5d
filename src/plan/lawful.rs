//! Calendars without the hours that rules forbid.
//!
//! Days are walked over in order, and of each no more is kept than all limits allow with what was kept before: the end of a
//! day is cut, a week without enough rest loses its last days.

use jiff::civil::Date;

use super::calendar::{Calendar, Exception, Shift};
use super::rules::HoursLimit;
use crate::units::{MINUTES_PER_DAY, MINUTES_PER_WEEK, Moment};

/// Limits of hours, the strictest of each kind, in minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hours {
    per_day: Option<i64>,
    per_week: Option<i64>,
    /// Minutes in so many weeks.
    averages: Vec<(i64, i64)>,
    daily_rest: Option<i64>,
    weekly_rest: Option<i64>,
    days: Option<i64>,
}

impl Hours {
    pub(super) fn add(&mut self, limit: HoursLimit) {
        let least = |old: &mut Option<i64>, new: i64| *old = Some(old.map_or(new, |old| old.min(new)));
        let most = |old: &mut Option<i64>, new: i64| *old = Some(old.map_or(new, |old| old.max(new)));
        match limit {
            HoursLimit::PerDay(minutes) => least(&mut self.per_day, minutes.0),
            HoursLimit::PerWeek(minutes) => least(&mut self.per_week, minutes.0),
            HoursLimit::Average(minutes, weeks) => {
                self.averages.push((minutes.0 * i64::from(weeks), i64::from(weeks)));
            }
            HoursLimit::DailyRest(minutes) => most(&mut self.daily_rest, minutes.0),
            HoursLimit::WeeklyRest(minutes) => most(&mut self.weekly_rest, minutes.0),
            HoursLimit::ConsecutiveDays(days) => least(&mut self.days, i64::from(days)),
        }
    }

    fn longest_window(&self) -> i64 {
        self.averages.iter().map(|&(_, weeks)| weeks).max().unwrap_or(1)
    }
}

/// Weeks that are walked over after all that is out of the ordinary.
const WEEKS_AFTER: i64 = 4;
/// No more weeks than this are walked over: later exceptions are left as they are.
const MOST_WEEKS: i64 = 52 * 15;

/// The calendar as far as limits allow; none if they allow all of it.
///
/// # Arguments
/// `from` is where the project starts and `until` when it should be over.
pub(super) fn lawful(calendar: &Calendar, hours: &Hours, from: Date, until: Date) -> Option<Calendar> {
    let monday = |date: Date| (Moment::midnight(date).day_number() + MONDAY_OFFSET).div_euclid(7);
    // A shift of the week before may reach into the project.
    let first = monday(from) - 1;
    let last = calendar.exceptions.iter().map(|exception| exception.to).fold(until, Date::max);
    let weeks = (monday(last) - first + 1 + hours.longest_window() + WEEKS_AFTER).clamp(1, MOST_WEEKS);
    let week = steady_week(calendar.week.clone(), hours);
    let steady = Calendar { id: "".into(), week: week.clone(), exceptions: calendar.exceptions.clone() };
    let mut walk = Walk::new(hours, first);
    let mut lawful = Calendar { id: format!("{} (lawful)", calendar.id).into(), week, exceptions: Vec::new() };
    for number in first..first + weeks {
        for (day, shifts) in walk.week(&steady, number).into_iter().enumerate() {
            let Some(date) = date_of(number * 7 - MONDAY_OFFSET + day as i64) else { continue };
            if lawful.week[day] != shifts {
                lawful.exceptions.push(Exception { from: date, to: date, shifts });
            }
        }
    }
    let beyond = date_of((first + weeks) * 7 - MONDAY_OFFSET)?;
    lawful.exceptions.extend(calendar.exceptions.iter().filter(|exception| exception.from >= beyond).cloned());
    let is_same = |date: Date| lawful.shifts_on(date) == calendar.shifts_on(date);
    let dates = (0..weeks * 7).filter_map(|day| date_of(first * 7 - MONDAY_OFFSET + day));
    let keeps_all = lawful.week == calendar.week && dates.into_iter().all(is_same);
    (!keeps_all).then_some(lawful)
}

/// Day 0 is a Thursday.
const MONDAY_OFFSET: i64 = 3;

fn date_of(day: i64) -> Option<Date> {
    let moment = Moment(day.checked_mul(MINUTES_PER_DAY)?);
    (Moment::MIN <= moment && moment <= Moment::MAX).then(|| moment.date())
}

/// Hours of a week that may be worked week after week: they are cut until walking over them again and again keeps them all.
fn steady_week(mut week: [Vec<Shift>; 7], hours: &Hours) -> [Vec<Shift>; 7] {
    // What is allowed on the average is allowed in each week, as all are alike.
    let averages = hours.averages.iter().map(|&(most, weeks)| most / weeks);
    let per_week = averages.chain(hours.per_week).min();
    let hours = &Hours { per_week, ..hours.clone() };
    for _ in 0..MOST_CUTS {
        let calendar = Calendar { id: "".into(), week: week.clone(), exceptions: Vec::new() };
        let mut walk = Walk::new(hours, 0);
        let changed = (0..hours.longest_window() + 2).map(|at| walk.week(&calendar, at)).find(|again| *again != week);
        let Some(changed) = changed else { return week };
        week = changed;
    }
    std::array::from_fn(|_| Vec::new())
}

/// Each cut takes a part of a day away.
const MOST_CUTS: usize = 100;

/// What has been worked so far on a walk over the days.
#[derive(Clone)]
struct Walk<'h> {
    hours: &'h Hours,
    /// The day on which it began, and the minutes worked on each day since.
    first_day: i64,
    worked: Vec<i64>,
    /// The beginning and the end of the last working day.
    span: Option<(i64, i64)>,
}

impl<'h> Walk<'h> {
    fn new(hours: &'h Hours, week: i64) -> Walk<'h> {
        Walk { hours, first_day: week * 7 - MONDAY_OFFSET, worked: Vec::new(), span: None }
    }

    fn worked_on(&self, day: i64) -> i64 {
        let at = day - self.first_day;
        usize::try_from(at).ok().and_then(|at| self.worked.get(at)).copied().unwrap_or(0)
    }

    fn worked_between(&self, from: i64, to: i64) -> i64 {
        (from.max(self.first_day)..to).map(|day| self.worked_on(day)).sum()
    }

    /// What may be worked of a week. A week without enough rest is walked over again without its last working day.
    fn week(&mut self, calendar: &Calendar, week: i64) -> [Vec<Shift>; 7] {
        let mut open = [true; 7];
        loop {
            let mut walk = self.clone();
            let mut kept: [Vec<Shift>; 7] = Default::default();
            let mut pieces = Vec::new();
            for day in 0..7 {
                let number = week * 7 - MONDAY_OFFSET + day as i64;
                let Some(date) = date_of(number).filter(|_| open[day]) else { continue };
                for shift in calendar.shifts_on(date) {
                    let midnight = number * MINUTES_PER_DAY;
                    let asked = (midnight + i64::from(shift.start_minute), midnight + i64::from(shift.finish_minute));
                    let Some((start, finish)) = walk.allowed(asked) else { continue };
                    walk.take(start, finish);
                    pieces.push((start, finish));
                    kept[day].push(Shift {
                        start_minute: (start - midnight) as u16,
                        finish_minute: (finish - midnight) as u16,
                    });
                }
            }
            let last = (0..7).rev().find(|&day| !kept[day].is_empty());
            match last.filter(|_| !walk.has_weekly_rest(week, self.span, &pieces)) {
                Some(last) => open[last] = false,
                None => {
                    *self = walk;
                    return kept;
                }
            }
        }
    }

    fn has_weekly_rest(&self, week: i64, before: Option<(i64, i64)>, pieces: &[(i64, i64)]) -> bool {
        let Some(least) = self.hours.weekly_rest else { return true };
        let monday = (week * 7 - MONDAY_OFFSET) * MINUTES_PER_DAY;
        let mut at = before.map_or(monday, |(_, finish)| finish.max(monday));
        for &(start, finish) in pieces {
            if start - at >= least {
                return true;
            }
            at = at.max(finish);
        }
        monday + MINUTES_PER_WEEK - at >= least
    }

    /// The part of a stretch that all limits allow.
    fn allowed(&self, (start, finish): (i64, i64)) -> Option<(i64, i64)> {
        let (mut start, mut finish) = (start, finish);
        if let Some((_, end)) = self.span {
            start = start.max(end);
        }
        if let (Some(rest), Some((begin, end))) = (self.hours.daily_rest, self.span) {
            // A new working day begins after the rest; until then the old one may go on.
            let latest = begin + MINUTES_PER_DAY - rest;
            if start - end < rest {
                if start >= latest {
                    start = end + rest;
                } else {
                    finish = finish.min(latest);
                }
            }
        }
        if let Some(rest) = self.hours.daily_rest
            && self.span.is_none_or(|(_, end)| start - end >= rest)
        {
            finish = finish.min(start + MINUTES_PER_DAY - rest);
        }
        let mut at = start;
        while at < finish {
            let day = at.div_euclid(MINUTES_PER_DAY);
            let midnight = (day + 1) * MINUTES_PER_DAY;
            let room = self.room_on(day, at - start);
            if finish.min(midnight) - at > room {
                finish = at + room;
                break;
            }
            at = midnight;
        }
        (start < finish).then_some((start, finish))
    }

    /// How many minutes of a day are still allowed, if so many before them are taken in the same stretch.
    fn room_on(&self, day: i64, taken: i64) -> i64 {
        let hours = self.hours;
        if let Some(days) = hours.days
            && self.worked_on(day) == 0
            && (1..=days).all(|back| self.worked_on(day - back) > 0 || (back == 1 && taken > 0))
        {
            return 0;
        }
        let of_day = hours.per_day.map(|most| most - self.worked_on(day));
        // The stretch may have begun on the day before, in another week too; counting it twice is on the safe side.
        let monday = (day + MONDAY_OFFSET).div_euclid(7) * 7 - MONDAY_OFFSET;
        let of_week = hours.per_week.map(|most| most - self.worked_between(monday, day + 1) - taken);
        let of_averages = hours
            .averages
            .iter()
            .map(|&(most, weeks)| most - self.worked_between(day + 1 - weeks * 7, day + 1) - taken);
        of_day.into_iter().chain(of_week).chain(of_averages).fold(MINUTES_PER_DAY, i64::min).max(0)
    }

    fn take(&mut self, start: i64, finish: i64) {
        let rest = self.hours.daily_rest.unwrap_or(0);
        self.span = match self.span {
            Some((begin, end)) if start - end < rest => Some((begin, finish)),
            _ => Some((start, finish)),
        };
        let mut at = start;
        while at < finish {
            let day = at.div_euclid(MINUTES_PER_DAY);
            let until = finish.min((day + 1) * MINUTES_PER_DAY);
            let place = (day - self.first_day).max(0) as usize;
            if self.worked.len() <= place {
                self.worked.resize(place + 1, 0);
            }
            self.worked[place] += until - at;
            at = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Minutes;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn limits(list: &[HoursLimit]) -> Hours {
        let mut hours = Hours::default();
        list.iter().for_each(|&limit| hours.add(limit));
        hours
    }

    fn cut(calendar: &Calendar, list: &[HoursLimit]) -> Option<Calendar> {
        lawful(calendar, &limits(list), date(2026, 3, 2), date(2026, 12, 31))
    }

    fn hours(calendar: &Calendar, from: Date, days: i64) -> i64 {
        let from = Moment::midnight(from);
        let to = Moment(from.0 + days * MINUTES_PER_DAY);
        calendar.stretches(from, to).iter().map(|(start, finish)| (*finish - *start).0).sum::<i64>() / 60
    }

    #[test]
    fn office_hours_keep_the_working_time_directive() {
        let directive = [
            HoursLimit::DailyRest(Minutes(660)),
            HoursLimit::WeeklyRest(Minutes(35 * 60)),
            HoursLimit::Average(Minutes(48 * 60), 17),
            HoursLimit::PerDay(Minutes(13 * 60)),
        ];
        assert_eq!(cut(&Calendar::standard(), &directive), None);
    }

    #[test]
    fn each_limit_takes_away_what_it_forbids() {
        let clock = Calendar::twenty_four_hours();
        let monday = date(2026, 6, 1);
        let by_day = cut(&clock, &[HoursLimit::PerDay(Minutes(480))]).unwrap();
        assert_eq!((hours(&by_day, monday, 1), hours(&by_day, monday, 7)), (8, 56));
        let by_week = cut(&clock, &[HoursLimit::PerDay(Minutes(600)), HoursLimit::PerWeek(Minutes(48 * 60))]).unwrap();
        assert_eq!((hours(&by_week, monday, 4), hours(&by_week, monday, 7)), (40, 48));
        let rested = cut(&clock, &[HoursLimit::DailyRest(Minutes(660))]).unwrap();
        assert_eq!(hours(&rested, monday, 7), 13 * 7);
        let weekly =
            cut(&clock, &[HoursLimit::DailyRest(Minutes(660)), HoursLimit::WeeklyRest(Minutes(35 * 60))]).unwrap();
        assert_eq!(hours(&weekly, monday, 7), 13 * 6);
        let days = cut(&clock, &[HoursLimit::PerDay(Minutes(600)), HoursLimit::ConsecutiveDays(5)]).unwrap();
        assert!((0..200).all(|at| hours(&days, monday.checked_add(jiff::Span::new().days(at)).unwrap(), 6) <= 50));
    }

    #[test]
    fn extra_hours_are_kept_as_far_as_the_average_allows() {
        let mut calendar = Calendar::standard();
        let long = vec![Shift { start_minute: 6 * 60, finish_minute: 18 * 60 }];
        calendar.exceptions.push(Exception { from: date(2026, 6, 1), to: date(2026, 6, 28), shifts: long });
        // Four weeks of 84 hours after weeks of 40: there is no room for more than 40 in any of them.
        let average = [HoursLimit::Average(Minutes(40 * 60), 4)];
        let cut = cut(&calendar, &average).unwrap();
        for day in 0..200 {
            let from = date(2026, 3, 2).checked_add(jiff::Span::new().days(day)).unwrap();
            assert!(hours(&cut, from, 28) <= 160, "{from}");
        }
        assert_eq!(hours(&cut, date(2026, 9, 7), 7), 40);
    }

    prop_compose! {
        fn calendars()(
            week in prop::collection::vec(prop::option::of((0u16..23, 1u16..24)), 7),
            special in prop::collection::vec((0i64..90, 0i64..9, prop::option::of((0u16..23, 1u16..24))), 0..4),
        ) -> Calendar {
            let shifts = |hours: Option<(u16, u16)>| -> Vec<Shift> {
                hours.map(|(from, length)| Shift { start_minute: from * 60, finish_minute: (from + length) * 60 }).into_iter().collect()
            };
            let day = |day: i64| date(2026, 3, 2).checked_add(jiff::Span::new().days(day)).unwrap();
            let mut days = week.into_iter().map(shifts);
            Calendar {
                id: "c".into(),
                week: std::array::from_fn(|_| days.next().unwrap()),
                exceptions: special.into_iter().map(|(from, more, hours)| Exception { from: day(from), to: day(from + more), shifts: shifts(hours) }).collect(),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Every limit counted minute by minute.
        #[test]
        fn what_is_kept_is_lawful_and_part_of_the_calendar(
            calendar in calendars(), day in 4i64..14, week in 20i64..60, rest in 8i64..13, weekly in 20i64..40, days in 2u16..7, average in 20i64..50,
        ) {
            let list = [
                HoursLimit::PerDay(Minutes(day * 60)), HoursLimit::PerWeek(Minutes(week * 60)), HoursLimit::DailyRest(Minutes(rest * 60)),
                HoursLimit::WeeklyRest(Minutes(weekly * 60)), HoursLimit::ConsecutiveDays(days), HoursLimit::Average(Minutes(average * 60), 3),
            ];
            let start = Moment::midnight(date(2026, 3, 2));
            let cut = lawful(&calendar, &limits(&list), date(2026, 3, 2), date(2026, 4, 1)).unwrap_or(calendar.clone());
            let end = Moment(start.0 + 240 * MINUTES_PER_DAY);
            let kept = cut.stretches(start, end);
            let whole = calendar.stretches(start, end);
            let hours = |from: i64, to: i64| -> i64 {
                kept.iter().map(|&(a, b)| (b.0.min(to) - a.0.max(from)).max(0)).sum()
            };
            for (a, b) in &kept {
                prop_assert!(whole.iter().any(|(from, to)| from <= a && b <= to), "{a} {b}");
            }
            let at = |day: i64| start.0 + day * MINUTES_PER_DAY;
            let mut run = 0;
            for number in 0..233 {
                let worked = hours(at(number), at(number + 1));
                prop_assert!(worked <= day * 60);
                run = if worked > 0 { run + 1 } else { 0 };
                prop_assert!(run <= i64::from(days), "{number}");
                if number % 7 == 0 {
                    prop_assert!(hours(at(number), at(number + 7)) <= week * 60);
                    let mut free = 0;
                    let mut at_minute = at(number);
                    for &(a, b) in kept.iter().filter(|(a, b)| b.0 > at(number) && a.0 < at(number + 7)) {
                        free = free.max(a.0 - at_minute);
                        at_minute = b.0;
                    }
                    free = free.max(at(number + 7) - at_minute);
                    prop_assert!(free >= weekly * 60, "week {number}: {free}");
                }
                prop_assert!(hours(at(number), at(number + 21)) <= average * 3 * 60 || number > 210);
            }
            for &(begin, _) in &kept {
                let mut free = 0;
                let mut at_minute = begin.0;
                for &(a, b) in kept.iter().filter(|(a, b)| b.0 > begin.0 && a.0 < begin.0 + MINUTES_PER_DAY) {
                    free = free.max(a.0 - at_minute);
                    at_minute = b.0;
                }
                free = free.max(begin.0 + MINUTES_PER_DAY - at_minute);
                prop_assert!(free >= rest * 60, "{begin}");
            }
        }
    }
}
