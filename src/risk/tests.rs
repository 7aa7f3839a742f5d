//! Samples against closed forms, and against the passes of the critical path method.

use statrs::distribution::{ContinuousCDF, Normal};

use super::block::Block;
use super::model::Model;
use super::*;
use crate::cpm::{early_dates, shortest_modes};
use crate::effort::{Control, Limits};
use crate::generate::{GenerateOptions, generate};
use crate::index::Id;
pub(super) use crate::io::testing::plan_of;
use crate::network::{compile, compile_in_minutes};
use crate::plan::draft::TableKind;
use crate::plan::testing::PlanBuilder;
use crate::plan::{Demand, DemandSource, Distribution, Duration, LinkKind, Plan, TaskId, validate};
use crate::solve::{SolveOptions, solve};
use crate::units::{Amount, Minutes};

pub(super) const SAMPLES: u64 = 40_000;

fn control() -> Control {
    Control::start(Limits::default())
}

pub(super) fn assessed(plan: &Plan, options: &RiskOptions) -> Assessment {
    assess(plan, None, options, &control(), &|_| {}).unwrap()
}

pub(super) fn options() -> RiskOptions {
    RiskOptions { samples: SAMPLES, ..RiskOptions::default() }
}

/// A plan on the clock, of tasks whose durations are normal: mean and standard deviation in minutes.
fn normal_tasks(builder: &mut PlanBuilder, moments: &[(f64, f64)]) -> Vec<TaskId> {
    let normal = |(place, &(mean, deviation)): (usize, &(f64, f64))| {
        let task = builder.minutes(&format!("t{place}"), mean as i64);
        builder.edit(task).distribution = Some(Box::new(Distribution::Normal(mean, deviation)));
        task
    };
    moments.iter().enumerate().map(normal).collect()
}

/// True if two numbers differ by no more than a few standard errors.
fn is_near(found: f64, expected: f64, error: f64) -> bool {
    (found - expected).abs() <= 4.0 * error + 0.6
}

#[test]
fn planned_durations_give_the_dates_of_the_forward_pass() {
    for seed in 0..40 {
        let options = GenerateOptions {
            seed,
            calendars: seed as usize % 4,
            density: 1.5,
            link_kinds: [0.2, 0.2, 0.1],
            lags: 0.4,
            ..GenerateOptions::cpm(60)
        };
        let (plan, _) = validate(&generate(&options).unwrap()).unwrap();
        let network = compile_in_minutes(&plan).unwrap();
        let modes = shortest_modes(&network);
        let dates = early_dates(&network, &modes).unwrap();
        let model = Model::new(&plan, &network, &modes, &[], &RiskOptions::default()).unwrap();
        let mut block = Block::new(&model);
        block.plan(&model);
        block.schedule(&model);
        for (node, &position) in model.position.iter().enumerate() {
            let found = (block.starts[position as usize][3], block.finishes[position as usize][3]);
            assert_eq!(found, (dates.start[node], dates.finish[node]), "seed {seed}, node {node}");
        }
    }
}

#[test]
fn a_chain_of_normals_is_normal() {
    let mut builder = PlanBuilder::periods();
    let tasks = normal_tasks(&mut builder, &[(3_000.0, 300.0), (5_000.0, 400.0), (2_000.0, 120.0)]);
    tasks.windows(2).for_each(|pair| _ = builder.link(pair[0], LinkKind::FinishToStart, pair[1], 0));
    let found = assessed(&builder.build(), &options());
    let deviation = (300.0_f64 * 300.0 + 400.0 * 400.0 + 120.0 * 120.0).sqrt();
    let error = deviation / (SAMPLES as f64).sqrt();
    let (mean, spread) = moments(&found.samples.finish);
    assert!(is_near(mean, 10_000.0, error) && is_near(spread, deviation, error), "{mean} {spread}");
    let mut finish = found.samples.finish.clone();
    finish.sort_unstable();
    let normal = Normal::new(10_000.0, deviation).unwrap();
    for share in [0.1, 0.5, 0.8, 0.9] {
        let found = percentile(&finish, share);
        assert!(is_near(f64::from(found.value), normal.inverse_cdf(share), found.error), "{found:?}");
    }
    // All drive the finish; the correlation with it is the share in its deviation.
    for (task, own) in found.tasks.iter().zip([300.0, 400.0, 120.0]) {
        assert_eq!(task.criticality, 1.0);
        assert!((task.cruciality - own / deviation).abs() < 0.02, "{task:?}");
        assert!((task.sensitivity - own / deviation).abs() < 0.02, "{task:?}");
    }
}

