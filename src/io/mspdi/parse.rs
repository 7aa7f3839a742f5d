//! The root element: the project's own data and what leads to the other parts.

use super::elements::Elements;
use super::model::Model;
use super::{parse_calendars, parse_resources, parse_tasks};
use crate::error::{Finding, Place, Severity};
use crate::io::xml::Stop;

/// Reads a file as far as it goes.
///
/// # Errors
/// What keeps it from being read to its end; `model` holds what came before.
pub(super) fn read<'a>(elements: &mut Elements<'a>, model: &mut Model<'a>) -> Result<(), Stop> {
    let Some(root) = elements.xml.child()? else {
        return Err(Box::new(Finding::error("bad-xml", Place::file(elements.file), "the file has no elements")));
    };
    if root.name() != "Project" {
        let text = format!("expected the element `Project`, found {}", crate::plan::notation::quoted(root.name()));
        return Err(Box::new(Finding::error("bad-xml", elements.xml.place(), text)));
    }
    model.project.line = elements.xml.line();
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "Calendars" => parse_calendars::read(elements, &mut model.calendars)?,
            "Tasks" => parse_tasks::read(elements, model)?,
            "Resources" => parse_resources::read(elements, &mut model.resources)?,
            "Assignments" => parse_resources::read_assignments(elements, &mut model.assignments)?,
            name => project(elements, model, name)?,
        }
    }
    // Whatever stands behind the root.
    while elements.xml.child()?.is_some() {
        elements.xml.skip()?;
    }
    Ok(())
}

/// An element of the project itself.
fn project<'a>(elements: &mut Elements<'a>, model: &mut Model<'a>, name: &str) -> Result<(), Stop> {
    let project = &mut model.project;
    match name {
        "Name" => project.name = elements.text()?,
        "Title" => project.title = elements.text()?,
        "ScheduleFromStart" => project.backwards = !elements.flag(name)?,
        "StartDate" => {
            project.start = elements.date(name, Severity::Error)?;
            elements.start = project.start;
        }
        "FinishDate" => project.finish = elements.date(name, Severity::Warning)?,
        "StatusDate" => project.status_date = elements.date(name, Severity::Warning)?,
        "CalendarUID" => project.calendar = elements.whole(name)?,
        "MinutesPerDay" => project.minutes_per_day = elements.whole(name)?,
        "MinutesPerWeek" => project.minutes_per_week = elements.whole(name)?,
        "DaysPerMonth" => project.days_per_month = elements.whole(name)?,
        "CurrencySymbol" => project.currency_symbol = elements.text()?,
        "CurrencyCode" => project.currency_code = elements.text()?,
        "CriticalSlackLimit" => project.critical_days = elements.number(name)?,
        "MultipleCriticalPaths" => project.open_ends_critical = elements.flag(name)?,
        "HonorConstraints" => project.honor_constraints = Some(elements.flag(name)?),
        "WeekStartDay" => project.week_start = elements.whole(name)?.unwrap_or(0),
        "ExtendedAttributes" => count_children(elements, "definitions of custom fields")?,
        "OutlineCodes" => count_children(elements, "definitions of outline codes")?,
        "WBSMasks" | "Views" | "Filters" | "Groups" | "Tables" | "Maps" | "Reports" | "Drawings" | "DataLinks"
        | "VBAProjects" => elements.xml.skip()?,
        "Subject" | "Category" | "Company" | "Manager" | "Author" => {
            elements.leave_out("notes on the project such as its manager, author or company")?;
        }
        // Computed values, defaults for new rows and settings of the screen.
        "SaveVersion"
        | "BuildNumber"
        | "UID"
        | "GUID"
        | "CreationDate"
        | "Revision"
        | "LastSaved"
        | "FYStartDate"
        | "CurrencyDigits"
        | "CurrencySymbolPosition"
        | "DefaultStartTime"
        | "DefaultFinishTime"
        | "DefaultTaskType"
        | "DefaultFixedCostAccrual"
        | "DefaultStandardRate"
        | "DefaultOvertimeRate"
        | "DurationFormat"
        | "WorkFormat"
        | "EditableActualCosts"
        | "EarnedValueMethod"
        | "InsertedProjectsLikeSummary"
        | "NewTasksEffortDriven"
        | "NewTasksEstimated"
        | "SplitsInProgressTasks"
        | "SpreadActualCost"
        | "SpreadPercentComplete"
        | "TaskUpdatesResource"
        | "FiscalYearStart"
        | "MoveCompletedEndsBack"
        | "MoveRemainingStartsBack"
        | "MoveRemainingStartsForward"
        | "MoveCompletedEndsForward"
        | "BaselineForEarnedValue"
        | "AutoAddNewResourcesAndTasks"
        | "CurrentDate"
        | "MicrosoftProjectServerURL"
        | "Autolink"
        | "NewTaskStartDate"
        | "NewTasksAreManual"
        | "DefaultTaskEVMethod"
        | "ProjectExternallyEdited"
        | "ExtendedCreationDate"
        | "ActualsInSync"
        | "RemoveFileProperties"
        | "AdminProject"
        | "BaselineCalendar"
        | "UpdateManuallyScheduledTasksWhenEditingLinks"
        | "KeepTaskOnNearestWorkingTimeWhenMadeAutoScheduled" => {
            elements.xml.skip()?;
        }
        name => elements.pass_unknown("Project", name)?,
    }
    Ok(())
}

/// Passes over a list, counting what is in it.
fn count_children(elements: &mut Elements<'_>, what: &'static str) -> Result<(), Stop> {
    while elements.xml.child()?.is_some() {
        elements.leave_all_out(what)?;
    }
    Ok(())
}
