//! progress.csv: what had been done of tasks, and when that was so.

use rustc_hash::FxHashSet;

use super::cells::{Cells, Edge, Reading, not_negative};
use super::report::Report;
use crate::index::Id;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, Names, parse_decimal, parse_duration, quoted};
use crate::plan::{Duration, Progress, ProgressReport, Project, Task, TaskId, TaskKind};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Share};

/// Reads the table.
///
/// # Arguments
/// The tasks with their durations in tasks.csv; of a task in several modes the first is under way.
///
/// # Returns
/// The reports, by task and date.
pub(super) fn read(
    table: &Table,
    (tasks, durations): (&[Task], &[Option<Duration>]),
    names: &Names<'_, TaskId>,
    (reading, project): (&Reading, &Project),
    report: &mut Report,
) -> Vec<ProgressReport> {
    let status_date = project.status_date;
    let cells = |field| Cells::of(table, field);
    let (ids, percents, remains) = (cells("task"), cells("percent_complete"), cells("remaining_duration"));
    let (starts, finishes, resumes) = (cells("actual_start"), cells("actual_finish"), cells("resume"));
    let reported = cells("date");
    let mut seen: FxHashSet<(TaskId, Option<Moment>)> = FxHashSet::default();
    let mut rows: Vec<Row> = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        ids.require(row, report);
        let task = ids.task(row, names, report);
        let date = |cells: Cells<'_>, edge: Edge, report: &mut Report| {
            cells.parse(row, report, |text, mark| reading.moment_if_any(text, mark, edge)).flatten()
        };
        let own_date = date(reported, Edge::Start, report);
        let start = date(starts, Edge::Start, report);
        let finish = date(finishes, Edge::End, report);
        let resume = date(resumes, Edge::Start, report);
        let percent = percents.parse(row, report, |text, mark| {
            let number = text.trim().strip_suffix('%').unwrap_or(text).trim();
            let share = parse_decimal(number, mark)?.to_f64();
            let is_share = (0.0..=100.0).contains(&share);
            is_share.then_some(share).ok_or_else(|| Fault::new("bad-percent", "expected percent from 0 to 100"))
        });
        let remaining = remains.parse(row, report, |text, mark| {
            let duration = parse_duration(text, &reading.scale, mark)?;
            not_negative("negative-duration", Ok(duration.minutes()))
        });
        let Some(task) = task else { continue };
        if tasks[task.index()].kind == TaskKind::Summary {
            let fault = Fault::new("summary-with-progress", "a summary has no progress of its own");
            ids.fault(row, report, fault.with_hint("give the progress to the tasks below it"));
            continue;
        }
        let at = own_date.or(status_date);
        if !seen.insert((task, at)) {
            let fault = Fault::new("duplicate-id", "the task has a row for this date already");
            let hint = "the column `date` says when a row was so; rows of earlier dates may stay";
            ids.fault(row, report, fault.with_hint(hint));
            continue;
        }
        // What takes no time starts and finishes at once: one of its dates is enough.
        let is_milestone = tasks[task.index()].kind == TaskKind::Milestone;
        let (start, finish) = match is_milestone {
            true => (start.or(finish), finish.or(start.filter(|_| percent.is_none_or(|percent| percent >= 100.0)))),
            false => (start, finish),
        };
        let Some(start) = start else {
            let has_more = finish.is_some() || percent.is_some_and(|percent| percent > 0.0);
            if has_more && starts.text(row).is_empty() {
                let text = "work has been done on the task, so it needs an actual start";
                ids.fault(row, report, Fault::new("progress-without-start", text));
            }
            rows.push(Row { row, percent: None, report: ProgressReport { task, at, progress: None } });
            continue;
        };
        // The midnight that ends a date is no later than the one that begins the next.
        let begins =
            |cells: Cells<'_>| reading.moment_if_any(cells.text(row), table.decimal_mark, Edge::Start).ok().flatten();
        let is_day_before = begins(starts).zip(begins(finishes)).is_some_and(|(start, finish)| finish < start);
        if finish.is_some_and(|finish| finish < start) || is_day_before {
            let text = format!("before the actual start, {}", quoted(starts.text(row)));
            finishes.fault(row, report, Fault::new("finish-before-start", text));
            continue;
        }
        if finish.is_some() {
            let text =
                "the row has an actual finish, and finished work is complete: leave the cell or the finish empty";
            let contradiction = || Fault::new("finished-yet-incomplete", text);
            if percent.is_some_and(|percent| percent < 100.0) {
                percents.fault(row, report, contradiction());
            }
            if remaining.is_some_and(|remaining| remaining > Minutes::ZERO) {
                remains.fault(row, report, contradiction());
            }
        }
        if start < project.start && end_of_day(start, reading) <= project.start {
            let text = format!("work began before the project starts, {}", reading.shown_date(project.start));
            let cells = if starts.text(row).is_empty() { finishes } else { starts };
            cells.warn(row, report, "progress-before-project", text);
        }
        let (limit, what) = match own_date {
            Some(own) => (Some(own), "the date of the row"),
            None => (status_date, "the status date"),
        };
        for (cells, moment) in [(starts, Some(start)), (finishes, finish)] {
            if let (Some(moment), Some(limit)) = (moment, limit)
                && moment > end_of_day(limit, reading)
                && !cells.text(row).is_empty()
            {
                let text = format!("actual dates must not lie after {what}, {}", reading.shown_date(limit));
                cells.warn(row, report, "progress-after-status-date", text);
            }
        }
        let whole = durations[task.index()].map_or(Minutes::ZERO, Duration::minutes);
        let left = match (finish, remaining, percent) {
            (Some(_), ..) => Minutes::ZERO,
            (None, Some(remaining), _) => remaining,
            (None, None, Some(percent)) => Minutes((whole.0 as f64 * (100.0 - percent) / 100.0).round() as i64),
            (None, None, None) => whole,
        };
        let complete = match (finish, percent) {
            (Some(_), _) => 100.0,
            (None, Some(percent)) => percent,
            (None, None) if whole > Minutes::ZERO => 100.0 * (whole - left).0.max(0) as f64 / whole.0 as f64,
            (None, None) => 0.0,
        };
        let complete = Share((complete * 100.0).round() as i32);
        let progress = Some(Progress { start, finish, remaining: left, resume, complete });
        rows.push(Row { row, percent, report: ProgressReport { task, at, progress } });
    }
    rows.sort_by_key(|row| (row.report.task, row.report.at));
    for of_task in rows.chunk_by(|one, other| one.report.task == other.report.task) {
        check_history(table, of_task, report);
    }
    rows.into_iter().map(|row| row.report).collect()
}

