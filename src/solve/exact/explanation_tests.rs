//! Each propagator explains what it infers: by literals that held before, that are enough, and of which none could be
//! weaker.
//!
//! They are enough if the propagator alone infers the same again, or meets a conflict, where they are all that holds
//! beside what was given before the first decision. None could be weaker if it does not infer it in one step where any one
//! of them asks for one less, which may be to ask for nothing. A propagator is a single constraint here: the needs of one
//! resource in one slot, two rivals, the choice of one task, a total; of distances and lags, all that push from where things
//! are.

use std::collections::BTreeMap;

use rand::Rng;

use super::blends;
use super::choices;
use super::cliques::Cliques;
use super::energy::{Energy, Window};
use super::kernel::Kernel;
use super::lags::Lags;
use super::literal::{Literal, Side};
use super::pools::{self, Pool, User};
use super::precedence::Precedence;
use super::problem::Problem;
use super::rivals::Rivals;
use super::tasks::Task;
use super::tests::{kernel, mixed_problem, narrowed, units};
use super::timetable::Timetable;
use super::totals::Totals;
use super::trace::Cause;
use super::trail::{Reason, Trail};
use crate::effort::random;
use crate::solve::sgs::Deep;

type Windows = Vec<(i32, i32)>;

/// Something that was inferred in a problem, and why.
struct Inference<'p> {
    problem: &'p Problem,
    /// What is given, whatever is decided.
    given: &'p Windows,
    cause: Cause,
    why: Vec<Literal>,
}

/// Why a propagator stopped: a literal that cannot hold, if it was one.
type Stop = Option<Literal>;

/// A propagator alone.
type Propagator<'p> = &'p dyn Fn(&mut Trail) -> Result<(), Stop>;

/// What a propagator infers.
#[derive(Debug)]
struct Inferred {
    /// In order; the last may be one that cannot hold.
    literals: Vec<Literal>,
    is_conflict: bool,
}

impl Inference<'_> {
    /// Checks what explains it.
    fn check(&self, propagate: Propagator<'_>) {
        assert_eq!(self.fault(propagate), None, "{:?} in {:?}", self.given, self.problem);
    }

    /// What is wrong with what explains it.
    fn fault(&self, propagate: Propagator<'_>) -> Option<String> {
        let Inference { given, cause, why, .. } = self;
        let needed: Vec<Literal> =
            why.iter().copied().filter(|&literal| narrowed(given, &[literal]) != **given).collect();
        let mut sides: Vec<Side> = needed.iter().map(|literal| literal.side).collect();
        sides.sort();
        if sides.windows(2).any(|pair| pair[0] == pair[1]) {
            return Some(format!("{cause:?} because of {why:?}: one side is named twice"));
        }
        let inferred = self.inferred(&needed, propagate);
        if !self.is_enough(&inferred) {
            return Some(format!("{cause:?} does not follow from {why:?} but {inferred:?}"));
        }
        for at in 0..needed.len() {
            // Members of a clique may be taken to last longer than they have to.
            if matches!(cause, Cause::Follows(_, Reason::Clique(_))) && self.is_of_mode(needed[at]) {
                continue;
            }
            let mut weaker = needed.clone();
            weaker[at].value -= 1;
            let inferred = self.inferred(&weaker, propagate);
            // What was taken away may follow from the rest, and then the same as before; and a mode that is ruled out on
            // the way to a start or a finish is a step of its own.
            let is_step = |literal: Literal| {
                literal.side == needed[at].side && literal.value >= needed[at].value
                    || self.is_of_mode(literal) && !self.literal().is_some_and(|target| self.is_of_mode(target))
            };
            let step = inferred.literals.iter().position(|&literal| is_step(literal)).unwrap_or(usize::MAX);
            let is_enough = self.place(&inferred).is_some_and(|place| place < step);
            if is_enough {
                return Some(format!("{cause:?} because of {why:?} follows without {:?}: {inferred:?}", needed[at]));
            }
        }
        None
    }

    /// What follows from literals beside what is given.
    fn inferred(&self, literals: &[Literal], propagate: Propagator<'_>) -> Inferred {
        let mut trail = Trail::new(&narrowed(self.given, literals));
        let known = trail.len() as u32;
        let stop = propagate(&mut trail).err();
        let entries = (known..trail.len() as u32).map(|place| trail.entry(place));
        let literals = entries.map(|entry| Literal { side: entry.side, value: entry.value });
        Inferred { literals: literals.chain(stop.flatten()).collect(), is_conflict: stop.is_some() }
    }

    /// True if it is inferred, or a conflict, from which anything follows.
    fn is_enough(&self, inferred: &Inferred) -> bool {
        self.place(inferred).is_some() || inferred.is_conflict
    }

    /// The place of what it is about.
    fn place(&self, inferred: &Inferred) -> Option<usize> {
        match self.literal() {
            Some(literal) => inferred.place(literal),
            None => inferred.is_conflict.then_some(inferred.literals.len()),
        }
    }

    /// The literal that it is about; none for a conflict of no literal.
    fn literal(&self) -> Option<Literal> {
        match self.cause {
            Cause::Follows(literal, _) => Some(literal),
            _ => None,
        }
    }

    /// The task that a literal is about.
    fn task_of(&self, literal: Literal) -> Option<&Task> {
        let owners = self.problem.owners();
        self.problem.tasks.get(*owners.get(literal.side.variable() as usize)? as usize)
    }

    /// True of the literal that a mode is taken, or out of the question.
    fn is_of_mode(&self, literal: Literal) -> bool {
        matches!(self.task_of(literal), Some(Task::Multi(choice)) if literal.side.variable() > choice.finish)
    }
}

