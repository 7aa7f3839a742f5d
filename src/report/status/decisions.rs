//! What has to be decided, and until when.

use super::super::document::{Line, Section, Table, Tone};
use super::Status;
use crate::io::results::{NEVER, act_by_text, threatened_words};
use crate::plan::{TaskId, TaskKind};
use crate::risk::{Limit, Source, percentile};
use crate::schedule::prose::in_words;
use crate::track::{Overrun, Threatened};
use crate::units::{Moment, Money};

/// Decisions that are told.
const MOST: usize = 15;
/// Limits that are kept no more often than that are in danger.
const SURE: f64 = 0.8;

impl Status<'_> {
    /// What breaks if nothing is done, what is likely to, and what could be done about it.
    pub(super) fn decisions(&self) -> Option<Section> {
        let mut section = Section::new("decisions", "Decisions to take");
        section.table(self.what_breaks());
        section.list(self.missed_dates().into_iter().chain(self.in_danger()).collect());
        section.table(self.open_issues());
        if section.blocks.is_empty() {
            section.text("Nothing is going to break: no deadline, no budget.");
        }
        Some(section)
    }

    /// Early warnings, those that break first at the beginning.
    fn what_breaks(&self) -> Table {
        let columns = ["what", "breaks", "by", "how sure", "act by", "ways out"];
        let mut table = Table::new("What breaks if nothing is done", &columns);
        let Some(tracked) = self.tracked else { return table };
        let plan = self.plan();
        for warning in &tracked.tracking.warnings {
            let (kind, id) = threatened_words(plan, warning.what);
            let name = match warning.what {
                Threatened::Task(task) => &*plan.tasks()[task].name,
                Threatened::Deliverable(id) => &*plan.deliverables()[id].name,
                Threatened::Project | Threatened::Budget(_) => "",
            };
            let overrun = match warning.overrun {
                Overrun::Time(minutes) => in_words(plan, minutes),
                Overrun::Money(Money::ZERO) => "at this rate".to_owned(),
                Overrun::Money(money) => self.money_text(money),
                Overrun::Never => NEVER.to_owned(),
            };
            let ways = match warning.what {
                Threatened::Budget(_) => "raise the cap, cut scope, or do it later",
                _ => "more people, less scope, other dates (see replan, tradeoff, value)",
            };
            let tone = if warning.is_forecast { Tone::Bad } else { Tone::Watch };
            let cells = [
                format!("{kind} {}", super::titled(&id, name)).trim_end().to_owned(),
                self.day(warning.breaks),
                overrun,
                if warning.is_forecast { "forecast" } else { "with bad luck" }.to_owned(),
                act_by_text(plan, warning),
                ways.to_owned(),
            ];
            table.push(tone, cells);
        }
        table.cut(MOST)
    }

    /// Limits that too few samples keep.
    fn in_danger(&self) -> Vec<Line> {
        let plan = self.plan();
        let Some(assessment) = self.assessment().filter(|assessment| !assessment.samples.finish.is_empty()) else {
            return Vec::new();
        };
        // Of what breaks the table tells.
        let warned: Vec<Threatened> =
            self.tracked.iter().flat_map(|tracked| &tracked.tracking.warnings).map(|warning| warning.what).collect();
        let is_told = |limit: Limit| match limit {
            Limit::Deadline(at) => warned.contains(&Threatened::Project) || self.forecast.finish > at,
            Limit::TaskDeadline(task, at) => {
                warned.contains(&Threatened::Task(task)) || self.forecast.spans[task].1 > at
            }
            Limit::Budget(budget, _) => warned.contains(&Threatened::Budget(budget)),
            Limit::Both(..) => true,
        };
        let limits = assessment.limits(plan).into_iter();
        let in_danger = limits.filter(|kept| kept.kept.share < SURE && !is_told(kept.limit));
        let line = |kept: crate::risk::Kept| {
            let what = match kept.limit {
                Limit::Deadline(at) => format!("The deadline {}", plan.format_end(at)),
                Limit::TaskDeadline(task, at) => {
                    let task = &plan.tasks()[task];
                    format!("The deadline {} of {}", plan.format_end(at), super::titled(&task.id, &task.name))
                }
                Limit::Budget(budget, cap) => {
                    format!("The budget {} of {}", plan.budgets()[budget].id, self.money_text(cap))
                }
                Limit::Both(..) => return None,
            };
            let text = format!("{what} is kept in {} of the samples.", super::share(kept.kept.share));
            Some(Line { text, tone: Tone::Watch })
        };
        in_danger.filter_map(line).take(MOST).collect()
    }

    /// Issues that nobody has dealt with, and what they do to the finish.
    fn open_issues(&self) -> Table {
        let columns = ["issue", "on", "open since", "owner", "finish without it (P80)", "finish with it (P80)"];
        let mut table = Table::new("Open issues", &columns);
        let plan = self.plan();
        let late = self.assessment().and_then(|assessment| {
            let sorted = assessment.finishes(&assessment.samples.finish);
            // A cast of what never comes is the last moment of all, that is never.
            (!sorted.is_empty()).then(|| Moment(percentile(&sorted, 0.8).value as i64))
        });
        for (id, issue) in plan.issues().iter_enumerated().filter(|(_, issue)| !issue.is_resolved) {
            let task = &plan.tasks()[issue.task];
            let events = self.assessment().into_iter().flat_map(|assessment| &assessment.events);
            let ahead = late.zip(events.into_iter().find(|event| event.source == Source::Issue(id)));
            let day = |at: Option<Moment>| at.map_or("-".to_owned(), |at| self.day(at));
            let cells = [
                issue.id.to_string(),
                super::titled(&task.id, &task.name),
                issue.opened.map_or("-".to_owned(), |at| super::super::timeline::day(plan, at)),
                if issue.owner.is_empty() { "nobody".to_owned() } else { issue.owner.to_string() },
                day(ahead.map(|(_, event)| Moment(event.late_without as i64))),
                day(ahead.map(|(late, _)| late)),
            ];
            table.push(Tone::Watch, cells);
        }
        table.cut(MOST)
    }

    /// Deadlines that the schedule misses, where no early warnings tell of them.
    fn missed_dates(&self) -> Vec<Line> {
        let plan = self.plan();
        if self.tracked.is_some() {
            return Vec::new();
        }
        let finish = |task: TaskId| self.forecast.spans[task].1;
        let project = plan.project().deadline.filter(|deadline| self.forecast.finish > *deadline);
        let project = project.map(|deadline| format!("The project misses its deadline {}.", plan.format_end(deadline)));
        let tasks = plan.tasks().iter_enumerated().filter_map(|(task, row)| {
            let deadline = row.deadline.filter(|deadline| finish(task) > *deadline && !row.is_finished())?;
            let kind = if row.kind == TaskKind::Milestone { "Milestone " } else { "" };
            let title = super::titled(&row.id, &row.name);
            let deadline = plan.format_end(deadline);
            Some(format!("{kind}{title} finishes {}, after its deadline {deadline}.", self.day(finish(task))))
        });
        project.into_iter().chain(tasks).take(MOST).map(|text| Line { text, tone: Tone::Bad }).collect()
    }
}
