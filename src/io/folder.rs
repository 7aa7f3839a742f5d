//! A plan that is a folder: which of its files are tables of the plan, and a word about those that are not.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::format::{self, Content};
use super::{ReadOptions, csv, exports, file_name, read_file, unsupported};
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::plan::draft::{PlanDraft, Table, TableKind};

/// Tables that are written as results and may lie beside the plan.
const RESULT_TABLES: [&str; 9] = [
    "schedule.csv",
    "assignments.csv",
    "usage.csv",
    "costs.csv",
    "summary.csv",
    "compliance.csv",
    "interests.csv",
    "quality.csv",
    "traceability.csv",
];

/// Reads the tables of a folder.
///
/// # Errors
/// If the folder or one of its tables cannot be read.
pub(super) fn read(folder: &Path, options: &ReadOptions) -> Result<PlanDraft> {
    let mut draft = PlanDraft { name: name_of(folder), date_order: options.date_order, ..PlanDraft::default() };
    let files = csv_files(folder)?;
    let mut chosen: Vec<(TableKind, &str, PathBuf)> = Vec::new();
    for kind in TableKind::ALL {
        let mut named = files.iter().filter(|name| name.eq_ignore_ascii_case(kind.file_name()));
        if let Some(first) = named.next() {
            chosen.push((kind, first, folder.join(first)));
        }
        for other in named {
            let text = format!("the folder also holds a file that is the {} table", kind.file_name());
            let finding = Finding::error("duplicate-table", Place::file(other.as_str()), text);
            draft.findings.push(finding.with_hint("keep one of the two"));
        }
    }
    let read: Vec<Result<(Option<Table>, Findings)>> =
        chosen.par_iter().map(|(kind, file, path)| read_table(*kind, file, path)).collect();
    let mut tasks = None;
    for result in read {
        let (table, findings) = result?;
        match table {
            Some(table) if table.kind() == TableKind::Tasks => tasks = Some(table),
            table => draft.tables.extend(table),
        }
        draft.findings.append(findings);
    }
    // An export of another planner is more than tasks; tables of the folder come before those that it makes.
    if let Some(tasks) = tasks {
        exports::add(tasks, &mut draft);
    }
    let is_table = |name: &str| TableKind::ALL.into_iter().any(|kind| kind.file_name().eq_ignore_ascii_case(name));
    let others: Vec<&str> = files.iter().map(String::as_str).filter(|name| !is_table(name)).collect();
    // With other tables there, validation says that the tasks are missing, together with what it finds in those.
    if chosen.is_empty() {
        draft.findings.push(missing_tasks(&draft.name, &others));
    }
    for finding in others.into_iter().filter_map(unused) {
        draft.findings.push(finding);
    }
    Ok(draft)
}

/// Reads one table.
fn read_table(kind: TableKind, file: &str, path: &Path) -> Result<(Option<Table>, Findings)> {
    let bytes = read_file(path)?;
    let mut findings = Findings::new();
    let what = match format::content(&bytes) {
        Content::Csv => return Ok((csv::read_table(kind, file, bytes, &mut findings), findings)),
        Content::Foreign(what) => what,
        Content::Workbook => "a workbook",
        Content::Mspdi => "a Microsoft Project file (MSPDI), not a table",
        Content::Pmxml => "a Primavera P6 file (XML), not a table",
        Content::Xer => "a Primavera P6 file (XER)",
        Content::Psplib => "a PSPLIB instance, not a table",
        Content::Patterson | Content::ProgenMax | Content::Portfolio => "a list of numbers without headers",
    };
    findings.push(unsupported(file, what).with_hint("a table of a plan is a CSV file with a row of headers"));
    Ok((None, findings))
}

/// What the folder is called, also if it is given as `.`.
fn name_of(folder: &Path) -> String {
    match folder.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => match folder.canonicalize() {
            Ok(full) => full.file_name().map_or_else(|| "plan".into(), |name| name.to_string_lossy().into_owned()),
            Err(_) => "plan".into(),
        },
    }
}

