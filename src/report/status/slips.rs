//! What has moved: since the last report, and against the baseline.

use super::super::document::{Section, Table, Tone};
use super::{Status, titled};
use crate::plan::{TaskId, TaskKind};
use crate::schedule::later;
use crate::schedule::prose::in_words;
use crate::units::{Minutes, Moment, Money};

/// Rows of a table.
const MOST: usize = 20;

impl Status<'_> {
    /// What has changed since the last report.
    pub(super) fn changes(&self) -> Option<Section> {
        let earlier = self.earlier?;
        let plan = self.plan();
        let mut section = Section::new("changes", "What changed since the last report");
        let is_work = |task: &TaskId| plan.tasks()[*task].kind != TaskKind::Summary;
        let asked = self.reader.map(|reader| self.tasks_of(reader));
        let is_told = |task: &TaskId| asked.as_ref().is_none_or(|asked| asked.contains(task));
        let tasks = || plan.tasks().ids().filter(is_work).filter(is_told);
        let before = |task: TaskId| earlier.spans[task].map(|span| span.1);
        let last = tasks().filter_map(before).max();
        let mut moved: Vec<(Minutes, TaskId, Moment)> = tasks()
            .filter_map(|task| {
                let before = before(task)?;
                Some((later(plan, before, self.forecast.spans[task].1), task, before))
            })
            .filter(|(by, ..)| *by != Minutes::ZERO)
            .collect();
        moved.sort_by_key(|&(by, task, _)| (std::cmp::Reverse(by), task));
        let new: Vec<TaskId> = tasks().filter(|&task| earlier.spans[task].is_none()).collect();
        let delayed = moved.iter().filter(|(by, ..)| *by > Minutes::ZERO).count();
        let finish = match last.map(|last| later(plan, last, self.forecast.finish)) {
            Some(by) if self.reader.is_none() => format!("The finish is {}. ", self.moved_by(by)),
            _ => String::new(),
        };
        let others = moved.len() - delayed;
        section.text(match (delayed, others, new.len()) {
            (0, 0, 0) => format!("{finish}Nothing finishes at another time than in {}.", earlier.name),
            (late, early, new) => {
                format!("{finish}{late} tasks finish later than in {}, {early} earlier, {new} are new.", earlier.name)
            }
        });
        let mut table = Table::new("Tasks that finish at another time", &["task", "finish before", "finish", "moved"]);
        for (by, task, before) in moved {
            let row = &plan.tasks()[task];
            let tone = if by > Minutes::ZERO { Tone::Watch } else { Tone::Good };
            let now = self.forecast.spans[task].1;
            table.push(tone, [titled(&row.id, &row.name), self.day(before), self.day(now), self.moved_by(by)]);
        }
        section.table(table.cut(MOST));
        Some(section)
    }

    /// By how much something finishes later or earlier.
    pub(super) fn moved_by(&self, by: Minutes) -> String {
        match by {
            Minutes::ZERO => "where it was".to_owned(),
            by if by > Minutes::ZERO => format!("{} later", in_words(self.plan(), by)),
            by => format!("{} earlier", in_words(self.plan(), -by)),
        }
    }

    /// What has become of the baseline.
    pub(super) fn slips(&self) -> Option<Section> {
        let tracked = self.promised()?;
        let plan = self.plan();
        let mut section = Section::new("slips", format!("Against the baseline {}", tracked.baseline.name));
        let is_part = |task: TaskId| plan.tasks()[task].kind != TaskKind::Summary;
        let mut slips: Vec<_> =
            tracked.tracking.slips.iter().filter(|slip| slip.finish != Minutes::ZERO && is_part(slip.task)).collect();
        slips.sort_by_key(|slip| (plan.tasks()[slip.task].is_finished(), std::cmp::Reverse(slip.finish), slip.task));
        let late = slips.iter().filter(|slip| slip.finish > Minutes::ZERO).count();
        let scope = &tracked.tracking.scope;
        let added: Money = scope.added.iter().map(|&(_, cost)| cost).sum();
        let mut text = format!("{late} tasks finish later than promised, {} earlier.", slips.len() - late);
        if !scope.added.is_empty() {
            text.push_str(&format!(" {} tasks were added, for {}.", scope.added.len(), self.money_text(added)));
        }
        if !scope.removed.is_empty() {
            text.push_str(&format!(" {} tasks were removed.", scope.removed.len()));
        }
        section.text(text);
        let columns = ["task", "promised", "finish", "slip", "state"];
        let mut table = Table::new("Tasks that finish at another time than promised, open ones first", &columns);
        for slip in slips {
            let row = &plan.tasks()[slip.task];
            let state = match row.progress {
                Some(progress) if progress.finish.is_some() => "done",
                Some(_) => "under way",
                None => "",
            };
            let is_late = slip.finish > Minutes::ZERO;
            let tone = if is_late && !row.is_finished() { Tone::Watch } else { Tone::Plain };
            let cells = [
                titled(&row.id, &row.name),
                self.day(slip.promised.1),
                self.day(slip.now.1),
                self.moved_by(slip.finish),
                state.to_owned(),
            ];
            table.push(tone, cells);
        }
        section.table(table.cut(MOST));
        Some(section)
    }
}
