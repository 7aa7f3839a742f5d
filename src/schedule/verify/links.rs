//! Links: least and greatest distances between the ends of two tasks.
//!
//! The bound `q` of a link is the predecessor's end shifted by the lag. A successor's start may not lie before `q`; a
//! successor's finish may lie before `q` as long as the successor could not work in between. A greatest lag is kept if the successor could
//! not work between its own `q` and the successor's end.

use super::Judge;
use super::report::Report;
use crate::index::Id;
use crate::plan::{Lag, LagAmount, LagCalendar, Link, LinkId, TaskId};
use crate::schedule::words;
use crate::schedule::working_time::WorkingTime;
use crate::units::{Minutes, Moment};

/// An end of a task, shifted by a lag.
pub(super) enum Shifted {
    To(Moment),
    /// Before anything that is scheduled, with work in between.
    LongBefore,
    /// After anything that is scheduled, with work in between.
    LongAfter,
}

impl Judge<'_> {
    /// Checks a link, given by its position.
    pub(super) fn check_link(&self, link: usize, report: &mut Report) {
        let link = &self.plan.links()[LinkId::new(link)];
        let (Some(predecessor), Some(successor)) = (self.span(link.predecessor), self.span(link.successor)) else {
            return;
        };
        let from = if link.kind.from_finish() { predecessor.1 } else { predecessor.0 };
        let to = if link.kind.to_finish() { successor.1 } else { successor.0 };

        let least = self.shifted(from, &link.lag, link);
        let too_early = match least {
            Shifted::To(bound) if link.kind.to_finish() => self.times.of_task(link.successor).works_within(to, bound),
            Shifted::To(bound) => to < bound,
            Shifted::LongBefore => false,
            Shifted::LongAfter => true,
        };
        if too_early {
            let wins = self.has_must_date(link.successor);
            report.violation(wins, "precedence-violated", || {
                self.describe(link, "no earlier than", to, &least, &link.lag)
            });
        }

        let Some(max_lag) = &link.max_lag else { return };
        let greatest = self.shifted(from, max_lag, link);
        let too_late = match greatest {
            Shifted::To(bound) => self.times.of_task(link.successor).works_within(bound, to),
            Shifted::LongBefore => true,
            Shifted::LongAfter => false,
        };
        if too_late {
            let wins = self.has_must_date(link.predecessor);
            report.violation(wins, "max-lag-exceeded", || self.describe(link, "no later than", to, &greatest, max_lag));
        }
    }

    /// True if a must-date on the task, or on one below it, wins over its links.
    fn has_must_date(&self, task: TaskId) -> bool {
        self.must_dated.get(task.index()).copied().unwrap_or(false)
    }

    pub(super) fn shifted(&self, moment: Moment, lag: &Lag, link: &Link) -> Shifted {
        let minutes = match lag.amount {
            LagAmount::Minutes(minutes) => minutes,
            // A summary has no duration of its own.
            LagAmount::Percent(share) => {
                share.of(self.mode(link.predecessor).map_or(Minutes::ZERO, |mode| mode.duration.minutes()))
            }
        };
        if minutes == Minutes::ZERO {
            return Shifted::To(moment);
        }
        let time = self.lag_time(lag, link);
        if minutes > Minutes::ZERO {
            time.finish_after(moment, minutes).map_or(Shifted::LongAfter, Shifted::To)
        } else {
            time.start_before(moment, -minutes).map_or(Shifted::LongBefore, Shifted::To)
        }
    }

    fn lag_time(&self, lag: &Lag, link: &Link) -> WorkingTime<'_> {
        match lag.calendar {
            LagCalendar::Successor => self.times.of_lags(link.successor),
            LagCalendar::Predecessor => self.times.of_lags(link.predecessor),
            LagCalendar::Project => self.times.of_project(),
            LagCalendar::TwentyFourHours => self.times.always(),
            LagCalendar::Named(calendar) => self.times.of_calendar(calendar),
        }
    }

    fn describe(&self, link: &Link, limit: &str, end: Moment, bound: &Shifted, lag: &Lag) -> String {
        let ends = if link.kind.to_finish() { "finishes" } else { "starts" };
        let begins = if link.kind.to_finish() { "finish" } else { "start" };
        let bound = match bound {
            Shifted::To(bound) => self.at(*bound),
            Shifted::LongBefore => "long before".into(),
            Shifted::LongAfter => "long after".into(),
        };
        format!(
            "task `{}` {ends} {}, but its link `{} {}{}` lets it {begins} {limit} {bound}",
            self.id(link.successor),
            self.at(end),
            self.id(link.predecessor),
            link.kind.code(),
            words::lag(self.plan, lag)
        )
    }
}
