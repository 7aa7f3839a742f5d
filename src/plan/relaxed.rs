//! What limits the schedules of a plan, one limit at a time: the plan without some of them, or with one that gives more room.
//!
//! Explanations ask which limits cannot be kept together, and what more room would bring. Both are questions about another
//! plan, so that every engine can answer them.

use super::{
    BudgetId, Calendar, CalendarId, Constraint, ConstraintKind, DemandSource, Duration, Lag, LagAmount, Link, LinkId,
    LinkKind, Mode, Pause, Plan, Range32, ResourceId, ResourceKind, RuleId, RuleKind, Task, TaskId, TaskKind, TimeUnit,
};
use crate::index::{Id, IdVec};
use crate::units::{Amount, Minutes, Moment, Money};

/// Something that schedules of a plan keep, or are asked to keep, and that could be given up or relaxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// The project's deadline: a wish unless it is made hard.
    ProjectDeadline,
    /// The deadline of a task or summary: a wish unless it is made hard.
    Deadline(TaskId),
    /// A date constraint of a task or summary. "No later than" is a wish unless it is made hard.
    Constraint(TaskId, ConstraintKind),
    /// The cap of a budget.
    Budget(BudgetId),
    /// Units of a work resource at a time, or quantity of a material in all.
    Capacity(ResourceId),
    /// The times at which fewer units of a work resource are there than usual.
    Availability(ResourceId),
    /// What a work resource may work in a week.
    WeeklyHours(ResourceId),
    /// A rule of rules.csv.
    Rule(RuleId),
    /// The greatest lag of a link.
    MaximalLag(LinkId),
    /// A link with its least lag.
    Link(LinkId),
    /// That a task must run in one working stretch.
    Unbroken(TaskId),
    /// The days off of a calendar.
    DaysOff(CalendarId),
    /// The hours of a calendar, its days off included.
    Calendar(CalendarId),
}

impl Plan {
    /// All that every schedule of the plan has to keep and that could be given up, in the order of [`Limit`]; durations and
    /// the project's start could not. Hours of calendars are not among them but for those that only some tasks or people
    /// have: other hours than the project's own would make another plan of it. Levels of effort move nothing.
    pub fn limits(&self) -> Vec<Limit> {
        let mut limits = Vec::new();
        for (id, task) in self.tasks.iter_enumerated() {
            let kinds = task.constraints().map(|constraint| constraint.kind).filter(|&kind| !is_wish(kind));
            limits.extend(
                kinds.filter(|&kind| kind != ConstraintKind::AsLateAsPossible).map(|kind| Limit::Constraint(id, kind)),
            );
            limits.extend((task.pause == Pause::Never).then_some(Limit::Unbroken(id)));
        }
        limits.extend(self.budgets.ids().map(Limit::Budget));
        for (id, resource) in self.resources.iter_enumerated() {
            limits.extend(resource.capacity.map(|_| Limit::Capacity(id)));
            let is_less = resource.windows.iter().any(|window| Some(window.units) < resource.capacity);
            limits.extend(is_less.then_some(Limit::Availability(id)));
            let has_weeks = self.project.time_unit != TimeUnit::Period;
            limits.extend(resource.max_per_week.filter(|_| has_weeks).map(|_| Limit::WeeklyHours(id)));
        }
        let binds = |kind: &RuleKind| {
            !kind.is_wish() && !matches!(kind, RuleKind::Mandatory { .. } | RuleKind::Retention { .. })
        };
        limits
            .extend(self.rules.iter_enumerated().filter(|(_, rule)| binds(&rule.kind)).map(|(id, _)| Limit::Rule(id)));
        for (id, link) in self.links.iter_enumerated().filter(|(_, link)| !self.is_of_rules(link)) {
            limits.push(Limit::Link(id));
            limits.extend(link.max_lag.map(|_| Limit::MaximalLag(id)));
        }
        for calendar in self.used_calendars() {
            let has_days_off = self.calendars[calendar].exceptions.iter().any(|exception| exception.shifts.is_empty());
            limits.extend(has_days_off.then_some(Limit::DaysOff(calendar)));
            limits.extend((calendar != self.project.calendar).then_some(Limit::Calendar(calendar)));
        }
        limits.sort_unstable();
        limits
    }

