//! Deliverables with known tasks, tests and gates, at each stage of their work.

use super::*;
use crate::index::Id;
use crate::io::testing::plan_of;
use crate::plan::TaskId;
use crate::plan::draft::TableKind::{self, Deliverables, Gates, Progress, Project, Tasks};
use crate::units::Moment;

const START: (TableKind, &str) = (Project, "key,value\nstart,2026-03-02\nstatus_date,2026-03-09\n");
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
    let (plan, traces) = traces(&[START, TASKS, LISTED, gates]);
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
        let (plan, traces) = traces(&[START, TASKS, LISTED, (Gates, "id,after\ng,a\n"), (Progress, progress)]);
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
    Moment::midnight(at.date()) + crate::units::Minutes(i64::from(at.hour()) * 60 + i64::from(at.minute()))
}

#[test]
fn logic_can_only_tell_what_is_late_and_a_schedule_tells_all() {
    let (plan, traces) = traces(&[START, TASKS, LISTED]);
    // a, b and c take eleven days from the status date on, until 23 March.
    assert_eq!(traces[0].is_kept(&plan), Some(false));
    let due = plan.deliverables()[traces[1].deliverable].due.unwrap();
    for (finish, kept) in [(due, true), (due + crate::units::Minutes(1), false)] {
        let traces = trace(&plan, &|_| finish, Known::Scheduled);
        assert_eq!(traces[1].is_kept(&plan), Some(kept));
        assert_eq!(traces[1].finish, Some((finish, Known::Scheduled)));
    }
}

#[test]
fn a_plan_that_lists_no_deliverables_has_none_to_trace() {
    assert!(traces(&[START, TASKS]).1.is_empty());
}
