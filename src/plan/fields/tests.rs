//! The columns are what the readers read.

use std::path::Path;

use super::*;
use crate::error::{Finding, Findings, Result};
use crate::io::{ReadOptions, read_draft};
use crate::plan::draft::{PlanDraft, Table};
use crate::plan::{Plan, validate};
use crate::scenario;

#[test]
fn headers_of_other_tools_find_their_field() {
    let name = |kind: TableKind, header| kind.find_field(header).map(|at| kind.fields()[at].name);
    assert_eq!(name(TableKind::Tasks, "Task Name"), Some("name"));
    assert_eq!(name(TableKind::Tasks, "ID"), Some("id"));
    assert_eq!(name(TableKind::Tasks, "most_likely"), Some("duration"));
    assert_eq!(name(TableKind::Tasks, "Constraint-Date"), Some("constraint_date"));
    assert_eq!(name(TableKind::Resources, "Max.  Units"), Some("capacity"));
    assert_eq!(name(TableKind::Tasks, "colour"), None);
}

#[test]
fn no_header_means_two_fields_of_one_table() {
    for kind in TableKind::ALL {
        let mut seen = BTreeSet::new();
        for field in kind.fields() {
            assert!(seen.insert(field.name.replace('_', " ")), "{kind:?} {}", field.name);
            for synonym in field.synonyms {
                assert!(seen.insert(synonym.to_string()), "{kind:?} {synonym}");
            }
        }
    }
}

/// The plan that has every table, each with all the columns that it can have.
fn every_table() -> PlanDraft {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/every-table");
    let mut draft = read_draft(&folder, &ReadOptions::default()).unwrap();
    assert!(draft.findings.is_empty(), "{:?}", draft.findings);
    assert_eq!(draft.tables.len(), TableKind::ALL.len());
    for table in &mut draft.tables {
        let mut whole = Table::with_all_columns(table.kind(), table.file().clone());
        for row in 0..table.len() {
            let cell = |field: &Field| table.column(field.name).map_or("", |column| table.cell(row, column));
            assert!(whole.push_row(table.line(row), table.kind().fields().iter().map(cell)));
        }
        *table = whole;
    }
    draft
}

/// The draft with another text in a cell.
fn with_cell(draft: &PlanDraft, kind: TableKind, at: (usize, usize), text: &str) -> PlanDraft {
    let mut draft = draft.clone();
    let table = draft.tables.iter_mut().find(|table| table.kind() == kind).unwrap();
    let mut changed = table.without_rows();
    for row in 0..table.len() {
        let cell = |column: usize| if (row, column) == at { text } else { table.cell(row, column) };
        assert!(changed.push_row(table.line(row), (0..table.columns().len()).map(cell)));
    }
    *table = changed;
    draft
}

/// All that the readers of the plan and of its scenarios find.
fn found(draft: &PlanDraft) -> Findings {
    let of_scenarios = scenario::read(draft).err().and_then(|error| error.findings().cloned()).unwrap_or_default();
    let mut findings = match validate(draft) {
        Ok((_, findings)) => findings,
        Err(error) => error.findings().cloned().unwrap(),
    };
    findings.append(of_scenarios);
    findings
}

/// A text that cells of this sort cannot hold; `None` if they can hold anything.
fn nonsense(holds: Holds) -> Option<&'static str> {
    match holds {
        Holds::Text | Holds::Label(_) | Holds::Setting => None,
        Holds::Id => Some(""),
        Holds::Skills => Some("rust:well"),
        Holds::Interests => Some("task:nobody"),
        Holds::Change => Some("*much"),
        _ => Some("~?~"),
    }
}

#[test]
fn the_examples_are_a_plan_without_a_fault_and_each_has_what_is_required() {
    let draft = every_table();
    let findings = found(&draft);
    assert!(findings.is_empty(), "{findings:?}");
    for kind in TableKind::ALL {
        let header = kind.example().lines().next().unwrap();
        let names: Vec<&str> = header.split(',').collect();
        assert!(names.iter().all(|name| kind.fields().iter().any(|field| field.name == *name)), "{header}");
        assert!(kind.fields().iter().all(|field| !field.required || names.contains(&field.name)), "{header}");
        assert!(draft.table(kind).is_some_and(|table| !table.is_empty()), "{kind:?}");
    }
}

#[test]
fn a_column_is_marked_as_required_where_the_reader_misses_it() {
    let draft = every_table();
    for kind in TableKind::ALL {
        for (at, field) in kind.fields().iter().enumerate() {
            let mut draft = draft.clone();
            let table = draft.tables.iter_mut().find(|table| table.kind() == kind).unwrap();
            table.rename_column(at, "");
            let mut without =
                Table::new(kind, table.file().clone(), table.columns().iter().map(|it| it.header.clone()));
            for row in 0..table.len() {
                assert!(without.push_row(table.line(row), table.row(row)));
            }
            *table = without;
            let misses = found(&draft).iter().any(|finding| finding.rule == "missing-column");
            assert_eq!(misses, field.required, "{kind:?} {}", field.name);
        }
    }
}

