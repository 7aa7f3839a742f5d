//! Sets of tasks that can all run at the same time, and the heaviest of them.

use fixedbitset::FixedBitSet;

use super::tasks::Task;

/// The tasks, as far as they can run beside each other.
#[derive(Clone, Debug)]
pub struct Sets {
    /// Units that each task needs of each resource: a row for each task.
    needs: Vec<i32>,
    resources: usize,
    /// For each task those that it never runs beside.
    apart: Vec<FixedBitSet>,
    /// What the search works on.
    pricing: Pricing,
    /// Numbers looked at so far.
    pub steps: u64,
}

/// A search for the heaviest set.
#[derive(Clone, Debug, Default)]
struct Pricing {
    /// The tasks that come into question, the heaviest first.
    tasks: Vec<u32>,
    weights: Vec<i64>,
    /// What they need of each resource, a row for each resource, and then of all together, in parts of [`WHOLE`].
    needs: Vec<i64>,
    /// For each of these rows, the places of tasks that need some of it, those that weigh most for what they need first.
    orders: Vec<Vec<u32>>,
    /// Which of the tasks that come into question each can run beside.
    beside: Vec<FixedBitSet>,
    /// Candidates and what is left of each resource, at each depth.
    frames: Vec<(FixedBitSet, Vec<i64>)>,
    taken: Vec<u32>,
    best: i64,
    found: Vec<u32>,
    nodes: u64,
}

/// All that there is of one resource, where all are counted together.
const WHOLE: i64 = 1 << 16;
/// Sets that are looked at for one answer, at most.
const MOST_NODES: u64 = 5_000;

/// The answer of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heaviest {
    /// No set weighs more.
    pub weight: i64,
    /// One that weighs as much, or one that weighs most of those that were looked at.
    pub tasks: Vec<u32>,
}

impl Sets {
    /// # Arguments
    /// `resources` is their number; `apart` holds for each task those that it never runs beside.
    pub fn new(tasks: &[Task], resources: usize, apart: &[FixedBitSet]) -> Sets {
        let least =
            |task: &Task, resource: u32| task.modes().iter().map(|mode| mode.amount(resource)).min().unwrap_or(0);
        let needs = tasks.iter().flat_map(|task| (0..resources as u32).map(move |resource| least(task, resource)));
        Sets { needs: needs.collect(), resources, apart: apart.to_vec(), pricing: Pricing::default(), steps: 0 }
    }

    /// The heaviest set of tasks.
    ///
    /// # Arguments
    /// `among` are the tasks that come into question with their weights, which are above zero; `capacities` is what there is
    /// of each resource.
    ///
    /// # Complexity
    /// Branch and bound over the heaviest task that is left, against what would fit if tasks could be cut; after too many
    /// sets the bound is the answer.
    pub fn heaviest(&mut self, among: &[(u32, i64)], capacities: &[i64]) -> Heaviest {
        self.load(among, capacities);
        let pricing = &mut self.pricing;
        pricing.best = 0;
        pricing.found.clear();
        pricing.taken.clear();
        pricing.nodes = 0;
        let bound = pricing.bound(0);
        pricing.search(0, 0);
        let weight = if pricing.nodes > MOST_NODES { bound } else { pricing.best };
        self.steps += pricing.nodes * (pricing.tasks.len() * pricing.orders.len()) as u64;
        let tasks = pricing.found.iter().map(|&place| pricing.tasks[place as usize]).collect();
        Heaviest { weight, tasks }
    }

    fn load(&mut self, among: &[(u32, i64)], capacities: &[i64]) {
        let Sets { needs, resources, apart, pricing, .. } = self;
        let need = |task: u32, resource: usize| i64::from(needs[task as usize * *resources + resource]);
        let fits = |task: u32| (0..*resources).all(|resource| need(task, resource) <= capacities[resource]);
        let mut heaviest: Vec<(u32, i64)> = among.iter().copied().filter(|&(task, _)| fits(task)).collect();
        heaviest.sort_unstable_by_key(|&(task, weight)| (std::cmp::Reverse(weight), task));
        pricing.tasks = heaviest.iter().map(|one| one.0).collect();
        pricing.weights = heaviest.iter().map(|one| one.1).collect();
        let tasks = &pricing.tasks;
        let share = |task: u32, resource: usize| match capacities[resource] {
            0 => 0,
            capacity => need(task, resource) * WHOLE / capacity,
        };
        let rows = (0..*resources).map(|resource| tasks.iter().map(move |&task| need(task, resource)).collect());
        let all = tasks.iter().map(|&task| (0..*resources).map(|resource| share(task, resource)).sum()).collect();
        let rows: Vec<Vec<i64>> = rows.chain([all]).collect();
        let order = |row: &Vec<i64>| {
            let mut order: Vec<u32> = (0..tasks.len() as u32).filter(|&place| row[place as usize] > 0).collect();
            // Weights for needs, compared crosswise.
            let rate = |one: u32, other: u32| heaviest[one as usize].1 * row[other as usize];
            order.sort_by(|&one, &other| rate(other, one).cmp(&rate(one, other)).then(one.cmp(&other)));
            order
        };
        pricing.orders = rows.iter().map(order).collect();
        pricing.needs = rows.concat();
        let row = |&task: &u32| {
            let beside = (0..tasks.len()).filter(|&other| tasks[other] != task);
            let mut row = FixedBitSet::with_capacity(tasks.len());
            row.extend(beside.filter(|&other| !apart[task as usize].contains(tasks[other] as usize)));
            row
        };
        pricing.beside = tasks.iter().map(row).collect();
        let mut first = FixedBitSet::with_capacity(tasks.len());
        first.insert_range(..);
        let left = capacities.iter().copied().chain([*resources as i64 * WHOLE]).collect();
        pricing.frames.clear();
        pricing.frames.push((first, left));
    }
}

