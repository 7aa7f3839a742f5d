//! Values of elements and what is wrong with them, and the count of what the tables cannot hold.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::elements::Node;
use crate::error::{Finding, Findings, Place};
use crate::io::tally::Tally;
use crate::plan::notation::quoted;
use crate::units::Moment;

/// Names of things that share a reason are listed up to here.
const NAMED: usize = 3;
/// Hours, units and money beyond this are no values of a plan.
const MOST: f64 = 1e12;

/// Reads values and collects findings about one file.
pub(super) struct Values<'a> {
    pub(super) file: &'a str,
    tally: Tally,
    /// What is left out for a reason: how many, and the first few.
    losses: BTreeMap<&'static str, (usize, Vec<String>)>,
    decimal_commas: usize,
}

impl<'a> Values<'a> {
    pub(super) fn new(file: &'a str) -> Values<'a> {
        Values { file, tally: Tally::new(file), losses: BTreeMap::new(), decimal_commas: 0 }
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.tally.push(finding);
    }

    /// The place of an element.
    pub(super) fn place(&self, node: &Node) -> Place {
        Place::cell(self.file, node.line, &*node.name)
    }

    /// Counts something that is left out or changed for a reason, which reads on after the number.
    pub(super) fn lose(&mut self, reason: &'static str, name: &str) {
        let (count, names) = self.losses.entry(reason).or_default();
        *count += 1;
        if names.len() < NAMED {
            names.push(quoted(name));
        }
    }

    /// Hands over what was found.
    pub(super) fn flush(mut self, findings: &mut Findings) {
        for (reason, (count, names)) in std::mem::take(&mut self.losses) {
            let more = if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
            let text = format!("{count} {reason}: {}{more}", names.join(", "));
            self.push(Finding::warning("not-carried", Place::file(self.file), text));
        }
        if self.decimal_commas > 0 {
            let text = format!("{} numbers have a decimal comma and were read so", self.decimal_commas);
            self.push(Finding::note("decimal-comma", Place::file(self.file), text));
        }
        self.tally.flush(findings);
    }

    /// A number.
    pub(super) fn number(&mut self, node: &Node, name: &str) -> Option<f64> {
        let child = node.child(name).filter(|child| !child.text.is_empty())?;
        // Some versions write numbers as the computer's region has them.
        let comma = child.text.matches(',').count() == 1 && !child.text.contains('.');
        let text = if comma { child.text.replace(',', ".") } else { child.text.clone() };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
        let number = text.parse::<f64>().ok().filter(|number| plain && number.abs() <= MOST);
        match number {
            Some(_) => self.decimal_commas += usize::from(comma),
            None => self.bad("bad-number", child, "a number"),
        }
        number
    }

    /// Hours, in minutes.
    pub(super) fn hours(&mut self, node: &Node, name: &str) -> Option<i64> {
        // The range was checked.
        self.number(node, name).map(|hours| (hours * 60.0).round() as i64)
    }

    /// A date as cells have it.
    pub(super) fn date(&mut self, node: &Node, name: &str) -> Option<String> {
        let child = node.child(name).filter(|child| !child.text.is_empty())?;
        let moment = moment(&child.text);
        if moment.is_none() {
            self.bad("bad-date", child, "a date such as `2026-03-02T08:00:00`");
        }
        moment.map(|moment| moment.to_string())
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, node: &Node, name: &str) -> Option<bool> {
        let child = node.child(name).filter(|child| !child.text.is_empty())?;
        match child.text.to_ascii_lowercase().as_str() {
            "1" | "true" | "y" | "yes" => Some(true),
            "0" | "false" | "n" | "no" => Some(false),
            _ => {
                self.bad("bad-flag", child, "1 or 0");
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, node: &Node, name: &str, words: &[(&str, T)]) -> Option<T> {
        let child = node.child(name).filter(|child| !child.text.is_empty())?;
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&child.text)).map(|&(_, value)| value);
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            let text = format!("{} is not known and left out; expected {}", quoted(&child.text), known.join(", "));
            self.push(Finding::warning("unknown-word", self.place(child), text));
        }
        found
    }

    fn bad(&mut self, rule: &'static str, child: &Node, expected: &str) {
        let text = format!("{} is no value; expected {expected}", quoted(&child.text));
        self.push(Finding::error(rule, self.place(child), text));
    }
}

/// A civil date and time, seconds rounded; a time zone is passed over, as the times are those of the project's site.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.len() > 40 || !text.is_ascii() {
        return None;
    }
    let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let clock = clock.split(['Z', '+', '-']).next().unwrap_or(clock);
    let civil: DateTime = format!("{date}T{clock}").parse().ok().filter(|_| date.len() == 10)?;
    let minute = Moment::from_civil(civil.with().second(0).subsec_nanosecond(0).build().ok()?);
    let rounded = Moment(minute.0 + i64::from(civil.second() >= 30));
    Some(rounded).filter(|moment| (Moment::MIN..=Moment::MAX).contains(moment))
}

/// A decimal number of at most four places, as cells have it.
pub(super) fn decimal(number: f64) -> String {
    let text = format!("{number:.4}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}
