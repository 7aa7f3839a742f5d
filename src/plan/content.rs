//! Everything that a plan says, cell by cell: the one list against which formats answer for what they leave out.
//!
//! All structs are taken apart with every field named, so that a new field does not compile until it is listed here.

use std::fmt::Debug;

use super::draft::TableKind;
use super::{
    Budget, BudgetScope, Calendar, CalendarId, CorrelationKey, Dating, Deliverable, Demand, DemandSource, Lag,
    LagCalendar, Link, Mode, Pause, Plan, Progress, ProgressReport, Project, Resource, ResourceKind, StoredDates, Task,
    TaskId, TaskKind, TimeUnit, Uncertainty, Window,
};
use crate::index::Id;
use crate::units::{Amount, Minutes, Moment, Money};

/// Something that a plan says and that it would not mean without saying it.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    /// The table in which it stands.
    pub table: TableKind,
    /// The column, or the key of project.csv.
    pub field: &'static str,
    /// The row: an id, or what else names it. In project.csv the key.
    pub row: &'a str,
    /// The value: the same text if and only if it means the same.
    pub value: &'a dyn Debug,
}

/// Keys that only a file format needs ([`Project::extras`]), as [`Cell::field`] calls them.
pub const EXTRAS: &str = "psplib_*";

/// The column by which the rows of a table are told apart.
pub fn key_field(table: TableKind) -> &'static str {
    match table {
        TableKind::Project => "key",
        TableKind::Tasks
        | TableKind::Resources
        | TableKind::Budgets
        | TableKind::Deliverables
        | TableKind::Risks
        | TableKind::Mitigations
        | TableKind::Gates
        | TableKind::Issues
        | TableKind::Stakeholders
        | TableKind::Rules => "id",
        TableKind::Correlations => "a",
        TableKind::Dependencies => "predecessor",
        TableKind::Availability => "resource",
        TableKind::Modes | TableKind::Progress | TableKind::Dates => "task",
        TableKind::Calendars => "calendar",
        TableKind::Expenses => "date",
        TableKind::Scenarios => "scenario",
    }
}

/// Goes through everything that a plan says. What is as if nothing had been said is left out, and so is what has no effect.
///
/// # Arguments
/// `name` tells what a task is called; `see` gets each cell.
pub fn visit<'n>(plan: &Plan, name: &dyn Fn(TaskId) -> &'n str, see: &mut dyn FnMut(Cell<'_>)) {
    let Plan {
        project: _,
        tasks: _,
        modes: _,
        demands: _,
        links: _,
        // Plans as they are read have none.
        spans: _,
        begun: _,
        past: _,
        stored: _,
        resources: _,
        calendars: _,
        budgets: _,
        deliverables: _,
        uncertainty: _,
        record: _,
        labels: _,
        rules: _,
        unruled: _,
    } = plan;
    let mut visitor = Visitor { plan, name, see };
    visitor.project();
    for task in plan.tasks.ids() {
        visitor.task(task);
    }
    plan.links.iter().for_each(|link| visitor.link(link));
    for resource in &plan.resources {
        visitor.resource(resource);
    }
    plan.calendars.iter().for_each(|calendar| visitor.calendar(calendar));
    plan.budgets.iter().for_each(|budget| visitor.budget(budget));
    plan.deliverables.iter().for_each(|deliverable| visitor.deliverable(deliverable));
    visitor.rows_of_its_own();
    for (task, dates) in plan.stored.iter_enumerated() {
        visitor.stored(task, dates);
    }
}

struct Visitor<'a, 'n> {
    plan: &'a Plan,
    name: &'a dyn Fn(TaskId) -> &'n str,
    see: &'a mut dyn FnMut(Cell<'_>),
}

