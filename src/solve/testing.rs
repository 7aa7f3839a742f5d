//! Small networks for the engine's tests, and a naive judge of slots.

use proptest::prelude::*;

use super::aims::Score;
use super::exact::Prover;
use super::search::{Member, Watch};
use crate::index::{Id, IdVec, Rows};
use crate::network::{
    Arc, Axis, CashFlows, Demand, EVERY_SLOT, HORIZON_LIMIT, MaximalLag, NEVER, NO_EARLIEST, Network, NodeMode, Origin,
    Renewable, Slot, WorkTable,
};
use crate::plan::{LinkId, LinkKind, ResourceId, TaskId};
use crate::units::{Minutes, Moment};

/// A resource-constrained project: capacities, activities, and links from lower to higher numbers.
#[derive(Clone, Debug)]
pub struct Project {
    pub capacities: Vec<i32>,
    /// Duration and demands of each activity.
    pub activities: Vec<(Slot, Vec<i32>)>,
    /// Predecessor, successor, kind, lag.
    pub links: Vec<(usize, usize, LinkKind, i32)>,
    /// The same for greatest distances.
    pub maximal_lags: Vec<(usize, usize, LinkKind, i32)>,
    /// Activities that must start, or finish, at a slot.
    pub dates: Vec<(usize, End, Slot)>,
}

/// An end of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Start,
    Finish,
}

impl Project {
    /// The network of the project on the axis of periods.
    pub fn network(&self) -> Network {
        let nodes = self.activities.len();
        let dates = |end: End| {
            let date = |node: usize| self.dates.iter().find(|date| (date.0, date.1) == (node, end));
            (0..nodes).map(|node| date(node).map_or(NO_EARLIEST, |date| date.2)).collect()
        };
        let arc = |other: usize, kind: LinkKind, lag: i32| Arc {
            other: other as u32,
            lag,
            calendar: EVERY_SLOT,
            kind,
            by_mode: false,
        };
        let mut modes = Rows::new();
        let mut demands = Rows::new();
        for (duration, amounts) in &self.activities {
            modes.push_row([NodeMode {
                duration: *duration,
                calendar: EVERY_SLOT,
                lag_calendar: EVERY_SLOT,
                unbroken: false,
                mode: None,
            }]);
            let used = amounts.iter().enumerate().filter(|&(_, &amount)| amount > 0);
            demands.push_row(used.map(|(resource, &amount)| Demand { resource: resource as u32, amount }));
        }
        let into = self.links.iter().map(|&(from, to, kind, lag)| (to, arc(from, kind, lag)));
        let out_of = self.links.iter().map(|&(from, to, kind, lag)| (from, arc(to, kind, lag)));
        Network {
            axis: Axis { slot_minutes: Minutes(1), table: WorkTable::always(), origin_work: 0 },
            calendars: vec![WorkTable::always()],
            origin: (0..nodes).map(|node| Origin::Task(TaskId::new(node))).collect(),
            start_node: IdVec::from((0..nodes as u32).collect::<Vec<_>>()),
            finish_node: IdVec::from((0..nodes as u32).collect::<Vec<_>>()),
            modes,
            demands,
            assigned: Rows::from_pairs(nodes, std::iter::empty()),
            consumptions: Rows::from_pairs(nodes, std::iter::empty()),
            spendings: Rows::from_pairs(nodes, std::iter::empty()),
            costs: vec![0; nodes],
            cash: CashFlows {
                force: 0.0,
                origin: Moment(0),
                minutes_per_unit: 1,
                payments: Vec::new(),
                at_start: Vec::new(),
            },
            left_out: Vec::new(),
            staffing: Vec::new(),
            pools: Vec::new(),
            wishes: Default::default(),
            predecessor_links: vec![None; self.links.len()],
            predecessors: Rows::from_pairs(nodes, into),
            successors: Rows::from_pairs(nodes, out_of),
            maximal_lags: (self.maximal_lags.iter())
                .map(|&(from, to, kind, lag)| MaximalLag {
                    predecessor: from as u32,
                    successor: to as u32,
                    arc: arc(to, kind, lag),
                    link: LinkId::new(0),
                })
                .collect(),
            mode_lags: Rows::new(),
            release: vec![0; nodes],
            finish_release: vec![NO_EARLIEST; nodes],
            must_start: dates(End::Start),
            must_finish: dates(End::Finish),
            latest_start: vec![NEVER; nodes],
            latest_finish: vec![NEVER; nodes],
            finish_wishes: Vec::new(),
            as_late_as_possible: vec![false; nodes],
            priority: vec![500; nodes],
            renewables: (self.capacities.iter().enumerate())
                .map(|(index, &units)| Renewable {
                    resource: ResourceId::new(index),
                    calendar: EVERY_SLOT,
                    steps: vec![(0, units)],
                    unit: 1,
                })
                .collect(),
            weekly_limits: Vec::new(),
            without_weeks: Vec::new(),
            totals: Vec::new(),
            caps: Vec::new(),
            overhead: None,
            delay_penalty: None,
            early_bonus: None,
            deadline: NEVER,
            horizon: HORIZON_LIMIT,
        }
    }

