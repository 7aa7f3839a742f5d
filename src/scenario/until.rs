//! The value of a sweep at which a goal begins to be met, or ceases to be.

use super::compare::{Bench, Comparison, LATE};
use super::figures::Figures;
use super::read::Scenario;
use super::sweep::{Sweep, scenarios};
use crate::error::Result;
use crate::plan::draft::DecimalMark;
use crate::plan::notation::{parse_civil, parse_decimal, parse_money, parse_whole};
use crate::plan::{Plan, TimeUnit};
use crate::units::Moment;

/// What a scenario is wanted to reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    /// The project finishes by then.
    Finish(Moment),
    /// It does so with a confidence of 80 %.
    LateFinish(Moment),
    /// It costs no more, in minor units of money.
    Cost(i64),
    /// Deadlines are missed by no more, that of the project included, as [`Figures::tardiness`] counts.
    Tardiness(f64),
}

impl Wish {
    /// Reads `finish<=2026-09-30`, `p80<=2026-09-30`, `cost<=250000` or `tardiness<=0`.
    ///
    /// # Errors
    /// What was expected, in words.
    pub fn parse(text: &str, plan: &Plan) -> std::result::Result<Wish, String> {
        let expected = || {
            format!(
                "`{text}` is no goal; expected finish<=DATE, p80<=DATE, cost<=AMOUNT or tardiness<=DAYS, as in `finish<=2026-09-30`"
            )
        };
        let (figure, limit) = text.split_once("<=").ok_or_else(expected)?;
        let (figure, limit) = (figure.trim().to_lowercase(), limit.trim());
        let moment = || match plan.project().time_unit {
            TimeUnit::Period => parse_whole(limit, DecimalMark::Point).ok().map(Moment),
            _ => parse_civil(limit, None).ok().and_then(|date| date.end().ok()),
        };
        let wish = match &*figure {
            "finish" => moment().map(Wish::Finish),
            "p80" => moment().map(Wish::LateFinish),
            "cost" => parse_money(limit, DecimalMark::Point).ok().map(|money| Wish::Cost(money.0)),
            "tardiness" => parse_decimal(limit, DecimalMark::Point).ok().map(|days| Wish::Tardiness(days.to_f64())),
            _ => None,
        };
        wish.ok_or_else(expected)
    }

    /// True if a schedule that comes to this meets it.
    pub fn is_met(&self, figures: &Figures) -> bool {
        match *self {
            Wish::Finish(by) => figures.finish <= by,
            Wish::LateFinish(by) => figures.late_finish.is_some_and(|late| late <= by.0 as f64),
            Wish::Cost(most) => figures.cost.0 <= most,
            Wish::Tardiness(most) => figures.tardiness <= most,
        }
    }

    /// The percentile that has to be simulated for it.
    pub fn needs_samples(&self) -> Option<f64> {
        matches!(self, Wish::LateFinish(_)).then_some(LATE)
    }
}

/// Where a sweep meets a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakpoint {
    /// At all values looked at.
    Always,
    /// At none.
    Never,
    /// From this value on.
    From(usize),
    /// Up to this value.
    UpTo(usize),
    /// Here and there: the first value that does.
    First(usize),
}

/// A sweep that was searched.
#[derive(Clone, Debug)]
pub struct Searched {
    /// The values that were looked at, by their numbers in the sweep, ascending; the scenarios of `comparison` are theirs.
    pub values: Vec<usize>,
    /// What they come to.
    pub comparison: Comparison,
    /// Where the goal is met, by the numbers in the sweep.
    pub breakpoint: Breakpoint,
    /// True if values between those looked at are taken to do as their neighbours do.
    pub is_bisected: bool,
}

/// Sweeps of no more values are looked at in full.
const FULL: usize = 16;
/// Values looked at between two ends that do the same.
const LOOKS: usize = 7;
/// Values looked at in a round of the bisection.
const PROBES: usize = 3;

/// Searches a sweep for the value at which a goal begins or ceases to be met.
///
/// A long sweep is bisected, which finds the one breakpoint if there is one: more of something good does no harm.
///
/// # Errors
/// As [`compare`](super::compare()).
pub fn until(
    bench: &Bench<'_>,
    base: &Scenario,
    sweep: &Sweep,
    wish: &Wish,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Searched> {
    let all = scenarios(base, std::slice::from_ref(sweep));
    let is_bisected = all.len() > FULL;
    let mut values: Vec<usize> = if is_bisected { vec![0, all.len() - 1] } else { (0..all.len()).collect() };
    let mut studies = Vec::new();
    let mut next = values.clone();
    loop {
        let asked: Vec<Scenario> = next.iter().map(|&at| all[at].clone()).collect();
        studies.extend(next.iter().copied().zip(bench.studies(&asked, report)?));
        studies.sort_by_key(|(at, _)| *at);
        values = studies.iter().map(|(at, _)| *at).collect();
        let comparison = bench.side_by_side(studies.iter().map(|(_, study)| study.clone()).collect())?;
        let met: Vec<bool> = comparison
            .scenarios
            .iter()
            .map(|study| study.figures.as_ref().is_some_and(|figures| wish.is_met(figures)))
            .collect();
        // The first two neighbours of which one meets the goal and one does not.
        let gap = met.windows(2).position(|pair| pair[0] != pair[1]).map(|at| (values[at], values[at + 1]));
        // Where both ends do the same something between them may do otherwise.
        if gap.is_none() && is_bisected && values.len() == 2 {
            next = (1..=LOOKS).map(|number| (all.len() - 1) * number / (LOOKS + 1)).collect();
            next.dedup();
            continue;
        }
        match gap.filter(|(low, high)| is_bisected && high - low > 1) {
            Some((low, high)) => {
                let probe = |number: usize| low + (high - low) * number / (PROBES + 1);
                next = (1..=PROBES).map(probe).filter(|&at| low < at && at < high).collect();
                next.dedup();
                if next.is_empty() {
                    next.push(low + 1);
                }
            }
            None => return Ok(Searched { breakpoint: breakpoint(&values, &met), values, comparison, is_bisected }),
        }
    }
}

fn breakpoint(values: &[usize], met: &[bool]) -> Breakpoint {
    let changes = met.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let first = met.iter().position(|&met| met);
    let last = met.iter().rposition(|&met| met);
    match (first.zip(last), changes) {
        (None, _) => Breakpoint::Never,
        (Some(_), 0) => Breakpoint::Always,
        (Some((first, _)), 1) if first > 0 => Breakpoint::From(values[first]),
        (Some((_, last)), 1) => Breakpoint::UpTo(values[last]),
        (Some((first, _)), _) => Breakpoint::First(values[first]),
    }
}
