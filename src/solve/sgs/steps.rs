//! Free units of one resource over time, as steps.

use crate::network::{NEVER, Slot};

/// A step function: from each step's position on, until the next step, `free` units are free.
///
/// Neighbouring questions lie near each other (schemes go through time in one direction or the other), so the search for
/// a position begins where the last one ended.
///
/// Invariant: positions increase strictly, the first one is the lowest there is, the last one [`NEVER`], which no question
/// reaches, and neighbouring steps differ.
#[derive(Clone, Debug)]
pub struct Steps {
    steps: Vec<Step>,
    /// A step near the last question.
    cursor: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    at: Slot,
    free: i32,
}

/// The end of all steps.
const LAST: Step = Step { at: NEVER, free: i32::MIN };
/// Steps that are walked from the cursor before the rest is bisected.
const WALKED: usize = 8;

impl Steps {
    /// Nothing taken yet: the capacity of a resource; the first step also holds for all positions before it.
    pub fn new(capacity: &[(Slot, i32)]) -> Steps {
        let mut steps: Vec<Step> = Vec::with_capacity(capacity.len() + 1);
        for (index, &(at, free)) in capacity.iter().enumerate() {
            if steps.last().is_none_or(|last| last.free != free) {
                steps.push(Step { at: if index == 0 { Slot::MIN } else { at }, free });
            }
        }
        steps.push(LAST);
        Steps { steps, cursor: 0 }
    }

    /// Becomes a copy of `other` without allocating, once large enough.
    pub fn copy_from(&mut self, other: &Steps) {
        self.steps.clone_from(&other.steps);
        self.cursor = 0;
    }

    /// Where the last stretch that touches `from..to` (not cut to it) ends in which fewer than `amount` units are free.
    #[inline]
    pub fn last_shortage_end(&mut self, from: Slot, to: Slot, amount: i32) -> Option<Slot> {
        let index = self.last_shortage(from, to, amount)?;
        Some(self.shortage_end(index, amount))
    }

    /// Where the first stretch that touches `from..to` (not cut to it) begins in which fewer than `amount` units are free.
    #[inline]
    pub fn first_shortage_begin(&mut self, from: Slot, to: Slot, amount: i32) -> Option<Slot> {
        let index = self.first_shortage(from, to, amount)?;
        Some(self.shortage_begin(index, amount))
    }

    /// Where the first stretch that touches `from..to` (not cut to it) ends in which fewer than `amount` units are free.
    #[inline]
    pub fn first_shortage_end(&mut self, from: Slot, to: Slot, amount: i32) -> Option<Slot> {
        let index = self.first_shortage(from, to, amount)?;
        Some(self.shortage_end(index, amount))
    }

    /// The last stretch that touches `from..to` (not cut to it) in which fewer than `amount` units are free.
    pub fn last_shortage_in(&mut self, from: Slot, to: Slot, amount: i32) -> Option<(Slot, Slot)> {
        let index = self.last_shortage(from, to, amount)?;
        Some((self.shortage_begin(index, amount), self.shortage_end(index, amount)))
    }

    /// The first stretch that touches `from..to` (not cut to it) in which fewer than `amount` units are free.
    pub fn first_shortage_in(&mut self, from: Slot, to: Slot, amount: i32) -> Option<(Slot, Slot)> {
        let index = self.first_shortage(from, to, amount)?;
        Some((self.shortage_begin(index, amount), self.shortage_end(index, amount)))
    }

    /// The last step that touches `from..to` with fewer than `amount` free units.
    #[inline]
    fn last_shortage(&mut self, from: Slot, to: Slot, amount: i32) -> Option<usize> {
        if from >= to {
            return None;
        }
        let last = self.index_of(to - 1);
        for (index, step) in self.steps[..=last].iter().enumerate().rev() {
            if step.free < amount {
                return Some(index);
            }
            if step.at <= from {
                // Where something will be taken, if nothing else is in the way.
                self.cursor = index;
                break;
            }
        }
        None
    }

    /// The first step that touches `from..to` with fewer than `amount` free units.
    #[inline]
    fn first_shortage(&mut self, from: Slot, to: Slot, amount: i32) -> Option<usize> {
        if from >= to {
            return None;
        }
        let first = self.index_of(from);
        self.cursor = first;
        let within = self.steps[first..].iter().take_while(|step| step.at < to).position(|step| step.free < amount);
        within.map(|within| first + within)
    }

    /// Where the shortage of `amount` units of which a step is part ends.
    #[inline]
    fn shortage_end(&self, index: usize, amount: i32) -> Slot {
        let behind = self.steps[index + 1..].iter().find(|step| step.free >= amount);
        behind.map_or(NEVER, |step| step.at)
    }

    /// Where the shortage of `amount` units of which a step is part begins.
    #[inline]
    fn shortage_begin(&self, index: usize, amount: i32) -> Slot {
        let before = self.steps[..index].iter().rposition(|step| step.free >= amount);
        self.steps[before.map_or(0, |before| before + 1)].at
    }

