//! What is bought against every set there is, each as a plan of its own.

use super::tests::{PERIODS, assessed, plan_of};
use super::*;
use crate::effort::{Control, Limits};
use crate::index::Id;
use crate::plan::draft::TableKind::{Mitigations, Project, Risks, Tasks};
use crate::plan::{MitigationId, Plan};

const TASKS: &str = "id,duration,predecessors\nA,100,\nB,80,\nC,50,A;B\nD,60,B\n";
const RISK_HEADER: &str = "id,probability,tasks,delay,cost,group\n";
/// Risks as they are: id, probability, tasks, delay, cost, group.
const RISKS: [[&str; 6]; 4] = [
    ["r1", "0.4", "A", "uniform(10;50)", "300", ""],
    ["r2", "0.5", "B;D", "discrete(20:0.5;60:0.5)", "200", "together"],
    ["r3", "0.3", "C", "pert(10;20;60)", "uniform(100;900)", "together"],
    ["r4", "0.6", "A;C", "15", "50", ""],
];
/// Mitigations: id, the number of the risk, price, and what becomes of its probability, delay and cost.
const MITIGATIONS: [(&str, usize, i64, [&str; 3]); 5] = [
    ("m1", 0, 60, ["0.1", "", ""]),
    ("m2", 1, 150, ["", "discrete(10:0.5;30:0.5)", "100"]),
    ("m3", 2, 60, ["0.2", "5", ""]),
    ("m4", 3, 90, ["0.2", "", "10"]),
    ("m5", 0, 40, ["", "uniform(5;25)", ""]),
];

fn plan(risks: &[[String; 6]], mitigations: &str) -> Plan {
    let rows: Vec<String> = risks.iter().map(|cells| cells.join(",")).collect();
    let risks = format!("{RISK_HEADER}{}\n", rows.join("\n"));
    let project = (Project, "key,value\ntime_unit,period\ndeadline,170\n");
    assert_eq!(PERIODS.0, project.0);
    plan_of(&[project, (Tasks, TASKS), (Risks, &risks), (Mitigations, mitigations)])
}

fn risks() -> Vec<[String; 6]> {
    RISKS.iter().map(|cells| cells.map(str::to_owned)).collect()
}

fn mitigations() -> String {
    let row = |&(id, risk, price, [probability, delay, cost]): &(&str, usize, i64, [&str; 3])| {
        format!("{id},{},{price},{probability},{delay},{cost}\n", RISKS[risk][0])
    };
    let rows: String = MITIGATIONS.iter().map(row).collect();
    format!("id,risk,cost,probability_after,delay_after,cost_after\n{rows}")
}

/// The goal, less being better, of a plan in which the risks are as some mitigations leave them.
fn value_of(set: usize, goal: Goal, options: &RiskOptions) -> f64 {
    let mut risks = risks();
    for (number, (_, risk, _, [probability, delay, cost])) in MITIGATIONS.iter().enumerate() {
        for (cell, after) in [(1, probability), (3, delay), (4, cost)] {
            if set >> number & 1 == 1 && !after.is_empty() {
                risks[*risk][cell] = (*after).to_owned();
            }
        }
    }
    let found = assessed(&plan(&risks, "id,risk,cost,probability_after\n"), options);
    let finishes = found.finishes(&found.samples.finish);
    let spent: i64 =
        (0..MITIGATIONS.len()).filter(|number| set >> number & 1 == 1).map(|number| MITIGATIONS[number].2).sum();
    match goal {
        Goal::Percentile(share) => percentile(&finishes, share).value,
        Goal::Cost => {
            moments(&found.samples.cost.iter().map(|&cost| cost as f64).collect::<Vec<_>>()).0 + (spent * 100) as f64
        }
        Goal::Deadline => 1.0 - Probability::up_to(&finishes, 170.0).share,
    }
}

fn price_of(set: usize) -> i64 {
    let is_bought = |number: &usize| set >> number & 1 == 1;
    (0..MITIGATIONS.len()).filter(is_bought).map(|number| MITIGATIONS[number].2 * 100).sum()
}

