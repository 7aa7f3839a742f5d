//! The kernel against plain enumeration.

use proptest::prelude::*;

use std::ops::Range;
use std::sync::Arc;

use rand::Rng;

use super::kernel::{End, Kernel};
use super::lags::{Lag, Leads, Point};
use super::literal::Literal;
use super::precedence::Distance;
use super::problem::Problem;
use super::spans::Span;
use super::tasks::{Choice, MIXED, Mode, Need, Task};
use super::{guide, narrow, problem, problem_with, prove};
use crate::effort::random;
use crate::network::{EVERY_SLOT, Network, Slot};
use crate::plan::LinkKind::FinishToStart;
use crate::proof::{check_steps, takes_pools};
use crate::solve::bounds::{self, Heads};
use crate::solve::sgs::Deep;
use crate::solve::testing::{ALL_KINDS, Project, project, tight_project};

/// What the kernel proves of schedules that end by `most`: the least makespan and the starts of such a schedule; none if
/// there are none.
fn best(network: &Network, most: Slot, from_below: bool) -> Option<(Slot, Vec<Slot>)> {
    let heads = bounds::heads(network).ok()?;
    let problem = problem(network, &heads, heads.path(), most).filter(|problem| problem.impossible().is_none())?;
    let nodes = network.len();
    let mut kernel: Kernel<Deep> = Kernel::new(&problem, &guide(network, &problem, &vec![0; nodes], &[]));
    kernel.ask(from_below);
    let mut found = None;
    loop {
        match kernel.search(10_000, &|| false) {
            End::Found(values) => {
                let makespan = values[nodes];
                if from_below {
                    assert_eq!(kernel.lower_bound(), makespan);
                }
                kernel.require(makespan - 1);
                found = Some((makespan, values[..nodes].to_vec()));
            }
            End::Exhausted => return found,
            End::Refused | End::Stopped => panic!("small projects are settled within 10,000 conflicts"),
        }
    }
}

