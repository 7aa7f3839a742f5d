//! effects.csv: what issues move.

use std::io::{self, Write};

use super::cells::{Format, write_table};
use super::risk::by_the_clock;
use super::schedule::in_time_units;
use super::summary::shortened;
use crate::plan::Plan;
use crate::risk::Work;
use crate::track::Tracking;

/// The columns of effects.csv: a row for each issue. `finish` and `slip` (in the plan's time unit, against the baseline) are those
/// of its task; `p80_without` and `p80_with` the 80th percentile of the project's finish, `mean_delay` by how many days by the
/// clock (periods in a plan of abstract periods) its mean is later, and `moved` the tasks that the issue moves, of issues that can
/// still do something.
pub const EFFECT_COLUMNS: &[&str] =
    &["issue", "task", "status", "finish", "slip", "cost", "p80_without", "p80_with", "mean_delay", "moved"];

/// Writes effects.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_effects(plan: &Plan, tracking: &Tracking, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, EFFECT_COLUMNS, tracking.issues.len(), |at, cells| {
        let it = &tracking.issues[at];
        let row = &plan.issues()[it.issue];
        cells.text(&row.id);
        cells.text(&plan.tasks()[it.task].id);
        cells.text(if row.is_resolved { "resolved" } else { "open" });
        cells.text(&plan.format_moment(it.finish));
        match it.slip {
            Some(slip) => cells.number(in_time_units(plan, slip)),
            None => cells.empty(),
        }
        cells.number(it.cost);
        match &it.ahead {
            Some(ahead) => {
                cells.text(&plan.format_moment(ahead.without));
                cells.text(&plan.format_moment(ahead.with));
                cells.number(shortened(by_the_clock(plan, ahead.mean_delay)));
                let id = |work: &Work| match *work {
                    Work::Task(task) => &*plan.tasks()[task].id,
                    Work::Gate(gate) => &*plan.gates()[gate].id,
                };
                let moved: Vec<&str> = ahead.moved.iter().map(|(work, _)| id(work)).collect();
                cells.text(&moved.join(";"));
            }
            None => (0..4).for_each(|_| cells.empty()),
        }
    })
}
