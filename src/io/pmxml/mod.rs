//! Primavera P6 XML (PMXML, root `APIBusinessObjects`), read into drafts.
//!
//! [`elements`] walks through the text and keeps the objects that a plan is made of; the other files turn them into the
//! tables of a draft: calendars first, as everything names them, then resources, activities and the project's own data.
//! Object ids are unique within a kind of object. Durations, lags and units of work are in hours, `1` unit per time is a
//! full-time resource, and a shift's finish is its last minute (`15:59` for 16:00).

mod activities;
mod calendars;
mod elements;
mod links;
mod progress;
mod project;
mod resources;
mod values;
mod wbs;

#[cfg(test)]
pub(super) mod tests;

use crate::io::xml;
use crate::plan::draft::PlanDraft;
use values::Values;

/// Reads a file into a draft; tables are added only if its XML can be walked through to the end.
pub(super) fn read(file: &str, bytes: Vec<u8>, draft: &mut PlanDraft) {
    let Some(text) = xml::decode(file, bytes, &mut draft.findings) else { return };
    let mut values = Values::new(file);
    match elements::parse(file, &text) {
        Err(stop) => values.push(*stop),
        Ok(document) => draft.tables = project::tables(&document, &draft.name, &mut values),
    }
    values.flush(&mut draft.findings);
}
