//! The broken plans of data/bad, each against the findings it must produce, and the good samples, which must produce
//! none.
//!
//! A line of `expected.txt` is a finding, `severity rule file:row [column]`, or the word `infeasible` for a plan that is
//! sound but has no schedule. Errors and warnings are listed in full, notes only where the folder is about one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use floatline::effort::{Control, Limits};
use floatline::error::{Error, Findings, Severity};
use floatline::io::{ReadOptions, read_draft};
use floatline::network::compile;
use floatline::plan::validate;
use floatline::schedule::Status;
use floatline::solve::{SolveOptions, solve};

/// The line of a plan that has no schedule.
const INFEASIBLE: &str = "infeasible";

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// The folders of data/bad.
fn bad_plans() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(data().join("bad")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "data/bad holds nothing");
    folders
}

/// The lines of a folder's expected.txt.
fn expected(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("expected.txt"))
        .unwrap_or_else(|error| panic!("{}: no expected.txt: {error}", folder.display()));
    let lines: Vec<String> = text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect();
    assert!(!lines.is_empty(), "{}: expected.txt is empty", folder.display());
    lines
}

fn has_errors(expected: &[String]) -> bool {
    expected.iter().any(|line| line.starts_with("error "))
}

/// What came of a plan.
struct Examined {
    findings: Findings,
    is_valid: bool,
    is_infeasible: bool,
}

/// Reads, validates, compiles and solves a plan, as far as it goes.
fn examine(path: &Path) -> Examined {
    let draft = read_draft(path, &ReadOptions::default());
    let (plan, mut findings) = match draft.and_then(|draft| validate(&draft)) {
        Ok(valid) => valid,
        Err(error) => return Examined { findings: findings_of(error, path), is_valid: false, is_infeasible: false },
    };
    let network = match compile(&plan) {
        Ok(network) => network,
        Err(error) if error.is_infeasible() => return Examined { findings, is_valid: true, is_infeasible: true },
        Err(error) => {
            findings.append(findings_of(error, path));
            return Examined { findings, is_valid: false, is_infeasible: false };
        }
    };
    let limits = Limits { effort: Some(1), ..Limits::default() };
    let outcome = solve(&plan, &network, &SolveOptions::default(), &Control::start(limits), &|_| {}).unwrap();
    Examined { findings, is_valid: true, is_infeasible: outcome.status == Status::Infeasible }
}

fn findings_of(error: Error, path: &Path) -> Findings {
    error.findings().unwrap_or_else(|| panic!("{}: {error}", path.display())).clone()
}

#[test]
fn every_bad_plan_gives_exactly_the_findings_it_names() {
    let mut wrong = Vec::new();
    for folder in bad_plans() {
        let mut expected = expected(&folder);
        let Examined { findings, is_valid, is_infeasible } = examine(&folder);
        let mut found: Vec<String> = Vec::new();
        for finding in findings.iter() {
            let line = format!("{} {} {}", finding.severity, finding.rule, finding.place);
            if finding.severity > Severity::Note || expected.contains(&line) {
                found.push(line);
            }
        }
        assert_eq!(is_valid, !findings.has_errors(), "{}", folder.display());
        if is_infeasible {
            found.push(INFEASIBLE.to_owned());
        }
        expected.sort();
        found.sort();
        if expected != found {
            let missing: Vec<_> = expected.iter().filter(|line| !found.contains(line)).collect();
            let surplus: Vec<_> = found.iter().filter(|line| !expected.contains(line)).collect();
            wrong.push(format!("{}: missing {missing:#?}, surplus {surplus:#?}, all {found:#?}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_finding_of_a_bad_plan_says_where_and_what() {
    for folder in bad_plans() {
        for finding in examine(&folder).findings.iter().filter(|finding| finding.severity > Severity::Note) {
            assert!(!finding.place.file.is_empty(), "{}: {finding} names no file", folder.display());
            assert!(!finding.text.is_empty() && !finding.text.ends_with('.'), "{}: {finding}", folder.display());
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(finding.rule.chars().all(kebab), "{}: {finding}", folder.display());
        }
    }
}

#[test]
fn the_good_samples_give_no_errors_and_no_warnings() {
    for name in [
        "first-plan.csv",
        "software-release",
        "datacenter-move",
        "hardware-programme",
        "solar-park",
        "warehouse",
        "clinic-rollout",
    ] {
        let examined = examine(&data().join(name));
        let grave: Vec<String> = examined
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note)
            .map(ToString::to_string)
            .collect();
        assert!(examined.is_valid && !examined.is_infeasible && grave.is_empty(), "{name}: {grave:#?}");
    }
}

/// Runs the program in a folder.
fn floatline(desk: &Path, verb: &str, plan: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_floatline"));
    command.arg(verb).arg(plan).current_dir(desk).stdin(Stdio::null());
    if verb == "solve" {
        command.args(["-o", "out", "--effort", "1"]);
    }
    command.output().unwrap()
}

#[test]
fn the_program_refuses_every_bad_plan_and_writes_nothing() {
    let desk = tempfile::tempdir().unwrap();
    let written = || std::fs::read_dir(desk.path()).unwrap().count();
    for folder in bad_plans() {
        let expected = expected(&folder);
        let check = floatline(desk.path(), "check", &folder);
        let is_infeasible = expected.iter().any(|line| line == INFEASIBLE);
        let code = if has_errors(&expected) {
            1
        } else if is_infeasible {
            3
        } else {
            0
        };
        let shown = String::from_utf8_lossy(&check.stdout);
        assert_eq!(check.status.code(), Some(code), "check {}: {shown}", folder.display());
        for line in &expected {
            let rule = line.split(' ').nth(1).unwrap_or(INFEASIBLE);
            assert!(shown.contains(rule), "check {} does not show {rule}: {shown}", folder.display());
        }
        if code != 0 {
            assert!(check.stderr.is_empty(), "check {}: {}", folder.display(), String::from_utf8_lossy(&check.stderr));
        }
        assert_eq!(written(), 0, "check {} wrote something", folder.display());
        if code == 0 {
            continue;
        }
        let solve = floatline(desk.path(), "solve", &folder);
        let complaint = String::from_utf8_lossy(&solve.stderr);
        assert!(!complaint.is_empty(), "solve {} does not say why it failed", folder.display());
        assert_eq!(solve.status.code(), Some(code), "solve {}: {complaint}", folder.display());
        if code == 1 {
            assert_eq!(written(), 0, "solve {} wrote something", folder.display());
        } else {
            assert!(!desk.path().join("out/schedule.csv").exists(), "solve {} wrote a schedule", folder.display());
            std::fs::remove_dir_all(desk.path().join("out")).unwrap();
        }
    }
}
