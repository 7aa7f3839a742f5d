//! Progress, stored dates and the options of planning tools.

use super::*;
use crate::plan::{ActivityType, FloatRule, Progress, ProgressLogic};
use crate::units::Share;

fn at(day: i8, hour: i8) -> Moment {
    Moment::from_civil(date(2026, 3, day).at(hour, 0, 0, 0))
}

#[test]
fn what_has_been_done_is_read_into_the_tasks() {
    let draft = draft(vec![
        tasks(&["id|duration", "a|5d", "b|5d", "c|5d", "d|5d", "e|5d"]),
        table(
            TableKind::Progress,
            &[
                "task|actual_start|actual_finish|% complete|remaining_duration|resume",
                "a|2026-03-02 08:00|2026-03-06|100%||",
                "b|2026-03-03 08:00||40||2026-03-16",
                "c|2026-03-03 08:00||40%|4d|",
                "d|||0||",
            ],
        ),
    ]);
    let (plan, _) = validate(&draft).unwrap();
    let progress = |id: &str| plan.tasks()[plan.find_task(id).unwrap()].progress;
    let begun = |remaining: i64| Progress {
        start: at(3, 8),
        finish: None,
        remaining: Minutes(remaining * 480),
        resume: None,
        complete: Share(4_000),
    };
    let done = Progress {
        start: at(2, 8),
        finish: Some(at(7, 0)),
        remaining: Minutes(0),
        resume: None,
        complete: Share(10_000),
    };
    assert_eq!(progress("a"), Some(done));
    assert_eq!(progress("b"), Some(Progress { resume: Some(at(16, 0)), ..begun(3) }));
    assert_eq!(progress("c"), Some(begun(4)));
    assert_eq!((progress("d"), progress("e")), (None, None));
}

#[test]
fn wrong_progress_is_named_with_its_place() {
    let progress = |row: &str, expected: &[&str]| {
        let header = "task|actual_start|actual_finish|percent_complete|remaining_duration";
        let whole = tasks(&["id|duration|parent", "s||", "a|5d|s"]);
        let project = table(TableKind::Project, &["key|value", "start|2026-03-02", "status_date|2026-03-10"]);
        assert_findings(vec![whole, project, table(TableKind::Progress, &[header, row])], expected);
    };
    progress("x|2026-03-02|||", &["error unknown-task progress.csv:2 [task]"]);
    progress("s|2026-03-02|||", &["error summary-with-progress progress.csv:2 [task]"]);
    progress("a||2026-03-03||", &["error progress-without-start progress.csv:2 [task]"]);
    progress("a|2026-03-04|2026-03-02||", &["error finish-before-start progress.csv:2 [actual_finish]"]);
    progress("a|2026-03-04|2026-03-03||", &["error finish-before-start progress.csv:2 [actual_finish]"]);
    progress("a|2026-03-04|2026-03-04||", &[]);
    progress("a|2026-03-04||120|", &["error bad-percent progress.csv:2 [percent_complete]"]);
    progress("a|2026-03-04|||-1d", &["error negative-duration progress.csv:2 [remaining_duration]"]);
    progress("a|2026-03-12|||", &["warning progress-after-status-date progress.csv:2 [actual_start]"]);
    // Half done and done cannot both be true.
    progress("a|2026-03-04|2026-03-05|50|", &["error finished-yet-incomplete progress.csv:2 [percent_complete]"]);
    progress("a|2026-03-04|2026-03-05||2d", &["error finished-yet-incomplete progress.csv:2 [remaining_duration]"]);
    progress("a|2026-03-04|2026-03-05|100|0", &[]);
    progress("a|2026-02-27|||", &["warning progress-before-project progress.csv:2 [actual_start]"]);
    // The status date's own day is no later than it; the next one is.
    progress("a|2026-03-04|2026-03-10||", &[]);
    progress("a|2026-03-04|2026-03-11||", &["warning progress-after-status-date progress.csv:2 [actual_finish]"]);
}

/// The findings of a task of five days and a milestone with these rows of progress.
fn told(rows: &[&str]) -> PlanDraft {
    let header = "task|actual_start|actual_finish|percent_complete|date";
    let lines: Vec<&str> = std::iter::once(header).chain(rows.iter().copied()).collect();
    let project = table(TableKind::Project, &["key|value", "start|2026-03-02", "status_date|2026-03-16"]);
    draft(vec![tasks(&["id|duration", "a|5d", "m|0"]), project, table(TableKind::Progress, &lines)])
}

