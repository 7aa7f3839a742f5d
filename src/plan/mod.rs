//! The plan: what is to be done, in which order, by whom, with which money.
//!
//! A [`draft::PlanDraft`] holds the cells of the user's tables with their places; `validate` turns it into a [`Plan`], which
//! is immutable and free of contradictions that can be seen without scheduling. Everything else in the crate starts
//! from a `&Plan`.

pub mod calendar;
pub mod content;
mod deliverable;
pub mod draft;
mod estimates;
mod fields;
mod held;
mod lawful;
mod money;
pub mod notation;
mod past;
mod record;
mod relaxed;
mod remaining;
mod resource;
mod rules;
mod task;
#[cfg(test)]
pub(crate) mod testing;
mod uncertainty;
mod validate;

pub use calendar::Calendar;
pub use deliverable::Deliverable;
pub use held::{Staff, USUAL_PRIORITY};
pub use money::{Budget, BudgetScope};
pub use past::PastBudget;
pub(crate) use past::PlannedCost;
pub use record::{Expense, ProgressReport, Record};
pub use relaxed::Limit;
pub use resource::{Resource, ResourceKind, Window};
pub use rules::{HoursLimit, Rule, RuleId, RuleKind};
pub use task::{
    ActivityType, Constraint, ConstraintKind, Demand, DemandSource, Distribution, Duration, EarningRule, Lag,
    LagAmount, LagCalendar, Link, LinkKind, Mode, Pause, Progress, Range32, StoredDates, Task, TaskKind, ThreePoint,
};
pub(crate) use uncertainty::Uncertainty;
pub use uncertainty::{
    Concern, Correlation, CorrelationKey, Delay, Gate, Issue, Mitigation, Risk, RiskGroup, Stakeholder,
};
pub use validate::{is_setting, validate};

use self::notation::TimeScale;
use self::past::Past;
use crate::define_id;
use crate::index::{Id, IdVec};
use crate::units::{Amount, Minutes, Moment, Money, Share};

define_id!(
    /// A row of tasks.csv.
    TaskId
);
define_id!(
    /// A way to do a task; the modes of one task stand next to each other.
    ModeId
);
define_id!(
    /// A link between two tasks.
    LinkId
);
define_id!(
    /// A row of resources.csv.
    ResourceId
);
define_id!(
    /// A calendar, built in or of calendars.csv.
    CalendarId
);
define_id!(
    /// A row of budgets.csv.
    BudgetId
);
define_id!(
    /// A row of deliverables.csv.
    DeliverableId
);
define_id!(
    /// A row of risks.csv.
    RiskId
);
define_id!(
    /// A row of mitigations.csv.
    MitigationId
);
define_id!(
    /// A row of gates.csv.
    GateId
);
define_id!(
    /// A row of issues.csv.
    IssueId
);
define_id!(
    /// A row of stakeholders.csv.
    StakeholderId
);
define_id!(
    /// A word that groups things: account, category, deliverable, team, skill, name of a mode, group of risks.
    LabelId
);

/// The unit in which a plan's durations and makespan are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeUnit {
    /// Abstract periods numbered from 0, without dates (PSPLIB and its kin): one minute of a 24-hour calendar inside.
    Period,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Working days of `minutes_per_day`.
    #[default]
    Day,
    /// Working weeks of `minutes_per_week`.
    Week,
}

/// What the work that is left of a started task waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgressLogic {
    /// For its predecessors, as if it had not been started.
    #[default]
    Retained,
    /// For nothing: it goes on at the status date.
    Override,
    /// For its predecessors; but what follows finished work waits for its actual finish alone, whatever that should have
    /// waited for.
    Actual,
}

/// Which float is the total float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FloatRule {
    /// The smaller of the two.
    #[default]
    Smallest,
    /// That of the start.
    Start,
    /// That of the finish.
    Finish,
}

/// The options of planning tools for dates by logic alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dating {
    /// What started work waits for.
    pub progress_logic: ProgressLogic,
    /// Which float is the total float.
    pub float_rule: FloatRule,
    /// Tasks with no more total float than this are critical.
    pub critical_float: Minutes,
    /// True if lags from the start of work that has begun count from its actual start, wherever the rest of it stands.
    pub lag_from_actual_start: bool,
    /// True if late dates count from the project's deadline even where that is later than the finish.
    pub late_from_deadline: bool,
    /// True if late dates of each project (summary at the top) count from its own finish.
    pub late_by_project: bool,
    /// True if a task without successors may not finish later than it does.
    pub open_ends_critical: bool,
    /// True if "no later than" constraints keep tasks at them, against links.
    pub honor_constraints: bool,
    /// True if started work lasts until the finish that is expected of it.
    pub use_expected_finish: bool,
}

