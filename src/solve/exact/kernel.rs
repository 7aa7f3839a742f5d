//! The kernel: propagation to a fixed point, learning from conflicts, search.

use super::asking::Asked;
use super::blends;
use super::branching::Branching;
use super::cliques::Cliques;
use super::energy::{Energy, Window};
use super::lags::Lags;
use super::learning::Analysis;
use super::literal::{Literal, Side};
use super::nogoods::Nogoods;
use super::pools::{self, Pool};
use super::precedence::Precedence;
use super::problem::Problem;
use super::rivals::Rivals;
use super::sets::Sets;
use super::tasks::Task;
use super::timetable::Timetable;
use super::totals::Totals;
use super::trace::{Cause, Trace};
#[cfg(test)]
use super::trail::Entry;
use super::trail::{Reason, Trail};
use super::weights::TaskWeights;
use crate::solve::sgs::Word;

/// What a stretch of search ended with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// A schedule: the value of each variable.
    Found(Vec<i32>),
    /// There is none within the windows.
    Exhausted,
    /// There is none within what is taken for granted.
    Refused,
    /// The conflicts allowed are used up.
    Stopped,
}

/// The kernel.
#[derive(Clone, Debug)]
pub struct Kernel<W> {
    pub(super) trail: Trail,
    pub(super) nogoods: Nogoods,
    pub(super) tasks: Vec<Task>,
    /// The task of each variable, if it has one.
    pub(super) owners: Vec<u32>,
    pub(super) precedence: Precedence,
    pub(super) lags: Lags,
    pub(super) totals: Totals,
    pub(super) timetable: Timetable<W>,
    pub(super) rivals: Rivals,
    pub(super) cliques: Cliques,
    pub(super) energy: Energy,
    /// Resources, then what is derived from them, then the pool of everything, if there is one; then what counts by weights of
    /// tasks: for the makespan asked for from below, and for the one required.
    pub(super) pools: Vec<Pool>,
    /// Number of pools that are resources, and of those that are derived.
    pub(super) counts: (usize, usize),
    /// Where those that count by weights of tasks begin.
    pub(super) weighted: usize,
    /// The number of the total that the pool of everything makes.
    pub(super) blend: Option<u32>,
    /// Moves by windows: the pool, the window, the entry of the trail that it is.
    pub(super) moves: Vec<(usize, Window, u32)>,
    pub(super) branching: Branching,
    pub(super) makespan: u32,
    /// Entries of the trail whose consequences have been drawn.
    pub(super) settled: usize,
    /// Entries of the trail among whose consequences no window is overfull, once that has been looked at.
    pub(super) weighed: Option<usize>,
    /// Value of each side up to which that has been done.
    pub(super) seen: Vec<i32>,
    /// Tasks that have become narrower since they were last compared with their rivals.
    pub(super) waiting: Vec<u32>,
    pub(super) is_waiting: Vec<bool>,
    /// Literals that cannot hold together, and do.
    pub(super) conflict: Vec<Literal>,
    /// Why they cannot.
    pub(super) conflict_cause: Cause,
    pub(super) analysis: Analysis,
    pub(super) is_exhausted: bool,
    /// What is taken for granted.
    granted: Vec<Literal>,
    /// The value of `scope` that stands for it.
    granted_in: i32,
    /// A variable that stands for that: the first decision puts it at its greatest value, and what is taken for granted
    /// follows. What is learned from that names the value, which the variable loses afterwards.
    pub(super) scope: u32,
    /// Conflicts met so far.
    pub(super) conflicts: u64,
    restart_after: u64,
    reduce_after: u64,
    reductions: u64,
    restarts: u64,
    /// True if the search is to prove that nothing ends at the least makespan, rather than to find what ends earlier.
    pub(super) from_below: bool,
    /// The makespans asked about last: from below, and as required.
    pub(super) asked: [Asked; 2],
    /// Weights of tasks, unless there are too many.
    pub(super) weights: Option<TaskWeights>,
    /// A makespan that no weights come close to refuting, nor any later one.
    pub(super) out_of_reach: i32,
    pub(super) is_shaving: bool,
    /// What is learned as a proof, if one is wanted.
    pub(super) trace: Option<Box<Trace>>,
}

