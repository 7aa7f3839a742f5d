//! When each task can work: the calendars of the task and of its people taken together.
//!
//! [`WorkingTimes`] reads the definitions of the plan's calendars day by day, once, and intersects them for each
//! combination that a schedule uses. The validator and the result tables ask it every question about working time.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::timeline::{Stretch, Timeline, intersection};
use super::{Assignment, Schedule};
use crate::index::{Id, IdVec};
use crate::plan::calendar::{Calendar, Shift};
use crate::plan::{CalendarId, Duration, Pause, Plan, Resource, ResourceId, ResourceKind, TaskId, TaskKind};
use crate::units::{Amount, MINUTES_PER_DAY, MINUTES_PER_WEEK, Minutes, Moment};

/// Steps of reading calendars (about one per day and shift) that a schedule may cost. A common plan needs thousands.
const MOST_STEPS: i64 = 40_000_000;
/// Stretches of combined calendars that are kept; beyond that they are intersected anew for every question.
const MOST_COMBINED_STRETCHES: i64 = 4_000_000;
/// Combinations that fewer tasks have are intersected anew for every question: the whole span would take longer.
const LEAST_SHARED: u32 = 4;

/// One condition for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Condition {
    /// This calendar works.
    Calendar(CalendarId),
    /// At least some unit of this resource is there.
    Presence(ResourceId),
}

/// Conditions that must hold together; none at all means "always".
#[derive(Debug)]
struct Combination {
    /// Positions in [`WorkingTimes::conditions`], ascending.
    conditions: Box<[u32]>,
    /// How many tasks have it.
    tasks: u32,
    /// The intersection over the span, made when first asked for.
    combined: OnceLock<Timeline>,
    /// The combination without this one's limit, if it has one.
    limit: Option<WeekLimit>,
    /// The first worked moment at or after the end of the span.
    first_after_span: OnceLock<Option<Moment>>,
}

/// A limit on what is worked of a combination in each calendar week from Monday: the first so many minutes.
#[derive(Debug)]
struct WeekLimit {
    /// The combination that is limited.
    of: u32,
    most: i64,
    /// What is worked over the span, made when first asked for; none if all is.
    cut: OnceLock<Option<Timeline>>,
}

/// The working times that the tasks of a schedule have, over the span of time that the schedule takes.
#[derive(Debug)]
pub(crate) struct WorkingTimes<'p> {
    plan: &'p Plan,
    from: Moment,
    to: Moment,
    conditions: Vec<Condition>,
    /// The stretches of each condition, read when first asked for: most questions are about few of them.
    timelines: Vec<OnceLock<Timeline>>,
    combinations: Vec<Combination>,
    /// Intersections of combinations that so many tasks have are kept.
    least_kept: u32,
    of_task: IdVec<TaskId, u32>,
    of_lags: IdVec<TaskId, u32>,
    of_calendar: IdVec<CalendarId, u32>,
}

/// Position of the combination without conditions.
const ALWAYS: u32 = 0;

