//! `--start`: the schedule of an earlier run, and dates that were meant for `--start-date`.

use std::path::{Path, PathBuf};

use floatline::error::{Error, Findings, Result};
use floatline::io::results::read_former_schedule;
use floatline::plan::Plan;
use floatline::solve::FormerSchedule;

use super::plans;

/// The file of a schedule in a folder of results.
pub const SCHEDULE_FILE: &str = "schedule.csv";

/// Takes a path, and refuses a date.
pub fn parse(text: &str) -> std::result::Result<PathBuf, String> {
    let is_date_part = |letter: char| letter.is_ascii_digit() || "-./: T".contains(letter);
    let looks_like_date = text.starts_with(|first: char| first.is_ascii_digit()) && text.chars().all(is_date_part);
    if looks_like_date {
        return Err(format!(
            "`{text}` looks like a date, and --start takes the file of a schedule to start from; the date on which the \
             project starts is set with --start-date, such as --start-date 2026-03-02"
        ));
    }
    if text.is_empty() {
        return Err("expected the file of a schedule, such as out/schedule.csv".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// The file to start a plan from; `None` if an earlier batch left none.
///
/// # Arguments
/// `start` is a schedule, or a folder of results; in a batch, `plan` names the folder within it.
///
/// # Errors
/// If there is nothing at `start`, or only one file for several plans.
pub fn file(start: &Path, plan: Option<&str>) -> Result<Option<PathBuf>> {
    plans::require(start)?;
    match plan {
        None if start.is_dir() => Ok(Some(start.join(SCHEDULE_FILE))),
        None => Ok(Some(start.to_owned())),
        Some(plan) if start.is_dir() => Ok(Some(start.join(plan).join(SCHEDULE_FILE)).filter(|file| file.is_file())),
        Some(_) => Err(Error::usage(format!(
            "--start `{}` is the schedule of one plan; for several plans give the folder of an earlier run's results",
            start.display()
        ))),
    }
}

/// Reads a schedule to start from.
///
/// # Returns
/// What of it fits, and warnings about the rest.
///
/// # Errors
/// If it cannot be read.
pub fn read(plan: &Plan, path: &Path) -> Result<(FormerSchedule, Findings)> {
    let (file, bytes) = plans::content(path)?;
    read_former_schedule(plan, &file, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_sent_to_the_other_option_and_a_path_is_taken() {
        for text in ["2026-03-09", "3.4.2026", "03/04/2026", "2026-03-09 13:00", "2026-03-09T13:00"] {
            assert!(parse(text).unwrap_err().contains("--start-date"), "{text}");
        }
        for text in ["out/schedule.csv", "./2026-03-09", "2026-03-09.csv", "out"] {
            assert_eq!(parse(text), Ok(PathBuf::from(text)));
        }
        assert!(parse("").is_err());
    }
}
