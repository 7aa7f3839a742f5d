//! Claims about the objectives, held against every schedule of small plans.

use rand::Rng;

use super::{Objective, SolveOptions, solve};
use crate::effort::{Control, Limits, Random, random};
use crate::index::{Id, IdVec, Rows};
use crate::network::compile;
use crate::plan::{Duration, LinkKind, ModeId, Plan, TaskKind};
use crate::schedule::testing::{Sketch, days, lag, march, schedule};
use crate::schedule::{Goal, Measure, Outcome, Placement, Schedule, Status, measure, net_present_value, verify};
use crate::units::{Minutes, Moment, Money, Share};
use Objective::{Cost, Finish, NetPresentValue, Tardiness};

fn answer(plan: &Plan, objectives: &[Objective], effort: u64) -> Outcome {
    let network = compile(plan).expect("the plan can be compiled");
    let options = SolveOptions { seed: 1, objectives: objectives.to_vec(), ..SolveOptions::default() };
    let control = Control::start(Limits { effort: Some(effort), time: None });
    solve(plan, &network, &options, &control, &|_| {}).expect("the validator accepts the schedule")
}

/// The values of objectives, less being better.
fn values(plan: &Plan, schedule: &Schedule, objectives: &[Objective]) -> Vec<f64> {
    let value = |&objective: &Objective| match measure(plan, schedule, objective) {
        Some(Measure::Finish(finish)) => finish.0 as f64,
        Some(Measure::Tardiness(late)) => late,
        Some(Measure::Money(money)) if objective == NetPresentValue => -(money.0 as f64),
        Some(Measure::Money(money)) => money.0 as f64,
        None => 0.0,
    };
    objectives.iter().map(value).collect()
}

fn bound(goal: &Goal) -> f64 {
    match goal.bound {
        Some(Measure::Finish(finish)) => finish.0 as f64,
        Some(Measure::Tardiness(late)) => late,
        Some(Measure::Money(money)) if goal.objective == NetPresentValue => -(money.0 as f64),
        Some(Measure::Money(money)) => money.0 as f64,
        None => f64::NEG_INFINITY,
    }
}

/// True if the first values are worse, the first difference deciding.
fn is_worse(values: &[f64], others: &[f64]) -> bool {
    let differ = values.iter().zip(others).find(|(a, b)| (*a - *b).abs() > 1e-9);
    differ.is_some_and(|(a, b)| a > b)
}

/// A plan of four tasks in periods: one crew of two, links, a second mode here and there, money everywhere.
fn draw(random: &mut Random) -> Plan {
    let mut sketch = Sketch::periods();
    sketch.project.discount_rate = Share(random.random_range(0..=3) * 400);
    sketch.project.overhead_per_day = Money(random.random_range(0..=1) * 900);
    sketch.project.deadline = Some(Moment(random.random_range(4..=8)));
    sketch.project.delay_penalty_per_day = Money(random.random_range(0..=1) * 2_000);
    sketch.project.early_bonus_per_day = Money(random.random_range(0..=1) * 700);
    let crew = sketch.resource("crew", crate::plan::ResourceKind::Work, Some(2));
    sketch.resources[crew.index()].cost_per_use = Money(random.random_range(0..=1) * 300);
    let mut tasks = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let length = if name == "d" { random.random_range(1..=2) } else { random.random_range(1..=3) };
        let task = sketch.task(name, Duration::Working(Minutes(length)));
        sketch.needs(task, crew, random.random_range(1..=2));
        sketch.modes[task.index()][0].cost = Money(random.random_range(0..=4) * 1_000);
        if random.random_bool(0.4) {
            sketch.mode(task, Duration::Working(Minutes(random.random_range(1..=3))));
            sketch.needs(task, crew, random.random_range(1..=2));
            sketch.modes[task.index()][1].cost = Money(random.random_range(0..=4) * 1_500);
        }
        if random.random_bool(0.4) {
            sketch.at(task).payment = Money(random.random_range(-2..=6) * 2_500);
        }
        if random.random_bool(0.5) {
            sketch.at(task).deadline = Some(Moment(random.random_range(1..=6)));
            sketch.at(task).priority = [100, 500, 900][random.random_range(0..3)];
        }
        for &before in &tasks {
            if random.random_bool(0.3) {
                sketch.link(before, LinkKind::FinishToStart, task, lag(i64::from(name == "b")));
            }
        }
        tasks.push(task);
    }
    sketch.build()
}

