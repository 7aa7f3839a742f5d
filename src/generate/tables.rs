//! A drawn plan as the tables of a [`PlanDraft`].

use std::fmt::Write as _;

use jiff::civil::Date;
use rand::Rng;

use super::shape::{DrawnLag, DrawnLink, HOURS_PER_DAY, Shape};
use super::supply::{Supply, duration_in_mode, units_in_mode};
use super::{GenerateOptions, words};
use crate::effort::random;
use crate::error::{Error, Result};
use crate::plan::LinkKind;
use crate::plan::draft::{PlanDraft, Table, TableKind};
use crate::units::{MINUTES_PER_DAY, Moment};

/// Work packages in a phase.
const PACKAGES_PER_PHASE: usize = 10;
/// First day of every generated plan that has dates, a Monday.
const START: Date = jiff::civil::date(2026, 1, 5);
/// Holidays are written for no more than so many years.
const MOST_YEARS: i16 = 60;

/// Writes all tables.
pub(super) fn write(options: &GenerateOptions, shape: &Shape, supply: &Supply) -> Result<PlanDraft> {
    let names = Names { options, digits: options.tasks.to_string().len() };
    let mut tables = vec![project(options)?, tasks(&names, shape, supply)?];
    if !supply.sources.is_empty() {
        tables.push(resources(&names, supply)?);
    }
    if options.absences > 0 && options.resources > 0 {
        tables.push(availability(&names, shape, supply)?);
    }
    if supply.modes.iter().any(|&modes| modes > 1) {
        tables.push(modes(&names, shape, supply)?);
    }
    if options.calendars > 0 {
        tables.push(calendars(&names, shape)?);
    }
    if options.budgets > 0 {
        tables.push(budgets(&names, supply)?);
    }
    if options.risks > 0 {
        tables.push(risks(&names)?);
    }
    Ok(PlanDraft { name: options.name.clone(), tables, ..PlanDraft::default() })
}

/// Ids of a plan.
struct Names<'a> {
    options: &'a GenerateOptions,
    digits: usize,
}

impl Names<'_> {
    fn task(&self, task: usize) -> String {
        format!("T{:0width$}", task + 1, width = self.digits)
    }

    fn package(&self, package: usize) -> String {
        format!("P{}.{}", package / PACKAGES_PER_PHASE + 1, package % PACKAGES_PER_PHASE + 1)
    }

    fn phase(&self, phase: usize) -> String {
        format!("P{}", phase + 1)
    }

    /// A word of a list, numbered from the second round on.
    fn numbered(&self, word: &str, round: usize) -> String {
        if round == 0 { word.to_owned() } else { format!("{word}{}", round + 1) }
    }

    fn resource(&self, resource: usize) -> String {
        let work = self.options.resources;
        if resource < work {
            self.numbered(words::RESOURCES[resource % words::RESOURCES.len()][0], resource / words::RESOURCES.len())
        } else {
            let material = resource - work;
            self.numbered(words::MATERIALS[material % words::MATERIALS.len()][0], material / words::MATERIALS.len())
        }
    }

    fn calendar(&self, calendar: usize) -> String {
        self.numbered(words::CALENDARS[calendar % words::CALENDARS.len()][0], calendar / words::CALENDARS.len())
    }

    /// The skill that a task asks for.
    fn skill(&self, task: usize) -> &'static str {
        words::RESOURCES[task % self.options.resources % words::RESOURCES.len()][3]
    }
}

/// A table that is being written.
struct Writer {
    table: Table,
}

impl Writer {
    fn new(kind: TableKind, headers: &[&str]) -> Writer {
        Writer { table: Table::new(kind, kind.file_name(), headers.iter().copied()) }
    }

    fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<()> {
        // The header is line 1.
        let line = u32::try_from(self.table.len() + 2).unwrap_or(u32::MAX);
        if self.table.push_row(line, cells) {
            Ok(())
        } else {
            Err(Error::usage(format!("{} would exceed 4 GiB; ask for a smaller plan", self.table.file())))
        }
    }
}

fn project(options: &GenerateOptions) -> Result<Table> {
    let mut writer = Writer::new(TableKind::Project, &["key", "value"]);
    writer.push(["name", &options.name])?;
    if options.periods {
        writer.push(["time_unit", "period"])?;
    } else {
        writer.push(["start", &START.to_string()])?;
        writer.push(["currency", "EUR"])?;
    }
    Ok(writer.table)
}

