//! Linear programs that are solved again and again while variables are fixed: the dual simplex method on a dense table
//! (Lemke, "The dual method of solving the linear programming problem", Naval Research Logistics Quarterly 1 (1954)).
//!
//! Minimised is a sum of variables, none of which is below zero, with costs that are not either; so to begin with nothing
//! but constraints has to be made good, and that stays so however many variables are fixed at zero. Wherever it stops,
//! what it has is a bound.

/// A linear program, and the basis at which it stands.
#[derive(Clone, Debug)]
pub struct Simplex {
    /// Variables outside the basis.
    columns: usize,
    /// Constraints, and the costs behind them: for each what it has of the variables outside the basis, and how much there
    /// is of the variable in it (of the costs: less than nothing by what they come to).
    table: Vec<f64>,
    /// The variable in the basis of each constraint. What a constraint leaves over is a variable too, after all others.
    basis: Vec<u32>,
    /// The variable of each column.
    outside: Vec<u32>,
    is_fixed: Vec<bool>,
    /// The constraint that cannot be made good, if one cannot.
    broken: Option<(usize, f64)>,
    /// Numbers changed so far.
    pub changes: u64,
}

/// A constraint: what it has of which variables, and the most that may come to.
pub type Constraint = (Vec<(u32, f64)>, f64);

/// What is as good as zero: in values, in costs and in the table.
const TINY: f64 = 1e-7;
const TINY_COST: f64 = 1e-9;
const LEAST_PIVOT: f64 = 1e-6;
/// Steps for each constraint, after which it is content with the bound that it has.
const STEPS_EACH: usize = 6;

impl Simplex {
    /// # Arguments
    /// `costs` are those of each variable.
    pub fn new(costs: &[f64], constraints: &[Constraint]) -> Simplex {
        let (columns, rows) = (costs.len(), constraints.len());
        let width = columns + 1;
        let mut table = vec![0.0; (rows + 1) * width];
        for ((variables, most), row) in constraints.iter().zip(table.chunks_exact_mut(width)) {
            variables.iter().for_each(|&(variable, factor)| row[variable as usize] += factor);
            row[columns] = *most;
        }
        table[rows * width..][..columns].copy_from_slice(costs);
        Simplex {
            columns,
            table,
            basis: (columns as u32..).take(rows).collect(),
            outside: (0..columns as u32).collect(),
            is_fixed: vec![false; columns + rows],
            broken: None,
            changes: 0,
        }
    }

    /// The variable of what a constraint leaves over.
    pub fn slack(&self, constraint: usize) -> u32 {
        (self.columns + constraint) as u32
    }

    /// Fixes a variable at zero.
    pub fn fix(&mut self, variable: u32) {
        self.is_fixed[variable as usize] = true;
    }

    /// The least costs known.
    pub fn costs(&self) -> f64 {
        -self.table[self.table.len() - 1]
    }

    /// Goes on until costs are least, or above `enough`, or nothing is possible, or it takes too long.
    pub fn solve(&mut self, enough: f64) {
        self.broken = None;
        for _ in 0..STEPS_EACH * self.basis.len() {
            if self.costs() > enough {
                return;
            }
            let Some((row, sign)) = self.leaving() else { return };
            match self.entering(row, sign) {
                Some(column) => self.pivot(row, column),
                None => {
                    self.broken = Some((row, sign));
                    return;
                }
            }
        }
    }

    /// True if nothing is possible at all.
    pub fn is_empty(&self) -> bool {
        self.broken.is_some()
    }

    /// The value of each variable.
    pub fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.is_fixed.len()];
        for (&variable, row) in self.basis.iter().zip(self.table.chunks_exact(self.columns + 1)) {
            values[variable as usize] = row[self.columns].max(0.0);
        }
        values
    }

    /// What a bit more of each constraint would save; if nothing is possible, how much each has to do with that.
    pub fn duals(&self) -> Vec<f64> {
        let mut duals = vec![0.0; self.basis.len()];
        let (row, sign) = self.broken.map_or((self.basis.len(), 1.0), |(row, sign)| (row, -sign));
        if let Some(constraint) =
            self.basis.get(row).and_then(|&variable| (variable as usize).checked_sub(self.columns))
        {
            duals[constraint] = sign.max(0.0);
        }
        let row = &self.table[row * (self.columns + 1)..][..self.columns];
        for (&variable, value) in self.outside.iter().zip(row) {
            if let Some(constraint) = (variable as usize).checked_sub(self.columns) {
                duals[constraint] = (sign * value).max(0.0);
            }
        }
        duals
    }

    /// The variable in the basis that is worst off, and which way: 1 if it has to fall, -1 if it has to rise.
    fn leaving(&self) -> Option<(usize, f64)> {
        let mut worst = None;
        let mut most = TINY;
        for (row, &variable) in self.basis.iter().enumerate() {
            let value = self.table[row * (self.columns + 1) + self.columns];
            if -value > most {
                (worst, most) = (Some((row, -1.0)), -value);
            } else if value > most && self.is_fixed[variable as usize] {
                (worst, most) = (Some((row, 1.0)), value);
            }
        }
        worst
    }

    /// The variable that makes good for the least costs: of those that cost about the least, the one with most effect.
    fn entering(&self, row: usize, sign: f64) -> Option<usize> {
        let width = self.columns + 1;
        let factors = &self.table[row * width..][..self.columns];
        let costs = &self.table[self.basis.len() * width..][..self.columns];
        let can_enter =
            |column: &usize| sign * factors[*column] > LEAST_PIVOT && !self.is_fixed[self.outside[*column] as usize];
        let mut most = f64::INFINITY;
        for column in (0..self.columns).filter(can_enter) {
            most = most.min((costs[column].max(0.0) + TINY_COST) / factors[column].abs());
        }
        let mut best = None;
        let mut effect = 0.0;
        for column in (0..self.columns).filter(can_enter) {
            let factor = factors[column].abs();
            if costs[column].max(0.0) <= most * factor && factor > effect {
                (best, effect) = (Some(column), factor);
            }
        }
        best
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.columns + 1;
        let (above, rest) = self.table.split_at_mut(row * width);
        let (pivots, below) = rest.split_at_mut(width);
        let pivot = pivots[column];
        pivots.iter_mut().for_each(|factor| *factor /= pivot);
        pivots[column] = 1.0 / pivot;
        for other in above.chunks_exact_mut(width).chain(below.chunks_exact_mut(width)) {
            let factor = std::mem::take(&mut other[column]);
            if factor != 0.0 {
                other.iter_mut().zip(&*pivots).for_each(|(value, pivot)| *value -= factor * pivot);
                self.changes += width as u64;
            }
        }
        std::mem::swap(&mut self.basis[row], &mut self.outside[column]);
    }
}
