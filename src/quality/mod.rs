//! Is a plan well made? The fourteen points by which the Defense Contract Management Agency (DCMA) judges schedules, what
//! else experienced planners look at, and whether every deliverable is made, tested and accepted.
//!
//! # Source
//! DCMA-EA PAM 200.1, "Earned Value Management System Program Analysis Pamphlet", 2012, section 4.

mod points;
mod shape;
#[cfg(test)]
mod tests;
mod trace;

pub use points::{Limit, Offender, Point, Verdict};
pub(crate) use shape::{Ends, Links, open};
pub use shape::{Shape, out_of_sequence};
pub use trace::{Known, Missing, State, Trace, trace};

use std::borrow::Cow;

use crate::cpm::{self, Basis};
use crate::error::Result;
use crate::network::compile_for_dates;
use crate::plan::Plan;
use crate::solve::FormerSchedule;

/// How well a plan is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// The fourteen points, in their order.
    pub points: Vec<Point>,
    /// What else is conspicuous.
    pub shape: Shape,
    /// The deliverables, if the plan lists any, with the earliest finishes by logic.
    pub deliverables: Vec<Trace>,
}

impl Quality {
    /// How many of the points that can be judged are met, and how many can be judged.
    pub fn met(&self) -> (usize, usize) {
        let count = |verdict: fn(&Verdict) -> bool| self.points.iter().filter(|point| verdict(&point.verdict)).count();
        let met = count(|verdict| *verdict == Verdict::Met);
        (met, met + count(|verdict| *verdict == Verdict::Missed))
    }

    /// The share of the points that can be judged which are met, in percent.
    pub fn index(&self) -> f64 {
        let (met, judged) = self.met();
        if judged == 0 { 100.0 } else { 100.0 * met as f64 / judged as f64 }
    }
}

/// Judges a plan that has no baseline, as [`assess_against`] does.
///
/// # Errors
/// As [`compile_for_dates`].
pub fn assess(plan: &Plan) -> Result<Quality> {
    assess_against(plan, None)
}

/// Judges a plan.
///
/// # Arguments
/// `plan` is the whole plan, with what has been done of it. Dates and floats are those by links, calendars and constraints alone.
/// `baseline` is the schedule that was promised, for points 11 and 14.
///
/// # Errors
/// As [`compile_for_dates`].
///
/// # Complexity
/// Linear in tasks and links.
pub fn assess_against(plan: &Plan, baseline: Option<&FormerSchedule>) -> Result<Quality> {
    let left = cpm::left_by_logic(Cow::Borrowed(plan));
    let network = compile_for_dates(&left)?;
    let modes = cpm::quickest_modes(&network);
    let dates = cpm::analyse(&left, &network, &modes, Basis::Logic);
    let links = shape::Links::of(plan);
    let points = points::all(&points::Judged { plan, left: &left, dates: &dates, links: &links, baseline })?;
    Ok(Quality { points, shape: Shape::of(plan, &links), deliverables: trace::by_logic(plan, &dates) })
}
