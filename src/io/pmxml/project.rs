//! The project's own data, and the tables of a file in all.

use std::collections::HashMap;

use super::calendars::Calendars;
use super::elements::{Document, Kind, Node};
use super::resources::Resources;
use super::values::{Values, decimal};
use super::wbs::Wbs;
use super::{activities, links, progress};
use crate::error::{Finding, Place};
use crate::plan::draft::{Table, TableKind};
use crate::plan::notation::quoted;

/// Turns the objects of a file into tables.
pub(super) fn tables(document: &Document, name: &str, values: &mut Values<'_>) -> Vec<Table> {
    for (element, count) in &document.left_out {
        let text = match element.as_str() {
            "BaselineProject" => format!("{count} baselines are left out"),
            "external" => format!("{count} projects that others link to are in the file by name only and are left out"),
            "UDF" => format!("{count} values of user-defined fields are left out"),
            "Code" => format!("{count} values of codes are left out"),
            _ => format!("{count} elements {} are left out", quoted(element)),
        };
        values.push(Finding::note("not-carried", Place::file(values.file), text));
    }
    let Some(project) = document.projects.first() else {
        let text = "the file holds no project";
        values.push(Finding::error("no-project", Place::file(values.file), text));
        return Vec::new();
    };
    let numbers: HashMap<&str, usize> = document
        .projects
        .iter()
        .enumerate()
        .filter_map(|(at, project)| project.text("ObjectId").map(|id| (id, at)))
        .collect();
    let project_of = |inside: Option<usize>, node: &Node| {
        inside.or(node.text("ProjectObjectId").and_then(|id| numbers.get(id).copied())).unwrap_or(0)
    };
    let mut calendars = Calendars::new(document, values);
    let activities = activities::read(document, project_of, values);
    let resources = Resources::new(document, &activities, &mut calendars, values);
    let wbs = Wbs::new(document, &activities, project_of, values);
    let options = options(document, project_of);
    let own = project_table(document, project, &options, (name, values), &mut calendars);
    let tasks = activities::table(document, &activities, &wbs, &resources, &mut calendars, values);
    let lag_calendars: Vec<&'static str> = document
        .projects
        .iter()
        .zip(&options)
        .map(|(project, options)| {
            let words = [
                ("Predecessor Activity Calendar", "predecessor"),
                ("Successor Activity Calendar", "successor"),
                ("Project Default Calendar", "project"),
                ("24 Hour Calendar", "24h"),
            ];
            let element = "RelationshipLagCalendar";
            let word = options.and_then(|options| values.word(options, element, &words));
            // The program's own default.
            word.or_else(|| values.word(project, element, &words)).unwrap_or("predecessor")
        })
        .collect();
    let links = links::table(document, &activities, &lag_calendars, values);
    let start = values.date(project, "PlannedStartDate");
    let [people, availability] = resources.tables(start.as_deref(), values);
    let rest = [
        links,
        people,
        availability,
        calendars.table(values),
        progress::progress(&activities, values),
        progress::dates(&activities, &wbs, values),
    ];
    let mut tables = vec![own, tasks];
    tables.extend(rest.into_iter().filter(|table| !table.is_empty()));
    tables
}

/// The options of each project.
fn options(document: &Document, project_of: impl Fn(Option<usize>, &Node) -> usize) -> Vec<Option<&Node>> {
    let mut options = vec![None; document.projects.len()];
    for object in document.of(Kind::ScheduleOptions) {
        if let Some(slot) = options.get_mut(project_of(object.project, &object.node)) {
            slot.get_or_insert(&object.node);
        }
    }
    options
}

