//! A schedule for each rule that breaks exactly that rule.

use super::*;
use crate::error::Severity;
use crate::index::{Id, IdVec, Rows};
use crate::plan::calendar::{Calendar, Exception, Shift};
use crate::plan::{
    BudgetScope, CalendarId, ConstraintKind, DemandSource, Duration, Lag, LinkKind, ModeId, Pause, ResourceId,
    ResourceKind,
};
use crate::schedule::Assignment;
use crate::schedule::testing::{DAY, Sketch, days, lag, march, schedule};
use crate::units::{Amount, Money, Rate, Share};
use jiff::civil::date;

/// The rules of the findings, with those that are mere warnings in brackets.
fn rules(plan: &Plan, schedule: &Schedule) -> Vec<String> {
    verify(plan, schedule)
        .iter()
        .map(|finding| match finding.severity {
            Severity::Error => finding.rule.to_string(),
            _ => format!("({})", finding.rule),
        })
        .collect()
}

const NONE: [&str; 0] = [];

/// Monday 2 March 08:00 to Tuesday 3 March 17:00: two days.
fn two_days() -> (Moment, Moment) {
    (march(2, 8), march(3, 17))
}

#[test]
fn a_task_on_its_working_time_is_accepted() {
    let mut sketch = Sketch::new();
    sketch.task("a", days(2));
    let plan = sketch.build();
    assert_eq!(rules(&plan, &schedule(&plan, &[two_days()])), NONE);
}

#[test]
fn missing_and_surplus_placements_are_told() {
    let mut sketch = Sketch::new();
    sketch.task("a", days(2));
    let plan = sketch.build();
    let nothing = Schedule { placements: IdVec::new(), assignments: Rows::new() };
    assert_eq!(rules(&plan, &nothing), ["unplaced-task"]);
    let mut twice = schedule(&plan, &[two_days()]);
    twice.placements.push(twice.placements[TaskId::new(0)]);
    twice.assignments.push_row([]);
    assert_eq!(rules(&plan, &twice), ["surplus-placement"]);
}

#[test]
fn modes_of_other_tasks_and_none_at_all_are_wrong() {
    let mut sketch = Sketch::new();
    sketch.task("a", days(2));
    sketch.task("b", days(2));
    let summary = sketch.summary("s");
    sketch.at(TaskId::new(0)).parent = Some(summary);
    let plan = sketch.build();
    let times = [two_days(); 3];
    for (task, mode) in [(0, None), (0, Some(1)), (0, Some(99)), (2, Some(0))] {
        let mut broken = schedule(&plan, &times);
        broken.placements[TaskId::new(task)].mode = mode.map(ModeId::new);
        assert_eq!(rules(&plan, &broken), ["wrong-mode"], "{task} {mode:?}");
    }
}

#[test]
fn moments_beyond_all_dates_are_refused_and_do_no_harm() {
    let mut sketch = Sketch::new();
    let a = sketch.task("a", days(2));
    let b = sketch.task("b", days(2));
    sketch.link(a, LinkKind::FinishToStart, b, lag(DAY));
    let person = sketch.person("ana");
    sketch.needs(a, person, 1);
    let plan = sketch.build();
    for moment in [i64::MIN, i64::MAX, Moment::MIN.0 - 1, Moment::MAX.0 + 1] {
        let later = (march(5, 8), march(6, 17));
        assert_eq!(rules(&plan, &schedule(&plan, &[(Moment(moment), march(3, 17)), later])), ["moment-out-of-range"]);
        assert_eq!(rules(&plan, &schedule(&plan, &[(march(2, 8), Moment(moment)), later])), ["moment-out-of-range"]);
    }
    // The very first and last moments have dates; they are judged, not refused.
    let found = rules(&plan, &schedule(&plan, &[(Moment::MIN, Moment::MAX), (march(5, 8), march(6, 17))]));
    assert!(found.contains(&"wrong-duration".into()) && found.contains(&"precedence-violated".into()), "{found:?}");
}

#[test]
fn no_task_starts_before_the_project() {
    let mut sketch = Sketch::new();
    sketch.project.start = march(3, 0);
    sketch.task("a", days(2));
    let plan = sketch.build();
    assert_eq!(rules(&plan, &schedule(&plan, &[two_days()])), ["start-before-project"]);
}

