//! Nodes whose people can be chosen in more ways than are listed, unit by unit; and what groups of people can do together.
//!
//! Where it makes no difference to the times of the work who does it, a choice of people is a choice of one person for each
//! unit of a skill. That is a short list, however many the choices are. What follows from it for the work of all who can fill
//! some roles is a pool: they do no more than one thing each at a time (Hall's condition, "On representatives of subsets",
//! 1935; as redundant cumulative constraints of multi-skill projects: Young, Feydy, Schutt, "Constraint programming applied
//! to the multi-skill project scheduling problem", CP 2017).

use std::borrow::Cow;
use std::cmp::Reverse;

use fixedbitset::FixedBitSet;

use super::{CalendarIndex, CashFlows, Demand, EVERY_SLOT, HORIZON_LIMIT, Network, Renewable, Slot, Wishes};
use crate::index::Rows;
use crate::units::Amount;

/// A node whose people are chosen unit by unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffing {
    /// The node.
    pub node: u32,
    /// What it demands in any case.
    pub named: Vec<Demand>,
    /// For each unit of a skill all who can fill that role, as positions in [`Network::renewables`].
    pub roles: Vec<Vec<u32>>,
}

/// Groups of people that may be pools.
const MOST_GROUPS: usize = 1_024;
/// Groups times mode positions that are looked at.
const MOST_STEPS: usize = 4_000_000;
/// Pools, the tightest first; beyond these a group has to keep two nodes apart that no other does.
const MOST_POOLS: usize = 12;
const MOST_POOLS_IN_ALL: usize = 32;
/// Pairs of nodes are compared in networks of at most so many.
const MOST_OF_PAIRS: usize = 200;

/// What a group of people can do together, and what is asked of it.
struct Pool {
    members: FixedBitSet,
    unit: i64,
    /// Units that each mode position takes at least.
    taken: Vec<i32>,
    steps: Vec<(Slot, i32)>,
}

