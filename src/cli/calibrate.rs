//! `--calibration`: the calibration that a review of earlier projects has written.

use std::path::{Path, PathBuf};

use floatline::error::{Findings, Result};
use floatline::io::results::{read_calibration, similar_categories};
use floatline::plan::Plan;
use floatline::review::{Applied, Calibration};

use super::{plans, print};

/// The file of a calibration in a folder of results.
pub const CALIBRATION_FILE: &str = "calibration.csv";

/// Reads a calibration: a file, or the one in a folder of results.
///
/// # Returns
/// The calibration, and what of it is doubtful for the plan.
///
/// # Errors
/// If it cannot be read.
pub fn read(plan: &Plan, path: &Path) -> Result<(Calibration, Findings)> {
    let file = if path.is_dir() { path.join(CALIBRATION_FILE) } else { PathBuf::from(path) };
    let (name, bytes) = plans::content(&file)?;
    let (calibration, mut findings) = read_calibration(&name, &bytes)?;
    findings.append(similar_categories(plan, &calibration, &name));
    Ok((calibration, findings))
}

/// What a calibration did, in words.
pub fn words(path: &Path, applied: &Applied) -> String {
    let mut parts = Vec::new();
    if applied.by_category > 0 {
        parts.push(format!("{} by their category", print::count(applied.by_category, "task")));
    }
    if applied.by_whole > 0 {
        parts.push(format!("{} as tasks of any kind", print::count(applied.by_whole, "task")));
    }
    if applied.untouched > 0 {
        parts.push(format!(
            "{} as planned, since neither their category nor `all` is there",
            print::count(applied.untouched, "task")
        ));
    }
    if parts.is_empty() {
        return format!("`{}` changes nothing: no task is left to be done", path.display());
    }
    let mut text = format!("by `{}`: {}; {:.2} times as long in all", path.display(), parts.join(", "), applied.factor);
    if applied.is_independent {
        text += "; above 1,000 tasks are drawn independently, so ranges of sums are too narrow";
    }
    text
}
