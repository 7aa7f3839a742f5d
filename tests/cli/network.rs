//! The network of `solve --network`.

use super::desk::{Desk, data};

#[test]
fn the_picture_is_written_and_taken_away_with_the_schedule() {
    let desk = Desk::new();
    let plan = data("software-release");
    let run = |flags: &str| desk.run(&format!("solve {plan} --effort 20 {flags}")).expect(0);
    run("--network -o out --threads 1").says("network.svg and summary.csv to out");
    let picture = desk.read("out/network.svg");
    assert!(picture.starts_with("<svg") && picture.contains(">SS+50%</text>"), "{picture}");
    assert_eq!(picture.matches("class=\"node\"").count(), 43 + 3, "activities, milestones and gates");
    run("--network -o again --threads 2");
    assert_eq!(desk.read("again/network.svg"), picture);
    run("-o out");
    assert!(!desk.path("out/network.svg").exists(), "it would be taken for a part of the new answer");
    desk.run(&format!("solve {plan} --network")).expect(2).complains("give -o OUT");
}
