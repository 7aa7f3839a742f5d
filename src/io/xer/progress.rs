//! How far activities have come: progress.csv.

use super::records::ActivityRow;
use super::values;

/// Percent complete in the way the activity counts it; `None` if its cells do not tell or the way is not known.
pub(super) fn percent(row: &ActivityRow<'_>) -> Option<f64> {
    let value = |cell: &str| values::number(cell).unwrap_or(0.0);
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole * 100.0 } else { 0.0 };
    let percent = match row.complete_pct_type {
        "CP_Phys" => values::number(row.phys_complete_pct)?,
        "CP_Drtn" | "" => {
            let (planned, left) = (values::number(row.target_drtn_hr_cnt)?, values::number(row.remain_drtn_hr_cnt)?);
            share(planned - left, planned)
        }
        "CP_Units" => {
            let done = value(row.act_work_qty) + value(row.act_equip_qty);
            share(done, done + value(row.remain_work_qty) + value(row.remain_equip_qty))
        }
        _ => return None,
    };
    Some(percent.clamp(0.0, 100.0))
}

/// When the work that is left goes on, if the activity was suspended.
pub(super) fn resume<'a>(row: &ActivityRow<'a>) -> &'a str {
    if row.suspend_date.is_empty() { "" } else { row.resume_date }
}
