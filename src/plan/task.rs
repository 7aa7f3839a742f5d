//! Tasks, their modes and the links between them.

use std::ops::Range;

use super::{CalendarId, LabelId, ModeId, ResourceId, TaskId};
use crate::units::{Amount, Minutes, Moment, Money, Share};

/// What a row of tasks.csv is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskKind {
    /// Work with a duration.
    Activity,
    /// An event: every mode has duration 0.
    Milestone,
    /// A row that others name as their parent; it spans them and is not scheduled itself.
    Summary,
}

/// What sets a task apart from plain work, as Primavera P6 types its activities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ActivityType {
    /// Work, or a milestone that stands where it is bound.
    #[default]
    Task,
    /// A milestone that stands at the beginning of working time.
    StartMilestone,
    /// A milestone that stands at the end of working time.
    FinishMilestone,
    /// It lasts from what it is linked to until what it is linked to, and moves nothing itself.
    LevelOfEffort,
}

/// How far a task had come at the status date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// When work on it began.
    pub start: Moment,
    /// When it was finished; `None` if it is under way.
    pub finish: Option<Moment>,
    /// Work that is left, in working time of the task; zero if it is finished.
    pub remaining: Minutes,
    /// When the work that is left goes on at the earliest, if it was suspended.
    pub resume: Option<Moment>,
    /// How much of it is done, from 0 to 100 %: as reported, else what the remaining work leaves of the duration.
    pub complete: Share,
}

/// How the value of a task is earned as its work goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum EarningRule {
    /// As much as is complete.
    #[default]
    PercentComplete,
    /// A share at the start, the rest at the finish: `0/100`, `50/50`, `25/75`.
    AtStart(Share),
    /// In steps at weighted milestones (`milestones 20;30;50`): the shares earned so far, ascending to 100 %. A step counts
    /// when the task is as complete as that.
    Milestones(Box<[Share]>),
}

/// What another planner stored for a task, as far as it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StoredDates {
    /// Start, actual or planned.
    pub start: Option<Moment>,
    /// Finish, actual or planned.
    pub finish: Option<Moment>,
    /// Early start; of a task under way that of the work that is left.
    pub early_start: Option<Moment>,
    /// Early finish.
    pub early_finish: Option<Moment>,
    /// Late start.
    pub late_start: Option<Moment>,
    /// Late finish.
    pub late_finish: Option<Moment>,
    /// Total float.
    pub total_float: Option<Minutes>,
    /// Free float.
    pub free_float: Option<Minutes>,
}

/// What a task does when its calendar or one of its people stops working.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pause {
    /// It pauses and goes on afterwards.
    #[default]
    Breaks,
    /// It must run from start to finish in one working stretch.
    Never,
}

/// The eight constraint types of the planning tools.
///
/// Start constraints act on the start, finish constraints on the finish. "No later" ones act in the backward pass only
/// (late dates and float), as deadlines do; must-start and must-finish set both passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintKind {
    /// As soon as possible: no constraint.
    AsSoonAsPossible,
    /// As late as possible without delaying a successor.
    AsLateAsPossible,
    /// Must start on.
    MustStartOn,
    /// Must finish on.
    MustFinishOn,
    /// Start no earlier than.
    StartNoEarlierThan,
    /// Start no later than.
    StartNoLaterThan,
    /// Finish no earlier than.
    FinishNoEarlierThan,
    /// Finish no later than.
    FinishNoLaterThan,
}

/// A constraint with its date.
///
/// A date without a time means the beginning of that day for start constraints and its end (the next midnight) for
/// finish constraints; engines move it to the next, respectively last, working minute of the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Constraint {
    /// Its type.
    pub kind: ConstraintKind,
    /// Its moment; meaningless for as-soon-as-possible and as-late-as-possible, where it is the project start.
    pub moment: Moment,
}

/// How long a mode takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duration {
    /// In working time of the task's calendar and people.
    Working(Minutes),
    /// In clock time, whatever the calendars say (`3ed`).
    Elapsed(Minutes),
}

impl Duration {
    /// The minutes, working or elapsed.
    pub fn minutes(self) -> Minutes {
        match self {
            Duration::Working(minutes) | Duration::Elapsed(minutes) => minutes,
        }
    }
}

/// Three points of an estimate, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThreePoint {
    /// The best case.
    pub optimistic: f64,
    /// The most likely value.
    pub most_likely: f64,
    /// The worst case.
    pub pessimistic: f64,
}

