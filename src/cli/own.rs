//! The schedule that the folder of results holds, before a run writes over it.

use std::path::{Path, PathBuf};

use floatline::error::Result;
use floatline::io::audit::kept_name;
use floatline::io::write_files;

use super::audit::Meant;
use super::plans;
use super::start::SCHEDULE_FILE;

/// A schedule in the folder of results.
pub struct Own {
    out: PathBuf,
    /// Its file.
    pub file: PathBuf,
}

impl Own {
    /// That of a folder; `None` if it holds none.
    pub fn find(out: &Path) -> Option<Own> {
        let file = out.join(SCHEDULE_FILE);
        file.is_file().then(|| Own { out: out.to_owned(), file })
    }

    /// True if it is the one at a path, however that is written.
    pub fn is_named(&self, path: &Path) -> bool {
        let whole = |path: &Path| std::fs::canonicalize(path).ok();
        whole(path).is_some_and(|path| Some(path) == whole(&self.file))
    }

    /// Keeps a copy, if the run is made of it, so that it can be made again.
    ///
    /// # Arguments
    /// `options` are those that it may stand for, and whether it does; `meant` takes those, with the copy.
    ///
    /// # Returns
    /// The copy; `None` if it stands for nothing.
    ///
    /// # Errors
    /// If the copy cannot be written.
    pub fn keep(&self, options: &[(&'static str, bool)], meant: &mut Meant) -> Result<Option<PathBuf>> {
        if !options.iter().any(|option| option.1) {
            return Ok(None);
        }
        let name = kept_name(&self.out, SCHEDULE_FILE)?;
        let kept = self.out.join(&name);
        let (_, bytes) = plans::content(&self.file)?;
        write_files(&self.out, &[(&name, &|to| to.write_all(&bytes))])?;
        meant.extend(options.iter().filter(|option| option.1).map(|option| (option.0, kept.clone())));
        Ok(Some(kept))
    }
}
