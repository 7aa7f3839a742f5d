//! Time in slots of equal length, and when work is done in them, counted slot by slot from the calendars' definitions.

use floatline::index::Id;
use floatline::plan::{CalendarId, LagAmount, Plan, ResourceId, ResourceKind, TimeUnit};
use floatline::units::{Amount, Minutes, Moment};

/// A position in slots from the project's start on.
pub type Slot = i64;

/// Slots before the project's start and after the horizon into which lags may reach.
const MARGIN: Slot = 200;
/// Days that an enumeration of a plan with dates looks at.
const DAYS: i64 = 7;

/// How moments become slots: periods, or whole hours.
#[derive(Clone, Copy)]
pub struct Grid {
    start: Moment,
    minutes: i64,
    /// Schedules that finish later are not looked at.
    pub horizon: Slot,
}

impl Grid {
    /// The grid of a plan. In a plan of periods any schedule can be pushed together until it finishes by the horizon.
    pub fn new(plan: &Plan) -> Grid {
        let start = plan.project().start;
        if plan.project().time_unit != TimeUnit::Period {
            return Grid { start, minutes: 60, horizon: DAYS * 24 };
        }
        let dates = plan.tasks().iter().filter_map(|task| task.constraint).map(|constraint| constraint.moment);
        let windows = plan.resources().iter().flat_map(|resource| &resource.windows).map(|window| window.to);
        let caps = plan.budgets().iter().filter_map(|budget| budget.to);
        let longest =
            |modes: &[floatline::plan::Mode]| modes.iter().map(|mode| mode.duration.minutes().0).max().unwrap_or(0);
        let work: i64 = plan.tasks().ids().map(|task| longest(plan.modes_of(task))).sum();
        let lags = plan.links().iter().map(|link| match link.lag.amount {
            LagAmount::Minutes(lag) => lag.0.max(0),
            LagAmount::Percent(share) => share.of(Minutes(longest(plan.modes_of(link.predecessor)))).0.max(0),
        });
        // A greatest lag below zero keeps the predecessor away from the successor.
        let leads = plan.links().iter().filter_map(|link| link.max_lag).map(|lag| match lag.amount {
            LagAmount::Minutes(lag) => (-lag.0).max(0),
            LagAmount::Percent(_) => panic!("no greatest lag that is drawn is a share"),
        });
        let last = dates.chain(windows).chain(caps).max().unwrap_or(start) - start;
        Grid { start, minutes: 1, horizon: last.0.max(0) + work + lags.sum::<i64>() + leads.sum::<i64>() }
    }

    /// The slot that begins at a moment.
    pub fn slot(&self, moment: Moment) -> Slot {
        self.slots(moment - self.start)
    }

    /// A span in slots.
    pub fn slots(&self, span: Minutes) -> Slot {
        assert_eq!(span.0 % self.minutes, 0, "all times of a drawn plan are whole slots");
        span.0 / self.minutes
    }

    pub fn moment(&self, slot: Slot) -> Moment {
        self.start + Minutes(slot * self.minutes)
    }

    /// The slots that matter.
    fn all(&self) -> std::ops::Range<Slot> {
        -MARGIN..self.horizon + MARGIN
    }
}

/// The slots in which work is done.
pub struct Time {
    /// All of them, in order.
    worked: Vec<Slot>,
    /// How many of them lie before each slot from `-MARGIN` on.
    before: Vec<usize>,
}

impl Time {
    fn new(grid: &Grid, works: impl Fn(usize) -> bool) -> Time {
        let mut time = Time { worked: Vec::new(), before: Vec::new() };
        for (number, slot) in grid.all().enumerate() {
            time.before.push(time.worked.len());
            if works(number) {
                time.worked.push(slot);
            }
        }
        time.before.push(time.worked.len());
        time
    }

    fn done(&self, slot: Slot) -> usize {
        self.before[(slot + MARGIN).clamp(0, self.before.len() as Slot - 1) as usize]
    }

    pub fn works(&self, slot: Slot) -> bool {
        self.works_within(slot, slot + 1)
    }

    /// The first slot at or after `slot` in which work is done.
    pub fn next_work(&self, slot: Slot) -> Option<Slot> {
        self.worked.get(self.done(slot)).copied()
    }

    pub fn work_between(&self, from: Slot, to: Slot) -> Slot {
        self.done(to) as Slot - self.done(from) as Slot
    }

    pub fn works_within(&self, from: Slot, to: Slot) -> bool {
        from < to && self.work_between(from, to) > 0
    }

    /// When `work` slots, at least one, are done that begin at `from` or later.
    pub fn finish_after(&self, from: Slot, work: Slot) -> Option<Slot> {
        self.worked.get(self.done(from) + work as usize - 1).map(|last| last + 1)
    }

    /// When `work` slots, at least one, must begin to be done by `to`.
    pub fn start_before(&self, to: Slot, work: Slot) -> Option<Slot> {
        self.done(to).checked_sub(work as usize).map(|first| self.worked[first])
    }
}

/// When calendars work and resources are there.
pub struct Hours<'p> {
    plan: &'p Plan,
    grid: Grid,
    calendars: Vec<Vec<bool>>,
    present: Vec<Vec<bool>>,
}

impl<'p> Hours<'p> {
    pub fn new(plan: &'p Plan, grid: Grid) -> Hours<'p> {
        let moments: Vec<Moment> = grid.all().map(|slot| grid.moment(slot)).collect();
        let calendars =
            plan.calendars().iter().map(|calendar| moments.iter().map(|&at| calendar.is_working(at)).collect());
        let present = plan.resources().iter().map(|resource| {
            let is_material = resource.kind == ResourceKind::Material;
            moments.iter().map(|&at| is_material || resource.units_at(at) > Amount::ZERO).collect()
        });
        Hours { plan, grid, calendars: calendars.collect(), present: present.collect() }
    }

    pub fn always(&self) -> Time {
        Time::new(&self.grid, |_| true)
    }

    pub fn of_calendar(&self, calendar: CalendarId) -> Time {
        Time::new(&self.grid, |number| self.calendars[calendar.index()][number])
    }

    /// When a task with this calendar and these people is worked on; on the project's calendar if it has neither.
    pub fn of_work(&self, calendar: Option<CalendarId>, people: &[ResourceId]) -> Time {
        let mut calendars: Vec<CalendarId> = calendar.into_iter().collect();
        calendars.extend(people.iter().map(|&person| self.plan.calendar_of(person)));
        if calendars.is_empty() {
            calendars.push(self.plan.project().calendar);
        }
        Time::new(&self.grid, |number| {
            calendars.iter().all(|calendar| self.calendars[calendar.index()][number])
                && people.iter().all(|person| self.present[person.index()][number])
        })
    }
}
