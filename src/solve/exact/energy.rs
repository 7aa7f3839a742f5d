//! Windows that hold more work than a resource offers.
//!
//! What tasks certainly use at fixed times is taken off what there is; in what remains, the rest of all tasks that must lie
//! in a window has to find room (the overload check of time-table edge-finding: Vilim, "Timetable edge finding filtering
//! algorithm for discrete cumulative resources", CPAIOR 2011; explained as in Schutt, Feydt, Stuckey, "Explaining
//! time-table-edge-finding propagation for the cumulative resource constraint", CPAIOR 2013). Tasks whose work pauses are
//! left aside.

use super::literal::Literal;
use super::pools::{self, Pool, User};
use super::tasks::Task;
use super::trail::Trail;

/// A task as one resource sees it.
#[derive(Clone, Copy, Debug)]
struct Work {
    earliest_start: i32,
    latest_start: i32,
    earliest_end: i32,
    latest_end: i32,
    /// Units taken for certain wherever it is certain to be at work.
    amount: i32,
    /// Work, in units times slots, that is not certain to lie at fixed times.
    movable: i64,
    /// Where its possible modes begin and end in the list of ways.
    ways: (u32, u32),
}

/// A mode as one pool sees it: units, slots, and what it takes wherever it is done.
#[derive(Clone, Copy, Debug)]
struct Way {
    amount: i32,
    duration: i32,
    extra: i64,
}

impl Way {
    #[inline]
    fn taken(self, slots: i32) -> i64 {
        i64::from(self.amount) * i64::from(slots) + self.extra
    }
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
    ways: Vec<Way>,
    ends: Vec<i32>,
    /// Units left before each slot, summed up.
    left: Vec<i64>,
    /// Tasks compared with windows so far.
    pub steps: u64,
}

impl Energy {
    /// A window of a pool that holds more work than there is room for.
    pub fn overfull(&mut self, pool: &Pool, tasks: &[Task], trail: &Trail) -> Option<Window> {
        let Energy { works, ways, ends, left, steps } = self;
        works.clear();
        ways.clear();
        let mut room = pool.allowance - pools::taken_by(&pool.bounds, |side| trail.bound(side));
        let mut last = 0;
        for user in &pool.users {
            let task = &tasks[user.task as usize];
            let first = ways.len();
            ways.extend(possible(task, user, trail));
            let of_task = &mut ways[first..];
            let extra = of_task.iter().map(|way| way.extra).min().unwrap_or(0);
            room -= extra;
            of_task.iter_mut().for_each(|way| way.extra -= extra);
            let amount = of_task.iter().map(|way| way.amount).min().unwrap_or(0);
            let work = of_task.iter().map(|way| way.taken(way.duration)).min().unwrap_or(0);
            if work == 0 || !task.is_steady() {
                ways.truncate(first);
                continue;
            }
            let Span { start, end } = Span::now(user.task, task, trail);
            let movable = work - i64::from(amount) * i64::from((end.0 - start.1).max(0));
            last = last.max(end.1);
            let ways = (first as u32, ways.len() as u32);
            works.push(Work {
                earliest_start: start.0,
                latest_start: start.1,
                earliest_end: end.0,
                latest_end: end.1,
                amount,
                movable,
                ways,
            });
        }
        if room < 0 {
            return Some(Window { from: 0, to: 0 });
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
                needed += match work.latest_end <= to {
                    true => work.movable,
                    false => work.before(to, &ways[work.ways.0 as usize..work.ways.1 as usize]),
                };
                let from = work.earliest_start;
                if needed > left[to as usize] - left[from as usize] + room {
                    return Some(Window { from, to });
                }
            }
        }
        None
    }

    /// Why a window is overfull.
    pub fn explain(&self, window: Window, pool: &Pool, tasks: &[Task], trail: &Trail, why: &mut Vec<Literal>) {
        let within = |(place, user): (usize, &User)| {
            let task = &tasks[user.task as usize];
            let span = Span::now(user.task, task, trail);
            let slots = |duration: i32| if task.is_steady() { span.within(duration, window) } else { 0 };
            let least = possible(task, user, trail).map(|way| way.taken(slots(way.duration))).min();
            (place, least.map_or(0, |least| least - user.least_extra()))
        };
        let mut works: Vec<(usize, i64)> = Vec::with_capacity(pool.users.len());
        works.extend(pool.users.iter().enumerate().map(within).filter(|&(_, work)| work > 0));
        let needed: i64 = works.iter().map(|&(_, work)| work).sum();
        let in_any_case: i64 = pool.users.iter().map(User::least_extra).sum();
        let by_bounds = pools::taken_by(&pool.bounds, |side| trail.bound(side));
        let there = pool.allowance + offered(&pool.steps, window.from, window.to);
        let mut spare = needed + in_any_case + by_bounds - there - 1;
        debug_assert!(spare >= 0, "{window:?} is not overfull");
        pools::explain_bounds(&pool.bounds, &mut spare, (trail.len() as u32, trail), why);
        // What little a task adds is left out first.
        works.sort_unstable_by_key(|&(place, work)| (work, place));
        for (place, work) in works {
            let user = &pool.users[place];
            let wanted = (work - spare).max(0);
            spare -= work - wanted;
            if wanted > 0 {
                explain_work(user, &tasks[user.task as usize], (window, wanted + user.least_extra()), trail, why);
            }
        }
    }
}