/// The CSV files of a folder, sorted; hidden ones and folders left out.
fn csv_files(folder: &Path) -> Result<Vec<String>> {
    let fail = |source| Error::io("read", folder, source);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let name = file_name(&path);
        if is_csv && !name.starts_with('.') && path.is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The finding for a folder without tasks.
fn missing_tasks(plan: &str, others: &[&str]) -> Finding {
    let finding = Finding::error(
        "missing-table",
        Place::file(TableKind::Tasks.file_name()),
        format!("the plan `{plan}` has no tasks.csv"),
    );
    let tasks = TableKind::Tasks.file_name();
    match others.iter().find(|name| nearest_table(name) == Some(TableKind::Tasks)) {
        Some(name) => finding.with_hint(format!("rename `{name}` to `{tasks}`")),
        None if others.len() == 1 => finding
            .with_hint(format!("rename `{0}` to `{tasks}`, or give the file `{0}` itself as the plan", others[0])),
        None => finding.with_hint(
            "a plan is a folder with at least a tasks.csv, or a file; `solve --batch` takes a folder of plans",
        ),
    }
}

/// The remark about a CSV file that is not a table of the plan.
fn unused(name: &str) -> Option<Finding> {
    if RESULT_TABLES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let place = Place::file(name);
    let text = "no table of a plan has this name; the file is not used";
    Some(match nearest_table(name) {
        Some(kind) => {
            Finding::warning("unused-table", place, text).with_hint(format!("did you mean `{}`?", kind.file_name()))
        }
        None => Finding::note("unused-table", place, text),
    })
}

/// The table whose file name a name comes close to.
fn nearest_table(name: &str) -> Option<TableKind> {
    let plain = name.to_lowercase().replace([' ', '_', '-'], "");
    let distance = |kind: TableKind| strsim::damerau_levenshtein(&plain, kind.file_name());
    let nearest = TableKind::ALL.into_iter().min_by_key(|&kind| distance(kind))?;
    (distance(nearest) <= 2).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::super::read_draft;
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn rules(findings: &Findings) -> Vec<(&str, &str)> {
        findings.iter().map(|finding| (finding.rule, &*finding.place.file)).collect()
    }

    #[test]
    fn a_folder_is_read_by_the_names_of_its_files_in_any_case() {
        let folder =
            folder(&[("Tasks.CSV", "id,duration\nA,1d\n"), ("resources.csv", "id\nana\n"), ("notes.txt", "x")]);
        let draft = read_draft(folder.path(), &ReadOptions::default()).unwrap();
        assert_eq!(draft.tables.len(), 2);
        assert!(draft.findings.is_empty(), "{:?}", draft.findings);
        assert_eq!(Some(draft.name.as_str()), folder.path().file_name().and_then(|name| name.to_str()));
        assert_eq!(&**draft.table(TableKind::Tasks).unwrap().file(), "Tasks.CSV");
    }

    #[test]
    fn a_tasks_file_brings_the_tables_beside_it_and_another_csv_does_not() {
        let folder = folder(&[
            ("tasks.csv", "id,duration\nA,1d\n"),
            ("resources.csv", "id\nana\n"),
            ("plan.csv", "id,duration\nB,1d\n"),
        ]);
        let read = |name: &str| read_draft(&folder.path().join(name), &ReadOptions::default()).unwrap();
        assert_eq!(read("tasks.csv").tables.len(), 2);
        let lone = read("plan.csv");
        assert_eq!((lone.tables.len(), lone.name.as_str()), (1, "plan"));
    }

    #[test]
    fn files_that_are_no_tables_are_named_with_the_nearest_one() {
        let folder = folder(&[
            ("tasks.csv", "id,duration\nA,1d\n"),
            ("recources.csv", "id\n"),
            ("invoices.csv", "id\n"),
            ("holidays_2026.csv", "day\n"),
            ("schedule.csv", "task\n"),
        ]);
        let draft = read_draft(folder.path(), &ReadOptions::default()).unwrap();
        let unused = [
            ("unused-table", "holidays_2026.csv"),
            ("unused-table", "invoices.csv"),
            ("unused-table", "recources.csv"),
        ];
        assert_eq!(rules(&draft.findings), unused);
        let hints: Vec<_> = draft.findings.iter().filter_map(|finding| finding.hint.as_deref()).collect();
        assert_eq!(hints, ["did you mean `resources.csv`?"]);
    }

    #[test]
    fn the_tables_of_uncertainty_are_read_and_written_as_they_are() {
        let files = [
            ("tasks.csv", "id,duration,category,deliverable\nA,1d,site,hut\n"),
            ("deliverables.csv", "id,name,acceptance,due\nhut,Hut,It stands,2026-01-05\n"),
            ("risks.csv", "id,probability,tasks,delay\nr,30%,A,\"pert(1d,2d,5d)\"\n"),
            ("mitigations.csv", "id,risk,cost,probability_after\nm,r,500,10%\n"),
            ("correlations.csv", "a,b,coefficient\nsite,site,0.4\n"),
            ("gates.csv", "id,after,pass_probability,rework_task\ng,A,0.8,A\n"),
            ("issues.csv", "id,opened,task,delay,status\ni,2026-01-05,A,1d,open\n"),
            ("stakeholders.csv", "id,milestones,confidence\ns,A,90%\n"),
        ];
        let draft = read_draft(folder(&files).path(), &ReadOptions::default()).unwrap();
        assert!(draft.findings.is_empty(), "{:?}", draft.findings);
        let copy = tempfile::tempdir().unwrap();
        csv::write_draft(&draft, copy.path()).unwrap();
        for (name, text) in files {
            assert_eq!(std::fs::read_to_string(copy.path().join(name)).unwrap(), text, "{name}");
        }
        let (plan, _) = crate::plan::validate(&draft).unwrap();
        let rows = [plan.risks().len(), plan.mitigations().len(), plan.correlations().len()];
        assert_eq!((rows, plan.gates().len()), ([1; 3], 1));
        assert_eq!((plan.issues().len(), plan.stakeholders().len()), (1, 1));
    }

    #[test]
    fn a_folder_without_tasks_is_an_error_that_says_what_to_do() {
        let folder = folder(&[("task.csv", "id,duration\n")]);
        let error = read_draft(folder.path(), &ReadOptions::default()).unwrap_err();
        let findings = error.findings().unwrap();
        assert_eq!(findings.iter().next().unwrap().hint.as_deref(), Some("rename `task.csv` to `tasks.csv`"));
    }

    #[test]
    fn a_tasks_file_that_another_planner_exported_gives_way_to_the_tables_beside_it() {
        let folder = folder(&[
            (
                "tasks.csv",
                "ID,Name,Outline Level,Duration,Start,Resource Names\n1,A,1,,2026-03-02,\n2,B,2,1d,2026-03-02,Ana[200%]\n",
            ),
            ("resources.csv", "id,capacity\nAna,3\n"),
        ]);
        let draft = read_draft(folder.path(), &ReadOptions::default()).unwrap();
        let kinds: Vec<TableKind> = draft.tables.iter().map(Table::kind).collect();
        assert_eq!(kinds, [TableKind::Project, TableKind::Tasks, TableKind::Resources, TableKind::Dates]);
        assert_eq!(draft.table(TableKind::Resources).unwrap().cell(0, 1), "3");
        assert_eq!(draft.table(TableKind::Tasks).unwrap().cell(1, 2), "1");
    }

    // Other systems hold the two files for one.
    #[cfg(target_os = "linux")]
    #[test]
    fn tables_that_differ_in_case_only_are_an_error() {
        let folder = folder(&[("tasks.csv", "id,duration\n"), ("TASKS.csv", "id,duration\n")]);
        let draft = read_draft(folder.path(), &ReadOptions::default()).unwrap();
        assert_eq!(rules(&draft.findings), [("duplicate-table", "tasks.csv")]);
    }

    #[test]
    fn a_path_that_is_not_there_is_an_error_that_names_it() {
        let error = read_draft(Path::new("no/such/plan"), &ReadOptions::default()).unwrap_err();
        assert!(error.is_io() && error.to_string().contains("no/such/plan"));
    }
}
