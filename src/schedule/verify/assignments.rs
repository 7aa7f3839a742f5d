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
        left.retain(|&(_, amount)| amount > Amount::ZERO);
        self.share_out(left, &mut skills);
        for (resource, amount) in self.unused(task, &skills) {
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
