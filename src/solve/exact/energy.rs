//! Windows that hold more work than a resource offers.
//!
//! What tasks certainly use at fixed times is taken off what there is; in what remains, the rest of all tasks that must lie
//! in a window has to find room, and a task that would leave none if it began at its earliest, or ended at its latest, has
//! to lie elsewhere (time-table edge-finding: Vilim, "Timetable edge finding filtering algorithm for discrete cumulative
//! resources", CPAIOR 2011; explained as in Schutt, Feydt, Stuckey, "Explaining time-table-edge-finding propagation for the
//! cumulative resource constraint", CPAIOR 2013). Tasks with a choice of modes are not moved.

use super::literal::{Literal, Side};
use super::pools::{self, Pool, User};
use super::tasks::{Mode, Task};
use super::trail::Trail;
use super::work::{Pausing, Way, Work};

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
    /// The last slot, if time has been turned round.
    turned: Option<i32>,
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
        self.sweep(tasks, false).err()
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
        self.sweep(tasks, true)?;
        self.mirror();
        let last = self.left.len() as i32 - 1;
        let forward = self.moves.len();
        self.sweep(tasks, true).map_err(|window| window.mirrored(last))?;
        for Move { literal, window } in &mut self.moves[forward..] {
            // A start seen in the mirror is a finish.
            *window = window.mirrored(last);
            let task = literal.side.variable();
            *literal = tasks[task as usize].ends_by(task, last - literal.value);
        }
        Ok(())
    }

    /// Takes in what tasks do with a pool.
    fn load(&mut self, pool: &Pool, tasks: &[Task], trail: &Trail) {
        let Energy { works, ways, left, room, turned, moves, .. } = self;
        *turned = None;
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
            if work == 0 {
                ways.truncate(first);
                continue;
            }
            let Span { start, end } = Span::now(user.task, task, trail);
            let movable = work - i64::from(amount) * i64::from(task.working_slots(start.1, end.0));
            last = last.max(end.1);
            let ways = (first as u32, ways.len() as u32);
            works.push(Work {
                task: user.task,
                is_single: task.modes().len() == 1,
                pauses: !task.is_steady(),
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
            let mut take = |from: i32, to: i32| {
                left[from as usize] -= i64::from(work.amount);
                left[to as usize] += i64::from(work.amount);
            };
            let (from, to) = (work.latest_start, work.earliest_end);
            match work.pauses {
                true => (from..to)
                    .filter(|&slot| tasks[work.task as usize].works(slot))
                    .for_each(|slot| take(slot, slot + 1)),
                false => take(from, to),
            }
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
        self.turned = Some(last);
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
    fn sweep(&mut self, tasks: &[Task], is_to_move: bool) -> Result<(), Window> {
        match self.works.iter().any(|work| work.pauses) {
            true => self.sweep_with::<true>(tasks, is_to_move),
            false => self.sweep_with::<false>(tasks, is_to_move),
        }
    }

    /// The same if any work pauses, which takes longer, or if none does.
    fn sweep_with<const PAUSES: bool>(&mut self, tasks: &[Task], is_to_move: bool) -> Result<(), Window> {
        let Energy { works, ways, ends, left, room, turned, moves, steps } = self;
        let pausing = |work: &Work| Pausing { task: &tasks[work.task as usize], turned: *turned };
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
                    let ways = &ways[work.ways.0 as usize..work.ways.1 as usize];
                    let is_steady = !(PAUSES && work.pauses);
                    let before = if is_steady { work.before(to, ways) } else { pausing(work).before(work, to, ways) };
                    needed += before;
                    if is_to_move && work.is_single {
                        let at_earliest =
                            if is_steady { work.at_earliest(to) } else { pausing(work).at_earliest(work, to) };
                        let more = at_earliest - before;
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
                {
                    let least = if PAUSES && work.pauses {
                        pausing(work).least_start(work, to, spare - more)
                    } else {
                        to - work.slots(work.at_earliest(to) + work.fixed_before(to) + spare - more)
                    };
                    let literal = Literal::at_least(work.task, least);
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
            let least = possible(task, user, now).map(|way| way.taken(span.within(way.of(task), window))).min();
            (place, least.map_or(0, |least| least - in_any_case(user, task, window)))
        };
        let mut works: Vec<(usize, i64)> = Vec::with_capacity(pool.users.len());
        works.extend(pool.users.iter().enumerate().map(within).filter(|&(_, work)| work > 0));
        let needed: i64 = works.iter().map(|&(_, work)| work).sum();
        let in_any_case = |user: &User| in_any_case(user, &tasks[user.task as usize], window);
        let always: i64 = pool.users.iter().map(in_any_case).sum();
        let by_bounds = pools::taken_by(&pool.bounds, |side| now.1.bound_before(side, now.0));
        let there = pool.allowance + offered(&pool.steps, window.from, window.to);
        let mut spare = needed + always + by_bounds - there - 1;
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
                let work = (window, wanted + in_any_case(user), assumed);
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

/// Earliest and latest start and finish of a task.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: (i32, i32),
    end: (i32, i32),
}

impl Span {
    /// Any at all.
    const ANY: Span = Span { start: (i32::MIN, i32::MAX), end: (i32::MIN, i32::MAX) };

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
        let Some(Literal { side, value }) = assumed else { return self };
        let narrow = |(least, most): &mut (i32, i32)| match side.is_lower() {
            true => *least = (*least).max(value),
            false => *most = (*most).min(-value),
        };
        match task {
            Task::Single(mode) if side.variable() == number => {
                narrow(&mut self.start);
                self.end = (self.start.0 + mode.duration, self.start.1 + mode.duration);
            }
            Task::Multi(_) if side.variable() == number => narrow(&mut self.start),
            Task::Multi(choice) if side.variable() == choice.finish => narrow(&mut self.end),
            _ => {}
        }
        self
    }

    /// The slots that a task works in a mode within a window in any case.
    #[inline]
    fn within(&self, mode: &Mode, Window { from, to }: Window) -> i32 {
        let Span { start, end } = self.counted(mode);
        let [from, to] = [from, to].map(|slot| mode.working_before(slot));
        let earliest_end = end.0.max(start.0.saturating_add(mode.duration));
        let latest_start = start.1.min(end.1.saturating_sub(mode.duration));
        let slots = earliest_end.saturating_sub(from).min(to.saturating_sub(latest_start));
        slots.min(mode.duration).min(to - from).max(0)
    }

    /// The same in slots in which a mode works.
    #[inline]
    fn counted(&self, mode: &Mode) -> Span {
        let count = |(least, most)| (mode.working_before(least), mode.working_before(most));
        Span { start: count(self.start), end: count(self.end) }
    }
}

/// Each mode of a task that was possible before an entry.
fn possible<'a>(task: &'a Task, user: &'a User, now: (u32, &'a Trail)) -> impl Iterator<Item = Way> + 'a {
    let is_off = move |mode: usize| matches!(task, Task::Multi(choice) if choice.was_off(mode, now.0, now.1));
    let modes = (0..task.modes().len()).filter(move |&mode| !is_off(mode));
    modes.map(|mode| way(task, user, mode))
}

