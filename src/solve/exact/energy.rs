//! Windows that hold more work than a resource offers.
//!
//! What tasks certainly use at fixed times is taken off what there is; in what remains, the rest of all tasks that must lie
//! in a window has to find room, and a task that would leave none if it began at its earliest, or ended at its latest, has
//! to lie elsewhere (time-table edge-finding: Vilim, "Timetable edge finding filtering algorithm for discrete cumulative
//! resources", CPAIOR 2011; explained as in Schutt, Feydt, Stuckey, "Explaining time-table-edge-finding propagation for the
//! cumulative resource constraint", CPAIOR 2013). Tasks whose work pauses are left aside, and those with a choice of modes
//! are not moved.

use super::literal::{Literal, Side};
use super::pools::{self, Pool, User};
use super::tasks::Task;
use super::trail::Trail;

/// A task as one resource sees it.
#[derive(Clone, Copy, Debug)]
struct Work {
    /// The task, if it has a single mode.
    task: Option<u32>,
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

/// A start that a window leaves no room before, or behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// What the start has to be.
    pub literal: Literal,
    /// The window.
    pub window: Window,
}

/// Looks for overfull windows.
#[derive(Clone, Debug, Default)]
pub struct Energy {
    works: Vec<Work>,
    ways: Vec<Way>,
    ends: Vec<i32>,
    /// Units left before each slot, summed up.
    left: Vec<i64>,
    /// Units left in every window beside that.
    room: i64,
    /// Starts that the windows looked at last leave no room for.
    pub moves: Vec<Move>,
    /// Tasks compared with windows so far.
    pub steps: u64,
}

impl Energy {
    /// A window of a pool that holds more work than there is room for.
    pub fn overfull(&mut self, pool: &Pool, tasks: &[Task], trail: &Trail) -> Option<Window> {
        self.load(pool, tasks, trail);
        if self.room < 0 {
            return Some(Window { from: 0, to: 0 });
        }
        self.sweep(false).err()
    }

    /// Finds the starts that windows of a pool leave no room for.
    ///
    /// # Errors
    /// A window that holds more work than there is room for.
    pub fn find_moves(&mut self, pool: &Pool, tasks: &[Task], trail: &Trail) -> Result<(), Window> {
        self.load(pool, tasks, trail);
        if self.room < 0 {
            return Err(Window { from: 0, to: 0 });
        }
        self.sweep(true)?;
        self.mirror();
        let last = self.left.len() as i32 - 1;
        let forward = self.moves.len();
        self.sweep(true).map_err(|window| window.mirrored(last))?;
        for Move { literal, window } in &mut self.moves[forward..] {
            // A start seen in the mirror is a finish.
            *window = window.mirrored(last);
            let duration = tasks[literal.side.variable() as usize].least_duration();
            *literal = Literal::at_most(literal.side.variable(), last - literal.value - duration);
        }
        Ok(())
    }