/// Every schedule of a plan of [`draw`] that ends by `horizon`.
fn all_schedules(plan: &Plan, horizon: i64) -> Vec<Schedule> {
    let mut found = Vec::new();
    let none = Placement { start: Moment(0), finish: Moment(0), mode: None };
    let mut placements = vec![none; plan.tasks().len()];
    extend(plan, horizon, 0, &mut placements, &mut found);
    found
}

fn extend(plan: &Plan, horizon: i64, at: usize, placements: &mut Vec<Placement>, found: &mut Vec<Schedule>) {
    if at == placements.len() {
        let mut assignments = Rows::new();
        for placement in placements.iter() {
            let mode = &plan.modes()[placement.mode.expect("chosen")];
            assignments.push_row(plan.demands_of(mode).iter().filter_map(|demand| match demand.source {
                crate::plan::DemandSource::Resource(resource) => {
                    Some(crate::schedule::Assignment { resource, amount: demand.amount })
                }
                crate::plan::DemandSource::Skill(_) => None,
            }));
        }
        found.push(Schedule { placements: IdVec::from(placements.clone()), assignments });
        return;
    }
    let modes = plan.tasks().as_slice()[at].modes.clone();
    for mode in modes.start.index()..modes.end.index() {
        let duration = plan.modes().as_slice()[mode].duration.minutes().0;
        for start in 0..=horizon - duration {
            let mode = Some(ModeId::new(mode));
            placements[at] = Placement { start: Moment(start), finish: Moment(start + duration), mode };
            if fits(plan, &placements[..=at]) {
                extend(plan, horizon, at + 1, placements, found);
            }
        }
    }
}

/// True if the last of the tasks placed keeps its links and leaves the crew enough.
fn fits(plan: &Plan, placed: &[Placement]) -> bool {
    let last = placed.len() - 1;
    let keeps_links = plan.links().iter().filter(|link| link.successor.index() == last).all(|link| {
        let crate::plan::LagAmount::Minutes(lag) = link.lag.amount else { return false };
        placed[last].start >= placed[link.predecessor.index()].finish + lag
    });
    let units = |placement: &Placement| {
        let mode = &plan.modes()[placement.mode.expect("chosen")];
        plan.demands_of(mode).iter().map(|demand| demand.amount.0).sum::<i64>()
    };
    let most = plan.resources().as_slice()[0].capacity.expect("a crew").0;
    let is_free = |period: i64| {
        let busy = placed.iter().filter(|it| it.start.0 <= period && period < it.finish.0);
        busy.map(units).sum::<i64>() <= most
    };
    keeps_links && (placed[last].start.0..placed[last].finish.0).all(is_free)
}

/// Plans that are compared with all their schedules.
const PLANS: u64 = 25;
/// By when the schedules of small plans end: three tasks of at most three periods and one of two, and lags.
const HORIZON: i64 = 12;

