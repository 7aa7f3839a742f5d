//! Positions in civil time: on which side of a pause things stand, and what summaries span.

use super::{Arc, NO_EARLIEST, Network, Origin, Slot};
use crate::index::{Id, IdVec};
use crate::plan::{Plan, TaskId, TaskKind};
use crate::units::Moment;

impl Network {
    /// Start and finish of a node in civil time.
    ///
    /// # Arguments
    /// `before_pause` says on which side of a pause the node stands if it takes no time.
    pub fn moments(&self, start: Slot, mode: u32, before_pause: bool) -> (Moment, Moment) {
        let axis = &self.axis;
        if self.mode(mode).duration == 0 {
            let moment = if before_pause { axis.finish_moment(start) } else { axis.start_moment(start) };
            return (moment, moment);
        }
        let finish = self.finish(mode, start).unwrap_or(self.horizon);
        (axis.start_moment(start), axis.finish_moment(finish))
    }

    /// For each node without duration: true if it stands before the pause at its position.
    ///
    /// Everything that holds it there has a side: a finish and the end of a lag lie before the pause; dates, starts and what a
    /// lead goes back to lie after it. The later side counts. Where nothing holds it, a milestone
    /// stands before the pause, and the gate of a summary after it.
    pub fn before_pause(&self, starts: &[Slot], modes: &[u32]) -> Vec<bool> {
        let mut before = vec![false; self.len()];
        if self.axis.table.is_always() {
            return before;
        }
        for node in 0..self.len() {
            let position = starts[node];
            if self.mode(modes[node]).duration > 0 {
                continue;
            }
            let is_gate = !matches!(self.origin[node], Origin::Task(_));
            let held_by_date = (!is_gate && self.release[node] >= position) || self.must_start[node] == position;
            if held_by_date {
                continue;
            }
            let finish_date = self.finish_release[node].max(self.must_finish[node]);
            let mut before_it = finish_date != NO_EARLIEST && finish_date >= position;
            let mut after_it = false;
            for arc in self.predecessors.row(node) {
                match side(self, arc, starts, modes, &before, (node, position)) {
                    Some(true) => before_it = true,
                    Some(false) => after_it = true,
                    None => {}
                }
            }
            before[node] = (before_it || !is_gate) && !after_it;
        }
        before
    }
}

/// Whether what an arc holds at `position` lies before the pause there; `None` if it does not hold it.
fn side(
    network: &Network,
    arc: &Arc,
    starts: &[Slot],
    modes: &[u32],
    before: &[bool],
    (node, position): (usize, Slot),
) -> Option<bool> {
    let predecessor = arc.other as usize;
    let mode = modes[predecessor];
    let lag = network.lag(arc, arc.other, mode);
    let start = starts[predecessor];
    let finish = network.finish(mode, start)?;
    let bound = network.earliest_by_arc(arc, lag, (start, finish), mode, modes[node])?;
    if bound < position {
        return None;
    }
    Some(match lag {
        _ if arc.kind.to_finish() => true,
        0 if network.mode(mode).duration == 0 => before[predecessor],
        0 => arc.kind.from_finish(),
        lag => lag > 0,
    })
}

/// Tells every summary what lies below it, the lowest summaries first.
pub(crate) fn roll_up<T: Copy>(plan: &Plan, values: &mut IdVec<TaskId, T>, mut take: impl FnMut(&mut T, T)) {
    let tasks = plan.tasks();
    let in_order = tasks.iter_enumerated().all(|(task, data)| data.parent.is_none_or(|parent| parent < task));
    if in_order {
        for (task, data) in tasks.iter_enumerated().rev() {
            if let Some(parent) = data.parent {
                let value = values[task];
                take(&mut values[parent], value);
            }
        }
        return;
    }
    // Children are counted down, so that a parent moves up when its last child has.
    let mut waiting = vec![0u32; tasks.len()];
    for parent in tasks.iter().filter_map(|data| data.parent) {
        waiting[parent.index()] += 1;
    }
    for leaf in tasks.ids() {
        let mut task = leaf;
        if tasks[leaf].kind == TaskKind::Summary {
            continue;
        }
        while let Some(parent) = tasks[task].parent {
            let value = values[task];
            take(&mut values[parent], value);
            waiting[parent.index()] -= 1;
            if waiting[parent.index()] > 0 {
                break;
            }
            task = parent;
        }
    }
}
