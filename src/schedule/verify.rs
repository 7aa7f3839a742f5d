//! The judge: checks a schedule against the plan alone, sharing no code with the compile step or any engine.

use super::Schedule;
use crate::error::Findings;
use crate::plan::Plan;

/// Judges a schedule.
///
/// # Returns
/// A finding of severity error for each rule that is broken, naming task, moment and amounts; warnings for wishes that are
/// not met (deadlines, "no later" constraints). No error means the schedule is valid.
pub fn verify(_plan: &Plan, _schedule: &Schedule) -> Findings {
    todo!()
}
