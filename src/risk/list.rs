//! Samples whose resources go to whoever comes first in a list: a schedule is made for each.
//!
//! At each moment at which something can start, the first of the list that can do so does (a resource-based policy: Stork,
//! "Stochastic resource-constrained project scheduling", 2001, section 3; with planned durations the parallel scheme). The
//! list is the order of starts in the schedule. No decision looks at durations that are not known yet, but for tasks with
//! exact dates, whose resources are kept for them, and for capacities that will fall while a task runs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::block::{Block, LAST, bound_of, earliest};
use super::counters::Counters;
use super::model::Model;
use super::streams::LANES;
use crate::index::Rows;
use crate::network::{Demand, NEVER, NO_EARLIEST, NO_NODE, Network, NodeMode, Slot};
use crate::solve::sgs::{General, Machine};

/// Who comes first, and who waits for whom.
#[derive(Clone, Debug)]
pub struct List {
    /// Mode position of each node of the network.
    modes: Vec<u32>,
    /// By place in the list: the position in the model.
    pub order: Vec<u32>,
    /// By position in the model: the place in the list.
    pub rank: Vec<u32>,
    /// By position in the model: the node of the network; [`NO_NODE`] for gates.
    number: Vec<u32>,
    /// By position in the model: how many waits it has.
    pub waits: Vec<u32>,
    /// By position in the model: the positions that wait for it, each as often as it does.
    pub followers: Rows<u32>,
}

impl List {
    /// # Arguments
    /// `modes` and `starts` are those of each node of the network in the schedule.
    pub fn new(model: &Model<'_>, modes: &[u32], starts: &[Slot]) -> List {
        let count = model.nodes.len();
        let mut number = vec![NO_NODE; count];
        model.position.iter().enumerate().for_each(|(node, &at)| number[at as usize] = node as u32);
        // What is not of the network comes last.
        let start_of = |at: u32| {
            starts.get(number[at as usize] as usize).map_or((NEVER, at), |&start| (start, number[at as usize]))
        };
        let mut order: Vec<u32> = (0..count as u32).collect();
        order.sort_by_key(|&at| start_of(at));
        let mut rank = vec![0; count];
        order.iter().enumerate().for_each(|(place, &at)| rank[at as usize] = place as u32);
        let followers =
            (0..count).flat_map(|at| model.waits.row(at).iter().map(move |wait| (wait.on as usize, at as u32)));
        List {
            modes: modes.to_vec(),
            order,
            rank,
            number,
            waits: (0..count).map(|at| model.waits.row(at).len() as u32).collect(),
            followers: Rows::from_pairs(count, followers),
        }
    }

    /// What the node at a position needs.
    pub fn needs<'n>(&self, network: &'n Network, at: usize) -> &'n [Demand] {
        match self.number[at] {
            NO_NODE => &[],
            node => network.demands.row(self.modes[node as usize] as usize),
        }
    }

    /// True if two positions need a resource in common.
    fn share(&self, network: &Network, one: usize, other: usize) -> bool {
        let given = self.needs(network, other);
        self.needs(network, one).iter().any(|need| given.iter().any(|given| given.resource == need.resource))
    }
}

/// The place of each node in the order of starts.
pub fn ranks_by_start(starts: &[Slot]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..starts.len()).collect();
    order.sort_by_key(|&node| (starts[node], node));
    let mut ranks = vec![0; starts.len()];
    order.into_iter().enumerate().for_each(|(place, node)| ranks[node] = place as u32);
    ranks
}

/// What a thread makes schedules with.
pub struct Lister<'n> {
    list: &'n List,
    scheme: Scheme<'n>,
    /// Positions in the order in which they were placed; by lane.
    placed: [Vec<u32>; LANES],
    /// Room for finishes and the positions that have them.
    finishes: Vec<(Slot, u32)>,
}

/// How the first of the list that can start is found.
enum Scheme<'n> {
    Counted(Box<Counters>),
    Searched(Box<Searched<'n>>),
}

