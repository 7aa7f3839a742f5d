//! What modes alone allow: the time/cost trade-off.
//!
//! Durations, totals and energy leave a bound on the makespan even if resources count by their energy alone: the discrete
//! time/cost trade-off problem with several costs (De, Dunne, Ghosh, Wells, "The discrete time-cost tradeoff problem
//! revisited", EJOR 81 (1995)). It is searched by branch and bound: a linear program that may mix modes gives weights, and
//! with these a blend ([`super::blends`]) in whole numbers rules modes out, or everything. Whatever the weights are worth,
//! nothing is ruled out that is possible.

use fixedbitset::FixedBitSet;

use super::blends::{self, Weights};
use super::literal::{Literal, Side};
use super::pools::{self, Pool};
use super::problem::Problem;
use super::simplex::{Constraint, Simplex};
use super::tasks::Mode;

/// The search for a choice of modes that allows a makespan.
#[derive(Clone, Debug)]
pub struct Tradeoff {
    /// The first mode of each task among all modes, and the number of all.
    first: Vec<usize>,
    /// The variable of each mode in the linear program.
    variables: Vec<u32>,
    /// The task of each variable of the problem.
    owners: Vec<u32>,
    rows: Vec<Row>,
    /// The linear program with all modes.
    root: Simplex,
    /// No choice allows a makespan below this.
    bound: i32,
    /// What is left to be searched for the makespan `bound`.
    open: Vec<Node>,
    is_done: bool,
    /// Choices looked at.
    nodes: u64,
    changes: u64,
}

/// What a constraint of the linear program is about.
#[derive(Clone, Copy, Debug)]
enum Row {
    /// One mode of a task is taken.
    Choice(usize),
    Distance(usize),
    Total(usize),
    Resource(usize),
}

/// Modes to choose from.
#[derive(Clone, Debug)]
struct Node {
    simplex: Simplex,
    possible: FixedBitSet,
}

/// Numbers in a table, at most; tables that may wait.
const MOST_NUMBERS: usize = 1_000_000;
const MOST_OPEN: usize = 100;
/// Numbers in tables that are changed in about the time that a conflict takes.
const CHANGES_OF_CONFLICT: u64 = 500_000;
/// A part of a mode that is as good as none.
const TINY: f64 = 1e-6;
/// A makespan has to be exceeded by this much before it is asked in whole numbers whether it is.
const MARGIN: f64 = 0.01;
/// Costs of what costs nothing, and the flow through a task that has none.
const LEAST_COST: f64 = 3e-7;
const LEAST_FLOW: f64 = 0.01;
/// In place of the variable of a mode without alternatives.
const NONE: u32 = u32::MAX;

/// The linear program.
struct Program<'a> {
    problem: &'a Problem,
    first: &'a [usize],
    variables: &'a [u32],
    owners: &'a [u32],
}

