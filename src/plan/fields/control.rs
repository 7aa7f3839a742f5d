//! The columns of how it goes: progress, expenses, dates of other planners; of what work must comply with; of what could be
//! different.

use super::{Field, Holds, optional, required};

pub(super) const PROGRESS: &[Field] = &[
    required("task", &["task id", "id", "activity", "activity id"], Holds::One("task"), "the task that has begun"),
    optional(
        "actual_start",
        &["started", "actual start date"],
        Holds::Date,
        "when it began; needed once work has been done",
    ),
    optional("actual_finish", &["finished", "actual finish date"], Holds::Date, "when it was finished")
        .empty("it is still under way"),
    optional(
        "percent_complete",
        &["% complete", "complete", "percent", "progress"],
        Holds::Percent,
        "how much of it is done",
    )
    .empty("what the remaining duration leaves; 100 once it is finished"),
    optional(
        "remaining_duration",
        &["remaining", "duration left"],
        Holds::Duration,
        "how much work is left; comes before the percentage",
    )
    .empty("what the percentage leaves"),
    optional("resume", &["resume date", "resumes"], Holds::Date, "when suspended work goes on at the earliest"),
    optional(
        "date",
        &["reported", "reported on", "report date", "as of", "status date"],
        Holds::Date,
        "when the row was so; rows of earlier dates may stay",
    )
    .empty("the status date of the project"),
];

pub(super) const EXPENSES: &[Field] = &[
    required(
        "date",
        &["paid on", "booked on", "booking date", "posting date", "invoice date"],
        Holds::Date,
        "when it was paid, or ordered",
    ),
    required("amount", &["cost", "value", "actual cost", "expense"], Holds::Money, "how much; below zero: a refund"),
    optional("task", &["task id", "activity", "activity id"], Holds::One("task"), "what it was paid for"),
    optional(
        "account",
        &["cost account", "cost center", "cost centre"],
        Holds::Label("account"),
        "what it is booked on",
    )
    .empty("the account of the task"),
    optional(
        "kind",
        &["type", "state", "status"],
        Holds::Word(&["spent", "committed"]),
        "what has been paid, or what is ordered and still owed",
    )
    .empty("`spent`"),
    optional("note", &["text", "description", "purpose", "comment", "supplier"], Holds::Text, "what for"),
];

pub(super) const DATES: &[Field] = &[
    required(
        "task",
        &["task id", "id", "activity", "activity id"],
        Holds::One("task"),
        "whose dates these are; tasks that the plan does not have are passed over with a warning",
    ),
    optional("start", &["start date"], Holds::Date, "the start that the other planner shows"),
    optional("finish", &["finish date", "end"], Holds::Date, "the finish that it shows"),
    optional("early_start", &["early start date"], Holds::Date, "the earliest start by logic"),
    optional("early_finish", &["early finish date"], Holds::Date, "the earliest finish by logic"),
    optional("late_start", &["late start date"], Holds::Date, "the latest start that delays nothing"),
    optional("late_finish", &["late finish date"], Holds::Date, "the latest finish that delays nothing"),
    optional("total_float", &["total slack"], Holds::Duration, "how late the task may be without delaying the project"),
    optional("free_float", &["free slack"], Holds::Duration, "how late it may be without delaying any other task"),
];

/// A kind of rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleWord {
    /// What the column `rule` says.
    pub name: &'static str,
    /// The columns that it needs beside its id.
    pub needs: &'static [&'static str],
    /// What it asks for.
    pub about: &'static str,
}

