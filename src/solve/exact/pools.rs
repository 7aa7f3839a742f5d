//! What tasks share, as far as energy is concerned: resources, and what follows from them.
//!
//! A resource counts by what tasks need of it. It counts in other ways too: where small needs are left out, needs that
//! leave no room for what remains may count as the whole (dual feasible functions: Fekete, Schepers, "New classes of fast
//! lower bounds for bin packing problems", Mathematical Programming 91 (2001), section 3). And tasks no two of which can
//! run at the same time, by resources or by links, share one place.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::blends::Weights;
use super::literal::{Literal, Side};
use super::tasks::{Mode, Task};
use super::timetable::Steps;
use super::trail::Trail;

/// Something shared.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Who shares it.
    pub users: Vec<User>,
    /// What there is of it from each slot on.
    pub steps: Steps,
    /// What there is of it beside that, whatever the slots.
    pub allowance: i64,
    /// Sides whose bounds take of it, and how much each slot of a bound does.
    pub bounds: Vec<(Side, i64)>,
    /// What has to hold for it to count.
    pub condition: Option<Literal>,
    /// Why no schedule takes more than there is.
    pub basis: Basis,
}

/// Why no schedule takes more of a pool than there is, as proofs say it ([`crate::proof`]).
#[derive(Clone, Debug)]
pub enum Basis {
    /// Tasks that fit into a resource fit into it too.
    Resource(u32),
    /// Tasks that can run at the same time fit into it.
    Sets,
    /// It is a weighted sum of what is there and of what is taken.
    Sum(Weights<i64>),
}

/// A task that takes of a pool.
#[derive(Clone, Debug)]
pub struct User {
    /// The task.
    pub task: u32,
    /// Units taken in each slot of work, in each mode.
    pub amounts: Vec<i32>,
    /// What each mode takes beside that, whenever it is done; empty if none does.
    pub extras: Vec<i64>,
}

impl Pool {
    /// What tasks share that can run at the same time.
    pub fn of_sets(users: Vec<User>, steps: Steps) -> Pool {
        Pool { users, steps, allowance: 0, bounds: Vec::new(), condition: None, basis: Basis::Sets }
    }

    /// The most that there is of it in a slot.
    pub fn peak(&self) -> i64 {
        self.steps.iter().map(|step| i64::from(step.1)).max().unwrap_or(0)
    }
}

impl User {
    /// What it takes in all in a mode that takes so many slots.
    pub fn work(&self, mode: usize, duration: i32) -> i64 {
        i64::from(self.amounts[mode]) * i64::from(duration) + self.extras.get(mode).copied().unwrap_or(0)
    }

    /// What it takes at least, even if it does no work where one looks.
    pub fn least_extra(&self) -> i64 {
        self.extras.iter().copied().min().unwrap_or(0)
    }
}

/// What bounds of sides take, each by its weight.
#[inline]
pub fn taken_by(bounds: &[(Side, i64)], bound: impl Fn(Side) -> i32) -> i64 {
    bounds.iter().map(|&(side, weight)| weight * i64::from(bound(side))).sum()
}

/// Why bounds take what they took before entry `place`, less what is to `spare`: no bound is named that was given.
pub fn explain_bounds(bounds: &[(Side, i64)], spare: &mut i64, (place, trail): (u32, &Trail), why: &mut Vec<Literal>) {
    let given = place.min(trail.len_given());
    for &(side, weight) in bounds {
        let (now, ever) = (trail.bound_before(side, place), trail.bound_before(side, given));
        let wanted = now - (*spare / weight).min(i64::from(now) - i64::from(ever)) as i32;
        *spare -= weight * i64::from(now - wanted);
        if wanted > ever {
            why.push(Literal { side, value: wanted });
        }
    }
}

/// The resources themselves.
pub fn resources(tasks: &[Task], capacities: &[Steps]) -> Vec<Pool> {
    let pool = |(resource, steps): (u32, &Steps)| pool(tasks, resource, steps.clone(), |amount| amount);
    (0..).zip(capacities).map(pool).filter(|pool| !pool.users.is_empty()).collect()
}

