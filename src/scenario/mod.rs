//! What if: plans in which something is different, compared with the plan as it is.
//!
//! A [`Scenario`] is a named list of [`Edit`]s on the cells of a [`PlanDraft`](crate::plan::draft::PlanDraft); [`apply`]
//! carries them out, and what comes out is read like any plan. [`compare`] does that for many and puts them side by side.

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

pub use apply::apply;
pub use compare::{Bench, Comparison, LATE, Move, Study, StudyOptions, compare};
pub use edit::{Act, Edit, Part, Source, Target, Value};
pub use figures::Figures;
pub use read::{Scenario, read};
pub use sweep::{MOST_VALUES, Sweep, scenarios};
pub use until::{Breakpoint, Searched, Wish, until};

/// What the plan as it is is called among scenarios.
pub const BASE: &str = "base";
