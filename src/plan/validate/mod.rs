//! From a draft to a plan: every cell parsed, every reference resolved, every contradiction named.
//!
//! Tables are read in the order in which they refer to each other: calendars, project, resources, tasks, modes, links,
//! gates (which bring links), budgets, risks and what refers to them. Nothing stops at a mistake: what cannot be understood is reported and left out, so that the rest is
//! checked in the same go. The result is a [`Plan`] whose invariants hold, or all findings.

mod budgets;
mod calendars;
mod causes;
mod cells;
mod columns;
mod constraints;
mod correlations;
mod cycles;
mod dates;
mod deliverables;
mod expenses;
mod extent;
mod feasibility;
mod gates;
mod hierarchy;
mod impacts;
mod issues;
mod links;
mod mitigations;
mod modes;
mod progress;
mod project;
mod report;
mod resources;
mod risks;
mod rules;
mod stakeholders;
mod tasks;
mod uncertainty;
mod working_time;

#[cfg(test)]
mod tests;

use self::cells::Labels;
use self::report::{Report, Vocabulary};
use self::tasks::TaskRows;
use self::uncertainty::PlanSoFar;
use super::draft::{PlanDraft, TableKind, setting_names};
use super::{Plan, Record};
use crate::error::{Error, Findings, Result};
use crate::index::IdVec;

/// True for a key of project.csv that is used.
pub fn is_setting(key: &str) -> bool {
    setting_names().any(|name| name == key) || key.starts_with(project::EXTRA_PREFIX)
}

/// Turns a draft into a plan.
///
/// # Returns
/// The plan with all warnings and notes, those of the draft included, sorted.
///
/// # Errors
/// [`Error::is_invalid_plan`](crate::error::Error::is_invalid_plan) with every finding of the plan, if any of them is
/// an error. Of one rule at most a thousand findings are listed and the others counted.
///
/// # Complexity
/// Linear in the cells, but for sorting findings and for names that are not there, for which a bounded number of valid
/// ones is compared. Large tables are read in parallel; the result does not depend on the number of threads.
pub fn validate(draft: &PlanDraft) -> Result<(Plan, Findings)> {
    let mut report = Report::default();
    columns::check(draft, &mut report);
    let mut vocabulary = Vocabulary::default();
    let plan = read(draft, &mut report, &mut vocabulary);
    let mut findings = draft.findings.clone();
    findings.append(causes::without_consequences(draft, report.finish(&vocabulary)));
    findings.sort();
    match plan {
        Some(plan) if !findings.has_errors() => Ok((plan, findings)),
        _ => Err(Error::invalid_plan(findings)),
    }
}

