//! The tables of a plan and their columns: names, which are required, and what other tools call them.

use std::collections::BTreeSet;

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// True if a plan that has the table must have the column.
    pub required: bool,
    /// Other headers it is known by, in lower case with single blanks.
    pub synonyms: &'static [&'static str],
}

const fn required(name: &'static str, synonyms: &'static [&'static str]) -> Field {
    Field { name, required: true, synonyms }
}

const fn optional(name: &'static str, synonyms: &'static [&'static str]) -> Field {
    Field { name, required: false, synonyms }
}

/// The tables that a plan can have; each has a fixed file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    /// project.csv
    Project,
    /// tasks.csv
    Tasks,
    /// dependencies.csv
    Dependencies,
    /// resources.csv
    Resources,
    /// availability.csv
    Availability,
    /// modes.csv
    Modes,
    /// calendars.csv
    Calendars,
    /// budgets.csv
    Budgets,
    /// deliverables.csv
    Deliverables,
    /// risks.csv
    Risks,
    /// mitigations.csv
    Mitigations,
    /// correlations.csv
    Correlations,
    /// gates.csv
    Gates,
    /// issues.csv
    Issues,
    /// stakeholders.csv
    Stakeholders,
    /// progress.csv
    Progress,
    /// expenses.csv
    Expenses,
    /// dates.csv
    Dates,
    /// rules.csv
    Rules,
    /// scenarios.csv
    Scenarios,
}

impl TableKind {
    /// All kinds, in the order in which they are read and written.
    pub const ALL: [TableKind; 20] = [
        TableKind::Project,
        TableKind::Tasks,
        TableKind::Dependencies,
        TableKind::Resources,
        TableKind::Availability,
        TableKind::Modes,
        TableKind::Calendars,
        TableKind::Budgets,
        TableKind::Deliverables,
        TableKind::Risks,
        TableKind::Mitigations,
        TableKind::Correlations,
        TableKind::Gates,
        TableKind::Issues,
        TableKind::Stakeholders,
        TableKind::Progress,
        TableKind::Expenses,
        TableKind::Dates,
        TableKind::Rules,
        TableKind::Scenarios,
    ];

    /// The tables of what may come differently, and of who wants to know.
    pub const UNCERTAIN: [TableKind; 6] = [
        TableKind::Risks,
        TableKind::Mitigations,
        TableKind::Correlations,
        TableKind::Gates,
        TableKind::Issues,
        TableKind::Stakeholders,
    ];

    /// The name of its file.
    pub fn file_name(self) -> &'static str {
        match self {
            TableKind::Project => "project.csv",
            TableKind::Tasks => "tasks.csv",
            TableKind::Dependencies => "dependencies.csv",
            TableKind::Resources => "resources.csv",
            TableKind::Availability => "availability.csv",
            TableKind::Modes => "modes.csv",
            TableKind::Calendars => "calendars.csv",
            TableKind::Budgets => "budgets.csv",
            TableKind::Deliverables => "deliverables.csv",
            TableKind::Risks => "risks.csv",
            TableKind::Mitigations => "mitigations.csv",
            TableKind::Correlations => "correlations.csv",
            TableKind::Gates => "gates.csv",
            TableKind::Issues => "issues.csv",
            TableKind::Stakeholders => "stakeholders.csv",
            TableKind::Progress => "progress.csv",
            TableKind::Expenses => "expenses.csv",
            TableKind::Dates => "dates.csv",
            TableKind::Rules => "rules.csv",
            TableKind::Scenarios => "scenarios.csv",
        }
    }

    /// Its columns.
    pub fn fields(self) -> &'static [Field] {
        match self {
            TableKind::Project => PROJECT,
            TableKind::Tasks => TASKS,
            TableKind::Dependencies => DEPENDENCIES,
            TableKind::Resources => RESOURCES,
            TableKind::Availability => AVAILABILITY,
            TableKind::Modes => MODES,
            TableKind::Calendars => CALENDARS,
            TableKind::Budgets => BUDGETS,
            TableKind::Deliverables => DELIVERABLES,
            TableKind::Risks => RISKS,
            TableKind::Mitigations => MITIGATIONS,
            TableKind::Correlations => CORRELATIONS,
            TableKind::Gates => GATES,
            TableKind::Issues => ISSUES,
            TableKind::Stakeholders => STAKEHOLDERS,
            TableKind::Progress => PROGRESS,
            TableKind::Expenses => EXPENSES,
            TableKind::Dates => DATES,
            TableKind::Rules => RULES,
            TableKind::Scenarios => SCENARIOS,
        }
    }

    /// The field that a header means, by name or synonym; case, underscores, hyphens and repeated blanks do not matter.
    pub fn find_field(self, header: &str) -> Option<usize> {
        let plain = plain(header);
        self.fields()
            .iter()
            .position(|field| plain == field.name.replace('_', " ") || field.synonyms.contains(&plain.as_str()))
    }

    /// How many of its columns some headers name. Of issues that hit no task there are none: what issue trackers export are
    /// tasks, which they call issues, too.
    pub(crate) fn known<'h>(self, headers: impl Iterator<Item = &'h str>) -> usize {
        let found: BTreeSet<usize> = headers.filter_map(|header| self.find_field(header)).collect();
        let is_tracker = self == TableKind::Issues && found.iter().all(|&field| ISSUES[field].name != "task");
        if is_tracker { 0 } else { found.len() }
    }
}

