//! A draft as a workbook: a sheet for each table, its dates and numbers as dates and numbers, everything else as text.
//!
//! Cells are made dates and numbers only where reading them gives the same cell again (but for the spelling of a date).
//! Ids are text always, and so is what begins like a formula.

use jiff::civil::{Date, date};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError};

use super::cell::number_text;
use super::sheet::{MARK_WORDS, mark_property};
use super::table::MarkEvidence;
use crate::error::{Error, Result};
use crate::io::csv::NUMERIC_FIELDS;
use crate::plan::draft::{DateOrder, DecimalMark, PlanDraft, Table, TableKind};
use crate::plan::notation::{CivilCell, parse_civil};
use crate::units::MINUTES_PER_DAY;

/// Rows of a sheet, and characters of a cell, beyond which the format cannot go.
const MOST_ROWS: usize = 1 << 20;
const MOST_COLUMNS: usize = 1 << 14;
const MOST_CHARACTERS: usize = 32_767;

/// Widths of columns, in characters.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;

/// Columns that hold dates.
const DATE_FIELDS: [&str; 18] = [
    "constraint_date",
    "second_constraint_date",
    "deadline",
    "expected_finish",
    "from",
    "to",
    "day",
    "actual_start",
    "actual_finish",
    "opened",
    "resume",
    "start",
    "finish",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "status_date",
];

/// What a cell becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Written<'a> {
    Text(&'a str),
    Number(f64),
    Percent(f64),
    Date(f64),
    Moment(f64),
}

/// The looks of cells.
struct Formats {
    header: Format,
    percent: Format,
    date: Format,
    moment: Format,
}

/// Writes the tables of a draft as a workbook (xlsx), each on a sheet of its name that is read again as that table.
///
/// The same draft gives the same bytes.
///
/// # Errors
/// [`Error::is_usage`] if a table does not fit onto a sheet, or a cell is longer than sheets allow.
pub fn write_workbook(draft: &PlanDraft) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let formats = Formats {
        header: Format::new().set_bold().set_align(FormatAlign::Top),
        percent: Format::new().set_num_format("0%"),
        date: Format::new().set_num_format("yyyy-mm-dd"),
        moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    };
    let mut properties = DocProperties::new();
    // The format wants a date of making; a fixed one keeps the bytes the same.
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(unexpected)?;
    properties = properties.set_creation_datetime(&made).set_title(title(draft));
    for kind in TableKind::ALL {
        let Some(table) = draft.table(kind) else { continue };
        check_size(table)?;
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(kind)).map_err(unexpected)?;
        let seen = write_table(sheet, table, draft.date_order, &formats).map_err(unexpected)?;
        let mark = MARK_WORDS.into_iter().find(|(mark, _)| *mark == table.decimal_mark && *mark != seen);
        if let Some((_, word)) = mark {
            properties = properties.set_custom_property(mark_property(kind), word);
        }
    }
    workbook.set_properties(&properties);
    workbook.save_to_buffer().map_err(unexpected)
}

fn unexpected(error: XlsxError) -> Error {
    Error::usage(format!("the plan cannot be written as a workbook: {error}"))
}

/// The plan's name, as far as a title may go.
fn title(draft: &PlanDraft) -> String {
    draft.name.chars().filter(|character| !character.is_control()).take(200).collect()
}

fn sheet_name(kind: TableKind) -> &'static str {
    kind.file_name().trim_end_matches(".csv")
}

fn check_size(table: &Table) -> Result<()> {
    let name = sheet_name(table.kind());
    if table.len() >= MOST_ROWS || table.columns().len() > MOST_COLUMNS {
        return Err(Error::usage(format!(
            "{name} has {} rows and {} columns; a sheet of a workbook holds {MOST_ROWS} and {MOST_COLUMNS} at most",
            table.len() + 1,
            table.columns().len()
        )));
    }
    for row in 0..table.len() {
        if let Some(column) = table
            .row(row)
            .position(|cell| cell.len() > MOST_CHARACTERS && cell.encode_utf16().count() > MOST_CHARACTERS)
        {
            return Err(Error::usage(format!(
                "{}: the cell is longer than {MOST_CHARACTERS} characters, the most that a workbook holds",
                table.place(row, column)
            )));
        }
    }
    Ok(())
}

/// Fills a sheet.
///
/// # Returns
/// How the numbers will seem to be written to who reads the texts of the sheet.
fn write_table(
    sheet: &mut Worksheet,
    table: &Table,
    order: Option<DateOrder>,
    formats: &Formats,
) -> std::result::Result<DecimalMark, XlsxError> {
    let mut evidence = MarkEvidence::default();
    let fields = table.kind().fields();
    for (column, at) in table.columns().iter().zip(0u16..) {
        let column_field = column.field.map(|field| fields[field].name);
        let name = column_field.unwrap_or(&column.header);
        if !name.is_empty() {
            sheet.write_string_with_format(0, at, name, &formats.header)?;
        }
        let mut width = name.chars().count();
        for (row, line) in (0..table.len()).zip(1u32..) {
            let cell = table.cell(row, usize::from(at));
            if cell.is_empty() {
                continue;
            }
            let field = match column_field {
                Some("value") => project_field(table, row),
                field => field,
            };
            match written(cell, field, table.decimal_mark, order) {
                Written::Text(text) => {
                    if column_field.is_some_and(|field| NUMERIC_FIELDS.contains(&field)) {
                        evidence.look_at(text);
                    }
                    sheet.write_string(line, at, text)?
                }
                Written::Number(number) => sheet.write_number(line, at, number)?,
                Written::Percent(share) => sheet.write_number_with_format(line, at, share, &formats.percent)?,
                Written::Date(serial) => sheet.write_number_with_format(line, at, serial, &formats.date)?,
                Written::Moment(serial) => sheet.write_number_with_format(line, at, serial, &formats.moment)?,
            };
            let longest_line = cell.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            width = width.max(longest_line);
        }
        // Two more for the button of the filter.
        sheet.set_column_width(at, (width.clamp(NARROWEST, WIDEST) + 2) as f64)?;
    }
    let (last_row, columns) =
        (u32::try_from(table.len()).unwrap_or(0), u16::try_from(table.columns().len()).unwrap_or(0));
    if let Some(last_column) = columns.checked_sub(1) {
        sheet.autofilter(0, 0, last_row, last_column)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    }
    Ok(evidence.mark())
}

