//! The sheets of a workbook as sparse rows of values.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Reader, Style, Xlsx, XlsxError};

use super::cell::{self, Value};
use crate::plan::draft::{DecimalMark, TableKind};

/// Cells that are not empty a workbook may have.
pub(super) const MOST_CELLS: usize = 10_000_000;

/// A sheet.
#[derive(Debug)]
pub(super) struct Sheet {
    /// What its tab says.
    pub(super) name: String,
    /// The cells of each row that has any, by column; rows and columns count from 0.
    pub(super) rows: BTreeMap<u32, BTreeMap<u32, Value>>,
    /// Its merged cells.
    pub(super) merged: Vec<Merged>,
}

/// Merged cells: the row and column of the first and of the last one.
pub(super) type Merged = ((u32, u32), (u32, u32));

/// All sheets of a workbook.
#[derive(Debug)]
pub(super) struct Sheets {
    /// In the order of their tabs; charts are left out.
    pub(super) list: Vec<Sheet>,
    /// How the numbers of the tables are written, where the workbook says so.
    pub(super) marks: Vec<(TableKind, DecimalMark)>,
}

/// The name of the document property that says how the numbers in the texts of a table are written.
pub(super) fn mark_property(kind: TableKind) -> String {
    format!("decimal mark of {}", kind.file_name())
}

/// What [`mark_property`] may be.
pub(super) const MARK_WORDS: [(DecimalMark, &str); 3] =
    [(DecimalMark::Point, "point"), (DecimalMark::Comma, "comma"), (DecimalMark::Unknown, "unknown")];

/// Reads all sheets.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn read(bytes: Vec<u8>) -> Result<Sheets, String> {
    let damaged = |error: XlsxError| match error {
        XlsxError::Password => "the workbook is protected by a password".to_owned(),
        error => format!("the workbook is damaged: {error}"),
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let is_1904 = workbook.has_1904_epoch();
    let mut cells_left = MOST_CELLS;
    let mut list = Vec::new();
    for name in workbook.sheet_names() {
        let mut rows: BTreeMap<u32, BTreeMap<u32, Value>> = BTreeMap::new();
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            other => other.map_err(damaged)?,
        };
        let percent: Vec<bool> = cells.styles().iter().map(is_percent).collect();
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
            let is_percent = percent.get(style).copied().unwrap_or(false);
            if let Some(value) = cell::value(cell.get_value(), is_percent, is_1904) {
                cells_left = cells_left.checked_sub(1).ok_or_else(too_many_cells)?;
                let (row, column) = cell.get_position();
                rows.entry(row).or_default().insert(column, value);
            }
        }
        drop(cells);
        let merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let merged = merged.into_iter().map(|group| (group.start, group.end)).collect();
        list.push(Sheet { name, rows, merged });
    }
    let properties = workbook.workbook_properties().map(|found| found.custom_properties).unwrap_or_default();
    let marks = TableKind::ALL.into_iter().filter_map(|kind| {
        let word = properties.get(&mark_property(kind))?;
        MARK_WORDS.into_iter().find(|(_, known)| known == word).map(|(mark, _)| (kind, mark))
    });
    Ok(Sheets { list, marks: marks.collect() })
}

/// What is said of a workbook with more cells than are read.
pub(super) fn too_many_cells() -> String {
    format!("the workbook has more than {MOST_CELLS} cells, the most that are read")
}

/// True if numbers are shown as percentages; a sign between quotes is only decoration.
fn is_percent(style: &Style) -> bool {
    let code = style.number_format.as_ref().map_or("", |format| &format.format_code);
    code.split('"').step_by(2).any(|part| part.contains('%'))
}
