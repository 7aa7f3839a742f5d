//! Lags that run on a calendar, and ends of tasks that must come up to a bound in working terms: least distances that are a
//! function of where they begin.
//!
//! What they lead to never falls as they begin later, so that a bound of the one end is as good as one of the other. They are
//! kept as tables.

use std::sync::Arc;

use super::literal::{Literal, Side};
use crate::index::Rows;

/// A start or a finish: a variable, and what to add to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The variable.
    pub variable: u32,
    /// What to add.
    pub more: i32,
}

/// `to` comes no earlier than where it is led to from `from`.
#[derive(Clone, Debug)]
pub struct Lag {
    /// Where it begins.
    pub from: Point,
    /// What it keeps back.
    pub to: Point,
    /// Where it leads.
    pub leads: Arc<Leads>,
}

/// Where each slot leads; a later one leads no less far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leads(Vec<i32>);

impl Leads {
    /// # Arguments
    /// Where each slot leads, the first being 0; what comes behind the last leads no less far.
    pub fn new(mut leads: Vec<i32>) -> Leads {
        (1..leads.len()).for_each(|slot| leads[slot] = leads[slot].max(leads[slot - 1]));
        Leads(leads)
    }

    /// The way back: the first slot that leads to each slot, or behind it.
    pub fn back(&self) -> Leads {
        Leads((0..self.0.len() as i32).map(|slot| self.first_to(slot)).collect())
    }

    /// Where a slot leads.
    pub fn from(&self, slot: i32) -> i32 {
        self.0[slot.clamp(0, self.0.len() as i32 - 1) as usize]
    }

    /// The first slot that leads to `slot`, or behind it.
    fn first_to(&self, slot: i32) -> i32 {
        self.0.partition_point(|&led| led < slot) as i32
    }

    /// The last slot that leads to `slot`, or before it, and -1 if none does; no answer if all do.
    fn last_to(&self, slot: i32) -> Option<i32> {
        let behind = self.0.partition_point(|&led| led <= slot);
        (behind < self.0.len()).then_some(behind as i32 - 1)
    }
}

/// All lags, by the sides they push.
#[derive(Clone, Debug)]
pub struct Lags {
    lags: Vec<Lag>,
    pushes: Rows<u32>,
}

impl Lags {
    /// # Arguments
    /// `variables` is their number.
    pub fn new(lags: &[Lag], variables: usize) -> Lags {
        let mut of_side = vec![Vec::new(); 2 * variables];
        for (number, lag) in (0..).zip(lags) {
            of_side[Side::lower(lag.from.variable).index()].push(number);
            of_side[Side::upper(lag.to.variable).index()].push(number);
        }
        Lags { lags: lags.to_vec(), pushes: of_side.into_iter().collect() }
    }

    /// The lags that push something when a side rises.
    #[inline]
    pub fn of(&self, side: Side) -> &[u32] {
        self.pushes.row(side.index())
    }

    /// What follows by a lag from a literal about one of its ends, if anything does.
    pub fn push(&self, lag: u32, literal: Literal) -> Option<Literal> {
        let Lag { from, to, leads } = &self.lags[lag as usize];
        if literal.side == Side::lower(from.variable) {
            return Some(Literal::at_least(to.variable, leads.from(literal.value + from.more) - to.more));
        }
        let last = leads.last_to(-literal.value + to.more)?;
        Some(Literal::at_most(from.variable, last - from.more))
    }

    /// From what a literal follows by a lag: no more than is needed for it.
    pub fn explain(&self, lag: u32, literal: Literal) -> Literal {
        let Lag { from, to, leads } = &self.lags[lag as usize];
        if literal.side == Side::lower(to.variable) {
            return Literal::at_least(from.variable, leads.first_to(literal.value + to.more) - from.more);
        }
        Literal::at_most(to.variable, leads.from(-literal.value + from.more + 1) - 1 - to.more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_leads_as_far_as_its_table_says_and_no_further_back_than_it_has_to() {
        // Two slots of work by a calendar that pauses in slots 2, 3 and 6.
        let leads = Leads::new(vec![2, 5, 6, 6, 6, 8, 9, 9]);
        assert_eq!([0, 1, 2, 7, 9].map(|slot| leads.from(slot)), [2, 5, 6, 9, 9]);
        assert_eq!([1, 2, 3, 6, 7, 9].map(|slot| leads.first_to(slot)), [0, 0, 1, 2, 5, 6]);
        assert_eq!(
            [1, 2, 4, 6, 8, 9].map(|slot| leads.last_to(slot)),
            [Some(-1), Some(0), Some(0), Some(4), Some(5), None]
        );
        assert_eq!(leads.back(), Leads(vec![0, 0, 0, 1, 1, 1, 2, 5]));
    }
}
