//! The nodes of a directed graph in layers from left to right, so that few links cross and most are straight.
//!
//! After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", IEEE Transactions on
//! Systems, Man and Cybernetics 11 (1981): links that close a cycle are turned around; a node lies one layer behind the last of
//! those before it; a link over several layers has a lane of its own through each of them; each layer is sorted by the
//! barycentres of its neighbours, to and fro. What is beside each other is then exchanged where that takes crossings away, as in
//! Gansner, Koutsofios, North and Vo, "A technique for drawing directed graphs" (1993), whose weights keep lanes straight. Other
//! than there, heights are those of least squares for a layer between its neighbours, by pooling adjacent violators.

use petgraph::algo::greedy_feedback_arc_set;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

/// To and fro, so many times.
const SWEEPS: usize = 24;
/// Times that all neighbours in all layers are exchanged, at most.
const EXCHANGES: usize = 16;
/// Times that the layers are moved up and down.
const MOVES: usize = 16;
/// Ends of a link that are no further apart than this are made level where there is room.
const LEVEL: f64 = 16.0;

/// Where nodes and links are.
#[derive(Debug)]
pub(super) struct Layout {
    /// The layer and the middle, from the top, of each node.
    pub(super) nodes: Vec<(usize, f64)>,
    /// The way of each link.
    pub(super) links: Vec<Way>,
    /// The number of layers.
    pub(super) layers: usize,
    /// From the top of the uppermost to the bottom of the lowest.
    pub(super) height: f64,
}

/// The way of a link: its middles in layers beside each other.
#[derive(Debug)]
pub(super) struct Way {
    /// The leftmost layer.
    pub(super) first: usize,
    /// From left to right: a node, lanes, a node.
    pub(super) middles: Vec<f64>,
    /// True if it leads from right to left.
    pub(super) is_turned: bool,
}

/// What lies in a layer: a node or a lane.
struct Place {
    layer: usize,
    height: f64,
    is_lane: bool,
    /// Neighbours in the layers before and behind.
    beside: [Vec<usize>; 2],
    middle: f64,
}

/// Lays out a graph.
///
/// # Arguments
/// `links` are pairs of different nodes, from and to; `heights` are those of a node and of a lane, with the room around them.
///
/// # Complexity
/// Linear in lanes times sweeps, besides sorting; crossings are counted in the square of the links between two layers.
pub(super) fn layout(nodes: usize, links: &[(usize, usize)], heights: (f64, f64)) -> Layout {
    let is_turned = turned(nodes, links);
    let forward: Vec<(usize, usize)> = links
        .iter()
        .zip(&is_turned)
        .map(|(&(from, to), turned)| if *turned { (to, from) } else { (from, to) })
        .collect();
    let mut places: Vec<Place> = longest_paths(nodes, &forward)
        .into_iter()
        .map(|layer| Place { layer, height: heights.0, is_lane: false, beside: Default::default(), middle: 0.0 })
        .collect();
    let mut origins: Vec<usize> = (0..nodes).collect();
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for &(from, to) in &forward {
        let mut chain = vec![from];
        for layer in places[from].layer + 1..places[to].layer {
            chain.push(places.len());
            origins.push(from);
            places.push(Place { layer, height: heights.1, is_lane: true, beside: Default::default(), middle: 0.0 });
        }
        chain.push(to);
        for pair in chain.windows(2) {
            places[pair[0]].beside[BEHIND].push(pair[1]);
            places[pair[1]].beside[BEFORE].push(pair[0]);
        }
        chains.push(chain);
    }
    let mut layers = vec![Vec::new(); places.iter().map(|place| place.layer + 1).max().unwrap_or(0)];
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&place| (origins[place], place));
    order.into_iter().for_each(|place| layers[places[place].layer].push(place));
    sort(&mut layers, &places);
    set_heights(&layers, &mut places);
    let edge = |sign: f64| move |place: &Place| place.middle + sign * place.height / 2.0;
    let top = places.iter().map(edge(-1.0)).fold(f64::INFINITY, f64::min);
    let bottom = places.iter().map(edge(1.0)).fold(f64::NEG_INFINITY, f64::max);
    let middle = |place: usize| places[place].middle - top;
    let ways = chains.iter().zip(is_turned).map(|(chain, is_turned)| Way {
        first: places[chain[0]].layer,
        middles: chain.iter().map(|&place| middle(place)).collect(),
        is_turned,
    });
    Layout {
        nodes: (0..nodes).map(|node| (places[node].layer, middle(node))).collect(),
        links: ways.collect(),
        layers: layers.len(),
        height: (bottom - top).max(0.0),
    }
}

