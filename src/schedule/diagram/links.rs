//! The links between boxes.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::boxes::Boxes;
use crate::index::{Id, IdVec, Rows};
use crate::pictures;
use crate::plan::{GateId, Link, LinkId, LinkKind, Plan, TaskId};
use crate::schedule::gantt::gate_on;
use crate::schedule::words::lag;
use crate::schedule::{Driver, Gantt, Shown, TaskDates};

/// With more last (first) tasks than this the end (start) of a summary is a box of its own.
const MOST_ENDS: usize = 2;

/// Which end of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Start,
    End,
}

/// The start or the end of a summary whose rows are boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Junction {
    pub(super) row: usize,
    pub(super) side: Side,
}

/// What is known of the links between two boxes.
#[derive(Default)]
struct Bundle {
    words: Vec<String>,
    is_critical: bool,
}

/// An end of a link: the row that it belongs to, and whether that is critical.
#[derive(Clone, Copy)]
struct End {
    row: usize,
    is_critical: bool,
}

/// The links of a plan between boxes, at most one from each to each, and the ends of summaries that they need.
///
/// # Returns
/// Junctions have the numbers behind the boxes.
pub(super) fn links(
    plan: &Plan,
    dates: &IdVec<TaskId, TaskDates>,
    chart: &Gantt,
    boxes: &Boxes,
) -> (Vec<pictures::Link>, Vec<Junction>) {
    let mut web = Web::new(plan, dates, chart, boxes);
    let (direct, of_summaries): (Vec<_>, Vec<_>) = web
        .ends_of_links()
        .into_iter()
        .partition(|(from, to, _)| boxes.box_of[from.row].is_some() && boxes.box_of[to.row].is_some());
    for (from, to, words) in direct {
        if let (Some(left), Some(right)) = (boxes.box_of[from.row], boxes.box_of[to.row]) {
            web.add(left, right, words, from.is_critical && to.is_critical);
        }
    }
    // Which boxes are the first and the last below a summary is told by the links so far.
    let within = web.pairs();
    for (from, to, words) in of_summaries {
        let sources = web.numbers(from.row, Side::End, &within);
        let targets = web.numbers(to.row, Side::Start, &within);
        for &left in &sources {
            for &right in &targets {
                let is_critical = from.is_critical && to.is_critical && web.is_critical(left) && web.is_critical(right);
                web.add(left, right, words.clone(), is_critical);
            }
        }
    }
    let junctions = web.junctions.clone();
    (web.finish(), junctions)
}

struct Web<'a> {
    plan: &'a Plan,
    dates: &'a IdVec<TaskId, TaskDates>,
    chart: &'a Gantt,
    boxes: &'a Boxes,
    bundles: BTreeMap<(usize, usize), Bundle>,
    junctions: Vec<Junction>,
}

