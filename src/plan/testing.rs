//! Plans for unit tests, built in memory.

use super::calendar::Calendar;
use super::{
    Budget, BudgetId, BudgetScope, CalendarId, Constraint, ConstraintKind, Demand, Duration, LabelId, Lag, LagAmount,
    LagCalendar, Link, LinkId, LinkKind, Mode, ModeId, Pause, Plan, Project, Range32, Resource, ResourceId,
    ResourceKind, Task, TaskId, TaskKind, TimeUnit,
};
use crate::index::{Id, IdVec};
use crate::units::{Amount, Minutes, Moment, Money, Rate, Share};

/// A plan under construction: the standard calendar, days of eight hours, starting on Monday 2026-03-02 00:00.
pub(crate) struct PlanBuilder {
    plan: Plan,
}

/// 2026-03-02 00:00, a Monday.
pub(crate) const MONDAY: Moment = Moment(20_514 * 1440);

/// The moment so many days after [`MONDAY`] at an hour and minute.
pub(crate) fn at(day: i64, hour: i64, minute: i64) -> Moment {
    Moment(MONDAY.0 + day * 1440 + hour * 60 + minute)
}

impl PlanBuilder {
    pub(crate) fn new() -> PlanBuilder {
        let project = Project {
            name: "test".into(),
            start: MONDAY,
            deadline: None,
            status_date: None,
            calendar: CalendarId::new(0),
            minutes_per_day: Minutes(480),
            minutes_per_week: Minutes(2400),
            minutes_per_month: Minutes(9600),
            currency: String::new(),
            overhead_per_day: Money::ZERO,
            delay_penalty_per_day: Money::ZERO,
            early_bonus_per_day: Money::ZERO,
            discount_rate: Share(0),
            time_unit: TimeUnit::Day,
            dating: Default::default(),
            extras: Vec::new(),
        };
        let calendars = vec![Calendar::standard(), Calendar::twenty_four_hours()];
        let plan = Plan {
            project,
            tasks: IdVec::new(),
            modes: IdVec::new(),
            demands: Vec::new(),
            links: IdVec::new(),
            spans: Vec::new(),
            begun: Vec::new(),
            past: Default::default(),
            stored: IdVec::new(),
            resources: IdVec::new(),
            calendars: IdVec::from(calendars),
            budgets: IdVec::new(),
            deliverables: Default::default(),
            uncertainty: Default::default(),
            labels: IdVec::from(vec!["1".into()]),
            rules: IdVec::new(),
            record: Default::default(),
            unruled: None,
        };
        PlanBuilder { plan }
    }

    /// A plan in abstract periods from 0 on.
    pub(crate) fn periods() -> PlanBuilder {
        let mut builder = PlanBuilder::new();
        let project = builder.project();
        (project.start, project.calendar, project.time_unit) = (Moment(0), CalendarId::new(1), TimeUnit::Period);
        builder
    }

    pub(crate) fn project(&mut self) -> &mut Project {
        &mut self.plan.project
    }

    pub(crate) fn calendar(&mut self, calendar: Calendar) -> CalendarId {
        self.plan.calendars.push(calendar)
    }

    /// An activity, or a milestone if it takes no time.
    pub(crate) fn task(&mut self, id: &str, duration: Duration, demands: &[Demand]) -> TaskId {
        let kind = if duration.minutes() == Minutes::ZERO { TaskKind::Milestone } else { TaskKind::Activity };
        let task = self.push(id, kind);
        self.mode(task, duration, demands);
        task
    }

    /// Working days of eight hours.
    pub(crate) fn days(&mut self, id: &str, days: i64) -> TaskId {
        self.task(id, Duration::Working(Minutes(days * 480)), &[])
    }

    /// Working minutes.
    pub(crate) fn minutes(&mut self, id: &str, minutes: i64) -> TaskId {
        self.task(id, Duration::Working(Minutes(minutes)), &[])
    }

    pub(crate) fn summary(&mut self, id: &str) -> TaskId {
        self.push(id, TaskKind::Summary)
    }

