//! The forward pass: every node as early as links, calendars and dates allow.

use super::backward::limits;
use super::manner::Manner;
use super::shortest_modes;
use crate::network::{Arc, NEVER, NO_EARLIEST, Network, Slot};
use crate::plan::{ActivityType, LinkKind, Plan};

/// Earliest positions of every node by links, calendars and constraints alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyDates {
    /// Start of each node.
    pub start: Vec<Slot>,
    /// Finish of each node.
    pub finish: Vec<Slot>,
    /// The latest finish.
    pub project_finish: Slot,
}

/// Rounds beyond those that any plan without calendars needs, after which the search for dates that keep all maximal lags
/// ends; on calendars more rounds can make sense, but the dates are lower bounds at any time.
const SPARE_ROUNDS: usize = 1_000;

/// The forward pass.
///
/// Must-start and must-finish dates win over links. Maximal lags push predecessors later, round after round, until all
/// are kept; those that stand against a must date are left broken.
///
/// # Arguments
/// `modes` holds the mode position of each node.
///
/// # Returns
/// `None` if a node's calendar never offers the work it needs within the horizon, or if maximal lags contradict each other.
///
/// # Complexity
/// Linear in nodes and links, times the rounds that maximal lags need.
pub fn early_dates(network: &Network, modes: &[u32]) -> Option<EarlyDates> {
    let (dates, complete) = forward(network, modes, None);
    complete.then_some(dates)
}

/// As [`early_dates`], with milestones where planning tools have them: those of the start at the beginning of working time,
/// those of the finish at its end (Primavera P6, "Activity types").
/// Tasks that shall be as late as possible have been moved.
pub fn planned_dates(plan: &Plan, network: &Network, modes: &[u32]) -> Option<EarlyDates> {
    let (mut dates, complete) = forward(network, modes, Some(&Manner::of(plan, network, modes)));
    move_late(plan, network, modes, &mut dates);
    complete.then_some(dates)
}

/// Moves what shall be as late as possible: up to the project's finish, or to its deadline if late dates count from that.
pub(super) fn move_late(plan: &Plan, network: &Network, modes: &[u32], dates: &mut EarlyDates) {
    if network.as_late_as_possible.contains(&true) {
        let is_from_deadline = plan.project().dating.late_from_deadline && network.deadline < NEVER;
        let end = if is_from_deadline { network.deadline } else { dates.project_finish };
        push_late_until(network, modes, dates.project_finish.max(end), dates);
    }
}

/// The finish of a node as planning tools count it: where a link between finishes without a lag, or with a lead, holds it,
/// the position that the link leads to, though no work lies between the two.
fn led_finish(
    network: &Network,
    modes: &[u32],
    node: usize,
    (start, finish): (Slot, Slot),
    dates: &EarlyDates,
) -> Slot {
    let mode = modes[node];
    if network.mode(mode).duration == 0 || fixed_start(network, mode, node).is_some() {
        return finish;
    }
    let drives = |arc: &&Arc| {
        let other = arc.other as usize;
        let lag = network.lag(arc, arc.other, modes[other]);
        let times = (dates.start[other], dates.finish[other]);
        let bound = network.earliest_by_arc(arc, lag, times, modes[other], mode);
        bound.and_then(|bound| network.first_start(mode, bound)).is_some_and(|led| led >= start)
    };
    let Some(arc) = network.predecessors.row(node).iter().find(drives) else { return finish };
    let other = arc.other as usize;
    let lag = network.lag(arc, arc.other, modes[other]);
    if arc.kind != LinkKind::FinishToFinish || lag > 0 {
        return finish;
    }
    let led = network.shifted(network.lag_table(arc, modes[other], mode), dates.finish[other], lag).unwrap_or(finish);
    let is_in_work = || network.begin_of_pause(mode, led) == led || network.end_of_pause(mode, led) == led;
    match lag {
        0 if !is_in_work() => network.end_of_pause(mode, led),
        _ => led,
    }
}

/// Where a milestone stands that may stand at `position`.
fn stand(network: &Network, mode: u32, side: ActivityType, position: Slot) -> Option<Slot> {
    let table = network.calendar(network.mode(mode).calendar);
    let at = i64::from(position);
    let is_end = || table.last_finish(at) == at;
    let moved = match side {
        _ if table.is_always() => at,
        ActivityType::StartMilestone => table.next_start(at)?,
        ActivityType::FinishMilestone if !is_end() => table.next_start(at)?,
        ActivityType::FinishMilestone | ActivityType::Task | ActivityType::LevelOfEffort => at,
    };
    Slot::try_from(moved).ok().filter(|&moved| moved <= network.horizon)
}

