//! Rules that work has to keep: hours and rest of people, who may do what with whom, when nothing happens.
//!
//! Rules about time are kept by taking time away: people get calendars without the hours that a rule forbids
//! ([`lawful`](super::lawful)), tasks get calendars without the days of a freeze. So every engine keeps them, and
//! links and people are all that is left to rules about duties. An engine may lose a little by that: who works less early in a
//! week could have worked longer at its end.

use super::lawful::{Hours, lawful};
use super::{
    Calendar, CalendarId, LabelId, Lag, Link, LinkKind, Plan, Resource, ResourceId, ResourceKind, TaskId, TimeUnit,
};
use crate::define_id;
use crate::index::{Id, IdVec};
use crate::units::{Amount, Minutes, Moment};

define_id!(
    /// A row of rules.csv.
    RuleId
);

/// A row of rules.csv.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The user's id, unique.
    pub id: Box<str>,
    /// What it asks for.
    pub kind: RuleKind,
    /// The clause that it comes from; may be empty.
    pub reference: Box<str>,
    /// Its line in rules.csv.
    pub row: u32,
}

/// What a rule asks for. All lists are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Hours and rest of people.
    Hours {
        /// Whom it protects.
        people: Vec<ResourceId>,
        /// Which limit it is.
        limit: HoursLimit,
    },
    /// Nobody works on two of these tasks.
    Separation {
        /// The tasks.
        tasks: Vec<TaskId>,
    },
    /// The same people work on all of these tasks.
    SamePeople {
        /// The tasks.
        tasks: Vec<TaskId>,
    },
    /// Each of these tasks is approved, by somebody who did not work on it, before what follows it begins.
    Approval {
        /// Tasks with the task that approves them; none if there is no such task.
        tasks: Vec<(TaskId, Option<TaskId>)>,
        /// The category of approvals.
        category: LabelId,
        /// The skill that all who approve must have, if one is asked for.
        role: Option<LabelId>,
    },
    /// All who work on these tasks hold a certificate until they are done.
    Certificate {
        /// The tasks.
        tasks: Vec<TaskId>,
        /// The certificate, which is a skill.
        certificate: LabelId,
    },
    /// These tasks do not work at some time.
    Freeze {
        /// The tasks.
        tasks: Vec<TaskId>,
        /// The first moment.
        from: Moment,
        /// The moment after the last.
        to: Moment,
    },
    /// Every deliverable of these tasks has a task of each category.
    Mandatory {
        /// The tasks.
        tasks: Vec<TaskId>,
        /// The categories.
        categories: Vec<LabelId>,
    },
    /// A wish: who works on these tasks is among these people.
    PreferredPeople {
        /// The tasks.
        tasks: Vec<TaskId>,
        /// The people.
        people: Vec<ResourceId>,
    },
    /// A wish: somebody who works on one of these tasks also works on those of them that follow it by a link.
    Continuity {
        /// The tasks.
        tasks: Vec<TaskId>,
    },
    /// What proves the work on these tasks is kept for some time after they are done.
    Retention {
        /// The tasks.
        tasks: Vec<TaskId>,
        /// How long, in days by the clock.
        days: u32,
    },
}

impl RuleKind {
    /// True for what schedules come near to as well as they can, and need not keep.
    pub fn is_wish(&self) -> bool {
        matches!(self, RuleKind::PreferredPeople { .. } | RuleKind::Continuity { .. })
    }
}

/// A limit of the hours of people. Days and weeks are those of the calendar, weeks from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoursLimit {
    /// Hours worked on a day.
    PerDay(Minutes),
    /// Hours worked in a week.
    PerWeek(Minutes),
    /// Hours worked a week on the average of so many weeks, any of them.
    Average(Minutes, u16),
    /// Uninterrupted rest in any 24 hours.
    DailyRest(Minutes),
    /// Uninterrupted rest in a week.
    WeeklyRest(Minutes),
    /// Days worked one after the other.
    ConsecutiveDays(u16),
}

/// From a moment to another.
type Span = (Moment, Moment);

/// What rules have changed of a plan, to be undone when a rule is given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct Unruled {
    of_resources: Vec<Option<CalendarId>>,
    of_tasks: Vec<Option<CalendarId>>,
    /// The links that approvals have added.
    added: Vec<Link>,
}

impl Plan {
    /// All rules, in file order.
    pub fn rules(&self) -> &IdVec<RuleId, Rule> {
        &self.rules
    }

