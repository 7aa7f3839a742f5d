//! Tasks that cannot run at the same time.
//!
//! If one of two rivals can no longer finish before the other's latest start, it comes after it (detectable precedences;
//! Vilim, "O(n log n) filtering algorithms for unary resource constraint", CPAIOR 2004, section 3.2, for one pair at a
//! time).

use fixedbitset::FixedBitSet;

use super::literal::Literal;
use super::tasks::Task;
use super::timetable::Steps;
use super::trail::{Reason, Trail};

/// All pairs of rivals.
#[derive(Clone, Debug)]
pub struct Rivals {
    /// The finish of each task: a variable, and what to add to it.
    ends: Vec<(u32, i32)>,
    /// A row for each task: 1 for its rivals; padded to whole blocks.
    masks: Vec<u8>,
    stride: usize,
    /// Bounds of all tasks as they were when last refreshed.
    least_start: Vec<i32>,
    most_start: Vec<i32>,
    least_end: Vec<i32>,
    most_end: Vec<i32>,
}

/// Tasks that are compared in one step.
const BLOCK: usize = 16;

/// A literal that follows from a rival, named by its number, and cannot be true.
type Clash = (Literal, u32);

impl Rivals {
    /// The pairs that together always need more of a resource than there ever is; pairs that `follow` each other anyway are
    /// left out.
    pub fn new(tasks: &[Task], capacities: &[Steps], follow: impl Fn(u32, u32) -> bool) -> Rivals {
        let peak = |steps: &Steps| steps.iter().map(|step| step.1).max().unwrap_or(0);
        let needs = |task: &Task| -> Vec<i32> {
            let of = |resource: u32| task.modes().iter().map(|mode| mode.amount(resource)).min().unwrap_or(0);
            (0..capacities.len() as u32).map(of).collect()
        };
        let needs: Vec<Vec<i32>> = tasks.iter().map(needs).collect();
        let peaks: Vec<i32> = capacities.iter().map(peak).collect();
        let exceed = |one: usize, other: usize| {
            let both = needs[one].iter().zip(&needs[other]).zip(&peaks);
            both.into_iter().any(|((&one, &other), &peak)| one > 0 && other > 0 && one + other > peak)
        };
        let stride = tasks.len().next_multiple_of(BLOCK);
        let takes_time = |task: usize| tasks[task].least_duration() > 0;
        // In the pauses of one task there is room for the other, unless they pause together.
        let pause_together = |one: usize, other: usize| {
            tasks[one].calendar().is_some() && tasks[one].calendar() == tasks[other].calendar()
        };
        let mut masks = vec![0; tasks.len() * stride];
        for one in (0..tasks.len()).filter(|&task| takes_time(task)) {
            for other in (0..one).filter(|&task| takes_time(task) && exceed(one, task) && pause_together(one, task)) {
                if !follow(one as u32, other as u32) && !follow(other as u32, one as u32) {
                    masks[one * stride + other] = 1;
                    masks[other * stride + one] = 1;
                }
            }
        }
        let end = |(number, task): (u32, &Task)| {
            let literal = task.ends_from(number, 0);
            (literal.side.variable(), -literal.value)
        };
        Rivals {
            ends: (0..).zip(tasks).map(end).collect(),
            masks,
            stride,
            least_start: vec![i32::MIN; stride],
            most_start: vec![i32::MAX; stride],
            least_end: vec![i32::MIN; stride],
            most_end: vec![i32::MAX; stride],
        }
    }

    /// For each task those that never run at the same time: its rivals, and those that `follow` it or that it follows.
    pub fn apart(&self, follow: &[FixedBitSet]) -> Vec<FixedBitSet> {
        let mut apart = self.pairs();
        for (task, behind) in follow.iter().enumerate() {
            apart[task].union_with(behind);
            behind.ones().for_each(|other| apart[other].insert(task));
        }
        apart
    }

    /// The rivals of each task.
    pub fn pairs(&self) -> Vec<FixedBitSet> {
        let tasks = self.ends.len();
        let rivals = |task: usize| (0..tasks).filter(move |&rival| self.masks[task * self.stride + rival] == 1);
        let row = |task: usize| {
            let mut row = FixedBitSet::with_capacity(tasks);
            row.extend(rivals(task));
            row
        };
        (0..tasks).map(row).collect()
    }

