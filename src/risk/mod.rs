//! Monte Carlo: how sure a plan is, and what drives its finish.
//!
//! [`assess`] draws durations for each sample, finds its dates and what is critical in it, and sums up. Sample `k` depends on
//! the plan, the seed and `k` alone, so that slices of samples made anywhere are those of one big run.

mod answers;
mod assess;
mod block;
mod caps;
mod correlated;
mod counters;
mod events;
mod gates;
mod late;
mod limits;
mod list;
mod mitigate;
mod model;
mod outlook;
mod pictures;
mod promises;
mod quantiles;
mod ranges;
mod robust;
mod simulate;
mod slices;
mod streams;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_gates;
#[cfg(test)]
mod tests_of_hits;
#[cfg(test)]
mod tests_of_limits;
#[cfg(test)]
mod tests_of_list;
#[cfg(test)]
mod tests_of_mitigations;
#[cfg(test)]
mod tests_of_robust;
#[cfg(test)]
mod tests_of_unfinished;
mod tornado;
mod unfinished;
mod without;

pub use answers::{Percentile, Probability, moments, percentile};
pub use assess::{Assessment, Defaults, EventRisk, Policy, PolicyRisk, RiskOptions, TaskRisk, assess};
pub use events::Source;
pub use late::late_finish;
pub use limits::{Kept, Limit};
pub use mitigate::{Goal, Mitigated, Purchase, mitigate};
pub use model::Work;
pub use outlook::{Finishes, Outlook, outlook};
pub use pictures::driver_title;
pub(crate) use pictures::{money_label, money_name};
pub use promises::Promise;
pub(crate) use ranges::NINETIETH;
pub use ranges::{mean, quantile};
pub use robust::{Robust, robust};
pub use simulate::{Samples, usual_samples};
pub use slices::{SampleSlice, merge, sample};
pub use tornado::{Driver, Swing};
pub use unfinished::Unplaced;