impl Program<'_> {
    fn rows(&self) -> Vec<(Row, Constraint)> {
        let Problem { tasks, capacities, totals, distances, windows, .. } = self.problem;
        let others = |number: usize| &self.variables[self.first[number]..self.first[number + 1]][1..];
        let choice = |number: usize| -> (Row, Constraint) {
            (Row::Choice(number), (others(number).iter().map(|&variable| (variable, 1.0)).collect(), 1.0))
        };
        let mut rows: Vec<(Row, Constraint)> =
            (0..tasks.len()).filter(|&number| tasks[number].modes().len() > 1).map(choice).collect();
        rows.extend((0..distances.len()).map(|distance| (Row::Distance(distance), self.distance(distance))));
        for (total, &capacity) in totals.iter().enumerate() {
            let mut row = (Vec::new(), capacity as f64);
            for number in 0..tasks.len() {
                self.add(&mut row, 1.0, number, &|mode| mode.consumption(total as u32) as f64);
            }
            rows.push((Row::Total(total), row));
        }
        let makespan = tasks.len();
        for (resource, steps) in capacities.iter().enumerate() {
            let peak = f64::from(steps.iter().map(|step| step.1).max().unwrap_or(0));
            let mut row = (vec![(makespan as u32, -peak)], peak * f64::from(windows[makespan].0));
            for number in 0..tasks.len() {
                self.add(&mut row, 1.0, number, &|mode| {
                    f64::from(mode.amount(resource as u32)) * f64::from(mode.duration)
                });
            }
            rows.push((Row::Resource(resource), row));
        }
        rows
    }

    fn distance(&self, number: usize) -> Constraint {
        let Problem { tasks, distances, windows, .. } = self.problem;
        let distance = &distances[number];
        let mut row = (Vec::new(), -f64::from(distance.least));
        for (variable, factor) in [(distance.from, 1.0), (distance.to, -1.0)] {
            let start = if variable == tasks.len() as u32 { variable } else { self.owners[variable as usize] };
            row.0.push((start, factor));
            row.1 -= factor * f64::from(windows[start as usize].0);
            if start != variable {
                self.add(&mut row, factor, start as usize, &|mode| f64::from(mode.duration));
            }
        }
        row
    }

    /// Adds what the mode of a task comes to: that of the first, and what others change.
    fn add(&self, row: &mut Constraint, factor: f64, number: usize, of: &dyn Fn(&Mode) -> f64) {
        let modes = self.problem.tasks[number].modes();
        row.1 -= factor * of(&modes[0]);
        for (mode, &variable) in modes.iter().zip(&self.variables[self.first[number]..]).skip(1) {
            let more = factor * (of(mode) - of(&modes[0]));
            if more != 0.0 {
                row.0.push((variable, more));
            }
        }
    }
}

impl Tradeoff {
    /// # Arguments
    /// `bound` is a makespan that no schedule beats.
    ///
    /// # Returns
    /// `None` if modes leave no choice, or too many, or there is no total.
    pub fn new(problem: &Problem, bound: i32) -> Option<Tradeoff> {
        let tasks = &problem.tasks;
        let mut first = vec![0];
        tasks.iter().for_each(|task| first.push(first[first.len() - 1] + task.modes().len()));
        if first[tasks.len()] == tasks.len() || problem.totals.is_empty() {
            return None;
        }
        // Starts, counted from the earliest, and the makespan come first; then all modes of a task but the first, which is
        // what the others leave over.
        let mut columns = tasks.len() as u32 + 1;
        let mut variables = vec![NONE; first[tasks.len()]];
        for range in first.windows(2) {
            for variable in variables[range[0]..range[1]].iter_mut().skip(1) {
                *variable = columns;
                columns += 1;
            }
        }
        let owners = problem.owners();
        let (rows, constraints): (Vec<Row>, Vec<Constraint>) =
            Program { problem, first: &first, variables: &variables, owners: &owners }.rows().into_iter().unzip();
        if (columns as usize + 1) * (constraints.len() + 1) > MOST_NUMBERS {
            return None;
        }
        // Where many ways to go on cost the same, nothing, it does not get on.
        let cost = |column: u32| LEAST_COST * (1.0 + f64::from(column * 7919 % 1009) / 1009.0);
        let mut costs: Vec<f64> = (0..columns).map(cost).collect();
        costs[tasks.len()] = 1.0;
        let root = Simplex::new(&costs, &constraints);
        for (row, kind) in rows.iter().enumerate() {
            if let Row::Choice(task) = *kind {
                variables[first[task]] = root.slack(row);
            }
        }
        Some(Tradeoff {
            first,
            variables,
            owners,
            rows,
            root,
            bound,
            open: Vec::new(),
            is_done: false,
            nodes: 0,
            changes: 0,
        })
    }

    /// No choice of modes allows a makespan below this.
    pub fn bound(&self) -> i32 {
        self.bound
    }

    /// True if it is known what modes alone allow, or that would take too long.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Work done, in conflicts that would have taken the time.
    pub fn work(&self) -> u64 {
        self.changes / CHANGES_OF_CONFLICT + self.nodes
    }

