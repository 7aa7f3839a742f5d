//! Many scenarios of a plan, solved in parallel, and put beside the plan as it is.
//!
//! Each search starts from the schedule of the plan as it is, so that a scenario which only allows more is never worse. What
//! is left of the searches' luck is evened out at the end: a schedule of one scenario that is valid for another, and better
//! than its own, becomes that one's, the plan as it is included.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::apply::apply;
use super::figures::Figures;
use super::read::Scenario;
use super::{BASE, carry};
use crate::cpm;
use crate::effort::{Control, Limits};
use crate::error::{Error, Finding, Findings, Result};
use crate::network::{Network, compile, compile_for_dates};
use crate::plan::draft::PlanDraft;
use crate::plan::notation::TimeScale;
use crate::plan::{Plan, Task, TaskId, validate};
use crate::risk::{RiskOptions, late_finish};
use crate::schedule::{Outcome, Status, values};
use crate::solve::{SolveOptions, solve};
use crate::units::Moment;
use crate::waves::in_parallel;

/// How scenarios are solved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudyOptions {
    /// What is asked of the engine; its `start` is not used.
    pub solve: SolveOptions,
    /// What each scenario may spend.
    pub limits: Limits,
    /// How to simulate each, if that is asked for.
    pub risk: Option<RiskOptions>,
}

/// What came of a scenario.
#[derive(Clone, Debug)]
pub struct Study {
    /// Its name.
    pub name: String,
    /// What is left to do of its plan.
    pub plan: Plan,
    /// The answer of the engine.
    pub outcome: Outcome,
    /// What it comes to, if it has a schedule.
    pub figures: Option<Figures>,
}

/// Scenarios beside the plan as it is.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The plan as it is.
    pub base: Study,
    /// The scenarios, in the order given.
    pub scenarios: Vec<Study>,
}

/// Solves a plan and scenarios of it.
///
/// # Arguments
/// `draft` is the plan as it is; `report` hears the name of each scenario that is done.
///
/// # Errors
/// [`Error::is_invalid_plan`] if the plan, an edit or a scenario is wrong, with the findings of all of them.
pub fn compare(
    draft: &PlanDraft,
    scenarios: &[Scenario],
    options: &StudyOptions,
    control: &Control,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Comparison> {
    let bench = Bench::new(draft, options, control)?;
    report(BASE);
    let studies = bench.studies(scenarios, report)?;
    bench.side_by_side(studies)
}

/// The plan as it is, and what is needed to hold scenarios against it.
pub struct Bench<'a> {
    draft: &'a PlanDraft,
    scale: TimeScale,
    options: &'a StudyOptions,
    control: &'a Control,
    /// The plan as it is.
    pub base: Study,
}

