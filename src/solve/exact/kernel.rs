//! The kernel: propagation to a fixed point, learning from conflicts, search.
//!
//! Learning is first-UIP (Marques-Silva, Sakallah, "GRASP", 1999) on bounds: an entry of the trail is needed up to a
//! value, which may be less than what it raised its side to, and reasons are asked for that value alone, when they are
//! needed.

use fixedbitset::FixedBitSet;

use super::branching::Branching;
use super::choices;
use super::energy::Energy;
use super::literal::{Literal, Side};
use super::nogoods::{Nogoods, Visit};
use super::pools::{self, Pool};
use super::precedence::{Distance, Precedence};
use super::rivals::Rivals;
use super::tasks::Task;
use super::timetable::{Steps, Timetable};
use super::totals::Totals;
use super::trail::{Reason, Trail};
use crate::solve::sgs::Word;

/// What is to be decided: the starts of tasks, then the makespan, then what else tasks with a choice have.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The tasks.
    pub tasks: Vec<Task>,
    /// Units of each resource.
    pub capacities: Vec<Steps>,
    /// What there is of each total.
    pub totals: Vec<i64>,
    /// The window of each variable.
    pub windows: Vec<(i32, i32)>,
    /// Least distances between variables.
    pub distances: Vec<Distance>,
}

/// What a stretch of search ended with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// A schedule: the value of each variable.
    Found(Vec<i32>),
    /// There is none within the windows.
    Exhausted,
    /// The conflicts allowed are used up.
    Stopped,
}

/// The kernel.
#[derive(Clone, Debug)]
pub struct Kernel<W> {
    trail: Trail,
    nogoods: Nogoods,
    tasks: Vec<Task>,
    /// The task of each variable, if it has one.
    owners: Vec<u32>,
    precedence: Precedence,
    totals: Totals,
    timetable: Timetable<W>,
    rivals: Rivals,
    energy: Energy,
    pools: Vec<Pool>,
    derived_pools: Vec<Pool>,
    branching: Branching,
    makespan: u32,
    /// Entries of the trail whose consequences have been drawn.
    settled: usize,
    /// Value of each side up to which that has been done.
    seen: Vec<i32>,
    /// Tasks that have become narrower since they were last compared with their rivals.
    waiting: Vec<u32>,
    is_waiting: Vec<bool>,
    /// Literals that cannot hold together, and do.
    conflict: Vec<Literal>,
    analysis: Analysis,
    is_exhausted: bool,
    /// Conflicts met so far.
    pub conflicts: u64,
    restart_after: u64,
    reduce_after: u64,
    reductions: u64,
    restarts: u64,
    /// True if the search is to prove that nothing ends at the least makespan, rather than to find what ends earlier.
    from_below: bool,
}

/// Room for the analysis of a conflict.
#[derive(Clone, Debug, Default)]
struct Analysis {
    /// Value needed of each entry of the trail.
    needs: Vec<i32>,
    marked: Vec<u32>,
    learned: Vec<Literal>,
    why: Vec<Literal>,
    /// The strongest literal of each side among those learned: value, entry.
    strongest: Vec<(i32, u32)>,
    /// Entries that are known to follow from others, up to a value; or not to, from a value on.
    implied: Vec<(u32, i32)>,
    levels: Vec<u64>,
    stamp: u64,
}

const NOT_NEEDED: i32 = i32::MIN;
const RESTART_UNIT: u64 = 100;
/// Conflicts and decisions between two looks at whether it must stop.
const STEPS_BETWEEN_LOOKS: u64 = 64;
const FIRST_REDUCTION: u64 = 2_000;
const MORE_EACH_REDUCTION: u64 = 500;
/// Reasons looked at behind a literal to show that it follows from others.
const MINIMIZE_DEPTH: u32 = 4;

