//! Where the search begins, and what it tries in the end, when something else than the finish is asked for.

use super::super::found_by::FoundBy;
use super::super::rules::Urgency;
use super::super::sgs::Machine;
use super::context::{Context, Member};
use super::workshop::Workshop;
use crate::network::{NEVER, Network, Slot};
use crate::schedule::Objective;

/// Prices of time in terms of what a slot of the project costs: from "the cheapest way" to "the fastest one that is not
/// sheer waste".
const PRICES: [f64; 6] = [0.0, 0.5, 1.0, 2.0, 0.25, 8.0];

/// How likely a change of mode looks for the cheaper one instead of the shorter one.
pub fn thrift(leader: Option<Objective>, asks_for_money: bool) -> f64 {
    match leader {
        Some(Objective::Cost) => 0.6,
        Some(Objective::NetPresentValue) => 0.5,
        _ if asks_for_money => 0.3,
        _ => 0.0,
    }
}

/// Modes for seed `index` that suit a search for low cost; `None` where those for a short project do.
pub fn seed_modes(context: &Context<'_>, index: u64) -> Option<Vec<u32>> {
    let is_led_by_money = matches!(context.aims.leader(), Some(Objective::Cost | Objective::NetPresentValue));
    let asks_for_money = context.aims.asks_for(Objective::Cost) || context.aims.asks_for(Objective::NetPresentValue);
    let price = match index {
        _ if context.choice.nodes.is_empty() => return None,
        _ if is_led_by_money && index.is_multiple_of(2) => PRICES[(index / 2) as usize % PRICES.len()],
        // The shortest modes, and of those the cheapest.
        1 if asks_for_money => f64::INFINITY,
        _ => return None,
    };
    let per_slot = price_of_slot(context.network, context.bound);
    Some(priced_modes(context.network, if price.is_infinite() { price } else { price * per_slot }))
}

/// What finishing a slot later costs, on average from the bound to twice the bound.
fn price_of_slot(network: &Network, bound: Slot) -> f64 {
    let span = bound.max(1);
    let later = bound.saturating_add(span).min(network.horizon);
    (network.cost_of_finish(later) - network.cost_of_finish(bound)) as f64 / f64::from(span)
}

