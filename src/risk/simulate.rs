//! Samples by the thousand, on all threads.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::block::{Block, Case, LAST, Pinned};
use super::events::Bought;
use super::list::Lister;
use super::model::{Model, Node, Wait};
use super::streams::{LANES, Streams};
use super::unfinished::{NO_END, Stuck, add_stuck, finish_minutes};
use crate::effort::Control;
use crate::network::{NO_EARLIEST, Slot};
use crate::plan::Plan;

/// What samples came to. Entry `k` of each list is sample `first + k`, which depends on the seed and its number alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Samples {
    /// The number of the first sample.
    pub first: u64,
    /// Finish of the project, in slots; the last one if it never does, since some task finds no time
    /// ([`Assessment::finish_moment`](super::Assessment::finish_moment)).
    pub finish: Vec<Slot>,
    /// Cost of the project at its completion, in minor units of money; [`i64::MAX`] if it does not finish.
    pub cost: Vec<i64>,
    /// For each mark its finish, in slots; the last one if it never does.
    pub marks: Vec<Vec<Slot>>,
    /// For each budget what is spent under it in the end, in minor units of money; [`i64::MAX`] if that never ends.
    pub budgets: Vec<Vec<i64>>,
}

impl Samples {
    /// How many of them do not finish.
    pub fn unfinished(&self) -> usize {
        self.finish.iter().filter(|&&finish| finish == LAST).count()
    }

    /// Adds the samples that follow.
    pub(super) fn append(&mut self, next: Samples) {
        self.finish.extend(next.finish);
        self.cost.extend(next.cost);
        self.marks.resize(self.marks.len().max(next.marks.len()), Vec::new());
        self.marks.iter_mut().zip(next.marks).for_each(|(all, some)| all.extend(some));
        self.budgets.resize(self.budgets.len().max(next.budgets.len()), Vec::new());
        self.budgets.iter_mut().zip(next.budgets).for_each(|(all, some)| all.extend(some));
    }
}

/// What is summed up for a node, so that sums of slices add up to those of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSums {
    /// Samples in which it drove the finish.
    pub critical: u64,
    /// Its duration, less the planned one, in slots.
    pub duration: i128,
    /// The same, squared.
    pub duration_squared: i128,
    /// The same, times the finish of the project, less the planned one.
    pub product: i128,
}

impl NodeSums {
    fn add(&mut self, other: &NodeSums) {
        // Sums of samples are far from the ends of the range, those of a file perhaps not.
        self.critical = self.critical.saturating_add(other.critical);
        self.duration = self.duration.saturating_add(other.duration);
        self.duration_squared = self.duration_squared.saturating_add(other.duration_squared);
        self.product = self.product.saturating_add(other.product);
    }
}

/// Which samples to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Seed of every random number.
    pub seed: u64,
    /// The number of the first sample.
    pub first: u64,
    /// How many.
    pub count: u64,
}

/// Draws of durations in all samples, unless somebody says how many samples there are to be.
const USUAL_DRAWS: u64 = 10_000_000;

/// How many samples a plan gets unless somebody says otherwise: 10,000, and of plans above 1,000 tasks fewer, down to 1,000. The
/// same for all that simulate a plan, so that they tell the same percentiles.
pub fn usual_samples(plan: &Plan) -> u64 {
    (USUAL_DRAWS / plan.tasks().len().max(1) as u64).clamp(1_000, 10_000)
}

/// Samples, and what they add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The samples.
    pub samples: Samples,
    /// By position in the model; empty if not asked for.
    pub sums: Vec<NodeSums>,
    /// For each event in how many samples it happened, and what it cost in all, in minor units of money.
    pub events: Vec<(u64, i128)>,
    /// By position in the model: what found no time in some samples, though nothing that it waits for kept it from it.
    pub stuck: BTreeMap<u32, Stuck>,
}

/// Samples that are made in one go at most; what is left of them is looked at by the progress bar, and by whoever wants to stop.
const CHUNK: usize = 1_024;
/// Pieces that few samples are cut into, so that all threads have some.
const PIECES: usize = 8;

