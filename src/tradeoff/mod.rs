//! Time against cost: what finishing earlier costs, and which finish is the cheapest.
//!
//! [`front`] finds the plans of which none is both earlier and cheaper. There are three ways to it:
//!
//! - `crash`: every task may take any time between its modes (continuous crashing). The whole front comes from one
//!   parametric flow.
//! - `choice`: modes as they are, resources in plenty. A search with the flow's prices as bounds proves every point.
//! - `within`: modes as they are, within resources and budgets. The engine finds the earliest finish under one cap on the
//!   cost after the other (the epsilon-constraint method; Haimes, Lasdon, Wismer 1971), and proves what it can.
//!
//! What tasks cost is the direct cost; overhead, penalty and bonus come with the finish, so that the cheapest finish of all can
//! be named.

mod choice;
mod crash;
mod flow;
mod heads;
mod logic;
mod pictures;
mod point;
mod program;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_choice;
#[cfg(test)]
mod tests_of_crash;
mod within;

pub use point::{Change, Front, Point, Proof, Step, Way};

use crate::cpm;
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::{Network, compile};
use crate::plan::Plan;
use crate::risk::{Policy, RiskOptions, assess, percentile};
use crate::solve::impossible_because;
use crate::units::Moment;

/// What is asked of a front.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontOptions {
    /// True if tasks may take any time between their modes; resources are in plenty then.
    pub is_continuous: bool,
    /// True if resources and budgets are in plenty.
    pub ignore_resources: bool,
    /// How many points at most; all there are if it does not say, but 50 of a continuous front.
    pub points: Option<usize>,
    /// Seed of the engine.
    pub seed: u64,
    /// How each point is simulated for its 80th percentile, if it is; not of a continuous front.
    pub risk: Option<RiskOptions>,
}

/// Points of a continuous front, unless somebody says otherwise.
const USUAL_POINTS: usize = 50;

/// Finds the front of finish against cost.
///
/// # Arguments
/// `plan` is what remains of one ([`Plan::remaining`](crate::plan::Plan::remaining)). `control` limits the work on each point:
/// an effort is passes of the engine, or sets of modes that are looked at. `report` hears how many points there are.
///
/// # Errors
/// [`Error::is_infeasible`] if no schedule exists; wrong usage if none was found; as [`compile`] and
/// [`assess`].
pub fn front(plan: &Plan, options: &FrontOptions, control: &Control, report: &(dyn Fn(usize) + Sync)) -> Result<Front> {
    let network = compile(plan)?;
    if let Some(reason) = impossible_because(plan, &network) {
        return Err(Error::infeasible(reason));
    }
    if network.is_empty() {
        return Err(Error::usage("the plan has no tasks to crash"));
    }
    let mut front = if options.is_continuous {
        continuous(plan, &network, options, control)?
    } else if options.ignore_resources {
        logic::front(plan, &network, options, control, report)?
    } else {
        within::front(plan, &network, options, control, report)?
    };
    if let Some(risk) = &options.risk {
        let policy = if options.ignore_resources { Policy::Logic } else { risk.policy };
        add_confidence(plan, &mut front, &RiskOptions { policy, ..risk.clone() }, control)?;
    }
    Ok(front)
}

/// The front of continuous crashing.
fn continuous(plan: &Plan, network: &Network, options: &FrontOptions, control: &Control) -> Result<Front> {
    let program = program::Program::new(plan, network);
    let curves = program.curves();
    let most = options.points.unwrap_or(USUAL_POINTS);
    let course = crash::course(&program, &curves, most, &|finish| network.cost_of_finish(finish), control)
        .ok_or_else(|| Error::infeasible("links and dates contradict each other"))?;
    let is_exact = program.left_out.is_empty();
    let points = course.points.iter().map(|crashed| Point::crashed(plan, network, crashed, is_exact)).collect();
    let mut left_out = program.left_out;
    if !network.renewables.is_empty() || !network.totals.is_empty() || !network.caps.is_empty() {
        left_out.push("resources, materials and budgets");
    }
    Ok(Front { points, left_out, corners: Some(course.corners.len()), is_stopped: course.is_stopped })
}

/// Simulates every point.
fn add_confidence(plan: &Plan, front: &mut Front, options: &RiskOptions, control: &Control) -> Result<()> {
    for point in &mut front.points {
        let Some(schedule) = &point.schedule else { continue };
        if control.must_stop() {
            front.is_stopped = true;
            break;
        }
        let assessment = assess(plan, Some(schedule), options, control, &|_| {})?;
        let finishes = assessment.finishes(&assessment.samples.finish);
        point.late = (!finishes.is_empty()).then(|| Moment(percentile(&finishes, 0.8).value as i64));
    }
    Ok(())
}

/// The finish that the quickest modes give by links, calendars and dates alone.
fn earliest(plan: &Plan, network: &Network) -> Option<crate::network::Slot> {
    Some(cpm::planned_dates(plan, network, &cpm::quickest_modes(network))?.project_finish)
}
