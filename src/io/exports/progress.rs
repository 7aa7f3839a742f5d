//! What is done, and what the other planner has worked out: progress.csv, dates.csv and the start of the project.

use super::project::Tasks;
use super::source::{Losses, Origin, Source};
use crate::error::{Finding, Findings};
use crate::plan::draft::{DateOrder, PlanDraft, Table, TableKind};
use crate::plan::notation::parse_civil;
use crate::units::Moment;

const START: &[&str] = &["start", "start date", "scheduled start"];
const FINISH: &[&str] = &["finish", "finish date", "scheduled finish"];

/// Headers of columns of dates.
fn date_columns(source: &Source<'_>) -> Vec<usize> {
    source.all(|header| {
        let is_date =
            ["start", "finish", "deadline", "date", "resume", "stop"].iter().any(|word| header.contains(word));
        is_date && !header.contains("slack") && !header.contains("variance")
    })
}

/// Where dates like 03/04/26 occur, other dates of the table may show which part is the day: a table has one form of dates.
/// What the user has said counts more.
pub(super) fn settle_date_order(source: &Source<'_>, draft: &mut PlanDraft, findings: &mut Findings) {
    if draft.date_order.is_some() {
        return;
    }
    let (mut is_open, mut proofs) = (false, Vec::new());
    let reads = |text: &str, order| parse_civil(text, Some(order)).ok().map(|cell| cell.date);
    for column in date_columns(source) {
        for row in 0..source.table.len() {
            let text = source.cell(row, Some(column));
            match parse_civil(text, None) {
                Err(fault) => is_open |= fault.rule == "ambiguous-date",
                Ok(cell) => {
                    let readings = [DateOrder::DayMonthYear, DateOrder::MonthDayYear];
                    let right: Vec<DateOrder> =
                        readings.into_iter().filter(|&order| reads(text, order) == Some(cell.date)).collect();
                    if let ([order], true) = (&right[..], text.contains('/')) {
                        proofs.push((*order, row, column));
                    }
                }
            }
        }
    }
    let Some(&(order, row, column)) = proofs.first() else { return };
    if is_open && proofs.iter().all(|(other, ..)| *other == order) {
        draft.date_order = Some(order);
        let words = if order == DateOrder::DayMonthYear { "day, month, year" } else { "month, day, year" };
        let text = format!("dates are read as {words}, as `{}` shows", source.cell(row, Some(column)));
        findings.push(Finding::note("date-order", source.place(row, Some(column)), text));
    }
}

/// The table of progress, if something has been done.
pub(super) fn progress(
    source: &Source<'_>,
    tasks: &Tasks<'_>,
    used: &mut Vec<Option<usize>>,
    findings: &mut Findings,
) -> Option<Table> {
    let percent = source.find(&["% complete", "percent complete", "percentage complete"]);
    let actual_start = source.find(&["actual start", "actual start date"]);
    let actual_finish = source.find(&["actual finish", "actual finish date"]);
    let remaining =
        source.find(&["remaining duration"]).filter(|column| Some(*column) != source.table.column("duration"));
    let (resume, start, finish) = (source.find(&["resume"]), source.find(START), source.find(FINISH));
    used.extend([percent, actual_start, actual_finish, remaining, resume]);
    let columns: [Origin; 6] = [
        ("task", tasks.id),
        ("actual_start", actual_start.or(start)),
        ("actual_finish", actual_finish.or(finish)),
        ("percent_complete", percent),
        ("remaining_duration", remaining),
        ("resume", resume),
    ];
    let mut table = source.new_table(TableKind::Progress, &columns);
    let mut lost = Losses::default();
    for (at, &row) in tasks.rows.iter().enumerate().filter(|(at, _)| !tasks.is_summary[*at]) {
        let share = source.cell(row, percent);
        let plain = share.trim_end_matches('%').trim().replace(',', ".").parse::<f64>();
        let is_begun = plain.as_ref().map_or(!share.is_empty(), |share| *share != 0.0);
        let mut begun = source.cell(row, actual_start);
        let mut done = source.cell(row, actual_finish);
        if !is_begun && begun.is_empty() && done.is_empty() {
            continue;
        }
        // Once a task has begun, its start is the actual one, and once it is done, its finish.
        if begun.is_empty() {
            begun = source.cell(row, start);
        }
        if done.is_empty() && plain == Ok(100.0) {
            done = source.cell(row, finish);
        }
        if begun.is_empty() {
            lost.push(&tasks.ids[at], source.place(row, percent.or(actual_finish)));
            continue;
        }
        let (left, resume) =
            if done.is_empty() { (source.cell(row, remaining), source.cell(row, resume)) } else { ("", "") };
        table.push_row(source.table.line(row), [&*tasks.ids[at], begun, done, share, left, resume]);
    }
    let text = "progress is left out where the table does not say when a task began";
    lost.report(Finding::warning, "not-carried", text, findings);
    (!table.is_empty()).then_some(table)
}

/// The table of dates, if the export has any.
pub(super) fn dates(source: &Source<'_>, tasks: &Tasks<'_>, used: &mut Vec<Option<usize>>) -> Option<Table> {
    let found: [Origin; 8] = [
        ("start", source.find(START)),
        ("finish", source.find(FINISH)),
        ("early_start", source.find(&["early start"])),
        ("early_finish", source.find(&["early finish"])),
        ("late_start", source.find(&["late start"])),
        ("late_finish", source.find(&["late finish"])),
        ("total_float", source.find(&["total slack"])),
        ("free_float", source.find(&["free slack"])),
    ];
    let mut columns: Vec<Origin> = vec![("task", tasks.id)];
    columns.extend(found.into_iter().filter(|(_, column)| column.is_some()));
    if columns.len() == 1 {
        return None;
    }
    used.extend(columns.iter().map(|(_, column)| *column));
    let mut table = source.new_table(TableKind::Dates, &columns);
    for (at, &row) in tasks.rows.iter().enumerate() {
        let cells = columns.iter().map(|&(field, column)| match field {
            "task" => &*tasks.ids[at],
            _ => source.cell(row, column),
        });
        table.push_row(source.table.line(row), cells);
    }
    Some(table)
}

/// The start of the project: the earliest start of a task.
pub(super) fn project(
    source: &Source<'_>,
    tasks: &Tasks<'_>,
    order: Option<DateOrder>,
    findings: &mut Findings,
) -> Option<Table> {
    let column = source.find(START)?;
    let starts = tasks.rows.iter().filter(|&&row| !source.cell(row, Some(column)).is_empty()).map(|&row| {
        let moment: Option<Moment> = parse_civil(source.cell(row, Some(column)), order).ok()?.start().ok();
        Some((moment?, row))
    });
    // With a start that cannot be read the earliest one is not known; the dates say which.
    let (start, row) = starts.collect::<Option<Vec<_>>>()?.into_iter().min()?;
    let text = format!("the project starts at {start}, with the earliest task of the table");
    findings.push(Finding::note("start-from-tasks", source.place(row, Some(column)), text));
    let mut table = Table::new(TableKind::Project, source.table.file().clone(), ["key", "value"]);
    table.push_row(source.table.line(row), ["start", &start.to_string()]);
    Some(table)
}
