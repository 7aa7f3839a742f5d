//! stakeholders.csv.

use super::cells::{Cells, read_ids};
use super::impacts::read_tasks;
use super::report::Report;
use super::uncertainty::PlanSoFar;
use crate::index::IdVec;
use crate::plan::draft::Table;
use crate::plan::notation::parse_confidence;
use crate::plan::{Stakeholder, StakeholderId};

/// Reads the table.
pub(super) fn read(table: &Table, plan: &PlanSoFar<'_>, report: &mut Report) -> IdVec<StakeholderId, Stakeholder> {
    let cells = |field| Cells::of(table, field);
    let (ids, names, roles) = (cells("id"), cells("name"), cells("role"));
    let (milestones, confidences, interests) = (cells("milestones"), cells("confidence"), cells("interests"));
    read_ids::<StakeholderId>(table, "id", report);
    let rows = (0..table.len()).map(|row| Stakeholder {
        id: ids.text(row).into(),
        name: names.text(row).into(),
        role: roles.text(row).into(),
        milestones: read_tasks(milestones, row, plan.names, report),
        confidence: confidences.parse(row, report, parse_confidence).unwrap_or(Stakeholder::USUAL_CONFIDENCE),
        interests: interests.text(row).into(),
        row: table.line(row),
    });
    IdVec::from(rows.collect::<Vec<_>>())
}
