//! Everything that is printed goes through here: results to standard output, messages to standard error.

use std::io::{self, BufWriter, IsTerminal, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table};
use floatline::error::{Error, Finding, Findings, Result, Severity};
use serde_json::Value;

use super::excerpt::Sources;
use super::settings::Settings;

/// Most findings that verbs other than `check` print.
const MOST_FINDINGS: usize = 20;

/// Lets `write` write to standard output.
///
/// # Errors
/// [`Error::is_io`]; a reader that went away is [`Error::is_broken_pipe`].
pub fn out(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    written.map_err(|source| Error::io("write", "standard output", source))
}

/// Prints a message for people on standard error; nothing can be done if that fails.
pub fn message(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// True if messages may be coloured.
fn coloured() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A severity, coloured on a terminal.
fn severity_word(severity: Severity) -> String {
    let colour = match severity {
        Severity::Error => "31",
        Severity::Warning => "33",
        Severity::Note => "36",
    };
    if coloured() { format!("\x1b[1;{colour}m{severity}\x1b[0m") } else { severity.to_string() }
}

/// Prints an error with the findings behind it, and the rows that they are about.
pub fn error(error: &Error, sources: &Sources) {
    if let Some(findings) = error.findings() {
        print_findings(findings, "", Severity::Warning, MOST_FINDINGS, sources);
    }
    message(&format!("{}: {error}", severity_word(Severity::Error)));
}

/// Prints findings from a severity upwards on standard error, gravest first and only so many of them.
///
/// # Arguments
/// `plan` stands before each place if it is not empty.
pub fn some_findings(findings: &Findings, plan: &str, least: Severity) {
    print_findings(findings, plan, least, MOST_FINDINGS, &Sources::default());
}

/// Prints what the user should know of a plan, unless nothing is to be said; notes if much is.
pub fn findings_of_plan(findings: &Findings, settings: &Settings) {
    if !settings.quiet {
        let least = if settings.verbose { Severity::Note } else { Severity::Warning };
        some_findings(findings, "", least);
    }
}

/// All findings to standard error, graver ones first.
pub fn all_findings(findings: &Findings) {
    print_findings(findings, "", Severity::Note, usize::MAX, &Sources::default());
}

fn print_findings(findings: &Findings, plan: &str, least: Severity, most: usize, sources: &Sources) {
    let mut chosen: Vec<&Finding> = findings.iter().filter(|finding| finding.severity >= least).collect();
    // A stable sort: within a severity the order of the files stays.
    chosen.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in chosen.iter().take(most) {
        let text = finding.to_string();
        let prefix = finding.severity.to_string();
        let rest = text.strip_prefix(&prefix).unwrap_or(&text);
        let plan = if plan.is_empty() { String::new() } else { format!("{plan}: ") };
        message(&format!("{plan}{}{rest}", severity_word(finding.severity)));
        sources.lines(finding).iter().for_each(|line| message(&format!("  {line}")));
    }
    if chosen.len() > most {
        message(&format!("... and {} more; `floatline check` shows all", chosen.len() - most));
    }
}

/// A table without lines, cut to the width of the terminal if standard output is one.
///
/// # Arguments
/// `right` are the columns that hold numbers.
pub fn table<'a>(headers: &[&str], right: &[usize], rows: impl IntoIterator<Item = Vec<String>> + 'a) -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !headers.is_empty() {
        table.set_header(headers.iter().map(|header| header.to_uppercase()));
    }
    for row in rows {
        table.add_row(row);
    }
    for &column in right {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if !io::stdout().is_terminal() {
        table.force_no_tty();
    }
    table
}

/// Keeps columns of ids, dates and numbers from being broken on a narrow terminal; the others share what is left.
pub fn keep_whole(table: &mut Table, columns: &[usize]) {
    for &column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

/// Writes a table without trailing blanks.
pub fn write_table(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    table.lines().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
}

/// A table of results as an array of objects, from what writes it as JSON.
pub fn table_as_json(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Value> {
    let mut text = Vec::new();
    write(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

/// Writes a value as indented JSON and a line end.
pub fn write_json(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    if word.contains(char::is_whitespace) { format!("\"{word}\"") } else { word.to_owned() }
}

/// A number of things: `1 task`, `2 tasks`, `2 passes`.
pub fn count(number: usize, thing: &str) -> String {
    let ending = if thing.ends_with('s') || thing.ends_with("sh") { "es" } else { "s" };
    format!("{number} {thing}{}", if number == 1 { "" } else { ending })
}
