//! How the working time of a job lies in that of a resource it needs, spelled out.
//!
//! A resource works whenever one of its users can, so a stretch of a job's work is a stretch of the resource's time, and
//! between two of them the resource may be working for others. Where it is not, the two stretches adjoin in its time and are
//! one piece here; so a calendar that differs by a few holidays from that of the resource is a few pieces, though it
//! pauses every night.

use crate::network::{Slot, WorkTable};

/// The work of a job's calendar as pieces of a resource's time, both counted from position 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// In order; the last one has no work and ends what is spelled out.
    pieces: Vec<Piece>,
    /// For each `1 << shift` units of work the piece in which they begin.
    cells: Vec<u32>,
    shift: u32,
}

/// Work from `work` on, until the next piece, is done from `inside` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    work: Slot,
    inside: Slot,
}

impl Overlay {
    /// The overlay of the stretches of `table` that are spelled out.
    ///
    /// # Arguments
    /// `inward` gives the resource's time at a position.
    ///
    /// # Returns
    /// `None` if nothing is spelled out.
    pub fn new(table: &WorkTable, inward: impl Fn(i64) -> Slot) -> Option<Overlay> {
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut work, mut until) = (0, Slot::MIN);
        for (start, finish) in table.near_stretches() {
            let (from, length) = (inward(start), (finish - start) as Slot);
            if from != until {
                pieces.push(Piece { work, inside: from });
            }
            work += length;
            until = from + length;
        }
        if work == 0 {
            return None;
        }
        pieces.push(Piece { work, inside: until });
        let shift = (work as usize / pieces.len()).max(1).ilog2();
        let mut at = 0;
        let cell = |cell: Slot| {
            while pieces[at + 1].work <= cell << shift {
                at += 1;
            }
            at as u32
        };
        let cells = (0..=(work - 1) >> shift).map(cell).collect();
        Some(Overlay { pieces, cells, shift })
    }

    /// Bytes that it takes.
    pub fn size(&self) -> usize {
        self.pieces.len() * size_of::<Piece>() + self.cells.len() * size_of::<u32>()
    }

    /// The pieces of the resource's time in which `length` units of work (at least one) after `work` are done: a number for
    /// [`Overlay::piece`] of the first and the last one; `None` if they are not spelled out.
    #[inline]
    pub fn pieces(&self, work: i64, length: Slot) -> Option<(u32, u32)> {
        let end = self.pieces[self.pieces.len() - 1].work;
        if work < 0 || work + i64::from(length) > i64::from(end) {
            return None;
        }
        let work = work as Slot;
        let last = work + length - 1;
        let first_piece = self.at(work, self.cells[(work >> self.shift) as usize]);
        let last_piece = match self.pieces[first_piece as usize + 1].work > last {
            true => first_piece,
            false => self.at(last, self.cells[(last >> self.shift) as usize]),
        };
        Some((first_piece, last_piece))
    }

    /// The part of a piece in which the work from `work` to `until` is done.
    #[inline]
    pub fn piece(&self, number: u32, work: Slot, until: Slot) -> (Slot, Slot) {
        let (piece, next) = (self.pieces[number as usize], self.pieces[number as usize + 1]);
        let offset = piece.inside - piece.work;
        (work.max(piece.work) + offset, until.min(next.work) + offset)
    }

    /// The piece with a unit of work, looked for from piece `at` on.
    #[inline]
    fn at(&self, work: Slot, mut at: u32) -> u32 {
        while self.pieces[at as usize + 1].work <= work {
            at += 1;
        }
        at
    }
}