    /// Goes on for the work of so many conflicts, or until no makespan up to `most` is left.
    pub fn search(&mut self, problem: &Problem, most: i32, conflicts: u64, must_stop: &dyn Fn() -> bool) {
        let last = self.work() + conflicts;
        while !self.is_done && self.bound <= most && self.work() < last && !must_stop() {
            let Some(node) = self.open.pop() else {
                let root = Node { simplex: self.root.clone(), possible: (0..self.variables.len()).collect() };
                self.open.push(root);
                continue;
            };
            self.visit(problem, node);
            if self.open.is_empty() && !self.is_done {
                self.bound += 1;
            }
        }
    }

    /// Rules out what a node has, or takes it apart.
    fn visit(&mut self, problem: &Problem, mut node: Node) {
        self.nodes += 1;
        while let Some(out) = self.relax(problem, &mut node) {
            let values = node.simplex.values();
            let mut has_changed = false;
            for mode in out {
                self.rule_out(&mut node, mode);
                has_changed |= values[self.variables[mode] as usize] > TINY;
            }
            let has_none = |range: &[usize]| range[0] < range[1] && node.possible.count_ones(range[0]..range[1]) == 0;
            if self.first.windows(2).any(has_none) {
                return;
            }
            if !has_changed {
                // Numbers may not be exact enough to tell that nothing is possible.
                self.is_done =
                    node.simplex.is_empty() || self.open.len() + 2 > MOST_OPEN || !self.branch(problem, node, &values);
                return;
            }
        }
    }

    /// Solves the linear program of a node.
    ///
    /// # Returns
    /// The modes that a blend rules out; none if that is everything.
    fn relax(&mut self, problem: &Problem, node: &mut Node) -> Option<Vec<usize>> {
        let (earliest, latest) = problem.windows[problem.tasks.len()];
        // What is ruled out for this makespan need not be for the next.
        let is_root = self.nodes == 1 && node.possible.is_full();
        let before = node.simplex.changes;
        node.simplex.solve(if is_root { f64::INFINITY } else { f64::from(self.bound - earliest) + MARGIN });
        self.changes += node.simplex.changes - before;
        let Some(pool) = blends::pool(problem, &self.weights(problem, &node.simplex)) else { return Some(Vec::new()) };
        let mut out = self.ruled_out(problem, &pool, &node.possible);
        if is_root {
            self.root = node.simplex.clone();
            while out.is_none() && self.bound < latest {
                self.bound += 1;
                out = self.ruled_out(problem, &pool, &node.possible);
            }
        }
        out
    }

    fn rule_out(&self, node: &mut Node, mode: usize) {
        node.possible.set(mode, false);
        node.simplex.fix(self.variables[mode]);
    }

    /// Takes a node apart by the modes of a task: those that are shorter than the mix of them, and the others. The task is the
    /// one whose mix says most about the makespan.
    ///
    /// # Returns
    /// False if no task has a mix of modes.
    fn branch(&mut self, problem: &Problem, node: Node, values: &[f64]) -> bool {
        let flows = self.weights(problem, &node.simplex).durations;
        let part = |mode: usize| values[self.variables[mode] as usize];
        let modes =
            |number: usize| (self.first[number]..self.first[number + 1]).filter(|&mode| node.possible.contains(mode));
        let duration =
            |number: usize, mode: usize| f64::from(problem.tasks[number].modes()[mode - self.first[number]].duration);
        let mean = |number: usize| modes(number).map(|mode| part(mode) * duration(number, mode)).sum::<f64>();
        let is_mixed = |&number: &usize| {
            problem.tasks[number].modes().len() > 1 && modes(number).filter(|&mode| part(mode) > TINY).count() > 1
        };
        let worth = |number: usize| {
            let mean = mean(number);
            let spread: f64 = modes(number).map(|mode| part(mode) * (duration(number, mode) - mean).abs()).sum();
            spread * (flows[number] + LEAST_FLOW)
        };
        let mixed = (0..problem.tasks.len()).filter(is_mixed).map(|number| (worth(number), number));
        let Some((_, number)) = mixed.max_by(|one, other| one.0.total_cmp(&other.0)) else { return false };
        let mean = mean(number);
        let (mut short, mut long): (Vec<usize>, Vec<usize>) =
            modes(number).partition(|&mode| duration(number, mode) <= mean);
        if short.is_empty() || long.is_empty() {
            long = modes(number).collect();
            let most = long.iter().copied().max_by(|&one, &other| part(one).total_cmp(&part(other)));
            short = most.into_iter().collect();
            long.retain(|mode| !short.contains(mode));
        }
        let mut other = node.clone();
        short.iter().for_each(|&mode| self.rule_out(&mut other, mode));
        let mut node = node;
        long.iter().for_each(|&mode| self.rule_out(&mut node, mode));
        self.open.extend([other, node]);
        true
    }

