//! Calendars and their hours, `clndr_data`.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::Date;

use super::Writer;
use super::rows::{cell, flag, hours};
use crate::index::Id;
use crate::io::midnight::{CivilDays, civil_days};
use crate::plan::calendar::{Exception, Shift};
use crate::plan::draft::TableKind;
use crate::plan::{Calendar, CalendarId};

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
            let (data, is_cut) = data(calendar);
            if is_cut {
                let words =
                    ("calendars have more dates with hours of their own than are written;", "the rest is left out");
                self.losses.warn((TableKind::Calendars, "hours"), words, &calendar.id);
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

/// The text, and whether there are more dates with hours of their own than are written.
fn data(calendar: &Calendar) -> (String, bool) {
    let CivilDays { week, exceptions, mut is_cut } = civil_days(calendar);
    // Writing to a string cannot fail.
    let mut out = String::from("(0||CalendarData()((0||DaysOfWeek()(");
    for number in 1..=7_usize {
        let _ = write!(out, "(0||{number}()(");
        push_shifts(&mut out, &week[(number + 5) % 7]);
        out.push_str("))");
    }
    out.push_str("))(0||VIEW(ShowTotal|N)())(0||Exceptions()(");
    let epoch = Date::constant(1899, 12, 30);
    let mut at = 0;
    for Exception { from, to, shifts } in &exceptions {
        for date in from.series(1.day()).take_while(|date| date <= to) {
            if at == MOST_DATES {
                is_cut = true;
                break;
            }
            let serial = date.duration_since(epoch).as_hours() / 24;
            let _ = write!(out, "(0||{at}(d|{serial})(");
            push_shifts(&mut out, shifts);
            out.push_str("))");
            at += 1;
        }
    }
    out.push_str("))))");
    (out, is_cut)
}

fn push_shifts(out: &mut String, shifts: &[Shift]) {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    for (at, shift) in shifts.iter().enumerate() {
        let (start, finish) = (clock(shift.start_minute), clock(shift.finish_minute));
        let _ = write!(out, "(0||{at}(s|{start}|f|{finish})())");
    }
}
