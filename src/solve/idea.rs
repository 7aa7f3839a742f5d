//! Ideas of schedules, for networks whose people are chosen unit by unit: when everything could take place if no group of
//! people had more to do than it can. Who does what is left to the exact side.

use super::aims::Score;
use super::exact::Prover;
use super::run;
use super::search::{Context, Member, Watch};
use crate::effort::Control;
use crate::network::{Network, Slot};
use crate::schedule::Objective;

/// Passes that an idea is worth.
const EFFORT: u64 = 1_000;

/// The start of each node in a schedule in which pools have enough people at all times; none if none was found.
///
/// # Arguments
/// `network` has its pools ([`Network::pooled`]).
/// `bound` is a finish that no schedule beats.
pub fn idea(network: &Network, control: &Control, bound: Slot) -> Option<Vec<Slot>> {
    if network.staffing.is_empty() {
        return None;
    }
    let pooled = network.with_one_way_each();
    let context = Context::new(&pooled, control, &[Objective::Finish], bound);
    let found = run(&context, 0, EFFORT, &Until(bound));
    found.best.filter(|best| best.score.violation == 0).map(|best| best.starts)
}

/// Lets a search end with a schedule of this length.
struct Until(Slot);

impl Watch for Until {
    fn is_best(&self, score: &Score) -> bool {
        score.violation == 0 && score.makespan <= self.0
    }

    fn is_shortest(&self, makespan: Slot) -> bool {
        makespan <= self.0
    }

    fn on_round(&self, _: &Member, _: u64) {}

    fn prover(&self, _: Option<&Member>) -> Option<Prover<'_>> {
        None
    }

    fn on_bound(&self, _: Slot) {}
}
