//! Edits on small plans worked by hand, and scenarios held against the plans they should be.

use super::change::Column;
use super::*;
use crate::effort::{Control, Limits};
use crate::error::{Findings, Place};
use crate::generate::{GenerateOptions, generate};
use crate::io::results::{self, Format};
use crate::plan::draft::{DecimalMark, PlanDraft, Table, TableKind};
use crate::plan::notation::TimeScale;
use crate::plan::{TimeUnit, validate};
use crate::units::Minutes;

const SCALE: TimeScale = TimeScale {
    unit: TimeUnit::Day,
    minutes_per_day: Minutes(480),
    minutes_per_week: Minutes(2_400),
    minutes_per_month: Minutes(9_600),
};

/// A draft of tables in the form of CSV without quotes.
fn draft(tables: &[(TableKind, &str)]) -> PlanDraft {
    let table = |(kind, text): &(TableKind, &str)| {
        let mut lines = text.lines();
        let mut table = Table::new(*kind, kind.file_name(), lines.next().unwrap_or("").split('|').map(str::trim));
        lines.enumerate().for_each(|(at, line)| {
            table.push_row(at as u32 + 2, line.split('|'));
        });
        table
    };
    PlanDraft { tables: tables.iter().map(table).collect(), ..PlanDraft::default() }
}

fn edited(draft: &PlanDraft, edits: &[&str]) -> Result<PlanDraft, Findings> {
    let edits: Vec<Edit> = edits.iter().map(|text| Edit::parse(text).unwrap()).collect();
    apply(draft, &SCALE, &[&edits])
}

/// The cells of a column.
fn column(draft: &PlanDraft, kind: TableKind, field: &str) -> Vec<String> {
    let table = draft.table(kind).unwrap();
    let at = table.column(field).unwrap();
    (0..table.len()).map(|row| table.cell(row, at).to_owned()).collect()
}

fn rules(findings: &Findings) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule).collect()
}

fn plan() -> PlanDraft {
    draft(&[
        (TableKind::Project, "key|value\nname|p\nstart|2026-03-02\ndeadline|2026-03-20"),
        (
            TableKind::Tasks,
            "id|parent|duration|optimistic|pessimistic|predecessors|resources|category\n\
             P|||||||\n\
             A|P|4d|3d|8d||dev|build\n\
             B|P|1w|||A SS+2d|dev|build\n\
             C||2d|||A;B FS+1d|ana|test\n\
             D||3ed||||ana|test",
        ),
        (TableKind::Resources, "id|capacity|rate\ndev|2|50\nana||40.50"),
        (TableKind::Modes, "task|mode|duration|resources|cost\nA|fast|2d|dev*2|500"),
        (TableKind::Dependencies, "predecessor|successor|lag\nA|D|"),
        (TableKind::Risks, "id|probability|tasks|delay\nR|0.3|A;C|pert(1d,2d,5d)\nQ|0.1|A|1d"),
        (TableKind::Budgets, "id|scope|key|cap\nall|all||20000\nof-a|task|A|900"),
    ])
}

fn options(effort: u64) -> StudyOptions {
    StudyOptions { limits: Limits { effort: Some(effort), ..Limits::default() }, ..StudyOptions::default() }
}

fn compared(draft: &PlanDraft, scenarios: &[Scenario], effort: u64) -> Comparison {
    let control = Control::start(Limits::default());
    compare(draft, scenarios, &options(effort), &control, &|_| {}).unwrap()
}

#[test]
fn edits_are_written_as_they_are_read() {
    for text in [
        "task:A.duration=+3d",
        "task:wbs:P.duration=*1.2",
        "task:category:build.resources=dev*2",
        "resource:dev.capacity=-1",
        "budget:all.cap=+500",
        "project:deadline=2026-09-30",
        "task:1.2.3.name=x",
        "dependency:A/D.lag==-2d",
        "progress:A.percent_complete=50",
        "availability:ana/2026-03-01.units=0",
        "task:T*=delete",
        "task:new=add",
    ] {
        let edit = Edit::parse(text).unwrap();
        assert_eq!(edit.to_string(), text);
        assert_eq!(Edit::parse(&edit.to_string()).map(|edit| edit.act), Ok(edit.act));
    }
}

