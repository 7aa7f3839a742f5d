//! The rules of resources and demands, and tasks that can never be done.

use super::*;

#[test]
fn resources_have_their_rules() {
    for (row, expected) in [
        ("r|thing|1|", "error bad-kind resources.csv:3 [kind]"),
        ("r|work|-1|", "error negative-amount resources.csv:3 [capacity]"),
        ("r|work|1|85/x", "error bad-rate resources.csv:3 [rate]"),
        ("r|work|1|cheap", "error bad-money resources.csv:3 [rate]"),
        ("ana|work|1|", "error duplicate-id resources.csv:3 [id]"),
        ("|work|1|", "error empty-id resources.csv:3 [id]"),
    ] {
        let resources = table(TableKind::Resources, &["id|kind|capacity|rate", "ana|work|1|", row]);
        assert_findings(vec![resources, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
    let resources =
        || table(TableKind::Resources, &["id|kind|calendar|skills", "ana|work||rust", "sand|material|standard|"]);
    assert_findings(
        vec![resources(), tasks(&["id|duration", "a|1d"])],
        &["warning ignored-on-material resources.csv:3 [calendar]"],
    );
    let confused = || draft(vec![resources(), tasks(&["id|duration|resources", "a|1d|skill:ana;rust"])]);
    assert!(message(&confused(), "unknown-skill").contains("write `ana` without `skill:`"));
    assert!(message(&confused(), "unknown-resource").contains("write `skill:rust`"));
    for (row, expected) in [
        ("bob|2026-01-01|2026-01-02|1", "error unknown-resource availability.csv:2 [resource]"),
        ("ana|2026-01-03|2026-01-02|1", "error from-after-to availability.csv:2 [to]"),
        ("ana|2026-01-01|2026-01-02|", "error missing-value availability.csv:2 [units]"),
        ("ana|2026-01-01|2026-01-02|-1", "error negative-amount availability.csv:2 [units]"),
        ("sand|2026-01-01|2026-01-02|1", "error material-availability availability.csv:2 [resource]"),
    ] {
        let people = table(TableKind::Resources, &["id|kind", "ana|work", "sand|material"]);
        let windows = table(TableKind::Availability, &["resource|from|to|units", row]);
        assert_findings(vec![people, windows, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
}

#[test]
fn demands_are_held_against_the_most_there_ever_is() {
    let resources = || {
        table(
            TableKind::Resources,
            &["id|kind|capacity|skills", "dev|work|2|rust", "ana|work|1|rust", "sand|material|10|"],
        )
    };
    let with = |list: &str| {
        let row = format!("a|1d|{list}");
        vec![resources(), tasks(&["id|duration|resources", &row])]
    };
    assert_findings(with("dev*2;skill:rust*3;sand*10"), &[]);
    assert_findings(with("dev*3"), &["error demand-above-capacity tasks.csv:2 [resources]"]);
    assert_findings(with("skill:rust*4"), &["error skill-above-capacity tasks.csv:2 [resources]"]);
    assert_findings(with("sand*11"), &["error material-above-total tasks.csv:2 [resources]"]);
    // A window lifts dev to 5, but not where another window of 1 lies over it, nor before the project starts.
    let windows = |rows: &[&str]| table(TableKind::Availability, &[&["resource|from|to|units"], rows].concat());
    let mut lifted = with("dev*5");
    lifted.push(windows(&["dev|2026-05-01|2026-05-31|5", "dev|2026-05-01|2026-05-30|1"]));
    assert_findings(lifted, &[]);
    let mut covered = with("dev*5");
    covered.push(windows(&["dev|2026-05-01|2026-05-31|5", "dev|2026-05-01|2026-05-31|1"]));
    assert_findings(covered, &["error demand-above-capacity tasks.csv:2 [resources]"]);
    let mut past = with("dev*5");
    past.push(windows(&["dev|2025-05-01|2025-05-31|5"]));
    assert_findings(past, &["error demand-above-capacity tasks.csv:2 [resources]"]);
}

#[test]
fn a_mode_that_cannot_be_used_is_a_warning_while_another_can() {
    let tables = |mode: &str| {
        vec![
            table(TableKind::Resources, &["id|capacity", "dev|2"]),
            tasks(&["id|duration|resources", "a|1d|dev*3"]),
            table(TableKind::Modes, &["task|mode|duration|resources", mode]),
        ]
    };
    assert_findings(tables("a|2|1d|dev"), &["warning unusable-mode tasks.csv:2 [resources]"]);
    assert_findings(
        tables("a|2|1d|dev*4"),
        &["error demand-above-capacity modes.csv:2 [resources]", "error demand-above-capacity tasks.csv:2 [resources]"],
    );
}

#[test]
fn a_task_longer_than_its_calendar_ever_offers_is_named() {
    let tables = |task: &str| {
        vec![
            table(
                TableKind::Calendars,
                &[
                    "calendar|day|hours",
                    "days|mon-fri|8-16",
                    "nights|mon-fri|20-24",
                    "fair|mon|off",
                    "fair|2026-05-04..2026-05-08|8-12",
                    "longer|mon-fri|8-16",
                    "longer|2026-05-02|24h",
                ],
            ),
            table(TableKind::Resources, &["id|capacity|calendar", "owl|1|nights", "lark|1|days", "hall|0|days"]),
            table(TableKind::Availability, &["resource|from|to|units", "hall|2026-05-04|2026-05-05|1"]),
            tasks(&["id|duration|resources|calendar|pause", task]),
        ]
    };
    let too_long = &["error never-enough-working-time tasks.csv:2 [duration]"][..];
    assert_findings(tables("a|1h|owl;lark||"), too_long);
    assert_findings(tables("a|1h|owl|days|"), too_long);
    assert_findings(tables("a|1h|owl|24h|"), &[]);
    // Five days of four hours are 20 hours.
    assert_findings(tables("a|20h||fair|"), &[]);
    assert_findings(tables("a|21h||fair|"), too_long);
    // The hall is leased for two working days of 8 hours.
    assert_findings(tables("a|16h|hall||"), &[]);
    assert_findings(tables("a|17h|hall||"), too_long);
    assert_findings(tables("a|99ed|owl;lark||"), &[]);
    let broken = &["error never-unbroken tasks.csv:2 [duration]"][..];
    assert_findings(tables("a|8h||days|never"), &[]);
    assert_findings(tables("a|9h||days|never"), broken);
    assert_findings(tables("a|24h||longer|never"), &[]);
    assert_findings(tables("a|25h||longer|never"), broken);
    assert_findings(tables("a|999h||24h|never"), &[]);
}