const fn rule(name: &'static str, needs: &'static [&'static str], about: &'static str) -> RuleWord {
    RuleWord { name, needs, about }
}

/// The kinds of rules.
pub const RULE_WORDS: [RuleWord; 15] = [
    rule("max_hours_per_day", &["people", "hours"], "no more work than that on a day"),
    rule("max_hours_per_week", &["people", "hours"], "no more work than that in a week from Monday"),
    rule("average_hours_per_week", &["people", "hours", "weeks"], "no more a week on the average of any so many weeks"),
    rule("daily_rest", &["people", "hours"], "so long without work in any 24 hours"),
    rule("weekly_rest", &["people", "hours"], "so long without work in every week"),
    rule("max_consecutive_days", &["people", "days"], "no more days of work on end"),
    rule("separation_of_duties", &["tasks"], "nobody works on two of them"),
    rule("same_person", &["tasks"], "the same people work on all of them"),
    rule(
        "approval",
        &["tasks", "category"],
        "each is followed by a task of that category, done by others (who hold the certificate, if one is named), before \
         anything else that waits for it begins",
    ),
    rule("certificate", &["tasks", "certificate"], "all who work on them hold it until they are done"),
    rule("freeze", &["tasks", "from", "to"], "no work on them in that time"),
    rule("mandatory_tasks", &["tasks", "category"], "every deliverable of these tasks has a task of each category"),
    rule("retention", &["tasks", "days"], "when what proves the work may be thrown away"),
    rule("preferred_people", &["tasks", "people"], "a wish: who works on them is among these people"),
    rule(
        "continuity",
        &["tasks"],
        "a wish: where one of them follows another, somebody who works on the first works on both",
    ),
];

const RULE_NAMES: [&str; RULE_WORDS.len()] = {
    let mut names = [""; RULE_WORDS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = RULE_WORDS[at].name;
        at += 1;
    }
    names
};

pub(super) const RULES: &[Field] = &[
    required("id", &["rule id", "no"], Holds::Id, "what the rule is called"),
    required(
        "rule",
        &["kind", "type"],
        Holds::Word(&RULE_NAMES),
        "what it asks for; which columns it needs depends on it",
    ),
    optional(
        "people",
        &["who", "resources", "persons"],
        Holds::Several("people: ids, team:NAME, skill:NAME, all"),
        "whom it protects or binds",
    ),
    optional(
        "tasks",
        &["what", "work"],
        Holds::Several("tasks: ids, wbs:ID, category:NAME, all"),
        "which work it is about; of a summary all below it",
    ),
    optional("hours", &["limit"], Holds::Number, "hours of work or of rest"),
    optional("days", &[], Holds::Whole, "days of work on end, or days to keep records"),
    optional("weeks", &["period", "reference period"], Holds::Whole, "the weeks over which an average is taken"),
    optional("from", &["start", "begin"], Holds::Date, "the first day of a freeze"),
    optional("to", &["end", "until"], Holds::Date, "its last day, which still counts"),
    optional(
        "certificate",
        &["skill", "role"],
        Holds::One("skill"),
        "what all who do the work hold until it is done; of an approval, those who approve",
    ),
    optional(
        "category",
        &["categories", "approval", "needs"],
        Holds::Several("categories of tasks"),
        "the category of tasks that approve, or that every deliverable must have",
    ),
    optional("reference", &["clause", "source", "law"], Holds::Text, "where that is written"),
];

pub(super) const SCENARIOS: &[Field] = &[
    required(
        "scenario",
        &["scenario name", "what if", "option name"],
        Holds::Label("name of the scenario"),
        "which scenario the row belongs to; all its rows are one",
    ),
    optional(
        "base",
        &["builds on", "based on", "base scenario"],
        Holds::One("scenario"),
        "the scenario that it builds on",
    )
    .empty("the plan as it is"),
    required("table", &["of table"], Holds::One("table: task, resource, budget, ..."), "where something is different"),
    required(
        "id",
        &["row", "row id", "target"],
        Holds::Several("rows"),
        "which row: its id (`task/mode`, `resource/from` where two columns tell rows apart), a pattern with `*` and `?`, \
         `wbs:SUMMARY`, `category:NAME`",
    ),
    optional("field", &["column", "attribute"], Holds::One("column of that table"), "which column")
        .empty("the whole row is deleted or added"),
    required("value", &["new value", "change", "set to"], Holds::Change, "what becomes of it"),
];
