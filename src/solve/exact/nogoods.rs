//! Learned nogoods: sets of literals that cannot all hold.
//!
//! Two literals of each nogood are watched. A watch sits at the side of its literal together with the value at which the
//! literal becomes true, so that a rise of the side visits just the watches between its old and its new value (the lazily
//! generated literals of Ohrimenko, Stuckey, Codish, "Propagation via lazy clause generation", Constraints 14 (2009),
//! without the literals; two watches after Moskewicz et al., "Chaff", DAC 2001).

use super::literal::{Literal, Side};
use super::trail::{Reason, Trail};

/// Where a nogood's literals are, and how useful it has been.
#[derive(Clone, Copy, Debug)]
struct Head {
    from: u32,
    len: u32,
    /// Number of different levels among its literals when it was learned, or less if it was seen with less.
    levels: u32,
    activity: f32,
    /// How many were learned before it, and itself.
    number: u32,
}

/// A literal of a nogood that is watched.
#[derive(Clone, Copy, Debug)]
struct Watch {
    nogood: u32,
    /// Another literal of the nogood; nothing is to be done while it is false.
    blocker: Literal,
}

/// The watches of a side.
#[derive(Clone, Debug, Default)]
struct Watches {
    /// Value at which the literal of each becomes true: apart from the rest, because most are only looked at and left.
    values: Vec<i32>,
    rest: Vec<Watch>,
}

impl Watches {
    /// The next watch, from number `at` on, whose value is more than `old`, by no more than `width`.
    #[inline]
    fn next(&self, mut at: usize, old: i32, width: u32) -> Option<usize> {
        let is_met = |value: i32| (value.wrapping_sub(old).wrapping_sub(1) as u32) < width;
        while let Some(values) = self.values.get(at..at + LOOKED_AT) {
            if values.iter().fold(false, |any, &value| any | is_met(value)) {
                break;
            }
            at += LOOKED_AT;
        }
        self.values[at..].iter().position(|&value| is_met(value)).map(|more| at + more)
    }

    fn push(&mut self, value: i32, watch: Watch) {
        self.values.push(value);
        self.rest.push(watch);
    }

    fn remove(&mut self, at: usize) {
        self.values.swap_remove(at);
        self.rest.swap_remove(at);
    }

    fn clear(&mut self) {
        self.values.clear();
        self.rest.clear();
    }
}

/// Watches looked at in one step.
const LOOKED_AT: usize = 8;

/// What a visit to the watches of a side led to.
pub enum Visit {
    /// All is well.
    Done,
    /// All literals of a nogood hold.
    Conflict(u32),
    /// A literal must hold and cannot: the nogood, and that literal.
    Clash(u32, Literal),
}

/// All nogoods.
#[derive(Clone, Debug)]
pub struct Nogoods {
    literals: Vec<Literal>,
    heads: Vec<Head>,
    watches: Vec<Watches>,
    bump: f32,
}

/// Nogoods of so few levels are kept for good. (Six nearly closed instances of PSPLIB, million passes to their proofs in
/// all: 14.1 with 2, 9.4 with 3, 8.8 with 4, 9.9 with 5. Nogoods shared between the two engines of the last slots: no
/// fewer.)
const PRECIOUS: u32 = 4;

impl Nogoods {
    /// None yet, for so many sides.
    pub fn new(sides: usize) -> Nogoods {
        Nogoods { literals: Vec::new(), heads: Vec::new(), watches: vec![Watches::default(); sides], bump: 1.0 }
    }

    /// The literals of a nogood.
    #[inline]
    pub fn literals(&self, nogood: u32) -> &[Literal] {
        let head = &self.heads[nogood as usize];
        &self.literals[head.from as usize..(head.from + head.len) as usize]
    }

    /// All of them.
    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = &[Literal]> {
        (0..self.heads.len() as u32).map(|nogood| self.literals(nogood))
    }

    /// The number that a nogood was given.
    pub fn number(&self, nogood: u32) -> u32 {
        self.heads[nogood as usize].number
    }

    /// Adds a nogood of at least two literals, by a number of its own, and watches the first two, which are not true or the last to have become so.
    pub fn add(&mut self, literals: &[Literal], levels: u32, number: u32) -> u32 {
        let nogood = self.heads.len() as u32;
        let from = self.literals.len() as u32;
        self.literals.extend_from_slice(literals);
        self.heads.push(Head { from, len: literals.len() as u32, levels, activity: self.bump, number });
        self.watch(literals[0], nogood, literals[1]);
        self.watch(literals[1], nogood, literals[0]);
        nogood
    }

    fn watch(&mut self, literal: Literal, nogood: u32, blocker: Literal) {
        self.watches[literal.side.index()].push(literal.value, Watch { nogood, blocker });
    }

