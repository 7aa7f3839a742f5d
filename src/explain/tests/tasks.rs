use super::*;
use crate::error::Severity;
use crate::explain::{Relaxation, TaskOptions, Tried, why_task};
use crate::index::Id;
use crate::plan::calendar::{Calendar, Shift};
use crate::plan::{BudgetScope, ConstraintKind, Limit, LinkId, LinkKind, Pause, ResourceId, ResourceKind, TaskId};
use crate::schedule::testing::{Sketch, days, lag, march, schedule};
use crate::schedule::{Hold, Holds, Resting, Schedule, verify};
use crate::units::{Minutes, Moment, Money};

const HOUR: Minutes = Minutes(60);

/// What holds the last task of a schedule.
fn holds_of_last(plan: &Plan, times: &[(Moment, Moment)]) -> crate::schedule::Held {
    let schedule = schedule(plan, times);
    let findings = verify(plan, &schedule);
    assert!(!findings.has_errors(), "{findings:?}");
    Holds::new(plan, &schedule, HOUR).of(TaskId::new(times.len() - 1)).unwrap()
}

#[test]
fn each_cause_is_found_where_it_holds() {
    let monday = (march(2, 8), march(2, 17));
    let tuesday = (march(3, 8), march(3, 17));
    let wednesday = (march(4, 8), march(4, 17));
    let two = || {
        let mut sketch = Sketch::new();
        let tasks = ["a", "b"].map(|id| sketch.task(id, days(1)));
        (sketch, tasks)
    };
    // The project's start.
    let (sketch, _) = two();
    assert_eq!(holds_of_last(&sketch.build(), &[monday, monday]).holds, [Hold::ProjectStart]);
    // A link; with a day of lag.
    let (mut sketch, [a, b]) = two();
    sketch.link(a, LinkKind::FinishToStart, b, lag(480));
    let plan = sketch.build();
    assert_eq!(holds_of_last(&plan, &[monday, wednesday]).holds, [Hold::Link(LinkId::new(0))]);
    // Nothing, as the lag is over on Wednesday; from there on the link.
    let schedule = schedule(&plan, &[monday, (march(5, 8), march(5, 17))]);
    let holds = Holds::new(&plan, &schedule, HOUR);
    assert_eq!(holds.of(b).unwrap().holds, []);
    let earliest = holds.earliest(b).unwrap();
    assert_eq!((earliest.start, &earliest.holds[..]), (march(4, 8), &[Hold::Link(LinkId::new(0))][..]));
    // A person.
    let (mut sketch, tasks) = two();
    let ana = sketch.person("ana");
    tasks.into_iter().for_each(|task| sketch.needs(task, ana, 1));
    let busy = Hold::Busy { resource: ana, holders: vec![tasks[0]], instead: None };
    assert_eq!(holds_of_last(&sketch.build(), &[monday, tuesday]).holds, [busy]);
    // One machine of two is away, and the task needs both.
    let (mut sketch, [_, b]) = two();
    let lab = sketch.resource("lab", ResourceKind::Work, Some(2));
    sketch.needs(b, lab, 2);
    sketch.window(lab, march(2, 0), march(3, 0), 1);
    assert_eq!(holds_of_last(&sketch.build(), &[monday, tuesday]).holds, [Hold::Away(lab)]);
    // A date.
    let (mut sketch, [_, b]) = two();
    sketch.constrain(b, ConstraintKind::StartNoEarlierThan, march(3, 0));
    let constraint = Hold::Constraint(b, ConstraintKind::StartNoEarlierThan);
    assert_eq!(holds_of_last(&sketch.build(), &[monday, tuesday]).holds, [constraint]);
    // Money: on Monday there is enough for one of them.
    let (mut sketch, tasks) = two();
    tasks.into_iter().for_each(|task| sketch.at(task).fixed_cost = Money(48_000));
    let budget = sketch.budget("monday", BudgetScope::All, 50_000);
    (budget.from, budget.to) = (Some(march(2, 0)), Some(march(3, 0)));
    assert_eq!(holds_of_last(&sketch.build(), &[monday, tuesday]).holds, [Hold::Budget(crate::plan::BudgetId::new(0))]);
    // Hours of a week: one of two takes 40 of the 44 that both may work together.
    let (mut sketch, tasks) = two();
    let team = sketch.resource("team", ResourceKind::Work, Some(2));
    sketch.resources[0].max_per_week = Some(Minutes(44 * 60));
    sketch.modes[0][0].duration = days(5);
    tasks.into_iter().for_each(|task| sketch.needs(task, team, 1));
    let hours = Hold::WeeklyHours { resource: team, week: march(2, 0), worked: Minutes(40 * 60) };
    let times = [(march(2, 8), march(6, 17)), (march(6, 13), march(9, 12))];
    assert_eq!(holds_of_last(&sketch.build(), &times).holds, [hours]);
    // A greatest lag: `b` has to come within a day of `a`, which stands at its date.
    let (mut sketch, [a, b]) = two();
    sketch.constrain(a, ConstraintKind::MustStartOn, march(4, 0));
    sketch.link(b, LinkKind::FinishToStart, a, lag(0)).max_lag = Some(lag(0));
    assert_eq!(holds_of_last(&sketch.build(), &[wednesday, tuesday]).holds, [Hold::MaximalLag(LinkId::new(0))]);
}

