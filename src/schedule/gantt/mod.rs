//! The rows of a Gantt chart: what is shown of each task and gate of a schedule, whoever draws it.
//!
//! [`gantt`] puts the tasks in the order of the tree of summaries, each gate behind the task at whose finish it is tried.
//! [`Gantt::folded`] leaves the most telling rows, [`Gantt::picture`] draws them.

mod picture;
#[cfg(test)]
mod tests;

pub(super) use picture::tip;

use super::words::{some_time_ticks, time_label};
use super::{Schedule, TaskDates};
use crate::index::{Id, IdVec, Rows};
use crate::pictures::Shape;
use crate::plan::{GateId, LinkId, Plan, TaskId, TaskKind, TimeUnit};
use crate::units::{MINUTES_PER_WEEK, Minutes, Moment};

/// What a row of a chart is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A task, milestone or summary.
    Task(TaskId),
    /// A gate, at the finish of the task it comes after.
    Gate(GateId),
}

/// A row of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GanttRow {
    /// What it is about.
    pub shown: Shown,
    /// Its look.
    pub shape: Shape,
    /// How many summaries it lies in.
    pub depth: usize,
    /// First moment.
    pub start: Moment,
    /// Moment after the last.
    pub finish: Moment,
    /// Until when it is done, if it has begun: its finish, or the status date.
    pub done: Option<Moment>,
    /// The finish that delays nothing; no earlier than `finish`.
    pub late_finish: Moment,
    /// Its total float; none if that is not known.
    pub total_float: Option<Minutes>,
    /// The deadline of the task.
    pub deadline: Option<Moment>,
    /// True if it is critical and not done yet.
    pub critical: bool,
    /// True if it lies on the longest path.
    pub longest_path: bool,
}

impl GanttRow {
    /// True if nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.done.is_some_and(|done| done >= self.finish)
    }

    /// The id of the task or gate.
    pub fn id<'p>(&self, plan: &'p Plan) -> &'p str {
        match self.shown {
            Shown::Task(task) => &plan.tasks()[task].id,
            Shown::Gate(gate) => &plan.gates()[gate].id,
        }
    }

    /// Its name or criterion; the id of a task without a name.
    pub fn name<'p>(&self, plan: &'p Plan) -> &'p str {
        match self.shown {
            Shown::Task(task) => plan.tasks()[task].title(),
            Shown::Gate(gate) => &plan.gates()[gate].criterion,
        }
    }

    /// Its id, and its name or criterion if it has one.
    pub fn title(&self, plan: &Plan) -> String {
        let (id, name) = (self.id(plan), self.name(plan));
        if name.is_empty() || name == id { id.to_owned() } else { format!("{id} {name}") }
    }
}

/// A chart of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gantt {
    /// Its rows from top to bottom.
    pub rows: Vec<GanttRow>,
    /// Rows that are not shown.
    pub left_out: usize,
    /// Where time begins.
    pub from: Moment,
    /// Where time ends; later than `from`.
    pub to: Moment,
}

/// Deadlines, floats and the status date are shown if they are no further outside the schedule than this part of its length.
const NEAR: i64 = 4;

/// The Gantt chart of a schedule, with a row for each task and gate.
///
/// # Arguments
/// `dates` has an entry for each task, or none at all: floats are unknown then.
///
/// # Complexity
/// Linear in the plan.
///
/// # Example
///
/// ```
/// use floatline::effort::{Control, Limits};
/// use floatline::io::{ReadOptions, read_bytes};
/// use floatline::network::compile;
/// use floatline::plan::validate;
/// use floatline::pictures::Shape;
/// use floatline::schedule::gantt;
/// use floatline::solve::{SolveOptions, solve};
///
/// # fn main() -> floatline::error::Result<()> {
/// let text = "id,duration,predecessors\ndesign,2d,\nbuild,3d,design\ndone,0,build\n";
/// let (plan, _) = validate(&read_bytes("plan.csv", text.into(), &ReadOptions::default()))?;
/// let control = Control::start(Limits::default());
/// let outcome = solve(&plan, &compile(&plan)?, &SolveOptions::default(), &control, &|_| {})?;
/// let schedule = outcome.schedule.expect("nothing stands in the way");
/// let chart = gantt(&plan, &schedule, &outcome.dates);
/// assert_eq!(chart.rows.len(), 3);
/// assert_eq!(chart.rows[2].shape, Shape::Milestone);
/// assert!(chart.picture(&plan, &schedule, &outcome.dates).starts_with("<svg"));
/// # Ok(())
/// # }
/// ```
pub fn gantt(plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>) -> Gantt {
    let spans = schedule.spans(plan, dates);
    let rows: Vec<GanttRow> = in_tree_order(plan)
        .map(|(shown, depth)| match shown {
            Shown::Task(task) => row_of_task(plan, task, depth, spans[task], dates.get(task)),
            Shown::Gate(gate) => {
                let after = plan.gates()[gate].after;
                let row = row_of_task(plan, after, depth, spans[after], dates.get(after));
                let done = plan.tasks()[after].is_finished().then_some(row.finish);
                let at = row.finish;
                GanttRow { shown, shape: Shape::Gate, start: at, late_finish: at, done, deadline: None, ..row }
            }
        })
        .collect();
    let (from, to) = extent(plan, &rows);
    Gantt { rows, left_out: 0, from, to }
}

