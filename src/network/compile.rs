//! From the plan to the network.

use super::Network;
use crate::error::Result;
use crate::plan::Plan;

/// Compiles a plan.
///
/// # Errors
/// [`Error::is_invalid_plan`](crate::error::Error::is_invalid_plan) if the plan reaches beyond the horizon that slots
/// can number; [`Error::is_infeasible`](crate::error::Error::is_infeasible) if a task can never be worked on.
pub fn compile(_plan: &Plan) -> Result<Network> {
    todo!()
}
