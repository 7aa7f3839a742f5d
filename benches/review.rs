//! A stream of projects with a hidden bias: each is forecast by the calibration that those before it give, and then happens.
//!
//! What is asserted and printed is how often the forecast range from the 10th to the 90th percentile holds what comes, of the
//! finish of the project and of the duration of each task: calibrated by all projects so far, by the last one alone (few
//! data), by the last one with tasks drawn independently, as if its bias were known, and not at all. What is timed is the
//! calibration by the whole stream.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use floatline::cpm::{early_dates, quickest_modes};
use floatline::effort::{Control, Limits};
use floatline::network::compile_in_minutes;
use floatline::plan::draft::{PlanDraft, Table, TableKind};
use floatline::plan::{ModeId, Plan, TaskId, validate};
use floatline::review::{Calibration, History, Observation, calibrate, observations};
use floatline::risk::{Policy, RiskOptions, outlook, percentile, quantile};
use floatline::units::{Minutes, Moment};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::distribution::{ContinuousCDF, Normal};

const PROJECTS: usize = 200;
const TASKS: usize = 24;
const SAMPLES: u64 = 1_000;
/// With seeds 1 to 8, finishes were held in 79.2 % of cases on average (74.9 % to 82.9 %) by all projects so far, and in 79.2 %
/// (75.4 % to 85.9 %) by the last one; 199 projects tell the share to about 3 %, so that some streams of that length lie outside
/// the range that is asserted for this one.
const SEED: u64 = 1;
/// What is hidden: categories, their bias and their spread, on logarithms of actual by planned duration.
const HIDDEN: [(&str, f64, f64); 4] =
    [("interface", 0.4, 0.15), ("training", -0.1, 0.1), ("test", 0.2, 0.25), ("configuration", 0.08, 0.18)];
/// Stated ends, as factors of the planned duration.
const STATED: [f64; 2] = [0.85, 1.25];

/// A project: its plan, how long its tasks really take, and its history.
struct Project {
    plan: Plan,
    actual: Vec<Minutes>,
    finish: Moment,
    seen: Vec<Observation>,
}

fn table(kind: TableKind, headers: &[&str], rows: &[Vec<String>]) -> Table {
    let mut table = Table::new(kind, kind.file_name(), headers.iter().copied());
    for (line, row) in (2..).zip(rows) {
        assert!(table.push_row(line, row.iter().map(String::as_str)));
    }
    table
}

fn plan_of(tables: Vec<Table>) -> Plan {
    validate(&PlanDraft { name: "stream".into(), tables, ..PlanDraft::default() }).expect("the plan is sound").0
}

fn project(random: &mut Xoshiro256PlusPlus) -> Project {
    let mut rows = Vec::new();
    let mut actual = Vec::new();
    for task in 0..TASKS {
        let (category, bias, spread) = HIDDEN[random.random_range(0..HIDDEN.len())];
        let days = random.random_range(2..=15);
        let score = Normal::standard().inverse_cdf(random.random_range(1e-9..1.0));
        actual.push(Minutes((f64::from(days) * 480.0 * (bias + spread * score).exp()).round() as i64));
        let before: Vec<String> = (task.saturating_sub(5)..task)
            .filter(|_| random.random_bool(0.35))
            .map(|before| format!("T{before}"))
            .collect();
        let [least, most] = STATED.map(|factor| format!("{:.2}d", factor * f64::from(days)));
        rows.push(vec![format!("T{task}"), format!("{days}d"), least, most, before.join(";"), category.to_owned()]);
    }
    let headers = ["id", "duration", "optimistic", "pessimistic", "predecessors", "category"];
    let tasks = table(TableKind::Tasks, &headers, &rows);
    let start = table(TableKind::Project, &["key", "value"], &[vec!["start".into(), "2026-03-02".into()]]);
    let plan = plan_of(vec![start.clone(), tasks.clone()]);
    // What happens: the same links, with the durations that came.
    let mode = |task: TaskId| -> ModeId { plan.tasks()[task].modes.start };
    let durations: Vec<_> = plan.tasks().ids().zip(&actual).map(|(task, &minutes)| (mode(task), minutes)).collect();
    let came = plan.with_durations(&durations);
    let network = compile_in_minutes(&came).expect("the plan can be compiled");
    let dates = early_dates(&network, &quickest_modes(&network)).expect("nothing is in its way");
    let mut progress = Vec::new();
    let mut finish = plan.project().start;
    for task in plan.tasks().ids() {
        let node = network.start_node[task] as usize;
        let (from, to) = (network.axis.start_moment(dates.start[node]), network.axis.finish_moment(dates.finish[node]));
        progress.push(vec![plan.tasks()[task].id.to_string(), from.to_string(), to.to_string()]);
        finish = finish.max(to);
    }
    let progress = table(TableKind::Progress, &["task", "actual_start", "actual_finish"], &progress);
    let done = plan_of(vec![start, tasks, progress]);
    let (seen, without_work) = observations(&History { name: "stream", plan: &done }, false);
    assert_eq!((seen.len(), without_work), (TASKS, 0));
    Project { plan, actual, finish, seen }
}

