//! Which mitigations to buy: every budget's best set, found on the samples themselves.
//!
//! All sets are judged on the same samples (sample average approximation with common random numbers: Kleywegt, Shapiro,
//! Homem-de-Mello, "The sample average approximation method for stochastic discrete optimization", SIAM J. Optim. 12
//! (2002)). In a sample only those mitigations matter whose risk happens in it, so that a few runs of each sample tell what
//! it comes to with any set. The sets are enumerated depth first; a branch is left as soon as all that it can still buy
//! would not beat a set that costs no more. What is found is looked at on fresh samples, too, since the best of many sets
//! looks a little better than it is.

use rustc_hash::FxHashMap;

use super::answers::{moments, percentile};
use super::assess::{Policy, RiskOptions, minutes, prepared};
use super::block::LAST;
use super::events::{Bought, Remedy};
use super::model::Model;
use super::quantiles::{Law, Quantiles};
use super::simulate::{Outcome, Request, outcomes};
use super::streams::LANES;
use super::unfinished::cost_number;
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::{Network, Slot};
use crate::plan::{MitigationId, Plan};
use crate::schedule::Schedule;

/// What mitigations are bought for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// An early percentile of the finish, by its share between 0 and 1.
    Percentile(f64),
    /// A low mean cost of the project, the mitigations included, in the samples that finish.
    Cost,
    /// A high probability of the project's deadline.
    Deadline,
}

/// Mitigations to buy together.
#[derive(Clone, Debug, PartialEq)]
pub struct Purchase {
    /// What is bought, in the order of the plan.
    pub mitigations: Vec<MitigationId>,
    /// What that costs, in minor units of money.
    pub spent: i64,
    /// What the goal then is on the samples that were chosen from: minutes of [`Moment`](crate::units::Moment), minor units
    /// of money, or the share of samples that keep the deadline.
    pub value: f64,
    /// The same on fresh samples.
    pub fresh: f64,
    /// The 80th percentile of the finish, in minutes of [`Moment`](crate::units::Moment).
    pub late_finish: f64,
    /// The mean cost of the project, in minor units of money, the mitigations included.
    pub mean_cost: f64,
    /// The share of samples that keep the project's deadline, if it has one.
    pub kept: Option<f64>,
}

/// The best purchases for all budgets.
#[derive(Clone, Debug)]
pub struct Mitigated {
    /// Nothing first; each costs more than the one before it and is better.
    pub purchases: Vec<Purchase>,
    /// Samples that were chosen from, and as many fresh ones.
    pub samples: usize,
    /// Mitigations there were to choose from.
    pub choices: usize,
    /// True if no set of mitigations is better on these samples than the purchase of its budget.
    pub is_proven: bool,
}

impl Mitigated {
    /// By how much a purchase is better than the one before it, in the unit of the goal, and how much more it costs, in minor
    /// units of money; `None` for the first.
    pub fn gain(&self, place: usize, goal: Goal) -> Option<(f64, i64)> {
        let (before, after) = (self.purchases.get(place.checked_sub(1)?)?, self.purchases.get(place)?);
        let gain = after.value - before.value;
        Some((if goal == Goal::Deadline { gain } else { -gain }, after.spent - before.spent))
    }
}

/// Samples that sets are judged on.
const MOST_SAMPLES: usize = 4_000;
/// Sets of mitigations that are looked at.
const MOST_SETS: usize = 30_000;

/// Finds the best purchases.
///
/// # Arguments
/// `plan` and `schedule` are as in [`assess`](super::assess()); `budget` is the most to spend, in minor units of money.
///
/// # Errors
/// As [`assess`](super::assess()); wrong usage if there is nothing to choose from or too much, or no deadline to keep.
pub fn mitigate(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    goal: Goal,
    budget: Option<i64>,
    control: &Control,
) -> Result<Mitigated> {
    if goal == Goal::Deadline && plan.project().deadline.is_none() {
        return Err(Error::usage("the plan has no deadline to keep: say one in project.csv"));
    }
    if plan.mitigations().len() > Bought::BITS as usize {
        return Err(Error::usage(format!("no more than {} mitigations can be chosen from", Bought::BITS)));
    }
    prepared(plan, schedule, options, |ready| {
        let model = &ready.model;
        if model.mitigations.is_empty() {
            return Err(Error::usage(
                "there is no mitigation to buy: mitigations.csv lists none of a risk that can still happen",
            ));
        }
        let count = MOST_SAMPLES.min(options.samples as usize).max(1);
        let mut search = Search::new(plan, model, options, goal, budget, count);
        search.run(control);
        Ok(search.finish(options, count))
    })
}

/// What is bought, what it costs, and what it comes to: less is better.
#[derive(Clone, Copy, Debug)]
struct Found {
    bought: Bought,
    spent: i64,
    value: f64,
}

/// Samples with what they come to, as far as it has been asked for.
struct Scenarios<'m> {
    model: &'m Model<'m>,
    seed: u64,
    /// The first sample.
    first: u64,
    /// By sample: what matters in it.
    remedies: Vec<Bought>,
    known: FxHashMap<Request, (Slot, i64)>,
}

