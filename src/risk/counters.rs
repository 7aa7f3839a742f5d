//! The list policy where counting is enough: capacities never change, and whoever needs some of them works without pauses.
//!
//! What can start is then found by walking through the moments at which something ends or becomes due: at each of them the
//! first of the list that fits takes what it needs until its end, since nobody else's need ever grows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::block::{Block, LAST, earliest};
use super::list::{List, is_dated};
use super::model::{Model, Node};
use crate::index::Rows;
use crate::network::{Demand, NEVER, Slot};

/// Free units, and whoever waits for them.
#[derive(Clone, Debug)]
pub struct Counters {
    horizon: Slot,
    /// By renewable: all units, and those that are free.
    capacity: Vec<i32>,
    free: Vec<i32>,
    /// By place in the list.
    needs: Rows<Demand>,
    /// For each position how many waits are open.
    open: Vec<u32>,
    /// One bit for each place: those that can start as far as links and dates go.
    due: Vec<u64>,
    /// What becomes due later: when, and by place.
    later: BinaryHeap<Reverse<(Slot, u32)>>,
    /// What holds some units: until when, and by place.
    busy: BinaryHeap<Reverse<(Slot, u32)>>,
}

impl Counters {
    /// Counters for the resources of a network, if counting is enough.
    ///
    pub fn new(model: &Model<'_>, list: &List) -> Option<Counters> {
        let network = model.network;
        let has_no_pause = |(at, node): (usize, &Node)| {
            list.needs(network, at).is_empty()
                || network.calendar(node.mode.calendar).is_always() && !is_dated(model, at)
        };
        let is_constant = network.renewables.iter().all(|of| of.steps.len() == 1);
        if !is_constant || !model.nodes.iter().enumerate().all(has_no_pause) {
            return None;
        }
        let mut needs = Rows::new();
        list.order.iter().for_each(|&at| needs.push_row(list.needs(network, at as usize).iter().copied()));
        let capacity: Vec<i32> = network.renewables.iter().map(|of| of.peak()).collect();
        Some(Counters {
            horizon: network.horizon,
            free: capacity.clone(),
            capacity,
            needs,
            due: vec![0; list.order.len().div_ceil(64)],
            open: Vec::new(),
            later: BinaryHeap::new(),
            busy: BinaryHeap::new(),
        })
    }

    /// Finds starts and finishes of a sample whose durations are drawn.
    ///
    /// # Arguments
    /// `placed` takes the positions in the order of their starts.
    pub fn schedule(
        &mut self,
        list: &List,
        model: &Model<'_>,
        (block, lane): (&mut Block, usize),
        placed: &mut Vec<u32>,
    ) {
        self.free.copy_from_slice(&self.capacity);
        self.open.clear();
        self.open.extend_from_slice(&list.waits);
        for (place, &at) in list.order.iter().enumerate() {
            if self.open[at as usize] == 0 {
                self.await_start(list, model, block, (place as u32, lane), Slot::MIN);
            }
        }
        while let Some(now) = self.next_moment() {
            while self.busy.peek().is_some_and(|&Reverse((until, _))| until == now) {
                let Some(Reverse((_, place))) = self.busy.pop() else { break };
                self.needs.row(place as usize).iter().for_each(|need| self.free[need.resource as usize] += need.amount);
            }
            while self.later.peek().is_some_and(|&Reverse((from, _))| from == now) {
                let Some(Reverse((_, place))) = self.later.pop() else { break };
                self.due[place as usize / 64] |= 1 << (place % 64);
            }
            self.start_what_fits(now, list, model, (&mut *block, lane), placed);
        }
    }

    /// The next moment at which something ends or becomes due.
    fn next_moment(&self) -> Option<Slot> {
        let first = |heap: &BinaryHeap<Reverse<(Slot, u32)>>| heap.peek().map(|&Reverse((at, _))| at);
        match (first(&self.busy), first(&self.later)) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Notes that nothing but room for it keeps a place from starting.
    ///
    /// # Returns
    /// True if it is due at `now`.
    fn await_start(
        &mut self,
        list: &List,
        model: &Model<'_>,
        block: &Block,
        (place, lane): (u32, usize),
        now: Slot,
    ) -> bool {
        let at = list.order[place as usize] as usize;
        let mut from = earliest(block, model, (at, lane)).unwrap_or(NEVER);
        let has_needs = !self.needs.row(place as usize).is_empty();
        if has_needs && from.saturating_add(block.durations[at][lane]) > self.horizon {
            from = NEVER;
        }
        let is_due = from <= now;
        match is_due {
            true => self.due[place as usize / 64] |= 1 << (place % 64),
            false => self.later.push(Reverse((from, place))),
        }
        is_due
    }

    /// Starts what is due and fits, the first of the list first.
    fn start_what_fits(
        &mut self,
        now: Slot,
        list: &List,
        model: &Model<'_>,
        (block, lane): (&mut Block, usize),
        placed: &mut Vec<u32>,
    ) {
        let mut word = 0;
        let mut rest = self.due.first().copied().unwrap_or(0);
        loop {
            if rest == 0 {
                word += 1;
                let Some(&next) = self.due.get(word) else { return };
                rest = next;
                continue;
            }
            let bit = rest.trailing_zeros();
            rest &= rest - 1;
            let place = word * 64 + bit as usize;
            let at = list.order[place] as usize;
            let duration = block.durations[at][lane];
            // Who can never start takes nothing, nor does who takes no time.
            let needs = if duration > 0 && now != NEVER { self.needs.row(place) } else { &[] };
            if needs.iter().any(|need| self.free[need.resource as usize] < need.amount) {
                continue;
            }
            if !needs.is_empty() {
                needs.iter().for_each(|need| self.free[need.resource as usize] -= need.amount);
                self.busy.push(Reverse((now + duration, place as u32)));
            }
            self.due[word] &= !(1 << bit);
            block.date((at, lane), model, now.min(LAST));
            placed.push(at as u32);
            for &follower in list.followers.row(at) {
                self.open[follower as usize] -= 1;
                if self.open[follower as usize] == 0 {
                    let place = list.rank[follower as usize];
                    if self.await_start(list, model, block, (place, lane), now) && place as usize / 64 <= word {
                        // It may come before those that have been looked at, for which there is still no room.
                        word = place as usize / 64;
                        rest = self.due[word];
                    }
                }
            }
        }
    }
}
