//! `floatline risk`, as a user meets it.

use super::desk::{Desk, data, rows};

#[test]
fn a_sample_plan_is_simulated_and_written_down() {
    let desk = Desk::new();
    let plan = data("software-release");
    let run = desk.run(&format!("risk {plan} --samples 2000 --effort 40 -o out")).expect(0);
    let run = run.says("2,000 samples").says("of the samples keep it").says("P80").says("CRITICAL IN");
    assert!(run.out.contains("scurve.csv, finish.svg, cost.svg, tornado.svg written to out"), "{}", run.out);
    assert!(run.out.contains("what risks and issues do to the finish"), "{}", run.out);
    let found = rows(&desk.read("out/risk.csv"));
    let finish = |percentile: &str| {
        let is_it = |row: &&std::collections::BTreeMap<String, String>| {
            row["quantity"] == "finish" && row["id"].is_empty() && row["percentile"] == percentile
        };
        found.iter().find(is_it).unwrap()["value"].clone()
    };
    assert!(finish("10") < finish("50") && finish("50") <= finish("80") && finish("80") < finish("95"));
    let curve = rows(&desk.read("out/scurve.csv"));
    assert_eq!(curve.len(), 100);
    assert!(curve.windows(2).all(|pair| pair[0]["finish"] <= pair[1]["finish"]));
    let drivers = rows(&desk.read("out/drivers.csv"));
    assert!(drivers.windows(2).all(|pair| number(&pair[0]["sensitivity"]) >= number(&pair[1]["sensitivity"])));
    // The board asks for 90 % of L9, which is a row of risk.csv too.
    let promises = rows(&desk.read("out/promises.csv"));
    let board = promises.iter().find(|row| row["stakeholder"] == "board").unwrap();
    let of_task = |row: &&std::collections::BTreeMap<String, String>| row["id"] == "L9" && row["percentile"] == "90";
    assert_eq!((&*board["task"], &*board["confidence"]), ("L9", "90"));
    assert_eq!(board["promise"], found.iter().find(of_task).unwrap()["value"]);
    assert!(number(&board["kept"]) <= 1.0 && run.out.contains("dates to promise"), "{}", run.out);
    // The same again, on another number of threads.
    desk.run(&format!("risk {plan} --samples 2000 --effort 40 --threads 1 -q -o again")).expect(0);
    for file in ["risk.csv", "drivers.csv", "tornado.csv", "register.csv", "promises.csv", "scurve.csv", "finish.svg"] {
        assert_eq!(desk.read(&format!("out/{file}")), desk.read(&format!("again/{file}")), "{file}");
    }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn a_plan_without_estimates_says_so_and_takes_a_spread() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration,predecessors\nA,10d,\nB,10d,A\n");
    desk.run("risk plan.csv --samples 100").expect(0).says("No duration is uncertain");
    let run = desk.run("risk plan.csv --samples 4000 --uncertainty 0.5,1,1.5 --format json").expect(0);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let drivers = answer["drivers"].as_array().unwrap();
    assert_eq!(drivers.len(), 2);
    for driver in drivers {
        assert_eq!(driver["criticality"], 1);
        // Two alike share the variance of their sum.
        assert!((driver["cruciality"].as_f64().unwrap() - 0.5_f64.sqrt()).abs() < 0.05, "{driver}");
        assert!((driver["mean"].as_f64().unwrap() - 10.0).abs() < 0.1, "{driver}");
    }
}

#[test]
fn wrong_wishes_are_refused() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration,optimistic,pessimistic\nA,10d,12d,20d\n");
    desk.run("risk plan.csv").expect(1).complains("estimate-order");
    desk.write("plan.csv", "id,duration\nA,10d\n");
    desk.run("risk plan.csv --uncertainty 1,0.5,2").expect(2).complains("ascending order such as 0.9,1,1.4");
    let at_least = |least: u64| format!("expected a whole number of at least {least}");
    for count in ["0", "-1", "many", "2.5"] {
        let run = desk.run(&format!("risk plan.csv --samples {count}")).expect(2);
        run.complains(&format!("'{count}' for '--samples <N>'"))
            .complains("expected a whole number from 1 to 100000000");
        let run = desk.run(&format!("risk plan.csv --effort {count}")).expect(2);
        run.complains(&format!("'{count}' for '--effort <N>'")).complains(&at_least(1));
    }
    for (line, expected) in [
        ("risk plan.csv --first -1", at_least(0)),
        ("risk plan.csv --seed -1", at_least(0)),
        ("--threads -1 risk plan.csv", "expected a whole number from 1 to 1024".to_owned()),
        ("tradeoff plan.csv --points -1", "expected a whole number from 2 to 10000".to_owned()),
        ("track plan.csv --samples -1", "expected a whole number from 0 to 10000000".to_owned()),
        ("generate --tasks -1 -o big", at_least(0)),
        ("risk plan.csv --precision -1", "`-1` is not a number above zero".to_owned()),
    ] {
        desk.run(line).expect(2).complains("'-1' for '--").complains(&expected);
    }
    desk.run("risk plan.csv --precision 0").expect(2).complains("above zero");
    desk.run("risk nothing.csv").expect(1).complains("nothing.csv");
}