    /// Changes calendars and links so that schedules keep the rules about time.
    pub(in crate::plan) fn keep_rules(&mut self) {
        if self.rules.is_empty() {
            return;
        }
        let mut before = Unruled {
            of_resources: self.resources.iter().map(|resource| resource.calendar).collect(),
            of_tasks: self.tasks.iter().map(|task| task.calendar).collect(),
            added: Vec::new(),
        };
        self.cut_hours();
        self.freeze();
        self.wait_for_approvals(&mut before.added);
        self.unruled = Some(Box::new(before));
    }

    /// The plan without some of its rules.
    pub(in crate::plan) fn without_rules(&mut self, given_up: &[RuleId]) {
        let Some(before) = self.unruled.take() else { return };
        // A plan of what remains may have fewer tasks or others behind them.
        for (resource, &calendar) in self.resources.iter_mut().zip(&before.of_resources) {
            resource.calendar = calendar;
        }
        for (task, &calendar) in self.tasks.iter_mut().zip(&before.of_tasks) {
            task.calendar = calendar;
        }
        let links = self.links.iter().filter(|link| !before.added.contains(link)).copied();
        self.links = links.collect::<Vec<_>>().into();
        // They keep their places, so that the ids of others stay, and ask for nothing.
        for &rule in given_up {
            self.rules[rule].kind = RuleKind::Separation { tasks: Vec::new() };
        }
        self.keep_rules();
    }

    /// The calendars of tasks and of people, without what rules have made of them.
    pub(in crate::plan) fn calendars_before_rules(&self) -> (Vec<CalendarId>, Vec<CalendarId>) {
        let works = |id: &ResourceId| self.resources[*id].kind == ResourceKind::Work;
        let of_resource = |id: ResourceId| match &self.unruled {
            Some(before) => before.of_resources.get(id.index()).copied().flatten(),
            None => self.resources[id].calendar,
        };
        let of_task = |id: TaskId| match &self.unruled {
            Some(before) => before.of_tasks.get(id.index()).copied().flatten(),
            None => self.tasks[id].calendar,
        };
        let of_people = self.resources.ids().filter(works).filter_map(of_resource).collect();
        (self.tasks.ids().filter_map(of_task).collect(), of_people)
    }

    /// True for a link that a rule has brought.
    pub(in crate::plan) fn is_of_rules(&self, link: &Link) -> bool {
        self.unruled.as_ref().is_some_and(|before| before.added.contains(link))
    }

    /// The plan as it would be if it had no rules.
    pub(crate) fn without_any_rule(&self) -> Plan {
        let mut plan = self.clone();
        plan.without_rules(&self.rules.ids().collect::<Vec<_>>());
        plan
    }

    /// Gives people calendars that keep the rules about hours.
    fn cut_hours(&mut self) {
        if self.project.time_unit == TimeUnit::Period {
            return;
        }
        let mut made: Vec<(CalendarId, Hours, CalendarId)> = Vec::new();
        for id in self.resources.ids() {
            let mut hours = Hours::default();
            for rule in &self.rules {
                if let RuleKind::Hours { people, limit } = &rule.kind
                    && people.binary_search(&id).is_ok()
                {
                    hours.add(*limit);
                }
            }
            if hours == Hours::default() || self.resources[id].kind != ResourceKind::Work {
                continue;
            }
            let calendar = self.calendar_of(id);
            let known = made.iter().find(|(of, limits, _)| *of == calendar && *limits == hours);
            let cut = match known {
                Some(&(_, _, cut)) => cut,
                None => {
                    let from = self.project.start.date();
                    let until = self.project.deadline.unwrap_or(self.project.start).date();
                    let cut = match lawful(&self.calendars[calendar], &hours, from, until) {
                        Some(lawful) => self.calendars.push(lawful),
                        None => calendar,
                    };
                    made.push((calendar, hours, cut));
                    cut
                }
            };
            if cut != calendar {
                self.resources[id].calendar = Some(cut);
            }
        }
    }

    /// Gives tasks calendars without the days on which they are frozen.
    fn freeze(&mut self) {
        let mut made: Vec<(CalendarId, Vec<Span>, CalendarId)> = Vec::new();
        for id in self.tasks.ids() {
            let frozen = self.rules.iter().filter_map(|rule| match &rule.kind {
                RuleKind::Freeze { tasks, from, to } if tasks.binary_search(&id).is_ok() => Some((*from, *to)),
                _ => None,
            });
            let frozen: Vec<Span> = frozen.collect();
            if frozen.is_empty() {
                continue;
            }
            // People bring their own hours.
            let clock = self.calendars.ids().find(|&id| &*self.calendars[id].id == Calendar::TWENTY_FOUR_HOURS);
            let has_people =
                self.modes[self.tasks[id].modes.clone()].iter().any(|mode| mode.demands.start < mode.demands.end);
            let usual = if has_people { clock } else { None }.unwrap_or(self.project.calendar);
            let calendar = self.tasks[id].calendar.unwrap_or(usual);
            let known = made.iter().find(|(of, windows, _)| *of == calendar && *windows == frozen);
            let cut = match known {
                Some(&(_, _, cut)) => cut,
                None => {
                    let cut = frozen
                        .iter()
                        .fold(self.calendars[calendar].clone(), |cut, &(from, to)| cut.without_span(from, to));
                    let id = format!("{} (frozen)", cut.id).into();
                    let cut = self.calendars.push(Calendar { id, ..cut });
                    made.push((calendar, frozen, cut));
                    cut
                }
            };
            self.tasks[id].calendar = Some(cut);
        }
    }

