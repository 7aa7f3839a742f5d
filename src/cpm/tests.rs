//! Hand-worked networks, properties, and a slow rival on the plan's own calendars.

use proptest::prelude::*;

use super::*;
use crate::index::{Id, IdVec};
use crate::network::compile;
use crate::plan::calendar::{Calendar, Exception, Shift};
use crate::plan::testing::{MONDAY, PlanBuilder, at};
use crate::plan::{
    CalendarId, ConstraintKind, Demand, DemandSource, Duration, Lag, LagAmount, LagCalendar, Link, LinkKind, Pause,
    Plan, TaskId, TaskKind, Window,
};
use crate::schedule::{Driver, TaskDates, place};
use crate::units::{Amount, Minutes, Moment, Share};
use LinkKind::{FinishToFinish, FinishToStart, StartToFinish, StartToStart};

fn dates(plan: &Plan) -> IdVec<TaskId, TaskDates> {
    let network = compile(plan).expect("the plan compiles");
    analyse(plan, &network, &shortest_modes(&network), Basis::Logic)
}

/// Early start and finish, late start and finish, total and free float, in whole periods.
fn periods(dates: &TaskDates) -> [i64; 6] {
    let TaskDates { early_start, early_finish, late_start, late_finish, total_float, free_float, .. } = dates;
    [early_start.0, early_finish.0, late_start.0, late_finish.0, total_float.0, free_float.0]
}

#[test]
fn all_four_link_kinds_with_lags_as_worked_by_hand() {
    // Elmaghraby and Kamburowski's kinds of precedence on six activities, worked by hand:
    //   A 4: 0-4. B 6, A SS+2: 2-8. C 5, A FS-1: 3-8. D 3, B FF+2: finish >= 10: 7-10. E 2, C SF+6: finish >= 3+6 = 9: 7-9.
    //   F 3, after D FS and E FS+2: max(10, 11) = 11-14.
    // Backward from 14: F 11-14. D LF 11: 8-11. E LF 11-2 = 9: 7-9. B: D's LF 11 - 2 = 9: 3-9.
    //   C: E's LF 9 - 6 = 3 as latest start: 3-8. A: B's LS 3 - 2 = 1; C's LS 3 + 1 = 4 as latest finish: 0-4.
    let mut builder = PlanBuilder::periods();
    let [a, b, c, d, e, f] =
        [("A", 4), ("B", 6), ("C", 5), ("D", 3), ("E", 2), ("F", 3)].map(|(id, time)| builder.minutes(id, time));
    builder.link(a, StartToStart, b, 2);
    let lead = builder.link(a, FinishToStart, c, -1);
    builder.link(b, FinishToFinish, d, 2);
    let to_finish = builder.link(c, StartToFinish, e, 6);
    builder.link(d, FinishToStart, f, 0);
    let last = builder.link(e, FinishToStart, f, 2);
    let dates = dates(&builder.build());
    assert_eq!(periods(&dates[a]), [0, 4, 0, 4, 0, 0]);
    assert_eq!(periods(&dates[b]), [2, 8, 3, 9, 1, 0]);
    assert_eq!(periods(&dates[c]), [3, 8, 3, 8, 0, 0]);
    assert_eq!(periods(&dates[d]), [7, 10, 8, 11, 1, 1]);
    assert_eq!(periods(&dates[e]), [7, 9, 7, 9, 0, 0]);
    assert_eq!(periods(&dates[f]), [11, 14, 11, 14, 0, 0]);
    let drivers = [a, c, e, f].map(|task| dates[task].driver);
    assert_eq!(drivers, [Driver::ProjectStart, Driver::Link(lead), Driver::Link(to_finish), Driver::Link(last)]);
    let on_path: Vec<bool> = dates.iter().map(|task| task.longest_path).collect();
    assert_eq!(on_path, [true, false, true, false, true, true]);
}

#[test]
fn work_and_lags_pause_over_the_weekend() {
    // Wednesday start, three days: Wed, Thu, Fri 17:00. One working day of lag: Monday 17:00. So b starts on Tuesday.
    // An elapsed day after Friday 17:00 is Saturday 17:00: c starts on Monday. A milestone stands on Friday 17:00.
    let mut builder = PlanBuilder::new();
    builder.project().start = at(2, 0, 0);
    let a = builder.days("a", 3);
    let b = builder.days("b", 1);
    let c = builder.days("c", 1);
    let gate = builder.days("gate", 0);
    let after_gate = builder.days("after_gate", 1);
    builder.link(a, FinishToStart, b, 480);
    let elapsed = Lag { amount: LagAmount::Minutes(Minutes(1440)), calendar: LagCalendar::TwentyFourHours };
    builder.push_link(Link { predecessor: a, successor: c, kind: FinishToStart, lag: elapsed, max_lag: None });
    builder.link(a, FinishToStart, gate, 0);
    builder.link(gate, FinishToStart, after_gate, 0);
    let dates = dates(&builder.build());
    assert_eq!((dates[a].early_start, dates[a].early_finish), (at(2, 8, 0), at(4, 17, 0)));
    assert_eq!((dates[b].early_start, dates[b].early_finish), (at(8, 8, 0), at(8, 17, 0)));
    assert_eq!(dates[c].early_start, at(7, 8, 0));
    assert_eq!(dates[gate].early_start, at(4, 17, 0));
    assert_eq!(dates[after_gate].early_start, at(7, 8, 0));
    // c can slip by one working day until b's finish.
    assert_eq!((dates[c].total_float, dates[b].total_float), (Minutes(480), Minutes(0)));
}

