//! Continuous crashing: every task may take any time between its modes, at a price in between.
//!
//! The cost of the cheapest plan is a convex, piecewise linear function of the finish. One run of [`Flow`] from the latest
//! finish to the earliest gives all its corners; the durations at any finish are those of the cheapest times there.

use super::flow::{Arc, Flow, Step, UNLIMITED, incident};
use super::program::{Arcs, Curve, Program};
use crate::effort::Control;
use crate::network::Slot;

/// The cheapest way to a finish.
#[derive(Clone, Debug, PartialEq)]
pub struct Crashed {
    /// The finish.
    pub finish: Slot,
    /// What all tasks cost, in minor units of money.
    pub cost: f64,
    /// How long each node takes.
    pub durations: Vec<Slot>,
}

/// The whole function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Finish and cost at every corner, the latest finish first.
    pub corners: Vec<(Slot, f64)>,
    /// The points asked for, the latest finish first.
    pub points: Vec<Crashed>,
    /// True if the earliest finish was not reached.
    pub is_stopped: bool,
}

/// The finish that the cheapest durations give, and the earliest that any give; `None` if links contradict each other.
pub fn range(program: &Program<'_>, curves: &[Curve]) -> Option<(Slot, Slot)> {
    let Arcs { all, .. } = program.arcs(curves);
    let latest = Flow::new(&all, &incident(program.events(), &all))?.finish();
    let hard: Vec<Arc> = all.into_iter().filter(|arc| arc.capacity == UNLIMITED).collect();
    let earliest = Flow::new(&hard, &incident(program.events(), &hard))?.finish();
    Some((earliest as Slot, latest as Slot))
}

/// Runs from the latest finish to the earliest.
///
/// # Arguments
/// `most` is how many points are wanted: all corners if there are no more of them, and as many finishes at equal distances
/// otherwise. Where what the finish costs besides (`cost_of_finish`) makes a finish the cheapest, it is a point too.
///
/// # Returns
/// `None` if links contradict each other.
pub fn course(
    program: &Program<'_>,
    curves: &[Curve],
    most: usize,
    cost_of_finish: &dyn Fn(Slot) -> i64,
    control: &Control,
) -> Option<Course> {
    let (earliest, latest) = range(program, curves)?;
    let Arcs { all, .. } = program.arcs(curves);
    let rows = incident(program.events(), &all);
    let mut flow = Flow::new(&all, &rows)?;
    let scale = program.scale as f64;
    let mut course = Course::default();
    let point = |times: &dyn Fn(u32) -> i64, finish: Slot| -> Crashed {
        let durations = curves.iter().zip(0_u32..).map(|(curve, node)| {
            let distance = (times(2 * node + 1) - times(2 * node)) as Slot;
            // Where there may be a pause between its events, a task takes the cheapest duration that fits.
            if program.is_rigid(node) { distance } else { distance.min(curve.cheapest_duration()) }
        });
        let durations: Vec<Slot> = durations.collect();
        let cost = curves.iter().zip(&durations).map(|(curve, &duration)| curve.cost(duration)).sum();
        Crashed { finish, cost, durations }
    };
    let mut even = evenly(earliest, latest, most).into_iter().peekable();
    let (mut spread, mut corners) = (Vec::new(), Vec::new());
    let mut cost: f64 = curves.iter().map(Curve::least).sum();
    let mut cheapest: Option<(f64, Crashed)> = None;
    loop {
        let finish = flow.finish() as Slot;
        course.corners.push((finish, cost));
        if corners.len() <= most {
            corners.push(point(&flow.times_before(0), finish));
        }
        let step = flow.next();
        let slots = match step {
            Step::Slots(slots) => slots as Slot,
            Step::Last => 0,
        };
        let price = flow.value() as f64 / scale;
        while let Some(wanted) = even.next_if(|&wanted| wanted >= finish - slots) {
            spread.push(point(&flow.times_before(i64::from(finish - wanted)), wanted));
        }
        let total = |wanted: Slot| cost + price * f64::from(finish - wanted) + cost_of_finish(wanted) as f64;
        let wanted = (finish - slots..=finish).step_by((slots as usize / MOST_LOOKS).max(1));
        let best = wanted.map(|wanted| (total(wanted), wanted)).min_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((total, wanted)) = best
            && cheapest.as_ref().is_none_or(|cheapest| total < cheapest.0 - HALF)
        {
            cheapest = Some((total, point(&flow.times_before(i64::from(finish - wanted)), wanted)));
        }
        course.is_stopped = step != Step::Last && control.must_stop();
        if step == Step::Last || course.is_stopped {
            break;
        }
        cost += price * f64::from(slots);
        flow.advance();
    }
    course.points = if corners.len() <= most { corners } else { spread };
    course.points.extend(cheapest.map(|(_, point)| point));
    course.points.sort_by_key(|point| std::cmp::Reverse(point.finish));
    course.points.dedup_by_key(|point| point.finish);
    Some(course)
}

/// Finishes within one step at which the whole cost is looked at, at most.
const MOST_LOOKS: usize = 10_000;
/// Half a minor unit of money: less is an error of rounding.
const HALF: f64 = 0.5;

/// So many finishes at equal distances, the latest first.
fn evenly(earliest: Slot, latest: Slot, count: usize) -> Vec<Slot> {
    let parts = count.max(2) as i64 - 1;
    let span = i64::from(latest - earliest);
    let mut finishes: Vec<Slot> = (0..=parts).map(|part| latest - (span * part / parts) as Slot).collect();
    finishes.dedup();
    finishes
}
