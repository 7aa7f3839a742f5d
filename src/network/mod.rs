//! The plan as flat arrays of integers, for engines.
//!
//! `compile` turns a [`Plan`] into a [`Network`]: activities become nodes in topological order, links
//! become compressed rows, calendars become tables with accumulated work, and time becomes slots: whole numbers counted
//! from the project start along an [`Axis`] that leaves out the time in which nothing can ever happen.

mod axis;
mod cash;
mod civil;
mod compile;
mod cost_cap;
pub(crate) mod matching;
mod near;
mod pattern;
mod relaxed;
mod staffing;
mod timing;
mod wishes;
mod worktable;

pub use axis::Axis;
pub use cash::CashFlows;
pub(crate) use civil::roll_up;
pub use compile::{compile, compile_for_dates, compile_in_minutes};
pub use staffing::Staffing;
pub use wishes::Wishes;
pub use worktable::{WorkSpan, WorkTable};

use crate::index::{IdVec, Rows};
use crate::plan::{BudgetId, LinkId, LinkKind, ModeId, Plan, ResourceId, RuleId, TaskId};
use crate::units::{Amount, Moment};

/// A position on the time axis in slots; 0 is the project start. Half-open: a slot `k` lasts from position `k` to `k + 1`.
pub type Slot = i32;

/// "No earliest limit": earlier than any position.
pub const NO_EARLIEST: Slot = Slot::MIN;
/// "No latest limit", and the answer to "when has it finished?" if the calendar never offers enough work.
pub const NEVER: Slot = Slot::MAX;
/// Positions of schedules stay below this, so that sums of two of them cannot overflow.
pub const HORIZON_LIMIT: Slot = 1 << 30;

/// Position of a calendar in [`Network::calendars`].
pub type CalendarIndex = u16;
/// The calendar that works in every slot of the axis.
pub const EVERY_SLOT: CalendarIndex = 0;

/// In [`Arc::calendar`]: the [`NodeMode::lag_calendar`] of the successor, whose modes differ in it.
pub const OF_SUCCESSOR: CalendarIndex = CalendarIndex::MAX;
/// In [`Arc::calendar`]: the [`NodeMode::lag_calendar`] of the predecessor, whose modes differ in it.
pub const OF_PREDECESSOR: CalendarIndex = CalendarIndex::MAX - 1;
/// The node of a gate that no link needs.
pub const NO_NODE: u32 = u32::MAX;

/// What a node of the network stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An activity or milestone.
    Task(TaskId),
    /// The gate before a summary: nothing below it starts earlier. Duration 0, needs nothing.
    SummaryStart(TaskId),
    /// The gate behind a summary: everything below it has finished. Duration 0, needs nothing.
    SummaryFinish(TaskId),
}

/// A way to do a node: a mode of the task with its people chosen.
///
/// A task whose mode asks for a skill has one node mode for each choice of people considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeMode {
    /// Work in slots.
    pub duration: Slot,
    /// When it can work.
    pub calendar: CalendarIndex,
    /// When the task's calendar and its people work; differs from `calendar` for elapsed durations, which work always.
    /// Lags run on it.
    pub lag_calendar: CalendarIndex,
    /// True if it must run in one working stretch.
    pub unbroken: bool,
    /// The mode of the plan behind it; `None` for gates.
    pub mode: Option<ModeId>,
}

/// Units of a work resource that a node mode occupies, or quantity of a material that it uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Who or what.
    pub resource: ResourceId,
    /// How much.
    pub amount: Amount,
}

/// Use of a renewable resource while a node works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Position in [`Network::renewables`].
    pub resource: u32,
    /// In the unit of that resource's capacity; positive.
    pub amount: i32,
}

/// Use of a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consumption {
    /// Position in [`Network::totals`].
    pub total: u32,
    /// In the unit of that total; never 0, negative only where the plan has negative costs.
    pub amount: i64,
}