/// What a task takes of a pool within a window whatever becomes of it. (Where work pauses, the first slots and the last ones
/// hold what has to be done in them, for there are no others.)
fn in_any_case(user: &User, task: &Task, window: Window) -> i64 {
    let of_mode = |mode: usize| way(task, user, mode).taken(Span::ANY.within(&task.modes()[mode], window));
    match task.is_steady() {
        true => user.least_extra(),
        false => (0..task.modes().len()).map(of_mode).min().unwrap_or(0),
    }
}

fn way(task: &Task, user: &User, mode: usize) -> Way {
    let extra = user.extras.get(mode).copied().unwrap_or(0);
    Way { mode: mode as u32, amount: user.amounts[mode], duration: task.modes()[mode].duration, extra }
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
    // The mode of a way, and in its working slots: where the slots end that it has to spend in the window if it has come
    // before it, and where they begin if it goes on behind it.
    let asked = |way: Way| {
        let (missing, mode) = (wanted - way.extra, way.of(task));
        let slots = ((missing - 1) / i64::from(way.amount.max(1)) + 1) as i32;
        (missing > 0).then(|| (mode, mode.working_before(from) + slots, mode.working_before(to) - slots))
    };
    let ways = || possible(task, user, before).filter_map(asked);
    // Ways for which the finish says too little are spoken of by the start, and the other way around.
    let mut span = Span::ANY;
    let by_start = ways().filter(|&(mode, end, _)| now.counted(mode).end.0 < end);
    let by_start = by_start.map(|(mode, end, _)| mode.first_with(end - mode.duration));
    span.start.0 = by_start.max().unwrap_or(i32::MIN);
    let by_end = ways().filter(|&(mode, end, _)| span.counted(mode).start.0.saturating_add(mode.duration) < end);
    span.end.0 = by_end.map(|(mode, end, _)| mode.first_with(end)).max().unwrap_or(i32::MIN);
    let by_end = ways().filter(|&(mode, _, start)| now.counted(mode).start.1 > start);
    let by_end = by_end.map(|(mode, _, start)| mode.last_with(start + mode.duration));
    span.end.1 = by_end.min().unwrap_or(i32::MAX);
    let by_start = ways().filter(|&(mode, _, start)| span.counted(mode).end.1.saturating_sub(mode.duration) > start);
    span.start.1 = by_start.map(|(mode, _, start)| mode.last_with(start)).min().unwrap_or(i32::MAX);
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
            way.taken(span.within(way.of(task), window)) < wanted
        };
        why.extend((0..choice.modes.len()).filter(does_less).map(|mode| choice.off(mode)));
    }
}

/// Units offered in a window, summed up over its slots.
pub fn offered(steps: &[(i32, i32)], from: i32, to: i32) -> i64 {
    let ends = steps.iter().skip(1).map(|step| step.0).chain(std::iter::once(i32::MAX));
    let in_step = |(&(begin, units), end): (&(i32, i32), i32)| {
        i64::from(units) * i64::from((end.min(to) - begin.max(from)).max(0))
    };
    steps.iter().zip(ends).map(in_step).sum()
}
