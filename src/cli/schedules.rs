//! The schedule that other verbs start from: one that the user gives, or one that is searched for.

use std::path::Path;

use floatline::effort::Control;
use floatline::error::{Error, Result, Severity};
use floatline::io::results::read_schedule;
use floatline::network::Network;
use floatline::plan::Plan;
use floatline::schedule::{Outcome, Schedule, Status, left_of, verify};
use floatline::solve::{SolveOptions, solve};

use super::progress::Line;
use super::settings::Settings;
use super::{plans, print};

/// Reads a schedule of what is left of a plan.
///
/// # Errors
/// If it cannot be read, or if the validator refuses it.
pub fn given(plan: &Plan, path: &Path, settings: &Settings) -> Result<Schedule> {
    let (file, bytes) = plans::content(path)?;
    let (schedule, mut findings) = read_schedule(plan, &file, &bytes)?;
    let (schedule, begun) = left_of(plan, &schedule);
    findings.append(begun);
    findings.append(verify(plan, &schedule));
    if findings.has_errors() {
        return Err(Error::invalid_plan(findings));
    }
    if !settings.quiet {
        print::some_findings(&findings, "", Severity::Warning);
    }
    Ok(schedule)
}

/// Searches for a schedule.
///
/// # Arguments
/// `what` is what is to be done with it, for messages: `simulate`.
///
/// # Returns
/// An outcome with a schedule.
///
/// # Errors
/// If there is none, or none was found.
pub fn found(
    plan: &Plan,
    network: &Network,
    what: &str,
    settings: &Settings,
    control: &Control,
) -> Result<(Outcome, Schedule)> {
    let options = SolveOptions { seed: settings.seed, ..SolveOptions::default() };
    let line = Line::search(settings.quiet);
    let outcome = solve(plan, network, &options, control, &|progress| line.show(plan, progress));
    line.clear();
    let outcome = outcome?;
    match outcome.schedule.clone() {
        Some(schedule) => Ok((outcome, schedule)),
        None if outcome.status == Status::Infeasible => {
            Err(Error::infeasible(format!("there is no schedule to {what}: {}", outcome.message)))
        }
        None => Err(Error::usage(format!("no schedule to {what} was found: {}; give it more effort", outcome.message))),
    }
}
