//! The network of a schedule as a picture: a box for each task and gate, a line for each link.
//!
//! Boxes are the rows of the Gantt chart ([`super::gantt`]). [`boxes`] chooses those that are drawn, [`links`] leads the links of
//! the plan between them.

mod boxes;
mod links;
#[cfg(test)]
mod tests;

use super::gantt::{self, GanttRow};
use super::words::working;
use super::{Schedule, TaskDates};
use crate::index::IdVec;
use crate::pictures::{self, Node, Shape};
use crate::plan::{Plan, TaskId, TimeUnit};
use crate::units::Minutes;
use boxes::Boxes;
use links::{Junction, Side, links};

/// The network of a schedule as SVG: what waits for what, from left to right.
///
/// Of more than 120 tasks and gates the lower summaries are drawn as a box each, with the links of what is below them; of what is
/// still more than that, what has the least float. The end (the start) of a summary that has links is a box of its own if more
/// than two tasks below it are the last (the first).
///
/// # Arguments
/// `dates` has an entry for each task, or none at all: floats are unknown then.
///
/// # Complexity
/// Sorts the tasks; besides linear in the plan, and as [`pictures::network`] for what is drawn.
pub fn network_picture(plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>) -> String {
    let chart = gantt::gantt(plan, schedule, dates);
    let boxes = Boxes::of(&chart);
    let (links, junctions) = links(plan, dates, &chart, &boxes);
    let of_rows = boxes.shown.iter().map(|&at| node(plan, schedule, &chart.rows[at]));
    let of_junctions = junctions.iter().map(|&junction| node_of_junction(plan, schedule, &chart.rows, junction));
    let nodes: Vec<Node> = of_rows.chain(of_junctions).collect();
    pictures::network(&pictures::Network {
        title: &format!("{}: network", plan.project().name),
        nodes: &nodes,
        links: &links,
        note: &boxes.note(),
    })
}

fn node(plan: &Plan, schedule: &Schedule, row: &GanttRow) -> Node {
    let (start, finish) = (first_day(plan, row), plan.format_last_day(row.finish));
    let days = match row.shape {
        Shape::Milestone | Shape::Gate => finish,
        Shape::Activity | Shape::Summary if start == finish => start,
        Shape::Activity | Shape::Summary => format!("{start} to {finish}"),
    };
    Node { lines: vec![row.name(plan).to_owned(), days, standing(plan, row)], ..bare_node(plan, schedule, row) }
}

/// The end or the start of a summary.
fn node_of_junction(plan: &Plan, schedule: &Schedule, rows: &[GanttRow], junction: Junction) -> Node {
    let row = &rows[junction.row];
    let words = match junction.side {
        Side::End => format!("all done {}", plan.format_last_day(row.finish)),
        Side::Start => format!("begins {}", first_day(plan, row)),
    };
    let node = bare_node(plan, schedule, row);
    Node { lines: vec![row.name(plan).to_owned(), words, standing(plan, row)], shape: Shape::Summary, ..node }
}

/// A box without lines.
fn bare_node(plan: &Plan, schedule: &Schedule, row: &GanttRow) -> Node {
    let share = |minutes: Minutes| minutes.0 as f64 / (row.finish - row.start).0.max(1) as f64;
    let done = if row.is_done() { 1.0 } else { row.done.map_or(0.0, |done| share(done - row.start)) };
    Node {
        name: row.id(plan).to_owned(),
        lines: Vec::new(),
        tip: gantt::tip(plan, schedule, row),
        shape: row.shape,
        done: done.clamp(0.0, 1.0),
        is_critical: row.critical,
    }
}

/// The day on which it begins, or the number of the period.
fn first_day(plan: &Plan, row: &GanttRow) -> String {
    let mut text = plan.format_moment(row.start);
    text.truncate(text.find(' ').unwrap_or(text.len()));
    text
}

/// Its float, or that it is done.
fn standing(plan: &Plan, row: &GanttRow) -> String {
    match row.total_float {
        _ if row.is_done() => "done".to_owned(),
        None => String::new(),
        Some(Minutes::ZERO) if row.critical => "no float, critical".to_owned(),
        Some(Minutes::ZERO) => "no float".to_owned(),
        Some(float) if row.critical => format!("float {}, critical", in_days(plan, float)),
        Some(float) => format!("float {}", in_days(plan, float)),
    }
}

/// A span as [`working`] tells it, but to a tenth of a day if it is longer than one and no whole number of them.
fn in_days(plan: &Plan, span: Minutes) -> String {
    let project = plan.project();
    let day = project.minutes_per_day.0;
    if project.time_unit == TimeUnit::Period || span.0.abs() < day || span.0 % day == 0 {
        return working(plan, span);
    }
    format!("{:.1}d", span.0 as f64 / day as f64)
}
