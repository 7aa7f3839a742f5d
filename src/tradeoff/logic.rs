//! The front of modes as they are, by links, calendars and dates alone.

use super::choice::{Choice, Search};
use super::point::{Front, Point, Proof};
use super::{FrontOptions, earliest};
use crate::cpm::{self, Basis};
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::{Network, Slot};
use crate::plan::Plan;
use crate::schedule::{place, verify_dates};

/// Sets of modes that are looked at for each point, unless somebody says otherwise.
const USUAL_NODES: u64 = 20_000;

/// Finds the front from its cheapest point on: the next one is the cheapest that finishes at least a slot earlier.
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
    let never = || Error::infeasible("a task's work never fits into its calendar");
    let search = Search::new(plan, network);
    let nodes = control.effort().unwrap_or(USUAL_NODES);
    let first = search.cheapest().ok_or_else(never)?;
    let earliest = earliest(plan, network).ok_or_else(never)?.min(first.finish);
    // With as many points as are asked for, this is how far at least one is from the next.
    let pace = match options.points {
        Some(points) => ((first.finish - earliest) / (points.max(2) as Slot - 1)).max(1),
        None => 1,
    };
    let mut choices: Vec<(Choice, i64)> = vec![(first.clone(), first.cost)];
    let mut date = choices[0].0.finish;
    let mut is_stopped = false;
    loop {
        date -= pace;
        let answer = search.by(date, nodes, control);
        is_stopped |= control.must_stop() || answer.best.is_none() && answer.bound < i64::MAX;
        let Some(choice) = answer.best else {
            // Nothing is that early, or nothing was found: the earliest finish lies between here and the last point.
            let (mut none, mut some) = (date, choices.last().map_or(date, |(choice, _)| choice.finish));
            let mut last = None;
            while some - none > 1 && !is_stopped {
                let middle = none + (some - none) / 2;
                let answer = search.by(middle, nodes, control);
                is_stopped |= control.must_stop() || answer.best.is_none() && answer.bound < i64::MAX;
                match answer.best {
                    Some(choice) => {
                        some = choice.finish;
                        last = Some((choice, answer.bound));
                    }
                    None => none = middle,
                }
            }
            if let Some((choice, bound)) = last {
                choices.retain(|(other, _)| other.cost < choice.cost);
                choices.push((choice, bound));
                // The ends of the front say more than what lies between.
                if options.points.is_some_and(|most| choices.len() > most.max(2)) {
                    choices.remove(choices.len() - 2);
                }
                report(choices.len());
            }
            break;
        };
        date = choice.finish;
        // What costs no more and is earlier takes the place of what was found before.
        choices.retain(|(other, _)| other.cost < choice.cost);
        choices.push((choice, answer.bound));
        report(choices.len());
        if is_stopped {
            break;
        }
    }
    let is_complete = network.left_out.is_empty();
    let point = |(choice, bound): &(Choice, i64)| -> Result<Point> {
        let proof = if is_complete && choice.cost <= *bound { Proof::Optimal } else { Proof::Feasible };
        let least = is_complete.then_some(*bound);
        let early = cpm::planned_dates(plan, network, &choice.modes).ok_or_else(never)?;
        let schedule = place(plan, network, &early.start, &choice.modes);
        let findings = verify_dates(plan, &schedule);
        if findings.has_errors() {
            return Err(Error::rejected_schedule(findings));
        }
        let dates = cpm::analyse(plan, network, &choice.modes, Basis::Logic);
        Ok(Point::chosen(plan, network, choice, (proof, least), (schedule, dates)))
    };
    let points = choices.iter().map(point).collect::<Result<Vec<Point>>>()?;
    Ok(Front { points, left_out: vec!["resources, materials and budgets"], corners: None, is_stopped })
}