#[test]
fn the_later_of_two_has_the_mean_of_clark() {
    let mut builder = PlanBuilder::periods();
    normal_tasks(&mut builder, &[(6_000.0, 300.0), (6_200.0, 500.0)]);
    let found = assessed(&builder.build(), &options());
    // Clark, "The greatest of a finite set of random variables", Operations Research 9 (1961), formula 2.
    let a = (300.0_f64 * 300.0 + 500.0 * 500.0).sqrt();
    let alpha = (6_000.0 - 6_200.0) / a;
    let normal = Normal::standard();
    let density = (-alpha * alpha / 2.0_f64).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let expected = 6_000.0 * normal.cdf(alpha) + 6_200.0 * normal.cdf(-alpha) + a * density;
    let (mean, spread) = moments(&found.samples.finish);
    assert!(is_near(mean, expected, spread / (SAMPLES as f64).sqrt()), "{mean} {expected}");
    // The first drives the finish where it is the later one.
    let share = found.tasks[0].criticality;
    assert!((share - normal.cdf(alpha)).abs() < 0.01, "{share}");
    assert!((share + found.tasks[1].criticality - 1.0).abs() < 0.01);
}

#[test]
fn slices_on_any_number_of_threads_are_those_of_one_run() {
    let options = GenerateOptions { estimates: true, ..GenerateOptions::cpm(50) };
    let (plan, _) = validate(&generate(&options).unwrap()).unwrap();
    let slice = |first: u64, samples: u64, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| assessed(&plan, &RiskOptions { first, samples, seed: 5, ..RiskOptions::default() }))
    };
    let whole = slice(0, 3_001, 1);
    let mut parts = slice(0, 1_500, 2).samples;
    parts.append(slice(1_500, 1_501, 3).samples);
    assert_eq!(whole.samples, parts);
    assert_eq!(whole.tasks, slice(0, 3_001, 2).tasks);
}

#[test]
fn who_hands_a_resource_on_is_waited_for() {
    let mut builder = PlanBuilder::periods();
    let crew = builder.resource("crew", 1);
    for (place, mean) in [1_000.0, 2_000.0].into_iter().enumerate() {
        let demand = Demand { source: DemandSource::Resource(crew), amount: Amount::ONE };
        let duration = Duration::Working(Minutes(mean as i64));
        let task = builder.task(&format!("t{place}"), duration, &[demand]);
        builder.edit(task).distribution = Some(Box::new(Distribution::Uniform(mean - 100.0, mean + 100.0)));
    }
    let plan = builder.build();
    let network = compile(&plan).unwrap();
    let outcome = solve(&plan, &network, &SolveOptions::default(), &control(), &|_| {}).unwrap();
    let found = assess(&plan, outcome.schedule.as_ref(), &options(), &control(), &|_| {}).unwrap();
    let (mean, _) = moments(&found.samples.finish);
    assert!((mean - 3_000.0).abs() < 2.0, "{mean}");
    assert!(found.tasks.iter().all(|task| task.criticality == 1.0));
    let free = RiskOptions { policy: Policy::Logic, ..options() };
    let found = assess(&plan, outcome.schedule.as_ref(), &free, &control(), &|_| {}).unwrap();
    assert!((moments(&found.samples.finish).0 - 2_000.0).abs() < 2.0);
}

