//! Least distances between variables.

use rustc_hash::FxHashMap;

use super::literal::{Literal, Side};
use crate::index::Rows;

/// A least distance: `to >= from + least`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    /// The variable that comes first.
    pub from: u32,
    /// The variable that comes at least so much later.
    pub to: u32,
    /// By how much; negative for a maximal lag from `to` to `from`.
    pub least: i32,
}

/// What a rise of a side does to another.
#[derive(Clone, Copy, Debug)]
pub struct Push {
    /// The side that rises with it,
    pub to: Side,
    /// to so much more.
    pub more: i32,
    /// The distance, by its place.
    pub distance: u32,
}

/// All distances, by the sides they push.
#[derive(Clone, Debug)]
pub struct Precedence {
    distances: Vec<Distance>,
    pushes: Rows<Push>,
}

impl Precedence {
    /// Of those between the same variables the longest counts.
    ///
    /// # Arguments
    /// `variables` is their number.
    pub fn new(distances: &[Distance], variables: usize) -> Precedence {
        let mut of_side = vec![Vec::new(); 2 * variables];
        let mut longest: FxHashMap<(u32, u32), i32> = FxHashMap::default();
        for &Distance { from, to, least } in distances {
            longest.entry((from, to)).and_modify(|longest| *longest = least.max(*longest)).or_insert(least);
        }
        for (place, distance) in distances.iter().enumerate() {
            let [from, to] = [distance.from, distance.to];
            if distance.least < longest[&(from, to)] {
                continue;
            }
            let push = |to: Side| Push { to, more: distance.least, distance: place as u32 };
            of_side[Side::lower(from).index()].push(push(Side::lower(to)));
            of_side[Side::upper(to).index()].push(push(Side::upper(from)));
        }
        Precedence { distances: distances.to_vec(), pushes: of_side.into_iter().collect() }
    }

    /// What a rise of `side` does.
    #[inline]
    pub fn pushes(&self, side: Side) -> &[Push] {
        self.pushes.row(side.index())
    }

    /// All distances, by their numbers.
    pub fn distances(&self) -> &[Distance] {
        &self.distances
    }

    /// From what a literal follows by a distance.
    #[inline]
    pub fn explain(&self, distance: u32, literal: Literal) -> Literal {
        let Distance { from, to, least } = self.distances[distance as usize];
        let side = if literal.side.is_lower() { Side::lower(from) } else { Side::upper(to) };
        Literal { side, value: literal.value - least }
    }
}
