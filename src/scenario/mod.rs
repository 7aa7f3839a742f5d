//! What if: plans in which something is different, compared with the plan as it is.
//!
//! A [`Scenario`] is a named list of [`Edit`]s on the cells of a [`PlanDraft`](crate::plan::draft::PlanDraft); [`apply`]
//! carries them out, and what comes out is read like any plan. [`compare`](compare()) does that for many and puts them side by
//! side, [`until`](until()) searches a series of values for the one that meets a goal, and [`values`] asks what one more of
//! everything scarce would bring, [`people_values`] what a new person or a new skill would.
//!
//! # Example
//!
//! ```
//! use floatline::effort::{Control, Limits};
//! use floatline::io::{self, ReadOptions};
//! use floatline::scenario::{Edit, Scenario, StudyOptions, compare};
//!
//! # fn main() -> floatline::error::Result<()> {
//! let text = "id,duration,resources\npaint,3d,Ana\ntile,4d,Ana\n";
//! let draft = io::read_bytes("plan.csv", text.as_bytes().to_vec(), &ReadOptions::default());
//! let helper = Edit::parse("resource:Ana.capacity=+1").expect("an edit");
//! let (options, control) = (StudyOptions::default(), Control::start(Limits::default()));
//! let found = compare(&draft, &[Scenario::of("two painters", vec![helper])], &options, &control, &|_| {})?;
//!
//! // Seven days become four.
//! let finish = |study: &floatline::scenario::Study| study.figures.map(|figures| figures.finish.to_string());
//! assert_eq!(finish(&found.base).as_deref(), Some("2026-01-13 17:00"));
//! assert_eq!(finish(&found.scenarios[0]).as_deref(), Some("2026-01-08 17:00"));
//! # Ok(())
//! # }
//! ```

mod advice;
mod apply;
mod carry;
mod change;
mod compare;
mod edit;
mod figures;
mod read;
mod sweep;
#[cfg(test)]
mod tests;
mod until;
mod value;

pub use advice::{MOST_TRAININGS, people_values};
pub use apply::apply;
pub use compare::{Bench, Comparison, LATE, Move, Study, StudyOptions, compare};
pub use edit::{Act, Edit, Part, Source, Target, Value, nearest};
pub use figures::Figures;
pub use read::{Scenario, read};
pub use sweep::{MOST_VALUES, Sweep, scenarios};
pub use until::{Breakpoint, Searched, Wish, until};
pub use value::{Limit, MarginalValue, Values, values};

/// What the plan as it is is called among scenarios.
pub const BASE: &str = "base";
