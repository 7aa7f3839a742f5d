//! The people to choose from: what a week of each costs, and which work waits for whom.

use super::windows::{distances, hours_by_week};
use crate::index::Id;
use crate::network::Network;
use crate::plan::{DemandSource, Duration, Plan, ResourceId, ResourceKind, TaskId, TaskKind};
use crate::schedule::{Buckets, Period, Schedule, work_by_week};
use crate::solve::windows;
use crate::units::{Amount, Minutes, Moment, Money};

/// First and last week in which somebody works, as positions in [`Pool::weeks`].
pub(super) type Span = (usize, usize);

/// The weeks of everybody in the pool; none for whoever has no work.
pub(super) type Spans = Vec<Option<Span>>;

/// Somebody to choose.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) resource: ResourceId,
    /// What each week costs, in minor units of money, or one for each unit of a week if nobody has a rate.
    pub(super) prices: Vec<i64>,
    /// Parts of a unit that are there at most.
    pub(super) units: i64,
    /// Unit-minutes that the calendar offers in each week.
    pub(super) offered: Vec<i64>,
    /// As many of them as lie between the project's start and the deadline.
    pub(super) usable: Vec<i64>,
    /// What a unit-minute of work costs at least.
    pub(super) per_minute: f64,
}

/// A demand of a mode that people of the pool can meet.
#[derive(Debug)]
pub(super) struct Need {
    /// Unit-minutes of work.
    pub(super) minutes: f64,
    /// Who of the pool can do it.
    pub(super) able: Vec<usize>,
    /// True if somebody who is not in the pool can do it, too.
    pub(super) has_others: bool,
    /// Parts of a unit that are needed.
    pub(super) units: i64,
    /// The weeks of the latest start and the earliest finish: whoever does it is there by the first, and until the
    /// second.
    pub(super) latest: usize,
    pub(super) earliest: usize,
}

/// The people to choose from.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) people: Vec<Candidate>,
    /// When each week begins; one more at the end.
    pub(super) weeks: Vec<Moment>,
    /// For each task its modes, each with what it needs.
    pub(super) tasks: Vec<Vec<Vec<Need>>>,
    /// Least working minutes from the start of a task to the finish of another; empty for a plan of many tasks.
    pub(super) distances: Vec<Vec<Option<i64>>>,
    /// Working minutes of anybody in each week.
    pub(super) hours: Vec<i64>,
    /// True if nobody has a rate, and weeks are counted instead of money.
    pub(super) is_by_weeks: bool,
}

/// Everybody who works in somebody's place: the work resources that have a skill or a team that a task asks for.
pub(super) fn replaceable(plan: &Plan) -> Vec<ResourceId> {
    let demands = plan.modes().iter().flat_map(|mode| plan.demands_of(mode));
    let mut asked: Vec<_> = demands
        .filter_map(|demand| match demand.source {
            DemandSource::Skill(skill) => Some(skill),
            DemandSource::Resource(_) => None,
        })
        .collect();
    asked.sort_unstable();
    asked.dedup();
    let people = plan.resources().iter_enumerated();
    let able = people.filter(|(_, row)| row.skills.iter().any(|skill| asked.binary_search(skill).is_ok()));
    able.filter(|(_, row)| row.kind == ResourceKind::Work && row.capacity.is_some()).map(|(id, _)| id).collect()
}

/// The most units of a resource that are ever there.
fn most_units(plan: &Plan, id: ResourceId) -> Amount {
    let row = &plan.resources()[id];
    row.capacity.into_iter().chain(row.windows.iter().map(|window| window.units)).max().unwrap_or(Amount::ZERO)
}

/// What the time that a resource's calendar offers from one moment to another comes to, in unit-minutes.
fn offered(plan: &Plan, id: ResourceId, from: Moment, to: Moment) -> i64 {
    let calendar = &plan.calendars()[plan.calendar_of(id)];
    let stretches = calendar.stretches(from, to);
    let inside = stretches.iter().map(|&(start, finish)| (finish.min(to) - start.max(from)).0.max(0));
    let minutes = i128::from(inside.sum::<i64>());
    i64::try_from(minutes * i128::from(most_units(plan, id).0) / i128::from(Amount::ONE.0)).unwrap_or(i64::MAX)
}