#[test]
fn a_task_finishes_after_its_start_and_a_milestone_at_it() {
    let mut sketch = Sketch::new();
    sketch.task("a", days(2));
    sketch.task("m", days(0));
    let plan = sketch.build();
    let noon = (march(2, 12), march(2, 12));
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(3, 17), march(2, 8)), noon])), ["finish-before-start"]);
    let long = (march(2, 12), march(2, 13));
    assert_eq!(rules(&plan, &schedule(&plan, &[two_days(), long])), ["milestone-with-length"]);
    // A milestone may stand where nobody works.
    assert_eq!(rules(&plan, &schedule(&plan, &[two_days(), (march(7, 3), march(7, 3))])), NONE);
}

#[test]
fn start_and_finish_lie_in_working_time_with_the_duration_between() {
    let mut sketch = Sketch::new();
    sketch.task("a", days(2));
    let plan = sketch.build();
    let one = |start, finish| rules(&plan, &schedule(&plan, &[(start, finish)]));
    assert_eq!(one(march(2, 7), march(3, 17)), ["start-not-working"]);
    assert_eq!(one(march(2, 8), march(3, 18)), ["finish-not-working"]);
    // A finish at the beginning of work belongs before the pause: Wednesday 08:00 is not where Tuesday's work ends.
    assert_eq!(one(march(2, 8), march(4, 8)), ["finish-not-working"]);
    assert_eq!(one(march(2, 8), march(3, 16)), ["wrong-duration"]);
    assert_eq!(one(march(2, 12), march(4, 12)), ["start-not-working"], "noon is the lunch break's first minute");
}

#[test]
fn a_task_that_must_not_pause_fits_into_one_stretch() {
    let mut sketch = Sketch::new();
    let a = sketch.task("a", Duration::Working(Minutes(240)));
    sketch.at(a).pause = Pause::Never;
    let plan = sketch.build();
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(2, 8), march(2, 12))])), NONE);
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(2, 9), march(2, 14))])), ["work-interrupted"]);
}

#[test]
fn elapsed_durations_run_on_the_clock() {
    let mut sketch = Sketch::new();
    sketch.task("dry", Duration::Elapsed(Minutes(2 * 24 * 60)));
    let plan = sketch.build();
    // Saturday noon to Monday noon.
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(7, 12), march(9, 12))])), NONE);
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(7, 12), march(9, 11))])), ["wrong-duration"]);
}

#[test]
fn a_task_works_when_its_calendar_and_all_its_people_do() {
    let mut sketch = Sketch::new();
    let mut mornings = Calendar::standard();
    let morning = Shift { start_minute: 480, finish_minute: 720 };
    mornings.week = std::array::from_fn(|_| vec![morning]);
    let mornings = sketch.calendar(mornings);
    let ana = sketch.person("ana");
    sketch.resources[ana.index()].calendar = Some(mornings);
    let ben = sketch.person("ben");
    // Ben is away on Tuesday 3 March.
    sketch.window(ben, march(3, 0), march(4, 0), 0);
    let a = sketch.task("a", Duration::Working(Minutes(480)));
    sketch.needs(a, ana, 1);
    sketch.needs(a, ben, 1);
    let plan = sketch.build();
    // Mornings of Monday and Wednesday: Ana only works mornings (weekends too), Ben on weekdays but not on Tuesday.
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(2, 8), march(4, 12))])), NONE);
    assert_eq!(
        rules(&plan, &schedule(&plan, &[(march(2, 8), march(2, 17))])),
        ["finish-not-working", "wrong-duration"]
    );
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(6, 8), march(9, 12))])), NONE, "Friday and Monday");
}

/// Two tasks of two days each with a link.
fn linked(kind: LinkKind, least: Lag, greatest: Option<Lag>) -> Plan {
    let mut sketch = Sketch::new();
    let (a, b) = (sketch.task("a", days(2)), sketch.task("b", days(2)));
    sketch.link(a, kind, b, least).max_lag = greatest;
    sketch.build()
}

/// The rules broken when `a` takes Monday 2 and Tuesday 3 March and `b` two days from the given one.
fn with_b_from(plan: &Plan, day: i8) -> Vec<String> {
    let finish = if day == 6 { 9 } else { day + 1 };
    rules(plan, &schedule(plan, &[two_days(), (march(day, 8), march(finish, 17))]))
}