/// How many ranges held what came: of finishes of projects, and of durations of tasks.
#[derive(Default)]
struct Held {
    finishes: (usize, usize),
    tasks: (usize, usize),
}

impl Held {
    /// Forecasts a project, and looks what came.
    fn judge(&mut self, project: &Project, calibration: Option<&Calibration>) {
        let plan =
            calibration.map_or_else(|| project.plan.clone(), |calibration| calibration.uncertain(&project.plan).0);
        let options = RiskOptions { policy: Policy::Logic, samples: SAMPLES, ..RiskOptions::default() };
        let control = Control::start(Limits::default());
        let whole =
            outlook(&plan, None, &options, &[], false, &control, &|_| {}).expect("the plan can be simulated").project;
        let minutes: Vec<f64> = whole.sampled.iter().map(|moment| moment.0 as f64).collect();
        let [low, high] = [0.1, 0.9].map(|share| percentile(&minutes, share).value);
        let is_held = (low..=high).contains(&(project.finish.0 as f64));
        self.finishes = (self.finishes.0 + usize::from(is_held), self.finishes.1 + 1);
        for (task, actual) in plan.tasks().iter().zip(&project.actual) {
            let estimate = task.distribution.as_deref().expect("every task has an estimate");
            let [low, high] = [0.1, 0.9].map(|share| quantile(estimate, share));
            let is_held = (low..=high).contains(&(actual.0 as f64));
            self.tasks = (self.tasks.0 + usize::from(is_held), self.tasks.1 + 1);
        }
    }

    fn shares(&self) -> [f64; 2] {
        [self.finishes, self.tasks].map(|(held, all)| 100.0 * held as f64 / all as f64)
    }
}

/// The calibration as if the bias of each category were known.
fn independent(mut calibration: Calibration) -> Calibration {
    for factor in &mut calibration.factors {
        (factor.within, factor.across) = (0.0, 0.0);
    }
    calibration
}

fn stream(criterion: &mut Criterion) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let projects: Vec<Project> = (0..PROJECTS).map(|_| project(&mut random)).collect();
    let (mut pooled, mut last, mut none) = (Held::default(), Held::default(), Held::default());
    let mut untied = Held::default();
    let mut so_far: Vec<Observation> = Vec::new();
    for pair in projects.windows(2) {
        so_far.extend(pair[0].seen.iter().cloned());
        pooled.judge(&pair[1], Some(&calibrate(&so_far)));
        last.judge(&pair[1], Some(&calibrate(&pair[0].seen)));
        untied.judge(&pair[1], Some(&independent(calibrate(&pair[0].seen))));
        none.judge(&pair[1], None);
    }
    for (name, held) in
        [("all so far", &pooled), ("the last alone", &last), ("the last, untied", &untied), ("none", &none)]
    {
        let [finishes, tasks] = held.shares();
        println!("calibrated by {name:<16} P10..P90 held {finishes:5.1} % of finishes, {tasks:5.1} % of tasks");
    }
    for held in [&pooled, &last] {
        let shares = held.shares();
        assert!(shares.iter().all(|share| (75.0..=85.0).contains(share)), "80 % are promised: {shares:?}");
    }
    assert!(none.shares().iter().all(|share| *share < 60.0), "without calibration the bias is missed");
    let mut group = criterion.benchmark_group("review");
    group.sample_size(10).throughput(Throughput::Elements(so_far.len() as u64));
    group.warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(1));
    group.bench_function("calibrate", |bencher| bencher.iter(|| calibrate(&so_far)));
    group.finish();
}

criterion_group!(benches, stream);
criterion_main!(benches);
