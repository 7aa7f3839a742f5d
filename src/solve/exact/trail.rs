//! The bounds of all variables, and how they came to be what they are.

use super::literal::{Literal, Side};

/// Why a bound rose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was given, or follows from what was given.
    Given,
    /// It was tried.
    Decision,
    /// It is taken for granted for the time being.
    Granted,
    /// A least distance between two variables, by its place among them.
    Distance(u32),
    /// A lag that runs on a calendar, by its place among them.
    Lag(u32),
    /// A nogood, by its number.
    Nogood(u32),
    /// The resources that tasks certainly use in a slot leave no room there.
    Slot(i32),
    /// Start, finish and modes of a task agree.
    Choice(u32),
    /// A total allows no more.
    Total(u32),
    /// Another task that cannot run at the same time comes before it, or behind it.
    Rival(u32),
    /// Only one of two such tasks can come first.
    Order,
    /// One of them comes before a third, and that before the other.
    Chain(u32),
    /// Tasks of which no two can run at the same time leave it no other room, by the number of their set.
    Clique(u32),
    /// A window has no room for it elsewhere, by the number of the move.
    Window(u32),
}

/// A rise of a bound.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The side that rose.
    pub side: Side,
    /// To what.
    pub value: i32,
    /// The entry of its last rise before.
    pub previous: u32,
    /// Number of decisions up to it.
    pub level: u32,
    /// Why.
    pub reason: Reason,
}

/// Bounds and their history.
#[derive(Clone, Debug)]
pub struct Trail {
    bounds: Vec<i32>,
    latest: Vec<u32>,
    entries: Vec<Entry>,
    /// Number of entries before each decision.
    levels: Vec<u32>,
    /// Sides that have fallen back since it was last asked.
    fallen: Vec<Side>,
}

impl Trail {
    /// # Arguments
    /// The window of each variable; no window is empty.
    pub fn new(windows: &[(i32, i32)]) -> Trail {
        let bounds: Vec<i32> = windows.iter().flat_map(|&(least, most)| [least, -most]).collect();
        let entry = |place: usize| Entry {
            side: if place.is_multiple_of(2) { Side::lower(place as u32 / 2) } else { Side::upper(place as u32 / 2) },
            value: bounds[place],
            previous: place as u32,
            level: 0,
            reason: Reason::Given,
        };
        Trail {
            latest: (0..bounds.len() as u32).collect(),
            entries: (0..bounds.len()).map(entry).collect(),
            levels: Vec::new(),
            fallen: Vec::new(),
            bounds,
        }
    }

    /// What a side is at least.
    #[inline]
    pub fn bound(&self, side: Side) -> i32 {
        self.bounds[side.index()]
    }

    /// The least value of a variable.
    #[inline]
    pub fn least(&self, variable: u32) -> i32 {
        self.bounds[2 * variable as usize]
    }

    /// The greatest value of a variable.
    #[inline]
    pub fn most(&self, variable: u32) -> i32 {
        -self.bounds[2 * variable as usize + 1]
    }

    /// True if only one value is left to a variable.
    #[inline]
    pub fn is_fixed(&self, variable: u32) -> bool {
        self.least(variable) == self.most(variable)
    }

    /// True if a literal holds.
    #[inline]
    pub fn is_true(&self, literal: Literal) -> bool {
        self.bound(literal.side) >= literal.value
    }

    /// True if a literal cannot hold.
    #[inline]
    pub fn is_false(&self, literal: Literal) -> bool {
        self.is_true(literal.negated())
    }

    /// Number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Number of entries before the first decision.
    pub fn len_given(&self) -> u32 {
        self.levels.first().copied().unwrap_or(self.entries.len() as u32)
    }

    /// An entry.
    #[inline]
    pub fn entry(&self, place: u32) -> &Entry {
        &self.entries[place as usize]
    }

    /// Number of decisions.
    #[inline]
    pub fn level(&self) -> u32 {
        self.levels.len() as u32
    }

    /// What a side was at least before entry `place`.
    #[inline]
    pub fn bound_before(&self, side: Side, place: u32) -> i32 {
        let mut at = self.latest[side.index()];
        while at >= place {
            at = self.entries[at as usize].previous;
        }
        self.entries[at as usize].value
    }

    /// What a side was at least before the first decision.
    pub fn bound_given(&self, side: Side) -> i32 {
        self.bound_before(side, self.len_given())
    }

    /// The entry with which a literal, true now, became true.
    #[inline]
    pub fn entry_of(&self, literal: Literal) -> u32 {
        let mut at = self.latest[literal.side.index()];
        loop {
            let previous = self.entries[at as usize].previous;
            if previous == at || self.entries[previous as usize].value < literal.value {
                return at;
            }
            at = previous;
        }
    }

    /// Raises a side; the variable keeps a value by the caller's care.
    #[inline]
    pub fn raise(&mut self, literal: Literal, reason: Reason) {
        let Literal { side, value } = literal;
        debug_assert!(value > self.bound(side) && value + self.bound(side.opposite()) <= 0);
        let entry = Entry { side, value, previous: self.latest[side.index()], level: self.level(), reason };
        self.latest[side.index()] = self.entries.len() as u32;
        self.bounds[side.index()] = value;
        self.entries.push(entry);
    }

    /// Begins a new level with a decision.
    pub fn decide(&mut self, literal: Literal) {
        self.levels.push(self.entries.len() as u32);
        self.raise(literal, Reason::Decision);
    }

    /// Takes back the last entry, which is not one of level 0.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop()?;
        self.latest[entry.side.index()] = entry.previous;
        self.bounds[entry.side.index()] = self.entries[entry.previous as usize].value;
        self.fallen.push(entry.side);
        Some(entry)
    }

    /// Takes back all that came after the first `level` decisions.
    pub fn backtrack(&mut self, level: u32) {
        let Some(&kept) = self.levels.get(level as usize) else { return };
        while self.entries.len() > kept as usize {
            self.pop();
        }
        self.levels.truncate(level as usize);
    }

    /// Hands out a side that has fallen back.
    pub fn next_fallen(&mut self) -> Option<Side> {
        self.fallen.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_rise_and_fall_back_and_tell_when_a_literal_became_true() {
        let mut trail = Trail::new(&[(0, 9), (2, 5)]);
        trail.raise(Literal::at_least(0, 1), Reason::Given);
        trail.decide(Literal::at_most(1, 4));
        trail.raise(Literal::at_least(0, 3), Reason::Distance(0));
        trail.decide(Literal::at_least(0, 6));
        assert_eq!((trail.least(0), trail.most(1), trail.level()), (6, 4, 2));
        assert_eq!(trail.entry_of(Literal::at_least(0, 1)), 4);
        assert_eq!(trail.entry_of(Literal::at_least(0, 2)), 6);
        assert_eq!(trail.entry_of(Literal::at_least(0, 5)), 7);
        assert_eq!(trail.entry_of(Literal::at_least(0, 0)), 0);
        assert_eq!(trail.bound_before(Side::lower(0), 7), 3);
        assert_eq!(trail.bound_before(Side::upper(1), 5), -5);
        trail.backtrack(1);
        assert_eq!((trail.least(0), trail.level(), trail.next_fallen()), (3, 1, Some(Side::lower(0))));
        trail.backtrack(0);
        assert_eq!((trail.least(0), trail.most(1)), (1, 5));
    }
}