impl<W: Word> Kernel<W> {
    /// # Arguments
    /// `guide` is the value of each variable in a known schedule.
    pub fn new(problem: &Problem, guide: &[i32]) -> Kernel<W> {
        let variables = problem.windows.len();
        let slots = problem.windows.iter().map(|window| window.1).max().unwrap_or(0);
        let modes = || problem.tasks.iter().flat_map(|task| task.modes());
        let longest = modes().map(|mode| mode.duration).max().unwrap_or(0);
        let follow = follows(problem);
        let trail = Trail::new(&problem.windows);
        let follows = |one: u32, other: u32| follow[one as usize].contains(other as usize);
        let rivals = Rivals::new(&problem.tasks, &problem.capacities, follows);
        let totals = Totals::new(&problem.tasks, &problem.totals);
        Kernel {
            nogoods: Nogoods::new(2 * variables),
            precedence: Precedence::new(&problem.distances, variables),
            timetable: Timetable::new(&problem.tasks, &problem.capacities, (slots + longest) as usize + 1),
            energy: Energy::default(),
            pools: pools::resources(&problem.tasks, &problem.capacities),
            derived_pools: pools::derived(&problem.tasks, &problem.capacities, &rivals.apart(&follow)),
            rivals,
            owners: owners(problem),
            tasks: problem.tasks.clone(),
            branching: Branching::new(&problem.windows, guide),
            makespan: problem.tasks.len() as u32,
            settled: 0,
            seen: vec![i32::MIN; 2 * variables],
            waiting: Vec::new(),
            is_waiting: vec![false; problem.tasks.len()],
            conflict: Vec::new(),
            analysis: Analysis { strongest: vec![(NOT_NEEDED, 0); 2 * variables], ..Analysis::default() },
            is_exhausted: totals.are_exceeded(),
            totals,
            conflicts: 0,
            restart_after: RESTART_UNIT,
            reduce_after: FIRST_REDUCTION,
            reductions: 0,
            restarts: 0,
            from_below: false,
            trail,
        }
    }

    /// No schedule ends earlier.
    pub fn lower_bound(&self) -> i32 {
        self.trail.bound_given(Side::lower(self.makespan))
    }

    /// Chooses the question: whether anything ends at the least makespan, or what ends earlier than required.
    pub fn ask(&mut self, from_below: bool) {
        if self.from_below != from_below {
            self.backtrack(0);
            self.from_below = from_below;
        }
    }

    /// Asks for schedules that end by `makespan`.
    pub fn require(&mut self, makespan: i32) {
        self.backtrack(0);
        let literal = Literal::at_most(self.makespan, makespan);
        if self.trail.is_false(literal) {
            self.is_exhausted = true;
        } else if !self.trail.is_true(literal) {
            self.trail.raise(literal, Reason::Given);
        }
    }

    /// The values that are tried first.
    pub fn guide(&mut self, values: &[i32]) {
        self.branching.set_guide(values.iter().copied());
    }

    /// Searches until something is found, or nothing is left, or `conflicts` more conflicts have been met, or it must stop;
    /// goes on where it stopped.
    pub fn search(&mut self, conflicts: u64, must_stop: &dyn Fn() -> bool) -> End {
        let last = self.conflicts + conflicts;
        for step in 1_u64.. {
            if self.is_exhausted {
                return End::Exhausted;
            }
            if step.is_multiple_of(STEPS_BETWEEN_LOOKS) && must_stop() {
                break;
            }
            if self.propagate().is_err() {
                self.conflicts += 1;
                self.learn();
                continue;
            }
            if self.trail.level() == 0 {
                if self.conflicts >= self.reduce_after {
                    self.reductions += 1;
                    self.reduce_after = self.conflicts + FIRST_REDUCTION + MORE_EACH_REDUCTION * self.reductions;
                    self.nogoods.reduce(&self.trail);
                }
                if self.from_below && !self.trail.is_fixed(self.makespan) {
                    self.trail.decide(Literal::at_most(self.makespan, self.trail.least(self.makespan)));
                    continue;
                }
            }
            if self.conflicts >= last {
                break;
            }
            if self.conflicts >= self.restart_after {
                self.restarts += 1;
                self.restart_after = self.conflicts + RESTART_UNIT * luby(self.restarts);
                if self.trail.level() > 0 {
                    self.backtrack(0);
                    continue;
                }
            }
            match self.branching.next(&self.trail) {
                Some(literal) => self.trail.decide(literal),
                None => {
                    let values = (0..self.owners.len() as u32).map(|variable| self.trail.least(variable)).collect();
                    self.backtrack(0);
                    return End::Found(values);
                }
            }
        }
        End::Stopped
    }

