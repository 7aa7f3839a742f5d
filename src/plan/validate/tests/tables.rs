//! The rules of tables, columns, cells, project and calendars, and many mistakes at once.

use super::*;

#[test]
fn all_mistakes_of_a_broken_draft_come_out_together() {
    let draft = draft(vec![
        tasks(&[
            "id|duration|predecessors|resources|parent|colour|deadline",
            "design|5x||bob|||03/04/2026",
            "build|-2d|desgin FS+2d;build|||blue|",
            "build|1d||dev*9|nowhere||2026-02-30",
            "|1d||||",
        ]),
        table(TableKind::Resources, &["id|capacity|rate", "dev|4|1,5x", "dev|-1|"]),
        table(TableKind::Budgets, &["id|scope|key|cap", "b|account|A9|lots"]),
    ]);
    let mut expected = [
        "error unknown-account budgets.csv:2 [key]",
        "error bad-money budgets.csv:2 [cap]",
        "error bad-money resources.csv:2 [rate]",
        "error negative-amount resources.csv:3 [capacity]",
        "error duplicate-id resources.csv:3 [id]",
        "warning unknown-column tasks.csv [colour]",
        "error ambiguous-date tasks.csv:2 [deadline]",
        "error bad-duration tasks.csv:2 [duration]",
        "error unknown-resource tasks.csv:2 [resources]",
        "error negative-duration tasks.csv:3 [duration]",
        "error self-link tasks.csv:3 [predecessors]",
        "error unknown-task tasks.csv:3 [predecessors]",
        "error impossible-date tasks.csv:4 [deadline]",
        "error duplicate-id tasks.csv:4 [id]",
        "error unknown-task tasks.csv:4 [parent]",
        "error demand-above-capacity tasks.csv:4 [resources]",
        "error empty-id tasks.csv:5 [id]",
    ];
    let mut found = findings(&draft);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(message(&draft, "unknown-task"), "predecessor `desgin`: no such task; did you mean `design`?");
    assert!(message(&draft, "duplicate-id").contains("line 2"));
}

#[test]
fn a_wrong_name_and_a_wrong_lag_are_both_told() {
    let said = |cell: &str| -> Vec<String> {
        let draft = draft(vec![tasks(&["id|duration|predecessors", "design|1d|", &format!("build|1d|{cell}")])]);
        validate(&draft).unwrap_err().findings().unwrap().iter().map(|finding| finding.to_string()).collect()
    };
    let unknown = "`desgin`: no such task [unknown-task]; did you mean `design`?";
    let units = "`q` is no unit of time; expected m, h, d, w, mo or em, eh, ed, ew, emo";
    let found = said("desgin FS+1q");
    let lag_of = |found: &[String]| found.iter().any(|text| text.contains("`FS+1q`") && text.contains(units));
    assert!(found.len() == 2 && found.iter().any(|text| text.contains(unknown)) && lag_of(&found), "{found:?}");
    let found = said("design FS+1q");
    assert!(found.len() == 1 && lag_of(&found), "{found:?}");
    let found = said("design XX");
    assert!(
        found.len() == 1 && found[0].contains("if `design` is meant: `XX` is no link type (FS, SS, FF, SF)"),
        "{found:?}"
    );
    let found = said("desgin");
    assert!(found.len() == 1 && found[0].contains(unknown), "{found:?}");
}

