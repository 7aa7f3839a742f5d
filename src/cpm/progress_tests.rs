//! Dates of work that has begun, worked out by hand.
//!
//! The week of 2026-03-02 begins on a Monday; days have eight hours from 08:00 to 17:00.

use std::borrow::Cow;

use super::{Basis, analyse, left_by_logic, quickest_modes};
use crate::index::IdVec;
use crate::network::compile;
use crate::plan::draft::{PlanDraft, Table, TableKind};
use crate::plan::{Plan, TaskId, validate};
use crate::schedule::{Driver, TaskDates};

const PROJECT: [&str; 3] = ["key|value", "start|2026-03-02", "status_date|2026-03-11 08:00"];

fn plan(project: &[&str], tasks: &[&str], progress: &[&str]) -> Plan {
    let table = |kind: TableKind, lines: &[&str]| {
        let mut table = Table::new(kind, kind.file_name(), lines[0].split('|'));
        for (line, row) in (2..).zip(&lines[1..]) {
            assert!(table.push_row(line, row.split('|')));
        }
        table
    };
    let tables =
        vec![table(TableKind::Project, project), table(TableKind::Tasks, tasks), table(TableKind::Progress, progress)];
    let whole = validate(&PlanDraft { name: "begun".into(), tables, ..PlanDraft::default() }).unwrap().0;
    left_by_logic(Cow::Owned(whole)).into_owned()
}

fn dates(plan: &Plan) -> IdVec<TaskId, TaskDates> {
    let network = compile(plan).unwrap();
    analyse(plan, &network, &quickest_modes(&network), Basis::Logic)
}

/// `early start, early finish, late finish, total float in hours` of a task.
fn shown(plan: &Plan, id: &str) -> String {
    let dates = dates(plan)[plan.find_task(id).unwrap()];
    let day = |moment: crate::units::Moment| moment.to_string()[5..].to_owned();
    let (start, finish, late) = (day(dates.early_start), day(dates.early_finish), day(dates.late_finish));
    format!("{start}, {finish}, {late}, {}h", dates.total_float.0 / 60)
}

const TASKS: [&str; 6] = [
    "id|duration|predecessors|type",
    "done|5d||",
    "begun|5d|done|",
    "next|3d|begun FS+2d|",
    "beside|2d|begun SS+3d|",
    "end|0|next;beside|finish milestone",
];
const PROGRESS: [&str; 3] = [
    "task|actual_start|actual_finish|remaining_duration",
    "done|2026-03-02 08:00|2026-03-06 17:00|",
    "begun|2026-03-09 08:00||4d",
];

#[test]
fn what_is_left_goes_on_at_the_status_date_and_lags_have_run_meanwhile() {
    let plan = plan(&PROJECT, &TASKS, &PROGRESS);
    assert_eq!(shown(&plan, "done"), "03-02 08:00, 03-06 17:00, 03-06 17:00, 0h");
    assert_eq!(shown(&plan, "begun"), "03-11 08:00, 03-16 17:00, 03-16 17:00, 0h");
    assert_eq!(shown(&plan, "next"), "03-19 08:00, 03-23 17:00, 03-23 17:00, 0h");
    // Two of the three days of the lag have been worked.
    assert_eq!(shown(&plan, "beside"), "03-12 08:00, 03-13 17:00, 03-23 17:00, 48h");
}

#[test]
fn started_out_of_sequence_waits_by_retained_logic_and_goes_on_by_override() {
    let tasks = ["id|duration|predecessors", "first|4d|", "second|5d|first", "third|1d|second"];
    let progress = ["task|actual_start|actual_finish|remaining_duration", "second|2026-03-09 08:00||3d"];
    let retained = plan(&PROJECT, &tasks, &progress);
    assert_eq!(shown(&retained, "second"), "03-17 08:00, 03-19 17:00, 03-19 17:00, 0h");
    let options = [PROJECT[0], PROJECT[1], PROJECT[2], "progress_logic|override"];
    let overridden = plan(&options, &tasks, &progress);
    assert_eq!(shown(&overridden, "second"), "03-11 08:00, 03-13 17:00, 03-13 17:00, 0h");
    assert_eq!(shown(&overridden, "third"), "03-16 08:00, 03-16 17:00, 03-16 17:00, 0h");
}

