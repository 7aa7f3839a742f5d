//! The examples of the help, as a user tries them.

use std::process::{Command, Stdio};

use super::desk::{Desk, data};

#[test]
fn examples_of_verbs_that_look_ahead_do_what_they_promise() {
    try_examples(&["whatif", "value", "tradeoff", "level", "explain", "people", "team"]);
}

#[test]
fn examples_of_verbs_that_schedule_and_follow_up_do_what_they_promise() {
    // Some need what earlier ones wrote.
    try_examples(&["init", "check", "review", "risk", "solve", "track", "replan"]);
}

#[test]
fn examples_of_verbs_that_share_and_explain_do_what_they_promise() {
    try_examples(&["doc", "man", "generate", "convert", "report", "verify", "audit"]);
}

/// Runs the examples of verbs, each in turn, in one folder that has the sample plans, and results of last week.
#[track_caller]
fn try_examples(verbs: &[&str]) {
    let desk = Desk::new();
    copy(data("").as_ref(), &desk.path("data"));
    desk.run("solve data/software-release --effort 1 -q -o last-week").expect(0);
    for verb in verbs {
        let help = desk.run(&format!("{verb} --help")).expect(0).out;
        let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  floatline ")).collect();
        assert!(examples.len() > 1, "{help}");
        for example in examples {
            let output = shell(&desk, &quick(example));
            let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
            assert_eq!(output.status.code(), Some(code(example)), "floatline {example}\n{}", said.concat());
        }
    }
}

/// The exit code that the help lets expect.
fn code(example: &str) -> i32 {
    match example {
        // Plans with mistakes, and a file whose dates are out of date.
        _ if example.contains("data/bad/*") || example.contains("--compare") => 1,
        _ if example.contains("data/bad/") => 3,
        _ => 0,
    }
}

/// The example with less work.
fn quick(example: &str) -> String {
    let mut line = example.to_owned();
    for (many, few) in [("1000000", "1000"), ("100000", "1000"), ("50000", "500")] {
        line = line.replace(many, few);
    }
    let (command, rest) = line.split_once(" > ").map_or((&*line, None), |(command, file)| (command, Some(file)));
    let searches = ["solve ", "risk "].iter().any(|verb| command.starts_with(verb));
    let is_limited = ["--effort", "--time-limit", "--proof"].iter().any(|flag| command.contains(flag));
    let effort = if searches && !is_limited { " --effort 50" } else { "" };
    let samples = if command.starts_with("risk ") && !["--samples", "--merge"].iter().any(|flag| command.contains(flag))
    {
        " --samples 1000"
    } else {
        ""
    };
    format!("{command}{effort}{samples}{}", rest.map_or_else(String::new, |file| format!(" > {file}")))
}

/// Runs a line in a shell, as it is typed.
fn shell(desk: &Desk, line: &str) -> std::process::Output {
    let mut command = Command::new("sh");
    let line = format!("'{}' {line}", env!("CARGO_BIN_EXE_floatline"));
    command.current_dir(desk.path("")).args(["-c", &line]).stdin(Stdio::null());
    command.output().unwrap()
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}