/// The project's own data (project.csv).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its name; the folder's or file's name if the plan gives none.
    pub name: String,
    /// No task starts earlier.
    pub start: Moment,
    /// When the project has to be finished, if it says.
    pub deadline: Option<Moment>,
    /// The day on which progress was last taken.
    pub status_date: Option<Moment>,
    /// Calendar of tasks without people and without a calendar of their own, and of people without one.
    pub calendar: CalendarId,
    /// What `d` means in a working duration; positive.
    pub minutes_per_day: Minutes,
    /// What `w` means in a working duration; positive.
    pub minutes_per_week: Minutes,
    /// What `mo` means in a working duration; positive.
    pub minutes_per_month: Minutes,
    /// Symbol or code of the currency, for printing.
    pub currency: String,
    /// Cost of each working day of the project calendar from project start to finish.
    pub overhead_per_day: Money,
    /// Cost of each working day of the project calendar by which the finish is later than the deadline.
    pub delay_penalty_per_day: Money,
    /// Gain from each working day of the project calendar by which the finish is earlier than the deadline.
    pub early_bonus_per_day: Money,
    /// What money loses in value a year (a period, in a plan of periods): an amount `t` years after the project's start
    /// counts `1 / (1 + rate)^t` of itself.
    pub discount_rate: Share,
    /// The unit of bare numbers in durations and of the makespan.
    pub time_unit: TimeUnit,
    /// How dates by logic alone are counted.
    pub dating: Dating,
    /// Keys of project.csv that only a file format needs to be written back as it was (`psplib_*`), in file order.
    pub extras: Vec<(String, String)>,
}

/// A valid plan.
///
/// # Invariants
/// Ids are unique within their table. Parents form a forest; links join activities or summaries of which none contains
/// the other, and have no cycle when summaries are replaced by their activities. Every activity has at least one mode;
/// summaries have none. Demands are positive; every activity has a mode whose demands can each be offered at some time
/// (other modes may ask for more than there ever is). All moments lie in [`Moment::MIN`] ..= [`Moment::MAX`].
#[derive(Clone, Debug)]
pub struct Plan {
    pub(in crate::plan) project: Project,
    pub(in crate::plan) tasks: IdVec<TaskId, Task>,
    pub(in crate::plan) modes: IdVec<ModeId, Mode>,
    pub(in crate::plan) demands: Vec<Demand>,
    pub(in crate::plan) links: IdVec<LinkId, Link>,
    pub(in crate::plan) spans: Vec<Link>,
    /// In a plan of what remains: the tasks that have begun, in the order of the plan, and what each should cost as a whole.
    pub(in crate::plan) begun: Vec<(TaskId, Money)>,
    /// In a plan of what remains: what was spent before the status date.
    pub(in crate::plan) past: Past,
    pub(in crate::plan) stored: IdVec<TaskId, StoredDates>,
    pub(in crate::plan) resources: IdVec<ResourceId, Resource>,
    pub(in crate::plan) calendars: IdVec<CalendarId, Calendar>,
    pub(in crate::plan) budgets: IdVec<BudgetId, Budget>,
    pub(in crate::plan) deliverables: IdVec<DeliverableId, Deliverable>,
    pub(in crate::plan) uncertainty: Uncertainty,
    pub(in crate::plan) record: Record,
    pub(in crate::plan) labels: IdVec<LabelId, Box<str>>,
    pub(in crate::plan) rules: IdVec<RuleId, Rule>,
    /// What rules have changed.
    pub(in crate::plan) unruled: Option<Box<rules::Unruled>>,
}

/// The tables of a plan that a test puts together by hand.
#[cfg(test)]
pub(crate) struct PlanParts {
    pub(crate) project: Project,
    pub(crate) tasks: Vec<Task>,
    pub(crate) modes: Vec<Mode>,
    pub(crate) demands: Vec<Demand>,
    pub(crate) links: Vec<Link>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) calendars: Vec<Calendar>,
    pub(crate) budgets: Vec<Budget>,
    pub(crate) uncertainty: Uncertainty,
    pub(crate) labels: Vec<Box<str>>,
}

