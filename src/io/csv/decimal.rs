//! How a table writes its decimals: told by its separator, unless its own numbers say otherwise.

use crate::plan::draft::{DecimalMark, Table};

/// Columns whose cells begin with a plain number. Ids, names, dates and lists are no evidence: `1.2` may be a WBS code.
pub(in crate::io) const NUMERIC_FIELDS: [&str; 28] = [
    "duration",
    "optimistic",
    "pessimistic",
    "fixed_cost",
    "cost_distribution",
    "payment",
    "priority",
    "lag",
    "max_lag",
    "capacity",
    "rate",
    "cost_per_use",
    "max_hours_per_week",
    "units",
    "cost",
    "cap",
    "amount",
    "probability",
    "delay",
    "probability_after",
    "delay_after",
    "cost_after",
    "coefficient",
    "pass_probability",
    "rework_duration",
    "max_loops",
    "confidence",
    "value",
];

/// The decimal mark of a table.
///
/// Numbers that can be read in one way only decide. Without such numbers, a comma between cells means a decimal point, a
/// semicolon a decimal comma (that is why the program that wrote it chose the semicolon), and anything else leaves it open.
///
/// # Arguments
/// Without `has_quotes` no cell of a comma-separated file can hold a comma, and the scan is spared.
pub(super) fn mark(table: &Table, separator: u8, has_quotes: bool) -> DecimalMark {
    if separator == b',' && !has_quotes {
        return DecimalMark::Point;
    }
    let (mut points, mut commas) = (false, false);
    for column in NUMERIC_FIELDS.iter().filter_map(|field| table.column(field)) {
        for row in 0..table.len() {
            match evidence(table.cell(row, column)) {
                Some(b'.') => points = true,
                Some(_) => commas = true,
                None => {}
            }
        }
    }
    match (points, commas, separator) {
        (true, true, _) => DecimalMark::Unknown,
        (true, false, _) => DecimalMark::Point,
        (false, true, _) => DecimalMark::Comma,
        (false, false, b',') => DecimalMark::Point,
        (false, false, b';') => DecimalMark::Comma,
        (false, false, _) => DecimalMark::Unknown,
    }
}

/// The decimal mark that a cell proves, if it begins with a number that can be read in one way only.
pub(in crate::io) fn evidence(cell: &str) -> Option<u8> {
    let number = cell.trim_start_matches(['+', '-', '*', '$', '€', '£', ' ']).as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'\'');
    let length = number.iter().take_while(|byte| is_part(byte)).count();
    let number = &number[..length];
    // A time or a date with slashes is not a number; a price per hour is.
    let is_date = cell.split('/').skip(1).any(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    if is_date || cell.contains(':') || !number.first()?.is_ascii_digit() {
        return None;
    }
    let last = number.iter().rposition(|byte| matches!(byte, b'.' | b','))?;
    let (mark, before, after) = (number[last], &number[..last], number.len() - last - 1);
    let other = if mark == b'.' { b',' } else { b'.' };
    if before.contains(&mark) {
        // Twice the same: groups of thousands (`1.234.567`), or a date (`31.12.2026`), which proves nothing.
        let groups = number.split(|&byte| byte == mark).skip(1).all(|group| group.len() == 3);
        return (groups && !before.contains(&other)).then_some(other);
    }
    if before.contains(&other) || before.contains(&b'\'') {
        return Some(mark);
    }
    // One mark: `1.234` can be read in two ways, `1.5`, `0.125` and `1234.567` cannot.
    let ambiguous = after == 3 && before.len() <= 3 && before != b"0";
    (after > 0 && !ambiguous).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::draft::TableKind;

    #[test]
    fn only_numbers_with_one_reading_are_evidence() {
        for point in ["1.5", "2.5d", "0.125", "1234.567", "1,234.50", "1,234,567", "$12.5/h", "-0.5d", "1'234.567"] {
            assert_eq!(evidence(point), Some(b'.'), "{point}");
        }
        for comma in ["1,5", "2,5 Tage", "1.234,5", "1.234.567", "0,125"] {
            assert_eq!(evidence(comma), Some(b','), "{comma}");
        }
        for open in ["", "5d", "1.234", "1,234", "31.12.2026", "8.30:00", "1.2/3", "pert(1.5d)", "1.", "x1.5", "."] {
            assert_eq!(evidence(open), None, "{open}");
        }
    }

    #[test]
    fn the_separator_decides_where_numbers_do_not() {
        let of = |separator, durations: &[&str]| {
            let mut table = Table::new(TableKind::Tasks, "tasks.csv", ["id", "duration"]);
            for (line, duration) in (2..).zip(durations) {
                table.push_row(line, ["1.5", duration]);
            }
            mark(&table, separator, true)
        };
        assert_eq!(of(b',', &["5"]), DecimalMark::Point);
        assert_eq!(of(b';', &["5"]), DecimalMark::Comma);
        assert_eq!(of(b'\t', &["5"]), DecimalMark::Unknown);
        assert_eq!(of(b';', &["5", "1.234", "1.5"]), DecimalMark::Point);
        assert_eq!(of(b';', &["1,5", "1.5"]), DecimalMark::Unknown);
        assert_eq!(of(b'\t', &["1,5"]), DecimalMark::Comma);
    }
}
