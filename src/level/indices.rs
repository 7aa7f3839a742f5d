//! How even the usage of a resource is, in the user's units.

use super::criterion::Criterion;
use super::profile::Profile;
use crate::network::{Network, Renewable};
use crate::plan::{Plan, ResourceId};
use crate::solve::sgs::Presence;
use crate::units::{Amount, Moment};

/// The levelling indices of a usage profile.
///
/// Usage is measured over the working time of the resource (of those who work on it, pauses and holidays left out) from the
/// start of the project to the date by which all shall be done, the same date before and after. Its slots are counted in the
/// plan's time unit, so that half a day with two people counts 0.5 times 4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// The sum of squared usage over time.
    pub squares: f64,
    /// The resource improvement coefficient: 1 if usage is level, more the more it varies.
    pub ric: f64,
    /// Idle days between times of more use: how much is released and engaged again, in units times time.
    pub rid: f64,
    /// Release and re-hire: how many units are released in all to be engaged again later.
    pub rrh: f64,
    /// The most units in use at once.
    pub peak: Amount,
}

impl Indices {
    /// The value of the criterion that a levelling made least.
    pub fn of(&self, criterion: Criterion) -> f64 {
        match criterion {
            Criterion::Squares => self.squares,
            Criterion::Ric => self.ric,
            Criterion::Rid => self.rid,
            Criterion::Peak => self.peak.0 as f64 / Amount::ONE.0 as f64,
        }
    }

    pub(super) fn new(plan: &Plan, network: &Network, of: &Renewable, profile: &Profile) -> Indices {
        let time = network.axis.slot_minutes.0 as f64 / plan.minutes_per_unit().0 as f64;
        let unit = of.unit as f64 / Amount::ONE.0 as f64;
        let (squares, work) = (profile.squares() as f64, profile.work() as f64);
        Indices {
            squares: squares * unit * unit * time,
            ric: if work > 0.0 { f64::from(profile.end()) * squares / (work * work) } else { 1.0 },
            rid: profile.idle() as f64 * unit * time,
            rrh: profile.rehired_twice() as f64 * unit / 2.0,
            peak: Amount(profile.peak() * of.unit),
        }
    }
}

/// What levelling did to a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceLevel {
    /// Whose.
    pub resource: ResourceId,
    /// In the schedule that was given.
    pub before: Indices,
    /// In the levelled one.
    pub after: Indices,
    /// Usage before: units from each moment to the next, pauses left out, zero behind the last one.
    pub usage_before: Vec<(Moment, Amount)>,
    /// Usage after.
    pub usage_after: Vec<(Moment, Amount)>,
}

/// A profile in civil time: units from each moment to the next; pauses within a stretch are not told.
pub(super) fn usage(network: &Network, of: &Renewable, profile: &Profile) -> Vec<(Moment, Amount)> {
    let presence = Presence::new(network, of);
    let mut steps: Vec<(Moment, Amount)> = Vec::new();
    for ((from, to), level) in profile.levels() {
        steps.push((network.axis.start_moment(presence.outward_end(from)), Amount(level * of.unit)));
        if to == profile.end() {
            steps.push((network.axis.finish_moment(presence.outward_begin(to)), Amount::ZERO));
        }
    }
    steps
}
