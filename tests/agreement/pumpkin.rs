//! The earliest finish of a plan of periods, found by the constraint solver Pumpkin.
//!
//! Each task has a start, a finish and a Boolean for each way to do it. Of a task that can be done in several ways each way
//! has a start of its own on the resources, which is parked behind the horizon unless the way is chosen.
//! Pumpkin generates clauses lazily, as the exact side of floatline does, and shares no code with it (crate `pumpkin-core`).

use std::ops::ControlFlow;

use floatline::plan::{ConstraintKind, LagAmount, Plan, ResourceId, ResourceKind, TaskId, TaskKind, TimeUnit};
use floatline::units::{Amount, Money};
use pumpkin_conflict_resolvers::resolvers::ResolutionResolver;
use pumpkin_constraints::{cumulative, equals, less_than_or_equals};
use pumpkin_core::optimisation::OptimisationDirection;
use pumpkin_core::optimisation::linear_sat_unsat::LinearSatUnsat;
use pumpkin_core::results::{OptimisationResult, ProblemSolution, SolutionReference};
use pumpkin_core::termination::Indefinite;
use pumpkin_core::variables::{AffineView, DomainId, Literal, TransformableVariable};
use pumpkin_core::{DefaultBrancher, Solver};

use crate::ways::{Way, ways};

/// True if the model has all of a plan: periods without pauses or overhead, budgets without dates.
pub fn can_express(plan: &Plan) -> bool {
    let never_pauses =
        plan.resources().iter().all(|resource| resource.windows.iter().all(|it| it.units > Amount::ZERO));
    let has_totals = plan.budgets().iter().all(|budget| budget.from.is_none() && budget.to.is_none());
    let is_in_periods = plan.project().time_unit == TimeUnit::Period;
    is_in_periods && never_pauses && has_totals && plan.project().overhead_per_day == Money::ZERO
}

/// The earliest finish of all schedules that finish by the horizon.
///
/// # Panics
/// Where Pumpkin does.
pub fn earliest_finish(plan: &Plan, horizon: i32) -> Option<i32> {
    let mut model = Model::new(plan, horizon);
    model.links();
    model.resources();
    model.totals();
    model.solve()
}

type Term = AffineView<DomainId>;

/// A task that is done.
struct Activity {
    task: TaskId,
    start: DomainId,
    finish: DomainId,
    ways: Vec<(Way, Literal)>,
}

struct Model<'p> {
    plan: &'p Plan,
    horizon: i32,
    solver: Solver,
    activities: Vec<Activity>,
    /// Where the next way that is not chosen is parked.
    parking: i32,
}

fn number(value: i64) -> i32 {
    i32::try_from(value).expect("a drawn plan has small numbers")
}

/// A weight that counts if a literal is true; nothing if it weighs nothing.
fn weighted(literal: Literal, weight: i32) -> Option<Term> {
    (weight != 0).then(|| literal.get_integer_variable().scaled(weight))
}