#[test]
fn finished_out_of_sequence_hands_on_what_it_should_have_waited_for() {
    let tasks = ["id|duration|predecessors", "first|4d|", "second|5d|first", "third|1d|second"];
    let progress = ["task|actual_start|actual_finish", "second|2026-03-02 08:00|2026-03-06 17:00"];
    let plan = plan(&PROJECT, &tasks, &progress);
    assert_eq!(shown(&plan, "third"), "03-17 08:00, 03-17 17:00, 03-17 17:00, 0h");
}

#[test]
fn by_actual_dates_what_follows_waits_for_the_actual_finish_alone() {
    let tasks = ["id|duration|predecessors", "first|4d|", "second|5d|first", "third|1d|second"];
    let options = [PROJECT[0], PROJECT[1], PROJECT[2], "progress_logic|actual"];
    let of = |row: &str, id: &str| {
        let header = "task|actual_start|actual_finish|remaining_duration";
        shown(&plan(&options, &tasks, &[header, row]), id)
    };
    let done = "second|2026-03-02 08:00|2026-03-06 17:00|";
    assert_eq!(of(done, "third"), "03-11 08:00, 03-11 17:00, 03-16 17:00, 24h");
    // An actual finish after the status date counts as well.
    let ahead = "second|2026-03-02 08:00|2026-03-12 17:00|";
    assert_eq!(of(ahead, "third"), "03-13 08:00, 03-13 17:00, 03-16 17:00, 8h");
    // Work under way waits as by retained logic.
    let begun = "second|2026-03-09 08:00||3d";
    assert_eq!(of(begun, "second"), "03-17 08:00, 03-19 17:00, 03-19 17:00, 0h");
}

#[test]
fn lags_between_starts_count_from_the_early_or_from_the_actual_start() {
    let tasks = ["id|duration|predecessors", "first|4d|", "begun|6d|first", "beside|1d|begun SS+3d", "tail|6d|beside"];
    let progress = ["task|actual_start|remaining_duration", "begun|2026-03-09 08:00|4d"];
    let of = |options: &[&str], id: &str| {
        let lines: Vec<&str> = PROJECT.iter().chain(options).copied().collect();
        shown(&plan(&lines, &tasks, &progress), id)
    };
    // The rest of it starts on the 17th; two of the three days of the lag had been worked before the status date.
    assert_eq!(of(&[], "begun"), "03-17 08:00, 03-20 17:00, 03-20 17:00, 0h");
    assert_eq!(of(&[], "beside"), "03-18 08:00, 03-18 17:00, 03-18 17:00, 0h");
    // From the actual start, Monday the 9th, three days end on Wednesday evening. Late dates are held by what is left of the
    // lag all the same: a day before Thursday.
    let actual = ["lag_from_actual_start|yes"];
    assert_eq!(of(&actual, "beside"), "03-12 08:00, 03-12 17:00, 03-12 17:00, 0h");
    assert_eq!(of(&actual, "begun"), "03-17 08:00, 03-20 17:00, 03-16 17:00, -32h");
}

#[test]
fn suspended_work_goes_on_when_it_resumes() {
    let progress = ["task|actual_start|remaining_duration|resume", "a|2026-03-09 08:00|2d|2026-03-18 08:00"];
    let plan = plan(&PROJECT, &["id|duration", "a|5d"], &progress);
    assert_eq!(shown(&plan, "a"), "03-18 08:00, 03-19 17:00, 03-19 17:00, 0h");
}