#[test]
fn samples_go_on_until_the_percentile_is_precise() {
    let mut builder = PlanBuilder::periods();
    normal_tasks(&mut builder, &[(50_000.0, 1_000.0)]);
    let plan = builder.build();
    let rough = RiskOptions { samples: 1_000_000, precision: Some((0.8, 20.0)), ..RiskOptions::default() };
    let found = assessed(&plan, &rough);
    let count = found.samples.finish.len();
    // The error of the 80th percentile of a normal distribution is 1.43 deviations by the root of the number of samples.
    assert!((2_048..=16_384).contains(&count), "{count}");
}

pub(super) const PERIODS: (TableKind, &str) = (TableKind::Project, "key,value\ntime_unit,period\n");

/// The share of samples of a value.
pub(super) fn share(found: &Assessment, finish: i32) -> f64 {
    let hits = found.samples.finish.iter().filter(|&&sample| sample == finish).count();
    hits as f64 / found.samples.finish.len() as f64
}

/// The error that a share of samples has, several times over.
pub(super) fn tolerance(share: f64) -> f64 {
    4.5 * (share * (1.0 - share) / SAMPLES as f64).sqrt() + 1e-9
}

#[test]
fn independent_risks_come_in_all_combinations_as_often_as_they_should() {
    let risks = "id,probability,tasks,delay,cost\na,0.3,A,5,10\nb,0.5,B,discrete(7:0.4;11:0.6),\nc,0.2,A;B,20,3\n";
    let plan = plan_of(&[
        PERIODS,
        (TableKind::Tasks, "id,duration,predecessors\nA,100,\nB,100,A\n"),
        (TableKind::Risks, risks),
    ]);
    let found = assessed(&plan, &options());
    let mut expected = std::collections::BTreeMap::new();
    for (a, chance_a) in [(0, 0.7), (5, 0.3)] {
        for (b, chance_b) in [(0, 0.5), (7, 0.2), (11, 0.3)] {
            for (c, chance_c) in [(0, 0.8), (40, 0.2)] {
                *expected.entry(200 + a + b + c).or_insert(0.0) += chance_a * chance_b * chance_c;
            }
        }
    }
    for (&finish, &chance) in &expected {
        let found = share(&found, finish);
        assert!((found - chance).abs() < tolerance(chance), "{finish}: {found} instead of {chance}");
    }
    let [a, b, c] = &found.events[..] else { panic!("{:?}", found.events) };
    // Where it happens, a risk of A moves A and what comes behind it, a risk of B no more than B.
    let delays = |event: &EventRisk| event.moved.iter().map(|&(_, delay)| delay.round()).collect::<Vec<_>>();
    assert_eq!((delays(a), delays(c)), (vec![5.0, 5.0], vec![20.0, 40.0]));
    assert_eq!((b.moved.len(), b.moved[0].0), (1, Work::Task(TaskId::new(1))));
    assert!((a.share - 0.3).abs() < tolerance(0.3) && (c.share - 0.2).abs() < tolerance(0.2));
    // Delays of a chain add up, and the same samples are looked at with and without a risk.
    assert!((a.mean_delay - 5.0 * 0.3).abs() < 0.1 && (b.mean_delay - 0.5 * 9.4).abs() < 0.2, "{a:?} {b:?}");
    assert!((c.mean_delay - 40.0 * 0.2).abs() < 0.8, "{c:?}");
    // A cost counts once, however many tasks are hit.
    assert!((c.cost - 0.2 * 300.0).abs() < 3.0 && (a.cost - 0.3 * 1_000.0).abs() < 12.0, "{a:?} {c:?}");
    let mean = found.samples.cost.iter().map(|&cost| cost as f64).sum::<f64>() / SAMPLES as f64;
    assert!((mean - a.cost - c.cost).abs() < 1e-6);
}

