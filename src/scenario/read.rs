//! scenarios.csv: named lists of edits that build on one another.

use super::edit::{Edit, Part, Source, nearest};
use crate::error::{Error, Finding, Findings, Result};
use crate::plan::draft::{PlanDraft, Table, TableKind};
use crate::plan::notation::Fault;

/// A plan in which something is different.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What it changes: lists of edits of which each builds on the one before.
    pub layers: Vec<Vec<Edit>>,
}

impl Scenario {
    /// A scenario of edits that build on nothing.
    pub fn of(name: impl Into<String>, edits: Vec<Edit>) -> Scenario {
        Scenario { name: name.into(), layers: vec![edits] }
    }

    /// A scenario that makes further changes.
    pub fn with(&self, name: impl Into<String>, edits: Vec<Edit>) -> Scenario {
        let layers = self.layers.iter().cloned().chain([edits]).collect();
        Scenario { name: name.into(), layers }
    }
}

/// The scenarios of a plan's scenarios.csv, in the order in which they are met; none if there is no such table.
///
/// # Errors
/// [`Error::is_invalid_plan`](crate::error::Error::is_invalid_plan) with all that is wrong with the table.
pub fn read(draft: &PlanDraft) -> Result<Vec<Scenario>> {
    let Some(table) = draft.table(TableKind::Scenarios) else { return Ok(Vec::new()) };
    let mut findings = Findings::new();
    for field in
        TableKind::Scenarios.fields().iter().filter(|field| field.required && table.column(field.name).is_none())
    {
        let text = format!("the column `{}` is missing", field.name);
        findings.push(Finding::error("missing-column", crate::error::Place::row(table.file().clone(), 1), text));
    }
    if findings.has_errors() {
        return Err(Error::invalid_plan(findings));
    }
    let drafts = drafts(table, &mut findings);
    let scenarios = (0..drafts.len()).map(|at| drafts[at].with_bases(&drafts)).collect();
    if findings.has_errors() { Err(Error::invalid_plan(findings)) } else { Ok(scenarios) }
}

/// A scenario before it is put on what it builds on.
struct Draft {
    name: String,
    base: Option<usize>,
    edits: Vec<Edit>,
}

impl Draft {
    fn with_bases(&self, all: &[Draft]) -> Scenario {
        let mut layers = vec![self.edits.clone()];
        let mut base = self.base;
        // Circles have been reported; they are not gone through for ever.
        while let Some(at) = base.filter(|_| layers.len() <= all.len()) {
            layers.push(all[at].edits.clone());
            base = all[at].base;
        }
        layers.reverse();
        Scenario { name: self.name.clone(), layers }
    }
}

fn drafts(table: &Table, findings: &mut Findings) -> Vec<Draft> {
    let cell = |row: usize, field: &str| table.column(field).map_or("", |column| table.cell(row, column));
    let place = |row: usize, field: &str| match table.column(field) {
        Some(column) => table.place(row, column),
        None => table.row_place(row),
    };
    let fault = |row: usize, field: &str, fault: Fault| {
        let source = Source { places: std::array::from_fn(|_| place(row, field)), mark: table.decimal_mark };
        source.finding(Part::Id, cell(row, field), fault)
    };
    let mut drafts: Vec<Draft> = Vec::new();
    // For each scenario the row that names its base.
    let mut bases: Vec<Option<usize>> = Vec::new();
    for row in 0..table.len() {
        let name = cell(row, "scenario");
        if let Err(problem) = check_name(name) {
            findings.push(fault(row, "scenario", problem));
            continue;
        }
        let at = drafts.iter().position(|draft| draft.name == name).unwrap_or_else(|| {
            drafts.push(Draft { name: name.to_owned(), base: None, edits: Vec::new() });
            bases.push(None);
            drafts.len() - 1
        });
        match (cell(row, "base"), bases[at]) {
            ("", _) => {}
            (_, None) => bases[at] = Some(row),
            (base, Some(first)) if base != cell(first, "base") => {
                let text = format!("the scenario builds on `{}` by line {}", cell(first, "base"), table.line(first));
                findings.push(fault(row, "base", Fault::new("two-bases", text)));
            }
            _ => {}
        }
        let said = ["table", "id", "field", "value"].map(|field| cell(row, field));
        // A row without a change says that there is such a scenario.
        if said.iter().all(|text| text.is_empty()) {
            continue;
        }
        let places = ["table", "id", "field", "value"].map(|field| place(row, field));
        let [of, id, field, value] = said;
        match Edit::new(of, id, field, value, Source { places, mark: table.decimal_mark }) {
            Ok(edit) => drafts[at].edits.push(edit),
            Err(problems) => problems.into_iter().for_each(|finding| findings.push(finding)),
        }
    }
    let names: Vec<String> = drafts.iter().map(|draft| draft.name.clone()).collect();
    for (at, row) in bases.iter().enumerate().filter_map(|(at, row)| Some((at, (*row)?))) {
        let base = cell(row, "base");
        match names.iter().position(|name| name == base) {
            Some(found) => drafts[at].base = Some(found),
            None => {
                let problem = Fault::new("unknown-scenario", "no such scenario");
                let near = nearest(base, names.iter().map(String::as_str));
                findings.push(fault(
                    row,
                    "base",
                    match near {
                        Some(near) => problem.with_hint(format!("did you mean `{near}`?")),
                        None => problem,
                    },
                ));
            }
        }
    }
    for at in 0..drafts.len() {
        let (Some(row), Some(base)) = (bases[at], drafts[at].base) else { continue };
        let above = (0..drafts.len()).try_fold(base, |above, _| drafts[above].base);
        if above.is_some() {
            findings.push(fault(row, "base", Fault::new("scenario-cycle", "the scenario builds on itself")));
        }
    }
    drafts
}

/// Names become those of folders.
fn check_name(name: &str) -> std::result::Result<(), Fault> {
    if name.is_empty() {
        return Err(Fault::new("missing-value", "every row needs the name of a scenario"));
    }
    let is_path = name.contains(['/', '\\', ':']) || name.starts_with('.');
    let is_base = name.eq_ignore_ascii_case(super::BASE);
    match (is_path, is_base) {
        (true, _) => {
            Err(Fault::new("bad-name", "a scenario's name may not begin with `.` or have `/`, `\\` or `:` in it"))
        }
        (_, true) => Err(Fault::new("bad-name", "this is what the plan as it is is called")),
        _ => Ok(()),
    }
}