    /// Lets what follows a task that needs an approval wait for that.
    fn wait_for_approvals(&mut self, added: &mut Vec<Link>) {
        let mut pairs = Vec::new();
        for rule in &self.rules {
            if let RuleKind::Approval { tasks, .. } = &rule.kind {
                pairs.extend(tasks.iter().filter_map(|&(task, approval)| Some((task, approval?))));
            }
        }
        for (task, approval) in pairs {
            let after = self.links.iter().filter(|link| link.predecessor == task && link.successor != approval);
            let after: Vec<TaskId> = after.filter(|link| link.kind.from_finish()).map(|link| link.successor).collect();
            for successor in after {
                let link = Link {
                    predecessor: approval,
                    successor,
                    kind: LinkKind::FinishToStart,
                    lag: Lag::NONE,
                    max_lag: None,
                };
                let waits = |other: &Link| other.predecessor == approval && other.successor == successor;
                if successor != approval && !self.links.iter().any(waits) {
                    added.push(link);
                    self.links.push(link);
                }
            }
        }
    }

    /// Until when somebody may work on a task as far as certificates go; none without an end.
    ///
    /// # Errors
    /// A certificate that they need and never held.
    pub(crate) fn certified_until(
        &self,
        task: TaskId,
        person: ResourceId,
        skills: &[LabelId],
    ) -> Result<Option<Moment>, LabelId> {
        let resource = &self.resources[person];
        let until = |label: LabelId| resource.certificates.iter().find(|held| held.0 == label).map(|held| held.1);
        let asked = skills.iter().copied().filter(|skill| resource.skills.contains(skill));
        let mut last: Option<Moment> = asked.filter_map(until).min();
        for rule in &self.rules {
            match &rule.kind {
                RuleKind::Certificate { tasks, certificate } if tasks.binary_search(&task).is_ok() => {
                    if !resource.skills.contains(certificate) {
                        return Err(*certificate);
                    }
                    if let Some(end) = until(*certificate) {
                        last = Some(last.map_or(end, |last| last.min(end)));
                    }
                }
                RuleKind::Approval { tasks, role: Some(role), .. } => {
                    let approves = tasks.iter().any(|&(_, approval)| approval == Some(task));
                    if approves && !resource.skills.contains(role) {
                        return Err(*role);
                    }
                }
                _ => {}
            }
        }
        Ok(last)
    }

    /// For each resource whether rules about duties count for it: one of a kind, and with skills if anybody has any. (Of a pool
    /// of people it cannot be told who does what.)
    pub(crate) fn persons(&self) -> IdVec<ResourceId, bool> {
        let have_skills = self.resources.iter().any(|resource| !resource.skills.is_empty());
        let is_person = |data: &Resource| {
            let is_one = data.kind == ResourceKind::Work && data.capacity.is_some_and(|units| units <= Amount::ONE);
            is_one && (!have_skills || !data.skills.is_empty())
        };
        IdVec::from(self.resources.iter().map(is_person).collect::<Vec<_>>())
    }