#[test]
fn risks_of_a_group_come_together_or_one_instead_of_another() {
    let risks = "id,probability,tasks,delay,group\na,0.3,A,1,vendor\nb,0.5,A,10,vendor\nc,0.2,A,100,exclusive:ford\nd,0.3,A,1000,exclusive:ford\n";
    let plan = plan_of(&[PERIODS, (TableKind::Tasks, "id,duration\nA,50\n"), (TableKind::Risks, risks)]);
    let found = assessed(&plan, &options());
    for (vendor, chance) in [(0, 0.5), (10, 0.2), (11, 0.3)] {
        for (ford, other) in [(0, 0.5), (100, 0.2), (1_000, 0.3)] {
            let (found, chance) = (share(&found, 50 + vendor + ford), chance * other);
            assert!((found - chance).abs() < tolerance(chance), "{vendor} {ford}: {found} instead of {chance}");
        }
    }
}

#[test]
fn issues_have_happened_and_clock_delays_run_over_the_weekend() {
    let tasks = "id,duration,predecessors\nA,5d,\nB,1d,A\n";
    let plan = plan_of(&[
        (TableKind::Project, "key,value\nstart,2026-03-02\n"),
        (TableKind::Tasks, tasks),
        (TableKind::Issues, "id,task,delay,status\ni,A,2ed,open\n"),
    ]);
    let found = assessed(&plan, &RiskOptions { samples: 100, ..options() });
    // Friday 17:00 and two days: B waits until Monday all the same.
    let finish = |slot: i32| found.network.axis.finish_moment(slot).to_string();
    assert_eq!(finish(found.planned.0), "2026-03-09 17:00");
    assert!(found.samples.finish.iter().all(|&slot| finish(slot) == "2026-03-09 17:00"));
    assert_eq!((found.events[0].share, found.events[0].mean_delay), (1.0, 0.0));
    let plan = plan_of(&[
        (TableKind::Project, "key,value\nstart,2026-03-02\n"),
        (TableKind::Tasks, tasks),
        (TableKind::Issues, "id,task,delay,status\ni,A,4ed,open\nj,B,1d,resolved\n"),
    ]);
    let found = assessed(&plan, &RiskOptions { samples: 100, ..options() });
    let finish = |slot: i32| found.network.axis.finish_moment(slot).to_string();
    // Tuesday 17:00, then two days of B.
    assert_eq!(finish(found.samples.finish[7]), "2026-03-12 17:00");
}

#[test]
fn stakeholders_are_promised_dates_at_the_confidence_they_ask_for() {
    let plan = plan_of(&[
        PERIODS,
        (
            TableKind::Tasks,
            "id,parent,duration,distribution\nS,,,\nA,S,100,uniform(0;1000)\nB,,2000,uniform(1000;2000)\n",
        ),
        (TableKind::Stakeholders, "id,milestones,confidence\nboard,,90%\nsales,S;A,60%\n"),
    ]);
    let found = assessed(&plan, &options());
    let promises = found.promises(&plan);
    let dates: Vec<f64> = promises.iter().map(|promise| promise.date.value).collect();
    for (date, expected) in dates.iter().zip([1_900.0, 600.0, 600.0]) {
        assert!((date - expected).abs() < 15.0, "{dates:?}");
    }
    assert_eq!(promises.len(), 3);
    assert_eq!((promises[0].task, promises[0].planned, promises[0].kept.share), (None, 2_000.0, 1.0));
    // The finish of a summary is that of the tasks below it.
    assert_eq!((promises[1].planned, promises[1].date), (100.0, promises[2].date));
    assert!((promises[1].kept.share - 0.1).abs() < 0.01);
}

#[test]
fn large_plans_get_fewer_samples() {
    for (tasks, samples) in [(1, 10_000), (1_000, 10_000), (2_500, 4_000), (20_000, 1_000)] {
        let mut builder = PlanBuilder::periods();
        normal_tasks(&mut builder, &vec![(100.0, 1.0); tasks]);
        assert_eq!(usual_samples(&builder.build()), samples);
    }
}

