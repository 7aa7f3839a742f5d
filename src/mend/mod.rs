//! What edits would make a plan better by the fourteen points of the DCMA: for each point that is missed a scenario with as few
//! changes as do it, tried out before it is proposed, and words about what no edit can do.
//!
//! A proposal is a change that is easy to take back, not a verdict: which task a dangling end belongs to, or whether a date may
//! give way, is for the planner to say.

mod steps;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::cpm::{self, Basis};
use crate::error::Result;
use crate::index::IdVec;
use crate::network::compile;
use crate::plan::draft::PlanDraft;
use crate::plan::{Plan, TaskId, validate};
use crate::quality::{Quality, Verdict, assess};
use crate::scenario::{Edit, Scenario, apply};
use crate::schedule::TaskDates;

/// What can be done about a point that is missed.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The point's number.
    pub point: usize,
    /// What is looked at.
    pub name: &'static str,
    /// The edits that help; `None` if none do.
    pub scenario: Option<Scenario>,
    /// How many offenders there are in the plan as it is, and how many are left.
    pub counts: (usize, usize),
    /// True if the point is met then.
    pub is_met: bool,
    /// Points that have more offenders then: number, before, after.
    pub disturbed: Vec<(usize, usize, usize)>,
    /// What the edits mean, and what they cannot do.
    pub words: Vec<String>,
}

/// Edits that belong together, and what is to be said about them.
#[derive(Clone, Debug)]
struct Step {
    edits: Vec<Edit>,
    words: Option<String>,
}

/// What could be done about a point.
#[derive(Debug, Default)]
struct Steps {
    /// The name of the scenario.
    name: &'static str,
    /// In the order in which they help most.
    list: Vec<Step>,
    /// True if only all of them together make sense.
    is_whole: bool,
    /// What no edit can do.
    words: Vec<String>,
}

/// The names of all scenarios that can be proposed.
pub const NAMES: [&str; 6] = ["logic", "leads", "lags", "constraints", "float", "deadlines"];

/// Steps that are tried one by one where they do not go together.
const MOST_SINGLE_STEPS: usize = 64;

/// Proposes edits for every point that is missed.
///
/// # Arguments
/// `plan` is what the draft says, and `quality` how well that is made.
///
/// # Returns
/// A proposal for each missed point, in their order. A scenario in it has been carried out: the plan stays valid, and the point
/// is met or has fewer offenders.
///
/// # Errors
/// As [`compile`].
///
/// # Complexity
/// A few validations and assessments of the plan for each point; up to 64 of them where some edits break it.
pub fn mend(draft: &PlanDraft, plan: &Plan, quality: &Quality) -> Result<Vec<Proposal>> {
    let left = cpm::left_by_logic(Cow::Borrowed(plan));
    let network = compile(&left)?;
    let dates = cpm::analyse(&left, &network, &cpm::quickest_modes(&network), Basis::Logic);
    let bench = Bench { draft, plan, quality, dates: &dates };
    let missed = quality.points.iter().filter(|point| point.verdict == Verdict::Missed);
    Ok(missed.map(|point| bench.proposal(point.number)).collect())
}

/// A plan and what is known about it.
struct Bench<'a> {
    draft: &'a PlanDraft,
    plan: &'a Plan,
    quality: &'a Quality,
    dates: &'a IdVec<TaskId, TaskDates>,
}

impl Bench<'_> {
    fn proposal(&self, number: usize) -> Proposal {
        let point = &self.quality.points[number - 1];
        let steps = self.steps(number);
        let mut words = steps.words;
        let found = if steps.list.is_empty() {
            None
        } else {
            let found = self.fewest(number, &steps.list, steps.is_whole, &mut words);
            if found.is_none() {
                words.push("the edits that were tried bring nothing".to_owned());
            }
            found
        };
        let counts = |quality: &Quality, number: usize| quality.points[number - 1].count;
        let before = point.count;
        let Some((chosen, after)) = found else {
            return Proposal {
                point: number,
                name: point.name,
                scenario: None,
                counts: (before, before),
                is_met: false,
                disturbed: Vec::new(),
                words,
            };
        };
        let disturbed = (1..=after.points.len())
            .map(|other| (other, counts(self.quality, other), counts(&after, other)))
            .filter(|&(other, before, after)| other != number && after > before)
            .collect();
        let edits = chosen.iter().flat_map(|step| step.edits.iter().cloned()).collect();
        words.splice(0..0, chosen.iter().filter_map(|step| step.words.clone()));
        Proposal {
            point: number,
            name: point.name,
            scenario: Some(Scenario::of(steps.name, edits)),
            counts: (before, counts(&after, number)),
            is_met: after.points[number - 1].verdict == Verdict::Met,
            disturbed,
            words,
        }
    }

    /// The plan after some steps; the first thing that is wrong if it is no plan any more.
    fn after(&self, steps: &[Step]) -> std::result::Result<Quality, String> {
        let edits: Vec<Edit> = steps.iter().flat_map(|step| step.edits.iter().cloned()).collect();
        let first = |findings: &crate::error::Findings| {
            let mut errors = findings.iter().filter(|finding| finding.severity == crate::error::Severity::Error);
            errors.next().map_or_else(|| "it is no plan any more".to_owned(), |finding| finding.text.clone())
        };
        let edited = apply(self.draft, &self.plan.time_scale(), &[&edits]).map_err(|findings| first(&findings))?;
        let tell = |error: crate::error::Error| match error.findings() {
            Some(findings) => first(findings),
            None => error.to_string(),
        };
        let (plan, _) = validate(&edited).map_err(tell)?;
        assess(&plan).map_err(tell)
    }

    /// The fewest of the steps, taken from their beginning, with which a point is met; all if it is not met with them either, as
    /// long as they bring something.
    fn fewest(
        &self,
        number: usize,
        steps: &[Step],
        is_whole: bool,
        words: &mut Vec<String>,
    ) -> Option<(Vec<Step>, Quality)> {
        let (mut steps, mut best) = match self.after(steps) {
            Ok(quality) => (steps.to_vec(), quality),
            Err(_) => self.sound(steps, words)?,
        };
        let is_met = |quality: &Quality| quality.points[number - 1].verdict == Verdict::Met;
        if is_met(&best) && !is_whole {
            // Met with `enough` of them; not known to be with fewer than `least`.
            let (mut least, mut enough) = (1, steps.len());
            while least < enough {
                let middle = (least + enough) / 2;
                match self.after(&steps[..middle]) {
                    Ok(quality) if is_met(&quality) => (enough, best) = (middle, quality),
                    _ => least = middle + 1,
                }
            }
            steps.truncate(enough);
        }
        let brings = is_met(&best) || best.points[number - 1].count < self.quality.points[number - 1].count;
        brings.then_some((steps, best))
    }

    /// Those of the steps that leave the plan valid one after the other.
    fn sound(&self, steps: &[Step], words: &mut Vec<String>) -> Option<(Vec<Step>, Quality)> {
        let mut kept: Vec<Step> = Vec::new();
        let mut last = None;
        for step in steps.iter().take(MOST_SINGLE_STEPS) {
            kept.push(step.clone());
            match self.after(&kept) {
                Ok(quality) => last = Some(quality),
                Err(why) => {
                    kept.pop();
                    let edits = step.edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                    words.push(format!("{edits} is left out, it would break the plan: {why}"));
                }
            }
        }
        if steps.len() > MOST_SINGLE_STEPS {
            words.push(format!("{} further edits were not tried", steps.len() - MOST_SINGLE_STEPS));
        }
        Some((kept, last?))
    }
}
