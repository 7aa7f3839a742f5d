//! What the control verbs say of the sample with a year of history, byte for byte against tests/golden, and what README.md
//! shows of it.
//!
//! After a change that is meant, `FLOATLINE_REFRESH=1 cargo test --test cli golden` writes the files anew; their difference is
//! then part of the change.

use std::path::PathBuf;

use super::desk::{Desk, data};

/// What is run, where its output is kept, and which of the files that it writes are kept with it.
const RUNS: [(&str, &str, &[&str]); 6] = [
    ("track", "", &["trend.csv", "slippage.csv", "spending.csv", "forecasts.csv", "warnings.csv", "curve.csv"]),
    ("track", "--status-date 2026-06-01", &["earned_value.csv", "spending.csv", "forecasts.csv", "warnings.csv"]),
    ("replan", "--freeze 2w", &["alternatives.csv", "changes.csv"]),
    ("review", "", &["groups.csv", "calibration.csv", "backtest.csv", "lessons.csv"]),
    ("report", "", &[]),
    ("report", "--kind spec", &[]),
];

/// The folder of a run.
fn golden(verb: &str, flags: &str) -> PathBuf {
    let name = format!("{verb}{}", flags.replace("--", "-").replace(' ', "-"));
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[test]
fn the_year_long_sample_is_told_as_before() {
    let desk = Desk::new();
    let plan = data("clinic-rollout");
    let is_refresh = std::env::var_os("FLOATLINE_REFRESH").is_some();
    for (verb, flags, files) in RUNS {
        let folder = golden(verb, flags);
        if !files.is_empty() {
            desk.run(&format!("{verb} {plan} {flags} -q -o out")).expect(0);
        }
        let words = desk.run(&format!("{verb} {plan} {flags}")).expect(0).out;
        // Where a report is from differs from machine to machine.
        let words = words.split("\n## How this report was made").next().unwrap_or_default().to_owned();
        let words = ("words.txt", words);
        let written = files.iter().map(|&file| (file, desk.read(&format!("out/{file}"))));
        for (file, text) in std::iter::once(words).chain(written) {
            let path = folder.join(file);
            if is_refresh {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let differs = kept.lines().zip(text.lines()).position(|(kept, now)| kept != now);
            assert!(
                kept == text,
                "{verb} {flags}: {} differs from line {} on:\n{text}",
                path.display(),
                differs.unwrap_or(kept.lines().count().min(text.lines().count())) + 1,
            );
        }
    }
}

#[test]
fn the_readme_shows_what_is_told() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let blocks: Vec<&str> = readme.split("```").skip(1).step_by(2).collect();
    let mut shown = 0;
    for (verb, flags, _) in RUNS {
        let words = std::fs::read_to_string(golden(verb, flags).join("words.txt")).unwrap();
        let lines: Vec<&str> = words.lines().map(str::trim_end).collect();
        let of_run = |block: &&&str| block.trim_start().lines().next().is_some_and(|first| lines.contains(&first));
        for block in blocks.iter().filter(of_run) {
            shown += 1;
            for line in block.lines().filter(|line| !matches!(line.trim(), "" | "...")) {
                assert!(lines.contains(&line.trim_end()), "README.md shows of `{verb} {flags}`: {line}");
            }
        }
    }
    // Track, replan, and the four parts of review.
    assert_eq!(shown, 6);
}
