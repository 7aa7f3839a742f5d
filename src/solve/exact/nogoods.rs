//! Learned nogoods: sets of literals that cannot all hold.
//!
//! Two literals of each nogood are watched. The watches of a side are shelved by the value at which their literal becomes
//! true, so that a rise of the side visits just those between its old and its new value (the lazily generated literals of
//! Ohrimenko, Stuckey, Codish, "Propagation via lazy clause generation", Constraints 14 (2009), without the literals; two
//! watches after Moskewicz et al., "Chaff", DAC 2001).

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
    /// Value of its side at which it becomes true.
    value: i32,
    /// Another literal of the nogood; nothing is to be done while it is false.
    blocker: Literal,
}

/// Where the watches of a side are.
#[derive(Clone, Copy, Debug)]
struct Shelves {
    first: u32,
    last: u32,
    /// The value of the side at first; each shelf has room for the next 2 to the power of `shift` values.
    least: i32,
    shift: u32,
}

impl Shelves {
    /// The shelf of a value; values that the side cannot have are on the first or the last one.
    #[inline]
    fn of(&self, value: i32) -> usize {
        let above = i64::from(value) - i64::from(self.least) - 1;
        (self.first as usize + (above.max(0) >> self.shift) as usize).min(self.last as usize)
    }
}

/// Shelves of a side at most. (16 proofs of PSPLIB took 0.88 of the time that they took with one list for each side.)
const MOST_SHELVES: u64 = 128;

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
    sides: Vec<Shelves>,
    watches: Vec<Vec<Watch>>,
    bump: f32,
}

/// Nogoods of so few levels are kept for good. (Six nearly closed instances of PSPLIB, million passes to their proofs in
/// all: 14.1 with 2, 9.4 with 3, 8.8 with 4, 9.9 with 5. Nogoods shared between the two engines of the last slots: no
/// fewer.)
const PRECIOUS: u32 = 4;

impl Nogoods {
    /// None yet.
    ///
    /// # Arguments
    /// The window of each variable.
    pub fn new(windows: &[(i32, i32)]) -> Nogoods {
        let mut shelves = 0;
        let side = |(least, values): (i32, u64)| {
            let (first, width) = (shelves, values.div_ceil(MOST_SHELVES).max(1).next_power_of_two());
            shelves += values.div_ceil(width).max(1) as u32;
            Shelves { first, last: shelves - 1, least, shift: width.trailing_zeros() }
        };
        let both = |&(least, most): &(i32, i32)| [least, -most].map(|from| (from, u64::from(least.abs_diff(most))));
        let sides = windows.iter().flat_map(both).map(side).collect();
        let watches = vec![Vec::new(); shelves as usize];
        Nogoods { literals: Vec::new(), heads: Vec::new(), sides, watches, bump: 1.0 }
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
        let shelf = self.sides[literal.side.index()].of(literal.value);
        self.watches[shelf].push(Watch { nogood, value: literal.value, blocker });
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
        let shelves = self.sides[side.index()];
        for shelf in shelves.of(old + 1)..=shelves.of(new) {
            let mut list = std::mem::take(&mut self.watches[shelf]);
            let result = self.visit_shelf(&mut list, side, (old, new), trail);
            // A literal found is not true, so that it may have come to the same shelf, but is none of those visited.
            let added = std::mem::replace(&mut self.watches[shelf], list);
            self.watches[shelf].extend(added);
            if !matches!(result, Visit::Done) {
                return result;
            }
        }
        Visit::Done
    }

    #[inline]
    fn visit_shelf(&mut self, list: &mut Vec<Watch>, side: Side, (old, new): (i32, i32), trail: &mut Trail) -> Visit {
        let mut at = 0;
        while let Some(&Watch { nogood, value, blocker }) = list.get(at) {
            at += 1;
            if value <= old || value > new || trail.is_false(blocker) {
                continue;
            }
            let head = self.heads[nogood as usize];
            let literals = &mut self.literals[head.from as usize..(head.from + head.len) as usize];
            if literals[0] == (Literal { side, value }) {
                literals.swap(0, 1);
            }
            let other = literals[0];
            if other != blocker && trail.is_false(other) {
                list[at - 1].blocker = other;
                continue;
            }
            if let Some(found) = literals[2..].iter().position(|&literal| !trail.is_true(literal)) {
                literals.swap(1, found + 2);
                let new = literals[1];
                self.watch(new, nogood, other);
                at -= 1;
                list.swap_remove(at);
                continue;
            }
            if trail.is_true(other) {
                return Visit::Conflict(nogood);
            }
            let forced = other.negated();
            if trail.is_false(forced) {
                return Visit::Clash(nogood, forced);
            }
            if !trail.is_true(forced) {
                trail.raise(forced, Reason::Nogood(nogood));
            }
        }
        Visit::Done
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
        self.watches.iter_mut().for_each(Vec::clear);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nogood_speaks_up_once_all_but_one_of_its_literals_hold_however_wide_the_windows_are() {
        for most in [3, MOST_SHELVES as i32, 1_000, 1 << 30] {
            let windows = [(0, most), (-most, 0), (0, most)];
            let (mut trail, mut nogoods) = (Trail::new(&windows), Nogoods::new(&windows));
            let literals = [Literal::at_least(0, 2), Literal::at_most(1, -most), Literal::at_least(2, most)];
            nogoods.add(&literals, 2, 0);
            let mut decide = |literal: Literal, old: i32| {
                trail.decide(literal);
                let is_done = matches!(nogoods.visit(literal.side, old, &mut trail), Visit::Done);
                assert!(is_done, "{most}: {literal:?}");
                trail.most(2)
            };
            assert_eq!(decide(Literal::at_least(0, 1), 0), most);
            assert_eq!(decide(Literal::at_least(0, most), 1), most);
            assert_eq!(decide(Literal::at_most(1, 1 - most), 0), most);
            assert_eq!(decide(Literal::at_most(1, -most), most - 1), most - 1);
        }
    }
}
