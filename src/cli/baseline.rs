//! Baselines: schedules that were promised, each in a folder of its own in the plan's folder.

use std::path::{Path, PathBuf};

use floatline::effort::Control;
use floatline::error::{Error, Result};
use floatline::io::results::Format::Csv;
use floatline::io::results::{
    read_baseline, read_buffers, read_former_schedule, write_buffers, write_costs, write_schedule,
};
use floatline::io::{FileWriter, write_files};
use floatline::network::compile;
use floatline::plan::Plan;
use floatline::schedule::{Period, Schedule};
use floatline::solve::{FormerSchedule, SolveOptions};
use floatline::track::Baseline;
use floatline::track::buffers::Buffer;

use super::settings::Settings;
use super::solve::Answer;
use super::start::SCHEDULE_FILE;
use super::{basis, plans};

/// The folder of all baselines in the folder of a plan.
const FOLDER: &str = "baselines";
/// The buffers of a schedule, beside it.
pub const BUFFERS_FILE: &str = "buffers.csv";

/// The folder of a new baseline.
///
/// # Errors
/// If the plan is no folder, the name is none for a folder, or there is such a baseline: what was promised stays as it was.
pub fn new(plan: &Path, name: &str) -> Result<PathBuf> {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_. ".contains(letter);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
        let text =
            format!("--baseline `{name}` is no name for a folder: letters, digits, `-`, `_`, `.` and spaces make one");
        return Err(Error::usage(text));
    }
    if !plan.is_dir() {
        let text = format!(
            "--baseline keeps the schedule in the plan's folder, and `{}` is a file; `floatline convert` makes a folder of it",
            plan.display()
        );
        return Err(Error::usage(text));
    }
    let folder = plan.join(FOLDER).join(name);
    if folder.exists() {
        let text = format!(
            "there is a baseline `{name}` already ({}), and baselines stay as they are; choose another name",
            folder.display()
        );
        return Err(Error::usage(text));
    }
    Ok(folder)
}

/// Freezes a schedule, what it costs by week, and the buffers that are set aside in it, if any are.
///
/// # Errors
/// If the files cannot be written.
pub fn freeze(folder: &Path, answer: &Answer, schedule: &Schedule) -> Result<()> {
    let Answer { plan, outcome, buffers, .. } = answer;
    let files: [(&str, FileWriter<'_>); 3] = [
        (SCHEDULE_FILE, &|out| write_schedule(plan, schedule, &outcome.dates, Csv, out)),
        ("costs.csv", &|out| write_costs(plan, schedule, Period::Week, Csv, out)),
        (BUFFERS_FILE, &|out| write_buffers(plan, buffers, Csv, out)),
    ];
    write_files(folder, if buffers.is_empty() { &files[..2] } else { &files })
}

/// The dates of the baseline to judge a plan by ([`locate`]), and what to call it; `None` if none is asked for and there is none.
///
/// # Errors
/// If that which is asked for is not there, or cannot be read.
pub fn find(plan: &Plan, path: &Path, asked: Option<&str>) -> Result<Option<(String, FormerSchedule)>> {
    let Some((name, file)) = locate(path, asked)? else { return Ok(None) };
    let (_, bytes) = plans::content(&file)?;
    // What has become of tasks since is no fault of the baseline.
    let read = read_former_schedule(plan, &file.to_string_lossy(), &bytes);
    let (former, _) = read.map_err(|error| of_baseline(&name, error))?;
    Ok(Some((name, former)))
}

/// The baseline to track a plan by ([`locate`]), and the buffers that were set aside in it; `None` if none is asked for and there
/// is none.
///
/// # Errors
/// If that which is asked for is not there, or cannot be read.
pub fn promised(plan: &Plan, path: &Path, asked: Option<&str>) -> Result<Option<(Baseline, Vec<Buffer>)>> {
    let Some((name, file)) = locate(path, asked)? else { return Ok(None) };
    let beside = file.with_file_name(BUFFERS_FILE);
    let (_, bytes) = plans::content(&file)?;
    let read = read_baseline(plan, &name, &file.to_string_lossy(), &bytes);
    let baseline = read.map_err(|error| of_baseline(&name, error))?;
    let buffers = match beside.is_file() {
        true => {
            let (_, bytes) = plans::content(&beside)?;
            let read = read_buffers(plan, &beside.to_string_lossy(), &bytes);
            read.map_err(|error| of_baseline(&name, error))?
        }
        false => Vec::new(),
    };
    Ok(Some((baseline, buffers)))
}

/// Says which baseline cannot be read.
fn of_baseline(name: &str, error: Error) -> Error {
    match error.findings() {
        Some(findings) => Error::invalid_baseline(name, findings.clone()),
        None => error,
    }
}

/// Where nobody froze a baseline: a schedule of the plan as if nothing had been done yet.
///
/// # Errors
/// If there is none.
pub fn unfrozen(plan: &Plan, settings: &Settings, control: &Control) -> Result<Baseline> {
    let before = plan.as_of(plan.project().start);
    let network = compile(&before)?;
    let (_, schedule) = basis::solved(&before, &network, &SolveOptions::default(), settings, "measure by", control)?;
    Ok(Baseline::of_schedule(&before, &schedule, "the plan as it is now"))
}

/// Where the baseline stands that is asked for by its name or as a file or folder of results, otherwise the last one by name
/// that the plan's folder holds.
///
/// # Returns
/// What to call it, and its schedule; `None` if none is asked for and there is none.
///
/// # Errors
/// If that which is asked for is not there.
fn locate(path: &Path, asked: Option<&str>) -> Result<Option<(String, PathBuf)>> {
    let own = path.join(FOLDER);
    let known = names(&own);
    let (name, folder) = match asked {
        Some(name) if known.iter().any(|known| known == name) => (name.to_owned(), own.join(name)),
        Some(other) if Path::new(other).exists() => (other.to_owned(), PathBuf::from(other)),
        Some(other) => {
            let text = match &known[..] {
                [] => format!("there is no baseline `{other}`: `floatline solve PLAN --baseline NAME` makes one"),
                _ => format!("there is no baseline `{other}`; there are {}", known.join(", ")),
            };
            return Err(Error::usage(text));
        }
        None => match known.last() {
            Some(last) => (last.clone(), own.join(last)),
            None => return Ok(None),
        },
    };
    Ok(Some((name, if folder.is_dir() { folder.join(SCHEDULE_FILE) } else { folder })))
}

/// True if a plan's folder holds a baseline.
pub fn has_any(plan: &Path) -> bool {
    !names(&plan.join(FOLDER)).is_empty()
}

/// The baselines in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_one = |entry: &std::fs::DirEntry| entry.path().join(SCHEDULE_FILE).is_file();
    let mut names: Vec<String> =
        entries.filter(is_one).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