#[test]
fn each_cell_of_a_task_has_its_rule() {
    for (header, cell, expected) in [
        ("duration", "", "error missing-duration tasks.csv:2 [duration]"),
        ("duration", "soon", "error bad-duration tasks.csv:2 [duration]"),
        ("duration", "-1d", "error negative-duration tasks.csv:2 [duration]"),
        ("duration|parent", "1d|x", "error unknown-task tasks.csv:2 [parent]"),
        ("duration|parent", "1d|a", "error parent-cycle tasks.csv:2 [parent]"),
        ("duration|predecessors", "1d|a", "error self-link tasks.csv:2 [predecessors]"),
        ("duration|predecessors", "1d|b FS+x", "error bad-lag tasks.csv:2 [predecessors]"),
        ("duration|resources", "1d|skill:x", "error unknown-skill tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana;ana", "error duplicate-demand tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana*-1", "error negative-amount tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana*0", "warning zero-demand tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana*2", "error demand-above-capacity tasks.csv:2 [resources]"),
        ("duration|calendar", "1d|nights", "error unknown-calendar tasks.csv:2 [calendar]"),
        ("duration|constraint", "1d|SNET", "error constraint-without-date tasks.csv:2 [constraint]"),
        ("duration|constraint", "1d|later", "error bad-constraint tasks.csv:2 [constraint]"),
        ("duration|constraint_date", "1d|2026-05-01", "error date-without-constraint tasks.csv:2 [constraint_date]"),
        (
            "duration|constraint|constraint_date",
            "1d|ASAP|2026-05-01",
            "warning date-without-constraint tasks.csv:2 [constraint_date]",
        ),
        (
            "duration|constraint|constraint_date",
            "1d|MSO|2026-02-01",
            "error constraint-before-start tasks.csv:2 [constraint_date]",
        ),
        ("duration|constraint|constraint_date", "1d|MSO|never", "error bad-date tasks.csv:2 [constraint_date]"),
        ("duration|deadline", "1d|9999-12-31", "error out-of-range tasks.csv:2 [deadline]"),
        ("duration|priority", "1d|1001", "error bad-priority tasks.csv:2 [priority]"),
        ("duration|cost_distribution", "1d|pert(1,2,3)", "error incomplete-estimate tasks.csv:2 [cost_distribution]"),
        (
            "duration|fixed_cost|cost_distribution",
            "1d|5|pert(3,2,1)",
            "error estimate-order tasks.csv:2 [cost_distribution]",
        ),
        (
            "duration|fixed_cost|cost_distribution",
            "1d|5|pert",
            "error bad-distribution tasks.csv:2 [cost_distribution]",
        ),
        ("duration|fixed_cost", "1d|-5", "error negative-amount tasks.csv:2 [fixed_cost]"),
        ("duration|fixed_cost", "1d|9999999999999", "error money-out-of-range tasks.csv:2 [fixed_cost]"),
        ("duration|payment", "1d|soon", "error bad-money tasks.csv:2 [payment]"),
        ("duration|income", "1d|-5", ""),
        ("duration|pause", "1d|maybe", "error bad-pause tasks.csv:2 [pause]"),
        ("duration|pause", "5h|never", "error never-unbroken tasks.csv:2 [duration]"),
        ("duration|optimistic", "1d|1h", "error incomplete-estimate tasks.csv:2 [optimistic]"),
        ("duration|distribution", "1d|normal", "error incomplete-estimate tasks.csv:2 [distribution]"),
        ("duration|optimistic|pessimistic", "1d|2d|3d", "error estimate-order tasks.csv:2 [optimistic]"),
        ("duration|optimistic|pessimistic", "1d|1ed|3d", "error mixed-estimate tasks.csv:2 [optimistic]"),
        ("duration|distribution", "1d|pert(1d,2d)", "error bad-distribution tasks.csv:2 [distribution]"),
        ("duration|Not Before|constraint", "1d|NA|", ""),
        ("duration|Start No Earlier Than", "1d|2026-05-01", ""),
        ("duration|deadline|constraint_date", "1d|NA|NA", ""),
        ("duration|splittable", "4h|no", ""),
    ] {
        let header = format!("id|{header}");
        let row = format!("a|{cell}");
        let expected: Vec<&str> = Some(expected).filter(|expected| !expected.is_empty()).into_iter().collect();
        assert_findings(vec![tasks(&[&header, &row, "b|1d"])], &expected);
    }
}

#[test]
fn a_start_date_under_its_own_header_needs_no_constraint_column() {
    let plan = plan(vec![tasks(&["id|duration|Start No Earlier Than", "a|1d|2026-05-01"])]);
    let constraint = plan.tasks()[TaskId::new(0)].constraint.expect("given");
    assert_eq!(
        (constraint.kind, constraint.moment),
        (ConstraintKind::StartNoEarlierThan, Moment::midnight(date(2026, 5, 1)))
    );
}

#[test]
fn missing_tables_columns_and_cells_are_named() {
    assert_findings(vec![], &["error missing-table tasks.csv"]);
    assert_findings(vec![tasks(&["id|duration"])], &["error missing-table tasks.csv"]);
    assert_findings(
        vec![tasks(&["id|lenght", "a|1d"])],
        &["error missing-column tasks.csv", "warning unknown-column tasks.csv [lenght]"],
    );
    let twice = vec![tasks(&["id|duration", "a|1d"]), tasks(&["id|duration", "b|1d"])];
    assert_findings(twice, &["error duplicate-table tasks.csv"]);
    assert_findings(
        vec![tasks(&["id|duration|Dur", "a|1d|"]), table(TableKind::Dependencies, &["predecessor|successor", "|a"])],
        &["error missing-value dependencies.csv:2 [predecessor]", "warning duplicate-column tasks.csv [Dur]"],
    );
}

