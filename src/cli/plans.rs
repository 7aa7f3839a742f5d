//! From the paths a user gives to plans: names, batches, reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use floatline::error::{Error, Findings, Result};
use floatline::io::{self, ReadOptions};
use floatline::plan::draft::{PlanDraft, Table, TableKind};
use floatline::plan::{Plan, TimeUnit, validate};
use floatline::track::status_date;
use floatline::units::{MINUTES_PER_DAY, Moment};
use jiff::civil::{Date, DateTime};

/// Extensions of plan files that a batch takes from its folder.
const PLAN_EXTENSIONS: [&str; 9] = ["csv", "xlsx", "ods", "sm", "mm", "rcp", "sch", "xml", "xer"];

/// The extension of files that may be plans or anything else: their content tells.
const TEXT_EXTENSION: &str = "txt";

/// A plan to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub path: PathBuf,
    /// The folder's name or the file's stem; names the plan's row and its folder of results.
    pub name: String,
}

impl Job {
    /// The job of a path as the user gave it.
    pub fn of(path: &Path) -> Job {
        Job { path: path.to_owned(), name: name_of(path) }
    }
}

/// The name of a plan: its folder's name, or its file's stem; a tasks.csv is named after the folder it is in.
fn name_of(path: &Path) -> String {
    let is_tasks = path.file_name().is_some_and(|name| name.eq_ignore_ascii_case(TableKind::Tasks.file_name()));
    let holder = match path.parent() {
        Some(parent) if is_tasks && !path.is_dir() && parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) if is_tasks && !path.is_dir() => parent,
        _ => path,
    };
    // `.` and `..` have no name of their own.
    let resolved = if holder.file_name().is_none() { holder.canonicalize().ok() } else { None };
    let named = resolved.as_deref().unwrap_or(holder);
    let name = if named.is_dir() { named.file_name() } else { named.file_stem() };
    name.map_or_else(|| "plan".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The jobs of paths given one by one.
pub fn given(paths: &[PathBuf]) -> Vec<Job> {
    paths.iter().map(|path| Job::of(path)).collect()
}

/// What a batch folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The plans, sorted by name.
    pub jobs: Vec<Job>,
    /// Folders that hold no table of a plan, and files that are none by their names.
    pub skipped: Vec<PathBuf>,
}

/// Looks for plans in a folder: each folder that holds a table of a plan, each file with the extension of a plan, and each
/// text file that is a benchmark instance by its content. Hidden ones are left out.
///
/// # Errors
/// If the folder cannot be read, is a plan itself, or has no plans in it.
pub fn in_folder(folder: &Path) -> Result<Batch> {
    require(folder)?;
    if holds_table(folder, &[TableKind::Tasks])? {
        return Err(Error::usage(format!(
            "`{}` is a plan itself; leave out --batch, or give the folder above it",
            folder.display()
        )));
    }
    let mut batch = Batch::default();
    for path in entries(folder)? {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_plan = if path.is_dir() {
            holds_table(&path, &TableKind::ALL)?
        } else {
            let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
            let is_text = extension.as_deref() == Some(TEXT_EXTENSION);
            extension.is_some_and(|extension| PLAN_EXTENSIONS.contains(&&*extension))
                || is_text && io::is_instance(&path)
        };
        match (hidden, is_plan) {
            (true, _) => {}
            (false, true) => batch.jobs.push(Job::of(&path)),
            (false, false) => batch.skipped.push(path),
        }
    }
    if batch.jobs.is_empty() {
        return Err(Error::usage(format!(
            "`{}` holds no plans; expected folders with a tasks.csv, files ending in .{}, or benchmark instances ending in .{TEXT_EXTENSION}",
            folder.display(),
            PLAN_EXTENSIONS.join(", .")
        )));
    }
    Ok(batch)
}

