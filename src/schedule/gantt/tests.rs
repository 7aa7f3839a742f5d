//! Which rows a chart has, and what is known of each.

use super::*;
use crate::effort::{Control, Limits};
use crate::io::testing::plan_of;
use crate::network::compile;
use crate::pictures::Shape;
use crate::plan::draft::TableKind::{self, Gates, Progress, Project, Tasks};
use crate::schedule::testing::{self, march};
use crate::solve::{SolveOptions, solve};

/// Of what remains of a plan.
fn chart_of(tables: &[(TableKind, &str)]) -> (Plan, Schedule, IdVec<TaskId, TaskDates>, Gantt) {
    let plan = plan_of(tables).into_remaining();
    let control = Control::start(Limits { effort: Some(5), time: None });
    let outcome = solve(&plan, &compile(&plan).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
    let schedule = outcome.schedule.unwrap();
    let chart = gantt(&plan, &schedule, &outcome.dates);
    (plan, schedule, outcome.dates, chart)
}

fn ids<'p>(plan: &'p Plan, chart: &Gantt) -> Vec<&'p str> {
    chart.rows.iter().map(|row| row.id(plan)).collect()
}

/// A (1 day) and B (3 days) side by side in P, then C (2 days) in Q within P, then D: 2026-03-02 is a Monday.
const TREE: &str =
    "id,parent,duration,predecessors,deadline\nD,,0,P,2026-03-05\nP,,,,\nA,P,1d,,\nQ,P,,,\nC,Q,2d,B,\nB,P,3d,,\n";
const MARCH: (TableKind, &str) = (Project, "key,value\nstart,2026-03-02\n");

#[test]
fn rows_follow_the_tree_and_gates_stand_behind_what_they_test() {
    let gates = "id,after,before,criterion\ng,B,C,good?\nall,P,,\n";
    let (plan, schedule, dates, chart) = chart_of(&[MARCH, (Tasks, TREE), (Gates, gates)]);
    assert_eq!(ids(&plan, &chart), ["D", "P", "A", "Q", "C", "B", "g", "all"]);
    assert_eq!(chart.rows.iter().map(|row| row.depth).collect::<Vec<_>>(), [0, 0, 1, 1, 2, 1, 1, 0]);
    let row = |id: &str| chart.rows.iter().find(|row| row.id(&plan) == id).unwrap();
    assert_eq!((row("D").shape, row("P").shape, row("g").shape), (Shape::Milestone, Shape::Summary, Shape::Gate));
    assert_eq!((row("g").start, row("g").finish, row("all").finish), (march(4, 17), march(4, 17), march(6, 17)));
    assert_eq!(row("g").title(&plan), "g good?");
    assert!(row("B").critical && row("g").critical && !row("A").critical);
    // D, which waits for all of P, should be there at the end of the 5th.
    assert_eq!((row("A").finish, row("A").late_finish), (march(2, 17), march(5, 17)));
    let waiting = |gate: usize| waiting_for_gate(&plan, GateId::new(gate));
    assert_eq!((waiting(0), waiting(1)), (vec![plan.find_task("C").unwrap()], vec![plan.find_task("D").unwrap()]));
    let picture = chart.picture(&plan, &schedule, &dates);
    assert!(picture.contains("g before C") && picture.contains("all before D"));
    // B to g, P to its gate, g to C, the gate of P to D: none twice.
    assert_eq!(picture.matches("class=\"head\"").count(), 4);
}

#[test]
fn a_folded_chart_keeps_upper_summaries_and_the_least_float_with_what_is_above() {
    let (plan, _, _, chart) = chart_of(&[MARCH, (Tasks, TREE)]);
    // One summary, then D, which is critical and first; C, which is as well, does not fit with Q above it.
    let folded = chart.folded(4);
    assert_eq!((ids(&plan, &folded), folded.left_out), (vec!["D", "P", "Q", "C"], 2));
    assert_eq!((folded.from, folded.to), (chart.from, chart.to));
    assert_eq!(chart.folded(6), chart);
    assert_eq!(ids(&plan, &chart.folded(3)), ["D", "P", "B"]);
    for most in 0..6 {
        let folded = chart.folded(most);
        assert_eq!((folded.rows.len(), folded.left_out), (most, 6 - most));
    }
}

#[test]
fn what_is_done_ends_at_the_status_date_or_the_finish() {
    let project = "key,value\nstart,2026-03-02\nstatus_date,2026-03-04\ndeadline,2026-06-01\n";
    let progress = "date,task,actual_start,actual_finish,remaining_duration\n\
                    2026-03-04,A,2026-03-02 08:00,2026-03-02 17:00,\n2026-03-04,B,2026-03-02 08:00,,2d\n";
    let (plan, schedule, dates, chart) = chart_of(&[(Project, project), (Tasks, TREE), (Progress, progress)]);
    let row = |id: &str| chart.rows.iter().find(|row| row.id(&plan) == id).unwrap();
    assert!(row("A").is_done() && !row("A").critical);
    assert_eq!((row("B").done, row("B").finish), (Some(march(4, 0)), march(5, 17)));
    assert_eq!((row("C").done, row("P").start), (None, march(2, 8)));
    // The deadline of the project is far away, that of D is missed.
    assert_eq!(chart.to, march(9, 17));
    let picture = chart.picture(&plan, &schedule, &dates);
    assert!(picture.contains("status date 2026-03-04<") && !picture.contains("deadline 2026-06-01"));
    assert!(picture.contains("deadline 2026-03-05, missed"), "{picture}");
}

#[test]
fn charts_of_periods_have_numbers_and_those_of_nothing_no_rows() {
    let periods = (Project, "key,value\ntime_unit,period\n");
    let (plan, schedule, dates, chart) = chart_of(&[periods, (Tasks, "id,duration,predecessors\nA,3,\nB,4,A\n")]);
    let ticks = chart.ticks(&plan, 10);
    assert_eq!(ticks.iter().map(|tick| &*tick.1).collect::<Vec<_>>(), ["0", "1", "2", "3", "4", "5", "6", "7"]);
    assert!(chart.picture(&plan, &schedule, &dates).contains("B: 3 to 7"));
    let plan = testing::Sketch::new().build();
    let (schedule, dates) = (testing::schedule(&plan, &[]), IdVec::new());
    let chart = gantt(&plan, &schedule, &dates);
    assert!(chart.rows.is_empty() && chart.folded(0) == chart && chart.from < chart.to);
    assert!(chart.picture(&plan, &schedule, &dates).contains("No tasks."));
    assert!(chart.ticks(&plan, 3).len() <= 3);
}
