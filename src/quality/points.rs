//! The fourteen points of the DCMA.

use super::shape::{Links, open};
use crate::cpm::{self, Basis};
use crate::error::Result;
use crate::index::{Id, IdVec};
use crate::network::compile_for_dates;
use crate::plan::{ConstraintKind, Duration, LinkId, LinkKind, ModeId, Plan, Task, TaskId, TaskKind};
use crate::schedule::{TaskDates, working_time};
use crate::solve::FormerSchedule;
use crate::units::{MINUTES_PER_WEEK, Minutes, Moment, Money};

/// One of the fourteen points.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// From 1 to 14.
    pub number: usize,
    /// What is looked at.
    pub name: &'static str,
    /// What is counted among.
    pub of: &'static str,
    /// How many there are of them.
    pub base: usize,
    /// How many of them are conspicuous; of links from finish to start, how many are others.
    pub count: usize,
    /// What may be.
    pub limit: Limit,
    /// What is: a share of the base in percent, or an index.
    pub value: Option<f64>,
    /// Whether that is within the limit.
    pub verdict: Verdict,
    /// Which they are, in the order of the tables.
    pub offenders: Vec<Offender>,
}

/// What may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// No more than this share, in percent.
    AtMost(f64),
    /// At least this share, in percent.
    AtLeast(f64),
    /// At least this index.
    Index(f64),
}

/// Whether a point is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not.
    Missed,
    /// It cannot be judged, and why.
    Open(&'static str),
}

/// What is conspicuous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offender {
    /// A task.
    Task(TaskId),
    /// A link.
    Link(LinkId),
}

/// Working days beyond which floats and durations are too long.
const MOST_DAYS: i64 = 44;
/// Working days by which the critical path test makes a task longer.
const BIG_DELAY: i64 = 600;

/// A plan that is looked at.
pub struct Judged<'a> {
    /// The whole of it.
    pub plan: &'a Plan,
    /// What is left to do.
    pub left: &'a Plan,
    /// Dates by links, calendars and constraints alone.
    pub dates: &'a IdVec<TaskId, TaskDates>,
    /// The links of each task.
    pub links: &'a Links,
    /// What was promised, if that is known.
    pub baseline: Option<&'a FormerSchedule>,
}

/// All points.
///
/// # Errors
/// As [`compile_for_dates`].
pub fn all(judged: &Judged<'_>) -> Result<Vec<Point>> {
    Ok(vec![
        judged.missing_logic(),
        judged.links_that(2, "leads (negative lags)", Limit::AtMost(0.0), |link| link.lag.is_lead()),
        judged.links_that(3, "lags", Limit::AtMost(5.0), |link| link.lag.sign().is_gt()),
        judged.links_that(4, "links from finish to start", Limit::AtLeast(90.0), |link| {
            link.kind != LinkKind::FinishToStart
        }),
        judged.tasks_that(5, "hard constraints", Limit::AtMost(5.0), &|_, row| is_held(row)),
        judged.tasks_that(6, "total float above 44 days", Limit::AtMost(5.0), &|task, _| {
            judged.dates[task].total_float > judged.days(MOST_DAYS)
        }),
        judged.tasks_that(7, "negative float", Limit::AtMost(0.0), &|task, _| {
            judged.dates[task].total_float < Minutes::ZERO
        }),
        judged.tasks_that(8, "durations above 44 days", Limit::AtMost(5.0), &|task, _| {
            judged.duration(task) > judged.days(MOST_DAYS)
        }),
        judged.invalid_dates(),
        judged.without_resources(),
        judged.missed_tasks(),
        judged.critical_path_test()?,
        judged.length_index(),
        judged.execution_index(),
    ])
}

fn open_point(number: usize, name: &'static str, limit: Limit, why: &'static str) -> Point {
    let verdict = Verdict::Open(why);
    Point { number, name, of: "", base: 0, count: 0, limit, value: None, verdict, offenders: Vec::new() }
}

/// True if a constraint keeps a task from moving with the logic.
fn is_held(row: &Task) -> bool {
    row.constraints().any(|constraint| {
        matches!(
            constraint.kind,
            ConstraintKind::MustStartOn
                | ConstraintKind::MustFinishOn
                | ConstraintKind::StartNoLaterThan
                | ConstraintKind::FinishNoLaterThan
        )
    })
}

