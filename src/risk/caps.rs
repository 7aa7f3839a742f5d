//! Budget caps as samples see them: what is spent under each in the end of each sample, what was spent before included.

use super::block::{Block, LAST};
use super::events::Source;
use super::model::{Model, Work};
use super::streams::{LANES, Lanes};
use super::unfinished::NO_END;
use crate::network::{Assigned, NEVER, NO_EARLIEST, PeriodCap, Slot};
use crate::plan::{Budget, BudgetId, BudgetScope, PastBudget, Plan, ResourceId, ResourceKind, TaskId};
use crate::schedule::{Assignment, assignment_cost};
use crate::units::Money;

/// A budget.
#[derive(Clone, Debug)]
pub struct Cap {
    /// When it counts, and whether it counts the overhead.
    period: PeriodCap,
    /// How it stood before the samples begin.
    past: PastBudget,
    /// What tasks pay into it.
    parts: Vec<Part>,
    /// The events whose costs count, each with the position at whose finish they are due.
    events: Vec<(usize, u32)>,
}

/// What a task pays, in minor units of money.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Part {
    /// Its position in the model.
    at: u32,
    /// For each slot of work.
    per_slot: f64,
    /// However long it takes, spread over its work.
    spread: f64,
    /// At its start.
    at_start: f64,
}

/// The budgets of a plan, in its order. A risk or issue counts where the first of its tasks does, at the finish of that task.
pub fn caps(plan: &Plan, model: &Model<'_>, modes: &[u32]) -> Vec<Cap> {
    let axis = &model.network.axis;
    let first_task = |source: Source| match source {
        Source::Risk(risk) => {
            let is_open = |task: &&TaskId| !plan.tasks()[**task].is_finished();
            plan.risks()[risk].tasks.iter().find(is_open).copied()
        }
        Source::Issue(issue) => Some(plan.issues()[issue].task),
    };
    let cap = |(id, budget): (BudgetId, &Budget)| {
        let part = |(at, node): (usize, &super::model::Node)| match node.work {
            Some(Work::Task(task)) => part(plan, model, modes, (at, task), budget.scope),
            _ => None,
        };
        let event = |(number, event): (usize, &super::events::Event)| {
            let (task, &at) = (first_task(event.source)?, event.hits.first()?);
            is_whole_in(plan, task, budget.scope).then_some((number, at))
        };
        Cap {
            period: PeriodCap {
                budget: id,
                from: budget.from.map_or(NO_EARLIEST, |from| axis.slot_at_or_after(from)),
                to: budget.to.map_or(NEVER, |to| axis.slot_at_or_before(to)),
                cap: plan.past_of(id).cap.0,
                with_overhead: budget.scope == BudgetScope::All,
            },
            past: plan.past_of(id),
            parts: model.nodes.iter().enumerate().filter_map(part).collect(),
            events: model.events.iter().enumerate().filter_map(event).collect(),
        }
    };
    plan.budgets().iter_enumerated().map(cap).collect()
}

/// True if a budget counts whatever a task costs.
fn is_whole_in(plan: &Plan, task: TaskId, scope: BudgetScope) -> bool {
    let parent = |task: &TaskId| plan.tasks()[*task].parent;
    match scope {
        BudgetScope::All => true,
        BudgetScope::Task(only) => only == task,
        BudgetScope::Wbs(summary) => std::iter::successors(parent(&task), parent).any(|above| above == summary),
        BudgetScope::Account(account) => plan.tasks()[task].account == Some(account),
        BudgetScope::Resource(_) => false,
    }
}

