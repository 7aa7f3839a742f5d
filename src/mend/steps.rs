//! The edits that may help with each point.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Bench, Step, Steps};
use crate::plan::draft::TableKind;
use crate::plan::{ActivityType, ConstraintKind, LagAmount, Link, LinkId, Plan, Task, TaskId, TaskKind};
use crate::quality::{Ends, Links, Offender, open};
use crate::scenario::{Act, Edit, Source, Target, Value};
use crate::schedule::working_time;
use crate::units::{Minutes, Moment};

/// Working days beyond which floats are too long.
const MOST_DAYS: i64 = 44;
/// Offenders that are named where no edit helps.
const NAMED: usize = 10;

impl Bench<'_> {
    /// What could be done about a point.
    pub(super) fn steps(&self, number: usize) -> Steps {
        match number {
            1 => self.logic(),
            2 => self.without_lags("leads", |link| link.lag.is_lead()),
            3 => self.without_lags("lags", |link| link.lag.sign().is_gt()),
            4 => self.words_alone(
                "tasks that overlap have links of other kinds: where the first can be split at the point at which the \
                 second may begin, a link from finish to start takes their place; no edit can split a task",
                number,
            ),
            5 => self.soft_constraints(),
            6 => self.shorter_floats(),
            7 => self.kept_dates(),
            8 => self.words_alone(
                "no edit can split a task: replace each by several of at most 44 days with results of their own",
                number,
            ),
            9 => self.words_alone("dates of what has happened are corrected in progress.csv or dates.csv", number),
            10 => self.words_alone("say who does them in the column `resources`, or what they cost", number),
            12 => self.words_alone("a date holds what follows, whatever becomes of it: see its constraints", number),
            _ => self.words_alone("finish earlier (see `floatline tradeoff`), or agree on a later deadline", number),
        }
    }

    fn words_alone(&self, words: &str, number: usize) -> Steps {
        let offenders = &self.quality.points[number - 1].offenders;
        let mut named: Vec<String> = offenders.iter().take(NAMED).map(|&offender| self.called(offender)).collect();
        if offenders.len() > NAMED {
            named.push(format!("and {} more", offenders.len() - NAMED));
        }
        let words = if named.is_empty() { words.to_owned() } else { format!("{words}: {}", named.join(", ")) };
        Steps { words: vec![words], ..Steps::default() }
    }

    /// The tasks that offend against a point.
    fn tasks_of(&self, number: usize) -> impl Iterator<Item = TaskId> {
        self.quality.points[number - 1].offenders.iter().filter_map(|offender| match offender {
            Offender::Task(task) => Some(*task),
            Offender::Link(_) => None,
        })
    }

    fn called(&self, offender: Offender) -> String {
        match offender {
            Offender::Task(task) => self.id(task).to_owned(),
            Offender::Link(link) => self.link_called(&self.plan.links()[link]),
        }
    }

    fn link_called(&self, link: &Link) -> String {
        format!("{}>{}", self.id(link.predecessor), self.id(link.successor))
    }

    fn id(&self, task: TaskId) -> &str {
        &self.plan.tasks()[task].id
    }

    /// Dangling ends are tied to one start and one finish. A milestone of the plan takes that place if that moves nothing.
    fn logic(&self) -> Steps {
        let links = Links::of(self.plan);
        let mut steps = Steps { name: "logic", is_whole: true, ..Steps::default() };
        let hanging = |is_meant: fn(&Ends) -> bool| -> Vec<TaskId> {
            open(self.plan).map(|(task, _)| task).filter(|&task| is_meant(&links.of[task])).collect()
        };
        let starts = hanging(|ends| ends.into.0 == 0);
        let finishes = hanging(|ends| ends.out_of.0 == 0);
        let is_milestone = |task: &TaskId| self.plan.tasks()[*task].kind == TaskKind::Milestone;
        if starts.len() > 1 {
            let earliest = starts.iter().map(|&task| self.dates[task].early_start).min();
            let first = starts.iter().copied().filter(is_milestone).find(|&task| {
                links.of[task].out_of.0 > 0
                    && Some(self.dates[task].early_finish) <= earliest
                    && has_plain_id(self.id(task))
            });
            let hub = self.hub("START", first, &mut steps);
            for &task in starts.iter().filter(|&&task| Some(task) != first) {
                self.tie((&hub, self.id(task)), &mut steps);
            }
        }
        if finishes.len() > 1 {
            let latest = finishes.iter().map(|&task| self.dates[task].early_finish).max();
            let last = finishes.iter().copied().filter(is_milestone).find(|&task| {
                links.of[task].into.0 > 0
                    && Some(self.dates[task].early_finish) >= latest
                    && has_plain_id(self.id(task))
            });
            let hub = self.hub("FINISH", last, &mut steps);
            for &task in finishes.iter().filter(|&&task| Some(task) != last) {
                self.tie((self.id(task), &hub), &mut steps);
            }
        }
        steps
            .words
            .push("these links move nothing: tie each end to the task that really needs it, if there is one".into());
        steps
    }

    /// The id of a milestone at which ends come together: one of the plan, or a new one.
    fn hub(&self, name: &str, there: Option<TaskId>, steps: &mut Steps) -> String {
        if let Some(task) = there {
            return self.id(task).to_owned();
        }
        let is_free = |id: &String| self.plan.find_task(id).is_none();
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let id = std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default();
        let edits = vec![edit(TableKind::Tasks, &id, Act::Add), set(TableKind::Tasks, &id, "duration", "0")];
        steps.list.push(Step { edits, words: Some(format!("{id} is a new milestone")) });
        id
    }

    /// A link from finish to start between two ids.
    fn tie(&self, (from, to): (&str, &str), steps: &mut Steps) {
        match has_plain_id(from) && has_plain_id(to) {
            true => {
                let key = format!("{from}/{to}");
                steps.list.push(Step { edits: vec![edit(TableKind::Dependencies, &key, Act::Add)], words: None });
            }
            false => steps.words.push(unnameable(&format!("the link {from}>{to}"))),
        }
    }

    /// Lags of one sign are cut to nothing, the longest first.
    fn without_lags(&self, name: &'static str, is_meant: impl Fn(&Link) -> bool) -> Steps {
        let number = if name == "leads" { 2 } else { 3 };
        let mut steps = Steps { name, ..Steps::default() };
        let mut pairs: BTreeMap<(TaskId, TaskId), Vec<LinkId>> = BTreeMap::new();
        for (id, link) in self.plan.links().iter_enumerated() {
            pairs.entry((link.predecessor, link.successor)).or_default().push(id);
        }
        let offenders = self.quality.points[number - 1].offenders.iter().filter_map(|offender| match offender {
            Offender::Link(link) => Some(*link),
            Offender::Task(_) => None,
        });
        let mut links: Vec<LinkId> = offenders.collect();
        links.sort_by_key(|&link| (Reverse(self.length(&self.plan.links()[link])), link));
        let mut seen = BTreeSet::new();
        for link in links.iter().map(|&link| &self.plan.links()[link]) {
            let pair = (link.predecessor, link.successor);
            if !seen.insert(pair) {
                continue;
            }
            let called = self.link_called(link);
            let others = || pairs[&pair].iter().map(|&link| &self.plan.links()[link]);
            if others().any(|other| !is_meant(other) && !other.lag.sign().is_eq()) {
                let text = "has another link beside it with a lag that is to stay; an edit would change both";
                steps.words.push(format!("{called} {text}"));
                continue;
            }
            if !has_plain_id(self.id(pair.0)) || !has_plain_id(self.id(pair.1)) {
                steps.words.push(unnameable(&called));
                continue;
            }
            let key = format!("{}/{}", self.id(pair.0), self.id(pair.1));
            let shown = self.lag_shown(link);
            let words = match name {
                "leads" => format!("{called}: the overlap of {shown} is gone; split {} if it is real", self.id(pair.0)),
                _ => format!("{called}: what takes {shown} is to be a task between the two, with whoever does it"),
            };
            steps.list.push(Step { edits: vec![set(TableKind::Dependencies, &key, "lag", "0")], words: Some(words) });
        }
        steps
    }

    /// The length of a lag in minutes, of percents those of the predecessor's first mode.
    fn length(&self, link: &Link) -> i64 {
        match link.lag.amount {
            LagAmount::Minutes(minutes) => minutes.0.abs(),
            LagAmount::Percent(share) => {
                let duration = self.plan.modes_of(link.predecessor).first().map_or(0, |mode| mode.duration.minutes().0);
                (i128::from(duration) * i128::from(share.0.abs()) / 10_000) as i64
            }
        }
    }

    fn lag_shown(&self, link: &Link) -> String {
        let days = self.length(link) as f64 / self.plan.project().minutes_per_day.0.max(1) as f64;
        format!("{} d", (days * 100.0).round() / 100.0)
    }

    /// Dates that hold tasks become dates that only hold their starts back, or deadlines.
    fn soft_constraints(&self) -> Steps {
        let mut steps = Steps { name: "constraints", ..Steps::default() };
        self.tasks_of(5).for_each(|task| self.soften(task, &mut steps));
        steps
    }

    fn soften(&self, task: TaskId, steps: &mut Steps) {
        let row = &self.plan.tasks()[task];
        let id = &*row.id;
        if !has_plain_id(id) {
            return steps.words.push(unnameable(id));
        }
        let mut edits = Vec::new();
        let mut told = Vec::new();
        let mut deadline: Option<Moment> = None;
        let columns = [("constraint", "constraint_date"), ("second_constraint", "second_constraint_date")];
        for (constraint, (field, date_field)) in [row.constraint, row.second_constraint].into_iter().zip(columns) {
            let Some(constraint) = constraint else { continue };
            let soft = match constraint.kind {
                ConstraintKind::MustStartOn => "SNET",
                ConstraintKind::MustFinishOn => "FNET",
                ConstraintKind::StartNoLaterThan | ConstraintKind::FinishNoLaterThan => "",
                _ => continue,
            };
            edits.push(set(TableKind::Tasks, id, field, soft));
            if soft.is_empty() {
                edits.push(set(TableKind::Tasks, id, date_field, ""));
                let date = self.plan.format_end(constraint.moment);
                if constraint.kind == ConstraintKind::FinishNoLaterThan {
                    deadline = Some(deadline.map_or(constraint.moment, |other| other.min(constraint.moment)));
                    told.push(format!("{id} is to be finished by a deadline, {date}, instead of a constraint"));
                } else {
                    told.push(format!(
                        "{id} no longer has to start by {date}: a deadline of what waits for it tells as much"
                    ));
                }
            } else {
                told.push(format!("{id} may be later than its date if what is before it is"));
            }
        }
        if let Some(deadline) = deadline.filter(|&at| row.deadline.is_none_or(|other| other > at)) {
            edits.push(set(TableKind::Tasks, id, "deadline", &self.plan.format_end(deadline)));
        }
        if row.is_manual {
            edits.push(set(TableKind::Tasks, id, "manual", "no"));
        }
        steps.list.push(Step { edits, words: Some(told.join("; ")) });
    }

    /// Ends of chains with much float are tied to the first task of the longest path that could need them.
    fn shorter_floats(&self) -> Steps {
        let mut steps = Steps { name: "float", ..Steps::default() };
        let offenders: BTreeSet<TaskId> = self.tasks_of(6).collect();
        let passed_on: BTreeSet<TaskId> = self
            .plan
            .links()
            .iter()
            .filter(|link| offenders.contains(&link.successor))
            .map(|link| link.predecessor)
            .collect();
        let most = Minutes(MOST_DAYS * self.plan.project().minutes_per_day.0);
        let could_need = |task: TaskId| {
            let finish = self.dates[task].early_finish;
            let waits = |(other, row): &(TaskId, &Task)| {
                let dates = &self.dates[*other];
                *other != task
                    && row.activity != ActivityType::LevelOfEffort
                    && dates.longest_path
                    && row.progress.is_none()
                    && dates.early_start >= finish
                    && has_plain_id(&row.id)
            };
            let milestones_first = |(other, row): &(TaskId, &Task)| {
                (self.dates[*other].early_start, row.kind != TaskKind::Milestone, *other)
            };
            let found = open(self.plan).filter(waits).min_by_key(milestones_first).map(|(other, _)| other)?;
            let dates = &self.dates[found];
            let float = working_time(self.plan, finish, dates.early_start) + dates.total_float.max(Minutes::ZERO);
            (float <= most).then_some(found)
        };
        // Whatever leads to another task with too much float gets less with that one.
        for &task in offenders.difference(&passed_on) {
            let id = self.id(task);
            match could_need(task).filter(|_| has_plain_id(id)) {
                Some(other) => {
                    let other = self.id(other);
                    let words = format!("{other} is the first on the longest path that could need {id}: does it?");
                    let edits = vec![edit(TableKind::Dependencies, &format!("{id}/{other}"), Act::Add)];
                    steps.list.push(Step { edits, words: Some(words) });
                }
                None => steps.words.push(format!("nothing on the longest path could need {id} within 44 days")),
            }
        }
        steps
    }

    /// Dates that cannot be kept by logic move to where they can.
    fn kept_dates(&self) -> Steps {
        let mut steps = Steps { name: "deadlines", ..Steps::default() };
        let negative: BTreeSet<TaskId> = self.tasks_of(7).collect();
        let holds_back = |task: TaskId| {
            let before = |link: &Link| link.successor == task && negative.contains(&link.predecessor);
            negative.contains(&task) || self.plan.links().iter().any(before)
        };
        for (task, row) in self.plan.tasks().iter_enumerated().filter(|(_, row)| !row.is_finished()) {
            let dates = &self.dates[task];
            if let Some(deadline) = row.deadline.filter(|&deadline| deadline < dates.early_finish) {
                self.move_deadline(row, deadline, dates.early_finish, &mut steps);
            }
            let is_hard = |kind: ConstraintKind| match kind {
                ConstraintKind::MustStartOn | ConstraintKind::MustFinishOn => holds_back(task),
                ConstraintKind::StartNoLaterThan => {
                    row.constraint_of(kind).is_some_and(|it| it.moment < dates.early_start)
                }
                ConstraintKind::FinishNoLaterThan => {
                    row.constraint_of(kind).is_some_and(|it| it.moment < dates.early_finish)
                }
                _ => false,
            };
            if row.constraints().any(|constraint| is_hard(constraint.kind)) {
                let words =
                    format!("the date of {} cannot be kept: see the scenario `constraints` for a softer one", row.id);
                steps.words.push(words);
            }
        }
        let finish = open(self.plan).map(|(task, _)| self.dates[task].early_finish).max();
        if let (Some(deadline), Some(finish)) = (self.plan.project().deadline, finish)
            && deadline < finish
        {
            let edits = vec![set(TableKind::Project, "deadline", "value", &self.plan.format_moment(finish))];
            let words = late("the project", self.plan, deadline, finish);
            steps.list.push(Step { edits, words: Some(words) });
        }
        if steps.list.is_empty() && steps.words.is_empty() {
            let words = "no date is missed by logic alone: calendars that do not fit together, or a `max_lag`, leave less than nothing";
            return self.words_alone(words, 7);
        }
        steps
    }

    fn move_deadline(&self, row: &Task, deadline: Moment, finish: Moment, steps: &mut Steps) {
        if !has_plain_id(&row.id) {
            return steps.words.push(unnameable(&row.id));
        }
        let edits = vec![set(TableKind::Tasks, &row.id, "deadline", &self.plan.format_moment(finish))];
        steps.list.push(Step { edits, words: Some(late(&row.id, self.plan, deadline, finish)) });
    }
}

fn late(what: &str, plan: &Plan, deadline: Moment, finish: Moment) -> String {
    let (deadline, finish) = (plan.format_end(deadline), plan.format_moment(finish));
    format!(
        "the deadline of {what}, {deadline}, cannot be kept by logic: {finish} is the earliest; what is promised has to be \
             told so, or work made shorter (see `floatline tradeoff`)"
    )
}

/// False of ids that an edit would take for a pattern, a pair or a group.
fn has_plain_id(id: &str) -> bool {
    !id.contains(['*', '?', '/', ':', ';'])
}

fn unnameable(what: &str) -> String {
    format!("no edit can name {what}, as `*`, `?`, `/`, `:` and `;` mean more than themselves there")
}

fn edit(table: TableKind, key: &str, act: Act) -> Edit {
    Edit { table, target: Target::Key(key.to_owned()), act, source: Source::flag(key) }
}

fn set(table: TableKind, key: &str, field: &'static str, value: &str) -> Edit {
    edit(table, key, Act::Set(field, Value::Is(value.to_owned())))
}
