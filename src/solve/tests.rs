//! Claims about the engine as a whole, on small projects.

use proptest::prelude::*;
use rand::Rng;

use super::exact::Prover;
use super::sgs::{
    Broad, Deep, General, Machine, Narrow, Packed, Paths, Wide, Widest, Word, by_worst_case_slack, parallel,
};
use super::testing::{NoOne, Project, project, some_order};
use super::{bounds, handover, run};
use crate::effort::{Control, Limits, random};
use crate::generate::{GenerateOptions, generate};
use crate::network::{Network, Slot, compile};
use crate::plan::LinkKind::{self, FinishToFinish, FinishToStart, StartToFinish, StartToStart};
use crate::plan::validate;

const FS: &[LinkKind] = &[FinishToStart];
const ALL: &[LinkKind] = &[FinishToStart, StartToStart, FinishToFinish, StartToFinish];

fn starts(machine: &impl Machine, nodes: usize) -> Vec<Slot> {
    (0..nodes as u32).map(|node| machine.start(node)).collect()
}

fn modes(nodes: usize) -> Vec<u32> {
    (0..nodes as u32).collect()
}

/// The six activities of a worked example: one resource of 4 units; A and B (3 units each) cannot overlap, and the
/// chain A-C-E is the longest path of 3 + 4 + 2.
fn example() -> Project {
    let activity = |duration, units| (duration, vec![units]);
    Project {
        capacities: vec![4],
        activities: vec![
            activity(3, 3),
            activity(2, 3),
            activity(4, 2),
            activity(3, 2),
            activity(2, 4),
            activity(1, 1),
        ],
        links: vec![(0, 2, FinishToStart, 0), (1, 3, FinishToStart, 0), (2, 4, FinishToStart, 0)],
        maximal_lags: Vec::new(),
        dates: Vec::new(),
    }
}

#[test]
fn the_serial_scheme_starts_each_activity_at_the_first_time_with_room() {
    let project = example();
    let network = project.network();
    let mut machine = Packed::<Narrow>::new(&network);
    machine.reset(&modes(6));
    // A at 0; B waits for 3 units until 3; C follows A at 3 but B holds 3 of 4 units until 5; D needs B: 5, beside C;
    // E needs all 4 units once C is done: 9; F fits beside A at once.
    assert_eq!(machine.serial(&[0, 1, 2, 3, 4, 5]), Ok(11));
    assert_eq!(starts(&machine, 6), [0, 3, 5, 5, 9, 0]);
}

#[test]
fn the_parallel_scheme_never_leaves_a_startable_activity_waiting() {
    let project = example();
    let network = project.network();
    let mut machine = Packed::<Narrow>::new(&network);
    machine.reset(&modes(6));
    // At 0: A and F. At 3: C (rank 2) goes before B (rank 5), which then lacks a unit until 7; there E (rank 4) takes all
    // units until 9. B at 9, D behind it at 11.
    assert_eq!(parallel(&mut machine, &network, &[0, 5, 2, 3, 4, 1], || false), Ok(14));
    assert_eq!(starts(&machine, 6), [0, 9, 3, 11, 7, 0]);
}

