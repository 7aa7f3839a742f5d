//! Finished tasks: what was estimated, and what came.

use super::History;
use crate::plan::{
    ActivityType, DemandSource, Distribution, Duration, Plan, ResourceKind, Task, TaskId, TaskKind, TimeUnit,
};
use crate::risk::quantile;
use crate::units::{MINUTES_PER_DAY, Minutes};

/// A finished task.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The history it is of.
    pub plan: String,
    /// Its id.
    pub task: String,
    /// Its name; empty if it has none.
    pub name: String,
    /// Its category, if it has one.
    pub category: Option<String>,
    /// The people and machines that it names.
    pub people: Vec<String>,
    /// How long it was to take, in days: of work, or by the clock if the duration is elapsed; above zero. In a plan of
    /// periods these take the place of days.
    pub planned: f64,
    /// How long it took, in the same days; above zero.
    pub actual: f64,
    /// The 10th and the 90th percentile of its own estimate, in days; none if it had no range.
    pub range: Option<(f64, f64)>,
}

impl Observation {
    /// The actual duration as a multiple of the planned one.
    pub fn ratio(&self) -> f64 {
        self.actual / self.planned
    }

    /// True if the actual lies within the stated 10th to 90th percentile; none if no range was stated.
    pub fn is_within(&self) -> Option<bool> {
        self.range.map(|(low, high)| low * (1.0 - CLOSE) <= self.actual && self.actual <= high * (1.0 + CLOSE))
    }
}

/// What differs by less than this share is the same: quantiles are found by iteration.
const CLOSE: f64 = 1e-9;

/// The finished tasks of a history that had a duration above zero; the first mode is the one that was planned. The actual
/// duration is the working time on the task's own calendar from its actual start to its actual finish, and by the clock if the
/// duration is elapsed.
///
/// # Returns
/// The observations, and how many finished tasks are none because no working time lies between their dates.
pub fn observations(history: &History<'_>, ends_are_deciles: bool) -> (Vec<Observation>, usize) {
    let plan = history.plan;
    let mut seen = Vec::new();
    let mut without_work = 0;
    for (id, task) in plan.tasks().iter_enumerated() {
        let Some((planned, actual)) = durations(plan, id, task) else { continue };
        if actual <= Minutes::ZERO {
            without_work += 1;
            continue;
        }
        let per_day = minutes_per_day(plan, id);
        let range = task.distribution.as_deref().map(|estimate| stated(estimate, ends_are_deciles));
        seen.push(Observation {
            plan: history.name.to_owned(),
            task: task.id.to_string(),
            name: task.name.to_string(),
            category: task.category.map(|category| plan.label(category).to_owned()),
            people: people(plan, id),
            planned: planned.0 as f64 / per_day,
            actual: actual.0 as f64 / per_day,
            range: range.map(|(low, high)| (low / per_day, high / per_day)),
        });
    }
    (seen, without_work)
}

/// Planned and actual duration of a finished task, if it is one that takes time.
fn durations(plan: &Plan, id: TaskId, task: &Task) -> Option<(Minutes, Minutes)> {
    let progress = task.progress?;
    let finish = progress.finish?;
    let mode = plan.modes_of(id).first()?;
    let is_work = task.kind == TaskKind::Activity && task.activity != ActivityType::LevelOfEffort;
    let actual = match mode.duration {
        Duration::Working(_) => {
            let calendar = task.calendar.unwrap_or(plan.project().calendar);
            plan.calendars()[calendar].work_between(progress.start, finish)
        }
        Duration::Elapsed(_) => finish - progress.start,
    };
    (is_work && mode.duration.minutes() > Minutes::ZERO).then_some((mode.duration.minutes(), actual))
}

/// The minutes that durations of a task are divided by to be days, or periods.
pub(super) fn minutes_per_day(plan: &Plan, task: TaskId) -> f64 {
    let mode = plan.modes_of(task).first();
    match mode.map(|mode| mode.duration) {
        _ if plan.project().time_unit == TimeUnit::Period => 1.0,
        Some(Duration::Elapsed(_)) => MINUTES_PER_DAY as f64,
        _ => plan.project().minutes_per_day.0 as f64,
    }
}

/// The 10th and the 90th percentile that an estimate states.
fn stated(estimate: &Distribution, ends_are_deciles: bool) -> (f64, f64) {
    match estimate {
        Distribution::Pert(points) | Distribution::Triangular(points) if ends_are_deciles => {
            (points.optimistic, points.pessimistic)
        }
        other => (quantile(other, 0.1), quantile(other, 0.9)),
    }
}

fn people(plan: &Plan, task: TaskId) -> Vec<String> {
    let demands = plan.modes_of(task).first().map_or(&[][..], |mode| plan.demands_of(mode));
    let named = demands.iter().filter_map(|demand| match demand.source {
        DemandSource::Resource(resource) => Some(&plan.resources()[resource]),
        DemandSource::Skill(_) => None,
    });
    named.filter(|resource| resource.kind == ResourceKind::Work).map(|resource| resource.id.to_string()).collect()
}
