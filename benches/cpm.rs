//! The way of a plan of 1,000,000 tasks and 2,500,000 links from its cells to floats, stage by stage.
//!
//! Outside of `cargo bench` (`cargo test --benches`) a plan of a hundredth of the size takes its place.

use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use floatline::cpm::{Basis, analyse, early_dates, late_dates, shortest_modes};
use floatline::generate::{GenerateOptions, generate};
use floatline::network::compile;
use floatline::plan::validate;

const TASKS: usize = 1_000_000;
const SMALL: usize = 10_000;
const LINKS_PER_TASK: f64 = 2.5;
const SEED: u64 = 1;

/// Finish of the big and of the small plan, and how many of their tasks are critical.
const BIG_ANSWER: (&str, usize) = ("2037-09-15 17:00", 6);
const SMALL_ANSWER: (&str, usize) = ("2028-05-02 15:00", 39);

fn stages(criterion: &mut Criterion) {
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let (tasks, answer) = if measuring { (TASKS, BIG_ANSWER) } else { (SMALL, SMALL_ANSWER) };
    let options = GenerateOptions { seed: SEED, density: LINKS_PER_TASK, ..GenerateOptions::cpm(tasks) };
    let draft = generate(&options).expect("the options make sense");
    let (plan, _) = validate(&draft).expect("the plan is sound");
    assert_eq!(plan.links().len(), tasks * 5 / 2);
    let network = compile(&plan).expect("the plan can be done");
    let modes = shortest_modes(&network);
    let early = early_dates(&network, &modes).expect("the plan has dates");
    let dates = analyse(&plan, &network, &modes, Basis::Logic);
    let finish = network.axis.finish_moment(early.project_finish).to_string();
    assert_eq!((&*finish, dates.iter().filter(|dates| dates.critical).count()), answer);
    let late = late_dates(&network, &modes, early.project_finish);
    assert!(early.start.iter().zip(&late.start).all(|(early, late)| early <= late));

    let mut group = criterion.benchmark_group(format!("cpm/{tasks}"));
    group.sampling_mode(SamplingMode::Flat).sample_size(10).throughput(Throughput::Elements(tasks as u64));
    group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(1));
    stage(&mut group, "validate", || validate(&draft).map(|(plan, _)| plan.tasks().len()));
    stage(&mut group, "compile", || compile(&plan).map(|network| network.len()));
    stage(&mut group, "early_dates", || early_dates(&network, &modes).map(|dates| dates.project_finish));
    stage(&mut group, "late_dates", || late_dates(&network, &modes, early.project_finish).start.len());
    stage(&mut group, "analyse", || analyse(&plan, &network, &modes, Basis::Logic).len());
    group.finish();
}

fn stage<T>(group: &mut BenchmarkGroup<'_, criterion::measurement::WallTime>, name: &str, mut work: impl FnMut() -> T) {
    group.bench_function(name, |bencher| bencher.iter(&mut work));
}

criterion_group!(benches, stages);
criterion_main!(benches);
