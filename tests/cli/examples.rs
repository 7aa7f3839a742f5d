//! The examples of the help, as a user tries them.

use super::desk::{Desk, data};

/// Verbs whose examples are run, each in turn.
const VERBS: [&str; 10] =
    ["whatif", "value", "tradeoff", "level", "explain", "people", "team", "track", "replan", "review"];
/// Plans that the help says have no schedule.
const INFEASIBLE: &str = "data/bad/";

#[test]
fn the_examples_of_the_help_do_what_they_promise() {
    let desk = Desk::new();
    copy(data("").as_ref(), &desk.path("data"));
    for verb in VERBS {
        let help = desk.run(&format!("{verb} --help")).expect(0).out;
        let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  floatline ")).collect();
        assert!(examples.len() > 2, "{help}");
        for example in examples {
            let run = desk.run(&example.replace('\'', ""));
            let code = if example.contains(INFEASIBLE) { 3 } else { 0 };
            assert_eq!(run.code, Some(code), "floatline {example}\n{}\n{}", run.out, run.err);
        }
    }
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
