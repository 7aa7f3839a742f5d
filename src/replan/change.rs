//! What a schedule changes against a former one.

use super::hold::Former;
use crate::index::{Id, IdVec};
use crate::plan::{Plan, ResourceId, TaskId, TaskKind};
use crate::schedule::{Schedule, later, project_cost};
use crate::units::{Amount, Minutes, Moment, Money};

/// Other people on a task count as if it were moved by so many days.
const DAYS_OF_PEOPLE: f64 = 1.0;
/// A promise that is broken counts as so many days.
const DAYS_OF_PROMISE: f64 = 5.0;

/// What a schedule changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// When everything is finished.
    pub finish: Moment,
    /// What is left costs.
    pub cost: Money,
    /// Tasks that are not finished and start, or, if they are under way, finish at another time, or are done by others.
    pub moves: Vec<Move>,
    /// Tasks that the former schedule does not have.
    pub added: Vec<TaskId>,
    /// Tasks and deliverables that are late by the plan's own dates, and the project if it is.
    pub broken: usize,
    /// Days by which tasks are moved, earlier or later, in all.
    pub days: f64,
}

/// A task that is moved, or done by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The task.
    pub task: TaskId,
    /// Start and finish before.
    pub before: (Moment, Moment),
    /// Start and finish now.
    pub now: (Moment, Moment),
    /// By how much it is later, in working time of the project calendar: its start, or its finish if it is under way.
    pub later: Minutes,
    /// Who was on it before; empty if that stays.
    pub people_before: Vec<(ResourceId, Amount)>,
    /// Who is on it now; empty if that stays.
    pub people: Vec<(ResourceId, Amount)>,
}

impl Move {
    /// True if others do it.
    pub fn changes_people(&self) -> bool {
        self.people != self.people_before
    }
}

impl Change {
    /// How much is changed, in days.
    pub fn size(&self) -> f64 {
        self.days + DAYS_OF_PEOPLE * self.people() as f64 + DAYS_OF_PROMISE * self.broken as f64
    }

    /// Tasks that are moved.
    pub fn moved(&self) -> usize {
        self.moves.iter().filter(|it| it.later != Minutes::ZERO).count()
    }

    /// Tasks that are done by others.
    pub fn people(&self) -> usize {
        self.moves.iter().filter(|it| it.changes_people()).count()
    }

    /// The cost of what is left in days of the project: by what a day of it costs; nothing if days cost nothing.
    pub(super) fn dearer_in_days(&self, plan: &Plan) -> f64 {
        let project = plan.project();
        match (project.overhead_per_day + project.delay_penalty_per_day).0 {
            0 => 0.0,
            of_day => self.cost.0 as f64 / of_day as f64,
        }
    }
}

/// Holds a schedule against the former one.
pub(super) fn change(
    whole: &Plan,
    left: &Plan,
    former: &Former,
    schedule: &Schedule,
    spans: &IdVec<TaskId, (Moment, Moment)>,
) -> Change {
    let (mut moves, mut added, mut days) = (Vec::new(), Vec::new(), 0.0);
    let of_day = whole.project().minutes_per_day.0.max(1) as f64;
    for (task, data) in whole.tasks().iter_enumerated() {
        if data.kind == TaskKind::Summary || data.is_finished() {
            continue;
        }
        let now = spans[task];
        let Some(before) = former.start(task).zip(former.finish(task)) else {
            added.push(task);
            continue;
        };
        let later = match data.progress {
            Some(_) => later(whole, before.1, now.1),
            None => later(whole, before.0, now.0),
        };
        let mut people: Vec<(ResourceId, Amount)> =
            schedule.assignments.row(task.index()).iter().map(|it| (it.resource, it.amount)).collect();
        people.sort_unstable();
        let mut people_before = former.people(task);
        // Who is not known does not change.
        if people == people_before || people_before.is_empty() {
            (people, people_before) = (Vec::new(), Vec::new());
        }
        days += later.0.unsigned_abs() as f64 / of_day;
        // A pause between two working days is no move, if nothing else changes.
        if later != Minutes::ZERO || people != people_before {
            moves.push(Move { task, before, now, later, people_before, people });
        }
    }
    let finish = spans.iter().map(|span| span.1).max().unwrap_or(left.project().start);
    Change {
        finish,
        cost: project_cost(left, schedule).total(),
        moves,
        added,
        broken: broken(whole, spans, finish),
        days,
    }
}

/// How many dates of the plan are missed.
fn broken(plan: &Plan, spans: &IdVec<TaskId, (Moment, Moment)>, finish: Moment) -> usize {
    let open = plan.tasks().iter_enumerated().filter(|(_, data)| !data.is_finished());
    let late = open.filter(|(task, data)| data.deadline.is_some_and(|due| spans[*task].1 > due)).count();
    let of_deliverable = |id: &str| {
        let makes = |task: &TaskId| plan.deliverable_of(*task).is_some_and(|label| plan.label(label) == id);
        plan.tasks().ids().filter(makes).map(|task| spans[task].1).max()
    };
    let undelivered = plan.deliverables().iter().filter(|deliverable| {
        deliverable.due.is_some_and(|due| of_deliverable(&deliverable.id).is_some_and(|finish| finish > due))
    });
    let is_late = plan.project().deadline.is_some_and(|deadline| finish > deadline);
    late + undelivered.count() + usize::from(is_late)
}