impl Inferred {
    /// Where a literal, or a stronger one, is first inferred.
    fn place(&self, literal: Literal) -> Option<usize> {
        self.literals.iter().position(|other| other.side == literal.side && other.value >= literal.value)
    }
}

const PROBLEMS: u64 = 3_000;
const DESCENTS: usize = 6;

/// Takes random decisions in a problem, about orders too if asked to, until it has a conflict or nothing is left to decide,
/// several times.
///
/// # Arguments
/// `visit` is shown what is given and the kernel after each decision, and whether it has no conflict.
fn descend((problem, with_orders): (&Problem, bool), seed: u64, visit: &mut dyn FnMut(&Windows, &Kernel<Deep>, bool)) {
    let mut kernel = kernel(problem);
    if kernel.is_exhausted || !kernel.settles() {
        return;
    }
    let window = |variable| (kernel.trail.least(variable), kernel.trail.most(variable));
    let given = (0..kernel.variables()).map(window).collect();
    let deciding = if with_orders { kernel.variables() } else { problem.windows.len() as u32 };
    let mut random = random(seed, 1);
    for _ in 0..DESCENTS {
        let mut is_settled = true;
        while is_settled {
            let open: Vec<u32> = (0..deciding).filter(|&variable| !kernel.trail.is_fixed(variable)).collect();
            if open.is_empty() {
                break;
            }
            let variable = open[random.random_range(0..open.len())];
            let values = kernel.trail.least(variable) + 1..=kernel.trail.most(variable);
            let literal = Literal::at_least(variable, random.random_range(values));
            kernel.trail.decide(if random.random_bool(0.5) { literal } else { literal.negated() });
            is_settled = kernel.settles();
            visit(&given, &kernel, is_settled);
        }
        kernel.backtrack(0);
    }
}