/// What may be taken for granted, one after the other.
const MOST_SCOPES: i32 = 1 << 30;
/// Conflicts between two restarts, times a term of Luby's sequence. (Six nearly closed instances of PSPLIB, million passes
/// to their proofs in all: 8.2 with 100, 8.8 with 300, 8.7 with 1,000.)
const RESTART_UNIT: u64 = 100;
/// Conflicts and decisions between two looks at whether it must stop.
const STEPS_BETWEEN_LOOKS: u64 = 16;
/// Tasks compared with windows in about the time that a conflict takes, propagation and all.
const STEPS_OF_CONFLICT: u64 = 200_000;
/// Numbers changed in about the time that a conflict takes.
pub(super) const CHANGES_OF_CONFLICT: u64 = 200_000;
const FIRST_REDUCTION: u64 = 2_000;
const MORE_EACH_REDUCTION: u64 = 500;

impl<W: Word> Kernel<W> {
    /// # Arguments
    /// `guide` is the value of each variable in a known schedule.
    pub fn new(problem: &Problem, guide: &[i32]) -> Kernel<W> {
        let slots = problem.windows.iter().map(|window| window.1).max().unwrap_or(0);
        let modes = || problem.tasks.iter().flat_map(|task| task.modes());
        let longest = modes().map(|mode| mode.duration).max().unwrap_or(0);
        let follow = problem.follows();
        let follows = |one: u32, other: u32| follow[one as usize].contains(other as usize);
        let rivals = Rivals::new(&problem.tasks, &problem.capacities, problem.windows.len() as u32, follows);
        let mut windows = problem.windows.clone();
        windows.extend(std::iter::repeat_n((0, 1), rivals.len()));
        let branching = Branching::new(&windows, problem.windows.len() as u32);
        let scope = windows.len() as u32;
        windows.push((0, MOST_SCOPES));
        let variables = windows.len();
        let trail = Trail::new(&windows);
        let apart = rivals.apart(&follow);
        let cliques = Cliques::new(&rivals.pairs(), &apart, usize::MAX);
        let mut totals = Totals::new(&problem.tasks, &problem.totals);
        let makespan = problem.tasks.len() as u32;
        let blend = blends::blend(problem);
        let blend_total = blend.as_ref().map(|pool| totals.add_pool(pool, &problem.tasks, makespan));
        let resources = pools::resources(&problem.tasks, &problem.capacities);
        let derived = pools::derived(&problem.tasks, &problem.capacities, &apart);
        let counts = (resources.len(), derived.len());
        let mut pools: Vec<Pool> = resources.into_iter().chain(derived).chain(blend).collect();
        let weighted = pools.len();
        pools.extend([0, 1].map(|_| Pool::of_sets(Vec::new(), vec![(0, 0)])));
        let sets = Sets::new(&problem.tasks, problem.capacities.len(), &apart);
        let mut owners = problem.owners();
        owners.resize(variables, u32::MAX);
        let mut kernel = Kernel {
            nogoods: Nogoods::new(&windows),
            precedence: Precedence::new(&problem.distances, variables),
            lags: Lags::new(&problem.lags, variables),
            timetable: Timetable::new(&problem.tasks, &problem.capacities, (slots + longest) as usize + 1),
            energy: Energy::default(),
            counts,
            weighted,
            pools,
            moves: Vec::new(),
            cliques,
            blend: blend_total,
            rivals,
            owners,
            tasks: problem.tasks.clone(),
            branching,
            makespan,
            settled: 0,
            weighed: None,
            seen: vec![i32::MIN; 2 * variables],
            waiting: Vec::new(),
            is_waiting: vec![false; problem.tasks.len()],
            conflict: Vec::new(),
            conflict_cause: Cause::Overload(0),
            analysis: Analysis::new(2 * variables),
            is_exhausted: totals.exceeded().is_some(),
            granted: Vec::new(),
            granted_in: MOST_SCOPES,
            scope,
            totals,
            conflicts: 0,
            restart_after: RESTART_UNIT,
            reduce_after: FIRST_REDUCTION,
            reductions: 0,
            restarts: 0,
            from_below: false,
            asked: Default::default(),
            out_of_reach: i32::MAX,
            weights: TaskWeights::new(&problem.tasks, &problem.capacities, sets),
            is_shaving: false,
            trace: None,
            trail,
        };
        kernel.guide(guide);
        kernel
    }

