//! Rules about who does what, as totals: a breach would take two of something of which there is one.
//!
//! Of tasks that nobody may do two of, each that somebody does takes one of what there is one of for that person. Where the
//! same people have to do two tasks, the one takes it if somebody does not do it, and the other if they do.

use rustc_hash::FxHashMap;

use super::super::{Assigned, Consumption, Origin, Total, TotalOrigin};
use super::ways::Way;
use crate::index::Rows;
use crate::plan::{Plan, ResourceId, RuleId, TaskId};

/// What a task takes of a total.
#[derive(Clone, Copy)]
struct Share {
    total: u32,
    person: ResourceId,
    /// Whether it takes it with that person, or without.
    with: bool,
}

/// What the ways to do each task take of the totals of rules.
pub(super) struct Duties {
    shares: FxHashMap<TaskId, Vec<Share>>,
}

impl Duties {
    /// Adds a total for each rule and person.
    pub(super) fn of(
        plan: &Plan,
        origin: &[Origin],
        ways: &Rows<Way>,
        assigned: &Rows<Assigned>,
        totals: &mut Vec<Total>,
    ) -> Duties {
        let (separated, together) = (plan.separated(), plan.kept_together());
        let mut duties = Duties { shares: FxHashMap::default() };
        if separated.is_empty() && together.is_empty() {
            return duties;
        }
        let is_person = plan.persons();
        // Those who could do each task, and how many it takes.
        let mut people: FxHashMap<TaskId, (Vec<ResourceId>, usize)> = FxHashMap::default();
        for (node, origin) in origin.iter().enumerate() {
            let Origin::Task(task) = *origin else { continue };
            let rows = || ways.range(node).map(|position| assigned.row(position));
            let of = |row: &[Assigned]| row.iter().filter(|item| is_person[item.resource]).count();
            let mut all: Vec<ResourceId> = rows().flatten().map(|item| item.resource).collect();
            all.retain(|&it| is_person[it]);
            all.sort_unstable();
            all.dedup();
            people.insert(task, (all, rows().map(of).max().unwrap_or(0)));
        }
        let mut total_of = |rule: RuleId| {
            totals.push(Total { origin: TotalOrigin::Rule(rule), capacity: 1, with_overhead: false });
            totals.len() as u32 - 1
        };
        let none = (Vec::new(), 0);
        let of = |task: TaskId| people.get(&task).unwrap_or(&none);
        for (rule, tasks) in separated {
            let mut all: Vec<ResourceId> = tasks.iter().flat_map(|&task| of(task).0.iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            for person in all {
                let doing: Vec<TaskId> = tasks.iter().copied().filter(|&task| of(task).0.contains(&person)).collect();
                if doing.len() > 1 {
                    let total = total_of(rule);
                    doing.iter().for_each(|&task| duties.add(task, Share { total, person, with: true }));
                }
            }
        }
        for (rule, tasks) in together {
            let Some((&anchor, others)) = tasks.split_first() else { continue };
            for &other in others {
                // Whoever does the smaller task does the larger one.
                let (large, small) = if of(anchor).1 >= of(other).1 { (anchor, other) } else { (other, anchor) };
                for &person in &of(small).0 {
                    let total = total_of(rule);
                    duties.add(small, Share { total, person, with: true });
                    duties.add(large, Share { total, person, with: false });
                }
            }
        }
        duties
    }

    fn add(&mut self, task: TaskId, share: Share) {
        self.shares.entry(task).or_default().push(share);
    }

    /// Adds what a way to do a task takes.
    pub(super) fn take(&self, task: TaskId, assigned: &[Assigned], consumed: &mut Vec<Consumption>) {
        for share in self.shares.get(&task).into_iter().flatten() {
            let is_there = assigned.iter().any(|item| item.resource == share.person);
            if is_there == share.with {
                consumed.push(Consumption { total: share.total, amount: 1 });
            }
        }
    }
}