impl<'a> Bench<'a> {
    /// Solves the plan as it is.
    ///
    /// # Errors
    /// As [`compare`].
    pub fn new(draft: &'a PlanDraft, options: &'a StudyOptions, control: &'a Control) -> Result<Bench<'a>> {
        let (plan, _) = validate(draft)?;
        let scale = plan.time_scale();
        let plan = left(plan, options);
        let outcome = solved(&plan, &options.solve, &control.anew(options.limits))?;
        let base = Study { name: BASE.to_owned(), figures: None, plan, outcome };
        Ok(Bench { draft, scale, options, control, base })
    }

    /// Solves scenarios, as they are asked for and without figures.
    ///
    /// # Errors
    /// As [`compare`].
    pub fn studies(&self, scenarios: &[Scenario], report: &(dyn Fn(&str) + Sync)) -> Result<Vec<Study>> {
        let plans = self.plans(scenarios)?;
        let studies = in_parallel(scenarios.len(), |at| {
            let name = scenarios[at].name.clone();
            let study = match &plans[at] {
                // Nothing is different: neither is the answer.
                None => Ok(Study { name, ..self.base.clone() }),
                Some(plan) => self.study(name, plan),
            };
            report(&scenarios[at].name);
            study
        });
        studies.into_iter().collect()
    }

    /// The plans of scenarios; none where nothing is different.
    fn plans(&self, scenarios: &[Scenario]) -> Result<Vec<Option<Plan>>> {
        let read = |at: usize| -> std::result::Result<Option<Plan>, Findings> {
            let layers: Vec<&[_]> = scenarios[at].layers.iter().map(Vec::as_slice).collect();
            let edited = apply(self.draft, &self.scale, &layers)?;
            if edited.tables == self.draft.tables {
                return Ok(None);
            }
            match validate(&edited) {
                Ok((plan, _)) => Ok(Some(left(plan, self.options))),
                Err(error) => Err(in_scenario(error, &scenarios[at].name)),
            }
        };
        let (mut plans, mut findings) = (Vec::with_capacity(scenarios.len()), Findings::new());
        for read in in_parallel(scenarios.len(), read) {
            match read {
                Ok(plan) => plans.push(plan),
                Err(wrong) => findings.append(wrong),
            }
        }
        if findings.has_errors() { Err(Error::invalid_plan(findings)) } else { Ok(plans) }
    }

    fn study(&self, name: String, plan: &Plan) -> Result<Study> {
        let is_of_use = !self.options.solve.ignore_resources;
        let before = self.base.outcome.schedule.as_ref().filter(|_| is_of_use);
        let start = before.map(|schedule| carry::over(&self.base.plan, schedule, plan));
        let options = SolveOptions { start, ..self.options.solve.clone() };
        let outcome = solved(plan, &options, &self.control.anew(self.options.limits))?;
        Ok(Study { name, plan: plan.clone(), outcome, figures: None })
    }

    /// Evens out the luck of the searches, simulates, and adds what each study comes to.
    ///
    /// # Errors
    /// If a plan cannot be simulated.
    pub fn side_by_side(&self, studies: Vec<Study>) -> Result<Comparison> {
        let mut all = Vec::with_capacity(studies.len() + 1);
        all.push(self.base.clone());
        all.extend(studies);
        if !self.options.solve.ignore_resources {
            self.even_out(&mut all)?;
        }
        let figures = in_parallel(all.len(), |at| self.figures(&all[at]));
        for (study, figures) in all.iter_mut().zip(figures) {
            study.figures = figures?;
        }
        let base = all.remove(0);
        Ok(Comparison { base, scenarios: all })
    }

    fn figures(&self, study: &Study) -> Result<Option<Figures>> {
        let Some(schedule) = &study.outcome.schedule else { return Ok(None) };
        let simulated = self.options.risk.as_ref().map(|risk| {
            let schedule = (!self.options.solve.ignore_resources).then_some(schedule);
            late_finish(&study.plan, schedule, risk, LATE)
        });
        Ok(Some(Figures::of(&study.plan, schedule, &study.outcome, simulated.transpose()?)))
    }

    /// Gives each study the best schedule of another one that is valid for it, if that is better than its own.
    fn even_out(&self, all: &mut [Study]) -> Result<()> {
        let values: Vec<Option<Vec<f64>>> = all.iter().map(|study| self.values(study)).collect();
        let mut best: Vec<usize> = (0..all.len()).filter(|&at| values[at].is_some()).collect();
        best.sort_by(|&one, &other| {
            values[one].partial_cmp(&values[other]).unwrap_or(std::cmp::Ordering::Equal).then(one.cmp(&other))
        });
        let better = in_parallel(all.len(), |at| -> Result<Option<Outcome>> {
            let study = &all[at];
            if study.outcome.status == Status::Infeasible {
                return Ok(None);
            }
            let network = compile(&study.plan)?;
            let is_better = |&&other: &&usize| match &values[at] {
                Some(own) => values[other].as_ref().is_some_and(|value| value < own),
                None => true,
            };
            // The first is the plan as it is, whose schedule most scenarios leave valid.
            let is_base = |&&other: &&usize| other == 0 && values[0] < values[at];
            let better = best.iter().take_while(is_better).take(MOST_TRIED);
            for &other in better.chain([&0].into_iter().filter(is_base)) {
                if let Some(outcome) = self.taken_over(&all[other], study, &network)? {
                    return Ok(Some(outcome));
                }
            }
            Ok(None)
        });
        for (study, outcome) in all.iter_mut().zip(better) {
            if let Some(outcome) = outcome? {
                study.outcome = outcome;
            }
        }
        Ok(())
    }

    /// The outcome of a study with the schedule of another one, if that is valid for it and better.
    fn taken_over(&self, from: &Study, to: &Study, network: &Network) -> Result<Option<Outcome>> {
        let Some(schedule) = &from.outcome.schedule else { return Ok(None) };
        let start = carry::over(&from.plan, schedule, &to.plan);
        let options = SolveOptions { start: Some(start), ..self.options.solve.clone() };
        let control = self.control.anew(Limits { effort: Some(1), ..Limits::default() });
        let Some(schedule) = solve(&to.plan, network, &options, &control, &|_| {})?.schedule else { return Ok(None) };
        let outcome = to.outcome.clone().with_schedule(&to.plan, network, schedule)?;
        let before = self.values(to);
        let after = self.values(&Study { outcome: outcome.clone(), ..to.clone() });
        Ok((before.is_none() || after < before).then_some(outcome))
    }

    /// The values of what a study is optimised for, and of what users want all the same, less being better; none without a
    /// schedule.
    fn values(&self, study: &Study) -> Option<Vec<f64>> {
        let schedule = study.outcome.schedule.as_ref()?;
        values(&study.plan, schedule, &self.options.solve.objectives)
    }
}

/// The percentile of the finish that scenarios are compared by.
pub const LATE: f64 = 0.8;
/// Schedules of other scenarios that are tried.
const MOST_TRIED: usize = 3;

fn left(plan: Plan, options: &StudyOptions) -> Plan {
    let left = if options.solve.ignore_resources { cpm::left_by_logic } else { cpm::left_to_do };
    left(Cow::Owned(plan)).into_owned()
}

/// Solves a plan; one that shows to be impossible when it is compiled has an outcome, too.
fn solved(plan: &Plan, options: &SolveOptions, control: &Control) -> Result<Outcome> {
    let compile = if options.ignore_resources { compile_for_dates } else { compile };
    match compile(plan).and_then(|network| solve(plan, &network, options, control, &|_| {})) {
        Err(error) if error.is_infeasible() => Ok(Outcome::infeasible(plan.project().start, error.to_string())),
        outcome => outcome,
    }
}

/// The findings of a scenario's plan, which say so.
fn in_scenario(error: Error, name: &str) -> Findings {
    let of = |finding: &Finding| Finding { text: format!("in scenario `{name}`: {}", finding.text), ..finding.clone() };
    match error.findings() {
        Some(findings) => {
            findings.iter().filter(|finding| finding.severity == crate::error::Severity::Error).map(of).collect()
        }
        None => Findings::from_iter([Finding::error(
            "bad-scenario",
            Default::default(),
            format!("in scenario `{name}`: {error}"),
        )]),
    }
}

impl Comparison {
    /// True for each scenario that another one beats: it finishes no later, costs no more, misses deadlines by no more (and is
    /// no less sure), and is better in one of them. Scenarios without a schedule are beaten by all that have one.
    pub fn dominated(&self) -> Vec<bool> {
        let all: Vec<Option<Vec<f64>>> = std::iter::once(&self.base)
            .chain(&self.scenarios)
            .map(|study| study.figures.as_ref().map(Figures::compared))
            .collect();
        let beats = |one: &Option<Vec<f64>>, other: &Option<Vec<f64>>| match (one, other) {
            (Some(one), Some(other)) => one != other && one.iter().zip(other).all(|(one, other)| one <= other),
            (one, other) => one.is_some() && other.is_none(),
        };
        all[1..].iter().map(|scenario| all.iter().any(|other| beats(other, scenario))).collect()
    }

