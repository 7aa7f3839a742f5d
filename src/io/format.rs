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
    /// Primavera P6.
    Xer,
    /// Something known that cannot be read, in words.
    Foreign(&'static str),
}

/// Looks at the first bytes; only files that consist of numbers are looked at to the end.
pub(super) fn content(bytes: &[u8]) -> Content {
    match bytes {
        [b'P', b'K', 3, 4, ..] => return Content::Foreign("a spreadsheet or other zip archive (xlsx, ods)"),
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
        let project = head.contains("schemas.microsoft.com/project");
        return Content::Foreign(if project { "a Microsoft Project file (MSPDI)" } else { "an XML or HTML file" });
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
        let xml = b"<?xml version=\"1.0\"?><Project xmlns=\"http://schemas.microsoft.com/project\">";
        assert_eq!(content(b"ERMHDR\t8.0"), Content::Xer);
        for foreign in [&b"PK\x03\x04rest"[..], xml] {
            assert!(matches!(content(foreign), Content::Foreign(_)));
        }
    }
}
