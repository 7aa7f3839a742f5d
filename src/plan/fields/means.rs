//! The columns of what it is done with: people, machines and materials, their time, and money.

use super::{Field, Holds, optional, required};

pub(super) const RESOURCES: &[Field] = &[
    required(
        "id",
        &["resource id", "resource", "unique id", "initials"],
        Holds::Id,
        "what the column `resources` of tasks.csv calls it",
    ),
    optional("name", &["resource name", "full name"], Holds::Text, "the full name; tasks may use it, too"),
    optional(
        "kind",
        &["type", "resource type"],
        Holds::Word(&["work", "material"]),
        "a person or machine, which is free again afterwards, or a material, which is used up",
    )
    .empty("`work`"),
    optional("team", &["group", "department"], Holds::Label("team"), "asked for as `team:NAME`"),
    optional(
        "capacity",
        &["max units", "max. units", "units", "quantity", "amount", "total"],
        Holds::Number,
        "how many there are; of a material, how much in all",
    )
    .empty("1; of a material, plenty"),
    optional("calendar", &["base calendar", "calendar name"], Holds::One("calendar"), "when it works")
        .empty("the project's calendar"),
    optional(
        "rate",
        &["standard rate", "std. rate", "std rate", "cost", "price", "price per unit"],
        Holds::Rate,
        "what its work costs; of a material, what a unit costs",
    )
    .empty("`0`"),
    optional("cost_per_use", &["cost/use", "use cost"], Holds::Money, "what each task that uses it pays at its start")
        .empty("`0`"),
    optional("skills", &["skill"], Holds::Skills, "what it can do; asked for as `skill:NAME`").empty("none"),
    optional(
        "max_hours_per_week",
        &["hours per week", "weekly hours"],
        Holds::Number,
        "what all its units together may work in a week from Monday: three people of forty hours have 120",
    )
    .empty("no limit"),
];

pub(super) const AVAILABILITY: &[Field] = &[
    required("resource", &["resource id", "id", "resource name"], Holds::One("resource"), "the person or machine"),
    required("from", &["start", "available from", "begin"], Holds::Date, "the first day"),
    required("to", &["finish", "end", "available to", "until"], Holds::Date, "the last day, which still counts"),
    required(
        "units",
        &["capacity", "amount"],
        Holds::Number,
        "how many there are in that time, in place of the capacity; 0: tasks pause and go on afterwards",
    ),
];

pub(super) const CALENDARS: &[Field] = &[
    required(
        "calendar",
        &["calendar name", "name", "id"],
        Holds::Label("name of the calendar"),
        "which calendar the row belongs to; `standard` (Monday to Friday, 08:00-12:00 and 13:00-17:00) and `24h` are built in",
    ),
    required("day", &["date", "days", "weekday"], Holds::Days, "which days; dates come before weekdays"),
    required("hours", &["working hours", "times", "shifts"], Holds::Hours, "when there is work on them"),
];

pub(super) const BUDGETS: &[Field] = &[
    required("id", &["budget", "budget id", "name"], Holds::Id, "what the budget is called"),
    optional(
        "scope",
        &["type", "kind"],
        Holds::Word(&["all", "task", "wbs", "account", "resource"]),
        "whose cost it caps: of the whole project, a task, the tasks below a summary, an account, a resource",
    )
    .empty("`all`"),
    optional(
        "key",
        &["of", "target"],
        Holds::One("task, summary, account or resource"),
        "which one of these; empty for the scope `all`",
    ),
    optional("from", &["start", "begin"], Holds::Date, "the first day on which spending counts").empty("the beginning"),
    optional("to", &["finish", "end", "until"], Holds::Date, "the last day").empty("the end"),
    required(
        "cap",
        &["limit", "amount", "budget amount", "maximum"],
        Holds::Money,
        "what is spent at most: work waits, or is done in a cheaper mode, or there is no schedule",
    ),
];
