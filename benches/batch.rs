//! Plans per second with one pass of the search each: 1,000 generated plans of 60 tasks in parallel, and a sample of
//! 43 tasks alone, from files to a checked schedule.
//!
//! Each of the ten samples takes the next hundred of the plans. Outside of `cargo bench` (`cargo test --benches`) there
//! are only 20 plans.

use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use floatline::effort::{Control, Limits};
use floatline::generate::{GenerateOptions, generate};
use floatline::io::{ReadOptions, read_draft};
use floatline::network::compile;
use floatline::plan::draft::PlanDraft;
use floatline::plan::validate;
use floatline::schedule::{Outcome, Schedule};
use floatline::solve::{SolveOptions, solve};
use floatline::units::Moment;
use rayon::prelude::*;

const PLANS: u64 = 1_000;
const FEW: u64 = 20;
const TASKS: usize = 60;
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/software-release");

fn one_pass(draft: &PlanDraft) -> Outcome {
    let (plan, _) = validate(draft).expect("the plan is sound");
    let network = compile(&plan).expect("the plan can be done");
    let control = Control::start(Limits { effort: Some(1), time: None });
    solve(&plan, &network, &SolveOptions::default(), &control, &|_| {}).expect("the schedule is valid")
}

/// The finish of a schedule that one pass finds; it cannot be before the proven bound.
fn finish(draft: &PlanDraft) -> Moment {
    let outcome = one_pass(draft);
    let finish = outcome.schedule.as_ref().and_then(Schedule::finish).expect("one pass finds a schedule");
    assert!(finish >= outcome.lower_bound);
    finish
}

fn batch(criterion: &mut Criterion) {
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let count = if measuring { PLANS } else { FEW };
    let draft_of = |seed| generate(&GenerateOptions { seed, ..GenerateOptions::enterprise(TASKS) });
    let drafts: Vec<PlanDraft> = (0..count).map(|seed| draft_of(seed).expect("the options make sense")).collect();
    let all = |drafts: &[PlanDraft]| drafts.par_iter().map(finish).collect::<Vec<_>>();
    let finishes = all(&drafts);
    let chunk = drafts.len() / 10;
    let mut chunks = drafts.chunks(chunk).zip(finishes.chunks(chunk)).cycle();

    let mut group = criterion.benchmark_group("batch");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Elements(chunk as u64));
    group.bench_function(format!("{count}_plans_of_{TASKS}_tasks"), |bencher| {
        bencher.iter(|| chunks.next().map(|(drafts, finishes)| assert_eq!(all(drafts), finishes)));
    });
    let sample = || read_draft(Path::new(SAMPLE), &ReadOptions::default()).expect("the sample can be read");
    let expected = finish(&sample());
    group.throughput(Throughput::Elements(1));
    group.bench_function("software-release", |bencher| bencher.iter(|| assert_eq!(finish(&sample()), expected)));
    group.finish();
}

criterion_group!(benches, batch);
criterion_main!(benches);