impl<'p> Model<'p> {
    fn new(plan: &'p Plan, horizon: i32) -> Model<'p> {
        let mut model = Model { plan, horizon, solver: Solver::default(), activities: Vec::new(), parking: horizon };
        for (task, row) in plan.tasks().iter_enumerated() {
            if row.kind != TaskKind::Summary {
                model.activity(task);
            }
        }
        model
    }

    /// The sum is at most `most`.
    fn at_most(&mut self, terms: Vec<Term>, most: i32) {
        let tag = self.solver.new_constraint_tag();
        self.solver.add_constraint(less_than_or_equals(terms, most, tag)).post();
    }

    fn equal(&mut self, terms: Vec<Term>, value: i32) {
        let tag = self.solver.new_constraint_tag();
        self.solver.add_constraint(equals(terms, value, tag)).post();
    }

    fn equal_if(&mut self, condition: Literal, terms: Vec<Term>, value: i32) {
        let tag = self.solver.new_constraint_tag();
        self.solver.add_constraint(equals(terms, value, tag)).implied_by(condition);
    }

    fn activity(&mut self, task: TaskId) {
        let (plan, horizon) = (self.plan, self.horizon);
        let (start, finish) =
            (self.solver.new_bounded_integer(0, horizon), self.solver.new_bounded_integer(0, horizon));
        let ways: Vec<(Way, Literal)> =
            ways(plan, task).into_iter().map(|way| (way, self.solver.new_literal())).collect();
        self.equal(ways.iter().map(|(_, chosen)| chosen.get_integer_variable()).collect(), 1);
        let mut terms = vec![start.scaled(1), finish.scaled(-1)];
        terms.extend(ways.iter().filter_map(|(way, chosen)| weighted(*chosen, number(way.duration(plan).0))));
        self.equal(terms, 0);
        for row in std::iter::successors(Some(task), |&row| plan.tasks()[row].parent) {
            let Some(constraint) = plan.tasks()[row].constraint else { continue };
            let date = number(constraint.moment.0);
            match constraint.kind {
                ConstraintKind::StartNoEarlierThan => self.at_most(vec![start.scaled(-1)], -date),
                ConstraintKind::FinishNoEarlierThan => self.at_most(vec![finish.scaled(-1)], -date),
                ConstraintKind::MustStartOn => self.equal(vec![start.scaled(1)], date),
                ConstraintKind::MustFinishOn => self.equal(vec![finish.scaled(1)], date),
                _ => {}
            }
        }
        self.activities.push(Activity { task, start, finish, ways });
    }

    /// What a link joins: a task, or all that is below a summary.
    fn below(&self, above: TaskId) -> Vec<usize> {
        let parent = |task: &TaskId| self.plan.tasks()[*task].parent;
        let is_below = |task: TaskId| std::iter::successors(Some(task), parent).any(|at| at == above);
        (0..self.activities.len()).filter(|&at| is_below(self.activities[at].task)).collect()
    }

    fn links(&mut self) {
        for link in self.plan.links() {
            for from in self.below(link.predecessor) {
                for to in self.below(link.successor) {
                    self.distance(from, to, link);
                }
            }
        }
    }

    fn distance(&mut self, from: usize, to: usize, link: &floatline::plan::Link) {
        let (from, to) = (&self.activities[from], &self.activities[to]);
        let before = if link.kind.from_finish() { from.finish } else { from.start };
        let after = if link.kind.to_finish() { to.finish } else { to.start };
        let mut terms = vec![before.scaled(1), after.scaled(-1)];
        let lag = match link.lag.amount {
            LagAmount::Minutes(lag) => number(lag.0),
            LagAmount::Percent(share) => {
                let lag = |way: &Way| number(share.of(way.duration(self.plan)).0);
                terms.extend(from.ways.iter().filter_map(|(way, chosen)| weighted(*chosen, lag(way))));
                0
            }
        };
        self.at_most(terms, -lag);
        if let Some(LagAmount::Minutes(most)) = link.max_lag.map(|lag| lag.amount) {
            self.at_most(vec![after.scaled(1), before.scaled(-1)], number(most.0));
        }
    }

    fn resources(&mut self) {
        for (id, resource) in self.plan.resources().iter_enumerated() {
            if resource.kind == ResourceKind::Work {
                self.resource(id);
            }
        }
    }

    /// Units of a resource: where there are fewer than at its peak, something else holds the rest.
    fn resource(&mut self, id: ResourceId) {
        let units = |slot: i32| number(self.plan.resources()[id].units_at(floatline::units::Moment(slot.into())).0);
        let units: Vec<i32> = (0..self.horizon).map(units).collect();
        let peak = units.iter().copied().max().unwrap_or(0);
        let (mut starts, mut durations, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
        for (slot, held) in units.iter().map(|units| peak - units).enumerate().filter(|&(_, held)| held > 0) {
            starts.push(self.solver.new_bounded_integer(slot as i32, slot as i32));
            durations.push(1);
            amounts.push(held);
        }
        for at in 0..self.activities.len() {
            for number in 0..self.activities[at].ways.len() {
                let (way, chosen) = &self.activities[at].ways[number];
                let needed =
                    way.assigned.iter().find(|(resource, _)| *resource == id).map_or(0, |item| item.1.0 as i32);
                let (duration, chosen) = (way.duration(self.plan).0 as i32, *chosen);
                if needed == 0 || duration == 0 {
                    continue;
                }
                if needed > peak {
                    self.equal(vec![chosen.get_integer_variable()], 0);
                    continue;
                }
                starts.push(self.start_if(at, chosen, duration));
                durations.push(duration);
                amounts.push(needed);
            }
        }
        if !starts.is_empty() {
            let tag = self.solver.new_constraint_tag();
            self.solver.add_constraint(cumulative(starts, durations, amounts, peak, tag)).post();
        }
    }

    /// The start of an activity if a way is chosen, otherwise one behind the horizon where nothing else is.
    fn start_if(&mut self, at: usize, chosen: Literal, duration: i32) -> DomainId {
        let start = self.activities[at].start;
        if self.activities[at].ways.len() == 1 {
            return start;
        }
        let parked = self.parking;
        self.parking += duration;
        let own = self.solver.new_bounded_integer(0, parked);
        self.equal_if(chosen, vec![own.scaled(1), start.scaled(-1)], 0);
        self.equal_if(!chosen, vec![own.scaled(1)], parked);
        own
    }

    /// Materials and budgets: no more is used up than there is.
    fn totals(&mut self) {
        for (id, resource) in self.plan.resources().iter_enumerated() {
            if let (ResourceKind::Material, Some(capacity)) = (resource.kind, resource.capacity) {
                let used = |_, way: &Way| {
                    way.assigned.iter().find(|(resource, _)| *resource == id).map_or(0, |(_, amount)| amount.0)
                };
                self.total(number(capacity.0), used);
            }
        }
        for budget in self.plan.budgets() {
            let plan = self.plan;
            let spent = |task, way: &Way| {
                let (spread, at_start) = way.cost(plan, task, budget.scope);
                (spread + at_start).0
            };
            self.total(number(budget.cap.0), spent);
        }
    }

    fn total(&mut self, capacity: i32, used: impl Fn(TaskId, &Way) -> i64) {
        let mut terms = Vec::new();
        for activity in &self.activities {
            let term = |(way, chosen): &(Way, Literal)| weighted(*chosen, number(used(activity.task, way)));
            terms.extend(activity.ways.iter().filter_map(term));
        }
        if !terms.is_empty() {
            self.at_most(terms, capacity);
        }
    }

    fn solve(mut self) -> Option<i32> {
        let makespan = self.solver.new_bounded_integer(0, self.horizon);
        for finish in self.activities.iter().map(|activity| activity.finish).collect::<Vec<_>>() {
            self.at_most(vec![finish.scaled(1), makespan.scaled(-1)], 0);
        }
        let (mut brancher, mut resolver) = (self.solver.default_brancher(), ResolutionResolver::default());
        let go_on = |_: &Solver, _: SolutionReference, _: &DefaultBrancher, _: &ResolutionResolver| {
            ControlFlow::<()>::Continue(())
        };
        let search = LinearSatUnsat::new(OptimisationDirection::Minimise, makespan, go_on);
        match self.solver.optimise(&mut brancher, &mut Indefinite, &mut resolver, search) {
            OptimisationResult::Optimal(solution) => Some(solution.get_integer_value(makespan)),
            OptimisationResult::Unsatisfiable => None,
            other => panic!("nothing stops Pumpkin before its end: {other:?}"),
        }
    }
}
