//! A plan's risk: the model is made, samples are drawn, and what they say of tasks is put together.

use super::answers::{moments, percentile};
use super::block::LAST;
use super::events::Source;
use super::list::List;
use super::model::{Model, Work, ends};
use super::promises::is_reached;
use super::quantiles::Law;
use super::simulate::{Run, Samples, Slice, cost_at_completion, planned, simulate};
use super::tornado::{Swing, swings};
use super::unfinished::{Unplaced, cost_number, finish_minutes, finish_moment, unplaced};
use super::without::{MOST_WITHOUT, event_risks};
use crate::cpm::quickest_modes;
use crate::effort::Control;
use crate::error::{Error, Result};
use crate::network::{Network, Slot, compile_in_minutes};
use crate::plan::{LabelId, Plan, TaskId, TaskKind};
use crate::schedule::Schedule;
use crate::solve::{PartialOrder, partial_order};
use crate::units::Moment;

/// What keeps samples within the resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Who hands which resource to whom stays as in the schedule: its partial order.
    #[default]
    Flow,
    /// The order of the schedule: each sample has a schedule of its own, in which whoever comes first takes what is free.
    List,
    /// Nothing: links, calendars and constraints alone.
    Logic,
}

impl Policy {
    /// All of them.
    pub const ALL: [Policy; 3] = [Policy::Flow, Policy::List, Policy::Logic];
}

/// How a plan is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskOptions {
    /// What keeps samples within the resources.
    pub policy: Policy,
    /// Seed of every random number.
    pub seed: u64,
    /// The number of the first sample.
    pub first: u64,
    /// How many samples.
    pub samples: u64,
    /// Durations of tasks without an estimate of their own.
    pub defaults: Defaults,
    /// True if optimistic and pessimistic durations are the 10th and the 90th percentile, and not the ends.
    pub ends_are_deciles: bool,
    /// What tasks cost however long they take: fixed costs, those of modes, materials and costs per use.
    pub costs: Defaults,
    /// Samples go on, from a thousand up to all, until the standard error of this percentile of the finish is no more than so
    /// many minutes by the clock.
    pub precision: Option<(f64, f64)>,
    /// True to look at all risks, also at which tasks each of them moves, and at what other policies come to; otherwise at the
    /// gravest ones only.
    pub is_thorough: bool,
}

impl Default for RiskOptions {
    fn default() -> RiskOptions {
        RiskOptions {
            policy: Policy::Flow,
            seed: 0,
            first: 0,
            samples: 10_000,
            defaults: Defaults::default(),
            ends_are_deciles: false,
            costs: Defaults::default(),
            precision: None,
            is_thorough: true,
        }
    }
}

/// How uncertain something is of tasks: factors of what is planned (least, most likely, most).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// For single tasks.
    pub by_task: Vec<(TaskId, [f64; 3])>,
    /// For tasks of a category.
    pub by_category: Vec<(LabelId, [f64; 3])>,
    /// For all others.
    pub others: Option<[f64; 3]>,
}

impl Defaults {
    /// The factors for a task.
    pub fn factors(&self, plan: &Plan, task: TaskId) -> Option<[f64; 3]> {
        let category = plan.tasks()[task].category;
        let of_task = self.by_task.iter().find(|(other, _)| *other == task).map(|(_, factors)| *factors);
        let of_category = self.by_category.iter().find(|(other, _)| Some(*other) == category);
        of_task.or(of_category.map(|(_, factors)| *factors)).or(self.others)
    }
}

/// What samples say of a task or a gate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TaskRisk {
    /// The task or gate.
    pub work: Work,
    /// The share of samples in which it drives the finish (criticality index). Samples that do not finish count in no figure.
    pub criticality: f64,
    /// Mean of its duration, in minutes.
    pub mean: f64,
    /// Standard deviation of its duration, in minutes.
    pub deviation: f64,
    /// Pearson's correlation of its duration with the finish of the project (cruciality); 0 if it is certain.
    pub cruciality: f64,
    /// Schedule sensitivity index: criticality times its standard deviation, divided by that of the finish.
    pub sensitivity: f64,
}