/// The paths in a folder, sorted.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let fail = |source| Error::io("read", folder, source);
    let entries = std::fs::read_dir(folder).map_err(fail)?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>().map_err(fail)?;
    paths.sort();
    Ok(paths)
}

/// Refuses a path that leads nowhere, naming one beside it that is spelled nearly the same.
///
/// # Errors
/// [`Error::is_io`] if there is nothing at `path`.
pub fn require(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {}
        // Whatever else is wrong comes up where the path is read.
        _ => return Ok(()),
    }
    let meant = match nearest(path) {
        Some(near) => format!("there is no such file or folder; did you mean `{}`?", near.display()),
        None => "there is no such file or folder".to_owned(),
    };
    Err(Error::io("read", path, std::io::Error::new(std::io::ErrorKind::NotFound, meant)))
}

/// The name and the content of a file.
///
/// # Errors
/// [`Error::is_io`] if it cannot be read.
pub fn content(path: &Path) -> Result<(String, Vec<u8>)> {
    require(path)?;
    let bytes = std::fs::read(path).map_err(|source| Error::io("read", path, source))?;
    Ok((path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(), bytes))
}

/// The path in the same folder whose name is nearest, if it is near.
fn nearest(path: &Path) -> Option<PathBuf> {
    let wanted = path.file_name()?.to_string_lossy().to_lowercase();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let beside = entries(folder.unwrap_or(Path::new("."))).ok()?;
    let scored = beside.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        // Someone who leaves out the extension means the file.
        let stem = path.file_stem()?.to_string_lossy().to_lowercase();
        let distance = strsim::osa_distance(&wanted, &name).min(strsim::osa_distance(&wanted, &stem) + 1);
        Some((distance, path))
    });
    let (distance, near) = scored.min()?;
    let name = near.file_name()?;
    let most = (wanted.chars().count() / 3).clamp(1, 4);
    (distance <= most).then(|| folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name)))
}

/// True if a folder holds one of these tables.
fn holds_table(folder: &Path, kinds: &[TableKind]) -> Result<bool> {
    let is_table = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        kinds.iter().any(|kind| name.eq_ignore_ascii_case(kind.file_name()))
    };
    Ok(entries(folder)?.iter().any(is_table))
}

/// Refuses jobs whose results would go to the same place.
///
/// # Errors
/// [`Error::is_usage`] naming both paths.
pub fn refuse_clashes(jobs: &[Job], reserved: &str) -> Result<()> {
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    for job in jobs {
        // Some file systems take `A` and `a` for the same.
        let key = job.name.to_lowercase();
        if key == reserved {
            return Err(Error::usage(format!("`{}` would be written over {reserved}; rename it", job.path.display())));
        }
        if let Some(other) = seen.insert(key, &job.path) {
            if other == job.path {
                return Err(Error::usage(format!("`{}` is given twice", other.display())));
            }
            return Err(Error::usage(format!(
                "`{}` and `{}` are both called `{}`; rename one, or solve them one by one",
                other.display(),
                job.path.display(),
                job.name
            )));
        }
    }
    Ok(())
}

/// Reads and validates a plan.
///
/// # Arguments
/// `start` replaces the project's start.
///
/// # Errors
/// If the plan cannot be read or has errors.
pub fn load(path: &Path, options: &ReadOptions, start: Option<Moment>) -> Result<(Plan, Findings)> {
    validate(&read(path, options, start)?)
}

/// The reading half of [`load`].
pub fn read(path: &Path, options: &ReadOptions, start: Option<Moment>) -> Result<PlanDraft> {
    require(path)?;
    let mut draft = io::read_draft(path, options)?;
    if let Some(start) = start {
        if counts_periods(&draft) {
            return Err(Error::usage(format!(
                "--start-date makes no sense for `{}`, whose time is numbered periods without dates",
                path.display()
            )));
        }
        set_project_value(&mut draft, "start", &start.to_string());
    }
    Ok(draft)
}