/// The forward pass, with false if some dates are not possible; what never ends then stands at the horizon.
///
/// # Arguments
/// `manner` is given if dates are to be counted as planning tools do.
pub(super) fn forward(network: &Network, modes: &[u32], manner: Option<&Manner>) -> (EarlyDates, bool) {
    let mut pushed = if network.maximal_lags.is_empty() { Vec::new() } else { vec![NO_EARLIEST; network.len()] };
    let mut round = 0;
    loop {
        let (dates, complete) = pass(network, modes, manner, &pushed);
        if !complete || !push_predecessors(network, modes, &dates, &mut pushed) {
            return (dates, complete);
        }
        round += 1;
        // Without pauses a longest path uses no maximal lag twice, so more rounds prove a contradiction.
        let by_arithmetic = network.calendars.iter().all(|table| table.is_always());
        if by_arithmetic && round > network.maximal_lags.len() {
            return (dates, false);
        }
        if round > network.maximal_lags.len() + SPARE_ROUNDS {
            return (dates, true);
        }
    }
}

fn pass(network: &Network, modes: &[u32], manner: Option<&Manner>, pushed: &[Slot]) -> (EarlyDates, bool) {
    let mut dates = EarlyDates::unset(network.len());
    let mut complete = true;
    for node in 0..network.len() {
        let dated = placed(network, modes, manner, pushed, node, &dates);
        complete &= dated.is_some();
        dates.set(node, dated.unwrap_or((network.horizon, network.horizon)));
    }
    (dates, complete)
}

/// Earliest start and finish of a node, given those of its predecessors; `None` if there are none.
pub(super) fn placed(
    network: &Network,
    modes: &[u32],
    manner: Option<&Manner>,
    pushed: &[Slot],
    node: usize,
    dates: &EarlyDates,
) -> Option<(Slot, Slot)> {
    let mode = modes[node];
    let is_event = manner.is_some() && network.mode(mode).duration == 0;
    let (start, finish) = dates_in(network, modes, (node, is_event, manner), mode, pushed, dates)?;
    let Some(manner) = manner else { return Some((start, finish)) };
    if let Some(held) = manner.held_at(node).filter(|&held| held < start) {
        return Some((held, network.finish(mode, held)?));
    }
    match manner.sides.get(node).copied().unwrap_or_default() {
        ActivityType::Task => Some((start, led_finish(network, modes, node, (start, finish), dates))),
        side => stand(network, mode, side, start).map(|start| (start, start)),
    }
}

impl EarlyDates {
    pub(super) fn unset(count: usize) -> EarlyDates {
        EarlyDates { start: vec![0; count], finish: vec![0; count], project_finish: 0 }
    }

    pub(super) fn set(&mut self, node: usize, (start, finish): (Slot, Slot)) {
        self.start[node] = start;
        self.finish[node] = finish;
        self.project_finish = self.project_finish.max(finish);
    }
}

/// Earliest start and finish of a node in a mode, given those of its predecessors; `None` if there are none.
///
/// # Arguments
/// `is_event` tells of a milestone that it stands where links to its finish lead, though there may be a pause before that.
#[inline]
fn dates_in(
    network: &Network,
    modes: &[u32],
    (node, is_event, manner): (usize, bool, Option<&Manner>),
    mode: u32,
    pushed: &[Slot],
    dates: &EarlyDates,
) -> Option<(Slot, Slot)> {
    let start = fixed_start(network, mode, node).or_else(|| {
        let mut earliest = network.release[node];
        if let Some(&pushed) = pushed.get(node) {
            earliest = earliest.max(pushed);
        }
        if network.finish_release[node] != NO_EARLIEST {
            earliest = earliest.max(network.start_for_finish(mode, network.finish_release[node]));
        }
        for (arc, position) in network.predecessors.row(node).iter().zip(network.predecessors.range(node)) {
            if manner.is_some_and(|manner| manner.is_idle(position)) {
                continue;
            }
            let predecessor = arc.other as usize;
            let times = (dates.start[predecessor], dates.finish[predecessor]);
            let lag = network.lag(arc, arc.other, modes[predecessor]);
            let bound = match is_event && arc.kind.to_finish() {
                true => {
                    let end = if arc.kind.from_finish() { times.1 } else { times.0 };
                    network.shifted(network.lag_table(arc, modes[predecessor], mode), end, lag)?
                }
                false => network.earliest_by_arc(arc, lag, times, modes[predecessor], mode)?,
            };
            earliest = earliest.max(bound);
        }
        network.first_start(mode, earliest)
    })?;
    Some((start, network.finish(mode, start)?))
}

