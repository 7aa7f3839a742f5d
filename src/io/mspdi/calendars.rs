//! Calendars in full: a derived calendar has the hours of its base where it has none of its own.

use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::elements::{Elements, NOT_CARRIED};
use super::model::CalendarRow;
use super::recurrence;
use crate::error::{Finding, Place};
use crate::io::midnight::{joined, within_day};
use crate::plan::Calendar;
use crate::plan::calendar::{Exception, Shift};
use crate::plan::draft::{Table, TableKind};
use crate::units::MINUTES_PER_DAY;

/// Calendars that may stand on each other.
const MOST_BASES: usize = 32;
/// Days that may be looked at for recurrences, work weeks and combined calendars.
const MOST_STEPS: usize = 4_000_000;
/// Minutes of a day.
const DAY: u16 = MINUTES_PER_DAY as u16;

/// A calendar that somebody uses, by its position among them.
pub(super) type Known = usize;

/// The calendars of a file, built when they are asked for.
pub(super) struct Calendars<'m, 'a> {
    rows: &'m [CalendarRow<'a>],
    by_uid: FxHashMap<i64, usize>,
    built: Vec<(u32, Calendar)>,
    known: FxHashMap<usize, Known>,
    combined: FxHashMap<(Vec<Known>, Option<Known>), Known>,
    names: FxHashSet<String>,
    span: (Date, Date),
    week_start: i64,
    steps: usize,
    is_cut: bool,
    standard: Option<Known>,
}

