//! Choices of people that go together: the crews of schedules built task by task with whoever is free.
//!
//! Where there are more choices of people than can be listed, most of those that are drawn at random get in each other's
//! way. So simple schedules are built first: tasks in an order by their latest starts with some chance in it, each as soon
//! as a crew for it is free, found by matching; then, again and again, the shortest so far with a few tasks or people in
//! another place. What the shortest of these schedules use is listed first. Calendars and lags are left aside: this only
//! proposes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::Rng;
use rustc_hash::FxHashMap;

use super::super::Assigned;
use super::super::matching::augment;
use super::ways::Holders;
use crate::effort;
use crate::index::{Id, IdVec};
use crate::plan::{DemandSource, ModeId, Plan, ResourceId, ResourceKind, TaskKind};
use crate::units::Amount;

/// Schedules that are built, and jobs placed and questions whether a crew is free that they may take in all.
const MOST_RUNS: u64 = 1_000;
/// Of these the first are drawn by chance; then each changes the best so far.
const RUNS_BY_CHANCE: u64 = 60;
const MOST_QUESTIONS: usize = 80_000;
/// Seats in the lists of all needs together: where everybody can do everything, chance does as well.
const MOST_LISTED: usize = 2_000_000;

/// The crews of each mode, those of the shortest schedules first.
pub(super) type Crews = FxHashMap<ModeId, Vec<Vec<Assigned>>>;

/// The seats that a schedule takes for each mode.
type Taken = Vec<(ModeId, Vec<u32>)>;

/// A seat is a unit of a work resource.
struct Job {
    mode: ModeId,
    minutes: i64,
    /// For each unit that is needed the seats that can give it.
    needs: Vec<Vec<u32>>,
}

