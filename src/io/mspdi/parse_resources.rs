//! The elements `Resources` and `Assignments`.

use super::elements::Elements;
use super::model::{AssignmentRow, Period, ResourceRow, ResourceType};
use crate::error::{Finding, Place, Severity};
use crate::io::xml::Stop;

/// Reads all resources.
pub(super) fn read<'a>(elements: &mut Elements<'a>, resources: &mut Vec<ResourceRow<'a>>) -> Result<(), Stop> {
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "Resource" => {
                let resource = resource(elements)?;
                resources.push(resource);
            }
            name => elements.pass_unknown("Resources", name)?,
        }
    }
    Ok(())
}

fn resource<'a>(elements: &mut Elements<'a>) -> Result<ResourceRow<'a>, Stop> {
    let mut row = ResourceRow { line: elements.xml.line(), kind: ResourceType::Work, ..ResourceRow::default() };
    let mut is_cost = false;
    while let Some(element) = elements.xml.child()? {
        let name = element.name();
        match name {
            "UID" => row.uid = elements.whole(name)?,
            "ID" => row.id = elements.whole(name)?,
            "Name" => row.name = elements.text()?,
            "IsNull" => row.is_null = elements.flag(name)?,
            "Type" => {
                row.kind = match elements.whole(name)? {
                    Some(0) => ResourceType::Material,
                    Some(1) | None => ResourceType::Work,
                    Some(2) => ResourceType::Cost,
                    Some(other) => {
                        let place = Place::cell(elements.file, row.line, "Type");
                        let text =
                            format!("`{other}` is no kind of resource; expected 0 (material), 1 (work) or 2 (cost)");
                        elements.tally.push(Finding::error("bad-kind", place, text));
                        ResourceType::Work
                    }
                };
            }
            "IsCostResource" => is_cost = elements.flag(name)?,
            "IsBudget" => row.is_budget = elements.flag(name)?,
            "MaxUnits" => row.max_units = elements.number(name)?,
            "CalendarUID" => row.calendar = elements.whole(name)?.filter(|&uid| uid > 0),
            "StandardRate" => row.rate = elements.number(name)?.unwrap_or(0.0),
            "CostPerUse" => row.cost_per_use = elements.number(name)?.unwrap_or(0.0),
            "AvailabilityPeriods" => {
                while let Some(element) = elements.xml.child()? {
                    match element.name() {
                        "AvailabilityPeriod" => {
                            let period = period(elements)?;
                            row.periods.push(period);
                        }
                        name => elements.pass_unknown("AvailabilityPeriods", name)?,
                    }
                }
            }
            "Rates" => rates(elements)?,
            "ExtendedAttribute" => elements.leave_all_out("values of custom fields")?,
            "OutlineCode" => elements.leave_all_out("outline codes")?,
            "Baseline" => elements.leave_all_out("baselines of resources")?,
            "TimephasedData" => elements.leave_all_out("timephased values")?,
            "Notes" => elements.leave_out("notes")?,
            "Hyperlink" | "HyperlinkAddress" | "HyperlinkSubAddress" => elements.leave_out("hyperlinks")?,
            "Group" | "Code" | "EmailAddress" | "NTAccount" | "Phonetics" | "CostCenter" | "MaterialLabel" => {
                elements
                    .leave_out("particulars of resources such as groups, codes, addresses and units of materials")?;
            }
            "OvertimeRate" => elements.leave_out("overtime rates")?,
            // Computed values, settings of the screen, and what follows from the rest.
            "GUID"
            | "Initials"
            | "WorkGroup"
            | "PeakUnits"
            | "OverAllocated"
            | "AvailableFrom"
            | "AvailableTo"
            | "Start"
            | "Finish"
            | "CanLevel"
            | "AccrueAt"
            | "Work"
            | "RegularWork"
            | "OvertimeWork"
            | "ActualWork"
            | "RemainingWork"
            | "ActualOvertimeWork"
            | "RemainingOvertimeWork"
            | "PercentWorkComplete"
            | "StandardRateFormat"
            | "Cost"
            | "OvertimeRateFormat"
            | "OvertimeCost"
            | "ActualCost"
            | "ActualOvertimeCost"
            | "RemainingCost"
            | "RemainingOvertimeCost"
            | "WorkVariance"
            | "CostVariance"
            | "SV"
            | "CV"
            | "ACWP"
            | "BCWS"
            | "BCWP"
            | "IsGeneric"
            | "IsInactive"
            | "IsEnterprise"
            | "BookingType"
            | "ActualWorkProtected"
            | "ActualOvertimeWorkProtected"
            | "ActiveDirectoryGUID"
            | "CreationDate"
            | "AssnOwner"
            | "AssnOwnerGuid" => elements.xml.skip()?,
            name => elements.pass_unknown("Resource", name)?,
        }
    }
    row.is_cost = is_cost || row.kind == ResourceType::Cost;
    Ok(row)
}

