//! floatline turns plans into optimised, dated, verified schedules.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod cpm;
pub mod effort;
pub mod error;
pub mod generate;
pub mod index;
pub mod io;
pub mod network;
pub mod plan;
pub mod schedule;
pub mod solve;
pub mod units;
