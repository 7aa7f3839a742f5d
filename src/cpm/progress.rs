//! Dates of tasks that are done, and of those that last as long as others do.

use super::analysis::NOTHING_BELOW;
use crate::index::IdVec;
use crate::plan::{ActivityType, Lag, LagAmount, Link, Plan, TaskId, TaskKind};
use crate::schedule::{Driver, TaskDates};
use crate::units::{Minutes, Moment};

/// Gives finished tasks of a plan of what remains their actual dates, and tasks of the kind level of effort those that
/// their links give them: from the earliest of the dates that hold their start to the latest of those that hold their
/// finish (as Primavera P6 does: "Level of effort activities").
pub(super) fn settle(plan: &Plan, dates: &mut IdVec<TaskId, TaskDates>) {
    let is_span = |task: TaskId| plan.tasks()[task].activity == ActivityType::LevelOfEffort;
    let progress = |task: TaskId| plan.tasks()[task].progress;
    let is_finished = |task: TaskId| plan.tasks()[task].is_finished();
    let started = |task: TaskId, dates: &TaskDates| progress(task).map_or(dates.early_start, |it| it.start);
    let finished =
        |task: TaskId, dates: &TaskDates| progress(task).and_then(|it| it.finish).unwrap_or(dates.early_finish);
    let mut spans: IdVec<TaskId, Span> = IdVec::filled(Span::default(), plan.tasks().len());
    for link in plan.spans() {
        let (before, after) = (link.predecessor, link.successor);
        if is_span(after) && !is_span(before) {
            let at = |dates: &TaskDates, early: bool| match (link.kind.from_finish(), early) {
                (true, _) if is_finished(before) => finished(before, dates),
                (true, true) => dates.early_finish,
                (true, false) => dates.late_finish,
                (false, true) => started(before, dates),
                (false, false) => dates.late_start,
            };
            let moved = |moment| shifted(plan, link, moment, false);
            spans[after].take(link.kind.to_finish(), moved(at(&dates[before], true)), moved(at(&dates[before], false)));
        }
        if is_span(before) && !is_span(after) {
            let at = |dates: &TaskDates, early: bool| match (link.kind.to_finish(), early) {
                (true, _) if is_finished(after) => finished(after, dates),
                (true, true) => dates.early_finish,
                (true, false) => dates.late_finish,
                (false, true) => started(after, dates),
                (false, false) => dates.late_start,
            };
            let moved = |moment| shifted(plan, link, moment, true);
            spans[before].take(
                link.kind.from_finish(),
                moved(at(&dates[after], true)),
                moved(at(&dates[after], false)),
            );
        }
    }
    for (task, row) in plan.tasks().iter_enumerated() {
        if !is_span(task) || row.kind == TaskKind::Summary || row.is_finished() {
            continue;
        }
        let calendar = &plan.calendars()[plan.own_calendar(row)];
        let Span { start, finish, late_start, late_finish } = spans[task];
        let here = dates[task];
        let begin = start.unwrap_or(here.early_start).max(plan.project().start);
        let early_start = calendar.shifted(begin, Minutes(1)).map_or(begin, |next| next - Minutes(1)).max(begin);
        let early_finish = finish.unwrap_or(early_start).max(early_start);
        let late_finish = late_finish.unwrap_or(here.late_finish);
        let late_start = late_start.unwrap_or(late_finish).min(late_finish);
        let by_start = calendar.work_between(early_start, late_start);
        let by_finish = calendar.work_between(early_finish, late_finish);
        dates[task] = TaskDates {
            early_start,
            early_finish,
            late_start,
            late_finish,
            total_float: super::analysis::total_float(plan, by_start, by_finish, row.progress.is_some()),
            free_float: Minutes::ZERO,
            critical: false,
            ..NOTHING_BELOW
        };
    }
    for (task, row) in plan.tasks().iter_enumerated() {
        if let Some((start, finish)) = row.progress.and_then(|progress| Some((progress.start, progress.finish?))) {
            dates[task] = TaskDates {
                early_start: start,
                early_finish: finish,
                late_start: start,
                late_finish: finish,
                total_float: Minutes::ZERO,
                free_float: Minutes::ZERO,
                critical: false,
                longest_path: false,
                driver: Driver::ProjectStart,
            };
        }
    }
}

/// Dates that hold a task.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: Option<Moment>,
    finish: Option<Moment>,
    late_start: Option<Moment>,
    late_finish: Option<Moment>,
}

impl Span {
    fn take(&mut self, is_finish: bool, early: Moment, late: Moment) {
        let (early_now, late_now) = match is_finish {
            true => (&mut self.finish, &mut self.late_finish),
            false => (&mut self.start, &mut self.late_start),
        };
        let choose = |now: Option<Moment>, new: Moment| match (now, is_finish) {
            (None, _) => new,
            (Some(now), true) => now.max(new),
            (Some(now), false) => now.min(new),
        };
        *early_now = Some(choose(*early_now, early));
        *late_now = Some(choose(*late_now, late));
    }
}

/// A moment after the lag of a link, or before it.
fn shifted(plan: &Plan, link: &Link, moment: Moment, back: bool) -> Moment {
    let Lag { amount, calendar } = link.lag;
    // What remains of a plan has no lags in percent on such links.
    let LagAmount::Minutes(minutes) = amount else { return moment };
    let minutes = if back { -minutes } else { minutes };
    if minutes == Minutes::ZERO {
        return moment;
    }
    let tasks = plan.tasks();
    match plan.lag_calendar(calendar, &tasks[link.predecessor], &tasks[link.successor]) {
        Some(calendar) => plan.calendars()[calendar].shifted(moment, minutes).unwrap_or(moment),
        None => moment + minutes,
    }
}
