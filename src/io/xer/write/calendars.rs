//! Calendars and their hours, `clndr_data`.

use std::fmt::Write;

use super::Writer;
use super::rows::{cell, flag, hours};
use crate::index::Id;
use crate::plan::calendar::Shift;
use crate::plan::{Calendar, CalendarId};
use crate::units::MINUTES_PER_DAY;

/// Dates that are written of all exceptions of a calendar.
const MOST_DATES: usize = 20_000;

impl Writer<'_> {
    pub(super) fn calendars(&mut self) {
        let project = self.plan.project();
        self.table(
            "CALENDAR",
            &[
                "clndr_id",
                "default_flag",
                "clndr_name",
                "clndr_type",
                "day_hr_cnt",
                "week_hr_cnt",
                "month_hr_cnt",
                "rsrc_private",
                "clndr_data",
            ],
        );
        for id in self.plan.calendars().ids() {
            let calendar: &Calendar = &self.plan.calendars()[id];
            let (data, is_changed) = data(calendar);
            if is_changed {
                self.losses.add("calendars have dates with hours past midnight, or too many dates", &calendar.id);
            }
            let number = (id.index() + 1).to_string();
            let counts = [project.minutes_per_day, project.minutes_per_week, project.minutes_per_month].map(hours);
            let is_default = flag(id == project.calendar);
            self.row(&[
                &number,
                is_default,
                &cell(&calendar.id),
                "CA_Base",
                &counts[0],
                &counts[1],
                &counts[2],
                "N",
                &data,
            ]);
        }
    }

    pub(super) fn round_the_clock(&self) -> CalendarId {
        let calendars = self.plan.calendars();
        let always = |id: &CalendarId| &*calendars[*id].id == Calendar::TWENTY_FOUR_HOURS;
        calendars.ids().find(always).unwrap_or(self.plan.project().calendar)
    }
}

/// The text, and whether some of the hours could not be written as they are.
fn data(calendar: &Calendar) -> (String, bool) {
    let day = MINUTES_PER_DAY as u16;
    let mut is_changed = false;
    let mut week: [Vec<(u16, u16)>; 7] = Default::default();
    for (at, shifts) in calendar.week.iter().enumerate() {
        for shift in shifts {
            week[at].push((shift.start_minute, shift.finish_minute.min(day)));
            // P6 has no hours past midnight: they belong to the next day.
            if shift.finish_minute > day {
                week[(at + 1) % 7].push((0, shift.finish_minute - day));
            }
        }
    }
    // Writing to a string cannot fail.
    let mut out = String::from("(0||CalendarData()((0||DaysOfWeek()(");
    for number in 1..=7_usize {
        let shifts = &mut week[(number + 5) % 7];
        shifts.sort_unstable();
        let _ = write!(out, "(0||{number}()(");
        push_shifts(&mut out, shifts);
        out.push_str("))");
    }
    out.push_str("))(0||VIEW(ShowTotal|N)())(0||Exceptions()(");
    let mut dates: std::collections::BTreeMap<jiff::civil::Date, &[Shift]> = Default::default();
    for exception in &calendar.exceptions {
        let mut date = exception.from;
        while date <= exception.to {
            if dates.len() >= MOST_DATES {
                is_changed = true;
                break;
            }
            dates.insert(date, &exception.shifts);
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
    }
    let epoch = jiff::civil::Date::constant(1899, 12, 30);
    for (at, (date, shifts)) in dates.iter().enumerate() {
        let serial = date.duration_since(epoch).as_hours() / 24;
        let _ = write!(out, "(0||{at}(d|{serial})(");
        is_changed |= shifts.iter().any(|shift| shift.finish_minute > day);
        let shifts: Vec<(u16, u16)> =
            shifts.iter().map(|shift| (shift.start_minute, shift.finish_minute.min(day))).collect();
        push_shifts(&mut out, &shifts);
        out.push_str("))");
    }
    out.push_str("))))");
    (out, is_changed)
}

fn push_shifts(out: &mut String, shifts: &[(u16, u16)]) {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    for (at, &(start, finish)) in shifts.iter().enumerate() {
        let _ = write!(out, "(0||{at}(s|{}|f|{})())", clock(start), clock(finish));
    }
}
