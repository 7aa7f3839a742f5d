//! Plans with known counts, on both sides of each limit, and deliverables at each stage of their work.

use super::*;
use crate::index::Id;
use crate::io::testing::plan_of;
use crate::plan::TaskId;
use crate::plan::draft::TableKind::{self, Deliverables, Gates, Progress, Project, Tasks};
use crate::units::{Minutes, Moment};

const START: (TableKind, &str) = (Project, "key,value\nstart,2026-03-02\n");

/// A chain of tasks of five days, one of which has other cells: its duration, predecessors, constraint and its date.
fn chain(count: usize, other: impl Fn(usize) -> Option<[&'static str; 4]>) -> String {
    let mut text = "id,duration,predecessors,constraint,constraint_date,fixed_cost\n".to_owned();
    for at in 0..count {
        let before = if at == 0 { String::new() } else { format!("T{}", at - 1) };
        let [duration, predecessors, constraint, date] = other(at).unwrap_or(["5d", "", "", ""]);
        let predecessors = if predecessors.is_empty() { before.as_str() } else { predecessors };
        text += &format!("T{at},{duration},{predecessors},{constraint},{date},10\n");
    }
    text
}

fn judged(tables: &[(TableKind, &str)]) -> (Plan, Quality) {
    let plan = plan_of(tables);
    let quality = assess(&plan).unwrap();
    (plan, quality)
}

/// Number, count, base and verdict of a point.
fn counts(quality: &Quality, number: usize) -> (usize, usize, Verdict) {
    let point = &quality.points[number - 1];
    assert_eq!(point.number, number);
    (point.count, point.base, point.verdict)
}

#[test]
fn a_plain_chain_meets_all_that_can_be_judged() {
    let (_, quality) = judged(&[START, (Tasks, &chain(20, |_| None))]);
    // No status date, no baseline (two points), no deadline.
    assert_eq!(quality.met(), (10, 10));
    assert_eq!(quality.index(), 100.0);
    let open: Vec<usize> = quality
        .points
        .iter()
        .filter(|point| matches!(point.verdict, Verdict::Open(_)))
        .map(|point| point.number)
        .collect();
    assert_eq!(open, [9, 11, 13, 14]);
    assert!((quality.shape.density - 19.0 / 20.0).abs() < 1e-9);
}

#[test]
fn each_limit_is_met_at_its_edge_and_missed_behind_it() {
    // Of 20 activities one is 5 %, which may be, and two are 10 %.
    let with = |some: usize, cells: [&'static str; 4]| {
        let text = chain(20, |at| (at > 0 && at <= some).then_some(cells));
        judged(&[START, (Tasks, &text)]).1
    };
    for (number, cells) in
        [(5, ["5d", "", "FNLT", "2026-12-31"]), (5, ["5d", "", "SNLT", "2026-12-31"]), (8, ["45d", "", "", ""])]
    {
        assert_eq!(counts(&with(1, cells), number), (1, 20, Verdict::Met), "{cells:?}");
        assert_eq!(counts(&with(2, cells), number), (2, 20, Verdict::Missed), "{cells:?}");
    }
    assert_eq!(counts(&with(2, ["44d", "", "", ""]), 8), (0, 20, Verdict::Met));
    // A date that only holds early starts is soft.
    assert_eq!(counts(&with(2, ["5d", "", "SNET", "2026-03-03"]), 5).0, 0);
    // Of 19 links one is over 5 %.
    let link =
        |predecessors| judged(&[START, (Tasks, &chain(20, |at| (at == 5).then_some(["5d", predecessors, "", ""])))]).1;
    assert_eq!(counts(&link("T4+2d"), 3), (1, 19, Verdict::Missed));
    assert_eq!(counts(&link("T4-2d"), 2), (1, 19, Verdict::Missed));
    assert_eq!(counts(&link("T4-20%"), 2), (1, 19, Verdict::Missed));
    let longer = judged(&[START, (Tasks, &chain(21, |at| (at == 5).then_some(["5d", "T4+2d", "", ""])))]).1;
    assert_eq!(counts(&longer, 3), (1, 20, Verdict::Met));
    // 18 of 20 links are from finish to start, then 17.
    let kinds = |some: usize| {
        judged(&[
            START,
            (
                Tasks,
                &chain(21, |at| match at {
                    5 => Some(["5d", "T4 SS", "", ""]),
                    9 => Some(["5d", "T8 FF", "", ""]),
                    13 if some > 2 => Some(["5d", "T12 SS", "", ""]),
                    _ => None,
                }),
            ),
        ])
        .1
    };
    assert_eq!(counts(&kinds(2), 4), (2, 20, Verdict::Met));
    assert_eq!(counts(&kinds(3), 4), (3, 20, Verdict::Missed));
    assert_eq!(kinds(2).points[3].value, Some(90.0));
}

#[test]
fn open_ends_floats_and_bare_tasks_are_named() {
    let (plan, quality) = judged(&[
        START,
        (
            Tasks,
            "id,duration,predecessors,deadline,fixed_cost\n\
             A,60d,,,10\n\
             B,5d,A,2026-03-20,10\n\
             C,5d,,,\n\
             D,0,B,,\n",
        ),
    ]);
    let named = |number: usize| -> Vec<&str> {
        let of = |offender: &Offender| match offender {
            Offender::Task(task) => &*plan.tasks()[*task].id,
            Offender::Link(_) => "link",
        };
        quality.points[number - 1].offenders.iter().map(of).collect()
    };
    // C hangs free, so that A is not the only start and D not the only finish.
    assert_eq!(named(1), ["A", "C", "D"]);
    assert_eq!(named(6), ["C"]);
    assert_eq!(named(7), ["A", "B"]);
    // A milestone takes no time and needs nobody.
    assert_eq!(named(10), ["C"]);
    assert_eq!(counts(&quality, 12).2, Verdict::Met);
    // 65 days to the finish, 50 more than the deadline allows: (65 - 50) / 65.
    let deadline = (Project, "key,value\nstart,2026-03-02\ndeadline,2026-03-20\n");
    let (_, quality) = judged(&[deadline, (Tasks, "id,duration,predecessors\nA,60d,\nB,5d,A\n")]);
    let index = quality.points[12].value.unwrap();
    assert!((index - 15.0 / 65.0).abs() < 1e-9 && quality.points[12].verdict == Verdict::Missed, "{index}");
}

#[test]
fn a_fixed_finish_fails_the_critical_path_test() {
    let tasks = "id,duration,predecessors,constraint,constraint_date\nA,5d,,,\nB,5d,A,,\nC,0,,MFO,2026-12-31\n";
    let (_, quality) = judged(&[START, (Tasks, tasks)]);
    // Nothing that takes time leads to the last finish.
    assert!(matches!(quality.points[11].verdict, Verdict::Open(_)));
    let tasks = "id,duration,predecessors,constraint,constraint_date\nA,5d,,,\nB,5d,A,MSO,2026-12-01\n";
    let (plan, quality) = judged(&[START, (Tasks, tasks)]);
    assert_eq!(quality.points[11].verdict, Verdict::Met, "{:?}", plan.tasks().len());
}

#[test]
fn work_under_way_is_held_against_the_status_date_and_the_logic() {
    let (plan, quality) = judged(&[
        (Project, "key,value\nstart,2026-03-02\nstatus_date,2026-03-16\n"),
        (Tasks, "id,duration,predecessors,fixed_cost\nA,5d,,10\nB,5d,A,10\nC,5d,B SS,10\nD,5d,C,10\n"),
        (Progress, "task,actual_start,actual_finish\nA,2026-03-02,2026-03-13\nB,2026-03-09,\n"),
    ]);
    // A is done: three are left, and B began before A was done.
    assert_eq!(counts(&quality, 1).1, 3);
    assert_eq!(counts(&quality, 9), (0, 4, Verdict::Met));
    let link = &plan.links()[quality.shape.out_of_sequence[0]];
    assert_eq!((quality.shape.out_of_sequence.len(), &*plan.tasks()[link.successor].id), (1, "B"));
    // B has a successor, but only from its start.
    assert_eq!(quality.shape.dangling_finishes.len(), 1);
}

#[test]
fn hotspots_and_unusual_durations_stand_out() {
    let mut text = "id,duration,predecessors,category\n".to_owned();
    (0..7).for_each(|at| text += &format!("A{at},2d,,build\n"));
    text += "LONG,21d,,build\nFINE,20d,,build\nEND,1d,A0;A1;A2;A3;A4;A5;A6;LONG;FINE,\n";
    let (plan, quality) = judged(&[START, (Tasks, &text)]);
    let id = |task: crate::plan::TaskId| &*plan.tasks()[task].id;
    assert_eq!(quality.shape.hotspots.iter().map(|&(task, links)| (id(task), links)).collect::<Vec<_>>(), [("END", 9)]);
    assert_eq!(quality.shape.unusual_durations.iter().map(|&task| id(task)).collect::<Vec<_>>(), ["LONG"]);
}

const UNDER_WAY: (TableKind, &str) = (Project, "key,value\nstart,2026-03-02\nstatus_date,2026-03-09\n");
const TASKS: (TableKind, &str) = (
    Tasks,
    "id,parent,duration,predecessors,category,deliverable\n\
     W,,,,,hut\n\
     a,W,5d,,build,\n\
     b,W,5d,a,Unit Testing,\n\
     c,W,1d,b,build,road\n\
     d,,1d,c,build,\n",
);
const LISTED: (TableKind, &str) = (
    Deliverables,
    "id,acceptance,due,evidence,evidence_until\nhut,It stands,2026-03-13,R-1,2026-03-05\nroad,,2026-03-12,,\nsea,,,,\n",
);

fn traces(tables: &[(TableKind, &str)]) -> (Plan, Vec<Trace>) {
    let plan = plan_of(tables);
    let quality = assess(&plan).unwrap();
    (plan, quality.deliverables)
}

fn ids<'p>(plan: &'p Plan, tasks: &[TaskId]) -> Vec<&'p str> {
    tasks.iter().map(|&task| &*plan.tasks()[task].id).collect()
}

