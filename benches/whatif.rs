//! Scenarios by the hundred: what comparing costs besides solving, and a thousand by links and calendars alone.
//!
//! `solved-alone` solves the plans of the scenarios one by one, as many at a time as there are threads; `compared` does all that
//! `whatif` does. Outside of `cargo bench` a tenth of the scenarios is compared.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use floatline::effort::{Control, Limits};
use floatline::generate::{GenerateOptions, generate};
use floatline::network::compile;
use floatline::plan::draft::PlanDraft;
use floatline::plan::{Plan, validate};
use floatline::scenario::{Scenario, StudyOptions, Sweep, apply, compare, scenarios};
use floatline::solve::{SolveOptions, solve};
use floatline::waves::in_parallel;

const EFFORT: u64 = 400;

fn draft() -> PlanDraft {
    generate(&GenerateOptions { seed: 1, ..GenerateOptions::enterprise(120) }).expect("the options make sense")
}

/// Scenarios in which all tasks take longer, by a little more each.
fn longer(plan: &Plan, count: usize) -> Vec<Scenario> {
    let factors: Vec<String> = (1..=count).map(|at| format!("*{:.4}", 1.0 + at as f64 / 1000.0)).collect();
    let sweep = Sweep::parse(&format!("task:T*.duration={}", factors.join(",")), &plan.time_scale()).expect("a sweep");
    scenarios(&Scenario::default(), &[sweep])
}

fn whatif(criterion: &mut Criterion) {
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let part = if measuring { 1 } else { 10 };
    let draft = draft();
    let (plan, _) = validate(&draft).expect("the plan is sound");
    let limits = Limits { effort: Some(EFFORT / part as u64), ..Limits::default() };
    let many = longer(&plan, 40 / part);
    let plans: Vec<Plan> = many
        .iter()
        .map(|scenario| {
            let layers: Vec<&[_]> = scenario.layers.iter().map(Vec::as_slice).collect();
            let edited = apply(&draft, &plan.time_scale(), &layers).expect("edits of tasks that are there");
            validate(&edited).expect("longer tasks are sound").0
        })
        .collect();
    let alone = || {
        in_parallel(plans.len(), |at| {
            let network = compile(&plans[at]).expect("it can be compiled");
            let control = Control::start(limits);
            solve(&plans[at], &network, &SolveOptions::default(), &control, &|_| {})
                .expect("it can be solved")
                .effort_spent
        })
    };
    let compared = |scenarios: &[Scenario], options: &StudyOptions| {
        let control = Control::start(Limits::default());
        compare(&draft, scenarios, options, &control, &|_| {}).expect("the scenarios are sound")
    };
    let options = StudyOptions { limits, ..StudyOptions::default() };
    let found = compared(&many, &options);
    let finishes: Vec<_> = found.scenarios.iter().filter_map(|study| Some(study.figures?.finish)).collect();
    assert!(finishes.len() == many.len() && finishes.first() <= finishes.last(), "longer tasks finish later");
    let mut group = criterion.benchmark_group("whatif");
    group.sampling_mode(SamplingMode::Flat).sample_size(10).throughput(Throughput::Elements(many.len() as u64));
    group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(1));
    group.bench_function("solved-alone", |bencher| bencher.iter(alone));
    group.bench_function("compared", |bencher| bencher.iter(|| compared(&many, &options)));
    let logic = StudyOptions {
        solve: SolveOptions { ignore_resources: true, ..SolveOptions::default() },
        ..StudyOptions::default()
    };
    let thousand = longer(&plan, 1_000 / part);
    group.throughput(Throughput::Elements(thousand.len() as u64));
    group.bench_function("logic", |bencher| bencher.iter(|| compared(&thousand, &logic)));
    group.finish();
}

criterion_group!(benches, whatif);
criterion_main!(benches);