impl<'m, 'a> Calendars<'m, 'a> {
    /// The calendars of a file whose dates lie in a span.
    pub(super) fn new(
        rows: &'m [CalendarRow<'a>],
        span: (Date, Date),
        week_start: i64,
        elements: &mut Elements<'_>,
    ) -> Calendars<'m, 'a> {
        let mut by_uid = FxHashMap::default();
        for (at, row) in rows.iter().enumerate() {
            if let Some(uid) = row.uid
                && by_uid.insert(uid, at).is_some()
            {
                let text = format!("two calendars have the number `{uid}`");
                elements.tally.push(Finding::error("duplicate-id", Place::cell(elements.file, row.line, "UID"), text));
            }
        }
        // The name of the built-in calendar cannot be given to another.
        let names = FxHashSet::from_iter([Calendar::TWENTY_FOUR_HOURS.to_owned()]);
        Calendars {
            rows,
            by_uid,
            built: Vec::new(),
            known: FxHashMap::default(),
            combined: FxHashMap::default(),
            names,
            span,
            week_start,
            steps: MOST_STEPS,
            is_cut: false,
            standard: None,
        }
    }

    /// The calendar with this number, or the one it stands on if it has nothing of its own; `None` if there is none.
    pub(super) fn find(&mut self, uid: i64) -> Option<Known> {
        let mut at = *self.by_uid.get(&uid)?;
        // Calendars of people as a rule only repeat their base.
        for _ in 0..MOST_BASES {
            let row = self.rows.get(at)?;
            let is_bare =
                row.week.iter().all(Option::is_none) && row.exceptions.is_empty() && row.work_weeks.is_empty();
            match row.base.and_then(|base| self.by_uid.get(&base)) {
                Some(&base) if is_bare => at = base,
                _ => break,
            }
        }
        if let Some(&known) = self.known.get(&at) {
            return Some(known);
        }
        let calendar = self.build(at);
        let known = self.add(self.rows.get(at)?.line, calendar);
        self.known.insert(at, known);
        Some(known)
    }

    /// The usual office hours, for files that have no calendar.
    pub(super) fn standard(&mut self, line: u32) -> Known {
        match self.standard {
            Some(known) => known,
            None => {
                let known = self.add(line, Calendar { id: "Standard".into(), ..Calendar::standard() });
                self.standard = Some(known);
                known
            }
        }
    }

    /// A calendar.
    pub(super) fn get(&self, known: Known) -> Option<&Calendar> {
        self.built.get(known).map(|(_, calendar)| calendar)
    }

    /// The name of a calendar.
    pub(super) fn name(&self, known: Known) -> &str {
        self.get(known).map_or("", |calendar| &calendar.id)
    }

    /// The calendar that works when any of several does, and another one besides if there is one.
    pub(super) fn combine(&mut self, mut members: Vec<Known>, within: Option<Known>) -> Known {
        members.sort_unstable();
        members.dedup();
        if let ([only], None) = (members.as_slice(), within) {
            return *only;
        }
        let key = (members, within);
        if let Some(&known) = self.combined.get(&key) {
            return known;
        }
        let calendar = self.combination(&key.0, within);
        let line = key.0.first().and_then(|&first| self.built.get(first)).map_or(1, |(line, _)| *line);
        let known = self.add(line, calendar);
        self.combined.insert(key, known);
        known
    }

    fn add(&mut self, line: u32, calendar: Calendar) -> Known {
        let wanted = if calendar.id.is_empty() { "calendar" } else { &*calendar.id };
        let is_built_in = calendar == Calendar::twenty_four_hours();
        let id = if is_built_in { wanted.to_owned() } else { unique(wanted, &mut self.names) };
        self.built.push((line, Calendar { id: id.into(), ..calendar }));
        self.built.len() - 1
    }

    /// A calendar with all that it has from those it stands on.
    fn build(&mut self, at: usize) -> Calendar {
        let rows = self.rows;
        let mut chain: Vec<&CalendarRow<'_>> = Vec::new();
        let mut next = Some(at);
        while let Some(row) = next.and_then(|at| rows.get(at)) {
            // Calendars that stand on each other end where they began.
            if chain.len() == MOST_BASES || chain.iter().any(|it| std::ptr::eq(*it, row)) {
                break;
            }
            chain.push(row);
            next = row.base.and_then(|base| self.by_uid.get(&base)).copied();
        }
        let mut week: [Option<Vec<Shift>>; 7] = Default::default();
        let mut exceptions = Vec::new();
        for row in chain.iter().rev() {
            for (day, own) in week.iter_mut().zip(&row.week) {
                if own.is_some() {
                    day.clone_from(own);
                }
            }
            self.add_exceptions(row, &mut exceptions);
        }
        let week = if week.iter().all(Option::is_none) {
            Calendar::standard().week
        } else {
            week.map(Option::unwrap_or_default)
        };
        let id = chain.first().map_or("", |row| &*row.name).into();
        Calendar { id, week, exceptions }
    }

    /// Work weeks give way to recurring exceptions, and these to those for single dates.
    fn add_exceptions(&mut self, row: &CalendarRow<'_>, exceptions: &mut Vec<Exception>) {
        for week in &row.work_weeks {
            let (from, to) = (week.from.max(self.span.0), week.to.min(self.span.1));
            for date in from.series(1.day()).take_while(|date| *date <= to) {
                if !self.step() {
                    break;
                }
                let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
                let shifts = week.week.get(weekday).cloned().unwrap_or_default();
                exceptions.push(Exception { from: date, to: date, shifts });
            }
        }
        let is_single = |it: &&super::model::ExceptionRow| it.recurrence == super::model::Recurrence::Daily;
        let recurring = row.exceptions.iter().filter(|it| !is_single(it));
        for exception in recurring.chain(row.exceptions.iter().filter(is_single)) {
            match recurrence::dates(exception, self.span, self.week_start, &mut self.steps) {
                Some(dates) => exceptions.extend(dates.into_iter().map(|(from, to)| Exception {
                    from,
                    to,
                    shifts: exception.shifts.clone(),
                })),
                None => self.is_cut = true,
            }
        }
    }

    /// Takes a step; false if there are none left.
    fn step(&mut self) -> bool {
        match self.steps.checked_sub(1) {
            Some(left) => self.steps = left,
            None => self.is_cut = true,
        }
        !self.is_cut
    }

    fn combination(&mut self, members: &[Known], within: Option<Known>) -> Calendar {
        let shown: Vec<&str> = members.iter().take(3).map(|&member| self.name(member)).collect();
        let mut id = shown.join(" or ");
        if members.len() > shown.len() {
            let _ = write!(id, " or {} more", members.len() - shown.len());
        }
        if let Some(within) = within {
            let _ = write!(id, " within {}", self.name(within));
        }
        let week: [Vec<Shift>; 7] = std::array::from_fn(|weekday| {
            let hours = |known: Known| {
                let week = self.get(known).map(|calendar| &calendar.week);
                let day = |at: usize| week.and_then(|week| week.get(at)).map_or(&[][..], Vec::as_slice);
                within_day(day(weekday), day((weekday + 6) % 7))
            };
            any_within(members.iter().map(|&member| hours(member)), within.map(hours))
        });
        let mut dates: Vec<Date> = Vec::new();
        for &known in members.iter().chain(&within) {
            let ranges: Vec<(Date, Date)> = self
                .get(known)
                .map_or(&[][..], |calendar| &calendar.exceptions)
                .iter()
                .map(|it| (it.from.max(self.span.0), it.to.min(self.span.1)))
                .collect();
            for (from, to) in ranges {
                // A shift of the last day may reach into the next.
                let to = to.tomorrow().unwrap_or(to);
                dates.extend(from.series(1.day()).take_while(|date| *date <= to && self.step()));
            }
        }
        dates.sort_unstable();
        dates.dedup();
        let mut exceptions: Vec<Exception> = Vec::new();
        for date in dates {
            let mut cost = 1;
            let shifts = {
                let mut hours = |known: Known| {
                    let Some(calendar) = self.get(known) else { return Vec::new() };
                    cost += calendar.exceptions.len();
                    let before = date.yesterday().map_or(&[][..], |before| calendar.shifts_on(before));
                    within_day(calendar.shifts_on(date), before)
                };
                let within = within.map(&mut hours);
                any_within(members.iter().map(|&member| hours(member)), within)
            };
            self.steps = self.steps.saturating_sub(cost / 8);
            if !self.step() {
                break;
            }
            match exceptions.last_mut() {
                Some(last) if last.shifts == shifts && last.to.tomorrow().is_ok_and(|next| next == date) => {
                    last.to = date;
                }
                _ => exceptions.push(Exception { from: date, to: date, shifts }),
            }
        }
        Calendar { id: id.into(), week, exceptions }
    }

    /// The table of the calendars in use.
    pub(super) fn table(&self, elements: &mut Elements<'_>) -> Table {
        let mut table = Table::new(TableKind::Calendars, elements.file, ["calendar", "day", "hours"]);
        if self.is_cut {
            let text =
                "calendars have more recurring exceptions or work weeks than are spelled out; the rest is left out";
            elements.tally.push(Finding::warning("too-many-exceptions", Place::file(elements.file), text));
        }
        let is_base = |row: &CalendarRow<'_>| row.base.and_then(|base| self.by_uid.get(&base)).is_none();
        let is_unused = |at: usize, row: &CalendarRow<'_>| is_base(row) && !self.known.contains_key(&at);
        for (_, row) in self.rows.iter().enumerate().filter(|(at, row)| is_unused(*at, row)) {
            let words = ("calendars that nothing uses", "are left out");
            elements.remarks.count(NOT_CARRIED, words, row.line, || format!("`{}`", row.name));
        }
        for (line, calendar) in self.built.iter().filter(|(_, it)| &*it.id != Calendar::TWENTY_FOUR_HOURS) {
            for (day, shifts) in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].into_iter().zip(&calendar.week) {
                table.push_row(*line, [&*calendar.id, day, &hours_cell(shifts)]);
            }
            for Exception { from, to, shifts } in &calendar.exceptions {
                let day = if from == to { from.to_string() } else { format!("{from}..{to}") };
                table.push_row(*line, [&*calendar.id, &day, &hours_cell(shifts)]);
            }
        }
        table
    }
}