impl<'p> WorkingTimes<'p> {
    /// The working times of the tasks with the people that `schedule` assigns to them. Assignments of resources that the
    /// plan does not have are passed over.
    ///
    /// # Arguments
    /// `from..to` is the span of time to be covered. It is cut at its end if reading the calendars that far would take too
    /// long; see [`WorkingTimes::to`].
    pub(crate) fn new(plan: &'p Plan, schedule: &Schedule, from: Moment, to: Moment) -> WorkingTimes<'p> {
        WorkingTimes::keeping(MOST_COMBINED_STRETCHES, LEAST_SHARED, plan, schedule, from, to)
    }

    fn keeping(
        most_kept: i64,
        least_shared: u32,
        plan: &'p Plan,
        schedule: &Schedule,
        from: Moment,
        to: Moment,
    ) -> WorkingTimes<'p> {
        let mut interner = Interner::new(plan);
        let of_calendar = plan.calendars().ids().map(|calendar| interner.of_calendar(calendar)).collect::<Vec<_>>();
        let of_lags = plan.tasks().ids().map(|task| interner.of_lags(task, schedule)).collect::<Vec<_>>();
        let of_task = plan.tasks().ids().zip(&of_lags).map(|(task, &lags)| match is_elapsed(plan, schedule, task) {
            true => ALWAYS,
            false => interner.of_week(task, schedule, lags),
        });
        let of_task = of_task.collect::<Vec<_>>();
        let Interner { conditions, combinations, limits, .. } = interner;

        let from = if limits.is_empty() { Moment(from.0 - from.minute_of_day()) } else { monday_of(from) };
        let from = from.max(Moment::MIN);
        let steps: i64 = conditions.iter().map(|&condition| steps_per_day(plan, condition)).sum();
        let furthest = Moment(from.0.saturating_add(MOST_STEPS / steps.max(1) * MINUTES_PER_DAY));
        let to = to.min(furthest).min(Moment::MAX).max(from);

        let days = (to - from).0 / MINUTES_PER_DAY + 2;
        let most = conditions.iter().map(|&condition| most_stretches(plan, condition, days)).max().unwrap_or(0);
        let is_little = most.saturating_mul(combinations.len() as i64) <= most_kept;
        let least_kept = if is_little { least_shared } else { u32::MAX };
        let timelines = conditions.iter().map(|_| OnceLock::new()).collect();
        let unasked = |(conditions, number)| Combination {
            conditions,
            tasks: 0,
            combined: OnceLock::new(),
            limit: limits.get(&number).map(|&(of, most)| WeekLimit { of, most, cut: OnceLock::new() }),
            first_after_span: OnceLock::new(),
        };
        let mut combinations: Vec<Combination> = combinations.into_iter().zip(0u32..).map(unasked).collect();
        of_lags.iter().for_each(|&lags| combinations[lags as usize].tasks += 1);
        let (of_task, of_lags, of_calendar) = (IdVec::from(of_task), IdVec::from(of_lags), IdVec::from(of_calendar));
        WorkingTimes { plan, from, to, conditions, timelines, combinations, least_kept, of_task, of_lags, of_calendar }
    }

    /// The span that is covered.
    pub(crate) fn span(&self) -> (Moment, Moment) {
        (self.from, self.to)
    }

    /// The end of the span that is covered.
    pub(crate) fn to(&self) -> Moment {
        self.to
    }

