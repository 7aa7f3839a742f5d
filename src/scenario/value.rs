//! What one more of everything scarce would bring: shadow values, found by solving again.

use super::compare::{Bench, Comparison, Study, StudyOptions};
use super::edit::{Act, Edit, Source, Target, Value};
use super::read::Scenario;
use crate::effort::Control;
use crate::error::Result;
use crate::plan::draft::{PlanDraft, TableKind};
use crate::plan::{BudgetId, DemandSource, Plan, Resource, ResourceId, ResourceKind, TaskId, TimeUnit};
use crate::schedule::{Objective, values as measures, working_time};
use crate::units::{Amount, Minutes, Money};

/// What limits a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The capacity of a resource, or the quantity of a material.
    Resource(ResourceId),
    /// The project's deadline.
    ProjectDeadline,
    /// The deadline of a task.
    Deadline(TaskId),
    /// The cap of a budget.
    Budget(BudgetId),
    /// That nobody else has these skills.
    Hire {
        /// The skills of a new person, as resources.csv has them.
        skills: String,
        /// Whose rate and hours the new person has.
        like: ResourceId,
    },
    /// That somebody does not have a skill.
    Training {
        /// Who.
        person: ResourceId,
        /// The skill, as resources.csv has it.
        skill: String,
    },
}

impl Limit {
    /// What it is, its id and its name: of people the skills.
    pub fn in_words<'p>(&'p self, plan: &'p Plan) -> (&'static str, &'p str, &'p str) {
        match self {
            Limit::Resource(id) => ("resource", &plan.resources()[*id].id, &plan.resources()[*id].name),
            Limit::ProjectDeadline => ("deadline", "project", &plan.project().name),
            Limit::Deadline(id) => ("deadline", &plan.tasks()[*id].id, &plan.tasks()[*id].name),
            Limit::Budget(id) => ("budget", &plan.budgets()[*id].id, ""),
            Limit::Hire { skills, like } => ("new person", &plan.resources()[*like].id, skills),
            Limit::Training { person, skill } => ("training", &plan.resources()[*person].id, skill),
        }
    }
}

/// What a little more of a limit brings.
#[derive(Clone, Debug)]
pub struct MarginalValue {
    /// The limit, in the plan as it is.
    pub limit: Limit,
    /// The edits that give more of it.
    pub edits: Vec<Edit>,
    /// Working time by which the project finishes earlier; below zero if later.
    pub finish: Minutes,
    /// What is saved.
    pub cost: Money,
    /// By how much deadlines are missed less, as in [`tardiness`](crate::schedule::tardiness).
    pub tardiness: f64,
    /// The plan with more of the limit.
    pub study: Study,
}