/// Tasks of plans whose distances are measured.
const MOST_MEASURED: usize = 500;

impl Pool {
    /// The pool of some resources.
    ///
    /// # Arguments
    /// `until` is when the project has to be finished; `network` is that of the plan.
    pub(super) fn new(plan: &Plan, network: &Network, resources: &[ResourceId], until: Moment) -> Pool {
        let buckets = Buckets::new(plan, Period::Week);
        let start = plan.project().start;
        let weeks = buckets.of(start)..=buckets.last_of(start, until.max(start)) + 1;
        let weeks: Vec<Moment> = weeks.map(|bucket| buckets.start(bucket)).collect();
        let is_by_weeks = resources.iter().all(|&id| plan.resources()[id].rate.money == Money::ZERO);
        let candidate = |&resource: &ResourceId| {
            let rate = plan.resources()[resource].rate;
            let offers = |from, to| offered(plan, resource, from, to);
            let offered: Vec<i64> = weeks.windows(2).map(|week| offers(week[0], week[1])).collect();
            let usable = weeks.windows(2).map(|week| offers(week[0].max(start), week[1].min(until))).collect();
            let units = (most_units(plan, resource).0 + Amount::ONE.0 - 1) / Amount::ONE.0;
            let price = |&minutes: &i64| match is_by_weeks {
                true => units,
                false => {
                    let (money, per) = (i128::from(rate.money.0), i128::from(rate.per.0.max(1)));
                    let price = (2 * money * i128::from(minutes) + per).div_euclid(2 * per);
                    i64::try_from(price).unwrap_or(i64::MAX / 1_000_000)
                }
            };
            let prices: Vec<i64> = offered.iter().map(price).collect();
            let working = prices.iter().zip(&offered).filter(|(_, minutes)| **minutes > 0);
            let per_minute = working.map(|(&price, &minutes)| price as f64 / minutes as f64).fold(f64::MAX, f64::min);
            let per_minute = if per_minute == f64::MAX { 0.0 } else { per_minute };
            Candidate { resource, prices, units: most_units(plan, resource).0, offered, usable, per_minute }
        };
        let people: Vec<Candidate> = resources.iter().map(candidate).collect();
        let windows = windows(network, until);
        let week = |moment: Moment| weeks.partition_point(|&begin| begin <= moment).clamp(1, weeks.len() - 1) - 1;
        let needs = |task: TaskId| {
            let window = windows.as_ref().and_then(|windows| windows.get(network.start_node[task] as usize));
            let edges = window.map_or((weeks.len() - 2, 0), |window| {
                (week(window.late_start), week((window.early_finish - Minutes(1)).max(window.early_start)))
            });
            needs_of(plan, resources, task, edges)
        };
        let tasks = plan.tasks().ids().map(needs).collect();
        let distances = if plan.tasks().len() <= MOST_MEASURED { distances(plan) } else { Vec::new() };
        let hours = hours_by_week(plan, &weeks, until);
        Pool { people, weeks, tasks, distances, hours, is_by_weeks }
    }

    /// How many people there are.
    pub(super) fn len(&self) -> usize {
        self.people.len()
    }

    /// The number of weeks.
    pub(super) fn week_count(&self) -> usize {
        self.weeks.len() - 1
    }

    /// Everybody, for the whole time.
    pub(super) fn everybody(&self) -> Spans {
        vec![Some((0, self.week_count() - 1)); self.len()]
    }

    /// What the weeks of somebody cost.
    pub(super) fn price(&self, person: usize, (from, to): Span) -> i64 {
        self.people[person].prices[from..=to].iter().sum()
    }

