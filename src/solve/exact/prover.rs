//! The exact side of a search: it works in turns beside the other, and shares no more with it than the best schedule and
//! the bound.
//!
//! Its turns alternate between three questions: is there a schedule as short as the bound (which raises the bound:
//! destructive improvement, Klein, Scholl, "Computing lower bounds by destructive improvement", EJOR 112 (1999)), is there
//! one that is shorter than the best (which finds schedules, and at the end proves the best optimal), and is there such a
//! one in the neighbourhood of one that is known ([`Repair`]). (Without the last, 20 of ubo200 of RCPSP/max at 3 s 0.58 %
//! above best known, with it 0.09 %; 28 open instances of MMLIB100 at 5 s 1.50 % and 1.30 %.)

use std::borrow::Cow;
use std::io::{self, Write};

use super::crews::{Staffed, staffed};
use super::kernel::{End, Kernel};
use super::literal::Literal;
use super::problem::Problem;
use super::repair::Repair;
use super::tradeoff::Tradeoff;
use super::{can_refute, guide, guide_with, is_exact, modes, people_at, problem, problem_with};
use crate::effort::Random;
use crate::network::{Network, Slot};
use crate::proof::takes_pools;
use crate::solve::bounds::Heads;
use crate::solve::search::Member;
use crate::solve::sgs::{self, Broad, Deep, Narrow, Suit, Wide, Widest, Word};

/// A kernel, whatever its words.
pub trait Engine: Send {
    fn search(&mut self, from_below: bool, conflicts: u64, must_stop: &dyn Fn() -> bool) -> End;
    fn grant(&mut self, literals: &[Literal]);
    fn let_go(&mut self);
    fn require(&mut self, makespan: Slot);
    fn guide(&mut self, values: &[Slot]);
    fn lower_bound(&self) -> Slot;
    fn raise_bound(&mut self, bound: Slot);
    /// What each side is at least before any decision.
    fn given(&mut self) -> Vec<Literal>;
    /// Takes in that literals hold.
    fn learn(&mut self, literals: &[Literal]);
    fn conflicts(&self) -> u64;
    /// Writes down what is learned, by the pools whose definitions are taken.
    fn keep_trace(&mut self, takes_pool: &mut dyn FnMut(&str) -> bool);
    /// What was written since it was last asked, and the number of nogoods written in all.
    fn take_trace(&mut self) -> (Vec<u8>, u32);
}

impl<W: Word> Engine for Kernel<W> {
    fn search(&mut self, from_below: bool, conflicts: u64, must_stop: &dyn Fn() -> bool) -> End {
        self.ask(from_below);
        Kernel::search(self, conflicts, must_stop)
    }
    fn grant(&mut self, literals: &[Literal]) {
        self.ask(false);
        Kernel::grant(self, literals);
    }
    fn let_go(&mut self) {
        Kernel::let_go(self);
    }
    fn require(&mut self, makespan: Slot) {
        Kernel::require(self, makespan);
    }
    fn guide(&mut self, values: &[Slot]) {
        Kernel::guide(self, values);
    }
    fn lower_bound(&self) -> Slot {
        Kernel::lower_bound(self)
    }
    fn raise_bound(&mut self, bound: Slot) {
        Kernel::raise_bound(self, bound);
    }
    fn given(&mut self) -> Vec<Literal> {
        Kernel::given(self)
    }
    fn learn(&mut self, literals: &[Literal]) {
        Kernel::learn_given(self, literals);
    }
    fn conflicts(&self) -> u64 {
        self.work()
    }
    fn keep_trace(&mut self, takes_pool: &mut dyn FnMut(&str) -> bool) {
        Kernel::keep_trace(self, takes_pool);
    }
    fn take_trace(&mut self) -> (Vec<u8>, u32) {
        self.trace.as_mut().map_or((Vec::new(), 0), |trace| (trace.take(), trace.nogoods()))
    }
}

/// What the exact side may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// Is there a schedule as short as the bound?
    Bound,
    /// Is there a shorter one than the best?
    Shorter,
    /// Is there a shorter one than the best in the neighbourhood of one that is known?
    Repair,
    /// Is there a choice of modes that allows a schedule as short as the bound?
    Modes,
}