/// Spending under a period cap, in minor units of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spending {
    /// Position in [`Network::caps`].
    pub cap: u32,
    /// Spread evenly over the node's work: `floor(spread * w / duration)` after `w` slots of it; for a node of duration
    /// 0 it is due at its moment.
    pub spread: i64,
    /// Due at its start.
    pub at_start: i64,
}

/// One end of a link as the other end sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// The node at the other end.
    pub other: u32,
    /// The least distance in slots of `calendar`; with `by_mode` a row of [`Network::mode_lags`] instead.
    pub lag: i32,
    /// The calendar the lag runs on, or [`OF_SUCCESSOR`] or [`OF_PREDECESSOR`]; see [`Network::lag_table`].
    pub calendar: CalendarIndex,
    /// Which ends are joined.
    pub kind: LinkKind,
    /// True if the lag depends on the mode of the predecessor.
    pub by_mode: bool,
}

/// A greatest distance between two nodes: the successor's end is at most `lag` after the predecessor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaximalLag {
    /// The node that comes first.
    pub predecessor: u32,
    /// The node that may not come too late.
    pub successor: u32,
    /// Kind, distance and calendar; `other` is the successor.
    pub arc: Arc,
    /// The link behind it.
    pub link: LinkId,
}

/// A renewable resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewable {
    /// The resource of the plan.
    pub resource: ResourceId,
    /// Works whenever one of the node modes that demand the resource can work; nobody uses it at any other time.
    pub calendar: CalendarIndex,
    /// Units from each position on until the next step; the first step is at 0. One step means constant capacity.
    pub steps: Vec<(Slot, i32)>,
    /// The plan's [`Amount`] that one unit of capacity and demand stands for.
    pub unit: i64,
}

impl Renewable {
    /// The most units there ever are.
    pub fn peak(&self) -> i32 {
        self.steps.iter().map(|&(_, units)| units).max().unwrap_or(0)
    }
}

/// A limit on the work of a renewable in every week from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeeklyLimit {
    /// Position in [`Network::renewables`].
    pub resource: u32,
    /// Units times slots.
    pub work: i64,
}

/// What a total limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotalOrigin {
    /// A material.
    Material(ResourceId),
    /// A budget without dates.
    Budget(BudgetId),
    /// A rule about who does what: each breach of it would take more than there is.
    Rule(RuleId),
    /// What all nodes cost, as [`Network::with_cost_cap`] limits it.
    Cost,
}

/// A limit on the sum of consumptions over the whole project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// What it limits.
    pub origin: TotalOrigin,
    /// The limit.
    pub capacity: i64,
    /// True if the project's overhead counts against it.
    pub with_overhead: bool,
}

/// A limit on spending between two positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodCap {
    /// The budget behind it.
    pub budget: BudgetId,
    /// First position; [`NO_EARLIEST`] if open.
    pub from: Slot,
    /// Position after the last; [`NEVER`] if open.
    pub to: Slot,
    /// The limit in minor units of money.
    pub cap: i64,
    /// True if the project's overhead counts against it.
    pub with_overhead: bool,
}

/// Money by the day: `floor(per_day * w / minutes_per_day)` after `w` minutes of work on `calendar`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyRate {
    /// Minor units of money a day.
    pub per_day: i64,
    /// The project's day in minutes.
    pub minutes_per_day: i64,
    /// The project's calendar.
    pub calendar: CalendarIndex,
}

