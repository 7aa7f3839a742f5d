//! Plans and schedules put together by hand, for the tests of this folder and of the result tables.

use jiff::civil::date;

use super::{Assignment, Placement, Schedule};
use crate::index::{Id, IdVec, Rows};
use crate::plan::calendar::Calendar;
use crate::plan::{
    Budget, BudgetScope, CalendarId, Constraint, ConstraintKind, Demand, DemandSource, Duration, LabelId, Lag,
    LagAmount, LagCalendar, Link, LinkKind, Mode, ModeId, Pause, Plan, PlanParts, Project, Range32, Resource,
    ResourceId, ResourceKind, Task, TaskId, TaskKind, TimeUnit, Window,
};
use crate::units::{Amount, Minutes, Moment, Money, Rate, Share};

/// Minutes of a working day of the standard calendar.
pub(crate) const DAY: i64 = 480;

/// A moment of March 2026, which begins on a Sunday: day 2 is a Monday.
pub(crate) fn march(day: i8, hour: i8) -> Moment {
    Moment::from_civil(date(2026, 3, day).at(hour, 0, 0, 0))
}

/// So many working days of the standard calendar.
pub(crate) fn days(count: i64) -> Duration {
    Duration::Working(Minutes(count * DAY))
}

/// A lag in working minutes on the successor's calendar.
pub(crate) fn lag(minutes: i64) -> Lag {
    Lag { amount: LagAmount::Minutes(Minutes(minutes)), calendar: LagCalendar::Successor }
}

/// A mode before its demands are laid out in one vector.
pub(crate) struct ModeSketch {
    pub(crate) duration: Duration,
    pub(crate) demands: Vec<Demand>,
    pub(crate) cost: Money,
}

/// A plan in the making. Fields may be changed at will before [`Sketch::build`].
pub(crate) struct Sketch {
    pub(crate) project: Project,
    pub(crate) tasks: Vec<Task>,
    pub(crate) modes: Vec<Vec<ModeSketch>>,
    pub(crate) links: Vec<Link>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) calendars: Vec<Calendar>,
    pub(crate) budgets: Vec<Budget>,
    pub(crate) labels: Vec<Box<str>>,
}