/// Tasks before the tasks below them, and both before the gates behind them; with their depths.
fn in_tree_order(plan: &Plan) -> impl Iterator<Item = (Shown, usize)> {
    let count = plan.tasks().len();
    let below = plan.tasks().iter_enumerated().filter_map(|(task, row)| Some((row.parent?.index(), task)));
    let behind = plan.gates().iter_enumerated().map(|(id, gate)| (gate.after.index(), id));
    let children = Rows::from_pairs(count, below.collect::<Vec<_>>().into_iter());
    let gates = Rows::from_pairs(count, behind.collect::<Vec<_>>().into_iter());
    let put = move |stack: &mut Vec<(Shown, usize)>, task: TaskId, depth: usize| {
        stack.extend(gates.row(task.index()).iter().rev().map(|&gate| (Shown::Gate(gate), depth)));
        stack.push((Shown::Task(task), depth));
    };
    let mut stack = Vec::new();
    let tops = plan.tasks().iter_enumerated().filter(|(_, row)| row.parent.is_none());
    tops.rev().for_each(|(task, _)| put(&mut stack, task, 0));
    std::iter::from_fn(move || {
        let next = stack.pop();
        if let Some((Shown::Task(task), depth)) = next {
            children.row(task.index()).iter().rev().for_each(|&child| put(&mut stack, child, depth + 1));
        }
        next
    })
}

fn row_of_task(
    plan: &Plan,
    task: TaskId,
    depth: usize,
    (start, finish): (Moment, Moment),
    dates: Option<&TaskDates>,
) -> GanttRow {
    let row = &plan.tasks()[task];
    let shape = match row.kind {
        TaskKind::Summary => Shape::Summary,
        // What remains of a milestone that is done is an activity without time.
        _ if start == finish => Shape::Milestone,
        _ => Shape::Activity,
    };
    let done = row.progress.map(|progress| match (progress.finish, plan.project().status_date) {
        (Some(_), _) => finish,
        (None, Some(status)) => status.clamp(start, finish),
        (None, None) => start + progress.complete.of(finish - start),
    });
    let is_left = !row.is_finished();
    let open = dates.filter(|_| is_left && shape != Shape::Summary);
    GanttRow {
        shown: Shown::Task(task),
        shape,
        depth,
        start,
        finish,
        done,
        late_finish: open.map_or(finish, |dates| dates.late_finish.max(finish)),
        total_float: dates.filter(|_| is_left).map(|dates| dates.total_float),
        deadline: row.deadline,
        critical: is_left && dates.is_some_and(|dates| dates.critical),
        longest_path: is_left && dates.is_some_and(|dates| dates.longest_path),
    }
}

/// The time that a chart spans: all of the schedule, and what else is near; of a week and more from a midnight, which has a
/// name on the axis.
fn extent(plan: &Plan, rows: &[GanttRow]) -> (Moment, Moment) {
    let project = plan.project();
    let first = rows.iter().map(|row| row.start).min().unwrap_or(project.start);
    let last = rows.iter().map(|row| row.finish).max().unwrap_or(first);
    let near = Minutes((last - first).0 / NEAR);
    let more = rows.iter().flat_map(|row| row.deadline.into_iter().chain([row.late_finish]));
    let more = more.chain(project.deadline).chain(project.status_date);
    let inside = |moment: &Moment| (first - near..=last + near).contains(moment);
    let (from, to) = more.filter(inside).fold((first, last), |(from, to), moment| (from.min(moment), to.max(moment)));
    let is_long = project.time_unit != TimeUnit::Period && to - from >= Minutes(MINUTES_PER_WEEK);
    let from = if is_long { Moment::midnight(from.date()) } else { from };
    (from, to.max(from + Minutes(1)))
}

