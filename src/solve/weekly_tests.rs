//! Limits on the hours of weeks: schedules keep them, and lose nothing by it that another order of work would not lose.

use proptest::prelude::*;

use super::sgs::{General, Machine};
use super::testing::{Project, project, some_order};
use super::{SolveOptions, solve};
use crate::effort::{Control, Limits};
use crate::index::Id;
use crate::network::{Network, Slot, WeeklyLimit, compile};
use crate::plan::calendar::{Calendar, Shift};
use crate::plan::{CalendarId, Duration, LinkKind, Pause, Plan, Progress, ResourceKind};
use crate::schedule::testing::{Sketch, lag, march};
use crate::schedule::{Outcome, Status, verify};
use crate::units::{Minutes, Moment, Share};

const FS: &[LinkKind] = &[LinkKind::FinishToStart];
/// Slots of half a day on an axis by the clock.
const SLOTS_OF_WEEK: Slot = 14;
/// Position 0 is the beginning of 1970, a Thursday.
const FIRST_MONDAY: Slot = 8;

fn modes(count: usize) -> Vec<u32> {
    (0..count as u32).collect()
}

fn week_of(slot: Slot) -> usize {
    ((slot - FIRST_MONDAY).div_euclid(SLOTS_OF_WEEK) + 1) as usize
}

/// The network of a project whose resources have limits of weeks, in units times slots.
fn limited(project: &Project, limits: &[Option<i64>]) -> Network {
    let mut network = project.network();
    network.axis.slot_minutes = Minutes(720);
    let limits = limits.iter().take(project.capacities.len()).zip(0..);
    let limits = limits.filter_map(|(work, resource)| Some(WeeklyLimit { resource, work: (*work)? }));
    network.weekly_limits = limits.collect();
    network
}

/// What is taken of each resource in each week.
type Weeks = Vec<Vec<i64>>;

/// Adds what an activity takes that starts at a slot; false if a week becomes too long.
fn take(project: &Project, network: &Network, weeks: &mut Weeks, node: usize, start: Slot) -> bool {
    let (duration, amounts) = &project.activities[node];
    for slot in start..start + duration {
        let week = week_of(slot);
        for (resource, &amount) in amounts.iter().enumerate() {
            let weeks = &mut weeks[resource];
            weeks.resize(weeks.len().max(week + 1), 0);
            weeks[week] += i64::from(amount);
        }
    }
    network.weekly_limits.iter().all(|limit| weeks[limit.resource as usize].iter().all(|&work| work <= limit.work))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Rival: every start is tried, slot by slot.
    #[test]
    fn the_first_start_that_keeps_all_weeks_is_found(
        project in project(1..10, FS, 0..3),
        limits in prop::collection::vec(prop::option::of(3i64..60), 8),
        seed: u64,
    ) {
        let network = limited(&project, &limits);
        let order = some_order(&network, seed);
        let mut machine = General::new(&network);
        machine.reset(&modes(network.len()));
        let (mut weeks, mut unlimited) = (vec![Vec::new(); project.capacities.len()], network.clone());
        unlimited.weekly_limits.clear();
        let mut without = General::new(&unlimited);
        without.reset(&modes(network.len()));
        for &node in &order {
            let start = machine.earliest(node);
            let from = without.earliest(node);
            let fits = |start: &Slot| take(&project, &network, &mut weeks.clone(), node as usize, *start);
            // Where nothing else works it fits, or nowhere.
            let mut tried = (from..from + 600).filter(|&at| without.room_after(node, at) == at);
            let expected = tried.find(fits);
            match expected {
                Some(expected) => prop_assert_eq!(start, expected),
                None => {
                    prop_assert!(!(from..from + 600).contains(&start));
                    return Ok(());
                }
            }
            machine.place(node, start);
            without.place(node, start);
            take(&project, &network, &mut weeks, node as usize, start);
        }
        // What is taken out leaves no trace.
        for &node in &order {
            machine.take_out(node);
        }
        let mut empty = General::new(&network);
        empty.reset(&modes(network.len()));
        prop_assert_eq!(machine.room_after(order[0], 0), empty.room_after(order[0], 0));
    }
}

