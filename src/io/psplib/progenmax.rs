//! ProGen/max files (`.sch`): projects with least and greatest time lags between starts.
//!
//! Numbers of activities (without the project's start 0 and end n+1) and of resources; for each activity its successors
//! and, in brackets, a time lag to each; then duration and use of each resource; then the capacities. A lag `w` from `i` to
//! `j` means `start(j) >= start(i) + w`, so that a negative one is a greatest distance from `j` to `i`. Source: C.
//! Schwindt, "Generation of resource constrained project scheduling problems with minimal and maximal time lags", Report
//! WIOR-489, Karlsruhe (1996).

use super::draft::request;
use super::instance::{JobMode, MAX_NUMBER};
use super::numbers::Numbers;
use crate::plan::draft::{Table, TableKind};

/// A time lag between the starts of two activities.
struct TimeLag {
    from: usize,
    to: usize,
    periods: i64,
    line: u32,
}

struct Project {
    lags: Vec<TimeLag>,
    /// What each activity, the start and the end included, takes and uses.
    activities: Vec<JobMode>,
    capacities: Vec<i64>,
    capacity_line: u32,
}

/// The tables of a file.
///
/// # Errors
/// The first thing that is wrong and its line; without line structure there is no place to go on from.
pub(super) fn tables(file: &str, text: &str, name: &str) -> Result<Vec<Table>, (u32, String)> {
    // Brackets may touch their numbers or not.
    let plain = text.replace(['[', ']'], " ");
    let mut numbers = Numbers::of(&plain);
    let project = read(&mut numbers).map_err(|text| (numbers.line, text))?;
    Ok(vec![project_table(file, name), tasks(&project, file), dependencies(&project, file), resources(&project, file)])
}

fn read(numbers: &mut Numbers<'_>) -> Result<Project, String> {
    let count = numbers.next(format_args!("the number of activities"))? as usize;
    let resources = numbers.next(format_args!("the number of renewable resources"))? as usize;
    for kind in ["non-renewable", "doubly constrained"] {
        if numbers.next(format_args!("the number of {kind} resources"))? != 0 {
            return Err(format!("{kind} resources are not read from files of this format"));
        }
    }
    let last = count + 1;
    let mut lags = Vec::new();
    for activity in 0..=last {
        expect(numbers, activity, "the number of the activity")?;
        expect(numbers, 1, "the number of its modes, which has to be 1")?;
        let line = numbers.line;
        let successors = numbers.next(format_args!("the number of successors of activity {activity}"))?;
        let first = lags.len();
        for _ in 0..successors {
            let to = numbers.next(format_args!("a successor of activity {activity}"))? as usize;
            if to > last {
                return Err(format!(
                    "activity {activity} has a successor {to}, but activities are numbered from 0 to {last}"
                ));
            }
            lags.push(TimeLag { from: activity, to, periods: 0, line });
        }
        for lag in &mut lags[first..] {
            let word = numbers.word(format_args!("a time lag of activity {activity}"))?;
            let periods = word.parse::<i64>().ok().filter(|periods| periods.abs() <= MAX_NUMBER);
            lag.periods = periods.ok_or_else(|| format!("`{word}` should be a time lag of activity {activity}"))?;
        }
    }
    let mut activities = Vec::new();
    for activity in 0..=last {
        expect(numbers, activity, "the number of the activity")?;
        expect(numbers, 1, "its mode, which has to be 1")?;
        let line = numbers.line;
        let duration = numbers.next(format_args!("the duration of activity {activity}"))?;
        let of_resource = |resource| format!("the use of resource {resource} by activity {activity}");
        let uses = (1..=resources).map(|resource| numbers.next(format_args!("{}", of_resource(resource))));
        activities.push(JobMode { duration, uses: uses.collect::<Result<_, _>>()?, line });
    }
    let capacities = (1..=resources).map(|resource| numbers.next(format_args!("the capacity of resource {resource}")));
    let capacities = capacities.collect::<Result<_, _>>()?;
    let capacity_line = numbers.line;
    numbers.end(format_args!("the capacities"))?;
    Ok(Project { lags, activities, capacities, capacity_line })
}

