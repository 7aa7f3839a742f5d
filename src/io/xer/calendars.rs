//! Calendars: the grammar of `clndr_data`, what calendars inherit, and their rows in calendars.csv.
//!
//! `(0||CalendarData()((0||DaysOfWeek()((0||2()((0||0(s|08:00|f|16:00)()))...))(0||Exceptions()((0||0(d|40179)())...))))`:
//! records of a name, attributes and records below; days are numbered from Sunday, dates counted from 1899-12-30.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::ids::Taken;
use super::read::Count;
use super::rows::record;
use super::values;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::plan::Calendar;
use crate::plan::draft::{Table, TableKind};

record! {
    /// A row of CALENDAR.
    CalendarRow of "CALENDAR" {
        clndr_id, clndr_name, default_flag, base_clndr_id, day_hr_cnt, week_hr_cnt, month_hr_cnt, clndr_data,
    }
}

/// First minute of a shift and the minute after its last.
type Shift = (u16, u16);
const DAY: u16 = 24 * 60;
/// 9999-12-31 in days from 1899-12-30.
const LAST_DAY: i64 = 2_958_465;

/// What `clndr_data` says.
#[derive(Clone, Debug, Default, PartialEq)]
struct Hours {
    /// Monday first; `None` if the days of the week are not there.
    week: Option<[Vec<Shift>; 7]>,
    exceptions: BTreeMap<i64, Vec<Shift>>,
}

/// All calendars of the file.
pub(super) struct Calendars<'a> {
    rows: Vec<CalendarRow<'a>>,
    by_id: FxHashMap<&'a str, usize>,
    names: Vec<String>,
    used: Vec<bool>,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Group,
    Other,
    Week,
    Day(usize),
    Exceptions,
    Exception,
    WeekShift(usize),
    DateShift,
}

impl<'a> Calendars<'a> {
    pub(super) fn new(rows: Vec<CalendarRow<'a>>) -> Self {
        let mut by_id = FxHashMap::default();
        let mut names: Vec<String> = Vec::with_capacity(rows.len());
        let mut taken = Taken::default();
        taken.unique("24h".to_owned());
        taken.unique("none".to_owned());
        for (at, row) in rows.iter().enumerate() {
            by_id.entry(row.clndr_id).or_insert(at);
            let name = values::name(row.clndr_name);
            let name = if name.is_empty() { format!("calendar {}", row.clndr_id) } else { name.into_owned() };
            names.push(if is_built_in(row, &name) { name } else { taken.unique(name) });
        }
        let used = vec![false; rows.len()];
        Calendars { rows, by_id, names, used }
    }

    /// The position of a calendar by its `clndr_id`.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The calendar to take where none is named.
    pub(super) fn default(&self) -> Option<usize> {
        self.rows.iter().position(|row| row.default_flag == "Y").or(if self.rows.is_empty() { None } else { Some(0) })
    }

