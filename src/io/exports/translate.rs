//! Task tables that MS Project exports in another language, in the words that the rest reads.
//!
//! Headers tell the language. Columns keep the user's headers for findings, but are found by the English ones; of the
//! cells only what has a form of its own is put into English, and what is not known stays as it is, to be a finding later.

use std::borrow::Cow;

use super::languages::{ALL, Language};
use crate::error::{Finding, Findings, Place};
use crate::io::csv;
use crate::plan::draft::{DateOrder, DecimalMark, PlanDraft, Table, TableKind, plain_header};

/// True if the headers of a table are those of a task table in another language than English.
pub(in crate::io) fn is_translatable(table: &Table) -> bool {
    language(table).is_some()
}

/// The language of a task table, if it is another than English: the one that most headers are words of, and at least two.
pub(super) fn language(table: &Table) -> Option<&'static Language> {
    let known = |language: &Language| {
        let is_foreign = |header: &str| {
            let plain = plain_header(header);
            TableKind::Tasks.find_field(&plain).is_none() && language.headers.iter().any(|(own, _)| *own == plain)
        };
        table.columns().iter().filter(|column| is_foreign(&column.header)).count()
    };
    // Of equals the first.
    let best = ALL.into_iter().rev().max_by_key(|language| known(language))?;
    (known(best) >= 2).then_some(best)
}

impl Language {
    /// The English header for one of this language; others as they are.
    pub(super) fn english_header<'a>(&self, plain: &'a str) -> &'a str {
        find(self.headers, plain).unwrap_or(plain)
    }

    /// A duration, slack or lag with its units in English.
    fn duration(&self, cell: &str) -> String {
        let mut out = String::with_capacity(cell.len());
        let mut rest = cell;
        while let Some(start) = rest.find(char::is_alphabetic) {
            let (before, word) = rest.split_at(start);
            let (word, after) = word.split_at(word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len()));
            out.push_str(before);
            match find(self.units, &word.to_lowercase()) {
                Some(unit) => {
                    out.push_str(unit);
                    rest = after.strip_prefix('.').unwrap_or(after);
                }
                None => {
                    out.push_str(word);
                    rest = after;
                }
            }
        }
        out + rest
    }

    /// A list of predecessors with its kinds of links and units in English: `4EA+2 Tage` is `4FS+2 d`.
    fn predecessors(&self, cell: &str) -> String {
        cell.split_inclusive(';').map(|item| self.predecessor(item)).collect()
    }

    fn predecessor(&self, item: &str) -> String {
        let number = item.find(|c: char| !c.is_ascii_digit() && !c.is_whitespace()).unwrap_or(item.len());
        let (id, tail) = item.split_at(number);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (code, lag) = tail.split_at(letters);
        match find(&self.links, &code.to_lowercase()) {
            Some(code) if !id.trim().is_empty() => format!("{id}{code}{}", self.duration(lag)),
            _ if code.is_empty() && !id.trim().is_empty() => format!("{id}{}", self.duration(lag)),
            _ => item.to_owned(),
        }
    }

    /// A date without the name of its day, which says nothing more.
    fn date<'a>(&self, cell: &'a str) -> &'a str {
        let Some((first, rest)) = cell.split_once(char::is_whitespace) else { return cell };
        let day = first.trim_end_matches(['.', ',']).to_lowercase();
        if self.weekdays.iter().any(|names| names.contains(&&*day)) { rest.trim_start() } else { cell }
    }

    /// A cell in the words that are read below an English header.
    fn cell<'a>(&self, header: &str, cell: &'a str) -> Cow<'a, str> {
        let word = find(self.words, &cell.to_lowercase());
        match header {
            "duration" | "remaining duration" | "total slack" | "free slack" => self.duration(cell).into(),
            "predecessors" | "unique id predecessors" => self.predecessors(cell).into(),
            "constraint type" => find(&self.constraints, &cell.to_lowercase()).unwrap_or(cell).into(),
            "active" | "milestone" | "summary" | "critical" | "task mode" | "task calendar" => {
                word.unwrap_or(cell).into()
            }
            _ if is_date(header) => word.unwrap_or_else(|| self.date(cell)).into(),
            _ => cell.into(),
        }
    }
}

/// Puts a table into English.
///
/// # Arguments
/// In these languages dates begin with the day; `draft` learns it, if it does not say otherwise and the table has dates with
/// slashes.
pub(super) fn translated(table: &Table, language: &Language, draft: &mut PlanDraft) -> Table {
    let plain: Vec<String> = table.columns().iter().map(|column| plain_header(&column.header)).collect();
    let headers: Vec<&str> = plain.iter().map(|plain| language.english_header(plain)).collect();
    let mut made = Table::new(table.kind(), table.file().clone(), headers.iter().copied());
    for (at, column) in table.columns().iter().enumerate() {
        made.rename_column(at, column.header.clone());
    }
    let mut has_slashes = false;
    let (mut commas, mut points) = (false, false);
    for row in 0..table.len() {
        let cells: Vec<Cow<'_, str>> =
            headers.iter().zip(table.row(row)).map(|(header, cell)| language.cell(header, cell)).collect();
        for (header, cell) in headers.iter().zip(&cells) {
            has_slashes |= is_date(header) && cell.contains('/');
            let mark = if header.contains("duration") { csv::evidence(cell) } else { None };
            commas |= mark == Some(b',');
            points |= mark == Some(b'.');
        }
        made.push_row(table.line(row), cells.iter().map(|cell| &**cell));
    }
    made.decimal_mark = match (commas, points) {
        (true, false) => DecimalMark::Comma,
        (false, false) if table.decimal_mark == DecimalMark::Unknown => DecimalMark::Comma,
        _ => table.decimal_mark,
    };
    let mut text = format!("the headers are {}, so that links, units and constraints are read in it", language.name);
    if has_slashes && draft.date_order.is_none() {
        draft.date_order = Some(DateOrder::DayMonthYear);
        text.push_str(", and dates as day, month, year");
    }
    forget_known_columns(&made, &mut draft.findings);
    draft.findings.push(Finding::note("language", Place::file(table.file().clone()), text));
    made
}

/// Takes back what was said of columns that are known now.
fn forget_known_columns(table: &Table, findings: &mut Findings) {
    let is_known = |finding: &Finding| {
        finding.rule == "unknown-column"
            && finding.place.file == *table.file()
            && table
                .columns()
                .iter()
                .any(|column| column.field.is_some() && Some(&column.header) == finding.place.column.as_ref())
    };
    *findings = std::mem::take(findings).into_iter().filter(|finding| !is_known(finding)).collect();
}

/// True for a header of dates.
fn is_date(header: &str) -> bool {
    ["start", "finish", "deadline", "date"].iter().any(|word| header.contains(word))
}

/// The English word beside a word.
fn find(words: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    words.iter().find(|(own, _)| *own == word).map(|(_, english)| *english)
}