#[test]
fn what_is_reached_is_promised_no_more_and_money_spent_counts() {
    let desk = Desk::new();
    desk.write("p/tasks.csv", "id,duration,predecessors,fixed_cost\nA,2d,,100\nM,0,A,\nB,5d,M,200\nN,0,B,\n");
    desk.write("p/project.csv", "key,value\nstart,2026-03-02\nstatus_date,2026-03-09\noverhead_per_day,10\n");
    let progress = "task,actual_start,actual_finish\nA,2026-03-02,2026-03-05\nM,2026-03-05,2026-03-05\n";
    desk.write("p/progress.csv", progress);
    desk.write("p/stakeholders.csv", "id,milestones\nboard,M;N\n");
    desk.write("p/budgets.csv", "id,scope,cap\nwhole,all,399\n");
    let run = desk.run("risk p --samples 100 -o out").expect(0).complains("the budgets are not enough");
    // A has cost 100, B is going to cost 200, and the project ten on each day of its two weeks.
    let run = run.says("planned       2026-03-13 17:00, 400.00").says("spent         150.00 before the status date");
    let promises = desk.table("out/promises.csv");
    assert_eq!(promises.iter().map(|row| &*row["task"]).collect::<Vec<_>>(), ["N"], "{}", run.out);
    let finishes = desk.table("out/risk.csv");
    assert!(!finishes.iter().any(|row| ["A", "M"].contains(&&*row["id"])), "{}", run.out);
    let limits = desk.table("out/limits.csv");
    let budget = limits.iter().find(|row| row["kind"] == "budget").unwrap();
    assert_eq!((&*budget["cost"], &*budget["kept"]), ("399.00", "0"));
    desk.write("p/budgets.csv", "id,scope,cap\nwhole,all,400\n");
    desk.run("risk p --samples 100 -o out").expect(0);
    assert!(desk.table("out/limits.csv").iter().all(|row| row["kept"] == "1"));
}

#[test]
fn slices_are_joined_into_what_one_run_says() {
    let desk = Desk::new();
    let plan = data("software-release");
    desk.run(&format!("risk {plan} --effort 10 --samples 3000 -q -o whole")).expect(0);
    for (first, count) in [(2_000, 1_000), (0, 700), (700, 1_300)] {
        desk.run(&format!("risk {plan} --effort 10 --first {first} --samples {count} --slice {first}.json")).expect(0);
    }
    desk.run(&format!("risk {plan} --effort 10 --merge 2000.json 0.json 700.json -q -o joined")).expect(0);
    for file in ["risk.csv", "limits.csv", "drivers.csv", "tornado.csv", "register.csv", "promises.csv", "scurve.csv"] {
        assert_eq!(desk.read(&format!("whole/{file}")), desk.read(&format!("joined/{file}")), "{file}");
    }
    let merged = |rest: &str| desk.run(&format!("risk {plan} --effort 10 --merge {rest}"));
    merged("0.json 2000.json").expect(2).complains("samples 700 to 1999 are missing");
    merged("0.json 0.json 700.json").expect(2).complains("sample 0 is there twice");
    desk.run(&format!("risk {plan} --effort 10 --seed 1 --merge 0.json")).expect(2).complains("not of this plan");
    desk.write("bad.json", "{\"of\":\"\",\"run\":3}");
    merged("bad.json").expect(2).complains("`bad.json` is no slice of samples");
    merged("none.json").expect(1).complains("none.json");
}