impl<'m> Scenarios<'m> {
    fn new(model: &'m Model<'m>, seed: u64, first: u64, count: usize) -> Scenarios<'m> {
        let requests: Vec<Request> = (0..count as u64).map(|number| (first.wrapping_add(number), 0)).collect();
        let found = outcomes(model, seed, None, &requests);
        let remedies = found.iter().map(|outcome| outcome.remedies).collect();
        let known = requests.into_iter().zip(found).map(|(request, found)| (request, (found.finish, found.cost)));
        Scenarios { model, seed, first, remedies, known: known.collect() }
    }

    /// Finish and cost of each sample if something is bought.
    fn with(&mut self, bought: Bought) -> Vec<(Slot, i64)> {
        let request =
            |(number, &remedies): (usize, &Bought)| (self.first.wrapping_add(number as u64), bought & remedies);
        let requests: Vec<Request> = self.remedies.iter().enumerate().map(request).collect();
        let missing: Vec<Request> =
            requests.iter().filter(|request| !self.known.contains_key(request)).copied().collect();
        let found = outcomes(self.model, self.seed, None, &missing);
        let outcome = |Outcome { finish, cost, .. }: Outcome| (finish, cost);
        self.known.extend(missing.into_iter().zip(found.into_iter().map(outcome)));
        requests.iter().map(|request| self.known[request]).collect()
    }
}

struct Search<'m> {
    network: &'m Network,
    goal: Goal,
    deadline: Option<f64>,
    scenarios: Scenarios<'m>,
    /// What each mitigation costs.
    prices: Vec<i64>,
    budget: i64,
    /// Numbers of the mitigations in the order in which they are decided about.
    order: Vec<usize>,
    /// What is better than all that costs no more, cheapest first.
    front: Vec<Found>,
    /// What has been looked at, by what is bought.
    values: FxHashMap<Bought, f64>,
    /// True if buying more makes no sample worse.
    is_monotone: bool,
    is_proven: bool,
}

