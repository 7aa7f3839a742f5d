//! What each mode needs against what there ever is: units of resources, totals of materials, working time.

use super::cells::{Cells, Labels, Reading};
use super::modes::{ModeOrigin, Modes};
use super::report::Report;
use super::resources::{Resources, peak_units};
use super::working_time::Offers;
use crate::error::Finding;
use crate::index::{Id, IdVec};
use crate::plan::draft::Table;
use crate::plan::{
    Calendar, CalendarId, Demand, DemandSource, Duration, Mode, ModeId, Pause, Project, ResourceId, ResourceKind, Task,
    TimeUnit,
};
use crate::units::{Amount, Minutes};

/// The tables in which modes stand.
#[derive(Clone, Copy)]
pub(super) struct ModeTables<'a> {
    pub tasks: &'a Table,
    pub modes: Option<&'a Table>,
}

/// What is needed to judge modes.
pub(super) struct Supply<'p> {
    pub project: &'p Project,
    pub reading: &'p Reading,
    pub calendars: &'p IdVec<CalendarId, Calendar>,
    pub resources: &'p Resources<'p>,
    pub labels: &'p Labels<'p>,
}

/// Why a mode can never be used.
struct Problem {
    mode: ModeId,
    rule: &'static str,
    field: &'static str,
    text: String,
    hint: &'static str,
}

/// Reports tasks that can never be done: an error if every mode has a problem, otherwise a warning for each mode that has.
pub(super) fn check(
    tasks: &[Task],
    modes: &Modes,
    demands: &[Demand],
    tables: ModeTables<'_>,
    supply: &Supply<'_>,
    report: &mut Report,
) {
    let resources = supply.resources;
    let peaks: Vec<Amount> = resources.list.iter().map(|resource| peak_units(resource, supply.project.start)).collect();
    let mut checker = Checker {
        supply,
        peaks,
        skill_peaks: Vec::new(),
        offers: Offers::new(supply.calendars, resources, supply.project.start),
        calendars: Vec::new(),
        leased: Vec::new(),
    };
    checker.add_up_skills();
    let mut problems: Vec<Problem> = Vec::new();
    for task in tasks {
        problems.clear();
        let range = task.modes.start.index()..task.modes.end.index();
        let mut usable = range.is_empty();
        for at in range {
            let mode = &modes.list[at];
            let before = problems.len();
            checker.check_units(ModeId::new(at), mode, demands, &mut problems);
            if before == problems.len() {
                checker.check_time(ModeId::new(at), mode, task, demands, &mut problems);
            }
            usable |= problems.len() == before;
        }
        for problem in problems.drain(..) {
            push(problem, task, usable, modes, tables, report);
        }
    }
}

fn push(problem: Problem, task: &Task, usable: bool, modes: &Modes, tables: ModeTables<'_>, report: &mut Report) {
    let (table, row, field) = match (modes.origin(problem.mode), tables.modes) {
        (ModeOrigin::Table(row), Some(table)) => {
            // What modes.csv leaves empty stands in tasks.csv.
            let own = !Cells::of(table, problem.field).text(row as usize).is_empty();
            (table, row as usize, if own { problem.field } else { "mode" })
        }
        _ => (tables.tasks, row_of(task, tables.tasks), problem.field),
    };
    let place = match table.column(field) {
        Some(column) => table.place(row, column),
        None => table.row_place(row),
    };
    let finding = if usable {
        let text = format!("this mode of task `{}` can never be used: it {}", task.id, problem.text);
        Finding::warning("unusable-mode", place, text)
    } else {
        Finding::error(problem.rule, place, format!("task `{}` {}", task.id, problem.text))
    };
    report.push(finding.with_hint(problem.hint));
}

/// The row of a task; rows are in ascending order of lines.
fn row_of(task: &Task, table: &Table) -> usize {
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = low.midpoint(high);
        if table.line(middle) < task.row { low = middle + 1 } else { high = middle }
    }
    low.min(table.len().saturating_sub(1))
}

struct Checker<'s> {
    supply: &'s Supply<'s>,
    /// The most units of each resource at any one time.
    peaks: Vec<Amount>,
    /// The most units of all resources with a skill, by the number of the label.
    skill_peaks: Vec<Amount>,
    offers: Offers<'s>,
    calendars: Vec<CalendarId>,
    leased: Vec<ResourceId>,
}

