//! scenarios.csv: edits as `whatif` reads them.

use std::io::{self, Write};

use crate::io::guard::guarded;
use crate::plan::draft::TableKind;
use crate::scenario::{Act, Scenario};

/// The columns of scenarios.csv as it is written.
pub const SCENARIO_COLUMNS: &[&str] = &["scenario", "base", "table", "id", "field", "value"];

/// Writes scenarios of which each stands for itself: a row for each edit, all layers one after the other.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_scenarios(scenarios: &[Scenario], out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    writer.write_record(SCENARIO_COLUMNS)?;
    for scenario in scenarios {
        for edit in scenario.layers.iter().flatten() {
            let table = edit.table.file_name().trim_end_matches(".csv");
            let (field, value) = match &edit.act {
                Act::Set(_, value) if edit.table == TableKind::Project => ("", value.to_string()),
                Act::Set(field, value) => (*field, value.to_string()),
                Act::Delete => ("", "delete".to_owned()),
                Act::Add => ("", "add".to_owned()),
            };
            let id = edit.target.to_string();
            writer.write_record(
                [&*scenario.name, "", table, &id, field, &value].map(|cell| guarded(cell).into_owned()),
            )?;
        }
    }
    writer.flush()
}
