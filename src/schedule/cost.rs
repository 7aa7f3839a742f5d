//! What a schedule costs: every task, the project as a whole, and how the cost accrues over time.
//!
//! The rules are those of [`Budget`](crate::plan::Budget): spread costs accrue evenly over a task's working time, costs
//! per use are due at its start. Sums are taken in 128 bits and cut to the range of [`Money`] at the end.

use rayon::prelude::*;

use super::Schedule;
use super::working_time::WorkingTimes;
use crate::index::{Id, IdVec};
use crate::plan::{Mode, Plan, ResourceKind, TaskId, TaskKind};
use crate::units::{Minutes, Moment, Money};

/// The cost of a task by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskCost {
    /// People and machines: their rates for the duration of the mode.
    pub labour: Money,
    /// Materials.
    pub materials: Money,
    /// Costs per use of resources, due at the start.
    pub per_use: Money,
    /// The task's fixed cost.
    pub fixed: Money,
    /// The cost of the mode.
    pub mode: Money,
}

impl TaskCost {
    /// All of it.
    pub fn total(&self) -> Money {
        self.spread() + self.per_use
    }

    /// The part that accrues evenly over the task's working time.
    pub fn spread(&self) -> Money {
        self.labour + self.materials + self.fixed + self.mode
    }

    fn add(&mut self, other: &TaskCost) {
        self.labour += other.labour;
        self.materials += other.materials;
        self.per_use += other.per_use;
        self.fixed += other.fixed;
        self.mode += other.mode;
    }
}

/// The cost of the project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ProjectCost {
    /// All tasks.
    pub tasks: Money,
    /// Overhead from project start to finish.
    pub overhead: Money,
    /// Penalty for finishing after the project's deadline; counts under no budget.
    pub delay_penalty: Money,
    /// Gain from finishing before the project's deadline; counts under no budget.
    pub early_bonus: Money,
}

impl ProjectCost {
    /// What is paid in the end: tasks, overhead and penalty, less the bonus.
    pub fn total(&self) -> Money {
        self.tasks + self.overhead + self.delay_penalty - self.early_bonus
    }
}

/// The cost of every task; a summary costs what is below it.
///
/// # Complexity
/// Linear in tasks and assignments; runs on the current rayon pool.
pub fn task_costs(plan: &Plan, schedule: &Schedule) -> IdVec<TaskId, TaskCost> {
    let count = plan.tasks().len().min(schedule.placements.len()).min(schedule.assignments.len());
    let mut costs: Vec<TaskCost> =
        (0..count).into_par_iter().map(|task| task_cost(plan, schedule, TaskId::new(task))).collect();
    costs.resize(plan.tasks().len(), TaskCost::default());
    let mut costs = IdVec::from(costs);
    for task in children_before_parents(plan) {
        if let Some(parent) = plan.tasks()[task].parent {
            let cost = costs[task];
            costs[parent].add(&cost);
        }
    }
    costs
}

/// What every task should cost as a whole, what is done of it included: its budget at completion. A summary has those below it.
///
/// # Complexity
/// As [`task_costs`].
pub fn task_budgets(plan: &Plan, schedule: &Schedule) -> IdVec<TaskId, Money> {
    let costs = (0..plan.tasks().len()).into_par_iter().map(|task| {
        let task = TaskId::new(task);
        let is_placed = task.index() < schedule.placements.len().min(schedule.assignments.len());
        let planned = || if is_placed { task_cost(plan, schedule, task).total() } else { Money::ZERO };
        plan.budget_of_begun(task).unwrap_or_else(planned)
    });
    let mut budgets = IdVec::from(costs.collect::<Vec<Money>>());
    for task in children_before_parents(plan) {
        if let Some(parent) = plan.tasks()[task].parent {
            let budget = budgets[task];
            budgets[parent] += budget;
        }
    }
    budgets
}

/// The cost of one task in its mode with its resources; nothing for a summary.
pub(crate) fn task_cost(plan: &Plan, schedule: &Schedule, task: TaskId) -> TaskCost {
    let mut cost = TaskCost::default();
    let Some(mode) = chosen_mode(plan, schedule, task) else { return cost };
    cost.fixed = plan.tasks()[task].fixed_cost;
    cost.mode = mode.cost;
    for assignment in schedule.assignments.row(task.index()) {
        let Some(resource) = plan.resources().get(assignment.resource) else { continue };
        let (spread, per_use) = assignment_cost(plan, task, assignment, mode);
        cost.per_use += per_use;
        match resource.kind {
            ResourceKind::Work => cost.labour += spread,
            ResourceKind::Material => cost.materials += spread,
        }
    }
    cost
}

/// The mode of a task in a schedule, if it has a valid one.
pub(crate) fn chosen_mode<'p>(plan: &'p Plan, schedule: &Schedule, task: TaskId) -> Option<&'p Mode> {
    let mode = schedule.placements[task].mode.filter(|mode| plan.tasks()[task].modes.contains(mode))?;
    plan.modes().get(mode)
}

/// What a resource costs for its part in a task: the rate for the duration of the mode (rounded half up), which is spread
/// over the work, and the cost of its units' use, which is due at the start; of a task under way what is left of that.
///
/// The resource must be one of the plan.
pub(crate) fn assignment_cost(
    plan: &Plan,
    task: TaskId,
    assignment: &super::Assignment,
    mode: &Mode,
) -> (Money, Money) {
    let resource = &plan.resources()[assignment.resource];
    let (Money(spread), Money(per_use)) = resource.cost_of(assignment.amount, mode.duration.minutes());
    let (spread, per_use) = plan.use_left(task, resource.kind, (spread.into(), per_use.into()));
    (to_money(spread), to_money(per_use))
}

