//! `floatline risk`, as a user meets it.

use super::desk::{Desk, data, rows};

#[test]
fn a_sample_plan_is_simulated_and_written_down() {
    let desk = Desk::new();
    let plan = data("software-release");
    let run = desk.run(&format!("risk {plan} --samples 2000 --effort 40 -o out")).expect(0);
    let run = run.says("2,000 samples").says("of the samples keep it").says("P80").says("CRITICAL IN");
    assert!(
        run.out.contains("risk.csv, drivers.csv, register.csv, promises.csv, scurve.csv written to out"),
        "{}",
        run.out
    );
    assert!(run.out.contains("what risks and issues do to the finish"), "{}", run.out);
    let found = rows(&desk.read("out/risk.csv"));
    let finish = |percentile: &str| {
        let is_it = |row: &&std::collections::BTreeMap<String, String>| {
            row["quantity"] == "finish" && row["task"].is_empty() && row["percentile"] == percentile
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
    let of_task = |row: &&std::collections::BTreeMap<String, String>| row["task"] == "L9" && row["percentile"] == "90";
    assert_eq!((&*board["task"], &*board["confidence"]), ("L9", "90"));
    assert_eq!(board["promise"], found.iter().find(of_task).unwrap()["value"]);
    assert!(number(&board["kept"]) <= 1.0 && run.out.contains("dates to promise"), "{}", run.out);
    // The same again, on another number of threads.
    desk.run(&format!("risk {plan} --samples 2000 --effort 40 --threads 1 -q -o again")).expect(0);
    for file in ["risk.csv", "drivers.csv", "register.csv", "promises.csv", "scurve.csv"] {
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
    desk.run("risk plan.csv --samples 0").expect(2);
    desk.run("risk plan.csv --precision 0").expect(2).complains("above zero");
    desk.run("risk nothing.csv").expect(1).complains("nothing.csv");
}
