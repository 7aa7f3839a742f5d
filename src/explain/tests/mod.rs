//! Explanations against the validator, against brute force, and by hand.

mod bounds;
mod conflicts;
mod edits;
mod tasks;

use crate::effort::{Control, Limits};
use crate::generate::{GenerateOptions, generate};
use crate::network::compile;
use crate::plan::{Plan, validate};
use crate::schedule::Outcome;
use crate::solve::{SolveOptions, solve};

fn control(effort: u64) -> Control {
    Control::start(Limits { effort: Some(effort), time: None })
}

fn generated(options: GenerateOptions) -> Plan {
    validate(&generate(&options).unwrap()).unwrap().0
}

fn solved(plan: &Plan, effort: u64) -> Outcome {
    solve(plan, &compile(plan).unwrap(), &SolveOptions::default(), &control(effort), &|_| {}).unwrap()
}
