//! The dialect of a CSV file: which byte separates its cells, and where the header begins.

use super::records::Piece;
use crate::io::text::count_lines;
use crate::plan::draft::TableKind;

/// Separators that are tried, the usual ones first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// As much of the file as the header is looked for in.
const SAMPLE_BYTES: usize = 1 << 16;

/// How a file is to be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// What separates cells.
    pub(super) separator: u8,
    /// The byte at which the table begins.
    pub(super) start: usize,
    /// The line at which the table begins.
    pub(super) line: u32,
}

/// Finds the dialect.
///
/// The first line may say it (`sep=;`, as Excel writes it). Otherwise the header decides: the separator that yields the
/// most headers known for this table wins, and then the one that yields the most cells; quoted cells do not count as
/// many whatever they contain.
///
/// # Errors
/// The separator that the first line names, if it cannot be one.
pub(super) fn dialect(kind: TableKind, text: &str) -> Result<Dialect, char> {
    let is_nothing = |character: char| character.is_whitespace() || matches!(character, ',' | ';' | '|');
    if text.trim_start_matches(is_nothing).is_empty() {
        return Ok(Dialect { separator: b',', start: text.len(), line: 1 });
    }
    let lead = text.len() - text.trim_start_matches(['\r', '\n', ' ']).len();
    let first = text[lead..].split(['\r', '\n']).next().unwrap_or("");
    if first.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("sep=")) {
        let start = lead + first.len();
        let named = first[4..].chars().next().unwrap_or(',');
        let allowed = u8::try_from(named).ok().filter(|byte| SEPARATORS.contains(byte)).ok_or(named)?;
        return Ok(Dialect { separator: allowed, start, line: 1 + count_lines(&text.as_bytes()[..start]) });
    }
    let mut sample = text.len().min(lead + SAMPLE_BYTES);
    while !text.is_char_boundary(sample) {
        sample -= 1;
    }
    let score = |separator: u8| {
        let cells = header_cells(&text[..sample], separator);
        let known = cells.iter().filter(|cell| kind.find_field(cell).is_some()).count();
        (known, cells.len())
    };
    // The last maximum wins in `max_by_key`, so the usual separators come last.
    let separator = SEPARATORS.into_iter().rev().max_by_key(|&separator| score(separator)).unwrap_or(b',');
    Ok(Dialect { separator, start: 0, line: 1 })
}

/// The cells of the first record that is not blank.
fn header_cells(sample: &str, separator: u8) -> Vec<String> {
    let mut records = Piece::whole(sample, &Dialect { separator, start: 0, line: 1 }).records();
    while let Some(record) = records.next_record() {
        if !record.is_blank() {
            return (0..record.len()).map(|at| record.cell(at).trim().to_owned()).collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn separator(text: &str) -> u8 {
        dialect(TableKind::Tasks, text).unwrap().separator
    }

    #[test]
    fn the_header_decides_on_the_separator() {
        assert_eq!(separator("id,name,duration\nA,\"x;y;z;w;v\",1d"), b',');
        assert_eq!(separator("id;name;duration\nA;a, b, c, d;1,5"), b';');
        assert_eq!(separator("id\tname\tduration\n"), b'\t');
        assert_eq!(separator("\r\n\r\nid|name|duration\n"), b'|');
        assert_eq!(separator("\"id\";\"Name, first, second, third\";\"duration\"\n"), b';');
        assert_eq!(separator("Vorgang;Dauer;Vorgänger\n"), b';');
        assert_eq!(separator("id\nA;B\n"), b',');
        assert_eq!(separator(""), b',');
        assert_eq!(separator("\"id;never closed\n"), b',');
    }

    #[test]
    fn known_headers_outweigh_many_cells() {
        // Four commas against three semicolons, but only the semicolons yield known headers.
        assert_eq!(separator("id;duration;name (a, b, c, d, e);parent\n"), b';');
    }

    #[test]
    fn a_first_line_may_name_the_separator() {
        let found = dialect(TableKind::Tasks, "SEP=;\r\nid,x;duration\r\n").unwrap();
        assert_eq!((found.separator, found.line), (b';', 1));
        assert_eq!(dialect(TableKind::Tasks, "sep=\t\nid").unwrap().separator, b'\t');
        assert_eq!(dialect(TableKind::Tasks, "sep=é\nid"), Err('é'));
    }
}