impl Work {
    /// The work that is not fixed and lies before `to`, which comes before the latest end, in whichever way is best.
    #[inline]
    fn before(&self, to: i32, ways: &[Way]) -> i64 {
        // Started as late as can be, it is before `to` from there on.
        let within = |way: &Way| {
            let latest = self.latest_start.min(self.latest_end - way.duration);
            way.taken((to - latest).clamp(0, way.duration))
        };
        let fixed = i64::from(self.amount) * i64::from((to.min(self.earliest_end) - self.latest_start).max(0));
        ways.iter().map(within).min().unwrap_or(0) - fixed
    }
}

/// Earliest and latest start and finish of a task.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: (i32, i32),
    end: (i32, i32),
}

impl Span {
    fn now(number: u32, task: &Task, trail: &Trail) -> Span {
        let start = (trail.least(number), trail.most(number));
        Span { start, end: (task.least_end(number, trail), task.most_end(number, trail)) }
    }

    /// The slots that a task of a duration spends in a window in any case.
    #[inline]
    fn within(&self, duration: i32, Window { from, to }: Window) -> i32 {
        let earliest_end = self.end.0.max(self.start.0.saturating_add(duration));
        let latest_start = self.start.1.min(self.end.1.saturating_sub(duration));
        let slots = earliest_end.saturating_sub(from).min(to.saturating_sub(latest_start));
        slots.min(duration).min(to - from).max(0)
    }
}

/// Each possible mode of a task.
fn possible<'a>(task: &'a Task, user: &'a User, trail: &'a Trail) -> impl Iterator<Item = Way> + 'a {
    let is_off = |mode: usize| matches!(task, Task::Multi(choice) if trail.is_true(choice.off(mode)));
    let modes = (0..task.modes().len()).filter(move |&mode| !is_off(mode));
    modes.map(|mode| way(task, user, mode))
}

fn way(task: &Task, user: &User, mode: usize) -> Way {
    let extra = user.extras.get(mode).copied().unwrap_or(0);
    Way { amount: user.amounts[mode], duration: task.modes()[mode].duration, extra }
}

/// Why a task takes so much of a pool, as far as it is within a window.
fn explain_work(user: &User, task: &Task, (window, wanted): (Window, i64), trail: &Trail, why: &mut Vec<Literal>) {
    let (number, Window { from, to }) = (user.task, window);
    let now = Span::now(number, task, trail);
    // Slots that a way has to spend in the window, and its duration.
    let slots = |way: Way| {
        let missing = wanted - way.extra;
        (missing > 0).then(|| (((missing - 1) / i64::from(way.amount.max(1)) + 1) as i32, way.duration))
    };
    let ways = || possible(task, user, trail).filter_map(slots);
    // Ways for which the finish says too little are spoken of by the start, and the other way around.
    let mut span = Span { start: (i32::MIN, i32::MAX), end: (i32::MIN, i32::MAX) };
    let by_start = ways().filter(|way| now.end.0 < from + way.0).map(|way| from + way.0 - way.1);
    span.start.0 = by_start.max().unwrap_or(i32::MIN);
    let by_end = ways().filter(|way| span.start.0.saturating_add(way.1) < from + way.0).map(|way| from + way.0);
    span.end.0 = by_end.max().unwrap_or(i32::MIN);
    let by_end = ways().filter(|way| now.start.1 > to - way.0).map(|way| to - way.0 + way.1);
    span.end.1 = by_end.min().unwrap_or(i32::MAX);
    let by_start = ways().filter(|way| span.end.1.saturating_sub(way.1) > to - way.0).map(|way| to - way.0);
    span.start.1 = by_start.min().unwrap_or(i32::MAX);
    let literals = [
        (span.start.0 > i32::MIN).then(|| Literal::at_least(number, span.start.0)),
        (span.end.0 > i32::MIN).then(|| task.ends_from(number, span.end.0)),
        (span.start.1 < i32::MAX).then(|| Literal::at_most(number, span.start.1)),
        (span.end.1 < i32::MAX).then(|| task.ends_by(number, span.end.1)),
    ];
    why.extend(literals.into_iter().flatten());
    if let Task::Multi(choice) = task {
        let does_less = |&mode: &usize| {
            let way = way(task, user, mode);
            way.taken(if task.is_steady() { span.within(way.duration, window) } else { 0 }) < wanted
        };
        why.extend((0..choice.modes.len()).filter(does_less).map(|mode| choice.off(mode)));
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
