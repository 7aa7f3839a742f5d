//! Slices of samples: made apart, on other machines perhaps, and joined into what one big run says.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::assess::{Assessment, Ready, RiskOptions, prepared};
use super::simulate::Run;
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::HORIZON_LIMIT;
use crate::plan::Plan;
use crate::schedule::Schedule;

/// Samples of a plan, with what they add up to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleSlice {
    /// Of what they are samples: a digest of all that a sample depends on but its number.
    of: String,
    run: Run,
}

impl SampleSlice {
    /// The numbers of its samples: the first, and how many.
    pub fn numbers(&self) -> (u64, u64) {
        (self.run.samples.first, self.run.samples.finish.len() as u64)
    }

    /// Reads what [`SampleSlice::to_json`] wrote.
    ///
    /// # Errors
    /// Wrong usage, with `name` and what is wrong.
    pub fn from_json(name: &str, bytes: &[u8]) -> Result<SampleSlice> {
        let slice: SampleSlice = serde_json::from_slice(bytes)
            .map_err(|error| Error::usage(format!("`{name}` is no slice of samples: {error}")))?;
        let Run { samples, sums, .. } = &slice.run;
        let count = samples.finish.len();
        let is_whole = samples.cost.len() == count
            && samples.marks.iter().all(|mark| mark.len() == count)
            && samples.budgets.iter().all(|budget| budget.len() == count)
            && samples
                .finish
                .iter()
                .chain(samples.marks.iter().flatten())
                .all(|slot| (0..HORIZON_LIMIT).contains(slot))
            && sums.iter().all(|sums| sums.critical <= count as u64)
            && samples.first.checked_add(count as u64).is_some();
        if is_whole { Ok(slice) } else { Err(Error::usage(format!("`{name}` is no whole slice of samples"))) }
    }

    /// The slice as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and text can be written")
    }
}

/// Makes the samples that [`assess`](super::assess()) would, to be joined with others later.
///
/// # Errors
/// As [`assess`](super::assess()); wrong usage if it is stopped before all samples are made.
pub fn sample(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    control: &Control,
    report: &(dyn Fn(u64) + Sync),
) -> Result<SampleSlice> {
    prepared(plan, schedule, options, |ready| match ready.sample(options, control, report) {
        (run, false) => Ok(SampleSlice { of: digest(ready, options), run }),
        (_, true) => Err(Error::usage("stopped before all samples of the slice were made")),
    })
}

/// Joins slices into what one run of all their samples says.
///
/// # Errors
/// As [`assess`](super::assess()); wrong usage if the slices are not of this plan, schedule and options, or if samples are
/// missing or there twice.
pub fn merge(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    mut slices: Vec<SampleSlice>,
    control: &Control,
) -> Result<Assessment> {
    slices.sort_by_key(SampleSlice::numbers);
    prepared(plan, schedule, options, |ready| {
        let of = digest(ready, options);
        let mut joined: Option<Run> = None;
        for slice in slices {
            let (first, count) = slice.numbers();
            if slice.of != of || !ready.takes(&slice.run) {
                return Err(Error::usage(format!(
                    "the samples from {first} on are not of this plan, schedule, seed and options; give all runs the same \
                     --schedule, or the same --effort"
                )));
            }
            match &mut joined {
                None => joined = Some(slice.run),
                Some(run) => {
                    let next = run.samples.first + run.samples.finish.len() as u64;
                    match first {
                        _ if first > next => {
                            return Err(Error::usage(format!("samples {next} to {} are missing", first - 1)));
                        }
                        _ if first < next && count > 0 => {
                            return Err(Error::usage(format!("sample {first} is there twice")));
                        }
                        _ => run.append(slice.run),
                    }
                }
            }
        }
        let run = joined.filter(|run| !run.samples.finish.is_empty());
        let run = run.ok_or_else(|| Error::usage("there are no samples to join"))?;
        ready.assessment(run, false, options, control)
    })
}

/// A digest of whatever samples depend on.
fn digest(ready: &Ready<'_>, options: &RiskOptions) -> String {
    struct Text(Sha256);
    impl fmt::Write for Text {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }
    let model = &ready.model;
    let mut text = Text(Sha256::new());
    let parts: [&dyn fmt::Debug; 12] = [
        &options.seed,
        &options.policy,
        &model.nodes,
        &model.waits,
        &model.position,
        &model.events,
        &model.gates,
        &model.caps,
        &model.dear,
        &model.correlated,
        &model.list,
        &(&model.network.axis, &model.network.calendars, model.network.deadline),
    ];
    parts.iter().for_each(|part| write!(text, "{part:?};").expect("a digest takes every text"));
    text.0.finalize().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("strings take every text");
        hex
    })
}
