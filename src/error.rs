//! What can go wrong: [`Finding`] for faults in the user's data, [`Error`] for what stops the work.
//!
//! Findings are collected, never thrown one at a time: a user who sends a broken plan gets every mistake of it
//! in one go. An [`Error`] carries them when they are grave enough to stop.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How grave a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Note,
    /// Probably not what was meant; the plan is used as it reads.
    Warning,
    /// The plan cannot be used.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// Where in the user's files something stands.
///
/// `row` counts lines of the file as a text editor shows them, from 1 (the header is usually row 1).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Place {
    /// The file's name as the user knows it, such as `tasks.csv`; empty if no single file is to blame.
    pub file: Arc<str>,
    /// Line of the file, from 1.
    pub row: Option<u32>,
    /// The column's header as the file spells it.
    pub column: Option<Arc<str>>,
}

impl Place {
    /// A place that is a whole file.
    pub fn file(file: impl Into<Arc<str>>) -> Place {
        Place { file: file.into(), row: None, column: None }
    }

    /// A row of a file.
    pub fn row(file: impl Into<Arc<str>>, row: u32) -> Place {
        Place { file: file.into(), row: Some(row), column: None }
    }

    /// A cell of a file.
    pub fn cell(file: impl Into<Arc<str>>, row: u32, column: impl Into<Arc<str>>) -> Place {
        Place { file: file.into(), row: Some(row), column: Some(column.into()) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(out, ":{row}")?;
        }
        if let Some(column) = &self.column {
            write!(out, " [{column}]")?;
        }
        Ok(())
    }
}

/// One fault or remark about the user's data.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The rule that was broken, in kebab case, stable over releases: `unknown-task`, `dependency-cycle`.
    pub rule: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
    /// What is wrong, with the offending value in backticks and what was expected.
    pub text: String,
    /// What to do about it, if there is something to suggest.
    pub hint: Option<String>,
}

impl Finding {
    /// A fault that makes the plan unusable.
    pub fn error(rule: &'static str, place: Place, text: impl Into<String>) -> Finding {
        Finding { rule, severity: Severity::Error, place, text: text.into(), hint: None }
    }

    /// Something that is probably not meant.
    pub fn warning(rule: &'static str, place: Place, text: impl Into<String>) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::error(rule, place, text) }
    }

    /// Something worth knowing.
    pub fn note(rule: &'static str, place: Place, text: impl Into<String>) -> Finding {
        Finding { severity: Severity::Note, ..Finding::error(rule, place, text) }
    }

    /// The same finding with a suggestion.
    pub fn with_hint(self, hint: impl Into<String>) -> Finding {
        Finding { hint: Some(hint.into()), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.severity)?;
        if !self.place.file.is_empty() {
            write!(out, "{}: ", self.place)?;
        }
        write!(out, "{} [{}]", self.text, self.rule)?;
        if let Some(hint) = &self.hint {
            write!(out, "; {hint}")?;
        }
        Ok(())
    }
}

