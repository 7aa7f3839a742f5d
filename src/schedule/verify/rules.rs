//! The rules of rules.csv, each in its own words: what the people of a schedule work and rest, who does what, what is approved.
//!
//! Nothing here knows how engines keep rules. What happened before the status date cannot be changed: it is a warning.

use std::collections::BTreeMap;

use super::report::Report;
use super::{Judge, Schedule};
use crate::index::Id;
use crate::plan::{
    Duration, HoursLimit, LabelId, ModeId, Plan, ResourceId, ResourceKind, Rule, RuleId, RuleKind, Task, TaskId,
    TaskKind, TimeUnit,
};
use crate::schedule::words;
use crate::schedule::working_time::{WorkingTime, WorkingTimes};
use crate::units::{Amount, MINUTES_PER_DAY, MINUTES_PER_WEEK, Minutes, Moment};

/// A breach of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The rule.
    pub rule: RuleId,
    /// The person, task or deliverable that it is about.
    pub subject: Box<str>,
    /// What is wrong.
    pub text: String,
    /// When it happens, if it does at some time.
    pub at: Option<Moment>,
    /// True if another schedule could mend it; what is missing in the plan no schedule brings.
    pub is_of_schedule: bool,
    /// True for a wish that is not met.
    pub is_wish: bool,
}

/// Everything in a schedule that breaks a rule, by rule.
///
/// # Complexity
/// For each rule about hours linear in the working stretches of the people; for the others in the tasks that they name.
pub fn breaches(plan: &Plan, schedule: &Schedule) -> Vec<Breach> {
    if plan.rules().is_empty() {
        return Vec::new();
    }
    let mut judge = Judge::new(plan, schedule, vec![true; plan.tasks().len()]);
    judge.roll_up();
    judge.breaches()
}

/// What no schedule can mend: tasks that rules ask for and that the plan does not have.
pub fn missing_for_rules(plan: &Plan) -> Vec<Breach> {
    plan.rules().iter_enumerated().flat_map(|(id, rule)| missing(plan, id, rule)).collect()
}

fn missing(plan: &Plan, rule: RuleId, data: &Rule) -> Vec<Breach> {
    let breach = |subject: &str, text: String| Breach {
        rule,
        subject: subject.into(),
        text,
        at: None,
        is_of_schedule: false,
        is_wish: false,
    };
    match &data.kind {
        RuleKind::Approval { tasks, category, .. } => {
            let not_approved = tasks.iter().filter(|(_, approval)| approval.is_none());
            let words = |&(task, _): &(TaskId, Option<TaskId>)| {
                let (id, category) = (&plan.tasks()[task].id, plan.label(*category));
                breach(id, format!("no task of the category `{category}` follows `{id}` to approve it"))
            };
            not_approved.map(words).collect()
        }
        RuleKind::Mandatory { tasks, categories } => {
            let mut deliverables: Vec<LabelId> =
                tasks.iter().filter_map(|&task| plan.tasks()[task].deliverable).collect();
            deliverables.sort_unstable();
            deliverables.dedup();
            let has = |deliverable: LabelId, category: LabelId| {
                let is_one = |task: &Task| task.deliverable == Some(deliverable) && task.category == Some(category);
                plan.tasks().iter().any(|task| task.kind != TaskKind::Summary && is_one(task))
            };
            let pairs = deliverables.iter().flat_map(|&it| categories.iter().map(move |&category| (it, category)));
            let words = |(deliverable, category): (LabelId, LabelId)| {
                let (deliverable, category) = (plan.label(deliverable), plan.label(category));
                breach(deliverable, format!("`{deliverable}` has no task of the category `{category}`"))
            };
            pairs.filter(|&(deliverable, category)| !has(deliverable, category)).map(words).collect()
        }
        _ => Vec::new(),
    }
}

/// A piece of somebody's work, and how many units of them it takes.
type Piece = (Moment, Moment, Amount);

