//! The rules of summaries, links, modes, budgets and risks.

use super::*;

#[test]
fn summaries_have_their_rules() {
    for (row, expected) in [
        ("S|9d||ana|||", "error summary-with-resources tasks.csv:2 [resources]"),
        ("S||||100||", "error summary-with-cost tasks.csv:2 [fixed_cost]"),
        ("S|||||||100", "error summary-with-payment tasks.csv:2 [payment]"),
        ("S|||||standard|", "warning summary-with-calendar tasks.csv:2 [calendar]"),
        ("S||||||ALAP", "error summary-constraint tasks.csv:2 [constraint]"),
        ("S||a||||", "error summary-own-descendant tasks.csv:2 [predecessors]"),
        ("S||b FF||||", "error summary-link-type tasks.csv:2 [predecessors]"),
        ("S||b SS||0||", ""),
        ("S|-||none|||", "error bad-duration tasks.csv:2 [duration]"),
    ] {
        let table = tasks(&[
            "id|duration|predecessors|resources|fixed_cost|calendar|constraint|payment|parent",
            &format!("{row}{}|", "|".repeat(7 - row.matches('|').count())),
            "a|1d|||||||S",
            "b|1d|||||||",
        ]);
        assert_findings(vec![table], &Some(expected).filter(|it| !it.is_empty()).into_iter().collect::<Vec<_>>());
    }
    for (link, expected) in [
        ("S|a|FS||", "error summary-own-descendant dependencies.csv:2 [successor]"),
        ("S|b|SS||", "error summary-link-type dependencies.csv:2 [successor]"),
        ("S|b|FS||5d", "error summary-max-lag dependencies.csv:2 [successor]"),
        ("S|b|FS|50%|", "error summary-percent-lag dependencies.csv:2 [successor]"),
        ("S|b|FF|2d|", ""),
        ("b|S|SF||", "error summary-link-type dependencies.csv:2 [successor]"),
    ] {
        let tables = vec![
            tasks(&["id|duration|parent", "S||", "a|1d|S", "b|1d|"]),
            table(TableKind::Dependencies, &["predecessor|successor|type|lag|max_lag", link]),
        ];
        assert_findings(tables, &Some(expected).filter(|it| !it.is_empty()).into_iter().collect::<Vec<_>>());
    }
    let modes = table(TableKind::Modes, &["task|mode|duration", "S|2|1d"]);
    assert_findings(
        vec![tasks(&["id|duration|parent", "S||", "a|1d|S"]), modes],
        &["error summary-with-mode modes.csv:2 [task]"],
    );
}

#[test]
fn cycles_are_printed_as_cycles() {
    let circle = draft(vec![tasks(&["id|duration|predecessors", "a|1d|c", "b|1d|a", "c|1d|b", "d|1d|c;e", "e|1d|d"])]);
    assert_eq!(
        findings(&circle),
        ["error dependency-cycle tasks.csv:2 [predecessors]", "error dependency-cycle tasks.csv:5 [predecessors]"]
    );
    assert!(message(&circle, "dependency-cycle").starts_with("tasks depend on each other: a -> b -> c -> a;"));
    // The short way round a -> b -> a counts, not the long one over c.
    let short = draft(vec![tasks(&["id|duration|predecessors", "a|1d|b;c", "b|1d|a", "c|1d|b"])]);
    assert!(message(&short, "dependency-cycle").contains(": a -> b -> a;"));
    let through = draft(vec![tasks(&["id|duration|predecessors|parent", "S||x|", "a|1d||S", "x|1d|a|"])]);
    assert!(
        message(&through, "dependency-cycle").contains(": S -> a -> x -> S;"),
        "{}",
        message(&through, "dependency-cycle")
    );
    let whole = draft(vec![tasks(&["id|duration|predecessors|parent", "S||T|", "a|1d||S", "T||S|", "b|1d||T"])]);
    assert!(
        message(&whole, "dependency-cycle").contains(": S -> a -> S -> T")
            || message(&whole, "dependency-cycle").contains(": S -> a -> T"),
        "{}",
        message(&whole, "dependency-cycle")
    );
    let parents = draft(vec![tasks(&["id|duration|parent", "a|1d|b", "b|1d|c", "c|1d|b"])]);
    assert!(message(&parents, "parent-cycle").contains("b -> c -> b"));
}

