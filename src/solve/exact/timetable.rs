//! The time-table of what is certainly in use, and what follows from it.
//!
//! A task is certainly at work between its latest start and its earliest finish. What that leaves of all resources is kept
//! for each slot in one word, raised and lowered with the bounds, so that a task is compared with a slot in one
//! subtraction. Explanations name one slot: the tasks that are certainly at work there (pointwise explanations of Schutt,
//! Feydt, Stuckey, Wallace, "Explaining the cumulative propagator", Constraints 16 (2011), section 4.2).

use super::literal::{Literal, Side};
use super::tasks::{Choice, Mode, Need, Task};
use super::trail::{Reason, Trail};
use crate::solve::sgs::Word;

/// Units of a resource from each slot on, the first from slot 0.
pub type Steps = Vec<(i32, i32)>;

/// What is known of a task.
#[derive(Clone, Copy, Debug)]
struct Part<W> {
    /// The slots in which it is certainly at work, as far as `free` knows: from, to (not included).
    from: i32,
    to: i32,
    /// What it uses in them.
    request: W,
}

/// A task as the time-table sees it: what it needs at least, for so many slots at least.
#[derive(Clone, Copy, Debug)]
struct Shape<W> {
    duration: i32,
    request: W,
}

/// The time-table.
#[derive(Clone, Debug)]
pub struct Timetable<W> {
    shapes: Vec<Shape<W>>,
    /// True for tasks whose work pauses.
    pauses: Vec<bool>,
    /// What each task needs in each of its modes, if it has a choice.
    requests: Vec<Vec<W>>,
    /// Tasks that take part.
    active: Vec<u32>,
    /// Users of each resource, the greatest need first.
    users: Vec<Vec<u32>>,
    capacities: Vec<Steps>,
    /// What is left of each slot, guards set unless it is less than nothing.
    free: Vec<W>,
    parts: Vec<Part<W>>,
    /// Slots that have changed since tasks were last compared with them: from, to.
    changed: (i32, i32),
    /// Tasks whose bounds have changed since.
    moved: Vec<bool>,
}

const NOTHING: (i32, i32) = (i32::MAX, i32::MIN);

/// A literal that must hold, and cannot, and the slot that it follows from.
type Clash = (Literal, i32);

impl<W: Word> Timetable<W> {
    /// # Arguments
    /// Tasks, units of each resource, and the number of slots that there are.
    pub fn new(tasks: &[Task], capacities: &[Steps], slots: usize) -> Timetable<W> {
        let word = |needs: &[Need]| {
            needs.iter().fold(W::default(), |word, need| word.plus(W::lane(need.amount, need.resource as usize)))
        };
        let requests: Vec<Vec<W>> =
            tasks.iter().map(|task| task.modes().iter().map(|mode| word(&mode.needs)).collect()).collect();
        let shape = |(task, requests): (&Task, &Vec<W>)| Shape {
            duration: task.least_duration(),
            request: requests.iter().copied().reduce(least).unwrap_or_default(),
        };
        let most = |task: u32, resource: u32| {
            tasks[task as usize].modes().iter().map(|mode| mode.amount(resource)).max().unwrap_or(0)
        };
        let users = |resource: u32| {
            let mut users: Vec<u32> = (0..tasks.len() as u32).filter(|&task| most(task, resource) > 0).collect();
            users.sort_by_key(|&task| -most(task, resource));
            users
        };
        let is_active = |task: &&u32| {
            let modes = tasks[**task as usize].modes();
            modes.iter().any(|mode| mode.duration > 0 && !mode.needs.is_empty())
        };
        let mut free = vec![W::GUARDS; slots];
        for (resource, steps) in capacities.iter().enumerate() {
            for (place, &(from, amount)) in steps.iter().enumerate() {
                let to = steps.get(place + 1).map_or(slots, |next| (next.0 as usize).min(slots));
                let units = W::lane(amount, resource);
                free[(from as usize).min(to)..to].iter_mut().for_each(|word| *word = word.plus(units));
            }
        }
        Timetable {
            shapes: tasks.iter().zip(&requests).map(shape).collect(),
            pauses: tasks.iter().map(|task| !task.is_steady()).collect(),
            requests,
            active: (0..tasks.len() as u32).collect::<Vec<_>>().iter().filter(is_active).copied().collect(),
            users: (0..capacities.len() as u32).map(users).collect(),
            capacities: capacities.to_vec(),
            free,
            parts: vec![Part { from: 0, to: 0, request: W::default() }; tasks.len()],
            changed: (0, slots as i32),
            moved: vec![true; tasks.len()],
        }
    }

