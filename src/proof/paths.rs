//! Longest paths along links, maximal lags and nodes: how much later than one point another is in every schedule.
//!
//! Points are numbered as the variables of a state are: the starts of all nodes, their finishes, the finish of the project.

use std::cell::OnceCell;

use crate::network::{Arc, Network, Slot};

/// The distances between all points, worked out where they are asked for.
#[derive(Debug)]
pub struct Paths {
    /// From one point to another, by how many slots at least.
    steps: Vec<(usize, usize, i64)>,
    rows: Vec<OnceCell<Vec<i64>>>,
}

/// Where no path leads.
const NONE: i64 = i64::MIN;
/// Between more points no paths are looked for: there would be no room for their lengths.
const MOST_POINTS: usize = 4_001;
/// How often all steps are looked at for paths, at most. Each time is right as far as it comes, and each leads at least to the
/// next step that goes back to a node of lower number; without end it only goes on if there is no schedule.
const MOST_ROUNDS: usize = 100;

impl Paths {
    /// Takes in all that joins two points whatever the modes.
    pub fn new(network: &Network) -> Paths {
        let nodes = network.len();
        let point = |node: u32, is_finish: bool| if is_finish { nodes + node as usize } else { node as usize };
        let ends =
            |arc: &Arc, from: u32, to: u32| (point(from, arc.kind.from_finish()), point(to, arc.kind.to_finish()));
        let mut steps = Vec::new();
        for node in 0..nodes {
            for arc in network.predecessors.row(node).iter().filter(|arc| !arc.by_mode) {
                let (from, to) = ends(arc, arc.other, node as u32);
                steps.push((from, to, i64::from(arc.lag)));
            }
            let durations = || network.modes.row(node).iter().map(|mode| i64::from(mode.duration));
            steps.push((node, nodes + node, durations().min().unwrap_or(0)));
            steps.push((nodes + node, node, -durations().max().unwrap_or(0)));
            steps.push((nodes + node, 2 * nodes, 0));
        }
        for lag in network.maximal_lags.iter().filter(|lag| !lag.arc.by_mode) {
            let (from, to) = ends(&lag.arc, lag.predecessor, lag.successor);
            steps.push((to, from, -i64::from(lag.arc.lag)));
        }
        Paths { steps, rows: vec![OnceCell::new(); 2 * nodes + 1] }
    }

    /// True if `to` is `least` slots later than `from`, or more.
    pub fn are_apart(&self, from: usize, to: usize, least: i64) -> bool {
        self.rows.len() <= MOST_POINTS && self.rows[from].get_or_init(|| self.row(from))[to] >= least
    }

    fn row(&self, from: usize) -> Vec<i64> {
        let mut row = vec![NONE; self.rows.len()];
        row[from] = 0;
        for _ in 0..MOST_ROUNDS {
            let mut has_changed = false;
            for &(before, after, least) in &self.steps {
                let reached = row[before].saturating_add(least);
                if row[before] != NONE && reached > row[after] {
                    (row[after], has_changed) = (reached, true);
                }
            }
            if !has_changed {
                break;
            }
        }
        row
    }

    /// Makes windows of points as narrow as paths do.
    pub fn narrow(&self, least: &mut [Slot], most: &mut [Slot]) {
        let slot = |value: i64| value.clamp(i64::from(Slot::MIN), i64::from(Slot::MAX)) as Slot;
        for _ in 0..MOST_ROUNDS {
            let mut has_changed = false;
            for &(before, after, more) in &self.steps {
                let (earliest, latest) = (i64::from(least[before]) + more, i64::from(most[after]) - more);
                if earliest > i64::from(least[after]) {
                    (least[after], has_changed) = (slot(earliest), true);
                }
                if latest < i64::from(most[before]) {
                    (most[before], has_changed) = (slot(latest), true);
                }
            }
            if !has_changed {
                break;
            }
        }
    }
}