impl Judged<'_> {
    fn days(&self, days: i64) -> Minutes {
        Minutes(days * self.plan.project().minutes_per_day.0)
    }

    fn duration(&self, task: TaskId) -> Minutes {
        self.left.modes_of(task).first().map_or(Minutes::ZERO, |mode| mode.duration.minutes())
    }

    fn point(
        &self,
        (number, name, of): (usize, &'static str, &'static str),
        limit: Limit,
        base: usize,
        offenders: Vec<Offender>,
    ) -> Point {
        let count = offenders.len();
        let share = |count: usize| if base == 0 { 0.0 } else { 100.0 * count as f64 / base as f64 };
        let (value, is_met) = match limit {
            Limit::AtMost(most) => (share(count), share(count) <= most),
            Limit::AtLeast(_) if base == 0 => (100.0, true),
            Limit::AtLeast(least) | Limit::Index(least) => (share(base - count), share(base - count) >= least),
        };
        let verdict = if is_met { Verdict::Met } else { Verdict::Missed };
        Point { number, name, of, base, count, limit, value: Some(value), verdict, offenders }
    }

    fn tasks_that(
        &self,
        number: usize,
        name: &'static str,
        limit: Limit,
        is_meant: &dyn Fn(TaskId, &Task) -> bool,
    ) -> Point {
        let found = open(self.plan).filter(|(task, row)| is_meant(*task, row)).map(|(task, _)| Offender::Task(task));
        self.point((number, name, "activities"), limit, open(self.plan).count(), found.collect())
    }

    fn links_that(
        &self,
        number: usize,
        name: &'static str,
        limit: Limit,
        is_meant: impl Fn(&crate::plan::Link) -> bool,
    ) -> Point {
        let links =
            || self.plan.links().iter_enumerated().filter(|(_, link)| !self.plan.tasks()[link.successor].is_finished());
        let found = links().filter(|(_, link)| is_meant(link)).map(|(id, _)| Offender::Link(id)).collect();
        self.point((number, name, "links"), limit, links().count(), found)
    }

    /// Activities without a predecessor or without a successor. A plan has a first and a last one: where there is only one
    /// without predecessors, and only one without successors, these are not meant.
    fn missing_logic(&self) -> Point {
        let starts: Vec<TaskId> =
            open(self.plan).map(|(task, _)| task).filter(|&task| self.links.of[task].into.0 == 0).collect();
        let ends: Vec<TaskId> =
            open(self.plan).map(|(task, _)| task).filter(|&task| self.links.of[task].out_of.0 == 0).collect();
        let is_meant = |task: TaskId, _: &Task| {
            starts.len() > 1 && starts.binary_search(&task).is_ok()
                || ends.len() > 1 && ends.binary_search(&task).is_ok()
        };
        self.tasks_that(1, "missing predecessors or successors", Limit::AtMost(5.0), &is_meant)
    }

    /// Actual dates after the status date, and forecasts of another planner before it.
    fn invalid_dates(&self) -> Point {
        let (number, name, limit) = (9, "invalid dates", Limit::AtMost(0.0));
        let Some(now) = self.plan.project().status_date else {
            return open_point(number, name, limit, "there is no status date");
        };
        let is_invalid = |task: TaskId, row: &Task| {
            let actual = row.progress.map(|progress| (progress.start, progress.finish));
            let is_future = |moment: Moment| moment > now;
            let actual_in_future =
                actual.is_some_and(|(start, finish)| is_future(start) || finish.is_some_and(is_future));
            let stored = self.plan.stored().get(task);
            let is_past = |moment: Option<Moment>| moment.is_some_and(|moment| moment < now);
            let forecast_in_past = stored.is_some_and(|stored| {
                actual.is_none() && is_past(stored.start)
                    || actual.is_none_or(|(_, finish)| finish.is_none()) && is_past(stored.finish)
            });
            actual_in_future || forecast_in_past
        };
        let tasks = || self.plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary);
        let found = tasks().filter(|(task, row)| is_invalid(*task, row)).map(|(task, _)| Offender::Task(task));
        self.point((number, name, "activities, finished ones too"), limit, tasks().count(), found.collect())
    }

    /// The activities that the baseline has finished by the status date, with the finishes that it gives them.
    ///
    /// # Errors
    /// Why that cannot be said.
    fn due(&self) -> std::result::Result<Vec<(TaskId, Moment)>, &'static str> {
        let baseline = self.baseline.ok_or("there is no baseline")?;
        let now = self.plan.project().status_date.ok_or("there is no status date")?;
        let works = self.plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary);
        let finish = |task: TaskId| baseline.finishes.get(task).copied().flatten();
        let due: Vec<(TaskId, Moment)> =
            works.filter_map(|(task, _)| Some((task, finish(task)?))).filter(|&(_, finish)| finish <= now).collect();
        if due.is_empty() { Err("the baseline has nothing finished by the status date") } else { Ok(due) }
    }

    /// Activities that should be finished by the status date and finished later, or are going to.
    fn missed_tasks(&self) -> Point {
        let (number, name, limit) = (11, "missed tasks", Limit::AtMost(5.0));
        let due = match self.due() {
            Ok(due) => due,
            Err(why) => return open_point(number, name, limit, why),
        };
        let finish = |task: TaskId| {
            let actual = self.plan.tasks()[task].progress.and_then(|progress| progress.finish);
            actual.unwrap_or(self.dates[task].early_finish)
        };
        // A finish that says no time is the end of its day: late is what could work in between.
        let is_late = |&&(task, promised): &&(TaskId, Moment)| {
            let by_the_clock =
                self.plan.modes_of(task).first().is_some_and(|mode| matches!(mode.duration, Duration::Elapsed(_)));
            let calendar = (!by_the_clock).then(|| self.plan.own_calendar(&self.plan.tasks()[task]));
            self.plan.work(calendar, promised, finish(task)) > Minutes::ZERO
        };
        let late = due.iter().filter(is_late);
        let late = late.map(|&(task, _)| Offender::Task(task)).collect();
        self.point((number, name, "activities due by the status date"), limit, due.len(), late)
    }

    /// The baseline execution index: activities that are finished against those that the baseline has finished.
    fn execution_index(&self) -> Point {
        let (number, name, limit) = (14, "baseline execution index", Limit::Index(0.95));
        let due = match self.due() {
            Ok(due) => due,
            Err(why) => return open_point(number, name, limit, why),
        };
        let rows = || self.plan.tasks().iter().filter(|row| row.kind != TaskKind::Summary);
        let done = rows().filter(|row| row.is_finished()).count();
        let is_open = |&&(task, _): &&(TaskId, Moment)| !self.plan.tasks()[task].is_finished();
        let offenders: Vec<Offender> = due.iter().filter(is_open).map(|&(task, _)| Offender::Task(task)).collect();
        let index = done as f64 / due.len() as f64;
        let verdict = if index >= 0.95 { Verdict::Met } else { Verdict::Missed };
        let (base, count) = (due.len(), offenders.len());
        Point {
            number,
            name,
            of: "activities due by the status date",
            base,
            count,
            limit,
            value: Some(index),
            verdict,
            offenders,
        }
    }

    /// Activities that take time and have neither resources nor cost.
    fn without_resources(&self) -> Point {
        let works = || open(self.plan).filter(|(task, _)| self.duration(*task) > Minutes::ZERO);
        let is_bare = |task: TaskId, row: &Task| {
            let modes = self.plan.modes_of(task);
            row.fixed_cost == Money::ZERO
                && modes.iter().all(|mode| mode.cost == Money::ZERO && self.plan.demands_of(mode).is_empty())
        };
        let found = works().filter(|(task, row)| is_bare(*task, row)).map(|(task, _)| Offender::Task(task)).collect();
        self.point(
            (10, "no resources and no cost", "activities that take time"),
            Limit::AtMost(0.0),
            works().count(),
            found,
        )
    }

    /// A big delay of a critical task has to reach the finish of the project.
    fn critical_path_test(&self) -> Result<Point> {
        let (number, name, limit) = (12, "critical path test", Limit::AtLeast(100.0));
        let works = |task: &TaskId| self.duration(*task) > Minutes::ZERO && self.dates[*task].longest_path;
        let Some(task) = open(self.plan)
            .map(|(task, _)| task)
            .filter(works)
            .max_by_key(|&task| (self.duration(task), std::cmp::Reverse(task)))
        else {
            return Ok(open_point(number, name, limit, "no open task takes time on the longest path"));
        };
        let at = self.left.tasks()[task].modes.start;
        let count = self.left.modes_of(task).len();
        let longer: Vec<(ModeId, Minutes)> = (0..count)
            .map(|number| ModeId::new(at.index() + number))
            .map(|mode| (mode, self.left.modes()[mode].duration.minutes() + self.days(BIG_DELAY)))
            .collect();
        let delayed = self.left.with_durations(&longer);
        let network = compile_for_dates(&delayed)?;
        let modes = cpm::quickest_modes(&network);
        let dates = cpm::analyse(&delayed, &network, &modes, Basis::Logic);
        let finish = |dates: &IdVec<TaskId, TaskDates>| open(self.plan).map(|(task, _)| dates[task].early_finish).max();
        let of_task = dates[task].early_finish - self.dates[task].early_finish;
        let of_project = match (finish(&dates), finish(self.dates)) {
            (Some(after), Some(before)) => after - before,
            _ => Minutes::ZERO,
        };
        // Weekends and holidays fall differently.
        let passes = of_project.0 + MINUTES_PER_WEEK >= of_task.0;
        let offenders = if passes { Vec::new() } else { vec![Offender::Task(task)] };
        Ok(self.point((number, name, "delays that reach the finish"), limit, 1, offenders))
    }

    /// The critical path length index: (length + float to the deadline) / length.
    fn length_index(&self) -> Point {
        let (number, name, limit) = (13, "critical path length index", Limit::Index(0.95));
        let Some(deadline) = self.plan.project().deadline else {
            return open_point(number, name, limit, "the project has no deadline");
        };
        let begin = self.plan.project().status_date.unwrap_or(self.plan.project().start);
        let finish = open(self.plan).map(|(task, _)| self.dates[task].early_finish).max().unwrap_or(begin);
        let length = working_time(self.plan, begin, finish.max(begin)).0 as f64;
        if length == 0.0 {
            return open_point(number, name, limit, "nothing is left to do");
        }
        let float = match deadline >= finish {
            true => working_time(self.plan, finish, deadline).0 as f64,
            false => -(working_time(self.plan, deadline, finish).0 as f64),
        };
        let index = (length + float) / length;
        let verdict = if index >= 0.95 { Verdict::Met } else { Verdict::Missed };
        Point { number, name, of: "", base: 0, count: 0, limit, value: Some(index), verdict, offenders: Vec::new() }
    }
}
