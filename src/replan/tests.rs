//! Small plans whose least change is known, and what must hold of any.

use std::borrow::Cow;

use proptest::prelude::*;

use super::*;
use crate::cpm::left_to_do;
use crate::effort::Limits;
use crate::index::Id;
use crate::io::testing::plan_of;
use crate::plan::draft::TableKind::{Modes, Progress, Project, Tasks};
use crate::units::MINUTES_PER_DAY;
use jiff::civil::date;

fn march(day: i8, hour: i8) -> Moment {
    Moment::from_civil(date(2026, 3, day).at(hour, 0, 0, 0))
}

fn control() -> Control {
    Control::start(Limits { effort: Some(300), time: None })
}

fn solved(plan: &Plan) -> Schedule {
    solve(plan, &compile(plan).unwrap(), &SolveOptions::default(), &control(), &|_| {}).unwrap().schedule.unwrap()
}

/// The plan without what was reported, and its schedule.
fn before(tasks: &str) -> Schedule {
    solved(&plan_of(&[(Tasks, tasks), (Project, "key,value\nstart,2026-03-02\n")]))
}

fn replanned(plan: &Plan, former: &Schedule, options: &ReplanOptions) -> Replan {
    let left = left_to_do(Cow::Borrowed(plan));
    let found = replan(plan, &left, &FormerSchedule::from(former), options, &control).unwrap();
    for alternative in &found.alternatives {
        assert!(!verify(&left, &alternative.schedule).has_errors());
    }
    found
}

fn moved<'p>(plan: &'p Plan, found: &Replan) -> Vec<(&'p str, i64)> {
    let moves = &found.alternatives[found.chosen].change.moves;
    moves.iter().map(|it| (&*plan.tasks()[it.task].id, it.later.0 / 480)).collect()
}

const STATUS: &str = "key,value\nstart,2026-03-02\nstatus_date,2026-03-05\n";

#[test]
fn what_need_not_change_does_not_and_the_best_regardless_is_one_of_the_choices() {
    // ana does A, B and C one after the other; A takes three days more. D needs ben alone, and stays.
    let tasks = "id,duration,resources,predecessors\nA,3d,ana,\nB,3d,ana,A\nC,1d,ana,B\nD,4d,ben,\n";
    let former = before(tasks);
    let begun = "task,actual_start,remaining_duration\nA,2026-03-02 08:00,3d\nD,2026-03-02 08:00,1d\n";
    let plan = plan_of(&[(Tasks, tasks), (Project, STATUS), (Progress, begun)]);
    let full = replanned(&plan, &former, &ReplanOptions { stability: 1.0, ..ReplanOptions::default() });
    let order: Vec<&str> = moved(&plan, &full).into_iter().map(|(id, _)| id).collect();
    assert_eq!(order, ["A", "B", "C"]);
    assert!(full.alternatives[full.chosen].change.moves.iter().all(|it| it.later == Minutes(3 * 480)));
    // Nothing is told of what is as it was.
    let same = "task,actual_start,remaining_duration\nA,2026-03-02 08:00,0d\nD,2026-03-02 08:00,1d\n";
    let plan = plan_of(&[(Tasks, tasks), (Project, STATUS), (Progress, same)]);
    let none = replanned(&plan, &former, &ReplanOptions { stability: 1.0, ..ReplanOptions::default() });
    assert!(none.alternatives[none.chosen].change.moves.iter().all(|it| &*plan.tasks()[it.task].id == "A"));
}

