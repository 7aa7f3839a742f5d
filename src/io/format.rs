//! Which format a file has, judged by its content.

/// A format in which plans are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlanFormat {
    /// A folder of CSV tables.
    Csv,
    /// PSPLIB, every job in one mode (`.sm`).
    PsplibSm,
    /// PSPLIB, jobs in several modes (`.mm`).
    PsplibMm,
    /// Patterson (`.rcp`).
    Patterson,
}

impl PlanFormat {
    /// All formats.
    pub const ALL: [PlanFormat; 4] =
        [PlanFormat::Csv, PlanFormat::PsplibSm, PlanFormat::PsplibMm, PlanFormat::Patterson];

    /// Its name, which is also the usual extension of its files.
    pub fn name(self) -> &'static str {
        match self {
            PlanFormat::Csv => "csv",
            PlanFormat::PsplibSm => "sm",
            PlanFormat::PsplibMm => "mm",
            PlanFormat::Patterson => "rcp",
        }
    }
}

/// What a file turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A table, or text that is nothing else.
    Csv,
    /// PSPLIB or MMLIB.
    Psplib,
    /// Patterson.
    Patterson,
    /// ProGen/max, with time lags.
    ProgenMax,
    /// MPLIB, several projects.
    Portfolio,
    /// A workbook of a spreadsheet program (xlsx, ods).
    Workbook,
    /// The XML of Microsoft Project.
    Mspdi,
    /// Primavera P6 XML.
    Pmxml,
    /// Primavera P6.
    Xer,
    /// Something known that cannot be read, in words.
    Foreign(&'static str),
}

/// Looks at the first bytes; only files that consist of numbers are looked at to the end.
pub(super) fn content(bytes: &[u8]) -> Content {
    match bytes {
        [b'P', b'K', 3, 4, ..] => return archive(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] if holds(bytes, ENCRYPTED) => {
            return Content::Foreign("a workbook that is protected by a password");
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Content::Foreign("a binary file of an office program (mpp, xls)"),
        [b'%', b'P', b'D', b'F', ..] => return Content::Foreign("a PDF document"),
        _ => {}
    }
    // ASCII is enough to tell; the zero bytes and marks of UTF-16 are in the way.
    let plain = bytes.iter().copied().filter(|byte| byte.is_ascii() && *byte != 0);
    let head: Vec<u8> = plain.take(4096).collect();
    let head = String::from_utf8_lossy(&head);
    let start = head.trim_start();
    if start.starts_with("ERMHDR") {
        return Content::Xer;
    }
    if start.starts_with('<') {
        if head.contains("APIBusinessObjects") {
            return Content::Pmxml;
        }
        let project = head.contains("schemas.microsoft.com/project");
        return if project { Content::Mspdi } else { Content::Foreign("an XML or HTML file") };
    }
    let first_line = start.lines().next().unwrap_or("").trim_end();
    let stars = first_line.len() >= 3 && first_line.bytes().all(|byte| byte == b'*');
    let jobs =
        start.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("jobs")) && first_line.contains("supersource");
    if stars || jobs {
        return Content::Psplib;
    }
    numbers(bytes)
}

/// What a protected workbook calls its content, in UTF-16.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// Tells zip archives apart by the names of the files within, which are never compressed.
fn archive(bytes: &[u8]) -> Content {
    if holds(bytes, b"xl/workbook.bin") {
        Content::Foreign("a binary workbook (xlsb)")
    } else if holds(bytes, b"xl/workbook") || holds(bytes, b"opendocument.spreadsheet") {
        Content::Workbook
    } else {
        Content::Foreign("a zip archive that is no workbook (xlsx, ods)")
    }
}

/// True if some bytes occur in others.
fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Tells the formats apart that consist of numbers alone.
fn numbers(bytes: &[u8]) -> Content {
    let (mut digits, mut brackets, mut colons, mut inner_space) = (false, false, false, false);
    for &byte in bytes {
        match byte {
            b'0'..=b'9' => digits = true,
            b'[' | b']' => brackets = true,
            b':' => colons = true,
            b' ' | b'\t' => inner_space = true,
            b'\r' | b'\n' | b'-' | b'+' | b'.' | 0x0C | 0x1A => {}
            _ => return Content::Csv,
        }
    }
    match (digits, brackets, colons) {
        (true, true, _) => Content::ProgenMax,
        (true, false, true) => Content::Portfolio,
        (true, false, false) if inner_space => Content::Patterson,
        _ => Content::Csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_format() {
        assert_eq!(content(b"id,duration\nA,1d\n"), Content::Csv);
        assert_eq!(content(b""), Content::Csv);
        assert_eq!(content(b"3 1\n4\n0 0 1 2\n2 1 1 3\n0 0 0\n"), Content::Patterson);
        assert_eq!(content(b"\xEF\xBB\xBF****\nfile with basedata : x\n"), Content::Psplib);
        assert_eq!(content(b"jobs  (incl. supersource/sink ):\t52\nRESOURCES\n"), Content::Psplib);
        assert_eq!(content(b"10\t5\t0\t0\r\n0\t1\t1\t4\t[0]\r\n"), Content::ProgenMax);
        assert_eq!(content(b"1\n1\n4\n\n3 0\n1\n0 0 1 1:2\n"), Content::Portfolio);
        let primavera = b"<?xml version=\"1.0\"?>\n<APIBusinessObjects xmlns=\"http://xmlns.oracle.com/\">";
        assert_eq!(content(primavera), Content::Pmxml);
        let xml = b"<?xml version=\"1.0\"?><Project xmlns=\"http://schemas.microsoft.com/project\">";
        assert_eq!(content(b"PK\x03\x04....xl/workbook.xml"), Content::Workbook);
        let open_document = b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
        assert_eq!(content(open_document), Content::Workbook);
        assert_eq!(content(xml), Content::Mspdi);
        assert_eq!(content(b"ERMHDR\t8.0"), Content::Xer);
        for foreign in [&b"PK\x03\x04rest"[..], b"PK\x03\x04 xl/workbook.bin", b"<html>"] {
            assert!(matches!(content(foreign), Content::Foreign(_)));
        }
    }
}
