//! Resources, the roles that stand in for them, and who does what.

use std::collections::{HashMap, HashSet};

use super::activities::{Activity, ActivityKind};
use super::calendars::{Calendars, unique};
use super::elements::{Document, Kind, Node};
use super::values::{Values, decimal, moment};
use crate::error::{Finding, Place};
use crate::plan::draft::{Table, TableKind};
use crate::plan::notation::quoted;
use crate::units::Moment;

/// Prices and limits of a resource that hold from a date on, in order of it.
#[derive(Default)]
struct Terms {
    list: Vec<Term>,
}

struct Term {
    from: Option<Moment>,
    price: Option<f64>,
    limit: Option<f64>,
}

struct Resource<'a> {
    id: String,
    node: &'a Node,
    is_material: bool,
    calendar: Option<String>,
    terms: Terms,
    /// The largest amount that one activity asks for.
    most: f64,
    is_used: bool,
    is_role: bool,
}

/// The resources of a file, and of each activity its list of them.
pub(super) struct Resources<'a> {
    list: Vec<Resource<'a>>,
    /// By position of the activity: amounts by position of the resource.
    demands: Vec<Vec<(usize, f64)>>,
    /// By position of the activity: whether a resource with a calendar of its own drives it.
    driven: Vec<bool>,
}

impl<'a> Resources<'a> {
    /// Reads resources and assignments.
    pub(super) fn new(
        document: &'a Document,
        activities: &[Activity<'a>],
        calendars: &mut Calendars<'a>,
        values: &mut Values<'_>,
    ) -> Resources<'a> {
        let mut resources = Resources {
            list: Vec::new(),
            demands: vec![Vec::new(); activities.len()],
            driven: vec![false; activities.len()],
        };
        let mut taken = HashSet::new();
        let people = resources.read(document, false, calendars, &mut taken, values);
        let roles = resources.read(document, true, calendars, &mut taken, values);
        resources.assign(document, activities, (&people, &roles), values);
        resources
    }

