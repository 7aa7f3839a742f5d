//! Floats, drivers and civil dates of every task, from both passes.

use rayon::prelude::*;

use super::backward::{Chained, Ends, backward, finishes_by_project, limits, limits_in_work};
use super::forward::{fixed_start, forward, move_late};
use super::manner::Manner;
use super::{Basis, EarlyDates, Handover, LateDates, progress};
use crate::index::{Id, IdVec, Rows};
use crate::network::{Arc, NO_EARLIEST, Network, Origin, Slot, roll_up};
use crate::plan::{ConstraintKind, FloatRule, LinkKind, Plan, TaskId, TaskKind};
use crate::schedule::{Driver, TaskDates};
use crate::units::{Minutes, Moment};

/// Tasks of a plan from which on the work is shared among threads.
const WORTH_SHARING: usize = 20_000;

/// Both passes with floats and drivers, in civil time, for every task of the plan.
///
/// - Total float is the smaller of start float and finish float, each in working time of the node's calendar, from its
///   start in the basis to its late dates; it may be negative.
/// - Free float is the working time by which the node can slip in the basis without moving a successor (or what takes over
///   its resources), or the project's finish if it has none; never negative.
/// - The driver is what holds the start: a link before a date, a date before a hand-over.
/// - The longest path is traced back from the last finishes along everything that drives.
/// - Summaries span their tasks, have their least floats, and the driver of their first one.
///
/// Dates that do not exist, because a calendar never offers the work, stand at the horizon.
///
/// # Arguments
/// `modes` holds the mode position of each node.
///
/// # Complexity
/// Linear in tasks, links and hand-overs.
pub fn analyse(plan: &Plan, network: &Network, modes: &[u32], basis: Basis<'_>) -> IdVec<TaskId, TaskDates> {
    let analysis = Analysis::new(plan, network, modes, basis);
    let before_pause = |starts: &[Slot]| network.before_pause(starts, modes);
    let (on_longest_path, (early_before, late_before)) = rayon::join(
        || analysis.longest_path(),
        || rayon::join(|| before_pause(&analysis.early.start), || before_pause(&analysis.late.start)),
    );
    let dates_of = |index: usize| -> TaskDates {
        let task = TaskId::new(index);
        if plan.tasks()[task].kind == TaskKind::Summary {
            return NOTHING_BELOW;
        }
        let node = network.start_node[task] as usize;
        let mode = modes[node];
        let (early_start, mut early_finish) = network.moments(analysis.early.start[node], mode, early_before[node]);
        let (mut late_start, mut late_finish) = network.moments(analysis.late.start[node], mode, late_before[node]);
        if matches!(basis, Basis::Logic) && network.mode(mode).duration > 0 {
            early_finish = analysis.led_finish(node, early_finish);
            late_start = analysis.led_start(node, late_start);
            late_finish = analysis.led_late_finish(node, late_finish);
            let begun = plan.tasks()[task].progress.filter(|_| plan.project().status_date.is_none());
            late_start = begun.map_or(late_start, |progress| progress.start);
        }
        let total_float = analysis.total_float(node);
        TaskDates {
            early_start,
            early_finish,
            late_start,
            late_finish,
            total_float,
            free_float: analysis.free_float(node),
            critical: total_float <= plan.project().dating.critical_float,
            longest_path: on_longest_path[node],
            driver: analysis.driver(task, node),
        }
    };
    let count = plan.tasks().len();
    let dates: Vec<TaskDates> = if count < WORTH_SHARING {
        (0..count).map(dates_of).collect()
    } else {
        (0..count).into_par_iter().with_min_len(WORTH_SHARING / 4).map(dates_of).collect()
    };
    let mut dates = IdVec::from(dates);
    if plan.has_progress() {
        progress::settle(plan, &mut dates);
    }
    roll_up(plan, &mut dates, |summary, below| {
        if below.early_start < summary.early_start {
            (summary.early_start, summary.driver) = (below.early_start, below.driver);
        }
        summary.early_finish = summary.early_finish.max(below.early_finish);
        summary.late_start = summary.late_start.min(below.late_start);
        summary.late_finish = summary.late_finish.max(below.late_finish);
        summary.total_float = summary.total_float.min(below.total_float);
        summary.free_float = summary.free_float.min(below.free_float);
        summary.critical |= below.critical;
        summary.longest_path |= below.longest_path;
    });
    dates
}

