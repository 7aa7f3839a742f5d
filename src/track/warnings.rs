//! Early warnings: what breaks first, and until when something can be done about it.

use super::Forecast;
use super::chain::chain_to;
use super::spending::{Rest, Spending};
use crate::index::Id;
use crate::plan::{BudgetId, DeliverableId, Plan, TaskId};
use crate::schedule::later;
use crate::units::{Minutes, Moment, Money};

/// Something that is going to break, or may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What.
    pub what: Threatened,
    /// When it breaks: the date to be kept, or when the money runs out.
    pub breaks: Moment,
    /// By how much it is missed.
    pub overrun: Overrun,
    /// True if it is broken by the forecast itself, and not only with bad luck (at the 80th percentile).
    pub is_forecast: bool,
    /// Until when something can be done about it: when the last tasks begin that are together twice as long, or as dear, as
    /// the overrun. Later even halving them does not help. Of a budget it is no later than the last of its tasks begins before
    /// the money runs out: from then on all that uses it up is under way. `None` if it is too late.
    pub act_by: Option<Moment>,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threatened {
    /// The deadline of the project.
    Project,
    /// The deadline of a task.
    Task(TaskId),
    /// The date at which a deliverable is due.
    Deliverable(DeliverableId),
    /// A budget.
    Budget(BudgetId),
}

/// By how much something is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overrun {
    /// In working time of the project calendar.
    Time(Minutes),
    /// In money.
    Money(Money),
    /// It is never reached: so many samples do not finish.
    Never,
}

/// Warnings about deadlines and budgets, those that break first at the beginning.
pub(super) fn warnings(forecast: &Forecast<'_>, spending: &[Spending], rest: &Rest<'_>) -> Vec<Warning> {
    let whole = forecast.whole;
    let mut warnings: Vec<Warning> = Vec::new();
    let last = |tasks: &mut dyn Iterator<Item = TaskId>| {
        tasks.filter(|&task| !whole.tasks()[task].is_finished()).max_by_key(|&task| (forecast.spans[task].1, task))
    };
    let all = |plan: &Plan| plan.tasks().ids().filter(|&task| !plan.tasks()[task].modes.is_empty()).collect::<Vec<_>>();
    if let (Some(deadline), Some(task)) = (whole.project().deadline, last(&mut all(whole).into_iter())) {
        let late = forecast.simulated.as_ref().map(|simulated| simulated.finish.late);
        warnings.extend(of_date(forecast, Threatened::Project, task, deadline, late));
    }
    for (task, data) in whole.tasks().iter_enumerated() {
        let Some(deadline) = data.deadline.filter(|_| !data.is_finished()) else { continue };
        let late = forecast.simulated.as_ref().and_then(|simulated| simulated.late_finish(task));
        let ends = chain_end(forecast, task);
        warnings.extend(of_date(forecast, Threatened::Task(task), ends, deadline, late));
    }
    for (id, deliverable) in whole.deliverables().iter_enumerated() {
        let makes =
            |task: &TaskId| whole.deliverable_of(*task).is_some_and(|label| *whole.label(label) == *deliverable.id);
        if let (Some(due), Some(task)) = (deliverable.due, last(&mut all(whole).into_iter().filter(makes))) {
            warnings.extend(of_date(forecast, Threatened::Deliverable(id), task, due, None));
        }
    }
    for budget in spending {
        let overrun = budget.at_completion() - budget.cap;
        let (is_forecast, breaks) = match (overrun > Money::ZERO, budget.breaks) {
            (_, Some(breaks)) => (overrun > Money::ZERO, breaks),
            (true, None) => (true, forecast.finish),
            (false, None) => continue,
        };
        let data = &whole.budgets()[budget.budget];
        let act_by = last_chance_of_money(forecast, rest, |task| whole.counts_under(data, task), (overrun, breaks));
        let overrun = Overrun::Money(overrun.max(Money::ZERO));
        warnings.push(Warning { what: Threatened::Budget(budget.budget), breaks, overrun, is_forecast, act_by });
    }
    warnings.sort_by_key(|warning| (warning.breaks, !warning.is_forecast, rank(warning.what)));
    warnings
}

fn rank(what: Threatened) -> (u8, usize) {
    match what {
        Threatened::Project => (0, 0),
        Threatened::Deliverable(id) => (1, id.index()),
        Threatened::Task(id) => (2, id.index()),
        Threatened::Budget(id) => (3, id.index()),
    }
}

/// The task that ends last of those below a summary; a task itself.
fn chain_end(forecast: &Forecast<'_>, task: TaskId) -> TaskId {
    let below = |&other: &TaskId| {
        std::iter::successors(Some(other), |&at| forecast.whole.tasks()[at].parent).any(|above| above == task)
    };
    let is_work = |&other: &TaskId| forecast.schedule.placements[other].mode.is_some();
    match forecast.schedule.placements[task].mode {
        Some(_) => task,
        None => {
            let within = forecast.whole.tasks().ids().filter(below).filter(is_work);
            within.max_by_key(|&other| (forecast.spans[other].1, other)).unwrap_or(task)
        }
    }
}

fn of_date(
    forecast: &Forecast<'_>,
    what: Threatened,
    ends: TaskId,
    due: Moment,
    late: Option<Moment>,
) -> Option<Warning> {
    let finish = match what {
        Threatened::Project => forecast.finish,
        _ => forecast.spans[ends].1,
    };
    let is_forecast = finish > due;
    let missed = if is_forecast { finish } else { late.filter(|&late| late > due)? };
    if missed == Moment::NEVER {
        return Some(Warning { what, breaks: due, overrun: Overrun::Never, is_forecast, act_by: None });
    }
    let overrun = later(forecast.whole, due, missed);
    let mut left = Minutes(overrun.0.saturating_mul(2));
    let mut act_by = None;
    for task in chain_to(forecast.left, forecast.dates, ends) {
        let placement = &forecast.schedule.placements[task];
        left = left - later(forecast.whole, placement.start, placement.finish).max(Minutes::ZERO);
        if left <= Minutes::ZERO {
            act_by = Some(placement.start);
            break;
        }
    }
    Some(Warning { what, breaks: due, overrun: Overrun::Time(overrun), is_forecast, act_by })
}

/// When the last tasks begin that still cost twice an overrun, and before the money runs out.
fn last_chance_of_money(
    forecast: &Forecast<'_>,
    rest: &Rest<'_>,
    counts: impl Fn(TaskId) -> bool,
    (overrun, breaks): (Money, Moment),
) -> Option<Moment> {
    let waits = |task: &TaskId| {
        let is_open = forecast.whole.tasks()[*task].progress.is_none();
        is_open
            && counts(*task)
            && rest.costs[*task] > Money::ZERO
            && forecast.schedule.placements[*task].mode.is_some()
    };
    let start = |task: TaskId| forecast.schedule.placements[task].start;
    let mut waiting: Vec<TaskId> = rest.plan.tasks().ids().filter(waits).collect();
    waiting.sort_by_key(|&task| std::cmp::Reverse((start(task), task)));
    let mut left = overrun.max(Money::ZERO).0.saturating_mul(2);
    for task in waiting {
        left -= rest.costs[task].0;
        if left <= 0 && start(task) < breaks {
            return Some(start(task));
        }
    }
    None
}
