//! From a sheet to a table: where its header stands, which columns belong to it, and what lies around it.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::Value;
use super::sheet::Sheet;
use crate::error::{Finding, Place};
use crate::io::csv::{NUMERIC_FIELDS, evidence};
use crate::io::tally::Tally;
use crate::plan::draft::{DecimalMark, Table, TableKind};

/// Rows among which the header is looked for.
const ROWS_ABOVE: usize = 100;
/// Cells, empty ones included, that a table may have.
const MOST_PLACES: u64 = 50_000_000;

/// The row that has the most headers of a table, and how many it has; `None` if no row has any.
pub(super) fn find_header(sheet: &Sheet, kind: TableKind) -> Option<(u32, usize)> {
    let known = |cells: &BTreeMap<u32, Value>| kind.known(cells.values().map(Value::text));
    let scored = sheet.rows.iter().take(ROWS_ABOVE).map(|(&row, cells)| (row, known(cells)));
    // Of equals the last one wins in `max_by_key`, so they come in reverse.
    let best = scored.collect::<Vec<_>>().into_iter().rev().max_by_key(|&(_, known)| known);
    best.filter(|&(_, known)| known > 0)
}

/// Reads a sheet as a table. A sheet without known headers has its header in its first row.
///
/// # Arguments
/// `file` is what findings call the sheet; `mark` how its numbers are written, if the workbook says so.
///
/// # Returns
/// The table; `None`, with an error among the findings, if it cannot be one.
pub(super) fn read(
    kind: TableKind,
    file: &str,
    sheet: &Sheet,
    mark: Option<DecimalMark>,
    found: &mut Tally,
) -> Option<Table> {
    let first = *sheet.rows.keys().next()?;
    let header = find_header(sheet, kind).map_or(first, |(row, _)| row);
    let names = sheet.rows.get(&header)?;
    let (&left, &right) = (names.keys().next()?, names.keys().next_back()?);
    if header > first {
        let text = format!("what stands above the header, which is row {}, is not used", line(header));
        found.push(Finding::note("rows-above-header", Place::row(file, line(first)), text));
    }
    let width = u64::from(right - left) + 1;
    if width.saturating_mul(sheet.rows.len() as u64) > MOST_PLACES {
        let text = format!("{width} columns and {} rows are too many for a table", sheet.rows.len());
        found.push(Finding::error("table-too-large", Place::file(file), text));
        return None;
    }
    let name_of = |column: u32| names.get(&column).map_or("", Value::text);
    let mut table = Table::new(kind, file, (left..=right).map(name_of));
    let body: Vec<(u32, &BTreeMap<u32, Value>)> =
        sheet.rows.range(header.saturating_add(1)..).map(|(&row, cells)| (row, cells)).collect();
    table.decimal_mark = mark.unwrap_or_else(|| decimal_mark(&table, &body, left));
    let mut stray: BTreeSet<u32> = BTreeSet::new();
    for (row, cells) in body {
        if cells == names {
            let text = "this row repeats the header and was skipped";
            found.push(Finding::note("repeated-header", Place::row(file, line(row)), text));
            continue;
        }
        stray.extend(cells.keys().filter(|&&column| column < left || column > right));
        let in_table = cells.range(left..=right);
        if in_table.clone().next().is_none() {
            continue;
        }
        for (&column, value) in in_table {
            if let Value::Error(error) = value {
                let place = match name_of(column) {
                    "" => Place::row(file, line(row)),
                    name => Place::cell(file, line(row), name),
                };
                let text = format!("the cell {} holds the spreadsheet's error `{error}`", cell_name(row, column));
                found
                    .push(Finding::error("cell-error", place, text).with_hint("correct its formula, or write a value"));
            }
        }
        let texts: Vec<Box<str>> = (left..=right)
            .map(|column| cells.get(&column).map(|value| text_of(value, &table)).unwrap_or_default())
            .collect();
        if !table.push_row(line(row), texts.iter().map(|text| &**text)) {
            found.push(crate::io::too_large(file));
            return None;
        }
    }
    for column in stray {
        let text = format!("column {} has cells but no header and is not used", column_name(column));
        found.push(Finding::warning("unnamed-column", Place::row(file, line(header)), text));
    }
    report_merged(file, sheet, (header, left, right), found);
    Some(table)
}

