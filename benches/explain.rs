//! Why a plan cannot keep its deadline: 300 tasks with people, calendars, materials and budgets, and 300 tasks that compete
//! for four resources. Outside of `cargo bench` the plans have 40 tasks.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use floatline::effort::{Control, Limits};
use floatline::explain::{ConflictOptions, Feasibility, Infeasible, why_infeasible};
use floatline::generate::{GenerateOptions, generate};
use floatline::network::compile;
use floatline::plan::{Limit, Plan, validate};
use floatline::solve::{SolveOptions, solve};
use floatline::units::{Minutes, Moment};

/// A plan with a deadline of the project that is earlier than anything can be finished, by a twentieth of the time.
fn too_tight(options: &GenerateOptions) -> Plan {
    let plan = validate(&generate(options).expect("the options make sense")).expect("the plan is sound").0;
    let network = compile(&plan).expect("the plan can be compiled");
    let control = Control::start(Limits { effort: Some(20), time: None });
    let outcome = solve(&plan, &network, &SolveOptions::default(), &control, &|_| {}).expect("the plan can be solved");
    let (start, least) = (plan.project().start, outcome.lower_bound);
    let deadline: Moment = least - Minutes((least - start).0 / 20 + 1);
    plan.with_project_deadline(deadline)
}

fn explained(plan: &Plan) -> Infeasible {
    let options = ConflictOptions { hard: vec![Limit::ProjectDeadline], ..ConflictOptions::default() };
    let control = Control::start(Limits::default());
    match why_infeasible(plan, &options, &control).expect("the plan can be compiled") {
        Feasibility::Infeasible(found) => found,
        other => panic!("the deadline cannot be kept: {other:?}"),
    }
}

fn explain(criterion: &mut Criterion) {
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let tasks = if measuring { 300 } else { 40 };
    for (name, options) in
        [("enterprise", GenerateOptions::enterprise(tasks)), ("psplib", GenerateOptions::psplib(tasks))]
    {
        let plan = too_tight(&GenerateOptions { seed: 3, ..options });
        let found = explained(&plan);
        assert!(found.conflicts[0].is_minimal && found.conflicts[0].limits.contains(&Limit::ProjectDeadline));
        assert!(!found.repairs.is_empty());
        let mut group = criterion.benchmark_group("explain");
        group.sampling_mode(SamplingMode::Flat).sample_size(10);
        group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(1));
        group.bench_function(name, |bencher| bencher.iter(|| explained(&plan)));
        group.finish();
    }
}

criterion_group!(benches, explain);
criterion_main!(benches);