#[test]
fn the_worst_case_slack_weighs_what_a_rival_would_cost() {
    let project = example();
    let network = project.network();
    let mut machine = Packed::<Narrow>::new(&network);
    machine.reset(&modes(6));
    // At 0: A could come at 2 if B went first, 2 too late; B at 3, 1 to spare: A, and F fits beside it. At 3: C could come
    // at 5, 2 too late, but B at 7, 3 too late: B, though C's latest start is earlier. C and D fit together at 5.
    assert_eq!(by_worst_case_slack(&mut machine, &network, &modes(6), &[0, 4, 3, 6, 7, 8]), Ok(11));
    assert_eq!(starts(&machine, 6), [0, 3, 5, 5, 9, 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_machine_makes_the_same_valid_schedule(project in project(1..14, ALL, -3..4), seed: u64) {
        let network = project.network();
        let order = some_order(&network, seed);
        let modes = modes(network.len());
        let mut general = General::new(&network);
        general.reset(&modes);
        let makespan = general.serial(&order);
        let expected = starts(&general, network.len());
        prop_assert_eq!(project.fault(&expected), None);
        fn agrees<W: Word>(mut packed: Packed<'_, W>, order: &[u32], expected: &[Slot]) {
            let modes = self::modes(order.len());
            // Twice, so that a reset that forgets something shows.
            for _ in 0..2 {
                packed.reset(&modes);
                packed.serial(order).unwrap();
                assert_eq!(starts(&packed, order.len()), expected);
            }
        }
        prop_assert!(makespan.is_ok());
        agrees(Packed::<Narrow>::new(&network), &order, &expected);
        agrees(Packed::<Broad>::new(&network), &order, &expected);
        agrees(Packed::<Deep>::new(&network), &order, &expected);
        agrees(Packed::<Wide>::new(&network), &order, &expected);
        agrees(Packed::<Widest>::new(&network), &order, &expected);
    }

    #[test]
    fn leaving_out_full_stretches_changes_no_schedule(project in project(60..160, FS, 0..2), seed: u64) {
        fn agrees<W: Word>(mut packed: Packed<'_, W>, general: &mut General<'_>, order: &[u32]) {
            let modes = self::modes(order.len());
            for _ in 0..2 {
                general.reset(&modes);
                packed.reset(&modes);
                let makespan = general.serial(order).unwrap();
                assert_eq!(packed.serial(order), Ok(makespan));
                assert_eq!(starts(&packed, order.len()), starts(general, order.len()));
                let mut backward: Vec<u32> = (0..order.len() as u32).collect();
                backward.sort_by_key(|&node| std::cmp::Reverse((general.finish(node), node)));
                general.reset(&modes);
                packed.reset(&modes);
                assert_eq!(packed.justify_right(&backward, makespan), general.justify_right(&backward, makespan));
                assert_eq!(starts(&packed, order.len()), starts(general, order.len()));
                // What was full has room again.
                order.iter().step_by(3).for_each(|&node| {
                    packed.take_out(node);
                    general.take_out(node);
                });
                for &node in order.iter().step_by(3) {
                    assert_eq!(packed.room_after(node, 0), general.room_after(node, 0));
                    // Not beyond the end of the plan, which the machines treat each in its own way.
                    let until = makespan - (general.finish(node) - general.start(node));
                    assert_eq!(packed.room_before(node, until, 0), general.room_before(node, until, 0));
                }
            }
        }
        let network = project.network();
        let order = some_order(&network, seed);
        let mut general = General::new(&network);
        agrees(Packed::<Narrow>::new(&network).as_if_large(), &mut general, &order);
        agrees(Packed::<Widest>::new(&network).as_if_large(), &mut general, &order);
    }

    #[test]
    fn machines_agree_on_the_parallel_scheme(project in project(1..14, ALL, -3..4), seed: u64) {
        let network = project.network();
        let order = some_order(&network, seed);
        let mut rank = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &node)| rank[node as usize] = place as u32);
        let modes = modes(network.len());
        let (mut general, mut packed) = (General::new(&network), Packed::<Narrow>::new(&network));
        general.reset(&modes);
        packed.reset(&modes);
        prop_assert_eq!(parallel(&mut general, &network, &rank, || false), parallel(&mut packed, &network, &rank, || false));
        prop_assert_eq!(starts(&general, network.len()), starts(&packed, network.len()));
        prop_assert_eq!(project.fault(&starts(&packed, network.len())), None);
        packed.reset(&modes);
        let late: Vec<Slot> = rank.iter().map(|&place| place as Slot).collect();
        prop_assert!(by_worst_case_slack(&mut packed, &network, &modes, &late).is_ok());
        prop_assert_eq!(project.fault(&starts(&packed, network.len())), None);
    }

    #[test]
    fn justification_to_the_right_keeps_a_schedule_valid_and_within_its_makespan(
        project in project(1..14, FS, 0..3), seed: u64,
    ) {
        let network = project.network();
        let modes = modes(network.len());
        let mut machine = Packed::<Narrow>::new(&network);
        machine.reset(&modes);
        let makespan = machine.serial(&some_order(&network, seed)).unwrap();
        let mut backward: Vec<u32> = (0..network.len() as u32).collect();
        backward.sort_by_key(|&node| std::cmp::Reverse((machine.finish(node), node)));
        machine.reset(&modes);
        prop_assert!(machine.justify_right(&backward, makespan).is_some());
        let right = starts(&machine, network.len());
        prop_assert_eq!(project.fault(&right), None);
        let mut general = General::new(&network);
        general.reset(&modes);
        general.justify_right(&backward, makespan);
        prop_assert_eq!(starts(&general, network.len()), right);
    }

    #[test]
    fn a_limit_gives_up_exactly_the_schedules_beyond_it(
        project in project(1..14, ALL, -3..4), seed: u64, tightening in 0..4,
    ) {
        let network = project.network();
        let (modes, order, paths) = (modes(network.len()), some_order(&network, seed), Paths::new(&network));
        fn agrees(machine: &mut impl Machine, (modes, order): (&[u32], &[u32]), paths: &Paths, tightening: Slot) {
            machine.reset(modes);
            let makespan = machine.serial(order).unwrap();
            let expected = starts(machine, order.len());
            machine.reset(modes);
            let limit = makespan - tightening;
            let found = machine.serial_unless(order, |node, start| paths.end_after(limit, node, start));
            assert_eq!(found.ok(), (tightening == 0).then_some(makespan));
            if tightening == 0 {
                assert_eq!(starts(machine, order.len()), expected);
            }
            let backward: Vec<u32> = order.iter().rev().copied().collect();
            machine.reset(modes);
            let Some(first) = machine.justify_right(&backward, makespan) else { return };
            machine.reset(modes);
            let least = first + tightening;
            let found = machine
                .justify_right_unless(&backward, makespan, |node, start| paths.begin_before(least, node, start));
            assert_eq!(found, (tightening == 0).then_some(first));
        }
        agrees(&mut General::new(&network), (&modes, &order), &paths, tightening);
        agrees(&mut Packed::<Narrow>::new(&network), (&modes, &order), &paths, tightening);
    }

    #[test]
    fn paths_are_no_longer_than_schedules_across_calendars_and_modes(seed: u64, tasks in 40usize..80) {
        let options = GenerateOptions { seed, ..GenerateOptions::enterprise(tasks) };
        let (plan, _) = validate(&generate(&options).unwrap()).unwrap();
        let network = compile(&plan).unwrap();
        let mut random = random(seed, 0);
        let modes: Vec<u32> =
            (0..network.len()).map(|node| random.random_range(network.modes.range(node)) as u32).collect();
        let mut machine = General::new(&network);
        machine.reset(&modes);
        let Ok(makespan) = machine.serial(&some_order(&network, seed)) else { return Ok(()) };
        let paths = Paths::new(&network);
        for node in 0..network.len() {
            let start = machine.start(node as u32);
            prop_assert!(paths.before[node] <= start && start + paths.behind[node] <= makespan);
        }
        prop_assert!((0..network.len()).any(|node| paths.before[node] > 0));
    }

    #[test]
    fn handovers_account_for_every_unit_that_was_in_use_before(project in project(1..12, FS, 0..1), seed: u64) {
        let network = project.network();
        let modes = modes(network.len());
        let mut machine = Packed::<Narrow>::new(&network);
        machine.reset(&modes);
        machine.serial(&some_order(&network, seed)).unwrap();
        let starts = starts(&machine, network.len());
        let finishes: Vec<Slot> = (0..network.len() as u32).map(|node| machine.finish(node)).collect();
        let arcs = handover::handovers(&network, &modes, &starts, &finishes);
        prop_assert!(arcs.iter().all(|arc| finishes[arc.predecessor as usize] <= starts[arc.successor as usize]));
        // With its hand-overs as links and without resources every start-time order stays within capacity: any schedule
        // that keeps the links keeps the capacities, so delaying one activity and all that follows it stays valid.
        let delayed = seed as usize % network.len();
        let mut later = starts.clone();
        later[delayed] += 2;
        let mut by_start: Vec<usize> = (0..network.len()).collect();
        by_start.sort_by_key(|&node| (starts[node], finishes[node], node));
        for &node in &by_start {
            for link in project.links.iter().filter(|link| link.1 == node) {
                later[node] = later[node].max(later[link.0] + project.activities[link.0].0);
            }
            for arc in arcs.iter().filter(|arc| arc.successor as usize == node) {
                let before = arc.predecessor as usize;
                later[node] = later[node].max(later[before] + project.activities[before].0);
            }
        }
        prop_assert_eq!(project.fault(&later), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn search_finds_the_optimum_of_small_projects_and_no_bound_exceeds_it(project in project(1..7, FS, 0..2)) {
        let network = project.network();
        let optimum = project.least_makespan();
        let heads = bounds::heads(&network).unwrap();
        let bound = bounds::finish_bound(&network, &heads, optimum + 5);
        prop_assert!(bound.finish <= optimum, "bound {bound:?} above the optimum {optimum}");
        let control = Control::start(Limits::default());
        let context = super::Context::new(&network, &control, &[], bound.finish);
        let found = run(&context, 1, 400, &NoOne);
        let best = found.best.unwrap();
        prop_assert_eq!(best.score.makespan, optimum);
        prop_assert_eq!(project.fault(&best.starts), None);
        prop_assert_eq!(found.effort_spent, 400);
    }

    #[test]
    fn ways_that_are_left_out_weaken_bounds_and_never_make_them_false(
        project in project(2..5, ALL, -2..3),
        worse in 0usize..5,
    ) {
        let Some(optimum) = project.least_makespan_of_all_starts(16) else { return Ok(()) };
        // Of one activity only a way is listed that takes every unit there is.
        let mut listed = project.clone();
        let worse = worse % listed.activities.len();
        listed.activities[worse].1.clone_from(&listed.capacities);
        let network = Network { left_out: vec![worse as u32], ..listed.network() };
        let heads = bounds::heads(&network.relaxed()).unwrap();
        let bound = bounds::finish_bound(&network.relaxed(), &heads, optimum + 20);
        prop_assert!(bound.finish <= optimum, "bound {bound:?} above the optimum {optimum}");
        prop_assert!(Prover::new(&network, &heads, (0, optimum + 20), None, true).is_none());
    }

    #[test]
    fn the_same_seed_gives_the_same_schedule_on_any_number_of_threads(project in project(8..14, ALL, -2..3), seed: u64) {
        let network = project.network();
        let control = Control::start(Limits::default());
        let context = super::Context::new(&network, &control, &[], 0);
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| run(&context, seed, 150, &NoOne).best)
        };
        let alone = on(1);
        prop_assert_eq!(&on(2), &alone);
        prop_assert_eq!(&on(5), &alone);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn calendars_spelled_out_change_no_schedule(seed: u64, tasks in 40usize..80) {
        let options = GenerateOptions { seed, ..GenerateOptions::enterprise(tasks) };
        let (plan, _) = validate(&generate(&options).unwrap()).unwrap();
        let network = compile(&plan).unwrap();
        let (mut spelled, mut looking) = (General::new(&network), General::new(&network));
        prop_assert!(looking.forget_overlays() > 0);
        let mut random = random(seed, 0);
        let modes: Vec<u32> =
            (0..network.len()).map(|node| random.random_range(network.modes.range(node)) as u32).collect();
        let order = some_order(&network, seed);
        spelled.reset(&modes);
        looking.reset(&modes);
        let makespan = spelled.serial(&order);
        prop_assert_eq!(makespan, looking.serial(&order));
        prop_assert_eq!(starts(&spelled, network.len()), starts(&looking, network.len()));
        let Ok(makespan) = makespan else { return Ok(()) };
        let backward: Vec<u32> = (0..network.len() as u32).rev().collect();
        spelled.reset(&modes);
        looking.reset(&modes);
        prop_assert_eq!(spelled.justify_right(&backward, makespan), looking.justify_right(&backward, makespan));
        prop_assert_eq!(starts(&spelled, network.len()), starts(&looking, network.len()));
    }
}
