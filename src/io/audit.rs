//! run.json: what a run read, was asked and wrote, with a digest of each file, and of the run before it.
//!
//! The runs of a folder form a chain: run.json is the last one, those before it are kept in `runs/`, and each holds the digest
//! of the one before. Who changes a file, or an older run, breaks the chain where it was changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::files::{write_files, written_in};
use crate::error::{Error, Finding, Findings, Place, Result};

/// The file of the last run.
pub const RUN_FILE: &str = "run.json";
/// The folder of the runs before it: `0001.json` and so on.
const RUNS: &str = "runs";

/// A file at the time of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its path; of outputs within the folder, parts separated by `/`.
    pub path: String,
    /// The SHA-256 digest of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// A run of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The program's version.
    pub version: String,
    /// The arguments, without the folder of results and the number of threads.
    pub arguments: Vec<String>,
    /// The seed of random choices.
    pub seed: u64,
    /// The exit code.
    pub exit: u8,
    /// What summary.csv says of the schedules: their status and lower bound, if there is such a file.
    pub answers: Vec<(String, String)>,
    /// The files that were read.
    pub inputs: Vec<Stamp>,
    /// The files that were written.
    pub outputs: Vec<Stamp>,
    /// The digest of the run before this one.
    pub previous: Option<String>,
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::io("read", path, source))
}

