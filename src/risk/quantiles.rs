//! Distributions as tables, from which values are drawn by their quantiles.
//!
//! A table holds the quantiles of a standardised distribution (mean 0, standard deviation 1) at probabilities that lie the
//! closer the nearer they are to 0 or 1: eight to each halving. Between them it is linear. What is drawn from a table has
//! exactly the mean and the variance asked for, since the table is standardised as it is drawn from, and differs in its
//! quantiles by about a thousandth of a standard deviation.

use rustc_hash::FxHashMap;
use statrs::distribution::{Beta, ContinuousCDF, Normal};

use super::ranges::NINETIETH;
use super::streams::{LANES, Lanes};
use crate::plan::{Distribution, ThreePoint};

/// Knots to each halving of the probability, as a power of two.
const FINENESS: u32 = 3;
/// Probabilities below 2^-25 count as that.
const LEAST_EXPONENT: u32 = 7;
const EXPONENTS: u32 = 31 - LEAST_EXPONENT;
/// Knots of a half: from the end of the distribution to its middle, and one behind that.
const HALF: usize = ((EXPONENTS << FINENESS) + 2) as usize;
/// Numbers that a table takes.
const KNOTS: usize = 2 * HALF;
/// Steps into which the place of the most likely value between the least and the greatest is divided, to share tables.
const SKEWS: f64 = 256.0;

/// Rounds in which the ends of a distribution are found.
const ROUNDS: usize = 60;

/// How a value is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// It is certain.
    Certain(f64),
    /// By a table.
    Table {
        /// Where it begins.
        first: u32,
        /// Mean of the value.
        mean: f64,
        /// Its standard deviation.
        deviation: f64,
        /// The least and the greatest value there is.
        range: (f64, f64),
    },
    /// One of some values, by their number in the list of values: first, and behind the last.
    OneOf(u32, u32),
}

/// The tables of all laws.
#[derive(Clone, Debug, Default)]
pub struct Quantiles {
    knots: Vec<f32>,
    /// Values, each with what the random number is below for it or for one before it.
    values: Vec<(f64, u64)>,
    known: FxHashMap<Shape, u32>,
}

/// What sets standardised distributions apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    /// By the place of the most likely value, in steps.
    Pert(u32),
    Triangular(u32),
    Uniform,
    Normal,
    /// By the bits of the standard deviation of the logarithm.
    Lognormal(u64),
}

impl Quantiles {
    /// The law of a distribution.
    pub fn law(&mut self, distribution: &Distribution) -> Law {
        match *distribution {
            Distribution::Fixed(value) => Law::Certain(value),
            Distribution::Pert(points) => self.three_point(points, Shape::Pert, pert_moments(points)),
            Distribution::Triangular(points) => self.three_point(points, Shape::Triangular, triangular_moments(points)),
            Distribution::Uniform(least, most) => {
                let moments = ((least + most) / 2.0, (most - least) / 12_f64.sqrt());
                self.by_table(Shape::Uniform, moments, (least, most))
            }
            Distribution::Normal(mean, deviation) => {
                self.by_table(Shape::Normal, (mean, deviation), (0.0, f64::INFINITY))
            }
            Distribution::Lognormal(tenth, ninetieth) => {
                let middle = (tenth.ln() + ninetieth.ln()) / 2.0;
                let sigma = (ninetieth.ln() - tenth.ln()) / (2.0 * NINETIETH);
                let mean = (middle + sigma * sigma / 2.0).exp();
                let deviation = mean * (sigma * sigma).exp_m1().sqrt();
                self.by_table(Shape::Lognormal(sigma.to_bits()), (mean, deviation), (0.0, f64::INFINITY))
            }
            Distribution::Discrete(ref outcomes) => self.one_of(outcomes),
        }
    }

    fn three_point(&mut self, points: ThreePoint, shape: fn(u32) -> Shape, moments: (f64, f64)) -> Law {
        let ThreePoint { optimistic, most_likely, pessimistic } = points;
        let place = (most_likely - optimistic) / (pessimistic - optimistic);
        let step = if place.is_finite() { (place * SKEWS).round() as u32 } else { 0 };
        self.by_table(shape(step), moments, (optimistic, pessimistic))
    }

