//! The critical path method: early and late dates, floats, and what drives each date.

use crate::index::IdVec;
use crate::network::{Network, Slot};
use crate::plan::{Plan, TaskId};
use crate::schedule::TaskDates;

/// Earliest positions of every node by links, calendars and constraints alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyDates {
    /// Start of each node.
    pub start: Vec<Slot>,
    /// Finish of each node.
    pub finish: Vec<Slot>,
    /// The latest finish.
    pub project_finish: Slot,
}

/// A hand-over of a renewable resource: the successor uses units that the predecessor had until its finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handover {
    /// The node that had the units.
    pub predecessor: u32,
    /// The node that gets them.
    pub successor: u32,
    /// Position in [`Network::renewables`].
    pub resource: u32,
}

/// What the dates are computed for.
#[derive(Clone, Copy, Debug)]
pub enum Basis<'a> {
    /// Links, calendars and constraints alone: every task at its earliest.
    Logic,
    /// A schedule: floats count from its starts to its finish and respect how it hands over its resources.
    Scheduled {
        /// Start of each node.
        starts: &'a [Slot],
        /// Its hand-overs.
        handovers: &'a [Handover],
    },
}

/// The forward pass.
///
/// # Arguments
/// `modes` holds the mode position of each node.
///
/// # Returns
/// `None` if a node's calendar never offers the work it needs.
pub fn early_dates(_network: &Network, _modes: &[u32]) -> Option<EarlyDates> {
    todo!()
}

/// Both passes with floats and drivers, in civil time, for every task of the plan.
pub fn analyse(_plan: &Plan, _network: &Network, _modes: &[u32], _basis: Basis<'_>) -> IdVec<TaskId, TaskDates> {
    todo!()
}

/// The shortest mode of each node; of equally short ones the first.
pub fn shortest_modes(_network: &Network) -> Vec<u32> {
    todo!()
}

/// x
pub fn fixed_start(_network: &Network, _mode: u32, _node: usize) -> Option<Slot> {
    todo!()
}
/// x
pub fn limits(_network: &Network, _modes: &[u32], _node: usize, _starts: &[Slot], _finishes: &[Slot]) -> (Slot, Slot) {
    todo!()
}
/// x
pub struct LateDates {
    /// x
    pub start: Vec<Slot>,
    /// x
    pub finish: Vec<Slot>,
}
/// x
pub fn late_dates(_network: &Network, _modes: &[u32], _project_finish: Slot) -> LateDates {
    todo!()
}