/// Shows all that is inferred in random problems, whole or in part.
///
/// # Arguments
/// `visit` checks an inference and says of what kind it is, if it is one of its own.
///
/// # Returns
/// How many there were of each kind.
fn inferences(visit: &dyn Fn(&Inference<'_>) -> Option<String>) -> BTreeMap<String, usize> {
    inferences_in(&|seed| mixed_problem(seed, 2..7, 5..14, 0.2), false, visit)
}

/// The same in problems of a kind, as far as they are decided about ([`descend`]).
fn inferences_in(
    problem: &dyn Fn(u64) -> Problem,
    with_orders: bool,
    visit: &dyn Fn(&Inference<'_>) -> Option<String>,
) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for seed in 0..PROBLEMS {
        let problem = &problem(seed);
        descend((problem, with_orders), seed, &mut |given, kernel, is_settled| {
            let mut show = |cause: Cause, why: Vec<Literal>| {
                if let Some(kind) = visit(&Inference { problem, given, cause, why }) {
                    *kinds.entry(kind).or_default() += 1;
                }
            };
            if !is_settled {
                let mut why = kernel.conflict.clone();
                assert!(why.iter().all(|&literal| kernel.trail.is_true(literal)), "{why:?}");
                if let Cause::Follows(literal, _) = kernel.conflict_cause {
                    assert_eq!(why.pop(), Some(literal.negated()));
                }
                show(kernel.conflict_cause, why);
            }
            if !is_settled || (0..kernel.variables()).all(|variable| kernel.trail.is_fixed(variable)) {
                for (literal, reason, why) in kernel.explanations() {
                    show(Cause::Follows(literal, reason), why);
                }
            }
        });
    }
    kinds
}

/// Requires so many inferences of each kind.
fn assert_seen(kinds: &BTreeMap<String, usize>, least: &[(&str, usize)]) {
    let is_seen = |&(kind, count): &(&str, usize)| kinds.get(kind).is_some_and(|&seen| seen >= count);
    assert!(least.iter().all(is_seen) && kinds.len() == least.len(), "{kinds:?}");
}

/// The name of a side.
fn end(side: Side) -> &'static str {
    if side.is_lower() { "at least" } else { "at most" }
}

#[test]
fn distances_explain_what_they_push() {
    let kinds = inferences(&|inference| {
        let Cause::Follows(literal, Reason::Distance(_)) = inference.cause else { return None };
        let variables = inference.problem.windows.len();
        let precedence = Precedence::new(&inference.problem.distances, variables);
        inference.check(&|trail| {
            let before = trail.clone();
            let sides = (0..variables as u32).flat_map(|variable| [Side::lower(variable), Side::upper(variable)]);
            for (side, push) in sides.flat_map(|side| precedence.pushes(side).iter().map(move |push| (side, push))) {
                let pushed = Literal { side: push.to, value: before.bound(side) + push.more };
                if trail.is_false(pushed) {
                    return Err(Some(pushed));
                }
                if !trail.is_true(pushed) {
                    trail.raise(pushed, Reason::Distance(push.distance));
                }
            }
            Ok(())
        });
        Some(end(literal.side).to_owned())
    });
    assert_seen(&kinds, &[("at least", 5_000), ("at most", 5_000)]);
}

#[test]
fn lags_explain_what_they_push() {
    let kinds = inferences(&|inference| {
        let Cause::Follows(literal, Reason::Lag(number)) = inference.cause else { return None };
        let lags = Lags::new(&inference.problem.lags[number as usize..][..1], inference.problem.windows.len());
        inference.check(&|trail| {
            let before = trail.clone();
            let sides = (0..inference.problem.windows.len() as u32).flat_map(|it| [Side::lower(it), Side::upper(it)]);
            for side in sides.filter(|&side| !lags.of(side).is_empty()) {
                let Some(pushed) = lags.push(0, Literal { side, value: before.bound(side) }) else { continue };
                if trail.is_false(pushed) {
                    return Err(Some(pushed));
                }
                if !trail.is_true(pushed) {
                    trail.raise(pushed, Reason::Lag(0));
                }
            }
            Ok(())
        });
        Some(end(literal.side).to_owned())
    });
    assert_seen(&kinds, &[("at least", 1_000), ("at most", 1_000)]);
}

