//! Weights of tasks with which the sets of those that run at the same time weigh little, and all tasks much.
//!
//! Whatever the weights, work counts by them like that of a resource: in no slot is more at work than the heaviest set
//! weighs, of those tasks whose windows hold the slot. The best weights are the dual values of a linear program: how far
//! does time have to stretch if the work of tasks may be cut into pieces, and done by any set that can run in a slot, for as
//! long as one likes (Mingozzi, Maniezzo, Ricciardelli, Bianco, "An exact algorithm for the resource-constrained project
//! scheduling problem based on a new mathematical formulation", Management Science 44 (1998); with windows: Brucker, Knust,
//! "A linear programming and constraint propagation-based lower bound for the RCPSP", EJOR 127 (2000))? Sets are found as
//! they are needed ([`Program`]).

use super::energy::offered;
use super::pools::{self, Pool, User};
use super::program::Program;
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

/// A stretch of time in which all tasks that can run at all can do so anywhere.
#[derive(Clone, Debug)]
pub struct Stretch {
    from: i32,
    to: i32,
    /// Slots in which any of them works.
    pub length: i64,
    /// Places of the tasks whose windows hold it.
    pub tasks: Vec<u32>,
    /// What there is of each resource at most.
    capacities: Vec<i64>,
}

/// A search for better weights, as far as it has come.
#[derive(Clone, Debug)]
pub struct Quest {
    stretches: Vec<Stretch>,
    program: Program,
    /// The best weights so far, and how far time has to stretch by them.
    best: Vec<i64>,
    least: f64,
    is_halfway: bool,
    rounds: usize,
}

/// Where a search for better weights stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There may be better ones.
    Stopped,
    /// These will do.
    Done,
    /// None come close to refuting anything.
    OutOfReach,
}

/// The heaviest task weighs so much.
const SCALE: f64 = 10_000.0;
/// Stretches beyond which neighbours are taken together.
const MOST_STRETCHES: usize = 96;
const MOST_TASKS: usize = 400;
/// Rounds in which sets are added, at most.
const MOST_ROUNDS: usize = 100;
/// Time that has to stretch so far, all but, is worth to be looked at everywhere.
pub const CLOSE: f64 = 0.97;
/// About how many numbers are changed in all for the cube of the number of rows. (j60 of PSPLIB: 60 to 100, j120: 50 to 100.)
const WORK_OF_ROWS: u64 = 80;

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

    /// What is at work counted by the weights, and how far time has to stretch by them.
    ///
    /// # Arguments
    /// `span` is the earliest start and the latest finish of each task.
    pub fn pool(&mut self, tasks: &[Task], span: impl Fn(u32) -> (i32, i32)) -> (Pool, f64) {
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
        let heaviest = sets.heaviest(&among, &stretch.capacities);
        let place = |task: u32| tasks.partition_point(|one| one.0 < task) as u32;
        Heaviest { tasks: heaviest.tasks.into_iter().map(place).collect(), ..heaviest }
    }

    fn stretches(&self, tasks: &[Task], span: impl Fn(u32) -> (i32, i32)) -> Vec<Stretch> {
        let spans: Vec<(i32, i32)> = self.tasks.iter().map(|&(task, _)| span(task)).collect();
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

    /// Begins to look for better weights; none if a task has no time.
    ///
    /// # Arguments
    /// `span` is the earliest start and the latest finish of each task.
    pub fn begin(&mut self, tasks: &[Task], span: impl Fn(u32) -> (i32, i32)) -> Option<Quest> {
        let stretches = self.stretches(tasks, span);
        let program = Program::new(&self.tasks, &stretches)?;
        let least = self.ratio(&stretches, &mut Vec::new());
        Some(Quest { stretches, program, best: self.weights.clone(), least, is_halfway: true, rounds: 0 })
    }

    /// Goes on with it, until time would have to stretch by the best weights found, or nothing better is left, or it is clear
    /// that it would come to less than [`CLOSE`] by any, or it must stop.
    pub fn go_on(&mut self, quest: &mut Quest, must_stop: &dyn Fn() -> bool) -> Progress {
        let before = quest.program.changes;
        let mut progress = Progress::Stopped;
        while progress == Progress::Stopped {
            progress = self.try_next(quest);
            if must_stop() {
                break;
            }
        }
        self.steps += quest.program.changes - before;
        self.weights.clone_from(&quest.best);
        progress
    }

    fn try_next(&mut self, quest: &mut Quest) -> Progress {
        let Quest { stretches, program, best, least, is_halfway, rounds } = quest;
        if *least > 1.0 || *rounds == MOST_ROUNDS {
            return Progress::Done;
        }
        *rounds += 1;
        program.solve();
        if program.factor() < CLOSE {
            return Progress::OutOfReach;
        }
        self.weights = self.mixed(program.duals(), best, *is_halfway);
        let mut found = Vec::new();
        let ratio = self.ratio(stretches, &mut found);
        if ratio > *least {
            (*best, *least) = (self.weights.clone(), ratio);
        }
        // Halfway between the best weights known and those of the program sets are found sooner; at the end it is the
        // program's own that count.
        let (is_new, was_halfway) = (program.add(found), *is_halfway);
        *is_halfway = is_new;
        if is_new || was_halfway { Progress::Stopped } else { Progress::Done }
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
        let rivals = Rivals::new(&problem.tasks, &problem.capacities, u32::MAX, |one, other| {
            follow[one as usize].contains(other as usize)
        });
        let apart: Vec<FixedBitSet> = rivals.apart(&follow);
        let sets = Sets::new(&problem.tasks, problem.capacities.len(), &apart);
        TaskWeights::new(&problem.tasks, &problem.capacities, sets)
    }

    fn span(problem: &Problem, end: i32) -> impl Fn(u32) -> (i32, i32) {
        move |task| (problem.windows[task as usize].0, end)
    }

    fn improve(weights: &mut TaskWeights, problem: &Problem, end: i32) {
        if let Some(mut quest) = weights.begin(&problem.tasks, span(problem, end)) {
            // A program that is put aside after each round comes to the same end.
            while weights.go_on(&mut quest, &|| true) == Progress::Stopped {}
        }
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
                improve(&mut weights, &problem, end);
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
                improve(&mut weights, &problem, end - 1);
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
            improve(&mut weights, &problem, end);
            assert_eq!(weights.pool(&problem.tasks, span(&problem, end)).1 > 1.0, is_refuted, "by slot {end}");
        }
    }
}