impl Sketch {
    /// A plan that starts on Monday 2026-03-02 00:00 on the standard calendar; calendar 1 is `24h`.
    pub(crate) fn new() -> Sketch {
        let project = Project {
            name: "test".into(),
            start: march(2, 0),
            deadline: None,
            status_date: None,
            calendar: CalendarId::new(0),
            minutes_per_day: Minutes(DAY),
            minutes_per_week: Minutes(5 * DAY),
            minutes_per_month: Minutes(20 * DAY),
            currency: "EUR".into(),
            overhead_per_day: Money::ZERO,
            delay_penalty_per_day: Money::ZERO,
            early_bonus_per_day: Money::ZERO,
            discount_rate: Share(0),
            time_unit: TimeUnit::Day,
            dating: Default::default(),
            extras: Vec::new(),
        };
        Sketch {
            project,
            tasks: Vec::new(),
            modes: Vec::new(),
            links: Vec::new(),
            resources: Vec::new(),
            calendars: vec![Calendar::standard(), Calendar::twenty_four_hours()],
            budgets: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// A plan of abstract periods that starts at 0.
    pub(crate) fn periods() -> Sketch {
        let mut sketch = Sketch::new();
        sketch.project.time_unit = TimeUnit::Period;
        sketch.project.start = Moment(0);
        sketch.project.calendar = CalendarId::new(1);
        sketch.project.minutes_per_day = Minutes(1);
        sketch.project.minutes_per_week = Minutes(1);
        sketch.project.minutes_per_month = Minutes(1);
        sketch
    }

    /// Adds a task with one mode that needs nothing; duration 0 makes a milestone.
    pub(crate) fn task(&mut self, id: &str, duration: Duration) -> TaskId {
        let kind = if duration.minutes() == Minutes::ZERO { TaskKind::Milestone } else { TaskKind::Activity };
        let task = self.push_task(id, kind);
        self.modes[task.index()].push(ModeSketch { duration, demands: Vec::new(), cost: Money::ZERO });
        task
    }

    /// Adds a summary.
    pub(crate) fn summary(&mut self, id: &str) -> TaskId {
        self.push_task(id, TaskKind::Summary)
    }

    fn push_task(&mut self, id: &str, kind: TaskKind) -> TaskId {
        let task = TaskId::new(self.tasks.len());
        self.tasks.push(Task {
            id: id.into(),
            name: "".into(),
            parent: None,
            kind,
            modes: ModeId::new(0)..ModeId::new(0),
            calendar: None,
            constraint: None,
            second_constraint: None,
            expected_finish: None,
            deadline: None,
            priority: 500,
            fixed_cost: Money::ZERO,
            cost_distribution: None,
            payment: Money::ZERO,
            account: None,
            category: None,
            deliverable: None,
            pause: Pause::Breaks,
            activity: crate::plan::ActivityType::Task,
            is_manual: false,
            ignores_resource_calendars: false,
            progress: None,
            earning: Default::default(),
            distribution: None,
            row: task.index() as u32 + 2,
        });
        self.modes.push(Vec::new());
        task
    }

    /// The task, to be changed.
    pub(crate) fn at(&mut self, task: TaskId) -> &mut Task {
        &mut self.tasks[task.index()]
    }

    /// Constrains a task.
    pub(crate) fn constrain(&mut self, task: TaskId, kind: ConstraintKind, moment: Moment) {
        self.at(task).constraint = Some(Constraint { kind, moment });
    }

    /// Adds another mode.
    pub(crate) fn mode(&mut self, task: TaskId, duration: Duration) {
        self.modes[task.index()].push(ModeSketch { duration, demands: Vec::new(), cost: Money::ZERO });
    }

    /// Adds a demand to the last mode of a task.
    pub(crate) fn needs(&mut self, task: TaskId, resource: ResourceId, units: i64) {
        self.needs_of(task, DemandSource::Resource(resource), units);
    }

    /// Adds a demand to the last mode of a task.
    pub(crate) fn needs_of(&mut self, task: TaskId, source: DemandSource, units: i64) {
        let mode = self.modes[task.index()].last_mut().expect("the task has a mode");
        mode.demands.push(Demand { source, amount: Amount(units * Amount::ONE.0) });
    }

    /// Adds a resource: so many units, or `None` for a material without limit.
    pub(crate) fn resource(&mut self, id: &str, kind: ResourceKind, units: Option<i64>) -> ResourceId {
        self.resources.push(Resource {
            id: id.into(),
            name: "".into(),
            kind,
            team: None,
            capacity: units.map(|units| Amount(units * Amount::ONE.0)),
            calendar: None,
            rate: Rate { money: Money::ZERO, per: Minutes(60) },
            cost_per_use: Money::ZERO,
            skills: Vec::new(),
            certificates: Vec::new(),
            max_per_week: None,
            windows: Vec::new(),
        });
        ResourceId::new(self.resources.len() - 1)
    }

    /// Adds a person.
    pub(crate) fn person(&mut self, id: &str) -> ResourceId {
        self.resource(id, ResourceKind::Work, Some(1))
    }

    /// Changes what is there of a resource for a while.
    pub(crate) fn window(&mut self, resource: ResourceId, from: Moment, to: Moment, units: i64) {
        let units = Amount(units * Amount::ONE.0);
        self.resources[resource.index()].windows.push(Window { from, to, units });
    }

    /// Adds a link.
    pub(crate) fn link(&mut self, predecessor: TaskId, kind: LinkKind, successor: TaskId, lag: Lag) -> &mut Link {
        self.links.push(Link { predecessor, successor, kind, lag, max_lag: None });
        self.links.last_mut().expect("a link was just added")
    }

    /// Adds a label.
    pub(crate) fn label(&mut self, word: &str) -> LabelId {
        self.labels.push(word.into());
        LabelId::new(self.labels.len() - 1)
    }

    /// Adds a calendar.
    pub(crate) fn calendar(&mut self, calendar: Calendar) -> CalendarId {
        self.calendars.push(calendar);
        CalendarId::new(self.calendars.len() - 1)
    }

    /// Adds a budget without dates.
    pub(crate) fn budget(&mut self, id: &str, scope: BudgetScope, cap: i64) -> &mut Budget {
        self.budgets.push(Budget { id: id.into(), scope, from: None, to: None, cap: Money(cap) });
        self.budgets.last_mut().expect("a budget was just added")
    }

    /// The plan.
    pub(crate) fn build(mut self) -> Plan {
        let (mut modes, mut demands) = (Vec::new(), Vec::new());
        for (task, sketches) in self.tasks.iter_mut().zip(self.modes) {
            let first = modes.len();
            for (number, sketch) in sketches.into_iter().enumerate() {
                let name = match self.labels.iter().position(|label| **label == *(number + 1).to_string()) {
                    Some(at) => LabelId::new(at),
                    None => {
                        self.labels.push((number + 1).to_string().into());
                        LabelId::new(self.labels.len() - 1)
                    }
                };
                let start = demands.len() as u32;
                demands.extend(sketch.demands);
                let demands = Range32 { start, end: demands.len() as u32 };
                modes.push(Mode { name, duration: sketch.duration, demands, cost: sketch.cost });
            }
            task.modes = ModeId::new(first)..ModeId::new(modes.len());
        }
        Plan::from_parts(PlanParts {
            project: self.project,
            tasks: self.tasks,
            modes,
            demands,
            links: self.links,
            resources: self.resources,
            calendars: self.calendars,
            budgets: self.budgets,
            uncertainty: Default::default(),
            labels: self.labels,
        })
    }
}

/// The schedule that places the tasks as told, in their first modes, with the demanded resources; summaries get the
/// dates told, too.
pub(crate) fn schedule(plan: &Plan, times: &[(Moment, Moment)]) -> Schedule {
    let mut assignments = Rows::new();
    let mut placements = IdVec::new();
    for ((_, task), &(start, finish)) in plan.tasks().iter_enumerated().zip(times) {
        let mode = (task.kind != TaskKind::Summary).then_some(task.modes.start);
        let demands = mode.map_or(&[][..], |mode| plan.demands_of(&plan.modes()[mode]));
        assignments.push_row(demands.iter().filter_map(|demand| match demand.source {
            DemandSource::Resource(resource) => Some(Assignment { resource, amount: demand.amount }),
            DemandSource::Skill(_) => None,
        }));
        placements.push(Placement { start, finish, mode });
    }
    Schedule { placements, assignments }
}
