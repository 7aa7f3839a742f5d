//! The WBS: which nodes become summary rows, and what they are called.

use rustc_hash::FxHashMap;

use super::ids::Taken;
use super::project::Projects;
use super::records::WbsRow;
use super::values;
use crate::error::{Finding, Place};
use crate::io::tally::Tally;
use crate::plan::draft::Table;

/// Longer paths are replaced by the node's number.
const LONGEST_PATH: usize = 200;

/// The nodes of all projects.
pub(super) struct Wbs<'a> {
    rows: Vec<WbsRow<'a>>,
    by_id: FxHashMap<&'a str, usize>,
    parents: Vec<Option<usize>>,
    ids: Vec<String>,
    used: Vec<bool>,
    /// True if the top node of a project is a row of its own.
    shows_projects: bool,
}

impl<'a> Wbs<'a> {
    pub(super) fn new(rows: Vec<WbsRow<'a>>, shows_projects: bool, file: &str, found: &mut Tally) -> Self {
        let mut by_id = FxHashMap::default();
        for (at, row) in rows.iter().enumerate() {
            by_id.entry(row.wbs_id).or_insert(at);
        }
        let parent = |row: &WbsRow<'a>| match row.proj_node_flag {
            "Y" => None,
            _ => by_id.get(row.parent_wbs_id).copied(),
        };
        let mut parents: Vec<Option<usize>> = rows.iter().map(parent).collect();
        let mut paths: Vec<Option<String>> = vec![None; rows.len()];
        let mut chain: Vec<usize> = Vec::new();
        // Where each node was last met, to tell cycles.
        let mut met = vec![usize::MAX; rows.len()];
        for start in 0..rows.len() {
            let mut next = Some(start);
            while let Some(at) = next.filter(|&at| paths[at].is_none()) {
                if met[at] == start {
                    if let Some(&last) = chain.last() {
                        parents[last] = None;
                        let place = Place::cell(file, rows[last].line, "parent_wbs_id");
                        let text = format!("WBS node {} stands below itself; it is put on top", rows[last].wbs_id);
                        found.push(Finding::warning("wbs-cycle", place, text));
                    }
                    break;
                }
                met[at] = start;
                chain.push(at);
                next = parents[at];
            }
            while let Some(at) = chain.pop() {
                let own = values::name(rows[at].wbs_short_name);
                let above = parents[at].and_then(|parent| paths[parent].as_deref());
                let path = match above {
                    Some(above) => format!("{above}.{own}"),
                    None => own.into_owned(),
                };
                let fits = !path.is_empty() && path.len() <= LONGEST_PATH;
                paths[at] = Some(if fits { path } else { format!("WBS {}", rows[at].wbs_id) });
            }
        }
        let ids = paths.into_iter().map(Option::unwrap_or_default).collect();
        let used = vec![false; rows.len()];
        Wbs { rows, by_id, parents, ids, used, shows_projects }
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Keeps a node and those above it.
    pub(super) fn mark(&mut self, at: usize) {
        let mut next = Some(at);
        while let Some(at) = next.filter(|&at| !self.used[at]) {
            self.used[at] = true;
            next = self.parents[at];
        }
    }

    fn is_row(&self, at: usize) -> bool {
        self.used[at] && (self.shows_projects || self.rows[at].proj_node_flag != "Y")
    }

    /// The id of the summary row for a node; `None` if it has no row.
    pub(super) fn summary(&self, at: usize) -> Option<&str> {
        self.is_row(at).then_some(self.ids[at].as_str())
    }

    /// The name of the top node of a project.
    pub(super) fn project_name(&self, proj_id: &str) -> Option<&'a str> {
        let top = self.rows.iter().find(|row| row.proj_node_flag == "Y" && row.proj_id == proj_id)?;
        Some(top.wbs_name).filter(|name| !name.is_empty())
    }

    /// Makes the ids of the rows different from those of the activities and from each other.
    pub(super) fn make_unique(&mut self, is_activity: impl Fn(&str) -> bool) {
        let mut taken = Taken::default();
        for at in 0..self.rows.len() {
            if self.is_row(at) {
                let mut id = taken.unique(std::mem::take(&mut self.ids[at]));
                while is_activity(&id) {
                    id = taken.unique(format!("WBS {id}"));
                }
                self.ids[at] = id;
            }
        }
    }

    /// Writes the summary rows: id, name and parent, as the first cells of tasks.csv, and for the summary of each of several
    /// projects the date before which none of it is scheduled.
    pub(super) fn write(&self, table: &mut Table, projects: &Projects<'_>, file: &str, found: &mut Tally) {
        for (at, row) in self.rows.iter().enumerate().filter(|&(at, _)| self.is_row(at)) {
            let parent = self.parents[at].and_then(|parent| self.summary(parent)).unwrap_or("");
            let start = if row.proj_node_flag == "Y" { projects.start_of(row.proj_id) } else { "" };
            let kind = if start.is_empty() { "" } else { "SNET" };
            let name = values::name(row.wbs_name);
            table.push_row(row.line, [self.ids[at].as_str(), &name, parent, "", "", "", "", "", kind, start]);
        }
        let unused = self.used.iter().filter(|used| !**used).count();
        if unused > 0 {
            let text = format!("{unused} WBS nodes without activities are left out");
            found.push(Finding::note("not-carried", Place::file(file), text));
        }
    }
}
