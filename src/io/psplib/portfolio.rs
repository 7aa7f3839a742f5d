//! MPLIB files: several projects that share resources.
//!
//! Numbers of projects and of resources, the capacities; then for each project its number of activities and release date, a
//! flag for each resource, and for each activity its duration, its use of each resource, its number of successors and the
//! successors as `project:activity`. A plan has a summary for each project. Source: R. Van Eynde, M. Vanhoucke,
//! "Resource-constrained multi-project scheduling: benchmark datasets and decoupled scheduling", Journal of Scheduling 23
//! (2020) 301-325.

use super::draft::request;
use super::instance::JobMode;
use super::numbers::{Numbers, number};
use crate::plan::draft::{Table, TableKind};

/// The tables of a file.
///
/// # Errors
/// The first thing that is wrong and its line.
pub(super) fn tables(file: &str, text: &str, name: &str) -> Result<Vec<Table>, (u32, String)> {
    let mut numbers = Numbers::of(text);
    let tables = read(&mut numbers, file, name);
    tables.map_err(|text| (numbers.line, text))
}

fn read(numbers: &mut Numbers<'_>, file: &str, name: &str) -> Result<Vec<Table>, String> {
    let mut project = Table::new(TableKind::Project, file, ["key", "value"]);
    project.push_row(1, ["name", name]);
    project.push_row(1, ["time_unit", "period"]);
    let columns = ["id", "parent", "duration", "resources", "constraint", "constraint_date"];
    let mut tasks = Table::new(TableKind::Tasks, file, columns);
    let mut dependencies = Table::new(TableKind::Dependencies, file, ["predecessor", "successor"]);
    let mut resources = Table::new(TableKind::Resources, file, ["id", "kind", "capacity"]);

    let projects = numbers.next(format_args!("the number of projects"))?;
    let count = numbers.next(format_args!("the number of resources"))?;
    for resource in 1..=count {
        let capacity = numbers.next(format_args!("the capacity of resource {resource}"))?;
        resources.push_row(numbers.line, [&*format!("R{resource}"), "work", &capacity.to_string()]);
    }
    for project in 1..=projects {
        let activities = numbers.next(format_args!("the number of activities of project {project}"))?;
        let release = numbers.next(format_args!("the release date of project {project}"))?;
        let summary = format!("P{project}");
        let constraint = if release > 0 { ["SNET", &release.to_string()] } else { ["", ""] };
        tasks.push_row(numbers.line, [&*summary, "", "", "", constraint[0], constraint[1]]);
        for resource in 1..=count {
            numbers.next(format_args!("whether project {project} uses resource {resource}"))?;
        }
        for activity in 1..=activities {
            let who = format!("activity {activity} of project {project}");
            let id = format!("{project}:{activity}");
            let duration = numbers.next(format_args!("the duration of {who}"))?;
            let line = numbers.line;
            let uses =
                (1..=count).map(|resource| numbers.next(format_args!("the use of resource {resource} by {who}")));
            let mode = JobMode { duration, uses: uses.collect::<Result<_, _>>()?, line };
            tasks.push_row(line, [&*id, &summary, &duration.to_string(), &request(count as usize, &mode), "", ""]);
            for _ in 0..numbers.next(format_args!("the number of successors of {who}"))? {
                let word = numbers.word(format_args!("a successor of {who}"))?;
                let is_pair = word.split_once(':').is_some_and(|(a, b)| number(a).is_some() && number(b).is_some());
                if !is_pair {
                    return Err(format!("`{word}` should be a successor of {who}, as `{project}:{activity}`"));
                }
                dependencies.push_row(line, [&*id, word]);
            }
        }
    }
    numbers.end(format_args!("the last of {projects} projects"))?;
    Ok(vec![project, tasks, dependencies, resources])
}
