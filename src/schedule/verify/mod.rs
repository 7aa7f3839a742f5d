//! The judge: checks a schedule against the plan alone, sharing no code with the compile step or any engine.
//!
//! It is meant to be trusted by reading: working time is counted on the calendars' definitions
//! ([`WorkingTimes`]), and each family of rules has a file of its own.
//!
//! | file | rules (errors unless marked as warnings) |
//! |---|---|
//! | this one | `unplaced-task`, `surplus-placement`, `wrong-mode`, `moment-out-of-range` |
//! | tasks | `start-before-project`, `finish-before-start`, `milestone-with-length`, `start-not-working`, `finish-not-working`, `wrong-duration`, `work-interrupted` |
//! | constraints | `must-start-on`, `must-finish-on`, `start-no-earlier-than`, `finish-no-earlier-than`; warnings `start-no-later-than`, `finish-no-later-than`, `deadline-missed`, `project-deadline-missed` |
//! | begun | `actual-start`, `actual-finish`, for schedules of work that has begun |
//! | summaries | `summary-roll-up` |
//! | links | `precedence-violated`, `max-lag-exceeded` |
//! | assignments | `unknown-resource`, `wrong-amount`, `resource-twice`, `demand-not-met`, `more-than-demanded` |
//! | capacity | `capacity-exceeded`, `material-exceeded`, `weekly-hours-exceeded` |
//! | budgets | `budget-exceeded` |
//!
//! Of each family the first thousand findings are written out, and `more-findings` counts the rest.

mod assignments;
mod begun;
mod budgets;
mod capacity;
mod constraints;
mod holds;
mod links;
mod report;
mod rules;
mod summaries;
mod tasks;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use begun::left_of;
pub use holds::{Held, Hold, Holds, Resting};
pub use rules::{Breach, breaches, missing_for_rules};

use std::sync::OnceLock;

use rayon::prelude::*;

use self::report::{Report, check_each};
use super::Schedule;
use super::cost::to_money;
use super::working_time::WorkingTimes;
use crate::error::Findings;
use crate::index::{Id, IdVec};
use crate::plan::{
    Constraint, ConstraintKind, LagAmount, LagCalendar, LinkId, Mode, Plan, ResourceId, TaskId, TaskKind,
};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Money};

/// Judges a schedule.
///
/// # Returns
/// A finding of severity error for each rule that is broken, naming task, moment and amounts; warnings for wishes that are
/// not met (deadlines, "no later" constraints). No error means the schedule is valid. The schedule may come from
/// anywhere: nonsense in it is a finding.
///
/// # Complexity
/// `O((n + m) log n)` for `n` tasks and `m` links, plus the working stretches of tasks that compete for a resource at times
/// when it might not suffice.
pub fn verify(plan: &Plan, schedule: &Schedule) -> Findings {
    judge(plan, schedule, true)
}

/// Judges the dates of a schedule made as if resources and money were there in plenty: every rule of [`verify`] but
/// capacities, hours per week, materials and budgets. Must-dates win over links, as the critical path method has it, and so do
/// "no later than" constraints that the plan honours: a distance that one of them leaves no room for is a warning.
///
/// # Complexity
/// `O((n + m) log n)` for `n` tasks and `m` links.
pub fn verify_dates(plan: &Plan, schedule: &Schedule) -> Findings {
    judge(plan, schedule, false)
}

/// How many budgets the schedule, all of whose dates are sound, does not keep.
///
/// # Complexity
/// Linear in tasks, for each budget.
pub fn broken_budgets(plan: &Plan, schedule: &Schedule) -> usize {
    let spent = spent_by_budget(plan, schedule);
    plan.budgets().iter().zip(&spent).filter(|(budget, spent)| **spent > budget.cap).count()
}

/// What a schedule, all of whose dates are sound, spends under each budget.
///
/// # Complexity
/// Linear in tasks, for each budget.
pub fn spent_by_budget(plan: &Plan, schedule: &Schedule) -> Vec<Money> {
    if plan.budgets().is_empty() {
        return Vec::new();
    }
    let mut judge = Judge::new(plan, schedule, vec![true; plan.tasks().len()]);
    judge.roll_up();
    plan.budgets().iter().map(|budget| to_money(judge.spent_under(budget))).collect()
}

