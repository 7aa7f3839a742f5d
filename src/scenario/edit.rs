//! One change of a plan: which cells, and what becomes of them.

use std::fmt;

use wildmatch::WildMatch;

use crate::error::{Finding, Place};
use crate::plan::draft::{DecimalMark, TableKind};
use crate::plan::notation::{Fault, parse_decimal, quoted};

/// A change of a plan, as a row of scenarios.csv or `TABLE:ID.FIELD=VALUE` says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The table.
    pub table: TableKind,
    /// The rows.
    pub target: Target,
    /// What becomes of them.
    pub act: Act,
    /// Where it stands, for findings.
    pub source: Source,
}

/// Rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Those whose key is this one, or fits it if it has `*` or `?` in it. Keys of several columns are joined by `/`.
    Key(String),
    /// Tasks below a summary, and rows of other tables that belong to them.
    Below(String),
    /// Tasks (or risks) of a category, and rows of other tables that belong to them.
    Category(String),
}

/// What becomes of rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A column gets another value.
    Set(&'static str, Value),
    /// They are taken out, and with a task all that refers to it.
    Delete,
    /// A row is added under this key.
    Add,
}

/// What becomes of the value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// This; nothing, if it is empty.
    Is(String),
    /// So much more, or less if it has a minus.
    More(String),
    /// So many times as much.
    Times(f64),
}

/// Where an edit stands: a cell for each of its parts, and how numbers are written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The places of its table, its id, its field and its value.
    pub places: [Place; 4],
    /// The decimal mark of its values.
    pub mark: DecimalMark,
}

/// A part of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The table.
    Table,
    /// The id.
    Id,
    /// The field.
    Field,
    /// The value.
    Value,
}

impl Source {
    /// The source of an edit of the command line.
    pub fn flag(text: &str) -> Source {
        let place = Place::file(text);
        Source { places: std::array::from_fn(|_| place.clone()), mark: DecimalMark::Point }
    }

    /// A fault of a part, which says `text` there, as a finding.
    pub fn finding(&self, part: Part, text: &str, fault: Fault) -> Finding {
        let place = self.places[part as usize].clone();
        let shown = fault.part.as_deref().unwrap_or(text);
        let said = if shown.is_empty() { fault.text } else { format!("{}: {}", quoted(shown), fault.text) };
        Finding { hint: fault.hint, ..Finding::error(fault.rule, place, said) }
    }
}

impl Edit {
    /// An edit from its parts, as a row of scenarios.csv has them.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn new(table: &str, id: &str, field: &str, value: &str, source: Source) -> Result<Edit, Vec<Finding>> {
        let mut findings = Vec::new();
        let Some(kind) = table_called(table) else {
            let names = TableKind::ALL.into_iter().flat_map(|kind| [kind.stem().to_owned(), kind.row_name()]);
            let names: Vec<String> = names.collect();
            let hint = match nearest(table, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "tables are called task, resource, budget, mode and so on, as their files are".to_owned(),
            };
            let fault = Fault::new("unknown-table", "no such table of a plan").with_hint(hint);
            return Err(vec![source.finding(Part::Table, table, fault)]);
        };
        if id.is_empty() {
            findings.push(source.finding(Part::Id, "", Fault::new("missing-value", "an edit needs the id of a row")));
        }
        let word = value.to_lowercase();
        let act = match field.is_empty() && kind != TableKind::Project {
            true if word == "delete" => Ok(Act::Delete),
            true if word == "add" && names_field(kind, id) => Err((
                Part::Value,
                Fault::new(
                    "bad-edit",
                    "a row is added under its id alone; its cells get their values in further edits",
                ),
            )),
            true if word == "add" => Ok(Act::Add),
            true => Err((
                Part::Field,
                Fault::new("missing-value", "an edit needs a field, unless its value is `delete` or `add`"),
            )),
            false if kind == TableKind::Project => parse_value(value, source.mark).map(|it| Act::Set("value", it)),
            false => match field_called(kind, field) {
                Ok(name) => parse_value(value, source.mark).map(|value| Act::Set(name, value)),
                Err(fault) => Err((Part::Field, fault)),
            },
        };
        match act {
            Ok(act) if findings.is_empty() => Ok(Edit { table: kind, target: target(id), act, source }),
            Ok(_) => Err(findings),
            Err((part, fault)) => {
                findings.push(source.finding(part, if part == Part::Field { field } else { value }, fault));
                Err(findings)
            }
        }
    }

    /// An edit of the command line: `task:build.duration=+20%`, `resource:dev.capacity=3`, `project:deadline=2026-09-30`,
    /// `task:docs=delete`.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(text: &str) -> Result<Edit, Vec<Finding>> {
        let source = Source::flag(text);
        let Some((path, value)) = text.split_once('=') else { return Err(vec![malformed(text)]) };
        let Some((table, id, field)) = split_path(path, matches!(&*value.to_lowercase(), "delete" | "add")) else {
            return Err(vec![malformed(text)]);
        };
        Edit::new(table, id, field, value.trim(), source)
    }
}

