//! The schedule that a verb begins with: one that is given, or one that is found.

use std::borrow::Cow;
use std::path::Path;

use floatline::cpm;
use floatline::effort::Control;
use floatline::error::{Error, Findings, Result, Severity};
use floatline::io::results::read_schedule;
use floatline::network::{Network, compile};
use floatline::plan::{Limit, Plan};
use floatline::schedule::{Outcome, Schedule, Status, left_of};
use floatline::solve::{FormerSchedule, SolveOptions, solve};

use super::progress::Line;
use super::settings::Settings;
use super::{plans, print};

/// Reads the schedule of a file.
///
/// # Arguments
/// `judge` says what is wrong with it.
///
/// # Errors
/// If it cannot be read, or is not a valid schedule of the plan.
pub fn given(
    plan: &Plan,
    path: &Path,
    judge: impl Fn(&Plan, &Schedule) -> Findings,
    settings: &Settings,
) -> Result<Schedule> {
    let (file, bytes) = plans::content(path)?;
    let (schedule, mut findings) = read_schedule(plan, &file, &bytes)?;
    let (schedule, begun) = left_of(plan, &schedule);
    findings.append(begun);
    findings.append(judge(plan, &schedule));
    if findings.has_errors() {
        return Err(Error::invalid_plan(findings));
    }
    if !settings.quiet {
        print::some_findings(&findings, "", Severity::Warning);
    }
    Ok(schedule)
}

/// Looks for a schedule.
///
/// # Arguments
/// `purpose` says what is to be done with it: `simulate`.
///
/// # Returns
/// An outcome with a schedule, and that.
///
/// # Errors
/// If there is none, or none was found.
pub fn solved(
    plan: &Plan,
    network: &Network,
    options: &SolveOptions,
    settings: &Settings,
    purpose: &str,
    control: &Control,
) -> Result<(Outcome, Schedule)> {
    let options = SolveOptions { seed: settings.seed, ..options.clone() };
    let line = Line::search(settings.quiet);
    let outcome = solve(plan, network, &options, control, &|progress| line.show(plan, progress));
    line.clear();
    let outcome = outcome?;
    match outcome.schedule.clone() {
        Some(schedule) => Ok((outcome, schedule)),
        None if outcome.status == Status::Infeasible => {
            Err(Error::infeasible(format!("there is no schedule to {purpose}: {}", outcome.message)))
        }
        None => {
            Err(Error::usage(format!("no schedule to {purpose} was found: {}; give it more effort", outcome.message)))
        }
    }
}

/// Schedules what is left of a plan, without its budgets if they are not enough for it ([`despite_budgets`]).
///
/// # Arguments
/// `start` is a schedule to start from. `purpose` is that of [`solved`].
///
/// # Returns
/// What is left, and its schedule.
///
/// # Errors
/// As [`solved`].
pub fn of_rest(
    plan: &Plan,
    start: Option<FormerSchedule>,
    purpose: &str,
    settings: &Settings,
    control: &dyn Fn() -> Control,
) -> Result<(Plan, (Outcome, Schedule))> {
    let left = cpm::left_to_do(Cow::Borrowed(plan)).into_owned();
    let options = SolveOptions { start, ..SolveOptions::default() };
    despite_budgets(left, settings, |left| solved(left, &compile(left)?, &options, settings, purpose, &control()))
}

/// Does something with what is left of a plan and, if its budgets are not enough for it, without them: what becomes of a project
/// is told even then.
///
/// # Errors
/// As `work`.
pub fn despite_budgets<T>(left: Plan, settings: &Settings, work: impl Fn(&Plan) -> Result<T>) -> Result<(Plan, T)> {
    match work(&left) {
        Err(error) if error.is_infeasible() && !left.budgets().is_empty() => {
            let is_budget = |limit: &Limit| matches!(limit, Limit::Budget(_));
            let budgets: Vec<Limit> = left.limits().into_iter().filter(is_budget).collect();
            let left = left.without(&budgets);
            let found = work(&left)?;
            if !settings.quiet {
                print::message("warning: the budgets are not enough for what is left; they are left aside here");
            }
            Ok((left, found))
        }
        found => found.map(|found| (left, found)),
    }
}
