//! A case for each rule, several mistakes at once, and the plan's invariants on arbitrary drafts.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::error::Severity;
use crate::index::Id;
use crate::plan::draft::{DateOrder, Table};
use crate::plan::{
    BudgetId, BudgetScope, Calendar, CalendarId, ConstraintKind, DemandSource, Distribution, Duration, Lag, LagAmount,
    LagCalendar, LinkId, LinkKind, Pause, ResourceId, ResourceKind, TaskId, TaskKind, TimeUnit,
};
use crate::units::{Amount, Minutes, Moment, Money};

/// A table whose headers and cells are separated by `|`; the header is line 1.
fn table(kind: TableKind, lines: &[&str]) -> Table {
    let mut table = Table::new(kind, kind.file_name(), lines[0].split('|').map(str::trim));
    for (at, line) in lines[1..].iter().enumerate() {
        assert!(table.push_row(at as u32 + 2, line.split('|')));
    }
    table
}

fn draft(tables: Vec<Table>) -> PlanDraft {
    let mut draft = PlanDraft { name: "sample".into(), tables, ..PlanDraft::default() };
    if draft.table(TableKind::Project).is_none() {
        draft.tables.push(table(TableKind::Project, &["key|value", "start|2026-03-02"]));
    }
    draft
}

fn tasks(lines: &[&str]) -> Table {
    table(TableKind::Tasks, lines)
}

/// The findings of a draft as `severity rule place`.
fn findings(draft: &PlanDraft) -> Vec<String> {
    let all = match validate(draft) {
        Ok((_, findings)) => findings,
        Err(error) => error.findings().expect("invalid plans carry findings").clone(),
    };
    all.iter().map(|finding| format!("{} {} {}", finding.severity, finding.rule, finding.place)).collect()
}

/// The text and hint of the first finding of a rule.
fn message(draft: &PlanDraft, rule: &str) -> String {
    let all = match validate(draft) {
        Ok((_, findings)) => findings,
        Err(error) => error.findings().expect("invalid plans carry findings").clone(),
    };
    let finding = all.iter().find(|finding| finding.rule == rule).unwrap_or_else(|| panic!("no {rule}: {all:?}"));
    match &finding.hint {
        Some(hint) => format!("{}; {hint}", finding.text),
        None => finding.text.clone(),
    }
}

fn plan(tables: Vec<Table>) -> Plan {
    match validate(&draft(tables)) {
        Ok((plan, _)) => {
            assert_invariants(&plan);
            plan
        }
        Err(error) => panic!("{:#?}", error.findings()),
    }
}

/// Checks the findings of a draft but for the note about resources that no table lists.
fn assert_findings(tables: Vec<Table>, expected: &[&str]) {
    let mut found = findings(&draft(tables));
    found.retain(|finding| !finding.starts_with("note implied-resources"));
    assert_eq!(found, expected);
}

/// What `Plan` promises in its documentation.
fn assert_invariants(plan: &Plan) {
    let mut ids: Vec<&str> = plan.tasks().iter().map(|task| &*task.id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]) && !ids.contains(&""));
    for (id, task) in plan.tasks().iter_enumerated() {
        let mut above = task.parent;
        let mut steps = 0;
        while let Some(summary) = above {
            assert_eq!(plan.tasks()[summary].kind, TaskKind::Summary);
            steps += 1;
            assert!(steps <= plan.tasks().len() && summary != id, "parents form a forest");
            above = plan.tasks()[summary].parent;
        }
        assert_eq!(task.kind == TaskKind::Summary, plan.modes_of(id).is_empty());
        assert_eq!(task.kind == TaskKind::Summary, plan.tasks().iter().any(|other| other.parent == Some(id)));
        if task.kind != TaskKind::Summary {
            let is_milestone = plan.modes_of(id).iter().all(|mode| mode.duration.minutes() == Minutes::ZERO);
            assert_eq!(task.kind == TaskKind::Milestone, is_milestone);
        }
        for mode in plan.modes_of(id) {
            assert!((0..=Minutes::MAX.0).contains(&mode.duration.minutes().0) && mode.cost >= Money::ZERO);
            let demands = plan.demands_of(mode);
            for (at, demand) in demands.iter().enumerate() {
                assert!(demand.amount > Amount::ZERO);
                assert!(demands[..at].iter().all(|earlier| earlier.source != demand.source));
            }
        }
        let moments = task.constraint.map(|constraint| constraint.moment).into_iter().chain(task.deadline);
        assert!(moments.into_iter().all(|moment| (Moment::MIN..=Moment::MAX).contains(&moment)));
    }
    for link in plan.links() {
        assert_ne!(link.predecessor, link.successor);
        if plan.tasks()[link.predecessor].kind == TaskKind::Summary {
            assert!(link.kind.from_finish() && link.max_lag.is_none());
        }
        if plan.tasks()[link.successor].kind == TaskKind::Summary {
            assert!(!link.kind.to_finish() && link.max_lag.is_none());
        }
    }
    assert!(!has_cycle(plan), "links have no cycle");
    let project = plan.project();
    assert!(project.minutes_per_day.0 > 0 && project.minutes_per_week.0 > 0 && project.minutes_per_month.0 > 0);
}

/// Slow and obvious: links between summaries become links between the activities below them, and no activity may reach
/// itself.
fn has_cycle(plan: &Plan) -> bool {
    let tasks = plan.tasks();
    let is_below = |mut task: TaskId, summary: TaskId| loop {
        if task == summary {
            return true;
        }
        match tasks[task].parent {
            Some(parent) => task = parent,
            None => return false,
        }
    };
    let count = tasks.len();
    let mut reaches = vec![vec![false; count]; count];
    for link in plan.links() {
        for from in
            tasks.ids().filter(|&task| tasks[task].kind != TaskKind::Summary && is_below(task, link.predecessor))
        {
            for to in
                tasks.ids().filter(|&task| tasks[task].kind != TaskKind::Summary && is_below(task, link.successor))
            {
                reaches[from.index()][to.index()] = true;
            }
        }
    }
    for middle in 0..count {
        for from in 0..count {
            for to in 0..count {
                reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
            }
        }
    }
    (0..count).any(|task| reaches[task][task])
}

