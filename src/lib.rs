//! floatline turns plans into optimised, dated, checked schedules.
//!
//! A plan is tasks, links between them, people and machines, calendars, materials and budgets, usually in CSV files. Its
//! way through the crate:
//!
//! ```text
//! bytes -> PlanDraft -> Plan -> Network -> engine -> Schedule and Outcome -> files, tables
//!          io           plan    network    solve     schedule                io
//! ```
//!
//! - [`io::read_draft`] reads files into a [`PlanDraft`](plan::draft::PlanDraft): cells with their places.
//! - [`plan::validate`] turns the draft into a [`Plan`](plan::Plan), or says everything that is wrong with it.
//! - [`network::compile`] turns the plan into a [`Network`](network::Network): flat arrays of integers.
//! - [`solve::solve`] looks for the schedule that finishes first, within limits that [`effort`] keeps, and proves how much
//!   earlier any other could finish.
//! - [`schedule::verify`] judges a schedule from the plan alone. Every schedule that leaves [`solve::solve`] has passed it.
//! - [`risk::assess`] simulates a plan: how sure its finish is, and what drives it.
//! - [`scenario`] asks what would be if something were different: edits of a plan, and many of them side by side.
//! - [`explain`] says why a task is when it is, why a plan has no schedule, and why none finishes earlier.
//! - [`tradeoff::front`] holds time against cost: what finishing earlier costs, and which finish is the cheapest.
//! - [`level::level`] evens out the use of people and machines, and [`level::invest`] asks how many of them a deadline needs.
//! - [`team::team`] chooses people from a pool, and the weeks in which they are paid.
//! - [`quality::assess`] judges how well a plan is made, and [`mend::mend`] proposes edits that make it better.
//! - [`review::review`] holds estimates against actuals, and makes of them the calibration of the next plan.
//! - [`track::track()`] holds a project against its baseline, and [`replan`] changes as little of a schedule as it is worth.
//! - [`report`] puts all of it together as a page for people.
//! - [`io::results`] writes schedules as tables.
//! - [`pictures`] draws charts of numbers: how results spread, what drives them, what more money buys, what is done when.
//! - [`Plan::remaining`](plan::Plan::remaining) is what is left of a plan that has begun, and [`compare::compare`] holds its
//!   dates against those that another planner stored.
//!
//! The same plan, seed and effort limit give the same result, whatever the number of threads.
//!
//! # Example
//!
//! The whole journey:
//!
//! ```
//! use floatline::effort::{Control, Limits};
//! use floatline::io::{self, ReadOptions};
//! use floatline::network::compile;
//! use floatline::plan::validate;
//! use floatline::schedule::{Status, verify};
//! use floatline::solve::{SolveOptions, solve};
//!
//! # fn main() -> floatline::error::Result<()> {
//! let text = "id,duration,predecessors,resources\n\
//!             design,3d,,Ana\n\
//!             build,4d,design,Ben\n\
//!             document,2d,design,Ana\n";
//! let draft = io::read_bytes("plan.csv", text.as_bytes().to_vec(), &ReadOptions::default());
//! let (plan, findings) = validate(&draft)?;
//! for finding in findings.iter() {
//!     println!("{finding}");
//! }
//!
//! let network = compile(&plan)?;
//! let options = SolveOptions::default();
//! let control = Control::start(Limits { effort: Some(100), time: None });
//! let outcome = solve(&plan, &network, &options, &control, &|_| {})?;
//!
//! // Seven working days from Monday 5 January 2026, 08:00, with a weekend between.
//! assert_eq!(outcome.status, Status::Optimal);
//! let schedule = outcome.schedule.expect("an optimal outcome has a schedule");
//! assert_eq!(schedule.finish().map(|finish| finish.to_string()).as_deref(), Some("2026-01-13 17:00"));
//! assert!(!verify(&plan, &schedule).has_errors());
//! # Ok(())
//! # }
//! ```
#![deny(unsafe_code)]
#![deny(missing_docs)]

pub mod compare;
pub mod cpm;
pub mod effort;
pub mod error;
pub mod explain;
pub mod generate;
pub mod index;
pub mod io;
pub mod level;
pub mod mend;
pub mod network;
pub mod pictures;
pub mod plan;
pub mod proof;
pub mod quality;
pub mod replan;
pub mod report;
pub mod review;
pub mod risk;
pub mod scenario;
pub mod schedule;
pub mod solve;
pub mod team;
pub mod track;
pub mod tradeoff;
pub mod units;
mod vectors;
pub mod waves;