    /// Takes note that a nogood was of use, seen with literals of so many levels.
    pub fn reward(&mut self, nogood: u32, levels: impl FnOnce(&[Literal]) -> u32) {
        let head = self.heads[nogood as usize];
        let head_now = &mut self.heads[nogood as usize];
        head_now.activity += self.bump;
        if head_now.activity > 1e20 {
            self.heads.iter_mut().for_each(|head| head.activity *= 1e-20);
            self.bump *= 1e-20;
        }
        if head.levels > PRECIOUS {
            let now = levels(&self.literals[head.from as usize..(head.from + head.len) as usize]);
            self.heads[nogood as usize].levels = head.levels.min(now);
        }
    }

    /// Lets what was of use long ago count less.
    pub fn fade(&mut self) {
        self.bump *= 1.0 / 0.999;
    }

    /// Visits the nogoods that watch a literal of `side` that became true since the side was at `old`.
    pub fn visit(&mut self, side: Side, old: i32, trail: &mut Trail) -> Visit {
        let new = trail.bound(side);
        let width = new.wrapping_sub(old) as u32;
        let mut list = std::mem::take(&mut self.watches[side.index()]);
        let mut result = Visit::Done;
        let mut from = 0;
        while let Some(at) = list.next(from, old, width) {
            let watch = list.rest[at];
            from = at + 1;
            if trail.is_false(watch.blocker) {
                continue;
            }
            let head = self.heads[watch.nogood as usize];
            let literals = &mut self.literals[head.from as usize..(head.from + head.len) as usize];
            let mine = Literal { side, value: list.values[at] };
            if literals[0] == mine {
                literals.swap(0, 1);
            }
            let other = literals[0];
            if other != watch.blocker && trail.is_false(other) {
                list.rest[at].blocker = other;
                continue;
            }
            if let Some(found) = literals[2..].iter().position(|&literal| !trail.is_true(literal)) {
                literals.swap(1, found + 2);
                let new = literals[1];
                self.watch(new, watch.nogood, other);
                list.remove(at);
                from = at;
                continue;
            }
            if trail.is_true(other) {
                result = Visit::Conflict(watch.nogood);
                break;
            }
            let forced = other.negated();
            if trail.is_false(forced) {
                result = Visit::Clash(watch.nogood, forced);
                break;
            }
            if !trail.is_true(forced) {
                trail.raise(forced, Reason::Nogood(watch.nogood));
            }
        }
        // Nothing was pushed onto this side's own list: a literal found is not true, those here are, or are above `new`.
        let added = std::mem::replace(&mut self.watches[side.index()], list);
        for (&value, &watch) in added.values.iter().zip(&added.rest) {
            self.watches[side.index()].push(value, watch);
        }
        result
    }

    /// Forgets about half of the nogoods, those of many levels and little use, when no bound depends on any; and those that
    /// can never be of use again.
    pub fn reduce(&mut self, trail: &Trail) {
        let mut ranked: Vec<u32> =
            (0..self.heads.len() as u32).filter(|&nogood| self.heads[nogood as usize].levels > PRECIOUS).collect();
        ranked.sort_by(|&one, &other| {
            let (one, other) = (&self.heads[one as usize], &self.heads[other as usize]);
            other.levels.cmp(&one.levels).then(one.activity.total_cmp(&other.activity))
        });
        let mut dropped = vec![false; self.heads.len()];
        ranked[..ranked.len() / 2].iter().for_each(|&nogood| dropped[nogood as usize] = true);
        self.forget(&dropped, trail);
    }

    fn forget(&mut self, dropped: &[bool], trail: &Trail) {
        let useless = |literals: &[Literal]| literals.iter().any(|&literal| trail.is_false(literal));
        let literals = std::mem::take(&mut self.literals);
        let heads = std::mem::take(&mut self.heads);
        self.watches.iter_mut().for_each(Watches::clear);
        for (head, _) in heads.into_iter().zip(dropped).filter(|&(_, &dropped)| !dropped) {
            let of_head = &literals[head.from as usize..(head.from + head.len) as usize];
            if useless(of_head) {
                continue;
            }
            let nogood = self.heads.len() as u32;
            let from = self.literals.len() as u32;
            self.literals.extend_from_slice(of_head);
            self.heads.push(Head { from, ..head });
            // Literals that hold for good must not be watched.
            let mine = &mut self.literals[from as usize..];
            let mut open = 0;
            for at in 0..mine.len() {
                if open < 2 && !trail.is_true(mine[at]) {
                    mine.swap(open, at);
                    open += 1;
                }
            }
            let (first, second) = (mine[0], mine[1]);
            self.watch(first, nogood, second);
            self.watch(second, nogood, first);
        }
    }
}
