//! Why a task is when it is: what holds it, what holds that, and so on back to the project's start.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::changes::{Change, Tried, changes};
use super::words::{Line, constraint_words, day_of_start, gate_of, kind_and_id, moment, money, name, working};
use crate::cpm::{self, Basis};
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::index::IdVec;
use crate::network::compile;
use crate::plan::{ConstraintKind, Link, Plan, TaskId, TaskKind};
use crate::schedule::{Held, Hold, Holds, Resting, Schedule, TaskDates, words};
use crate::solve::partial_order;
use crate::units::{Minutes, Moment};

/// What is asked of [`why_task`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskOptions {
    /// Seed of every random choice.
    pub seed: u64,
    /// Changes that are tried at most; 0 means 12.
    pub most_changes: usize,
}

/// A task of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The task.
    pub task: TaskId,
    /// Its start in the schedule.
    pub start: Moment,
    /// Its finish.
    pub finish: Moment,
    /// What holds it: where it stands or, if nothing does, where it could stand at the earliest.
    pub held: Held,
    /// The position in `held.holds` of what the chain goes back along, if it goes on.
    pub along: Option<usize>,
}

impl Step {
    /// True if nothing holds the task where it stands.
    pub fn could_start_earlier(&self) -> bool {
        self.held.start < self.start
    }

    /// Why the task does not start earlier, in words: what the chain goes back along, then what else holds it.
    pub fn reason(&self, plan: &Plan, schedule: &Schedule) -> String {
        reason(plan, schedule, self)
    }
}

/// Why a task is when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskExplanation {
    /// The task that was asked about; of a summary the chain is that of the task below it that starts first.
    pub task: TaskId,
    /// The chain, from the task back.
    pub steps: Vec<Step>,
    /// Working time by which the task can slip without moving the project's finish or a deadline.
    pub total_float: Minutes,
    /// True if it cannot slip.
    pub is_critical: bool,
    /// What was tried to let it start earlier, the greatest gain first.
    pub changes: Vec<Change>,
}

const MOST_CHANGES: usize = 12;

/// Why a task starts when it does in a schedule, and what would let it start earlier.
///
/// # Arguments
/// `plan` is what is left to do ([`cpm::left_to_do`]), `schedule` a valid schedule of it. `control` limits each schedule that
/// is made to try a change, by its effort.
///
/// # Errors
/// If the plan cannot be compiled, or if the task has nothing below it.
pub fn why_task(
    plan: &Plan,
    schedule: &Schedule,
    task: TaskId,
    options: &TaskOptions,
    control: &Control,
) -> Result<TaskExplanation> {
    let start = |&task: &TaskId| (schedule.placements[task].start, task);
    let Some(first) = plan.activities_below(task).into_iter().min_by_key(start) else {
        return Err(Error::usage(format!("summary `{}` has no task below it", plan.tasks()[task].id)));
    };
    let network = compile(plan)?;
    let steps = chain(plan, schedule, network.axis.slot_minutes, first);
    let order = partial_order(&network, schedule);
    let basis = Basis::Scheduled { starts: &order.starts, handovers: &order.handovers };
    let dates = cpm::analyse(plan, &network, &order.modes, basis)[task];
    let most = if options.most_changes == 0 { MOST_CHANGES } else { options.most_changes };
    let changes = changes(plan, schedule, &steps, most, options.seed, control)?;
    Ok(TaskExplanation { task, steps, total_float: dates.total_float, is_critical: dates.critical, changes })
}

/// What drives the finish of a schedule: the task that finishes last, what holds it, and so on back to the project's start, as
/// [`why_task`] has it, or to a task that has begun: what is done stays as it is. Empty if nothing is left to do.
///
/// # Arguments
/// As for [`why_task`]. `dates` are those of the schedule: of tasks that finish at the same time the last of the longest path counts.
///
/// # Errors
/// If the plan cannot be compiled.
pub fn driving_chain(plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>) -> Result<Vec<Step>> {
    let is_open = |task: &TaskId| {
        let row = &plan.tasks()[*task];
        row.kind != TaskKind::Summary && !row.is_finished()
    };
    let key = |&task: &TaskId| (schedule.placements[task].finish, dates[task].longest_path, Reverse(task));
    let Some(last) = plan.tasks().ids().filter(is_open).max_by_key(key) else { return Ok(Vec::new()) };
    let mut steps = chain(plan, schedule, compile(plan)?.axis.slot_minutes, last);
    let row = |step: &Step| &plan.tasks()[step.task];
    if let Some(begun) = steps.iter().position(|step| row(step).progress.is_some()) {
        steps.truncate(begun + usize::from(!row(&steps[begun]).is_finished()));
    }
    Ok(steps)
}

