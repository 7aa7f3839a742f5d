//! What several tables of uncertainty have in their cells: lists of tasks, delays, costs.

use rustc_hash::FxHashSet;

use super::cells::{Cells, Reading, not_negative};
use super::report::Report;
use crate::index::Id;
use crate::plan::draft::DecimalMark;
use crate::plan::notation::{
    DistributionCell, Fault, Names, list_items, parse_distribution, parse_duration, parse_money, quoted,
};
use crate::plan::{Delay, Distribution, Duration, Task, TaskId, TaskKind};

/// Reads a list of tasks, separated by `;`, or by commas if no id has one. Each is listed once.
pub(super) fn read_tasks(cells: Cells<'_>, row: usize, names: &Names<'_, TaskId>, report: &mut Report) -> Vec<TaskId> {
    let text = cells.text(row);
    if let Some(task) = names.find(text) {
        return vec![task];
    }
    let mut tasks = Vec::new();
    let mut seen = FxHashSet::default();
    for item in list_items(text) {
        let is_whole = names.any_comma() || names.find(item).is_some();
        let parts = item.split(|c| c == ',' && !is_whole).map(str::trim).filter(|part| !part.is_empty());
        for part in parts {
            match names.find(part) {
                Some(task) if seen.insert(task) => tasks.push(task),
                Some(_) => {
                    let text = format!("task {} is named twice in the list; it counts once", quoted(part));
                    cells.warn(row, report, "named-twice", text);
                }
                None => {
                    let fault = Fault::new("unknown-task", "no such task").in_part(part);
                    cells.fault_called(row, report, "task", fault);
                }
            }
        }
    }
    tasks
}

/// Reads a delay, and refuses one of a summary.
///
/// # Arguments
/// `hit` are the tasks that are delayed, `all` those of the plan.
pub(super) fn read_delay(
    cells: Cells<'_>,
    row: usize,
    (hit, all): (&[TaskId], &[Task]),
    reading: &Reading,
    report: &mut Report,
) -> Option<Delay> {
    let delay = cells.parse(row, report, |text, mark| parse_delay(text, mark, reading))?;
    let summary = hit.iter().map(|task| &all[task.index()]).find(|task| task.kind == TaskKind::Summary);
    if let Some(summary) = summary {
        let text = format!("{} is a summary, which takes no time of its own", quoted(&summary.id));
        let fault = Fault::new("summary-with-delay", text);
        cells.fault(row, report, fault.with_hint("name the tasks below it that are delayed"));
        return None;
    }
    Some(delay)
}

/// Reads a cost, certain or not.
pub(super) fn read_cost(cells: Cells<'_>, row: usize, report: &mut Report) -> Option<Distribution> {
    cells.parse(row, report, |text, mark| {
        parse_impact(text, mark, ["800", "pert(500,800,2000)"], |text| {
            not_negative("negative-amount", parse_money(text, mark)).map(|money| money.0 as f64)
        })
    })
}

/// A delay: working or elapsed time, not both, alone or in a distribution.
pub(super) fn parse_delay(text: &str, mark: DecimalMark, reading: &Reading) -> Result<Delay, Fault> {
    let mut elapsed = None;
    let minutes = parse_impact(text, mark, ["2d", "pert(1d,2d,5d)"], |text| {
        let duration = parse_duration(text, &reading.scale, mark)?;
        let minutes = not_negative("negative-duration", Ok(duration.minutes()))?;
        let is_elapsed = matches!(duration, Duration::Elapsed(_));
        if minutes.0 != 0 && *elapsed.get_or_insert(is_elapsed) != is_elapsed {
            return Err(Fault::new("mixed-estimate", "working and elapsed time are mixed"));
        }
        Ok(minutes.0 as f64)
    })?;
    Ok(Delay { is_elapsed: elapsed.unwrap_or(false), minutes })
}

/// A distribution with its values, or a value alone, which is certain.
fn parse_impact(
    text: &str,
    mark: DecimalMark,
    [value_example, example]: [&str; 2],
    mut value: impl FnMut(&str) -> Result<f64, Fault>,
) -> Result<Distribution, Fault> {
    let is_alone = !text.contains('(');
    if is_alone && text.contains(|c: char| c.is_ascii_digit()) {
        return value(text).map(Distribution::Fixed);
    }
    match parse_distribution(text, mark, value) {
        Ok(DistributionCell::Full(distribution)) => Ok(distribution),
        Ok(DistributionCell::Family(_)) => {
            Err(Fault::new("bad-distribution", format!("needs its values in brackets, as in `{example}`")))
        }
        Err(_) if is_alone => Err(Fault::new(
            "bad-distribution",
            format!("expected a value such as `{value_example}` or a distribution such as `{example}`"),
        )),
        Err(fault) => Err(fault),
    }
}
