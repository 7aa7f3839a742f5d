//! `floatline check --fix`: edits that would make a plan better, as scenarios, and words about them.

use std::io::{self, Write};
use std::path::Path;

use floatline::error::{Error, Result};
use floatline::io::DraftFile;
use floatline::io::results::{SCENARIO_COLUMNS, write_scenarios};
use floatline::mend::{self, Proposal};
use floatline::scenario::Scenario;
use serde_json::{Value, json};

use super::print;

/// Words about one point that are printed.
const MOST_WORDS: usize = 6;

/// Writes the proposed scenarios. A file of an earlier run is replaced, any other file is not.
///
/// # Errors
/// If the file holds something else, or cannot be written.
pub fn write_file(path: &Path, proposals: &[Proposal]) -> Result<()> {
    refuse_others(path)?;
    let scenarios: Vec<Scenario> = proposals.iter().filter_map(|proposal| proposal.scenario.clone()).collect();
    let mut draft = DraftFile::create(path)?;
    write_scenarios(&scenarios, &mut draft).map_err(|source| Error::io("write", path, source))?;
    draft.keep()
}

fn refuse_others(path: &Path) -> Result<()> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", path, error)),
    };
    let mut reader = csv::Reader::from_reader(&*text);
    let has_our_columns = reader.headers().is_ok_and(|headers| headers.iter().eq(SCENARIO_COLUMNS.iter().copied()));
    let is_ours = |record: csv::Result<csv::StringRecord>| {
        record.is_ok_and(|record| record.get(0).is_some_and(|name| mend::NAMES.contains(&name)))
    };
    match has_our_columns && reader.records().all(is_ours) {
        true => Ok(()),
        false => Err(Error::usage(format!(
            "--fix: `{}` holds something else than proposals and is left as it is; give another name",
            path.display()
        ))),
    }
}

/// Writes what the proposals bring, and what no edit can do.
pub fn write_words(out: &mut dyn Write, path: &Path, proposals: &[Proposal]) -> io::Result<()> {
    if proposals.is_empty() {
        return writeln!(out, "\nNothing to propose: all points that can be judged are met");
    }
    writeln!(out, "\nProposals, each for itself, written to {}:", path.display())?;
    let rows = proposals.iter().map(|proposal| {
        let (before, after) = proposal.counts;
        let edits = proposal.scenario.iter().flat_map(|scenario| &scenario.layers).flatten().count();
        let others =
            proposal.disturbed.iter().map(|(number, before, after)| format!("point {number}: {before} → {after}"));
        let verdict = match (&proposal.scenario, proposal.is_met) {
            (None, _) => "no edit helps",
            (Some(_), true) => "met",
            (Some(_), false) => "better",
        };
        vec![
            proposal.point.to_string(),
            proposal.name.to_owned(),
            proposal.scenario.as_ref().map_or("-".to_owned(), |scenario| scenario.name.clone()),
            if edits == 0 { "-".to_owned() } else { edits.to_string() },
            if before == after { before.to_string() } else { format!("{before} → {after}") },
            verdict.to_owned(),
            others.collect::<Vec<_>>().join(", "),
        ]
    });
    let headers = ["", "point", "scenario", "edits", "found", "then", "more of"];
    print::write_table(out, &print::table(&headers, &[0, 3], rows.collect::<Vec<_>>()))?;
    for proposal in proposals.iter().filter(|proposal| !proposal.words.is_empty()) {
        writeln!(out, "  {}. {}", proposal.point, proposal.name)?;
        for words in proposal.words.iter().take(MOST_WORDS) {
            writeln!(out, "     - {words}")?;
        }
        if proposal.words.len() > MOST_WORDS {
            writeln!(out, "     ... and {} more; --format json has all", proposal.words.len() - MOST_WORDS)?;
        }
    }
    Ok(())
}

/// The proposals for programs.
pub fn as_json(proposals: &[Proposal]) -> Value {
    let object = |proposal: &Proposal| {
        let edits = proposal.scenario.iter().flat_map(|scenario| &scenario.layers).flatten();
        let disturbed = proposal.disturbed.iter();
        json!({
            "point": proposal.point,
            "name": proposal.name,
            "scenario": proposal.scenario.as_ref().map(|scenario| &scenario.name),
            "edits": edits.map(ToString::to_string).collect::<Vec<_>>(),
            "before": proposal.counts.0,
            "after": proposal.counts.1,
            "met": proposal.is_met,
            "more_of": disturbed
                .map(|(number, before, after)| json!({ "point": number, "before": before, "after": after }))
                .collect::<Vec<_>>(),
            "words": proposal.words,
        })
    };
    proposals.iter().map(object).collect()
}
