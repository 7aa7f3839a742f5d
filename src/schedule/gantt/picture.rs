//! A Gantt chart as a picture.

use std::fmt::Write as _;

use super::{Gantt, GanttRow, Shown, gate_on, waiting_for_gate};
use crate::index::{Id, IdVec, Rows};
use crate::pictures::{self, Arrow, Axis, End, Mark, Shape};
use crate::plan::{GateId, LinkKind, Plan, TaskId};
use crate::schedule::words::{people, some_time_ticks, time_label, working};
use crate::schedule::{Driver, Schedule, TaskDates};
use crate::units::{Minutes, Moment};

/// Rows of a picture, at most.
const MOST_ROWS: usize = 400;
/// With more rows than this links are left out: nobody could follow them.
const MOST_ROWS_WITH_LINKS: usize = 150;
/// Places that have a label, at most.
const TICKS: usize = 10;

impl Gantt {
    /// The chart as SVG. Of more than 400 rows the most telling ones are drawn ([`Gantt::folded`]), links only between up to
    /// 150.
    ///
    /// # Arguments
    /// `dates` are those that the chart was made of.
    pub fn picture(&self, plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>) -> String {
        let chart = self.folded(MOST_ROWS);
        let minutes = |moment: Moment| moment.0 as f64;
        let rows: Vec<pictures::GanttRow> = (chart.rows.iter())
            .map(|row| pictures::GanttRow {
                name: row.title(plan),
                tip: tip(plan, schedule, row),
                beside: match row.shown {
                    Shown::Gate(gate) => beside(plan, gate),
                    Shown::Task(_) => String::new(),
                },
                depth: row.depth,
                shape: row.shape,
                span: (minutes(row.start), minutes(row.finish)),
                done: row.done.map_or(f64::NEG_INFINITY, minutes),
                late: minutes(row.late_finish.min(chart.to)),
                deadline: row.deadline.map(minutes),
                is_critical: row.critical,
            })
            .collect();
        let arrows = if rows.len() > MOST_ROWS_WITH_LINKS { Vec::new() } else { chart.arrows(plan, dates) };
        let note = match chart.left_out {
            0 => String::new(),
            1 => "1 row is left out; shown are summaries and what has the least float".to_owned(),
            count => format!("{count} rows are left out; shown are summaries and what has the least float"),
        };
        let ends = (minutes(chart.from), minutes(chart.to));
        pictures::gantt(&pictures::Gantt {
            title: &format!("{}: schedule", plan.project().name),
            time: Axis { name: "", ticks: &some_time_ticks(plan, ends.0, ends.1, TICKS), label: &time_label(plan) },
            extent: ends,
            rows: &rows,
            arrows: &arrows,
            marks: &chart.marks(plan),
            note: &note,
        })
    }

    /// The status date and the deadline of the project, if time reaches so far.
    fn marks(&self, plan: &Plan) -> Vec<Mark> {
        let project = plan.project();
        let label = time_label(plan);
        let status = project.status_date.map(|at| (format!("status date {}", label(at.0 as f64)), at));
        let deadline = project.deadline.map(|at| (format!("deadline {}", plan.format_end(at)), at));
        let lines = status.into_iter().chain(deadline);
        let inside = lines.filter(|(_, at)| (self.from..=self.to).contains(at));
        inside.map(|(name, at)| Mark { name, at: at.0 as f64 }).collect()
    }

    /// Links between rows; those that wait for a gate leave its row instead of that of the task before it.
    fn arrows(&self, plan: &Plan, dates: &IdVec<TaskId, TaskDates>) -> Vec<Arrow> {
        let mut row_of_task = vec![None; plan.tasks().len()];
        let mut row_of_gate = vec![None; plan.gates().len()];
        for (at, row) in self.rows.iter().enumerate() {
            match row.shown {
                Shown::Task(task) => row_of_task[task.index()] = Some(at),
                Shown::Gate(gate) => row_of_gate[gate.index()] = Some(at),
            }
        }
        let shown_gates = plan.gates().iter_enumerated().filter(|(id, _)| row_of_gate[id.index()].is_some());
        let pairs: Vec<(usize, GateId)> = shown_gates.map(|(id, gate)| (gate.after.index(), id)).collect();
        let gates_behind = Rows::from_pairs(plan.tasks().len(), pairs.iter().copied());
        let is_critical = |at: usize| self.rows[at].critical;
        let of_links = plan.links().iter_enumerated().filter_map(|(id, link)| {
            let gate = gate_on(plan, id, gates_behind.row(link.predecessor.index()));
            let from = gate.map_or(row_of_task[link.predecessor.index()], |gate| row_of_gate[gate.index()])?;
            let to = row_of_task[link.successor.index()]?;
            let drives = dates.get(link.successor).is_some_and(|dates| dates.driver == Driver::Link(id));
            let (leaves, reaches) = match link.kind {
                LinkKind::FinishToStart => (End::Finish, End::Start),
                LinkKind::StartToStart => (End::Start, End::Start),
                LinkKind::FinishToFinish => (End::Finish, End::Finish),
                LinkKind::StartToFinish => (End::Start, End::Finish),
            };
            let is_critical = drives && is_critical(from) && is_critical(to);
            Some(Arrow { from: (from, leaves), to: (to, reaches), is_critical })
        });
        let of_gates = pairs.iter().filter_map(|&(after, gate)| {
            let (from, to) = (row_of_task[after]?, row_of_gate[gate.index()]?);
            Some(Arrow { from: (from, End::Finish), to: (to, End::Start), is_critical: is_critical(to) })
        });
        of_links.chain(of_gates).collect()
    }
}

/// The id of a gate, and what waits for it.
fn beside(plan: &Plan, gate: GateId) -> String {
    let waiting: Vec<&str> = waiting_for_gate(plan, gate).into_iter().map(|task| &*plan.tasks()[task].id).collect();
    let id = &plan.gates()[gate].id;
    if waiting.is_empty() { id.to_string() } else { format!("{id} before {}", waiting.join(", ")) }
}

/// What the pointer is told: name, dates, float, people, progress, deadline.
pub(in crate::schedule) fn tip(plan: &Plan, schedule: &Schedule, row: &GanttRow) -> String {
    let (start, finish) = (plan.format_moment(row.start), plan.format_moment(row.finish));
    let mut text = row.title(plan);
    // Writing to a string cannot fail.
    let _ = match row.shape {
        Shape::Activity | Shape::Summary => write!(text, ": {start} to {finish}"),
        Shape::Milestone | Shape::Gate => write!(text, ": {finish}"),
    };
    if let Some(float) = row.total_float {
        let float = if float == Minutes::ZERO { "no".to_owned() } else { working(plan, float) };
        let _ = write!(text, "; {float} float{}", if row.critical { ", critical" } else { "" });
    }
    if let Shown::Task(task) = row.shown {
        let people = people(plan, schedule, task, "*").join(", ");
        if !people.is_empty() {
            let _ = write!(text, "; {people}");
        }
        if let Some(progress) = plan.tasks()[task].progress {
            let _ = match progress.finish {
                Some(_) => write!(text, "; done"),
                None => write!(text, "; {} done", progress.complete),
            };
        }
    }
    if let Some(deadline) = row.deadline {
        let is_missed = if row.finish > deadline { ", missed" } else { "" };
        let _ = write!(text, "; deadline {}{is_missed}", plan.format_end(deadline));
    }
    text
}
