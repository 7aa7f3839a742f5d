//! Reports as a browser shows them: at the widths of a phone, a laptop and a large screen, in light and dark.
//!
//! `cargo test --test browser -- --ignored` runs it with Chromium (or the browser that FLOATLINE_BROWSER names). A page of ours
//! (check.html) loads the report into frames of these widths, uses it as somebody would who has a keyboard only, looks for what
//! overlaps or is cut, and writes down what it found.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const CHECKS: &str = include_str!("check.html");

fn browser() -> PathBuf {
    let named = std::env::var_os("FLOATLINE_BROWSER").map(PathBuf::from);
    let known = ["chromium", "chromium-browser", "google-chrome"].into_iter().map(PathBuf::from);
    let runs = |program: &PathBuf| {
        Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|it| it.success())
    };
    named.into_iter().chain(known).find(runs).expect("no browser: install Chromium, or name one in FLOATLINE_BROWSER")
}

fn floatline(folder: &Path, line: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_floatline"))
        .current_dir(folder)
        .args(line.split_whitespace())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What the checks say of a page: what is wrong, and how much was looked at.
fn check(folder: &Path, page: &str, flags: &[&str]) -> Value {
    std::fs::write(folder.join("check.html"), CHECKS.replace("REPORT", page)).unwrap();
    let output = Command::new(browser())
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"])
        .args(["--window-size=2200,1400", "--virtual-time-budget=60000", "--dump-dom"])
        .args(flags)
        .arg(format!("file://{}", folder.join("check.html").display()))
        .output()
        .expect("the browser runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.split("<pre id=\"found\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let found = found.unwrap_or_else(|| panic!("the checks did not end: {}", String::from_utf8_lossy(&output.stderr)));
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {found}"))
}

#[test]
#[ignore = "needs a browser"]
fn reports_are_readable_and_obey_the_keyboard() {
    let folder = tempfile::tempdir().unwrap();
    let data = |name: &str| format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut looked_at = 0;
    floatline(folder.path(), "generate --preset enterprise --tasks 300 --seed 7 -o large");
    for plan in [data("clinic-rollout"), data("software-release"), data("medical-device"), "large".to_owned()] {
        for kind in ["status", "spec"] {
            floatline(folder.path(), &format!("report {plan} --kind {kind} --effort 30 -o report.html"));
            for flags in [&[][..], &["--force-dark-mode", "--blink-settings=preferredColorScheme=0"]] {
                let found = check(folder.path(), "report.html", flags);
                assert_eq!(found["faults"], Value::Array(Vec::new()), "{plan} {kind} {flags:?}");
                looked_at += found["texts"].as_u64().unwrap();
            }
        }
    }
    assert!(looked_at > 10_000, "{looked_at} texts");
}