/// The digests of the files that a run reads: of the file at a path, or of the tables in the folder there.
///
/// # Arguments
/// `are_batches` is true if the folders hold plans, and those may be folders in turn.
///
/// # Errors
/// If one cannot be read.
pub fn inputs(paths: &[PathBuf], are_batches: bool) -> Result<Vec<Stamp>> {
    let is_table = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let mut files: BTreeSet<PathBuf> = BTreeSet::new();
    for path in paths {
        let within = if path.is_dir() { listed(path)? } else { vec![path.clone()] };
        for file in within {
            match file.is_dir() {
                true if are_batches => files.extend(listed(&file)?.into_iter().filter(is_table)),
                true => {}
                false if are_batches || is_table(&file) || file == *path => drop(files.insert(file)),
                false => {}
            }
        }
    }
    files.iter().map(|path| Ok(Stamp { sha256: digest(&bytes_of(path)?), path: path.display().to_string() })).collect()
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let fault = |source| Error::io("read", folder, source);
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        paths.push(entry.map_err(fault)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The files that this run has put into a folder of results, but for those of runs.
fn outputs(folder: &Path) -> Result<Vec<Stamp>> {
    let mut stamps = Vec::new();
    for path in written_in(folder) {
        if !path.starts_with(RUN_FILE) && !path.starts_with(RUNS) {
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            stamps.push(Stamp { sha256: digest(&bytes_of(&folder.join(&path))?), path: parts.join("/") });
        }
    }
    Ok(stamps)
}

/// Status and lower bound of every row of summary.csv.
fn answers(folder: &Path) -> Vec<(String, String)> {
    let Ok(mut reader) = ::csv::Reader::from_path(folder.join("summary.csv")) else { return Vec::new() };
    let Ok(headers) = reader.headers().cloned() else { return Vec::new() };
    let at = |name: &str| headers.iter().position(|header| header == name);
    let (status, bound) = (at("status"), at("lower_bound"));
    let cell =
        |row: &::csv::StringRecord, at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().to_owned();
    reader.records().flatten().map(|row| (cell(&row, status), cell(&row, bound))).collect()
}

/// Writes run.json into a folder of results; the one that was there becomes the newest of `runs/`.
///
/// # Arguments
/// `run` is the run without its outputs, its answers and the run before it.
///
/// # Errors
/// [`Error::is_io`] naming the file.
pub fn record(folder: &Path, run: RunRecord) -> Result<()> {
    let last = folder.join(RUN_FILE);
    let before = if last.is_file() { Some(bytes_of(&last)?) } else { None };
    if let Some(before) = &before {
        let name = format!("{RUNS}/{:04}.json", number(folder)?);
        write_files(folder, &[(&name, &|out| out.write_all(before))])?;
    }
    let previous = before.map(|before| digest(&before));
    let run = RunRecord { outputs: outputs(folder)?, answers: answers(folder), previous, ..run };
    let text =
        serde_json::to_string_pretty(&run).map_err(|error| Error::io("write", &last, std::io::Error::other(error)))?;
    write_files(folder, &[(RUN_FILE, &|out| writeln!(out, "{text}"))])
}

/// Where a file of a folder of results is kept that the next run both reads and writes over: `runs/0003-schedule.csv` is what the
/// run of `runs/0003.json` left. What is kept there is no result of the run that keeps it.
///
/// # Errors
/// If the folder of the runs before cannot be read.
pub fn kept_name(folder: &Path, file: &str) -> Result<String> {
    Ok(format!("{RUNS}/{:04}-{file}", number(folder)?))
}

/// The number that the last run gets when the next one is recorded.
fn number(folder: &Path) -> Result<usize> {
    Ok(older(folder)?.len() + 1)
}

/// The runs before the last one, oldest first.
fn older(folder: &Path) -> Result<Vec<PathBuf>> {
    let runs = folder.join(RUNS);
    if !runs.is_dir() {
        return Ok(Vec::new());
    }
    let is_run = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let mut all: Vec<PathBuf> = listed(&runs)?.into_iter().filter(is_run).collect();
    // Numbers of more digits are later.
    all.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    Ok(all)
}

fn parsed(path: &Path, bytes: &[u8], findings: &mut Findings) -> Option<RunRecord> {
    match serde_json::from_slice(bytes) {
        Ok(run) => Some(run),
        Err(error) => {
            let place = Place::file(path.display().to_string());
            findings.push(Finding::error("bad-run", place, format!("this is no record of a run: {error}")));
            None
        }
    }
}

/// Holds a folder of results against what its runs say.
///
/// # Returns
/// The last run, the number of runs in the chain, and everything that does not fit: files changed or gone since, inputs
/// that are others now (a warning: plans change), runs that were changed or taken out.
///
/// # Errors
/// If there is no run.json, or it is none.
pub fn audit(folder: &Path) -> Result<(RunRecord, usize, Findings)> {
    let path = folder.join(RUN_FILE);
    let mut findings = Findings::new();
    let Some(last) = parsed(&path, &bytes_of(&path)?, &mut findings) else {
        return Err(Error::invalid_plan(findings));
    };
    // The newest run that has written a file says what it should be.
    let mut judged: BTreeSet<String> = BTreeSet::new();
    let mut hold = |run: &RunRecord, is_last: bool, findings: &mut Findings| {
        for output in run.outputs.iter().filter(|output| judged.insert(output.path.clone())) {
            let finding = match fs::read(folder.join(&output.path)) {
                Ok(bytes) if digest(&bytes) == output.sha256 => continue,
                Ok(_) => Finding::error("changed-output", Place::file(&*output.path), "has been changed since its run"),
                Err(_) if is_last => Finding::error("changed-output", Place::file(&*output.path), "is gone"),
                // A later run takes away what would be taken for part of its own results.
                Err(_) => continue,
            };
            findings.push(finding);
        }
    };
    hold(&last, true, &mut findings);
    for input in &last.inputs {
        let text = match fs::read(&input.path) {
            Ok(bytes) if digest(&bytes) == input.sha256 => continue,
            Ok(_) => "is another one now than the run read",
            Err(_) => "is not there any more",
        };
        findings.push(Finding::warning("changed-input", Place::file(&*input.path), text));
    }
    let older = older(folder)?;
    let (mut previous, mut at) = (last.previous.clone(), RUN_FILE.to_owned());
    for path in older.iter().rev() {
        let bytes = bytes_of(path)?;
        let name = format!("{RUNS}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if previous.as_deref() != Some(&*digest(&bytes)) {
            let text = format!("is not the run that {at} says came before it");
            findings.push(Finding::error("broken-chain", Place::file(&*name), text));
        }
        let run = parsed(path, &bytes, &mut findings);
        run.iter().for_each(|run| hold(run, false, &mut findings));
        previous = run.and_then(|run| run.previous);
        at = name;
    }
    if previous.is_some() {
        let text = format!("the run before {at} is gone");
        findings.push(Finding::error("broken-chain", Place::file(RUNS), text));
    }
    findings.sort();
    Ok((last, older.len() + 1, findings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> RunRecord {
        RunRecord {
            version: "1".into(),
            arguments: vec!["solve".into(), "plan".into()],
            seed: 1,
            exit: 0,
            answers: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            previous: None,
        }
    }

    fn chain(length: usize) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..length {
            let text = format!("number {number}");
            write_files(folder.path(), &[("a.csv", &|out| out.write_all(text.as_bytes()))]).unwrap();
            record(folder.path(), run()).unwrap();
        }
        folder
    }

    fn rules(folder: &Path) -> Vec<&'static str> {
        audit(folder).unwrap().2.iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn an_untouched_chain_holds() {
        let folder = chain(4);
        let (last, count, findings) = audit(folder.path()).unwrap();
        assert_eq!((count, findings.iter().count()), (4, 0));
        assert_eq!(last.outputs.len(), 1);
        // The digest of "number 3" by another program.
        let sum = Sha256::digest(b"number 3");
        assert_eq!(last.outputs[0].sha256, sum.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    }

    #[test]
    fn a_change_anywhere_in_the_chain_is_found() {
        for number in 1..4 {
            let folder = chain(4);
            let path = folder.path().join(format!("runs/{number:04}.json"));
            let text = fs::read_to_string(&path).unwrap().replace("\"exit\": 0", "\"exit\": 1");
            fs::write(&path, text).unwrap();
            assert_eq!(rules(folder.path()), ["broken-chain"], "{number}");
            fs::remove_file(&path).unwrap();
            assert_eq!(rules(folder.path()), ["broken-chain"], "without {number}");
        }
        let folder = chain(2);
        fs::write(folder.path().join("a.csv"), "other").unwrap();
        assert_eq!(rules(folder.path()), ["changed-output"]);
        fs::remove_file(folder.path().join("a.csv")).unwrap();
        assert_eq!(rules(folder.path()), ["changed-output"]);
    }

    #[test]
    fn inputs_that_changed_since_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let (plan, out) = (folder.path().join("plan"), folder.path().join("out"));
        write_files(&plan, &[("tasks.csv", &|out| out.write_all(b"id\n"))]).unwrap();
        fs::create_dir(&out).unwrap();
        let inputs = inputs(std::slice::from_ref(&plan), false).unwrap();
        assert_eq!(inputs.len(), 1);
        record(&out, RunRecord { inputs, ..run() }).unwrap();
        assert_eq!(rules(&out), [""; 0]);
        fs::write(plan.join("tasks.csv"), "id\nA\n").unwrap();
        assert_eq!(rules(&out), ["changed-input"]);
    }
}