    /// The time in which a task is worked on: its own calendar and those of its people, of each week no more than these may
    /// work; every minute if its duration is elapsed time.
    #[inline]
    pub(crate) fn of_task(&self, task: TaskId) -> WorkingTime<'_> {
        self.of(self.of_task[task])
    }

    /// The working time on which lags at a task run: its own calendar and those of its people, as far as they count,
    /// whatever its duration.
    #[inline]
    pub(crate) fn of_lags(&self, task: TaskId) -> WorkingTime<'_> {
        self.of(self.of_lags[task])
    }

    /// The working time of a calendar alone.
    pub(crate) fn of_calendar(&self, calendar: CalendarId) -> WorkingTime<'_> {
        self.of(self.of_calendar[calendar])
    }

    /// The working time of a resource's calendar, its availability left aside.
    pub(crate) fn of_calendar_of(&self, resource: ResourceId) -> WorkingTime<'_> {
        self.of_calendar(self.plan.calendar_of(resource))
    }

    /// The working time of the project calendar.
    pub(crate) fn of_project(&self) -> WorkingTime<'_> {
        self.of_calendar(self.plan.project().calendar)
    }

    /// Every minute.
    pub(crate) fn always(&self) -> WorkingTime<'_> {
        self.of(ALWAYS)
    }

    #[inline]
    fn of(&self, combination: u32) -> WorkingTime<'_> {
        let combination = &self.combinations[combination as usize];
        if let Some(limit) = &combination.limit {
            return match limit.cut.get_or_init(|| self.cut(combination, limit.most)) {
                Some(timeline) => WorkingTime { times: self, combination, kind: Kind::One(timeline) },
                None => self.of(limit.of),
            };
        }
        let kind = match &*combination.conditions {
            [] => Kind::Always,
            [one] => Kind::One(self.timeline(*one)),
            several if combination.tasks >= self.least_kept => Kind::One(combination.combined.get_or_init(|| {
                let lists = several.iter().map(|&condition| self.timeline(condition).stretches());
                Timeline::new(intersect_all(lists))
            })),
            _ => Kind::Several,
        };
        WorkingTime { times: self, combination, kind }
    }

    /// What is worked of a combination with a limit over the span; none if all is.
    fn cut(&self, combination: &Combination, most: i64) -> Option<Timeline> {
        let lists = combination.conditions.iter().map(|&condition| self.timeline(condition).stretches());
        let whole = intersect_all(lists);
        let cut = cut_weeks(&whole, most);
        (cut != whole).then(|| Timeline::new(cut))
    }

    /// The stretches of a condition.
    #[inline]
    fn timeline(&self, condition: u32) -> &Timeline {
        self.timelines[condition as usize].get_or_init(|| {
            Timeline::new(stretches(self.plan, self.conditions[condition as usize], self.from, self.to))
        })
    }

    /// The first worked moment of a combination in `from..to`, read from the calendars' definitions.
    fn first_work(&self, combination: &Combination, from: Moment, to: Moment) -> Option<Moment> {
        // Weeks are cut from their beginning on.
        let mut at = if combination.limit.is_some() { monday_of(from).max(Moment::MIN) } else { from };
        let mut weeks = 5;
        while at < to {
            let until = Moment(at.0.saturating_add(weeks * MINUTES_PER_WEEK)).min(to);
            let lists: Vec<_> = combination
                .conditions
                .iter()
                .map(|&condition| stretches(self.plan, self.conditions[condition as usize], at, until))
                .collect();
            let mut all = intersect_all(lists.iter().map(Vec::as_slice));
            if let Some(limit) = &combination.limit {
                all = cut_weeks(&all, limit.most);
            }
            if let Some(first) = all.iter().find(|stretch| stretch.1 > from) {
                return Some(first.0.max(from));
            }
            at = until;
            weeks = (weeks * 2).min(1_500);
        }
        None
    }
}

/// Finds the distinct combinations of calendars and absences.
struct Interner<'p> {
    plan: &'p Plan,
    conditions: Vec<Condition>,
    positions: FxHashMap<Condition, u32>,
    combinations: Vec<Box<[u32]>>,
    numbers: FxHashMap<Box<[u32]>, u32>,
    /// The combinations that are others with a limit: which, and how many minutes in a week.
    limits: FxHashMap<u32, (u32, i64)>,
    of_limits: FxHashMap<(u32, i64), u32>,
    /// No less than the longest week of each calendar, in minutes, once it is known.
    longest_weeks: Vec<Option<i64>>,
    /// The combination of each calendar alone, once it is known.
    of_calendar: Vec<Option<u32>>,
    /// True for resources of which there is no unit at some times.
    is_absent_at_times: Vec<bool>,
}