    /// Number of resources.
    fn resources(&self) -> u32 {
        self.capacities.len() as u32
    }

    fn capacity(&self, resource: u32, slot: i32) -> i32 {
        let steps = &self.capacities[resource as usize];
        steps[steps.partition_point(|step| step.0 <= slot).saturating_sub(1)].1
    }

    /// Takes in that something about a task has become narrower.
    ///
    /// # Errors
    /// A slot in which more is certainly in use than there is.
    #[inline]
    pub fn grow(&mut self, number: u32, task: &Task, trail: &Trail) -> Result<(), i32> {
        let at = number as usize;
        self.moved[at] = true;
        if let Task::Multi(choice) = task
            && !self.reshape(at, choice, trail)
        {
            return Ok(());
        }
        let (from, to) = (trail.most(number), task.least_end(number, trail));
        if from >= to {
            return Ok(());
        }
        let old = self.parts[at];
        let request = self.shapes[at].request;
        let (old_from, old_to) = if old.from < old.to { (old.from, old.to) } else { (to, to) };
        self.parts[at] = Part { from, to, request };
        let mut result = Ok(());
        let pauses = self.pauses[at];
        for slot in (from..old_from).chain(old_to..to) {
            if pauses && !task.works(slot) {
                continue;
            }
            let word = &mut self.free[slot as usize];
            *word = word.minus(request);
            if !word.covers(W::default()) {
                result = Err(slot);
            }
        }
        if old.from < old.to && old.request != request {
            for slot in old_from..old_to {
                if pauses && !task.works(slot) {
                    continue;
                }
                let word = &mut self.free[slot as usize];
                *word = word.plus(old.request).minus(request);
                if !word.covers(W::default()) {
                    result = Err(slot);
                }
            }
            self.change(from, to);
        }
        if from < old_from {
            self.change(from, old_from);
        }
        if old_to < to {
            self.change(old_to, to);
        }
        result
    }

    fn change(&mut self, from: i32, to: i32) {
        self.changed = (self.changed.0.min(from), self.changed.1.max(to));
    }

    /// Finds out what a task needs at least in the modes left to it; false if none is left.
    fn reshape(&mut self, at: usize, choice: &Choice, trail: &Trail) -> bool {
        let shapes = choice
            .possible(trail)
            .map(|(mode, way)| Shape { duration: way.duration, request: self.requests[at][mode] });
        let both = |one: Shape<W>, other: Shape<W>| Shape {
            duration: one.duration.min(other.duration),
            request: least(one.request, other.request),
        };
        match shapes.reduce(both) {
            Some(shape) => {
                self.shapes[at] = shape;
                true
            }
            None => false,
        }
    }

    /// Takes in that something about a task has become wider again.
    #[inline]
    pub fn shrink(&mut self, number: u32, task: &Task, trail: &Trail) {
        let at = number as usize;
        if let Task::Multi(choice) = task {
            self.reshape(at, choice, trail);
        }
        let old = self.parts[at];
        if old.from >= old.to {
            return;
        }
        let (from, to) = (trail.most(number).max(old.from), task.least_end(number, trail).min(old.to));
        let (from, to) = if from < to { (from, to) } else { (old.to, old.to) };
        let pauses = self.pauses[at];
        for slot in (old.from..from).chain(to..old.to) {
            if pauses && !task.works(slot) {
                continue;
            }
            let word = &mut self.free[slot as usize];
            *word = word.plus(old.request);
        }
        let request = self.shapes[at].request;
        if request != old.request {
            for slot in from..to {
                if pauses && !task.works(slot) {
                    continue;
                }
                let word = &mut self.free[slot as usize];
                *word = word.plus(old.request).minus(request);
            }
        }
        self.parts[at] = Part { from, to, request };
    }

