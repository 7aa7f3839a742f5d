//! The values of single elements, with a finding for each that is not as it should be.

use std::borrow::Cow;

use jiff::civil::{DateTime, date};
use rustc_hash::FxHashMap;

use super::super::tally::Tally;
use super::values::{self, Rounded};
use crate::error::{Finding, Place, Severity};
use crate::io::xml::{Stop, Xml};
use crate::plan::notation::quoted;
use crate::units::Minutes;

/// Dates that some programs write where there is none.
const NO_DATES: [DateTime; 3] =
    [date(1984, 1, 1).at(0, 0, 0, 0), date(2000, 1, 1).at(0, 0, 0, 0), date(1, 1, 1).at(0, 0, 0, 0)];

/// What is remarked once for all cases of it: in words, with the number of cases and the first few of them.
#[derive(Default)]
pub(super) struct Remarks {
    counts: Vec<Remark>,
}

struct Remark {
    rule: &'static str,
    severity: Severity,
    /// What there is, in the plural.
    what: &'static str,
    /// What becomes of it.
    outcome: &'static str,
    line: u32,
    count: usize,
    examples: Vec<String>,
}

impl Remarks {
    /// Counts a case.
    pub(super) fn count(
        &mut self,
        (severity, rule): (Severity, &'static str),
        (what, outcome): (&'static str, &'static str),
        line: u32,
        example: impl FnOnce() -> String,
    ) {
        let known = self.counts.iter_mut().position(|it| it.what == what && it.rule == rule);
        let at = known.unwrap_or_else(|| {
            self.counts.push(Remark { rule, severity, what, outcome, line, count: 0, examples: Vec::new() });
            self.counts.len() - 1
        });
        if let Some(remark) = self.counts.get_mut(at) {
            remark.count += 1;
            if remark.examples.len() < 3 {
                let example = example();
                if !example.is_empty() && !remark.examples.contains(&example) {
                    remark.examples.push(example);
                }
            }
        }
    }

    /// Hands the findings over.
    pub(super) fn flush(self, file: &str, tally: &mut Tally) {
        for Remark { rule, severity, what, outcome, line, count, examples } in self.counts {
            let mut text = format!("{count} {what} {outcome}");
            if !examples.is_empty() {
                let more = if count > examples.len() { ", ..." } else { "" };
                text = format!("{text}: {}{more}", examples.join(", "));
            }
            tally.push(Finding { severity, ..Finding::note(rule, Place::row(file, line), text) });
        }
    }
}

/// The rule of what is left out because no table has a place for it.
pub(super) const NOT_CARRIED: (Severity, &str) = (Severity::Note, "not-carried");

/// A file in the reading.
pub(super) struct Elements<'a> {
    pub(super) file: &'a str,
    pub(super) xml: Xml<'a>,
    pub(super) tally: Tally,
    pub(super) remarks: Remarks,
    /// Elements that nobody knows, with the line of the first and their number.
    pub(super) unknown: FxHashMap<String, (u32, usize)>,
    /// The project's start, before which some dates mean nothing.
    pub(super) start: Option<DateTime>,
}