impl<'p> Interner<'p> {
    fn new(plan: &'p Plan) -> Interner<'p> {
        let always: Box<[u32]> = Box::default();
        Interner {
            plan,
            conditions: Vec::new(),
            positions: FxHashMap::default(),
            combinations: vec![always.clone()],
            numbers: FxHashMap::from_iter([(always, ALWAYS)]),
            limits: FxHashMap::default(),
            of_limits: FxHashMap::default(),
            longest_weeks: vec![None; plan.calendars().len()],
            of_calendar: vec![None; plan.calendars().len()],
            is_absent_at_times: plan.resources().iter().map(is_absent_at_times).collect(),
        }
    }

    fn of_calendar(&mut self, calendar: CalendarId) -> u32 {
        if let Some(known) = self.of_calendar[calendar.index()] {
            return known;
        }
        let position = self.position(Condition::Calendar(calendar));
        let number = self.number(&[position]);
        self.of_calendar[calendar.index()] = Some(number);
        number
    }

    fn of_lags(&mut self, task: TaskId, schedule: &Schedule) -> u32 {
        let plan = self.plan;
        if plan.tasks()[task].kind == TaskKind::Summary {
            return self.of_calendar(plan.project().calendar);
        }
        let calendar = plan.tasks()[task].calendar;
        let mut positions = Vec::new();
        let counted =
            if plan.tasks()[task].ignores_resource_calendars { &[] } else { schedule.assignments.row(task.index()) };
        for assignment in counted {
            let Some(resource) = plan.resources().get(assignment.resource) else { continue };
            if resource.kind == ResourceKind::Work {
                positions.push(self.position(Condition::Calendar(plan.calendar_of(assignment.resource))));
                if self.is_absent_at_times[assignment.resource.index()] {
                    positions.push(self.position(Condition::Presence(assignment.resource)));
                }
            }
        }
        if positions.is_empty() {
            return self.of_calendar(calendar.unwrap_or(plan.project().calendar));
        }
        if let Some(calendar) = calendar {
            positions.push(self.position(Condition::Calendar(calendar)));
        }
        positions.sort_unstable();
        positions.dedup();
        self.number(&positions)
    }

    /// The combination of `lags` as far as those who do a task may work on it in a week.
    ///
    /// What must run through in one stretch cannot wait for the next week.
    fn of_week(&mut self, task: TaskId, schedule: &Schedule, lags: u32) -> u32 {
        let plan = self.plan;
        let mode = schedule.placements[task].mode.and_then(|mode| plan.modes().get(mode));
        let works = mode.is_some_and(|mode| mode.duration.minutes() > Minutes::ZERO);
        let row = &plan.tasks()[task];
        if !works || row.pause == Pause::Never || !plan.has_weeks(row) {
            return lags;
        }
        let week = |assignment: &Assignment| plan.resources().get(assignment.resource)?.week_of(assignment.amount);
        let Some(most) = schedule.assignments.row(task.index()).iter().filter_map(week).min() else { return lags };
        let conditions = self.combinations[lags as usize].clone();
        let may_be_longer = conditions.iter().all(|&at| match self.conditions[at as usize] {
            Condition::Calendar(calendar) => self.longest_week(calendar) > most.0,
            Condition::Presence(_) => true,
        });
        if !may_be_longer {
            return lags;
        }
        *self.of_limits.entry((lags, most.0)).or_insert_with(|| {
            let number = self.combinations.len() as u32;
            self.combinations.push(conditions);
            self.limits.insert(number, (lags, most.0));
            number
        })
    }

    fn longest_week(&mut self, calendar: CalendarId) -> i64 {
        *self.longest_weeks[calendar.index()].get_or_insert_with(|| most_in_a_week(&self.plan.calendars()[calendar]))
    }

    fn position(&mut self, condition: Condition) -> u32 {
        *self.positions.entry(condition).or_insert_with(|| {
            self.conditions.push(condition);
            self.conditions.len() as u32 - 1
        })
    }

    fn number(&mut self, positions: &[u32]) -> u32 {
        if let Some(&number) = self.numbers.get(positions) {
            return number;
        }
        let number = self.combinations.len() as u32;
        self.combinations.push(positions.into());
        self.numbers.insert(positions.into(), number);
        number
    }
}

/// No less than the work of any week of a calendar: that of the longest shifts each weekday ever has, and of a shift that
/// reaches into the week.
fn most_in_a_week(calendar: &Calendar) -> i64 {
    let length = |shifts: &Vec<Shift>| -> i64 {
        shifts.iter().map(|shift| i64::from(shift.finish_minute) - i64::from(shift.start_minute)).sum()
    };
    let special = calendar.exceptions.iter().map(|exception| length(&exception.shifts)).max().unwrap_or(0);
    let all = calendar.week.iter().chain(calendar.exceptions.iter().map(|exception| &exception.shifts));
    let past_midnight = all.flatten().map(|shift| i64::from(shift.finish_minute) - MINUTES_PER_DAY).max();
    let of_days: i64 = calendar.week.iter().map(|shifts| length(shifts).max(special)).sum();
    of_days + past_midnight.unwrap_or(0).max(0)
}

/// The beginning of a week.
fn monday_of(moment: Moment) -> Moment {
    // 1970-01-01 was a Thursday.
    Moment(moment.0 - (moment.0 + 3 * MINUTES_PER_DAY).rem_euclid(MINUTES_PER_WEEK))
}

/// The first so many minutes of each week that are worked.
fn cut_weeks(whole: &[Stretch], most: i64) -> Vec<Stretch> {
    let mut kept: Vec<Stretch> = Vec::with_capacity(whole.len());
    let (mut week, mut left) = (Moment(i64::MIN), most);
    for &(start, finish) in whole {
        let mut at = start;
        while at < finish {
            let monday = monday_of(at);
            if monday > week {
                (week, left) = (monday, most);
            }
            let until = finish.min(monday + Minutes(MINUTES_PER_WEEK));
            let end = until.min(at + Minutes(left));
            left -= (end - at).0;
            match kept.last_mut() {
                Some(last) if last.1 == at => last.1 = end,
                _ if at < end => kept.push((at, end)),
                _ => {}
            }
            at = until;
        }
    }
    kept
}

/// True if a task runs on the clock; a milestone does not, in whatever unit its duration of zero is written.
fn is_elapsed(plan: &Plan, schedule: &Schedule, task: TaskId) -> bool {
    let mode = schedule.placements[task].mode.and_then(|mode| plan.modes().get(mode));
    mode.is_some_and(|mode| matches!(mode.duration, Duration::Elapsed(minutes) if minutes > Minutes::ZERO))
}

/// True if at some time no unit of a work resource is there.
fn is_absent_at_times(resource: &Resource) -> bool {
    resource.kind == ResourceKind::Work
        && (resource.capacity == Some(Amount::ZERO) || resource.windows.iter().any(|window| window.units.0 <= 0))
}

/// What reading a condition costs for a day.
fn steps_per_day(plan: &Plan, condition: Condition) -> i64 {
    match condition {
        Condition::Calendar(calendar) => {
            let calendar = &plan.calendars()[calendar];
            let shifts = calendar.week.iter().map(Vec::len).max().unwrap_or(0);
            (1 + shifts + calendar.exceptions.len() / 8) as i64
        }
        Condition::Presence(_) => 0,
    }
}

/// No more stretches than this has a condition in so many days.
fn most_stretches(plan: &Plan, condition: Condition, days: i64) -> i64 {
    match condition {
        Condition::Calendar(calendar) => {
            let calendar = &plan.calendars()[calendar];
            let lists = calendar.week.iter().chain(calendar.exceptions.iter().map(|exception| &exception.shifts));
            days * lists.map(Vec::len).max().unwrap_or(0) as i64
        }
        Condition::Presence(resource) => 2 * plan.resources()[resource].windows.len() as i64 + 1,
    }
}

/// The stretches in `from..to` in which a condition holds.
fn stretches(plan: &Plan, condition: Condition, from: Moment, to: Moment) -> Vec<Stretch> {
    match condition {
        Condition::Calendar(calendar) => plan.calendars()[calendar].stretches(from, to),
        Condition::Presence(resource) => {
            let mut present: Vec<Stretch> = Vec::new();
            let steps = unit_steps(&plan.resources()[resource]);
            for (at, &(start, units)) in steps.iter().enumerate() {
                let finish = steps.get(at + 1).map_or(to, |next| next.0).min(to);
                let start = start.max(from);
                if units > Amount::ZERO && start < finish {
                    match present.last_mut() {
                        Some(last) if last.1 == start => last.1 = finish,
                        _ => present.push((start, finish)),
                    }
                }
            }
            present
        }
    }
}

/// The units of a resource over time: each amount holds from its moment to the next; the first from the beginning of time.
///
/// The same as [`Resource::units_at`], for all moments at once.
pub(crate) fn unit_steps(resource: &Resource) -> Vec<(Moment, Amount)> {
    let base = resource.capacity.unwrap_or(Amount::MAX);
    let mut edges: Vec<(Moment, bool, Amount)> = Vec::new();
    for window in resource.windows.iter().filter(|window| window.from < window.to) {
        edges.push((window.from, true, window.units));
        edges.push((window.to, false, window.units));
    }
    edges.sort_unstable();
    let mut open: std::collections::BTreeMap<Amount, usize> = std::collections::BTreeMap::new();
    let mut steps = vec![(Moment(i64::MIN), base)];
    for (at, &(moment, opens, units)) in edges.iter().enumerate() {
        let count = open.entry(units).or_insert(0);
        *count = if opens { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            open.remove(&units);
        }
        let is_last_here = edges.get(at + 1).is_none_or(|next| next.0 != moment);
        if is_last_here {
            steps.push((moment, open.keys().next().copied().unwrap_or(base)));
        }
    }
    steps
}

fn intersect_all<'s>(mut lists: impl Iterator<Item = &'s [Stretch]>) -> Vec<Stretch> {
    let first = lists.next().unwrap_or_default().to_vec();
    lists.fold(first, |both, list| intersection(&both, list))
}

