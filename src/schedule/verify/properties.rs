//! Random plans, scheduled by a naive scheduler that steps from minute to minute, are accepted; mutations are caught.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::verify;
use crate::index::{Id, IdVec, Rows};
use crate::plan::calendar::{Calendar, Shift};
use crate::plan::{
    ConstraintKind, DemandSource, Duration, LagAmount, Link, LinkKind, ModeId, Plan, ResourceId, ResourceKind, TaskId,
    TaskKind,
};
use crate::schedule::testing::{Sketch, lag, march};
use crate::schedule::{Assignment, Placement, Schedule};
use crate::units::{Minutes, Moment};

/// A random task: duration and the duration of its second mode in hours, calendar, demand of two resources, links to
/// earlier tasks as (how far back, kind, lag in hours).
type TaskSeed = (i64, i64, u8, [i64; 2], Vec<(usize, u8, i64)>, bool);

fn task_seeds() -> impl Strategy<Value = Vec<TaskSeed>> {
    let link = (1usize..4, 0u8..4, -6i64..10);
    let task = (0i64..20, 1i64..20, 0u8..4, [0i64..3, 0i64..2], prop::collection::vec(link, 0..3), any::<bool>());
    prop::collection::vec(task, 1..9)
}

/// # Arguments
/// `weeks` are the hours that dev and machine may work in a week.
fn plan_of(seeds: &[TaskSeed], weeks: [Option<i64>; 2]) -> Plan {
    let mut sketch = Sketch::new();
    let mut late = Calendar::standard();
    late.week = std::array::from_fn(|day| {
        let shift = Shift { start_minute: 18 * 60, finish_minute: 26 * 60 };
        if day % 2 == 0 { vec![shift] } else { Vec::new() }
    });
    let late = sketch.calendar(late);
    let dev = sketch.resource("dev", ResourceKind::Work, Some(2));
    sketch.window(dev, march(4, 10), march(5, 9), 0);
    sketch.window(dev, march(6, 0), march(11, 0), 1);
    let machine = sketch.resource("machine", ResourceKind::Work, Some(1));
    sketch.resources[machine.index()].calendar = Some(crate::plan::CalendarId::new(1));
    for (resource, hours) in [dev, machine].into_iter().zip(weeks) {
        sketch.resources[resource.index()].max_per_week = hours.map(|hours| Minutes(hours * 60));
    }
    let summary = sketch.summary("summary");
    let mut ids: Vec<TaskId> = Vec::new();
    for (at, (hours, other_hours, calendar, demands, links, is_below)) in seeds.iter().enumerate() {
        let duration = |hours: i64| match calendar {
            1 => Duration::Elapsed(Minutes(hours * 60)),
            _ => Duration::Working(Minutes(hours * 60)),
        };
        let task = sketch.task(&at.to_string(), duration(*hours));
        // Dev works by day and machine always; the late calendar alone does without dev.
        let demands = if *calendar == 2 { [0, demands[1]] } else { *demands };
        if *calendar == 2 {
            sketch.at(task).calendar = Some(late);
        }
        let add_demands = |sketch: &mut Sketch| {
            for (resource, &units) in [dev, machine].into_iter().zip(&demands) {
                // An elapsed task of two devs might never find them together with the windows; one will do.
                let units = if *calendar == 1 { units.min(1) } else { units };
                if units > 0 {
                    sketch.needs(task, resource, units);
                }
            }
        };
        add_demands(&mut sketch);
        if *hours > 0 {
            sketch.mode(task, duration(*other_hours));
            add_demands(&mut sketch);
        }
        if at % 4 == 3 {
            sketch.constrain(task, ConstraintKind::StartNoEarlierThan, march(5, 11));
        }
        for &(back, kind, hours) in links {
            let Some(from) = at.checked_sub(back) else { continue };
            let kind =
                [LinkKind::FinishToStart, LinkKind::StartToStart, LinkKind::FinishToFinish, LinkKind::StartToFinish]
                    [kind as usize];
            sketch.link(ids[from], kind, task, lag(hours * 60));
        }
        if *is_below || at == 0 {
            sketch.at(task).parent = Some(summary);
        }
        ids.push(task);
    }
    sketch.build()
}

