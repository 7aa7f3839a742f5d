//! Patterson files: numbers only, line breaks without meaning.
//!
//! Number of activities and of resources; the capacities; then for each activity its duration, its use of each resource,
//! its number of successors and the successors.

use std::fmt::Write as _;

use super::instance::{Instance, Job, JobMode, Layout};
use super::numbers::Numbers;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;

/// Reads a file; `None`, with an error among the findings, unless it is complete.
pub(super) fn parse(file: &str, text: &str, found: &mut Tally) -> Option<Instance> {
    let mut numbers = Numbers::of(text);
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
    numbers.end(format_args!("the last of {count} activities"))?;
    Ok(instance)
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