/// The text of a duration in hours, or periods.
fn write_duration(options: &GenerateOptions, duration: u32, text: &mut String) {
    text.clear();
    let written = if options.periods {
        write!(text, "{duration}")
    } else if duration.is_multiple_of(HOURS_PER_DAY) {
        write!(text, "{}d", duration / HOURS_PER_DAY)
    } else {
        write!(text, "{duration}h")
    };
    written.expect("a string takes all that is written");
}

fn write_predecessors(names: &Names<'_>, links: &[DrawnLink], text: &mut String) {
    text.clear();
    for link in links {
        if !text.is_empty() {
            text.push(';');
        }
        let id = link.predecessor + 1;
        let kind = match (link.kind, link.lag) {
            (LinkKind::FinishToStart, DrawnLag::None) => "",
            (LinkKind::FinishToStart, _) => " FS",
            (LinkKind::StartToStart, _) => " SS",
            (LinkKind::FinishToFinish, _) => " FF",
            (LinkKind::StartToFinish, _) => " SF",
        };
        let digits = names.digits;
        let written = match link.lag {
            DrawnLag::None => write!(text, "T{id:0digits$}{kind}"),
            DrawnLag::Days(days) => write!(text, "T{id:0digits$}{kind}{days:+}d"),
            DrawnLag::ElapsedDays(days) => write!(text, "T{id:0digits$}{kind}{days:+}ed"),
            DrawnLag::Percent(percent) => write!(text, "T{id:0digits$}{kind}{percent:+}%"),
        };
        written.expect("a string takes all that is written");
    }
}

/// The resources cell of a task in mode `mode` (from 0).
fn write_needs(names: &Names<'_>, supply: &Supply, task: usize, mode: u32, text: &mut String) {
    text.clear();
    let separate = |text: &mut String| {
        if !text.is_empty() {
            text.push(';');
        }
    };
    if supply.by_skill[task] {
        text.push_str("skill:");
        text.push_str(names.skill(task));
    }
    for need in supply.needs.row(task) {
        separate(text);
        text.push_str(&names.resource(need.resource as usize));
        let work = (need.resource as usize) < names.options.resources;
        let amount = if work { units_in_mode(need.amount, mode, u32::from(supply.modes[task])) } else { need.amount };
        if amount != 1 || !work {
            write!(text, "*{amount}").expect("a string takes all that is written");
        }
    }
}

fn tasks(names: &Names<'_>, shape: &Shape, supply: &Supply) -> Result<Table> {
    let options = names.options;
    // The optional columns in their order, each only if the plan has something to put there.
    let mut headers = vec!["id", "name"];
    let mut add = |wanted: bool, names: &[&'static str]| {
        if wanted {
            headers.extend_from_slice(names);
        }
    };
    add(options.package_size > 0, &["parent"]);
    add(true, &["duration"]);
    add(options.estimates, &["optimistic", "pessimistic"]);
    add(true, &["predecessors"]);
    add(!supply.sources.is_empty(), &["resources"]);
    add(options.calendars > 0, &["calendar"]);
    add(options.budgets > 0, &["fixed_cost", "account"]);
    let mut writer = Writer::new(TableKind::Tasks, &headers);
    let mut random = random(options.seed, 6);
    let [mut id, mut name, mut parent, mut duration, mut best, mut worst] = [const { String::new() }; 6];
    let [mut links, mut needs, mut cost] = [const { String::new() }; 3];
    for task in 0..options.tasks {
        if options.package_size > 0 && task % options.package_size == 0 {
            parent = push_summaries(&mut writer, names, task / options.package_size)?;
        }
        write_task_id(names, task, &mut id);
        write_name(&mut random, shape.durations[task], &mut name);
        write_duration(options, shape.durations[task], &mut duration);
        write_predecessors(names, shape.links.row(task), &mut links);
        let calendar = if options.calendars > 0 && random.random_bool(0.25) {
            names.calendar(random.random_range(0..options.calendars))
        } else {
            String::new()
        };
        let mut cells: Vec<&str> = vec![&id, &name];
        if options.package_size > 0 {
            cells.push(&parent);
        }
        cells.push(&duration);
        if options.estimates {
            let hours = shape.durations[task];
            write_duration(options, hours - hours / 4, &mut best);
            write_duration(options, hours + hours / 2, &mut worst);
            cells.extend([&*best, &*worst]);
        }
        cells.push(&links);
        if !supply.sources.is_empty() {
            write_needs(names, supply, task, 0, &mut needs);
            cells.push(&needs);
        }
        if options.calendars > 0 {
            cells.push(&calendar);
        }
        if options.budgets > 0 {
            cost.clear();
            if supply.fixed_costs[task] > 0 {
                write!(cost, "{}", supply.fixed_costs[task]).expect("a string takes all that is written");
            }
            cells.extend([&*cost, words::ACCOUNTS[task % words::ACCOUNTS.len()]]);
        }
        writer.push(cells)?;
    }
    Ok(writer.table)
}

