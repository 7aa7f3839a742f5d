//! Calendars, each written out in full: a week, and days that differ from it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::elements::{Document, Kind, Node};
use super::values::{Values, moment};
use crate::error::{Finding, Place};
use crate::plan::draft::{Table, TableKind};
use crate::plan::notation::quoted;

/// Rows that the calendars may have in all, so that thousands of them that derive from one do not fill the memory.
const MOST_ROWS: usize = 4_000_000;
/// Calendars that may derive from one another in a row.
const MOST_GENERATIONS: usize = 32;

/// The file's names of days, and those of the tables.
const DAYS: [(&str, &str); 7] = [
    ("Monday", "mon"),
    ("Tuesday", "tue"),
    ("Wednesday", "wed"),
    ("Thursday", "thu"),
    ("Friday", "fri"),
    ("Saturday", "sat"),
    ("Sunday", "sun"),
];

/// The hours of a day as a cell has them, with the line they come from.
type Hours = (String, u32);

struct Calendar<'a> {
    id: String,
    base: Option<&'a str>,
    node: &'a Node,
    is_used: bool,
}

/// The calendars of a file.
pub(super) struct Calendars<'a> {
    list: Vec<Calendar<'a>>,
    by_object_id: HashMap<&'a str, usize>,
}

impl<'a> Calendars<'a> {
    /// Reads their names.
    pub(super) fn new(document: &'a Document, values: &mut Values<'_>) -> Calendars<'a> {
        let mut calendars = Calendars { list: Vec::new(), by_object_id: HashMap::new() };
        let mut taken: HashSet<String> = HashSet::new();
        for node in document.nodes(Kind::Calendar) {
            let object_id = node.text("ObjectId").unwrap_or_default();
            if calendars.by_object_id.contains_key(object_id) {
                let text = format!("the calendar {} was given before; the first is used", quoted(object_id));
                values.push(Finding::warning("duplicate-object", values.place(node), text));
                continue;
            }
            let name = node.text("Name").or(node.text("ObjectId")).unwrap_or("calendar");
            let id = unique(name, &mut taken);
            calendars.by_object_id.insert(object_id, calendars.list.len());
            calendars.list.push(Calendar { id, base: node.text("BaseCalendarObjectId"), node, is_used: false });
        }
        calendars
    }

    /// The id of the calendar that an element names, which is in use from now on.
    pub(super) fn named(&mut self, node: &Node, element: &str, values: &mut Values<'_>) -> Option<String> {
        let child = node.child(element).filter(|child| !child.text.is_empty())?;
        let found = self.by_object_id.get(child.text.as_str()).and_then(|&at| self.list.get_mut(at));
        let Some(calendar) = found else {
            let text = format!("there is no calendar with the object id {}", quoted(&child.text));
            values.push(Finding::error("unknown-calendar", values.place(child), text));
            return None;
        };
        calendar.is_used = true;
        Some(calendar.id.clone())
    }

    /// The id of the calendar of an element, which is in use from now on.
    pub(super) fn named_by(&mut self, node: &Node) -> Option<String> {
        let calendar = self.list.iter_mut().find(|calendar| std::ptr::eq(calendar.node, node))?;
        calendar.is_used = true;
        Some(calendar.id.clone())
    }

    /// The calendar that the file calls its default.
    pub(super) fn default(&self) -> Option<&'a Node> {
        self.list.iter().map(|calendar| calendar.node).find(|node| matches!(node.text("IsDefault"), Some("1" | "true")))
    }

    /// The calendar with an object id.
    pub(super) fn node(&self, object_id: &str) -> Option<&'a Node> {
        self.by_object_id.get(object_id).and_then(|&at| self.list.get(at)).map(|calendar| calendar.node)
    }

    /// The calendars in use.
    pub(super) fn table(&self, values: &mut Values<'_>) -> Table {
        let mut table = Table::new(TableKind::Calendars, values.file, ["calendar", "day", "hours"]);
        for calendar in &self.list {
            if !calendar.is_used {
                values.lose("calendars that nothing uses are left out", &calendar.id);
                continue;
            }
            let mut week: [Option<Hours>; 7] = Default::default();
            let mut days: BTreeMap<String, Hours> = BTreeMap::new();
            for node in self.line_of_descent(calendar, values) {
                read_week(node, &mut week, values);
                read_exceptions(node, &mut days, values);
            }
            if table.len() + days.len() > MOST_ROWS {
                let text = format!("the calendars have more than {MOST_ROWS} days that differ from their week");
                values.push(Finding::error("too-many-rows", Place::file(values.file), text));
                break;
            }
            self.complete(calendar, &mut week, values);
            for ((_, day), hours) in DAYS.iter().zip(&week) {
                let (hours, line) = hours.as_ref().map_or(("off", calendar.node.line), |(hours, line)| (hours, *line));
                table.push_row(line, [calendar.id.as_str(), day, hours]);
            }
            for (day, (hours, line)) in &days {
                table.push_row(*line, [calendar.id.as_str(), day, hours]);
            }
        }
        table
    }

    /// A calendar's elements from the base on down to itself.
    fn line_of_descent(&self, calendar: &Calendar<'a>, values: &mut Values<'_>) -> Vec<&'a Node> {
        let mut line = vec![calendar.node];
        let mut base = calendar.base;
        while let Some(object_id) = base {
            let found = self.by_object_id.get(object_id).and_then(|&at| self.list.get(at));
            let Some(parent) = found.filter(|_| line.len() < MOST_GENERATIONS) else {
                let text = format!("the base {} of the calendar cannot be found", quoted(object_id));
                let finding = Finding::warning("unknown-calendar", values.place(calendar.node), text);
                values.push(finding.with_hint("the calendar's own week and days are used"));
                break;
            };
            line.push(parent.node);
            base = parent.base;
        }
        line.reverse();
        line
    }

    /// Days of the week that the file does not give: the program's default week, or no work if it gives some.
    fn complete(&self, calendar: &Calendar<'_>, week: &mut [Option<Hours>; 7], values: &mut Values<'_>) {
        let missing: Vec<&str> =
            DAYS.iter().zip(&*week).filter(|(_, hours)| hours.is_none()).map(|((_, day), _)| *day).collect();
        if missing.is_empty() {
            return;
        }
        let place = values.place(calendar.node);
        let name = quoted(&calendar.id);
        if missing.len() < DAYS.len() {
            let text = format!("the calendar {name} says nothing about {}; no work then", missing.join(", "));
            values.push(Finding::warning("incomplete-calendar", place, text));
            return;
        }
        let text = format!("the calendar {name} has no week; Monday to Friday, 08:00-12:00 and 13:00-17:00, is used");
        values.push(Finding::warning("incomplete-calendar", place, text));
        for hours in week.iter_mut().take(5) {
            *hours = Some(("08:00-12:00;13:00-17:00".to_owned(), calendar.node.line));
        }
    }
}