#[test]
fn no_schedule_of_a_small_plan_beats_a_bound_or_a_regular_optimum() {
    let lists: [&[Objective]; 6] =
        [&[Finish], &[Tardiness], &[Cost], &[Finish, Cost], &[Tardiness, Cost], &[Cost, Finish, Tardiness]];
    let mut proven = 0;
    for seed in 0..PLANS {
        let plan = draw(&mut random(seed, 0));
        let all = all_schedules(&plan, HORIZON);
        assert!(!all.is_empty(), "plan {seed}");
        assert!(!verify(&plan, &all[all.len() / 2]).has_errors(), "plan {seed}: the enumeration is wrong");
        // By the numbers of the objectives.
        let worth: Vec<Vec<f64>> = all.iter().map(|it| values(&plan, it, &[Finish, Tardiness, Cost])).collect();
        for objectives in lists {
            let outcome = answer(&plan, objectives, 150);
            let found = outcome.schedule.as_ref().expect("there are schedules");
            let mine = values(&plan, found, objectives);
            for all_values in &worth {
                let theirs: Vec<f64> = objectives.iter().map(|&objective| all_values[objective as usize]).collect();
                assert!(!is_worse(&mine, &theirs), "plan {seed}, {objectives:?}: {mine:?}, but {theirs:?} exists");
                for (goal, value) in outcome.goals.iter().zip(&theirs) {
                    let bound = bound(goal);
                    assert!(*value >= bound - 1e-9, "plan {seed}, {:?}: {value} beats {bound}", goal.objective);
                }
            }
            proven += u32::from(outcome.status == Status::Optimal);
        }
    }
    assert!(proven > 25, "only {proven} of 150 answers are proven");
}

#[test]
fn net_present_value_is_bounded_and_almost_always_the_best_there_is() {
    let mut reached = 0;
    for seed in 0..PLANS {
        let plan = draw(&mut random(seed, 0));
        let outcome = answer(&plan, &[NetPresentValue], 150);
        let found = outcome.schedule.as_ref().expect("there are schedules");
        let mine = net_present_value(&plan, found).0;
        let all = all_schedules(&plan, HORIZON);
        let best = all.iter().map(|other| net_present_value(&plan, other).0).max().expect("there are schedules");
        let bound = -bound(&outcome.goals[0]);
        assert!(best as f64 <= bound + 1.0, "plan {seed}: {best} exceeds {bound}");
        assert!(mine as f64 <= bound + 1.0, "plan {seed}: {mine} exceeds {bound}");
        // The engine does not wait for ever; compared are schedules that finish no later.
        let finish = found.finish();
        let in_time = all.iter().filter(|other| other.finish() <= finish);
        let best = in_time.map(|other| net_present_value(&plan, other).0).max().unwrap_or(mine);
        reached += u32::from(mine >= best - 1);
    }
    assert!(reached as u64 * 10 >= PLANS * 9, "{reached} of {PLANS}");
}

#[test]
fn the_score_of_the_engine_agrees_with_the_judge() {
    for seed in 0..PLANS {
        let plan = draw(&mut random(seed, 0));
        let network = compile(&plan).expect("the plan can be compiled");
        let aims = super::aims::Aims::new(&network, &[NetPresentValue, Tardiness, Cost], 9);
        for schedule in all_schedules(&plan, 8).iter().step_by(7) {
            let nodes = 0..network.len();
            let task = |node: usize| match network.origin[node] {
                crate::network::Origin::Task(task) => task,
                _ => unreachable!("there are no summaries"),
            };
            let modes: Vec<u32> = nodes
                .clone()
                .map(|node| {
                    let mode = schedule.placements[task(node)].mode;
                    let position = network.modes.range(node).find(|&at| network.modes.items()[at].mode == mode);
                    position.expect("no mode was dropped") as u32
                })
                .collect();
            let starts: Vec<i32> = nodes.clone().map(|node| schedule.placements[task(node)].start.0 as i32).collect();
            let finishes: Vec<i32> = nodes.map(|node| schedule.placements[task(node)].finish.0 as i32).collect();
            let makespan = finishes.iter().copied().max().unwrap_or(0);
            let score = aims.score(0, &modes, &starts, &finishes, makespan);
            for (place, objective) in [NetPresentValue, Tardiness, Cost].into_iter().enumerate() {
                let judged = measure(&plan, schedule, objective).expect("there are tasks");
                let told = aims.measure(objective, score.values[place]);
                let agree = match (judged, told) {
                    (Measure::Money(a), Measure::Money(b)) => (a.0 - b.0).abs() <= 1,
                    (a, b) => a == b,
                };
                assert!(agree, "plan {seed}: {objective:?} is {judged:?} to the judge, {told:?} to the engine");
            }
        }
    }
}