/// A row that could be read.
struct Row {
    row: usize,
    /// The cell, if it is filled.
    percent: Option<f64>,
    report: ProgressReport,
}

/// The last moment that belongs to a date. What is told of a day was so at its beginning or in its course; a moment with a time
/// of day, or a period, is as exact as it is.
fn end_of_day(moment: Moment, reading: &Reading) -> Moment {
    match reading.has_days() && moment.minute_of_day() == 0 {
        true => moment + Minutes(MINUTES_PER_DAY),
        false => moment,
    }
}

/// Holds the rows of a task, by date, against each other: what was done is not undone.
fn check_history(table: &Table, rows: &[Row], report: &mut Report) {
    let cells = |field| Cells::of(table, field);
    let (ids, percents) = (cells("task"), cells("percent_complete"));
    let (dates, starts, finishes) = (cells("date"), cells("actual_start"), cells("actual_finish"));
    let told = |row: &Row| {
        let line = table.line(row.row);
        match dates.text(row.row) {
            "" => format!("line {line}"),
            date => format!("line {line}, of {date}"),
        }
    };
    let (mut begun, mut percent, mut finished): (Option<&Row>, Option<&Row>, Option<&Row>) = (None, None, None);
    for row in rows {
        let progress = row.report.progress;
        if let Some(before) = finished {
            let done = finishes.text(before.row);
            let is_open = |progress: Progress| progress.finish.is_none() && progress.complete < Share(10_000);
            if progress.is_none_or(is_open) {
                let text = format!("the task was finished on {done} already, by {}", told(before));
                let fault = Fault::new("finished-before", text);
                let hint = "what is done again is a task of its own; or correct the earlier row";
                ids.fault(row.row, report, fault.with_hint(hint));
                continue;
            }
            let finish = |row: &Row| row.report.progress.and_then(|progress| progress.finish);
            if finish(row).is_some_and(|now| Some(now) != finish(before)) {
                let text = format!("the actual finish was {done}, by {}; this one counts", told(before));
                finishes.warn(row.row, report, "actual-date-changes", text);
            }
        } else if let (Some(now), Some(before)) = (row.percent, percent)
            && before.percent.is_some_and(|before| before > now)
        {
            let text = format!("less than the {} of {}", percents.text(before.row), told(before));
            percents.warn(row.row, report, "percent-falls", text);
        }
        if let (Some(now), Some(before)) = (progress, begun)
            && before.report.progress.is_some_and(|before| before.start != now.start)
        {
            let text =
                format!("the actual start was {}, by {}; this one counts", starts.text(before.row), told(before));
            starts.warn(row.row, report, "actual-date-changes", text);
        }
        begun = progress.map(|_| row).or(begun);
        percent = row.percent.map(|_| row).or(percent);
        finished = progress.and_then(|progress| progress.finish).map(|_| row).or(finished);
    }
}
