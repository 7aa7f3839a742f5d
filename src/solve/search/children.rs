//! How members make children.

use rand::Rng;

use super::decode::sorted;
use super::{Context, Member};
use crate::effort::Random;
use crate::network::Slot;

/// An order and modes to be decoded.
#[derive(Clone, Debug)]
pub struct Child {
    /// The nodes, predecessors first.
    pub order: Vec<u32>,
    /// Mode position of each node.
    pub modes: Vec<u32>,
}

/// A child of member `index`: half by shifting a few of its nodes, half by keeping a window of its schedule and taking
/// the rest from another member.
pub fn child(context: &Context<'_>, population: &[Member], index: usize, random: &mut Random) -> Child {
    let parent = &population[index];
    let other = &population[random.random_range(0..population.len())];
    let (order, mut modes) = if population.len() == 1 || random.random_bool(0.5) {
        (shifted(context, parent, random), parent.modes.clone())
    } else {
        windowed(context, parent, other, random)
    };
    if !context.choice.nodes.is_empty() {
        if random.random_bool(0.7) {
            let changes = 1 + random.random_range(0..1 + context.choice.nodes.len() / 20);
            context.choice.mutate(context.network, &mut modes, changes, random);
        }
        context.choice.repair(context.network, &mut modes, random);
    }
    Child { order, modes }
}

/// One to three nodes jump by up to a quarter of the order; whoever must stay before or behind them is pulled along.
fn shifted(context: &Context<'_>, parent: &Member, random: &mut Random) -> Vec<u32> {
    let nodes = parent.order.len();
    let mut keys = vec![0i64; nodes];
    parent.order.iter().zip(0..).for_each(|(&node, place)| keys[node as usize] = 2 * place);
    let farthest = (nodes / 4).max(1) as i64;
    for _ in 0..random.random_range(1..=3) {
        let node = random.random_range(0..nodes);
        let jump = random.random_range(1..=farthest) * 2 + 1;
        let later = random.random_bool(0.5);
        keys[node] += if later { jump } else { -jump };
        if !later {
            for before in (0..=node).rev() {
                for arc in context.network.predecessors.row(before) {
                    let other = arc.other as usize;
                    keys[other] = keys[other].min(keys[before]);
                }
            }
        }
    }
    context.lift(&mut keys);
    sorted(&keys)
}

/// The parent's schedule within a random window of time, the other member's around it, stretched to the same length.
fn windowed(context: &Context<'_>, parent: &Member, other: &Member, random: &mut Random) -> (Vec<u32>, Vec<u32>) {
    let makespan = i64::from(parent.score.makespan.max(1));
    let others = i64::from(other.score.makespan.max(1));
    let length = random.random_range(makespan / 4..=makespan * 3 / 4).max(1);
    let from = random.random_range(0..=makespan - length.min(makespan));
    let inside = |start: Slot| (from..from + length).contains(&i64::from(start));
    let mut modes = parent.modes.clone();
    let mut keys: Vec<i64> = Vec::with_capacity(modes.len());
    for (node, mode) in modes.iter_mut().enumerate() {
        if inside(parent.starts[node]) {
            keys.push(i64::from(parent.starts[node]));
        } else {
            keys.push(i64::from(other.starts[node]) * makespan / others);
            *mode = other.modes[node];
        }
    }
    context.lift(&mut keys);
    (sorted(&keys), modes)
}