    /// The links between tasks whose people are wished to stay with the work, each pair once, with the rule.
    pub(crate) fn continued(&self) -> Vec<(RuleId, TaskId, TaskId)> {
        let mut pairs = Vec::new();
        for (id, rule) in self.rules.iter_enumerated() {
            let RuleKind::Continuity { tasks } = &rule.kind else { continue };
            let is_in = |task: TaskId| tasks.binary_search(&task).is_ok();
            let within = self.links.iter().filter(|link| is_in(link.predecessor) && is_in(link.successor));
            pairs.extend(within.map(|link| (id, link.predecessor, link.successor)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The people who are wished to work on a task; all rules that name it count together.
    pub(crate) fn preferred_for(&self, task: TaskId) -> Option<Vec<ResourceId>> {
        let mut preferred: Option<Vec<ResourceId>> = None;
        for rule in &self.rules {
            if let RuleKind::PreferredPeople { tasks, people } = &rule.kind
                && tasks.binary_search(&task).is_ok()
            {
                preferred.get_or_insert_default().extend(people);
            }
        }
        preferred
    }

    /// The sets of tasks of which nobody may do two, and the rule that says so.
    pub(crate) fn separated(&self) -> Vec<(RuleId, Vec<TaskId>)> {
        let mut sets = Vec::new();
        for (id, rule) in self.rules.iter_enumerated() {
            match &rule.kind {
                RuleKind::Separation { tasks } => sets.push((id, tasks.clone())),
                RuleKind::Approval { tasks, .. } => {
                    sets.extend(tasks.iter().filter_map(|&(task, approval)| Some((id, vec![task, approval?]))));
                }
                _ => {}
            }
        }
        sets
    }

    /// The sets of tasks that the same people have to do, and the rule that says so.
    pub(crate) fn kept_together(&self) -> Vec<(RuleId, Vec<TaskId>)> {
        let sets = self.rules.iter_enumerated().filter_map(|(id, rule)| match &rule.kind {
            RuleKind::SamePeople { tasks } => Some((id, tasks.clone())),
            _ => None,
        });
        sets.collect()
    }

    /// What a rule asks for, as a sentence.
    pub fn rule_words(&self, rule: RuleId) -> String {
        const MOST_NAMES: usize = 4;
        let listed = |names: Vec<&str>| {
            let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
            let more = names.len().saturating_sub(MOST_NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{more}", shown.join(", "))
        };
        let tasks = |tasks: &[TaskId]| listed(tasks.iter().map(|&task| &*self.tasks[task].id).collect());
        let hours = |minutes: Minutes| format!("{}h", minutes.0 as f64 / 60.0);
        match &self.rules[rule].kind {
            RuleKind::Hours { people, limit } => {
                let who = listed(people.iter().map(|&person| &*self.resources[person].id).collect());
                match *limit {
                    HoursLimit::PerDay(most) => format!("{who} work no more than {} a day", hours(most)),
                    HoursLimit::PerWeek(most) => format!("{who} work no more than {} a week", hours(most)),
                    HoursLimit::Average(most, weeks) => {
                        format!("{who} work no more than {} a week on the average of {weeks} weeks", hours(most))
                    }
                    HoursLimit::DailyRest(least) => {
                        format!("{who} rest {} without a break in any 24 hours", hours(least))
                    }
                    HoursLimit::WeeklyRest(least) => {
                        format!("{who} rest {} without a break in every week", hours(least))
                    }
                    HoursLimit::ConsecutiveDays(days) => format!("{who} work on no more than {days} days on end"),
                }
            }
            RuleKind::Separation { tasks: list } => format!("nobody works on two of {}", tasks(list)),
            RuleKind::SamePeople { tasks: list } => format!("the same people work on {}", tasks(list)),
            RuleKind::Approval { tasks: list, category, role } => {
                let list: Vec<TaskId> = list.iter().map(|&(task, _)| task).collect();
                let role = role.map(|role| format!(" who is `{}`", self.label(role))).unwrap_or_default();
                let category = self.label(*category);
                format!(
                    "each of {} is followed by a task `{category}` of somebody else{role} before work goes on",
                    tasks(&list)
                )
            }
            RuleKind::Certificate { tasks: list, certificate } => {
                format!("all who work on {} hold a valid `{}`", tasks(list), self.label(*certificate))
            }
            RuleKind::Freeze { tasks: list, from, to } => {
                format!(
                    "no work on {} is done from {} to {}",
                    tasks(list),
                    self.format_moment(*from),
                    self.format_end(*to)
                )
            }
            RuleKind::Mandatory { tasks: list, categories } => {
                let categories = listed(categories.iter().map(|&category| self.label(category)).collect());
                format!("every deliverable of {} has a task of {categories}", tasks(list))
            }
            RuleKind::PreferredPeople { tasks: list, people } => {
                let who = listed(people.iter().map(|&person| &*self.resources[person].id).collect());
                format!("work on {} is wished to be done by {who}", tasks(list))
            }
            RuleKind::Continuity { tasks: list } => {
                format!("people are wished to stay with the work where one of {} follows another", tasks(list))
            }
            RuleKind::Retention { tasks: list, days } => {
                format!("what proves the work on {} is kept for {days} days", tasks(list))
            }
        }
    }

    /// A rule as findings and explanations name it: with the clause that it comes from.
    pub fn rule_name(&self, rule: RuleId) -> String {
        let rule = &self.rules[rule];
        match &*rule.reference {
            "" => format!("rule `{}`", rule.id),
            reference => format!("rule `{}` ({reference})", rule.id),
        }
    }
}