#[test]
fn links_of_all_kinds_hold() {
    use LinkKind::*;
    // Of each kind with a lag: the first day on which `b` may start. `a` starts on the 2nd and finishes on the 3rd.
    let cases = [
        (FinishToStart, 0, 4),    // after Tuesday
        (FinishToStart, DAY, 5),  // Tuesday 17:00 and a day: Wednesday 17:00, so Thursday
        (StartToStart, DAY, 4),   // Monday 08:00 and a day: Monday 17:00; from Tuesday on it holds, see below
        (FinishToFinish, DAY, 3), // Tuesday and a day: Wednesday 17:00; two days that end then
        (StartToFinish, 2 * DAY, 2),
    ];
    for (kind, distance, first) in cases {
        let plan = linked(kind, lag(distance), None);
        let first = if kind == StartToStart { 3 } else { first };
        assert_eq!(with_b_from(&plan, first), NONE, "{kind:?}");
        if first > 2 {
            assert_eq!(with_b_from(&plan, first - 1), ["precedence-violated"], "{kind:?}");
        }
    }
    let plan = linked(StartToFinish, lag(2 * DAY + 1), None);
    assert_eq!(with_b_from(&plan, 2), ["precedence-violated"]);
}

#[test]
fn a_negative_lag_lets_the_successor_start_before_the_predecessor_finishes() {
    // One day before Tuesday 17:00 is Monday 17:00 or, after the pause, Tuesday 08:00.
    let plan = linked(LinkKind::FinishToStart, lag(-DAY), None);
    assert_eq!(with_b_from(&plan, 3), NONE);
    assert_eq!(with_b_from(&plan, 2), ["precedence-violated"]);
}

#[test]
fn percent_elapsed_and_calendar_lags_count_on_their_own_clock() {
    let half = Lag { amount: LagAmount::Percent(Share(5_000)), calendar: LagCalendar::Successor };
    let plan = linked(LinkKind::FinishToStart, half, None); // half of two days
    assert_eq!((with_b_from(&plan, 5), with_b_from(&plan, 4).len()), (vec![], 1));

    let elapsed =
        |minutes| Lag { amount: LagAmount::Minutes(Minutes(minutes)), calendar: LagCalendar::TwentyFourHours };
    let plan = linked(LinkKind::FinishToStart, elapsed(15 * 60), None); // Tuesday 17:00 to Wednesday 08:00
    assert_eq!(with_b_from(&plan, 4), NONE);
    let plan = linked(LinkKind::FinishToStart, elapsed(15 * 60 + 1), None);
    assert_eq!(with_b_from(&plan, 4), ["precedence-violated"]);

    for calendar in [LagCalendar::Predecessor, LagCalendar::Project, LagCalendar::Named(CalendarId::new(0))] {
        let day = Lag { amount: LagAmount::Minutes(Minutes(DAY)), calendar };
        let plan = linked(LinkKind::FinishToStart, day, None);
        assert_eq!((with_b_from(&plan, 5), with_b_from(&plan, 4).len()), (vec![], 1));
    }
    let named = Lag { amount: LagAmount::Minutes(Minutes(15 * 60)), calendar: LagCalendar::Named(CalendarId::new(1)) };
    assert_eq!(with_b_from(&linked(LinkKind::FinishToStart, named, None), 4), NONE);
}

#[test]
fn greatest_distances_hold() {
    // At most one day after Tuesday 17:00 is Wednesday 17:00, that is Thursday 08:00 at the latest.
    let plan = linked(LinkKind::FinishToStart, Lag::NONE, Some(lag(DAY)));
    assert_eq!(with_b_from(&plan, 5), NONE);
    assert_eq!(with_b_from(&plan, 6), ["max-lag-exceeded"]);
    // The finish at most two days after Tuesday 17:00: Thursday 17:00.
    let plan = linked(LinkKind::FinishToFinish, Lag::NONE, Some(lag(2 * DAY)));
    assert_eq!(with_b_from(&plan, 4), NONE);
    assert_eq!(with_b_from(&plan, 5), ["max-lag-exceeded"]);
    // No later than a thousand years before.
    let plan = linked(LinkKind::FinishToStart, lag(-900_000), Some(lag(-800_000)));
    assert_eq!(with_b_from(&plan, 4), ["max-lag-exceeded"]);
    let plan = linked(LinkKind::FinishToFinish, lag(800_000), None);
    assert_eq!(with_b_from(&plan, 4), ["precedence-violated"]);
}

