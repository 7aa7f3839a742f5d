//! The resources that a task table implies: materials, whose quantities have units, and pools that several work in.

use super::project::Tasks;
use super::source::{Losses, Source};
use crate::error::{Finding, Findings};
use crate::plan::draft::{Table, TableKind};
use crate::plan::notation::parse_amount;
use crate::units::Amount;

/// A resource, as its uses show it.
struct Use<'a> {
    name: &'a str,
    is_material: bool,
    most: Amount,
    row: usize,
}

/// The table of resources, if some are more than one person or machine; otherwise names in tasks are enough.
pub(super) fn resources(source: &Source<'_>, tasks: &Tasks<'_>, findings: &mut Findings) -> Option<Table> {
    let column = source.table.column("resources")?;
    let mut uses: Vec<Use<'_>> = Vec::new();
    let mut positions = std::collections::HashMap::new();
    for (_, &row) in tasks.rows.iter().enumerate().filter(|(at, _)| !tasks.is_summary[*at]) {
        for item in items(source.cell(row, Some(column))) {
            let (name, amount) = match item.strip_suffix(']').and_then(|open| open.rsplit_once('[')) {
                Some((name, amount)) => (name.trim_end(), amount.trim()),
                None => (item, "100%"),
            };
            let at = *positions.entry(name).or_insert_with(|| {
                uses.push(Use { name, is_material: false, most: Amount::ZERO, row });
                uses.len() - 1
            });
            let Some(known) = uses.get_mut(at) else { continue };
            // MS Project writes units of people in percent, and quantities of materials with their unit or bare.
            known.is_material |= !amount.ends_with('%');
            let units = parse_amount(amount, source.table.decimal_mark).unwrap_or(Amount::ZERO);
            known.most = known.most.max(units);
        }
    }
    if uses.iter().all(|known| !known.is_material && known.most <= Amount::ONE) {
        return None;
    }
    let mut table = source.new_table(TableKind::Resources, &[("id", None), ("kind", None), ("capacity", None)]);
    let mut pools = Losses::default();
    for Use { name, is_material, most, row } in uses {
        let line = source.table.line(row);
        if is_material {
            table.push_row(line, [name, "material", ""]);
        } else {
            let capacity = most.max(Amount::ONE);
            if capacity > Amount::ONE {
                pools.push(name, source.place(row, Some(column)));
            }
            table.push_row(line, [name, "work", &capacity.to_string()]);
        }
    }
    let text =
        "the table does not say how many units there are; as many as one task uses at most are taken for granted";
    pools.report(Finding::note, "capacity-from-use", text, findings);
    Some(table)
}

/// The items of a list: separated by `;` or by `,` outside brackets.
fn items(list: &str) -> impl Iterator<Item = &str> {
    let separator = if list.contains(';') { ';' } else { ',' };
    let mut depth = 0usize;
    let parts = list.split(move |character| {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == separator && depth == 0
    });
    parts.map(str::trim).filter(|item| !item.is_empty())
}