fn judge(plan: &Plan, schedule: &Schedule, with_limits: bool) -> Findings {
    let mut findings = Findings::new();
    let count = plan.tasks().len();
    let placed = schedule.placements.len().min(schedule.assignments.len());
    if placed != count || schedule.placements.len() != count || schedule.assignments.len() != count {
        let mut report = Report::default();
        for task in plan.tasks().ids().skip(placed) {
            report.error("unplaced-task", || format!("task `{}` is not in the schedule", plan.tasks()[task].id));
        }
        if schedule.placements.len().max(schedule.assignments.len()) > count {
            report
                .error("surplus-placement", || format!("the schedule places more than the {count} tasks of the plan"));
        }
        report.finish(&mut findings);
        return findings;
    }

    check_each(count, |task, report| check_placement(plan, schedule, TaskId::new(task), report)).finish(&mut findings);
    let sound: Vec<bool> = (0..count).into_par_iter().map(|task| is_sound(plan, schedule, TaskId::new(task))).collect();
    let mut judge = Judge::new(plan, schedule, sound);
    if !with_limits {
        judge.must_dated = must_dated(plan);
    }
    judge.leave_out_what_is_too_far(&mut findings);
    judge.roll_up();

    check_each(count, |task, report| judge.check_task(TaskId::new(task), report)).finish(&mut findings);
    judge.check_summaries().finish(&mut findings);
    check_each(count, |task, report| judge.check_constraint(TaskId::new(task), report)).finish(&mut findings);
    judge.check_project_deadline().finish(&mut findings);
    let is_moving = |link: usize| with_limits || !plan.is_dated(&plan.links()[LinkId::new(link)]);
    let check_link = |link: usize, report: &mut Report| {
        if is_moving(link) {
            judge.check_link(link, report);
        }
    };
    check_each(plan.links().len(), check_link).finish(&mut findings);
    check_each(count, |task, report| judge.check_assignments(TaskId::new(task), report)).finish(&mut findings);
    if with_limits {
        judge.check_capacities().finish(&mut findings);
        judge.check_budgets().finish(&mut findings);
        let mut of_rules = Report::default();
        judge.check_rules(&mut of_rules);
        of_rules.finish(&mut findings);
    }
    findings
}

/// What all checks need.
struct Judge<'a> {
    plan: &'a Plan,
    schedule: &'a Schedule,
    times: WorkingTimes<'a>,
    /// False for tasks whose placement is nonsense and has been reported; nothing further is said about them.
    sound: Vec<bool>,
    /// True for tasks with a must-date and the summaries above them, if such dates win over links; empty if not.
    must_dated: Vec<bool>,
    /// The earliest start and latest finish below each summary; empty if the plan has no summaries.
    rolled_up: Vec<Option<(Moment, Moment)>>,
    /// For each resource whether rules about duties count for it; found when first asked for.
    persons: OnceLock<IdVec<ResourceId, bool>>,
}

impl<'a> Judge<'a> {
    fn new(plan: &'a Plan, schedule: &'a Schedule, sound: Vec<bool>) -> Judge<'a> {
        let (mut from, mut to) = (plan.project().start, plan.project().start);
        for ((_, placement), _) in schedule.placements.iter_enumerated().zip(&sound).filter(|(_, sound)| **sound) {
            from = from.min(placement.start).min(placement.finish);
            to = to.max(placement.start).max(placement.finish);
        }
        let margin = margin_for_lags(plan);
        let (from, to) = (Moment(from.0 - margin.0), Moment(to.0 + margin.0));
        let times = WorkingTimes::new(plan, schedule, from, to);
        Judge { plan, schedule, times, sound, must_dated: Vec::new(), rolled_up: Vec::new(), persons: OnceLock::new() }
    }

    /// Reports what lies beyond the time for which calendars are read, and says nothing further about it.
    fn leave_out_what_is_too_far(&mut self, findings: &mut Findings) {
        let last = self.times.to();
        let mut report = Report::default();
        for (task, placement) in self.schedule.placements.iter_enumerated() {
            if self.sound[task.index()] && placement.start.max(placement.finish) > last {
                self.sound[task.index()] = false;
                report.error("moment-out-of-range", || {
                    let finish = self.plan.format_moment(placement.finish);
                    format!("task `{}` finishes {finish}, which is too far away to be checked", self.id(task))
                });
            }
        }
        report.finish(findings);
    }

    fn id(&self, task: TaskId) -> &'a str {
        &self.plan.tasks()[task].id
    }

    fn is_summary(&self, task: TaskId) -> bool {
        self.plan.tasks()[task].kind == TaskKind::Summary
    }

    fn at(&self, moment: Moment) -> String {
        // Moments beside the schedule, such as a date shifted by a lag, may lie outside of what has a date.
        self.plan.format_moment(moment.clamp(Moment::MIN, Moment::MAX))
    }

    /// The mode in which a task is done; `None` for summaries and unsound placements.
    #[inline]
    fn mode(&self, task: TaskId) -> Option<&'a Mode> {
        let mode = self.schedule.placements[task].mode.filter(|_| self.sound[task.index()])?;
        self.plan.modes().get(mode)
    }

    /// Start and finish of a task; of a summary those of what is below it. `None` if nothing sound is known.
    #[inline]
    fn span(&self, task: TaskId) -> Option<(Moment, Moment)> {
        if self.is_summary(task) {
            return self.rolled_up[task.index()];
        }
        let placement = &self.schedule.placements[task];
        self.sound[task.index()].then_some((placement.start, placement.finish))
    }
}

