//! How members make children: each move writes an order and modes to be decoded onto the bench.

use rand::Rng;

use super::super::sgs::Machine;
use super::context::{Context, Member};
use super::workshop::Workshop;
use crate::effort::Random;
use crate::network::{Network, Slot};

/// A way to make a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// One to three nodes jump within the order (Boctor 1996), pulling along whoever must stay before or behind them.
    Shift,
    /// A stretch of the order is shuffled.
    Shuffle,
    /// Every start is moved at random, all by up to the same part of the makespan.
    Noise,
    /// What is done around a node that cannot slip is put into another order.
    Block,
    /// What starts within a window of time follows another member's dates, the rest stays (the crossover of Debels,
    /// Vanhoucke 2007, with the roles exchanged).
    Window,
    /// The same around a time at which much is in use (after Valls, Ballestin, Quintanilla 2008, section 4.2).
    Peak,
}

impl Move {
    /// All moves.
    pub const ALL: [Move; 6] = [Move::Shift, Move::Shuffle, Move::Noise, Move::Block, Move::Window, Move::Peak];

    /// Its name in progress and logs.
    pub fn name(self) -> &'static str {
        match self {
            Move::Shift => "shift",
            Move::Shuffle => "shuffle",
            Move::Noise => "noise",
            Move::Block => "block",
            Move::Window => "window",
            Move::Peak => "peak",
        }
    }

    /// True if the move takes something from another member.
    pub fn needs_partner(self) -> bool {
        matches!(self, Move::Window | Move::Peak)
    }
}

/// Puts a child of `parent` onto the bench.
pub fn make<M: Machine>(
    context: &Context<'_>,
    shop: &mut Workshop<'_, '_, M>,
    the_move: Move,
    parent: &Member,
    partner: &Member,
    random: &mut Random,
) {
    shop.modes.clone_from(&parent.modes);
    let keys = &mut shop.keys;
    keys.clear();
    let makespan = i64::from(parent.score.makespan.max(1));
    match the_move {
        Move::Shift => {
            keys_by_place(&parent.order, keys);
            for _ in 0..random.random_range(1..=3) {
                let node = random.random_range(0..keys.len());
                let later = random.random_bool(0.5);
                shift(context.network, keys, node, later, random);
            }
        }
        Move::Shuffle => {
            keys_by_place(&parent.order, keys);
            shuffle(&parent.order, keys, random);
        }
        Move::Noise => {
            let most = NOISE_STEPS * random.random_range(1..=(makespan / 8).max(2));
            let moved = |&start: &Slot| NOISE_STEPS * i64::from(start) + random.random_range(0..most);
            keys.extend(parent.starts.iter().map(moved));
        }
        Move::Block => {
            let middle = i64::from(parent.starts[critical_node(parent, random)]);
            let reach = random.random_range(1..=(makespan / 12).max(2));
            let near = middle - reach..=middle + reach;
            keys.extend(parent.starts.iter().map(|&start| match i64::from(start) {
                start if near.contains(&start) => {
                    NOISE_STEPS * near.start() + random.random_range(0..=2 * NOISE_STEPS * reach)
                }
                start => NOISE_STEPS * start,
            }));
        }
        Move::Window | Move::Peak => {
            let length = random.random_range(makespan / 10..=makespan / 2).max(1);
            let latest = makespan - length.min(makespan);
            let from = match the_move {
                Move::Window => random.random_range(0..=latest),
                _ => (busy_time(context.network, parent, random) - random.random_range(0..length)).clamp(0, latest),
            };
            window(parent, partner, from..from + length, keys, &mut shop.modes);
        }
    }
    context.lift(keys);
    shop.sorter.sort(&shop.keys, &mut shop.order);
    if !context.choice.nodes.is_empty() {
        change_modes(context, &mut shop.modes, parent, random);
    }
}

