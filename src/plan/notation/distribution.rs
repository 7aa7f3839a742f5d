//! Distributions of uncertain values: `pert(3d,5d,9d)`, `discrete(2d:0.3;5d:0.7)`.

use super::Fault;
use super::number::parse_probability;
use crate::plan::draft::DecimalMark;
use crate::plan::{Distribution, ThreePoint};

/// The kinds of distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Beta of the PERT kind.
    Pert,
    /// Triangular.
    Triangular,
    /// Uniform.
    Uniform,
    /// Lognormal.
    Lognormal,
    /// Normal.
    Normal,
    /// Values with their probabilities.
    Discrete,
    /// No uncertainty.
    Fixed,
}

/// What a distribution cell says.
#[derive(Clone, Debug, PartialEq)]
pub enum DistributionCell {
    /// A kind alone; its values stand in the columns of the estimate.
    Family(Family),
    /// A kind with its values.
    Full(Distribution),
}

/// Parses a distribution.
///
/// # Arguments
/// `value` parses one value, a duration in minutes or an amount of money in minor units.
///
/// # Errors
/// Rule `bad-distribution` if kind or count of values are wrong; rule `estimate-order` if values are in the wrong
/// order; rule `bad-probability` if probabilities do not add up to 1; and those of `value`.
pub fn parse_distribution(
    text: &str,
    mark: DecimalMark,
    mut value: impl FnMut(&str) -> Result<f64, Fault>,
) -> Result<DistributionCell, Fault> {
    let text = text.trim();
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => {
            let inside = rest.strip_suffix(')').ok_or_else(|| bad("a closing bracket is missing"))?;
            (name.trim_end(), inside.trim())
        }
        None => (text, ""),
    };
    let family = family(name)?;
    if arguments.is_empty() {
        return Ok(DistributionCell::Family(family));
    }
    let separator = if arguments.contains(';') || mark == DecimalMark::Comma { ';' } else { ',' };
    if family == Family::Discrete {
        return discrete(arguments, separator, mark, value).map(DistributionCell::Full);
    }
    let (count, form) = match family {
        Family::Pert => (3, "pert(optimistic,most likely,pessimistic)"),
        Family::Triangular => (3, "triangular(least,most likely,most)"),
        Family::Uniform => (2, "uniform(least,most)"),
        Family::Lognormal => (2, "lognormal(p10,p90)"),
        Family::Normal => (2, "normal(mean,standard deviation)"),
        Family::Fixed | Family::Discrete => (1, "fixed(value)"),
    };
    let mut values = [0.0; 3];
    let mut given = 0;
    for item in arguments.split(separator) {
        if given == count {
            return Err(bad(format!("expected {form}")));
        }
        values[given] = value(item.trim()).map_err(|fault| fault.in_part(item.trim()))?;
        given += 1;
    }
    if given != count {
        return Err(bad(format!("expected {form}")));
    }
    let [first, second, third] = values;
    make(family, first, second, third).map(DistributionCell::Full)
}

/// A distribution of its values, checked; `uniform` and the like use the first ones.
pub(in crate::plan) fn make(family: Family, first: f64, second: f64, third: f64) -> Result<Distribution, Fault> {
    let order = |text: &str| Err(Fault::new("estimate-order", text));
    if first < 0.0 {
        return Err(Fault::new("negative-duration", "values of a distribution may not be negative"));
    }
    let points = ThreePoint { optimistic: first, most_likely: second, pessimistic: third };
    match family {
        Family::Pert | Family::Triangular if !(first <= second && second <= third) => {
            order("expected optimistic <= most likely <= pessimistic")
        }
        Family::Uniform if first > second => order("expected least <= most"),
        Family::Lognormal if !(0.0 < first && first <= second) => order("expected 0 < p10 <= p90"),
        Family::Normal if second < 0.0 => order("a standard deviation may not be negative"),
        Family::Pert => Ok(Distribution::Pert(points)),
        Family::Triangular => Ok(Distribution::Triangular(points)),
        Family::Uniform => Ok(Distribution::Uniform(first, second)),
        Family::Lognormal => Ok(Distribution::Lognormal(first, second)),
        Family::Normal => Ok(Distribution::Normal(first, second)),
        Family::Discrete | Family::Fixed => Ok(Distribution::Fixed(first)),
    }
}

fn discrete(
    arguments: &str,
    separator: char,
    mark: DecimalMark,
    mut value: impl FnMut(&str) -> Result<f64, Fault>,
) -> Result<Distribution, Fault> {
    let mut weighted = Vec::new();
    let mut sum = 0.0;
    for item in arguments.split(separator).map(str::trim).filter(|item| !item.is_empty()) {
        let (outcome, probability) = item
            .rsplit_once(':')
            .ok_or_else(|| bad("expected value:probability, as in `discrete(2d:0.3;5d:0.7)`").in_part(item))?;
        let outcome = value(outcome.trim()).map_err(|fault| fault.in_part(outcome.trim()))?;
        if outcome < 0.0 {
            return Err(Fault::new("negative-duration", "values of a distribution may not be negative").in_part(item));
        }
        let probability = parse_probability(probability, mark).map_err(|fault| fault.in_part(item))?;
        sum += probability;
        weighted.push((outcome, probability));
    }
    // Probabilities are written with a few digits: three thirds of 0.333 are meant to be whole.
    if (sum - 1.0).abs() > 0.005 {
        return Err(Fault::new("bad-probability", format!("the probabilities add up to {sum:.3}, not to 1")));
    }
    for (_, probability) in &mut weighted {
        *probability /= sum;
    }
    Ok(Distribution::Discrete(weighted))
}

fn family(name: &str) -> Result<Family, Fault> {
    const FAMILIES: [(&str, Family); 12] = [
        ("pert", Family::Pert),
        ("beta", Family::Pert),
        ("betapert", Family::Pert),
        ("triangular", Family::Triangular),
        ("triangle", Family::Triangular),
        ("uniform", Family::Uniform),
        ("lognormal", Family::Lognormal),
        ("normal", Family::Normal),
        ("discrete", Family::Discrete),
        ("fixed", Family::Fixed),
        ("constant", Family::Fixed),
        ("none", Family::Fixed),
    ];
    let found = FAMILIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|&(_, family)| family).ok_or_else(|| {
        bad("expected pert, triangular, uniform, lognormal, normal, discrete or fixed, as in `pert(3d,5d,9d)`")
    })
}

fn bad(text: impl Into<String>) -> Fault {
    Fault::new("bad-distribution", text)
}
