//! What is said of small plans, held against a plain enumeration of all schedules and against the solver Pumpkin.
//!
//! The plans mix every feature. No answer may be refuted: there is no schedule of a plan that is called infeasible, none
//! better than an optimal one, none that finishes before the bound, and proofs hold; and of plans as small as these hardly
//! any may be left open. `FLOATLINE_AGREEMENT_PLANS` sets the number of plans.

mod case;
mod draw;
mod enumeration;
mod features;
mod grid;
mod pumpkin;
mod tally;
mod ways;

use rayon::prelude::*;

use case::Case;
use tally::Tally;

/// Plans that a test run draws, unless the environment says how many.
const PLANS: u64 = 1_200;

fn plans() -> u64 {
    match std::env::var("FLOATLINE_AGREEMENT_PLANS") {
        Ok(number) => number.parse().expect("FLOATLINE_AGREEMENT_PLANS is a number"),
        Err(_) => PLANS,
    }
}

#[test]
fn what_is_said_of_small_plans_is_what_an_enumeration_and_pumpkin_say() {
    let cases = (0..plans()).into_par_iter().map(|seed| Case::new(seed).judge());
    let tally = cases.reduce(Tally::default, Tally::add);
    println!("{tally}");
    let refuted = &tally.refuted;
    assert!(refuted.is_empty(), "{} answers are refuted:\n{}", refuted.len(), refuted.join("\n"));

    let share = |plans: usize| plans as f64 / tally.plans as f64;
    assert!(share(tally.optimal + tally.infeasible) >= 0.9, "left open: {:?}", tally.open);
    assert!(share(tally.not_found.len()) <= 0.01, "have schedules, and none is found: {:?}", tally.not_found);
    assert!(share(tally.enumerated) >= 0.98, "enumerated to the end: {} of {}", tally.enumerated, tally.plans);
    assert!(share(tally.infeasible) >= 0.1, "infeasible: {} of {}", tally.infeasible, tally.plans);
    assert!(share(tally.by_tardiness) >= 0.1, "by tardiness: {} of {}", tally.by_tardiness, tally.plans);
    assert!(share(tally.proofs) >= 0.1, "proofs: {} of {}", tally.proofs, tally.plans);
    assert!(share(tally.told_by_pumpkin) >= 0.3, "told by Pumpkin: {} of {}", tally.told_by_pumpkin, tally.plans);
    assert!(share(tally.panics_of_pumpkin) <= 0.01, "Pumpkin panicked {} times", tally.panics_of_pumpkin);
    for (feature, &plans) in &tally.features {
        assert!(share(plans) >= 0.05, "{feature}: {plans} of {}", tally.plans);
    }
}
