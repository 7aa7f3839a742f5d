//! Why a task is when it is, why a plan has no schedule, and why none finishes earlier.
//!
//! [`why_task`] follows what holds a task back to the project's start, and finds out what would let it start earlier;
//! [`driving_chain`] follows the last task of a schedule.
//! [`why_infeasible`] names limits that cannot be kept together, and the least that makes a schedule possible.
//! [`why_not_earlier`] shows what proves the bound of the finish. Each answer has `lines`: its sentences, one by one, with
//! edits of the plan to try.

mod bound;
mod changes;
mod conflict;
mod oracle;
mod repair;
mod room;
mod task;
mod words;

#[cfg(test)]
mod tests;

pub use bound::{Bound, why_not_earlier};
pub use changes::{Change, Tried};
pub use conflict::{Conflict, ConflictOptions, Feasibility, Infeasible, why_infeasible};
pub use repair::{Relaxation, Repair};
pub use task::{Step, TaskExplanation, TaskOptions, driving_chain, why_task};
pub use words::Line;
