//! What a schedule is judged by: the objectives in the order given, then what users would want all the same.

use super::bounds::Heads;
use super::cash::Purse;
use crate::network::{NEVER, Network, Slot};
use crate::schedule::{Goal, Measure, Objective};
use crate::units::{Minutes, Moment, Money};

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
    /// Wishes about who does what that are not met.
    Wishes,
}

/// The aims for a network.
#[derive(Clone, Debug)]
pub struct Aims<'n> {
    network: &'n Network,
    /// The most important first; at most [`Aims::MOST`].
    aims: Vec<Aim>,
    /// How many of the aims the user asked for.
    asked: usize,
    /// Nodes with a soft latest date.
    limited: Vec<Wish>,
    /// Values money over time, if that is asked for.
    purse: Option<Purse<'n>>,
    /// Nodes with another priority than the usual one, and by how much it differs.
    preferred: Vec<(u32, i64)>,
}

/// A soft latest date.
#[derive(Clone, Copy, Debug)]
struct Wish {
    node: u32,
    /// Of its tardiness.
    weight: i64,
    latest_start: Slot,
    latest_finish: Slot,
    /// The moment that `latest_finish` stands for.
    finish_by: Moment,
}

/// Values are told in so many parts of a minor unit of money, so that a small step is one.
const VALUE_PARTS: f64 = 100.0;

/// Priority of a task that does not say.
pub const USUAL_PRIORITY: i64 = 500;

impl<'n> Aims<'n> {
    /// The greatest number of aims.
    pub const MOST: usize = 6;

    /// The aims that `objectives` name, the first most important, and the usual ones behind them; the usual ones alone if
    /// there are none.
    ///
    /// # Arguments
    /// `bound` is a finish before which no schedule ends.
    pub fn new(network: &'n Network, objectives: &[Objective], bound: Slot) -> Self {
        let asked = if objectives.is_empty() { &Objective::USUAL[..] } else { objectives };
        let usual = [
            Aim::Objective(Objective::Tardiness),
            Aim::Objective(Objective::Finish),
            Aim::Preference,
            Aim::Wishes,
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
        let wish = |node: u32| {
            let latest_finish = network.latest_finish[node as usize];
            let wished = network.finish_wishes.binary_search_by_key(&node, |&(node, _)| node).ok();
            let finish_by = match wished {
                Some(at) => network.finish_wishes[at].1,
                None if latest_finish == NEVER => Moment::MAX,
                None => network.axis.finish_moment(latest_finish),
            };
            // Where work pauses at that date, the end of the pause is early enough; if modes differ in it, the last of them.
            let latest = network.latest_start[node as usize];
            let modes = network.modes.row(node as usize).iter().filter(|_| latest != NEVER);
            let openings = modes.filter_map(|mode| network.calendar(mode.calendar).next_start(i64::from(latest)));
            let latest_start = openings.map(slot).max().unwrap_or(latest);
            Wish { node, weight: weight(node).max(1), latest_start, latest_finish, finish_by }
        };
        let values_money = aims.contains(&Aim::Objective(Objective::NetPresentValue));
        Aims {
            network,
            aims,
            asked: count_asked,
            limited: nodes.clone().filter(is_limited).map(wish).collect(),
            purse: values_money.then(|| Purse::new(network, bound.saturating_mul(4).saturating_add(64))),
            preferred: nodes
                .map(|node| (node, weight(node) - USUAL_PRIORITY))
                .filter(|&(_, difference)| difference != 0)
                .collect(),
        }
    }

    /// True if the finish decides first.
    pub fn lead_with_finish(&self) -> bool {
        self.leader() == Some(Objective::Finish)
    }

    /// True if deadlines decide first, and the finish next.
    pub fn finish_follows_deadlines(&self) -> bool {
        self.objectives().take(2).eq([Objective::Tardiness, Objective::Finish])
    }

    /// The objective that decides first, deadlines left aside where there are none.
    pub fn leader(&self) -> Option<Objective> {
        self.objectives().find(|&objective| objective != Objective::Tardiness || !self.limited.is_empty())
    }

    /// True if nothing but the finish was asked for, deadlines left aside where there are none.
    pub fn is_finish_alone(&self) -> bool {
        let counts = |objective: &Objective| *objective != Objective::Tardiness || !self.limited.is_empty();
        self.asked().filter(counts).eq([Objective::Finish])
    }

    /// The objectives asked for, the most important first.
    pub fn asked(&self) -> impl Iterator<Item = Objective> {
        self.objectives().take(self.asked)
    }

    /// True if `other` is more important than `objective`.
    pub fn is_after(&self, objective: Objective, other: Objective) -> bool {
        self.objectives().take_while(|&before| before != objective).any(|before| before == other)
    }

    /// True if an objective was asked for.
    pub fn asks_for(&self, objective: Objective) -> bool {
        self.asked().any(|asked| asked == objective)
    }

    /// What values money over time, if that is asked for.
    pub fn purse(&self) -> Option<&Purse<'n>> {
        self.purse.as_ref()
    }

    fn objectives(&self) -> impl Iterator<Item = Objective> {
        self.aims.iter().filter_map(|aim| match aim {
            Aim::Objective(objective) => Some(*objective),
            Aim::Preference | Aim::Wishes => None,
        })
    }

