//! Who works on what: the cells of tasks.csv for resources, and what they mean for calendars and costs.

use std::fmt::Write as _;

use super::elements::Elements;
use super::model::{Model, ResourceType};
use super::outline::{Outline, title};
use super::resources::Resources;
use super::values::plain_number;
use crate::error::{Finding, Place, Severity};

/// A resource on a task.
#[derive(Clone, Copy)]
pub(super) struct Use {
    task: usize,
    /// Position among the resources.
    pub(super) resource: usize,
    units: f64,
}

/// The uses of all tasks.
pub(super) struct Uses {
    list: Vec<Use>,
    /// Cost of resources that are but costs, for each task, in hundredths.
    costs: Vec<(usize, f64)>,
    /// Tasks of which the file says how their work is spread over time.
    timephased: Vec<usize>,
    /// The most units of each resource that a task asks for.
    pub(super) most_units: Vec<f64>,
}

impl Uses {
    /// Reads the assignments.
    pub(super) fn of(model: &Model<'_>, outline: &Outline, resources: &Resources, elements: &mut Elements<'_>) -> Uses {
        let mut uses = Uses {
            list: Vec::with_capacity(model.assignments.len()),
            costs: Vec::new(),
            timephased: Vec::new(),
            most_units: vec![0.0; model.resources.len()],
        };
        for row in &model.assignments {
            let Some(uid) = row.task else {
                let place = Place::cell(elements.file, row.line, "TaskUID");
                elements.tally.push(Finding::error("missing-value", place, "an assignment does not say of which task"));
                continue;
            };
            let task = outline.find(uid);
            let Some(at) = task else {
                // Number 0 stands for the project as a whole.
                if uid != 0 {
                    let place = Place::cell(elements.file, row.line, "TaskUID");
                    let text = format!("no task has the number `{uid}`; the assignment is left out");
                    elements.tally.push(Finding::warning("unknown-task", place, text));
                }
                continue;
            };
            let Some(task) = model.tasks.get(at).filter(|_| outline.is_kept(at)) else { continue };
            if row.has_timephased {
                uses.timephased.push(at);
            }
            // -65535 stands for nobody, as other numbers below zero do in the files of other programs.
            let Some(resource) = row.resource.filter(|&uid| uid > 0) else { continue };
            let Some(resource) = resources.find(resource) else {
                let place = Place::cell(elements.file, row.line, "ResourceUID");
                let text = format!("no resource has the number `{resource}`; the assignment is left out");
                elements.tally.push(Finding::warning("unknown-resource", place, text));
                continue;
            };
            let Some(resource_row) = model.resources.get(resource) else { continue };
            if outline.is_summary(at) {
                let what = ("assignments to summary tasks", "are left out: only the tasks below are worked on");
                elements.remarks.count((Severity::Warning, "summary-with-resources"), what, row.line, || title(task));
                continue;
            }
            if resource_row.is_cost {
                let what = ("assignments of cost resources", "are added to the fixed costs of their tasks");
                elements.remarks.count((Severity::Note, "cost-resource"), what, row.line, || title(task));
                uses.costs.push((at, row.cost));
                continue;
            }
            if resource_row.is_budget {
                continue;
            }
            let is_work = resource_row.kind == ResourceType::Work;
            // The work of a material is its quantity, an hour being a unit.
            let quantity = row.work.filter(|work| !is_work && work.0 > 0).map(|work| work.0 as f64 / 60.0);
            let units = quantity.or(row.units).unwrap_or(1.0);
            if units == 0.0 {
                let what = ("assignments of no units", "are left out");
                elements.remarks.count((Severity::Note, "zero-demand"), what, row.line, || title(task));
                continue;
            }
            let differs = |own: Option<jiff::civil::DateTime>, of_task| own.is_some() && own != of_task;
            if is_work
                && row.work.is_none_or(|work| work.0 > 0)
                && (differs(row.start, task.start) || differs(row.finish, task.finish))
            {
                let what = (
                    "assignments begin later or end earlier than their tasks;",
                    "here people are busy as long as their task lasts",
                );
                elements.remarks.count((Severity::Note, "assignment-span"), what, row.line, || title(task));
            }
            if is_work && row.contour != 0 {
                let what = ("assignments spread their work unevenly;", "here it is spread evenly");
                elements.remarks.count((Severity::Note, "work-contour"), what, row.line, || title(task));
            }
            uses.list.push(Use { task: at, resource, units });
        }
        uses.list.sort_by_key(|it| (it.task, it.resource));
        uses.list.dedup_by(|next, last| {
            let is_same = (next.task, next.resource) == (last.task, last.resource);
            if is_same {
                last.units += next.units;
            }
            is_same
        });
        for it in &uses.list {
            if let Some(most) = uses.most_units.get_mut(it.resource) {
                *most = most.max(it.units);
            }
        }
        uses.costs.sort_by_key(|(task, _)| *task);
        uses.timephased.sort_unstable();
        uses
    }

    /// The resources of a task.
    pub(super) fn of_task(&self, task: usize) -> &[Use] {
        let first = self.list.partition_point(|it| it.task < task);
        let rest = self.list.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|it| it.task == task)).unwrap_or_default()
    }

    /// The cost of a task besides its own, in hundredths.
    pub(super) fn cost_of(&self, task: usize) -> f64 {
        let first = self.costs.partition_point(|(at, _)| *at < task);
        self.costs.iter().skip(first).take_while(|(at, _)| *at == task).map(|(_, cost)| cost).sum()
    }

    /// True if the file says how the work on a task is spread.
    pub(super) fn is_timephased(&self, task: usize) -> bool {
        self.timephased.binary_search(&task).is_ok()
    }
}

/// Appends the cell of a task's resources.
pub(super) fn push_cell(uses: &[Use], resources: &Resources, cell: &mut String) {
    for Use { resource, units, .. } in uses {
        let Some(id) = resources.ids.get(*resource) else { continue };
        if !cell.is_empty() {
            cell.push(';');
        }
        cell.push_str(id);
        if *units != 1.0 {
            // Writing to a string cannot fail.
            let _ = write!(cell, "*{}", plain_number(*units, 4));
        }
    }
}