#[test]
fn a_plan_on_one_calendar_counts_in_its_own_days() {
    let mut builder = PlanBuilder::new();
    let [a, b] = [("a", 3), ("b", 5)].map(|(id, days)| builder.days(id, days));
    builder.link(a, FinishToStart, b, 480);
    let network = compile(&builder.build()).unwrap();
    assert_eq!(network.axis.slot_minutes, Minutes(480));
    assert_eq!(network.calendars.len(), 1);
    assert_eq!(early_dates(&network, &shortest_modes(&network)).unwrap().finish, [3, 9]);
}

#[test]
fn percent_lags_are_a_share_of_the_predecessor() {
    // Half of 4 days after the start of a: Wednesday 08:00.
    let mut builder = PlanBuilder::new();
    let [a, b] = [("a", 4), ("b", 1)].map(|(id, days)| builder.days(id, days));
    let lag = Lag { amount: LagAmount::Percent(Share(5_000)), calendar: LagCalendar::Successor };
    builder.push_link(Link { predecessor: a, successor: b, kind: StartToStart, lag, max_lag: None });
    assert_eq!(dates(&builder.build())[b].early_start, at(2, 8, 0));
}

#[test]
fn percent_lags_follow_the_mode_of_the_predecessor() {
    let mut builder = PlanBuilder::periods();
    let a = builder.minutes("a", 10);
    builder.mode(a, Duration::Working(Minutes(4)), &[]);
    let b = builder.minutes("b", 1);
    let lag = Lag { amount: LagAmount::Percent(Share(5_000)), calendar: LagCalendar::Successor };
    builder.push_link(Link { predecessor: a, successor: b, kind: StartToStart, lag, max_lag: None });
    let network = compile(&builder.build()).unwrap();
    let starts = |modes: &[u32]| early_dates(&network, modes).unwrap().start;
    assert_eq!((starts(&[0, 2]), starts(&[1, 2])), (vec![0, 5], vec![0, 2]));
    assert_eq!(shortest_modes(&network), [1, 2]);
}

#[test]
fn the_quickest_mode_is_the_one_that_finishes_first_on_its_calendar() {
    // Eight hours by someone who works on Mondays alone, or two whole days by the machine: it starts on Monday afternoon,
    // when four hours of that Monday are left.
    let mut builder = PlanBuilder::new();
    let mut week: [Vec<Shift>; 7] = Default::default();
    week[0] = vec![Shift { start_minute: 480, finish_minute: 720 }, Shift { start_minute: 780, finish_minute: 1020 }];
    let mondays = builder.calendar(Calendar { id: "mondays".into(), week, exceptions: Vec::new() });
    let rare = builder.resource("rare", 1);
    builder.edit_resource(rare).calendar = mondays.into();
    let half = builder.task("half", Duration::Working(Minutes(240)), &[]);
    let need = [Demand { source: DemandSource::Resource(rare), amount: Amount::ONE }];
    let work = builder.task("work", Duration::Working(Minutes(480)), &need);
    builder.mode(work, Duration::Working(Minutes(960)), &[]);
    builder.link(half, FinishToStart, work, 0);
    let network = compile(&builder.build()).unwrap();
    assert_eq!(shortest_modes(&network), [0, 1]);
    assert_eq!(quickest_modes(&network), [0, 2]);
}

#[test]
fn a_deadline_that_is_missed_gives_negative_float() {
    // a and b take ten days; b should be done after eight (Wednesday of the second week, end of day).
    let mut builder = PlanBuilder::new();
    let [a, b, c] = [("a", 5), ("b", 5), ("c", 1)].map(|(id, days)| builder.days(id, days));
    builder.link(a, FinishToStart, b, 0);
    builder.edit(b).deadline = Some(at(10, 0, 0));
    let dates = dates(&builder.build());
    assert_eq!([a, b, c].map(|task| dates[task].total_float.0), [-960, -960, 9 * 480]);
    assert_eq!(dates[b].late_finish, at(9, 17, 0));
    assert!(dates[a].critical && dates[a].longest_path && !dates[c].critical);
}