#[test]
fn links_of_both_tables_have_their_rules() {
    for (row, expected) in [
        ("a|x|||", "error unknown-task dependencies.csv:2 [successor]"),
        ("a|b|AB||", "error bad-link dependencies.csv:2 [type]"),
        ("a|b||soon|", "error bad-lag dependencies.csv:2 [lag]"),
        ("a|b||3d|2d", "error max-lag-below-lag dependencies.csv:2 [max_lag]"),
        ("a|a|||", "error self-link dependencies.csv:2 [successor]"),
        ("a|c|||", "warning duplicate-link dependencies.csv:2 [successor]"),
        ("a|c|SS||", ""),
        ("b|a|||", ""),
    ] {
        let tables = vec![
            tasks(&["id|duration|predecessors", "a|1d|", "b|1d|", "c|1d|a"]),
            table(TableKind::Dependencies, &["predecessor|successor|type|lag|max_lag", row]),
        ];
        assert_findings(tables, &Some(expected).filter(|it| !it.is_empty()).into_iter().collect::<Vec<_>>());
    }
    let plan = plan(vec![tasks(&["id|duration|predecessors", "a|1d|", "b|1d|a;a;a SS;a"])]);
    assert_eq!(plan.links().len(), 2, "a repeated link counts once");
    let clash = table(TableKind::Dependencies, &["predecessor|successor|lag|lag_calendar", "a|b|2ed|project"]);
    assert_findings(
        vec![tasks(&["id|duration", "a|1d", "b|1d"]), clash],
        &["warning elapsed-lag-calendar dependencies.csv:2 [lag]"],
    );
}

#[test]
fn modes_budgets_and_risks_have_their_rules() {
    let lone = || tasks(&["id|duration|account", "a|1d|A1", "b||"]);
    for (row, expected) in [
        ("x|2|1d|", vec!["error unknown-task modes.csv:3 [task]"]),
        ("b|1|1d|", vec!["error duplicate-mode modes.csv:3 [mode]"]),
        ("b|2|-1d|", vec!["error negative-duration modes.csv:3 [duration]"]),
        ("b||1d|", vec!["error missing-value modes.csv:3 [mode]"]),
        ("b|2|1d|-5", vec!["error negative-amount modes.csv:3 [cost]"]),
        ("a|1|3d|", vec!["warning mode-replaces-duration modes.csv:3 [duration]"]),
        ("b|2|4d|", vec![]),
    ] {
        assert_findings(vec![lone(), table(TableKind::Modes, &["task|mode|duration|cost", "b|1|1d|", row])], &expected);
    }
    let whole = || tasks(&["id|duration|account|parent", "a|1d|A1|s", "s|||"]);
    for (row, expected) in [
        ("b|task|x|||1", vec!["error unknown-task budgets.csv:2 [key]"]),
        ("b|task|s|||1", vec!["error wrong-scope budgets.csv:2 [key]"]),
        ("b|wbs|a|||1", vec!["error wrong-scope budgets.csv:2 [key]"]),
        ("b|all|a|||1", vec!["error wrong-scope budgets.csv:2 [key]"]),
        ("b|moon|a|||1", vec!["error bad-scope budgets.csv:2 [scope]"]),
        ("b|account|A2|||1", vec!["error unknown-account budgets.csv:2 [key]"]),
        ("b|resource|bob|||1", vec!["error unknown-resource budgets.csv:2 [key]"]),
        ("b|wbs||||1", vec!["error missing-value budgets.csv:2 [key]"]),
        ("b|||||", vec!["error missing-value budgets.csv:2 [cap]"]),
        ("b|||||-1", vec!["error negative-amount budgets.csv:2 [cap]"]),
        ("b|||2026-05-02|2026-05-01|1", vec!["error from-after-to budgets.csv:2 [to]"]),
        ("b|||2026-05-02|2026-05-02|1", vec![]),
    ] {
        assert_findings(vec![whole(), table(TableKind::Budgets, &["id|scope|key|from|to|cap", row])], &expected);
    }
    for (row, expected) in [
        ("r|1.5|a", vec!["error bad-probability risks.csv:2 [probability]"]),
        ("r|30%|a;x", vec!["error unknown-task risks.csv:2 [tasks]"]),
        ("r|0.3|a,s", vec![]),
    ] {
        assert_findings(vec![whole(), table(TableKind::Risks, &["id|probability|tasks", row])], &expected);
    }
}

#[test]
fn a_chain_beyond_the_end_of_time_is_refused_but_not_a_long_sum() {
    let serial: Vec<String> = (1..10).map(|at| format!("t{at}|900000d|t{}", at - 1)).collect();
    let rows: Vec<&str> =
        ["id|duration|predecessors", "t0|900000d|"].into_iter().chain(serial.iter().map(String::as_str)).collect();
    // Each takes 900,000 * 480 minutes: 821 years.
    assert_findings(vec![tasks(&rows)], &["error plan-too-long tasks.csv:11"]);
    let parallel: Vec<String> = (0..20).map(|at| format!("t{at}|900000d|")).collect();
    let rows: Vec<&str> = ["id|duration|predecessors"].into_iter().chain(parallel.iter().map(String::as_str)).collect();
    assert_findings(vec![tasks(&rows)], &[]);
}
