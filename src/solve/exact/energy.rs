//! Windows that hold more work than a resource offers.
//!
//! What tasks certainly use at fixed times is taken off what there is; in what remains, the rest of all tasks that must lie
//! in a window has to find room (the overload check of time-table edge-finding: Vilim, "Timetable edge finding filtering
//! algorithm for discrete cumulative resources", CPAIOR 2011; explained as in Schutt, Feydt, Stuckey, "Explaining
//! time-table-edge-finding propagation for the cumulative resource constraint", CPAIOR 2013). Tasks whose work pauses are
//! left aside.

use super::literal::Literal;
use super::pools::Pool;
use super::tasks::Task;
use super::trail::Trail;

/// A task as one resource sees it.
#[derive(Clone, Copy, Debug)]
struct Work {
    earliest_start: i32,
    latest_start: i32,
    earliest_end: i32,
    latest_end: i32,
    amount: i32,
    /// Slots that are not certain to lie at fixed times.
    movable: i32,
}

/// A window, not including its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first slot.
    pub from: i32,
    /// The slot behind the last.
    pub to: i32,
}

/// Looks for overfull windows.
#[derive(Clone, Debug, Default)]
pub struct Energy {
    works: Vec<Work>,
    ends: Vec<i32>,
    /// Units left before each slot, summed up.
    left: Vec<i64>,
    /// Tasks compared with windows so far.
    pub steps: u64,
}

impl Energy {
    /// A window of a pool that holds more work than there is room for.
    pub fn overfull(&mut self, pool: &Pool, tasks: &[Task], trail: &Trail) -> Option<Window> {
        let Energy { works, ends, left, steps } = self;
        works.clear();
        let mut last = 0;
        for (number, amounts) in &pool.users {
            let number = *number;
            let task = &tasks[number as usize];
            let (amount, duration) = least(task, amounts, trail);
            if amount == 0 || duration == 0 || !task.is_steady() {
                continue;
            }
            let (latest_start, earliest_end) = (trail.most(number), task.least_end(number, trail));
            let latest_end = task.most_end(number, trail);
            let fixed = (earliest_end - latest_start).clamp(0, duration);
            let movable = duration - fixed;
            let earliest_start = trail.least(number);
            last = last.max(latest_end);
            works.push(Work { earliest_start, latest_start, earliest_end, latest_end, amount, movable });
        }
        left.clear();
        left.resize(last as usize + 1, 0);
        for work in works.iter().filter(|work| work.latest_start < work.earliest_end) {
            left[work.latest_start as usize] -= i64::from(work.amount);
            left[work.earliest_end as usize] += i64::from(work.amount);
        }
        let offers = &pool.steps;
        let (mut step, mut used, mut sum) = (0, 0, 0);
        for (slot, place) in left.iter_mut().enumerate() {
            while offers.get(step + 1).is_some_and(|next| next.0 as usize <= slot) {
                step += 1;
            }
            used += std::mem::replace(place, sum);
            sum += i64::from(offers[step].1) + used;
        }
        works.retain(|work| work.movable > 0);
        works.sort_unstable_by_key(|work| std::cmp::Reverse(work.earliest_start));
        ends.clear();
        ends.extend(works.iter().map(|work| work.latest_end));
        ends.sort_unstable();
        ends.dedup();
        for &to in ends.iter() {
            let mut needed = 0;
            *steps += works.len() as u64;
            for work in works.iter() {
                if work.earliest_start >= to {
                    continue;
                }
                let within = if work.latest_end <= to {
                    work.movable
                } else {
                    // Started as late as can be, it is still within the window from there, or from its fixed part, on.
                    (to - work.latest_start.max(work.earliest_end)).clamp(0, work.movable)
                };
                needed += i64::from(within) * i64::from(work.amount);
                let from = work.earliest_start;
                if needed > left[to as usize] - left[from as usize] {
                    return Some(Window { from, to });
                }
            }
        }
        None
    }

    /// Why a window is overfull.
    pub fn explain(&self, window: Window, pool: &Pool, tasks: &[Task], trail: &Trail, why: &mut Vec<Literal>) {
        let Window { from, to } = window;
        let overlap = |(place, (number, amounts)): (usize, &(u32, Vec<i32>))| {
            let number = *number;
            let task = &tasks[number as usize];
            let (amount, duration) = least(task, amounts, trail);
            let amount = if task.is_steady() { amount } else { 0 };
            let by_start = task.least_end(number, trail) - from;
            let slots = duration.min(to - from).min(by_start).min(to - trail.most(number)).max(0);
            (place, amount, slots)
        };
        let mut overlaps: Vec<(usize, i32, i32)> = Vec::with_capacity(pool.users.len());
        overlaps
            .extend(pool.users.iter().enumerate().map(overlap).filter(|&(_, amount, slots)| amount > 0 && slots > 0));
        let needed: i64 = overlaps.iter().map(|&(_, amount, slots)| i64::from(amount) * i64::from(slots)).sum();
        let mut spare = needed - offered(&pool.steps, from, to) - 1;
        debug_assert!(spare >= 0, "{window:?} is not overfull");
        // What little a task adds is left out first.
        overlaps.sort_unstable_by_key(|&(place, amount, slots)| (i64::from(amount) * i64::from(slots), place));
        for (place, amount, slots) in overlaps {
            let dropped = (spare / i64::from(amount)).min(i64::from(slots)) as i32;
            spare -= i64::from(dropped) * i64::from(amount);
            let slots = slots - dropped;
            if slots == 0 {
                continue;
            }
            let (number, amounts) = &pool.users[place];
            let task = &tasks[*number as usize];
            why.extend([task.ends_from(*number, from + slots), Literal::at_most(*number, to - slots)]);
            if let Task::Multi(choice) = task {
                let less = choice.modes.iter().zip(amounts).enumerate();
                let less = less.filter(|(_, (way, of_mode))| way.duration < slots || **of_mode < amount);
                why.extend(less.map(|(mode, _)| choice.off(mode)));
            }
        }
    }
}

/// What a task takes of a pool at least, and for how many slots.
fn least(task: &Task, amounts: &[i32], trail: &Trail) -> (i32, i32) {
    match task {
        Task::Single(mode) => (amounts[0], mode.duration),
        Task::Multi(choice) => {
            let of = |(mode, way): (usize, &super::tasks::Mode)| (amounts[mode], way.duration);
            let least = choice.possible(trail).map(of).reduce(|one, other| (one.0.min(other.0), one.1.min(other.1)));
            least.unwrap_or((0, 0))
        }
    }
}

/// Units offered in a window, summed up over its slots.
fn offered(steps: &[(i32, i32)], from: i32, to: i32) -> i64 {
    let ends = steps.iter().skip(1).map(|step| step.0).chain(std::iter::once(i32::MAX));
    let in_step = |(&(begin, units), end): (&(i32, i32), i32)| {
        i64::from(units) * i64::from((end.min(to) - begin.max(from)).max(0))
    };
    steps.iter().zip(ends).map(in_step).sum()
}