/// The working time of one combination of calendars and absences.
///
/// Within the span of [`WorkingTimes`] it is exact; [`WorkingTime::works_within`] is exact everywhere.
#[derive(Clone, Copy)]
pub(crate) struct WorkingTime<'t> {
    times: &'t WorkingTimes<'t>,
    combination: &'t Combination,
    kind: Kind<'t>,
}

#[derive(Clone, Copy)]
enum Kind<'t> {
    Always,
    One(&'t Timeline),
    /// The intersection of the combination's timelines, made for each question.
    Several,
}

impl<'t> WorkingTime<'t> {
    /// True if this is the clock, which works always.
    pub(crate) fn is_always(&self) -> bool {
        matches!(self.kind, Kind::Always)
    }

    fn timelines(&self) -> impl Iterator<Item = &'t Timeline> + use<'t> {
        let times = self.times;
        self.combination.conditions.iter().map(move |&at| times.timeline(at))
    }

    /// The stretch in which `moment` is worked, or else the next one; it may begin before `moment`.
    #[inline]
    fn stretch_at_or_after(&self, moment: Moment) -> Option<Stretch> {
        match self.kind {
            Kind::Always => Some((moment, Moment::MAX)),
            Kind::One(timeline) => timeline.stretch_at_or_after(moment),
            Kind::Several => {
                // Go on to the latest of the next stretches until all of them are at work.
                let mut at = moment;
                loop {
                    let (mut start, mut finish) = (Moment(i64::MIN), Moment(i64::MAX));
                    for timeline in self.timelines() {
                        let stretch = timeline.stretch_at_or_after(at)?;
                        start = start.max(stretch.0);
                        finish = finish.min(stretch.1);
                    }
                    if start <= at {
                        return Some((start, finish));
                    }
                    at = start;
                }
            }
        }
    }