#[test]
fn each_constraint_acts_on_its_own_dates() {
    // Two days of work in a project that lasts until Friday of the second week (ten days), constrained to Saturday the 7th:
    // start kinds move to Monday (day 7), finish kinds, which mean the end of Saturday, to Friday 17:00 (day 4).
    let [monday, saturday] = [at(5, 0, 0), at(6, 0, 0)];
    let worked = |kind: ConstraintKind, moment: Moment| {
        let mut builder = PlanBuilder::new();
        let task = builder.days("task", 2);
        builder.days("frame", 10);
        builder.constrain(task, kind, moment);
        let dates = dates(&builder.build());
        let TaskDates { early_start, early_finish, late_start, late_finish, driver, .. } = dates[task];
        ([early_start, early_finish, late_start, late_finish], driver)
    };
    let free_early = [at(0, 8, 0), at(1, 17, 0)];
    let free_late = [at(10, 8, 0), at(11, 17, 0)];
    let second_week = [at(7, 8, 0), at(8, 17, 0)];
    let first_week = [at(3, 8, 0), at(4, 17, 0)];
    let both = |early: [Moment; 2], late: [Moment; 2]| [early[0], early[1], late[0], late[1]];
    use ConstraintKind::*;
    assert_eq!(worked(StartNoEarlierThan, monday), (both(second_week, free_late), Driver::Constraint));
    assert_eq!(worked(MustStartOn, monday), (both(second_week, second_week), Driver::Constraint));
    assert_eq!(worked(StartNoLaterThan, monday), (both(free_early, second_week), Driver::ProjectStart));
    assert_eq!(worked(FinishNoEarlierThan, saturday), (both(first_week, free_late), Driver::Constraint));
    assert_eq!(worked(MustFinishOn, saturday), (both(first_week, first_week), Driver::Constraint));
    assert_eq!(worked(FinishNoLaterThan, saturday), (both(free_early, first_week), Driver::ProjectStart));
    assert_eq!(worked(AsLateAsPossible, MONDAY), (both(free_late, free_late), Driver::AsLateAsPossible));
}

#[test]
fn a_must_date_against_a_link_gives_its_predecessor_negative_float() {
    // a takes three days, but b must start on the second: a should have finished on the first.
    let mut builder = PlanBuilder::new();
    let [a, b] = [("a", 3), ("b", 5)].map(|(id, days)| builder.days(id, days));
    builder.link(a, FinishToStart, b, 0);
    builder.constrain(b, ConstraintKind::MustStartOn, at(1, 0, 0));
    let dates = dates(&builder.build());
    assert_eq!((dates[b].early_start, dates[b].late_start), (at(1, 8, 0), at(1, 8, 0)));
    assert_eq!((dates[a].total_float, dates[b].total_float), (Minutes(-960), Minutes(0)));
}

#[test]
fn as_late_as_possible_moves_no_successor() {
    // a (5) before c; late (1) before c too: it moves to the last day before c.
    let mut builder = PlanBuilder::new();
    let [a, late, c] = [("a", 5), ("late", 1), ("c", 1)].map(|(id, days)| builder.days(id, days));
    builder.link(a, FinishToStart, c, 0);
    builder.link(late, FinishToStart, c, 0);
    builder.constrain(late, ConstraintKind::AsLateAsPossible, MONDAY);
    let dates = dates(&builder.build());
    assert_eq!(dates[late].early_start, at(4, 8, 0));
    assert_eq!(dates[c].early_start, at(7, 8, 0));
}

#[test]
fn links_of_summaries_hold_everything_below_them() {
    // before (2) -> phase {x (1), inner {y (3)}} -> after (1).
    let mut builder = PlanBuilder::new();
    let before = builder.days("before", 2);
    let phase = builder.summary("phase");
    let x = builder.days("x", 1);
    let inner = builder.summary("inner");
    let y = builder.days("y", 3);
    let after = builder.days("after", 1);
    for (task, parent) in [(x, phase), (inner, phase), (y, inner)] {
        builder.edit(task).parent = Some(parent);
    }
    builder.link(before, FinishToStart, phase, 0);
    let out = builder.link(phase, FinishToStart, after, 0);
    builder.constrain(inner, ConstraintKind::FinishNoLaterThan, at(4, 0, 0));
    let plan = builder.build();
    let dates = dates(&plan);
    assert_eq!((dates[x].early_start, dates[y].early_start), (at(2, 8, 0), at(2, 8, 0)));
    assert_eq!((dates[phase].early_start, dates[phase].early_finish), (at(2, 8, 0), at(4, 17, 0)));
    assert_eq!(dates[after].early_start, at(7, 8, 0));
    assert_eq!([x, y].map(|task| dates[task].driver), [Driver::Summary(phase), Driver::Summary(inner)]);
    assert_eq!(dates[after].driver, Driver::Link(out));
    // y should finish on Thursday but finishes on Friday; x can wait two days for y.
    assert_eq!([x, y, inner, phase].map(|task| dates[task].total_float.0), [960, -480, -480, -480]);
    assert!(dates[phase].longest_path && !dates[x].longest_path);
}

#[test]
fn tasks_without_a_pause_wait_for_a_stretch_that_is_long_enough() {
    // Four hours in one go fit before lunch or after it. After one hour on Monday: 13:00. Five hours fit nowhere.
    let mut builder = PlanBuilder::new();
    let first = builder.minutes("first", 60);
    let pour = builder.minutes("pour", 240);
    builder.edit(pour).pause = Pause::Never;
    builder.link(first, FinishToStart, pour, 0);
    assert_eq!(dates(&builder.build())[pour].early_start, at(0, 13, 0));

    let mut builder = PlanBuilder::new();
    let pour = builder.minutes("pour", 300);
    builder.edit(pour).pause = Pause::Never;
    let error = compile(&builder.build()).unwrap_err();
    assert!(error.is_infeasible() && error.to_string().contains("`pour`"), "{error}");
}

