//! What moves the finish most: each driver at its low and at its high end, all else as it is drawn.

use rayon::prelude::*;

use super::answers::moments;
use super::assess::{EventRisk, RiskOptions, TaskRisk};
use super::block::Pinned;
use super::events::Source;
use super::model::{Model, Work};
use super::quantiles::threshold;
use super::simulate::{Request, Samples, outcomes};
use super::unfinished::finish_minutes;
use crate::effort::Control;

/// What the finish depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// The duration of a task, or the loops of a gate.
    Work(Work),
    /// A risk.
    Event(Source),
}

/// By how much a driver moves the mean finish of the project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// The driver.
    pub driver: Driver,
    /// The mean finish with the driver at its 10th percentile (a risk: if it does not happen), in minutes of
    /// [`Moment`](crate::units::Moment).
    pub low: f64,
    /// The same at its 90th percentile (a risk: if it happens).
    pub high: f64,
}

impl Swing {
    /// The distance between the two, in minutes.
    pub fn width(&self) -> f64 {
        (self.high - self.low).abs()
    }
}

/// Tasks and gates whose swing is looked at: the most sensitive ones.
const MOST_TASKS: usize = 12;
/// Risks whose swing is looked at: those that delay the finish most where they happen.
const MOST_EVENTS: usize = 24;
/// The part of the samples that may be made again in all, or nodes times samples that take no time worth mentioning.
const PART: usize = 16;
const AT_ONCE: usize = 1_000_000;
/// The least and the most samples for each end of a swing; the least is a fourth of that in plans in which it takes long.
const SAMPLES: (usize, usize) = (64, 2_000);
const MANY_NODES: usize = 2_000;

/// The swings of the most sensitive of some tasks, and of the gravest risks that may happen or not; those that move nothing are
/// left out.
pub fn swings(
    model: &Model<'_>,
    tasks: &[TaskRisk],
    risks: &[EventRisk],
    samples: &Samples,
    options: &RiskOptions,
    control: &Control,
) -> Vec<Swing> {
    let part = |most: usize| if options.is_thorough { most } else { most / 2 };
    let mut uncertain: Vec<&TaskRisk> = tasks.iter().filter(|task| task.deviation > 0.0).collect();
    let rank = |task: &TaskRisk| task.cruciality.abs().max(task.sensitivity);
    uncertain.sort_by(|one, other| rank(other).total_cmp(&rank(one)).then(one.work.cmp(&other.work)));
    let (low, high) = (threshold(0.1) as u32, threshold(0.9) as u32);
    let mut ends: Vec<(Driver, [Pinned; 2])> = Vec::new();
    for task in uncertain.into_iter().take(part(MOST_TASKS)) {
        let Some(at) = model.nodes.iter().position(|node| node.work == Some(task.work)) else { continue };
        let pinned = match model.gates.iter().position(|gate| gate.position as usize == at) {
            // A gate fails where the number is low.
            Some(gate) => [Pinned::Gate(gate, high), Pinned::Gate(gate, low)],
            None => [Pinned::Node(at, low), Pinned::Node(at, high)],
        };
        ends.push((Driver::Work(task.work), pinned));
    }
    let mut events: Vec<&EventRisk> = risks.iter().collect();
    let delay = |risk: &EventRisk| risk.mean_delay / risk.share.max(f64::MIN_POSITIVE);
    events.sort_by(|one, other| delay(other).total_cmp(&delay(one)));
    let open = events.into_iter().filter_map(|risk| {
        let number = model.events.iter().position(|event| event.source == risk.source)?;
        let (from, to) = model.events[number].range;
        (from < to && to - from < 1 << 32).then_some((Driver::Event(risk.source), number))
    });
    for (driver, number) in open.take(part(MOST_EVENTS)) {
        ends.push((driver, [Pinned::Event(number, false), Pinned::Event(number, true)]));
    }
    let swings = (2 * ends.len()).max(1);
    let count = (samples.finish.len() / PART / swings).max(AT_ONCE / (swings * model.nodes.len()).max(1));
    let least = if model.nodes.len() > MANY_NODES { SAMPLES.0 / 4 } else { SAMPLES.0 };
    let count = count.clamp(least, SAMPLES.1).min(samples.finish.len());
    let requests: Vec<Request> = (0..count as u64).map(|number| (samples.first.wrapping_add(number), 0)).collect();
    let finishes = |pinned: Pinned| {
        let outcomes = outcomes(model, options.seed, Some(pinned), &requests);
        outcomes.into_iter().map(|outcome| finish_minutes(model.network, outcome.finish)).collect::<Vec<f64>>()
    };
    // The samples that finish at both ends.
    let means = |low: Vec<f64>, high: Vec<f64>| -> [f64; 2] {
        let pairs = low.into_iter().zip(high).filter(|(low, high)| low.is_finite() && high.is_finite());
        let (low, high): (Vec<f64>, Vec<f64>) = pairs.unzip();
        [low, high].map(|finishes| moments(&finishes).0)
    };
    let swing = |(driver, [low, high]): (Driver, [Pinned; 2])| {
        let is_wanted = count > 0 && !control.must_stop();
        is_wanted.then(|| {
            let [low, high] = means(finishes(low), finishes(high));
            Swing { driver, low, high }
        })
    };
    let mut swings: Vec<Swing> = ends.into_par_iter().filter_map(swing).collect();
    swings.retain(|swing| swing.width() > 0.0);
    swings.sort_by(|one, other| other.width().total_cmp(&one.width()));
    swings
}
