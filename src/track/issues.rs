//! What issues do: open ones to the finish that is simulated, resolved ones to what has come of their tasks.

use super::{Forecast, Slip};
use crate::plan::{IssueId, TaskId};
use crate::risk::{Source, Work, mean};
use crate::units::{Minutes, Moment, Money};

/// What an issue has moved or is going to move.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueEffect {
    /// The issue.
    pub issue: IssueId,
    /// The task that it hits.
    pub task: TaskId,
    /// When that finishes, by its actual dates or the forecast.
    pub finish: Moment,
    /// By how much that is later than in the baseline, in working time of the project calendar, if the baseline has it.
    pub slip: Option<Minutes>,
    /// What it costs, by its row: the mean if that is uncertain.
    pub cost: Money,
    /// What it does to the samples of what is left, if it can still do something and there are any.
    pub ahead: Option<IssueAhead>,
}

/// What an open issue does to samples.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueAhead {
    /// The 80th percentile of the project's finish with it.
    pub with: Moment,
    /// The same without it.
    pub without: Moment,
    /// By how much the mean finish is later with it, in minutes by the clock.
    pub mean_delay: f64,
    /// The tasks and gates that it moves, and by how much on average, in minutes by the clock.
    pub moved: Vec<(Work, f64)>,
}

/// What each issue does that is known at the status date, in the order of the plan.
pub(super) fn effects(forecast: &Forecast<'_>, slips: &[Slip]) -> Vec<IssueEffect> {
    let plan = forecast.whole;
    let ahead = |issue: IssueId| {
        let simulated = forecast.simulated.as_ref()?;
        let event = simulated.issues.iter().find(|event| event.source == Source::Issue(issue))?;
        let with = simulated.finish.late;
        // A cast of what never comes is the last moment of all, that is never.
        let without = Moment(event.late_without as i64);
        Some(IssueAhead { with, without, mean_delay: event.mean_delay, moved: event.moved.clone() })
    };
    let effect = |(issue, row): (IssueId, &crate::plan::Issue)| {
        let slip = slips.iter().find(|slip| slip.task == row.task);
        let cost = row.cost.as_ref().map_or(Money::ZERO, |cost| Money(mean(cost).round() as i64));
        IssueEffect {
            issue,
            task: row.task,
            finish: forecast.spans[row.task].1,
            slip: slip.map(|slip| slip.finish),
            cost,
            ahead: ahead(issue),
        }
    };
    plan.issues().iter_enumerated().map(effect).collect()
}
