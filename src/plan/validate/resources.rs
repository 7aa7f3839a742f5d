//! resources.csv and availability.csv.

use rustc_hash::FxHashMap;

use super::calendars::Calendars;
use super::cells::{Cells, Edge, Labels, Reading, not_negative, read_ids};
use super::report::Report;
use crate::error::{Finding, Place};
use crate::index::{Id, IdVec};
use crate::plan::draft::{DecimalMark, PlanDraft, Table, TableKind};
use crate::plan::notation::{
    Fault, Names, list_items, means_nothing, names_of_demands, parse_amount, parse_decimal, parse_money, parse_rate,
    parse_resource_kind, quoted, skills_of_demands,
};
use crate::plan::{LabelId, Resource, ResourceId, ResourceKind, Window};
use crate::units::{Amount, Minutes, Moment, Money, Rate};

/// Hours of a week that a resource may be allowed at most: all that there are, for ten thousand units.
const MOST_HOURS: i64 = 168 * 10_000;

/// All resources of a plan and the names they go by.
#[derive(Default)]
pub(super) struct Resources<'a> {
    pub list: IdVec<ResourceId, Resource>,
    /// Ids, and full names where no other resource has the same.
    pub names: Names<'a, ResourceId>,
    /// The skills of work resources.
    pub skills: Names<'a, LabelId>,
}

/// Reads the resources and when they are there.
pub(super) fn read<'a>(
    draft: &'a PlanDraft,
    calendars: &Calendars<'_>,
    reading: &Reading,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Resources<'a> {
    let mut resources = match draft.table(TableKind::Resources) {
        Some(table) => read_table(table, &asked(draft), calendars, reading, labels, report),
        None => implied(draft, report),
    };
    if let Some(table) = draft.table(TableKind::Availability) {
        read_windows(table, reading, &mut resources, report);
    }
    resources
}

