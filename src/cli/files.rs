//! The files of a schedule in a folder of results.

use std::io::{self, Write};
use std::path::Path;

use floatline::error::{Error, Result};
use floatline::index::IdVec;
use floatline::io::results::Format::Csv;
use floatline::io::results::{self, SummaryRow};
use floatline::io::{FileWriter, write_files};
use floatline::plan::{Plan, TaskId};
use floatline::schedule::{Period, Schedule, TaskDates, projects};

use super::interests::Told;
use super::solve::Answer;

/// The files of a schedule in a folder of results.
pub const SCHEDULE_FILES: [&str; 4] = ["schedule.csv", "assignments.csv", "usage.csv", "costs.csv"];
/// The file of the projects or phases, of plans that have several.
pub const PROJECTS_FILE: &str = "projects.csv";
/// The file of the rules that are kept and broken, of plans that have rules.
pub const COMPLIANCE_FILE: &str = "compliance.csv";
/// The file of the capacities that keep a date.
pub const CAPACITIES_FILE: &str = "capacities.csv";
/// The file of the dates that stakeholders care about.
pub const INTERESTS_FILE: &str = "interests.csv";
/// The file of the figures.
pub const SUMMARY_FILE: &str = "summary.csv";

/// Writes the files of an answer into a folder. Of a plan without schedule, files of an earlier run are taken away: they
/// would look like its schedule.
pub fn write_answer(
    dir: &Path,
    answer: &Answer,
    told: Option<&Told>,
    period: Period,
    row: Option<&SummaryRow>,
) -> Result<()> {
    let Answer { plan, outcome, .. } = answer;
    let Some(schedule) = &outcome.schedule else { return write_failure(dir, row) };
    let mut more: Vec<(&str, FileWriter<'_>)> = Vec::new();
    let capacities = answer.investment.as_ref().map_or(&[][..], |(_, capacities)| capacities);
    let capacity = |out: &mut dyn Write| results::write_capacities(plan, capacities, Csv, out);
    if answer.investment.is_some() {
        more.push((CAPACITIES_FILE, &capacity));
    }
    let interests = |out: &mut dyn Write| {
        told.map_or(Ok(()), |told| results::write_interests(plan, &told.notices, told.earlier(), Csv, out))
    };
    if told.is_some() {
        more.push((INTERESTS_FILE, &interests));
    }
    let summary = |out: &mut dyn Write| results::write_summary(row.map_or(&[], std::slice::from_ref), Csv, out);
    if row.is_some() {
        more.push((SUMMARY_FILE, &summary));
    }
    write_schedule_files(dir, (plan, schedule, &outcome.dates), period, more)
}

/// Writes the files of a schedule into a folder, and more beside them.
pub fn write_schedule_files(
    dir: &Path,
    (plan, schedule, dates): (&Plan, &Schedule, &IdVec<TaskId, TaskDates>),
    period: Period,
    more: Vec<(&str, FileWriter<'_>)>,
) -> Result<()> {
    let [schedule_file, assignments_file, usage_file, costs_file] = SCHEDULE_FILES;
    let projects = projects(plan, schedule, dates);
    let files: [(&str, FileWriter<'_>); 6] = [
        (schedule_file, &|out| results::write_schedule(plan, schedule, dates, Csv, out)),
        (assignments_file, &|out| results::write_assignments(plan, schedule, Csv, out)),
        (usage_file, &|out| results::write_usage(plan, schedule, period, Csv, out)),
        (costs_file, &|out| results::write_costs(plan, schedule, period, Csv, out)),
        (PROJECTS_FILE, &|out| results::write_projects(plan, &projects, dates, Csv, out)),
        (COMPLIANCE_FILE, &|out| results::write_compliance(plan, schedule, Csv, out)),
    ];
    let is_due = |name: &str| match name {
        PROJECTS_FILE => !projects.is_empty(),
        COMPLIANCE_FILE => !plan.rules().is_empty(),
        _ => true,
    };
    let due: Vec<_> = files.into_iter().filter(|(name, _)| is_due(name)).chain(more).collect();
    write_files(dir, &due)?;
    // What an earlier run left would be taken for part of this answer.
    let is_written = |file: &str| due.iter().any(|(name, _)| *name == file);
    let mut left =
        [PROJECTS_FILE, COMPLIANCE_FILE, CAPACITIES_FILE, INTERESTS_FILE].into_iter().filter(|file| !is_written(file));
    left.try_for_each(|file| remove(&dir.join(file)))
}

/// Takes a file away, if it is there.
fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(Error::io("remove", path, error))
        }
        _ => Ok(()),
    }
}

/// Writes the summary of a plan that has no schedule, and takes away what an earlier run may have left.
pub fn write_failure(dir: &Path, row: Option<&SummaryRow>) -> Result<()> {
    if let Some(row) = row {
        write_files(dir, &[(SUMMARY_FILE, &|out| results::write_summary(std::slice::from_ref(row), Csv, out))])?;
    }
    SCHEDULE_FILES
        .iter()
        .chain([&PROJECTS_FILE, &COMPLIANCE_FILE, &CAPACITIES_FILE, &INTERESTS_FILE])
        .try_for_each(|file| remove(&dir.join(file)))
}
