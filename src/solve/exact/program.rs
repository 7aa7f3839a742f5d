//! A linear program that sets of tasks come into as they are found: the simplex method with an inverse of the basis (column
//! generation: Gilmore, Gomory, "A linear programming approach to the cutting-stock problem", Operations Research 9 (1961)).
//! In [`super::simplex`] it is the other way round: all variables are there, and are fixed one after the other.

use super::sets::Heaviest;
use super::weights::Stretch;

/// The program: the least factor by which stretches have to be longer for sets to do all the work in them.
#[derive(Clone, Debug)]
pub struct Program {
    tasks: usize,
    rows: usize,
    /// Rows of the inverse, one for each variable in the basis.
    inverse: Vec<f64>,
    /// What is in the basis.
    basis: Vec<Variable>,
    values: Vec<f64>,
    lengths: Vec<f64>,
    /// Sets of all stretches: the stretch, the places of tasks.
    sets: Vec<(usize, Vec<u32>)>,
    /// Numbers changed so far.
    pub changes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variable {
    /// How long a set is at work.
    Set(u32),
    /// The factor.
    Factor,
    /// Work that is done more often than has to be, or time that is left in a stretch: the row.
    Rest(u32),
}

const TINY: f64 = 1e-9;
const TINY_PRICE: f64 = 1e-8;
const LEAST_PIVOT: f64 = 1e-7;
/// Steps for each row in a round.
const STEPS_EACH: usize = 10;
/// Rows have a little more to do than they should, each another bit, so that there are no ties.
const BITS: f64 = 1e-6;

impl Program {
    /// Begins with each task by itself somewhere in its window; none if one has no window.
    pub fn new(tasks: &[(u32, i32)], stretches: &[Stretch]) -> Option<Program> {
        let rows = tasks.len() + stretches.len();
        let lengths: Vec<f64> = stretches.iter().map(|stretch| stretch.length as f64).collect();
        let mut load = vec![0.0; stretches.len()];
        let mut sets = Vec::with_capacity(rows);
        for (place, &(_, duration)) in tasks.iter().enumerate() {
            let here = |stretch: &usize| stretches[*stretch].tasks.binary_search(&(place as u32)).is_ok();
            let after = |stretch: usize| (load[stretch] + f64::from(duration)) / lengths[stretch];
            let stretch =
                (0..stretches.len()).filter(here).min_by(|&one, &other| after(one).total_cmp(&after(other)))?;
            load[stretch] += f64::from(duration);
            sets.push((stretch, vec![place as u32]));
        }
        let fullest = (0..stretches.len())
            .max_by(|&one, &other| (load[one] / lengths[one]).total_cmp(&(load[other] / lengths[other])))?;
        // Row of a stretch: length times factor, less what sets take of it, less the rest, is nothing.
        let first = tasks.len();
        let mut inverse = vec![0.0; rows * rows];
        (0..first).for_each(|task| inverse[task * rows + task] = 1.0);
        for (stretch, row) in inverse.chunks_exact_mut(rows).skip(first).enumerate() {
            // The factor is what is taken of the fullest stretch for its length; the rest of another is its length times
            // the factor, less what is taken of it.
            let (scale, taken) = match stretch == fullest {
                true => (1.0 / lengths[fullest], 0.0),
                false => (lengths[stretch] / lengths[fullest], 1.0),
            };
            row[first + fullest] += scale;
            row[first + stretch] -= taken;
            for (place, set) in sets.iter().enumerate() {
                row[place] += if set.0 == fullest { scale } else { 0.0 };
                row[place] -= if set.0 == stretch { taken } else { 0.0 };
            }
        }
        let bit = |row: usize| BITS * (1.0 + (row * 37 % 101) as f64);
        let wanted: Vec<f64> =
            (0..rows).map(|row| tasks.get(row).map_or(bit(row), |task| f64::from(task.1) + bit(row))).collect();
        let value = |row: usize| inverse[row * rows..][..rows].iter().zip(&wanted).map(|(a, b)| a * b).sum();
        let values = (0..rows).map(value).collect();
        let basis = (0..tasks.len() as u32)
            .map(Variable::Set)
            .chain((0..stretches.len()).map(|stretch| match stretch == fullest {
                true => Variable::Factor,
                false => Variable::Rest((first + stretch) as u32),
            }))
            .collect();
        Some(Program { tasks: first, rows, inverse, basis, values, lengths, sets, changes: 0 })
    }

