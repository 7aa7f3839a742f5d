//! Limits, relaxations and what holds a task, in words, and as edits of the plan.

use super::conflict::{Conflict, Infeasible};
use super::repair::{Relaxation, Repair};
use crate::plan::{
    BudgetScope, ConstraintKind, Lag, Limit, Link, LinkId, LinkKind, Plan, ResourceKind, TaskId, TimeUnit, Window,
};
use crate::schedule::words;
use crate::units::{Amount, MINUTES_PER_DAY, Minutes, Moment, Money};

/// A sentence of an explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it belongs to: `step`, `change`, `conflict`, `repair`, `bound`.
    pub part: &'static str,
    /// Its number within that; members of one conflict share it.
    pub number: usize,
    /// The kind of limit or cause: `link`, `resource`, `calendar`, `constraint`, `budget`, ...
    pub kind: &'static str,
    /// The task, resource or budget that it is about.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// What `whatif --set` reads to try it, all of them together; empty if no cells stand for it.
    pub edits: Vec<String>,
    /// By how much earlier the task starts, in working time of the project.
    pub task_gain: Option<Minutes>,
    /// By how much earlier the project finishes, in working time of the project.
    pub project_gain: Option<Minutes>,
}

impl Line {
    pub(super) fn of(part: &'static str, number: usize, kind: &'static str, id: &str, text: String) -> Line {
        Line { part, number, kind, id: id.to_owned(), text, ..Line::default() }
    }
}

impl Infeasible {
    /// The sentences of the explanation: members of conflicts, then repairs.
    pub fn lines(&self, plan: &Plan) -> Vec<Line> {
        let conflicts = self.conflicts.iter().enumerate();
        let members = conflicts.flat_map(|(at, conflict)| conflict_lines(plan, at + 1, conflict));
        let repairs = self.repairs.iter().enumerate().map(|(at, repair)| repair_line(plan, at + 1, repair));
        members.chain(repairs).collect()
    }
}

fn conflict_lines(plan: &Plan, number: usize, conflict: &Conflict) -> Vec<Line> {
    let line = |&limit: &Limit| {
        let (kind, id) = kind_and_id(plan, limit);
        Line::of("conflict", number, kind, &id, limit_words(plan, limit))
    };
    if conflict.limits.is_empty() {
        let text = "work is longer than all the time there is, whatever is given up".to_owned();
        return vec![Line::of("conflict", number, "calendar", "", text)];
    }
    conflict.limits.iter().map(line).collect()
}

fn repair_line(plan: &Plan, number: usize, repair: &Repair) -> Line {
    let parts: Vec<String> = repair.relaxations.iter().map(|it| relaxation_words(plan, it)).collect();
    let parts_of_it: Vec<Vec<String>> = repair.relaxations.iter().map(|it| edits(plan, it)).collect();
    // Half of the edits would not do.
    let edits = if parts_of_it.iter().any(Vec::is_empty) { Vec::new() } else { parts_of_it.concat() };
    let (kind, id) = repair.relaxations.first().map_or(("", String::new()), |it| kind_and_id(plan, it.limit));
    let less = if repair.is_least { "" } else { "; less may be enough" };
    let text = format!("{}: then it finishes {}{less}", parts.join(", "), moment(plan, repair.finish));
    Line { edits, ..Line::of("repair", number, kind, &id, text) }
}

/// What kind of limit it is, and whose.
pub(super) fn kind_and_id(plan: &Plan, limit: Limit) -> (&'static str, String) {
    let task = |task: TaskId| plan.tasks()[task].id.to_string();
    match limit {
        Limit::ProjectDeadline => ("deadline", String::new()),
        Limit::Deadline(id) => ("deadline", task(id)),
        Limit::Constraint(id, _) => ("constraint", task(id)),
        Limit::Budget(budget) => ("budget", plan.budgets()[budget].id.to_string()),
        Limit::Capacity(resource) | Limit::Availability(resource) => {
            ("resource", plan.resources()[resource].id.to_string())
        }
        Limit::WeeklyHours(resource) => ("weekly hours", plan.resources()[resource].id.to_string()),
        Limit::Rule(rule) => ("rule", plan.rules()[rule].id.to_string()),
        Limit::MaximalLag(link) => ("max_lag", link_id(plan, link)),
        Limit::Link(link) => ("link", link_id(plan, link)),
        Limit::Unbroken(id) => ("pause", task(id)),
        Limit::DaysOff(calendar) | Limit::Calendar(calendar) => ("calendar", plan.calendars()[calendar].id.to_string()),
    }
}

