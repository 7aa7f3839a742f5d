//! The hull of a usage profile: the least levels above it that rise to one peak and fall from there. What lies between the
//! two is idle ([`Profile::idle`]).
//!
//! If a task comes to a stretch of a profile, the hull before and behind the stretch grows to at most the highest level within
//! it. So, once highest levels and areas from either side are known, the hull with the task costs a look at the stretch and
//! two binary searches on either side.

use super::profile::{Profile, Stretch};
use crate::network::Slot;

/// What is known of a profile's hull.
#[derive(Clone, Debug)]
pub struct Hull {
    /// Where steps begin, and the end of the profile.
    edges: Vec<Slot>,
    /// The highest level until the end of each step, and from its beginning on.
    before: Vec<i64>,
    after: Vec<i64>,
    /// Areas from 0 to each edge, below `before`, below `after` and below the lesser of both.
    areas: [Vec<i64>; 3],
    /// The work of the profile.
    work: i64,
}

const BEFORE: usize = 0;
const AFTER: usize = 1;
const BOTH: usize = 2;

impl Hull {
    /// The hull of a profile.
    pub fn new(profile: &Profile) -> Hull {
        let steps: Vec<(Stretch, i64)> = profile.levels().collect();
        let highest = |highest: &mut i64, step: &(Stretch, i64)| {
            *highest = step.1.max(*highest);
            Some(*highest)
        };
        let before: Vec<i64> = steps.iter().scan(0, highest).collect();
        let mut after: Vec<i64> = steps.iter().rev().scan(0, highest).collect();
        after.reverse();
        let mut areas = [vec![0], vec![0], vec![0]];
        for (number, &((from, to), _)) in steps.iter().enumerate() {
            let levels = [before[number], after[number], before[number].min(after[number])];
            for (area, level) in areas.iter_mut().zip(levels) {
                area.push(area[number] + level * i64::from(to - from));
            }
        }
        let edges = steps.iter().map(|step| step.0.0).chain([profile.end()]).collect();
        Hull { edges, before, after, areas, work: profile.work() }
    }

    /// The idle time of the profile if so much more is in use in a stretch of it.
    pub fn idle_with(&self, profile: &Profile, stretch: Stretch, amount: i64) -> i64 {
        let (from, to) = stretch;
        let inside: Vec<(i64, i64)> = profile.within(stretch).map(|(level, time)| (level + amount, time)).collect();
        let top = inside.iter().map(|step| step.0).max().unwrap_or(0);
        // Before the stretch levels from then on are at least `top`; behind it levels until then are.
        let (high, end) = (self.first(&self.after, |level| level < top), self.edges[self.edges.len() - 1]);
        let low = self.first(&self.before, |level| level >= top);
        let left = self.area(BOTH, 0, high.min(from)) + self.capped(BEFORE, (high.min(from), from), low, top);
        let right = self.capped_from(AFTER, (to, low.max(to)), high, top) + self.area(BOTH, low.max(to), end);
        let (mut before, mut after) = (self.level_before(from), self.level_after(to));
        let mut rising: Vec<i64> = Vec::with_capacity(inside.len());
        for &(level, _) in &inside {
            before = before.max(level);
            rising.push(before);
        }
        let mut middle = 0;
        for (&(level, time), before) in inside.iter().zip(rising).rev() {
            after = after.max(level);
            middle += before.min(after) * time;
        }
        left + middle + right - self.work - amount * i64::from(to - from)
    }

    /// The edge from which on a condition on levels holds, which holds for all steps behind the first for which it does.
    fn first(&self, levels: &[i64], holds: impl Fn(i64) -> bool) -> Slot {
        self.edges[levels.partition_point(|&level| !holds(level))]
    }

    /// The area below rising levels between two positions, capped at `top`, which they reach at `low`.
    fn capped(&self, which: usize, (from, to): Stretch, low: Slot, top: i64) -> i64 {
        let turn = low.clamp(from, to);
        self.area(which, from, turn) + top * i64::from(to - turn)
    }

    /// The area below falling levels between two positions, capped at `top`, below which they are from `high` on.
    fn capped_from(&self, which: usize, (from, to): Stretch, high: Slot, top: i64) -> i64 {
        let turn = high.clamp(from, to);
        top * i64::from(turn - from) + self.area(which, turn, to)
    }

    fn area(&self, which: usize, from: Slot, to: Slot) -> i64 {
        if from < to { self.area_until(which, to) - self.area_until(which, from) } else { 0 }
    }

    fn area_until(&self, which: usize, at: Slot) -> i64 {
        let number = (self.edges.partition_point(|&edge| edge <= at).max(1) - 1).min(self.before.len());
        let level = match (self.before.get(number), self.after.get(number)) {
            (Some(&before), Some(&after)) => [before, after, before.min(after)][which],
            _ => 0,
        };
        self.areas[which][number] + level * i64::from(at - self.edges[number])
    }

    /// The highest level before a position, and from it on.
    fn level_before(&self, at: Slot) -> i64 {
        let number = self.edges.partition_point(|&edge| edge < at);
        number.checked_sub(1).and_then(|number| self.before.get(number)).copied().unwrap_or(0)
    }

    fn level_after(&self, at: Slot) -> i64 {
        let number = self.edges.partition_point(|&edge| edge <= at).max(1) - 1;
        self.after.get(number).copied().unwrap_or(0)
    }
}
