//! The XML of Microsoft Project (MSPDI), read into drafts and written from plans.
//!
//! Reading goes in three steps: [`decode`](xml::decode) makes text of the bytes, [`parse`] walks through its elements into a
//! [`Model`](model::Model), and [`draft`] turns that into tables. Element names and meanings: Microsoft, "Microsoft
//! Project XML Data Interchange Schema Reference" (2003 to 2016).

mod assignments;
mod calendars;
mod draft;
mod elements;
mod links;
mod markup;
mod model;
mod outline;
mod parse;
mod parse_calendars;
mod parse_resources;
mod parse_tasks;
mod project;
mod recurrence;
mod resources;
mod tasks;
mod values;
mod write;
mod write_calendars;
mod write_resources;
mod write_tasks;

#[cfg(test)]
mod tests;

pub use write::write_mspdi;

use crate::error::{Finding, Severity};
use crate::io::xml;
use crate::plan::draft::PlanDraft;
use elements::Elements;
use model::Model;

/// Reads a file into a draft; tables are added only if it can be read to its end.
pub(super) fn read(file: &str, bytes: Vec<u8>, draft: &mut PlanDraft) {
    let Some(text) = xml::decode(file, bytes, &mut draft.findings) else { return };
    let mut elements = Elements::new(file, &text);
    let mut model = Model::default();
    match parse::read(&mut elements, &mut model) {
        Ok(()) => draft.tables = draft::tables(&model, &mut elements, &draft.name),
        Err(finding) => {
            let Model { calendars, tasks, links, resources, assignments, .. } = &model;
            let text = format!(
                "{}; what was read before ({} tasks, {} links, {} resources, {} assignments, {} calendars) is not used",
                finding.text,
                tasks.len(),
                links.len(),
                resources.len(),
                assignments.len(),
                calendars.len()
            );
            elements.tally.push(Finding { severity: Severity::Error, text, ..*finding });
        }
    }
    elements.flush(&mut draft.findings);
}
