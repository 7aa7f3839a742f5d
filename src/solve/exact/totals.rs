//! Totals that the modes taken must not exceed.

use super::literal::{Literal, Side};
use super::pools::{self, Pool};
use super::tasks::{Choice, Mode, Task};
use super::trail::{Reason, Trail};

/// A total: what there is of it beyond what is consumed in any case, and who may consume more.
#[derive(Clone, Debug)]
struct Total {
    capacity: i64,
    users: Vec<Consumer>,
    /// What all of them consume at least.
    sum: i64,
    /// Sides whose bounds consume of it, and how much each slot of a bound does.
    bounds: Vec<(Side, i64)>,
}

/// A task with a choice.
#[derive(Clone, Debug)]
struct Consumer {
    task: u32,
    /// What each mode consumes.
    consumed: Vec<i64>,
    /// What it consumes at least, when it was last looked at.
    least: i64,
    /// The same by what is given.
    given: i64,
}

impl Total {
    fn new(capacity: i64, bounds: Vec<(Side, i64)>) -> Total {
        Total { capacity, users: Vec::new(), sum: 0, bounds }
    }

    /// Takes in what each mode of a task consumes; true if that makes a difference.
    fn add(&mut self, number: u32, task: &Task, consumed: Vec<i64>) -> bool {
        let least = consumed.iter().copied().min().unwrap_or(0);
        let differs = matches!(task, Task::Multi(_)) && consumed.iter().any(|&amount| amount != least);
        match differs {
            true => {
                self.sum += least;
                self.users.push(Consumer { task: number, consumed, least, given: least });
            }
            false => self.capacity -= least,
        }
        differs
    }
}

/// All totals.
#[derive(Clone, Debug)]
pub struct Totals {
    totals: Vec<Total>,
    /// The totals that each task may consume of, but for those that are kept when asked for only.
    of_task: Vec<Vec<u32>>,
    /// All totals that each task may consume of, and its place among the users of each.
    places: Vec<Vec<(u32, u32)>>,
}

impl Totals {
    /// # Arguments
    /// Tasks, and what there is of each total.
    pub fn new(tasks: &[Task], capacities: &[i64]) -> Totals {
        let mut of_task = vec![Vec::new(); tasks.len()];
        let mut places = vec![Vec::new(); tasks.len()];
        let total = |(number, &capacity): (usize, &i64)| {
            let mut total = Total::new(capacity, Vec::new());
            for (task, place) in tasks.iter().zip(0..) {
                let consumed = task.modes().iter().map(|mode| mode.consumption(number as u32)).collect();
                if total.add(place, task, consumed) {
                    of_task[place as usize].push(number as u32);
                    places[place as usize].push((number as u32, total.users.len() as u32 - 1));
                }
            }
            total
        };
        let totals = capacities.iter().enumerate().map(total).collect();
        Totals { totals, of_task, places }
    }

    /// Adds the total that what a pool takes over all slots must not exceed: each slot up to the makespan offers no more than
    /// the pool ever does. It is kept when asked for only.
    ///
    /// # Returns
    /// Its number.
    pub fn add_pool(&mut self, pool: &Pool, tasks: &[Task], makespan: u32) -> u32 {
        let peak = pool.peak();
        let mut bounds = pool.bounds.clone();
        match bounds.iter_mut().find(|bound| bound.0 == Side::upper(makespan)) {
            Some(bound) => bound.1 += peak,
            None => bounds.push((Side::upper(makespan), peak)),
        }
        bounds.retain(|bound| bound.1 > 0);
        let mut total = Total::new(pool.allowance, bounds);
        for user in &pool.users {
            let task = &tasks[user.task as usize];
            let work = |(mode, way): (usize, &Mode)| user.work(mode, way.duration);
            if total.add(user.task, task, task.modes().iter().enumerate().map(work).collect()) {
                let place = (self.totals.len() as u32, total.users.len() as u32 - 1);
                self.places[user.task as usize].push(place);
            }
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

    /// Takes in which modes of a task are possible. (One that has none left is as it was: the choice makes the conflict.)
    pub fn refresh(&mut self, task: u32, choice: &Choice, trail: &Trail) {
        for &(total, place) in &self.places[task as usize] {
            let total = &mut self.totals[total as usize];
            let user = &mut total.users[place as usize];
            let Some(least) = choice.possible(trail).map(|(mode, _)| user.consumed[mode]).min() else { continue };
            total.sum += least - user.least;
            user.least = least;
            if trail.level() == 0 {
                user.given = least;
            }
        }
    }

    /// Rules out modes that would exceed a total.
    ///
    /// # Errors
    /// A literal that must hold, and cannot.
    pub fn keep(&self, number: u32, tasks: &[Task], trail: &mut Trail) -> Result<(), Literal> {
        let total = &self.totals[number as usize];
        let by_bounds = pools::taken_by(&total.bounds, |side| trail.bound(side));
        let spare = total.capacity - by_bounds - total.sum;
        for Consumer { task, consumed, least, .. } in &total.users {
            // Beyond the capacity by what the others consume alone, each mode is ruled out: the first that cannot be makes the
            // conflict.
            for (mode, _) in consumed.iter().enumerate().filter(|(_, amount)| *amount - least > spare) {
                let off = choice_of(tasks, *task).off(mode);
                if trail.is_false(off) {
                    return Err(off);
                }
                if !trail.is_true(off) {
                    trail.raise(off, Reason::Total(number));
                }
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
            // One that has no mode left consumes as much as one likes.
            possible.map(|mode| consumed[mode]).min().unwrap_or_else(|| consumed.iter().copied().max().unwrap_or(0))
        };
        let given = place.min(trail.len_given());
        let mut sum = 0;
        let mut others = Vec::with_capacity(total.users.len());
        for Consumer { task, consumed, least: last, given: known } in &total.users {
            let choice = choice_of(tasks, *task);
            if owns(choice) {
                sum += consumed[(variable - choice.finish - 1) as usize];
                continue;
            }
            if last == known && given < place {
                // Nothing but what is given makes it consume more.
                sum += known;
                why.extend((0..consumed.len()).filter(|&mode| consumed[mode] < *known).map(|mode| choice.off(mode)));
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