/// The rivals of a problem, as far as literals that hold tell their orders.
fn rivals(problem: &Problem, trail: &Trail) -> Rivals {
    let follow = problem.follows();
    let follows = |one: u32, other: u32| follow[one as usize].contains(other as usize);
    let first_order = problem.windows.len() as u32;
    let mut rivals = Rivals::new(&problem.tasks, &problem.capacities, first_order, follows);
    for order in first_order..first_order + rivals.len() as u32 {
        rivals.refresh_order(order, trail);
    }
    rivals
}

#[test]
fn rivals_explain_their_order() {
    let kinds = inferences(&|inference| {
        let Inference { problem, cause, .. } = inference;
        let Cause::Follows(literal, reason) = *cause else { return None };
        let (pair, kind) = match reason {
            Reason::Rival(rival) => {
                let task = problem.owners()[literal.side.variable() as usize];
                ((task, rival), format!("{} by order", end(literal.side)))
            }
            Reason::Order => {
                let pair = rivals(problem, &Trail::new(inference.given)).told(literal).unwrap();
                (pair, "order by bounds".to_owned())
            }
            _ => return None,
        };
        inference.check(&|trail| {
            let mut rivals = rivals(problem, trail);
            [pair.0, pair.1].into_iter().for_each(|task| rivals.refresh(task, trail));
            rivals.order(pair.0, trail).map_err(|(literal, _)| Some(literal))
        });
        Some(kind)
    });
    assert_seen(&kinds, &[("at least by order", 200), ("at most by order", 200), ("order by bounds", 200)]);
}

#[test]
fn orders_explain_others() {
    let kinds = inferences_in(&|seed| mixed_problem(seed, 4..9, 9..22, 0.0), true, &|inference| {
        let Inference { problem, cause, .. } = inference;
        let Cause::Follows(literal, Reason::Chain(middle)) = *cause else { return None };
        let (first, second) = rivals(problem, &Trail::new(inference.given)).told(literal).unwrap();
        inference.check(&|trail| {
            let mut rivals = rivals(problem, trail);
            let orders = rivals.first_order()..rivals.first_order() + rivals.len() as u32;
            let known: Vec<(u32, u32)> = orders.filter_map(|order| rivals.refresh_order(order, trail)).collect();
            let mut pairs = known.into_iter().filter(|pair| [(first, middle), (middle, second)].contains(pair));
            let chained = pairs.try_for_each(|pair| rivals.chain(pair, trail));
            chained.map_err(|(literal, _)| Some(literal))
        });
        Some(format!("{} literals", inference.why.len()))
    });
    assert_seen(&kinds, &[("1 literals", 10), ("2 literals", 50)]);
}

#[test]
fn cliques_explain_their_order() {
    let kinds = inferences_in(&|seed| mixed_problem(seed, 4..9, 9..22, 0.0), false, &|inference| {
        let Inference { problem, cause, .. } = inference;
        let Cause::Follows(literal, Reason::Clique(_)) = *cause else { return None };
        let task = problem.owners()[literal.side.variable() as usize];
        // Others of the set may tell the same.
        let owners = problem.owners();
        let mut clique: Vec<u32> =
            inference.why.iter().map(|literal| owners[literal.side.variable() as usize]).chain([task]).collect();
        clique.sort_unstable();
        clique.dedup();
        let infer = |rule: usize, trail: &mut Trail| {
            if Cliques::tell(&clique, &problem.tasks, task, literal, trail).contains(&rule) {
                if trail.is_false(literal) {
                    return Err(Some(literal));
                }
                if !trail.is_true(literal) {
                    trail.raise(literal, Reason::Clique(0));
                }
            }
            Ok(())
        };
        // The explanation does not say which rule it is about.
        let faults = [0, 1, 2].map(|rule| inference.fault(&|trail| infer(rule, trail)));
        let rule = faults.iter().position(|fault| fault.is_none());
        let rule = rule.unwrap_or_else(|| panic!("{faults:?}, {:?} in {problem:?}", inference.given));
        Some(format!("{} {}", ["behind", "last", "not first"][rule], end(literal.side)))
    });
    let least = |kind: &'static str| (kind, 5);
    let sides = [least("behind at least"), least("behind at most"), least("last at least"), least("last at most")];
    assert_seen(&kinds, &[&sides[..], &[least("not first at least"), least("not first at most")]].concat());
}

