//! resources.csv and availability.csv of a file.

use rustc_hash::{FxHashMap, FxHashSet};

use super::calendars::{Calendars, Known, unique};
use super::elements::Elements;
use super::model::{Model, ResourceType};
use super::values::{plain_number, push_date};
use crate::error::{Finding, Place, Severity};
use crate::plan::draft::{Table, TableKind};

/// The resources of a file by their numbers.
pub(super) struct Resources {
    /// The id of each row; empty for those that are left out.
    pub(super) ids: Vec<String>,
    /// The calendar of each.
    pub(super) calendars: Vec<Option<Known>>,
    by_uid: FxHashMap<i64, usize>,
}

impl Resources {
    /// Names the resources and finds their calendars.
    pub(super) fn of(model: &Model<'_>, calendars: &mut Calendars<'_, '_>, elements: &mut Elements<'_>) -> Resources {
        let (mut taken, mut by_uid) = (FxHashSet::default(), FxHashMap::default());
        let (mut ids, mut own) = (Vec::new(), Vec::new());
        for (at, row) in model.resources.iter().enumerate() {
            // Number 0 stands for tasks without anybody.
            let is_nobody = row.is_null || row.uid == Some(0) && row.name.is_empty();
            if is_nobody {
                ids.push(String::new());
                own.push(None);
                continue;
            }
            match row.uid {
                Some(uid) if by_uid.insert(uid, at).is_none() => {}
                Some(uid) => {
                    let text = format!("two resources have the number `{uid}`");
                    let place = Place::cell(elements.file, row.line, "UID");
                    elements.tally.push(Finding::error("duplicate-id", place, text));
                }
                None => {
                    let text = "a resource has no number, by which assignments name it";
                    elements.tally.push(Finding::error("empty-id", Place::cell(elements.file, row.line, "UID"), text));
                }
            }
            if row.is_budget {
                elements.left_out("budget resources", row.line);
            }
            if row.is_budget || row.is_cost {
                ids.push(String::new());
                own.push(None);
                continue;
            }
            let mut name = row.name.replace([';', ',', '*', '[', ']', '%', '\n', '\r'], "_");
            if name != *row.name {
                let what =
                    ("names of resources have characters that lists of resources do not allow", "and are changed");
                elements.remarks.count((Severity::Note, "changed-id"), what, row.line, || format!("`{name}`"));
            }
            if name.is_empty() {
                name = format!("resource {}", row.id.or(row.uid).unwrap_or_default());
            }
            if matches!(name.get(..6), Some(start) if start.eq_ignore_ascii_case("skill:")) {
                name.insert(0, '_');
            }
            ids.push(unique(&name, &mut taken));
            let calendar = row.calendar.filter(|_| row.kind == ResourceType::Work);
            let known = calendar.and_then(|uid| calendars.find(uid));
            if let (Some(uid), None) = (calendar, known) {
                let text = format!("no calendar has the number `{uid}`");
                let place = Place::cell(elements.file, row.line, "CalendarUID");
                elements.tally.push(Finding::error("unknown-calendar", place, text));
            }
            own.push(known);
        }
        Resources { ids, calendars: own, by_uid }
    }

    /// The position of the resource with this number.
    pub(super) fn find(&self, uid: i64) -> Option<usize> {
        self.by_uid.get(&uid).copied()
    }
}

/// The table of resources and that of their availability.
///
/// # Arguments
/// `most_units` are the most units of each resource that one task asks for.
pub(super) fn tables(
    model: &Model<'_>,
    resources: &Resources,
    most_units: &[f64],
    project_calendar: Known,
    calendars: &Calendars<'_, '_>,
    elements: &mut Elements<'_>,
) -> [Table; 2] {
    let headers = ["id", "name", "kind", "capacity", "calendar", "rate", "cost_per_use"];
    let mut table = Table::new(TableKind::Resources, elements.file, headers);
    let mut periods = Table::new(TableKind::Availability, elements.file, ["resource", "from", "to", "units"]);
    for (at, row) in model.resources.iter().enumerate() {
        let Some(id) = resources.ids.get(at).filter(|id| !id.is_empty()) else { continue };
        let is_work = row.kind == ResourceType::Work;
        let most = most_units.get(at).copied().unwrap_or(0.0);
        let given = row.max_units.unwrap_or(1.0);
        if is_work && most > given + 1e-9 {
            let what = ("resources have fewer units than one of their tasks asks for,", "and are given as many");
            elements.remarks.count((Severity::Warning, "raised-capacity"), what, row.line, || {
                format!("{id} ({} instead of {})", plain_number(most, 4), plain_number(given, 4))
            });
        }
        let capacity = if is_work { plain_number(given.max(most), 4) } else { String::new() };
        let calendar = resources.calendars.get(at).copied().flatten().filter(|&own| own != project_calendar);
        let rate = match row.rate {
            0.0 => String::new(),
            rate if is_work => format!("{}/h", plain_number(rate, 6)),
            rate => {
                if (rate * 100.0 - (rate * 100.0).round()).abs() > 1e-6 {
                    let what = ("prices of materials", "are rounded to two decimals");
                    elements.remarks.count((Severity::Note, "rounded-money"), what, row.line, || id.clone());
                }
                plain_number(rate, 2)
            }
        };
        let per_use = if row.cost_per_use == 0.0 { String::new() } else { plain_number(row.cost_per_use / 100.0, 2) };
        table.push_row(
            row.line,
            [
                id.as_str(),
                if **id == *row.name { "" } else { &row.name },
                if is_work { "work" } else { "material" },
                &capacity,
                calendar.map_or("", |calendar| calendars.name(calendar)),
                &rate,
                &per_use,
            ],
        );
        if is_work {
            push_periods(row, id, given.max(most), &mut periods, elements);
        }
    }
    [table, periods]
}

/// The periods in which other than the usual units are there.
fn push_periods(
    row: &super::model::ResourceRow<'_>,
    id: &str,
    capacity: f64,
    periods: &mut Table,
    elements: &mut Elements<'_>,
) {
    for period in &row.periods {
        match (period.from, period.to, period.units) {
            (Some(from), Some(to), Some(units)) if from < to => {
                if (units - capacity).abs() > 1e-9 {
                    let (mut first, mut last) = (String::new(), String::new());
                    push_date(&mut first, from);
                    push_date(&mut last, to);
                    periods.push_row(period.line, [id, &first, &last, &plain_number(units, 4)]);
                }
            }
            _ => {
                let text = "a period of availability without dates, units or length is left out";
                elements.tally.push(Finding::warning("bad-period", Place::row(elements.file, period.line), text));
            }
        }
    }
}