#[test]
fn rows_of_one_task_may_not_undo_each_other() {
    let findings = |rows: &[&str]| findings(&told(rows));
    let first = "a|2026-03-02|2026-03-06||2026-03-09";
    // Whatever the order of the rows in the file.
    assert_eq!(findings(&["a|2026-03-02||40|2026-03-11", first]), ["error finished-before progress.csv:2 [task]"]);
    assert_eq!(findings(&[first, "a||||2026-03-11"]), ["error finished-before progress.csv:3 [task]"]);
    assert_eq!(findings(&[first, "a|2026-03-02||100|2026-03-11"]), [""; 0]);
    let falls = ["a|2026-03-02||60|2026-03-09", "a|2026-03-02|||2026-03-10", "a|2026-03-02||40|2026-03-11"];
    assert_eq!(findings(&falls), ["warning percent-falls progress.csv:4 [percent_complete]"]);
    let start = ["a|2026-03-02||60|2026-03-09", "a|2026-03-03||60|2026-03-11"];
    assert_eq!(findings(&start), ["warning actual-date-changes progress.csv:3 [actual_start]"]);
    let finish = [first, "a|2026-03-02|2026-03-05||2026-03-11"];
    assert_eq!(findings(&finish), ["warning actual-date-changes progress.csv:3 [actual_finish]"]);
    // The correction counts.
    let (plan, _) = validate(&told(&finish)).unwrap();
    assert_eq!(plan.tasks()[TaskId::new(0)].progress.and_then(|it| it.finish), Some(at(6, 0)));
}

#[test]
fn messages_name_dates_as_they_were_written() {
    let before = told(&["a|5 March 2026|2026-03-02||"]);
    assert_eq!(
        message(&before, "finish-before-start"),
        "actual finish `2026-03-02`: before the actual start, `5 March 2026`"
    );
    let undone = told(&["a|2026-03-02|2026-03-06||2026-03-09", "a|2026-03-02||40|2026-03-11"]);
    let text = message(&undone, "finished-before");
    assert!(text.contains("finished on 2026-03-06 already, by line 2, of 2026-03-09"), "{text}");
    // The day of a row is a day on which something may have been done; the day after is not.
    assert_eq!(findings(&told(&["a|2026-03-02|2026-03-09||2026-03-09"])), [""; 0]);
    let after = message(&told(&["a|2026-03-02|2026-03-10||2026-03-09"]), "progress-after-status-date");
    assert_eq!(after, "actual dates must not lie after the date of the row, 2026-03-09");
}

#[test]
fn one_date_is_enough_for_a_milestone() {
    let progress = |row: &str| {
        let (plan, findings) = validate(&told(&[row])).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        plan.tasks()[TaskId::new(1)].progress.map(|it| (it.start, it.finish, it.complete.0))
    };
    assert_eq!(progress("m||2026-03-05||"), Some((at(6, 0), Some(at(6, 0)), 10_000)));
    assert_eq!(progress("m|2026-03-05 12:00|||"), Some((at(5, 12), Some(at(5, 12)), 10_000)));
    // Unless it says that it is not reached.
    assert_eq!(progress("m|2026-03-05 12:00||0|"), Some((at(5, 12), None, 0)));
}

#[test]
fn the_options_and_columns_of_planning_tools_are_read() {
    let draft = draft(vec![
        tasks(&[
            "id|duration|type|resource_calendars|constraint|constraint_date|second_constraint|second_constraint_date",
            "a|5d||no|SNET|2026-03-03|FNLT|2026-03-20",
            "b|0|finish milestone||||SNLT|2026-03-04",
            "c|0|level of effort|yes||||",
        ]),
        table(
            TableKind::Project,
            &[
                "key|value",
                "start|2026-03-02",
                "progress_logic|override",
                "float_rule|finish",
                "critical_float|2d",
                "open_ends_critical|yes",
                "late_from_deadline|no",
            ],
        ),
    ]);
    let (plan, _) = validate(&draft).unwrap();
    let dating = plan.project().dating;
    assert_eq!((dating.progress_logic, dating.float_rule), (ProgressLogic::Override, FloatRule::Finish));
    assert_eq!((dating.critical_float, dating.open_ends_critical), (Minutes(960), true));
    assert!(!dating.late_from_deadline);
    let task = |id: &str| &plan.tasks()[plan.find_task(id).unwrap()];
    let kinds = |id: &str| task(id).constraints().map(|constraint| constraint.kind).collect::<Vec<_>>();
    assert!(task("a").ignores_resource_calendars && !task("c").ignores_resource_calendars);
    assert_eq!(kinds("a"), [ConstraintKind::StartNoEarlierThan, ConstraintKind::FinishNoLaterThan]);
    assert_eq!(kinds("b"), [ConstraintKind::StartNoLaterThan]);
    assert_eq!(task("b").activity, ActivityType::FinishMilestone);
    assert_eq!(task("c").activity, ActivityType::LevelOfEffort);
}

#[test]
fn wrong_options_and_types_are_named() {
    let whole = tasks(&["id|duration|type|resource_calendars", "a|5d|hammer|perhaps"]);
    let lines = ["key|value", "start|2026-03-02", "progress_logic|some", "float_rule|any", "open_ends_critical|2"];
    assert_findings(
        vec![whole, table(TableKind::Project, &lines)],
        &[
            "error bad-progress-logic project.csv:3 [value]",
            "error bad-float-rule project.csv:4 [value]",
            "error bad-answer project.csv:5 [value]",
            "error bad-answer tasks.csv:2 [resource_calendars]",
            "error bad-type tasks.csv:2 [type]",
        ],
    );
}