#[test]
fn choices_explain_starts_finishes_and_modes() {
    let kinds = inferences(&|inference| {
        let Cause::Follows(literal, Reason::Choice(number)) = inference.cause else { return None };
        let Some(Task::Multi(choice)) = inference.task_of(literal) else { return None };
        inference.check(&|trail| choices::settle(number, choice, trail).map_err(Some));
        let what = match literal.side.variable() {
            variable if variable == number => "start",
            variable if variable == choice.finish => "finish",
            _ => "mode",
        };
        Some(format!("{what} {}", end(literal.side)))
    });
    let of_start = [("start at least", 5_000), ("start at most", 5_000)];
    let of_finish = [("finish at least", 5_000), ("finish at most", 5_000)];
    assert_seen(&kinds, &[&of_start[..], &of_finish, &[("mode at least", 1_000), ("mode at most", 1_000)]].concat());
}

#[test]
fn totals_explain_the_modes_they_rule_out() {
    let kinds = inferences(&|inference| {
        let Inference { problem, cause, .. } = inference;
        let Cause::Follows(_, Reason::Total(total)) = *cause else { return None };
        let mut totals = Totals::new(&problem.tasks, &problem.totals);
        if let Some(pool) = blends::blend(problem) {
            totals.add_pool(&pool, &problem.tasks, problem.tasks.len() as u32);
        }
        inference.check(&|trail| {
            let mut totals = totals.clone();
            for (number, task) in (0..).zip(&problem.tasks) {
                if let Task::Multi(choice) = task {
                    totals.refresh(number, choice, trail);
                }
            }
            totals.keep(total, &problem.tasks, trail).map_err(Some)
        });
        Some(if (total as usize) < problem.totals.len() { "total" } else { "blend" }.to_owned())
    });
    assert_seen(&kinds, &[("total", 300), ("blend", 50)]);
}

/// More than the slots of all problems, and than all tasks together need.
const SLOTS: usize = 32;
const ROOM: i32 = 100;

/// Room for everything, but in one slot what there is of one resource.
fn room_but_for(problem: &Problem, resource: usize, slot: i32) -> Vec<Vec<(i32, i32)>> {
    let mut capacities = vec![vec![(0, ROOM)]; problem.capacities.len()];
    capacities[resource].extend([(slot, units(&problem.capacities[resource], slot)), (slot + 1, ROOM)]);
    capacities
}