/// A header in lower case, with single blanks for whatever separates its words.
pub(crate) fn plain(header: &str) -> String {
    let spaced = header.to_lowercase().replace(['_', '-', '\u{a0}', '\n', '\r', '\t'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

const PROJECT: &[Field] = &[required("key", &["property", "field", "setting"]), required("value", &["setting value"])];

const TASKS: &[Field] = &[
    required("id", &["task id", "unique id", "activity id", "task", "no", "nr", "key", "issue key"]),
    optional("name", &["task name", "activity name", "title", "summary", "description"]),
    optional("parent", &["parent id", "parent task", "summary task", "wbs parent"]),
    required("duration", &["most likely", "original duration", "remaining duration", "likely", "dur"]),
    optional("optimistic", &["optimistic duration", "best case", "minimum", "min"]),
    optional("pessimistic", &["pessimistic duration", "worst case", "maximum", "max"]),
    optional("distribution", &["duration distribution"]),
    optional("predecessors", &["predecessor", "depends on", "dependencies", "unique id predecessors", "after"]),
    optional("resources", &["resource names", "resource", "assigned to", "assignee", "assignees"]),
    optional("calendar", &["task calendar", "calendar name"]),
    optional("constraint", &["constraint type"]),
    optional("constraint_date", &["start no earlier than", "not before", "earliest start"]),
    optional("deadline", &["due", "due date", "finish by"]),
    optional("priority", &[]),
    optional("fixed_cost", &["cost", "fixed costs"]),
    optional("cost_distribution", &["fixed cost distribution", "cost range"]),
    optional("payment", &["payments", "income", "revenue", "cash in", "milestone payment", "payment amount"]),
    optional("account", &["cost account", "cost center", "cost centre"]),
    optional("category", &["kind"]),
    optional("deliverable", &[]),
    optional("pause", &["pauses", "splittable"]),
    optional("type", &["activity type", "task type"]),
    optional("resource_calendars", &["uses resource calendars"]),
    optional("manual", &["manually scheduled"]),
    optional("second_constraint", &["secondary constraint", "constraint 2"]),
    optional("second_constraint_date", &["secondary constraint date", "constraint 2 date"]),
    optional("expected_finish", &["expected finish date"]),
    optional("ev_method", &["earned value method", "earning rule", "ev technique"]),
];

const DEPENDENCIES: &[Field] = &[
    required("predecessor", &["from", "predecessor id", "pred"]),
    required("successor", &["to", "successor id", "succ", "task"]),
    optional("type", &["link type", "kind", "relationship type"]),
    optional("lag", &["lead/lag", "min lag", "delay"]),
    optional("max_lag", &["maximum lag", "maximal lag"]),
    optional("lag_calendar", &["calendar"]),
];

const RESOURCES: &[Field] = &[
    required("id", &["resource id", "resource", "unique id", "initials"]),
    optional("name", &["resource name", "full name"]),
    optional("kind", &["type", "resource type"]),
    optional("team", &["group", "department"]),
    optional("capacity", &["max units", "max. units", "units", "quantity", "amount", "total"]),
    optional("calendar", &["base calendar", "calendar name"]),
    optional("rate", &["standard rate", "std. rate", "std rate", "cost", "price", "price per unit"]),
    optional("cost_per_use", &["cost/use", "use cost"]),
    optional("skills", &["skill"]),
    optional("max_hours_per_week", &["hours per week", "weekly hours"]),
];

const AVAILABILITY: &[Field] = &[
    required("resource", &["resource id", "id", "resource name"]),
    required("from", &["start", "available from", "begin"]),
    required("to", &["finish", "end", "available to", "until"]),
    required("units", &["capacity", "amount"]),
];

const MODES: &[Field] = &[
    required("task", &["task id", "id", "activity"]),
    required("mode", &["mode id", "option"]),
    required("duration", &["most likely"]),
    optional("resources", &["resource names", "resource"]),
    optional("cost", &["fixed cost", "extra cost"]),
];

const CALENDARS: &[Field] = &[
    required("calendar", &["calendar name", "name", "id"]),
    required("day", &["date", "days", "weekday"]),
    required("hours", &["working hours", "times", "shifts"]),
];

const BUDGETS: &[Field] = &[
    required("id", &["budget", "budget id", "name"]),
    optional("scope", &["type", "kind"]),
    optional("key", &["of", "target"]),
    optional("from", &["start", "begin"]),
    optional("to", &["finish", "end", "until"]),
    required("cap", &["limit", "amount", "budget amount", "maximum"]),
];

const DELIVERABLES: &[Field] = &[
    required("id", &["deliverable", "deliverable id", "product", "requirement", "requirement id"]),
    optional("name", &["deliverable name", "title", "description"]),
    optional("acceptance", &["acceptance criterion", "acceptance criteria", "criterion", "accepted if"]),
    optional("owner", &["responsible", "deliverable owner"]),
    optional("category", &["kind", "type"]),
    optional("due", &["due date", "deadline", "deliver by"]),
    optional("evidence", &["proof", "document", "report"]),
    optional("evidence_until", &["evidence valid until", "valid until", "expires"]),
];

const RISKS: &[Field] = &[
    required("id", &["risk", "risk id"]),
    optional("name", &["title", "description", "risk name"]),
    required("probability", &["likelihood", "chance", "pre mitigated probability"]),
    required("tasks", &["task", "affects", "affected tasks", "impacted tasks", "activities"]),
    optional("delay", &["schedule impact", "impact", "time impact", "duration impact"]),
    optional("cost", &["cost impact"]),
    optional("group", &["risk group"]),
    optional("owner", &["risk owner", "responsible"]),
    optional("category", &["kind", "type", "risk category", "risk type"]),
];

const MITIGATIONS: &[Field] = &[
    required("id", &["mitigation", "mitigation id", "response", "response id", "action id"]),
    required("risk", &["risk id", "mitigates", "for risk"]),
    required("cost", &["mitigation cost", "response cost", "price"]),
    optional("probability_after", &["residual probability", "post mitigated probability", "target probability"]),
    optional("delay_after", &["residual delay", "residual schedule impact", "post mitigated schedule"]),
    optional("cost_after", &["residual cost", "residual cost impact", "post mitigated cost"]),
];

const CORRELATIONS: &[Field] = &[
    required("a", &["first", "activity 1", "task 1", "key 1"]),
    required("b", &["second", "with", "activity 2", "task 2", "key 2"]),
    required("coefficient", &["correlation", "correlation coefficient", "rho", "r"]),
];

const GATES: &[Field] = &[
    required("id", &["gate", "gate id", "name"]),
    required("after", &["task", "predecessor", "after task", "milestone"]),
    optional("before", &["successors", "successor", "before tasks", "holds", "releases"]),
    optional("criterion", &["criteria", "exit criteria", "acceptance criteria", "condition"]),
    optional("pass_probability", &["probability", "success rate", "pass rate", "chance of success"]),
    optional("rework_task", &["rework activity", "redo"]),
    optional("rework_duration", &["rework", "rework time", "delay"]),
    optional("max_loops", &["loops", "maximum loops", "max iterations", "iterations"]),
];

const ISSUES: &[Field] = &[
    required("id", &["issue", "issue id", "key", "issue key"]),
    optional("opened", &["created", "date opened", "opened on", "raised", "date raised", "date"]),
    required("task", &["task id", "activity", "activity id", "affects", "affected task"]),
    optional("delay", &["schedule impact", "impact", "time impact"]),
    optional("cost", &["cost impact"]),
    optional("status", &["state", "issue status"]),
    optional("owner", &["assignee", "assigned to", "responsible", "issue owner"]),
    optional("resolution", &["action", "action taken", "decision"]),
    optional("resolved", &["resolved on", "date resolved", "closed", "closed on", "date closed"]),
];

const STAKEHOLDERS: &[Field] = &[
    required("id", &["stakeholder", "stakeholder id"]),
    optional("name", &["stakeholder name", "full name"]),
    optional("role", &["position", "job title", "title"]),
    optional("milestones", &["milestone", "tasks", "dates"]),
    optional("confidence", &["confidence level", "probability", "certainty"]),
    optional("interests", &["interest", "expectations", "needs", "requirements"]),
];

const PROGRESS: &[Field] = &[
    required("task", &["task id", "id", "activity", "activity id"]),
    optional("actual_start", &["started", "actual start date"]),
    optional("actual_finish", &["finished", "actual finish date"]),
    optional("percent_complete", &["% complete", "complete", "percent", "progress"]),
    optional("remaining_duration", &["remaining", "duration left"]),
    optional("resume", &["resume date", "resumes"]),
    optional("date", &["reported", "reported on", "report date", "as of", "status date"]),
];

const EXPENSES: &[Field] = &[
    required("date", &["paid on", "booked on", "booking date", "posting date", "invoice date"]),
    required("amount", &["cost", "value", "actual cost", "expense"]),
    optional("task", &["task id", "activity", "activity id"]),
    optional("account", &["cost account", "cost center", "cost centre"]),
    optional("kind", &["type", "state", "status"]),
    optional("note", &["text", "description", "purpose", "comment", "supplier"]),
];

const DATES: &[Field] = &[
    required("task", &["task id", "id", "activity", "activity id"]),
    optional("start", &["start date"]),
    optional("finish", &["finish date", "end"]),
    optional("early_start", &["early start date"]),
    optional("early_finish", &["early finish date"]),
    optional("late_start", &["late start date"]),
    optional("late_finish", &["late finish date"]),
    optional("total_float", &["total slack"]),
    optional("free_float", &["free slack"]),
];

const RULES: &[Field] = &[
    required("id", &["rule id", "no"]),
    required("rule", &["kind", "type"]),
    optional("people", &["who", "resources", "persons"]),
    optional("tasks", &["what", "work"]),
    optional("hours", &["limit"]),
    optional("days", &[]),
    optional("weeks", &["period", "reference period"]),
    optional("from", &["start", "begin"]),
    optional("to", &["end", "until"]),
    optional("certificate", &["skill", "role"]),
    optional("category", &["categories", "approval", "needs"]),
    optional("reference", &["clause", "source", "law"]),
];

const SCENARIOS: &[Field] = &[
    required("scenario", &["scenario name", "what if", "option name"]),
    optional("base", &["builds on", "based on", "base scenario"]),
    required("table", &["of table"]),
    required("id", &["row", "row id", "target"]),
    optional("field", &["column", "attribute"]),
    required("value", &["new value", "change", "set to"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_other_tools_find_their_field() {
        let name = |kind: TableKind, header| kind.find_field(header).map(|at| kind.fields()[at].name);
        assert_eq!(name(TableKind::Tasks, "Task Name"), Some("name"));
        assert_eq!(name(TableKind::Tasks, "ID"), Some("id"));
        assert_eq!(name(TableKind::Tasks, "most_likely"), Some("duration"));
        assert_eq!(name(TableKind::Tasks, "Constraint-Date"), Some("constraint_date"));
        assert_eq!(name(TableKind::Resources, "Max.  Units"), Some("capacity"));
        assert_eq!(name(TableKind::Tasks, "colour"), None);
    }

    #[test]
    fn no_header_means_two_fields_of_one_table() {
        for kind in TableKind::ALL {
            let mut seen = BTreeSet::new();
            for field in kind.fields() {
                assert!(seen.insert(field.name.replace('_', " ")), "{kind:?} {}", field.name);
                for synonym in field.synonyms {
                    assert!(seen.insert(synonym.to_string()), "{kind:?} {synonym}");
                }
            }
        }
    }
}
