//! Which rows of a file become tasks, what they are called, and what they are part of.

use rustc_hash::{FxHashMap, FxHashSet};

use super::elements::Elements;
use super::model::{Model, TaskRow};
use crate::error::{Finding, Place, Severity};

/// The tasks that are kept and their hierarchy.
pub(super) struct Outline {
    /// The id of each task of the file; empty for those that are left out.
    pub(super) ids: Vec<String>,
    /// The summary of each, as a position among the tasks.
    pub(super) parents: Vec<Option<usize>>,
    /// Whether each is a summary.
    pub(super) summaries: Vec<bool>,
    /// Positions by unique number, of those left out too.
    by_uid: FxHashMap<i64, usize>,
}

impl Outline {
    /// Works out the outline of a file.
    pub(super) fn of(model: &Model<'_>, elements: &mut Elements<'_>) -> Outline {
        let tasks = &model.tasks;
        let mut by_uid = FxHashMap::with_capacity_and_hasher(tasks.len(), Default::default());
        for (at, task) in tasks.iter().enumerate() {
            if task.is_null {
                continue;
            }
            match task.uid {
                Some(uid) => {
                    if by_uid.insert(uid, at).is_some() {
                        let text = format!("two tasks have the number `{uid}`");
                        let place = Place::cell(elements.file, task.line, "UID");
                        elements.tally.push(Finding::error("duplicate-id", place, text));
                    }
                }
                None => {
                    let text = "a task has no number, by which links and assignments name it";
                    elements.tally.push(Finding::error("empty-id", Place::cell(elements.file, task.line, "UID"), text));
                }
            }
        }
        let (parents, summaries, kept) = hierarchy(tasks, elements);
        let ids = ids(tasks, &kept, elements);
        Outline { ids, parents, summaries, by_uid }
    }

    /// True if the task at a position is kept.
    pub(super) fn is_kept(&self, at: usize) -> bool {
        self.ids.get(at).is_some_and(|id| !id.is_empty())
    }

    /// True if the task at a position is a summary.
    pub(super) fn is_summary(&self, at: usize) -> bool {
        self.summaries.get(at).copied().unwrap_or(false)
    }

    /// The position of the task with this unique number.
    pub(super) fn find(&self, uid: i64) -> Option<usize> {
        self.by_uid.get(&uid).copied()
    }

    /// The id of the task at a position.
    pub(super) fn id(&self, at: usize) -> &str {
        self.ids.get(at).map_or("", String::as_str)
    }

    /// True if the first task is somewhere above the second.
    pub(super) fn contains(&self, summary: usize, task: usize) -> bool {
        let mut at = task;
        while let Some(parent) = self.parents.get(at).copied().flatten() {
            // Parents stand before their children, so that this ends.
            if parent == summary {
                return true;
            }
            at = parent;
        }
        false
    }
}

/// True for the row that stands for the project as a whole.
fn is_project(task: &TaskRow<'_>) -> bool {
    task.level == 0 && (task.uid == Some(0) || task.id == Some(0))
}

/// Parents by outline level, which tasks are summaries, and which are kept at all.
fn hierarchy(tasks: &[TaskRow<'_>], elements: &mut Elements<'_>) -> (Vec<Option<usize>>, Vec<bool>, Vec<bool>) {
    let mut kept: Vec<bool> =
        tasks.iter().map(|task| !task.is_null && !is_project(task) && !task.is_inactive).collect();
    for task in tasks.iter().filter(|task| task.is_inactive && !task.is_null) {
        let what = ("inactive tasks", "are left out with their links and assignments");
        elements.remarks.count((Severity::Note, "inactive-task"), what, task.line, || title(task));
    }
    // Summaries all of whose tasks are inactive have nothing to span.
    let mut open: Vec<(i64, usize)> = Vec::new();
    let mut above: Vec<Option<usize>> = vec![None; tasks.len()];
    for (at, task) in tasks.iter().enumerate().filter(|(_, task)| !task.is_null && !is_project(task)) {
        while open.last().is_some_and(|(level, _)| *level >= task.level) {
            open.pop();
        }
        if let (Some(above), Some((_, summary))) = (above.get_mut(at), open.last()) {
            *above = Some(*summary);
        }
        open.push((task.level, at));
    }
    let mut had_children = vec![false; tasks.len()];
    let mut has_children = vec![false; tasks.len()];
    for at in (0..tasks.len()).rev() {
        let is_hollow = had_children.get(at) == Some(&true) && has_children.get(at) == Some(&false);
        if let (true, Some(kept)) = (is_hollow, kept.get_mut(at)) {
            *kept = false;
        }
        if let Some(above) = above.get(at).copied().flatten() {
            if let Some(had) = had_children.get_mut(above) {
                *had = true;
            }
            if let (Some(has), true) = (has_children.get_mut(above), kept.get(at) == Some(&true)) {
                *has = true;
            }
        }
    }
    // An inactive summary of active tasks is passed over.
    let mut parents: Vec<Option<usize>> = vec![None; tasks.len()];
    for at in 0..tasks.len() {
        let direct = above.get(at).copied().flatten();
        let parent = direct.and_then(|above| {
            if kept.get(above) == Some(&true) { Some(above) } else { parents.get(above).copied().flatten() }
        });
        if let Some(slot) = parents.get_mut(at) {
            *slot = parent;
        }
    }
    let mut summaries = vec![false; tasks.len()];
    for (at, parent) in parents.iter().enumerate() {
        if let (Some(true), Some(slot)) = (kept.get(at), parent.and_then(|parent| summaries.get_mut(parent))) {
            *slot = true;
        }
    }
    (parents, summaries, kept)
}

/// The visible numbers of the tasks, or the unique ones if those are missing or repeat.
fn ids(tasks: &[TaskRow<'_>], kept: &[bool], elements: &mut Elements<'_>) -> Vec<String> {
    let mut seen = FxHashSet::with_capacity_and_hasher(tasks.len(), Default::default());
    let mut rows = tasks.iter().zip(kept).filter(|(_, kept)| **kept);
    let are_good = rows.all(|(task, _)| task.id.is_some_and(|id| seen.insert(id)));
    if !are_good {
        let text = "the visible numbers of tasks are missing or repeat: tasks are called by their unique numbers";
        elements.tally.push(Finding::note("unique-numbers", Place::file(elements.file), text));
    }
    let id =
        |task: &TaskRow<'_>| (if are_good { task.id } else { task.uid }).map(|id| id.to_string()).unwrap_or_default();
    tasks.iter().zip(kept).map(|(task, kept)| if *kept { id(task) } else { String::new() }).collect()
}

/// What to call a task in a message.
pub(super) fn title(task: &TaskRow<'_>) -> String {
    let number = task.id.or(task.uid).map(|id| id.to_string()).unwrap_or_default();
    let name: String = task.name.chars().take(30).map(|char| if char.is_control() { ' ' } else { char }).collect();
    if name.is_empty() { number } else { format!("{number} `{name}`") }
}