#[test]
fn slots_explain_what_they_have_no_room_for() {
    let kinds = inferences(&|inference| {
        let Inference { problem, cause, .. } = inference;
        let (slot, literal) = match *cause {
            Cause::Overload(slot) => (slot, None),
            Cause::Follows(literal, Reason::Slot(slot)) => (slot, Some(literal)),
            _ => return None,
        };
        let task = literal.and_then(|literal| inference.task_of(literal));
        let infer = |resource: usize, trail: &mut Trail| {
            let capacities = room_but_for(problem, resource, slot);
            let mut timetable: Timetable<Deep> = Timetable::new(&problem.tasks, &capacities, SLOTS);
            for (number, task) in (0..).zip(&problem.tasks) {
                timetable.grow(number, task, trail).map_err(|_| None)?;
            }
            if literal.is_some() {
                timetable.filter(&problem.tasks, trail).map_err(|(literal, _)| Some(literal))?;
            }
            match task {
                // What is left to a task without modes is anything.
                Some(Task::Multi(choice)) if choice.possible(trail).next().is_none() => Err(literal),
                _ => Ok(()),
            }
        };
        // The explanation does not say which resource it is about.
        let is_enough = |&resource: &usize| {
            inference.is_enough(&inference.inferred(&inference.why, &|trail| infer(resource, trail)))
        };
        let resource = (0..problem.capacities.len()).find(is_enough).unwrap_or(0);
        inference.check(&|trail| infer(resource, trail));
        let Some((task, literal)) = task.zip(literal) else { return Some("overload".to_owned()) };
        let of_task = match task {
            Task::Single(_) => "single",
            _ if task.is_steady() => "steady",
            _ if task.calendar().is_some() => "pausing",
            _ => "mixed",
        };
        Some(format!("{of_task} {}", if inference.is_of_mode(literal) { "mode" } else { end(literal.side) }))
    });
    let of_single = [("overload", 200), ("single at least", 100), ("single at most", 100)];
    let of_steady = [("steady at least", 200), ("steady at most", 200), ("steady mode", 200)];
    let of_pausing = [("pausing at least", 100), ("pausing at most", 100), ("pausing mode", 50)];
    let of_mixed = [("mixed at least", 100), ("mixed at most", 100), ("mixed mode", 50)];
    assert_seen(&kinds, &[of_single, of_steady, of_pausing, of_mixed].concat());
}

/// By how much what literals say is taken of a pool exceeds what there is in a window, as far as is certain. The literals
/// alone speak of tasks, and slots count in which a mode can work; of bounds there is also what is given.
fn excess(problem: &Problem, pool: &Pool, given: &Windows, literals: &[Literal], Window { from, to }: Window) -> i64 {
    const FAR: i32 = 1_000;
    let windows = narrowed(&vec![(-FAR, FAR); problem.windows.len()], literals);
    let of_task = |user: &User| {
        let (task, (earliest, latest)) = (&problem.tasks[user.task as usize], windows[user.task as usize]);
        let of_mode = |mode: usize| {
            let way = &task.modes()[mode];
            let count = |slot: i32| match way.span {
                Some(_) => (0..slot.min(SLOTS as i32)).filter(|&slot| way.works(slot)).count() as i32,
                None => slot,
            };
            let [earliest, latest, from, to] = [earliest, latest, from, to].map(count);
            let (finish, until) = match task {
                Task::Single(_) => (earliest + way.duration, latest + way.duration),
                Task::Multi(choice) => {
                    (count(windows[choice.finish as usize].0), count(windows[choice.finish as usize].1))
                }
            };
            let (finish, start) = (finish.max(earliest + way.duration), latest.min(until - way.duration));
            let slots = way.duration.min(to - from).min(finish - from).min(to - start).max(0);
            i64::from(user.amounts[mode]) * i64::from(slots) + user.extras.get(mode).copied().unwrap_or(0)
        };
        let is_off =
            |mode: usize| matches!(task, Task::Multi(choice) if windows[choice.variable(mode) as usize].1 == 0);
        (0..task.modes().len()).filter(|&mode| !is_off(mode)).map(of_mode).min().unwrap_or(0)
    };
    let trail = Trail::new(&narrowed(given, literals));
    let by_bounds: i64 = pool.bounds.iter().map(|&(side, weight)| weight * i64::from(trail.bound(side))).sum();
    let there: i64 = (from..to).map(|slot| i64::from(units(&pool.steps, slot))).sum();
    pool.users.iter().map(of_task).sum::<i64>() + by_bounds - pool.allowance - there
}