/// A task: hours, units of the team, whether it follows the one before, whether it must run through.
type TaskSeed = (i64, i64, bool, bool);

/// A team on two shifts, or day and night, and what it may work in a week.
fn plan(tasks: &[TaskSeed], units: i64, is_always: bool, hours: i64) -> Plan {
    let mut sketch = Sketch::new();
    let mut shifts = Calendar::standard();
    shifts.week = std::array::from_fn(|day| match day {
        0..5 => vec![Shift { start_minute: 6 * 60, finish_minute: 22 * 60 }],
        _ => Vec::new(),
    });
    let shifts = sketch.calendar(shifts);
    let team = sketch.resource("team", ResourceKind::Work, Some(units));
    sketch.resources[0].calendar = Some(if is_always { CalendarId::new(1) } else { shifts });
    sketch.resources[0].max_per_week = Some(Minutes(hours * 60));
    let mut before = None;
    for (number, &(hours, needed, follows, runs_through)) in tasks.iter().enumerate() {
        let task = sketch.task(&number.to_string(), Duration::Working(Minutes(hours * 60)));
        sketch.needs(task, team, needed.min(units));
        if runs_through {
            sketch.at(task).pause = Pause::Never;
        }
        if let Some(before) = before.filter(|_| follows) {
            sketch.link(before, LinkKind::FinishToStart, task, lag(0));
        }
        before = Some(task);
    }
    sketch.build()
}

fn solved(plan: &Plan) -> Option<Outcome> {
    let control = Control::start(Limits { effort: Some(300), time: None });
    let network = compile(plan).ok()?;
    Some(solve(plan, &network, &SolveOptions::default(), &control, &|_| {}).unwrap())
}

/// The naive scheduler works hour by hour.
struct Naive<'a> {
    tasks: &'a [TaskSeed],
    units: i64,
    is_always: bool,
    hours: i64,
}

const HOURS_OF_WEEK: i64 = 168;

impl Naive<'_> {
    /// True if a task works in an hour after Monday.
    fn works(&self, task: usize, hour: i64) -> bool {
        let (_, needed, _, runs_through) = self.tasks[task];
        let is_open = |hour: i64| {
            let (day, of_day) = (hour.rem_euclid(HOURS_OF_WEEK) / 24, hour.rem_euclid(24));
            self.is_always || day < 5 && (6..22).contains(&of_day)
        };
        let monday = hour - hour.rem_euclid(HOURS_OF_WEEK);
        let before = (monday..hour).filter(|&hour| is_open(hour)).count() as i64;
        is_open(hour) && (runs_through || (before + 1) * needed.min(self.units) <= self.hours)
    }

    /// The finish of the schedule of an order, in hours.
    fn finish(&self, order: &[usize]) -> Option<i64> {
        let mut in_use = vec![0i64; 40 * HOURS_OF_WEEK as usize];
        let mut finishes = vec![0i64; self.tasks.len()];
        for &task in order {
            let (hours, needed, follows, runs_through) = self.tasks[task];
            let needed = needed.min(self.units);
            let from = if follows && task > 0 { finishes[task - 1] } else { 0 };
            let worked = (from..20 * HOURS_OF_WEEK).find_map(|start| {
                if !self.works(task, start) {
                    return None;
                }
                let worked: Vec<i64> = (start..).filter(|&hour| self.works(task, hour)).take(hours as usize).collect();
                let mut after = in_use.clone();
                worked.iter().for_each(|&hour| after[hour as usize] += needed);
                let is_whole = !runs_through || worked[worked.len() - 1] - start == hours - 1;
                let fits = worked.iter().all(|&hour| after[hour as usize] <= self.units)
                    && after.chunks(HOURS_OF_WEEK as usize).all(|week| week.iter().sum::<i64>() <= self.hours);
                (is_whole && fits).then_some(worked)
            })?;
            worked.iter().for_each(|&hour| in_use[hour as usize] += needed);
            finishes[task] = worked[worked.len() - 1] + 1;
        }
        finishes.into_iter().max()
    }

    /// The earliest finish over all orders that put what comes first first.
    fn best(&self) -> Option<i64> {
        let mut best = None;
        self.extend(&mut Vec::new(), &mut best);
        best
    }

    fn extend(&self, order: &mut Vec<usize>, best: &mut Option<i64>) {
        if order.len() == self.tasks.len() {
            let finish = self.finish(order);
            *best = best.iter().copied().chain(finish).min();
        }
        for task in 0..self.tasks.len() {
            let waits = self.tasks[task].2 && task > 0 && !order.contains(&(task - 1));
            if !order.contains(&task) && !waits {
                order.push(task);
                self.extend(order, best);
                order.pop();
            }
        }
    }
}