#[test]
fn edits_that_make_no_sense_say_what_was_expected() {
    let said = |text: &str| {
        let findings = Edit::parse(text).unwrap_err();
        (findings[0].rule, findings[0].hint.clone().unwrap_or_default())
    };
    assert_eq!(said("task:A.duraton=3d"), ("unknown-field", "did you mean `duration`?".to_owned()));
    assert_eq!(said("tusk:A.duration=3d"), ("unknown-table", "did you mean `task`?".to_owned()));
    for (text, rule) in [
        ("nonsense", "bad-edit"),
        ("task:A=3d", "bad-edit"),
        ("task:.duration=3d", "missing-value"),
        ("task:A.duration=*x", "bad-number"),
        ("task:A.duration=*-1", "bad-edit"),
        ("task:A.duration=-120%", "bad-edit"),
        ("scenario:x.value=1", "unknown-table"),
    ] {
        assert_eq!(said(text).0, rule, "{text}");
    }
}

#[test]
fn cells_change_by_what_they_hold() {
    let changed = |table, field, mark, cell: &str, change: &str| {
        let column = Column { table, field, mark, scale: &SCALE, order: None };
        let Act::Set(_, value) = Edit::parse(&format!("task:A.name={change}")).unwrap().act else { panic!("{change}") };
        column.changed(cell, &value, DecimalMark::Point).map_err(|fault| fault.rule)
    };
    use TableKind::{Budgets, Dependencies, Project, Resources, Risks, Tasks};
    let ok = |text: &str| Ok(text.to_owned());
    for (table, field, cell, change, expected) in [
        (Tasks, "duration", "5d", "+20%", ok("6d")),
        (Tasks, "duration", "5d", "+3d", ok("8d")),
        (Tasks, "duration", "1w", "-3d", ok("2d")),
        (Tasks, "duration", "4h", "+1h", ok("300m")),
        (Tasks, "duration", "3ed", "+12eh", ok("5040em")),
        (Tasks, "duration", "3ed", "+1d", Err("mixed-estimate")),
        (Tasks, "duration", "2d", "-3d", Err("bad-edit")),
        (Tasks, "duration", "1d 4h", "*2", ok("2d 8h")),
        (Tasks, "duration", "", "+1d", Err("bad-duration")),
        (Tasks, "distribution", "discrete(2d:0.3;5d:0.7)", "*2", ok("discrete(4d:0.3;10d:0.7)")),
        (Tasks, "distribution", "pert(3d,5d,9d)", "+1d", ok("pert(4d,6d,10d)")),
        (Tasks, "deadline", "2026-03-30", "+3d", ok("2026-04-02")),
        (Tasks, "deadline", "2026-03-30", "-1w", ok("2026-03-23")),
        (Tasks, "deadline", "2026-03-30 12:00", "+4h", ok("2026-03-30 16:00")),
        (Tasks, "deadline", "2026-03-30", "*2", Err("bad-edit")),
        (Tasks, "deadline", "", "+1d", Err("bad-edit")),
        (Tasks, "name", "Dig", "+1", Err("bad-edit")),
        (Tasks, "name", "Dig", "Hole", ok("Hole")),
        (Tasks, "priority", "", "+33%", ok("665")),
        (Tasks, "payment", "-100", "*2", ok("-200")),
        (Resources, "capacity", "", "+1", ok("2")),
        (Resources, "rate", "40.50", "+10%", ok("44.55")),
        (Resources, "rate", "55/h", "+5", ok("60/h")),
        (Budgets, "cap", "20000", "-2.5%", ok("19500")),
        (Risks, "probability", "30%", "*0.5", ok("15%")),
        (Dependencies, "lag", "", "+2d", ok("2d")),
        (Dependencies, "lag", "1d", "-3d", ok("-2d")),
        (Project, "overhead_per_day", "250", "+50", ok("300")),
    ] {
        assert_eq!(changed(table, field, DecimalMark::Point, cell, change), expected, "{field} {cell} {change}");
    }
    assert_eq!(changed(Resources, "rate", DecimalMark::Comma, "40,50", "+0.25"), ok("40,75"));
    assert_eq!(changed(Resources, "rate", DecimalMark::Comma, "40,50", "1.5"), ok("1,5"));
}

