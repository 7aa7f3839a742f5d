//! Samples of plans: 10,000 tasks with one calendar, 3,600 with several, and 120 with resources, each sample scheduled.
//!
//! What is reported is task samples a second: tasks times samples, criticality included. Outside of `cargo bench` plans of a
//! hundredth of the size take their place.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use floatline::effort::{Control, Limits};
use floatline::generate::{GenerateOptions, generate};
use floatline::network::compile;
use floatline::plan::{Plan, validate};
use floatline::risk::{Defaults, Policy, RiskOptions, assess};
use floatline::solve::{SolveOptions, solve};

const SAMPLES: u64 = 10_000;
const SPREAD: [f64; 3] = [0.8, 1.0, 1.6];

fn plan(tasks: usize, calendars: usize) -> Plan {
    let options = GenerateOptions {
        seed: 1,
        density: 2.5,
        calendars,
        link_kinds: [0.0; 3],
        lags: 0.0,
        package_size: 0,
        milestones: 0.0,
        ..GenerateOptions::cpm(tasks)
    };
    validate(&generate(&options).expect("the options make sense")).expect("the plan is sound").0
}

fn policies(criterion: &mut Criterion) {
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let part = if measuring { 1 } else { 100 };
    for (name, tasks, calendars) in [("one-calendar", 10_000 / part, 0), ("calendars", 3_600 / part, 3)] {
        let plan = plan(tasks, calendars);
        let samples = SAMPLES / part as u64;
        let options = RiskOptions {
            samples,
            defaults: Defaults { others: Some(SPREAD), ..Defaults::default() },
            ..RiskOptions::default()
        };
        let run = || {
            let control = Control::start(Limits::default());
            assess(&plan, None, &options, &control, &|_| {}).expect("the plan can be simulated")
        };
        let found = run();
        assert_eq!(found.samples.finish.len() as u64, samples);
        let later = found.samples.finish.iter().filter(|&&finish| finish > found.planned.0).count();
        assert!(later as u64 > samples / 2, "durations that are mostly longer make the finish later");
        let mut group = criterion.benchmark_group("risk");
        group
            .sampling_mode(SamplingMode::Flat)
            .sample_size(10)
            .throughput(Throughput::Elements(samples * tasks as u64));
        group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(1));
        group.bench_function(name, |bencher| bencher.iter(run));
        group.finish();
    }
}

/// Samples that have schedules of their own.
fn list(criterion: &mut Criterion) {
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let options = GenerateOptions { seed: 1, ..GenerateOptions::psplib(if measuring { 120 } else { 12 }) };
    let plan = validate(&generate(&options).expect("the options make sense")).expect("the plan is sound").0;
    let control = || Control::start(Limits { effort: Some(200), ..Limits::default() });
    let network = compile(&plan).expect("the plan can be compiled");
    let solved = solve(&plan, &network, &SolveOptions::default(), &control(), &|_| {}).expect("the plan can be solved");
    let samples = if measuring { 100_000 } else { 100 };
    let defaults = Defaults { others: Some(SPREAD), ..Defaults::default() };
    let options = RiskOptions { policy: Policy::List, samples, defaults, ..RiskOptions::default() };
    let run =
        || assess(&plan, solved.schedule.as_ref(), &options, &control(), &|_| {}).expect("the plan can be simulated");
    assert_eq!(run().samples.finish.len() as u64, samples);
    let mut group = criterion.benchmark_group("risk");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .throughput(Throughput::Elements(samples * plan.tasks().len() as u64));
    group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(1));
    group.bench_function("list", |bencher| bencher.iter(run));
    group.finish();
}

criterion_group!(benches, policies, list);
criterion_main!(benches);