fn pool(tasks: &[Task], resource: u32, steps: Steps, count: impl Fn(i32) -> i32) -> Pool {
    let amounts = |task: &Task| task.modes().iter().map(|mode| count(mode.amount(resource))).collect();
    let user = |(number, task)| User { task: number, amounts: amounts(task), extras: Vec::new() };
    let users = (0..).zip(tasks).map(user).filter(|user| user.amounts.iter().any(|&amount| amount > 0));
    let users: Vec<User> = users.collect();
    let steps = of_use(steps, users.iter().flat_map(|user| takers(user, &tasks[user.task as usize])));
    Pool { users, steps, allowance: 0, bounds: Vec::new(), condition: None, basis: Basis::Resource(resource) }
}

/// The modes in which a task takes of a pool.
fn takers<'a>(user: &'a User, task: &'a Task) -> impl Iterator<Item = &'a Mode> {
    task.modes().iter().zip(&user.amounts).filter(|&(_, &amount)| amount > 0).map(|(mode, _)| mode)
}

/// What there is of a pool while any of the modes that take of it can be at work: in other slots it is of no use.
pub fn of_use<'a>(steps: Steps, modes: impl Iterator<Item = &'a Mode>) -> Steps {
    let works = modes.filter(|mode| mode.duration > 0).map(|mode| mode.span.as_ref().map(|span| span.works()));
    let Some(mut works) = works.collect::<Option<Vec<_>>>() else { return steps };
    works.sort_unstable_by_key(|works| Arc::as_ptr(works));
    works.dedup_by_key(|works| Arc::as_ptr(works));
    let end = works.iter().map(|works| works.end()).max().unwrap_or(0);
    let mut step = 0;
    let mut cut: Steps = Vec::new();
    for slot in 0..=end {
        while steps.get(step + 1).is_some_and(|next| next.0 <= slot) {
            step += 1;
        }
        let units = if works.iter().any(|works| works.contains(slot)) { steps[step].1 } else { 0 };
        if cut.last().is_none_or(|last| last.1 != units) {
            cut.push((slot, units));
        }
    }
    cut
}

/// The ways in which constant resources count beside themselves.
///
/// # Arguments
/// `apart` holds for each task those that never run at the same time.
pub fn derived(tasks: &[Task], capacities: &[Steps], apart: &[FixedBitSet]) -> Vec<Pool> {
    let mut pools = Vec::new();
    for (resource, steps) in (0..).zip(capacities) {
        let [(_, capacity)] = steps[..] else { continue };
        let mut levels: Vec<i32> = tasks
            .iter()
            .flat_map(|task| task.modes())
            .map(|mode| mode.amount(resource))
            .filter(|&amount| amount > 0)
            .collect();
        levels.sort_unstable();
        levels.dedup();
        // Needs up to `small` are left out, so that those above `capacity - small - 1` are as good as the whole.
        for &small in levels.iter().filter(|&&level| 2 * level < capacity) {
            let whole = move |amount: i32| match amount {
                amount if amount <= small => 0,
                amount if amount + small >= capacity => capacity,
                amount => amount,
            };
            pools.push(pool(tasks, resource, vec![(0, capacity)], whole));
        }
        // With `parts` places, a need of more than k of `parts + 1` equal shares takes k of them.
        for parts in 1..=MOST_PARTS {
            let share = move |amount: i32| match (parts + 1) * amount % capacity {
                0 => parts * amount,
                _ => (parts + 1) * amount / capacity * capacity,
            };
            if (parts + 1).checked_mul(capacity).is_some() {
                pools.push(pool(tasks, resource, vec![(0, parts * capacity)], share));
            }
        }
    }
    pools.extend(cliques(tasks, apart));
    pools.retain(|pool| !pool.users.is_empty());
    pools
}

const MOST_PARTS: i32 = 5;
const MOST_CLIQUES: usize = 24;

