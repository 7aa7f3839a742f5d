//! What may come differently, and who wants to know: risks, mitigations, correlations, gates, issues, stakeholders.
//!
//! Engines that schedule read none of it, but for the links of gates (see [`Gate::before`]). A Monte Carlo simulation draws
//! from it.

use super::{
    BudgetId, Distribution, GateId, IssueId, LabelId, MitigationId, ResourceId, RiskId, StakeholderId, TaskId,
};
use crate::index::IdVec;
use crate::units::{Moment, Money};

/// The tables of uncertainty, each in file order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uncertainty {
    pub(crate) risks: IdVec<RiskId, Risk>,
    pub(crate) mitigations: IdVec<MitigationId, Mitigation>,
    pub(crate) correlations: Vec<Correlation>,
    pub(crate) gates: IdVec<GateId, Gate>,
    pub(crate) issues: IdVec<IssueId, Issue>,
    pub(crate) stakeholders: IdVec<StakeholderId, Stakeholder>,
}

/// By how much a task takes longer.
#[derive(Clone, Debug, PartialEq)]
pub struct Delay {
    /// True if the minutes are those of the clock, false if they are working time of the task.
    pub is_elapsed: bool,
    /// How many minutes; none is negative.
    pub minutes: Distribution,
}

/// What joins the risks that name the same group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RiskGroup {
    /// They share one draw: with equal probabilities they happen together or not at all.
    Together(LabelId),
    /// At most one of them happens; their probabilities add up to 1 at most.
    Exclusive(LabelId),
}

impl RiskGroup {
    /// The name of the group.
    pub fn label(self) -> LabelId {
        match self {
            RiskGroup::Together(label) | RiskGroup::Exclusive(label) => label,
        }
    }
}

/// A row of risks.csv: something that may happen, and what it then does to tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// The user's id, unique.
    pub id: Box<str>,
    /// The user's name for it; empty if none was given.
    pub name: Box<str>,
    /// How likely it is, from 0 to 1.
    pub probability: f64,
    /// The tasks that it hits, each once, at least one; no summaries if it has a delay.
    pub tasks: Vec<TaskId>,
    /// By how much each of the tasks takes longer, if it happens.
    pub delay: Option<Delay>,
    /// What it costs if it happens, once for all tasks together, in minor units of money.
    pub cost: Option<Distribution>,
    /// The risks that it is tied to.
    pub group: Option<RiskGroup>,
    /// Who watches it; empty if nobody is named.
    pub owner: Box<str>,
    /// Kind of risk.
    pub category: Option<LabelId>,
    /// Line of its file, for messages.
    pub row: u32,
}

impl Risk {
    /// The name, or the id if it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}

/// A row of mitigations.csv: what can be paid for to make a risk smaller. At least one of the three effects is given; what
/// is not given stays as the risk has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mitigation {
    /// The user's id, unique.
    pub id: Box<str>,
    /// The risk it acts on.
    pub risk: RiskId,
    /// What it costs, whether the risk happens or not; not negative.
    pub cost: Money,
    /// How likely the risk is afterwards, from 0 to 1.
    pub probability_after: Option<f64>,
    /// The delay of the risk afterwards.
    pub delay_after: Option<Delay>,
    /// The cost of the risk afterwards, in minor units of money.
    pub cost_after: Option<Distribution>,
    /// Line of its file, for messages.
    pub row: u32,
}

/// What a correlation joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CorrelationKey {
    /// The duration of one task.
    Task(TaskId),
    /// The duration of each task of a category, summaries left aside.
    Category(LabelId),
    /// The draws of the risks of a group.
    RiskGroup(LabelId),
    /// The duration of every task; no cell says so.
    EveryTask,
}

/// A row of correlations.csv. A category correlated with itself ties each two of its tasks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// One end.
    pub a: CorrelationKey,
    /// The other end; the same as `a` for a category only. No other row joins the two.
    pub b: CorrelationKey,
    /// How strongly they go together, from -1 to 1.
    pub coefficient: f64,
    /// Line of its file, for messages.
    pub row: u32,
}

/// A row of gates.csv: a test that is passed with a certain probability when a task is finished. If it is not, the rework is
/// done and the gate is tried again; after `max_loops` times of rework it is open in any case.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// The user's id, unique.
    pub id: Box<str>,
    /// The task at whose finish the gate is tried.
    pub after: TaskId,
    /// The tasks that wait until it is passed, each once; all successors of `after` if there are none. The plan has a link
    /// from `after` to each of them.
    pub before: Vec<TaskId>,
    /// What is tested; empty if it is not said.
    pub criterion: Box<str>,
    /// How likely each try is to pass, from 0 to 1; 1 if the plan does not say.
    pub pass_probability: f64,
    /// The task that is done again, never a summary; it takes its duration unless `rework` says how long.
    pub rework_task: Option<TaskId>,
    /// How long the rework takes. It or `rework_task` is there if the gate can fail.
    pub rework: Option<Delay>,
    /// How often rework is done at most; positive.
    pub max_loops: u32,
    /// Line of its file, for messages.
    pub row: u32,
}

/// A row of issues.csv: something that has happened, and what it does to a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// The user's id, unique.
    pub id: Box<str>,
    /// When it came up.
    pub opened: Option<Moment>,
    /// The task that it hits; no summary if it has a delay.
    pub task: TaskId,
    /// By how much the task takes longer.
    pub delay: Option<Delay>,
    /// What it costs, in minor units of money.
    pub cost: Option<Distribution>,
    /// True if it is dealt with.
    pub is_resolved: bool,
    /// When it was dealt with, if it says.
    pub resolved: Option<Moment>,
    /// Who deals with it; empty if nobody is named.
    pub owner: Box<str>,
    /// What has been done about it; empty if it is not said.
    pub resolution: Box<str>,
    /// Line of its file, for messages.
    pub row: u32,
}

/// A row of stakeholders.csv: somebody who is promised dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Stakeholder {
    /// The user's id, unique.
    pub id: Box<str>,
    /// The user's name for them; empty if none was given.
    pub name: Box<str>,
    /// What they are to the project; empty if it is not said.
    pub role: Box<str>,
    /// The tasks whose finish they want to know, each once; the project's finish if there are none.
    pub milestones: Vec<TaskId>,
    /// How sure the dates are to be that they are promised, above 0 and below 1.
    pub confidence: f64,
    /// What else they care about, in their own words and by names; empty if it is not said.
    pub interests: Box<str>,
    /// What of the plan these name, each once.
    pub concerns: Vec<Concern>,
    /// Line of its file, for messages.
    pub row: u32,
}

/// What of a plan somebody cares about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concern {
    /// `task:ID`, or an id alone: a task, a milestone or a summary as a whole.
    Task(TaskId),
    /// `wbs:ID`: everything below a summary.
    Wbs(TaskId),
    /// `category:WORD`: all tasks of a category.
    Category(LabelId),
    /// `deliverable:ID`: what makes a deliverable, which deliverables.csv need not list.
    Deliverable(Box<str>),
    /// `budget:ID`.
    Budget(BudgetId),
    /// `risk:ID`: the tasks that a risk hits.
    Risk(RiskId),
    /// `resource:ID`: whatever a resource works on.
    Resource(ResourceId),
}

impl Stakeholder {
    /// Confidence of the dates for stakeholders that do not ask for another.
    pub const USUAL_CONFIDENCE: f64 = 0.8;

    /// The name, or the id if it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}