    /// The wishes that can be made hard ([`Plan::with_hard`]): deadlines and "no later than" constraints. A latest start of
    /// work on people with hours of their own is left out: what it means depends on who does it.
    pub fn wishes(&self) -> Vec<Limit> {
        let mut wishes: Vec<Limit> = self.project.deadline.map(|_| Limit::ProjectDeadline).into_iter().collect();
        let is_plain = self.has_one_calendar();
        for (id, task) in self.tasks.iter_enumerated().filter(|(_, task)| !task.is_finished()) {
            wishes.extend(task.deadline.map(|_| Limit::Deadline(id)));
            let kinds = task.constraints().map(|constraint| constraint.kind).filter(|&kind| is_wish(kind));
            let kinds = kinds.filter(|&kind| is_plain || kind == ConstraintKind::FinishNoLaterThan);
            wishes.extend(kinds.map(|kind| Limit::Constraint(id, kind)));
        }
        wishes.sort_unstable();
        wishes
    }

    /// The plan in which some wishes must be kept: what a wish is about is followed by a milestone that is fixed at the
    /// wish's date. These milestones come after all tasks of this plan, whose ids stay as they are.
    ///
    /// # Arguments
    /// `wishes` are some of [`Plan::wishes`]; the project's deadline is passed over: it is a bound of the finish.
    pub fn with_hard(&self, wishes: &[Limit]) -> Plan {
        let mut plan = self.clone();
        for &wish in wishes {
            let (Limit::Deadline(task) | Limit::Constraint(task, _)) = wish else { continue };
            let Some((moment, kind)) = self.wished(wish) else { continue };
            let milestone = plan.fixed_milestone(&format!("deadline of {}", self.tasks[task].id), moment, kind);
            for predecessor in self.activities_below(task) {
                plan.links.push(Link { predecessor, successor: milestone, kind, lag: Lag::NONE, max_lag: None });
            }
        }
        plan
    }

    /// The plan without some limits. Ids stay as they are, but for those of links.
    ///
    /// A capacity that is given up is enough for all tasks at once, and a calendar works day and night.
    pub fn without(&self, limits: &[Limit]) -> Plan {
        let mut plan = self.clone();
        let mut dropped = vec![false; self.links.len()];
        let mut given_up = Vec::new();
        for &limit in limits {
            match limit {
                Limit::ProjectDeadline => plan.project.deadline = None,
                Limit::Deadline(task) => plan.tasks[task].deadline = None,
                Limit::Constraint(task, kind) => plan.tasks[task].drop_constraint(kind),
                Limit::Budget(budget) => plan.budgets[budget].cap = Money::MAX,
                Limit::Capacity(resource) => plan.give_plenty(self, resource),
                Limit::Availability(resource) => {
                    let usual = self.resources[resource].capacity;
                    plan.resources[resource].windows.retain(|window| Some(window.units) >= usual);
                }
                Limit::WeeklyHours(resource) => plan.resources[resource].max_per_week = None,
                Limit::Rule(rule) => given_up.push(rule),
                Limit::MaximalLag(link) => plan.links[link].max_lag = None,
                Limit::Link(link) => dropped[link.index()] = true,
                Limit::Unbroken(task) => plan.tasks[task].pause = Pause::Breaks,
                Limit::DaysOff(calendar) => {
                    plan.calendars[calendar].exceptions.retain(|exception| !exception.shifts.is_empty());
                }
                Limit::Calendar(calendar) => {
                    let always = Calendar::twenty_four_hours();
                    plan.calendars[calendar] = Calendar { id: self.calendars[calendar].id.clone(), ..always };
                }
            }
        }
        if dropped.contains(&true) {
            let far = self.work_in_all();
            let kept =
                plan.links.iter().zip(dropped).filter_map(|(link, is_dropped)| match (is_dropped, link.max_lag) {
                    (false, _) => Some(*link),
                    (true, None) => None,
                    // What is left is the greatest lag.
                    (true, Some(most)) => {
                        Some(Link { lag: Lag { amount: LagAmount::Minutes(-far), calendar: most.calendar }, ..*link })
                    }
                });
            plan.links = IdVec::from(kept.collect::<Vec<_>>());
        }
        // The hours that rules leave follow from those of calendars.
        plan.without_rules(&given_up);
        plan
    }

