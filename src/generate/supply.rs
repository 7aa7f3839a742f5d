//! What the tasks of a generated plan need and what there is of it: people, machines, materials, money.

use rand::Rng;

use super::GenerateOptions;
use super::shape::{HOURS_PER_DAY, Shape};
use crate::effort::{Random, random};
use crate::index::Rows;

/// Hours after which even a plan of the scarcest resources shall be done: a thousand years of working days.
const LONGEST_PLAN_HOURS: u64 = 1000 * 250 * HOURS_PER_DAY as u64;

/// A need of a task: units of a work resource, or quantity of a material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// Work resources first, then materials.
    pub resource: u32,
    pub amount: u32,
}

/// A work resource or material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Units at a time, or in all.
    pub capacity: u64,
    /// Whole units of money an hour, or a unit.
    pub rate: u32,
    /// Position among the plan's calendars, if it has one of its own.
    pub calendar: Option<u32>,
}

/// Needs and sources.
pub(super) struct Supply {
    /// Work resources, then materials.
    pub sources: Vec<Source>,
    /// What each task needs in its first mode.
    pub needs: Rows<Need>,
    /// True for tasks that ask for a skill and name no work resource; the skill is that of the source with the task's
    /// number modulo the number of work resources.
    pub by_skill: Vec<bool>,
    /// Number of modes of each task.
    pub modes: Vec<u8>,
    /// Cost of each task besides its resources, in whole units of money.
    pub fixed_costs: Vec<u32>,
    /// Cost of each task in its first mode, in whole units of money; an upper limit where a skill leaves open who works.
    pub costs: Vec<u64>,
}

/// Draws needs and sources.
pub(super) fn draw(options: &GenerateOptions, shape: &Shape) -> Supply {
    let mut throws = random(options.seed, 3);
    let tasks = options.tasks;
    let mut by_skill = Vec::with_capacity(tasks);
    let mut modes = Vec::with_capacity(tasks);
    let mut needs = Rows::with_capacity(tasks, tasks);
    let mut row = Vec::new();
    for task in 0..tasks {
        row.clear();
        let works = shape.durations[task] > 0;
        let skilled = works && options.resources > 0 && options.skills > 0.0 && throws.random_bool(options.skills);
        if works && !skilled {
            draw_work(options, &mut throws, &mut row);
        }
        if works && options.materials > 0 && throws.random_bool(0.15) {
            let material = throws.random_range(0..options.materials);
            let amount = throws.random_range(1..=20);
            row.push(Need { resource: (options.resources + material) as u32, amount });
        }
        by_skill.push(skilled);
        let choice = works && !skilled && options.modes > 1 && (options.periods || throws.random_bool(0.3));
        modes.push(if choice { options.modes as u8 } else { 1 });
        needs.push_row(row.iter().copied());
    }
    let sources = draw_sources(options, shape, &needs, &by_skill, &modes);
    let fixed_costs = draw_fixed_costs(options, shape);
    let dearest = sources[..options.resources].iter().map(|source| source.rate).max().unwrap_or(0);
    let cost = |task: usize| {
        let hours = u64::from(shape.durations[task]);
        let resources: u64 = needs
            .row(task)
            .iter()
            .map(|need| {
                let price = u64::from(need.amount) * u64::from(sources[need.resource as usize].rate);
                if (need.resource as usize) < options.resources { price * hours } else { price }
            })
            .sum();
        let skill = if by_skill[task] { hours * u64::from(dearest) } else { 0 };
        u64::from(fixed_costs[task]) + resources + skill
    };
    let costs = (0..tasks).map(cost).collect();
    Supply { sources, needs, by_skill, modes, fixed_costs, costs }
}

/// Units of a work resource that mode `mode` (from 0) of `modes` needs where the first needs `amount`: the work stays
/// about the same while the duration shrinks.
pub(super) fn units_in_mode(amount: u32, mode: u32, modes: u32) -> u32 {
    (amount * modes).div_ceil(modes - mode)
}