/// The total float by the rule of the plan; work that has been started has only that of its finish.
pub(super) fn total_float(plan: &Plan, by_start: Minutes, by_finish: Minutes, is_started: bool) -> Minutes {
    match plan.project().dating.float_rule {
        FloatRule::Start => by_start,
        FloatRule::Smallest if !is_started => by_start.min(by_finish),
        FloatRule::Smallest | FloatRule::Finish => by_finish,
    }
}

/// What a summary starts from before it is told what lies below it.
pub(super) const NOTHING_BELOW: TaskDates = TaskDates {
    early_start: Moment(i64::MAX),
    early_finish: Moment(i64::MIN),
    late_start: Moment(i64::MAX),
    late_finish: Moment(i64::MIN),
    total_float: Minutes(i64::MAX),
    free_float: Minutes(i64::MAX),
    critical: false,
    longest_path: false,
    driver: Driver::ProjectStart,
};

/// The passes over the network that floats and drivers are read from.
struct Analysis<'a> {
    plan: &'a Plan,
    network: &'a Network,
    modes: &'a [u32],
    manner: Manner,
    /// Earliest dates by logic alone; those to be as late as possible have been moved.
    early: EarlyDates,
    /// The dates of the basis, from which floats count; `None` if they are the early ones.
    scheduled: Option<EarlyDates>,
    late: LateDates,
    /// Hand-overs by predecessor and by successor.
    handed_on: Rows<Handover>,
    taken_over: Rows<Handover>,
}