#[test]
fn without_a_status_date_started_work_stands_where_it_stands() {
    let progress = [
        "task|actual_start|actual_finish|remaining_duration|resume",
        "done|2026-03-02 08:00|2026-03-05 17:00||",
        "begun|2026-03-09 08:00||4d|2026-03-12 08:00",
    ];
    let plan = plan(&PROJECT[..2], &TASKS, &progress);
    assert_eq!(shown(&plan, "done"), "03-02 08:00, 03-05 17:00, 03-05 17:00, 0h");
    // Four days of work from Thursday on.
    assert_eq!(shown(&plan, "begun"), "03-09 08:00, 03-17 17:00, 03-17 17:00, 0h");
    assert_eq!(shown(&plan, "next"), "03-20 08:00, 03-24 17:00, 03-24 17:00, 0h");
}

#[test]
fn level_of_effort_lasts_as_long_as_what_it_is_linked_to() {
    let tasks = [
        "id|duration|predecessors|type",
        "done|5d||",
        "begun|5d|done|",
        "next|3d|begun|",
        "support|0|begun SS;next FF|level of effort",
    ];
    let plan = plan(&PROJECT, &tasks, &PROGRESS);
    assert_eq!(shown(&plan, "support"), "03-11 08:00, 03-19 17:00, 03-19 17:00, 0h");
    assert_eq!(plan.links().len(), 2);
}

#[test]
fn floats_follow_the_rule_of_the_plan() {
    let tasks = ["id|duration|predecessors", "a|2d|", "b|4d|", "c|1d|a;b"];
    let of = |options: &[&str], id: &str| {
        let lines: Vec<&str> = PROJECT.iter().chain(options).copied().collect();
        let plan = plan(&lines, &tasks, &["task|actual_start|remaining_duration", "b|2026-03-09 08:00|4d"]);
        let dates = dates(&plan)[plan.find_task(id).unwrap()];
        (dates.total_float.0 / 480, dates.critical)
    };
    assert_eq!(of(&[], "a"), (2, false));
    assert_eq!(of(&["critical_float|2d"], "a"), (2, true));
    assert_eq!(of(&["deadline|2026-03-19", "late_from_deadline|yes"], "c"), (2, false));
    assert_eq!(of(&["deadline|2026-03-19"], "c"), (0, true));
    let open = ["id|duration|predecessors", "a|2d|", "b|4d|"];
    let open_ended = |options: &[&str]| {
        let lines: Vec<&str> = PROJECT.iter().chain(options).copied().collect();
        let plan = plan(&lines, &open, &["task|actual_start", "b|2026-03-09 08:00"]);
        dates(&plan)[plan.find_task("a").unwrap()].total_float.0 / 480
    };
    assert_eq!((open_ended(&[]), open_ended(&["open_ends_critical|yes"])), (2, 0));
}

#[test]
fn work_lasts_until_the_finish_that_is_expected_of_it() {
    let tasks = [
        "id|duration|predecessors|expected_finish|constraint",
        "begun|5d||2026-03-17 17:00|",
        "next|3d|begun|2026-03-19 12:00|",
        "passed|2d|next|2026-03-18 17:00|",
        "joined|2d|begun FF|2026-03-25 17:00|",
        "late|1d|begun|2026-03-20 17:00|ALAP",
        "end|0|passed||",
    ];
    let progress = ["task|actual_start|remaining_duration", "begun|2026-03-09 08:00|1d"];
    let of = |options: &[&str], id: &str| {
        let lines: Vec<&str> = PROJECT.iter().chain(options).copied().collect();
        shown(&plan(&lines, &tasks, &progress), id)
    };
    let used = ["use_expected_finish|yes"];
    // Five days from the status date, a Wednesday, instead of one; then a day and a half instead of three.
    assert_eq!(of(&used, "begun"), "03-11 08:00, 03-17 17:00, 03-17 17:00, 0h");
    assert_eq!(of(&used, "next"), "03-18 08:00, 03-19 12:00, 03-19 12:00, 0h");
    // What is expected before it can start, held at its finish or as late as possible takes as long as it says.
    assert_eq!(of(&used, "passed"), "03-19 13:00, 03-23 12:00, 03-23 12:00, 0h");
    assert_eq!(of(&used, "joined"), "03-16 08:00, 03-17 17:00, 03-23 12:00, 28h");
    assert_eq!(of(&used, "late"), "03-20 13:00, 03-23 12:00, 03-23 12:00, 0h");
    assert_eq!(of(&[], "begun"), "03-11 08:00, 03-11 17:00, 03-11 17:00, 0h");
    assert_eq!(of(&[], "next"), "03-12 08:00, 03-16 17:00, 03-16 17:00, 0h");
}