#[test]
fn a_finish_link_is_met_when_the_successor_cannot_work_until_the_bound() {
    // `a` runs on the clock until Saturday noon; `b` finishes Friday 17:00 and could not do more before that.
    let mut sketch = Sketch::new();
    let a = sketch.task("a", Duration::Elapsed(Minutes(24 * 60)));
    let b = sketch.task("b", days(2));
    sketch.link(a, LinkKind::FinishToFinish, b, Lag::NONE);
    let plan = sketch.build();
    let a = (march(6, 12), march(7, 12));
    assert_eq!(rules(&plan, &schedule(&plan, &[a, (march(5, 8), march(6, 17))])), NONE);
    assert_eq!(rules(&plan, &schedule(&plan, &[a, (march(4, 8), march(5, 17))])), ["precedence-violated"]);
}

#[test]
fn summaries_span_what_is_below_and_links_reach_through_them() {
    let mut sketch = Sketch::new();
    let before = sketch.task("before", days(2));
    let outer = sketch.summary("outer");
    let inner = sketch.summary("inner");
    let x = sketch.task("x", days(2));
    let y = sketch.task("y", days(2));
    let after = sketch.task("after", days(2));
    sketch.at(inner).parent = Some(outer);
    sketch.at(x).parent = Some(inner);
    sketch.at(y).parent = Some(outer);
    sketch.link(before, LinkKind::FinishToStart, outer, Lag::NONE);
    sketch.link(outer, LinkKind::FinishToStart, after, Lag::NONE);
    sketch.constrain(inner, ConstraintKind::StartNoEarlierThan, march(5, 0));
    sketch.at(outer).deadline = Some(march(10, 17));
    let plan = sketch.build();
    // before 2-3, x 5-6, y 4-5, after 9-10.
    let (x, y, after) = ((march(5, 8), march(6, 17)), (march(4, 8), march(5, 17)), (march(9, 8), march(10, 17)));
    let good = [two_days(), (march(4, 8), march(6, 17)), x, x, y, after];
    assert_eq!(rules(&plan, &schedule(&plan, &good)), NONE);
    let changed = |at: usize, times| {
        let mut all = good;
        all[at] = times;
        rules(&plan, &schedule(&plan, &all))
    };
    assert_eq!(changed(1, x), ["summary-roll-up"]);
    assert_eq!(changed(4, (march(3, 8), march(4, 17))), ["summary-roll-up", "precedence-violated"], "into the summary");
    assert_eq!(changed(5, (march(6, 8), march(9, 17))), ["precedence-violated"], "out of the summary");
    let early = (march(4, 8), march(5, 17));
    assert_eq!(changed(3, early), ["summary-roll-up", "summary-roll-up", "start-no-earlier-than"], "gate of the inner");
    let late = (march(10, 8), march(11, 17));
    assert_eq!(changed(4, late), ["summary-roll-up", "(deadline-missed)", "precedence-violated"]);
}

#[test]
fn hard_constraints_hold_and_soft_ones_warn() {
    use ConstraintKind::*;
    // Of a two-day task: the constraint, a start day at which it holds, one at which it does not, and the finding.
    // Saturday 7 and Sunday 8 March are free; starts move to Monday 9, finishes to Friday 6 17:00.
    let cases = [
        (MustStartOn, march(7, 0), 9, 5, "must-start-on"),
        (MustStartOn, march(7, 0), 9, 10, "must-start-on"),
        (MustFinishOn, march(8, 0), 5, 4, "must-finish-on"),
        (MustFinishOn, march(8, 0), 5, 9, "must-finish-on"),
        (MustFinishOn, march(6, 17), 5, 9, "must-finish-on"),
        (StartNoEarlierThan, march(7, 0), 9, 5, "start-no-earlier-than"),
        (FinishNoEarlierThan, march(8, 0), 5, 4, "finish-no-earlier-than"),
        (StartNoLaterThan, march(4, 0), 4, 5, "(start-no-later-than)"),
        (FinishNoLaterThan, march(8, 0), 5, 9, "(finish-no-later-than)"),
    ];
    for (kind, moment, holds, breaks, rule) in cases {
        let mut sketch = Sketch::new();
        let task = sketch.task("a", days(2));
        sketch.constrain(task, kind, moment);
        let plan = sketch.build();
        let from = |day: i8| rules(&plan, &schedule(&plan, &[(march(day, 8), march(day + 1, 17))]));
        assert_eq!(from(holds), NONE, "{kind:?}");
        assert_eq!(from(breaks), [rule], "{kind:?}");
    }
}

