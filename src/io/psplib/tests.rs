//! Instances written by hand, there and back, and broken on purpose.

use proptest::prelude::*;

use super::instance::{HeaderValue, Instance, Job, JobMode, Layout, MAX_NUMBER, key};
use super::*;
use crate::error::Severity;
use crate::io::csv::{draft_to_csv, read_table};
use crate::io::{ReadOptions, read_bytes};
use crate::plan::draft::TableKind;

const MULTI_MODE: &str = "\
************************************************************************
file with basedata            : tiny.bas
initial value random generator: 4711
************************************************************************
projects                      :  1
jobs (incl. supersource/sink ):  4
horizon                       :  9
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  1   N
  - doubly constrained        :  0   D
************************************************************************
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      2      0        7        3        4
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           3   2
   2        2          1           4
   3        1          1           4
   4        1          0        
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     2       1    5
         2     5       0    0
  3      1     4       2    1
  4      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  N 1
    2    7
************************************************************************
";

const SHORT: &str = "\
jobs  (incl. supersource/sink ):\t3
RESOURCES
- renewable                 : 1 R
- nonrenewable              : 0 N
- doubly constrained        : 0 D
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
1\t1\t1\t\t2 
2\t2\t1\t\t3 
3\t1\t0\t\t
************************************************************************
REQUESTS/DURATIONS
jobnr.\tmode\tdur\tR1\t
------------------------------------------------------------------------
1\t1\t0\t0\t
2\t1\t3\t2\t
\t2\t6\t1\t
3\t1\t0\t0\t
************************************************************************

 RESOURCE AVAILABILITIES 
\tR 1
\t2

************************************************************************
";

const PATTERSON: &str = "4 2\n3 1\n0 0 0 2 3 2\n5 1 0 1\n4\n 2 3 1 1 4\n0 0 0 0\n";

fn draft(file: &str, text: &str) -> PlanDraft {
    read_bytes(file, text.as_bytes().to_vec(), &ReadOptions::default())
}

fn instance(text: &str) -> Instance {
    let parsed = match format::content(text.as_bytes()) {
        Content::Patterson => patterson::parse("t", text, &mut Tally::new("t")),
        _ => sections::parse("t", text, &mut Tally::new("t")),
    };
    parsed.expect("the text is a valid instance")
}

/// The same instance without the lines it came from.
fn without_lines(mut instance: Instance) -> Instance {
    instance.capacity_line = 0;
    instance.header.iter_mut().for_each(|value| value.line = 0);
    for job in &mut instance.jobs {
        job.line = 0;
        job.modes.iter_mut().for_each(|mode| mode.line = 0);
    }
    instance
}

