//! The ways to do a task: its modes with the people chosen for the skills they ask for, and what each costs.

use floatline::plan::{BudgetScope, DemandSource, Duration, LabelId, ModeId, Plan, ResourceId, ResourceKind, TaskId};
use floatline::units::{Amount, Minutes, Money};

/// A mode and its people, machines and materials.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    pub mode: ModeId,
    /// Each resource once, in ascending order.
    pub assigned: Vec<(ResourceId, Amount)>,
}

/// All ways to do a task; a unit of somebody is not divided among those who ask for a skill.
pub fn ways(plan: &Plan, task: TaskId) -> Vec<Way> {
    let mut all = Vec::new();
    for (mode, data) in plan.modes().iter_enumerated().filter(|(mode, _)| plan.tasks()[task].modes.contains(mode)) {
        let (mut assigned, mut skills) = (Vec::new(), Vec::new());
        for demand in plan.demands_of(data) {
            match demand.source {
                DemandSource::Resource(resource) => give(&mut assigned, resource, demand.amount),
                DemandSource::Skill(skill) => skills.extend((0..demand.amount.0 / Amount::ONE.0).map(|_| skill)),
            }
        }
        choose(plan, mode, assigned, &skills, &mut all);
    }
    all
}

fn give(assigned: &mut Vec<(ResourceId, Amount)>, resource: ResourceId, amount: Amount) {
    match assigned.iter_mut().find(|(other, _)| *other == resource) {
        Some(known) => known.1 += amount,
        None => assigned.push((resource, amount)),
    }
    assigned.sort_unstable();
}

/// Chooses somebody for each unit of skill.
fn choose(plan: &Plan, mode: ModeId, assigned: Vec<(ResourceId, Amount)>, skills: &[LabelId], all: &mut Vec<Way>) {
    let Some((skill, rest)) = skills.split_first() else {
        let way = Way { mode, assigned };
        if !all.contains(&way) {
            all.push(way);
        }
        return;
    };
    for (resource, _) in plan.resources().iter_enumerated().filter(|(_, resource)| resource.skills.contains(skill)) {
        let mut assigned = assigned.clone();
        give(&mut assigned, resource, Amount::ONE);
        choose(plan, mode, assigned, rest, all);
    }
}

impl Way {
    pub fn duration(&self, plan: &Plan) -> Minutes {
        plan.modes()[self.mode].duration.minutes()
    }

    /// True if it runs on the clock.
    pub fn is_elapsed(&self, plan: &Plan) -> bool {
        matches!(plan.modes()[self.mode].duration, Duration::Elapsed(minutes) if minutes > Minutes::ZERO)
    }

    pub fn people(&self, plan: &Plan) -> Vec<ResourceId> {
        self.of_kind(plan, ResourceKind::Work).map(|(resource, _)| resource).collect()
    }

    pub fn of_kind(&self, plan: &Plan, kind: ResourceKind) -> impl Iterator<Item = (ResourceId, Amount)> {
        self.assigned.iter().copied().filter(move |&(resource, _)| plan.resources()[resource].kind == kind)
    }

    /// What a task done like this costs a scope: spread over its work, and at its start.
    pub fn cost(&self, plan: &Plan, task: TaskId, scope: BudgetScope) -> (Money, Money) {
        let row = &plan.tasks()[task];
        let parent = |task: &TaskId| plan.tasks()[*task].parent;
        let (is_in_scope, only) = match scope {
            BudgetScope::All => (true, None),
            BudgetScope::Task(other) => (task == other, None),
            BudgetScope::Wbs(summary) => {
                (std::iter::successors(Some(task), parent).any(|above| above == summary), None)
            }
            BudgetScope::Account(account) => (row.account == Some(account), None),
            BudgetScope::Resource(resource) => (true, Some(resource)),
        };
        let (mut spread, mut at_start) = (Money::ZERO, Money::ZERO);
        if !is_in_scope {
            return (spread, at_start);
        }
        if only.is_none() {
            spread = row.fixed_cost + plan.modes()[self.mode].cost;
        }
        for &(id, amount) in self.assigned.iter().filter(|(id, _)| only.is_none_or(|only| only == *id)) {
            let resource = &plan.resources()[id];
            let units = i128::from(amount.0);
            let (used, per) = match resource.kind {
                ResourceKind::Work => (self.duration(plan), resource.rate.per),
                ResourceKind::Material => (Minutes(1), Minutes(1)),
            };
            spread += half_up(resource.rate.money, units * i128::from(used.0), per);
            at_start += half_up(resource.cost_per_use, units, Minutes(1));
        }
        (spread, at_start)
    }
}

/// A price times units (in ten-thousandths) times minutes, for each `per` of them, rounded half up.
fn half_up(price: Money, units: i128, per: Minutes) -> Money {
    let whole = i128::from(Amount::ONE.0) * i128::from(per.0);
    Money((2 * i128::from(price.0) * units + whole).div_euclid(2 * whole) as i64)
}