#[test]
fn a_constraint_beyond_the_last_work_of_a_calendar_is_still_judged() {
    // The calendar works on 2 and 3 March and never again; the date lies in another century.
    let mut sketch = Sketch::new();
    let mut once = Calendar::standard();
    let week = std::mem::take(&mut once.week);
    let hours = week[0].clone();
    once.exceptions.push(Exception { from: date(2026, 3, 2), to: date(2026, 3, 3), shifts: hours });
    let once = sketch.calendar(once);
    let task = sketch.task("a", days(2));
    sketch.at(task).calendar = Some(once);
    sketch.constrain(task, ConstraintKind::MustFinishOn, Moment::midnight(date(2199, 1, 1)));
    let other = sketch.task("b", days(2));
    sketch.constrain(other, ConstraintKind::FinishNoEarlierThan, Moment::midnight(date(2199, 1, 1)));
    let plan = sketch.build();
    assert_eq!(rules(&plan, &schedule(&plan, &[two_days(), two_days()])), ["finish-no-earlier-than"]);
}

#[test]
fn a_constrained_milestone_stands_at_a_working_moment() {
    let mut sketch = Sketch::new();
    let start = sketch.task("m", days(0));
    sketch.constrain(start, ConstraintKind::MustStartOn, march(7, 0));
    let finish = sketch.task("n", days(0));
    sketch.constrain(finish, ConstraintKind::MustFinishOn, march(8, 0));
    let plan = sketch.build();
    let at = |moment| (moment, moment);
    assert_eq!(rules(&plan, &schedule(&plan, &[at(march(9, 8)), at(march(6, 17))])), NONE);
    assert_eq!(
        rules(&plan, &schedule(&plan, &[at(march(6, 17)), at(march(6, 18))])),
        ["must-start-on", "must-finish-on"]
    );
}

#[test]
fn missed_deadlines_are_warnings() {
    let mut sketch = Sketch::new();
    let task = sketch.task("a", days(2));
    sketch.at(task).deadline = Some(march(3, 16));
    sketch.project.deadline = Some(march(3, 17));
    let plan = sketch.build();
    assert_eq!(rules(&plan, &schedule(&plan, &[two_days()])), ["(deadline-missed)"]);
    assert_eq!(
        rules(&plan, &schedule(&plan, &[(march(3, 8), march(4, 17))])),
        ["(deadline-missed)", "(project-deadline-missed)"]
    );
}

/// A task that needs one of `ana` and two with the skill `rust`, which `ben` (two units) and `cem` have.
fn skilled() -> Plan {
    let mut sketch = Sketch::new();
    let rust = sketch.label("rust");
    let ana = sketch.person("ana");
    for (id, units) in [("ben", 2), ("cem", 1)] {
        let resource = sketch.resource(id, ResourceKind::Work, Some(units));
        sketch.resources[resource.index()].skills.push(rust);
    }
    let task = sketch.task("a", days(2));
    sketch.needs(task, ana, 1);
    sketch.needs_of(task, DemandSource::Skill(rust), 2);
    sketch.build()
}

#[test]
fn assignments_meet_the_demands_exactly() {
    let plan = skilled();
    let assigned = |row: &[(usize, i64)]| {
        let mut schedule = schedule(&plan, &[two_days()]);
        schedule.assignments = Rows::new();
        schedule.assignments.push_row(
            row.iter()
                .map(|&(resource, amount)| Assignment { resource: ResourceId::new(resource), amount: Amount(amount) }),
        );
        rules(&plan, &schedule)
    };
    assert_eq!(assigned(&[(0, 10_000), (1, 20_000)]), NONE);
    assert_eq!(assigned(&[(0, 10_000), (1, 10_000), (2, 10_000)]), NONE);
    assert_eq!(assigned(&[(1, 20_000)]), ["demand-not-met"]);
    assert_eq!(assigned(&[(0, 5_000), (1, 20_000)]), ["demand-not-met"]);
    assert_eq!(assigned(&[(0, 10_000), (1, 15_000)]), ["demand-not-met"]);
    assert_eq!(assigned(&[(0, 10_000), (1, 15_000), (2, 10_000)]), ["more-than-demanded"]);
    assert_eq!(assigned(&[(0, 10_000), (1, 10_000), (2, 5_000), (2, 5_000)]), ["resource-twice"]);
    assert_eq!(assigned(&[(0, 10_000), (1, 20_000), (2, 0)]), ["wrong-amount"]);
    assert_eq!(assigned(&[(0, 10_000), (1, 20_000), (2, i64::MIN)]), ["wrong-amount"]);
    assert_eq!(assigned(&[(0, 10_000), (1, 20_000), (7, 10_000)]), ["unknown-resource"]);
    // Ana has no such skill.
    let found = assigned(&[(0, 30_000)]);
    assert_eq!(found, ["more-than-demanded", "demand-not-met", "capacity-exceeded"]);
}

