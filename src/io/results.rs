//! Stub: replaced by its author's file.

use std::io::{self, Write};
use std::path::Path;

use crate::error::Result;
use crate::plan::Plan;
use crate::schedule::{Outcome, Schedule};
use crate::units::Money;

/// The length of the rows of usage.csv and costs.csv.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
}

/// A row of summary.csv.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SummaryRow {
    /// Plan.
    pub plan: String,
    /// Status.
    pub status: String,
    /// Start.
    pub start: String,
    /// Finish.
    pub finish: String,
    /// Makespan.
    pub makespan: String,
    /// Cost.
    pub cost: String,
    /// Bound.
    pub lower_bound: String,
    /// Gap.
    pub gap: String,
    /// Seconds.
    pub seconds: f64,
    /// Seed.
    pub seed: u64,
    /// Message.
    pub message: String,
}

/// Stub.
pub fn write_schedule(_plan: &Plan, _outcome: &Outcome, _out: &mut dyn Write) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_assignments(_plan: &Plan, _schedule: &Schedule, _out: &mut dyn Write) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_usage(_plan: &Plan, _schedule: &Schedule, _period: Period, _out: &mut dyn Write) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_costs(_plan: &Plan, _schedule: &Schedule, _period: Period, _out: &mut dyn Write) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_summary(_rows: &[SummaryRow], _out: &mut dyn Write) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn read_schedule(_plan: &Plan, _path: &Path) -> Result<Schedule> {
    todo!()
}
/// Stub.
pub fn total_cost(_plan: &Plan, _schedule: &Schedule) -> Money {
    todo!()
}
