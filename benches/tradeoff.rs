//! Time against cost: the continuous front of 2,000 tasks with 50 points.
//!
//! What is reported is points a second. Outside of `cargo bench` a plan of a hundredth of the size takes its place.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use floatline::effort::{Control, Limits};
use floatline::generate::{GenerateOptions, generate};
use floatline::plan::draft::{PlanDraft, Table, TableKind};
use floatline::plan::{Plan, validate};
use floatline::tradeoff::{FrontOptions, Proof, front};

const POINTS: usize = 50;

/// Tasks on one calendar, each with a normal and a crash duration and one between, at costs that grow.
fn plan(tasks: usize) -> Plan {
    let options = GenerateOptions {
        seed: 1,
        density: 2.0,
        calendars: 0,
        link_kinds: [0.05, 0.05, 0.0],
        lags: 0.0,
        package_size: 0,
        milestones: 0.0,
        ..GenerateOptions::cpm(tasks)
    };
    let mut draft: PlanDraft = generate(&options).expect("the options make sense");
    let table = draft.table(TableKind::Tasks).expect("there are tasks");
    let (id, duration) = (table.column("id").expect("ids"), table.column("duration").expect("durations"));
    let mut modes = Table::new(TableKind::Modes, TableKind::Modes.file_name(), ["task", "mode", "duration", "cost"]);
    for row in 0..table.len() {
        let text = table.cell(row, duration);
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let number: i64 = digits.parse().expect("durations are whole");
        let hours = if text.ends_with('d') { number * 8 } else { number };
        // Prices that repeat only after a thousand tasks, and rise towards the crash duration.
        let price = 50 + (row as i64 * 7919) % 1009;
        for (mode, (part, dearer)) in [(4, 0), (3, 1), (2, 3)].into_iter().enumerate() {
            let (mode, cost) = ((mode + 1).to_string(), (price * hours / 8 * dearer).to_string());
            let crashed = format!("{}m", hours * 15 * part);
            modes.push_row(row as u32 + 2, [table.cell(row, id), &mode, &crashed, &cost]);
        }
    }
    draft.tables.push(modes);
    validate(&draft).expect("the plan is sound").0
}

fn continuous(criterion: &mut Criterion) {
    let measuring = std::env::args().any(|argument| argument == "--bench");
    let plan = plan(if measuring { 2_000 } else { 20 });
    let options = FrontOptions { is_continuous: true, points: Some(POINTS), ..FrontOptions::default() };
    let run = || front(&plan, &options, &Control::start(Limits::default()), &|_| {}).expect("the plan has a front");
    let found = run();
    assert!(found.points.iter().all(|point| point.proof == Proof::Optimal), "{:?}", found.left_out);
    assert!(found.points.windows(2).all(|pair| pair[0].finish > pair[1].finish && pair[0].direct < pair[1].direct));
    if measuring {
        println!("{} points, {} corners", found.points.len(), found.corners.unwrap_or(0));
    }
    let mut group = criterion.benchmark_group("tradeoff");
    group.sampling_mode(SamplingMode::Flat).sample_size(10).throughput(Throughput::Elements(found.points.len() as u64));
    group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(1));
    group.bench_function("continuous", |bencher| bencher.iter(run));
    group.finish();
}

criterion_group!(benches, continuous);
criterion_main!(benches);
