//! The findings of `check`: grouped by file, gravest first, as a table, CSV or JSON.

use std::io::{self, Write};

use floatline::error::{Finding, Findings, Severity};
use floatline::io::guarded;
use serde_json::{Value, json};

use super::excerpt::Sources;
use super::print;

/// Findings in the order in which they are shown: file by file, errors before warnings before notes, then by row.
pub fn in_order(findings: &Findings) -> Vec<&Finding> {
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.sort_by(|a, b| {
        (&a.place.file, std::cmp::Reverse(a.severity), a.place.row, &a.place.column, a.rule).cmp(&(
            &b.place.file,
            std::cmp::Reverse(b.severity),
            b.place.row,
            &b.place.column,
            b.rule,
        ))
    });
    ordered
}

/// `2 errors, 1 warning`, or `no findings`.
pub fn counts(findings: &Findings) -> String {
    let parts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let parts = parts.map(|(severity, word)| (findings.count(severity), word));
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|&(number, word)| print::count(number, word)).collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// Findings whose rows are shown.
const MOST_ROWS: usize = 20;

/// Writes findings for people: a heading for each file, then each finding with its hint and the row that it is about; of many
/// findings those behind the first are rows of a table.
pub fn write(out: &mut dyn Write, findings: &Findings, sources: &Sources) -> io::Result<()> {
    let mut left = MOST_ROWS;
    for group in in_order(findings).chunk_by(|a, b| a.place.file == b.place.file) {
        let file: &str = &group[0].place.file;
        writeln!(out, "{}", if file.is_empty() { "the plan" } else { file })?;
        let mut plain: Vec<&Finding> = Vec::new();
        for &finding in group {
            let lines = if left > 0 { sources.lines(finding) } else { Vec::new() };
            if lines.is_empty() {
                plain.push(finding);
                continue;
            }
            write_table(out, &std::mem::take(&mut plain))?;
            left -= 1;
            let column = finding.place.column.as_deref().map_or_else(String::new, |column| format!(" [{column}]"));
            let row = finding.place.row.map_or_else(String::new, |row| format!(" row {row}"));
            writeln!(out, "  {}{row}{column}: {} [{}]", finding.severity, finding.text, finding.rule)?;
            lines.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
            finding.hint.iter().try_for_each(|hint| writeln!(out, "    {hint}"))?;
        }
        write_table(out, &plain)?;
    }
    Ok(())
}

/// Findings as a table, a row each with its hint below.
fn write_table(out: &mut dyn Write, findings: &[&Finding]) -> io::Result<()> {
    let rows = findings.iter().map(|finding| {
        let row = finding.place.row.map_or_else(String::new, |row| format!("row {row}"));
        let column = finding.place.column.as_deref().unwrap_or("").to_owned();
        let text = match &finding.hint {
            Some(hint) => format!("{}\n{hint}", finding.text),
            None => finding.text.clone(),
        };
        vec![format!("  {}", finding.severity), row, column, text, finding.rule.to_owned()]
    });
    print::write_table(out, &print::table(&[], &[], rows))
}

const CSV_HEADERS: [&str; 8] = ["plan", "severity", "rule", "file", "row", "column", "text", "hint"];

/// Writes the findings about plans, each with its name, as CSV.
pub fn write_csv<'f>(out: &mut dyn Write, plans: impl IntoIterator<Item = (&'f str, &'f Findings)>) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(CSV_HEADERS)?;
    for (plan, findings) in plans {
        for Finding { severity, rule, place, text, hint } in in_order(findings) {
            let (severity, row) = (severity.to_string(), place.row.map_or_else(String::new, |row| row.to_string()));
            let (column, hint) = (place.column.as_deref().unwrap_or(""), hint.as_deref().unwrap_or(""));
            writer.write_record(
                [plan, &severity, rule, &place.file, &row, column, text, hint].map(|cell| guarded(cell).into_owned()),
            )?;
        }
    }
    writer.flush()
}

/// Findings as JSON objects.
pub fn json(findings: &Findings) -> Value {
    in_order(findings).into_iter().map(|finding| json!(finding)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use floatline::error::Place;

    #[test]
    fn errors_come_first_within_each_file() {
        let findings = Findings::from_iter([
            Finding::warning("w", Place::row("tasks.csv", 2), "odd"),
            Finding::error("e", Place::row("tasks.csv", 9), "wrong").with_hint("do this"),
            Finding::note("n", Place::file("project.csv"), "by the way"),
        ]);
        let rules: Vec<&str> = in_order(&findings).iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["n", "e", "w"]);
        assert_eq!(counts(&findings), "1 error, 1 warning, 1 note");
        let mut text = Vec::new();
        write(&mut text, &findings, &Sources::default()).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("row 9") && text.contains("do this"), "{text}");
    }

    #[test]
    fn of_many_findings_only_the_first_show_their_rows() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tasks.csv");
        std::fs::write(&file, format!("id,duration\n{}", "A,3x\n".repeat(30))).unwrap();
        let finding = |row| Finding::error("e", Place::cell("tasks.csv", row, "duration"), "wrong");
        let mut text = Vec::new();
        write(&mut text, &(2..32).map(finding).collect(), &Sources::of([file])).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!((text.matches("^^").count(), text.matches("wrong").count()), (MOST_ROWS, 30), "{text}");
    }
}
