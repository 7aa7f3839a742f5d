//! The figures of a result: the row of summary.csv, and the answer in words.

use floatline::error::{Error, Finding, Severity};
use floatline::io::results::SummaryRow;
use floatline::plan::{Plan, TaskId, TaskKind, TimeUnit};
use floatline::schedule::{Driver, Outcome, Schedule, working_time};
use floatline::units::{Amount, MINUTES_PER_DAY, Minutes, Moment, Money};

/// A working time in the plan's time unit, with up to four decimals.
pub fn in_units(plan: &Plan, time: Minutes) -> Amount {
    let unit = plan.minutes_per_unit().0.max(1);
    let scaled = i128::from(time.0) * i128::from(Amount::ONE.0);
    let half = i128::from(unit / 2) * scaled.signum();
    // Minutes of at most ten thousand years, times ten thousand: fits.
    Amount(((scaled + half) / i128::from(unit)) as i64)
}

/// A working time with its unit, for people: `34.5 days`.
pub fn in_words(plan: &Plan, time: Minutes) -> String {
    let amount = in_units(plan, time);
    let unit = match plan.project().time_unit {
        TimeUnit::Period => "period",
        TimeUnit::Minute => "minute",
        TimeUnit::Hour => "hour",
        TimeUnit::Day => "day",
        TimeUnit::Week => "week",
    };
    format!("{amount} {unit}{}", if amount == Amount::ONE { "" } else { "s" })
}

/// How far a makespan is above the lower bound, in percent of the bound; a dash if the bound says nothing.
pub fn gap_text(makespan: Minutes, lower_bound: Minutes) -> String {
    match (makespan.0, lower_bound.0) {
        (0, _) => "0.0 %".to_owned(),
        (_, 0) => "-".to_owned(),
        (makespan, bound) => percent(100.0 * (makespan - bound) as f64 / bound as f64),
    }
}

/// A percentage for people.
pub fn percent(value: f64) -> String {
    format!("{value:.1} %")
}

/// The start of the first task; the project's start if there is none.
pub fn first_start(plan: &Plan, schedule: &Schedule) -> Moment {
    schedule.placements.iter().map(|placement| placement.start).min().unwrap_or(plan.project().start)
}

/// The finish of the last task; the project's start if there is none.
pub fn last_finish(plan: &Plan, schedule: &Schedule) -> Moment {
    schedule.finish().unwrap_or(plan.project().start)
}

/// The row of a plan that was worked on.
pub fn row(name: &str, plan: &Plan, outcome: &Outcome, seconds: f64, seed: u64) -> SummaryRow {
    let mut row = SummaryRow::of_outcome(plan, outcome, seconds, seed);
    row.plan = name.to_owned();
    if outcome.stopped_by_clock {
        let note = "stopped by the time limit: another run may differ";
        row.message = if row.message.is_empty() { note.to_owned() } else { format!("{}; {note}", row.message) };
    }
    row
}

/// The row of a plan that could not be worked on.
pub fn error_row(name: &str, error: &Error, seconds: f64, seed: u64) -> SummaryRow {
    let status = if error.is_infeasible() {
        "infeasible"
    } else if error.is_invalid_plan() || error.is_usage() || error.is_io() {
        "invalid"
    } else {
        "failed"
    };
    // A plan with many errors is best read with `check`; the first tells which kind of trouble it is.
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let message = match error.findings().and_then(|findings| findings.iter().find(is_error)) {
        Some(first) => format!("{error}; first {first}"),
        None => error.to_string(),
    };
    SummaryRow::of_failure(name, status, &message, seconds, seed)
}

/// The row of a plan that was not begun.
pub fn cancelled_row(name: &str, seed: u64) -> SummaryRow {
    SummaryRow::of_failure(name, "unknown", "cancelled before it was begun", 0.0, seed)
}

/// Money for people: `84,200.00 EUR`.
pub fn money_text(money: Money, currency: &str) -> String {
    let plain = money.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", &*plain), |digits| ("-", digits));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let space = if currency.is_empty() { "" } else { " " };
    format!("{sign}{grouped}.{cents}{space}{currency}")
}

