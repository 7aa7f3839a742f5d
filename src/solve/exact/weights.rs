//! Weights of tasks with which the sets of those that run at the same time weigh little, and all tasks much.
//!
//! Whatever the weights, work counts by them like that of a resource: in no slot is more at work than the heaviest set
//! weighs, of those tasks whose windows hold the slot. The best weights are the dual values of a linear program: how far
//! does time have to stretch if the work of tasks may be cut into pieces, and done by any set that can run in a slot, for as
//! long as one likes (Mingozzi, Maniezzo, Ricciardelli, Bianco, "An exact algorithm for the resource-constrained project
//! scheduling problem based on a new mathematical formulation", Management Science 44 (1998); with windows: Brucker, Knust,
//! "A linear programming and constraint propagation-based lower bound for the RCPSP", EJOR 127 (2000))? Sets are found as
//! they are needed, by the simplex method with an inverse of the basis.

use super::energy::offered;
use super::pools::{self, Pool, User};
use super::sets::{Heaviest, Sets};
use super::tasks::Task;
use super::timetable::Steps;

/// Weights, and the sets from which they come.
#[derive(Clone, Debug)]
pub struct TaskWeights {
    sets: Sets,
    capacities: Vec<Steps>,
    /// The tasks that have weights, and the slots each works: they take time, and leave no choice of modes.
    tasks: Vec<(u32, i32)>,
    /// What each of them weighs in a slot.
    weights: Vec<i64>,
    /// Numbers changed so far.
    pub steps: u64,
}

/// Earliest start and latest finish of a task.
pub type Span = (i32, i32);

/// A stretch of time in which all tasks that can run at all can do so anywhere.
#[derive(Clone, Debug)]
struct Stretch {
    from: i32,
    to: i32,
    /// Slots in which any of them works.
    length: i64,
    /// Places of the tasks whose windows hold it.
    tasks: Vec<u32>,
    /// What there is of each resource at most.
    capacities: Vec<i64>,
}

/// The heaviest task weighs so much.
const SCALE: f64 = 10_000.0;
/// Stretches beyond which neighbours are taken together.
const MOST_STRETCHES: usize = 96;
const MOST_TASKS: usize = 400;
/// So many tasks take a few tenths of a second at most: that is not cut short, for nothing would be kept of it.
const MOST_AT_ONCE: usize = 64;
/// Time that has to stretch so far, all but, is worth to be looked at everywhere.
pub const CLOSE: f64 = 0.97;
/// About how many numbers are changed in all for the cube of the number of rows. (j60 of PSPLIB: 60 to 100, j120: 50 to 100.)
const WORK_OF_ROWS: u64 = 80;
/// Rounds in which sets are added, at most.
const MOST_ROUNDS: usize = 100;

impl TaskWeights {
    /// All tasks weigh nothing to begin with; none if there are too many.
    pub fn new(tasks: &[Task], capacities: &[Steps], sets: Sets) -> Option<TaskWeights> {
        let weighed: Vec<(u32, i32)> = (0..)
            .zip(tasks)
            .filter(|(_, task)| task.modes().len() == 1 && task.least_duration() > 0)
            .map(|(number, task)| (number, task.least_duration()))
            .collect();
        let weights = vec![0; weighed.len()];
        let is_small = (2..=MOST_TASKS).contains(&weighed.len());
        is_small.then(|| TaskWeights { sets, capacities: capacities.to_vec(), tasks: weighed, weights, steps: 0 })
    }

    /// Work done so far, in numbers changed.
    pub fn work(&self) -> u64 {
        self.steps + self.sets.steps
    }

    /// About what it will take to look for better ones.
    pub fn estimate(&self) -> u64 {
        let rows = (self.tasks.len() + MOST_STRETCHES.min(2 * self.tasks.len())) as u64;
        WORK_OF_ROWS * rows * rows * rows
    }

    /// True if no task weighs anything yet.
    pub fn are_nothing(&self) -> bool {
        self.weights.iter().all(|&weight| weight == 0)
    }