/// What lists of resources ask for that is more than a name: `sql>=2` of `skill:sql>=2*3`, and `team:qa`; teams that rules
/// are about too.
fn asked(draft: &PlanDraft) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (kind, field) in
        [(TableKind::Tasks, "resources"), (TableKind::Modes, "resources"), (TableKind::Rules, "people")]
    {
        let Some(table) = draft.table(kind) else { continue };
        let cells = Cells::of(table, field);
        for name in (0..table.len()).flat_map(|row| skills_of_demands(cells.text(row))) {
            if (name.contains(">=") || name.starts_with("team:")) && !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// The name of a skill in a list of skills, without its level and its end.
pub(super) fn skill_name(item: &str) -> &str {
    let item = item.split_once('@').map_or(item, |(name, _)| name.trim());
    match item.rsplit_once(':') {
        Some((name, level)) if level.trim().parse::<u32>().is_ok() => name.trim(),
        _ => item,
    }
}

/// `rust`, `rust:3` or `iso27001@2027-01-31`: a skill, its level (1 if none is said), and until when it is held.
fn parse_skill<'t>(item: &'t str, reading: &Reading) -> Result<(&'t str, u32, Option<Moment>), Fault> {
    let until = item.split_once('@').map(|(_, date)| reading.moment(date.trim(), DecimalMark::Point, Edge::End));
    let name = skill_name(item);
    let level = item.split('@').next().and_then(|item| item.rsplit_once(':'));
    let level = level.and_then(|(_, level)| level.trim().parse().ok()).unwrap_or(1);
    Ok((name, level, until.transpose()?))
}

fn read_table<'a>(
    table: &'a Table,
    asked: &[&'a str],
    calendars: &Calendars<'_>,
    reading: &Reading,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Resources<'a> {
    let cells = |field| Cells::of(table, field);
    let (ids, titles, kinds, teams) = (cells("id"), cells("name"), cells("kind"), cells("team"));
    let (capacities, own_calendars, rates) = (cells("capacity"), cells("calendar"), cells("rate"));
    let (uses, skill_cells, weekly) = (cells("cost_per_use"), cells("skills"), cells("max_hours_per_week"));
    let mut resources = Resources { names: read_ids(table, "id", report), ..Resources::default() };
    for row in 0..table.len() {
        let kind = kinds.parse(row, report, |text, _| parse_resource_kind(text)).unwrap_or_default();
        let capacity = capacities.parse(row, report, |text, mark| {
            if means_nothing(text) {
                return Ok(None);
            }
            not_negative("negative-amount", parse_amount(text, mark)).map(Some)
        });
        let capacity = match (capacity.flatten(), kind) {
            (None, ResourceKind::Work) => Some(Amount::ONE),
            (capacity, _) => capacity,
        };
        let calendar = own_calendars.parse(row, report, |text, _| calendars.find(text)).flatten();
        let rate = rates.parse(row, report, |text, mark| {
            let rate = parse_rate(text, kind, &reading.scale, mark)?;
            not_negative("negative-amount", Ok(rate.money)).map(|_| rate)
        });
        let cost_per_use =
            uses.parse(row, report, |text, mark| not_negative("negative-amount", parse_money(text, mark)));
        let max_per_week = weekly.parse(row, report, |text, mark| {
            let minutes =
                parse_decimal(text, mark)?.scaled(60).filter(|minutes| (1..=MOST_HOURS * 60).contains(minutes));
            let expected = || format!("expected hours above 0 and up to {MOST_HOURS}, of all units together");
            minutes.map(Minutes).ok_or_else(|| Fault::new("out-of-range", expected()))
        });
        let (mut skills, mut certificates, mut held) = (Vec::new(), Vec::new(), Vec::new());
        for item in list_items(skill_cells.text(row)).flat_map(|item| item.split(',')).map(str::trim) {
            let (name, level, until) = match parse_skill(item, reading) {
                Ok(skill) => skill,
                Err(fault) => {
                    skill_cells.fault(row, report, fault.in_part(item));
                    continue;
                }
            };
            let Some(label) = labels.intern(name).filter(|label| !skills.contains(label)) else { continue };
            skills.push(label);
            certificates.extend(until.map(|until| (label, until)));
            held.push((name, level, until));
            if kind == ResourceKind::Work {
                resources.skills.insert(name, label);
            }
        }
        let team = teams.text(row);
        // What is asked for with a level, or of a team, is a skill of all who can do it.
        for &asked in asked.iter().filter(|_| kind == ResourceKind::Work) {
            let until = match (asked.split_once(">="), asked.split_once(':')) {
                (Some((name, least)), _) => held.iter().find_map(|&(held, level, until)| {
                    let is_enough = least.trim().parse::<u32>().is_ok_and(|least| level >= least);
                    (held == name.trim() && is_enough).then_some(until)
                }),
                (None, Some((_, name))) => (!team.is_empty() && name.trim() == team).then_some(None),
                (None, None) => None,
            };
            let Some(until) = until else { continue };
            if let Some(label) = labels.intern(asked).filter(|label| !skills.contains(label)) {
                skills.push(label);
                certificates.extend(until.map(|until| (label, until)));
                resources.skills.insert(asked, label);
            }
        }
        if kind == ResourceKind::Material {
            for (given, cells, what) in [
                (calendar.is_some(), own_calendars, "calendar"),
                (!skills.is_empty(), skill_cells, "skills"),
                (max_per_week.is_some(), weekly, "working hours"),
            ] {
                if given {
                    cells.warn(
                        row,
                        report,
                        "ignored-on-material",
                        format!("{} is ignored: a material has no {what}", quoted(cells.text(row))),
                    );
                }
            }
            skills.clear();
            certificates.clear();
        }
        let is_work = kind == ResourceKind::Work;
        resources.list.push(Resource {
            id: ids.text(row).into(),
            name: titles.text(row).into(),
            kind,
            team: labels.intern(teams.text(row)),
            capacity,
            calendar: calendar.filter(|_| is_work),
            rate: rate.unwrap_or(Rate { money: Money::ZERO, per: Minutes(60) }),
            cost_per_use: cost_per_use.unwrap_or(Money::ZERO),
            skills,
            certificates,
            max_per_week: max_per_week.filter(|_| is_work),
            windows: Vec::new(),
        });
    }
    // Other tools list the people of a task by their full names.
    let mut by_title: FxHashMap<&str, Option<ResourceId>> = FxHashMap::default();
    for row in 0..table.len() {
        by_title.entry(titles.text(row)).and_modify(|only| *only = None).or_insert(Some(ResourceId::new(row)));
    }
    for row in 0..table.len() {
        let title = titles.text(row);
        if let (false, Some(Some(id))) = (title.is_empty(), by_title.get(title)) {
            resources.names.insert(title, *id);
        }
    }
    resources
}

/// Without a table of resources every name in a list of resources is a person or machine of its own.
fn implied<'a>(draft: &'a PlanDraft, report: &mut Report) -> Resources<'a> {
    let mut resources = Resources::default();
    for kind in [TableKind::Tasks, TableKind::Modes] {
        let Some(table) = draft.table(kind) else { continue };
        let cells = Cells::of(table, "resources");
        for row in 0..table.len() {
            for name in names_of_demands(cells.text(row)) {
                if resources.names.insert(name, resources.list.next_id()).is_none() {
                    resources.list.push(Resource {
                        id: name.into(),
                        name: "".into(),
                        kind: ResourceKind::Work,
                        team: None,
                        capacity: Some(Amount::ONE),
                        calendar: None,
                        rate: Rate { money: Money::ZERO, per: Minutes(60) },
                        cost_per_use: Money::ZERO,
                        skills: Vec::new(),
                        certificates: Vec::new(),
                        max_per_week: None,
                        windows: Vec::new(),
                    });
                }
            }
        }
    }
    if !resources.list.is_empty() {
        let few: Vec<&str> = resources.list.iter().take(5).map(|resource| &*resource.id).collect();
        let more = if resources.list.len() > few.len() { ", ..." } else { "" };
        let text = format!(
            "the plan has no resources.csv; each name in its tasks is taken as one person or machine ({} in all): {}{more}",
            resources.list.len(),
            few.join(", ")
        );
        let finding = Finding::note("implied-resources", Place::file("tasks.csv"), text);
        report.push(finding.with_hint("list them in resources.csv to give them capacities, calendars and prices"));
    }
    resources
}

