//! Values counted in equal classes.

/// Equal classes of values, from the least to the greatest.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The lower end of the first class.
    pub least: f64,
    /// The width of a class.
    pub width: f64,
    /// Samples in each class.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// At most so many classes for values in ascending order, of which at least one is finite; infinite ones are in none. Classes begin at multiples of
    /// `step` and are multiples of it wide.
    pub fn of(sorted: &[f64], classes: usize, step: f64) -> Histogram {
        let sorted = finite(sorted);
        let (first, last) = ((sorted[0] / step).floor(), (sorted[sorted.len() - 1] / step).floor());
        let steps = ((last - first + 1.0) / classes as f64).ceil();
        let (least, width) = (first * step, steps * step);
        let mut counts = vec![0; ((last - first + 1.0) / steps).ceil() as usize];
        let most = counts.len() - 1;
        for value in sorted {
            counts[(((value - least) / width) as usize).min(most)] += 1;
        }
        Histogram { least, width, counts }
    }
}

/// The finite ones of values in ascending order.
pub fn finite(sorted: &[f64]) -> &[f64] {
    &sorted[..sorted.partition_point(|value| value.is_finite())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_every_sample_once() {
        let histogram = Histogram::of(&[0.0, 1.0, 2.0, 3.0, 4.0, 10.0], 6, 1.0);
        assert_eq!((histogram.width, histogram.counts), (2.0, vec![2, 2, 1, 0, 0, 1]));
        assert_eq!(Histogram::of(&[5.0, 5.0], 4, 1.0).counts, [2]);
        let days = Histogram::of(&[1_450.0, 3_000.0], 16, 1_440.0);
        assert_eq!((days.least, days.width, days.counts), (1_440.0, 1_440.0, vec![1, 1]));
    }
}