impl<'a> Analysis<'a> {
    fn new(plan: &'a Plan, network: &'a Network, modes: &'a [u32], basis: Basis<'_>) -> Analysis<'a> {
        let manner = match basis {
            Basis::Logic => Some(Manner::of(plan, network, modes)),
            Basis::Scheduled { .. } => None,
        };
        let (mut early, _) = forward(network, modes, manner.as_ref());
        move_late(plan, network, modes, &mut early);
        let (scheduled, handovers): (_, &[Handover]) = match basis {
            Basis::Logic => (None, &[]),
            Basis::Scheduled { starts, handovers } => (Some(dates_of_schedule(network, modes, starts)), handovers),
        };
        let rows = |end: fn(&Handover) -> u32| {
            if handovers.is_empty() {
                return Rows::new();
            }
            Rows::from_pairs(network.len(), handovers.iter().map(|handover| (end(handover) as usize, *handover)))
        };
        let (handed_on, taken_over) = (rows(|handover| handover.predecessor), rows(|handover| handover.successor));
        let project_finish = scheduled.as_ref().unwrap_or(&early).project_finish;
        let chained = scheduled.as_ref().filter(|_| !handed_on.is_empty());
        let chained = chained.map(|dates| Chained { handovers: &handed_on, dates });
        let dating = plan.project().dating;
        let is_begun = |origin: &Origin| match origin {
            Origin::Task(task) => plan.tasks()[*task].progress.is_some_and(|progress| progress.finish.is_none()),
            Origin::SummaryStart(_) | Origin::SummaryFinish(_) => false,
        };
        let begun = manner.as_ref().map(|manner| {
            let is_moved = |(node, origin): (usize, &Origin)| is_begun(origin) || manner.is_manual(node);
            network.origin.iter().enumerate().map(is_moved).collect::<Vec<bool>>()
        });
        let own_finishes = dating.late_by_project.then(|| finishes_by_project(plan, network, &early));
        let finishes = &scheduled.as_ref().unwrap_or(&early).finish;
        let ends = Ends {
            finishes: own_finishes.as_deref(),
            begun: begun.as_deref(),
            from_deadline: dating.late_from_deadline,
            open_ends: dating.open_ends_critical.then_some(finishes),
            manner: manner.as_ref(),
        };
        let late = backward(network, modes, project_finish, chained, ends);
        Analysis {
            plan,
            network,
            modes,
            manner: manner.unwrap_or_default(),
            early,
            scheduled,
            late,
            handed_on,
            taken_over,
        }
    }

    /// The dates from which floats count.
    fn dates(&self) -> &EarlyDates {
        self.scheduled.as_ref().unwrap_or(&self.early)
    }

    /// Working time of a node's calendar between two positions, negative if they are the other way round.
    fn work_between(&self, node: usize, from: Slot, to: Slot) -> Minutes {
        let mode = self.network.mode(self.modes[node]);
        let table = self.network.calendar(mode.calendar);
        let slots = table.work(i64::from(to)) - table.work(i64::from(from));
        Minutes(slots * self.network.axis.slot_minutes.0)
    }

    fn total_float(&self, node: usize) -> Minutes {
        let dates = self.dates();
        let start_float = self.work_between(node, dates.start[node], self.late.start[node]);
        let finish_float = self.work_between(node, dates.finish[node], self.late.finish[node]);
        let is_started = match self.network.origin[node] {
            Origin::Task(task) => self.plan.tasks()[task].progress.is_some(),
            Origin::SummaryStart(_) | Origin::SummaryFinish(_) => false,
        };
        total_float(self.plan, start_float, finish_float, is_started)
    }

    fn free_float(&self, node: usize) -> Minutes {
        let dates = self.dates();
        if self.scheduled.is_none() {
            let is_expected = |task: TaskId| self.plan.tasks()[task].expected_finish.is_some();
            return match self.network.origin[node] {
                // Primavera P6 knows no free float of work whose finish is given.
                Origin::Task(task) if is_expected(task) => Minutes::ZERO,
                _ => self.relationship_float(node),
            };
        }
        let (latest_start, mut latest_finish) = limits(self.network, self.modes, node, &dates.start, &dates.finish);
        for handover in rows_of(&self.handed_on, node) {
            latest_finish = latest_finish.min(dates.start[handover.successor as usize]);
        }
        latest_finish = latest_finish.min(dates.project_finish);
        let latest = self.network.last_start(self.modes[node], latest_start, latest_finish);
        self.work_between(node, dates.start[node], latest).max(Minutes::ZERO)
    }

    /// An early finish as planning tools show it: where a link leads to, if that is another position without work between.
    fn led_finish(&self, node: usize, finish: Moment) -> Moment {
        let led = self.early.finish[node];
        // A start that a finish waits for lies behind the pause.
        let arcs = &self.network.predecessors;
        if let Some(arc) = self.driving_arcs(node).map(|at| &arcs.items()[at]).next()
            && arc.kind == LinkKind::StartToFinish
            && self.network.lag(arc, arc.other, self.modes[arc.other as usize]) == 0
        {
            return self.network.axis.start_moment(self.early.start[arc.other as usize]);
        }
        let counted = self.network.finish(self.modes[node], self.early.start[node]);
        match counted {
            Some(counted) if counted != led && self.network.begin_of_pause(self.modes[node], led) == led => {
                self.network.axis.finish_moment(led)
            }
            Some(counted) if counted != led => self.network.axis.start_moment(led),
            _ => finish,
        }
    }

    /// A late start as planning tools show it. Links from the start with a lead are shown where they lead, those without a lag
    /// at the nearer side of a pause.
    fn led_start(&self, node: usize, start: Moment) -> Moment {
        let (network, mode, late) = (self.network, self.modes[node], &self.late);
        for arc in network.successors.row(node).iter().filter(|arc| !arc.kind.from_finish()) {
            let successor = arc.other as usize;
            let date = if arc.kind.to_finish() { late.finish[successor] } else { late.start[successor] };
            let lag = network.lag(arc, node as u32, mode);
            let table = network.lag_table(arc, mode, self.modes[successor]);
            let led = network.shifted_by_work(table, date, lag.saturating_neg());
            if lag > 0 || led >= late.start[node] || network.end_of_pause(mode, led) != late.start[node] {
                continue;
            }
            let raw = network.axis.finish_moment(led);
            let begin = network.axis.finish_moment(network.begin_of_pause(mode, led));
            return match lag {
                0 if (raw - begin).0 < (start - raw).0 => begin,
                0 => start,
                _ => raw,
            };
        }
        start
    }

    /// A late finish as planning tools show it: that of a task that is scheduled by hand is the moment to which a link leads
    /// back, behind a pause.
    fn led_late_finish(&self, node: usize, finish: Moment) -> Moment {
        let late = self.late.finish[node];
        let is_led =
            self.manner.is_manual(node) && limits_in_work(self.network, self.modes, node, true, &self.late).1 == late;
        if is_led { self.network.axis.start_moment(late) } else { finish }
    }

    /// The least work on the node's calendar between where a link leads and where its successor stands, or until the project's
    /// finish; never negative.
    fn relationship_float(&self, node: usize) -> Minutes {
        let (network, dates, mode) = (self.network, self.dates(), self.modes[node]);
        let gap = |arc: &Arc| {
            let successor = arc.other as usize;
            let end = if arc.kind.from_finish() { dates.finish[node] } else { dates.start[node] };
            let lag = network.lag(arc, node as u32, mode);
            let led = network.shifted(network.lag_table(arc, mode, self.modes[successor]), end, lag)?;
            let stands = if arc.kind.to_finish() { dates.finish[successor] } else { dates.start[successor] };
            Some(self.work_between(node, led, stands))
        };
        let gaps = network.successors.row(node).iter().filter_map(gap).min();
        let gap = gaps.unwrap_or_else(|| self.work_between(node, dates.finish[node], dates.project_finish));
        gap.max(Minutes::ZERO)
    }

    /// The start to which a bound leads, once the calendar has been asked.
    fn leads_to(&self, node: usize, bound: Slot) -> Option<Slot> {
        self.network.first_start(self.modes[node], bound)
    }

    /// The bound that an arc puts on the start of `node`.
    fn bound_by(&self, arc: &Arc, node: usize) -> Option<Slot> {
        let dates = self.dates();
        let predecessor = arc.other as usize;
        let lag = self.network.lag(arc, arc.other, self.modes[predecessor]);
        let times = (dates.start[predecessor], dates.finish[predecessor]);
        self.network.earliest_by_arc(arc, lag, times, self.modes[predecessor], self.modes[node])
    }

    /// The arcs into a node that hold it where it is, as positions of the network's predecessors.
    fn driving_arcs(&self, node: usize) -> impl Iterator<Item = usize> {
        let start = self.dates().start[node];
        let range = self.network.predecessors.range(node).filter(|&position| !self.manner.is_idle(position));
        range.filter(move |&position| {
            let bound = self.bound_by(&self.network.predecessors.items()[position], node);
            // A bound beyond the start, or before the horizon's end, is broken by a must date and drives all the same.
            bound.is_none_or(|bound| bound >= start || self.leads_to(node, bound).is_none_or(|led| led >= start))
        })
    }

    /// True if a date of its own puts a node where it is, whatever links say.
    fn is_held(&self, node: usize) -> bool {
        let start = self.dates().start[node];
        let is_before = |arc: &Arc| self.bound_by(arc, node).is_none_or(|bound| bound > start);
        fixed_start(self.network, self.modes[node], node).is_some()
            || self.manner.held_at(node) == Some(start) && self.network.predecessors.row(node).iter().any(is_before)
    }

    /// The hand-overs to a node that hold it where it is.
    fn driving_handovers(&self, node: usize) -> impl Iterator<Item = &Handover> {
        let dates = self.dates();
        rows_of(&self.taken_over, node).iter().filter(move |handover| {
            let bound = dates.finish[handover.predecessor as usize];
            self.leads_to(node, bound).is_none_or(|led| led >= dates.start[node])
        })
    }

    /// Nodes on a chain of driving links and hand-overs that ends with the last finish.
    fn longest_path(&self) -> Vec<bool> {
        let dates = self.dates();
        let ends = (0..self.network.len()).filter(|&node| dates.finish[node] == dates.project_finish);
        let mut open: Vec<usize> = ends.collect();
        let mut on_path = vec![false; self.network.len()];
        for &node in &open {
            on_path[node] = true;
        }
        while let Some(node) = open.pop() {
            if self.is_held(node) {
                continue;
            }
            let by_links = self.driving_arcs(node).map(|arc| self.network.predecessors.items()[arc].other);
            let by_handovers = self.driving_handovers(node).map(|handover| handover.predecessor);
            for predecessor in by_links.chain(by_handovers).map(|node| node as usize) {
                if !on_path[predecessor] {
                    on_path[predecessor] = true;
                    open.push(predecessor);
                }
            }
        }
        on_path
    }

    fn driver(&self, task: TaskId, node: usize) -> Driver {
        let network = self.network;
        let start = self.dates().start[node];
        if self.is_held(node) {
            return Driver::Constraint;
        }
        // Of several arcs the one that reaches farthest, then the first.
        let farthest = self
            .driving_arcs(node)
            .max_by_key(|&arc| (self.bound_by(&network.predecessors.items()[arc], node), std::cmp::Reverse(arc)));
        if let Some(arc) = farthest {
            return match network.predecessor_links[arc] {
                Some(link) => Driver::Link(link),
                None => match network.origin[network.predecessors.items()[arc].other as usize] {
                    Origin::SummaryStart(summary) | Origin::SummaryFinish(summary) => Driver::Summary(summary),
                    Origin::Task(other) => {
                        self.plan.tasks()[other].parent.map_or(Driver::ProjectStart, Driver::Summary)
                    }
                },
            };
        }
        let finish_release = network.finish_release[node];
        if finish_release != NO_EARLIEST {
            let bound = network.start_for_finish(self.modes[node], finish_release);
            if bound > 0 && self.leads_to(node, bound).is_none_or(|led| led >= start) {
                return Driver::Constraint;
            }
        }
        if self.leads_to(node, network.release[node]).is_none_or(|led| led >= start) {
            return self.driver_by_date(task, node);
        }
        if let Some(handover) = self.driving_handovers(node).next()
            && let Origin::Task(other) = network.origin[handover.predecessor as usize]
        {
            return Driver::Resource(network.renewables[handover.resource as usize].resource, other);
        }
        if network.as_late_as_possible[node] { Driver::AsLateAsPossible } else { Driver::Capacity }
    }

    /// Whose date holds a node that stands at its release.
    fn driver_by_date(&self, task: TaskId, node: usize) -> Driver {
        let (axis, tasks) = (&self.network.axis, self.plan.tasks());
        // Dates are moved to working time, so the one that leads to the same start counts, the task's own first.
        let moved = |slot: Slot| self.leads_to(node, self.network.end_of_pause(self.modes[node], slot));
        let start = moved(self.network.release[node]);
        if start == moved(0) {
            return Driver::ProjectStart;
        }
        let mut holder = Some(task);
        while let Some(id) = holder {
            let earliest = tasks[id].constraint_of(ConstraintKind::StartNoEarlierThan);
            if earliest.is_some_and(|date| moved(axis.slot_at_or_after(date.moment)) >= start) {
                return if id == task { Driver::Constraint } else { Driver::Summary(id) };
            }
            holder = tasks[id].parent;
        }
        Driver::ProjectStart
    }
}

fn rows_of(rows: &Rows<Handover>, node: usize) -> &[Handover] {
    if rows.is_empty() { &[] } else { rows.row(node) }
}

fn dates_of_schedule(network: &Network, modes: &[u32], starts: &[Slot]) -> EarlyDates {
    let finish: Vec<Slot> = starts
        .iter()
        .zip(modes)
        .map(|(&start, &mode)| network.finish(mode, start).unwrap_or(network.horizon))
        .collect();
    let project_finish = finish.iter().copied().max().unwrap_or(0);
    EarlyDates { start: starts.to_vec(), finish, project_finish }
}
