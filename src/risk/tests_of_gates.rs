//! Gates in samples against the truncated geometric distribution; what is switched off changes nothing else.

use super::tests::{PERIODS, assessed, options, plan_of, share, tolerance};
use super::*;
use crate::index::Id;
use crate::plan::draft::TableKind::{Calendars, Correlations, Gates, Issues, Project, Risks, Tasks};
use crate::plan::{GateId, Plan};

const CHAIN: &str = "id,duration,predecessors\nA,100,\nB,100,A\nC,150,A\n";

fn gated(tasks: &str, gates: &str) -> Plan {
    let gates = format!("id,after,before,pass_probability,rework_task,rework_duration,max_loops\n{gates}");
    plan_of(&[PERIODS, (Tasks, tasks), (Gates, &gates)])
}

#[track_caller]
fn assert_shares(found: &Assessment, expected: &[(i32, f64)]) {
    for &(finish, chance) in expected {
        let found = share(found, finish);
        assert!((found - chance).abs() < tolerance(chance), "{finish}: {found} instead of {chance}");
    }
}

#[test]
fn loops_of_rework_are_geometric_up_to_the_most_there_are() {
    let found = assessed(&gated("id,duration,predecessors\nA,100,\nB,100,A\n", "g,A,,0.6,,10,2\n"), &options());
    assert_eq!(found.planned.0, 200);
    assert_shares(&found, &[(200, 0.6), (210, 0.4 * 0.6), (220, 0.4 * 0.4)]);
    let gate = found.tasks.last().unwrap();
    assert_eq!((gate.work, gate.criticality), (Work::Gate(GateId::new(0)), 1.0));
    assert!((gate.mean - (10.0 * 0.24 + 20.0 * 0.16)).abs() < 0.2, "{gate:?}");
}

#[test]
fn only_what_is_behind_a_gate_waits_for_it() {
    // B waits, C does not: 200 against 250, then 200 + 80 against 250.
    let found = assessed(&gated(CHAIN, "g,A,B,0.75,,80,1\n"), &options());
    assert_shares(&found, &[(250, 0.75), (280, 0.25)]);
    assert!((found.tasks.last().unwrap().criticality - 0.25).abs() < tolerance(0.25));
    // Both wait.
    let found = assessed(&gated(CHAIN, "g,A,,0.75,,80,1\n"), &options());
    assert_shares(&found, &[(250, 0.75), (330, 0.25)]);
    // Nothing waits: rework is done all the same.
    let found = assessed(&gated("id,duration\nA,100\n", "g,A,,0.75,,80,1\n"), &options());
    assert_shares(&found, &[(100, 0.75), (180, 0.25)]);
    // Two gates at one task are tried side by side.
    let found = assessed(&gated(CHAIN, "g,A,,0.5,,80,1\nh,A,B,0.5,,200,1\n"), &options());
    assert_shares(&found, &[(250, 0.25), (330, 0.25), (400, 0.5)]);
}

#[test]
fn a_gate_behind_a_summary_waits_for_all_of_it() {
    let tasks = "id,parent,duration\nS,,\nA,S,100\nB,S,120\n";
    assert_shares(&assessed(&gated(tasks, "g,S,,0.5,,80,1\n"), &options()), &[(120, 0.5), (200, 0.5)]);
    let tasks = "id,parent,duration,predecessors\nS,,,\nA,S,100,\nB,S,120,\nC,,10,S\n";
    assert_shares(&assessed(&gated(tasks, "g,S,,0.5,,80,1\n"), &options()), &[(130, 0.5), (210, 0.5)]);
}

