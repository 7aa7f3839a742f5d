//! Claims about maximal lags: what is proven holds for every schedule, and what can be scheduled is.

use proptest::prelude::*;

use super::super::search::Context;
use super::super::sgs::{Direction, General, Machine, Manner, Narrow, Packed, Windows};
use super::super::testing::{NoOne, Project, some_order, tight_project};
use super::super::{bounds, run};
use super::*;
use crate::effort::{Control, Limits};
use crate::plan::LinkKind::StartToStart;

/// Every node ends by then in some schedule if there is one: all durations and lags one after the other.
fn horizon(project: &Project) -> Slot {
    let durations: Slot = project.activities.iter().map(|activity| activity.0).sum();
    let lags: Slot = project.links.iter().chain(&project.maximal_lags).map(|link| link.3.abs()).sum();
    let dates = project.dates.iter().map(|date| date.2).max().unwrap_or(0);
    durations + lags + dates + 1
}

fn activities(of: &[(Slot, i32)]) -> Vec<(Slot, Vec<i32>)> {
    of.iter().map(|&(duration, units)| (duration, vec![units])).collect()
}

#[test]
fn lags_that_force_two_users_of_one_machine_together_are_a_conflict() {
    // B starts one to three after A, and A, of four, needs the machine as B does.
    let project = Project {
        capacities: vec![1],
        activities: activities(&[(4, 1), (2, 1)]),
        links: vec![(0, 1, StartToStart, 1)],
        maximal_lags: vec![(0, 1, StartToStart, 3)],
        dates: Vec::new(),
    };
    assert_eq!(Distances::new(&project.network()), Err(Conflict::Overlap([0, 1])));
    let possible = Project { maximal_lags: vec![(0, 1, StartToStart, 4)], ..project };
    assert_eq!(Distances::new(&possible.network()).unwrap().unwrap().from(0), [0, 4]);
}

#[test]
fn unscheduling_moves_the_predecessor_and_leaves_the_others() {
    // C must start at most one after A has started, but B, which goes first, has the machine from 0 to 5: A moves to 4, and D
    // stays at 0.
    let project = Project {
        capacities: vec![1, 1],
        activities: vec![(1, vec![0, 1]), (5, vec![1, 0]), (2, vec![1, 0]), (1, vec![0, 0])],
        links: vec![(0, 2, StartToStart, 0)],
        maximal_lags: vec![(0, 2, StartToStart, 1)],
        dates: Vec::new(),
    };
    let network = project.network();
    let distances = Distances::new(&network).unwrap().unwrap();
    let mut machine = Packed::<Narrow>::new(&network);
    machine.reset(&[0, 1, 2, 3]);
    let makespan =
        Windows::default().generate(&mut machine, &distances, Direction::Forward, Manner::Yielding, &[1, 3, 0, 2]);
    assert_eq!(makespan, Ok(7));
    assert_eq!([0, 1, 2, 3].map(|node| machine.start(node)), [4, 0, 5, 0]);
    // Backward from 9: C and A first, as late as they can.
    machine.reset(&[0, 1, 2, 3]);
    let first = Windows::default().generate(
        &mut machine,
        &distances,
        Direction::Backward { finish: 9 },
        Manner::Yielding,
        &[2, 0, 1, 3],
    );
    assert_eq!(first, Ok(2));
    assert_eq!([0, 1, 2, 3].map(|node| machine.start(node)), [7, 2, 7, 8]);
}