#[test]
fn every_column_is_explained_and_read_as_what_it_is_said_to_hold() {
    let draft = every_table();
    for kind in TableKind::ALL {
        let table = draft.table(kind).unwrap();
        for (column, field) in kind.fields().iter().enumerate() {
            assert!(!field.about.is_empty() && !field.about.ends_with('.'), "{kind:?} {}", field.name);
            let Some(text) = nonsense(field.holds) else { continue };
            // Which row a scenario changes shows when it is applied; rows of dates.csv without a task are no fault.
            let is_elsewhere =
                (kind, field.name) == (TableKind::Scenarios, "id") || (kind, field.name) == (TableKind::Dates, "task");
            let is_told = |row| {
                let findings = found(&with_cell(&draft, kind, (row, column), text));
                findings
                    .iter()
                    .any(|it| it.place.file == *table.file() && it.place.column.as_deref() == Some(field.name))
            };
            assert!(is_elsewhere || (0..table.len()).any(is_told), "{kind:?} {} takes `{text}`", field.name);
        }
    }
}

#[test]
fn every_setting_is_explained_and_read_as_what_it_is_said_to_hold() {
    let draft = every_table();
    for field in SETTINGS {
        assert!(!field.about.is_empty(), "{}", field.name);
        let Some(text) = nonsense(field.holds) else { continue };
        let mut draft = draft.clone();
        let table = draft.tables.iter_mut().find(|table| table.kind() == TableKind::Project).unwrap();
        let mut rows = table.without_rows();
        assert!(rows.push_row(9, [field.name, text]));
        *table = rows;
        let is_told = found(&draft).iter().any(|it| it.place.column.as_deref() == Some("value"));
        assert!(is_told, "{} takes `{text}`", field.name);
    }
}

#[test]
fn every_word_that_a_column_is_said_to_take_is_taken() {
    let draft = every_table();
    for kind in TableKind::ALL {
        for (column, field) in kind.fields().iter().enumerate() {
            let Holds::Word(words) = field.holds else { continue };
            for word in words {
                let findings = found(&with_cell(&draft, kind, (0, column), word));
                let refused = |it: &&Finding| it.rule.starts_with("bad-") || it.rule == "unknown-rule";
                let refused = findings.iter().filter(refused).find(|it| it.place.column.as_deref() == Some(field.name));
                assert_eq!(refused, None, "{kind:?} {} {word}", field.name);
            }
        }
    }
    for field in SETTINGS {
        let Holds::Word(words) = field.holds else { continue };
        let is_taken = |word: &&&str| {
            let refused = |findings: &Findings| {
                findings.iter().any(|it| it.rule.starts_with("bad-") && it.text.contains("expected minute"))
            };
            setting(&draft, field.name, word).err().is_none_or(|error| !error.findings().is_some_and(refused))
        };
        assert_eq!(words.iter().find(|word| !is_taken(word)), None, "{}", field.name);
    }
}

#[test]
fn an_empty_cell_means_what_it_is_said_to_mean() {
    let draft = every_table();
    let (plan, _) = validate(&draft).unwrap();
    let same = |other: &PlanDraft| format!("{:?}", validate(other).unwrap().0) == format!("{plan:?}");
    let mut tried = 0;
    for kind in TableKind::ALL {
        let table = draft.table(kind).unwrap();
        for (column, field) in kind.fields().iter().enumerate() {
            let Some(value) = field.empty.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) else { continue };
            // Summaries and materials have no use for some of them.
            let empty = |&row: &usize| {
                let is_material = table.column("kind").is_some_and(|kind| table.cell(row, kind) == "material");
                let is_summary = kind == TableKind::Tasks
                    && table.column("duration").is_some_and(|it| table.cell(row, it).is_empty());
                table.cell(row, column).is_empty() && !is_material && !is_summary
            };
            for row in (0..table.len()).filter(empty) {
                tried += 1;
                let written = with_cell(&draft, kind, (row, column), value);
                assert!(same(&written), "{kind:?} {} row {row}: {value}", field.name);
            }
        }
    }
    for field in SETTINGS {
        let Some(value) = field.empty.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) else { continue };
        let is_given = setting_rows(&draft).any(|key| key == field.name);
        assert!(
            is_given || format!("{:?}", setting(&draft, field.name, value).unwrap()) == format!("{plan:?}"),
            "{}",
            field.name
        );
    }
    assert!(tried > 50, "{tried}");
}

/// The keys that a draft has.
fn setting_rows(draft: &PlanDraft) -> impl Iterator<Item = &str> {
    let table = draft.table(TableKind::Project).unwrap();
    (0..table.len()).map(|row| table.cell(row, 0))
}

/// The plan with one more setting.
fn setting(draft: &PlanDraft, key: &str, value: &str) -> Result<Plan> {
    let mut draft = draft.clone();
    let table = draft.tables.iter_mut().find(|table| table.kind() == TableKind::Project).unwrap();
    assert!(table.push_row(99, [key, value]));
    validate(&draft).map(|(plan, _)| plan)
}

#[test]
fn a_table_is_called_by_its_file_or_by_one_of_its_rows() {
    for word in ["tasks.csv", "Tasks", "task"] {
        assert_eq!(TableKind::called(word), Some(TableKind::Tasks), "{word}");
    }
    assert_eq!(TableKind::called("availability"), Some(TableKind::Availability));
    assert_eq!(TableKind::called("dependency"), Some(TableKind::Dependencies));
    assert_eq!(TableKind::called("progress"), Some(TableKind::Progress));
    assert_eq!(TableKind::called("tisks"), None);
}
