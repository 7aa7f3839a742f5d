//! How much of a resource is in use over its own working time, in steps.

use crate::network::Slot;

/// A usage profile: levels over the working time of a resource, from 0 to `end`; nothing is in use beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Positions in ascending order, the first one 0, and the level from each to the next; neighbours differ in level.
    steps: Vec<(Slot, i64)>,
    end: Slot,
}

/// A stretch of time: from, to.
pub type Stretch = (Slot, Slot);

impl Profile {
    /// Nothing is in use.
    pub fn new(end: Slot) -> Profile {
        Profile { steps: vec![(0, 0)], end }
    }

    /// Where the profile ends.
    pub fn end(&self) -> Slot {
        self.end
    }

    /// Positions between two, these included, at which the level changes.
    pub fn edges(&self, from: Slot, to: Slot) -> impl ExactSizeIterator<Item = Slot> {
        let first = self.steps.partition_point(|step| step.0 < from);
        let last = self.steps.partition_point(|step| step.0 <= to).max(first);
        self.steps[first..last].iter().map(|&(at, _)| at)
    }

    /// Stretches with their levels, which are zero where nothing is in use.
    pub fn levels(&self) -> impl Iterator<Item = (Stretch, i64)> {
        let ends = self.steps.iter().skip(1).map(|&(at, _)| at).chain([self.end]);
        self.steps.iter().zip(ends).filter(|&(&(at, _), end)| at < end).map(|(&(at, level), end)| ((at, end), level))
    }

    /// Uses so much more (below zero: less) in a stretch.
    pub fn add(&mut self, (from, to): Stretch, amount: i64) {
        if from >= to {
            return;
        }
        let first = self.cut(from);
        let last = self.cut(to);
        self.steps[first..last].iter_mut().for_each(|step| step.1 += amount);
        self.join(last);
        self.join(first);
    }

    /// The number of the step that begins at a position, which is made if there is none.
    fn cut(&mut self, at: Slot) -> usize {
        let number = self.steps.partition_point(|step| step.0 < at);
        if self.steps.get(number).is_none_or(|step| step.0 != at) {
            let level = self.steps[number - 1].1;
            self.steps.insert(number, (at, level));
        }
        number
    }

    fn join(&mut self, number: usize) {
        if number > 0 && self.steps[number].1 == self.steps[number - 1].1 {
            self.steps.remove(number);
        }
    }

    /// The levels within a stretch, and how long each lasts in it.
    pub fn within(&self, (from, to): Stretch) -> impl Iterator<Item = (i64, i64)> {
        let first = self.steps.partition_point(|step| step.0 <= from).max(1) - 1;
        let inside = self.steps[first..].iter().enumerate().take_while(move |(_, step)| step.0 < to);
        inside.map(move |(number, &(at, level))| {
            let end = self.steps.get(first + number + 1).map_or(to, |next| next.0.min(to));
            (level, i64::from(end - at.max(from)))
        })
    }

    /// The sum of levels over time.
    pub fn work(&self) -> i64 {
        self.levels().map(|((from, to), level)| level * i64::from(to - from)).sum()
    }

    /// The sum of squared levels over time.
    pub fn squares(&self) -> i64 {
        self.levels().map(|((from, to), level)| level * level * i64::from(to - from)).sum()
    }

    /// By how much the squares grow if so much more is in use in some stretches.
    pub fn squares_added(&self, stretches: &[Stretch], amount: i64) -> i64 {
        let of = |&stretch: &Stretch| {
            self.within(stretch).map(|(level, time)| (2 * level + amount) * amount * time).sum::<i64>()
        };
        stretches.iter().map(of).sum()
    }

    /// The highest level.
    pub fn peak(&self) -> i64 {
        self.steps.iter().map(|&(_, level)| level).max().unwrap_or(0)
    }

    /// The highest level within stretches.
    pub fn peak_within(&self, stretches: &[Stretch]) -> i64 {
        stretches.iter().flat_map(|&stretch| self.within(stretch)).map(|(level, _)| level).max().unwrap_or(0)
    }

    /// Units that are there between two times at which more of them are needed, and idle: the sum over time of
    /// `min(highest level until then, highest level from then on) - level`.
    pub fn idle(&self) -> i64 {
        let (mut idle, mut before) = (0, 0);
        // From the left as long as levels rise to the peak, from the right behind it: the lesser of the two maxima.
        let peak = self.peak();
        let top = self.steps.iter().position(|&(_, level)| level == peak).unwrap_or(0);
        let time = |number: usize| {
            let end = self.steps.get(number + 1).map_or(self.end, |next| next.0);
            i64::from((end - self.steps[number].0).max(0))
        };
        for (number, &(_, level)) in self.steps.iter().enumerate().take(top) {
            before = level.max(before);
            idle += (before - level) * time(number);
        }
        let mut after = 0;
        for (number, &(_, level)) in self.steps.iter().enumerate().skip(top).rev() {
            after = level.max(after);
            idle += (after - level) * time(number);
        }
        idle
    }