/// The compiled plan.
///
/// Nodes are numbered in topological order of the links: every arc of `predecessors` comes from a lower number, and
/// node arrays are indexed by node number. Positions in `modes.items()` identify a node mode ("mode position");
/// `demands`, `assigned`, `consumptions` and `spendings` have a row for each mode position.
///
/// The calendar of a mode whose work would exceed the hours that its people may work in a week leaves out what is too much.
///
/// Modes that can never be taken (more work than their calendar ever offers, more units than there ever are) are left
/// out. Constraints and deadlines of summaries have become those of the nodes below them. Dates of a node whose modes
/// differ in their calendar are left as they are; so `must_start` means "at `next_start(must_start)` of the mode's calendar",
/// and the dates of finishes are meant in working terms: `finish_release` is met when no work of the calendar lies between
/// the finish and it. Where the modes agree, these dates are moved to working time already; `latest_finish` never is.
#[derive(Clone, Debug)]
pub struct Network {
    /// Slots and moments.
    pub axis: Axis,
    /// Calendars in slots; position [`EVERY_SLOT`] works always.
    pub calendars: Vec<WorkTable>,
    /// What each node stands for.
    pub origin: Vec<Origin>,
    /// The node of each activity, and the start gate of each summary; [`NO_NODE`] if no link needs the gate.
    pub start_node: IdVec<TaskId, u32>,
    /// The node of each activity, and the finish gate of each summary; [`NO_NODE`] if no link needs the gate.
    pub finish_node: IdVec<TaskId, u32>,
    /// The modes of each node; at least one.
    pub modes: Rows<NodeMode>,
    /// Renewable demands of each mode position, by resource.
    pub demands: Rows<Demand>,
    /// People, machines and materials of each mode position, skills resolved.
    pub assigned: Rows<Assigned>,
    /// Consumptions of each mode position, by total.
    pub consumptions: Rows<Consumption>,
    /// Spendings of each mode position, by cap.
    pub spendings: Rows<Spending>,
    /// Total cost of each mode position in minor units of money, for choosing and reporting.
    pub costs: Vec<i64>,
    /// When money comes and goes, and what waiting for it costs.
    pub cash: CashFlows,
    /// Nodes that may be done in ways that are not among their modes, as there were too many choices of people.
    pub left_out: Vec<u32>,
    /// Of these, those whose people are chosen unit by unit.
    pub staffing: Vec<Staffing>,
    /// Groups of people that stand behind the last of `renewables`, as positions among the others; empty but in
    /// [`Network::pooled`].
    pub pools: Vec<Vec<u32>>,
    /// What is wished of who does what.
    pub wishes: Wishes,
    /// Links into each node.
    pub predecessors: Rows<Arc>,
    /// The plan's link behind each item of `predecessors`; `None` where a summary's gate is meant.
    pub predecessor_links: Vec<Option<LinkId>>,
    /// Links out of each node.
    pub successors: Rows<Arc>,
    /// Greatest distances, in no particular order.
    pub maximal_lags: Vec<MaximalLag>,
    /// Lags that depend on the predecessor's mode: a row for each, indexed by the mode's number within its node.
    pub mode_lags: Rows<i32>,
    /// Earliest position of each node's start, by constraint or project start; at least 0.
    pub release: Vec<Slot>,
    /// Earliest position of each node's finish; [`NO_EARLIEST`] if free.
    pub finish_release: Vec<Slot>,
    /// Exact position of each node's start; [`NO_EARLIEST`] if free.
    pub must_start: Vec<Slot>,
    /// Exact position of each node's finish; [`NO_EARLIEST`] if free.
    pub must_finish: Vec<Slot>,
    /// Latest wanted position of each node's start (a soft limit); [`NEVER`] if free.
    pub latest_start: Vec<Slot>,
    /// Latest wanted position of each node's finish, by constraint or deadline (a soft limit); [`NEVER`] if free.
    pub latest_finish: Vec<Slot>,
    /// The moments behind `latest_finish`, by node.
    pub finish_wishes: Vec<(u32, Moment)>,
    /// True for nodes that shall be as late as possible.
    pub as_late_as_possible: Vec<bool>,
    /// Priority of each node, 0 to 1000, higher first.
    pub priority: Vec<u16>,
    /// Renewable resources that some mode demands.
    pub renewables: Vec<Renewable>,
    /// Limits on the work of weeks that could be exceeded, by resource. Weeks then begin at slots.
    pub weekly_limits: Vec<WeeklyLimit>,
    /// Nodes whose work counts under no limit of a week: it stands where it began.
    pub without_weeks: Vec<u32>,
    /// Totals that could be exceeded.
    pub totals: Vec<Total>,
    /// Period caps that could be exceeded.
    pub caps: Vec<PeriodCap>,
    /// The project's overhead, if it has any.
    pub overhead: Option<DailyRate>,
    /// What each day after the project's deadline costs.
    pub delay_penalty: Option<DailyRate>,
    /// What each day before the project's deadline brings.
    pub early_bonus: Option<DailyRate>,
    /// The project's deadline; [`NEVER`] if it has none.
    pub deadline: Slot,
    /// No position of a schedule may be greater: what slots can number, and what has a date.
    pub horizon: Slot,
}

