//! The schedule options of a project (SCHEDOPTIONS), as project.csv names them.

use super::records::OptionsRow;
use super::rows::{Record, XerFile};
use crate::error::{Finding, Place};
use crate::io::tally::Tally;

/// Options that move no dates by logic alone: those of levelling, and of float paths, which are only numbered; and those
/// that [`report`] judges by their value.
const OTHER_FIELDS: [&str; 22] = [
    "schedoptions_id",
    "sched_outer_depend_type",
    "sched_setplantoforecast",
    "level_float_thrs_cnt",
    "level_outer_assign_flag",
    "level_outer_assign_priority",
    "level_over_alloc_pct",
    "level_within_float_flag",
    "level_keep_sched_date_flag",
    "level_all_rsrc_flag",
    "enable_multiple_longest_path_calc",
    "limit_multiple_longest_path_calc",
    "max_multiple_longest_path",
    "use_total_float_multiple_longest_paths",
    "key_activity_for_multiple_longest_paths",
    "LevelPriorityList",
    "create_date",
    "create_user",
    "update_date",
    "update_user",
    "delete_date",
    "delete_session_id",
];

const FLAGS: &[(&str, &str)] = &[("Y", "yes"), ("N", ""), ("", "")];
const INVERSE_FLAGS: &[(&str, &str)] = &[("Y", ""), ("N", "yes"), ("", "")];
const FLOATS: &[(&str, &str)] = &[("FT_FF", "finish"), ("FT_SS", "start"), ("FT_Min", "smallest"), ("", "finish")];

/// The settings that options come to, keys with values.
pub(super) fn settings(options: &OptionsRow<'_>, file: &str, found: &mut Tally) -> [(&'static str, &'static str); 5] {
    let mut code = |cell: &str, column: &'static str, codes: &[(&str, &'static str)]| -> &'static str {
        let known = codes.iter().find(|(code, _)| *code == cell).map(|(_, value)| *value);
        known.unwrap_or_else(|| {
            let expected: Vec<&str> = codes.iter().map(|(code, _)| *code).filter(|code| !code.is_empty()).collect();
            let text = format!("`{cell}` is not known; expected {}", expected.join(", "));
            found.push(Finding::warning("unknown-code", Place::cell(file, options.line, column), text));
            ""
        })
    };
    let float_rule = code(options.sched_float_type, "sched_float_type", FLOATS);
    let overrides = code(options.sched_progress_override, "sched_progress_override", FLAGS);
    let retains = code(options.sched_retained_logic, "sched_retained_logic", INVERSE_FLAGS);
    let open_ends = code(options.sched_open_critical_flag, "sched_open_critical_flag", FLAGS);
    let expected = code(options.sched_use_expect_end_flag, "sched_use_expect_end_flag", FLAGS);
    let from_actual = code(options.sched_lag_early_start_flag, "sched_lag_early_start_flag", INVERSE_FLAGS);
    let logic = match (overrides, retains) {
        ("yes", _) => "override",
        (_, "yes") => "actual",
        _ => "retained",
    };
    [
        ("float_rule", float_rule),
        ("open_ends_critical", open_ends),
        ("use_expected_finish", expected),
        ("progress_logic", logic),
        ("lag_from_actual_start", from_actual),
    ]
}

/// Says which options are not followed.
///
/// # Arguments
/// `count` is the number of projects in the file.
pub(super) fn report(xer: &XerFile<'_>, chosen: Option<&OptionsRow<'_>>, count: usize, file: &str, found: &mut Tally) {
    let fields = xer.tables.iter().filter(|table| table.name == OptionsRow::TABLE).flat_map(|table| table.fields());
    for field in fields {
        let is_known = |name: &&str| name.eq_ignore_ascii_case(field);
        if !OptionsRow::FIELDS.iter().any(is_known) && !OTHER_FIELDS.iter().any(is_known) {
            let text = format!("the schedule option `{field}` is not known and not followed");
            found.push(Finding::warning("unknown-option", Place::file(file), text));
        }
    }
    let Some(options) = chosen else { return };
    let mut tell = |is_so: bool, column: &'static str, text: &str| {
        if is_so {
            found.push(Finding::warning("not-carried", Place::cell(file, options.line, column), text));
        }
    };
    tell(
        count > 1 && options.sched_outer_depend_type == "SD_None",
        "sched_outer_depend_type",
        "links between projects are kept, though the options ignore them",
    );
    tell(
        options.sched_setplantoforecast == "Y",
        "sched_setplantoforecast",
        "the data date stands as it is, though the options move it to the forecast start of the project",
    );
}
