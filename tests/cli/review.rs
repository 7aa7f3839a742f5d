//! `floatline review`, and the calibration that it hands to the next plan, as a user meets them.

use super::desk::{Desk, data, rows};

/// Interfaces take six days instead of four, training is as estimated; two more tasks are open.
fn with_history() -> Desk {
    let desk = Desk::new();
    desk.write("p/project.csv", "key,value\nname,First\nstart,2026-03-02\nstatus_date,2026-03-16\n");
    let (mut tasks, mut progress) =
        ("id,duration,category\n".to_owned(), "task,actual_start,actual_finish\n".to_owned());
    for at in 0..5 {
        tasks += &format!("I{at},4d,interface\nT{at},2d,training\n");
        progress += &format!("I{at},2026-03-02,2026-03-09\nT{at},2026-03-02,2026-03-03\n");
    }
    desk.write("p/tasks.csv", &(tasks + "open,4d,interface\nother,4d,\n"));
    desk.write("p/progress.csv", &progress);
    desk.write("next.csv", "id,duration,category,predecessors\nA,10d,interface,\nB,2d,training,A\n");
    desk
}

#[test]
fn a_review_is_printed_and_written() {
    let desk = with_history();
    let run = desk.run("review p -o out").expect(0);
    let run = run.says("First: 10 tasks finished").says("interface: 5 tasks took 1.50 times their estimate");
    run.says("wrote estimates.csv, groups.csv, calibration.csv, backtest.csv and lessons.csv to out");
    let estimates = desk.table("out/estimates.csv");
    assert_eq!(estimates.len(), 10);
    assert_eq!((&*estimates[0]["task"], &*estimates[0]["planned"], &*estimates[0]["ratio"]), ("I0", "4", "1.5"));
    let groups = desk.table("out/groups.csv");
    let interface = groups.iter().find(|group| group["name"] == "interface").unwrap();
    assert_eq!((&*interface["n"], &*interface["bias"], &*interface["days"]), ("5", "0.5", "10"));
    assert_eq!(desk.table("out/lessons.csv")[0]["about"], "all");
    assert_eq!(desk.table("out/calibration.csv")[0]["group"], "all");
    assert_eq!(desk.run("review p --format csv").expect(0).out, desk.read("out/groups.csv"));
    let answer: serde_json::Value = serde_json::from_str(&desk.run("review p --format json").expect(0).out).unwrap();
    assert_eq!(answer["calibration"].as_array().unwrap().len(), 3);
    assert_eq!(answer["groups"][0]["n"], 10);
}

#[test]
fn the_same_review_comes_out_whatever_the_threads() {
    let desk = Desk::new();
    let plan = data("clinic-rollout");
    desk.run(&format!("review {plan} --threads 1 -q -o one")).expect(0);
    desk.run(&format!("review {plan} --threads 3 -q -o two")).expect(0);
    assert_eq!(desk.files("one"), desk.files("two"));
    let tests = desk.table("one/backtest.csv");
    assert_eq!(tests.len(), 8);
    assert_eq!((&*tests[0]["status_date"], &*tests[0]["tasks"]), ("2026-02-01", "50"));
}

#[test]
fn several_histories_are_pooled() {
    let desk = with_history();
    desk.write("q/tasks.csv", "id,duration,category\nX,4d,interface\n");
    desk.write("q/progress.csv", "task,actual_start,actual_finish\nX,2026-03-02,2026-03-05\n");
    desk.run("review p q -o out").expect(0).says("2 projects: 11 tasks finished");
    let estimates = desk.table("out/estimates.csv");
    assert_eq!((&*estimates[0]["plan"], &*estimates[10]["plan"]), ("p", "q"));
}

#[test]
fn the_next_plan_is_calibrated() {
    let desk = with_history();
    desk.run("review p -q -o out").expect(0);
    // Ten days times the mean factor of interfaces, near 1.5, and two of training.
    let run = desk.run("solve next.csv --calibration out/calibration.csv").expect(0);
    run.says("durations calibrated by `out/calibration.csv`: 2 tasks by their category;");
    let summary = |line: &str| rows(&desk.run(line).expect(0).out);
    let (plain, calibrated) =
        (summary("solve next.csv --format csv"), summary("solve next.csv --calibration out --format csv"));
    assert!(calibrated[1]["finish"] > plain[1]["finish"], "{calibrated:?}");
    let run = desk.run("risk next.csv --samples 500 --calibration out").expect(0);
    run.says("calibrated    by `out`: 2 tasks by their category");
    let answer = desk.run("risk next.csv --samples 500 --calibration out --format json").expect(0).out;
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert!(answer["calibration"].as_str().unwrap().contains("2 tasks by their category"), "{answer}");
}

#[test]
fn a_broken_calibration_is_told_with_every_mistake() {
    let desk = with_history();
    desk.write("c.csv", "group,name,factor_p10,factor_p50,factor_p90\nal,,1,1,1\ncategory,code,-1,1,x\n");
    let run = desk.run("risk next.csv --calibration c.csv").expect(1);
    let run = run.complains("c.csv:2 [group]: `al` is neither `all` nor `category`; did you mean `all`?");
    let run = run.complains("c.csv:3 [factor_p10]: `-1` is out of range");
    run.complains("c.csv:3 [factor_p90]: `x` is not a number").complains("the calibration has 3 errors");
    desk.run("solve next.csv --calibration nothing.csv").expect(1).complains("there is no such file");
    desk.run("risk next.csv --calibration c.csv --p10-p90").expect(2);
    // A category that is nearly written like one of the calibration is no silent guess.
    desk.write("d.csv", "group,name,factor_p10,factor_p50,factor_p90\ncategory,interfaces,1,1,1\n");
    let run = desk.run("solve next.csv --calibration d.csv").expect(0).says("2 tasks as planned");
    run.complains("no row for the category `interface` of the plan").complains("did you mean `interfaces`?");
}

#[test]
fn without_anything_finished_the_answer_is_what_is_missing() {
    let desk = with_history();
    desk.run("review next.csv").expect(2).complains("no task of `next` has been finished").complains("actual_finish");
    desk.run("review").expect(2);
}

#[test]
fn a_review_of_next_to_nothing_says_so() {
    let desk = with_history();
    desk.write("p/progress.csv", "task,actual_start,actual_finish\nT0,2026-03-02,2026-03-03\n");
    desk.run("review p").expect(0).says("Of 1 finished task little can be told: it takes 3 of a kind for a lesson.");
    desk.write(
        "p/progress.csv",
        "task,actual_start,actual_finish\nT0,2026-03-02,2026-03-03\nT1,2026-03-02,2026-03-03\nT2,2026-03-02,2026-03-03\n",
    );
    desk.run("review p").expect(0).says("Nothing stands out in 3 finished tasks");
}
