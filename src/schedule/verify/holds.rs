//! What holds a task where it is: the rules that break if it alone starts a little earlier.
//!
//! Everything else stays. The rules are those of the validator, from the plan alone, so that a schedule from anywhere can
//! be explained, whatever found it.

use super::capacity::{monday, week_of};
use super::links::Shifted;
use super::{Judge, is_sound};
use crate::index::{Id, Rows};
use crate::plan::{
    BudgetId, CalendarId, Constraint, ConstraintKind, DemandSource, LinkId, Pause, Plan, ResourceId, ResourceKind,
    TaskId,
};
use crate::schedule::cost::Accrual;
use crate::schedule::profile::{Use, overloads, uses_by_resource};
use crate::schedule::{Placement, Schedule};
use crate::units::{Amount, Minutes, Moment};

/// Something that a task cannot start before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The project's start (the status date, once work has begun).
    ProjectStart,
    /// A date constraint of the task, or of a summary above it.
    Constraint(TaskId, ConstraintKind),
    /// A link into the task, or into a summary above it.
    Link(LinkId),
    /// The greatest lag of a link to a task that stands where it stands.
    MaximalLag(LinkId),
    /// A person or machine that others have just before.
    Busy {
        /// Who or what.
        resource: ResourceId,
        /// The tasks at work on it then, the one that lasts longest last.
        holders: Vec<TaskId>,
        /// Somebody with the skill that is asked for who would be free at that moment.
        instead: Option<ResourceId>,
    },
    /// A person or machine of which too few units are there just before, whoever else uses it.
    Away(ResourceId),
    /// A person or machine that may not work more in a week.
    WeeklyHours {
        /// Who or what.
        resource: ResourceId,
        /// When the week begins.
        week: Moment,
        /// What others work on it in that week.
        worked: Minutes,
    },
    /// A budget whose cap leaves no money for earlier work.
    Budget(BudgetId),
}

/// Who does not work before a start, while the project's calendar does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resting {
    /// The hours of the task itself.
    Task(CalendarId),
    /// A person or machine, by its calendar.
    Resource(ResourceId),
    /// A person or machine of which no unit is there.
    Absent(ResourceId),
    /// A person or machine that has worked on the task in that week as much as it may.
    WeeklyHours(ResourceId),
}

/// Why a task does not start earlier, everything else left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its start.
    pub start: Moment,
    /// The last moment before that at which its calendar and people would let it start; none if there is none.
    pub earlier: Option<Moment>,
    /// What forbids that; empty if it could start then.
    pub holds: Vec<Hold>,
    /// Where the pause before the start begins, if it is longer than one of the project's calendar, and who makes it so.
    pub rest: Option<(Moment, Vec<Resting>)>,
    /// True if the working time before the start is passed over because it is too short to run through.
    pub is_too_short: bool,
}

/// Finds out what holds the tasks of a schedule.
pub struct Holds<'a> {
    judge: Judge<'a>,
    uses: Rows<Use>,
    spent: Vec<i128>,
    step: Minutes,
}

