//! What is certain of a network that does not list all ways to do a node.

use std::borrow::Cow;

use super::{Arc, Consumption, Demand, EVERY_SLOT, HORIZON_LIMIT, NO_EARLIEST, Network, NodeMode, TotalOrigin};
use crate::index::Rows;

impl Network {
    /// A network whose schedules include all that the plan has, so that what bounds them bounds the plan's own.
    ///
    /// Nodes that can be done in more ways than are listed take no more than their time: they need nothing, work in every
    /// slot, and are bound by no date or link that their people's calendars could shift. Only what is asked of starts,
    /// finishes, resources and totals counts; costs are those of the ways listed. Of nodes with a
    /// [`Staffing`](super::Staffing) it is only open who does them: they need what they demand in any case, and keep their
    /// times.
    pub fn relaxed(&self) -> Cow<'_, Network> {
        if self.left_out.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut relaxed = self.clone();
        let mut is_open = vec![false; self.len()];
        let mut named: Vec<Option<&[Demand]>> = vec![None; self.modes.items().len()];
        for staffing in &self.staffing {
            named[self.modes.range(staffing.node as usize)].fill(Some(&staffing.named));
        }
        let mut is_open_mode = vec![false; self.modes.items().len()];
        for node in std::mem::take(&mut relaxed.left_out).into_iter().map(|node| node as usize) {
            let range = self.modes.range(node);
            is_open_mode[range.clone()].fill(true);
            if named[range.start].is_some() {
                continue;
            }
            is_open[node] = true;
            for position in range {
                let mode = &mut relaxed.modes.items_mut()[position];
                *mode = NodeMode { calendar: EVERY_SLOT, lag_calendar: EVERY_SLOT, unbroken: false, ..*mode };
            }
            relaxed.finish_release[node] = NO_EARLIEST;
            relaxed.must_start[node] = NO_EARLIEST;
            relaxed.must_finish[node] = NO_EARLIEST;
        }
        let mut demands = Rows::with_capacity(self.demands.len(), self.demands.items().len());
        for ((row, named), is_open) in self.demands.iter().zip(&named).zip(&is_open_mode) {
            demands.push_row(named.unwrap_or(if *is_open { &[] } else { row }).iter().copied());
        }
        relaxed.demands = demands;
        // Materials are used up whoever does the work.
        let is_certain = |consumption: &Consumption| {
            matches!(self.totals[consumption.total as usize].origin, TotalOrigin::Material(_))
        };
        let mut consumptions = Rows::with_capacity(self.consumptions.len(), self.consumptions.items().len());
        for ((row, named), is_open) in self.consumptions.iter().zip(&named).zip(&is_open_mode) {
            consumptions.push_row(row.iter().copied().filter(|it| !is_open || named.is_some() && is_certain(it)));
        }
        relaxed.consumptions = consumptions;
        relaxed.spendings = without(&self.spendings, &is_open_mode);
        relaxed.maximal_lags.retain(|lag| !is_open[lag.predecessor as usize] && !is_open[lag.successor as usize]);
        for node in 0..self.len() {
            for position in self.predecessors.range(node) {
                let arc = &mut relaxed.predecessors.items_mut()[position];
                *arc = self.loosened(*arc, is_open[arc.other as usize], is_open[node]);
            }
            for position in self.successors.range(node) {
                let arc = &mut relaxed.successors.items_mut()[position];
                *arc = self.loosened(*arc, is_open[node], is_open[arc.other as usize]);
            }
        }
        Cow::Owned(relaxed)
    }

    /// What an arc asks in any case, given which of its ends are done in ways that are not listed.
    fn loosened(&self, arc: Arc, from_open: bool, to_open: bool) -> Arc {
        if !from_open && !to_open {
            return arc;
        }
        let leads = match arc.by_mode {
            true => self.mode_lags.row(arc.lag as usize).iter().any(|&lag| lag < 0),
            false => arc.lag < 0,
        };
        // A lead goes back further in less working time, and so does a start from its finish.
        if leads && arc.calendar != EVERY_SLOT || to_open && arc.kind.to_finish() {
            return Arc { lag: -HORIZON_LIMIT, calendar: EVERY_SLOT, by_mode: false, ..arc };
        }
        Arc { calendar: EVERY_SLOT, ..arc }
    }
}

/// Rows of mode positions, without what those in `is_open` hold.
fn without<T: Copy>(rows: &Rows<T>, is_open: &[bool]) -> Rows<T> {
    let mut kept = Rows::with_capacity(rows.len(), rows.items().len());
    for (row, &is_open) in rows.iter().zip(is_open) {
        kept.push_row(row.iter().copied().filter(|_| !is_open));
    }
    kept
}
