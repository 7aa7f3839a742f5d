//! Whole files of every kind, damaged by a fixed sequence of numbers: every one has to be answered, and none with a panic.

use std::path::Path;

use super::pmxml::tests::bridge;
use super::workbook::tests::repacked;
use super::{ReadOptions, read_bytes, read_draft, write_mspdi, write_workbook};
use crate::index::IdVec;
use crate::plan::draft::PlanDraft;
use crate::plan::validate;

/// Numbers that look drawn and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    /// A file with bytes changed, dropped, doubled and put in; mostly digits, which change ids, dates and amounts without
    /// hurting the form of the file.
    fn damaged(&mut self, original: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len());
            let end = |length: usize| (at + length).min(bytes.len());
            match self.below(14) {
                0 => {
                    let byte = self.below(256) as u8;
                    bytes.splice(at..end(1), [byte]);
                }
                1 => {
                    bytes.drain(at..end(self.below(200)));
                }
                2 => {
                    let piece = bytes[at..end(self.below(400))].to_vec();
                    bytes.splice(at..at, piece);
                }
                3 => {
                    let piece = pieces[self.below(pieces.len())];
                    bytes.splice(at..at, piece.iter().copied());
                }
                _ => {
                    let digit = b'0' + self.below(10) as u8;
                    if let Some(old) = bytes[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                        *old = digit;
                    }
                }
            }
        }
        bytes
    }
}

/// Reads a damaged file to its end.
///
/// # Returns
/// True if there was still something in it.
fn has_tables(file: &str, bytes: Vec<u8>) -> bool {
    let draft = read_bytes(file, bytes, &ReadOptions::default());
    assert!(!draft.tables.is_empty() || draft.findings.has_errors(), "{file}");
    // Whether it is a plan does not matter.
    let _ = validate(&draft);
    !draft.tables.is_empty()
}

fn damage(file: &str, original: &[u8], pieces: &[&[u8]], times: usize) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let with_tables = (0..times).filter(|_| has_tables(file, numbers.damaged(original, pieces))).count();
    assert!(with_tables > times / 12, "{file}: {with_tables} of {times}");
}

fn sample(name: &str) -> PlanDraft {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    read_draft(&path, &ReadOptions::default()).expect("the sample can be read")
}

#[test]
fn damaged_files_of_p6_are_answered() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/bridge-repair.xer");
    let xer = std::fs::read(path).expect("the sample can be read");
    let pieces: [&[u8]; 8] =
        [b"\t", b"\r\n%R\t", b"%T\tTASK\r\n", b"-999999999999", b"\"\"", b"(0||1()(", b"\0", b"1e308"];
    damage("bridge.xer", &xer, &pieces, 300);
    let pieces: [&[u8]; 8] = [b"<", b"</Project>", b"&#x0;", b"-999999999999", b"<WBS>", b"xsi:nil", b"\0", b"1e308"];
    damage("bridge.xml", bridge().as_bytes(), &pieces, 400);
}

#[test]
fn damaged_files_of_ms_project_are_answered() {
    let (plan, _) = validate(&sample("software-release")).expect("the sample is a plan");
    let (text, _) = write_mspdi(&plan, None, &IdVec::new()).expect("it has dates");
    let pieces: [&[u8]; 8] = [b"<", b"</Task>", b"&#x0;", b"-999999999999", b"<Task>", b"PT99999999H", b"\0", b"1e308"];
    damage("release.xml", text.as_bytes(), &pieces, 200);
}

#[test]
fn damaged_workbooks_are_answered() {
    let workbook = write_workbook(&sample("software-release")).expect("the sample fits");
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let pieces: [&[u8]; 5] = [b"<", b"</row>", b"r=\"XFD1048576\"", b"-999999999999", b"1e308"];
    let mut with_tables = 0;
    for round in 0..40 {
        let bytes = match round % 4 {
            0 => numbers.damaged(&workbook, &pieces),
            _ => {
                let chosen = numbers.below(6);
                let mut number = 0;
                repacked(&workbook, |name, content| {
                    number += usize::from(name.contains("sheet") || name.contains("Strings"));
                    if number == chosen { numbers.damaged(&content, &pieces) } else { content }
                })
            }
        };
        with_tables += usize::from(has_tables("release.xlsx", bytes));
    }
    assert!(with_tables > 5, "{with_tables}");
}