    /// What a scenario moves: tasks that both plans have and that start at another time, by their id, with the start as it
    /// is and the one in the scenario.
    pub fn moves(&self, scenario: &Study) -> Vec<Move> {
        let (Some(before), Some(after)) = (&self.base.outcome.schedule, &scenario.outcome.schedule) else {
            return Vec::new();
        };
        let there: BTreeMap<&str, _> =
            scenario.plan.tasks().iter_enumerated().map(|(task, row)| (&*row.id, task)).collect();
        let of_task = |(task, row): (TaskId, &Task)| {
            let other = *there.get(&*row.id)?;
            let starts = (before.placements[task].start, after.placements[other].start);
            let finishes = (before.placements[task].finish, after.placements[other].finish);
            let critical = (self.base.outcome.dates[task].critical, scenario.outcome.dates[other].critical);
            (starts.0 != starts.1 || finishes.0 != finishes.1 || critical.0 != critical.1).then_some(Move {
                task,
                starts,
                finishes,
                critical,
            })
        };
        self.base.plan.tasks().iter_enumerated().filter_map(of_task).collect()
    }
}

/// How a task differs between the plan as it is and a scenario: each pair is before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The task, in the plan as it is.
    pub task: TaskId,
    /// Its starts.
    pub starts: (Moment, Moment),
    /// Its finishes.
    pub finishes: (Moment, Moment),
    /// Whether it is critical.
    pub critical: (bool, bool),
}
