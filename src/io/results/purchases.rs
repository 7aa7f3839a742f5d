//! purchases.csv: which mitigations to buy for every budget.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::risk::{by_the_clock, cost_cell};
use super::summary::shortened;
use crate::plan::Plan;
use crate::risk::{Goal, Mitigated};
use crate::units::{Moment, Money};

/// The columns of purchases.csv: a row for each set of mitigations (ids separated by `;`) that is better than all that cost no
/// more, nothing first. `value` is that of `goal`: a percentile of the finish, the mean cost of the project with what is spent,
/// or the share of samples that keep the deadline; `fresh_value` is the same on samples that nothing was chosen by. `gain` is by
/// how much the value is better than that of the row before, in days by the clock (periods in a plan of abstract periods), money
/// or shares, and `gain_per_money` what each unit of money brings that is spent on top.
pub const PURCHASE_COLUMNS: &[&str] = &[
    "goal",
    "spent",
    "mitigations",
    "value",
    "fresh_value",
    "gain",
    "gain_per_money",
    "p80_finish",
    "mean_cost",
    "deadline_kept",
];

/// Writes purchases.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_purchases(
    plan: &Plan,
    goal: Goal,
    mitigated: &Mitigated,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let moment = |minutes: f64| plan.format_moment(Moment(minutes as i64));
    let name = match goal {
        Goal::Percentile(share) => format!("p{}", shortened(share * 100.0)),
        Goal::Cost => "cost".to_owned(),
        Goal::Deadline => "deadline".to_owned(),
    };
    write_table(out, format, PURCHASE_COLUMNS, mitigated.purchases.len(), |at, cells: &mut Cells<'_>| {
        let purchase = &mitigated.purchases[at];
        let ids: Vec<&str> = purchase.mitigations.iter().map(|&id| &*plan.mitigations()[id].id).collect();
        cells.text(&name);
        cells.number(Money(purchase.spent));
        cells.text(&ids.join(";"));
        for value in [purchase.value, purchase.fresh] {
            match goal {
                Goal::Percentile(_) => cells.text(&moment(value)),
                Goal::Cost => cost_cell(cells, value),
                Goal::Deadline => cells.number(shortened(value)),
            }
        }
        match mitigated.gain(at, goal) {
            Some((gain, spent)) => {
                let gain = match goal {
                    Goal::Percentile(_) => by_the_clock(plan, gain),
                    Goal::Cost => gain / 100.0,
                    Goal::Deadline => gain,
                };
                cells.finite(gain);
                cells.finite(gain / (spent as f64 / 100.0));
            }
            None => {
                cells.empty();
                cells.empty();
            }
        }
        cells.text(&moment(purchase.late_finish));
        cost_cell(cells, purchase.mean_cost);
        match purchase.kept {
            Some(kept) => cells.number(shortened(kept)),
            None => cells.empty(),
        }
    })
}
