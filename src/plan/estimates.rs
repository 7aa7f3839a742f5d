//! A plan whose durations are as uncertain as somebody else says.

use super::{Correlation, Distribution, Plan, TaskId};

impl Plan {
    /// The plan with other estimates of durations, and draws that go together besides those of correlations.csv.
    ///
    /// # Arguments
    /// `estimates` are in minutes of the first mode of each task; `correlations` give way to those that the plan has itself.
    pub fn with_estimates(
        &self,
        estimates: impl IntoIterator<Item = (TaskId, Distribution)>,
        correlations: Vec<Correlation>,
    ) -> Plan {
        let mut plan = self.clone();
        for (task, estimate) in estimates {
            plan.tasks[task].distribution = Some(Box::new(estimate));
        }
        // Of rows that name the same two tasks the later one counts.
        let own = std::mem::replace(&mut plan.uncertainty.correlations, correlations);
        plan.uncertainty.correlations.extend(own);
        plan
    }
}
