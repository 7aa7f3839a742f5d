//! The log of a run in one file: the plans of a batch one after the other, in their order, whoever is done first.

use std::path::Path;
use std::sync::Mutex;

use floatline::error::{Error, Result};
use floatline::io::LineFile;
use floatline::io::results::LOG_OPENING;

/// The log of a run; lines go nowhere if none was asked for.
pub struct Log(Option<Mutex<Pages>>);

struct Pages {
    file: LineFile,
    /// What plans have to say: the first `turn` have said it all, the next one is being written down, the others wait.
    said: Vec<(String, IsOver)>,
    turn: usize,
    /// The first line that could not be written.
    failed: Option<Error>,
}

type IsOver = bool;

impl Log {
    /// # Errors
    /// If the file cannot be written.
    pub fn open(path: Option<&Path>, plans: usize) -> Result<Log> {
        let Some(path) = path else { return Ok(Log(None)) };
        let file = LineFile::create(path, LOG_OPENING)?;
        let said = (0..plans).map(|_| (String::new(), false)).collect();
        Ok(Log(Some(Mutex::new(Pages { file, said, turn: 0, failed: None }))))
    }

    /// True if somebody will read it.
    pub fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// A line about plan number `plan`.
    pub fn add(&self, plan: usize, line: &str) {
        self.write(plan, line, false);
    }

    /// The last line about plan number `plan`.
    pub fn end(&self, plan: usize, line: &str) {
        self.write(plan, line, true);
    }

    fn write(&self, plan: usize, line: &str, is_over: IsOver) {
        let Some(pages) = &self.0 else { return };
        let mut pages = pages.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let pages = &mut *pages;
        if let Some(said) = pages.said.get_mut(plan) {
            said.0.push_str(line);
            said.1 |= is_over;
        }
        while let Some((lines, is_over)) = pages.said.get_mut(pages.turn) {
            if pages.failed.is_none() {
                pages.failed = pages.file.append(lines).err();
            }
            lines.clear();
            if !*is_over {
                break;
            }
            pages.turn += 1;
        }
    }

    /// # Errors
    /// If a line could not be written.
    pub fn close(self) -> Result<()> {
        let Some(pages) = self.0 else { return Ok(()) };
        let pages = pages.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        pages.failed.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_stand_in_their_order_and_the_first_that_is_open_is_written_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let text = || std::fs::read_to_string(&path).unwrap();
        let log = Log::open(Some(&path), 3).unwrap();
        log.add(1, "b1 ");
        assert_eq!(text(), "");
        log.add(0, "a1 ");
        assert_eq!(text(), "a1 ");
        log.end(2, "c1 ");
        log.end(0, "a2 ");
        assert_eq!(text(), "a1 a2 b1 ");
        log.end(1, "b2 ");
        assert_eq!(text(), "a1 a2 b1 b2 c1 ");
        log.close().unwrap();
    }
}