#[test]
fn a_maximal_lag_pulls_its_predecessor_along() {
    // b waits for c until 10 and may start at most 2 after a's finish: a (3) has to start at 5.
    let mut builder = PlanBuilder::periods();
    let [a, c, b] = [("a", 3), ("c", 10), ("b", 1)].map(|(id, time)| builder.minutes(id, time));
    let most = |minutes| Lag { amount: LagAmount::Minutes(Minutes(minutes)), calendar: LagCalendar::Successor };
    let link = Link { predecessor: a, successor: b, kind: FinishToStart, lag: Lag::NONE, max_lag: Some(most(2)) };
    builder.push_link(link);
    builder.link(c, FinishToStart, b, 0);
    let network = compile(&builder.build()).unwrap();
    let early = early_dates(&network, &shortest_modes(&network)).unwrap();
    assert_eq!(early.start, [5, 0, 10]);
}

#[test]
fn maximal_lags_that_contradict_links_have_no_dates() {
    // b starts at least 5 and at most 3 after a's finish.
    let mut builder = PlanBuilder::periods();
    let [a, b] = [("a", 3), ("b", 1)].map(|(id, time)| builder.minutes(id, time));
    let lag = |minutes| Lag { amount: LagAmount::Minutes(Minutes(minutes)), calendar: LagCalendar::Successor };
    builder.push_link(Link { predecessor: a, successor: b, kind: FinishToStart, lag: lag(5), max_lag: Some(lag(3)) });
    let network = compile(&builder.build()).unwrap();
    assert_eq!(early_dates(&network, &shortest_modes(&network)), None);
}

#[test]
fn handovers_count_as_links_in_a_schedule() {
    // Two tasks of 3 on one machine, the second one waits: both are critical, and the second is driven by the machine.
    let mut builder = PlanBuilder::periods();
    let machine = builder.resource("machine", 1);
    let need = [Demand { source: DemandSource::Resource(machine), amount: Amount::ONE }];
    let [a, b, c] = ["a", "b", "c"].map(|id| {
        let demands = if id == "c" { &[] } else { &need[..] };
        builder.task(id, Duration::Working(Minutes(3)), demands)
    });
    let plan = builder.build();
    let network = compile(&plan).unwrap();
    let basis =
        Basis::Scheduled { starts: &[0, 3, 1], handovers: &[Handover { predecessor: 0, successor: 1, resource: 0 }] };
    let dates = analyse(&plan, &network, &shortest_modes(&network), basis);
    assert_eq!(periods(&dates[a]), [0, 3, 0, 3, 0, 0]);
    assert_eq!(periods(&dates[b]), [0, 3, 3, 6, 0, 0], "early dates know no machine");
    assert_eq!(periods(&dates[c]), [0, 3, 3, 6, 2, 2], "floats count from the schedule's starts");
    assert_eq!(
        [a, b, c].map(|task| dates[task].driver),
        [Driver::ProjectStart, Driver::Resource(machine, a), Driver::Capacity]
    );
    assert!(dates[a].longest_path && dates[b].longest_path && !dates[c].longest_path);
}

#[test]
fn a_handover_against_a_link_with_a_lead_leaves_floats_as_they_are() {
    // b may begin up to 9 before a's finish, the machine goes from b to a: link and hand-over make a circle. The schedule
    // b 0-3, a 3-6 has no slack in it, c has 3.
    let mut builder = PlanBuilder::periods();
    let machine = builder.resource("machine", 1);
    let need = [Demand { source: DemandSource::Resource(machine), amount: Amount::ONE }];
    let [a, b] = ["a", "b"].map(|id| builder.task(id, Duration::Working(Minutes(3)), &need));
    let c = builder.minutes("c", 3);
    builder.link(a, FinishToStart, b, -9);
    let plan = builder.build();
    let network = compile(&plan).unwrap();
    let basis =
        Basis::Scheduled { starts: &[3, 0, 0], handovers: &[Handover { predecessor: 1, successor: 0, resource: 0 }] };
    let dates = analyse(&plan, &network, &shortest_modes(&network), basis);
    assert_eq!([a, b, c].map(|task| dates[task].total_float), [Minutes(0), Minutes(0), Minutes(3)]);
}

// The rival: hour by hour on the plan's own calendars.

/// Hours from four weeks before the project start, and how many are looked at.
const EARLIEST: i64 = -28 * 24;
const HOURS: i64 = 110 * 24;

fn hour(moment: Moment) -> i64 {
    (moment.0 - MONDAY.0) / 60
}

struct Slow<'a> {
    plan: &'a Plan,
    calendars: Vec<Vec<bool>>,
    /// For each link.
    lag_calendars: Vec<Vec<bool>>,
}

