//! `floatline audit`: has anybody changed results since they were made, and do they come out again?

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use floatline::error::{Error, Finding, Findings, Place, Result};
use floatline::io::audit::{RunRecord, Stamp, audit, inputs, record};
use serde_json::json;

use super::excerpt::Sources;
use super::settings::{Format, Settings};
use super::{Verdict, findings, print};

/// Check that a folder of results is as its run left it, and that the run comes out again
///
/// Every run with -o writes run.json: the digests of what it read and wrote, its version, arguments and seed, and the digest of
/// the run before it, which is kept in runs/. `audit` holds the files against it, and each run against the next.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline solve data/first-plan.csv -o out
  floatline audit out
  floatline audit out --reproduce

Exit codes: 0 everything fits, 1 it does not, 2 wrong usage.")]
pub struct Arguments {
    /// The folder of results
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Run the last run again, from the folder in which it was run, and compare what it writes
    #[arg(long)]
    reproduce: bool,
}

/// Options that were not given, or named the folder of results itself, with the files that they came to mean: a run that is to
/// come out again has to name them.
pub type Meant = Vec<(&'static str, PathBuf)>;

/// Writes down the run that has just written a folder of results.
pub fn write(folder: &Path, exit: u8, meant: &Meant, settings: &Settings) -> Result<()> {
    let (arguments, inputs) = asked(Some(folder), meant)?;
    let run = RunRecord {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        arguments,
        seed: settings.seed,
        exit,
        answers: Vec::new(),
        inputs,
        outputs: Vec::new(),
        previous: None,
    };
    record(folder, run)
}

/// What this run was asked: its arguments, without those that change nothing of its results, and the files that they name.
///
/// # Arguments
/// `out` is the folder of results, which is no input. `meant` takes the place of what was given.
pub fn asked(out: Option<&Path>, meant: &Meant) -> Result<(Vec<String>, Vec<Stamp>)> {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let left_out: Vec<&str> = LEFT_OUT.into_iter().chain(meant.iter().map(|(option, _)| *option)).collect();
    let mut asked = without(&arguments.collect::<Vec<_>>(), &left_out);
    for (option, path) in meant {
        asked.extend([(*option).to_owned(), path.to_string_lossy().into_owned()]);
    }
    let is_input = |path: &PathBuf| path.exists() && Some(&**path) != out;
    // The verb may be the name of a folder.
    let values = asked.iter().skip(1).map(|text| text.split_once('=').map_or(text.as_str(), |(_, value)| value));
    let read: Vec<PathBuf> = values.map(PathBuf::from).filter(is_input).collect();
    let are_batches = asked.iter().any(|text| text.starts_with("--batch"));
    let inputs = inputs(&read, are_batches)?;
    Ok((asked, inputs))
}

/// Options that change nothing of what comes out.
const LEFT_OUT: [&str; 3] = ["-o", "--out", "--threads"];

/// The arguments without some options and what belongs to them.
fn without(arguments: &[String], options: &[&str]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let of_one = |option: &&str| {
            let value = argument.strip_prefix(*option);
            // `--out=x`, and `-ox` of a single letter.
            value.is_some_and(|value| value.starts_with('=') || !option.starts_with("--"))
        };
        if options.contains(&argument.as_str()) {
            rest.next();
        } else if !options.iter().any(of_one) {
            kept.push(argument.clone());
        }
    }
    kept
}

/// Audits a folder.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (last, count, mut found) = audit(&arguments.folder)?;
    if arguments.reproduce {
        found.append(Findings::from_iter(differences(&last)?));
        found.sort();
    }
    let is_sound = !found.has_errors();
    match settings.format {
        Format::Table if settings.quiet && is_sound => {}
        Format::Table => print::out(|out| {
            findings::write(out, &found, &Sources::default())?;
            let runs = print::count(count, "run");
            let files = print::count(last.outputs.len(), "file");
            match is_sound {
                true => writeln!(out, "{files} as the last of {runs} left them: {}", last.arguments.join(" "))?,
                false => writeln!(out, "the folder is not as its runs left it")?,
            }
            if arguments.reproduce && is_sound {
                writeln!(out, "run again, it writes the same")?;
            }
            Ok(())
        })?,
        Format::Csv => {
            let folder = arguments.folder.display().to_string();
            print::out(|out| findings::write_csv(out, [(&*folder, &found)]))?;
        }
        Format::Json => print::out(|out| {
            print::write_json(out, &json!({ "sound": is_sound, "runs": count, "findings": findings::json(&found) }))
        })?,
    }
    Ok(if is_sound { Verdict::Done } else { Verdict::WrongInput })
}

/// Runs a run again and compares what it writes.
fn differences(last: &RunRecord) -> Result<Vec<Finding>> {
    if last.version != env!("CARGO_PKG_VERSION") {
        let text = format!("the run is of version {}, this is {}", last.version, env!("CARGO_PKG_VERSION"));
        return Ok(vec![Finding::warning("other-version", Place::default(), text)]);
    }
    let folder = tempfile::tempdir().map_err(|source| Error::io("create", "a temporary folder", source))?;
    let program = std::env::current_exe().map_err(|source| Error::io("find", "the program", source))?;
    let status = Command::new(&program)
        .args(&last.arguments)
        .arg("-o")
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|source| Error::io("run", &program, source))?;
    let mut found = Vec::new();
    if status.code() != Some(i32::from(last.exit)) {
        let text = format!("run again it ends with {status}, not with exit code {}", last.exit);
        found.push(Finding::error("not-reproduced", Place::default(), text));
    }
    let (again, _, _) = match audit(folder.path()) {
        Ok(again) => again,
        Err(_) => {
            let text = "run again it writes nothing";
            found.push(Finding::error("not-reproduced", Place::default(), text));
            return Ok(found);
        }
    };
    for output in &last.outputs {
        let is_same = again.outputs.contains(output);
        if !is_same {
            let place = Place::file(&*output.path);
            found.push(Finding::error("not-reproduced", place, "comes out otherwise when it is run again"));
        }
    }
    Ok(found)
}
