//! Activities: the rows of tasks.csv, between those of their summaries.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::calendars::Calendars;
use super::elements::{Document, Kind, Node};
use super::resources::Resources;
use super::values::{Values, decimal};
use super::wbs::Wbs;
use crate::error::Finding;
use crate::plan::draft::{Table, TableKind};
use crate::plan::notation::quoted;

/// What an activity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ActivityKind {
    /// Works on its own calendar.
    Task,
    /// Works on the calendars of its resources.
    ResourceDependent,
    LevelOfEffort,
    StartMilestone,
    FinishMilestone,
    /// Spans the node of the work breakdown it stands in.
    WbsSummary,
}

const KINDS: [(&str, ActivityKind); 6] = [
    ("Task Dependent", ActivityKind::Task),
    ("Resource Dependent", ActivityKind::ResourceDependent),
    ("Level of Effort", ActivityKind::LevelOfEffort),
    ("Start Milestone", ActivityKind::StartMilestone),
    ("Finish Milestone", ActivityKind::FinishMilestone),
    ("WBS Summary", ActivityKind::WbsSummary),
];

impl ActivityKind {
    pub(super) fn is_milestone(self) -> bool {
        matches!(self, ActivityKind::StartMilestone | ActivityKind::FinishMilestone)
    }
}

/// An activity of the file.
pub(super) struct Activity<'a> {
    pub(super) node: &'a Node,
    pub(super) object_id: &'a str,
    pub(super) id: String,
    pub(super) project: usize,
    pub(super) kind: ActivityKind,
    /// Working time in all.
    pub(super) minutes: i64,
    /// Working time that is left.
    pub(super) remaining: Option<i64>,
    pub(super) is_started: bool,
    pub(super) is_finished: bool,
}

/// Reads the activities; their ids get the project's in front if projects repeat them.
pub(super) fn read<'a>(
    document: &'a Document,
    project_of: impl Fn(Option<usize>, &Node) -> usize,
    values: &mut Values<'_>,
) -> Vec<Activity<'a>> {
    let mut activities = Vec::new();
    let mut projects_of_id: HashMap<&str, usize> = HashMap::new();
    let mut seen = HashSet::new();
    let mut is_repeated = false;
    for object in document.of(Kind::Activity) {
        let node = &object.node;
        let object_id = node.text("ObjectId").unwrap_or_default();
        if !seen.insert(object_id) {
            let text =
                format!("the object id {} was given before; links and assignments are ambiguous", quoted(object_id));
            values.push(Finding::error("duplicate-object", values.place(node), text));
        }
        let id = node.text("Id").or(node.text("ObjectId")).unwrap_or_default();
        let project = project_of(object.project, node);
        is_repeated |= *projects_of_id.entry(id).or_insert(project) != project;
        let kind = values.word(node, "Type", &KINDS).unwrap_or(ActivityKind::Task);
        let (is_started, is_finished) = state(node, values);
        let remaining = values.hours(node, "RemainingDuration");
        let mut activity = Activity {
            node,
            object_id,
            id: id.to_owned(),
            project,
            kind,
            minutes: 0,
            remaining,
            is_started,
            is_finished,
        };
        activity.minutes = minutes(&activity, values);
        activities.push(activity);
    }
    if is_repeated {
        for activity in &mut activities {
            let project = document.projects.get(activity.project).and_then(|project| project.text("Id"));
            activity.id = format!("{}:{}", project.unwrap_or_default(), activity.id);
        }
    }
    activities
}

/// Whether it is started and finished: its actual dates count, and the word beside them has to agree.
fn state(node: &Node, values: &mut Values<'_>) -> (bool, bool) {
    let (start, finish) = (node.text("ActualStartDate").is_some(), node.text("ActualFinishDate").is_some());
    let dates = match (start, finish) {
        (_, true) => 2,
        (true, false) => 1,
        (false, false) => 0,
    };
    let words = [("Not Started", 0), ("In Progress", 1), ("Completed", 2)];
    if let Some(word) = values.word(node, "Status", &words)
        && word != dates
    {
        let place = values.place(node.child("Status").unwrap_or(node));
        let text = format!(
            "the status is {}, which the actual dates do not say; the dates count",
            quoted(node.text("Status").unwrap_or_default())
        );
        values.push(Finding::warning("status-without-dates", place, text));
    }
    (start || finish, finish)
}

