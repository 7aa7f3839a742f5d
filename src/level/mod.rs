//! Levelling: even use of people and machines without a later finish, and the cheapest capacities for a deadline.
//!
//! [`level`] moves the starts of a schedule within what links, calendars, dates, capacities and budgets leave of float, until
//! the usage of its resources is as even as can be found, and says whether more is possible. [`invest`] turns the question
//! round: how many units of each resource have to be there so that the project keeps its deadline, and which mix is the
//! cheapest (the resource investment problem of Moehring 1984, also resource availability cost problem).
//!
//! # Example
//!
//! Two tasks of two days have a week. Beside the long one only one person has to be there at a time:
//!
//! ```
//! use floatline::effort::{Control, Limits};
//! use floatline::io::{self, ReadOptions};
//! use floatline::level::{LevelOptions, level};
//! use floatline::network::compile;
//! use floatline::plan::validate;
//! use floatline::schedule::Status;
//! use floatline::solve::{SolveOptions, solve};
//!
//! # fn main() -> floatline::error::Result<()> {
//! let text = "id,duration,predecessors,resources\n\
//!             long,4d,,\n\
//!             first,2d,,painter\n\
//!             second,2d,,painter\n\
//!             end,1d,long;first;second,painter\n";
//! let draft = io::read_bytes("plan.csv", text.as_bytes().to_vec(), &ReadOptions::default());
//! let (plan, _) = validate(&draft)?;
//! let network = compile(&plan)?;
//! let control = Control::start(Limits { effort: Some(100), time: None });
//! // As if there were as many painters as one likes, both tasks begin on Monday.
//! let options = SolveOptions { ignore_resources: true, ..SolveOptions::default() };
//! let schedule = solve(&plan, &network, &options, &control, &|_| {})?.schedule.expect("dates by logic");
//!
//! let options = LevelOptions { ignore_capacity: true, ..LevelOptions::default() };
//! let levelled = level(&plan, &network, &schedule, &options, &control)?;
//! let painter = &levelled.resources[0];
//! // Two of them for two days and one for one day; then one for five.
//! assert_eq!((painter.before.squares, painter.after.squares), (9.0, 5.0));
//! assert_eq!((painter.before.ric, painter.after.ric), (1.8, 1.0));
//! assert_eq!(levelled.status, Status::Optimal);
//! assert_eq!(levelled.schedule.finish(), schedule.finish());
//! # Ok(())
//! # }
//! ```

mod board;
mod criterion;
mod exact;
mod hull;
mod indices;
mod invest;
mod levelling;
mod picture;
mod profile;
mod search;
#[cfg(test)]
mod tests;
mod windows;

pub use criterion::Criterion;
pub use indices::{Indices, ResourceLevel};
pub use invest::{Capacity, Investment, invest};
pub use levelling::{LevelOptions, Levelling, level};
