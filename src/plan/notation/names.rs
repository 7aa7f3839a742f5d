//! Look-up of the ids of a table.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The ids of a table and what they stand for, with what the list parsers must know about all of them.
#[derive(Clone, Debug)]
pub struct Names<'a, I> {
    map: HashMap<&'a str, I, BuildHasherDefault<NeighbourHasher>>,
    longest: usize,
    commas: bool,
    semicolons: bool,
}

impl<I> Default for Names<'_, I> {
    fn default() -> Self {
        Names { map: HashMap::default(), longest: 0, commas: false, semicolons: false }
    }
}

impl<'a, I: Copy> Names<'a, I> {
    /// No names yet, with room for some.
    pub fn with_capacity(count: usize) -> Self {
        Names { map: HashMap::with_capacity_and_hasher(count, Default::default()), ..Names::default() }
    }

    /// Adds a name unless it is there already.
    ///
    /// # Returns
    /// What the name stood for already.
    pub fn insert(&mut self, name: &'a str, id: I) -> Option<I> {
        match self.map.entry(name) {
            std::collections::hash_map::Entry::Occupied(seen) => Some(*seen.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(id);
                self.longest = self.longest.max(name.len());
                self.commas |= name.contains(',');
                self.semicolons |= name.contains([';', '\n']);
                None
            }
        }
    }

    /// What exactly this name stands for.
    #[inline]
    pub fn find(&self, name: &str) -> Option<I> {
        if name.len() > self.longest { None } else { self.map.get(name).copied() }
    }

    /// True if some name contains a comma, so that commas cannot separate names.
    pub fn any_comma(&self) -> bool {
        self.commas
    }

    /// True if some name contains what usually separates the items of a list.
    pub fn any_separator(&self) -> bool {
        self.semicolons
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}

impl<'a, I: Copy> FromIterator<(&'a str, I)> for Names<'a, I> {
    fn from_iter<T: IntoIterator<Item = (&'a str, I)>>(pairs: T) -> Self {
        let mut names = Names::default();
        for (name, id) in pairs {
            names.insert(name, id);
        }
        names
    }
}

/// A hash that puts names that differ in their last letters next to each other.
///
/// Ids are numbered as a rule, and a task's predecessors mostly stand close to it. Slots that are close too are still in
/// the processor's cache when a million tasks look up their predecessors, where a hash that scatters them costs a
/// miss or two each. The low bits, which choose the slot, are a polynomial of the letters; the top seven, which the map
/// compares first, are mixed from all of it.
#[derive(Clone, Copy, Default)]
struct NeighbourHasher(u64);

impl Hasher for NeighbourHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, &byte| sum.wrapping_mul(131).wrapping_add(byte.into()));
    }

    /// The mark behind a string, the same for all.
    fn write_u8(&mut self, _end: u8) {}

    fn finish(&self) -> u64 {
        const LOW: u64 = (1 << 57) - 1;
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (self.0 & LOW) | (mixed & !LOW)
    }
}
