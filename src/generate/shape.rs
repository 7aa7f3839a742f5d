//! The shape of a generated plan: durations, milestones and links.
//!
//! Tasks stand in layers of equal width, as in a project that moves from phase to phase; every task but those of the first
//! layer has a predecessor in an earlier layer, mostly in the one before. The number of layers grows with the cube root
//! of the number of tasks, so that big plans become wide rather than centuries long.

use rand::Rng;

use super::GenerateOptions;
use crate::effort::{Random, random};
use crate::error::{Error, Result};
use crate::index::Rows;
use crate::plan::LinkKind;

/// Hours in a working day of the standard calendar.
pub(super) const HOURS_PER_DAY: u32 = 8;

/// The distance of a drawn link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DrawnLag {
    None,
    Days(i8),
    ElapsedDays(i8),
    Percent(i8),
}

/// A link into a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DrawnLink {
    /// The number of the task it comes from, lower than that of the task it leads to.
    pub predecessor: u32,
    pub kind: LinkKind,
    pub lag: DrawnLag,
}

/// Durations and links.
pub(super) struct Shape {
    /// Duration of each task in hours (periods in a plan without dates); 0 for a milestone.
    pub durations: Vec<u32>,
    /// Links into each task.
    pub links: Rows<DrawnLink>,
    /// Start of each task when only durations and the order of the links count; sizes capacities and holidays.
    pub starts: Vec<u32>,
    /// The latest finish in the same sense.
    pub finish: u32,
}

/// Draws the shape.
pub(super) fn draw(options: &GenerateOptions) -> Result<Shape> {
    let durations = draw_durations(options);
    let width = layer_width(options)?;
    let counts = draw_counts(options, width)?;
    let links = draw_links(options, width, &counts);
    let mut starts = vec![0; durations.len()];
    let mut finish = 0;
    for task in 0..durations.len() {
        let ends = links.row(task).iter().map(|link| {
            let at = link.predecessor as usize;
            if link.kind.from_finish() { starts[at] + durations[at] } else { starts[at] }
        });
        starts[task] = ends.max().unwrap_or(0);
        finish = finish.max(starts[task] + durations[task]);
    }
    Ok(Shape { durations, links, starts, finish })
}

fn draw_durations(options: &GenerateOptions) -> Vec<u32> {
    let mut random = random(options.seed, 0);
    (0..options.tasks)
        .map(|_| {
            if random.random_bool(options.milestones) {
                0
            } else if options.periods {
                random.random_range(1..=10)
            } else if random.random_bool(0.15) {
                [2, 4, 6, 12][random.random_range(0..4)]
            } else {
                // Many short tasks, few long ones: the smaller of two throws.
                HOURS_PER_DAY * random.random_range(1..=12).min(random.random_range(1..=12))
            }
        })
        .collect()
}

fn layer_width(options: &GenerateOptions) -> Result<usize> {
    let tasks = options.tasks as f64;
    // With layers of width w there are n (n - w) / 2 pairs to link.
    let widest = tasks - 2.0 * options.density;
    if widest < if options.density == 0.0 { 0.0 } else { 1.0 } - 1e-9 {
        return Err(Error::usage(format!(
            "density is `{}`, {} tasks can have {} links each at most",
            options.density,
            options.tasks,
            super::most_density(options.tasks)
        )));
    }
    Ok((tasks.powf(2.0 / 3.0) / 4.0).round().min(widest).max(1.0) as usize)
}

/// The number of links into each task; they add up to the number asked for.
fn draw_counts(options: &GenerateOptions, width: usize) -> Result<Vec<u32>> {
    let target = (options.density * options.tasks as f64).round() as usize;
    let available = |task: usize| task / width * width;
    let most: usize = (0..options.tasks).map(available).sum();
    if target > most {
        return Err(Error::usage(format!("{target} links asked for, {} tasks have room for {most}", options.tasks)));
    }
    let mut counts = vec![0u32; options.tasks];
    let mut left = target;
    for count in counts.iter_mut().skip(width).take(left) {
        *count = 1;
        left -= 1;
    }
    let mut random = random(options.seed, 1);
    let mut tries = 4 * left;
    while left > 0 && tries > 0 {
        let task = random.random_range(width..options.tasks);
        if (counts[task] as usize) < available(task) {
            counts[task] += 1;
            left -= 1;
        }
        tries -= 1;
    }
    // Dense plans: what throwing did not place goes to the first tasks with room.
    for (task, count) in counts.iter_mut().enumerate() {
        let more = left.min(available(task) - *count as usize);
        *count += more as u32;
        left -= more;
    }
    Ok(counts)
}

fn draw_links(options: &GenerateOptions, width: usize, counts: &[u32]) -> Rows<DrawnLink> {
    let mut random = random(options.seed, 2);
    let total = counts.iter().map(|&count| count as usize).sum();
    let mut links = Rows::with_capacity(counts.len(), total);
    let mut chosen: Vec<u32> = Vec::new();
    for (task, &count) in counts.iter().enumerate() {
        choose_predecessors(&mut random, task, width, count as usize, &mut chosen);
        links.push_row(chosen.iter().map(|&predecessor| draw_link(options, &mut random, predecessor)));
    }
    links
}

/// Chooses `count` different tasks of the layers before `task`, in ascending order.
fn choose_predecessors(random: &mut Random, task: usize, width: usize, count: usize, chosen: &mut Vec<u32>) {
    chosen.clear();
    if count == 0 {
        return;
    }
    let end = task / width * width;
    let mut tries = 4 * count;
    while chosen.len() < count && tries > 0 {
        tries -= 1;
        let layers = if random.random_bool(0.8) { 1 } else { 6 };
        let candidate = random.random_range(end.saturating_sub(layers * width)..end) as u32;
        if !chosen.contains(&candidate) {
            chosen.push(candidate);
        }
    }
    chosen.sort_unstable();
    // Dense plans: the nearest that are left.
    let missing = count - chosen.len();
    if missing > 0 {
        let free = (0..end as u32).rev().filter(|candidate| chosen.binary_search(candidate).is_err());
        let added: Vec<u32> = free.take(missing).collect();
        chosen.extend(added);
        chosen.sort_unstable();
    }
}

fn draw_link(options: &GenerateOptions, random: &mut Random, predecessor: u32) -> DrawnLink {
    let [start_start, finish_finish, start_finish] = options.link_kinds;
    let throw: f64 = random.random();
    let kind = if throw < start_start {
        LinkKind::StartToStart
    } else if throw < start_start + finish_finish {
        LinkKind::FinishToFinish
    } else if throw < start_start + finish_finish + start_finish {
        LinkKind::StartToFinish
    } else {
        LinkKind::FinishToStart
    };
    let lag = if !random.random_bool(options.lags) {
        DrawnLag::None
    } else {
        match random.random_range(0..10) {
            0..6 => DrawnLag::Days(random.random_range(1..=5)),
            6..8 => DrawnLag::Days(-random.random_range(1..=2)),
            8 => DrawnLag::Percent([-25, 25, 50, 100][random.random_range(0..4)]),
            _ => DrawnLag::ElapsedDays(random.random_range(1..=7)),
        }
    };
    DrawnLink { predecessor, kind, lag }
}