/// The findings of one check, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// No findings yet.
    pub fn new() -> Findings {
        Findings::default()
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds all of another check.
    pub fn append(&mut self, other: Findings) {
        self.0.extend(other.0);
    }

    /// True if any of them makes the plan unusable.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// How many have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|finding| finding.severity == severity).count()
    }

    /// True if there are none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }

    /// Puts them in the order a reader of the files would meet them: by file, row and column, graver first.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| {
            (&a.place, std::cmp::Reverse(a.severity), a.rule, &a.text).cmp(&(
                &b.place,
                std::cmp::Reverse(b.severity),
                b.rule,
                &b.text,
            ))
        });
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(iter: I) -> Findings {
        Findings(iter.into_iter().collect())
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// What stopped the work.
#[derive(Debug)]
pub struct Error(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Io { path: PathBuf, doing: &'static str, source: std::io::Error },
    InvalidPlan(Findings),
    InvalidEdits(Findings),
    InvalidSchedule(Findings),
    InvalidBaseline(String, Findings),
    InvalidCalibration(Findings),
    Infeasible(String),
    Usage(String),
    RejectedSchedule(Findings),
    Picture(String),
}

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A file could not be read or written; `doing` is a verb phrase such as `read`.
    pub fn io(doing: &'static str, path: impl AsRef<Path>, source: std::io::Error) -> Error {
        Error(Box::new(Kind::Io { path: path.as_ref().to_owned(), doing, source }))
    }

    /// The plan has errors; the findings hold all of them and any lesser ones.
    pub fn invalid_plan(findings: Findings) -> Error {
        Error(Box::new(Kind::InvalidPlan(findings)))
    }

    /// Edits that the user gave for a plan have errors; the findings hold all of them.
    pub fn invalid_edits(findings: Findings) -> Error {
        Error(Box::new(Kind::InvalidEdits(findings)))
    }

    /// A schedule that the user gave cannot be used; the findings say why.
    pub fn invalid_schedule(findings: Findings) -> Error {
        Error(Box::new(Kind::InvalidSchedule(findings)))
    }

    /// A baseline cannot be used; the findings say why.
    pub fn invalid_baseline(name: impl Into<String>, findings: Findings) -> Error {
        Error(Box::new(Kind::InvalidBaseline(name.into(), findings)))
    }

    /// A calibration that the user gave cannot be used; the findings say why.
    pub fn invalid_calibration(findings: Findings) -> Error {
        Error(Box::new(Kind::InvalidCalibration(findings)))
    }

    /// No schedule can exist; the text says which constraint cannot be met.
    pub fn infeasible(reason: impl Into<String>) -> Error {
        Error(Box::new(Kind::Infeasible(reason.into())))
    }

    /// The request makes no sense, whatever the plan.
    pub fn usage(text: impl Into<String>) -> Error {
        Error(Box::new(Kind::Usage(text.into())))
    }

    /// The validator refused a schedule that an engine built: our own fault, never written out.
    pub fn rejected_schedule(findings: Findings) -> Error {
        Error(Box::new(Kind::RejectedSchedule(findings)))
    }

    /// A picture could not be turned into another format; the text says why.
    pub fn picture(reason: impl Into<String>) -> Error {
        Error(Box::new(Kind::Picture(reason.into())))
    }

    /// True if the user's data is at fault.
    pub fn is_invalid_plan(&self) -> bool {
        matches!(
            *self.0,
            Kind::InvalidPlan(_)
                | Kind::InvalidEdits(_)
                | Kind::InvalidSchedule(_)
                | Kind::InvalidBaseline(..)
                | Kind::InvalidCalibration(_)
        )
    }

    /// True if it is proven that no schedule exists.
    pub fn is_infeasible(&self) -> bool {
        matches!(*self.0, Kind::Infeasible(_))
    }

    /// True if the request itself is at fault.
    pub fn is_usage(&self) -> bool {
        matches!(*self.0, Kind::Usage(_))
    }

    /// True if a file could not be read or written.
    pub fn is_io(&self) -> bool {
        matches!(*self.0, Kind::Io { .. })
    }

    /// True if writing failed because the reader of our output went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&*self.0, Kind::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// The findings behind the error, if it has any.
    pub fn findings(&self) -> Option<&Findings> {
        match &*self.0 {
            Kind::InvalidPlan(findings)
            | Kind::InvalidEdits(findings)
            | Kind::InvalidSchedule(findings)
            | Kind::InvalidBaseline(_, findings)
            | Kind::InvalidCalibration(findings)
            | Kind::RejectedSchedule(findings) => Some(findings),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Io { path, doing, source } => {
                write!(out, "cannot {doing} `{}`: {}", path.display(), in_words(source))
            }
            Kind::InvalidPlan(findings) => write!(out, "the plan has {}", errors(findings)),
            Kind::InvalidEdits(findings) => write!(out, "the edits have {}", errors(findings)),
            Kind::InvalidSchedule(findings) => write!(out, "the schedule to start from has {}", errors(findings)),
            Kind::InvalidBaseline(name, findings) => write!(out, "the baseline `{name}` has {}", errors(findings)),
            Kind::InvalidCalibration(findings) => write!(out, "the calibration has {}", errors(findings)),
            Kind::Infeasible(reason) => write!(out, "no schedule is possible: {reason}"),
            Kind::Usage(text) => out.write_str(text),
            Kind::Picture(reason) => write!(out, "the picture cannot be drawn: {reason}"),
            Kind::RejectedSchedule(findings) => {
                write!(out, "the validator refused the schedule with {}", errors(findings))
            }
        }
    }
}

/// Why a file could not be read or written, and what helps: in plain words where the operating system (whose words have its
/// number behind them, and now and then the name of a temporary file) is not plain. What was said by hand stays.
fn in_words(source: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let text = source.to_string();
    let Some((of_system, _)) = text.split_once(" (os error") else { return text };
    let words = match source.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            "a file is where a folder is needed; choose another place"
        }
        ErrorKind::IsADirectory => "it is a folder, expected a file",
        ErrorKind::NotFound => "there is no such file or folder",
        ErrorKind::PermissionDenied => "you have no permission; choose another place, or have its permissions changed",
        ErrorKind::ReadOnlyFilesystem => "the disk cannot be written to; choose another place",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full; make room, or choose another place",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "another program has it open; close it there",
        // Sharing and lock violations.
        _ if cfg!(windows) && matches!(source.raw_os_error(), Some(32 | 33)) => {
            "another program has it open; close it there"
        }
        _ => of_system,
    };
    words.to_owned()
}

/// `1 error`, `2 errors`.
fn errors(findings: &Findings) -> String {
    let count = findings.count(Severity::Error);
    format!("{count} error{}", if count == 1 { "" } else { "s" })
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_of_files_is_put_in_plain_words() {
        let said = |code| Error::io("write", "out/a.csv", std::io::Error::from_raw_os_error(code)).to_string();
        let made = Error::io("write", "a", std::io::Error::other("no more paper"));
        assert_eq!(made.to_string(), "cannot write `a`: no more paper");
        if cfg!(target_os = "linux") {
            // ENOSPC, EACCES, ENOTDIR, EROFS, EIO.
            for (code, words) in
                [(28, "disk is full"), (13, "no permission"), (20, "a file is where"), (30, "cannot be written")]
            {
                assert!(said(code).contains(words), "{}", said(code));
            }
            assert_eq!(said(5), "cannot write `out/a.csv`: Input/output error");
        }
    }
}