/// The exact side.
pub struct Prover<'n> {
    network: Cow<'n, Network>,
    is_exact: bool,
    problem: Problem,
    engine: Box<dyn Engine>,
    /// Another one for the last slots, which asks in another way.
    twin: Option<Box<dyn Engine>>,
    /// The values that the engine tries first.
    guide: Vec<i32>,
    /// Values of an idea of a schedule, to be tried first now and then; empty if there is none.
    idea: Vec<i32>,
    tradeoff: Option<Tradeoff>,
    /// True if a shorter schedule is a better one; otherwise only the bound is asked for.
    improves: bool,
    /// The makespan of the best schedule known; none if none is.
    best: Option<Slot>,
    bound: Slot,
    found: Option<Staffed>,
    is_settled: bool,
    is_infeasible: bool,
    /// True if there is a schedule.
    is_feasible: bool,
    question: Question,
    /// Conflicts until the next question is asked.
    turn: u64,
    repair: Repair,
    /// How often it was the turn of neighbourhoods since a schedule was found.
    vain: u32,
    /// Conflicts met when it last had something to tell.
    told_at: u64,
}

/// Conflicts before the other question is asked.
const TURN: u64 = 500;
/// Conflicts without anything to tell, after which a bound that is not near is taken to stay.
const SILENT: u64 = 2_000;
/// A bound is near the best makespan if it is so many slots away at most, or such a part of it. (Six nearly closed instances
/// of PSPLIB, seconds to their proofs in all: 82 with 2 slots, 57 with 4, 60 with 8.)
const NEAR: Slot = 4;
const NEAR_PART: Slot = 100;
/// So many slots between the bound and the best makespan are the last ones.
const LAST_SLOTS: Slot = 2;
/// Work on what modes alone allow that is done before anything else.
const AT_ONCE: u64 = 3_000;
/// The parts of the work that are spent at least and at most where it is not.
const LEAST_SHARE: f64 = 0.03;
const MOST_SHARE: f64 = 0.1;
/// Plans of more nodes, or in which the starts of all nodes together have more values, are too large for it.
const MOST_NODES: usize = 2_000;
const MOST_VALUES: i64 = 8_000_000;

/// A kernel for a problem, unless that is too large for it. It tries the values of `best` first, if one is known.
pub fn engine(network: &Network, problem: &Problem, best: Option<(&[Slot], &[u32])>) -> Option<Box<dyn Engine>> {
    let values = problem.windows.iter().map(|window| i64::from(window.1) - i64::from(window.0) + 1);
    if network.len() > MOST_NODES || values.sum::<i64>() > MOST_VALUES {
        return None;
    }
    let guide = match best {
        Some((starts, modes)) => guide(network, problem, starts, modes),
        None => problem.windows.iter().map(|window| window.0).collect(),
    };
    macro_rules! engine {
        ($word:ty) => {
            Box::new(Kernel::<$word>::new(problem, &guide))
        };
    }
    Some(match sgs::narrowest(network)? {
        Suit::Narrow => engine!(Narrow),
        Suit::Broad => engine!(Broad),
        Suit::Deep => engine!(Deep),
        Suit::Wide => engine!(Wide),
        Suit::Widest => engine!(Widest),
    })
}

/// Writes a proof that no schedule finishes by `end`: the lines behind the claim ([`crate::proof`]).
///
/// # Arguments
/// `best` is a schedule whose values are tried first, `conflicts` how many may be met.
///
/// # Returns
/// The number of nogoods, or why there is no proof.
///
/// # Errors
/// If `out` cannot be written to.
pub fn prove(
    network: &Network,
    end: Slot,
    best: Option<(&[Slot], &[u32])>,
    conflicts: u64,
    must_stop: &dyn Fn() -> bool,
    out: &mut dyn Write,
) -> io::Result<Result<u32, &'static str>> {
    // Nothing is taken for granted but what the checker takes for granted too.
    let heads = Heads { start: vec![0; network.len()], finish: vec![0; network.len()] };
    let is_known = can_refute(network) && network.left_out.is_empty();
    let Some(problem) = problem_with(network, &heads, (0, end), &|_| true).filter(|_| is_known) else {
        return Ok(Err(NOT_EXPRESSED));
    };
    if let Some(node) = problem.impossible().map(|variable| problem.owners()[variable]) {
        writeln!(out, "t link {node} f :\nn 1 :")?;
        return Ok(Ok(1));
    }
    let Some(mut engine) = engine(network, &problem, best) else { return Ok(Err("the plan is too large for one")) };
    engine.keep_trace(&mut takes_pools(network, end));
    let mut from_below = false;
    while engine.conflicts() < conflicts && !must_stop() {
        from_below = !from_below;
        let is_done = engine.search(from_below, TURN.min(conflicts - engine.conflicts()), must_stop);
        let (text, nogoods) = engine.take_trace();
        out.write_all(&text)?;
        match is_done {
            End::Exhausted => return Ok(Ok(nogoods)),
            End::Found(_) => return Ok(Err("there is a schedule after all")),
            End::Refused | End::Stopped => {}
        }
    }
    Ok(Err("the limits ended the search for one"))
}