/// The finding of an edit that has not the right form.
pub(super) fn malformed(text: &str) -> Finding {
    let expected = "expected TABLE:ID.FIELD=VALUE such as `task:build.duration=+20%`, `resource:dev.capacity=3` or \
                    `task:docs=delete`";
    Finding::error("bad-edit", Place::file(text), expected)
}

/// Table, id and field of `TABLE:ID.FIELD`; ids may have dots. Without a field if that has none.
pub(super) fn split_path(path: &str, has_no_field: bool) -> Option<(&str, &str, &str)> {
    let (table, rest) = path.split_once(':')?;
    let is_alone = has_no_field || table_called(table.trim()) == Some(TableKind::Project);
    let (id, field) = match rest.rsplit_once('.') {
        Some(parts) if !is_alone => parts,
        None if !is_alone => return None,
        _ => (rest, ""),
    };
    Some((table.trim(), id.trim(), field.trim()))
}

/// The table that a word names, which is none of scenarios: what is said of scenarios themselves would have no end.
fn table_called(word: &str) -> Option<TableKind> {
    TableKind::called(word).filter(|&kind| kind != TableKind::Scenarios)
}

/// The field of a table that a word names, as headers do.
fn field_called(kind: TableKind, word: &str) -> Result<&'static str, Fault> {
    let fields = kind.fields();
    if let Some(at) = kind.find_field(word) {
        return Ok(fields[at].name);
    }
    let fault = Fault::new("unknown-field", format!("{} has no such column", kind.file_name()));
    let near = nearest(word, fields.iter().map(|field| field.name));
    Err(match near {
        Some(near) => fault.with_hint(format!("did you mean `{near}`?")),
        None => {
            fault.with_hint(format!("it has {}", fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")))
        }
    })
}

/// True if an id ends like the path of a field: `build.duration`.
fn names_field(kind: TableKind, id: &str) -> bool {
    id.rsplit_once('.').is_some_and(|(_, field)| kind.find_field(field).is_some())
}

/// The name that is nearest to a word, if one is near.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let most = (word.chars().count() / 3).clamp(1, 4);
    let scored = names.into_iter().map(|name| (strsim::osa_distance(&word, &name.to_lowercase()), name));
    scored.filter(|&(distance, _)| distance <= most).min().map(|(_, name)| name)
}

/// The rows that an id means.
fn target(id: &str) -> Target {
    match id.split_once(':') {
        Some(("wbs", summary)) => Target::Below(summary.trim().to_owned()),
        Some(("category", category)) => Target::Category(category.trim().to_owned()),
        _ => Target::Key(id.to_owned()),
    }
}

/// What becomes of a value: `12d`, `+3d`, `-10%`, `*1.5`; `=-5` sets a value that begins with a sign.
fn parse_value(text: &str, mark: DecimalMark) -> Result<Value, (Part, Fault)> {
    if let Some(plain) = text.strip_prefix('=') {
        return Ok(Value::Is(plain.trim().to_owned()));
    }
    let number =
        |text: &str| parse_decimal(text, mark).map(|number| number.to_f64()).map_err(|fault| (Part::Value, fault));
    if let Some(factor) = text.strip_prefix(['*', '×']) {
        let factor = number(factor)?;
        return if factor < 0.0 {
            Err((Part::Value, Fault::new("bad-edit", "a factor may not be negative")))
        } else {
            Ok(Value::Times(factor))
        };
    }
    let is_relative =
        text.starts_with(['+', '-', '\u{2212}']) && text.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || c == '.');
    match text.strip_suffix('%').filter(|_| is_relative) {
        Some(percent) => match number(percent)? {
            percent if percent < -100.0 => {
                Err((Part::Value, Fault::new("bad-edit", "nothing can become less by more than 100 %")))
            }
            percent => Ok(Value::Times(1.0 + percent / 100.0)),
        },
        None if is_relative => Ok(Value::More(text.to_owned())),
        None => Ok(Value::Is(text.to_owned())),
    }
}

impl Target {
    /// True if it can mean several rows.
    pub fn is_many(&self) -> bool {
        match self {
            Target::Key(key) => key.contains(['*', '?']),
            Target::Below(_) | Target::Category(_) => true,
        }
    }

    /// True if it means the row with a key.
    pub(super) fn fits(&self, key: &str) -> bool {
        match self {
            Target::Key(wanted) if self.is_many() => wanted == key || WildMatch::new(wanted).matches(key),
            Target::Key(wanted) => wanted == key,
            Target::Below(_) | Target::Category(_) => false,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Key(key) => out.write_str(key),
            Target::Below(summary) => write!(out, "wbs:{summary}"),
            Target::Category(category) => write!(out, "category:{category}"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Is(text) if text.starts_with(['+', '-', '*', '=']) => write!(out, "={text}"),
            Value::Is(text) | Value::More(text) => out.write_str(text),
            Value::Times(factor) => write!(out, "*{factor}"),
        }
    }
}

impl fmt::Display for Edit {
    /// As [`Edit::parse`] reads it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.table.row_name(), self.target)?;
        match &self.act {
            Act::Set("value", value) if self.table == TableKind::Project => write!(out, "={value}"),
            Act::Set(field, value) => write!(out, ".{field}={value}"),
            Act::Delete => out.write_str("=delete"),
            Act::Add => out.write_str("=add"),
        }
    }
}