/// The chain of what holds a task.
fn chain(plan: &Plan, schedule: &Schedule, slot: Minutes, first: TaskId) -> Vec<Step> {
    let holds = Holds::new(plan, schedule, slot);
    let mut steps = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(first);
    while let Some(task) = next.filter(|&task| seen.insert(task)) {
        let placement = &schedule.placements[task];
        let Some(held) = holds.earliest(task) else { break };
        let along = (0..held.holds.len())
            .filter_map(|at| Some((at, behind(plan, schedule, &held.holds[at])?)))
            .filter(|(_, behind)| !seen.contains(&behind.task))
            // A link rather than a resource, the one that ends last.
            .max_by_key(|(at, behind)| (behind.is_link, behind.end, Reverse(*at)));
        next = along.map(|(_, behind)| behind.task);
        let along = along.map(|(at, _)| at);
        steps.push(Step { task, start: placement.start, finish: placement.finish, held, along });
    }
    steps
}

/// The task behind a hold.
#[derive(Clone, Copy)]
struct Behind {
    task: TaskId,
    end: Moment,
    is_link: bool,
}

fn behind(plan: &Plan, schedule: &Schedule, hold: &Hold) -> Option<Behind> {
    let at = |task: TaskId| &schedule.placements[task];
    match hold {
        Hold::Link(link) => {
            let link = &plan.links()[*link];
            let is_finish = link.kind.from_finish();
            let end = |task: TaskId| if is_finish { at(task).finish } else { at(task).start };
            // Of a summary the task that makes it end when it does.
            let below = plan.activities_below(link.predecessor).into_iter();
            let task = match is_finish {
                true => below.max_by_key(|&task| (end(task), Reverse(task)))?,
                false => below.min_by_key(|&task| (end(task), task))?,
            };
            Some(Behind { task, end: end(task), is_link: true })
        }
        Hold::MaximalLag(link) => {
            let task = plan.links()[*link].successor;
            Some(Behind { task, end: at(task).start, is_link: false })
        }
        Hold::Busy { holders, .. } => {
            let task = *holders.last()?;
            Some(Behind { task, end: at(task).finish, is_link: false })
        }
        Hold::ProjectStart | Hold::Constraint(..) | Hold::Away(_) | Hold::WeeklyHours { .. } | Hold::Budget(_) => None,
    }
}

impl TaskExplanation {
    /// The sentences of the explanation: the chain, then the changes.
    pub fn lines(&self, plan: &Plan, schedule: &Schedule) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            let kind = match step.along.or(if step.held.holds.is_empty() { None } else { Some(0) }) {
                Some(hold) => hold_kind(&step.held.holds[hold]),
                None => "none",
            };
            let text = step_words(plan, schedule, step);
            lines.push(Line::of("step", at + 1, kind, &plan.tasks()[step.task].id, text));
        }
        for (at, change) in self.changes.iter().enumerate() {
            let (kind, id) = match change.tried {
                Tried::Relaxed(relaxation) => kind_and_id(plan, relaxation.limit),
                Tried::Shorter(task, _) => ("duration", plan.tasks()[task].id.to_string()),
                Tried::OtherOrder => ("order", String::new()),
            };
            lines.push(Line {
                edits: change.edits(plan),
                task_gain: Some(change.task_gain),
                project_gain: Some(change.project_gain),
                ..Line::of("change", at + 1, kind, &id, change.words(plan))
            });
        }
        lines
    }
}

fn hold_kind(hold: &Hold) -> &'static str {
    match hold {
        Hold::ProjectStart => "project start",
        Hold::Constraint(..) => "constraint",
        Hold::Link(_) => "link",
        Hold::MaximalLag(_) => "max_lag",
        Hold::Busy { .. } => "resource",
        Hold::Away(_) => "availability",
        Hold::WeeklyHours { .. } => "weekly hours",
        Hold::Budget(_) => "budget",
    }
}

/// A step of the chain: when the task starts, and because of what.
fn step_words(plan: &Plan, schedule: &Schedule, step: &Step) -> String {
    let begins = format!("{} starts {}", name(plan, step.task), moment(plan, step.start));
    let joint = if step.could_start_earlier() { "; " } else { " because " };
    format!("{begins}{joint}{}", step.reason(plan, schedule))
}

/// Why the task of a step does not start earlier.
fn reason(plan: &Plan, schedule: &Schedule, step: &Step) -> String {
    let mut holds: Vec<&Hold> = step.held.holds.iter().collect();
    if let Some(along) = step.along {
        let first = holds.remove(along);
        holds.insert(0, first);
    }
    let mut because: Vec<String> = holds.into_iter().map(|hold| hold_words(plan, schedule, step, hold)).collect();
    if let Some((since, resting)) = &step.held.rest {
        let who: Vec<String> = resting.iter().map(|&it| rest_words(plan, it)).collect();
        because.push(format!("{} between {} and then", who.join(" and "), moment(plan, *since)));
    }
    if step.held.is_too_short {
        let minutes = length(plan, schedule, step.task);
        because.push(format!(
            "it has to run through for {}, and the working time just before is too short for that",
            working(plan, minutes)
        ));
    }
    let is_late = plan.tasks()[step.task].constraint_of(ConstraintKind::AsLateAsPossible).is_some();
    if !step.could_start_earlier() {
        return because.join(", and ");
    }
    let why = if is_late { "it is to be as late as possible" } else { "nothing holds it there" };
    format!(
        "{why}: it could start {}, but not before, because {}",
        moment(plan, step.held.start),
        because.join(", and ")
    )
}