/// An uncertain duration or cost; durations are in minutes, costs in minor units of money.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Beta of the PERT kind.
    Pert(ThreePoint),
    /// Triangular.
    Triangular(ThreePoint),
    /// Uniform between two values.
    Uniform(f64, f64),
    /// Lognormal, given by its 10th and 90th percentile.
    Lognormal(f64, f64),
    /// Normal, given by its mean and standard deviation.
    Normal(f64, f64),
    /// Values with their probabilities, which add up to 1.
    Discrete(Vec<(f64, f64)>),
    /// Always the same.
    Fixed(f64),
}

impl Distribution {
    /// The distribution of values that are so many times as great.
    pub fn scaled(&self, factor: f64) -> Distribution {
        let of_points = |points: &ThreePoint| ThreePoint {
            optimistic: points.optimistic * factor,
            most_likely: points.most_likely * factor,
            pessimistic: points.pessimistic * factor,
        };
        match self {
            Distribution::Pert(points) => Distribution::Pert(of_points(points)),
            Distribution::Triangular(points) => Distribution::Triangular(of_points(points)),
            Distribution::Uniform(least, most) => Distribution::Uniform(least * factor, most * factor),
            Distribution::Lognormal(tenth, ninetieth) => Distribution::Lognormal(tenth * factor, ninetieth * factor),
            Distribution::Normal(mean, deviation) => Distribution::Normal(mean * factor, deviation * factor),
            Distribution::Discrete(outcomes) => {
                Distribution::Discrete(outcomes.iter().map(|&(value, share)| (value * factor, share)).collect())
            }
            Distribution::Fixed(value) => Distribution::Fixed(value * factor),
        }
    }
}

/// A row of tasks.csv.
#[derive(Clone, Debug)]
pub struct Task {
    /// The user's id, unique.
    pub id: Box<str>,
    /// The user's name for it; empty if none was given.
    pub name: Box<str>,
    /// The summary it belongs to.
    pub parent: Option<TaskId>,
    /// Activity, milestone or summary.
    pub kind: TaskKind,
    /// Its ways to be done; empty for summaries.
    pub modes: Range<ModeId>,
    /// A calendar of its own, which applies together with those of its people.
    pub calendar: Option<CalendarId>,
    /// A date constraint, if any; never as-soon-as-possible.
    pub constraint: Option<Constraint>,
    /// A second date constraint, only ever beside the first.
    pub second_constraint: Option<Constraint>,
    /// When whoever does it expects it to be finished.
    pub expected_finish: Option<Moment>,
    /// When it should be finished.
    pub deadline: Option<Moment>,
    /// From 0 to 1000, 500 by default; higher goes first when resources are short.
    pub priority: u16,
    /// Cost besides that of its resources, spread evenly over its working time.
    pub fixed_cost: Money,
    /// Money received when it finishes; negative if it is paid. No cost: budgets do not count it.
    pub payment: Money,
    /// Account the cost is booked on.
    pub account: Option<LabelId>,
    /// Kind of work.
    pub category: Option<LabelId>,
    /// The deliverable it contributes to.
    pub deliverable: Option<LabelId>,
    /// Whether it may pause.
    pub pause: Pause,
    /// What sets it apart from plain work.
    pub activity: ActivityType,
    /// True if it is scheduled by hand: it stands at its must date, and links do not move it.
    pub is_manual: bool,
    /// True if it works on its own calendar (or the project's) whenever that works, whatever the calendars of its people say.
    pub ignores_resource_calendars: bool,
    /// How far it has come, if it has been started.
    pub progress: Option<Progress>,
    /// How its value is earned.
    pub earning: EarningRule,
    /// The uncertainty of its duration, if it says.
    pub distribution: Option<Box<Distribution>>,
    /// The uncertainty of its fixed cost, in minor units of money, if it says; only where there is a fixed cost.
    pub cost_distribution: Option<Box<Distribution>>,
    /// Line of its file, for messages.
    pub row: u32,
}

impl Task {
    /// True if it has been done.
    pub fn is_finished(&self) -> bool {
        self.progress.is_some_and(|progress| progress.finish.is_some())
    }

    /// Its date constraints.
    pub fn constraints(&self) -> impl Iterator<Item = Constraint> {
        self.constraint.into_iter().chain(self.second_constraint)
    }