impl Slow<'_> {
    fn new(plan: &Plan) -> Slow<'_> {
        let of = |calendar: &Calendar| {
            let mut hours = vec![false; HOURS as usize];
            for (start, finish) in calendar.stretches(at(0, EARLIEST, 0), at(0, EARLIEST + HOURS, 0)) {
                hours[(hour(start) - EARLIEST) as usize..(hour(finish) - EARLIEST) as usize].fill(true);
            }
            hours
        };
        let calendars = plan.calendars().iter().map(of).collect();
        let mut slow = Slow { plan, calendars, lag_calendars: Vec::new() };
        slow.lag_calendars = plan.links().iter().map(|link| slow.lag_calendar(link)).collect();
        slow
    }

    fn effective(&self, task: TaskId) -> Vec<bool> {
        let mode = &self.plan.modes_of(task)[0];
        let mut all = vec![true; HOURS as usize];
        let mut narrow = |hours: &[bool]| all.iter_mut().zip(hours).for_each(|(all, hour)| *all &= hour);
        let own = self.plan.tasks()[task].calendar;
        let demands = self.plan.demands_of(mode);
        if let Some(calendar) = own.or(demands.is_empty().then_some(self.plan.project().calendar)) {
            narrow(&self.calendars[calendar.index()]);
        }
        for demand in demands {
            let DemandSource::Resource(resource) = demand.source else { panic!("the rival knows no skills") };
            narrow(&self.calendars[self.plan.calendar_of(resource).index()]);
            let there =
                |index: i64| self.plan.resources()[resource].units_at(at(0, EARLIEST + index, 0)) > Amount::ZERO;
            narrow(&(0..HOURS).map(there).collect::<Vec<_>>());
        }
        all
    }

    fn lag_hours(&self, link: &Link) -> i64 {
        match link.lag.amount {
            LagAmount::Minutes(minutes) => minutes.0 / 60,
            LagAmount::Percent(share) => share.of(self.plan.modes_of(link.predecessor)[0].duration.minutes()).0 / 60,
        }
    }

    fn lag_calendar(&self, link: &Link) -> Vec<bool> {
        match link.lag.calendar {
            LagCalendar::Successor => self.effective(link.successor),
            LagCalendar::Predecessor => self.effective(link.predecessor),
            LagCalendar::Project => self.calendars[self.plan.project().calendar.index()].clone(),
            LagCalendar::TwentyFourHours => vec![true; HOURS as usize],
            LagCalendar::Named(calendar) => self.calendars[calendar.index()].clone(),
        }
    }

    fn shifted(&self, number: usize, link: &Link, end: i64) -> Option<i64> {
        let calendar = &self.lag_calendars[number];
        let works = |hour: i64| calendar.get((hour - EARLIEST) as usize).copied();
        let (mut left, mut at) = (self.lag_hours(link), end);
        while left > 0 {
            left -= i64::from(works(at)?);
            at += 1;
        }
        while left < 0 {
            at -= 1;
            left += i64::from(works(at)?);
        }
        Some(at)
    }
}

/// A task as the rival sees it.
struct Node {
    works: Vec<bool>,
    /// When it is worked on: its calendar, or always if its duration is elapsed.
    runs: Vec<bool>,
    length: i64,
    unbroken: bool,
}

impl Node {
    fn works_at(&self, hour: i64) -> Option<bool> {
        self.runs.get((hour - EARLIEST) as usize).copied()
    }

    fn work_between(&self, from: i64, to: i64) -> i64 {
        let count = |from: i64, to: i64| (from..to).filter(|&hour| self.works_at(hour) == Some(true)).count() as i64;
        count(from, to) - count(to, from)
    }

    /// The finish if it can start at an hour.
    fn finish(&self, start: i64) -> Option<i64> {
        if self.length == 0 {
            return Some(start);
        }
        let (mut left, mut at) = (self.length, start);
        if !self.works_at(start)? {
            return None;
        }
        while left > 0 {
            let works = self.works_at(at)?;
            if self.unbroken && !works {
                return None;
            }
            left -= i64::from(works);
            at += 1;
        }
        Some(at)
    }
}