/// The working time of an activity, before and after it has begun.
fn minutes(activity: &Activity<'_>, values: &mut Values<'_>) -> i64 {
    if activity.kind.is_milestone() {
        return 0;
    }
    let node = activity.node;
    let planned = values.hours(node, "PlannedDuration");
    let complete = values.hours(node, "AtCompletionDuration");
    let actual = values.hours(node, "ActualDuration");
    let minutes = if activity.is_started {
        complete.or(actual.zip(activity.remaining).and_then(|(actual, left)| actual.checked_add(left))).or(planned)
    } else {
        // Dates are computed from what remains, which may have been changed before the start.
        if let Some((planned, remaining)) = planned.zip(activity.remaining)
            && planned != remaining
        {
            values.lose(
                "unstarted activities are planned with their remaining instead of their original duration",
                &activity.id,
            );
        }
        activity.remaining.or(planned).or(complete)
    };
    match minutes {
        Some(minutes) => minutes,
        None => {
            let text = "the activity has no duration; expected `PlannedDuration` or `RemainingDuration` in hours";
            values.push(Finding::error("missing-duration", values.place(node), text));
            0
        }
    }
}

/// Codes and dates of an activity's constraints; those that fix a date from one side only are a pair.
#[derive(Default)]
struct Constraints(Vec<(&'static str, String)>);

impl Constraints {
    fn add(&mut self, node: &Node, kind: &str, date: &str, values: &mut Values<'_>) {
        let kinds: [(&str, &[&str]); 9] = [
            ("Start On", &["SNET", "SNLT"]),
            ("Start On or Before", &["SNLT"]),
            ("Start On or After", &["SNET"]),
            ("Finish On", &["FNET", "FNLT"]),
            ("Finish On or Before", &["FNLT"]),
            ("Finish On or After", &["FNET"]),
            ("As Late As Possible", &["ALAP"]),
            ("Mandatory Start", &["MSO"]),
            ("Mandatory Finish", &["MFO"]),
        ];
        let Some(codes) = values.word(node, kind, &kinds) else { return };
        let day = values.date(node, date);
        for &code in codes {
            match (&day, code) {
                (_, "ALAP") => self.0.push((code, String::new())),
                (Some(day), _) => self.0.push((code, day.clone())),
                (None, _) => {
                    let text = format!("the constraint has no date; expected `{date}`");
                    values.push(Finding::error("missing-date", values.place(node.child(kind).unwrap_or(node)), text));
                    return;
                }
            }
        }
    }

    fn cells(&self, at: usize) -> (&str, &str) {
        self.0.get(at).map_or(("", ""), |(code, date)| (code, date))
    }
}

/// The table of tasks, summaries before what is below them.
pub(super) fn table<'a>(
    document: &'a Document,
    activities: &[Activity<'a>],
    wbs: &Wbs<'_>,
    resources: &Resources<'a>,
    calendars: &mut Calendars<'a>,
    values: &mut Values<'_>,
) -> Table {
    let headers = [
        "id",
        "name",
        "parent",
        "duration",
        "resources",
        "calendar",
        "constraint",
        "constraint_date",
        "second_constraint",
        "second_constraint_date",
        "expected_finish",
        "deadline",
        "priority",
        "fixed_cost",
        "type",
        "resource_calendars",
    ];
    let mut table = Table::new(TableKind::Tasks, values.file, headers);
    let mut expenses = expenses(document, activities, values);
    let mut todo: Vec<usize> = (0..wbs.projects).rev().collect();
    while let Some(summary) = todo.pop().and_then(|at| wbs.list.get(at)) {
        if !summary.is_needed {
            continue;
        }
        let parent = summary.parent.and_then(|parent| wbs.list.get(parent)).map_or("", |parent| parent.id.as_str());
        let name = summary.node.text("Name").unwrap_or_default();
        let deadline = match summary.parent {
            None if wbs.projects > 1 => values.date(summary.node, "MustFinishByDate").unwrap_or_default(),
            _ => String::new(),
        };
        let cells = [&*summary.id, name, parent, "", "", "", "", "", "", "", "", &*deadline];
        table.push_row(summary.node.line, cells);
        for &at in &summary.activities {
            let Some(activity) = activities.get(at) else { continue };
            if activity.kind == ActivityKind::WbsSummary {
                values
                    .lose("activities that sum up a WBS node are left out, as the node itself is a row", &activity.id);
                continue;
            }
            let cost = expenses.get_mut(at).map(std::mem::take).unwrap_or_default();
            push(&mut table, activity, (at, summary.id.as_str(), cost), resources, calendars, values);
        }
        todo.extend(summary.below.iter().rev());
    }
    table
}

fn push<'a>(
    table: &mut Table,
    activity: &Activity<'a>,
    (at, parent, expenses): (usize, &str, f64),
    resources: &Resources<'a>,
    calendars: &mut Calendars<'a>,
    values: &mut Values<'_>,
) {
    let node = activity.node;
    let mut constraints = Constraints::default();
    constraints.add(node, "PrimaryConstraintType", "PrimaryConstraintDate", values);
    constraints.add(node, "SecondaryConstraintType", "SecondaryConstraintDate", values);
    // A date given twice is one constraint.
    let distinct: BTreeSet<_> = constraints.0.iter().cloned().collect();
    if distinct.len() < constraints.0.len() {
        let mut seen = HashSet::new();
        constraints.0.retain(|constraint| seen.insert(constraint.clone()));
    }
    if constraints.0.len() > 2 {
        values.lose("activities have more than two constraints, of which two are kept", &activity.id);
    }
    let follows_people = activity.kind == ActivityKind::ResourceDependent && resources.drive(at);
    let calendar = match follows_people {
        true => None,
        false => calendars.named(node, "CalendarObjectId", values),
    };
    let priorities = [("Top", "1000"), ("High", "600"), ("Normal", ""), ("Low", "400"), ("Lowest", "100")];
    let priority = values.word(node, "LevelingPriority", &priorities).unwrap_or_default();
    let kind = match activity.kind {
        ActivityKind::LevelOfEffort => "level of effort",
        ActivityKind::StartMilestone => "start milestone",
        ActivityKind::FinishMilestone => "finish milestone",
        _ => "",
    };
    for (element, reason) in [
        ("ExternalEarlyStartDate", "activities have early starts from other projects, which are left out"),
        ("ExternalLateFinishDate", "activities have late finishes from other projects, which are left out"),
    ] {
        if node.text(element).is_some() {
            values.lose(reason, &activity.id);
        }
    }
    let expected_finish = match activity.is_finished {
        true => None,
        false => values.date(node, "ExpectedFinishDate"),
    };
    let ((first, first_date), (second, second_date)) = (constraints.cells(0), constraints.cells(1));
    let cells = [
        activity.id.as_str(),
        node.text("Name").unwrap_or_default(),
        parent,
        &format!("{}m", activity.minutes),
        &resources.cell(at),
        calendar.as_deref().unwrap_or_default(),
        first,
        first_date,
        second,
        second_date,
        expected_finish.as_deref().unwrap_or_default(),
        "",
        priority,
        &if expenses == 0.0 { String::new() } else { decimal(expenses) },
        kind,
        if follows_people { "" } else { "no" },
    ];
    table.push_row(node.line, cells);
}

/// The expenses of each activity: what was spent and what remains, or what is planned.
fn expenses(document: &Document, activities: &[Activity<'_>], values: &mut Values<'_>) -> Vec<f64> {
    let by_object_id: HashMap<&str, usize> =
        activities.iter().enumerate().map(|(at, activity)| (activity.object_id, at)).collect();
    let mut sums = vec![0.0; activities.len()];
    for node in document.nodes(Kind::Expense) {
        let name = node.text("ActivityObjectId").unwrap_or_default();
        let (planned, actual) = (values.number(node, "PlannedCost"), values.number(node, "ActualCost"));
        let remaining = values.number(node, "RemainingCost");
        let cost = remaining.map(|remaining| remaining + actual.unwrap_or(0.0)).or(planned).unwrap_or(0.0);
        match by_object_id.get(name).and_then(|&at| sums.get_mut(at)) {
            Some(sum) => *sum += cost,
            None => values.lose("expenses are of activities that are not in the file and are left out", name),
        }
    }
    sums
}
