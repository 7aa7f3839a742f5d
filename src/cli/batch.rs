//! Many plans at once: a row each, whatever becomes of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use floatline::effort::{Control, Stopwatch};
use floatline::error::Result;
use floatline::io::results::{self, SummaryRow, write_summary};
use floatline::io::write_files;
use floatline::waves::in_parallel;

use super::files::{SUMMARY_FILE, write_answer, write_failure};
use super::log::Log;
use super::plans::{self, Job};
use super::progress::Line;
use super::settings::{Format, Settings};
use super::solve::{self, Task, answer};
use super::{Verdict, print, summary};

/// Solves all jobs in parallel and shows a row for each, in the order of the jobs.
pub fn run(
    jobs: &[Job],
    arguments: &solve::Arguments,
    settings: &Settings,
    cancelled: Arc<AtomicBool>,
    log: &Log,
) -> Result<Verdict> {
    plans::refuse_clashes(jobs, SUMMARY_FILE)?;
    // Found out before the work begins.
    let starts = jobs.iter().map(|job| arguments.start_of(Some(&job.name))).collect::<Result<Vec<_>>>()?;
    let line = Line::steps(settings.quiet, jobs.len());
    let rows = in_parallel(jobs.len(), |at| {
        let control = Control::with_cancel_flag(settings.limits, cancelled.clone());
        let start = starts[at].clone();
        let row = work(&Task { job: &jobs[at], number: at, start, arguments, settings, control: &control, log });
        line.step(&jobs[at].name);
        row
    });
    line.clear();
    let rows = rows.into_iter().collect::<Result<Vec<SummaryRow>>>()?;
    if let Some(out) = &settings.out {
        write_files(out, &[(SUMMARY_FILE, &|to| write_summary(&rows, results::Format::Csv, to))])?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print_table(&rows, settings)?,
        Format::Csv => print::out(|to| write_summary(&rows, results::Format::Csv, to))?,
        Format::Json => print::out(|to| write_summary(&rows, results::Format::Json, to))?,
    }
    let any = |statuses: &[&str]| rows.iter().any(|row| statuses.contains(&&*row.status));
    Ok(if any(&["invalid", "failed"]) {
        Verdict::WrongInput
    } else if any(&["infeasible"]) {
        Verdict::Infeasible
    } else {
        Verdict::Done
    })
}

/// Solves one plan and writes its files.
///
/// # Errors
/// If files cannot be written: that would happen to all plans. Everything else becomes the plan's row.
fn work(task: &Task<'_>) -> Result<SummaryRow> {
    let Task { job, arguments, settings, control, .. } = task;
    if control.is_cancelled() {
        let row = summary::cancelled_row(&job.name, settings.seed);
        task.log.end(task.number, &results::log_failure(&row.plan, &row.status, &row.message, 0.0));
        return Ok(row);
    }
    let result = answer(task, &mut Stopwatch::start(), &|_, _| {});
    let folder: Option<PathBuf> = settings.out.as_ref().map(|out| out.join(&job.name));
    match result {
        Ok(answer) => {
            if let Some(folder) = &folder {
                let told = answer.told((None, Some(folder)), settings)?;
                write_answer(folder, &answer, told.as_ref(), arguments.period(), None)?;
            }
            let mut row = summary::row(&job.name, &answer.plan, &answer.outcome, control, settings.seed);
            if let Some(first) = answer.start_findings.iter().next() {
                let more = answer.start_findings.iter().count() - 1;
                let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
                let separator = if row.message.is_empty() { "" } else { "; " };
                row.message = format!("{}{separator}{first}{more}", row.message);
            }
            Ok(row)
        }
        Err(error) => {
            if let Some(folder) = folder.filter(|_| error.is_infeasible()) {
                write_failure(&folder, None)?;
            }
            Ok(summary::error_row(&job.name, &error, control, settings.seed))
        }
    }
}

/// The rows for people.
fn print_table(rows: &[SummaryRow], settings: &Settings) -> Result<()> {
    // The start and the bound are left to the file, so that a row fits a terminal.
    let headers = ["plan", "status", "finish", "makespan", "gap", "cost"];
    let rounded = |text: &Option<String>| match text.as_deref().map(str::parse) {
        Some(Ok(number)) => summary::two_decimals(number),
        _ => String::new(),
    };
    let cells = rows.iter().map(|row| {
        vec![
            row.plan.clone(),
            row.status.clone(),
            row.finish.clone().unwrap_or_default(),
            rounded(&row.makespan),
            row.gap.map_or_else(String::new, summary::percent),
            row.cost.map_or_else(String::new, |cost| summary::money_text(cost, "")),
        ]
    });
    let mut table = print::table(&headers, &[3, 4, 5], cells);
    print::keep_whole(&mut table, &[0, 1, 2, 3, 4, 5]);
    print::out(|to| {
        print::write_table(to, &table)?;
        for (at, row) in rows.iter().filter(|row| !row.message.is_empty()).enumerate() {
            writeln!(to, "{}{}: {}", if at == 0 { "\n" } else { "" }, row.plan, row.message)?;
        }
        let with = |status: &str| rows.iter().filter(|row| row.status == status).count();
        let statuses = ["optimal", "feasible", "unknown", "infeasible", "invalid", "failed"];
        let counts: Vec<String> = statuses
            .iter()
            .map(|status| (with(status), status))
            .filter(|(number, _)| *number > 0)
            .map(|(number, status)| format!("{number} {status}"))
            .collect();
        writeln!(to, "\n{}: {}", print::count(rows.len(), "plan"), counts.join(", "))?;
        match &settings.out {
            Some(out) => writeln!(to, "wrote {} and a folder for each schedule to {}", SUMMARY_FILE, out.display()),
            None => Ok(()),
        }
    })
}