impl Checker<'_> {
    fn add_up_skills(&mut self) {
        for (id, resource) in self.supply.resources.list.iter_enumerated() {
            for skill in &resource.skills {
                if self.skill_peaks.len() <= skill.index() {
                    self.skill_peaks.resize(skill.index() + 1, Amount::ZERO);
                }
                let sum = &mut self.skill_peaks[skill.index()];
                *sum = Amount(sum.0.saturating_add(self.peaks[id.index()].0));
            }
        }
    }

    fn check_units(&self, id: ModeId, mode: &Mode, demands: &[Demand], problems: &mut Vec<Problem>) {
        for demand in &demands[mode.demands.start as usize..mode.demands.end as usize] {
            let (peak, rule, text) = match demand.source {
                DemandSource::Resource(resource) => {
                    let peak = self.peaks[resource.index()];
                    if demand.amount <= peak {
                        continue;
                    }
                    let resource = &self.supply.resources.list[resource];
                    match resource.kind {
                        ResourceKind::Work => {
                            (peak, "demand-above-capacity", format!("of `{}` at a time", resource.id))
                        }
                        ResourceKind::Material => {
                            (peak, "material-above-total", format!("of `{}` in all", resource.id))
                        }
                    }
                }
                DemandSource::Skill(skill) => {
                    let peak = self.skill_peaks.get(skill.index()).copied().unwrap_or(Amount::ZERO);
                    if demand.amount <= peak {
                        continue;
                    }
                    let skill = self.supply.labels.word(skill);
                    (peak, "skill-above-capacity", format!("with skill `{skill}` at a time"))
                }
            };
            let text = format!("needs {} {text}, but there are never more than {peak}", demand.amount);
            let hint = "raise the capacity in resources.csv or lower the demand";
            problems.push(Problem { mode: id, rule, field: "resources", text, hint });
        }
    }

    fn check_time(&mut self, id: ModeId, mode: &Mode, task: &Task, demands: &[Demand], problems: &mut Vec<Problem>) {
        let Duration::Working(length) = mode.duration else { return };
        if length == Minutes::ZERO {
            return;
        }
        let (calendars, leased) = (&mut self.calendars, &mut self.leased);
        calendars.clear();
        leased.clear();
        calendars.extend(task.calendar);
        let mut has_people = false;
        for demand in &demands[mode.demands.start as usize..mode.demands.end as usize] {
            match demand.source {
                DemandSource::Skill(_) => has_people = !task.ignores_resource_calendars,
                DemandSource::Resource(id) => {
                    let resource = &self.supply.resources.list[id];
                    if resource.kind == ResourceKind::Work && !task.ignores_resource_calendars {
                        has_people = true;
                        calendars.push(resource.calendar.unwrap_or(self.supply.project.calendar));
                        if resource.capacity == Some(Amount::ZERO) {
                            leased.push(id);
                        }
                    }
                }
            }
        }
        if calendars.is_empty() && !has_people {
            calendars.push(self.supply.project.calendar);
        }
        calendars.sort_unstable();
        calendars.dedup();
        leased.sort_unstable();
        let offer = self.offers.of(calendars, leased);
        let unit = self.supply.reading.scale.unit;
        if offer.total.is_some_and(|total| total < length) {
            let (who, is_one) = offering(calendars, leased, self.supply);
            let total = offer.total.unwrap_or_default();
            let offered = match (total, is_one) {
                (Minutes::ZERO, true) => "never works".to_owned(),
                (Minutes::ZERO, false) => "have none in common".to_owned(),
                (_, true) => format!("offers only {} of it", shown(total, unit)),
                (_, false) => format!("offer together only {} of it", shown(total, unit)),
            };
            let length = shown(length, unit);
            let text = format!("needs {length} of working time, but {who} {offered} after the project's start");
            let hint = "check the working hours and exceptions of the calendars, and the availability of the resources";
            problems.push(Problem { mode: id, rule: "never-enough-working-time", field: "duration", text, hint });
        } else if task.pause == Pause::Never && offer.longest_stretch.is_some_and(|longest| longest < length) {
            let text = format!(
                "must run for {} without a pause, but the longest working stretch of {} is {}",
                shown(length, unit),
                offering(calendars, leased, self.supply).0,
                shown(offer.longest_stretch.unwrap_or_default(), unit)
            );
            let hint = "allow pauses, give the task an elapsed duration, or a calendar with longer shifts";
            problems.push(Problem { mode: id, rule: "never-unbroken", field: "duration", text, hint });
        }
    }
}

/// Who offers working time, for messages, and whether it is a single calendar or lease.
fn offering(calendars: &[CalendarId], leased: &[ResourceId], supply: &Supply<'_>) -> (String, bool) {
    let calendar = |&id: &CalendarId| format!("calendar `{}`", supply.calendars[id].id);
    let lease = |&id: &ResourceId| format!("the availability of `{}`", supply.resources.list[id].id);
    let parts: Vec<String> = calendars.iter().map(calendar).chain(leased.iter().map(lease)).collect();
    let is_one = parts.len() == 1;
    let text = match parts.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => parts.concat(),
    };
    (text, is_one)
}

/// A time for messages: in hours, or in periods.
fn shown(minutes: Minutes, unit: TimeUnit) -> String {
    if unit == TimeUnit::Period {
        return format!("{} period{}", minutes.0, if minutes.0 == 1 { "" } else { "s" });
    }
    match (minutes.0 / 60, minutes.0 % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}
