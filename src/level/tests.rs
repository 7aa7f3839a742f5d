//! Levelling against textbook cases, brute force and the validator.

use proptest::prelude::*;

use super::*;
use crate::effort::{Control, Limits};
use crate::generate::{GenerateOptions, generate};
use crate::io::{self, ReadOptions};
use crate::network::{Network, Renewable, compile};
use crate::plan::{Plan, validate};
use crate::schedule::{Schedule, Status, tardiness, verify, verify_dates};
use crate::solve::{SolveOptions, partial_order, solve};
use crate::units::{Amount, Moment};

fn control(effort: u64) -> Control {
    Control::start(Limits { effort: Some(effort), time: None })
}

/// A plan in numbered periods with three each of `u`, `v` and `w`.
fn periods(rows: &str) -> Plan {
    let files = [
        ("project.csv", "key,value\ntime_unit,period\n"),
        ("resources.csv", "id,capacity\nu,3\nv,3\nw,3\n"),
        ("tasks.csv", rows),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let draft = io::read_draft(folder.path(), &ReadOptions::default()).unwrap();
    validate(&draft).unwrap().0
}

fn by_logic(plan: &Plan, network: &Network) -> Schedule {
    let options = SolveOptions { ignore_resources: true, ..SolveOptions::default() };
    solve(plan, network, &options, &control(1), &|_| {}).unwrap().schedule.unwrap()
}

fn free(criterion: Criterion) -> LevelOptions {
    LevelOptions { criterion, ignore_capacity: true, ..LevelOptions::default() }
}

fn levelled(plan: &Plan, options: &LevelOptions) -> Levelling {
    let network = compile(plan).unwrap();
    level(plan, &network, &by_logic(plan, &network), options, &control(2_000)).unwrap()
}

#[test]
fn a_chain_beside_a_long_task_fills_the_gaps() {
    // A and B (one worker each) have a week beside C; D needs two workers at the end. Early: 2 2 0 0 0 2 2, all at once.
    let plan = periods("id,duration,predecessors,resources\nA,2,,w\nB,2,,w\nC,5,,\nD,2,A;B;C,w*2\n");
    let found = levelled(&plan, &free(Criterion::Squares));
    assert_eq!((found.resources[0].before.squares, found.status), (16.0, Status::Optimal));
    // One after the other, anywhere within five periods: 1 1 1 1 0 2 2.
    assert_eq!(found.resources[0].after.squares, 12.0);
    let rid = levelled(&plan, &free(Criterion::Rid));
    // The gap of three periods with two workers idle becomes none: 0 1 1 1 1 2 2.
    assert_eq!((rid.resources[0].before.rid, rid.resources[0].after.rid, rid.status), (6.0, 0.0, Status::Optimal));
    assert_eq!((rid.resources[0].before.rrh, rid.resources[0].after.rrh), (2.0, 0.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn small_plans_come_out_as_by_brute_force(
        tasks in proptest::collection::vec((0i64..4, 0i64..3, 0i64..3), 3..7),
        links in proptest::collection::vec((0usize..6, 0usize..6, 0usize..4, -1i64..3), 0..6),
        more in 0i32..3,
    ) {
        let mut rows = String::from("id,duration,predecessors,resources\n");
        for (task, &(duration, one, two)) in tasks.iter().enumerate() {
            let into: Vec<String> = links.iter().filter(|link| link.0 < link.1 && link.1 == task)
                .map(|&(from, _, kind, lag)| format!("{from}{}{lag:+}", ["FS", "SS", "FF", "SF"][kind])).collect();
            let mut unique = into.clone();
            unique.sort();
            unique.dedup();
            let needs = [("u", one), ("v", two)];
            let needs: Vec<String> = needs.iter().filter(|need| need.1 > 0).map(|(id, n)| format!("{id}*{n}")).collect();
            rows += &format!("{task},{duration},{},{}\n", unique.join(";"), needs.join(";"));
        }
        let plan = periods(&rows);
        let network = compile(&plan).unwrap();
        let schedule = by_logic(&plan, &network);
        let until = schedule.finish().unwrap().0 + i64::from(more);
        for criterion in Criterion::ALL {
            let options = LevelOptions { until: Some(Moment(until)), ..free(criterion) };
            let found = match level(&plan, &network, &schedule, &options, &control(5_000)) {
                Ok(found) => found,
                Err(error) => { prop_assert!(error.to_string().contains("nothing to level")); return Ok(()) }
            };
            let given = partial_order(&network, &schedule).starts;
            let best = brute::least(&network, &given, (criterion, false), until as i32);
            prop_assert!((found.after - best).abs() < 1e-9, "{rows}{criterion:?}: {} and {best}", found.after);
            prop_assert!(found.bound <= found.after + 1e-12 && found.after <= found.before + 1e-12);
        }
        let Some(schedule) = solve(&plan, &network, &SolveOptions::default(), &control(50), &|_| {}).unwrap().schedule
        else { return Ok(()) };
        let given = partial_order(&network, &schedule).starts;
        let until = schedule.finish().unwrap().0 + i64::from(more);
        for criterion in Criterion::ALL {
            let options = LevelOptions { criterion, until: Some(Moment(until)), ..LevelOptions::default() };
            let found = level(&plan, &network, &schedule, &options, &control(5_000)).unwrap();
            let best = brute::least(&network, &given, (criterion, true), until as i32);
            prop_assert!((found.after - best).abs() < 1e-9, "{rows}{criterion:?} with capacities: {} and {best}", found.after);
        }
    }
}

/// Every start of every task, tried one by one on slots.
mod brute {
    use super::*;

    pub fn least(network: &Network, given: &[i32], kind: Kind, until: i32) -> f64 {
        let weights = weigh(network, &usage(network, given, until), kind.0);
        let mut best = f64::INFINITY;
        extend(network, kind, until, &weights, &mut Vec::new(), &mut best);
        best
    }

    /// The criterion, and whether capacities count.
    type Kind = (Criterion, bool);

    /// The same for the sum of peaks.
    pub fn least_sum_of_peaks(network: &Network, until: i32) -> f64 {
        let weights: Vec<f64> = network.renewables.iter().map(|of| of.unit as f64 / Amount::ONE.0 as f64).collect();
        let mut best = f64::INFINITY;
        extend(network, (Criterion::Peak, false), until, &weights, &mut Vec::new(), &mut best);
        best
    }

    fn extend(network: &Network, kind: Kind, until: i32, weights: &[f64], starts: &mut Vec<i32>, best: &mut f64) {
        let node = starts.len();
        if node == network.len() {
            let usage = usage(network, starts, until);
            let is_too_much =
                |(levels, of): (&Vec<i64>, &Renewable)| levels.iter().any(|&level| level > i64::from(of.steps[0].1));
            if kind.1 && usage.iter().zip(&network.renewables).any(is_too_much) {
                return;
            }
            let values = usage.iter().zip(weights).map(|(levels, weight)| weight * value(levels, kind.0));
            *best = best.min(values.sum());
            return;
        }
        let duration = network.modes.items()[node].duration;
        for start in 0..=until - duration {
            let holds = network.predecessors.row(node).iter().all(|arc| {
                let other = arc.other as usize;
                let end =
                    starts[other] + if arc.kind.from_finish() { network.modes.items()[other].duration } else { 0 };
                start + if arc.kind.to_finish() { duration } else { 0 } >= end + arc.lag
            });
            if holds {
                starts.push(start);
                extend(network, kind, until, weights, starts, best);
                starts.pop();
            }
        }
    }

    fn usage(network: &Network, starts: &[i32], until: i32) -> Vec<Vec<i64>> {
        let mut usage = vec![vec![0; until as usize]; network.renewables.len()];
        for (node, &start) in starts.iter().enumerate() {
            for demand in network.demands.row(node) {
                for slot in start..start + network.modes.items()[node].duration {
                    usage[demand.resource as usize][slot as usize] += i64::from(demand.amount);
                }
            }
        }
        usage
    }

    fn value(levels: &[i64], criterion: Criterion) -> f64 {
        let high = |levels: &[i64]| levels.iter().copied().max().unwrap_or(0);
        let value = match criterion {
            Criterion::Squares | Criterion::Ric => levels.iter().map(|level| level * level).sum(),
            Criterion::Rid => {
                (0..levels.len()).map(|at| high(&levels[..=at]).min(high(&levels[at..])) - levels[at]).sum()
            }
            Criterion::Peak => high(levels),
        };
        value as f64
    }

    fn weigh(network: &Network, usage: &[Vec<i64>], criterion: Criterion) -> Vec<f64> {
        let weight = |levels: &Vec<i64>| {
            let work = levels.iter().sum::<i64>() as f64;
            match criterion {
                Criterion::Squares | Criterion::Peak => 1.0 / value(levels, criterion).max(1.0),
                Criterion::Ric => levels.len() as f64 / (work * work).max(1.0),
                Criterion::Rid => 1.0 / work.max(1.0),
            }
        };
        let weights: Vec<f64> = usage.iter().map(weight).collect();
        assert_eq!(weights.len(), network.renewables.len());
        weights
    }
}

#[test]
fn generated_plans_only_get_better_and_stay_valid() {
    for seed in 0..6 {
        let mut options = GenerateOptions::enterprise(40);
        options.seed = seed;
        let (plan, _) = validate(&generate(&options).unwrap()).unwrap();
        let network = compile(&plan).unwrap();
        let Some(schedule) = solve(&plan, &network, &SolveOptions::default(), &control(20), &|_| {}).unwrap().schedule
        else {
            continue;
        };
        for criterion in Criterion::ALL {
            let options = LevelOptions { criterion, seed, ..LevelOptions::default() };
            let found = level(&plan, &network, &schedule, &options, &control(10)).unwrap();
            assert!(!verify(&plan, &found.schedule).has_errors());
            assert!(found.after <= found.before && found.bound <= found.after, "{criterion:?}");
            assert!(found.schedule.finish() <= schedule.finish());
            assert!(tardiness(&plan, &found.schedule) <= tardiness(&plan, &schedule));
            for of in found.resources.iter().filter(|_| found.resources.len() == 1) {
                assert!(of.after.of(criterion) <= of.before.of(criterion));
            }
            let again = level(&plan, &network, &schedule, &options, &control(10)).unwrap();
            assert_eq!(again.schedule, found.schedule);
        }
    }
}

#[test]
fn dates_by_logic_are_levelled_across_calendars_and_links_of_all_kinds() {
    for seed in 0..6 {
        let mut options = GenerateOptions::enterprise(60);
        (options.seed, options.link_kinds, options.lags) = (seed, [0.2, 0.2, 0.05], 0.3);
        let (plan, _) = validate(&generate(&options).unwrap()).unwrap();
        let network = compile(&plan).unwrap();
        let schedule = by_logic(&plan, &network);
        for criterion in Criterion::ALL {
            let found = level(&plan, &network, &schedule, &free(criterion), &control(5)).unwrap();
            assert!(!verify_dates(&plan, &found.schedule).has_errors());
            assert!(found.after < found.before, "{criterion:?}, seed {seed}");
            assert!(found.schedule.finish() <= schedule.finish());
        }
    }
}

#[test]
fn only_what_is_named_is_levelled_and_a_later_date_gives_more_room() {
    let plan = periods("id,duration,resources\nA,2,u\nB,2,u\nC,2,v\nD,2,v\n");
    let of_u = LevelOptions {
        resources: vec![plan.resources().ids().next().unwrap()],
        until: Some(Moment(4)),
        ..free(Criterion::Peak)
    };
    let found = levelled(&plan, &of_u);
    assert_eq!(found.resources.len(), 1);
    assert_eq!((found.resources[0].before.peak, found.resources[0].after.peak), (Amount(20_000), Amount(10_000)));
    let network = compile(&plan).unwrap();
    let early = LevelOptions { until: Some(Moment(1)), ..free(Criterion::Peak) };
    let error = level(&plan, &network, &by_logic(&plan, &network), &early, &control(1)).unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("finishes at 2"), "{error}");
}

#[test]
fn capacities_for_a_date_are_as_few_as_brute_force_finds() {
    // Four tasks of two periods with one worker each: 4 at once in 2 periods, 2 in 4 or 5, 1 in 8.
    let plan = periods("id,duration,resources\nA,2,w\nB,2,w\nC,2,w\nD,2,w\n");
    for (until, needed) in [(2, 4), (3, 4), (4, 2), (7, 2), (8, 1)] {
        let found = invest(&plan, Some(Moment(until)), &SolveOptions::default(), &control(200)).unwrap();
        let capacity = found.capacities[0];
        assert_eq!((capacity.now, capacity.needed.0), (Amount(30_000), needed * Amount::ONE.0), "until {until}");
        assert_eq!((found.outcome.status, found.bound()), (Status::Optimal, found.cost()), "until {until}");
        assert!(found.outcome.schedule.unwrap().finish() <= Some(Moment(until)));
    }
    let error = invest(&plan, Some(Moment(1)), &SolveOptions::default(), &control(200)).unwrap_err();
    assert!(error.is_infeasible() && error.to_string().contains("finishes at 2"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_capacities_of_small_plans_cost_less_than_the_bound(
        tasks in proptest::collection::vec((1i64..4, 0i64..3, 0i64..3), 3..6),
        links in proptest::collection::vec((0usize..5, 0usize..5), 0..4),
        more in 0i64..3,
    ) {
        let mut rows = String::from("id,duration,predecessors,resources\n");
        for (task, &(duration, one, two)) in tasks.iter().enumerate() {
            let mut into: Vec<String> =
                links.iter().filter(|link| link.0 < link.1 && link.1 == task).map(|link| link.0.to_string()).collect();
            into.sort();
            into.dedup();
            let needs: Vec<String> =
                [("u", one), ("v", two)].iter().filter(|need| need.1 > 0).map(|(id, n)| format!("{id}*{n}")).collect();
            rows += &format!("{task},{duration},{},{}\n", into.join(";"), needs.join(";"));
        }
        let plan = periods(&rows);
        let network = compile(&plan).unwrap();
        prop_assume!(!network.renewables.is_empty());
        let until = by_logic(&plan, &network).finish().unwrap().0 + more;
        let found = invest(&plan, Some(Moment(until)), &SolveOptions::default(), &control(400)).unwrap();
        let least = brute::least_sum_of_peaks(&network, until as i32);
        let units = |money: crate::units::Money| money.0 as f64 / 100.0;
        prop_assert!(units(found.bound()) <= least && least <= units(found.cost()), "{rows}");
        prop_assert!(units(found.cost()) == least, "{rows}: {} and {least}", units(found.cost()));
        let schedule = found.outcome.schedule.unwrap();
        prop_assert!(!verify(&found.plan, &schedule).has_errors());
    }
}

#[test]
fn deadlines_exact_dates_and_greatest_lags_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let tables = [
        ("project.csv", "key,value\nstart,2026-03-02\n"),
        ("resources.csv", "id,capacity\nw,9\n"),
        (
            "tasks.csv",
            "id,duration,resources,constraint,constraint_date,deadline\nlong,10d,,,,\nA,2d,w*2,,,2026-03-04\n\
             B,1d,w,MSO,2026-03-03,\nC,1d,w*3,,,\nD,1d,w*3,,,\n",
        ),
        ("dependencies.csv", "predecessor,successor,max_lag\nC,D,1d\n"),
    ];
    for (name, text) in tables {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let (plan, _) = validate(&io::read_draft(folder.path(), &ReadOptions::default()).unwrap()).unwrap();
    let network = compile(&plan).unwrap();
    let outcome = solve(&plan, &network, &SolveOptions::default(), &control(20), &|_| {}).unwrap();
    let schedule = outcome.schedule.unwrap();
    for criterion in Criterion::ALL {
        let options = LevelOptions { criterion, ..LevelOptions::default() };
        let found = level(&plan, &network, &schedule, &options, &control(500)).unwrap();
        let span = |id: &str| {
            let placement = found.schedule.placements[plan.find_task(id).unwrap()];
            (placement.start.to_string(), placement.finish.to_string())
        };
        assert_eq!(span("B").0, "2026-03-03 08:00");
        assert!(&*span("A").1 <= "2026-03-04 17:00", "{:?}", span("A"));
        assert_eq!((found.status, tardiness(&plan, &found.schedule)), (Status::Optimal, 0.0));
        // A and B overlap on 3 March whatever A does; C and D follow each other, beside nobody. (Heaps have no idle days.)
        assert!(criterion == Criterion::Rid || found.resources[0].after.peak == Amount(30_000));
    }
}
