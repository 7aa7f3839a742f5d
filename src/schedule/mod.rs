//! A schedule and what is known about it.
//!
//! Engines produce a [`Schedule`] in civil time; [`verify`] judges it from the plan alone.

mod cost;
mod cost_periods;
mod diagram;
mod gantt;
mod notices;
mod people;
mod period;
mod place;
mod profile;
mod projects;
pub mod prose;
mod shortage;
mod timeline;
mod usage;
mod value;
mod verify;
pub(crate) mod words;
mod working_time;

#[cfg(test)]
pub(crate) mod testing;

pub(crate) use cost::{Accrual, assignment_cost, children_before_parents, to_money};
pub(crate) use period::Buckets;
pub(crate) use working_time::WorkingTimes;

pub use cost::{
    ProjectCost, TaskCost, later, makespan, penalty_and_bonus, project_cost, task_budgets, task_costs, working_time,
};
pub use cost_periods::{CostAccount, PeriodCost, costs_by_period};
pub use diagram::network_picture;
pub use gantt::{Gantt, GanttRow, Shown, gantt, waiting_for_gate};
pub use notices::{Notice, Spans, Subject, notices};
pub use people::{HandOff, WeekOfWork, hand_offs, only_one_can, work_by_week};
pub use period::Period;
pub use place::place;
pub use projects::{ProjectFigures, projects};
pub use shortage::short_before;
pub use usage::{Usage, most_in_use, usage_by_period, workload};
pub use value::{Measure, Objective, gap, has_value, leading_goal, measure, net_present_value, tardiness, values};
pub use verify::{
    Breach, Held, Hold, Holds, Resting, breaches, broken_budgets, left_of, missing_for_rules, spent_by_budget, verify,
    verify_dates,
};

use crate::effort::Stop;
use crate::index::{IdVec, Rows};
use crate::network::roll_up;
use crate::plan::{ActivityType, LinkId, ModeId, Plan, ResourceId, TaskId, TaskKind};
use crate::units::{Amount, Minutes, Moment};

/// When and how a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// First moment; of a summary the earliest start below it.
    pub start: Moment,
    /// Moment after the last; of a summary the latest finish below it.
    pub finish: Moment,
    /// The mode chosen; `None` for a summary.
    pub mode: Option<ModeId>,
}

/// Units of a work resource that a task occupies while it works, or quantity of a material that it uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Who or what.
    pub resource: ResourceId,
    /// How much.
    pub amount: Amount,
}

/// When and how every task of a plan is done, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// A placement for every task of the plan.
    pub placements: IdVec<TaskId, Placement>,
    /// Who works on each task (row `task.index()`), skills resolved to resources, each resource at most once.
    pub assignments: Rows<Assignment>,
}

impl Schedule {
    /// When each task starts and finishes, as users are shown it: what has been done of a plan of what remains
    /// ([`Plan::remaining`]) counts from its actual dates, and a level of effort lasts as its dates say.
    ///
    /// # Arguments
    /// `dates` has an entry for each task, or none at all.
    pub fn spans(&self, plan: &Plan, dates: &IdVec<TaskId, TaskDates>) -> IdVec<TaskId, (Moment, Moment)> {
        let spans: Vec<(Moment, Moment)> = self.placements.ids().map(|task| self.span(plan, dates, task)).collect();
        let mut spans = IdVec::from(spans);
        if plan.has_progress() && spans.len() == plan.tasks().len() {
            for (task, _) in plan.tasks().iter_enumerated().filter(|(_, row)| row.kind == TaskKind::Summary) {
                spans[task] = (Moment::MAX, Moment::MIN);
            }
            roll_up(plan, &mut spans, |span, below| *span = (span.0.min(below.0), span.1.max(below.1)));
        }
        spans
    }

