//! Tasks that cannot run at the same time.
//!
//! If one of two rivals can no longer finish before the other's latest start, it comes after it (detectable precedences;
//! Vilim, "O(n log n) filtering algorithms for unary resource constraint", CPAIOR 2004, section 3.2, for one pair at a
//! time).

use super::literal::Literal;
use super::tasks::Task;
use super::timetable::Steps;
use super::trail::{Reason, Trail};
use crate::index::Rows;

/// All pairs of rivals.
#[derive(Clone, Debug)]
pub struct Rivals {
    of: Rows<u32>,
}

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
            needs[one]
                .iter()
                .zip(&needs[other])
                .zip(&peaks)
                .any(|((one, other), peak)| *one > 0 && *other > 0 && one + other > *peak)
        };
        let mut of = Rows::with_capacity(tasks.len(), 0);
        for task in 0..tasks.len() as u32 {
            let is_rival = |&other: &u32| {
                let takes_time = |task: u32| tasks[task as usize].least_duration() > 0;
                other != task
                    && takes_time(task)
                    && takes_time(other)
                    && exceed(task as usize, other as usize)
                    && !follow(task, other)
                    && !follow(other, task)
            };
            of.push_row((0..tasks.len() as u32).filter(is_rival));
        }
        Rivals { of }
    }

    /// Draws conclusions from a bound of a task that has risen.
    ///
    /// # Errors
    /// A literal that follows from a rival, named by its number, and cannot be true.
    #[inline]
    pub fn order(&self, task: u32, tasks: &[Task], trail: &mut Trail) -> Result<(), (Literal, u32)> {
        for &rival in self.of.row(task as usize) {
            follow(task, rival, tasks, trail)?;
            follow(rival, task, tasks, trail)?;
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
        // The second cannot finish before the latest start of the first, with something to spare.
        let latest = -trail.bound_before(Literal::at_most(first, 0).side, place);
        let ends = tasks[second as usize].ends_from(second, 0);
        let earliest = trail.bound_before(ends.side, place) - ends.value;
        let spare = earliest - latest - 1;
        let is_given = |literal: Literal| trail.entry(trail.entry_of(literal)).level == 0;
        let start = Literal::at_most(first, latest + spare);
        let (start, end) = match is_given(start) {
            true => (start, tasks[second as usize].ends_from(second, earliest)),
            false => (Literal::at_most(first, latest), tasks[second as usize].ends_from(second, earliest - spare)),
        };
        why.extend([start, end]);
        why.push(match is_lower {
            // The second starts late because the first ends late,
            true => tasks[first as usize].ends_from(first, literal.value),
            // and the first ends early because the second starts early.
            false => Literal::at_most(second, tasks[first as usize].ends_by(first, 0).value - literal.value),
        });
    }
}

/// If `first` cannot come after `second`, `second` comes after `first`.
#[inline]
fn follow(first: u32, second: u32, tasks: &[Task], trail: &mut Trail) -> Result<(), (Literal, u32)> {
    let (one, other) = (&tasks[first as usize], &tasks[second as usize]);
    if other.least_end(second, trail) <= trail.most(first) {
        return Ok(());
    }
    let after = Literal::at_least(second, one.least_end(first, trail));
    let before = one.ends_by(first, trail.most(second));
    for (literal, rival) in [(after, first), (before, second)] {
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
