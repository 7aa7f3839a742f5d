//! `floatline tradeoff`, as a user meets it.

use super::desk::{Desk, data, rows};

#[test]
fn the_warehouse_has_a_cheapest_finish_in_the_middle_of_its_front() {
    let desk = Desk::new();
    let plan = data("warehouse");
    let run = desk.run(&format!("tradeoff {plan} -o out")).expect(0);
    let run =
        run.says("The cheapest finish is 2026-07-07 17:00: 856,800.00 EUR.").says("slab 15 -> 11 (weekend pours)");
    assert!(run.out.contains("front.csv, steps.csv, front.svg, schedule.csv, assignments.csv written"), "{}", run.out);
    let front = rows(&desk.read("out/front.csv"));
    let number = |text: &str| text.parse::<f64>().unwrap();
    assert!(front.len() > 10 && front.iter().all(|row| row["status"] == "optimal"));
    assert!(front.windows(2).all(|pair| {
        pair[0]["finish"] > pair[1]["finish"] && number(&pair[0]["direct_cost"]) < number(&pair[1]["direct_cost"])
    }));
    let cheapest: Vec<&str> =
        front.iter().filter(|row| row["cheapest"] == "yes").map(|row| &*row["total_cost"]).collect();
    assert_eq!(cheapest, ["856800.00"]);
    let steps = rows(&desk.read("out/steps.csv"));
    assert!(steps.iter().all(|row| row["mode_before"] != row["mode"] && row["duration_before"] != row["duration"]));
    // The schedule written is that of the point picked, and anybody may judge it.
    desk.run(&format!("check {plan} --schedule out/schedule.csv")).expect(0);
    desk.run(&format!("tradeoff {plan} --threads 1 -q -o again")).expect(0);
    for file in ["front.csv", "steps.csv", "front.svg", "schedule.csv"] {
        assert_eq!(desk.read(&format!("out/{file}")), desk.read(&format!("again/{file}")), "{file}");
    }
}

#[test]
fn a_point_is_picked_by_its_date() {
    let desk = Desk::new();
    let plan = data("warehouse");
    desk.run(&format!("tradeoff {plan} --ignore-resources --pick 2026-06-30 -q -o out")).expect(0);
    let last = rows(&desk.read("out/schedule.csv")).into_iter().find(|row| row["task"] == "open").unwrap();
    assert_eq!(last["finish"], "2026-06-30 17:00");
    desk.run(&format!("tradeoff {plan} --ignore-resources --pick 2026-01-30 -o none"))
        .expect(2)
        .complains("no point finishes by");
    desk.run(&format!("tradeoff {plan} --pick soon")).expect(2).complains("expected cheapest, fastest or a date");
    assert!(!desk.path("none").exists());
}

#[test]
fn files_of_another_plan_do_not_stay_beside_a_front() {
    let desk = Desk::new();
    desk.run(&format!("tradeoff {} --ignore-resources -q -o out", data("warehouse"))).expect(0);
    desk.write("plan.csv", "id,duration\nA,4d\n");
    desk.run("tradeoff plan.csv --continuous -q -o out").expect(0);
    assert_eq!(desk.files("out").keys().collect::<Vec<_>>(), ["front.csv", "steps.csv"]);
}

#[test]
fn a_front_that_is_not_proven_says_so() {
    let desk = Desk::new();
    let plan = data("warehouse");
    let run = desk.run(&format!("tradeoff {} --effort 20", data("solar-park"))).expect(0);
    let run =
        run.says("cheapest by then").says("Finishes between or before these may exist; more --effort looks further.");
    run.says("The cheapest finish found is ");
    desk.run(&format!("tradeoff {plan} --points 4"))
        .expect(0)
        .says("The cheapest finish found is ")
        .says("without --points");
    let run = desk.run(&format!("tradeoff {plan} --ignore-resources")).expect(0).says("The cheapest finish is ");
    assert!(!run.out.contains("may exist"), "{}", run.out);
}

#[test]
fn a_continuous_front_is_a_bound_of_the_discrete_one() {
    let desk = Desk::new();
    let plan = data("warehouse");
    let front = |flags: &str| -> serde_json::Value {
        let run = desk.run(&format!("tradeoff {plan} {flags} --format json")).expect(0);
        serde_json::from_str::<serde_json::Value>(&run.out).unwrap()["front"].clone()
    };
    let (continuous, discrete) = (front("--continuous --points 200"), front("--ignore-resources"));
    for row in discrete.as_array().unwrap() {
        let cost = |row: &serde_json::Value| row["direct_cost"].as_f64().unwrap();
        let by =
            continuous.as_array().unwrap().iter().rfind(|other| other["finish"].as_str() >= row["finish"].as_str());
        assert!(cost(by.unwrap()) <= cost(row) + 0.01, "{row}");
    }
}

#[test]
fn points_are_simulated() {
    let desk = Desk::new();
    let run =
        desk.run(&format!("tradeoff {} --ignore-resources --points 4 --risk --samples 300 -o out", data("warehouse")));
    run.expect(0).says("P80");
    let front = rows(&desk.read("out/front.csv"));
    assert!(front.iter().all(|row| row["p80_finish"] > row["finish"]));
}