/// True if the plan says that its time is numbered periods.
fn counts_periods(draft: &PlanDraft) -> bool {
    let Some(table) = draft.table(TableKind::Project) else { return false };
    let (Some(key), Some(value)) = (table.column("key"), table.column("value")) else { return false };
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    (0..table.len())
        .any(|row| plain(table.cell(row, key)) == "time_unit" && plain(table.cell(row, value)).starts_with("period"))
}

/// The plan as it stood at the date of --status-date (in a plan of numbered periods one of them) or, if none is asked for, at its
/// own status date; without either at the last date of which its record tells.
///
/// # Errors
/// [`Error::is_usage`].
pub fn at_status_date(plan: Plan, asked: Option<&str>) -> Result<Plan> {
    let parse = |text| match plan.project().time_unit {
        TimeUnit::Period => parse_period(text),
        _ => parse_start(text),
    };
    let asked = asked.map(parse).transpose().map_err(|fault| Error::usage(format!("--status-date: {fault}")))?;
    Ok(match asked {
        Some(date) => plan.as_of(date),
        None if plan.project().status_date.is_none() => plan.as_of(status_date(&plan)),
        None => plan,
    })
}

/// Reads a date of the command line: `2026-03-02` or `2026-03-02 13:00`.
pub fn parse_start(text: &str) -> std::result::Result<Moment, String> {
    let expected =
        || format!("`{text}` is not a date; expected year-month-day such as 2026-03-02 or \"2026-03-02 13:00\"");
    let (date, time) = text.trim().split_once([' ', 'T']).unwrap_or((text.trim(), "00:00"));
    let shaped = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text
                .bytes()
                .zip(pattern.bytes())
                .all(|(byte, like)| if like == b'0' { byte.is_ascii_digit() } else { byte == like })
    };
    if !shaped(date, "0000-00-00") || !shaped(time, "00:00") {
        return Err(expected());
    }
    let date: Date = date.parse().map_err(|_| expected())?;
    let civil: DateTime = format!("{date}T{time}:00").parse().map_err(|_| expected())?;
    let moment = Moment::from_civil(civil);
    if moment < Moment::MIN || moment > Moment::MAX { Err(expected()) } else { Ok(moment) }
}

fn parse_period(text: &str) -> std::result::Result<Moment, String> {
    let period = text.trim().parse().ok().filter(|&period| (0..=Moment::MAX.0).contains(&period));
    period.map(Moment).ok_or_else(|| format!("`{text}` is not the number of a period"))
}

/// Reads a date by which something shall be finished: a date without a time means its end, a number a period.
///
/// # Errors
/// What was expected, in words.
pub fn parse_end(plan: &Plan, text: &str) -> std::result::Result<Moment, String> {
    if plan.project().time_unit == TimeUnit::Period {
        return parse_period(text);
    }
    let moment = parse_start(text)?;
    let has_time = text.trim().contains([' ', 'T']);
    Ok(if has_time { moment } else { Moment((moment.0 + MINUTES_PER_DAY).min(Moment::MAX.0)) })
}

/// The date of --until, as [`parse_end`] reads it.
///
/// # Errors
/// [`Error::is_usage`].
pub fn parse_until(plan: &Plan, text: &str) -> Result<Moment> {
    parse_end(plan, text).map_err(|fault| Error::usage(format!("--until: {fault}")))
}