fn period(elements: &mut Elements<'_>) -> Result<Period, Stop> {
    let mut period = Period { line: elements.xml.line(), from: None, to: None, units: None };
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "AvailableFrom" => period.from = elements.date("AvailableFrom", Severity::Error)?,
            "AvailableTo" => period.to = elements.date("AvailableTo", Severity::Error)?,
            "AvailableUnits" => period.units = elements.number("AvailableUnits")?,
            name => elements.pass_unknown("AvailabilityPeriod", name)?,
        }
    }
    Ok(period)
}

/// Passes over the tables of rates, of which the first row of the first is the rate of the resource itself.
fn rates(elements: &mut Elements<'_>) -> Result<(), Stop> {
    let mut count = 0;
    while elements.xml.child()?.is_some() {
        count += 1;
        if count > 1 {
            elements.leave_all_out("rates of other tables or later dates")?;
        } else {
            elements.xml.skip()?;
        }
    }
    Ok(())
}

/// Reads all assignments.
pub(super) fn read_assignments(elements: &mut Elements<'_>, assignments: &mut Vec<AssignmentRow>) -> Result<(), Stop> {
    while let Some(element) = elements.xml.child()? {
        match element.name() {
            "Assignment" => {
                let assignment = assignment(elements)?;
                assignments.push(assignment);
            }
            name => elements.pass_unknown("Assignments", name)?,
        }
    }
    Ok(())
}

fn assignment(elements: &mut Elements<'_>) -> Result<AssignmentRow, Stop> {
    let mut row = AssignmentRow { line: elements.xml.line(), ..AssignmentRow::default() };
    while let Some(element) = elements.xml.child()? {
        let name = element.name();
        match name {
            "TaskUID" => row.task = elements.whole(name)?,
            "ResourceUID" => row.resource = elements.whole(name)?,
            "Units" => row.units = elements.number(name)?,
            "Work" => row.work = elements.duration(name)?,
            "Start" => row.start = elements.date(name, Severity::Warning)?,
            "Finish" => row.finish = elements.date(name, Severity::Warning)?,
            "Cost" => row.cost = elements.number(name)?.unwrap_or(0.0),
            "WorkContour" => row.contour = elements.whole(name)?.unwrap_or(0),
            "TimephasedData" => {
                row.has_timephased = true;
                elements.leave_all_out("timephased values")?;
            }
            "ExtendedAttribute" => elements.leave_all_out("values of custom fields")?,
            "Baseline" => elements.leave_all_out("baselines of assignments")?,
            "Notes" => elements.leave_out("notes")?,
            "Hyperlink" | "HyperlinkAddress" | "HyperlinkSubAddress" => elements.leave_out("hyperlinks")?,
            "OvertimeWork" => elements.leave_out("hours of overtime")?,
            "Delay" | "LevelingDelay" => elements.leave_out("delays of assignments")?,
            "BudgetCost" | "BudgetWork" => elements.leave_out("budgets of assignments")?,
            // Computed values, settings of the screen, and what follows from the rest.
            "UID"
            | "GUID"
            | "PercentWorkComplete"
            | "ActualCost"
            | "ActualFinish"
            | "ActualOvertimeCost"
            | "ActualOvertimeWork"
            | "ActualStart"
            | "ActualWork"
            | "ACWP"
            | "Confirmed"
            | "CostRateTable"
            | "CostVariance"
            | "CV"
            | "FinishVariance"
            | "WorkVariance"
            | "HasFixedRateUnits"
            | "FixedMaterial"
            | "LevelingDelayFormat"
            | "LinkedFields"
            | "Milestone"
            | "Overallocated"
            | "OvertimeCost"
            | "PeakUnits"
            | "RateScale"
            | "RegularWork"
            | "RemainingCost"
            | "RemainingOvertimeCost"
            | "RemainingOvertimeWork"
            | "RemainingWork"
            | "ResponsePending"
            | "Stop"
            | "Resume"
            | "StartVariance"
            | "Summary"
            | "SV"
            | "UpdateNeeded"
            | "VAC"
            | "BCWS"
            | "BCWP"
            | "BookingType"
            | "ActualWorkProtected"
            | "ActualOvertimeWorkProtected"
            | "CreationDate"
            | "AssnOwner"
            | "AssnOwnerGuid" => {
                elements.xml.skip()?;
            }
            name if name.len() == 7 && name.starts_with("f404") => elements.xml.skip()?,
            name => elements.pass_unknown("Assignment", name)?,
        }
    }
    Ok(row)
}
