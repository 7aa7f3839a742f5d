//! deliverables.csv, and whether tasks contribute to what it lists.

use rustc_hash::FxHashSet;

use super::cells::{Cells, Edge, Reading, read_ids};
use super::report::Report;
use crate::index::IdVec;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, quoted};
use crate::plan::{Deliverable, DeliverableId};

/// Reads the table, and holds the column `deliverable` of the tasks against it.
pub(super) fn read(
    table: &Table,
    tasks: &Table,
    reading: &Reading,
    report: &mut Report,
) -> IdVec<DeliverableId, Deliverable> {
    let cells = |field| Cells::of(table, field);
    let (ids, names, acceptances, owners) = (cells("id"), cells("name"), cells("acceptance"), cells("owner"));
    let (categories, dues) = (cells("category"), cells("due"));
    let (evidences, untils) = (cells("evidence"), cells("evidence_until"));
    let known = read_ids::<DeliverableId>(table, "id", report);
    let wanted = Cells::of(tasks, "deliverable");
    let mut made: FxHashSet<&str> = FxHashSet::default();
    for row in 0..tasks.len() {
        let id = wanted.text(row);
        match known.find(id) {
            _ if id.is_empty() => {}
            Some(_) => {
                made.insert(id);
            }
            // Without the column nothing could be found.
            None if !ids.exist() => {}
            None => {
                wanted.fault(row, report, Fault::new("unknown-deliverable", format!("not in {}", table.file())));
            }
        }
    }
    let mut read_row = |row: usize| {
        let mut end = |cells: Cells<'_>| {
            cells.parse(row, report, |text, mark| reading.moment_if_any(text, mark, Edge::End)).flatten()
        };
        let (due, evidence_until) = (end(dues), end(untils));
        let (id, evidence) = (ids.text(row), evidences.text(row));
        if evidence_until.is_some() && evidence.is_empty() {
            let text = "the date has no effect without evidence";
            untils.warn(row, report, "date-without-evidence", text);
        }
        if !id.is_empty() && !made.contains(id) {
            let text = format!("no task makes the deliverable {}", quoted(id));
            ids.warn(row, report, "deliverable-without-task", text);
        }
        Deliverable {
            id: id.into(),
            name: names.text(row).into(),
            acceptance: acceptances.text(row).into(),
            owner: owners.text(row).into(),
            category: categories.text(row).into(),
            due,
            evidence: evidence.into(),
            evidence_until,
            row: table.line(row),
        }
    };
    IdVec::from((0..table.len()).map(&mut read_row).collect::<Vec<_>>())
}
