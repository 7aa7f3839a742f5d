//! The resource investment problem: which capacities are the cheapest with which the project keeps its deadline.
//!
//! Source: Moehring, "Minimizing costs of resource requirements in project networks subject to a fixed completion time",
//! Operations Research 32 (1984); Demeulemeester, "Minimizing resource availability costs in time-limited project networks",
//! Management Science 41 (1995). As there, capacities are free, a unit of a resource has a price, and what is minimised is
//! the sum of prices times peaks.
//!
//! First the levelling search makes the priced peaks low. Then the solver is asked, on the plan with one unit less of a
//! resource, for a schedule in time. That no schedule needs less of a resource is proven one resource at a time, with the others
//! in plenty: by its largest single demand, its work, what is under way whatever the starts, and by asking the solver. The sum
//! of these bounds is a bound on the cost; it is reached only where resources do not have to make up for each other.

use super::criterion::Criterion;
use super::exact::least_peaks;
use super::levelling::{board, improve, last_finish, latest_end, renewables};
use crate::effort::{Control, Limits, Stop};
use crate::error::{Error, Result};
use crate::index::Id;
use crate::network::{Network, Slot, compile};
use crate::plan::{Plan, ResourceId, ResourceKind};
use crate::schedule::{Objective, Outcome, Schedule, Status, place, tardiness};
use crate::solve::{SolveOptions, partial_order, solve};
use crate::units::{Amount, Moment, Money};

/// The part of the effort that a question to the solver may take.
const QUESTION: u64 = 16;

/// How many units of a resource a project needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capacity {
    /// Whose.
    pub resource: ResourceId,
    /// The capacity in the plan: the most units that are ever there.
    pub now: Amount,
    /// The most units that the schedule uses at once.
    pub needed: Amount,
    /// Fewer units than these are proven not to suffice, however many there are of the others.
    pub least: Amount,
    /// The price of a unit: what it costs a working day, or one if no resource of the plan has a rate.
    pub price: Money,
}

impl Capacity {
    /// What so many units cost.
    pub fn cost(&self, units: Amount) -> Money {
        let cost = i128::from(self.price.0) * i128::from(units.0) / i128::from(Amount::ONE.0);
        Money(i64::try_from(cost).unwrap_or(i64::MAX))
    }
}

/// The cheapest capacities that were found, and a schedule with them.
#[derive(Clone, Debug)]
pub struct Investment {
    /// The plan with these capacities.
    pub plan: Plan,
    /// The schedule in it. `Optimal` if no mix of capacities is cheaper.
    pub outcome: Outcome,
    /// The date that is kept.
    pub until: Moment,
    /// Work resources that are used, in the order of the plan.
    pub capacities: Vec<Capacity>,
}

impl Investment {
    /// What the capacities cost in all.
    pub fn cost(&self) -> Money {
        Money(self.capacities.iter().map(|capacity| capacity.cost(capacity.needed).0).sum())
    }

    /// No capacities that suffice cost less.
    pub fn bound(&self) -> Money {
        Money(self.capacities.iter().map(|capacity| capacity.cost(capacity.least).0).sum())
    }
}

