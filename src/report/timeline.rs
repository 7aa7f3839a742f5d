//! When what is done, ready to be drawn or printed: rows with names and places along an axis of time.

use std::collections::BTreeSet;

use crate::index::Id;
use crate::pictures::Shape;
use crate::plan::{Plan, TaskId, TaskKind};
use crate::schedule::prose::{in_units, unit_name};
use crate::schedule::words::{link, people};
use crate::schedule::{Gantt, GanttRow, Schedule, Shown};
use crate::track::Baseline;
use crate::units::Moment;

/// A chart along time.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Its rows from top to bottom, those of a summary behind it.
    pub rows: Vec<TimelineRow>,
    /// Places with labels, closer together from one list to the next: each twice as close as that before it.
    pub scales: Vec<Vec<(f64, String)>>,
    /// Lines across all rows.
    pub marks: Vec<TimelineMark>,
    /// What floats are told in.
    pub unit: &'static str,
    /// The deepest row that is shown at first.
    pub open_depth: usize,
}

/// A line across all rows.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineMark {
    /// Its place.
    pub at: f64,
    /// What it is, and when.
    pub name: String,
    /// True for the deadline of the project; false for the status date.
    pub is_deadline: bool,
}

/// A row of a chart. Places are shares of the chart's length, from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineRow {
    /// Id and name.
    pub title: String,
    /// How many summaries it lies in.
    pub depth: usize,
    /// True if rows below it follow.
    pub has_rows: bool,
    /// Its look.
    pub shape: Shape,
    /// The dates on which it starts and finishes.
    pub dates: (String, String),
    /// Total float; empty if nothing is left to do.
    pub float: String,
    /// Who works on it.
    pub people: String,
    /// What there is to say about it, in words.
    pub state: String,
    /// Where it starts and finishes.
    pub span: (f64, f64),
    /// Until where it is done, if it has begun.
    pub done: Option<f64>,
    /// Until where it may finish without delaying anything.
    pub late: f64,
    /// Where it was promised.
    pub promised: Option<(f64, f64)>,
    /// Where it should be finished.
    pub deadline: Option<f64>,
    /// True if it is critical.
    pub is_critical: bool,
    /// True if it is one of the tasks that drive the finish.
    pub drives: bool,
    /// What it waits for: the row, and the kind of link.
    pub waits_for: Vec<(usize, &'static str)>,
    /// The same in words.
    pub links: String,
}

/// Places with labels in the widest view, at most.
const TICKS: usize = 6;
/// Views, each twice as close as the one before.
const SCALES: usize = 5;
/// Rows that are shown at first, about.
const SHOWN: usize = 250;
/// Names of links in words.
const NAMED: usize = 6;

impl Timeline {
    /// That of a chart.
    ///
    /// # Arguments
    /// `gantt` holds all rows, in the order of the tree. `baseline` is what was promised. `driving` are the tasks that drive the
    /// finish.
    pub fn new(
        plan: &Plan,
        schedule: &Schedule,
        gantt: &Gantt,
        baseline: Option<&Baseline>,
        driving: &BTreeSet<TaskId>,
    ) -> Timeline {
        let promised = baseline.map(|baseline| (baseline, baseline.by_task(plan)));
        let promise = |task: TaskId| {
            let (baseline, by_task) = promised.as_ref()?;
            let row = &baseline.rows[by_task[task]?];
            Some((row.start, row.finish))
        };
        let dates = gantt.rows.iter().filter_map(|row| match row.shown {
            Shown::Task(task) => promise(task),
            Shown::Gate(_) => None,
        });
        let (from, to) =
            dates.fold((gantt.from, gantt.to), |(from, to), promised| (from.min(promised.0), to.max(promised.1)));
        let chart = Gantt { rows: Vec::new(), left_out: 0, from, to };
        let place = |moment: Moment| (moment.0 - from.0) as f64 / (to.0 - from.0).max(1) as f64;
        let links = Links::of(plan, gantt);
        let rows = gantt.rows.iter().enumerate().map(|(at, row)| {
            let drives = matches!(row.shown, Shown::Task(task) if driving.contains(&task));
            let (people, state) = match row.shown {
                Shown::Task(task) => (people(plan, schedule, task, " x").join(", "), state(plan, task, row, drives)),
                Shown::Gate(_) => (String::new(), "quality gate".to_owned()),
            };
            let waits_for = links.row(at);
            // What is done of a milestone may have lasted a day.
            let is_milestone = |task: TaskId| plan.tasks()[task].kind == TaskKind::Milestone;
            let shape = match row.shown {
                Shown::Task(task) if is_milestone(task) => Shape::Milestone,
                _ => row.shape,
            };
            TimelineRow {
                title: row.title(plan),
                depth: row.depth,
                has_rows: gantt.rows.get(at + 1).is_some_and(|next| next.depth > row.depth),
                shape,
                dates: match shape {
                    // Both dates of a moment are that of the day that it ends.
                    Shape::Milestone | Shape::Gate => (end_day(plan, row.finish), end_day(plan, row.finish)),
                    Shape::Activity | Shape::Summary => (day(plan, row.start), end_day(plan, row.finish)),
                },
                float: float(plan, row),
                people,
                state,
                span: (place(row.start), place(row.finish)),
                done: row.done.map(place),
                late: place(row.late_finish.min(to)),
                promised: match row.shown {
                    Shown::Task(task) => promise(task).map(|(start, finish)| (place(start), place(finish))),
                    Shown::Gate(_) => None,
                },
                deadline: row.deadline.filter(|deadline| (from..=to).contains(deadline)).map(place),
                is_critical: row.critical,
                drives,
                links: links.words(plan, at),
                waits_for,
            }
        });
        let scale = |number: usize| {
            let ticks = chart.ticks(plan, TICKS << number);
            ticks.into_iter().map(|(at, label)| (place(at), label)).collect()
        };
        let project = plan.project();
        let marks = [(project.status_date, "status date", false), (project.deadline, "deadline", true)];
        let marks = marks.into_iter().filter_map(|(at, name, is_deadline)| {
            let at = at.filter(|at| (from..=to).contains(at))?;
            let name = format!("{name} {}", plan.format_end(at));
            Some(TimelineMark { at: place(at), name, is_deadline })
        });
        Timeline {
            rows: rows.collect(),
            scales: (0..SCALES).map(scale).collect(),
            marks: marks.collect(),
            unit: unit_name(plan),
            open_depth: open_depth(gantt),
        }
    }
}

