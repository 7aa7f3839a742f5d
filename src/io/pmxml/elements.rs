//! What is kept of the text: of the hundreds of elements of the schema only those that a plan is made of.

use std::collections::BTreeMap;

use crate::error::{Finding, Place};
use crate::io::xml::{Element, Part, Stop, Xml};
use crate::plan::notation::quoted;

/// Objects that are kept, wherever they stand: below the root or in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Calendar,
    Resource,
    ResourceRate,
    Role,
    RoleRate,
    RoleLimit,
    Currency,
    Wbs,
    Activity,
    Relationship,
    Assignment,
    Expense,
    ScheduleOptions,
}

/// How the file calls them.
const KINDS: [(&str, Kind); 13] = [
    ("Calendar", Kind::Calendar),
    ("Resource", Kind::Resource),
    ("ResourceRate", Kind::ResourceRate),
    ("Role", Kind::Role),
    ("RoleRate", Kind::RoleRate),
    ("RoleLimit", Kind::RoleLimit),
    ("Currency", Kind::Currency),
    ("WBS", Kind::Wbs),
    ("Activity", Kind::Activity),
    ("Relationship", Kind::Relationship),
    ("ResourceAssignment", Kind::Assignment),
    ("ActivityExpense", Kind::Expense),
    ("ScheduleOptions", Kind::ScheduleOptions),
];

/// An element with what it holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) name: Box<str>,
    pub(super) line: u32,
    /// Its text without the blanks around it; empty for one that is nil.
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| &*child.name == name)
    }

    /// The text of the first child of a name; `None` if it is empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// The children of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| &*child.name == name)
    }
}

/// An object of the file.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) kind: Kind,
    /// Position of the project it stands in, if it stands in one.
    pub(super) project: Option<usize>,
    pub(super) node: Node,
}

/// What was kept of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) projects: Vec<Node>,
    pub(super) objects: Vec<Object>,
    /// How many there were of what was not kept.
    pub(super) left_out: BTreeMap<String, usize>,
}

impl Document {
    /// The objects of a kind, in file order.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(move |object| object.kind == kind)
    }

    /// The elements of a kind, in file order.
    pub(super) fn nodes(&self, kind: Kind) -> impl Iterator<Item = &Node> {
        self.of(kind).map(|object| &object.node)
    }
}

/// Keeps what a plan is made of.
///
/// # Errors
/// The finding that says why the text cannot be walked through.
pub(super) fn parse(file: &str, text: &str) -> Result<Document, Stop> {
    let mut walk = Walk { xml: Xml::new(file, text), document: Document::default() };
    let mut has_root = false;
    while let Some(root) = walk.xml.child()? {
        if has_root || root.name() != "APIBusinessObjects" {
            let text = format!("the root is {}, not `APIBusinessObjects`", quoted(root.name()));
            return Err(Box::new(Finding::error("bad-xml", walk.xml.place(), text)));
        }
        has_root = true;
        walk.root()?;
    }
    if !has_root {
        return Err(Box::new(Finding::error("bad-xml", Place::file(file), "the file has no elements")));
    }
    Ok(walk.document)
}

struct Walk<'a> {
    xml: Xml<'a>,
    document: Document,
}