#[test]
fn a_lone_table_of_tasks_is_a_whole_plan() {
    let draft = PlanDraft {
        name: "shop".into(),
        tables: vec![tasks(&[
            "ID|Task Name|Duration|Predecessors|Resource Names",
            "1|Plan|5 days||Ana",
            "2|Build|2w|1FS+1d|Ben;Ana",
            "3|Open|0|2",
        ])],
        ..PlanDraft::default()
    };
    let (plan, found) = validate(&draft).expect("valid");
    assert_invariants(&plan);
    assert_eq!(plan.project().name, "shop");
    assert_eq!(plan.project().start, Moment::midnight(date(2026, 1, 5)));
    assert_eq!(plan.project().minutes_per_day, Minutes(480));
    assert_eq!(plan.tasks()[TaskId::new(2)].kind, TaskKind::Milestone);
    assert_eq!(plan.links()[LinkId::new(0)].lag.amount, LagAmount::Minutes(Minutes(480)));
    assert_eq!(plan.resources().len(), 2);
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["default-start", "implied-resources"]);
}

#[test]
fn every_column_reaches_the_plan() {
    let plan = plan(vec![
        table(
            TableKind::Project,
            &[
                "key|value",
                "Name|Bridge",
                "start|2026-03-02 08:00",
                "deadline|2026-12-18",
                "hours per day|7.5",
                "currency|EUR",
                "overhead_per_day|1,000",
                "delay_penalty_per_day|50",
                "early_bonus_per_day|20",
                "status_date|2026-03-09",
                "calendar|site",
                "psplib_horizon|99",
            ],
        ),
        table(
            TableKind::Calendars,
            &[
                "calendar|day|hours",
                "site|mon-fri|07:00-15:00",
                "site|2026-12-24..2027-01-01|off",
                "holidays|2026-05-01|off",
            ],
        ),
        table(
            TableKind::Resources,
            &[
                "id|name|kind|team|capacity|calendar|rate|cost_per_use|skills|max_hours_per_week",
                "ana|Ana Lee|work|red|1|site|85/h|10|rust;c|40",
                "crane||work||2||600/d",
                "cement||material||100||12.5",
            ],
        ),
        table(
            TableKind::Availability,
            &["resource|from|to|units", "ana|2026-04-06|2026-04-10|0", "crane|2026-03-02 12:00|2026-03-03 12:00|1"],
        ),
        tasks(&[
            "id|name|parent|duration|optimistic|pessimistic|distribution|predecessors|resources|calendar|constraint|constraint_date|deadline|priority|fixed_cost|account|category|deliverable|pause",
            "S|Structure||9d|||||||SNET|2026-03-03|2026-09-30",
            "a|Pour|S|3h|2h|6h|||Ana Lee 50%;cement*12|holidays|MFO|2026-04-30||900|250.50|A1|civil|deck|never",
            "b|Cure|S|3ed||||a FF+1d|||||2026-05-04 12:00",
            "c|Paint||1w|||uniform(4d,8d)|S|skill:rust;crane",
        ]),
        table(
            TableKind::Dependencies,
            &["predecessor|successor|type|lag|max_lag|lag_calendar", "b|c|SS|1d|3d|project", "a|c||2ed"],
        ),
        table(TableKind::Modes, &["task|mode|duration|resources|cost", "c|fast|2d|none|500", "c|slow|10d||"]),
        table(
            TableKind::Budgets,
            &[
                "id|scope|key|from|to|cap",
                "q1|account|A1|2026-03-01|2026-03-31|900",
                "w|wbs|S|||1000",
                "r|resource|crane|||77",
                "t|task|a|||1",
                "x||||2026-12-31|9",
            ],
        ),
        table(TableKind::Risks, &["id|name|probability|tasks", "r1|rain|30%|a;b"]),
    ]);
    let project = plan.project();
    assert_eq!((&*project.name, &*project.currency), ("Bridge", "EUR"));
    assert_eq!(
        (project.minutes_per_day, project.minutes_per_week, project.minutes_per_month),
        (Minutes(450), Minutes(2250), Minutes(9000))
    );
    assert_eq!(project.deadline, Some(Moment::midnight(date(2026, 12, 19))), "a deadline lasts to the end of its day");
    assert_eq!(project.overhead_per_day, Money(100_000));
    assert_eq!(project.extras, [("psplib_horizon".to_owned(), "99".to_owned())]);
    let site = plan.calendars().ids().find(|&id| &*plan.calendars()[id].id == "site").expect("defined");
    assert_eq!(project.calendar, site);
    let holidays = plan.calendars().iter().find(|calendar| &*calendar.id == "holidays").expect("defined");
    assert_eq!(holidays.week, Calendar::standard().week, "a calendar of dates alone has the standard week");
    let resource = |at| &plan.resources()[ResourceId::new(at)];
    assert_eq!(resource(0).windows[0].to, Moment::midnight(date(2026, 4, 11)));
    assert_eq!((resource(0).rate.money, resource(0).rate.per), (Money(8_500), Minutes(60)));
    assert_eq!((resource(1).rate.money, resource(1).rate.per), (Money(60_000), Minutes(450)));
    assert_eq!((resource(2).kind, resource(2).rate.money), (ResourceKind::Material, Money(1_250)));
    let task = |id| plan.find_task(id).expect("there");
    let (summary, pour) = (&plan.tasks()[task("S")], &plan.tasks()[task("a")]);
    assert_eq!((summary.kind, summary.modes.is_empty()), (TaskKind::Summary, true));
    assert_eq!((pour.priority, pour.fixed_cost, pour.pause), (900, Money(25_050), Pause::Never));
    let constraint = pour.constraint.expect("given");
    assert_eq!(
        (constraint.kind, constraint.moment),
        (ConstraintKind::MustFinishOn, Moment::midnight(date(2026, 5, 1)))
    );
    assert!(matches!(pour.distribution.as_deref(), Some(Distribution::Pert(points)) if points.most_likely == 180.0));
    assert_eq!(plan.label(pour.account.expect("given")), "A1");
    let pour_demands = plan.demands_of(&plan.modes_of(task("a"))[0]);
    assert_eq!(pour_demands.iter().map(|demand| demand.amount).collect::<Vec<_>>(), [Amount(5_000), Amount(120_000)]);
    assert_eq!(plan.modes_of(task("b"))[0].duration, Duration::Elapsed(Minutes(4320)));
    let paint = plan.modes_of(task("c"));
    assert_eq!(paint.iter().map(|mode| plan.label(mode.name)).collect::<Vec<_>>(), ["1", "fast", "slow"]);
    assert_eq!(paint.iter().map(|mode| plan.demands_of(mode).len()).collect::<Vec<_>>(), [2, 0, 2]);
    assert!(matches!(plan.demands_of(&paint[0])[0].source, DemandSource::Skill(skill) if plan.label(skill) == "rust"));
    assert_eq!(paint[1].cost, Money(50_000));
    let link = |at| &plan.links()[LinkId::new(at)];
    assert_eq!(plan.links().len(), 4);
    assert_eq!((link(0).kind, link(1).predecessor), (LinkKind::FinishToFinish, task("S")));
    assert_eq!(
        (link(2).lag.calendar, link(2).max_lag.expect("given").amount),
        (LagCalendar::Project, LagAmount::Minutes(Minutes(1350)))
    );
    assert_eq!(link(3).lag, Lag { amount: LagAmount::Minutes(Minutes(2880)), calendar: LagCalendar::TwentyFourHours });
    assert_eq!(
        plan.budgets().iter().map(|budget| budget.scope).collect::<Vec<_>>()[1..],
        [
            BudgetScope::Wbs(task("S")),
            BudgetScope::Resource(ResourceId::new(1)),
            BudgetScope::Task(task("a")),
            BudgetScope::All
        ]
    );
    assert_eq!(plan.budgets()[BudgetId::new(0)].to, Some(Moment::midnight(date(2026, 4, 1))));
}