const NOT_EXPRESSED: &str = "the plan has what proofs cannot speak of yet: pauses in working time, caps on the costs of \
                             a period, limits on the hours of a week, lags that depend on the mode, or too many choices of people";

impl<'n> Prover<'n> {
    /// # Arguments
    /// `window` is a makespan that no schedule beats, and one that some schedule keeps to if there is any; `best` the starts
    /// and mode positions of one that does. `improves` tells whether a shorter schedule is a better one.
    ///
    /// # Returns
    /// `None` if it cannot express the network, or that is too large for it.
    pub fn new(
        network: &'n Network,
        heads: &Heads,
        (bound, most): (Slot, Slot),
        best: Option<(&[Slot], &[u32])>,
        improves: bool,
    ) -> Option<Self> {
        let is_exact = is_exact(network);
        if best.is_none() && !can_refute(network) {
            return None;
        }
        let network = network.pooled();
        let problem = problem(&network, heads, bound, most).filter(|problem| problem.impossible().is_none())?;
        let engine = engine(&network, &problem, best)?;
        // Roles are a choice of people and of nothing else.
        let tradeoff = if problem.nodes.len() > network.len() { None } else { Tradeoff::new(&problem, bound) };
        let mut prover = Prover {
            network,
            tradeoff,
            is_exact,
            problem,
            engine,
            twin: None,
            guide: Vec::new(),
            idea: Vec::new(),
            improves,
            best: None,
            bound,
            found: None,
            is_settled: false,
            is_infeasible: false,
            is_feasible: best.is_some(),
            question: Question::Modes,
            turn: TURN,
            repair: Repair::default(),
            vain: 0,
            told_at: 0,
        };
        if let Some((starts, modes)) = best {
            prover.hear(most, starts, modes);
        }
        Some(prover)
    }

    /// What it works on: what is certain of the network, with the pools of its people.
    pub fn certain(&self) -> &Network {
        &self.network
    }

    /// Takes in an idea of a schedule: starts at which each pool of people has enough of them.
    pub fn imagine(&mut self, starts: &[Slot]) {
        self.idea = guide_with(&self.network, &self.problem, starts, &[], people_at(&self.network, starts));
    }

    /// Takes in a schedule that the other side has found.
    pub fn hear(&mut self, makespan: Slot, starts: &[Slot], modes: &[u32]) {
        if self.improves && !self.is_settled && self.best.is_none_or(|best| makespan < best) {
            self.best = Some(makespan);
            self.vain = 0;
            self.leave_neighbourhood();
            self.engine.require(makespan - 1);
            self.guide = guide(&self.network, &self.problem, starts, modes);
            self.engine.guide(&self.guide);
        }
    }

    /// The part of the work that it is worth. Far from the best schedule a bound rises by energy, at once, or hardly ever;
    /// near to it a proof may take long without a word. Where lags have a maximum it is the better of the two at finding
    /// schedules. (20 of ubo100, ubo200 of RCPSP/max, 3 s, gap to best known: with at most a tenth 0.39 % and 1.52 %, with
    /// three tenths 0.19 % and 0.92 %, with all -0.23 % and 0.45 %.)
    pub fn share(&self) -> f64 {
        if self.is_settled {
            return 0.0;
        }
        let is_at_modes = |tradeoff: &Tradeoff| !tradeoff.is_done() && tradeoff.work() < AT_ONCE;
        if self.tradeoff.as_ref().is_some_and(is_at_modes) {
            return 1.0;
        }
        let gap = self.best.map_or(0, |best| best - self.bound);
        let is_better_at_finding = !self.network.maximal_lags.is_empty() || !self.network.staffing.is_empty();
        if gap <= NEAR.max(self.bound / NEAR_PART) || is_better_at_finding {
            return 1.0;
        }
        let silent = self.conflicts() - self.told_at;
        (SILENT as f64 / silent.max(1) as f64).clamp(LEAST_SHARE, MOST_SHARE)
    }

