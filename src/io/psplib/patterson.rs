//! Patterson files: numbers only, line breaks without meaning.
//!
//! Number of activities and of resources; the capacities; then for each activity its duration, its use of each resource,
//! its number of successors and the successors.

use std::fmt::{self, Write as _};

use super::instance::{Instance, Job, JobMode, Layout, MAX_NUMBER};
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::io::text::count_lines;

/// The numbers of a text with their lines.
struct Numbers<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl<'a> Numbers<'a> {
    /// The next word; `None` at the end.
    fn next_word(&mut self) -> Option<&'a str> {
        let is_space = |character: char| character.is_whitespace() || character == '\u{1a}';
        let rest = &self.text[self.at..];
        let start = rest.find(|character| !is_space(character))?;
        self.line = self.line.saturating_add(count_lines(&rest.as_bytes()[..start]));
        let word = &rest[start..];
        let word = &word[..word.find(is_space).unwrap_or(word.len())];
        self.at += start + word.len();
        Some(word)
    }

    /// The next number, or what is wrong.
    fn next(&mut self, what: fmt::Arguments<'_>) -> Result<i64, String> {
        let Some(word) = self.next_word() else {
            return Err(format!("the file ends where {what} should follow"));
        };
        match word.parse::<i64>() {
            Ok(number) if (0..=MAX_NUMBER).contains(&number) => Ok(number),
            _ => Err(format!("`{word}` should be {what}, a whole number from 0 to {MAX_NUMBER}")),
        }
    }
}

/// Reads a file; `None`, with an error among the findings, unless it is complete.
pub(super) fn parse(file: &str, text: &str, found: &mut Tally) -> Option<Instance> {
    let mut numbers = Numbers { text, at: 0, line: 1 };
    match read(&mut numbers) {
        Ok(instance) => Some(instance),
        Err(text) => {
            // Without line structure there is no place to go on from after the first fault.
            found.push(Finding::error("patterson", Place::row(file, numbers.line), text));
            None
        }
    }
}

fn read(numbers: &mut Numbers<'_>) -> Result<Instance, String> {
    let count = numbers.next(format_args!("the number of activities"))? as usize;
    let resources = numbers.next(format_args!("the number of resources"))? as usize;
    let mut instance = Instance { layout: Layout::Patterson, ..Instance::default() };
    for resource in 1..=resources {
        instance.renewable.push(numbers.next(format_args!("the capacity of resource {resource}"))?);
    }
    instance.capacity_line = numbers.line;
    if count == 0 {
        return Err("the file has no activities".to_owned());
    }
    for activity in 1..=count {
        let duration = numbers.next(format_args!("the duration of activity {activity}"))?;
        let line = numbers.line;
        let mut uses = Vec::new();
        for resource in 1..=resources {
            uses.push(numbers.next(format_args!("the use of resource {resource} by activity {activity}"))?);
        }
        let successor_count = numbers.next(format_args!("the number of successors of activity {activity}"))?;
        let mut successors = Vec::new();
        for _ in 0..successor_count {
            let successor = numbers.next(format_args!("a successor of activity {activity}"))? as usize;
            if successor == 0 || successor > count {
                return Err(format!(
                    "activity {activity} has a successor {successor}, but activities are numbered from 1 to {count}"
                ));
            }
            successors.push(successor - 1);
        }
        instance.jobs.push(Job { successors, modes: vec![JobMode { duration, uses, line }], line });
    }
    match numbers.next_word() {
        Some(word) => Err(format!("`{word}` follows after the last of {count} activities")),
        None => Ok(instance),
    }
}

/// The text of an instance of one mode per job and renewable resources only: a line for each activity.
pub(super) fn write(instance: &Instance) -> String {
    let mut out = format!("{} {}\n", instance.jobs.len(), instance.renewable.len());
    let mut row = |numbers: &mut dyn Iterator<Item = i64>| {
        for (at, number) in numbers.enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}{number}", if at == 0 { "" } else { " " });
        }
        out.push('\n');
    };
    row(&mut instance.renewable.iter().copied());
    for job in &instance.jobs {
        let mode = &job.modes[0];
        let count = job.successors.len() as i64;
        let successors = job.successors.iter().map(|&successor| successor as i64 + 1);
        row(&mut std::iter::once(mode.duration).chain(mode.uses.iter().copied()).chain([count]).chain(successors));
    }
    out
}