#[test]
fn each_loop_draws_the_duration_of_the_task_anew() {
    let tasks = "id,duration,distribution,predecessors\nA,10,discrete(10:0.5;13:0.5),\nB,100,,A\n";
    let found = assessed(&gated(tasks, "g,B,,0.5,A,,2\n"), &options());
    let mut expected = std::collections::BTreeMap::new();
    for (loops, chance) in [(0, 0.5), (1, 0.25), (2, 0.25)] {
        // The task and the loops are alike: how many of them are long is binomial.
        for long in 0..=loops + 1 {
            let ways = [[1, 1, 0, 0], [1, 2, 1, 0], [1, 3, 3, 1]][loops][long];
            let part = chance * f64::from(ways) * 0.5_f64.powi(loops as i32 + 1);
            *expected.entry((110 + 10 * loops + 3 * long) as i32).or_insert(0.0) += part;
        }
    }
    assert_shares(&found, &expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn rework_works_when_its_task_works_or_by_the_clock() {
    let plan = |rework: &str| {
        let gates = format!("id,after,pass_probability,rework_task,rework_duration\ng,A,0,{rework}\n");
        plan_of(&[
            (Project, "key,value\nstart,2026-03-02\n"),
            (Calendars, "calendar,day,hours\nweekend,mon..fri,off\nweekend,sat,08:00-16:00\nweekend,sun,08:00-16:00\n"),
            (Tasks, "id,duration,calendar,predecessors\nR,8h,weekend,\nA,5d,,\nB,1d,,A\n"),
            (Gates, &gates),
        ])
    };
    // A is done on Friday 17:00, if R does not come later.
    for (rework, finish) in [
        (",1d", "2026-03-10 17:00"),
        (",1ed", "2026-03-09 17:00"),
        ("R,", "2026-03-09 17:00"),
        ("R,12h", "2026-03-09 17:00"),
    ] {
        let found = assessed(&plan(rework), &RiskOptions { samples: 50, ..options() });
        let moment = |slot: i32| found.network.axis.finish_moment(slot).to_string();
        assert!(found.samples.finish.iter().all(|&slot| moment(slot) == finish), "{rework}: not {finish}");
    }
}

/// A chain with some of everything; the probability of the first risk, and how often the first gate is tried again.
fn register(probability: f64, loops: u32) -> Plan {
    let risks = format!(
        "id,probability,tasks,delay,group\na,{probability},A,5000,\nb,0.4,B,\"uniform(1,40)\",v\nc,0.2,B,7,v\n"
    );
    let gates = format!(
        "id,after,pass_probability,rework_duration,max_loops\ng,A,0.5,100000,{loops}\nh,B,0.7,\"uniform(3,60)\",3\n"
    );
    plan_of(&[
        PERIODS,
        (Tasks, "id,duration,optimistic,pessimistic,predecessors\nA,1000,900,1500,\nB,1000,700,1500,A\n"),
        (Risks, &risks),
        (Gates, &gates),
        (Issues, "id,task,delay\ni,A,\"uniform(1,9)\"\n"),
        (Correlations, "a,b,coefficient\nA,B,0.5\nA,v,0.3\n"),
    ])
}

#[test]
fn what_is_switched_off_changes_no_other_draw() {
    let finishes = |plan: &Plan| assessed(plan, &RiskOptions { samples: 2_000, ..options() }).samples.finish;
    let whole = finishes(&register(0.5, 4));
    for (without, step) in [(register(0.0, 4), 5_000), (register(0.5, 1), 100_000)] {
        let less = finishes(&without);
        let mut moved = 0;
        for (with, less) in whole.iter().zip(&less) {
            assert_eq!((with - less) % step, 0);
            moved += usize::from(with > less);
        }
        assert!((300..1_700).contains(&moved), "{moved}");
    }
}

#[test]
fn slices_of_risks_and_gates_are_those_of_one_run() {
    let plan = register(0.3, 6);
    let slice = |first: u64, samples: u64, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| assessed(&plan, &RiskOptions { first, samples, seed: 5, ..RiskOptions::default() }))
    };
    let whole = slice(0, 3_001, 1);
    let mut parts = slice(0, 1_507, 2).samples;
    parts.append(slice(1_507, 1_494, 3).samples);
    assert_eq!(whole.samples, parts);
    let again = slice(0, 3_001, 2);
    assert_eq!((whole.tasks, whole.events), (again.tasks, again.events));
}
