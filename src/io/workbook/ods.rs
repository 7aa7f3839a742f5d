//! The sheets of an OpenDocument spreadsheet: the tables of its `content.xml`.
//!
//! Rows and cells may say that they are repeated, up to the edge of the sheet; only those that hold something are kept.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::cell::{Value, number_value};
use super::sheet::{MOST_CELLS, Merged, Sheet, Sheets, too_many_cells};
use crate::io::xml::{Element, Part, Stop, Xml};

const CONTENT: &str = "content.xml";

/// True if the archive is such a spreadsheet.
pub(super) fn is_open_document(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| archive.index_for_name(CONTENT).is_some())
}

/// Reads all sheets.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn read(bytes: &[u8]) -> Result<Sheets, String> {
    if part(bytes, "META-INF/manifest.xml").is_ok_and(|manifest| manifest.contains("encryption-data")) {
        return Err("the workbook is protected by a password".to_owned());
    }
    let text = part(bytes, CONTENT)?;
    let mut walk = Walk { xml: Xml::new(CONTENT, &text), cells_left: MOST_CELLS };
    let list = walk.document().map_err(|stop| match stop {
        Fault::Xml(stop) => format!("the workbook is damaged: {}", stop.text),
        Fault::TooMany => too_many_cells(),
    })?;
    Ok(Sheets { list, marks: Vec::new() })
}

/// The text of a part of the archive.
fn part(bytes: &[u8], name: &str) -> Result<String, String> {
    let damaged = |error: &dyn std::fmt::Display| format!("the workbook is damaged: {error}");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut part = archive.by_name(name).map_err(|error| damaged(&error))?;
    let mut text = String::new();
    part.read_to_string(&mut text).map_err(|error| damaged(&error))?;
    Ok(text)
}

enum Fault {
    Xml(Stop),
    TooMany,
}

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Fault {
        Fault::Xml(stop)
    }
}

/// The cells of a row, by column.
type Row = BTreeMap<u32, Value>;

struct Walk<'a> {
    xml: Xml<'a>,
    cells_left: usize,
}

impl<'a> Walk<'a> {
    fn document(&mut self) -> Result<Vec<Sheet>, Fault> {
        let (mut list, mut open) = (Vec::new(), 0);
        while let Some(element) = self.below(&["document-content", "body", "spreadsheet"], &mut open)? {
            if element.name() == "table" {
                let name = element.attribute("name").unwrap_or_default();
                list.push(self.sheet(name)?);
            } else {
                self.xml.skip()?;
            }
        }
        Ok(list)
    }

    fn sheet(&mut self, name: String) -> Result<Sheet, Fault> {
        let mut sheet = Sheet { name, rows: BTreeMap::new(), merged: Vec::new() };
        let (mut number, mut open) = (0_u32, 0);
        while let Some(element) = self.below(&["table-row-group", "table-header-rows", "table-rows"], &mut open)? {
            if element.name() != "table-row" {
                self.xml.skip()?;
                continue;
            }
            let times = element.count("number-rows-repeated");
            let row = self.row(number, &mut sheet.merged)?;
            let end = number.saturating_add(times);
            if !row.is_empty() {
                self.take(row.len().saturating_mul((end - number).saturating_sub(1) as usize))?;
                sheet.rows.extend((number..end).map(|at| (at, row.clone())));
            }
            number = end;
        }
        Ok(sheet)
    }

    fn row(&mut self, number: u32, merged: &mut Vec<Merged>) -> Result<Row, Fault> {
        let mut row = Row::new();
        let (mut column, mut open) = (0_u32, 0);
        while let Some(element) = self.below(&["table-cell-group"], &mut open)? {
            let is_covered = element.name() == "covered-table-cell";
            if !is_covered && element.name() != "table-cell" {
                self.xml.skip()?;
                continue;
            }
            let end = column.saturating_add(element.count("number-columns-repeated"));
            let (down, across) = (element.count("number-rows-spanned"), element.count("number-columns-spanned"));
            if (down, across) != (1, 1) {
                let last = (number.saturating_add(down - 1), column.saturating_add(across - 1));
                merged.push(((number, column), last));
            }
            let value = self.value(&element)?;
            if let Some(value) = value.filter(|_| !is_covered) {
                self.take((end - column) as usize)?;
                row.extend((column..end).map(|at| (at, value.clone())));
            }
            column = end;
        }
        Ok(row)
    }

