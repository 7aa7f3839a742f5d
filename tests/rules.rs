//! The kinds of rules, each with a schedule that keeps it and one that breaks it; the engine keeps all of them, and a plan whose
//! rules contradict each other is told so with the clauses that they come from.

use std::path::{Path, PathBuf};

use floatline::effort::{Control, Limits};
use floatline::error::Severity;
use floatline::explain::{ConflictOptions, Feasibility, why_infeasible};
use floatline::io::results::read_schedule;
use floatline::io::{ReadOptions, read_draft};
use floatline::network::compile;
use floatline::plan::draft::{Table, TableKind};
use floatline::plan::{Limit, Plan, validate};
use floatline::schedule::{Status, breaches, missing_for_rules, verify};
use floatline::solve::{SolveOptions, solve};

fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn plan(folder: &Path) -> Plan {
    validate(&read_draft(folder, &ReadOptions::default()).unwrap()).unwrap().0
}

fn control(effort: u64) -> Control {
    Control::start(Limits { effort: Some(effort), time: None })
}

#[test]
fn every_kind_of_rule_is_known_in_schedules() {
    let folders = folders();
    assert_eq!(folders.len(), 11);
    for folder in folders {
        let plan = plan(&folder);
        let judged = |name: &str| {
            let schedule = read_schedule(&plan, name, &std::fs::read(folder.join(name)).unwrap()).unwrap().0;
            (verify(&plan, &schedule), breaches(&plan, &schedule))
        };
        let (findings, found) = judged("good.csv");
        assert!(!findings.has_errors() && found.is_empty(), "{}: {findings:?} {found:?}", folder.display());
        let (findings, found) = judged("broken.csv");
        let clause = &plan.rules()[found[0].rule].reference;
        assert!(found.iter().all(|breach| breach.is_of_schedule), "{}: {found:?}", folder.display());
        let is_told = findings.iter().any(|finding| {
            finding.rule == "rule-broken" && finding.severity == Severity::Error && finding.text.contains(&**clause)
        });
        assert!(is_told, "{}: {findings:?}", folder.display());
    }
}

#[test]
fn the_engine_keeps_every_kind_of_rule() {
    for folder in folders() {
        let plan = plan(&folder);
        let network = compile(&plan).unwrap();
        let outcome = solve(&plan, &network, &SolveOptions::default(), &control(60), &|_| {}).unwrap();
        let schedule = outcome.schedule.unwrap_or_else(|| panic!("{}: {}", folder.display(), outcome.message));
        assert_eq!(breaches(&plan, &schedule), [], "{}", folder.display());
    }
}

/// A plan in which two tasks that follow each other may be done by any of three, and what is wished of them.
fn wishing(rule: &str) -> Plan {
    let draft = drafted(vec![
        table(
            TableKind::Tasks,
            &["id|duration|predecessors|resources", "a|1d||skill:dev", "b|1d|a|skill:dev", "c|1d||skill:dev"],
        ),
        table(TableKind::Resources, &["id|capacity|skills", "ana|1|dev", "ben|1|dev", "eve|1|dev"]),
        table(TableKind::Rules, &["id|rule|people|tasks", rule]),
    ]);
    validate(&draft).unwrap().0
}

#[test]
fn wishes_come_true_where_they_cost_no_time() {
    for (rule, met) in
        [("r|preferred_people|eve|a;b", true), ("r|continuity||a;b", true), ("r|preferred_people|eve|all", false)]
    {
        let plan = wishing(rule);
        let network = compile(&plan).unwrap();
        let outcome = solve(&plan, &network, &SolveOptions::default(), &control(60), &|_| {}).unwrap();
        assert_eq!(outcome.status, Status::Optimal);
        let schedule = outcome.schedule.unwrap();
        // Nobody can do `a` and `c` at once, and no schedule is longer for a wish: one of three then is done by others.
        let days = (schedule.finish().unwrap() - plan.project().start).0 as f64 / (24.0 * 60.0);
        assert!((1.0..2.0).contains(&days), "{days}");
        let missed = breaches(&plan, &schedule);
        assert!(missed.iter().all(|breach| breach.is_wish), "{missed:?}");
        assert_eq!(missed.is_empty(), met, "{rule}: {missed:?}");
        let findings = verify(&plan, &schedule);
        assert_eq!(findings.iter().filter(|finding| finding.rule == "wish-not-met").count(), usize::from(!met));
    }
}

#[test]
fn wishes_that_are_missed_are_told_of() {
    let plan = wishing("r|continuity||a;b");
    let day = |number: i64, hour: i64| {
        let minutes = floatline::units::Minutes((24 * number + hour) * 60);
        plan.format_moment(plan.project().start + minutes)
    };
    let row = |task: &str, number: i64, who: &str| format!("{task},{},{},{who}\n", day(number, 8), day(number, 17));
    let rows =
        ["task,start,finish,resources\n", &row("a", 0, "ana"), &row("b", 1, "ben"), &row("c", 0, "eve")].concat();
    let schedule = read_schedule(&plan, "schedule.csv", rows.as_bytes()).unwrap().0;
    let missed = breaches(&plan, &schedule);
    assert_eq!(missed.len(), 1, "{missed:?}");
    assert_eq!((&*missed[0].subject, missed[0].is_wish), ("b", true));
    assert!(!verify(&plan, &schedule).has_errors());
}

fn table(kind: TableKind, lines: &[&str]) -> Table {
    let mut table = Table::new(kind, kind.file_name(), lines[0].split('|'));
    for (at, line) in lines[1..].iter().enumerate() {
        table.push_row(at as u32 + 2, line.split('|'));
    }
    table
}

