//! A network whose schedules may not cost more than so much.

use super::{Consumption, Network, Total, TotalOrigin};
use crate::index::Rows;

impl Network {
    /// What all nodes cost if each is done in its cheapest way.
    pub fn least_cost(&self) -> i64 {
        (0..self.len()).map(|node| self.cheapest(node)).sum()
    }

    /// The network with a cap on what all nodes cost together, overhead, penalty and bonus left aside; `None` if no choice of
    /// ways costs so little.
    ///
    /// # Arguments
    /// `cap` is in minor units of money.
    pub fn with_cost_cap(&self, cap: i64) -> Option<Network> {
        // Only what is spent beyond the cheapest ways counts, so that most ways take nothing of the total.
        let capacity = cap.checked_sub(self.least_cost()).filter(|&capacity| capacity >= 0)?;
        let mut network = self.clone();
        let total = network.totals.len() as u32;
        network.totals.push(Total { origin: TotalOrigin::Cost, capacity, with_overhead: false });
        network.consumptions = Rows::with_capacity(self.consumptions.len(), self.consumptions.items().len());
        for node in 0..self.len() {
            let cheapest = self.cheapest(node);
            for position in self.modes.range(node) {
                let amount = self.costs[position] - cheapest;
                let own = (amount != 0).then_some(Consumption { total, amount });
                network.consumptions.push_row(self.consumptions.row(position).iter().copied().chain(own));
            }
        }
        Some(network)
    }

    fn cheapest(&self, node: usize) -> i64 {
        self.modes.range(node).map(|position| self.costs[position]).min().unwrap_or(0)
    }
}