/// Two tasks on one person.
fn two_on_ana(change: impl FnOnce(&mut Sketch, ResourceId)) -> Plan {
    let mut sketch = Sketch::new();
    let ana = sketch.person("ana");
    for id in ["a", "b"] {
        let task = sketch.task(id, days(2));
        sketch.needs(task, ana, 1);
    }
    change(&mut sketch, ana);
    sketch.build()
}

#[test]
fn a_person_does_one_thing_at_a_time() {
    let plan = two_on_ana(|_, _| {});
    assert_eq!(with_b_from(&plan, 4), NONE);
    assert_eq!(with_b_from(&plan, 3), ["capacity-exceeded"]);
    let findings = verify(&plan, &schedule(&plan, &[two_days(), (march(3, 8), march(4, 17))]));
    let text = &findings.iter().next().expect("a finding").text;
    let said = "`ana` is overloaded from 2026-03-03 08:00 to 2026-03-03 17:00: 2 units are in use and 1 are there; at \
                work on it: `a`, `b`";
    assert_eq!(text, said);
    assert!(verify_dates(&plan, &schedule(&plan, &[two_days(), two_days()])).is_empty());
}

#[test]
fn tasks_may_share_a_person_when_they_work_at_different_times() {
    let plan = two_on_ana(|sketch, _| {
        for (task, from) in [(0, 480), (1, 780)] {
            let mut half = Calendar::standard();
            half.week = std::array::from_fn(|_| vec![Shift { start_minute: from, finish_minute: from + 240 }]);
            let half = sketch.calendar(half);
            sketch.tasks[task].calendar = Some(half);
        }
    });
    // Mornings and afternoons from Monday to Thursday.
    let times = [(march(2, 8), march(5, 12)), (march(2, 13), march(5, 17))];
    assert_eq!(rules(&plan, &schedule(&plan, &times)), NONE);
}

#[test]
fn availability_windows_limit_what_is_there() {
    // Two units, of which one is gone on Tuesday from noon on: not a pause, but too few for both tasks.
    let plan = two_on_ana(|sketch, ana| {
        sketch.resources[ana.index()].capacity = Some(Amount(20_000));
        sketch.window(ana, march(3, 12), march(4, 0), 1);
    });
    assert_eq!(with_b_from(&plan, 2), ["capacity-exceeded"]);
    assert_eq!(with_b_from(&plan, 4), NONE);
    // During the lunch break nobody is in use.
    let plan = two_on_ana(|sketch, ana| {
        sketch.resources[ana.index()].capacity = Some(Amount(20_000));
        sketch.window(ana, march(3, 12), march(3, 13), 1);
    });
    assert_eq!(with_b_from(&plan, 2), NONE);
}

#[test]
fn elapsed_tasks_occupy_their_resources_even_when_they_are_away() {
    let mut sketch = Sketch::new();
    let oven = sketch.person("oven");
    sketch.window(oven, march(4, 0), march(5, 0), 0);
    let task = sketch.task("dry", Duration::Elapsed(Minutes(2 * 24 * 60)));
    sketch.needs(task, oven, 1);
    let plan = sketch.build();
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(2, 0), march(4, 0))])), NONE);
    assert_eq!(rules(&plan, &schedule(&plan, &[(march(3, 0), march(5, 0))])), ["capacity-exceeded"]);
}

#[test]
fn materials_are_used_up() {
    let mut sketch = Sketch::new();
    let cement = sketch.resource("cement", ResourceKind::Material, Some(3));
    let sand = sketch.resource("sand", ResourceKind::Material, None);
    for id in ["a", "b"] {
        let task = sketch.task(id, days(2));
        sketch.needs(task, cement, 2);
        sketch.needs(task, sand, 1_000);
    }
    let plan = sketch.build();
    assert_eq!(rules(&plan, &schedule(&plan, &[two_days(); 2])), ["material-exceeded"]);
}