/// Of so many samples, those that are made in one go.
fn chunk(samples: usize) -> usize {
    samples.div_ceil(PIECES).next_multiple_of(LANES).clamp(LANES, CHUNK)
}

/// Deviations from the plan count no more than this, in slots, in sums of squares and products.
const MOST_DEVIATION: i64 = 1 << 28;

/// What a thread works with.
struct Bench<'n> {
    block: Block,
    lister: Option<Lister<'n>>,
    sums: Vec<NodeSums>,
    events: Vec<(u64, i128)>,
    stuck: BTreeMap<u32, Stuck>,
}

/// What the project costs in a sample.
fn total_cost(model: &Model<'_>, block: &Block, lane: usize) -> i64 {
    if block.finish[lane] == LAST {
        return NO_END;
    }
    cost_at_completion(model, block.cost[lane], block.finish[lane])
}

/// What the project costs in the end if what is left of its tasks costs so much and it finishes then, in minor units of money.
pub fn cost_at_completion(model: &Model<'_>, of_tasks: f64, finish: Slot) -> i64 {
    // A cast beyond the range is the end of the range.
    model.spent.saturating_add(of_tasks.round() as i64).saturating_add(model.network.cost_of_finish(finish))
}

/// Samples without any surprise, all the same.
pub fn planned(model: &Model<'_>) -> Block {
    let mut bench = Bench::new(model, false);
    bench.block.plan(model);
    bench.schedule(model);
    bench.block
}

/// A sample, and what is bought in it.
pub type Request = (u64, Bought);

/// What single samples come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Finish of the project, in slots.
    pub finish: Slot,
    /// Its cost, in minor units of money, without what is bought.
    pub cost: i64,
    /// The mitigations that matter in the sample.
    pub remedies: Bought,
}

/// The samples of a slice in which an event happens, by their numbers.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// All of them.
    pub all: Vec<u64>,
    /// Those that could finish at another time without it: in which one of the tasks that it hits drives the finish, or which do
    /// not finish. What does not drive the finish does not move it, if nothing starts later for being shorter
    /// ([`starts_later_if_shorter`]) and not whoever comes first takes what is free; otherwise all count.
    pub decisive: Vec<u64>,
}

/// For each position of a model, whether it, or what waits for it, could start later if it took less time: where its finish is
/// held, where its finish has a date, and where a lag is a negative share of its duration.
fn starts_later_if_shorter(model: &Model<'_>) -> Vec<bool> {
    let has_date = |node: &Node| node.finish_release != NO_EARLIEST || node.must_finish != NO_EARLIEST;
    let mut found: Vec<bool> = model.nodes.iter().map(has_date).collect();
    for at in 0..model.nodes.len() {
        for wait in model.waits.row(at) {
            found[at] |= wait.arc.kind.to_finish();
            found[wait.on as usize] |= wait.share.0 < 0;
        }
    }
    found
}

/// The hits of each event.
pub fn hits(model: &Model<'_>, slice: Slice) -> Vec<Hits> {
    let benches = Benches::new(model, false);
    let is_odd = starts_later_if_shorter(model);
    let always: Vec<bool> = model.events.iter().map(|event| event.hits.iter().any(|&at| is_odd[at as usize])).collect();
    let chunk = chunk(slice.count as usize);
    let chunks: Vec<u64> = (0..slice.count).step_by(chunk).collect();
    let made = chunks.into_par_iter().map(|begin| {
        let mut bench = benches.take();
        let end = slice.count.min(begin + chunk as u64);
        let found = bench.hits(model, slice, (begin, end), &always);
        benches.give_back(bench);
        found
    });
    let mut hits = vec![Hits::default(); model.events.len()];
    for some in made.collect::<Vec<_>>() {
        for (all, some) in hits.iter_mut().zip(some) {
            all.all.extend(some.all);
            all.decisive.extend(some.decisive);
        }
    }
    hits
}