/// The depth up to which about so many rows lie as can be looked at.
fn open_depth(gantt: &Gantt) -> usize {
    let deepest = gantt.rows.iter().map(|row| row.depth).max().unwrap_or(0);
    let shown = |depth: &usize| gantt.rows.iter().filter(|row| row.depth <= *depth).count() <= SHOWN;
    (0..=deepest).rev().find(shown).unwrap_or(0)
}

/// The date of a moment at which something begins; the period in a plan of periods.
pub(super) fn day(plan: &Plan, moment: Moment) -> String {
    plan.format_moment(moment).split(' ').next().unwrap_or_default().to_owned()
}

/// The date of a moment at which something ends.
pub(super) fn end_day(plan: &Plan, moment: Moment) -> String {
    plan.format_end(moment).split(' ').next().unwrap_or_default().to_owned()
}

/// The total float of a row; of summaries that of what is below them is told.
fn float(plan: &Plan, row: &GanttRow) -> String {
    let float = row.total_float.filter(|_| row.shape != Shape::Summary);
    float.map_or_else(String::new, |float| in_units(plan, float))
}

/// What there is to say about a task.
fn state(plan: &Plan, task: TaskId, row: &GanttRow, drives: bool) -> String {
    let data = &plan.tasks()[task];
    let mut words: Vec<String> = Vec::new();
    match data.progress {
        Some(progress) if progress.finish.is_some() => words.push("done".to_owned()),
        Some(progress) => words.push(format!("{} done", progress.complete)),
        None => {}
    }
    if row.critical {
        words.push("critical".to_owned());
    }
    if drives {
        words.push("drives the finish".to_owned());
    }
    if row.shape == Shape::Milestone {
        words.push("milestone".to_owned());
    }
    if let Some(deadline) = row.deadline {
        let is_missed = if row.finish > deadline { ", missed" } else { "" };
        words.push(format!("deadline {}{is_missed}", plan.format_end(deadline)));
    }
    words.join(", ")
}

/// Links between the rows of a chart.
struct Links {
    /// For each row the links into it: the row that they leave, their kind, and themselves.
    into: Vec<Vec<(usize, &'static str, crate::plan::LinkId)>>,
}

impl Links {
    fn of(plan: &Plan, gantt: &Gantt) -> Links {
        let mut row_of = vec![None; plan.tasks().len()];
        for (at, row) in gantt.rows.iter().enumerate() {
            if let Shown::Task(task) = row.shown {
                row_of[task.index()] = Some(at);
            }
        }
        let mut into = vec![Vec::new(); gantt.rows.len()];
        for (id, link) in plan.links().iter_enumerated() {
            if let (Some(from), Some(to)) = (row_of[link.predecessor.index()], row_of[link.successor.index()]) {
                into[to].push((from, link.kind.code(), id));
            }
        }
        Links { into }
    }

    fn row(&self, at: usize) -> Vec<(usize, &'static str)> {
        self.into[at].iter().map(|&(from, kind, _)| (from, kind)).collect()
    }

    fn words(&self, plan: &Plan, at: usize) -> String {
        let named = self.into[at].iter().take(NAMED).map(|&(_, _, id)| link(plan, &plan.links()[id]));
        let mut text = named.collect::<Vec<_>>().join("; ");
        if self.into[at].len() > NAMED {
            text.push_str(&format!("; and {} more", self.into[at].len() - NAMED));
        }
        text
    }
}