impl<'m> Search<'m> {
    fn new(
        plan: &Plan,
        model: &'m Model<'m>,
        options: &RiskOptions,
        goal: Goal,
        budget: Option<i64>,
        count: usize,
    ) -> Search<'m> {
        let prices: Vec<i64> = model.mitigations.iter().map(|&id| plan.mitigations()[id].cost.0).collect();
        let remedies =
            || model.events.iter().flat_map(|event| event.remedies.iter().map(move |remedy| (event, remedy)));
        let scenarios = Scenarios::new(model, options.seed, options.first, count);
        // Samples by a list need not finish earlier because something takes less long; a mean changes with those that finish.
        let all_finish = || scenarios.known.values().all(|&(finish, _)| finish != LAST);
        let is_monotone = options.policy != Policy::List
            && (goal != Goal::Cost || all_finish())
            && remedies()
                .all(|(event, remedy)| is_harmless(remedy, (event.delay, event.elapsed), event.cost, &model.quantiles));
        Search {
            network: model.network,
            goal,
            deadline: plan.project().deadline.map(|deadline| deadline.0 as f64),
            scenarios,
            budget: budget.unwrap_or(i64::MAX),
            order: (0..prices.len()).collect(),
            prices,
            front: Vec::new(),
            values: FxHashMap::default(),
            is_monotone,
            is_proven: true,
        }
    }

    /// What is best with nothing, with one after the other of what pays best, and then with all other sets.
    fn run(&mut self, control: &Control) {
        let nothing = self.value(0);
        self.keep(Found { bought: 0, spent: 0, value: nothing });
        let gain = |search: &mut Self, number: usize| {
            let gained = nothing - search.value(1 << number);
            gained / (search.prices[number].max(1)) as f64
        };
        let gains: Vec<f64> = (0..self.prices.len()).map(|number| gain(self, number)).collect();
        self.order.sort_by(|&one, &other| gains[other].total_cmp(&gains[one]).then(one.cmp(&other)));
        let mut bought = 0;
        for number in self.order.clone() {
            bought |= 1 << number;
            self.look_at(bought);
        }
        // Sets still to be looked at: what is bought, and how many have been decided about.
        let mut open: Vec<(Bought, usize)> = vec![(0, 0)];
        while let Some((bought, decided)) = open.pop() {
            let Some(&number) = self.order.get(decided) else { continue };
            if self.values.len() >= MOST_SETS || control.must_stop() {
                self.is_proven = false;
                return;
            }
            if self.is_hopeless(bought, decided) {
                continue;
            }
            open.push((bought, decided + 1));
            let more = bought | 1 << number;
            if self.spent(more) <= self.budget {
                self.look_at(more);
                open.push((more, decided + 1));
            }
        }
    }

    /// True if nothing that can still be bought on top makes anything better than what is known and costs no more.
    fn is_hopeless(&mut self, bought: Bought, decided: usize) -> bool {
        if !self.is_monotone {
            return false;
        }
        let rest = self.order[decided..].iter().fold(bought, |all, &number| all | 1 << number);
        // Whatever is bought on top costs something, too.
        let spent = self.spent(bought);
        let best = Found { bought: rest, spent, value: self.value(rest) };
        self.front.iter().any(|found| found.spent <= spent && price(self.goal, found) <= price(self.goal, &best))
    }

    fn look_at(&mut self, bought: Bought) {
        let spent = self.spent(bought);
        if spent <= self.budget {
            let value = self.value(bought);
            self.keep(Found { bought, spent, value });
        }
    }

    fn spent(&self, bought: Bought) -> i64 {
        let prices = self.prices.iter().enumerate().filter(|(number, _)| bought >> number & 1 == 1);
        prices.fold(0, |sum: i64, (_, &price)| sum.saturating_add(price))
    }

    /// What samples come to without what is spent: minutes, minor units of money, or the share that is late.
    fn value(&mut self, bought: Bought) -> f64 {
        if let Some(&value) = self.values.get(&bought) {
            return value;
        }
        let samples = self.scenarios.with(bought);
        let value = self.worth(&samples);
        self.values.insert(bought, value);
        value
    }

    fn worth(&self, samples: &[(Slot, i64)]) -> f64 {
        match self.goal {
            Goal::Percentile(share) => percentile(&self.minutes(samples), share).value,
            Goal::Cost => mean_cost(samples),
            Goal::Deadline => 1.0 - self.kept(&self.minutes(samples)).unwrap_or(0.0),
        }
    }

    /// Finishes in ascending order, in minutes.
    fn minutes(&self, samples: &[(Slot, i64)]) -> Vec<f64> {
        minutes(self.network, &samples.iter().map(|&(finish, _)| finish).collect::<Vec<_>>())
    }

    fn kept(&self, minutes: &[f64]) -> Option<f64> {
        let deadline = self.deadline?;
        Some(minutes.partition_point(|&finish| finish <= deadline) as f64 / minutes.len().max(1) as f64)
    }

    /// Keeps what is better than all that costs no more.
    fn keep(&mut self, found: Found) {
        let goal = self.goal;
        if self.front.iter().any(|known| known.spent <= found.spent && price(goal, known) <= price(goal, &found)) {
            return;
        }
        let is_beaten = |known: &Found| known.spent >= found.spent && price(goal, known) >= price(goal, &found);
        self.front.retain(|known| !is_beaten(known));
        let place = self.front.partition_point(|known| known.spent < found.spent);
        self.front.insert(place, found);
    }

    /// The front with all that is told of it, on fresh samples, too.
    fn finish(mut self, options: &RiskOptions, count: usize) -> Mitigated {
        let fresh = options.first.wrapping_add(options.samples.max(count as u64));
        let mut fresh = Scenarios::new(self.scenarios.model, options.seed, fresh, count);
        let mut purchases = Vec::new();
        for found in std::mem::take(&mut self.front) {
            let samples = self.scenarios.with(found.bought);
            let finishes = self.minutes(&samples);
            let told = |value: f64| match self.goal {
                Goal::Percentile(_) => value,
                Goal::Cost => value + found.spent as f64,
                Goal::Deadline => 1.0 - value,
            };
            let mean = mean_cost(&samples);
            let ids = self.scenarios.model.mitigations.iter().enumerate();
            purchases.push(Purchase {
                mitigations: ids.filter(|(number, _)| found.bought >> number & 1 == 1).map(|(_, &id)| id).collect(),
                spent: found.spent,
                value: told(found.value),
                fresh: told(self.worth(&fresh.with(found.bought))),
                late_finish: percentile(&finishes, 0.8).value,
                mean_cost: mean + found.spent as f64,
                kept: self.kept(&finishes),
            });
        }
        Mitigated { purchases, samples: count, choices: self.prices.len(), is_proven: self.is_proven }
    }
}

/// The mean cost of the samples that finish.
fn mean_cost(samples: &[(Slot, i64)]) -> f64 {
    moments(&samples.iter().map(|&(_, cost)| cost_number(cost)).collect::<Vec<_>>()).0
}

/// The goal, with what is spent where that counts.
fn price(goal: Goal, found: &Found) -> f64 {
    found.value + if goal == Goal::Cost { found.spent as f64 } else { 0.0 }
}

/// True if a remedy makes nothing worse, whatever is drawn.
fn is_harmless(remedy: &Remedy, delay: (Law, Law), cost: Law, quantiles: &Quantiles) -> bool {
    const LOOKS: u32 = 64;
    let is_less = |after: Law, before: Law| {
        (0..LOOKS).all(|look| {
            let drawn = [(u32::MAX / LOOKS) * look; LANES];
            quantiles.values(&after, &drawn)[0] <= quantiles.values(&before, &drawn)[0]
        })
    };
    remedy.delay.is_none_or(|after| is_less(after.0, delay.0) && is_less(after.1, delay.1))
        && remedy.cost.is_none_or(|after| is_less(after, cost))
}