    /// Takes `amount` units from `from` to `to`; units that are not there count as negative.
    pub fn take(&mut self, from: Slot, to: Slot, amount: i32) {
        if from >= to || amount == 0 {
            return;
        }
        let first = self.index_of(from);
        let step = self.steps[first];
        let next = self.steps[first + 1];
        if next.at < to {
            self.take_across(first, from, to, amount);
            return;
        }
        // Within one step, which is nearly always so: what it leaves behind, before and after, and what adjoins.
        let left = step.free - amount;
        let at_begin = step.at == from;
        let at_end = next.at == to;
        let joins_before = at_begin && first > 0 && self.steps[first - 1].free == left;
        let joins_after = at_end && next.free == left;
        match (at_begin, at_end) {
            (false, false) => {
                let end = self.steps.len();
                self.steps.extend_from_slice(&[Step { at: from, free: left }, Step { at: to, free: step.free }]);
                self.steps.copy_within(first + 1..end, first + 3);
                self.steps[first + 1] = Step { at: from, free: left };
                self.steps[first + 2] = Step { at: to, free: step.free };
            }
            (true, false) if joins_before => self.steps[first].at = to,
            (true, false) => {
                self.steps[first].free = left;
                self.steps.insert(first + 1, Step { at: to, free: step.free });
            }
            (false, true) if joins_after => self.steps[first + 1].at = from,
            (false, true) => self.steps.insert(first + 1, Step { at: from, free: left }),
            (true, true) => {
                self.steps[first].free = left;
                if joins_after {
                    self.steps.remove(first + 1);
                }
                if joins_before {
                    self.steps.remove(first);
                }
            }
        }
    }

    /// As [`Steps::take`], where `from` is in step `first` and `to` behind its end.
    fn take_across(&mut self, mut first: usize, from: Slot, to: Slot, amount: i32) {
        let before = self.steps[first];
        if before.at < from {
            first += 1;
            self.steps.insert(first, Step { at: from, free: before.free });
        }
        let mut last = first;
        while self.steps[last].at < to {
            self.steps[last].free -= amount;
            last += 1;
        }
        // Only the two ends can have become equal to their neighbours.
        let free = self.steps[last - 1].free;
        if self.steps[last].at > to {
            self.steps.insert(last, Step { at: to, free: free + amount });
        } else if self.steps[last].free == free {
            self.steps.remove(last);
        }
        if first > 0 && self.steps[first].free == self.steps[first - 1].free {
            self.steps.remove(first);
        }
    }

    /// The last step at or before a position.
    #[inline]
    fn index_of(&mut self, position: Slot) -> usize {
        let steps = &self.steps[..];
        let mut at = self.cursor.min(steps.len() - 2);
        // No position is before the first step or behind the last one.
        for _ in 0..WALKED {
            if steps[at].at > position {
                at -= 1;
            } else if steps[at + 1].at <= position {
                at += 1;
            } else {
                self.cursor = at;
                return at;
            }
        }
        let (low, high) = if steps[at].at > position { (0, at) } else { (at, steps.len()) };
        self.cursor = low + steps[low..high].partition_point(|step| step.at <= position) - 1;
        self.cursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Rival: an array with an entry for every position.
        #[test]
        fn steps_agree_with_an_array(
            capacity in proptest::collection::vec(0i32..6, 1..5),
            takes in proptest::collection::vec((0i32..100, 0i32..12, 1i32..4), 0..40),
            from in 0i32..100, length in 1i32..10, amount in 1i32..5,
        ) {
            let steps: Vec<(Slot, i32)> = capacity.iter().enumerate().map(|(i, &units)| (10 * i as i32, units)).collect();
            let mut fast = Steps::new(&steps);
            let mut slow: Vec<i32> = (0..120).map(|at| capacity[(at / 10).min(capacity.len() - 1)]).collect();
            for (from, length, amount) in takes {
                slow[from as usize..(from + length) as usize].iter_mut().for_each(|free| *free -= amount);
                fast.take(from, from + length, amount);
            }
            prop_assert!(fast.steps.windows(2).all(|pair| pair[0].free != pair[1].free && pair[0].at < pair[1].at));
            let to = from + length;
            let short: Vec<i32> = (from..to).filter(|&at| slow[at as usize] < amount).collect();
            let is_short = |at: i32| slow.get(at as usize).is_some_and(|&free| free < amount);
            let last = fast.last_shortage_in(from, to, amount);
            prop_assert_eq!(fast.last_shortage_end(from, to, amount), last.map(|last| last.1));
            let first = fast.first_shortage_in(from, to, amount);
            prop_assert_eq!(fast.first_shortage_begin(from, to, amount), first.map(|first| first.0));
            for (found, known) in [(first, short.first()), (last, short.last())] {
                prop_assert_eq!(found.is_some(), known.is_some());
                let Some(((begin, end), &known)) = found.zip(known) else { continue };
                prop_assert!(begin <= known && known < end);
                prop_assert!((begin.max(0)..end.min(120)).all(is_short));
                prop_assert!(begin <= 0 || !is_short(begin - 1));
                prop_assert!(end >= 120 || !is_short(end));
            }
        }
    }
}