fn expect(numbers: &mut Numbers<'_>, expected: usize, what: &str) -> Result<(), String> {
    match numbers.next(format_args!("{what}"))? {
        found if found == expected as i64 => Ok(()),
        found => Err(format!("`{found}` should be {expected}, {what}")),
    }
}

fn project_table(file: &str, name: &str) -> Table {
    let mut table = Table::new(TableKind::Project, file, ["key", "value"]);
    table.push_row(1, ["name", name]);
    table.push_row(1, ["time_unit", "period"]);
    table
}

fn tasks(project: &Project, file: &str) -> Table {
    let columns = ["id", "duration", "resources", "constraint", "constraint_date"];
    let mut table = Table::new(TableKind::Tasks, file, columns);
    for (number, activity) in project.activities.iter().enumerate() {
        // Distances count from the start of the project, which stays at zero.
        let constraint = if number == 0 { ["MSO", "0"] } else { ["", ""] };
        let (id, duration) = (number.to_string(), activity.duration.to_string());
        let resources = request(project.capacities.len(), activity);
        table.push_row(activity.line, [&*id, &duration, &resources, constraint[0], constraint[1]]);
    }
    table
}

/// Least lags as they are. A negative one from `i` to `j` is a lead if `i` comes first in an order that keeps the others;
/// otherwise it is a greatest lag from `j` to `i`, which allows any smaller distance. So is one of zero that closes a cycle
/// of such, which says that its activities start together.
fn dependencies(project: &Project, file: &str) -> Table {
    let columns = ["predecessor", "successor", "type", "lag", "max_lag"];
    let mut table = Table::new(TableKind::Dependencies, file, columns);
    let longest: i64 = project.activities.iter().map(|activity| activity.duration).sum::<i64>()
        + project.lags.iter().map(|lag| lag.periods.abs()).sum::<i64>();
    let anything = (-longest.min(MAX_NUMBER)).to_string();
    let place = places(project);
    for lag in &project.lags {
        let (from, to) = (lag.from.to_string(), lag.to.to_string());
        if lag.periods > 0 || place[lag.from] < place[lag.to] {
            table.push_row(lag.line, [&*from, &to, "SS", &lag.periods.to_string(), ""]);
        } else {
            table.push_row(lag.line, [&*to, &from, "SS", &anything, &(-lag.periods).to_string()]);
        }
    }
    table
}

/// The place of each activity in an order in which the ends of least lags follow their beginnings, but for lags of zero
/// within a cycle.
fn places(project: &Project) -> Vec<usize> {
    let count = project.activities.len();
    let least = || project.lags.iter().filter(|lag| lag.periods >= 0);
    let mut waiting = vec![0u32; count];
    least().for_each(|lag| waiting[lag.to] += 1);
    let arcs = crate::index::Rows::from_pairs(count, least().map(|lag| (lag.from, lag.to)));
    let mut order: Vec<usize> = (0..count).filter(|&activity| waiting[activity] == 0).collect();
    let mut next = 0;
    let mut is_placed: Vec<bool> = waiting.iter().map(|&waiting| waiting == 0).collect();
    loop {
        let Some(&activity) = order.get(next) else {
            // All that are left wait for each other: one whose open lags are all zero may go first.
            let mut held = is_placed.clone();
            least().filter(|lag| lag.periods > 0 && !is_placed[lag.from]).for_each(|lag| held[lag.to] = true);
            let Some(first) = held.iter().position(|&held| !held) else { break };
            is_placed[first] = true;
            order.push(first);
            continue;
        };
        next += 1;
        for &to in arcs.row(activity) {
            waiting[to] -= 1;
            if waiting[to] == 0 && !is_placed[to] {
                is_placed[to] = true;
                order.push(to);
            }
        }
    }
    // Activities on a cycle of positive lags have no place; validation will name the cycle.
    let mut place = vec![count; count];
    order.iter().enumerate().for_each(|(at, &activity)| place[activity] = at);
    place
}

fn resources(project: &Project, file: &str) -> Table {
    let mut table = Table::new(TableKind::Resources, file, ["id", "kind", "capacity"]);
    for (number, capacity) in (1..).zip(&project.capacities) {
        table.push_row(
            project.capacity_line,
            [&*format!("R{}", i32::to_string(&number)), "work", &capacity.to_string()],
        );
    }
    table
}
