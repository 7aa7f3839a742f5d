//! Records of a text, cut by csv-core, with the line each begins on and a strict look at its quotes.
//!
//! csv-core reads any bytes without complaint: an unclosed quote takes in the rest of the file, text after a closing
//! quote is glued on. Records that hold a quote are therefore looked at a second time here, so that such a mistake is a
//! finding and not a plan with half of its tasks.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use rayon::prelude::*;

use super::sniff::Dialect;
use crate::io::text::count_lines;

/// What can be wrong with the quotes of a record; lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteFault {
    /// A quote is opened and the file ends.
    Unterminated {
        /// Where it is opened.
        opened: u32,
    },
    /// Something other than a separator or line end follows the closing quote.
    TextAfterQuote {
        /// Where the cell begins.
        opened: u32,
        /// Where its text goes on.
        line: u32,
    },
    /// A quote that comes after a blank, and so does not open a quoted cell.
    BlankBeforeQuote {
        /// Where.
        line: u32,
    },
}

/// One record: untrimmed cells.
pub(super) struct Record<'a> {
    /// The line on which it begins.
    pub(super) line: u32,
    /// What is wrong with its quotes.
    pub(super) fault: Option<QuoteFault>,
    /// Its cells one after the other.
    pub(super) text: &'a str,
    /// Where each cell ends in `text`.
    pub(super) ends: &'a [usize],
}

impl Record<'_> {
    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a cell.
    #[inline]
    pub(super) fn cell(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// True if every cell is empty or white space.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_start().is_empty()
    }
}

/// Cuts a text into records. Buffers are reused from record to record.
pub(super) struct Records<'a> {
    text: &'a str,
    rest: &'a [u8],
    line: u32,
    separator: u8,
    has_quotes: bool,
    /// Made when the first quote is met, which takes longer than reading a small table.
    reader: Option<Box<Reader>>,
    output: Vec<u8>,
    ends: Vec<usize>,
    /// The cells of a record without quotes.
    plain: String,
}

/// Lines of a file that are read by themselves.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    text: &'a str,
    line: u32,
    separator: u8,
    has_quotes: bool,
}

impl<'a> Piece<'a> {
    /// The whole table.
    pub(super) fn whole(text: &'a str, dialect: &Dialect) -> Piece<'a> {
        let text = &text[dialect.start..];
        Piece { text, line: dialect.line, separator: dialect.separator, has_quotes: text.contains('"') }
    }

    /// What separates its cells.
    pub(super) fn separator(&self) -> u8 {
        self.separator
    }

    /// Its records.
    pub(super) fn records(self) -> Records<'a> {
        let Piece { text, line, separator, has_quotes } = self;
        Records {
            text,
            rest: text.as_bytes(),
            line,
            separator,
            has_quotes,
            reader: None,
            output: Vec::new(),
            ends: Vec::new(),
            plain: String::new(),
        }
    }
}

impl<'a> Records<'a> {
    /// True if any quote occurs in the text.
    pub(super) fn has_quotes(&self) -> bool {
        self.has_quotes
    }