impl MarginalValue {
    /// The edits one after the other, as [`Edit::parse`] reads each.
    pub fn edits_in_words(&self) -> String {
        self.edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// What more of everything would bring.
#[derive(Clone, Debug)]
pub struct Values {
    /// The plan as it is.
    pub base: Study,
    /// The limits, those of which more brings most first.
    pub values: Vec<MarginalValue>,
    /// How many were not tried because there are too many.
    pub left_out: usize,
}

/// Finds out what one more unit of each resource, one more day of each deadline and one percent more of each budget would
/// bring. Limits of which more brings nothing are in the answer, too, at its end.
///
/// # Arguments
/// As [`compare`](super::compare()).
///
/// # Errors
/// As [`compare`](super::compare()).
pub fn values(
    draft: &PlanDraft,
    options: &StudyOptions,
    control: &Control,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Values> {
    let bench = Bench::new(draft, options, control)?;
    let limits = limits(&bench.base.plan);
    tried(bench, limits, report)
}

/// Tries each of some edits alone.
///
/// # Errors
/// As [`values`].
pub(super) fn tried(
    bench: Bench<'_>,
    limits: Vec<(Limit, Vec<Edit>)>,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Values> {
    let name = |edits: &[Edit]| edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let scenarios: Vec<Scenario> = limits.iter().map(|(_, edits)| Scenario::of(name(edits), edits.clone())).collect();
    let studies = bench.studies(&scenarios, report)?;
    let Comparison { base, scenarios } = bench.side_by_side(studies)?;
    let mut values: Vec<MarginalValue> = limits
        .into_iter()
        .zip(scenarios)
        .filter_map(|((limit, edits), study)| {
            let (before, after) = (base.figures?, study.figures?);
            let plan = &base.plan;
            let finish = match after.finish <= before.finish {
                true => working_time(plan, after.finish, before.finish),
                false => -working_time(plan, before.finish, after.finish),
            };
            let cost = Money(before.cost.0 - after.cost.0);
            let tardiness = before.tardiness - after.tardiness;
            // More of anything leaves every schedule that there was.
            let (finish, cost, tardiness) =
                if is_worse(&study, &base) { (Minutes::ZERO, Money::ZERO, 0.0) } else { (finish, cost, tardiness) };
            Some(MarginalValue { limit, edits, finish, cost, tardiness, study })
        })
        .collect();
    // Stable: what brings the same stays in the order of the tables.
    values.sort_by(|one, other| {
        let key = |value: &MarginalValue| (value.finish, value.cost);
        other.tardiness.total_cmp(&one.tardiness).then(key(other).cmp(&key(one)))
    });
    Ok(Values { base, values, left_out: 0 })
}

/// True if the schedule of a study serves what was asked for less than that of another.
fn is_worse(study: &Study, than: &Study) -> bool {
    let objectives: Vec<Objective> = than.outcome.goals.iter().map(|goal| goal.objective).collect();
    let measured = |of: &Study| of.outcome.schedule.as_ref().and_then(|it| measures(&of.plan, it, &objectives));
    measured(study).zip(measured(than)).is_some_and(|(one, other)| one > other)
}

/// The limits of a plan, each with the edits that give a little more of it.
fn limits(plan: &Plan) -> Vec<(Limit, Vec<Edit>)> {
    let edit = |table, key: &str, field, more: &str| Edit {
        table,
        target: Target::Key(key.to_owned()),
        act: Act::Set(field, if more.ends_with('%') { Value::Times(1.01) } else { Value::More(more.to_owned()) }),
        source: Source::flag(key),
    };
    let day = if plan.project().time_unit == TimeUnit::Period { "+1" } else { "+1d" };
    let is_used = |id: ResourceId| {
        let row = &plan.resources()[id];
        let by_skill = |skill| row.kind == ResourceKind::Work && row.skills.contains(&skill);
        plan.modes().iter().flat_map(|mode| plan.demands_of(mode)).any(|demand| match demand.source {
            DemandSource::Resource(resource) => resource == id,
            DemandSource::Skill(skill) => by_skill(skill),
        })
    };
    // One more brings its own hours.
    let more_hours = |row: &Resource| {
        let with_one_more = row.week_with(row.capacity.map(|units| units + Amount::ONE))?;
        let hours = (with_one_more - row.max_per_week?).0 as f64 / 60.0;
        (hours > 0.0).then(|| edit(TableKind::Resources, &row.id, "max_hours_per_week", &format!("+{hours:.2}")))
    };
    let resources = plan.resources().iter_enumerated().filter(|(id, row)| row.capacity.is_some() && is_used(*id)).map(
        |(id, row)| {
            let one_more = edit(TableKind::Resources, &row.id, "capacity", "+1");
            (Limit::Resource(id), [one_more].into_iter().chain(more_hours(row)).collect())
        },
    );
    let project = plan
        .project()
        .deadline
        .map(|_| (Limit::ProjectDeadline, vec![edit(TableKind::Project, "deadline", "value", day)]));
    let tasks = plan
        .tasks()
        .iter_enumerated()
        .filter(|(_, row)| row.deadline.is_some())
        .map(|(id, row)| (Limit::Deadline(id), vec![edit(TableKind::Tasks, &row.id, "deadline", day)]));
    let budgets = plan
        .budgets()
        .iter_enumerated()
        .map(|(id, row)| (Limit::Budget(id), vec![edit(TableKind::Budgets, &row.id, "cap", "+1%")]));
    resources.chain(project).chain(tasks).chain(budgets).collect()
}
