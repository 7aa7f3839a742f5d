//! Spans of time and links in the words of the plan's own notation, and what moments are called along an axis.

use super::Schedule;
use super::prose::two_decimals;
use crate::index::Id;
use crate::pictures::{date_ticks, ticks};
use crate::plan::{Duration, Lag, LagAmount, LagCalendar, Link, Plan, TaskId, TimeUnit};
use crate::units::{Amount, MINUTES_PER_DAY, MINUTES_PER_WEEK, Minutes, Moment};

/// Units of time by the clock.
const BY_THE_CLOCK: [(i64, &str); 4] = [(MINUTES_PER_WEEK, "ew"), (MINUTES_PER_DAY, "ed"), (60, "eh"), (1, "em")];

/// Ticks of an axis, at most.
pub(crate) const TICKS: usize = 8;

/// A working duration in the largest unit that divides it: `2d`, `19h`, `1155m`; a bare number of periods.
pub(crate) fn working(plan: &Plan, minutes: Minutes) -> String {
    let project = plan.project();
    if project.time_unit == TimeUnit::Period {
        return minutes.0.to_string();
    }
    // Weeks come after days for people: `10d` is read more easily than `2w` beside dates.
    in_largest(minutes, &[(project.minutes_per_day.0, "d"), (60, "h"), (1, "m")])
}

/// A duration as its cell has it: `2d`, `3ed`.
pub(crate) fn duration(plan: &Plan, duration: Duration) -> String {
    match duration {
        Duration::Elapsed(minutes) if plan.project().time_unit != TimeUnit::Period => {
            in_largest(minutes, &BY_THE_CLOCK)
        }
        _ => working(plan, duration.minutes()),
    }
}

/// Who and what a task has, each with its units behind `times` if they are not one.
pub(crate) fn people(plan: &Plan, schedule: &Schedule, task: TaskId, times: &str) -> Vec<String> {
    let named = schedule.assignments.row(task.index()).iter().map(|assignment| {
        let title = plan.resources()[assignment.resource].title();
        match assignment.amount {
            Amount::ONE => title.to_owned(),
            amount => format!("{title}{times}{amount}"),
        }
    });
    named.collect()
}

/// A lag as predecessors are written: `+2d`, `-50%`, `+3ed`; empty if it is zero.
pub(crate) fn lag(plan: &Plan, lag: &Lag) -> String {
    if lag.is_zero() {
        return String::new();
    }
    let text = match lag.amount {
        LagAmount::Percent(share) => share.to_string(),
        LagAmount::Minutes(minutes) if plan.project().time_unit == TimeUnit::Period => minutes.0.to_string(),
        LagAmount::Minutes(minutes) if lag.calendar == LagCalendar::TwentyFourHours => {
            in_largest(minutes, &BY_THE_CLOCK)
        }
        LagAmount::Minutes(minutes) => working(plan, minutes),
    };
    if text.starts_with('-') { text } else { format!("+{text}") }
}

/// A link as its successor's predecessors are written: `design FS+2d`.
pub(crate) fn link(plan: &Plan, link: &Link) -> String {
    [&*plan.tasks()[link.predecessor].id, " ", link.kind.code(), &*lag(plan, &link.lag)].concat()
}

fn in_largest(minutes: Minutes, units: &[(i64, &str)]) -> String {
    let fits = |&&(size, _): &&(i64, &str)| minutes.0 != 0 && minutes.0 % size == 0;
    let (size, word) = units.iter().find(fits).or(units.first()).copied().unwrap_or((1, "m"));
    format!("{}{word}", minutes.0 / size)
}

/// Minutes in hours: `40h`, `7.5h`.
pub(crate) fn hours(minutes: Minutes) -> String {
    format!("{}h", Amount((i128::from(minutes.0) * 10_000 / 60).clamp(0, i64::MAX.into()) as i64))
}

/// Round moments between two, in minutes; round numbers in a plan of periods.
pub(crate) fn time_ticks(plan: &Plan, least: f64, most: f64) -> Vec<f64> {
    some_time_ticks(plan, least, most, TICKS)
}

/// Round moments as in [`time_ticks`], but another number of them at most.
pub(crate) fn some_time_ticks(plan: &Plan, least: f64, most: f64, at_most: usize) -> Vec<f64> {
    match plan.project().time_unit {
        TimeUnit::Period => ticks(least, most, at_most),
        _ => date_ticks(Moment(least.ceil() as i64), Moment(most as i64), at_most)
            .iter()
            .map(|tick| tick.0 as f64)
            .collect(),
    }
}

/// Midnights as dates, whatever else with its time; periods as numbers, with two decimals at most.
pub(crate) fn time_label(plan: &Plan) -> impl Fn(f64) -> String {
    move |minutes| {
        let moment = Moment(minutes.round() as i64);
        match plan.project().time_unit {
            TimeUnit::Period => two_decimals(minutes),
            _ if moment.minute_of_day() == 0 => moment.date().to_string(),
            _ => moment.to_string(),
        }
    }
}