impl<'n> Lister<'n> {
    /// Nothing is placed.
    pub fn new(model: &Model<'n>, list: &'n List) -> Lister<'n> {
        let scheme = match Counters::new(model, list) {
            Some(counters) => Scheme::Counted(Box::new(counters)),
            None => Scheme::Searched(Box::new(Searched::new(model.network))),
        };
        Lister {
            list,
            scheme,
            placed: std::array::from_fn(|_| Vec::with_capacity(list.rank.len())),
            finishes: Vec::new(),
        }
    }

    /// Finds starts and finishes of the samples whose durations are drawn.
    pub fn schedule(&mut self, model: &Model<'_>, block: &mut Block) {
        for (lane, placed) in self.placed.iter_mut().enumerate() {
            placed.clear();
            match &mut self.scheme {
                Scheme::Counted(counters) => counters.schedule(self.list, model, (&mut *block, lane), placed),
                Scheme::Searched(searched) => searched.schedule(self.list, model, (&mut *block, lane), placed),
            }
        }
        for lane in 0..LANES {
            block.finish[lane] = block.finishes.iter().map(|finishes| finishes[lane]).max().unwrap_or(0);
        }
    }

    /// Finds out what drives the finish of the project: what ends with it, and for each driver the links, or else the tasks
    /// that gave back what it needs, without which it would have started before.
    pub fn trace(&mut self, model: &Model<'_>, block: &mut Block) {
        for at in 0..model.nodes.len() {
            for lane in 0..LANES {
                block.critical[at][lane] = -i32::from(block.finishes[at][lane] == block.finish[lane]);
            }
        }
        let mut finishes = std::mem::take(&mut self.finishes);
        for lane in 0..LANES {
            finishes.clear();
            finishes.extend(self.placed[lane].iter().map(|&at| (block.finishes[at as usize][lane], at)));
            finishes.sort_unstable();
            for &at in self.placed[lane].iter().rev() {
                if block.critical[at as usize][lane] != 0 && !is_dated(model, at as usize) {
                    self.trace_back(model, block, (at as usize, lane), &finishes);
                }
            }
        }
        self.finishes = finishes;
    }

    fn trace_back(&self, model: &Model<'_>, block: &mut Block, (at, lane): (usize, usize), finishes: &[(Slot, u32)]) {
        let (node, start) = (&model.nodes[at], block.starts[at][lane]);
        let mode = NodeMode { duration: block.durations[at][lane], ..node.mode };
        let begins = |bound: Slot| model.network.first_start_as(&mode, bound) == Some(start);
        let Some(by_links) = earliest(block, model, (at, lane)) else { return };
        if by_links == start {
            for wait in model.waits.row(at) {
                if begins(bound_of(block, model, &mode, wait, lane)) {
                    block.critical[wait.on as usize][lane] = -1;
                }
            }
            return;
        }
        // Whoever finished in the pause before the start, or with it.
        let until = finishes.partition_point(|&(finish, _)| finish <= start);
        let recent = finishes[..until].iter().rev().take_while(|&&(finish, _)| finish > by_links && begins(finish));
        for &(_, giver) in recent {
            if giver as usize != at && self.list.share(model.network, at, giver as usize) {
                block.critical[giver as usize][lane] = -1;
            }
        }
    }
}

/// True if a date demands the start of a node, whatever else is.
pub fn is_dated(model: &Model<'_>, at: usize) -> bool {
    let node = &model.nodes[at];
    (node.must_start, node.must_finish) != (NO_EARLIEST, NO_EARLIEST)
}

/// The list policy for every network: each start is searched for in what resources have left.
pub struct Searched<'n> {
    machine: General<'n>,
    /// For each position how many waits are open.
    open: Vec<u32>,
    /// What can start, as far as links go: not before that, by place.
    queue: BinaryHeap<Reverse<(Slot, u32)>>,
}

impl<'n> Searched<'n> {
    /// Nothing is placed.
    pub fn new(network: &'n Network) -> Searched<'n> {
        Searched { machine: General::of_resources(network), open: Vec::new(), queue: BinaryHeap::new() }
    }

    /// As [`Counters::schedule`].
    pub fn schedule(
        &mut self,
        list: &List,
        model: &Model<'_>,
        (block, lane): (&mut Block, usize),
        placed: &mut Vec<u32>,
    ) {
        let Searched { machine, open, queue } = self;
        for (node, (&mode, &at)) in list.modes.iter().zip(&model.position).enumerate() {
            machine.set_duration(node as u32, mode, block.durations[at as usize][lane]);
        }
        machine.reset(&list.modes);
        open.clear();
        open.extend_from_slice(&list.waits);
        queue.clear();
        let entry = |block: &Block, at: u32| {
            Reverse((earliest(block, model, (at as usize, lane)).unwrap_or(NEVER), list.rank[at as usize]))
        };
        queue.extend((0..open.len() as u32).filter(|&at| open[at as usize] == 0).map(|at| entry(block, at)));
        while let Some(Reverse((promised, place))) = queue.pop() {
            let at = list.order[place as usize] as usize;
            let number = list.number[at];
            let needs_room = number != NO_NODE && promised != NEVER && !is_dated(model, at);
            let start = if needs_room { machine.first_room(number, promised) } else { promised };
            // Whoever has to wait comes again, unless it is first even so.
            if start > promised && queue.peek().is_some_and(|&Reverse(next)| next < (start, place)) {
                queue.push(Reverse((start, place)));
                continue;
            }
            if needs_room && start != NEVER {
                machine.place(number, start);
            }
            block.date((at, lane), model, start.min(LAST));
            placed.push(at as u32);
            for &follower in list.followers.row(at) {
                open[follower as usize] -= 1;
                if open[follower as usize] == 0 {
                    queue.push(entry(block, follower));
                }
            }
        }
    }
}