fn read_windows(table: &Table, reading: &Reading, resources: &mut Resources<'_>, report: &mut Report) {
    let cells = |field| Cells::of(table, field);
    let (ids, froms, tos, units) = (cells("resource"), cells("from"), cells("to"), cells("units"));
    for row in 0..table.len() {
        for cells in [ids, froms, tos, units] {
            cells.require(row, report);
        }
        let resource = ids.parse(row, report, |text, _| {
            resources.names.find(text).ok_or_else(|| Fault::new("unknown-resource", "no such resource"))
        });
        let from = froms.parse(row, report, |text, mark| reading.moment(text, mark, Edge::Start));
        let to = tos.parse(row, report, |text, mark| reading.moment(text, mark, Edge::End));
        let units = units.parse(row, report, |text, mark| not_negative("negative-amount", parse_amount(text, mark)));
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            let text = format!("not after the beginning, {}", reading.shown(from));
            tos.fault(row, report, Fault::new("from-after-to", text));
            continue;
        }
        let (Some(resource), Some(from), Some(to), Some(units)) = (resource, from, to, units) else { continue };
        if resources.list[resource].kind == ResourceKind::Material {
            ids.fault(row, report, Fault::new("material-availability", "a material has a total, not units over time"));
            continue;
        }
        resources.list[resource].windows.push(Window { from, to, units });
    }
}

/// The most units of a work resource that are there at any one time from `start` on; the total of a material.
///
/// # Complexity
/// `O(n log n)` in the resource's windows.
pub(super) fn peak_units(resource: &Resource, start: crate::units::Moment) -> Amount {
    let base = resource.capacity.unwrap_or(Amount::MAX);
    if resource.kind == ResourceKind::Material {
        return base;
    }
    // After the last window the base capacity is there for good; a window can only raise the peak by a time at which
    // it has the smallest units of all windows open then.
    let mut edges: Vec<(crate::units::Moment, bool, Amount)> = Vec::new();
    for window in resource.windows.iter().filter(|window| window.to > start) {
        edges.push((window.from.max(start), true, window.units));
        edges.push((window.to, false, window.units));
    }
    edges.sort_unstable();
    let mut open: std::collections::BTreeMap<Amount, usize> = Default::default();
    let mut peak = base;
    for (at, edge) in edges.iter().enumerate() {
        let count = open.entry(edge.2).or_default();
        if edge.1 {
            *count += 1;
        } else {
            *count -= 1;
            if *count == 0 {
                open.remove(&edge.2);
            }
        }
        let lasts = edges.get(at + 1).is_some_and(|next| next.0 > edge.0);
        if let (true, Some((&least, _))) = (lasts, open.first_key_value()) {
            peak = peak.max(least);
        }
    }
    peak
}
