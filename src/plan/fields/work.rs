//! The columns of what is to be done: the project, its tasks, what ties them together, and what comes of them.

use super::{Field, Holds, optional, required};

pub(super) const PROJECT: &[Field] = &[
    required(
        "key",
        &["property", "field", "setting"],
        Holds::One("key of project.csv"),
        "which setting the row is about",
    ),
    required("value", &["setting value"], Holds::Setting, "what it is set to"),
];

/// What project.csv can say, a row each.
pub const SETTINGS: &[Field] = &[
    optional("name", &[], Holds::Text, "what the project is called").empty("the name of the folder or file"),
    optional("start", &[], Holds::Date, "no task starts earlier").empty("2026-01-05, and a note says so"),
    optional("deadline", &[], Holds::Date, "by when all is to be finished: a wish, with a warning if it is missed"),
    optional("status_date", &[], Holds::Date, "what is left of the work is scheduled from then on (see progress.csv)"),
    optional(
        "calendar",
        &[],
        Holds::One("calendar"),
        "the working time of tasks without people or a calendar of their own",
    )
    .empty("`standard`"),
    optional("hours_per_day", &[], Holds::Number, "hours of work in one `d`")
        .empty("those of the calendar's usual day"),
    optional("days_per_week", &[], Holds::Number, "days of work in one `w`").empty("`5`"),
    optional("days_per_month", &[], Holds::Number, "days of work in one `mo`").empty("`20`"),
    optional("currency", &[], Holds::Text, "what stands behind amounts of money"),
    optional("overhead_per_day", &[], Holds::Money, "what a working day of the project costs, whoever works")
        .empty("`0`"),
    optional("delay_penalty_per_day", &[], Holds::Money, "what a working day after the deadline costs").empty("`0`"),
    optional("early_bonus_per_day", &[], Holds::Money, "what a working day before the deadline brings").empty("`0`"),
    optional("discount_rate", &[], Holds::Percent, "what waiting for money costs, in percent a year").empty("`0%`"),
    optional("time_unit", &[], Holds::Word(&["minute", "hour", "day", "week", "period"]), TIME_UNIT).empty("`day`"),
    optional("progress_logic", &[], Holds::Word(&["retained", "override", "actual"]), PROGRESS_LOGIC)
        .empty("`retained`"),
    optional(
        "lag_from_actual_start",
        &[],
        Holds::YesNo,
        "lags from the start of work that has begun count from its actual start, wherever the rest of it stands",
    )
    .empty("`no`"),
    optional("float_rule", &[], Holds::Word(&["smallest", "start", "finish"]), "which float is the total float")
        .empty("`smallest`"),
    optional("critical_float", &[], Holds::Duration, "tasks with no more total float than this are critical")
        .empty("`0`"),
    optional(
        "late_from_deadline",
        &[],
        Holds::YesNo,
        "late dates count from the deadline even where that is later than the finish",
    )
    .empty("`no`"),
    optional(
        "late_by_project",
        &[],
        Holds::YesNo,
        "late dates of each project (summary at the top) count from its own finish",
    )
    .empty("`no`"),
    optional("open_ends_critical", &[], Holds::YesNo, "a task without successors may not finish later than it does")
        .empty("`no`"),
    optional(
        "honor_constraints",
        &[],
        Holds::YesNo,
        "`SNLT` and `FNLT` keep tasks at them against links, as in Microsoft Project",
    )
    .empty("`no`"),
    optional("use_expected_finish", &[], Holds::YesNo, "work that is not finished lasts until its `expected_finish`")
        .empty("`no`"),
];

const TIME_UNIT: &str = "what bare numbers count and results are told in; `period` for numbered periods without dates";
const PROGRESS_LOGIC: &str = "what started work waits for: its predecessors (retained), nothing (override), or its \
     predecessors while its successors wait for its actual finish alone (actual)";

