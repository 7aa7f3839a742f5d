//! Date constraints and deadlines.
//!
//! Start constraints count from the next working moment at or after their date, finish constraints from the last one at
//! or before it. For a finish that means: it may differ from the date as long as no work could be done in between.

use super::Judge;
use super::report::Report;
use crate::plan::{Constraint, ConstraintKind, TaskId};
use crate::units::{Minutes, Moment};

impl Judge<'_> {
    /// Checks the constraints and the deadline of a task or summary.
    pub(super) fn check_constraint(&self, task: TaskId, report: &mut Report) {
        let row = &self.plan.tasks()[task];
        let Some((start, finish)) = self.span(task).filter(|_| row.constraint.is_some() || row.deadline.is_some())
        else {
            return;
        };
        let id = self.id(task);
        if let Some(deadline) = row.deadline.filter(|&deadline| finish > deadline) {
            report.warning("deadline-missed", || {
                format!("`{id}` finishes {}, after its deadline {}", self.at(finish), self.plan.format_end(deadline))
            });
        }
        for constraint in row.constraints() {
            self.check_one(task, constraint, (start, finish), report);
        }
    }

    fn check_one(&self, task: TaskId, constraint: Constraint, (start, finish): (Moment, Moment), report: &mut Report) {
        let id = self.id(task);
        let (moment, time) = (constraint.moment, self.times.of_task(task));
        // A gate for everything below a summary moves nothing itself: each task below starts at its own working time.
        let opening = if self.is_summary(task) { Some(moment) } else { time.next_work(moment) };
        let says = |what: &str| format!("`{id}` {what} {}", self.at(moment));
        let says_end = |what: &str| format!("`{id}` {what} {}", self.plan.format_end(moment));
        match constraint.kind {
            ConstraintKind::AsSoonAsPossible | ConstraintKind::AsLateAsPossible => {}
            ConstraintKind::MustStartOn if opening != Some(start) => {
                report.error("must-start-on", || format!("{}, but starts {}", says("must start on"), self.at(start)));
            }
            ConstraintKind::StartNoEarlierThan if opening.is_none_or(|opening| start < opening) => {
                report.error("start-no-earlier-than", || {
                    format!("{}, but starts {}", says("must start no earlier than"), self.at(start))
                });
            }
            ConstraintKind::MustFinishOn if !self.is_last_work_at(task, finish, moment) => {
                report.error("must-finish-on", || {
                    format!("{}, but finishes {}", says_end("must finish on"), self.at(finish))
                });
            }
            ConstraintKind::FinishNoEarlierThan if time.works_within(finish, moment) => {
                report.error("finish-no-earlier-than", || {
                    format!("{}, but finishes {}", says_end("must finish no earlier than"), self.at(finish))
                });
            }
            ConstraintKind::StartNoLaterThan if opening.is_some_and(|opening| start > opening) => {
                report.warning("start-no-later-than", || {
                    format!("{}, but starts {}", says("should start no later than"), self.at(start))
                });
            }
            ConstraintKind::FinishNoLaterThan if finish > moment => {
                report.warning("finish-no-later-than", || {
                    format!("{}, but finishes {}", says_end("should finish no later than"), self.at(finish))
                });
            }
            _ => {}
        }
    }

    /// True if `finish` is the last working moment of the task at or before `moment`.
    pub(super) fn is_last_work_at(&self, task: TaskId, finish: Moment, moment: Moment) -> bool {
        let time = self.times.of_task(task);
        let is_end_of_work = time.works_within(finish - Minutes(1), finish);
        finish == moment || (finish < moment && is_end_of_work && !time.works_within(finish, moment))
    }

    /// Checks the deadline of the project.
    pub(super) fn check_project_deadline(&self) -> Report {
        let mut report = Report::default();
        let finish = self.plan.tasks().ids().filter_map(|task| self.span(task)).map(|(_, finish)| finish).max();
        if let (Some(deadline), Some(finish)) = (self.plan.project().deadline, finish)
            && finish > deadline
        {
            report.warning("project-deadline-missed", || {
                format!(
                    "the project finishes {}, after its deadline {}",
                    self.at(finish),
                    self.plan.format_end(deadline)
                )
            });
        }
        report
    }
}