#[test]
fn what_yields_to_a_maximal_lag_does_not_break_a_link_unseen() {
    // C starts before A and D with C or before; D no earlier than one before A: all three at once are too much.
    let project = Project {
        capacities: vec![4],
        activities: vec![(5, vec![1]), (4, vec![4]), (5, vec![3]), (3, vec![1])],
        links: vec![(0, 3, StartToStart, -1)],
        maximal_lags: vec![(0, 2, StartToStart, -1), (2, 3, StartToStart, 0)],
        dates: Vec::new(),
    };
    let network = project.network();
    assert_eq!(project.least_makespan_of_all_starts(horizon(&project)), None);
    let distances = bounds::heads(&network).and_then(|_| Distances::new(&network)).unwrap();
    let control = Control::start(Limits::default());
    let context = Context::new(&network, &control, &[], 0).with_distances(distances);
    assert!(run(&context, 1, 300, &NoOne).best.unwrap().score.violation > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_conflict_means_that_there_is_no_schedule_and_distances_hold_in_the_best(project in tight_project(2..5)) {
        let network = project.network();
        let heads = bounds::heads(&network);
        let distances = heads.and_then(|_| Distances::new(&network));
        let best = project.least_makespan_of_all_starts(horizon(&project));
        let Ok(distances) = distances else {
            prop_assert_eq!(best, None, "{:?}", distances);
            return Ok(());
        };
        if let (Some(distances), Some(best)) = (distances, best) {
            let mut heads = bounds::heads(&network).unwrap();
            distances.raise(&mut heads);
            prop_assert!(heads.path() <= best, "bound {} above the optimum {best}", heads.path());
        }
    }

    #[test]
    fn search_schedules_what_can_be_scheduled_and_nothing_else(project in tight_project(2..5)) {
        let network = project.network();
        let best = project.least_makespan_of_all_starts(horizon(&project));
        let Ok(distances) = bounds::heads(&network).and_then(|_| Distances::new(&network)) else { return Ok(()) };
        let control = Control::start(Limits::default());
        let context = Context::new(&network, &control, &[], 0).with_distances(distances);
        // A search alone proves nothing: as many passes as find what there is in plans this small.
        let found = run(&context, 1, 3_000, &NoOne).best.unwrap();
        prop_assert_eq!(project.fault(&found.starts).is_none(), found.score.violation == 0);
        prop_assert_eq!(best.is_some(), found.score.violation == 0);
        prop_assert!(best.is_none_or(|best| best <= found.score.makespan));
    }

    #[test]
    fn improving_keeps_a_schedule_valid_and_moves_no_start_back(project in tight_project(2..12), seed: u64) {
        let network = project.network();
        let Ok(Some(distances)) = bounds::heads(&network).and_then(|_| Distances::new(&network)) else { return Ok(()) };
        let nodes = network.len() as u32;
        let modes: Vec<u32> = (0..nodes).collect();
        let mut machine = Packed::<Narrow>::new(&network);
        let mut windows = Windows::default();
        machine.reset(&modes);
        let order = some_order(&network, seed);
        let finish = windows.generate(&mut machine, &distances, Direction::Forward, Manner::Yielding, &order);
        let given: Vec<Slot> = (0..nodes).map(|node| machine.start(node)).collect();
        let (Ok(finish), None) = (finish, project.fault(&given)) else { return Ok(()) };
        let mut order = modes.clone();
        order.sort_by_key(|&node| std::cmp::Reverse((machine.finish(node), node)));
        machine.reset(&modes);
        let manner = Manner::Improving(&given);
        let backward = windows.generate(&mut machine, &distances, Direction::Backward { finish }, manner, &order);
        prop_assert!(backward.is_ok());
        let late: Vec<Slot> = (0..nodes).map(|node| machine.start(node)).collect();
        prop_assert_eq!(project.fault(&late), None);
        prop_assert!(late.iter().zip(&given).all(|(late, given)| late >= given));
        order.sort_by_key(|&node| (late[node as usize], node));
        machine.reset(&modes);
        let manner = Manner::Improving(&late);
        let forward = windows.generate(&mut machine, &distances, Direction::Forward, manner, &order);
        prop_assert!(forward.is_ok());
        let early: Vec<Slot> = (0..nodes).map(|node| machine.start(node)).collect();
        prop_assert_eq!(project.fault(&early), None);
        prop_assert!(late.iter().zip(&early).all(|(late, early)| late >= early));
    }

    #[test]
    fn machines_agree_within_windows(project in tight_project(2..12), seed: u64) {
        let network = project.network();
        let Ok(Some(distances)) = bounds::heads(&network).and_then(|_| Distances::new(&network)) else { return Ok(()) };
        let order = some_order(&network, seed);
        let modes: Vec<u32> = (0..network.len() as u32).collect();
        let (mut general, mut packed) = (General::new(&network), Packed::<Narrow>::new(&network));
        let mut windows = Windows::default();
        // The fast machine's time ends somewhere behind that.
        let manner = Manner::Strict(horizon(&project));
        let backward: Vec<u32> = order.iter().rev().copied().collect();
        general.reset(&modes);
        let Ok(finish) = windows.generate(&mut general, &distances, Direction::Forward, manner, &order) else { return Ok(()) };
        for (direction, order) in [(Direction::Forward, &order), (Direction::Backward { finish }, &backward)] {
            general.reset(&modes);
            packed.reset(&modes);
            let expected = windows.generate(&mut general, &distances, direction, manner, order);
            prop_assert_eq!(packed.generate_in_windows(&mut windows, &distances, direction, manner, order), expected);
            for node in (0..network.len() as u32).filter(|_| expected.is_ok()) {
                prop_assert_eq!(packed.start(node), general.start(node));
            }
        }
    }
}