/// A chain of three and a payment: 100 for design at once, 200 for building, 500 received in the end; 10 % a period.
#[test]
fn net_present_value_of_a_worked_example() {
    let mut sketch = Sketch::periods();
    sketch.project.discount_rate = Share(1_000);
    let material = sketch.resource("deposit", crate::plan::ResourceKind::Material, None);
    sketch.resources[0].cost_per_use = Money(10_000);
    let design = sketch.task("design", Duration::Working(Minutes(2)));
    sketch.needs(design, material, 1);
    let build = sketch.task("build", Duration::Working(Minutes(1)));
    sketch.at(build).fixed_cost = Money(20_000);
    let paid = sketch.task("paid", Duration::Working(Minutes(0)));
    sketch.at(paid).payment = Money(50_000);
    let plan = sketch.build();
    assert_eq!(plan.tasks()[paid].kind, TaskKind::Milestone);
    let at = |start, finish| (Moment(start), Moment(finish));
    let schedule = schedule(&plan, &[at(0, 2), at(2, 3), at(3, 3)]);
    // 500 / 1.1^3 = 375.657; 100 at once; 200 evenly from 2 to 3: 200 / 1.1^2 * (1 - 1/1.1) / ln 1.1 = 157.657.
    assert_eq!(net_present_value(&plan, &schedule), Money(37_566 - 10_000 - 15_766));
}

/// Work with two people who cost different money, deadlines, and payments, on a calendar with pauses.
fn plan_with_money() -> Plan {
    let mut sketch = Sketch::new();
    sketch.project.discount_rate = Share(1_200);
    sketch.project.overhead_per_day = Money(5_000);
    let (ana, ben) = (sketch.person("ana"), sketch.person("ben"));
    sketch.resources[0].rate.money = Money(9_000);
    sketch.resources[1].rate.money = Money(4_000);
    let mut before = None;
    for at in 0..14 {
        let task = sketch.task(&at.to_string(), days(1 + at % 4));
        sketch.needs(task, ana, 1);
        sketch.mode(task, days(2 + at % 4));
        sketch.needs(task, ben, 1);
        sketch.at(task).payment = Money([0, 0, 150_000, -2_000][at as usize % 4]);
        sketch.at(task).deadline = (at % 5 == 4).then(|| march(9 + at as i8, 17));
        if let Some(before) = before.filter(|_| at % 3 != 0) {
            sketch.link(before, LinkKind::FinishToStart, task, lag(0));
        }
        before = Some(task);
    }
    sketch.build()
}

#[test]
fn answers_do_not_depend_on_threads() {
    let plan = plan_with_money();
    for objectives in [&[Cost][..], &[NetPresentValue], &[Tardiness, NetPresentValue], &[Finish, Cost]] {
        let texts = [1, 2, 8].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
            format!("{:?}", pool.install(|| answer(&plan, objectives, 300)))
        });
        assert!(texts[0] == texts[1] && texts[0] == texts[2], "{objectives:?}");
    }
}

#[test]
fn each_objective_is_served_best_by_asking_for_it() {
    let plan = plan_with_money();
    let found: Vec<Vec<f64>> = [Finish, Tardiness, Cost, NetPresentValue]
        .iter()
        .map(|&objective| {
            let outcome = answer(&plan, &[objective], 400);
            values(&plan, outcome.schedule.as_ref().expect("found"), &[Finish, Tardiness, Cost, NetPresentValue])
        })
        .collect();
    for (asked, own) in found.iter().enumerate() {
        for other in &found {
            assert!(own[asked] <= other[asked], "{asked}: {found:?}");
        }
    }
    assert!(found[2][2] < found[0][2] && found[3][3] < found[0][3], "the plan leaves a choice: {found:?}");
}