/// Start and finish of each task, early and late; `None` if something leaves the hours that are looked at.
fn slow_dates(plan: &Plan) -> Option<Vec<[i64; 4]>> {
    let slow = Slow::new(plan);
    let nodes: Vec<Node> = plan
        .tasks()
        .ids()
        .map(|task| {
            let duration = plan.modes_of(task)[0].duration;
            let works = slow.effective(task);
            let elapsed = matches!(duration, Duration::Elapsed(minutes) if minutes.0 > 0);
            let runs = if elapsed { vec![true; HOURS as usize] } else { works.clone() };
            let unbroken = plan.tasks()[task].pause == Pause::Never && !elapsed;
            Node { works, runs, length: duration.minutes().0 / 60, unbroken }
        })
        .collect();
    let mut found = vec![[0i64; 4]; nodes.len()];
    let end = |dates: &[i64; 4], from_finish: bool, late: bool| dates[2 * usize::from(late) + usize::from(from_finish)];
    for (number, node) in nodes.iter().enumerate() {
        let task = &plan.tasks()[TaskId::new(number)];
        let next_work = |from: i64| (from..EARLIEST + HOURS).find(|&hour| node.works_at(hour) == Some(true));
        let mut least = if node.length == 0 { next_work(0)? } else { 0 };
        let mut least_finish = vec![];
        if let Some(date) = task.constraint {
            match date.kind {
                ConstraintKind::StartNoEarlierThan => least = least.max(next_work(hour(date.moment))?),
                ConstraintKind::FinishNoEarlierThan => least_finish.push(hour(date.moment)),
                _ => {}
            }
        }
        for (id, link) in plan.links().iter_enumerated().filter(|(_, link)| link.successor.index() == number) {
            let bound =
                slow.shifted(id.index(), link, end(&found[link.predecessor.index()], link.kind.from_finish(), false))?;
            if link.kind.to_finish() { least_finish.push(bound) } else { least = least.max(bound) }
        }
        // The finish meets a bound if no work lies between them.
        let meets = |finish: i64| least_finish.iter().all(|&bound| node.work_between(finish, bound.max(finish)) == 0);
        let start = (least..EARLIEST + HOURS).find(|&start| node.finish(start).is_some_and(meets))?;
        found[number][..2].copy_from_slice(&[start, node.finish(start)?]);
    }
    let project_finish = found.iter().map(|dates| dates[1]).max()?;
    let project_finish = plan.project().deadline.map_or(project_finish, |date| hour(date).min(project_finish));
    for (number, node) in nodes.iter().enumerate().rev() {
        let task = &plan.tasks()[TaskId::new(number)];
        let latest = |start: i64, finish: i64| {
            // A milestone can stand anywhere, so for it limits are what they say.
            let in_working_terms =
                |limit: i64| finish <= limit || (node.length > 0 && node.work_between(limit, finish) == 0);
            in_working_terms(project_finish)
                && task.deadline.is_none_or(|date| in_working_terms(hour(date)))
                && task.constraint.is_none_or(|date| match date.kind {
                    ConstraintKind::StartNoLaterThan => node.work_between(hour(date.moment), start) <= 0,
                    ConstraintKind::FinishNoLaterThan => in_working_terms(hour(date.moment)),
                    _ => true,
                })
        };
        let links: Vec<_> =
            plan.links().iter_enumerated().filter(|(_, link)| link.predecessor.index() == number).collect();
        let suits = |start: i64, finish: i64| {
            links.iter().all(|(id, link)| {
                let Some(bound) = slow.shifted(id.index(), link, if link.kind.from_finish() { finish } else { start })
                else {
                    return false;
                };
                let successor = link.successor.index();
                let limit = end(&found[successor], link.kind.to_finish(), true);
                bound <= limit || (link.kind.to_finish() && nodes[successor].work_between(limit, bound) == 0)
            })
        };
        let fits =
            |start: &i64| node.finish(*start).is_some_and(|finish| latest(*start, finish) && suits(*start, finish));
        let from = project_finish.max(found[number][0]) + 24 * 14;
        let start = (EARLIEST + 7 * 24..from).rev().find(fits)?;
        found[number][2..].copy_from_slice(&[start, node.finish(start)?]);
    }
    debug_assert!(nodes.iter().all(|node| node.works.len() == HOURS as usize));
    Some(found)
}

fn any_shifts() -> impl Strategy<Value = Vec<Shift>> {
    prop_oneof![
        1 => Just(Vec::new()),
        3 => (6u16..22, 1u16..12).prop_map(|(start, hours)| {
            vec![Shift { start_minute: start * 60, finish_minute: (start + hours) * 60 }]
        }),
        2 => Just(Calendar::standard().week[0].clone()),
    ]
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let exception = (0i64..30, 0i64..4, any_shifts());
    (prop::array::uniform7(any_shifts()), prop::collection::vec(exception, 0..3)).prop_map(|(week, exceptions)| {
        let date = |days: i64| at(days, 0, 0).date();
        let exceptions = exceptions
            .into_iter()
            .map(|(from, days, shifts)| Exception { from: date(from), to: date(from + days), shifts })
            .collect();
        Calendar { id: "any".into(), week, exceptions }
    })
}

#[derive(Clone, Debug)]
struct AnyTask {
    hours: i64,
    elapsed: bool,
    unbroken: bool,
    calendar: Option<usize>,
    resource: bool,
    date: Option<(u8, i64)>,
}

fn any_task() -> impl Strategy<Value = AnyTask> {
    let hours = prop_oneof![1 => Just(0i64), 5 => 1i64..20];
    let calendar = prop_oneof![2 => Just(None), 1 => (0usize..4).prop_map(Some)];
    let date = prop_oneof![3 => Just(None), 1 => (0u8..5, 0i64..500).prop_map(Some)];
    (hours, prop::bool::weighted(0.15), prop::bool::weighted(0.15), calendar, prop::bool::weighted(0.3), date).prop_map(
        |(hours, elapsed, unbroken, calendar, resource, date)| {
            let unbroken = unbroken && hours < 4;
            AnyTask { hours, elapsed: elapsed && hours > 0, unbroken, calendar, resource, date }
        },
    )
}

#[derive(Clone, Debug)]
struct AnyLink {
    ends: (usize, usize),
    kind: u8,
    lag: i64,
    percent: bool,
    calendar: u8,
}

fn any_link(tasks: usize) -> impl Strategy<Value = AnyLink> {
    let lag = prop_oneof![2 => Just(0i64), 1 => -12i64..30];
    ((0..tasks, 0..tasks), 0u8..4, lag, prop::bool::weighted(0.2), 0u8..6)
        .prop_map(|(ends, kind, lag, percent, calendar)| AnyLink { ends, kind, lag, percent, calendar })
}

fn any_plan() -> impl Strategy<Value = (Vec<Calendar>, Vec<AnyTask>, Vec<AnyLink>, usize)> {
    let calendars = prop::collection::vec(any_calendar(), 2);
    let tasks = prop::collection::vec(any_task(), 2..8);
    (calendars, tasks, prop_oneof![Just(0usize), Just(2), Just(3)]).prop_flat_map(|(calendars, tasks, project)| {
        let links = prop::collection::vec(any_link(tasks.len()), 0..12);
        (Just(calendars), Just(tasks), links, Just(project))
    })
}

