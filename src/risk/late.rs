//! One percentile of the finish, for whoever compares many schedules.

use super::answers::percentile;
use super::assess::{RiskOptions, minutes, prepared};
use super::simulate::{Request, outcomes};
use crate::error::Result;
use crate::plan::Plan;
use crate::schedule::Schedule;

/// A percentile of the finish of a plan's samples, in minutes of [`Moment`](crate::units::Moment).
///
/// # Arguments
/// As [`assess`](super::assess()); `share` is that of the percentile. The samples are those that it makes.
///
/// # Errors
/// As [`assess`](super::assess()).
pub fn late_finish(plan: &Plan, schedule: Option<&Schedule>, options: &RiskOptions, share: f64) -> Result<f64> {
    prepared(plan, schedule, options, |ready| {
        let requests: Vec<Request> =
            (options.first..options.first + options.samples).map(|sample| (sample, 0)).collect();
        let made = outcomes(&ready.model, options.seed, None, &requests);
        let finishes: Vec<_> = made.iter().map(|outcome| outcome.finish).collect();
        Ok(percentile(&minutes(ready.model.network, &finishes), share).value)
    })
}
