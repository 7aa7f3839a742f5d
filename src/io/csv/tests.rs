//! Tables as spreadsheets write them, tables that are broken, and any bytes at all.

use proptest::prelude::*;

use super::*;
use crate::io::{ReadOptions, read_bytes};
use crate::plan::draft::DecimalMark;

fn read(bytes: impl AsRef<[u8]>) -> (Option<Table>, Findings) {
    let mut findings = Findings::new();
    let table = read_table(TableKind::Tasks, "tasks.csv", bytes.as_ref().to_vec(), &mut findings);
    (table, findings)
}

/// The cells of a table that is read without a word.
fn cells(bytes: impl AsRef<[u8]>) -> Vec<Vec<String>> {
    let (table, findings) = read(bytes);
    assert!(findings.is_empty(), "{findings:?}");
    rows(&table.expect("there is a header"))
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect()
}

fn findings(bytes: impl AsRef<[u8]>) -> Vec<String> {
    read(bytes).1.iter().map(|finding| format!("{} {}", finding.rule, finding.place)).collect()
}

#[test]
fn separators_line_ends_marks_and_encodings_make_no_difference() {
    let expected = vec![
        vec!["A".to_owned(), "Größe, Maß; so|so".into(), "1d".into()],
        vec!["B".into(), String::new(), "2d".into()],
    ];
    let plain = "ID,Name,Duration\nA,\"Größe, Maß; so|so\",1d\nB,,2d\n";
    assert_eq!(cells(plain), expected);
    assert_eq!(cells(format!("\u{feff}{plain}")), expected);
    assert_eq!(cells(plain.replace('\n', "\r\n")), expected);
    assert_eq!(cells(plain.replace('\n', "\r")), expected);
    assert_eq!(cells(plain.trim_end()), expected);
    for separator in [";", "\t", "|"] {
        let other = ["ID", "Name", "Duration\nA", "\"Größe, Maß; so|so\"", "1d\nB", "", "2d\n"].join(separator);
        assert_eq!(cells(other), expected);
    }
    let utf_16: Vec<u8> = format!("\u{feff}{plain}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(rows(&read(utf_16).0.unwrap()), expected);
    let windows: Vec<u8> = plain.chars().map(|character| character as u8).collect();
    let (table, findings) = read(windows);
    assert_eq!(rows(&table.unwrap()), expected);
    assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["encoding"]);
}

#[test]
fn empty_rows_and_columns_around_the_table_are_left_out() {
    let text = "\r\n  \r\n;;;;\r\nid;duration;;;\r\nA;1d;;;\r\n;;;;\r\n\r\nB;2d\r\n;;;;\r\n;;;;\r\n";
    let (table, findings) = read(text);
    let table = table.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(rows(&table), [["A", "1d"], ["B", "2d"]]);
    assert_eq!((table.line(0), table.line(1)), (5, 8));
    assert_eq!(table.columns().len(), 2);
}

#[test]
fn lines_are_those_an_editor_shows_also_after_quoted_line_ends() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "id,name,duration\nA,\"one\ntwo\n\nthree\",1d\n\nB,b,2d\n".replace('\n', end);
        let (table, findings) = read(&text);
        let table = table.unwrap();
        assert!(findings.is_empty());
        assert_eq!((table.line(0), table.line(1)), (2, 7), "{end:?}");
        assert_eq!(table.cell(0, 1), format!("one{end}two{end}{end}three"));
    }
}

#[test]
fn the_line_that_names_the_separator_is_no_header() {
    let (table, _) = read("sep=;\r\nid;duration\r\nA;1,5\r\n");
    let table = table.unwrap();
    assert_eq!((table.line(0), table.decimal_mark), (3, DecimalMark::Comma));
    assert_eq!(findings("sep=x\nidxduration\n"), ["separator tasks.csv:1"]);
}

#[test]
fn repeated_headers_are_skipped_with_a_note() {
    let (table, findings) = read("id,duration\nA,1d\nid,duration\nB,2d\n");
    assert_eq!(rows(&table.unwrap()), [["A", "1d"], ["B", "2d"]]);
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["note: tasks.csv:3: this row repeats the header and was skipped [repeated-header]"]);
}