    fn by_table(&mut self, shape: Shape, (mean, deviation): (f64, f64), range: (f64, f64)) -> Law {
        if !(deviation > 0.0 && deviation.is_finite()) {
            return Law::Certain(mean);
        }
        let first = match self.known.get(&shape) {
            Some(&first) => first,
            None => {
                let first = self.knots.len() as u32;
                self.knots.extend(shape.table());
                self.known.insert(shape, first);
                first
            }
        };
        Law::Table { first, mean, deviation, range }
    }

    fn one_of(&mut self, outcomes: &[(f64, f64)]) -> Law {
        let first = self.values.len() as u32;
        let mut sum = 0.0;
        for (place, &(value, probability)) in outcomes.iter().enumerate() {
            sum += probability;
            let is_last = place + 1 == outcomes.len();
            self.values.push((value, if is_last { u64::MAX } else { threshold(sum) }));
        }
        Law::OneOf(first, self.values.len() as u32)
    }

    /// A value for each random number.
    #[inline(always)]
    pub fn values(&self, law: &Law, drawn: &Lanes<u32>) -> Lanes<f64> {
        match *law {
            Law::Certain(value) => [value; LANES],
            Law::Table { first, mean, deviation, range: (least, most) } => {
                let scores = self.scores(first, drawn);
                std::array::from_fn(|lane| (mean + deviation * f64::from(scores[lane])).clamp(least, most))
            }
            Law::OneOf(first, end) => {
                let outcomes = &self.values[first as usize..end as usize];
                let value = |drawn: u32| {
                    let place = outcomes.partition_point(|outcome| outcome.1 <= u64::from(drawn));
                    outcomes[place.min(outcomes.len() - 1)].0
                };
                std::array::from_fn(|lane| value(drawn[lane]))
            }
        }
    }

    /// A whole number, not negative, for each random number.
    #[inline(always)]
    pub fn whole_values(&self, law: &Law, drawn: &Lanes<u32>) -> Lanes<i32> {
        if let Law::Table { first, mean, deviation, range: (least, most) } = *law {
            let (mean, deviation) = (mean as f32, deviation as f32);
            let (least, most) = (least as f32, most.min(MOST_WHOLE) as f32);
            let scores = self.scores(first, drawn);
            let mut values = [0; LANES];
            // (A closure for `from_fn` may be compiled without vectors.)
            for lane in 0..LANES {
                let value = (mean + deviation * scores[lane]).max(least).min(most);
                // What is added makes the cut round half up; no value is negative.
                values[lane] = (value + 0.5) as i32;
            }
            return values;
        }
        self.values(law, drawn).map(|value| value.clamp(0.0, MOST_WHOLE).round() as i32)
    }

    /// Standardised values from the table that begins at `first`.
    #[inline(always)]
    fn scores(&self, first: u32, drawn: &Lanes<u32>) -> Lanes<f32> {
        let table = &self.knots[first as usize..][..KNOTS];
        let mut places = [0; LANES];
        let mut parts = [0.0; LANES];
        for lane in 0..LANES {
            let is_upper = (drawn[lane] as i32 >> 31) as u32;
            let tail = ((drawn[lane] ^ is_upper) as i32).max(1 << LEAST_EXPONENT) as f32;
            let bits = tail.to_bits();
            const SHIFT: u32 = 23 - FINENESS;
            const LEAST: u32 = (127 + LEAST_EXPONENT) << FINENESS;
            places[lane] = (bits >> SHIFT) - LEAST + (is_upper & HALF as u32);
            parts[lane] = (bits & ((1 << SHIFT) - 1)) as i32 as f32 * (1.0 / (1 << SHIFT) as f32);
        }
        let mut scores = [0.0; LANES];
        for lane in 0..LANES {
            // The last knot of a table is never the first of two.
            let place = (places[lane] as usize).min(KNOTS - 2);
            let (below, above) = (table[place], table[place + 1]);
            scores[lane] = below + parts[lane] * (above - below);
        }
        scores
    }
}

