//! Pictures as PNG, beside those that a verb has written as SVG.

use std::path::{Path, PathBuf};

use floatline::error::{Error, Result};
use floatline::io::{write_file, written_in};
use floatline::pictures::png;
use rayon::prelude::*;

use super::files::remove;
use super::print;
use super::settings::Settings;

/// Pixels for each unit of a picture: sharp on dense screens and in print.
const SCALE: f32 = 2.0;

/// Writes each picture that this run has put into a folder as PNG, too, if that is asked for. If not, takes away the PNG of an
/// earlier run: it would be taken for the same picture.
pub fn settle(folder: &Path, settings: &Settings) -> Result<()> {
    let mut pictures: Vec<PathBuf> = written_in(folder).into_iter().map(|path| folder.join(path)).collect();
    pictures.retain(|path| path.extension().is_some_and(|ending| ending == "svg"));
    if !settings.png {
        return pictures.iter().try_for_each(|path| remove(&path.with_extension("png")));
    }
    pictures.par_iter().try_for_each(|path| {
        let svg = std::fs::read_to_string(path).map_err(|source| Error::io("read", path, source))?;
        let bytes = png(&svg, SCALE)?;
        write_file(&path.with_extension("png"), &|out| out.write_all(&bytes))
    })?;
    if !settings.quiet {
        print::message(&format!("as PNG, too: {}", print::count(pictures.len(), "picture")));
    }
    Ok(())
}