/// Builds schedules and gathers their crews.
///
/// # Arguments
/// `most` crews are kept for each mode.
pub(super) fn crews(plan: &Plan, holders: &Holders<'_>, most: usize) -> Crews {
    let mut seats: Vec<ResourceId> = Vec::new();
    let mut of_resource: IdVec<ResourceId, std::ops::Range<u32>> = IdVec::new();
    for (id, resource) in plan.resources().iter_enumerated() {
        let units = if resource.kind == ResourceKind::Work { holders.whole_units(id).min(64) } else { 0 };
        let first = seats.len() as u32;
        seats.extend((0..units).map(|_| id));
        of_resource.push(first..seats.len() as u32);
    }
    let mut jobs: Vec<Option<Job>> = Vec::new();
    let mut listed = 0;
    for data in plan.tasks() {
        let mode = data.modes.start;
        let job = (data.kind != TaskKind::Summary && data.modes.start < data.modes.end).then(|| {
            let mut needs = Vec::new();
            for demand in plan.demands_of(&plan.modes()[mode]) {
                let able: Vec<u32> = match demand.source {
                    DemandSource::Resource(resource) => of_resource[resource].clone().collect(),
                    DemandSource::Skill(skill) => {
                        holders.of_skill(skill).iter().flat_map(|&holder| of_resource[holder].clone()).collect()
                    }
                };
                if !able.is_empty() {
                    let units = ((demand.amount.0 + Amount::ONE.0 - 1) / Amount::ONE.0).min(able.len() as i64);
                    listed += units as usize * able.len();
                    if listed <= MOST_LISTED {
                        needs.extend((0..units).map(|_| able.clone()));
                    }
                }
            }
            Job { mode, minutes: plan.modes()[mode].duration.minutes().0, needs }
        });
        jobs.push(job);
    }
    let mut successors: Vec<Vec<usize>> = vec![Vec::new(); jobs.len()];
    let mut waits: Vec<usize> = vec![0; jobs.len()];
    for link in plan.links() {
        let (before, after) = (link.predecessor.index(), link.successor.index());
        if jobs[before].is_some() && jobs[after].is_some() {
            successors[before].push(after);
            waits[after] += 1;
        }
    }
    if listed > MOST_LISTED || seats.is_empty() {
        return Crews::default();
    }
    let tails = tails(&jobs, &successors, waits.clone());
    let spread = (tails.iter().copied().max().unwrap_or(0) / 8).max(1);
    let mut uses: Vec<u64> = vec![0; seats.len()];
    jobs.iter().flatten().flat_map(|job| job.needs.iter().flatten()).for_each(|&seat| uses[seat as usize] += 1);
    let mut found: Vec<(i64, Taken)> = Vec::new();
    // The shortest schedule so far, what its tasks were ordered by, and what its people were.
    let mut best: Option<(i64, Vec<i64>, Vec<u64>)> = None;
    let mut questions = 0;
    for run in 0..MOST_RUNS {
        let mut random = effort::random(0, run);
        let mut builder = Builder { jobs: &jobs, busy: vec![Vec::new(); seats.len()], questions: &mut questions };
        let spread = spread * run.min(4) as i64;
        let keys: Vec<i64> = tails.iter().map(|tail| -tail + random.random_range(0..=spread.max(0))).collect();
        // Who can do the least is taken first, with some chance in it.
        let worth: Vec<u64> =
            uses.iter().map(|&uses| uses * 8 + random.random_range(0..=uses * (run % 5) * 4 + 1)).collect();
        let (keys, worth) = match &best {
            Some((_, keys, worth)) if run >= RUNS_BY_CHANCE => (
                changed(keys, spread, &mut random),
                if run % 3 == 0 { changed_worth(worth, &mut random) } else { worth.clone() },
            ),
            _ => (keys, worth),
        };
        let schedule = builder.schedule(&successors, waits.clone(), &keys, &worth);
        if best.as_ref().is_none_or(|best| schedule.0 <= best.0) {
            best = Some((schedule.0, keys, worth));
        }
        found.push(schedule);
        if questions > MOST_QUESTIONS {
            break;
        }
    }
    found.sort_by_key(|(makespan, _)| *makespan);
    let mut crews = Crews::default();
    for (mode, taken) in found.into_iter().flat_map(|(_, taken)| taken) {
        let mut crew: Vec<Assigned> = Vec::new();
        for seat in taken {
            let resource = seats[seat as usize];
            match crew.iter_mut().find(|item| item.resource == resource) {
                Some(item) => item.amount += Amount::ONE,
                None => crew.push(Assigned { resource, amount: Amount::ONE }),
            }
        }
        crew.sort_unstable_by_key(|item| item.resource);
        let known = crews.entry(mode).or_default();
        if known.len() < most && !known.contains(&crew) {
            known.push(crew);
        }
    }
    crews
}

/// An order in which a few jobs have another place.
fn changed(keys: &[i64], spread: i64, random: &mut effort::Random) -> Vec<i64> {
    let mut keys = keys.to_vec();
    for _ in 0..random.random_range(1..=3) {
        let one = random.random_range(0..keys.len());
        let other = random.random_range(0..keys.len());
        match random.random_bool(0.5) {
            true => keys.swap(one, other),
            false => keys[one] += random.random_range(-spread..=spread),
        }
    }
    keys
}

/// Other people first, in a few places.
fn changed_worth(worth: &[u64], random: &mut effort::Random) -> Vec<u64> {
    let mut worth = worth.to_vec();
    for _ in 0..2 {
        let (one, other) = (random.random_range(0..worth.len()), random.random_range(0..worth.len()));
        worth.swap(one, other);
    }
    worth
}

/// The longest work from the start of each job to the end of everything; of jobs that links lead round to in a circle (they join
/// starts and finishes), their own.
fn tails(jobs: &[Option<Job>], successors: &[Vec<usize>], mut waits: Vec<usize>) -> Vec<i64> {
    let minutes = |job: usize| jobs[job].as_ref().map_or(0, |job| job.minutes);
    let mut order: Vec<usize> = (0..jobs.len()).filter(|&job| waits[job] == 0).collect();
    let mut at = 0;
    while let Some(&job) = order.get(at) {
        at += 1;
        for &after in &successors[job] {
            waits[after] -= 1;
            if waits[after] == 0 {
                order.push(after);
            }
        }
    }
    let mut tails: Vec<i64> = (0..jobs.len()).map(minutes).collect();
    for &job in order.iter().rev() {
        tails[job] = minutes(job) + successors[job].iter().map(|&after| tails[after]).max().unwrap_or(0);
    }
    tails
}