    /// Draws all consequences.
    ///
    /// # Errors
    /// A conflict, left in `conflict`.
    fn propagate(&mut self) -> Result<(), ()> {
        loop {
            while self.settled < self.trail.len() {
                let side = self.trail.entry(self.settled as u32).side;
                self.settled += 1;
                let (old, new) = (self.seen[side.index()], self.trail.bound(side));
                if old >= new {
                    continue;
                }
                self.seen[side.index()] = new;
                for place in 0..self.precedence.pushes(side).len() {
                    let push = self.precedence.pushes(side)[place];
                    let literal = Literal { side: push.to, value: new + push.more };
                    if !self.trail.is_true(literal) {
                        self.raise(literal, Reason::Distance(push.distance))?;
                    }
                }
                match self.nogoods.visit(side, old, &mut self.trail) {
                    Visit::Done => {}
                    Visit::Conflict(nogood) => {
                        self.conflict.clear();
                        self.conflict.extend_from_slice(self.nogoods.literals(nogood));
                        return Err(());
                    }
                    Visit::Clash(nogood, literal) => return self.clash(literal, Reason::Nogood(nogood)),
                }
                self.propagate_task(self.owners[side.variable() as usize])?;
            }
            self.order_rivals()?;
            if self.settled < self.trail.len() {
                continue;
            }
            if let Err((literal, slot)) = self.timetable.filter(&self.tasks, &mut self.trail) {
                return self.clash(literal, Reason::Slot(slot));
            }
            if self.settled < self.trail.len() {
                continue;
            }
            self.weigh()?;
            return Ok(());
        }
    }

    /// Draws the consequences of something about a task having become narrower.
    #[inline]
    fn propagate_task(&mut self, number: u32) -> Result<(), ()> {
        let Some(task) = self.tasks.get(number as usize) else { return Ok(()) };
        self.rivals.refresh(number, &self.trail);
        if let Err(slot) = self.timetable.grow(number, task, &self.trail) {
            self.conflict.clear();
            self.timetable.explain_overload(&self.tasks, slot, &self.trail, &mut self.conflict);
            return Err(());
        }
        if let Task::Multi(choice) = task {
            if let Err(literal) = choices::settle(number, choice, &mut self.trail) {
                return self.clash(literal, Reason::Choice(number));
            }
            for place in 0..self.totals.of(number).len() {
                let total = self.totals.of(number)[place];
                if let Err(literal) = self.totals.keep(total, &self.tasks, &mut self.trail) {
                    return self.clash(literal, Reason::Total(total));
                }
            }
        }
        if !std::mem::replace(&mut self.is_waiting[number as usize], true) {
            self.waiting.push(number);
        }
        Ok(())
    }

    /// Looks for windows with too much work, where that is worth its time.
    fn weigh(&mut self) -> Result<(), ()> {
        let Kernel { energy, pools, derived_pools, tasks, trail, conflict, .. } = self;
        let derived = if trail.level() <= 1 { &derived_pools[..] } else { &[] };
        let pools = if self.from_below || trail.level() <= 1 { &pools[..] } else { &[] };
        for pool in pools.iter().chain(derived) {
            if let Some(window) = energy.overfull(pool, tasks, trail) {
                conflict.clear();
                energy.explain(window, pool, tasks, trail, conflict);
                return Err(());
            }
        }
        Ok(())
    }

