//! `floatline doc`: the tables of a plan and their columns, as the readers know them.

use std::io::{self, IsTerminal, Write};

use clap::Args;
use comfy_table::Table;
use floatline::error::{Error, Result};
use floatline::plan::draft::{Field, RULE_WORDS, SETTINGS, TableKind, setting_names};
use serde_json::{Value, json};

use super::names::meant;
use super::settings::{Format, Settings};
use super::{Verdict, print};

/// How wide tables are where there is no terminal.
const WIDTH: u16 = 120;

/// Explain the tables of a plan and their columns
///
/// Without TABLE it lists the tables. With a table it tells what it is for, its columns, which of them are required, what they
/// hold, what an empty cell means, which other headers are understood, and shows an example. With a column it tells how its
/// cells are written. The keys of project.csv count as columns of it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline doc
  floatline doc tasks.csv
  floatline doc tasks duration
  floatline doc project start
  floatline doc rules rule
  floatline doc resources --format csv")]
pub struct Arguments {
    /// A table, with or without .csv
    #[arg(value_name = "TABLE")]
    table: Option<String>,
    /// One of its columns, or a key of project.csv
    #[arg(value_name = "COLUMN")]
    column: Option<String>,
}

/// Explains all tables, one table or one column.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let kind = arguments.table.as_deref().map(table_called).transpose()?;
    let field = match (kind, &arguments.column) {
        (Some(kind), Some(word)) => Some(field_called(kind, word)?),
        _ => None,
    };
    print::out(|out| match (settings.format, kind, field) {
        (Format::Table, None, _) => write_tables(out),
        (Format::Table, Some(kind), None) => write_table(out, kind),
        (Format::Table, Some(kind), Some(field)) => write_column(out, kind, field),
        (Format::Csv, None, _) => {
            let rows = TableKind::ALL.map(|kind| vec![kind.file_name().to_owned(), kind.about().to_owned()]);
            write_csv(out, &["table", "purpose"], &rows)
        }
        (Format::Csv, Some(kind), field) => {
            let rows: Vec<Vec<String>> = chosen(kind, field).into_iter().map(|field| csv_row(kind, field)).collect();
            write_csv(out, &CSV_HEADERS, &rows)
        }
        (Format::Json, None, _) => print::write_json(out, &TableKind::ALL.into_iter().map(table_as_json).collect()),
        (Format::Json, Some(kind), None) => print::write_json(out, &table_as_json(kind)),
        (Format::Json, Some(_), Some(field)) => print::write_json(out, &as_json(field)),
    })?;
    Ok(Verdict::Done)
}

/// The table that a word of the command line means.
fn table_called(word: &str) -> Result<TableKind> {
    TableKind::called(word).ok_or_else(|| {
        let names = TableKind::ALL.map(TableKind::file_name);
        let stems = TableKind::ALL.map(TableKind::stem);
        let near = meant(word, stems.into_iter().chain(names));
        let tables = if near.is_empty() { format!("; tables are {}", stems.join(", ")) } else { near };
        Error::usage(format!("there is no table `{word}` in a plan{tables}"))
    })
}

/// The column or setting that a word of the command line means, as headers do.
fn field_called(kind: TableKind, word: &str) -> Result<&'static Field> {
    if let Some(at) = kind.find_field(word) {
        return Ok(&kind.fields()[at]);
    }
    let names = kind.fields().iter().map(|field| field.name);
    let keys = settings_of(kind).iter();
    let plain = word.to_lowercase().replace([' ', '-'], "_");
    keys.clone().find(|field| field.name == plain).ok_or_else(|| {
        let near = meant(word, names.clone().chain(keys.map(|field| field.name)));
        let columns = if near.is_empty() { format!("; it has {}", names.collect::<Vec<_>>().join(", ")) } else { near };
        Error::usage(format!("{} has no column `{word}`{columns}", kind.file_name()))
    })
}

/// What the rows of a table of settings can be about.
fn settings_of(kind: TableKind) -> &'static [Field] {
    if kind == TableKind::Project { SETTINGS } else { &[] }
}

/// One column, or all of a table with its settings.
fn chosen(kind: TableKind, field: Option<&'static Field>) -> Vec<&'static Field> {
    match field {
        Some(field) => vec![field],
        None => kind.fields().iter().chain(settings_of(kind)).collect(),
    }
}

fn write_tables(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "A plan is a folder with these tables; only tasks.csv is needed.\n")?;
    let rows = TableKind::ALL.map(|kind| vec![format!(" {}", kind.file_name()), kind.about().to_owned()]);
    write_fitting(out, print::table(&[], &[], rows))?;
    writeln!(out, "\nfloatline doc TABLE explains the columns of one, floatline doc TABLE COLUMN one of them.")
}

fn write_table(out: &mut dyn Write, kind: TableKind) -> io::Result<()> {
    writeln!(out, "{}: {}\n", kind.file_name(), kind.about())?;
    write_fields(out, "column", kind.fields())?;
    if !settings_of(kind).is_empty() {
        writeln!(out, "\nKeys:")?;
        write_fields(out, "key", settings_of(kind))?;
    }
    writeln!(
        out,
        "\n* required. Columns come in any order; case, blanks, hyphens and underscores in headers do not matter."
    )?;
    writeln!(out, "\nExample:")?;
    kind.example().lines().try_for_each(|line| writeln!(out, "  {line}"))
}

