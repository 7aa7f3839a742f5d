//! What has been done, and what the program computed: the rows of progress.csv and dates.csv.

use super::activities::{Activity, ActivityKind};
use super::elements::Node;
use super::values::{Values, decimal};
use super::wbs::Wbs;
use crate::plan::draft::{Table, TableKind};

/// The table of activities that have begun.
pub(super) fn progress(activities: &[Activity<'_>], values: &mut Values<'_>) -> Table {
    let headers = ["task", "actual_start", "actual_finish", "percent_complete", "remaining_duration", "resume"];
    let mut table = Table::new(TableKind::Progress, values.file, headers);
    for activity in
        activities.iter().filter(|activity| activity.is_started && activity.kind != ActivityKind::WbsSummary)
    {
        let node = activity.node;
        let (start, finish) = (values.date(node, "ActualStartDate"), values.date(node, "ActualFinishDate"));
        // A finish milestone has no start; both dates of an event are one.
        let start = start.or_else(|| finish.clone().filter(|_| activity.kind.is_milestone()));
        let (mut percent, mut remaining, mut resume) = (String::new(), String::new(), None);
        if !activity.is_finished {
            let kinds = [
                ("Physical", "PhysicalPercentComplete"),
                ("Duration", "DurationPercentComplete"),
                ("Units", "UnitsPercentComplete"),
                ("Scope", "ScopePercentComplete"),
            ];
            let element = values.word(node, "PercentCompleteType", &kinds).unwrap_or("DurationPercentComplete");
            percent = values.number(node, element).map(|share| decimal(share * 100.0)).unwrap_or_default();
            remaining = activity.remaining.map(|minutes| format!("{minutes}m")).unwrap_or_default();
            resume = node.text("SuspendDate").and_then(|_| values.date(node, "ResumeDate"));
            if node.text("SuspendDate").is_some() && resume.is_none() {
                values.lose("suspended activities have no date to go on and do not pause", &activity.id);
            }
        }
        let cells = [
            activity.id.as_str(),
            start.as_deref().unwrap_or_default(),
            finish.as_deref().unwrap_or_default(),
            &percent,
            &remaining,
            resume.as_deref().unwrap_or_default(),
        ];
        table.push_row(node.line, cells);
    }
    table
}

/// The table of dates as the program computed them.
pub(super) fn dates(activities: &[Activity<'_>], wbs: &Wbs<'_>, values: &mut Values<'_>) -> Table {
    let mut table = Table::with_all_columns(TableKind::Dates, values.file);
    // Of a project and its nodes only dates that were computed count, not when they are to begin.
    let summaries = wbs.list.iter().filter(|summary| summary.is_needed);
    let summaries = summaries.map(|summary| (summary.id.as_str(), summary.node, false));
    let rows = activities.iter().filter(|activity| activity.kind != ActivityKind::WbsSummary);
    for (id, node, is_activity) in summaries.chain(rows.map(|activity| (activity.id.as_str(), activity.node, true))) {
        let mut first = |names: &[&str]| {
            let names = if is_activity { names } else { names.get(1..2).unwrap_or_default() };
            names.iter().find_map(|name| values.date(node, name)).unwrap_or_default()
        };
        let start = first(&["ActualStartDate", "StartDate", "RemainingEarlyStartDate", "PlannedStartDate"]);
        let finish = first(&["ActualFinishDate", "FinishDate", "RemainingEarlyFinishDate", "PlannedFinishDate"]);
        let early = [first(&["RemainingEarlyStartDate"]), first(&["RemainingEarlyFinishDate"])];
        let late = [first(&["RemainingLateStartDate"]), first(&["RemainingLateFinishDate"])];
        let [total, free] = ["TotalFloat", "FreeFloat"].map(|name| float(node, name, values));
        let cells = [id, &start, &finish, &early[0], &early[1], &late[0], &late[1], &total, &free];
        if cells.iter().skip(1).any(|cell| !cell.is_empty()) {
            table.push_row(node.line, cells);
        }
    }
    table
}

fn float(node: &Node, name: &str, values: &mut Values<'_>) -> String {
    values.hours(node, name).map(|minutes| format!("{minutes}m")).unwrap_or_default()
}
