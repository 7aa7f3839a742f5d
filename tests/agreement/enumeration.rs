//! The best schedule of a plan by trying all: every way to do a task at every start, task after task.
//!
//! It reads the plan alone, by the rules that README.md states. A branch ends where a rule is broken by the tasks placed so
//! far, or where they are no better than the best schedule known already; nothing else is clever about it.

use floatline::index::{Id, IdVec, Rows};
use floatline::plan::{
    Budget, BudgetScope, ConstraintKind, Lag, LagAmount, LagCalendar, Link, Pause, Plan, ResourceKind, TaskId, TaskKind,
};
use floatline::schedule::{Assignment, Placement, Schedule};
use floatline::units::{Minutes, Moment, Money};

use crate::grid::{Grid, Hours, Slot, Time};
use crate::ways::{Way, ways};

/// Placements tried before an enumeration gives up.
const MOST_STEPS: u64 = 4_000_000;

/// The best schedule of those that finish by the horizon.
pub struct Best {
    /// Minutes of lateness times priorities; zero if that is not asked for.
    pub late: i64,
    pub finish: Moment,
    pub schedule: Schedule,
}

/// What an enumeration finds: the best schedule, or that there is none.
///
/// # Arguments
/// `by_tardiness` compares schedules by their tardiness first, then by their finish; otherwise the finish alone counts.
///
/// # Returns
/// Nothing if there are too many placements.
pub fn best(plan: &Plan, grid: Grid, by_tardiness: bool) -> Option<Option<Best>> {
    let mut search = Search::new(plan, grid, by_tardiness);
    search.place_next();
    (search.steps < MOST_STEPS).then(|| search.best.take())
}

/// A way to do a task, with its working time.
struct TimedWay {
    way: Way,
    /// When it is worked on.
    time: Time,
    /// On what its lags run.
    lag_time: Time,
}

/// A task in a way at a start.
struct Placed {
    option: usize,
    start: Slot,
    finish: Slot,
    late: i64,
    /// What it adds to each budget.
    spent: Vec<i128>,
}

struct Activity {
    options: Vec<TimedWay>,
    placed: Vec<Placed>,
}

/// An end moved by a lag.
enum Shifted {
    To(Slot),
    /// Farther back than anything that is looked at.
    LongBefore,
    /// Farther ahead than that.
    LongAfter,
}

struct Search<'p> {
    plan: &'p Plan,
    grid: Grid,
    project_time: Time,
    always: Time,
    calendars: Vec<Time>,
    activities: Vec<Activity>,
    /// The activities of each task: itself, or what is below a summary, as positions in `activities`.
    below: Vec<Vec<usize>>,
    /// The links that can be judged as soon as the activity at a position is placed.
    links: Vec<Vec<&'p Link>>,
    /// Units of each resource in each slot; of a material all of it in slot 0.
    free: Vec<Vec<i64>>,
    /// What is left under each budget.
    unspent: Vec<i128>,
    /// The placement of each activity placed so far, as a position among all it could have.
    chosen: Vec<usize>,
    best: Option<Best>,
    best_value: (i64, Slot),
    steps: u64,
}

