//! The backward pass: every node as late as the project's finish, deadlines and successors allow.

use super::Handover;
use super::forward::{EarlyDates, fixed_start};
use super::manner::Manner;
use crate::index::{IdVec, Rows};
use crate::network::{NEVER, Network, Origin, Slot};
use crate::plan::{ActivityType, Plan, TaskId};

/// Latest positions of every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateDates {
    /// Start of each node; may be negative.
    pub start: Vec<Slot>,
    /// Finish of each node; may be negative.
    pub finish: Vec<Slot>,
}

/// The backward pass: the latest dates that delay neither `project_finish` nor a deadline.
///
/// "No later" constraints and deadlines count here and nowhere else; must dates stand as they are. Maximal lags are left
/// aside, so the dates are upper bounds where there are any.
///
/// # Arguments
/// `modes` holds the mode position of each node.
///
/// # Complexity
/// Linear in nodes and links.
pub fn late_dates(network: &Network, modes: &[u32], project_finish: Slot) -> LateDates {
    backward(network, modes, project_finish, None, Ends::default())
}

/// What a backward pass counts with besides the network.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends<'a> {
    /// True if late dates count from the project's deadline even where that is later than the finish.
    pub from_deadline: bool,
    /// The finish from which the late dates of each node count, if it is not that of all.
    pub finishes: Option<&'a [Slot]>,
    /// Nodes whose exact date holds them in the forward pass only, if there are any: work that has begun.
    pub begun: Option<&'a [bool]>,
    /// Finishes that nodes without successors may not exceed, if they may not.
    pub open_ends: Option<&'a [Slot]>,
    /// Given if dates are to be counted as planning tools do: late starts within pauses are moved behind them, late finishes
    /// before them.
    pub manner: Option<&'a Manner>,
}

/// A schedule's hand-overs, which act as finish-to-start links.
pub(super) struct Chained<'a> {
    /// Hand-overs in rows by predecessor.
    pub handovers: &'a Rows<Handover>,
    /// The schedule's dates.
    pub dates: &'a EarlyDates,
}

/// Passes at most, should calendars keep a circle of links and hand-overs from settling.
const MOST_PASSES: usize = 100;

/// The backward pass, with the hand-overs of a schedule or by links alone.
///
/// Hand-overs follow the time of the schedule, and with leads or links between finishes that may be against a link: then
/// the two make a circle that the schedule meets all the same. So nodes are taken by time, and passes repeat until
/// nothing changes; the schedule itself is a solution that the dates cannot fall below, unless a limit on dates asks for it.
pub(super) fn backward(
    network: &Network,
    modes: &[u32],
    project_finish: Slot,
    chained: Option<Chained<'_>>,
    ends: Ends<'_>,
) -> LateDates {
    let count = network.len();
    let last = |node: usize| {
        let own = ends.finishes.map_or(project_finish, |finishes| finishes[node]);
        let finish = match ends.from_deadline && network.deadline < NEVER {
            true => network.deadline,
            false => own.min(network.deadline),
        };
        match ends.open_ends {
            Some(finishes) if network.successors.row(node).is_empty() => finish.min(finishes[node]),
            _ => finish,
        }
    };
    let mut late = LateDates { start: vec![network.horizon; count], finish: vec![network.horizon; count] };
    let Some(Chained { handovers, dates }) = chained else {
        for node in (0..count).rev() {
            settle(network, modes, (last(node), ends), &[], node, &mut late);
        }
        return late;
    };
    let mut by_time: Vec<usize> = (0..count).collect();
    by_time.sort_unstable_by_key(|&node| (dates.start[node], dates.finish[node], node));
    for _ in 0..MOST_PASSES {
        let mut changed = false;
        for &node in by_time.iter().rev() {
            changed |= settle(network, modes, (last(node), ends), handovers.row(node), node, &mut late);
        }
        if !changed {
            break;
        }
    }
    late
}

