//! traceability.csv: what leads to each deliverable, and what is missing.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use crate::plan::{Plan, TaskId};
use crate::quality::Trace;

/// The columns of traceability.csv: a row for each deliverable. Tasks, tests and gates are ids separated by `;`; their states are
/// `not started`, `under way` or `done`, that of gates being how far the tasks are that they come after. `finish_by` tells by what
/// the finish is known: `actual`, `schedule`, or `earliest` by links and dates alone. `kept` is empty where nothing is due, or
/// where it is not known yet. `missing` is separated by `;`.
pub const TRACE_COLUMNS: &[&str] = &[
    "deliverable",
    "name",
    "category",
    "owner",
    "acceptance",
    "state",
    "done",
    "tasks",
    "tests",
    "tests_state",
    "gates",
    "gates_state",
    "due",
    "finish",
    "finish_by",
    "kept",
    "evidence",
    "evidence_until",
    "missing",
];

/// Writes traceability.csv, or the same rows as JSON. `done` is how many of the tasks are.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_traces(plan: &Plan, traces: &[Trace], format: Format, out: &mut dyn Write) -> io::Result<()> {
    let ids = |tasks: &[TaskId]| tasks.iter().map(|&task| &*plan.tasks()[task].id).collect::<Vec<_>>().join(";");
    write_table(out, format, TRACE_COLUMNS, traces.len(), |at, cells: &mut Cells<'_>| {
        let trace = &traces[at];
        let row = &plan.deliverables()[trace.deliverable];
        for text in [&row.id, &row.name, &row.category, &row.owner, &row.acceptance] {
            cells.text(text);
        }
        let [state, tests, gates] = trace.states.map(|state| state.word());
        cells.text(state);
        cells.number(trace.done);
        cells.text(&ids(&trace.tasks));
        cells.text(&ids(&trace.tests));
        cells.text(tests);
        let passed: Vec<&str> = trace.gates.iter().map(|&gate| &*plan.gates()[gate].id).collect();
        cells.text(&passed.join(";"));
        cells.text(gates);
        match row.due {
            Some(due) => cells.text(&plan.format_end(due)),
            None => cells.empty(),
        }
        match trace.finish {
            Some((finish, known)) => {
                cells.text(&plan.format_moment(finish));
                cells.text(known.word());
            }
            None => (0..2).for_each(|_| cells.empty()),
        }
        match trace.is_kept(plan) {
            Some(kept) => cells.flag(kept),
            None => cells.empty(),
        }
        cells.text(&row.evidence);
        match row.evidence_until {
            Some(until) => cells.text(&plan.format_end(until)),
            None => cells.empty(),
        }
        cells.text(&trace.missing.iter().map(|missing| missing.words()).collect::<Vec<_>>().join(";"));
    })
}