/// The mode of each node that costs least, its time counted at a price.
fn priced_modes(network: &Network, price: f64) -> Vec<u32> {
    let key = |position: usize| {
        let (cost, duration) = (network.costs[position] as f64, f64::from(network.modes.items()[position].duration));
        if price.is_infinite() { (duration, cost) } else { (cost + price * duration, duration) }
    };
    let best = |node: usize| {
        let cheapest = network.modes.range(node).min_by(|&a, &b| {
            let (a, b) = (key(a), key(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        cheapest.unwrap_or(0) as u32
    };
    (0..network.len()).map(best).collect()
}

/// Keys for seed `index` that put what is due first first, where deadlines lead: the earliest deadline that a node or anything
/// behind it has (earliest due date first, Jackson 1955), every other time with heavier tasks pulled forward.
pub fn seed_keys(context: &Context<'_>, urgency: &Urgency, index: u64) -> Option<Vec<f64>> {
    if context.aims.leader() != Some(Objective::Tardiness) || index % 3 != 1 {
        return None;
    }
    let network = context.network;
    let nodes = network.len();
    let late = urgency.late_starts();
    let last = late.iter().copied().max().unwrap_or(0).max(1);
    let (mut due, mut weight) = (vec![last.saturating_mul(2); nodes], vec![0u16; nodes]);
    for node in (0..nodes).rev() {
        let own = network.latest_finish[node].min(network.latest_start[node]);
        if own != NEVER {
            due[node] = own;
            weight[node] = network.priority[node];
        }
        for arc in network.successors.row(node) {
            let other = arc.other as usize;
            due[node] = due[node].min(due[other]);
            weight[node] = weight[node].max(weight[other]);
        }
    }
    let pull = if (index / 3).is_multiple_of(2) { 0.0 } else { f64::from(last) / 1_000.0 };
    let key = |node: usize| {
        // Among those due at the same time the one goes first that has the longest way to go.
        f64::from(due[node]) - pull * f64::from(weight[node]) + 0.5 * f64::from(late[node]) / f64::from(last)
    };
    Some((0..nodes).map(key).collect())
}

/// Works on a schedule for less money: moves costs back if the value of money counts, then tries cheaper modes, one node at
/// a time, as long as that pays, the greatest savings first.
///
/// # Returns
/// How many schedules were made.
pub fn save_money<M: Machine>(
    context: &Context<'_>,
    shop: &mut Workshop<'_, '_, M>,
    best: &mut Member,
    most: u64,
) -> u64 {
    if !context.aims.asks_for(Objective::Cost) && !context.aims.asks_for(Objective::NetPresentValue) {
        return 0;
    }
    let cost = |_: &[u32], _: u32, mode: u32| context.network.costs[mode as usize];
    let mut tries = 0;
    while tries < most && !context.control.must_stop() && shop.delay_costs(best) {
        shop.write_to(best);
        best.found_by = FoundBy::Move("delay");
        tries += 1;
    }
    tries + change_modes(context, shop, best, most - tries, (&cost, "saving"))
}

/// Works on a schedule with which more wishes about people come true.
///
/// # Returns
/// How many schedules were made.
pub fn meet_wishes<M: Machine>(
    context: &Context<'_>,
    shop: &mut Workshop<'_, '_, M>,
    best: &mut Member,
    most: u64,
) -> u64 {
    let (network, wishes) = (context.network, &context.network.wishes);
    if wishes.are_none() {
        return 0;
    }
    let missed = |modes: &[u32], node: u32, mode: u32| wishes.missed_at(network, modes, node, mode);
    change_modes(context, shop, best, most, (&missed, "wish"))
}

/// What it costs, in whatever sense, to do a node in a mode position, others being done in those given.
type Price<'a> = &'a dyn Fn(&[u32], u32, u32) -> i64;

/// Tries cheaper modes, one node at a time, as long as that makes the schedule better, the greatest savings first.
fn change_modes<M: Machine>(
    context: &Context<'_>,
    shop: &mut Workshop<'_, '_, M>,
    best: &mut Member,
    most: u64,
    (price, name): (Price<'_>, &'static str),
) -> u64 {
    let mut tries = 0;
    let mut has_gained = true;
    while has_gained {
        has_gained = false;
        for (node, mode) in cheaper_modes(context, best, price) {
            if tries == most || context.control.must_stop() {
                return tries;
            }
            // An earlier change may have made the node cheap enough.
            if price(&best.modes, node, mode) >= price(&best.modes, node, best.modes[node as usize]) {
                continue;
            }
            // Who is wanted may be at work elsewhere, where others would do.
            let relieved = relieved(context.network, best, (node, mode), price);
            for relief in std::iter::once(None).chain(relieved.into_iter().map(Some)) {
                if tries == most {
                    break;
                }
                tries += 1;
                shop.order.clone_from(&best.order);
                shop.modes.clone_from(&best.modes);
                shop.modes[node as usize] = mode;
                if let Some((other, instead)) = relief {
                    shop.modes[other as usize] = instead;
                }
                if shop.decode().is_ok() && shop.score() < best.score {
                    shop.write_to(best);
                    best.found_by = FoundBy::Move(name);
                    has_gained = true;
                    break;
                }
            }
        }
    }
    tries
}

/// Nodes that are at work while a node is, with people whom it would take in another mode; and the cheapest way to do each
/// without them.
fn relieved(network: &Network, member: &Member, (node, mode): (u32, u32), price: Price<'_>) -> Vec<(u32, u32)> {
    let wanted = network.demands.row(mode as usize);
    let takes = |position: u32| {
        let row = network.demands.row(position as usize);
        row.iter().any(|demand| wanted.iter().any(|other| other.resource == demand.resource))
    };
    let (start, finish) = (member.starts[node as usize], member.finishes[node as usize]);
    let is_at_work = |other: &u32| member.starts[*other as usize] < finish && start < member.finishes[*other as usize];
    let others = (0..network.len() as u32).filter(|&other| other != node && takes(member.modes[other as usize]));
    let without = |other: u32| {
        let modes = network.modes.range(other as usize).map(|position| position as u32);
        let cheapest = modes.filter(|&position| !takes(position)).min_by_key(|&it| price(&member.modes, other, it));
        cheapest.map(|instead| (other, instead))
    };
    others.filter(is_at_work).filter_map(without).collect()
}

/// Nodes and cheaper modes for them, the greatest savings first.
fn cheaper_modes(context: &Context<'_>, member: &Member, price: Price<'_>) -> Vec<(u32, u32)> {
    let network = context.network;
    let mut changes: Vec<(i64, u32, u32)> = Vec::new();
    for &node in &context.choice.nodes {
        let cost = |position: u32| price(&member.modes, node, position);
        let now = cost(member.modes[node as usize]);
        let others = network.modes.range(node as usize).map(|position| position as u32);
        changes.extend(others.filter(|&other| cost(other) < now).map(|other| (cost(other) - now, node, other)));
    }
    changes.sort_unstable();
    changes.into_iter().map(|(_, node, mode)| (node, mode)).collect()
}