fn drafted(tables: Vec<Table>) -> floatline::plan::draft::PlanDraft {
    floatline::plan::draft::PlanDraft { tables, ..Default::default() }
}

#[test]
fn rules_that_contradict_each_other_are_named_with_their_clauses() {
    let draft = drafted(vec![
        table(TableKind::Tasks, &["id|duration|predecessors|resources", "a|1d||skill:dev", "b|1d|a|skill:dev"]),
        table(TableKind::Resources, &["id|skills", "ana|dev", "ben|dev"]),
        table(
            TableKind::Rules,
            &["id|rule|tasks|reference", "apart|separation_of_duties|a;b|SOX 404", "same|same_person|a;b|house 7"],
        ),
    ]);
    let plan = validate(&draft).unwrap().0;
    let network = compile(&plan).unwrap();
    let outcome = solve(&plan, &network, &SolveOptions::default(), &control(5_000), &|_| {}).unwrap();
    assert_eq!(outcome.status, Status::Infeasible, "{}", outcome.message);
    let found = why_infeasible(&plan, &ConflictOptions::default(), &control(5_000)).unwrap();
    let Feasibility::Infeasible(found) = found else { panic!("{found:?}") };
    // With two of somebody it could not be told who does what.
    let of_people = plan.resources().ids().map(Limit::Capacity);
    let expected: Vec<Limit> = of_people.chain(plan.rules().ids().map(Limit::Rule)).collect();
    assert_eq!(found.conflicts[0].limits, expected);
    assert!(found.conflicts[0].is_minimal);
    let told: Vec<String> = found.lines(&plan).into_iter().map(|line| line.text).collect();
    assert!(told.iter().any(|text| text.contains("SOX 404")) && told.iter().any(|text| text.contains("house 7")));
}

#[test]
fn people_without_a_valid_certificate_are_not_sent() {
    // Ana's certificate ends on Tuesday; only Ben may do what ends later.
    let draft = drafted(vec![
        table(TableKind::Project, &["key|value", "start|2026-03-02"]),
        table(TableKind::Tasks, &["id|duration|predecessors|resources", "a|1d||ana", "b|2d|a|skill:sign"]),
        table(TableKind::Resources, &["id|skills|rate", "ana|sign@2026-03-03|10", "ben|sign|90"]),
    ]);
    let plan = validate(&draft).unwrap().0;
    let network = compile(&plan).unwrap();
    let outcome = solve(&plan, &network, &SolveOptions::default(), &control(60), &|_| {}).unwrap();
    let schedule = outcome.schedule.unwrap();
    let who = |task: usize| &*plan.resources()[schedule.assignments.row(task)[0].resource].id;
    assert_eq!((who(0), who(1)), ("ana", "ben"));
}

#[test]
fn levels_and_teams_say_who_can_do_a_task() {
    let draft = drafted(vec![
        table(
            TableKind::Tasks,
            &["id|duration|resources", "a|1d|skill:sql>=2", "b|1d|team:qa*2", "c|1d|skill:sql", "d|1d|skill:sql>=9"],
        ),
        table(TableKind::Resources, &["id|skills|team", "ana|sql:3|core", "ben|sql:1|qa", "eve||qa"]),
    ]);
    let error = validate(&draft).unwrap_err();
    let findings = error.findings().unwrap();
    let texts: Vec<&str> = findings.iter().map(|finding| &*finding.text).collect();
    assert!(texts.iter().any(|text| text.contains("at this level")), "{texts:?}");
    assert_eq!(findings.iter().filter(|finding| finding.severity == Severity::Error).count(), 1, "{texts:?}");
}

#[test]
fn what_a_plan_lacks_for_its_rules_is_told_without_a_schedule() {
    let tasks = ["id|duration|category|deliverable|predecessors", "a|1d|build|app|", "b|1d|test|other|a"];
    let draft = drafted(vec![
        table(TableKind::Tasks, &tasks),
        table(
            TableKind::Rules,
            &["id|rule|tasks|category", "m|mandatory_tasks|a|test;build", "p|approval|b|build", "q|approval|a|test"],
        ),
    ]);
    let plan = validate(&draft).unwrap().0;
    let lacking: Vec<String> = missing_for_rules(&plan).into_iter().map(|breach| breach.text).collect();
    assert_eq!(
        lacking,
        ["`app` has no task of the category `test`", "no task of the category `build` follows `b` to approve it"]
    );
}

#[test]
fn mistakes_in_rules_are_all_told_at_once() {
    let draft = drafted(vec![
        table(TableKind::Tasks, &["id|duration", "a|1d"]),
        table(TableKind::Resources, &["id", "ana"]),
        table(
            TableKind::Rules,
            &[
                "id|rule|people|tasks|hours|from|to|certificate",
                "1|dayly_rest|ana||11|||",
                "2|daily_rest|anna||11|||",
                "3|daily_rest|ana||25|||",
                "4|separation_of_duties||a||||",
                "5|freeze||a||2026-03-05|2026-03-01|",
                "6|certificate||b||||iso",
                "7|max_hours_per_day|ana|||||",
                "7|max_hours_per_day|ana||8|||",
            ],
        ),
    ]);
    let error = validate(&draft).unwrap_err();
    let rules: Vec<&str> = error.findings().unwrap().iter().map(|finding| finding.rule).collect();
    for expected in [
        "unknown-rule",
        "unknown-resource",
        "out-of-range",
        "too-few-tasks",
        "from-after-to",
        "unknown-task",
        "missing-value",
        "duplicate-id",
    ] {
        assert!(rules.contains(&expected), "{expected}: {rules:?}");
    }
}