/// A limit as a sentence.
pub(super) fn limit_words(plan: &Plan, limit: Limit) -> String {
    match limit {
        Limit::ProjectDeadline => {
            let date = plan.project().deadline.map(|date| plan.format_end(date)).unwrap_or_default();
            format!("the project finishes by its deadline {date}")
        }
        Limit::Deadline(task) => {
            let date = plan.tasks()[task].deadline.map(|date| plan.format_end(date)).unwrap_or_default();
            format!("{} finishes by its deadline {date}", name(plan, task))
        }
        Limit::Constraint(task, kind) => format!("{} {}", name(plan, task), constraint_words(plan, task, kind)),
        Limit::Budget(budget) => {
            let budget = &plan.budgets()[budget];
            let from = budget.from.map(|from| format!(" from {}", day_of_start(plan, from))).unwrap_or_default();
            let to = budget.to.map(|to| format!(" to {}", plan.format_end(to))).unwrap_or_default();
            format!(
                "budget `{}` allows {} for {}{from}{to}",
                budget.id,
                money(plan, budget.cap),
                scope(plan, budget.scope)
            )
        }
        Limit::Capacity(resource) => {
            let data = &plan.resources()[resource];
            let units = data.capacity.unwrap_or(Amount::MAX);
            match data.kind {
                ResourceKind::Work if units == Amount::ONE => format!("`{}` is one", data.id),
                ResourceKind::Work => format!("there are {units} of `{}`", data.id),
                ResourceKind::Material => format!("there are {units} of `{}` in all", data.id),
            }
        }
        Limit::Availability(resource) => {
            let data = &plan.resources()[resource];
            let span = |window: &Window| {
                format!("{} from {} to {}", window.units, day_of_start(plan, window.from), plan.format_end(window.to))
            };
            let less = data.windows.iter().filter(|window| Some(window.units) < data.capacity);
            format!("of `{}` there are only {}", data.id, less.map(span).collect::<Vec<_>>().join(", "))
        }
        Limit::WeeklyHours(resource) => {
            let data = &plan.resources()[resource];
            let most = words::hours(data.max_per_week.unwrap_or_default());
            format!("`{}` works no more than {most} a week", data.id)
        }
        Limit::Rule(rule) => format!("{} asks that {}", plan.rule_name(rule), plan.rule_words(rule)),
        Limit::MaximalLag(id) => {
            let link = &plan.links()[id];
            let (begin, end) = ends(link);
            let most = link.max_lag.map(|lag| words::lag(plan, &lag)).unwrap_or_default();
            let most = most.strip_prefix('+').unwrap_or(&most);
            let most = if most.is_empty() { "0" } else { most };
            let (before, after) = (name(plan, link.predecessor), name(plan, link.successor));
            format!("{after} {end} no more than {most} after {before} {begin}")
        }
        Limit::Link(id) => link_words(plan, &plan.links()[id]),
        Limit::Unbroken(task) => format!("{} runs through without a pause", name(plan, task)),
        Limit::DaysOff(calendar) => format!("calendar `{}` has its days off", plan.calendars()[calendar].id),
        Limit::Calendar(calendar) => format!("calendar `{}` works in its hours only", plan.calendars()[calendar].id),
    }
}

/// `` `b` starts after `a`, which takes 5d, finishes (FS) ``.
fn link_words(plan: &Plan, link: &Link) -> String {
    let (begin, end) = ends(link);
    let takes = plan.modes_of(link.predecessor).iter().map(|mode| mode.duration.minutes()).min();
    let takes = takes.filter(|&minutes| minutes > Minutes::ZERO && link.kind.from_finish());
    let takes = takes.map(|minutes| format!(", which takes {},", working(plan, minutes))).unwrap_or_default();
    let (before, after) = (name(plan, link.predecessor), name(plan, link.successor));
    let gate = gate_of(plan, link).map(|gate| format!("; gate `{gate}` is between them")).unwrap_or_default();
    format!("{after} {end} after {before}{takes} {begin} ({}{}{gate})", link.kind.code(), words::lag(plan, &link.lag))
}

/// The gate that a link leads through, if it does.
pub(super) fn gate_of<'p>(plan: &'p Plan, link: &Link) -> Option<&'p str> {
    let is_it = |gate: &&crate::plan::Gate| {
        gate.after == link.predecessor && (gate.before.is_empty() || gate.before.contains(&link.successor))
    };
    plan.gates().iter().find(is_it).map(|gate| &*gate.id)
}