    /// The plan with more room under one limit. All ids stay as they are.
    ///
    /// # Arguments
    /// `by` is in minutes by the clock for dates, of the lag's calendar for lags (the greatest lag grows, the least one
    /// shrinks), in minor units of money for budgets, and in the parts of [`Amount`] for capacities; more units bring their
    /// hours of a week with them. Deadlines, "no later than" and exact dates become later, "no earlier than" dates earlier; a
    /// negative `by` goes the other way. Limits that have no size are given up as in [`Plan::without`], but for links, which
    /// lose their lag.
    pub fn relaxed(&self, limit: Limit, by: i64) -> Plan {
        let mut plan = self.clone();
        let moved = |moment: Moment, by: i64| Moment(moment.0.saturating_add(by)).clamp(Moment::MIN, Moment::MAX);
        match limit {
            Limit::ProjectDeadline => plan.project.deadline = self.project.deadline.map(|date| moved(date, by)),
            Limit::Deadline(task) => plan.tasks[task].deadline = self.tasks[task].deadline.map(|date| moved(date, by)),
            Limit::Constraint(task, kind) => {
                let data = &mut plan.tasks[task];
                let held = [&mut data.constraint, &mut data.second_constraint];
                for held in held.into_iter().flatten().filter(|held| held.kind == kind) {
                    held.moment = moved(held.moment, if is_no_earlier(kind) { -by } else { by });
                }
            }
            Limit::Budget(budget) => {
                let cap = &mut plan.budgets[budget].cap;
                *cap = Money(cap.0.saturating_add(by).min(Money::MAX.0));
            }
            Limit::Capacity(resource) => {
                let data = &mut plan.resources[resource];
                let usual = data.capacity;
                let more = |units: Amount| Amount(units.0.saturating_add(by).clamp(0, Amount::MAX.0));
                // More of a machine that is leased at times are more in those times.
                let full = data.windows.iter_mut().filter(|window| Some(window.units) >= usual);
                full.for_each(|window| window.units = more(window.units));
                data.capacity = usual.map(|units| if units == Amount::ZERO { units } else { more(units) });
                data.max_per_week = self.resources[resource].week_with(data.capacity);
            }
            Limit::MaximalLag(link) => {
                plan.links[link].max_lag = self.links[link].max_lag.map(|lag| self.longer(&self.links[link], lag, by));
            }
            Limit::Link(link) if self.links[link].lag.is_zero() => return self.without(&[limit]),
            Limit::Link(link) => plan.links[link].lag = self.longer(&self.links[link], self.links[link].lag, -by),
            Limit::Availability(_)
            | Limit::WeeklyHours(_)
            | Limit::Rule(_)
            | Limit::Unbroken(_)
            | Limit::DaysOff(_)
            | Limit::Calendar(_) => return self.without(&[limit]),
        }
        plan
    }

    /// The plan with another deadline of the project.
    pub fn with_project_deadline(&self, deadline: Moment) -> Plan {
        let mut plan = self.clone();
        plan.project.deadline = Some(deadline);
        plan
    }

    /// The plan with no other wish than that a task finishes as early as it can: its deadline is the project's start.
    pub(crate) fn with_haste(&self, task: TaskId) -> Plan {
        let mut plan = self.without(&self.wishes());
        plan.tasks[task].deadline = Some(plan.project.start);
        plan
    }

    /// The date of a wish; none of other limits.
    pub(crate) fn wish_date(&self, wish: Limit) -> Option<Moment> {
        match wish {
            Limit::ProjectDeadline => self.project.deadline,
            _ => self.wished(wish).map(|(moment, _)| moment),
        }
    }

    /// The date of a wish of a task, and the kind of link to what is fixed there.
    fn wished(&self, wish: Limit) -> Option<(Moment, LinkKind)> {
        let to_date = LinkKind::FinishToStart;
        match wish {
            Limit::Deadline(task) => self.tasks[task].deadline.map(|moment| (moment, to_date)),
            Limit::Constraint(task, kind) if is_wish(kind) => {
                let constraint = self.tasks[task].constraint_of(kind)?;
                let is_finish = kind == ConstraintKind::FinishNoLaterThan;
                Some((constraint.moment, if is_finish { to_date } else { LinkKind::StartToStart }))
            }
            _ => None,
        }
    }

    /// Adds a milestone that stands at a date. Where all work keeps the project's hours so does the milestone; it stands before
    /// a pause if finishes count.
    fn fixed_milestone(&mut self, name: &str, moment: Moment, kind: LinkKind) -> TaskId {
        let has_one = self.has_one_calendar();
        let clock = self.calendars.ids().find(|&id| &*self.calendars[id].id == Calendar::TWENTY_FOUR_HOURS);
        let clock =
            if has_one { None } else { clock.or_else(|| Some(self.calendars.push(Calendar::twenty_four_hours()))) };
        let is_finish = has_one && kind.from_finish();
        let date = if is_finish { ConstraintKind::MustFinishOn } else { ConstraintKind::MustStartOn };
        let first = self.modes.next_id();
        let name_of_mode = self.labels.ids().next().unwrap_or_else(|| self.labels.push("1".into()));
        let duration = Duration::Working(Minutes::ZERO);
        self.modes.push(Mode { name: name_of_mode, duration, demands: Range32::default(), cost: Money::ZERO });
        let constraint = Some(Constraint { kind: date, moment });
        self.tasks.push(Task { calendar: clock, constraint, ..Task::milestone(name, first..self.modes.next_id()) })
    }

