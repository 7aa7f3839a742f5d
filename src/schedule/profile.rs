//! Resource profiles: how many units of a resource are in use, and how many are there, over time.

use super::Schedule;
use super::working_time::{WorkingTimes, unit_steps};
use crate::index::{Id, Rows};
use crate::plan::{Plan, Resource, TaskId};
use crate::units::{Amount, Moment};

/// A task's use of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// Who uses it.
    pub(crate) task: TaskId,
    /// Units in use while it works; quantity of a material.
    pub(crate) amount: Amount,
}

/// The uses of each resource (row `resource.index()`), by task. Assignments of unknown resources, of no or of impossible amounts and
/// those of tasks that `counts` refuses are passed over.
pub(crate) fn uses_by_resource(plan: &Plan, schedule: &Schedule, counts: impl Fn(TaskId) -> bool) -> Rows<Use> {
    let resources = plan.resources().len();
    let counts = &counts;
    let pairs = (0..plan.tasks().len()).map(TaskId::new).flat_map(|task| {
        let row = schedule.assignments.row(task.index()).iter().filter(move |_| counts(task));
        row.filter(move |assignment| {
            assignment.resource.index() < resources && (Amount(1)..=Amount::MAX).contains(&assignment.amount)
        })
        .map(move |assignment| (assignment.resource.index(), Use { task, amount: assignment.amount }))
    });
    Rows::from_pairs(resources, pairs)
}

/// A time during which more is in use than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overload {
    pub(crate) from: Moment,
    pub(crate) to: Moment,
    /// In ten-thousandths of a unit, as [`Amount`], at `from`.
    pub(crate) used: i128,
    /// Units that are there at `from`.
    pub(crate) available: Amount,
}

/// The overloads of a resource, in order and disjoint; they may include pauses in which nobody works.
///
/// A task uses its resources at most from its start to its finish. Where even that fits nothing more is looked at; the
/// stretches in which tasks really work are laid out only where it does not, so that a long plan of many pauses stays small.
///
/// # Complexity
/// `O(n log n)` for `n` uses and those stretches.
pub(crate) fn overloads(
    resource: &Resource,
    uses: &[Use],
    schedule: &Schedule,
    times: &WorkingTimes<'_>,
) -> Vec<Overload> {
    let available = unit_steps(resource);
    let spans = uses.iter().map(|used| {
        let placement = &schedule.placements[used.task];
        (placement.start, placement.finish, used.amount)
    });
    let suspects = compare(&usage_steps(spans), &available);
    if suspects.is_empty() {
        return suspects;
    }
    let mut pieces = Vec::new();
    for used in uses {
        let placement = &schedule.placements[used.task];
        let first = suspects.partition_point(|suspect| suspect.to <= placement.start);
        for suspect in suspects[first..].iter().take_while(|suspect| suspect.from < placement.finish) {
            let (from, to) = (placement.start.max(suspect.from), placement.finish.min(suspect.to));
            let stretches = times.of_task(used.task).stretches_between(from, to);
            pieces.extend(stretches.map(|(start, finish)| (start, finish, used.amount)));
        }
    }
    let found = compare(&usage_steps(pieces.into_iter()), &available);
    // What the same tasks overload again after each pause is one overload to a planner.
    let mut joined: Vec<Overload> = Vec::new();
    let mut last_suspect = None;
    for overload in found {
        let suspect = suspects.partition_point(|suspect| suspect.to <= overload.from);
        match joined.last_mut().filter(|_| last_suspect == Some(suspect)) {
            Some(last) => last.to = overload.to,
            None => joined.push(overload),
        }
        last_suspect = Some(suspect);
    }
    joined
}

/// Units in use: each amount holds from its moment to the next; nothing is in use before the first.
pub(crate) fn usage_steps(pieces: impl Iterator<Item = (Moment, Moment, Amount)>) -> Vec<(Moment, i128)> {
    let mut changes: Vec<(Moment, i64)> = Vec::new();
    for (start, finish, amount) in pieces.filter(|(start, finish, _)| start < finish) {
        changes.push((start, amount.0));
        changes.push((finish, -amount.0));
    }
    changes.sort_unstable();
    let mut steps: Vec<(Moment, i128)> = Vec::new();
    let mut used = 0;
    for (moment, change) in changes {
        used += i128::from(change);
        match steps.last_mut() {
            Some(last) if last.0 == moment => last.1 = used,
            _ => steps.push((moment, used)),
        }
    }
    steps
}

/// The times at which more is in use than there is.
fn compare(usage: &[(Moment, i128)], available: &[(Moment, Amount)]) -> Vec<Overload> {
    let mut overloads: Vec<Overload> = Vec::new();
    let mut at = 0;
    for step in usage.windows(2) {
        let ((mut from, used), (until, _)) = (step[0], step[1]);
        while used > 0 && from < until {
            while available.get(at + 1).is_some_and(|next| next.0 <= from) {
                at += 1;
            }
            let units = available[at].1;
            let to = available.get(at + 1).map_or(until, |next| next.0.min(until));
            if used > i128::from(units.0) {
                match overloads.last_mut() {
                    Some(last) if last.to == from => last.to = to,
                    _ => overloads.push(Overload { from, to, used, available: units }),
                }
            }
            from = to;
        }
    }
    overloads
}
