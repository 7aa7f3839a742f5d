//! The rules of risks, mitigations, correlations, gates, issues and stakeholders, and what of them the plan keeps.

use super::*;
use crate::plan::{
    Concern, Correlation, CorrelationKey, Delay, GateId, IssueId, MitigationId, RiskGroup, RiskId, StakeholderId,
    ThreePoint,
};

/// Four tasks in a row, of which `build` and `fix` are below the summary `works`.
pub(super) fn whole() -> Table {
    tasks(&[
        "id|duration|predecessors|parent|category",
        "design|3d|||desk",
        "works||||phase",
        "build|4d|design|works|site",
        "fix|1d|build|works|site",
        "ship|0|fix||",
    ])
}

fn with(kind: TableKind, lines: &[&str]) -> Vec<Table> {
    vec![whole(), table(kind, lines)]
}

/// Checks the findings of one row of a table each.
fn assert_rows(kind: TableKind, headers: &str, before: &[Table], cases: &[(&str, &[&str])]) {
    for (row, expected) in cases {
        let mut tables = vec![whole(), table(kind, &[headers, row])];
        tables.extend_from_slice(before);
        let prefixed: Vec<String> = expected
            .iter()
            .map(|finding| {
                let (rule, column) = finding.rsplit_once(' ').expect("rule and column");
                format!("{rule} {}:2 [{column}]", kind.file_name())
            })
            .collect();
        assert_findings(tables, &prefixed.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// A risk in a group, and two that exclude each other.
pub(super) fn risks() -> Table {
    table(
        TableKind::Risks,
        &[
            "id|name|probability|tasks|delay|cost|group|owner|category",
            "r1|Late steel|30%|build;fix|pert(1d,2d,5d)|500|vendor|ana|supply",
            "r2||0.2|build|2ed|uniform(10,20.50)|exclusive: weather||",
            "r3|Storm|0.8|works||100|XOR:weather||",
        ],
    )
}

#[test]
fn the_plan_keeps_risks_and_their_mitigations() {
    let mitigations = table(
        TableKind::Mitigations,
        &[
            "id|risk|cost|probability_after|delay_after|cost_after",
            "m1|r1|400|10%||",
            "m2|r2|0||triangular(0,1eh,2eh)|5",
        ],
    );
    let plan = plan(vec![whole(), risks(), mitigations]);
    let task = |id: &str| plan.find_task(id).expect("a task");
    let [first, second, third] = [0, 1, 2].map(|at| &plan.risks()[RiskId::new(at)]);
    assert_eq!((&*first.id, first.title(), &*first.owner, first.row), ("r1", "Late steel", "ana", 2));
    assert_eq!((first.probability, &first.tasks), (0.3, &vec![task("build"), task("fix")]));
    let points = ThreePoint { optimistic: 480.0, most_likely: 960.0, pessimistic: 2400.0 };
    let delay = Delay { is_elapsed: false, minutes: Distribution::Pert(points) };
    assert_eq!((first.delay.clone(), first.cost.clone()), (Some(delay), Some(Distribution::Fixed(50_000.0))));
    assert_eq!(first.category.map(|label| plan.label(label)), Some("supply"));
    let Some(RiskGroup::Together(vendor)) = first.group else { panic!("{:?}", first.group) };
    assert_eq!(plan.label(vendor), "vendor");
    assert_eq!(second.delay, Some(Delay { is_elapsed: true, minutes: Distribution::Fixed(2880.0) }));
    assert_eq!((second.cost.clone(), second.title()), (Some(Distribution::Uniform(1000.0, 2050.0)), "r2"));
    assert!(matches!(second.group, Some(RiskGroup::Exclusive(label)) if plan.label(label) == "weather"));
    assert_eq!(second.group, third.group, "probabilities of 1 in all are no more than 1");
    assert_eq!((third.delay.clone(), &third.tasks), (None, &vec![task("works")]));
    let [first, second] = [0, 1].map(|at| &plan.mitigations()[MitigationId::new(at)]);
    assert_eq!((first.risk, first.cost, first.probability_after), (RiskId::new(0), Money(40_000), Some(0.1)));
    assert_eq!((&first.delay_after, &first.cost_after, first.row), (&None, &None, 2));
    let points = ThreePoint { optimistic: 0.0, most_likely: 60.0, pessimistic: 120.0 };
    let delay = Delay { is_elapsed: true, minutes: Distribution::Triangular(points) };
    assert_eq!((&second.delay_after, &second.cost_after), (&Some(delay), &Some(Distribution::Fixed(500.0))));
}

#[test]
fn the_plan_keeps_correlations_of_tasks_categories_and_groups_of_risks() {
    let lines = [
        "a|b|coefficient",
        "design|site|0.5",
        "site|site|0",
        "vendor|category: desk|-20%",
        "task:build|risk:weather|-1",
    ];
    let plan = plan(vec![whole(), risks(), table(TableKind::Correlations, &lines)]);
    let task = |id: &str| CorrelationKey::Task(plan.find_task(id).expect("a task"));
    let label = |word: &str| plan.labels.ids().find(|&label| plan.label(label) == word).expect("a label");
    let site = CorrelationKey::Category(label("site"));
    let expected = [
        Correlation { a: task("design"), b: site, coefficient: 0.5, row: 2 },
        Correlation { a: site, b: site, coefficient: 0.0, row: 3 },
        Correlation {
            a: CorrelationKey::RiskGroup(label("vendor")),
            b: CorrelationKey::Category(label("desk")),
            coefficient: -0.2,
            row: 4,
        },
        Correlation { a: task("build"), b: CorrelationKey::RiskGroup(label("weather")), coefficient: -1.0, row: 5 },
    ];
    assert_eq!(plan.correlations(), expected);
}

#[test]
fn the_plan_keeps_gates_and_what_waits_for_them_gets_a_link() {
    let gates = [
        "id|after|before|criterion|pass_probability|rework_task|rework_duration|max_loops",
        "g1|build|fix, ship|No leaks|80%|fix||3",
        "g2|design|||0.5||uniform(1d,2d)|",
        "g3|design||Signed|||",
    ];
    let plan = plan(with(TableKind::Gates, &gates));
    let task = |id: &str| plan.find_task(id).expect("a task");
    let [first, second, third] = [0, 1, 2].map(|at| &plan.gates()[GateId::new(at)]);
    assert_eq!((&*first.id, first.after, &*first.criterion, first.row), ("g1", task("build"), "No leaks", 2));
    assert_eq!(first.before, [task("fix"), task("ship")]);
    assert_eq!((first.pass_probability, first.rework_task, first.max_loops), (0.8, Some(task("fix")), 3));
    assert_eq!(first.rework, None);
    let rework = Delay { is_elapsed: false, minutes: Distribution::Uniform(480.0, 960.0) };
    assert_eq!((&second.rework, second.rework_task, second.max_loops), (&Some(rework), None, 1));
    assert_eq!((third.pass_probability, &third.rework), (1.0, &None));
    let joins = |from: &str, to: &str| {
        let (from, to) = (task(from), task(to));
        plan.links().iter().filter(|link| link.predecessor == from && link.successor == to).count()
    };
    assert_eq!((joins("build", "ship"), joins("build", "fix"), plan.links().len()), (1, 1, 4));
}

#[test]
fn a_lead_is_no_waiting_for_a_gate() {
    let lead = tasks(&["id|duration|predecessors", "a|5d|", "b|5d|a FS-2d", "c|1d|a FS+2d"]);
    let plan = plan(vec![lead, table(TableKind::Gates, &["id|after|before", "g|a|b;c"])]);
    let last = plan.links()[LinkId::new(2)];
    assert_eq!((plan.links().len(), last.kind, last.lag), (3, LinkKind::FinishToStart, Lag::NONE));
    assert_eq!(&*plan.tasks()[last.successor].id, "b");
}

#[test]
fn the_plan_keeps_issues_and_stakeholders() {
    let issues = [
        "id|opened|task|delay|cost|status|owner|resolution",
        "i1|2026-03-04|build|3d|250|Closed|ben|Replaced",
        "i2|NA|works||normal(100,20)||",
    ];
    let stakeholders =
        ["id|name|role|milestones|confidence|interests", "s1|Client|Sponsor|ship;build|95%|Cost of it", "s2|||||"];
    let plan = plan(vec![whole(), table(TableKind::Issues, &issues), table(TableKind::Stakeholders, &stakeholders)]);
    let task = |id: &str| plan.find_task(id).expect("a task");
    let [first, second] = [0, 1].map(|at| &plan.issues()[IssueId::new(at)]);
    assert_eq!((&*first.id, first.opened), ("i1", Some(Moment::midnight(date(2026, 3, 4)))));
    assert_eq!((first.task, first.is_resolved, first.row), (task("build"), true, 2));
    assert_eq!(first.delay, Some(Delay { is_elapsed: false, minutes: Distribution::Fixed(1440.0) }));
    assert_eq!((&*first.owner, &*first.resolution), ("ben", "Replaced"));
    assert_eq!((second.opened, second.is_resolved, second.task), (None, false, task("works")));
    assert_eq!(second.cost, Some(Distribution::Normal(10_000.0, 2_000.0)));
    let [first, second] = [0, 1].map(|at| &plan.stakeholders()[StakeholderId::new(at)]);
    assert!(first.concerns.is_empty() && second.concerns.is_empty());
    assert_eq!((first.title(), &*first.role, &*first.interests), ("Client", "Sponsor", "Cost of it"));
    assert_eq!((&first.milestones, first.confidence), (&vec![task("ship"), task("build")], 0.95));
    assert_eq!((second.title(), second.milestones.len(), second.confidence), ("s2", 0, 0.8));
}

#[test]
fn interests_name_whatever_of_the_plan_somebody_cares_about() {
    let interests =
        "ship; task:works;WBS: works;category:site;deliverable:hut;budget:b;risk:r1;resource:ana;no noise at night";
    let tables = || {
        vec![
            tasks(&[
                "id|duration|parent|category|resources|deliverable",
                "works|||phase||",
                "build|3d|works|site|ana|hut",
                "fix|1d|works|site||",
                "ship|0||||",
            ]),
            table(TableKind::Budgets, &["id|cap", "b|5000"]),
            table(TableKind::Risks, &["id|probability|tasks|delay", "r1|10%|build|1d"]),
            table(TableKind::Stakeholders, &["id|interests", &format!("s|{interests}")]),
        ]
    };
    let plan = plan(tables());
    let task = |id: &str| plan.find_task(id).expect("a task");
    let site = plan.tasks()[task("fix")].category.expect("a category");
    let expected = [
        Concern::Task(task("ship")),
        Concern::Task(task("works")),
        Concern::Wbs(task("works")),
        Concern::Category(site),
        Concern::Deliverable("hut".into()),
        Concern::Budget(BudgetId::new(0)),
        Concern::Risk(RiskId::new(0)),
        Concern::Resource(ResourceId::new(0)),
    ];
    assert_eq!(plan.stakeholders()[StakeholderId::new(0)].concerns, expected);
    // Each with another name that is not there.
    let wrong = "task:shop;wbs:build;wbs:worms;category:sites;deliverable:hat;budget:c;risk:r2;resource:anna;shipp;risc:r1;ship;task:ship";
    let mut tables = tables();
    tables[3] = table(TableKind::Stakeholders, &["id|interests", &format!("s|{wrong}")]);
    assert_findings(
        tables.clone(),
        &[
            "error unknown-budget stakeholders.csv:2 [interests]",
            "error unknown-category stakeholders.csv:2 [interests]",
            "error unknown-deliverable stakeholders.csv:2 [interests]",
            "error unknown-resource stakeholders.csv:2 [interests]",
            "error unknown-risk stakeholders.csv:2 [interests]",
            "error unknown-task stakeholders.csv:2 [interests]",
            "error unknown-task stakeholders.csv:2 [interests]",
            "error wrong-scope stakeholders.csv:2 [interests]",
            "warning named-twice stakeholders.csv:2 [interests]",
            "warning unknown-interest stakeholders.csv:2 [interests]",
            "warning unknown-interest stakeholders.csv:2 [interests]",
        ],
    );
    let draft = draft(tables);
    assert_eq!(
        message(&draft, "unknown-category"),
        "category `sites`: no task is of this category; did you mean `site`?"
    );
    assert_eq!(message(&draft, "unknown-deliverable"), "deliverable `hat`: no such deliverable; did you mean `hut`?");
    assert_eq!(message(&draft, "unknown-budget"), "budget `c`: no such budget; there is only `b`");
    let doubt = "interest `shipp` names nothing of the plan, so that no dates can be told; did you mean `ship`?";
    let doubts = validate(&draft).expect_err("errors").findings().expect("carried").clone();
    let doubts: Vec<String> = doubts
        .iter()
        .filter(|finding| finding.rule == "unknown-interest")
        .map(|finding| format!("{}; {}", finding.text, finding.hint.as_deref().unwrap_or_default()))
        .collect();
    assert!(doubts.contains(&doubt.to_owned()), "{doubts:?}");
    assert!(doubts.iter().any(|doubt| doubt.ends_with("did you mean `risk:r1`?")), "{doubts:?}");
}

#[test]
fn a_plan_without_these_tables_has_none_of_them() {
    let plan = plan(vec![whole()]);
    assert!(plan.risks().is_empty() && plan.mitigations().is_empty() && plan.correlations().is_empty());
    assert!(plan.gates().is_empty() && plan.issues().is_empty() && plan.stakeholders().is_empty());
}

#[test]
fn risks_have_their_rules() {
    assert_rows(
        TableKind::Risks,
        "id|probability|tasks|delay|cost|group",
        &[],
        &[
            ("|0.1|build|1d||", &["error empty-id id"]),
            ("r||build|1d||", &["error missing-value probability"]),
            ("r|30|build|1d||", &["error bad-probability probability"]),
            ("r|-0.1|build|1d||", &["error bad-probability probability"]),
            ("r|0.1||1d||", &["error missing-value tasks"]),
            ("r|0.1|biuld;fxi|1d||", &["error unknown-task tasks", "error unknown-task tasks"]),
            ("r|0.1|build;fix;build|1d||", &["warning named-twice tasks"]),
            ("r|0.1|works|1d||", &["error summary-with-delay delay"]),
            ("r|0.1|works||5|", &[]),
            ("r|0.1|build|pert(5d,2d,9d)||", &["error estimate-order delay"]),
            ("r|0.1|build|-1d||", &["error negative-duration delay"]),
            ("r|0.1|build|discrete(1d:0.5;2d:0.6)||", &["error bad-probability delay"]),
            ("r|0.1|build||triangular(9,5,1)|", &["error estimate-order cost"]),
            ("r|0.1|build||-9|", &["error negative-amount cost"]),
            ("r|0.1|build||9|exclusive:", &["error bad-group group"]),
            ("r|0.1|build||9|exlusive:x", &["error bad-group group"]),
        ],
    );
}

#[test]
fn exclusive_risks_are_not_more_likely_than_certain() {
    let groups = [
        "id|probability|tasks|group",
        "r1|50%|build|xor:x",
        "r2|40%|build|exclusive:x",
        "r3|20%|build|exclusive:x",
        "r4|20%|build|exclusive:x",
        "r5|90%|build|y",
        "r6|90%|build|y",
        "r7|1%|build|x",
    ];
    let expected = ["error exclusive-above-one risks.csv:4 [probability]", "error mixed-group risks.csv:8 [group]"];
    assert_findings(with(TableKind::Risks, &groups), &expected);
    let message = message(&draft(with(TableKind::Risks, &groups)), "exclusive-above-one");
    assert!(message.contains("add up to 1.100"), "{message}");
    // A tenth ten times is not quite 1 in binary.
    let tenths: Vec<String> = (0..10).map(|at| format!("r{at}|0.1|build|xor:x")).collect();
    let lines: Vec<&str> = [groups[0]].into_iter().chain(tenths.iter().map(String::as_str)).collect();
    assert_findings(with(TableKind::Risks, &lines), &[]);
}

#[test]
fn mitigations_have_their_rules() {
    assert_rows(
        TableKind::Mitigations,
        "id|risk|cost|probability_after|delay_after|cost_after",
        &[risks()],
        &[
            ("m|r9|1|0.1||", &["error unknown-risk risk"]),
            ("m||1|0.1||", &["error missing-value risk"]),
            ("m|r1||0.1||", &["error missing-value cost"]),
            ("m|r1|-1|0.1||", &["error negative-amount cost"]),
            ("m|r1|1|||", &["error mitigation-without-effect id"]),
            ("m|r1|1|1.1||", &["error bad-probability probability_after"]),
            ("m|r1|1|31%||", &["warning mitigation-raises-risk probability_after"]),
            ("m|r1|1|30%||", &[]),
            ("m|r1|1||uniform(2d,1d)|", &["error estimate-order delay_after"]),
            ("m|r3|1||1d|", &["error summary-with-delay delay_after"]),
            ("m|r1|1|||lots", &["error bad-distribution cost_after"]),
        ],
    );
    let wrong = vec![whole(), risks(), table(TableKind::Mitigations, &["id|risk|cost|cost_after", "m|rr1|1|1"])];
    assert_eq!(message(&draft(wrong), "unknown-risk"), "risk `rr1`: no such risk; did you mean `r1`?");
}

#[test]
fn correlations_have_their_rules() {
    assert_rows(
        TableKind::Correlations,
        "a|b|coefficient",
        &[risks()],
        &[
            ("build|fix|1.01", &["error bad-coefficient coefficient"]),
            ("build|fix|", &["error missing-value coefficient"]),
            ("|fix|0", &["error missing-value a"]),
            ("build|fxi|0", &["error unknown-correlation-key b"]),
            ("task:fxi|build|0", &["error unknown-task a"]),
            ("category:stie|build|0", &["error unknown-category a"]),
            ("build|risk:vendors|0", &["error unknown-risk-group b"]),
            ("build|supply|0", &["error unknown-correlation-key b"]),
            ("r1|build|0", &["error unknown-correlation-key a"]),
            ("phase|build|0", &["error unknown-correlation-key a"]),
            ("build|build|0", &["error self-correlation b"]),
            ("vendor|risk:vendor|0", &["error self-correlation b"]),
            ("site|site|0.5", &[]),
            ("build|works|0", &["error summary-correlation b"]),
        ],
    );
    let twice = ["a|b|coefficient", "build|fix|0.2", "site|vendor|0.1", "task:fix|build|0.2"];
    let tables = vec![whole(), risks(), table(TableKind::Correlations, &twice)];
    assert_findings(tables, &["error duplicate-correlation correlations.csv:4 [b]"]);
}

#[test]
fn a_word_of_two_meanings_is_told_apart_by_its_kind() {
    let tables = |key: &str| {
        vec![
            tasks(&["id|duration|category", "vendor|1d|a", "b|1d|vendor"]),
            table(TableKind::Risks, &["id|probability|tasks|group", "r|0.1|b|vendor"]),
            table(TableKind::Correlations, &["a|b|coefficient", &format!("{key}|b|0.5")]),
        ]
    };
    assert_findings(tables("vendor"), &["error ambiguous-correlation-key correlations.csv:2 [a]"]);
    assert_eq!(
        message(&draft(tables("vendor")), "ambiguous-correlation-key"),
        "key `vendor`: it is the name of more than one thing; write one of `task:vendor`, `category:vendor`, `risk:vendor`"
    );
    for key in ["task:vendor", "Category: vendor", "risk:vendor"] {
        assert_findings(tables(key), &[]);
    }
    let unknown = message(&draft(tables("vedor")), "unknown-correlation-key");
    assert!(unknown.ends_with("did you mean `vendor`?"), "{unknown}");
}

#[test]
fn gates_have_their_rules() {
    assert_rows(
        TableKind::Gates,
        "id|after|before|pass_probability|rework_task|rework_duration|max_loops",
        &[],
        &[
            ("g||||||", &["error missing-value after"]),
            ("g|biuld|||||", &["error unknown-task after"]),
            ("g|build|shpi||||", &["error unknown-task before"]),
            ("g|build|ship;build||||", &["error self-link before"]),
            ("g|build||1.5|fix||", &["error bad-probability pass_probability"]),
            ("g|build||0.5|||", &["error gate-without-rework pass_probability"]),
            ("g|build|||fix||", &["error missing-value pass_probability"]),
            ("g|build||1|||", &[]),
            ("g|build||0.5|nobody||", &["error unknown-task rework_task"]),
            ("g|build||0.5|works||", &["error summary-as-rework rework_task"]),
            ("g|build||0.5||pert(3d,2d,1d)|", &["error estimate-order rework_duration"]),
            ("g|build||0.5||1d|0", &["error out-of-range max_loops"]),
            ("g|build||0.5||1d|1.5", &["error bad-number max_loops"]),
            ("g|build||0.5||1d|1001", &["error out-of-range max_loops"]),
            ("g|works|ship||||", &[]),
            ("g|works|fix||||", &["error summary-own-descendant before"]),
        ],
    );
}

#[test]
fn a_cycle_through_a_gate_is_shown_where_the_gate_stands() {
    let gates = with(TableKind::Gates, &["id|after|before", "g0|design|ship", "g|ship|build"]);
    assert_findings(gates.clone(), &["error dependency-cycle gates.csv:3 [before]"]);
    let message = message(&draft(gates), "dependency-cycle");
    assert!(message.starts_with("tasks depend on each other: build -> fix -> ship -> build;"), "{message}");
    // Beginning a summary is beginning what is below it.
    let summary = with(TableKind::Gates, &["id|after|before", "g|ship|works"]);
    assert_findings(summary, &["error dependency-cycle gates.csv:2 [before]"]);
}

#[test]
fn repeated_links_before_those_of_gates_leave_each_in_its_place() {
    let twice = tasks(&["id|duration|predecessors", "a|1d|", "b|1d|a;a", "c|1d|b"]);
    let dependencies = table(TableKind::Dependencies, &["predecessor|successor", "a|b", "a|c"]);
    let gates = table(TableKind::Gates, &["id|after|before", "g|c|a"]);
    assert_findings(
        vec![twice, dependencies, gates],
        &[
            "warning duplicate-link dependencies.csv:2 [successor]",
            "error dependency-cycle gates.csv:2 [before]",
            "warning duplicate-link tasks.csv:3 [predecessors]",
        ],
    );
}

#[test]
fn issues_and_stakeholders_have_their_rules() {
    assert_rows(
        TableKind::Issues,
        "id|opened|task|delay|cost|status",
        &[],
        &[
            ("i||||1|open", &["error missing-value task"]),
            ("i||biuld||1|open", &["error unknown-task task"]),
            ("i|soon|build||1|open", &["error bad-date opened"]),
            ("i||works|1d||open", &["error summary-with-delay delay"]),
            ("i||build|triangular(3d,2d,1d)||", &["error estimate-order delay"]),
            ("i||build||x|", &["error bad-distribution cost"]),
            ("i||build|1d||clsoed", &["error bad-status status"]),
            ("i||build|1d||To-Do", &[]),
        ],
    );
    let wrong = with(TableKind::Issues, &["id|task|status", "i|build|clsoed"]);
    let expected = "status `clsoed`: expected open, resolved, closed or done; did you mean `closed`?";
    assert_eq!(message(&draft(wrong), "bad-status"), expected);
    assert_rows(
        TableKind::Stakeholders,
        "id|milestones|confidence",
        &[],
        &[
            ("|ship|", &["error empty-id id"]),
            ("s|ship;shop|", &["error unknown-task milestones"]),
            ("s||0", &["error bad-confidence confidence"]),
            ("s||100%", &["error bad-confidence confidence"]),
            ("s||80", &["error bad-confidence confidence"]),
            ("s||very", &["error bad-number confidence"]),
        ],
    );
    let wrong = with(TableKind::Stakeholders, &["id|confidence", "s|80"]);
    assert!(message(&draft(wrong), "bad-confidence").ends_with("did you mean `80%`?"));
}

#[test]
fn mistakes_of_all_tables_come_out_together() {
    let tables = vec![
        whole(),
        table(TableKind::Risks, &["id|probability|tasks", "r|2|nothing"]),
        table(TableKind::Mitigations, &["id|risk|cost|probability_after", "m|q|x|0.1"]),
        table(TableKind::Correlations, &["a|b|coefficient", "build|nothing|7"]),
        table(TableKind::Gates, &["id|after|max_loops", "g|nothing|0"]),
        table(TableKind::Issues, &["id|task|status", "i|nothing|lost"]),
        table(TableKind::Stakeholders, &["id|milestones|confidence", "s|nothing|2"]),
    ];
    let expected = [
        "error unknown-correlation-key correlations.csv:2 [b]",
        "error bad-coefficient correlations.csv:2 [coefficient]",
        "error unknown-task gates.csv:2 [after]",
        "error out-of-range gates.csv:2 [max_loops]",
        "error bad-status issues.csv:2 [status]",
        "error unknown-task issues.csv:2 [task]",
        "error bad-money mitigations.csv:2 [cost]",
        "error unknown-risk mitigations.csv:2 [risk]",
        "error bad-probability risks.csv:2 [probability]",
        "error unknown-task risks.csv:2 [tasks]",
        "error bad-confidence stakeholders.csv:2 [confidence]",
        "error unknown-task stakeholders.csv:2 [milestones]",
    ];
    assert_findings(tables, &expected);
}

#[test]
fn names_that_an_unreadable_table_lacks_are_not_reported_again() {
    let tables = vec![
        whole(),
        table(TableKind::Risks, &["number|probability|tasks", "r|0.1|build"]),
        table(TableKind::Mitigations, &["id|risk|cost|probability_after", "m|r|1|0.1"]),
    ];
    assert_findings(tables, &["error missing-column risks.csv", "warning unknown-column risks.csv [number]"]);
}