/// Looks for the cheapest capacities of people and machines with which a project is finished in time.
///
/// The capacities in the plan are left aside; times at which nobody is there (by calendars, and by availability.csv) stay. Materials and budgets count. Where no unit has a rate, each costs one; where some have, those without are free.
///
/// # Arguments
/// `until` is the date to be kept: without it the project's deadline; without one, too, the finish with everything in plenty
/// (that of the critical path). `options` are those of the search, its objectives and `ignore_resources` left aside.
///
/// # Errors
/// [`Error::is_infeasible`] if the date cannot be kept with any capacities; wrong usage if no schedule was found in time or
/// nobody is needed.
///
/// # Example
///
/// Three tasks of two days in four days need two people:
///
/// ```
/// use floatline::effort::{Control, Limits};
/// use floatline::io::{self, ReadOptions};
/// use floatline::level::invest;
/// use floatline::plan::validate;
/// use floatline::schedule::Status;
/// use floatline::solve::SolveOptions;
///
/// # fn main() -> floatline::error::Result<()> {
/// let text = "id,duration,resources\nA,2d,dev\nB,2d,dev\nC,2d,dev\n";
/// let draft = io::read_bytes("plan.csv", text.as_bytes().to_vec(), &ReadOptions::default());
/// let (plan, _) = validate(&draft)?;
/// let monday = plan.project().start;
/// let thursday = monday + floatline::units::Minutes(4 * 24 * 60);
/// let control = Control::start(Limits { effort: Some(100), time: None });
/// let found = invest(&plan, Some(thursday), &SolveOptions::default(), &control)?;
/// assert_eq!(found.capacities[0].needed.to_string(), "2");
/// assert_eq!(found.outcome.status, Status::Optimal);
/// # Ok(())
/// # }
/// ```
pub fn invest(plan: &Plan, until: Option<Moment>, options: &SolveOptions, control: &Control) -> Result<Investment> {
    let work = plan.resources().ids().filter(|&id| plan.resources()[id].kind == ResourceKind::Work);
    let plenty = plenty(plan);
    let free: Vec<(ResourceId, Amount)> = work.map(|id| (id, plenty)).collect();
    let free_plan = plan.with_capacities(&free);
    let network = compile(&free_plan)?;
    let options = SolveOptions { seed: options.seed, ..SolveOptions::default() };
    let first = solve(&free_plan, &network, &options, control, &|_| {})?;
    let Some(schedule) = &first.schedule else {
        return Err(match first.status {
            Status::Infeasible => Error::infeasible(first.message),
            _ => Error::usage(format!("no schedule was found: {}", first.message)),
        });
    };
    let finish = schedule.finish().unwrap_or(plan.project().start);
    let until = until.or(plan.project().deadline).unwrap_or(finish);
    if finish > until {
        let told = format!(
            "with enough of everything the project finishes at {}, which is after {}",
            plan.format_moment(finish),
            plan.format_end(until)
        );
        return Err(if first.lower_bound > until { Error::infeasible(told) } else { Error::usage(told) });
    }

    let order = partial_order(&network, schedule);
    let end = latest_end(plan, &network, &order, last_finish(&network, &order), (Some(until), true))?;
    renewables(plan, &network, &order.modes, &[])?;
    let all: Vec<u32> = (0..network.renewables.len() as u32).collect();
    let levelled = board(plan, &network, &order, (Criterion::Peak, &all), end, false);
    let prices = prices(plan);
    // What windows say holds where the modes are given and no deadline is missed anyway.
    let allowed = tardiness(plan, schedule);
    let is_simple = network.modes.items().len() == network.len() && allowed <= 0.0;
    let mut least = least_peaks(&levelled, &network, is_simple);
    let inquiry = Inquiry { plan, network: &network, until, end, allowed, options: &options, control };
    // A clock must leave time for the questions.
    let mut best = inquiry.levelled(schedule, &control.anew(Limits { effort: control.effort(), time: None }))?;
    let price = |number: &usize| prices[network.renewables[*number].resource.index()];
    let mut dear: Vec<usize> = (0..all.len()).filter(|number| price(number) > Money::ZERO).collect();
    dear.sort_by_key(|number| (std::cmp::Reverse(price(number)), *number));
    inquiry.raise(&dear, &mut least, &best.units)?;
    inquiry.lower(&dear, &least, &mut best)?;

    let capacity = |number: usize| {
        let renewable = &network.renewables[number];
        let resource = renewable.resource;
        let price = prices[resource.index()];
        let units = |level: i64| Amount(level * renewable.unit);
        let least = if price == Money::ZERO { 0 } else { least[number].min(best.units[number]) };
        let windows = plan.resources()[resource].windows.iter().map(|window| window.units);
        let now = plan.resources()[resource].capacity.into_iter().chain(windows).max().unwrap_or(Amount::ZERO);
        Capacity { resource, now, needed: units(best.units[number]), least: units(least), price }
    };
    let capacities: Vec<Capacity> = (0..all.len()).map(capacity).collect();
    finished(plan, first, (until, capacities, best.schedule), control.stop())
}