impl<'a> Web<'a> {
    fn new(plan: &'a Plan, dates: &'a IdVec<TaskId, TaskDates>, chart: &'a Gantt, boxes: &'a Boxes) -> Web<'a> {
        Web { plan, dates, chart, boxes, bundles: BTreeMap::new(), junctions: Vec::new() }
    }

    /// The rows that links join, with their words; through gates where they wait for one.
    fn ends_of_links(&self) -> Vec<(End, End, String)> {
        let plan = self.plan;
        let mut row_of_task = vec![0; plan.tasks().len()];
        let mut row_of_gate = vec![0; plan.gates().len()];
        for (at, row) in self.chart.rows.iter().enumerate() {
            match row.shown {
                Shown::Task(task) => row_of_task[task.index()] = at,
                Shown::Gate(gate) => row_of_gate[gate.index()] = at,
            }
        }
        let pairs: Vec<(usize, GateId)> =
            plan.gates().iter_enumerated().map(|(id, gate)| (gate.after.index(), id)).collect();
        let gates_behind = Rows::from_pairs(plan.tasks().len(), pairs.iter().copied());
        // Of summaries only their tasks tell what holds them.
        let drivers: FxHashSet<Driver> = self.dates.iter().map(|dates| dates.driver).collect();
        let drives = |id: LinkId, link: &Link| {
            self.dates.get(link.successor).is_some_and(|dates| dates.driver == Driver::Link(id))
                || drivers.contains(&Driver::Summary(link.successor))
        };
        let end = |row: usize| End { row, is_critical: self.chart.rows[row].critical };
        let of_links = plan.links().iter_enumerated().map(|(id, link)| {
            let gate = gate_on(plan, id, gates_behind.row(link.predecessor.index()));
            let from = gate.map_or(row_of_task[link.predecessor.index()], |gate| row_of_gate[gate.index()]);
            let to = row_of_task[link.successor.index()];
            let is_critical = self.chart.rows[to].critical && drives(id, link);
            (end(from), End { row: to, is_critical }, words(plan, link))
        });
        let of_gates = pairs.iter().map(|&(after, gate)| {
            (end(row_of_task[after]), end(row_of_gate[gate.index()]), LinkKind::FinishToStart.code().to_owned())
        });
        of_links.chain(of_gates).collect()
    }

    /// Joins two boxes once more.
    fn add(&mut self, left: usize, right: usize, words: String, is_critical: bool) {
        if left == right {
            return;
        }
        let bundle = self.bundles.entry((left, right)).or_default();
        bundle.is_critical |= is_critical;
        bundle.words.push(words);
    }

    fn pairs(&self) -> BTreeSet<(usize, usize)> {
        self.bundles.keys().copied().collect()
    }

    /// The boxes that stand for an end of a row.
    fn numbers(&mut self, row: usize, side: Side, within: &BTreeSet<(usize, usize)>) -> Vec<usize> {
        if let Some(number) = self.boxes.box_of[row] {
            return vec![number];
        }
        let below: BTreeSet<usize> = self.boxes.below(row).collect();
        let mut inner: BTreeSet<usize> = BTreeSet::new();
        for &(left, right) in within.iter().filter(|(left, right)| below.contains(left) && below.contains(right)) {
            inner.insert(if side == Side::End { left } else { right });
        }
        let outer: Vec<usize> = below.difference(&inner).copied().collect();
        if outer.len() <= MOST_ENDS {
            return outer;
        }
        let junction = Junction { row, side };
        let known = self.junctions.iter().position(|other| *other == junction);
        let number = self.boxes.shown.len() + known.unwrap_or(self.junctions.len());
        if known.is_none() {
            self.junctions.push(junction);
            for other in outer {
                let (left, right) = if side == Side::End { (other, number) } else { (number, other) };
                let is_critical = self.is_critical(left) && self.is_critical(right);
                self.add(left, right, LinkKind::FinishToStart.code().to_owned(), is_critical);
            }
        }
        vec![number]
    }

    /// The row of a box or junction.
    fn row(&self, number: usize) -> usize {
        let count = self.boxes.shown.len();
        if number < count { self.boxes.shown[number] } else { self.junctions[number - count].row }
    }

    fn is_critical(&self, number: usize) -> bool {
        self.chart.rows[self.row(number)].critical
    }

    fn finish(&self) -> Vec<pictures::Link> {
        let is_folded = |number: usize| number < self.boxes.shown.len() && self.boxes.is_folded(number);
        let id = |number: usize| self.chart.rows[self.row(number)].id(self.plan);
        let links = self.bundles.iter().map(|(&(from, to), bundle)| {
            let is_plain = bundle.words.iter().all(|words| words == LinkKind::FinishToStart.code());
            let joined = bundle.words.join(", ");
            let (label, told) = match (is_folded(from) || is_folded(to), bundle.words.len()) {
                (true, 1) => (String::new(), "1 link".to_owned()),
                (true, count) => (String::new(), format!("{count} links")),
                (false, _) if is_plain => (String::new(), LinkKind::FinishToStart.code().to_owned()),
                (false, _) => (joined.clone(), joined),
            };
            let tip = format!("{} to {}: {told}", id(from), id(to));
            pictures::Link { from, to, label, tip, is_critical: bundle.is_critical }
        });
        links.collect()
    }
}

/// Kind and lags of a link: `SS+2d`, `FS+1d max +3d`.
fn words(plan: &Plan, link: &Link) -> String {
    let most = link.max_lag.map_or(String::new(), |most| match most.is_zero() {
        true => " max 0".to_owned(),
        false => format!(" max {}", lag(plan, &most)),
    });
    format!("{}{}{most}", link.kind.code(), lag(plan, &link.lag))
}
