//! Looking back: estimates against actuals, what they teach for the next plan, and what earlier forecasts were worth.
//!
//! [`review`] goes through the histories of one or more projects: [`observe`](observations) makes an [`Observation`] of each
//! finished task, `groups` sums them up by category, person and size, `shrink` fits the [`Calibration`] of the next plan,
//! `backtest` asks what would have been forecast at each past status date, and `lessons` puts the most telling into words.
//!
//! # Example
//!
//! ```
//! use floatline::effort::{Control, Limits};
//! use floatline::io::{self, ReadOptions};
//! use floatline::plan::validate;
//! use floatline::review::{History, ReviewOptions, review};
//!
//! # fn main() -> floatline::error::Result<()> {
//! let folder = tempfile::tempdir().expect("a folder");
//! let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
//! write("tasks.csv", "id,duration,category\nA,4d,code\nB,4d,code\n");
//! write("project.csv", "key,value\nstart,2026-03-02\nstatus_date,2026-03-16\n");
//! write("progress.csv", "task,actual_start,actual_finish\nA,2026-03-02,2026-03-09\nB,2026-03-02,2026-03-09\n");
//! let plan = validate(&io::read_draft(folder.path(), &ReadOptions::default())?)?.0;
//!
//! let histories = [History { name: "first", plan: &plan }];
//! let found = review(&histories, &ReviewOptions::default(), &Control::start(Limits::default()))?;
//!
//! // Six days instead of four, twice.
//! let whole = &found.groups[0];
//! assert_eq!((whole.count, (whole.factor * 100.0).round()), (2, 150.0));
//! let next = found.calibration.factor(Some("code")).expect("there are tasks of the category");
//! assert!(next.tenth < 1.5 && 1.5 < next.ninetieth);
//! # Ok(())
//! # }
//! ```

mod backtest;
mod calibration;
mod groups;
mod lessons;
mod observe;
mod shrink;
#[cfg(test)]
mod tests;

pub use backtest::{BackTest, back_test};
pub use calibration::{Applied, Calibration, Factor};
pub use groups::{By, Coverage, Group, groups};
pub use lessons::{LEAST_TO_LEARN_FROM, Lesson, lessons};
pub use observe::{Observation, observations};
pub use shrink::calibrate;

use crate::effort::Control;
use crate::error::{Error, Result};
use crate::plan::{Plan, TimeUnit};

/// The history of a project: the whole of its plan, with its progress.
#[derive(Clone, Copy, Debug)]
pub struct History<'p> {
    /// What to call it.
    pub name: &'p str,
    /// Its plan, as validated.
    pub plan: &'p Plan,
}

/// What durations of histories are counted in: `days`, or `periods` where time is numbered periods.
pub fn unit_of(histories: &[History<'_>]) -> &'static str {
    let counts_periods = |history: &History<'_>| history.plan.project().time_unit == TimeUnit::Period;
    if !histories.is_empty() && histories.iter().all(counts_periods) { "periods" } else { "days" }
}

/// How histories are looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewOptions {
    /// Samples of each forecast of the back-test; none for no back-test.
    pub samples: u64,
    /// Seed of its random numbers.
    pub seed: u64,
    /// True if optimistic and pessimistic durations are the 10th and the 90th percentile, and not the ends.
    pub ends_are_deciles: bool,
}

impl Default for ReviewOptions {
    fn default() -> ReviewOptions {
        ReviewOptions { samples: 1_000, seed: 0, ends_are_deciles: false }
    }
}

/// What there is to learn from histories.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The finished tasks, history by history, in the order of the plans.
    pub observations: Vec<Observation>,
    /// Finished tasks that tell nothing, since no working time of their calendar lies between start and finish.
    pub without_work: usize,
    /// The whole, then categories, people and sizes.
    pub groups: Vec<Group>,
    /// What the next plan is to be calibrated by.
    pub calibration: Calibration,
    /// What was forecast at past status dates, history by history.
    pub backtests: Vec<BackTest>,
    /// The most telling, gravest first.
    pub lessons: Vec<Lesson>,
}

/// How sure intervals are that are given for what was found.
pub const CONFIDENCE: f64 = 0.8;

/// Looks back at projects; their observations are pooled.
///
/// # Errors
/// [`Error::is_usage`] if no task of any history is finished; as [`back_test`] otherwise.
pub fn review(histories: &[History<'_>], options: &ReviewOptions, control: &Control) -> Result<Review> {
    let mut observations = Vec::new();
    let mut without_work = 0;
    for history in histories {
        let (seen, skipped) = self::observations(history, options.ends_are_deciles);
        observations.extend(seen);
        without_work += skipped;
    }
    if observations.is_empty() {
        let names: Vec<String> = histories.iter().map(|history| format!("`{}`", history.name)).collect();
        let text = format!(
            "there is nothing to review yet: no task of {} has been finished; progress.csv tells of finished tasks \
             in its columns task, actual_start and actual_finish",
            names.join(", ")
        );
        return Err(Error::usage(text));
    }
    let mut backtests = Vec::new();
    for history in histories.iter().filter(|_| options.samples > 0) {
        backtests.extend(back_test(history, options, control)?);
    }
    let groups = groups(&observations, unit_of(histories));
    let calibration = calibrate(&observations);
    let lessons = lessons(histories, &observations, &groups, &calibration, &backtests);
    Ok(Review { observations, without_work, groups, calibration, backtests, lessons })
}