impl Plan {
    /// A plan of ready tables; the test answers for the invariants.
    #[cfg(test)]
    pub(crate) fn from_parts(parts: PlanParts) -> Plan {
        Plan {
            project: parts.project,
            tasks: parts.tasks.into(),
            modes: parts.modes.into(),
            demands: parts.demands,
            links: parts.links.into(),
            spans: Vec::new(),
            begun: Vec::new(),
            past: Past::default(),
            stored: IdVec::new(),
            resources: parts.resources.into(),
            calendars: parts.calendars.into(),
            budgets: parts.budgets.into(),
            deliverables: IdVec::new(),
            uncertainty: parts.uncertainty,
            record: Record::default(),
            labels: parts.labels.into(),
            rules: IdVec::new(),
            unruled: None,
        }
    }

    /// The project's own data.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// All tasks, summaries and milestones included, in file order.
    pub fn tasks(&self) -> &IdVec<TaskId, Task> {
        &self.tasks
    }

    /// All modes, grouped by task.
    pub fn modes(&self) -> &IdVec<ModeId, Mode> {
        &self.modes
    }

    /// The modes of a task, in file order; empty for a summary.
    pub fn modes_of(&self, task: TaskId) -> &[Mode] {
        &self.modes[self.tasks[task].modes.clone()]
    }

    /// What a mode needs: resources in file order, each at most once.
    pub fn demands_of(&self, mode: &Mode) -> &[Demand] {
        &self.demands[mode.demands.start as usize..mode.demands.end as usize]
    }

    /// All links, those from gates to what waits for them included.
    pub fn links(&self) -> &IdVec<LinkId, Link> {
        &self.links
    }

    /// In a plan of what remains ([`Plan::remaining`]): the links by which tasks of the kind level of effort get their dates.
    pub fn spans(&self) -> &[Link] {
        &self.spans
    }

    /// What another planner stored for each task (dates.csv); empty if there is no such table.
    pub fn stored(&self) -> &IdVec<TaskId, StoredDates> {
        &self.stored
    }

    /// All resources.
    pub fn resources(&self) -> &IdVec<ResourceId, Resource> {
        &self.resources
    }

    /// All calendars, the built-in ones included.
    pub fn calendars(&self) -> &IdVec<CalendarId, Calendar> {
        &self.calendars
    }

    /// All budgets.
    pub fn budgets(&self) -> &IdVec<BudgetId, Budget> {
        &self.budgets
    }

    /// All deliverables, in file order; none if the plan has no such table, whatever its tasks contribute to.
    pub fn deliverables(&self) -> &IdVec<DeliverableId, Deliverable> {
        &self.deliverables
    }

    /// The word in the column `deliverable` of a task, or of the nearest summary above it that has one.
    pub fn deliverable_of(&self, task: TaskId) -> Option<LabelId> {
        let mut above = std::iter::successors(Some(task), |&task| self.tasks[task].parent);
        above.find_map(|task| self.tasks[task].deliverable)
    }

    /// All risks, in file order.
    pub fn risks(&self) -> &IdVec<RiskId, Risk> {
        &self.uncertainty.risks
    }

    /// All mitigations of risks, in file order.
    pub fn mitigations(&self) -> &IdVec<MitigationId, Mitigation> {
        &self.uncertainty.mitigations
    }

    /// All correlations, in file order.
    pub fn correlations(&self) -> &[Correlation] {
        &self.uncertainty.correlations
    }

    /// All gates, in file order.
    pub fn gates(&self) -> &IdVec<GateId, Gate> {
        &self.uncertainty.gates
    }

    /// All issues, in file order.
    pub fn issues(&self) -> &IdVec<IssueId, Issue> {
        &self.uncertainty.issues
    }

    /// All stakeholders, in file order.
    pub fn stakeholders(&self) -> &IdVec<StakeholderId, Stakeholder> {
        &self.uncertainty.stakeholders
    }

    /// The word behind a label.
    pub fn label(&self, label: LabelId) -> &str {
        &self.labels[label]
    }

    /// The calendar of a resource: its own or the project's.
    pub fn calendar_of(&self, resource: ResourceId) -> CalendarId {
        self.resources[resource].calendar.unwrap_or(self.project.calendar)
    }

    /// True if what people may work in a week counts for the work of a task: not in plans of periods, which have no weeks, nor
    /// for work that stands where it began.
    pub fn has_weeks(&self, task: &Task) -> bool {
        let is_given = task.progress.is_some() && self.project.status_date.is_none();
        self.project.time_unit != TimeUnit::Period && !is_given
    }

