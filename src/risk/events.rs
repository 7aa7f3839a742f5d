//! Risks and issues as samples see them.

use super::quantiles::{Law, Quantiles, threshold};
use super::streams::{LANES, Lanes};
use crate::network::{NO_NODE, Network, Slot};
use crate::plan::{Delay, Distribution, IssueId, MitigationId, Plan, RiskGroup, RiskId, TaskId};
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
    /// What can be bought against it.
    pub remedies: Vec<Remedy>,
}

/// What a mitigation makes of a risk.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// Its number among the mitigations of the model.
    pub number: usize,
    /// The risk then happens if its draw is below that, if it is less likely.
    pub below: Option<u64>,
    /// Working slots, and minutes by the clock, by which tasks then take longer, if that changes.
    pub delay: Option<(Law, Law)>,
    /// What it then costs, if that changes.
    pub cost: Option<Law>,
}

/// Mitigations that are bought, a bit for each by its number; those beyond the last bit are left out.
pub type Bought = u128;

/// The events of a plan, in the order of their files: risks first, then issues. What hits finished tasks alone is left out,
/// and so are resolved issues of tasks under way: the delay was before the status date, from which on all that is reported as
/// left is scheduled, and its cost is among what was spent. A task that has not begun still has all its duration before it, which
/// an issue makes longer whether it is resolved or not.
///
/// # Returns
/// The events, and the mitigations of risks among them.
pub fn events(
    plan: &Plan,
    network: &Network,
    position: &[u32],
    quantiles: &mut Quantiles,
) -> (Vec<Event>, Vec<MitigationId>) {
    let mut events: Vec<Event> = Vec::new();
    let mut mitigations = Vec::new();
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
        let mut remedies = Vec::new();
        for (mitigation, row) in plan.mitigations().iter_enumerated().filter(|(_, row)| row.risk == id) {
            if mitigations.len() == Bought::BITS as usize {
                break;
            }
            // Whatever is tied to the risk stays as likely as it was.
            let below = row.probability_after.map(|after| from + threshold(after).min(width));
            let (working, elapsed, cost) = laws(&row.delay_after, &row.cost_after);
            let delay = row.delay_after.as_ref().map(|_| (working, elapsed));
            let cost = row.cost_after.as_ref().map(|_| cost);
            remedies.push(Remedy { number: mitigations.len(), below, delay, cost });
            mitigations.push(mitigation);
        }
        events.push(Event { source, drawn_by, range: (from, from + width), hits, delay, elapsed, cost, remedies });
    }
    for (id, issue) in plan.issues().iter_enumerated() {
        let task = &plan.tasks()[issue.task];
        if task.is_finished() || issue.is_resolved && task.progress.is_some() {
            continue;
        }
        let (delay, elapsed, cost) = laws(&issue.delay, &issue.cost);
        let (source, hits) = (Source::Issue(id), hits(&[issue.task]));
        events.push(Event {
            source,
            drawn_by: events.len(),
            range: (0, 1 << 32),
            hits,
            delay,
            elapsed,
            cost,
            remedies: Vec::new(),
        });
    }
    (events, mitigations)
}

impl Event {
    /// True if it can move a task by the clock.
    pub fn is_by_the_clock(&self) -> bool {
        let after = self.remedies.iter().filter_map(|remedy| remedy.delay);
        after.map(|(_, elapsed)| elapsed).chain([self.elapsed]).any(|elapsed| elapsed != Law::Certain(0.0))
    }

    /// True if it happens in a sample in which something is bought.
    #[inline]
    pub fn happens(&self, drawn: u32, bought: Bought) -> bool {
        let remedies = self.remedies.iter().filter(|remedy| bought >> remedy.number & 1 == 1);
        let end = remedies.filter_map(|remedy| remedy.below).fold(self.range.1, u64::min);
        (self.range.0..end).contains(&u64::from(drawn))
    }

    /// By how much its tasks take longer in each sample: slots of work, and minutes by the clock. Of several delays that are
    /// bought the least counts.
    pub fn delays(&self, quantiles: &Quantiles, drawn: &Lanes<u32>, bought: &Lanes<Bought>) -> Lanes<(Slot, Slot)> {
        let values = |(working, elapsed): (Law, Law)| -> Lanes<(Slot, Slot)> {
            let (working, elapsed) = (quantiles.whole_values(&working, drawn), quantiles.whole_values(&elapsed, drawn));
            std::array::from_fn(|lane| (working[lane], elapsed[lane]))
        };
        let after = self.remedies.iter().filter_map(|remedy| Some((remedy.number, values(remedy.delay?))));
        remedied(values((self.delay, self.elapsed)), after, bought)
    }

    /// What it costs in each sample in which it happens.
    pub fn costs(&self, quantiles: &Quantiles, drawn: &Lanes<u32>, bought: &Lanes<Bought>) -> Lanes<f64> {
        let after = self.remedies.iter();
        let after = after.filter_map(|remedy| Some((remedy.number, quantiles.values(&remedy.cost?, drawn))));
        remedied(quantiles.values(&self.cost, drawn), after, bought)
    }

    /// The remedies that matter where something is drawn: those of a risk that happens unless something is bought.
    pub fn remedies_for(&self, drawn: u32) -> Bought {
        if self.remedies.is_empty() || !self.happens(drawn, 0) {
            return 0;
        }
        let prevents = |remedy: &Remedy| remedy.below.is_some_and(|below| u64::from(drawn) >= below);
        let matters = |remedy: &&Remedy| prevents(remedy) || remedy.delay.is_some() || remedy.cost.is_some();
        self.remedies.iter().filter(matters).fold(0, |all, remedy| all | 1 << remedy.number)
    }
}

/// The usual values, or the least of those that are bought in a sample.
fn remedied<T: Copy + PartialOrd>(
    usual: Lanes<T>,
    after: impl Iterator<Item = (usize, Lanes<T>)>,
    bought: &Lanes<Bought>,
) -> Lanes<T> {
    let mut least: Lanes<Option<T>> = [None; LANES];
    for (number, values) in after {
        for lane in (0..LANES).filter(|&lane| bought[lane] >> number & 1 == 1) {
            let is_less = least[lane].is_none_or(|least| values[lane] < least);
            least[lane] = if is_less { Some(values[lane]) } else { least[lane] };
        }
    }
    std::array::from_fn(|lane| least[lane].unwrap_or(usual[lane]))
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