    /// The stretch in which the minute before `moment` is worked, or else the last one before it; it may end after
    /// `moment`.
    fn stretch_before(&self, moment: Moment) -> Option<Stretch> {
        match self.kind {
            Kind::Always => Some((Moment::MIN, moment)),
            Kind::One(timeline) => timeline.stretch_before(moment),
            Kind::Several => {
                let mut at = moment;
                loop {
                    let (mut start, mut finish) = (Moment(i64::MIN), Moment(i64::MAX));
                    for timeline in self.timelines() {
                        let stretch = timeline.stretch_before(at)?;
                        start = start.max(stretch.0);
                        finish = finish.min(stretch.1);
                    }
                    if at <= finish {
                        return Some((start, finish));
                    }
                    at = finish;
                }
            }
        }
    }

    /// The first moment at or after `moment` at which work is done; `None` if there is none within the span.
    #[inline]
    pub(crate) fn next_work(&self, moment: Moment) -> Option<Moment> {
        self.stretch_at_or_after(moment).map(|stretch| stretch.0.max(moment))
    }

    /// The last moment at or before `moment` at which work ends or goes on; `None` if there is none within the span.
    pub(crate) fn last_work(&self, moment: Moment) -> Option<Moment> {
        self.stretch_before(moment).map(|stretch| stretch.1.min(moment))
    }

