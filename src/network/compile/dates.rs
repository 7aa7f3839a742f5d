//! Constraints and deadlines as positions.

use super::super::{Axis, NEVER, NO_EARLIEST, NodeMode, Origin, Slot, WorkTable};
use super::calendars::Divisor;
use super::order::parents_first;
use crate::index::{IdVec, Rows};
use crate::plan::{ConstraintKind, Plan, TaskId, TaskKind};
use crate::units::Moment;

/// What summaries ask of the tasks below them.
struct Inherited {
    /// Nothing starts earlier.
    earliest_start: IdVec<TaskId, Option<Moment>>,
    /// Nothing should finish later.
    latest_finish: IdVec<TaskId, Option<Moment>>,
}

impl Inherited {
    /// `None` if no summary asks for anything.
    fn of(plan: &Plan) -> Option<Inherited> {
        let tasks = plan.tasks();
        let asks = |task: &crate::plan::Task| {
            task.kind == TaskKind::Summary && (task.constraint.is_some() || task.deadline.is_some())
        };
        if !tasks.iter().any(asks) {
            return None;
        }
        let mut inherited = Inherited {
            earliest_start: IdVec::filled(None, tasks.len()),
            latest_finish: IdVec::filled(None, tasks.len()),
        };
        for id in parents_first(plan) {
            let task = &tasks[id];
            let mut earliest = task.parent.and_then(|parent| inherited.earliest_start[parent]);
            let mut latest = task.parent.and_then(|parent| inherited.latest_finish[parent]);
            if task.kind == TaskKind::Summary {
                for constraint in task.constraints() {
                    match constraint.kind {
                        ConstraintKind::StartNoEarlierThan => earliest = earliest.max(Some(constraint.moment)),
                        ConstraintKind::FinishNoLaterThan => latest = sooner(latest, Some(constraint.moment)),
                        _ => {}
                    }
                }
                latest = sooner(latest, task.deadline);
            }
            inherited.earliest_start[id] = earliest;
            inherited.latest_finish[id] = latest;
        }
        Some(inherited)
    }
}

fn sooner(a: Option<Moment>, b: Option<Moment>) -> Option<Moment> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Makes `divisor` divide the position of every date that tasks and project name.
pub(super) fn fold_dates(plan: &Plan, minutes_to: impl Fn(Moment) -> i64, divisor: &mut Divisor) {
    for task in plan.tasks() {
        if divisor.is_one() {
            return;
        }
        for constraint in task.constraints() {
            divisor.fold(minutes_to(constraint.moment));
        }
        if let Some(deadline) = task.deadline {
            divisor.fold(minutes_to(deadline));
        }
        if let Some(expected) = task.expected_finish.filter(|_| plan.project().dating.use_expected_finish) {
            divisor.fold(minutes_to(expected));
        }
    }
    if let Some(deadline) = plan.project().deadline {
        divisor.fold(minutes_to(deadline));
    }
}

/// The dates of every node.
pub(super) struct CompiledDates {
    pub(super) release: Vec<Slot>,
    pub(super) finish_release: Vec<Slot>,
    pub(super) must_start: Vec<Slot>,
    pub(super) must_finish: Vec<Slot>,
    pub(super) latest_start: Vec<Slot>,
    pub(super) latest_finish: Vec<Slot>,
    pub(super) finish_wishes: Vec<(u32, Moment)>,
    pub(super) as_late_as_possible: Vec<bool>,
    pub(super) priority: Vec<u16>,
}

/// Compiles the dates of every node.
pub(super) fn dates(
    plan: &Plan,
    origin: &[Origin],
    axis: &Axis,
    modes: &Rows<NodeMode>,
    tables: &[WorkTable],
) -> CompiledDates {
    let count = origin.len();
    let mut dates = CompiledDates {
        release: vec![0; count],
        finish_release: vec![NO_EARLIEST; count],
        must_start: vec![NO_EARLIEST; count],
        must_finish: vec![NO_EARLIEST; count],
        latest_start: vec![NEVER; count],
        latest_finish: vec![NEVER; count],
        finish_wishes: Vec::new(),
        as_late_as_possible: vec![false; count],
        priority: vec![DEFAULT_PRIORITY; count],
    };
    let inherited = Inherited::of(plan);
    for (node, origin) in origin.iter().enumerate() {
        let Origin::Task(id) = *origin else { continue };
        let task = &plan.tasks()[id];
        dates.priority[node] = task.priority;
        // Where a task's modes work at different times, what the date becomes depends on the mode; then it stays as it is.
        let row = modes.row(node);
        let same = row.iter().all(|mode| mode.calendar == row[0].calendar);
        let table = row.first().filter(|_| same).map(|mode| &tables[mode.calendar as usize]);
        let start_at = |moment: Moment| {
            let slot = axis.slot_at_or_after(moment);
            to_slot(table.and_then(|table| table.next_start(i64::from(slot))).unwrap_or(i64::from(slot)))
        };
        let finish_by = |slot: Slot| to_slot(table.map_or(i64::from(slot), |table| table.last_finish(i64::from(slot))));
        let limit = |slot: Slot| if slot >= super::super::HORIZON_LIMIT { NEVER } else { slot };

        let first = inherited.as_ref().and_then(|inherited| inherited.earliest_start[id]);
        let last = sooner(task.deadline, inherited.as_ref().and_then(|inherited| inherited.latest_finish[id]));
        dates.release[node] = first.map_or(0, start_at).max(0);
        if task.kind == TaskKind::Milestone && !task.is_finished() {
            // The start of the project moves a milestone to working time; links do not. What is finished needs none.
            let release = i64::from(dates.release[node]);
            dates.release[node] = to_slot(table.and_then(|table| table.next_start(release)).unwrap_or(release));
        }
        let no_later = task.constraint_of(ConstraintKind::FinishNoLaterThan);
        if let Some(moment) = sooner(last, no_later.map(|constraint| constraint.moment)) {
            dates.finish_wishes.push((node as u32, moment));
        }
        if let Some(last) = last {
            dates.latest_finish[node] = limit(axis.slot_at_or_before(last));
        }
        for constraint in task.constraints() {
            let moment = constraint.moment;
            match constraint.kind {
                ConstraintKind::AsSoonAsPossible => {}
                ConstraintKind::AsLateAsPossible => dates.as_late_as_possible[node] = true,
                ConstraintKind::MustStartOn => dates.must_start[node] = start_at(moment),
                ConstraintKind::MustFinishOn => dates.must_finish[node] = finish_by(axis.slot_at_or_after(moment)),
                ConstraintKind::StartNoEarlierThan => {
                    dates.release[node] = dates.release[node].max(start_at(moment));
                }
                ConstraintKind::StartNoLaterThan => {
                    dates.latest_start[node] = dates.latest_start[node].min(limit(start_at(moment)));
                }
                ConstraintKind::FinishNoEarlierThan => {
                    let finish = finish_by(axis.slot_at_or_after(moment));
                    dates.finish_release[node] = dates.finish_release[node].max(finish);
                }
                ConstraintKind::FinishNoLaterThan => {
                    let latest = limit(axis.slot_at_or_before(moment));
                    dates.latest_finish[node] = dates.latest_finish[node].min(latest);
                }
            }
        }
    }
    dates
}

/// The priority of gates and of tasks that name none.
const DEFAULT_PRIORITY: u16 = 500;

/// A position that may lie beyond what slots can number.
fn to_slot(position: i64) -> Slot {
    let limit = i64::from(super::super::HORIZON_LIMIT);
    position.clamp(-limit, limit) as Slot
}