    fn read(
        &mut self,
        document: &'a Document,
        is_role: bool,
        calendars: &mut Calendars<'a>,
        taken: &mut HashSet<String>,
        values: &mut Values<'_>,
    ) -> HashMap<&'a str, usize> {
        let kinds: &[Kind] = if is_role { &[Kind::RoleRate, Kind::RoleLimit] } else { &[Kind::ResourceRate] };
        let owner = if is_role { "RoleObjectId" } else { "ResourceObjectId" };
        let mut terms: HashMap<&str, Terms> = HashMap::new();
        for node in kinds.iter().flat_map(|&kind| document.nodes(kind)) {
            let from = values.date(node, "EffectiveDate").and_then(|date| moment(&date));
            let (price, limit) = (values.number(node, "PricePerUnit"), values.number(node, "MaxUnitsPerTime"));
            let entry = terms.entry(node.text(owner).unwrap_or_default()).or_default();
            entry.list.push(Term { from, price, limit });
        }
        let mut by_object_id = HashMap::new();
        for node in document.nodes(if is_role { Kind::Role } else { Kind::Resource }) {
            let object_id = node.text("ObjectId").unwrap_or_default();
            let written = node.text("Id").or(node.text("Name")).unwrap_or(object_id);
            let safe: String = written.chars().map(|c| if ";,*[]%\n".contains(c) { '_' } else { c }).collect();
            if safe != written {
                values.lose("resource ids have signs that separate the items of lists, replaced by `_`", written);
            }
            let kinds = [("Labor", false), ("Nonlabor", false), ("Material", true)];
            let is_material = !is_role && values.word(node, "ResourceType", &kinds).unwrap_or(false);
            let calendar = if is_role { None } else { calendars.named(node, "CalendarObjectId", values) };
            let mut terms = terms.remove(object_id).unwrap_or_default();
            terms.list.sort_by_key(|term| term.from);
            if by_object_id.insert(object_id, self.list.len()).is_some() {
                let text = format!("the object id {} was given before", quoted(object_id));
                values.push(Finding::warning("duplicate-object", values.place(node), text));
            }
            let id = unique(&safe, taken);
            self.list.push(Resource { id, node, is_material, calendar, terms, most: 0.0, is_used: false, is_role });
        }
        by_object_id
    }

    fn assign(
        &mut self,
        document: &'a Document,
        activities: &[Activity<'a>],
        (people, roles): (&HashMap<&str, usize>, &HashMap<&str, usize>),
        values: &mut Values<'_>,
    ) {
        let by_object_id: HashMap<&str, usize> =
            activities.iter().enumerate().map(|(at, activity)| (activity.object_id, at)).collect();
        for node in document.nodes(Kind::Assignment) {
            let name = node.text("ActivityObjectId").unwrap_or_default();
            let activity = by_object_id.get(name).and_then(|&at| activities.get(at).map(|activity| (at, activity)));
            let Some((at, activity)) = activity else {
                values.lose("assignments are of activities that are not in the file and are left out", name);
                continue;
            };
            if !matches!(
                activity.kind,
                ActivityKind::Task | ActivityKind::ResourceDependent | ActivityKind::LevelOfEffort
            ) {
                values.lose("assignments of milestones and summaries are left out", &activity.id);
                continue;
            }
            let person = node.text("ResourceObjectId").map(|id| people.get(id));
            let role = node.text("RoleObjectId").map(|id| roles.get(id));
            let Some(&resource) = person.or(role).flatten() else {
                values.lose("assignments name no resource or role of the file and are left out", &activity.id);
                continue;
            };
            let Some(entry) = self.list.get_mut(resource) else { continue };
            let amount = amount(node, activity, entry.is_material, values);
            let Some(amount) = amount.filter(|&amount| amount >= 0.00005) else {
                values.lose("assignments without units are left out", &activity.id);
                continue;
            };
            entry.is_used = true;
            // Lack of the flag is taken for yes, as that is the program's default.
            let drives = values.flag(node, "DrivingActivityDatesFlag").unwrap_or(true);
            if let Some(driven) = self.driven.get_mut(at) {
                *driven |= drives && entry.calendar.is_some();
            }
            if let Some(demands) = self.demands.get_mut(at) {
                let seen = demands.iter_mut().find(|(seen, _)| *seen == resource);
                let sum = match seen {
                    Some((_, sum)) => {
                        *sum += amount;
                        *sum
                    }
                    None => {
                        demands.push((resource, amount));
                        amount
                    }
                };
                entry.most = entry.most.max(sum);
            }
        }
    }

    /// True if a resource with a calendar of its own drives the activity.
    pub(super) fn drive(&self, activity: usize) -> bool {
        self.driven.get(activity).copied().unwrap_or(false)
    }

    /// The cell of an activity.
    pub(super) fn cell(&self, activity: usize) -> String {
        let demands = self.demands.get(activity).map(Vec::as_slice).unwrap_or_default();
        let item = |&(resource, amount): &(usize, f64)| {
            self.list.get(resource).map(|entry| format!("{}*{}", entry.id, decimal(amount)))
        };
        demands.iter().filter_map(item).collect::<Vec<_>>().join(";")
    }

    /// The tables of resources and of the times at which other units of them are there.
    pub(super) fn tables(&self, start: Option<&str>, values: &mut Values<'_>) -> [Table; 2] {
        let start = start.and_then(moment);
        let headers = ["id", "name", "kind", "capacity", "calendar", "rate"];
        let mut table = Table::new(TableKind::Resources, values.file, headers);
        let mut availability = Table::new(TableKind::Availability, values.file, ["resource", "from", "to", "units"]);
        for entry in &self.list {
            if entry.is_role && !entry.is_used {
                values.lose("roles that no activity needs are left out", &entry.id);
                continue;
            }
            if entry.is_role {
                values.lose("roles without a person are written as resources", &entry.id);
            }
            let terms = &entry.terms.list;
            // What holds at the start of the project: limits may stand apart from prices.
            let at_start = |value: fn(&Term) -> Option<f64>| {
                let mut known = terms.iter().filter(|term| value(term).is_some());
                let first = known.clone().next();
                known.rfind(|term| term.from.is_none() || term.from <= start).or(first).and_then(value)
            };
            let price = at_start(|term| term.price);
            let own_limit = values.number(entry.node, "MaxUnitsPerTime");
            // Limits that end are times of other units; the last one is what is there otherwise.
            let (periods, last) = limits(terms, start);
            let limit = last.or(own_limit);
            let prices = terms.iter().filter(|term| term.price.is_some() && term.price != price).count();
            if prices > 0 {
                values.lose("resources change their price later; the one at the project's start is used", &entry.id);
            }
            let (kind, capacity, per) = match entry.is_material {
                true => ("material", String::new(), ""),
                false => ("work", decimal(self.capacity(entry, limit, values)), "/h"),
            };
            let rate = price.filter(|&price| price != 0.0).map(|price| format!("{}{per}", decimal(price)));
            let name = entry.node.text("Name").unwrap_or_default();
            let calendar = entry.calendar.as_deref().unwrap_or_default();
            let cells = [&*entry.id, name, kind, &*capacity, calendar, rate.as_deref().unwrap_or_default()];
            table.push_row(entry.node.line, cells);
            for (from, to, units) in periods.into_iter().filter(|_| !entry.is_material) {
                let [from, to] = [from, to].map(|moment| moment.to_string());
                availability.push_row(entry.node.line, [&*entry.id, &from, &to, &decimal(units)]);
            }
        }
        [table, availability]
    }

    /// At least what one activity needs: the program plans beyond limits, and an activity has to be possible.
    fn capacity(&self, entry: &Resource<'_>, limit: Option<f64>, values: &mut Values<'_>) -> f64 {
        let limit = limit.filter(|&limit| limit >= 0.0);
        let least = if entry.most > 0.0 { entry.most } else { 1.0 };
        match limit {
            None => least.max(1.0),
            Some(limit) if limit + 0.00005 < entry.most => {
                let text = format!(
                    "the limit of {} is {}, but one activity needs {}, which is used",
                    quoted(&entry.id),
                    decimal(limit),
                    decimal(entry.most)
                );
                values.push(Finding::warning("capacity-raised", Place::row(values.file, entry.node.line), text));
                entry.most
            }
            Some(limit) => limit,
        }
    }
}