/// Sets of tasks no two of which ever run at the same time, those that take longest together first.
fn cliques(tasks: &[Task], apart: &[FixedBitSet]) -> Vec<Pool> {
    let mut by_length: Vec<usize> = (0..tasks.len()).filter(|&task| tasks[task].least_duration() > 0).collect();
    by_length.sort_by_key(|&task| (-tasks[task].least_duration(), task));
    let mut cliques: Vec<(i64, Vec<usize>)> = Vec::new();
    for &seed in &by_length {
        let mut open = apart[seed].clone();
        let mut clique = vec![seed];
        for &task in &by_length {
            if open.contains(task) {
                clique.push(task);
                open.intersect_with(&apart[task]);
            }
        }
        clique.sort_unstable();
        let length = clique.iter().map(|&task| i64::from(tasks[task].least_duration())).sum();
        cliques.push((length, clique));
    }
    cliques.sort_by(|one, other| other.cmp(one));
    cliques.dedup();
    let pool = |(_, clique): (i64, Vec<usize>)| {
        let steps = of_use(vec![(0, 1)], clique.iter().flat_map(|&task| tasks[task].modes()));
        Pool::of_sets(clique.iter().map(|&task| place_taker(task as u32, &tasks[task])).collect(), steps)
    };
    cliques.into_iter().filter(|(_, clique)| clique.len() > 1).take(MOST_CLIQUES).map(pool).collect()
}

fn place_taker(number: u32, task: &Task) -> User {
    User { task: number, amounts: vec![1; task.modes().len()], extras: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::super::spans::Span;
    use super::super::tasks::{Mode, Need};
    use super::*;

    fn task(amount: i32) -> Task {
        Task::Single(Mode { duration: 1, needs: vec![Need { resource: 0, amount }], ..Mode::default() })
    }

    /// The most that needs which fit into `room` together, none above `most`, take of a pool.
    fn most_taken(taken: &[i32], room: usize, most: usize) -> i32 {
        let with = |need: usize| taken[need] + most_taken(taken, room - need, need);
        (1..=most.min(room)).map(with).max().unwrap_or(0)
    }

    #[test]
    fn needs_that_fit_into_a_resource_fit_into_all_that_is_derived_from_it() {
        for capacity in 1..=14 {
            let tasks: Vec<Task> = (1..=capacity).map(task).collect();
            let apart = vec![FixedBitSet::with_capacity(tasks.len()); tasks.len()];
            let pools = derived(&tasks, &[vec![(0, capacity)]], &apart);
            assert!(pools.len() >= MOST_PARTS as usize);
            for pool in pools {
                let mut taken = vec![0; tasks.len() + 1];
                pool.users.iter().for_each(|user| taken[user.task as usize + 1] = user.amounts[0]);
                let most = most_taken(&taken, capacity as usize, capacity as usize);
                assert!(most <= pool.steps[0].1, "capacity {capacity}: {taken:?} in {:?}", pool.steps);
            }
        }
    }

    #[test]
    fn a_pool_offers_nothing_while_all_who_take_of_it_pause() {
        let [on, off] = [true, false];
        let mode = |works: &[bool]| Mode {
            duration: 2,
            span: Some(Arc::new(Span::of_pattern(works, 2, false))),
            ..Mode::default()
        };
        let modes = [mode(&[on, off, off, on, on, off, on]), mode(&[on, off, off, off, on, on, off])];
        let steps = vec![(0, 3), (4, 2)];
        let expected = [(0, 3), (1, 0), (3, 3), (4, 2), (7, 0)];
        assert_eq!(of_use(steps.clone(), modes.iter()), expected);
        // Whoever takes no time takes nothing; whoever never pauses leaves no slot without use.
        let milestone = Mode::default();
        assert_eq!(of_use(steps.clone(), modes.iter().chain([&milestone])), expected);
        let steady = Mode { duration: 1, ..Mode::default() };
        assert_eq!(of_use(steps.clone(), modes.iter().chain([&steady])), steps);
    }

    #[test]
    fn tasks_that_are_apart_share_one_place() {
        let tasks: Vec<Task> = (0..4).map(|_| task(1)).collect();
        let mut apart = vec![FixedBitSet::with_capacity(4); 4];
        for (one, other) in [(0, 1), (1, 2), (0, 2), (2, 3)] {
            apart[one].insert(other);
            apart[other].insert(one);
        }
        let members: Vec<Vec<u32>> =
            cliques(&tasks, &apart).iter().map(|pool| pool.users.iter().map(|user| user.task).collect()).collect();
        assert_eq!(members, [vec![0, 1, 2], vec![2, 3]]);
    }
}