    /// The first fault of a schedule, period by period.
    pub fn fault(&self, starts: &[Slot]) -> Option<String> {
        let finish = |node: usize| starts[node] + self.activities[node].0;
        for &(from, to, kind, lag) in &self.links {
            let end = if kind.from_finish() { finish(from) } else { starts[from] };
            let other = if kind.to_finish() { finish(to) } else { starts[to] };
            if other < end + lag {
                return Some(format!("{from} {kind:?}{lag:+} {to}"));
            }
        }
        for &(from, to, kind, lag) in &self.maximal_lags {
            let end = if kind.from_finish() { finish(from) } else { starts[from] };
            let other = if kind.to_finish() { finish(to) } else { starts[to] };
            if other > end + lag {
                return Some(format!("{to} more than {lag} after {from}, {kind:?}"));
            }
        }
        for &(node, end, slot) in &self.dates {
            let at = if end == End::Start { starts[node] } else { finish(node) };
            if at != slot {
                return Some(format!("{node} has its {end:?} at {at}"));
            }
        }
        for period in 0..(0..starts.len()).map(finish).max().unwrap_or(0) {
            for (resource, &capacity) in self.capacities.iter().enumerate() {
                let busy = (0..starts.len()).filter(|&node| starts[node] <= period && period < finish(node));
                let used: i32 = busy.map(|node| self.activities[node].1[resource]).sum();
                if used > capacity {
                    return Some(format!("resource {resource} in period {period}: {used} of {capacity}"));
                }
            }
        }
        starts.iter().any(|&start| start < 0).then(|| "before the start".to_owned())
    }

    /// The least makespan, by the serial scheme on every order of the activities, predecessors first. With
    /// finish-to-start links some such order gives an optimal schedule (Kolisch 1996).
    pub fn least_makespan(&self) -> Slot {
        let mut best = Slot::MAX;
        let mut placed = vec![None; self.activities.len()];
        self.extend(&mut placed, &mut best);
        best
    }

    /// The least makespan over all starts before `horizon`, by trying each; `None` if no schedule is that short.
    pub fn least_makespan_of_all_starts(&self, horizon: Slot) -> Option<Slot> {
        let mut starts = Vec::new();
        let mut best = None;
        self.try_starts(&mut starts, horizon, &mut best);
        best
    }

    fn try_starts(&self, starts: &mut Vec<Slot>, horizon: Slot, best: &mut Option<Slot>) {
        let node = starts.len();
        if node == self.activities.len() {
            let finishes = starts.iter().zip(&self.activities).map(|(start, activity)| start + activity.0);
            let makespan = finishes.max().unwrap_or(0);
            *best = Some(best.map_or(makespan, |best| best.min(makespan)));
            return;
        }
        for start in 0..horizon {
            if start + self.activities[node].0 >= best.unwrap_or(Slot::MAX) {
                break;
            }
            starts.push(start);
            if self.part(node + 1).fault(starts).is_none() {
                self.try_starts(starts, horizon, best);
            }
            starts.pop();
        }
    }

    /// The first `nodes` activities and what joins them.
    fn part(&self, nodes: usize) -> Project {
        let within = |links: &[(usize, usize, LinkKind, i32)]| {
            links.iter().copied().filter(|link| link.0.max(link.1) < nodes).collect()
        };
        Project {
            capacities: self.capacities.clone(),
            activities: self.activities[..nodes].to_vec(),
            links: within(&self.links),
            maximal_lags: within(&self.maximal_lags),
            dates: self.dates.iter().copied().filter(|date| date.0 < nodes).collect(),
        }
    }