fn part(
    plan: &Plan,
    model: &Model<'_>,
    modes: &[u32],
    (at, task): (usize, TaskId),
    scope: BudgetScope,
) -> Option<Part> {
    let (network, node) = (model.network, &model.nodes[at]);
    let mode = modes[network.finish_node[task] as usize];
    let at_start = network.cash.due_at_start(mode as usize) as f64;
    let part = match scope {
        BudgetScope::Resource(resource) => of_resource(plan, model, (mode, task), resource),
        _ if !is_whole_in(plan, task, scope) => return None,
        _ => Part { at: 0, per_slot: node.cost.0, spread: node.cost.1 - at_start, at_start },
    };
    let part = Part { at: at as u32, ..part };
    (part != Part { at: part.at, ..Part::default() }).then_some(part)
}

/// What the use of a resource costs in a mode.
fn of_resource(plan: &Plan, model: &Model<'_>, (mode, task): (u32, TaskId), resource: ResourceId) -> Part {
    let (network, duration) = (model.network, model.network.mode(mode).duration);
    let uses = network.assigned.row(mode as usize).iter().filter(|used| used.resource == resource);
    let mut part = Part::default();
    for &Assigned { resource, amount } in uses {
        let Some(way) = network.mode(mode).mode else { continue };
        let (spread, per_use) = assignment_cost(plan, task, &Assignment { resource, amount }, &plan.modes()[way]);
        match plan.resources()[resource].kind {
            ResourceKind::Work if duration > 0 => part.per_slot += spread.0 as f64 / f64::from(duration),
            ResourceKind::Work | ResourceKind::Material => part.spread += spread.0 as f64,
        }
        part.at_start += per_use.0 as f64;
    }
    part
}

impl Cap {
    /// What is spent in the end of samples that have dates, in minor units of money.
    pub fn spent(&self, model: &Model<'_>, block: &Block) -> Lanes<i64> {
        let mut spent = [0.0; LANES];
        let is_dated = (self.period.from, self.period.to) != (NO_EARLIEST, NEVER);
        for part in &self.parts {
            let durations = &block.durations[part.at as usize];
            for (lane, spent) in spent.iter_mut().enumerate() {
                let factor = block.factors.get(part.at as usize).map_or(1.0, |factors| factors[lane]);
                let spread = part.per_slot * f64::from(durations[lane]) + part.spread * factor;
                let costs = (spread, part.at_start * factor);
                *spent += match is_dated {
                    true => self.within(model, block, part, costs, lane),
                    false => costs.0 + costs.1,
                };
            }
        }
        for &(event, at) in &self.events {
            for (lane, spent) in spent.iter_mut().enumerate() {
                if self.counts(block.finishes[at as usize][lane]) {
                    *spent += block.events[event].1[lane];
                }
            }
        }
        // A cast beyond the range is the end of the range.
        let overhead = |lane: usize| model.network.overhead_in(&self.period, block.finish[lane]);
        let grows = self.period.with_overhead && model.network.overhead.is_some();
        std::array::from_fn(|lane| match block.finish[lane] {
            LAST if grows && self.period.to == NEVER => NO_END,
            _ => {
                let to_come = (spent[lane].round() as i64).saturating_add(overhead(lane));
                self.past.at_completion(Money(to_come)).0
            }
        })
    }

    fn counts(&self, position: Slot) -> bool {
        self.period.from <= position && position < self.period.to
    }

    /// What of a task falls into the period: its spread cost by its work there, the rest if it starts there.
    fn within(&self, model: &Model<'_>, block: &Block, part: &Part, (spread, due): (f64, f64), lane: usize) -> f64 {
        let at = part.at as usize;
        let (start, duration) = (block.starts[at][lane], block.durations[at][lane]);
        let at_start = if self.counts(start) { due } else { 0.0 };
        if duration == 0 {
            return at_start + if self.counts(start) { spread } else { 0.0 };
        }
        let table = model.network.calendar(model.nodes[at].mode.calendar);
        let done = |position: Slot| {
            let worked = table.work(i64::from(position)) - table.work(i64::from(start));
            worked.clamp(0, i64::from(duration)) as f64 / f64::from(duration)
        };
        at_start + spread * (done(self.period.to) - done(self.period.from.max(0)))
    }
}
