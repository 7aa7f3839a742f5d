//! A schedule as an iCalendar file (RFC 5545), to be imported or subscribed to.
//!
//! Times are floating, that is, without a zone, as those of a plan are. An activity within one day is an event with its
//! hours, which marks its people busy. One that goes over several days is a whole-day event from its first to its last
//! day, as an event from Monday 08:00 to Friday 17:00 would fill the nights, too; the exact times stand in its description.
//! Milestones are whole-day events, as most calendars hide events without length.

use ::icalendar::{Calendar, Component, Event, Property};
use jiff::civil::Date;

use super::losses::Losses;
use crate::error::{Finding, Findings, Place};
use crate::index::Id;
use crate::plan::content::Cell;
use crate::plan::draft::TableKind;
use crate::plan::{Plan, ResourceId, TaskId, TaskKind, TimeUnit};
use crate::schedule::Schedule;
use crate::units::{Minutes, Moment};

/// Which tasks become events; summaries never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarEvents {
    /// Milestones.
    Milestones,
    /// Activities and milestones.
    AllTasks,
    /// The activities that a resource is assigned to.
    TasksOf(ResourceId),
}

/// Writes a calendar with an event for each of the tasks.
///
/// Events keep their identity (`UID`) as long as the plan's name and the task's id stay, so that a later import moves them.
/// Their stamp is the plan's status date, or its start without one: the same schedule gives the same bytes.
///
/// # Returns
/// The text, and findings about what it cannot say.
pub fn write_icalendar(plan: &Plan, schedule: &Schedule, what: CalendarEvents) -> (String, Findings) {
    let mut findings = Findings::new();
    let project = plan.project();
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//floatline//floatline//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("X-WR-CALNAME", without_controls(&calendar_name(plan, what))));
    if project.time_unit == TimeUnit::Period {
        let text = "a plan of periods has no dates, so that the calendar is empty";
        findings.push(Finding::warning("not-expressible", Place::default(), text));
    } else {
        findings.append(Losses::of(plan, carries).into_note("an iCalendar file shows who works when"));
        let stamp = clock(project.status_date.unwrap_or(project.start)) + "Z";
        for (task, row) in plan.tasks().iter_enumerated() {
            let is_wanted = match what {
                CalendarEvents::Milestones => row.kind == TaskKind::Milestone,
                CalendarEvents::AllTasks => row.kind != TaskKind::Summary,
                CalendarEvents::TasksOf(resource) => assigned(schedule, task).any(|one| one == resource),
            };
            if is_wanted && let Some(event) = event(plan, schedule, task, &stamp) {
                calendar.push(event);
            }
        }
    }
    (calendar.to_string(), findings)
}

/// True for what can be seen in a calendar.
fn carries(cell: &Cell<'_>) -> bool {
    match cell.table {
        TableKind::Project => cell.field == "name",
        TableKind::Tasks => ["id", "name", "duration", "resources"].contains(&cell.field),
        TableKind::Resources => ["id", "name"].contains(&cell.field),
        _ => false,
    }
}

fn calendar_name(plan: &Plan, what: CalendarEvents) -> String {
    let name = &plan.project().name;
    match what {
        CalendarEvents::TasksOf(resource) => match plan.resources().get(resource) {
            Some(resource) => format!("{name}: {}", resource.title()),
            None => name.clone(),
        },
        CalendarEvents::Milestones | CalendarEvents::AllTasks => name.clone(),
    }
}

/// Who is assigned to a task.
fn assigned(schedule: &Schedule, task: TaskId) -> impl Iterator<Item = ResourceId> + '_ {
    let row = if task.index() < schedule.placements.len() { schedule.assignments.row(task.index()) } else { &[] };
    row.iter().map(|assignment| assignment.resource)
}

fn event(plan: &Plan, schedule: &Schedule, task: TaskId, stamp: &str) -> Option<Event> {
    let (row, placement) = (&plan.tasks()[task], schedule.placements.get(task)?);
    let mut event = Event::new();
    event.uid(&format!("{}@{}.floatline", safe(&row.id), safe(&plan.project().name)));
    event.add_property("DTSTAMP", stamp);
    event.summary(&without_controls(row.title()));
    let (start, finish) = (placement.start, placement.finish);
    let mut about = vec![format!("Task: {}", row.id)];
    if row.kind == TaskKind::Milestone {
        let day = milestone_day(plan, start);
        whole_days(&mut event, day, day);
        about.push(format!("At: {}", plan.format_moment(start)));
        event.add_property("CATEGORIES", "MILESTONE");
    } else {
        let last = (finish - Minutes(1)).max(start).date();
        if start.date() == last {
            event.add_property("DTSTART", clock(start));
            event.add_property("DTEND", clock(finish));
        } else {
            whole_days(&mut event, start.date(), last);
        }
        about.push(format!("From: {}", plan.format_moment(start)));
        about.push(format!("To: {}", plan.format_moment(finish)));
    }
    let people: Vec<&str> = assigned(schedule, task)
        .filter_map(|resource| plan.resources().get(resource).map(|resource| resource.title()))
        .collect();
    if !people.is_empty() {
        about.push(format!("Resources: {}", people.join("; ")));
    }
    event.description(&without_controls(&about.join("\n")));
    Some(event.done())
}

