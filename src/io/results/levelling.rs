//! levelling.csv: how even the use of people and machines was, and is; capacities.csv: how many of them a date needs.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::summary::shortened;
use crate::level::{Capacity, Indices, Levelling};
use crate::plan::Plan;

/// The columns of levelling.csv: a row for each levelled resource and index (`squares`, `ric`, `rid`, `rrh`, `peak`), in units
/// of the resource and the plan's time unit.
pub const LEVELLING_COLUMNS: &[&str] = &["resource", "index", "before", "after"];

/// An index: its name, and where it is told.
type Index = (&'static str, fn(&Indices) -> String);

const INDICES: [Index; 5] = [
    ("squares", |indices| shortened(indices.squares)),
    ("ric", |indices| shortened(indices.ric)),
    ("rid", |indices| shortened(indices.rid)),
    ("rrh", |indices| shortened(indices.rrh)),
    ("peak", |indices| indices.peak.to_string()),
];

/// Writes levelling.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_levelling(plan: &Plan, levelling: &Levelling, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let rows = levelling.resources.len() * INDICES.len();
    write_table(out, format, LEVELLING_COLUMNS, rows, |at, cells: &mut Cells<'_>| {
        let of = &levelling.resources[at / INDICES.len()];
        let (name, value) = INDICES[at % INDICES.len()];
        cells.text(&plan.resources()[of.resource].id);
        cells.text(name);
        cells.number(value(&of.before));
        cells.number(value(&of.after));
    })
}

/// The columns of capacities.csv: a row for each person or machine that is used. `now` is the capacity in the plan, `needed`
/// what the schedule uses at once at most, `least` what is proven to be needed at least; `price` and `cost` are those of a
/// working day.
pub const CAPACITY_COLUMNS: &[&str] = &["resource", "now", "needed", "least", "price", "cost"];

/// Writes capacities.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_capacities(plan: &Plan, capacities: &[Capacity], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, CAPACITY_COLUMNS, capacities.len(), |at, cells: &mut Cells<'_>| {
        let capacity = &capacities[at];
        cells.text(&plan.resources()[capacity.resource].id);
        cells.number(capacity.now);
        cells.number(capacity.needed);
        cells.number(capacity.least);
        cells.number(capacity.price);
        cells.number(capacity.cost(capacity.needed));
    })
}
