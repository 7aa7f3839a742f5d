//! Files in and out: the only module that opens them. The format is told from the content, not the name.

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

pub mod results;

/// Stub.
pub fn read_bytes(_file: &str, _bytes: Vec<u8>, _options: &ReadOptions) -> PlanDraft {
    todo!()
}

/// Stub.
pub type FileWriter<'a> = &'a (dyn Fn(&mut dyn std::io::Write) -> std::io::Result<()> + Sync);

/// Stub.
pub fn write_files(_dir: &Path, _files: &[(&str, FileWriter<'_>)]) -> Result<()> {
    todo!()
}

/// Stub.
pub fn write_file(_path: &Path, _writer: FileWriter<'_>) -> Result<()> {
    todo!()
}

/// Stub.
pub fn write_draft(_draft: &PlanDraft, _dir: &Path) -> Result<()> {
    todo!()
}

/// Stub.
pub fn write_psplib(_plan: &crate::plan::Plan, _format: PlanFormat) -> Result<(String, crate::error::Findings)> {
    todo!()
}

/// Stub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanFormat {
    /// Csv.
    Csv,
    /// Sm.
    PsplibSm,
    /// Mm.
    PsplibMm,
    /// Rcp.
    Patterson,
}

impl PlanFormat {
    /// Stub.
    pub fn name(self) -> &'static str {
        ""
    }
}
