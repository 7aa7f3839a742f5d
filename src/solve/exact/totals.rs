//! Totals that the modes taken must not exceed.

use super::literal::Literal;
use super::tasks::{Choice, Task};
use super::trail::{Reason, Trail};

/// A total: what there is of it beyond what is consumed in any case, and who may consume more.
#[derive(Clone, Debug)]
struct Total {
    capacity: i64,
    /// Tasks with a choice, and what each of their modes consumes.
    users: Vec<(u32, Vec<i64>)>,
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
            let mut total = Total { capacity, users: Vec::new() };
            for (task, place) in tasks.iter().zip(0..) {
                let consumed: Vec<i64> = task.modes().iter().map(|mode| mode.consumption(number as u32)).collect();
                match task {
                    Task::Single(_) => total.capacity -= consumed[0],
                    Task::Multi(_) if consumed.iter().any(|&amount| amount != consumed[0]) => {
                        of_task[place as usize].push(number as u32);
                        total.users.push((place, consumed));
                    }
                    Task::Multi(_) => total.capacity -= consumed[0],
                }
            }
            total
        };
        Totals { totals: capacities.iter().enumerate().map(total).collect(), of_task }
    }

    /// A total of which too much is consumed in any case.
    pub fn exceeded(&self) -> Option<usize> {
        self.totals.iter().position(|total| total.capacity < 0 && total.users.is_empty())
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
        let spare = total.capacity - sum;
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
        let mut sum = 0;
        let mut others = Vec::with_capacity(total.users.len());
        for (task, consumed) in &total.users {
            let choice = choice_of(tasks, *task);
            if owns(choice) {
                sum += consumed[(variable - choice.finish - 1) as usize];
                continue;
            }
            let possible = (0..consumed.len()).filter(|&mode| !choice.was_off(mode, place, trail));
            let now = possible.map(|mode| consumed[mode]).min().unwrap_or(0);
            let ever = consumed.iter().copied().min().unwrap_or(0);
            sum += now;
            if now > ever {
                others.push((now - ever, choice, consumed, now));
            }
        }
        // What is too much by, some of the others may consume as little as they ever can.
        let mut spare = sum - total.capacity - 1;
        others.sort_by_key(|other| other.0);
        for (more, choice, consumed, now) in others {
            if more <= spare {
                spare -= more;
                continue;
            }
            let cheaper = (0..consumed.len()).filter(|&mode| consumed[mode] < now);
            why.extend(cheaper.map(|mode| choice.off(mode)));
        }
    }
}

fn choice_of(tasks: &[Task], task: u32) -> &Choice {
    match &tasks[task as usize] {
        Task::Multi(choice) => choice,
        Task::Single(_) => unreachable!("only tasks with a choice are users of a total"),
    }
}