    /// The pieces of working stretches between two moments, in order.
    pub(crate) fn stretches_between(&self, from: Moment, to: Moment) -> impl Iterator<Item = Stretch> + use<'t> {
        let this = *self;
        let mut at = from;
        std::iter::from_fn(move || {
            if at >= to {
                return None;
            }
            let (start, finish) = this.stretch_at_or_after(at).filter(|stretch| stretch.0 < to)?;
            let piece = (start.max(at), finish.min(to));
            at = finish;
            Some(piece)
        })
    }

    /// Work from one moment to another; zero if the second is not later.
    #[inline]
    pub(crate) fn work_between(&self, from: Moment, to: Moment) -> Minutes {
        match self.kind {
            Kind::Always => Minutes((to - from).0.max(0)),
            Kind::One(timeline) => timeline.work_between(from, to),
            Kind::Several => Minutes(self.stretches_between(from, to).map(|(start, finish)| (finish - start).0).sum()),
        }
    }

    /// The first moment by which `work` (positive) is done if it begins at `from`; `None` if it is not done within the
    /// span.
    pub(crate) fn finish_after(&self, from: Moment, work: Minutes) -> Option<Moment> {
        match self.kind {
            Kind::Always => Some(from + work),
            Kind::One(timeline) => timeline.finish_after(from, work),
            Kind::Several => {
                let mut left = work;
                let mut stretches = self.stretches_between(from, Moment::MAX);
                loop {
                    let (start, finish) = stretches.next()?;
                    if left <= finish - start {
                        return Some(start + left);
                    }
                    left = left - (finish - start);
                }
            }
        }
    }

    /// The last moment from which `work` (positive) is done before `to`; `None` if that is before the span.
    pub(crate) fn start_before(&self, to: Moment, work: Minutes) -> Option<Moment> {
        match self.kind {
            Kind::Always => Some(to - work),
            Kind::One(timeline) => timeline.start_before(to, work),
            Kind::Several => {
                let (mut left, mut at) = (work, to);
                loop {
                    let (start, finish) = self.stretch_before(at)?;
                    let finish = finish.min(at);
                    if left <= finish - start {
                        return Some(finish - left);
                    }
                    left = left - (finish - start);
                    at = start;
                }
            }
        }
    }

    /// True if any work is done between two moments, wherever they are.
    pub(crate) fn works_within(&self, from: Moment, to: Moment) -> bool {
        if from >= to || self.is_always() {
            return from < to;
        }
        let (from, to) = (from.max(Moment::MIN), to.min(Moment::MAX));
        let within = self.next_work(from.max(self.times.from)).is_some_and(|next| next < to);
        within || self.works_before_span(from, to) || self.works_after_span(from, to)
    }

    fn works_before_span(&self, from: Moment, to: Moment) -> bool {
        self.times.first_work(self.combination, from, to.min(self.times.from)).is_some()
    }

    fn works_after_span(&self, from: Moment, to: Moment) -> bool {
        if to <= self.times.to {
            return false;
        }
        let first = || self.times.first_work(self.combination, self.times.to, Moment::MAX);
        match *self.combination.first_after_span.get_or_init(first) {
            Some(first) if first < from => self.times.first_work(self.combination, from, to).is_some(),
            first => first.is_some_and(|first| first < to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::calendar::{Calendar, Shift};
    use crate::schedule::testing::{Sketch, days, march, schedule};
    use proptest::prelude::*;

    /// A task on two people of different calendars, one of whom is away now and then.
    fn plan(windows: &[(i64, i64, i64)]) -> Plan {
        let mut sketch = Sketch::new();
        let mut late = Calendar::standard();
        late.week = std::array::from_fn(|_| vec![Shift { start_minute: 600, finish_minute: 1_500 }]);
        let late = sketch.calendar(late);
        let (ana, ben) = (sketch.person("ana"), sketch.person("ben"));
        sketch.resources[ana.index()].calendar = Some(late);
        for &(from, length, units) in windows {
            sketch.window(ben, march(1, 0) + Minutes(from), march(1, 0) + Minutes(from + length), units);
        }
        let task = sketch.task("a", days(1));
        sketch.needs(task, ana, 1);
        sketch.needs(task, ben, 1);
        sketch.build()
    }

    fn windows() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
        prop::collection::vec((0i64..30_000, 0i64..9_000, 0i64..3), 0..5)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn combinations_answer_alike_kept_or_not(
            windows in windows(), from in 0i64..40_000, length in 0i64..20_000, work in 1i64..5_000,
        ) {
            let plan = plan(&windows);
            let schedule = schedule(&plan, &[(march(2, 8), march(2, 17))]);
            let task = TaskId::new(0);
            let kept = WorkingTimes::keeping(i64::MAX, 0, &plan, &schedule, march(1, 0), march(31, 0));
            let made = WorkingTimes::keeping(0, 0, &plan, &schedule, march(1, 0), march(31, 0));
            let (kept, made) = (kept.of_task(task), made.of_task(task));
            prop_assert!(matches!(kept.kind, Kind::One(_)) && matches!(made.kind, Kind::Several));
            let from = march(1, 0) + Minutes(from);
            let to = from + Minutes(length);
            prop_assert_eq!(kept.next_work(from), made.next_work(from));
            prop_assert_eq!(kept.last_work(from), made.last_work(from));
            prop_assert_eq!(kept.work_between(from, to), made.work_between(from, to));
            prop_assert_eq!(kept.finish_after(from, Minutes(work)), made.finish_after(from, Minutes(work)));
            prop_assert_eq!(kept.start_before(from, Minutes(work)), made.start_before(from, Minutes(work)));
            prop_assert!(kept.stretches_between(from, to).eq(made.stretches_between(from, to)));
            prop_assert_eq!(kept.works_within(from, to), made.works_within(from, to));
        }

        #[test]
        fn work_beyond_the_span_is_found(windows in windows(), from in 0i64..60_000, length in 0i64..9_000) {
            let plan = plan(&windows);
            let schedule = schedule(&plan, &[(march(2, 8), march(2, 17))]);
            let wide = WorkingTimes::new(&plan, &schedule, march(1, 0), Moment(march(1, 0).0 + 90_000));
            let narrow = WorkingTimes::new(&plan, &schedule, march(10, 0), march(12, 0));
            let from = march(1, 0) + Minutes(from);
            let to = from + Minutes(length);
            let (wide, narrow) = (wide.of_task(TaskId::new(0)), narrow.of_task(TaskId::new(0)));
            prop_assert_eq!(wide.works_within(from, to), narrow.works_within(from, to));
        }

        #[test]
        fn a_week_is_cut_where_its_minutes_are_over(
            pieces in prop::collection::vec((1i64..3_000, 1i64..12_000), 0..8), most in 1i64..11_000,
        ) {
            let mut whole: Vec<Stretch> = Vec::new();
            let mut at = march(1, 0);
            for (gap, length) in pieces {
                whole.push((at + Minutes(gap), at + Minutes(gap + length)));
                at = at + Minutes(gap + length);
            }
            let works = |stretches: &[Stretch], minute: Moment| {
                stretches.iter().any(|stretch| stretch.0 <= minute && minute < stretch.1)
            };
            let cut = cut_weeks(&whole, most);
            prop_assert!(cut.windows(2).all(|pair| pair[0].1 < pair[1].0) && cut.iter().all(|it| it.0 < it.1));
            // 23 February is a Monday.
            let monday = Moment(march(1, 0).0 - 6 * MINUTES_PER_DAY);
            let mut worked = 0;
            for minute in (monday.0..at.0).map(Moment) {
                if (minute - monday).0 % MINUTES_PER_WEEK == 0 {
                    worked = 0;
                }
                let is_kept = works(&whole, minute) && worked < most;
                worked += i64::from(is_kept);
                prop_assert_eq!(works(&cut, minute), is_kept);
            }
        }

        #[test]
        fn unit_steps_say_what_a_resource_says_of_each_moment(windows in windows()) {
            let plan = plan(&windows);
            let resource = &plan.resources()[ResourceId::new(1)];
            let steps = unit_steps(resource);
            for minute in (0..45_000).step_by(97).chain(windows.iter().flat_map(|window| [window.0, window.0 + window.1])) {
                let moment = march(1, 0) + Minutes(minute);
                let at = steps.partition_point(|step| step.0 <= moment) - 1;
                prop_assert_eq!(steps[at].1, resource.units_at(moment));
            }
        }
    }
}
