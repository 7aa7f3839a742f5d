//! Of schedules that finish at the same time, the one that does so more surely.

use super::tests::plan_of;
use super::*;
use crate::effort::{Control, Limits};
use crate::network::compile;
use crate::plan::Plan;
use crate::plan::draft::TableKind::{Project, Resources, Tasks};
use crate::schedule::place;
use crate::solve::SolveOptions;

const PROJECT: &str = "key,value\ntime_unit,period\n";

/// One crew does A and B; D, which may take long, waits for A, E for B.
fn plan(distribution: &str) -> Plan {
    let tasks = format!(
        "id,duration,distribution,resources,predecessors\nA,10,,crew,\nB,10,,crew,\nD,10,{distribution},,A\nE,10,,,B\n"
    );
    plan_of(&[(Project, PROJECT), (Resources, "id,capacity\ncrew,1\n"), (Tasks, &tasks)])
}

#[test]
fn what_may_take_long_is_begun_early() {
    let plan = plan("uniform(5;40)");
    let network = compile(&plan).unwrap();
    // B first: D begins at 20, and ends by 20 + 33 with 80 %. A first: at 10, by 43.
    let usual = place(&plan, &network, &[10, 0, 20, 10], &[0, 1, 2, 3]);
    let control = Control::start(Limits::default());
    let found = robust(&plan, &network, &usual, &SolveOptions::default(), (0.8, 50), &control).unwrap();
    assert!((found.usual - 53.0).abs() <= 1.0 && (found.percentile - 43.0).abs() <= 1.0, "{found:?}");
    assert_eq!(
        found.schedule.placements.iter().map(|placement| placement.start.0).collect::<Vec<_>>(),
        [0, 10, 10, 20]
    );
    assert!(found.compared > 1 && found.samples == 4_000);
}

#[test]
fn where_nothing_varies_there_is_nothing_to_choose() {
    let plan = plan("");
    let network = compile(&plan).unwrap();
    let usual = place(&plan, &network, &[10, 0, 20, 10], &[0, 1, 2, 3]);
    let control = Control::start(Limits::default());
    let refused = robust(&plan, &network, &usual, &SolveOptions::default(), (0.8, 50), &control).unwrap_err();
    assert!(refused.is_usage() && refused.to_string().contains("no duration is uncertain"), "{refused}");
}
