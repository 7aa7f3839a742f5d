//! `floatline level` and `solve --objective peak`, as a user meets them.

use super::desk::{Desk, data, rows};

/// Two painters' jobs beside a long task, and the end.
const PAINTERS: &str = "id,duration,predecessors,resources\n\
                        long,4d,,\nfirst,2d,,painter\nsecond,2d,,painter\nend,1d,long;first;second,painter\n";

#[test]
fn a_schedule_is_levelled_and_written_down() {
    let desk = Desk::new();
    let plan = data("software-release");
    let run = desk.run(&format!("level {plan} --effort 40 -o out")).expect(0);
    run.says("sum of squared usage").says("before  ").says("moved:").says("levelling.svg to out");
    let table = rows(&desk.read("out/levelling.csv"));
    let number = |text: &str| text.parse::<f64>().unwrap();
    let sum = |column: &str| -> f64 {
        table.iter().filter(|row| row["index"] == "squares").map(|row| number(&row[column])).sum()
    };
    assert!(sum("after") < sum("before"), "{} and {}", sum("before"), sum("after"));
    assert!(desk.read("out/levelling.svg").starts_with("<svg"));
    // The schedule is valid, and is no worse when it is levelled again, on another number of threads.
    desk.run(&format!("check {plan} --schedule out/schedule.csv")).expect(0);
    desk.run(&format!("level {plan} --effort 40 --threads 1 -q -o again")).expect(0);
    for file in ["schedule.csv", "levelling.csv", "levelling.svg"] {
        assert_eq!(desk.read(&format!("out/{file}")), desk.read(&format!("again/{file}")), "{file}");
    }
    let run = desk.run(&format!("level {plan} --schedule out/schedule.csv --effort 40 --format json")).expect(0);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(answer["after"].as_f64() <= answer["before"].as_f64());
}

#[test]
fn more_time_and_no_capacities_give_more_room() {
    let desk = Desk::new();
    desk.write("plan.csv", PAINTERS);
    let run = desk.run("level plan.csv --ignore-capacity").expect(0);
    run.says("optimal: no other starts").says("9 → 5").says("2 → 1").says("1 task moved");
    desk.run("level plan.csv --until 2026-01-30 --measure peak").expect(0).says("until     2026-01-30");
    desk.write("p/tasks.csv", PAINTERS);
    desk.write("p/project.csv", "key,value\nstart,2026-01-05\ndeadline,2026-01-14\n");
    let run = desk.run("level p --until 2026-01-30").expect(0).says("until     2026-01-14 17:00");
    run.complains("not all of the time until 2026-01-30 can be used").complains("no finish after 2026-01-14");
    // Somebody works around the clock, so that the last moment is the midnight that ends the deadline.
    let run = desk.run(&format!("level {} --effort 20 --until 2026-07-31", data("software-release"))).expect(0);
    run.says("until     2026-06-12\n").complains("no finish after 2026-06-12\n");
    assert!(!desk.run("level p --until 2026-01-14").expect(0).err.contains("can be used"));
    desk.run("level plan.csv --until 2026-01-05").expect(2).complains("levelling does not shorten it");
    desk.run("level plan.csv --until soon").expect(2).complains("`soon` is not a date");
    desk.run("level plan.csv --resource paintr").expect(2).complains("did you mean `painter`?");
    desk.write("nobody.csv", "id,duration\nA,1d\n");
    desk.run("level nobody.csv").expect(2).complains("nothing to level");
}

#[test]
fn the_cheapest_capacities_for_a_date_are_an_objective() {
    let desk = Desk::new();
    desk.write("tasks.csv", "id,duration,resources\nA,2d,dev\nB,2d,dev\nC,2d,dev\nD,2d,dev;van\n");
    desk.write("resources.csv", "id,capacity,rate\ndev,1,100/d\nvan,3,50/d\n");
    let run = desk.run("solve . --objective peak --until 2026-01-08 -o out").expect(0);
    run.says("optimal: no other capacities").says("in all 250").says("capacities.csv and summary.csv");
    let table = rows(&desk.read("out/capacities.csv"));
    assert_eq!(
        (&*table[0]["resource"], &*table[0]["now"], &*table[0]["needed"], &*table[0]["least"]),
        ("dev", "1", "2", "2")
    );
    assert_eq!((&*table[1]["needed"], &*table[1]["cost"]), ("1", "50.00"));
    // Without a date: as quick as can be, all at once.
    desk.run("solve . --objective peak").expect(0).says("in all 450");
    desk.run("solve . --objective peak --until 2026-01-05").expect(3).complains("which is after 2026-01-05");
    desk.run("solve . --until 2026-01-08").expect(2).complains("--objective peak");
    desk.run("solve . --objective peak,cost").expect(2).complains("stands alone");
}