impl<'a> Holds<'a> {
    /// Prepares to ask about a schedule, which has to be valid.
    ///
    /// # Arguments
    /// `step` is how much earlier a task is tried, in working time; dates of schedules are usually multiples of it.
    pub fn new(plan: &'a Plan, schedule: &'a Schedule, step: Minutes) -> Holds<'a> {
        let sound = plan.tasks().ids().map(|task| is_sound(plan, schedule, task)).collect();
        let mut judge = Judge::new(plan, schedule, sound);
        judge.roll_up();
        let uses = uses_by_resource(plan, schedule, |task| judge.mode(task).is_some());
        let spent = plan.budgets().iter().map(|budget| judge.spent_under(budget)).collect();
        Holds { judge, uses, spent, step }
    }

    /// What holds a task where the schedule has it; none for a summary.
    pub fn of(&self, task: TaskId) -> Option<Held> {
        self.at(task, self.judge.schedule.placements[task].start)
    }

    /// How early a task could start, everything else left as it is, and what holds it there; none for a summary.
    pub fn earliest(&self, task: TaskId) -> Option<Held> {
        let mut held = self.of(task)?;
        while held.holds.is_empty() {
            let Some(earlier) = held.earlier else { break };
            held = self.at(task, earlier)?;
        }
        Some(held)
    }

    /// The schedule with one task at another start; none if its work does not end.
    pub fn with_start(&self, task: TaskId, start: Moment) -> Option<Schedule> {
        let finish = self.finish(task, start)?;
        let mut schedule = self.judge.schedule.clone();
        schedule.placements[task] = Placement { start, finish, ..schedule.placements[task] };
        Some(schedule)
    }

    /// What holds a task that starts at `start`.
    fn at(&self, task: TaskId, start: Moment) -> Option<Held> {
        self.judge.mode(task)?;
        let earlier = self.earlier(task, start);
        let (moment, is_too_short) = match earlier {
            Some((moment, is_too_short)) => (Some(moment), is_too_short),
            None => (None, false),
        };
        let mut holds = Vec::new();
        match moment.and_then(|moment| Some((moment, self.finish(task, moment)?))) {
            Some(times) => {
                if times.0 < self.judge.plan.project().start {
                    holds.push(Hold::ProjectStart);
                }
                self.push_links(task, times, &mut holds);
                self.push_constraints(task, times, &mut holds);
                self.push_resources(task, times, &mut holds);
                self.push_weekly_hours(task, times, &mut holds);
                self.push_budgets(task, times, &mut holds);
            }
            None => holds.push(Hold::ProjectStart),
        }
        Some(Held { start, earlier: moment, holds, rest: self.rest(task, start), is_too_short })
    }

    fn finish(&self, task: TaskId, start: Moment) -> Option<Moment> {
        match self.judge.mode(task)?.duration.minutes() {
            Minutes::ZERO => Some(start),
            work => self.judge.times.of_task(task).finish_after(start, work),
        }
    }

    /// The last start before `start` that the working time of a task allows, and whether working time was passed over.
    fn earlier(&self, task: TaskId, start: Moment) -> Option<(Moment, bool)> {
        let time = self.judge.times.of_task(task);
        let step_back = time.start_before(start, self.step)?;
        let work = self.judge.mode(task)?.duration.minutes();
        if self.judge.plan.tasks()[task].pause != Pause::Never || work == Minutes::ZERO {
            return Some((step_back, false));
        }
        let fits = |&(from, to): &(Moment, Moment)| (to.min(step_back + work) - from) >= work;
        let from = self.judge.plan.project().start.min(start);
        let stretches: Vec<(Moment, Moment)> = time.stretches_between(from, start + work).collect();
        let last = stretches.iter().rev().find(|stretch| fits(stretch))?;
        let found = last.1.min(step_back + work) - work;
        Some((found, found < step_back))
    }

    fn push_links(&self, task: TaskId, times: (Moment, Moment), holds: &mut Vec<Hold>) {
        let plan = self.judge.plan;
        let is_above = |other: TaskId| {
            let parent = |task: &TaskId| plan.tasks()[*task].parent;
            std::iter::successors(parent(&task), parent).any(|above| above == other)
        };
        for (id, link) in plan.links().iter_enumerated() {
            if link.successor == task || is_above(link.successor) {
                let Some(predecessor) = self.judge.span(link.predecessor) else { continue };
                let from = if link.kind.from_finish() { predecessor.1 } else { predecessor.0 };
                let to = if link.kind.to_finish() { times.1 } else { times.0 };
                let is_too_early = match self.judge.shifted(from, &link.lag, link) {
                    Shifted::To(bound) if link.kind.to_finish() => {
                        self.judge.times.of_task(task).works_within(to, bound)
                    }
                    Shifted::To(bound) => to < bound,
                    Shifted::LongBefore => false,
                    Shifted::LongAfter => true,
                };
                if is_too_early {
                    holds.push(Hold::Link(id));
                }
            }
            if let (Some(most), true) = (&link.max_lag, link.predecessor == task) {
                let Some(successor) = self.judge.span(link.successor) else { continue };
                let from = if link.kind.from_finish() { times.1 } else { times.0 };
                let to = if link.kind.to_finish() { successor.1 } else { successor.0 };
                let is_too_late = match self.judge.shifted(from, most, link) {
                    Shifted::To(bound) => self.judge.times.of_task(link.successor).works_within(bound, to),
                    Shifted::LongBefore => true,
                    Shifted::LongAfter => false,
                };
                if is_too_late {
                    holds.push(Hold::MaximalLag(id));
                }
            }
        }
    }

    fn push_constraints(&self, task: TaskId, times: (Moment, Moment), holds: &mut Vec<Hold>) {
        let plan = self.judge.plan;
        let own = plan.tasks()[task].constraints().filter(|&constraint| self.forbids(task, constraint, times));
        holds.extend(own.map(|constraint| Hold::Constraint(task, constraint.kind)));
        let parent = |task: &TaskId| plan.tasks()[*task].parent;
        for above in std::iter::successors(parent(&task), parent) {
            let kind = ConstraintKind::StartNoEarlierThan;
            let constraint = plan.tasks()[above].constraint_of(kind);
            holds.extend(constraint.filter(|it| times.0 < it.moment).map(|_| Hold::Constraint(above, kind)));
        }
    }

    /// True if a constraint of a task forbids it to start and finish then.
    fn forbids(&self, task: TaskId, constraint: Constraint, (start, finish): (Moment, Moment)) -> bool {
        let time = self.judge.times.of_task(task);
        match constraint.kind {
            ConstraintKind::MustStartOn => time.next_work(constraint.moment) != Some(start),
            ConstraintKind::StartNoEarlierThan => {
                time.next_work(constraint.moment).is_none_or(|opening| start < opening)
            }
            ConstraintKind::MustFinishOn => !self.judge.is_last_work_at(task, finish, constraint.moment),
            ConstraintKind::FinishNoEarlierThan => time.works_within(finish, constraint.moment),
            _ => false,
        }
    }

    fn push_resources(&self, task: TaskId, (start, finish): (Moment, Moment), holds: &mut Vec<Hold>) {
        let plan = self.judge.plan;
        let assigned = self.judge.schedule.assignments.row(task.index());
        if assigned.is_empty() || start == finish {
            return;
        }
        let mut moved = self.judge.schedule.clone();
        moved.placements[task] = Placement { start, finish, ..moved.placements[task] };
        for assignment in assigned {
            let Some(resource) = plan.resources().get(assignment.resource) else { continue };
            let uses = self.uses.row(assignment.resource.index());
            if resource.kind != ResourceKind::Work {
                continue;
            }
            let found = overloads(resource, uses, &moved, &self.judge.times);
            let Some(overload) = found.iter().find(|overload| overload.from < finish && start < overload.to) else {
                continue;
            };
            let moment = overload.from.max(start);
            let mut holders: Vec<TaskId> = uses
                .iter()
                .map(|used| used.task)
                .filter(|&other| other != task && self.works_at(other, moment))
                .collect();
            holders.sort_by_key(|&other| (self.judge.schedule.placements[other].finish, other));
            holds.push(match holders.is_empty() {
                true => Hold::Away(assignment.resource),
                false => Hold::Busy {
                    resource: assignment.resource,
                    instead: self.instead(task, (assignment.resource, assignment.amount), moment),
                    holders,
                },
            });
        }
    }

    fn push_weekly_hours(&self, task: TaskId, times: (Moment, Moment), holds: &mut Vec<Hold>) {
        let plan = self.judge.plan;
        if !plan.has_weeks(&plan.tasks()[task]) || times.0 == times.1 {
            return;
        }
        for assignment in self.judge.schedule.assignments.row(task.index()) {
            let Some(most) = plan.resources().get(assignment.resource).and_then(|row| row.max_per_week) else {
                continue;
            };
            let uses = self.uses.row(assignment.resource.index()).iter().filter(|used| used.task != task);
            let others = self.judge.work_by_week(&uses.copied().collect::<Vec<_>>());
            let is_too_long = |&(week, minutes): &(i64, Minutes)| {
                let own = i128::from(minutes.0) * i128::from(assignment.amount.0);
                let all = own + others.get(&week).copied().unwrap_or(0);
                own > 0 && all > i128::from(most.0) * i128::from(Amount::ONE.0)
            };
            holds.extend(self.judge.minutes_by_week(task, times).find(is_too_long).map(|(week, _)| {
                let worked = others.get(&week).copied().unwrap_or(0) / i128::from(Amount::ONE.0);
                Hold::WeeklyHours {
                    resource: assignment.resource,
                    week: monday(week),
                    worked: Minutes(i64::try_from(worked).unwrap_or(i64::MAX)),
                }
            }));
        }
    }

    fn works_at(&self, task: TaskId, moment: Moment) -> bool {
        let placement = &self.judge.schedule.placements[task];
        let is_within = placement.start <= moment && moment < placement.finish;
        is_within && self.judge.times.of_task(task).next_work(moment) == Some(moment)
    }

    /// Somebody who has the skill for which a resource is assigned, and is free at a moment.
    fn instead(&self, task: TaskId, (busy, amount): (ResourceId, Amount), moment: Moment) -> Option<ResourceId> {
        let (plan, judge) = (self.judge.plan, &self.judge);
        let demands = plan.demands_of(judge.mode(task)?);
        if demands.iter().any(|demand| demand.source == DemandSource::Resource(busy)) {
            return None;
        }
        let skills = demands.iter().filter_map(|demand| match demand.source {
            DemandSource::Skill(skill) if plan.resources()[busy].skills.contains(&skill) => Some(skill),
            _ => None,
        });
        let skills: Vec<_> = skills.collect();
        let row = judge.schedule.assignments.row(task.index());
        let is_free = |&id: &ResourceId| {
            let resource = &plan.resources()[id];
            let others = self.uses.row(id.index()).iter().filter(|used| self.works_at(used.task, moment));
            let used: i128 = others.map(|used| i128::from(used.amount.0)).sum();
            resource.skills.iter().any(|skill| skills.contains(skill))
                && row.iter().all(|assignment| assignment.resource != id)
                && judge.times.of_calendar_of(id).next_work(moment) == Some(moment)
                && used + i128::from(amount.0) <= i128::from(resource.units_at(moment).0)
        };
        plan.resources().ids().find(is_free)
    }

    fn push_budgets(&self, task: TaskId, (start, finish): (Moment, Moment), holds: &mut Vec<Hold>) {
        for ((id, budget), spent) in self.judge.plan.budgets().iter_enumerated().zip(&self.spent) {
            if (budget.from, budget.to) == (None, None) {
                continue;
            }
            let Some(now) = self.judge.accrual(task, budget.scope) else { continue };
            let then = Accrual { start, finish, ..now };
            let more = self.judge.spent(&then, budget) - self.judge.spent(&now, budget);
            if more > 0 && spent + more > i128::from(budget.cap.0) {
                holds.push(Hold::Budget(id));
            }
        }
    }

    /// The pause before a start, if the project's calendar works in it, and who rests then.
    fn rest(&self, task: TaskId, start: Moment) -> Option<(Moment, Vec<Resting>)> {
        let (plan, times) = (self.judge.plan, &self.judge.times);
        let begin = times.of_task(task).last_work(start).filter(|&begin| begin < start)?;
        let (from, to) = times.of_project().stretches_between(begin, start).next()?;
        let is_off = |calendar: CalendarId| !times.of_calendar(calendar).works_within(from, to);
        let mut resting: Vec<Resting> =
            plan.tasks()[task].calendar.into_iter().filter(|&calendar| is_off(calendar)).map(Resting::Task).collect();
        for assignment in self.judge.schedule.assignments.row(task.index()) {
            let resource = &plan.resources()[assignment.resource];
            if self.has_worked_enough(task, (assignment.resource, assignment.amount), begin) {
                resting.push(Resting::WeeklyHours(assignment.resource));
            }
            if resource.kind != ResourceKind::Work || plan.tasks()[task].ignores_resource_calendars {
                continue;
            }
            if resource.units_at(from) == Amount::ZERO {
                resting.push(Resting::Absent(assignment.resource));
            } else if is_off(plan.calendar_of(assignment.resource)) {
                resting.push(Resting::Resource(assignment.resource));
            }
        }
        Some((begin, resting)).filter(|(_, resting)| !resting.is_empty())
    }

    /// True if a task works so long on a resource in the week before a moment as it may.
    fn has_worked_enough(&self, task: TaskId, (resource, amount): (ResourceId, Amount), until: Moment) -> bool {
        let plan = self.judge.plan;
        let Some(most) = plan.resources()[resource].week_of(amount) else { return false };
        let week = (monday(week_of(until - Minutes(1))), until);
        let time = self.judge.times.of_task(task);
        !time.is_always() && plan.has_weeks(&plan.tasks()[task]) && time.work_between(week.0, week.1) >= most
    }
}