    /// No schedule ends earlier.
    pub fn lower_bound(&self) -> i32 {
        self.trail.bound_given(Side::lower(self.makespan))
    }

    /// Takes in that no schedule ends before `bound`.
    pub fn raise_bound(&mut self, bound: i32) {
        self.demand(Literal::at_least(self.makespan, bound));
    }

    /// What each side is at least before any decision.
    pub fn given(&mut self) -> Vec<Literal> {
        let sides = (0..self.scope).flat_map(|variable| [Side::lower(variable), Side::upper(variable)]);
        sides.map(|side| Literal { side, value: self.trail.bound_given(side) }).collect()
    }

    /// Takes in that literals hold, which others have proven.
    pub fn learn_given(&mut self, literals: &[Literal]) {
        for &literal in literals {
            if self.trail.bound_given(literal.side) < literal.value {
                self.demand(literal);
            }
        }
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
        self.demand(Literal::at_most(self.makespan, makespan));
    }

    /// Lets a literal hold from here on; nothing is left if it cannot.
    fn demand(&mut self, literal: Literal) {
        self.backtrack(0);
        if self.trail.is_false(literal) {
            self.is_exhausted = true;
        } else {
            self.give(literal);
        }
    }

    /// Takes literals for granted, as far as each can hold, until it is let go of them.
    pub fn grant(&mut self, literals: &[Literal]) {
        self.let_go();
        self.backtrack(0);
        self.granted.extend_from_slice(literals);
        self.granted_in = self.trail.most(self.scope);
    }

    /// Takes nothing for granted any longer.
    pub fn let_go(&mut self) {
        if !self.granted.is_empty() {
            self.backtrack(0);
            self.granted.clear();
            self.give(Literal::at_most(self.scope, self.granted_in - 1));
        }
    }

    /// Decides that what is taken for granted holds.
    fn decide_granted(&mut self) {
        self.trail.decide(Literal::at_least(self.scope, self.granted_in));
        for &literal in &self.granted {
            if !self.trail.is_true(literal) && !self.trail.is_false(literal) {
                self.trail.raise(literal, Reason::Granted);
            }
        }
    }

    /// Decisions that are taken for granted: none, or the first one.
    pub(super) fn granted_level(&self) -> u32 {
        u32::from(!self.granted.is_empty())
    }

    /// Lets a literal hold that can.
    pub(super) fn give(&mut self, literal: Literal) {
        if !self.trail.is_true(literal) {
            self.trail.raise(literal, Reason::Given);
        }
    }

    pub(super) fn variables(&self) -> u32 {
        self.scope
    }

    /// The task of a variable, or more than there are.
    pub(super) fn owner(&self, variable: u32) -> u32 {
        self.owners[variable as usize]
    }

    pub(super) fn task(&self, number: u32) -> Option<&Task> {
        self.tasks.get(number as usize)
    }

    /// The values that are tried first.
    pub fn guide(&mut self, values: &[i32]) {
        let Kernel { branching, rivals, .. } = self;
        branching.set_guide(values.iter().copied().chain(rivals.orders_in(values)));
    }

    /// Conflicts met so far, and as many as would have taken the time that the search for overfull windows took.
    pub fn work(&self) -> u64 {
        let changes = self.weights.as_ref().map_or(0, TaskWeights::work);
        self.conflicts + self.energy.steps / STEPS_OF_CONFLICT + changes / CHANGES_OF_CONFLICT
    }