    fn extend(&self, placed: &mut Vec<Option<Slot>>, best: &mut Slot) {
        let mut complete = true;
        for node in 0..placed.len() {
            let mut before = self.links.iter().filter(|link| link.1 == node);
            if placed[node].is_some() || before.any(|link| placed[link.0].is_none()) {
                complete &= placed[node].is_some();
                continue;
            }
            complete = false;
            let links = self.links.iter().filter(|link| link.1 == node);
            let after = links.map(|link| placed[link.0].map_or(0, |start| start + self.activities[link.0].0 + link.3));
            let mut start = after.max().unwrap_or(0);
            while !self.has_room(placed, node, start) {
                start += 1;
            }
            placed[node] = Some(start);
            self.extend(placed, best);
            placed[node] = None;
        }
        if complete {
            let finishes = placed.iter().zip(&self.activities).map(|(start, activity)| start.unwrap_or(0) + activity.0);
            *best = (*best).min(finishes.max().unwrap_or(0));
        }
    }

    fn has_room(&self, placed: &[Option<Slot>], node: usize, start: Slot) -> bool {
        (start..start + self.activities[node].0).all(|period| {
            self.capacities.iter().enumerate().all(|(resource, &capacity)| {
                let busy = (0..placed.len()).filter(|&other| {
                    placed[other].is_some_and(|at| at <= period && period < at + self.activities[other].0)
                });
                let used: i32 = busy.map(|other| self.activities[other].1[resource]).sum();
                used + self.activities[node].1[resource] <= capacity
            })
        })
    }
}

prop_compose! {
    /// A feasible project of `sizes` activities with links of the given kinds.
    pub fn project(sizes: std::ops::Range<usize>, kinds: &'static [LinkKind], lags: std::ops::Range<i32>)
        (nodes in sizes, resources in 1usize..4)
        (capacities in proptest::collection::vec(2i32..8, resources),
         activities in proptest::collection::vec((0i32..7, proptest::collection::vec(0i32..8, resources)), nodes),
         links in proptest::collection::vec((0..nodes, 0..nodes, 0..kinds.len(), lags.clone()), 0..nodes * 2))
        -> Project {
        let activities = activities
            .into_iter()
            .map(|(duration, demands)| {
                (duration, demands.iter().zip(&capacities).map(|(&demand, &units)| demand.min(units)).collect())
            })
            .collect();
        let links = links
            .into_iter()
            .filter(|link| link.0 != link.1)
            .map(|(a, b, kind, lag)| (a.min(b), a.max(b), kinds[kind], lag))
            .collect();
        Project { capacities, activities, links, maximal_lags: Vec::new(), dates: Vec::new() }
    }
}

prop_compose! {
    /// A project of `sizes` activities with links and greatest distances of all kinds and exact dates, feasible or not.
    pub fn tight_project(sizes: std::ops::Range<usize>)
        (project in project(sizes, &ALL_KINDS, -2..3))
        (maximal_lags in proptest::collection::vec(
            (0..project.activities.len(), 0..project.activities.len(), 0..ALL_KINDS.len(), -1i32..9), 0..5),
         date in proptest::option::weighted(0.3, (0..project.activities.len(), proptest::bool::ANY, 0..6)),
         project in Just(project))
        -> Project {
        let maximal_lags = maximal_lags
            .into_iter()
            .filter(|lag| lag.0 != lag.1)
            .map(|(a, b, kind, lag)| (a.min(b), a.max(b), ALL_KINDS[kind], lag))
            .collect();
        let end = |is_finish: bool| if is_finish { End::Finish } else { End::Start };
        let dates = date.into_iter().map(|(node, is_finish, slot)| (node, end(is_finish), slot)).collect();
        Project { maximal_lags, dates, ..project }
    }
}

/// Every kind of link.
pub const ALL_KINDS: [LinkKind; 4] =
    [LinkKind::FinishToStart, LinkKind::StartToStart, LinkKind::FinishToFinish, LinkKind::StartToFinish];

/// Looks on, and says nothing: a search that goes on until its effort is spent, on its own.
pub struct NoOne;

impl Watch for NoOne {
    fn is_best(&self, _: &Score) -> bool {
        false
    }
    fn is_shortest(&self, _: Slot) -> bool {
        false
    }
    fn on_round(&self, _: &Member, _: u64) {}
    fn prover(&self, _: Option<&Member>) -> Option<Prover<'_>> {
        None
    }
    fn on_bound(&self, _: Slot) {}
}

/// An order of the nodes, predecessors first, that a number stands for.
pub fn some_order(network: &Network, seed: u64) -> Vec<u32> {
    use rand::Rng;
    let mut random = crate::effort::random(seed, 0);
    let keys: Vec<f64> = (0..network.len()).map(|_| random.random()).collect();
    super::rules::order_by(network, &keys)
}