/// More units than all tasks together ever use of a resource.
fn plenty(plan: &Plan) -> Amount {
    let amounts = plan.modes().iter().flat_map(|mode| plan.demands_of(mode)).map(|demand| demand.amount.0);
    let whole = |sum: i64| (sum + Amount::ONE.0 - 1) / Amount::ONE.0 * Amount::ONE.0;
    Amount(whole(amounts.fold(Amount::ONE.0, i64::saturating_add).min(Amount::MAX.0)))
}

/// The price of a unit of each resource for a working day.
fn prices(plan: &Plan) -> Vec<Money> {
    let day = i128::from(plan.project().minutes_per_day.0);
    let price = |rate: &crate::units::Rate| {
        let price = i128::from(rate.money.0.max(0)) * day / i128::from(rate.per.0.max(1));
        Money(i64::try_from(price).unwrap_or(i64::MAX))
    };
    let work = |resource: &crate::plan::Resource| resource.kind == ResourceKind::Work;
    let prices: Vec<Money> = (plan.resources().iter())
        .map(|resource| if work(resource) { price(&resource.rate) } else { Money::ZERO })
        .collect();
    match prices.iter().all(|price| *price == Money::ZERO) {
        true => vec![Money(100); prices.len()],
        false => prices,
    }
}

/// A schedule that keeps the date, and the most units in use at once of each renewable of the free network.
struct Offer {
    units: Vec<i64>,
    schedule: Schedule,
}

/// What the solver says of a plan with some capacities.
enum Reply {
    /// A schedule in time.
    Found(Box<Schedule>),
    /// Proven: there is none.
    Impossible,
    Unknown,
}

/// Asks for schedules in time with given capacities.
struct Inquiry<'a> {
    plan: &'a Plan,
    /// That of the plan with everything in plenty.
    network: &'a Network,
    until: Moment,
    end: Slot,
    /// How much tardiness a schedule may have: no more than with everything in plenty.
    allowed: f64,
    options: &'a SolveOptions,
    control: &'a Control,
}