impl<'p> Search<'p> {
    fn new(plan: &'p Plan, grid: Grid, by_tardiness: bool) -> Search<'p> {
        let hours = Hours::new(plan, grid);
        let tasks = plan.tasks();
        let activities: Vec<TaskId> = tasks.ids().filter(|&task| tasks[task].kind != TaskKind::Summary).collect();
        let parent = |task: &TaskId| tasks[*task].parent;
        let is_below = |task: TaskId, above: TaskId| std::iter::successors(Some(task), parent).any(|at| at == above);
        let below =
            tasks.ids().map(|above| (0..activities.len()).filter(|&at| is_below(activities[at], above)).collect());
        let below: Vec<Vec<usize>> = below.collect();
        let mut links = vec![Vec::new(); activities.len()];
        for link in plan.links() {
            let last = [link.predecessor, link.successor].map(|task| below[task.index()].iter().max());
            links[*last.into_iter().flatten().max().expect("a link joins activities")].push(link);
        }
        let free = plan.resources().iter().map(|resource| match (resource.kind, resource.capacity) {
            (ResourceKind::Material, capacity) => vec![capacity.map_or(i64::MAX, |capacity| capacity.0)],
            (ResourceKind::Work, _) => (0..grid.horizon).map(|slot| resource.units_at(grid.moment(slot)).0).collect(),
        });
        let mut search = Search {
            plan,
            grid,
            project_time: hours.of_calendar(plan.project().calendar),
            always: hours.always(),
            calendars: plan.calendars().ids().map(|calendar| hours.of_calendar(calendar)).collect(),
            activities: Vec::new(),
            below,
            links,
            free: free.collect(),
            unspent: plan.budgets().iter().map(|budget| i128::from(budget.cap.0)).collect(),
            chosen: Vec::new(),
            best: None,
            best_value: (i64::MAX, 0),
            steps: 0,
        };
        search.activities = activities.iter().map(|&task| search.activity(task, &hours, by_tardiness)).collect();
        search
    }

    /// An activity at every start at which it alone keeps all rules.
    fn activity(&self, task: TaskId, hours: &Hours<'_>, by_tardiness: bool) -> Activity {
        let row = &self.plan.tasks()[task];
        let options: Vec<TimedWay> = ways(self.plan, task)
            .into_iter()
            .map(|way| {
                let work = || hours.of_work(row.calendar, &way.people(self.plan));
                let time = if way.is_elapsed(self.plan) { hours.always() } else { work() };
                TimedWay { time, lag_time: work(), way }
            })
            .collect();
        let mut placed = Vec::new();
        for (number, option) in options.iter().enumerate() {
            for start in 0..=self.grid.horizon {
                let Some(finish) = self.finish(task, option, start) else { continue };
                if finish <= self.grid.horizon && self.keeps_dates(task, option, start, finish) {
                    let late = if by_tardiness { self.late(task, option, start, finish) } else { 0 };
                    let spent = |budget| self.spent(task, option, (start, finish), budget);
                    let spent = self.plan.budgets().iter().map(spent).collect();
                    placed.push(Placed { option: number, start, finish, late, spent });
                }
            }
        }
        placed.sort_by_key(|placed| (placed.late, placed.finish));
        Activity { options, placed }
    }

    /// When a task finishes that starts at a slot; nothing if it cannot start there.
    fn finish(&self, task: TaskId, option: &TimedWay, start: Slot) -> Option<Slot> {
        let work = self.grid.slots(option.way.duration(self.plan));
        if work == 0 {
            return Some(start);
        }
        let finish = option.time.finish_after(start, work)?;
        let runs_through = self.plan.tasks()[task].pause != Pause::Never || finish - start == work;
        (option.time.works(start) && runs_through).then_some(finish)
    }

    fn keeps_dates(&self, task: TaskId, option: &TimedWay, start: Slot, finish: Slot) -> bool {
        let (row, time) = (&self.plan.tasks()[task], &option.time);
        let mut earliest = 0;
        for above in std::iter::successors(row.parent, |&above| self.plan.tasks()[above].parent) {
            let gate = self.plan.tasks()[above].constraint;
            let gate = gate.filter(|gate| gate.kind == ConstraintKind::StartNoEarlierThan);
            earliest = earliest.max(gate.map_or(0, |gate| self.grid.slot(gate.moment)));
        }
        if row.kind == TaskKind::Milestone {
            // The project's start moves a milestone to working time; links do not.
            earliest = time.next_work(earliest).unwrap_or(earliest);
        }
        let Some(constraint) = row.constraint.filter(|_| start >= earliest) else { return start >= earliest };
        let date = self.grid.slot(constraint.moment);
        match constraint.kind {
            ConstraintKind::StartNoEarlierThan => time.next_work(date).is_some_and(|opening| start >= opening),
            ConstraintKind::MustStartOn => time.next_work(date) == Some(start),
            ConstraintKind::FinishNoEarlierThan => !time.works_within(finish, date),
            ConstraintKind::MustFinishOn => {
                finish == date || (finish < date && time.works(finish - 1) && !time.works_within(finish, date))
            }
            _ => true,
        }
    }

    /// By how many minutes a task misses its deadlines and "no later" constraints, times its priority.
    fn late(&self, task: TaskId, option: &TimedWay, start: Slot, finish: Slot) -> i64 {
        let tasks = self.plan.tasks();
        let constraint = |task: TaskId, kind| tasks[task].constraint.filter(|constraint| constraint.kind == kind);
        let of_row = |row: TaskId| {
            let no_later = constraint(row, ConstraintKind::FinishNoLaterThan).map(|constraint| constraint.moment);
            [tasks[row].deadline, no_later]
        };
        let rows = std::iter::successors(Some(task), |&row| tasks[row].parent);
        let finish_by = rows.flat_map(of_row).flatten().min().map_or(finish, |moment| self.grid.slot(moment));
        let start_by = constraint(task, ConstraintKind::StartNoLaterThan).map_or(start, |constraint| {
            let date = self.grid.slot(constraint.moment);
            option.time.next_work(date).unwrap_or(date)
        });
        let slots = (finish - finish_by).max(0) + (start - start_by).max(0);
        (self.grid.moment(slots) - self.grid.moment(0)).0 * i64::from(tasks[task].priority.max(1))
    }

    /// What a task adds to a budget.
    fn spent(&self, task: TaskId, option: &TimedWay, (start, finish): (Slot, Slot), budget: &Budget) -> i128 {
        let (Money(spread), Money(at_start)) = option.way.cost(self.plan, task, budget.scope);
        let before = |slot: Slot| match slot {
            _ if slot <= start => 0,
            _ if slot >= finish => spread + at_start,
            _ => at_start + (spread * option.time.work_between(start, slot)) / option.time.work_between(start, finish),
        };
        let until = budget.to.map_or(Slot::MAX, |to| self.grid.slot(to));
        i128::from(before(until) - budget.from.map_or(0, |from| before(self.grid.slot(from))))
    }

    /// What the project's overhead adds to a budget if the project finishes at a slot.
    fn overhead(&self, budget: &Budget, finish: Slot) -> i128 {
        let project = self.plan.project();
        if budget.scope != BudgetScope::All {
            return 0;
        }
        let day = self.grid.slots(project.minutes_per_day);
        let until = |slot: Slot| {
            let work = self.project_time.work_between(0, slot.clamp(0, finish));
            i128::from(project.overhead_per_day.0) * i128::from(work) / i128::from(day)
        };
        let slot = |moment: Option<Moment>, otherwise| moment.map_or(otherwise, |moment| self.grid.slot(moment));
        until(slot(budget.to, finish)) - until(slot(budget.from, 0))
    }

    fn value(&self) -> (i64, Slot) {
        let placed = || (0..self.chosen.len()).map(|at| self.placed(at));
        (placed().map(|placed| placed.late).sum(), placed().map(|placed| placed.finish).max().unwrap_or(0))
    }

    fn placed(&self, at: usize) -> &Placed {
        &self.activities[at].placed[self.chosen[at]]
    }

    fn place_next(&mut self) {
        let at = self.chosen.len();
        if at == self.activities.len() {
            return self.take();
        }
        for number in 0..self.activities[at].placed.len() {
            self.steps += 1;
            if self.steps >= MOST_STEPS {
                return;
            }
            self.chosen.push(number);
            if self.value() < self.best_value && self.links[at].iter().all(|link| self.keeps(link)) {
                self.use_up(at, 1);
                if self.is_enough(at) {
                    self.place_next();
                }
                self.use_up(at, -1);
            }
            self.chosen.pop();
        }
    }

    /// Takes what an activity needs, or gives it back.
    fn use_up(&mut self, at: usize, sign: i64) {
        let activity = &self.activities[at];
        let placed = &activity.placed[self.chosen[at]];
        let option = &activity.options[placed.option];
        for &(resource, amount) in &option.way.assigned {
            let free = &mut self.free[resource.index()];
            match self.plan.resources()[resource].kind {
                ResourceKind::Material => free[0] -= sign * amount.0,
                ResourceKind::Work => {
                    for slot in (placed.start..placed.finish).filter(|&slot| option.time.works(slot)) {
                        free[slot as usize] -= sign * amount.0;
                    }
                }
            }
        }
        for (unspent, spent) in self.unspent.iter_mut().zip(&placed.spent) {
            *unspent -= i128::from(sign) * spent;
        }
    }

    /// True if there was enough of what the activity placed last has taken.
    fn is_enough(&self, at: usize) -> bool {
        let placed = self.placed(at);
        let option = &self.activities[at].options[placed.option];
        let is_free = |resource: floatline::plan::ResourceId| {
            let free = &self.free[resource.index()];
            match self.plan.resources()[resource].kind {
                ResourceKind::Material => free[0] >= 0,
                ResourceKind::Work => {
                    (placed.start..placed.finish).all(|slot| free[slot as usize] >= 0 || !option.time.works(slot))
                }
            }
        };
        option.way.assigned.iter().all(|&(resource, _)| is_free(resource)) && self.unspent.iter().all(|&left| left >= 0)
    }

    /// The option in which a task is done that is no summary.
    fn option(&self, task: TaskId) -> Option<&TimedWay> {
        let is_summary = self.plan.tasks()[task].kind == TaskKind::Summary;
        let at = *self.below[task.index()].first().filter(|_| !is_summary)?;
        Some(&self.activities[at].options[self.placed(at).option])
    }

    /// The end of a task that a link joins.
    fn end(&self, task: TaskId, is_finish: bool) -> Slot {
        let placed = self.below[task.index()].iter().map(|&at| self.placed(at));
        let end =
            if is_finish { placed.map(|placed| placed.finish).max() } else { placed.map(|placed| placed.start).min() };
        end.expect("a summary has something below it")
    }

    /// True if a link is kept. A finish may lie before its bound, and an end after its greatest distance, as long as the
    /// successor could not be worked on in between.
    fn keeps(&self, link: &Link) -> bool {
        let (from, to) =
            (self.end(link.predecessor, link.kind.from_finish()), self.end(link.successor, link.kind.to_finish()));
        let works_within = |from: Slot, to: Slot| match self.option(link.successor) {
            Some(option) => option.time.works_within(from, to),
            None => from < to,
        };
        let is_late_enough = match self.shifted(from, &link.lag, link) {
            Shifted::To(least) if link.kind.to_finish() => !works_within(to, least),
            Shifted::To(least) => to >= least,
            Shifted::LongBefore => true,
            Shifted::LongAfter => false,
        };
        let is_too_late = |most: Lag| match self.shifted(from, &most, link) {
            Shifted::To(most) => works_within(most, to),
            Shifted::LongBefore => true,
            Shifted::LongAfter => false,
        };
        is_late_enough && !link.max_lag.is_some_and(is_too_late)
    }

    /// An end of a link's predecessor moved by a lag.
    fn shifted(&self, from: Slot, lag: &Lag, link: &Link) -> Shifted {
        let minutes = match lag.amount {
            LagAmount::Minutes(minutes) => minutes,
            LagAmount::Percent(share) => {
                share.of(self.option(link.predecessor).map_or(Minutes::ZERO, |option| option.way.duration(self.plan)))
            }
        };
        let of_task = |task: TaskId| self.option(task).map_or(&self.project_time, |option| &option.lag_time);
        let time = match lag.calendar {
            LagCalendar::Successor => of_task(link.successor),
            LagCalendar::Predecessor => of_task(link.predecessor),
            LagCalendar::Project => &self.project_time,
            LagCalendar::TwentyFourHours => &self.always,
            LagCalendar::Named(calendar) => &self.calendars[calendar.index()],
        };
        let slots = self.grid.slots(minutes);
        match slots {
            0 => Shifted::To(from),
            1.. => time.finish_after(from, slots).map_or(Shifted::LongAfter, Shifted::To),
            _ => time.start_before(from, -slots).map_or(Shifted::LongBefore, Shifted::To),
        }
    }

    /// Keeps a schedule that is better than all before it, unless the overhead is too much.
    fn take(&mut self) {
        let value = self.value();
        let mut budgets = self.plan.budgets().iter().zip(&self.unspent);
        if budgets.any(|(budget, &unspent)| self.overhead(budget, value.1) > unspent) {
            return;
        }
        self.best_value = value;
        self.best = Some(Best { late: value.0, finish: self.grid.moment(value.1), schedule: self.schedule() });
    }

    fn schedule(&self) -> Schedule {
        let (mut placements, mut assignments) = (Vec::new(), Rows::new());
        for task in self.plan.tasks().ids() {
            let way = self.option(task).map(|option| &option.way);
            placements.push(Placement {
                start: self.grid.moment(self.end(task, false)),
                finish: self.grid.moment(self.end(task, true)),
                mode: way.map(|way| way.mode),
            });
            let assigned = way.into_iter().flat_map(|way| &way.assigned);
            assignments.push_row(assigned.map(|&(resource, amount)| Assignment { resource, amount }));
        }
        Schedule { placements: IdVec::from(placements), assignments }
    }
}