/// Ten-thousandths of a unit in use in each minute, and the sums of weeks.
#[derive(Default)]
struct InUse {
    at: BTreeMap<(ResourceId, Moment), i64>,
    in_week: BTreeMap<(ResourceId, i64), i64>,
}

/// The week in which a moment lies, as 2026-03-02 is a Monday.
fn week_of(moment: Moment) -> i64 {
    (moment - march(2, 0)).0.div_euclid(7 * 24 * 60)
}

/// The naive scheduler's view of time: everything is asked minute by minute.
struct Naive<'p> {
    plan: &'p Plan,
    /// The minute of each week from which on a task has worked as much as it may, as far as anybody asked.
    ends_of_weeks: RefCell<BTreeMap<(TaskId, ModeId, i64), Moment>>,
}

impl Naive<'_> {
    /// True if a task is worked on at a moment.
    fn works(&self, task: TaskId, mode: ModeId, moment: Moment) -> bool {
        let is_elapsed = |duration| matches!(duration, Duration::Elapsed(minutes) if minutes > Minutes::ZERO);
        is_elapsed(self.plan.modes()[mode].duration)
            || self.is_open(task, mode, moment) && moment < self.end_of_week(task, mode, week_of(moment))
    }

    /// Where in a week a task has worked as much as its people may.
    fn end_of_week(&self, task: TaskId, mode: ModeId, week: i64) -> Moment {
        let begin = march(2, 0) + Minutes(week * 7 * 24 * 60);
        let limited = self.plan.demands_of(&self.plan.modes()[mode]).iter().filter_map(|demand| {
            let DemandSource::Resource(resource) = demand.source else { return None };
            Some(self.plan.resources()[resource].max_per_week?.0 * 10_000 / demand.amount.0)
        });
        let Some(most) = limited.min() else { return Moment::MAX };
        let mut known = self.ends_of_weeks.borrow_mut();
        *known.entry((task, mode, week)).or_insert_with(|| {
            let minutes = (0..7 * 24 * 60).map(|minute| begin + Minutes(minute));
            let mut open = minutes.filter(|&minute| self.is_open(task, mode, minute));
            open.nth(most as usize).unwrap_or(begin + Minutes(7 * 24 * 60))
        })
    }

    /// True if the calendars of a task and its people work at a moment, whatever its duration.
    fn is_open(&self, task: TaskId, mode: ModeId, moment: Moment) -> bool {
        let (row, mode) = (&self.plan.tasks()[task], &self.plan.modes()[mode]);
        let mut calendars = Vec::from_iter(row.calendar);
        for demand in self.plan.demands_of(mode) {
            let DemandSource::Resource(resource) = demand.source else { continue };
            calendars.push(self.plan.calendar_of(resource));
            if self.plan.resources()[resource].units_at(moment).0 == 0 {
                return false;
            }
        }
        if calendars.is_empty() {
            calendars.push(self.plan.project().calendar);
        }
        calendars.iter().all(|&calendar| self.plan.calendars()[calendar].is_working(moment))
    }

    /// A moment shifted by so many of the minutes that count.
    fn shifted(&self, from: Moment, minutes: i64, counts: impl Fn(Moment) -> bool) -> Moment {
        let (mut at, mut left) = (from, minutes.abs());
        while left > 0 {
            if minutes > 0 {
                left -= i64::from(counts(at));
                at.0 += 1;
            } else {
                at.0 -= 1;
                left -= i64::from(counts(at));
            }
        }
        at
    }

    /// The finish of a task that starts at `start`.
    fn finish(&self, task: TaskId, mode: ModeId, start: Moment, duration: i64) -> Moment {
        self.shifted(start, duration, |moment| self.works(task, mode, moment))
    }

    /// True if a task has its duration and keeps its constraint.
    fn stands(&self, task: TaskId, placement: &Placement) -> bool {
        let Some(mode) = placement.mode else { return true };
        let row = &self.plan.tasks()[task];
        let duration = self.plan.modes()[mode].duration.minutes().0;
        let mut opening = row.constraint.map_or(self.plan.project().start, |constraint| constraint.moment);
        while row.constraint.is_some() && !self.works(task, mode, opening) {
            opening.0 += 1;
        }
        placement.start >= opening
            && (duration == 0 || self.works(task, mode, placement.start))
            && placement.finish == self.finish(task, mode, placement.start, duration)
    }

    fn keeps(&self, link: &Link, predecessor: &Placement, successor: &Placement) -> bool {
        let (Some(mode), LagAmount::Minutes(lag)) = (successor.mode, link.lag.amount) else { return false };
        let from = if link.kind.from_finish() { predecessor.finish } else { predecessor.start };
        let bound = self.shifted(from, lag.0, |moment| self.is_open(link.successor, mode, moment));
        match link.kind.to_finish() {
            true => (successor.finish.0..bound.0).all(|minute| !self.works(link.successor, mode, Moment(minute))),
            false => successor.start >= bound,
        }
    }

    /// Adds a task's use of its resources, minute by minute; false if there is not enough.
    fn takes(&self, in_use: &mut InUse, task: TaskId, placement: &Placement, assigned: &[Assignment]) -> bool {
        let Some(mode) = placement.mode else { return true };
        let mut suffices = true;
        for minute in (placement.start.0..placement.finish.0).map(Moment) {
            for assignment in assigned.iter().filter(|_| self.works(task, mode, minute)) {
                let resource = &self.plan.resources()[assignment.resource];
                let used = in_use.at.entry((assignment.resource, minute)).or_default();
                *used += assignment.amount.0;
                suffices &= *used <= resource.units_at(minute).0;
                let in_week = in_use.in_week.entry((assignment.resource, week_of(minute))).or_default();
                *in_week += assignment.amount.0;
                suffices &= resource.max_per_week.is_none_or(|most| *in_week <= most.0 * 10_000);
            }
        }
        suffices
    }

    /// True if there is enough of a task's resources besides what is in use.
    fn has_room(&self, in_use: &InUse, task: TaskId, placement: &Placement, assigned: &[Assignment]) -> bool {
        let Some(mode) = placement.mode else { return true };
        let mut own = BTreeMap::new();
        (placement.start.0..placement.finish.0).map(Moment).all(|minute| {
            assigned.iter().all(|assignment| {
                if !self.works(task, mode, minute) {
                    return true;
                }
                let resource = &self.plan.resources()[assignment.resource];
                let used = in_use.at.get(&(assignment.resource, minute)).copied().unwrap_or(0);
                let week = (assignment.resource, week_of(minute));
                let own = own.entry(week).or_insert(0);
                *own += assignment.amount.0;
                let in_week = in_use.in_week.get(&week).copied().unwrap_or(0) + *own;
                used + assignment.amount.0 <= resource.units_at(minute).0
                    && resource.max_per_week.is_none_or(|most| in_week <= most.0 * 10_000)
            })
        })
    }

    /// Schedules the tasks in their order, each as early as everything allows, in steps of half an hour; `None` if that
    /// takes more than sixty days, as when more is demanded than there is.
    fn schedule(&self, choices: &[bool]) -> Option<Schedule> {
        let plan = self.plan;
        let mut placements: Vec<Placement> = Vec::new();
        let mut in_use = InUse::default();
        let mut assignments = Rows::new();
        for (task, row) in plan.tasks().iter_enumerated() {
            if row.kind == TaskKind::Summary {
                placements.push(Placement { start: Moment(0), finish: Moment(0), mode: None });
                assignments.push_row([]);
                continue;
            }
            let has_second = row.modes.end.index() - row.modes.start.index() > 1;
            let second = has_second && choices[task.index() % choices.len()];
            let mode = ModeId::new(row.modes.start.index() + usize::from(second));
            let demands = plan.demands_of(&plan.modes()[mode]).iter();
            let assigned: Vec<Assignment> = demands
                .map(|demand| match demand.source {
                    DemandSource::Resource(resource) => Assignment { resource, amount: demand.amount },
                    DemandSource::Skill(_) => unreachable!("the plans of this test ask for no skills"),
                })
                .collect();
            let duration = plan.modes()[mode].duration.minutes().0;
            let placement = (0..60 * 48).find_map(|step| {
                let start = Moment(march(2, 0).0 + step * 30);
                if duration > 0 && !self.works(task, mode, start) {
                    return None;
                }
                let finish = self.finish(task, mode, start, duration);
                let placement = Placement { start, finish, mode: Some(mode) };
                let mut links = plan.links().iter().filter(|link| link.successor == task);
                let fits = self.stands(task, &placement)
                    && links.all(|link| self.keeps(link, &placements[link.predecessor.index()], &placement))
                    && self.has_room(&in_use, task, &placement, &assigned);
                fits.then_some(placement)
            })?;
            self.takes(&mut in_use, task, &placement, &assigned);
            placements.push(placement);
            assignments.push_row(assigned);
        }
        roll_up(plan, &mut placements);
        Some(Schedule { placements: IdVec::from(placements), assignments })
    }

    /// The judge's rival: every rule that these plans know, minute by minute.
    fn accepts(&self, schedule: &Schedule) -> bool {
        let mut in_use = InUse::default();
        let placements = &schedule.placements;
        placements.iter_enumerated().all(|(task, placement)| {
            self.stands(task, placement)
                && self.takes(&mut in_use, task, placement, schedule.assignments.row(task.index()))
        }) && self
            .plan
            .links()
            .iter()
            .all(|link| self.keeps(link, &placements[link.predecessor], &placements[link.successor]))
    }
}