#[test]
fn tasks_tests_and_gates_are_found_wherever_they_say_what_they_are_for() {
    let gates = (Gates, "id,after,before\ng1,b,c\ng2,c,d\ng3,a,b\n");
    let (plan, traces) = traces(&[UNDER_WAY, TASKS, LISTED, gates]);
    let [hut, road, sea] = &*traces else { panic!("{traces:?}") };
    // Both inherit the deliverable of their summary, which is no task itself.
    assert_eq!(ids(&plan, &hut.tasks), ["a", "b"]);
    assert_eq!(ids(&plan, &hut.tests), ["b"]);
    assert_eq!(ids(&plan, &road.tasks), ["c"]);
    let gates = |trace: &Trace| trace.gates.iter().map(|gate| gate.index()).collect::<Vec<_>>();
    assert_eq!((gates(hut), gates(road), gates(sea)), (vec![0, 2], vec![0, 1], vec![]));
    assert_eq!(hut.missing, [Missing::ValidEvidence]);
    assert_eq!(road.missing, [Missing::Test, Missing::Acceptance]);
    assert_eq!(sea.missing, [Missing::Task, Missing::Test, Missing::Acceptance]);
    assert_eq!(sea.states, [State::Nothing; 3]);
    assert_eq!((sea.finish, sea.is_kept(&plan)), (None, None));
}