    /// What the weeks of everybody cost.
    pub(super) fn cost(&self, spans: &Spans) -> i64 {
        let of = |(person, span): (usize, &Option<Span>)| span.map_or(0, |span| self.price(person, span));
        spans.iter().enumerate().map(of).sum()
    }

    /// The plan with the people in these weeks alone; the first and the last week have no ends.
    pub(super) fn plan_with(&self, plan: &Plan, spans: &Spans) -> Plan {
        let present = |(from, to): Span| {
            let begin = if from == 0 { Moment::MIN } else { self.weeks[from] };
            let end = if to + 1 == self.week_count() { Moment::MAX } else { self.weeks[to + 1] };
            (begin, end)
        };
        let of = |(one, span): (&Candidate, &Option<Span>)| (one.resource, span.map(present));
        let presence: Vec<_> = self.people.iter().zip(spans).map(of).collect();
        // Work that is left lying must not be taken up in time, nor soon after: the solver would think it nearly done.
        let (start, end) = (self.weeks[0], self.weeks[self.week_count()]);
        plan.with_presence(&presence, (end + Minutes(4 * (end - start).0)).min(Moment::MAX - Minutes(1)))
    }

    /// The weeks in which people work in a schedule. Somebody who is there for milestones alone is so in their weeks.
    pub(super) fn spans(&self, plan: &Plan, schedule: &Schedule) -> Spans {
        let mut spans: Spans = vec![None; self.len()];
        let mut position = vec![None; plan.resources().len()];
        self.people.iter().enumerate().for_each(|(at, one)| position[one.resource.index()] = Some(at));
        let mut works = |resource: ResourceId, moment: Moment| {
            let Some(person) = position.get(resource.index()).copied().flatten() else { return };
            let week = self.weeks.partition_point(|&begin| begin <= moment).saturating_sub(1);
            let week = week.min(self.week_count() - 1);
            let span = &mut spans[person];
            *span = Some(span.map_or((week, week), |(from, to)| (from.min(week), to.max(week))));
        };
        for row in work_by_week(plan, schedule) {
            works(row.resource, row.from);
        }
        for (task, placement) in schedule.placements.iter_enumerated() {
            let row = schedule.assignments.row(task.index()).iter();
            if placement.start == placement.finish {
                row.filter(|item| item.amount > Amount::ZERO).for_each(|item| works(item.resource, placement.start));
            }
        }
        spans
    }
}

/// What the modes of a task need of the pool; nothing where work is not bound to the hours of people.
///
/// # Arguments
/// The weeks are those of the latest start and the earliest finish.
fn needs_of(plan: &Plan, pool: &[ResourceId], task: TaskId, (latest, earliest): (usize, usize)) -> Vec<Vec<Need>> {
    let row = &plan.tasks()[task];
    if row.kind == TaskKind::Summary || row.ignores_resource_calendars {
        return Vec::new();
    }
    let able = |source: DemandSource, id: ResourceId| match source {
        DemandSource::Resource(resource) => resource == id,
        DemandSource::Skill(skill) => {
            let row = &plan.resources()[id];
            row.kind == ResourceKind::Work && row.skills.contains(&skill)
        }
    };
    let needs = |mode: &crate::plan::Mode| {
        let minutes = match mode.duration {
            Duration::Working(minutes) => minutes.0 as f64,
            Duration::Elapsed(_) => 0.0,
        };
        let need = |demand: &crate::plan::Demand| Need {
            minutes: minutes * demand.amount.0 as f64 / Amount::ONE.0 as f64,
            able: (0..pool.len()).filter(|&at| able(demand.source, pool[at])).collect(),
            has_others: plan.resources().ids().any(|id| able(demand.source, id) && !pool.contains(&id)),
            units: demand.amount.0,
            latest,
            earliest,
        };
        plan.demands_of(mode).iter().map(need).filter(|need| !need.able.is_empty()).collect()
    };
    plan.modes_of(task).iter().map(needs).collect()
}