#[test]
fn selectors_mean_rows_and_a_longer_duration_has_a_longer_estimate() {
    let durations = |edit: &str| column(&edited(&plan(), &[edit]).unwrap(), TableKind::Tasks, "duration");
    assert_eq!(durations("task:A.duration=*2"), ["", "8d", "1w", "2d", "3ed"]);
    assert_eq!(durations("task:wbs:P.duration=*2"), ["", "8d", "2w", "2d", "3ed"]);
    assert_eq!(durations("task:category:test.duration=*2"), ["", "4d", "1w", "4d", "6ed"]);
    assert_eq!(durations("task:?.duration=*2"), ["", "8d", "2w", "4d", "6ed"]);
    let longer = edited(&plan(), &["task:A.duration=*2"]).unwrap();
    assert_eq!(column(&longer, TableKind::Tasks, "pessimistic")[1], "16d");
    let modes = edited(&plan(), &["mode:A.cost=+100", "mode:category:build.duration=1d"]).unwrap();
    assert_eq!(column(&modes, TableKind::Modes, "cost"), ["600"]);
    assert_eq!(column(&modes, TableKind::Modes, "duration"), ["1d"]);
}

#[test]
fn settings_and_columns_that_are_not_there_are_added() {
    let changed = edited(
        &plan(),
        &["project:overhead_per_day=100", "task:C.deadline=2026-03-19", "resource:eva=add", "resource:eva.rate=30"],
    )
    .unwrap();
    let (plan, _) = validate(&changed).unwrap();
    assert_eq!(plan.project().overhead_per_day.0, 10_000);
    assert_eq!(plan.tasks().iter().filter(|task| task.deadline.is_some()).count(), 1);
    assert_eq!(plan.resources().len(), 3);
}

#[test]
fn what_is_deleted_is_forgotten_everywhere() {
    let changed = edited(&plan(), &["task:A=delete"]).unwrap();
    assert_eq!(column(&changed, TableKind::Tasks, "id"), ["P", "B", "C", "D"]);
    assert_eq!(column(&changed, TableKind::Tasks, "predecessors"), ["", "", "B FS+1d", ""]);
    assert_eq!(column(&changed, TableKind::Risks, "tasks"), ["C"]);
    assert_eq!(column(&changed, TableKind::Budgets, "id"), ["all"]);
    assert!(column(&changed, TableKind::Modes, "task").is_empty());
    assert!(column(&changed, TableKind::Dependencies, "successor").is_empty());
    assert!(validate(&changed).is_ok());
    // A summary goes with all below it.
    let changed = edited(&plan(), &["task:P=delete"]).unwrap();
    assert_eq!(column(&changed, TableKind::Tasks, "id"), ["C", "D"]);
    assert!(validate(&changed).is_ok());
}

#[test]
fn interests_go_with_the_tasks_that_they_are_about() {
    let mut plan = plan();
    plan.tables.extend(
        draft(&[(
            TableKind::Stakeholders,
            "id|interests\ns|A;task:B; wbs:P;category:build;task:C;no noise;category:test",
        )])
        .tables,
    );
    let left = |edits: &[&str]| {
        let changed = edited(&plan, edits).unwrap();
        assert!(validate(&changed).is_ok(), "{:?}", validate(&changed).unwrap_err().findings());
        column(&changed, TableKind::Stakeholders, "interests")
    };
    assert_eq!(left(&["task:A=delete"]), ["task:B;wbs:P;category:build;task:C;no noise;category:test"]);
    assert_eq!(left(&["task:P=delete"]), ["task:C;no noise;category:test"]);
    // What nobody cares about leaves the cell as it is written.
    assert_eq!(left(&["task:D=delete"]), ["A;task:B; wbs:P;category:build;task:C;no noise;category:test"]);
}

#[test]
fn edits_that_cannot_be_carried_out_are_all_named() {
    let wrong = |edits: &[&str]| rules(&edited(&plan(), edits).unwrap_err());
    assert_eq!(wrong(&["task:X.duration=1d", "resource:div.capacity=2"]), ["unknown-row", "unknown-row"]);
    assert_eq!(wrong(&["task:A.duration=1d", "task:category:build.duration=2d"]), ["edited-twice"]);
    assert_eq!(wrong(&["task:A=add"]), ["duplicate-id"]);
    assert_eq!(wrong(&["task:A.deadline=+1d"]), ["bad-edit"]);
    assert_eq!(wrong(&["mode:A=add"]), ["bad-edit"]);
    let finding = edited(&plan(), &["resource:div.capacity=2"]).unwrap_err();
    assert_eq!(finding.iter().next().unwrap().hint.as_deref(), Some("did you mean `dev`?"));
}

fn with_scenarios(rows: &str) -> PlanDraft {
    let mut draft = plan();
    draft
        .tables
        .extend(self::draft(&[(TableKind::Scenarios, &format!("scenario|base|table|id|field|value\n{rows}"))]).tables);
    draft
}

