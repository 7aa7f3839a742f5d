//! Workbooks as people make them, broken ones, and those that are written here.

use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::io::{ReadOptions, draft_to_csv, read_bytes};
use crate::plan::draft::{DateOrder, DecimalMark, Table};
use crate::plan::validate;

fn read(bytes: Vec<u8>) -> PlanDraft {
    read_bytes("plan.xlsx", bytes, &ReadOptions::default())
}

/// What fills a sheet.
type Fill<'a> = &'a dyn Fn(&mut Worksheet);

/// A workbook of sheets with names.
fn workbook(sheets: &[(&str, Fill<'_>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, fill) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        fill(sheet);
    }
    workbook.save_to_buffer().unwrap()
}

/// Fills a sheet with texts from a cell on.
fn texts(sheet: &mut Worksheet, row: u32, column: u16, rows: &[&[&str]]) {
    for (down, cells) in rows.iter().enumerate() {
        for (across, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row + down as u32, column + across as u16, *cell).unwrap();
        }
    }
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect()
}

fn said(draft: &PlanDraft) -> Vec<String> {
    draft.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn sheets_are_tables_by_their_names() {
    let bytes = workbook(&[
        ("Notes", &|sheet| texts(sheet, 0, 0, &[&["remember the milk"]])),
        ("schedule", &|sheet| texts(sheet, 0, 0, &[&["task"]])),
        ("Resource", &|sheet| texts(sheet, 0, 0, &[&["id"], &["ana"]])),
        ("TASKS.csv", &|sheet| texts(sheet, 0, 0, &[&["id", "duration", "resources"], &["A", "1d", "ana"]])),
    ]);
    let draft = read(bytes);
    assert_eq!(
        said(&draft),
        ["note: plan.xlsx!Notes: no table of a plan has the name of this sheet; it is not used [unused-table]"]
    );
    let kinds: Vec<TableKind> = draft.tables.iter().map(Table::kind).collect();
    assert_eq!(kinds, [TableKind::Tasks, TableKind::Resources]);
    assert!(validate(&draft).is_ok());
}

#[test]
fn a_sheet_of_issues_is_the_task_table_if_there_is_no_other_and_they_hit_no_task() {
    let exported = |sheet: &mut Worksheet| {
        texts(sheet, 0, 0, &[&["Issue key", "Summary", "Duration", "Status"], &["A-1", "Build", "1d", "To Do"]]);
    };
    let issues = |sheet: &mut Worksheet| texts(sheet, 0, 0, &[&["id", "task", "status"], &["I1", "A-1", "open"]]);
    let tasks = |sheet: &mut Worksheet| texts(sheet, 0, 0, &[&["id", "duration"], &["A-1", "1d"]]);
    let kinds = |draft: PlanDraft| draft.tables.iter().map(Table::kind).collect::<Vec<_>>();
    assert_eq!(kinds(read(workbook(&[("Issues", &exported)]))), [TableKind::Tasks]);
    assert_eq!(kinds(read(workbook(&[("Issues", &issues), ("Plan", &tasks)]))), [TableKind::Tasks, TableKind::Issues]);
}

#[test]
fn the_only_sheet_that_looks_like_tasks_is_the_task_table() {
    let tasks = |sheet: &mut Worksheet| texts(sheet, 0, 0, &[&["Task Name", "Dur", "No"], &["a", "1d", "A"]]);
    let lone = read(workbook(&[("Sheet1", &tasks), ("Sheet2", &|sheet| texts(sheet, 0, 0, &[&["x"]]))]));
    assert_eq!(lone.tables.len(), 1);
    let two = read(workbook(&[("Sheet1", &tasks), ("Sheet2", &tasks)]));
    assert!(two.tables.is_empty() && two.findings.has_errors());
    assert!(said(&two).iter().any(|said| said.contains("the sheets `Sheet1`, `Sheet2` all look like task tables")));
    let none = read(workbook(&[("Sheet1", &|sheet| texts(sheet, 0, 0, &[&["x"]]))]));
    assert!(said(&none).iter().any(|said| said.contains("not-a-task-table")), "{:?}", said(&none));
    let empty = read(workbook(&[("tasks", &|_| {})]));
    assert!(empty.tables.is_empty() && empty.findings.has_errors());
    let again = read(workbook(&[("Tasks", &tasks), ("task", &tasks)]));
    assert!(said(&again).iter().any(|said| said.contains("duplicate-table")));
}

#[test]
fn cells_have_the_text_that_the_spreadsheet_shows() {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let moment = Format::new().set_num_format("d mmm yyyy h:mm AM/PM");
    let percent = Format::new().set_num_format("0.0%");
    let hours = Format::new().set_num_format("[h]:mm");
    let draft = read(workbook(&[("tasks", &|sheet| {
        texts(sheet, 0, 0, &[&["id", "name", "duration", "deadline", "constraint_date", "priority", "colour"]]);
        sheet.write_number(1, 0, 7.0).unwrap();
        sheet.write_number(1, 2, 0.1 + 0.2).unwrap();
        sheet.write_number_with_format(1, 3, 46083.0, &date).unwrap();
        sheet.write_number_with_format(1, 4, 46083.0 + 13.0 / 24.0, &moment).unwrap();
        sheet.write_number_with_format(1, 5, 0.5, &percent).unwrap();
        sheet.write_boolean(1, 6, true).unwrap();
        sheet.write_number_with_format(2, 2, 40.0 / 24.0, &hours).unwrap();
        sheet.write_formula(2, 0, Formula::new("=1+7").set_result("8")).unwrap();
        sheet.write_formula(2, 1, Formula::new("=A99").set_result("#REF!")).unwrap();
    })]));
    assert_eq!(
        rows(&draft.tables[0]),
        [["7", "", "0.3", "2026-03-02", "2026-03-02 13:00", "50%", "yes"], ["8", "", "2400m", "", "", "", ""]]
    );
    assert_eq!(
        said(&draft),
        [
            "error: plan.xlsx!tasks:3 [name]: the cell B3 holds the spreadsheet's error `#REF!` [cell-error]; correct its \
          formula, or write a value"
        ]
    );
    assert_eq!(draft.tables[0].line(1), 3);
}

#[test]
fn what_lies_around_the_table_is_told() {
    let draft = read(workbook(&[("tasks", &|sheet| {
        sheet.merge_range(1, 1, 1, 4, "The plan of the year", &Format::new()).unwrap();
        texts(
            sheet,
            4,
            2,
            &[&["id", "", "duration"], &["A", "x", "1d"], &[], &["id", "", "duration"], &["B", "", "2d"]],
        );
        texts(sheet, 5, 0, &[&["stray"]]);
        texts(sheet, 6, 9, &[&["alone"]]);
        sheet.merge_range(9, 4, 11, 4, "3d", &Format::new()).unwrap();
        texts(sheet, 9, 2, &[&["C"], &["D"], &["E"]]);
    })]));
    let table = &draft.tables[0];
    assert_eq!(rows(table), [["A", "x", "1d"], ["B", "", "2d"], ["C", "", "3d"], ["D", "", ""], ["E", "", ""]]);
    assert_eq!((0..5).map(|row| table.line(row)).collect::<Vec<_>>(), [6, 9, 10, 11, 12]);
    assert_eq!(
        said(&draft),
        [
            "note: plan.xlsx!tasks:2: what stands above the header, which is row 5, is not used [rows-above-header]",
            "note: plan.xlsx!tasks:8: this row repeats the header and was skipped [repeated-header]",
            "warning: plan.xlsx!tasks:5: column A has cells but no header and is not used [unnamed-column]",
            "warning: plan.xlsx!tasks:5: column J has cells but no header and is not used [unnamed-column]",
            "warning: plan.xlsx!tasks: some cells of the table are merged (E10:E12); only the first cell of each has its \
             value [merged-cells]; write the value into each cell",
        ]
    );
}

#[test]
fn decimal_commas_in_texts_make_numbers_have_commas() {
    let draft = read(workbook(&[("tasks", &|sheet| {
        texts(sheet, 0, 0, &[&["id", "duration"], &["A", "1,5d"], &["B"]]);
        sheet.write_number(2, 1, 2.5).unwrap();
    })]));
    assert_eq!(draft.tables[0].decimal_mark, DecimalMark::Comma);
    assert_eq!(draft.tables[0].cell(1, 1), "2,5");
}

#[test]
fn an_export_in_a_workbook_is_taken_apart_too() {
    let draft = read(workbook(&[("Task_Table1", &|sheet| {
        texts(
            sheet,
            0,
            0,
            &[&["ID", "Name", "Duration", "Outline_Level"], &["1", "A", "2 days", "1"], &["2", "B", "2 days", "2"]],
        );
    })]));
    let (plan, _) = validate(&draft).unwrap();
    assert_eq!(plan.tasks().iter().filter(|task| task.parent.is_some()).count(), 1);
}

fn small() -> Vec<u8> {
    workbook(&[
        ("tasks", &|sheet| {
            texts(sheet, 0, 0, &[&["id", "name", "duration", "deadline"], &["A", "a", "1d"], &["B", "b", "2d"]]);
            sheet.write_number_with_format(1, 3, 46083.0, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        }),
        ("resources", &|sheet| texts(sheet, 0, 0, &[&["id", "rate"], &["ana", "85/h"]])),
    ])
}

/// A workbook with some of its parts changed.
pub(in crate::io) fn repacked(bytes: &[u8], mut change: impl FnMut(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        into.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        into.write_all(&change(&name, content)).unwrap();
    }
    into.finish().unwrap().into_inner()
}

#[test]
fn bombs_and_false_claims_are_refused() {
    let bomb = repacked(&small(), |name, content| match name {
        "xl/worksheets/sheet1.xml" => [content, vec![b' '; 300 << 20]].concat(),
        _ => content,
    });
    assert!(bomb.len() < 1 << 20);
    let draft = read(bomb);
    assert!(said(&draft).iter().any(|said| said.contains("unpacks to more than 256 MiB")), "{:?}", said(&draft));
    let claim = repacked(&small(), |name, content| match name {
        "xl/sharedStrings.xml" => {
            String::from_utf8(content).unwrap().replace("uniqueCount=\"", "uniqueCount=\"9999999999").into()
        }
        _ => content,
    });
    assert!(said(&read(claim)).iter().any(|said| said.contains("has room for fewer")));
}

#[test]
fn cells_far_apart_take_no_memory() {
    let far = read(workbook(&[("tasks", &|sheet| {
        texts(sheet, 0, 0, &[&["id", "duration"], &["A", "1d"]]);
        texts(sheet, 1_048_575, 16_383, &[&["far"]]);
    })]));
    assert_eq!(rows(&far.tables[0]), [["A", "1d"]]);
    let wide = read(workbook(&[("tasks", &|sheet| {
        texts(sheet, 0, 0, &[&["id", "duration"]]);
        texts(sheet, 0, 16_383, &[&["far"]]);
        (1..4000).for_each(|row| texts(sheet, row, 0, &[&["A"]]));
    })]));
    assert!(said(&wide).iter().any(|said| said.contains("table-too-large")), "{:?}", said(&wide));
}

#[test]
fn damaged_and_protected_workbooks_are_findings() {
    let bytes = small();
    for length in [10, 200, bytes.len() / 2, bytes.len() - 30] {
        let draft = read(bytes[..length].to_vec());
        assert!(draft.findings.has_errors(), "{length}");
    }
    let without_sheet = repacked(&bytes, |name, content| if name.contains("sheet1") { Vec::new() } else { content });
    assert!(read(without_sheet).findings.has_errors());
    let protected = [
        &[0xD0, 0xCF, 0x11, 0xE0][..],
        &"EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    ]
    .concat();
    assert!(said(&read(protected))[0].contains("protected by a password"));
}

/// An OpenDocument spreadsheet of these sheets: their names, and their rows as XML.
fn open_document(sheets: &[(&str, &str)]) -> Vec<u8> {
    let tables: String =
        sheets.iter().map(|(name, rows)| format!("<table:table table:name=\"{name}\">{rows}</table:table>")).collect();
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>{tables}\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    into.start_file("mimetype", stored).unwrap();
    into.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    into.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    into.write_all(content.as_bytes()).unwrap();
    into.finish().unwrap().into_inner()
}

/// A row of cells with texts.
fn text_row(texts: &[&str]) -> String {
    let cell = |text: &&str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    format!("<table:table-row>{}</table:table-row>", texts.iter().map(cell).collect::<String>())
}

#[test]
fn sheets_of_open_document_are_tables_too() {
    let cells = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"7\"><text:p>7</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>Dig<text:s text:c=\"2\"/>&amp;</text:p><text:p>pour</text:p>\
        <office:annotation><text:p>really?</text:p></office:annotation></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"1.5\"><text:p>1,5</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-02T13:00:00\"><text:p>02.03.26</text:p></table:table-cell>\
        <table:table-cell table:number-columns-repeated=\"16380\"/></table:table-row>";
    let tasks = [
        &text_row(&["id", "name", "duration", "deadline"]),
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        cells,
        "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell/></table:table-row>",
    ]
    .concat();
    let progress = [
        &text_row(&["task", "actual_start", "percent_complete"]),
        "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"7\"/>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-02\"/>\
         <table:table-cell office:value-type=\"percentage\" office:value=\"0.25\"/></table:table-row>",
    ]
    .concat();
    let draft = read(open_document(&[("Tasks", &tasks), ("progress", &progress)]));
    assert_eq!(said(&draft), [""; 0]);
    assert_eq!(rows(&draft.tables[0]), [["7", "Dig  &\npour", "1.5", "2026-03-02 13:00"]]);
    assert_eq!(rows(&draft.tables[1]), [["7", "2026-03-02", "25%"]]);
    assert_eq!(draft.tables[0].line(0), 5);
}

#[test]
fn open_document_that_claims_too_much_or_is_damaged_is_refused() {
    let full = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office:value-type=\"float\" \
                office:value=\"1\" table:number-columns-repeated=\"1000\"/></table:table-row>";
    let blanks = text_row(&["<text:s text:c=\"4000000000\"/>"]);
    let crossed = text_row(&["</text:x>"]);
    for (rows, word) in
        [(full, "more than 10000000 cells"), (&*blanks, "damaged: the text of an element"), (&*crossed, "damaged")]
    {
        let draft = read(open_document(&[("tasks", rows)]));
        assert!(draft.findings.has_errors() && said(&draft)[0].contains(word), "{:?}", said(&draft));
    }
}

#[test]
fn the_same_draft_gives_the_same_bytes_that_are_read_as_it() {
    let mut draft = read(small());
    draft.findings = Findings::new();
    let bytes = write_workbook(&draft).unwrap();
    assert_eq!(write_workbook(&draft).unwrap(), bytes);
    let again = read(bytes);
    assert_eq!(again.findings, Findings::new());
    assert_eq!(
        again.tables.iter().map(draft_to_csv).collect::<Vec<_>>(),
        draft.tables.iter().map(draft_to_csv).collect::<Vec<_>>()
    );
}

#[test]
fn the_sample_plans_come_back() {
    for name in
        ["software-release", "datacenter-move", "hardware-programme", "solar-park", "warehouse", "clinic-rollout"]
    {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        let draft = crate::io::read_draft(&folder, &ReadOptions::default()).unwrap();
        let again = read(write_workbook(&draft).unwrap());
        assert_eq!(again.findings, Findings::new(), "{name}");
        assert_eq!(again.tables.len(), draft.tables.len());
        for (again, table) in again.tables.iter().zip(&draft.tables) {
            assert_eq!(
                (again.kind(), again.len(), again.decimal_mark),
                (table.kind(), table.len(), table.decimal_mark)
            );
            for row in 0..table.len() {
                assert!(again.row(row).map(normal).eq(table.row(row).map(normal)), "{name} {}", table.row_place(row));
            }
        }
    }
}

#[test]
fn formulas_are_never_written() {
    let mut table = Table::new(TableKind::Tasks, "tasks.csv", ["id", "name", "duration"]);
    for (line, text) in (2..).zip(["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"x\")"]) {
        table.push_row(line, [text, text, text]);
    }
    let bytes = write_workbook(&PlanDraft { tables: vec![table], ..PlanDraft::default() }).unwrap();
    let mut parts = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    let mut sheet = String::new();
    parts.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(!sheet.contains("<f>") && sheet.contains("t=\"s\""), "{sheet}");
    let again = read(bytes);
    assert_eq!(again.tables[0].cell(4, 0), "=HYPERLINK(\"x\")");
    assert_eq!(again.tables[0].cell(2, 2), "-1");
}

#[test]
fn a_cell_that_no_workbook_can_hold_is_an_error() {
    let mut table = Table::new(TableKind::Tasks, "tasks.csv", ["id", "name"]);
    table.push_row(2, ["A", &"x".repeat(40_000)]);
    let error = write_workbook(&PlanDraft { tables: vec![table], ..PlanDraft::default() }).unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("tasks.csv:2 [name]"), "{error}");
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[0-9]{1,4}([.,][0-9]{1,4})?(d|%|h)?",
        "2026-0[1-9]-[12][0-9]( (00|13|24):(00|30))?",
        "[=+@'_x0-9A-F\n\t\" -]{0,9}",
        "\\PC{0,6}",
        Just("_x0041_".to_owned()),
        Just("a\r\nb".to_owned()),
        Just("a\u{1}b".to_owned()),
    ]
    .prop_map(|cell| cell.trim().to_owned())
}

/// A cell with its dates in one form.
fn normal(cell: &str) -> String {
    match crate::plan::notation::parse_civil(cell, Some(DateOrder::DayMonthYear)) {
        Ok(found) => format!("{} {:?}", found.date, found.minute),
        Err(_) => cell.to_owned(),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        cells in prop::collection::vec(prop::collection::vec(cell(), 6), 1..8),
        mark in prop::sample::select(vec![DecimalMark::Point, DecimalMark::Comma, DecimalMark::Unknown]),
    ) {
        let headers = ["id", "name", "duration", "deadline", "fixed_cost", "colour"];
        let mut table = Table::new(TableKind::Tasks, "tasks.csv", headers);
        table.decimal_mark = mark;
        for (line, row) in (2..).zip(&cells) {
            let row = [&["x"][..], &row[1..].iter().map(String::as_str).collect::<Vec<_>>()].concat();
            table.push_row(line, row);
        }
        let draft = PlanDraft { tables: vec![table], date_order: Some(DateOrder::DayMonthYear), ..PlanDraft::default() };
        let again = read(write_workbook(&draft).unwrap());
        prop_assert!(!again.findings.has_errors(), "{:?}", again.findings);
        let table = &draft.tables[0];
        prop_assert_eq!(again.tables[0].decimal_mark, mark);
        for row in 0..table.len() {
            let was: Vec<String> = table.row(row).map(normal).collect();
            let is: Vec<String> = again.tables[0].row(row).map(normal).collect();
            prop_assert_eq!(is, was);
        }
    }

    #[test]
    fn any_change_to_a_workbook_is_survived(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = small();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let draft = read(bytes);
        prop_assert!(!draft.tables.is_empty() || draft.findings.has_errors());
    }

    #[test]
    fn any_change_to_its_parts_is_survived(
        part in 0..8_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[<>/\"&=a-z0-9A-Z]{0,3}"), 1..6),
    ) {
        let parts = ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
            "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "docProps/app.xml", "_rels/.rels"];
        let bytes = repacked(&small(), |name, mut content| {
            if name == parts[part] {
                for (at, new) in &changes {
                    let at = at.index(content.len());
                    let end = (at + new.len()).min(content.len());
                    content.splice(at..end, new.bytes());
                }
            }
            content
        });
        let draft = read(bytes);
        prop_assert!(!draft.tables.is_empty() || draft.findings.has_errors());
    }
}