pub(super) const TASKS: &[Field] = &[
    required(
        "id",
        &["task id", "unique id", "activity id", "task", "no", "nr", "key", "issue key"],
        Holds::Id,
        "what links and other tables call the task",
    ),
    optional("name", &["task name", "activity name", "title", "summary", "description"], Holds::Text, "what is to be done"),
    optional(
        "parent",
        &["parent id", "parent task", "summary task", "wbs parent"],
        Holds::One("task"),
        "the summary that the task belongs to; a task that others name here is a summary and not worked on itself",
    )
    .empty("the task stands at the top"),
    required(
        "duration",
        &["most likely", "original duration", "remaining duration", "likely", "dur"],
        Holds::Duration,
        "how long the work takes; empty for summaries and where modes.csv says it",
    ),
    optional(
        "optimistic",
        &["optimistic duration", "best case", "minimum", "min"],
        Holds::Duration,
        "the duration if all goes well; with duration and pessimistic three points of a PERT-beta, for `risk`",
    ),
    optional(
        "pessimistic",
        &["pessimistic duration", "worst case", "maximum", "max"],
        Holds::Duration,
        "the duration if little goes well",
    ),
    optional(
        "distribution",
        &["duration distribution"],
        Holds::Estimate,
        "how the duration varies, for `risk`, in place of optimistic and pessimistic",
    )
    .empty("three points if they are given, otherwise the duration is certain"),
    optional(
        "predecessors",
        &["predecessor", "depends on", "dependencies", "unique id predecessors", "after"],
        Holds::Links,
        "what the task waits for; the same as rows of dependencies.csv",
    )
    .empty("it may start with the project"),
    optional(
        "resources",
        &["resource names", "resource", "assigned to", "assignee", "assignees"],
        Holds::Demands,
        "who and what works on the task, all at the same time",
    )
    .empty("nobody in particular"),
    optional("calendar", &["task calendar", "calendar name"], Holds::One("calendar"), "when the task can be worked on")
        .empty("when all its people and machines can; without them the project's calendar"),
    optional(
        "constraint",
        &["constraint type"],
        Holds::Word(&["ASAP", "ALAP", "SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO"]),
        "start or finish no earlier or later than (SNET, FNET, SNLT, FNLT), must start or finish on (MSO, MFO), as soon or as \
         late as possible (ASAP, ALAP)",
    )
    .empty("`ASAP`"),
    optional(
        "constraint_date",
        &["start no earlier than", "not before", "earliest start"],
        Holds::Date,
        "the date of the constraint; alone it is a SNET",
    ),
    optional("deadline", &["due", "due date", "finish by"], Holds::Date, "by when it should be finished: a wish"),
    optional("priority", &[], Holds::Whole, "0 to 1000: who comes first where people are short, and how much lateness hurts")
        .empty("`500`"),
    optional("fixed_cost", &["cost", "fixed costs"], Holds::Money, "what it costs beside the hours of people").empty("`0`"),
    optional(
        "cost_distribution",
        &["fixed cost distribution", "cost range"],
        Holds::CostEstimate,
        "how the fixed cost varies, for `risk`",
    )
    .empty("it is certain"),
    optional(
        "payment",
        &["payments", "income", "revenue", "cash in", "milestone payment", "payment amount"],
        Holds::Money,
        "money received when the task finishes; below zero: paid",
    )
    .empty("`0`"),
    optional(
        "account",
        &["cost account", "cost center", "cost centre"],
        Holds::Label("account"),
        "what its cost is booked on; budgets can cap it",
    ),
    optional(
        "category",
        &["kind"],
        Holds::Label("category"),
        "groups tasks for correlations, rules and scenarios; those with `test` in it are tests of their deliverable",
    ),
    optional("deliverable", &[], Holds::One("deliverable"), "what the task makes")
        .empty("that of the nearest summary above it"),
    optional(
        "pause",
        &["pauses", "splittable"],
        Holds::Word(&["breaks", "never"]),
        "whether it stops for nights and holidays, or must run through in one working stretch",
    )
    .empty("`breaks`"),
    optional(
        "type",
        &["activity type", "task type"],
        Holds::Word(&["task", "start milestone", "finish milestone", "level of effort"]),
        "a level of effort lasts from the first to the last of the tasks that it is linked to, and moves nothing itself",
    )
    .empty("`task`"),
    optional(
        "resource_calendars",
        &["uses resource calendars"],
        Holds::YesNo,
        "`no`: it works whenever its own calendar does, whatever those of its people say",
    )
    .empty("`yes`"),
    optional(
        "manual",
        &["manually scheduled"],
        Holds::YesNo,
        "`yes`: it stands at its must date (MSO, MFO), and links do not move it",
    )
    .empty("`no`"),
    optional(
        "second_constraint",
        &["secondary constraint", "constraint 2"],
        Holds::Word(&["SNET", "SNLT", "FNET", "FNLT"]),
        "a further constraint",
    ),
    optional(
        "second_constraint_date",
        &["secondary constraint date", "constraint 2 date"],
        Holds::Date,
        "the date of the further constraint",
    ),
    optional(
        "expected_finish",
        &["expected finish date"],
        Holds::Date,
        "when unfinished work is expected to end, if the project has `use_expected_finish`",
    ),
    optional(
        "ev_method",
        &["earned value method", "earning rule", "ev technique"],
        Holds::Earning,
        "how the task earns its value as it gets done, for `track`",
    )
    .empty("`percent`"),
];

