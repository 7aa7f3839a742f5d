//! Proofs of what a search has said: the heading and the claim; the exact side writes the rest.

use std::io::{self, Write};

use super::exact;
use super::search::Member;
use crate::effort::Control;
use crate::network::{HORIZON_LIMIT, Network, Slot};
use crate::plan::Plan;
use crate::proof::{Claim, HEADING, horizon};

/// Conflicts that a proof may take for each pass that limits the search, and in any case.
const CONFLICTS_OF_PASS: u64 = 1;
const LEAST_CONFLICTS: u64 = 100_000;

/// Writes the proof of a claim; `best` is the best schedule known.
///
/// # Returns
/// The number of nogoods, or why there is no proof.
pub fn write(
    plan: &Plan,
    network: &Network,
    (claim, best): (Claim, Option<&Member>),
    control: &Control,
    out: &mut dyn Write,
) -> io::Result<Result<u32, &'static str>> {
    writeln!(out, "{HEADING}")?;
    for node in 0..network.len() as u32 {
        writeln!(out, "node {node} {}", network.node_name(plan, node))?;
    }
    let end = match claim {
        Claim::Finish(bound) if bound <= 0 => return Ok(Err("there is nothing to prove")),
        Claim::Finish(bound) => {
            writeln!(out, "claim finish {bound}")?;
            bound - 1
        }
        Claim::None => {
            let end = horizon(network);
            if end > i64::from(HORIZON_LIMIT) {
                return Ok(Err("schedules could be too long for one"));
            }
            writeln!(out, "claim none {end}")?;
            end as Slot
        }
    };
    let conflicts = match control.effort() {
        Some(effort) => LEAST_CONFLICTS.max(CONFLICTS_OF_PASS.saturating_mul(effort)),
        None if control.has_time_limit() => u64::MAX,
        None => LEAST_CONFLICTS,
    };
    let dates = best.filter(|best| best.score.violation == 0).map(|best| (&*best.starts, &*best.modes));
    exact::prove(network, end, dates, conflicts, &|| control.must_stop(), out)
}
