//! The critical path method: early and late dates, floats, and what drives each date.
//!
//! `forward` and `backward` are the two passes over the [`Network`] in slots; `analysis` turns them into floats, drivers and
//! civil time for every task.
//!
//! # Source
//! Kelley and Walker, Critical-path planning and scheduling, 1959; for links with lags and for maximal lags Elmaghraby and
//! Kamburowski, The analysis of activity networks under generalized precedence relations, 1992. Here every lag is a monotone
//! function on a calendar instead of a constant.

mod analysis;
mod backward;
mod expected;
mod forward;
mod manner;
mod progress;
#[cfg(test)]
mod progress_tests;
#[cfg(test)]
mod tests;

pub use analysis::analyse;
pub use backward::{LateDates, late_dates, limits};
pub use expected::{left_by_logic, left_to_do};
pub use forward::{EarlyDates, early_dates, fixed_start, meets_must_date, planned_dates, push_late, quickest_modes};

use crate::network::{Network, Slot};

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

/// The mode position of the shortest mode of each node; of equally short ones the cheapest, then the first.
///
/// Modes are compared by duration, not by finish, which would depend on the start.
pub fn shortest_modes(network: &Network) -> Vec<u32> {
    let quickest = |node: usize| {
        let range = network.modes.range(node);
        let first = range.start as u32;
        if range.len() == 1 {
            return first;
        }
        let key = |position: &usize| (network.modes.items()[*position].duration, network.costs[*position], *position);
        range.min_by_key(key).map_or(first, |position| position as u32)
    };
    (0..network.len()).map(quickest).collect()
}