#[test]
fn all_mistakes_of_a_broken_draft_come_out_together() {
    let draft = draft(vec![
        tasks(&[
            "id|duration|predecessors|resources|parent|colour|deadline",
            "design|5x||bob|||03/04/2026",
            "build|-2d|desgin FS+2d;build|||blue|",
            "build|1d||dev*9|nowhere||2026-02-30",
            "|1d||||",
        ]),
        table(TableKind::Resources, &["id|capacity|rate", "dev|4|1,5x", "dev|-1|"]),
        table(TableKind::Budgets, &["id|scope|key|cap", "b|account|A9|lots"]),
    ]);
    let mut expected = [
        "error unknown-account budgets.csv:2 [key]",
        "error bad-money budgets.csv:2 [cap]",
        "error bad-money resources.csv:2 [rate]",
        "error negative-amount resources.csv:3 [capacity]",
        "error duplicate-id resources.csv:3 [id]",
        "warning unknown-column tasks.csv [colour]",
        "error ambiguous-date tasks.csv:2 [deadline]",
        "error bad-duration tasks.csv:2 [duration]",
        "error unknown-resource tasks.csv:2 [resources]",
        "error negative-duration tasks.csv:3 [duration]",
        "error self-link tasks.csv:3 [predecessors]",
        "error unknown-task tasks.csv:3 [predecessors]",
        "error impossible-date tasks.csv:4 [deadline]",
        "error duplicate-id tasks.csv:4 [id]",
        "error unknown-task tasks.csv:4 [parent]",
        "error demand-above-capacity tasks.csv:4 [resources]",
        "error empty-id tasks.csv:5 [id]",
    ];
    let mut found = findings(&draft);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(message(&draft, "unknown-task"), "predecessor `desgin`: no such task; did you mean `design`?");
    assert!(message(&draft, "duplicate-id").contains("line 2"));
}