    /// What is at work counted by the weights, in spans of time, and how far time has to stretch by them.
    pub fn pool(&mut self, tasks: &[Task], span: impl Fn(u32) -> Span) -> (Pool, f64) {
        let stretches = self.stretches(tasks, span);
        let mut sets = Vec::with_capacity(stretches.len());
        let ratio = self.ratio(&stretches, &mut sets);
        let mut steps: Steps = vec![(0, 0)];
        for (stretch, set) in stretches.iter().zip(sets) {
            steps.retain(|step| step.0 < stretch.from);
            steps.push((stretch.from, set.weight as i32));
        }
        steps.extend(stretches.last().map(|stretch| (stretch.to, 0)));
        let users = self.tasks.iter().zip(&self.weights).filter(|(_, weight)| **weight > 0);
        let user = |(&(task, _), &weight): (&(u32, i32), &i64)| User {
            task,
            amounts: vec![weight as i32],
            extras: Vec::new(),
        };
        let users: Vec<User> = users.map(user).collect();
        let steps = pools::of_use(steps, users.iter().flat_map(|user| tasks[user.task as usize].modes()));
        (Pool::of_sets(users, steps), ratio)
    }

    /// The heaviest set in a stretch, with the places of its tasks.
    fn heaviest(&mut self, stretch: &Stretch) -> Heaviest {
        let TaskWeights { sets, tasks, weights, .. } = self;
        let among: Vec<(u32, i64)> = stretch
            .tasks
            .iter()
            .map(|&place| (tasks[place as usize].0, weights[place as usize]))
            .filter(|one| one.1 > 0)
            .collect();
        let heaviest = sets.heaviest(&among, &stretch.capacities, 0);
        let place = |task: u32| tasks.partition_point(|one| one.0 < task) as u32;
        Heaviest { tasks: heaviest.tasks.into_iter().map(place).collect(), ..heaviest }
    }

    fn stretches(&self, tasks: &[Task], span: impl Fn(u32) -> Span) -> Vec<Stretch> {
        let spans: Vec<Span> = self.tasks.iter().map(|&(task, _)| span(task)).collect();
        let mut ends: Vec<i32> = spans.iter().flat_map(|span| [span.0, span.1]).collect();
        ends.sort_unstable();
        ends.dedup();
        let every = ends.len().div_ceil(MOST_STRETCHES);
        let last = ends.last().copied();
        let ends: Vec<i32> = ends.into_iter().step_by(every).chain(last).collect();
        let stretch = |ends: &[i32]| {
            let (from, to) = (ends[0], ends[1]);
            let places = 0..self.tasks.len() as u32;
            let within = places.filter(|&place| spans[place as usize].0 < to && spans[place as usize].1 > from);
            let within: Vec<u32> = within.collect();
            let modes = within.iter().flat_map(|&place| tasks[self.tasks[place as usize].0 as usize].modes());
            let length = offered(&pools::of_use(vec![(0, 1)], modes), from, to);
            let most = |steps: &Steps| {
                let known = steps.iter().rposition(|step| step.0 <= from).unwrap_or(0);
                let within = steps[known..].iter().take_while(|step| step.0 < to);
                within.map(|step| i64::from(step.1)).max().unwrap_or(0).max(0)
            };
            Stretch { from, to, length, tasks: within, capacities: self.capacities.iter().map(most).collect() }
        };
        ends.windows(2).filter(|ends| ends[0] < ends[1]).map(stretch).filter(|stretch| stretch.length > 0).collect()
    }

