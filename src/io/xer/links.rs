//! Links: dependencies.csv.

use std::fmt::Write;

use super::project::Projects;
use super::read::Count;
use super::records::LinkRow;
use super::tasks::Activities;
use super::values;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::plan::draft::{Table, TableKind};

/// The links between activities of the file.
pub(super) fn table(
    rows: &[LinkRow<'_>],
    activities: &Activities<'_>,
    projects: &Projects<'_>,
    file: &str,
    found: &mut Tally,
) -> Table {
    let headers = ["predecessor", "successor", "type", "lag", "lag_calendar"];
    let mut table = Table::new(TableKind::Dependencies, file, headers);
    let calendar = if rows.is_empty() { "" } else { projects.lag_calendar(file, found) };
    let (mut outside, mut of_wbs) = (Count::default(), Count::default());
    let mut lag = String::new();
    for row in rows {
        let ends = (activities.id(row.pred_task_id), activities.id(row.task_id));
        let (Some(predecessor), Some(successor)) = ends else {
            let is_wbs = activities.is_left_out(row.pred_task_id) || activities.is_left_out(row.task_id);
            let known = ends.0.or(ends.1).unwrap_or(row.task_id);
            if is_wbs {
                of_wbs.add(known)
            } else {
                outside.add(known)
            }
            continue;
        };
        let kind = match row.pred_type {
            "PR_FS" => "FS",
            "PR_SS" => "SS",
            "PR_FF" => "FF",
            "PR_SF" => "SF",
            other => {
                let text = format!("`{other}` is no type of link; expected PR_FS, PR_SS, PR_FF or PR_SF");
                found.push(Finding::error("unknown-code", Place::cell(file, row.line, "pred_type"), text));
                continue;
            }
        };
        lag.clear();
        match row.lag_hr_cnt {
            "" | "0" => {}
            cell => match values::minutes(cell) {
                Some(0) => {}
                Some(minutes) => {
                    // Writing to a string cannot fail.
                    let _ = write!(lag, "{minutes}m");
                }
                None => {
                    let text = format!("`{cell}` are no hours; the link is left out");
                    found.push(Finding::error("bad-number", Place::cell(file, row.line, "lag_hr_cnt"), text));
                    continue;
                }
            },
        }
        let calendar = if lag.is_empty() { "" } else { calendar };
        table.push_row(row.line, [predecessor, successor, kind, lag.as_str(), calendar]);
    }
    outside.warn("link-outside", "links to activities that are not in the file are left out, at", file, found);
    of_wbs.note("not-carried", "links of WBS summary activities are left out, at", file, found);
    table
}