    /// Takes in the bounds of a task.
    #[inline]
    pub fn refresh(&mut self, task: u32, trail: &Trail) {
        let (end, more) = self.ends[task as usize];
        self.least_start[task as usize] = trail.least(task);
        self.most_start[task as usize] = trail.most(task);
        self.least_end[task as usize] = trail.least(end) + more;
        self.most_end[task as usize] = trail.most(end) + more;
    }

    /// Draws conclusions from bounds of a task that have risen.
    ///
    /// # Errors
    /// A literal that cannot be true.
    #[inline]
    pub fn order(&self, task: u32, trail: &mut Trail) -> Result<(), Clash> {
        for block in (0..self.stride).step_by(BLOCK) {
            if self.has_news(task as usize, block) {
                for rival in block..(block + BLOCK).min(self.ends.len()) {
                    if self.masks[task as usize * self.stride + rival] == 1 {
                        self.follow(task, rival as u32, trail)?;
                        self.follow(rival as u32, task, trail)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// True if something follows about a task and its rivals in a block.
    #[inline]
    fn has_news(&self, task: usize, block: usize) -> bool {
        let (least_start, most_start) = (self.least_start[task], self.most_start[task]);
        let (least_end, most_end) = (self.least_end[task], self.most_end[task]);
        let (starts, latest) = (block_of(&self.least_start, block), block_of(&self.most_start, block));
        let (ends, until) = (block_of(&self.least_end, block), block_of(&self.most_end, block));
        let mut news = 0;
        for (at, mask) in self.masks[task * self.stride + block..][..BLOCK].iter().enumerate() {
            let is_before = (ends[at] > most_start) & ((starts[at] < least_end) | (latest[at] < most_end));
            let is_behind = (least_end > latest[at]) & ((least_start < ends[at]) | (most_start < until[at]));
            news |= u8::from(is_before | is_behind) & mask;
        }
        news == 1
    }

    /// If `first` cannot come after `second`, `second` comes after `first`.
    fn follow(&self, first: u32, second: u32, trail: &mut Trail) -> Result<(), Clash> {
        let [(end_of_first, before), (end_of_second, after)] = [self.ends[first as usize], self.ends[second as usize]];
        if trail.least(end_of_second) + after <= trail.most(first) {
            return Ok(());
        }
        let late = Literal::at_least(second, trail.least(end_of_first) + before);
        let early = Literal::at_most(end_of_first, trail.most(second) - before);
        for (literal, rival) in [(late, first), (early, second)] {
            if trail.is_true(literal) {
                continue;
            }
            if trail.is_false(literal) {
                return Err((literal, rival));
            }
            trail.raise(literal, Reason::Rival(rival));
        }
        Ok(())
    }

    /// Why a literal about task `task` follows from a rival, as things were before entry `place`.
    pub fn explain(
        &self,
        tasks: &[Task],
        (task, rival): (u32, u32),
        literal: Literal,
        (place, trail): (u32, &Trail),
        why: &mut Vec<Literal>,
    ) {
        let is_lower = literal.side.is_lower();
        let (first, second) = if is_lower { (rival, task) } else { (task, rival) };
        // The second cannot finish before the latest start of the first: by any slot in between, best by one that is given.
        let (starts, ends) = (Literal::at_most(first, 0), tasks[second as usize].ends_from(second, 0));
        let given = place.min(trail.len_given());
        let latest = |place: u32| -trail.bound_before(starts.side, place);
        let earliest = |place: u32| trail.bound_before(ends.side, place) - ends.value;
        let slot = match latest(given) {
            latest if latest < earliest(place) => latest,
            _ => latest(place).max(earliest(given) - 1),
        };
        why.extend([Literal::at_most(first, slot), tasks[second as usize].ends_from(second, slot + 1)]);
        why.push(match is_lower {
            // The second starts late because the first ends late,
            true => tasks[first as usize].ends_from(first, literal.value),
            // and the first ends early because the second starts early.
            false => Literal::at_most(second, tasks[first as usize].ends_by(first, 0).value - literal.value),
        });
    }
}

/// A block of bounds.
#[inline]
fn block_of(bounds: &[i32], block: usize) -> &[i32; BLOCK] {
    bounds[block..].first_chunk().expect("there are whole blocks of bounds")
}
