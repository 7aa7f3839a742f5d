//! When money comes and goes.

use crate::plan::{Plan, TimeUnit};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// Payments, and the parts of costs that are due at once.
#[derive(Clone, Debug, PartialEq)]
pub struct CashFlows {
    /// Force of interest: after `t` minutes by the clock, money counts `exp(-force * t)` of what it did. Zero if the plan
    /// has no discount rate.
    pub force: f64,
    /// The project's start, from which on the value of money is told.
    pub origin: Moment,
    /// Minutes of the unit in which lateness is told: a day, or a period.
    pub minutes_per_unit: i64,
    /// Minor units of money received at the finish of each node; empty if nothing is paid anywhere.
    pub payments: Vec<i64>,
    /// What is due at the start, of the cost of each mode position; empty if nothing is anywhere. The rest of the cost is
    /// spread from start to finish.
    pub at_start: Vec<i64>,
}

impl CashFlows {
    /// The force of interest that a plan's discount rate means: a year has 365 days, as in the spreadsheet function XNPV;
    /// in a plan of periods the rate is one a period.
    pub fn force_of(plan: &Plan) -> f64 {
        let rate = f64::from(plan.project().discount_rate.0) / 10_000.0;
        let Minutes(minutes) = match plan.project().time_unit {
            TimeUnit::Period => Minutes(1),
            _ => Minutes(365 * MINUTES_PER_DAY),
        };
        rate.ln_1p() / minutes as f64
    }

    /// What a node receives at its finish.
    #[inline]
    pub fn payment(&self, node: usize) -> i64 {
        self.payments.get(node).copied().unwrap_or(0)
    }

    /// What a mode position costs at its start.
    #[inline]
    pub fn due_at_start(&self, position: usize) -> i64 {
        self.at_start.get(position).copied().unwrap_or(0)
    }
}