    /// Puts tasks that have become narrower in sequence with their rivals.
    fn order_rivals(&mut self) -> Result<(), ()> {
        while let Some(task) = self.waiting.pop() {
            self.is_waiting[task as usize] = false;
            if let Err((literal, rival)) = self.rivals.order(task, &mut self.trail) {
                return self.clash(literal, Reason::Rival(rival));
            }
        }
        Ok(())
    }

    #[inline]
    fn raise(&mut self, literal: Literal, reason: Reason) -> Result<(), ()> {
        if self.trail.is_false(literal) {
            return self.clash(literal, reason);
        }
        self.trail.raise(literal, reason);
        Ok(())
    }

    /// The conflict that a literal must hold, and cannot.
    fn clash(&mut self, literal: Literal, reason: Reason) -> Result<(), ()> {
        let mut why = std::mem::take(&mut self.conflict);
        why.clear();
        self.explain(reason, literal, self.trail.len() as u32, &mut why);
        why.push(literal.negated());
        self.conflict = why;
        Err(())
    }

    /// Literals, true before entry `place`, from which a literal follows.
    fn explain(&self, reason: Reason, literal: Literal, place: u32, why: &mut Vec<Literal>) {
        let task = self.owners[literal.side.variable() as usize];
        let now = (place, &self.trail);
        match reason {
            Reason::Given | Reason::Decision => {}
            Reason::Distance(distance) => why.push(self.precedence.explain(distance, literal)),
            Reason::Nogood(nogood) => {
                let opposite = literal.side.opposite();
                why.extend(self.nogoods.literals(nogood).iter().filter(|literal| literal.side != opposite));
            }
            Reason::Slot(slot) => self.timetable.explain(&self.tasks, (task, slot), literal, now, why),
            Reason::Rival(rival) => self.rivals.explain(&self.tasks, (task, rival), literal, now, why),
            Reason::Total(total) => self.totals.explain(total, &self.tasks, literal, now, why),
            Reason::Choice(task) => {
                if let Task::Multi(choice) = &self.tasks[task as usize] {
                    choices::explain(task, choice, literal, now, why);
                }
            }
        }
    }

    fn backtrack(&mut self, level: u32) {
        self.trail.backtrack(level);
        self.branching.backtrack(level);
        while let Some(side) = self.trail.next_fallen() {
            let bound = self.trail.bound(side);
            if self.seen[side.index()] > bound {
                self.seen[side.index()] = bound;
                let owner = self.owners[side.variable() as usize];
                if let Some(task) = self.tasks.get(owner as usize) {
                    self.timetable.shrink(owner, task, &self.trail);
                    self.rivals.refresh(owner, &self.trail);
                }
            }
        }
        self.settled = self.settled.min(self.trail.len());
    }

    /// Marks what a literal needs.
    #[inline]
    fn need(&mut self, literal: Literal, open: &mut u32) {
        let place = self.trail.entry_of(literal);
        let level = self.trail.entry(place).level;
        if level == 0 {
            return;
        }
        let need = &mut self.analysis.needs[place as usize];
        if *need == NOT_NEEDED {
            *need = literal.value;
            if level == self.trail.level() {
                *open += 1;
            } else {
                self.analysis.marked.push(place);
            }
        } else {
            *need = (*need).max(literal.value);
        }
        self.branching.reward(literal);
    }

