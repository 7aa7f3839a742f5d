//! The log of a search, a JSON object a line: how it began, each step forward, how it ended.
//!
//! Of two runs with the same plan, options and effort only the values of `seconds` and `threads` differ.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Number;

use super::schedule::in_time_units;
use super::summary::{SummaryRow, measure_text, shortened};
use crate::effort::{Limits, Stop};
use crate::network::Network;
use crate::plan::Plan;
use crate::schedule::{Outcome, working_time};
use crate::solve::sgs::{Suit, suits};
use crate::solve::{Objective, Progress, SolveOptions};
use crate::units::Moment;

/// What each log begins with.
pub const LOG_OPENING: &str = "{\"event\":";

/// The first line of a search's log.
///
/// # Arguments
/// `name` is what the run calls the plan.
pub fn log_begin(name: &str, plan: &Plan, network: &Network, options: &SolveOptions, run: LogRun) -> String {
    #[derive(Serialize)]
    struct Begin<'a> {
        event: &'static str,
        plan: &'a str,
        floatline: &'static str,
        seed: u64,
        threads: usize,
        effort_limit: Option<u64>,
        time_limit: Option<f64>,
        objectives: Vec<&'static str>,
        ignore_resources: bool,
        tasks: usize,
        nodes: usize,
        modes: usize,
        renewables: usize,
        machine: &'static str,
    }
    let objectives = if options.objectives.is_empty() { &Objective::USUAL[..] } else { &options.objectives };
    line(&Begin {
        event: "begin",
        plan: name,
        floatline: env!("CARGO_PKG_VERSION"),
        seed: options.seed,
        threads: run.threads,
        effort_limit: run.limits.effort,
        time_limit: run.limits.time.map(|time| time.as_secs_f64()),
        objectives: objectives.iter().map(|objective| objective.word()).collect(),
        ignore_resources: options.ignore_resources,
        tasks: plan.tasks().len(),
        nodes: network.len(),
        modes: network.modes.items().len(),
        renewables: network.renewables.len(),
        machine: match suits(network) {
            Some(Suit::Narrow) => "narrow",
            Some(Suit::Broad) => "broad",
            Some(Suit::Deep) => "deep",
            Some(Suit::Wide) => "wide",
            Some(Suit::Widest) => "widest",
            None => "general",
        },
    })
}

/// How a search is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRun {
    /// Threads.
    pub threads: usize,
    /// What it may spend.
    pub limits: Limits,
}

/// The figures of a schedule and how they compare with what is possible, under the names and with the values of summary.csv.
#[derive(Serialize)]
struct Standing {
    makespan: Option<Number>,
    finish: Option<String>,
    cost: Option<Number>,
    tardiness: Option<Number>,
    npv: Option<Number>,
    lower_bound: Option<Number>,
    bound: Option<Number>,
    gap: Option<Number>,
}

impl Standing {
    fn of_progress(plan: &Plan, progress: &Progress) -> Standing {
        let work = |until: Moment| in_time_units(plan, working_time(plan, plan.project().start, until));
        let best = progress.best.as_ref();
        let bound = progress.leading_goal.and_then(|goal| goal.bound);
        Standing {
            makespan: best.map(|best| exact(work(best.finish))),
            finish: best.map(|best| plan.format_moment(best.finish)),
            cost: best.map(|best| exact(best.cost)),
            tardiness: best.map(|best| exact(shortened(best.tardiness))),
            npv: best.and_then(|best| best.npv).map(exact),
            lower_bound: Some(exact(work(progress.lower_bound))),
            bound: bound.map(|bound| exact(measure_text(plan, bound))),
            gap: best.and_then(|best| best.gap).map(|gap| exact(format!("{gap:.2}"))),
        }
    }

    fn of_row(row: SummaryRow) -> Standing {
        Standing {
            makespan: row.makespan.map(exact),
            finish: row.finish,
            cost: row.cost.map(exact),
            tardiness: row.tardiness.map(|late| exact(shortened(late))),
            npv: row.npv.map(exact),
            lower_bound: row.lower_bound.map(exact),
            bound: row.bound.map(exact),
            gap: row.gap.map(|gap| exact(format!("{gap:.2}"))),
        }
    }
}

/// Makes the lines in between: one whenever the best schedule or the bound has become better.
#[derive(Debug, Default)]
pub struct LogSteps {
    last: Option<Progress>,
}

impl LogSteps {
    /// The line of a step forward; `None` if `progress` is none.
    pub fn line(&mut self, name: &str, plan: &Plan, progress: &Progress, seconds: f64) -> Option<String> {
        #[derive(Serialize)]
        struct Step<'a> {
            event: &'static str,
            plan: &'a str,
            seconds: f64,
            effort: u64,
            #[serde(flatten)]
            standing: Standing,
            found_by: Option<String>,
        }
        let known = |progress: &Progress| {
            (progress.best, progress.lower_bound, progress.leading_goal.and_then(|goal| goal.bound))
        };
        if self.last.as_ref().is_some_and(|last| known(last) == known(progress)) {
            return None;
        }
        self.last = Some(*progress);
        Some(line(&Step {
            event: "step",
            plan: name,
            seconds: round(seconds, 1000.0),
            effort: progress.effort_spent,
            standing: Standing::of_progress(plan, progress),
            found_by: progress.best.map(|best| best.found_by.to_string()),
        }))
    }
}

#[derive(Serialize)]
struct End<'a> {
    event: &'static str,
    plan: &'a str,
    seconds: f64,
    status: &'a str,
    effort: Option<u64>,
    stopped: Option<&'static str>,
    #[serde(flatten)]
    standing: Option<Standing>,
    message: &'a str,
}

/// The last line of a search's log.
pub fn log_end(name: &str, plan: &Plan, outcome: &Outcome, seconds: f64) -> String {
    line(&End {
        event: "end",
        plan: name,
        seconds: round(seconds, 1000.0),
        status: outcome.status.word(),
        effort: Some(outcome.effort_spent),
        stopped: outcome.stopped.map(|stop| match stop {
            Stop::TimeLimit => "time limit",
            Stop::Request => "request",
        }),
        standing: Some(Standing::of_row(SummaryRow::of_outcome(plan, outcome, 0))),
        message: &outcome.message,
    })
}

/// The last line of the log of a plan that could not be worked on; `status` is a word such as `invalid`.
pub fn log_failure(name: &str, status: &str, message: &str, seconds: f64) -> String {
    let seconds = round(seconds, 1000.0);
    let none = End { event: "end", plan: name, seconds, status, effort: None, stopped: None, standing: None, message };
    line(&none)
}

fn line(event: &impl Serialize) -> String {
    let mut text = serde_json::to_string(event).expect("these have string keys and plain values");
    text.push('\n');
    text
}

/// A decimal as the number that reads the same.
fn exact(decimal: impl Display) -> Number {
    let text = decimal.to_string();
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.parse().unwrap_or(Number::from(0))
}

fn round(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