    /// Takes in what tasks do with a pool.
    fn load(&mut self, pool: &Pool, tasks: &[Task], trail: &Trail) {
        let Energy { works, ways, left, room, moves, .. } = self;
        moves.clear();
        works.clear();
        ways.clear();
        *room = pool.allowance - pools::taken_by(&pool.bounds, |side| trail.bound(side));
        let mut last = 0;
        let now = (trail.len() as u32, trail);
        for user in &pool.users {
            let task = &tasks[user.task as usize];
            let first = ways.len();
            ways.extend(possible(task, user, now));
            let of_task = &mut ways[first..];
            let extra = of_task.iter().map(|way| way.extra).min().unwrap_or(0);
            *room -= extra;
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
                task: matches!(task, Task::Single(_)).then_some(user.task),
                earliest_start: start.0,
                latest_start: start.1,
                earliest_end: end.0,
                latest_end: end.1,
                amount,
                movable,
                ways,
            });
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
    }

    /// Turns time round.
    fn mirror(&mut self) {
        let last = self.left.len() as i32 - 1;
        for work in &mut self.works {
            (work.earliest_start, work.latest_end) = (last - work.latest_end, last - work.earliest_start);
            (work.latest_start, work.earliest_end) = (last - work.earliest_end, last - work.latest_start);
        }
        let all = self.left[last as usize];
        self.left.reverse();
        self.left.iter_mut().for_each(|left| *left = all - *left);
    }

    /// Compares the work in windows with the room in them; if asked to, finds the starts that there is no room for.
    ///
    /// # Errors
    /// A window that holds more work than there is room for.
    fn sweep(&mut self, is_to_move: bool) -> Result<(), Window> {
        let Energy { works, ways, ends, left, room, moves, steps } = self;
        works.sort_unstable_by_key(|work| std::cmp::Reverse(work.earliest_start));
        ends.clear();
        ends.extend(works.iter().map(|work| work.latest_end));
        ends.sort_unstable();
        ends.dedup();
        let known = moves.len();
        for &to in ends.iter() {
            let mut needed = 0;
            // The task that adds most if it begins at its earliest, and how much.
            let mut most: (i64, Option<&Work>) = (0, None);
            *steps += works.len() as u64;
            for work in works.iter() {
                if work.earliest_start >= to {
                    continue;
                }
                if work.latest_end <= to {
                    needed += work.movable;
                } else {
                    let before = work.before(to, &ways[work.ways.0 as usize..work.ways.1 as usize]);
                    needed += before;
                    if is_to_move && work.task.is_some() {
                        let more = work.at_earliest(to) - before;
                        most = if more > most.0 { (more, Some(work)) } else { most };
                    }
                }
                let from = work.earliest_start;
                let spare = left[to as usize] - left[from as usize] + *room - needed;
                if spare < 0 {
                    return Err(Window { from, to });
                }
                if let (more, Some(work)) = most
                    && more > spare
                    && let Some(task) = work.task
                {
                    let may = (work.at_earliest(to) - more + spare + work.fixed_before(to)) / i64::from(work.amount);
                    let literal = Literal::at_least(task, to - may as i32);
                    let window = Window { from, to };
                    match moves[known..].iter_mut().find(|other| other.literal.side == literal.side) {
                        Some(other) if other.literal.value < literal.value => *other = Move { literal, window },
                        Some(_) => {}
                        None => moves.push(Move { literal, window }),
                    }
                }
            }
        }
        Ok(())
    }

    /// Why a window was overfull before an entry, or would have been with a literal that is assumed.
    pub fn explain(
        &self,
        (window, assumed): (Window, Option<Literal>),
        pool: &Pool,
        tasks: &[Task],
        now: (u32, &Trail),
        why: &mut Vec<Literal>,
    ) {
        let within = |(place, user): (usize, &User)| {
            let task = &tasks[user.task as usize];
            let span = Span::before(user.task, task, now).with(user.task, task, assumed);
            let slots = |duration: i32| if task.is_steady() { span.within(duration, window) } else { 0 };
            let least = possible(task, user, now).map(|way| way.taken(slots(way.duration))).min();
            (place, least.map_or(0, |least| least - user.least_extra()))
        };
        let mut works: Vec<(usize, i64)> = Vec::with_capacity(pool.users.len());
        works.extend(pool.users.iter().enumerate().map(within).filter(|&(_, work)| work > 0));
        let needed: i64 = works.iter().map(|&(_, work)| work).sum();
        let in_any_case: i64 = pool.users.iter().map(User::least_extra).sum();
        let by_bounds = pools::taken_by(&pool.bounds, |side| now.1.bound_before(side, now.0));
        let there = pool.allowance + offered(&pool.steps, window.from, window.to);
        let mut spare = needed + in_any_case + by_bounds - there - 1;
        debug_assert!(spare >= 0, "{window:?} is not overfull");
        pools::explain_bounds(&pool.bounds, &mut spare, now, why);
        why.extend(pool.condition);
        // What little a task adds is left out first.
        works.sort_unstable_by_key(|&(place, work)| (work, place));
        for (place, work) in works {
            let user = &pool.users[place];
            let wanted = (work - spare).max(0);
            spare -= work - wanted;
            if wanted > 0 {
                let work = (window, wanted + user.least_extra(), assumed);
                explain_work(user, &tasks[user.task as usize], work, now, why);
            }
        }
    }
}