fn write_task_id(names: &Names<'_>, task: usize, text: &mut String) {
    text.clear();
    write!(text, "T{:0width$}", task + 1, width = names.digits).expect("a string takes all that is written");
}

fn write_name(random: &mut impl Rng, duration: u32, text: &mut String) {
    let mut word = |list: &[&'static str]| list[random.random_range(0..list.len())];
    text.clear();
    if duration == 0 {
        text.extend([word(&words::PARTS), " ", word(&words::PLACES), " accepted"]);
    } else {
        text.extend([word(&words::VERBS), " ", word(&words::PARTS), " ", word(&words::PLACES)]);
    }
}

/// Adds the summary of a work package, before its first package also that of the phase, and returns the package's id.
fn push_summaries(writer: &mut Writer, names: &Names<'_>, package: usize) -> Result<String> {
    let phase = package / PACKAGES_PER_PHASE;
    let phase_id = names.phase(phase);
    if package.is_multiple_of(PACKAGES_PER_PHASE) {
        let name = names.numbered(words::PHASES[phase % words::PHASES.len()], phase / words::PHASES.len());
        writer.push([&*phase_id, &name])?;
    }
    let id = names.package(package);
    let name = format!("Package {id}");
    writer.push([&*id, &name, &phase_id])?;
    Ok(id)
}

fn resources(names: &Names<'_>, supply: &Supply) -> Result<Table> {
    let options = names.options;
    let headers = ["id", "name", "kind", "team", "capacity", "calendar", "rate", "skills"];
    // A plan in periods has neither people nor prices.
    let used = if options.periods { [0, 2, 4].as_slice() } else { &[0, 1, 2, 3, 4, 5, 6, 7] };
    let headers: Vec<&str> = used.iter().map(|&at| headers[at]).collect();
    let mut writer = Writer::new(TableKind::Resources, &headers);
    for (resource, source) in supply.sources.iter().enumerate() {
        let id = names.resource(resource);
        let work = resource < options.resources;
        let calendar = source.calendar.map(|calendar| names.calendar(calendar as usize)).unwrap_or_default();
        let (capacity, rate) = (source.capacity.to_string(), source.rate.to_string());
        let cells = if work {
            let [_, name, team, skill] = words::RESOURCES[resource % words::RESOURCES.len()];
            [&id, name, "work", team, &capacity, &calendar, &rate, skill]
        } else {
            let [_, name] = words::MATERIALS[(resource - options.resources) % words::MATERIALS.len()];
            [&id, name, "material", "", &capacity, "", &rate, ""]
        };
        writer.push(used.iter().map(|&at| cells[at]))?;
    }
    Ok(writer.table)
}

/// The date so many days after the plan's start.
fn date_after(days: i64) -> Date {
    Moment((Moment::midnight(START).0 + days * MINUTES_PER_DAY).min(Moment::MAX.0)).date()
}

/// Length of the plan in calendar days when nothing is scarce, and half as much again.
fn days_of_plan(shape: &Shape) -> i64 {
    i64::from(shape.finish / HOURS_PER_DAY) * 7 / 5 * 3 / 2 + 14
}

fn availability(names: &Names<'_>, shape: &Shape, supply: &Supply) -> Result<Table> {
    let options = names.options;
    let mut writer = Writer::new(TableKind::Availability, &["resource", "from", "to", "units"]);
    let mut random = random(options.seed, 7);
    let weeks = days_of_plan(shape) / 7;
    for (resource, source) in supply.sources[..options.resources].iter().enumerate() {
        for _ in 0..options.absences {
            let week = random.random_range(0..=weeks);
            let days = if random.random_bool(0.5) { 5 } else { 12 };
            let units = if random.random_bool(0.5) { source.capacity / 2 } else { 0 };
            let (from, to) = (date_after(7 * week).to_string(), date_after(7 * week + days - 1).to_string());
            writer.push([&*names.resource(resource), &from, &to, &units.to_string()])?;
        }
    }
    Ok(writer.table)
}

fn modes(names: &Names<'_>, shape: &Shape, supply: &Supply) -> Result<Table> {
    let options = names.options;
    let mut writer = Writer::new(TableKind::Modes, &["task", "mode", "duration", "resources", "cost"]);
    let (mut duration, mut needs) = (String::new(), String::new());
    for (task, &modes) in supply.modes.iter().enumerate() {
        for mode in 1..u32::from(modes) {
            let id = names.task(task);
            write_duration(options, duration_in_mode(shape.durations[task], mode, u32::from(modes)), &mut duration);
            write_needs(names, supply, task, mode, &mut needs);
            let cost = if options.periods { String::new() } else { (200 * mode).to_string() };
            writer.push([&*id, &(mode + 1).to_string(), &duration, &needs, &cost])?;
        }
    }
    Ok(writer.table)
}

fn calendars(names: &Names<'_>, shape: &Shape) -> Result<Table> {
    let options = names.options;
    let mut writer = Writer::new(TableKind::Calendars, &["calendar", "day", "hours"]);
    let last_year = date_after(days_of_plan(shape)).year().min(START.year() + MOST_YEARS);
    for calendar in 0..options.calendars {
        let id = names.calendar(calendar);
        let [_, week, friday, saturday, sunday] = words::CALENDARS[calendar % words::CALENDARS.len()];
        let days = [("mon", week), ("tue", week), ("wed", week), ("thu", week), ("fri", friday), ("sat", saturday)];
        for (day, hours) in days.into_iter().chain([("sun", sunday)]) {
            writer.push([&*id, day, hours])?;
        }
        for year in START.year()..=last_year {
            for [month, day] in words::HOLIDAYS[calendar % words::HOLIDAYS.len()] {
                writer.push([&*id, &format!("{year:04}-{month:02}-{day:02}"), "off"])?;
            }
        }
    }
    Ok(writer.table)
}

/// Caps a fifth above what the tasks cost in their first modes: for everything, then for accounts, then for phases.
fn budgets(names: &Names<'_>, supply: &Supply) -> Result<Table> {
    let options = names.options;
    let mut writer = Writer::new(TableKind::Budgets, &["id", "scope", "key", "cap"]);
    let total = |belongs: &dyn Fn(usize) -> bool| -> String {
        let costs = supply.costs.iter().enumerate().filter(|&(task, _)| belongs(task));
        let sum: u64 = costs.map(|(_, &cost)| cost).sum();
        (sum + sum.div_ceil(5) + 1).to_string()
    };
    let phase_size = options.package_size * PACKAGES_PER_PHASE;
    let phases = if phase_size == 0 { 0 } else { options.tasks.div_ceil(phase_size) };
    for budget in 0..options.budgets.min(1 + words::ACCOUNTS.len() + phases) {
        let id = format!("B{}", budget + 1);
        if budget == 0 {
            writer.push([&*id, "all", "", &total(&|_| true)])?;
        } else if let Some(account) = words::ACCOUNTS.get(budget - 1) {
            if budget <= options.tasks {
                let cap = total(&|task| task % words::ACCOUNTS.len() == budget - 1);
                writer.push([&*id, "account", account, &cap])?;
            }
        } else {
            let phase = budget - 1 - words::ACCOUNTS.len();
            let tasks = &supply.costs[phase * phase_size..((phase + 1) * phase_size).min(options.tasks)];
            let sum: u64 = tasks.iter().sum();
            writer.push([&*id, "wbs", &names.phase(phase), &(sum + sum.div_ceil(5) + 1).to_string()])?;
        }
    }
    Ok(writer.table)
}

fn risks(names: &Names<'_>) -> Result<Table> {
    let options = names.options;
    let headers = ["id", "name", "probability", "tasks", "delay", "cost", "owner", "category"];
    let mut writer = Writer::new(TableKind::Risks, &headers);
    let mut random = random(options.seed, 8);
    for risk in 0..options.risks {
        let tasks: std::collections::BTreeSet<usize> =
            (0..random.random_range(1..=3)).map(|_| random.random_range(0..options.tasks)).collect();
        let tasks: Vec<String> = tasks.into_iter().map(|task| names.task(task)).collect();
        let days = random.random_range(1..=5);
        let cost = 500 * random.random_range(1..=20);
        writer.push([
            &*format!("R{}", risk + 1),
            words::RISKS[risk % words::RISKS.len()],
            &format!("0.{:02}", random.random_range(5..=60)),
            &tasks.join(";"),
            &format!("pert({days}d,{}d,{}d)", 2 * days, 4 * days),
            &format!("uniform({cost},{})", 2 * cost),
            words::RESOURCES[risk % words::RESOURCES.len()][2],
            ["technical", "external", "organisational"][risk % 3],
        ])?;
    }
    Ok(writer.table)
}