/// The mode position of each node in which it finishes first by links, calendars and dates, those of its predecessors
/// chosen in the same way before; of equally quick ones the shortest, then the cheapest, then the first.
///
/// A longer way on better calendars can be the quicker one.
pub fn quickest_modes(network: &Network) -> Vec<u32> {
    let mut modes = shortest_modes(network);
    if network.modes.items().len() == network.len() {
        return modes;
    }
    let mut dates = EarlyDates::unset(network.len());
    for node in 0..network.len() {
        let dated = |mode: u32| dates_in(network, &modes, (node, false, None), mode, &[], &dates);
        let finish = |mode: u32| dated(mode).map_or(network.horizon, |(_, finish)| finish);
        let key = |&mode: &u32| (finish(mode), network.mode(mode).duration, network.costs[mode as usize], mode);
        let range = network.modes.range(node);
        let quickest = (range.start as u32..range.end as u32).min_by_key(key).unwrap_or(modes[node]);
        let found = dated(quickest).unwrap_or((network.horizon, network.horizon));
        modes[node] = quickest;
        dates.set(node, found);
    }
    modes
}

/// Where a must-start or must-finish date puts a node.
pub fn fixed_start(network: &Network, mode: u32, node: usize) -> Option<Slot> {
    let dates = (network.must_start[node], network.must_finish[node]);
    network.demanded_start_as(network.mode(mode), dates).flatten()
}

/// True if a node with a must-date keeps it in this mode: it starts where work begins at the date, or no work lies between
/// its finish and the date.
pub fn meets_must_date(network: &Network, mode: u32, node: usize) -> bool {
    let Some(start) = fixed_start(network, mode, node) else { return network.must_start[node] == NO_EARLIEST };
    if network.must_start[node] != NO_EARLIEST {
        return start == network.end_of_pause(mode, network.must_start[node]);
    }
    let date = network.must_finish[node];
    date == NO_EARLIEST || network.finish(mode, start).is_some_and(|finish| network.end_of_pause(mode, finish) >= date)
}

/// Notes for every broken maximal lag how much later its predecessor has to start; false if none is broken.
fn push_predecessors(network: &Network, modes: &[u32], dates: &EarlyDates, pushed: &mut [Slot]) -> bool {
    let mut any = false;
    for maximal in &network.maximal_lags {
        let [predecessor, successor] = [maximal.predecessor, maximal.successor].map(|node| node as usize);
        if fixed_start(network, modes[predecessor], predecessor).is_some() {
            continue;
        }
        let times = |node: usize| (dates.start[node], dates.finish[node]);
        let (from, to) = (modes[predecessor], modes[successor]);
        if let Some(start) = network.start_by_maximal_lag(maximal, times(predecessor), times(successor), from, to)
            && start > dates.start[predecessor]
        {
            pushed[predecessor] = pushed[predecessor].max(start);
            any = true;
        }
    }
    any
}

/// Moves the nodes that shall be as late as possible back to where they just do not move a successor, or the project's
/// finish if they have none.
///
/// # Arguments
/// `modes` holds the mode position of each node; `dates` are feasible dates, changed in place.
///
/// # Complexity
/// Linear in nodes and links.
pub fn push_late(network: &Network, modes: &[u32], dates: &mut EarlyDates) {
    push_late_until(network, modes, dates.project_finish, dates);
}

/// As [`push_late`], with another end than the project's finish.
fn push_late_until(network: &Network, modes: &[u32], end: Slot, dates: &mut EarlyDates) {
    for node in (0..network.len()).rev().filter(|&node| network.as_late_as_possible[node]) {
        let mode = modes[node];
        if fixed_start(network, mode, node).is_some() {
            continue;
        }
        let (mut latest_start, mut latest_finish) = limits(network, modes, node, &dates.start, &dates.finish);
        latest_finish = latest_finish.min(end);
        for maximal in network.maximal_lags.iter().filter(|maximal| maximal.successor as usize == node) {
            let predecessor = maximal.predecessor as usize;
            let times = (dates.start[predecessor], dates.finish[predecessor]);
            if let Some(latest) = network.latest_by_maximal_lag(maximal, times, modes[predecessor], mode) {
                if maximal.arc.kind.to_finish() {
                    latest_finish = latest_finish.min(latest);
                } else {
                    latest_start = latest_start.min(latest);
                }
            }
        }
        let start = network.last_start(mode, latest_start, latest_finish);
        if let (true, Some(finish)) = (start > dates.start[node], network.finish(mode, start)) {
            dates.start[node] = start;
            dates.finish[node] = finish;
        }
    }
}
