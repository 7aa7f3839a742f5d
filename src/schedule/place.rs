//! From slots back to civil time.

use super::Schedule;
use crate::network::{Network, Slot};
use crate::plan::Plan;

/// The schedule in which each node starts at its slot in its mode.
///
/// # Arguments
/// `starts` and `modes` have an entry for each node; `modes` holds mode positions.
pub fn place(_plan: &Plan, _network: &Network, _starts: &[Slot], _modes: &[u32]) -> Schedule {
    todo!()
}
