//! Points of a front, and what changes from one to the next.

use super::choice::Choice;
use super::crash::Crashed;
use crate::index::IdVec;
use crate::network::{Network, Origin, Slot};
use crate::plan::{ModeId, Plan, TaskId};
use crate::schedule::{Schedule, TaskDates, working_time};
use crate::units::{Minutes, Moment, Money};

/// What is proven of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// No plan that finishes as early costs less.
    Optimal,
    /// No plan that finishes as early costs less, but one that costs as little may finish earlier.
    Cheapest,
    /// There is such a plan; a better one may exist.
    Feasible,
    /// No plan is better, but there may be none as good: something of the plan is left out.
    Bound,
}

impl Proof {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Proof::Optimal => "optimal",
            Proof::Cheapest => "cheapest by then",
            Proof::Feasible => "feasible",
            Proof::Bound => "bound",
        }
    }
}

/// How a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// In which mode; `None` if between modes.
    pub mode: Option<ModeId>,
    /// Work.
    pub duration: Minutes,
}

/// A plan that none is better than in both finish and cost.
#[derive(Clone, Debug)]
pub struct Point {
    /// When it finishes.
    pub finish: Moment,
    /// What its tasks cost.
    pub direct: Money,
    /// What the project costs: tasks, overhead and penalty less bonus.
    pub total: Money,
    /// What is proven of it.
    pub proof: Proof,
    /// No plan that finishes as early costs less than this, as far as known.
    pub least: Option<Money>,
    /// The finish with a confidence of 80 %, if that was asked for.
    pub late: Option<Moment>,
    /// How each task is done; `None` for summaries.
    pub ways: IdVec<TaskId, Option<Way>>,
    /// The schedule, approved by the validator; none of a continuous front.
    pub schedule: Option<Schedule>,
    /// Dates and floats in that schedule.
    pub dates: IdVec<TaskId, TaskDates>,
}

impl Point {
    /// That of continuous crashing.
    pub(super) fn crashed(plan: &Plan, network: &Network, crashed: &Crashed, is_exact: bool) -> Point {
        let direct = Money(crashed.cost.round() as i64);
        let way = |node: usize| {
            let slots = crashed.durations[node];
            let modes = network.modes.row(node).iter().filter(|mode| mode.duration == slots);
            Way { mode: modes.map(|mode| mode.mode).next().flatten(), duration: minutes(network, slots) }
        };
        Point {
            finish: network.axis.finish_moment(crashed.finish),
            direct,
            total: direct + Money(network.cost_of_finish(crashed.finish)),
            proof: if is_exact { Proof::Optimal } else { Proof::Bound },
            least: Some(direct),
            late: None,
            ways: ways(plan, network, way),
            schedule: None,
            dates: IdVec::new(),
        }
    }

    /// That of a choice of modes with its schedule.
    pub(super) fn chosen(
        plan: &Plan,
        network: &Network,
        choice: &Choice,
        (proof, least): (Proof, Option<i64>),
        (schedule, dates): (Schedule, IdVec<TaskId, TaskDates>),
    ) -> Point {
        let way = |node: usize| {
            let mode = network.mode(choice.modes[node]);
            Way { mode: mode.mode, duration: minutes(network, mode.duration) }
        };
        let direct = Money(choice.cost);
        Point {
            // Nothing ends before the pause that the project starts after.
            finish: network.axis.finish_moment(choice.finish).max(plan.project().start),
            direct,
            total: direct + Money(network.cost_of_finish(choice.finish)),
            proof,
            least: least.map(Money),
            late: None,
            ways: ways(plan, network, way),
            schedule: Some(schedule),
            dates,
        }
    }
}

fn minutes(network: &Network, slots: Slot) -> Minutes {
    Minutes(i64::from(slots) * network.axis.slot_minutes.0)
}

fn ways(plan: &Plan, network: &Network, way: impl Fn(usize) -> Way) -> IdVec<TaskId, Option<Way>> {
    let mut ways = IdVec::filled(None, plan.tasks().len());
    for (node, origin) in network.origin.iter().enumerate() {
        if let Origin::Task(task) = *origin {
            ways[task] = Some(way(node));
        }
    }
    ways
}

/// A task that is done in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The task.
    pub task: TaskId,
    /// How it was done.
    pub from: Way,
    /// How it is done.
    pub to: Way,
}

/// From a point to the next, which finishes earlier.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The tasks that are done in another way.
    pub changes: Vec<Change>,
    /// Working time of the project calendar that is gained.
    pub gained: Minutes,
    /// What the tasks cost more.
    pub extra: Money,
    /// What each day (period, in a plan of periods) that is gained costs, in minor units of money.
    pub price_of_day: f64,
}

/// Plans of which none is both earlier and cheaper.
#[derive(Clone, Debug)]
pub struct Front {
    /// The latest and cheapest first.
    pub points: Vec<Point>,
    /// What of the plan is left out.
    pub left_out: Vec<&'static str>,
    /// Of a continuous front: how many corners the whole of it has. Between two corners every day costs the same.
    pub corners: Option<usize>,
    /// True if a part of the front was not looked at.
    pub is_stopped: bool,
}

impl Front {
    /// The number of the point whose project costs least, and of equally cheap ones that which finishes first; none without
    /// points.
    pub fn cheapest(&self) -> Option<usize> {
        (0..self.points.len()).min_by_key(|&at| (self.points[at].total, self.points[at].finish))
    }

    /// The number of the point that finishes last, but by a moment; none if all are later.
    pub fn by(&self, moment: Moment) -> Option<usize> {
        self.points.iter().position(|point| point.finish <= moment)
    }

    /// What changes from the point before to point `at`; none for the first.
    pub fn step(&self, plan: &Plan, at: usize) -> Option<Step> {
        let (before, point) = (self.points.get(at.checked_sub(1)?)?, self.points.get(at)?);
        let change = |task: TaskId| -> Option<Change> {
            let (from, to) = (before.ways[task]?, point.ways[task]?);
            (from != to).then_some(Change { task, from, to })
        };
        let gained = working_time(plan, point.finish, before.finish);
        let extra = point.direct - before.direct;
        let day = match plan.project().time_unit {
            crate::plan::TimeUnit::Period => plan.minutes_per_unit(),
            _ => plan.project().minutes_per_day,
        };
        Some(Step {
            changes: plan.tasks().ids().filter_map(change).collect(),
            gained,
            extra,
            price_of_day: extra.0 as f64 * day.0 as f64 / gained.0.max(1) as f64,
        })
    }
}
