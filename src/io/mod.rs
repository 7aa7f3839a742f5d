//! Files in and out: the only module that opens them. The format is told from the content, not the name.

pub mod results;

use std::path::Path;

use crate::error::Result;
use crate::plan::draft::{DateOrder, PlanDraft};

/// How to read what a file does not say itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The order of day, month and year in dates that do not tell.
    pub date_order: Option<DateOrder>,
}

/// Reads a plan: a folder of CSV files, a tasks.csv (with the other tables beside it), or a file of a known format.
///
/// # Errors
/// If a file cannot be read. Faults of the content are findings of the draft.
pub fn read_draft(_path: &Path, _options: &ReadOptions) -> Result<PlanDraft> {
    todo!()
}
