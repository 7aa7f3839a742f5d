//! Whole fronts: plans to try them on, resources, and the money that comes with the finish.

use proptest::prelude::*;

use super::{FrontOptions, Proof, front};
use crate::effort::{Control, Limits};
use crate::index::Id;
use crate::network::compile;
use crate::plan::testing::{MONDAY, PlanBuilder};
use crate::plan::{CalendarId, Demand, DemandSource, Duration, LinkKind, Plan, TaskId};
use crate::schedule::verify;
use crate::solve::{Objective, SolveOptions, solve};
use crate::units::{Amount, Minutes, Money};

/// What a task is sketched by: its modes (duration, cost in minor units, units of the only resource) and predecessors.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub modes: Vec<(i64, i64, i64)>,
    pub predecessors: Vec<usize>,
    /// True for a task that works around the clock.
    pub is_round_the_clock: bool,
}

/// The tasks, with a link for each of `links`, in a plan of the builder; durations are times `unit` minutes.
pub fn build(mut builder: PlanBuilder, tasks: &[Sketch], links: &[(usize, usize, LinkKind, i64)], unit: i64) -> Plan {
    let crew = tasks.iter().any(|task| task.modes.iter().any(|mode| mode.2 > 0)).then(|| builder.resource("crew", 3));
    let mut ids: Vec<TaskId> = Vec::new();
    for (number, task) in tasks.iter().enumerate() {
        let duration = |mode: &(i64, i64, i64)| Duration::Working(Minutes(mode.0 * unit));
        let demands = |mode: &(i64, i64, i64)| -> Vec<Demand> {
            let demand =
                |resource| Demand { source: DemandSource::Resource(resource), amount: Amount(mode.2 * Amount::ONE.0) };
            crew.filter(|_| mode.2 > 0).map(demand).into_iter().collect()
        };
        let id = builder.task(&format!("T{number}"), duration(&task.modes[0]), &demands(&task.modes[0]));
        let first = builder.edit(id).modes.start;
        builder.price(first, task.modes[0].1);
        for mode in &task.modes[1..] {
            let added = builder.mode(id, duration(mode), &demands(mode));
            builder.price(added, mode.1);
        }
        builder.edit(id).calendar = task.is_round_the_clock.then(|| CalendarId::new(1));
        ids.push(id);
    }
    for (number, task) in tasks.iter().enumerate() {
        for &predecessor in &task.predecessors {
            builder.link(ids[predecessor], LinkKind::FinishToStart, ids[number], 0);
        }
    }
    for &(from, to, kind, lag) in links {
        builder.link(ids[from], kind, ids[to], lag * unit);
    }
    builder.build()
}

/// A task without resources: its name, its modes (duration, cost) and its predecessors.
pub type Row<'a> = (&'a str, &'a [(i64, i64)], &'a [usize]);

/// A plan in periods without resources: tasks with their modes (duration, cost) and predecessors, and more links.
pub fn plan(tasks: &[Row<'_>], links: &[(usize, usize, LinkKind, i64)]) -> Plan {
    let sketch = |task: &Row<'_>| Sketch {
        modes: task.1.iter().map(|mode| (mode.0, mode.1, 0)).collect(),
        predecessors: task.2.to_vec(),
        is_round_the_clock: false,
    };
    build(PlanBuilder::periods(), &tasks.iter().map(sketch).collect::<Vec<_>>(), links, 1)
}

fn control(effort: u64) -> Control {
    Control::start(Limits { effort: Some(effort), time: None })
}