    pub(super) fn row(&self, at: usize) -> &CalendarRow<'a> {
        &self.rows[at]
    }

    /// The name of a calendar, which is written to calendars.csv from now on.
    pub(super) fn use_name(&mut self, at: usize) -> &str {
        self.used[at] = true;
        &self.names[at]
    }

    /// The rows of the calendars that are used.
    pub(super) fn table(&self, file: &str, found: &mut Tally) -> Table {
        let mut table = Table::new(TableKind::Calendars, file, ["calendar", "day", "hours"]);
        let mut unused = Count::default();
        (0..self.rows.len()).filter(|&at| !self.used[at]).for_each(|at| unused.add(&self.names[at]));
        unused.note("not-carried", "calendars that nothing uses are left out", file, found);
        let is_written = |at: &usize| self.used[*at] && self.names[*at] != Calendar::TWENTY_FOUR_HOURS;
        for at in (0..self.rows.len()).filter(is_written) {
            let (line, name) = (self.rows[at].line, self.names[at].as_str());
            let hours = self.resolve(at, file, found);
            const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            for (day, shifts) in NAMES.iter().zip(hours.week.unwrap_or_default()) {
                table.push_row(line, [name, day, &shown(&shifts)]);
            }
            let mut exceptions = hours.exceptions.into_iter().peekable();
            while let Some((from, shifts)) = exceptions.next() {
                let mut to = from;
                while exceptions.next_if(|(day, next)| *day == to + 1 && *next == shifts).is_some() {
                    to += 1;
                }
                let (Some(from_date), Some(to_date)) = (civil(from), civil(to)) else { continue };
                let days = if from == to { from_date.to_string() } else { format!("{from_date}..{to_date}") };
                table.push_row(line, [name, &days, &shown(&shifts)]);
            }
        }
        table
    }

    /// The hours of a calendar with those of the calendars it is based on: its own week if it has one, and the exceptions
    /// of all of them, those of its own counting most.
    fn resolve(&self, at: usize, file: &str, found: &mut Tally) -> Hours {
        let mut chain = vec![at];
        let mut last = at;
        while let Some(base) = Some(self.rows[last].base_clndr_id).filter(|base| !base.is_empty()) {
            let place = || Place::cell(file, self.rows[last].line, "base_clndr_id");
            match self.find(base) {
                Some(next) if !chain.contains(&next) => chain.push(next),
                Some(_) => {
                    let text = format!("calendar `{}` is based on itself", self.names[at]);
                    found.push(Finding::warning("calendar-cycle", place(), text));
                    break;
                }
                None => {
                    let text = format!("the base calendar {base} of `{}` is not in the file", self.names[last]);
                    found.push(Finding::warning("unknown-calendar", place(), text));
                    break;
                }
            }
            last = chain[chain.len() - 1];
        }
        let mut all = Hours::default();
        for &member in chain.iter().rev() {
            let row = &self.rows[member];
            let (own, faults) = parse(row.clndr_data);
            if member == at {
                for fault in faults {
                    let text = format!("calendar `{}`: {fault}", self.names[at]);
                    found.push(Finding::warning("bad-calendar-data", Place::cell(file, row.line, "clndr_data"), text));
                }
            }
            all.week = own.week.or(all.week);
            all.exceptions.extend(own.exceptions);
        }
        if all.week.is_none() {
            let row = &self.rows[at];
            let week = usual_week(row);
            let text = format!(
                "calendar `{}` does not say its working hours; {} from Monday on are taken, by its hours a day and a week",
                self.names[at],
                week.iter().find(|day| !day.is_empty()).map_or("no hours".to_owned(), |day| shown(day)),
            );
            found.push(Finding::warning("calendar-without-hours", Place::row(file, row.line), text));
            all.week = Some(week);
        }
        all
    }
}

/// True for the built-in calendar that always works.
fn is_built_in(row: &CalendarRow<'_>, name: &str) -> bool {
    let all_day = || std::array::from_fn(|_| vec![(0, DAY)]);
    name == Calendar::TWENTY_FOUR_HOURS
        && parse(row.clndr_data).0 == Hours { week: Some(all_day()), exceptions: BTreeMap::new() }
}

/// As many days from Monday on as the hours a week have hours a day.
fn usual_week(row: &CalendarRow<'_>) -> [Vec<Shift>; 7] {
    let a_day = values::minutes(row.day_hr_cnt).filter(|minutes| (1..=1440).contains(minutes)).unwrap_or(480);
    let a_week = values::minutes(row.week_hr_cnt).filter(|minutes| *minutes > 0).unwrap_or(a_day * 5);
    let days = ((a_week + a_day / 2) / a_day).clamp(1, 7) as usize;
    let start = if a_day > 16 * 60 { 0 } else { 8 * 60 };
    let shift = (start as u16, (start + a_day) as u16);
    std::array::from_fn(|day| if day < days { vec![shift] } else { Vec::new() })
}

/// The date of a day counted from 1899-12-30.
fn civil(day: i64) -> Option<Date> {
    Date::constant(1899, 12, 30).checked_add(jiff::Span::new().try_days(day).ok()?).ok()
}

/// A day's shifts as calendars.csv has them.
fn shown(shifts: &[Shift]) -> String {
    if shifts.is_empty() {
        return "off".to_owned();
    }
    if shifts == [(0, DAY)] {
        return "24h".to_owned();
    }
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let parts: Vec<String> = shifts.iter().map(|&(start, end)| format!("{}-{}", clock(start), clock(end))).collect();
    parts.join(";")
}

