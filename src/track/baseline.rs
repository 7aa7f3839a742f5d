//! A baseline: what was promised of each task, and what should have been done of it by any date.

use crate::index::{Id, IdVec, Rows};
use crate::plan::{Plan, PlannedCost, TaskId, TaskKind, TimeUnit};
use crate::schedule::{Placement, Schedule, WorkingTimes, task_budgets};
use crate::units::{Minutes, Moment, Money};

/// A schedule that was promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// What it is called.
    pub name: String,
    /// Its rows, in file order.
    pub rows: Vec<Promise>,
}

/// What was promised of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Its id then.
    pub id: Box<str>,
    /// Its name then.
    pub name: Box<str>,
    /// The task of the plan with this id, if it is still there.
    pub task: Option<TaskId>,
    /// True if it spanned others.
    pub is_summary: bool,
    /// Start.
    pub start: Moment,
    /// Finish.
    pub finish: Moment,
    /// Budget at completion; of a summary that of the tasks below it.
    pub cost: Money,
}

impl Baseline {
    /// A schedule of the plan as its baseline; of a plan of what remains with what is done, at its actual dates.
    pub fn of_schedule(plan: &Plan, schedule: &Schedule, name: &str) -> Baseline {
        let budgets = task_budgets(plan, schedule);
        let spans = schedule.spans(plan, &IdVec::new());
        let rows = plan.tasks().iter_enumerated().map(|(task, data)| {
            let (start, finish) = spans[task];
            Promise {
                id: data.id.clone(),
                name: data.name.clone(),
                task: Some(task),
                is_summary: schedule.placements[task].mode.is_none(),
                start,
                finish,
                cost: budgets[task],
            }
        });
        Baseline { name: name.to_owned(), rows: rows.collect() }
    }

    /// The baseline with the working time of each task in hours (in a plan of periods: in periods), a hundredth for each minor unit,
    /// in place of its cost.
    pub(super) fn in_hours(&self, plan: &Plan) -> Baseline {
        let minutes = if plan.project().time_unit == TimeUnit::Period { 1 } else { 60 };
        let hours = |row: &Promise| {
            let calendar = row.task.map_or(plan.project().calendar, |task| plan.own_calendar(&plan.tasks()[task]));
            let Minutes(worked) = plan.work(Some(calendar), row.start, row.finish);
            Money(worked.saturating_mul(100) / minutes)
        };
        let rows = self.rows.iter().map(|row| Promise { cost: hours(row), ..row.clone() });
        Baseline { name: self.name.clone(), rows: rows.collect() }
    }

    /// What each task was promised to cost, spent as its time goes by.
    pub(super) fn costs_by_time(&self, plan: &Plan) -> IdVec<TaskId, PlannedCost> {
        let mut costs = IdVec::filled(PlannedCost::default(), plan.tasks().len());
        for (task, cost) in self.activities().filter_map(|row| Some((row.task?, row.cost))) {
            costs[task] = PlannedCost::by_time(cost);
        }
        costs
    }

    /// The promises of single tasks: what others are made of counts once.
    pub fn activities(&self) -> impl Iterator<Item = &Promise> {
        self.rows.iter().filter(|row| !row.is_summary)
    }

    /// The promise of each task that has one, summaries included.
    pub fn by_task(&self, plan: &Plan) -> IdVec<TaskId, Option<usize>> {
        let mut by_task = IdVec::filled(None, plan.tasks().len());
        for (at, row) in self.rows.iter().enumerate() {
            if let Some(task) = row.task {
                by_task[task] = Some(at);
            }
        }
        by_task
    }

    /// When the last task should finish; `None` of an empty baseline.
    pub fn finish(&self) -> Option<Moment> {
        self.activities().map(|row| row.finish).max()
    }

    /// When the first task should start.
    pub fn start(&self) -> Option<Moment> {
        self.activities().map(|row| row.start).min()
    }
}

/// How much of promises is due by when, on the calendars of their tasks.
pub(super) struct Dues<'p> {
    plan: &'p Plan,
    times: WorkingTimes<'p>,
}

impl<'p> Dues<'p> {
    /// For moments from `from` to `to`.
    pub(super) fn new(plan: &'p Plan, from: Moment, to: Moment) -> Dues<'p> {
        // Calendars alone count: who was to do it then is not asked again.
        let nowhere = Placement { start: from, finish: from, mode: None };
        let schedule = Schedule {
            placements: IdVec::filled(nowhere, plan.tasks().len()),
            assignments: Rows::from_pairs(plan.tasks().len(), std::iter::empty()),
        };
        Dues { plan, times: WorkingTimes::new(plan, &schedule, from, to) }
    }

    /// The share, from 0 to 1, of a promise that should have been done by a moment: as its working time goes by.
    pub(super) fn share(&self, promise: &Promise, moment: Moment) -> f64 {
        if moment >= promise.finish {
            return 1.0;
        }
        if moment <= promise.start {
            return 0.0;
        }
        let calendar = match promise.task {
            Some(task) => self.plan.own_calendar(&self.plan.tasks()[task]),
            None => self.plan.project().calendar,
        };
        let time = self.times.of_calendar(calendar);
        let all = time.work_between(promise.start, promise.finish).0;
        match all {
            // On a calendar that does not work then: by the clock.
            0 => (moment - promise.start).0 as f64 / (promise.finish - promise.start).0 as f64,
            _ => time.work_between(promise.start, moment).0 as f64 / all as f64,
        }
    }

    /// The working time of the project's calendar, and of a task's own.
    pub(super) fn work(&self, task: Option<TaskId>, from: Moment, to: Moment) -> Minutes {
        let calendar =
            task.map_or(self.plan.project().calendar, |task| self.plan.own_calendar(&self.plan.tasks()[task]));
        self.times.of_calendar(calendar).work_between(from, to)
    }
}

/// All activities below a task, itself if it is one.
pub(super) fn activities_below(plan: &Plan) -> Rows<TaskId> {
    let tasks = plan.tasks();
    let pairs: Vec<(usize, TaskId)> = tasks
        .iter_enumerated()
        .filter(|(_, data)| data.kind != TaskKind::Summary)
        .flat_map(|(task, _)| {
            std::iter::successors(Some(task), |&below| tasks[below].parent).map(move |above| (above.index(), task))
        })
        .collect();
    Rows::from_pairs(tasks.len(), pairs.iter().copied())
}