impl<'a> Elements<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Elements<'a> {
        Elements {
            file,
            xml: Xml::new(file, text),
            tally: Tally::new(file),
            remarks: Remarks::default(),
            unknown: FxHashMap::default(),
            start: None,
        }
    }

    /// The text of the current element.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, Stop> {
        self.xml.text()
    }

    /// A value; `None` if the element is empty, or wrong, which is a finding.
    fn value<T>(
        &mut self,
        element: &str,
        expected: &str,
        severity: Severity,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Stop> {
        let text = self.xml.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        let value = parse(&text);
        if value.is_none() {
            let line = self.xml.line();
            let said = format!("{} is not {expected}", quoted(&text));
            let place = Place::cell(self.file, line, element);
            self.tally.push(Finding { severity, ..Finding::error("bad-value", place, said) });
        }
        Ok(value)
    }

    /// A whole number.
    pub(super) fn whole(&mut self, element: &str) -> Result<Option<i64>, Stop> {
        self.value(element, values::WHOLE, Severity::Error, values::whole)
    }

    /// A number.
    pub(super) fn number(&mut self, element: &str) -> Result<Option<f64>, Stop> {
        self.value(element, values::NUMBER, Severity::Error, values::number)
    }

    /// A flag; false if the element is empty.
    pub(super) fn flag(&mut self, element: &str) -> Result<bool, Stop> {
        Ok(self.value(element, values::FLAG, Severity::Error, values::flag)?.unwrap_or(false))
    }

    /// A time of day in minutes.
    pub(super) fn clock(&mut self, element: &str) -> Result<Option<u16>, Stop> {
        let found = self.value(element, values::TIME, Severity::Error, values::clock_minute)?;
        self.note_seconds(found.is_some_and(|(_, is_cut)| is_cut));
        Ok(found.map(|(minute, _)| minute))
    }

    /// A date.
    pub(super) fn date(&mut self, element: &str, severity: Severity) -> Result<Option<DateTime>, Stop> {
        let found = self.value(element, values::DATE, severity, values::date)?;
        self.note_seconds(found.is_some_and(|(_, is_cut)| is_cut));
        Ok(found.map(|(date, _)| date))
    }

    /// A date that need not be there. The date that a program writes for none is none, if it lies before the project.
    pub(super) fn date_if_any(&mut self, element: &str) -> Result<Option<DateTime>, Stop> {
        let date = self.date(element, Severity::Error)?;
        let is_none = |date: &DateTime| NO_DATES.contains(date) && self.start.is_some_and(|start| *date < start);
        if let Some(date) = date.filter(is_none) {
            let line = self.xml.line();
            let what = ("elements hold the date that some programs write for none", "and are read as empty");
            self.remarks.count((Severity::Note, "placeholder-date"), what, line, || format!("`{date}` in {element}"));
            return Ok(None);
        }
        Ok(date)
    }

    /// A duration.
    pub(super) fn duration(&mut self, element: &str) -> Result<Option<Minutes>, Stop> {
        let found = self.value(element, values::DURATION, Severity::Error, values::duration)?;
        Ok(self.minutes(found))
    }

    /// Slack, which nothing is built on.
    pub(super) fn slack(&mut self, element: &str) -> Result<Option<Minutes>, Stop> {
        let found = self.value(element, values::NUMBER, Severity::Warning, values::tenths)?;
        Ok(self.minutes(found))
    }

    fn minutes(&mut self, found: Option<Rounded>) -> Option<Minutes> {
        self.note_seconds(found.is_some_and(|it| it.is_rounded));
        found.map(|it| it.minutes)
    }

    fn note_seconds(&mut self, is_lost: bool) {
        if is_lost {
            let line = self.xml.line();
            let what = ("times and durations have seconds,", "which are lost: plans are kept to the minute");
            self.remarks.count((Severity::Note, "rounded-to-minutes"), what, line, String::new);
        }
    }

    /// Passes over an element that no table has a place for; remarks on it unless it is empty or says nothing.
    pub(super) fn leave_out(&mut self, what: &'static str) -> Result<(), Stop> {
        let line = self.xml.line();
        let text = self.xml.text()?;
        if !matches!(&*text, "" | "0" | "-1" | "PT0H0M0S" | "0.00") {
            self.left_out(what, line);
        }
        Ok(())
    }

    /// Passes over an element with elements in it that no table has a place for.
    pub(super) fn leave_all_out(&mut self, what: &'static str) -> Result<(), Stop> {
        let line = self.xml.line();
        self.xml.skip()?;
        self.left_out(what, line);
        Ok(())
    }

    pub(super) fn left_out(&mut self, what: &'static str, line: u32) {
        self.remarks.count(NOT_CARRIED, (what, "are left out"), line, String::new);
    }

    /// Passes over an element that nobody knows.
    pub(super) fn pass_unknown(&mut self, parent: &str, element: &str) -> Result<(), Stop> {
        let line = self.xml.line();
        self.xml.skip()?;
        // Bounds what a file of nothing but odd names can take.
        if self.unknown.len() < 1000 {
            self.unknown.entry(format!("{parent}/{element}")).or_insert((line, 0)).1 += 1;
        }
        Ok(())
    }

    /// Hands all findings over.
    pub(super) fn flush(self, findings: &mut crate::error::Findings) {
        let Elements { file, mut tally, remarks, unknown, .. } = self;
        remarks.flush(file, &mut tally);
        let mut unknown: Vec<(String, (u32, usize))> = unknown.into_iter().collect();
        unknown.sort();
        if let Some(line) = unknown.iter().map(|(_, (line, _))| *line).min() {
            let shown: Vec<String> =
                unknown.iter().take(10).map(|(name, (_, count))| format!("{} ({count})", quoted(name))).collect();
            let more = if unknown.len() > shown.len() { ", ..." } else { "" };
            let text = format!("elements that are not known are left out: {}{more}", shown.join(", "));
            tally.push(Finding::note("unknown-element", Place::row(file, line), text));
        }
        tally.flush(findings);
    }
}
