//! The tables as their readers see them, and schedules read back.

use super::*;
use crate::error::Severity;
use crate::index::{Id, IdVec};
use crate::plan::{
    ConstraintKind, DemandSource, Duration, Lag, LagAmount, LagCalendar, LinkId, LinkKind, Plan, ResourceId,
    ResourceKind, TaskId,
};
use crate::schedule::testing::{DAY, Sketch, days, lag, march, schedule};
use crate::schedule::{Driver, Goal, Measure, Objective, Outcome, Period, Schedule, Status, TaskDates, verify};
use crate::units::{Amount, Minutes, Moment, Money, Rate, Share};
use proptest::prelude::*;

fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("memory");
    String::from_utf8(out).expect("text")
}

/// `design` by Ana on 2 and 3 March, `build` by Ana and half of Ben on 4 and 5 March, below the summary `phase "1", first`.
fn sample() -> (Plan, Schedule) {
    let mut sketch = Sketch::new();
    let phase = sketch.summary("phase");
    sketch.at(phase).name = "phase \"1\", first".into();
    let (ana, ben) = (sketch.person("ana"), sketch.person("ben"));
    sketch.resources[ana.index()].rate = Rate { money: Money(1_000), per: Minutes(60) };
    let design = sketch.task("design", days(2));
    let build = sketch.task("build", days(2));
    for task in [design, build] {
        sketch.needs(task, ana, 1);
        sketch.at(task).parent = Some(phase);
    }
    sketch.needs(build, ben, 1);
    sketch.modes[build.index()][0].demands[1].amount = Amount(5_000);
    sketch.link(design, LinkKind::FinishToStart, build, Lag::NONE);
    let plan = sketch.build();
    let times = [(march(2, 8), march(5, 17)), (march(2, 8), march(3, 17)), (march(4, 8), march(5, 17))];
    let schedule = schedule(&plan, &times);
    (plan, schedule)
}

fn dates_of(schedule: &Schedule, driver: Driver) -> IdVec<TaskId, TaskDates> {
    let dates = schedule.placements.iter().map(|placement| TaskDates {
        early_start: placement.start,
        early_finish: placement.finish,
        late_start: placement.start,
        late_finish: placement.finish,
        total_float: Minutes(-DAY / 2),
        free_float: Minutes(3 * DAY),
        critical: true,
        longest_path: false,
        driver,
    });
    dates.collect::<Vec<_>>().into()
}

#[test]
fn the_schedule_table_reads_as_a_planner_expects() {
    let (plan, schedule) = sample();
    let dates = dates_of(&schedule, Driver::Link(LinkId::new(0)));
    let csv = text(|out| write_schedule(&plan, &schedule, &dates, Format::Csv, out));
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], SCHEDULE_COLUMNS.join(","));
    // Sixteen hours at 10.00 each for either task; the summary costs both.
    let span = "2026-03-02 08:00,2026-03-05 17:00";
    let rest = "-0.5,3,yes,no,design FS";
    assert_eq!(lines[1], format!("phase,\"phase \"\"1\"\", first\",{span},,,320.00,{span},{span},{rest},320.00"));
    let span = "2026-03-04 08:00,2026-03-05 17:00";
    assert_eq!(lines[3], format!("build,,{span},1,ana;ben*0.5,160.00,{span},{span},{rest},160.00"));

    let json = text(|out| write_schedule(&plan, &schedule, &IdVec::new(), Format::Json, out));
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&rows[2]["task"], &rows[2]["cost"]), (&"build".into(), &160.0.into()));
    assert!(rows[2]["driver"].is_null() && rows[0]["mode"].is_null());
}

#[test]
fn drivers_are_told_in_words() {
    let mut sketch = Sketch::new();
    sketch.person("ana");
    let (a, b) = (sketch.task("a", days(1)), sketch.task("b", days(1)));
    let elapsed =
        |minutes| Lag { amount: LagAmount::Minutes(Minutes(minutes)), calendar: LagCalendar::TwentyFourHours };
    sketch.link(a, LinkKind::FinishToStart, b, lag(2 * DAY));
    sketch.link(a, LinkKind::StartToStart, b, lag(-90));
    sketch.link(a, LinkKind::FinishToFinish, b, elapsed(3 * 1_440));
    let half = Lag { amount: LagAmount::Percent(Share(-5_000)), calendar: LagCalendar::Successor };
    sketch.link(a, LinkKind::StartToFinish, b, half);
    sketch.constrain(a, ConstraintKind::StartNoEarlierThan, march(2, 0));
    sketch.constrain(b, ConstraintKind::FinishNoEarlierThan, march(7, 0));
    let plan = sketch.build();
    let cases = [
        (Driver::ProjectStart, "project start"),
        (Driver::Link(LinkId::new(0)), "a FS+2d"),
        (Driver::Link(LinkId::new(1)), "a SS-90m"),
        (Driver::Link(LinkId::new(2)), "a FF+3ed"),
        (Driver::Link(LinkId::new(3)), "a SF-50%"),
        (Driver::Resource(ResourceId::new(0), a), "ana after a"),
        (Driver::Summary(a), "summary a"),
        (Driver::Capacity, "no capacity earlier"),
        (Driver::AsLateAsPossible, "as late as possible"),
        (Driver::Constraint, "finish no earlier than 2026-03-06"),
    ];
    for (driver, words) in cases {
        assert_eq!(super::schedule::driver_words(&plan, b, driver), words);
    }
    assert_eq!(super::schedule::driver_words(&plan, a, Driver::Constraint), "start no earlier than 2026-03-02");
}

