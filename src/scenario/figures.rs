//! What a plan comes to, in the figures that scenarios are compared by.

use crate::plan::{Plan, TimeUnit};
use crate::schedule::{Outcome, Schedule, broken_budgets, most_in_use, project_cost, tardiness};
use crate::units::{Amount, MINUTES_PER_DAY, Moment, Money};

/// What a schedule comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// The last finish.
    pub finish: Moment,
    /// What the project costs.
    pub cost: Money,
    /// By how much deadlines are missed, as in [`tardiness`], that of the project included.
    pub tardiness: f64,
    /// The 80th percentile of the simulated finish, in minutes of [`Moment`], if it was simulated.
    pub late_finish: Option<f64>,
    /// The most units of all work resources in use at once.
    pub peak: Amount,
    /// How many deadlines are kept, of how many; that of the project is one of them.
    pub deadlines: (usize, usize),
    /// How many budgets are kept, of how many.
    pub budgets: (usize, usize),
    /// How many tasks are critical.
    pub critical: usize,
}

impl Figures {
    /// Those of a schedule.
    pub fn of(plan: &Plan, schedule: &Schedule, outcome: &Outcome, late_finish: Option<f64>) -> Figures {
        let finish = schedule.finish().unwrap_or(plan.project().start);
        let limits = plan
            .tasks()
            .iter_enumerated()
            .filter_map(|(task, row)| Some((schedule.placements[task].finish, row.deadline?)));
        let limits: Vec<(Moment, Moment)> =
            limits.chain(plan.project().deadline.map(|deadline| (finish, deadline))).collect();
        let budgets = plan.budgets().len();
        let day = if plan.project().time_unit == TimeUnit::Period { 1 } else { MINUTES_PER_DAY };
        let late = plan.project().deadline.map_or(0, |deadline| (finish - deadline).0.max(0));
        let lateness = late as f64 / day as f64;
        Figures {
            finish,
            cost: project_cost(plan, schedule).total(),
            tardiness: tardiness(plan, schedule) + lateness,
            late_finish,
            peak: most_in_use(plan, schedule),
            deadlines: (limits.iter().filter(|(finish, deadline)| finish <= deadline).count(), limits.len()),
            budgets: (budgets - broken_budgets(plan, schedule), budgets),
            critical: outcome.dates.iter().filter(|dates| dates.critical).count(),
        }
    }

    /// What one scenario beats another by; less is better.
    pub(super) fn compared(&self) -> Vec<f64> {
        let late = self.late_finish.unwrap_or(0.0);
        vec![self.finish.0 as f64, self.cost.0 as f64, self.tardiness, late]
    }
}