/// Replaces or adds a row of project.csv. A table without the columns for it is left to validation to complain about.
fn set_project_value(draft: &mut PlanDraft, key: &str, value: &str) {
    let kind = TableKind::Project;
    let Some(old) = draft.table(kind) else {
        let mut table = Table::new(kind, kind.file_name(), ["key", "value"]);
        table.push_row(1, [key, value]);
        draft.tables.insert(0, table);
        return;
    };
    let (Some(key_column), Some(value_column)) = (old.column("key"), old.column("value")) else { return };
    let mut table = Table::new(kind, old.file().clone(), old.columns().iter().map(|column| column.header.clone()));
    table.decimal_mark = old.decimal_mark;
    for row in (0..old.len()).filter(|&row| !old.cell(row, key_column).eq_ignore_ascii_case(key)) {
        table.push_row(old.line(row), old.row(row));
    }
    let cells = (0..old.columns().len()).map(|column| match column {
        _ if column == key_column => key,
        _ if column == value_column => value,
        _ => "",
    });
    table.push_row(1, cells);
    for slot in &mut draft.tables {
        if slot.kind() == kind {
            *slot = table;
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_called_after_its_folder_or_file() {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("my.plan");
        std::fs::create_dir(&plan).unwrap();
        std::fs::write(plan.join("tasks.csv"), "").unwrap();
        assert_eq!(name_of(&plan), "my.plan");
        assert_eq!(name_of(&plan.join("tasks.csv")), "my.plan");
        assert_eq!(name_of(&plan.join("other.csv")), "other");
        assert_eq!(name_of(Path::new("j301_1.sm")), "j301_1");
        assert!(!name_of(Path::new(".")).is_empty() && name_of(Path::new(".")) != ".");
    }

    #[test]
    fn two_plans_of_one_name_are_refused_whatever_the_case() {
        let jobs = given(&["x/a.csv".into(), "y/A.sm".into()]);
        let error = refuse_clashes(&jobs, "summary.csv").unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("x/a.csv"), "{error}");
        assert!(refuse_clashes(&given(&["x/a.csv".into(), "y/b.sm".into()]), "summary.csv").is_ok());
        assert!(refuse_clashes(&given(&["summary.csv.sm".into()]), "summary.csv").unwrap_err().is_usage());
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused_with_the_nearest_one_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("software-release")).unwrap();
        std::fs::write(folder.path().join("first-plan.csv"), "").unwrap();
        let said = |name: &str| require(&folder.path().join(name)).unwrap_err().to_string();
        assert!(said("sofware-release").ends_with("/software-release`?"), "{}", said("sofware-release"));
        assert!(said("first-plan").ends_with("/first-plan.csv`?"), "{}", said("first-plan"));
        assert!(said("elsewhere").ends_with("there is no such file or folder"), "{}", said("elsewhere"));
        assert!(require(folder.path()).is_ok());
    }

    #[test]
    fn a_start_is_an_iso_date_with_or_without_time() {
        assert_eq!(parse_start("2026-03-02").unwrap().to_string(), "2026-03-02 00:00");
        assert_eq!(parse_start(" 2026-03-02 13:05 ").unwrap().to_string(), "2026-03-02 13:05");
        assert_eq!(parse_start("2026-03-02T13:05").unwrap().to_string(), "2026-03-02 13:05");
        for text in ["", "2026-3-2", "02.03.2026", "2026-02-30", "2026-03-02 25:00", "2026-03-02 1:00", "0000-01-01"] {
            assert!(parse_start(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_start_replaces_that_of_the_project_and_keeps_the_rest() {
        let mut table = Table::new(TableKind::Project, "project.csv", ["Value", "note", "Key"]);
        table.push_row(2, ["2026-01-01", "soon", "Start"]);
        table.push_row(3, ["Big one", "", "name"]);
        let mut draft = PlanDraft { tables: vec![table], ..PlanDraft::default() };
        set_project_value(&mut draft, "start", "2027-01-01");
        let table = draft.table(TableKind::Project).unwrap();
        let rows: Vec<Vec<&str>> = (0..table.len()).map(|row| table.row(row).collect()).collect();
        assert_eq!(rows, [["Big one", "", "name"], ["2027-01-01", "", "start"]]);
        let mut empty = PlanDraft::default();
        set_project_value(&mut empty, "start", "2027-01-01");
        assert_eq!(empty.table(TableKind::Project).map(Table::len), Some(1));
    }
}
