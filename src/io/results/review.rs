//! The tables of a review: estimates.csv, groups.csv, calibration.csv, backtest.csv and lessons.csv.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::summary::shortened;
use crate::review::{BackTest, Calibration, Coverage, Group, Lesson, Observation};

/// The columns of estimates.csv: a row for each finished task. Durations are in days of work (by the clock if the duration is
/// elapsed; in periods in a plan of periods). `p10` and `p90` are what its own estimate states.
pub const ESTIMATE_COLUMNS: &[&str] =
    &["plan", "task", "name", "category", "people", "planned", "actual", "ratio", "p10", "p90", "within"];

/// The columns of groups.csv. `factor` is the geometric mean of actual by planned duration and `bias` what that is above 1;
/// `factor_low` and `factor_high` are its 80 % interval; `spread` is the standard deviation of the logarithm of the ratio.
/// `coverage` is the share of actuals within the stated P10 to P90, with its 80 % interval; `days` what the actuals exceed the
/// estimates by in all.
pub const GROUP_COLUMNS: &[&str] = &[
    "group",
    "name",
    "n",
    "bias",
    "factor",
    "factor_low",
    "factor_high",
    "mean",
    "median",
    "spread",
    "stated",
    "within",
    "coverage",
    "coverage_low",
    "coverage_high",
    "days",
];

/// The columns of calibration.csv. `group` is `category` or, for whatever has no row of its own, `all`; the factors are those of
/// the next task's actual by its planned duration: percentiles and mean. `log_mean` and `log_sd` are the same distribution as
/// mean and standard deviation of the natural logarithm. `within` says how strongly two tasks of the group go together in
/// samples, from 0 to 1; two of different groups do by the product of their `across`.
pub const CALIBRATION_COLUMNS: &[&str] = &[
    "group",
    "name",
    "n",
    "factor_p10",
    "factor_p50",
    "factor_p90",
    "factor_mean",
    "log_mean",
    "log_sd",
    "within",
    "across",
];

/// The columns of backtest.csv: a row for each past status date. `tasks` were unfinished then and are finished by now; so many
/// of their finishes came within the forecast P10 to P90 (`within`) and no later than the forecast P80 (`kept_p80`). `late` is by
/// how many working days they came after the forecast median on average; pinball losses are in working days.
pub const BACKTEST_COLUMNS: &[&str] = &[
    "plan",
    "status_date",
    "tasks",
    "within",
    "coverage",
    "kept_p80",
    "kept_share",
    "late",
    "pinball_p10",
    "pinball_p50",
    "pinball_p90",
    "brier",
];

/// The columns of lessons.csv, the gravest lesson first; `days` are lost if above zero, and gained if below.
pub const LESSON_COLUMNS: &[&str] = &["about", "name", "days", "lesson"];

/// Writes estimates.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_estimates(observations: &[Observation], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, ESTIMATE_COLUMNS, observations.len(), |at, cells: &mut Cells<'_>| {
        let seen = &observations[at];
        cells.text(&seen.plan);
        cells.text(&seen.task);
        cells.text(&seen.name);
        cells.text(seen.category.as_deref().unwrap_or_default());
        cells.text(&seen.people.join(";"));
        for value in [Some(seen.planned), Some(seen.actual), Some(seen.ratio())] {
            number(cells, value);
        }
        number(cells, seen.range.map(|range| range.0));
        number(cells, seen.range.map(|range| range.1));
        match seen.is_within() {
            Some(is_within) => cells.flag(is_within),
            None => cells.empty(),
        }
    })
}

/// Writes groups.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_groups(groups: &[Group], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, GROUP_COLUMNS, groups.len(), |at, cells: &mut Cells<'_>| {
        let group = &groups[at];
        cells.text(group.by.word());
        cells.text(&group.name);
        cells.number(group.count);
        number(cells, Some(group.factor - 1.0));
        number(cells, Some(group.factor));
        number(cells, group.interval.map(|interval| interval.0));
        number(cells, group.interval.map(|interval| interval.1));
        number(cells, Some(group.mean));
        number(cells, Some(group.median));
        number(cells, group.spread);
        cells.number(group.coverage.of);
        cells.number(group.coverage.within);
        coverage(cells, group.coverage);
        number(cells, group.coverage.interval().map(|interval| interval.0));
        number(cells, group.coverage.interval().map(|interval| interval.1));
        number(cells, Some(group.days));
    })
}

/// Writes calibration.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_calibration(calibration: &Calibration, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let factors = &calibration.factors;
    write_table(out, format, CALIBRATION_COLUMNS, factors.len(), |at, cells: &mut Cells<'_>| {
        let factor = &factors[at];
        cells.text(if factor.name.is_some() { "category" } else { "all" });
        cells.text(factor.name.as_deref().unwrap_or_default());
        cells.number(factor.count);
        let (log_mean, log_deviation) = factor.log_moments();
        for value in [factor.tenth, factor.median, factor.ninetieth, factor.mean, log_mean, log_deviation] {
            number(cells, Some(value));
        }
        number(cells, Some(factor.within));
        number(cells, Some(factor.across));
    })
}

/// Writes backtest.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_backtests(tests: &[BackTest], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, BACKTEST_COLUMNS, tests.len(), |at, cells: &mut Cells<'_>| {
        let test = &tests[at];
        cells.text(&test.plan);
        cells.text(&test.date);
        cells.number(test.coverage.of);
        cells.number(test.coverage.within);
        coverage(cells, test.coverage);
        cells.number(test.kept.within);
        coverage(cells, test.kept);
        number(cells, Some(test.late));
        test.pinball.iter().for_each(|&loss| number(cells, Some(loss)));
        number(cells, Some(test.brier));
    })
}

/// Writes lessons.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_lessons(lessons: &[Lesson], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, LESSON_COLUMNS, lessons.len(), |at, cells: &mut Cells<'_>| {
        let lesson = &lessons[at];
        cells.text(lesson.about);
        cells.text(&lesson.name);
        number(cells, Some(lesson.days));
        cells.text(&lesson.text);
    })
}

fn number(cells: &mut Cells<'_>, value: Option<f64>) {
    match value {
        // Zero has no sign.
        Some(value) => cells.number(match &*shortened(value) {
            "-0" => "0",
            text => text,
        }),
        None => cells.empty(),
    }
}

fn coverage(cells: &mut Cells<'_>, coverage: Coverage) {
    number(cells, coverage.share());
}