impl Judge<'_> {
    /// Reports breaches.
    pub(super) fn check_rules(&self, report: &mut Report) {
        let status = self.plan.project().status_date;
        let breaches = self.breaches();
        for rule in self.plan.rules().ids().filter(|&rule| self.plan.rules()[rule].kind.is_wish()) {
            let missed: Vec<&Breach> = breaches.iter().filter(|breach| breach.rule == rule).collect();
            let Some(first) = missed.first() else { continue };
            let more = if missed.len() > 1 { format!(" ({} like this)", missed.len()) } else { String::new() };
            report.warning("wish-not-met", || format!("{}: {}{more}", self.plan.rule_name(rule), first.text));
        }
        for breach in breaches.into_iter().filter(|breach| !breach.is_wish) {
            let is_past = breach.at.is_some_and(|at| status.is_some_and(|status| at < status));
            let text = || format!("{}: {}", self.plan.rule_name(breach.rule), breach.text);
            match breach.is_of_schedule && !is_past {
                true => report.error("rule-broken", text),
                false => report.warning("rule-not-kept", text),
            }
        }
    }

    fn breaches(&self) -> Vec<Breach> {
        let free = self.plan.without_any_rule();
        let (from, to) = self.times.span();
        let free = WorkingTimes::new(&free, self.schedule, from, to);
        let rules = self.plan.rules().iter_enumerated();
        rules
            .flat_map(|(id, rule)| [missing(self.plan, id, rule), self.breaches_of(id, rule, &free)].concat())
            .collect()
    }

    /// When a task is worked on: in the hours that rules leave if that is all the time it takes, otherwise in those that there would be
    /// without rules, which whoever made the schedule must have meant.
    fn work_of<'t>(&'t self, task: TaskId, free: &'t WorkingTimes<'t>) -> WorkingTime<'t> {
        let time = self.times.of_task(task);
        let placement = &self.schedule.placements[task];
        let is_all = |mode: ModeId| match self.plan.modes()[mode].duration {
            Duration::Working(minutes) => {
                let begins = minutes == Minutes::ZERO || time.next_work(placement.start) == Some(placement.start);
                begins && time.work_between(placement.start, placement.finish) == minutes
            }
            Duration::Elapsed(_) => true,
        };
        if placement.mode.is_none_or(is_all) { time } else { free.of_task(task) }
    }

    fn breaches_of(&self, id: RuleId, rule: &Rule, free: &WorkingTimes<'_>) -> Vec<Breach> {
        let breach = |subject: &str, at: Option<Moment>, text: String| Breach {
            rule: id,
            subject: subject.into(),
            text,
            at,
            is_of_schedule: true,
            is_wish: rule.kind.is_wish(),
        };
        let plan = self.plan;
        match &rule.kind {
            RuleKind::Hours { people, limit } if plan.project().time_unit != TimeUnit::Period => people
                .iter()
                .flat_map(|&person| {
                    let name = &*plan.resources()[person].id;
                    let found = self.over_hours(person, *limit, free);
                    found.into_iter().map(move |(at, text)| breach(name, Some(at), format!("`{name}` {text}")))
                })
                .collect(),
            RuleKind::Hours { .. } => Vec::new(),
            RuleKind::Separation { tasks } => {
                let mut first: BTreeMap<ResourceId, TaskId> = BTreeMap::new();
                let mut found = Vec::new();
                for &task in tasks {
                    for person in self.people_of(task) {
                        let other = *first.entry(person).or_insert(task);
                        if other != task {
                            let name = &plan.resources()[person].id;
                            let text = format!("`{name}` works on both `{}` and `{}`", self.id(other), self.id(task));
                            found.push(breach(name, self.last_start(other, task), text));
                        }
                    }
                }
                found
            }
            RuleKind::SamePeople { tasks } => {
                let Some((&first, others)) = tasks.split_first() else { return Vec::new() };
                let apart = |other: &&TaskId| {
                    let (one, other) = (self.people_of(first), self.people_of(**other));
                    let (small, large) = if one.len() <= other.len() { (one, other) } else { (other, one) };
                    small.iter().any(|person| !large.contains(person))
                };
                let words = |&other: &TaskId| {
                    let text = format!("`{}` and `{}` are not done by the same people", self.id(first), self.id(other));
                    breach(self.id(other), self.last_start(first, other), text)
                };
                others.iter().filter(apart).map(words).collect()
            }
            RuleKind::PreferredPeople { tasks, .. } => {
                let others = tasks.iter().flat_map(|&task| {
                    let preferred = plan.preferred_for(task).unwrap_or_default();
                    let others = self.works_on(task).into_iter().filter(move |person| !preferred.contains(person));
                    others.map(move |person| (task, person))
                });
                let words = |(task, person): (TaskId, ResourceId)| {
                    let (id, name) = (self.id(task), &plan.resources()[person].id);
                    let at = self.span(task).map(|(start, _)| start);
                    breach(id, at, format!("`{id}` is done by `{name}`, who is not among those wished for"))
                };
                others.map(words).collect()
            }
            RuleKind::Continuity { .. } => {
                let of_rule = plan.continued().into_iter().filter(|pair| pair.0 == id);
                let changes = |&(_, one, other): &(RuleId, TaskId, TaskId)| {
                    let (before, after) = (self.works_on(one), self.works_on(other));
                    !before.is_empty() && !after.is_empty() && !before.iter().any(|person| after.contains(person))
                };
                let words = |(_, one, other): (RuleId, TaskId, TaskId)| {
                    let text = format!("nobody who works on `{}` works on `{}`, too", self.id(one), self.id(other));
                    breach(self.id(other), self.last_start(one, other), text)
                };
                of_rule.filter(changes).map(words).collect()
            }
            RuleKind::Approval { tasks, role, .. } => {
                let approved = tasks.iter().filter_map(|&(task, approval)| Some((task, approval?)));
                approved.flat_map(|(task, approval)| self.not_approved(id, task, approval, *role)).collect()
            }
            RuleKind::Certificate { tasks, certificate } => {
                let lacking = tasks.iter().flat_map(|&task| {
                    let people = self.works_on(task).into_iter();
                    people
                        .filter(move |&person| !self.is_certified(person, *certificate, task))
                        .map(move |it| (task, it))
                });
                let words = |(task, person): (TaskId, ResourceId)| {
                    let (name, held) = (&plan.resources()[person].id, plan.label(*certificate));
                    let at = self.span(task).map(|(start, _)| start);
                    breach(name, at, format!("`{name}` works on `{}` without a valid `{held}`", self.id(task)))
                };
                lacking.map(words).collect()
            }
            RuleKind::Freeze { tasks, from, to } => {
                let works = |task: &&TaskId| {
                    let (start, finish) = self.span(**task).unwrap_or_default();
                    let (begin, end) = (start.max(*from), finish.min(*to));
                    let is_milestone = start == finish && *from < start && start < *to;
                    is_milestone || (begin < end && self.work_of(**task, free).work_between(begin, end) > Minutes::ZERO)
                };
                let words = |&task: &TaskId| {
                    let (begin, end) = (self.at(*from), self.at(*to));
                    breach(self.id(task), Some(*from), format!("`{}` works between {begin} and {end}", self.id(task)))
                };
                tasks.iter().filter(works).map(words).collect()
            }
            RuleKind::Mandatory { .. } | RuleKind::Retention { .. } => Vec::new(),
        }
    }

    /// The people who work on a task; pools and machines are left out.
    fn people_of(&self, task: TaskId) -> Vec<ResourceId> {
        let persons = self.persons.get_or_init(|| self.plan.persons());
        self.works_on(task).into_iter().filter(|&resource| persons[resource]).collect()
    }

    /// All work resources of a task.
    fn works_on(&self, task: TaskId) -> Vec<ResourceId> {
        let row = self.schedule.assignments.row(task.index()).iter();
        let works = |resource: &ResourceId| {
            self.plan.resources().get(*resource).is_some_and(|it| it.kind == ResourceKind::Work)
        };
        row.filter(|item| item.amount > Amount::ZERO).map(|item| item.resource).filter(works).collect()
    }

    fn who_does_both(&self, one: TaskId, other: TaskId) -> Option<ResourceId> {
        let others = self.people_of(other);
        self.people_of(one).into_iter().find(|person| others.contains(person))
    }

    fn last_start(&self, one: TaskId, other: TaskId) -> Option<Moment> {
        let starts = [one, other].into_iter().filter_map(|task| self.span(task)).map(|(start, _)| start);
        starts.max()
    }

    /// True if somebody holds a skill until a task has finished.
    pub(super) fn is_certified(&self, person: ResourceId, skill: LabelId, task: TaskId) -> bool {
        let resource = &self.plan.resources()[person];
        let finish = self.span(task).map_or(Moment::MIN, |(_, finish)| finish);
        let expired = resource.certificates.iter().any(|&(held, until)| held == skill && until < finish);
        resource.skills.contains(&skill) && !expired
    }

    /// What is wrong with the approval of a task.
    fn not_approved(&self, rule: RuleId, task: TaskId, approval: TaskId, role: Option<LabelId>) -> Vec<Breach> {
        let plan = self.plan;
        let id = self.id(task);
        let breach = |text: String| Breach {
            rule,
            subject: id.into(),
            text,
            at: self.span(task).map(|(_, finish)| finish),
            is_wish: false,
            is_of_schedule: true,
        };
        let mut found = Vec::new();
        let (done, (begun, approved)) =
            (self.span(task).unwrap_or_default().1, self.span(approval).unwrap_or_default());
        if begun < done {
            found.push(breach(format!("`{}` approves `{id}` before it is finished", self.id(approval))));
        }
        if let Some(person) = self.who_does_both(task, approval) {
            let name = &plan.resources()[person].id;
            found.push(breach(format!("`{name}` approves `{id}`, which they worked on themselves")));
        }
        if let Some(role) = role {
            let unfit = self.people_of(approval).into_iter().find(|&it| !plan.resources()[it].skills.contains(&role));
            if let Some(person) = unfit {
                let (name, role) = (&plan.resources()[person].id, plan.label(role));
                found.push(breach(format!("`{name}` approves `{id}` without being `{role}`")));
            }
        }
        for link in plan.links().iter().filter(|link| link.predecessor == task && link.kind.from_finish()) {
            let early = self.span(link.successor).is_some_and(|(start, _)| start < approved);
            if link.successor != approval && early {
                let successor = self.id(link.successor);
                found.push(breach(format!("`{successor}` starts before `{id}` is approved")));
            }
        }
        found
    }

    /// When somebody works, in order, and how much of them at a time.
    fn pieces_of(&self, person: ResourceId, free: &WorkingTimes<'_>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (task, placement) in self.schedule.placements.iter_enumerated() {
            let mut row = self.schedule.assignments.row(task.index()).iter();
            let Some(item) = row.find(|item| item.resource == person && item.amount > Amount::ZERO) else {
                continue;
            };
            let stretches = self.work_of(task, free).stretches_between(placement.start, placement.finish);
            pieces.extend(stretches.map(|(start, finish)| (start, finish, item.amount)));
        }
        pieces.sort_unstable();
        pieces
    }

    /// Where the hours of somebody are over a limit, in words that follow their name; one for each day or week.
    fn over_hours(&self, person: ResourceId, limit: HoursLimit, free: &WorkingTimes<'_>) -> Vec<(Moment, String)> {
        let pieces = self.pieces_of(person, free);
        // Of a pool every head may be the one that is at work all the time.
        let one = self.plan.resources()[person].capacity.unwrap_or(Amount::ONE).max(Amount::ONE);
        let is_pool = one > Amount::ONE;
        // When they are at work at all.
        let mut busy: Vec<(Moment, Moment)> = Vec::new();
        for &(start, finish, _) in &pieces {
            match busy.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(finish),
                _ => busy.push((start, finish)),
            }
        }
        let work = |from: Moment, to: Moment| -> Minutes {
            let length = |start: Moment, finish: Moment| (finish.min(to) - start.max(from)).0.max(0);
            if is_pool {
                return Minutes(busy.iter().map(|&(start, finish)| length(start, finish)).sum());
            }
            let units =
                pieces.iter().map(|&(start, finish, units)| i128::from(length(start, finish)) * i128::from(units.0));
            // Rounded down: a minute is not told from a part of it.
            Minutes((units.sum::<i128>() / i128::from(Amount::ONE.0)) as i64)
        };
        let day_of = |moment: Moment| Moment(moment.0 - moment.minute_of_day());
        let week_of = |moment: Moment| {
            let day = moment.day_number();
            Moment((day - (day + 3).rem_euclid(7)) * MINUTES_PER_DAY)
        };
        let mut days: Vec<Moment> = Vec::new();
        for &(start, finish) in &busy {
            let mut day = day_of(start);
            while day < finish {
                if days.last() != Some(&day) {
                    days.push(day);
                }
                day = Moment(day.0 + MINUTES_PER_DAY);
            }
        }
        let mut weeks: Vec<Moment> = days.iter().map(|&day| week_of(day)).collect();
        weeks.dedup();
        let after = |moment: Moment, minutes: i64| Moment(moment.0 + minutes);
        let date = |moment: Moment| moment.date().to_string();
        // The longest time without work in a span.
        let rest = |from: Moment, to: Moment| {
            let (mut longest, mut at) = (Minutes::ZERO, from);
            for &(start, finish) in busy.iter().filter(|&&(start, finish)| finish > from && start < to) {
                longest = longest.max(start.max(from) - at);
                at = at.max(finish);
            }
            longest.max(to.max(at) - at)
        };
        let mut found = Vec::new();
        match limit {
            HoursLimit::PerDay(most) => {
                for &day in &days {
                    let done = work(day, after(day, MINUTES_PER_DAY));
                    if done > most {
                        let (done, most) = (words::hours(done), words::hours(most));
                        found.push((day, format!("works {done} on {}, more than {most}", date(day))));
                    }
                }
            }
            HoursLimit::PerWeek(most) => {
                for &week in &weeks {
                    let done = work(week, after(week, MINUTES_PER_WEEK));
                    if done > most {
                        let (done, most) = (words::hours(done), words::hours(most));
                        found.push((week, format!("works {done} in the week of {}, more than {most}", date(week))));
                    }
                }
            }
            HoursLimit::Average(most, count) => {
                let span = i64::from(count) * MINUTES_PER_WEEK;
                for &day in &days {
                    let done = work(day, after(day, span));
                    if done.0 > most.0 * i64::from(count) {
                        let (each, most) = (words::hours(Minutes(done.0 / i64::from(count))), words::hours(most));
                        let text = format!("works {each} a week in {count} weeks from {}, more than {most}", date(day));
                        found.push((day, text));
                        break;
                    }
                }
            }
            HoursLimit::DailyRest(least) => {
                for &(start, _) in &busy {
                    let longest = rest(start, after(start, MINUTES_PER_DAY));
                    if longest < least {
                        let (longest, least) = (words::hours(longest), words::hours(least));
                        let text = format!(
                            "rests no longer than {longest} in 24 hours from {}, less than {least}",
                            self.at(start)
                        );
                        found.push((start, text));
                    }
                }
            }
            HoursLimit::WeeklyRest(least) => {
                for &week in &weeks {
                    let longest = rest(week, after(week, MINUTES_PER_WEEK));
                    if longest < least {
                        let (longest, least) = (words::hours(longest), words::hours(least));
                        let text =
                            format!("rests no longer than {longest} in the week of {}, less than {least}", date(week));
                        found.push((week, text));
                    }
                }
            }
            HoursLimit::ConsecutiveDays(most) => {
                let mut run = 0;
                for (at, &day) in days.iter().enumerate() {
                    let follows = at > 0 && after(days[at - 1], MINUTES_PER_DAY) == day;
                    run = if follows { run + 1 } else { 1 };
                    if run == i64::from(most) + 1 {
                        found.push((day, format!("works on more than {most} days up to {}", date(day))));
                    }
                }
            }
        }
        found
    }
}
