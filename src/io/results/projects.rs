//! projects.csv: a row for each project or phase of a plan.

use std::io::{self, Write};

use super::cells::{Format, write_table};
use super::moments::MomentTexts;
use super::schedule::{driver_words, in_time_units, moment};
use crate::index::IdVec;
use crate::plan::{Plan, TaskId};
use crate::schedule::{ProjectFigures, TaskDates};

/// The columns of projects.csv. `length`, `delay`, `late` and `total_float` are working time in the plan's time unit;
/// `driver` tells what keeps `last_task`, and so the project, from being earlier.
pub const PROJECT_COLUMNS: &[&str] = &[
    "project",
    "name",
    "tasks",
    "start",
    "finish",
    "length",
    "cost",
    "early_finish",
    "delay",
    "deadline",
    "late",
    "total_float",
    "critical",
    "last_task",
    "driver",
];

/// Writes projects.csv, or the same rows as JSON.
///
/// # Arguments
/// `dates` has an entry for each task.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_projects(
    plan: &Plan,
    projects: &[ProjectFigures],
    dates: &IdVec<TaskId, TaskDates>,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let texts = MomentTexts::new(plan, projects.iter().flat_map(|project| [project.start, project.finish]));
    write_table(out, format, PROJECT_COLUMNS, projects.len(), |at, cells| {
        let project = &projects[at];
        let summary = &plan.tasks()[project.summary];
        cells.text(&summary.id);
        cells.text(&summary.name);
        cells.number(project.tasks);
        moment(plan, &texts, project.start, cells);
        moment(plan, &texts, project.finish, cells);
        cells.number(in_time_units(plan, project.length));
        cells.number(project.cost);
        moment(plan, &texts, project.early_finish, cells);
        cells.number(in_time_units(plan, project.delay));
        match project.deadline {
            Some(deadline) => {
                cells.text(&plan.format_end(deadline));
                cells.number(in_time_units(plan, project.late));
            }
            None => {
                cells.empty();
                cells.empty();
            }
        }
        cells.number(in_time_units(plan, project.total_float));
        cells.flag(project.critical);
        cells.text(&plan.tasks()[project.last_task].id);
        cells.text(&driver_words(plan, project.last_task, dates[project.last_task].driver));
    })
}