    fn weights(&self, problem: &Problem, simplex: &Simplex) -> Weights {
        let mut weights = Weights {
            resources: vec![0.0; problem.capacities.len()],
            totals: vec![0.0; problem.totals.len()],
            distances: vec![0.0; problem.distances.len()],
            durations: vec![0.0; problem.tasks.len()],
        };
        let duals = simplex.duals();
        // Why nothing is possible may be said with numbers of any size.
        let most = duals.iter().copied().fold(0.0, f64::max);
        let factor = if simplex.is_empty() && most > 0.0 { 1.0 / most } else { 1.0 };
        for (row, dual) in self.rows.iter().zip(duals.into_iter().map(|dual| dual * factor)) {
            match *row {
                Row::Choice(_) => {}
                Row::Distance(distance) => weights.distances[distance] = dual,
                Row::Total(total) => weights.totals[total] = dual,
                Row::Resource(resource) => weights.resources[resource] = dual,
            }
        }
        for (distance, weight) in problem.distances.iter().zip(&weights.distances) {
            for (variable, factor) in [(distance.from, 1.0), (distance.to, -1.0)] {
                let owner = self.owners[variable as usize] as usize;
                if owner < problem.tasks.len() && owner != variable as usize {
                    weights.durations[owner] += factor * weight;
                }
            }
        }
        weights.durations.iter_mut().for_each(|weight| *weight = weight.max(0.0));
        weights
    }

