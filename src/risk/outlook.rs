//! Samples of a plan, and no more: when it ends and what it costs, without what drives that.

use super::assess::{RiskOptions, minutes, prepared};
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::plan::{Plan, TaskId};
use crate::schedule::Schedule;

/// What samples say of the ends of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Finishes of the project, ascending, in minutes of [`Moment`](crate::units::Moment).
    pub finish: Vec<f64>,
    /// By how much its cost differs from the planned one, ascending, in minor units of money.
    pub more_cost: Vec<f64>,
    /// Finishes of tasks with a deadline and of milestones (as many as [`assess`](super::assess()) keeps), ascending.
    pub marks: Vec<(TaskId, Vec<f64>)>,
}

/// Makes the samples that [`assess`](super::assess()) would, and tells nothing but ends.
///
/// # Errors
/// As [`assess`](super::assess()); wrong usage if it is stopped before the first sample.
pub fn outlook(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    control: &Control,
    report: &(dyn Fn(u64) + Sync),
) -> Result<Outlook> {
    prepared(plan, schedule, options, |ready| {
        let (run, _) = ready.sample(options, control, report);
        if run.samples.finish.is_empty() {
            return Err(Error::usage("stopped before the first sample was made"));
        }
        let of = |slots: &[_]| minutes(ready.network(), slots);
        let mut more_cost: Vec<f64> =
            run.samples.cost.iter().map(|&cost| (cost - ready.planned_cost()) as f64).collect();
        more_cost.sort_by(f64::total_cmp);
        let marks = ready.marks().iter().zip(&run.samples.marks).map(|(&task, slots)| (task, of(slots)));
        Ok(Outlook { finish: of(&run.samples.finish), more_cost, marks: marks.collect() })
    })
}