fn project_table<'a>(
    document: &'a Document,
    project: &'a Node,
    options: &[Option<&Node>],
    (name, values): (&str, &mut Values<'_>),
    calendars: &mut Calendars<'a>,
) -> Table {
    let mut table = Table::new(TableKind::Project, values.file, ["key", "value"]);
    let mut put = |key: &str, value: Option<&str>, line: u32| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            table.push_row(line, [key, value]);
        }
    };
    let line = project.line;
    let several = document.projects.len() > 1;
    put("name", if several { Some(name) } else { project.text("Name").or(Some(name)) }, line);
    // Dates as they are written compare as they follow one another.
    let dates = |element: &str, values: &mut Values<'_>| -> Vec<String> {
        document.projects.iter().filter_map(|project| values.date(project, element)).collect()
    };
    let starts = dates("PlannedStartDate", values);
    put("start", starts.iter().min().map(String::as_str), line);
    if !several {
        put("deadline", values.date(project, "MustFinishByDate").as_deref(), line);
    }
    let data_dates = dates("DataDate", values);
    put("status_date", data_dates.iter().min().map(String::as_str), line);
    let chosen = options.first().copied().flatten();
    let by_project = chosen.and_then(|options| values.flag(options, "CalculateFloatBasedOnFinishDate")).unwrap_or(true);
    put("late_by_project", (several && by_project).then_some("yes"), line);
    if several {
        let count = document.projects.len();
        let differ = if data_dates.iter().any(|date| Some(date) != data_dates.first()) {
            "; their data dates differ, and the earliest is used"
        } else {
            ""
        };
        let text =
            format!("the file holds {count} projects, which are read as one with the first one's options{differ}");
        values.push(Finding::warning("several-projects", Place::file(values.file), text));
    }
    let named = calendars.named(project, "ActivityDefaultCalendarObjectId", values);
    let calendar = project
        .text("ActivityDefaultCalendarObjectId")
        .and_then(|id| calendars.node(id))
        .or_else(|| calendars.default());
    let id = named.or_else(|| calendar.and_then(|node| calendars.named_by(node)));
    put("calendar", id.as_deref(), line);
    if let Some(node) = calendar {
        let day = values.number(node, "HoursPerDay").filter(|&hours| hours > 0.0);
        put("hours_per_day", day.map(decimal).as_deref(), node.line);
        for (key, element) in [("days_per_week", "HoursPerWeek"), ("days_per_month", "HoursPerMonth")] {
            let hours = values.number(node, element).filter(|&hours| hours > 0.0);
            let days = day.zip(hours).map(|(day, hours)| decimal(hours / day));
            put(key, days.as_deref(), node.line);
        }
    }
    let currency =
        document.nodes(Kind::Currency).find(|node| matches!(node.text("IsBaseCurrency"), Some("1" | "true")));
    let currency = currency.and_then(|node| node.text("Symbol").or(node.text("Id")));
    put("currency", currency, line);
    let limit = values.hours(project, "CriticalActivityFloatLimit");
    let limit = limit.or(chosen.and_then(|options| values.hours(options, "CriticalActivityFloatThreshold")));
    let float = limit.filter(|&float| float != 0);
    put("critical_float", float.map(|minutes| format!("{minutes}m")).as_deref(), line);
    let paths = [("Critical Float", false), ("Longest Path", true)];
    if values.word(project, "CriticalActivityPathType", &paths) == Some(true) {
        let text = "critical are the activities on the longest path in this project; here those with little float are";
        values.push(Finding::note("not-carried", Place::row(values.file, line), text));
    }
    if let Some(options) = chosen {
        let line = options.line;
        let logic = [("Retained Logic", "retained"), ("Progress Override", "override"), ("Actual Dates", "actual")];
        put("progress_logic", values.word(options, "OutOfSequenceScheduleType", &logic), line);
        let rules = [
            ("Smallest of Start Float and Finish Float", "smallest"),
            ("Start Float = Late Start - Early Start", "start"),
            ("Finish Float = Late Finish - Early Finish", "finish"),
        ];
        put("float_rule", values.word(options, "ComputeTotalFloatType", &rules), line);
        for (key, element, is_so) in [
            ("open_ends_critical", "MakeOpenEndedActivitiesCritical", true),
            ("use_expected_finish", "UseExpectedFinishDates", true),
            ("lag_from_actual_start", "StartToStartLagCalculationType", false),
        ] {
            put(key, values.flag(options, element).filter(|&flag| flag == is_so).map(|_| "yes"), line);
        }
        report_options(options, several, values);
    }
    table
}

/// Options that are followed, or that move no dates by logic alone: those of levelling, and of float paths, which are only
/// numbered.
const KNOWN_OPTIONS: [&str; 32] = [
    "CalculateFloatBasedOnFinishDate",
    "ComputeTotalFloatType",
    "CreateDate",
    "CreateUser",
    "CriticalActivityFloatThreshold",
    "CriticalActivityPathType",
    "ExternalProjectPriorityLimit",
    "IgnoreOtherProjectRelationships",
    "IncludeExternalResAss",
    "LastUpdateDate",
    "LastUpdateUser",
    "LevelAllResources",
    "LevelWithinFloat",
    "MakeOpenEndedActivitiesCritical",
    "MaximumMultipleFloatPaths",
    "MinFloatToPreserve",
    "MultipleFloatPathsEnabled",
    "MultipleFloatPathsEndingActivityObjectId",
    "MultipleFloatPathsEndingActivityShortName",
    "MultipleFloatPathsUseTotalFloat",
    "OutOfSequenceScheduleType",
    "OverAllocationPercentage",
    "PreserveScheduledEarlyAndLateDates",
    "PriorityList",
    "ProjectId",
    "ProjectObjectId",
    "RelationshipLagCalendar",
    "ResourceList",
    "StartToStartLagCalculationType",
    "UseExpectedFinishDates",
    "UserName",
    "UserObjectId",
];

/// Says which options are not followed.
fn report_options(options: &Node, several: bool, values: &mut Values<'_>) {
    for child in &options.children {
        if !KNOWN_OPTIONS.contains(&&*child.name) {
            let text = format!("the schedule option {} is not known and not followed", quoted(&child.name));
            let place = values.place(child);
            values.push(Finding::warning("unknown-option", place, text));
        }
    }
    if several && values.flag(options, "IgnoreOtherProjectRelationships") == Some(true) {
        let text = "links between projects are kept, though the options ignore them";
        let place = values.place(options);
        values.push(Finding::warning("not-carried", place, text));
    }
}