#[test]
fn what_to_buy_is_told_for_a_budget_and_for_every_goal() {
    let desk = Desk::new();
    let plan = data("hardware-programme");
    let run = desk.run(&format!("risk {plan} --effort 40 --samples 500 --budget 10000 -o out")).expect(0);
    let run = run.says("mitigations to buy for an early finish (P80)").says("With 10,000.00 EUR: buy");
    assert!(run.out.contains("purchases.csv") && run.out.contains("tornado.svg"), "{}", run.out);
    let purchases = rows(&desk.read("out/purchases.csv"));
    assert!(purchases.windows(2).all(|pair| number(&pair[0]["spent"]) < number(&pair[1]["spent"])));
    assert!(purchases.windows(2).all(|pair| pair[0]["value"] > pair[1]["value"]));
    assert!(purchases.last().is_some_and(|last| number(&last["spent"]) <= 10_000.0));
    for goal in ["cost", "deadline", "p50"] {
        desk.run(&format!("risk {plan} --effort 40 --samples 300 --mitigate {goal}"))
            .expect(0)
            .says("mitigations to buy");
    }
    for (wish, complaint) in [
        ("--mitigate soon", "expected a percentile such as p80, cost or deadline"),
        ("--mitigate p100", "expected a percentile"),
        ("--budget much", "expected a number such as 10000"),
    ] {
        desk.run(&format!("risk {plan} {wish}")).expect(2).complains(complaint);
    }
    desk.write("plan.csv", "id,duration\nA,10d\n");
    desk.run("risk plan.csv --budget 100").expect(2).complains("no mitigation to buy");
}

#[test]
fn policies_are_compared_and_can_be_chosen() {
    let desk = Desk::new();
    let plan = data("software-release");
    let run = desk.run(&format!("risk {plan} --effort 20 --samples 1000 --policy list --format json")).expect(0);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(answer["tornado"].as_array().is_some_and(|rows| rows.len() > 5));
    let run = desk.run(&format!("risk {plan} --effort 20 --samples 1000")).expect(0);
    run.says("the finish with each --policy").says("at once").says("80 % sure");
}

#[test]
fn a_robust_schedule_is_asked_for_as_an_objective() {
    let desk = Desk::new();
    let plan = data("hardware-programme");
    desk.run(&format!("solve {plan} --objective p80 --effort 30")).expect(0).says("with a confidence of 80 %");
    desk.write("plan.csv", "id,duration\nA,10d\n");
    desk.run("solve plan.csv --objective p80").expect(2).complains("no duration is uncertain");
    desk.run("risk plan.csv --uncertainty A=1,1,2 --samples 100").expect(0);
    desk.run("risk plan.csv --uncertainty x=1,1,2")
        .expect(2)
        .complains("no task has the id `x`, or is of this category; none has a category");
}

#[test]
fn samples_that_never_finish_are_told_with_the_task_and_the_reason() {
    let desk = Desk::new();
    desk.write("p/project.csv", "key,value\nstart,2026-03-02\ndeadline,2026-03-20\noverhead_per_day,10\n");
    let head = "id,duration,predecessors,calendar,pause\n";
    desk.write("p/tasks.csv", &format!("{head}A,1d,,,\nB,4h,A,night,never\nC,1d,B,,\n"));
    desk.write(
        "p/calendars.csv",
        "calendar,day,hours\nnight,mon,off\nnight,tue,off\nnight,wed,off\nnight,thu,20:00-02:00\nnight,fri,off\n\
         night,sat,off\nnight,sun,off\n",
    );
    desk.write("p/risks.csv", "id,probability,tasks,delay\nR,0.4,B,5h\n");
    let run = desk.run("risk p --samples 2000 -o out").expect(0);
    let run = run.says("do not finish: they count as later than any date").says("B finds no time in");
    let run = run.says("of the samples that finish").says("KEEPS FROM FINISHING").says("no date and no cost");
    // No date after the plan's own year is made up.
    let is_far = |text: &str| ["3", "4", "9"].iter().any(|digit| text.contains(&format!("{digit}067-")));
    assert!(!is_far(&run.out) && run.out.contains("never"), "{}", run.out);
    let percentiles = rows(&desk.read("out/risk.csv"));
    let value = |quantity: &str, share: &str| {
        let is_it = |row: &&std::collections::BTreeMap<String, String>| {
            row["quantity"] == quantity && row["percentile"] == share && row["id"].is_empty()
        };
        percentiles.iter().find(is_it).unwrap()["value"].clone()
    };
    assert_eq!([value("finish", "50"), value("finish", "80")], ["2026-03-06 17:00", "never"]);
    assert_eq!(value("cost", "80"), "never");
    let unfinished = rows(&desk.read("out/unfinished.csv"));
    assert_eq!(
        (&*unfinished[0]["id"], &*unfinished[0]["shortest"], &*unfinished[0]["longest_stretch"]),
        ("B", "1.125", "0.75")
    );
    let run = desk.run("track p --samples 500").expect(0).says("do not finish").says("B finds no time in");
    run.says("never");
    // By the clock the delay moves what follows.
    desk.write("p/risks.csv", "id,probability,tasks,delay\nR,0.4,B,5ed\n");
    let run = desk.run("risk p --samples 2000").expect(0);
    assert!(!run.out.contains("never") && !run.out.contains("do not finish"), "{}", run.out);
}
