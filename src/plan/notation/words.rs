//! Cells that hold one of a few words.

use jiff::civil::{Date, Weekday};

use super::Fault;
use super::date::{parse_date_range, parse_weekday};
use super::number::parse_whole;
use crate::plan::draft::{DateOrder, DecimalMark};
use crate::plan::{
    ActivityType, ConstraintKind, FloatRule, LagCalendar, LinkKind, Pause, ProgressLogic, ResourceKind, TimeUnit,
};

/// The value whose list of words holds this one, ignoring case and whatever joins its words.
fn choose<T: Copy>(word: &str, choices: &[(T, &[&str])]) -> Option<T> {
    // No word of any list is longer; bounds the work on hostile cells.
    if word.len() > 40 {
        return None;
    }
    let plain: String =
        word.trim().to_lowercase().chars().map(|c| if matches!(c, '_' | '-') { ' ' } else { c }).collect();
    choices.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|&(value, _)| value)
}

/// Parses a constraint type by its code or name: `SNET`, `Start No Earlier Than`, `must start on`.
///
/// # Errors
/// Rule `bad-constraint`.
pub fn parse_constraint_kind(text: &str) -> Result<ConstraintKind, Fault> {
    use ConstraintKind::*;
    choose(
        text,
        &[
            (AsSoonAsPossible, &["asap", "as soon as possible", "none"]),
            (AsLateAsPossible, &["alap", "as late as possible"]),
            (MustStartOn, &["mso", "must start on", "start on", "mandatory start"]),
            (MustFinishOn, &["mfo", "must finish on", "finish on", "mandatory finish"]),
            (StartNoEarlierThan, &["snet", "start no earlier than", "start on or after"]),
            (StartNoLaterThan, &["snlt", "start no later than", "start on or before"]),
            (FinishNoEarlierThan, &["fnet", "finish no earlier than", "finish on or after"]),
            (FinishNoLaterThan, &["fnlt", "finish no later than", "finish on or before"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-constraint", "expected ASAP, ALAP, MSO, MFO, SNET, SNLT, FNET or FNLT"))
}

/// Parses a link type: `FS`, `SS`, `FF`, `SF` or their long names.
///
/// # Errors
/// Rule `bad-link`.
pub fn parse_link_kind(text: &str) -> Result<LinkKind, Fault> {
    let bytes = text.as_bytes();
    if let [first, second] = bytes {
        let code = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
        match &code {
            b"FS" => return Ok(LinkKind::FinishToStart),
            b"SS" => return Ok(LinkKind::StartToStart),
            b"FF" => return Ok(LinkKind::FinishToFinish),
            b"SF" => return Ok(LinkKind::StartToFinish),
            _ => {}
        }
    }
    choose(
        text,
        &[
            (LinkKind::FinishToStart, &["finish to start", "finish to start (fs)", "finish start"]),
            (LinkKind::StartToStart, &["start to start", "start to start (ss)", "start start"]),
            (LinkKind::FinishToFinish, &["finish to finish", "finish to finish (ff)", "finish finish"]),
            (LinkKind::StartToFinish, &["start to finish", "start to finish (sf)", "start finish"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-link", "expected a link type: FS, SS, FF or SF"))
}

/// Parses whether a task may pause: `breaks` or `never`, or yes or no.
///
/// # Errors
/// Rule `bad-pause`.
pub fn parse_pause(text: &str) -> Result<Pause, Fault> {
    choose(
        text,
        &[(Pause::Breaks, &["breaks", "yes", "y", "true", "1"]), (Pause::Never, &["never", "no", "n", "false", "0"])],
    )
    .ok_or_else(|| Fault::new("bad-pause", "expected `breaks` or `never`"))
}

/// Parses yes or no.
///
/// # Errors
/// Rule `bad-answer`.
pub fn parse_answer(text: &str) -> Result<bool, Fault> {
    choose(text, &[(true, &["yes", "y", "true", "1"]), (false, &["no", "n", "false", "0"])])
        .ok_or_else(|| Fault::new("bad-answer", "expected `yes` or `no`"))
}

/// Parses what sets a task apart from plain work: `start milestone`, `finish milestone`, `level of effort`.
///
/// # Errors
/// Rule `bad-type`.
pub fn parse_activity_type(text: &str) -> Result<ActivityType, Fault> {
    choose(
        text,
        &[
            (ActivityType::Task, &["task", "task dependent", "resource dependent", "milestone", "activity"]),
            (ActivityType::StartMilestone, &["start milestone"]),
            (ActivityType::FinishMilestone, &["finish milestone"]),
            (ActivityType::LevelOfEffort, &["level of effort", "loe", "hammock"]),
        ],
    )
    .ok_or_else(|| {
        Fault::new("bad-type", "expected `task`, `start milestone`, `finish milestone` or `level of effort`")
    })
}

/// Parses what started work waits for: `retained`, `override` or `actual`.
///
/// # Errors
/// Rule `bad-progress-logic`.
pub fn parse_progress_logic(text: &str) -> Result<ProgressLogic, Fault> {
    choose(
        text,
        &[
            (ProgressLogic::Retained, &["retained", "retained logic"]),
            (ProgressLogic::Override, &["override", "progress override"]),
            (ProgressLogic::Actual, &["actual", "actual dates"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-progress-logic", "expected `retained`, `override` or `actual`"))
}

/// Parses how far an issue is: `open` or `resolved`, or a usual word for one of them.
///
/// # Returns
/// True if it is resolved.
///
/// # Errors
/// Rule `bad-status`.
pub fn parse_issue_status(text: &str) -> Result<bool, Fault> {
    choose(
        text,
        &[
            (false, &["open", "opened", "reopened", "new", "active", "to do", "in progress"]),
            (true, &["resolved", "closed", "done", "fixed", "completed", "finished"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-status", "expected open, resolved, closed or done"))
}

/// Parses what an expense is: `spent` or `committed`, or a usual word for one of them.
///
/// # Returns
/// True if it is owed and not yet paid.
///
/// # Errors
/// Rule `bad-expense-kind`.
pub fn parse_expense_kind(text: &str) -> Result<bool, Fault> {
    choose(
        text,
        &[
            (false, &["spent", "paid", "actual", "invoice", "invoiced", "booked"]),
            (true, &["committed", "commitment", "ordered", "order", "owed", "open", "purchase order", "po"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-expense-kind", "expected spent or committed"))
}

/// Parses which float is the total float: `smallest`, `start` or `finish`.
///
/// # Errors
/// Rule `bad-float-rule`.
pub fn parse_float_rule(text: &str) -> Result<FloatRule, Fault> {
    choose(
        text,
        &[(FloatRule::Smallest, &["smallest"]), (FloatRule::Start, &["start"]), (FloatRule::Finish, &["finish"])],
    )
    .ok_or_else(|| Fault::new("bad-float-rule", "expected `smallest`, `start` or `finish`"))
}

/// Parses the kind of a resource: `work` or `material`.
///
/// # Errors
/// Rule `bad-kind`.
pub fn parse_resource_kind(text: &str) -> Result<ResourceKind, Fault> {
    choose(
        text,
        &[
            (
                ResourceKind::Work,
                &["work", "renewable", "labor", "labour", "nonlabor", "equipment", "person", "machine"],
            ),
            (ResourceKind::Material, &["material", "nonrenewable", "non renewable", "consumable"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-kind", "expected `work` or `material`"))
}

/// Parses a unit of time for project.csv.
///
/// # Errors
/// Rule `bad-time-unit`.
pub fn parse_time_unit(text: &str) -> Result<TimeUnit, Fault> {
    choose(
        text,
        &[
            (TimeUnit::Period, &["period", "periods"]),
            (TimeUnit::Minute, &["minute", "minutes", "min", "m"]),
            (TimeUnit::Hour, &["hour", "hours", "hr", "h"]),
            (TimeUnit::Day, &["day", "days", "d"]),
            (TimeUnit::Week, &["week", "weeks", "wk", "w"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-time-unit", "expected minute, hour, day, week or period"))
}

/// Parses one of the lag calendars that have no name of their own; `None` if the text must be the name of a calendar.
pub fn parse_lag_calendar(text: &str) -> Option<LagCalendar> {
    choose(
        text,
        &[
            (LagCalendar::Successor, &["successor"]),
            (LagCalendar::Predecessor, &["predecessor"]),
            (LagCalendar::Project, &["project", "project default"]),
            (LagCalendar::TwentyFourHours, &["24h", "24 h", "24 hour", "24 hours"]),
        ],
    )
}

/// Parses the scope of a budget.
///
/// # Returns
/// The word as the design spells it.
///
/// # Errors
/// Rule `bad-scope`.
pub fn parse_scope(text: &str) -> Result<&'static str, Fault> {
    choose(
        text,
        &[
            ("all", &["all", "project"]),
            ("task", &["task"]),
            ("wbs", &["wbs", "summary"]),
            ("account", &["account"]),
            ("resource", &["resource"]),
        ],
    )
    .ok_or_else(|| Fault::new("bad-scope", "expected all, task, wbs, account or resource"))
}

/// Parses a priority: 0 to 1000, or one of the words of issue trackers (lowest 100 to highest 900).
///
/// # Errors
/// Rule `bad-priority`.
pub fn parse_priority(text: &str, mark: DecimalMark) -> Result<u16, Fault> {
    let word = choose(
        text,
        &[
            (100, &["lowest", "trivial"]),
            (300, &["low", "minor"]),
            (500, &["medium", "normal"]),
            (700, &["high", "major"]),
            (900, &["highest", "top", "critical", "blocker"]),
        ],
    );
    let number = || parse_whole(text, mark).ok().and_then(|number| u16::try_from(number).ok());
    word.or_else(number)
        .filter(|&priority| priority <= 1000)
        .ok_or_else(|| Fault::new("bad-priority", "expected a whole number from 0 to 1000"))
}

/// What the day column of a calendar says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayCell {
    /// From one weekday to another, both included; they may be the same.
    Weekdays(Weekday, Weekday),
    /// From one date to another, both included; they may be the same.
    Dates(Date, Date),
}

/// Parses a day of a calendar: `mon`, `mon..fri`, `mon-fri`, a date or `date..date`.
///
/// # Errors
/// Rule `bad-day` or those of [`parse_date_range`].
pub fn parse_day(text: &str, order: Option<DateOrder>) -> Result<DayCell, Fault> {
    let text = text.trim();
    if let Some(day) = parse_weekday(text) {
        return Ok(DayCell::Weekdays(day, day));
    }
    let ends = text.split_once("..").or_else(|| text.split_once(['-', '–']));
    if let Some((from, to)) = ends
        && let (Some(from), Some(to)) = (parse_weekday(from.trim()), parse_weekday(to.trim()))
    {
        return Ok(DayCell::Weekdays(from, to));
    }
    match parse_date_range(text, order) {
        Ok((from, to)) => Ok(DayCell::Dates(from, to)),
        Err(fault) if fault.rule == "bad-date" => {
            Err(Fault::new("bad-day", "expected a weekday (mon to sun), a date or `date..date`"))
        }
        Err(fault) => Err(fault),
    }
}