fn read_week(node: &Node, week: &mut [Option<Hours>; 7], values: &mut Values<'_>) {
    for entry in node.all("StandardWorkWeek").flat_map(|week| week.all("StandardWorkHours")) {
        let day = entry.child("DayOfWeek");
        let name = day.map_or("", |day| day.text.as_str());
        let Some(at) = DAYS.iter().position(|(long, _)| long.eq_ignore_ascii_case(name)) else {
            let text = format!("{} is no day of the week", quoted(name));
            values.push(Finding::error("bad-day", values.place(day.unwrap_or(entry)), text));
            continue;
        };
        if let (Some(slot), Some(hours)) = (week.get_mut(at), hours(entry, false, values)) {
            *slot = Some((hours, entry.line));
        }
    }
}

fn read_exceptions(node: &Node, days: &mut BTreeMap<String, Hours>, values: &mut Values<'_>) {
    for entry in node.all("HolidayOrExceptions").flat_map(|all| all.all("HolidayOrException")) {
        let Some(date) = values.date(entry, "Date") else { continue };
        if let Some(hours) = hours(entry, true, values) {
            days.insert(date.chars().take(10).collect(), (hours, entry.line));
        }
    }
}

/// The hours of a day. As an exception, `00:00` to `23:59` alone means a day off: it is what the program writes.
fn hours(entry: &Node, is_exception: bool, values: &mut Values<'_>) -> Option<String> {
    let mut shifts: Vec<(i64, i64)> = Vec::new();
    for shift in entry.all("WorkTime").filter(|shift| !shift.children.is_empty()) {
        let mut clock = |name: &str| {
            let text = shift.text(name).unwrap_or_default();
            let minute = clock(text);
            if minute.is_none() {
                let child = shift.child(name).unwrap_or(shift);
                let text = format!("{} is no time of day; expected one such as `15:59:00`", quoted(text));
                values.push(Finding::error("bad-time", values.place(child), text));
            }
            minute
        };
        let (start, finish) = (clock("Start")?, clock("Finish")?);
        // The last minute, which is how the program writes it, or the end itself.
        let finish = match finish {
            0 => 1440,
            minute if minute % 5 == 4 => minute + 1,
            minute => minute,
        };
        shifts.push((start, finish));
    }
    if is_exception && shifts == [(0, 1440)] {
        return Some("off".to_owned());
    }
    shifts.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (start, finish) in shifts {
        match joined.last_mut() {
            Some(last) if last.1 == start => last.1 = finish,
            _ => joined.push((start, finish)),
        }
    }
    let cell: Vec<String> = joined
        .iter()
        .map(|(start, finish)| format!("{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, finish / 60, finish % 60))
        .collect();
    Some(if cell.is_empty() { "off".to_owned() } else { cell.join(";") })
}

/// Minutes since midnight.
fn clock(text: &str) -> Option<i64> {
    let time = text.rsplit_once('T').map_or(text, |(_, time)| time);
    moment(&format!("2000-01-01T{time}")).filter(|_| time.contains(':')).map(|moment| moment.minute_of_day())
}

/// A name, with a number behind it if it is taken.
pub(super) fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut id = name.to_owned();
    let mut number = 2u32;
    while !taken.insert(id.clone()) {
        id = format!("{name} ({number})");
        number += 1;
    }
    id
}