/// Durations are below this.
const MOST_WHOLE: f64 = (1 << 30) as f64;

/// The random number from which on something with this probability does not happen.
pub fn threshold(probability: f64) -> u64 {
    (probability.clamp(0.0, 1.0) * 2_f64.powi(32)).round() as u64
}

/// Three points that are the 10th percentile, the most likely value and the 90th percentile, as the distribution that has them:
/// its ends lie further out, but not below zero.
pub fn with_deciles(distribution: &Distribution) -> Distribution {
    let (points, shape): (ThreePoint, fn(u32) -> Shape) = match distribution {
        Distribution::Pert(points) => (*points, Shape::Pert),
        Distribution::Triangular(points) => (*points, Shape::Triangular),
        other => return other.clone(),
    };
    let mut ends = points;
    // Each round moves the ends by what the percentiles still lack; that is a contraction.
    for _ in 0..ROUNDS {
        let width = ends.pessimistic - ends.optimistic;
        if width <= 0.0 {
            break;
        }
        let place = (points.most_likely - ends.optimistic) / width;
        let shape = shape((place * SKEWS).round() as u32);
        let middle = (ends.optimistic + ends.pessimistic) / 2.0;
        let [tenth, ninetieth] = [false, true].map(|is_upper| middle + width * shape.quantile(0.1, is_upper));
        ends.optimistic = (ends.optimistic + points.optimistic - tenth).clamp(0.0, points.optimistic);
        ends.pessimistic = (ends.pessimistic + points.pessimistic - ninetieth).max(points.pessimistic);
    }
    match distribution {
        Distribution::Triangular(_) => Distribution::Triangular(ends),
        _ => Distribution::Pert(ends),
    }
}

fn pert_moments(ThreePoint { optimistic, most_likely, pessimistic }: ThreePoint) -> (f64, f64) {
    let width = pessimistic - optimistic;
    let (alpha, beta) = pert_parameters((most_likely - optimistic) / width);
    let sum = alpha + beta;
    let variance = alpha * beta / (sum * sum * (sum + 1.0)) * width * width;
    ((optimistic + 4.0 * most_likely + pessimistic) / 6.0, variance.sqrt())
}

/// The parameters of the beta distribution, by the place of the most likely value.
fn pert_parameters(place: f64) -> (f64, f64) {
    (1.0 + 4.0 * place, 1.0 + 4.0 * (1.0 - place))
}

fn triangular_moments(ThreePoint { optimistic: a, most_likely: m, pessimistic: b }: ThreePoint) -> (f64, f64) {
    let variance = (a * a + m * m + b * b - a * m - a * b - m * b) / 18.0;
    ((a + m + b) / 3.0, variance.max(0.0).sqrt())
}

impl Shape {
    /// The quantile of a probability up to a half, or of so much less than 1 (`is_upper`).
    fn quantile(self, probability: f64, is_upper: bool) -> f64 {
        let mirrored = |lower: &dyn Fn(f64) -> f64| if is_upper { -lower(probability) } else { lower(probability) };
        let normal = Normal::standard();
        match self {
            Shape::Uniform => mirrored(&|probability| probability - 0.5),
            Shape::Normal => mirrored(&|probability| normal.inverse_cdf(probability)),
            Shape::Lognormal(bits) => {
                (f64::from_bits(bits) * mirrored(&|probability| normal.inverse_cdf(probability))).exp()
            }
            // The upper half is the lower one of the distribution turned round.
            Shape::Pert(step) if is_upper => -Shape::Pert(SKEWS as u32 - step).quantile(probability, false),
            Shape::Triangular(step) if is_upper => -Shape::Triangular(SKEWS as u32 - step).quantile(probability, false),
            Shape::Pert(step) => {
                let (alpha, beta) = pert_parameters(f64::from(step) / SKEWS);
                let value = Beta::new(alpha, beta).map_or(0.5, |beta| beta.inverse_cdf(probability));
                value - 0.5
            }
            Shape::Triangular(step) => {
                let place = f64::from(step) / SKEWS;
                let value = match probability < place {
                    true => (probability * place).sqrt(),
                    false => 1.0 - ((1.0 - probability) * (1.0 - place)).sqrt(),
                };
                value - 0.5
            }
        }
    }

