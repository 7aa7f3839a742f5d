//! Reports that people look at: how a project stands, and what a plan says, as one HTML page or as Markdown.
//!
//! [`Status`] and [`specification`] put together a [`Document`] of what other modules have found out; [`Document::to_html`] and
//! [`Document::to_markdown`] write it. A page needs nothing else: it opens from a disk, prints, is read by screen readers and by
//! keyboard alone, and carries what it was made of, so that it can be made again.
//!
//! # Example
//!
//! ```
//! use std::borrow::Cow;
//! use floatline::effort::{Control, Limits};
//! use floatline::io::{ReadOptions, read_bytes};
//! use floatline::network::compile;
//! use floatline::plan::validate;
//! use floatline::report::{Origin, Status};
//! use floatline::solve::{SolveOptions, solve};
//! use floatline::track::Forecast;
//!
//! # fn main() -> floatline::error::Result<()> {
//! let text = "id,name,duration,predecessors\ndesign,<Design>,2d,\nbuild,Build,3d,design\n";
//! let (plan, _) = validate(&read_bytes("plan.csv", text.into(), &ReadOptions::default()))?;
//! let control = Control::start(Limits::default());
//! let outcome = solve(&plan, &compile(&plan)?, &SolveOptions::default(), &control, &|_| {})?;
//! let schedule = outcome.schedule.clone().expect("nothing stands in the way");
//! let forecast = Forecast::new(&plan, &plan, &schedule, &outcome.dates, None);
//! let document = Status::new(&forecast, &outcome).document(Origin::default());
//! assert!(document.to_markdown().contains("design &lt;Design&gt;"));
//! assert!(document.to_html().starts_with("<!DOCTYPE html>"));
//! # Ok(())
//! # }
//! ```

mod document;
mod html;
mod markdown;
mod specification;
mod status;
#[cfg(test)]
mod tests;
mod timeline;

pub use document::{Block, Column, Document, Fact, Line, Origin, Row, Section, Table, Tone};
pub use specification::specification;
pub use status::{Earlier, Sampled, Status, Tracked};
pub use timeline::{Timeline, TimelineMark, TimelineRow};