    /// The records that are left, in pieces of about `size` bytes that begin where a line does.
    ///
    /// A piece may begin within a quoted cell that goes over several lines; then the piece before ends with an open
    /// quote.
    pub(super) fn pieces(&self, size: usize) -> Vec<Piece<'a>> {
        let text = &self.text[self.text.len() - self.rest.len()..];
        let mut cuts = vec![0];
        while let Some(last) = cuts.last().filter(|last| text.len() - **last > size) {
            let feed = text.as_bytes()[last + size..].iter().position(|&byte| byte == b'\n');
            cuts.push(feed.map_or(text.len(), |feed| last + size + feed + 1));
        }
        cuts.push(text.len());
        cuts.dedup();
        let texts: Vec<&str> = cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect();
        let lines: Vec<u32> = match texts.len() {
            0 | 1 => vec![0; texts.len()],
            _ => texts.par_iter().map(|text| count_lines(text.as_bytes())).collect(),
        };
        let mut line = self.line;
        let numbered = texts.into_iter().zip(lines).map(|(text, lines)| {
            let first = line;
            line = line.saturating_add(lines);
            Piece { text, line: first, separator: self.separator, has_quotes: self.has_quotes }
        });
        numbered.collect()
    }

    /// The next record; blank lines are skipped.
    pub(super) fn next_record(&mut self) -> Option<Record<'_>> {
        let blank = self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line = self.line.saturating_add(count_lines(&self.rest[..blank]));
        self.rest = &self.rest[blank..];
        if self.rest.is_empty() {
            return None;
        }
        let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let length = self.rest.iter().position(is_line_end).unwrap_or(self.rest.len());
        if !self.has_quotes || !self.rest[..length].contains(&b'"') {
            return Some(self.next_plain_record(length));
        }
        let reader = self.reader.get_or_insert_with(|| quoted_reader(self.separator));
        self.output.resize(self.output.len().max(1024), 0);
        self.ends.resize(self.ends.len().max(64), 0);
        let (mut used, mut written, mut cells) = (0, 0, 0);
        loop {
            let (result, input, output, ends) =
                reader.read_record(&self.rest[used..], &mut self.output[written..], &mut self.ends[cells..]);
            (used, written, cells) = (used + input, written + output, cells + ends);
            match result {
                // The text has ended; one more call with nothing left ends the record.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        if self.rest[..used].ends_with(b"\r") && self.rest.get(used) == Some(&b'\n') {
            used += 1;
        }
        let (raw, rest) = self.rest.split_at(used);
        self.rest = rest;
        let line = self.line;
        let mut fault = None;
        if raw.contains(&b'"') {
            fault = quote_fault(raw, self.separator, line);
            self.line = self.line.saturating_add(count_lines(raw));
        } else {
            self.line = self.line.saturating_add(1);
        }
        let text = std::str::from_utf8(&self.output[..written])
            .expect("removing ASCII separators and quotes from UTF-8 leaves UTF-8");
        Some(Record { line, fault, text, ends: &self.ends[..cells] })
    }

    /// The next record, which is a line of `length` bytes, not none, without quotes: most are such, and cutting them takes
    /// a third of the time that the general reader needs.
    fn next_plain_record(&mut self, length: usize) -> Record<'_> {
        let start = self.text.len() - self.rest.len();
        self.plain.clear();
        self.ends.clear();
        for cell in self.text[start..start + length].split(char::from(self.separator)) {
            self.plain.push_str(cell);
            self.ends.push(self.plain.len());
        }
        let line_end = if self.rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
        self.rest = self.rest.get(length + line_end..).unwrap_or_default();
        let line = self.line;
        self.line = self.line.saturating_add(1);
        Record { line, fault: None, text: &self.plain, ends: &self.ends }
    }
}

fn quoted_reader(separator: u8) -> Box<Reader> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).terminator(Terminator::CRLF).quote(b'"').double_quote(true);
    Box::new(builder.build())
}

/// Reads a record the strict way, as far as the first fault.
fn quote_fault(raw: &[u8], separator: u8, first_line: u32) -> Option<QuoteFault> {
    let line_of = |at: usize| first_line.saturating_add(count_lines(&raw[..at]));
    let is_end = |byte: u8| byte == separator || byte == b'\r' || byte == b'\n';
    let skip_blanks = |mut at: usize| {
        while raw.get(at).is_some_and(|&byte| (byte == b' ' || byte == b'\t') && byte != separator) {
            at += 1;
        }
        at
    };
    let mut at = 0;
    while at < raw.len() {
        let opened = skip_blanks(at);
        if raw.get(opened) == Some(&b'"') {
            if opened > at {
                return Some(QuoteFault::BlankBeforeQuote { line: line_of(opened) });
            }
            let mut inside = opened + 1;
            loop {
                match raw[inside..].iter().position(|&byte| byte == b'"') {
                    None => return Some(QuoteFault::Unterminated { opened: line_of(opened) }),
                    Some(distance) if raw.get(inside + distance + 1) == Some(&b'"') => inside += distance + 2,
                    Some(distance) => {
                        at = skip_blanks(inside + distance + 1);
                        break;
                    }
                }
            }
            if raw.get(at).is_some_and(|&byte| !is_end(byte)) {
                return Some(QuoteFault::TextAfterQuote { opened: line_of(opened), line: line_of(at) });
            }
        } else {
            at = opened;
            while raw.get(at).is_some_and(|&byte| !is_end(byte)) {
                at += 1;
            }
        }
        // Past the separator; past the line end there is nothing more.
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_judged_by_where_they_stand() {
        let fault = |raw: &str| quote_fault(raw.as_bytes(), b',', 10);
        assert_eq!(fault("a,\"b\nc\",\"say \"\"x\"\"\" ,5\" pipe\r\n"), None);
        assert_eq!(fault("\"\",\"\""), None);
        assert_eq!(fault("a,\"b\n\"\"c\nd,e"), Some(QuoteFault::Unterminated { opened: 10 }));
        assert_eq!(fault("\"a\nb\"c,d\n"), Some(QuoteFault::TextAfterQuote { opened: 10, line: 11 }));
        assert_eq!(fault("a, \"b,c\"\n"), Some(QuoteFault::BlankBeforeQuote { line: 10 }));
    }
}
