//! `floatline team` and `floatline value --people`, as a user meets them.

use super::desk::{Desk, data, rows};

/// Ben is cheaper for both tasks, Ana needed for none; Cy is called by name.
fn with_plan() -> Desk {
    let desk = Desk::new();
    desk.write("p/project.csv", "key,value\nstart,2026-03-02\ndeadline,2026-03-13\n");
    desk.write("p/tasks.csv", "id,duration,predecessors,resources\nA,3d,,skill:sql\nB,3d,A,skill:sql\nC,1d,B,cy\n");
    desk.write("p/resources.csv", "id,rate,skills\nana,90/h,sql\nben,70/h,sql\ncy,50/h,\n");
    desk
}

#[test]
fn a_team_is_shown_with_its_weeks_and_its_cost() {
    let desk = with_plan();
    let run = desk.run("team p --effort 2000 -o out").expect(0);
    let run = run.says("1 of 2 keep 2026-03-13").says("proven: no team is cheaper").says("Not needed  ana");
    run.says("--set resource:ana.capacity=0").says("not counted: cy").says("5,600.00");
    let table = rows(&desk.read("out/team.csv"));
    let ben = &table[0];
    assert_eq!((&*ben["resource"], &*ben["part"], &*ben["weeks"]), ("ben", "member", "2"));
    assert_eq!((&*ben["from_week"], &*ben["to_week"]), ("2026-03-02", "2026-03-09"));
    assert_eq!((&*ben["offered"], &*ben["work"], &*ben["load"]), ("80", "48", "60"));
    assert_eq!((&*ben["cost"], &*ben["work_cost"]), ("5600.00", "3360.00"));
    assert_eq!((&*table[1]["part"], &*table[2]["part"]), ("not needed", "stays"));
    // The schedule is one of the plan.
    desk.run("check p --schedule out/schedule.csv").expect(0);
    let run = desk.run("team p --effort 2000 --format json").expect(0);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&answer["status"], &answer["cost"]), (&"optimal".into(), &5600.0.into()));
    assert_eq!(answer["team"].as_array().unwrap().len(), 3);
    let run = desk.run("team p --effort 2000 --format csv").expect(0);
    assert_eq!(run.out, desk.read("out/team.csv"));
}

#[test]
fn a_team_does_not_depend_on_threads() {
    let desk = Desk::new();
    let plan = data("app-launch");
    let one = desk.run(&format!("team {plan} --effort 3000 --threads 1 --format json")).expect(0);
    let two = desk.run(&format!("team {plan} --effort 3000 --threads 3 --format json")).expect(0);
    assert_eq!(one.out, two.out);
}

#[test]
fn wrong_wishes_for_a_team_say_what_would_be_right() {
    let desk = with_plan();
    desk.run("team p --pool bne").expect(2).complains("`bne`; did you mean `ben`?");
    desk.run("team p --pool x*").expect(2).complains("no person or machine has the id `x*`");
    desk.run("team p --by soon").expect(2).complains("--by: ");
    let run = desk.run("team p --by 2026-03-09").expect(3);
    run.complains("even with everybody the project cannot be finished by 2026-03-09").complains("2026-03-10 17:00");
    desk.run("team p --pool a*;ben --effort 500").expect(0).says("1 of 2 keep");
    desk.run("team p --pool ana --effort 500").expect(0).says("0 of 1 keep");
    desk.write("q.csv", "id,duration,resources\nA,3d,ana\n");
    desk.run("team q.csv").expect(2).complains("there is nobody to choose");
}

#[test]
fn a_new_person_and_a_new_skill_are_tried() {
    let desk = Desk::new();
    desk.write("p/tasks.csv", "id,duration,resources\nA,4d,skill:sql\nB,4d,skill:sql\nC,2d,skill:rust>=2\n");
    desk.write("p/resources.csv", "id,rate,skills\nana,90/h,sql:2\nben,70/h,rust:2\n");
    let run = desk.run("value p --people --effort 200 --all -o out").expect(0);
    run.says("new person").says("training").says("LIKE OR WHO");
    let found = rows(&desk.read("out/values.csv"));
    let row = |limit: &str, name: &str| found.iter().find(|row| row["limit"] == limit && row["name"] == name).unwrap();
    // Four days instead of eight if A and B are done side by side; a second expert for C brings nothing.
    assert_eq!(row("new person", "sql:2")["finish_gain"], "4");
    assert_eq!(row("new person", "rust:2")["finish_gain"], "0");
    let training = row("training", "sql");
    assert_eq!((&*training["id"], &*training["finish_gain"]), ("ben", "2"));
    assert_eq!(row("training", "rust:2")["id"], "ana");
    assert_eq!(training["edit"], "resource:ben.skills=rust:2;sql");
    // `whatif` takes the edits, and says the same.
    for row in &found {
        let sets: Vec<String> = row["edit"].split(' ').map(|edit| format!("--set {edit}")).collect();
        let run = desk.run(&format!("whatif p {} --effort 200 --format csv", sets.join(" "))).expect(0);
        assert_eq!(rows(&run.out)[1]["finish"], row["finish"], "{}", row["edit"]);
    }
}