/// What the predecessor and the successor do at their ends of a link.
fn ends(link: &Link) -> (&'static str, &'static str) {
    match link.kind {
        LinkKind::FinishToStart => ("finishes", "starts"),
        LinkKind::StartToStart => ("starts", "starts"),
        LinkKind::FinishToFinish => ("finishes", "finishes"),
        LinkKind::StartToFinish => ("starts", "finishes"),
    }
}

/// A constraint: `must start on 2026-03-04`.
pub(super) fn constraint_words(plan: &Plan, task: TaskId, kind: ConstraintKind) -> String {
    let date = plan.tasks()[task].constraint_of(kind).map(|constraint| constraint.moment).unwrap_or_default();
    let (start, end) = (day_of_start(plan, date), plan.format_end(date));
    match kind {
        ConstraintKind::AsSoonAsPossible => "starts as soon as possible".to_owned(),
        ConstraintKind::AsLateAsPossible => "starts as late as possible".to_owned(),
        ConstraintKind::MustStartOn => format!("must start on {start}"),
        ConstraintKind::MustFinishOn => format!("must finish on {end}"),
        ConstraintKind::StartNoEarlierThan => format!("must start no earlier than {start}"),
        ConstraintKind::StartNoLaterThan => format!("must start no later than {start}"),
        ConstraintKind::FinishNoEarlierThan => format!("must finish no earlier than {end}"),
        ConstraintKind::FinishNoLaterThan => format!("must finish no later than {end}"),
    }
}

/// A relaxation as an instruction.
pub(super) fn relaxation_words(plan: &Plan, relaxation: &Relaxation) -> String {
    let Relaxation { limit, by } = *relaxation;
    let Some(by) = by else {
        return match limit {
            Limit::ProjectDeadline => "give up the project's deadline".to_owned(),
            Limit::Deadline(task) => format!("give up the deadline of {}", name(plan, task)),
            Limit::Constraint(task, kind) => {
                format!("no longer ask that {} {}", name(plan, task), constraint_words(plan, task, kind))
            }
            Limit::Budget(budget) => format!("give up budget `{}`", plan.budgets()[budget].id),
            Limit::Capacity(resource) => format!("have plenty of `{}`", plan.resources()[resource].id),
            Limit::Availability(resource) => format!("have all of `{}` at all times", plan.resources()[resource].id),
            Limit::WeeklyHours(resource) => {
                format!("let `{}` work as long in a week as its calendar", plan.resources()[resource].id)
            }
            Limit::Rule(rule) => format!("give up {}", plan.rule_name(rule)),
            Limit::MaximalLag(link) => format!("give up the max_lag of {}", link_id(plan, link)),
            Limit::Link(link) => {
                let gate = gate_of(plan, &plan.links()[link]);
                let gate = gate.map(|gate| format!(" and gate `{gate}` between them")).unwrap_or_default();
                format!("give up the link {}{gate}", link_name(plan, link))
            }
            Limit::Unbroken(task) => format!("let {} pause", name(plan, task)),
            Limit::DaysOff(calendar) => format!("work on the days off of calendar `{}`", plan.calendars()[calendar].id),
            Limit::Calendar(calendar) => {
                format!("work around the clock on calendar `{}`", plan.calendars()[calendar].id)
            }
        };
    };
    let later = |date: Option<Moment>| date.map(|date| plan.format_end(date + Minutes(by))).unwrap_or_default();
    match limit {
        Limit::ProjectDeadline => {
            format!("{} for the project: until {}", days(plan, by), later(plan.project().deadline))
        }
        Limit::Deadline(task) => {
            format!("{} for {}: until {}", days(plan, by), name(plan, task), later(plan.tasks()[task].deadline))
        }
        Limit::Constraint(task, kind) => {
            let moved = plan.relaxed(limit, by);
            format!("{} for {}: it {}", days(plan, by), name(plan, task), constraint_words(&moved, task, kind))
        }
        Limit::Budget(budget) => format!("{} more in budget `{}`", money(plan, Money(by)), plan.budgets()[budget].id),
        Limit::Capacity(resource) => format!("{} more of `{}`", Amount(by), plan.resources()[resource].id),
        Limit::MaximalLag(link) => {
            format!("a max_lag that is longer by {} for {}", working(plan, Minutes(by)), link_id(plan, link))
        }
        Limit::Link(link) => format!("{} less lag in the link {}", working(plan, Minutes(by)), link_name(plan, link)),
        Limit::Availability(_)
        | Limit::WeeklyHours(_)
        | Limit::Rule(_)
        | Limit::Unbroken(_)
        | Limit::DaysOff(_)
        | Limit::Calendar(_) => relaxation_words(plan, &Relaxation { limit, by: None }),
    }
}

