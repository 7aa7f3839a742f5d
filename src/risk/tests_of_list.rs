//! Schedules of samples by the list against the validator, the parallel scheme, and each other.

use super::block::{Block, Case};
use super::counters::Counters;
use super::list::{List, Lister, Searched};
use super::model::Model;
use super::streams::{LANES, Streams};
use super::*;
use crate::effort::{Control, Limits};
use crate::generate::{GenerateOptions, generate};
use crate::network::{Slot, compile, compile_in_minutes};
use crate::plan::testing::PlanBuilder;
use crate::plan::{Demand, DemandSource, Distribution, Duration, Plan, validate};
use crate::schedule::{Schedule, place, verify};
use crate::solve::sgs::{General, Machine, parallel};
use crate::solve::{PartialOrder, SolveOptions, partial_order, solve};
use crate::units::{Amount, Minutes};

fn solved(plan: &Plan) -> Schedule {
    let control = Control::start(Limits { effort: Some(200), ..Limits::default() });
    let outcome = solve(plan, &compile(plan).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
    outcome.schedule.expect("generated plans can be scheduled")
}

fn enterprise(seed: u64) -> Plan {
    // Whoever hands money out by periods is not asked.
    let options = GenerateOptions { seed, budgets: 0, ..GenerateOptions::enterprise(40) };
    validate(&generate(&options).unwrap()).unwrap().0
}

#[test]
fn every_sample_has_a_schedule_that_the_validator_accepts() {
    let mut waited = 0;
    for seed in 0..6 {
        let plan = enterprise(seed);
        let network = compile_in_minutes(&plan).unwrap();
        let PartialOrder { modes, starts, .. } = partial_order(&network, &solved(&plan));
        let defaults = Defaults { others: Some([0.5, 1.0, 2.5]), ..Defaults::default() };
        let options = RiskOptions { defaults, ..RiskOptions::default() };
        let mut model = Model::new(&plan, &network, &modes, &[], &options).unwrap();
        // What takes longer by the clock holds nobody.
        model.events.clear();
        let list = List::new(&model, &modes, &starts);
        let (mut block, mut lister) = (Block::new(&model), Lister::new(&model, &list));
        let mut streams = Streams::new(seed, 0);
        block.draw(&model, &Case::default(), &mut streams);
        lister.schedule(&model, &mut block);
        let listed: Vec<_> = (0..LANES).map(|lane| block.finish[lane]).collect();
        for lane in 0..LANES {
            let at = |node: usize| model.position[node] as usize;
            let durations: Vec<_> = (0..network.len())
                .filter_map(|node| {
                    Some((network.mode(modes[node]).mode?, Minutes(i64::from(block.durations[at(node)][lane]))))
                })
                .collect();
            let sampled = plan.with_durations(&durations);
            let network = compile_in_minutes(&sampled).unwrap();
            let starts: Vec<Slot> = (0..network.len()).map(|node| block.starts[at(node)][lane]).collect();
            let findings = verify(&sampled, &place(&sampled, &network, &starts, &modes));
            assert!(!findings.has_errors(), "seed {seed}, sample {lane}: {findings:?}");
        }
        block.schedule(&model);
        waited += (0..LANES).filter(|&lane| block.finish[lane] < listed[lane]).count();
    }
    assert!(waited > 0, "somebody waits for a resource somewhere");
}

#[test]
fn planned_durations_give_the_schedule_of_the_parallel_scheme() {
    for seed in 0..12 {
        let options = GenerateOptions { seed, ..GenerateOptions::psplib(30) };
        let plan = validate(&generate(&options).unwrap()).unwrap().0;
        let network = compile_in_minutes(&plan).unwrap();
        let PartialOrder { modes, starts, .. } = partial_order(&network, &solved(&plan));
        let mut order: Vec<u32> = (0..network.len() as u32).collect();
        order.sort_by_key(|&node| (starts[node as usize], node));
        let mut rank = vec![0; network.len()];
        order.iter().enumerate().for_each(|(place, &node)| rank[node as usize] = place as u32);
        let mut machine = General::new(&network);
        machine.reset(&modes);
        let finish = parallel(&mut machine, &network, &rank, || false).unwrap();
        let options = RiskOptions { policy: Policy::List, samples: 20, ..RiskOptions::default() };
        let control = Control::start(Limits::default());
        let found = assess(&plan, Some(&solved(&plan)), &options, &control, &|_| {}).unwrap();
        assert_eq!(found.planned.0, finish, "seed {seed}");
    }
}

#[test]
fn counting_free_units_finds_the_schedules_that_searching_finds() {
    for seed in 0..12 {
        let options = GenerateOptions { seed, ..GenerateOptions::psplib(60) };
        let plan = validate(&generate(&options).unwrap()).unwrap().0;
        let network = compile_in_minutes(&plan).unwrap();
        let PartialOrder { modes, starts, .. } = partial_order(&network, &solved(&plan));
        let defaults = Defaults { others: Some([0.0, 1.0, 4.0]), ..Defaults::default() };
        let options = RiskOptions { defaults, ..RiskOptions::default() };
        let model = Model::new(&plan, &network, &modes, &[], &options).unwrap();
        let list = List::new(&model, &modes, &starts);
        let mut counters = Counters::new(&model, &list).expect("no calendars, no steps");
        let mut searched = Searched::new(&network);
        let mut counted = Block::new(&model);
        counted.draw(&model, &Case::default(), &mut Streams::new(seed, 0));
        let mut block = counted.clone();
        for lane in 0..LANES {
            counters.schedule(&list, &model, (&mut counted, lane), &mut Vec::new());
            searched.schedule(&list, &model, (&mut block, lane), &mut Vec::new());
        }
        assert_eq!(counted.starts, block.starts, "seed {seed}");
        assert_eq!(counted.finishes, block.finishes, "seed {seed}");
    }
}

#[test]
fn the_first_of_the_list_that_can_start_takes_what_is_free() {
    // One crew. A takes 100, or 300 every second time; B can start at once, C at 200. In the order A, C, B the crew does B
    // before C when A takes 100, since C is not ready, and C before B when A takes 300.
    let mut builder = PlanBuilder::periods();
    let crew = builder.resource("crew", 1);
    let demand = [Demand { source: DemandSource::Resource(crew), amount: Amount::ONE }];
    let mut task =
        |id: &str, minutes: i64, demands: &[Demand]| builder.task(id, Duration::Working(Minutes(minutes)), demands);
    let (first, early, wait, late) =
        (task("A", 200, &demand), task("B", 50, &demand), task("W", 200, &[]), task("C", 500, &demand));
    builder.link(wait, crate::plan::LinkKind::FinishToStart, late, 0);
    builder.edit(first).distribution = Some(Box::new(Distribution::Discrete([(100.0, 0.5), (300.0, 0.5)].into())));
    let plan = builder.build();
    let schedule = {
        let network = compile(&plan).unwrap();
        let starts = [0, 700, 0, 200];
        let modes: Vec<u32> = (0..4).collect();
        let schedule = place(&plan, &network, &starts, &modes);
        assert!(!verify(&plan, &schedule).has_errors());
        schedule
    };
    let options = RiskOptions { policy: Policy::List, samples: 4_000, ..RiskOptions::default() };
    let control = Control::start(Limits::default());
    let found = assess(&plan, Some(&schedule), &options, &control, &|_| {}).unwrap();
    // 100: A to 100, B to 150, C from 200 to 700. 300: A to 300, C to 800, B to 850.
    let share = |finish: Slot| {
        found.samples.finish.iter().filter(|&&sample| sample == finish).count() as f64
            / found.samples.finish.len() as f64
    };
    assert!((share(700) - 0.5).abs() < 0.04 && (share(850) - 0.5).abs() < 0.04, "{} {}", share(700), share(850));
    // A drives the finish when it takes long, W when it does not; B when it comes last.
    let criticality = |task| found.tasks.iter().find(|risk| risk.work == Work::Task(task)).unwrap().criticality;
    for (task, expected) in [(first, share(850)), (early, share(850)), (wait, share(700)), (late, 1.0)] {
        assert!((criticality(task) - expected).abs() < 1e-9, "{task:?}: {}", criticality(task));
    }
    let compared: Vec<Policy> = found.policies.iter().map(|risk| risk.policy).collect();
    assert_eq!(compared, Policy::ALL);
    assert!(found.policies[2].mean < found.policies[1].mean && found.policies[1].mean < found.policies[0].mean);
}
