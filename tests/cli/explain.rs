//! `floatline explain`, as a user meets it.

use super::desk::{Desk, data, rows};

#[test]
fn a_task_is_explained_back_to_its_cause_with_edits_to_try() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration,predecessors,resources\nimport,4d,,ana\napi,2d,,ben\ntest,2d,api,ana\n");
    desk.write("schedule.csv", "task,start,finish\nimport,2026-01-05 08:00,2026-01-08 17:00\napi,2026-01-05 08:00,2026-01-06 17:00\ntest,2026-01-09 08:00,2026-01-12 17:00\n");
    let run = desk.run("explain plan.csv test --schedule schedule.csv -o out").expect(0);
    let run = run.says("`test` starts 2026-01-09 08:00 because ana is on `import` until 2026-01-08 17:00");
    run.says("`import` starts 2026-01-05 08:00 because the project starts 2026-01-05").says("resource:ana.capacity=+1");
    let found = rows(&desk.read("out/explanation.csv"));
    let change = found.iter().find(|row| row["edits"] == "resource:ana.capacity=+1").unwrap();
    assert_eq!((&*change["part"], &*change["task_gain"], &*change["project_gain"]), ("change", "2", "2"));
    desk.run("explain plan.csv tset").expect(2).complains("did you mean `test`?");
    let far = desk.run("explain plan.csv QA").expect(2).complains("the plan has no task `QA`");
    assert!(!far.err.contains("did you mean"), "{}", far.err);
    desk.run("explain plan.csv").expect(2);
}

#[test]
fn an_impossible_plan_is_explained_with_the_least_that_helps() {
    let desk = Desk::new();
    let plan = data("bad/impossible-launch");
    let run = desk.run(&format!("explain {plan} --infeasible")).expect(3);
    let run =
        run.says("Conflict 3").says("`launch` must start on 2026-03-30").says("task:launch.constraint_date=2026-04-02");
    run.says("resource:board.capacity=+2").says("budget:launch.cap=+1500.00");
    let run = desk.run(&format!("explain {} --infeasible", data("first-plan.csv"))).expect(0);
    run.says("there is a schedule");
    for format in ["csv", "json"] {
        let run = desk.run(&format!("explain {} --infeasible --format {format}", data("first-plan.csv"))).expect(0);
        run.says("status").says("feasible").says("there is a schedule");
    }
}

#[test]
fn the_bound_is_shown_as_a_path_or_as_a_resource_with_too_much_to_do() {
    let desk = Desk::new();
    desk.run(&format!("explain {} --bound", data("first-plan.csv"))).expect(0).says("`2` waits for `1` (FS)");
    desk.write("plan.csv", "id,duration,resources\nA,2d,ana\nB,3d,ana\nC,1d,ana\n");
    let run = desk.run("explain plan.csv --bound --format json").expect(0);
    let lines: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(lines[1]["text"].as_str().unwrap().contains("ana would have to do 6d of work"), "{}", run.out);
}
