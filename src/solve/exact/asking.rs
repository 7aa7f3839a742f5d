//! What is done for a makespan that withstands: better weights of tasks, and values that are shaved off.

use super::kernel::{CHANGES_OF_CONFLICT, Kernel};
use super::literal::{Literal, Side};
use super::weights::{CLOSE, Progress, Quest};
use crate::solve::sgs::Word;

/// How far a question about a makespan has come.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    makespan: i32,
    /// Conflicts met while it was asked.
    pub conflicts: u64,
    /// True if a pool counts by weights for it, and if that pool is worth to be looked at everywhere.
    is_weighted: bool,
    is_close: bool,
    /// A search for better weights that had to stop, and whether one has come to its end.
    quest: Option<Box<Quest>>,
    is_improved: bool,
    is_shaved: bool,
}

/// Conflicts that a makespan has to withstand before better weights are looked for (in tests just one, so that small
/// problems come to it), and before values are shaved off.
const WEIGH_AFTER: u64 = if cfg!(test) { 1 } else { 100 };
const SHAVE_AFTER: u64 = 300;

impl<W: Word> Kernel<W> {
    /// The question that is asked.
    pub(super) fn asked_now(&mut self) -> &mut Asked {
        &mut self.asked[usize::from(!self.from_below)]
    }

    /// Does what is due for the makespan that is asked about; true if anything was.
    pub(super) fn strengthen(&mut self, must_stop: &dyn Fn() -> bool) -> bool {
        let makespan = self.trail.most(self.makespan);
        if self.asked_now().makespan != makespan {
            *self.asked_now() = Asked { makespan, ..Asked::default() };
        }
        if self.renew_weights(must_stop) {
            return true;
        }
        let from_below = self.from_below;
        let asked = self.asked_now();
        let is_due = from_below && !asked.is_shaved && asked.conflicts >= SHAVE_AFTER;
        if is_due {
            asked.is_shaved = true;
            self.shave(must_stop);
        }
        is_due
    }

    /// Counts by weights for the makespan that is asked about, by better ones if it has withstood for a while; true if that
    /// is something new.
    fn renew_weights(&mut self, must_stop: &dyn Fn() -> bool) -> bool {
        let work = self.conflicts * CHANGES_OF_CONFLICT + self.energy.steps;
        let Kernel { trail, asked, from_below, tasks, .. } = self;
        let which = usize::from(!*from_below);
        let asked = &mut asked[which];
        let Some(weights) = self.weights.as_mut() else { return false };
        // It may take a third of the work in all.
        let is_within_reach = asked.makespan < self.out_of_reach && 2 * (weights.work() + weights.estimate()) <= work;
        let is_due = !asked.is_improved && asked.conflicts >= WEIGH_AFTER && is_within_reach;
        let span = |task: u32| (trail.least(task), tasks[task as usize].most_end(task, trail));
        if is_due || asked.quest.is_some() {
            let mut quest = asked.quest.take().or_else(|| weights.begin(tasks, span).map(Box::new));
            let progress = quest.as_mut().map_or(Progress::OutOfReach, |quest| weights.go_on(quest, must_stop));
            if progress == Progress::OutOfReach {
                self.out_of_reach = asked.makespan;
            }
            asked.is_improved = progress != Progress::Stopped;
            asked.quest = quest.filter(|_| !asked.is_improved);
            asked.is_weighted &= !asked.is_improved;
        }
        if weights.are_nothing() || asked.is_weighted {
            return false;
        }
        let (mut pool, ratio) = weights.pool(tasks, span);
        pool.condition = from_below.then_some(Literal::at_most(self.makespan, asked.makespan));
        asked.is_weighted = true;
        asked.is_close = ratio >= CLOSE;
        self.backtrack(0);
        self.pools[self.weighted + which] = pool;
        self.weighed = None;
        true
    }

    /// True if counting by weights nearly refutes the makespan that is asked about from below.
    pub(super) fn is_close(&self) -> bool {
        self.asked[0].is_close
    }

    /// Tries each half of the values of each variable, and learns where that leads to a conflict at once (shaving: Martin,
    /// Shmoys, "A new approach to computing optimal schedules for the job-shop scheduling problem", IPCO 1996). All windows
    /// are looked at meanwhile.
    fn shave(&mut self, must_stop: &dyn Fn() -> bool) {
        let (base, makespan) = (self.trail.level(), self.makespan);
        let mut learned = None;
        self.is_shaving = true;
        while learned != Some(self.conflicts) {
            learned = Some(self.conflicts);
            for variable in (0..self.scope).filter(|&variable| variable != makespan) {
                for side in [Side::lower(variable), Side::upper(variable)] {
                    while self.is_refuted_at_once(side) {
                        while !self.is_exhausted && !self.settle() {}
                        if self.is_exhausted || self.trail.level() < base || must_stop() {
                            self.is_shaving = false;
                            return;
                        }
                        self.backtrack(base);
                    }
                }
            }
        }
        self.is_shaving = false;
    }

    /// Tries the upper half of a side, and learns from the conflict if that leads to one.
    fn is_refuted_at_once(&mut self, side: Side) -> bool {
        let (least, most) = (self.trail.bound(side), -self.trail.bound(side.opposite()));
        if least == most {
            return false;
        }
        let level = self.trail.level();
        self.trail.decide(Literal { side, value: least + (most - least + 1) / 2 });
        let is_possible = self.settle();
        if is_possible {
            self.backtrack(level);
        }
        !is_possible
    }
}