#[test]
fn the_project_table_has_its_rules() {
    for (row, expected) in [
        ("strat|2026-01-01", "warning unknown-key project.csv:2 [key]"),
        ("status_date|someday", "error bad-date project.csv:2 [value]"),
        ("hours_per_day|25", "error out-of-range project.csv:2 [value]"),
        ("hours_per_day|0", "error out-of-range project.csv:2 [value]"),
        ("calendar|moon", "error unknown-calendar project.csv:2 [value]"),
        ("time_unit|fortnight", "error bad-time-unit project.csv:2 [value]"),
        ("overhead_per_day|-1", "error negative-amount project.csv:2 [value]"),
        ("deadline|1999-01-01", "error deadline-before-start project.csv:2 [value]"),
        ("|x", "error empty-id project.csv:2 [key]"),
        ("start|2026-05-01", "error duplicate-id project.csv:3 [key]"),
    ] {
        let project = table(TableKind::Project, &["key|value", row, "start|2026-03-02"]);
        assert_findings(vec![project, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
    let project = table(TableKind::Project, &["key|value", "strat|2026-03-02"]);
    assert_eq!(message(&draft(vec![project]), "unknown-key"), "key `strat` is not used; did you mean `start`?");
}

#[test]
fn a_plan_of_periods_has_whole_numbers_for_times() {
    let period = || table(TableKind::Project, &["key|value", "time_unit|period"]);
    let plan = plan(vec![period(), tasks(&["id|duration|predecessors|deadline", "a|3||9", "b|0|a FS+2|"])]);
    assert_eq!((plan.project().start, plan.project().time_unit), (Moment(0), TimeUnit::Period));
    assert_eq!(plan.tasks()[TaskId::new(0)].deadline, Some(Moment(9)));
    assert_eq!(&*plan.calendars()[plan.project().calendar].id, "24h");
    assert_findings(
        vec![period(), tasks(&["id|duration|deadline", "a|3d|2026-01-01"])],
        &["error bad-date tasks.csv:2 [deadline]", "error bad-duration tasks.csv:2 [duration]"],
    );
}

#[test]
fn calendars_have_their_rules() {
    for (row, expected) in [
        ("c|someday|8-12", "error bad-day calendars.csv:3 [day]"),
        ("c|tue|lunch", "error bad-hours calendars.csv:3 [hours]"),
        ("c|tue|8-12;11-13", "error overlapping-shifts calendars.csv:3 [hours]"),
        ("c|mon|8-12", "error duplicate-weekday calendars.csv:3 [day]"),
        ("c|2026-05-02..2026-05-01|off", "error from-after-to calendars.csv:3 [day]"),
        ("24h|mon|8-12", "error reserved-calendar calendars.csv:3 [calendar]"),
        ("|mon|8-12", "error empty-id calendars.csv:3 [calendar]"),
        ("c|tue|", "error missing-value calendars.csv:3 [hours]"),
        ("c|02/03/2026|off", "error ambiguous-date calendars.csv:3 [day]"),
    ] {
        let calendars = table(TableKind::Calendars, &["calendar|day|hours", "c|mon|8-16", row]);
        assert_findings(vec![calendars, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
}

#[test]
fn the_given_date_order_reaches_every_table() {
    let mut draft = draft(vec![
        table(TableKind::Project, &["key|value", "start|02/03/2026"]),
        table(TableKind::Calendars, &["calendar|day|hours", "standard|03/03/2026|off"]),
        tasks(&["id|duration|deadline", "a|1d|04/03/2026"]),
    ]);
    draft.date_order = Some(DateOrder::DayMonthYear);
    let (plan, _) = validate(&draft).expect("valid");
    assert_eq!(plan.project().start, Moment::midnight(date(2026, 3, 2)));
    assert_eq!(plan.calendars()[CalendarId::new(0)].exceptions[0].from, date(2026, 3, 3));
    assert_eq!(plan.tasks()[TaskId::new(0)].deadline, Some(Moment::midnight(date(2026, 3, 5))));
}

#[test]
fn a_flood_of_findings_is_cut_off_and_counted() {
    let rows: Vec<String> = (0..20_000).map(|at| format!("t{at}|1d|x{at}")).collect();
    let rows: Vec<&str> = ["id|duration|predecessors"].into_iter().chain(rows.iter().map(String::as_str)).collect();
    let draft = draft(vec![tasks(&rows)]);
    assert_eq!(findings(&draft).len(), 1001);
    assert_eq!(message(&draft, "more-findings"), "19000 more findings of the rule `unknown-task` are not shown");
}