/// Makes single samples, in the order in which they are asked for.
pub fn outcomes(model: &Model<'_>, seed: u64, pinned: Option<Pinned>, requests: &[Request]) -> Vec<Outcome> {
    let benches = Benches::new(model, false);
    let made = requests.par_chunks(chunk(requests.len())).map(|requests| {
        let mut bench = benches.take();
        let mut outcomes = Vec::with_capacity(requests.len());
        for requests in requests.chunks(LANES) {
            // What is behind the last request is made like it, and left.
            let request = |lane: usize| requests[lane.min(requests.len() - 1)];
            let bought = std::array::from_fn(|lane| request(lane).1);
            let mut streams = Streams::of(seed, &std::array::from_fn(|lane| request(lane).0));
            bench.block.draw(model, &Case { pinned, bought }, &mut streams);
            bench.schedule(model);
            outcomes.extend((0..requests.len()).map(|lane| Outcome {
                finish: bench.block.finish[lane],
                cost: total_cost(model, &bench.block, lane),
                remedies: bench.block.remedies[lane],
            }));
        }
        benches.give_back(bench);
        outcomes
    });
    made.flatten_iter().collect()
}

/// By how much each position finishes later, on average, in samples as they are than with something pinned: minutes by the
/// clock. Samples in which it does not finish in both do not count.
pub fn delays(model: &Model<'_>, seed: u64, pinned: Pinned, samples: &[u64]) -> Vec<f64> {
    let mut bench = Bench::new(model, false);
    let mut delays = vec![(0.0, 0_usize); model.nodes.len()];
    for samples in samples.chunks(LANES) {
        let mut finishes = |pinned: Option<Pinned>| {
            let numbers = std::array::from_fn(|lane| samples[lane.min(samples.len() - 1)]);
            bench.block.draw(model, &Case { pinned, ..Case::default() }, &mut Streams::of(seed, &numbers));
            bench.schedule(model);
            bench.block.finishes.clone()
        };
        let (before, after) = (finishes(None), finishes(Some(pinned)));
        for (delay, (before, after)) in delays.iter_mut().zip(before.iter().zip(&after)) {
            let minutes = |slot: Slot| finish_minutes(model.network, slot);
            for lane in (0..samples.len()).filter(|&lane| before[lane] != LAST && after[lane] != LAST) {
                *delay = (delay.0 + minutes(before[lane]) - minutes(after[lane]), delay.1 + 1);
            }
        }
    }
    delays.into_iter().map(|(sum, count)| sum / count.max(1) as f64).collect()
}

/// Makes samples.
///
/// # Arguments
/// `marks` are positions in the model, of each of which the latest finish is kept; `planned` the durations and the finish that
/// deviations count from, if sums are wanted; `report` hears how many samples are done.
///
/// # Returns
/// The samples, from the first on without a gap: all of them unless `control` stops the work.
pub fn simulate(
    model: &Model<'_>,
    slice: Slice,
    marks: &[Vec<u32>],
    planned: Option<(&[Slot], Slot)>,
    control: &Control,
    report: &(dyn Fn(u64) + Sync),
) -> Run {
    let benches = Benches::new(model, planned.is_some());
    let samples = Samples { first: slice.first, marks: vec![Vec::new(); marks.len()], ..Samples::default() };
    let mut run = Run { samples, ..Run::default() };
    let chunk = chunk(slice.count as usize) as u64;
    let chunks = slice.count.div_ceil(chunk);
    let wave = 4 * rayon::current_num_threads() as u64;
    let mut done = 0;
    while done < chunks && !control.must_stop() {
        let next = (done + wave).min(chunks);
        let made: Vec<Samples> = (done..next)
            .into_par_iter()
            .map(|number| {
                let mut bench = benches.take();
                let first = number * chunk;
                let count = (slice.count - first).min(chunk);
                let slice = Slice { first: slice.first.wrapping_add(first), count, ..slice };
                let made = bench.chunk(model, slice, marks, planned);
                benches.give_back(bench);
                made
            })
            .collect();
        made.into_iter().for_each(|chunk| run.samples.append(chunk));
        done = next;
        report(run.samples.finish.len() as u64);
    }
    for bench in benches.all() {
        run.add_sums(&bench.sums, &bench.events, &bench.stuck);
    }
    run
}