pub(super) const DEPENDENCIES: &[Field] = &[
    required("predecessor", &["from", "predecessor id", "pred"], Holds::One("task"), "what is waited for"),
    required("successor", &["to", "successor id", "succ", "task"], Holds::One("task"), "what waits"),
    optional(
        "type",
        &["link type", "kind", "relationship type"],
        Holds::Word(&["FS", "SS", "FF", "SF"]),
        "from finish (F) or start (S) of the predecessor to start or finish of the successor",
    )
    .empty("`FS`"),
    optional(
        "lag",
        &["lead/lag", "min lag", "delay"],
        Holds::Lag,
        "at least so long between the two; negative: an overlap",
    )
    .empty("`0`"),
    optional("max_lag", &["maximum lag", "maximal lag"], Holds::Lag, "at most so long between the two")
        .empty("no limit"),
    optional(
        "lag_calendar",
        &["calendar"],
        Holds::One("calendar"),
        "the working time that lags count: `successor`, `predecessor`, `project`, `24h` or the name of a calendar",
    )
    .empty("`successor`"),
];

pub(super) const MODES: &[Field] = &[
    required("task", &["task id", "id", "activity"], Holds::One("task"), "the task that can be done in this way"),
    required(
        "mode",
        &["mode id", "option"],
        Holds::Label("name of the mode"),
        "what the way is called; `1` replaces that of tasks.csv",
    ),
    required("duration", &["most likely"], Holds::Duration, "how long it takes in this way"),
    optional("resources", &["resource names", "resource"], Holds::Demands, "who and what it needs in this way")
        .empty("as in tasks.csv"),
    optional("cost", &["fixed cost", "extra cost"], Holds::Money, "what this way costs beside the task's fixed cost")
        .empty("`0`"),
];

pub(super) const DELIVERABLES: &[Field] = &[
    required(
        "id",
        &["deliverable", "deliverable id", "product", "requirement", "requirement id"],
        Holds::Id,
        "what the column `deliverable` of tasks.csv calls it",
    ),
    optional("name", &["deliverable name", "title", "description"], Holds::Text, "what is delivered"),
    optional(
        "acceptance",
        &["acceptance criterion", "acceptance criteria", "criterion", "accepted if"],
        Holds::Text,
        "when it counts as done",
    ),
    optional("owner", &["responsible", "deliverable owner"], Holds::Text, "who answers for it"),
    optional("category", &["kind", "type"], Holds::Label("category"), "groups deliverables"),
    optional("due", &["due date", "deadline", "deliver by"], Holds::Date, "when it has to be there"),
    optional("evidence", &["proof", "document", "report"], Holds::Text, "the document that proves it"),
    optional(
        "evidence_until",
        &["evidence valid until", "valid until", "expires"],
        Holds::Date,
        "the last day on which the evidence holds",
    ),
];