#[test]
fn what_is_bought_is_the_best_of_all_sets() {
    let options = RiskOptions { samples: 1_500, seed: 3, ..RiskOptions::default() };
    let plan = plan(&risks(), &mitigations());
    let control = Control::start(Limits::default());
    for (goal, budget) in [
        (Goal::Percentile(0.8), None),
        (Goal::Percentile(0.5), Some(25_000)),
        (Goal::Cost, None),
        (Goal::Deadline, None),
        (Goal::Deadline, Some(20_000)),
    ] {
        let values: Vec<f64> = (0..1 << MITIGATIONS.len()).map(|set| value_of(set, goal, &options)).collect();
        let is_affordable = |set: &usize| budget.is_none_or(|budget| price_of(*set) <= budget);
        let is_beaten = |set: usize, other: usize| {
            price_of(other) < price_of(set) && values[other] <= values[set]
                || price_of(other) == price_of(set) && values[other] < values[set]
        };
        let mut best: Vec<(i64, f64)> = (0..values.len())
            .filter(is_affordable)
            .filter(|&set| !(0..values.len()).any(|other| is_beaten(set, other)))
            .map(|set| (price_of(set), values[set]))
            .collect();
        best.sort_by(|one, other| one.partial_cmp(other).unwrap());
        best.dedup();
        let found = mitigate(&plan, None, &options, goal, budget, &control).unwrap();
        assert!(found.is_proven && found.choices == 5 && found.samples == 1_500);
        let told = |purchase: &Purchase| match goal {
            Goal::Deadline => 1.0 - purchase.value,
            _ => purchase.value,
        };
        let front: Vec<(i64, f64)> = found.purchases.iter().map(|purchase| (purchase.spent, told(purchase))).collect();
        assert_eq!(front.len(), best.len(), "{goal:?}: {front:?} instead of {best:?}");
        for (found, expected) in front.iter().zip(&best) {
            assert!(
                found.0 == expected.0 && (found.1 - expected.1).abs() < 1e-6,
                "{goal:?}: {front:?} instead of {best:?}"
            );
        }
        // The sets that are named are those that cost and bring so much.
        for purchase in &found.purchases {
            let set = purchase.mitigations.iter().fold(0, |set, id| set | 1 << id.index());
            assert!((values[set] - told(purchase)).abs() < 1e-6 && price_of(set) == purchase.spent);
        }
        assert!(found.purchases.len() > 1, "there is something to choose");
    }
}

#[test]
fn fresh_samples_tell_what_the_samples_tell_within_their_error() {
    let options = RiskOptions { samples: 4_000, ..RiskOptions::default() };
    let control = Control::start(Limits::default());
    let found = mitigate(&plan(&risks(), &mitigations()), None, &options, Goal::Deadline, None, &control).unwrap();
    for purchase in &found.purchases {
        let error = 4.5 * (2.0_f64 * 0.25 / 4_000.0).sqrt();
        assert!((purchase.value - purchase.fresh).abs() < error, "{purchase:?}");
        assert_ne!(purchase.value, purchase.fresh, "the samples are others");
    }
    let all = found.purchases.last().unwrap();
    assert!(all.mitigations.contains(&MitigationId::new(0)) && all.kept > found.purchases[0].kept);
}

#[test]
fn there_must_be_something_to_buy_and_a_deadline_to_keep() {
    let control = Control::start(Limits::default());
    let options = RiskOptions { samples: 10, ..RiskOptions::default() };
    let refused =
        |plan: &Plan, goal: Goal| mitigate(plan, None, &options, goal, None, &control).unwrap_err().to_string();
    let nothing = plan(&risks(), "id,risk,cost,probability_after\n");
    assert!(refused(&nothing, Goal::Cost).contains("no mitigation to buy"));
    let mut tables = vec![PERIODS, (Tasks, TASKS)];
    let rows: Vec<String> = risks().iter().map(|cells| cells.join(",")).collect();
    let text = format!("{RISK_HEADER}{}\n", rows.join("\n"));
    let bought = mitigations();
    tables.extend([(Risks, &*text), (Mitigations, &*bought)]);
    assert!(refused(&plan_of(&tables), Goal::Deadline).contains("no deadline"));
}