    /// True where one or two slots are open between the bound and the best makespan: the search has little to find there,
    /// and [`Prover::work_twice`] is worth all threads.
    pub fn is_at_last_slots(&self) -> bool {
        let is_open = self.best.is_some_and(|best| best - self.bound <= LAST_SLOTS);
        let is_due = matches!(self.question, Question::Bound | Question::Shorter);
        is_open && self.is_exact && !self.is_settled && is_due && !self.guide.is_empty()
    }

    /// Works for about so many conflicts on two threads: is there a schedule as short as the bound, with the pools' windows
    /// looked at everywhere; and is there a shorter one than the best, by another engine that looks at them near the root only
    /// and meets more conflicts in the same time. Each learns the bounds that the other proves.
    pub fn work_twice(&mut self, conflicts: u64, must_stop: &(dyn Fn() -> bool + Sync)) {
        let (network, problem, best) = (&self.network, &self.problem, self.best.unwrap_or(self.bound));
        let Some(mut twin) = self.twin.take().or_else(|| engine(network, problem, None)) else {
            return self.work(conflicts, must_stop);
        };
        let known = self.bound;
        self.leave_neighbourhood();
        twin.require(best - 1);
        twin.raise_bound(self.bound);
        twin.guide(&self.guide);
        let each = (conflicts / 2).max(1);
        let engine = &mut self.engine;
        let (end, other) = rayon::join(|| engine.search(true, each, must_stop), || twin.search(false, each, must_stop));
        let is_end = |end: &End| matches!(end, End::Found(_) | End::Exhausted);
        if !is_end(&end) && !is_end(&other) {
            let (given, others) = (self.engine.given(), twin.given());
            twin.learn(&given);
            self.engine.learn(&others);
        }
        self.turn = self.turn.saturating_sub(each).max(1);
        self.twin = Some(twin);
        match is_end(&other) {
            true => self.take(other, Question::Shorter),
            false => self.take(end, Question::Bound),
        }
        self.note_progress(known);
    }

    /// Works for about so many conflicts.
    pub fn work(&mut self, conflicts: u64, must_stop: &dyn Fn() -> bool) {
        let known = self.bound;
        self.work_on(conflicts, must_stop);
        self.note_progress(known);
    }

    fn note_progress(&mut self, known: Slot) {
        if self.bound > known || self.found.is_some() {
            self.told_at = self.conflicts();
        }
    }

    fn work_on(&mut self, conflicts: u64, must_stop: &dyn Fn() -> bool) {
        let last = self.conflicts() + conflicts;
        while !self.is_settled && self.conflicts() < last && !must_stop() {
            let before = self.conflicts();
            let most = self.turn.min(last - before);
            if self.question == Question::Repair && !self.repair.is_at_work() {
                match self.best.and_then(|best| self.repair.begin(&self.problem, best)) {
                    Some(kept) => self.engine.grant(&kept),
                    None => self.turn = 0,
                }
            }
            if self.question == Question::Modes {
                self.choose_modes(most, must_stop);
            } else if self.turn > 0 {
                let end = self.engine.search(self.question == Question::Bound, most, must_stop);
                self.take(end, self.question);
            }
            let met = self.conflicts() - before;
            // A neighbourhood that is refused at once has taken its time too.
            self.turn = self.turn.saturating_sub(met.max(1));
            if self.repair.spend(met) {
                self.engine.let_go();
            }
            if self.turn == 0 {
                self.ask_next();
            }
        }
    }

