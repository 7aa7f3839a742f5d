//! Totals that the modes taken must not exceed.

use super::literal::{Literal, Side};
use super::pools::{self, Pool};
use super::tasks::{Choice, Mode, Task};
use super::trail::{Reason, Trail};

/// A total: what there is of it beyond what is consumed in any case, and who may consume more.
#[derive(Clone, Debug)]
struct Total {
    capacity: i64,
    /// Tasks with a choice, and what each of their modes consumes.
    users: Vec<(u32, Vec<i64>)>,
    /// Sides whose bounds consume of it, and how much each slot of a bound does.
    bounds: Vec<(Side, i64)>,
}

impl Total {
    fn new(capacity: i64, bounds: Vec<(Side, i64)>) -> Total {
        Total { capacity, users: Vec::new(), bounds }
    }

    /// Takes in what each mode of a task consumes; true if that makes a difference.
    fn add(&mut self, number: u32, task: &Task, consumed: Vec<i64>) -> bool {
        let least = consumed.iter().copied().min().unwrap_or(0);
        let differs = matches!(task, Task::Multi(_)) && consumed.iter().any(|&amount| amount != least);
        match differs {
            true => self.users.push((number, consumed)),
            false => self.capacity -= least,
        }
        differs
    }
}

/// All totals.
#[derive(Clone, Debug)]
pub struct Totals {
    totals: Vec<Total>,
    /// The totals that each task may consume of.
    of_task: Vec<Vec<u32>>,
}

impl Totals {
    /// # Arguments
    /// Tasks, and what there is of each total.
    pub fn new(tasks: &[Task], capacities: &[i64]) -> Totals {
        let mut of_task = vec![Vec::new(); tasks.len()];
        let total = |(number, &capacity): (usize, &i64)| {
            let mut total = Total::new(capacity, Vec::new());
            for (task, place) in tasks.iter().zip(0..) {
                let consumed = task.modes().iter().map(|mode| mode.consumption(number as u32)).collect();
                if total.add(place, task, consumed) {
                    of_task[place as usize].push(number as u32);
                }
            }
            total
        };
        Totals { totals: capacities.iter().enumerate().map(total).collect(), of_task }
    }

    /// Adds the total that what a pool takes over all slots must not exceed: each slot up to the makespan offers no more than
    /// the pool ever does. It is kept when asked for only.
    ///
    /// # Returns
    /// Its number.
    pub fn add_pool(&mut self, pool: &Pool, tasks: &[Task], makespan: u32) -> u32 {
        let peak = pool.steps.iter().map(|step| step.1).max().unwrap_or(0);
        let mut bounds = pool.bounds.clone();
        match bounds.iter_mut().find(|bound| bound.0 == Side::upper(makespan)) {
            Some(bound) => bound.1 += i64::from(peak),
            None => bounds.push((Side::upper(makespan), i64::from(peak))),
        }
        bounds.retain(|bound| bound.1 > 0);
        let mut total = Total::new(pool.allowance, bounds);
        for user in &pool.users {
            let task = &tasks[user.task as usize];
            let work = |(mode, way): (usize, &Mode)| {
                i64::from(user.amounts[mode]) * i64::from(way.duration) + user.extras.get(mode).copied().unwrap_or(0)
            };
            total.add(user.task, task, task.modes().iter().enumerate().map(work).collect());
        }
        self.totals.push(total);
        self.totals.len() as u32 - 1
    }

    /// A total of which too much is consumed in any case.
    pub fn exceeded(&self) -> Option<usize> {
        self.totals.iter().position(|total| total.capacity < 0 && total.users.is_empty() && total.bounds.is_empty())
    }

    /// The totals that a task may consume of.
    #[inline]
    pub fn of(&self, task: u32) -> &[u32] {
        &self.of_task[task as usize]
    }

    /// Rules out modes that would exceed a total.
    ///
    /// # Errors
    /// A literal that must hold, and cannot.
    pub fn keep(&self, number: u32, tasks: &[Task], trail: &mut Trail) -> Result<(), Literal> {
        let total = &self.totals[number as usize];
        let choice = |task: u32| choice_of(tasks, task);
        let least = |task: u32, consumed: &[i64], trail: &Trail| {
            choice(task).possible(trail).map(|(mode, _)| consumed[mode]).min().unwrap_or(0)
        };
        let sum: i64 = total.users.iter().map(|(task, consumed)| least(*task, consumed, trail)).sum();
        let by_bounds = pools::taken_by(&total.bounds, |side| trail.bound(side));
        let spare = total.capacity - by_bounds - sum;
        for (task, consumed) in &total.users {
            let choice = choice(*task);
            let least = least(*task, consumed, trail);
            for (mode, &amount) in consumed.iter().enumerate() {
                let off = choice.off(mode);
                // Beyond the capacity by what the others consume alone, each mode is ruled out: the first that cannot be
                // makes the conflict.
                if amount - least > spare && !trail.is_true(off) {
                    if trail.is_false(off) {
                        return Err(off);
                    }
                    trail.raise(off, Reason::Total(number));
                }
            }
            // Of a task that is left without a mode nothing is known to consume; the choice makes the conflict.
            if choice.possible(trail).next().is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Why a mode is ruled out by a total, as things were before entry `place`.
    pub fn explain(
        &self,
        number: u32,
        tasks: &[Task],
        literal: Literal,
        (place, trail): (u32, &Trail),
        why: &mut Vec<Literal>,
    ) {
        let total = &self.totals[number as usize];
        let variable = literal.side.variable();
        let owns = |choice: &Choice| variable > choice.finish && variable <= choice.finish + choice.modes.len() as u32;
        let least = |choice: &Choice, consumed: &[i64], place: u32| {
            let possible = (0..consumed.len()).filter(|&mode| !choice.was_off(mode, place, trail));
            possible.map(|mode| consumed[mode]).min().unwrap_or(0)
        };
        let given = place.min(trail.len_given());
        let mut sum = 0;
        let mut others = Vec::with_capacity(total.users.len());
        for (task, consumed) in &total.users {
            let choice = choice_of(tasks, *task);
            if owns(choice) {
                sum += consumed[(variable - choice.finish - 1) as usize];
                continue;
            }
            let now = least(choice, consumed, place);
            sum += now;
            others.push((now - least(choice, consumed, given), choice, consumed, now));
        }
        // By what is too much the others may consume less, those first that can consume the least more.
        let by_bounds = pools::taken_by(&total.bounds, |side| trail.bound_before(side, place));
        let mut spare = sum + by_bounds - total.capacity - 1;
        pools::explain_bounds(&total.bounds, &mut spare, (place, trail), why);
        others.sort_by_key(|other| other.0);
        for (_, choice, consumed, now) in others {
            let is_enough = |&mode: &usize| consumed[mode] >= now - spare && !choice.was_off(mode, given, trail);
            let enough = (0..consumed.len()).filter(is_enough).map(|mode| consumed[mode]).min().unwrap_or(now);
            spare -= now - enough;
            why.extend((0..consumed.len()).filter(|&mode| consumed[mode] < enough).map(|mode| choice.off(mode)));
        }
    }
}

fn choice_of(tasks: &[Task], task: u32) -> &Choice {
    match &tasks[task as usize] {
        Task::Multi(choice) => choice,
        Task::Single(_) => unreachable!("only tasks with a choice are users of a total"),
    }
}
