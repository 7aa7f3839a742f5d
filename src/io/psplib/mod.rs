//! The formats of benchmark instances: PSPLIB (`.sm`, `.mm`, and the short form of MMLIB) and Patterson (`.rcp`), read into
//! drafts and written from plans; ProGen/max (`.sch`) and MPLIB, which are read only.
//!
//! What is written passes through an [`Instance`](instance::Instance), which is what such a file says and nothing more: jobs
//! with modes, successors, capacities and some header values. Layouts: R. Kolisch, A. Sprecher, "PSPLIB - A project scheduling
//! problem library", EJOR 96 (1996) 205-216; V. Van Peteghem, M. Vanhoucke, EJOR 235 (2014) 62-72 for MMLIB.

mod draft;
mod export;
mod instance;
mod numbers;
mod patterson;
mod portfolio;
mod progenmax;
mod sections;
mod write;

#[cfg(test)]
mod tests;

use super::format::{self, Content, PlanFormat};
use super::tally::Tally;
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::plan::Plan;
use crate::plan::draft::{PlanDraft, Table};
use instance::Layout;

/// Reads an instance into a draft; tables are added only if the file is free of errors.
pub(super) fn read(file: &str, text: &str, draft: &mut PlanDraft) {
    let mut found = Tally::new(file);
    let mut or_finding = |tables: std::result::Result<Vec<Table>, (u32, String)>, rule: &'static str| {
        tables
            .map_err(|(line, text)| found.push(Finding::error(rule, Place::row(file, line), text)))
            .unwrap_or_default()
    };
    draft.tables = match format::content(text.as_bytes()) {
        Content::ProgenMax => or_finding(progenmax::tables(file, text, &draft.name), "progen-max"),
        Content::Portfolio => or_finding(portfolio::tables(file, text, &draft.name), "mplib"),
        content => {
            let instance = match content {
                Content::Patterson => patterson::parse(file, text, &mut found),
                _ => sections::parse(file, text, &mut found),
            };
            instance.map(|instance| draft::tables(&instance, file, &draft.name)).unwrap_or_default()
        }
    };
    found.flush(&mut draft.findings);
}

/// Writes a plan as a PSPLIB or Patterson file.
///
/// The formats know finish-to-start links without lag, constant capacities and whole periods. A plan on one calendar is
/// written in working time of its time unit; a dummy start and end are added where they are missing; amounts in fractions
/// are written in the largest unit that makes them whole, resource by resource.
///
/// # Returns
/// The text of the file, and notes on what it leaves out.
///
/// # Errors
/// [`Error::is_invalid_plan`] with every reason why the format cannot express the plan; [`Error::is_usage`] for
/// [`PlanFormat::Csv`], which [`write_draft`](super::write_draft) writes.
pub fn write_psplib(plan: &Plan, format: PlanFormat) -> Result<(String, Findings)> {
    if format == PlanFormat::Csv {
        return Err(Error::usage("a plan in CSV is a folder of tables, not a single file"));
    }
    let (instance, notes) = export::instance(plan, format)?;
    let text = match (format, instance.layout) {
        (PlanFormat::Patterson, _) => patterson::write(&instance),
        (_, Layout::Mmlib) => write::short(&instance),
        _ => write::long(&instance),
    };
    Ok((text, notes))
}