    /// Looks at what modes alone allow.
    fn choose_modes(&mut self, conflicts: u64, must_stop: &dyn Fn() -> bool) {
        let most = self.best.map_or(self.problem.windows[self.problem.tasks.len()].1, |best| best - 1);
        let Some(tradeoff) = self.tradeoff.as_mut().filter(|tradeoff| !tradeoff.is_done()) else {
            self.turn = 0;
            return;
        };
        tradeoff.search(&self.problem, most, conflicts, must_stop);
        if tradeoff.bound() > self.bound {
            self.bound = tradeoff.bound();
            self.engine.raise_bound(self.bound);
        }
        match self.best {
            Some(best) if self.bound >= best => (self.bound, self.is_settled) = (best, true),
            None if self.bound > most => (self.is_settled, self.is_infeasible) = (true, !self.is_feasible),
            _ => {}
        }
    }

    fn leave_neighbourhood(&mut self) {
        self.repair.stop();
        self.engine.let_go();
    }

    /// Goes on to the next question.
    fn ask_next(&mut self) {
        self.leave_neighbourhood();
        self.turn = TURN;
        self.vain += u32::from(self.question == Question::Shorter);
        // Where just one slot is open, "as short as the bound" and "shorter than the best" are one question.
        let is_last_slot = self.best.is_some_and(|best| best - self.bound <= 1);
        self.question = match self.question {
            Question::Modes => Question::Bound,
            Question::Bound | Question::Shorter if is_last_slot => Question::Modes,
            Question::Bound if self.improves => Question::Shorter,
            Question::Shorter if self.is_exact && self.is_repair_due() => Question::Repair,
            _ => Question::Modes,
        };
        if !self.idea.is_empty() && matches!(self.question, Question::Bound | Question::Shorter) {
            let is_its_turn = self.question == Question::Bound || self.vain.is_multiple_of(2);
            self.engine.guide(if is_its_turn || self.guide.is_empty() { &self.idea } else { &self.guide });
            return;
        }
        // A schedule as good as the best, but another one, may lead elsewhere.
        if let Some(values) = self.repair.offered().filter(|_| self.question == Question::Bound) {
            self.engine.guide(values);
        }
    }

    /// True if neighbourhoods are to be looked at: the less often, the longer they have held nothing.
    fn is_repair_due(&self) -> bool {
        self.vain.is_multiple_of(1 + self.vain.ilog2() / 2)
    }

    /// Takes in what a stretch of search for an answer to a question ended with.
    fn take(&mut self, end: End, question: Question) {
        match end {
            End::Found(values) => {
                let makespan = values[self.problem.tasks.len()];
                self.vain = 0;
                if question == Question::Bound {
                    (self.bound, self.is_settled) = (makespan, true);
                }
                self.best = Some(makespan);
                let modes = modes(&self.network, &self.problem, &values);
                self.found = Some(staffed(&self.network, &self.problem, &values, modes));
                self.leave_neighbourhood();
                self.engine.guide(&values);
                self.guide.clone_from(&values);
                self.engine.require(makespan - 1);
            }
            End::Exhausted => {
                self.is_settled = true;
                match self.best {
                    Some(best) => self.bound = best,
                    None => self.is_infeasible = !self.is_feasible,
                }
            }
            End::Refused => {
                self.repair.grow();
                self.engine.let_go();
            }
            End::Stopped => self.bound = self.bound.max(self.engine.lower_bound()),
        }
    }

    /// Takes in a schedule in whose neighbourhood shorter ones may be looked for.
    pub fn offer(&mut self, member: &Member, random: Random) {
        if self.improves && self.is_exact && !self.is_settled && !self.repair.is_at_work() {
            let values = guide(&self.network, &self.problem, &member.starts, &member.modes);
            self.repair.offer(member, values, random);
        }
    }

    /// Conflicts met so far.
    pub fn conflicts(&self) -> u64 {
        let twin = self.twin.as_ref().map_or(0, |twin| twin.conflicts());
        self.engine.conflicts() + twin + self.tradeoff.as_ref().map_or(0, Tradeoff::work)
    }

    /// True if what it finds are schedules, and not only ideas of some.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// No schedule has a smaller makespan.
    pub fn bound(&self) -> Slot {
        self.bound
    }

    /// True if there is no schedule at all.
    pub fn is_infeasible(&self) -> bool {
        self.is_infeasible
    }

    /// Hands out the best schedule that was found since it was last asked.
    pub fn take_found(&mut self) -> Option<Staffed> {
        self.found.take()
    }
}