    /// Gives a resource enough units for all tasks at once.
    fn give_plenty(&mut self, whole: &Plan, resource: ResourceId) {
        let data = &whole.resources[resource];
        if data.kind == ResourceKind::Material {
            self.resources[resource].capacity = None;
            return;
        }
        let can = |source: DemandSource| match source {
            DemandSource::Resource(other) => other == resource,
            DemandSource::Skill(skill) => data.skills.contains(&skill),
        };
        let of_mode = |mode: &Mode| -> i64 {
            whole.demands_of(mode).iter().filter(|demand| can(demand.source)).map(|demand| demand.amount.0).sum()
        };
        let most = |task: TaskId| whole.modes_of(task).iter().map(of_mode).max().unwrap_or(0);
        let in_all = whole.tasks.ids().fold(0i64, |sum, task| sum.saturating_add(most(task)));
        let plenty = Amount(in_all.min(Amount::MAX.0));
        let usual = data.capacity;
        let data = &mut self.resources[resource];
        data.capacity = usual.max(Some(plenty));
        for window in data.windows.iter_mut().filter(|window| Some(window.units) >= usual) {
            window.units = window.units.max(plenty);
        }
    }

    /// A lag that is longer by so many minutes; one in percent becomes one in minutes.
    fn longer(&self, link: &Link, lag: Lag, by: i64) -> Lag {
        let minutes = match lag.amount {
            LagAmount::Minutes(minutes) => minutes,
            LagAmount::Percent(share) => {
                let mode = self.modes_of(link.predecessor).first();
                share.of(mode.map_or(Minutes::ZERO, |mode| mode.duration.minutes()))
            }
        };
        Lag { amount: LagAmount::Minutes(minutes + Minutes(by)), ..lag }
    }

    /// Calendars of tasks and of people, and the project's.
    fn used_calendars(&self) -> Vec<CalendarId> {
        let (of_tasks, of_people) = self.calendars_before_rules();
        let mut used: Vec<CalendarId> = of_tasks.into_iter().chain(of_people).chain([self.project.calendar]).collect();
        used.sort_unstable();
        used.dedup();
        used.retain(|&calendar| &*self.calendars[calendar].id != Calendar::TWENTY_FOUR_HOURS);
        used
    }

    /// True if no work is ever done outside of the project's hours.
    fn has_one_calendar(&self) -> bool {
        let is_elapsed = |mode: &Mode| matches!(mode.duration, Duration::Elapsed(minutes) if minutes > Minutes::ZERO);
        let own = Some(self.project.calendar);
        let is_own = |calendar: Option<CalendarId>| calendar.is_none() || calendar == own;
        self.tasks.iter().all(|task| is_own(task.calendar))
            && self.resources.iter().all(|resource| is_own(resource.calendar))
            && !self.modes.iter().any(is_elapsed)
    }

    /// The task itself, or the activities below a summary.
    pub(crate) fn activities_below(&self, task: TaskId) -> Vec<TaskId> {
        if self.tasks[task].kind != TaskKind::Summary {
            return vec![task];
        }
        let is_below = |&other: &TaskId| {
            let above = |&task: &TaskId| self.tasks[task].parent;
            self.tasks[other].kind != TaskKind::Summary
                && std::iter::successors(above(&other), above).any(|above| above == task)
        };
        self.tasks.ids().filter(is_below).collect()
    }

    /// As long as all modes and greatest lags of the plan together: further than anything need reach.
    fn work_in_all(&self) -> Minutes {
        let modes = self.modes.iter().map(|mode| mode.duration.minutes());
        let lags = self.links.iter().flat_map(|link| link.max_lag).map(|lag| match lag.amount {
            LagAmount::Minutes(minutes) => Minutes(minutes.0.abs()),
            LagAmount::Percent(_) => Minutes::ZERO,
        });
        modes.chain(lags).fold(Minutes(self.project.minutes_per_day.0), |sum, minutes| sum + minutes)
    }
}

impl Task {
    fn drop_constraint(&mut self, kind: ConstraintKind) {
        let kept: Vec<Constraint> = self.constraints().filter(|constraint| constraint.kind != kind).collect();
        (self.constraint, self.second_constraint) = (kept.first().copied(), kept.get(1).copied());
    }
}

/// True for constraints that schedules need not keep.
fn is_wish(kind: ConstraintKind) -> bool {
    matches!(kind, ConstraintKind::StartNoLaterThan | ConstraintKind::FinishNoLaterThan)
}

/// True for constraints that more room makes earlier.
fn is_no_earlier(kind: ConstraintKind) -> bool {
    matches!(kind, ConstraintKind::StartNoEarlierThan | ConstraintKind::FinishNoEarlierThan)
}