/// What samples say of a risk or an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRisk {
    /// What it is.
    pub source: Source,
    /// The share of samples in which it happens.
    pub share: f64,
    /// By how much the mean finish of the project is later with it than without it, in minutes by the clock: that of the
    /// samples that finish either way.
    pub mean_delay: f64,
    /// By how much the 80th percentile is; infinite if that is never with it, and is without it.
    pub late_delay: f64,
    /// The 80th percentile without it, in minutes of [`Moment`]; infinite if that is never.
    pub late_without: f64,
    /// The share of samples that do not finish with it, and do without it.
    pub unfinished: f64,
    /// Its mean cost over all samples, in minor units of money.
    pub cost: f64,
    /// The tasks and gates that finish later where it happens, in the order of the plan, and by how much on average there, in
    /// minutes by the clock.
    pub moved: Vec<(Work, f64)>,
}

/// What samples come to with a policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolicyRisk {
    /// The policy.
    pub policy: Policy,
    /// The mean finish of the samples that finish, in minutes of [`Moment`].
    pub mean: f64,
    /// The 80th percentile of the finish; infinite if that is never.
    pub late: f64,
}

/// What samples say of a plan.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Slots and moments; a slot is a minute.
    pub network: Network,
    /// The finish with planned durations, in slots, and what the project costs in the end then, what was spent before included.
    pub planned: (Slot, i64),
    /// The samples.
    pub samples: Samples,
    /// The tasks whose finishes the samples keep, in the order of their marks.
    pub marks: Vec<TaskId>,
    /// The planned finish of each mark.
    pub planned_marks: Vec<Slot>,
    /// Milestones and tasks with a deadline that are not among the marks, since there are too many.
    pub unmarked: usize,
    /// Activities, then gates that may fail, in the order of the plan.
    pub tasks: Vec<TaskRisk>,
    /// Risks and issues that can hit what is not finished, in the order of the plan.
    pub events: Vec<EventRisk>,
    /// What moves the mean finish most, the widest swing first.
    pub swings: Vec<Swing>,
    /// What each policy comes to, on the first of the samples; empty without a schedule.
    pub policies: Vec<PolicyRisk>,
    /// What finds no time in some samples, in the order of the plan.
    pub unplaced: Vec<Unplaced>,
    /// Activities whose duration is uncertain.
    pub uncertain: usize,
    /// Hand-overs of resources that links with leads contradict.
    pub left_out: usize,
    /// By how much the coefficient of correlations.csv differs that had to be changed most, since no draws can go together as
    /// the table says; 0 if they can.
    pub correlation_change: f64,
    /// True if not all samples were made.
    pub is_stopped: bool,
}

impl Assessment {
    /// Moments at which something finishes in samples, in ascending order, as minutes of [`Moment`]; infinite where it never
    /// does.
    pub fn finishes(&self, slots: &[Slot]) -> Vec<f64> {
        minutes(&self.network, slots)
    }

    /// The moment at which something finishes that finishes in a slot; [`Moment::NEVER`] if it never does.
    pub fn finish_moment(&self, slot: Slot) -> Moment {
        finish_moment(&self.network, slot)
    }

    /// Costs in ascending order, in minor units of money; infinite where they never end.
    pub fn costs(&self, costs: &[i64]) -> Vec<f64> {
        let mut costs = costs.to_vec();
        costs.sort_unstable();
        costs.into_iter().map(cost_number).collect()
    }

    /// How many samples do not finish.
    pub fn unfinished(&self) -> usize {
        self.samples.unfinished()
    }

    /// Tasks and gates that are uncertain or drive the finish in some sample, the most sensitive first.
    pub fn drivers(&self) -> Vec<TaskRisk> {
        let has_part = |risk: &&TaskRisk| risk.criticality > 0.0 || risk.deviation > 0.0;
        let mut drivers: Vec<TaskRisk> = self.tasks.iter().filter(has_part).copied().collect();
        let key = |risk: &TaskRisk| [risk.sensitivity, risk.cruciality.abs(), risk.criticality];
        drivers.sort_by(|one, other| key(other).partial_cmp(&key(one)).unwrap_or(std::cmp::Ordering::Equal));
        drivers
    }
}

