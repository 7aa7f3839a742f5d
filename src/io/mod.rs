//! Files in and out: the only module that opens them. The format is told from the content, not the name.
//!
//! [`read_draft`] turns a folder or file into a [`PlanDraft`], [`read_bytes`] does so without a file system;
//! [`write_draft`], [`write_workbook`], [`write_psplib`] and their kin go the other way, and [`write_files`] is how anything
//! reaches the disk.

pub mod audit;
mod csv;
mod exports;
mod files;
mod folder;
mod format;
mod guard;
mod icalendar;
mod lines;
mod losses;
mod mermaid;
mod midnight;
mod mspdi;
#[cfg(test)]
mod mutations;
mod pmxml;
mod psplib;
pub mod results;
mod tally;
#[cfg(test)]
pub(crate) mod testing;
mod text;
mod workbook;
mod xer;
mod xml;

pub use self::icalendar::{CalendarEvents, write_icalendar};
pub use csv::{Excerpt, draft_to_csv, excerpt, write_draft};
pub use files::{DraftFile, FileWriter, require_folder, write_file, write_files, written_in};
pub use format::PlanFormat;
pub use guard::guarded;
pub use lines::LineFile;
pub use losses::scenarios_left_out;
pub use mermaid::write_mermaid;
pub use mspdi::write_mspdi;
pub use psplib::write_psplib;
pub use workbook::write_workbook;
pub use xer::write_xer;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::error::{Error, Finding, Findings, Place, Result};
use crate::plan::draft::{DateOrder, PlanDraft, Table, TableKind};
use format::Content;

/// The largest file that is read, in bytes: places in a table's text are 32 bits wide.
const MAX_FILE_BYTES: u64 = u32::MAX as u64;

/// How to read what a file does not say itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The order of day, month and year in dates that do not tell.
    pub date_order: Option<DateOrder>,
}

/// Reads a plan: a folder of CSV files, a tasks.csv (with the other tables beside it), another CSV file that holds a
/// task table (also as other planners export it), a workbook, or a file of a known format, which is told from its content.
///
/// # Errors
/// [`Error::is_io`] if a file cannot be read; [`Error::is_invalid_plan`] if nothing in it can be used as a plan. Faults
/// that leave tables to look at are findings of the draft, so that validation can add its own.
pub fn read_draft(path: &Path, options: &ReadOptions) -> Result<PlanDraft> {
    let metadata = std::fs::metadata(path).map_err(|source| Error::io("read", path, source))?;
    let draft = if metadata.is_dir() {
        folder::read(path, options)?
    } else {
        let file = file_name(path);
        if file.eq_ignore_ascii_case(TableKind::Tasks.file_name()) {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            folder::read(folder.unwrap_or(Path::new(".")), options)?
        } else {
            read_bytes(&file, read_file(path)?, options)
        }
    };
    if draft.tables.is_empty() && draft.findings.has_errors() {
        return Err(Error::invalid_plan(draft.findings));
    }
    Ok(draft)
}

/// Reads the dates that another planner stored: from a plan, or from a CSV file with the columns of dates.csv.
///
/// # Returns
/// The table; `None` if the file holds no dates.
///
/// # Errors
/// As [`read_draft`]; [`Error::is_invalid_plan`] if the file is a table that is none of dates.
pub fn read_dates(path: &Path, options: &ReadOptions) -> Result<Option<Table>> {
    let file = file_name(path);
    if path.is_dir() || file.eq_ignore_ascii_case(TableKind::Tasks.file_name()) {
        return Ok(read_draft(path, options)?.table(TableKind::Dates).cloned());
    }
    let bytes = read_file(path)?;
    if format::content(&bytes) != Content::Csv {
        let draft = read_bytes(&file, bytes, options);
        let is_unreadable = draft.tables.is_empty() && draft.findings.has_errors();
        let table = draft.table(TableKind::Dates).cloned();
        return if is_unreadable { Err(Error::invalid_plan(draft.findings)) } else { Ok(table) };
    }
    let mut findings = Findings::new();
    let table = csv::read_table(TableKind::Dates, &file, bytes, &mut findings);
    match findings.has_errors() {
        true => Err(Error::invalid_plan(findings)),
        false => Ok(table.filter(|table| table.column("task").is_some() && table.columns().len() > 1)),
    }
}