/// Reads the tables of a draft back into an instance, by the plainest means.
fn from_tables(draft: &PlanDraft) -> Instance {
    let cells = |kind| {
        let table = draft.table(kind);
        let rows = table.map_or(0, |table| table.len());
        (0..rows).map(|row| table.unwrap().row(row).map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let mut instance = Instance::default();
    for row in cells(TableKind::Project) {
        let keys = [
            key::BASE_DATA,
            key::SEED,
            key::HORIZON,
            key::RELEASE_DATE,
            key::DUE_DATE,
            key::TARDINESS_COST,
            key::MPM_TIME,
        ];
        if let Some(key) = keys.into_iter().find(|key| row[0] == **key) {
            instance.header.push(HeaderValue { key, value: row[1].clone(), line: 0 });
        }
        if row[0] == key::FORMAT {
            instance.layout = Layout::ALL.into_iter().find(|layout| layout.name() == row[1]).unwrap();
        }
    }
    for row in cells(TableKind::Resources) {
        let list = if row[1] == "work" { &mut instance.renewable } else { &mut instance.nonrenewable };
        list.push(row[2].parse().unwrap());
    }
    let (renewable, columns) = (instance.renewable.len(), instance.renewable.len() + instance.nonrenewable.len());
    let mode = |duration: &str, requests: &str| {
        let mut uses = vec![0; columns];
        for request in requests.split(';').filter(|request| !request.is_empty() && *request != "none") {
            let (resource, units) = request.split_once('*').unwrap();
            let base = if resource.starts_with('R') { 0 } else { renewable };
            uses[base + resource[1..].parse::<usize>().unwrap() - 1] = units.parse().unwrap();
        }
        JobMode { duration: duration.parse().unwrap(), uses, line: 0 }
    };
    for (at, row) in cells(TableKind::Tasks).into_iter().enumerate() {
        assert_eq!(row[0], (at + 1).to_string());
        let modes = if row[1].is_empty() { Vec::new() } else { vec![mode(&row[1], &row[2])] };
        instance.jobs.push(Job { modes, ..Job::default() });
    }
    for row in cells(TableKind::Modes) {
        instance.jobs[row[0].parse::<usize>().unwrap() - 1].modes.push(mode(&row[2], &row[3]));
    }
    for row in cells(TableKind::Dependencies) {
        instance.jobs[row[0].parse::<usize>().unwrap() - 1].successors.push(row[1].parse::<usize>().unwrap() - 1);
    }
    instance
}

/// The draft after its tables were written as CSV and read again.
fn through_csv(draft: &PlanDraft) -> PlanDraft {
    let read = |table: &crate::plan::draft::Table| {
        read_table(table.kind(), table.kind().file_name(), draft_to_csv(table).into_bytes(), &mut Findings::new())
    };
    let tables = draft.tables.iter().filter_map(read).collect();
    PlanDraft { tables, ..draft.clone() }
}

#[test]
fn an_instance_becomes_tables_that_a_planner_can_read() {
    let draft = draft("tiny.mm", MULTI_MODE);
    assert!(draft.findings.is_empty(), "{:?}", draft.findings);
    let csv = |kind| draft_to_csv(draft.table(kind).unwrap());
    assert_eq!(csv(TableKind::Tasks), "id,duration,resources\n1,0,\n2,,\n3,4,\"R1*2;N1*1\"\n4,0,\n");
    assert_eq!(csv(TableKind::Modes), "task,mode,duration,resources\n2,1,2,\"R1*1;N1*5\"\n2,2,5,none\n");
    assert_eq!(csv(TableKind::Dependencies), "predecessor,successor\n1,3\n1,2\n2,4\n3,4\n");
    assert_eq!(csv(TableKind::Resources), "id,kind,capacity\nR1,work,2\nN1,material,7\n");
    assert_eq!(
        csv(TableKind::Project),
        "key,value\nname,tiny\ntime_unit,period\npsplib_format,psplib\npsplib_base_data,tiny.bas\npsplib_seed,4711\n\
         psplib_horizon,9\npsplib_release_date,0\npsplib_due_date,7\npsplib_tardiness_cost,3\npsplib_mpm_time,4\n"
    );
    let tasks = draft.table(TableKind::Tasks).unwrap();
    assert_eq!(tasks.row_place(2).to_string(), "tiny.mm:30");
}

#[test]
fn an_instance_comes_back_from_its_tables_to_the_letter() {
    for (text, write) in [(MULTI_MODE, write::long as fn(&Instance) -> String), (SHORT, write::short)] {
        let tables = through_csv(&draft("t.mm", text));
        assert_eq!(write(&from_tables(&tables)), text);
    }
    let patterson = from_tables(&through_csv(&draft("t.rcp", PATTERSON)));
    assert_eq!(patterson, without_lines(instance(PATTERSON)));
    assert_eq!(patterson::write(&patterson), "4 2\n3 1\n0 0 0 2 3 2\n5 1 0 1 4\n2 3 1 1 4\n0 0 0 0\n");
}

#[test]
fn carriage_returns_and_odd_blanks_do_not_matter() {
    let crlf = MULTI_MODE.replace('\n', "\r\n").replace("RESOURCEAVAILABILITIES:", "\tResource  Availabilities");
    assert_eq!(instance(&crlf), instance(MULTI_MODE));
    assert_eq!(without_lines(instance(&PATTERSON.replace(' ', "\r\n\t"))), without_lines(instance(PATTERSON)));
}

/// Start 0, activities 1 and 2, end 3; 2 starts at least 1 after 1 and at most 4 after it, and 1 no later than 5.
const PROGEN_MAX: &str = "2\t1\t0\t0\n\
0\t1\t2\t1\t2\t[0]\t[2]\n1\t1\t2\t2\t0\t[1]\t[-5]\n2\t1\t2\t3\t1\t[ 3 ]\t[-4]\n3\t1\t0\n\
0\t1\t0\t0\n1\t1\t6\t1\n2\t1\t3\t2\n3\t1\t0\t0\n2\n";

fn rows(draft: &PlanDraft, kind: TableKind) -> Vec<String> {
    let table = draft.table(kind).expect("the table is there");
    (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join(",")).collect()
}

#[test]
fn time_lags_become_start_to_start_links_with_a_least_or_a_greatest_lag() {
    let found = draft("psp1.sch", PROGEN_MAX);
    assert!(!found.findings.has_errors(), "{:?}", found.findings);
    assert_eq!(rows(&found, TableKind::Tasks), ["0,0,,MSO,0", "1,6,R1*1,,", "2,3,R1*2,,", "3,0,,,"]);
    // All durations and lags together are 24: no schedule has a greater distance.
    let links = ["0,1,SS,0,", "0,2,SS,2,", "1,2,SS,1,", "0,1,SS,-24,5", "2,3,SS,3,", "1,2,SS,-24,4"];
    assert_eq!(rows(&found, TableKind::Dependencies), links);
    assert_eq!(rows(&found, TableKind::Resources), ["R1,work,2"]);
}

#[test]
fn a_cycle_of_zero_lags_lets_activities_start_together() {
    let text = "2\t1\t0\t0\n0\t1\t1\t1\t[0]\n1\t1\t2\t2\t3\t[0]\t[1]\n2\t1\t2\t1\t3\t[0]\t[3]\n3\t1\t0\n\
        0\t1\t0\t0\n1\t1\t6\t1\n2\t1\t3\t1\n3\t1\t0\t0\n2\n";
    let found = draft("psp1.sch", text);
    assert!(!found.findings.has_errors(), "{:?}", found.findings);
    let links = ["0,1,SS,0,", "1,2,SS,0,", "1,3,SS,1,", "1,2,SS,-13,0", "2,3,SS,3,"];
    assert_eq!(rows(&found, TableKind::Dependencies), links);
    let (plan, _) = crate::plan::validate(&found).expect("no cycle is left");
    assert_eq!(plan.tasks().len(), 4);
}

#[test]
fn projects_that_share_resources_become_summaries() {
    let text = "2\n1\n4\n\n2 0\n1\n3 2 1 1:2\n1 4 0\n\n1 7\n1\n2 1 0\n";
    let found = draft("two.txt", text);
    assert!(!found.findings.has_errors(), "{:?}", found.findings);
    let tasks = ["P1,,,,,", "1:1,P1,3,R1*2,,", "1:2,P1,1,R1*4,,", "P2,,,,SNET,7", "2:1,P2,2,R1*1,,"];
    assert_eq!(rows(&found, TableKind::Tasks), tasks);
    assert_eq!(rows(&found, TableKind::Dependencies), ["1:1,1:2"]);
}

#[test]
fn broken_lags_and_projects_are_errors_at_their_line() {
    let fault = |text: &str| draft("t", text).findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let cases = [
        (PROGEN_MAX.replace("[-5]", "[--5]"), "t:3: `--5` should be a time lag of activity 1 [progen-max]"),
        (PROGEN_MAX.replace("3\t1\t[ 3 ]", "9\t1\t[ 3 ]"), "activity 2 has a successor 9"),
        (PROGEN_MAX.replace("2\t1\t0\t0\n0", "2\t1\t1\t0\n0"), "non-renewable resources are not read"),
        (PROGEN_MAX.trim_end().trim_end_matches('2').to_owned(), "the file ends where the capacity of resource 1"),
        ("1\n1\n4\n1 0\n1\n3 2 1 1:\n".to_owned(), "`1:` should be a successor of activity 1 of project 1"),
        ("1\n1\n4\n1 0\n1\n3 2 0\n1:1\n".to_owned(), "`1:1` follows after the last of 1 projects [mplib]"),
    ];
    for (text, expected) in cases {
        assert!(fault(&text).contains(expected), "{expected}: {}", fault(&text));
    }
}

#[test]
fn horizon_and_longest_path_follow_from_the_jobs() {
    // Longest durations 0 + 5 + 4 + 0; the longest path with shortest durations is 1-3-4.
    assert_eq!((instance(MULTI_MODE).horizon(), instance(MULTI_MODE).longest_path()), (9, 4));
}

#[test]
fn every_contradiction_is_named_with_its_line() {
    let faults = |text: &str| {
        let draft = draft("t.mm", text);
        assert!(draft.tables.is_empty());
        let errors = draft.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| format!("{}: {}", finding.place, finding.text)).collect::<Vec<_>>()
    };
    let changed = |from: &str, to: &str| {
        assert!(MULTI_MODE.contains(from));
        faults(&MULTI_MODE.replacen(from, to, 1))
    };
    assert_eq!(changed("3   2\n", "3\n"), ["t.mm:19: job 1 announces 2 successors and lists 1"]);
    assert_eq!(changed("3   2\n", "3   9\n"), ["t.mm:19: job 1 has a successor 9, but there are only 4 jobs"]);
    assert_eq!(changed("3   2\n", "3   0\n")[0], "t.mm:19: successor 2 of job 1 is 0; jobs are numbered from 1");
    assert_eq!(changed("  0   D", "  1   D").len(), 1);
    assert_eq!(changed(":  4\n", ":  5\n").len(), 2);
    assert_eq!(
        changed("         2     5       0    0\n", ""),
        ["t.mm:20: job 2 announces 2 modes and has requests for 1"]
    );
    assert_eq!(
        changed("4       2    1", "4       2    x")[0],
        "t.mm:30: `x` should be a whole number from 0 to 1000000000"
    );
    assert_eq!(changed("    2    7\n", "    2\n").len(), 1);
    assert_eq!(changed("projects                      :  1", "projects : 2").len(), 1);
    assert!(changed("2     5       0", "3     5       0")[0].starts_with("t.mm:29: expected mode 2 of job 2"));
    assert!(faults("****\n").len() >= 3);
}

#[test]
fn a_patterson_file_that_is_cut_off_says_what_is_missing() {
    let fault = |text: &str| {
        let draft = draft("t.rcp", text);
        draft.findings.iter().next().map(|finding| format!("{}: {}", finding.place, finding.text)).unwrap_or_default()
    };
    assert_eq!(
        fault("2 1\n4\n0 0 1 2\n3"),
        "t.rcp:4: the file ends where the use of resource 1 by activity 2 should follow"
    );
    assert_eq!(fault("1 1\n4\n0 0 0\n7"), "t.rcp:4: `7` follows after the last of 1 activities");
    assert_eq!(
        fault("2 1\n4\n0 0 1 3\n"),
        "t.rcp:3: activity 1 has a successor 3, but activities are numbered from 1 to 2"
    );
    assert_eq!(
        fault("2 1\n4\n-1 0 1 2\n"),
        format!("t.rcp:3: `-1` should be the duration of activity 1, a whole number from 0 to {MAX_NUMBER}")
    );
    assert!(fault("999999999 999999999\n").contains("the capacity of resource 1"));
}

/// The text and the rules of the notes that a plan given as tables yields.
fn written(tables: &[(TableKind, &str)], format: PlanFormat) -> Result<(String, Vec<String>)> {
    let read = |&(kind, text): &(TableKind, &str)| {
        read_table(kind, kind.file_name(), text.as_bytes().to_vec(), &mut Findings::new()).unwrap()
    };
    let draft = PlanDraft { name: "plan".into(), tables: tables.iter().map(read).collect(), ..PlanDraft::default() };
    let (plan, _) = crate::plan::validate(&draft)?;
    let (text, notes) = write_psplib(&plan, format)?;
    Ok((text, notes.iter().map(|note| note.text.clone()).collect()))
}

#[test]
fn a_plan_that_came_from_a_file_goes_back_to_the_letter() {
    for (text, format) in [(MULTI_MODE, PlanFormat::PsplibMm), (SHORT, PlanFormat::PsplibMm)] {
        let (plan, _) = crate::plan::validate(&through_csv(&draft("tiny.mm", text))).unwrap();
        let (again, notes) = write_psplib(&plan, format).unwrap();
        assert_eq!(again, text);
        assert!(notes.is_empty(), "{notes:?}");
    }
    let (plan, _) = crate::plan::validate(&draft("tiny.rcp", PATTERSON)).unwrap();
    let (again, _) = write_psplib(&plan, PlanFormat::Patterson).unwrap();
    assert_eq!(without_lines(instance(&again)), without_lines(instance(PATTERSON)));
}

#[test]
fn a_plan_on_one_calendar_is_written_in_its_working_days_between_dummies() {
    let tables = [
        (
            TableKind::Tasks,
            "id,name,parent,duration,predecessors,resources\nS,All,,,,\nA,a,S,2d,,dev 50%\nB,b,S,1w,A,dev\n",
        ),
        (TableKind::Resources, "id,capacity\ndev,2\n"),
    ];
    let (text, notes) = written(&tables, PlanFormat::Patterson).unwrap();
    // Half units make a capacity of 4: A takes 1 of them for 2 days, B takes 2 for 5 days.
    assert_eq!(text, "4 1\n4\n0 0 1 2\n2 1 1 3\n5 2 1 4\n0 0 0\n");
    assert_eq!(
        notes,
        [
            "1 resources are written in fractions of a unit, so that all amounts are whole numbers: `dev`",
            "1 plan loses its dates: time counts in working periods from the project's start: `plan`",
            "1 summaries are left out: `S`",
            "3 tasks lose their ids and names: jobs are numbered in file order: `S`, `A`, `B`",
            "a dummy job was added as the start and the end of the project",
        ]
    );
}

#[test]
fn every_reason_against_a_format_is_given_at_once() {
    let tables = [
        (
            TableKind::Tasks,
            "id,parent,duration,predecessors,resources,calendar,constraint,constraint_date,pause\n\
             S,,,,,,,,\n\
             A,S,2d,,ana,24h,,,\n\
             B,,4h,S,skill:rust,,SNET,2030-01-01,never\n\
             C,,3ed,B SS+1d,cement*3,,,,\n",
        ),
        (TableKind::Resources, "id,kind,capacity,skills\nana,work,1,rust\ncement,material,9,\n"),
        (TableKind::Availability, "resource,from,to,units\nana,2030-02-01,2030-02-05,0\n"),
        (TableKind::Modes, "task,mode,duration\nA,2,1d\n"),
        (TableKind::Budgets, "id,cap\nall,1000\n"),
    ];
    let error = written(&tables, PlanFormat::Patterson).unwrap_err();
    let findings = error.findings().unwrap();
    assert!(findings.iter().all(|finding| finding.rule == "not-expressible"), "{findings:?}");
    let texts: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    let mut expected = [
        "resources have other units at certain times: `ana`",
        "materials are not part of this format: `cement`",
        "tasks have a calendar of their own: `A`",
        "budgets limit the plan: `all`",
        "tasks have several modes, which this format does not know: `A`",
        "tasks have a date constraint: `B`",
        "tasks must not pause over the breaks of the calendar: `B`",
        "durations of tasks are no whole number of the plan's time unit: `B`",
        "tasks ask for a skill: `B`",
        "durations of tasks run on the clock, not on the calendar: `C`",
        "links lead to or from a summary task: `S - B`",
        "links are not finish-to-start: `B - C`",
        "links have a lag: `B - C`",
    ];
    expected.sort_unstable();
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
}

#[test]
fn risks_are_left_out_with_a_note_and_what_waits_for_a_gate_stays_behind_it() {
    let tables = [
        (TableKind::Project, "key,value\ntime_unit,period\n"),
        (TableKind::Tasks, "id,duration\nA,2\nB,3\n"),
        (TableKind::Risks, "id,probability,tasks,delay\nlate,10%,A,1\n"),
        (TableKind::Gates, "id,after,before\ntest,A,B\n"),
    ];
    let (text, notes) = written(&tables, PlanFormat::PsplibSm).unwrap();
    let lost = ["1 risk is left out: `late`", "1 gate is left out: `test`"];
    assert!(lost.iter().all(|lost| notes.iter().any(|note| note == lost)), "{notes:?}");
    let plan = crate::plan::validate(&draft("plan.sm", &text)).unwrap().0;
    let lengths = |task| plan.modes_of(task).first().map(|mode| mode.duration.minutes().0);
    let joins_them =
        |link: &crate::plan::Link| (lengths(link.predecessor), lengths(link.successor)) == (Some(2), Some(3));
    assert!(plan.links().iter().any(joins_them), "{text}");
}

#[test]
fn a_changed_plan_gets_a_new_horizon_and_a_single_mode_file_refuses_modes() {
    let mut tables = through_csv(&draft("tiny.mm", MULTI_MODE)).tables;
    for table in tables.iter_mut().filter(|table| table.kind() == TableKind::Tasks) {
        let longer = draft_to_csv(table).replace("3,4,", "3,40,");
        *table = read_table(TableKind::Tasks, "tasks.csv", longer.into_bytes(), &mut Findings::new()).unwrap();
    }
    let draft = PlanDraft { tables, ..PlanDraft::default() };
    let (plan, _) = crate::plan::validate(&draft).unwrap();
    let (text, notes) = write_psplib(&plan, PlanFormat::PsplibMm).unwrap();
    // Longest durations 0 + 5 + 40 + 0; the longest path is job 3 alone.
    assert!(text.contains("horizon                       :  45\n") && text.contains("        7        3       40\n"));
    assert_eq!(notes.iter().map(|note| note.rule).collect::<Vec<_>>(), ["psplib-header"]);
    assert!(write_psplib(&plan, PlanFormat::PsplibSm).unwrap_err().is_invalid_plan());
    assert!(write_psplib(&plan, PlanFormat::Csv).unwrap_err().is_usage());
}

/// The instance made one that can be scheduled: no cycles, one start, one end, amounts within capacities.
fn schedulable(mut instance: Instance) -> Instance {
    let count = instance.jobs.len();
    instance.renewable.iter_mut().for_each(|capacity| *capacity += 50);
    instance.nonrenewable.iter_mut().for_each(|capacity| *capacity = 10_000);
    let columns = instance.renewable.len() + instance.nonrenewable.len();
    let dummy = vec![JobMode { duration: 0, uses: vec![0; columns], line: 0 }];
    (instance.jobs[0].modes, instance.jobs[count - 1].modes) = (dummy.clone(), dummy);
    let mut is_entered = vec![false; count];
    for (at, job) in instance.jobs.iter_mut().enumerate() {
        let mut seen = std::collections::BTreeSet::new();
        job.successors.retain(|&successor| successor > at && seen.insert(successor));
        if job.successors.is_empty() && at + 1 < count {
            job.successors.push(count - 1);
        }
        job.successors.iter().for_each(|&successor| is_entered[successor] = true);
    }
    let unentered = (1..count).filter(|&at| !is_entered[at]);
    instance.jobs[0].successors.extend(unentered);
    let (horizon, mpm_time) = (instance.horizon(), instance.longest_path());
    for value in &mut instance.header {
        match value.key {
            key::HORIZON => value.value = horizon.to_string(),
            key::MPM_TIME => value.value = mpm_time.to_string(),
            _ => {}
        }
    }
    instance
}

prop_compose! {
    /// Any instance, its header included; links may well be cyclic.
    fn instances()(
        renewable in prop::collection::vec(0..100_i64, 0..4),
        nonrenewable in prop::collection::vec(0..100_i64, 0..3),
        layout in prop::sample::select(Layout::ALL.to_vec()),
        count in 2..9_usize,
    )(
        jobs in prop::collection::vec(
            (
                prop::collection::vec(0..count, 0..4),
                prop::collection::vec(
                    (0..1000_i64, prop::collection::vec(0..50_i64, renewable.len() + nonrenewable.len())),
                    1..=if layout == Layout::Patterson { 1 } else { 4 },
                ),
            ),
            count,
        ),
        renewable in Just(renewable),
        nonrenewable in Just(if layout == Layout::Patterson { Vec::new() } else { nonrenewable.clone() }),
        layout in Just(layout),
        values in prop::collection::vec(0..100_000_u32, 6),
    ) -> Instance {
        let columns = renewable.len() + nonrenewable.len();
        let jobs = jobs.into_iter().map(|(successors, modes)| {
            let mode = |(duration, mut uses): (i64, Vec<i64>)| {
                uses.truncate(columns);
                JobMode { duration, uses, line: 0 }
            };
            Job { successors, modes: modes.into_iter().map(mode).collect(), line: 0 }
        }).collect();
        let keys = [key::SEED, key::HORIZON, key::RELEASE_DATE, key::DUE_DATE, key::TARDINESS_COST, key::MPM_TIME];
        let mut header = vec![HeaderValue { key: key::BASE_DATA, value: "some.bas".into(), line: 0 }];
        header.extend(keys.into_iter().zip(values).map(|(key, value)| HeaderValue { key, value: value.to_string(), line: 0 }));
        if layout != Layout::Psplib {
            header.clear();
        }
        Instance { layout, header, renewable, nonrenewable, capacity_line: 0, jobs }
    }
}

fn text_of(instance: &Instance) -> String {
    match instance.layout {
        Layout::Psplib => write::long(instance),
        Layout::Mmlib => write::short(instance),
        Layout::Patterson => patterson::write(instance),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(expected in instances()) {
        let read = draft("t", &text_of(&expected));
        prop_assert!(!read.findings.has_errors(), "{:?}", read.findings);
        prop_assert_eq!(&from_tables(&read), &expected);
        prop_assert_eq!(&from_tables(&through_csv(&read)), &expected);
    }

    #[test]
    fn an_instance_that_became_a_plan_is_written_as_it_was(instance in instances().prop_map(schedulable)) {
        let text = text_of(&instance);
        let plan = crate::plan::validate(&through_csv(&draft("t", &text)));
        prop_assert!(plan.is_ok(), "{:?}\n{text}", plan.err().map(|error| error.findings().cloned()));
        let format = if instance.layout == Layout::Patterson { PlanFormat::Patterson } else { PlanFormat::PsplibMm };
        let again = write_psplib(&plan.unwrap().0, format);
        prop_assert!(again.is_ok(), "{:?}", again.err().map(|error| error.findings().cloned()));
        prop_assert_eq!(again.unwrap().0, text);
    }

    #[test]
    fn damaged_files_end_in_tables_or_findings(
        instance in instances(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..6),
    ) {
        let mut bytes = text_of(&instance).into_bytes();
        for (at, what, byte) in damage {
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at + 1),
                2 => bytes.insert(at, byte),
                _ => {
                    let line_end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| at + end);
                    bytes.drain(at..line_end.max(at + 1).min(bytes.len()));
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let draft = read_bytes("t.mm", bytes, &ReadOptions::default());
        prop_assert!(!draft.tables.is_empty() || draft.findings.has_errors());
    }

    #[test]
    fn any_text_with_the_right_beginning_is_survived(text in "\\*\\*\\*\n([a-zA-Z#:/*. -]{0,12}|PRECEDENCE RELATIONS:|REQUESTS/DURATIONS:|RESOURCEAVAILABILITIES|jobs : [0-9]{1,12}|- renewable : [0-9]{1,20}|- nonrenewable : [0-9]|[0-9 ]{0,20}|\n){0,40}") {
        draft("t.sm", &text);
    }

    #[test]
    fn any_numbers_are_survived(text in "[0-9]{1,10} [0-9 .+-]{0,80}(\n[0-9 ]{0,40}){0,6}") {
        draft("t.rcp", &text);
    }
}