/// The moments of finishes in ascending order, in minutes; infinite for [`LAST`].
pub(super) fn minutes(network: &Network, slots: &[Slot]) -> Vec<f64> {
    let mut slots = slots.to_vec();
    slots.sort_unstable();
    slots.iter().map(|&slot| finish_minutes(network, slot)).collect()
}

/// No more marks are kept than this that nobody is promised.
const MOST_MARKS: usize = 32;
/// Nodes times samples at most when policies are compared.
const MOST_COMPARED: usize = 1_000_000;
/// Samples before a percentile is looked at for its error; they double from one look to the next.
const FIRST_LOOK: u64 = 1_024;

/// Simulates a plan.
///
/// # Arguments
/// `plan` is what remains of one ([`Plan::remaining`]); `schedule` a schedule of it, from which modes and the flow of
/// resources are taken: without one they are the quickest, and nothing flows. `report` hears how many samples are done.
///
/// # Errors
/// As [`compile_in_minutes`]; wrong usage if samples are numbered beyond 64 bits, or more than 1000 draws are correlated.
pub fn assess(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    control: &Control,
    report: &(dyn Fn(u64) + Sync),
) -> Result<Assessment> {
    prepared(plan, schedule, options, |ready| {
        let (run, is_stopped) = ready.sample(options, control, report);
        ready.assessment(run, is_stopped, options, control)
    })
}

/// A plan that is ready to be sampled.
pub struct Ready<'a> {
    plan: &'a Plan,
    network: &'a Network,
    order: &'a PartialOrder,
    pub(super) model: Model<'a>,
    /// The tasks whose finishes are kept, and the positions at which they end.
    marks: (Vec<TaskId>, Vec<Vec<u32>>),
    /// The planned duration of each position.
    durations: Vec<Slot>,
    /// The planned finish and cost, and the planned finish of each mark.
    planned: (Slot, i64),
    planned_marks: Vec<Slot>,
}