    /// Its table, standardised.
    fn table(self) -> Vec<f32> {
        let probability = |knot: usize| {
            let (exponent, part) = (knot >> FINENESS, knot & ((1 << FINENESS) - 1));
            let tail = (1.0 + part as f64 / f64::from(1 << FINENESS)) * 2_f64.powi(exponent as i32);
            (tail * 2_f64.powi(LEAST_EXPONENT as i32 - 32)).min(0.5)
        };
        let half = |is_upper: bool| (0..HALF).map(move |knot| self.quantile(probability(knot), is_upper));
        let knots: Vec<f64> = half(false).chain(half(true)).collect();
        let (mut mean, mut square) = (0.0, 0.0);
        for half in [&knots[..HALF], &knots[HALF..]] {
            let mut add = |weight: f64, below: f64, above: f64| {
                mean += weight * (below + above) / 2.0;
                square += weight * (below * below + below * above + above * above) / 3.0;
            };
            add(probability(0), half[0], half[0]);
            for (knot, pair) in half.windows(2).enumerate() {
                add(probability(knot + 1) - probability(knot), pair[0], pair[1]);
            }
        }
        let deviation = (square - mean * mean).sqrt();
        knots.into_iter().map(|quantile| ((quantile - mean) / deviation) as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::streams::Streams;

    const SAMPLES: usize = 200_000;

    fn drawn(distribution: &Distribution) -> Vec<f64> {
        let mut quantiles = Quantiles::default();
        let law = quantiles.law(distribution);
        let blocks = (0..SAMPLES / LANES).flat_map(|block| {
            let mut streams = Streams::new(3, (block * LANES) as u64);
            quantiles.values(&law, &streams.next())
        });
        let mut values: Vec<f64> = blocks.collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// The greatest distance between the distribution of samples and a distribution (Kolmogorov, Smirnov).
    fn distance(values: &[f64], below: impl Fn(f64) -> f64) -> f64 {
        let count = values.len() as f64;
        let at = |(place, &value): (usize, &f64)| {
            let expected = below(value);
            (expected - place as f64 / count).abs().max(((place + 1) as f64 / count - expected).abs())
        };
        values.iter().enumerate().map(at).fold(0.0, f64::max)
    }

    fn points(optimistic: f64, most_likely: f64, pessimistic: f64) -> ThreePoint {
        ThreePoint { optimistic, most_likely, pessimistic }
    }

    #[test]
    fn what_is_drawn_has_the_distribution_asked_for() {
        // The chance that a true sampler lies further away is one in a thousand.
        let most = 1.95 / (SAMPLES as f64).sqrt();
        for (a, m, b) in [(0.0, 1.0, 10.0), (2.0, 5.0, 8.0), (3.0, 3.0, 9.0), (1.0, 9.37, 10.0), (4.0, 8.0, 8.0)] {
            let (alpha, beta) = pert_parameters((m - a) / (b - a));
            let beta = Beta::new(alpha, beta).unwrap();
            let found = distance(&drawn(&Distribution::Pert(points(a, m, b))), |x| beta.cdf((x - a) / (b - a)));
            assert!(found < most, "pert({a},{m},{b}): {found}");
            let triangle = |x: f64| match x < m {
                true => (x - a) * (x - a) / ((b - a) * (m - a)),
                false => 1.0 - (b - x) * (b - x) / ((b - a) * (b - m).max(1e-12)),
            };
            let found = distance(&drawn(&Distribution::Triangular(points(a, m, b))), triangle);
            assert!(found < most, "triangular({a},{m},{b}): {found}");
        }
        let found = distance(&drawn(&Distribution::Uniform(2.0, 6.0)), |x| (x - 2.0) / 4.0);
        assert!(found < most, "uniform: {found}");
        let normal = Normal::new(100.0, 7.0).unwrap();
        let found = distance(&drawn(&Distribution::Normal(100.0, 7.0)), |x| normal.cdf(x));
        assert!(found < most, "normal: {found}");
        let sigma = (9_f64.ln() - 4_f64.ln()) / (2.0 * NINETIETH);
        let log = Normal::new((9_f64.ln() + 4_f64.ln()) / 2.0, sigma).unwrap();
        let found = distance(&drawn(&Distribution::Lognormal(4.0, 9.0)), |x| log.cdf(x.ln()));
        assert!(found < most, "lognormal: {found}");
    }

    #[test]
    fn mean_and_variance_are_those_of_the_formulas() {
        let moments = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let square = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
            (mean, (square / values.len() as f64).sqrt())
        };
        for (distribution, mean, deviation) in [
            // (1 + 4 * 2 + 9) / 6; alpha 1.5, beta 4.5: variance 6.75 / (36 * 7) * 64
            (Distribution::Pert(points(1.0, 2.0, 9.0)), 3.0, (6.75_f64 / 252.0 * 64.0).sqrt()),
            (Distribution::Triangular(points(0.0, 0.0, 6.0)), 2.0, 2_f64.sqrt()),
            (Distribution::Uniform(0.0, 12.0), 6.0, 12_f64.sqrt()),
            (Distribution::Normal(50.0, 4.0), 50.0, 4.0),
        ] {
            let (found_mean, found_deviation) = moments(&drawn(&distribution));
            assert!((found_mean - mean).abs() < 4.0 * deviation / (SAMPLES as f64).sqrt(), "{distribution:?}");
            assert!((found_deviation / deviation - 1.0).abs() < 0.01, "{distribution:?}: {found_deviation}");
        }
    }

    #[test]
    fn deciles_are_those_asked_for() {
        let share = |distribution: &Distribution, limit: f64| {
            let values = drawn(distribution);
            values.iter().filter(|&&value| value <= limit).count() as f64 / values.len() as f64
        };
        for (a, m, b) in [(8.0, 10.0, 15.0), (80.0, 90.0, 95.0), (20.0, 20.0, 40.0)] {
            for distribution in [Distribution::Pert(points(a, m, b)), Distribution::Triangular(points(a, m, b))] {
                let found = with_deciles(&distribution);
                let (low, high) = (share(&found, a), share(&found, b));
                assert!((low - 0.1).abs() < 0.006 && (high - 0.9).abs() < 0.006, "{found:?}: {low} {high}");
            }
        }
        // No duration is negative, and nothing is uncertain that was not.
        let Distribution::Pert(found) = with_deciles(&Distribution::Pert(points(0.5, 1.0, 90.0))) else { panic!() };
        assert_eq!(found.optimistic, 0.0);
        assert_eq!(with_deciles(&Distribution::Pert(points(3.0, 3.0, 3.0))), Distribution::Pert(points(3.0, 3.0, 3.0)));
        assert_eq!(with_deciles(&Distribution::Fixed(3.0)), Distribution::Fixed(3.0));
    }

    #[test]
    fn outcomes_come_as_often_as_their_probabilities_say() {
        let values = drawn(&Distribution::Discrete(vec![(2.0, 0.3), (5.0, 0.5), (9.0, 0.2)]));
        for (value, probability) in [(2.0, 0.3), (5.0, 0.5), (9.0, 0.2)] {
            let count = values.iter().filter(|&&drawn| drawn == value).count() as f64;
            let error = (probability * (1.0 - probability) / SAMPLES as f64).sqrt();
            assert!((count / SAMPLES as f64 - probability).abs() < 4.0 * error, "{value}: {count}");
        }
    }

    #[test]
    fn whole_values_are_the_values_rounded() {
        let mut quantiles = Quantiles::default();
        for distribution in [
            Distribution::Pert(points(480.0, 960.0, 2_400.0)),
            Distribution::Discrete(vec![(1.0, 0.5), (7.0, 0.5)]),
            Distribution::Fixed(33.0),
        ] {
            let law = quantiles.law(&distribution);
            let drawn = Streams::new(5, 0).next();
            let (values, whole) = (quantiles.values(&law, &drawn), quantiles.whole_values(&law, &drawn));
            for lane in 0..LANES {
                assert!((values[lane] - f64::from(whole[lane])).abs() <= 0.501, "{distribution:?}");
            }
        }
    }
}
