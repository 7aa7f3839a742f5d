//! Relationships: the rows of dependencies.csv.

use std::collections::HashMap;

use super::activities::{Activity, ActivityKind};
use super::elements::{Document, Kind};
use super::values::Values;
use crate::error::Finding;
use crate::plan::draft::{Table, TableKind};

const KINDS: [(&str, &str); 4] =
    [("Finish to Start", "FS"), ("Start to Start", "SS"), ("Finish to Finish", "FF"), ("Start to Finish", "SF")];

/// The table of links.
///
/// # Arguments
/// `lag_calendars` has the word for the calendar of lags of each project; that of the successor's project counts.
pub(super) fn table(
    document: &Document,
    activities: &[Activity<'_>],
    lag_calendars: &[&'static str],
    values: &mut Values<'_>,
) -> Table {
    let headers = ["predecessor", "successor", "type", "lag", "lag_calendar"];
    let mut table = Table::new(TableKind::Dependencies, values.file, headers);
    let by_object_id: HashMap<&str, &Activity<'_>> =
        activities.iter().map(|activity| (activity.object_id, activity)).collect();
    for node in document.nodes(Kind::Relationship) {
        let ends = ["PredecessorActivityObjectId", "SuccessorActivityObjectId"];
        let [from, to] = ends.map(|end| by_object_id.get(node.text(end).unwrap_or_default()));
        let (Some(from), Some(to)) = (from, to) else {
            let known = from.or(to).map_or("", |activity| activity.id.as_str());
            values.lose("links lead to activities that are not in the file and are left out", known);
            continue;
        };
        if let Some(end) = [from, to].into_iter().find(|end| end.kind == ActivityKind::WbsSummary) {
            values.lose("links of activities that sum up a WBS node are left out", &end.id);
            continue;
        }
        let Some(kind) = values.word(node, "Type", &KINDS) else {
            let text = format!("the link from `{}` to `{}` has no known type and is left out", from.id, to.id);
            values.push(Finding::error("bad-link", values.place(node), text));
            continue;
        };
        let lag = values.hours(node, "Lag").filter(|&lag| lag != 0).map(|lag| format!("{lag}m"));
        let calendar = lag.as_ref().and_then(|_| lag_calendars.get(to.project)).copied().unwrap_or_default();
        table.push_row(node.line, [&*from.id, &*to.id, kind, lag.as_deref().unwrap_or_default(), calendar]);
    }
    table
}