fn builder_of(calendars: &[Calendar], tasks: &[AnyTask], links: &[AnyLink], project: usize) -> PlanBuilder {
    let mut builder = PlanBuilder::new();
    for calendar in calendars {
        builder.calendar(calendar.clone());
    }
    builder.project().calendar = CalendarId::new(project);
    let resource = builder.resource("machine", 1);
    builder.edit_resource(resource).windows =
        vec![Window { from: at(2, 10, 0), to: at(5, 15, 0), units: Amount::ZERO }];
    for (number, any) in tasks.iter().enumerate() {
        let minutes = Minutes(any.hours * 60);
        let duration = if any.elapsed { Duration::Elapsed(minutes) } else { Duration::Working(minutes) };
        let demand = [Demand { source: DemandSource::Resource(resource), amount: Amount::ONE }];
        let demands = if any.resource { &demand[..] } else { &[] };
        let task = builder.task(&number.to_string(), duration, demands);
        builder.edit(task).calendar = any.calendar.map(CalendarId::new);
        builder.edit(task).pause = if any.unbroken { Pause::Never } else { Pause::Breaks };
        use ConstraintKind::*;
        match any.date {
            Some((4, hours)) => builder.edit(task).deadline = Some(at(0, hours, 0)),
            Some((kind, hours)) => {
                let kinds = [StartNoEarlierThan, StartNoLaterThan, FinishNoEarlierThan, FinishNoLaterThan];
                builder.constrain(task, kinds[usize::from(kind)], at(0, hours, 0));
            }
            None => {}
        }
    }
    for any in links.iter().filter(|any| any.ends.0 < any.ends.1) {
        let share_of_hours = any.percent && tasks[any.ends.0].hours % 2 == 0;
        let amount =
            if share_of_hours { LagAmount::Percent(Share(5_000)) } else { LagAmount::Minutes(Minutes(any.lag * 60)) };
        let calendar = match any.calendar {
            0..=1 => LagCalendar::Successor,
            2 => LagCalendar::Predecessor,
            3 => LagCalendar::Project,
            4 => LagCalendar::TwentyFourHours,
            _ => LagCalendar::Named(CalendarId::new(2)),
        };
        builder.push_link(Link {
            predecessor: TaskId::new(any.ends.0),
            successor: TaskId::new(any.ends.1),
            kind: [FinishToStart, StartToStart, FinishToFinish, StartToFinish][usize::from(any.kind)],
            lag: Lag { amount, calendar },
            max_lag: None,
        });
    }
    builder
}

/// The dates of the schedule in which everything is as early as can be: unlike dates by logic alone, which follow the habits
/// of planning tools at pauses, they are what links, calendars and dates say to the letter.
fn scheduled_dates(plan: &Plan, network: &Network) -> Option<IdVec<TaskId, TaskDates>> {
    let modes = shortest_modes(network);
    let starts = early_dates(network, &modes)?.start;
    Some(analyse(plan, network, &modes, Basis::Scheduled { starts: &starts, handovers: &[] }))
}

/// A plan whose axis counts every minute of the clock, because a lag of one does.
fn on_the_clock(mut builder: PlanBuilder) -> Plan {
    let [a, b] = ["a", "b"].map(|id| builder.days(id, 0));
    let lag = Lag { amount: LagAmount::Minutes(Minutes(1)), calendar: LagCalendar::TwentyFourHours };
    builder.push_link(Link { predecessor: a, successor: b, kind: FinishToStart, lag, max_lag: None });
    builder.build()
}

#[test]
fn work_too_late_for_a_calendar_that_ends_has_no_dates_on_any_axis() {
    // The guest works on the first Tuesday and Wednesday only; after three days of preparation that leaves nothing of 16 hours.
    let visit = |preparation: i64| {
        let mut builder = PlanBuilder::new();
        let day = Calendar::standard().week[0].clone();
        let visit = Exception { from: at(1, 0, 0).date(), to: at(2, 0, 0).date(), shifts: day };
        let guest = Calendar { id: "guest".into(), week: Default::default(), exceptions: vec![visit] };
        let guest = builder.calendar(guest);
        let before = builder.days("preparation", preparation);
        let work = builder.days("work", 2);
        builder.edit(work).calendar = Some(guest);
        builder.link(before, FinishToStart, work, 0);
        builder
    };
    let are_possible = |plan: Plan| {
        let network = compile(&plan).unwrap();
        early_dates(&network, &shortest_modes(&network)).is_some()
    };
    assert_eq!([1, 3].map(|days| are_possible(visit(days).build())), [true, false]);
    assert_eq!([1, 3].map(|days| are_possible(on_the_clock(visit(days)))), [true, false]);
}