fn tasks(most: usize) -> impl Strategy<Value = Vec<TaskSeed>> {
    let through = prop::bool::weighted(0.1);
    prop::collection::vec((1i64..70, 1i64..4, any::<bool>(), through), 1..most)
}

#[test]
fn what_is_left_of_a_week_is_filled_by_the_hour() {
    // All durations and shifts are multiples of two hours. On Monday three work for two hours; of the 36 hours 30 are left for
    // two, who have 18 in a week at most: 15 from Monday 9:00 on, 18 in the next week, and 9 from the third Monday 6:00 on.
    let tasks = [(2, 3, false, false), (42, 2, true, false)];
    let finish = solved(&plan(&tasks, 3, false, 36)).unwrap().schedule.unwrap().finish();
    assert_eq!(finish, Some(march(16, 15)));
}

#[test]
fn work_of_the_past_does_not_count() {
    // Two of a team that may work a hundred hours a week have begun on Monday, for seventy hours each.
    let finish = |status: Option<Moment>| {
        let mut plan = Sketch::new();
        let team = plan.resource("team", ResourceKind::Work, Some(2));
        plan.resources[0].calendar = Some(CalendarId::new(1));
        plan.resources[0].max_per_week = Some(Minutes(100 * 60));
        plan.project.status_date = status;
        for id in ["a", "b"] {
            let task = plan.task(id, Duration::Working(Minutes(70 * 60)));
            plan.needs(task, team, 1);
            let remaining = Minutes(50 * 60);
            plan.at(task).progress =
                Some(Progress { start: march(2, 0), finish: None, remaining, resume: None, complete: Share(0) });
        }
        let plan = plan.build().into_remaining();
        solved(&plan).unwrap().schedule.unwrap().finish()
    };
    // Where they stand is a fact.
    assert_eq!(finish(None), Some(march(4, 22)));
    // Fifty hours each are left on Wednesday, as much as is allowed, though they have worked on Monday and Tuesday.
    assert_eq!(finish(Some(march(4, 0))), Some(march(6, 2)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The engine hands out nothing that the validator refuses, or `solve` fails.
    #[test]
    fn every_schedule_keeps_the_hours_of_weeks(
        tasks in tasks(12), units in 1i64..4, is_always: bool, hours in 20i64..150,
    ) {
        let plan = plan(&tasks, units, is_always, hours);
        let Some(outcome) = solved(&plan) else { return Ok(()) };
        prop_assert!(outcome.status != Status::Infeasible);
        if let Some(schedule) = &outcome.schedule {
            prop_assert!(!verify(&plan, schedule).has_errors());
        }
        if !tasks.iter().any(|task| task.3) {
            prop_assert!(outcome.schedule.is_some(), "{}", outcome.message);
        }
    }

    /// Hours can be divided by one, two and three units: the naive scheduler knows whole ones only.
    #[test]
    fn no_order_of_work_finishes_earlier(
        tasks in tasks(5), units in 1i64..4, is_always: bool, hours in (4i64..17).prop_map(|six| 6 * six),
    ) {
        let naive = Naive { tasks: &tasks, units, is_always, hours };
        let Some(best) = naive.best() else { return Ok(()) };
        let outcome = solved(&plan(&tasks, units, is_always, hours)).unwrap();
        let best = Moment(march(2, 0).0 + best * 60);
        let finish = outcome.schedule.as_ref().unwrap().finish().unwrap();
        prop_assert!(finish <= best, "{finish:?} {best:?}");
        // What is said to be best is.
        prop_assert!(outcome.lower_bound <= finish && outcome.lower_bound <= best);
    }
}