    /// The dual value of each row.
    pub fn duals(&self) -> &[f64] {
        &self.inverse[self.row_of_factor() * self.rows..][..self.rows]
    }

    /// Where the factor is in the basis, which it never leaves.
    fn row_of_factor(&self) -> usize {
        self.basis.iter().position(|&variable| variable == Variable::Factor).unwrap_or(0)
    }

    /// The least factor of the sets that there are.
    pub fn factor(&self) -> f64 {
        self.values[self.row_of_factor()]
    }

    /// Takes in a set for each stretch, where it is too heavy; false if none is.
    pub fn add(&mut self, found: Vec<Heaviest>) -> bool {
        let duals = self.duals().to_vec();
        let before = self.sets.len();
        for set in found.into_iter().enumerate().map(|(stretch, set)| (stretch, set.tasks)) {
            if self.price(&duals, &set) > TINY_PRICE {
                self.sets.push(set);
            }
        }
        self.sets.len() > before
    }

    /// By how much a set is too heavy for its stretch.
    fn price(&self, duals: &[f64], (stretch, tasks): &(usize, Vec<u32>)) -> f64 {
        tasks.iter().map(|&place| duals[place as usize]).sum::<f64>() - duals[self.tasks + stretch]
    }

    /// Goes on until the factor is least, for the sets that there are.
    pub fn solve(&mut self) {
        for _ in 0..STEPS_EACH * self.rows {
            let duals = self.duals();
            let mut best = (TINY_PRICE, None);
            for (number, set) in self.sets.iter().enumerate() {
                let price = self.price(duals, set);
                if price > best.0 {
                    best = (price, Some(Variable::Set(number as u32)));
                }
            }
            for (row, &dual) in duals.iter().enumerate() {
                if -dual > best.0 {
                    best = (-dual, Some(Variable::Rest(row as u32)));
                }
            }
            self.changes += (self.sets.len() * 8) as u64;
            let Some(entering) = best.1 else { return };
            if !self.enter(entering) {
                return;
            }
        }
    }

    /// What a variable has of each row.
    fn column(&self, variable: Variable) -> Vec<(usize, f64)> {
        match variable {
            Variable::Set(number) => {
                let (stretch, tasks) = &self.sets[number as usize];
                let of_tasks = tasks.iter().map(|&place| (place as usize, 1.0));
                of_tasks.chain([(self.tasks + stretch, -1.0)]).collect()
            }
            Variable::Factor => (self.tasks..).zip(self.lengths.iter().copied()).collect(),
            Variable::Rest(row) => vec![(row as usize, -1.0)],
        }
    }

    /// Lets a variable into the basis; false if nothing can leave it.
    fn enter(&mut self, entering: Variable) -> bool {
        let column = self.column(entering);
        let effect: Vec<f64> = self
            .inverse
            .chunks_exact(self.rows)
            .map(|row| column.iter().map(|&(place, factor)| row[place] * factor).sum())
            .collect();
        let mut leaving = None;
        let mut least = f64::INFINITY;
        for (row, &effect) in effect.iter().enumerate() {
            if effect > LEAST_PIVOT && self.values[row] / effect < least {
                (leaving, least) = (Some(row), self.values[row] / effect);
            }
        }
        let Some(leaving) = leaving else { return false };
        let least = least.max(0.0);
        let rows = self.rows;
        let (above, rest) = self.inverse.split_at_mut(leaving * rows);
        let (pivots, below) = rest.split_at_mut(rows);
        pivots.iter_mut().for_each(|value| *value /= effect[leaving]);
        let others = above.chunks_exact_mut(rows).chain(below.chunks_exact_mut(rows));
        let effects = effect.iter().enumerate().filter(|&(row, _)| row != leaving).map(|(_, &effect)| effect);
        for (row, effect) in others.zip(effects) {
            if effect.abs() > TINY {
                row.iter_mut().zip(&*pivots).for_each(|(value, pivot)| *value -= effect * pivot);
                self.changes += rows as u64;
            }
        }
        for (row, value) in self.values.iter_mut().enumerate() {
            *value = if row == leaving { least } else { (*value - effect[row] * least).max(0.0) };
        }
        self.basis[leaving] = entering;
        true
    }
}
