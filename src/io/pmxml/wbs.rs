//! The work breakdown: each project and its nodes as summary rows above the activities.

use std::collections::{HashMap, HashSet};

use super::activities::Activity;
use super::calendars::unique;
use super::elements::{Document, Kind, Node};
use super::values::Values;
use crate::error::Finding;
use crate::plan::notation::quoted;

/// Nodes that may stand above one another; the program allows fewer.
const MOST_LEVELS: usize = 100;

/// A project or a node below it.
pub(super) struct Summary<'a> {
    pub(super) id: String,
    pub(super) node: &'a Node,
    pub(super) parent: Option<usize>,
    /// Nodes below it, in the order of the file's tree.
    pub(super) below: Vec<usize>,
    /// Positions of the activities right below it.
    pub(super) activities: Vec<usize>,
    /// True if there is an activity somewhere below it.
    pub(super) is_needed: bool,
}

/// The summaries: first the projects in file order, then the nodes.
pub(super) struct Wbs<'a> {
    pub(super) list: Vec<Summary<'a>>,
    pub(super) projects: usize,
}

impl<'a> Wbs<'a> {
    /// Builds the tree and hangs the activities into it.
    pub(super) fn new(
        document: &'a Document,
        activities: &[Activity<'a>],
        project_of: impl Fn(Option<usize>, &Node) -> usize,
        values: &mut Values<'_>,
    ) -> Wbs<'a> {
        let projects = document.projects.len();
        let mut wbs = Wbs { list: document.projects.iter().map(new).collect(), projects };
        let mut by_object_id: HashMap<&str, usize> = HashMap::new();
        for (at, project) in document.projects.iter().enumerate() {
            if let Some(id) = project.text("WBSObjectId") {
                by_object_id.insert(id, at);
            }
        }
        let mut homes = Vec::new();
        for object in document.of(Kind::Wbs) {
            let at = wbs.list.len();
            if let Some(id) = object.node.text("ObjectId")
                && by_object_id.insert(id, at).is_some_and(|former| former >= projects)
            {
                let text = format!("the object id {} was given before", quoted(id));
                values.push(Finding::warning("duplicate-object", values.place(&object.node), text));
            }
            homes.push(project_of(object.project, &object.node));
            wbs.list.push(new(&object.node));
        }
        for (at, &home) in (projects..).zip(&homes) {
            let Some(node) = wbs.list.get(at).map(|summary| summary.node) else { continue };
            let named = node.text("ParentObjectId");
            let parent = named.and_then(|id| by_object_id.get(id).copied()).filter(|&parent| parent != at);
            wbs.set_parent(at, Some(parent.unwrap_or(home)));
        }
        wbs.cut_cycles(&homes, values);
        for (at, activity) in activities.iter().enumerate() {
            let named = activity.node.child("WBSObjectId").filter(|child| !child.text.is_empty());
            let found = named.and_then(|child| by_object_id.get(child.text.as_str()).copied());
            if let (Some(child), None) = (named, found) {
                let text = format!("there is no WBS node with the object id {}", quoted(&child.text));
                let finding = Finding::warning("unknown-parent", values.place(child), text);
                values.push(finding.with_hint("the activity is put right below its project"));
            }
            if let Some(summary) = wbs.list.get_mut(found.unwrap_or(activity.project)) {
                summary.activities.push(at);
            }
        }
        wbs.arrange(values);
        wbs.name(document, activities, values);
        wbs
    }

    fn set_parent(&mut self, at: usize, parent: Option<usize>) {
        if let Some(summary) = self.list.get_mut(at) {
            summary.parent = parent;
        }
    }

    /// Hangs nodes that no project is above of, or too many nodes, right below their project.
    fn cut_cycles(&mut self, homes: &[usize], values: &mut Values<'_>) {
        let mut levels: Vec<usize> = vec![0; self.list.len()];
        for (start, &home) in (self.projects..).zip(homes) {
            let (mut at, mut path) = (start, Vec::new());
            while levels.get(at).is_some_and(|&level| level == 0) && at >= self.projects && path.len() <= MOST_LEVELS {
                path.push(at);
                at = self.list.get(at).and_then(|summary| summary.parent).unwrap_or(home);
            }
            let known = levels.get(at).copied().unwrap_or(0);
            if known + path.len() > MOST_LEVELS || (at >= self.projects && known == 0) {
                values.lose("WBS nodes have too many nodes above them or stand above themselves, and are put right below the project", &self.title(start));
                self.set_parent(start, Some(home));
                if let Some(level) = levels.get_mut(start) {
                    *level = 1;
                }
                continue;
            }
            for (level, at) in path.into_iter().rev().enumerate() {
                if let Some(slot) = levels.get_mut(at) {
                    *slot = known + level + 1;
                }
            }
        }
    }

    fn title(&self, at: usize) -> String {
        let node = self.list.get(at).map(|summary| summary.node);
        node.and_then(|node| node.text("Code").or(node.text("Name"))).unwrap_or_default().to_owned()
    }

    /// Puts nodes below their parents in the order of their sequence numbers, and marks those with activities.
    fn arrange(&mut self, values: &mut Values<'_>) {
        let mut order: Vec<(f64, usize)> = (self.projects..self.list.len())
            .map(|at| {
                let node = self.list.get(at).map(|summary| summary.node);
                (node.and_then(|node| values.number(node, "SequenceNumber")).unwrap_or(f64::MAX), at)
            })
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, at) in order {
            let parent = self.list.get(at).and_then(|summary| summary.parent);
            if let Some(parent) = parent.and_then(|parent| self.list.get_mut(parent)) {
                parent.below.push(at);
            }
        }
        for start in 0..self.list.len() {
            let mut at = self.list.get(start).filter(|summary| !summary.activities.is_empty()).map(|_| start);
            while let Some(summary) = at.and_then(|at| self.list.get_mut(at)).filter(|summary| !summary.is_needed) {
                summary.is_needed = true;
                at = summary.parent;
            }
        }
    }

    /// Gives each summary the path of its codes, made unique against the ids of activities.
    fn name(&mut self, document: &Document, activities: &[Activity<'_>], values: &mut Values<'_>) {
        let mut taken: HashSet<String> = activities.iter().map(|activity| activity.id.clone()).collect();
        let mut todo: Vec<(usize, String)> = Vec::new();
        for (at, project) in document.projects.iter().enumerate().rev() {
            let code = project.text("Id").or(project.text("Name")).or(project.text("ObjectId"));
            todo.push((at, code.unwrap_or("project").to_owned()));
        }
        while let Some((at, path)) = todo.pop() {
            let Some(summary) = self.list.get_mut(at) else { continue };
            if !summary.is_needed {
                values.lose("WBS nodes and projects without activities are left out", &path);
            } else {
                summary.id = unique(&path, &mut taken);
            }
            let below = summary.below.clone();
            todo.extend(below.into_iter().rev().map(|below| (below, format!("{path}.{}", self.title(below)))));
        }
    }
}

fn new(node: &Node) -> Summary<'_> {
    Summary { id: String::new(), node, parent: None, below: Vec::new(), activities: Vec::new(), is_needed: false }
}