    /// Its date constraint of a kind, if it has one.
    pub fn constraint_of(&self, kind: ConstraintKind) -> Option<Constraint> {
        self.constraints().find(|constraint| constraint.kind == kind)
    }

    /// The name, or the id if it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}

/// One way to do a task: tasks.csv gives mode `1`, modes.csv more of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Its name, `1` for the row of tasks.csv.
    pub name: LabelId,
    /// How long it takes.
    pub duration: Duration,
    /// What it needs, as positions of the plan's demands.
    pub demands: Range32,
    /// Cost on top of the task's fixed cost, spread like it.
    pub cost: Money,
}

/// A range of 32-bit positions that can be copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range32 {
    /// First position.
    pub start: u32,
    /// Position after the last.
    pub end: u32,
}

/// Where a demand is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DemandSource {
    /// By one resource.
    Resource(ResourceId),
    /// By any work resources that have this skill.
    Skill(LabelId),
}

/// What a mode needs of one resource: units while it works (people, machines) or a total (materials).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Demand {
    /// Of what.
    pub source: DemandSource,
    /// How much; positive.
    pub amount: Amount,
}

/// The four kinds of links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum LinkKind {
    /// The successor starts after the predecessor's finish.
    #[default]
    FinishToStart,
    /// The successor starts after the predecessor's start.
    StartToStart,
    /// The successor finishes after the predecessor's finish.
    FinishToFinish,
    /// The successor finishes after the predecessor's start.
    StartToFinish,
}

impl LinkKind {
    /// True if the link leaves the predecessor's finish.
    #[inline]
    pub fn from_finish(self) -> bool {
        matches!(self, LinkKind::FinishToStart | LinkKind::FinishToFinish)
    }

    /// True if the link reaches the successor's finish.
    #[inline]
    pub fn to_finish(self) -> bool {
        matches!(self, LinkKind::FinishToFinish | LinkKind::StartToFinish)
    }

    /// `FS`, `SS`, `FF` or `SF`.
    pub fn code(self) -> &'static str {
        match self {
            LinkKind::FinishToStart => "FS",
            LinkKind::StartToStart => "SS",
            LinkKind::FinishToFinish => "FF",
            LinkKind::StartToFinish => "SF",
        }
    }
}

/// How far a lag reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LagAmount {
    /// So many minutes; negative is a lead.
    Minutes(Minutes),
    /// A share of the predecessor's duration in the mode chosen.
    Percent(Share),
}

/// The calendar a working lag runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LagCalendar {
    /// That of the successor and its people.
    #[default]
    Successor,
    /// That of the predecessor and its people.
    Predecessor,
    /// The project's.
    Project,
    /// The clock: every minute counts.
    TwentyFourHours,
    /// A named one.
    Named(CalendarId),
}

/// A distance in time between the two ends of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lag {
    /// How far.
    pub amount: LagAmount,
    /// The calendar it runs on; elapsed lags run on [`LagCalendar::TwentyFourHours`].
    pub calendar: LagCalendar,
}

impl Lag {
    /// No lag.
    pub const NONE: Lag = Lag { amount: LagAmount::Minutes(Minutes::ZERO), calendar: LagCalendar::Successor };

    /// True if the lag is of length zero, whatever its calendar.
    pub fn is_zero(&self) -> bool {
        self.sign().is_eq()
    }

    /// True if it lets the successor come before the predecessor's end.
    pub fn is_lead(&self) -> bool {
        self.sign().is_lt()
    }

    /// How its length compares to none.
    pub fn sign(&self) -> std::cmp::Ordering {
        match self.amount {
            LagAmount::Minutes(minutes) => minutes.cmp(&Minutes::ZERO),
            LagAmount::Percent(share) => share.0.cmp(&0),
        }
    }
}

/// A link: the successor's end may not come before the predecessor's end plus `lag`, and, if there is a `max_lag`, not
/// after it plus `max_lag`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// What comes first; may be a summary, then only with a link from its finish.
    pub predecessor: TaskId,
    /// What comes after; may be a summary, then only with a link to its start.
    pub successor: TaskId,
    /// Which ends are joined.
    pub kind: LinkKind,
    /// The least distance.
    pub lag: Lag,
    /// The greatest distance; never on a link of a summary.
    pub max_lag: Option<Lag>,
}
