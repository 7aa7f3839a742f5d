//! Writing files so that none is ever left half-written: each is written beside its target, and all are renamed into
//! place only when every one of them is complete.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tempfile::{NamedTempFile, TempPath};

use crate::error::{Error, Result};

/// Writes the content of one file. Files of one call are written in parallel.
pub type FileWriter<'a> = &'a (dyn Fn(&mut dyn Write) -> io::Result<()> + Sync);

/// Bytes collected before they go to the disk.
const BUFFER_BYTES: usize = 1 << 18;

/// The files that this process has put in place.
static WRITTEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn note_written(path: &Path) {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
}

/// The files that this process has put in place and that are in a folder still, by their paths within it.
pub fn written_in(folder: &Path) -> Vec<PathBuf> {
    let written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let within = written.iter().filter_map(|path| path.strip_prefix(folder).ok());
    within.filter(|path| folder.join(path).is_file()).map(Path::to_owned).collect()
}

/// Writes several files into a folder, which is made if it is not there.
///
/// An existing file is replaced only when all files of the call have been written. (A rename can still fail half-way
/// through the set, say because a target is open elsewhere; even then every file is either the old or the new one.)
///
/// # Arguments
/// `files` are names within `dir` with what to write; those in folders below it are written as `folder/name`.
///
/// # Errors
/// [`Error::is_io`] naming the folder or file; nothing has been replaced then, unless it was a rename that failed.
///
/// # Example
/// ```
/// # fn main() -> floatline::error::Result<()> {
/// let folder = tempfile::tempdir().expect("a folder for temporary files");
/// floatline::io::write_files(folder.path(), &[("a.txt", &|out| out.write_all(b"one")), ("b.txt", &|_| Ok(()))])?;
/// assert_eq!(std::fs::read(folder.path().join("a.txt")).ok(), Some(b"one".to_vec()));
/// # Ok(())
/// # }
/// ```
pub fn write_files(dir: &Path, files: &[(&str, FileWriter<'_>)]) -> Result<()> {
    let below: BTreeSet<PathBuf> =
        files.iter().filter_map(|(name, _)| Some(dir.join(name).parent()?.to_owned())).collect();
    let mut made = Vec::new();
    let result = std::iter::once(dir.to_owned())
        .chain(below)
        .try_for_each(|folder| make_folder(folder, &mut made))
        .and_then(|()| write_all(dir, files));
    if result.is_err() {
        // Folders made for nothing; that one may no longer be empty is fine.
        made.iter().rev().for_each(|folder| drop(std::fs::remove_dir(folder)));
    }
    result
}

/// Refuses a folder that [`write_files`] could not write to, before the work for it is done. Nothing is left behind.
///
/// # Errors
/// [`Error::is_io`] if a file is in its way, or nothing can be written there.
pub fn require_folder(dir: &Path) -> Result<()> {
    let there = dir.ancestors().map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
    match there.into_iter().find(|path| path.exists()) {
        Some(there) if there.is_dir() => {
            temporary_in(there).map(drop).map_err(|source| Error::io("write to", there, source))
        }
        Some(file) => {
            let source = io::Error::new(io::ErrorKind::NotADirectory, "it is a file, expected a folder");
            Err(Error::io("write to", file, source))
        }
        None => Ok(()),
    }
}

/// Makes a folder if it is not there, and notes that it did.
fn make_folder(folder: PathBuf, made: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        std::fs::create_dir_all(&folder).map_err(|source| Error::io("create", &folder, source))?;
        made.push(folder);
    }
    Ok(())
}

/// Writes one file as [`write_files`] does; the folder it is in is made if it is not there.
///
/// # Errors
/// [`Error::is_io`] naming the folder or file.
pub fn write_file(path: &Path, writer: FileWriter<'_>) -> Result<()> {
    let no_name = || Error::io("write", path, io::Error::new(io::ErrorKind::InvalidInput, "it is not a file name"));
    let name = path.file_name().ok_or_else(no_name)?.to_str().ok_or_else(no_name)?;
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_files(dir, &[(name, writer)])
}

fn write_all(dir: &Path, files: &[(&str, FileWriter<'_>)]) -> Result<()> {
    let written: Vec<Result<(PathBuf, TempPath)>> = files
        .par_iter()
        .map(|&(name, writer)| {
            let target = dir.join(name);
            let temporary = write_beside(dir, &target, writer).map_err(|source| Error::io("write", &target, source))?;
            Ok((target, temporary))
        })
        .collect();
    let written: Vec<(PathBuf, TempPath)> = written.into_iter().collect::<Result<_>>()?;
    for (target, temporary) in written {
        temporary.persist(&target).map_err(|error| Error::io("write", &target, error.error))?;
        note_written(&target);
    }
    Ok(())
}

/// A file that takes the place of its target only when it is kept; otherwise nothing of it remains.
#[derive(Debug)]
pub struct DraftFile {
    target: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl DraftFile {
    /// Begins a file; the folder it is in is made if it is not there.
    ///
    /// # Errors
    /// [`Error::is_io`] naming the folder or file.
    pub fn create(target: &Path) -> Result<DraftFile> {
        let dir = target.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(dir).map_err(|source| Error::io("create", dir, source))?;
        let failed = |source| Error::io("write", target, source);
        if target.is_dir() {
            return Err(failed(io::Error::new(io::ErrorKind::IsADirectory, "a folder of this name is in the way")));
        }
        let file = BufWriter::with_capacity(BUFFER_BYTES, temporary_in(dir).map_err(failed)?);
        Ok(DraftFile { target: target.to_owned(), file })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// [`Error::is_io`] naming the file.
    pub fn keep(self) -> Result<()> {
        let DraftFile { target, file } = self;
        let file = file.into_inner().map_err(|error| Error::io("write", &target, error.into_error()))?;
        file.persist(&target).map_err(|error| Error::io("write", &target, error.error))?;
        note_written(&target);
        Ok(())
    }
}

impl Write for DraftFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn temporary_in(dir: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".floatline-").suffix(".part");
    #[cfg(unix)]
    {
        // Temporary files are private by default; these become ordinary ones, so only the umask shall limit them.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(dir)
}

/// Writes a temporary file on the disk of its target. It is closed: of very many files not all can be open at once.
fn write_beside(dir: &Path, target: &Path, writer: FileWriter<'_>) -> io::Result<TempPath> {
    if target.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder of this name is in the way"));
    }
    let mut file = temporary_in(dir)?;
    let mut buffered = BufWriter::with_capacity(BUFFER_BYTES, file.as_file_mut());
    writer(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    Ok(file.into_temp_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_appear_complete_in_a_folder_that_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a/b");
        write_files(&out, &[("x", &|out| out.write_all(b"1")), ("y", &|out| out.write_all(b"2"))]).unwrap();
        assert_eq!(names(&out), ["x", "y"]);
        assert_eq!(std::fs::read(out.join("y")).unwrap(), b"2");
    }

    #[test]
    fn a_draft_takes_its_place_when_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a/x");
        DraftFile::create(&target).unwrap().write_all(b"given up").unwrap();
        assert!(names(&folder.path().join("a")).is_empty());
        let mut draft = DraftFile::create(&target).unwrap();
        draft.write_all(b"kept").unwrap();
        draft.keep().unwrap();
        assert_eq!(
            (names(&folder.path().join("a")), std::fs::read(&target).unwrap()),
            (vec!["x".to_owned()], b"kept".to_vec())
        );
        assert!(DraftFile::create(folder.path()).unwrap_err().is_io());
    }

    #[test]
    fn one_failing_file_leaves_all_old_ones_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x"), "old").unwrap();
        let fail: FileWriter<'_> = &|out| {
            out.write_all(b"half")?;
            Err(io::Error::other("no more paper"))
        };
        let error = write_files(folder.path(), &[("x", &|out| out.write_all(b"new")), ("y", fail)]).unwrap_err();
        assert!(error.is_io() && error.to_string().contains("no more paper"), "{error}");
        assert_eq!(names(folder.path()), ["x"]);
        assert_eq!(std::fs::read(folder.path().join("x")).unwrap(), b"old");
    }

    #[test]
    fn a_folder_made_for_nothing_goes_away_again() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new");
        assert!(write_files(&out, &[("x", &|_| Err(io::Error::other("no")))]).is_err());
        assert!(!out.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_refused_beforehand() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("taken"), "mine").unwrap();
        for path in ["taken", "taken/below"] {
            let error = require_folder(&folder.path().join(path)).unwrap_err();
            assert!(error.to_string().contains("/taken`: it is a file"), "{error}");
        }
        require_folder(&folder.path().join("new/below")).unwrap();
        require_folder(folder.path()).unwrap();
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn folders_below_are_made_and_go_away_again_with_all_that_was_to_be_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let one: FileWriter<'_> = &|out| out.write_all(b"1");
        write_files(folder.path(), &[("x", one), ("below/y", one)]).unwrap();
        assert_eq!(std::fs::read(folder.path().join("below/y")).unwrap(), b"1");
        let fail: FileWriter<'_> = &|_| Err(io::Error::other("no more paper"));
        let long = format!("{}/y", "n".repeat(300));
        for files in [[("z", one), ("other/y", one), ("third/y", fail)], [("z", one), ("other/y", one), (&long, one)]] {
            assert!(write_files(folder.path(), &files).unwrap_err().is_io());
            assert_eq!(names(folder.path()), ["below", "x"]);
        }
    }

    #[test]
    fn a_folder_in_the_way_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("x")).unwrap();
        let error = write_file(&folder.path().join("x"), &|_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("in the way"), "{error}");
        assert!(write_file(Path::new("/"), &|_| Ok(())).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_those_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        std::fs::write(&plain, "").unwrap();
        write_file(&folder.path().join("ours"), &|_| Ok(())).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&folder.path().join("ours")), mode(&plain));
    }
}
