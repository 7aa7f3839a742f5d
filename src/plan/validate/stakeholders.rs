//! stakeholders.csv.

use rustc_hash::FxHashSet;

use super::cells::{Cells, Labels, read_ids};
use super::impacts::read_tasks;
use super::report::{Report, did_you_mean, nearest_word};
use super::uncertainty::PlanSoFar;
use crate::error::Finding;
use crate::index::{Id, IdVec};
use crate::plan::draft::{PlanDraft, Table, TableKind};
use crate::plan::notation::{Fault, Names, list_items, parse_confidence, quoted};
use crate::plan::{BudgetId, Concern, LabelId, ResourceId, RiskId, Stakeholder, StakeholderId, TaskKind};

/// Names of the plan besides those of its tasks.
pub(super) struct Known<'k, 'a> {
    pub draft: &'a PlanDraft,
    pub resources: &'k Names<'a, ResourceId>,
    pub risks: &'k Names<'a, RiskId>,
    pub labels: &'k Labels<'a>,
}

/// What stands before the `:` of an interest.
const KINDS: [&str; 7] = ["task", "wbs", "category", "deliverable", "budget", "risk", "resource"];
/// Tasks among which the nearest one to a word is looked for.
const MOST_COMPARED: usize = 1000;

/// Reads the table.
pub(super) fn read(
    table: &Table,
    plan: &PlanSoFar<'_>,
    known: &Known<'_, '_>,
    report: &mut Report,
) -> IdVec<StakeholderId, Stakeholder> {
    let cells = |field| Cells::of(table, field);
    let (ids, names, roles) = (cells("id"), cells("name"), cells("role"));
    let (milestones, confidences, interests) = (cells("milestones"), cells("confidence"), cells("interests"));
    read_ids::<StakeholderId>(table, "id", report);
    let interesting = interests.exist().then(|| Interesting::of(plan, known));
    let rows = (0..table.len()).map(|row| Stakeholder {
        id: ids.text(row).into(),
        name: names.text(row).into(),
        role: roles.text(row).into(),
        milestones: read_tasks(milestones, row, plan.names, report),
        confidence: confidences.parse(row, report, parse_confidence).unwrap_or(Stakeholder::USUAL_CONFIDENCE),
        interests: interests.text(row).into(),
        concerns: interesting.as_ref().map_or_else(Vec::new, |known| known.read(interests, row, report)),
        row: table.line(row),
    });
    IdVec::from(rows.collect::<Vec<_>>())
}

/// Everything that somebody can care about.
struct Interesting<'k, 'a> {
    plan: &'k PlanSoFar<'k>,
    known: &'k Known<'k, 'a>,
    categories: FxHashSet<LabelId>,
    deliverables: FxHashSet<&'k str>,
    budgets: Names<'a, BudgetId>,
}

impl<'k, 'a> Interesting<'k, 'a> {
    fn of(plan: &'k PlanSoFar<'k>, known: &'k Known<'k, 'a>) -> Interesting<'k, 'a> {
        let ids = |kind: TableKind| {
            let cells = known.draft.table(kind).map(|table| (Cells::of(table, "id"), table.len()));
            cells.into_iter().flat_map(|(cells, rows)| (0..rows).map(move |row| cells.text(row)))
        };
        let listed = known.draft.table(TableKind::Deliverables).is_some();
        let made = plan.tasks.iter().filter_map(|task| task.deliverable).map(|label| known.labels.word(label));
        Interesting {
            plan,
            known,
            categories: plan.tasks.iter().filter_map(|task| task.category).collect(),
            deliverables: if listed { ids(TableKind::Deliverables).collect() } else { made.collect() },
            // Rows that are wrong are told, and the plan is none then: the others stand at their place.
            budgets: ids(TableKind::Budgets).enumerate().map(|(row, id)| (id, BudgetId::new(row))).collect(),
        }
    }

    /// The items of a cell that name something of the plan. Words about it may stand between them.
    fn read(&self, cells: Cells<'_>, row: usize, report: &mut Report) -> Vec<Concern> {
        let mut concerns: Vec<Concern> = Vec::new();
        for item in list_items(cells.text(row)) {
            match self.concern(item) {
                Ok(Some(concern)) if concerns.contains(&concern) => {
                    cells.warn(row, report, "named-twice", format!("{} is named twice; it counts once", quoted(item)));
                }
                Ok(Some(concern)) => concerns.push(concern),
                Ok(None) if item.contains(char::is_whitespace) => {}
                Ok(None) => self.doubt(cells, row, item, report),
                Err((kind, fault)) => cells.fault_called(row, report, kind, fault),
            }
        }
        concerns
    }

    /// What an item names; nothing if it is but words.
    fn concern(&self, item: &str) -> Result<Option<Concern>, (&'static str, Fault)> {
        if let Some(task) = self.plan.names.find(item) {
            return Ok(Some(Concern::Task(task)));
        }
        let Some((word, name)) = item.split_once(':') else { return Ok(None) };
        let word = word.trim().to_lowercase();
        let Some(kind) = KINDS.into_iter().find(|kind| *kind == word) else { return Ok(None) };
        let name = name.trim();
        let unknown = |rule, text: &str| (kind, Fault::new(rule, text).in_part(name));
        let task = || self.plan.names.find(name).ok_or_else(|| unknown("unknown-task", "no such task"));
        let concern = match kind {
            "task" => Concern::Task(task()?),
            "wbs" => {
                let task = task()?;
                if self.plan.tasks[task.index()].kind != TaskKind::Summary {
                    let fault = Fault::new("wrong-scope", "the task is no summary").in_part(name);
                    return Err((kind, fault.with_hint(format!("write `task:{name}`"))));
                }
                Concern::Wbs(task)
            }
            "category" => {
                let label = self.known.labels.find(name).filter(|label| self.categories.contains(label));
                Concern::Category(label.ok_or_else(|| unknown("unknown-category", "no task is of this category"))?)
            }
            "deliverable" => match self.deliverables.contains(name) && !name.is_empty() {
                true => Concern::Deliverable(name.into()),
                false => return Err(unknown("unknown-deliverable", "no such deliverable")),
            },
            "budget" => {
                Concern::Budget(self.budgets.find(name).ok_or_else(|| unknown("unknown-budget", "no such budget"))?)
            }
            "risk" => {
                Concern::Risk(self.known.risks.find(name).ok_or_else(|| unknown("unknown-risk", "no such risk"))?)
            }
            _ => {
                let resource = self.known.resources.find(name);
                Concern::Resource(resource.ok_or_else(|| unknown("unknown-resource", "no such resource"))?)
            }
        };
        Ok(Some(concern))
    }

    /// A remark on a word that names nothing, although it looks like a name.
    fn doubt(&self, cells: Cells<'_>, row: usize, item: &str, report: &mut Report) {
        let near = match item.split_once(':') {
            Some((kind, name)) => {
                nearest_word(kind, KINDS.into_iter()).map(|kind| did_you_mean(&format!("{kind}:{name}")))
            }
            None => {
                let ids = self.plan.tasks.iter().take(MOST_COMPARED).map(|task| &*task.id);
                nearest_word(item, ids).map(did_you_mean)
            }
        };
        let text = format!("interest {} names nothing of the plan, so that no dates can be told", quoted(item));
        let finding = Finding { hint: near, ..Finding::warning("unknown-interest", cells.place(row), text) };
        report.push(finding);
    }
}
