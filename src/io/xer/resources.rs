//! Resources, their prices, and what activities need of them.

use rustc_hash::FxHashMap;

use super::calendars::Calendars;
use super::ids::{Taken, safe_in_lists};
use super::read::Count;
use super::records::{AssignmentRow, RateRow, ResourceRow};
use super::values;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::plan::draft::{Table, TableKind};

/// All resources of the file and the assignments of each activity.
pub(super) struct Resources<'a> {
    rows: Vec<ResourceRow<'a>>,
    by_id: FxHashMap<&'a str, usize>,
    ids: Vec<String>,
    used: Vec<bool>,
    /// The most units that one activity needs at a time.
    peaks: Vec<f64>,
    /// The assignments, those of an activity next to each other.
    assignments: Vec<AssignmentRow<'a>>,
    /// Where the assignments of an activity stand.
    spans: FxHashMap<&'a str, (usize, usize)>,
    without_units: Count,
    without_resource: Count,
    with_lag: Count,
    with_own_price: Count,
}

impl<'a> Resources<'a> {
    pub(super) fn new(
        rows: Vec<ResourceRow<'a>>,
        mut assignments: Vec<AssignmentRow<'a>>,
        file: &str,
        found: &mut Tally,
    ) -> Self {
        let mut by_id = FxHashMap::default();
        let mut taken = Taken::default();
        let mut ids = Vec::with_capacity(rows.len());
        let mut changed = Count::default();
        for (at, row) in rows.iter().enumerate() {
            by_id.entry(row.rsrc_id).or_insert(at);
            let name = if row.rsrc_short_name.is_empty() { row.rsrc_id } else { row.rsrc_short_name };
            let name = values::name(name);
            let safe = safe_in_lists(&name);
            let safe = if safe.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("skill:")) {
                safe.replacen(':', "_", 1)
            } else {
                safe
            };
            let id = taken.unique(if safe.eq_ignore_ascii_case("none") { format!("{safe}_") } else { safe });
            if id != name {
                changed.add(&name);
            }
            ids.push(id);
        }
        let text = "resource ids changed, because they repeat or hold signs that separate lists";
        changed.note("renamed", text, file, found);
        assignments.sort_by_key(|assignment| (assignment.task_id, assignment.line));
        let mut spans = FxHashMap::default();
        let mut start = 0;
        for same in assignments.chunk_by(|a, b| a.task_id == b.task_id) {
            spans.insert(same[0].task_id, (start, start + same.len()));
            start += same.len();
        }
        Resources {
            used: vec![false; rows.len()],
            peaks: vec![0.0; rows.len()],
            rows,
            by_id,
            ids,
            assignments,
            spans,
            without_units: Count::default(),
            without_resource: Count::default(),
            with_lag: Count::default(),
            with_own_price: Count::default(),
        }
    }

    /// True if a resource, not a material, has a calendar of its own.
    pub(super) fn has_calendar(&self, id: &str, calendars: &Calendars<'a>) -> bool {
        let row = self.by_id.get(id).map(|&at| &self.rows[at]);
        row.is_some_and(|row| row.rsrc_type != "RT_Mat" && calendars.find(row.clndr_id).is_some())
    }

    /// Writes the resources cell of an activity.
    pub(super) fn write_demands(&mut self, task_id: &str, task_code: &str, is_started: bool, out: &mut String) {
        out.clear();
        let Some(&(start, end)) = self.spans.get(task_id) else { return };
        // Amounts by resource, in the order of the file.
        let mut amounts: Vec<(usize, f64)> = Vec::new();
        for assignment in &self.assignments[start..end] {
            let Some(&at) = self.by_id.get(assignment.rsrc_id) else {
                self.without_resource.add(task_code);
                continue;
            };
            let value = |cell: &str| values::number(cell).unwrap_or(0.0);
            let done = value(assignment.act_reg_qty) + value(assignment.act_ot_qty);
            let amount = if self.rows[at].rsrc_type == "RT_Mat" {
                let rest = value(assignment.remain_qty) + done;
                if is_started && rest > 0.0 { rest } else { value(assignment.target_qty) }
            } else {
                let (target, rest) = (value(assignment.target_qty_per_hr), value(assignment.remain_qty_per_hr));
                if target > 0.0 { target } else { rest }
            };
            if value(assignment.target_lag_drtn_hr_cnt) != 0.0 {
                self.with_lag.add(task_code);
            }
            if !(0.00005..=1e9).contains(&amount) {
                self.without_units.add(task_code);
                continue;
            }
            match amounts.iter_mut().find(|(seen, _)| *seen == at) {
                Some((_, sum)) => *sum += amount,
                None => amounts.push((at, amount)),
            }
        }
        for (at, amount) in amounts {
            self.used[at] = true;
            self.peaks[at] = self.peaks[at].max(amount);
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(&self.ids[at]);
            let amount = values::shown(amount, 4);
            if amount != "1" {
                out.push('*');
                out.push_str(&amount);
            }
        }
    }

    /// The rows of resources.csv.
    ///
    /// # Arguments
    /// Of several prices the last that begins by `status` counts.
    pub(super) fn table(
        &mut self,
        rates: &[RateRow<'a>],
        status: &str,
        calendars: &mut Calendars<'a>,
        file: &str,
        found: &mut Tally,
    ) -> Table {
        let headers = ["id", "name", "kind", "capacity", "calendar", "rate"];
        let mut table = Table::new(TableKind::Resources, file, headers);
        let mut chosen: FxHashMap<&str, &RateRow<'a>> = FxHashMap::default();
        let mut later = Count::default();
        for rate in rates {
            let has_begun = |rate: &RateRow<'_>| rate.start_date <= status;
            let best = chosen.entry(rate.rsrc_id).or_insert(rate);
            if best.line == rate.line {
                continue;
            }
            later.add(rate.rsrc_id);
            let is_better = match (has_begun(best), has_begun(rate)) {
                (true, true) => best.start_date < rate.start_date,
                (false, false) => rate.start_date < best.start_date,
                (begun, _) => !begun,
            };
            if is_better {
                *best = rate;
            }
        }
        later.note("not-carried", "prices and limits of resources that hold at other times", file, found);
        let mut unused = 0;
        for (at, row) in self.rows.iter().enumerate() {
            let rate = chosen.get(row.rsrc_id);
            if !self.used[at] {
                unused += 1;
                continue;
            }
            let kind = match row.rsrc_type {
                "RT_Mat" => "material",
                "RT_Labor" | "RT_Equip" | "" => "work",
                other => {
                    let place = Place::cell(file, row.line, "rsrc_type");
                    let text = format!("`{other}` is no type of resource; expected RT_Labor, RT_Equip or RT_Mat");
                    found.push(Finding::warning("unknown-code", place, text));
                    "work"
                }
            };
            let is_material = kind == "material";
            let mut number = |cell: &str, field: &'static str, line: u32| -> f64 {
                let value = if cell.is_empty() { Some(0.0) } else { values::number(cell) };
                value.filter(|value| *value >= 0.0 && *value <= 1e9).unwrap_or_else(|| {
                    let text = format!("`{cell}` is no number from 0 on; the cell is left out");
                    found.push(Finding::warning("bad-number", Place::cell(file, line, field), text));
                    0.0
                })
            };
            let (limit, price) = rate.map_or((0.0, 0.0), |rate| {
                (
                    number(rate.max_qty_per_hr, "max_qty_per_hr", rate.line),
                    number(rate.cost_per_qty, "cost_per_qty", rate.line),
                )
            });
            let mut capacity = String::new();
            if !is_material {
                let limit = if limit > 0.0 { limit } else { 1.0 };
                if self.peaks[at] > limit {
                    let text = format!(
                        "an activity needs {} units of `{}` at a time, but only {} are there; the capacity is raised",
                        values::shown(self.peaks[at], 4),
                        self.ids[at],
                        values::shown(limit, 4)
                    );
                    found.push(Finding::warning("capacity-raised", Place::row(file, row.line), text));
                }
                capacity = values::shown(limit.max(self.peaks[at]), 4);
            }
            let rate = match (price > 0.0, is_material) {
                (false, _) => String::new(),
                (true, true) => values::shown(price, 2),
                (true, false) => format!("{}/h", values::shown(price, 4)),
            };
            let calendar = match calendars.find(row.clndr_id).filter(|_| !is_material) {
                Some(calendar) => calendars.use_name(calendar),
                None => "",
            };
            table.push_row(
                row.line,
                [self.ids[at].as_str(), &values::name(row.rsrc_name), kind, &capacity, calendar, &rate],
            );
        }
        if unused > 0 {
            let text = format!("{unused} resources without assignments are left out");
            found.push(Finding::note("not-carried", Place::file(file), text));
        }
        table
    }

    /// Says what of the assignments could not be carried.
    pub(super) fn report(mut self, rates: &[RateRow<'a>], file: &str, found: &mut Tally) {
        let mut prices: FxHashMap<&str, Vec<f64>> = FxHashMap::default();
        for rate in rates {
            prices.entry(rate.rsrc_id).or_default().extend(values::number(rate.cost_per_qty));
        }
        for assignment in self.assignments.iter().filter(|assignment| !assignment.rsrc_id.is_empty()) {
            if let Some(price) = values::number(assignment.cost_per_qty).filter(|price| *price > 0.0) {
                let known = prices.get(assignment.rsrc_id).is_some_and(|all| all.contains(&price));
                if !known {
                    self.with_own_price.add(assignment.rsrc_id);
                }
            }
        }
        self.without_resource.note(
            "not-carried",
            "assignments of roles or of resources not in the file, by activity",
            file,
            found,
        );
        self.without_units.note("not-carried", "assignments without units, by activity", file, found);
        self.with_lag.note("not-carried", "delays of assignments, by activity", file, found);
        self.with_own_price.note(
            "not-carried",
            "prices of assignments that are not those of the resource",
            file,
            found,
        );
    }
}
