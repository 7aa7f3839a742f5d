//! `floatline init`: plans to start from, which are built into the program.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use floatline::error::{Error, Result};
use floatline::io::{FileWriter, write_files};
use floatline::plan::draft::TableKind;
use include_dir::{Dir, include_dir};

use super::settings::Settings;
use super::{Verdict, print};

static RELEASE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/software-release");
static MIGRATION: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/datacenter-move");
static HARDWARE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/hardware-programme");

/// What to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Template {
    /// A software release: estimates, risks, gates, deliverables, stakeholders, scenarios
    Release,
    /// The move of a data centre: two countries, night shifts, fixed nights, budgets
    Migration,
    /// A hardware programme of 305 rows: materials, leases, ways to buy time, gates
    Hardware,
    /// Ten tasks in one file
    FirstPlan,
    /// Tables with all their columns and a row or none, to be filled in
    Blank,
}

/// The cells of a row that are filled in, with their columns.
type Row = &'static [(&'static str, &'static str)];

/// The rows of a blank plan; all other columns are there, and empty.
const BLANK: [(TableKind, &[Row]); 9] = [
    (TableKind::Project, &[&[("key", "name"), ("value", "My project")], &[("key", "start"), ("value", "2026-01-05")]]),
    (TableKind::Tasks, &[&[("id", "T1"), ("name", "First task"), ("duration", "5d"), ("resources", "P1")]]),
    (TableKind::Resources, &[&[("id", "P1"), ("name", "First person"), ("kind", "work"), ("capacity", "1")]]),
    (TableKind::Dependencies, &[]),
    (TableKind::Availability, &[]),
    (TableKind::Calendars, &[]),
    (TableKind::Budgets, &[]),
    (TableKind::Risks, &[]),
    (TableKind::Stakeholders, &[]),
];

/// Write a plan to start from: a complete example, or blank tables
///
/// Change its tables in a spreadsheet, then `check` and `solve` it. `floatline doc TABLE` explains the columns. The folder has to be
/// new or empty: nothing that exists is overwritten.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline init my-plan
  floatline init my-move --template migration
  floatline init empty-plan --template blank
  floatline solve my-plan")]
pub struct Arguments {
    /// The folder to write to
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// What to start from
    #[arg(long, value_enum, default_value_t = Template::Release)]
    template: Template,
}

/// Writes the plan.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let dir = match (&arguments.dir, &settings.out) {
        (Some(_), Some(_)) => return Err(Error::usage("init takes a folder either as DIR or as -o, not both")),
        (Some(dir), None) | (None, Some(dir)) => dir.clone(),
        (None, None) => PathBuf::from("."),
    };
    refuse_full(&dir)?;
    let files = files(arguments.template);
    let writers: Vec<_> =
        files.iter().map(|(_, content)| |out: &mut dyn std::io::Write| out.write_all(content)).collect();
    let due: Vec<(&str, FileWriter<'_>)> =
        files.iter().zip(&writers).map(|((name, _), writer)| (&**name, writer as FileWriter<'_>)).collect();
    write_files(&dir, &due)?;
    if !settings.quiet {
        let names: Vec<&str> = due.iter().map(|(name, _)| *name).collect();
        print::out(|out| writeln!(out, "wrote {}: {}", dir.display(), names.join(", ")))?;
    }
    Ok(Verdict::Done)
}

/// Refuses a folder that holds anything.
fn refuse_full(dir: &Path) -> Result<()> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    match entries.map(|entry| entry.file_name()).min() {
        None => Ok(()),
        Some(first) => Err(Error::usage(format!(
            "`{}` is not empty (it holds `{}`), and nothing is overwritten; choose a new folder",
            dir.display(),
            first.display()
        ))),
    }
}

/// The files of a template by their names.
fn files(template: Template) -> Vec<(String, Vec<u8>)> {
    let of_folder = |folder: &Dir<'_>| {
        let name = |path: &Path| path.to_string_lossy().into_owned();
        folder.files().map(|file| (name(file.path()), file.contents().to_vec())).collect()
    };
    match template {
        Template::Release => of_folder(&RELEASE),
        Template::Migration => of_folder(&MIGRATION),
        Template::Hardware => of_folder(&HARDWARE),
        Template::FirstPlan => {
            vec![(TableKind::Tasks.file_name().to_owned(), include_bytes!("../../data/first-plan.csv").to_vec())]
        }
        Template::Blank => {
            BLANK.map(|(kind, rows)| (kind.file_name().to_owned(), blank(kind, rows).into_bytes())).into()
        }
    }
}

/// A table with all its columns and these cells.
fn blank(kind: TableKind, rows: &[Row]) -> String {
    let names = || kind.fields().iter().map(|field| field.name);
    let line = |cells: Vec<&str>| cells.join(",") + "\n";
    let row = |row: &Row| {
        let cell = |name| row.iter().find(|(column, _)| *column == name).map_or("", |(_, cell)| *cell);
        line(names().map(cell).collect())
    };
    line(names().collect()) + &rows.iter().map(row).collect::<String>()
}
