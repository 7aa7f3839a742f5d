//! Samples whose resources go to whoever comes first in a list: a schedule is made for each.
//!
//! At each moment at which something can start, the first of the list that can do so does (a resource-based policy: Stork,
//! "Stochastic resource-constrained project scheduling", 2001, section 3; with planned durations the parallel scheme). The
//! list is the order of starts in the schedule. No decision looks at durations that are not known yet, but for tasks with
//! exact dates, whose resources are kept for them, and for capacities that will fall while a task runs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::block::{Block, LAST, bound_of, earliest};
use super::model::Model;
use super::streams::LANES;
use crate::index::Rows;
use crate::network::{NEVER, NO_EARLIEST, NO_NODE, Network, NodeMode, Slot};
use crate::solve::sgs::{General, Machine};

/// Who comes first, and who waits for whom.
#[derive(Clone, Debug)]
pub struct List {
    /// Mode position of each node of the network.
    modes: Vec<u32>,
    /// By position in the model: the place in the list.
    rank: Vec<u32>,
    /// By position in the model: the node of the network; [`NO_NODE`] for gates.
    number: Vec<u32>,
    /// By position in the model: how many waits it has.
    waits: Vec<u32>,
    /// By position in the model: the positions that wait for it, each as often as it does.
    followers: Rows<u32>,
}

impl List {
    /// # Arguments
    /// `modes` and `starts` are those of each node of the network in the schedule.
    pub fn new(model: &Model<'_>, modes: &[u32], starts: &[Slot]) -> List {
        let count = model.nodes.len();
        let mut number = vec![NO_NODE; count];
        model.position.iter().enumerate().for_each(|(node, &at)| number[at as usize] = node as u32);
        let mut rank = vec![u32::MAX; count];
        let ranks = ranks_by_start(starts);
        model.position.iter().zip(&ranks).for_each(|(&at, &place)| rank[at as usize] = place);
        let followers =
            (0..count).flat_map(|at| model.waits.row(at).iter().map(move |wait| (wait.on as usize, at as u32)));
        List {
            modes: modes.to_vec(),
            rank,
            number,
            waits: (0..count).map(|at| model.waits.row(at).len() as u32).collect(),
            followers: Rows::from_pairs(count, followers),
        }
    }

    /// True if two positions need a resource in common.
    fn share(&self, network: &Network, one: usize, other: usize) -> bool {
        let needs = |at: usize| match self.number[at] {
            NO_NODE => &[],
            node => network.demands.row(self.modes[node as usize] as usize),
        };
        needs(one).iter().any(|need| needs(other).iter().any(|given| given.resource == need.resource))
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
    machine: General<'n>,
    /// For each position how many waits are open.
    open: Vec<u32>,
    /// What can start, as far as links go: not before that, by rank, by position.
    queue: BinaryHeap<Reverse<(Slot, u32, u32)>>,
    /// Positions in the order in which they were placed; by lane.
    placed: [Vec<u32>; LANES],
    /// Room for finishes and the positions that have them.
    finishes: Vec<(Slot, u32)>,
}

impl<'n> Lister<'n> {
    /// Nothing is placed.
    pub fn new(network: &'n Network, list: &'n List) -> Lister<'n> {
        Lister {
            list,
            machine: General::of_resources(network),
            open: Vec::new(),
            queue: BinaryHeap::new(),
            placed: std::array::from_fn(|_| Vec::with_capacity(list.rank.len())),
            finishes: Vec::new(),
        }
    }

    /// Finds starts and finishes of the samples whose durations are drawn.
    pub fn schedule(&mut self, model: &Model<'_>, block: &mut Block) {
        for lane in 0..LANES {
            self.schedule_lane(model, block, lane);
        }
        for lane in 0..LANES {
            block.finish[lane] = block.finishes.iter().map(|finishes| finishes[lane]).max().unwrap_or(0);
        }
    }

    fn schedule_lane(&mut self, model: &Model<'_>, block: &mut Block, lane: usize) {
        let Lister { list, machine, open, queue, placed, .. } = self;
        for (node, (&mode, &at)) in list.modes.iter().zip(&model.position).enumerate() {
            machine.set_duration(node as u32, mode, block.durations[at as usize][lane]);
        }
        machine.reset(&list.modes);
        open.clear();
        open.extend_from_slice(&list.waits);
        queue.clear();
        let entry = |block: &Block, at: u32| {
            Reverse((earliest(block, model, (at as usize, lane)).unwrap_or(NEVER), list.rank[at as usize], at))
        };
        queue.extend((0..open.len() as u32).filter(|&at| open[at as usize] == 0).map(|at| entry(block, at)));
        placed[lane].clear();
        while let Some(Reverse((promised, rank, at))) = queue.pop() {
            let number = list.number[at as usize];
            let needs_room = number != NO_NODE && promised != NEVER && !is_dated(model, at as usize);
            let start = if needs_room { machine.first_room(number, promised) } else { promised };
            // Whoever has to wait comes again, unless it is first even so.
            if start > promised && queue.peek().is_some_and(|&Reverse((next, other, _))| (next, other) < (start, rank))
            {
                queue.push(Reverse((start, rank, at)));
                continue;
            }
            if needs_room && start != NEVER {
                machine.place(number, start);
            }
            block.date((at as usize, lane), model, start.min(LAST));
            placed[lane].push(at);
            for &follower in list.followers.row(at as usize) {
                open[follower as usize] -= 1;
                if open[follower as usize] == 0 {
                    queue.push(entry(block, follower));
                }
            }
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
fn is_dated(model: &Model<'_>, at: usize) -> bool {
    let node = &model.nodes[at];
    (node.must_start, node.must_finish) != (NO_EARLIEST, NO_EARLIEST)
}
