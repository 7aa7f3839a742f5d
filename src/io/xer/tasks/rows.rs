//! What goes into one row: progress, constraints and the dates that P6 computed.

use super::super::records::ActivityRow;
use super::super::{progress, values};
use super::Counts;
use super::cells::Cells;
use crate::plan::draft::Table;

/// Writes the row of progress.csv of a started activity.
///
/// # Returns
/// True if the activity has been started.
pub(super) fn write_progress(
    row: &ActivityRow<'_>,
    id: &str,
    table: &mut Table,
    cells: &mut Cells<'_>,
    counts: &mut Counts,
) -> bool {
    let start = cells.date(row.line, "act_start_date", row.act_start_date);
    let finish = cells.date(row.line, "act_end_date", row.act_end_date);
    if !matches!(row.status_code, "TK_NotStart" | "TK_Active" | "TK_Complete" | "") {
        cells.unknown(row.line, "status_code", row.status_code, "TK_NotStart, TK_Active or TK_Complete");
    }
    if start.is_empty() {
        let has_begun = !finish.is_empty() || matches!(row.status_code, "TK_Active" | "TK_Complete");
        if has_begun {
            counts.without_start.add(id);
        }
        return false;
    }
    let percent = if finish.is_empty() { progress::percent(row) } else { Some(100.0) };
    if percent.is_none() && !matches!(row.complete_pct_type, "CP_Phys" | "CP_Drtn" | "CP_Units" | "") {
        counts.way_of_counting.add(id);
    }
    let percent = percent.map(|percent| values::shown(percent, 2)).unwrap_or_default();
    let left = match finish {
        "" => values::minutes(row.remain_drtn_hr_cnt).map(|minutes| format!("{minutes}m")).unwrap_or_default(),
        _ => String::new(),
    };
    let resume = if finish.is_empty() { cells.date(row.line, "resume_date", progress::resume(row)) } else { "" };
    table.push_row(row.line, [id, start, finish, &percent, &left, resume]);
    true
}

/// The constraints of an activity with their dates.
pub(super) fn constraints<'a>(
    row: &ActivityRow<'a>,
    id: &str,
    cells: &mut Cells<'_>,
    counts: &mut Counts,
) -> [(&'static str, &'a str); 2] {
    let mut all = [("", ""); 2];
    if row.cstr_type.is_empty() && row.cstr_type2.is_empty() {
        return all;
    }
    let mut kept = 0;
    let columns = [
        (row.cstr_type, row.cstr_date, "cstr_type", "cstr_date"),
        (row.cstr_type2, row.cstr_date2, "cstr_type2", "cstr_date2"),
    ];
    for (code, date, code_column, date_column) in columns {
        let kinds: &[&'static str] = match code {
            "" => &[],
            "CS_ALAP" => &["ALAP"],
            "CS_MSO" => &["SNET", "SNLT"],
            "CS_MSOA" => &["SNET"],
            "CS_MSOB" => &["SNLT"],
            "CS_MEO" => &["FNET", "FNLT"],
            "CS_MEOA" => &["FNET"],
            "CS_MEOB" => &["FNLT"],
            "CS_MANDSTART" => &["MSO"],
            "CS_MANDFIN" => &["MFO"],
            other => {
                cells.unknown(row.line, code_column, other, "a constraint such as CS_MSOA or CS_MANDFIN");
                &[]
            }
        };
        let date = cells.date(row.line, date_column, date);
        for &kind in kinds {
            let date = if kind == "ALAP" { "" } else { date };
            if date.is_empty() && kind != "ALAP" {
                cells.fault(row.line, date_column, format!("the constraint {code} has no date and is left out"));
                break;
            }
            match all.get_mut(kept) {
                Some(free) => *free = (kind, date),
                None => counts.three_constraints.add(id),
            }
            kept += 1;
        }
    }
    all
}

/// Writes what P6 computed for an activity.
pub(super) fn write_dates(row: &ActivityRow<'_>, id: &str, table: &mut Table, cells: &mut Cells<'_>) {
    let is_finished = !row.act_end_date.is_empty();
    let mut first = |choices: &[(&'static str, &str)]| -> String {
        let chosen = choices.iter().find(|(_, cell)| !cell.is_empty());
        chosen.map(|(column, cell)| cells.date(row.line, column, cell).to_owned()).unwrap_or_default()
    };
    let early_start = [("early_start_date", row.early_start_date), ("restart_date", row.restart_date)];
    let early_finish = [("early_end_date", row.early_end_date), ("reend_date", row.reend_date)];
    let late_start = [("late_start_date", row.late_start_date), ("rem_late_start_date", row.rem_late_start_date)];
    let late_finish = [("late_end_date", row.late_end_date), ("rem_late_end_date", row.rem_late_end_date)];
    let start = first(&[
        ("act_start_date", row.act_start_date),
        early_start[0],
        early_start[1],
        ("target_start_date", row.target_start_date),
    ]);
    let finish = first(&[
        ("act_end_date", row.act_end_date),
        early_finish[0],
        early_finish[1],
        ("target_end_date", row.target_end_date),
    ]);
    if is_finished {
        table.push_row(row.line, [id, &start, &finish]);
        return;
    }
    let [early_start, early_finish, late_start, late_finish] =
        [early_start, early_finish, late_start, late_finish].map(|choices| first(&choices));
    let mut float = |column: &'static str, cell: &str| match cells.minutes(row.line, column, cell) {
        Some(minutes) => format!("{minutes}m"),
        None => String::new(),
    };
    let total = float("total_float_hr_cnt", row.total_float_hr_cnt);
    let free = float("free_float_hr_cnt", row.free_float_hr_cnt);
    let row_cells: [&str; 9] =
        [id, &start, &finish, &early_start, &early_finish, &late_start, &late_finish, &total, &free];
    table.push_row(row.line, row_cells);
}
