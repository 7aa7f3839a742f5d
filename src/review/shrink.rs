//! The calibration that observations give: means and spreads of categories, drawn towards the whole.
//!
//! The logarithm of actual by planned duration is taken to be normal in each category. Categories differ by a normal
//! deviation of their own, so that what is known of one is a compromise between its own observations and the whole: with few
//! observations it is nearly the whole, with many nearly its own mean (empirical Bayes). How much categories differ comes
//! from the observations themselves, by the method of moments. Spreads are compromises too, with the pooled spread
//! counting as some observations more.
//!
//! What is handed out is predictive: it says how the *next* task comes out, and so is wider than the spread by what is not
//! known of the mean (which all tasks of the category share) and of the spread itself (Student's t).
//!
//! # Source
//! Efron and Morris, Data analysis using Stein's estimator and its generalizations, Journal of the American Statistical
//! Association 70 (1975): shrinkage of means. DerSimonian and Laird, Meta-analysis in clinical trials, Controlled Clinical
//! Trials 7 (1986), equation 8: the variance between groups. Smyth, Linear models and empirical Bayes methods for assessing
//! differential expression in microarray experiments, Statistical Applications in Genetics and Molecular Biology 3 (2004),
//! section 3: moderated variances and their degrees of freedom; here the weight of the pooled one is fixed, since it cannot be
//! estimated from a handful of categories.

use std::collections::BTreeMap;

use super::Observation;
use super::calibration::{Calibration, Factor};
use super::groups::student;
use crate::risk::NINETIETH;

/// What is taken for the spread before anything has been seen, and for how many observations it counts: tasks take from about
/// 0.7 to 1.5 times as long as usual in four of five cases. One observation alone could not tell any spread.
const PRIOR_SPREAD: f64 = 0.3;
const PRIOR_WEIGHT: f64 = 1.0;
/// For how many observations the pooled spread counts in that of a category.
const POOLED_WEIGHT: f64 = 8.0;

/// The logarithms of the ratios of a category, summed up.
struct Seen {
    name: String,
    count: f64,
    mean: f64,
    squares: f64,
}

/// Fits the calibration to observations.
///
/// # Returns
/// The whole, and each category by name; empty without observations.
///
/// # Complexity
/// Linear in the observations.
pub fn calibrate(observations: &[Observation]) -> Calibration {
    let seen = seen(observations);
    if seen.is_empty() {
        return Calibration::default();
    }
    let all: f64 = seen.iter().map(|seen| seen.count).sum();
    let free = PRIOR_WEIGHT + all - seen.len() as f64;
    let pooled =
        (PRIOR_WEIGHT * PRIOR_SPREAD * PRIOR_SPREAD + seen.iter().map(|seen| seen.squares).sum::<f64>()) / free;
    let between = between(&seen, pooled);
    let weight = |seen: &Seen| 1.0 / (between + pooled / seen.count);
    let weights: f64 = seen.iter().map(weight).sum();
    let middle = seen.iter().map(|seen| weight(seen) * seen.mean).sum::<f64>() / weights;
    // The mean of all categories is itself known only so well.
    let unsure = 1.0 / weights;
    let mut factors = vec![factor(
        None,
        all as usize,
        Known { mean: middle, spread: pooled, degrees: free, unsure: between + unsure, common: unsure.sqrt() },
    )];
    for Seen { name, count, mean, squares } in &seen {
        let error = pooled / count;
        let own = between / (between + error);
        let degrees = (POOLED_WEIGHT + count - 1.0).min(free);
        let spread = (POOLED_WEIGHT * pooled + squares) / (POOLED_WEIGHT + count - 1.0);
        let known = Known {
            mean: own * mean + (1.0 - own) * middle,
            spread,
            degrees,
            unsure: own * error + (1.0 - own).powi(2) * unsure,
            common: (1.0 - own) * unsure.sqrt(),
        };
        if !name.is_empty() {
            factors.push(factor(Some(name.clone()), *count as usize, known));
        }
    }
    Calibration { factors }
}

/// Observations by category; those without one are a category of their own, without a name.
fn seen(observations: &[Observation]) -> Vec<Seen> {
    let mut logs: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for observation in observations {
        logs.entry(observation.category.as_deref().unwrap_or_default()).or_default().push(observation.ratio().ln());
    }
    let sum_up = |(name, logs): (&str, Vec<f64>)| {
        let count = logs.len() as f64;
        let mean = logs.iter().sum::<f64>() / count;
        Seen { name: name.to_owned(), count, mean, squares: logs.iter().map(|log| (log - mean).powi(2)).sum() }
    };
    logs.into_iter().map(sum_up).collect()
}

/// The variance between the means of categories beyond what chance explains.
fn between(seen: &[Seen], pooled: f64) -> f64 {
    let weight = |seen: &Seen| seen.count / pooled;
    let weights: f64 = seen.iter().map(weight).sum();
    let middle = seen.iter().map(|seen| weight(seen) * seen.mean).sum::<f64>() / weights;
    let distance: f64 = seen.iter().map(|seen| weight(seen) * (seen.mean - middle).powi(2)).sum();
    let scale = weights - seen.iter().map(|seen| weight(seen).powi(2)).sum::<f64>() / weights;
    if scale > 0.0 { ((distance - (seen.len() as f64 - 1.0)) / scale).max(0.0) } else { 0.0 }
}

/// What is known of a category, on logarithms.
struct Known {
    mean: f64,
    /// Variance of tasks about the mean, and how many degrees of freedom it is known with.
    spread: f64,
    degrees: f64,
    /// Variance of what is not known of the mean, and the standard deviation of the part of it that all categories share.
    unsure: f64,
    common: f64,
}

fn factor(name: Option<String>, count: usize, known: Known) -> Factor {
    let variance = known.spread + known.unsure;
    // The lognormal distribution with the 10th and the 90th percentile of Student's.
    let log_deviation = student(0.9, known.degrees) * variance.sqrt() / NINETIETH;
    let at = |score: f64| (known.mean + score * log_deviation).exp();
    Factor {
        name,
        count,
        tenth: at(-NINETIETH),
        median: at(0.0),
        ninetieth: at(NINETIETH),
        mean: (known.mean + log_deviation * log_deviation / 2.0).exp(),
        within: known.unsure / variance,
        across: known.common / variance.sqrt(),
    }
}