const BEFORE: usize = 0;
const BEHIND: usize = 1;

/// The links that have to be turned around so that there is no cycle.
fn turned(nodes: usize, links: &[(usize, usize)]) -> Vec<bool> {
    let mut graph = DiGraph::<(), ()>::with_capacity(nodes, links.len());
    let ids: Vec<_> = (0..nodes).map(|_| graph.add_node(())).collect();
    for &(from, to) in links {
        graph.add_edge(ids[from], ids[to], ());
    }
    let mut is_turned = vec![false; links.len()];
    if petgraph::algo::is_cyclic_directed(&graph) {
        greedy_feedback_arc_set(&graph).for_each(|edge| is_turned[edge.id().index()] = true);
    }
    is_turned
}

/// The layer of each node: how many links are on the longest path to it.
fn longest_paths(nodes: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let mut behind = vec![Vec::new(); nodes];
    let mut waits_for = vec![0; nodes];
    for &(from, to) in links {
        behind[from].push(to);
        waits_for[to] += 1;
    }
    let mut layers = vec![0; nodes];
    let mut ready: Vec<usize> = (0..nodes).filter(|&node| waits_for[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &next in &behind[node] {
            layers[next] = layers[next].max(layers[node] + 1);
            waits_for[next] -= 1;
            if waits_for[next] == 0 {
                ready.push(next);
            }
        }
    }
    layers
}

/// Sorts each layer so that few links cross.
fn sort(layers: &mut Vec<Vec<usize>>, places: &[Place]) {
    let mut position = vec![0; places.len()];
    let number = |layer: &[usize], position: &mut [usize]| {
        layer.iter().enumerate().for_each(|(at, &place)| position[place] = at);
    };
    layers.iter().for_each(|layer| number(layer, &mut position));
    let mut best = layers.clone();
    let mut least = crossings(layers, places, &position);
    for sweep in 0..SWEEPS {
        if least == 0 {
            break;
        }
        let side = if sweep % 2 == 0 { BEFORE } else { BEHIND };
        let mut along: Vec<usize> = (0..layers.len()).collect();
        if side == BEHIND {
            along.reverse();
        }
        for at in along {
            let barycentre = |place: usize| {
                let beside = &places[place].beside[side];
                let sum: usize = beside.iter().map(|&other| position[other]).sum();
                if beside.is_empty() { position[place] as f64 } else { sum as f64 / beside.len() as f64 }
            };
            let mut keyed: Vec<(f64, usize)> = layers[at].iter().map(|&place| (barycentre(place), place)).collect();
            keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
            layers[at] = keyed.into_iter().map(|(_, place)| place).collect();
            number(&layers[at], &mut position);
        }
        let count = crossings(layers, places, &position);
        if count < least {
            (best, least) = (layers.clone(), count);
        }
    }
    *layers = best;
    layers.iter().for_each(|layer| number(layer, &mut position));
    exchange(layers, places, &mut position);
}

/// Exchanges what is beside each other as long as that takes crossings away.
fn exchange(layers: &mut [Vec<usize>], places: &[Place], position: &mut [usize]) {
    for _ in 0..EXCHANGES {
        let mut is_better = false;
        for layer in layers.iter_mut() {
            for at in 1..layer.len() {
                let (upper, lower) = (layer[at - 1], layer[at]);
                let crossing = |one: usize, other: usize| -> usize {
                    let sides = [BEFORE, BEHIND].into_iter();
                    let pairs = sides.flat_map(|side| {
                        places[one].beside[side].iter().map(move |&left| (left, &places[other].beside[side]))
                    });
                    pairs.map(|(left, beside)| beside.iter().filter(|&&it| position[it] < position[left]).count()).sum()
                };
                if crossing(lower, upper) < crossing(upper, lower) {
                    layer.swap(at - 1, at);
                    position.swap(upper, lower);
                    is_better = true;
                }
            }
        }
        if !is_better {
            break;
        }
    }
}

/// How often links cross.
fn crossings(layers: &[Vec<usize>], places: &[Place], position: &[usize]) -> usize {
    let of_layer = |layer: &Vec<usize>| {
        let mut passed: Vec<usize> = Vec::new();
        let mut count = 0;
        for &place in layer {
            let mut ends: Vec<usize> = places[place].beside[BEHIND].iter().map(|&other| position[other]).collect();
            ends.sort_unstable();
            // Links of the same node do not cross.
            count += ends.iter().map(|end| passed.len() - passed.partition_point(|other| other <= end)).sum::<usize>();
            for end in ends {
                passed.insert(passed.partition_point(|other| *other <= end), end);
            }
        }
        count
    };
    layers.iter().map(of_layer).sum()
}

/// How much a link wants to be straight.
fn weight(one: &Place, other: &Place) -> f64 {
    match (one.is_lane, other.is_lane) {
        (true, true) => 8.0,
        (false, false) => 1.0,
        _ => 2.0,
    }
}

/// Gives every place its middle: in order, without overlaps, and near to that of its neighbours.
fn set_heights(layers: &[Vec<usize>], places: &mut [Place]) {
    for layer in layers {
        let mut top = -layer.iter().map(|&place| places[place].height).sum::<f64>() / 2.0;
        for &place in layer {
            places[place].middle = top + places[place].height / 2.0;
            top += places[place].height;
        }
    }
    for round in 0..MOVES {
        let sides: &[usize] = match round {
            _ if round + 2 >= MOVES => &[BEFORE, BEHIND],
            _ if round % 2 == 0 => &[BEFORE],
            _ => &[BEHIND],
        };
        let mut along: Vec<&Vec<usize>> = layers.iter().collect();
        if round % 2 == 1 {
            along.reverse();
        }
        for layer in along {
            let wishes: Vec<(f64, f64)> = layer.iter().map(|&place| wish(places, place, sides)).collect();
            let heights: Vec<f64> = layer.iter().map(|&place| places[place].height).collect();
            for (&place, middle) in layer.iter().zip(nearest_middles(&wishes, &heights)) {
                places[place].middle = middle;
            }
        }
    }
    for layer in layers {
        level(layer, places);
    }
}

/// Where a place wants to be: the mean of its neighbours, and how much so.
fn wish(places: &[Place], place: usize, sides: &[usize]) -> (f64, f64) {
    let here = &places[place];
    let neighbours = sides.iter().flat_map(|&side| &here.beside[side]);
    let weighted = neighbours.map(|&other| (places[other].middle, weight(here, &places[other])));
    let (sum, total) =
        weighted.fold((0.0, 0.0), |(sum, total), (middle, weight)| (sum + middle * weight, total + weight));
    if total == 0.0 { (here.middle, 0.1) } else { (sum / total, total) }
}

/// The middles, one below the other, that are nearest to the wishes (places and weights) by least squares.
fn nearest_middles(wishes: &[(f64, f64)], heights: &[f64]) -> Vec<f64> {
    // With the heights of what is above taken off, middles must not fall: neighbours that would are pooled.
    let mut above = 0.0;
    let offsets: Vec<f64> = (heights.iter())
        .map(|height| {
            above += height;
            above - height / 2.0
        })
        .collect();
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (&(middle, weight), offset) in wishes.iter().zip(&offsets) {
        let mut pool = (middle - offset, weight, 1);
        while let Some(last) = pools.pop_if(|last| last.0 > pool.0) {
            let total = last.1 + pool.1;
            pool = ((last.0 * last.1 + pool.0 * pool.1) / total, total, last.2 + pool.2);
        }
        pools.push(pool);
    }
    let levels = pools.into_iter().flat_map(|(level, _, count)| std::iter::repeat_n(level, count));
    levels.zip(offsets).map(|(level, offset)| level + offset).collect()
}

/// Takes small bends out: what is nearly level with a neighbour before it, is made so if there is room.
fn level(layer: &[usize], places: &mut [Place]) {
    for at in 0..layer.len() {
        let here = &places[layer[at]];
        let end = |other: Option<&usize>, sign: f64| {
            other.map_or(sign * f64::INFINITY, |&other| {
                places[other].middle - sign * (places[other].height + here.height) / 2.0
            })
        };
        let (least, most) = (end(at.checked_sub(1).map(|above| &layer[above]), -1.0), end(layer.get(at + 1), 1.0));
        let levels = here.beside[BEFORE].iter().map(|&other| places[other].middle);
        let near = levels.filter(|level| (level - here.middle).abs() <= LEVEL && (least..=most).contains(level));
        let nearest = near.min_by(|one, other| (one - here.middle).abs().total_cmp(&(other - here.middle).abs()));
        if let Some(middle) = nearest {
            places[layer[at]].middle = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEIGHTS: (f64, f64) = (10.0, 4.0);

    #[test]
    fn a_node_lies_behind_the_last_before_it_and_long_links_have_lanes() {
        let layout = layout(4, &[(0, 1), (1, 2), (0, 2), (2, 3)], HEIGHTS);
        assert_eq!(layout.nodes.iter().map(|node| node.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
        let lengths: Vec<(usize, usize)> = layout.links.iter().map(|way| (way.first, way.middles.len())).collect();
        assert_eq!(lengths, [(0, 2), (1, 2), (0, 3), (2, 2)]);
        // The lane beside node 1 keeps clear of it.
        assert!((layout.links[2].middles[1] - layout.nodes[1].1).abs() >= 7.0 - 1e-9);
        assert!(layout.height >= 14.0 - 1e-9);
    }

    #[test]
    fn a_chain_is_straight_and_a_cycle_has_one_link_turned() {
        let chain = layout(3, &[(0, 1), (1, 2)], HEIGHTS);
        assert!(chain.nodes.iter().all(|node| node.1 == 5.0) && chain.height == 10.0);
        let cycle = layout(3, &[(0, 1), (1, 2), (2, 0)], HEIGHTS);
        assert_eq!(cycle.links.iter().filter(|way| way.is_turned).count(), 1);
        assert_eq!(layout(0, &[], HEIGHTS).layers, 0);
    }

    #[test]
    fn links_do_not_cross_where_they_need_not() {
        // Two ladders, their second nodes named the other way round.
        let links = [(0, 3), (1, 2), (2, 4), (3, 5), (4, 7), (5, 6)];
        let layout = layout(8, &links, HEIGHTS);
        let below = |one: usize, other: usize| layout.nodes[one].1 > layout.nodes[other].1;
        assert!(below(0, 1) == below(3, 2) && below(3, 2) == below(5, 4) && below(5, 4) == below(6, 7));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_in_a_layer_overlaps(
            pairs in prop::collection::vec((0..20_usize, 0..20_usize), 0..60),
        ) {
            let links: Vec<(usize, usize)> = pairs.into_iter().filter(|pair| pair.0 != pair.1).collect();
            let layout = layout(20, &links, HEIGHTS);
            let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); layout.layers];
            for &(layer, middle) in &layout.nodes {
                taken[layer].push((middle, HEIGHTS.0));
            }
            for (&(from, to), way) in links.iter().zip(&layout.links) {
                let (left, right) = if way.is_turned { (to, from) } else { (from, to) };
                prop_assert_eq!((way.first, way.middles[0]), layout.nodes[left]);
                let last = way.middles.len() - 1;
                prop_assert_eq!((way.first + last, way.middles[last]), layout.nodes[right]);
                for (step, middle) in way.middles[1..last].iter().enumerate() {
                    taken[way.first + 1 + step].push((*middle, HEIGHTS.1));
                }
            }
            for layer in &mut taken {
                layer.sort_by(|one, other| one.0.total_cmp(&other.0));
                prop_assert!(layer.windows(2).all(|pair| pair[1].0 - pair[0].0 >= (pair[0].1 + pair[1].1) / 2.0 - 1e-6));
                prop_assert!(layer.iter().all(|it| it.0 >= it.1 / 2.0 - 1e-6 && it.0 + it.1 / 2.0 <= layout.height + 1e-6));
            }
        }
    }
}