#[test]
fn no_week_is_longer_than_allowed() {
    let plan = two_on_ana(|sketch, ana| {
        sketch.resources[ana.index()].capacity = Some(Amount(20_000));
        sketch.resources[ana.index()].max_per_week = Some(Minutes(44 * 60));
        sketch.modes.iter_mut().for_each(|modes| modes[0].duration = days(3));
    });
    let first = (march(2, 8), march(4, 17));
    // Six days of eight hours in one week, then five of them and one in the next week.
    let long = schedule(&plan, &[first, (march(4, 8), march(6, 17))]);
    assert_eq!(rules(&plan, &long), ["weekly-hours-exceeded"]);
    assert_eq!(rules(&plan, &schedule(&plan, &[first, (march(5, 8), march(9, 17))])), NONE);
    let text = &verify(&plan, &long).iter().next().expect("a finding").text.clone();
    assert_eq!(text, "`ana` works 48h in the week of 2026-03-02, more than 44h");
    assert!(verify_dates(&plan, &long).is_empty());
}

#[test]
fn all_units_of_a_resource_share_its_hours() {
    let two_at_once = |hours: i64| {
        let plan = two_on_ana(|sketch, ana| {
            sketch.resources[ana.index()].capacity = Some(Amount(20_000));
            sketch.resources[ana.index()].max_per_week = Some(Minutes(hours * 60));
            sketch.modes.iter_mut().for_each(|modes| modes[0].duration = days(4));
        });
        rules(&plan, &schedule(&plan, &[(march(2, 8), march(5, 17)); 2]))
    };
    // Two units for four days.
    assert_eq!(two_at_once(64), NONE);
    assert_eq!(two_at_once(63), ["weekly-hours-exceeded"]);
}

#[test]
fn work_that_is_too_much_for_a_week_waits_for_the_next() {
    // Sixty hours by day and night, of which Ana may work forty in a week: until Tuesday 16:00, and on from the next Monday.
    let plan = |change: fn(&mut Sketch)| {
        let mut sketch = Sketch::new();
        let ana = sketch.person("ana");
        sketch.resources[0].calendar = Some(CalendarId::new(1));
        sketch.resources[0].max_per_week = Some(Minutes(40 * 60));
        let task = sketch.task("a", Duration::Working(Minutes(60 * 60)));
        sketch.needs(task, ana, 1);
        change(&mut sketch);
        sketch.build()
    };
    let found = |plan: &Plan, from: Moment, to: Moment| rules(plan, &schedule(plan, &[(from, to)]));
    let cut = plan(|_| {});
    assert_eq!(found(&cut, march(2, 0), march(9, 20)), NONE);
    assert_eq!(found(&cut, march(2, 0), march(4, 12)), ["finish-not-working", "wrong-duration"]);
    assert_eq!(found(&cut, march(4, 0), march(10, 12)), ["start-not-working", "wrong-duration"]);
    // What must run through, or runs by the clock, does not wait, and may not exceed what is allowed.
    let whole = plan(|sketch| sketch.tasks[0].pause = Pause::Never);
    assert_eq!(found(&whole, march(2, 0), march(4, 12)), ["weekly-hours-exceeded"]);
    assert_eq!(found(&whole, march(7, 0), march(9, 12)), ["weekly-hours-exceeded"]);
    // Thirty hours on each side of Monday.
    assert_eq!(found(&whole, march(7, 18), march(10, 6)), NONE);
    let elapsed = plan(|sketch| sketch.modes[0][0].duration = Duration::Elapsed(Minutes(60 * 60)));
    assert_eq!(found(&elapsed, march(2, 0), march(4, 12)), ["weekly-hours-exceeded"]);
    assert_eq!(found(&elapsed, march(7, 18), march(10, 6)), NONE);
}

/// Task `a` (two days) costs 48.01 a day of work by Ana's rate, 10.00 for her use, 0.01 fixed; overhead is 5.00 a day.
fn priced(scope: impl FnOnce(&mut Sketch) -> BudgetScope, cap: i64, from: Option<Moment>, to: Option<Moment>) -> Plan {
    let mut sketch = Sketch::new();
    sketch.project.overhead_per_day = Money(500);
    let ana = sketch.person("ana");
    sketch.resources[0].rate = Rate { money: Money(4_801), per: Minutes(DAY) };
    sketch.resources[0].cost_per_use = Money(1_000);
    let summary = sketch.summary("s");
    let task = sketch.task("a", days(2));
    sketch.at(task).parent = Some(summary);
    sketch.at(task).fixed_cost = Money(1);
    sketch.needs(task, ana, 1);
    sketch.task("other", days(2));
    sketch.tasks[2].fixed_cost = Money(70_000);
    let scope = scope(&mut sketch);
    let budget = sketch.budget("b", scope, cap);
    (budget.from, budget.to) = (from, to);
    sketch.build()
}

