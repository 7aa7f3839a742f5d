//! Which boxes and links a network has.

use super::*;
use crate::effort::{Control, Limits};
use crate::io::testing::plan_of;
use crate::network::compile;
use crate::plan::draft::TableKind::{self, Gates, Project, Tasks};
use crate::schedule::testing;
use crate::solve::{SolveOptions, solve};

/// A plan that starts on a Monday, as a picture.
fn picture_of(tasks: &str, more: &[(TableKind, &str)]) -> String {
    let mut tables = vec![(Project, "key,value\nstart,2026-03-02\n"), (Tasks, tasks)];
    tables.extend(more);
    let plan = plan_of(&tables).into_remaining();
    let control = Control::start(Limits { effort: Some(5), time: None });
    let outcome = solve(&plan, &compile(&plan).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
    network_picture(&plan, &outcome.schedule.unwrap(), &outcome.dates)
}

fn count(picture: &str, class: &str) -> usize {
    picture.matches(&format!("class=\"{class}\"")).count()
}

/// What the pointer is told on each link.
fn tips(picture: &str) -> Vec<&str> {
    let heads = picture.split("<path class=\"head\"").skip(1);
    let mut tips: Vec<&str> =
        heads.map(|rest| rest.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0.trim()).collect();
    tips.sort_unstable();
    tips
}

#[test]
fn boxes_tell_dates_and_float_and_links_their_kinds() {
    let tasks = "id,name,duration,predecessors\nA,Think,3d,\nB,Look,1d,\nC,Build,2d,A SS+1d;A FF\nD,Ready,0,B;C\n";
    let picture = picture_of(tasks, &[]);
    assert_eq!((count(&picture, "node"), tips(&picture)), (4, vec!["A to C: SS+1d, FF", "B to D: FS", "C to D: FS"]));
    for text in ["Think", "2026-03-02 to 2026-03-04", "no float, critical", "float 2d", "SS+1d, FF"] {
        assert!(
            picture.contains(&format!(">\n{text}\n<")) || picture.contains(&format!(">{text}<")),
            "{text}: {picture}"
        );
    }
    assert_eq!(count(&picture, "milestone critical"), 1);
}

#[test]
fn floats_are_in_days_where_they_are_longer_than_one() {
    let tasks = "id,duration,predecessors\nA,3d,\nB,12h,\nC,22h,\nD,0,A;B;C\n";
    let picture = picture_of(tasks, &[]);
    assert!(picture.contains("float 1.5d") && picture.contains("float 2h"), "{picture}");
}

#[test]
fn gates_stand_between_what_they_test_and_what_waits() {
    let tasks = "id,duration,predecessors\nA,3d,\nB,1d,A\n";
    let picture = picture_of(tasks, &[(Gates, "id,after,before,criterion\ng,A,B,good?\n")]);
    assert_eq!(tips(&picture), ["A to g: FS", "g to B: FS"]);
    assert_eq!(count(&picture, "link critical"), 2);
}

#[test]
fn links_of_summaries_leave_their_last_tasks_or_a_box_for_their_end() {
    // A before B in P: B and C are its last ones.
    let few = "id,parent,duration,predecessors\nP,,,\nA,P,1d,\nB,P,2d,A\nC,P,1d,A\nQ,,,P\nD,Q,1d,\nE,Q,1d,D\n";
    assert_eq!(tips(&picture_of(few, &[])), ["A to B: FS", "A to C: FS", "B to D: FS", "C to D: FS", "D to E: FS"]);
    let many = "id,parent,duration,predecessors\nP,,,\nA,P,1d,\nB,P,2d,\nC,P,1d,\nQ,,,P\nD,Q,1d,\nE,Q,1d,\nF,Q,1d,\n";
    let picture = picture_of(many, &[]);
    assert_eq!(
        tips(&picture),
        ["A to P: FS", "B to P: FS", "C to P: FS", "P to Q: FS", "Q to D: FS", "Q to E: FS", "Q to F: FS"]
    );
    assert!(picture.contains("all done 2026-03-03") && picture.contains("begins 2026-03-04"));
}

#[test]
fn of_large_plans_summaries_are_boxes_with_the_links_below_them() {
    // Three phases of 50 tasks, one after the other; each task waits for the one of its number in the phase before.
    let mut tasks = "id,parent,duration,predecessors\nP1,,,\nP2,,,\nP3,,,\n".to_owned();
    for phase in 1..=3 {
        for number in 0..50 {
            let before = if phase > 1 { format!("T{}-{number}", phase - 1) } else { String::new() };
            tasks.push_str(&format!("T{phase}-{number},P{phase},{}d,{before}\n", 1 + number % 3));
        }
    }
    let picture = picture_of(&tasks, &[]);
    // The first two phases have room, as all are critical.
    assert_eq!(count(&picture, "node"), 101);
    assert!(
        picture.contains("1 summary is drawn as one box each, with the links of the 50 rows below them"),
        "{picture}"
    );
    let tips = tips(&picture);
    assert_eq!(tips.len(), 100);
    assert!(tips.contains(&"T1-7 to T2-7: FS") && tips.contains(&"T2-7 to P3: 1 link"), "{tips:?}");
}

#[test]
fn of_large_plans_without_summaries_what_has_the_least_float_is_shown() {
    let tasks: String = (0..200).map(|number| format!("T{number},{}d\n", 1 + number)).collect();
    let picture = picture_of(&format!("id,duration\n{tasks}"), &[]);
    assert_eq!(count(&picture, "node"), 120);
    assert!(picture.contains("80 boxes are left out; shown is what has the least float"));
    assert!(picture.contains("T199: ") && !picture.contains("T79: ") && picture.contains("T80: "));
}

#[test]
fn plans_of_periods_and_of_nothing_have_pictures() {
    let plan =
        plan_of(&[(Project, "key,value\ntime_unit,period\n"), (Tasks, "id,duration,predecessors\nA,3,\nB,4,A\n")]);
    let control = Control::start(Limits { effort: Some(5), time: None });
    let outcome = solve(&plan, &compile(&plan).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
    let schedule = outcome.schedule.unwrap();
    assert!(network_picture(&plan, &schedule, &outcome.dates).contains("3 to 7"));
    // Without dates nothing is known of float.
    assert!(!network_picture(&plan, &schedule, &IdVec::new()).contains("float"));
    let empty = testing::Sketch::new().build();
    assert!(network_picture(&empty, &testing::schedule(&empty, &[]), &IdVec::new()).contains("No tasks."));
}
