//! dependencies.csv of a file.

use super::elements::Elements;
use super::model::{LagRow, LinkRow};
use super::outline::title;
use super::tasks::{Cells, Context};
use super::values::plain_number;
use crate::error::{Finding, Place, Severity};
use crate::plan::draft::{Table, TableKind};
use crate::units::Minutes;

/// The table of links.
pub(super) fn table(context: &Context<'_, '_>, elements: &mut Elements<'_>) -> Table {
    let headers = ["predecessor", "successor", "type", "lag"];
    let mut table = Table::new(TableKind::Dependencies, elements.file, headers);
    let mut cells = Cells::with(headers.len());
    let (model, outline) = (context.model, context.outline);
    for link in &model.links {
        let successor = link.successor as usize;
        let Some(row) = model.tasks.get(successor) else { continue };
        let Some(uid) = link.predecessor else {
            let place = Place::cell(elements.file, link.line, "PredecessorUID");
            elements.tally.push(Finding::error("missing-value", place, "a link does not say where it comes from"));
            continue;
        };
        let Some(predecessor) = outline.find(uid) else {
            let what = ("links to tasks outside the file", "are left out");
            elements.remarks.count((Severity::Warning, "outside-link"), what, link.line, || {
                let foreign = if link.is_foreign { "another project" } else { "nowhere" };
                format!("{} after number {uid} of {foreign}", title(row))
            });
            continue;
        };
        // Links of tasks that are left out go with them.
        if !outline.is_kept(predecessor) || !outline.is_kept(successor) {
            continue;
        }
        let Some(lag) = checked(context, link, predecessor, successor, elements) else { continue };
        cells.text(0, outline.id(predecessor));
        cells.text(1, outline.id(successor));
        cells.text(2, link.kind.code());
        match lag {
            LagRow::Working(Minutes(0)) | LagRow::Elapsed(Minutes(0)) => cells.text(3, ""),
            LagRow::Working(lag) => cells.minutes(3, Some(lag), "m"),
            LagRow::Elapsed(lag) => cells.minutes(3, Some(lag), "em"),
            LagRow::Percent(0.0) | LagRow::ElapsedPercent(0.0) => cells.text(3, ""),
            LagRow::Percent(lag) => cells.text(3, &format!("{}%", plain_number(lag, 2))),
            LagRow::ElapsedPercent(lag) => cells.text(3, &format!("{}e%", plain_number(lag, 2))),
        }
        cells.push(&mut table, link.line);
    }
    table
}

/// The lag of a link, unless the link makes no sense for summaries.
fn checked(
    context: &Context<'_, '_>,
    link: &LinkRow,
    predecessor: usize,
    successor: usize,
    elements: &mut Elements<'_>,
) -> Option<LagRow> {
    let outline = context.outline;
    let (from, to) = (outline.is_summary(predecessor), outline.is_summary(successor));
    if !from && !to {
        return Some(link.lag);
    }
    let example = || format!("{} {} {}", outline.id(predecessor), link.kind.code(), outline.id(successor));
    if outline.contains(predecessor, successor) || outline.contains(successor, predecessor) {
        let what = ("links between a summary task and a task of its own", "are left out");
        elements.remarks.count((Severity::Warning, "summary-own-descendant"), what, link.line, example);
        return None;
    }
    if from && !link.kind.from_finish() || to && link.kind.to_finish() {
        let what = (
            "links from the start of a summary task or to the finish of one",
            "are left out: they can only leave its finish and reach its start",
        );
        elements.remarks.count((Severity::Warning, "summary-link-type"), what, link.line, example);
        return None;
    }
    match link.lag {
        LagRow::Percent(share) | LagRow::ElapsedPercent(share) if from && share != 0.0 => {
            let duration = context.model.tasks.get(predecessor).and_then(|row| row.duration)?;
            let what = ("lags in percent of a summary task", "are written as the time that it lasts now");
            elements.remarks.count((Severity::Warning, "summary-percent-lag"), what, link.line, example);
            let minutes = Minutes((duration.0 as f64 * share.clamp(-1e4, 1e4) / 100.0).round() as i64);
            let is_elapsed = matches!(link.lag, LagRow::ElapsedPercent(_));
            Some(if is_elapsed { LagRow::Elapsed(minutes) } else { LagRow::Working(minutes) })
        }
        lag => Some(lag),
    }
}
