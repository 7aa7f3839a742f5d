//! The records of runs, and the people of a schedule.

use crate::desk::Desk;

#[test]
fn results_are_held_against_their_run_and_come_out_again() {
    let desk = Desk::new();
    desk.run("generate --tasks 12 --seed 3 -o plan").expect(0);
    desk.run("solve plan -o out --effort 20 --seed 5 --threads 1").expect(0);
    let first = desk.read("out/run.json");
    desk.run("solve plan -o other --effort 20 --seed 5 --threads 2").expect(0);
    assert_eq!(first, desk.read("other/run.json"));
    assert!(
        first.contains("plan/tasks.csv") && first.contains("schedule.csv") && !first.contains("threads"),
        "{first}"
    );
    desk.run("solve plan -o out --effort 10").expect(0);
    assert_eq!(first, desk.read("out/runs/0001.json"));
    assert!(desk.run("audit out").expect(0).out.contains("the last of 2 runs"));
    assert!(desk.run("audit out --reproduce").expect(0).out.contains("writes the same"));
    desk.write("out/runs/0001.json", &first.replace("\"seed\": 5", "\"seed\": 6"));
    assert!(desk.run("audit out").expect(1).out.contains("broken-chain"));
    desk.write("out/runs/0001.json", &first);
    desk.write("out/costs.csv", "mine");
    assert!(desk.run("audit out --format csv").expect(1).out.contains("changed-output"));
    desk.run("audit plan").expect(1);
}

#[test]
fn a_schedule_comes_out_again_with_the_one_that_it_took_the_place_of() {
    let desk = Desk::new();
    desk.write("plan/stakeholders.csv", "id,name,reports\nmia,Mia,schedule\n");
    for (days, given) in [("3d", ""), ("4d", ""), ("6d", "--start out")] {
        desk.write(
            "plan/tasks.csv",
            &format!("id,duration,predecessors,resources\nA,{days},,ana\nB,2d,,ana\nC,1d,A;B,\n"),
        );
        desk.run(&format!("solve plan -o out --effort 20 {given}")).expect(0);
        assert!(desk.run("audit out --reproduce").expect(0).out.contains("writes the same"), "{days}");
    }
    assert!(desk.read("out/interests.csv").contains("later"), "{}", desk.read("out/interests.csv"));
    let run = desk.read("out/run.json");
    assert!(run.contains("--against") && run.contains("--start") && run.contains("0002-schedule.csv"), "{run}");
}

#[test]
fn people_are_shown_with_their_work_and_hand_offs() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", "id,duration,predecessors,resources\na,2d,,ana\nb,1d,a,skill:rust\nc,1d,b,ana\n");
    desk.write("plan/resources.csv", "id,team,skills\nana,core,\nben,core,rust\n");
    let run = desk.run("people plan -o out").expect(0);
    assert!(run.out.contains("Only one person can do: a (ana), b (ben), c (ana)"), "{}", run.out);
    assert_eq!(desk.read("out/handoffs.csv").lines().count(), 3);
    assert!(desk.read("out/worklist.csv").contains("ben,,core,2026-01-05,b,,8"), "{}", desk.read("out/worklist.csv"));
}