/// A relaxation as edits of the plan; none if no cells stand for it.
pub(super) fn edits(plan: &Plan, relaxation: &Relaxation) -> Vec<String> {
    let Relaxation { limit, by } = *relaxation;
    let id = |task: TaskId| &plan.tasks()[task].id;
    let moved = by.map_or_else(|| plan.clone(), |by| plan.relaxed(limit, by));
    let date = |date: Option<Moment>| date.map(|date| plan.format_end(date)).unwrap_or_default();
    let lag = |lag: &Lag| {
        let lag = words::lag(plan, lag);
        let lag = lag.strip_prefix('+').unwrap_or(&lag);
        match lag {
            "" => "0".to_owned(),
            // A sign would make it a change of the lag there is.
            lag if lag.starts_with('-') => format!("={lag}"),
            lag => lag.to_owned(),
        }
    };
    let one = |edit: String| vec![edit];
    // Edits name a link by its tasks, which may be joined by another one too.
    if let Limit::Link(link) | Limit::MaximalLag(link) = limit {
        let ends = |link: &Link| (link.predecessor, link.successor);
        let alike = plan.links().iter().filter(|other| ends(other) == ends(&plan.links()[link])).count();
        if alike > 1 {
            return Vec::new();
        }
    }
    match (limit, by) {
        // An empty cell is no deadline.
        (Limit::ProjectDeadline, None) => one("project:deadline=".to_owned()),
        (Limit::ProjectDeadline, Some(_)) => one(format!("project:deadline={}", date(moved.project().deadline))),
        (Limit::Deadline(task), None) => one(format!("task:{}.deadline=", id(task))),
        (Limit::Deadline(task), Some(_)) => {
            one(format!("task:{}.deadline={}", id(task), date(moved.tasks()[task].deadline)))
        }
        (Limit::Constraint(task, kind), by) => {
            let row = &plan.tasks()[task];
            let is_first = row.constraint.is_some_and(|constraint| constraint.kind == kind);
            let field = if is_first { "constraint" } else { "second_constraint" };
            if by.is_none() {
                return ["", "_date"].map(|part| format!("task:{}.{field}{part}=", row.id)).to_vec();
            }
            let moment = moved.tasks()[task].constraint_of(kind).map(|constraint| constraint.moment);
            let is_finish = matches!(
                kind,
                ConstraintKind::MustFinishOn | ConstraintKind::FinishNoEarlierThan | ConstraintKind::FinishNoLaterThan
            );
            let start = moment.filter(|_| !is_finish).map(|moment| day_of_start(plan, moment));
            one(format!("task:{}.{field}_date={}", row.id, start.unwrap_or_else(|| date(moment))))
        }
        (Limit::Budget(budget), None) => one(format!("budget:{}=delete", plan.budgets()[budget].id)),
        (Limit::Budget(budget), Some(by)) => one(format!("budget:{}.cap=+{}", plan.budgets()[budget].id, Money(by))),
        (Limit::Capacity(resource), Some(by)) => {
            let data = &plan.resources()[resource];
            let usual = data.capacity.filter(|&units| units > Amount::ZERO);
            let usual = usual.map(|_| format!("resource:{}.capacity=+{}", data.id, Amount(by)));
            let full = data.windows.iter().filter(|window| Some(window.units) >= data.capacity);
            let full = full.map(|window| {
                format!("availability:{}/{}.units=+{}", data.id, day_of_start(plan, window.from), Amount(by))
            });
            let hours = moved.resources()[resource].max_per_week.filter(|&hours| Some(hours) != data.max_per_week);
            let hours = hours.map(|hours| format!("resource:{}.max_hours_per_week={}", data.id, decimal_hours(hours)));
            usual.into_iter().chain(full).chain(hours).collect()
        }
        (Limit::Availability(resource), _) => {
            let data = &plan.resources()[resource];
            let is_less = |window: &&Window| Some(window.units) < data.capacity;
            let from = data.windows.iter().filter(is_less).map(|window| day_of_start(plan, window.from));
            from.map(|from| format!("availability:{}/{from}=delete", data.id)).collect()
        }
        (Limit::WeeklyHours(resource), _) => {
            one(format!("resource:{}.max_hours_per_week=", plan.resources()[resource].id))
        }
        (Limit::Rule(rule), _) => one(format!("rule:{}=delete", plan.rules()[rule].id)),
        (Limit::MaximalLag(link), None) => one(format!("dependency:{}.max_lag=", link_id(plan, link))),
        (Limit::MaximalLag(link), Some(_)) => {
            let most = moved.links()[link].max_lag.map(|most| lag(&most)).unwrap_or_default();
            one(format!("dependency:{}.max_lag={most}", link_id(plan, link)))
        }
        // The greatest lag would go with the row, and a gate brings the link back.
        (Limit::Link(link), None) if plan.links()[link].max_lag.is_some() => Vec::new(),
        (Limit::Link(link), None) if gate_of(plan, &plan.links()[link]).is_some() => Vec::new(),
        (Limit::Link(link), None) => one(format!("dependency:{}=delete", link_id(plan, link))),
        (Limit::Link(link), Some(_)) => {
            one(format!("dependency:{}.lag={}", link_id(plan, link), lag(&moved.links()[link].lag)))
        }
        (Limit::Unbroken(task), _) => one(format!("task:{}.pause=breaks", id(task))),
        (Limit::Capacity(_), None) | (Limit::DaysOff(_) | Limit::Calendar(_), _) => Vec::new(),
    }
}