/// Does something with a plan that is ready to be sampled.
///
/// # Errors
/// As [`assess`].
pub fn prepared<T>(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    work: impl FnOnce(&Ready<'_>) -> Result<T>,
) -> Result<T> {
    if options.first.checked_add(options.samples).is_none() {
        return Err(Error::usage("samples cannot be numbered that far"));
    }
    let network = compile_in_minutes(plan)?;
    let order = match schedule {
        Some(schedule) => partial_order(&network, schedule),
        None => PartialOrder { modes: quickest_modes(&network), ..PartialOrder::default() },
    };
    let model = model(plan, &network, &order, options.policy, options)?;
    let marks = marks(plan);
    let position = |node: u32| model.position[node as usize];
    let positions = |task: &TaskId| ends(plan, &network, *task).into_iter().map(position).collect();
    let positions: Vec<Vec<u32>> = marks.iter().map(positions).collect();
    let block = planned(&model);
    let finish = block.finish[0];
    let planned = (finish, cost_at_completion(&model, block.cost[0], finish));
    let planned_marks = positions.iter().map(|ends| block.latest_finish(ends)[0]).collect();
    work(&Ready {
        plan,
        network: &network,
        order: &order,
        durations: model.nodes.iter().map(|node| node.mode.duration).collect(),
        model,
        marks: (marks, positions),
        planned,
        planned_marks,
    })
}

impl Ready<'_> {
    /// What the project costs as planned, in minor units of money.
    pub fn planned_cost(&self) -> i64 {
        self.planned.1
    }

    /// Makes the samples that are asked for; true if that was stopped.
    pub fn sample(&self, options: &RiskOptions, control: &Control, report: &(dyn Fn(u64) + Sync)) -> (Run, bool) {
        let mut run = Run { samples: Samples { first: options.first, ..Samples::default() }, ..Run::default() };
        let mut is_stopped = false;
        let planned = Some((&self.durations[..], self.planned.0));
        while (run.samples.finish.len() as u64) < options.samples && !is_stopped {
            let done = run.samples.finish.len() as u64;
            let next = match options.precision {
                Some(_) => done.max(FIRST_LOOK).min(options.samples - done),
                None => options.samples,
            };
            let slice = Slice { seed: options.seed, first: options.first + done, count: next };
            let more = simulate(&self.model, slice, &self.marks.1, planned, control, &|more| report(done + more));
            is_stopped = (more.samples.finish.len() as u64) < next;
            run.append(more);
            if let Some((share, error)) = options.precision
                && !run.samples.finish.is_empty()
                && percentile(&minutes(self.network, &run.samples.finish), share).error <= error
            {
                break;
            }
        }
        (run, is_stopped)
    }

    /// The finish with planned durations, and that of each mark, given by the positions at which it ends.
    pub fn planned_finishes(&self, marks: &[Vec<u32>]) -> (Slot, Vec<Slot>) {
        let block = planned(&self.model);
        (self.planned.0, marks.iter().map(|ends| block.latest_finish(ends)[0]).collect())
    }

    /// True if samples can be of this plan, by how many of everything they tell of.
    pub fn takes(&self, run: &Run) -> bool {
        let Run { samples, sums, events, stuck } = run;
        let told = (samples.marks.len(), samples.budgets.len(), sums.len(), events.len());
        let expected = (self.marks.0.len(), self.model.caps.len(), self.model.nodes.len(), self.model.events.len());
        let is_known = |&at: &u32| (at as usize) < self.model.nodes.len();
        samples.finish.is_empty() || told == expected && stuck.keys().all(is_known)
    }

    /// What samples say.
    ///
    /// # Errors
    /// As [`assess`].
    pub fn assessment(
        &self,
        run: Run,
        is_stopped: bool,
        options: &RiskOptions,
        control: &Control,
    ) -> Result<Assessment> {
        let Ready { plan, network, order, model, .. } = self;
        let every_event = |_: &Source| true;
        let tasks = task_risks(plan, model, &run, self.planned.0);
        let events = event_risks(model, &run, &every_event, options, control);
        Ok(Assessment {
            planned: self.planned,
            marks: self.marks.0.clone(),
            planned_marks: self.planned_marks.clone(),
            unmarked: askable(plan).count() - askable(plan).filter(|task| self.marks.0.contains(task)).count(),
            swings: swings(model, &tasks, &events, &run.samples, options, control),
            policies: match options.is_thorough {
                true => policy_risks(plan, (network, order), (model, options), &run.samples, control)?,
                false => Vec::new(),
            },
            events,
            tasks,
            unplaced: unplaced(model, &run),
            uncertain: model.nodes.iter().filter(|node| !matches!(node.law, Law::Certain(_))).count(),
            left_out: model.left_out,
            correlation_change: model.correlated.change,
            is_stopped,
            samples: run.samples,
            network: (*network).clone(),
        })
    }
}

/// The plan as samples see it that keep within the resources in some way.
fn model<'n>(
    plan: &Plan,
    network: &'n Network,
    order: &PartialOrder,
    policy: Policy,
    options: &RiskOptions,
) -> Result<Model<'n>> {
    let mut flows: Vec<(u32, u32)> = match policy {
        Policy::Flow => order.handovers.iter().map(|handover| (handover.predecessor, handover.successor)).collect(),
        Policy::List | Policy::Logic => Vec::new(),
    };
    flows.sort_unstable();
    flows.dedup();
    let mut model = Model::new(plan, network, &order.modes, &flows, options)?;
    model.set_costs(plan, &options.costs);
    if policy != Policy::Logic {
        wait_for_limits(&mut model, order);
    }
    if policy == Policy::List && !order.starts.is_empty() {
        model.list = Some(List::new(&model, &order.modes, &order.starts));
    }
    Ok(model)
}

/// Lets no task start before it does in the schedule that pays into the cap of a period, or works on what may do so much in a
/// week: it may wait for the period or the week to come.
fn wait_for_limits(model: &mut Model<'_>, order: &PartialOrder) {
    let network = model.network;
    let is_limited = |resource: u32| network.weekly_limits.iter().any(|limit| limit.resource == resource);
    for (node, &start) in order.starts.iter().enumerate() {
        let mode = order.modes[node] as usize;
        let works = network.mode(mode as u32).duration > 0;
        let has_limit = works && network.demands.row(mode).iter().any(|demand| is_limited(demand.resource));
        if has_limit || !network.spendings.row(mode).is_empty() {
            let release = &mut model.nodes[model.position[node] as usize].release;
            *release = start.max(*release);
        }
    }
}

