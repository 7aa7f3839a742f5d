//! risks.csv, as far as schedules need it: that it names tasks of the plan and probabilities that are some.

use super::cells::{Cells, read_ids};
use super::report::Report;
use crate::plan::TaskId;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, Names, list_items, parse_probability};

/// Checks the table.
pub(super) fn check(table: &Table, names: &Names<'_, TaskId>, report: &mut Report) {
    read_ids::<TaskId>(table, "id", report);
    let (probabilities, tasks) = (Cells::of(table, "probability"), Cells::of(table, "tasks"));
    for row in 0..table.len() {
        for cells in [probabilities, tasks] {
            if cells.exist() && cells.text(row).is_empty() {
                cells.fault(row, report, Fault::new("missing-value", "may not be empty"));
            }
        }
        probabilities.parse(row, report, parse_probability);
        if names.find(tasks.text(row)).is_some() {
            continue;
        }
        for item in list_items(tasks.text(row)).filter(|item| names.find(item).is_none()) {
            let parts = item.split(|c| c == ',' && !names.any_comma()).map(str::trim).filter(|part| !part.is_empty());
            for part in parts.filter(|part| names.find(part).is_none()) {
                tasks.fault_called(row, report, "task", Fault::new("unknown-task", "no such task").in_part(part));
            }
        }
    }
}