/// A name that is not taken yet; it is taken then.
pub(super) fn unique(wanted: &str, taken: &mut FxHashSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2u32;
    while !taken.insert(name.clone()) {
        name = format!("{wanted} ({number})");
        number += 1;
    }
    name
}

/// The time in any of several lists, and in another one if there is one.
fn any_within(lists: impl Iterator<Item = Vec<Shift>>, within: Option<Vec<Shift>>) -> Vec<Shift> {
    let all = joined(lists.flatten().collect());
    let Some(within) = within else { return all };
    let mut both = Vec::new();
    for a in &all {
        for b in &within {
            let common = Shift {
                start_minute: a.start_minute.max(b.start_minute),
                finish_minute: a.finish_minute.min(b.finish_minute),
            };
            if common.start_minute < common.finish_minute {
                both.push(common);
            }
        }
    }
    both
}

/// `08:00-12:00;13:00-17:00`, `24h` or `off`.
fn hours_cell(shifts: &[Shift]) -> String {
    let mut cell = String::new();
    let mut push = |from: u16, to: u16| {
        let separator = if cell.is_empty() { "" } else { ";" };
        let (from_hour, to) = (from / 60, to % DAY);
        // Writing to a string cannot fail.
        let _ = write!(cell, "{separator}{from_hour:02}:{:02}-{:02}:{:02}", from % 60, to / 60, to % 60);
    };
    for &Shift { start_minute, finish_minute } in shifts {
        if (start_minute, finish_minute) == (0, DAY) {
            return "24h".to_owned();
        }
        // A shift that lasts the clock round is written in two.
        let middle = start_minute + (DAY.saturating_sub(start_minute)) / 2;
        if finish_minute.saturating_sub(start_minute) >= DAY && middle > start_minute {
            push(start_minute, middle);
            push(middle, finish_minute.min(start_minute + DAY));
        } else {
            push(start_minute, finish_minute);
        }
    }
    if cell.is_empty() { "off".to_owned() } else { cell }
}