/// Reads `clndr_data`, whatever its layout.
///
/// # Returns
/// What it says, and what is wrong with it.
fn parse(data: &str) -> (Hours, Vec<String>) {
    let mut hours = Hours::default();
    let mut faults: Vec<String> = Vec::new();
    let mut stack: Vec<Part> = Vec::new();
    // The date of the exception that is read.
    let mut date: Option<i64> = None;
    let mut overlaps = false;
    let mut rest = data;
    while let Some(at) = rest.find(['(', ')']) {
        let (is_open, after) = (rest.as_bytes()[at] == b'(', &rest[at + 1..]);
        rest = after;
        if !is_open {
            stack.pop();
            continue;
        }
        let end = after.find(['(', ')']).unwrap_or(after.len());
        let text = after[..end].trim_matches(|c: char| c.is_whitespace() || c.is_control());
        let around = stack.iter().rev().copied().find(|part| *part != Part::Group).unwrap_or(Part::Other);
        if let Some((_, name)) = text.split_once("||") {
            let part = match (name.trim(), around) {
                ("DaysOfWeek", _) => {
                    hours.week.get_or_insert_default();
                    Part::Week
                }
                ("Exceptions", _) => Part::Exceptions,
                (name, Part::Week) => match name.parse::<usize>() {
                    Ok(day @ 1..=7) => Part::Day((day + 5) % 7),
                    _ => {
                        faults.push(format!("`{}` is no day of the week from 1 to 7", few(name)));
                        Part::Other
                    }
                },
                (_, Part::Exceptions) => {
                    date = None;
                    Part::Exception
                }
                (_, Part::Day(day)) => Part::WeekShift(day),
                (_, Part::Exception) => Part::DateShift,
                _ => Part::Other,
            };
            stack.push(part);
            continue;
        }
        if !text.is_empty() {
            match around {
                Part::Exception => {
                    let serial = attribute(text, "d").and_then(|day| day.parse().ok());
                    date = serial.filter(|day| (0..=LAST_DAY).contains(day));
                    match date {
                        Some(day) => {
                            hours.exceptions.insert(day, Vec::new());
                        }
                        None => faults.push(format!("`{}` is no date of an exception", few(text))),
                    }
                }
                Part::WeekShift(_) | Part::DateShift => match shift(text) {
                    Some(shift) => {
                        let day = match around {
                            Part::WeekShift(day) => hours.week.as_mut().map(|week| &mut week[day]),
                            _ => date.and_then(|date| hours.exceptions.get_mut(&date)),
                        };
                        overlaps |= day.is_some_and(|shifts| add(shifts, shift));
                    }
                    None => faults.push(format!("`{}` are no hours; expected `s|08:00|f|12:00`", few(text))),
                },
                _ => {}
            }
        }
        stack.push(Part::Group);
    }
    if !stack.is_empty() {
        faults.push("its data ends too early".to_owned());
    }
    if overlaps {
        faults.push("some of its hours overlap and were joined".to_owned());
    }
    if faults.len() > 5 {
        let more = faults.len() - 4;
        faults.truncate(4);
        faults.push(format!("{more} more faults like these"));
    }
    (hours, faults)
}

/// The beginning of a text for a message.
fn few(text: &str) -> String {
    text.chars().take(30).collect()
}

/// The value behind a name in `s|08:00|f|12:00`.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = text.split('|').map(str::trim);
    while let Some(part) = parts.next() {
        let value = parts.next();
        if part.eq_ignore_ascii_case(name) {
            return value;
        }
    }
    None
}

fn shift(text: &str) -> Option<Shift> {
    let (start, finish) = (clock(attribute(text, "s")?)?, clock(attribute(text, "f")?)?);
    // Midnight as a finish ends the day.
    let finish = if finish <= start { finish + DAY } else { finish };
    (start < DAY).then_some((start, finish))
}

