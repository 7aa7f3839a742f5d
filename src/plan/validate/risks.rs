//! risks.csv, as far as schedules need it: that it names tasks of the plan, probabilities that are some, and delays and
//! costs that can be understood.

use super::cells::{Cells, Reading, not_negative, read_ids};
use super::report::Report;
use crate::plan::draft::{DecimalMark, Table};
use crate::plan::notation::{
    DistributionCell, Fault, Names, list_items, parse_distribution, parse_duration, parse_money, parse_probability,
};
use crate::plan::{Duration, TaskId};

/// Checks the table.
pub(super) fn check(table: &Table, names: &Names<'_, TaskId>, reading: &Reading, report: &mut Report) {
    read_ids::<TaskId>(table, "id", report);
    let cells = |field| Cells::of(table, field);
    let (probabilities, tasks) = (cells("probability"), cells("tasks"));
    let (delays, costs) = (cells("delay"), cells("cost"));
    for row in 0..table.len() {
        for cells in [probabilities, tasks] {
            if cells.exist() && cells.text(row).is_empty() {
                cells.fault(row, report, Fault::new("missing-value", "every row needs a value here"));
            }
        }
        probabilities.parse(row, report, parse_probability);
        delays.parse(row, report, |text, mark| check_delay(text, mark, reading));
        costs.parse(row, report, check_cost);
        if names.find(tasks.text(row)).is_some() {
            continue;
        }
        for item in list_items(tasks.text(row)).filter(|item| names.find(item).is_none()) {
            let parts = item.split(|c| c == ',' && !names.any_comma()).map(str::trim).filter(|part| !part.is_empty());
            for part in parts.filter(|part| names.find(part).is_none()) {
                tasks.fault_called(row, report, "task", Fault::new("unknown-task", "no such task").in_part(part));
            }
        }
    }
}

/// A delay: working or elapsed time, not both, alone or in a distribution.
fn check_delay(text: &str, mark: DecimalMark, reading: &Reading) -> Result<(), Fault> {
    let mut elapsed = None;
    check_impact(text, mark, ["2d", "pert(1d,2d,5d)"], |text| {
        let duration = parse_duration(text, &reading.scale, mark)?;
        let minutes = not_negative("negative-duration", Ok(duration.minutes()))?;
        let is_elapsed = matches!(duration, Duration::Elapsed(_));
        if minutes.0 != 0 && *elapsed.get_or_insert(is_elapsed) != is_elapsed {
            return Err(Fault::new("mixed-estimate", "working and elapsed time are mixed"));
        }
        Ok(minutes.0 as f64)
    })
}

/// A cost: an amount of money, alone or in a distribution.
fn check_cost(text: &str, mark: DecimalMark) -> Result<(), Fault> {
    check_impact(text, mark, ["800", "pert(500,800,2000)"], |text| {
        not_negative("negative-amount", parse_money(text, mark)).map(|money| money.0 as f64)
    })
}

/// A distribution with its values, or a value alone, which is certain.
fn check_impact(
    text: &str,
    mark: DecimalMark,
    [value_example, example]: [&str; 2],
    mut value: impl FnMut(&str) -> Result<f64, Fault>,
) -> Result<(), Fault> {
    let is_alone = !text.contains('(');
    if is_alone && text.contains(|c: char| c.is_ascii_digit()) {
        return value(text).map(|_| ());
    }
    match parse_distribution(text, mark, value) {
        Ok(DistributionCell::Full(_)) => Ok(()),
        Ok(DistributionCell::Family(_)) => {
            Err(Fault::new("bad-distribution", format!("needs its values in brackets, as in `{example}`")))
        }
        Err(_) if is_alone => Err(Fault::new(
            "bad-distribution",
            format!("expected a value such as `{value_example}` or a distribution such as `{example}`"),
        )),
        Err(fault) => Err(fault),
    }
}
