//! What samples say: percentiles, probabilities, and how sure they are themselves.

/// A percentile of samples: the least value that so large a share of them does not exceed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentile<T> {
    /// The share, between 0 and 1.
    pub share: f64,
    /// The value.
    pub value: T,
    /// Its standard error.
    pub error: f64,
}

/// A percentile of values in ascending order, of which there is at least one; infinite ones are those that never come.
///
/// The standard error is half the distance between the percentiles that are one standard error of the share away (the
/// order-statistic interval: Conover, "Practical Nonparametric Statistics", 3rd ed., 1999, section 3.2).
pub fn percentile<T: Copy + Into<f64>>(sorted: &[T], share: f64) -> Percentile<T> {
    let count = sorted.len() as f64;
    // Less than a millionth of a sample is an error of rounding.
    let at = |share: f64| sorted[((share * count - 1e-6).ceil() as usize).clamp(1, sorted.len()) - 1];
    let step = (share * (1.0 - share) / count).sqrt();
    let (low, high): (f64, f64) = (at((share - step).max(0.0)).into(), at((share + step).min(1.0)).into());
    let error = if low == high { 0.0 } else { (high - low) / 2.0 };
    Percentile { share, value: at(share), error }
}

/// A share of samples, and its standard error `sqrt(p (1 - p) / n)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probability {
    /// The share.
    pub share: f64,
    /// Its standard error.
    pub error: f64,
}

impl Probability {
    /// So many of so many samples.
    pub fn of(hits: usize, count: usize) -> Probability {
        let share = hits as f64 / count.max(1) as f64;
        Probability { share, error: (share * (1.0 - share) / count.max(1) as f64).sqrt() }
    }

    /// The share of values, in ascending order, that are no greater than a limit.
    pub fn up_to<T: PartialOrd>(sorted: &[T], limit: T) -> Probability {
        Probability::of(sorted.partition_point(|value| *value <= limit), sorted.len())
    }
}

/// Mean and standard deviation of the values that are finite; infinite and 0 if there are values, but none of them is.
pub fn moments<T: Copy + Into<f64>>(values: &[T]) -> (f64, f64) {
    let finite = || values.iter().map(|&value| value.into()).filter(|value| value.is_finite());
    let count = match finite().count() {
        0 if !values.is_empty() => return (f64::INFINITY, 0.0),
        count => count.max(1) as f64,
    };
    let mean = finite().sum::<f64>() / count;
    let squares = finite().map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_sampled() {
        let values: Vec<i32> = (1..=100).collect();
        assert_eq!(percentile(&values, 0.8).value, 80);
        assert_eq!(percentile(&values, 0.801).value, 81);
        // One standard error of the share is 0.04: from the 76th to the 84th.
        assert_eq!(percentile(&values, 0.8).error, 4.0);
        assert_eq!((percentile(&[7], 0.5).value, percentile(&[7], 0.5).error), (7, 0.0));
    }

    #[test]
    fn what_never_comes_is_later_than_anything_and_in_no_mean() {
        let values = [1.0, 2.0, 3.0, f64::INFINITY];
        assert_eq!((percentile(&values, 0.75).value, percentile(&values, 0.8).value), (3.0, f64::INFINITY));
        assert_eq!(percentile(&[f64::INFINITY; 2], 0.5).error, 0.0);
        assert_eq!(moments(&values), (2.0, 1.0));
        assert_eq!(moments(&[f64::INFINITY]), (f64::INFINITY, 0.0));
        assert_eq!(Probability::up_to(&values, 1e300).share, 0.75);
    }

    #[test]
    fn a_probability_counts_what_is_no_greater() {
        let found = Probability::up_to(&[1, 2, 2, 3], 2);
        assert_eq!(found.share, 0.75);
        assert!((found.error - (0.75_f64 * 0.25 / 4.0).sqrt()).abs() < 1e-12);
        assert_eq!(Probability::up_to(&[1, 2], 0).share, 0.0);
    }
}
