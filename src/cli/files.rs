//! The files of a schedule in a folder of results.

use std::io::{self, Write};
use std::path::Path;

use floatline::error::{Error, Result};
use floatline::index::IdVec;
use floatline::io::results::Format::Csv;
use floatline::io::results::{self, SummaryRow};
use floatline::io::{FileWriter, write_files};
use floatline::plan::{Plan, TaskId};
use floatline::schedule::{Period, Schedule, TaskDates, network_picture, projects};

use super::baseline::BUFFERS_FILE;
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
/// The file of the chart.
pub const GANTT_FILE: &str = "gantt.svg";
/// The file of the network.
pub const NETWORK_FILE: &str = "network.svg";
/// The file of the figures.
pub const SUMMARY_FILE: &str = "summary.csv";

/// Files that only some answers have.
const FILES_OF_SOME: [&str; 7] =
    [PROJECTS_FILE, COMPLIANCE_FILE, CAPACITIES_FILE, INTERESTS_FILE, BUFFERS_FILE, GANTT_FILE, NETWORK_FILE];

/// The names of all files that the schedule of a plan may have.
pub fn schedule_file_names() -> impl Iterator<Item = &'static str> {
    SCHEDULE_FILES.into_iter().chain(FILES_OF_SOME)
}

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
    let buffers = |out: &mut dyn Write| results::write_buffers(plan, &answer.buffers, Csv, out);
    if !answer.buffers.is_empty() {
        more.push((BUFFERS_FILE, &buffers));
    }
    let picture = |out: &mut dyn Write| {
        let chart = answer.gantt.as_ref().map(|chart| chart.picture(plan, schedule, &outcome.dates));
        out.write_all(chart.unwrap_or_default().as_bytes())
    };
    if answer.gantt.is_some() {
        more.push((GANTT_FILE, &picture));
    }
    let network = |out: &mut dyn Write| out.write_all(network_picture(plan, schedule, &outcome.dates).as_bytes());
    if answer.has_network {
        more.push((NETWORK_FILE, &network));
    }
    let summary = |out: &mut dyn Write| results::write_summary(row.map_or(&[], std::slice::from_ref), Csv, out);
    if row.is_some() {
        more.push((SUMMARY_FILE, &summary));
    }
    write_schedule_files(dir, (plan, schedule, &outcome.dates), period, more)
}

/// A file of results, and what writes it.
pub type DueFile<'a> = (&'static str, Box<dyn Fn(&mut dyn Write) -> io::Result<()> + Sync + 'a>);

/// The files of a schedule that there is something to write into.
pub fn schedule_files<'a>(
    plan: &'a Plan,
    schedule: &'a Schedule,
    dates: &'a IdVec<TaskId, TaskDates>,
    period: Period,
) -> Vec<DueFile<'a>> {
    let [schedule_file, assignments_file, usage_file, costs_file] = SCHEDULE_FILES;
    let mut due: Vec<DueFile<'a>> = vec![
        (schedule_file, Box::new(|out| results::write_schedule(plan, schedule, dates, Csv, out))),
        (assignments_file, Box::new(|out| results::write_assignments(plan, schedule, Csv, out))),
        (usage_file, Box::new(move |out| results::write_usage(plan, schedule, period, Csv, out))),
        (costs_file, Box::new(move |out| results::write_costs(plan, schedule, period, Csv, out))),
    ];
    let projects = projects(plan, schedule, dates);
    if !projects.is_empty() {
        due.push((PROJECTS_FILE, Box::new(move |out| results::write_projects(plan, &projects, dates, Csv, out))));
    }
    if !plan.rules().is_empty() {
        due.push((COMPLIANCE_FILE, Box::new(|out| results::write_compliance(plan, schedule, Csv, out))));
    }
    due
}

/// Writes the files of a schedule into a folder, and more beside them.
pub fn write_schedule_files(
    dir: &Path,
    (plan, schedule, dates): (&Plan, &Schedule, &IdVec<TaskId, TaskDates>),
    period: Period,
    more: Vec<(&str, FileWriter<'_>)>,
) -> Result<()> {
    let of_schedule = schedule_files(plan, schedule, dates, period);
    let due: Vec<(&str, FileWriter<'_>)> =
        of_schedule.iter().map(|(name, write)| (*name, &**write as FileWriter<'_>)).chain(more).collect();
    write_only(dir, &FILES_OF_SOME, &due)
}

/// Writes the files that are due, and takes away those of `own` that are not: what an earlier run left would be taken for part
/// of this answer.
pub fn write_only(dir: &Path, own: &[&str], due: &[(&str, FileWriter<'_>)]) -> Result<()> {
    write_files(dir, due)?;
    let is_written = |file: &str| due.iter().any(|(name, _)| *name == file);
    own.iter().filter(|file| !is_written(file)).try_for_each(|file| remove(&dir.join(file)))
}

/// Takes a file away, if it is there; a picture with the PNG beside it.
pub fn remove(path: &Path) -> Result<()> {
    if path.extension().is_some_and(|ending| ending == "svg") {
        remove(&path.with_extension("png"))?;
    }
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
    schedule_file_names().try_for_each(|file| remove(&dir.join(file)))
}
