//! Samples that do not finish, since something in them finds no time.
//!
//! They count as later than any date and dearer than any cost: the last slot there is stands for no finish, the greatest amount for
//! no cost, and where they become numbers both are infinite.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::block::LAST;
use super::model::{Model, Work};
use super::simulate::Run;
use crate::network::{Network, Slot};
use crate::units::{Minutes, Moment};

/// A task or gate that finds no time in some samples, so that these do not finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// The task or gate; none for the start or the finish of a summary.
    pub work: Option<Work>,
    /// The samples.
    pub samples: u64,
    /// The least time that it takes in them.
    pub shortest: Minutes,
    /// The longest time that it can work at a stretch, if it has to run without a pause; without an end if it is free always.
    pub longest_stretch: Option<Minutes>,
}

/// A cost without an end: that of a project that does not finish.
pub const NO_END: i64 = i64::MAX;

/// A cost of samples as a number; infinite for [`NO_END`].
pub fn cost_number(cost: i64) -> f64 {
    if cost == NO_END { f64::INFINITY } else { cost as f64 }
}

/// The moment of a finish in minutes; infinite for [`LAST`].
pub fn finish_minutes(network: &Network, slot: Slot) -> f64 {
    match finish_moment(network, slot) {
        Moment::NEVER => f64::INFINITY,
        Moment(minutes) => minutes as f64,
    }
}

/// The moment of a finish; [`Moment::NEVER`] for [`LAST`]. What takes no time at the beginning does not finish before it.
pub fn finish_moment(network: &Network, slot: Slot) -> Moment {
    match slot {
        LAST => Moment::NEVER,
        0 => network.axis.start_moment(slot),
        _ => network.axis.finish_moment(slot),
    }
}

/// How often something found no time, and the shortest time that it took where it found none, in slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// Samples.
    pub samples: u64,
    /// Slots.
    pub shortest: Slot,
}

/// Adds what is known of a position.
pub fn add_stuck(stuck: &mut BTreeMap<u32, Stuck>, at: u32, more: Stuck) {
    let known = stuck.entry(at).or_insert(Stuck { samples: 0, shortest: more.shortest });
    known.samples = known.samples.saturating_add(more.samples);
    known.shortest = known.shortest.min(more.shortest);
}

/// What finds no time in some samples, and what it would need.
pub fn unplaced(model: &Model<'_>, run: &Run) -> Vec<Unplaced> {
    let slot_minutes = model.network.axis.slot_minutes.0;
    let mut unplaced: Vec<Unplaced> = Vec::new();
    for (&at, stuck) in &run.stuck {
        let node = &model.nodes[at as usize];
        let longest = || model.network.calendar(node.mode.calendar).longest_stretch();
        unplaced.push(Unplaced {
            work: node.work,
            samples: stuck.samples,
            shortest: Minutes(i64::from(stuck.shortest) * slot_minutes),
            longest_stretch: node.mode.unbroken.then(|| Minutes(longest().saturating_mul(slot_minutes))),
        });
    }
    unplaced.sort_by_key(|it| it.work);
    unplaced
}
