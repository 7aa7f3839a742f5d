//! The front of modes as they are, within resources and budgets: one cap on the cost after the other.
//!
//! The engine proves how early a plan can finish, so the cost is what is capped: under no cap there is the earliest finish of
//! all, and under a cap just below the cost of a point the next one. That no plan under that cap finishes as early as the
//! point does is the proof that nothing as early is cheaper.

use super::FrontOptions;
use super::choice::{Choice, Search};
use super::point::{Front, Point, Proof};
use crate::effort::{Control, Limits};
use crate::error::{Error, Result};
use crate::index::IdVec;
use crate::network::{Network, Slot};
use crate::plan::{Plan, TaskId};
use crate::schedule::{Schedule, Status, TaskDates};
use crate::solve::{Objective, SolveOptions, partial_order, solve};

/// A point that was found.
struct Found {
    choice: Choice,
    schedule: (Schedule, IdVec<TaskId, TaskDates>),
    /// Nothing that costs as little finishes earlier.
    is_earliest: bool,
    /// Nothing that finishes as early costs less.
    is_cheapest: bool,
}

/// Finds the front from its earliest point on.
///
/// # Errors
/// As [`front`](super::front).
pub fn front(
    plan: &Plan,
    network: &Network,
    options: &FrontOptions,
    control: &Control,
    report: &(dyn Fn(usize) + Sync),
) -> Result<Front> {
    let search = Search::new(plan, network);
    let mut solving = SolveOptions {
        seed: options.seed,
        objectives: vec![Objective::Finish, Objective::Cost],
        ignore_resources: false,
        start: None,
    };
    let limits = Limits { effort: control.effort(), time: None };
    let mut found: Vec<Found> = Vec::new();
    let mut capped = Some((network.clone(), i64::MAX));
    let mut pace = 1;
    let mut is_stopped = false;
    while let Some((network_now, cap)) = &capped {
        let outcome = solve(plan, network_now, &solving, &control.anew(limits), &|_| {})?;
        let bound = network.axis.slot_at_or_before(outcome.lower_bound);
        let is_impossible = outcome.status == Status::Infeasible;
        if let Some(last) = found.last_mut() {
            last.is_cheapest |= pace == 1 && (is_impossible || bound > last.choice.finish);
        }
        let Some(schedule) = outcome.schedule else {
            is_stopped = !is_impossible;
            match found.is_empty() {
                true if is_impossible => return Err(Error::infeasible(outcome.message)),
                true => {
                    return Err(Error::usage(format!(
                        "no schedule was found: {}; give it more effort",
                        outcome.message
                    )));
                }
                false => break,
            }
        };
        let modes = partial_order(network, &schedule).modes;
        let cost: i64 = modes.iter().map(|&mode| network.costs[mode as usize]).sum();
        if cost > *cap {
            // The engine found nothing under the cap, and what it found is over it: the same cap again would bring the same.
            is_stopped = true;
            break;
        }
        let finish: Slot = schedule.finish().map_or(0, |finish| network.axis.slot_at_or_before(finish));
        solving.start = Some((&schedule).into());
        if found.is_empty()
            && let Some(points) = options.points
        {
            pace = ((cost - network.least_cost()) / (points.max(2) as i64 - 1)).max(1);
        }
        // What is as early and costs less takes the place of what was found before.
        found.retain(|other| other.choice.finish < finish);
        let choice = Choice { modes, cost, finish };
        let (is_earliest, is_cheapest) = (bound >= finish, cost <= network.least_cost());
        found.push(Found { choice, schedule: (schedule, outcome.dates), is_earliest, is_cheapest });
        report(found.len());
        if control.must_stop() {
            is_stopped = true;
            break;
        }
        let least = network.least_cost();
        let cap = if pace > 1 && cost > least { (cost - pace).max(least) } else { cost - pace };
        capped = network.with_cost_cap(cap).map(|network| (network, cap));
    }
    let is_complete = network.left_out.is_empty();
    let point = |found: Found| {
        let Found { choice, schedule, is_earliest, is_cheapest } = found;
        let least = search.least(choice.finish).filter(|_| is_complete);
        let is_cheapest = is_complete && (is_cheapest || least.is_some_and(|least| least >= choice.cost));
        let proof = match (is_cheapest, is_earliest) {
            (true, true) => Proof::Optimal,
            (true, false) => Proof::Cheapest,
            (false, _) => Proof::Feasible,
        };
        let least = if is_cheapest { Some(choice.cost) } else { least };
        Point::chosen(plan, network, &choice, (proof, least), schedule)
    };
    let points = undominated(found).into_iter().rev().map(point).collect();
    Ok(Front { points, left_out: Vec::new(), corners: None, is_stopped })
}

/// What is found, the earliest first, without what is later and no cheaper.
fn undominated(mut found: Vec<Found>) -> Vec<Found> {
    let mut least = i64::MAX;
    found.sort_by_key(|it| (it.choice.finish, it.choice.cost));
    found.retain(|it| {
        let is_cheaper = it.choice.cost < least;
        least = least.min(it.choice.cost);
        is_cheaper
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Rows;

    #[test]
    fn what_is_later_and_no_cheaper_is_no_point_of_the_front() {
        let found = |&(finish, cost): &(Slot, i64)| Found {
            choice: Choice { modes: Vec::new(), cost, finish },
            schedule: (Schedule { placements: IdVec::new(), assignments: Rows::default() }, IdVec::new()),
            is_earliest: false,
            is_cheapest: true,
        };
        let kept = undominated([(3, 50), (5, 50), (6, 60), (7, 40), (7, 30)].iter().map(found).collect());
        let values: Vec<(Slot, i64)> = kept.iter().map(|it| (it.choice.finish, it.choice.cost)).collect();
        assert_eq!(values, [(3, 50), (7, 30)]);
    }
}
