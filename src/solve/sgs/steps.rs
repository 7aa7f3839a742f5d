//! Free units of one resource over time, as steps.

use crate::network::{NEVER, Slot};

/// A step function: from `at[i]` on, until the next step, `free[i]` units are free.
///
/// Invariant: `at` increases strictly, `at[0]` is the lowest position there is, and neighbouring steps differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    at: Vec<Slot>,
    free: Vec<i32>,
}

impl Steps {
    /// Nothing taken yet: the capacity of a resource; the first step also holds for all positions before it.
    pub fn new(capacity: &[(Slot, i32)]) -> Steps {
        let mut steps = Steps { at: Vec::with_capacity(capacity.len()), free: Vec::with_capacity(capacity.len()) };
        for (index, &(at, units)) in capacity.iter().enumerate() {
            if steps.free.last() != Some(&units) {
                steps.at.push(if index == 0 { Slot::MIN } else { at });
                steps.free.push(units);
            }
        }
        steps
    }

    /// Becomes a copy of `other` without allocating, once large enough.
    pub fn copy_from(&mut self, other: &Steps) {
        self.at.clone_from(&other.at);
        self.free.clone_from(&other.free);
    }

    /// The stretches within `from..to` (not cut to it) where fewer than `amount` units are free, latest first.
    #[inline]
    pub fn shortages_backward(&self, from: Slot, to: Slot, amount: i32) -> impl Iterator<Item = (Slot, Slot)> {
        let end = self.at.partition_point(|&at| at < to);
        let at = &self.at;
        (0..end)
            .rev()
            .map(move |index| (index, at.get(index + 1).copied().unwrap_or(NEVER)))
            .take_while(move |&(_, until)| until > from)
            .filter(move |&(index, _)| self.free[index] < amount)
            .map(move |(index, until)| (at[index], until))
    }

    /// The stretches within `from..to` (not cut to it) where fewer than `amount` units are free, earliest first.
    #[inline]
    pub fn shortages_forward(&self, from: Slot, to: Slot, amount: i32) -> impl Iterator<Item = (Slot, Slot)> {
        let first = self.at.partition_point(|&at| at <= from) - 1;
        let at = &self.at;
        (first..at.len())
            .take_while(move |&index| at[index] < to)
            .filter(move |&index| self.free[index] < amount)
            .map(move |index| (at[index], at.get(index + 1).copied().unwrap_or(NEVER)))
    }

    /// Takes `amount` units from `from` to `to`; units that are not there count as negative.
    pub fn take(&mut self, from: Slot, to: Slot, amount: i32) {
        if from >= to {
            return;
        }
        let first = self.step_at(from);
        let last = self.step_at(to);
        for free in &mut self.free[first..last] {
            *free -= amount;
        }
        // Only the two ends can have become equal to their neighbours.
        self.join(last);
        self.join(first);
    }

    /// The index of the step that begins at `at`, made if there is none.
    fn step_at(&mut self, at: Slot) -> usize {
        let next = self.at.partition_point(|&step| step < at);
        if self.at.get(next) != Some(&at) {
            self.at.insert(next, at);
            self.free.insert(next, self.free[next - 1]);
        }
        next
    }

    fn join(&mut self, index: usize) {
        if index > 0 && index < self.at.len() && self.free[index] == self.free[index - 1] {
            self.at.remove(index);
            self.free.remove(index);
        }
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
            takes in proptest::collection::vec((0i32..40, 0i32..12, 1i32..4), 0..20),
            from in 0i32..40, length in 1i32..10, amount in 1i32..5,
        ) {
            let steps: Vec<(Slot, i32)> = capacity.iter().enumerate().map(|(i, &units)| (10 * i as i32, units)).collect();
            let mut fast = Steps::new(&steps);
            let mut slow: Vec<i32> = (0..60).map(|at| capacity[(at / 10).min(capacity.len() - 1)]).collect();
            for (from, length, amount) in takes {
                slow[from as usize..(from + length) as usize].iter_mut().for_each(|free| *free -= amount);
                fast.take(from, from + length, amount);
            }
            prop_assert!(fast.free.windows(2).all(|pair| pair[0] != pair[1]));
            let to = from + length;
            let short: Vec<i32> = (from..to).filter(|&at| slow[at as usize] < amount).collect();
            let covered = |stretches: Vec<(Slot, Slot)>| -> Vec<i32> {
                (from..to).filter(|&at| stretches.iter().any(|&(a, b)| a <= at && at < b)).collect()
            };
            let forward: Vec<_> = fast.shortages_forward(from, to, amount).collect();
            let mut backward: Vec<_> = fast.shortages_backward(from, to, amount).collect();
            prop_assert_eq!(&covered(forward.clone()), &short);
            backward.reverse();
            prop_assert_eq!(forward, backward);
        }
    }
}