#[test]
fn what_is_reached_is_promised_no_more() {
    // S is its part A alone, which is done; B and with it the project are not.
    let promised = |rest: &str| {
        let plan = plan_of(&[
            (TableKind::Project, "key,value\nstart,2026-03-02\nstatus_date,2026-03-09\n"),
            (TableKind::Tasks, "id,parent,duration\nS,,\nA,S,2d\nB,,20d\n"),
            (TableKind::Progress, &format!("task,actual_start,actual_finish\nA,2026-03-02,2026-03-03\n{rest}")),
            (TableKind::Stakeholders, "id,milestones\nboard,\nsales,S;A;B\n"),
        ]);
        let left = plan.into_remaining();
        let found = assessed(&left, &RiskOptions { samples: 100, ..options() });
        let task = |task: TaskId| left.tasks()[task].id.to_string();
        found.promises(&left).iter().map(|promise| promise.task.map(task)).collect::<Vec<_>>()
    };
    assert_eq!(promised(""), [None, Some("B".to_owned())]);
    assert_eq!(promised("B,2026-03-02,2026-03-06\n"), []);
}

/// Mean and standard deviation of the finish of a chain of tasks with normal durations: 300, 400 and 200 minutes.
fn of_correlated(correlations: &str) -> (Assessment, f64) {
    let tasks = "id,duration,distribution,category,predecessors\nA,3000,normal(3000;300),x,\nB,5000,normal(5000;400),x,A\n\
                 C,2000,normal(2000;200),y,B\n";
    let correlations = format!("a,b,coefficient\n{correlations}");
    let plan = plan_of(&[PERIODS, (TableKind::Tasks, tasks), (TableKind::Correlations, &correlations)]);
    let found = assessed(&plan, &options());
    let spread = moments(&found.samples.finish).1;
    (found, spread)
}

#[test]
fn durations_go_together_as_much_as_they_should() {
    // Normal durations have the correlations of their scores; the variance of a sum tells of them.
    let squares = 300.0 * 300.0 + 400.0 * 400.0 + 200.0 * 200.0;
    for (rows, covariance) in [
        ("", 0.0),
        ("A,B,0.6\n", 0.6 * 300.0 * 400.0),
        ("x,x,0.5\nB,C,-0.5\n", 0.5 * 300.0 * 400.0 - 0.5 * 400.0 * 200.0),
        // The row that names tasks counts.
        ("x,y,0.4\nA,C,0.1\n", 0.4 * 400.0 * 200.0 + 0.1 * 300.0 * 200.0),
    ] {
        let (found, spread) = of_correlated(rows);
        let expected = f64::sqrt(squares + 2.0 * covariance);
        assert!((spread / expected - 1.0).abs() < 0.015, "{rows}: {spread} instead of {expected}");
        assert_eq!(found.correlation_change, 0.0);
        for (task, deviation) in found.tasks.iter().zip([300.0, 400.0, 200.0]) {
            assert!((task.deviation / deviation - 1.0).abs() < 0.015, "{task:?}");
        }
    }
    let (found, _) = of_correlated("A,B,0.9\nB,C,0.9\nA,C,-0.9\n");
    assert!((0.2..1.0).contains(&found.correlation_change), "{}", found.correlation_change);
}

#[test]
fn groups_of_risks_go_together() {
    let risks = "id,probability,tasks,delay,group\na,0.3,A,1,u\nb,0.3,A,10,v\n";
    for (coefficient, both) in [(1, 0.3), (-1, 0.0)] {
        let correlations = format!("a,b,coefficient\nu,v,{coefficient}\n");
        let plan = plan_of(&[
            PERIODS,
            (TableKind::Tasks, "id,duration\nA,50\n"),
            (TableKind::Risks, risks),
            (TableKind::Correlations, &correlations),
        ]);
        let found = assessed(&plan, &options());
        assert!((share(&found, 61) - both).abs() < tolerance(both) + 1e-3);
        assert!((share(&found, 50) - (0.4 + both)).abs() < tolerance(0.4) + 1e-3);
    }
}
