//! `floatline check` on deliverables and on how well a plan is made, as a user meets them.

use super::desk::{Desk, rows};

const TASKS: &str = "id,duration,predecessors,category,deliverable,fixed_cost\n\
                     A,5d,,build,hut,10\n\
                     B,2d,A-1d,unit test,hut,10\n\
                     C,3d,A,build,road,10\n";

fn plan(desk: &Desk) {
    desk.write("p/project.csv", "key,value\nstart,2026-03-02\n");
    desk.write("p/tasks.csv", TASKS);
    desk.write("p/deliverables.csv", "id,name,acceptance,due\nhut,Hut,It stands,2026-03-10\nroad,Road,,2026-03-10\n");
    desk.write("p/gates.csv", "id,after,before\ng,B,C\n");
}

#[test]
fn check_tells_what_leads_to_each_deliverable() {
    let desk = Desk::new();
    plan(&desk);
    desk.run("check p -o out").expect(0).says("Deliverables: 1 of 2 with all that they need").says("EARLIEST FINISH");
    let found = rows(&desk.read("out/traceability.csv"));
    let cells = |row: usize, names: [&str; 6]| names.map(|name| found[row][name].clone());
    assert_eq!(
        cells(0, ["tasks", "tests", "gates", "state", "finish", "missing"]),
        ["A;B", "B", "g", "not started", "2026-03-09 17:00", ""]
    );
    // By logic alone nobody knows yet whether the hut is in time, but the road is not.
    assert_eq!(
        cells(1, ["tasks", "tests", "gates", "kept", "finish_by", "missing"]),
        ["C", "", "g", "no", "earliest", "no test;no acceptance criterion"]
    );
    assert_eq!(found[0]["kept"], "");
    let answer: serde_json::Value = serde_json::from_str(&desk.run("check p --format json").expect(0).out).unwrap();
    assert_eq!(answer[0]["deliverables"][0]["deliverable"], "hut");
    // A schedule knows.
    desk.run("solve p -q -o out").expect(0);
    desk.run("check p --schedule out/schedule.csv -o judged").expect(0).says("Deliverables").says("LATE");
    let judged = rows(&desk.read("judged/traceability.csv"));
    assert_eq!([&*judged[0]["kept"], &*judged[0]["finish_by"]], ["yes", "schedule"]);
    // Nothing is said of deliverables where the plan lists none.
    std::fs::remove_file(desk.path("p/deliverables.csv")).unwrap();
    assert!(!desk.run("check p -o bare").expect(0).out.contains("Deliverables"));
    assert!(!desk.path("bare/traceability.csv").exists());
}

#[test]
fn what_fix_proposes_is_what_whatif_reads() {
    let desk = Desk::new();
    plan(&desk);
    let run = desk.run("check p --fix fixes.csv").expect(0);
    run.says("Proposals, each for itself, written to fixes.csv").says("A>B: the overlap of 1 d is gone");
    let fixes = rows(&desk.read("fixes.csv"));
    assert!(
        fixes.iter().any(|row| row["scenario"] == "leads" && row["id"] == "A/B" && row["value"] == "0"),
        "{fixes:?}"
    );
    let compared = rows(&desk.run("whatif p --scenarios fixes.csv --format csv").expect(0).out);
    let leads = compared.iter().find(|row| row["scenario"] == "leads").unwrap();
    // Without the lead the test and what waits for it are a day later.
    assert_eq!(leads["finish_change"], "1");
    // Proposals of an earlier run are replaced; what somebody wrote is not.
    desk.run("check p --fix fixes.csv").expect(0);
    desk.write("mine.csv", "scenario,base,table,id,field,value\nmine,,task,A,duration,1d\n");
    desk.run("check p --fix mine.csv").expect(2).complains("something else than proposals");
    assert!(desk.read("mine.csv").contains("mine,"));
    desk.run("check p p --fix fixes.csv").expect(2);
}