    /// Moves starts out of slots that leave no room for their tasks, and rules out modes that need more than is left where
    /// their tasks certainly are.
    ///
    /// # Errors
    /// A literal that follows from a slot, and cannot be true.
    pub fn filter(&mut self, tasks: &[Task], trail: &mut Trail) -> Result<(), Clash> {
        let (from, to) = std::mem::replace(&mut self.changed, NOTHING);
        for place in 0..self.active.len() {
            let number = self.active[place];
            let at = number as usize;
            let duration = self.shapes[at].duration;
            let moved = std::mem::replace(&mut self.moved[at], false);
            let (least, most) = (trail.least(number), trail.most(number));
            if let Task::Multi(choice) = &tasks[at] {
                let reach = choice.possible(trail).map(|(_, way)| way.end(least)).max().unwrap_or(least);
                if moved || (most < to && from < reach) {
                    self.rule_out(number, &tasks[at], choice, trail)?;
                    // Nothing is left to it, which is a conflict of its choice.
                    if choice.possible(trail).next().is_none() {
                        continue;
                    }
                }
                if self.pauses[at] {
                    self.filter_pausing(number, &tasks[at], choice, trail)?;
                    continue;
                }
            }
            if least == most {
                continue;
            }
            if moved || (least < to && from < least + duration) {
                let mut least = least;
                while let Some(slot) = self.full(at, least, least + duration, true) {
                    least = slot + 1;
                    let literal = Literal::at_least(number, least);
                    if least > most {
                        return Err((literal, slot));
                    }
                    trail.raise(literal, Reason::Slot(slot));
                }
            }
            let least = trail.least(number);
            if moved || (most < to && from < most + duration) {
                let mut most = most;
                while let Some(slot) = self.full(at, most, most + duration, false) {
                    most = slot - duration;
                    let literal = Literal::at_most(number, most);
                    if most < least {
                        return Err((literal, slot));
                    }
                    trail.raise(literal, Reason::Slot(slot));
                }
            }
        }
        Ok(())
    }

    /// Moves starts of a task whose work pauses.
    fn filter_pausing(&self, number: u32, task: &Task, choice: &Choice, trail: &mut Trail) -> Result<(), Clash> {
        let at = number as usize;
        let end =
            |start: i32, trail: &Trail| choice.possible(trail).map(|(_, way)| way.end(start)).min().unwrap_or(start);
        let full = |from: i32, to: i32, last: bool| {
            let is_full = |&slot: &i32| task.works(slot) && self.is_full(at, slot);
            if last { (from..to).rev().find(is_full) } else { (from..to).find(is_full) }
        };
        let (mut least, most) = (trail.least(number), trail.most(number));
        while let Some(slot) = full(least, end(least, trail), true) {
            least = slot + 1;
            let literal = Literal::at_least(number, least);
            if least > most {
                return Err((literal, slot));
            }
            trail.raise(literal, Reason::Slot(slot));
        }
        let mut most = most;
        while let Some(slot) = full(most, end(most, trail), false) {
            most = choice.possible(trail).map(|(_, way)| way.last_for(slot)).max().unwrap_or(most);
            let literal = Literal::at_most(number, most);
            if most < least {
                return Err((literal, slot));
            }
            if trail.is_true(literal) {
                break;
            }
            trail.raise(literal, Reason::Slot(slot));
        }
        Ok(())
    }