/// The day of a milestone; midnight belongs to the day that it ends, unless the project starts with it.
fn milestone_day(plan: &Plan, moment: Moment) -> Date {
    let ends_day = moment.minute_of_day() == 0 && moment > plan.project().start && moment > Moment::MIN;
    if ends_day { (moment - Minutes(1)).date() } else { moment.date() }
}

/// Whole days from the first to the last; they keep nobody busy.
fn whole_days(event: &mut Event, first: Date, last: Date) {
    let after = last.tomorrow().unwrap_or(last);
    for (key, date) in [("DTSTART", first), ("DTEND", after)] {
        let text = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
        event.append_property(Property::new(key, text).add_parameter("VALUE", "DATE").done());
    }
    event.add_property("TRANSP", "TRANSPARENT");
}

/// `20260302T080000`
fn clock(moment: Moment) -> String {
    let (date, minute) = (moment.date(), moment.minute_of_day());
    format!("{:04}{:02}{:02}T{:02}{:02}00", date.year(), date.month(), date.day(), minute / 60, minute % 60)
}

/// Letters and digits as they are, anything else by the bytes of its number, so that different ids stay different.
fn safe(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => out.push(char::from(byte)),
            _ => out.push_str(&format!("_{byte:02X}")),
        }
    }
    out
}

/// Text without the signs that no line may hold, line feeds excepted.
fn without_controls(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::PlanBuilder;
    use crate::schedule::testing::{Sketch, days, march, schedule};

    fn sketch() -> (Plan, Schedule) {
        let mut sketch = Sketch::new();
        sketch.project.name = "House, north".into();
        sketch.project.status_date = Some(march(3, 0));
        let ana = sketch.person("ana");
        let dig = sketch.task("dig", days(1));
        let wall = sketch.task("wall 1", days(2));
        let roof = sketch.task("roof", days(0));
        sketch.at(dig).name = "Dig; deep, wide\\\nand \u{7}more".into();
        sketch.needs(wall, ana, 1);
        sketch.at(roof).name = "Roof on".into();
        let plan = sketch.build();
        let times = [(march(2, 8), march(2, 17)), (march(3, 8), march(4, 17)), (march(5, 0), march(5, 0))];
        let placed = schedule(&plan, &times);
        (plan, placed)
    }

    #[test]
    fn a_day_has_hours_several_days_are_whole_and_a_milestone_is_its_day() {
        let (plan, placed) = sketch();
        let (text, findings) = write_icalendar(&plan, &placed, CalendarEvents::AllTasks);
        let said: Vec<&str> = findings.iter().map(|finding| &*finding.text).collect();
        let settings = "`start`, `status_date`, `hours_per_day`, `days_per_week`, `days_per_month`, `currency`";
        let note = "an iCalendar file shows who works when; it leaves out what the plan says in";
        assert_eq!(said, [format!("{note} project.csv ({settings})")]);
        let expected = "\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//floatline//floatline//EN
CALSCALE:GREGORIAN
X-WR-CALNAME:House\\, north
BEGIN:VEVENT
DESCRIPTION:Task: dig\\nFrom: 2026-03-02 08:00\\nTo: 2026-03-02 17:00
DTEND:20260302T170000
DTSTAMP:20260303T000000Z
DTSTART:20260302T080000
SUMMARY:Dig\\; deep\\, wide\\\\\\nand  more
UID:dig@House_2C_20north.floatline
END:VEVENT
BEGIN:VEVENT
DESCRIPTION:Task: wall 1\\nFrom: 2026-03-03 08:00\\nTo: 2026-03-04 17:00\\nRes
 ources: ana
DTEND;VALUE=DATE:20260305
DTSTAMP:20260303T000000Z
DTSTART;VALUE=DATE:20260303
SUMMARY:wall 1
TRANSP:TRANSPARENT
UID:wall_201@House_2C_20north.floatline
END:VEVENT
BEGIN:VEVENT
CATEGORIES:MILESTONE
DESCRIPTION:Task: roof\\nAt: 2026-03-05 00:00
DTEND;VALUE=DATE:20260305
DTSTAMP:20260303T000000Z
DTSTART;VALUE=DATE:20260304
SUMMARY:Roof on
TRANSP:TRANSPARENT
UID:roof@House_2C_20north.floatline
END:VEVENT
END:VCALENDAR
";
        assert_eq!(text, expected.replace('\n', "\r\n"));
        assert_eq!(write_icalendar(&plan, &placed, CalendarEvents::AllTasks).0, text);
    }

    #[test]
    fn milestones_and_the_tasks_of_a_person_can_be_picked() {
        let (plan, placed) = sketch();
        let events = |what| {
            let text = write_icalendar(&plan, &placed, what).0;
            text.lines().filter_map(|line| line.strip_prefix("SUMMARY:").map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(events(CalendarEvents::Milestones), ["Roof on"]);
        assert_eq!(events(CalendarEvents::TasksOf(ResourceId::new(0))), ["wall 1"]);
    }

    #[test]
    fn a_plan_of_periods_gives_an_empty_calendar_and_says_so() {
        let mut builder = PlanBuilder::periods();
        builder.minutes("A", 3);
        let plan = builder.build();
        let placed = schedule(&plan, &[(Moment(0), Moment(3))]);
        let (text, findings) = write_icalendar(&plan, &placed, CalendarEvents::AllTasks);
        assert!(!text.contains("VEVENT"));
        assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["not-expressible"]);
    }
}
