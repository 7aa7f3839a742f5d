//! What an MSPDI file says, element by element, before it becomes tables.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};

use crate::plan::LinkKind;
use crate::plan::calendar::Shift;
use crate::units::Minutes;

/// Everything that was read.
#[derive(Default)]
pub(super) struct Model<'a> {
    pub(super) project: Project<'a>,
    pub(super) calendars: Vec<CalendarRow<'a>>,
    pub(super) tasks: Vec<TaskRow<'a>>,
    pub(super) links: Vec<LinkRow>,
    pub(super) resources: Vec<ResourceRow<'a>>,
    pub(super) assignments: Vec<AssignmentRow>,
}

/// The elements of the project itself.
#[derive(Default)]
pub(super) struct Project<'a> {
    pub(super) line: u32,
    pub(super) name: Cow<'a, str>,
    pub(super) title: Cow<'a, str>,
    pub(super) start: Option<DateTime>,
    pub(super) finish: Option<DateTime>,
    pub(super) status_date: Option<DateTime>,
    pub(super) backwards: bool,
    pub(super) calendar: Option<i64>,
    pub(super) minutes_per_day: Option<i64>,
    pub(super) minutes_per_week: Option<i64>,
    pub(super) days_per_month: Option<i64>,
    pub(super) currency_symbol: Cow<'a, str>,
    pub(super) currency_code: Cow<'a, str>,
    pub(super) critical_days: Option<f64>,
    pub(super) open_ends_critical: bool,
    /// `None` if the file does not say, which means yes.
    pub(super) honor_constraints: Option<bool>,
    /// The day with which a week begins, 0 for Sunday.
    pub(super) week_start: i64,
}

/// A calendar.
#[derive(Default)]
pub(super) struct CalendarRow<'a> {
    pub(super) line: u32,
    pub(super) uid: Option<i64>,
    pub(super) name: Cow<'a, str>,
    pub(super) base: Option<i64>,
    /// The hours of each weekday, Monday first; `None` if it has none of its own.
    pub(super) week: [Option<Vec<Shift>>; 7],
    pub(super) exceptions: Vec<ExceptionRow>,
    pub(super) work_weeks: Vec<WorkWeek>,
}

/// Hours on certain dates.
pub(super) struct ExceptionRow {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) recurrence: Recurrence,
    /// True if only the first so many dates count.
    pub(super) occurrences: Option<i64>,
    pub(super) shifts: Vec<Shift>,
}

/// Which dates of a range an exception is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recurrence {
    /// All of them.
    Daily,
    /// Every so many days.
    EveryDays(i64),
    /// Every so many weeks on the weekdays whose bits are set, Sunday first.
    Weekly { every: i64, days: i64 },
    /// Every so many months.
    Monthly { every: i64, on: DayOfMonth },
    /// Each year in one month, January being 1.
    Yearly { month: i8, on: DayOfMonth },
}

/// A day of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayOfMonth {
    /// By its number.
    Number(i64),
    /// The n-th, from 0, of those that an item names; 4 is the last.
    Position { item: i64, position: i64 },
}

/// Other weekly hours between two dates.
pub(super) struct WorkWeek {
    pub(super) from: Date,
    pub(super) to: Date,
    /// Monday first; days that it leaves out are off.
    pub(super) week: [Vec<Shift>; 7],
}

/// A task.
#[derive(Default)]
pub(super) struct TaskRow<'a> {
    pub(super) line: u32,
    pub(super) uid: Option<i64>,
    pub(super) id: Option<i64>,
    pub(super) name: Cow<'a, str>,
    pub(super) level: i64,
    pub(super) is_null: bool,
    pub(super) is_inactive: bool,
    pub(super) is_manual: bool,
    pub(super) is_summary: bool,
    pub(super) is_milestone: bool,
    pub(super) is_external: bool,
    pub(super) is_subproject: bool,
    pub(super) start: Option<DateTime>,
    pub(super) finish: Option<DateTime>,
    pub(super) manual_start: Option<DateTime>,
    pub(super) duration: Option<Minutes>,
    pub(super) manual_duration: Option<Minutes>,
    pub(super) duration_format: i64,
    pub(super) early_start: Option<DateTime>,
    pub(super) early_finish: Option<DateTime>,
    pub(super) late_start: Option<DateTime>,
    pub(super) late_finish: Option<DateTime>,
    pub(super) total_slack: Option<Minutes>,
    pub(super) start_slack: Option<Minutes>,
    pub(super) finish_slack: Option<Minutes>,
    pub(super) free_slack: Option<Minutes>,
    pub(super) constraint: i64,
    pub(super) constraint_date: Option<DateTime>,
    pub(super) deadline: Option<DateTime>,
    pub(super) calendar: Option<i64>,
    pub(super) ignores_resource_calendars: bool,
    pub(super) priority: Option<i64>,
    /// In hundredths.
    pub(super) fixed_cost: f64,
    pub(super) percent: Option<f64>,
    pub(super) actual_start: Option<DateTime>,
    pub(super) actual_finish: Option<DateTime>,
    pub(super) remaining: Option<Minutes>,
    pub(super) stop: Option<DateTime>,
    pub(super) resume: Option<DateTime>,
}

impl TaskRow<'_> {
    /// True if its duration runs on the clock.
    pub(super) fn is_elapsed(&self) -> bool {
        matches!(self.duration_format, 4 | 6 | 8 | 10 | 12 | 36 | 38 | 40 | 42 | 44)
    }
}

/// A link.
pub(super) struct LinkRow {
    pub(super) line: u32,
    /// Position of the successor among the tasks.
    pub(super) successor: u32,
    pub(super) predecessor: Option<i64>,
    pub(super) kind: LinkKind,
    pub(super) lag: LagRow,
    pub(super) is_foreign: bool,
}

/// A lag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum LagRow {
    Working(Minutes),
    Elapsed(Minutes),
    Percent(f64),
    ElapsedPercent(f64),
}

/// What a resource is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ResourceType {
    #[default]
    Work,
    Material,
    Cost,
}

/// A resource.
#[derive(Default)]
pub(super) struct ResourceRow<'a> {
    pub(super) line: u32,
    pub(super) uid: Option<i64>,
    pub(super) id: Option<i64>,
    pub(super) name: Cow<'a, str>,
    pub(super) kind: ResourceType,
    pub(super) is_null: bool,
    pub(super) is_cost: bool,
    pub(super) is_budget: bool,
    pub(super) max_units: Option<f64>,
    pub(super) calendar: Option<i64>,
    pub(super) rate: f64,
    /// In hundredths.
    pub(super) cost_per_use: f64,
    pub(super) periods: Vec<Period>,
}

/// So many units from one date to another.
pub(super) struct Period {
    pub(super) line: u32,
    pub(super) from: Option<DateTime>,
    pub(super) to: Option<DateTime>,
    pub(super) units: Option<f64>,
}

/// A resource on a task.
#[derive(Default)]
pub(super) struct AssignmentRow {
    pub(super) line: u32,
    pub(super) task: Option<i64>,
    pub(super) resource: Option<i64>,
    pub(super) units: Option<f64>,
    pub(super) work: Option<Minutes>,
    pub(super) start: Option<DateTime>,
    pub(super) finish: Option<DateTime>,
    /// In hundredths.
    pub(super) cost: f64,
    pub(super) contour: i64,
    pub(super) has_timephased: bool,
}