fn hold_words(plan: &Plan, schedule: &Schedule, step: &Step, hold: &Hold) -> String {
    match hold {
        Hold::ProjectStart => {
            let project = plan.project();
            let is_status = project.status_date == Some(project.start);
            let what = if is_status { "the status date is" } else { "the project starts" };
            format!("{what} {}", day_of_start(plan, project.start))
        }
        Hold::Constraint(task, kind) if *task == step.task => format!("it {}", constraint_words(plan, *task, *kind)),
        Hold::Constraint(task, kind) => {
            format!("summary {} {}", name(plan, *task), constraint_words(plan, *task, *kind))
        }
        Hold::Link(id) => {
            let link = &plan.links()[*id];
            let placement = &schedule.placements[link.predecessor];
            let end = if link.kind.from_finish() { placement.finish } else { placement.start };
            let does = if link.kind.from_finish() { "finishes" } else { "starts" };
            let into = match link.successor == step.task {
                true => String::new(),
                false => format!(" into its summary {}", name(plan, link.successor)),
            };
            let gate = gate_of(plan, link).map(|gate| format!(", gate `{gate}`")).unwrap_or_default();
            let before = name(plan, link.predecessor);
            format!("{before} {does} {} ({}{into}{gate})", moment(plan, end), kind_and_lag(plan, link))
        }
        Hold::MaximalLag(id) => {
            let link = &plan.links()[*id];
            let after = &schedule.placements[link.successor];
            let most = link.max_lag.map(|lag| words::lag(plan, &lag)).unwrap_or_default();
            let (does, end) = match link.kind.to_finish() {
                true => ("finishes", after.finish),
                false => ("starts", after.start),
            };
            let most = most.strip_prefix('+').unwrap_or(&most);
            let most = if most.is_empty() { "0" } else { most };
            let after = name(plan, link.successor);
            format!("{after} {does} {} and may not come more than {most} after it (max_lag)", moment(plan, end))
        }
        Hold::Busy { resource, holders, instead } => {
            let ids: Vec<String> = holders.iter().map(|&task| name(plan, task)).collect();
            let until = holders.iter().map(|&task| schedule.placements[task].finish).max().unwrap_or(step.start);
            let until = if until == step.start { "then".to_owned() } else { moment(plan, until) };
            let instead = instead.map(|id| format!(" (`{}` has the skill and is free)", plan.resources()[id].id));
            let title = plan.resources()[*resource].title();
            format!("{title} is on {} until {until}{}", ids.join(" and "), instead.unwrap_or_default())
        }
        Hold::Away(resource) => {
            let data = &plan.resources()[*resource];
            let before = step.held.earlier.map(|earlier| data.units_at(earlier)).unwrap_or_default();
            format!("only {before} of {} are there before", data.title())
        }
        Hold::WeeklyHours { resource, week, worked } => {
            let data = &plan.resources()[*resource];
            let most = words::hours(data.max_per_week.unwrap_or_default());
            let week = day_of_start(plan, *week);
            match *worked {
                Minutes::ZERO => format!("{} may not work more than {most} in the week of {week}", data.title()),
                worked => format!(
                    "{} works {} in the week of {week} already, and no more than {most} are allowed",
                    data.title(),
                    words::hours(worked)
                ),
            }
        }
        Hold::Budget(budget) => {
            let budget = &plan.budgets()[*budget];
            let period = match (budget.from, budget.to) {
                (_, Some(to)) => format!("until {}", plan.format_end(to)),
                (Some(from), None) => format!("from {}", day_of_start(plan, from)),
                (None, None) => String::new(),
            };
            format!("budget `{}` has no money left {period} (its cap is {})", budget.id, money(plan, budget.cap))
        }
    }
}

fn rest_words(plan: &Plan, resting: Resting) -> String {
    match resting {
        Resting::Task(calendar) => format!("its calendar `{}` does not work", plan.calendars()[calendar].id),
        Resting::Resource(resource) => {
            let calendar = &plan.calendars()[plan.calendar_of(resource)];
            format!("{} does not work (calendar `{}`)", plan.resources()[resource].title(), calendar.id)
        }
        Resting::Absent(resource) => format!("{} is away", plan.resources()[resource].title()),
        Resting::WeeklyHours(resource) => {
            let data = &plan.resources()[resource];
            let most = words::hours(data.max_per_week.unwrap_or_default());
            format!("{} may not work more than {most} a week", data.title())
        }
    }
}

fn kind_and_lag(plan: &Plan, link: &Link) -> String {
    format!("{}{}", link.kind.code(), words::lag(plan, &link.lag))
}

/// How long a task takes in the schedule.
pub(super) fn length(plan: &Plan, schedule: &Schedule, task: TaskId) -> Minutes {
    let mode = schedule.placements[task].mode.and_then(|mode| plan.modes().get(mode));
    mode.map_or(Minutes::ZERO, |mode| mode.duration.minutes())
}