/// Parts of a slot that a node moves by at least in [`Move::Noise`].
const NOISE_STEPS: i64 = 4;
/// How often a child has some modes drawn anew, and a node that cannot slip made shorter.
const MUTATION_CHANCE: f64 = 0.3;
const SHORTENING_CHANCE: f64 = 0.5;

/// Gives some nodes other modes, and keeps the totals.
fn change_modes(context: &Context<'_>, modes: &mut [u32], parent: &Member, random: &mut Random) {
    let (network, choice) = (context.network, &context.choice);
    let slack = |node: u32| parent.late[node as usize] - parent.starts[node as usize];
    if random.random_bool(MUTATION_CHANCE) {
        let changes = 1 + random.random_range(0..1 + choice.nodes.len() / 20);
        choice.mutate(network, modes, changes, random);
    }
    if random.random_bool(SHORTENING_CHANCE) {
        choice.shorten(network, modes, |node| slack(node) <= 0, random);
    }
    let room = |node: u32| network.mode(parent.modes[node as usize]).duration + slack(node);
    choice.repair(network, modes, room, random);
}

fn keys_by_place(order: &[u32], keys: &mut Vec<i64>) {
    keys.resize(order.len(), 0);
    order.iter().zip(0..).for_each(|(&node, place)| keys[node as usize] = 2 * place);
}

/// A node jumps by up to a quarter of the order; forward, its predecessors are pulled along.
fn shift(network: &Network, keys: &mut [i64], node: usize, later: bool, random: &mut Random) {
    let farthest = (keys.len() / 4).max(1) as i64;
    let jump = random.random_range(1..=farthest) * 2 + 1;
    if later {
        keys[node] += jump;
        return;
    }
    keys[node] -= jump;
    for before in (0..=node).rev() {
        for arc in network.predecessors.row(before) {
            let other = arc.other as usize;
            keys[other] = keys[other].min(keys[before]);
        }
    }
}

/// A node that starts at its latest, if one of a few drawn does.
fn critical_node(parent: &Member, random: &mut Random) -> usize {
    let mut node = 0;
    for _ in 0..8 {
        node = random.random_range(0..parent.starts.len());
        if parent.late[node] <= parent.starts[node] {
            break;
        }
    }
    node
}

/// Gives a few neighbours in the order keys at random among themselves.
fn shuffle(order: &[u32], keys: &mut [i64], random: &mut Random) {
    let length = random.random_range(4..=24).min(order.len());
    let from = random.random_range(0..=order.len() - length);
    for &node in &order[from..from + length] {
        keys[node as usize] = 2 * random.random_range(from..from + length) as i64;
    }
}

/// A time at which more is in use than at three others.
fn busy_time(network: &Network, parent: &Member, random: &mut Random) -> i64 {
    let mut busiest = (0.0, 0);
    for _ in 0..4 {
        let time = parent.starts[random.random_range(0..parent.starts.len())];
        let mut load = 0.0;
        for node in 0..parent.starts.len() {
            if parent.starts[node] <= time && time < parent.finishes[node] {
                let demands = network.demands.row(parent.modes[node] as usize).iter();
                load += demands
                    .map(|demand| {
                        f64::from(demand.amount) / f64::from(network.renewables[demand.resource as usize].peak())
                    })
                    .sum::<f64>();
            }
        }
        if load > busiest.0 {
            busiest = (load, time);
        }
    }
    i64::from(busiest.1)
}

/// The parent's starts and modes, but within a window of time the partner's, stretched to the same length and kept within
/// the window.
fn window(parent: &Member, partner: &Member, window: std::ops::Range<i64>, keys: &mut Vec<i64>, modes: &mut [u32]) {
    let makespan = i64::from(parent.score.makespan.max(1));
    let others = i64::from(partner.score.makespan.max(1));
    for (node, mode) in modes.iter_mut().enumerate() {
        let start = i64::from(parent.starts[node]);
        keys.push(if window.contains(&start) {
            *mode = partner.modes[node];
            (i64::from(partner.starts[node]) * makespan / others).clamp(window.start, window.end - 1)
        } else {
            start
        });
    }
}