    /// Rules out the modes of a task that need more than is left in a slot in which it certainly is, in that mode.
    fn rule_out(&self, number: u32, task: &Task, choice: &Choice, trail: &mut Trail) -> Result<(), Clash> {
        let part = self.parts[number as usize];
        for mode in 0..choice.modes.len() {
            let off = choice.off(mode);
            let request = self.requests[number as usize][mode];
            if trail.is_true(off) {
                continue;
            }
            let is_full = |&slot: &i32| {
                let word = self.free[slot as usize];
                let is_own = part.from <= slot && slot < part.to && task.works(slot);
                let own = if is_own { word.plus(part.request) } else { word };
                !own.covers(request)
            };
            let way = &choice.modes[mode];
            let mut slots = (trail.most(number)..way.end(trail.least(number))).filter(|&slot| way.works(slot));
            if let Some(slot) = slots.find(is_full) {
                if trail.is_false(off) {
                    return Err((off, slot));
                }
                trail.raise(off, Reason::Slot(slot));
            }
        }
        Ok(())
    }

    /// True if a slot has no room for a task.
    #[inline]
    fn is_full(&self, task: usize, slot: i32) -> bool {
        let part = self.parts[task];
        !(self.free[slot as usize].covers(self.shapes[task].request) || part.from <= slot && slot < part.to)
    }

    /// The last, or the first, slot of a stretch that has no room for a task.
    #[inline]
    fn full(&self, task: usize, from: i32, to: i32, last: bool) -> Option<i32> {
        let is_full = |&slot: &i32| self.is_full(task, slot);
        if last { (from..to).rev().find(is_full) } else { (from..to).find(is_full) }
    }

    /// Why a literal about a task follows from a slot being full, as it was before entry `place`.
    pub fn explain(
        &self,
        tasks: &[Task],
        (number, slot): (u32, i32),
        literal: Literal,
        (place, trail): (u32, &Trail),
        why: &mut Vec<Literal>,
    ) {
        let now = (place, trail);
        let (task, is_lower) = (&tasks[number as usize], literal.side.is_lower());
        if let Task::Multi(choice) = task
            && literal.side.variable() != number
        {
            let way = &choice.modes[(literal.side.variable() - choice.finish - 1) as usize];
            why.extend([Literal::at_most(number, slot), Literal::at_least(number, way.first_for(slot + 1))]);
            let full = way.needs.iter().any(|need| {
                let room = self.capacity(need.resource, slot) - need.amount;
                self.explain_use(tasks, (need.resource, slot, room, Some(number)), now, why).is_some()
            });
            debug_assert!(full, "slot {slot} has room for a mode of task {number}");
            return;
        }
        // The modes that are left last long enough to reach over the slot, or to bring the start before it.
        let start = match task {
            Task::Single(mode) => mode.first_for(slot + 1),
            Task::Multi(choice) => {
                let possible = choice.modes.iter().enumerate().filter(|&(mode, _)| !choice.was_off(mode, place, trail));
                let asked = possible.map(|(_, way)| way.first_for(slot + 1)).max().unwrap_or(i32::MIN);
                asked.max(trail.bound_before(Side::lower(number), place.min(trail.len_given())))
            }
        };
        why.push(if is_lower { Literal::at_least(number, start) } else { Literal::at_most(number, slot) });
        let used = (0..self.resources()).find_map(|resource| {
            let needs = Some(amount(task, resource, now)).filter(|&needs| needs > 0)?;
            let room = self.capacity(resource, slot) - needs;
            Some((resource, self.explain_use(tasks, (resource, slot, room, Some(number)), now, why)?))
        });
        debug_assert!(used.is_some(), "slot {slot} has room for task {number}");
        if let (Task::Multi(choice), Some((resource, used))) = (task, used) {
            let room = self.capacity(resource, slot) - used;
            let is_short = |way: &Mode| match is_lower {
                true => way.first_for(slot + 1) > start,
                false => way.last_for(slot) > -literal.value,
            };
            let modes = choice.modes.iter().enumerate();
            let out = modes.filter(|(_, way)| is_short(way) || way.amount(resource) <= room);
            why.extend(out.map(|(mode, _)| choice.off(mode)));
        }
    }

