//! Stub: replaced by its author's folder.

use std::io::{self, Write};
use std::path::Path;

use crate::error::Result;
use crate::index::IdVec;
use crate::plan::{Plan, TaskId};
use crate::schedule::{Outcome, Period, Schedule, TaskDates};
use crate::units::Money;

/// Format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV.
    Csv,
    /// JSON.
    Json,
}

/// A row of summary.csv.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SummaryRow {
    /// Plan.
    pub plan: String,
    /// Status.
    pub status: String,
    /// Start.
    pub start: Option<String>,
    /// Finish.
    pub finish: Option<String>,
    /// Makespan.
    pub makespan: Option<String>,
    /// Cost.
    pub cost: Option<Money>,
    /// Bound.
    pub lower_bound: Option<String>,
    /// Gap.
    pub gap: Option<f64>,
    /// Seconds.
    pub seconds: f64,
    /// Seed.
    pub seed: u64,
    /// Message.
    pub message: String,
}

impl SummaryRow {
    /// Stub.
    pub fn of_outcome(_plan: &Plan, _outcome: &Outcome, _seconds: f64, _seed: u64) -> SummaryRow {
        todo!()
    }
    /// Stub.
    pub fn of_failure(_plan: &str, _status: &str, _message: &str, _seconds: f64, _seed: u64) -> SummaryRow {
        todo!()
    }
}

/// Stub.
pub fn write_schedule(
    _plan: &Plan,
    _schedule: &Schedule,
    _dates: &IdVec<TaskId, TaskDates>,
    _format: Format,
    _out: &mut dyn Write,
) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_assignments(_plan: &Plan, _schedule: &Schedule, _format: Format, _out: &mut dyn Write) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_usage(
    _plan: &Plan,
    _schedule: &Schedule,
    _period: Period,
    _format: Format,
    _out: &mut dyn Write,
) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_costs(
    _plan: &Plan,
    _schedule: &Schedule,
    _period: Period,
    _format: Format,
    _out: &mut dyn Write,
) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn write_summary(_rows: &[SummaryRow], _format: Format, _out: &mut dyn Write) -> io::Result<()> {
    todo!()
}
/// Stub.
pub fn read_schedule(_plan: &Plan, _path: &Path) -> Result<Schedule> {
    todo!()
}