/// Finish and cost of the best schedule of every choice of modes, those that none is better than, the latest first.
fn enumerated(tasks: &[Sketch]) -> Vec<(i64, i64)> {
    let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
    for task in tasks {
        let longer = |choice: Vec<usize>| (0..task.modes.len()).map(move |mode| [&choice[..], &[mode]].concat());
        choices = choices.into_iter().flat_map(longer).collect();
    }
    let value = |choice: Vec<usize>| {
        let fixed = |(task, &mode): (&Sketch, &usize)| Sketch {
            modes: vec![task.modes[mode]],
            predecessors: task.predecessors.clone(),
            is_round_the_clock: false,
        };
        let fixed: Vec<Sketch> = tasks.iter().zip(&choice).map(fixed).collect();
        let plan = build(PlanBuilder::periods(), &fixed, &[], 1);
        let network = compile(&plan).unwrap();
        let options = SolveOptions { objectives: vec![Objective::Finish], ..SolveOptions::default() };
        let found = solve(&plan, &network, &options, &control(2_000), &|_| {}).unwrap();
        let finish = found.schedule.unwrap().finish().unwrap();
        assert_eq!(found.lower_bound, finish, "the engine proves what is as small as this");
        (finish.0, fixed.iter().map(|task| task.modes[0].1).sum::<i64>())
    };
    let mut values: Vec<(i64, i64)> = choices.into_iter().map(value).collect();
    values.sort_unstable();
    let mut front: Vec<(i64, i64)> = Vec::new();
    for value in values {
        if front.last().is_none_or(|last| value.1 < last.1) {
            front.push(value);
        }
    }
    front.reverse();
    front
}

prop_compose! {
    fn scarce()(count in 2usize..6)(
        modes in prop::collection::vec(prop::collection::vec((1i64..7, 0i64..40, 0i64..4), 1..3), count),
        before in prop::collection::vec(prop::collection::vec(0usize..8, 0..2), count),
    ) -> Vec<Sketch> {
        modes.into_iter().zip(before).enumerate().map(|(number, (modes, before))| {
            let mut predecessors: Vec<usize> = before.into_iter().filter(|&other| other < number).collect();
            predecessors.dedup();
            Sketch { modes, predecessors, is_round_the_clock: false }
        }).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_front_within_resources_is_that_of_all_choices(tasks in scarce()) {
        let plan = build(PlanBuilder::periods(), &tasks, &[], 1);
        let found = front(&plan, &FrontOptions::default(), &control(2_000), &|_| {}).unwrap();
        let values: Vec<(i64, i64)> = found.points.iter().map(|point| (point.finish.0, point.direct.0)).collect();
        prop_assert_eq!(values, enumerated(&tasks));
        prop_assert!(found.points.iter().all(|point| point.proof == Proof::Optimal && point.schedule.is_some()));
        for point in &found.points {
            prop_assert!(!verify(&plan, point.schedule.as_ref().unwrap()).has_errors());
        }
    }
}

/// 100 a day of overhead: A (10 days, or 8 for 150 more) before B (10 days, or 8 for 250 more). Shortening A saves
/// 200 - 150, shortening B loses 250 - 200; so 18 days are the cheapest.
#[test]
fn the_cheapest_finish_counts_overhead_and_penalty() {
    let mut builder = PlanBuilder::new();
    builder.project().overhead_per_day = Money(10_000);
    let task = |modes: &[(i64, i64, i64)], predecessors: &[usize]| Sketch {
        modes: modes.to_vec(),
        predecessors: predecessors.to_vec(),
        is_round_the_clock: false,
    };
    let tasks = [task(&[(10, 0, 0), (8, 15_000, 0)], &[]), task(&[(10, 0, 0), (8, 25_000, 0)], &[0])];
    let mut plan = build(builder, &tasks, &[], 480);
    for (is_continuous, ignore_resources) in [(true, false), (false, true), (false, false)] {
        let options = FrontOptions { is_continuous, ignore_resources, ..FrontOptions::default() };
        let found = front(&plan, &options, &control(500), &|_| {}).unwrap();
        let totals: Vec<i64> = found.points.iter().map(|point| point.total.0).collect();
        assert_eq!(totals, [200_000, 195_000, 200_000]);
        assert_eq!(found.cheapest(), Some(1));
        let prices: Vec<f64> = (1..3).map(|at| found.step(&plan, at).unwrap().price_of_day).collect();
        assert_eq!(prices, [7_500.0, 12_500.0]);
    }
    // A penalty of 100 a day more makes the deadline after 16 days worth it: the 16th working day is Monday three weeks later.
    plan = {
        let mut builder = PlanBuilder::new();
        let project = builder.project();
        project.overhead_per_day = Money(10_000);
        project.delay_penalty_per_day = Money(10_000);
        project.deadline = Some(MONDAY + Minutes(21 * 1440 + 17 * 60));
        build(builder, &tasks, &[], 480)
    };
    let found =
        front(&plan, &FrontOptions { ignore_resources: true, ..FrontOptions::default() }, &control(500), &|_| {});
    assert_eq!(found.unwrap().cheapest(), Some(2));
}