    /// Learns a nogood from the conflict, goes back to where it forces something, and forces it.
    fn learn(&mut self) {
        // A conflict may hold below the last decision.
        let level = |kernel: &Self, literal: Literal| kernel.trail.entry(kernel.trail.entry_of(literal)).level;
        let deepest = self.conflict.iter().map(|&literal| level(self, literal)).max().unwrap_or(0);
        if deepest == 0 {
            self.is_exhausted = true;
            return;
        }
        self.backtrack_keeping_conflict(deepest);
        self.analysis.needs.clear();
        self.analysis.needs.resize(self.trail.len(), NOT_NEEDED);
        self.analysis.marked.clear();
        let mut open = 0;
        for place in 0..self.conflict.len() {
            self.need(self.conflict[place], &mut open);
        }
        let mut why = std::mem::take(&mut self.analysis.why);
        let uip = loop {
            let place = self.trail.len() as u32 - 1;
            let entry = *self.trail.entry(place);
            let need = self.analysis.needs[place as usize];
            if need != NOT_NEEDED && open == 1 {
                break Literal { side: entry.side, value: need };
            }
            self.trail.pop();
            if need == NOT_NEEDED {
                continue;
            }
            self.analysis.needs[place as usize] = NOT_NEEDED;
            open -= 1;
            why.clear();
            self.explain(entry.reason, Literal { side: entry.side, value: need }, place, &mut why);
            if let Reason::Nogood(nogood) = entry.reason {
                self.reward(nogood);
            }
            for &literal in &why {
                self.need(literal, &mut open);
            }
        };
        why.clear();
        self.analysis.why = why;
        self.collect(uip);
        self.branching.fade();
        self.nogoods.fade();
        let learned = std::mem::take(&mut self.analysis.learned);
        let forced = learned[0].negated();
        match learned.get(1) {
            None => {
                self.backtrack(0);
                if self.trail.is_false(forced) {
                    self.is_exhausted = true;
                } else if !self.trail.is_true(forced) {
                    self.trail.raise(forced, Reason::Given);
                }
            }
            Some(&second) => {
                let back = level(self, second);
                let levels = self.levels(&learned);
                self.backtrack(back);
                let nogood = self.nogoods.add(&learned, levels);
                self.trail.raise(forced, Reason::Nogood(nogood));
            }
        }
        self.analysis.learned = learned;
    }

    fn backtrack_keeping_conflict(&mut self, level: u32) {
        if level < self.trail.level() {
            self.backtrack(level);
        }
    }

    fn reward(&mut self, nogood: u32) {
        let Kernel { nogoods, trail, analysis, .. } = self;
        nogoods.reward(nogood, |literals| count_levels(literals, trail, analysis));
    }

    fn levels(&mut self, literals: &[Literal]) -> u32 {
        count_levels(literals, &self.trail, &mut self.analysis)
    }

    /// Puts the learned nogood together: the literal of the last level first, then the one of the next level below.
    fn collect(&mut self, uip: Literal) {
        let uip_place = self.trail.len() as u32 - 1;
        let Analysis { marked, needs, strongest, .. } = &mut self.analysis;
        let mut note = |side: usize, value: i32, place: u32| {
            if strongest[side].0 < value {
                strongest[side] = (value, place);
            }
        };
        note(uip.side.index(), uip.value, uip_place);
        for &place in marked.iter() {
            note(self.trail.entry(place).side.index(), needs[place as usize], place);
        }
        self.analysis.stamp += 1;
        let stamp = self.analysis.stamp;
        for place in 0..self.analysis.marked.len() {
            let level = self.trail.entry(self.analysis.marked[place]).level as usize;
            if self.analysis.levels.len() <= level {
                self.analysis.levels.resize(level + 1, 0);
            }
            self.analysis.levels[level] = stamp;
        }
        self.analysis.implied.clear();
        let mut learned = std::mem::take(&mut self.analysis.learned);
        learned.clear();
        learned.push(uip);
        let mut deepest = 0;
        for index in 0..self.analysis.marked.len() {
            let place = self.analysis.marked[index];
            let entry = *self.trail.entry(place);
            let value = self.analysis.needs[place as usize];
            if self.analysis.strongest[entry.side.index()].1 != place || self.follows(place, value, MINIMIZE_DEPTH) {
                continue;
            }
            learned.push(Literal { side: entry.side, value });
            if entry.level > deepest {
                deepest = entry.level;
                let last = learned.len() - 1;
                learned.swap(1, last);
            }
        }
        let Analysis { marked, strongest, .. } = &mut self.analysis;
        strongest[uip.side.index()].0 = NOT_NEEDED;
        for &place in marked.iter() {
            strongest[self.trail.entry(place).side.index()].0 = NOT_NEEDED;
        }
        self.analysis.learned = learned;
    }