    /// The modes with which a blend has not enough room up to the makespan; none if it never has.
    fn ruled_out(&self, problem: &Problem, pool: &Pool, possible: &FixedBitSet) -> Option<Vec<usize>> {
        let makespan = Literal::at_most(problem.tasks.len() as u32, self.bound);
        let bound = |side: Side| {
            let window = problem.windows[side.variable() as usize];
            match side {
                side if side == makespan.side => makespan.value,
                side if side.is_lower() => window.0,
                _ => -window.1,
            }
        };
        let mut spare = pool.allowance + pool.peak() * i64::from(self.bound) - pools::taken_by(&pool.bounds, bound);
        let work =
            |number: usize, mode: usize| pool.users[number].work(mode, problem.tasks[number].modes()[mode].duration);
        let modes =
            |number: usize| (self.first[number]..self.first[number + 1]).filter(|&mode| possible.contains(mode));
        let least =
            |number: usize| modes(number).map(|mode| work(number, mode - self.first[number])).min().unwrap_or(0);
        let all: Vec<i64> = (0..problem.tasks.len()).map(least).collect();
        spare -= all.iter().sum::<i64>();
        if spare < 0 {
            return None;
        }
        let out = |number: usize| {
            let all = &all;
            let work = &work;
            modes(number).filter(move |&mode| work(number, mode - self.first[number]) - all[number] > spare)
        };
        Some((0..problem.tasks.len()).flat_map(out).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::kernel::End;
    use super::super::tests::{kernel, some_problem};
    use super::*;

    /// The least makespan that modes allow: the longest path and the energy of each resource, where totals are kept.
    fn makespan(problem: &Problem, modes: &[usize], most: i32) -> Option<i32> {
        let Problem { tasks, capacities, totals, distances, windows, .. } = problem;
        let of = |number: usize| &tasks[number].modes()[modes[number]];
        let consumed = |total: usize| (0..tasks.len()).map(|number| of(number).consumption(total as u32)).sum::<i64>();
        if totals.iter().enumerate().any(|(total, &capacity)| consumed(total) > capacity) {
            return None;
        }
        let owners = problem.owners();
        let mut starts: Vec<i32> = windows[..=tasks.len()].iter().map(|window| window.0).collect();
        let at = |variable: u32| match owners[variable as usize] as usize {
            number if number < tasks.len() && number != variable as usize => (number, of(number).duration),
            _ => (variable as usize, 0),
        };
        loop {
            let before = starts.clone();
            for distance in distances {
                let ((from, more), (to, less)) = (at(distance.from), at(distance.to));
                starts[to] = starts[to].max(starts[from] + more + distance.least - less);
            }
            let finishes = (0..tasks.len()).map(|number| starts[number] + of(number).duration);
            if finishes.chain(starts.iter().copied()).any(|slot| slot > most) {
                return None;
            }
            if starts == before {
                break;
            }
        }
        let energy = |(resource, steps): (u32, &Vec<(i32, i32)>)| {
            let peak = steps.iter().map(|step| step.1).max().unwrap_or(0);
            let work = |number: usize| of(number).amount(resource) * of(number).duration;
            let work: i32 = (0..tasks.len()).map(work).sum();
            if work == 0 {
                0
            } else if peak == 0 {
                i32::MAX
            } else {
                (work + peak - 1) / peak
            }
        };
        let energy = (0..).zip(capacities).map(energy).max().unwrap_or(0);
        let makespan = starts[tasks.len()].max(energy);
        (makespan <= most).then_some(makespan)
    }

    #[test]
    fn no_schedule_beats_the_bound() {
        let mut checked = 0;
        for seed in 0..1_500 {
            let problem = some_problem(seed, 3..7, 8..14);
            let (first, most) = problem.windows[problem.tasks.len()];
            let Some(mut tradeoff) = Tradeoff::new(&problem, first) else { continue };
            tradeoff.search(&problem, most, u64::MAX / 2, &|| false);
            let mut kernel = kernel(&problem);
            while let End::Found(values) = kernel.search(10_000, &|| false) {
                let makespan = values[problem.tasks.len()];
                assert!(tradeoff.bound() <= makespan, "seed {seed}: {} but {makespan}", tradeoff.bound());
                kernel.require(makespan - 1);
                checked += 1;
            }
        }
        assert!(checked > 500, "{checked} schedules");
    }

    #[test]
    fn the_bound_is_what_the_best_choice_of_modes_allows() {
        let mut kinds = [0; 3];
        // Of these nothing pauses.
        for seed in (0..6_000).step_by(2) {
            let problem = some_problem(seed, 3..7, 8..14);
            let (first, most) = problem.windows[problem.tasks.len()];
            // All resources together have less at their best than each has at its own.
            if problem.capacities.iter().any(|steps| steps.len() > 1) {
                continue;
            }
            let Some(mut tradeoff) = Tradeoff::new(&problem, first) else { continue };
            tradeoff.search(&problem, most, u64::MAX / 2, &|| false);
            let counts: Vec<usize> = problem.tasks.iter().map(|task| task.modes().len()).collect();
            let all = (0..counts.iter().product::<usize>()).map(|mut number| {
                let mode = |&count: &usize| (number % count, number /= count).0;
                counts.iter().map(mode).collect::<Vec<usize>>()
            });
            let best = all.filter_map(|modes| makespan(&problem, &modes, most)).min().unwrap_or(most + 1);
            assert!(tradeoff.bound() <= best, "seed {seed}: {} but {best}", tradeoff.bound());
            kinds[(best - tradeoff.bound()).min(2) as usize] += 1;
        }
        assert!(kinds[0] > 500 && kinds[1..] == [0, 0], "{kinds:?}");
    }
}
