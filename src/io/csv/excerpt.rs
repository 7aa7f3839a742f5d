//! The line of a CSV file that a finding is about, and where its cell stands on it.

use std::ops::Range;
use std::path::Path;

use super::records::Piece;
use super::sniff;
use crate::error::{Findings, Place};
use crate::io::format::{self, Content};
use crate::io::{read_file, text};
use crate::plan::draft::TableKind;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Its number, from 1. Of a record over several lines it is that on which the cell begins.
    pub row: u32,
    /// Its text.
    pub text: String,
    /// The bytes of the text that are the cell; nothing where the cell is empty. `None` if the whole row is meant.
    pub cell: Option<Range<usize>>,
}

/// The line at a place of a CSV file; `None` if the place has no row, or the file is no such file any more.
pub fn excerpt(path: &Path, place: &Place) -> Option<Excerpt> {
    let bytes = read_file(path).ok()?;
    if format::content(&bytes) != Content::Csv {
        return None;
    }
    excerpt_of(&text::decode(&place.file, bytes, &mut Findings::new())?, place)
}

fn excerpt_of(content: &str, place: &Place) -> Option<Excerpt> {
    let row = place.row?;
    let dialect = sniff::dialect(TableKind::called(&place.file).unwrap_or(TableKind::Tasks), content).ok()?;
    let start = line_start(content, row)?;
    let column = place.column.as_deref().and_then(|header| {
        let mut records = Piece::whole(content, &dialect).records();
        let mut record = records.next_record()?;
        while record.is_blank() {
            record = records.next_record()?;
        }
        (0..record.len()).find(|&at| record.cell(at).trim() == header)
    });
    let cell = column.map(|column| cell_at(&content[start..], dialect.separator, column));
    // A quoted cell may begin on a later line of its record.
    let from = cell
        .as_ref()
        .map_or(start, |cell| start + content[start..start + cell.start].rfind('\n').map_or(0, |at| at + 1));
    let line = content[from..].split(['\r', '\n']).next().unwrap_or_default();
    let row = row + text::count_lines(&content.as_bytes()[start..from]);
    let within = |at: usize| (start + at - from).min(line.len());
    Some(Excerpt { row, text: line.to_owned(), cell: cell.map(|cell| within(cell.start)..within(cell.end)) })
}

/// Where a line begins.
fn line_start(text: &str, row: u32) -> Option<usize> {
    let bytes = text.as_bytes();
    let ends =
        (0..bytes.len()).filter(|&at| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    let mut starts = std::iter::once(0).chain(ends.map(|at| at + 1));
    starts.nth(row.checked_sub(1)? as usize)
}

/// The bytes of a cell of the record that a text begins with, without blanks around it; the record's end if it has fewer cells.
fn cell_at(text: &str, separator: u8, column: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b'\r' | b'\n'));
    let mut at = 0;
    let mut left = column;
    loop {
        let start = at;
        let blanks = |byte: &&u8| matches!(byte, b' ' | b'\t') && **byte != separator;
        at += bytes[at..].iter().take_while(blanks).count();
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            while at < bytes.len() {
                match (bytes[at], bytes.get(at + 1)) {
                    (b'"', Some(b'"')) => at += 2,
                    (b'"', _) => break,
                    _ => at += 1,
                }
            }
        }
        while !is_end(at) && bytes[at] != separator {
            at += 1;
        }
        if left == 0 {
            let cell = &text[start..at];
            let lead = cell.len() - cell.trim_start().len();
            return start + lead..start + lead + cell.trim().len();
        }
        if is_end(at) {
            return at..at;
        }
        left -= 1;
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The row and the cell at a place.
    fn cell(text: &str, row: u32, column: &str) -> Option<(u32, String)> {
        let found = excerpt_of(text, &Place::cell("tasks.csv", row, column))?;
        Some((found.row, found.text[found.cell?].to_owned()))
    }

    #[test]
    fn a_cell_is_found_by_its_row_and_header_whatever_the_dialect() {
        let text = "id;name;duration\r\n\"A;1\"; \"say \"\"x\"\"\" ;3x\r\n\r\nB;b;  4y \r\n";
        assert_eq!(cell(text, 2, "duration"), Some((2, "3x".to_owned())));
        assert_eq!(cell(text, 2, "name"), Some((2, "\"say \"\"x\"\"\"".to_owned())));
        assert_eq!(cell(text, 4, "duration"), Some((4, "4y".to_owned())));
        assert_eq!(cell(text, 1, "name"), Some((1, "name".to_owned())));
        assert_eq!(cell(text, 9, "name"), None);
        assert_eq!(cell("sep=|\nid|duration\nA|3x\n", 3, "duration"), Some((3, "3x".to_owned())));
    }

    #[test]
    fn a_cell_that_is_empty_or_missing_has_a_place_all_the_same() {
        let at =
            |row| excerpt_of("id,duration,name\nA,,a\nB\n", &Place::cell("tasks.csv", row, "duration")).unwrap().cell;
        assert_eq!(at(2), Some(2..2));
        assert_eq!(at(3), Some(1..1));
        let whole = excerpt_of("id,duration\nA,1d\n", &Place::row("tasks.csv", 2)).unwrap();
        assert_eq!((&*whole.text, whole.cell), ("A,1d", None));
    }

    #[test]
    fn a_cell_behind_a_line_break_is_shown_on_its_own_line() {
        let text = "id,name,duration\nA,\"first\nsecond\",3x\nB,b,1d\n";
        assert_eq!(cell(text, 2, "duration"), Some((3, "3x".to_owned())));
        let name = excerpt_of(text, &Place::cell("tasks.csv", 2, "name")).unwrap();
        assert_eq!((&*name.text, name.cell), ("A,\"first", Some(2..8)));
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_file_holds_the_cell_is_a_piece_of_the_line(
            text in "[ab,;\"\n\r \té]{0,60}",
            row in 0..6u32,
            column in "[ab]{0,2}",
        ) {
            if let Some(found) = excerpt_of(&text, &Place::cell("tasks.csv", row, column.as_str())) {
                assert!(text.contains(&found.text) && !found.text.contains(['\n', '\r']));
                assert!(found.cell.is_none_or(|cell| found.text.get(cell).is_some()));
            }
        }
    }
}
