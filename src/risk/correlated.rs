//! Draws that go together: a Gaussian copula.
//!
//! The draws concerned are turned into normal scores, mixed by the Cholesky factor of the matrix of their correlations, and
//! turned back, so that each keeps its distribution. Coefficients are those of the normal scores. A matrix that no draws can
//! have is replaced by the nearest one that some can have.

use nalgebra::{Cholesky, DMatrix};
use statrs::distribution::{ContinuousCDF, Normal};

use super::events::{Event, Source};
use super::model::{Node, Work};
use super::quantiles::Law;
use super::streams::{LANES, Lanes};
use crate::error::{Error, Result};
use crate::plan::{Correlation, CorrelationKey, Plan, RiskGroup};

/// A draw that goes together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draw {
    /// The duration of the node at this position of the model.
    Node(usize),
    /// Whether this event happens.
    Event(usize),
}

/// The draws that go together, and how.
#[derive(Clone, Debug, Default)]
pub struct Correlated {
    /// What is drawn.
    pub draws: Vec<Draw>,
    /// For each draw the draws up to itself that it is mixed of, with their weights.
    mixes: Vec<Vec<(u32, f64)>>,
    /// By how much the coefficient that was changed most differs from what was asked for; 0 if all are as asked for.
    pub change: f64,
}

/// Coefficients that differ by less than this are the same.
const SAME: f64 = 1e-6;

/// No more draws than this go together: the effort to repair their matrix grows with the third power.
const MOST_DRAWS: usize = 1_000;

/// What correlations.csv says. What is certain goes together with nothing; where rows name the same two tasks, the one counts
/// that names more of them by their ids, and of equal ones the later one.
///
/// # Errors
/// Wrong usage if more draws than [`MOST_DRAWS`] are to go together.
pub fn correlated(plan: &Plan, nodes: &[Node], events: &[Event]) -> Result<Correlated> {
    let mut rows: Vec<&Correlation> = plan.correlations().iter().collect();
    let by_id = |key: &CorrelationKey| matches!(key, CorrelationKey::Task(_));
    rows.sort_by_key(|row| [row.a, row.b].iter().filter(|key| by_id(key)).count());
    let ends: Vec<[Vec<Draw>; 2]> =
        rows.iter().map(|row| [row.a, row.b].map(|key| draws_of(plan, nodes, events, key))).collect();
    let mut draws: Vec<Draw> = ends.iter().flatten().flatten().copied().collect();
    draws.sort_unstable();
    draws.dedup();
    if draws.len() > MOST_DRAWS {
        let text = format!(
            "correlations.csv ties {} durations and risks together; expected {MOST_DRAWS} at most",
            draws.len()
        );
        return Err(Error::usage(text));
    }
    let number = |draw: &Draw| draws.binary_search(draw).expect("all draws are listed");
    let mut pairs = Vec::new();
    for ([ones, others], row) in ends.iter().zip(&rows) {
        for one in ones {
            let different = others.iter().filter(|other| *other != one);
            pairs.extend(different.map(|other| (number(one), number(other), row.coefficient)));
        }
    }
    Ok(Correlated::new(draws, &pairs))
}

/// The draws that a key names, but for those whose outcome is certain.
fn draws_of(plan: &Plan, nodes: &[Node], events: &[Event], key: CorrelationKey) -> Vec<Draw> {
    let is_named = |node: &Node| match (key, node.work) {
        (CorrelationKey::Task(task), Some(Work::Task(other))) => task == other,
        (CorrelationKey::EveryTask, Some(Work::Task(_))) => true,
        (CorrelationKey::Category(label), Some(Work::Task(task))) => plan.tasks()[task].category == Some(label),
        _ => false,
    };
    if let CorrelationKey::RiskGroup(label) = key {
        // The first of a group draws for all of it.
        let is_drawn = |number: usize, event: &Event| match event.source {
            Source::Risk(risk) => {
                event.drawn_by == number && plan.risks()[risk].group.map(RiskGroup::label) == Some(label)
            }
            Source::Issue(_) => false,
        };
        let named = events.iter().enumerate().filter(|(number, event)| is_drawn(*number, event));
        return named.map(|(number, _)| Draw::Event(number)).collect();
    }
    let is_certain = |node: &Node| matches!(node.law, Law::Certain(_));
    let named = nodes.iter().enumerate().filter(|(_, node)| is_named(node) && !is_certain(node));
    named.map(|(at, _)| Draw::Node(at)).collect()
}

