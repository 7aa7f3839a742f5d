//! What came of plans, in numbers.

use std::collections::BTreeMap;
use std::fmt;

/// What came of one plan, or of many.
#[derive(Default)]
pub struct Tally {
    pub plans: usize,
    /// Plans of which a schedule was called optimal.
    pub optimal: usize,
    pub infeasible: usize,
    /// Plans scheduled for tardiness first, the others for the finish alone.
    pub by_tardiness: usize,
    /// Plans of which all placements were tried.
    pub enumerated: usize,
    pub told_by_pumpkin: usize,
    pub panics_of_pumpkin: usize,
    pub proofs: usize,
    pub features: BTreeMap<&'static str, usize>,
    /// Plans that were left open.
    pub open: Vec<u64>,
    /// Those of them that have a schedule, though none was found.
    pub not_found: Vec<u64>,
    /// Each answer that is refuted, with the plan.
    pub refuted: Vec<String>,
}

impl Tally {
    pub fn add(mut self, other: Tally) -> Tally {
        self.plans += other.plans;
        self.optimal += other.optimal;
        self.infeasible += other.infeasible;
        self.by_tardiness += other.by_tardiness;
        self.enumerated += other.enumerated;
        self.told_by_pumpkin += other.told_by_pumpkin;
        self.panics_of_pumpkin += other.panics_of_pumpkin;
        self.proofs += other.proofs;
        for (feature, plans) in other.features {
            *self.features.entry(feature).or_default() += plans;
        }
        self.open.extend(other.open);
        self.not_found.extend(other.not_found);
        self.refuted.extend(other.refuted);
        self
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} plans: {} optimal, {} infeasible, {} open (of {} of which no schedule was found)",
            self.plans,
            self.optimal,
            self.infeasible,
            self.open.len(),
            self.not_found.len()
        )?;
        writeln!(
            out,
            "{} by tardiness, {} enumerated, {} told by Pumpkin, which panicked {} times, {} proofs, {} refuted",
            self.by_tardiness,
            self.enumerated,
            self.told_by_pumpkin,
            self.panics_of_pumpkin,
            self.proofs,
            self.refuted.len()
        )?;
        self.features.iter().try_for_each(|(feature, plans)| writeln!(out, "{plans:>8} {feature}"))
    }
}