#[test]
fn pauses_that_only_some_have_are_named() {
    let mut sketch = Sketch::new();
    let [a, b] = ["a", "b"].map(|id| sketch.task(id, days(1)));
    let ana = sketch.person("ana");
    sketch.needs(b, ana, 1);
    sketch.window(ana, march(3, 0), march(5, 0), 0);
    sketch.link(a, LinkKind::FinishToStart, b, lag(0));
    let held = holds_of_last(&sketch.build(), &[(march(2, 8), march(2, 17)), (march(5, 8), march(5, 17))]);
    assert_eq!(held.holds, [Hold::Link(LinkId::new(0))]);
    assert_eq!(held.rest, Some((march(2, 17), vec![Resting::Absent(ana)])));
    // Ana may work half of each week.
    let mut sketch = Sketch::new();
    let [a, b] = ["a", "b"].map(|id| sketch.task(id, days(1)));
    let ana = sketch.person("ana");
    sketch.resources[0].max_per_week = Some(Minutes(20 * 60));
    sketch.modes[0][0].duration = days(3);
    sketch.needs(b, ana, 1);
    sketch.link(a, LinkKind::FinishToStart, b, lag(0));
    let held = holds_of_last(&sketch.build(), &[(march(2, 8), march(4, 17)), (march(9, 8), march(9, 17))]);
    assert_eq!(held.rest, Some((march(4, 12), vec![Resting::WeeklyHours(ana)])));
    // Six hours without a pause fit into no morning or afternoon, but into the long Thursday.
    let mut sketch = Sketch::new();
    let mut long = Calendar::standard();
    long.week[3] = vec![Shift { start_minute: 480, finish_minute: 1_020 }];
    let long = sketch.calendar(long);
    let pour = sketch.task("pour", crate::plan::Duration::Working(Minutes(360)));
    sketch.at(pour).calendar = Some(long);
    sketch.at(pour).pause = Pause::Never;
    let plan = sketch.build();
    let held = holds_of_last(&plan, &[(march(5, 8), march(5, 14))]);
    assert_eq!(held.holds, [Hold::ProjectStart]);
}

/// The schedule's errors that tell of the task, not of the summaries above it.
fn errors(plan: &Plan, schedule: &Schedule) -> Vec<String> {
    let findings = verify(plan, schedule);
    let is_told =
        |finding: &&crate::error::Finding| finding.severity == Severity::Error && finding.rule != "summary-roll-up";
    findings.iter().filter(is_told).map(|finding| finding.to_string()).collect()
}

#[test]
fn a_task_is_held_exactly_where_the_validator_forbids_to_start_earlier() {
    let mut counts = [0, 0];
    for seed in 0..5 {
        let plan = generated(GenerateOptions { seed, ..GenerateOptions::enterprise(40) });
        let outcome = solved(&plan, 5);
        let schedule = outcome.schedule.unwrap();
        let holds = Holds::new(&plan, &schedule, compile(&plan).unwrap().axis.slot_minutes);
        for task in plan.tasks().ids() {
            let Some(held) = holds.of(task) else { continue };
            let Some(moved) = held.earlier.and_then(|earlier| holds.with_start(task, earlier)) else { continue };
            let errors = errors(&plan, &moved);
            assert_eq!(
                held.holds.is_empty(),
                errors.is_empty(),
                "{seed} {:?} {held:?} {errors:?}",
                plan.tasks()[task].id
            );
            counts[usize::from(errors.is_empty())] += 1;
        }
    }
    assert!(counts[0] > 100, "{counts:?}");
}

