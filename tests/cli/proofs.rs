//! Proofs that others can check, and reasons why there is no schedule.

use super::SMALL;
use super::desk::{Desk, data};

#[test]
fn a_proof_is_written_and_checked() {
    let desk = Desk::new();
    desk.run("generate --preset psplib --tasks 20 --seed 5 -o plan").expect(0);
    desk.run("solve plan --effort 20000 --proof proofs/best.txt -o out").expect(0).complains("proof written");
    let row = &desk.table("out/summary.csv")[0];
    assert_eq!(row["status"], "optimal");
    let run = desk.run("verify plan --proof proofs/best.txt").expect(0);
    run.says(&format!("no schedule finishes before {}: the proof holds", row["makespan"]));
    let json: serde_json::Value =
        serde_json::from_str(&desk.run("verify plan --proof proofs/best.txt --format json").expect(0).out).unwrap();
    assert_eq!(json["holds"], true);
    assert!(json["nogoods"].as_u64() > Some(0));

    // Of more than is true, or of another plan, it is no proof.
    let proof = desk.read("proofs/best.txt");
    let makespan: u32 = row["makespan"].parse().unwrap();
    let more = format!("claim finish {}", makespan + 1);
    desk.write("more.txt", &proof.replace(&format!("claim finish {makespan}"), &more));
    desk.run("verify plan --proof more.txt").expect(1).says("the proof does not hold").says("more.txt");
    desk.write("small.csv", SMALL);
    desk.run("verify small.csv --proof proofs/best.txt").expect(1).says("the proof is of another plan");
    desk.write("no-proof.txt", "\u{feff}nothing\n");
    let run = desk.run("verify plan --proof no-proof.txt --format csv").expect(1);
    run.says("no-proof.txt").says("a proof begins with the line");
    desk.run("verify plan --proof nowhere.txt").expect(1).complains("nowhere.txt");
}

#[test]
fn where_no_proof_can_be_given_none_is_written() {
    let desk = Desk::new();
    let release = data("software-release");
    desk.run(&format!("solve {release} --effort 10 --proof proof.txt")).expect(0).complains("no proof was written");
    assert!(!desk.path("proof.txt").exists());
    desk.write("a.csv", SMALL);
    desk.write("b.csv", SMALL);
    desk.run("solve a.csv b.csv -o out --proof proof.txt").expect(2).complains("one plan");
    desk.run("solve a.csv --ignore-resources --proof proof.txt").expect(2);
}

/// B has to start while A runs, and nobody has told that both need all of Ana; D and E have nothing to do with it.
const OVERLAP_TASKS: &str = "id,duration,resources\nA,3d,Ana\nB,2d,Ana\nC,1d,Ben\nD,4d,Ben\nE,2d,\n";
const OVERLAP_LINKS: &str = "predecessor,successor,type,lag,max_lag\nA,B,SS,0d,1d\nC,D,FS,,\nD,E,FS,1d,\nA,E,FS,,9d\n";

#[test]
fn an_infeasible_plan_is_told_what_cannot_be_kept_together_and_nothing_else() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", OVERLAP_TASKS);
    desk.write("plan/dependencies.csv", OVERLAP_LINKS);
    let run = desk.run("solve plan -o out --proof proof.txt").expect(3);
    let parts = "these cannot all be kept: task `B` with predecessor `A SS`; max_lag 1d from task `A` to task `B` (SS); the \
                 capacity of resource `Ana`";
    run.complains(parts);
    assert!(desk.table("out/summary.csv")[0]["message"].ends_with("`Ana`"));
    desk.run("check plan").expect(3).says("max_lag 1d from task `A`");
    desk.run("verify plan --proof proof.txt").expect(0).says("there is no schedule: the proof holds");
}
