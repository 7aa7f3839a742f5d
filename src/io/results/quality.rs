//! quality.csv: how well a plan is made.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::summary::shortened;
use crate::plan::{Plan, TaskId};
use crate::quality::{Limit, Offender, Quality, Verdict};

/// The columns of quality.csv: a row for each of the fourteen points. `value` is a share of the base in percent, or an index;
/// `met` is empty where the point cannot be judged, which `note` explains. `offenders` are ids of tasks, and links as
/// `predecessor>successor`, separated by `;`.
pub const QUALITY_COLUMNS: &[&str] =
    &["point", "name", "base", "of", "count", "value", "limit", "met", "note", "offenders"];

/// Writes quality.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_quality(plan: &Plan, quality: &Quality, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, QUALITY_COLUMNS, quality.points.len(), |at, cells: &mut Cells<'_>| {
        let point = &quality.points[at];
        cells.number(point.number);
        cells.text(point.name);
        cells.number(point.base);
        cells.text(point.of);
        cells.number(point.count);
        match point.value {
            Some(value) => cells.number(shortened(value)),
            None => cells.empty(),
        }
        cells.text(&limit_words(point.limit));
        match point.verdict {
            Verdict::Met | Verdict::Missed => cells.flag(point.verdict == Verdict::Met),
            Verdict::Open(_) => cells.empty(),
        }
        cells.text(match point.verdict {
            Verdict::Open(why) => why,
            _ => "",
        });
        let offenders: Vec<String> = point.offenders.iter().map(|offender| offender_words(plan, *offender)).collect();
        cells.text(&offenders.join(";"));
    })
}

/// A limit: `<= 5 %`.
pub fn limit_words(limit: Limit) -> String {
    match limit {
        Limit::AtMost(most) => format!("<= {} %", shortened(most)),
        Limit::AtLeast(least) => format!(">= {} %", shortened(least)),
        Limit::Index(least) => format!(">= {}", shortened(least)),
    }
}

/// The id of a task, or `predecessor>successor` of a link.
pub fn offender_words(plan: &Plan, offender: Offender) -> String {
    let id = |task: TaskId| &plan.tasks()[task].id;
    match offender {
        Offender::Task(task) => id(task).to_string(),
        Offender::Link(link) => {
            let link = &plan.links()[link];
            format!("{}>{}", id(link.predecessor), id(link.successor))
        }
    }
}
