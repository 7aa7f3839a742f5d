//! Each task for itself: its start, its finish and the work between them.

use super::Judge;
use super::report::Report;
use crate::plan::{Pause, TaskId};
use crate::schedule::words;
use crate::units::Minutes;

impl Judge<'_> {
    /// Checks start, finish and duration of a task; summaries are checked elsewhere.
    pub(super) fn check_task(&self, task: TaskId, report: &mut Report) {
        let (Some(mode), Some((start, finish))) = (self.mode(task), self.span(task)) else { return };
        let id = self.id(task);
        if start < self.plan.project().start {
            report.error("start-before-project", || {
                let project = self.plan.project();
                let what = if project.status_date == Some(project.start) { "status date" } else { "project's start" };
                format!("work on task `{id}` starts {}, before the {what} {}", self.at(start), self.at(project.start))
            });
        }
        let duration = mode.duration.minutes();
        if duration == Minutes::ZERO {
            if start != finish {
                report.error("milestone-with-length", || {
                    let (start, finish) = (self.at(start), self.at(finish));
                    format!("milestone `{id}` takes no time, but starts {start} and finishes {finish}")
                });
            }
            return;
        }
        if finish <= start {
            report.error("finish-before-start", || {
                format!("task `{id}` starts {} but finishes {}", self.at(start), self.at(finish))
            });
            return;
        }
        let time = self.times.of_task(task);
        if time.next_work(start) != Some(start) {
            report.error("start-not-working", || {
                let next = time.next_work(start).map_or("never".into(), |next| self.at(next));
                let start = self.at(start);
                format!("task `{id}` starts {start}, when it cannot be worked on; its next working time is {next}")
            });
        }
        if time.last_work(finish) != Some(finish) {
            report.error("finish-not-working", || {
                let last = time.last_work(finish).map_or("never".into(), |last| self.at(last));
                let finish = self.at(finish);
                format!("task `{id}` finishes {finish}, when it cannot be worked on; the last work before is {last}")
            });
        }
        let worked = time.work_between(start, finish);
        if worked != duration {
            report.error("wrong-duration", || {
                let (worked, duration) = (words::working(self.plan, worked), words::working(self.plan, duration));
                let mode = self.plan.label(mode.name);
                let (start, finish) = (self.at(start), self.at(finish));
                format!("task `{id}` takes {duration} in mode `{mode}`, but works {worked} from {start} to {finish}")
            });
        }
        if self.plan.tasks()[task].pause == Pause::Never {
            let first_pause = time.stretches_between(start, finish).next().map(|first| first.1);
            if let Some(pause) = first_pause.filter(|&pause| pause < finish) {
                report.error("work-interrupted", || {
                    let pause = self.at(pause);
                    format!("task `{id}` may not pause, but pauses {pause} before it finishes {}", self.at(finish))
                });
            }
        }
    }
}