/// What threads work with, of which there are as many as work at a time.
struct Benches<'n> {
    model: &'n Model<'n>,
    has_sums: bool,
    idle: Mutex<Vec<Bench<'n>>>,
}

impl<'n> Benches<'n> {
    fn new(model: &'n Model<'n>, has_sums: bool) -> Benches<'n> {
        Benches { model, has_sums, idle: Mutex::new(Vec::new()) }
    }

    fn take(&self) -> Bench<'n> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| Bench::new(self.model, self.has_sums))
    }

    fn give_back(&self, bench: Bench<'n>) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(bench);
    }

    fn all(self) -> Vec<Bench<'n>> {
        self.idle.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run {
    /// Adds the samples that follow.
    pub fn append(&mut self, next: Run) {
        self.samples.append(next.samples);
        self.add_sums(&next.sums, &next.events, &next.stuck);
    }

    fn add_sums(&mut self, sums: &[NodeSums], events: &[(u64, i128)], stuck: &BTreeMap<u32, Stuck>) {
        self.sums.resize(self.sums.len().max(sums.len()), NodeSums::default());
        self.sums.iter_mut().zip(sums).for_each(|(sums, more)| sums.add(more));
        self.events.resize(self.events.len().max(events.len()), (0, 0));
        for (sum, more) in self.events.iter_mut().zip(events) {
            *sum = (sum.0.saturating_add(more.0), sum.1.saturating_add(more.1));
        }
        stuck.iter().for_each(|(&at, more)| add_stuck(&mut self.stuck, at, *more));
    }
}

