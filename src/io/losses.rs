//! What a file of another format leaves out of a plan, as findings.
//!
//! A writer says which cells of a plan its format has a place for; whatever else the plan says is a loss, so that nothing
//! can be forgotten. Values that have a place but do not fit into it are counted by the writer as it meets them.

use std::collections::BTreeSet;

use crate::error::{Finding, Findings, Place, Severity};
use crate::plan::Plan;
use crate::plan::content::{self, Cell};
use crate::plan::draft::{PlanDraft, TableKind};

/// Names that are listed of each kind of loss.
const NAMED: usize = 3;

/// The rule of all these findings.
const RULE: &str = "not-carried";

/// Losses of one file, by kind.
#[derive(Default)]
pub(super) struct Losses {
    list: Vec<Loss>,
}

struct Loss {
    severity: Severity,
    table: TableKind,
    field: &'static str,
    /// What there is, in words; empty if it is all cells of the column.
    what: &'static str,
    outcome: &'static str,
    count: usize,
    names: Vec<String>,
}

impl Losses {
    /// Everything that a plan says in cells for which a format has no place.
    ///
    /// # Arguments
    /// `carries` is asked for each cell. If it is not for the one by which rows of a table are told apart
    /// ([`content::key_field`]), whole rows are lost.
    pub(super) fn of(plan: &Plan, carries: impl Fn(&Cell<'_>) -> bool) -> Losses {
        let mut losses = Losses::default();
        content::visit(plan, &|task| &plan.tasks()[task].id, &mut |cell| {
            if !carries(&cell) {
                let (table, row) = (cell.table, cell.row);
                // Each setting is a row, and all are named together.
                let field = if table == TableKind::Project { content::key_field(table) } else { cell.field };
                losses.find(severity(table, cell.field), (table, field), ("", "")).add(row);
            }
        });
        let whole: Vec<TableKind> =
            losses.list.iter().filter(|loss| loss.is_of_rows()).map(|loss| loss.table).collect();
        losses.list.retain(|loss| loss.is_of_rows() || !whole.contains(&loss.table));
        losses
    }

    /// Counts a loss that changes what the plan means.
    ///
    /// # Arguments
    /// `at` is the column whose cells are not kept, `words` say what there is, in the plural, and what becomes of it.
    pub(super) fn warn(&mut self, at: (TableKind, &'static str), words: (&'static str, &'static str), name: &str) {
        self.find(Severity::Warning, at, words).add(name);
    }

    /// Counts a loss that does not.
    pub(super) fn note(&mut self, at: (TableKind, &'static str), words: (&'static str, &'static str), name: &str) {
        self.find(Severity::Note, at, words).add(name);
    }

    fn find(
        &mut self,
        severity: Severity,
        (table, field): (TableKind, &'static str),
        (what, outcome): (&'static str, &'static str),
    ) -> &mut Loss {
        let is_same =
            |loss: &Loss| (loss.severity, loss.table, loss.field, loss.what) == (severity, table, field, what);
        let at = self.list.iter().position(is_same).unwrap_or_else(|| {
            self.list.push(Loss { severity, table, field, what, outcome, count: 0, names: Vec::new() });
            self.list.len() - 1
        });
        &mut self.list[at]
    }

    /// A finding for each kind of loss, with how many there are and the first names.
    pub(super) fn into_findings(self) -> Findings {
        let mut findings = Findings::new();
        for loss in self.list {
            let (severity, table, field) = (loss.severity, loss.table, loss.field);
            let place = Place { file: table.file_name().into(), row: None, column: Some(field.into()) };
            findings.push(Finding { severity, ..Finding::note(RULE, place, loss.text()) });
        }
        findings
    }

    /// One note for all losses: for a format that only shows a plan.
    pub(super) fn into_note(self, what: &str) -> Findings {
        let mut tables: Vec<(TableKind, Vec<String>)> = Vec::new();
        for loss in &self.list {
            let columns = match loss.field {
                _ if loss.table == TableKind::Project => loss.names.join(", "),
                field if !loss.is_of_rows() => format!("`{field}`"),
                _ => "all".to_owned(),
            };
            match tables.iter_mut().find(|(table, _)| *table == loss.table) {
                Some((_, list)) => list.push(columns),
                None => tables.push((loss.table, vec![columns])),
            }
        }
        let list: Vec<String> =
            tables.iter().map(|(table, columns)| format!("{} ({})", table.file_name(), columns.join(", "))).collect();
        let text = format!("{what}; it leaves out what the plan says in {}", list.join("; "));
        if list.is_empty() {
            Findings::new()
        } else {
            Findings::from_iter([Finding::note(RULE, Place::default(), text)])
        }
    }
}

/// The scenarios that a file which holds nothing but a plan leaves out.
pub fn scenarios_left_out(draft: &PlanDraft) -> Findings {
    let kind = TableKind::Scenarios;
    let table = draft.table(kind);
    let column = table.and_then(|table| Some((table, table.column(content::key_field(kind))?)));
    let names = column.into_iter().flat_map(|(table, column)| (0..table.len()).map(move |row| table.cell(row, column)));
    let mut losses = Losses::default();
    let mut seen = BTreeSet::new();
    for name in names.filter(|name| !name.is_empty() && seen.insert(*name)) {
        losses.find(severity(kind, content::key_field(kind)), (kind, content::key_field(kind)), ("", "")).add(name);
    }
    losses.into_findings()
}

impl Loss {
    fn add(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < NAMED || self.table == TableKind::Project {
            self.names.push(format!("`{name}`"));
        }
    }

    /// True if whole rows are lost.
    fn is_of_rows(&self) -> bool {
        self.what.is_empty() && self.field == content::key_field(self.table)
    }

    fn text(&self) -> String {
        let Loss { count, table, .. } = self;
        let names = self.names.join(", ");
        let more = if *count > self.names.len() { ", ..." } else { "" };
        match self.field {
            _ if self.is_of_rows() => {
                let verb = if *count == 1 { "is" } else { "are" };
                format!("{count} {} {verb} left out: {names}{more}", rows(*table, *count))
            }
            field if self.what.is_empty() => {
                format!("`{field}` of {count} {} is left out: {names}{more}", rows(*table, *count))
            }
            _ => format!("{count} {} {}: {names}{more}", self.what, self.outcome),
        }
    }
}

/// What so many rows of a table are called.
fn rows(table: TableKind, count: usize) -> &'static str {
    let (one, many) = match table {
        TableKind::Project => ("setting", "settings"),
        TableKind::Tasks => ("task", "tasks"),
        TableKind::Dependencies => ("link", "links"),
        TableKind::Resources => ("resource", "resources"),
        TableKind::Availability => ("time of other capacity", "times of other capacity"),
        TableKind::Modes => ("further way to do a task", "further ways to do tasks"),
        TableKind::Calendars => ("calendar", "calendars"),
        TableKind::Budgets => ("budget", "budgets"),
        TableKind::Deliverables => ("deliverable", "deliverables"),
        TableKind::Risks => ("risk", "risks"),
        TableKind::Mitigations => ("mitigation", "mitigations"),
        TableKind::Correlations => ("correlation", "correlations"),
        TableKind::Gates => ("gate", "gates"),
        TableKind::Issues => ("issue", "issues"),
        TableKind::Stakeholders => ("stakeholder", "stakeholders"),
        TableKind::Progress => ("started task", "started tasks"),
        TableKind::Expenses => ("expense", "expenses"),
        TableKind::Dates => ("task with stored dates", "tasks with stored dates"),
        TableKind::Rules => ("rule", "rules"),
        TableKind::Scenarios => ("scenario", "scenarios"),
    };
    if count == 1 { one } else { many }
}

/// A loss that only changes words is worth a note.
fn severity(table: TableKind, field: &str) -> Severity {
    match (table, field) {
        (TableKind::Dates, _) => Severity::Note,
        (TableKind::Tasks | TableKind::Resources, "id" | "name" | "team" | "category" | "deliverable") => {
            Severity::Note
        }
        (TableKind::Project, "name" | "currency" | "time_unit" | content::EXTRAS) => Severity::Note,
        _ => Severity::Warning,
    }
}
