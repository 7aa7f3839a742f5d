//! Risks and issues as samples see them.

use super::quantiles::{Law, Quantiles, threshold};
use crate::network::{NO_NODE, Network, Slot};
use crate::plan::{Delay, Distribution, IssueId, Plan, RiskGroup, RiskId, TaskId};
use crate::units::Moment;

/// What an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It may happen.
    Risk(RiskId),
    /// It has happened.
    Issue(IssueId),
}

/// Something that makes tasks longer, and costs money, in some samples.
#[derive(Clone, Debug)]
pub struct Event {
    /// What it comes from.
    pub source: Source,
    /// The event whose draw decides: its own number, or that of the first of its group.
    pub drawn_by: usize,
    /// It happens if that draw is at least the first, and below the second.
    pub range: (u64, u64),
    /// Positions in the model of the tasks that it hits.
    pub hits: Vec<u32>,
    /// By how much they take longer, in slots of working time; certainly not at all if it delays by the clock.
    pub delay: Law,
    /// By how much they finish later by the clock, in minutes.
    pub elapsed: Law,
    /// What it costs, in minor units of money.
    pub cost: Law,
}

/// The events of a plan, in the order of their files: risks first, then issues. What hits finished tasks alone is left out,
/// and so are resolved issues of tasks under way, whose remaining work tells of them.
pub fn events(plan: &Plan, network: &Network, position: &[u32], quantiles: &mut Quantiles) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut groups: Vec<(RiskGroup, usize, u64)> = Vec::new();
    let hits = |tasks: &[TaskId]| -> Vec<u32> {
        let is_open = |task: &&TaskId| !plan.tasks()[**task].is_finished();
        let node = |task: &TaskId| network.finish_node[*task];
        let nodes = tasks.iter().filter(is_open).map(node).filter(|&node| node != NO_NODE);
        nodes.map(|node| position[node as usize]).collect()
    };
    let slot_minutes = network.axis.slot_minutes.0 as f64;
    let mut laws = |delay: &Option<Delay>, cost: &Option<Distribution>| {
        let mut law = |is_elapsed: bool, unit: f64| match delay {
            Some(delay) if delay.is_elapsed == is_elapsed => quantiles.law(&delay.minutes.scaled(1.0 / unit)),
            _ => Law::Certain(0.0),
        };
        let (working, elapsed) = (law(false, slot_minutes), law(true, 1.0));
        (working, elapsed, cost.as_ref().map_or(Law::Certain(0.0), |cost| quantiles.law(cost)))
    };
    let is_open = |tasks: &[TaskId]| tasks.iter().any(|task| !plan.tasks()[*task].is_finished());
    for (id, risk) in plan.risks().iter_enumerated().filter(|(_, risk)| is_open(&risk.tasks)) {
        let number = events.len();
        let width = threshold(risk.probability);
        let known = risk.group.and_then(|group| groups.iter_mut().find(|(other, ..)| *other == group));
        let (drawn_by, from) = match (known, risk.group) {
            (Some((RiskGroup::Exclusive(_), first, used)), _) => (*first, std::mem::replace(used, *used + width)),
            (Some((RiskGroup::Together(_), first, _)), _) => (*first, 0),
            (None, Some(group)) => {
                groups.push((group, number, width));
                (number, 0)
            }
            (None, None) => (number, 0),
        };
        let (delay, elapsed, cost) = laws(&risk.delay, &risk.cost);
        let (source, hits) = (Source::Risk(id), hits(&risk.tasks));
        events.push(Event { source, drawn_by, range: (from, from + width), hits, delay, elapsed, cost });
    }
    for (id, issue) in plan.issues().iter_enumerated() {
        let task = &plan.tasks()[issue.task];
        if task.is_finished() || issue.is_resolved && task.progress.is_some() {
            continue;
        }
        let (delay, elapsed, cost) = laws(&issue.delay, &issue.cost);
        let (source, hits) = (Source::Issue(id), hits(&[issue.task]));
        events.push(Event { source, drawn_by: events.len(), range: (0, 1 << 32), hits, delay, elapsed, cost });
    }
    events
}

impl Event {
    /// True if it can move a task by the clock.
    pub fn is_by_the_clock(&self) -> bool {
        self.elapsed != Law::Certain(0.0)
    }

    /// True in the samples in which it happens.
    #[inline]
    pub fn happens(&self, drawn: u32) -> bool {
        (self.range.0..self.range.1).contains(&u64::from(drawn))
    }
}

/// The slot in which something finishes that finishes so many minutes by the clock after a slot.
pub fn later(network: &Network, finish: Slot, minutes: Slot) -> Slot {
    if minutes == 0 {
        return finish;
    }
    let moment = network.axis.finish_moment(finish).0.saturating_add(i64::from(minutes));
    let moment = Moment(moment.min(Moment::MAX.0));
    network.axis.slot_at_or_after(moment).max(finish)
}
