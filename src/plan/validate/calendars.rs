//! calendars.csv, and the built-in calendars.

use super::cells::Cells;
use super::report::Report;
use crate::index::{Id, IdVec};
use crate::plan::calendar::Exception;
use crate::plan::draft::{DateOrder, Table};
use crate::plan::notation::{DayCell, Fault, Names, parse_day, parse_hours};
use crate::plan::{Calendar, CalendarId};

/// All calendars of a plan.
pub(super) struct Calendars<'a> {
    pub list: IdVec<CalendarId, Calendar>,
    names: Names<'a, CalendarId>,
    pub standard: CalendarId,
    pub twenty_four_hours: CalendarId,
}

impl Calendars<'_> {
    /// The calendar of a cell; `None` for the word `none`.
    ///
    /// # Errors
    /// Rule `unknown-calendar`.
    pub fn find(&self, name: &str) -> Result<Option<CalendarId>, Fault> {
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(name));
        if let Some(id) = self.names.find(name) {
            Ok(Some(id))
        } else if is(&["standard"]) {
            Ok(Some(self.standard))
        } else if is(&["24h", "24 hours"]) {
            Ok(Some(self.twenty_four_hours))
        } else if is(&["none"]) {
            Ok(None)
        } else {
            Err(Fault::new("unknown-calendar", "no such calendar"))
        }
    }
}

/// Reads the calendars.
pub(super) fn read<'a>(table: Option<&'a Table>, order: Option<DateOrder>, report: &mut Report) -> Calendars<'a> {
    let mut drafts = vec![Draft::new(Calendar::standard()), Draft::new(Calendar::twenty_four_hours())];
    let (standard, twenty_four_hours) = (CalendarId::new(0), CalendarId::new(1));
    let mut names = Names::default();
    names.insert(Calendar::STANDARD, standard);
    names.insert(Calendar::TWENTY_FOUR_HOURS, twenty_four_hours);
    if let Some(table) = table {
        let (ids, days, hours) = (Cells::of(table, "calendar"), Cells::of(table, "day"), Cells::of(table, "hours"));
        for row in 0..table.len() {
            let name = ids.text(row);
            if name.is_empty() {
                if ids.exist() {
                    ids.fault(row, report, Fault::new("empty-id", "every row needs the name of its calendar"));
                }
                continue;
            }
            if name == Calendar::TWENTY_FOUR_HOURS {
                ids.fault(
                    row,
                    report,
                    Fault::new("reserved-calendar", "the built-in calendar `24h` cannot be changed"),
                );
                continue;
            }
            let id = names.find(name).unwrap_or_else(|| {
                drafts.push(Draft::new(Calendar { id: name.into(), week: Default::default(), exceptions: Vec::new() }));
                let id = CalendarId::new(drafts.len() - 1);
                names.insert(name, id);
                id
            });
            drafts[id.index()].read_row(table, row, (days, hours), order, report);
        }
    }
    // A calendar of dates alone has the standard week.
    let (first, rest) = drafts.split_at_mut(1);
    let standard_week = &mut first[0];
    if standard_week.lines == [None; 7] {
        standard_week.calendar.week = Calendar::standard().week;
    }
    for draft in rest.iter_mut().skip(1).filter(|draft| draft.lines == [None; 7]) {
        draft.calendar.week = standard_week.calendar.week.clone();
    }
    let list: Vec<Calendar> = drafts.into_iter().map(|draft| draft.calendar).collect();
    Calendars { list: IdVec::from(list), names, standard, twenty_four_hours }
}

/// A calendar in the making, with the lines that name each weekday.
struct Draft {
    calendar: Calendar,
    lines: [Option<u32>; 7],
}

impl Draft {
    fn new(calendar: Calendar) -> Draft {
        Draft { calendar, lines: [None; 7] }
    }

    fn read_row(
        &mut self,
        table: &Table,
        row: usize,
        (days, hours): (Cells<'_>, Cells<'_>),
        order: Option<DateOrder>,
        report: &mut Report,
    ) {
        for (cells, what) in [(days, "day"), (hours, "hours")] {
            if cells.exist() && cells.text(row).is_empty() {
                let fault = Fault::new("missing-value", "every row needs a value here");
                cells.fault(
                    row,
                    report,
                    if what == "hours" { fault.with_hint("write `off` for time off") } else { fault },
                );
            }
        }
        let day = days.parse(row, report, |text, _| parse_day(text, order));
        let shifts = hours.parse(row, report, |text, _| parse_hours(text));
        let (Some(day), Some(shifts)) = (day, shifts) else { return };
        match day {
            DayCell::Weekdays(from, to) => {
                if self.lines == [None; 7] {
                    // The rows say the whole week: weekdays without a row are off, those of the built-in week too.
                    self.calendar.week = Default::default();
                }
                let mut day = from;
                loop {
                    let at = day.to_monday_zero_offset() as usize;
                    match self.lines[at] {
                        Some(line) => {
                            let text = format!("{day:?} has its hours on line {line} already");
                            days.fault(row, report, Fault::new("duplicate-weekday", text));
                        }
                        None => {
                            self.lines[at] = Some(table.line(row));
                            self.calendar.week[at] = shifts.clone();
                        }
                    }
                    if day == to {
                        break;
                    }
                    day = day.next();
                }
            }
            DayCell::Dates(from, to) if from > to => {
                days.fault(row, report, Fault::new("from-after-to", format!("{from} is after {to}")));
            }
            DayCell::Dates(from, to) => self.calendar.exceptions.push(Exception { from, to, shifts }),
        }
    }
}