/// A schedule in the making.
struct Builder<'b> {
    jobs: &'b [Option<Job>],
    /// When each seat is taken, in order.
    busy: Vec<Vec<(i64, i64)>>,
    questions: &'b mut usize,
}

impl Builder<'_> {
    /// Builds a schedule.
    ///
    /// # Returns
    /// Its length, and who does what.
    fn schedule(
        &mut self,
        successors: &[Vec<usize>],
        mut waits: Vec<usize>,
        keys: &[i64],
        worth: &[u64],
    ) -> (i64, Taken) {
        let mut earliest = vec![0i64; self.jobs.len()];
        let mut open: BinaryHeap<Reverse<(i64, usize)>> = (0..self.jobs.len())
            .filter(|&job| self.jobs[job].is_some() && waits[job] == 0)
            .map(|job| Reverse((keys[job], job)))
            .collect();
        let (mut makespan, mut taken) = (0, Vec::new());
        while let Some(Reverse((_, number))) = open.pop() {
            let Some(job) = &self.jobs[number] else { continue };
            *self.questions += 1;
            let (start, crew) = self.first_place(job, earliest[number], worth);
            let finish = start + job.minutes;
            for &seat in &crew {
                let spans = &mut self.busy[seat as usize];
                let at = spans.partition_point(|span| span.0 < start);
                spans.insert(at, (start, finish));
            }
            makespan = makespan.max(finish);
            if !crew.is_empty() {
                taken.push((job.mode, crew));
            }
            for &after in &successors[number] {
                earliest[after] = earliest[after].max(finish);
                waits[after] -= 1;
                if waits[after] == 0 {
                    open.push(Reverse((keys[after], after)));
                }
            }
        }
        (makespan, taken)
    }

    /// The first moment from which a crew is free, and that crew.
    fn first_place(&mut self, job: &Job, earliest: i64, worth: &[u64]) -> (i64, Vec<u32>) {
        if job.needs.is_empty() {
            return (earliest, Vec::new());
        }
        let mut moments: Vec<i64> =
            job.needs.iter().flatten().flat_map(|&seat| &self.busy[seat as usize]).map(|span| span.1).collect();
        moments.push(earliest);
        moments.sort_unstable();
        moments.dedup();
        for start in moments.into_iter().filter(|&start| start >= earliest) {
            *self.questions += 1;
            if let Some(crew) = self.crew_at(job, start, worth) {
                return (start, crew);
            }
        }
        (earliest, Vec::new())
    }

    /// A crew that is free while a job takes place.
    fn crew_at(&self, job: &Job, start: i64, worth: &[u64]) -> Option<Vec<u32>> {
        let finish = start + job.minutes;
        let is_free = |seat: u32| {
            let spans = &self.busy[seat as usize];
            let after = spans.partition_point(|span| span.1 <= start);
            spans.get(after).is_none_or(|span| span.0 >= finish)
        };
        let mut able: Vec<Vec<u32>> = Vec::with_capacity(job.needs.len());
        for need in &job.needs {
            let mut free: Vec<u32> = need.iter().copied().filter(|&seat| is_free(seat)).collect();
            if free.is_empty() {
                return None;
            }
            free.sort_by_key(|&seat| worth[seat as usize]);
            able.push(free);
        }
        let mut of_seat: FxHashMap<u32, usize> = FxHashMap::default();
        for need in 0..able.len() {
            let mut seen = Vec::new();
            if !augment(&able, need, &mut of_seat, &mut seen) {
                return None;
            }
        }
        Some(of_seat.into_keys().collect())
    }
}
