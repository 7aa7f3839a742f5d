//! correlations.csv: what its words mean, and that no pair is said twice.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::{Cells, Labels};
use super::report::{Report, listed};
use super::risks::Risks;
use super::uncertainty::PlanSoFar;
use crate::index::Id;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, parse_coefficient};
use crate::plan::{Correlation, CorrelationKey, LabelId, TaskKind};

/// Reads the table.
pub(super) fn read(
    table: &Table,
    risks: &Risks<'_>,
    plan: &PlanSoFar<'_>,
    labels: &Labels<'_>,
    report: &mut Report,
) -> Vec<Correlation> {
    let activities = plan.tasks.iter().filter(|task| task.kind != TaskKind::Summary);
    let keys = Keys { risks, plan, labels, categories: activities.filter_map(|task| task.category).collect() };
    let (first, second, coefficients) = (Cells::of(table, "a"), Cells::of(table, "b"), Cells::of(table, "coefficient"));
    let mut lines: FxHashMap<(CorrelationKey, CorrelationKey), u32> = FxHashMap::default();
    let mut correlations = Vec::new();
    for row in 0..table.len() {
        for cells in [first, second, coefficients] {
            cells.require(row, report);
        }
        let ends = [first, second].map(|cells| keys.read(cells, row, report));
        let coefficient = coefficients.parse(row, report, parse_coefficient);
        let [Some(a), Some(b)] = ends else { continue };
        if let Some(text) = (a == b).then(|| with_itself(a)).flatten() {
            second.fault_called(row, report, "key", Fault::new("self-correlation", text));
            continue;
        }
        match lines.entry((a.min(b), a.max(b))) {
            Entry::Occupied(line) => {
                let text =
                    format!("correlated with {} on line {} already", listed([first.text(row)].into_iter()), line.get());
                second.fault_called(row, report, "key", Fault::new("duplicate-correlation", text));
            }
            Entry::Vacant(line) => {
                line.insert(table.line(row));
                let row = table.line(row);
                correlations.extend(coefficient.map(|coefficient| Correlation { a, b, coefficient, row }));
            }
        }
    }
    correlations
}

/// What is wrong with a key that is correlated with itself, if anything is.
fn with_itself(key: CorrelationKey) -> Option<&'static str> {
    match key {
        CorrelationKey::Task(_) => Some("a task cannot be correlated with itself"),
        CorrelationKey::RiskGroup(_) => Some("the risks of a group are tied to each other by the group already"),
        CorrelationKey::Category(_) | CorrelationKey::EveryTask => None,
    }
}

/// What words can mean.
struct Keys<'p, 'a> {
    risks: &'p Risks<'a>,
    plan: &'p PlanSoFar<'p>,
    labels: &'p Labels<'a>,
    /// Those of tasks that are no summaries.
    categories: FxHashSet<LabelId>,
}

/// The kinds of keys, as they are written before a colon.
const KINDS: [&str; 3] = ["task", "category", "risk"];

impl Keys<'_, '_> {
    fn read(&self, cells: Cells<'_>, row: usize, report: &mut Report) -> Option<CorrelationKey> {
        let text = cells.text(row);
        if text.is_empty() {
            return None;
        }
        let found = self.find(text);
        if found.is_err() || found.as_ref().is_ok_and(|key| !self.is_summary(*key)) {
            return found.map_err(|fault| cells.fault_called(row, report, "key", fault)).ok();
        }
        let fault = Fault::new("summary-correlation", "a summary has no duration of its own");
        cells.fault_called(row, report, "key", fault.with_hint("name the tasks below it, or a category of tasks"));
        None
    }

    fn is_summary(&self, key: CorrelationKey) -> bool {
        matches!(key, CorrelationKey::Task(task) if self.plan.tasks[task.index()].kind == TaskKind::Summary)
    }

    /// The only thing that a word means, with or without its kind before it.
    fn find(&self, text: &str) -> Result<CorrelationKey, Fault> {
        let of_kind = text.split_once(':').and_then(|(kind, word)| {
            let kind = KINDS.into_iter().find(|known| known.eq_ignore_ascii_case(kind.trim()))?;
            Some((kind, word.trim()))
        });
        let mut found: Vec<(&str, CorrelationKey)> =
            KINDS.into_iter().filter_map(|kind| Some((kind, self.of_kind(kind, text)?))).collect();
        found.extend(of_kind.and_then(|(kind, word)| Some((kind, self.of_kind(kind, word)?))));
        match (&found[..], of_kind) {
            ([(_, key)], _) => Ok(*key),
            ([], Some((kind, word))) => Err(unknown_of_kind(kind).in_part(word)),
            ([], None) if self.risks.names.find(text).is_some() => {
                let fault =
                    Fault::new("unknown-correlation-key", "it is a risk, and correlations join groups of risks");
                Err(fault.with_hint("give the risk a group in risks.csv and name the group"))
            }
            ([], None) => {
                let text = "no task, no category of tasks and no group of risks has this name";
                Err(Fault::new("unknown-correlation-key", text))
            }
            (several, _) => {
                let ways: Vec<String> = several.iter().map(|(kind, _)| format!("{kind}:{text}")).collect();
                let fault = Fault::new("ambiguous-correlation-key", "it is the name of more than one thing");
                Err(fault.with_hint(format!("write one of {}", listed(ways.iter().map(String::as_str)))))
            }
        }
    }

    fn of_kind(&self, kind: &str, word: &str) -> Option<CorrelationKey> {
        match kind {
            "task" => self.plan.names.find(word).map(CorrelationKey::Task),
            "category" => {
                let label = self.labels.find(word).filter(|label| self.categories.contains(label));
                label.map(CorrelationKey::Category)
            }
            _ => self.labels.find(word).filter(|&label| self.risks.has_group(label)).map(CorrelationKey::RiskGroup),
        }
    }
}

fn unknown_of_kind(kind: &str) -> Fault {
    match kind {
        "task" => Fault::new("unknown-task", "no such task"),
        "category" => Fault::new("unknown-category", "no task has this category"),
        _ => Fault::new("unknown-risk-group", "no risk has this group"),
    }
}