#[test]
fn each_cell_of_a_task_has_its_rule() {
    for (header, cell, expected) in [
        ("duration", "", "error missing-duration tasks.csv:2 [duration]"),
        ("duration", "soon", "error bad-duration tasks.csv:2 [duration]"),
        ("duration", "-1d", "error negative-duration tasks.csv:2 [duration]"),
        ("duration|parent", "1d|x", "error unknown-task tasks.csv:2 [parent]"),
        ("duration|parent", "1d|a", "error parent-cycle tasks.csv:2 [parent]"),
        ("duration|predecessors", "1d|a", "error self-link tasks.csv:2 [predecessors]"),
        ("duration|predecessors", "1d|b FS+x", "error bad-lag tasks.csv:2 [predecessors]"),
        ("duration|resources", "1d|skill:x", "error unknown-skill tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana;ana", "error duplicate-demand tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana*-1", "error negative-amount tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana*0", "warning zero-demand tasks.csv:2 [resources]"),
        ("duration|resources", "1d|ana*2", "error demand-above-capacity tasks.csv:2 [resources]"),
        ("duration|calendar", "1d|nights", "error unknown-calendar tasks.csv:2 [calendar]"),
        ("duration|constraint", "1d|SNET", "error constraint-without-date tasks.csv:2 [constraint]"),
        ("duration|constraint", "1d|later", "error bad-constraint tasks.csv:2 [constraint]"),
        ("duration|constraint_date", "1d|2026-05-01", "error date-without-constraint tasks.csv:2 [constraint_date]"),
        (
            "duration|constraint|constraint_date",
            "1d|ASAP|2026-05-01",
            "warning date-without-constraint tasks.csv:2 [constraint_date]",
        ),
        (
            "duration|constraint|constraint_date",
            "1d|MSO|2026-02-01",
            "error constraint-before-start tasks.csv:2 [constraint_date]",
        ),
        ("duration|constraint|constraint_date", "1d|MSO|never", "error bad-date tasks.csv:2 [constraint_date]"),
        ("duration|deadline", "1d|9999-12-31", "error out-of-range tasks.csv:2 [deadline]"),
        ("duration|priority", "1d|1001", "error bad-priority tasks.csv:2 [priority]"),
        ("duration|fixed_cost", "1d|-5", "error negative-amount tasks.csv:2 [fixed_cost]"),
        ("duration|fixed_cost", "1d|9999999999999", "error money-out-of-range tasks.csv:2 [fixed_cost]"),
        ("duration|pause", "1d|maybe", "error bad-pause tasks.csv:2 [pause]"),
        ("duration|pause", "5h|never", "error never-unbroken tasks.csv:2 [duration]"),
        ("duration|optimistic", "1d|1h", "error incomplete-estimate tasks.csv:2 [optimistic]"),
        ("duration|distribution", "1d|normal", "error incomplete-estimate tasks.csv:2 [distribution]"),
        ("duration|optimistic|pessimistic", "1d|2d|3d", "error estimate-order tasks.csv:2 [optimistic]"),
        ("duration|optimistic|pessimistic", "1d|1ed|3d", "error mixed-estimate tasks.csv:2 [optimistic]"),
        ("duration|distribution", "1d|pert(1d,2d)", "error bad-distribution tasks.csv:2 [distribution]"),
        ("duration|Not Before|constraint", "1d|NA|", ""),
        ("duration|Start No Earlier Than", "1d|2026-05-01", ""),
        ("duration|deadline|constraint_date", "1d|NA|NA", ""),
        ("duration|splittable", "4h|no", ""),
    ] {
        let header = format!("id|{header}");
        let row = format!("a|{cell}");
        let expected: Vec<&str> = Some(expected).filter(|expected| !expected.is_empty()).into_iter().collect();
        assert_findings(vec![tasks(&[&header, &row, "b|1d"])], &expected);
    }
}

#[test]
fn a_start_date_under_its_own_header_needs_no_constraint_column() {
    let plan = plan(vec![tasks(&["id|duration|Start No Earlier Than", "a|1d|2026-05-01"])]);
    let constraint = plan.tasks()[TaskId::new(0)].constraint.expect("given");
    assert_eq!(
        (constraint.kind, constraint.moment),
        (ConstraintKind::StartNoEarlierThan, Moment::midnight(date(2026, 5, 1)))
    );
}

#[test]
fn missing_tables_columns_and_cells_are_named() {
    assert_findings(vec![], &["error missing-table tasks.csv"]);
    assert_findings(vec![tasks(&["id|duration"])], &["error missing-table tasks.csv"]);
    assert_findings(
        vec![tasks(&["id|lenght", "a|1d"])],
        &["error missing-column tasks.csv", "warning unknown-column tasks.csv [lenght]"],
    );
    let twice = vec![tasks(&["id|duration", "a|1d"]), tasks(&["id|duration", "b|1d"])];
    assert_findings(twice, &["error duplicate-table tasks.csv"]);
    assert_findings(
        vec![tasks(&["id|duration|Dur", "a|1d|"]), table(TableKind::Dependencies, &["predecessor|successor", "|a"])],
        &["error missing-value dependencies.csv:2 [predecessor]", "warning duplicate-column tasks.csv [Dur]"],
    );
}

