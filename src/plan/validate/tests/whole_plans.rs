//! What a sound draft becomes.

use super::*;

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
                "discount rate|7.5 %",
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
            "id|name|parent|duration|optimistic|pessimistic|distribution|predecessors|resources|calendar|constraint|constraint_date|deadline|priority|fixed_cost|account|category|deliverable|pause|Revenue",
            "S|Structure||9d|||||||SNET|2026-03-03|2026-09-30",
            "a|Pour|S|3h|2h|6h|||Ana Lee 50%;cement*12|holidays|MFO|2026-04-30||900|250.50|A1|civil|deck|never|-1,000.50",
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
    assert_eq!(project.discount_rate, Share(750));
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
    assert_eq!(pour.payment, Money(-100_050));
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