impl Walk<'_> {
    /// Keeps the projects and objects that stand in the root.
    fn root(&mut self) -> Result<(), Stop> {
        while let Some(element) = self.xml.child()? {
            let name = element.name();
            if let Some(kind) = kind(name) {
                let node = self.node(&element, None)?;
                self.document.objects.push(Object { kind, project: None, node });
            } else if name == "Project" && !element.has_flag("external") {
                // Only what others link to is in the file of a project that is external.
                let position = self.document.projects.len();
                let node = self.node(&element, Some(position))?;
                self.document.projects.push(node);
            } else {
                self.leave_out(if name == "Project" { "external" } else { name });
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    /// The element that has just been entered, which is left. The objects in a project, which has a position, go to the
    /// document.
    fn node(&mut self, element: &Element<'_>, project: Option<usize>) -> Result<Node, Stop> {
        let mut node = Node { name: element.name().into(), line: self.xml.line(), ..Node::default() };
        loop {
            match self.xml.part()? {
                Part::Element(element) => {
                    let child = self.node(&element, None)?;
                    self.add(&mut node, child, project);
                }
                Part::Text(text) if is_kept(&node) => {
                    self.xml.check_size(node.text.len().saturating_add(text.len()))?;
                    node.text.push_str(&text);
                }
                Part::Text(_) => {}
                Part::End => break,
            }
        }
        node.text = node.text.trim().to_owned();
        Ok(node)
    }

    fn add(&mut self, parent: &mut Node, child: Node, project: Option<usize>) {
        if let Some(kind) = kind(&child.name).filter(|_| project.is_some()) {
            self.document.objects.push(Object { kind, project, node: child });
        } else if is_assigned_value(&child, parent) || project.is_some() && !child.children.is_empty() {
            self.leave_out(&child.name);
        } else if is_kept(&child) || &*parent.name == "ScheduleOptions" {
            parent.children.push(child);
        }
    }

    fn leave_out(&mut self, name: &str) {
        *self.document.left_out.entry(name.chars().take(60).collect()).or_default() += 1;
    }
}

/// The kind of object that an element of a name is.
fn kind(name: &str) -> Option<Kind> {
    KINDS.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
}

/// True for values that users define: of codes, and of fields of their own.
///
/// Nodes of the work breakdown have a code of their own.
fn is_assigned_value(node: &Node, parent: &Node) -> bool {
    &*node.name == "UDF" || &*node.name == "Code" && (&*parent.name != "WBS" || node.text.is_empty())
}

/// True for the elements of objects that are looked at.
fn is_kept(node: &Node) -> bool {
    KEPT.binary_search(&&*node.name).is_ok()
}

/// The elements of objects that are looked at, in order.
const KEPT: &[&str] = &[
    "ActivityDefaultCalendarObjectId",
    "ActivityObjectId",
    "ActualCost",
    "ActualDuration",
    "ActualFinishDate",
    "ActualStartDate",
    "ActualUnits",
    "AtCompletionDuration",
    "BaseCalendarObjectId",
    "CalculateFloatBasedOnFinishDate",
    "CalendarObjectId",
    "Code",
    "ComputeTotalFloatType",
    "CriticalActivityFloatLimit",
    "CriticalActivityFloatThreshold",
    "CriticalActivityPathType",
    "DataDate",
    "Date",
    "DayOfWeek",
    "DrivingActivityDatesFlag",
    "DurationPercentComplete",
    "EffectiveDate",
    "ExpectedFinishDate",
    "ExternalEarlyStartDate",
    "ExternalLateFinishDate",
    "Finish",
    "FinishDate",
    "FreeFloat",
    "HolidayOrException",
    "HolidayOrExceptions",
    "HoursPerDay",
    "HoursPerMonth",
    "HoursPerWeek",
    "Id",
    "IgnoreOtherProjectRelationships",
    "IsBaseCurrency",
    "IsDefault",
    "IsPrimaryResource",
    "Lag",
    "LevelingPriority",
    "MakeOpenEndedActivitiesCritical",
    "MaxUnitsPerTime",
    "MustFinishByDate",
    "Name",
    "ObjectId",
    "OutOfSequenceScheduleType",
    "ParentObjectId",
    "PercentCompleteType",
    "PhysicalPercentComplete",
    "PlannedCost",
    "PlannedDuration",
    "PlannedFinishDate",
    "PlannedStartDate",
    "PlannedUnits",
    "PlannedUnitsPerTime",
    "PredecessorActivityObjectId",
    "PricePerUnit",
    "PrimaryConstraintDate",
    "PrimaryConstraintType",
    "PrimaryResourceObjectId",
    "ProjectObjectId",
    "RelationshipLagCalendar",
    "RemainingCost",
    "RemainingDuration",
    "RemainingEarlyFinishDate",
    "RemainingEarlyStartDate",
    "RemainingLateFinishDate",
    "RemainingLateStartDate",
    "RemainingUnits",
    "RemainingUnitsPerTime",
    "ResourceObjectId",
    "ResourceType",
    "ResumeDate",
    "RoleObjectId",
    "ScopePercentComplete",
    "SecondaryConstraintDate",
    "SecondaryConstraintType",
    "SequenceNumber",
    "StandardWorkHours",
    "StandardWorkWeek",
    "Start",
    "StartDate",
    "StartToStartLagCalculationType",
    "Status",
    "SuccessorActivityObjectId",
    "SuspendDate",
    "Symbol",
    "TotalFloat",
    "Type",
    "UnitsPercentComplete",
    "UseExpectedFinishDates",
    "WBSCodeSeparator",
    "WBSObjectId",
    "WorkTime",
];
