//! Who needs to know: the dates that each stakeholder cares about, by its milestones and interests.

use std::collections::BTreeSet;

use super::Schedule;
use crate::index::{Id, IdVec};
use crate::plan::{BudgetId, BudgetScope, Concern, Plan, RiskId, StakeholderId, Task, TaskId, TaskKind};
use crate::units::Moment;

/// Something that a stakeholder cares about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who.
    pub stakeholder: StakeholderId,
    /// By which interest: `milestone`, `category:testing` and so on.
    pub interest: String,
    /// What it is about.
    pub subject: Subject,
    /// When that starts and finishes; `None` if there is nothing to be done for it.
    pub span: Option<(Moment, Moment)>,
    /// When it has to be finished.
    pub due: Option<Moment>,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The project as a whole.
    Project,
    /// A task, milestone or summary.
    Task(TaskId),
    /// A deliverable, by its id.
    Deliverable(Box<str>),
    /// A budget.
    Budget(BudgetId),
    /// A risk.
    Risk(RiskId),
}

/// When tasks start and finish, as far as that is known.
pub type Spans = IdVec<TaskId, Option<(Moment, Moment)>>;

impl Subject {
    /// What it is, in a word.
    pub fn word(&self, plan: &Plan) -> &'static str {
        match self {
            Subject::Project => "project",
            Subject::Task(task) => match plan.tasks()[*task].kind {
                TaskKind::Milestone => "milestone",
                TaskKind::Summary => "phase",
                _ => "task",
            },
            Subject::Deliverable(_) => "deliverable",
            Subject::Budget(_) => "budget",
            Subject::Risk(_) => "risk",
        }
    }

    /// Its id and its name; empty where it has none.
    pub fn id_and_name<'s>(&'s self, plan: &'s Plan) -> (&'s str, &'s str) {
        match self {
            Subject::Project => ("", &plan.project().name),
            Subject::Task(task) => (&plan.tasks()[*task].id, &plan.tasks()[*task].name),
            Subject::Deliverable(id) => {
                let listed = plan.deliverables().iter().find(|row| row.id == *id);
                (id, listed.map_or("", |row| &row.name))
            }
            Subject::Budget(budget) => (&plan.budgets()[*budget].id, ""),
            Subject::Risk(risk) => (&plan.risks()[*risk].id, &plan.risks()[*risk].name),
        }
    }

    /// When it starts and finishes: the tasks that it is about, and of a budget the work that it pays, within its dates.
    pub fn span(&self, plan: &Plan, spans: &Spans) -> Option<(Moment, Moment)> {
        let of = |is_meant: &dyn Fn(TaskId, &Task) -> bool| {
            let tasks = plan.tasks().iter_enumerated().filter(|(task, row)| is_meant(*task, row));
            let tasks = tasks.filter_map(|(task, _)| spans[task]);
            tasks.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
        };
        match self {
            Subject::Project => of(&|_, row| row.kind != TaskKind::Summary),
            Subject::Task(task) => spans[*task],
            Subject::Deliverable(id) => of(&|task, row| {
                row.kind != TaskKind::Summary
                    && plan.deliverable_of(task).is_some_and(|label| plan.label(label) == &**id)
            }),
            Subject::Budget(budget) => {
                let budget = &plan.budgets()[*budget];
                let paid = of(&|task, row| row.kind != TaskKind::Summary && pays(plan, budget.scope, task, row))?;
                let span = (
                    budget.from.map_or(paid.0, |from| from.max(paid.0)),
                    budget.to.map_or(paid.1, |to| to.min(paid.1)),
                );
                (span.0 <= span.1).then_some(span)
            }
            Subject::Risk(risk) => of(&|task, _| plan.risks()[*risk].tasks.contains(&task)),
        }
    }

    fn due(&self, plan: &Plan) -> Option<Moment> {
        match self {
            Subject::Project => plan.project().deadline,
            Subject::Task(task) => plan.tasks()[*task].deadline,
            Subject::Deliverable(id) => plan.deliverables().iter().find(|row| row.id == *id)?.due,
            Subject::Budget(_) | Subject::Risk(_) => None,
        }
    }
}

/// True if a task is paid from a budget.
fn pays(plan: &Plan, scope: BudgetScope, task: TaskId, row: &Task) -> bool {
    match scope {
        BudgetScope::All => true,
        BudgetScope::Task(paid) => paid == task,
        BudgetScope::Wbs(summary) => is_below(plan, task, summary),
        BudgetScope::Account(account) => row.account == Some(account),
        BudgetScope::Resource(resource) => plan.modes_of(task).iter().any(|mode| {
            let named = crate::plan::DemandSource::Resource(resource);
            plan.demands_of(mode).iter().any(|demand| demand.source == named)
        }),
    }
}

fn is_below(plan: &Plan, task: TaskId, summary: TaskId) -> bool {
    let mut above = std::iter::successors(plan.tasks()[task].parent, |&above| plan.tasks()[above].parent);
    above.any(|above| above == summary)
}

/// What every stakeholder cares about, in the order of their table: milestones (without any the project), then interests. What is
/// meant twice is there once.
///
/// # Arguments
/// `spans` has an entry for each task; `schedule` tells who works on what.
///
/// # Complexity
/// Stakeholders times interests times tasks.
pub fn notices(plan: &Plan, schedule: &Schedule, spans: &Spans) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (stakeholder, row) in plan.stakeholders().iter_enumerated() {
        let mut seen: BTreeSet<Subject> = BTreeSet::new();
        let mut tell = |interest: &str, subject: Subject| {
            if seen.insert(subject.clone()) {
                let (span, due) = (subject.span(plan, spans), subject.due(plan));
                notices.push(Notice { stakeholder, interest: interest.to_owned(), subject, span, due });
            }
        };
        if row.milestones.is_empty() {
            tell("milestone", Subject::Project);
        }
        row.milestones.iter().for_each(|&task| tell("milestone", Subject::Task(task)));
        for concern in &row.concerns {
            let mut all = |word: &str, name: &str, is_meant: &dyn Fn(TaskId, &Task) -> bool| {
                let tasks = plan.tasks().iter_enumerated().filter(|(task, row)| is_meant(*task, row));
                tasks.for_each(|(task, _)| tell(&format!("{word}:{name}"), Subject::Task(task)));
            };
            match concern {
                Concern::Task(task) => tell(&format!("task:{}", plan.tasks()[*task].id), Subject::Task(*task)),
                Concern::Wbs(summary) => all("wbs", &plan.tasks()[*summary].id, &|task, _| {
                    task == *summary || is_below(plan, task, *summary)
                }),
                Concern::Category(label) => {
                    all("category", plan.label(*label), &|_, row| row.category == Some(*label));
                }
                Concern::Resource(resource) => all("resource", &plan.resources()[*resource].id, &|task, _| {
                    schedule.assignments.row(task.index()).iter().any(|assigned| assigned.resource == *resource)
                }),
                Concern::Deliverable(id) => tell(&format!("deliverable:{id}"), Subject::Deliverable(id.clone())),
                Concern::Budget(budget) => {
                    tell(&format!("budget:{}", plan.budgets()[*budget].id), Subject::Budget(*budget));
                }
                Concern::Risk(risk) => tell(&format!("risk:{}", plan.risks()[*risk].id), Subject::Risk(*risk)),
            }
        }
    }
    notices
}