    /// The task with this id as the user wrote it. Linear; for look-ups by the thousand build a map.
    pub fn find_task(&self, id: &str) -> Option<TaskId> {
        self.tasks.ids().find(|&task| &*self.tasks[task].id == id)
    }

    /// A moment as the user writes moments: a civil date and time, or the number of a period; `never` for
    /// [`Moment::NEVER`].
    pub fn format_moment(&self, moment: Moment) -> String {
        match self.project.time_unit {
            _ if moment == Moment::NEVER => "never".to_owned(),
            TimeUnit::Period => moment.0.to_string(),
            _ => moment.to_string(),
        }
    }

    /// The plan with other durations of some modes; elapsed ones stay so.
    pub fn with_durations(&self, durations: &[(ModeId, Minutes)]) -> Plan {
        let mut plan = self.clone();
        for &(mode, minutes) in durations {
            let duration = &mut plan.modes[mode].duration;
            *duration = match duration {
                Duration::Working(_) => Duration::Working(minutes),
                Duration::Elapsed(_) => Duration::Elapsed(minutes),
            };
        }
        plan
    }

    /// The plan with other capacities of some work resources: so many units whenever any were there, and none when none was.
    pub fn with_capacities(&self, capacities: &[(ResourceId, Amount)]) -> Plan {
        let mut plan = self.clone();
        for &(id, units) in capacities {
            let resource = &mut plan.resources[id];
            if resource.capacity == Some(Amount::ZERO) {
                // It is there in its windows alone.
                for window in resource.windows.iter_mut().filter(|window| window.units > Amount::ZERO) {
                    window.units = units;
                }
            } else {
                resource.capacity = Some(units);
                resource.windows.retain(|window| window.units == Amount::ZERO);
            }
        }
        plan
    }

    /// The plan in which some work resources are there from one moment to another alone, or not at all. Availability within
    /// that time stays as it is.
    ///
    /// # Arguments
    /// `until` is when those who have left are there again: nobody is away for ever.
    pub fn with_presence(&self, presence: &[(ResourceId, Option<(Moment, Moment)>)], until: Moment) -> Plan {
        let none = |from, to| Window { from, to, units: Amount::ZERO };
        let mut plan = self.clone();
        for &(id, present) in presence {
            let resource = &mut plan.resources[id];
            match present {
                Some((from, to)) => {
                    let outside = [none(Moment::MIN, from), none(to, until)];
                    resource.windows.extend(outside.into_iter().filter(|window| window.from < window.to));
                }
                None => {
                    resource.capacity = Some(Amount::ZERO);
                    resource.windows.clear();
                }
            }
        }
        plan
    }

    /// A moment by which something is to be finished: the midnight that ends a date is shown as that date.
    pub fn format_end(&self, moment: Moment) -> String {
        let ends_a_date = self.project.time_unit != TimeUnit::Period && moment.minute_of_day() == 0;
        match ends_a_date && moment > Moment::MIN {
            true => (moment - Minutes(1)).date().to_string(),
            false => self.format_moment(moment),
        }
    }

    /// The day in which something is finished, or the number of the period.
    pub fn format_last_day(&self, moment: Moment) -> String {
        let mut text = self.format_end(moment);
        text.truncate(text.find(' ').unwrap_or(text.len()));
        text
    }

    /// The working minutes in one time unit of the plan.
    pub fn minutes_per_unit(&self) -> Minutes {
        match self.project.time_unit {
            TimeUnit::Period | TimeUnit::Minute => Minutes(1),
            TimeUnit::Hour => Minutes(60),
            TimeUnit::Day => self.project.minutes_per_day,
            TimeUnit::Week => self.project.minutes_per_week,
        }
    }

    /// What units of time mean in cells of the plan.
    pub fn time_scale(&self) -> TimeScale {
        TimeScale {
            unit: self.project.time_unit,
            minutes_per_day: self.project.minutes_per_day,
            minutes_per_week: self.project.minutes_per_week,
            minutes_per_month: self.project.minutes_per_month,
        }
    }

    /// Number of tasks that are scheduled themselves, that is, all but summaries.
    pub fn activity_count(&self) -> usize {
        self.tasks.iter().filter(|task| task.kind != TaskKind::Summary).count()
    }

    /// The number, from 0, of a mode among the modes of its task.
    pub fn mode_number(&self, task: TaskId, mode: ModeId) -> usize {
        mode.index() - self.tasks[task].modes.start.index()
    }
}
