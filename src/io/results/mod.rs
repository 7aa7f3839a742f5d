//! The tables that `solve` writes, as CSV or JSON, and the reading of anybody's schedule.csv.
//!
//! Every table is a function that writes into a [`Write`](std::io::Write), so that files and standard output are the same to it. Rows
//! are laid out once, as cells, for both formats.

mod cells;
mod compliance;
mod effects;
mod explanation;
mod interests;
mod levelling;
mod log;
mod moments;
mod people;
mod projects;
mod purchases;
mod quality;
mod read;
mod read_baseline;
mod read_calibration;
mod read_cells;
mod read_former;
mod replan;
mod review;
mod risk;
mod scenarios;
mod schedule;
mod spent;
mod summary;
mod tables;
mod team;
mod traceability;
mod track;
mod tradeoff;
mod whatif;

#[cfg(test)]
mod tests;

pub use cells::Format;
pub use compliance::{COMPLIANCE_COLUMNS, write_compliance};
pub use effects::{EFFECT_COLUMNS, write_effects};
pub use explanation::{EXPLANATION_COLUMNS, write_explanation};
pub use interests::{INTEREST_COLUMNS, change_word, read_spans, write_interests};
pub use levelling::{CAPACITY_COLUMNS, LEVELLING_COLUMNS, write_capacities, write_levelling};
pub use log::{LOG_OPENING, LogRun, LogSteps, log_begin, log_end, log_failure};
pub use people::{HAND_OFF_COLUMNS, WORKLIST_COLUMNS, write_hand_offs, write_work_by_week};
pub use projects::{PROJECT_COLUMNS, write_projects};
pub use purchases::{PURCHASE_COLUMNS, write_purchases};
pub use quality::{QUALITY_COLUMNS, limit_words, offender_words, write_quality};
pub use read::read_schedule;
pub use read_baseline::{read_baseline, read_buffers};
pub use read_calibration::{read_calibration, similar_categories};
pub use read_former::read_former_schedule;
pub use replan::{
    ALTERNATIVE_COLUMNS, CHANGE_COLUMNS, manner_words, people_cell, why_moved, write_alternatives, write_changes,
};
pub use review::{
    BACKTEST_COLUMNS, CALIBRATION_COLUMNS, ESTIMATE_COLUMNS, GROUP_COLUMNS, LESSON_COLUMNS, write_backtests,
    write_calibration, write_estimates, write_groups, write_lessons,
};
pub use risk::{
    CURVE_COLUMNS, DRIVER_COLUMNS, HISTOGRAM_COLUMNS, LIMIT_COLUMNS, MOVED_COLUMNS, NEVER, PERCENTILES,
    PROMISE_COLUMNS, REGISTER_COLUMNS, RISK_COLUMNS, TORNADO_COLUMNS, UNFINISHED_COLUMNS, write_curve, write_drivers,
    write_histogram, write_limits, write_moved, write_promises, write_register, write_risk, write_tornado,
    write_unfinished,
};
pub use scenarios::{SCENARIO_COLUMNS, write_scenarios};
pub use schedule::{SCHEDULE_COLUMNS, constraint_words, driver_words, write_schedule};
pub use spent::{SPENT_COLUMNS, write_spent};
pub use summary::{SUMMARY_COLUMNS, SummaryRow, write_summary};
pub use tables::{ASSIGNMENT_COLUMNS, COST_COLUMNS, USAGE_COLUMNS, write_assignments, write_costs, write_usage};
pub use team::{TEAM_COLUMNS, write_team};
pub use traceability::{TRACE_COLUMNS, write_traces};
pub use track::{
    BUFFER_COLUMNS, CURVE_OF_VALUE_COLUMNS, EARNED_VALUE_COLUMNS, FORECAST_COLUMNS, ForecastRow, PENETRATION_COLUMNS,
    SLIPPAGE_COLUMNS, SPENDING_COLUMNS, TREND_COLUMNS, WARNING_COLUMNS, act_by_text, breaks_text, call_word,
    forecast_rows, threatened_words, write_buffers, write_earned_value, write_forecasts, write_penetration,
    write_slippage, write_spending, write_trend, write_value_curve, write_warnings,
};
pub use tradeoff::{FRONT_COLUMNS, STEP_COLUMNS, write_front, write_steps};
pub use whatif::{MOVE_COLUMNS, VALUE_COLUMNS, WHATIF_COLUMNS, write_moves, write_values, write_whatif};
