//! From an instance to the tables of a draft.
//!
//! Jobs become tasks named by their numbers, the dummies milestones; renewable resources are `R1`.., non-renewable ones
//! materials `N1`... Links stand in the dependencies table, in file order, so that lists of successors come back as they
//! were. Lines are those of the instance's file.

use std::fmt::Write as _;

use super::instance::{Instance, JobMode, key};
use crate::plan::draft::{Table, TableKind};

/// The tables of an instance.
pub(super) fn tables(instance: &Instance, file: &str, name: &str) -> Vec<Table> {
    let mut tables = vec![project(instance, file, name), tasks(instance, file)];
    let filled = [dependencies(instance, file), resources(instance, file), modes(instance, file)];
    tables.extend(filled.into_iter().filter(|table| !table.is_empty()));
    tables
}

fn project(instance: &Instance, file: &str, name: &str) -> Table {
    let mut table = Table::new(TableKind::Project, file, ["key", "value"]);
    table.push_row(1, ["name", name]);
    table.push_row(1, ["time_unit", "period"]);
    table.push_row(1, [key::FORMAT, instance.layout.name()]);
    for value in &instance.header {
        table.push_row(value.line, [value.key, &value.value]);
    }
    table
}

fn tasks(instance: &Instance, file: &str) -> Table {
    let mut table = Table::new(TableKind::Tasks, file, ["id", "duration", "resources"]);
    for (number, job) in (1..).zip(&instance.jobs) {
        let id = i32::to_string(&number);
        match job.modes.as_slice() {
            [mode] => table.push_row(
                mode.line,
                [id.as_str(), &mode.duration.to_string(), &request(instance.renewable.len(), mode)],
            ),
            modes => table.push_row(modes.first().map_or(job.line, |mode| mode.line), [id.as_str()]),
        };
    }
    table
}

fn dependencies(instance: &Instance, file: &str) -> Table {
    let mut table = Table::new(TableKind::Dependencies, file, ["predecessor", "successor"]);
    for (number, job) in (1..).zip(&instance.jobs) {
        let id = i32::to_string(&number);
        for successor in &job.successors {
            table.push_row(job.line, [id.as_str(), &(successor + 1).to_string()]);
        }
    }
    table
}

fn resources(instance: &Instance, file: &str) -> Table {
    let mut table = Table::new(TableKind::Resources, file, ["id", "kind", "capacity"]);
    for (letter, kind, capacities) in [('R', "work", &instance.renewable), ('N', "material", &instance.nonrenewable)] {
        for (number, capacity) in (1..).zip(capacities) {
            let id = format!("{letter}{}", i32::to_string(&number));
            table.push_row(instance.capacity_line, [id.as_str(), kind, &capacity.to_string()]);
        }
    }
    table
}

fn modes(instance: &Instance, file: &str) -> Table {
    let mut table = Table::new(TableKind::Modes, file, ["task", "mode", "duration", "resources"]);
    for (number, job) in (1..).zip(&instance.jobs).filter(|(_, job)| job.modes.len() > 1) {
        let id = i32::to_string(&number);
        for (number, mode) in (1..).zip(&job.modes) {
            let mut request = request(instance.renewable.len(), mode);
            if request.is_empty() {
                request.push_str("none");
            }
            let cells = [id.as_str(), &i32::to_string(&number), &mode.duration.to_string(), &request];
            table.push_row(mode.line, cells);
        }
    }
    table
}

/// `R1*3;R4*2;N1*5`
///
/// # Arguments
/// `renewable` is the number of renewable resources; the others follow them.
pub(super) fn request(renewable: usize, mode: &JobMode) -> String {
    let mut out = String::new();
    for (at, &units) in mode.uses.iter().enumerate().filter(|&(_, &units)| units > 0) {
        let (letter, number) = if at < renewable { ('R', at + 1) } else { ('N', at - renewable + 1) };
        let separator = if out.is_empty() { "" } else { ";" };
        // Writing to a string cannot fail.
        let _ = write!(out, "{separator}{letter}{number}*{units}");
    }
    out
}
