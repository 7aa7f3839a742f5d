//! Series of values for one cell, a scenario each: `resource:dev.capacity=2..8`.

use super::change::CLOCK;
use super::edit::{Edit, Source, malformed, split_path};
use super::read::Scenario;
use crate::error::{Finding, Place};
use crate::plan::Duration;
use crate::plan::draft::DecimalMark;
use crate::plan::notation::{TimeScale, parse_civil, parse_decimal, parse_duration};
use crate::units::{MINUTES_PER_DAY, Minutes};

/// A series of values for a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// What is said of the cell: `resource:dev.capacity`.
    pub path: String,
    /// An edit for each value.
    pub edits: Vec<Edit>,
}

/// Values that a sweep may have.
pub const MOST_VALUES: usize = 10_000;

impl Sweep {
    /// Reads a sweep of the command line: `PATH=FROM..TO`, `PATH=FROM..TO/STEP` or `PATH=A,B,C`. From and to are numbers,
    /// durations (`0d..30d/5d`), or dates, which move by days of the clock.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(text: &str, scale: &TimeScale) -> Result<Sweep, Vec<Finding>> {
        let Some((path, range)) = text.split_once('=') else { return Err(vec![malformed(text)]) };
        let Some((table, id, field)) = split_path(path, false) else { return Err(vec![malformed(text)]) };
        let values = match range.split_once("..") {
            Some((from, rest)) => {
                let (to, step) = rest.split_once('/').map_or((rest, None), |(to, step)| (to, Some(step)));
                between(from.trim(), to.trim(), step.map(str::trim), scale)
            }
            None => {
                Some(range.split(',').map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect())
            }
        };
        let expected = "expected FROM..TO, FROM..TO/STEP or a list of values, as in `resource:dev.capacity=2..8`, \
                        `task:order.duration=10d..40d/5d` or `task:permit.duration=40d,60d,80d`";
        let Some(values) = values.filter(|values| !values.is_empty() && values.len() <= MOST_VALUES) else {
            return Err(vec![Finding::error("bad-sweep", Place::file(text), expected)]);
        };
        let edits = values.iter().map(|value| Edit::new(table, id, field, value, Source::flag(text)));
        Ok(Sweep { path: path.to_owned(), edits: edits.collect::<Result<_, _>>()? })
    }

    /// What the value of an edit of the sweep is.
    pub fn value(&self, at: usize) -> String {
        let text = self.edits[at].to_string();
        text.split_once('=').map_or_else(String::new, |(_, value)| value.to_owned())
    }
}

/// The values of a range in steps.
fn between(from: &str, to: &str, step: Option<&str>, scale: &TimeScale) -> Option<Vec<String>> {
    let mark = DecimalMark::Point;
    let number = |text: &str| parse_decimal(text, mark).ok();
    if let (Some(first), Some(last)) = (number(from), number(to)) {
        let places = step.and_then(number).map_or(0, |step| step.places()).max(first.places()).max(last.places());
        let unit = 10i64.checked_pow(places)?;
        let step = step.map_or(Some(unit), |step| number(step)?.scaled(unit))?;
        let told = |value: i64| format!("{:.*}", places as usize, value as f64 / unit as f64);
        return Some(series(first.scaled(unit)?, last.scaled(unit)?, step)?.into_iter().map(told).collect());
    }
    if let (Ok(first), Ok(last)) = (parse_civil(from, None), parse_civil(to, None)) {
        let step = match step {
            Some(step) => parse_duration(step, &CLOCK, mark).ok()?.minutes().0,
            None => MINUTES_PER_DAY,
        };
        let (first, last) = (first.start().ok()?, last.start().ok()?);
        let moments = series(first.0, last.0, step)?;
        let told = |moment: i64| crate::units::Moment(moment).to_string().trim_end_matches(" 00:00").to_owned();
        return Some(moments.into_iter().map(told).collect());
    }
    let duration = |text: &str| parse_duration(text, scale, mark).ok();
    let (first, last) = (duration(from)?, duration(to)?);
    let is_elapsed = matches!(last, Duration::Elapsed(_));
    let day = if is_elapsed { Minutes(MINUTES_PER_DAY) } else { scale.minutes_per_day };
    let step = step.map_or(Some(Duration::Working(day)), duration)?;
    let told = |minutes: i64| match Minutes(minutes) {
        Minutes(minutes) if is_elapsed => format!("{minutes}em"),
        Minutes(minutes) if minutes % scale.minutes_per_day.0.max(1) == 0 => {
            format!("{}d", minutes / scale.minutes_per_day.0.max(1))
        }
        Minutes(minutes) => format!("{minutes}m"),
    };
    Some(series(first.minutes().0, last.minutes().0, step.minutes().0)?.into_iter().map(told).collect())
}

/// `first`, `first + step`, ... up to `last`, or down to it.
fn series(first: i64, last: i64, step: i64) -> Option<Vec<i64>> {
    let step = step.checked_abs().filter(|&step| step > 0)?;
    let count = last.checked_sub(first)?.checked_abs()? / step;
    if count >= MOST_VALUES as i64 {
        return None;
    }
    Some((0..=count).map(|at| first + if last < first { -at * step } else { at * step }).collect())
}

/// A scenario for every combination of the values of some sweeps, on top of another scenario.
pub fn scenarios(base: &Scenario, sweeps: &[Sweep]) -> Vec<Scenario> {
    let mut all = vec![base.clone()];
    for (number, sweep) in sweeps.iter().enumerate() {
        let step = |before: &Scenario| {
            let before = before.clone();
            let next = move |edit: &Edit| {
                let name = if number == 0 { edit.to_string() } else { format!("{} {edit}", before.name) };
                match number {
                    0 => before.with(name, vec![edit.clone()]),
                    // Values of several sweeps stand side by side.
                    _ => {
                        let mut layers = before.layers.clone();
                        if let Some(last) = layers.last_mut() {
                            last.push(edit.clone());
                        }
                        Scenario { name, layers }
                    }
                }
            };
            sweep.edits.iter().map(next).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(step).collect();
    }
    all
}
