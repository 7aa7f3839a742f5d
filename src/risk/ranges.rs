//! Quantiles and means of stated estimates.

use statrs::distribution::{Beta, ContinuousCDF, Normal};

use crate::plan::{Distribution, ThreePoint};

/// The quantile of the standard normal distribution at 90 %.
pub(crate) const NINETIETH: f64 = 1.281_551_565_544_600_4;

/// The value that an uncertain one stays below with a probability.
///
/// # Arguments
/// `share` lies between 0 and 1, both excluded.
pub fn quantile(distribution: &Distribution, share: f64) -> f64 {
    let normal = || Normal::standard().inverse_cdf(share);
    match distribution {
        Distribution::Fixed(value) => *value,
        Distribution::Uniform(least, most) => least + (most - least) * share,
        // A duration is never negative.
        Distribution::Normal(mean, deviation) => (mean + deviation * normal()).max(0.0),
        Distribution::Lognormal(tenth, ninetieth) => {
            let (middle, half) = ((tenth * ninetieth).ln() / 2.0, (ninetieth / tenth).ln() / 2.0);
            (middle + half * normal() / NINETIETH).exp()
        }
        Distribution::Discrete(outcomes) => {
            let mut sorted = outcomes.clone();
            sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut sum = 0.0;
            let reached = sorted.iter().find(|(_, probability)| {
                sum += probability;
                sum >= share - 1e-12
            });
            reached.or(sorted.last()).map_or(0.0, |(value, _)| *value)
        }
        Distribution::Triangular(ThreePoint { optimistic: a, most_likely: m, pessimistic: b }) => {
            match share * (b - a) < m - a {
                true => a + (share * (b - a) * (m - a)).sqrt(),
                false => b - ((1.0 - share) * (b - a) * (b - m)).sqrt(),
            }
        }
        Distribution::Pert(ThreePoint { optimistic: a, most_likely: m, pessimistic: b }) => {
            let place = (m - a) / (b - a);
            let beta = Beta::new(1.0 + 4.0 * place, 1.0 + 4.0 * (1.0 - place));
            beta.map_or(*m, |beta| a + (b - a) * beta.inverse_cdf(share))
        }
    }
}

/// The mean of an uncertain value.
pub fn mean(distribution: &Distribution) -> f64 {
    match distribution {
        Distribution::Fixed(value) => *value,
        Distribution::Uniform(least, most) => (least + most) / 2.0,
        Distribution::Normal(mean, _) => *mean,
        Distribution::Lognormal(tenth, ninetieth) => {
            let deviation = (ninetieth / tenth).ln() / (2.0 * NINETIETH);
            ((tenth * ninetieth).ln() / 2.0 + deviation * deviation / 2.0).exp()
        }
        Distribution::Discrete(outcomes) => outcomes.iter().map(|(value, probability)| value * probability).sum(),
        Distribution::Triangular(points) => (points.optimistic + points.most_likely + points.pessimistic) / 3.0,
        Distribution::Pert(points) => (points.optimistic + 4.0 * points.most_likely + points.pessimistic) / 6.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_means_are_those_of_the_formulas() {
        let points = |a, m, b| ThreePoint { optimistic: a, most_likely: m, pessimistic: b };
        // Triangle from 0 to 10 with its top at 0: 1 - (1 - x / 10)^2 = 0.19 at 1.
        let triangle = Distribution::Triangular(points(0.0, 0.0, 10.0));
        // Beta(3, 3) on 0 to 6 is symmetric.
        let pert = Distribution::Pert(points(0.0, 3.0, 6.0));
        let discrete = Distribution::Discrete(vec![(5.0, 0.7), (2.0, 0.3)]);
        for (distribution, share, value, expected_mean) in [
            (triangle, 0.19, 1.0, 10.0 / 3.0),
            (pert, 0.5, 3.0, 3.0),
            (Distribution::Uniform(2.0, 12.0), 0.9, 11.0, 7.0),
            (Distribution::Lognormal(4.0, 9.0), 0.5, 6.0, 6.0 * 1.050_31),
            (Distribution::Lognormal(4.0, 9.0), 0.1, 4.0, 6.0 * 1.050_31),
            (Distribution::Normal(10.0, 2.0), 0.9, 12.563_1, 10.0),
            (discrete.clone(), 0.3, 2.0, 4.1),
            (discrete, 0.31, 5.0, 4.1),
            (Distribution::Fixed(7.0), 0.1, 7.0, 7.0),
            (Distribution::Pert(points(3.0, 3.0, 3.0)), 0.1, 3.0, 3.0),
        ] {
            let found = quantile(&distribution, share);
            assert!((found - value).abs() < 1e-3, "{distribution:?} at {share}: {found}");
            assert!((mean(&distribution) - expected_mean).abs() < 1e-2, "{distribution:?}: {}", mean(&distribution));
        }
    }
}