/// The field that a row of project.csv holds: its key, if that is one of dates, or a number.
fn project_field(table: &Table, row: usize) -> Option<&'static str> {
    let key = table.cell(row, table.column("key")?).to_lowercase().replace([' ', '-'], "_");
    let known = DATE_FIELDS.into_iter().find(|field| *field == key);
    known.or_else(|| (key != "name" && key != "calendar").then_some("value"))
}

/// How a cell is written.
fn written<'a>(cell: &'a str, field: Option<&str>, mark: DecimalMark, order: Option<DateOrder>) -> Written<'a> {
    let is_date = field.is_some_and(|field| DATE_FIELDS.contains(&field));
    let is_number = field.is_some_and(|field| NUMERIC_FIELDS.contains(&field) || field == "percent_complete");
    let date = if is_date { parse_civil(cell, order).ok().and_then(serial) } else { None };
    if let Some(written) = date {
        return written;
    }
    // Where time is counted in periods, dates are numbers.
    if !is_date && !is_number {
        return Written::Text(cell);
    }
    match (number(cell, mark), cell.strip_suffix('%')) {
        (Some(number), _) => Written::Number(number),
        (None, Some(percent)) if !percent.contains(['.', ',']) => {
            let percent =
                number(percent, mark).filter(|percent| number_text(percent / 100.0 * 100.0) == number_text(*percent));
            percent.map_or(Written::Text(cell), |percent| Written::Percent(percent / 100.0))
        }
        _ => Written::Text(cell),
    }
}

/// The number of a cell, if it is spelled as numbers of workbooks are read.
fn number(cell: &str, mark: DecimalMark) -> Option<f64> {
    let plain = match mark {
        DecimalMark::Point => cell.to_owned(),
        DecimalMark::Comma if cell.contains('.') => return None,
        DecimalMark::Comma => cell.replace(',', "."),
        DecimalMark::Unknown if cell.contains(['.', ',']) => return None,
        DecimalMark::Unknown => cell.to_owned(),
    };
    let number: f64 = plain.parse().ok()?;
    (number.is_finite() && number_text(number) == plain).then_some(number)
}

/// A date as the number that spreadsheets count; `None` if it would not come back as what it means.
///
/// Midnight is left as text: a spreadsheet shows it as the date alone, which means another moment at the end of something.
fn serial(cell: CivilCell) -> Option<Written<'static>> {
    /// Spreadsheets take 1900 for a leap year.
    const FIRST: Date = date(1900, 3, 1);
    if cell.date < FIRST {
        return None;
    }
    let days = f64::from(date(1899, 12, 30).until(cell.date).ok()?.get_days());
    match cell.minute {
        None => Some(Written::Date(days)),
        Some(minute) if minute > 0 && i64::from(minute) < MINUTES_PER_DAY => {
            Some(Written::Moment(days + f64::from(minute) / MINUTES_PER_DAY as f64))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_what_they_are_read_as() {
        let of = |cell: &'static str, field| written(cell, Some(field), DecimalMark::Point, None);
        assert_eq!(of("2026-03-02", "deadline"), Written::Date(46083.0));
        assert_eq!(of("2026-03-02 12:00", "deadline"), Written::Moment(46083.5));
        assert_eq!(of("2026-03-02 00:00", "deadline"), Written::Text("2026-03-02 00:00"));
        assert_eq!(of("03/04/2026", "deadline"), Written::Text("03/04/2026"));
        assert_eq!(of("7", "deadline"), Written::Number(7.0));
        assert_eq!(of("1.5", "duration"), Written::Number(1.5));
        assert_eq!(of("1.50", "duration"), Written::Text("1.50"));
        assert_eq!(of("1e3", "duration"), Written::Text("1e3"));
        assert_eq!(of("5d", "duration"), Written::Text("5d"));
        assert_eq!(of("50%", "percent_complete"), Written::Percent(0.5));
        assert_eq!(of("12.5%", "percent_complete"), Written::Text("12.5%"));
        assert_eq!(of("1", "id"), Written::Text("1"));
        assert_eq!(of("1", "name"), Written::Text("1"));
        assert_eq!(written("1,5", Some("duration"), DecimalMark::Comma, None), Written::Number(1.5));
        assert_eq!(written("1.5", Some("duration"), DecimalMark::Comma, None), Written::Text("1.5"));
        assert_eq!(written("1.5", Some("duration"), DecimalMark::Unknown, None), Written::Text("1.5"));
        let order = Some(DateOrder::DayMonthYear);
        assert_eq!(written("02/03/2026", Some("to"), DecimalMark::Point, order), Written::Date(46083.0));
    }
}
