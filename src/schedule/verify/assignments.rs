//! Assignments: every demand of a task's mode is met, exactly, by resources that can meet it.

use super::Judge;
use super::report::Report;
use crate::index::Id;
use crate::plan::{DemandSource, LabelId, ResourceId, ResourceKind, TaskId};
use crate::units::Amount;

impl Judge<'_> {
    /// Checks who is assigned to a task.
    pub(super) fn check_assignments(&self, task: TaskId, report: &mut Report) {
        let assigned = self.schedule.assignments.row(task.index());
        let demands = self.mode(task).map_or(&[][..], |mode| self.plan.demands_of(mode));
        if (assigned.is_empty() && demands.is_empty()) || (!self.sound[task.index()] && !self.is_summary(task)) {
            return;
        }
        let id = self.id(task);
        let mut left: Vec<(ResourceId, Amount)> = Vec::with_capacity(assigned.len());
        for assignment in assigned {
            let Some(resource) = self.plan.resources().get(assignment.resource) else {
                report.error("unknown-resource", || {
                    format!("task `{id}` is assigned a resource that the plan does not have")
                });
                continue;
            };
            if assignment.amount <= Amount::ZERO || assignment.amount > Amount::MAX {
                report.error("wrong-amount", || {
                    format!("task `{id}` is assigned {} of `{}`", assignment.amount, resource.id)
                });
                continue;
            }
            left.push((assignment.resource, assignment.amount));
        }
        left.sort_unstable();
        for pair in left.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            report.error("resource-twice", || {
                format!("task `{id}` is assigned `{}` more than once", self.plan.resources()[pair[0].0].id)
            });
        }
        left.dedup_by(|next, last| {
            let same = next.0 == last.0;
            if same {
                last.1 = Amount(last.1.0.saturating_add(next.1.0));
            }
            same
        });

        let mut skills: Vec<(LabelId, Amount)> = Vec::new();
        for demand in demands {
            match demand.source {
                DemandSource::Skill(skill) => skills.push((skill, demand.amount)),
                DemandSource::Resource(resource) => {
                    let found = left.binary_search_by_key(&resource, |&(resource, _)| resource);
                    let has = found.map_or(Amount::ZERO, |at| left[at].1);
                    if has < demand.amount {
                        report.error("demand-not-met", || {
                            let resource = &self.plan.resources()[resource].id;
                            format!("task `{id}` needs {} of `{resource}`, but is assigned {has}", demand.amount)
                        });
                    }
                    if let Ok(at) = found {
                        left[at].1 = (has - demand.amount).max(Amount::ZERO);
                    }
                }
            }
        }
        let holds = |person: ResourceId, skill: LabelId| {
            let resource = &self.plan.resources()[person];
            resource.kind == ResourceKind::Work && self.is_certified(person, skill, task)
        };
        share_out(&mut left, &mut skills, holds);
        for &(resource, amount) in left.iter().filter(|left| left.1 > Amount::ZERO) {
            report.error("more-than-demanded", || {
                let resource = &self.plan.resources()[resource].id;
                format!("task `{id}` is assigned {amount} of `{resource}` more than it needs")
            });
        }
        for &(skill, amount) in skills.iter().filter(|skill| skill.1 > Amount::ZERO) {
            report.error("demand-not-met", || {
                let skill = self.plan.label(skill);
                format!("task `{id}` needs {amount} more of the skill `{skill}` than it is assigned")
            });
        }
    }
}

/// Shares what resources have left out among the skills that are wanted, so that as little as possible remains of both;
/// what remains is left in `supplies` and `wants`.
///
/// A maximum flow by shortest augmenting paths (Edmonds, Karp 1972): a person with two skills may be moved from one to the
/// other when somebody else can take over the first.
fn share_out(
    supplies: &mut [(ResourceId, Amount)],
    wants: &mut [(LabelId, Amount)],
    holds: impl Fn(ResourceId, LabelId) -> bool,
) {
    let mut given = vec![vec![0i64; supplies.len()]; wants.len()];
    for first in 0..wants.len() {
        while wants[first].1 > Amount::ZERO {
            // Skills reached so far, and the resource and skill from which each of them was reached.
            let mut reached = vec![first];
            let mut reached_from: Vec<Option<(usize, usize)>> = vec![None; wants.len()];
            let mut seen = vec![false; supplies.len()];
            let mut giver = None;
            let mut at = 0;
            'search: while let Some(&skill) = reached.get(at) {
                at += 1;
                for resource in 0..supplies.len() {
                    if seen[resource] || !holds(supplies[resource].0, wants[skill].0) {
                        continue;
                    }
                    seen[resource] = true;
                    if supplies[resource].1 > Amount::ZERO {
                        giver = Some((resource, skill));
                        break 'search;
                    }
                    for other in (0..wants.len()).filter(|&other| given[other][resource] > 0) {
                        if !reached.contains(&other) {
                            reached.push(other);
                            reached_from[other] = Some((resource, skill));
                        }
                    }
                }
            }
            let Some((resource, mut skill)) = giver else { break };
            let mut amount = wants[first].1.0.min(supplies[resource].1.0);
            let mut step = reached_from[skill];
            let mut taken_from = skill;
            while let Some((resource, taker)) = step {
                amount = amount.min(given[taken_from][resource]);
                taken_from = taker;
                step = reached_from[taker];
            }
            given[skill][resource] += amount;
            while let Some((resource, taker)) = reached_from[skill] {
                given[skill][resource] -= amount;
                given[taker][resource] += amount;
                skill = taker;
            }
            supplies[resource].1 = supplies[resource].1 - Amount(amount);
            wants[first].1 = wants[first].1 - Amount(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_with_two_skills_gives_the_one_that_nobody_else_has() {
        // `0` knows both, `1` only skill 0. Skill 0 asks first and must not keep `0`.
        let one = Amount::ONE;
        let mut supplies = [(ResourceId::new(0), one), (ResourceId::new(1), one)];
        let mut wants = [(LabelId::new(0), one), (LabelId::new(1), one)];
        share_out(&mut supplies, &mut wants, |resource, skill| resource.index() == 0 || skill.index() == 0);
        assert!(supplies.iter().all(|supply| supply.1 == Amount::ZERO));
        assert!(wants.iter().all(|want| want.1 == Amount::ZERO));
    }

    #[test]
    fn what_cannot_be_shared_out_remains_on_both_sides() {
        // 1.5 of `0` are there, 1 is wanted of its skill; 2 are wanted of a skill that nobody has.
        let mut supplies = [(ResourceId::new(0), Amount(15_000))];
        let mut wants = [(LabelId::new(0), Amount(10_000)), (LabelId::new(1), Amount(20_000))];
        share_out(&mut supplies, &mut wants, |_, skill| skill.index() == 0);
        assert_eq!(supplies[0].1, Amount(5_000));
        assert_eq!((wants[0].1, wants[1].1), (Amount::ZERO, Amount(20_000)));
    }
}
