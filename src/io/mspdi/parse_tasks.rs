//! The element `Tasks`.

use super::elements::Elements;
use super::model::{LagRow, LinkRow, Model, TaskRow};
use super::values;
use crate::error::{Finding, Place, Severity};
use crate::io::xml::Stop;
use crate::plan::LinkKind;

/// Reads all tasks with their links.
pub(super) fn read<'a>(elements: &mut Elements<'a>, model: &mut Model<'a>) -> Result<(), Stop> {
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "Task" => {
                let position = u32::try_from(model.tasks.len()).unwrap_or(u32::MAX);
                let task = task(elements, &mut model.links, position)?;
                model.tasks.push(task);
            }
            name => elements.pass_unknown("Tasks", name)?,
        }
    }
    Ok(())
}

fn task<'a>(elements: &mut Elements<'a>, links: &mut Vec<LinkRow>, position: u32) -> Result<TaskRow<'a>, Stop> {
    let mut row = TaskRow { line: elements.xml.line(), level: 1, ..TaskRow::default() };
    while let Some(element) = elements.xml.child()? {
        let name = element.name();
        match name {
            "UID" => row.uid = elements.whole(name)?,
            "ID" => row.id = elements.whole(name)?,
            "Name" => row.name = elements.text()?,
            "OutlineLevel" => row.level = elements.whole(name)?.unwrap_or(1),
            "IsNull" => row.is_null = elements.flag(name)?,
            "Active" => row.is_inactive = !elements.flag(name)?,
            "Manual" => row.is_manual = elements.flag(name)?,
            "Summary" => row.is_summary = elements.flag(name)?,
            "Milestone" => row.is_milestone = elements.flag(name)?,
            "ExternalTask" => row.is_external = elements.flag(name)?,
            "IsSubproject" => row.is_subproject = elements.flag(name)?,
            "Start" => row.start = elements.date(name, Severity::Warning)?,
            "Finish" => row.finish = elements.date(name, Severity::Warning)?,
            "ManualStart" => row.manual_start = elements.date(name, Severity::Warning)?,
            "Duration" => row.duration = elements.duration(name)?,
            "ManualDuration" => row.manual_duration = elements.duration(name)?,
            "DurationFormat" => row.duration_format = elements.whole(name)?.unwrap_or(0),
            "EarlyStart" => row.early_start = elements.date(name, Severity::Warning)?,
            "EarlyFinish" => row.early_finish = elements.date(name, Severity::Warning)?,
            "LateStart" => row.late_start = elements.date(name, Severity::Warning)?,
            "LateFinish" => row.late_finish = elements.date(name, Severity::Warning)?,
            "TotalSlack" => row.total_slack = elements.slack(name)?,
            "StartSlack" => row.start_slack = elements.slack(name)?,
            "FinishSlack" => row.finish_slack = elements.slack(name)?,
            "FreeSlack" => row.free_slack = elements.slack(name)?,
            "ConstraintType" => row.constraint = elements.whole(name)?.unwrap_or(0),
            "ConstraintDate" => row.constraint_date = elements.date_if_any(name)?,
            "Deadline" => row.deadline = elements.date_if_any(name)?,
            "CalendarUID" => row.calendar = elements.whole(name)?.filter(|&uid| uid > 0),
            "IgnoreResourceCalendar" => row.ignores_resource_calendars = elements.flag(name)?,
            "Priority" => row.priority = elements.whole(name)?,
            "FixedCost" => row.fixed_cost = elements.number(name)?.unwrap_or(0.0),
            "PercentComplete" => row.percent = elements.number(name)?,
            "ActualStart" => row.actual_start = elements.date_if_any(name)?,
            "ActualFinish" => row.actual_finish = elements.date_if_any(name)?,
            "RemainingDuration" => row.remaining = elements.duration(name)?,
            "Stop" => row.stop = elements.date_if_any(name)?,
            "Resume" => row.resume = elements.date_if_any(name)?,
            "PredecessorLink" => {
                let link = link(elements, position)?;
                links.push(link);
            }
            "LevelingDelay" => {
                let line = elements.xml.line();
                if elements.number(name)?.is_some_and(|delay| delay != 0.0) {
                    let what = ("levelling delays", "are left out: tasks start as early as links and dates allow");
                    elements.remarks.count((Severity::Warning, "levelling-delay"), what, line, String::new);
                }
            }
            "ExtendedAttribute" => elements.leave_all_out("values of custom fields")?,
            "OutlineCode" => elements.leave_all_out("outline codes")?,
            "Baseline" => elements.leave_all_out("baselines of tasks")?,
            "TimephasedData" => elements.leave_all_out("timephased values")?,
            "Notes" => elements.leave_out("notes")?,
            "Contact" => elements.leave_out("contacts of tasks")?,
            "Hyperlink" | "HyperlinkAddress" | "HyperlinkSubAddress" => elements.leave_out("hyperlinks")?,
            "PhysicalPercentComplete" => elements.leave_out("physical percentages of completion")?,
            "StartText" | "FinishText" | "DurationText" => {
                elements.leave_out("texts in place of dates or durations of manually scheduled tasks")?;
            }
            // Computed values, settings of the screen, and what follows from the rest.
            "GUID"
            | "Type"
            | "CreateDate"
            | "WBS"
            | "WBSLevel"
            | "OutlineNumber"
            | "Work"
            | "ResumeValid"
            | "EffortDriven"
            | "Recurring"
            | "OverAllocated"
            | "Estimated"
            | "DisplayAsSummary"
            | "Critical"
            | "IsSubprojectReadOnly"
            | "SubprojectName"
            | "ExternalTaskProject"
            | "StartVariance"
            | "FinishVariance"
            | "WorkVariance"
            | "FixedCostAccrual"
            | "PercentWorkComplete"
            | "Cost"
            | "OvertimeCost"
            | "OvertimeWork"
            | "ActualDuration"
            | "ActualCost"
            | "ActualOvertimeCost"
            | "ActualWork"
            | "ActualOvertimeWork"
            | "RegularWork"
            | "RemainingCost"
            | "RemainingWork"
            | "RemainingOvertimeCost"
            | "RemainingOvertimeWork"
            | "ACWP"
            | "CV"
            | "SV"
            | "LevelAssignments"
            | "LevelingCanSplit"
            | "LevelingDelayFormat"
            | "PreLeveledStart"
            | "PreLeveledFinish"
            | "HideBar"
            | "Rollup"
            | "BCWS"
            | "BCWP"
            | "EarnedValueMethod"
            | "ActualWorkProtected"
            | "ActualOvertimeWorkProtected"
            | "IsPublished"
            | "StatusManager"
            | "CommitmentStart"
            | "CommitmentFinish"
            | "CommitmentType"
            | "ManualFinish"
            | "Project" => elements.xml.skip()?,
            name => elements.pass_unknown("Task", name)?,
        }
    }
    Ok(row)
}

