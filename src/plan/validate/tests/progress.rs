//! Progress, stored dates and the options of planning tools.

use super::*;
use crate::plan::{ActivityType, FloatRule, Progress, ProgressLogic};

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
    let begun =
        |remaining: i64| Progress { start: at(3, 8), finish: None, remaining: Minutes(remaining * 480), resume: None };
    let done = Progress { start: at(2, 8), finish: Some(at(7, 0)), remaining: Minutes(0), resume: None };
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
    progress("a|2026-03-04||120|", &["error bad-percent progress.csv:2 [percent_complete]"]);
    progress("a|2026-03-04|||-1d", &["error negative-duration progress.csv:2 [remaining_duration]"]);
    progress("a|2026-03-12|||", &["warning progress-after-status-date progress.csv:2 [actual_start]"]);
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
