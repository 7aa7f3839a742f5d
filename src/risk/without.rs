//! What each risk and issue does to the finish: the same samples with it and without it.

use rayon::prelude::*;

use super::answers::percentile;
use super::assess::{EventRisk, RiskOptions, minutes};
use super::block::{LAST, Pinned};
use super::events::Source;
use super::model::{Model, Work};
use super::simulate::{Hits, Request, Run, Slice, delays, hits, outcomes};
use super::unfinished::finish_minutes;
use crate::effort::Control;
use crate::network::Slot;

/// Samples that are made again without each risk.
pub const MOST_WITHOUT: usize = 10_000;
/// Samples of each risk in which it is looked what it moves: twice as many as there are samples for all risks together, but no
/// fewer and no more than these.
const LEAST_TRACED: usize = 16;
const MOST_TRACED: usize = 256;
/// Risks that are looked at if not all are: those that decide about the finish in most samples, then the dearest.
const MOST_GRAVE: usize = 8;

/// The part of each event in the finish: the same samples without it (common random numbers), of which those are made again
/// in which it happens.
///
/// # Arguments
/// `is_asked` says which events to look at.
pub fn event_risks(
    model: &Model<'_>,
    run: &Run,
    is_asked: &dyn Fn(&Source) -> bool,
    options: &RiskOptions,
    control: &Control,
) -> Vec<EventRisk> {
    let samples = &run.samples;
    let count = samples.finish.len().min(MOST_WITHOUT);
    let asked: Vec<usize> = (0..model.events.len()).filter(|&number| is_asked(&model.events[number].source)).collect();
    if count == 0 || asked.is_empty() {
        return Vec::new();
    }
    let with = &samples.finish[..count];
    let late_with = percentile(&minutes(model.network, with), 0.8).value;
    let hits = hits(model, Slice { seed: options.seed, first: samples.first, count: count as u64 });
    let mut asked = asked;
    if !options.is_thorough && asked.len() > MOST_GRAVE {
        let gravity = |number: &usize| (hits[*number].decisive.len(), run.events[*number].1);
        asked.sort_by_key(|number| (std::cmp::Reverse(gravity(number)), *number));
        asked.truncate(MOST_GRAVE);
        asked.sort_unstable();
    }
    let traced = match options.is_thorough {
        true => (2 * count / asked.len()).clamp(LEAST_TRACED, MOST_TRACED),
        false => 0,
    };
    let without = Without { model, with, first: samples.first, seed: options.seed, late_with, traced };
    let risk = |&number: &usize| {
        // Whoever stops the work sees how often it happened, and no more.
        let effect = if control.must_stop() { Effect::none(late_with) } else { without.effect(number, &hits[number]) };
        let (happened, cost) = run.events[number];
        let all = samples.finish.len() as f64;
        EventRisk {
            source: model.events[number].source,
            share: happened as f64 / all,
            mean_delay: effect.mean_delay,
            late_delay: if late_with == effect.late_without { 0.0 } else { late_with - effect.late_without },
            late_without: effect.late_without,
            unfinished: effect.unfinished,
            cost: cost as f64 / all,
            moved: effect.moved,
        }
    };
    asked.par_iter().map(risk).collect()
}

/// What becomes of samples without an event.
struct Without<'a> {
    model: &'a Model<'a>,
    /// The finishes of the samples with it, from this number on.
    with: &'a [Slot],
    first: u64,
    seed: u64,
    /// Their 80th percentile.
    late_with: f64,
    /// Samples in which it is looked what it moves.
    traced: usize,
}

/// What an event does: some fields of [`EventRisk`].
struct Effect {
    mean_delay: f64,
    late_without: f64,
    unfinished: f64,
    moved: Vec<(Work, f64)>,
}

impl Effect {
    fn none(late_without: f64) -> Effect {
        Effect { mean_delay: 0.0, late_without, unfinished: 0.0, moved: Vec::new() }
    }
}

impl Without<'_> {
    fn effect(&self, number: usize, hits: &Hits) -> Effect {
        let Without { model, with, seed, .. } = *self;
        let pinned = Pinned::Event(number, false);
        let mut effect = Effect::none(self.late_with);
        if !hits.decisive.is_empty() {
            let requests: Vec<Request> = hits.decisive.iter().map(|&sample| (sample, 0)).collect();
            let mut without = with.to_vec();
            for (sample, outcome) in hits.decisive.iter().zip(outcomes(model, seed, Some(pinned), &requests)) {
                without[sample.wrapping_sub(self.first) as usize] = outcome.finish;
            }
            effect.late_without = percentile(&minutes(model.network, &without), 0.8).value;
            let finishing = || with.iter().zip(&without).filter(|(with, without)| **with != LAST && **without != LAST);
            let later = |(with, without): (&Slot, &Slot)| {
                finish_minutes(model.network, *with) - finish_minutes(model.network, *without)
            };
            effect.mean_delay = finishing().map(later).sum::<f64>() / finishing().count().max(1) as f64;
            let stopped = with.iter().zip(&without).filter(|(with, without)| **with == LAST && **without != LAST);
            effect.unfinished = stopped.count() as f64 / with.len() as f64;
        }
        let delays = delays(model, seed, pinned, &hits.all[..hits.all.len().min(self.traced)]);
        let works = model.nodes.iter().zip(delays).filter_map(|(node, delay)| Some((node.work?, delay)));
        effect.moved = works.filter(|(_, delay)| *delay != 0.0).collect();
        effect.moved.sort_by_key(|(work, _)| *work);
        effect
    }
}
