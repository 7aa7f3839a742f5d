//! Primavera P6 files (XER): tables of tab-separated rows, as P6 exports projects.

mod calendars;
mod encoding;
mod ids;
mod links;
mod options;
mod progress;
mod project;
mod read;
mod records;
mod resources;
mod rows;
mod tasks;
#[cfg(test)]
mod tests;
mod values;
mod wbs;
mod write;

pub(super) use read::read;
pub use write::write_xer;
