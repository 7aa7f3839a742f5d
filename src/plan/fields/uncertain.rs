//! The columns of what may come differently, and of who wants to know.

use super::{Field, Holds, optional, required};

pub(super) const RISKS: &[Field] = &[
    required("id", &["risk", "risk id"], Holds::Id, "what the risk is called"),
    optional("name", &["title", "description", "risk name"], Holds::Text, "what may happen"),
    required(
        "probability",
        &["likelihood", "chance", "pre mitigated probability"],
        Holds::Probability,
        "how likely it is to happen",
    ),
    required(
        "tasks",
        &["task", "affects", "affected tasks", "impacted tasks", "activities"],
        Holds::Several("tasks"),
        "what it hits; summaries only by cost",
    ),
    optional(
        "delay",
        &["schedule impact", "impact", "time impact", "duration impact"],
        Holds::Delay,
        "by how much each of them takes longer then",
    )
    .empty("none"),
    optional("cost", &["cost impact"], Holds::Cost, "what is paid then, once").empty("none"),
    optional(
        "group",
        &["risk group"],
        Holds::Label("name, or exclusive:name"),
        "risks of one group share one draw; of `exclusive:NAME` at most one happens",
    )
    .empty("it happens by itself"),
    optional("owner", &["risk owner", "responsible"], Holds::Text, "who watches it"),
    optional("category", &["kind", "type", "risk category", "risk type"], Holds::Label("category"), "groups risks"),
];

pub(super) const MITIGATIONS: &[Field] = &[
    required(
        "id",
        &["mitigation", "mitigation id", "response", "response id", "action id"],
        Holds::Id,
        "what the mitigation is called",
    ),
    required("risk", &["risk id", "mitigates", "for risk"], Holds::One("risk"), "the risk that it makes smaller"),
    required("cost", &["mitigation cost", "response cost", "price"], Holds::Money, "what it costs, whatever happens"),
    optional(
        "probability_after",
        &["residual probability", "post mitigated probability", "target probability"],
        Holds::Probability,
        "how likely the risk is then",
    )
    .empty("as before"),
    optional(
        "delay_after",
        &["residual delay", "residual schedule impact", "post mitigated schedule"],
        Holds::Delay,
        "its delay then",
    )
    .empty("as before"),
    optional(
        "cost_after",
        &["residual cost", "residual cost impact", "post mitigated cost"],
        Holds::Cost,
        "its cost then",
    )
    .empty("as before"),
];

pub(super) const CORRELATIONS: &[Field] = &[
    required(
        "a",
        &["first", "activity 1", "task 1", "key 1"],
        Holds::One("task, category of tasks or group of risks"),
        "the one; `task:x`, `category:x`, `risk:x` where a word is several of them",
    ),
    required(
        "b",
        &["second", "with", "activity 2", "task 2", "key 2"],
        Holds::One("task, category of tasks or group of risks"),
        "the other; the same as `a` ties the tasks of a category to each other",
    ),
    required(
        "coefficient",
        &["correlation", "correlation coefficient", "rho", "r"],
        Holds::Coefficient,
        "how strongly the two are late together",
    ),
];

pub(super) const GATES: &[Field] = &[
    required("id", &["gate", "gate id", "name"], Holds::Id, "what the gate is called"),
    required(
        "after",
        &["task", "predecessor", "after task", "milestone"],
        Holds::One("task"),
        "the gate is tried when this is finished",
    ),
    optional(
        "before",
        &["successors", "successor", "before tasks", "holds", "releases"],
        Holds::Several("tasks"),
        "what waits until it is passed",
    )
    .empty("all successors of `after`"),
    optional(
        "criterion",
        &["criteria", "exit criteria", "acceptance criteria", "condition"],
        Holds::Text,
        "what is asked for",
    ),
    optional(
        "pass_probability",
        &["probability", "success rate", "pass rate", "chance of success"],
        Holds::Probability,
        "how likely a try passes; below 1 it needs rework",
    )
    .empty("it is always passed"),
    optional("rework_task", &["rework activity", "redo"], Holds::One("task"), "what is done again if it is not passed")
        .empty("none"),
    optional(
        "rework_duration",
        &["rework", "rework time", "delay"],
        Holds::Delay,
        "how long that takes, or the rework if no task is named",
    )
    .empty("that of `rework_task`"),
    optional(
        "max_loops",
        &["loops", "maximum loops", "max iterations", "iterations"],
        Holds::Whole,
        "how often the gate is tried again at most",
    )
    .empty("`1`"),
];

pub(super) const ISSUES: &[Field] = &[
    required("id", &["issue", "issue id", "key", "issue key"], Holds::Id, "what the issue is called"),
    optional(
        "opened",
        &["created", "date opened", "opened on", "raised", "date raised", "date"],
        Holds::Date,
        "when it came up",
    ),
    required(
        "task",
        &["task id", "activity", "activity id", "affects", "affected task"],
        Holds::One("task"),
        "what it hits; a summary only by cost",
    ),
    optional(
        "delay",
        &["schedule impact", "impact", "time impact"],
        Holds::Delay,
        "by how much the task takes longer, while the issue is open",
    )
    .empty("none"),
    optional("cost", &["cost impact"], Holds::Cost, "what it costs, while it is open").empty("none"),
    optional(
        "status",
        &["state", "issue status"],
        Holds::Word(&["open", "resolved"]),
        "an issue that is resolved has no effect any more",
    )
    .empty("open, or resolved if there is a date in `resolved`"),
    optional("owner", &["assignee", "assigned to", "responsible", "issue owner"], Holds::Text, "who deals with it"),
    optional("resolution", &["action", "action taken", "decision"], Holds::Text, "what was done about it"),
    optional(
        "resolved",
        &["resolved on", "date resolved", "closed", "closed on", "date closed"],
        Holds::Date,
        "when it was done",
    ),
];

pub(super) const STAKEHOLDERS: &[Field] = &[
    required("id", &["stakeholder", "stakeholder id"], Holds::Id, "what the stakeholder is called"),
    optional("name", &["stakeholder name", "full name"], Holds::Text, "the full name"),
    optional("role", &["position", "job title", "title"], Holds::Text, "what they are"),
    optional("milestones", &["milestone", "tasks", "dates"], Holds::Several("tasks"), "whose finish they are promised")
        .empty("the finish of the project"),
    optional(
        "confidence",
        &["confidence level", "probability", "certainty"],
        Holds::Probability,
        "how sure the promise has to be",
    )
    .empty("`80%`"),
    optional(
        "interests",
        &["interest", "expectations", "needs", "requirements"],
        Holds::Interests,
        "what else they want to know about",
    ),
];