#[test]
fn states_follow_the_progress_of_the_tasks() {
    let at = |progress: &str| {
        let (plan, traces) = traces(&[UNDER_WAY, TASKS, LISTED, (Gates, "id,after\ng,a\n"), (Progress, progress)]);
        let hut = &traces[0];
        (hut.states, hut.done, hut.finish.unwrap(), hut.is_kept(&plan))
    };
    let none = at("task,actual_start,actual_finish\n");
    assert_eq!((none.0, none.1), ([State::NotStarted; 3], 0));
    let first = at("task,actual_start,actual_finish\na,2026-03-02,2026-03-06\n");
    assert_eq!((first.0, first.1), ([State::UnderWay, State::NotStarted, State::Done], 1));
    // b takes five days from the status date on; that it may be in time is not yet known.
    assert_eq!(first.2, ("2026-03-13T17:00".parse::<jiff::civil::DateTime>().map(moment).unwrap(), Known::Earliest));
    assert_eq!(first.3, None);
    let all = at("task,actual_start,actual_finish\na,2026-03-02,2026-03-04\nb,2026-03-05,2026-03-06 12:00\n");
    assert_eq!((all.0, all.1), ([State::Done; 3], 2));
    assert_eq!(all.2.1, Known::Actual);
    assert_eq!(all.3, Some(true));
}

fn moment(at: jiff::civil::DateTime) -> Moment {
    Moment::midnight(at.date()) + Minutes(i64::from(at.hour()) * 60 + i64::from(at.minute()))
}

#[test]
fn logic_can_only_tell_what_is_late_and_a_schedule_tells_all() {
    let (plan, traces) = traces(&[UNDER_WAY, TASKS, LISTED]);
    // a, b and c take eleven days from the status date on, until 23 March.
    assert_eq!(traces[0].is_kept(&plan), Some(false));
    let due = plan.deliverables()[traces[1].deliverable].due.unwrap();
    for (finish, kept) in [(due, true), (due + Minutes(1), false)] {
        let traces = trace(&plan, &|_| finish, Known::Scheduled);
        assert_eq!(traces[1].is_kept(&plan), Some(kept));
        assert_eq!(traces[1].finish, Some((finish, Known::Scheduled)));
    }
}

#[test]
fn a_plan_that_lists_no_deliverables_has_none_to_trace() {
    assert!(traces(&[UNDER_WAY, TASKS]).1.is_empty());
}