/// Duration in mode `mode` (from 0) of `modes` where it is `duration` in the first.
pub(super) fn duration_in_mode(duration: u32, mode: u32, modes: u32) -> u32 {
    (duration * (modes - mode)).div_ceil(modes)
}

/// Work resources that a task needs: each with the probability of the resource factor, drawn by skipping ahead so that a
/// thousand resources cost no more than those that are needed.
fn draw_work(options: &GenerateOptions, random: &mut Random, row: &mut Vec<Need>) {
    let factor = options.resource_factor;
    if options.resources == 0 || factor <= 0.0 {
        return;
    }
    let most = if options.periods { 10 } else { 2 };
    let mut resource = 0;
    while resource < options.resources {
        if factor < 1.0 {
            let throw: f64 = 1.0 - random.random::<f64>();
            let skipped = throw.ln() / (1.0 - factor).ln();
            resource = resource.saturating_add(skipped as usize);
        }
        if resource < options.resources {
            row.push(Need { resource: resource as u32, amount: random.random_range(1..=most) });
        }
        resource += 1;
    }
    if row.is_empty() {
        let resource = random.random_range(0..options.resources) as u32;
        row.push(Need { resource, amount: random.random_range(1..=most) });
    }
}

fn draw_sources(
    options: &GenerateOptions,
    shape: &Shape,
    needs: &Rows<Need>,
    by_skill: &[bool],
    modes: &[u8],
) -> Vec<Source> {
    let mut random = random(options.seed, 4);
    let count = options.resources + options.materials;
    let mut least = vec![1u64; count];
    let mut total = vec![0u64; count];
    // (position in time, change in units) of every use at its earliest.
    let mut steps: Vec<Vec<(u32, i64)>> = vec![Vec::new(); options.resources];
    for (task, &modes) in modes.iter().enumerate() {
        let (start, duration) = (shape.starts[task], shape.durations[task]);
        let mut add = |resource: usize, amount: u32| {
            if resource < options.resources {
                let most = units_in_mode(amount, u32::from(modes) - 1, u32::from(modes));
                least[resource] = least[resource].max(u64::from(most));
                total[resource] += u64::from(amount) * u64::from(duration);
                steps[resource].push((start, i64::from(amount)));
                steps[resource].push((start + duration, -i64::from(amount)));
            } else {
                total[resource] += u64::from(amount);
            }
        };
        if by_skill[task] {
            add(task % options.resources, 1);
        }
        needs.row(task).iter().for_each(|need| add(need.resource as usize, need.amount));
    }
    (0..count)
        .map(|resource| {
            let capacity = if resource < options.resources {
                let peak = peak(&mut steps[resource]).max(least[resource]);
                let least = least[resource].max(total[resource] / LONGEST_PLAN_HOURS + 1);
                let spread = peak.saturating_sub(least) as f64;
                least + (options.resource_strength * spread).round() as u64
            } else {
                // A tenth more than needed.
                (total[resource] + total[resource].div_ceil(10)).max(1)
            };
            let rate = random.random_range(if resource < options.resources { 8..=32 } else { 1..=40 }) * 5;
            let own = options.calendars > 0 && resource < options.resources && random.random_bool(0.6);
            let calendar = own.then(|| random.random_range(0..options.calendars) as u32);
            Source { capacity, rate: if options.periods { 0 } else { rate }, calendar }
        })
        .collect()
}

/// The most units in use at once.
fn peak(steps: &mut [(u32, i64)]) -> u64 {
    // Of two steps at one time the negative one comes first: what finishes makes room for what starts.
    steps.sort_unstable();
    let (mut used, mut most) = (0, 0);
    for &(_, change) in steps.iter() {
        used += change;
        most = most.max(used);
    }
    most.unsigned_abs()
}

fn draw_fixed_costs(options: &GenerateOptions, shape: &Shape) -> Vec<u32> {
    let mut random = random(options.seed, 5);
    let priced = !options.periods && options.budgets > 0;
    let mut draw = |&duration: &u32| match duration {
        0 => 0,
        _ if priced && random.random_bool(0.2) => 100 * random.random_range(1..=50),
        _ => 0,
    };
    shape.durations.iter().map(&mut draw).collect()
}
