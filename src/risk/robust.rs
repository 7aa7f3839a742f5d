//! A robust schedule: of several good ones that whose samples finish early at the confidence that is asked for.
//!
//! Schedules come from other seeds, and from the plan with durations at higher quantiles of their distributions, whose order
//! of work leaves room where work varies; that order then makes a schedule of the plan as it is. All are simulated on the
//! same samples; the best few once more on fresh ones, among which the schedule that came first stays unless it is beaten.

use super::assess::{RiskOptions, prepared};
use super::late::late_finish;
use super::list::ranks_by_start;
use super::quantiles::{Law, threshold};
use super::streams::LANES;
use crate::effort::{Control, Limits};
use crate::error::{Error, Result};
use crate::network::{Network, compile};
use crate::plan::{ModeId, Plan};
use crate::schedule::{Schedule, place, verify};
use crate::solve::sgs::{General, Machine, parallel};
use crate::solve::{SolveOptions, partial_order, solve};
use crate::units::Minutes;

/// A robust schedule.
#[derive(Clone, Debug)]
pub struct Robust {
    /// The schedule.
    pub schedule: Schedule,
    /// The percentile of its finish, in minutes of [`Moment`](crate::units::Moment).
    pub percentile: f64,
    /// The same of the schedule that was there before.
    pub usual: f64,
    /// How many schedules were compared.
    pub compared: usize,
    /// Samples that decided.
    pub samples: usize,
}

/// Seeds besides the given one.
const SEEDS: u64 = 6;
/// Quantiles of the durations that plans are solved with.
const QUANTILES: [f64; 4] = [0.6, 0.7, 0.8, 0.9];
/// Samples of each schedule in the first round, and in the last one.
const ROUNDS: [u64; 2] = [1_000, 4_000];
/// Schedules in the last round, with the usual one.
const FINALISTS: usize = 4;

/// Looks for a schedule whose percentile of the finish is earlier than that of `usual`.
///
/// # Arguments
/// `share` is that of the percentile; `effort` is how many passes each schedule may take to be found.
///
/// # Errors
/// As [`assess`](super::assess()) and [`solve`]; wrong usage if nothing is uncertain.
pub fn robust(
    plan: &Plan,
    network: &Network,
    usual: &Schedule,
    options: &SolveOptions,
    (share, effort): (f64, u64),
    control: &Control,
) -> Result<Robust> {
    let risk = RiskOptions { seed: options.seed, ..RiskOptions::default() };
    let mut schedules = vec![usual.clone()];
    let mut add = |schedule: Schedule| {
        let is_new = schedules.iter().all(|known| known.placements != schedule.placements);
        if is_new && !verify(plan, &schedule).has_errors() {
            schedules.push(schedule);
        }
    };
    let found = |plan: &Plan, network: &Network, options: &SolveOptions| -> Result<Option<Schedule>> {
        let control = control.anew(Limits { effort: Some(effort), ..Limits::default() });
        Ok(solve(plan, network, options, &control, &|_| {})?.schedule)
    };
    for seed in 1..=SEEDS {
        if !control.is_cancelled() {
            let options = SolveOptions { seed: options.seed.wrapping_add(seed), ..options.clone() };
            found(plan, network, &options)?.into_iter().for_each(&mut add);
        }
    }
    for longer in longer_plans(plan, network, usual, &risk)? {
        if control.is_cancelled() {
            break;
        }
        let of_longer = compile(&longer)?;
        if let Some(schedule) = found(&longer, &of_longer, options)? {
            in_the_order_of(plan, network, &schedule).into_iter().for_each(&mut add);
        }
    }
    let worth = |schedule: &Schedule, first: u64, count: u64| {
        late_finish(plan, Some(schedule), &RiskOptions { first, samples: count, ..risk.clone() }, share)
    };
    let [few, many] = ROUNDS;
    let compared = schedules.len();
    let mut ranked: Vec<(f64, usize)> = Vec::new();
    for (place, schedule) in schedules.iter().enumerate() {
        ranked.push((worth(schedule, 0, few)?, place));
    }
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let before = worth(usual, few, many)?;
    let mut best = (before, 0);
    for &(_, place) in ranked.iter().take(FINALISTS) {
        let value = worth(&schedules[place], few, many)?;
        if value < best.0 {
            best = (value, place);
        }
    }
    Ok(Robust {
        schedule: if best.1 == 0 { usual.clone() } else { schedules.swap_remove(best.1) },
        percentile: best.0,
        usual: before,
        compared,
        samples: many as usize,
    })
}

/// The plan with all durations at some quantile of their distributions, in whole slots.
fn longer_plans(plan: &Plan, network: &Network, usual: &Schedule, risk: &RiskOptions) -> Result<Vec<Plan>> {
    let slot = network.axis.slot_minutes.0;
    prepared(plan, Some(usual), risk, |ready| {
        let model = &ready.model;
        if model.nodes.iter().all(|node| matches!(node.law, Law::Certain(_))) && model.events.is_empty() {
            return Err(Error::usage("no duration is uncertain, so that all schedules are as sure as their dates"));
        }
        let longer = |share: f64| {
            let drawn = [threshold(share) as u32; LANES];
            let duration = |node: &super::model::Node| -> Option<(ModeId, Minutes)> {
                let minutes = i64::from(model.quantiles.whole_values(&node.law, &drawn)[0]);
                // A plan in minutes would take long to solve.
                Some((node.mode.mode?, Minutes((minutes + slot - 1) / slot * slot)))
            };
            let uncertain = model.nodes.iter().filter(|node| !matches!(node.law, Law::Certain(_)));
            plan.with_durations(&uncertain.filter_map(duration).collect::<Vec<_>>())
        };
        Ok(QUANTILES.map(longer).into())
    })
}

/// The schedule of the parallel scheme in the order of starts of another one, and in its modes; `None` if there is none.
fn in_the_order_of(plan: &Plan, network: &Network, other: &Schedule) -> Option<Schedule> {
    let order = partial_order(network, other);
    let mut machine = General::new(network);
    machine.reset(&order.modes);
    parallel(&mut machine, network, &ranks_by_start(&order.starts), || false).ok()?;
    let starts: Vec<_> = (0..network.len() as u32).map(|node| machine.start(node)).collect();
    Some(place(plan, network, &starts, &order.modes))
}