#[test]
fn assignments_usage_and_costs_say_who_when_and_how_much() {
    let (plan, schedule) = sample();
    let assignments = text(|out| write_assignments(&plan, &schedule, Format::Csv, out));
    assert_eq!(assignments.lines().count(), 4);
    assert!(assignments.contains("build,,ben,,,0.5,2026-03-04 08:00,2026-03-05 17:00,8,0.00\n"), "{assignments}");
    let usage = text(|out| write_usage(&plan, &schedule, Period::Week, Format::Csv, out));
    // Four days of five; two half days of five.
    assert_eq!(
        usage,
        USAGE_COLUMNS.join(",") + "\nana,,,2026-03-02,32,40,1,80.0,h\nben,,,2026-03-02,8,40,0.5,20.0,h\n"
    );
    let costs = text(|out| write_costs(&plan, &schedule, Period::Day, Format::Csv, out));
    assert_eq!(costs.lines().nth(4), Some("2026-03-05,,80.00,320.00"));
}

#[test]
fn the_summary_tells_makespan_bound_and_gap_in_the_plans_unit() {
    let (plan, schedule) = sample();
    let mut outcome = Outcome {
        status: Status::Feasible,
        dates: dates_of(&schedule, Driver::ProjectStart),
        schedule: Some(schedule),
        lower_bound: march(4, 12),
        bound_reason: String::new(),
        goals: vec![Goal {
            objective: Objective::Finish,
            bound: Some(Measure::Finish(march(4, 12))),
            is_proven: false,
        }],
        effort_spent: 1,
        stopped: None,
        message: "fine".into(),
    };
    let row = SummaryRow { seconds: Some(0.25), ..SummaryRow::of_outcome(&plan, &outcome, 7) };
    let failure = SummaryRow::of_failure("other", "invalid", "2 errors, see stderr", 7);
    let csv = text(|out| write_summary(&[row, failure], Format::Csv, out));
    // 4 days against 2.5: 60 % above.
    let expected = "test,feasible,2026-03-02 08:00,2026-03-05 17:00,4,320.00,0,,2.5,finish,2.5,60.00,1,0.250,7,fine\n\
                    other,invalid,,,,,,,,,,,,,7,\"2 errors, see stderr\"\n";
    assert_eq!(csv, SUMMARY_COLUMNS.join(",") + "\n" + expected);
    outcome.schedule = None;
    outcome.status = Status::Infeasible;
    assert_eq!(SummaryRow::of_outcome(&plan, &outcome, 0).gap, None);
}

#[test]
fn what_is_written_reads_back() {
    let (plan, schedule) = sample();
    let dates = dates_of(&schedule, Driver::ProjectStart);
    let csv = text(|out| write_schedule(&plan, &schedule, &dates, Format::Csv, out));
    let (back, findings) = read_schedule(&plan, "schedule.csv", csv.as_bytes()).expect("our own file");
    assert_eq!(back, schedule);
    assert!(findings.is_empty());
    assert!(!verify(&plan, &back).has_errors());
}

#[test]
fn a_schedule_of_starts_alone_is_completed_from_the_plan() {
    let (plan, schedule) = sample();
    for file in [
        "task,start\ndesign,2026-03-02\nbuild,2026-03-04\n",
        "\u{feff}Task;Start;Finish\r\nbuild;2026-03-04;2026-03-05\r\ndesign;2026-03-02T08:00;2026-03-03\r\n",
        "ID\tStart\tResource Names\nbuild\t2026-03-04\tben 50%,ana\ndesign\t2026-03-02\t\nphase\t2026-03-02\t\n",
    ] {
        let (read, findings) = read_schedule(&plan, "schedule.csv", file.as_bytes()).expect("a good file");
        assert_eq!(read, schedule, "{file}");
        assert!(findings.is_empty());
    }
    let moved = "task,start\nphase,2026-03-01\ndesign,2026-03-02\nbuild,2026-03-04\n";
    let (read, _) = read_schedule(&plan, "schedule.csv", moved.as_bytes()).expect("a readable file");
    let rules: Vec<_> = verify(&plan, &read).iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["summary-roll-up"], "a wrong date of a summary is not mended silently");
}