#[test]
fn scenarios_build_on_one_another() {
    let draft = with_scenarios("slow||task|A|duration|*2\nslower|slow|task|A|duration|*2\nempty|||||");
    let scenarios = read(&draft).unwrap();
    assert_eq!(
        scenarios.iter().map(|it| (&*it.name, it.layers.len())).collect::<Vec<_>>(),
        [("slow", 1), ("slower", 2), ("empty", 1)]
    );
    let layers: Vec<&[Edit]> = scenarios[1].layers.iter().map(Vec::as_slice).collect();
    assert_eq!(column(&apply(&draft, &SCALE, &layers).unwrap(), TableKind::Tasks, "duration")[1], "16d");
}

#[test]
fn a_table_of_scenarios_that_is_wrong_is_told_by_row_and_column() {
    let wrong = |rows: &str| -> Vec<(&'static str, Place)> {
        let error = read(&with_scenarios(rows)).unwrap_err();
        error.findings().unwrap().iter().map(|finding| (finding.rule, finding.place.clone())).collect()
    };
    let at = |row, column: &str| Place::cell("scenarios.csv", row, column);
    assert_eq!(
        wrong("s||task|A|duraton|1d\n||task|A|duration|1d"),
        [("unknown-field", at(2, "field")), ("missing-value", at(3, "scenario"))]
    );
    assert_eq!(wrong("s||task|A|duration|1d\ns|t|task|B|duration|1d"), [("unknown-scenario", at(3, "base"))]);
    assert_eq!(wrong("s|t|||| \nt|s|||| "), [("scenario-cycle", at(2, "base")), ("scenario-cycle", at(3, "base"))]);
    assert_eq!(
        wrong("base||task|A|duration|1d\na/b||||| "),
        [("bad-name", at(2, "scenario")), ("bad-name", at(3, "scenario"))]
    );
    assert_eq!(wrong("s|a||||\ns|b||||\na|||||\nb|||||"), [("two-bases", at(3, "base"))]);
    // What the plan makes of an edit comes with the scenario's name.
    let draft = with_scenarios("s||task|A|duration|soon\nt||task|A|resources|nobody");
    let control = Control::start(Limits::default());
    let error = compare(&draft, &read(&draft).unwrap(), &options(1), &control, &|_| {}).unwrap_err();
    let texts: Vec<&str> = error.findings().unwrap().iter().map(|finding| &*finding.text).collect();
    assert!(
        texts.len() == 2 && texts[0].starts_with("in scenario `s`:") && texts[1].starts_with("in scenario `t`:"),
        "{texts:?}"
    );
}

#[test]
fn sweeps_have_a_scenario_for_each_value() {
    let values = |text: &str| {
        let sweep = Sweep::parse(text, &SCALE).unwrap();
        (0..sweep.edits.len()).map(|at| sweep.value(at)).collect::<Vec<_>>()
    };
    assert_eq!(values("resource:dev.capacity=2..4"), ["2", "3", "4"]);
    assert_eq!(values("resource:dev.capacity=1..0/0.5"), ["1.0", "0.5", "0.0"]);
    assert_eq!(values("task:A.duration=5d..15d/5d"), ["5d", "10d", "15d"]);
    assert_eq!(values("task:A.deadline=2026-03-30..2026-04-01"), ["2026-03-30", "2026-03-31", "2026-04-01"]);
    assert_eq!(values("task:A.duration=2d,9d"), ["2d", "9d"]);
    for text in ["resource:dev.capacity", "resource:dev.capacity=2..x", "resource:dev.capacity=1..99999999", "x=1..2"] {
        assert!(Sweep::parse(text, &SCALE).is_err(), "{text}");
    }
    let sweep = |text: &str| Sweep::parse(text, &SCALE).unwrap();
    let all =
        scenarios(&Scenario::default(), &[sweep("resource:dev.capacity=1..2"), sweep("resource:ana.capacity=1..3")]);
    assert_eq!(all.len(), 6);
    assert_eq!(all[5].name, "resource:dev.capacity=2 resource:ana.capacity=3");
}

#[test]
fn a_scenario_in_which_nothing_is_different_is_the_plan_as_it_is() {
    let draft = generate(&GenerateOptions { seed: 3, ..GenerateOptions::enterprise(40) }).unwrap();
    let found = compared(&draft, &[Scenario::of("same", Vec::new())], 50);
    let written = |study: &Study| {
        let mut out = Vec::new();
        let schedule = study.outcome.schedule.as_ref().unwrap();
        results::write_schedule(&study.plan, schedule, &study.outcome.dates, Format::Csv, &mut out).unwrap();
        out
    };
    assert_eq!(written(&found.base), written(&found.scenarios[0]));
    assert!(found.moves(&found.scenarios[0]).is_empty());
    assert_eq!(found.dominated(), [false]);
}