    fn span(&self, plan: &Plan, dates: &IdVec<TaskId, TaskDates>, task: TaskId) -> (Moment, Moment) {
        let Placement { start, finish, .. } = self.placements[task];
        let row = &plan.tasks()[task];
        let (start, finish) = match (row.activity, dates.get(task)) {
            (ActivityType::LevelOfEffort, Some(dates)) => (dates.early_start, dates.early_finish),
            _ => (start, finish),
        };
        match row.progress {
            Some(progress) => (progress.start, progress.finish.unwrap_or(finish)),
            None => (start, finish),
        }
    }

    /// The latest finish; `None` if the plan has no tasks.
    pub fn finish(&self) -> Option<Moment> {
        self.placements.iter().map(|placement| placement.finish).max()
    }
}

/// What keeps a task from starting earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Driver {
    /// The start of the project (and the next working time after it).
    ProjectStart,
    /// A link.
    Link(LinkId),
    /// A link or constraint of a summary above it.
    Summary(TaskId),
    /// Its own date constraint.
    Constraint,
    /// A resource that another task hands over.
    Resource(ResourceId, TaskId),
    /// A resource, total or budget that is short at any earlier time, without a single task that hands it over.
    Capacity,
    /// It waits on purpose (as late as possible).
    AsLateAsPossible,
}

/// The dates and floats of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskDates {
    /// Earliest start by links, calendars and constraints alone.
    pub early_start: Moment,
    /// Earliest finish by links, calendars and constraints alone.
    pub early_finish: Moment,
    /// Latest start that delays neither the project's finish nor a deadline.
    pub late_start: Moment,
    /// Latest finish that delays neither the project's finish nor a deadline.
    pub late_finish: Moment,
    /// Working time by which the task can slip until the project's finish or a deadline slips; negative if one does.
    pub total_float: Minutes,
    /// Working time by which the task can slip without moving a successor.
    pub free_float: Minutes,
    /// Total float is zero or less.
    pub critical: bool,
    /// The task lies on the chain of driving links that ends with the last finish.
    pub longest_path: bool,
    /// What keeps it from starting earlier.
    pub driver: Driver,
}

/// How good a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No better schedule exists.
    Optimal,
    /// A valid schedule; a better one may exist.
    Feasible,
    /// Proven: no schedule exists.
    Infeasible,
    /// No schedule was found within the limits, and none was proven impossible.
    Unknown,
}

impl Status {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
            Status::Infeasible => "infeasible",
            Status::Unknown => "unknown",
        }
    }
}

/// An objective and what is known about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// The objective.
    pub objective: Objective,
    /// A value that no schedule beats, if one is known.
    pub bound: Option<Measure>,
    /// True if the schedule reaches that value.
    pub is_proven: bool,
}

/// The answer to "schedule this plan".
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How good it is.
    pub status: Status,
    /// The best schedule found, approved by the validator.
    pub schedule: Option<Schedule>,
    /// Dates and floats of every task in that schedule.
    pub dates: IdVec<TaskId, TaskDates>,
    /// A moment before which the project provably cannot finish.
    pub lower_bound: Moment,
    /// What proves the bound, in words.
    pub bound_reason: String,
    /// What the schedule was optimised for, the most important first.
    pub goals: Vec<Goal>,
    /// Passes of the engine over the plan.
    pub effort_spent: u64,
    /// What ended the search early, if anything did; another run may give another schedule then.
    pub stopped: Option<Stop>,
    /// What stands in the way, if there is no schedule; otherwise what the user should know.
    pub message: String,
}

impl Outcome {
    /// The outcome of a plan, which cannot finish before `start`, that has no schedule.
    pub fn infeasible(start: Moment, message: String) -> Outcome {
        Outcome {
            status: Status::Infeasible,
            schedule: None,
            dates: IdVec::new(),
            lower_bound: start,
            bound_reason: String::new(),
            goals: Vec::new(),
            effort_spent: 0,
            stopped: None,
            message,
        }
    }

    /// The most important objective for which a gap says something, as in [`leading_goal`].
    pub fn leading_goal(&self) -> Option<&Goal> {
        leading_goal(&self.goals)
    }
}