impl Inquiry<'_> {
    /// A schedule with its priced peaks made low.
    fn levelled(&self, schedule: &Schedule, control: &Control) -> Result<Offer> {
        let order = partial_order(self.network, schedule);
        let all: Vec<u32> = (0..self.network.renewables.len() as u32).collect();
        let keeps_limits = !self.network.caps.is_empty() || !self.network.weekly_limits.is_empty();
        let mut board = board(self.plan, self.network, &order, (Criterion::Peak, &all), self.end, keeps_limits);
        let prices = prices(self.plan);
        for of in &mut board.levelled {
            let renewable = &self.network.renewables[of.renewable as usize];
            of.weights = (i128::from(prices[renewable.resource.index()].0) * i128::from(renewable.unit), 1);
        }
        improve(&mut board, self.network, &order.starts, self.options.seed, control);
        let starts = board.starts(&order.starts);
        let starts = starts.ok_or_else(|| Error::usage("tasks without resources found no place"))?;
        let units = board.profiles.iter().map(|profile| profile.peak()).collect();
        Ok(Offer { units, schedule: place(self.plan, self.network, &starts, &order.modes) })
    }

    /// The plan with so many units of each renewable; in plenty where nothing is said.
    fn plan_with(&self, units: impl Fn(usize) -> Option<i64>) -> Plan {
        let plenty = plenty(self.plan);
        let capacities: Vec<(ResourceId, Amount)> = (self.network.renewables.iter().enumerate())
            .map(|(number, of)| (of.resource, units(number).map_or(plenty, |units| Amount(units * of.unit))))
            .collect();
        self.plan.with_capacities(&capacities)
    }

    /// Asks the solver: for deadlines alone, which ends as soon as all are kept, and then for the earliest finish, whose bound
    /// may prove that there is nothing.
    fn ask(&self, units: impl Fn(usize) -> Option<i64>, proves: bool) -> Result<Reply> {
        let plan = self.plan_with(units);
        let mut network = match compile(&plan) {
            Ok(network) => network,
            Err(error) if error.is_infeasible() => return Ok(Reply::Impossible),
            Err(error) => return Err(error),
        };
        let end = network.axis.slot_at_or_before(self.until);
        let Network { latest_finish, finish_wishes, .. } = &mut network;
        finish_wishes.retain(|&(node, _)| latest_finish[node as usize] <= end);
        latest_finish.iter_mut().for_each(|latest| *latest = end.min(*latest));
        let nodes = network.len().max(1) as u64;
        let passes = self.control.effort().unwrap_or((ASKED / nodes).clamp(32, 20_000)) / QUESTION;
        let objectives = if proves { [Objective::Finish] } else { [Objective::Tardiness] };
        let options = SolveOptions { objectives: objectives.into(), ..self.options.clone() };
        let control = self.control.anew(Limits { effort: Some(passes.max(2)), time: None });
        let outcome = solve(&plan, &network, &options, &control, &|_| {})?;
        if outcome.status == Status::Infeasible || outcome.lower_bound > self.until {
            return Ok(Reply::Impossible);
        }
        let in_time = |schedule: &Schedule| {
            schedule.finish() <= Some(self.until) && tardiness(self.plan, schedule) <= self.allowed
        };
        Ok(outcome.schedule.filter(in_time).map_or(Reply::Unknown, |schedule| Reply::Found(Box::new(schedule))))
    }

    /// Raises the least units of each resource as long as it is proven that they do not suffice.
    fn raise(&self, dear: &[usize], least: &mut [i64], units: &[i64]) -> Result<()> {
        for &number in dear {
            while least[number] < units[number] && !self.control.must_stop() {
                let few = least[number];
                match self.ask(|other| (other == number).then_some(few), true)? {
                    Reply::Impossible => least[number] += 1,
                    _ => break,
                }
            }
        }
        Ok(())
    }

    /// Lowers the units of one resource after the other, the dearest first, as long as the solver finds schedules.
    fn lower(&self, dear: &[usize], least: &[i64], best: &mut Offer) -> Result<()> {
        let mut is_better = true;
        while is_better {
            is_better = false;
            for &number in dear {
                while best.units[number] > least[number] && !self.control.must_stop() {
                    let fewer = |other: usize| Some(best.units[other] - i64::from(other == number));
                    let Reply::Found(schedule) = self.ask(fewer, false)? else { break };
                    let brief = self.control.anew(Limits { effort: Some(20), time: None });
                    let offer = self.levelled(&schedule, &brief)?;
                    if self.cost(&offer) >= self.cost(best) {
                        break;
                    }
                    *best = offer;
                    is_better = true;
                }
            }
        }
        Ok(())
    }

    fn cost(&self, offer: &Offer) -> i128 {
        let prices = prices(self.plan);
        let cost = |(of, &units): (&crate::network::Renewable, &i64)| {
            i128::from(prices[of.resource.index()].0) * i128::from(units * of.unit)
        };
        self.network.renewables.iter().zip(&offer.units).map(cost).sum()
    }
}

/// Nodes times passes of all questions if nobody says how many.
const ASKED: u64 = 400_000;

/// The answer: the plan with the capacities that were found, and its schedule in it.
fn finished(
    plan: &Plan,
    first: Outcome,
    (until, capacities, schedule): (Moment, Vec<Capacity>, Schedule),
    stopped: Option<Stop>,
) -> Result<Investment> {
    let needed: Vec<(ResourceId, Amount)> =
        capacities.iter().map(|capacity| (capacity.resource, capacity.needed)).collect();
    let plan = plan.with_capacities(&needed);
    let network = compile(&plan)?;
    let mut outcome = Outcome { goals: Vec::new(), stopped, ..first }.with_schedule(&plan, &network, schedule)?;
    let investment = Investment { plan, outcome: outcome.clone(), until, capacities };
    let is_proven = investment.cost() == investment.bound();
    outcome.status = if is_proven { Status::Optimal } else { Status::Feasible };
    Ok(Investment { outcome, ..investment })
}