impl Pricing {
    /// No set of the candidates at a depth weighs more.
    fn bound(&self, depth: usize) -> i64 {
        let (candidates, left) = &self.frames[depth];
        let total: i64 = candidates.ones().map(|place| self.weights[place]).sum();
        let count = self.tasks.len();
        let mut least = total;
        for ((order, needs), &left) in self.orders.iter().zip(self.needs.chunks_exact(count.max(1))).zip(left) {
            let (mut left, mut lost) = (left, 0);
            // What does not fit is lost, but for the part of the first that does.
            let mut is_first = true;
            for &place in order.iter().filter(|&&place| candidates.contains(place as usize)) {
                let (need, weight) = (needs[place as usize], self.weights[place as usize]);
                if !is_first {
                    lost += weight;
                } else if need <= left {
                    left -= need;
                } else {
                    is_first = false;
                    lost += weight - weight * left / need;
                }
            }
            least = least.min(total - lost);
        }
        least
    }

    /// Goes through the sets of the candidates at a depth, beside what is taken, which weighs `weight`.
    fn search(&mut self, depth: usize, weight: i64) {
        if weight > self.best {
            self.best = weight;
            self.found.clone_from(&self.taken);
        }
        let count = self.tasks.len();
        loop {
            self.nodes += 1;
            if self.nodes > MOST_NODES || weight + self.bound(depth) <= self.best {
                return;
            }
            let Some(place) = self.frames[depth].0.minimum() else { return };
            if self.frames.len() == depth + 1 {
                self.frames.push((FixedBitSet::with_capacity(count), Vec::new()));
            }
            let (here, below) = self.frames.split_at_mut(depth + 1);
            let ((candidates, left), (next, left_next)) = (&mut here[depth], &mut below[0]);
            left_next.clear();
            left_next.extend(left.iter().enumerate().map(|(row, left)| left - self.needs[row * count + place]));
            next.clone_from(candidates);
            next.intersect_with(&self.beside[place]);
            let resources = self.orders.len() - 1;
            let fits = |other: usize| (0..resources).all(|row| self.needs[row * count + other] <= left_next[row]);
            candidates.ones().filter(|&other| !fits(other)).for_each(|other| next.remove(other));
            candidates.remove(place);
            self.taken.push(place as u32);
            self.search(depth + 1, weight + self.weights[place]);
            self.taken.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::super::tasks::{Mode, Need};
    use super::*;
    use crate::effort::random;

    /// The heaviest set by trying all.
    fn tried(tasks: &[Task], apart: &[FixedBitSet], among: &[(u32, i64)], capacities: &[i64]) -> i64 {
        let sets = (0_u32..1 << among.len()).map(|set| {
            let taken = among.iter().enumerate().filter(move |(place, _)| set >> place & 1 == 1).map(|(_, one)| one);
            let fits = (0..).zip(capacities).all(|(resource, &capacity)| {
                let amount = |one: &(u32, i64)| i64::from(tasks[one.0 as usize].modes()[0].amount(resource));
                taken.clone().map(amount).sum::<i64>() <= capacity
            });
            let is_apart = |one: u32| taken.clone().any(|other| apart[one as usize].contains(other.0 as usize));
            let is_set = fits && !taken.clone().any(|one| is_apart(one.0));
            if is_set { taken.map(|one| one.1).sum() } else { 0 }
        });
        sets.max().unwrap_or(0)
    }

    #[test]
    fn the_heaviest_set_is_that_of_all_sets() {
        let mut random = random(7, 0);
        let mut heavier = 0;
        for _ in 0..400 {
            let count = random.random_range(1..10_u32);
            let mut task = |_| {
                let mut need = |resource| Need { resource, amount: random.random_range(0..6) };
                Task::Single(Mode { duration: 1, needs: vec![need(0), need(1)], ..Mode::default() })
            };
            let tasks: Vec<Task> = (0..count).map(&mut task).collect();
            let capacities = [random.random_range(0..12), random.random_range(0..12)];
            let mut apart = vec![FixedBitSet::with_capacity(count as usize); count as usize];
            for _ in 0..random.random_range(0..count) {
                let (one, other) = (random.random_range(0..count) as usize, random.random_range(0..count) as usize);
                if one != other {
                    apart[one].insert(other);
                    apart[other].insert(one);
                }
            }
            let among: Vec<(u32, i64)> =
                (0..count - count / 8).map(|task| (task, random.random_range(1..20))).collect();
            let expected = tried(&tasks, &apart, &among, &capacities);
            let mut sets = Sets::new(&tasks, 2, &apart);
            let found = sets.heaviest(&among, &capacities);
            assert_eq!(found.weight, expected, "{among:?} of {tasks:?} in {capacities:?}");
            let chosen: Vec<(u32, i64)> = among.iter().copied().filter(|one| found.tasks.contains(&one.0)).collect();
            assert_eq!(chosen.iter().map(|one| one.1).sum::<i64>(), expected, "{found:?}");
            assert_eq!(tried(&tasks, &apart, &chosen, &capacities), expected, "{found:?} cannot run together");
            heavier += usize::from(chosen.len() > 1);
            let none = sets.heaviest(&[], &capacities);
            assert_eq!(none, Heaviest { weight: 0, tasks: Vec::new() });
        }
        assert!(heavier > 100, "{heavier} sets of more than one task");
    }
}