fn write_fields(out: &mut dyn Write, what: &str, fields: &[Field]) -> io::Result<()> {
    let headers = ["", what, "holds", "what it says", "if empty", "other headers"];
    let rows = fields.iter().map(|field| {
        vec![
            if field.required { "*".to_owned() } else { String::new() },
            field.name.to_owned(),
            field.holds.name().into_owned(),
            field.about.to_owned(),
            field.empty.replace('`', ""),
            field.synonyms.join(", "),
        ]
    });
    let has = |text: fn(&Field) -> bool| fields.iter().any(text);
    let mut table = print::table(&headers, &[], rows);
    print::keep_whole(&mut table, &[0, 1]);
    for (column, is_used) in
        [(0, has(|it| it.required)), (4, has(|it| !it.empty.is_empty())), (5, has(|it| !it.synonyms.is_empty()))]
    {
        if let (false, Some(column)) = (is_used, table.column_mut(column)) {
            column.set_constraint(comfy_table::ColumnConstraint::Hidden);
        }
    }
    write_fitting(out, table)
}

/// Writes a table, not wider than is good for reading where nothing else limits it.
fn write_fitting(out: &mut dyn Write, mut table: Table) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        table.set_width(WIDTH);
    }
    print::write_table(out, &table)
}

fn write_column(out: &mut dyn Write, kind: TableKind, field: &Field) -> io::Result<()> {
    let required = if field.required { " (required)" } else { "" };
    writeln!(out, "{}, {}{required}\n", kind.file_name(), field.name)?;
    let examples = examples(kind, field);
    let lines = [
        ("says", field.about.to_owned()),
        ("holds", field.holds.name().into_owned()),
        ("written", field.holds.notation().to_owned()),
        ("if empty", field.empty.to_owned()),
        ("examples", examples.join("   ")),
        ("other headers", field.synonyms.join(", ")),
    ];
    let rows = lines.into_iter().filter(|(_, text)| !text.is_empty());
    let mut table = print::table(&[], &[], rows.map(|(what, text)| vec![format!(" {what}"), text]));
    print::keep_whole(&mut table, &[0]);
    write_fitting(out, table)?;
    if (kind, field.name) == (TableKind::Rules, "rule") {
        writeln!(out)?;
        let rows = RULE_WORDS.map(|word| vec![format!(" {}", word.name), word.needs.join(", "), word.about.to_owned()]);
        let mut table = print::table(&[" rule", "needs", "asks for"], &[], rows);
        print::keep_whole(&mut table, &[0]);
        write_fitting(out, table)?;
    }
    if (kind, field.name) == (TableKind::Project, "key") {
        writeln!(out, "\nKeys: {}", setting_names().collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

/// The cells of a column in the example of its table, each once.
fn examples(kind: TableKind, field: &Field) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(kind.example().as_bytes());
    let is_setting = settings_of(kind).contains(field);
    let column = reader
        .headers()
        .ok()
        .and_then(|names| names.iter().position(|name| name == if is_setting { "value" } else { field.name }));
    let mut found: Vec<String> = Vec::new();
    for record in reader.records().flatten() {
        let is_meant = !is_setting || record.get(0) == Some(field.name);
        let cell = column.and_then(|column| record.get(column)).filter(|cell| is_meant && !cell.is_empty());
        if let Some(cell) = cell.filter(|cell| found.iter().all(|seen| seen != cell)) {
            found.push(cell.to_owned());
        }
    }
    found
}

const CSV_HEADERS: [&str; 8] = ["table", "column", "required", "holds", "written", "empty", "synonyms", "about"];

fn csv_row(kind: TableKind, field: &Field) -> Vec<String> {
    let required = if field.required { "yes" } else { "no" };
    vec![
        kind.file_name().to_owned(),
        field.name.to_owned(),
        required.to_owned(),
        field.holds.name().into_owned(),
        field.holds.notation().to_owned(),
        field.empty.to_owned(),
        field.synonyms.join(";"),
        field.about.to_owned(),
    ]
}

fn write_csv(out: &mut dyn Write, headers: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(headers)?;
    rows.iter().try_for_each(|row| writer.write_record(row))?;
    writer.flush()
}

fn table_as_json(kind: TableKind) -> Value {
    let mut value = json!({
        "table": kind.file_name(),
        "purpose": kind.about(),
        "columns": kind.fields().iter().map(as_json).collect::<Vec<_>>(),
        "example": kind.example(),
    });
    if !settings_of(kind).is_empty() {
        value["keys"] = settings_of(kind).iter().map(as_json).collect();
    }
    value
}

fn as_json(field: &Field) -> Value {
    json!({
        "column": field.name,
        "required": field.required,
        "holds": field.holds.name(),
        "written": field.holds.notation(),
        "empty": field.empty,
        "synonyms": field.synonyms,
        "about": field.about,
    })
}