impl Correlated {
    /// # Arguments
    /// `pairs` are places of different draws, with the coefficient of the two; the last one counts.
    fn new(draws: Vec<Draw>, pairs: &[(usize, usize, f64)]) -> Correlated {
        let count = draws.len();
        let mut asked = DMatrix::<f64>::identity(count, count);
        for &(one, other, coefficient) in pairs {
            asked[(one, other)] = coefficient;
            asked[(other, one)] = coefficient;
        }
        let (factor, used) = factor(&asked);
        let change = if count > 0 { (&used - &asked).amax() } else { 0.0 };
        let mix = |row: usize| {
            let weights = (0..=row).map(|column| (column as u32, factor[(row, column)]));
            weights.filter(|(_, weight)| *weight != 0.0).collect()
        };
        let mixes = (0..count).map(mix).collect();
        Correlated { draws, mixes, change: if change > SAME { change } else { 0.0 } }
    }

    /// Makes draws that are independent go together.
    pub fn mix(&self, draws: &mut [Lanes<u32>]) {
        let normal = Normal::standard();
        let range = 2_f64.powi(32);
        let score = |drawn: u32| normal.inverse_cdf((f64::from(drawn) + 0.5) / range);
        let scores: Vec<Lanes<f64>> = draws.iter().map(|drawn| drawn.map(score)).collect();
        for (drawn, mix) in draws.iter_mut().zip(&self.mixes) {
            let mut mixed = [0.0; LANES];
            for &(from, weight) in mix {
                let scores = &scores[from as usize];
                (0..LANES).for_each(|lane| mixed[lane] += weight * scores[lane]);
            }
            // A cast beyond the range is the end of the range.
            *drawn = mixed.map(|score| (normal.cdf(score) * range) as u32);
        }
    }
}

/// The Cholesky factor of the correlation matrix that is nearest to a matrix, and that correlation matrix.
fn factor(asked: &DMatrix<f64>) -> (DMatrix<f64>, DMatrix<f64>) {
    if let Some(factor) = Cholesky::new(asked.clone()) {
        return (factor.unpack(), asked.clone());
    }
    let nearest = nearest_correlations(asked);
    // It lies on the edge of what has a factor: a step towards independent draws, as small as it can be.
    let identity = DMatrix::<f64>::identity(asked.nrows(), asked.ncols());
    let mut step = 1e-9;
    loop {
        let inside = &nearest * (1.0 - step) + &identity * step;
        if let Some(factor) = Cholesky::new(inside.clone()) {
            return (factor.unpack(), inside);
        }
        step = (step * 4.0_f64).min(1.0);
    }
}

/// Distances between matrices below this, in parts of their size, are none.
const TOLERANCE: f64 = 1e-9;
const MOST_ROUNDS: usize = 200;

/// The nearest correlation matrix in the Frobenius norm, by alternating projections onto the positive semi-definite matrices,
/// with Dykstra's correction, and onto those with ones in the diagonal. (Higham, "Computing the nearest correlation matrix: a
/// problem from finance", IMA Journal of Numerical Analysis 22 (2002), algorithm 3.3.)
fn nearest_correlations(asked: &DMatrix<f64>) -> DMatrix<f64> {
    let mut nearest = asked.clone();
    let mut correction = DMatrix::<f64>::zeros(asked.nrows(), asked.ncols());
    for _ in 0..MOST_ROUNDS {
        let corrected = &nearest - &correction;
        let mut eigen = corrected.clone().symmetric_eigen();
        eigen.eigenvalues.apply(|value| *value = value.max(0.0));
        let definite = eigen.recompose();
        correction = &definite - &corrected;
        nearest.copy_from(&definite);
        nearest.fill_diagonal(1.0);
        if (&nearest - &definite).norm() <= TOLERANCE * nearest.norm() {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_nodes(count: usize, pairs: &[(usize, usize, f64)]) -> Correlated {
        Correlated::new((0..count).map(Draw::Node).collect(), pairs)
    }

    #[test]
    fn the_nearest_correlation_matrix_is_that_of_the_literature() {
        // Higham (2002), section 4, the example of the matrix with ones beside the diagonal: 0.7607 and 0.1573.
        let asked = DMatrix::from_row_slice(3, 3, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
        let found = nearest_correlations(&asked);
        for (place, expected) in [((0, 1), 0.760_69), ((1, 2), 0.760_69), ((0, 2), 0.157_30), ((1, 1), 1.0)] {
            assert!((found[place] - expected).abs() < 1e-4, "{found}");
        }
        let correlated = of_nodes(3, &[(0, 1, 1.0), (1, 2, 1.0)]);
        assert!((correlated.change - 0.239_31).abs() < 1e-4, "{}", correlated.change);
    }

    #[test]
    fn what_some_draws_can_have_stays_as_it_is() {
        assert_eq!(of_nodes(3, &[(0, 1, 0.5), (1, 2, -0.4)]).change, 0.0);
        // On the edge: two draws that are one.
        let same = of_nodes(2, &[(0, 1, 1.0)]);
        assert_eq!(same.change, 0.0);
        let mut draws = [[7_000_000; LANES], [4_000_000_000; LANES]];
        same.mix(&mut draws);
        let distance = f64::from(draws[0][0].abs_diff(draws[1][0])) / 2_f64.powi(32);
        assert!(distance < 1e-3, "{draws:?}");
    }
}