/// The limits of a resource over time, from the start of the project on.
///
/// # Returns
/// Those that end, each from one moment to another, if they differ from the last one; and the last one.
fn limits(terms: &[Term], start: Option<Moment>) -> (Vec<(Moment, Moment, f64)>, Option<f64>) {
    let steps: Vec<(Option<Moment>, f64)> = terms
        .iter()
        .filter_map(|term| Some((term.from.max(start), term.limit.filter(|&limit| limit >= 0.0)?)))
        .collect();
    let last = steps.last().map(|&(_, limit)| limit);
    let period = |pair: &[(Option<Moment>, f64)]| match pair {
        &[(Some(from), limit), (Some(to), _)] if from < to && Some(limit) != last => Some((from, to, limit)),
        _ => None,
    };
    (steps.windows(2).filter_map(period).collect(), last)
}

/// Units of a work resource at a time, or the quantity of a material in all.
fn amount(node: &Node, activity: &Activity<'_>, is_material: bool, values: &mut Values<'_>) -> Option<f64> {
    let planned = values.number(node, "PlannedUnits");
    let remaining = values.number(node, "RemainingUnits");
    let actual = values.number(node, "ActualUnits");
    let total = if activity.is_started { remaining.map(|left| left + actual.unwrap_or(0.0)) } else { None };
    let total = total.or(planned);
    if is_material {
        return total;
    }
    let rates = [values.number(node, "PlannedUnitsPerTime"), values.number(node, "RemainingUnitsPerTime")];
    let rate = rates.into_iter().flatten().find(|&rate| rate > 0.0);
    let hours = activity.minutes as f64 / 60.0;
    rate.or_else(|| total.filter(|_| hours > 0.0).map(|total| total / hours))
}
