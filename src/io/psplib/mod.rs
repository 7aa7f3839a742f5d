//! PSPLIB (`.sm`, `.mm`, and the short form of MMLIB) and Patterson (`.rcp`) files, read into drafts and written from
//! plans.
//!
//! Both directions pass through an [`Instance`], which is what such a file says and nothing more: jobs with modes,
//! successors, capacities and some header values. Layouts: R. Kolisch, A. Sprecher, "PSPLIB - A project scheduling
//! problem library", EJOR 96 (1996) 205-216; V. Van Peteghem, M. Vanhoucke, EJOR 235 (2014) 62-72 for MMLIB.

mod draft;
mod export;
mod instance;
mod patterson;
mod sections;
mod write;

#[cfg(test)]
mod tests;

use super::format::{self, Content, PlanFormat};
use super::tally::Tally;
use crate::error::{Error, Findings, Result};
use crate::plan::Plan;
use crate::plan::draft::PlanDraft;
use instance::{Instance, Layout};

/// Reads an instance into a draft; tables are added only if the file is free of errors.
pub(super) fn read(file: &str, text: &str, draft: &mut PlanDraft) {
    let mut found = Tally::new(file);
    let instance = parse(file, text, &mut found);
    found.flush(&mut draft.findings);
    if let Some(instance) = instance {
        draft.tables = draft::tables(&instance, file, &draft.name);
    }
}

/// True if no job has more than one mode (and if the file cannot be read).
pub(super) fn is_single_mode(text: &str) -> bool {
    let instance = parse("", text, &mut Tally::new(""));
    instance.is_none_or(|instance| instance.jobs.iter().all(|job| job.modes.len() == 1))
}

fn parse(file: &str, text: &str, found: &mut Tally) -> Option<Instance> {
    match format::content(text.as_bytes()) {
        Content::Patterson => patterson::parse(file, text, found),
        _ => sections::parse(file, text, found),
    }
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
