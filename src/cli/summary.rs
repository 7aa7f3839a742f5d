//! The figures of a result: the row of summary.csv, and the answer in words.

use floatline::effort::{Control, Stop};
use floatline::error::{Error, Finding, Severity};
use floatline::io::results::{SummaryRow, driver_words};
use floatline::plan::{Plan, RuleId, TaskId, TaskKind, TimeUnit};
use floatline::risk::{self, Unplaced, driver_title};
use floatline::schedule::{
    Breach, Driver, Measure, Objective, Outcome, Schedule, breaches, short_before, working_time,
};
use floatline::units::Moment;

pub use floatline::schedule::prose::{
    deadline_text, gap_text, in_units, in_words, in_words_of_work, money_text, percent, status_text, two_decimals,
};

/// What finds no time in samples, why, and what would help.
pub fn unplaced_text(plan: &Plan, it: &Unplaced) -> String {
    let name = it.work.map_or("a summary".to_owned(), |work| driver_title(plan, risk::Driver::Work(work)));
    let samples = if it.samples == 1 { "1 sample".to_owned() } else { format!("{} samples", it.samples) };
    let length = in_words_of_work(plan, it.shortest);
    match it.longest_stretch {
        Some(longest) if longest < it.shortest => format!(
            "{name} finds no time in {samples}: it takes {length} or more there, and may not pause (`pause` is `never`), but \
             nothing lets it work for more than {} at a stretch; what delays it may do so by the clock (`5ed`), or it may pause",
            in_words(plan, longest)
        ),
        _ => format!(
            "{name} finds no time in {samples}, in which it takes {length} or more: its calendars and people have none"
        ),
    }
}

/// A value that no schedule beats, in words.
pub fn bound_text(plan: &Plan, outcome: &Outcome, bound: Option<(Objective, Measure)>) -> String {
    let currency = &plan.project().currency;
    match bound {
        Some((_, Measure::Finish(moment))) => {
            let time = working_time(plan, plan.project().start, moment);
            format!("{} ({})", in_words(plan, time), outcome.bound_reason)
        }
        Some((Objective::Cost, Measure::Money(money))) => {
            format!("{} (the cheapest modes and the earliest finish)", money_text(money, currency))
        }
        Some((_, Measure::Money(money))) => {
            format!("{} (links and dates, without resources)", money_text(money, currency))
        }
        Some((_, Measure::Tardiness(_))) | None => "-".to_owned(),
    }
}

/// By how much deadlines are missed in all.
pub fn tardiness_text(plan: &Plan, late: f64) -> String {
    let unit = if plan.project().time_unit == TimeUnit::Period { "periods" } else { "days by the clock" };
    format!("{} {unit} after deadlines, weighted by priority", two_decimals(late))
}

/// The start of the first task; the project's start if there is none.
pub fn first_start(plan: &Plan, schedule: &Schedule) -> Moment {
    schedule.placements.iter().map(|placement| placement.start).min().unwrap_or(plan.project().start)
}

/// The finish of the last task; the project's start if there is none.
pub fn last_finish(plan: &Plan, schedule: &Schedule) -> Moment {
    schedule.finish().unwrap_or(plan.project().start)
}

/// What ended a search.
pub fn stopped_by(stop: Stop) -> &'static str {
    match stop {
        Stop::TimeLimit => "by the time limit",
        Stop::Request => "on request",
    }
}

/// Seconds since the start, if the clock is what limits the work: the answer then depends on it anyway.
fn timed(control: &Control) -> Option<f64> {
    control.has_time_limit().then(|| control.elapsed().as_secs_f64())
}

/// The row of a plan that was worked on.
pub fn row(name: &str, plan: &Plan, outcome: &Outcome, control: &Control, seed: u64) -> SummaryRow {
    let mut row = SummaryRow::of_outcome(plan, outcome, seed);
    row.plan = name.to_owned();
    row.seconds = timed(control);
    if let Some(stop) = outcome.stopped {
        let note = format!("stopped {}: another run may differ", stopped_by(stop));
        row.message = if row.message.is_empty() { note } else { format!("{}; {note}", row.message) };
    }
    row
}

/// The row of a plan that could not be worked on.
pub fn error_row(name: &str, error: &Error, control: &Control, seed: u64) -> SummaryRow {
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
    SummaryRow { seconds: timed(control), ..SummaryRow::of_failure(name, status, &message, seed) }
}

/// The row of a plan that was not begun.
pub fn cancelled_row(name: &str, seed: u64) -> SummaryRow {
    SummaryRow::of_failure(name, "unknown", "cancelled before it was begun", seed)
}

/// How many rules of rules.csv are kept, and which are not, and how many wishes are missed; `None` if there are none.
pub fn rules_text(plan: &Plan, schedule: &Schedule) -> Option<String> {
    if plan.rules().is_empty() {
        return None;
    }
    let (missed, breaches): (Vec<Breach>, Vec<Breach>) =
        breaches(plan, schedule).into_iter().partition(|breach| breach.is_wish);
    let mut broken: Vec<RuleId> = breaches.into_iter().map(|breach| breach.rule).collect();
    broken.dedup();
    let wishes = plan.rules().iter().filter(|rule| rule.kind.is_wish()).count();
    let rules = plan.rules().len() - wishes;
    let mut text = format!("{} of {rules} kept", rules - broken.len());
    let names: Vec<String> = broken.iter().map(|&rule| plan.rule_name(rule)).collect();
    if !names.is_empty() {
        text.push_str(&format!("; not {}", names.join(", ")));
    }
    match missed.len() {
        _ if wishes == 0 => {}
        0 => text.push_str("; all wishes met"),
        _ => text.push_str(&format!("; {} not met", super::print::count(missed.len(), "wish"))),
    }
    Some(text)
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
    let mut unexplained = Vec::new();
    while let Some(task) = next.filter(|&task| seen.insert(task)) {
        let driver = outcome.dates[task].driver;
        if driver == Driver::Capacity {
            unexplained.push(chain.len());
        }
        chain.push(ChainStep { task, reason: driver_words(plan, task, driver) });
        next = task_behind(plan, schedule, driver);
    }
    let tasks: Vec<TaskId> = unexplained.iter().map(|&at| chain[at].task).collect();
    let short = if tasks.is_empty() { Vec::new() } else { short_before(plan, schedule, &tasks) };
    for (at, resource) in unexplained.into_iter().zip(short) {
        if let Some(resource) = resource {
            chain[at].reason = format!("no capacity earlier: {} is short", plan.resources()[resource].id);
        }
    }
    chain
}

/// The task behind a driver; `None` if the chain ends there.
fn task_behind(plan: &Plan, schedule: &Schedule, driver: Driver) -> Option<TaskId> {
    match driver {
        Driver::Link(link) => Some(activity_behind(plan, schedule, plan.links()[link].predecessor)),
        Driver::Resource(_, task) => Some(task),
        Driver::ProjectStart
        | Driver::Summary(_)
        | Driver::Constraint
        | Driver::Capacity
        | Driver::AsLateAsPossible => None,
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