    /// The value of a cell, which is left.
    fn value(&mut self, cell: &Element<'a>) -> Result<Option<Value>, Fault> {
        let shown = self.text()?;
        let number = || cell.attribute("value").and_then(|text| text.parse().ok()).filter(|it: &f64| it.is_finite());
        let types = cell.attributes("value-type");
        if types.iter().any(|it| it == "error") {
            return Ok(Some(Value::Error(shown.into())));
        }
        let text = match types.first().map_or("", String::as_str) {
            "float" | "currency" if number().is_some() => return Ok(number().map(|it| number_value(it, ""))),
            "percentage" if number().is_some() => return Ok(number().map(|it| number_value(100.0 * it, "%"))),
            "date" => cell.attribute("date-value").map(|date| plain_date(&date)),
            "time" => cell.attribute("time-value").and_then(|time| plain_time(&time)),
            "boolean" => cell.attribute("boolean-value").map(|it| if it == "true" { "yes" } else { "no" }.to_owned()),
            _ => cell.attribute("string-value").map(|text| text.trim().to_owned()),
        };
        let text = text.unwrap_or(shown);
        Ok((!text.is_empty()).then(|| Value::Text(text.into())))
    }

    /// The paragraphs of a cell, a line each; comments are passed over.
    fn text(&mut self) -> Result<String, Stop> {
        let (mut text, mut depth, mut paragraphs) = (String::new(), 0_usize, 0_usize);
        loop {
            match self.xml.part()? {
                Part::Element(element) => {
                    match element.name() {
                        "annotation" => {
                            self.xml.skip()?;
                            continue;
                        }
                        "p" => {
                            paragraphs += 1;
                            text.push_str(if paragraphs > 1 { "\n" } else { "" });
                        }
                        "s" => {
                            let blanks = element.count("c") as usize;
                            self.xml.check_size(text.len().saturating_add(blanks))?;
                            text.push_str(&" ".repeat(blanks));
                        }
                        "tab" => text.push('\t'),
                        "line-break" => text.push('\n'),
                        _ => {}
                    }
                    depth += 1;
                }
                Part::Text(part) if depth > 0 => {
                    self.xml.check_size(text.len().saturating_add(part.len()))?;
                    text.push_str(&part);
                }
                Part::Text(_) => {}
                Part::End if depth == 0 => return Ok(text.trim().to_owned()),
                Part::End => depth -= 1,
            }
        }
    }

    /// The next element that is none of those that only hold others; `None` at the end of the caller's element.
    ///
    /// # Arguments
    /// `open` counts the holders that have been entered.
    fn below(&mut self, holders: &[&str], open: &mut usize) -> Result<Option<Element<'a>>, Stop> {
        loop {
            match self.xml.child()? {
                Some(element) if holders.contains(&element.name()) => *open += 1,
                Some(element) => return Ok(Some(element)),
                None if *open == 0 => return Ok(None),
                None => *open -= 1,
            }
        }
    }

    /// Counts cells that are kept.
    fn take(&mut self, cells: usize) -> Result<(), Fault> {
        self.cells_left = self.cells_left.checked_sub(cells).ok_or(Fault::TooMany)?;
        Ok(())
    }
}

impl Element<'_> {
    /// A whole number from 1 on, 1 if it is not given.
    fn count(&self, name: &str) -> u32 {
        self.attribute(name).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
    }
}

/// `2026-03-02T13:00:00` as `2026-03-02 13:00`, midnight as the date alone.
fn plain_date(date: &str) -> String {
    match date.split_once('T') {
        Some((day, clock)) if clock.starts_with("00:00") => day.to_owned(),
        Some((day, clock)) => format!("{day} {}", clock.get(..5).unwrap_or(clock)),
        None => date.to_owned(),
    }
}

/// `PT13H05M00S` as `13:05`, and more than a day in minutes.
fn plain_time(time: &str) -> Option<String> {
    let (hours, rest) = time.strip_prefix("PT")?.split_once('H')?;
    let (minutes, _) = rest.split_once('M')?;
    let (hours, minutes) = (hours.parse::<u32>().ok()?, minutes.parse::<u32>().ok()?);
    let all = hours.checked_mul(60)?.checked_add(minutes)?;
    Some(if hours < 24 { format!("{hours:02}:{minutes:02}") } else { format!("{all}m") })
}