    /// Twice the units that are released and engaged again: all changes of level, from and to nothing included, less twice
    /// the peak.
    pub fn rehired_twice(&self) -> i64 {
        let (mut changes, mut before) = (0, 0);
        for level in self.levels().map(|(_, level)| level).chain([0]) {
            changes += (level - before).abs();
            before = level;
        }
        changes - 2 * self.peak()
    }

    /// The least that the squares can come to if so much more work is to be done at any time: it fills up the lowest levels
    /// first, like water.
    pub fn squares_when_filled(&self, work: i64) -> i64 {
        let mut levels: Vec<(i64, i64)> =
            self.levels().map(|((from, to), level)| (level, i64::from(to - from))).collect();
        levels.sort_unstable();
        let (mut time, mut done, mut above) = (0i128, 0i128, i128::from(self.squares()));
        for (number, &(level, lasts)) in levels.iter().enumerate() {
            time += i128::from(lasts);
            done += i128::from(level * lasts);
            above -= i128::from(level * level * lasts);
            let filled = done + i128::from(work);
            let next = levels.get(number + 1).map_or(i128::MAX / (time + 1), |next| i128::from(next.0));
            if filled <= next * time {
                // All at one level, the mean: the sum of their squares is `filled^2 / time`, rounded up.
                return i64::try_from(above + (filled * filled + time - 1) / time).unwrap_or(i64::MAX);
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::super::hull::Hull;
    use super::*;
    use proptest::prelude::*;

    fn profile(levels: &[i64]) -> Profile {
        let mut profile = Profile::new(levels.len() as Slot);
        levels.iter().enumerate().for_each(|(at, &level)| profile.add((at as Slot, at as Slot + 1), level));
        profile
    }

    #[test]
    fn indices_of_a_profile_worked_by_hand() {
        // El-Rayes and Jun (2009) count release and re-hire of a profile with two fluctuations like this.
        let profile = profile(&[2, 4, 1, 3, 3, 5, 2, 4, 1]);
        assert_eq!(profile.peak(), 5);
        assert_eq!(profile.squares(), 4 + 16 + 1 + 9 + 9 + 25 + 4 + 16 + 1);
        // Idle: 3 at the third, 1 and 1 at the fourth and fifth, 2 at the seventh.
        assert_eq!(profile.idle(), 7);
        // Changes 2+2+3+2+0+2+3+2+3+1 = 20, half of that less the peak: 5.
        assert_eq!(profile.rehired_twice(), 10);
        assert_eq!(profile.work(), 25);
    }

    proptest! {
        #[test]
        fn steps_are_as_good_as_slots(
            uses in proptest::collection::vec((0i32..12, 1i32..6, 1i64..4), 0..9),
            more in (0i32..12, 1i32..6, 1i64..4)
        ) {
            let mut steps = Profile::new(20);
            let mut slots = [0i64; 20];
            for &(from, length, amount) in &uses {
                steps.add((from, from + length), amount);
                slots[from as usize..(from + length) as usize].iter_mut().for_each(|slot| *slot += amount);
            }
            prop_assert_eq!(&steps, &profile(&slots));
            let high = |slots: &[i64]| slots.iter().copied().max().unwrap_or(0);
            let idle = |slots: &[i64]| -> i64 {
                (0..20).map(|at| high(&slots[..=at]).min(high(&slots[at..])) - slots[at]).sum()
            };
            let squares = |slots: &[i64]| slots.iter().map(|level| level * level).sum::<i64>();
            prop_assert_eq!(steps.squares(), squares(&slots));
            prop_assert_eq!(steps.idle(), idle(&slots));
            prop_assert_eq!(steps.peak(), high(&slots));
            let (from, length, amount) = more;
            let stretch = [(from, from + length)];
            prop_assert_eq!(steps.peak_within(&stretch), high(&slots[from as usize..(from + length) as usize]));
            let added = steps.squares_added(&stretch, amount);
            let of_hull = Hull::new(&steps).idle_with(&steps, stretch[0], amount);
            let filled = steps.squares_when_filled(amount * i64::from(length));
            let before = steps.clone();
            steps.add(stretch[0], amount);
            prop_assert_eq!(steps.squares() - before.squares(), added);
            prop_assert!(filled <= steps.squares());
            prop_assert_eq!(of_hull, steps.idle());
            steps.add(stretch[0], -amount);
            prop_assert_eq!(steps, before);
        }
    }

    #[test]
    fn water_fills_the_lowest_levels_first() {
        // 3 of work: one to bring the first up to 2, two more over three slots with 2, 2, 2: 8/3 each.
        assert_eq!(profile(&[1, 2, 2, 5]).squares_when_filled(3), 25 + 22);
        assert_eq!(profile(&[1, 2, 2, 5]).squares_when_filled(0), 34);
        assert_eq!(profile(&[0, 0]).squares_when_filled(4), 8);
    }
}