    /// Looks for better weights, until time would have to stretch by them, or it is clear that it would come to less than
    /// [`CLOSE`] by any.
    ///
    /// # Returns
    /// False in the last case.
    pub fn improve(&mut self, tasks: &[Task], span: impl Fn(u32) -> Span, must_stop: &dyn Fn() -> bool) -> bool {
        let stretches = self.stretches(tasks, span);
        let Some(mut program) = Program::new(&self.tasks, &stretches) else { return false };
        let (mut best, mut least) = (self.weights.clone(), self.ratio(&stretches, &mut Vec::new()));
        // Halfway between the best weights known and those of the program sets are found sooner; at the end it is the
        // program's own that count.
        let (mut is_halfway, mut is_close) = (true, true);
        for _ in 0..MOST_ROUNDS {
            if least > 1.0 || self.tasks.len() > MOST_AT_ONCE && must_stop() {
                break;
            }
            program.solve();
            is_close = program.factor() >= CLOSE;
            if !is_close {
                break;
            }
            self.weights = self.mixed(program.duals(), &best, is_halfway);
            let mut found = Vec::new();
            let ratio = self.ratio(&stretches, &mut found);
            if ratio > least {
                (best, least) = (self.weights.clone(), ratio);
            }
            match program.add(found) {
                true => is_halfway = true,
                false if is_halfway => is_halfway = false,
                false => break,
            }
        }
        self.steps += program.changes;
        self.weights = best;
        is_close
    }

    /// Weights in proportion to dual values, or halfway between these and others.
    fn mixed(&self, duals: &[f64], others: &[i64], is_halfway: bool) -> Vec<i64> {
        let all = |weight: &dyn Fn(usize) -> f64| -> f64 {
            self.tasks.iter().enumerate().map(|(place, task)| weight(place) * f64::from(task.1)).sum()
        };
        let (new, old) = (|place: usize| duals[place].max(0.0), |place: usize| others[place] as f64);
        let (all_new, all_old) = (all(&new).max(f64::MIN_POSITIVE), all(&old));
        let part = if is_halfway && all_old > 0.0 { 0.5 / all_old } else { 0.0 };
        let rest = if part > 0.0 { 0.5 } else { 1.0 } / all_new;
        let mixed: Vec<f64> = (0..self.tasks.len()).map(|place| new(place) * rest + old(place) * part).collect();
        let heaviest = mixed.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        mixed.into_iter().map(|weight| (weight / heaviest * SCALE) as i64).collect()
    }

    /// How far time has to stretch by the weights as they are, and the heaviest set of each stretch.
    fn ratio(&mut self, stretches: &[Stretch], found: &mut Vec<Heaviest>) -> f64 {
        let all: i64 = self.tasks.iter().zip(&self.weights).map(|(task, weight)| i64::from(task.1) * weight).sum();
        let mut room = 0;
        for stretch in stretches {
            let set = self.heaviest(stretch);
            room += set.weight * stretch.length;
            found.push(set);
        }
        if room == 0 { 0.0 } else { all as f64 / room as f64 }
    }
}