/// Of energy less is required: no literal about a task with a single mode is named in vain, and no task with a choice. Of
/// such a task some of the modes that are out of the question, or weaker bounds, might do; in a blend, where bounds count
/// beside tasks, so might fewer tasks. The search for windows need not find the same window again, so that it is summed up
/// here instead.
#[test]
fn overfull_windows_explain_whose_work_is_too_much() {
    let mut kinds = BTreeMap::new();
    for seed in 0..PROBLEMS {
        let problem = &mixed_problem(seed, 2..7, 5..14, 0.2);
        let follow = problem.follows();
        let follows = |one: u32, other: u32| follow[one as usize].contains(other as usize);
        let first_order = problem.windows.len() as u32;
        let apart = Rivals::new(&problem.tasks, &problem.capacities, first_order, follows).apart(&follow);
        let mut pools = pools::resources(&problem.tasks, &problem.capacities);
        pools.extend(pools::derived(&problem.tasks, &problem.capacities, &apart));
        pools.extend(blends::blend(problem));
        // Where there is too little of nothing, windows may become overfull.
        let roomy = Problem { capacities: vec![vec![(0, ROOM)]; problem.capacities.len()], ..problem.clone() };
        descend((&roomy, false), seed, &mut |given, kernel, is_settled| {
            for pool in pools.iter().filter(|_| is_settled) {
                let mut energy = Energy::default();
                let inferred: Vec<(Window, Option<Literal>)> =
                    match energy.find_moves(pool, &problem.tasks, &kernel.trail) {
                        Ok(()) => energy.moves.iter().map(|found| (found.window, Some(found.literal))).collect(),
                        Err(window) => vec![(window, None)],
                    };
                for (window, literal) in inferred {
                    let mut why = Vec::new();
                    let assumed = literal.map(Literal::negated);
                    let now = (kernel.trail.len() as u32, &kernel.trail);
                    energy.explain((window, assumed), pool, &problem.tasks, now, &mut why);
                    assert!(why.iter().all(|&literal| kernel.trail.is_true(literal)), "{why:?}");
                    let is_enough = |literals: &[Literal], assumed: Option<Literal>| {
                        let literals: Vec<Literal> = literals.iter().copied().chain(assumed).collect();
                        excess(problem, pool, given, &literals, window) > 0
                    };
                    assert!(
                        is_enough(&why, assumed),
                        "{window:?} because of {why:?}, {assumed:?} in {pool:?} of {problem:?}"
                    );
                    // The search counts less than there is to be counted; then the window is overfull as it is.
                    let needs = assumed.filter(|_| !is_enough(&why, None));
                    let owners = problem.owners();
                    let owner = |literal: Literal| owners[literal.side.variable() as usize];
                    let task_of = |literal: Literal| &problem.tasks[owner(literal) as usize];
                    let kind = match assumed {
                        Some(literal) if matches!(task_of(literal), Task::Multi(_)) => "move of pausing work",
                        Some(_) => "move",
                        None if pool.bounds.is_empty() => "pool",
                        None => "blend",
                    };
                    *kinds.entry(kind.to_owned()).or_default() += 1;
                    for &needed in why.iter().filter(|_| pool.bounds.is_empty()) {
                        let is_single = matches!(task_of(needed), Task::Single(_));
                        let is_left = |&literal: &Literal| match is_single {
                            true => literal != needed,
                            false => owner(literal) != owner(needed),
                        };
                        let rest: Vec<Literal> = why.iter().copied().filter(is_left).collect();
                        assert!(
                            !is_enough(&rest, needs),
                            "{window:?} in {pool:?} because of {why:?} without {needed:?} in {problem:?}"
                        );
                        let kind = match task_of(needed) {
                            Task::Single(_) => "single",
                            task if task.is_steady() => "choice",
                            _ => "pausing",
                        };
                        *kinds.entry(kind.to_owned()).or_default() += 1;
                    }
                }
            }
        });
    }
    let of_windows = [("pool", 1_000), ("blend", 500), ("move", 500), ("move of pausing work", 100)];
    let of_tasks = [("single", 1_000), ("choice", 1_000), ("pausing", 1_000)];
    assert_seen(&kinds, &[&of_windows[..], &of_tasks].concat());
}