/// Whether the project's deadline is kept, in words; `None` if it has none.
pub fn deadline_text(plan: &Plan, finish: Moment) -> Option<String> {
    let deadline = plan.project().deadline?;
    // The end of a date is kept as the midnight after it.
    let is_date = plan.project().time_unit != TimeUnit::Period && deadline.minute_of_day() == 0;
    let shown = match is_date {
        true => (deadline - Minutes(1)).date().to_string(),
        false => plan.format_moment(deadline),
    };
    let distance = |early: Moment, late: Moment| {
        let working = working_time(plan, early, late);
        let days = (late - early).0 as f64 / MINUTES_PER_DAY as f64;
        let calendar = match plan.project().time_unit {
            TimeUnit::Period => String::new(),
            _ => format!(" ({days:.0} calendar days)"),
        };
        format!("{} of work{calendar}", in_words(plan, working))
    };
    Some(match deadline.cmp(&finish) {
        std::cmp::Ordering::Less => format!("{shown} MISSED by {}", distance(deadline, finish)),
        std::cmp::Ordering::Equal => format!("{shown} kept to the minute"),
        std::cmp::Ordering::Greater => format!("{shown} kept, {} to spare", distance(finish, deadline)),
    })
}

/// A step of the chain that leads to the project's finish.
pub struct ChainStep {
    /// The task.
    pub task: TaskId,
    /// Why it does not start earlier.
    pub reason: String,
}

/// The chain of tasks that drives the project's finish, the last task first.
pub fn driving_chain(plan: &Plan, schedule: &Schedule, outcome: &Outcome) -> Vec<ChainStep> {
    let is_activity = |task: &TaskId| plan.tasks()[*task].kind != TaskKind::Summary;
    let finish = |task: TaskId| schedule.placements[task].finish;
    let key = |&task: &TaskId| (finish(task), outcome.dates[task].longest_path, std::cmp::Reverse(task));
    let mut next = plan.tasks().ids().filter(is_activity).max_by_key(key);
    let mut seen = std::collections::BTreeSet::new();
    let mut chain = Vec::new();
    while let Some(task) = next.filter(|&task| seen.insert(task)) {
        let reason;
        (reason, next) = reason_of(plan, schedule, outcome.dates[task].driver);
        chain.push(ChainStep { task, reason });
    }
    chain
}

/// Why a task does not start earlier, and the task behind that.
fn reason_of(plan: &Plan, schedule: &Schedule, driver: Driver) -> (String, Option<TaskId>) {
    let id = |task: TaskId| &plan.tasks()[task].id;
    match driver {
        Driver::ProjectStart => ("the project starts".to_owned(), None),
        Driver::Link(link) => {
            let link = &plan.links()[link];
            let verb = if link.kind.from_finish() { "finish" } else { "start" };
            let lag = if link.lag.is_zero() { "" } else { " and a lag" };
            let text = format!("waits for the {verb} of {}{lag}", id(link.predecessor));
            (text, Some(activity_behind(plan, schedule, link.predecessor)))
        }
        Driver::Summary(summary) => (format!("waits for what {} waits for", id(summary)), None),
        Driver::Constraint => ("its date constraint".to_owned(), None),
        Driver::Resource(resource, task) => {
            let text = format!("{} is busy with {}", plan.resources()[resource].title(), id(task));
            (text, Some(task))
        }
        Driver::Capacity => ("capacity or money is short before".to_owned(), None),
        Driver::AsLateAsPossible => ("as late as possible, on purpose".to_owned(), None),
    }
}

/// The task itself, or the last one below a summary.
fn activity_behind(plan: &Plan, schedule: &Schedule, task: TaskId) -> TaskId {
    if plan.tasks()[task].kind != TaskKind::Summary {
        return task;
    }
    let is_below = |candidate: &TaskId| {
        std::iter::successors(plan.tasks()[*candidate].parent, |&parent| plan.tasks()[parent].parent)
            .any(|above| above == task)
    };
    let below = plan.tasks().ids().filter(|&other| plan.tasks()[other].kind != TaskKind::Summary).filter(is_below);
    below.max_by_key(|&other| (schedule.placements[other].finish, std::cmp::Reverse(other))).unwrap_or(task)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_by_thousands() {
        assert_eq!(money_text(Money(123_456_789), "EUR"), "1,234,567.89 EUR");
        assert_eq!(money_text(Money(-5), ""), "-0.05");
        assert_eq!(money_text(Money(99_900), "$"), "999.00 $");
        assert_eq!(money_text(Money(-10_000_000), "EUR"), "-100,000.00 EUR");
    }

    #[test]
    fn the_gap_is_measured_from_the_bound() {
        assert_eq!(gap_text(Minutes(200), Minutes(160)), "25.0 %");
        assert_eq!(gap_text(Minutes(0), Minutes(0)), "0.0 %");
        assert_eq!(gap_text(Minutes(10), Minutes(0)), "-");
    }
}