#[test]
fn budgets_of_every_scope_hold_to_the_cent() {
    // Of `a`: 2 * 48.01 + 0.01 = 96.03 spread and 10.00 at the start, 106.03. Of `other` 700.00. Both on 2 and 3 March.
    // After the first day floor(9603 / 2) = 4801 and 35000 are spent.
    let tuesday = Some(march(3, 0));
    let wbs = |_: &mut Sketch| BudgetScope::Wbs(TaskId::new(0));
    let account = |sketch: &mut Sketch| {
        let account = sketch.label("capex");
        sketch.tasks[1].account = Some(account);
        BudgetScope::Account(account)
    };
    let account_of_nobody = |sketch: &mut Sketch| BudgetScope::Account(sketch.label("opex"));
    let ana = |_: &mut Sketch| BudgetScope::Resource(ResourceId::new(0));
    let exactly = |plan_for: &dyn Fn(i64) -> Plan, spent: i64| {
        for (cap, expected) in [(spent, &NONE[..]), (spent - 1, &["budget-exceeded"])] {
            let plan = plan_for(cap);
            let found = rules(&plan, &schedule(&plan, &[two_days(); 3]));
            assert_eq!(found, expected, "{cap} of {spent}");
        }
    };
    exactly(&|cap| priced(|_| BudgetScope::Task(TaskId::new(1)), cap, None, None), 10_603);
    exactly(&|cap| priced(wbs, cap, None, None), 10_603);
    exactly(&|cap| priced(account, cap, None, None), 10_603);
    exactly(&|cap| priced(account_of_nobody, cap, None, None), 0);
    exactly(&|cap| priced(ana, cap, None, None), 10_602);
    exactly(&|cap| priced(|_| BudgetScope::All, cap, None, None), 10_603 + 70_000 + 1_000);
    // With windows: Monday alone has the use and the smaller half, Tuesday the larger half.
    exactly(&|cap| priced(wbs, cap, None, tuesday), 1_000 + 4_801);
    exactly(&|cap| priced(wbs, cap, tuesday, None), 4_802);
    exactly(&|cap| priced(ana, cap, tuesday, Some(march(30, 0))), 4_801);
    exactly(&|cap| priced(|_| BudgetScope::All, cap, tuesday, None), 4_802 + 35_000 + 500);
    // A quarter of a day: floor(9603 / 8) = 1200 and floor(500 / 4) = 125 and 8750 on Monday until 10:00.
    exactly(&|cap| priced(|_| BudgetScope::All, cap, None, Some(march(2, 10))), 1_000 + 1_200 + 125 + 8_750);
    exactly(&|cap| priced(wbs, cap, Some(march(2, 8)), Some(march(2, 8))), 0);
}

#[test]
fn a_milestone_is_paid_at_its_moment() {
    let plan = |from, to| {
        let mut sketch = Sketch::new();
        let task = sketch.task("m", days(0));
        sketch.at(task).fixed_cost = Money(100);
        let budget = sketch.budget("b", BudgetScope::All, 99);
        (budget.from, budget.to) = (Some(from), Some(to));
        sketch.build()
    };
    let at_eight = [(march(2, 8), march(2, 8))];
    let spent_in = |from, to| {
        let plan = plan(from, to);
        !rules(&plan, &schedule(&plan, &at_eight)).is_empty()
    };
    assert!(spent_in(march(2, 8), march(2, 9)));
    assert!(!spent_in(march(2, 0), march(2, 8)));
    assert!(!spent_in(march(2, 9), march(3, 0)));
}

#[test]
fn periods_are_judged_as_plain_numbers() {
    let mut sketch = Sketch::periods();
    let machine = sketch.resource("R1", ResourceKind::Work, Some(2));
    for id in ["1", "2"] {
        let task = sketch.task(id, Duration::Working(Minutes(3)));
        sketch.needs(task, machine, 2);
    }
    let plan = sketch.build();
    let at = |start| (Moment(start), Moment(start + 3));
    assert_eq!(rules(&plan, &schedule(&plan, &[at(0), at(3)])), NONE);
    let findings = verify(&plan, &schedule(&plan, &[at(0), at(2)]));
    assert!(findings.iter().any(|finding| finding.text.contains("overloaded from 2 to 3: 4 units")));
}
