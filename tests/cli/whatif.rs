//! `floatline whatif` and `floatline value`, as a user meets them.

use super::desk::{Desk, data, rows};

#[test]
fn the_scenarios_of_a_plan_stand_side_by_side() {
    let desk = Desk::new();
    let plan = data("software-release");
    let run = desk.run(&format!("whatif {plan} --effort 300 --moves -o out")).expect(0);
    run.says("5 scenarios").says("two-testers").says("dominated").says("START BEFORE");
    let found = rows(&desk.read("out/whatif.csv"));
    let row = |name: &str| found.iter().find(|row| row["scenario"] == name).unwrap().clone();
    assert_eq!(found.len(), 6);
    assert!(row("slow-build")["finish"] > row("base")["finish"]);
    assert_eq!(row("slow-build")["changes"], "task:wbs:BUILD.duration=*1.2");
    assert!(row("no-dashboard")["cost_change"].starts_with('-'));
    assert!(row("slow-build-two-testers")["finish"] <= row("slow-build")["finish"]);
    // A scenario's folder has a schedule of its plan.
    let moves = rows(&desk.read("out/moves.csv"));
    let moved = moves.iter().find(|row| row["scenario"] == "slow-build" && row["task"] == "B2").unwrap();
    let schedule = rows(&desk.read("out/3-slow-build/schedule.csv"));
    let placed = schedule.iter().find(|row| row["task"] == "B2").unwrap();
    assert_eq!(moved["finish"], placed["finish"]);
    assert_eq!(desk.read("out/base/schedule.csv").lines().count(), schedule.len() + 1);
    // The same again, on another number of threads.
    desk.run(&format!("whatif {plan} --effort 300 --threads 1 -q -o again")).expect(0);
    for file in ["whatif.csv", "moves.csv", "3-slow-build/schedule.csv"] {
        assert_eq!(desk.read(&format!("out/{file}")), desk.read(&format!("again/{file}")), "{file}");
    }
}

#[test]
fn edits_and_sweeps_of_the_command_line_are_scenarios() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration,predecessors,resources\nA,4d,,Ana\nB,4d,,Ana\nC,1d,A;B,Ben\n");
    let run =
        desk.run("whatif plan.csv --set task:C.duration=+50% --set resource:Ana.capacity=2 --format csv").expect(0);
    let found = rows(&run.out);
    assert_eq!(found[1]["scenario"], "task:C.duration=*1.5 resource:Ana.capacity=2");
    // 4 + 1.5 instead of 4 + 4 + 1 days.
    assert_eq!(found[1]["finish_change"], "-3.5");
    let run = desk.run("whatif plan.csv --sweep resource:Ana.capacity=1..3 --until finish<=2026-01-13").expect(0);
    run.says("the goal is met from resource:Ana.capacity = 2 on").says("3 scenarios");
    desk.run("whatif plan.csv --set task:C.duration=+50% --risk --samples 100").expect(0).says("P80");
    let run = desk.run("whatif plan.csv --sweep task:A.duration=1d..3d --policy cpm --format json").expect(0);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(answer["scenarios"].as_array().unwrap().len(), 4);
}

#[test]
fn wrong_scenarios_are_all_named_and_nothing_is_written() {
    let desk = Desk::new();
    desk.write("p/tasks.csv", "id,duration\nA,4d\nB,2d\n");
    desk.run("whatif p").expect(2).complains("there is nothing to compare");
    desk.write("p/scenarios.csv", "scenario,base,table,id,field,value\nx,,task,A,duraton,1d\ny,z,task,C,duration,1d\n");
    let run = desk.run("whatif p -o out").expect(1);
    run.complains("scenarios.csv:2 [field]: `duraton`").complains("did you mean `duration`?");
    desk.run("whatif p -o out").expect(1).complains("scenarios.csv:3 [base]: `z`: no such scenario");
    desk.write(
        "p/scenarios.csv",
        "scenario,base,table,id,field,value\nx,,task,A,duration,soon\ny,,task,C,duration,1d\n",
    );
    let run = desk.run("whatif p -o out").expect(1);
    run.complains("in scenario `x`").complains("scenarios.csv:3 [id]: `C`");
    assert!(!desk.path("out").exists());
    desk.write("p/scenarios.csv", "scenario,base,table,id,field,value\nx,,task,A,duration,1d\n");
    desk.run("whatif p --scenario w").expect(2).complains("there are x");
    desk.run("whatif p --set task:A.duration").expect(1).complains("expected TABLE:ID.FIELD=VALUE");
    desk.run("whatif p --set task:A.duration").expect(1).complains("error: the edits have 1 error");
    desk.run("whatif p --set task:C.duration=1d").expect(1).complains("error: the edits have 1 error");
    desk.run("whatif p --set task:A.duration=+1e9d").expect(1).complains("`+1e9d`: ");
    desk.run("whatif p --sweep task:A.duration=1..z").expect(1).complains("expected FROM..TO");
    desk.run("whatif p --sweep task:A.duration=1d..3d --until soon").expect(2).complains("is no goal");
}