/// Gives a node the latest dates that its limits, successors and hand-overs allow; true if they are others than before.
fn settle(
    network: &Network,
    modes: &[u32],
    (project_finish, Ends { manner, begun, .. }): (Slot, Ends<'_>),
    handovers: &[Handover],
    node: usize,
    late: &mut LateDates,
) -> bool {
    let mode = modes[node];
    let is_begun = begun.is_some_and(|begun| begun[node]);
    let start = fixed_start(network, mode, node).filter(|_| !is_begun).unwrap_or_else(|| {
        let (mut latest_start, mut latest_finish) = match manner {
            Some(manner) => limits_in_work(network, modes, node, manner.is_manual(node), late),
            None => limits(network, modes, node, &late.start, &late.finish),
        };
        for handover in handovers {
            latest_finish = latest_finish.min(late.start[handover.successor as usize]);
        }
        latest_start = latest_start.min(network.latest_start[node]);
        latest_finish = latest_finish.min(network.latest_finish[node]).min(project_finish);
        match manner {
            Some(manner) if network.mode(mode).duration == 0 => {
                let latest = latest_start.min(latest_finish);
                let is_start = manner.sides.get(node) == Some(&ActivityType::StartMilestone);
                let is_opening = is_start && network.end_of_pause(mode, latest) == latest;
                if is_opening { latest } else { network.begin_of_pause(mode, latest) }
            }
            Some(_) => network.last_start_in_work(mode, latest_start, latest_finish),
            None => network.last_start(mode, latest_start, latest_finish),
        }
    });
    let finish = network.finish(mode, start).unwrap_or(network.horizon);
    let changed = (late.start[node], late.finish[node]) != (start, finish);
    (late.start[node], late.finish[node]) = (start, finish);
    changed
}

/// As [`limits`], as planning tools count: back from the late date of the successor itself by the work of the lag, whether
/// the way forth leads there or into the same pause. Links from the start of a node that is scheduled by hand do not count.
pub(super) fn limits_in_work(
    network: &Network,
    modes: &[u32],
    node: usize,
    is_manual: bool,
    late: &LateDates,
) -> (Slot, Slot) {
    let (mut latest_start, mut latest_finish) = (Slot::MAX, Slot::MAX);
    for arc in network.successors.row(node).iter().filter(|arc| !is_manual || arc.kind.from_finish()) {
        let successor = arc.other as usize;
        let date = if arc.kind.to_finish() { late.finish[successor] } else { late.start[successor] };
        let lag = network.lag(arc, node as u32, modes[node]);
        let table = network.lag_table(arc, modes[node], modes[successor]);
        let times = (late.start[successor], late.finish[successor]);
        let to_the_letter = network.latest_by_arc(arc, node as u32, modes[node], modes[successor], times);
        // A lead into a pause may lead back to less than it came from.
        let end = network.shifted_by_work(table, date, lag.saturating_neg());
        let end = if lag < 0 { end.max(to_the_letter) } else { end };
        let limit = if arc.kind.from_finish() { &mut latest_finish } else { &mut latest_start };
        *limit = (*limit).min(end);
    }
    (latest_start, latest_finish)
}

/// The latest start and finish at which a node does not move its successors, given their dates.
pub fn limits(network: &Network, modes: &[u32], node: usize, starts: &[Slot], finishes: &[Slot]) -> (Slot, Slot) {
    let (mut latest_start, mut latest_finish) = (Slot::MAX, Slot::MAX);
    let mode = modes[node];
    for arc in network.successors.row(node) {
        let successor = arc.other as usize;
        let times = (starts[successor], finishes[successor]);
        let end = network.latest_by_arc(arc, node as u32, mode, modes[successor], times);
        if arc.kind.from_finish() {
            latest_finish = latest_finish.min(end);
        } else {
            latest_start = latest_start.min(end);
        }
    }
    (latest_start, latest_finish)
}

/// For each node the last finish of its project, the summary at the top that it belongs to.
pub(super) fn finishes_by_project(plan: &Plan, network: &Network, early: &EarlyDates) -> Vec<Slot> {
    let tasks = plan.tasks();
    let top = |task: TaskId| std::iter::successors(Some(task), |&below| tasks[below].parent).last().unwrap_or(task);
    let project = |node: usize| match network.origin[node] {
        Origin::Task(task) | Origin::SummaryStart(task) | Origin::SummaryFinish(task) => top(task),
    };
    let mut last: IdVec<TaskId, Slot> = IdVec::filled(0, tasks.len());
    for node in 0..network.len() {
        let project = project(node);
        last[project] = last[project].max(early.finish[node]);
    }
    (0..network.len()).map(|node| last[project(node)]).collect()
}
