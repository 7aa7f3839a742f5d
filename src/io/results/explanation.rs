//! explanation.csv: the sentences of an explanation.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::schedule::in_time_units;
use crate::explain::Line;
use crate::plan::Plan;

/// The columns of explanation.csv: a row for each sentence. `part` is what it belongs to (`step` of the chain, `change`,
/// `conflict`, `repair`, `bound`; `status` where there is nothing to explain, which `kind` tells: `feasible` or `unknown`), `number` its place within that (members of one conflict share it), `kind` the kind of
/// limit or cause, `id` whose it is, and `edits` what `whatif --set` reads to try it, separated by `; `. Gains are in the plan's time unit.
pub const EXPLANATION_COLUMNS: &[&str] =
    &["part", "number", "kind", "id", "text", "edits", "task_gain", "project_gain"];

/// Writes explanation.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_explanation(plan: &Plan, lines: &[Line], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, EXPLANATION_COLUMNS, lines.len(), |at, cells: &mut Cells<'_>| {
        let line = &lines[at];
        cells.text(line.part);
        cells.number(line.number);
        cells.text(line.kind);
        cells.text(&line.id);
        cells.text(&line.text);
        cells.text(&line.edits.join("; "));
        for gain in [line.task_gain, line.project_gain] {
            match gain {
                Some(gain) => cells.number(in_time_units(plan, gain)),
                None => cells.empty(),
            }
        }
    })
}