/// The plans of this test have one summary, the first task.
fn roll_up(plan: &Plan, placements: &mut [Placement]) {
    let below =
        || plan.tasks().iter_enumerated().filter(|(_, task)| task.parent.is_some()).map(|(task, _)| task.index());
    placements[0].start = below().map(|task| placements[task].start).min().expect("a task is below the summary");
    placements[0].finish = below().map(|task| placements[task].finish).max().expect("a task is below the summary");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn schedules_of_a_naive_scheduler_are_accepted_and_their_mutations_caught(
        seeds in task_seeds(),
        choices in prop::collection::vec(any::<bool>(), 1..5),
        victim in 0usize..9,
        shift in prop::sample::select(vec![-1i64, 1, -30, 30]),
        weeks in [prop::option::of(12i64..90), prop::option::of(12i64..90)],
    ) {
        let plan = plan_of(&seeds, weeks);
        let naive = Naive { plan: &plan, ends_of_weeks: RefCell::default() };
        // A plan may ask for two devs while there is one: then the naive scheduler gives up, and there is nothing to judge.
        let Some(schedule) = naive.schedule(&choices) else { return Ok(()) };
        let findings = verify(&plan, &schedule);
        prop_assert!(!findings.has_errors(), "{:?}", findings);

        let task = TaskId::new(1 + victim % seeds.len());
        let placement = schedule.placements[task];
        let mode = placement.mode.expect("an activity has a mode");

        let mut one_minute_off = schedule.clone();
        one_minute_off.placements[task].finish.0 += shift;
        // Off by any time, the finish is not the one that the duration leads to.
        prop_assert!(verify(&plan, &one_minute_off).has_errors());

        let mut other_mode = schedule.clone();
        let modes = plan.tasks()[task].modes.clone();
        let other = ModeId::new(modes.start.index() + modes.end.index() - 1 - mode.index());
        other_mode.placements[task].mode = Some(other);
        if plan.modes()[other].duration != plan.modes()[mode].duration {
            prop_assert!(verify(&plan, &other_mode).has_errors());
        }

        let mut more = schedule.clone();
        more.assignments = Rows::new();
        for at in plan.tasks().ids() {
            let row = schedule.assignments.row(at.index()).iter().map(|assignment| Assignment {
                amount: crate::units::Amount(assignment.amount.0 + i64::from(at == task)),
                ..*assignment
            });
            more.assignments.push_row(row);
        }
        prop_assert_eq!(verify(&plan, &more).has_errors(), !schedule.assignments.row(task.index()).is_empty());

        let mut moved: Vec<Placement> = schedule.placements.iter().copied().collect();
        moved[task.index()].start.0 += shift;
        let duration = plan.modes()[mode].duration.minutes().0;
        moved[task.index()].finish = naive.finish(task, mode, moved[task.index()].start, duration);
        roll_up(&plan, &mut moved);
        let moved = Schedule { placements: IdVec::from(moved), ..schedule };
        let findings = verify(&plan, &moved);
        prop_assert_eq!(!findings.has_errors(), naive.accepts(&moved), "{:?}", findings);
    }
}