/// The linear program: the least factor by which stretches have to be longer for sets to do all the work in them.
struct Program {
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
    changes: u64,
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
    fn new(tasks: &[(u32, i32)], stretches: &[Stretch]) -> Option<Program> {
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
        let mut inverse = vec![0.0; rows * rows];
        for row in 0..tasks.len() {
            inverse[row * rows + row] = 1.0;
        }
        let first = tasks.len();
        let factor = 1.0 / lengths[fullest];
        for stretch in 0..stretches.len() {
            // The rest of a stretch is its length times the factor, less what is taken.
            let row = &mut inverse[(first + stretch) * rows..][..rows];
            let scale = if stretch == fullest { factor } else { lengths[stretch] * factor };
            row[first + fullest] = scale;
            for (place, set) in sets.iter().enumerate() {
                row[place] = if set.0 == fullest { scale } else { 0.0 };
            }
            if stretch != fullest {
                row[first + stretch] -= 1.0;
                for (place, set) in sets.iter().enumerate() {
                    row[place] -= if set.0 == stretch { 1.0 } else { 0.0 };
                }
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
    fn duals(&self) -> &[f64] {
        &self.inverse[self.row_of_factor() * self.rows..][..self.rows]
    }

    /// Where the factor is in the basis, which it never leaves.
    fn row_of_factor(&self) -> usize {
        self.basis.iter().position(|&variable| variable == Variable::Factor).unwrap_or(0)
    }

    /// The factor that there is so far.
    fn factor(&self) -> f64 {
        self.values[self.row_of_factor()]
    }

    /// Takes in a set for each stretch, where it is too heavy; false if none is.
    fn add(&mut self, found: Vec<Heaviest>) -> bool {
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
    fn solve(&mut self) {
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

#[cfg(test)]
mod tests {
    use fixedbitset::FixedBitSet;

    use super::super::energy::Energy;
    use super::super::kernel::{End, Kernel};
    use super::super::precedence::Distance;
    use super::super::problem::Problem;
    use super::super::rivals::Rivals;
    use super::super::tasks::{Mode, Need};
    use super::super::tests::some_problem;
    use super::super::trail::Trail;
    use super::*;
    use crate::solve::sgs::Deep;

    fn weights(problem: &Problem) -> Option<TaskWeights> {
        let follow = problem.follows();
        let rivals = Rivals::new(&problem.tasks, &problem.capacities, |one, other| {
            follow[one as usize].contains(other as usize)
        });
        let apart: Vec<FixedBitSet> = rivals.apart(&follow);
        let sets = Sets::new(&problem.tasks, problem.capacities.len(), &apart);
        TaskWeights::new(&problem.tasks, &problem.capacities, sets)
    }

    fn span(problem: &Problem, end: i32) -> impl Fn(u32) -> Span {
        move |task| (problem.windows[task as usize].0, end)
    }

    #[test]
    fn a_pool_by_weights_has_room_for_every_schedule() {
        let (mut checked, mut refuted) = (0, 0);
        for seed in 0..1_600 {
            let problem = some_problem(seed, 3..7, 8..14);
            let tasks = problem.tasks.len();
            let Some(mut weights) = weights(&problem) else { continue };
            let guide: Vec<i32> = problem.windows.iter().map(|window| window.0).collect();
            let mut kernel: Kernel<Deep> = Kernel::new(&problem, &guide);
            while let End::Found(values) = kernel.search(1_000, &|| false) {
                let end = values[tasks];
                weights.improve(&problem.tasks, span(&problem, end), &|| false);
                let (pool, ratio) = weights.pool(&problem.tasks, span(&problem, end));
                assert!(ratio <= 1.0, "seed {seed}: time would have to stretch by {ratio} for {values:?}");
                let fixed: Vec<(i32, i32)> = values.iter().map(|&value| (value, value)).collect();
                let window = match pool.users.is_empty() {
                    true => None,
                    false => Energy::default().overfull(&pool, &problem.tasks, &Trail::new(&fixed)),
                };
                assert_eq!(window, None, "seed {seed}: {values:?} in {problem:?}");
                checked += 1;
                kernel.require(end - 1);
                weights.improve(&problem.tasks, span(&problem, end - 1), &|| false);
                refuted += usize::from(weights.pool(&problem.tasks, span(&problem, end - 1)).1 > 1.0);
            }
        }
        assert!(checked > 200 && refuted > 20, "{checked} schedules, {refuted} makespans refuted");
    }

    #[test]
    fn pairs_that_do_not_fit_together_count_where_no_resource_does() {
        // Five tasks in a ring: neighbours share a resource that has room for one of them, so that two run at a time.
        let task = |number: u32| {
            let need = |resource: u32| Need { resource, amount: 1 };
            Task::Single(Mode { duration: 2, needs: vec![need(number), need((number + 1) % 5)], ..Mode::default() })
        };
        let problem = Problem {
            tasks: (0..5).map(task).collect(),
            capacities: vec![vec![(0, 1)]; 5],
            totals: Vec::new(),
            windows: vec![(0, 10); 6],
            distances: (0..5).map(|from| Distance { from, to: 5, least: 2 }).collect(),
            lags: Vec::new(),
            nodes: (0..5).collect(),
        };
        let mut weights = weights(&problem).unwrap();
        // Each resource is needed in four slots only, but ten slots of work take five, two at a time.
        for (end, is_refuted) in [(4, true), (5, false)] {
            weights.improve(&problem.tasks, span(&problem, end), &|| false);
            assert_eq!(weights.pool(&problem.tasks, span(&problem, end)).1 > 1.0, is_refuted, "by slot {end}");
        }
    }
}