/// `08:00`, `8:00`, `8:00 PM`, `24:00`.
fn clock(text: &str) -> Option<u16> {
    let lower = text.to_ascii_lowercase();
    let (plain, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(plain), _) => (plain.trim(), Some(0)),
        (_, Some(plain)) => (plain.trim(), Some(12)),
        _ => (lower.trim(), None),
    };
    let mut parts = plain.split(':');
    let (hour, minute) = (parts.next()?.parse::<u16>().ok()?, parts.next()?.parse::<u16>().ok()?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    ((hour < 24 && minute < 60) || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
}

/// Adds a shift in its place, joined with those it touches.
///
/// # Returns
/// True if it overlapped one.
fn add(shifts: &mut Vec<Shift>, (mut start, mut end): Shift) -> bool {
    let overlaps = shifts.iter().any(|&(from, to)| start < to && from < end);
    if overlaps {
        shifts.retain(|&(from, to)| {
            let joins = start < to && from < end;
            if joins {
                (start, end) = (start.min(from), end.max(to));
            }
            !joins
        });
        // Never more than a day.
        end = end.min(start + DAY);
    }
    let at = shifts.partition_point(|&(from, _)| from < start);
    shifts.insert(at, (start, end));
    overlaps
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = "(0||CalendarData()(\u{7f}\u{7f}  (0||DaysOfWeek()((0||1()())(0||2()((0||0(f|12:00|s|8:00)())\
        (0||1(s|13:00|f|00:00)())))(0||3()())(0||7()((0||0(s|00:00|f|00:00)())))))\
        (0||VIEW(ShowTotal|N)())(0||Exceptions()((0||0(d|46000)())(0||1(d|46001)((0||0(s|09:00|f|10:00)())))))))";

    #[test]
    fn data_in_any_layout_and_order_is_understood() {
        let (hours, faults) = parse(DATA);
        assert_eq!(faults, Vec::<String>::new());
        let week = hours.week.unwrap_or_default().map(|day| shown(&day));
        assert_eq!(week, ["08:00-12:00;13:00-00:00", "off", "off", "off", "off", "24h", "off"]);
        let exceptions: Vec<_> =
            hours.exceptions.iter().map(|(&day, shifts)| (civil(day).map(|d| d.to_string()), shown(shifts))).collect();
        let day = |text: &str| Some(text.to_owned());
        assert_eq!(exceptions, [(day("2025-12-09"), "off".to_owned()), (day("2025-12-10"), "09:00-10:00".to_owned())]);
    }

    #[test]
    fn cut_data_says_so_and_overlaps_are_joined() {
        let (hours, faults) = parse("(0||CalendarData()(");
        assert_eq!((hours.week, faults.len()), (None, 1));
        let (hours, faults) =
            parse("(0||D()((0||DaysOfWeek()((0||2()((0||0(s|08:00|f|12:00)())(0||1(s|11:00|f|13:00)())))))))");
        assert_eq!(hours.week.unwrap_or_default()[0], [(480, 780)]);
        assert_eq!(faults, ["some of its hours overlap and were joined"]);
    }

    #[test]
    fn a_calendar_has_the_exceptions_of_its_base_and_its_own_week() {
        let base = "(0||C()((0||DaysOfWeek()((0||2()((0||0(s|08:00|f|16:00)())))))(0||Exceptions()((0||0(d|46000)())\
            (0||0(d|46001)())))))";
        let own = "(0||C()((0||DaysOfWeek()((0||3()((0||0(s|08:00|f|10:00)())))))(0||Exceptions()\
            ((0||0(d|46001)((0||0(s|09:00|f|10:00)())))))))";
        let row = |id, base_clndr_id, clndr_data| CalendarRow {
            clndr_id: id,
            clndr_name: "24h",
            base_clndr_id,
            clndr_data,
            ..CalendarRow::default()
        };
        let mut calendars = Calendars::new(vec![row("1", "", base), row("2", "1", own)]);
        assert_eq!(calendars.use_name(1), "24h (3)");
        let mut found = Tally::new("t.xer");
        let table = calendars.table("t.xer", &mut found);
        let cells: Vec<String> = (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(cells[1], "24h (3) tue 08:00-10:00");
        assert_eq!(cells[7..], ["24h (3) 2025-12-09 off", "24h (3) 2025-12-10 09:00-10:00"]);
    }
}