#[test]
fn the_project_table_has_its_rules() {
    for (row, expected) in [
        ("strat|2026-01-01", "warning unknown-key project.csv:2 [key]"),
        ("status_date|someday", "error bad-date project.csv:2 [value]"),
        ("hours_per_day|25", "error out-of-range project.csv:2 [value]"),
        ("hours_per_day|0", "error out-of-range project.csv:2 [value]"),
        ("calendar|moon", "error unknown-calendar project.csv:2 [value]"),
        ("time_unit|fortnight", "error bad-time-unit project.csv:2 [value]"),
        ("overhead_per_day|-1", "error negative-amount project.csv:2 [value]"),
        ("deadline|1999-01-01", "error deadline-before-start project.csv:2 [value]"),
        ("|x", "error empty-id project.csv:2 [key]"),
        ("start|2026-05-01", "error duplicate-id project.csv:3 [key]"),
    ] {
        let project = table(TableKind::Project, &["key|value", row, "start|2026-03-02"]);
        assert_findings(vec![project, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
    let project = table(TableKind::Project, &["key|value", "strat|2026-03-02"]);
    assert_eq!(message(&draft(vec![project]), "unknown-key"), "key `strat` is not used; did you mean `start`?");
}

#[test]
fn a_plan_of_periods_has_whole_numbers_for_times() {
    let period = || table(TableKind::Project, &["key|value", "time_unit|period"]);
    let plan = plan(vec![period(), tasks(&["id|duration|predecessors|deadline", "a|3||9", "b|0|a FS+2|"])]);
    assert_eq!((plan.project().start, plan.project().time_unit), (Moment(0), TimeUnit::Period));
    assert_eq!(plan.tasks()[TaskId::new(0)].deadline, Some(Moment(9)));
    assert_eq!(&*plan.calendars()[plan.project().calendar].id, "24h");
    assert_findings(
        vec![period(), tasks(&["id|duration|deadline", "a|3d|2026-01-01"])],
        &["error bad-date tasks.csv:2 [deadline]", "error bad-duration tasks.csv:2 [duration]"],
    );
}

#[test]
fn calendars_have_their_rules() {
    for (row, expected) in [
        ("c|someday|8-12", "error bad-day calendars.csv:3 [day]"),
        ("c|tue|lunch", "error bad-hours calendars.csv:3 [hours]"),
        ("c|tue|8-12;11-13", "error overlapping-shifts calendars.csv:3 [hours]"),
        ("c|mon|8-12", "error duplicate-weekday calendars.csv:3 [day]"),
        ("c|2026-05-02..2026-05-01|off", "error from-after-to calendars.csv:3 [day]"),
        ("24h|mon|8-12", "error reserved-calendar calendars.csv:3 [calendar]"),
        ("|mon|8-12", "error empty-id calendars.csv:3 [calendar]"),
        ("c|tue|", "error missing-value calendars.csv:3 [hours]"),
        ("c|02/03/2026|off", "error ambiguous-date calendars.csv:3 [day]"),
    ] {
        let calendars = table(TableKind::Calendars, &["calendar|day|hours", "c|mon|8-16", row]);
        assert_findings(vec![calendars, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
}

#[test]
fn the_given_date_order_reaches_every_table() {
    let mut draft = draft(vec![
        table(TableKind::Project, &["key|value", "start|02/03/2026"]),
        table(TableKind::Calendars, &["calendar|day|hours", "standard|03/03/2026|off"]),
        tasks(&["id|duration|deadline", "a|1d|04/03/2026"]),
    ]);
    draft.date_order = Some(DateOrder::DayMonthYear);
    let (plan, _) = validate(&draft).expect("valid");
    assert_eq!(plan.project().start, Moment::midnight(date(2026, 3, 2)));
    assert_eq!(plan.calendars()[CalendarId::new(0)].exceptions[0].from, date(2026, 3, 3));
    assert_eq!(plan.tasks()[TaskId::new(0)].deadline, Some(Moment::midnight(date(2026, 3, 5))));
}

#[test]
fn resources_have_their_rules() {
    for (row, expected) in [
        ("r|thing|1|", "error bad-kind resources.csv:3 [kind]"),
        ("r|work|-1|", "error negative-amount resources.csv:3 [capacity]"),
        ("r|work|1|85/x", "error bad-rate resources.csv:3 [rate]"),
        ("r|work|1|cheap", "error bad-money resources.csv:3 [rate]"),
        ("ana|work|1|", "error duplicate-id resources.csv:3 [id]"),
        ("|work|1|", "error empty-id resources.csv:3 [id]"),
    ] {
        let resources = table(TableKind::Resources, &["id|kind|capacity|rate", "ana|work|1|", row]);
        assert_findings(vec![resources, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
    let resources =
        || table(TableKind::Resources, &["id|kind|calendar|skills", "ana|work||rust", "sand|material|standard|"]);
    assert_findings(
        vec![resources(), tasks(&["id|duration", "a|1d"])],
        &["warning ignored-on-material resources.csv:3 [calendar]"],
    );
    let confused = || draft(vec![resources(), tasks(&["id|duration|resources", "a|1d|skill:ana;rust"])]);
    assert!(message(&confused(), "unknown-skill").contains("write `ana` without `skill:`"));
    assert!(message(&confused(), "unknown-resource").contains("write `skill:rust`"));
    for (row, expected) in [
        ("bob|2026-01-01|2026-01-02|1", "error unknown-resource availability.csv:2 [resource]"),
        ("ana|2026-01-03|2026-01-02|1", "error from-after-to availability.csv:2 [to]"),
        ("ana|2026-01-01|2026-01-02|", "error missing-value availability.csv:2 [units]"),
        ("ana|2026-01-01|2026-01-02|-1", "error negative-amount availability.csv:2 [units]"),
        ("sand|2026-01-01|2026-01-02|1", "error material-availability availability.csv:2 [resource]"),
    ] {
        let people = table(TableKind::Resources, &["id|kind", "ana|work", "sand|material"]);
        let windows = table(TableKind::Availability, &["resource|from|to|units", row]);
        assert_findings(vec![people, windows, tasks(&["id|duration", "a|1d"])], &[expected]);
    }
}

#[test]
fn demands_are_held_against_the_most_there_ever_is() {
    let resources = || {
        table(
            TableKind::Resources,
            &["id|kind|capacity|skills", "dev|work|2|rust", "ana|work|1|rust", "sand|material|10|"],
        )
    };
    let with = |list: &str| {
        let row = format!("a|1d|{list}");
        vec![resources(), tasks(&["id|duration|resources", &row])]
    };
    assert_findings(with("dev*2;skill:rust*3;sand*10"), &[]);
    assert_findings(with("dev*3"), &["error demand-above-capacity tasks.csv:2 [resources]"]);
    assert_findings(with("skill:rust*4"), &["error skill-above-capacity tasks.csv:2 [resources]"]);
    assert_findings(with("sand*11"), &["error material-above-total tasks.csv:2 [resources]"]);
    // A window lifts dev to 5, but not where another window of 1 lies over it, nor before the project starts.
    let windows = |rows: &[&str]| table(TableKind::Availability, &[&["resource|from|to|units"], rows].concat());
    let mut lifted = with("dev*5");
    lifted.push(windows(&["dev|2026-05-01|2026-05-31|5", "dev|2026-05-01|2026-05-30|1"]));
    assert_findings(lifted, &[]);
    let mut covered = with("dev*5");
    covered.push(windows(&["dev|2026-05-01|2026-05-31|5", "dev|2026-05-01|2026-05-31|1"]));
    assert_findings(covered, &["error demand-above-capacity tasks.csv:2 [resources]"]);
    let mut past = with("dev*5");
    past.push(windows(&["dev|2025-05-01|2025-05-31|5"]));
    assert_findings(past, &["error demand-above-capacity tasks.csv:2 [resources]"]);
}

#[test]
fn a_mode_that_cannot_be_used_is_a_warning_while_another_can() {
    let tables = |mode: &str| {
        vec![
            table(TableKind::Resources, &["id|capacity", "dev|2"]),
            tasks(&["id|duration|resources", "a|1d|dev*3"]),
            table(TableKind::Modes, &["task|mode|duration|resources", mode]),
        ]
    };
    assert_findings(tables("a|2|1d|dev"), &["warning unusable-mode tasks.csv:2 [resources]"]);
    assert_findings(
        tables("a|2|1d|dev*4"),
        &["error demand-above-capacity modes.csv:2 [resources]", "error demand-above-capacity tasks.csv:2 [resources]"],
    );
}

#[test]
fn a_task_longer_than_its_calendar_ever_offers_is_named() {
    let tables = |task: &str| {
        vec![
            table(
                TableKind::Calendars,
                &[
                    "calendar|day|hours",
                    "days|mon-fri|8-16",
                    "nights|mon-fri|20-24",
                    "fair|mon|off",
                    "fair|2026-05-04..2026-05-08|8-12",
                    "longer|mon-fri|8-16",
                    "longer|2026-05-02|24h",
                ],
            ),
            table(TableKind::Resources, &["id|capacity|calendar", "owl|1|nights", "lark|1|days", "hall|0|days"]),
            table(TableKind::Availability, &["resource|from|to|units", "hall|2026-05-04|2026-05-05|1"]),
            tasks(&["id|duration|resources|calendar|pause", task]),
        ]
    };
    let too_long = &["error never-enough-working-time tasks.csv:2 [duration]"][..];
    assert_findings(tables("a|1h|owl;lark||"), too_long);
    assert_findings(tables("a|1h|owl|days|"), too_long);
    assert_findings(tables("a|1h|owl|24h|"), &[]);
    // Five days of four hours are 20 hours.
    assert_findings(tables("a|20h||fair|"), &[]);
    assert_findings(tables("a|21h||fair|"), too_long);
    // The hall is leased for two working days of 8 hours.
    assert_findings(tables("a|16h|hall||"), &[]);
    assert_findings(tables("a|17h|hall||"), too_long);
    assert_findings(tables("a|99ed|owl;lark||"), &[]);
    let broken = &["error never-unbroken tasks.csv:2 [duration]"][..];
    assert_findings(tables("a|8h||days|never"), &[]);
    assert_findings(tables("a|9h||days|never"), broken);
    assert_findings(tables("a|24h||longer|never"), &[]);
    assert_findings(tables("a|25h||longer|never"), broken);
    assert_findings(tables("a|999h||24h|never"), &[]);
}

#[test]
fn summaries_have_their_rules() {
    for (row, expected) in [
        ("S|9d||ana|||", "error summary-with-resources tasks.csv:2 [resources]"),
        ("S||||100||", "error summary-with-cost tasks.csv:2 [fixed_cost]"),
        ("S|||||standard|", "warning summary-with-calendar tasks.csv:2 [calendar]"),
        ("S||||||ALAP", "error summary-constraint tasks.csv:2 [constraint]"),
        ("S||a||||", "error summary-own-descendant tasks.csv:2 [predecessors]"),
        ("S||b FF||||", "error summary-link-type tasks.csv:2 [predecessors]"),
        ("S||b SS||0||", ""),
        ("S|-||none|||", "error bad-duration tasks.csv:2 [duration]"),
    ] {
        let table = tasks(&[
            "id|duration|predecessors|resources|fixed_cost|calendar|constraint|parent",
            &format!("{row}|"),
            "a|1d||||||S",
            "b|1d||||||",
        ]);
        assert_findings(vec![table], &Some(expected).filter(|it| !it.is_empty()).into_iter().collect::<Vec<_>>());
    }
    for (link, expected) in [
        ("S|a|FS||", "error summary-own-descendant dependencies.csv:2 [successor]"),
        ("S|b|SS||", "error summary-link-type dependencies.csv:2 [successor]"),
        ("S|b|FS||5d", "error summary-max-lag dependencies.csv:2 [successor]"),
        ("S|b|FS|50%|", "error summary-percent-lag dependencies.csv:2 [successor]"),
        ("S|b|FF|2d|", ""),
        ("b|S|SF||", "error summary-link-type dependencies.csv:2 [successor]"),
    ] {
        let tables = vec![
            tasks(&["id|duration|parent", "S||", "a|1d|S", "b|1d|"]),
            table(TableKind::Dependencies, &["predecessor|successor|type|lag|max_lag", link]),
        ];
        assert_findings(tables, &Some(expected).filter(|it| !it.is_empty()).into_iter().collect::<Vec<_>>());
    }
    let modes = table(TableKind::Modes, &["task|mode|duration", "S|2|1d"]);
    assert_findings(
        vec![tasks(&["id|duration|parent", "S||", "a|1d|S"]), modes],
        &["error summary-with-mode modes.csv:2 [task]"],
    );
}

#[test]
fn cycles_are_printed_as_cycles() {
    let circle = draft(vec![tasks(&["id|duration|predecessors", "a|1d|c", "b|1d|a", "c|1d|b", "d|1d|c;e", "e|1d|d"])]);
    assert_eq!(
        findings(&circle),
        ["error dependency-cycle tasks.csv:2 [predecessors]", "error dependency-cycle tasks.csv:5 [predecessors]"]
    );
    assert!(message(&circle, "dependency-cycle").starts_with("tasks depend on each other: a -> b -> c -> a;"));
    // The short way round a -> b -> a counts, not the long one over c.
    let short = draft(vec![tasks(&["id|duration|predecessors", "a|1d|b;c", "b|1d|a", "c|1d|b"])]);
    assert!(message(&short, "dependency-cycle").contains(": a -> b -> a;"));
    let through = draft(vec![tasks(&["id|duration|predecessors|parent", "S||x|", "a|1d||S", "x|1d|a|"])]);
    assert!(
        message(&through, "dependency-cycle").contains(": S -> a -> x -> S;"),
        "{}",
        message(&through, "dependency-cycle")
    );
    let whole = draft(vec![tasks(&["id|duration|predecessors|parent", "S||T|", "a|1d||S", "T||S|", "b|1d||T"])]);
    assert!(
        message(&whole, "dependency-cycle").contains(": S -> a -> S -> T")
            || message(&whole, "dependency-cycle").contains(": S -> a -> T"),
        "{}",
        message(&whole, "dependency-cycle")
    );
    let parents = draft(vec![tasks(&["id|duration|parent", "a|1d|b", "b|1d|c", "c|1d|b"])]);
    assert!(message(&parents, "parent-cycle").contains("b -> c -> b"));
}

#[test]
fn links_of_both_tables_have_their_rules() {
    for (row, expected) in [
        ("a|x|||", "error unknown-task dependencies.csv:2 [successor]"),
        ("a|b|AB||", "error bad-link dependencies.csv:2 [type]"),
        ("a|b||soon|", "error bad-lag dependencies.csv:2 [lag]"),
        ("a|b||3d|2d", "error max-lag-below-lag dependencies.csv:2 [max_lag]"),
        ("a|a|||", "error self-link dependencies.csv:2 [successor]"),
        ("a|c|||", "warning duplicate-link dependencies.csv:2 [successor]"),
        ("a|c|SS||", ""),
        ("b|a|||", ""),
    ] {
        let tables = vec![
            tasks(&["id|duration|predecessors", "a|1d|", "b|1d|", "c|1d|a"]),
            table(TableKind::Dependencies, &["predecessor|successor|type|lag|max_lag", row]),
        ];
        assert_findings(tables, &Some(expected).filter(|it| !it.is_empty()).into_iter().collect::<Vec<_>>());
    }
    let plan = plan(vec![tasks(&["id|duration|predecessors", "a|1d|", "b|1d|a;a;a SS;a"])]);
    assert_eq!(plan.links().len(), 2, "a repeated link counts once");
    let clash = table(TableKind::Dependencies, &["predecessor|successor|lag|lag_calendar", "a|b|2ed|project"]);
    assert_findings(
        vec![tasks(&["id|duration", "a|1d", "b|1d"]), clash],
        &["warning elapsed-lag-calendar dependencies.csv:2 [lag]"],
    );
}

#[test]
fn modes_budgets_and_risks_have_their_rules() {
    let lone = || tasks(&["id|duration|account", "a|1d|A1", "b||"]);
    for (row, expected) in [
        ("x|2|1d|", vec!["error unknown-task modes.csv:3 [task]"]),
        ("b|1|1d|", vec!["error duplicate-mode modes.csv:3 [mode]"]),
        ("b|2|-1d|", vec!["error negative-duration modes.csv:3 [duration]"]),
        ("b||1d|", vec!["error missing-value modes.csv:3 [mode]"]),
        ("b|2|1d|-5", vec!["error negative-amount modes.csv:3 [cost]"]),
        ("a|1|3d|", vec!["warning mode-replaces-duration modes.csv:3 [duration]"]),
        ("b|2|4d|", vec![]),
    ] {
        assert_findings(vec![lone(), table(TableKind::Modes, &["task|mode|duration|cost", "b|1|1d|", row])], &expected);
    }
    let whole = || tasks(&["id|duration|account|parent", "a|1d|A1|s", "s|||"]);
    for (row, expected) in [
        ("b|task|x|||1", vec!["error unknown-task budgets.csv:2 [key]"]),
        ("b|task|s|||1", vec!["error wrong-scope budgets.csv:2 [key]"]),
        ("b|wbs|a|||1", vec!["error wrong-scope budgets.csv:2 [key]"]),
        ("b|all|a|||1", vec!["error wrong-scope budgets.csv:2 [key]"]),
        ("b|moon|a|||1", vec!["error bad-scope budgets.csv:2 [scope]"]),
        ("b|account|A2|||1", vec!["error unknown-account budgets.csv:2 [key]"]),
        ("b|resource|bob|||1", vec!["error unknown-resource budgets.csv:2 [key]"]),
        ("b|wbs||||1", vec!["error missing-value budgets.csv:2 [key]"]),
        ("b|||||", vec!["error missing-value budgets.csv:2 [cap]"]),
        ("b|||||-1", vec!["error negative-amount budgets.csv:2 [cap]"]),
        ("b|||2026-05-02|2026-05-01|1", vec!["error from-after-to budgets.csv:2 [to]"]),
        ("b|||2026-05-02|2026-05-02|1", vec![]),
    ] {
        assert_findings(vec![whole(), table(TableKind::Budgets, &["id|scope|key|from|to|cap", row])], &expected);
    }
    for (row, expected) in [
        ("r|1.5|a", vec!["error bad-probability risks.csv:2 [probability]"]),
        ("r|30%|a;x", vec!["error unknown-task risks.csv:2 [tasks]"]),
        ("r|0.3|a,s", vec![]),
    ] {
        assert_findings(vec![whole(), table(TableKind::Risks, &["id|probability|tasks", row])], &expected);
    }
}

#[test]
fn a_chain_beyond_the_end_of_time_is_refused_but_not_a_long_sum() {
    let serial: Vec<String> = (1..10).map(|at| format!("t{at}|900000d|t{}", at - 1)).collect();
    let rows: Vec<&str> =
        ["id|duration|predecessors", "t0|900000d|"].into_iter().chain(serial.iter().map(String::as_str)).collect();
    // Each takes 900,000 * 480 minutes: 821 years.
    assert_findings(vec![tasks(&rows)], &["error plan-too-long tasks.csv"]);
    let parallel: Vec<String> = (0..20).map(|at| format!("t{at}|900000d|")).collect();
    let rows: Vec<&str> = ["id|duration|predecessors"].into_iter().chain(parallel.iter().map(String::as_str)).collect();
    assert_findings(vec![tasks(&rows)], &[]);
}

#[test]
fn a_flood_of_findings_is_cut_off_and_counted() {
    let rows: Vec<String> = (0..20_000).map(|at| format!("t{at}|1d|x{at}")).collect();
    let rows: Vec<&str> = ["id|duration|predecessors"].into_iter().chain(rows.iter().map(String::as_str)).collect();
    let draft = draft(vec![tasks(&rows)]);
    assert_eq!(findings(&draft).len(), 1001);
    assert_eq!(message(&draft, "more-findings"), "19000 more findings of the rule `unknown-task` are not shown");
}

#[test]
fn many_chunks_give_the_same_plan_as_one() {
    // Three chunks, with links across their seams and a mistake in the last row.
    let count = 2 * super::tasks::CHUNK + 10;
    let rows: Vec<String> = (0..count)
        .map(|at| format!("t{at}|1d|{}", if at > 0 { format!("t{}", at - 1) } else { String::new() }))
        .collect();
    let mut lines: Vec<&str> =
        ["id|duration|predecessors"].into_iter().chain(rows.iter().map(String::as_str)).collect();
    let (plan, _) = validate(&draft(vec![tasks(&lines)])).expect("valid");
    assert_eq!((plan.tasks().len(), plan.links().len()), (count, count - 1));
    assert!(
        plan.links()
            .iter()
            .enumerate()
            .all(|(at, link)| (link.predecessor.index(), link.successor.index()) == (at, at + 1))
    );
    lines.push("last|1d|t0 FS+x");
    assert_findings(vec![tasks(&lines)], &[&format!("error bad-lag tasks.csv:{} [predecessors]", count + 2)]);
}

/// Plans of a few tasks with links and parents at random; many have cycles.
fn tangles() -> impl Strategy<Value = Vec<(Option<usize>, Vec<usize>)>> {
    let row = (proptest::option::weighted(0.4, 0..6usize), proptest::collection::vec(0..6usize, 0..2));
    proptest::collection::vec(row, 6)
}

/// Drafts of cells that are right or nearly so.
fn wild_drafts() -> impl Strategy<Value = PlanDraft> {
    let cell = prop_oneof![
        Just("a"),
        Just("b"),
        Just("c"),
        Just("1d"),
        Just("0"),
        Just("2ed"),
        Just("-1d"),
        Just(""),
        Just("a;b"),
        Just("a FS+1d"),
        Just("ana"),
        Just("ana*2"),
        Just("skill:rust"),
        Just("2026-03-05"),
        Just("2026-03-05..2026-03-09"),
        Just("SNET"),
        Just("mon"),
        Just("8-12"),
        Just("off"),
        Just("50%"),
        Just("standard"),
        Just("none"),
        Just("1"),
        Just("all"),
        Just("wbs"),
        Just("work"),
        Just("start"),
        Just("period"),
        Just("time_unit"),
        Just("pert(1d,2d,3d)"),
        Just("never"),
        Just("é;,"),
        Just("99999999999d"),
    ];
    let rows = proptest::collection::vec(proptest::collection::vec(cell, 12), 0..4);
    proptest::collection::vec(rows, 9).prop_map(|tables| {
        let tables = TableKind::ALL.iter().zip(tables).map(|(&kind, rows)| {
            let mut table = Table::new(kind, kind.file_name(), kind.fields().iter().map(|field| field.name));
            for (at, row) in rows.into_iter().enumerate() {
                table.push_row(at as u32 + 2, row);
            }
            table
        });
        PlanDraft { tables: tables.collect(), ..PlanDraft::default() }
    })
}

proptest! {
    #[test]
    fn cycles_are_found_exactly_where_a_slow_search_finds_them(rows in tangles()) {
        let lines: Vec<String> = rows.iter().enumerate().map(|(at, (parent, links))| {
            // Parents only point upwards, so that they form a forest; summaries get their links as they are.
            let parent = parent.filter(|&parent| parent < at).map_or(String::new(), |parent| format!("t{parent}"));
            let links: Vec<String> = links.iter().filter(|&&from| from != at).map(|from| format!("t{from}")).collect();
            format!("t{at}|1d|{}|{parent}", links.join(";"))
        }).collect();
        let lines: Vec<&str> = ["id|duration|predecessors|parent"].into_iter().chain(lines.iter().map(String::as_str)).collect();
        let draft = draft(vec![tasks(&lines)]);
        match validate(&draft) {
            Ok((plan, _)) => assert_invariants(&plan),
            Err(error) => {
                let found = error.findings().expect("carried");
                let rules: Vec<&str> = found.iter().filter(|it| it.severity == Severity::Error).map(|it| it.rule).collect();
                prop_assert!(rules.iter().all(|rule| ["dependency-cycle", "summary-own-descendant"].contains(rule)), "{:?}", rules);
                for finding in found.iter().filter(|finding| finding.rule == "dependency-cycle") {
                    let (_, names) = finding.text.split_once(": ").expect("a list of names");
                    let names: Vec<&str> = names.split(" -> ").collect();
                    prop_assert!(names.len() > 2 && names.first() == names.last(), "{}", finding.text);
                }
            }
        }
    }

    #[test]
    fn any_draft_ends_in_a_plan_or_in_findings(draft in wild_drafts()) {
        match validate(&draft) {
            Ok((plan, found)) => {
                assert_invariants(&plan);
                prop_assert!(!found.has_errors());
            }
            Err(error) => prop_assert!(error.findings().expect("carried").has_errors()),
        }
    }
}