impl Gantt {
    /// The chart with so many rows at most: of summaries the uppermost, as many as take half of them, then what has the least
    /// float, with the summaries around it.
    ///
    /// # Complexity
    /// Sorts the rows; besides linear in rows times `most`.
    pub fn folded(&self, most: usize) -> Gantt {
        if self.rows.len() <= most {
            return self.clone();
        }
        let above = self.rows_above();
        let mut is_kept = vec![false; self.rows.len()];
        let mut room = most;
        let is_summary = |at: &usize| self.rows[*at].shape == Shape::Summary;
        let (mut summaries, mut others): (Vec<usize>, Vec<usize>) = (0..self.rows.len()).partition(is_summary);
        summaries.sort_by_key(|&at| (self.rows[at].depth, at));
        for &at in summaries.iter().take(most / 2) {
            is_kept[at] = true;
            room -= 1;
        }
        others.sort_by_key(|&at| {
            let row = &self.rows[at];
            (row.is_done(), row.total_float.unwrap_or(Minutes::MAX), !row.longest_path, at)
        });
        for at in others {
            if room == 0 {
                break;
            }
            let is_missing = |at: &usize| !is_kept[*at];
            let missing: Vec<usize> =
                std::iter::successors(Some(at), |&at| above[at]).take_while(is_missing).take(room + 1).collect();
            if missing.len() <= room {
                room -= missing.len();
                missing.into_iter().for_each(|at| is_kept[at] = true);
            }
        }
        let rows: Vec<GanttRow> =
            self.rows.iter().zip(&is_kept).filter(|(_, is_kept)| **is_kept).map(|(row, _)| *row).collect();
        Gantt { left_out: self.left_out + self.rows.len() - rows.len(), rows, ..*self }
    }

    /// The row of the summary around each row.
    pub(super) fn rows_above(&self) -> Vec<Option<usize>> {
        let mut last_at_depth: Vec<usize> = Vec::new();
        let above = self.rows.iter().enumerate().map(|(at, row)| {
            last_at_depth.truncate(row.depth);
            let above = last_at_depth.last().copied();
            last_at_depth.push(at);
            above
        });
        above.collect()
    }

    /// Round moments of the chart, and what each is called.
    pub fn ticks(&self, plan: &Plan, at_most: usize) -> Vec<(Moment, String)> {
        let label = time_label(plan);
        let ticks = some_time_ticks(plan, self.from.0 as f64, self.to.0 as f64, at_most);
        // Of a plan of periods only whole ones.
        ticks.into_iter().filter(|tick| tick.fract() == 0.0).map(|tick| (Moment(tick as i64), label(tick))).collect()
    }
}

/// The tasks that wait until a gate is passed: those that it names, or all that wait for the finish of the task before it.
///
/// # Complexity
/// Linear in the links of the plan, if the gate names none.
pub fn waiting_for_gate(plan: &Plan, gate: GateId) -> Vec<TaskId> {
    let gate = &plan.gates()[gate];
    if !gate.before.is_empty() {
        return gate.before.clone();
    }
    let behind = plan.links().iter().filter(|link| link.predecessor == gate.after && link.kind.from_finish());
    let mut behind: Vec<TaskId> = behind.map(|link| link.successor).collect();
    behind.sort_unstable();
    behind.dedup();
    behind
}

/// The gate that a link leads through, if it waits for one.
pub(super) fn gate_on(plan: &Plan, link: LinkId, gates_behind: &[GateId]) -> Option<GateId> {
    let link = &plan.links()[link];
    let leads_through = |gate: &&GateId| {
        let before = &plan.gates()[**gate].before;
        before.is_empty() || before.contains(&link.successor)
    };
    if link.kind.from_finish() { gates_behind.iter().find(leads_through).copied() } else { None }
}
