//! `floatline init`: an example plan to start from, carried inside the program.

use std::path::PathBuf;

use clap::Args;
use floatline::error::{Error, Result};
use floatline::io::{FileWriter, write_files};

use super::settings::Settings;
use super::{Verdict, print};

/// An example plan.
struct Sample {
    name: &'static str,
    about: &'static str,
    files: &'static [(&'static str, &'static str)],
}

/// The examples, the first being the default.
const SAMPLES: &[Sample] = &[
    Sample {
        name: "software-release",
        about: "a software release of about 40 tasks, with people, holidays and a budget",
        files: &[
            ("availability.csv", include_str!("../../data/software-release/availability.csv")),
            ("budgets.csv", include_str!("../../data/software-release/budgets.csv")),
            ("calendars.csv", include_str!("../../data/software-release/calendars.csv")),
            ("modes.csv", include_str!("../../data/software-release/modes.csv")),
            ("project.csv", include_str!("../../data/software-release/project.csv")),
            ("resources.csv", include_str!("../../data/software-release/resources.csv")),
            ("scenarios.csv", include_str!("../../data/software-release/scenarios.csv")),
            ("tasks.csv", include_str!("../../data/software-release/tasks.csv")),
        ],
    },
    Sample {
        name: "first-plan",
        about: "ten tasks in one file",
        files: &[("tasks.csv", include_str!("../../data/first-plan.csv"))],
    },
];

/// Write an example plan to start from
///
/// Change its tables in a spreadsheet, then `check` and `solve` it. Nothing that exists is overwritten.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline init my-plan
  floatline init --sample first-plan small
  floatline solve my-plan")]
pub struct Arguments {
    /// The folder to write to
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Which example: software-release (a folder of tables) or first-plan (ten tasks in one file)
    #[arg(long, value_name = "NAME", default_value = SAMPLES[0].name,
          value_parser = SAMPLES.iter().map(|sample| sample.name).collect::<Vec<_>>())]
    sample: String,
}

/// Writes the example.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let dir = match (&arguments.dir, &settings.out) {
        (Some(_), Some(_)) => return Err(Error::usage("init takes a folder either as DIR or as -o, not both")),
        (Some(dir), None) | (None, Some(dir)) => dir.clone(),
        (None, None) => PathBuf::from("."),
    };
    let sample = SAMPLES.iter().find(|sample| sample.name == arguments.sample);
    let sample = sample.ok_or_else(|| Error::usage(format!("there is no example `{}`", arguments.sample)))?;
    if let Some((file, _)) = sample.files.iter().find(|(file, _)| dir.join(file).exists()) {
        let there = dir.join(file);
        return Err(Error::usage(format!(
            "`{}` is there already and is not overwritten; choose another folder",
            there.display()
        )));
    }
    let writers: Vec<_> = sample
        .files
        .iter()
        .map(|&(file, text)| (file, move |out: &mut dyn std::io::Write| out.write_all(text.as_bytes())))
        .collect();
    let files: Vec<(&str, FileWriter<'_>)> =
        writers.iter().map(|(file, writer)| (*file, writer as FileWriter<'_>)).collect();
    write_files(&dir, &files)?;
    if !settings.quiet {
        let names: Vec<&str> = sample.files.iter().map(|(file, _)| *file).collect();
        print::out(|out| {
            writeln!(out, "wrote {} ({}): {}", dir.display(), sample.about, names.join(", "))?;
            writeln!(out, "next: floatline solve {}", dir.display())
        })?;
    }
    Ok(Verdict::Done)
}