    fn push(&mut self, id: &str, kind: TaskKind) -> TaskId {
        let row = self.plan.tasks.len() as u32 + 2;
        let modes = self.plan.modes.next_id()..self.plan.modes.next_id();
        self.plan.tasks.push(Task {
            id: id.into(),
            name: "".into(),
            parent: None,
            kind,
            modes,
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
            row,
        })
    }

    /// One more mode of the task that was added last.
    pub(crate) fn mode(&mut self, task: TaskId, duration: Duration, demands: &[Demand]) -> ModeId {
        let start = self.plan.demands.len() as u32;
        self.plan.demands.extend_from_slice(demands);
        let demands = Range32 { start, end: self.plan.demands.len() as u32 };
        let mode = self.plan.modes.push(Mode { name: LabelId::new(0), duration, demands, cost: Money::ZERO });
        self.plan.tasks[task].modes.end = self.plan.modes.next_id();
        mode
    }

    /// What a mode costs besides its people, in minor units.
    pub(crate) fn price(&mut self, mode: ModeId, cost: i64) {
        self.plan.modes[mode].cost = Money(cost);
    }

    pub(crate) fn edit(&mut self, task: TaskId) -> &mut Task {
        &mut self.plan.tasks[task]
    }

    pub(crate) fn constrain(&mut self, task: TaskId, kind: ConstraintKind, moment: Moment) {
        self.plan.tasks[task].constraint = Some(Constraint { kind, moment });
    }

    /// A link whose lag, in minutes, runs on the successor's calendar.
    pub(crate) fn link(&mut self, predecessor: TaskId, kind: LinkKind, successor: TaskId, lag: i64) -> LinkId {
        let lag = Lag { amount: LagAmount::Minutes(Minutes(lag)), calendar: LagCalendar::Successor };
        self.push_link(Link { predecessor, successor, kind, lag, max_lag: None })
    }

    pub(crate) fn push_link(&mut self, link: Link) -> LinkId {
        self.plan.links.push(link)
    }

    /// People or machines.
    pub(crate) fn resource(&mut self, id: &str, units: i64) -> ResourceId {
        self.push_resource(Resource {
            id: id.into(),
            name: "".into(),
            kind: ResourceKind::Work,
            team: None,
            capacity: Some(Amount(units * Amount::ONE.0)),
            calendar: None,
            rate: Rate { money: Money::ZERO, per: Minutes(60) },
            cost_per_use: Money::ZERO,
            skills: Vec::new(),
            certificates: Vec::new(),
            max_per_week: None,
            windows: Vec::new(),
        })
    }

    pub(crate) fn push_resource(&mut self, resource: Resource) -> ResourceId {
        self.plan.resources.push(resource)
    }

    pub(crate) fn edit_resource(&mut self, resource: ResourceId) -> &mut Resource {
        &mut self.plan.resources[resource]
    }

    pub(crate) fn label(&mut self, text: &str) -> LabelId {
        self.plan.labels.push(text.into())
    }

    pub(crate) fn budget(
        &mut self,
        scope: BudgetScope,
        from: Option<Moment>,
        to: Option<Moment>,
        cap: i64,
    ) -> BudgetId {
        self.plan.budgets.push(Budget { id: "budget".into(), scope, from, to, cap: Money(cap) })
    }

    pub(crate) fn build(self) -> Plan {
        self.plan
    }
}

/// The plan with these budgets alone: scope, from, to, cap.
pub(crate) fn with_caps(plan: &Plan, caps: &[(BudgetScope, Option<Moment>, Option<Moment>, i64)]) -> Plan {
    let budget = |&(scope, from, to, cap): &(BudgetScope, Option<Moment>, Option<Moment>, i64)| Budget {
        id: "budget".into(),
        scope,
        from,
        to,
        cap: Money(cap),
    };
    let budgets: Vec<Budget> = caps.iter().map(budget).collect();
    Plan { budgets: IdVec::from(budgets), ..plan.clone() }
}