    /// Searches until something is found, or nothing is left, or the work of `conflicts` more conflicts is done, or it must
    /// stop; goes on where it stopped.
    pub fn search(&mut self, conflicts: u64, must_stop: &dyn Fn() -> bool) -> End {
        let last = self.work() + conflicts;
        for step in 1_u64.. {
            if self.is_exhausted {
                return End::Exhausted;
            }
            if step.is_multiple_of(STEPS_BETWEEN_LOOKS) && must_stop() {
                break;
            }
            if !self.settle() {
                continue;
            }
            if self.trail.level() == 0 {
                if self.conflicts >= self.reduce_after {
                    self.reductions += 1;
                    self.trace_given();
                    self.reduce_after = self.conflicts + FIRST_REDUCTION + MORE_EACH_REDUCTION * self.reductions;
                    self.nogoods.reduce(&self.trail);
                }
                if !self.granted.is_empty() {
                    if self.trail.most(self.scope) < self.granted_in {
                        return End::Refused;
                    }
                    self.decide_granted();
                    continue;
                }
                if self.from_below && !self.trail.is_fixed(self.makespan) {
                    self.trail.decide(Literal::at_most(self.makespan, self.trail.least(self.makespan)));
                    continue;
                }
            }
            let is_asking = self.trail.level() == u32::from(self.from_below) && self.granted.is_empty();
            if is_asking && self.strengthen(must_stop) {
                continue;
            }
            if self.work() >= last {
                break;
            }
            if self.conflicts >= self.restart_after {
                self.restarts += 1;
                self.restart_after = self.conflicts + RESTART_UNIT * luby(self.restarts);
                let granted = self.granted_level();
                if self.trail.level() > granted {
                    self.backtrack(granted);
                    continue;
                }
            }
            match self.branching.next(&self.trail) {
                Some(literal) => self.trail.decide(literal),
                None => {
                    let values = (0..self.rivals.first_order()).map(|variable| self.trail.least(variable)).collect();
                    self.backtrack(0);
                    return End::Found(values);
                }
            }
        }
        End::Stopped
    }

    /// Draws all consequences, or learns from the conflict that they lead to; false if they do.
    pub(super) fn settle(&mut self) -> bool {
        let is_settled = self.propagate().is_ok();
        if !is_settled {
            self.conflicts += 1;
            self.asked_now().conflicts += 1;
            self.learn();
        }
        is_settled
    }

    pub(super) fn backtrack(&mut self, level: u32) {
        self.trail.backtrack(level);
        self.branching.backtrack(level);
        while let Some(side) = self.trail.next_fallen() {
            let bound = self.trail.bound(side);
            self.refresh_totals(side.variable());
            if self.seen[side.index()] > bound {
                self.seen[side.index()] = bound;
                let owner = self.owners[side.variable() as usize];
                match self.tasks.get(owner as usize) {
                    Some(task) => {
                        self.timetable.shrink(owner, task, &self.trail);
                        self.rivals.refresh(owner, &self.trail);
                    }
                    None => {
                        self.rivals.refresh_order(side.variable(), &self.trail);
                    }
                }
            }
        }
        let kept = self.moves.partition_point(|&(.., entry)| (entry as usize) < self.trail.len());
        self.moves.truncate(kept);
        self.settled = self.settled.min(self.trail.len());
        self.weighed = self.weighed.map(|weighed| weighed.min(self.trail.len()));
    }
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

#[cfg(test)]
impl<W: Word> Kernel<W> {
    /// Draws all consequences; false if that ends in a conflict.
    pub fn settles(&mut self) -> bool {
        self.propagate().is_ok()
    }

    /// What was learned that some values are at odds with.
    pub fn excludes(&self, values: &[i32]) -> Option<Vec<Literal>> {
        let values: Vec<i32> = values.iter().copied().chain(self.rivals.orders_in(values)).collect();
        let holds = |literal: &Literal| {
            let value = values.get(literal.side.variable() as usize).copied().unwrap_or(0);
            (if literal.side.is_lower() { value } else { -value }) >= literal.value
        };
        let sides = (0..self.scope).flat_map(|variable| [Side::lower(variable), Side::upper(variable)]);
        let given = sides.map(|side| vec![Literal { side, value: self.trail.bound_given(side) }.negated()]);
        given.chain(self.nogoods.iter().map(<[_]>::to_vec)).find(|nogood| nogood.iter().all(holds))
    }

    /// Each literal, up to the strongest of its entry, that follows from decisions, with the reason and what explains it.
    pub fn explanations(&self) -> Vec<(Literal, Reason, Vec<Literal>)> {
        let mut explanations = Vec::new();
        for place in self.trail.len_given()..self.trail.len() as u32 {
            let Entry { side, value, previous, reason, .. } = *self.trail.entry(place);
            for value in self.trail.entry(previous).value + 1..=value {
                let mut why = Vec::new();
                let literal = Literal { side, value };
                self.explain(reason, literal, place, &mut why);
                let was_true = |literal: &Literal| self.trail.bound_before(literal.side, place) >= literal.value;
                assert!(why.iter().all(was_true), "{literal:?} by {reason:?} because of {why:?}");
                if reason != Reason::Decision {
                    explanations.push((literal, reason, why));
                }
            }
        }
        explanations
    }
}
