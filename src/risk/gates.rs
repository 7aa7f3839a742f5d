//! Gates as samples see them: nodes of their own that take as long as the rework of a sample.

use super::model::{Node, Wait, Work, ends};
use super::quantiles::{Law, Quantiles, threshold};
use super::streams::{LANES, Lanes, Streams};
use crate::network::{Arc, EVERY_SLOT, NO_EARLIEST, Network, NodeMode, Slot};
use crate::plan::{Duration, Gate, GateId, LinkKind, Plan, TaskId};
use crate::units::Share;

/// A gate that may fail.
#[derive(Clone, Debug)]
pub struct Loops {
    /// Its position in the model.
    pub position: u32,
    /// Entry `k`: the `k + 1`st loop of rework is done if the draw of the gate is below it.
    thresholds: Vec<u64>,
    /// How long each loop takes: slots of working time, or minutes by the clock.
    rework: Law,
    /// True if rework runs by the clock.
    pub is_elapsed: bool,
    /// What a slot of rework costs, in minor units of money.
    pub cost: f64,
}

/// The gates that samples try: those that can fail, unless the task before them is finished.
pub fn tried(plan: &Plan) -> Vec<GateId> {
    let is_tried = |gate: &Gate| gate.pass_probability < 1.0 && !plan.tasks()[gate.after].is_finished();
    plan.gates().iter_enumerated().filter(|(_, gate)| is_tried(gate)).map(|(id, _)| id).collect()
}

/// Adds what gates wait for, and what waits for them, to the waits of the nodes of a network: each link from the finish of
/// `after` to what waits for the gate has one like it from the gate. Gates are numbered behind the nodes of the network.
pub fn add_waits(plan: &Plan, network: &Network, gates: &[GateId], pairs: &mut Vec<(u32, Wait)>) {
    for (place, &id) in gates.iter().enumerate() {
        let (gate, number) = (&plan.gates()[id], (network.len() + place) as u32);
        let ends = ends(plan, network, gate.after);
        let waits_for_gate = |node: u32| {
            let is_of = |task: &TaskId| [network.start_node[*task], network.finish_node[*task]].contains(&node);
            gate.before.is_empty() || gate.before.iter().any(is_of)
        };
        let is_behind = |(node, wait): &&(u32, Wait)| {
            // Gates behind the same task do not wait for each other.
            let is_task = (*node as usize) < network.len();
            is_task && wait.arc.kind.from_finish() && ends.contains(&wait.on) && waits_for_gate(*node)
        };
        let behind: Vec<(u32, Wait)> =
            pairs.iter().filter(is_behind).map(|&(node, wait)| (node, Wait { on: number, ..wait })).collect();
        pairs.extend(behind);
        pairs.extend(ends.iter().map(|&end| (number, after(end))));
    }
}

/// A link from finish to start without lag.
pub fn after(node: u32) -> Wait {
    let arc = Arc { other: node, lag: 0, calendar: EVERY_SLOT, kind: LinkKind::FinishToStart, by_mode: false };
    Wait { on: node, arc, share: Share(0) }
}

/// The node of a gate: planned without rework. It works when its rework task does, else when `after` does.
pub fn node(plan: &Plan, network: &Network, modes: &[u32], gate: GateId) -> Node {
    let Gate { after, rework_task, ref rework, .. } = plan.gates()[gate];
    let task = rework_task.unwrap_or(after);
    let like = ends(plan, network, task).first().map(|&node| network.mode(modes[node as usize]));
    let calendar = like.map_or(EVERY_SLOT, |mode| match (rework, plan.tasks()[task].progress) {
        (None, None) => mode.calendar,
        // Rework of its own runs in working time; a task that is finished may stand at its dates by the clock.
        (Some(_), _) | (None, Some(_)) => mode.lag_calendar,
    });
    Node {
        work: Some(Work::Gate(gate)),
        law: Law::Certain(0.0),
        correlated: None,
        mode: NodeMode { duration: 0, calendar, lag_calendar: calendar, unbroken: false, mode: None },
        release: 0,
        finish_release: NO_EARLIEST,
        must_start: NO_EARLIEST,
        must_finish: NO_EARLIEST,
        is_plain: network.calendar(calendar).is_always() && !rework.as_ref().is_some_and(|rework| rework.is_elapsed),
        has_sums: true,
        cost: (0.0, 0.0),
    }
}

/// How a gate that has a position in the model is drawn.
///
/// # Arguments
/// `task` is the node of the rework task, if there is one.
pub fn loops(
    plan: &Plan,
    gate: &Gate,
    position: u32,
    task: Option<&Node>,
    slot_minutes: f64,
    quantiles: &mut Quantiles,
) -> Loops {
    let fails = 1.0 - gate.pass_probability;
    let thresholds = (1..=gate.max_loops as i32).map(|count| threshold(fails.powi(count)));
    let thresholds = thresholds.take_while(|&threshold| threshold > 0).collect();
    let is_elapsed = gate.rework.as_ref().is_some_and(|rework| rework.is_elapsed);
    let rework = match (&gate.rework, gate.rework_task) {
        (Some(rework), _) => quantiles.law(&rework.minutes.scaled(if is_elapsed { 1.0 } else { 1.0 / slot_minutes })),
        (None, Some(id)) => match time_taken(plan, id) {
            Some(minutes) => Law::Certain(minutes as f64 / slot_minutes),
            None => task.map_or(Law::Certain(0.0), |task| task.law),
        },
        (None, None) => Law::Certain(0.0),
    };
    let cost = if is_elapsed { 0.0 } else { task.map_or(0.0, |task| task.cost.0) };
    Loops { position, thresholds, rework, is_elapsed, cost }
}

/// How many minutes a task takes that has begun: what it has taken, and what is left.
fn time_taken(plan: &Plan, id: TaskId) -> Option<i64> {
    let task = &plan.tasks()[id];
    let progress = task.progress?;
    let until = progress.finish.unwrap_or(plan.project().start.max(progress.start));
    let is_elapsed = plan.modes_of(id).iter().any(|mode| matches!(mode.duration, Duration::Elapsed(_)));
    let is_by_the_clock = is_elapsed && progress.finish.is_none();
    let calendar = (!is_by_the_clock).then(|| plan.own_calendar(task));
    Some((plan.work(calendar, progress.start, until) + progress.remaining).0)
}

impl Loops {
    /// How long the rework of each sample takes. Loops are drawn from a stream of their own, so that how many there are
    /// changes nothing that is drawn later.
    ///
    /// # Arguments
    /// `pinned` is a random number that tells how many loops there are, in place of what is drawn.
    pub fn draw(&self, quantiles: &Quantiles, pinned: Option<u32>, streams: &mut Streams) -> Lanes<Slot> {
        let drawn = streams.next();
        let drawn = pinned.map_or(drawn, |pinned| [pinned; LANES]);
        let mut own = streams.fork();
        let mut sum: Lanes<Slot> = [0; LANES];
        for &threshold in &self.thresholds {
            let is_done = drawn.map(|drawn| u64::from(drawn) < threshold);
            if is_done == [false; LANES] {
                break;
            }
            let rework = quantiles.whole_values(&self.rework, &own.next());
            for lane in (0..LANES).filter(|&lane| is_done[lane]) {
                sum[lane] = sum[lane].saturating_add(rework[lane]);
            }
        }
        sum
    }
}