#[test]
fn a_cell_beyond_the_header_is_an_error_and_a_short_row_is_not() {
    assert_eq!(cells("id,name,duration\nA\n"), [["A", "", ""]]);
    assert_eq!(cells("id,duration\nA,1d,,, \n"), [["A", "1d"]]);
    let (_, findings) = read("id,predecessors\nC,A,B\n");
    assert_eq!(
        findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["error: tasks.csv:2: cell `B` lies beyond the 2 columns of the header [surplus-cell]; \
          put a cell that contains a comma between double quotes, or give the column a header"]
    );
}

#[test]
fn quotes_that_do_not_match_are_errors_at_their_line() {
    assert_eq!(findings("id,name\nA,a\nB,\"b\nC,c\nD,d\n"), ["unterminated-quote tasks.csv:3"]);
    assert_eq!(findings("id,\"name\nA,a\n"), ["unterminated-quote tasks.csv:1"]);
    // The quote of row 3 is closed by the first quote of row 5.
    assert_eq!(findings("id,name\nA,a\nB,\"b\nC,c\nD,\"d\"\n"), ["stray-quote tasks.csv:3"]);
    assert_eq!(findings("id,name\nA, \"a, b\"\n"), ["stray-quote tasks.csv:2", "surplus-cell tasks.csv:2"]);
    assert_eq!(cells("id,name\nA,5\" pipe\nB,\"say \"\"hi\"\"\"\n")[1][1], "say \"hi\"");
}

#[test]
fn columns_that_mean_nothing_or_the_same_are_warnings() {
    let (table, findings) = read("ID,Duration,Colour,,most_likely,priorty,Colour,pred\nA,1d,red,x,2d,3,blue,\n");
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "warning: tasks.csv:1 [most_likely]: columns `Duration` and `most_likely` both mean `duration`; only the first \
             is used [duplicate-column]; remove or rename one of them",
            "warning: tasks.csv:1 [Colour]: column `Colour` is not known in tasks.csv and is not used [unknown-column]",
            "warning: tasks.csv:1 [priorty]: column `priorty` is not known in tasks.csv and is not used [unknown-column]; \
             did you mean `priority`?",
            "warning: tasks.csv:1 [pred]: column `pred` is not known in tasks.csv and is not used [unknown-column]; did you \
             mean `predecessors`?",
            "warning: tasks.csv:1: column 4 has cells but no header and is not used [unnamed-column]",
        ]
    );
    assert_eq!(table.unwrap().column("duration"), Some(1));
}

#[test]
fn a_header_alone_is_an_empty_table_and_nothing_is_a_finding() {
    assert!(cells("id,duration\r\n").is_empty());
    assert_eq!(findings(""), ["empty-file tasks.csv"]);
    assert_eq!(findings("\u{feff}\r\n , \r\n"), ["empty-file tasks.csv"]);
    let mut optional = Findings::new();
    assert_eq!(read_table(TableKind::Risks, "risks.csv", Vec::new(), &mut optional), None);
    assert!(!optional.is_empty() && !optional.has_errors());
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    assert_eq!(findings(b"id,duration\nA,\0\n"), ["not-text tasks.csv:2"]);
}

#[test]
fn a_lone_file_must_look_like_a_task_table() {
    let read = |name: &str, text: &str| {
        let draft = read_bytes(name, text.as_bytes().to_vec(), &ReadOptions::default());
        (
            draft.tables.len(),
            draft.findings.iter().find(|finding| finding.rule == "not-a-task-table").map(|found| found.text.clone()),
        )
    };
    assert_eq!(read("plan.csv", "Task Name;Duration;Predecessors\nA;1;\n"), (1, None));
    assert_eq!(read("plan.csv", "id,name\nA,a\n").0, 1);
    let looks_like = |name: &str| (0, Some(format!("this looks like {name}, not like a task table")));
    assert_eq!(
        read("people.csv", "id,kind,team,capacity,rate,calendar\nana,work,x,1,85,\n"),
        looks_like("resources.csv")
    );
    assert_eq!(read("Modes.csv", "task,mode,duration\nA,1,1d\n"), looks_like("modes.csv"));
    assert_eq!(read("log.csv", "id,opened,task,status,owner\nI1,,A,open,ana\n"), looks_like("issues.csv"));
    // What an issue tracker exports are tasks.
    assert_eq!(read("issues.csv", "Issue key,Summary,Created,Status,Assignee\nA-1,Build,,To Do,Ana\n"), (1, None));
    assert_eq!(read("x.csv", "alpha,beta\n1,2\n").1.as_deref(), Some("no column has a header that a task table has"));
}