    /// A value of an objective in a score, in the user's terms.
    pub fn measure(&self, objective: Objective, value: i64) -> Measure {
        match objective {
            Objective::Finish => Measure::Finish(self.network.axis.finish_moment(slot(value))),
            Objective::Tardiness => {
                let units = USUAL_PRIORITY * self.network.cash.minutes_per_unit;
                Measure::Tardiness(value as f64 / units as f64)
            }
            Objective::Cost => Measure::Money(Money(value)),
            // A bound must not be rounded to a worse value than a schedule has.
            Objective::NetPresentValue => Measure::Money(Money((-value as f64 / VALUE_PARTS).round() as i64)),
        }
    }

    /// The objectives asked for, and what is known about the values they can have.
    ///
    /// # Arguments
    /// `least` are values that no schedule beats; the score is that of the schedule, if there is one.
    pub fn goals(&self, least: &[i64], score: Option<&Score>) -> Vec<Goal> {
        let goal = |((place, objective), &least): ((usize, Objective), &i64)| Goal {
            objective,
            bound: (least != i64::MIN).then(|| self.measure(objective, least)),
            is_proven: score.is_some_and(|score| score.values[place] <= least),
        };
        self.asked().enumerate().zip(least).map(goal).collect()
    }

    /// The values of the objectives asked for in a score, the most important first.
    pub fn asked_values<'s>(&self, score: &'s Score) -> &'s [i64] {
        &score.values[..self.asked]
    }

    /// The score of a schedule that breaks hard limits by `violation`.
    pub fn score(&self, violation: i64, modes: &[u32], starts: &[Slot], finishes: &[Slot], makespan: Slot) -> Score {
        let mut values = [0; Aims::MOST];
        for (value, aim) in values.iter_mut().zip(&self.aims) {
            *value = match aim {
                Aim::Objective(Objective::Finish) => i64::from(makespan),
                Aim::Objective(Objective::Tardiness) => self.tardiness(starts, finishes, Some(modes)),
                Aim::Objective(Objective::Cost) => {
                    let costs = modes.iter().map(|&position| self.network.costs[position as usize]);
                    costs.sum::<i64>() + self.network.cost_of_finish(makespan)
                }
                Aim::Objective(Objective::NetPresentValue) => self
                    .purse
                    .as_ref()
                    .map_or(0, |purse| (-VALUE_PARTS * purse.value(modes, starts, finishes, makespan)).round() as i64),
                Aim::Wishes => self.network.wishes.missed(self.network, modes),
                Aim::Preference => {
                    let weighted = |&(node, weight): &(u32, i64)| weight * i64::from(starts[node as usize]);
                    self.preferred.iter().map(weighted).sum()
                }
            };
        }
        Score { violation, values, makespan }
    }

    /// Minutes by the clock, weighted. Where no modes are given, a start counts as late only if it is in all of them.
    fn tardiness(&self, starts: &[Slot], finishes: &[Slot], modes: Option<&[u32]>) -> i64 {
        let axis = &self.network.axis;
        let of = |wish: &Wish| {
            let (start, finish) = (starts[wish.node as usize], finishes[wish.node as usize]);
            let mut late = Minutes::ZERO;
            // Most are in time, and need no moments.
            if finish > wish.latest_finish {
                late += axis.finish_moment(finish) - wish.finish_by;
            }
            let own = modes.filter(|_| wish.latest_start != NEVER).and_then(|modes| {
                let date = i64::from(self.network.latest_start[wish.node as usize]);
                self.network.calendar(self.network.mode(modes[wish.node as usize]).calendar).next_start(date)
            });
            let latest_start = own.map_or(wish.latest_start, slot);
            if start > latest_start {
                // What takes no time stands before a pause, if it can.
                let begun = if start == finish { axis.finish_moment(start) } else { axis.start_moment(start) };
                late += (begun - axis.start_moment(latest_start)).max(Minutes::ZERO);
            }
            late.0.max(0).saturating_mul(wish.weight)
        };
        self.limited.iter().map(of).fold(0, i64::saturating_add)
    }

    /// Values of the aims asked for that no schedule beats, given the earliest positions of the nodes and a finish before
    /// which no schedule ends; the least number where none is known.
    pub fn least_values(&self, heads: &Heads, finish: Slot) -> Vec<i64> {
        let least = |aim: &Aim| match aim {
            Aim::Objective(Objective::Finish) => i64::from(finish),
            Aim::Objective(Objective::Tardiness) => self.tardiness(&heads.start, &heads.finish, None),
            // Somebody cheaper may have been left out.
            Aim::Objective(Objective::Cost | Objective::NetPresentValue) if !self.network.left_out.is_empty() => {
                i64::MIN
            }
            Aim::Objective(Objective::NetPresentValue) => {
                self.purse.as_ref().map_or(i64::MIN, |purse| (-VALUE_PARTS * purse.most(heads, finish)).floor() as i64)
            }
            // None of overhead, penalty and lost bonus ever falls as the finish moves back.
            Aim::Objective(Objective::Cost) => {
                let cheapest = |node: usize| {
                    let costs = self.network.modes.range(node).map(|position| self.network.costs[position]);
                    costs.min().unwrap_or(0)
                };
                (0..self.network.len()).map(cheapest).sum::<i64>() + self.network.cost_of_finish(finish)
            }
            Aim::Preference | Aim::Wishes => i64::MIN,
        };
        self.aims[..self.asked].iter().map(least).collect()
    }
}

fn slot(value: i64) -> Slot {
    value.clamp(i64::from(Slot::MIN), i64::from(Slot::MAX)) as Slot
}