#[test]
fn stakeholders_are_told_what_has_changed_since_the_last_schedule() {
    let desk = Desk::new();
    plan(&desk);
    desk.write("p/stakeholders.csv", "id,name,milestones,interests\ntown,Town,,deliverable:hut;C;quiet nights\n");
    desk.run("solve p -o out").expect(0).says("interests.csv");
    let first = rows(&desk.read("out/interests.csv"));
    assert_eq!(first.iter().map(|row| &*row["what"]).collect::<Vec<_>>(), ["project", "deliverable", "task"]);
    assert!(first.iter().all(|row| row["change"].is_empty() && row["finish_change"].is_empty()));
    // Digging takes two days more: all that the town cares about is later, by the clock over a weekend.
    std::fs::copy(desk.path("out/schedule.csv"), desk.path("last-week.csv")).unwrap();
    desk.write("p/tasks.csv", &TASKS.replace("A,5d", "A,7d"));
    let run = desk.run("solve p -o out").expect(0);
    run.says("Who needs to know what has changed since out/schedule.csv");
    let second = desk.read("out/interests.csv");
    assert!(rows(&second).iter().all(|row| row["change"] == "later"), "{second}");
    // The hut moves from Monday to Wednesday, what follows from Thursday to Monday.
    assert_eq!(rows(&second).iter().map(|row| row["finish_change"].clone()).collect::<Vec<_>>(), ["4", "2", "4"]);
    // The schedule in OUT is the new one by now; the old one can be named.
    desk.run("solve p -o out").expect(0).says("nothing has changed since out/schedule.csv");
    desk.run("solve p -o out --against last-week.csv").expect(0).says("since last-week.csv");
    assert_eq!(desk.read("out/interests.csv"), second);
    let run = desk.run("solve p --against last-week.csv --format json").expect(0);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(answer["interests"][1]["finish_before"], first[1]["finish"]);
    desk.run("solve p --against nowhere.csv").expect(1).complains("nowhere.csv");
    // The plan's own table is never written over, and without stakeholders nothing is left of what they were told.
    desk.run("solve p -o p").expect(0);
    assert!(desk.read("p/stakeholders.csv").contains("quiet nights"));
    std::fs::remove_file(desk.path("p/stakeholders.csv")).unwrap();
    desk.run("solve p -o out").expect(0);
    assert!(!desk.path("out/interests.csv").exists());
}

#[test]
fn a_baseline_is_frozen_once_and_progress_is_judged_by_it() {
    let desk = Desk::new();
    plan(&desk);
    let points = |desk: &Desk, more: &str| {
        let answer = desk.run(&format!("check p -o out{more}")).expect(0).out;
        let found = rows(&desk.read("out/quality.csv"));
        let of = |number: &str| found.iter().find(|row| row["point"] == number).unwrap()["met"].clone();
        ([of("11"), of("14")], answer)
    };
    assert_eq!(points(&desk, "").0, ["", ""]);
    // A: 2 to 6 March, B: 6 and 9 March, C: 9 to 11 March.
    desk.run("solve p -q --baseline first").expect(0);
    let promised = desk.read("p/baselines/first/schedule.csv");
    assert!(promised.contains("A,,2026-03-02") && desk.read("p/baselines/first/costs.csv").lines().count() > 1);
    desk.run("solve p -q --baseline first").expect(2).complains("baselines stay as they are");
    desk.run("solve p/tasks.csv -q --baseline second").expect(2).complains("a file");
    desk.run("solve p -q --baseline a/b").expect(2).complains("no name for a folder");
    assert_eq!(desk.read("p/baselines/first/schedule.csv"), promised);

    // A is a day late, and B, which should be done, has not begun.
    desk.write("p/project.csv", "key,value\nstart,2026-03-02\nstatus_date,2026-03-10\n");
    desk.write("p/progress.csv", "id,actual_start,actual_finish\nA,2026-03-02,2026-03-09\n");
    let (verdicts, answer) = points(&desk, "");
    assert_eq!(verdicts, ["no", "no"], "{answer}");
    assert!(answer.contains("baseline") && answer.contains("first"), "{answer}");
    // A finish without a time is the end of its day: as promised.
    desk.write("p/progress.csv", "id,actual_start,actual_finish\nA,2026-03-02,2026-03-06\nB,2026-03-06,2026-03-09\n");
    let (verdicts, answer) = points(&desk, "");
    assert_eq!(verdicts, ["yes", "yes"], "{answer}");
    // What is finished is no milestone.
    assert!(answer.contains(" to be worked on, 0 milestones"), "{answer}");
    // By a later promise both are kept.
    desk.run("solve p -q --baseline second").expect(0);
    desk.write("p/progress.csv", "id,actual_start,actual_finish\nA,2026-03-02,2026-03-09\nB,2026-03-06,2026-03-10\n");
    assert_eq!(points(&desk, " --baseline first").0, ["no", "yes"]);
    desk.run("check p --baseline third").expect(2).complains("there are first, second");
}
