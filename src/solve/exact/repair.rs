//! Neighbourhoods of schedules, in which the exact side looks for shorter ones.
//!
//! A window of time is freed: what starts before it may start no later than it does, what starts behind it no earlier than a
//! shorter makespan lets it, and of what lies within, all is free, or only what needs one of the resources (large
//! neighbourhood search: Shaw, "Using constraint programming and local search methods to solve vehicle routing problems",
//! CP 1998; windows after Palpant, Artigues, Michelon, "LSSPER: solving the resource-constrained project scheduling problem
//! with large neighbourhood search", Annals of Operations Research 131 (2004)). Windows grow as long as nothing is to be
//! found in them, and shrink when that takes too long to tell.

use rand::Rng;

use super::literal::Literal;
use super::problem::Problem;
use super::tasks::Task;
use crate::effort::Random;
use crate::network::Slot;
use crate::solve::search::Member;

/// A schedule as far as it is of use here.
#[derive(Clone, Debug)]
struct Offer {
    /// The value of each variable of the problem.
    values: Vec<Slot>,
    /// Starts when all is as late as the makespan lets it be.
    late: Vec<Slot>,
    makespan: Slot,
    /// Draws the windows.
    random: Random,
}

/// The neighbourhood that is looked at, and how large the next one is going to be.
#[derive(Clone, Debug)]
pub struct Repair {
    offer: Option<Offer>,
    /// Conflicts that it may still cost; none if no neighbourhood is looked at.
    left: Option<u64>,
    /// The part of the makespan that is freed.
    part: f64,
}

/// Conflicts that a neighbourhood may cost.
const CONFLICTS: u64 = 250;
/// How large the freed part is at first, at least and at most.
const FIRST_PART: f64 = 0.1;
const LEAST_PART: f64 = 0.02;
const MOST_PART: f64 = 1.0;
/// What it grows by after one that held nothing, and shrinks by after one that was too large.
const GROWTH: f64 = 1.1;
/// How often only what needs one resource is free, and how much longer the window is then.
const OF_ONE: f64 = 0.5;
const LONGER: f64 = 2.0;
/// How often what is not free keeps its modes.
const KEPT_MODES: f64 = 0.5;

impl Default for Repair {
    fn default() -> Self {
        Repair { offer: None, left: None, part: FIRST_PART }
    }
}

impl Repair {
    /// True if a neighbourhood is being looked at.
    pub fn is_at_work(&self) -> bool {
        self.left.is_some()
    }

    /// Takes in a schedule around which to look next, the values of all variables in it, and what draws the windows.
    pub fn offer(&mut self, member: &Member, values: Vec<Slot>, random: Random) {
        self.offer = Some(Offer { values, late: member.late.clone(), makespan: member.score.makespan, random });
    }

    /// The value of each variable in the schedule offered last.
    pub fn offered(&self) -> Option<&[Slot]> {
        self.offer.as_ref().map(|offer| &offer.values[..])
    }

    /// What is kept of the schedule offered when one shorter than `best` is asked for; none if none was offered.
    pub fn begin(&mut self, problem: &Problem, best: Slot) -> Option<Vec<Literal>> {
        let offer = self.offer.as_mut()?;
        let resources = problem.capacities.len() as u32;
        let of_one = resources > 1 && offer.random.random_bool(OF_ONE);
        let resource = of_one.then(|| offer.random.random_range(0..resources));
        let keeps_modes = offer.random.random_bool(KEPT_MODES);
        let part = if of_one { (LONGER * self.part).min(MOST_PART) } else { self.part };
        let length = part * f64::from(offer.makespan);
        let from = offer.random.random::<f64>() * (f64::from(offer.makespan) - length);
        let (from, to) = (from as Slot, (from + length).ceil() as Slot);
        let shift = offer.makespan - (best - 1);
        let mut kept = Vec::new();
        let mut is_free = vec![false; offer.late.len()];
        for (task, &node) in problem.tasks.iter().zip(&problem.nodes) {
            let needs =
                |resource: u32| task.modes().iter().any(|mode| mode.needs.iter().any(|need| need.resource == resource));
            let (start, late) = (offer.values[node as usize], offer.late[node as usize]);
            is_free[node as usize] |= start >= from && late < to && resource.is_none_or(needs);
        }
        for (task, (number, &node)) in problem.tasks.iter().zip(problem.nodes.iter().enumerate()) {
            let (start, late) = (offer.values[number], offer.late[node as usize]);
            if is_free[node as usize] {
                continue;
            }
            if let (Task::Multi(choice), true) = (task, keeps_modes) {
                let modes = (0..choice.modes.len()).map(|mode| choice.variable(mode));
                kept.extend(
                    modes.filter(|&mode| offer.values[mode as usize] == 1).map(|mode| Literal::at_least(mode, 1)),
                );
            }
            // What its roles are kept to follows.
            if number >= offer.late.len() {
                continue;
            }
            if start < from {
                kept.push(Literal::at_most(node, start));
            } else if late >= to {
                kept.push(Literal::at_least(node, late - shift));
            } else {
                kept.push(Literal::at_least(node, start - shift));
                kept.push(Literal::at_most(node, late));
            }
        }
        self.left = Some(CONFLICTS);
        Some(kept)
    }

    /// Leaves a neighbourhood in which nothing was to be found.
    pub fn grow(&mut self) {
        self.left = None;
        self.part = (self.part * GROWTH).min(MOST_PART);
    }

    /// Takes note of conflicts met; true if they were too many, and the neighbourhood is left.
    pub fn spend(&mut self, conflicts: u64) -> bool {
        let Some(left) = &mut self.left else { return false };
        *left = left.saturating_sub(conflicts);
        let is_over = *left == 0;
        if is_over {
            self.left = None;
            self.part = (self.part / GROWTH).max(LEAST_PART);
        }
        is_over
    }

    /// Leaves the neighbourhood, if there is one.
    pub fn stop(&mut self) {
        self.left = None;
    }
}
