//! The finishes of chosen tasks in samples, for whoever holds forecasts against what came.

use super::assess::{RiskOptions, prepared};
use super::model::ends;
use super::simulate::{Slice, simulate};
use crate::effort::Control;
use crate::error::Result;
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

/// Samples a plan for the finishes of some of its tasks.
///
/// # Arguments
/// As [`assess`](super::assess()), whose samples these are. A summary finishes with the last task below it.
///
/// # Returns
/// The finishes of the project, and of each of the tasks.
///
/// # Errors
/// As [`assess`](super::assess()).
pub fn finishes(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    tasks: &[TaskId],
    control: &Control,
) -> Result<(Finishes, Vec<Finishes>)> {
    prepared(plan, schedule, options, |ready| {
        let model = &ready.model;
        let position = |node: u32| model.position[node as usize];
        let positions = |task: &TaskId| ends(plan, model.network, *task).into_iter().map(position).collect();
        let marks: Vec<Vec<u32>> = tasks.iter().map(positions).collect();
        let slice = Slice { seed: options.seed, first: options.first, count: options.samples };
        let samples = simulate(model, slice, &marks, None, control, &|_| {}).samples;
        let (planned, planned_marks) = ready.planned_finishes(&marks);
        let moment = |slot: Slot| model.network.axis.finish_moment(slot);
        let told = |planned: Slot, mut slots: Vec<Slot>| {
            slots.sort_unstable();
            Finishes { planned: moment(planned), sampled: slots.into_iter().map(moment).collect() }
        };
        let of_tasks = planned_marks.into_iter().zip(samples.marks).map(|(planned, slots)| told(planned, slots));
        Ok((told(planned, samples.finish), of_tasks.collect()))
    })
}