#[test]
fn what_more_of_something_brings_is_sorted() {
    let desk = Desk::new();
    desk.write("p/tasks.csv", "id,duration,resources,deadline\nA,4d,ana,2026-01-06\nB,4d,ana,\nC,2d,ben,\n");
    desk.write("p/resources.csv", "id,capacity,rate\nana,1,10\nben,1,10\n");
    desk.write("p/project.csv", "key,value\nstart,2026-01-05\noverhead_per_day,100\n");
    let run = desk.run("value p --all -o out").expect(0);
    run.says("resource:ana.capacity=+1").says("task:A.deadline=+1d");
    let found = rows(&desk.read("out/values.csv"));
    let row = |edit: &str| found.iter().find(|row| row["edit"] == edit).unwrap();
    // A and B side by side: four days of overhead less.
    assert_eq!(
        (&*row("resource:ana.capacity=+1")["finish_gain"], &*row("resource:ana.capacity=+1")["cost_gain"]),
        ("4", "400.00")
    );
    assert_eq!(row("resource:ben.capacity=+1")["finish_gain"], "0");
    assert_eq!(row("task:A.deadline=+1d")["tardiness_gain"], "1");
    assert_eq!(found.last().unwrap()["edit"], "resource:ben.capacity=+1");
}

#[test]
fn objectives_that_only_solve_answers_are_refused() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration\nA,4d\n");
    for objective in ["peak", "tardiness,p80"] {
        let whatif = format!("whatif plan.csv --set task:A.duration=1d --objective {objective}");
        desk.run(&whatif).expect(2).complains("is answered by `floatline solve` alone");
        desk.run(&format!("value plan.csv --objective {objective}")).expect(2).complains("`floatline solve`");
    }
}

#[test]
fn the_value_of_more_has_the_exit_code_of_a_plan_without_schedule() {
    let desk = Desk::new();
    let plan = data("bad/impossible-launch");
    desk.run(&format!("value {plan}")).expect(3).says("there is no schedule");
    let found = rows(&desk.run(&format!("value {plan} --format csv")).expect(3).out);
    assert_eq!((found.len(), &*found[0]["limit"], &*found[0]["status"]), (1, "plan", "infeasible"));
}

#[test]
fn scenarios_have_folders_of_short_names_and_leave_none_of_an_earlier_run() {
    let desk = Desk::new();
    let ids = 0..30;
    let tasks: String = ids.clone().map(|at| format!("T{at},1d\n")).collect();
    desk.write("plan.csv", &format!("id,duration\n{tasks}"));
    let edits: String = ids.map(|at| format!(" --set task:T{at}.duration=2d")).collect();
    let folders = || -> Vec<String> {
        let mut names: Vec<String> = desk
            .files("out")
            .keys()
            .filter_map(|name| name.split_once('/'))
            .map(|(folder, _)| folder.to_owned())
            .collect();
        names.dedup();
        names
    };
    desk.run(&format!("whatif plan.csv{edits} -o out")).expect(0);
    assert_eq!(folders(), ["1-task_T0.duration_2d_task_T1.duration_2d", "base"]);
    desk.run("whatif plan.csv --sweep task:T1.duration=1d..10d -o out").expect(0);
    assert_eq!(folders().len(), 11);
    assert_eq!((&*folders()[0], &*folders()[9]), ("01-task_T1.duration_1d", "10-task_T1.duration_10d"));
    // What is not ours stays.
    desk.write("out/02-task_T1.duration_2d/notes.txt", "mine");
    desk.write("out/3-wishes/notes.txt", "mine");
    desk.write("out/reports/schedule.csv", "mine");
    desk.run("whatif plan.csv --set task:T1.duration=2d -o out").expect(0);
    assert_eq!(folders(), ["02-task_T1.duration_2d", "1-task_T1.duration_2d", "3-wishes", "base", "reports"]);
}

#[test]
fn a_comparison_that_cannot_be_written_whole_is_not_written_at_all() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration\nA,4d\n");
    desk.write("out/1-task_A.duration_2d/usage.csv/in-the-way", "");
    desk.run("whatif plan.csv --set task:A.duration=2d -o out").expect(1).complains("usage.csv");
    assert_eq!(desk.files("out").len(), 1);
}