/// Reads and checks all tables.
///
/// # Returns
/// The plan, unless something is wrong with it.
fn read<'a>(draft: &'a PlanDraft, report: &mut Report, vocabulary: &mut Vocabulary<'a>) -> Option<Plan> {
    let mut labels = Labels::default();
    let calendar_table = draft.table(TableKind::Calendars);
    let calendars = calendars::read(calendar_table, draft.date_order, report);
    let (project, reading) = project::read(draft, &calendars, report);
    let resources = resources::read(draft, &calendars, &reading, &mut labels, report);
    let table = draft.table(TableKind::Tasks)?;
    let context = tasks::Context { project: &project, reading, calendars: &calendars, resources: &resources };
    let (mut rows, names) = tasks::read(table, context, &mut labels, report);
    let hierarchy = hierarchy::build(table, &mut rows, report);
    let mode_table = draft.table(TableKind::Modes);
    let modes = modes::assemble(table, mode_table, &mut rows, &names, context, &mut labels, report);
    let reports = draft.table(TableKind::Progress).map_or_else(Vec::new, |table| {
        let TaskRows { tasks, durations, .. } = &rows;
        progress::read(table, (tasks, durations), &names, (&reading, &project), report)
    });
    let task_links = (std::mem::take(&mut rows.links), std::mem::take(&mut rows.link_rows));
    let dependency_table = draft.table(TableKind::Dependencies);
    let mut links = links::read(table, dependency_table, task_links, &names, context, report);
    let so_far = PlanSoFar { tasks: &rows.tasks, names: &names, reading: &reading };
    let mut gates = IdVec::new();
    if let Some(table) = draft.table(TableKind::Gates) {
        let (list, new_links) = gates::read(table, &links.list, &so_far, report);
        gates = list;
        links.add_gates(table, new_links);
    }
    let supply = feasibility::Supply {
        project: &project,
        reading: &reading,
        calendars: &calendars.list,
        resources: &resources,
        labels: &labels,
    };
    let tables = feasibility::ModeTables { tasks: table, modes: mode_table };
    let mut of_modes = Report::default();
    let (in_order, ()) = rayon::join(
        || {
            links::drop_duplicates(&mut links, &rows.tasks, report);
            let left_out = links::check(&links, &rows.tasks, &hierarchy, report);
            cycles::check(&links, &left_out, &rows.tasks, report)
        },
        || feasibility::check(&rows.tasks, &modes, &rows.demands, tables, &supply, &mut of_modes),
    );
    report.absorb(of_modes);
    if in_order {
        extent::check(table, &project, &rows.tasks, &modes, &links, report);
    }
    let budget_table = draft.table(TableKind::Budgets);
    let budgets = budget_table.map_or_else(IdVec::new, |table| {
        budgets::read(table, &rows.tasks, &names, &resources, &labels, &reading, report)
    });
    let expenses = draft.table(TableKind::Expenses).map_or_else(Vec::new, |table| {
        let so_far = PlanSoFar { tasks: &rows.tasks, names: &names, reading: &reading };
        expenses::read(table, &so_far, project.status_date, &mut labels, report)
    });
    let deliverables = match draft.table(TableKind::Deliverables) {
        Some(of) => deliverables::read(of, table, &reading, report),
        None => IdVec::new(),
    };
    let uncertainty = uncertainty::read(draft, gates, &resources.names, &so_far, &mut labels, report);
    let stored = draft
        .table(TableKind::Dates)
        .map_or_else(IdVec::new, |table| dates::read(table, rows.tasks.len(), &names, &reading, report));
    let rules = draft.table(TableKind::Rules).map_or_else(IdVec::new, |table| {
        let (tasks, links) = (&rows.tasks[..], &links.list[..]);
        let context = rules::Context { tasks, names: &names, links, resources: &resources, reading: &reading };
        rules::read(table, &context, &mut labels, report)
    });
    if report.has_errors() {
        collect_names(draft, &resources, vocabulary);
        return None;
    }
    let mut plan = Plan {
        project,
        tasks: IdVec::from(rows.tasks),
        modes: modes::finish(modes),
        demands: rows.demands,
        links: IdVec::from(links.list),
        spans: Vec::new(),
        begun: Vec::new(),
        past: Default::default(),
        stored,
        resources: resources.list,
        calendars: calendars.list,
        budgets,
        deliverables,
        uncertainty,
        record: Record { reports, expenses },
        labels: IdVec::from(labels.into_words()),
        rules,
        unruled: None,
    };
    plan.take_progress();
    plan.keep_rules();
    Some(plan)
}

/// Collects the valid names, from which the nearest ones to wrong names are taken.
fn collect_names<'a>(draft: &'a PlanDraft, resources: &resources::Resources<'a>, vocabulary: &mut Vocabulary<'a>) {
    let column = |kind: TableKind, field: &'static str| -> Vec<&'a str> {
        let Some(table) = draft.table(kind) else { return Vec::new() };
        let cells = cells::Cells::of(table, field);
        (0..table.len()).map(|row| cells.text(row)).filter(|name| !name.is_empty()).collect()
    };
    vocabulary.tasks = column(TableKind::Tasks, "id");
    if let Some(table) = draft.table(TableKind::Tasks) {
        let (ids, names) = (cells::Cells::of(table, "id"), cells::Cells::of(table, "name"));
        let pairs = (0..table.len()).map(|row| (names.text(row), ids.text(row)));
        vocabulary.task_names = pairs.filter(|(name, id)| !name.is_empty() && !id.is_empty()).collect();
    }
    vocabulary.resources = column(TableKind::Resources, "id");
    vocabulary.resources.extend(column(TableKind::Resources, "name"));
    let skills = column(TableKind::Resources, "skills").into_iter().flat_map(|cell| cell.split([';', ',']));
    let skills = skills.map(|item| resources::skill_name(item.trim()));
    vocabulary.skills = skills.filter(|skill| resources.skills.find(skill).is_some()).collect();
    vocabulary.calendars = vec!["standard", "24h"];
    vocabulary.calendars.extend(column(TableKind::Calendars, "calendar"));
    vocabulary.accounts = column(TableKind::Tasks, "account");
    vocabulary.deliverables = column(TableKind::Deliverables, "id");
    // Where nobody lists them there are those that tasks contribute to.
    if vocabulary.deliverables.is_empty() {
        vocabulary.deliverables = column(TableKind::Tasks, "deliverable");
    }
    vocabulary.budgets = column(TableKind::Budgets, "id");
    vocabulary.risks = column(TableKind::Risks, "id");
    vocabulary.categories = column(TableKind::Tasks, "category");
    let groups = column(TableKind::Risks, "group").into_iter().filter_map(|cell| risks::parse_group(cell).ok());
    vocabulary.risk_groups = groups.map(|(_, name)| name).collect();
    if draft.table(TableKind::Correlations).is_some() {
        let Vocabulary { tasks, categories, risk_groups, .. } = &*vocabulary;
        vocabulary.correlation_keys = [&tasks[..], categories, risk_groups].concat();
    }
}