/// Hours as tables have them, with two decimals at most.
fn decimal_hours(minutes: Minutes) -> String {
    let hours = format!("{:.2}", minutes.0 as f64 / 60.0);
    hours.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `a/b`, by which edits name a link.
fn link_id(plan: &Plan, link: LinkId) -> String {
    let link = &plan.links()[link];
    format!("{}/{}", plan.tasks()[link.predecessor].id, plan.tasks()[link.successor].id)
}

/// `` `a` to `b` (FS+1d) ``.
fn link_name(plan: &Plan, link: LinkId) -> String {
    let link = &plan.links()[link];
    let (before, after) = (name(plan, link.predecessor), name(plan, link.successor));
    format!("from {before} to {after} ({}{})", link.kind.code(), words::lag(plan, &link.lag))
}

fn scope(plan: &Plan, scope: BudgetScope) -> String {
    match scope {
        BudgetScope::All => "everything".to_owned(),
        BudgetScope::Task(task) => name(plan, task),
        BudgetScope::Wbs(task) => format!("what is below {}", name(plan, task)),
        BudgetScope::Account(account) => format!("account `{}`", plan.label(account)),
        BudgetScope::Resource(resource) => format!("resource `{}`", plan.resources()[resource].id),
    }
}

/// A task by its id.
pub(super) fn name(plan: &Plan, task: TaskId) -> String {
    format!("`{}`", plan.tasks()[task].id)
}

/// A moment as users write it.
pub(super) fn moment(plan: &Plan, moment: Moment) -> String {
    plan.format_moment(moment.clamp(Moment::MIN, Moment::MAX))
}

/// A working time in the notation of plans.
pub(super) fn working(plan: &Plan, minutes: Minutes) -> String {
    words::working(plan, minutes)
}

/// How much earlier, in working days with up to two decimals where that is not a round time: `11.19d`.
pub(super) fn gain(plan: &Plan, minutes: Minutes) -> String {
    let day = plan.project().minutes_per_day;
    if plan.project().time_unit == TimeUnit::Period || minutes < day || minutes.0 % day.0 == 0 {
        return working(plan, minutes);
    }
    let days = format!("{:.2}", minutes.0 as f64 / day.0 as f64);
    format!("{}d", days.trim_end_matches('0').trim_end_matches('.'))
}

/// Money with its currency.
pub(super) fn money(plan: &Plan, money: Money) -> String {
    let currency = &plan.project().currency;
    let space = if currency.is_empty() { "" } else { " " };
    format!("{}{space}{currency}", money.grouped())
}

/// A moment at which something begins: the midnight that begins a date is shown as that date.
pub(super) fn day_of_start(plan: &Plan, moment: Moment) -> String {
    match plan.project().time_unit {
        TimeUnit::Period => plan.format_moment(moment),
        _ if moment.minute_of_day() == 0 => moment.date().to_string(),
        _ => plan.format_moment(moment),
    }
}

/// Days by the clock, forward or back: `3 days more`.
fn days(plan: &Plan, by: i64) -> String {
    let (unit, name) = match plan.project().time_unit {
        TimeUnit::Period => (1, "period"),
        _ => (MINUTES_PER_DAY, "day"),
    };
    let count = by.abs() / unit;
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {name}{plural} {}", if by < 0 { "less" } else { "more" })
}
