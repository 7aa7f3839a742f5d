//! What remains of a plan: the plan that planning tools schedule once work has begun.
//!
//! With a status date nothing is scheduled before it (conventions of Primavera P6, "Data date", "Retained logic"): started
//! tasks become what is left of them, finished ones take no time and need nothing, and lags have run since the actual date
//! that they count from. Without one, started tasks stand where they stand, as in MS Project.

use std::borrow::Cow;
use std::ops::Range;

use super::record::part_left;
use super::{
    ActivityType, CalendarId, Constraint, ConstraintKind, Duration, Lag, LagAmount, LagCalendar, Link, LinkKind,
    ModeId, Plan, Progress, ProgressLogic, Range32, Task, TaskId, TaskKind,
};
use crate::index::{Id, IdVec};
use crate::units::{Minutes, Moment, Money};

impl Plan {
    /// True if some task has been started, or lasts as long as others do, or nothing may be scheduled before a status date.
    pub fn has_progress(&self) -> bool {
        let is_under_way = self.project.status_date.is_some_and(|status| status > self.project.start);
        is_under_way
            || self.tasks.iter().any(|task| task.progress.is_some() || task.activity == ActivityType::LevelOfEffort)
    }

    /// The plan as it is to be scheduled: the work that is left, from the status date on. Tasks of the kind level of effort
    /// move nothing in it and take no time: how long they last is known when everything else has its dates.
    ///
    /// # Complexity
    /// Linear in the plan, and in the days between actual dates and the status date for links with lags.
    pub fn remaining(&self) -> Cow<'_, Plan> {
        if !self.has_progress() {
            return Cow::Borrowed(self);
        }
        let mut plan = self.clone();
        for task in self.tasks.ids() {
            plan.reduce(self, &self.tasks[task], task);
        }
        let links = self.links.iter().filter_map(|link| self.remaining_link(link)).collect::<Vec<_>>();
        for link in self.links.iter() {
            if let Some(end) = self.actual_lag_end(link) {
                plan.hold_start(link.successor, end);
            }
        }
        plan.links = IdVec::from(links);
        let in_minutes =
            |link: &Link| Link { lag: Lag { amount: LagAmount::Minutes(self.lag_minutes(link)), ..link.lag }, ..*link };
        plan.spans = self.links.iter().filter(|link| self.is_span(link)).map(in_minutes).collect();
        let has_begun = |task: &TaskId| {
            let data = &self.tasks[*task];
            data.progress.is_some() && data.activity != ActivityType::LevelOfEffort && data.kind != TaskKind::Summary
        };
        plan.begun = self.tasks.ids().filter(has_begun).map(|task| (task, self.planned_cost(task).total())).collect();
        if let Some(status) = self.project.status_date {
            plan.project.start = plan.project.start.max(status);
            plan.spend(self, status);
        }
        Cow::Owned(plan)
    }

    /// What a task of a plan of what remains should cost as a whole, if it has begun: its first mode with the people and machines
    /// that it names; where it names a skill, with the cheapest who have it.
    pub fn budget_of_begun(&self, task: TaskId) -> Option<Money> {
        let at = self.begun.binary_search_by_key(&task, |&(begun, _)| begun).ok()?;
        Some(self.begun[at].1)
    }

    /// The plan without the links that move nothing: those into tasks that are scheduled by hand, and those for which a date
    /// stands. Dates by logic keep such links: they tell how late a predecessor may be.
    ///
    /// # Complexity
    /// Linear in the plan.
    pub fn without_idle_links(plan: Cow<'_, Plan>) -> Cow<'_, Plan> {
        let moves = |link: &&Link| !plan.tasks[link.successor].is_manual && !plan.is_dated(link);
        let links: Vec<Link> = plan.links.iter().filter(moves).copied().collect();
        if links.len() == plan.links.len() {
            return plan;
        }
        let mut plan = plan.into_owned();
        plan.links = IdVec::from(links);
        Cow::Owned(plan)
    }

    /// True for a link of a plan of what remains whose lag counts from an actual start, so that its successor has the date at
    /// which it ends.
    pub(crate) fn is_dated(&self, link: &Link) -> bool {
        let is_counted = self.project.dating.lag_from_actual_start && link.kind == LinkKind::StartToStart;
        is_counted
            && self.project.status_date.is_some()
            && self.tasks[link.predecessor].progress.is_some()
            && self.tasks[link.successor].constraint_of(ConstraintKind::StartNoEarlierThan).is_some()
    }

    /// [`Plan::remaining`] of a plan that is not needed itself any more.
    pub fn into_remaining(self) -> Plan {
        match self.remaining() {
            Cow::Borrowed(_) => self,
            Cow::Owned(plan) => plan,
        }
    }

    /// Gives a task another duration, however it is done.
    pub(crate) fn set_duration(&mut self, task: TaskId, minutes: Minutes) {
        for mode in ids(&self.tasks[task].modes) {
            self.modes[mode].duration = match self.modes[mode].duration {
                Duration::Working(_) => Duration::Working(minutes),
                Duration::Elapsed(_) => Duration::Elapsed(minutes),
            };
        }
        self.tasks[task].kind = TaskKind::Activity;
    }

    /// Makes a task what is left of it.
    fn reduce(&mut self, whole: &Plan, task: &Task, id: TaskId) {
        let data = &mut self.tasks[id];
        if task.activity == ActivityType::LevelOfEffort && task.kind != TaskKind::Summary {
            data.kind = TaskKind::Milestone;
            (data.constraint, data.second_constraint, data.deadline) = (None, None, None);
            for mode in ids(&data.modes) {
                self.modes[mode].duration = Duration::Working(Minutes::ZERO);
                self.modes[mode].demands = Range32::default();
            }
            return;
        }
        let Some(progress) = task.progress else { return };
        let stands = |kind: ConstraintKind| {
            matches!(
                kind,
                ConstraintKind::FinishNoEarlierThan | ConstraintKind::FinishNoLaterThan | ConstraintKind::MustFinishOn
            )
        };
        let mut kept: Vec<Constraint> = task.constraints().filter(|constraint| stands(constraint.kind)).collect();
        let duration = match (whole.project.status_date, progress.finish) {
            (Some(_), Some(_)) => {
                kept.clear();
                data.deadline = None;
                None
            }
            (Some(_), None) => {
                if let Some(resume) = progress.resume {
                    kept.insert(0, Constraint { kind: ConstraintKind::StartNoEarlierThan, moment: resume });
                }
                Some(Duration::Working(progress.remaining))
            }
            (None, finish) => {
                kept = vec![Constraint { kind: ConstraintKind::MustStartOn, moment: progress.start }];
                finish.map(|finish| Duration::Elapsed(finish - progress.start))
            }
        };
        (data.constraint, data.second_constraint) = (kept.first().copied(), kept.get(1).copied());
        let planned = whole.modes_of(id).first().map_or(0, |mode| mode.duration.minutes().0);
        // What is left is as uncertain, in proportion, as the whole was.
        data.distribution = match progress.finish {
            None if planned > 0 => {
                let share = progress.remaining.0 as f64 / planned as f64;
                task.distribution.as_ref().map(|distribution| Box::new(distribution.scaled(share)))
            }
            _ => None,
        };
        let is_finished = progress.finish.is_some();
        if whole.project.status_date.is_some() {
            // What is done has been paid for; budgets have less left for the rest.
            data.fixed_cost = part_left(task.fixed_cost, &progress);
            let share = data.fixed_cost.0 as f64 / task.fixed_cost.0.max(1) as f64;
            let of_rest = task.cost_distribution.as_ref().filter(|_| share > 0.0);
            data.cost_distribution = of_rest.map(|distribution| Box::new(distribution.scaled(share)));
            for mode in ids(&data.modes) {
                self.modes[mode].cost = part_left(whole.modes[mode].cost, &progress);
            }
        }
        for mode in ids(&data.modes) {
            let was_elapsed = matches!(self.modes[mode].duration, Duration::Elapsed(_));
            let now = match duration {
                Some(Duration::Working(minutes)) if was_elapsed => Duration::Elapsed(minutes),
                Some(duration) => duration,
                None if is_finished => Duration::Working(Minutes::ZERO),
                None => self.modes[mode].duration,
            };
            if is_finished {
                self.modes[mode].demands = Range32::default();
            }
            self.modes[mode].duration = now;
            let is_event = now.minutes() == Minutes::ZERO;
            data.kind = if is_event { TaskKind::Milestone } else { TaskKind::Activity };
        }
        if let (None, None, Some(resume)) = (whole.project.status_date, progress.finish, progress.resume) {
            whole.stretch(self, id, progress, resume);
        }
    }

    /// Makes a task that goes on at `resume` last over the gap in its work.
    fn stretch(&self, plan: &mut Plan, id: TaskId, progress: Progress, resume: Moment) {
        let calendar = self.own_calendar(&self.tasks[id]);
        for mode in ids(&self.tasks[id].modes) {
            let Duration::Working(whole) = self.modes[mode].duration else { continue };
            let until_resumed = self.work(Some(calendar), progress.start, resume);
            let longer = until_resumed + progress.remaining;
            plan.modes[mode].duration = Duration::Working(longer.max(whole));
        }
    }

    /// What is left of a link; none if it holds nothing any more.
    fn remaining_link(&self, link: &Link) -> Option<Link> {
        let (before, after) = (&self.tasks[link.predecessor], &self.tasks[link.successor]);
        if self.is_span(link) {
            return None;
        }
        let Some(status) = self.project.status_date else { return Some(*link) };
        let logic = self.project.dating.progress_logic;
        match logic {
            ProgressLogic::Override if after.progress.is_some() => return None,
            ProgressLogic::Actual if after.is_finished() => return None,
            ProgressLogic::Retained | ProgressLogic::Override | ProgressLogic::Actual => {}
        }
        let Some(progress) = before.progress else { return Some(*link) };
        let since = match (link.kind.from_finish(), progress.finish) {
            // A finish has no use for a finish that is past.
            (true, Some(_)) if link.kind.to_finish() && is_at_once(link) => return None,
            (true, Some(finish)) => finish,
            (true, None) => return Some(*link),
            (false, _) => progress.start,
        };
        let lag = self.lag_minutes(link);
        // A task under way counts its own work, a finished one the time that has passed on the calendar of the lag.
        let calendar = match progress.finish {
            None => Some(self.own_calendar(before)),
            Some(_) => self.lag_calendar(link.lag.calendar, before, after),
        };
        let passed = self.work(calendar, since, status);
        // By actual dates what follows waits for them even where they lie after the status date.
        let ahead = if logic == ProgressLogic::Actual { self.work(calendar, status, since) } else { Minutes::ZERO };
        let is_over = lag <= Minutes::ZERO && ahead == Minutes::ZERO;
        let lag = if is_over { Minutes::ZERO } else { (lag + ahead - passed).max(Minutes::ZERO) };
        Some(Link { lag: Lag { amount: LagAmount::Minutes(lag), ..link.lag }, max_lag: None, ..*link })
    }

    /// Where the lag of a link between starts ends that counts from an actual start, if the plan counts it from there.
    fn actual_lag_end(&self, link: &Link) -> Option<Moment> {
        let dating = self.project.dating;
        let is_counted = dating.lag_from_actual_start && link.kind == LinkKind::StartToStart && !self.is_span(link);
        let (before, after) = (&self.tasks[link.predecessor], &self.tasks[link.successor]);
        let progress = before.progress.filter(|_| is_counted && self.project.status_date.is_some())?;
        self.remaining_link(link)?;
        let lag = self.lag_minutes(link);
        match self.lag_calendar(link.lag.calendar, before, after) {
            _ if lag == Minutes::ZERO => Some(progress.start),
            Some(calendar) => self.calendars[calendar].shifted(progress.start, lag),
            None => Some(progress.start + lag),
        }
    }

    /// Lets a task start no earlier than a moment, if its constraints leave room for that.
    pub(super) fn hold_start(&mut self, task: TaskId, moment: Moment) {
        let task = &mut self.tasks[task];
        let kind = ConstraintKind::StartNoEarlierThan;
        for held in [&mut task.constraint, &mut task.second_constraint] {
            match held {
                Some(held) if held.kind == kind => held.moment = held.moment.max(moment),
                Some(_) => continue,
                None => *held = Some(Constraint { kind, moment }),
            }
            return;
        }
    }

    /// The length of a link's lag; of a predecessor in several modes the first one counts.
    fn lag_minutes(&self, link: &Link) -> Minutes {
        match link.lag.amount {
            LagAmount::Minutes(minutes) => minutes,
            LagAmount::Percent(share) => {
                let mode = self.modes_of(link.predecessor).first();
                share.of(mode.map_or(Minutes::ZERO, |mode| mode.duration.minutes()))
            }
        }
    }

    /// True if a link only says how long a task of the kind level of effort lasts.
    fn is_span(&self, link: &Link) -> bool {
        let is_span = |task: TaskId| self.tasks[task].activity == ActivityType::LevelOfEffort;
        is_span(link.predecessor) || is_span(link.successor)
    }

    pub(crate) fn own_calendar(&self, task: &Task) -> CalendarId {
        task.calendar.unwrap_or(self.project.calendar)
    }

    /// The calendar of a lag as far as tasks have one of their own; none if it runs by the clock.
    pub(crate) fn lag_calendar(&self, calendar: LagCalendar, before: &Task, after: &Task) -> Option<CalendarId> {
        match calendar {
            LagCalendar::Successor => Some(self.own_calendar(after)),
            LagCalendar::Predecessor => Some(self.own_calendar(before)),
            LagCalendar::Project => Some(self.project.calendar),
            LagCalendar::Named(calendar) => Some(calendar),
            LagCalendar::TwentyFourHours => None,
        }
    }

    /// Work on a calendar from one moment to another; all the time if there is no calendar, nothing if they are the other
    /// way around.
    pub(crate) fn work(&self, calendar: Option<CalendarId>, from: Moment, to: Moment) -> Minutes {
        if from >= to {
            return Minutes::ZERO;
        }
        calendar.map_or(to - from, |calendar| self.calendars[calendar].work_between(from, to))
    }
}

fn ids(modes: &Range<ModeId>) -> impl Iterator<Item = ModeId> + use<> {
    (modes.start.index()..modes.end.index()).map(ModeId::new)
}

/// True if a link has no lag that could still run.
fn is_at_once(link: &Link) -> bool {
    match link.lag.amount {
        LagAmount::Minutes(minutes) => minutes <= Minutes::ZERO,
        LagAmount::Percent(share) => share.0 <= 0,
    }
}
