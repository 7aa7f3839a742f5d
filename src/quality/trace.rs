//! Traceability: for each deliverable the tasks that make it, the tests and gates that show that it is right, how far they
//! have come, and what is missing.

use crate::index::IdVec;
use crate::plan::{Deliverable, DeliverableId, GateId, Plan, TaskId, TaskKind};
use crate::schedule::TaskDates;
use crate::units::Moment;

/// A deliverable and what leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Which one.
    pub deliverable: DeliverableId,
    /// The tasks that contribute to it, those that inherit it from a summary included; no summaries.
    pub tasks: Vec<TaskId>,
    /// Those of the tasks that test: their category has `test` in it.
    pub tests: Vec<TaskId>,
    /// The gates that stand after one of the tasks, or before one.
    pub gates: Vec<GateId>,
    /// How far its tasks have come, how far the tests, and how far the tasks after which its gates stand.
    pub states: [State; 3],
    /// How many of its tasks are done.
    pub done: usize,
    /// When the last of its tasks is finished, and by what that is known; `None` without tasks.
    pub finish: Option<(Moment, Known)>,
    /// What it lacks, the gravest first.
    pub missing: Vec<Missing>,
}

/// How far something has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is nothing that could be done.
    Nothing,
    /// No task has been started.
    NotStarted,
    /// Some task has been started, and not all are finished.
    UnderWay,
    /// All tasks are finished.
    Done,
}

/// By what a finish is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has happened.
    Actual,
    /// A schedule says so.
    Scheduled,
    /// By links, dates and calendars alone it cannot be earlier.
    Earliest,
}

/// What a deliverable lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No task makes it.
    Task,
    /// Nothing tests it.
    Test,
    /// Nobody says when it counts as done.
    Acceptance,
    /// All its tasks are done, and nothing shows that it was accepted.
    Evidence,
    /// What shows that it was accepted no longer holds on the status date.
    ValidEvidence,
}

impl State {
    fn of(plan: &Plan, tasks: impl Iterator<Item = TaskId>) -> State {
        let (mut all, mut started, mut finished) = (0, 0, 0);
        for task in tasks {
            let row = &plan.tasks()[task];
            all += 1;
            started += usize::from(row.progress.is_some());
            finished += usize::from(row.is_finished());
        }
        match (all, started, finished) {
            (0, ..) => State::Nothing,
            (_, 0, _) => State::NotStarted,
            (all, _, finished) if finished == all => State::Done,
            _ => State::UnderWay,
        }
    }

    /// In words; empty where there is nothing.
    pub fn word(self) -> &'static str {
        match self {
            State::Nothing => "",
            State::NotStarted => "not started",
            State::UnderWay => "under way",
            State::Done => "done",
        }
    }
}

impl Known {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Known::Actual => "actual",
            Known::Scheduled => "schedule",
            Known::Earliest => "earliest",
        }
    }
}

impl Missing {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Missing::Task => "no task",
            Missing::Test => "no test",
            Missing::Acceptance => "no acceptance criterion",
            Missing::Evidence => "no evidence",
            Missing::ValidEvidence => "evidence out of date",
        }
    }
}

impl Trace {
    /// Whether it is there when it is due; `None` if nothing is due, or no finish is known. A finish that is the earliest by
    /// logic can only tell that it is late.
    pub fn is_kept(&self, plan: &Plan) -> Option<bool> {
        let due = plan.deliverables()[self.deliverable].due?;
        let (finish, known) = self.finish?;
        match finish <= due {
            true if known == Known::Earliest => None,
            kept => Some(kept),
        }
    }
}

/// Traces all deliverables, in the order of their table.
///
/// # Arguments
/// `finish` tells when a task that is no summary is finished, and `known` by what it does; actual finishes come before it.
///
/// # Complexity
/// Linear in tasks and gates, times the depth of summaries.
pub fn trace(plan: &Plan, finish: &dyn Fn(TaskId) -> Moment, known: Known) -> Vec<Trace> {
    if plan.deliverables().is_empty() {
        return Vec::new();
    }
    let mut tasks: IdVec<DeliverableId, Vec<TaskId>> = vec![Vec::new(); plan.deliverables().len()].into();
    let by_id: rustc_hash::FxHashMap<&str, DeliverableId> =
        plan.deliverables().iter_enumerated().map(|(id, row)| (&*row.id, id)).collect();
    let makes = |task: TaskId| by_id.get(plan.label(plan.deliverable_of(task)?)).copied();
    for task in plan.tasks().ids().filter(|&task| plan.tasks()[task].kind != TaskKind::Summary) {
        if let Some(deliverable) = makes(task) {
            tasks[deliverable].push(task);
        }
    }
    let mut gates: IdVec<DeliverableId, Vec<GateId>> = vec![Vec::new(); plan.deliverables().len()].into();
    for (gate, row) in plan.gates().iter_enumerated() {
        for deliverable in std::iter::once(row.after).chain(row.before.iter().copied()).filter_map(makes) {
            if gates[deliverable].last() != Some(&gate) {
                gates[deliverable].push(gate);
            }
        }
    }
    let traced = |(id, row): (DeliverableId, &Deliverable)| {
        let (tasks, gates) = (std::mem::take(&mut tasks[id]), std::mem::take(&mut gates[id]));
        Trace::of(plan, (id, row), tasks, gates, (finish, known))
    };
    plan.deliverables().iter_enumerated().map(traced).collect()
}

/// As [`trace`], with the finishes of actual work or the earliest ones by logic.
pub(super) fn by_logic(plan: &Plan, dates: &IdVec<TaskId, TaskDates>) -> Vec<Trace> {
    trace(plan, &|task| dates[task].early_finish, Known::Earliest)
}

impl Trace {
    fn of(
        plan: &Plan,
        (deliverable, row): (DeliverableId, &Deliverable),
        tasks: Vec<TaskId>,
        gates: Vec<GateId>,
        (finish, known): (&dyn Fn(TaskId) -> Moment, Known),
    ) -> Trace {
        let is_test = |task: &TaskId| {
            let category = plan.tasks()[*task].category;
            category.is_some_and(|category| plan.label(category).to_lowercase().contains("test"))
        };
        let tests: Vec<TaskId> = tasks.iter().copied().filter(is_test).collect();
        let after = gates.iter().map(|&gate| plan.gates()[gate].after);
        let states =
            [State::of(plan, tasks.iter().copied()), State::of(plan, tests.iter().copied()), State::of(plan, after)];
        let done = tasks.iter().filter(|&&task| plan.tasks()[task].is_finished()).count();
        let finish_of = |&task: &TaskId| {
            let actual = plan.tasks()[task].progress.and_then(|progress| progress.finish);
            actual.unwrap_or_else(|| finish(task))
        };
        let known = if done == tasks.len() { Known::Actual } else { known };
        let finish = tasks.iter().map(finish_of).max().map(|finish| (finish, known));
        let expired = row.evidence_until.zip(plan.project().status_date).is_some_and(|(until, now)| until < now);
        let missing = [
            (tasks.is_empty(), Missing::Task),
            (tests.is_empty(), Missing::Test),
            (row.acceptance.is_empty(), Missing::Acceptance),
            (states[0] == State::Done && row.evidence.is_empty(), Missing::Evidence),
            (!row.evidence.is_empty() && expired, Missing::ValidEvidence),
        ];
        let missing = missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| what).collect();
        Trace { deliverable, tasks, tests, gates, states, done, finish, missing }
    }
}
