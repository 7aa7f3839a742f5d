//! From a draft to a plan: every cell parsed, every reference resolved, every contradiction named.

use super::Plan;
use super::draft::PlanDraft;
use crate::error::{Findings, Result};

/// Turns a draft into a plan.
///
/// # Returns
/// The plan with all warnings and notes, those of the draft included, sorted.
///
/// # Errors
/// [`Error::is_invalid_plan`](crate::error::Error::is_invalid_plan) with every finding of the plan, if any of them is
/// an error.
pub fn validate(_draft: &PlanDraft) -> Result<(Plan, Findings)> {
    todo!()
}
