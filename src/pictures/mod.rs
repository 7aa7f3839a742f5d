//! Charts as SVG: how results spread, what drives them, what more of one thing buys of another, and how much is in use when.
//!
//! [`spread`] draws samples as a histogram with its S-curve, [`tornado`] the results between a low and a high input, [`front`]
//! alternatives of which none is better than another in all, [`usage`] levels over time, before and after, [`curves`] amounts
//! that grow, [`gantt`] what is done when, and [`network`] what waits for what. They take plain numbers; a [`Label`] says what a
//! number is called, so that minutes can be read as dates. [`ticks`] gives round places for the labels of a number axis. [`png`]
//! turns a picture into pixels.
//!
//! The same input gives the same bytes. Pictures are 800 wide (those of [`gantt`] 1000, of [`network`] as its layers need),
//! speak to screen readers (`role`, `title` and `desc`), and use colours that colour-blind people tell apart (Okabe and Ito,
//! "Color Universal Design", 2008).
//! No names overlap or are cut at an edge: long ones are shortened, and the full text is shown when a pointer rests on it.
//!
//! # Example
//!
//! ```
//! use floatline::pictures::{Axis, Histogram, Mark, Spread, spread, ticks};
//!
//! let sorted = [10.0, 11.0, 12.0, 12.0, 15.0];
//! let picture = spread(&Spread {
//!     title: "Duration",
//!     axis: Axis { name: "days", ticks: &ticks(10.0, 16.0, 8), label: &|days| format!("{days} d") },
//!     sorted: &sorted,
//!     classes: &Histogram::of(&sorted, 10, 1.0),
//!     marks: &[Mark { name: "P50".into(), at: 12.0 }],
//! });
//! assert!(picture.starts_with("<svg"));
//! assert!(picture.contains(">P50 12 d</text>"));
//! ```

mod axis;
mod beside;
mod canvas;
mod curves;
mod dates;
mod flags;
mod front;
mod gantt;
mod histogram;
mod layers;
mod lettering;
mod network;
mod png;
mod spread;
#[cfg(test)]
mod tests;
mod ticks;
mod tornado;
mod usage;

pub use axis::{Axis, Label};
pub use curves::{Curve, Curves, curves};
pub use dates::date_ticks;
pub use front::{Course, Front, Point, front};
pub use gantt::{Arrow, End, Gantt, GanttRow, Shape, gantt};
pub use histogram::{Histogram, finite};
pub use network::{Link, Network, Node, network};
pub use png::png;
pub use spread::{Mark, Spread, spread};
pub use ticks::ticks;
pub use tornado::{Bar, Tornado, tornado};
pub use usage::{Panel, Usage, usage};