#[test]
fn honoured_constraints_win_over_links_and_others_give_negative_float() {
    let tasks = [
        "id|duration|predecessors|constraint|constraint_date",
        "first|4d||ASAP|",
        "start|2d|first|SNLT|2026-03-12",
        "finish|2d|first|FNLT|2026-03-13",
        "kept|2d|first|SNLT|2026-03-20",
        "after|1d|start|ASAP|",
    ];
    let of = |option: &str, id: &str| {
        let lines = [PROJECT[0], PROJECT[1], PROJECT[2], option];
        shown(&plan(&lines, &tasks, &["task|actual_start"]), id)
    };
    // The first one ends on Monday evening; that the others stand before it is its own delay.
    let (yes, no) = ("honor_constraints|yes", "honor_constraints|no");
    assert_eq!(of(yes, "first"), "03-11 08:00, 03-16 17:00, 03-11 17:00, -24h");
    assert_eq!(of(yes, "start"), "03-12 08:00, 03-13 17:00, 03-13 17:00, 0h");
    assert_eq!(of(yes, "finish"), "03-12 08:00, 03-13 17:00, 03-13 17:00, 0h");
    assert_eq!(of(yes, "kept"), "03-17 08:00, 03-18 17:00, 03-18 17:00, 0h");
    assert_eq!(of(yes, "after"), "03-16 08:00, 03-16 17:00, 03-18 17:00, 16h");
    assert_eq!(of(no, "start"), "03-17 08:00, 03-18 17:00, 03-13 17:00, -24h");
    assert_eq!(of(no, "after"), "03-19 08:00, 03-19 17:00, 03-19 17:00, 0h");
    let lines = [PROJECT[0], PROJECT[1], PROJECT[2], yes];
    let plan = plan(&lines, &tasks, &["task|actual_start"]);
    let held = dates(&plan)[plan.find_task("start").unwrap()];
    assert_eq!(held.driver, Driver::Constraint);
}

#[test]
fn tasks_scheduled_by_hand_stand_and_what_follows_is_computed_from_them() {
    let tasks = [
        "id|duration|predecessors|manual|constraint|constraint_date",
        "before|2d|||ASAP|",
        "stands|1d|before|yes|MSO|2026-03-02",
        "after|1d|stands||ASAP|",
        "long|5d|||ASAP|",
        "starts|1d||yes|MSO|2026-03-02",
        "beside|1d|starts SS||ASAP|",
    ];
    let plan = plan(&PROJECT[..2], &tasks, &["task|actual_start"]);
    // Its link asks for Wednesday, but moves it no more than it holds what follows.
    assert_eq!(shown(&plan, "stands"), "03-02 08:00, 03-02 17:00, 03-06 08:00, 24h");
    assert_eq!(shown(&plan, "after"), "03-03 08:00, 03-03 17:00, 03-06 17:00, 24h");
    // The link tells all the same how late its predecessor may be: a day before the latest start on Thursday.
    assert_eq!(shown(&plan, "before"), "03-02 08:00, 03-03 17:00, 03-04 17:00, 8h");
    // Links from its start do not hold its late dates.
    assert_eq!(shown(&plan, "starts"), "03-02 08:00, 03-02 17:00, 03-06 17:00, 32h");
    assert_eq!(Plan::without_idle_links(Cow::Borrowed(&plan)).links().len(), 2);
}