/// Cells that give a careless writer or reader trouble; trimmed, as cells of tables are.
fn nasty_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-zA-Z0-9.]{1,6}",
        "[\",;|\t\r\n =+@'a-c-]{0,8}",
        "\\PC{0,6}",
        Just("sep=;".to_owned()),
        Just("=SUM(A1)".to_owned()),
    ]
    .prop_map(|cell| cell.trim().replace('\u{feff}', "x"))
}

prop_compose! {
    fn tables()(
        headers in prop::collection::vec(prop_oneof![Just("id".to_owned()), Just("Dur".into()), Just("Task Name".into()), nasty_cell()], 1..5),
    )(
        rows in prop::collection::vec(prop::collection::vec(nasty_cell(), headers.len()), 0..8),
        headers in Just(headers),
    ) -> Table {
        // A table has at least one named column, and its last column has a name.
        let headers = [vec!["name".to_owned()], headers, vec!["last".to_owned()]].concat();
        let mut table = Table::new(TableKind::Tasks, "tasks.csv", headers.iter().map(String::as_str));
        for (line, row) in (2..).zip(rows) {
            let row = [vec!["x".to_owned()], row].concat();
            table.push_row(line, row.iter().map(String::as_str));
        }
        table
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(table in tables()) {
        let text = draft_to_csv(&table);
        let (again, findings) = read(&text);
        let again = again.expect("a header was written");
        prop_assert!(!findings.has_errors(), "{findings:?}\n{text}");
        prop_assert_eq!(rows(&again), rows(&table));
        prop_assert_eq!(draft_to_csv(&again), text);
        for (column, expected) in again.columns().iter().zip(table.columns()) {
            prop_assert_eq!(column.field, expected.field);
        }
    }

    #[test]
    fn a_table_that_was_read_keeps_its_decimal_mark(
        separator in prop::sample::select(vec![",", ";", "\t", "|"]),
        numbers in prop::collection::vec("[0-9]{1,4}([.,][0-9]{1,4})?d?", 0..6),
    ) {
        let mut text = ["id", "duration"].join(separator) + "\n";
        for number in &numbers {
            text += &["A", &format!("\"{number}\"")].join(separator);
            text += "\n";
        }
        let (Some(table), _) = read(&text) else { panic!("a header was written") };
        let (Some(again), _) = read(draft_to_csv(&table)) else { panic!("a header was written") };
        prop_assert_eq!(again.decimal_mark, table.decimal_mark);
        prop_assert_eq!(rows(&again), rows(&table));
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let draft = read_bytes("x.csv", bytes.clone(), &ReadOptions::default());
        prop_assert!(!draft.tables.is_empty() || draft.findings.has_errors());
        for kind in TableKind::ALL {
            let mut findings = Findings::new();
            let table = read_table(kind, kind.file_name(), bytes.clone(), &mut findings);
            prop_assert!(table.is_some() || !findings.is_empty());
        }
    }

    #[test]
    fn any_text_is_survived(text in "(id|duration|sep=|[,;\t\"]|[\r\n]|\\PC|[\u{0}-\u{ff}]){0,60}") {
        let (table, findings) = read(&text);
        prop_assert!(table.is_some() || findings.has_errors());
    }

    #[test]
    fn a_text_read_in_pieces_is_the_same_table(
        body in "([a-c]|é|[,;\"]|\"\"|\"x\ny\"|[\r\n]|\r\n|id,duration\n){0,60}",
        piece_bytes in 1..20_usize,
    ) {
        let text = format!("id,duration,\n{body}");
        let parsed = |piece_bytes| {
            let mut findings = Findings::new();
            (parse(TableKind::Tasks, "x.csv", &text, piece_bytes, &mut findings), findings)
        };
        prop_assert_eq!(parsed(piece_bytes), parsed(usize::MAX));
    }

    #[test]
    fn rows_begin_on_the_lines_where_their_first_cell_stands(breaks in prop::collection::vec((0..3_usize, 0..3_usize), 0..8)) {
        // Each row has some blank lines before it and some line ends within its quoted name.
        let (mut text, mut line, mut expected) = ("id,name\n".to_owned(), 2, Vec::new());
        for (before, within) in breaks {
            text += &"\n".repeat(before);
            expected.push(u32::try_from(line + before).unwrap());
            text += &format!("A,\"a{}b\"\n", "\r\n".repeat(within));
            line += before + within + 1;
        }
        let table = read(&text).0.unwrap();
        prop_assert_eq!((0..table.len()).map(|row| table.line(row)).collect::<Vec<_>>(), expected);
    }
}