#[test]
fn chains_lead_from_cause_to_cause_back_to_the_start() {
    for seed in 0..3 {
        let plan = generated(GenerateOptions { seed, ..GenerateOptions::psplib(40) });
        let schedule = solved(&plan, 50).schedule.unwrap();
        let last = plan.tasks().ids().max_by_key(|&task| (schedule.placements[task].finish, task)).unwrap();
        let options = TaskOptions { seed: 0, most_changes: 4 };
        let explained = why_task(&plan, &schedule, last, &options, &control(5)).unwrap();
        assert_eq!(explained.steps[0].task, last);
        assert!(explained.is_critical, "{seed}: what finishes last cannot slip");
        for pair in explained.steps.windows(2) {
            let (step, before) = (&pair[0], &pair[1]);
            let end = schedule.placements[before.task].finish;
            match &step.held.holds[step.along.unwrap()] {
                // Links of this plan have no lag, so a tight one joins finish and start.
                Hold::Link(link) => {
                    assert_eq!(plan.links()[*link].predecessor, before.task);
                    assert_eq!(end, step.held.start);
                }
                Hold::Busy { resource, holders, .. } => {
                    assert!(holders.contains(&before.task));
                    let uses = |task: TaskId| {
                        let row = schedule.assignments.row(task.index());
                        row.iter().find(|it| it.resource == *resource).map_or(0, |it| it.amount.0)
                    };
                    let used: i64 = holders.iter().map(|&task| uses(task)).sum();
                    assert!(used + uses(step.task) > plan.resources()[*resource].capacity.unwrap().0);
                }
                other => panic!("{other:?}"),
            }
        }
        let first = explained.steps.last().unwrap();
        assert_eq!(first.held.holds, [Hold::ProjectStart]);
        let lines = explained.lines(&plan, &schedule);
        assert!(lines[0].text.contains("starts") && lines[0].text.contains("because"), "{}", lines[0].text);
    }
}

#[test]
fn sentences_name_the_link_and_the_person_as_planners_do() {
    let mut sketch = Sketch::new();
    let [api, import, test] =
        [("api", 2), ("import", 2), ("test", 1)].map(|(id, length)| sketch.task(id, days(length)));
    let ana = sketch.person("ana");
    [import, test].into_iter().for_each(|task| sketch.needs(task, ana, 1));
    sketch.link(api, LinkKind::FinishToStart, test, lag(0));
    let plan = sketch.build();
    let two_days = (march(2, 8), march(3, 17));
    let schedule = schedule(&plan, &[two_days, two_days, (march(4, 8), march(4, 17))]);
    let explained = why_task(&plan, &schedule, test, &TaskOptions::default(), &control(5)).unwrap();
    let lines = explained.lines(&plan, &schedule);
    assert_eq!(
        lines[0].text,
        "`test` starts 2026-03-04 08:00 because `api` finishes 2026-03-03 17:00 (FS), and ana is on `import` until \
         2026-03-03 17:00"
    );
    assert_eq!(lines[1].text, "`api` starts 2026-03-02 08:00 because the project starts 2026-03-02");
    // More of Ana does not help as long as `api` takes so long; without the link she begins with `test`.
    let gains: Vec<(Tried, Minutes)> =
        explained.changes.iter().map(|change| (change.tried, change.task_gain)).collect();
    let without_link = Tried::Relaxed(Relaxation { limit: Limit::Link(LinkId::new(0)), by: None });
    assert_eq!(gains, [(without_link, Minutes(960)), (Tried::Shorter(api, Minutes(480)), Minutes(480))]);
}

#[test]
fn what_would_have_to_change_is_tried_with_what_it_brings() {
    let mut sketch = Sketch::new();
    let tasks = ["a", "b", "c"].map(|id| sketch.task(id, days(2)));
    let ana = sketch.person("ana");
    tasks[..2].iter().for_each(|&task| sketch.needs(task, ana, 1));
    sketch.link(tasks[1], LinkKind::FinishToStart, tasks[2], lag(480));
    let plan = sketch.build();
    let spans = [(march(2, 8), march(3, 17)), (march(4, 8), march(5, 17)), (march(9, 8), march(10, 17))];
    let schedule = schedule(&plan, &spans);
    let explained = why_task(&plan, &schedule, tasks[2], &TaskOptions::default(), &control(20)).unwrap();
    let gains = |tried: &dyn Fn(&Tried) -> bool| {
        let change = explained.changes.iter().find(|change| tried(&change.tried)).unwrap();
        (change.task_gain, change.project_gain)
    };
    let working_days = |count: i64| Minutes(480 * count);
    let of_limit =
        |limit: Limit| move |tried: &Tried| matches!(tried, Tried::Relaxed(it) if it.limit == limit && it.by.is_none());
    // Without the link it starts with the project, five working days earlier; the project then takes the four days of Ana.
    assert_eq!(gains(&of_limit(Limit::Link(LinkId::new(0)))), (working_days(5), working_days(3)));
    // With `b` before `a` it is two days earlier; one more Ana brings no more than that.
    let more = |tried: &Tried| matches!(tried, Tried::Relaxed(it) if it.limit == Limit::Capacity(ResourceId::new(0)));
    assert!(!explained.changes.iter().any(|change| more(&change.tried)), "{:?}", explained.changes);
    assert_eq!(gains(&|tried| *tried == Tried::OtherOrder), (working_days(2), working_days(2)));
    let edits: Vec<String> = explained.lines(&plan, &schedule).into_iter().flat_map(|line| line.edits).collect();
    for edit in ["dependency:b/c=delete", "dependency:b/c.lag=0", "task:b.duration=-1d"] {
        assert!(edits.iter().any(|known| known == edit), "{edit} {edits:?}");
    }
}
