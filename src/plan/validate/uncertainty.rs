//! The tables of uncertainty, in the order in which they refer to each other. Gates are read before, as they bring links.

use super::cells::{Labels, Reading};
use super::report::Report;
use super::risks::Risks;
use super::stakeholders::Known;
use super::{correlations, issues, mitigations, risks, stakeholders};
use crate::index::IdVec;
use crate::plan::draft::{PlanDraft, TableKind};
use crate::plan::notation::Names;
use crate::plan::{Gate, GateId, ResourceId, Task, TaskId, Uncertainty};

/// What the rows of these tables are read against.
pub(super) struct PlanSoFar<'p> {
    /// All tasks, with their kinds.
    pub tasks: &'p [Task],
    pub names: &'p Names<'p, TaskId>,
    pub reading: &'p Reading,
}

/// Reads all tables but that of the gates.
pub(super) fn read<'a>(
    draft: &'a PlanDraft,
    gates: IdVec<GateId, Gate>,
    resources: &Names<'_, ResourceId>,
    plan: &PlanSoFar<'_>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Uncertainty {
    let table = |kind| draft.table(kind);
    let risks = match table(TableKind::Risks) {
        Some(table) => risks::read(table, plan, labels, report),
        None => Risks::default(),
    };
    Uncertainty {
        mitigations: table(TableKind::Mitigations)
            .map_or_else(IdVec::new, |table| mitigations::read(table, &risks, plan, report)),
        correlations: table(TableKind::Correlations)
            .map_or_else(Vec::new, |table| correlations::read(table, &risks, plan, labels, report)),
        gates,
        issues: table(TableKind::Issues).map_or_else(IdVec::new, |table| issues::read(table, plan, report)),
        stakeholders: table(TableKind::Stakeholders).map_or_else(IdVec::new, |table| {
            let known = Known { draft, resources, risks: &risks.names, labels };
            stakeholders::read(table, plan, &known, report)
        }),
        risks: risks.list,
    }
}