/// What each policy comes to, on the same samples; none without a schedule.
fn policy_risks(
    plan: &Plan,
    (network, order): (&Network, &PartialOrder),
    (model, options): (&Model<'_>, &RiskOptions),
    samples: &Samples,
    control: &Control,
) -> Result<Vec<PolicyRisk>> {
    let count = (MOST_COMPARED / model.nodes.len().max(1)).clamp(1, MOST_WITHOUT).min(samples.finish.len());
    let mut risks = Vec::new();
    for policy in Policy::ALL.into_iter().filter(|_| !order.starts.is_empty() && count > 0) {
        let finish = if policy == options.policy {
            samples.finish[..count].to_vec()
        } else {
            let other = self::model(plan, network, order, policy, options)?;
            let slice = Slice { seed: options.seed, first: samples.first, count: count as u64 };
            simulate(&other, slice, &[], None, control, &|_| {}).samples.finish
        };
        if finish.len() == count {
            let minutes = minutes(network, &finish);
            risks.push(PolicyRisk { policy, mean: moments(&minutes).0, late: percentile(&minutes, 0.8).value });
        }
    }
    Ok(risks)
}

/// What users ask the finish of: whatever stakeholders are promised, and tasks with a deadline and milestones as far as they
/// are not too many; nothing that is finished.
fn marks(plan: &Plan) -> Vec<TaskId> {
    let promised = plan.stakeholders().iter().flat_map(|stakeholder| &stakeholder.milestones).copied();
    let promised = promised.filter(|&task| !is_reached(plan, Some(task)));
    let mut marks: Vec<TaskId> = askable(plan).take(MOST_MARKS).chain(promised).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Tasks with a deadline, then other milestones.
fn askable(plan: &Plan) -> impl Iterator<Item = TaskId> {
    let is_due =
        |task: &TaskId| plan.tasks()[*task].deadline.is_some() && plan.tasks()[*task].kind != TaskKind::Summary;
    let is_milestone = |task: &TaskId| plan.tasks()[*task].kind == TaskKind::Milestone;
    let open = || plan.tasks().ids().filter(|&task| !plan.tasks()[task].is_finished());
    open().filter(is_due).chain(open().filter(move |task| is_milestone(task) && !is_due(task)))
}

fn task_risks(plan: &Plan, model: &Model<'_>, run: &Run, planned_finish: Slot) -> Vec<TaskRisk> {
    let Run { samples, sums, .. } = run;
    // Samples that do not finish are in no sum.
    let finishing = || samples.finish.iter().filter(|&&finish| finish != LAST);
    let count = finishing().count().max(1) as f64;
    let deviations = || finishing().map(|&finish| f64::from(finish) - f64::from(planned_finish));
    let mean_finish = deviations().sum::<f64>() / count;
    let spread = (deviations().map(|finish| (finish - mean_finish).powi(2)).sum::<f64>() / count).sqrt();
    let minutes = model.network.axis.slot_minutes.0 as f64;
    let mut risks: Vec<TaskRisk> = Vec::new();
    for (node, sums) in model.nodes.iter().zip(sums) {
        let Some(work) = node.work else { continue };
        if matches!(work, Work::Task(task) if plan.tasks()[task].is_finished()) {
            continue;
        }
        let mean = sums.duration as f64 / count;
        let variance = (sums.duration_squared as f64 / count - mean * mean).max(0.0);
        let covariance = sums.product as f64 / count - mean * mean_finish;
        let criticality = sums.critical as f64 / count;
        let is_sure = variance <= 0.0 || spread <= 0.0;
        risks.push(TaskRisk {
            work,
            criticality,
            mean: (f64::from(node.mode.duration) + mean) * minutes,
            deviation: variance.sqrt() * minutes,
            cruciality: if is_sure { 0.0 } else { (covariance / (variance.sqrt() * spread)).clamp(-1.0, 1.0) },
            sensitivity: if is_sure { 0.0 } else { criticality * variance.sqrt() / spread },
        });
    }
    risks.sort_by_key(|risk| risk.work);
    risks
}