#[test]
fn schedules_of_periods_have_plain_numbers() {
    let mut sketch = Sketch::periods();
    let machine = sketch.resource("R1", ResourceKind::Work, Some(2));
    for id in ["1", "2"] {
        let task = sketch.task(id, Duration::Working(Minutes(3)));
        sketch.needs(task, machine, 2);
        sketch.mode(task, Duration::Working(Minutes(5)));
    }
    let plan = sketch.build();
    let (schedule, _) = read_schedule(&plan, "s", b"task,start,mode\n1,0,1\n2,3,2\n").expect("a good file");
    assert_eq!(schedule.finish(), Some(Moment(8)));
    assert!(verify(&plan, &schedule).is_empty());
    let csv = text(|out| write_schedule(&plan, &schedule, &IdVec::new(), Format::Csv, out));
    assert_eq!(csv.lines().nth(1), Some("1,,0,3,1,R1*2,0.00,,,,,,,,,,0.00"));
    let error = read_schedule(&plan, "s", b"task,start\n1,0\n2,2026-03-02\n").expect_err("no dates here");
    let rules: Vec<_> = error.findings().expect("findings").iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["mode-needed", "bad-moment", "mode-needed"]);
}

#[test]
fn every_mistake_of_a_schedule_file_is_told_at_once() {
    let mut sketch = Sketch::new();
    let rust = sketch.label("rust");
    sketch.person("ana");
    for id in ["design", "build", "test", "docs"] {
        sketch.task(id, days(1));
    }
    sketch.needs_of(TaskId::new(2), DemandSource::Skill(rust), 1);
    let plan = sketch.build();
    let file = "task,start,finish,mode,resources,colour\n\
                desing,2026-03-02,,,,\n\
                design,02.03.2026,,,,\n\
                design,2026-03-02,,,,\n\
                build,,later,2,anna;ana*x,\n\
                test,2026-03-02,,,,\n";
    let error = read_schedule(&plan, "s.csv", file.as_bytes()).expect_err("a bad file");
    let findings = error.findings().expect("findings");
    let told: Vec<(&str, Option<u32>)> = findings.iter().map(|finding| (finding.rule, finding.place.row)).collect();
    assert_eq!(
        told,
        [
            ("unknown-column", Some(1)),
            ("unknown-task", Some(2)),
            ("bad-moment", Some(3)),
            ("duplicate-task", Some(4)),
            ("bad-moment", Some(5)),
            ("bad-moment", Some(5)),
            ("unknown-mode", Some(5)),
            ("people-needed", Some(6)),
            ("unplaced-task", None),
        ]
    );
    assert_eq!(findings.iter().nth(1).and_then(|finding| finding.hint.as_deref()), Some("did you mean `design`?"));
    assert_eq!(findings.count(Severity::Warning), 1);
    let resources = "task,start,resources\ndesign,2026-03-02,anna;ana*x\nbuild,2026-03-02,\ntest,2026-03-02,ana\ndocs,2026-03-02,\n";
    let error = read_schedule(&plan, "s.csv", resources.as_bytes()).expect_err("a bad file");
    let rules: Vec<_> = error.findings().expect("findings").iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["unknown-resource", "bad-amount"]);
    for (file, rule) in
        [("", "missing-column"), ("task\n", "missing-column"), ("start,finish\n1,2\n", "missing-column")]
    {
        let error = read_schedule(&plan, "s.csv", file.as_bytes()).expect_err("a bad file");
        assert_eq!(error.findings().and_then(|all| all.iter().next()).map(|finding| finding.rule), Some(rule));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (plan, _) = sample();
        let _ = read_schedule(&plan, "s.csv", &bytes);
        let mut rows = b"task,start,finish,mode,resources\ndesign,2026-03-02,,,\nbuild,".to_vec();
        rows.extend(bytes);
        if let Ok((schedule, _)) = read_schedule(&plan, "s.csv", &rows) {
            verify(&plan, &schedule);
        }
    }

    #[test]
    fn any_cells_of_the_right_kind_are_judged_without_panic(
        start in "[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]( [0-2][0-9]:[0-5][0-9])?",
        finish in "([0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]( [0-2][0-9]:[0-5][0-9])?)?",
        resources in "(ana|ben|ana\\*[0-9]{1,15}|ben [0-9]{1,9}%|;){0,4}",
    ) {
        let (plan, _) = sample();
        let file = format!("task,start,finish,resources\ndesign,{start},{finish},{resources}\nbuild,2026-03-04,,\n");
        if let Ok((schedule, _)) = read_schedule(&plan, "s.csv", file.as_bytes()) {
            verify(&plan, &schedule);
        }
    }
}