impl Network {
    /// [`Network::relaxed`] with the pools of those who can fill roles behind its renewables.
    pub fn pooled(&self) -> Cow<'_, Network> {
        let relaxed = self.relaxed();
        if self.staffing.is_empty() || !self.pools.is_empty() {
            return relaxed;
        }
        let pools = relaxed.pools();
        let mut pooled = relaxed.into_owned();
        let first = pooled.renewables.len() as u32;
        let mut demands = Rows::with_capacity(pooled.demands.len(), pooled.demands.items().len());
        for (position, row) in pooled.demands.iter().enumerate() {
            let of_pools =
                (first..).zip(&pools).map(|(resource, pool)| Demand { resource, amount: pool.taken[position] });
            demands.push_row(row.iter().copied().chain(of_pools.filter(|demand| demand.amount > 0)));
        }
        pooled.demands = demands;
        for pool in pools {
            let calendar = pooled.calendar_of(&pool.taken);
            let members = pool.members.ones().map(|member| member as u32);
            pooled.pools.push(members.clone().collect());
            let resource = pooled.renewables[members.min().unwrap_or(0) as usize].resource;
            pooled.renewables.push(Renewable { resource, calendar, steps: pool.steps, unit: pool.unit });
        }
        Cow::Owned(pooled)
    }

    /// The same with one way to do each node with a [`Staffing`].
    pub fn with_one_way_each(&self) -> Network {
        let mut has_one = vec![false; self.len()];
        self.staffing.iter().for_each(|staffing| has_one[staffing.node as usize] = true);
        let mut kept = Vec::with_capacity(self.modes.items().len());
        for (node, has_one) in has_one.iter().enumerate() {
            let range = self.modes.range(node);
            kept.extend(range.clone().map(|position| !has_one || position == range.start));
        }
        let mut modes = Rows::with_capacity(self.len(), self.modes.items().len());
        for (node, row) in self.modes.iter().enumerate() {
            modes.push_row(row.iter().copied().take(if has_one[node] { 1 } else { row.len() }));
        }
        let of_kept = |sums: &[i64]| -> Vec<i64> {
            sums.iter().zip(&kept).filter(|(_, is_kept)| **is_kept).map(|(sum, _)| *sum).collect()
        };
        let cash = CashFlows { at_start: of_kept(&self.cash.at_start), ..self.cash.clone() };
        Network {
            modes,
            cash,
            costs: of_kept(&self.costs),
            demands: kept_rows(&self.demands, &kept),
            assigned: kept_rows(&self.assigned, &kept),
            consumptions: kept_rows(&self.consumptions, &kept),
            spendings: kept_rows(&self.spendings, &kept),
            wishes: Wishes::default(),
            ..self.clone()
        }
    }

    /// Positions of the renewables that one is made of: itself, or the members of a pool.
    pub fn members(&self, renewable: u32) -> Vec<u32> {
        let first = self.renewables.len() - self.pools.len();
        match (renewable as usize).checked_sub(first) {
            Some(pool) => self.pools[pool].clone(),
            None => vec![renewable],
        }
    }

    /// The calendar of all nodes that take something; every slot if they do not share one.
    fn calendar_of(&self, taken: &[i32]) -> CalendarIndex {
        let users = taken.iter().zip(self.modes.items()).filter(|(taken, _)| **taken > 0);
        let mut calendars = users.map(|(_, mode)| mode.calendar);
        let first = calendars.next().unwrap_or(EVERY_SLOT);
        if calendars.all(|other| other == first) { first } else { EVERY_SLOT }
    }

    /// The pools of a relaxed network that could ever be short.
    fn pools(&self) -> Vec<Pool> {
        let groups = self.groups();
        let positions = self.modes.items().len();
        let looked_at = MOST_STEPS / positions.max(1);
        let mut pools: Vec<(u128, Pool)> =
            groups.into_iter().take(looked_at).filter_map(|members| self.pool(members)).collect();
        pools.sort_by_key(|(tightness, pool)| (Reverse(*tightness), pool.members.count_ones(..)));
        let mut apart: Vec<FixedBitSet> = vec![FixedBitSet::with_capacity(self.len()); self.len()];
        let mut kept = Vec::new();
        for (_, pool) in pools {
            if kept.len() >= MOST_POOLS_IN_ALL {
                break;
            }
            if self.keeps_apart(&pool, &mut apart) || kept.len() < MOST_POOLS {
                kept.push(pool);
            }
        }
        kept
    }

    /// Those who can fill a role, and all unions of such groups as far as they are not too many; smaller ones first.
    fn groups(&self) -> Vec<FixedBitSet> {
        let set = |able: &Vec<u32>| {
            let mut members = FixedBitSet::with_capacity(self.renewables.len());
            able.iter().for_each(|&person| members.insert(person as usize));
            members
        };
        let mut single: Vec<FixedBitSet> = self.staffing.iter().flat_map(|of| of.roles.iter().map(set)).collect();
        single.sort_unstable();
        single.dedup();
        let mut groups: Vec<FixedBitSet> = Vec::new();
        for one in &single {
            let before = groups.len();
            groups.push(one.clone());
            for other in 0..before.min(MOST_GROUPS.saturating_sub(groups.len())) {
                let mut both = groups[other].clone();
                both.union_with(one);
                groups.push(both);
            }
            groups.sort_unstable();
            groups.dedup();
        }
        groups.sort_by_key(|group| group.count_ones(..));
        groups.retain(|group| group.count_ones(..) > 1);
        groups
    }

    /// A group as a pool, and how tight it is; none if all that is asked of it fits at once.
    fn pool(&self, members: FixedBitSet) -> Option<(u128, Pool)> {
        let units = members.ones().map(|member| self.renewables[member].unit);
        let unit = units.fold(Amount::ONE.0, num_integer::gcd);
        let mut taken = Vec::with_capacity(self.modes.items().len());
        let in_group = |demand: &&Demand| members.contains(demand.resource as usize);
        let of = |demand: &Demand| i64::from(demand.amount) * (self.renewables[demand.resource as usize].unit / unit);
        for row in self.demands.iter() {
            taken.push(row.iter().filter(in_group).map(of).sum::<i64>());
        }
        for staffing in &self.staffing {
            let within = |able: &&Vec<u32>| able.iter().all(|&person| members.contains(person as usize));
            let roles = staffing.roles.iter().filter(within).count() as i64 * (Amount::ONE.0 / unit);
            self.modes.range(staffing.node as usize).for_each(|position| taken[position] += roles);
        }
        let mut slots: Vec<Slot> =
            members.ones().flat_map(|member| self.renewables[member].steps.iter().map(|step| step.0)).collect();
        slots.sort_unstable();
        slots.dedup();
        let there = |slot: Slot| -> i64 {
            let units = |member: usize| {
                let renewable = &self.renewables[member];
                let step = renewable.steps.partition_point(|step| step.0 <= slot).saturating_sub(1);
                i64::from(renewable.steps[step].1) * (renewable.unit / unit)
            };
            members.ones().map(units).sum()
        };
        let offered: Vec<(Slot, i64)> = slots.into_iter().map(|slot| (slot, there(slot))).collect();
        let (least, peak) = (offered.iter().map(|step| step.1).min()?, offered.iter().map(|step| step.1).max()?);
        let (mut at_once, mut work) = (0i64, 0u128);
        for node in 0..self.len() {
            let range = self.modes.range(node);
            at_once += range.clone().map(|position| taken[position]).max().unwrap_or(0);
            let of = |position: usize| i128::from(taken[position]) * i128::from(self.modes.items()[position].duration);
            work += range.map(of).min().unwrap_or(0).unsigned_abs();
        }
        if at_once <= least || at_once > i64::from(HORIZON_LIMIT) || peak > i64::from(HORIZON_LIMIT) || peak == 0 {
            return None;
        }
        let taken = taken.into_iter().map(|taken| taken as i32).collect();
        let steps = offered.into_iter().map(|(slot, units)| (slot, units as i32)).collect();
        Some((work * 1_000 / peak.unsigned_abs() as u128, Pool { members, unit, taken, steps }))
    }

    /// Notes the pairs of nodes that a pool keeps apart; true if one of them was not known before.
    fn keeps_apart(&self, pool: &Pool, apart: &mut [FixedBitSet]) -> bool {
        if self.len() > MOST_OF_PAIRS {
            return false;
        }
        let least = |node: usize| self.modes.range(node).map(|position| pool.taken[position]).min().unwrap_or(0);
        let takes: Vec<(usize, i32)> = (0..self.len()).map(|node| (node, least(node))).filter(|it| it.1 > 0).collect();
        let peak = pool.steps.iter().map(|step| step.1).max().unwrap_or(0);
        let mut is_new = false;
        for (at, &(one, of_one)) in takes.iter().enumerate() {
            for &(other, of_other) in &takes[at + 1..] {
                if of_one + of_other > peak {
                    is_new |= !apart[one].put(other);
                }
            }
        }
        is_new
    }
}

/// The rows that are kept.
fn kept_rows<T: Copy>(rows: &Rows<T>, kept: &[bool]) -> Rows<T> {
    let mut made = Rows::with_capacity(rows.len(), rows.items().len());
    let of_kept = rows.iter().zip(kept).filter(|(_, is_kept)| **is_kept);
    of_kept.for_each(|(row, _)| made.push_row(row.iter().copied()));
    made
}