#[test]
fn what_only_allows_more_is_never_worse() {
    for seed in 0..4 {
        let draft = generate(&GenerateOptions { seed, ..GenerateOptions::psplib(60) }).unwrap();
        let (plan, _) = validate(&draft).unwrap();
        let id = &plan.resources().iter().next().unwrap().id;
        let sweep = Sweep::parse(&format!("resource:{id}.capacity=+0,+1,+2,+3"), &plan.time_scale()).unwrap();
        let found = compared(&draft, &scenarios(&Scenario::default(), &[sweep]), 20);
        let finishes: Vec<_> = found.scenarios.iter().map(|study| study.figures.unwrap().finish).collect();
        assert!(finishes.is_sorted_by(|one, other| one >= other), "seed {seed}: {finishes:?}");
        assert_eq!(finishes[0], found.base.figures.unwrap().finish);
    }
}

#[test]
fn scenarios_that_others_beat_are_dominated() {
    // One after the other for ana; two of her finish earlier for the same money, and a rate that rises only costs.
    let draft = draft(&[
        (TableKind::Project, "key|value\nstart|2026-03-02"),
        (TableKind::Tasks, "id|duration|resources\nA|5d|ana\nB|5d|ana"),
        (TableKind::Resources, "id|capacity|rate\nana|1|10"),
    ]);
    let scenario = |name: &str, edit: &str| Scenario::of(name, vec![Edit::parse(edit).unwrap()]);
    let all = [
        scenario("two", "resource:ana.capacity=2"),
        scenario("dear", "resource:ana.rate=+5"),
        scenario("impossible", "task:A.resources=ana*3"),
    ];
    let control = Control::start(Limits::default());
    assert!(compare(&draft, &all, &options(5), &control, &|_| {}).is_err(), "three of one are a mistake in the plan");
    let found = compared(&draft, &all[..2], 5);
    assert_eq!(found.dominated(), [false, true]);
    let moves = found.moves(&found.scenarios[0]);
    assert_eq!(moves.len(), 1);
    assert_eq!((found.base.figures.unwrap().peak.0, found.scenarios[0].figures.unwrap().peak.0), (10_000, 20_000));
}

#[test]
fn a_breakpoint_is_found_by_bisection_as_by_looking_at_all() {
    // 24 tasks of a day each: with n people they take ceil(24 / n) days, from Monday 2 March 2026.
    let rows: String = (0..24).map(|at| format!("\nT{at}|1d|crew")).collect();
    let draft = draft(&[
        (TableKind::Project, "key|value\nstart|2026-03-02"),
        (TableKind::Tasks, &format!("id|duration|resources{rows}")),
        (TableKind::Resources, "id|capacity\ncrew|1"),
    ]);
    let (plan, _) = validate(&draft).unwrap();
    let (options, control) = (options(10), Control::start(Limits::default()));
    let bench = Bench::new(&draft, &options, &control).unwrap();
    let searched = |range: &str, wish: &str| {
        let sweep = Sweep::parse(&format!("resource:crew.capacity={range}"), &SCALE).unwrap();
        let wish = Wish::parse(wish, &plan).unwrap();
        let found = until(&bench, &Scenario::default(), &sweep, &wish, &|_| {}).unwrap();
        (found.breakpoint, found.values.len())
    };
    // Five days: five people.
    assert_eq!(searched("1..10", "finish<=2026-03-06"), (Breakpoint::From(4), 10));
    let (breakpoint, looked_at) = searched("1..60", "finish<=2026-03-06");
    assert_eq!(breakpoint, Breakpoint::From(4));
    assert!(looked_at < 16, "{looked_at}");
    assert_eq!(searched("60..1", "finish<=2026-03-06").0, Breakpoint::UpTo(55));
    assert_eq!(searched("1..3", "finish<=2026-03-06").0, Breakpoint::Never);
    assert_eq!(searched("6..8", "finish<=2026-03-06").0, Breakpoint::Always);
    for text in ["finish=3", "start<=2026-03-06", "finish<=soon", "cost<=x"] {
        assert!(Wish::parse(text, &plan).is_err(), "{text}");
    }
}