fn agrees(project: &Project, horizon: Slot, expected: Option<Slot>) -> Result<(), TestCaseError> {
    for from_below in [false, true] {
        let found = best(&project.network(), horizon, from_below);
        prop_assert_eq!(found.as_ref().map(|found| found.0), expected);
        if let Some((makespan, starts)) = found {
            prop_assert_eq!(project.fault(&starts), None);
            let ends = starts.iter().zip(&project.activities).map(|(start, activity)| start + activity.0);
            prop_assert_eq!(ends.max().unwrap_or(0), makespan);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_least_makespan_is_that_of_all_orders(project in project(1..7, &[FinishToStart], 0..3)) {
        agrees(&project, 60, Some(project.least_makespan()))?;
    }

    #[test]
    fn the_least_makespan_with_links_of_all_kinds_is_that_of_all_starts(project in project(1..5, &ALL_KINDS, -2..3)) {
        agrees(&project, 14, project.least_makespan_of_all_starts(15).filter(|&makespan| makespan <= 14))?;
    }

    #[test]
    fn what_no_schedule_beats_has_a_proof_that_can_be_checked(project in tight_project(1..6)) {
        let network = project.network();
        let least = project.least_makespan_of_all_starts(15).filter(|&makespan| makespan <= 14);
        let end = least.map_or(14, |makespan| makespan - 1);
        let mut text = Vec::new();
        let proven = prove(&network, end, None, 10_000, &|| false, &mut text).unwrap();
        prop_assert!(end < 0 || proven.is_ok(), "{proven:?}");
        let text = String::from_utf8(text).unwrap();
        let lines = || (1..).zip(text.lines().map(str::to_owned));
        if end >= 0 {
            let checked = check_steps(&network, end, &mut lines());
            prop_assert!(checked.is_ok(), "{checked:?} of\n{text}");
        }
        if least.is_some() {
            prop_assert!(check_steps(&network, end + 1, &mut lines()).is_err());
        }
    }

    #[test]
    fn a_proof_does_without_pools_that_it_may_not_have(project in tight_project(1..6), kept in any::<u32>()) {
        let network = project.network();
        let heads = Heads { start: vec![0; network.len()], finish: vec![0; network.len()] };
        let least = project.least_makespan_of_all_starts(15).filter(|&makespan| makespan <= 14);
        let end = least.map_or(14, |makespan| makespan - 1);
        let problem = problem_with(&network, &heads, (0, end), &|_| true).filter(|problem| problem.impossible().is_none());
        let Some(problem) = problem else { return Ok(()) };
        let mut kernel = kernel(&problem);
        let (mut takes, mut pools) = (takes_pools(&network, end), 0);
        kernel.keep_trace(&mut |line| {
            pools += 1;
            kept >> (pools % 32) & 1 == 1 && takes(line)
        });
        prop_assert_eq!(kernel.search(10_000, &|| false), End::Exhausted);
        let text = String::from_utf8(kernel.trace.expect("it was kept").take()).unwrap();
        let checked = check_steps(&network, end, &mut (1..).zip(text.lines().map(str::to_owned)));
        prop_assert!(checked.is_ok(), "{checked:?} of\n{text}");
    }

    #[test]
    fn maximal_lags_are_kept_or_proven_impossible(project in tight_project(1..5)) {
        agrees(&project, 14, project.least_makespan_of_all_starts(15).filter(|&makespan| makespan <= 14))?;
    }
}

/// A problem with everything that the kernel knows: choices, totals, capacities that change, distances of both signs and
/// such as are a function of where they begin, and in every other one two calendars.
pub(super) fn some_problem(seed: u64, counts: Range<u32>, horizons: Range<i32>) -> Problem {
    mixed_problem(seed, counts, horizons, 0.0)
}

/// The same, but for tasks that work by both calendars. Of such a task the kernel counts only the slots in which it works in
/// each of its modes.
///
/// # Arguments
/// `mixing` is how often a mode works by the other calendar than its task.
pub(super) fn mixed_problem(seed: u64, counts: Range<u32>, horizons: Range<i32>, mixing: f64) -> Problem {
    let mut random = random(seed, 0);
    let count = random.random_range(counts);
    let horizon = random.random_range(horizons);
    let resources = random.random_range(1..3_u32);
    let steps = |random: &mut crate::effort::Random| match random.random_bool(0.5) {
        true => vec![(0, random.random_range(2..6))],
        false => vec![(0, random.random_range(0..6)), (random.random_range(1..5), random.random_range(1..6))],
    };
    let capacities = (0..resources).map(|_| steps(&mut random)).collect();
    let totals = vec![i64::from(count) * random.random_range(1..4)];
    let mut windows: Vec<(i32, i32)> = (0..count).map(|_| (random.random_range(0..2), horizon)).collect();
    windows.push((0, horizon));
    let mut tasks = Vec::new();
    let pattern =
        |random: &mut crate::effort::Random| -> Vec<bool> { (0..=horizon).map(|_| random.random_bool(0.6)).collect() };
    let patterns = [pattern(&mut random), pattern(&mut random)];
    for _ in 0..count {
        let calendar = if seed % 2 == 1 { random.random_range(0..3) } else { EVERY_SLOT };
        let unbroken = random.random_bool(0.3);
        let duration = random.random_range(0..5);
        let mut mode = |duration: i32| {
            let is_other = calendar != EVERY_SLOT && random.random_bool(mixing);
            let calendar = match if is_other { 3 - calendar } else { calendar } {
                calendar if duration > 0 => calendar,
                _ => EVERY_SLOT,
            };
            let pattern = usize::from(calendar).checked_sub(1).map(|number| &patterns[number]);
            let mode = Mode {
                duration,
                span: pattern.map(|pattern| Arc::new(Span::of_pattern(pattern, duration, unbroken))),
                needs: (0..resources)
                    .map(|resource| Need { resource, amount: random.random_range(0..5) })
                    .filter(|need| need.amount > 0)
                    .collect(),
                consumptions: vec![(0, random.random_range(0..5))],
            };
            (mode, calendar)
        };
        let modes = [mode(duration), mode((duration + 1) % 5), mode((duration + 3) % 5)];
        tasks.push(match random.random_range(0..3) {
            0 if modes[0].1 == EVERY_SLOT => Task::Single(modes[0].0.clone()),
            count => {
                let finish = windows.len() as u32;
                windows.extend([(0, horizon)].into_iter().chain((0..=count).map(|_| (0, 1))));
                let (modes, calendars): (Vec<Mode>, Vec<_>) = modes[..=count].iter().cloned().unzip();
                let is_mixed = calendars.iter().any(|&calendar| calendar != calendars[0]);
                Task::Multi(Choice::new(finish, modes, if is_mixed { MIXED } else { calendars[0] }))
            }
        });
    }
    let mut distances = Vec::new();
    for (task, number) in tasks.iter().zip(0..) {
        let end = task.ends_from(number, 0);
        distances.push(Distance { from: end.side.variable(), to: count, least: -end.value });
    }
    for _ in 0..random.random_range(0..4) {
        let from = random.random_range(0..count);
        let to = (from + random.random_range(1..count)) % count;
        let mut end = |task: u32, is_start: f64| match random.random_bool(is_start) {
            true => Literal::at_least(task, 0),
            false => tasks[task as usize].ends_from(task, 0),
        };
        let (before, after) = (end(from, 0.3), end(to, 0.7));
        let least = random.random_range(-5..3) - before.value + after.value;
        distances.push(Distance { from: before.side.variable(), to: after.side.variable(), least });
    }
    let mut lags = Vec::new();
    for _ in 0..random.random_range(0..3) {
        let from = random.random_range(0..count);
        let to = (from + random.random_range(1..count)) % count;
        let mut point = |task: u32, is_start: f64| match random.random_bool(is_start) {
            true => Point { variable: task, more: 0 },
            false => {
                let end = tasks[task as usize].ends_from(task, 0);
                Point { variable: end.side.variable(), more: -end.value }
            }
        };
        let (from, to) = (point(from, 0.3), point(to, 0.7));
        let more = random.random_range(-5..3);
        let leads = (0..horizon + 2).map(|slot| slot + more + random.random_range(0..4)).collect();
        lags.push(Lag { from, to, leads: Arc::new(Leads::new(leads)) });
    }
    Problem { tasks, capacities, totals, windows, distances, lags, nodes: (0..count).collect() }
}

/// What there is in a slot.
pub(super) fn units(steps: &[(i32, i32)], slot: i32) -> i32 {
    steps.iter().rev().find(|step| step.0 <= slot).map_or(0, |step| step.1)
}

/// The first thing that is wrong with the values of all variables.
fn fault(problem: &Problem, values: &[i32]) -> Option<String> {
    if let Some(variable) = (0..values.len()).find(|&variable| {
        let window = problem.windows[variable];
        values[variable] < window.0 || values[variable] > window.1
    }) {
        return Some(format!("variable {variable} is out of its window"));
    }
    for distance in &problem.distances {
        if values[distance.to as usize] < values[distance.from as usize] + distance.least {
            return Some(format!("{distance:?}"));
        }
    }
    for lag in &problem.lags {
        let at = |point: Point| values[point.variable as usize] + point.more;
        if at(lag.to) < lag.leads.from(at(lag.from)) {
            return Some(format!("{lag:?}"));
        }
    }
    let mut taken = Vec::new();
    for (task, &start) in problem.tasks.iter().zip(values) {
        taken.push(match task {
            Task::Single(mode) => mode,
            Task::Multi(choice) => {
                let modes = 0..choice.modes.len();
                let on: Vec<usize> = modes.filter(|&mode| values[choice.variable(mode) as usize] == 1).collect();
                let [on] = on[..] else { return Some("not one mode".to_owned()) };
                let way = &choice.modes[on];
                if way.first(start) != start || values[choice.finish as usize] != way.end(start) {
                    return Some("start, mode and finish differ".to_owned());
                }
                way
            }
        });
    }
    for (number, &capacity) in problem.totals.iter().enumerate() {
        if taken.iter().map(|mode| mode.consumption(number as u32)).sum::<i64>() > capacity {
            return Some(format!("total {number}"));
        }
    }
    for slot in 0..20 {
        for (resource, steps) in problem.capacities.iter().enumerate() {
            let is_busy = |mode: &Mode, start: i32| start <= slot && slot < mode.end(start) && mode.works(slot);
            let busy = taken.iter().zip(values).filter(|(mode, start)| is_busy(mode, **start));
            let used: i32 = busy.map(|(mode, _)| mode.amount(resource as u32)).sum();
            if used > units(steps, slot) {
                return Some(format!("resource {resource} in slot {slot}"));
            }
        }
    }
    None
}

/// The least makespan, by trying all starts in all modes.
fn least_of_all(problem: &Problem) -> Option<i32> {
    fn extend(problem: &Problem, task: usize, values: &mut Vec<i32>, best: &mut Option<i32>) {
        let count = problem.tasks.len();
        if task == count {
            let ends = (0..count as u32).zip(&problem.tasks).map(|(number, task)| {
                let end = task.ends_from(number, 0);
                values[end.side.variable() as usize] - end.value
            });
            values[count] = ends.max().unwrap_or(0).max(problem.windows[count].0);
            if best.is_none_or(|best| values[count] < best) && fault(problem, values).is_none() {
                *best = Some(values[count]);
            }
            return;
        }
        for start in problem.windows[task].0..=problem.windows[task].1 {
            values[task] = start;
            match &problem.tasks[task] {
                Task::Single(_) => extend(problem, task + 1, values, best),
                Task::Multi(choice) => {
                    for (mode, way) in choice.modes.iter().enumerate() {
                        values[choice.finish as usize] = way.end(start);
                        values[choice.variable(mode) as usize] = 1;
                        extend(problem, task + 1, values, best);
                        values[choice.variable(mode) as usize] = 0;
                    }
                }
            }
        }
    }
    let mut best = None;
    extend(problem, 0, &mut vec![0; problem.windows.len()], &mut best);
    best
}

#[test]
fn problems_with_everything_have_the_least_makespan_of_all_starts_in_all_modes() {
    let mut feasible = 0;
    for seed in 0..1500 {
        let problem = some_problem(seed, 2..4, 5..8);
        let least = least_of_all(&problem);
        feasible += usize::from(least.is_some());
        for from_below in [false, true] {
            let found = least_of_kernel(&problem, from_below);
            assert_eq!(found, least, "seed {seed}, from below {from_below}: {problem:?}");
        }
    }
    assert!((300..1200).contains(&feasible), "{feasible} of 1500 are feasible");
}

#[test]
fn work_that_pauses_needs_room_in_windows() {
    // Seven tasks of two slots, three of which can be done at a time, need five slots; slots 2 and 3 are a pause, so that
    // they do not end before slot 7. Neither a slot nor a pair of tasks tells. (They end in slot 8: in five slots there is
    // room for two tasks after another.)
    let works: Vec<bool> = (0..12).map(|slot| !(2..4).contains(&slot)).collect();
    let mode = Mode {
        duration: 2,
        span: Some(Arc::new(Span::of_pattern(&works, 2, false))),
        needs: vec![Need { resource: 0, amount: 1 }],
        ..Mode::default()
    };
    let problem = Problem {
        tasks: (0..7).map(|task| Task::Multi(Choice::new(8 + 2 * task, vec![mode.clone()], 1))).collect(),
        capacities: vec![vec![(0, 3)]],
        totals: Vec::new(),
        windows: [(0, 11); 8].into_iter().chain((0..7).flat_map(|_| [(0, 11), (0, 1)])).collect(),
        distances: (0..7).map(|task| Distance { from: 8 + 2 * task, to: 7, least: 0 }).collect(),
        lags: Vec::new(),
        nodes: (0..7).collect(),
    };
    for (makespan, is_possible) in [(6, false), (7, true)] {
        let mut kernel = kernel(&problem);
        kernel.require(makespan);
        assert_eq!(kernel.settles(), is_possible, "by slot {makespan}");
    }
    assert_eq!(least_of_kernel(&problem, true), Some(8));
}

/// Windows in which literals hold too; some may be empty.
pub(super) fn narrowed(windows: &[(i32, i32)], literals: &[Literal]) -> Vec<(i32, i32)> {
    let mut windows = windows.to_vec();
    literals.iter().for_each(|&literal| narrow(&mut windows, literal));
    windows
}

/// A kernel that tries the least values first.
pub(super) fn kernel(problem: &Problem) -> Kernel<Deep> {
    let guide: Vec<i32> = problem.windows.iter().map(|window| window.0).collect();
    Kernel::new(problem, &guide)
}

#[test]
fn explanations_alone_rule_out_the_contrary() {
    let mut checked = 0;
    for seed in 0..1_500 {
        let mut problem = mixed_problem(seed, 2..4, 5..8, 0.2);
        let makespan = problem.tasks.len();
        let mut kernel = kernel(&problem);
        kernel.ask(seed % 2 == 0);
        for _ in 0..20 {
            match kernel.search(1, &|| false) {
                End::Found(values) => {
                    kernel.require(values[makespan] - 1);
                    // What has been learned holds for shorter schedules alone.
                    problem.windows[makespan].1 = values[makespan] - 1;
                    if problem.windows[makespan].1 < problem.windows[makespan].0 {
                        break;
                    }
                }
                End::Exhausted => break,
                End::Refused | End::Stopped => {}
            }
            for (literal, _, why) in kernel.explanations() {
                checked += 1;
                let literals: Vec<Literal> = why.iter().copied().chain([literal.negated()]).collect();
                let mut contrary = problem.clone();
                for literal in literals {
                    match kernel.rivals.told(literal) {
                        Some((first, second)) => {
                            let end = problem.tasks[first as usize].ends_from(first, 0);
                            let (from, least) = (end.side.variable(), -end.value);
                            contrary.distances.push(Distance { from, to: second, least });
                        }
                        None => narrow(&mut contrary.windows, literal),
                    }
                }
                let schedule = least_of_all(&contrary);
                assert_eq!(schedule, None, "seed {seed}: {literal:?} because of {why:?} in {problem:?}");
            }
        }
    }
    assert!(checked > 500, "{checked} explanations");
}

#[test]
fn what_is_written_down_is_learned_all_the_same() {
    let mut conflicts = 0;
    for seed in 0..100 {
        // Every other one has no pauses.
        let problem = some_problem(2 * seed, 12..18, 18..30);
        let search = |is_written: bool| {
            let mut kernel = kernel(&problem);
            // Proofs do without weights of tasks.
            kernel.weights = None;
            if is_written {
                kernel.keep_trace(&mut |_| true);
            }
            kernel.ask(seed % 2 == 0);
            (kernel.search(300, &|| false), kernel.conflicts)
        };
        let found = search(true);
        assert_eq!(found, search(false), "seed {seed}: {problem:?}");
        conflicts += found.1;
    }
    assert!(conflicts > 500, "{conflicts} conflicts");
}

/// The least makespan, and whether all that was found is free of faults.
fn least_of_kernel(problem: &Problem, from_below: bool) -> Option<i32> {
    let (best, is_settled) = best_of_kernel(problem, from_below, 20_000);
    assert!(is_settled, "{problem:?} is settled within 20,000 conflicts");
    best.map(|values| values[problem.tasks.len()])
}

/// The best schedule found until so many conflicts bring no other, and whether there is none.
fn best_of_kernel(problem: &Problem, from_below: bool, conflicts: u64) -> (Option<Vec<i32>>, bool) {
    let mut kernel = kernel(problem);
    kernel.ask(from_below);
    let mut found = None;
    loop {
        match kernel.search(conflicts, &|| false) {
            End::Found(values) => {
                assert_eq!(fault(problem, &values), None, "{problem:?}");
                kernel.require(values[problem.tasks.len()] - 1);
                found = Some(values);
            }
            End::Exhausted => return (found, true),
            End::Refused | End::Stopped => return (found, false),
        }
    }
}

#[test]
fn larger_problems_have_the_same_least_makespan_from_below_and_from_above() {
    let mut feasible = 0;
    for seed in 0..400 {
        let problem = some_problem(seed, 8..13, 14..24);
        let least = least_of_kernel(&problem, true);
        feasible += usize::from(least.is_some());
        assert_eq!(least, least_of_kernel(&problem, false), "seed {seed}: {problem:?}");
    }
    assert!((50..400).contains(&feasible), "{feasible} of 400 are feasible");
}

/// Windows around some values of the starts.
fn some_neighbourhood(problem: &Problem, random: &mut crate::effort::Random) -> Vec<Literal> {
    let mut kept = Vec::new();
    // Much is kept of small problems; of larger ones less, which takes conflicts to refuse.
    let is_small = problem.tasks.len() < 8;
    let part = if is_small { 0.7 } else { random.random_range(0.1..0.7) };
    let width = if is_small { 3 } else { random.random_range(1..9) };
    for task in 0..problem.tasks.len() as u32 {
        let (least, most) = problem.windows[task as usize];
        let at = random.random_range(least..=most);
        if random.random_bool(part) {
            kept.push(Literal::at_least(task, (at - random.random_range(0..width)).max(least)));
        }
        if random.random_bool(part) {
            kept.push(Literal::at_most(task, (at + random.random_range(0..width)).min(most)));
        }
    }
    kept
}

/// Conflicts spent on a problem that may be too large to be settled.
const LARGE: u64 = 1_500;

#[test]
fn a_neighbourhood_is_refused_when_it_is_empty_and_leaves_nothing_wrong_behind() {
    let (mut found, mut refused, mut conflicts) = (0, 0, 0);
    for seed in 0..1_100 {
        let is_small = seed % 2 == 0;
        let mut problem = match is_small {
            true => some_problem(seed / 2, 2..4, 5..8),
            false => some_problem(seed / 2, 12..18, 18..30),
        };
        let (makespan, whole) = (problem.tasks.len(), problem.clone());
        let improves = seed / 2 % 2 > 0;
        let (known, _) = best_of_kernel(&problem, false, LARGE);
        let mut random = random(seed, 1);
        let mut kernel = kernel(&problem);
        let mut best = None;
        // No shorter one than the best known is easy to find; it must stay allowed.
        if let Some(known) = known.as_ref().filter(|_| !is_small && !improves) {
            kernel.require(known[makespan]);
            problem.windows[makespan].1 = known[makespan];
        }
        for _ in 0..30 {
            let kept = some_neighbourhood(&problem, &mut random);
            kernel.grant(&kept);
            match kernel.search(if is_small { 30 } else { 300 }, &|| false) {
                End::Found(values) => {
                    found += 1;
                    assert_eq!(fault(&problem, &values), None, "seed {seed}");
                    if improves {
                        best = Some(values[makespan]);
                        kernel.let_go();
                        kernel.require(values[makespan] - 1);
                        problem.windows[makespan].1 = values[makespan] - 1;
                    }
                }
                End::Refused if is_small => {
                    refused += 1;
                    let part = Problem { windows: narrowed(&problem.windows, &kept), ..problem.clone() };
                    assert_eq!(least_of_all(&part), None, "seed {seed}: {kept:?} in {problem:?}");
                }
                End::Exhausted => break,
                End::Refused | End::Stopped => {}
            }
            if problem.windows[makespan].1 < problem.windows[makespan].0 {
                break;
            }
        }
        conflicts += kernel.conflicts;
        kernel.let_go();
        if let Some(known) = known.as_ref().filter(|_| !improves) {
            let excluded = kernel.excludes(known);
            assert_eq!(excluded, None, "seed {seed}: {known:?} of {problem:?}");
        }
        if !is_small {
            continue;
        }
        kernel.ask(seed % 4 < 2);
        while let End::Found(values) = kernel.search(20_000, &|| false) {
            best = Some(values[makespan]);
            kernel.require(values[makespan] - 1);
        }
        assert!(kernel.is_exhausted, "seed {seed}");
        assert_eq!(best, least_of_all(&whole), "seed {seed}: {problem:?}");
    }
    assert!(
        found > 1_000 && refused > 150 && conflicts > 2_000,
        "{found} found, {refused} refused, {conflicts} conflicts"
    );
}