/// How the texts of a table write numbers. Cells that are numbers follow.
fn decimal_mark(table: &Table, body: &[(u32, &BTreeMap<u32, Value>)], left: u32) -> DecimalMark {
    let numeric = NUMERIC_FIELDS.iter().filter_map(|field| table.column(field));
    let columns: Vec<u32> = numeric.filter_map(|column| left.checked_add(u32::try_from(column).ok()?)).collect();
    let mut evidence = MarkEvidence::default();
    for value in body.iter().flat_map(|(_, cells)| columns.iter().filter_map(|column| cells.get(column))) {
        if let Value::Text(text) = value {
            evidence.look_at(text);
        }
    }
    evidence.mark()
}

/// What the texts among numbers show of how numbers are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MarkEvidence {
    points: bool,
    commas: bool,
}

impl MarkEvidence {
    /// Looks at a text.
    pub(super) fn look_at(&mut self, text: &str) {
        match evidence(text) {
            Some(b'.') => self.points = true,
            Some(_) => self.commas = true,
            None => {}
        }
    }

    /// The decimal mark. Numbers of the spreadsheet itself have none of their own.
    pub(super) fn mark(self) -> DecimalMark {
        match (self.points, self.commas) {
            (true, true) => DecimalMark::Unknown,
            (false, true) => DecimalMark::Comma,
            _ => DecimalMark::Point,
        }
    }
}

/// The text of a cell; that of an error is left out, as it has been reported.
fn text_of(value: &Value, table: &Table) -> Box<str> {
    match value {
        Value::Number(number) if table.decimal_mark == DecimalMark::Comma => number.replace('.', ",").into(),
        Value::Error(_) => Box::default(),
        value => value.text().into(),
    }
}

/// Warns of merged cells in the table, whose value counts for the first of them only.
fn report_merged(file: &str, sheet: &Sheet, (header, left, right): (u32, u32, u32), found: &mut Tally) {
    const NAMED: usize = 3;
    let in_table = sheet.merged.iter().filter(|((row, column), (_, last_column))| {
        let is_filled = sheet.rows.get(row).is_some_and(|cells| cells.contains_key(column));
        *row > header && *column <= right && *last_column >= left && is_filled
    });
    let names: Vec<String> = in_table
        .map(|(first, last)| format!("{}:{}", cell_name(first.0, first.1), cell_name(last.0, last.1)))
        .collect();
    if names.is_empty() {
        return;
    }
    let more = if names.len() > NAMED { ", ..." } else { "" };
    let text = format!(
        "{} of the table are merged ({}{more}); only the first cell of each has its value",
        if names.len() == 1 { "some cells".to_owned() } else { format!("{} groups of cells", names.len()) },
        names[..names.len().min(NAMED)].join(", ")
    );
    found.push(Finding::warning("merged-cells", Place::file(file), text).with_hint("write the value into each cell"));
}

/// The number of a row as the spreadsheet shows it.
fn line(row: u32) -> u32 {
    row.saturating_add(1)
}

/// `B7`
fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_name(column), line(row))
}

/// The letters of a column.
fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = Some(column);
    while let Some(number) = rest {
        letters.push(char::from(b'A' + (number % 26) as u8));
        rest = (number / 26).checked_sub(1);
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_called_as_in_the_spreadsheet() {
        assert_eq!(cell_name(0, 0), "A1");
        assert_eq!(cell_name(6, 25), "Z7");
        assert_eq!(cell_name(9, 26), "AA10");
        assert_eq!(column_name(16383), "XFD");
    }
}
