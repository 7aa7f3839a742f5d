//! Observations summed up: bias, spread and coverage of groups.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{CONFIDENCE, Observation};
use crate::risk::NINETIETH;

/// What makes observations a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// All of them.
    Whole,
    /// The category of the task.
    Category,
    /// Somebody who is named for it.
    Person,
    /// How long it was to take.
    Size,
}

impl By {
    /// The word for it in tables.
    pub fn word(self) -> &'static str {
        match self {
            By::Whole => "all",
            By::Category => "category",
            By::Person => "person",
            By::Size => "size",
        }
    }
}

/// How many actuals lay within what was stated to hold four of five.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// Those within.
    pub within: usize,
    /// Those for which something was stated.
    pub of: usize,
}

impl Coverage {
    /// Counts.
    pub fn of(within: impl IntoIterator<Item = bool>) -> Coverage {
        within.into_iter().fold(Coverage { within: 0, of: 0 }, |sum, is_within| Coverage {
            within: sum.within + usize::from(is_within),
            of: sum.of + 1,
        })
    }

    /// The share within; none if nothing was stated.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.within as f64 / self.of as f64)
    }

    /// The 80 % interval of the true share; none if nothing was stated.
    ///
    /// # Source
    /// Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American Statistical
    /// Association 22 (1927).
    pub fn interval(self) -> Option<(f64, f64)> {
        let (share, count) = (self.share()?, self.of as f64);
        let squared = NINETIETH * NINETIETH;
        let middle = (share + squared / (2.0 * count)) / (1.0 + squared / count);
        let half = NINETIETH / (1.0 + squared / count)
            * (share * (1.0 - share) / count + squared / (4.0 * count * count)).sqrt();
        Some(((middle - half).max(0.0), (middle + half).min(1.0)))
    }
}

/// A group of observations.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What makes it one.
    pub by: By,
    /// Which one; empty for the whole, and for tasks without a category.
    pub name: String,
    /// Observations.
    pub count: usize,
    /// Geometric mean of actual by planned durations: 1.2 is an overrun of 20 %.
    pub factor: f64,
    /// The 80 % interval of that, by Student's t on logarithms; none with a single observation.
    pub interval: Option<(f64, f64)>,
    /// Arithmetic mean of the ratios.
    pub mean: f64,
    /// Median of the ratios.
    pub median: f64,
    /// Standard deviation of the logarithms of the ratios; none with a single observation.
    pub spread: Option<f64>,
    /// Actuals within the stated 10th to 90th percentile.
    pub coverage: Coverage,
    /// By how much the actuals exceed what was planned in all, in days.
    pub days: f64,
}

impl Group {
    /// True if it is 80 % sure on which side of the estimates the actuals lie.
    pub fn is_biased(&self) -> bool {
        self.interval.is_some_and(|(low, high)| low > 1.0 || high < 1.0)
    }
}

/// The size classes of planned durations: no longer than the number.
const SIZES: [(&str, f64); 3] = [("up to 3", 3.0), ("3 to 10", 10.0), ("more than 10", f64::INFINITY)];

/// The groups of observations: the whole, then categories, people (by name) and sizes (by length).
///
/// # Arguments
/// `unit` is the word for what durations are counted in.
pub fn groups(observations: &[Observation], unit: &str) -> Vec<Group> {
    if observations.is_empty() {
        return Vec::new();
    }
    let mut groups = vec![group(By::Whole, "", &observations.iter().collect::<Vec<_>>())];
    let mut add = |by: By, names: &dyn Fn(&Observation) -> Vec<String>| {
        let mut members: BTreeMap<String, Vec<&Observation>> = BTreeMap::new();
        for observation in observations {
            for name in names(observation) {
                members.entry(name).or_default().push(observation);
            }
        }
        groups.extend(members.iter().map(|(name, members)| group(by, name, members)));
    };
    add(By::Category, &|observation| vec![observation.category.clone().unwrap_or_default()]);
    add(By::Person, &|observation| observation.people.clone());
    let classes = SIZES.iter().enumerate().filter_map(|(at, &(name, most))| {
        let least = if at == 0 { 0.0 } else { SIZES[at - 1].1 };
        let members: Vec<&Observation> =
            observations.iter().filter(|seen| least < seen.planned && seen.planned <= most).collect();
        (!members.is_empty()).then(|| group(By::Size, &format!("{name} {unit}"), &members))
    });
    groups.extend(classes);
    groups
}

fn group(by: By, name: &str, members: &[&Observation]) -> Group {
    let count = members.len();
    let mut ratios: Vec<f64> = members.iter().map(|seen| seen.ratio()).collect();
    ratios.sort_by(f64::total_cmp);
    let logs: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
    let mean = logs.iter().sum::<f64>() / count as f64;
    let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
    let spread = (count > 1).then(|| (squares / (count - 1) as f64).sqrt());
    let interval = spread.map(|spread| {
        let half = student(CONFIDENCE / 2.0 + 0.5, (count - 1) as f64) * spread / (count as f64).sqrt();
        ((mean - half).exp(), (mean + half).exp())
    });
    Group {
        by,
        name: name.to_owned(),
        count,
        factor: mean.exp(),
        interval,
        mean: ratios.iter().sum::<f64>() / count as f64,
        median: (ratios[(count - 1) / 2] + ratios[count / 2]) / 2.0,
        spread,
        coverage: Coverage::of(members.iter().filter_map(|seen| seen.is_within())),
        days: members.iter().map(|seen| seen.actual - seen.planned).sum(),
    }
}

/// The quantile of Student's t distribution.
pub(super) fn student(share: f64, degrees: f64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, degrees).expect("degrees of freedom are positive");
    student.inverse_cdf(share)
}