    /// Why a slot is overfull.
    pub fn explain_overload(&self, tasks: &[Task], slot: i32, trail: &Trail, why: &mut Vec<Literal>) {
        let now = (trail.len() as u32, trail);
        let full = (0..self.capacities.len() as u32).any(|resource| {
            self.explain_use(tasks, (resource, slot, self.capacity(resource, slot), None), now, why).is_some()
        });
        debug_assert!(full, "slot {slot} is not overfull");
    }

    /// Literals by which more than `room` units of a resource are in use in a slot by others than `except`, and how many
    /// are, if that is so: what is too much is left out of the smallest needs first, but for what is given.
    fn explain_use(
        &self,
        tasks: &[Task],
        (resource, slot, room, except): (u32, i32, i32, Option<u32>),
        (place, trail): (u32, &Trail),
        why: &mut Vec<Literal>,
    ) -> Option<i32> {
        let uses = |number: u32, place: u32| {
            let task = &tasks[number as usize];
            let was_true = |literal: Literal| trail.bound_before(literal.side, place) >= literal.value;
            let is_there = was_true(Literal::at_most(number, slot)) && was_true(task.ends_from(number, slot + 1));
            if is_there { amount(task, resource, (place, trail)) } else { 0 }
        };
        // Whoever was there still is, or there would be nothing to explain.
        let is_user = |&number: &u32| {
            let part = self.parts[number as usize];
            part.from <= slot && slot < part.to && Some(number) != except && tasks[number as usize].works(slot)
        };
        let users = || self.users[resource as usize].iter().copied().filter(is_user);
        let mut used: i32 = users().map(|number| uses(number, place)).sum();
        if used <= room {
            return None;
        }
        let given = place.min(trail.len_given());
        for number in users().rev() {
            let needs = uses(number, place);
            if needs == 0 {
                continue;
            }
            let least = (needs - (used - room - 1)).max(uses(number, given));
            let task = &tasks[number as usize];
            let enough = match task {
                Task::Single(_) if least > 0 => needs,
                Task::Multi(choice) if least > 0 => {
                    let possible =
                        choice.modes.iter().enumerate().filter(|&(mode, _)| !choice.was_off(mode, given, trail));
                    let amounts = possible.map(|(_, way)| way.amount(resource));
                    amounts.filter(|&amount| amount >= least).min().unwrap_or(needs)
                }
                _ => 0,
            };
            used -= needs - enough;
            if enough > 0 {
                why.extend([Literal::at_most(number, slot), task.ends_from(number, slot + 1)]);
            }
            if let Task::Multi(choice) = task {
                let less = choice.modes.iter().enumerate().filter(|(_, way)| way.amount(resource) < enough);
                why.extend(less.map(|(mode, _)| choice.off(mode)));
            }
        }
        Some(used)
    }
}

/// Units that a task needed at least before an entry.
fn amount(task: &Task, resource: u32, (place, trail): (u32, &Trail)) -> i32 {
    match task {
        Task::Single(mode) => mode.amount(resource),
        Task::Multi(choice) => {
            let possible = choice.modes.iter().enumerate().filter(|&(mode, _)| !choice.was_off(mode, place, trail));
            // Where no mode is left, which is a conflict yet to be found, nothing is too much to say.
            let all = choice.modes.iter().map(|way| way.amount(resource));
            possible.map(|(_, way)| way.amount(resource)).min().or(all.max()).unwrap_or(0)
        }
    }
}

/// Lane-wise minimum.
fn least<W: Word>(one: W, other: W) -> W {
    let most = one.plus(W::GUARDS).or_more(other.plus(W::GUARDS)).minus(W::GUARDS);
    one.plus(other).minus(most)
}
