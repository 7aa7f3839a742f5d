//! Summaries: they span exactly what is below them.

use super::Judge;
use super::report::Report;
use crate::index::Id;
use crate::plan::TaskKind;
use crate::schedule::cost::children_before_parents;

impl Judge<'_> {
    /// Finds the earliest start and latest finish below each summary.
    pub(super) fn roll_up(&mut self) {
        let tasks = self.plan.tasks();
        if tasks.iter().all(|task| task.kind != TaskKind::Summary) {
            return;
        }
        self.rolled_up = vec![None; tasks.len()];
        for task in children_before_parents(self.plan) {
            let (Some(parent), Some((start, finish))) = (tasks[task].parent, self.span(task)) else { continue };
            let known = self.rolled_up[parent.index()].unwrap_or((start, finish));
            self.rolled_up[parent.index()] = Some((known.0.min(start), known.1.max(finish)));
        }
    }

    /// Checks that the placements of summaries say what is below them.
    pub(super) fn check_summaries(&self) -> Report {
        let mut report = Report::default();
        for (task, row) in self.plan.tasks().iter_enumerated().filter(|(_, row)| row.kind == TaskKind::Summary) {
            let placement = &self.schedule.placements[task];
            let Some((start, finish)) = self.span(task).filter(|_| self.sound[task.index()]) else { continue };
            if (placement.start, placement.finish) != (start, finish) {
                report.error("summary-roll-up", || {
                    let (says_start, says_finish) = (self.at(placement.start), self.at(placement.finish));
                    let (start, finish) = (self.at(start), self.at(finish));
                    format!(
                        "summary `{}` says {says_start} to {says_finish}, but what is below it takes from {start} to \
                         {finish}",
                        row.id
                    )
                });
            }
        }
        report
    }
}