#[test]
fn a_milestone_whose_own_time_never_comes_stands_in_the_projects_time_on_any_axis() {
    // The machine works in the mornings, the milestone's calendar in the afternoons; the project begins at midnight.
    let meeting = || {
        let mut builder = PlanBuilder::new();
        let days = |id: &str, hours: (u16, u16)| {
            let shift = Shift { start_minute: hours.0 * 60, finish_minute: hours.1 * 60 };
            Calendar { id: id.into(), week: std::array::from_fn(|_| vec![shift]), exceptions: Vec::new() }
        };
        let mornings = builder.calendar(days("mornings", (8, 12)));
        let afternoons = builder.calendar(days("afternoons", (13, 17)));
        let machine = builder.resource("machine", 1);
        builder.edit_resource(machine).calendar = mornings.into();
        let need = [Demand { source: DemandSource::Resource(machine), amount: Amount::ONE }];
        let gate = builder.task("gate", Duration::Working(Minutes(0)), &need);
        builder.edit(gate).calendar = Some(afternoons);
        builder.days("work", 1);
        (builder, gate)
    };
    let ((working, gate), (clock, _)) = (meeting(), meeting());
    assert_eq!(dates(&working.build())[gate].early_start, at(0, 8, 0));
    assert_eq!(dates(&on_the_clock(clock))[gate].early_start, at(0, 8, 0));
    // The same once its date lies behind all of its time.
    let ((mut working, _), (mut clock, _)) = (meeting(), meeting());
    for builder in [&mut working, &mut clock] {
        builder.constrain(gate, ConstraintKind::StartNoEarlierThan, at(5, 10, 0));
    }
    assert_eq!(dates(&working.build())[gate].early_start, at(7, 8, 0));
    assert_eq!(dates(&on_the_clock(clock))[gate].early_start, at(7, 8, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 20000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates_agree_with_a_slow_walk_along_the_calendars((calendars, tasks, links, project) in any_plan()) {
        let plan = builder_of(&calendars, &tasks, &links, project).build();
        let Ok(network) = compile(&plan) else { return Ok(()) };
        let Some(slow) = slow_dates(&plan) else { return Ok(()) };
        let dates = scheduled_dates(&plan, &network).expect("the rival found dates");
        let schedule_starts = early_dates(&network, &shortest_modes(&network)).expect("the rival found dates").start;
        let schedule = place(&plan, &network, &schedule_starts, &shortest_modes(&network));
        for (task, data) in plan.tasks().iter_enumerated() {
            let fast = &dates[task];
            let slow = slow[task.index()];
            prop_assert_eq!(vec![hour(fast.early_start), hour(fast.early_finish)], slow[..2].to_vec(), "early dates of {}", data.id);
            prop_assert_eq!((schedule.placements[task].start, schedule.placements[task].finish), (fast.early_start, fast.early_finish));
            // On an axis that leaves pauses out, a milestone's latest position is known up to the pause it lies in, and with
            // it when a task whose start it follows starts at the latest.
            let sharp = network.axis.table.is_always() || plan.tasks().iter().all(|task| task.kind == TaskKind::Activity);
            if data.kind == TaskKind::Activity && sharp {
                prop_assert_eq!(vec![hour(fast.late_start), hour(fast.late_finish)], slow[2..].to_vec(), "late dates of {}", data.id);
            }
        }
    }

    #[test]
    fn the_clock_as_axis_gives_the_same_dates((calendars, tasks, links, project) in any_plan()) {
        let plan = builder_of(&calendars, &tasks, &links, project).build();
        let on_clock = on_the_clock(builder_of(&calendars, &tasks, &links, project));
        let (Ok(of_working), Ok(of_clock)) = (compile(&plan), compile(&on_clock)) else { return Ok(()) };
        prop_assert!(of_clock.axis.table.is_always() && of_clock.axis.slot_minutes == Minutes(1));
        let possible = [&of_working, &of_clock].map(|network| early_dates(network, &shortest_modes(network)).is_some());
        prop_assert_eq!(possible[0], possible[1]);
        // Work that never ends stands at the end of the axis, wherever that is.
        if !possible[0] {
            return Ok(());
        }
        let dates = |plan: &Plan, network: &Network| scheduled_dates(plan, network).expect("there are some");
        let (working, clock) = (dates(&plan, &of_working), dates(&on_clock, &of_clock));
        for (task, data) in plan.tasks().iter_enumerated() {
            prop_assert_eq!(working[task].early_start, clock[task].early_start, "early start of {}", data.id);
            prop_assert_eq!(working[task].early_finish, clock[task].early_finish, "early finish of {}", data.id);
        }
    }

    #[test]
    fn adding_a_link_never_shortens((calendars, tasks, links, project) in any_plan()) {
        let finish = |links: &[AnyLink]| {
            let network = compile(&builder_of(&calendars, &tasks, links, project).build()).ok()?;
            let dates = early_dates(&network, &shortest_modes(&network))?;
            Some(network.axis.finish_moment(dates.project_finish))
        };
        for count in 1..=links.len() {
            if let (Some(before), Some(after)) = (finish(&links[..count - 1]), finish(&links[..count])) {
                prop_assert!(before <= after);
            }
        }
    }

    #[test]
    fn doubling_all_times_doubles_the_dates((_, tasks, links, _) in any_plan()) {
        let scaled = |factor: i64| {
            let mut builder = PlanBuilder::periods();
            for task in &tasks {
                builder.minutes("", task.hours * factor);
            }
            for any in links.iter().filter(|any| any.ends.0 < any.ends.1) {
                let kind = [FinishToStart, StartToStart, FinishToFinish, StartToFinish][usize::from(any.kind)];
                builder.link(TaskId::new(any.ends.0), kind, TaskId::new(any.ends.1), any.lag * factor);
            }
            dates(&builder.build())
        };
        for (one, two) in scaled(1).iter().zip(&scaled(2)) {
            prop_assert_eq!(periods(one).map(|time| 2 * time), periods(two));
        }
    }
}