impl<'n> Visitor<'_, 'n> {
    fn put(&mut self, table: TableKind, row: &str, field: &'static str, is_said: bool, value: &dyn Debug) {
        if is_said {
            (self.see)(Cell { table, field, row, value });
        }
    }

    fn name(&self, task: TaskId) -> &'n str {
        (self.name)(task)
    }

    fn project(&mut self) {
        let Project {
            name,
            start,
            deadline,
            status_date,
            calendar,
            minutes_per_day,
            minutes_per_week,
            minutes_per_month,
            currency,
            overhead_per_day,
            delay_penalty_per_day,
            early_bonus_per_day,
            discount_rate,
            time_unit,
            dating,
            extras,
        } = &self.plan.project;
        let Dating {
            progress_logic,
            float_rule,
            critical_float,
            late_from_deadline,
            late_by_project,
            open_ends_critical,
            honor_constraints,
            use_expected_finish,
            lag_from_actual_start,
        } = dating;
        let calendar = &self.plan.calendars[*calendar].id;
        let has_dates = *time_unit != TimeUnit::Period;
        let mut key = |field, is_said, value: &dyn Debug| self.put(TableKind::Project, field, field, is_said, value);
        key("name", !name.is_empty(), name);
        key("start", has_dates, start);
        key("deadline", deadline.is_some(), deadline);
        key("status_date", status_date.is_some(), status_date);
        key("calendar", has_dates && **calendar != *Calendar::STANDARD, calendar);
        key("hours_per_day", has_dates, minutes_per_day);
        key("days_per_week", has_dates, minutes_per_week);
        key("days_per_month", has_dates, minutes_per_month);
        key("currency", !currency.is_empty(), currency);
        key("overhead_per_day", *overhead_per_day != Money::ZERO, overhead_per_day);
        key("delay_penalty_per_day", *delay_penalty_per_day != Money::ZERO, delay_penalty_per_day);
        key("early_bonus_per_day", *early_bonus_per_day != Money::ZERO, early_bonus_per_day);
        key("discount_rate", discount_rate.0 != 0, discount_rate);
        key("time_unit", *time_unit != TimeUnit::Day, time_unit);
        key("progress_logic", *progress_logic != Default::default(), progress_logic);
        key("float_rule", *float_rule != Default::default(), float_rule);
        key("critical_float", *critical_float != Minutes::ZERO, critical_float);
        key("late_from_deadline", *late_from_deadline && deadline.is_some(), late_from_deadline);
        key("late_by_project", *late_by_project, late_by_project);
        key("open_ends_critical", *open_ends_critical, open_ends_critical);
        key("honor_constraints", *honor_constraints, honor_constraints);
        key("use_expected_finish", *use_expected_finish, use_expected_finish);
        key("lag_from_actual_start", *lag_from_actual_start, lag_from_actual_start);
        for (extra, value) in extras {
            self.put(TableKind::Project, extra, EXTRAS, true, value);
        }
    }

    fn task(&mut self, at: TaskId) {
        let plan = self.plan;
        let Task {
            id: _,
            name,
            parent,
            kind,
            modes: _,
            calendar,
            constraint,
            second_constraint,
            expected_finish,
            deadline,
            priority,
            fixed_cost,
            cost_distribution,
            payment,
            account,
            category,
            deliverable,
            pause,
            activity,
            ignores_resource_calendars,
            progress,
            earning,
            distribution,
            is_manual,
            row: _,
        } = &plan.tasks[at];
        let id = self.name(at);
        let first = plan.modes_of(at).first();
        let calendars = self.calendars_of_people(at);
        let has_people = !calendars.is_empty();
        let is_usual = |calendar| match has_people && !*ignores_resource_calendars {
            true => calendars.iter().all(|it| *it == Some(calendar)),
            false => calendar == plan.project.calendar,
        };
        let calendar = calendar.filter(|calendar| !is_usual(*calendar)).map(|calendar| &plan.calendars[calendar].id);
        let cost = *fixed_cost + first.map_or(Money::ZERO, |mode| mode.cost);
        let [account, category, deliverable] =
            [account, category, deliverable].map(|label| label.map(|label| plan.label(label)));
        let parent = parent.map(|parent| self.name(parent));
        let is_named = !name.is_empty() && **name != *id;
        let mut put = |field, is_said, value: &dyn Debug| self.put(TableKind::Tasks, id, field, is_said, value);
        put("id", true, &(*kind == TaskKind::Summary));
        put("name", is_named, name);
        put("parent", parent.is_some(), &parent);
        put("duration", first.is_some(), &first.map(|mode| mode.duration));
        put("resource_calendars", *ignores_resource_calendars && has_people, ignores_resource_calendars);
        put("calendar", calendar.is_some(), &calendar);
        put("constraint", constraint.is_some(), constraint);
        put("second_constraint", second_constraint.is_some(), second_constraint);
        put("expected_finish", expected_finish.is_some(), expected_finish);
        put("deadline", deadline.is_some(), deadline);
        put("priority", *priority != 500, priority);
        put("fixed_cost", cost != Money::ZERO, &cost);
        put("cost_distribution", cost_distribution.is_some(), cost_distribution);
        put("payment", *payment != Money::ZERO, payment);
        put("account", account.is_some(), &account);
        put("category", category.is_some(), &category);
        put("deliverable", deliverable.is_some(), &deliverable);
        put("pause", *pause != Pause::Breaks, pause);
        put("type", *activity != Default::default(), activity);
        put("ev_method", *earning != Default::default(), earning);
        put("manual", *is_manual, is_manual);
        put("distribution", distribution.is_some(), distribution);
        for mode in plan.modes_of(at) {
            self.mode(id, mode, first.is_some_and(|first| std::ptr::eq(first, mode)));
        }
        if let Some(progress) = progress {
            let planned = first.map_or(0, |mode| mode.duration.minutes().0);
            self.progress(id, progress, planned);
        }
    }

    /// The calendars of all who may work on a task; `None` for whoever has a skill.
    fn calendars_of_people(&self, task: TaskId) -> Vec<Option<CalendarId>> {
        let plan = self.plan;
        let demands = plan.modes_of(task).iter().flat_map(|mode| plan.demands_of(mode));
        let calendar = |demand: &Demand| match demand.source {
            DemandSource::Resource(resource) if plan.resources[resource].kind == ResourceKind::Material => None,
            DemandSource::Resource(resource) => Some(Some(plan.calendar_of(resource))),
            DemandSource::Skill(_) => Some(None),
        };
        demands.filter_map(calendar).collect()
    }

    fn mode(&mut self, id: &str, mode: &Mode, is_first: bool) {
        let Mode { name, duration, demands: _, cost } = mode;
        let plan = self.plan;
        let mut list: Vec<(&str, Amount)> = Vec::new();
        for Demand { source, amount } in plan.demands_of(mode) {
            list.push(match source {
                DemandSource::Resource(resource) => (&plan.resources[*resource].id, *amount),
                DemandSource::Skill(skill) => (plan.label(*skill), *amount),
            });
        }
        list.sort_unstable();
        if is_first {
            self.put(TableKind::Tasks, id, "resources", !list.is_empty(), &list);
            return;
        }
        let row = format!("{id}: {}", plan.label(*name));
        let mut put = |field, is_said, value: &dyn Debug| self.put(TableKind::Modes, &row, field, is_said, value);
        put("task", true, &());
        put("duration", true, duration);
        put("resources", !list.is_empty(), &list);
        put("cost", *cost != Money::ZERO, cost);
    }

    fn progress(&mut self, id: &str, progress: &Progress, planned: i64) {
        let Progress { start, finish, remaining, resume, complete } = progress;
        let mut put = |field, is_said, value: &dyn Debug| self.put(TableKind::Progress, id, field, is_said, value);
        put("task", true, &());
        put("actual_start", true, start);
        put("actual_finish", finish.is_some(), finish);
        put("remaining_duration", finish.is_none(), remaining);
        put("resume", resume.is_some(), resume);
        // Formats have whole percents, and what the remaining work tells need not be said.
        let told = if planned > 0 { 10_000 * (planned - remaining.0) / planned } else { 0 };
        let is_said = finish.is_none() && (i64::from(complete.0) - told).abs() >= 100;
        put("percent_complete", is_said, complete);
    }

    fn link(&mut self, link: &Link) {
        let Link { predecessor, successor, kind, lag, max_lag } = link;
        let row = format!("{} -> {}", self.name(*predecessor), self.name(*successor));
        let on = |lag: &Lag| match lag.calendar {
            LagCalendar::Named(calendar) => self.plan.calendars[calendar].id.to_string(),
            other => format!("{other:?}"),
        };
        let (calendar, max_lag) = (on(lag), max_lag.map(|lag| (lag.amount, on(&lag))));
        let has_calendar = !lag.is_zero() && lag.calendar != LagCalendar::Successor;
        let mut put =
            |field, is_said, value: &dyn Debug| self.put(TableKind::Dependencies, &row, field, is_said, value);
        put("predecessor", true, &());
        put("type", *kind != Default::default(), kind);
        put("lag", !lag.is_zero(), &lag.amount);
        put("lag_calendar", has_calendar, &calendar);
        put("max_lag", max_lag.is_some(), &max_lag);
    }

    fn resource(&mut self, resource: &Resource) {
        let Resource {
            id,
            name,
            kind,
            team,
            capacity,
            calendar,
            rate,
            cost_per_use,
            skills,
            certificates,
            max_per_week,
            windows,
        } = resource;
        let plan = self.plan;
        let is_work = *kind == ResourceKind::Work;
        let calendar = calendar.filter(|calendar| is_work && *calendar != plan.project.calendar);
        let calendar = calendar.map(|calendar| &plan.calendars[calendar].id);
        let usual = is_work.then_some(Amount::ONE);
        let price = if is_work { rate.money.0 as f64 / rate.per.0.max(1) as f64 } else { rate.money.0 as f64 };
        let team = team.map(|team| plan.label(team));
        let mut skills: Vec<&str> = skills.iter().map(|skill| plan.label(*skill)).collect();
        skills.sort_unstable();
        let is_named = !name.is_empty() && name != id;
        let mut put = |field, is_said, value: &dyn Debug| self.put(TableKind::Resources, id, field, is_said, value);
        put("id", true, kind);
        put("name", is_named, name);
        put("team", team.is_some(), &team);
        put("capacity", *capacity != usual, capacity);
        put("calendar", calendar.is_some(), &calendar);
        put("rate", rate.money != Money::ZERO, &price);
        put("cost_per_use", *cost_per_use != Money::ZERO, cost_per_use);
        put("skills", !skills.is_empty(), &(skills, certificates));
        put("max_hours_per_week", max_per_week.is_some(), max_per_week);
        self.windows(resource, windows);
    }

    /// The times at which other units than usual are there, in order and apart.
    fn windows(&mut self, resource: &Resource, windows: &[Window]) {
        let mut edges: Vec<Moment> = windows.iter().flat_map(|Window { from, to, units: _ }| [*from, *to]).collect();
        edges.sort_unstable();
        edges.dedup();
        let mut periods: Vec<Window> = Vec::new();
        for pair in edges.windows(2) {
            let (from, to, units) = (pair[0], pair[1], resource.units_at(pair[0]));
            match periods.last_mut() {
                Some(last) if last.units == units && last.to == from => last.to = to,
                _ if Some(units) == resource.capacity => {}
                _ => periods.push(Window { from, to, units }),
            }
        }
        for period in periods {
            self.put(TableKind::Availability, &resource.id, "resource", true, &period);
        }
    }

    fn calendar(&mut self, calendar: &Calendar) {
        let Calendar { id, week, exceptions } = calendar;
        let is_own = !matches!(&**id, Calendar::STANDARD | Calendar::TWENTY_FOUR_HOURS);
        self.put(TableKind::Calendars, id, "calendar", is_own, &());
        self.put(TableKind::Calendars, id, "hours", is_own, &(week, exceptions));
    }

    fn budget(&mut self, budget: &Budget) {
        let Budget { id, scope, from, to, cap } = budget;
        let key = match *scope {
            BudgetScope::All => "",
            BudgetScope::Task(task) | BudgetScope::Wbs(task) => self.name(task),
            BudgetScope::Account(account) => self.plan.label(account),
            BudgetScope::Resource(resource) => &self.plan.resources[resource].id,
        };
        let mut put = |field, is_said, value: &dyn Debug| self.put(TableKind::Budgets, id, field, is_said, value);
        put("id", true, &());
        put("scope", true, &std::mem::discriminant(scope));
        put("key", !key.is_empty(), &key);
        put("from", from.is_some(), from);
        put("to", to.is_some(), to);
        put("cap", true, cap);
    }

    fn deliverable(&mut self, deliverable: &Deliverable) {
        // The line is no content.
        let Deliverable { id, name, acceptance, owner, category, due, evidence, evidence_until, row: _ } = deliverable;
        let mut put = |field, is_said, value: &dyn Debug| self.put(TableKind::Deliverables, id, field, is_said, value);
        put("id", true, &());
        put("name", !name.is_empty(), name);
        put("acceptance", !acceptance.is_empty(), acceptance);
        put("owner", !owner.is_empty(), owner);
        put("category", !category.is_empty(), category);
        put("due", due.is_some(), due);
        put("evidence", !evidence.is_empty(), evidence);
        put("evidence_until", evidence_until.is_some(), evidence_until);
    }

    /// The tables that no other format has a place for, row by row.
    fn rows_of_its_own(&mut self) {
        let Uncertainty { risks, mitigations, correlations, gates, issues, stakeholders } = &self.plan.uncertainty;
        let plan = self.plan;
        let mut put = |table, row: &str, value: &dyn Debug| self.put(table, row, key_field(table), true, value);
        risks.iter().for_each(|risk| put(TableKind::Risks, &risk.id, risk));
        mitigations.iter().for_each(|mitigation| put(TableKind::Mitigations, &mitigation.id, mitigation));
        for correlation in correlations {
            let key = |key: CorrelationKey| match key {
                CorrelationKey::Task(task) => &*plan.tasks[task].id,
                CorrelationKey::Category(label) | CorrelationKey::RiskGroup(label) => plan.label(label),
                CorrelationKey::EveryTask => "every task",
            };
            let row = format!("{} and {}", key(correlation.a), key(correlation.b));
            put(TableKind::Correlations, &row, correlation);
        }
        gates.iter().for_each(|gate| put(TableKind::Gates, &gate.id, gate));
        issues.iter().for_each(|issue| put(TableKind::Issues, &issue.id, issue));
        stakeholders.iter().for_each(|stakeholder| put(TableKind::Stakeholders, &stakeholder.id, stakeholder));
        for ProgressReport { task, at, progress: _ } in &plan.record.reports {
            if *at != plan.project.status_date {
                self.put(TableKind::Progress, self.name(*task), "date", true, at);
            }
        }
        let mut put = |table, row: &str, value: &dyn Debug| self.put(table, row, key_field(table), true, value);
        for (at, expense) in plan.record.expenses.iter().enumerate() {
            put(TableKind::Expenses, &format!("{} {}", at + 1, expense.note), expense);
        }
        plan.rules.iter().for_each(|rule| put(TableKind::Rules, &rule.id, rule));
    }

    fn stored(&mut self, task: TaskId, dates: &StoredDates) {
        let StoredDates { start, finish, early_start, early_finish, late_start, late_finish, total_float, free_float } =
            dates;
        let id = if task.index() < self.plan.tasks.len() { self.name(task) } else { "" };
        let mut put = |field, is_said, value: &dyn Debug| self.put(TableKind::Dates, id, field, is_said, value);
        put("task", *dates != StoredDates::default(), &());
        put("start", start.is_some(), start);
        put("finish", finish.is_some(), finish);
        put("early_start", early_start.is_some(), early_start);
        put("early_finish", early_finish.is_some(), early_finish);
        put("late_start", late_start.is_some(), late_start);
        put("late_finish", late_finish.is_some(), late_finish);
        put("total_float", total_float.is_some(), total_float);
        put("free_float", free_float.is_some(), free_float);
    }
}
