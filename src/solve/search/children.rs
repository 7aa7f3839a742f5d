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
    /// A node that cannot slip in the schedule jumps forward, its predecessors with it.
    CriticalShift,
    /// The parent's schedule within a window of time, another member's around it (after Debels, Vanhoucke 2007).
    Window,
    /// The same around a time at which much is in use (after Valls, Ballestin, Quintanilla 2008, section 4.2).
    Peak,
    /// A stretch of the order is shuffled.
    Shuffle,
}

impl Move {
    /// All moves.
    pub const ALL: [Move; 5] = [Move::Shift, Move::CriticalShift, Move::Window, Move::Peak, Move::Shuffle];

    /// Its name in progress and logs.
    pub fn name(self) -> &'static str {
        match self {
            Move::Shift => "shift",
            Move::CriticalShift => "critical shift",
            Move::Window => "window",
            Move::Peak => "peak",
            Move::Shuffle => "shuffle",
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
    match the_move {
        Move::Shift | Move::CriticalShift | Move::Shuffle => {
            keys.resize(parent.order.len(), 0);
            parent.order.iter().zip(0..).for_each(|(&node, place)| keys[node as usize] = 2 * place);
            match the_move {
                Move::Shift => {
                    for _ in 0..random.random_range(1..=3) {
                        let node = random.random_range(0..keys.len());
                        let later = random.random_bool(0.5);
                        shift(context.network, keys, node, later, random);
                    }
                }
                Move::CriticalShift => {
                    let node = critical_node(parent, random);
                    shift(context.network, keys, node, false, random);
                }
                _ => shuffle(&parent.order, keys, random),
            }
        }
        Move::Window | Move::Peak => {
            let makespan = i64::from(parent.score.makespan.max(1));
            let length = random.random_range(makespan / 4..=makespan * 3 / 4).max(1);
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
        if random.random_bool(0.7) {
            let changes = 1 + random.random_range(0..1 + context.choice.nodes.len() / 20);
            context.choice.mutate(context.network, &mut shop.modes, changes, random);
        }
        context.choice.repair(context.network, &mut shop.modes, random);
    }
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

/// The parent's starts and modes within a window of time, around it the partner's, stretched to the same length.
fn window(parent: &Member, partner: &Member, window: std::ops::Range<i64>, keys: &mut Vec<i64>, modes: &mut [u32]) {
    let makespan = i64::from(parent.score.makespan.max(1));
    let others = i64::from(partner.score.makespan.max(1));
    let inside = |start: Slot| window.contains(&i64::from(start));
    for (node, mode) in modes.iter_mut().enumerate() {
        if inside(parent.starts[node]) {
            keys.push(i64::from(parent.starts[node]));
        } else {
            keys.push(i64::from(partner.starts[node]) * makespan / others);
            *mode = partner.modes[node];
        }
    }
}
