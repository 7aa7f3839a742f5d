//! Samples of a plan, and no more: when it and chosen tasks end and what it costs, without what drives that.

use super::assess::{Assessment, RiskOptions, prepared};
use super::model::ends;
use super::simulate::{Slice, simulate};
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::Slot;
use crate::plan::{Plan, TaskId};
use crate::schedule::Schedule;
use crate::units::Moment;

/// When something finishes: as planned, and in samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Finishes {
    /// With planned durations.
    pub planned: Moment,
    /// In the samples, in ascending order.
    pub sampled: Vec<Moment>,
}

/// What samples say of the ends of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Finishes of the project.
    pub project: Finishes,
    /// Finishes of the chosen tasks, in their order; a summary finishes with the last task below it.
    pub tasks: Vec<Finishes>,
    /// By how much the cost of the project differs from the planned one, ascending, in minor units of money.
    pub more_cost: Vec<i64>,
}

/// Makes the samples that [`assess`](super::assess()) would, and tells nothing but ends.
///
/// # Errors
/// As [`assess`](super::assess()); wrong usage if it is stopped before the first sample.
pub fn outlook(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    tasks: &[TaskId],
    control: &Control,
    report: &(dyn Fn(u64) + Sync),
) -> Result<Outlook> {
    prepared(plan, schedule, options, |ready| {
        let model = &ready.model;
        let position = |node: u32| model.position[node as usize];
        let positions = |task: &TaskId| ends(plan, model.network, *task).into_iter().map(position).collect();
        let marks: Vec<Vec<u32>> = tasks.iter().map(positions).collect();
        let slice = Slice { seed: options.seed, first: options.first, count: options.samples };
        let samples = simulate(model, slice, &marks, None, control, report).samples;
        if samples.finish.is_empty() && options.samples > 0 {
            return Err(Error::usage("stopped before the first sample was made"));
        }
        let (planned, planned_marks) = ready.planned_finishes(&marks);
        let moment = |slot: Slot| model.network.axis.finish_moment(slot);
        let told = |planned: Slot, mut slots: Vec<Slot>| {
            slots.sort_unstable();
            Finishes { planned: moment(planned), sampled: slots.into_iter().map(moment).collect() }
        };
        let of_tasks = planned_marks.into_iter().zip(samples.marks).map(|(planned, slots)| told(planned, slots));
        let mut more_cost: Vec<i64> = samples.cost.iter().map(|&cost| cost - ready.planned_cost()).collect();
        more_cost.sort_unstable();
        Ok(Outlook { project: told(planned, samples.finish), tasks: of_tasks.collect(), more_cost })
    })
}

impl Assessment {
    /// When the project and the marks end, and what it costs, as [`outlook`] would tell of these tasks.
    pub fn outlook(&self) -> Outlook {
        let moment = |slot: Slot| self.network.axis.finish_moment(slot);
        let told = |planned: Slot, slots: &[Slot]| {
            let mut slots = slots.to_vec();
            slots.sort_unstable();
            Finishes { planned: moment(planned), sampled: slots.into_iter().map(moment).collect() }
        };
        let marks = self.planned_marks.iter().zip(&self.samples.marks).map(|(&planned, slots)| told(planned, slots));
        let mut more_cost: Vec<i64> = self.samples.cost.iter().map(|&cost| cost - self.planned.1).collect();
        more_cost.sort_unstable();
        Outlook { project: told(self.planned.0, &self.samples.finish), tasks: marks.collect(), more_cost }
    }
}