impl Network {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.origin.len()
    }

    /// True if there is nothing to schedule.
    pub fn is_empty(&self) -> bool {
        self.origin.is_empty()
    }

    /// True if a node must start or finish at a date.
    pub fn has_exact_date(&self, node: u32) -> bool {
        self.must_start[node as usize] != NO_EARLIEST || self.must_finish[node as usize] != NO_EARLIEST
    }

    /// A node in words.
    pub fn node_name(&self, plan: &Plan, node: u32) -> String {
        match self.origin[node as usize] {
            Origin::Task(task) => format!("task `{}`", plan.tasks()[task].id),
            Origin::SummaryStart(task) => format!("the start of summary `{}`", plan.tasks()[task].id),
            Origin::SummaryFinish(task) => format!("the finish of summary `{}`", plan.tasks()[task].id),
        }
    }

    /// The calendar at an index.
    #[inline]
    pub fn calendar(&self, index: CalendarIndex) -> &WorkTable {
        &self.calendars[index as usize]
    }

    /// The node mode at a mode position.
    #[inline]
    pub fn mode(&self, position: u32) -> &NodeMode {
        &self.modes.items()[position as usize]
    }

    /// The lag of an arc out of a predecessor that is done in mode position `predecessor_mode`.
    #[inline]
    pub fn lag(&self, arc: &Arc, predecessor: u32, predecessor_mode: u32) -> i32 {
        if !arc.by_mode {
            return arc.lag;
        }
        let number = predecessor_mode as usize - self.modes.range(predecessor as usize).start;
        self.mode_lags.row(arc.lag as usize)[number]
    }

    /// Overhead that falls into the period of a cap if the project finishes at `finish`; zero under caps without it.
    pub fn overhead_in(&self, cap: &PeriodCap, finish: Slot) -> i64 {
        let Some(overhead) = self.overhead.filter(|_| cap.with_overhead) else { return 0 };
        let until = |position: Slot| self.overhead_until(&overhead, position.min(finish));
        until(cap.to) - until(cap.from)
    }

    /// Overhead accrued from the project start to `position`.
    pub fn overhead_until(&self, overhead: &DailyRate, position: Slot) -> i64 {
        self.accrued(overhead, 0, position)
    }

    /// What a daily rate comes to between two positions; nothing if the second is not later.
    pub fn accrued(&self, rate: &DailyRate, from: Slot, to: Slot) -> i64 {
        let (from, to) = (from.min(self.horizon), to.min(self.horizon));
        if to <= from {
            return 0;
        }
        let calendar = self.calendar(rate.calendar);
        let slots = calendar.work(i64::from(to)) - calendar.work(i64::from(from));
        let minutes = i128::from(slots) * i128::from(self.axis.slot_minutes.0);
        (i128::from(rate.per_day) * minutes / i128::from(rate.minutes_per_day)) as i64
    }

    /// What the project's finish costs: overhead until then, and penalty or bonus for its distance from the deadline.
    pub fn cost_of_finish(&self, finish: Slot) -> i64 {
        let between = |rate: &Option<DailyRate>, from: Slot, to: Slot| {
            rate.as_ref().filter(|_| self.deadline != NEVER).map_or(0, |rate| self.accrued(rate, from, to))
        };
        self.overhead.as_ref().map_or(0, |overhead| self.overhead_until(overhead, finish))
            + between(&self.delay_penalty, self.deadline, finish)
            - between(&self.early_bonus, finish, self.deadline)
    }
}