/// The cost of the project in this schedule.
///
/// Overhead, penalty and bonus are those of the working time of the project calendar between the moments concerned,
/// in days of `minutes_per_day`, rounded down to the minor unit.
pub fn project_cost(plan: &Plan, schedule: &Schedule) -> ProjectCost {
    let count = plan.tasks().len().min(schedule.placements.len()).min(schedule.assignments.len());
    let tasks: i128 = (0..count)
        .into_par_iter()
        .map(|task| {
            let cost = task_cost(plan, schedule, TaskId::new(task));
            i128::from(cost.spread().0) + i128::from(cost.per_use.0)
        })
        .sum();
    let project = plan.project();
    let mut cost = ProjectCost { tasks: to_money(tasks), ..ProjectCost::default() };
    let Some(finish) = schedule.finish() else { return cost };
    cost.overhead = price(plan, project.overhead_per_day, project.start, finish);
    (cost.delay_penalty, cost.early_bonus) = penalty_and_bonus(plan, finish);
    cost
}

/// What a finish of the project costs after its deadline, and what it brings before it.
pub fn penalty_and_bonus(plan: &Plan, finish: Moment) -> (Money, Money) {
    let project = plan.project();
    let Some(deadline) = project.deadline else { return (Money::ZERO, Money::ZERO) };
    let penalty = price(plan, project.delay_penalty_per_day, deadline, finish);
    (penalty, price(plan, project.early_bonus_per_day, finish, deadline))
}

/// What a daily rate comes to from one moment to another.
fn price(plan: &Plan, per_day: Money, from: Moment, to: Moment) -> Money {
    match per_day {
        Money::ZERO => Money::ZERO,
        per_day => to_money(accrued(per_day, working_time(plan, from, to), plan.project().minutes_per_day)),
    }
}

/// Working time of the project calendar from project start to the last finish; none if the plan has no tasks.
pub fn makespan(plan: &Plan, schedule: &Schedule) -> Minutes {
    schedule.finish().map_or(Minutes::ZERO, |finish| working_time(plan, plan.project().start, finish))
}

/// Working time of the project calendar from one moment to another; none if the second is not later.
///
/// # Complexity
/// Linear in the days between the moments, except on a calendar that always works.
pub fn working_time(plan: &Plan, from: Moment, to: Moment) -> Minutes {
    let calendar = &plan.calendars()[plan.project().calendar];
    let (from, to) = (from.max(Moment::MIN), to.min(Moment::MAX));
    let all_day = |shifts: &Vec<crate::plan::calendar::Shift>| matches!(shifts.as_slice(), [shift] if shift.start_minute == 0 && shift.finish_minute == 24 * 60);
    if from >= to || (calendar.exceptions.is_empty() && calendar.week.iter().all(all_day)) {
        return Minutes((to - from).0.max(0));
    }
    Minutes(calendar.stretches(from, to).iter().map(|(start, finish)| (*finish - *start).0).sum())
}

/// By how much a moment is later than another, in working time of the project calendar; negative if it is earlier.
pub fn later(plan: &Plan, from: Moment, to: Moment) -> Minutes {
    if to >= from { working_time(plan, from, to) } else { -working_time(plan, to, from) }
}

/// How the cost of a task accrues: `floor(spread * w / d)` after `w` of `d` working minutes, and `at_start` at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accrual {
    pub(crate) task: TaskId,
    pub(crate) start: Moment,
    pub(crate) finish: Moment,
    pub(crate) spread: Money,
    pub(crate) at_start: Money,
}

impl Accrual {
    /// What has been spent before `moment`; what is due at a moment is spent after it.
    pub(crate) fn before(&self, times: &WorkingTimes<'_>, moment: Moment) -> i128 {
        let (spread, at_start) = (i128::from(self.spread.0), i128::from(self.at_start.0));
        if moment <= self.start {
            0
        } else if moment >= self.finish {
            spread + at_start
        } else {
            let time = times.of_task(self.task);
            let done = time.work_between(self.start, moment);
            accrued(self.spread, done, time.work_between(self.start, self.finish)) + at_start
        }
    }

    /// What is spent from one moment to another.
    pub(crate) fn within(&self, times: &WorkingTimes<'_>, from: Moment, to: Moment) -> i128 {
        self.before(times, to) - self.before(times, from)
    }
}

/// `floor(amount * part / whole)`; all of it if there is no whole.
pub(crate) fn accrued(amount: Money, part: Minutes, whole: Minutes) -> i128 {
    if whole.0 <= 0 {
        return i128::from(amount.0);
    }
    (i128::from(amount.0) * i128::from(part.0)).div_euclid(i128::from(whole.0))
}

/// The amount, cut to the range of [`Money`]'s integer.
pub(crate) fn to_money(amount: i128) -> Money {
    Money(amount.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
}

/// All tasks that have a parent or are one, such that each comes before its parent.
pub(crate) fn children_before_parents(plan: &Plan) -> Vec<TaskId> {
    let tasks = plan.tasks();
    if tasks.iter().all(|task| task.kind != TaskKind::Summary) {
        return Vec::new();
    }
    if tasks.iter_enumerated().all(|(task, row)| row.parent.is_none_or(|parent| parent < task)) {
        return tasks.ids().rev().collect();
    }
    let mut children_left = vec![0u32; tasks.len()];
    for parent in tasks.iter().filter_map(|task| task.parent) {
        children_left[parent.index()] += 1;
    }
    let mut order: Vec<TaskId> = tasks.ids().filter(|task| children_left[task.index()] == 0).collect();
    let mut at = 0;
    while let Some(&task) = order.get(at) {
        at += 1;
        if let Some(parent) = tasks[task].parent {
            children_left[parent.index()] -= 1;
            if children_left[parent.index()] == 0 {
                order.push(parent);
            }
        }
    }
    order
}