#[test]
fn stored_dates_of_unknown_tasks_are_passed_over_with_a_word() {
    let dates = ["task|early_start|total_float", "a|2026-03-02 08:00|-1d", "x|2026-03-02 08:00|"];
    let draft = draft(vec![tasks(&["id|duration", "a|5d"]), table(TableKind::Dates, &dates)]);
    assert_eq!(findings(&draft), ["warning unknown-task dates.csv"]);
    let (plan, _) = validate(&draft).unwrap();
    let stored = plan.stored()[TaskId::new(0)];
    assert_eq!((stored.early_start, stored.early_finish), (Some(at(2, 8)), None));
    assert_eq!((stored.total_float, stored.free_float), (Some(Minutes(-480)), None));
}

#[test]
fn a_task_scheduled_by_hand_needs_its_date() {
    let rows = ["id|duration|manual|constraint|constraint_date", "a|5d|yes|MSO|2026-03-03", "b|5d|no||"];
    let (plan, _) = validate(&draft(vec![tasks(&rows)])).unwrap();
    assert_eq!(plan.tasks().iter().map(|task| task.is_manual).collect::<Vec<_>>(), [true, false]);
    let wrong = ["id|duration|manual", "a|5d|yes", "b|5d|perhaps"];
    let expected = ["error manual-without-date tasks.csv:2 [manual]", "error bad-answer tasks.csv:3 [manual]"];
    assert_findings(vec![tasks(&wrong)], &expected);
}

#[test]
fn a_plan_tells_how_it_stood_at_any_date() {
    let lines = [
        "task|actual_start|actual_finish|percent_complete|date",
        "a|2026-03-02 08:00||20|2026-03-04",
        "a|2026-03-02 08:00|2026-03-10||2026-03-11",
        "b|2026-03-09 08:00|2026-03-13||2026-03-16",
        "c||||2026-03-11",
    ];
    let issues = ["id|task|opened|resolved|status", "i|a|2026-03-05|2026-03-11|resolved"];
    let spent = ["date|amount|task|kind", "2026-03-06|100|a|", "2026-03-12|-20.50|b|paid", "2026-03-20|7|b|committed"];
    let (plan, _) = validate(&draft(vec![
        tasks(&["id|duration|account", "a|5d|labour", "b|5d|", "c|5d|"]),
        table(TableKind::Project, &["key|value", "start|2026-03-02", "status_date|2026-03-16"]),
        table(TableKind::Progress, &lines),
        table(TableKind::Issues, &issues),
        table(TableKind::Expenses, &spent),
    ]))
    .unwrap();
    assert_eq!(plan.report_dates(), [at(4, 0), at(11, 0), at(16, 0)]);
    let stood = |day: i8, id: &str| {
        let plan = plan.as_of(at(day, 0));
        plan.tasks()[plan.find_task(id).unwrap()].progress.map(|it| (it.complete.0, it.remaining.0 / 480))
    };
    assert_eq!(
        [2, 3, 4, 6, 11].map(|day| stood(day, "a")),
        [
            None,
            // A day of two until the report of 20 %.
            Some((1_000, 4)),
            Some((2_000, 4)),
            Some((2_000, 4)),
            Some((10_000, 0)),
        ]
    );
    // Nothing is reported before its finish: evenly from Monday the 9th to Friday the 13th.
    assert_eq!(
        [9, 11, 13, 14].map(|day| stood(day, "b")),
        [None, Some((4_000, 3)), Some((8_000, 1)), Some((10_000, 0))]
    );
    assert_eq!(stood(16, "c"), None);
    let open = |day: i8| plan.as_of(at(day, 0)).issues().iter().map(|issue| issue.is_resolved).collect::<Vec<_>>();
    assert_eq!([4, 5, 11].map(open), [vec![], vec![false], vec![true]]);
    let [first, _, last] = plan.expenses() else { panic!() };
    assert_eq!(first.account.map(|account| plan.label(account)), Some("labour"));
    assert_eq!((first.is_committed, last.is_committed, last.account), (false, true, None));
}

#[test]
fn wrong_expenses_are_named_with_their_place() {
    let expense = |row: &str, expected: &[&str]| {
        let project = table(TableKind::Project, &["key|value", "start|2026-03-02", "status_date|2026-03-10"]);
        let whole = tasks(&["id|duration|account", "a|5d|labour"]);
        let rows = ["date|amount|task|account|kind", row];
        assert_findings(vec![whole, project, table(TableKind::Expenses, &rows)], expected);
    };
    expense("2026-03-05|100|x||", &["error unknown-task expenses.csv:2 [task]"]);
    expense(
        "|||labour|",
        &["error missing-value expenses.csv:2 [amount]", "error missing-value expenses.csv:2 [date]"],
    );
    expense("5 March|much|a||", &["error bad-money expenses.csv:2 [amount]", "error bad-date expenses.csv:2 [date]"]);
    expense("2026-03-05|1|a||lost", &["error bad-expense-kind expenses.csv:2 [kind]"]);
    expense("2026-03-05|1|a|labor|", &["warning account-without-task expenses.csv:2 [account]"]);
    expense("2026-03-12|1|a||", &["warning expense-after-status-date expenses.csv:2 [date]"]);
    expense("2026-03-12|1|a||committed", &[]);
}
