//! Samples of a plan, and no more: when it and chosen tasks end and what it costs, without what drives that.

use super::assess::{Assessment, EventRisk, RiskOptions, prepared};
use super::events::Source;
use super::model::ends;
use super::simulate::{Run, Slice, simulate};
use super::unfinished::{Unplaced, cost_number, finish_moment, unplaced};
use super::without::event_risks;
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::{Network, Slot};
use crate::plan::{ActivityType, Plan, Task, TaskId, TaskKind};
use crate::schedule::Schedule;
use crate::units::Moment;

/// When something finishes: as planned, and in samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Finishes {
    /// With planned durations.
    pub planned: Moment,
    /// In the samples, in ascending order; [`Moment::NEVER`] where it does not finish.
    pub sampled: Vec<Moment>,
}

/// What samples say of the ends of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Finishes of the project.
    pub project: Finishes,
    /// Finishes of the chosen tasks, in their order; a summary finishes with the last task below it.
    pub tasks: Vec<Finishes>,
    /// By how much the cost of the project differs from the planned one, ascending, in minor units of money; infinite where
    /// it does not finish.
    pub more_cost: Vec<f64>,
    /// What finds no time in some samples, in the order of the plan.
    pub unplaced: Vec<Unplaced>,
    /// What open issues do, in the order of the plan; empty unless it is asked for.
    pub issues: Vec<EventRisk>,
}

/// Makes the samples that [`assess`](super::assess()) would, and tells nothing but ends and, if that is asked for, what open
/// issues do to them. What is finished counts with its actual dates.
///
/// # Errors
/// As [`assess`](super::assess()); wrong usage if it is stopped before the first sample.
pub fn outlook(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    tasks: &[TaskId],
    with_issues: bool,
    control: &Control,
    report: &(dyn Fn(u64) + Sync),
) -> Result<Outlook> {
    prepared(plan, schedule, options, |ready| {
        let model = &ready.model;
        let position = |node: u32| model.position[node as usize];
        let positions = |task: &TaskId| ends(plan, model.network, *task).into_iter().map(position).collect();
        let marks: Vec<Vec<u32>> = tasks.iter().map(positions).collect();
        let slice = Slice { seed: options.seed, first: options.first, count: options.samples };
        let run = simulate(model, slice, &marks, None, control, report);
        let unplaced = unplaced(model, &run);
        let is_issue = |source: &Source| with_issues && matches!(source, Source::Issue(_));
        let issues = event_risks(model, &run, &is_issue, options, control);
        let Run { samples, .. } = run;
        if samples.finish.is_empty() && options.samples > 0 {
            return Err(Error::usage("stopped before the first sample was made"));
        }
        let (planned, planned_marks) = ready.planned_finishes(&marks);
        let of_tasks = tasks.iter().zip(planned_marks).zip(samples.marks);
        let of_tasks =
            of_tasks.map(|((&task, planned), slots)| finishes(plan, model.network, Some(task), planned, slots));
        Ok(Outlook {
            tasks: of_tasks.collect(),
            project: finishes(plan, model.network, None, planned, samples.finish),
            more_cost: more_cost(&samples.cost, ready.planned_cost()),
            unplaced,
            issues,
        })
    })
}

impl Assessment {
    /// What [`outlook`] would tell of the project, the marks and open issues.
    pub fn outlook(&self, plan: &Plan) -> Outlook {
        let told = |above, planned, slots: &[Slot]| finishes(plan, &self.network, above, planned, slots.to_vec());
        let marks = self.marks.iter().zip(&self.planned_marks).zip(&self.samples.marks);
        let of_marks = marks.map(|((&task, &planned), slots)| told(Some(task), planned, slots));
        let is_issue = |event: &&EventRisk| matches!(event.source, Source::Issue(_));
        Outlook {
            project: told(None, self.planned.0, &self.samples.finish),
            tasks: of_marks.collect(),
            more_cost: more_cost(&self.samples.cost, self.planned.1),
            unplaced: self.unplaced.clone(),
            issues: self.events.iter().filter(is_issue).cloned().collect(),
        }
    }
}

/// When a task, or the project, finishes; what is finished counts with its actual dates.
fn finishes(plan: &Plan, network: &Network, above: Option<TaskId>, planned: Slot, mut slots: Vec<Slot>) -> Finishes {
    let below = |task: TaskId| {
        above.is_none() || std::iter::successors(Some(task), |&at| plan.tasks()[at].parent).any(|at| Some(at) == above)
    };
    let done = Done::of(plan, below);
    slots.sort_unstable();
    let finish = |slot: Slot| done.finish(finish_moment(network, slot));
    Finishes { planned: finish(planned), sampled: slots.into_iter().map(finish).collect() }
}

/// By how much costs differ from the planned one, ascending.
fn more_cost(costs: &[i64], planned: i64) -> Vec<f64> {
    let mut more: Vec<f64> = costs.iter().map(|&cost| cost_number(cost) - planned as f64).collect();
    more.sort_by(f64::total_cmp);
    more
}

/// What has been done of some tasks, which samples of what is left tell nothing of.
#[derive(Clone, Copy)]
struct Done {
    /// The last actual finish.
    last: Option<Moment>,
    /// True if nothing is left.
    is_all: bool,
}

impl Done {
    fn of(plan: &Plan, counts: impl Fn(TaskId) -> bool) -> Done {
        let is_work = |task: &Task| task.kind != TaskKind::Summary && task.activity != ActivityType::LevelOfEffort;
        let work = || plan.tasks().iter_enumerated().filter(|(id, task)| is_work(task) && counts(*id));
        Done {
            last: work().filter_map(|(_, task)| task.progress?.finish).max(),
            is_all: work().all(|(_, task)| task.is_finished()),
        }
    }

    /// When all of it is finished if the rest finishes then.
    fn finish(self, rest: Moment) -> Moment {
        match self.last {
            Some(last) if self.is_all => last,
            Some(last) => rest.max(last),
            None => rest,
        }
    }
}
