//! Walking through the text, with bounds on what hostile files may ask for.
//!
//! Of the hundreds of elements of the schema only those are kept that a plan is made of. Document type declarations are
//! refused, as they can define entities that unfold to any size; only the five entities of XML itself and characters by
//! number are known.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::error::{Finding, Place};
use crate::io::text::count_lines;
use crate::plan::notation::quoted;

/// Elements that may be open at the same time.
const MOST_DEPTH: usize = 64;
/// Bytes that the text of one element that is kept may have.
const MOST_TEXT: usize = 1 << 20;

/// Why the file cannot be read any further: the finding about it.
pub(super) type Stop = Box<Finding>;

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
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_comments = false;
    let mut walk = Walk { file, text, counted: (0, 1), open: Vec::new(), skipped: 0, document: Document::default() };
    let mut seen_root = false;
    loop {
        let event = reader.read_event().map_err(|error| {
            let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
            walk.stop("bad-xml", at, format!("the XML is damaged: {error}"))
        })?;
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match event {
            Event::Start(start) => {
                if walk.open.is_empty() {
                    let name = start.local_name();
                    if seen_root || name.into_inner() != "APIBusinessObjects" {
                        let text = format!("the root is {}, not `APIBusinessObjects`", quoted(name.into_inner()));
                        return Err(walk.stop("bad-xml", at, text));
                    }
                    seen_root = true;
                }
                walk.start(&start, at)?;
            }
            Event::End(_) => walk.end(),
            Event::Text(text) => walk.add(&text.xml10_content(), at)?,
            Event::CData(text) => walk.add(&text.xml10_content(), at)?,
            Event::GeneralRef(entity) => {
                let Some(unfolded) = unfold(&entity) else {
                    let text = format!("the entity {} is not known", quoted(&entity.xml10_content()));
                    return Err(walk.stop("bad-xml", at, text));
                };
                walk.add(&unfolded, at)?;
            }
            Event::DocType(_) => {
                let text = "document type declarations and their entities are not read";
                return Err(walk.stop("xml-doctype", at, text.to_owned()));
            }
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof if walk.open.is_empty() && seen_root => return Ok(walk.document),
            Event::Eof => {
                return Err(walk.stop("bad-xml", at, "the file ends in the middle of an element".to_owned()));
            }
        }
    }
}

/// What an entity stands for.
fn unfold(entity: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    if entity.is_char_ref() {
        return entity.resolve_char_ref().ok().flatten().map(|c| Cow::Owned(c.to_string()));
    }
    match &*entity.xml10_content() {
        "amp" => Some(Cow::Borrowed("&")),
        "lt" => Some(Cow::Borrowed("<")),
        "gt" => Some(Cow::Borrowed(">")),
        "quot" => Some(Cow::Borrowed("\"")),
        "apos" => Some(Cow::Borrowed("'")),
        _ => None,
    }
}

struct Walk<'a> {
    file: &'a str,
    text: &'a str,
    /// Position up to which lines have been counted, and the line there.
    counted: (usize, u32),
    open: Vec<Node>,
    /// Open elements of a branch that is left out.
    skipped: usize,
    document: Document,
}

impl Walk<'_> {
    fn line(&mut self, at: usize) -> u32 {
        let (from, line) = self.counted;
        let at = at.clamp(from, self.text.len().max(from));
        let between = self.text.as_bytes().get(from..at).unwrap_or_default();
        self.counted = (at, line.saturating_add(count_lines(between)));
        self.counted.1
    }

    fn stop(&mut self, rule: &'static str, at: usize, text: String) -> Stop {
        let line = self.line(at);
        Box::new(Finding::error(rule, Place::row(self.file, line), text))
    }

    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), Stop> {
        if self.open.len() + self.skipped >= MOST_DEPTH {
            return Err(self.stop("bad-xml", at, format!("more than {MOST_DEPTH} elements stand in one another")));
        }
        let name = start.local_name().into_inner();
        if self.skipped > 0 {
            self.skipped += 1;
            return Ok(());
        }
        let known = name == "Project" || KINDS.iter().any(|&(known, _)| known == name);
        if self.open.len() == 1 && !known {
            *self.document.left_out.entry(name.chars().take(60).collect()).or_default() += 1;
            self.skipped = 1;
            return Ok(());
        }
        if self.open.len() == 1 && name == "Project" && is_external(start) {
            *self.document.left_out.entry("external".to_owned()).or_default() += 1;
            self.skipped = 1;
            return Ok(());
        }
        let line = self.line(at);
        self.open.push(Node { name: name.into(), line, ..Node::default() });
        Ok(())
    }

    fn end(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(mut node) = self.open.pop() else { return };
        node.text = node.text.trim().to_owned();
        let in_project = self.open.len() == 2 && self.open.last().is_some_and(|parent| &*parent.name == "Project");
        let kind = KINDS.iter().find(|(name, _)| **name == *node.name).map(|&(_, kind)| kind);
        match (self.open.len(), kind) {
            (0, _) => {}
            (1, Some(kind)) => self.document.objects.push(Object { kind, project: None, node }),
            (1, None) => self.document.projects.push(node),
            (2, Some(kind)) if in_project => {
                let project = Some(self.document.projects.len());
                self.document.objects.push(Object { kind, project, node });
            }
            // Nodes of the work breakdown have a code of their own.
            _ if is_assigned_value(&node, self.open.last()) || in_project && !node.children.is_empty() => {
                *self.document.left_out.entry(node.name.chars().take(60).collect()).or_default() += 1;
            }
            _ if is_kept(&node) => {
                if let Some(parent) = self.open.last_mut() {
                    parent.children.push(node);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, text: &str, at: usize) -> Result<(), Stop> {
        if self.skipped > 0 {
            return Ok(());
        }
        let Some(node) = self.open.last_mut() else { return Ok(()) };
        if !is_kept(node) {
            return Ok(());
        }
        if node.text.len() + text.len() > MOST_TEXT {
            return Err(self.stop("bad-xml", at, "the text of an element is longer than a megabyte".to_owned()));
        }
        node.text.push_str(text);
        Ok(())
    }
}

/// True for values that users define: of codes, and of fields of their own.
fn is_assigned_value(node: &Node, parent: Option<&Node>) -> bool {
    let in_wbs = parent.is_some_and(|parent| &*parent.name == "WBS");
    &*node.name == "UDF" || &*node.name == "Code" && (!in_wbs || node.text.is_empty())
}

/// True for a project of which only what others link to is in the file.
fn is_external(start: &BytesStart<'_>) -> bool {
    let mut attributes = start.attributes().flatten();
    attributes.any(|attribute| {
        attribute.key.local_name().into_inner() == "external" && matches!(&*attribute.value, "true" | "1")
    })
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
    "CalendarObjectId",
    "Code",
    "ComputeTotalFloatType",
    "CriticalActivityFloatLimit",
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