/// Reads scenarios that stand in a file of their own, with the columns of scenarios.csv.
///
/// # Errors
/// [`Error::is_io`] if it cannot be read, [`Error::is_invalid_plan`] if it is no such table.
pub fn read_scenarios(path: &Path) -> Result<Table> {
    let mut findings = Findings::new();
    let table = csv::read_table(TableKind::Scenarios, &file_name(path), read_file(path)?, &mut findings);
    table.filter(|_| !findings.has_errors()).ok_or_else(|| Error::invalid_plan(findings))
}

/// True if a file's content is that of a benchmark instance (PSPLIB, MMLIB, Patterson, ProGen/max, MPLIB), whatever it is
/// called. A file that cannot be read is none.
pub fn is_instance(path: &Path) -> bool {
    let is_known = |bytes: Vec<u8>| {
        matches!(
            format::content(&bytes),
            Content::Psplib | Content::Patterson | Content::ProgenMax | Content::Portfolio
        )
    };
    read_file(path).is_ok_and(is_known)
}

/// Reads a plan that is one file from its bytes.
///
/// # Arguments
/// `file` is the file's name, used for the plan's name and for messages; the format is told from the bytes.
///
/// # Returns
/// A draft; whatever is wrong with the bytes is among its findings.
pub fn read_bytes(file: &str, bytes: Vec<u8>, options: &ReadOptions) -> PlanDraft {
    let name = Path::new(file).file_stem().map_or(file, |stem| stem.to_str().unwrap_or(file)).to_owned();
    let mut draft = PlanDraft { name, date_order: options.date_order, ..PlanDraft::default() };
    match format::content(&bytes) {
        Content::Foreign(what) => draft.findings.push(unsupported(file, what)),
        Content::Csv => {
            if let Some(table) = csv::read_lone_table(file, bytes, &mut draft.findings) {
                exports::add(table, &mut draft);
            }
        }
        Content::Workbook => workbook::read(file, bytes, &mut draft),
        Content::Mspdi => mspdi::read(file, bytes, &mut draft),
        Content::Pmxml => pmxml::read(file, bytes, &mut draft),
        Content::Xer => xer::read(file, bytes, &mut draft),
        Content::Psplib | Content::Patterson | Content::ProgenMax | Content::Portfolio => {
            if let Some(text) = text::decode(file, bytes, &mut draft.findings) {
                psplib::read(file, &text, &mut draft);
            }
        }
    }
    draft
}

/// The finding that answers a file of a format that cannot be read.
fn unsupported(file: &str, what: &str) -> Finding {
    let text = format!("this is {what}, which is not read by this version");
    Finding::error("unsupported-format", Place::file(file), text)
        .with_hint("give a folder of CSV files, a tasks.csv, a workbook (.xlsx, .ods), a file of Microsoft Project (.xml) or Primavera P6 (.xer, .xml), or a PSPLIB (.sm, .mm), Patterson (.rcp), ProGen/max (.sch) or MPLIB file")
}

/// Opens a file that is read bit by bit.
///
/// # Errors
/// [`Error::is_io`] naming the file.
pub fn open(path: &Path) -> Result<BufReader<File>> {
    File::open(path).map(BufReader::new).map_err(|source| Error::io("read", path, source))
}

/// The whole content of a file.
fn read_file(path: &Path) -> Result<Vec<u8>> {
    let fail = |source| Error::io("read", path, source);
    let file = File::open(path).map_err(fail)?;
    let expected = file.metadata().map_err(fail)?.len().min(MAX_FILE_BYTES);
    let mut bytes = Vec::with_capacity(expected as usize + 1);
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Error::invalid_plan(Findings::from_iter([too_large(&file_name(path))])));
    }
    Ok(bytes)
}

/// The finding for a file that does not fit.
fn too_large(file: &str) -> Finding {
    Finding::error("file-too-large", Place::file(file), "the file holds more than 4 GiB of text")
        .with_hint("split the plan into several plans")
}

/// The last part of a path as messages show it.
fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