#[test]
fn a_short_task_does_not_wait_for_a_long_one_that_is_late_anyway() {
    // B should start on the 5th, but cannot before the 10th; C, of a day, should follow it on the 10th and can go first.
    let tasks = "id,duration,resources,constraint,constraint_date\nA,3d,ana,,\nB,3d,ana,,\nC,1d,ana,SNET,2026-03-10\n";
    let former = before(tasks);
    let late = tasks.replace("B,3d,ana,,", "B,3d,ana,SNET,2026-03-10");
    let begun = "task,actual_start,actual_finish\nA,2026-03-02 08:00,2026-03-04 17:00\n";
    let plan = plan_of(&[(Tasks, &late), (Project, STATUS), (Progress, begun)]);
    let full = replanned(&plan, &former, &ReplanOptions { stability: 1.0, ..ReplanOptions::default() });
    // B waits a day more, four in all; behind B, C would wait for three.
    assert_eq!(moved(&plan, &full), [("B", 4)]);
}

#[test]
fn frozen_work_stays_if_it_can_and_is_named_if_it_cannot() {
    let tasks = "id,duration,resources,predecessors\nA,3d,ana,\nB,3d,ana,A\nC,2d,ben,\nD,2d,ben,C\n";
    let former = before(tasks);
    // A is two days late, C a day early: D could come forward, and B has to wait.
    let begun = "task,actual_start,actual_finish,remaining_duration\n\
                 A,2026-03-02 08:00,,2d\nC,2026-03-02 08:00,2026-03-02 17:00,\n";
    let status = STATUS.replace("03-05", "03-04");
    let plan = plan_of(&[(Tasks, tasks), (Project, &status), (Progress, begun)]);
    let free = ReplanOptions { stability: 0.0, ..ReplanOptions::default() };
    let frozen = ReplanOptions { frozen_until: Some(march(12, 0)), ..free.clone() };
    let id = |task: &TaskId| &*plan.tasks()[*task].id;
    let found = replanned(&plan, &former, &frozen);
    assert_eq!(found.cannot_stay.iter().map(id).collect::<Vec<_>>(), ["B"]);
    assert_eq!(moved(&plan, &found), [("A", 1), ("B", 1)]);
    let kept = ReplanOptions { kept: vec![plan.find_task("D").unwrap()], ..free };
    assert_eq!(replanned(&plan, &former, &kept).cannot_stay, []);
}

#[test]
fn ways_and_people_stay_unless_that_is_worth_changing_them() {
    let tasks = "id,duration,resources,predecessors,fixed_cost\nA,5d,ana,,\nB,8d,ana,A,\n";
    let modes = "task,mode,duration,resources,cost\nB,two,4d,ana;ben,900\n";
    let project = "key,value\nstart,2026-03-02\n";
    let first = plan_of(&[(Tasks, tasks), (Project, project)]);
    let former = solved(&first);
    let begun = "task,actual_start,remaining_duration\nA,2026-03-02 08:00,4d\n";
    let plan = plan_of(&[(Tasks, tasks), (Modes, modes), (Project, STATUS), (Progress, begun)]);
    let at = |stability: f64| {
        let found = replanned(&plan, &former, &ReplanOptions { stability, ..ReplanOptions::default() });
        let chosen = &found.alternatives[found.chosen];
        (chosen.change.people(), chosen.change.moved())
    };
    assert_eq!(at(1.0), (0, 2));
    assert_eq!(at(0.0), (1, 2));
}

