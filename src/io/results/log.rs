//! The log of a search, a JSON object a line: how it began, each step forward, how it ended.
//!
//! Of two runs with the same plan, options and effort only the values of `seconds` and `threads` differ.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Number;

use super::schedule::in_time_units;
use crate::effort::{Limits, Stop};
use crate::network::Network;
use crate::plan::Plan;
use crate::schedule::{Outcome, makespan, project_cost, working_time};
use crate::solve::sgs::{Suit, suits};
use crate::solve::{Objective, Progress, SolveOptions};
use crate::units::{Minutes, Moment};

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

/// How a schedule compares with what is possible.
#[derive(Serialize)]
struct Standing {
    makespan: Option<Number>,
    finish: Option<String>,
    cost: Option<Number>,
    bound: Number,
    bound_finish: String,
    gap: Option<f64>,
}

impl Standing {
    fn new(plan: &Plan, finish: Option<Moment>, bound: Moment) -> Standing {
        let work = |until: Moment| working_time(plan, plan.project().start, until);
        let percent = |finish: Moment| match (work(finish).0, work(bound).0) {
            (0, 0) => Some(0.0),
            (_, 0) => None,
            (makespan, bound) => Some(round((makespan - bound) as f64 * 100.0 / bound as f64, 100.0)),
        };
        Standing {
            makespan: finish.map(|finish| number(plan, work(finish))),
            finish: finish.map(|finish| plan.format_moment(finish)),
            cost: None,
            bound: number(plan, work(bound)),
            bound_finish: plan.format_moment(bound),
            gap: finish.and_then(percent),
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
            tardiness: Option<Number>,
            found_by: Option<String>,
        }
        let known = |progress: &Progress| (progress.best, progress.lower_bound);
        if self.last.as_ref().is_some_and(|last| known(last) == known(progress)) {
            return None;
        }
        self.last = Some(*progress);
        let best = progress.best;
        let mut standing = Standing::new(plan, best.map(|best| best.finish), progress.lower_bound);
        standing.cost = best.map(|best| exact(best.cost));
        Some(line(&Step {
            event: "step",
            plan: name,
            seconds: round(seconds, 1000.0),
            effort: progress.effort_spent,
            standing,
            tardiness: best.map(|best| number(plan, best.tardiness)),
            found_by: best.map(|best| best.found_by.to_string()),
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
    let mut standing =
        Standing::new(plan, outcome.schedule.as_ref().and_then(|schedule| schedule.finish()), outcome.lower_bound);
    standing.makespan = outcome.schedule.as_ref().map(|schedule| number(plan, makespan(plan, schedule)));
    standing.cost = outcome.schedule.as_ref().map(|schedule| exact(project_cost(plan, schedule).total()));
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
        standing: Some(standing),
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

/// Working time in the plan's time unit.
fn number(plan: &Plan, minutes: Minutes) -> Number {
    exact(in_time_units(plan, minutes))
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