    /// True if the entry at `place`, up to `value`, follows from other literals of the nogood, all older.
    fn follows(&mut self, place: u32, value: i32, depth: u32) -> bool {
        let entry = *self.trail.entry(place);
        if matches!(entry.reason, Reason::Decision) || depth == 0 {
            return false;
        }
        let mut why = std::mem::take(&mut self.analysis.why);
        let from = why.len();
        self.explain(entry.reason, Literal { side: entry.side, value }, place, &mut why);
        let to = why.len();
        self.analysis.why = why;
        let all = (from..to).all(|index| self.is_implied(self.analysis.why[index], place, depth - 1));
        self.analysis.why.truncate(from);
        all
    }

    /// True if a literal holds anyway, or follows from literals of the nogood that are older than entry `place`.
    fn is_implied(&mut self, literal: Literal, place: u32, depth: u32) -> bool {
        let before = self.trail.entry_of(literal);
        let level = self.trail.entry(before).level;
        if level == 0 {
            return true;
        }
        let (strongest, at) = self.analysis.strongest[literal.side.index()];
        if strongest >= literal.value && at < place {
            return true;
        }
        if self.analysis.implied.iter().any(|&(known, up_to)| known == before && literal.value <= up_to) {
            return true;
        }
        if self.analysis.levels.get(level as usize) != Some(&self.analysis.stamp) {
            return false;
        }
        let implied = self.follows(before, literal.value, depth);
        if implied {
            self.analysis.implied.push((before, literal.value));
        }
        implied
    }
}

/// Number of different levels of literals that are true.
fn count_levels(literals: &[Literal], trail: &Trail, analysis: &mut Analysis) -> u32 {
    analysis.stamp += 1;
    let mut count = 0;
    for &literal in literals {
        let level = trail.entry(trail.entry_of(literal)).level as usize;
        if analysis.levels.len() <= level {
            analysis.levels.resize(level + 1, 0);
        }
        if analysis.levels[level] != analysis.stamp {
            analysis.levels[level] = analysis.stamp;
            count += 1;
        }
    }
    count
}

/// The task of each variable; the number of variables where there is none.
fn owners(problem: &Problem) -> Vec<u32> {
    let mut owners = vec![u32::MAX; problem.windows.len()];
    for (task, number) in problem.tasks.iter().zip(0..) {
        owners[number as usize] = number;
        if let Task::Multi(choice) = task {
            let variables = choice.finish as usize..=choice.finish as usize + choice.modes.len();
            owners[variables].iter_mut().for_each(|owner| *owner = number);
        }
    }
    owners
}

/// Which tasks come after which by links alone.
fn follows(problem: &Problem) -> Vec<FixedBitSet> {
    let tasks = problem.tasks.len();
    let owners = owners(problem);
    let mut table = vec![FixedBitSet::with_capacity(tasks); tasks];
    for distance in &problem.distances {
        let (from, to) = (owners[distance.from as usize] as usize, distance.to as usize);
        if from >= tasks || to >= tasks {
            continue;
        }
        let apart = match &problem.tasks[from] {
            Task::Single(mode) => distance.least >= mode.duration,
            Task::Multi(choice) => distance.from == choice.finish && distance.least >= 0,
        };
        if apart {
            table[from].insert(to);
        }
    }
    for middle in 0..tasks {
        let behind = table[middle].clone();
        table.iter_mut().filter(|row| row.contains(middle)).for_each(|row| row.union_with(&behind));
    }
    table
}

/// The sequence 1 1 2 1 1 2 4 ... (Luby, Sinclair, Zuckerman, "Optimal speedup of Las Vegas algorithms", 1993).
fn luby(mut index: u64) -> u64 {
    loop {
        let size = (index + 1).next_power_of_two();
        if index + 1 == size {
            return size / 2;
        }
        index -= size / 2 - 1;
    }
}