/// Durations, and how many days the first one takes longer, on one machine.
fn shop() -> impl Strategy<Value = (Vec<i64>, i64)> {
    (prop::collection::vec(1i64..6, 3..6), 1i64..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_least_delay_is_that_of_the_best_order((durations, more) in shop()) {
        let mut tasks = "id,duration,resources,constraint,constraint_date\n".to_owned();
        // Days apart, so that there is room between some.
        let mut day = 0;
        let mut released = Vec::new();
        for (at, duration) in durations.iter().enumerate() {
            let on = Moment(march(2, 0).0 + day * MINUTES_PER_DAY).date();
            tasks += &format!("T{at},{duration}ed,m,SNET,{on}\n");
            released.push(day);
            day += duration + i64::from(at % 2 == 0);
        }
        let calendar = "key,value\nstart,2026-03-02\ncalendar,24h\n";
        let former = solved(&plan_of(&[(Tasks, &tasks), (Project, calendar)]));
        let begun = format!("task,actual_start,remaining_duration\nT0,2026-03-02,{}ed\n", durations[0] + more - 1);
        let project = format!("{calendar}status_date,2026-03-03\n");
        let plan = plan_of(&[(Tasks, &tasks), (Project, &project), (Progress, &begun)]);
        let found = replanned(&plan, &former, &ReplanOptions { stability: 1.0, ..ReplanOptions::default() });
        let start = |at: usize| (former.placements[TaskId::new(at)].start - march(2, 0)).0 / MINUTES_PER_DAY;
        // Every order of the tasks behind the first, each no earlier than it was.
        let rest: Vec<usize> = (1..durations.len()).collect();
        let mut least = i64::MAX;
        permute(&rest, &mut Vec::new(), &mut |order| {
            let (mut free, mut delay) = (durations[0] + more, more);
            for &at in order {
                let begin = free.max(start(at)).max(released[at]);
                delay += begin - start(at);
                free = begin + durations[at];
            }
            least = least.min(delay);
        });
        let days = found.alternatives[found.chosen].change.days;
        prop_assert!((days - least as f64).abs() < 1e-6, "{} instead of {}", days, least);
    }

    #[test]
    fn nothing_changes_where_all_goes_as_planned(durations in prop::collection::vec((1i64..5, any::<bool>(), 0usize..2), 2..8), day in 1i64..12) {
        let mut tasks = "id,duration,predecessors,resources\n".to_owned();
        for (at, &(duration, waits, who)) in durations.iter().enumerate() {
            let before = if waits && at > 0 { format!("T{}", at - 1) } else { String::new() };
            tasks += &format!("T{at},{duration}d,{before},{}\n", ["ana", "ben"][who]);
        }
        let former = before(&tasks);
        let status = Moment(march(2, 0).0 + day * MINUTES_PER_DAY);
        let mut progress = "task,actual_start,actual_finish,remaining_duration\n".to_owned();
        let whole = plan_of(&[(Tasks, &tasks), (Project, "key,value\nstart,2026-03-02\n")]);
        for (task, data) in whole.tasks().iter_enumerated() {
            let placement = &former.placements[task];
            if placement.finish <= status {
                progress += &format!("{},{},{},\n", data.id, placement.start, placement.finish);
            } else if placement.start < status {
                let left = crate::schedule::working_time(&whole, status, placement.finish).0;
                progress += &format!("{},{},,{left}m\n", data.id, placement.start);
            }
        }
        let project = format!("key,value\nstart,2026-03-02\nstatus_date,{}\n", status.date());
        let plan = plan_of(&[(Tasks, &tasks), (Project, &project), (Progress, &progress)]);
        let full = replanned(&plan, &former, &ReplanOptions { stability: 1.0, ..ReplanOptions::default() });
        prop_assert_eq!(&full.alternatives[full.chosen].change.moves, &[]);
        // Without a price of change it is what `solve` finds.
        let none = replanned(&plan, &former, &ReplanOptions { stability: 0.0, ..ReplanOptions::default() });
        let left = left_to_do(Cow::Borrowed(&plan));
        let fresh = solved(&left);
        prop_assert_eq!(&none.alternatives[none.chosen].schedule, &fresh);
        // More stability never changes more.
        let sizes: Vec<f64> = [0.0, 0.3, 0.7, 1.0].iter().map(|&stability| {
            let found = replanned(&plan, &former, &ReplanOptions { stability, ..ReplanOptions::default() });
            found.alternatives[found.chosen].change.size()
        }).collect();
        prop_assert!(sizes.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9), "{:?}", sizes);
    }
}

fn permute(left: &[usize], order: &mut Vec<usize>, see: &mut dyn FnMut(&[usize])) {
    if left.is_empty() {
        return see(order);
    }
    for (at, &next) in left.iter().enumerate() {
        let mut rest = left.to_vec();
        rest.remove(at);
        order.push(next);
        permute(&rest, order, see);
        order.pop();
    }
}
