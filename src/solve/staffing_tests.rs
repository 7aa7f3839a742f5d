//! People chosen unit by unit against lists of all choices.

use proptest::prelude::*;

use super::exact::Prover;
use super::{SolveOptions, bounds, solve};
use crate::effort::{Control, Limits};
use crate::index::Id;
use crate::network::{Network, Origin, Staffing, compile};
use crate::plan::testing::PlanBuilder;
use crate::plan::{Demand, DemandSource, Duration, LinkKind, Plan};
use crate::schedule::{Outcome, Status};
use crate::units::{Amount, Minutes};

const SKILLS: [&str; 3] = ["a", "b", "c"];

/// People, each with some of three skills; tasks, each with days, units of each skill, and whether it waits for the one before.
type People = Vec<u8>;
type Tasks = Vec<(i64, [i64; 3], bool)>;

fn plan(people: &People, tasks: &Tasks) -> Plan {
    let mut builder = PlanBuilder::new();
    let skills = SKILLS.map(|name| builder.label(name));
    for (number, held) in people.iter().enumerate() {
        let person = builder.resource(&format!("p{number}"), 1);
        let skills = skills.iter().enumerate().filter(|(at, _)| held >> at & 1 == 1);
        builder.edit_resource(person).skills = skills.map(|(_, &skill)| skill).collect();
    }
    let mut before = None;
    for (number, (days, units, waits)) in tasks.iter().enumerate() {
        let demand = |(&skill, &units): (_, &i64)| Demand {
            source: DemandSource::Skill(skill),
            amount: Amount(units * Amount::ONE.0),
        };
        let demands: Vec<Demand> = skills.iter().zip(units).filter(|(_, units)| **units > 0).map(demand).collect();
        let task = builder.task(&format!("t{number}"), Duration::Working(Minutes(days * 480)), &demands);
        if let Some(before) = before.filter(|_| *waits) {
            builder.link(before, LinkKind::FinishToStart, task, 0);
        }
        before = Some(task);
    }
    builder.build()
}

/// The network with one choice of people for each task, and all others unit by unit.
fn with_roles(plan: &Plan, network: &Network) -> Network {
    let mut staffing = Vec::new();
    for (node, origin) in network.origin.iter().enumerate() {
        let Origin::Task(task) = *origin else { continue };
        let mut roles = Vec::new();
        for demand in plan.demands_of(&plan.modes_of(task)[0]) {
            let DemandSource::Skill(skill) = demand.source else { continue };
            let has = |it: &u32| {
                let resource = network.renewables[*it as usize].resource;
                plan.resources()[resource].skills.contains(&skill)
            };
            let able: Vec<u32> = (0..network.renewables.len() as u32).filter(has).collect();
            roles.extend(std::iter::repeat_n(able, (demand.amount.0 / Amount::ONE.0) as usize));
        }
        if !roles.is_empty() {
            staffing.push(Staffing { node: node as u32, named: Vec::new(), roles });
        }
    }
    let left_out = staffing.iter().map(|staffing| staffing.node).collect();
    Network { left_out, staffing, ..network.clone() }.with_one_way_each()
}

fn solved(plan: &Plan, network: &Network) -> Outcome {
    let control = Control::start(Limits { effort: Some(20_000), time: None });
    solve(plan, network, &SolveOptions::default(), &control, &|_| {}).unwrap()
}

fn people() -> impl Strategy<Value = People> {
    prop::collection::vec(1u8..8, 3..6)
}

fn tasks() -> impl Strategy<Value = Tasks> {
    prop::collection::vec((1i64..4, [0i64..3, 0i64..2, 0i64..2], any::<bool>()), 2..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn people_chosen_unit_by_unit_are_as_quick_as_the_best_of_all_choices(people in people(), tasks in tasks()) {
        let plan = plan(&people, &tasks);
        // A task may ask for more than there are.
        let Ok(network) = compile(&plan) else { return Ok(()) };
        prop_assert!(network.left_out.is_empty());
        let (listed, by_unit) = (solved(&plan, &network), solved(&plan, &with_roles(&plan, &network)));
        let finish = |outcome: &Outcome| outcome.schedule.as_ref().and_then(|schedule| schedule.finish());
        prop_assert_eq!(by_unit.status, Status::Optimal);
        prop_assert!(finish(&by_unit) <= finish(&listed));
        if listed.status == Status::Optimal {
            prop_assert_eq!(finish(&by_unit), finish(&listed));
        }
    }

    #[test]
    fn no_pool_proves_more_than_the_best_schedule_takes(people in people(), tasks in tasks()) {
        let plan = plan(&people, &tasks);
        let Ok(network) = compile(&plan) else { return Ok(()) };
        let optimum = network.axis.slot_at_or_before(solved(&plan, &network).schedule.unwrap().finish().unwrap());
        let by_unit = with_roles(&plan, &network);
        let heads = bounds::heads(&by_unit.relaxed()).unwrap();
        let bound = bounds::finish_bound(&by_unit.pooled(), &heads, optimum + 10);
        prop_assert!(bound.finish <= optimum, "{bound:?} above {optimum}");
    }
}

#[test]
fn those_who_hold_a_skill_are_a_pool_and_a_choice_that_is_not_listed_is_found() {
    // Two of four know `a`; three tasks of five days in all ask for one of them each.
    let plan = plan(&vec![1, 1, 6, 6], &vec![(2, [1, 0, 0], false), (2, [1, 0, 0], false), (1, [1, 0, 0], false)]);
    let network = with_roles(&plan, &compile(&plan).unwrap());
    let heads = bounds::heads(&network.relaxed()).unwrap();
    let pooled = network.pooled();
    assert_eq!(pooled.pools, [[0, 1]]);
    assert_eq!(bounds::finish_bound(&pooled, &heads, 1_000).finish, 3);
    let mut prover = Prover::new(&network, &heads, (2, 9), None, true).unwrap();
    prover.work(1_000, &|| false);
    let found = prover.take_found().unwrap();
    assert_eq!(found.makespan, 3);
    let schedule = found.schedule(&plan, &network);
    assert!(!crate::schedule::verify(&plan, &schedule).has_errors());
    let people: Vec<usize> = schedule.assignments.iter().map(|row| row[0].resource.index()).collect();
    assert!(people.contains(&0) && people.contains(&1), "{people:?}");
}