impl<'n> Bench<'n> {
    fn new(model: &'n Model<'_>, has_sums: bool) -> Bench<'n> {
        Bench {
            block: Block::new(model),
            lister: model.list.as_ref().map(|list| Lister::new(model, list)),
            sums: vec![NodeSums::default(); if has_sums { model.nodes.len() } else { 0 }],
            events: vec![(0, 0); model.events.len()],
            stuck: BTreeMap::new(),
        }
    }

    fn schedule(&mut self, model: &Model<'_>) {
        match &mut self.lister {
            Some(lister) => lister.schedule(model, &mut self.block),
            None => self.block.schedule(model),
        }
    }

    fn hits(&mut self, model: &Model<'_>, slice: Slice, (begin, end): (u64, u64), always: &[bool]) -> Vec<Hits> {
        let mut hits = vec![Hits::default(); model.events.len()];
        let is_list = self.lister.is_some();
        for begin in (begin..end).step_by(LANES) {
            let first = slice.first.wrapping_add(begin);
            self.block.draw(model, &Case::default(), &mut Streams::new(slice.seed, first));
            if !is_list {
                self.block.schedule(model);
                self.block.trace(model);
            }
            let lanes = (LANES as u64).min(end - begin) as usize;
            let Block { finish, events, critical, .. } = &self.block;
            let of_events = model.events.iter().zip(always).zip(events);
            for (hits, ((event, &always), (happens, _))) in hits.iter_mut().zip(of_events) {
                for lane in (0..lanes).filter(|&lane| happens[lane] != 0) {
                    let number = first.wrapping_add(lane as u64);
                    hits.all.push(number);
                    let drives = || event.hits.iter().any(|&at| critical[at as usize][lane] != 0);
                    if is_list || always || finish[lane] == LAST || drives() {
                        hits.decisive.push(number);
                    }
                }
            }
        }
        hits
    }

    fn chunk(
        &mut self,
        model: &Model<'_>,
        slice: Slice,
        marks: &[Vec<u32>],
        planned: Option<(&[Slot], Slot)>,
    ) -> Samples {
        let count = slice.count as usize;
        let mut chunk = Samples {
            marks: vec![Vec::with_capacity(count); marks.len()],
            budgets: vec![Vec::with_capacity(count); model.caps.len()],
            ..Samples::default()
        };
        for begin in (0..count).step_by(LANES) {
            let lanes = LANES.min(count - begin);
            let mut streams = Streams::new(slice.seed, slice.first.wrapping_add(begin as u64));
            self.block.draw(model, &Case::default(), &mut streams);
            self.schedule(model);
            let Block { finish, events, .. } = &self.block;
            for (sum, (happens, costs)) in self.events.iter_mut().zip(events) {
                for lane in (0..lanes).filter(|&lane| happens[lane] != 0) {
                    *sum = (sum.0 + 1, sum.1 + i128::from(costs[lane].round() as i64));
                }
            }
            chunk.finish.extend_from_slice(&finish[..lanes]);
            chunk.cost.extend((0..lanes).map(|lane| total_cost(model, &self.block, lane)));
            for (spent, cap) in chunk.budgets.iter_mut().zip(&model.caps) {
                spent.extend_from_slice(&cap.spent(model, &self.block)[..lanes]);
            }
            for (kept, ends) in chunk.marks.iter_mut().zip(marks) {
                kept.extend_from_slice(&self.block.latest_finish(ends)[..lanes]);
            }
            self.count_stuck(model, lanes);
            if let Some((durations, planned_finish)) = planned {
                match &mut self.lister {
                    Some(lister) => lister.trace(model, &mut self.block),
                    None => self.block.trace(model),
                }
                self.forget_unfinished(durations, lanes);
                self.sum_up(durations, planned_finish, lanes);
            }
        }
        chunk
    }

    /// Counts what finds no time, whatever it waits for has time.
    fn count_stuck(&mut self, model: &Model<'_>, lanes: usize) {
        let Bench { block, stuck, .. } = self;
        for lane in (0..lanes).filter(|&lane| block.finish[lane] == LAST) {
            let has_time = |wait: &Wait| {
                let ends = if wait.arc.kind.from_finish() { &block.finishes } else { &block.starts };
                ends[wait.on as usize][lane] != LAST
            };
            for at in (0..model.nodes.len()).filter(|&at| block.finishes[at][lane] == LAST) {
                if model.waits.row(at).iter().all(has_time) {
                    add_stuck(stuck, at as u32, Stuck { samples: 1, shortest: block.durations[at][lane] });
                }
            }
        }
    }

    /// Makes samples that do not finish like the plan, so that they are in no sum.
    fn forget_unfinished(&mut self, planned: &[Slot], lanes: usize) {
        let block = &mut self.block;
        let finish = block.finish;
        for lane in (0..lanes).filter(|&lane| finish[lane] == LAST) {
            for (at, &planned) in planned.iter().enumerate() {
                block.set_time_taken((at, lane), planned);
                block.critical[at][lane] = 0;
            }
        }
    }

    fn sum_up(&mut self, planned: &[Slot], planned_finish: Slot, lanes: usize) {
        let Bench { block, sums, .. } = self;
        let deviation =
            |value: Slot, planned: Slot| (i64::from(value) - i64::from(planned)).clamp(-MOST_DEVIATION, MOST_DEVIATION);
        let finish: [i64; LANES] =
            std::array::from_fn(|lane| if lane < lanes { deviation(block.finish[lane], planned_finish) } else { 0 });
        for (at, sums) in sums.iter_mut().enumerate() {
            let (durations, critical) = (block.time_taken(at), &block.critical[at]);
            let (mut sum, mut squares, mut products, mut count) = (0, 0, 0, 0);
            for lane in 0..lanes {
                let more = deviation(durations[lane], planned[at]);
                sum += more;
                squares += more * more;
                products += more * finish[lane];
                count -= critical[lane];
            }
            sums.critical += count as u64;
            if (sum, squares) != (0, 0) {
                sums.duration += i128::from(sum);
                sums.duration_squared += i128::from(squares);
                sums.product += i128::from(products);
            }
        }
    }
}
