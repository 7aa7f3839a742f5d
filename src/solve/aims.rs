//! What a schedule is judged by: the objectives in the order given, then what users would want all the same.

use super::bounds::Heads;
use crate::network::{NEVER, Network, Slot};

/// An objective of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Objective {
    /// The last finish, as early as possible.
    Finish,
    /// Working slots by which tasks miss their deadlines and "no later than" constraints, each weighted by the task's
    /// priority; as few as possible.
    Tardiness,
    /// What is paid in the end, overhead, penalty and bonus included; as little as possible.
    Cost,
    /// The net present value of payments and costs; as high as possible.
    NetPresentValue,
}

impl Objective {
    /// What a plan is scheduled for when nobody says: deadlines first, then the finish.
    pub const USUAL: [Objective; 2] = [Objective::Tardiness, Objective::Finish];

    /// The word used in options and logs.
    pub fn word(self) -> &'static str {
        match self {
            Objective::Finish => "finish",
            Objective::Tardiness => "tardiness",
            Objective::Cost => "cost",
            Objective::NetPresentValue => "npv",
        }
    }
}

/// How good a schedule is; less is better, the first difference decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// By how much hard limits are broken: exact dates, maximal lags, totals. Zero in a valid schedule.
    pub violation: i64,
    /// The value of each aim, the most important first.
    pub values: [i64; Aims::MOST],
    /// Finish of the project.
    pub makespan: Slot,
}

impl Score {
    /// Worse than any schedule.
    pub const WORST: Score = Score { violation: i64::MAX, values: [i64::MAX; Aims::MOST], makespan: NEVER };
}

/// What is minimised, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aim {
    Objective(Objective),
    /// Starts weighted by how far priorities differ from the usual one.
    Preference,
}

/// The aims for a network.
#[derive(Clone, Debug)]
pub struct Aims<'n> {
    network: &'n Network,
    /// The most important first; at most [`Aims::MOST`].
    aims: Vec<Aim>,
    /// How many of the aims the user asked for.
    asked: usize,
    /// Nodes with a soft latest date, and the weight of their tardiness.
    limited: Vec<(u32, i64)>,
    /// Nodes with another priority than the usual one, and by how much it differs.
    preferred: Vec<(u32, i64)>,
}

/// Priority of a task that does not say.
pub const USUAL_PRIORITY: i64 = 500;

impl<'n> Aims<'n> {
    /// The greatest number of aims.
    pub const MOST: usize = 5;

    /// The aims that `objectives` name, the first most important, and the usual ones behind them; the usual ones alone if
    /// there are none.
    pub fn new(network: &'n Network, objectives: &[Objective]) -> Self {
        let asked = if objectives.is_empty() { &Objective::USUAL[..] } else { objectives };
        let usual = [
            Aim::Objective(Objective::Tardiness),
            Aim::Objective(Objective::Finish),
            Aim::Preference,
            Aim::Objective(Objective::Cost),
        ];
        let mut aims: Vec<Aim> = Vec::with_capacity(Aims::MOST);
        let mut count_asked = 0;
        for (place, aim) in asked.iter().map(|&objective| Aim::Objective(objective)).chain(usual).enumerate() {
            if !aims.contains(&aim) {
                aims.push(aim);
                count_asked += usize::from(place < asked.len());
            }
        }
        let weight = |node: u32| i64::from(network.priority[node as usize]);
        let nodes = 0..network.len() as u32;
        let is_limited =
            |&node: &u32| network.latest_start[node as usize] != NEVER || network.latest_finish[node as usize] != NEVER;
        Aims {
            network,
            aims,
            asked: count_asked,
            limited: nodes.clone().filter(is_limited).map(|node| (node, weight(node).max(1))).collect(),
            preferred: nodes
                .map(|node| (node, weight(node) - USUAL_PRIORITY))
                .filter(|&(_, difference)| difference != 0)
                .collect(),
        }
    }
    /// True if the finish decides first.
    pub fn lead_with_finish(&self) -> bool {
        let mut that_differ = self.aims.iter().filter(|aim| match aim {
            Aim::Objective(Objective::Tardiness) => !self.limited.is_empty(),
            _ => true,
        });
        that_differ.next() == Some(&Aim::Objective(Objective::Finish))
    }

    /// The score of a schedule that breaks hard limits by `violation`.
    pub fn score(&self, violation: i64, modes: &[u32], starts: &[Slot], finishes: &[Slot], makespan: Slot) -> Score {
        let mut values = [0; Aims::MOST];
        for (value, aim) in values.iter_mut().zip(&self.aims) {
            *value = match aim {
                Aim::Objective(Objective::Finish) => i64::from(makespan),
                Aim::Objective(Objective::Tardiness) => self.tardiness(starts, finishes),
                Aim::Objective(Objective::Cost) => self.cost(modes, makespan),
                Aim::Objective(Objective::NetPresentValue) => 0,
                Aim::Preference => {
                    let weighted = |&(node, weight): &(u32, i64)| weight * i64::from(starts[node as usize]);
                    self.preferred.iter().map(weighted).sum()
                }
            };
        }
        Score { violation, values, makespan }
    }

    /// What the project costs in minor units of money.
    pub fn cost(&self, modes: &[u32], makespan: Slot) -> i64 {
        let costs = modes.iter().map(|&position| self.network.costs[position as usize]);
        costs.sum::<i64>() + self.network.cost_of_finish(makespan)
    }

    /// Slots of work by which soft limits are missed, each weighted by the node's priority.
    pub fn tardiness(&self, starts: &[Slot], finishes: &[Slot]) -> i64 {
        let late = |position: Slot, limit: Slot| i64::from(position.saturating_sub(limit).max(0));
        let of = |&(node, weight): &(u32, i64)| {
            let node = node as usize;
            weight
                * (late(finishes[node], self.network.latest_finish[node])
                    + late(starts[node], self.network.latest_start[node]))
        };
        self.limited.iter().map(of).sum()
    }

    /// Values of the aims asked for that no schedule beats, given the earliest positions of the nodes and a finish before
    /// which no schedule ends; the least number where none is known.
    pub fn least_values(&self, heads: &Heads, finish: Slot) -> Vec<i64> {
        let least = |aim: &Aim| match aim {
            Aim::Objective(Objective::Finish) => i64::from(finish),
            Aim::Objective(Objective::Tardiness) => self.tardiness(&heads.start, &heads.finish),
            Aim::Objective(Objective::Cost) => {
                let cheapest = |node: usize| {
                    let costs = self.network.modes.range(node).map(|position| self.network.costs[position]);
                    costs.min().unwrap_or(0)
                };
                (0..self.network.len()).map(cheapest).sum::<i64>() + self.network.cost_of_finish(finish)
            }
            _ => i64::MIN,
        };
        self.aims[..self.asked].iter().map(least).collect()
    }
}