impl Window {
    fn mirrored(self, last: i32) -> Window {
        Window { from: last - self.to, to: last - self.from }
    }
}

impl Work {
    /// The work that is fixed and lies before `to`.
    #[inline]
    fn fixed_before(&self, to: i32) -> i64 {
        i64::from(self.amount) * i64::from((to.min(self.earliest_end) - self.latest_start).max(0))
    }

    /// The work that is not fixed and lies before `to`, if it is done as early as can be.
    #[inline]
    fn at_earliest(&self, to: i32) -> i64 {
        i64::from(self.amount) * i64::from(to.min(self.earliest_end) - self.earliest_start) - self.fixed_before(to)
    }

    /// The work that is not fixed and lies before `to`, which comes before the latest end, in whichever way is best.
    #[inline]
    fn before(&self, to: i32, ways: &[Way]) -> i64 {
        // Started as late as can be, it is before `to` from there on.
        let within = |way: &Way| {
            let latest = self.latest_start.min(self.latest_end - way.duration);
            way.taken((to - latest).clamp(0, way.duration))
        };
        ways.iter().map(within).min().unwrap_or(0) - self.fixed_before(to)
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

    /// What it was before an entry.
    fn before(number: u32, task: &Task, (place, trail): (u32, &Trail)) -> Span {
        let least = |variable| trail.bound_before(Side::lower(variable), place);
        let most = |variable| -trail.bound_before(Side::upper(variable), place);
        let start = (least(number), most(number));
        let end = match task {
            Task::Single(mode) => (start.0 + mode.duration, start.1 + mode.duration),
            Task::Multi(choice) => (least(choice.finish), most(choice.finish)),
        };
        Span { start, end }
    }

    /// What it is with a literal about the start that is assumed.
    fn with(mut self, number: u32, task: &Task, assumed: Option<Literal>) -> Span {
        if let (Some(Literal { side, value }), Task::Single(mode)) = (assumed, task)
            && side.variable() == number
        {
            match side.is_lower() {
                true => self.start.0 = self.start.0.max(value),
                false => self.start.1 = self.start.1.min(-value),
            }
            self.end = (self.start.0 + mode.duration, self.start.1 + mode.duration);
        }
        self
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

/// Each mode of a task that was possible before an entry.
fn possible<'a>(task: &'a Task, user: &'a User, now: (u32, &'a Trail)) -> impl Iterator<Item = Way> + 'a {
    let is_off = move |mode: usize| matches!(task, Task::Multi(choice) if choice.was_off(mode, now.0, now.1));
    let modes = (0..task.modes().len()).filter(move |&mode| !is_off(mode));
    modes.map(|mode| way(task, user, mode))
}

fn way(task: &Task, user: &User, mode: usize) -> Way {
    let extra = user.extras.get(mode).copied().unwrap_or(0);
    Way { amount: user.amounts[mode], duration: task.modes()[mode].duration, extra }
}

/// Why a task takes so much of a pool, as far as it is within a window, beside what is assumed.
fn explain_work(
    user: &User,
    task: &Task,
    (window, wanted, assumed): (Window, i64, Option<Literal>),
    before: (u32, &Trail),
    why: &mut Vec<Literal>,
) {
    let (number, Window { from, to }) = (user.task, window);
    let now = Span::before(number, task, before).with(number, task, assumed);
    // Slots that a way has to spend in the window, and its duration.
    let slots = |way: Way| {
        let missing = wanted - way.extra;
        (missing > 0).then(|| (((missing - 1) / i64::from(way.amount.max(1)) + 1) as i32, way.duration))
    };
    let ways = || possible(task, user, before).filter_map(slots);
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
    let is_assumed = |literal: &Literal| assumed.is_some_and(|assumed| assumed.side == literal.side);
    why.extend(literals.into_iter().flatten().filter(|literal| !is_assumed(literal)));
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