/// The tasks with a must-date, and the summaries above them.
fn must_dated(plan: &Plan) -> Vec<bool> {
    let mut found = vec![false; plan.tasks().len()];
    for task in plan.tasks().ids() {
        let is_must = |it: Constraint| match it.kind {
            ConstraintKind::MustStartOn | ConstraintKind::MustFinishOn => true,
            ConstraintKind::StartNoLaterThan | ConstraintKind::FinishNoLaterThan => {
                plan.project().dating.honor_constraints
            }
            _ => false,
        };
        if plan.tasks()[task].constraints().any(is_must) {
            let mut at = Some(task);
            while let Some(here) = at.filter(|here| !found[here.index()]) {
                found[here.index()] = true;
                at = plan.tasks()[here].parent;
            }
        }
    }
    found
}

fn check_placement(plan: &Plan, schedule: &Schedule, task: TaskId, report: &mut Report) {
    let (row, placement) = (&plan.tasks()[task], &schedule.placements[task]);
    if !has_right_mode(plan, schedule, task) {
        report.error("wrong-mode", || match (row.kind, placement.mode) {
            (TaskKind::Summary, _) => format!("summary `{}` has a mode, but only tasks below it are done", row.id),
            (_, None) => format!("task `{}` has no mode", row.id),
            (_, Some(_)) => format!("task `{}` is done in a mode that is none of its own", row.id),
        });
    }
    if !is_in_range(placement.start) || !is_in_range(placement.finish) {
        report.error("moment-out-of-range", || {
            format!("start or finish of task `{}` lies outside of the years 1 to 9999", row.id)
        });
    }
}

fn is_sound(plan: &Plan, schedule: &Schedule, task: TaskId) -> bool {
    let placement = &schedule.placements[task];
    has_right_mode(plan, schedule, task) && is_in_range(placement.start) && is_in_range(placement.finish)
}

fn has_right_mode(plan: &Plan, schedule: &Schedule, task: TaskId) -> bool {
    let row = &plan.tasks()[task];
    match schedule.placements[task].mode {
        None => row.kind == TaskKind::Summary,
        Some(mode) => row.modes.contains(&mode),
    }
}

fn is_in_range(moment: Moment) -> bool {
    (Moment::MIN..=Moment::MAX).contains(&moment)
}

/// How far before the first and after the last moment of a schedule working time may matter: lags on working calendars
/// reach out of it. Eight minutes of the clock for a minute of work are more than any usual calendar needs.
fn margin_for_lags(plan: &Plan) -> Minutes {
    let longest_duration = plan.modes().iter().map(|mode| mode.duration.minutes()).max().unwrap_or(Minutes::ZERO);
    let longest = plan
        .links()
        .as_slice()
        .par_iter()
        .flat_map_iter(|link| [Some(link.lag), link.max_lag])
        .flatten()
        .filter(|lag| !lag.is_zero() && !matches!(lag.calendar, LagCalendar::TwentyFourHours))
        .map(|lag| match lag.amount {
            LagAmount::Minutes(minutes) => minutes.0.abs(),
            LagAmount::Percent(share) => share.of(longest_duration).0.abs(),
        })
        .max()
        .unwrap_or(0);
    Minutes(60 * MINUTES_PER_DAY + 8 * longest)
}