fn link(elements: &mut Elements<'_>, successor: u32) -> Result<LinkRow, Stop> {
    let line = elements.xml.line();
    let (mut predecessor, mut kind, mut is_foreign) = (None, 1, false);
    let (mut lag, mut format) = (0.0, 7);
    while let Some(element) = elements.xml.child()? {
        let name = element.name();
        match name {
            "PredecessorUID" => predecessor = elements.whole(name)?,
            "Type" => kind = elements.whole(name)?.unwrap_or(1),
            "CrossProject" => is_foreign = elements.flag(name)?,
            "LinkLag" => lag = elements.number(name)?.unwrap_or(0.0),
            "LagFormat" => format = elements.whole(name)?.unwrap_or(7),
            "CrossProjectName" => elements.xml.skip()?,
            name => elements.pass_unknown("PredecessorLink", name)?,
        }
    }
    let kind = match kind {
        0 => LinkKind::FinishToFinish,
        1 => LinkKind::FinishToStart,
        2 => LinkKind::StartToFinish,
        3 => LinkKind::StartToStart,
        other => {
            let place = Place::cell(elements.file, line, "Type");
            let text = format!("`{other}` is no link type; expected 0 (FF), 1 (FS), 2 (SF) or 3 (SS)");
            elements.tally.push(Finding::error("bad-link", place, text));
            LinkKind::FinishToStart
        }
    };
    let minutes = values::tenths(&values::plain_number(lag, 6));
    let lag = match (format, minutes) {
        (19 | 51, _) => LagRow::Percent(lag),
        (20 | 52, _) => LagRow::ElapsedPercent(lag),
        (4 | 6 | 8 | 10 | 12 | 36 | 38 | 40 | 42 | 44, Some(lag)) => LagRow::Elapsed(lag.minutes),
        (0 | 3 | 5 | 7 | 9 | 11 | 21 | 35 | 37 | 39 | 41 | 43 | 53, Some(lag)) => LagRow::Working(lag.minutes),
        (format, lag) => {
            let place = Place::cell(elements.file, line, "LagFormat");
            let text = match lag {
                Some(_) => format!("`{format}` is no known unit of a lag"),
                None => "the lag is longer than a thousand years".to_owned(),
            };
            elements.tally.push(Finding::error("bad-lag", place, text));
            LagRow::Working(crate::units::Minutes::ZERO)
        }
    };
    Ok(LinkRow { line, successor, predecessor, kind, lag, is_foreign })
}
