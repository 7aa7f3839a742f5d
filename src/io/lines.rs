//! A file that grows line by line while the work goes on: whoever looks, or is left with it, reads whole lines.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A file of lines, each of which is on the disk as soon as it is written.
#[derive(Debug)]
pub struct LineFile {
    path: PathBuf,
    file: File,
}

impl LineFile {
    /// Begins an empty file; the folder it is in is made if it is not there. A file that is there is replaced if it is empty
    /// or begins as its first line shall.
    ///
    /// # Arguments
    /// `opening` is what the first line will begin with. It keeps a slip of the pen from emptying somebody's plan.
    ///
    /// # Errors
    /// [`Error::is_io`] naming the file, if it cannot be written or is of another kind.
    pub fn create(path: &Path, opening: &str) -> Result<LineFile> {
        let fail = |source| Error::io("write", path, source);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| Error::io("create", folder, source))?;
        }
        if std::fs::metadata(path).is_ok_and(|known| known.is_file() && known.len() > 0) {
            let mut beginning = vec![0; opening.len()];
            let read = File::open(path).and_then(|mut file| file.read_exact(&mut beginning));
            if read.is_err() || beginning != opening.as_bytes() {
                let other = "there is a file of another kind, which is not overwritten";
                return Err(fail(io::Error::new(io::ErrorKind::AlreadyExists, other)));
            }
        }
        Ok(LineFile { path: path.to_owned(), file: File::create(path).map_err(fail)? })
    }

    /// Appends lines, each ended by a line end already.
    ///
    /// # Errors
    /// [`Error::is_io`] naming the file.
    pub fn append(&mut self, lines: &str) -> Result<()> {
        let written = self.file.write_all(lines.as_bytes()).and_then(|()| self.file.flush());
        written.map_err(|source| Error::io("write", &self.path, source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_in_the_file_as_soon_as_they_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/log");
        let mut lines = LineFile::create(&path, "{").unwrap();
        lines.append("{1}\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{1}\n");
        lines.append("{2}\n{3}\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{1}\n{2}\n{3}\n");
        LineFile::create(&path, "{").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "");
    }

    #[test]
    fn a_file_of_another_kind_and_a_folder_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.csv");
        std::fs::write(&path, "id,duration\n").unwrap();
        let error = LineFile::create(&path, "{").unwrap_err();
        assert!(error.is_io() && error.to_string().contains("not overwritten"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "id,duration\n");
        assert!(LineFile::create(folder.path(), "{").unwrap_err().is_io());
        assert!(LineFile::create(&path.join("log"), "{").unwrap_err().is_io());
    }
}
